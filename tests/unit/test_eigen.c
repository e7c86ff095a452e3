/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "base/base_impl.h"

#define MOST 40

static void decompose(const double *matrix, uint32_t n, double *values, double *vectors)
{
    double copy[MOST * MOST];
    memcpy(copy, matrix, n * n * sizeof *copy);
    smri_eigen_symmetric(copy, n, values, vectors);
}

/* The parts multiply to the matrix, vectors are of length 1 and at right angles, values fall. */
static void check(const double *matrix, uint32_t n, double size)
{
    double values[MOST], vectors[MOST * MOST];
    decompose(matrix, n, values, vectors);
    for (uint32_t i = 0; i < n; i++) {
        double sum = 0;
        for (uint32_t j = 0; j < n; j++) {
            double product = 0, angle = 0;
            for (uint32_t k = 0; k < n; k++) {
                product += vectors[k * n + i] * values[k] * vectors[k * n + j];
                angle += vectors[i * n + k] * vectors[j * n + k];
            }
            expect_near(product, matrix[i * n + j], 1e-13 * size * n);
            expect_near(angle, i == j, 1e-13 * n);
            sum += vectors[i * n + j];
        }
        expect(i == 0 || values[i] <= values[i - 1]);
        expect(sum > -1e-8);
    }
}

TEST(two_by_two)
{
    double values[2], vectors[4];
    decompose((const double[]){2, 1, 1, 2}, 2, values, vectors);
    expect_near(values[0], 3, 1e-15);
    expect_near(values[1], 1, 1e-15);
    expect_near(vectors[0], sqrt(0.5), 1e-15);
    expect_near(vectors[1], sqrt(0.5), 1e-15);
    /* The sum vanishes: the first of the largest is positive. */
    expect_near(vectors[2], sqrt(0.5), 1e-15);
    expect_near(vectors[3], -sqrt(0.5), 1e-15);
}

TEST(diagonal)
{
    double values[3], vectors[9];
    decompose((const double[]){1, 0, 0, 0, -4, 0, 0, 0, 9}, 3, values, vectors);
    expect_near(values[0], 9, 0);
    expect_near(values[1], 1, 0);
    expect_near(values[2], -4, 0);
    expect_near(vectors[2], 1, 0);
    expect_near(vectors[3], 1, 0);
    expect_near(vectors[7], 1, 0);
}

TEST(one_and_none)
{
    double values[1], vectors[1];
    decompose((const double[]){-3}, 1, values, vectors);
    expect_near(values[0], -3, 0);
    expect_near(vectors[0], 1, 0);
    smri_eigen_symmetric(values, 0, values, vectors);
}

TEST(random_matrices)
{
    uint64_t state = 1;
    for (int run = 0; run < 60; run++) {
        const uint32_t n = 1 + (uint32_t)(unit_random(&state) % MOST);
        const double size = run % 3 == 0 ? 1e-9 : run % 3 == 1 ? 1 : 1e9;
        double matrix[MOST * MOST];
        for (uint32_t i = 0; i < n; i++) {
            for (uint32_t j = i; j < n; j++) {
                matrix[i * n + j] = matrix[j * n + i] = size * (unit_random_unit(&state) - 0.5);
            }
        }
        check(matrix, n, size);
    }
}

/* The Hilbert matrix of order 4: its determinant is 1/6048000. */
TEST(nearly_singular)
{
    double matrix[16], values[4], vectors[16];
    for (int i = 0; i < 16; i++) {
        matrix[i] = 1.0 / (i / 4 + i % 4 + 1);
    }
    decompose(matrix, 4, values, vectors);
    expect_near(values[0] * values[1] * values[2] * values[3] * 6048000, 1, 1e-10);
}

TEST(all_ones)
{
    double matrix[25], values[5], vectors[25];
    for (int i = 0; i < 25; i++) {
        matrix[i] = 1;
    }
    decompose(matrix, 5, values, vectors);
    expect_near(values[0], 5, 1e-14);
    for (int i = 1; i < 5; i++) {
        expect_near(values[i], 0, 1e-15);
    }
    check(matrix, 5, 1);
}

static const unit_test tests[] = {
    UNIT(two_by_two),       UNIT(diagonal),         UNIT(one_and_none), UNIT(random_matrices),
    UNIT(nearly_singular), UNIT(all_ones),
};
UNIT_SUITE(eigen, tests)
