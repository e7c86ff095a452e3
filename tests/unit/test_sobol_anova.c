/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include "study/sobol_impl.h"

enum { MOST = 5, CELLS = 4096 };

typedef struct grid {
    uint32_t factors, levels[MOST];
    double probabilities[64], values[CELLS];
} grid;

static size_t cells_of(const grid *g) {
    size_t cells = 1;
    for (uint32_t k = 0; k < g->factors; k++) {
        cells *= g->levels[k];
    }
    return cells;
}

/* Levels of a cell, the last factor fastest. */
static void levels_of(const grid *g, size_t cell, uint32_t *levels) {
    for (uint32_t k = g->factors; k-- > 0;) {
        levels[k] = (uint32_t)(cell % g->levels[k]);
        cell /= g->levels[k];
    }
}

/* Chance of the level of factor k. */
static long double chance(const grid *g, uint32_t k, uint32_t level) {
    size_t first = 0;
    for (uint32_t j = 0; j < k; j++) {
        first += g->levels[j];
    }
    long double sum = 0;
    for (uint32_t l = 0; l < g->levels[k]; l++) {
        sum += g->probabilities[first + l];
    }
    return g->probabilities[first + level] / sum;
}

/* Mean of f over all cells that agree with `at` in the factors marked, by direct enumeration. */
static long double mean_given(const grid *g, const uint32_t *at, const bool *marked) {
    long double sum = 0, all = 0;
    for (size_t cell = 0; cell < cells_of(g); cell++) {
        uint32_t levels[MOST];
        levels_of(g, cell, levels);
        long double p = 1;
        for (uint32_t k = 0; k < g->factors; k++) {
            p *= marked[k] ? levels[k] == at[k] : chance(g, k, levels[k]);
        }
        sum += p > 0 ? p * g->values[cell] : 0;
        all += p;
    }
    return sum / all;
}

/* Variance of the mean given the marked factors. */
static long double variance_given(const grid *g, const bool *marked) {
    const bool none[MOST] = {false};
    const uint32_t anywhere[MOST] = {0};
    const long double mean = mean_given(g, anywhere, none);
    long double sum = 0;
    for (size_t cell = 0; cell < cells_of(g); cell++) {
        uint32_t levels[MOST];
        levels_of(g, cell, levels);
        long double p = 1;
        for (uint32_t k = 0; k < g->factors; k++) {
            p *= chance(g, k, levels[k]);
        }
        const long double distance = p > 0 ? mean_given(g, levels, marked) - mean : 0;
        sum += p * distance * distance;
    }
    return sum;
}

static smr_sobol_summary run(const grid *g, bool likely, double *indices) {
    smr_sobol_summary summary;
    smr_sobol_summary_init(&summary, sizeof summary);
    smr_error error = unit_error();
    expect_ok(smr_sobol_anova(unit_context(), g->values, g->levels, g->factors, likely ? g->probabilities : NULL,
                              indices, &summary, &error),
              &error);
    return summary;
}

static grid random_grid(uint64_t *state, bool likely) {
    grid g = {.factors = 1 + (uint32_t)(unit_random(state) % 4)};
    size_t levels = 0;
    for (uint32_t k = 0; k < g.factors; k++) {
        g.levels[k] = 1 + (uint32_t)(unit_random(state) % 4);
        levels += g.levels[k];
    }
    for (size_t i = 0; i < levels; i++) {
        g.probabilities[i] = likely ? 0.1 + unit_random_unit(state) : 1;
    }
    for (size_t i = 0; i < cells_of(&g); i++) {
        g.values[i] = 10 * unit_random_unit(state) - 5;
    }
    return g;
}

TEST(random_grids_by_enumeration) {
    uint64_t state = 3;
    for (int round = 0; round < 200; round++) {
        const bool likely = round % 2;
        grid g = random_grid(&state, likely);
        if (likely && g.levels[0] > 1) {
            g.probabilities[0] = 0; /* a level that never comes; its cells may be missing */
            g.values[0] = NAN;
        }
        double indices[MOST * SMR_SOBOL_COLUMNS];
        const smr_sobol_summary summary = run(&g, likely, indices);
        bool all[MOST];
        for (uint32_t k = 0; k < MOST; k++) {
            all[k] = true;
        }
        const long double variance = variance_given(&g, all);
        expect_equal_uint(summary.rows, cells_of(&g));
        if (variance == 0) {
            expect_equal_int(summary.status, SMR_SOBOL_CONSTANT);
            continue;
        }
        expect_equal_int(summary.status, SMR_SOBOL_OK);
        expect_near(summary.variance, (double)variance, 1e-13 * (double)variance);
        for (uint32_t k = 0; k < g.factors; k++) {
            const double *row = indices + k * SMR_SOBOL_COLUMNS;
            bool alone[MOST] = {false}, others[MOST];
            alone[k] = true;
            memcpy(others, all, sizeof others);
            others[k] = false;
            expect_near(row[SMR_SOBOL_FIRST], (double)(variance_given(&g, alone) / variance), 1e-12);
            expect_near(row[SMR_SOBOL_TOTAL], (double)(1 - variance_given(&g, others) / variance), 1e-12);
            expect_same_bits(row[SMR_SOBOL_FIRST_LOW], row[SMR_SOBOL_FIRST]);
            expect_same_bits(row[SMR_SOBOL_FIRST_HIGH], row[SMR_SOBOL_FIRST]);
            expect_same_bits(row[SMR_SOBOL_TOTAL_LOW], row[SMR_SOBOL_TOTAL]);
            expect_same_bits(row[SMR_SOBOL_TOTAL_HIGH], row[SMR_SOBOL_TOTAL]);
        }
    }
}

/* f = 2 x + y over x in 0, 1 and y in 0, 1, 2: variances 1 and 2/3. */
TEST(a_sum_by_hand) {
    const grid g = {.factors = 2, .levels = {2, 3}, .values = {0, 1, 2, 2, 3, 4}};
    double indices[2 * SMR_SOBOL_COLUMNS];
    const smr_sobol_summary summary = run(&g, false, indices);
    expect_near(summary.mean, 2, 1e-15);
    expect_near(summary.variance, 5.0 / 3, 1e-15);
    expect_near(indices[SMR_SOBOL_FIRST], 0.6, 1e-15);
    expect_near(indices[SMR_SOBOL_TOTAL], 0.6, 1e-15);
    expect_near(indices[SMR_SOBOL_COLUMNS + SMR_SOBOL_FIRST], 0.4, 1e-15);
    expect_near(indices[SMR_SOBOL_COLUMNS + SMR_SOBOL_TOTAL], 0.4, 1e-15);
}

/* f = 1 where x and y are the same: all is interaction. */
TEST(pure_interaction) {
    const grid g = {.factors = 3, .levels = {2, 2, 1}, .values = {1, 0, 0, 1}};
    double indices[3 * SMR_SOBOL_COLUMNS];
    run(&g, false, indices);
    for (uint32_t k = 0; k < 3; k++) {
        expect_same_bits(indices[k * SMR_SOBOL_COLUMNS + SMR_SOBOL_FIRST], 0);
        expect_same_bits(indices[k * SMR_SOBOL_COLUMNS + SMR_SOBOL_TOTAL], k < 2 ? 1 : 0);
    }
}

TEST(a_missing_cell_and_a_constant) {
    grid g = {.factors = 2, .levels = {2, 2}, .values = {1, 2, NAN, 4}};
    double indices[2 * SMR_SOBOL_COLUMNS];
    expect_equal_int(run(&g, false, indices).status, SMR_SOBOL_INCOMPLETE);
    for (size_t i = 0; i < 2 * SMR_SOBOL_COLUMNS; i++) {
        expect_nan(indices[i]);
    }
    g.values[0] = g.values[1] = g.values[2] = g.values[3] = -7;
    const smr_sobol_summary summary = run(&g, false, indices);
    expect_equal_int(summary.status, SMR_SOBOL_CONSTANT);
    expect_near(summary.mean, -7, 0);
    for (size_t i = 0; i < 2 * SMR_SOBOL_COLUMNS; i++) {
        expect_nan(indices[i]);
    }
}

/* Sampling a discrete function comes near to its exact indices. */
TEST(samples_agree) {
    enum { ROWS = 1 << 14, K = 3 };
    uint64_t state = 8;
    grid g = {.factors = K, .levels = {2, 3, 5}};
    for (size_t i = 0; i < 30; i++) {
        g.values[i] = unit_random_unit(&state);
    }
    double exact[K * SMR_SOBOL_COLUMNS], sampled[K * SMR_SOBOL_COLUMNS];
    run(&g, false, exact);
    double *points = malloc(2 * K * ROWS * sizeof *points), *f = malloc((2 * K + 2) * ROWS * sizeof *f);
    smr_error error = unit_error();
    expect_ok(smr_sobol_points(unit_context(), ROWS, 2 * K, NULL, points, &error), &error);
    for (uint32_t matrix = 0; matrix < 2 * K + 2; matrix++) {
        for (size_t i = 0; i < ROWS; i++) {
            size_t cell = 0;
            for (uint32_t k = 0; k < K; k++) {
                const bool of_b = matrix == 1 || matrix == 2 + k || (matrix >= 2 + K && matrix != 2 + K + k);
                cell = cell * g.levels[k] + (size_t)(points[(k + (of_b ? K : 0)) * ROWS + i] * g.levels[k]);
            }
            f[matrix * ROWS + i] = g.values[cell];
        }
    }
    expect_ok(smr_sobol_indices(unit_context(), f, f + ROWS, f + 2 * ROWS, f + (2 + K) * ROWS, ROWS, K, NULL, sampled,
                                NULL, &error),
              &error);
    for (uint32_t k = 0; k < K; k++) {
        const double *a = sampled + k * SMR_SOBOL_COLUMNS, *b = exact + k * SMR_SOBOL_COLUMNS;
        expect_near(a[SMR_SOBOL_FIRST], b[SMR_SOBOL_FIRST], 0.01);
        expect_near(a[SMR_SOBOL_TOTAL], b[SMR_SOBOL_TOTAL], 0.01);
    }
    free(points);
    free(f);
}

static const unit_test tests[] = {
    UNIT(random_grids_by_enumeration),   UNIT(a_sum_by_hand), UNIT(pure_interaction),
    UNIT(a_missing_cell_and_a_constant), UNIT(samples_agree),
};
UNIT_SUITE(sobol_anova, tests)
