/* SPDX-License-Identifier: MIT */
#include "method_fixture.h"

#include <math.h>
#include <stdlib.h>

#include "failure/failing_allocator.h"
#include "study/study_impl.h"

enum { N = 60, COUNT = 3, PERIODS = 5, METHODS = 6 };

/* Twelve regions over five years: the first indicator rises by region and year, the second follows it, the third is
 * constant. */
typedef struct world {
    double cells[COUNT][N];
    const double *columns[COUNT];
    uint32_t families[COUNT], groups_of_row[N];
    double signs[COUNT];
    size_t rows[N], starts[N / PERIODS + 1];
    int64_t days[N];
    smri_matrix matrix;
    method_fixture fixtures[METHODS];
    smri_choice choices[METHODS];
    smri_groups groups[METHODS];
    smri_imputation_audit audit;
} world;

static const char *const methods[METHODS] = {"mean", "group_median", "linear_flat", "regression", "none", "constant"};

static void make_world(world *w, const smr_context *context) {
    memset(w, 0, sizeof *w);
    for (size_t i = 0; i < N; i++) {
        const size_t region = i % (N / PERIODS), year = i / (N / PERIODS);
        w->cells[0][i] = 10.0 * (double)region + (double)year;
        w->cells[1][i] = i % 7 == 3 ? NAN : 1000 - 2 * w->cells[0][i];
        w->cells[2][i] = 42;
        w->groups_of_row[i] = (uint32_t)region;
        w->rows[region * PERIODS + year] = i;
        w->days[i] = 365 * (int64_t)year;
    }
    for (size_t s = 0; s <= N / PERIODS; s++) {
        w->starts[s] = s * PERIODS;
    }
    for (uint32_t k = 0; k < COUNT; k++) {
        w->columns[k] = w->cells[k];
        w->signs[k] = 1;
    }
    w->matrix = (smri_matrix){
        .context = context, .columns = w->columns, .count = COUNT, .n = N, .families = w->families, .signs = w->signs};
    for (size_t m = 0; m < METHODS; m++) {
        fixture_make(&w->fixtures[m], SMRI_STEP_IMPUTE, methods[m]);
        w->choices[m] = w->fixtures[m].choice;
        w->groups[m] = (smri_groups){.of_row = m == 1 ? w->groups_of_row : NULL, .count = m == 1 ? N / PERIODS : 0};
    }
    fixture_number(&w->fixtures[5], "value", 1e300);
    w->audit = (smri_imputation_audit){.matrix = &w->matrix,
                                       .choices = w->choices,
                                       .choice_count = METHODS,
                                       .groups = w->groups,
                                       .series_rows = w->rows,
                                       .series_starts = w->starts,
                                       .series_count = N / PERIODS,
                                       .days = w->days,
                                       .seed = 5,
                                       .share = 0.2,
                                       .repeats = 3};
}

static void free_world(world *w) {
    for (size_t m = 0; m < METHODS; m++) {
        fixture_free(&w->fixtures[m]);
    }
}

/* The holes that the seed makes in a column, found again by the definition. */
static size_t find_holes(const world *w, uint32_t column, uint32_t repeat, bool holes[N]) {
    size_t known = 0, found = 0;
    for (size_t i = 0; i < N; i++) {
        known += w->cells[column][i] == w->cells[column][i];
    }
    for (size_t i = 0; i < N; i++) {
        holes[i] = w->cells[column][i] == w->cells[column][i] && known > 2
                   && smri_random_unit(w->audit.seed, (uint64_t)repeat << 32 | column, i) < w->audit.share;
        known -= holes[i];
        found += holes[i];
    }
    return found;
}

TEST(the_mean_by_definition) {
    world w;
    smr_error error = unit_error();
    smri_imputation_score scores[METHODS * (COUNT + 1)];
    make_world(&w, unit_context());
    expect_ok(smri_audit_imputation(unit_context(), &w.audit, scores, &error), &error);
    for (uint32_t k = 0; k < 2; k++) {
        double truth = 0, squares = 0, errors = 0, sizes = 0;
        size_t holes = 0;
        for (uint32_t repeat = 0; repeat < 3; repeat++) {
            bool hole[N];
            double sum = 0, known = 0;
            holes += find_holes(&w, k, repeat, hole);
            for (size_t i = 0; i < N; i++) {
                sum += w.cells[k][i] == w.cells[k][i] && !hole[i] ? w.cells[k][i] : 0;
                known += w.cells[k][i] == w.cells[k][i] && !hole[i];
            }
            for (size_t i = 0; i < N; i++) {
                if (hole[i]) {
                    const double x = w.cells[k][i], e = sum / known - x;
                    truth += x;
                    squares += x * x;
                    errors += e * e;
                    sizes += fabs(e);
                }
            }
        }
        const double n = (double)holes;
        expect_equal_uint(scores[k].holes, holes);
        expect_equal_uint(scores[k].filled, holes);
        expect(holes > 15 && holes < 60);
        expect_near(scores[k].rmse, sqrt(errors / n), 1e-10);
        expect_near(scores[k].mae, sizes / n, 1e-10);
        expect_near(scores[k].r_squared, 1 - errors / (squares - truth * truth / n), 1e-10);
        expect(scores[k].r_squared < 0.01);
    }
    free_world(&w);
}

TEST(what_each_method_is_worth) {
    world w;
    smr_error error = unit_error();
    smri_imputation_score scores[METHODS][COUNT + 1];
    make_world(&w, unit_context());
    expect_ok(smri_audit_imputation(unit_context(), &w.audit, scores[0], &error), &error);
    for (size_t m = 0; m < METHODS; m++) {
        size_t holes = 0;
        for (uint32_t k = 0; k < COUNT; k++) {
            expect_equal_uint(scores[m][k].holes, scores[0][k].holes); /* all see the same holes */
            holes += k < 2 ? scores[m][k].holes : 0; /* what has no spread has no standard deviations to speak in */
        }
        expect_equal_uint(scores[m][COUNT].holes, holes);
    }
    /* groups are regions: within a few years; along time: within a year at the ends; exact inside */
    expect(scores[1][0].mae < 2.5 && scores[1][0].r_squared > 0.99);
    expect(scores[2][0].mae < scores[1][0].mae && scores[2][0].r_squared > scores[1][0].r_squared);
    expect(scores[3][0].r_squared > 0.7 && scores[3][1].r_squared > 0.7);
    expect(scores[3][COUNT].r_squared > 0.7 && scores[3][COUNT].rmse < 0.6);
    for (uint32_t k = 0; k <= COUNT; k++) {
        expect_equal_uint(scores[4][k].filled, 0); /* none */
        expect_nan(scores[4][k].rmse);
        expect_nan(scores[4][k].mae);
        expect_nan(scores[4][k].r_squared);
    }
    /* The constant column: every method but 1e300 knows it, and there is nothing to explain. */
    for (size_t m = 0; m < 4; m++) {
        expect(scores[m][2].filled > 0);
        expect_near(scores[m][2].rmse, 0, 0);
        expect_near(scores[m][2].mae, 0, 0);
        expect_nan(scores[m][2].r_squared);
    }
    /* Errors too large to be squared: counted as filled, with no figure. */
    expect_equal_uint(scores[5][0].filled, scores[5][0].holes);
    expect_nan(scores[5][0].rmse);
    free_world(&w);
}

TEST(the_seed_decides) {
    world w;
    smr_error error = unit_error();
    smri_imputation_score first[METHODS * (COUNT + 1)], again[METHODS * (COUNT + 1)];
    make_world(&w, unit_context());
    expect_ok(smri_audit_imputation(unit_context(), &w.audit, first, &error), &error);
    expect_ok(smri_audit_imputation(unit_context(), &w.audit, again, &error), &error);
    for (size_t i = 0; i < METHODS * (COUNT + 1); i++) {
        expect_same_bits(again[i].rmse, first[i].rmse);
        expect_same_bits(again[i].r_squared, first[i].r_squared);
    }
    w.audit.seed = 6;
    expect_ok(smri_audit_imputation(unit_context(), &w.audit, again, &error), &error);
    expect(again[0].rmse != first[0].rmse);
    free_world(&w);
}

TEST(edges) {
    world w;
    smr_error error = unit_error();
    smri_imputation_score scores[METHODS * (COUNT + 1)];
    make_world(&w, unit_context());
    w.audit.share = 1; /* two known values stay in every column */
    w.audit.repeats = 0;
    expect_ok(smri_audit_imputation(unit_context(), &w.audit, scores, &error), &error);
    expect_equal_uint(scores[0].holes, N - 2);
    w.audit.share = 0;
    w.audit.series_rows = NULL;
    w.audit.groups = NULL;
    expect_ok(smri_audit_imputation(unit_context(), &w.audit, scores, &error), &error);
    expect_equal_uint(scores[0].holes, 0);
    expect_nan(scores[0].rmse);
    w.matrix.n = 0;
    expect_ok(smri_audit_imputation(unit_context(), &w.audit, scores, &error), &error);
    expect_equal_uint(scores[COUNT].holes, 0);
    free_world(&w);
}

static smr_status run_audit(failure_run *run) {
    world w;
    smri_imputation_score scores[METHODS * (COUNT + 1)];
    make_world(&w, run->context);
    const smr_status status = smri_audit_imputation(run->context, &w.audit, scores, &run->error);
    failure_require(run, status != SMR_OK || scores[0].holes > 0);
    free_world(&w);
    return status;
}

TEST(every_failure_is_survived) {
    size_t runs = 0;
    expect_equal_uint(failure_sweep("audit_imputation", run_audit, &runs), 0);
    expect(runs > 20);
}

static const unit_test tests[] = {
    UNIT(the_mean_by_definition),    UNIT(what_each_method_is_worth), UNIT(the_seed_decides), UNIT(edges),
    UNIT(every_failure_is_survived),
};
UNIT_SUITE(audit_imputation, tests)
