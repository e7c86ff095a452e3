/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "model/model_impl.h"

#include "failure/failing_allocator.h"

static const double first_values[] = {1, NAN, -0.0}, second_values[] = {4, 5, 6};
static const double *const column_values[] = {first_values, second_values};
static const char *const column_ids[] = {"x", "y"};

static smr_columns columns_of_three(void) {
    smr_columns columns;
    smr_columns_init(&columns, sizeof columns);
    columns.rows = 3;
    columns.column_count = 2;
    columns.ids = column_ids;
    columns.values = column_values;
    return columns;
}

TEST(numbered_rows_are_taken_with_their_names) {
    static const size_t rows[] = {2, 0};
    smr_error error = unit_error();
    smr_columns columns = columns_of_three();
    smr_dataset *dataset, *taken;
    expect_ok(smr_dataset_from_columns(unit_context(), &columns, &dataset, &error), &error);
    expect_ok(smri_dataset_take_rows(unit_context(), dataset, rows, SMRI_COUNT(rows), &taken, &error), &error);
    expect_text(smr_dataset_region(taken, 0), "3");
    expect_equal_int(smr_dataset_find_row(taken, "1", NULL), 1);
    expect_equal_int(smr_dataset_find_row(taken, "2", NULL), -1);
    smr_dataset_unref(taken);
    smr_dataset_unref(dataset);
}

static void count_release(void *user) {
    ++*(int *)user;
}

TEST(columns_are_borrowed_or_copied) {
    smr_error error = unit_error();
    smr_columns columns = columns_of_three();
    smr_dataset *dataset;
    int released = 0;
    columns.release = count_release;
    columns.release_user = &released;
    columns.borrow = 1;
    expect_ok(smr_dataset_from_columns(unit_context(), &columns, &dataset, &error), &error);
    expect(smr_dataset_values(dataset, 0) == first_values);
    expect(smr_dataset_values(dataset, 1) == second_values);
    expect_text(smr_dataset_region(dataset, 0), "1");
    expect_text(smr_dataset_region(dataset, 2), "3");
    expect_equal_int(smr_dataset_find_row(dataset, "2", NULL), 1);
    static const char *const absent[] = {
        "0", "4", "", "02", "+2", "2x", "-1", "18446744073709551617", "99999999999999999999"};
    for (size_t i = 0; i < SMRI_COUNT(absent); i++) {
        expect_equal_int(smr_dataset_find_row(dataset, absent[i], NULL), -1);
    }
    smr_dataset_ref(dataset);
    smr_dataset_unref(dataset);
    expect_equal_int(released, 0);
    smr_dataset_unref(dataset);
    expect_equal_int(released, 1);
    columns.borrow = 0;
    expect_ok(smr_dataset_from_columns(unit_context(), &columns, &dataset, &error), &error);
    expect(smr_dataset_values(dataset, 0) != first_values);
    expect_same_bits(smr_dataset_values(dataset, 0)[0], 1);
    expect_nan(smr_dataset_values(dataset, 0)[1]);
    expect_same_bits(smr_dataset_values(dataset, 0)[2], 0.0);
    smr_dataset_unref(dataset);
}

TEST(columns_have_regions_periods_and_parents) {
    static const char *const regions[] = {"a", "a", "b"}, *const periods[] = {"2021", "2020", "2021"};
    static const char *const parents[] = {"p", NULL, NULL};
    smr_error error = unit_error();
    smr_columns columns = columns_of_three();
    smr_dataset *dataset;
    columns.regions = regions;
    columns.periods = periods;
    columns.parents = parents;
    expect_ok(smr_dataset_from_columns(unit_context(), &columns, &dataset, &error), &error);
    expect_equal_int(smr_dataset_find_row(dataset, "a", "2020"), 1);
    expect_text(smr_dataset_region_parent(dataset, 1), "p");
    expect_text(smr_dataset_region_parent(dataset, 2), NULL);
    smr_dataset_unref(dataset);
}

TEST(wrong_columns_are_refused) {
    static const char *const twice[] = {"a", "b", "a"}, *const same_ids[] = {"x", "x"}, *const gap[] = {"a", NULL, "c"};
    const double infinite[] = {1, 2, (double)INFINITY};
    const double *const infinite_values[] = {first_values, infinite};
    int released = 0;
    smr_error error = unit_error();
    smr_dataset *dataset;
    smr_columns columns = columns_of_three();
    columns.borrow = 1;
    columns.release = count_release;
    columns.release_user = &released;
    columns.regions = twice;
    expect_fails(smr_dataset_from_columns(unit_context(), &columns, &dataset, &error), &error,
                 SMR_MESSAGE_REGION_DUPLICATE);
    expect(dataset == NULL);
    columns.regions = gap;
    expect_fails(smr_dataset_from_columns(unit_context(), &columns, &dataset, &error), &error,
                 SMR_MESSAGE_BAD_ARGUMENT);
    expect(strstr(error.message, "regions[1]") != NULL);
    columns.regions = NULL;
    columns.ids = same_ids;
    expect_fails(smr_dataset_from_columns(unit_context(), &columns, &dataset, &error), &error,
                 SMR_MESSAGE_COLUMN_DUPLICATE);
    columns.ids = column_ids;
    columns.values = infinite_values;
    expect_fails(smr_dataset_from_columns(unit_context(), &columns, &dataset, &error), &error,
                 SMR_MESSAGE_VALUE_INFINITE);
    expect_text(error.subject, "y");
    columns.rows = 0;
    expect_fails(smr_dataset_from_columns(unit_context(), &columns, &dataset, &error), &error,
                 SMR_MESSAGE_BAD_ARGUMENT);
    columns.rows = 3;
    columns.column_count = 0;
    expect_fails(smr_dataset_from_columns(unit_context(), &columns, &dataset, &error), &error,
                 SMR_MESSAGE_BAD_ARGUMENT);
    expect_fails(smr_dataset_from_columns(unit_context(), NULL, &dataset, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect_equal_int(released, 0);
}

static smr_status take_columns(failure_run *run) {
    static const char *const parents[] = {"p", NULL, "q"};
    smr_columns columns = columns_of_three();
    smr_dataset *dataset;
    columns.parents = parents;
    smr_status status = smr_dataset_from_columns(run->context, &columns, &dataset, &run->error);
    failure_require(run, (status == SMR_OK) == (dataset != NULL));
    smr_dataset_unref(dataset);
    return status;
}

TEST(memory_may_run_out_anywhere) {
    size_t runs;
    expect_equal_uint(failure_sweep("dataset_columns", take_columns, &runs), 0);
    expect(runs > 10);
}

static const unit_test tests[] = {
    UNIT(numbered_rows_are_taken_with_their_names),
    UNIT(columns_are_borrowed_or_copied),
    UNIT(columns_have_regions_periods_and_parents),
    UNIT(wrong_columns_are_refused),
    UNIT(memory_may_run_out_anywhere),
};

UNIT_SUITE(dataset_columns, tests)
