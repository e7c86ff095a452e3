/* SPDX-License-Identifier: MIT */
/* Plans: builder, presets, overlays, and how layers lie over one another. */
#include "api.h"

#include <stdlib.h>
#include <string.h>

/* x has goalposts so that every normaliser may be asked for. */
#define TREE(plan) \
    "{'id': 'i'" plan ", 'children': [{'id': 'x', 'worst': 0, 'best': 10}, {'id': 'y', 'worst': 0, 'best': 1}]}"
static const char bare[] = TREE("");

/* The resolved plan; to be freed. */
static char *resolved(const smr_plan *plan, const smr_framework *framework) {
    api_text text = {NULL, 0, 0};
    smr_error error = unit_error();
    expect_ok(smr_plan_write_resolved(plan, framework, api_text_append, &text, &error), &error);
    return text.bytes;
}

static char *resolved_json(const char *plan, const char *framework) {
    smr_framework *tree = api_framework(framework);
    smr_plan *made = api_plan(plan);
    char *text = resolved(made, tree);
    smr_plan_unref(made);
    smr_framework_unref(tree);
    return text;
}

/* Two plans, each with its framework, come to the same. */
static void expect_same_plan(const char *plan, const char *framework, const char *other, const char *other_framework) {
    char *a = resolved_json(plan, framework), *b = resolved_json(other, other_framework);
    expect_text(a, b);
    free(a);
    free(b);
}

static void expect_holds(const char *text, const char *part) {
    if (strstr(text, part) == NULL) {
        expect_text(text, part);
    }
}

/* The part stands in the resolved plan. */
static void expect_part(const char *plan, const char *framework, const char *part) {
    char *text = resolved_json(plan, framework), *wanted = api_json(part);
    expect_holds(text, wanted);
    free(text);
    free(wanted);
}

static smr_error refused(const char *plan, const char *framework, int32_t code) {
    smr_framework *tree = api_framework(framework);
    smr_plan *made = api_plan(plan);
    api_text text = {NULL, 0, 0};
    smr_error error = unit_error();
    expect_fails(smr_plan_write_resolved(made, tree, api_text_append, &text, &error), &error, code);
    expect(text.calls == 0);
    smr_plan_unref(made);
    smr_framework_unref(tree);
    return error;
}

/* ---- layers ---- */

TEST(built_in_defaults) {
    expect_same_plan(
        NULL, bare,
        "{'denominate': {'use': true, 'scale': 1}, 'impute': {'method': 'none'}, 'treat': {'method': 'none'},"
        " 'normalise': {'method': 'minmax', 'per': 'all_periods', 'range': [0, 100], 'clamp': true,"
        " 'constant': 'missing'}, 'weights': {'method': 'framework'}, 'aggregate': {'method': 'arithmetic',"
        " 'nodes': {}}, 'missing': {'policy': 'renormalise', 'min_coverage': 0.0, 'coverage_by': 'weight'},"
        " 'rank': {'ties': 'competition', 'decimals': null, 'tolerance': 0}, 'rollup': {'by': null}}",
        bare);
    expect_same_plan("{}", bare, NULL, bare);
}

/* Built-in below preset, below the framework's plan, below the plan, below what lies over it. */
TEST(five_layers) {
    /* the preset hdi: goalposts on 0 to 1, geometric root, missing fail */
    expect_same_plan(
        "{'preset': 'hdi'}", bare,
        "{'normalise': {'method': 'goalposts', 'range': [0, 1]}, 'aggregate': {'nodes': {'root': 'geometric'}},"
        " 'missing': {'policy': 'fail'}}",
        bare);
    /* the framework's plan wins over the preset, wherever the preset is named */
    static const char tree[] = TREE(", 'plan': {'normalise': {'range': [0, 7]}, 'rank': {'ties': 'dense'}}");
    expect_part("{'preset': 'hdi'}", tree, "'method': 'goalposts',\n    'range': [0, 7]");
    expect_same_plan(NULL, TREE(", 'plan': {'preset': 'hdi', 'missing': {'policy': 'zero'}}"),
                     "{'preset': 'hdi', 'missing': {'policy': 'zero'}}", bare);
    /* the highest layer that names a preset chooses it */
    expect_same_plan("{'preset': 'icf'}", TREE(", 'plan': {'preset': 'hdi'}"), "{'preset': 'icf'}", bare);
    expect_same_plan("{'preset': null}", TREE(", 'plan': {'preset': 'hdi'}"), "{'preset': 'hdi'}", bare);
    /* the plan wins over the framework's */
    expect_part("{'rank': {'ties': 'max'}}", tree, "'ties': 'max'");
    expect_part("{'rank': {'decimals': 2}}", tree, "'ties': 'dense',\n    'decimals': 2");

    /* and what lies over it over both */
    smr_plan *lower = api_plan("{'rank': {'ties': 'max', 'decimals': 3}, 'missing': {'policy': 'fail'}}");
    smr_plan *upper = api_plan("{'rank': {'ties': 'first'}}");
    smr_plan *both = NULL;
    smr_error error = unit_error();
    expect_ok(smr_plan_overlay(unit_context(), lower, upper, &both, &error), &error);
    smr_plan_unref(lower);
    smr_plan_unref(upper);
    smr_framework *framework = api_framework(tree);
    char *found = resolved(both, framework);
    char *expected = resolved_json("{'rank': {'ties': 'first', 'decimals': 3}, 'missing': {'policy': 'fail'}}", tree);
    expect_text(found, expected);
    free(found);
    free(expected);
    smr_framework_unref(framework);
    smr_plan_unref(both);
}

TEST(a_preset_as_a_plan) {
    size_t count = 0;
    for (const char *name; (name = smr_plan_preset_name(count)) != NULL; count++) {
        smr_plan *plan = NULL;
        smr_error error = unit_error();
        expect_ok(smr_plan_preset(unit_context(), name, &plan, &error), &error);
        expect_equal_int(smr_supports("preset", name), 1);
        smr_framework *framework = api_framework(bare);
        char *found = resolved(plan, framework);
        smr_plan_builder *builder = NULL;
        smr_plan *named = NULL;
        expect_ok(smr_plan_builder_new(NULL, &builder, &error), &error);
        expect_ok(smr_plan_builder_set_text(builder, "preset", name, &error), &error);
        expect_ok(smr_plan_builder_build(builder, &named, &error), &error);
        char *expected = resolved(named, framework);
        expect_text(found, expected);
        free(found);
        free(expected);
        smr_plan_builder_free(builder);
        smr_plan_unref(named);
        smr_plan_unref(plan);
        smr_framework_unref(framework);
    }
    expect(count >= 2);
    smr_plan *plan = (smr_plan *)(uintptr_t)1;
    smr_error error = unit_error();
    expect_fails(smr_plan_preset(NULL, "no such preset", &plan, &error), &error, SMR_MESSAGE_NAME_UNKNOWN);
    expect_equal_int(error.status, SMR_ERROR_NOT_FOUND);
    expect(plan == NULL);
    refused("{'preset': 'hid'}", bare, SMR_MESSAGE_PLAN_VALUE);
    refused("{'preset': 5}", bare, SMR_MESSAGE_PLAN_VALUE);
}

/* From below the method's layer an option that the method does not know is left out, and said so. */
TEST(options_left_out) {
    static const char tree[] = TREE(", 'plan': {'normalise': {'method': 'goalposts', 'clamp': false}}");
    expect_part("{'normalise': {'method': 'zscore'}}", tree, "'left_out': ['normalise.clamp']");
    expect_part("{'normalise': 'zscore'}", tree, "'left_out': ['normalise.clamp']");
    expect_part("{'normalise': {'method': 'minmax'}}", tree, "'clamp': false");
    expect_part("{'normalise': {'method': 'zscore'}}", TREE(", 'plan': {'preset': 'hdi'}"),
                "'left_out': ['normalise.range']");
    /* of an indicator's own method */
    expect_part("{'normalise': {'indicators': {'x': 'rank'}}}",
                TREE(", 'plan': {'normalise': {'indicators': {'x': {'method': 'zscore', 'sd': 2}}}}"),
                "'left_out': ['normalise.indicators.x.sd']");
    /* fit says the same, and the model keeps it */
    api_world world = api_world_make(tree, "region,x,y\nA,1,2\nB,3,4\n", "{'normalise': 'zscore'}");
    api_text text = {NULL, 0, 0};
    smr_error error = unit_error();
    expect_ok(smr_model_write_plan(world.model, api_text_append, &text, &error), &error);
    expect_holds(text.bytes, "\"left_out\": [\"normalise.clamp\"]");
    api_text_free(&text);
    api_world_free(&world);
}

/* From the layer that chose the method or above it is an error that suggests the nearest. */
TEST(options_that_are_unknown) {
    static const char tree[] = TREE(", 'plan': {'normalise': {'method': 'goalposts'}}");
    smr_error error = refused("{'normalise': {'sd': 2}}", tree, SMR_MESSAGE_PLAN_OPTION_UNKNOWN);
    expect_equal_int(error.status, SMR_ERROR_PLAN);
    expect_text(error.subject, "normalise.sd");
    expect_text(error.source, "plan.json");
    error = refused("{'normalise': {'method': 'zscore', 'clamp': true}}", tree, SMR_MESSAGE_PLAN_OPTION_UNKNOWN);
    error = refused("{'normalise': {'method': 'minmax', 'clmap': true}}", tree, SMR_MESSAGE_PLAN_OPTION_UNKNOWN);
    expect_holds(error.message, "did you mean \"clamp\"?");
    /* of the framework's own plan: the framework is named */
    error = refused(NULL, TREE(", 'plan': {'normalise': {'method': 'zscore', 'clamp': true}}"),
                    SMR_MESSAGE_PLAN_OPTION_UNKNOWN);
    expect_text(error.source, "framework.json");
    /* in an indicator's object */
    error = refused("{'normalise': {'indicators': {'x': {'method': 'zscore', 'range': [0, 1]}}}}", bare,
                    SMR_MESSAGE_PLAN_OPTION_UNKNOWN);
    expect_text(error.subject, "normalise.indicators.x.range");
}

TEST(unknown_keys_suggest_the_nearest) {
    static const struct {
        const char *plan;
        int32_t code;
        const char *hint;
    } rows[] = {
        {"{'missing': {'polcy': 'fail'}}", SMR_MESSAGE_PLAN_KEY_UNKNOWN, "did you mean \"policy\"?"},
        {"{'rank': {'tie': 'max'}}", SMR_MESSAGE_PLAN_KEY_UNKNOWN, "did you mean \"ties\"?"},
        {"{'normalise': {'method': 'zcore'}}", SMR_MESSAGE_PLAN_METHOD_UNKNOWN, "did you mean \"zscore\"?"},
        {"{'aggregate': 'geometrc'}", SMR_MESSAGE_PLAN_METHOD_UNKNOWN, "did you mean \"geometric\"?"},
        {"{'normalise': {'indicators': {'xx': 'rank'}}}", SMR_MESSAGE_PLAN_ID_UNKNOWN, "did you mean \"x\"?"},
        {"{'denominate': {'indicators': {'x': {'scal': 2}}}}", SMR_MESSAGE_PLAN_KEY_UNKNOWN, "did you mean \"scale\"?"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        smr_error error = refused(rows[i].plan, bare, rows[i].code);
        expect_holds(error.message, rows[i].hint);
        expect_equal_int(error.status, SMR_ERROR_PLAN);
    }
    /* of the first level: found when the text is read */
    smr_plan *plan = (smr_plan *)(uintptr_t)1;
    smr_error error = unit_error();
    static const char normalize[] = "{\"normalize\": {\"method\": \"rank\"}}";
    expect_fails(smr_plan_read(NULL, normalize, sizeof normalize - 1, "p.json", &plan, &error), &error,
                 SMR_MESSAGE_PLAN_KEY_UNKNOWN);
    expect_holds(error.message, "did you mean \"normalise\"?");
    expect_text(error.source, "p.json");
    expect(plan == NULL);
    /* and by the builder's key when it is used */
    smr_plan_builder *builder = NULL;
    expect_ok(smr_plan_builder_new(NULL, &builder, &error), &error);
    expect_ok(smr_plan_builder_set_text(builder, "agregate", "max", &error), &error);
    expect_ok(smr_plan_builder_build(builder, &plan, &error), &error);
    smr_framework *framework = api_framework(bare);
    api_text text = {NULL, 0, 0};
    expect_fails(smr_plan_write_resolved(plan, framework, api_text_append, &text, &error), &error,
                 SMR_MESSAGE_PLAN_KEY_UNKNOWN);
    expect_holds(error.message, "did you mean \"aggregate\"?");
    smr_framework_unref(framework);
    smr_plan_unref(plan);
    smr_plan_builder_free(builder);
}

TEST(values_of_the_wrong_kind) {
    static const char *const plans[] = {
        "{'normalise': {'range': [1, 0]}}",
        "{'normalise': {'range': [1, 1]}}",
        "{'normalise': {'range': [1]}}",
        "{'normalise': {'range': [0, '1']}}",
        "{'normalise': {'clamp': 1}}",
        "{'normalise': {'method': 3}}",
        "{'normalise': {'per': 2021}}",
        "{'normalise': {'per': ''}}",
        "{'aggregate': {'method': 'power', 'p': 101}}",
        "{'denominate': {'scale': 0}}",
        "{'denominate': {'use': 'yes'}}",
        "{'impute': {'method': 'constant', 'value': '3'}}",
        "{'treat': {'method': 'winsorise', 'type': 10}}",
        "{'treat': {'method': 'winsorise', 'type': 2.5}}",
        "{'normalise': {'method': 'zscore', 'sd': 0}}",
    };
    for (size_t i = 0; i < COUNT(plans); i++) {
        smr_error error = refused(plans[i], bare, SMR_MESSAGE_PLAN_VALUE);
        expect_text(error.source, "plan.json");
        expect(error.subject[0] != '\0');
    }
}

/* ---- null goes back to what stands below all layers ---- */

TEST(null_resets_an_option) {
    static const char tree[] = TREE(", 'plan': {'normalise': {'method': 'zscore', 'sd': 10}, 'rank': {'decimals': 2}}");
    expect_same_plan("{'normalise': {'sd': null}, 'rank': {'decimals': null}}", tree, "{'normalise': 'zscore'}", bare);
    /* the method of the defaults does not know what the lower layer said to the other */
    expect_part("{'normalise': {'method': null}}", tree, "'left_out': ['normalise.sd']");
}

TEST(null_resets_a_step) {
    static const char tree[] =
        TREE(", 'plan': {'normalise': {'method': 'zscore', 'sd': 10, 'indicators': {'x': 'rank'}}}");
    expect_same_plan("{'normalise': null}", tree, NULL, bare);
}

TEST(null_resets_an_exception) {
    static const char tree[] = TREE(", 'plan': {'normalise': {'indicators': {'x': 'rank'}}, 'aggregate': {'nodes':"
                                    " {'i': 'max'}}}");
    expect_same_plan("{'normalise': {'indicators': {'x': null}}, 'aggregate': {'nodes': {'i': null}}}", tree, NULL,
                     bare);
    expect_same_plan("{'normalise': {'indicators': null}, 'aggregate': {'nodes': null}}", tree, NULL, bare);
    /* of a node that the framework gives a method: back to that */
    smr_framework *framework = api_framework("{'id': 'i', 'aggregate': 'min', 'plan': {'aggregate': {'nodes': {'i':"
                                             " 'max'}}}, 'children': [{'id': 'x'}]}");
    smr_plan *plan = api_plan("{'aggregate': {'nodes': {'i': null}}}");
    char *text = resolved(plan, framework);
    expect_holds(text, "\"method\": \"min\"");
    free(text);
    smr_plan_unref(plan);
    smr_framework_unref(framework);
}

/* ---- overrides ---- */

/* An exception takes the options of the step that its method knows. */
TEST(exceptions_for_indicators) {
    api_world world =
        api_world_make(bare, "region,x,y\nA,0,0\nB,5,2\nC,10,10\n",
                       "{'normalise': {'range': [0, 10], 'indicators': {'y': {'method': 'percentile_rank'}}},"
                       " 'treat': {'indicators': {'x': {'method': 'winsorise', 'low': 0, 'high': 50}}},"
                       " 'impute': {'indicators': {'x': {'method': 'constant', 'value': 1}}}}");
    expect_step(&world, "treat", "region,x,y\nA,0,0\nB,5,2\nC,5,10\n");
    expect_step(&world, "normalise", "region,x,y\nA,0,0\nB,10,5\nC,10,10\n");
    api_world_free(&world);
    /* without the step's options when it brings its own */
    world = api_world_make(bare, "region,x,y\nA,0,0\nB,5,2\nC,10,10\n",
                           "{'normalise': {'range': [0, 10], 'indicators': {'y': {'range': [1, 3]}}}}");
    expect_step(&world, "normalise", "region,x,y\nA,0,1\nB,5,1.4\nC,10,3\n");
    api_world_free(&world);
}

/* ---- builder ---- */

TEST(builder) {
    smr_plan_builder *builder = NULL;
    smr_plan *plan = NULL, *empty = NULL;
    smr_error error = unit_error();
    expect_ok(smr_plan_builder_new(unit_context(), &builder, &error), &error);
    expect_ok(smr_plan_builder_build(builder, &empty, &error), &error);
    expect_ok(smr_plan_builder_set_text(builder, "normalise.method", "zscore", &error), &error);
    expect_ok(smr_plan_builder_set_number(builder, "normalise.sd", 10, &error), &error);
    expect_ok(smr_plan_builder_set_number(builder, "normalise.sd", 5, &error), &error);
    expect_ok(smr_plan_builder_set_json(builder, "normalise.indicators.y", "{\"method\": \"rank\", \"range\": [0, 1]}",
                                        &error),
              &error);
    expect_ok(smr_plan_builder_set_text(builder, "weights.method", "given", &error), &error);
    expect_ok(smr_plan_builder_set_number(builder, "weights.values.x", 2, &error), &error);
    expect_ok(smr_plan_builder_set_number(builder, "weights.values.y", 3, &error), &error);
    expect_ok(smr_plan_builder_set_text(builder, "aggregate.nodes.root", "max", &error), &error);
    expect_ok(smr_plan_builder_set_json(builder, "rank.decimals", "null", &error), &error);
    expect_ok(smr_plan_builder_build(builder, &plan, &error), &error);
    /* what is set afterwards is not in the plan */
    expect_ok(smr_plan_builder_set_text(builder, "rank.ties", "dense", &error), &error);
    smr_plan_builder_free(builder);
    smr_framework *framework = api_framework(bare);
    char *found = resolved(plan, framework);
    char *expected = resolved_json(
        "{'normalise': {'method': 'zscore', 'sd': 5, 'indicators': {'y': {'method': 'rank', 'range': [0, 1]}}},"
        " 'weights': {'method': 'given', 'values': {'x': 2, 'y': 3}}, 'aggregate': {'nodes': {'root': 'max'}}}",
        bare);
    expect_text(found, expected);
    free(found);
    free(expected);
    found = resolved(empty, framework);
    expected = resolved(NULL, framework);
    expect_text(found, expected);
    free(found);
    free(expected);
    smr_framework_unref(framework);
    expect(smr_plan_ref(plan) == plan);
    smr_plan_unref(plan);
    smr_plan_unref(plan);
    smr_plan_unref(empty);
}

/* The rest behind the second dot is an id, dots and all. */
TEST(ids_with_dots) {
    smr_plan_builder *builder = NULL;
    smr_plan *plan = NULL;
    smr_error error = unit_error();
    expect_ok(smr_plan_builder_new(NULL, &builder, &error), &error);
    expect_ok(smr_plan_builder_set_text(builder, "normalise.indicators.CO2.use", "rank", &error), &error);
    expect_ok(smr_plan_builder_build(builder, &plan, &error), &error);
    smr_framework *framework = api_framework("{'id': 'i', 'children': [{'id': 'CO2.use'}]}");
    char *text = resolved(plan, framework);
    expect_holds(text, "\"CO2.use\": {\n        \"method\": \"rank\"");
    free(text);
    smr_framework_unref(framework);
    smr_plan_unref(plan);
    smr_plan_builder_free(builder);
}

TEST(builder_refuses) {
    smr_plan_builder *builder = NULL;
    smr_error error = unit_error();
    expect_ok(smr_plan_builder_new(NULL, &builder, &error), &error);
    static const char *const keys[] = {"", ".", "normalise.", ".method", "normalise..x", "normalise.indicators."};
    for (size_t i = 0; i < COUNT(keys); i++) {
        expect_fails(smr_plan_builder_set_number(builder, keys[i], 1, &error), &error, SMR_MESSAGE_PLAN_KEY_EMPTY);
        expect_fails(smr_plan_builder_set_text(builder, keys[i], "a", &error), &error, SMR_MESSAGE_PLAN_KEY_EMPTY);
        expect_fails(smr_plan_builder_set_json(builder, keys[i], "1", &error), &error, SMR_MESSAGE_PLAN_KEY_EMPTY);
    }
    expect_fails(
        smr_plan_builder_set_number(builder, "rank.tolerance", unit_double(UINT64_C(0x7ff0000000000000)), &error),
        &error, SMR_MESSAGE_PLAN_VALUE);
    expect_fails(
        smr_plan_builder_set_number(builder, "rank.tolerance", unit_double(UINT64_C(0x7ff8000000000000)), &error),
        &error, SMR_MESSAGE_PLAN_VALUE);
    expect_fails(smr_plan_builder_set_text(builder, "rank.ties", "\xff", &error), &error, SMR_MESSAGE_PLAN_VALUE);
    expect_fails(smr_plan_builder_set_json(builder, "rank.ties", "[1,", &error), &error, SMR_MESSAGE_JSON_SYNTAX);
    expect_equal_int(error.status, SMR_ERROR_FORMAT);
    smr_plan *plan = NULL;
    expect_ok(smr_plan_builder_build(builder, &plan, &error), &error);
    /* nothing of all that came in */
    smr_framework *framework = api_framework(bare);
    char *found = resolved(plan, framework), *expected = resolved(NULL, framework);
    expect_text(found, expected);
    free(found);
    free(expected);
    smr_framework_unref(framework);
    smr_plan_unref(plan);
    smr_plan_builder_free(builder);
}

/* ---- files ---- */

TEST(plans_as_files) {
    expect_same_plan("{'format': 'smartregion-plan/1', 'rank': {'ties': 'max'}}", bare, "{'rank': {'ties': 'max'}}",
                     bare);
    static const struct {
        const char *text;
        int32_t code;
        smr_status status;
    } rows[] = {
        {"{\"format\": \"smartregion-plan/2\"}", SMR_MESSAGE_JSON_FORMAT_NEWER, SMR_ERROR_UNSUPPORTED},
        {"{\"format\": \"smartregion-model/1\"}", SMR_MESSAGE_JSON_FORMAT_OTHER, SMR_ERROR_FORMAT},
        {"[]", SMR_MESSAGE_PLAN_NOT_OBJECT, SMR_ERROR_PLAN},
        {"{\"normalise\": 5}", SMR_MESSAGE_PLAN_VALUE, SMR_ERROR_PLAN},
        {"{\"missing\": [1]}", SMR_MESSAGE_PLAN_VALUE, SMR_ERROR_PLAN},
        {"", SMR_MESSAGE_JSON_SYNTAX, SMR_ERROR_FORMAT},
        {"{\"rank\": {\"ties\": \"max\", \"ties\": \"max\"}}", SMR_MESSAGE_JSON_DUPLICATE_KEY, SMR_ERROR_FORMAT},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        smr_plan *plan = (smr_plan *)(uintptr_t)1;
        smr_error error = unit_error();
        expect_fails(smr_plan_read(NULL, rows[i].text, strlen(rows[i].text), "p", &plan, &error), &error, rows[i].code);
        expect_equal_int(error.status, rows[i].status);
        expect_text(error.source, "p");
        expect(plan == NULL);
    }
    /* the resolved plan reads back as a plan that comes to itself */
    char *first =
        resolved_json("{'preset': 'hdi', 'weights': {'nodes': {'i': 'equal'}}, 'normalise': {'indicators': {'x':"
                      " {'method': 'scaled', 'a': 0.1, 'b': 1e300}}}}",
                      TREE(", 'plan': {'impute': {'method': 'constant', 'value': -0.5}}"));
    smr_plan *plan = NULL;
    smr_error error = unit_error();
    expect_ok(smr_plan_read(NULL, first, strlen(first), NULL, &plan, &error), &error);
    smr_framework *framework = api_framework(bare);
    char *second = resolved(plan, framework);
    expect_text(second, first);
    free(first);
    free(second);
    smr_framework_unref(framework);
    smr_plan_unref(plan);
}

/* A model is not tied to the plan and the framework it was made with. */
TEST(the_model_outlives_its_nouns) {
    api_world world =
        api_world_nouns(bare, "region,x,y\nA,1,2\nB,3,5\n",
                        "{'weights': {'method': 'given', 'values': {'x': 1, 'y': 3}}, 'normalise':"
                        " {'per': 'all_periods', 'indicators': {'x': {'method': 'scaled', 'a': 0, 'b': 4}}}}");
    smr_error error = unit_error();
    expect_ok(smr_model_fit(NULL, world.framework, world.dataset, world.plan, &world.model, &error), &error);
    smr_plan_unref(world.plan);
    smr_framework_unref(world.framework);
    smr_dataset_unref(world.dataset);
    smr_dataset *later = api_dataset("region,x,y\nC,2,5\n");
    smr_scorecard *card = api_score(&world, later);
    smr_dataset_unref(later);
    smr_model_unref(world.model);
    expect_scorecard(card, "C,,i,75.125,1,1,ok\nC,,x,0.5,1,1,ok\nC,,y,100,1,1,ok\n");
    expect_text(smr_framework_node_id(smr_scorecard_framework(card), 1), "x");
    smr_scorecard_unref(card);
}

static const unit_test tests[] = {
    UNIT(built_in_defaults),
    UNIT(five_layers),
    UNIT(a_preset_as_a_plan),
    UNIT(options_left_out),
    UNIT(options_that_are_unknown),
    UNIT(unknown_keys_suggest_the_nearest),
    UNIT(values_of_the_wrong_kind),
    UNIT(null_resets_an_option),
    UNIT(null_resets_a_step),
    UNIT(null_resets_an_exception),
    UNIT(exceptions_for_indicators),
    UNIT(builder),
    UNIT(ids_with_dots),
    UNIT(builder_refuses),
    UNIT(plans_as_files),
    UNIT(the_model_outlives_its_nouns),
};
UNIT_SUITE(plan, tests)
