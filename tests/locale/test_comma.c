/* SPDX-License-Identifier: MIT */
/* A program that has called setlocale() with a decimal comma: the library reads and writes numbers as ever. */
#include "../api/api.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Without this the other tests would prove nothing. */
TEST(the_locale_has_a_comma) {
    char text[16];
    expect_text(localeconv()->decimal_point, ",");
    snprintf(text, sizeof text, "%.1f", 1.5);
    expect_text(text, "1,5");
    expect_near(strtod("1.5", NULL), 1, 0);
}

static const char tree[] = "{'id': 'i', 'children': [{'id': 'x', 'weight': 0.25, 'worst': 0.5, 'best': 1e1},"
                           " {'id': 'y', 'weight': 0.75}]}";

/* CSV in, JSON in, scores, CSV and JSON out. */
TEST(numbers_in_and_out) {
    api_world world = api_world_make(tree, "region,x,y\nA,1234.5,1e-3\nB,.5,-2.25\n",
                                     "{'normalise': {'method': 'none'}, 'rank': {'tolerance': 0.125}}");
    expect_dataset(world.dataset, "region,x,y\nA,1234.5,0.001\nB,0.5,-2.25\n");
    expect_card(&world, "A,,i,308.62575,1,1,ok\nA,,x,1234.5,1,1,ok\nA,,y,0.001,1,1,ok\n"
                        "B,,i,-1.5625,2,1,ok\nB,,x,0.5,2,1,ok\nB,,y,-2.25,2,1,ok\n");
    api_text text = {NULL, 0, 0};
    smr_error error = unit_error();
    expect_ok(smr_scorecard_write_json(world.card, NULL, api_text_append, &text, &error), &error);
    expect(strstr(text.bytes, "\"score\": 308.62575") != NULL);
    expect(strstr(text.bytes, "\"tolerance\": 0.125") != NULL);
    api_text_free(&text);
    api_world_free(&world);
}

/* A model to JSON and back: the same bytes. */
TEST(a_model_there_and_back) {
    api_world world =
        api_world_make(tree, "region,x,y\nA,0.1,3.7\nB,0.2,1e150\nC,0.7,-5e-324\n", "{'normalise': 'zscore'}");
    api_text first = {NULL, 0, 0}, second = {NULL, 0, 0};
    smr_model *model = NULL;
    smr_error error = unit_error();
    expect_ok(smr_model_write(world.model, api_text_append, &first, &error), &error);
    expect(strstr(first.bytes, "0.25") != NULL && strstr(first.bytes, "0,25") == NULL);
    expect_ok(smr_model_read(NULL, first.bytes, first.length, NULL, &model, &error), &error);
    expect_ok(smr_model_write(model, api_text_append, &second, &error), &error);
    expect_text(second.bytes, first.bytes);
    smr_model_unref(model);
    api_text_free(&first);
    api_text_free(&second);
    api_world_free(&world);
}

/* A comma is what the option says, not what the locale says. */
TEST(a_comma_is_refused_unless_asked_for) {
    static const char csv[] = "region,x\nA,\"1,5\"\nB,\"2.000,25\"\n";
    smr_framework *framework = api_framework("{'id': 'i', 'children': [{'id': 'x'}]}");
    smr_csv_options options;
    smr_csv_options_init(&options, sizeof options);
    options.framework = framework;
    smr_dataset *dataset = NULL;
    smr_error error = unit_error();
    api_source source = {csv, sizeof csv - 1, 0, 0};
    expect_fails(smr_dataset_read_csv(NULL, api_source_read, &source, &options, &dataset, &error), &error,
                 SMR_MESSAGE_NUMBER_EXPECTED);
    options.number_format = SMR_NUMBER_FORMAT_VI;
    source.used = 0;
    expect_ok(smr_dataset_read_csv(NULL, api_source_read, &source, &options, &dataset, &error), &error);
    expect_near(api_value_of(dataset, "x", 0), 1.5, 0);
    expect_near(api_value_of(dataset, "x", 1), 2000.25, 0);
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
}

static const unit_test tests[] = {
    UNIT(the_locale_has_a_comma),
    UNIT(numbers_in_and_out),
    UNIT(a_model_there_and_back),
    UNIT(a_comma_is_refused_unless_asked_for),
};
UNIT_SUITE(comma, tests)
