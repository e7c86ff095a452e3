/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/base_impl.h"

#include "sobol_cases.inc"

#define UNITS 9007199254740992.0 /* 2^53 */

static void fill(uint32_t index, const uint64_t *seed, uint64_t first, size_t count, double *out) {
    smri_sobol_dimension dimension;
    smri_sobol_dimension_init(&dimension, index);
    if (seed != NULL) {
        smri_sobol_dimension_scramble(&dimension, index, *seed);
    }
    smri_sobol_dimension_fill(&dimension, first, count, out);
}

TEST(the_first_points) {
    for (uint32_t d = 0; d < 21; d++) {
        double x[64];
        fill(d, NULL, 0, 64, x);
        for (size_t i = 0; i < 64; i++) {
            expect_same_bits(x[i], first_points[i][d] / 64.0);
        }
    }
}

TEST(later_points_in_all_dimensions) {
    for (size_t p = 0; p < SMRI_COUNT(later_points); p++) {
        uint64_t sum = 0;
        size_t shown = 0;
        for (uint32_t d = 0; d < SMRI_SOBOL_DIMENSIONS; d++) {
            double x;
            fill(d, NULL, later_points[p].point, 1, &x);
            sum += (d + 1) * (uint64_t)(x * 65536);
            if (shown < SMRI_COUNT(shown_dimensions) && shown_dimensions[shown] == d) {
                expect_same_bits(x, (double)later_points[p].coordinates[shown] / 65536);
                shown++;
            }
        }
        expect_equal_uint(sum, later_points[p].sum);
        expect_equal_uint(shown, SMRI_COUNT(shown_dimensions));
    }
}

/* Of 2^m points from a multiple of 2^m on, one lies in every interval of length 2^-m; scrambled or not. */
TEST(every_dimension_is_stratified) {
    enum { M = 10, N = 1 << M };
    static double x[N];
    for (uint32_t d = 0; d < SMRI_SOBOL_DIMENSIONS; d++) {
        const uint64_t seed = d % 7;
        const uint64_t *const seeds[] = {NULL, &seed, &seed};
        const uint64_t starts[] = {0, 0, 5 * N};
        for (size_t k = 0; k < SMRI_COUNT(seeds); k++) {
            bool hit[N] = {false};
            fill(d, seeds[k], starts[k], N, x);
            for (size_t i = 0; i < N; i++) {
                expect(x[i] >= 0 && x[i] < 1);
                const size_t cell = (size_t)(x[i] * N);
                expect(!hit[cell]);
                hit[cell] = true;
            }
        }
    }
}

/* The first two dimensions are a (0, m, 2)-net in base 2: one point in every box of volume 2^-m with sides of powers of
 * two. Scrambling keeps it. */
TEST(two_dimensions_are_a_net_after_scrambling) {
    enum { M = 8, N = 1 << M };
    for (uint64_t seed = 0; seed < 20; seed++) {
        double x[N], y[N];
        fill(0, &seed, 0, N, x);
        fill(1, &seed, 0, N, y);
        for (unsigned wide = 0; wide <= M; wide++) {
            bool hit[N] = {false};
            for (size_t i = 0; i < N; i++) {
                const size_t cell = ((size_t)(x[i] * (1 << wide)) << (M - wide)) + (size_t)(y[i] * (1 << (M - wide)));
                expect(!hit[cell]);
                hit[cell] = true;
            }
        }
    }
}

/* Square of the L2-star discrepancy of n points in two dimensions (T. T. Warnock, 1972). */
static double discrepancy(const double *x, const double *y, size_t n) {
    double single = 0, pairs = 0;
    for (size_t i = 0; i < n; i++) {
        single += (1 - x[i] * x[i]) * (1 - y[i] * y[i]);
        for (size_t k = 0; k < n; k++) {
            pairs += (1 - SMRI_MAX(x[i], x[k])) * (1 - SMRI_MAX(y[i], y[k]));
        }
    }
    return 1.0 / 9 - single / 2 / (double)n + pairs / (double)n / (double)n;
}

/* Random points have (1/4 - 1/9)/n; neighbouring dimensions are on average far below. */
TEST(pairs_are_more_even_than_random_points) {
    enum { N = 256, DIMENSIONS = 120 };
    const double random = (1.0 / 4 - 1.0 / 9) / N;
    const uint64_t seed = 5;
    double x[N], y[N], sum = 0;
    fill(0, &seed, 0, N, x);
    for (uint32_t d = 1; d < DIMENSIONS; d++) {
        fill(d, &seed, 0, N, y);
        sum += discrepancy(x, y, N);
        memcpy(x, y, sizeof x);
    }
    expect(sum / (DIMENSIONS - 1) < random / 4);
}

/* A point that is scrambled with many seeds is uniform, the origin too, and so is each binary digit. */
TEST(scrambled_points_are_uniform) {
    enum { SEEDS = 1 << 14 };
    static const uint64_t points[] = {0, 1, 77};
    for (size_t p = 0; p < SMRI_COUNT(points); p++) {
        double sum = 0, squares = 0;
        size_t ones[SMRI_SOBOL_BITS] = {0};
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            double x;
            fill(6, &seed, points[p], 1, &x);
            sum += x;
            squares += x * x;
            for (unsigned bit = 0; bit < SMRI_SOBOL_BITS; bit++) {
                ones[bit] += (uint64_t)(x * UNITS) >> bit & 1;
            }
        }
        expect_near(sum / SEEDS, 0.5, 5 * sqrt(1.0 / 12 / SEEDS));
        expect_near(squares / SEEDS, 1.0 / 3, 5 * sqrt(4.0 / 45 / SEEDS));
        for (unsigned bit = 0; bit < SMRI_SOBOL_BITS; bit++) {
            expect_near((double)ones[bit], SEEDS / 2.0, 5 * sqrt(SEEDS / 4.0));
        }
    }
}

TEST(any_part_of_a_column_alone) {
    enum { N = 300 };
    const uint64_t seed = 9;
    double whole[N], part[N];
    fill(40, &seed, 0, N, whole);
    for (size_t first = 0; first < N; first += 37) {
        fill(40, &seed, first, N - first, part);
        expect_bytes(part, whole + first, (N - first) * sizeof *part);
    }
}

/* The last points there are. */
TEST(the_end_of_the_sequence) {
    double x[4], last;
    const uint64_t most = UINT64_C(1) << SMRI_SOBOL_BITS;
    fill(3, NULL, most - 4, 4, x);
    fill(3, NULL, most - 1, 1, &last);
    expect_same_bits(x[3], last);
}

TEST(seeds_and_dimensions_differ) {
    double a[8], b[8], c[8];
    const uint64_t one = 1, other = one + (UINT64_C(1) << 32);
    fill(3, &one, 0, 8, a);
    fill(3, &other, 0, 8, b);
    fill(4, &one, 0, 8, c);
    for (size_t i = 0; i < 8; i++) {
        expect(a[i] != b[i] && a[i] != c[i]);
    }
}

static const unit_test tests[] = {
    UNIT(the_first_points),
    UNIT(later_points_in_all_dimensions),
    UNIT(every_dimension_is_stratified),
    UNIT(two_dimensions_are_a_net_after_scrambling),
    UNIT(pairs_are_more_even_than_random_points),
    UNIT(scrambled_points_are_uniform),
    UNIT(any_part_of_a_column_alone),
    UNIT(the_end_of_the_sequence),
    UNIT(seeds_and_dimensions_differ),
};
UNIT_SUITE(sobol_points, tests)
