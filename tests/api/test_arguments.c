/* SPDX-License-Identifier: MIT */
/* Wrong calls: NULL and out of range, of every function. The outputs are NULL or untouched, nothing crashes, and a
 * missing error record changes nothing. */
#include "api.h"

#include <math.h>
#include <string.h>

/* The pointer that outputs hold before a call: it must be NULL afterwards. */
#define JUNK(type) ((type *)(uintptr_t)1)

/* The call is refused as a wrong call with and without a record. `e` stands for the record in it. */
#define REFUSED(call) \
    do { \
        smr_error record = unit_error(), *e = &record; \
        expect_argument(call, e); \
        expect(record.message[0] != '\0'); \
        e = NULL; \
        expect_equal_int(call, SMR_ERROR_ARGUMENT); \
    } while (0)
/* The same; *output, junk before, is NULL after it. */
#define REFUSED_OUT(output, call) \
    do { \
        smr_error record = unit_error(), *e = &record; \
        (output) = (void *)(uintptr_t)1; \
        expect_argument(call, e); \
        expect((output) == NULL); \
        e = NULL; \
        (output) = (void *)(uintptr_t)1; \
        expect_equal_int(call, SMR_ERROR_ARGUMENT); \
        expect((output) == NULL); \
    } while (0)

static const char tree[] = "{'id': 'i', 'children': [{'id': 'x'}, {'id': 'y'}]}";
static const char json[] = "{\"id\": \"i\", \"children\": [{\"id\": \"x\"}]}";

static int32_t no_write(const void *bytes, size_t length, void *user) {
    (void)bytes;
    (void)length;
    (void)user;
    return 0;
}

static int64_t no_read(void *buffer, size_t size, void *user) {
    (void)buffer;
    (void)size;
    (void)user;
    return 0;
}

static void no_finding(const smr_error *record, void *user) {
    (void)record;
    (void)user;
}

TEST(common) {
    REFUSED(smr_context_new(NULL, NULL, e));
    smr_context_options options;
    smr_context_options_init(&options, sizeof options);
    options.size = 3;
    smr_context *context;
    REFUSED_OUT(context, smr_context_new(&options, &context, e));
    smr_context_options_init(&options, sizeof options);
    options.allocator.user = &options;
    api_counter counter;
    smr_context *counting = api_counting_context(&counter);
    smr_context_unref(counting);
    options.allocator.release = NULL;
    options.allocator.allocate = (void *(*)(size_t, void *))0;
    smr_context_options half = options;
    half.allocator.release = (void (*)(void *, void *))(uintptr_t)1;
    REFUSED_OUT(context, smr_context_new(&half, &context, e));
    smr_context_options_init(&options, sizeof options);
    options.kernel = "no such kernel";
    smr_error error = unit_error();
    expect_fails(smr_context_new(&options, &context, &error), &error, SMR_MESSAGE_KERNEL_UNKNOWN);
    expect(context == NULL);
    expect_equal_int(error.status, SMR_ERROR_UNSUPPORTED);

    /* NULL does nothing */
    smr_error_init(NULL, 100);
    smr_context_options_init(NULL, 100);
    expect(smr_context_ref(NULL) == NULL);
    smr_context_unref(NULL);
    expect(smr_context_kernel(NULL)[0] != '\0');
    expect_equal_int(smr_supports(NULL, "geometric"), 0);
    expect_equal_int(smr_supports("aggregate", NULL), 0);
    expect_equal_int(smr_supports("no such thing", "geometric"), 0);
    expect_text(smr_status_name(-1), "unknown");
    expect_text(smr_status_name(9999), "unknown");
    expect_text(smr_message_name(-1), "unknown");
    expect_text(smr_message_name(99999), "unknown");
    expect_text(smr_cell_status_name(-1), "unknown");
    expect_text(smr_cell_status_name(9999), "unknown");
}

TEST(framework_builder) {
    smr_framework_builder *builder;
    REFUSED(smr_framework_builder_new(NULL, "i", NULL, NULL, e));
    REFUSED_OUT(builder, smr_framework_builder_new(NULL, NULL, NULL, &builder, e));
    smr_error error = unit_error();
    expect_ok(smr_framework_builder_new(NULL, "i", NULL, &builder, &error), &error);
    REFUSED(smr_framework_builder_add_node(NULL, "i", "a", NULL, e));
    REFUSED(smr_framework_builder_add_node(builder, NULL, "a", NULL, e));
    REFUSED(smr_framework_builder_add_node(builder, "i", NULL, NULL, e));
    REFUSED(smr_framework_builder_add_indicator(NULL, "i", "x", NULL, e));
    REFUSED(smr_framework_builder_add_indicator(builder, NULL, "x", NULL, e));
    REFUSED(smr_framework_builder_add_indicator(builder, "i", NULL, NULL, e));
    REFUSED(smr_framework_builder_add_name(NULL, "i", "en", "Index", e));
    REFUSED(smr_framework_builder_add_name(builder, NULL, "en", "Index", e));
    REFUSED(smr_framework_builder_add_name(builder, "i", NULL, "Index", e));
    REFUSED(smr_framework_builder_add_name(builder, "i", "en", NULL, e));
    REFUSED(smr_framework_builder_add_tag(NULL, "i", "field", "people", e));
    REFUSED(smr_framework_builder_add_tag(builder, NULL, "field", "people", e));
    REFUSED(smr_framework_builder_add_tag(builder, "i", NULL, "people", e));
    REFUSED(smr_framework_builder_add_tag(builder, "i", "field", NULL, e));
    REFUSED(smr_framework_builder_build(builder, NULL, e));
    smr_framework *framework;
    REFUSED_OUT(framework, smr_framework_builder_build(NULL, &framework, e));
    /* numbers of enums that are none */
    smr_indicator_options options;
    smr_indicator_options_init(&options, sizeof options);
    options.direction = 4;
    REFUSED(smr_framework_builder_add_indicator(builder, "i", "x", &options, e));
    smr_indicator_options_init(&options, sizeof options);
    options.kind = -1;
    REFUSED(smr_framework_builder_add_indicator(builder, "i", "x", &options, e));
    smr_indicator_options_init(&options, sizeof options);
    options.transform = 5;
    REFUSED(smr_framework_builder_add_indicator(builder, "i", "x", &options, e));
    /* nothing of that was added */
    expect_ok(smr_framework_builder_add_indicator(builder, "i", "x", NULL, &error), &error);
    expect_ok(smr_framework_builder_build(builder, &framework, &error), &error);
    expect_equal_uint(smr_framework_node_count(framework), 2);
    smr_framework_unref(framework);
    smr_framework_builder_free(builder);
    smr_framework_builder_free(NULL);
}

TEST(framework) {
    smr_framework *framework;
    REFUSED(smr_framework_read(NULL, json, sizeof json - 1, "f", NULL, e));
    REFUSED_OUT(framework, smr_framework_read(NULL, NULL, 5, "f", &framework, e));
    REFUSED(smr_framework_builtin(NULL, "icf", NULL, e));
    REFUSED_OUT(framework, smr_framework_builtin(NULL, NULL, &framework, e));
    smr_error error = unit_error();
    framework = JUNK(smr_framework);
    expect_fails(smr_framework_builtin(NULL, "ifc", &framework, &error), &error, SMR_MESSAGE_NAME_UNKNOWN);
    expect_equal_int(error.status, SMR_ERROR_NOT_FOUND);
    expect(framework == NULL);
    REFUSED(smr_framework_write(NULL, no_write, NULL, e));
    framework = api_framework(tree);
    REFUSED(smr_framework_write(framework, NULL, NULL, e));
    smr_indicator_options options;
    smr_indicator_options_init(&options, sizeof options);
    REFUSED(smr_framework_indicator(NULL, 0, &options, e));
    REFUSED(smr_framework_indicator(framework, 2, &options, e));
    REFUSED(smr_framework_indicator(framework, SIZE_MAX, &options, e));
    REFUSED(smr_framework_indicator(framework, 0, NULL, e));

    expect(smr_framework_builtin_name(SIZE_MAX) == NULL);
    expect(smr_framework_ref(NULL) == NULL);
    smr_framework_unref(NULL);
    expect_equal_uint(smr_framework_node_count(NULL), 0);
    expect_equal_uint(smr_framework_indicator_count(NULL), 0);
    const smr_framework *const handles[] = {NULL, framework};
    const size_t beyond[] = {3, SIZE_MAX, UINT32_MAX, (size_t)UINT32_MAX + 1};
    for (size_t h = 0; h < COUNT(handles); h++) {
        for (size_t i = 0; i < COUNT(beyond); i++) {
            if (h == 1 && beyond[i] == 0) {
                continue; /* where size_t has 32 bits */
            }
            expect(smr_framework_node_id(handles[h], beyond[i]) == NULL);
            expect(smr_framework_node_name(handles[h], beyond[i], "en") == NULL);
            expect_equal_int(smr_framework_node_parent(handles[h], beyond[i]), -1);
            expect_equal_int(smr_framework_node_depth(handles[h], beyond[i]), -1);
            expect_nan(smr_framework_node_weight(handles[h], beyond[i]));
            expect_equal_int(smr_framework_node_indicator(handles[h], beyond[i]), -1);
            expect_equal_int(smr_framework_indicator_node(handles[h], beyond[i]), -1);
            expect(smr_framework_node_tag(handles[h], beyond[i], "field", 0) == NULL);
        }
        expect_equal_int(smr_framework_find(handles[h], NULL), -1);
        expect_equal_int(smr_framework_find(handles[h], "zz"), -1);
        expect_equal_int(smr_framework_find(handles[h], ""), -1);
        expect(smr_framework_node_tag(handles[h], 0, NULL, 0) == NULL);
        expect(smr_framework_node_tag(handles[h], 0, "field", 0) == NULL);
    }
    expect_equal_int(smr_framework_indicator_node(framework, 2), -1);
    expect_text(smr_framework_node_name(framework, 1, NULL), "x");
    smr_node_options_init(NULL, 100);
    smr_indicator_options_init(NULL, 100);
    smr_framework_unref(framework);
}

TEST(dataset_makers) {
    smr_dataset_builder *builder;
    smr_dataset *dataset;
    REFUSED(smr_dataset_builder_new(NULL, NULL, e));
    smr_error error = unit_error();
    expect_ok(smr_dataset_builder_new(NULL, &builder, &error), &error);
    REFUSED(smr_dataset_builder_set_value(NULL, "A", NULL, "x", 1, e));
    REFUSED(smr_dataset_builder_set_value(builder, NULL, NULL, "x", 1, e));
    REFUSED(smr_dataset_builder_set_value(builder, "A", NULL, NULL, 1, e));
    smr_observation observation;
    smr_observation_init(&observation, sizeof observation);
    REFUSED(smr_dataset_builder_set_observation(NULL, "A", NULL, "x", &observation, e));
    REFUSED(smr_dataset_builder_set_observation(builder, NULL, NULL, "x", &observation, e));
    REFUSED(smr_dataset_builder_set_observation(builder, "A", NULL, NULL, &observation, e));
    REFUSED(smr_dataset_builder_set_observation(builder, "A", NULL, "x", NULL, e));
    REFUSED(smr_dataset_builder_set_text(NULL, "A", NULL, "c", "t", e));
    REFUSED(smr_dataset_builder_set_text(builder, NULL, NULL, "c", "t", e));
    REFUSED(smr_dataset_builder_set_text(builder, "A", NULL, NULL, "t", e));
    REFUSED(smr_dataset_builder_set_text(builder, "A", NULL, "c", NULL, e));
    REFUSED(smr_dataset_builder_build(builder, NULL, e));
    REFUSED_OUT(dataset, smr_dataset_builder_build(NULL, &dataset, e));
    dataset = JUNK(smr_dataset);
    expect_fails(smr_dataset_builder_build(builder, &dataset, &error), &error, SMR_MESSAGE_DATASET_EMPTY);
    expect(dataset == NULL);
    smr_dataset_builder_free(builder);
    smr_dataset_builder_free(NULL);
    smr_observation_init(NULL, 100);

    static const double x[] = {1, 2};
    static const double *const values[] = {x}, *const no_values[] = {NULL};
    static const char *const ids[] = {"x"}, *const no_ids[] = {NULL}, *const regions[] = {"A", "B"},
                             *const holes[] = {"A", NULL};
    smr_columns columns;
    smr_columns_init(&columns, sizeof columns);
    columns.rows = 2;
    columns.column_count = 1;
    columns.ids = ids;
    columns.values = values;
    columns.regions = regions;
    REFUSED(smr_dataset_from_columns(NULL, &columns, NULL, e));
    REFUSED_OUT(dataset, smr_dataset_from_columns(NULL, NULL, &dataset, e));
    smr_columns wrong = columns;
    wrong.ids = NULL;
    REFUSED_OUT(dataset, smr_dataset_from_columns(NULL, &wrong, &dataset, e));
    wrong.ids = no_ids;
    REFUSED_OUT(dataset, smr_dataset_from_columns(NULL, &wrong, &dataset, e));
    wrong = columns;
    wrong.values = NULL;
    REFUSED_OUT(dataset, smr_dataset_from_columns(NULL, &wrong, &dataset, e));
    wrong.values = no_values;
    REFUSED_OUT(dataset, smr_dataset_from_columns(NULL, &wrong, &dataset, e));
    wrong = columns;
    wrong.regions = holes;
    REFUSED_OUT(dataset, smr_dataset_from_columns(NULL, &wrong, &dataset, e));
    wrong = columns;
    wrong.rows = 0;
    REFUSED_OUT(dataset, smr_dataset_from_columns(NULL, &wrong, &dataset, e));
    wrong = columns;
    wrong.column_count = 0;
    REFUSED_OUT(dataset, smr_dataset_from_columns(NULL, &wrong, &dataset, e));
    wrong = columns;
    wrong.borrow = 2;
    REFUSED_OUT(dataset, smr_dataset_from_columns(NULL, &wrong, &dataset, e));
    smr_columns_init(NULL, 100);

    REFUSED(smr_dataset_read_csv(NULL, no_read, NULL, NULL, NULL, e));
    REFUSED_OUT(dataset, smr_dataset_read_csv(NULL, NULL, NULL, NULL, &dataset, e));
    smr_csv_options options;
    smr_csv_options_init(&options, sizeof options);
    options.number_format = 3;
    REFUSED_OUT(dataset, smr_dataset_read_csv(NULL, no_read, NULL, &options, &dataset, e));
    options.number_format = -1;
    REFUSED_OUT(dataset, smr_dataset_read_csv(NULL, no_read, NULL, &options, &dataset, e));
    smr_csv_options_init(&options, sizeof options);
    options.strict = 2;
    REFUSED_OUT(dataset, smr_dataset_read_csv(NULL, no_read, NULL, &options, &dataset, e));
    static const char *const odd[] = {"region", NULL}, *const unknown[] = {"province", "x", NULL};
    smr_csv_options_init(&options, sizeof options);
    options.column_roles = odd;
    REFUSED_OUT(dataset, smr_dataset_read_csv(NULL, no_read, NULL, &options, &dataset, e));
    options.column_roles = unknown;
    REFUSED_OUT(dataset, smr_dataset_read_csv(NULL, no_read, NULL, &options, &dataset, e));
    smr_csv_options_init(NULL, 100);
}

TEST(dataset) {
    smr_dataset *dataset = api_dataset("region,name,income,x\nA,Alpha,HIC,1\nB,,,2\n");
    smr_error error = unit_error();
    static const char *const ids[] = {"x", NULL};
    REFUSED(smr_dataset_write_csv(NULL, NULL, 0, no_write, NULL, e));
    REFUSED(smr_dataset_write_csv(dataset, NULL, 0, NULL, NULL, e));
    REFUSED(smr_dataset_write_csv(dataset, NULL, 1, no_write, NULL, e));
    REFUSED(smr_dataset_write_csv(dataset, ids, 2, no_write, NULL, e));
    smr_observation observation;
    smr_observation_init(&observation, sizeof observation);
    REFUSED(smr_dataset_observation(NULL, 0, 0, &observation, e));
    REFUSED(smr_dataset_observation(dataset, 2, 0, &observation, e));
    REFUSED(smr_dataset_observation(dataset, 1, 2, &observation, e));
    REFUSED(smr_dataset_observation(dataset, SIZE_MAX, SIZE_MAX, &observation, e));
    REFUSED(smr_dataset_observation(dataset, 1, 0, NULL, e));
    /* a text has no value */
    expect_ok(smr_dataset_observation(dataset, 0, 0, &observation, &error), &error);
    expect_nan(observation.value);
    smr_dataset *selected;
    REFUSED(smr_dataset_select_period(NULL, dataset, NULL, NULL, e));
    REFUSED_OUT(selected, smr_dataset_select_period(NULL, NULL, NULL, &selected, e));

    expect(smr_dataset_ref(NULL) == NULL);
    smr_dataset_unref(NULL);
    expect_equal_uint(smr_dataset_row_count(NULL), 0);
    expect_equal_uint(smr_dataset_column_count(NULL), 0);
    expect(smr_dataset_latest_period(NULL) == NULL);
    const smr_dataset *const handles[] = {NULL, dataset};
    const size_t beyond[] = {2, SIZE_MAX, (size_t)UINT32_MAX};
    for (size_t h = 0; h < COUNT(handles); h++) {
        for (size_t i = 0; i < COUNT(beyond); i++) {
            expect(smr_dataset_region(handles[h], beyond[i]) == NULL);
            expect(smr_dataset_region_name(handles[h], beyond[i]) == NULL);
            expect(smr_dataset_region_parent(handles[h], beyond[i]) == NULL);
            expect(smr_dataset_period(handles[h], beyond[i]) == NULL);
            expect(smr_dataset_column_id(handles[h], beyond[i]) == NULL);
            expect(smr_dataset_values(handles[h], beyond[i]) == NULL);
            expect(smr_dataset_text(handles[h], beyond[i], 0) == NULL);
            expect(smr_dataset_text(handles[h], 0, beyond[i]) == NULL);
        }
        expect_equal_int(smr_dataset_find_row(handles[h], NULL, NULL), -1);
        expect_equal_int(smr_dataset_find_row(handles[h], "C", NULL), -1);
        expect_equal_int(smr_dataset_find_row(handles[h], "A", "2020"), -1);
        expect_equal_int(smr_dataset_find_column(handles[h], NULL), -1);
        expect_equal_int(smr_dataset_find_column(handles[h], "y"), -1);
    }
    expect(smr_dataset_latest_period(dataset) == NULL);
    expect(smr_dataset_values(dataset, 0) == NULL);
    expect(smr_dataset_text(dataset, 1, 0) == NULL);
    expect(smr_dataset_text(dataset, 0, 1) == NULL);
    expect_text(smr_dataset_text(dataset, 0, 0), "HIC");
    smr_dataset_unref(dataset);
}

TEST(plan) {
    smr_plan_builder *builder;
    smr_plan *plan;
    smr_error error = unit_error();
    REFUSED(smr_plan_builder_new(NULL, NULL, e));
    expect_ok(smr_plan_builder_new(NULL, &builder, &error), &error);
    REFUSED(smr_plan_builder_set_number(NULL, "rank.decimals", 1, e));
    REFUSED(smr_plan_builder_set_number(builder, NULL, 1, e));
    REFUSED(smr_plan_builder_set_text(NULL, "rank.ties", "max", e));
    REFUSED(smr_plan_builder_set_text(builder, NULL, "max", e));
    REFUSED(smr_plan_builder_set_text(builder, "rank.ties", NULL, e));
    REFUSED(smr_plan_builder_set_json(NULL, "rank.ties", "1", e));
    REFUSED(smr_plan_builder_set_json(builder, NULL, "1", e));
    REFUSED(smr_plan_builder_set_json(builder, "rank.ties", NULL, e));
    REFUSED(smr_plan_builder_build(builder, NULL, e));
    REFUSED_OUT(plan, smr_plan_builder_build(NULL, &plan, e));
    smr_plan_builder_free(builder);
    smr_plan_builder_free(NULL);
    REFUSED(smr_plan_read(NULL, "{}", 2, NULL, NULL, e));
    REFUSED_OUT(plan, smr_plan_read(NULL, NULL, 0, NULL, &plan, e));
    REFUSED(smr_plan_preset(NULL, "hdi", NULL, e));
    REFUSED_OUT(plan, smr_plan_preset(NULL, NULL, &plan, e));
    smr_plan *one = api_plan("{}");
    REFUSED(smr_plan_overlay(NULL, one, one, NULL, e));
    REFUSED_OUT(plan, smr_plan_overlay(NULL, NULL, one, &plan, e));
    REFUSED_OUT(plan, smr_plan_overlay(NULL, one, NULL, &plan, e));
    smr_framework *framework = api_framework(tree);
    REFUSED(smr_plan_write_resolved(one, NULL, no_write, NULL, e));
    REFUSED(smr_plan_write_resolved(one, framework, NULL, NULL, e));
    expect(smr_plan_preset_name(SIZE_MAX) == NULL);
    expect(smr_plan_ref(NULL) == NULL);
    smr_plan_unref(NULL);
    smr_framework_unref(framework);
    smr_plan_unref(one);
}

TEST(model) {
    api_world world = api_world_make(tree, "region,x,y\nA,1,2\nB,3,5\n", NULL);
    smr_model *model;
    REFUSED(smr_model_fit(NULL, world.framework, world.dataset, NULL, NULL, e));
    REFUSED_OUT(model, smr_model_fit(NULL, NULL, world.dataset, NULL, &model, e));
    REFUSED_OUT(model, smr_model_fit(NULL, world.framework, NULL, NULL, &model, e));
    smr_scorecard *card;
    REFUSED(smr_model_score(NULL, world.model, world.dataset, NULL, NULL, e));
    REFUSED_OUT(card, smr_model_score(NULL, NULL, world.dataset, NULL, &card, e));
    REFUSED_OUT(card, smr_model_score(NULL, world.model, NULL, NULL, &card, e));
    smr_score_options options;
    smr_score_options_init(&options, sizeof options);
    options.keep = 3;
    REFUSED_OUT(card, smr_model_score(NULL, world.model, world.dataset, &options, &card, e));
    options.keep = -1;
    REFUSED_OUT(card, smr_model_score(NULL, world.model, world.dataset, &options, &card, e));
    smr_score_options_init(NULL, 100);

    static const double values[] = {1, 2, 3};
    double scores[4] = {-7, -7, -7, -7};
    REFUSED(smr_model_score_values(NULL, values, 2, scores, 3, e));
    REFUSED(smr_model_score_values(world.model, NULL, 2, scores, 3, e));
    REFUSED(smr_model_score_values(world.model, values, 2, NULL, 3, e));
    REFUSED(smr_model_score_values(world.model, values, 1, scores, 3, e));
    REFUSED(smr_model_score_values(world.model, values, 3, scores, 3, e));
    REFUSED(smr_model_score_values(world.model, values, 2, scores, 2, e));
    REFUSED(smr_model_score_values(world.model, values, 2, scores, 4, e));
    for (size_t i = 0; i < COUNT(scores); i++) {
        expect_near(scores[i], -7, 0);
    }
    smr_dataset *snapshot;
    REFUSED(smr_model_snapshot(NULL, world.model, world.dataset, "raw", NULL, e));
    REFUSED_OUT(snapshot, smr_model_snapshot(NULL, NULL, world.dataset, "raw", &snapshot, e));
    REFUSED_OUT(snapshot, smr_model_snapshot(NULL, world.model, NULL, "raw", &snapshot, e));
    REFUSED_OUT(snapshot, smr_model_snapshot(NULL, world.model, world.dataset, NULL, &snapshot, e));
    smr_error error = unit_error();
    snapshot = JUNK(smr_dataset);
    expect_fails(smr_model_snapshot(NULL, world.model, world.dataset, "normalize", &snapshot, &error), &error,
                 SMR_MESSAGE_STEP_UNKNOWN);
    expect_equal_int(error.status, SMR_ERROR_NOT_FOUND);
    expect(snapshot == NULL);
    expect(strstr(error.message, "did you mean \"normalise\"?") != NULL);

    REFUSED(smr_model_write(NULL, no_write, NULL, e));
    REFUSED(smr_model_write(world.model, NULL, NULL, e));
    REFUSED(smr_model_write_plan(NULL, no_write, NULL, e));
    REFUSED(smr_model_write_plan(world.model, NULL, NULL, e));
    REFUSED(smr_model_read(NULL, "{}", 2, NULL, NULL, e));
    REFUSED_OUT(model, smr_model_read(NULL, NULL, 2, NULL, &model, e));
    REFUSED(smr_check(NULL, NULL, world.dataset, NULL, no_finding, NULL, e));
    REFUSED(smr_check(NULL, world.framework, NULL, NULL, no_finding, NULL, e));
    REFUSED(smr_check(NULL, world.framework, world.dataset, NULL, NULL, NULL, e));

    expect(smr_model_ref(NULL) == NULL);
    smr_model_unref(NULL);
    expect(smr_model_framework(NULL) == NULL);
    expect_equal_uint(smr_model_input_count(NULL), 0);
    expect(smr_model_input_id(NULL, 0) == NULL);
    expect(smr_model_input_id(world.model, 2) == NULL);
    expect(smr_model_input_id(world.model, SIZE_MAX) == NULL);
    expect_nan(smr_model_weight(NULL, 0));
    expect_nan(smr_model_weight(world.model, 3));
    expect_nan(smr_model_effective_weight(NULL, 0));
    expect_nan(smr_model_effective_weight(world.model, SIZE_MAX));
    api_world_free(&world);
}

TEST(scorecard) {
    api_world world = api_world_make(tree, "region,x,y\nA,1,2\nB,3,5\n", NULL);
    typedef smr_status (*column_function)(const smr_scorecard *, size_t, double *, size_t, smr_error *);
    static const column_function functions[] = {smr_scorecard_scores, smr_scorecard_ranks, smr_scorecard_coverages};
    double column[3] = {-7, -7, -7};
    uint8_t statuses[3] = {77, 77, 77};
    for (size_t f = 0; f < COUNT(functions); f++) {
        REFUSED(functions[f](NULL, 0, column, 2, e));
        REFUSED(functions[f](world.card, 3, column, 2, e));
        REFUSED(functions[f](world.card, SIZE_MAX, column, 2, e));
        REFUSED(functions[f](world.card, 0, NULL, 2, e));
        REFUSED(functions[f](world.card, 0, column, 1, e));
        REFUSED(functions[f](world.card, 0, column, 3, e));
    }
    REFUSED(smr_scorecard_statuses(NULL, 0, statuses, 2, e));
    REFUSED(smr_scorecard_statuses(world.card, 3, statuses, 2, e));
    REFUSED(smr_scorecard_statuses(world.card, 0, NULL, 2, e));
    REFUSED(smr_scorecard_statuses(world.card, 0, statuses, 1, e));
    REFUSED(smr_scorecard_statuses(world.card, 0, statuses, 3, e));
    for (size_t i = 0; i < 3; i++) {
        expect_near(column[i], -7, 0);
        expect_equal_int(statuses[i], 77);
    }
    REFUSED(smr_scorecard_write_csv(NULL, NULL, no_write, NULL, e));
    REFUSED(smr_scorecard_write_csv(world.card, NULL, NULL, NULL, e));
    REFUSED(smr_scorecard_write_json(NULL, NULL, no_write, NULL, e));
    REFUSED(smr_scorecard_write_json(world.card, NULL, NULL, NULL, e));
    smr_error error = unit_error();
    expect_fails(smr_scorecard_write_csv(world.card, "2020", no_write, NULL, &error), &error,
                 SMR_MESSAGE_PERIOD_UNKNOWN);
    expect_fails(smr_scorecard_write_json(world.card, "2020", no_write, NULL, &error), &error,
                 SMR_MESSAGE_PERIOD_UNKNOWN);

    expect(smr_scorecard_ref(NULL) == NULL);
    smr_scorecard_unref(NULL);
    expect_equal_uint(smr_scorecard_row_count(NULL), 0);
    expect(smr_scorecard_framework(NULL) == NULL);
    const smr_scorecard *const handles[] = {NULL, world.card};
    const size_t beyond[] = {2, SIZE_MAX};
    for (size_t h = 0; h < COUNT(handles); h++) {
        for (size_t i = 0; i < COUNT(beyond); i++) {
            expect(smr_scorecard_region(handles[h], beyond[i]) == NULL);
            expect(smr_scorecard_region_name(handles[h], beyond[i]) == NULL);
            expect(smr_scorecard_period(handles[h], beyond[i]) == NULL);
        }
        expect_equal_int(smr_scorecard_find_row(handles[h], NULL, NULL), -1);
        expect_equal_int(smr_scorecard_find_row(handles[h], "C", NULL), -1);
        expect_equal_int(smr_scorecard_find_row(handles[h], "A", "2020"), -1);
    }
    api_world_free(&world);
}

TEST(catalogue) {
    smr_method method;
    smr_method_parameter parameter;
    smr_method_init(&method, sizeof method);
    smr_method_parameter_init(&parameter, sizeof parameter);
    REFUSED(smr_method_get(smr_method_count(), &method, e));
    REFUSED(smr_method_get(SIZE_MAX, &method, e));
    REFUSED(smr_method_get(0, NULL, e));
    REFUSED(smr_method_get_parameter(smr_method_count(), 0, &parameter, e));
    REFUSED(smr_method_get_parameter(0, 0, NULL, e));
    for (size_t i = 0; i < smr_method_count(); i++) {
        smr_error error = unit_error();
        expect_ok(smr_method_get(i, &method, &error), &error);
        REFUSED(smr_method_get_parameter(i, method.parameter_count, &parameter, e));
        REFUSED(smr_method_get_parameter(i, SIZE_MAX, &parameter, e));
    }
    smr_step step;
    smr_step_init(&step, sizeof step);
    REFUSED(smr_step_get(smr_step_count(), &step, e));
    REFUSED(smr_step_get(0, NULL, e));
    REFUSED(smr_step_get_parameter(smr_step_count(), 0, &parameter, e));
    REFUSED(smr_step_get_parameter(0, 0, NULL, e));
    for (size_t i = 0; i < smr_step_count(); i++) {
        smr_error error = unit_error();
        expect_ok(smr_step_get(i, &step, &error), &error);
        REFUSED(smr_step_get_parameter(i, step.parameter_count, &parameter, e));
    }
    smr_step_init(NULL, 100);
    smr_method_init(NULL, 100);
    smr_method_parameter_init(NULL, 100);
}

TEST(robust) {
    static const char text[] = "{\"factors\": [{\"vary\": \"leave_out\"}]}";
    api_world world = api_world_nouns(tree, "region,x,y\nA,1,4\nB,2,3\n", NULL);
    const smr_framework *f = world.framework;
    const smr_dataset *d = world.dataset;
    smr_uncertainty *uncertainty;
    smr_robust *robust, *merged;
    smr_error error = unit_error();
    REFUSED(smr_uncertainty_read(NULL, text, sizeof text - 1, NULL, NULL, e));
    REFUSED_OUT(uncertainty, smr_uncertainty_read(NULL, NULL, 0, NULL, &uncertainty, e));
    REFUSED(smr_robust_run(NULL, f, d, NULL, NULL, NULL, NULL, e));
    REFUSED_OUT(robust, smr_robust_run(NULL, NULL, d, NULL, NULL, NULL, &robust, e));
    REFUSED_OUT(robust, smr_robust_run(NULL, f, NULL, NULL, NULL, NULL, &robust, e));
    smr_robust_options options;
    smr_robust_options_init(&options, sizeof options);
    options.nodes = 4;
    REFUSED_OUT(robust, smr_robust_run(NULL, f, d, NULL, NULL, &options, &robust, e));
    smr_robust_options_init(&options, sizeof options);
    options.outputs = 8;
    REFUSED_OUT(robust, smr_robust_run(NULL, f, d, NULL, NULL, &options, &robust, e));
    smr_robust_options_init(&options, sizeof options);
    options.draws = (UINT64_C(1) << 31) + 1;
    REFUSED_OUT(robust, smr_robust_run(NULL, f, d, NULL, NULL, &options, &robust, e));
    options.draws = 10;
    options.first_draw = UINT64_MAX;
    REFUSED_OUT(robust, smr_robust_run(NULL, f, d, NULL, NULL, &options, &robust, e));
    options.first_draw = options.draws = 0;
    expect_fails(smr_robust_run(NULL, f, d, NULL, NULL, &options, &robust, &error), &error, SMR_MESSAGE_DRAWS_NONE);
    expect(robust == NULL);
    options.draws = 10;
    const smr_ballots *const no_ballots[1] = {NULL};
    smr_funnel *funnel = NULL;
    expect_ok(smr_funnel_builtin(NULL, "icf", &funnel, &error), &error);
    options.ballots = no_ballots; /* without their number, without a funnel, and of another number of stages */
    REFUSED_OUT(robust, smr_robust_run(NULL, f, d, NULL, NULL, &options, &robust, e));
    options.ballot_count = 1;
    REFUSED_OUT(robust, smr_robust_run(NULL, f, d, NULL, NULL, &options, &robust, e));
    options.funnel = funnel;
    REFUSED_OUT(robust, smr_robust_run(NULL, f, d, NULL, NULL, &options, &robust, e));
    options.ballots = NULL;
    options.ballot_count = 0;
    options.year = 10000;
    REFUSED_OUT(robust, smr_robust_run(NULL, f, d, NULL, NULL, &options, &robust, e));
    options.funnel = NULL;
    options.year = 0;
    smr_funnel_unref(funnel);
    options.period = "2020";
    expect_fails(smr_robust_run(NULL, f, d, NULL, NULL, &options, &robust, &error), &error, SMR_MESSAGE_PERIOD_UNKNOWN);
    options.period = NULL;
    expect_ok(smr_robust_run(NULL, f, d, NULL, NULL, &options, &robust, &error), &error);

    double values[3];
    uint64_t counts[3];
    smr_robust_failure failure;
    smr_robust_failure_init(&failure, sizeof failure);
    smr_robust_failure_init(NULL, 3);
    smr_robust_options_init(NULL, 3);
    REFUSED(smr_robust_values(NULL, 0, 0, 0, values, 2, e));
    REFUSED(smr_robust_values(robust, 0, 0, 0, NULL, 2, e));
    REFUSED(smr_robust_values(robust, 0, 0, 3, values, 2, e));
    REFUSED(smr_robust_values(robust, 0, 0, 0, values, 3, e));
    REFUSED(smr_robust_values(robust, -1, 0, 0, values, 2, e));
    REFUSED(smr_robust_values(robust, 12, 0, 0, values, 2, e));
    REFUSED(smr_robust_values(robust, SMR_ROBUST_RANK_QUANTILE, 1.5, 0, values, 2, e));
    REFUSED(smr_robust_values(robust, SMR_ROBUST_SCORE_QUANTILE, -0.5, 0, values, 2, e));
    REFUSED(smr_robust_stage_probability(NULL, 0, values, 2, e));
    REFUSED(smr_robust_stage_probability(robust, 0, NULL, 2, e));
    REFUSED(smr_robust_stage_probability(robust, 0, values, 3, e));
    REFUSED(smr_robust_stage_probability(robust, 0, values, 2, e)); /* it has no stages */
    expect_equal_uint(smr_robust_stage_count(NULL) + smr_robust_stage_count(robust), 0);
    expect(smr_robust_stage_id(NULL, 0) == NULL && smr_robust_stage_id(robust, 0) == NULL);
    REFUSED(smr_robust_histogram(NULL, 0, 0, counts, 3, e));
    REFUSED(smr_robust_histogram(robust, 0, 0, NULL, 3, e));
    REFUSED(smr_robust_histogram(robust, 0, 0, counts, 2, e));
    REFUSED(smr_robust_histogram(robust, 0, 2, counts, 3, e));
    REFUSED(smr_robust_histogram(robust, 3, 0, counts, 3, e));
    REFUSED(smr_robust_pairwise(NULL, 0, 0, values, 2, e));
    REFUSED(smr_robust_pairwise(robust, 0, 2, values, 2, e));
    REFUSED(smr_robust_pairwise(robust, 0, 0, values, 1, e));
    REFUSED(smr_robust_central_weights(NULL, 0, values, 3, e));
    REFUSED(smr_robust_central_weights(robust, 0, values, 2, e));
    REFUSED(smr_robust_central_weights(robust, 2, values, 3, e));
    REFUSED(smr_robust_failure_get(NULL, 0, &failure, e));
    REFUSED(smr_robust_failure_get(robust, 0, &failure, e));
    REFUSED(smr_robust_failure_get(robust, 0, NULL, e));
    REFUSED(smr_robust_write_csv(NULL, no_write, NULL, e));
    REFUSED(smr_robust_write_csv(robust, NULL, NULL, e));
    REFUSED(smr_robust_write_json(NULL, no_write, NULL, e));
    REFUSED(smr_robust_write_json(robust, NULL, NULL, e));
    REFUSED(smr_robust_write_part(NULL, no_write, NULL, e));
    REFUSED(smr_robust_write_part(robust, NULL, NULL, e));
    REFUSED(smr_robust_read_part(NULL, f, d, NULL, NULL, text, 1, NULL, e));
    REFUSED_OUT(merged, smr_robust_read_part(NULL, NULL, d, NULL, NULL, text, 1, &merged, e));
    REFUSED_OUT(merged, smr_robust_read_part(NULL, f, NULL, NULL, NULL, text, 1, &merged, e));
    REFUSED_OUT(merged, smr_robust_read_part(NULL, f, d, NULL, NULL, NULL, 1, &merged, e));
    const smr_robust *parts[] = {robust, NULL};
    REFUSED(smr_robust_merge(NULL, parts, 1, NULL, e));
    REFUSED_OUT(merged, smr_robust_merge(NULL, NULL, 1, &merged, e));
    REFUSED_OUT(merged, smr_robust_merge(NULL, parts, 0, &merged, e));
    REFUSED_OUT(merged, smr_robust_merge(NULL, parts, 2, &merged, e));
    /* not asked for: not there */
    expect_ok(smr_robust_pairwise(robust, 0, 0, values, 2, &error), &error);
    expect_nan(values[1]);
    expect_ok(smr_robust_central_weights(robust, 0, values, 3, &error), &error);
    expect_nan(values[0]);
    expect(smr_robust_region(robust, 2) == NULL && smr_robust_region_name(robust, 2) == NULL);
    expect(smr_robust_factor_id(robust, 1) == NULL && smr_robust_factor_id(NULL, 0) == NULL);
    expect_equal_uint(smr_robust_node(robust, 3), SIZE_MAX);
    expect_nan(smr_robust_cell_width(robust, 3));
    expect_nan(smr_robust_mean_rank_shift(robust, 3));
    /* NULL has nothing */
    expect(smr_robust_draw_count(NULL) == 0 && smr_robust_failed_count(NULL) == 0 && smr_robust_seed(NULL) == 0);
    expect(smr_robust_is_exact(NULL) == 0 && smr_robust_unproven(NULL) == 0);
    expect(smr_robust_is_partial(NULL) == 0 && smr_robust_region_count(NULL) == 0 && smr_robust_node_count(NULL) == 0);
    expect(smr_robust_failure_count(NULL) == 0 && smr_robust_framework(NULL) == NULL);
    expect(smr_robust_region(NULL, 0) == NULL && smr_robust_region_name(NULL, 0) == NULL);
    expect_equal_int(smr_robust_alternative(NULL, 0, 0, NULL, NULL), 0);
    expect_equal_uint(smr_robust_node(NULL, 0), SIZE_MAX);
    expect_nan(smr_robust_cell_width(NULL, 0));
    expect_nan(smr_robust_mean_rank_shift(NULL, 0));
    expect(smr_robust_ref(NULL) == NULL && smr_robust_ref(robust) == robust);
    smr_robust_unref(robust);
    smr_robust_unref(robust);
    smr_robust_unref(NULL);
    api_world_free(&world);
}

TEST(sobol_numbers) {
    double points[4] = {-7, -7, -7, -7}, indices[2 * SMR_SOBOL_COLUMNS] = {-7};
    smr_sobol_points_options where;
    smr_sobol_points_options_init(&where, sizeof where);
    REFUSED(smr_sobol_points(NULL, 2, 2, NULL, NULL, e));
    REFUSED(smr_sobol_points(NULL, 1, smr_sobol_dimension_count() + 1, NULL, points, e));
    REFUSED(smr_sobol_points(NULL, SIZE_MAX, 2, NULL, points, e));
    where.first_dimension = smr_sobol_dimension_count();
    REFUSED(smr_sobol_points(NULL, 1, 1, &where, points, e));
    where.first_dimension = UINT32_MAX;
    REFUSED(smr_sobol_points(NULL, 1, 1, &where, points, e));
    smr_sobol_points_options_init(&where, sizeof where);
    where.first_point = UINT64_C(1) << 53;
    REFUSED(smr_sobol_points(NULL, 1, 1, &where, points, e));
    where.first_point = UINT64_MAX;
    REFUSED(smr_sobol_points(NULL, 1, 1, &where, points, e));
    smr_sobol_points_options_init(&where, sizeof where);
    where.scramble = 2;
    REFUSED(smr_sobol_points(NULL, 1, 1, &where, points, e));
    where.scramble = 1;
    where.reserved = 1;
    REFUSED(smr_sobol_points(NULL, 1, 1, &where, points, e));

    static const double f[] = {1, 2, 3, 4};
    smr_sobol_options options;
    smr_sobol_options_init(&options, sizeof options);
    REFUSED(smr_sobol_indices(NULL, NULL, f, f, f, 2, 2, NULL, indices, NULL, e));
    REFUSED(smr_sobol_indices(NULL, f, NULL, f, f, 2, 2, NULL, indices, NULL, e));
    REFUSED(smr_sobol_indices(NULL, f, f, NULL, f, 2, 2, NULL, indices, NULL, e));
    REFUSED(smr_sobol_indices(NULL, f, f, f, NULL, 2, 2, NULL, indices, NULL, e));
    REFUSED(smr_sobol_indices(NULL, f, f, f, f, 2, 2, NULL, NULL, NULL, e));
    REFUSED(smr_sobol_indices(NULL, f, f, f, f, 0, 2, NULL, indices, NULL, e));
    REFUSED(smr_sobol_indices(NULL, f, f, f, f, 2, 0, NULL, indices, NULL, e));
    REFUSED(smr_sobol_indices(NULL, f, f, f, f, SIZE_MAX, 2, NULL, indices, NULL, e));
    static const int32_t estimators[] = {-1, SMR_SOBOL_EXACT, SMR_SOBOL_EXACT + 1};
    for (size_t i = 0; i < COUNT(estimators); i++) {
        options.estimator = estimators[i];
        REFUSED(smr_sobol_indices(NULL, f, f, f, f, 2, 2, &options, indices, NULL, e));
    }
    options.estimator = SMR_SOBOL_AUTO;
    static const double confidences[] = {0, 1, -1, (double)NAN};
    for (size_t i = 0; i < COUNT(confidences); i++) {
        options.confidence = confidences[i];
        REFUSED(smr_sobol_indices(NULL, f, f, f, f, 2, 2, &options, indices, NULL, e));
    }
    options.confidence = 0.5;
    options.reserved = 1;
    REFUSED(smr_sobol_indices(NULL, f, f, f, f, 2, 2, &options, indices, NULL, e));

    static const uint32_t levels[] = {2, 2}, none[] = {2, 0}, many[] = {UINT32_MAX, UINT32_MAX};
    static const double likely[] = {1, 0, 2, 3}, negative[] = {1, -1, 1, 1}, zero[] = {1, 1, 0, 0},
                        endless[] = {1, 1, (double)INFINITY, 1}, huge[] = {1e308, 1e308, 1, 1};
    REFUSED(smr_sobol_anova(NULL, NULL, levels, 2, likely, indices, NULL, e));
    REFUSED(smr_sobol_anova(NULL, f, NULL, 2, likely, indices, NULL, e));
    REFUSED(smr_sobol_anova(NULL, f, levels, 2, likely, NULL, NULL, e));
    REFUSED(smr_sobol_anova(NULL, f, levels, 0, likely, indices, NULL, e));
    REFUSED(smr_sobol_anova(NULL, f, none, 2, NULL, indices, NULL, e));
    if (sizeof(size_t) == 8) {
        static const uint32_t three[] = {UINT32_MAX, UINT32_MAX, UINT32_MAX};
        REFUSED(smr_sobol_anova(NULL, f, three, 3, NULL, indices, NULL, e));
    } else {
        REFUSED(smr_sobol_anova(NULL, f, many, 2, NULL, indices, NULL, e));
    }
    REFUSED(smr_sobol_anova(NULL, f, levels, 2, negative, indices, NULL, e));
    REFUSED(smr_sobol_anova(NULL, f, levels, 2, zero, indices, NULL, e));
    REFUSED(smr_sobol_anova(NULL, f, levels, 2, endless, indices, NULL, e));
    REFUSED(smr_sobol_anova(NULL, f, levels, 2, huge, indices, NULL, e));
    smr_sobol_summary summary;
    memset(&summary, 0, sizeof summary);
    REFUSED(smr_sobol_anova(NULL, f, levels, 2, likely, indices, &summary, e));
    REFUSED(smr_sobol_indices(NULL, f, f, f, f, 2, 2, NULL, indices, &summary, e));

    static const double infinite[] = {1, 2, -(double)INFINITY, 4};
    smr_error error = unit_error();
    expect_fails(smr_sobol_anova(NULL, infinite, levels, 2, NULL, indices, NULL, &error), &error,
                 SMR_MESSAGE_SOBOL_INFINITE);
    expect_fails(smr_sobol_indices(NULL, f, f, infinite, f, 2, 2, NULL, indices, NULL, &error), &error,
                 SMR_MESSAGE_SOBOL_INFINITE);
    expect_fails(smr_sobol_indices(NULL, f, f, f, infinite, 2, 2, NULL, indices, NULL, &error), &error,
                 SMR_MESSAGE_SOBOL_INFINITE);
    for (size_t i = 0; i < COUNT(points); i++) {
        expect_near(points[i], -7, 0);
    }
    expect_near(indices[0], -7, 0);
    expect_text(smr_sobol_status_name(SMR_SOBOL_RARE_EVENT), "rare_event");
    expect_text(smr_sobol_status_name(-1), "unknown");
    expect_text(smr_sobol_status_name(99), "unknown");
}

TEST(sobol_study) {
    api_world world = api_world_make(tree, "region,x,y\nA,1,2\nB,3,5\n", NULL);
    smr_sobol *study;
    smr_sobol_study_options options;
    smr_sobol_study_options_init(&options, sizeof options);
    REFUSED(smr_sobol_run(NULL, world.framework, world.dataset, NULL, NULL, NULL, NULL, e));
    REFUSED_OUT(study, smr_sobol_run(NULL, NULL, world.dataset, NULL, NULL, NULL, &study, e));
    REFUSED_OUT(study, smr_sobol_run(NULL, world.framework, NULL, NULL, NULL, NULL, &study, e));
    options.estimator = SMR_SOBOL_EXACT + 1;
    REFUSED_OUT(study, smr_sobol_run(NULL, world.framework, world.dataset, NULL, NULL, &options, &study, e));
    options.estimator = SMR_SOBOL_AUTO;
    options.confidence = 1;
    REFUSED_OUT(study, smr_sobol_run(NULL, world.framework, world.dataset, NULL, NULL, &options, &study, e));
    options.confidence = 0.9;
    options.draws = 2;
    smr_error error = unit_error();
    expect_ok(smr_sobol_run(NULL, world.framework, world.dataset, NULL, NULL, &options, &study, &error), &error);
    smr_sobol_summary summary;
    smr_sobol_summary_init(&summary, sizeof summary);
    REFUSED(smr_sobol_output_summary(NULL, 0, &summary, e));
    REFUSED(smr_sobol_output_summary(study, 3, &summary, e));
    REFUSED(smr_sobol_output_summary(study, 0, NULL, e));
    REFUSED(smr_sobol_write_csv(NULL, no_write, NULL, e));
    REFUSED(smr_sobol_write_csv(study, NULL, NULL, e));
    REFUSED(smr_sobol_write_json(NULL, no_write, NULL, e));
    REFUSED(smr_sobol_write_json(study, NULL, NULL, e));
    const smr_sobol *const handles[] = {NULL, study};
    for (size_t h = 0; h < COUNT(handles); h++) {
        expect(smr_sobol_factor(handles[h], 1) == NULL && smr_sobol_factor(handles[h], SIZE_MAX) == NULL);
        expect(smr_sobol_output(handles[h], 3) == NULL && smr_sobol_output(handles[h], SIZE_MAX) == NULL);
        expect(smr_sobol_output_region_name(handles[h], 3) == NULL);
        expect(smr_sobol_output_indices(handles[h], 3) == NULL);
        expect_equal_int(smr_sobol_find_output(handles[h], NULL), -1);
        expect_equal_int(smr_sobol_find_output(handles[h], "rank:C"), -1);
    }
    expect(smr_sobol_ref(NULL) == NULL);
    expect(smr_sobol_factor_count(NULL) == 0 && smr_sobol_output_count(NULL) == 0);
    expect(smr_sobol_draw_count(NULL) == 0 && smr_sobol_evaluation_count(NULL) == 0);
    expect(smr_sobol_failed_count(NULL) == 0 && smr_sobol_estimator_used(NULL) == -1);
    smr_sobol_unref(smr_sobol_ref(study));
    smr_sobol_unref(study);
    smr_sobol_unref(NULL);
    api_world_free(&world);
}

static const unit_test tests[] = {
    UNIT(common), UNIT(framework_builder), UNIT(framework), UNIT(dataset_makers), UNIT(dataset), UNIT(plan),
    UNIT(model),  UNIT(scorecard),         UNIT(catalogue),
    UNIT(robust), UNIT(sobol_numbers), UNIT(sobol_study),
};
UNIT_SUITE(arguments, tests)
