/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/base_impl.h"

/* The known answers that come with Random123 1.14 (file kat_vectors, philox4x32 10). */
TEST(known_answers) {
    static const struct {
        uint32_t counter[4], key[2], expected[4];
    } cases[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        uint32_t out[4];
        smri_philox(cases[i].counter, cases[i].key, out);
        for (int k = 0; k < 4; k++) {
            expect_equal_uint(out[k], cases[i].expected[k]);
        }
    }
}

/* The upper 53 bits of out[1], out[0] over 2^53. */
TEST(a_unit_number_is_made_of_the_first_two_words) {
    expect_same_bits(smri_random_unit(0, 0, 0), (double)(UINT64_C(0xe169c58d6627e8d5) >> 11) / 9007199254740992.0);
    const uint64_t all = UINT64_MAX;
    expect_same_bits(smri_random_unit(all, all, all),
                     (double)(UINT64_C(0x41c83b0e408f276d) >> 11) / 9007199254740992.0);
    expect_same_bits(
        smri_random_unit(UINT64_C(0x299f31d0a4093822), UINT64_C(0x0370734413198a2e), UINT64_C(0x85a308d3243f6a88)),
        (double)(UINT64_C(0x94fdccebd16cfe09) >> 11) / 9007199254740992.0);
}

/* Mean of n uniform numbers: 1/2 within five standard errors; each of 64 equal cells likewise. */
TEST(unit_numbers_are_uniform) {
    enum { N = 1 << 18, CELLS = 64 };
    size_t cells[CELLS] = {0};
    double sum = 0;
    for (uint64_t i = 0; i < N; i++) {
        const double x = smri_random_unit(7, 3, i);
        expect(x >= 0 && x < 1);
        sum += x;
        cells[(size_t)(x * CELLS)]++;
    }
    expect_near(sum / N, 0.5, 5 * sqrt(1.0 / 12 / N));
    for (size_t i = 0; i < CELLS; i++) {
        expect_near((double)cells[i], (double)N / CELLS, 5 * sqrt((double)N / CELLS));
    }
}

TEST(seeds_streams_and_places_differ) {
    const double one = smri_random_unit(1, 2, 3);
    expect_same_bits(smri_random_unit(1, 2, 3), one);
    expect(smri_random_unit(2, 2, 3) != one);
    expect(smri_random_unit(1, 3, 3) != one);
    expect(smri_random_unit(1, 2, 4) != one);
    expect(smri_random_unit(1, 2, 3 + (UINT64_C(1) << 32)) != one);
    expect(smri_random_unit(1, 2 + (UINT64_C(1) << 32), 3) != one);
}

static const unit_test tests[] = {
    UNIT(known_answers),
    UNIT(a_unit_number_is_made_of_the_first_two_words),
    UNIT(unit_numbers_are_uniform),
    UNIT(seeds_streams_and_places_differ),
};
UNIT_SUITE(random, tests)
