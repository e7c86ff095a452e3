/* SPDX-License-Identifier: MIT */
#include "method_fixture.h"

#include <math.h>
#include <stdlib.h>

#include "failure/failing_allocator.h"
#include "impute_cases.inc"

static const char *const names[] = {"row_mean", "regression", "knn", "em"};

/* ---- a table and what a method makes of it ---- */

typedef struct table {
    const double **columns;
    double *cells, *filled;
    uint8_t *statuses;
    uint32_t *families;
    double *signs;
    smri_matrix matrix;
} table;

static void make_table(table *t, uint32_t count, size_t n) {
    const size_t cells = count * n + 1;
    t->columns = malloc((count + 1) * sizeof *t->columns);
    t->cells = malloc(cells * sizeof *t->cells);
    t->filled = malloc(cells * sizeof *t->filled);
    t->statuses = malloc(cells);
    t->families = calloc(count + 1, sizeof *t->families);
    t->signs = malloc((count + 1) * sizeof *t->signs);
    expect(t->columns && t->cells && t->filled && t->statuses && t->families && t->signs);
    for (uint32_t k = 0; k < count; k++) {
        t->columns[k] = t->cells + k * n;
        t->signs[k] = k % 3 == 2 ? -1 : 1;
        t->families[k] = k / 4;
    }
    t->matrix = (smri_matrix){.context = unit_context(),
                              .columns = t->columns,
                              .count = count,
                              .n = n,
                              .families = t->families,
                              .signs = t->signs};
}

static void free_table(table *t) {
    free(t->columns);
    free(t->cells);
    free(t->filled);
    free(t->statuses);
    free(t->families);
    free(t->signs);
}

static void fill_table(table *t, const method_fixture *fixture, const smri_fitted *fitted) {
    const size_t n = t->matrix.n;
    for (uint32_t k = 0; k < t->matrix.count; k++) {
        double *x = t->filled + k * n;
        uint8_t *statuses = t->statuses + k * n;
        for (size_t i = 0; i < n; i++) {
            x[i] = t->columns[k][i];
            statuses[i] = x[i] == x[i] ? SMR_CELL_OK : SMR_CELL_BAD_DENOMINATOR;
        }
        expect(fixture->choice.method->fill_matrix(&fixture->choice, fitted, &t->matrix, k, x, statuses));
        /* What was known is untouched to the bit; what is filled is a number and says so. */
        for (size_t i = 0; i < n; i++) {
            if (t->columns[k][i] == t->columns[k][i]) {
                expect_same_bits(x[i], t->columns[k][i]);
                expect_equal_int(statuses[i], SMR_CELL_OK);
            } else {
                expect_equal_int(statuses[i], x[i] == x[i] ? SMR_CELL_IMPUTED : SMR_CELL_BAD_DENOMINATOR);
                expect(!(fabs(x[i]) > DBL_MAX));
            }
        }
    }
}

static smri_fitted fit_table(const table *t, method_fixture *fixture) {
    smri_fitted fitted = {0};
    expect(fixture->choice.method->fit_matrix(&fixture->choice, &t->matrix, &fixture->arena, &fitted));
    return fitted;
}

static void impute(table *t, const char *method) {
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_IMPUTE, method);
    const smri_fitted fitted = fit_table(t, &fixture);
    fill_table(t, &fixture, &fitted);
    fixture_free(&fixture);
}

static void make_case(table *t) {
    make_table(t, IMPUTE_COLUMNS, IMPUTE_ROWS);
    memcpy(t->cells, impute_table, sizeof impute_table);
    memcpy(t->families, impute_families, sizeof impute_families);
    memcpy(t->signs, impute_signs, sizeof impute_signs);
}

/* ---- values ---- */

TEST(values_by_definition) {
    static const double(*const expected[])[IMPUTE_ROWS] = {impute_row_mean, impute_regression, impute_knn_3, impute_em};
    for (size_t m = 0; m < SMRI_COUNT(names); m++) {
        table t;
        method_fixture fixture;
        make_case(&t);
        fixture_make(&fixture, SMRI_STEP_IMPUTE, names[m]);
        if (m == 2) {
            fixture_number(&fixture, "k", 3);
        }
        if (m == 3) {
            fixture_number(&fixture, "ridge", 0);
            fixture_number(&fixture, "tolerance", 1e-13);
        }
        const smri_fitted fitted = fit_table(&t, &fixture);
        fill_table(&t, &fixture, &fitted);
        for (uint32_t k = 0; k < IMPUTE_COLUMNS; k++) {
            /* EM ends within its tolerance of the limit, times what the last steps would still have added. */
            expect_array(t.filled + k * IMPUTE_ROWS, expected[m][k], IMPUTE_ROWS, m == 3 ? 1e-10 : 3e-14 * 131);
        }
        fixture_free(&fixture);
        free_table(&t);
    }
}

/* Ties in input order, fewer neighbours than asked, and none at all. */
TEST(neighbours_by_hand) {
    static const double x[3][5] = {
        {1, 3, 2, NAN, 2},      /* regions 0 and 1 lie one from region 4, region 2 lies on it */
        {10, 20, NAN, 40, NAN}, /* region 4 is asked for */
        {NAN, NAN, NAN, NAN, NAN},
    };
    static const double expected[][2] = {{1, 10}, {2, 15}, {5, 15}};
    for (size_t i = 0; i < 3; i++) {
        table t;
        method_fixture fixture;
        make_table(&t, 3, 5);
        memcpy(t.cells, x, sizeof x);
        fixture_make(&fixture, SMRI_STEP_IMPUTE, "knn");
        fixture_number(&fixture, "k", expected[i][0]);
        const smri_fitted fitted = fit_table(&t, &fixture);
        fill_table(&t, &fixture, &fitted);
        expect_near(t.filled[5 + 4], expected[i][1], 0);
        expect_nan(t.filled[10]);
        fixture_free(&fixture);
        free_table(&t);
    }
}

/* With two indicators of which one has holes, the conditional mean is the regression line of the complete regions
 * (Little and Rubin, section 7.2). */
TEST(em_of_one_hole_pattern_is_the_regression_line) {
    enum { N = 12 };
    table t;
    double sum_x = 0, sum_y = 0, xx = 0, xy = 0;
    make_table(&t, 2, N);
    uint64_t state = 67;
    for (size_t i = 0; i < N; i++) {
        t.cells[i] = (double)i + unit_random_unit(&state);
        t.cells[N + i] = i < 8 ? 3 - 2 * t.cells[i] + unit_random_unit(&state) : NAN;
    }
    for (size_t i = 0; i < 8; i++) {
        sum_x += t.cells[i] / 8;
        sum_y += t.cells[N + i] / 8;
    }
    for (size_t i = 0; i < 8; i++) {
        xx += (t.cells[i] - sum_x) * (t.cells[i] - sum_x);
        xy += (t.cells[i] - sum_x) * (t.cells[N + i] - sum_y);
    }
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_IMPUTE, "em");
    fixture_number(&fixture, "ridge", 0);
    fixture_number(&fixture, "tolerance", 1e-12);
    const smri_fitted fitted = fit_table(&t, &fixture);
    fill_table(&t, &fixture, &fitted);
    expect(fitted.numbers[0] > 2 && fitted.numbers[0] < 1000);
    expect(fitted.numbers[1] <= 1e-12);
    for (size_t i = 8; i < N; i++) {
        expect_near(t.filled[N + i], sum_y + xy / xx * (t.cells[i] - sum_x), 1e-9);
    }
    fixture_free(&fixture);
    free_table(&t);
}

/* ---- laws ---- */

/* Correlated indicators; `holes` of 100 cells are missing. */
static void draw(table *t, uint64_t *state, unsigned holes) {
    const size_t n = t->matrix.n;
    for (size_t i = 0; i < n; i++) {
        const double common = unit_random_unit(state) + unit_random_unit(state);
        for (uint32_t k = 0; k < t->matrix.count; k++) {
            const double x = t->signs[k] * common * (k + 1) + unit_random_unit(state);
            t->cells[k * n + i] = unit_random(state) % 100 < holes ? NAN : x;
        }
    }
}

/* Permuting the regions permutes the results and changes no bit. */
TEST(permuting_regions) {
    enum { N = 37, COUNT = 7 };
    uint64_t state = 71;
    for (size_t m = 0; m < SMRI_COUNT(names); m++) {
        table t, permuted;
        make_table(&t, COUNT, N);
        make_table(&permuted, COUNT, N);
        draw(&t, &state, 15);
        for (size_t i = 0; i < N; i++) {
            for (uint32_t k = 0; k < COUNT; k++) {
                permuted.cells[k * N + i] = t.cells[k * N + (i * 10 + 3) % N];
            }
        }
        impute(&t, names[m]);
        impute(&permuted, names[m]);
        size_t filled = 0;
        for (uint32_t k = 0; k < COUNT; k++) {
            for (size_t i = 0; i < N; i++) {
                expect_same_bits(permuted.filled[k * N + i], t.filled[k * N + (i * 10 + 3) % N]);
                filled += t.statuses[k * N + i] == SMR_CELL_IMPUTED;
            }
        }
        expect(filled > 20);
        free_table(&t);
        free_table(&permuted);
    }
}

/* In other units (powers of two, so that nothing rounds) the same cells get the same values in those units. */
TEST(rescaling_indicators) {
    enum { N = 30, COUNT = 5 };
    static const double units[COUNT] = {0x1p-900, 1, 0x1p40, 0x1p-3, 0x1p900};
    uint64_t state = 73;
    for (size_t m = 0; m < SMRI_COUNT(names); m++) {
        table t, scaled;
        make_table(&t, COUNT, N);
        make_table(&scaled, COUNT, N);
        draw(&t, &state, 15);
        for (uint32_t k = 0; k < COUNT; k++) {
            for (size_t i = 0; i < N; i++) {
                scaled.cells[k * N + i] = t.cells[k * N + i] * units[k];
            }
        }
        impute(&t, names[m]);
        impute(&scaled, names[m]);
        for (uint32_t k = 0; k < COUNT; k++) {
            for (size_t i = 0; i < N; i++) {
                expect_same_bits(scaled.filled[k * N + i] / units[k], t.filled[k * N + i]);
            }
        }
        free_table(&t);
        free_table(&scaled);
    }
}

/* Where indicators say the same thing, holes get back what was there, nearly: the methods do learn. */
TEST(holes_are_nearly_what_was_there) {
    enum { N = 200, COUNT = 6 };
    /* share of the variance that may be lost: rows and neighbours see the common part less well than equations do */
    static const double most_lost[] = {0.06, 0.03, 0.03, 0.02};
    for (size_t m = 0; m < SMRI_COUNT(names); m++) {
        table t;
        uint64_t state = 79;
        make_table(&t, COUNT, N);
        memset(t.families, 0, COUNT * sizeof *t.families);
        double truth[COUNT * N], mean = 0, squares = 0, errors = 0;
        for (size_t i = 0; i < N; i++) {
            const double common = unit_random_unit(&state);
            for (uint32_t k = 0; k < COUNT; k++) {
                truth[k * N + i] = t.signs[k] * common + 0.1 * unit_random_unit(&state);
                t.cells[k * N + i] = (i * COUNT + k) % 17 == 0 ? NAN : truth[k * N + i];
            }
        }
        impute(&t, names[m]);
        size_t holes = 0;
        for (size_t i = 0; i < COUNT * N; i++) {
            if (t.cells[i] != t.cells[i]) {
                const double level = t.signs[i / N] * truth[i];
                mean += level;
                squares += level * level;
                errors += (t.filled[i] - truth[i]) * (t.filled[i] - truth[i]);
                holes++;
            }
        }
        expect(errors / (squares - mean * mean / (double)holes) < most_lost[m]);
        free_table(&t);
    }
}

/* A saved model meets other regions: the same numbers, no new fit. */
TEST(a_frozen_reference) {
    enum { N = 40, COUNT = 6 };
    for (size_t m = 0; m < SMRI_COUNT(names); m++) {
        uint64_t state = 83;
        table t, one;
        make_table(&t, COUNT, N);
        make_table(&one, COUNT, 1);
        draw(&t, &state, 12);
        method_fixture fixture;
        fixture_make(&fixture, SMRI_STEP_IMPUTE, names[m]);
        const smri_fitted fitted = fit_table(&t, &fixture);
        fill_table(&t, &fixture, &fitted);
        for (size_t i = 0; i < N; i++) {
            for (uint32_t k = 0; k < COUNT; k++) {
                one.cells[k] = t.cells[k * N + i];
            }
            fill_table(&one, &fixture, &fitted);
            for (uint32_t k = 0; k < COUNT; k++) {
                expect_same_bits(one.filled[k], t.filled[k * N + i]);
            }
        }
        fixture_free(&fixture);
        free_table(&t);
        free_table(&one);
    }
}

/* ---- the edges ---- */

/* Constant and empty columns, empty and lonely regions, collinear indicators, numbers at the ends of a double. */
TEST(degenerate_tables) {
    static const double pool[] = {NAN, NAN, 0, 1, -1, 1e300, -1e300, 1e-300, 1.7e308, -1.7e308, 5e-324, 3, 3, 2.5};
    uint64_t state = 89;
    for (int run = 0; run < 400; run++) {
        const size_t n = unit_random(&state) % 6;
        const uint32_t count = (uint32_t)(1 + unit_random(&state) % 5);
        table t;
        make_table(&t, count, n);
        for (size_t i = 0; i < count * n; i++) {
            t.cells[i] = pool[unit_random(&state) % SMRI_COUNT(pool)];
        }
        for (size_t m = 0; m < SMRI_COUNT(names); m++) {
            impute(&t, names[m]); /* which looks at every cell */
        }
        free_table(&t);
    }
}

TEST(an_indicator_without_values_stays_empty_and_harms_none) {
    enum { N = 20, COUNT = 4 };
    uint64_t state = 97;
    for (size_t m = 0; m < SMRI_COUNT(names); m++) {
        table t, without;
        make_table(&t, COUNT, N);
        make_table(&without, COUNT - 1, N);
        memset(t.families, 0, COUNT * sizeof *t.families);
        memset(without.families, 0, COUNT * sizeof *t.families);
        draw(&t, &state, 15);
        memcpy(without.cells, t.cells, (COUNT - 1) * N * sizeof *t.cells);
        for (size_t i = 0; i < N; i++) {
            t.cells[(COUNT - 1) * N + i] = NAN;
        }
        impute(&t, names[m]);
        impute(&without, names[m]);
        for (size_t i = 0; i < (COUNT - 1) * N; i++) {
            expect_array(&t.filled[i], &without.filled[i], 1, 1e-12 * fabs(without.filled[i]));
        }
        for (size_t i = (COUNT - 1) * N; i < COUNT * N; i++) {
            expect_nan(t.filled[i]);
        }
        free_table(&t);
        free_table(&without);
    }
}

/* Two indicators that say exactly the same: the hole of one is the value of the other. */
TEST(collinear_indicators) {
    enum { N = 25 };
    uint64_t state = 101;
    table t;
    make_table(&t, 3, N);
    draw(&t, &state, 0);
    double truth[N];
    for (size_t i = 0; i < N; i++) {
        truth[i] = t.cells[N + i] = 100 - 3 * t.cells[i];
        if (i % 6 == 1) {
            t.cells[N + i] = NAN;
        }
    }
    impute(&t, "em");
    for (size_t i = 0; i < N; i++) {
        expect_near(t.filled[N + i], truth[i], 1e-5);
    }
    free_table(&t);
}

TEST(fewer_regions_than_indicators) {
    enum { N = 9, COUNT = 14 };
    uint64_t state = 103;
    table t;
    make_table(&t, COUNT, N);
    draw(&t, &state, 10);
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_IMPUTE, "em");
    fixture_number(&fixture, "ridge", 0.1);
    const smri_fitted fitted = fit_table(&t, &fixture);
    expect(fitted.numbers[0] < 1000 && fitted.numbers[1] <= 1e-8);
    fill_table(&t, &fixture, &fitted);
    for (uint32_t k = 0; k < COUNT; k++) {
        for (size_t i = 0; i < N; i++) {
            expect(fabs(t.filled[k * N + i]) < 3.0 * (k + 1) + 3);
        }
    }
    fixture_free(&fixture);
    free_table(&t);
}

static smr_status run_all(failure_run *run) {
    table t;
    make_case(&t);
    t.matrix.context = run->context;
    smri_arena arena;
    smri_arena_init(&arena, run->context);
    bool done = true;
    for (size_t m = 0; done && m < SMRI_COUNT(names); m++) {
        method_fixture fixture;
        smri_fitted fitted = {0};
        fixture_make(&fixture, SMRI_STEP_IMPUTE, names[m]);
        done = fixture.choice.method->fit_matrix(&fixture.choice, &t.matrix, &arena, &fitted);
        failure_require(run, done || fitted.count == 0);
        double x[IMPUTE_ROWS];
        uint8_t statuses[IMPUTE_ROWS];
        memcpy(x, impute_table[0], sizeof x);
        done = done && fixture.choice.method->fill_matrix(&fixture.choice, &fitted, &t.matrix, 0, x, statuses);
        fixture_free(&fixture);
    }
    smri_arena_free(&arena);
    free_table(&t);
    return done ? SMR_OK : smri_fail_memory(&run->error);
}

TEST(every_failure_is_survived) {
    size_t runs = 0;
    expect_equal_uint(failure_sweep("impute_matrix", run_all, &runs), 0);
    expect(runs > 20);
}

static const unit_test tests[] = {
    UNIT(values_by_definition),
    UNIT(neighbours_by_hand),
    UNIT(em_of_one_hole_pattern_is_the_regression_line),
    UNIT(permuting_regions),
    UNIT(rescaling_indicators),
    UNIT(holes_are_nearly_what_was_there),
    UNIT(a_frozen_reference),
    UNIT(degenerate_tables),
    UNIT(an_indicator_without_values_stays_empty_and_harms_none),
    UNIT(collinear_indicators),
    UNIT(fewer_regions_than_indicators),
    UNIT(every_failure_is_survived),
};
UNIT_SUITE(method_impute_matrix, tests)
