/* SPDX-License-Identifier: MIT */
/* Jansson takes its memory from functions that the whole process shares: every one of its allocations fails once. */
#include "worlds.h"

#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

static struct {
    size_t calls, failures, live, fail_at;
    bool onward;
} state;

static void *json_allocate(size_t size) {
    state.calls++;
    if (state.fail_at != 0 && (state.calls == state.fail_at || (state.onward && state.calls > state.fail_at))) {
        state.failures++;
        return NULL;
    }
    void *block = malloc(size);
    state.live += block != NULL;
    return block;
}

static void json_release(void *block) {
    state.live -= block != NULL;
    free(block);
}

/* One run. What was asked of Jansson and not refused must come back. */
static size_t run_once(const char *name, failure_scenario scenario, size_t fail_at, bool onward) {
    failure_run run = {.context = NULL, .error = unit_error()};
    memset(&state, 0, sizeof state);
    state.fail_at = fail_at;
    state.onward = onward;
    smr_status status = scenario(&run);
    smr_status expected = state.failures != 0 ? SMR_ERROR_MEMORY : SMR_OK;
    bool fine = status == expected && (status == SMR_OK || run.error.code == SMR_MESSAGE_OUT_OF_MEMORY)
                && run.complaint == NULL && state.live == 0;
    if (!fine) {
        fprintf(stderr, "%s: failing allocation %zu of Jansson%s: status %s, expected %s; %s; %zu blocks left; %s\n",
                name, fail_at, onward ? " and all after" : "", smr_status_name(status), smr_status_name(expected),
                run.error.message, state.live, run.complaint ? run.complaint : "");
    }
    return fine ? 0 : 1;
}

static void sweep(const char *name, failure_scenario scenario, size_t least) {
    json_set_alloc_funcs(json_allocate, json_release);
    size_t problems = run_once(name, scenario, 0, false), calls = state.calls;
    for (size_t i = 1; i <= calls; i++) {
        problems += run_once(name, scenario, i, false);
        problems += run_once(name, scenario, i, true);
    }
    json_set_alloc_funcs(malloc, free);
    expect_equal_uint(problems, 0);
    expect(calls >= least);
}

static smr_status framework(failure_run *run) {
    smr_framework *made = NULL;
    smr_status status = SMR_OK;
    const char *text = failure_text(failure_framework_json);
    STEP_MAKING(made, smr_framework_read(NULL, text, strlen(text), NULL, &made, &run->error));
    smr_framework_unref(made);
    return status;
}

static smr_status builtin(failure_run *run) {
    smr_framework *made = NULL;
    smr_status status = SMR_OK;
    STEP_MAKING(made, smr_framework_builtin(NULL, "icf", &made, &run->error));
    smr_framework_unref(made);
    return status;
}

/* Values of every kind, empty ones, long and escaped texts, many members. */
static smr_status plan(failure_run *run) {
    smr_plan *made = NULL;
    smr_plan_builder *builder = NULL;
    smr_status status = SMR_OK;
    static const char json[] =
        "{'rank': {'decimals': null, 'tolerance': -0.0, 'a': true, 'b': false, 'c': [], 'd': {}, 'e': '',"
        " 'f': 'a long text of more than sixteen bytes, so that it grows while it is read, twice and three times "
        "\\u00e9"
        " \\ud83d\\ude00', 'g': [1, 2.5, 1e300, [[['x']]]], 'h': {'i': {'j': {'k': 1}}}},"
        " 'weights': {'values': {'v1': 1, 'v2': 2, 'v3': 3, 'v4': 4, 'v5': 5, 'v6': 6, 'v7': 7, 'v8': 8, 'v9': 9, "
        "'v10': 10,"
        " 'v11': 11, 'v12': 12, 'v13': 13, 'v14': 14, 'v15': 15, 'v16': 16, 'v17': 17, 'v18': 18}}}";
    const char *text = failure_text(json);
    STEP_MAKING(made, smr_plan_read(NULL, text, strlen(text), NULL, &made, &run->error));
    STEP_MAKING(builder, smr_plan_builder_new(NULL, &builder, &run->error));
    STEP(smr_plan_builder_set_json(builder, "normalise.range", "[0, 1]", &run->error));
    STEP(smr_plan_builder_set_json(builder, "normalise.method", "\"minmax\"", &run->error));
    smr_plan_builder_free(builder);
    smr_plan_unref(made);
    return status;
}

typedef struct text {
    char bytes[40000];
    size_t length;
} text;

static int32_t keep_text(const void *bytes, size_t length, void *user) {
    text *t = user;
    if (length > sizeof t->bytes - t->length) {
        return 1;
    }
    memcpy(t->bytes + t->length, bytes, length);
    t->length += length;
    return 0;
}

static text model_text;

static smr_status model(failure_run *run) {
    smr_model *made = NULL;
    smr_status status = SMR_OK;
    STEP_MAKING(made, smr_model_read(NULL, model_text.bytes, model_text.length, NULL, &made, &run->error));
    smr_model_unref(made);
    return status;
}

TEST(frameworks) {
    sweep("framework", framework, 100);
    sweep("builtin", builtin, 0);
}

TEST(plans) {
    sweep("plan", plan, 100);
}

TEST(models) {
    failure_nouns nouns =
        failure_nouns_make(failure_framework_json, failure_wide,
                           "{'normalise': {'per': 'period'}, 'impute': {'method': 'group_mean', 'group':"
                           " 'zone'}}");
    smr_model *made = NULL;
    smr_error error = unit_error();
    expect_ok(smr_model_fit(NULL, nouns.framework, nouns.dataset, nouns.plan, &made, &error), &error);
    expect_ok(smr_model_write(made, keep_text, &model_text, &error), &error);
    smr_model_unref(made);
    failure_nouns_free(&nouns);
    sweep("model", model, 300);
}

static const unit_test tests[] = {UNIT(frameworks), UNIT(plans), UNIT(models)};
UNIT_SUITE(jansson, tests)
