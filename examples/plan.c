/* SPDX-License-Identifier: MIT */
/* plan.h: how a score is made, as data: a preset, own settings over it, and what comes out of the layers. */
#include <smartregion/plan.h>

#include "example.h"

/* Own settings: an index that does not let a strong criterion pay for a weak one. */
static smr_status build(smr_plan **plan, smr_error *error) {
    smr_plan_builder *builder = NULL;
    smr_status status = smr_plan_builder_new(NULL, &builder, error);
    if (!status)
        status = smr_plan_builder_set_text(builder, "aggregate.method", "power", error);
    if (!status)
        status = smr_plan_builder_set_number(builder, "aggregate.p", 0.5, error);
    if (!status)
        status = smr_plan_builder_set_json(builder, "normalise.range", "[1, 100]", error);
    if (!status)
        status = smr_plan_builder_build(builder, plan, error);
    smr_plan_builder_free(builder);
    return status;
}

int main(void) {
    static const char misspelt[] = "{\"normalise\": {\"metod\": \"zscore\"}}";
    smr_framework *framework = NULL;
    smr_plan *preset = NULL, *own = NULL, *both = NULL, *wrong = NULL;
    text resolved = {NULL, 0}, nothing = {NULL, 0};
    smr_error error;
    smr_error_init(&error, sizeof error);
    int failed = smr_framework_builtin(NULL, "icf", &framework, &error) || smr_plan_preset(NULL, "icf", &preset, &error)
                 || build(&own, &error) || smr_plan_overlay(NULL, preset, own, &both, &error)
                 || smr_plan_write_resolved(both, framework, append_text, &resolved, &error)
                 || smr_plan_read(NULL, misspelt, sizeof misspelt - 1, "plan.json", &wrong, &error);
    int holds = 0;
    if (failed) {
        fprintf(stderr, "%s\n", error.message);
    } else {
        printf("%s\n", resolved.bytes);
        /* "goalposts" is the preset's, "power" is ours, "competition" is a default that nobody named. */
        holds = strstr(resolved.bytes, "\"goalposts\"") && strstr(resolved.bytes, "\"power\"")
                && strstr(resolved.bytes, "\"competition\"");
        /* Keys are checked when a plan meets a framework, and the message suggests the nearest. */
        smr_status status = smr_plan_write_resolved(wrong, framework, append_text, &nothing, &error);
        printf("%s: %s\n", error.subject, error.message);
        holds = holds && status == SMR_ERROR_PLAN && strstr(error.message, "method");
    }
    free(nothing.bytes);
    free(resolved.bytes);
    smr_plan_unref(wrong);
    smr_plan_unref(both);
    smr_plan_unref(own);
    smr_plan_unref(preset);
    smr_framework_unref(framework);
    return holds ? 0 : 1;
}
