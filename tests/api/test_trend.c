/* SPDX-License-Identifier: MIT */
/* The trend as a handle, its numbers by hand, options, and what is refused. */
#include "api.h"

#include <math.h>
#include <string.h>

static const char framework[] = "{'id': 'i', 'plan': {'normalise': {'method': 'goalposts', 'range': [0, 100]}}, 'children': "
                                "[{'id': 'x', 'worst': 0, 'best': 10}, {'id': 'y', 'worst': 8, 'best': 0}]}";
/* B has no value of x in 2020; rows out of order. */
static const char csv[] = "region,period,zone,x,y\nA,2022,n,8,2\nA,2020,n,2,4\nA,2021,n,4,4\nB,2020,s,,6\nB,2021,s,5,5\n"
                          "B,2022,s,4,4\nC,2020,s,5,8\nC,2021,s,5,8\nC,2022,s,5,8\n";

static smr_trend *run(const api_world *world, const smr_trend_options *options) {
    smr_trend *trend = NULL;
    smr_error error = unit_error();
    expect_ok(smr_trend_run(NULL, world->model, world->dataset, options, &trend, &error), &error);
    return trend;
}

static double cell(const smr_trend *trend, const char *region, const char *node, const char *column) {
    const int64_t row = smr_trend_find_row(trend, region, node);
    expect(row >= 0);
    return smr_trend_values(trend, column)[row];
}

/* A: x 20 40 80, y 50 50 75, so i 35 45 77.5. */
TEST(numbers_by_hand) {
    api_world world = api_world_make(framework, csv, NULL);
    smr_trend *trend = run(&world, NULL);
    expect_equal_uint(smr_trend_row_count(trend), 9);
    expect_text(smr_trend_regions(trend)[3], "B");
    expect_text(smr_trend_nodes(trend)[4], "x");
    expect_near(cell(trend, "A", "x", "first"), 20, 1e-12);
    expect_near(cell(trend, "A", "x", "last"), 80, 1e-12);
    expect_near(cell(trend, "A", "x", "change"), 60, 1e-12);
    expect_near(cell(trend, "A", "x", "growth"), 3, 1e-12);
    expect_near(cell(trend, "A", "x", "cagr"), 1, 1e-12);
    expect_near(cell(trend, "A", "x", "slope"), 30, 1e-12);
    expect_near(cell(trend, "A", "x", "sen_slope"), 30, 1e-12);
    expect_near(cell(trend, "A", "x", "years"), 2, 0);
    expect_near(cell(trend, "A", "x", "values"), 3, 0);
    expect_near(cell(trend, "A", "x", "target"), 100, 0);
    expect_near(cell(trend, "A", "x", "years_to_target"), 20 / 30.0, 1e-12);
    /* residuals 10/3 (1, -2, 1): s = 10 sqrt(6)/3, se = s/sqrt 2, t of one degree 12.7062 */
    const double half = 12.706204736174705 * 10 * sqrt(6) / 3 / sqrt(2);
    expect_near(cell(trend, "A", "x", "slope_low"), 30 - half, 1e-9);
    expect_near(cell(trend, "A", "x", "slope_high"), 30 + half, 1e-9);
    /* B's index of 2020 is that of y alone */
    expect_near(cell(trend, "B", "i", "first"), 25, 1e-12);
    expect_near(cell(trend, "A", "i", "rank_first"), 1, 0);
    expect_near(cell(trend, "B", "i", "rank_move"), 0, 0);
    expect_text(smr_trend_first_periods(trend)[smr_trend_find_row(trend, "B", "x")], "2021");
    expect_text(smr_trend_last_periods(trend)[smr_trend_find_row(trend, "B", "x")], "2022");
    expect_near(cell(trend, "B", "x", "values"), 2, 0);
    expect_near(cell(trend, "B", "x", "slope"), -10, 1e-12);
    expect_nan(cell(trend, "B", "x", "slope_low"));
    expect_nan(cell(trend, "B", "x", "years_to_target"));
    /* C stays: no growth, and y is 0 */
    expect_near(cell(trend, "C", "x", "slope"), 0, 0);
    expect_near(cell(trend, "C", "x", "cagr"), 0, 1e-15);
    expect_nan(cell(trend, "C", "y", "cagr"));
    expect_nan(cell(trend, "C", "y", "growth"));
    expect_nan(cell(trend, "C", "x", "years_to_target"));
    expect_equal_int(smr_trend_find_row(trend, "D", "x"), -1);
    expect_equal_int(smr_trend_find_row(trend, "A", "z"), -1);
    expect_equal_int(smr_trend_find_row(trend, NULL, "x"), -1);
    expect(smr_trend_values(trend, "astrology") == NULL && smr_trend_values(trend, NULL) == NULL);
    smr_trend_unref(trend);
    api_world_free(&world);
}

TEST(raw_values_and_targets) {
    api_world world = api_world_make(framework, csv, NULL);
    smr_trend_options options;
    smr_trend_options_init(&options, sizeof options);
    options.values = SMR_TREND_RAW;
    options.target = 60;
    smr_trend *trend = run(&world, &options);
    expect_near(cell(trend, "A", "y", "first"), 4, 0);
    expect_near(cell(trend, "A", "y", "slope"), -1, 1e-12);
    expect_near(cell(trend, "A", "y", "target"), 0, 0);
    expect_near(cell(trend, "A", "y", "years_to_target"), 2, 1e-12);
    expect_near(cell(trend, "A", "x", "target"), 10, 0);
    expect_near(cell(trend, "A", "i", "target"), 60, 0);
    expect_near(cell(trend, "A", "i", "years_to_target"), 0, 0);
    /* ranks are of scores: 4 is the better y */
    expect_near(cell(trend, "A", "y", "rank_first"), 1, 0);
    smr_trend_unref(trend);
    smr_trend_options_init(&options, sizeof options);
    options.from = "2021";
    options.region = "B";
    options.confidence = 0.5;
    trend = run(&world, &options);
    expect_equal_uint(smr_trend_row_count(trend), 3);
    expect_text(smr_trend_regions(trend)[0], "B");
    expect_near(cell(trend, "B", "y", "first"), 37.5, 1e-12);
    smr_trend_unref(trend);
    api_world_free(&world);
}

/* Frozen reference: scores of 2020 are the same whatever comes later. */
TEST(a_frozen_reference) {
    static const char data[] = "region,period,x\nA,2020,2\nB,2020,6\nA,2021,10\nB,2021,3\n";
    static const char free_framework[] = "{'id': 'i', 'children': [{'id': 'x'}]}";
    api_world world = api_world_make(free_framework, data, "{'normalise': {'per': '2020'}}");
    smr_trend *trend = run(&world, NULL);
    expect_near(cell(trend, "A", "i", "first"), 0, 1e-12);
    expect_near(cell(trend, "B", "i", "first"), 100, 1e-12);
    expect_near(cell(trend, "B", "i", "last"), 25, 1e-12);
    smr_trend_unref(trend);
    api_world_free(&world);
}

static size_t warnings;
static void count_warning(const smr_error *record, void *user) {
    (void)user;
    warnings += record->code == SMR_MESSAGE_TREND_NOT_COMPARABLE;
}

TEST(scores_that_cannot_be_compared) {
    static const char data[] = "region,period,x\nA,2020,2\nB,2020,6\nA,2021,10\nB,2021,3\n";
    smr_error error = unit_error();
    smr_context_options settings;
    smr_context *context = NULL;
    smr_trend *trend = NULL;
    smr_context_options_init(&settings, sizeof settings);
    settings.report = count_warning;
    expect_ok(smr_context_new(&settings, &context, &error), &error);
    for (size_t per = 0; per < 2; per++) {
        api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x'}]}", data,
                                         per ? "{'normalise': {'per': 'period'}}" : NULL);
        warnings = 0;
        expect_ok(smr_trend_run(context, world.model, world.dataset, NULL, &trend, &error), &error);
        expect_equal_uint(warnings, per);
        smr_trend_unref(trend);
        api_world_free(&world);
    }
    smr_context_unref(context);
}

/* x of A, B, C in 2021 and 2022: 40 50 50, 80 40 50. */
TEST(convergence_by_hand) {
    api_world world = api_world_make(framework, csv, NULL);
    smr_trend_options options;
    smr_trend_options_init(&options, sizeof options);
    options.from = "2021";
    options.group = "zone";
    smr_trend *trend = run(&world, &options);
    expect_near(smr_trend_value(trend, "sigma_regions", "x", "2021"), 3, 0);
    expect_near(smr_trend_value(trend, "sigma_mean", "x", "2021"), 140 / 3.0, 1e-12);
    expect_near(smr_trend_value(trend, "sigma_sd", "x", "2021"), sqrt(200 / 6.0), 1e-12);
    expect_near(smr_trend_value(trend, "sigma_sd", "s|x", "2022"), sqrt(50), 1e-12);
    expect_near(smr_trend_value(trend, "sigma_cv", "s|x", "2022"), sqrt(50) / 45, 1e-12);
    expect_near(smr_trend_value(trend, "sigma_trend", "s|x", "sd_slope"), sqrt(50), 1e-12);
    expect_near(smr_trend_value(trend, "beta", "x", "regions"), 3, 0);
    /* ln x of 40 grows by ln 2, that of 50 by ln .8 and 0: mean -ln(1.25)/2 */
    const double b = (-log(1.25) / 2 - log(2)) / log(1.25);
    expect_near(smr_trend_value(trend, "beta", "x", "coefficient"), b, 1e-11);
    expect_nan(smr_trend_value(trend, "beta", "x", "speed"));
    expect_near(smr_trend_value(trend, "beta", "n|x", "regions"), 1, 0);
    expect_nan(smr_trend_value(trend, "beta", "n|x", "coefficient"));
    /* y of C scores 0, which has no logarithm */
    expect_near(smr_trend_value(trend, "beta", "y", "regions"), 2, 0);
    const size_t count = smr_trend_section_count(trend);
    expect_equal_uint(count, 6);
    for (size_t i = 0; i < count; i++) {
        expect(smr_trend_section_name(trend, i) != NULL && smr_trend_cell_count(trend, i) > 0);
        const char *row = smr_trend_cell_rows(trend, i)[0], *column = smr_trend_cell_columns(trend, i)[0];
        expect_same_bits(smr_trend_value(trend, smr_trend_section_name(trend, i), row, column),
                         smr_trend_cell_values(trend, i)[0]);
    }
    expect(smr_trend_section_name(trend, count) == NULL && smr_trend_cell_rows(trend, count) == NULL);
    expect(smr_trend_cell_columns(trend, count) == NULL && smr_trend_cell_values(trend, count) == NULL);
    expect_equal_uint(smr_trend_cell_count(trend, count), 0);
    smr_trend_unref(trend);
    api_world_free(&world);
}

TEST(texts) {
    api_world world = api_world_make(framework, csv, NULL);
    smr_trend *trend = run(&world, NULL), *other = smr_trend_ref(trend);
    smr_error error = unit_error();
    api_text text = {0};
    api_world_free(&world);
    smr_trend_unref(trend);
    expect_text(smr_framework_node_id(smr_trend_framework(other), 0), "i");
    expect_ok(smr_trend_write_csv(other, 0, api_text_append, &text, &error), &error);
    expect(strncmp(text.bytes, "region,node,first,last,change,cagr,slope,rank_first,rank_last\nA,i,35,77.5,42.5,", 79) == 0);
    api_text_free(&text);
    text = (api_text){0};
    expect_ok(smr_trend_write_csv(other, 1, api_text_append, &text, &error), &error);
    expect(strstr(text.bytes, "rank_last,period_first,period_last,growth,slope_low,slope_high,slope_p,sen_slope,"
                              "rank_move,years,values,target,years_to_target\n") != NULL);
    api_text_free(&text);
    text = (api_text){0};
    expect_ok(smr_trend_write_convergence_csv(other, api_text_append, &text, &error), &error);
    expect(strncmp(text.bytes, "section,row,column,value\nsigma_regions,i,2020,3\n", 48) == 0);
    api_text_free(&text);
    text = (api_text){0};
    expect_ok(smr_trend_write_json(other, api_text_append, &text, &error), &error);
    expect(strstr(text.bytes, "\"format\": \"smartregion-trend/1\"") != NULL);
    expect(strstr(text.bytes, "\"period_first\": \"2020\"") != NULL && strstr(text.bytes, "\"convergence\": [") != NULL);
    api_text_free(&text);
    expect_argument(smr_trend_write_csv(NULL, 0, api_text_append, NULL, &error), &error);
    expect_argument(smr_trend_write_csv(other, 0, NULL, NULL, &error), &error);
    expect_argument(smr_trend_write_csv(other, 2, api_text_append, NULL, &error), &error);
    expect_argument(smr_trend_write_convergence_csv(NULL, api_text_append, NULL, &error), &error);
    expect_argument(smr_trend_write_convergence_csv(other, NULL, NULL, &error), &error);
    expect_argument(smr_trend_write_json(NULL, api_text_append, NULL, &error), &error);
    expect_argument(smr_trend_write_json(other, NULL, NULL, &error), &error);
    smr_trend_unref(other);
    smr_trend_unref(NULL);
    expect(smr_trend_ref(NULL) == NULL && smr_trend_framework(NULL) == NULL && smr_trend_regions(NULL) == NULL);
    expect(smr_trend_nodes(NULL) == NULL && smr_trend_first_periods(NULL) == NULL && smr_trend_last_periods(NULL) == NULL);
    expect(smr_trend_values(NULL, "slope") == NULL);
    expect_equal_uint(smr_trend_row_count(NULL), 0);
    expect_equal_uint(smr_trend_section_count(NULL), 0);
    expect_equal_int(smr_trend_find_row(NULL, "A", "i"), -1);
    expect_nan(smr_trend_value(NULL, "beta", "i", "p"));
}

static void expect_refused(const char *data, const smr_trend_options *options, int32_t code) {
    api_world world = api_world_make(framework, data, NULL);
    smr_trend *trend = NULL;
    smr_error error = unit_error();
    expect_fails(smr_trend_run(NULL, world.model, world.dataset, options, &trend, &error), &error, code);
    expect(trend == NULL);
    api_world_free(&world);
}

TEST(refusals) {
    smr_trend_options options;
    expect_refused("region,x,y\nA,1,2\n", NULL, SMR_MESSAGE_TREND_PERIODS_FEW);
    expect_refused("region,indicator,value,period\nA,x,1,2020\nA,y,3,\n", NULL, SMR_MESSAGE_TREND_PERIODS_FEW);
    expect_refused("region,period,x,y\nA,before,1,2\nA,after,1,2\n", NULL, SMR_MESSAGE_TREND_PERIOD_UNDATED);
    for (int wrong = 0; wrong < 5; wrong++) {
        smr_trend_options_init(&options, sizeof options);
        options.from = wrong == 0 ? "1999" : wrong == 4 ? "2022" : NULL;
        options.to = wrong == 1 ? "2030" : NULL;
        options.region = wrong == 2 ? "Z" : NULL;
        options.group = wrong == 3 ? "x" : NULL;
        expect_refused(csv, &options,
                       wrong < 2    ? SMR_MESSAGE_PERIOD_UNKNOWN
                       : wrong == 2 ? SMR_MESSAGE_NAME_UNKNOWN
                       : wrong == 3 ? SMR_MESSAGE_TREND_GROUP_UNKNOWN
                                    : SMR_MESSAGE_TREND_PERIODS_FEW);
    }
    for (int wrong = 0; wrong < 6; wrong++) {
        smr_trend_options_init(&options, sizeof options);
        options.values = wrong == 0 ? 2 : wrong == 1 ? -1 : 0;
        options.confidence = wrong == 2 ? 0 : wrong == 3 ? 1 : wrong == 4 ? NAN : 0.9;
        options.target = wrong == 5 ? INFINITY : NAN;
        expect_refused(csv, &options, SMR_MESSAGE_BAD_ARGUMENT);
    }
    api_world world = api_world_make(framework, csv, NULL);
    smr_trend *trend = NULL;
    smr_error error = unit_error();
    expect_argument(smr_trend_run(NULL, NULL, world.dataset, NULL, &trend, &error), &error);
    expect_argument(smr_trend_run(NULL, world.model, NULL, NULL, &trend, &error), &error);
    expect_argument(smr_trend_run(NULL, world.model, world.dataset, NULL, NULL, &error), &error);
    api_world_free(&world);
}

static const unit_test tests[] = {
    UNIT(numbers_by_hand),     UNIT(raw_values_and_targets), UNIT(a_frozen_reference), UNIT(scores_that_cannot_be_compared),
    UNIT(convergence_by_hand), UNIT(texts),                  UNIT(refusals),
};
UNIT_SUITE(trend, tests)
