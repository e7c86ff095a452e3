/* SPDX-License-Identifier: MIT */
/* funnel.h: the built-in stages with weights of one's own, and what a mistake looks like. */
#include <smartregion/smartregion.h>

#include "example.h"

/* The ICF publishes no weights for the stages after the first: these are an example. */
static smr_status give_weights(smr_funnel_builder *builder, smr_error *error) {
    smr_part_options narrative, half;
    smr_part_options_init(&narrative, sizeof narrative);
    narrative.weight = 0.5;
    narrative.worst = 0; /* marks of analysts, from 0 to 10 */
    narrative.best = 10;
    smr_part_options_init(&half, sizeof half);
    half.weight = 0.5;
    smr_status status = smr_funnel_builder_add_part(builder, "top7", "narrative", &narrative, error);
    if (!status)
        status = smr_funnel_builder_add_part(builder, "top7", "previous", &half, error);
    if (!status)
        status = smr_funnel_builder_add_part(builder, "winner", "previous", &half, error);
    if (!status)
        status = smr_funnel_builder_add_part(builder, "winner", "ballots", &half, error);
    if (!status) /* no criterion below 40, whatever the others are */
        status = smr_funnel_builder_add_gate(builder, NULL, SMR_GATE_CRITERIA, NULL, 40, error);
    return status;
}

int main(void) {
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_funnel *icf = NULL, *ours = NULL, *wrong = NULL;
    smr_funnel_builder *builder = NULL;
    text json = {NULL, 0};
    int failed = smr_funnel_builtin(NULL, "icf", &icf, &error) || smr_funnel_builder_new(NULL, icf, &builder, &error)
                 || give_weights(builder, &error) || smr_funnel_builder_build(builder, &ours, &error)
                 || smr_funnel_write(ours, append_text, &json, &error);
    int holds = 0;
    if (failed) {
        fprintf(stderr, "%s\n", error.message);
    } else {
        for (size_t i = 0; i < smr_funnel_stage_count(ours); i++)
            printf("%s keeps %llu%s\n", smr_funnel_stage_name(ours, i, "en"),
                   (unsigned long long)smr_funnel_stage_keep(ours, i),
                   smr_funnel_stage_has_ballots(ours, i) ? ", with a jury" : "");
        printf("%s", json.bytes);
        static const char misspelt[] = "{\"stages\": [{\"id\": \"first\", \"kep\": 3}]}";
        smr_status status = smr_funnel_read(NULL, misspelt, sizeof misspelt - 1, "mine.json", &wrong, &error);
        printf("%s: %s: %s\n", error.source, error.subject, error.message);
        holds = smr_funnel_stage_has_ballots(ours, 2) && !smr_funnel_stage_has_ballots(icf, 2)
                && status == SMR_ERROR_PLAN && error.code == SMR_MESSAGE_FUNNEL_KEY_UNKNOWN && !wrong;
    }
    free(json.bytes);
    smr_funnel_builder_free(builder);
    smr_funnel_unref(ours);
    smr_funnel_unref(icf);
    return holds ? 0 : 1;
}
