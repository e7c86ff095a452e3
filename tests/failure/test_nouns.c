/* SPDX-License-Identifier: MIT */
/* Every allocation fails once while frameworks, datasets and plans are made. */
#include "worlds.h"

/* ---- frameworks ---- */

static smr_status read_framework(failure_run *run, const char *text) {
    smr_framework *framework = NULL;
    smr_status status = SMR_OK;
    STEP_MAKING(framework, smr_framework_read(run->context, text, strlen(text), "f.json", &framework, &run->error));
    STEP(smr_framework_write(framework, failure_discard, NULL, &run->error));
    smr_framework_unref(framework);
    return status;
}

static smr_status framework_json(failure_run *run) {
    return read_framework(run, failure_text(failure_framework_json));
}

static smr_status framework_imeta(failure_run *run) {
    return read_framework(run, failure_text(failure_imeta));
}

static smr_status framework_builtin(failure_run *run) {
    smr_framework *framework = NULL;
    smr_status status = SMR_OK;
    STEP_MAKING(framework, smr_framework_builtin(run->context, "icf", &framework, &run->error));
    STEP(smr_framework_write(framework, failure_discard, NULL, &run->error));
    smr_framework_unref(framework);
    return status;
}

static smr_status framework_builder(failure_run *run) {
    smr_framework_builder *builder = NULL;
    smr_framework *framework = NULL;
    smr_status status = SMR_OK;
    smr_node_options node;
    smr_indicator_options indicator;
    smr_node_options_init(&node, sizeof node);
    smr_indicator_options_init(&indicator, sizeof indicator);
    node.name = failure_padding;
    node.aggregate = "geometric";
    indicator.unit = "km";
    indicator.denominator = "population";
    indicator.source = "somewhere";
    STEP_MAKING(builder, smr_framework_builder_new(run->context, "i", &node, &builder, &run->error));
    STEP(smr_framework_builder_add_node(builder, "i", "a", &node, &run->error));
    for (char id[] = "x0"; id[1] < '9'; id[1]++) {
        STEP(smr_framework_builder_add_indicator(builder, "a", id, &indicator, &run->error));
        STEP(smr_framework_builder_add_name(builder, id, "vi", "tên", &run->error));
        STEP(smr_framework_builder_add_tag(builder, id, "field", "people", &run->error));
        STEP(smr_framework_builder_add_tag(builder, id, "field", "business", &run->error));
    }
    STEP_MAKING(framework, smr_framework_builder_build(builder, &framework, &run->error));
    STEP(smr_framework_write(framework, failure_discard, NULL, &run->error));
    smr_framework_unref(framework);
    smr_framework_builder_free(builder);
    return status;
}

TEST(frameworks_from_json) {
    expect_sweep("framework_json", framework_json, 1000);
}

TEST(frameworks_from_imeta) {
    expect_sweep("framework_imeta", framework_imeta, 1000);
}

TEST(frameworks_built_in) {
    size_t runs;
    expect_equal_uint(failure_sweep("framework_builtin", framework_builtin, &runs), 0);
    expect(runs > 50);
}

TEST(frameworks_from_a_builder) {
    expect_sweep("framework_builder", framework_builder, 1000);
}

/* ---- datasets ---- */

static smr_status dataset_builder(failure_run *run) {
    smr_dataset_builder *builder = NULL;
    smr_dataset *dataset = NULL, *selected = NULL;
    smr_status status = SMR_OK;
    smr_observation observation;
    smr_observation_init(&observation, sizeof observation);
    observation.value = 2;
    observation.note = failure_padding;
    observation.source = "office";
    observation.qualifier = ">";
    STEP_MAKING(builder, smr_dataset_builder_new(run->context, &builder, &run->error));
    for (char region[] = "A"; region[0] < 'J'; region[0]++) {
        for (char period[] = "2019"; period[3] > '6'; period[3]--) {
            STEP(smr_dataset_builder_set_value(builder, region, period, "x", 1, &run->error));
            STEP(smr_dataset_builder_set_observation(builder, region, period, "y", &observation, &run->error));
            STEP(smr_dataset_builder_set_text(builder, region, period, "zone", period, &run->error));
            STEP(smr_dataset_builder_set_text(builder, region, period, "name", "Name", &run->error));
        }
    }
    STEP(smr_dataset_builder_set_text(builder, "B", "2019", "parent", "Z", &run->error));
    STEP_MAKING(dataset, smr_dataset_builder_build(builder, &dataset, &run->error));
    STEP_MAKING(selected, smr_dataset_select_period(run->context, dataset, "2018", &selected, &run->error));
    STEP(smr_dataset_write_csv(selected, NULL, 0, failure_discard, NULL, &run->error));
    smr_dataset_unref(selected);
    smr_dataset_unref(dataset);
    smr_dataset_builder_free(builder);
    return status;
}

/* A call that fails leaves the builder as it was: the same call then succeeds. */
static smr_status dataset_builder_again(failure_run *run) {
    smr_dataset_builder *builder = NULL;
    smr_dataset *dataset = NULL;
    smr_status status = SMR_OK, first_failure = SMR_OK;
    STEP_MAKING(builder, smr_dataset_builder_new(run->context, &builder, &run->error));
    for (char region[] = "A"; status == SMR_OK && region[0] < 'T'; region[0]++) {
        for (int attempt = 0; attempt < 2; attempt++) {
            status = smr_dataset_builder_set_value(builder, region, NULL, region, 1, &run->error);
            if (status == SMR_OK) {
                break;
            }
            first_failure = status;
        }
    }
    STEP_MAKING(dataset, smr_dataset_builder_build(builder, &dataset, &run->error));
    if (dataset != NULL) {
        failure_require(run, smr_dataset_row_count(dataset) == 19 && smr_dataset_column_count(dataset) == 19);
    }
    smr_dataset_unref(dataset);
    smr_dataset_builder_free(builder);
    return status == SMR_OK ? first_failure : status;
}

static smr_status read_csv(failure_run *run, const char *text, const smr_csv_options *options) {
    failure_source source = {text, 0};
    smr_dataset *dataset = NULL;
    smr_status status = SMR_OK;
    STEP_MAKING(dataset,
                smr_dataset_read_csv(run->context, failure_source_read, &source, options, &dataset, &run->error));
    STEP(smr_dataset_write_csv(dataset, NULL, 0, failure_discard, NULL, &run->error));
    smr_dataset_unref(dataset);
    return status;
}

static const failure_nouns *reading; /* the framework that tells what columns are */

static smr_status csv_wide(failure_run *run) {
    smr_csv_options options;
    smr_csv_options_init(&options, sizeof options);
    options.framework = reading->framework;
    options.source_name = "wide.csv";
    return read_csv(run, failure_text(failure_wide), &options);
}

static smr_status csv_wide_alone(failure_run *run) {
    static const char *const roles[] = {"region", "region", "population", "x", NULL};
    smr_csv_options options;
    smr_csv_options_init(&options, sizeof options);
    options.column_roles = roles;
    return read_csv(run, failure_text(failure_wide), &options);
}

static smr_status csv_long(failure_run *run) {
    return read_csv(run, failure_text(failure_long), NULL);
}

static smr_status csv_sdmx(failure_run *run) {
    return read_csv(run, failure_text(failure_sdmx), NULL);
}

static smr_status csv_idata(failure_run *run) {
    return read_csv(run, failure_text(failure_idata), NULL);
}

static void count_release(void *user) {
    ++*(int *)user;
}

static smr_status columns_kind(failure_run *run, int32_t borrow, bool plain) {
    static const double x[] = {1, 2, 3}, y[] = {4, 5, 6};
    static const double *const values[] = {x, y};
    static const char *const ids[] = {"x", "y"}, *const regions[] = {"A", "B", "C"},
                             *const periods[] = {"2020", "2020", "2021"}, *const parents[] = {NULL, "P", "Q"};
    int released = 0;
    smr_columns columns;
    smr_dataset *dataset = NULL;
    smr_status status = SMR_OK;
    smr_columns_init(&columns, sizeof columns);
    columns.rows = 3;
    columns.column_count = 2;
    columns.ids = ids;
    columns.values = values;
    columns.borrow = borrow;
    columns.release = count_release;
    columns.release_user = &released;
    if (!plain) {
        columns.regions = regions;
        columns.periods = periods;
        columns.parents = parents;
    }
    STEP_MAKING(dataset, smr_dataset_from_columns(run->context, &columns, &dataset, &run->error));
    failure_require(run, released == 0);
    smr_dataset_unref(dataset);
    failure_require(run, released == (borrow && status == SMR_OK));
    return status;
}

static smr_status columns_copied(failure_run *run) {
    return columns_kind(run, 0, false);
}

static smr_status columns_borrowed(failure_run *run) {
    return columns_kind(run, 1, false);
}

static smr_status columns_plain(failure_run *run) {
    return columns_kind(run, 1, true);
}

TEST(datasets_from_a_builder) {
    expect_sweep("dataset_builder", dataset_builder, 4000);
}

TEST(a_builder_goes_on_after_a_failure) {
    /* not with all that follow failing: the second attempt is to succeed */
    for (size_t i = 1; i < 400; i++) {
        failing_allocator failing;
        failing_allocator_init(&failing, i, false);
        smr_context_options options;
        smr_context_options_init(&options, sizeof options);
        options.allocator = failing.allocator;
        failure_run run = {.error = unit_error()};
        if (smr_context_new(&options, &run.context, &run.error) == SMR_OK) {
            dataset_builder_again(&run);
            smr_context_unref(run.context);
        }
        expect_text(run.complaint, NULL);
        expect_equal_uint(atomic_load(&failing.live_blocks), 0);
        if (atomic_load(&failing.failures) == 0) {
            expect(i > 20);
            return;
        }
    }
    expect(false);
}

TEST(datasets_from_csv) {
    failure_nouns nouns = failure_nouns_make(failure_framework_json, failure_wide, NULL);
    reading = &nouns;
    expect_sweep("csv_wide", csv_wide, 2000);
    expect_sweep("csv_wide_alone", csv_wide_alone, 2000);
    expect_sweep("csv_long", csv_long, 2000);
    expect_sweep("csv_sdmx", csv_sdmx, 2000);
    expect_sweep("csv_idata", csv_idata, 2000);
    failure_nouns_free(&nouns);
}

TEST(datasets_from_columns) {
    expect_sweep("columns_copied", columns_copied, 1000);
    expect_sweep("columns_borrowed", columns_borrowed, 1000);
    expect_sweep("columns_plain", columns_plain, 500);
}

/* ---- plans ---- */

static smr_status plans(failure_run *run) {
    smr_plan_builder *builder = NULL;
    smr_plan *built = NULL, *preset = NULL, *read = NULL, *both = NULL, *all = NULL;
    smr_status status = SMR_OK;
    static const char upper[] =
        "{'normalise': {'range': [0, 9], 'indicators': {'x': {'method': 'scaled', 'a': 1, 'b': 2}}},"
        " 'aggregate': {'nodes': {'root': 'geometric', 'b': {'method': 'power', 'p': 2}}},"
        " 'denominate': {'indicators': {'z': {'scale': 10}}}, 'weights': {'method': 'given', 'values':"
        " {'a': 1, 'b': 2, 'x': 3, 'y': 4}}, 'treat': 'winsorise'}";
    const char *text = failure_text(upper);
    STEP_MAKING(builder, smr_plan_builder_new(run->context, &builder, &run->error));
    STEP(smr_plan_builder_set_text(builder, "preset", "hdi", &run->error));
    STEP(smr_plan_builder_set_text(builder, "impute.method", "group_mean", &run->error));
    STEP(
        smr_plan_builder_set_text(builder, "impute.group", failure_padding[0] ? failure_padding : "zone", &run->error));
    STEP(smr_plan_builder_set_number(builder, "rank.decimals", 2, &run->error));
    STEP(smr_plan_builder_set_json(builder, "treat.indicators.y", "{\"method\": \"winsorise\", \"low\": 1}",
                                   &run->error));
    STEP_MAKING(built, smr_plan_builder_build(builder, &built, &run->error));
    STEP_MAKING(preset, smr_plan_preset(run->context, "icf", &preset, &run->error));
    STEP_MAKING(read, smr_plan_read(run->context, text, strlen(text), "plan.json", &read, &run->error));
    STEP_MAKING(both, smr_plan_overlay(run->context, preset, built, &both, &run->error));
    STEP_MAKING(all, smr_plan_overlay(run->context, both, read, &all, &run->error));
    smr_plan_unref(built);
    smr_plan_unref(preset);
    smr_plan_unref(read);
    smr_plan_unref(both);
    smr_plan_unref(all);
    smr_plan_builder_free(builder);
    return status;
}

/* Resolving takes the framework's context. */
static smr_status resolved_plan(failure_run *run) {
    smr_framework *framework = NULL;
    smr_status status = SMR_OK;
    const char *text = failure_text(failure_framework_json);
    STEP_MAKING(framework, smr_framework_read(run->context, text, strlen(text), NULL, &framework, &run->error));
    STEP(smr_plan_write_resolved(reading->plan, framework, failure_discard, NULL, &run->error));
    smr_framework_unref(framework);
    return status;
}

TEST(plans_of_all_kinds) {
    expect_sweep("plans", plans, 1000);
}

TEST(plans_resolved) {
    failure_nouns nouns = failure_nouns_make(
        failure_framework_json, failure_wide,
        "{'preset': 'hdi', 'aggregate': {'nodes': {'root': 'max'}}, 'normalise': {'indicators': {'x': {'method': "
        "'zscore'}}},"
        " 'denominate': {'indicators': {'z': {'scale': 2}}}, 'impute': {'method': 'group_mean', 'group': '%zone'}}");
    reading = &nouns;
    expect_sweep("resolved_plan", resolved_plan, 1000);
    failure_nouns_free(&nouns);
}

static const unit_test tests[] = {
    UNIT(frameworks_from_json),    UNIT(frameworks_from_imeta),
    UNIT(frameworks_built_in),     UNIT(frameworks_from_a_builder),
    UNIT(datasets_from_a_builder), UNIT(a_builder_goes_on_after_a_failure),
    UNIT(datasets_from_csv),       UNIT(datasets_from_columns),
    UNIT(plans_of_all_kinds),      UNIT(plans_resolved),
};
UNIT_SUITE(nouns, tests)
