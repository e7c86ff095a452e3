/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "model/model_impl.h"

#include "failure/failing_allocator.h"

/* ---- builder ---- */

static smr_dataset_builder *new_builder(void) {
    smr_dataset_builder *builder;
    smr_error error = unit_error();
    expect_ok(smr_dataset_builder_new(unit_context(), &builder, &error), &error);
    return builder;
}

static void set_value(smr_dataset_builder *builder, const char *region, const char *period, const char *column,
                      double value) {
    smr_error error = unit_error();
    expect_ok(smr_dataset_builder_set_value(builder, region, period, column, value, &error), &error);
}

static void set_text(smr_dataset_builder *builder, const char *region, const char *period, const char *column,
                     const char *text) {
    smr_error error = unit_error();
    expect_ok(smr_dataset_builder_set_text(builder, region, period, column, text, &error), &error);
}

static smr_dataset *build(const smr_dataset_builder *builder) {
    smr_dataset *dataset;
    smr_error error = unit_error();
    expect_ok(smr_dataset_builder_build(builder, &dataset, &error), &error);
    return dataset;
}

static smr_dataset *build_and_free(smr_dataset_builder *builder) {
    smr_dataset *dataset = build(builder);
    smr_dataset_builder_free(builder);
    return dataset;
}

static double value_at(const smr_dataset *dataset, const char *column, size_t row) {
    const double *values = smr_dataset_values(dataset, (size_t)smr_dataset_find_column(dataset, column));
    expect(values != NULL);
    return values[row];
}

static const char *text_at(const smr_dataset *dataset, const char *column, size_t row) {
    return smr_dataset_text(dataset, (size_t)smr_dataset_find_column(dataset, column), row);
}

TEST(rows_and_columns_keep_the_order_of_their_first_value) {
    smr_dataset_builder *builder = new_builder();
    set_value(builder, "b", NULL, "y", 1);
    set_value(builder, "a", NULL, "x", 2);
    set_value(builder, "a", NULL, "y", 3);
    set_text(builder, "c", NULL, "income", "HIC");
    smr_dataset *dataset = build_and_free(builder);
    expect_equal_uint(smr_dataset_row_count(dataset), 3);
    expect_equal_uint(smr_dataset_column_count(dataset), 3);
    expect_text(smr_dataset_region(dataset, 0), "b");
    expect_text(smr_dataset_region(dataset, 1), "a");
    expect_text(smr_dataset_region(dataset, 2), "c");
    expect_text(smr_dataset_region(dataset, 3), NULL);
    expect_text(smr_dataset_column_id(dataset, 0), "y");
    expect_text(smr_dataset_column_id(dataset, 1), "x");
    expect_text(smr_dataset_column_id(dataset, 2), "income");
    expect_text(smr_dataset_column_id(dataset, 3), NULL);
    expect_same_bits(value_at(dataset, "y", 0), 1);
    expect_same_bits(value_at(dataset, "y", 1), 3);
    expect_same_bits(value_at(dataset, "y", 2), (double)NAN);
    expect_same_bits(value_at(dataset, "x", 0), (double)NAN);
    expect_same_bits(value_at(dataset, "x", 1), 2);
    expect_text(text_at(dataset, "income", 2), "HIC");
    expect_text(text_at(dataset, "income", 0), NULL);
    expect_text(text_at(dataset, "y", 0), NULL);
    expect(smr_dataset_values(dataset, 2) == NULL);
    expect_equal_int(smr_dataset_find_row(dataset, "a", NULL), 1);
    expect_equal_int(smr_dataset_find_row(dataset, "d", NULL), -1);
    expect_equal_int(smr_dataset_find_row(dataset, "a", "2021"), -1);
    expect_equal_int(smr_dataset_find_column(dataset, "z"), -1);
    expect_text(smr_dataset_period(dataset, 0), NULL);
    expect_text(smr_dataset_latest_period(dataset), NULL);
    smr_dataset_unref(dataset);
}

TEST(periods_are_ordered_and_rows_are_found_by_both) {
    smr_dataset_builder *builder = new_builder();
    set_value(builder, "a", "2021", "x", 1);
    set_value(builder, "a", "2019", "x", 2);
    set_value(builder, "b", "2021", "x", 3);
    set_value(builder, "b", "2020-Q4", "x", 4);
    smr_dataset *dataset = build_and_free(builder);
    expect_equal_uint(dataset->period_count, 3);
    expect_text(smr_dataset_latest_period(dataset), "2021");
    expect_text(smr_dataset_period(dataset, 1), "2019");
    expect_text(smr_dataset_period(dataset, 3), "2020-Q4");
    expect_equal_int(smr_dataset_find_row(dataset, "a", "2019"), 1);
    expect_equal_int(smr_dataset_find_row(dataset, "b", "2021"), 2);
    expect_equal_int(smr_dataset_find_row(dataset, "b", "2019"), -1);
    expect_equal_int(smr_dataset_find_row(dataset, "b", NULL), -1);
    expect_equal_uint(dataset->region_count, 2);
    smr_dataset_unref(dataset);
}

TEST(many_rows_are_found) {
    enum { REGIONS = 700, PERIODS = 9 };
    smr_dataset_builder *builder = new_builder();
    char region[SMRI_INTEGER_SIZE], period[SMRI_INTEGER_SIZE];
    for (uint64_t r = 0; r < REGIONS; r++) {
        for (uint64_t p = 0; p < PERIODS; p++) {
            smri_text_integer(region, r * 7919 % REGIONS);
            smri_text_integer(period, 2000 + (r + p * 4) % PERIODS);
            set_value(builder, region, period, "x",
                      (double)(r * 7919 % REGIONS * 10000 + 2000 + (r + p * 4) % PERIODS));
        }
    }
    smr_dataset *dataset = build_and_free(builder);
    expect_equal_uint(smr_dataset_row_count(dataset), REGIONS * PERIODS);
    for (uint64_t r = 0; r < REGIONS; r++) {
        for (uint64_t p = 0; p < PERIODS; p++) {
            int64_t row =
                smr_dataset_find_row(dataset, smri_text_integer(region, r), smri_text_integer(period, 2000 + p));
            expect(row >= 0);
            expect_same_bits(value_at(dataset, "x", (size_t)row), (double)(r * 10000 + 2000 + p));
        }
    }
    smr_dataset_unref(dataset);
}

TEST(a_cell_is_set_once) {
    smr_dataset_builder *builder = new_builder();
    smr_error error = unit_error();
    set_value(builder, "a", NULL, "x", NAN);
    expect_fails(smr_dataset_builder_set_value(builder, "a", NULL, "x", 1, &error), &error,
                 SMR_MESSAGE_VALUE_DUPLICATE);
    expect_text(error.subject, "x");
    expect(strstr(error.message, "\"a\"") != NULL);
    set_text(builder, "a", NULL, "t", "one");
    expect_fails(smr_dataset_builder_set_text(builder, "a", NULL, "t", "two", &error), &error,
                 SMR_MESSAGE_VALUE_DUPLICATE);
    smr_dataset *dataset = build_and_free(builder);
    expect_nan(value_at(dataset, "x", 0));
    expect_text(text_at(dataset, "t", 0), "one");
    smr_dataset_unref(dataset);
}

TEST(a_column_holds_numbers_or_texts) {
    smr_dataset_builder *builder = new_builder();
    smr_error error = unit_error();
    set_value(builder, "a", NULL, "x", 1);
    set_text(builder, "a", NULL, "t", "one");
    expect_fails(smr_dataset_builder_set_text(builder, "b", NULL, "x", "1", &error), &error, SMR_MESSAGE_COLUMN_TYPE);
    expect_fails(smr_dataset_builder_set_value(builder, "b", NULL, "t", 1, &error), &error, SMR_MESSAGE_COLUMN_TYPE);
    smr_dataset *dataset = build_and_free(builder);
    expect_equal_uint(smr_dataset_row_count(dataset), 1);
    smr_dataset_unref(dataset);
}

TEST(periods_are_given_to_all_rows_or_none) {
    smr_dataset_builder *builder = new_builder();
    smr_error error = unit_error();
    set_value(builder, "a", NULL, "x", 1);
    expect_fails(smr_dataset_builder_set_value(builder, "b", "2021", "x", 1, &error), &error, SMR_MESSAGE_PERIOD_MIXED);
    smr_dataset_builder_free(builder);
    builder = new_builder();
    set_value(builder, "a", "2021", "x", 1);
    expect_fails(smr_dataset_builder_set_value(builder, "b", NULL, "x", 1, &error), &error, SMR_MESSAGE_PERIOD_MIXED);
    smr_dataset_builder_free(builder);
}

TEST(an_undated_row_is_never_the_latest) {
    smr_dataset_builder *builder = new_builder();
    smr_error error = unit_error();
    smr_dataset *dataset = NULL;
    set_value(builder, "a", "2021", "x", 1);
    set_value(builder, "a", "", "x", 2);
    expect_equal_int(smr_dataset_builder_build(builder, &dataset, &error), SMR_OK);
    expect_text(smr_dataset_latest_period(dataset), "2021");
    expect_text(smr_dataset_period(dataset, 1), "");
    expect_equal_int(smr_dataset_find_row(dataset, "a", ""), 1);
    smr_dataset_unref(dataset);
    smr_dataset_builder_free(builder);
}

TEST(wrong_values_are_refused) {
    smr_dataset_builder *builder = new_builder();
    smr_error error = unit_error();
    smr_observation observation;
    smr_observation_init(&observation, sizeof observation);
    expect_nan(observation.value);
    expect_nan(observation.error);
    expect_fails(smr_dataset_builder_set_value(builder, "a", NULL, "x", (double)INFINITY, &error), &error,
                 SMR_MESSAGE_VALUE_INFINITE);
    expect_fails(smr_dataset_builder_set_value(builder, "a", NULL, "x", -(double)INFINITY, &error), &error,
                 SMR_MESSAGE_VALUE_INFINITE);
    expect_fails(smr_dataset_builder_set_value(builder, "", NULL, "x", 1, &error), &error, SMR_MESSAGE_REGION_EMPTY);
    expect_fails(smr_dataset_builder_set_value(builder, "a", NULL, "", 1, &error), &error, SMR_MESSAGE_COLUMN_EMPTY);
    expect_fails(smr_dataset_builder_set_value(builder, "a\xff", NULL, "x", 1, &error), &error,
                 SMR_MESSAGE_TEXT_NOT_UTF8);
    expect_equal_uint(error.byte, 1);
    expect_fails(smr_dataset_builder_set_value(builder, NULL, NULL, "x", 1, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect_fails(smr_dataset_builder_set_text(builder, "a", NULL, "x", NULL, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    observation.error = -1;
    expect_fails(smr_dataset_builder_set_observation(builder, "a", NULL, "x", &observation, &error), &error,
                 SMR_MESSAGE_ERROR_NEGATIVE);
    observation.error = NAN;
    observation.qualifier = "=<";
    expect_fails(smr_dataset_builder_set_observation(builder, "a", NULL, "x", &observation, &error), &error,
                 SMR_MESSAGE_QUALIFIER_UNKNOWN);
    smr_dataset *dataset = (smr_dataset *)&error;
    smr_dataset_builder *empty = new_builder();
    expect_fails(smr_dataset_builder_build(empty, &dataset, &error), &error, SMR_MESSAGE_DATASET_EMPTY);
    expect(dataset == NULL);
    smr_dataset_builder_free(empty);
    smr_dataset_builder_free(builder);
}

TEST(minus_zero_and_every_nan_are_made_one) {
    smr_dataset_builder *builder = new_builder();
    set_value(builder, "a", NULL, "x", -0.0);
    set_value(builder, "b", NULL, "x", unit_double(UINT64_C(0xfff8000000001234)));
    smr_dataset *dataset = build_and_free(builder);
    expect_same_bits(value_at(dataset, "x", 0), 0.0);
    expect_same_bits(value_at(dataset, "x", 1), unit_double(UINT64_C(0x7ff8000000000000)));
    smr_dataset_unref(dataset);
}

TEST(names_and_parents_belong_to_regions) {
    smr_dataset_builder *builder = new_builder();
    smr_error error = unit_error();
    set_value(builder, "HN-01", "2020", "x", 1);
    set_text(builder, "HN-01", "2020", "name", "Ba Đình");
    set_text(builder, "HN-01", "2021", "name", "Quận Ba Đình");
    set_text(builder, "HN-01", "2020", "parent", "HN");
    set_text(builder, "HN-01", "2021", "parent", "HN");
    set_text(builder, "HN-02", "2021", "name", "");
    expect_fails(smr_dataset_builder_set_text(builder, "HN-01", "2021", "parent", "HCM", &error), &error,
                 SMR_MESSAGE_PARENT_DIFFERS);
    smr_dataset *dataset = build_and_free(builder);
    int64_t row = smr_dataset_find_row(dataset, "HN-01", "2021");
    expect_text(smr_dataset_region_name(dataset, (size_t)row), "Quận Ba Đình");
    expect_text(smr_dataset_region_parent(dataset, (size_t)row), "HN");
    row = smr_dataset_find_row(dataset, "HN-02", "2021");
    expect_text(smr_dataset_region_name(dataset, (size_t)row), "HN-02");
    expect_text(smr_dataset_region_parent(dataset, (size_t)row), NULL);
    expect_equal_uint(dataset->region_count, 3);
    expect_text(dataset->regions[2].id, "HN");
    expect_equal_uint(smr_dataset_column_count(dataset), 1);
    expect_equal_int(smr_dataset_find_row(dataset, "HN", "2021"), -1);
    smr_dataset_unref(dataset);
}

TEST(a_region_does_not_lie_in_itself) {
    static const char *const cycles[][3] = {{"a", NULL, NULL}, {"b", "a", NULL}, {"b", "c", "a"}};
    static const char *const regions[] = {"a", "b", "c"};
    for (size_t i = 0; i < SMRI_COUNT(cycles); i++) {
        smr_dataset_builder *builder = new_builder();
        smr_dataset *dataset;
        smr_error error = unit_error();
        for (size_t k = 0; k < 3; k++) {
            set_value(builder, regions[k], NULL, "x", 1);
            if (cycles[i][k] != NULL) {
                set_text(builder, regions[k], NULL, "parent", cycles[i][k]);
            }
        }
        expect_fails(smr_dataset_builder_build(builder, &dataset, &error), &error, SMR_MESSAGE_PARENT_CYCLE);
        expect(dataset == NULL);
        smr_dataset_builder_free(builder);
    }
}

TEST(ids_are_composed) {
    /* "Huế" with the marks apart, as files from macOS hold it. */
    static const char apart[] = "Hue\xcc\x82\xcc\x81", whole[] = "Hu\xe1\xba\xbf";
    smr_dataset_builder *builder = new_builder();
    smr_error error = unit_error();
    set_value(builder, apart, NULL, apart, 1);
    expect_fails(smr_dataset_builder_set_value(builder, whole, NULL, whole, 1, &error), &error,
                 SMR_MESSAGE_VALUE_DUPLICATE);
    smr_dataset *dataset = build_and_free(builder);
    expect_text(smr_dataset_region(dataset, 0), whole);
    expect_equal_int(smr_dataset_find_row(dataset, apart, NULL), 0);
    expect_equal_int(smr_dataset_find_row(dataset, whole, NULL), 0);
    expect_equal_int(smr_dataset_find_column(dataset, apart), 0);
    smr_dataset_unref(dataset);
}

TEST(a_builder_goes_on_after_building) {
    smr_dataset_builder *builder = new_builder();
    set_value(builder, "b", "2021", "x", 1);
    set_text(builder, "b", "2021", "t", "first");
    smr_dataset *one = build(builder);
    set_value(builder, "a", "2020", "x", 2);
    set_text(builder, "a", "2020", "t", "second");
    smr_dataset *two = build(builder);
    set_value(builder, "a", "2022", "y", 3);
    smr_dataset *three = build_and_free(builder);
    expect_equal_uint(smr_dataset_row_count(one), 1);
    expect_equal_uint(one->period_count, 1);
    expect_equal_uint(smr_dataset_row_count(two), 2);
    expect_text(smr_dataset_latest_period(two), "2021");
    expect_text(smr_dataset_period(two, 1), "2020");
    expect_text(text_at(two, "t", 1), "second");
    expect_text(smr_dataset_latest_period(three), "2022");
    expect_equal_uint(smr_dataset_column_count(three), 3);
    expect_nan(value_at(three, "y", 0));
    smr_dataset_unref(one);
    smr_dataset_unref(two);
    smr_dataset_unref(three);
}

/* ---- provenance ---- */

TEST(provenance_is_kept_where_it_is_given) {
    smr_dataset_builder *builder = new_builder();
    smr_error error = unit_error();
    smr_observation given, found;
    smr_observation_init(&given, sizeof given);
    smr_observation_init(&found, sizeof found);
    set_value(builder, "a", NULL, "x", 1);
    given.value = 2.5;
    given.error = 0.25;
    given.status = "E";
    given.qualifier = "<=";
    given.source = "census";
    given.unit = "%";
    expect_ok(smr_dataset_builder_set_observation(builder, "b", NULL, "y", &given, &error), &error);
    given.qualifier = NULL;
    given.note = "estimated";
    expect_ok(smr_dataset_builder_set_observation(builder, "b", NULL, "x", &given, &error), &error);
    smr_dataset *dataset = build_and_free(builder);
    expect_equal_uint(dataset->provenance_count, 2);
    expect_ok(smr_dataset_observation(dataset, 1, 1, &found, &error), &error);
    expect_same_bits(found.value, 2.5);
    expect_same_bits(found.error, 0.25);
    expect_text(found.status, "E");
    expect_text(found.qualifier, "<=");
    expect_text(found.source, "census");
    expect_text(found.note, NULL);
    expect_text(found.unit, "%");
    expect_ok(smr_dataset_observation(dataset, 0, 1, &found, &error), &error);
    expect_text(found.qualifier, NULL);
    expect_text(found.note, "estimated");
    expect_ok(smr_dataset_observation(dataset, 0, 0, &found, &error), &error);
    expect_same_bits(found.value, 1);
    expect_nan(found.error);
    expect_text(found.status, NULL);
    expect_ok(smr_dataset_observation(dataset, 1, 0, &found, &error), &error);
    expect_nan(found.value);
    expect_fails(smr_dataset_observation(dataset, 2, 0, &found, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect_fails(smr_dataset_observation(dataset, 0, 2, &found, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    smr_dataset_unref(dataset);
}

/* ---- taking rows ---- */

static smr_dataset *panel(void) {
    smr_dataset_builder *builder = new_builder();
    smr_error error = unit_error();
    smr_observation given;
    smr_observation_init(&given, sizeof given);
    given.value = 7;
    given.status = "A";
    set_value(builder, "a", "2020", "x", 1);
    set_text(builder, "a", "2020", "t", "old");
    set_value(builder, "b", "2021", "x", 2);
    set_text(builder, "b", "2021", "t", "new");
    expect_ok(smr_dataset_builder_set_observation(builder, "a", "2021", "x", &given, &error), &error);
    set_text(builder, "a", "2021", "parent", "p");
    set_text(builder, "p", "2020", "parent", "top");
    return build_and_free(builder);
}

TEST(a_period_is_selected) {
    smr_dataset *dataset = panel(), *selected;
    smr_error error = unit_error();
    smr_observation found;
    smr_observation_init(&found, sizeof found);
    expect_ok(smr_dataset_select_period(unit_context(), dataset, NULL, &selected, &error), &error);
    smr_dataset_unref(dataset);
    expect_equal_uint(smr_dataset_row_count(selected), 2);
    expect_equal_uint(selected->period_count, 1);
    expect_text(smr_dataset_period(selected, 0), "2021");
    expect_text(smr_dataset_region(selected, 0), "b");
    expect_text(smr_dataset_region(selected, 1), "a");
    expect_text(smr_dataset_region_parent(selected, 1), "p");
    expect_equal_uint(selected->region_count, 4);
    expect_equal_int(smr_dataset_find_row(selected, "a", "2021"), 1);
    expect_equal_int(smr_dataset_find_row(selected, "p", "2021"), -1);
    expect_same_bits(value_at(selected, "x", 1), 7);
    expect_text(text_at(selected, "t", 0), "new");
    expect_equal_uint(smri_dataset_column(selected, "t")->label_count, 1);
    expect_ok(smr_dataset_observation(selected, 0, 1, &found, &error), &error);
    expect_text(found.status, "A");
    smr_dataset_unref(selected);
}

TEST(an_unknown_period_is_not_found) {
    smr_dataset *dataset = panel(), *selected;
    smr_error error = unit_error();
    expect_fails(smr_dataset_select_period(unit_context(), dataset, "1999", &selected, &error), &error,
                 SMR_MESSAGE_PERIOD_UNKNOWN);
    expect(selected == NULL);
    smr_dataset_unref(dataset);
}

TEST(data_without_periods_are_selected_whole) {
    smr_dataset_builder *builder = new_builder();
    smr_error error = unit_error();
    set_value(builder, "a", NULL, "x", 1);
    smr_dataset *dataset = build_and_free(builder), *selected;
    expect_ok(smr_dataset_select_period(unit_context(), dataset, NULL, &selected, &error), &error);
    smr_dataset_unref(dataset);
    expect_same_bits(value_at(selected, "x", 0), 1);
    expect_fails(smr_dataset_select_period(unit_context(), selected, "2021", &dataset, &error), &error,
                 SMR_MESSAGE_PERIOD_UNKNOWN);
    smr_dataset_unref(selected);
}

TEST(rows_are_taken_in_any_order_and_more_than_once) {
    static const size_t rows[] = {2, 0, 2};
    smr_dataset *dataset = panel(), *taken;
    smr_error error = unit_error();
    expect_ok(smri_dataset_take_rows(unit_context(), dataset, rows, SMRI_COUNT(rows), &taken, &error), &error);
    expect_equal_uint(smr_dataset_row_count(taken), 3);
    expect_text(smr_dataset_region(taken, 1), "a");
    expect_text(smr_dataset_period(taken, 1), "2020");
    expect_text(smr_dataset_period(taken, 2), "2021");
    expect_same_bits(value_at(taken, "x", 2), 7);
    expect_equal_int(smr_dataset_find_row(taken, "a", "2021"), 0);
    expect_equal_uint(taken->provenance_count, 2);
    expect_text(smri_dataset_provenance(taken, 0, 2)->status, "A");
    expect(smri_dataset_provenance(taken, 0, 1) == NULL);
    smr_dataset_unref(taken);
    smr_dataset_unref(dataset);
}

TEST(nothing_is_asked_of_null) {
    expect_equal_uint(smr_dataset_row_count(NULL), 0);
    expect_equal_uint(smr_dataset_column_count(NULL), 0);
    expect(smr_dataset_region(NULL, 0) == NULL);
    expect(smr_dataset_values(NULL, 0) == NULL);
    expect(smr_dataset_text(NULL, 0, 0) == NULL);
    expect_equal_int(smr_dataset_find_row(NULL, "a", NULL), -1);
    expect(smr_dataset_ref(NULL) == NULL);
    smr_dataset_unref(NULL);
    smr_dataset_builder_free(NULL);
}

/* ---- limits and memory ---- */

TEST(limits_hold) {
    smr_context_options options;
    smr_context *context;
    smr_dataset_builder *builder;
    smr_error error = unit_error();
    smr_context_options_init(&options, sizeof options);
    options.max_rows = 3;
    options.max_columns = 2;
    options.max_field_bytes = 8;
    expect_ok(smr_context_new(&options, &context, &error), &error);
    expect_ok(smr_dataset_builder_new(context, &builder, &error), &error);
    set_value(builder, "a", NULL, "x", 1);
    set_value(builder, "b", NULL, "y", 1);
    expect_fails(smr_dataset_builder_set_value(builder, "c", NULL, "z", 1, &error), &error, SMR_MESSAGE_LIMIT_PASSED);
    set_value(builder, "d", NULL, "x", 1);
    expect_fails(smr_dataset_builder_set_value(builder, "e", NULL, "x", 1, &error), &error, SMR_MESSAGE_LIMIT_PASSED);
    expect_fails(smr_dataset_builder_set_value(builder, "a", NULL, "z", 1, &error), &error, SMR_MESSAGE_LIMIT_PASSED);
    expect_fails(smr_dataset_builder_set_value(builder, "123456789", NULL, "x", 1, &error), &error,
                 SMR_MESSAGE_LIMIT_PASSED);
    set_value(builder, "b", NULL, "x", 1);
    smr_dataset *dataset = build_and_free(builder);
    expect_equal_uint(smr_dataset_row_count(dataset), 3);
    smr_dataset_unref(dataset);
    smr_context_unref(context);
}

static smr_status build_panel(failure_run *run) {
    smr_dataset_builder *builder;
    smr_dataset *dataset = NULL, *selected = NULL;
    smr_error *error = &run->error;
    char region[SMRI_INTEGER_SIZE];
    smr_status status = smr_dataset_builder_new(run->context, &builder, error);
    failure_require(run, (status == SMR_OK) == (builder != NULL));
    for (uint64_t i = 0; status == SMR_OK && i < 70; i++) {
        smr_observation given;
        smr_observation_init(&given, sizeof given);
        given.value = (double)i;
        given.status = i % 3 == 0 ? "A" : NULL;
        smri_text_integer(region, i);
        status = smr_dataset_builder_set_observation(builder, region, i % 2 ? "2020" : "2021", "x", &given, error);
        if (status == SMR_OK) {
            status = smr_dataset_builder_set_text(builder, region, i % 2 ? "2020" : "2021", i % 5 ? "t" : "parent",
                                                  i % 5 ? region : "top", error);
        }
    }
    if (status == SMR_OK) {
        status = smr_dataset_builder_build(builder, &dataset, error);
        failure_require(run, (status == SMR_OK) == (dataset != NULL));
    }
    if (status == SMR_OK) {
        status = smr_dataset_select_period(run->context, dataset, "2020", &selected, error);
        failure_require(run, (status == SMR_OK) == (selected != NULL));
        failure_require(run, status != SMR_OK || smr_dataset_row_count(selected) == 35);
    }
    smr_dataset_unref(selected);
    smr_dataset_unref(dataset);
    smr_dataset_builder_free(builder);
    return status;
}

TEST(memory_may_run_out_anywhere) {
    size_t runs;
    expect_equal_uint(failure_sweep("dataset_builder", build_panel, &runs), 0);
    expect(runs > 50);
}

static const unit_test tests[] = {
    UNIT(rows_and_columns_keep_the_order_of_their_first_value),
    UNIT(periods_are_ordered_and_rows_are_found_by_both),
    UNIT(many_rows_are_found),
    UNIT(a_cell_is_set_once),
    UNIT(a_column_holds_numbers_or_texts),
    UNIT(periods_are_given_to_all_rows_or_none),
    UNIT(an_undated_row_is_never_the_latest),
    UNIT(wrong_values_are_refused),
    UNIT(minus_zero_and_every_nan_are_made_one),
    UNIT(names_and_parents_belong_to_regions),
    UNIT(a_region_does_not_lie_in_itself),
    UNIT(ids_are_composed),
    UNIT(a_builder_goes_on_after_building),
    UNIT(provenance_is_kept_where_it_is_given),
    UNIT(a_period_is_selected),
    UNIT(an_unknown_period_is_not_found),
    UNIT(data_without_periods_are_selected_whole),
    UNIT(rows_are_taken_in_any_order_and_more_than_once),
    UNIT(nothing_is_asked_of_null),
    UNIT(limits_hold),
    UNIT(memory_may_run_out_anywhere),
};

UNIT_SUITE(dataset, tests)
