/* SPDX-License-Identifier: MIT */
/* Frameworks and datasets as a program makes and reads them; version, names, limits, catalogue. */
#include "api.h"

#include <stdlib.h>
#include <string.h>

/* ---- library ---- */

TEST(version_and_names) {
    expect_text(smr_version(), SMR_VERSION_TEXT);
    expect_equal_uint(smr_version_number(), SMR_VERSION_NUMBER);
    expect(SMR_VERSION_AT_LEAST(1, 0, 0));
    expect(!SMR_VERSION_AT_LEAST(SMR_VERSION_MAJOR, SMR_VERSION_MINOR, SMR_VERSION_PATCH + 1));
    static const char *const statuses[] = {"ok",        "memory",    "argument",    "format", "data",
                                           "framework", "plan",      "limit",       "read",   "write",
                                           "cancelled", "not_found", "unsupported", "compute"};
    for (size_t i = 0; i < COUNT(statuses); i++) {
        expect_text(smr_status_name((smr_status)i), statuses[i]);
    }
    expect_text(smr_status_name(COUNT(statuses)), "unknown");
    static const char *const cells[] = {
        "ok", "missing", "imputed", "constant", "bad_denominator", "out_of_domain", "low_coverage", "not_computed"};
    for (size_t i = 0; i < COUNT(cells); i++) {
        expect_text(smr_cell_status_name((int32_t)i), cells[i]);
    }
    expect_text(smr_message_name(SMR_MESSAGE_NUMBER_EXPECTED), "number_expected");
    expect_text(smr_message_name(0), "none");
}

TEST(what_is_supported) {
    static const struct {
        const char *what, *value;
    } known[] = {
        {"impute", "median"},       {"treat", "winsorise"},    {"normalise", "goalposts"}, {"weights", "given"},
        {"aggregate", "geometric"}, {"transform", "logit"},    {"kind", "checklist"},      {"direction", "target"},
        {"preset", "hdi"},          {"framework", "icf-2026"}, {"ties", "competition"},    {"kernel", "baseline"},
    };
    for (size_t i = 0; i < COUNT(known); i++) {
        bool elsewhere = strcmp(known[i].what, "kernel") == 0 && strcmp(smr_context_kernel(NULL), "neon") == 0;
        expect_equal_int(smr_supports(known[i].what, known[i].value), elsewhere ? 0 : 1);
        expect_equal_int(smr_supports(known[i].what, "no such thing"), 0);
        expect_equal_int(smr_supports(known[i].what, ""), 0);
    }
    expect_equal_int(smr_supports("kernel", smr_context_kernel(NULL)), 1);
    expect_equal_int(smr_supports("aggregate", "median"), 1);
    expect_equal_int(smr_supports("impute", "geometric"), 0);
}

/* What the catalogue says of a method is complete, and the library knows it by that name. */
TEST(catalogue) {
    static const char *const steps[] = {"screen", "impute", "treat", "normalise", "weights", "aggregate"};
    static const char *const types[] = {"number", "integer", "boolean", "choice", "text", "range", "json"};
    size_t step = 0;
    for (size_t i = 0; i < smr_method_count(); i++) {
        smr_method method;
        smr_error error = unit_error();
        smr_method_init(&method, sizeof method);
        expect_ok(smr_method_get(i, &method, &error), &error);
        while (step < COUNT(steps) && strcmp(steps[step], method.step) != 0) {
            step++; /* in the order in which they run */
        }
        expect(step < COUNT(steps));
        expect_equal_int(smr_supports(method.step, method.name), 1);
        expect(method.summary[0] != '\0' && method.formula[0] != '\0' && method.source[0] != '\0');
        for (size_t k = 0; k < method.parameter_count; k++) {
            smr_method_parameter parameter;
            bool known = false;
            smr_method_parameter_init(&parameter, sizeof parameter);
            expect_ok(smr_method_get_parameter(i, k, &parameter, &error), &error);
            for (size_t t = 0; t < COUNT(types); t++) {
                known |= strcmp(types[t], parameter.type) == 0;
            }
            expect(known);
            expect(parameter.name[0] != '\0' && parameter.default_text[0] != '\0' && parameter.legal[0] != '\0');
            expect(parameter.summary[0] != '\0');
        }
    }
    expect(smr_method_count() >= 27);
}

/* Steps run in the order of DESIGN; a default method is one of the step's, and the resolved plan knows every option. */
TEST(steps_of_the_catalogue) {
    static const char *const names[] = {"denominate", "rollup",  "screen",    "impute",  "treat",
                                        "normalise",  "weights", "aggregate", "missing", "rank"};
    static const char *const options[][2] = {{"denominate", "scale"}, {"rollup", "by"},      {"screen", "min_share"},
                                             {"normalise", "per"},    {"missing", "policy"}, {"rank", "ties"}};
    size_t found = 0;
    expect_equal_uint(smr_step_count(), COUNT(names));
    for (size_t i = 0; i < smr_step_count(); i++) {
        smr_step step;
        smr_error error = unit_error();
        smr_step_init(&step, sizeof step);
        expect_ok(smr_step_get(i, &step, &error), &error);
        expect_text(step.name, names[i]);
        expect(step.summary[0] != '\0');
        expect(step.default_method == NULL || smr_supports(step.name, step.default_method));
        for (size_t k = 0; k < step.parameter_count; k++) {
            smr_method_parameter parameter;
            smr_method_parameter_init(&parameter, sizeof parameter);
            expect_ok(smr_step_get_parameter(i, k, &parameter, &error), &error);
            for (size_t o = 0; o < COUNT(options); o++) {
                found += strcmp(options[o][0], step.name) == 0 && strcmp(options[o][1], parameter.name) == 0;
            }
        }
    }
    expect_equal_uint(found, COUNT(options));
}

/* Limits hold for every text, and say which. */
TEST(limits) {
    const struct {
        uint64_t bytes, rows, columns, depth, field;
        const char *csv, *json;
    } rows[] = {
        {20, 100, 100, 64, 1000, "region,x\nA,1\nB,2\nC,3\n", "{\"rank\": {\"ties\": \"dense\"}}"},
        {1000, 2, 100, 64, 1000, "region,x\nA,1\nB,2\nC,3\n", NULL},
        {1000, 100, 2, 64, 1000, "region,x,y,z\nA,1,2,3\n", NULL},
        {1000, 100, 100, 3, 1000, NULL, "{\"rank\": {\"a\": {\"b\": [1]}}}"},
        {1000, 100, 100, 64, 10, "region,x\nAAAAAAAAAAA,1\n", "{\"preset\": \"aaaaaaaaaaa\"}"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        smr_context_options options;
        smr_context *context = NULL;
        smr_error error = unit_error();
        smr_context_options_init(&options, sizeof options);
        options.max_bytes = rows[i].bytes;
        options.max_rows = rows[i].rows;
        options.max_columns = rows[i].columns;
        options.max_depth = rows[i].depth;
        options.max_field_bytes = rows[i].field;
        expect_ok(smr_context_new(&options, &context, &error), &error);
        if (rows[i].csv != NULL) {
            api_source source = {rows[i].csv, strlen(rows[i].csv), 0, 0};
            smr_dataset *dataset = (smr_dataset *)(uintptr_t)1;
            expect_fails(smr_dataset_read_csv(context, api_source_read, &source, NULL, &dataset, &error), &error,
                         SMR_MESSAGE_LIMIT_PASSED);
            expect_equal_int(error.status, SMR_ERROR_LIMIT);
            expect(dataset == NULL);
        }
        if (rows[i].json != NULL) {
            smr_plan *plan = (smr_plan *)(uintptr_t)1;
            expect_fails(smr_plan_read(context, rows[i].json, strlen(rows[i].json), NULL, &plan, &error), &error,
                         SMR_MESSAGE_LIMIT_PASSED);
            expect(plan == NULL);
        }
        smr_context_unref(context);
    }
}

/* Objects own the context they were made with. */
TEST(a_context_lives_as_long_as_its_objects) {
    api_counter counter;
    smr_context *context = api_counting_context(&counter);
    expect(smr_context_ref(context) == context);
    smr_context_unref(context);
    smr_dataset *dataset = api_dataset_in(context, "region,x\nA,1\n");
    smr_framework *framework = api_framework_in(context, "{'id': 'i', 'children': [{'id': 'x'}]}");
    smr_plan *plan = api_plan_in(context, "{}");
    smr_model *model = NULL;
    smr_scorecard *card = NULL;
    smr_error error = unit_error();
    expect_ok(smr_model_fit(context, framework, dataset, plan, &model, &error), &error);
    expect_ok(smr_model_score(context, model, dataset, NULL, &card, &error), &error);
    smr_context_unref(context);
    smr_framework_unref(framework);
    smr_plan_unref(plan);
    smr_model_unref(model);
    smr_dataset_unref(dataset);
    expect(counter.live > 0);
    expect_text(smr_scorecard_region(card, 0), "A");
    expect_near(api_coverage_of(card, "i", 0), 0, 0);
    expect(smr_scorecard_ref(card) == card);
    smr_scorecard_unref(card);
    expect(counter.live > 0);
    smr_scorecard_unref(card);
    expect_equal_uint(counter.live, 0);
}

/* ---- a framework by the builder ---- */

TEST(framework_by_builder) {
    smr_framework_builder *builder = NULL;
    smr_framework *framework = NULL, *later = NULL;
    smr_node_options node;
    smr_indicator_options indicator;
    smr_error error = unit_error();
    smr_node_options_init(&node, sizeof node);
    node.name = "Index";
    node.aggregate = "geometric";
    expect_ok(smr_framework_builder_new(unit_context(), "icf", &node, &builder, &error), &error);
    smr_node_options_init(&node, sizeof node);
    node.weight = 2.5;
    expect_ok(smr_framework_builder_add_node(builder, "icf", "a", &node, &error), &error);
    smr_indicator_options_init(&indicator, sizeof indicator);
    indicator.worst = 50;
    indicator.best = 5;
    indicator.unit = "µg/m³";
    indicator.weight = 0;
    indicator.name = "Fine dust";
    expect_ok(smr_framework_builder_add_indicator(builder, "a", "pm25", &indicator, &error), &error);
    expect_ok(smr_framework_builder_add_indicator(builder, "a", "x", NULL, &error), &error);
    expect_ok(smr_framework_builder_add_indicator(builder, "icf", "y", NULL, &error), &error);
    expect_ok(smr_framework_builder_add_name(builder, "pm25", "vi", "Bụi mịn", &error), &error);
    expect_ok(smr_framework_builder_add_name(builder, "pm25", "vi", "Bụi mịn PM2,5", &error), &error);
    expect_ok(smr_framework_builder_add_tag(builder, "pm25", "field", "people", &error), &error);
    expect_ok(smr_framework_builder_add_tag(builder, "pm25", "field", "foundations", &error), &error);
    expect_ok(smr_framework_builder_build(builder, &framework, &error), &error);
    /* the builder goes on, the framework stays */
    expect_ok(smr_framework_builder_add_indicator(builder, "a", "z", NULL, &error), &error);
    expect_ok(smr_framework_builder_build(builder, &later, &error), &error);
    smr_framework_builder_free(builder);
    expect_equal_uint(smr_framework_node_count(later), 6);
    smr_framework_unref(later);

    expect_equal_uint(smr_framework_node_count(framework), 5);
    expect_equal_uint(smr_framework_indicator_count(framework), 3);
    static const char *const ids[] = {"icf", "a", "pm25", "x", "y"};
    static const int64_t parents[] = {-1, 0, 1, 1, 0}, depths[] = {0, 1, 2, 2, 1}, indicators[] = {-1, -1, 0, 1, 2};
    static const double weights[] = {1, 2.5, 0, 1, 1};
    for (size_t i = 0; i < COUNT(ids); i++) {
        expect_text(smr_framework_node_id(framework, i), ids[i]);
        expect_equal_int(smr_framework_find(framework, ids[i]), i);
        expect_equal_int(smr_framework_node_parent(framework, i), parents[i]);
        expect_equal_int(smr_framework_node_depth(framework, i), depths[i]);
        expect_equal_int(smr_framework_node_indicator(framework, i), indicators[i]);
        expect_near(smr_framework_node_weight(framework, i), weights[i], 0);
        if (indicators[i] >= 0) {
            expect_equal_int(smr_framework_indicator_node(framework, (size_t)indicators[i]), i);
        }
    }
    expect_text(smr_framework_node_name(framework, 0, "vi"), "Index");
    expect_text(smr_framework_node_name(framework, 2, "vi"), "Bụi mịn PM2,5");
    expect_text(smr_framework_node_name(framework, 2, "en"), "Fine dust");
    expect_text(smr_framework_node_name(framework, 3, "en"), "x");
    expect_text(smr_framework_node_tag(framework, 2, "field", 0), "people");
    expect_text(smr_framework_node_tag(framework, 2, "field", 1), "foundations");
    expect(smr_framework_node_tag(framework, 2, "field", 2) == NULL);
    smr_indicator_options_init(&indicator, sizeof indicator);
    expect_ok(smr_framework_indicator(framework, 0, &indicator, &error), &error);
    expect_equal_int(indicator.direction, SMR_DIRECTION_LOWER);
    expect_text(indicator.unit, "µg/m³");
    expect_near(indicator.weight, 0, 0);
    expect_nan(indicator.optimum);
    expect(indicator.denominator == NULL);
    expect(smr_framework_ref(framework) == framework);
    smr_framework_unref(framework);
    smr_framework_unref(framework);
}

/* ---- datasets ---- */

TEST(dataset_by_builder) {
    smr_dataset_builder *builder = NULL;
    smr_dataset *dataset = NULL;
    smr_observation observation;
    smr_error error = unit_error();
    expect_ok(smr_dataset_builder_new(unit_context(), &builder, &error), &error);
    smr_observation_init(&observation, sizeof observation);
    observation.value = 97;
    observation.qualifier = ">";
    observation.error = 0.5;
    observation.status = "E";
    observation.source = "document 003";
    observation.note = "more than";
    observation.unit = "%";
    expect_ok(smr_dataset_builder_set_observation(builder, "A", "2020", "x", &observation, &error), &error);
    expect_ok(smr_dataset_builder_set_value(builder, "A", "2020", "y", -0.0, &error), &error);
    expect_ok(
        smr_dataset_builder_set_value(builder, "B", "2020", "x", unit_double(UINT64_C(0x7ff8000000000000)), &error),
        &error);
    expect_ok(smr_dataset_builder_set_text(builder, "A", "2020", "income", "HIC", &error), &error);
    expect_ok(smr_dataset_builder_set_text(builder, "A", "2020", "name", "Alpha", &error), &error);
    expect_ok(smr_dataset_builder_set_text(builder, "B", "2020", "parent", "A", &error), &error);
    expect_fails(smr_dataset_builder_set_value(builder, "A", "2020", "x", 1, &error), &error,
                 SMR_MESSAGE_VALUE_DUPLICATE);
    expect_equal_int(error.status, SMR_ERROR_DATA);
    expect_fails(
        smr_dataset_builder_set_value(builder, "C", "2020", "x", unit_double(UINT64_C(0x7ff0000000000000)), &error),
        &error, SMR_MESSAGE_VALUE_INFINITE);
    expect_fails(smr_dataset_builder_set_value(builder, "C", NULL, "x", 1, &error), &error, SMR_MESSAGE_PERIOD_MIXED);
    observation.qualifier = "about";
    expect_fails(smr_dataset_builder_set_observation(builder, "C", "2020", "x", &observation, &error), &error,
                 SMR_MESSAGE_QUALIFIER_UNKNOWN);
    observation.qualifier = "~";
    observation.error = -1;
    expect_fails(smr_dataset_builder_set_observation(builder, "C", "2020", "x", &observation, &error), &error,
                 SMR_MESSAGE_ERROR_NEGATIVE);
    expect_ok(smr_dataset_builder_build(builder, &dataset, &error), &error);
    smr_dataset_builder_free(builder);

    expect_dataset(dataset, "region,period,x,y,income\nA,2020,97,0,HIC\nB,2020,,,\n");
    expect_equal_uint(smr_dataset_row_count(dataset), 2);
    expect_equal_uint(smr_dataset_column_count(dataset), 3);
    expect_text(smr_dataset_region(dataset, 0), "A");
    expect_text(smr_dataset_region_name(dataset, 0), "Alpha");
    expect_text(smr_dataset_region_name(dataset, 1), "B");
    expect_text(smr_dataset_region_parent(dataset, 1), "A");
    expect(smr_dataset_region_parent(dataset, 0) == NULL);
    expect_text(smr_dataset_period(dataset, 1), "2020");
    expect_text(smr_dataset_latest_period(dataset), "2020");
    expect_equal_int(smr_dataset_find_row(dataset, "B", "2020"), 1);
    expect_equal_int(smr_dataset_find_row(dataset, "B", NULL), -1);
    expect_text(smr_dataset_column_id(dataset, 1), "y");
    expect_same_bits(smr_dataset_values(dataset, 1)[0], 0.0);
    smr_observation_init(&observation, sizeof observation);
    expect_ok(smr_dataset_observation(dataset, 0, 0, &observation, &error), &error);
    expect_near(observation.value, 97, 0);
    expect_near(observation.error, 0.5, 0);
    expect_text(observation.qualifier, ">");
    expect_text(observation.status, "E");
    expect_text(observation.source, "document 003");
    expect_text(observation.note, "more than");
    expect_text(observation.unit, "%");
    expect_ok(smr_dataset_observation(dataset, 1, 0, &observation, &error), &error);
    expect_near(observation.value, 0, 0);
    expect_nan(observation.error);
    expect(observation.qualifier == NULL && observation.source == NULL && observation.note == NULL);
    expect(smr_dataset_ref(dataset) == dataset);
    smr_dataset_unref(dataset);
    smr_dataset_unref(dataset);
}

/* Where a value comes from, read from a long table, also in one period of it. */
TEST(provenance_from_a_long_table) {
    static const char csv[] = "region,indicator,value,period,unit,status,qualifier,error,source,note\n"
                              "A,x,1.5,2020,ha,A,>,0.1,office,one\nA,x,2.5,2021,ha,E,<=,,,\nA,y,,2021,,M,,,,none yet\n";
    smr_dataset *dataset = api_dataset(csv), *selected = NULL;
    smr_error error = unit_error();
    expect_ok(smr_dataset_select_period(NULL, dataset, "2021", &selected, &error), &error);
    smr_dataset_unref(dataset);
    smr_observation observation;
    smr_observation_init(&observation, sizeof observation);
    size_t x = (size_t)smr_dataset_find_column(selected, "x"), y = (size_t)smr_dataset_find_column(selected, "y");
    expect_ok(smr_dataset_observation(selected, x, 0, &observation, &error), &error);
    expect_near(observation.value, 2.5, 0);
    expect_text(observation.qualifier, "<=");
    expect_text(observation.unit, "ha");
    expect_text(observation.status, "E");
    expect_nan(observation.error);
    expect(observation.source == NULL);
    expect_ok(smr_dataset_observation(selected, y, 0, &observation, &error), &error);
    expect_nan(observation.value);
    expect_text(observation.status, "M");
    expect_text(observation.note, "none yet");
    smr_dataset_unref(selected);
}

static void count_release(void *user) {
    ++*(int *)user;
}

/* Columns in the caller's memory: used in place, given back once, and only when the call succeeds. */
TEST(borrowed_columns) {
    static const double x[] = {1, 2, 3}, y[] = {4, 5, 6};
    const double *values[] = {x, y};
    static const char *const ids[] = {"x", "y"}, *const twice[] = {"x", "x"}, *const regions[] = {"A", "B", "C"},
                             *const periods[] = {"2020", "2020", "2021"}, *const parents[] = {NULL, "A", NULL},
                             *const doubled[] = {"A", "A", "C"};
    int released = 0;
    smr_columns columns;
    smr_dataset *dataset = NULL;
    smr_error error = unit_error();
    smr_columns_init(&columns, sizeof columns);
    columns.rows = 3;
    columns.column_count = 2;
    columns.ids = ids;
    columns.values = values;
    columns.borrow = 1;
    columns.release = count_release;
    columns.release_user = &released;
    expect_ok(smr_dataset_from_columns(unit_context(), &columns, &dataset, &error), &error);
    expect(smr_dataset_values(dataset, 0) == x && smr_dataset_values(dataset, 1) == y);
    expect_text(smr_dataset_region(dataset, 0), "1");
    expect_text(smr_dataset_region(dataset, 2), "3");
    smr_dataset_ref(dataset);
    smr_dataset_unref(dataset);
    expect_equal_int(released, 0);
    /* what was made of it does not need it any more */
    smr_framework *framework = api_framework("{'id': 'i', 'children': [{'id': 'x'}, {'id': 'y'}]}");
    smr_model *model = NULL;
    smr_scorecard *card = NULL;
    expect_ok(smr_model_fit(NULL, framework, dataset, NULL, &model, &error), &error);
    expect_ok(smr_model_score(NULL, model, dataset, NULL, &card, &error), &error);
    smr_dataset_unref(dataset);
    /* the card recomputes its indicators from the data, and so still holds them */
    expect_equal_int(released, 0);
    expect_near(api_score_of(card, "x", 2), 100, 0);
    smr_scorecard_unref(card);
    expect_equal_int(released, 1);
    smr_model_unref(model);
    smr_framework_unref(framework);

    columns.ids = twice;
    dataset = (smr_dataset *)(uintptr_t)1;
    expect_fails(smr_dataset_from_columns(NULL, &columns, &dataset, &error), &error, SMR_MESSAGE_COLUMN_DUPLICATE);
    expect(dataset == NULL);
    columns.ids = ids;
    columns.regions = doubled;
    expect_fails(smr_dataset_from_columns(NULL, &columns, &dataset, &error), &error, SMR_MESSAGE_REGION_DUPLICATE);
    const double infinite[] = {1, unit_double(UINT64_C(0xfff0000000000000)), 2};
    columns.regions = regions;
    values[1] = infinite;
    expect_fails(smr_dataset_from_columns(NULL, &columns, &dataset, &error), &error, SMR_MESSAGE_VALUE_INFINITE);
    expect_equal_int(released, 1);
    values[1] = y;
    columns.periods = periods;
    columns.parents = parents;
    expect_ok(smr_dataset_from_columns(NULL, &columns, &dataset, &error), &error);
    expect_dataset(dataset, "region,period,x,y\nA,2020,1,4\nB,2020,2,5\nC,2021,3,6\n");
    expect_text(smr_dataset_region_parent(dataset, 1), "A");
    smr_dataset_unref(dataset);
    expect_equal_int(released, 2);
    /* copied: nothing to release, the caller's memory is free at once */
    double *own = malloc(sizeof x);
    memcpy(own, x, sizeof x);
    values[0] = own;
    columns.borrow = 0;
    expect_ok(smr_dataset_from_columns(NULL, &columns, &dataset, &error), &error);
    memset(own, 0xff, sizeof x);
    free(own);
    expect_near(api_value_of(dataset, "x", 2), 3, 0);
    smr_dataset_unref(dataset);
    expect_equal_int(released, 2);
}

/* Vietnamese letters match however they are composed. */
TEST(composed_and_decomposed_ids) {
    smr_dataset *dataset = api_dataset("region,tổng\nHu\xe1\xba\xbf,1\n");
    expect_equal_int(smr_dataset_find_row(dataset, "Hue\xcc\x82\xcc\x81", NULL), 0);
    expect_equal_int(smr_dataset_find_column(dataset, "to\xcc\x82\xcc\x89ng"), 0);
    smr_dataset_unref(dataset);
}

static const unit_test tests[] = {
    UNIT(version_and_names),
    UNIT(what_is_supported),
    UNIT(catalogue), UNIT(steps_of_the_catalogue),
    UNIT(limits),
    UNIT(a_context_lives_as_long_as_its_objects),
    UNIT(framework_by_builder),
    UNIT(dataset_by_builder),
    UNIT(provenance_from_a_long_table),
    UNIT(borrowed_columns),
    UNIT(composed_and_decomposed_ids),
};
UNIT_SUITE(nouns, tests)
