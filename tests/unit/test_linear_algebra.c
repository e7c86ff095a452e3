/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <string.h>

#include "base/base_impl.h"

enum { MOST = 40 };

/* A'A of a random matrix of `rank` rows, and a right side b = A'A x for a known x. */
static void make_system(uint64_t *state, size_t n, size_t rank, double *a, double *x, double *b) {
    static double rows[MOST * MOST];
    for (size_t i = 0; i < rank * n; i++) {
        rows[i] = unit_random_unit(state) - 0.5;
    }
    memset(a, 0, n * n * sizeof *a);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            for (size_t r = 0; r < rank; r++) {
                a[i * n + j] += rows[r * n + i] * rows[r * n + j];
            }
        }
        x[i] = unit_random_unit(state) - 0.5;
    }
    for (size_t i = 0; i < n; i++) {
        b[i] = 0;
        for (size_t j = 0; j < n; j++) {
            b[i] += a[i * n + j] * x[j];
        }
    }
}

TEST(factor_by_hand) {
    /* U = [2 1 -1; 0 3 2; 0 0 1] */
    double a[] = {4, 2, -2, 99, 10, 5, 99, 99, 6};
    expect_equal_uint(smri_cholesky(a, 3), 3);
    const double expected[] = {2, 1, -1, 0, 3, 2, 0, 0, 1};
    for (size_t i = 0; i < 3; i++) {
        for (size_t j = i; j < 3; j++) {
            expect_near(a[i * 3 + j], expected[i * 3 + j], 0);
        }
    }
    double x[] = {4, 17, 9}; /* the sums of the rows */
    smri_cholesky_solve(a, 3, x);
    for (size_t i = 0; i < 3; i++) {
        expect_near(x[i], 1, 1e-15);
    }
}

TEST(random_systems_are_solved) {
    uint64_t state = 41;
    static double a[MOST * MOST], factor[MOST * MOST], inverse[MOST * MOST], x[MOST], b[MOST];
    for (size_t n = 1; n <= MOST; n++) {
        make_system(&state, n, MOST, a, x, b);
        memcpy(factor, a, sizeof factor);
        expect_equal_uint(smri_cholesky(factor, n), n);
        smri_cholesky_solve(factor, n, b);
        smri_cholesky_inverse(factor, n, inverse);
        for (size_t i = 0; i < n; i++) {
            expect_near(b[i], x[i], n < 30 ? 1e-10 : 1e-5);
            for (size_t j = 0; j < n; j++) {
                double sum = 0;
                for (size_t k = 0; k < n; k++) {
                    sum += a[i * n + k] * inverse[k * n + j];
                }
                expect_near(sum, i == j, n < 30 ? 1e-10 : 1e-5);
                expect_same_bits(inverse[i * n + j], inverse[j * n + i]);
            }
        }
    }
}

/* A singular system: as many variables as its rank take part, and what they give solves it all the same. */
TEST(dependent_variables_take_no_part) {
    uint64_t state = 43;
    static double a[MOST * MOST], factor[MOST * MOST], x[MOST], b[MOST], found[MOST];
    for (size_t rank = 0; rank < 12; rank++) {
        const size_t n = 20;
        make_system(&state, n, rank, a, x, b);
        memcpy(factor, a, sizeof factor);
        memcpy(found, b, sizeof found);
        expect_equal_uint(smri_cholesky(factor, n), rank);
        smri_cholesky_solve(factor, n, found);
        size_t zeros = 0;
        for (size_t i = 0; i < n; i++) {
            double sum = 0;
            for (size_t j = 0; j < n; j++) {
                sum += a[i * n + j] * found[j];
            }
            expect_near(sum, b[i], 1e-9);
            zeros += found[i] == 0;
        }
        expect_equal_uint(zeros, n - rank);
    }
    double negative[] = {-1, 3, 2, -4};
    expect_equal_uint(smri_cholesky(negative, 2), 0);
    double infinite[] = {INFINITY, 0, 0, 1};
    expect_equal_uint(smri_cholesky(infinite, 2), 1);
}

TEST(gram_by_hand_and_in_any_split) {
    enum { N = 5, ROWS = 23 };
    double rows[ROWS * N], whole[N * N] = {0}, split[N * N] = {0};
    for (size_t i = 0; i < ROWS * N; i++) {
        rows[i] = (double)((i * 7) % 11) - 5; /* whole numbers: any order gives the same sum */
    }
    smri_gram_add(whole, N, rows, ROWS);
    for (size_t r = 0; r < ROWS; r += 3) {
        smri_gram_add(split, N, rows + r * N, r + 3 <= ROWS ? 3 : ROWS - r);
    }
    for (size_t i = 0; i < N; i++) {
        for (size_t j = i; j < N; j++) {
            double expected = 0;
            for (size_t r = 0; r < ROWS; r++) {
                expected += rows[r * N + i] * rows[r * N + j];
            }
            expect_near(whole[i * N + j], expected, 0);
            expect_near(split[i * N + j], expected, 0);
        }
    }
}

static const unit_test tests[] = {
    UNIT(factor_by_hand),
    UNIT(random_systems_are_solved),
    UNIT(dependent_variables_take_no_part),
    UNIT(gram_by_hand_and_in_any_split),
};
UNIT_SUITE(linear_algebra, tests)
