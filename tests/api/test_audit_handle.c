/* SPDX-License-Identifier: MIT */
/* The audit as a handle: sections of cells, by place and by name, as csv and as json; and the trial of imputations. */
#include "api.h"

#include <math.h>
#include <string.h>

static const char framework[] = "{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'g', 'children': "
                                "[{'id': 'x'}, {'id': 'y'}]}, {'id': 'z'}]}";
static const char csv[] = "region,period,x,y,z\nA,2019,1,2,3\nB,2019,2,4,1\nC,2019,3,5,4\nD,2019,4,9,1\n"
                          "A,2020,2,4,5\nB,2020,3,3,9\nC,2020,4,8,2\nD,2020,5,8,6\n";

static smr_audit *run(const api_world *world, const smr_audit_options *options) {
    smr_audit *audit;
    smr_error error = unit_error();
    expect_ok(smr_audit_run(NULL, world->model, world->dataset, options, &audit, &error), &error);
    return audit;
}

static smr_audit *try_imputation(const api_world *world, const smr_imputation_options *options) {
    smr_audit *audit;
    smr_error error = unit_error();
    expect_ok(smr_audit_imputation(NULL, world->model, world->dataset, options, &audit, &error), &error);
    return audit;
}

static size_t all_cells(const smr_audit *audit) {
    size_t cells = 0;
    for (size_t i = 0; i < smr_audit_section_count(audit); i++) {
        cells += smr_audit_cell_count(audit, i);
    }
    return cells;
}

TEST(sections_by_place_and_by_name) {
    api_world world = api_world_make(framework, csv, NULL);
    smr_audit *audit = run(&world, NULL);
    const size_t count = smr_audit_section_count(audit);
    expect(count > 20);
    for (size_t i = 0; i < count; i++) {
        const char *name = smr_audit_section_name(audit, i);
        expect_equal_int(smr_audit_find_section(audit, name), i);
        for (size_t cell = 0; cell < smr_audit_cell_count(audit, i); cell++) {
            const char *row = smr_audit_rows(audit, i)[cell], *column = smr_audit_columns(audit, i)[cell];
            expect_same_bits(smr_audit_value(audit, name, row, column), smr_audit_values(audit, i)[cell]);
        }
    }
    expect(smr_audit_section_name(audit, count) == NULL);
    expect_equal_uint(smr_audit_cell_count(audit, count), 0);
    expect(smr_audit_rows(audit, count) == NULL && smr_audit_columns(audit, count) == NULL &&
           smr_audit_values(audit, count) == NULL);
    expect_equal_int(smr_audit_find_section(audit, "astrology"), -1);
    expect_equal_int(smr_audit_find_section(audit, NULL), -1);
    expect_nan(smr_audit_value(audit, "kmo", "astrology", "overall"));
    expect_nan(smr_audit_value(audit, "size", NULL, "rows"));
    smr_audit_unref(audit);
    api_world_free(&world);
}

/* The audit owns what its texts come from. */
TEST(an_audit_outlives_its_world) {
    api_world world = api_world_make(framework, csv, NULL);
    smr_audit *audit = run(&world, NULL), *other = smr_audit_ref(audit);
    expect(other == audit);
    api_world_free(&world);
    smr_audit_unref(audit);
    expect_text(smr_framework_node_id(smr_audit_framework(other), 0), "i");
    expect_near(smr_audit_value(other, "availability_region", "C", "share"), 1, 0);
    expect_near(smr_audit_value(other, "size", "data", "rows"), 8, 0);
    smr_audit_unref(other);
}

TEST(one_period_or_all) {
    api_world world = api_world_make(framework, csv, NULL);
    smr_audit_options options;
    smr_error error = unit_error();
    smr_audit_options_init(&options, sizeof options);
    options.period = "2019";
    smr_audit *audit = run(&world, &options);
    expect_near(smr_audit_value(audit, "correlation_rows", "x", "y"), 4, 0);
    expect_near(smr_audit_value(audit, "correlation_kendall", "x", "y"), 1, 0);
    smr_audit_unref(audit);
    options.period = "2018";
    expect_fails(smr_audit_run(NULL, world.model, world.dataset, &options, &audit, &error), &error,
                 SMR_MESSAGE_PERIOD_UNKNOWN);
    expect(audit == NULL);
    api_world_free(&world);
}

TEST(csv_and_json) {
    api_world world = api_world_make(framework, csv, NULL);
    smr_audit *audit = run(&world, NULL);
    smr_error error = unit_error();
    api_text text = {0};
    size_t lines = 0;
    expect_ok(smr_audit_write_csv(audit, api_text_append, &text, &error), &error);
    expect(strncmp(text.bytes, "section,row,column,value\nsize,data,rows,8\n", 41) == 0);
    for (size_t i = 0; i < text.length; i++) {
        lines += text.bytes[i] == '\n';
    }
    expect_equal_uint(lines, all_cells(audit) + 1);
    api_text_free(&text);
    text = (api_text){0};
    expect_ok(smr_audit_write_json(audit, api_text_append, &text, &error), &error);
    expect(strstr(text.bytes, "\"format\": \"smartregion-audit/1\"") != NULL);
    expect(strstr(text.bytes, "{\"section\": \"size\", \"row\": \"data\", \"column\": \"rows\", "
                              "\"value\": 8}") != NULL);
    api_text_free(&text);
    smr_audit_unref(audit);
    api_world_free(&world);
}

TEST(wrong_calls) {
    api_world world = api_world_make(framework, csv, NULL);
    smr_audit *audit = NULL;
    smr_error error = unit_error();
    smr_audit_options options;
    smr_imputation_options trial;
    expect_argument(smr_audit_run(NULL, NULL, world.dataset, NULL, &audit, &error), &error);
    expect_argument(smr_audit_run(NULL, world.model, NULL, NULL, &audit, &error), &error);
    expect_argument(smr_audit_run(NULL, world.model, world.dataset, NULL, NULL, &error), &error);
    expect_argument(smr_audit_imputation(NULL, NULL, world.dataset, NULL, &audit, &error), &error);
    expect_argument(smr_audit_imputation(NULL, world.model, NULL, NULL, &audit, &error), &error);
    expect_argument(smr_audit_imputation(NULL, world.model, world.dataset, NULL, NULL, &error), &error);
    for (int wrong = 0; wrong < 5; wrong++) {
        smr_audit_options_init(&options, sizeof options);
        options.retain = wrong == 0 ? 3 : wrong == 1 ? -1 : SMR_RETAIN_NUMBER;
        options.factors = wrong == 2 ? 0 : 1;
        options.high = wrong == 3 ? NAN : 0.9;
        options.weak = wrong == 4 ? NAN : 0.3;
        expect_argument(smr_audit_run(NULL, world.model, world.dataset, &options, &audit, &error), &error);
        expect(audit == NULL);
    }
    for (int wrong = 0; wrong < 4; wrong++) {
        smr_imputation_options_init(&trial, sizeof trial);
        trial.share = wrong == 0 ? 0 : wrong == 1 ? 1 : wrong == 2 ? NAN : 0.5;
        trial.repeats = wrong != 3;
        expect_argument(smr_audit_imputation(NULL, world.model, world.dataset, &trial, &audit, &error), &error);
        expect(audit == NULL);
    }
    audit = run(&world, NULL);
    expect_argument(smr_audit_write_csv(NULL, api_text_append, NULL, &error), &error);
    expect_argument(smr_audit_write_csv(audit, NULL, NULL, &error), &error);
    expect_argument(smr_audit_write_json(NULL, api_text_append, NULL, &error), &error);
    expect_argument(smr_audit_write_json(audit, NULL, NULL, &error), &error);
    expect_equal_uint(smr_audit_section_count(NULL), 0);
    expect_equal_uint(smr_audit_cell_count(NULL, 0), 0);
    expect(smr_audit_framework(NULL) == NULL && smr_audit_section_name(NULL, 0) == NULL);
    expect(smr_audit_rows(NULL, 0) == NULL && smr_audit_columns(NULL, 0) == NULL && smr_audit_values(NULL, 0) == NULL);
    expect_nan(smr_audit_value(NULL, "kmo", "a", "b"));
    expect_equal_int(smr_audit_find_section(NULL, "kmo"), -1);
    smr_audit_unref(NULL);
    expect(smr_audit_ref(NULL) == NULL);
    smr_audit_unref(audit);
    api_world_free(&world);
}

/* ---- imputations ---- */

static int is_tried(const smr_audit *audit, const char *method) {
    const double holes = smr_audit_value(audit, "imputation_holes", method, "*");
    return holes == holes;
}

TEST(methods_that_can_be_tried) {
    api_world world = api_world_make(framework, csv, NULL);
    smr_audit *audit = try_imputation(&world, NULL);
    static const char *const tried[] = {"mean", "median", "row_mean", "linear", "latest", "regression", "knn", "em"};
    for (size_t i = 0; i < COUNT(tried); i++) {
        expect(is_tried(audit, tried[i]));
    }
    expect(!is_tried(audit, "none") && !is_tried(audit, "constant") && !is_tried(audit, "group_mean"));
    expect_equal_uint(smr_audit_cell_count(audit, 0), 0);
    smr_audit_unref(audit);
    api_world_free(&world);
    /* Without periods nothing is known along time; with a value the constant can be tried. */
    world = api_world_make(framework, "region,x,y,z\nA,1,2,3\nB,2,4,1\nC,3,5,4\nD,4,9,1\n",
                           "{'impute': {'method': 'constant', 'value': 2}}");
    audit = try_imputation(&world, NULL);
    expect(is_tried(audit, "constant") && !is_tried(audit, "linear") && !is_tried(audit, "group_median"));
    smr_audit_unref(audit);
    api_world_free(&world);
}

/* The plan's group counts for both methods that ask for one. */
TEST(groups_of_the_plan) {
    static const char grouped[] = "region,type,x,y,z\nA,s,10,2,3\nB,s,10,4,1\nC,t,30,5,4\nD,t,30,9,1\n"
                                  "E,s,10,3,2\nF,t,30,1,1\n";
    api_world world = api_world_make(framework, grouped, "{'impute': {'method': 'group_mean', 'group': 'type'}}");
    smr_imputation_options options;
    smr_imputation_options_init(&options, sizeof options);
    options.share = 0.3;
    options.repeats = 20;
    smr_audit *audit = try_imputation(&world, &options);
    expect(is_tried(audit, "group_mean") && is_tried(audit, "group_median"));
    /* x is the same within a group: what is filled is right. */
    expect_near(smr_audit_value(audit, "imputation_mae", "group_mean", "x"), 0, 1e-12);
    expect_near(smr_audit_value(audit, "imputation_r_squared", "group_median", "x"), 1, 1e-12);
    expect(smr_audit_value(audit, "imputation_mae", "mean", "x") > 1);
    smr_audit_unref(audit);
    api_world_free(&world);
}

TEST(the_seed_decides_and_nothing_else) {
    api_world world = api_world_make(framework, csv, NULL);
    smr_imputation_options options;
    smr_imputation_options_init(&options, sizeof options);
    options.seed = 0;
    options.share = 0.4;
    smr_audit *first = try_imputation(&world, &options), *second = try_imputation(&world, &options);
    options.seed = 1;
    smr_audit *third = try_imputation(&world, &options);
    const size_t section = (size_t)smr_audit_find_section(first, "imputation_rmse");
    size_t differ = 0;
    for (size_t i = 0; i < smr_audit_cell_count(first, section); i++) {
        expect_same_bits(smr_audit_values(first, section)[i], smr_audit_values(second, section)[i]);
        differ += unit_bits(smr_audit_values(first, section)[i]) != unit_bits(smr_audit_values(third, section)[i]);
    }
    expect(differ > 0);
    smr_audit_unref(first);
    smr_audit_unref(second);
    smr_audit_unref(third);
    api_world_free(&world);
}

static const unit_test tests[] = {
    UNIT(sections_by_place_and_by_name),
    UNIT(an_audit_outlives_its_world),
    UNIT(one_period_or_all),
    UNIT(csv_and_json),
    UNIT(wrong_calls),
    UNIT(methods_that_can_be_tried),
    UNIT(groups_of_the_plan),
    UNIT(the_seed_decides_and_nothing_else),
};
UNIT_SUITE(audit_handle, tests)
