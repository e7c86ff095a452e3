/* SPDX-License-Identifier: MIT */
#include "method_fixture.h"

#include <math.h>

#include "failure/failing_allocator.h"

static void expect_imputed(const double *before, const double *after, const uint8_t *statuses, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (before[i] == before[i]) {
            expect_same_bits(after[i], before[i]);
            expect_equal_int(statuses[i], SMR_CELL_OK);
        } else {
            expect_equal_int(statuses[i], after[i] == after[i] ? SMR_CELL_IMPUTED : SMR_CELL_OK);
        }
    }
}

static void check_method(const char *name, const double *x, const uint32_t *groups, const double *expected, size_t n)
{
    method_fixture fixture;
    double changed[16];
    uint8_t statuses[16];
    fixture_make(&fixture, SMRI_STEP_IMPUTE, name);
    memcpy(changed, x, n * sizeof *x);
    fixture_change(&fixture, groups, 3, changed, statuses, n);
    expect_array(changed, expected, n, 0);
    expect_imputed(x, changed, statuses, n);
    fixture_free(&fixture);
}

TEST(mean_and_median_by_hand)
{
    const double x[] = {1, NAN, 10, 4, NAN, 5};
    check_method("mean", x, NULL, (const double[]){1, 5, 10, 4, 5, 5}, 6);
    check_method("median", x, NULL, (const double[]){1, 4.5, 10, 4, 4.5, 5}, 6);
    const double odd[] = {9, NAN, 1, 2};
    check_method("median", odd, NULL, (const double[]){9, 2, 1, 2}, 4);
}

TEST(groups_by_hand)
{
    /* group 0 holds 1 2 9, group 1 holds 20 30, group 2 nothing */
    const double x[] = {1, 20, NAN, 2, NAN, 9, NAN, 30, NAN};
    const uint32_t groups[] = {0, 1, 0, 0, 1, 0, 2, 1, SMRI_NONE};
    check_method("group_mean", x, groups, (const double[]){1, 20, 4, 2, 25, 9, NAN, 30, NAN}, 9);
    check_method("group_median", x, groups, (const double[]){1, 20, 2, 2, 25, 9, NAN, 30, NAN}, 9);
}

TEST(rows_without_a_group_do_not_count)
{
    const double x[] = {100, 2, NAN, 4};
    const uint32_t groups[] = {SMRI_NONE, 1, 1, 1};
    check_method("group_mean", x, groups, (const double[]){100, 2, 3, 4}, 4);
}

TEST(constant_is_the_option)
{
    method_fixture fixture;
    double x[] = {NAN, 3};
    uint8_t statuses[2];
    fixture_make(&fixture, SMRI_STEP_IMPUTE, "constant");
    fixture_number(&fixture, "value", -2.5);
    fixture_change(&fixture, NULL, 0, x, statuses, 2);
    expect_array(x, (const double[]){-2.5, 3}, 2, 0);
    expect_equal_int(statuses[0], SMR_CELL_IMPUTED);
    fixture_free(&fixture);
}

TEST(a_reference_without_values_fills_nothing)
{
    const double x[] = {NAN, NAN};
    const uint32_t groups[] = {0, SMRI_NONE};
    check_method("mean", x, NULL, x, 2);
    check_method("median", x, NULL, x, 2);
    check_method("group_mean", x, groups, x, 2);
    check_method("group_median", x, groups, x, 2);
}

/* A saved model meets other rows: groups unknown to it have no number. */
TEST(a_frozen_reference)
{
    const double reference[] = {1, 3, 10};
    const uint32_t groups[] = {0, 0, 1};
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_IMPUTE, "group_mean");
    const smri_fitted fitted = fixture_fit(&fixture, reference, 3, groups, 2);
    expect_equal_uint(fitted.count, 2);
    double x[] = {NAN, NAN, NAN, 7};
    const uint32_t others[] = {1, 0, 2, 0};
    uint8_t statuses[4] = {SMR_CELL_MISSING, SMR_CELL_BAD_DENOMINATOR, SMR_CELL_MISSING, SMR_CELL_OK};
    fixture.choice.method->change(&fixture.choice, &fitted, others, x, statuses, 4);
    expect_array(x, (const double[]){10, 2, NAN, 7}, 4, 0);
    const uint8_t expected[] = {SMR_CELL_IMPUTED, SMR_CELL_IMPUTED, SMR_CELL_MISSING, SMR_CELL_OK};
    expect_bytes(statuses, expected, 4);
    fixture_free(&fixture);
}

/* Group by group against a column that holds that group alone. */
TEST(groups_are_columns_of_their_own)
{
    enum { N = 400, GROUPS = 17 };
    static double x[N], filled[N], alone[N];
    static uint32_t groups[N];
    static uint8_t statuses[N];
    uint64_t state = 29;
    for (size_t i = 0; i < N; i++) {
        x[i] = unit_random(&state) % 4 == 0 ? NAN : unit_random_unit(&state) * 1e3 - 300;
        groups[i] = (uint32_t)(unit_random(&state) % (GROUPS + 1));
        groups[i] = groups[i] == GROUPS ? SMRI_NONE : groups[i];
    }
    const char *const names[][2] = {{"group_mean", "mean"}, {"group_median", "median"}};
    for (size_t m = 0; m < 2; m++) {
        method_fixture grouped, plain;
        fixture_make(&grouped, SMRI_STEP_IMPUTE, names[m][0]);
        fixture_make(&plain, SMRI_STEP_IMPUTE, names[m][1]);
        memcpy(filled, x, sizeof x);
        fixture_change(&grouped, groups, GROUPS, filled, statuses, N);
        for (uint32_t g = 0; g < GROUPS; g++) {
            for (size_t i = 0; i < N; i++) {
                alone[i] = groups[i] == g ? x[i] : NAN;
            }
            fixture_change(&plain, NULL, 0, alone, statuses, N);
            for (size_t i = 0; i < N; i++) {
                if (groups[i] == g) {
                    expect_same_bits(filled[i], alone[i]);
                }
            }
        }
        fixture_free(&grouped);
        fixture_free(&plain);
    }
}

static smr_status fit_medians(failure_run *run)
{
    double x[300];
    uint32_t groups[300];
    uint64_t state = 31;
    for (size_t i = 0; i < 300; i++) {
        x[i] = unit_random_unit(&state);
        groups[i] = (uint32_t)(i % 2);
    }
    const smri_sample sample = {.x = x, .n = 300, .groups = groups, .group_count = 2};
    smri_arena arena;
    smri_arena_init(&arena, run->context);
    smri_fitted fitted;
    const bool done = smri_impute_group_median_fit(NULL, &sample, NULL, &arena, &fitted);
    failure_require(run, !done || (fitted.count == 2 && fitted.numbers[1] > 0));
    smri_arena_free(&arena);
    return done ? SMR_OK : smri_fail_memory(&run->error);
}

TEST(every_failure_is_survived)
{
    size_t runs = 0;
    expect_equal_uint(failure_sweep("impute", fit_medians, &runs), 0);
    expect(runs > 3);
}

static const unit_test tests[] = {
    UNIT(mean_and_median_by_hand),
    UNIT(groups_by_hand),
    UNIT(rows_without_a_group_do_not_count),
    UNIT(constant_is_the_option),
    UNIT(a_reference_without_values_fills_nothing),
    UNIT(a_frozen_reference),
    UNIT(groups_are_columns_of_their_own),
    UNIT(every_failure_is_survived),
};
UNIT_SUITE(method_impute, tests)
