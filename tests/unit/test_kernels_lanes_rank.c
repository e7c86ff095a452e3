/* SPDX-License-Identifier: MIT */
/* Ranks of many draws side by side: every kernel of this machine against counting by hand. */
#include "unit.h"

#include "base/base_impl.h"

#include <stdlib.h>

static const char *const names[] = {"baseline", "x86-64-v3", "x86-64-v4", "neon"};

/* What a lane holds. */
typedef enum kind {
    KIND_PLAIN,
    KIND_ROUNDED,   /* many ties */
    KIND_CLOSE,     /* one last bit apart: equal in every narrower number */
    KIND_CLUSTERS,  /* two clusters far apart, close inside */
    KIND_WIDE,      /* of all magnitudes and both signs */
    KIND_EQUAL,
    KIND_HOLES,     /* a third missing, zeros of both signs */
    KIND_MISSING,   /* nothing but missing */
    KIND_SUBNORMAL,
    KIND_EXTREME,   /* the ends of the numbers, whose difference overflows */
    KIND_SORTED,
    KIND_GEOMETRIC, /* each twice the one before */
    KINDS
} kind;

static double draw(kind k, size_t i, uint64_t *state) {
    const double u = unit_random_unit(state);
    switch (k) {
    case KIND_PLAIN:
        return 100.0 * u;
    case KIND_ROUNDED:
        return floor(8.0 * u);
    case KIND_CLOSE:
        return 1.0 + floor(64.0 * u) * 0x1p-52;
    case KIND_CLUSTERS:
        return (unit_random(state) % 2 ? 1e9 : -1e9) + floor(64.0 * u) * 0x1p-22;
    case KIND_WIDE:
        return unit_double((unit_random(state) & ~(UINT64_C(0x7ff) << 52)) | (unit_random(state) % 2047) << 52);
    case KIND_EQUAL:
        return 50.0;
    case KIND_HOLES:
        return unit_random(state) % 3 == 0 ? NAN : unit_random(state) % 4 ? u : unit_random(state) % 2 ? 0.0 : -0.0;
    case KIND_MISSING:
        return NAN;
    case KIND_SUBNORMAL:
        return floor(50.0 * u) * 0x1p-1074;
    case KIND_EXTREME:
        return unit_random(state) % 3 ? u : unit_random(state) % 2 ? DBL_MAX : -DBL_MAX;
    case KIND_SORTED:
        return -0.25 * (double)(i / 2);
    default:
        return ldexp(1.0 + u, (int)(i % 1800) - 900);
    }
}

static int downward(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

/* 1 + the number strictly above: the first place of a value in the sorted ones. */
static void plain_ranks(const double *scores, size_t rows, size_t lane, double *sorted, uint32_t *ranks) {
    size_t count = 0;
    for (size_t i = 0; i < rows; i++) {
        const double own = scores[i * SMRI_LANES + lane];
        if (own == own) {
            sorted[count++] = own;
        }
    }
    qsort(sorted, count, sizeof *sorted, downward);
    for (size_t i = 0; i < rows; i++) {
        const double own = scores[i * SMRI_LANES + lane];
        size_t low = 0, high = count;
        while (low < high) {
            const size_t middle = (low + high) / 2;
            if (sorted[middle] > own) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        ranks[i * SMRI_LANES + lane] = own == own ? (uint32_t)low + 1 : 0;
    }
}

static void *checked(size_t count, size_t size) {
    void *const block = aligned_alloc(64, (count * size + 127) / 64 * 64);
    ck_assert_ptr_nonnull(block);
    return block;
}

static void check_rows(size_t rows, int mixed, uint64_t *state) {
    const size_t cells = rows * SMRI_LANES, room_size = smri_lanes_rank_room(rows);
    double *const scores = checked(cells, sizeof *scores), *const sorted = checked(rows, sizeof *sorted);
    uint32_t *const expected = checked(cells, sizeof *expected), *const found = checked(cells + 1, sizeof *found);
    unsigned char *const room = checked(room_size + 1, 1);
    for (size_t lane = 0; lane < SMRI_LANES; lane++) {
        for (size_t i = 0; i < rows; i++) {
            scores[i * SMRI_LANES + lane] = draw(mixed < 0 ? (kind)(lane % KINDS) : (kind)mixed, i, state);
        }
        plain_ranks(scores, rows, lane, sorted, expected);
    }
    for (size_t name = 0; name < SMRI_COUNT(names); name++) {
        const smri_kernels *const k = smri_kernels_select(names[name]);
        if (k == NULL) {
            continue;
        }
        memset(room, 0xa5, room_size + 1);
        found[cells] = 77;
        k->lanes_rank->rank(scores, rows, room, found);
        for (size_t i = 0; i < cells; i++) {
            expect_equal_uint(found[i], expected[i]);
        }
        expect_equal_uint(found[cells], 77);
        expect_equal_uint(room[room_size], 0xa5);
    }
    free(scores);
    free(sorted);
    free(expected);
    free(found);
    free(room);
}

TEST(ranks_are_counted_exactly) {
    static const size_t more[] = {96,  97,  100, 127, 128, 129, 200, 249, 250,  251,  255,  256,
                                  257, 300, 511, 512, 513, 700, 999, 1000, 1024, 1500, 4100};
    uint64_t state = 31;
    for (size_t rows = 0; rows <= 90; rows++) {
        check_rows(rows, -1, &state);
        check_rows(rows, (int)(rows % KINDS), &state);
    }
    for (size_t i = 0; i < SMRI_COUNT(more); i++) {
        check_rows(more[i], -1, &state);
        check_rows(more[i], KIND_PLAIN, &state);
    }
    for (int k = 0; k < KINDS; k++) {
        check_rows(51, k, &state);
        check_rows(200, k, &state);
        check_rows(1000, k, &state);
    }
}

TEST(ranks_of_many_rows) {
    uint64_t state = 32;
    check_rows(33000, -1, &state);
    check_rows(70000, -1, &state);
}

TEST(tallies_and_sums_are_those_of_plain_loops) {
    enum { ROWS = 23 };
    static const size_t lanes[] = {0, 1, 5, 31, 32};
    uint64_t state = 33;
    for (size_t name = 0; name < SMRI_COUNT(names); name++) {
        const smri_kernels *const k = smri_kernels_select(names[name]);
        for (size_t c = 0; k != NULL && c < SMRI_COUNT(lanes); c++) {
            uint32_t ranks[ROWS * SMRI_LANES], base[ROWS], found[ROWS * (ROWS + 1)], expected[ROWS * (ROWS + 1)];
            uint64_t sums[ROWS], expected_sums[ROWS], shift[SMRI_LANES], expected_shift[SMRI_LANES] = {0};
            for (size_t i = 0; i < SMRI_COUNT(found); i++) {
                found[i] = expected[i] = (uint32_t)unit_random(&state) >> 8;
            }
            for (size_t i = 0; i < ROWS; i++) {
                base[i] = (uint32_t)(unit_random(&state) % (ROWS + 1));
                sums[i] = expected_sums[i] = unit_random(&state) >> 8;
                for (size_t j = 0; j < SMRI_LANES; j++) {
                    const uint32_t rank = ranks[i * SMRI_LANES + j] = (uint32_t)(unit_random(&state) % (ROWS + 1));
                    if (j < lanes[c]) {
                        expected[i * (ROWS + 1) + rank]++;
                        expected_sums[i] += rank;
                    }
                    if (rank > 0 && base[i] > 0) {
                        expected_shift[j] += (uint64_t)llabs((long long)rank - (long long)base[i]);
                    }
                }
            }
            k->lanes_rank->tally(ranks, ROWS, lanes[c], found);
            k->lanes_rank->rank_sums(ranks, ROWS, lanes[c], sums);
            k->lanes_rank->rank_shift(ranks, base, ROWS, shift);
            expect_bytes(found, expected, sizeof found);
            expect_bytes(sums, expected_sums, sizeof sums);
            expect_bytes(shift, expected_shift, sizeof shift);
        }
    }
}

TEST(the_room_for_ranks_says_when_it_is_too_much) {
    expect(smri_lanes_rank_room(1) > 0);
    expect_equal_uint(smri_lanes_rank_room(SIZE_MAX / 2), 0);
}

static const unit_test tests[] = {
    UNIT(ranks_are_counted_exactly),
    UNIT(ranks_of_many_rows),
    UNIT(tallies_and_sums_are_those_of_plain_loops),
    UNIT(the_room_for_ranks_says_when_it_is_too_much),
};
UNIT_SUITE(kernels_lanes_rank, tests)
