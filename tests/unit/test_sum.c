/* SPDX-License-Identifier: MIT */
/* Exact sums: one rounding, whatever the order, the partition and the kernel. */
#include "unit.h"

#include "base/base_impl.h"

#define MANY 5000

static const char *const kernel_names[] = {"baseline", "x86-64-v3", "x86-64-v4", "neon"};

static double sum_of(const double *x, size_t n) {
    smri_exact_sum sum;
    smri_exact_sum_init(&sum);
    for (size_t i = 0; i < n; i++) {
        smri_exact_sum_add(&sum, x[i]);
    }
    expect_equal_uint(sum.count, n);
    return smri_exact_sum_value(&sum);
}

static void shuffle(double *x, size_t n, uint64_t *state) {
    for (size_t i = n; i > 1; i--) {
        const size_t j = (size_t)(unit_random(state) % i);
        const double kept = x[i - 1];
        x[i - 1] = x[j];
        x[j] = kept;
    }
}

typedef struct known_sum {
    double terms[4];
    double value;
} known_sum;

/* Each follows from the definition: the exact sum, rounded to nearest, ties to even. */
TEST(known_sums_come_out) {
    static const known_sum cases[] = {
        {{0.0, 0.0, 0.0, 0.0}, 0.0},
        {{-0.0, -0.0, -0.0, -0.0}, 0.0},
        {{1.0, -1.0, 0.0, 0.0}, 0.0},
        {{1e308, 1e308, -1e308, 0.0}, 1e308},
        {{1e308, 1e308, 0.0, 0.0}, INFINITY},
        {{-1e308, -1e308, 0.0, 0.0}, -INFINITY},
        {{DBL_MAX, 0x1p969, 0.0, 0.0}, DBL_MAX},
        {{DBL_MAX, 0x1p970, 0.0, 0.0}, INFINITY},
        {{DBL_MAX, 0x1p970, -0x1p-1074, 0.0}, DBL_MAX},
        {{-DBL_MAX, -0x1p970, 0.0, 0.0}, -INFINITY},
        {{1.0, 0x1p-53, 0.0, 0.0}, 1.0},
        {{1.0, 0x1p-53, 0x1p-1074, 0.0}, 0x1.0000000000001p+0},
        {{1.0, 0x1p-53, -0x1p-1074, 0.0}, 1.0},
        {{0x1.0000000000001p+0, 0x1p-53, 0.0, 0.0}, 0x1.0000000000002p+0},
        {{-0x1.0000000000001p+0, -0x1p-53, 0.0, 0.0}, -0x1.0000000000002p+0},
        {{-1.0, -0x1p-53, 0x1p-1074, 0.0}, -1.0},
        {{1.0, 1e100, 1.0, -1e100}, 2.0},
        {{0x1p-1074, 0x1p-1074, 0.0, 0.0}, 0x1p-1073},
        {{DBL_MIN, -0x1p-1074, 0.0, 0.0}, 0x0.fffffffffffffp-1022},
        {{0x0.fffffffffffffp-1022, 0x1p-1074, 0.0, 0.0}, DBL_MIN},
        {{-0x1p-1074, 0.0, 0.0, 0.0}, -0x1p-1074},
        {{0x1.fffffffffffffp+0, 0x1p-53, 0.0, 0.0}, 2.0},
        {{0x1p31, 0x1p32, 0x1p63, 0x1p64}, 0x1.80000001800000p+64},
        {{0.1, 0.2, 0.3, 0.0}, 0.6},
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        expect_same_bits(sum_of(cases[i].terms, 4), cases[i].value);
    }
}

/* Sums of integers below 2^61 times a power of two, against integer arithmetic and its one rounding. */
TEST(integers_sum_as_integers_do) {
    uint64_t state = 4;
    double x[1000];
    for (int trial = 0; trial < 200; trial++) {
        const int scale = (int)(unit_random(&state) % 1900) - 1040;
        int64_t exact = 0;
        for (size_t i = 0; i < SMRI_COUNT(x); i++) {
            const int64_t term =
                ((int64_t)(unit_random(&state) % 65536) - 32768) * (INT64_C(1) << unit_random(&state) % 36);
            exact += term;
            x[i] = ldexp((double)term, scale);
        }
        /* ldexp rounds where the result is subnormal, unless the sum is a multiple of the least subnormal */
        if (scale >= -1022) {
            expect_same_bits(sum_of(x, SMRI_COUNT(x)), ldexp((double)exact, scale) + 0.0);
        } else {
            for (size_t i = 0; i < SMRI_COUNT(x); i++) {
                expect(x[i] == x[i]);
            }
        }
    }
}

/* All magnitudes, finite. */
static double draw(uint64_t *state) {
    const uint64_t bits = unit_random(state);
    return (bits >> 52 & 0x7ff) == 0x7ff ? 1.0 : unit_double(bits);
}

TEST(order_and_partition_do_not_matter) {
    uint64_t state = 8;
    double x[600];
    for (int trial = 0; trial < 50; trial++) {
        for (size_t i = 0; i < SMRI_COUNT(x); i++) {
            /* every other term is cancelled by a later one, so that what is left lies far below */
            x[i] = i < 200 ? ldexp(draw(&state), -10) : i < 400 ? -x[i - 200] : 1e-200 * unit_random_unit(&state);
        }
        const double value = sum_of(x, SMRI_COUNT(x));
        const double rest = sum_of(x + 400, 200);
        expect_same_bits(value, rest);
        shuffle(x, SMRI_COUNT(x), &state);
        expect_same_bits(sum_of(x, SMRI_COUNT(x)), value);
        smri_exact_sum parts[3];
        for (size_t p = 0; p < 3; p++) {
            smri_exact_sum_init(&parts[p]);
            for (size_t i = p; i < SMRI_COUNT(x); i += p + 2) {
                smri_exact_sum_add(&parts[p], x[i]);
            }
        }
        smri_exact_sum ab = parts[0], ba = parts[2];
        smri_exact_sum_merge(&ab, &parts[1]);
        smri_exact_sum_merge(&ab, &parts[2]);
        smri_exact_sum_merge(&ba, &parts[1]);
        smri_exact_sum_merge(&ba, &parts[0]);
        expect_same_bits(smri_exact_sum_value(&ab), smri_exact_sum_value(&ba));
        expect_equal_uint(ab.count, parts[0].count + parts[1].count + parts[2].count);
    }
}

/* The carries are settled after 2^30 additions; so many are not made here, their count is. */
TEST(carries_settle) {
    smri_exact_sum sum;
    smri_exact_sum_init(&sum);
    double expected = 0.0;
    for (int i = 0; i < 100; i++) {
        if (i % 10 == 5) {
            sum.pending = (UINT32_C(1) << 30) - 1;
        }
        const double term = i % 3 ? 0x1.fffffffffffffp+40 : -0x1.fffffffffffffp+39;
        smri_exact_sum_add(&sum, term);
        expect(sum.pending < UINT32_C(1) << 30);
        expected += i % 3 ? 2 : -1; /* of (2^53 - 1) 2^-13 */
    }
    expect_same_bits(smri_exact_sum_value(&sum), expected * 0x1.fffffffffffffp+39);
    for (size_t i = 0; i + 1 < SMRI_COUNT(sum.limbs); i++) {
        expect(sum.limbs[i] < INT64_C(1) << 40 && sum.limbs[i] > -(INT64_C(1) << 40));
    }
}

typedef double (*maker)(uint64_t *state);

static double percent(uint64_t *state) {
    return 100.0 * unit_random_unit(state);
}

static double wide(uint64_t *state) {
    return ldexp(unit_random_unit(state) - 0.5, (int)(unit_random(state) % 90));
}

static double tiny(uint64_t *state) {
    return unit_double(unit_random(state) & UINT64_C(0x801fffffffffffff));
}

static double huge(uint64_t *state) {
    return ldexp(unit_random_unit(state) - 0.5, 1023);
}

static double whole(uint64_t *state) {
    return (double)(unit_random(state) % 100000);
}

static double far_off(uint64_t *state) {
    return 1e9 + unit_random_unit(state);
}

static double signs_of_zero(uint64_t *state) {
    return unit_random(state) & 1 ? 0.0 : -0.0;
}

static const maker makers[] = {percent, wide, tiny, huge, whole, far_off, draw, signs_of_zero};

static double power_of(double x, double centre, int power) {
    const double d = x - centre;
    return power == 1 ? x : power == 2 ? d * d : power == 3 ? d * d * d : (d * d) * (d * d);
}

TEST(arrays_sum_exactly_in_every_kernel) {
    static const size_t lengths[] = {0, 1, 2, 31, 32, 33, 63, 64, 65, 511, 512, 513, 1024, 1999, MANY};
    static double x[MANY + 3];
    uint64_t state = 6;
    for (size_t m = 0; m < SMRI_COUNT(makers); m++) {
        for (size_t l = 0; l < SMRI_COUNT(lengths); l++) {
            const size_t n = lengths[l], at = l % 4;
            for (size_t i = 0; i < n + at && i < SMRI_COUNT(x); i++) {
                x[i] = unit_random(&state) % 10 ? makers[m](&state) : NAN;
            }
            const double centre = m == 5 ? 1e9 + 0.5 : m == 3 || m == 6 ? 0.0 : 50.0;
            for (int power = 1; power <= 4; power++) {
                smri_exact_sum expected;
                smri_exact_sum_init(&expected);
                for (size_t i = at; i < at + n; i++) {
                    if (x[i] == x[i]) {
                        smri_exact_sum_add(&expected, power_of(x[i], centre, power));
                    }
                }
                for (size_t k = 0; k < SMRI_COUNT(kernel_names); k++) {
                    const smri_kernels *const kernels = smri_kernels_select(kernel_names[k]);
                    smri_exact_sum found;
                    smri_exact_sum_init(&found);
                    if (kernels != NULL && power == 1) {
                        smri_exact_sum_add_array(&found, kernels, x + at, n);
                    } else if (kernels != NULL) {
                        smri_exact_sum_add_powers(&found, kernels, x + at, n, centre, power);
                    }
                    if (kernels != NULL) {
                        expect_equal_uint(found.count, expected.count);
                        expect_same_bits(smri_exact_sum_value(&found), smri_exact_sum_value(&expected));
                        /* exact, not only equal once rounded: the difference is nothing at all */
                        for (size_t i = 0; i < SMRI_COUNT(found.limbs); i++) {
                            found.limbs[i] -= expected.limbs[i];
                        }
                        expect_same_bits(smri_exact_sum_value(&found), 0.0);
                    }
                }
            }
        }
    }
}

/* The fast way is taken where it should be: otherwise the speed is gone and no result tells. */
TEST(bins_take_ordinary_data) {
    double x[SMRI_BIN_BLOCK], bins[4];
    uint64_t state = 12;
    for (size_t i = 0; i < SMRI_BIN_BLOCK; i++) {
        x[i] = percent(&state);
    }
    for (size_t k = 0; k < SMRI_COUNT(kernel_names); k++) {
        const smri_kernels *const kernels = smri_kernels_select(kernel_names[k]);
        for (int power = 1; kernels != NULL && power <= 4; power++) {
            size_t count = 0;
            expect(kernels->bin_sums(x, SMRI_BIN_BLOCK, 49.5, power, bins, &count));
            expect_equal_uint(count, SMRI_BIN_BLOCK);
        }
    }
}

TEST(powers_beyond_the_range_are_infinite) {
    static const double x[] = {1e200, -1e200, 3.0};
    smri_exact_sum sum;
    smri_exact_sum_init(&sum);
    smri_exact_sum_add_powers(&sum, smri_kernels_select(NULL), x, 3, 0.0, 2);
    expect_equal_uint(sum.count, 3);
    expect_same_bits(smri_exact_sum_value(&sum), INFINITY);
    smri_exact_sum_init(&sum);
    smri_exact_sum_add_powers(&sum, smri_kernels_select(NULL), x + 1, 2, 0.0, 3);
    expect_same_bits(smri_exact_sum_value(&sum), -INFINITY);
}

static const unit_test tests[] = {
    UNIT(known_sums_come_out),
    UNIT(integers_sum_as_integers_do),
    UNIT(order_and_partition_do_not_matter),
    UNIT(carries_settle),
    UNIT(arrays_sum_exactly_in_every_kernel),
    UNIT(bins_take_ordinary_data),
    UNIT(powers_beyond_the_range_are_infinite),
};
UNIT_SUITE(sum, tests)
