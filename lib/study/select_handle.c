/* SPDX-License-Identifier: MIT */
/* The sealed selection: its columns, and what is told beside it. */

#include "study/select_impl.h"

/* ---- notes and warnings of a run ---- */

static void tell_ballots(const smri_bound *bound, const smri_select_trail *trail, uint32_t number)
{
    const smri_select *select = &bound->select;
    const smri_jury *jury = &select->stages[number].jury;
    const smri_place place = {.source = bound->funnel->source_name, .subject = bound->funnel->data.stages[number].id};
    char orders[SMRI_INTEGER_SIZE];
    const smri_jury_told *told = &trail->cuts[number].told;
    const char *const counted[] = {smri_text_integer(orders, told->orders)};
    if (!told->proven)
        smri_report(select->context, SMR_SEVERITY_WARNING, SMR_MESSAGE_BALLOTS_UNPROVEN, &place, NULL, 0);
    else if (told->orders > 1)
        smri_report(select->context, SMR_SEVERITY_WARNING, SMR_MESSAGE_BALLOTS_MORE_ORDERS, &place, counted, 1);
    for (size_t i = 0; jury->places && i < select->regions; i++) {
        uint32_t placed = 0;
        for (uint32_t juror = 0; juror < jury->jurors; juror++)
            placed += jury->places[juror * jury->stride + i] == jury->places[juror * jury->stride + i];
        const uint8_t verdict = trail->verdicts[number * select->regions + i];
        const bool counts = verdict != SMRI_VERDICT_OUT && verdict != SMRI_VERDICT_BARRED &&
                            (verdict != SMRI_VERDICT_GATE ||
                             trail->scores[number * select->regions + i] == trail->scores[number * select->regions + i]);
        const char *const texts[] = {smr_scorecard_region(bound->card, bound->rows[i]), place.subject};
        if (placed > 0 && !counts)
            smri_report(select->context, SMR_SEVERITY_NOTE, SMR_MESSAGE_SELECT_OUTSIDER, &place, texts, 2);
        else if (placed == 0 && counts)
            smri_report(select->context, SMR_SEVERITY_WARNING, SMR_MESSAGE_SELECT_UNPLACED, &place, texts, 2);
    }
}

void smri_select_tell_unpublished(const smri_bound *bound)
{
    const smri_funnel_data *data = &bound->funnel->data;
    bool weighed = false;
    for (uint32_t i = 0; i < data->stage_count; i++)
        weighed = weighed || data->stages[i].part_count > 0;
    if (data->unpublished && !weighed)
        smri_report(bound->select.context, SMR_SEVERITY_NOTE, SMR_MESSAGE_SELECT_UNPUBLISHED, NULL, NULL, 0);
}

void smri_select_tell(const smri_bound *bound, const smri_select_trail *trail)
{
    const smri_select *select = &bound->select;
    const smri_funnel_data *data = &bound->funnel->data;
    smri_select_tell_unpublished(bound);
    for (uint32_t i = 0; i < select->stage_count; i++) {
        const smri_select_cut *cut = &trail->cuts[i];
        const smri_place place = {.source = bound->funnel->source_name, .subject = data->stages[i].id};
        char passed[SMRI_INTEGER_SIZE], keep[SMRI_INTEGER_SIZE], lowest[SMRI_NUMBER_SIZE];
        const char *const texts[] = {smri_text_integer(passed, cut->passed), smri_text_integer(keep, select->stages[i].keep),
                                     lowest};
        smri_number_write(lowest, cut->lowest);
        if (select->stages[i].keep > 0 && cut->passed > select->stages[i].keep)
            smri_report(select->context, SMR_SEVERITY_NOTE, SMR_MESSAGE_SELECT_TIES_KEPT, &place, texts, 3);
        if (cut->passed == 0 && (i == 0 || trail->cuts[i - 1].passed > 0))
            smri_report(select->context, SMR_SEVERITY_WARNING, SMR_MESSAGE_SELECT_NOBODY, &place, NULL, 0);
        tell_ballots(bound, trail, i);
    }
}

/* ---- structs that are filled ---- */

/* The caller's struct is held to the law of those that are filled by the caller. `scratch` is one of this version. */
static smr_status fill(void *out, const void *known, void *scratch, size_t size, const char *name, smr_error *error)
{
    const smr_status status = smri_options_read(scratch, size, out, name, error);
    if (status == SMR_OK) {
        uint32_t callers;
        memcpy(&callers, out, sizeof callers);
        smri_options_init(out, callers, known, size);
    }
    return status;
}

void smr_stage_result_init(smr_stage_result *result, size_t size)
{
    static const smr_stage_result defaults = {.size = sizeof(smr_stage_result)};
    smri_options_init(result, size, &defaults, sizeof defaults);
}

void smr_part_result_init(smr_part_result *result, size_t size)
{
    static const smr_part_result defaults = {.size = sizeof(smr_part_result)};
    smri_options_init(result, size, &defaults, sizeof defaults);
}

void smr_reasons_init(smr_reasons *reasons, size_t size)
{
    static const smr_reasons defaults = {.size = sizeof(smr_reasons)};
    smri_options_init(reasons, size, &defaults, sizeof defaults);
}

smr_status smr_selection_stage(const smr_selection *selection, size_t stage, smr_stage_result *result, smr_error *error)
{
    if (!selection || !result)
        return smri_fail_argument(error, selection ? "result" : "selection", "not NULL");
    if (stage >= selection->stage_count)
        return smri_fail_argument(error, "stage", "a stage of the funnel");
    smr_stage_result scratch;
    smr_stage_result_init(&scratch, sizeof scratch);
    return fill(result, &selection->results[stage], &scratch, sizeof scratch, "smr_stage_result", error);
}

size_t smr_selection_part_count(const smr_selection *selection, size_t stage)
{
    return selection && stage < selection->stage_count
               ? selection->first_parts[stage + 1] - selection->first_parts[stage]
               : 0;
}

smr_status smr_selection_part(const smr_selection *selection, size_t stage, size_t part, smr_part_result *result,
                              smr_error *error)
{
    if (!selection || !result)
        return smri_fail_argument(error, selection ? "result" : "selection", "not NULL");
    if (stage >= selection->stage_count || part >= smr_selection_part_count(selection, stage))
        return smri_fail_argument(error, stage < selection->stage_count ? "part" : "stage", "one that there is");
    smr_part_result scratch;
    smr_part_result_init(&scratch, sizeof scratch);
    return fill(result, &selection->parts[selection->first_parts[stage] + part], &scratch, sizeof scratch,
                "smr_part_result", error);
}

smr_status smr_selection_reasons(const smr_selection *selection, smr_reasons *reasons, smr_error *error)
{
    if (!selection || !reasons)
        return smri_fail_argument(error, selection ? "reasons" : "selection", "not NULL");
    const smr_reasons all = {.size = sizeof all,
                             .count = selection->reason_count,
                             .rows = selection->reason_rows,
                             .codes = selection->reason_codes,
                             .subjects = selection->reason_subjects,
                             .values = selection->reason_values,
                             .limits = selection->reason_limits};
    smr_reasons scratch;
    smr_reasons_init(&scratch, sizeof scratch);
    return fill(reasons, &all, &scratch, sizeof scratch, "smr_reasons", error);
}

/* ---- the handle ---- */

smr_selection *smr_selection_ref(smr_selection *selection)
{
    if (selection)
        atomic_fetch_add_explicit(&selection->references, 1, memory_order_relaxed);
    return selection;
}

void smr_selection_unref(smr_selection *selection)
{
    if (!selection || atomic_fetch_sub_explicit(&selection->references, 1, memory_order_acq_rel) != 1)
        return;
    smr_context *context = selection->context;
    const smr_context *memory = smri_context(context);
    smri_free(memory, selection->reason_rows);
    smri_free(memory, selection->reason_codes);
    smri_free(memory, selection->reason_subjects);
    smri_free(memory, selection->reason_values);
    smri_free(memory, selection->reason_limits);
    smr_funnel_unref(selection->funnel);
    smr_scorecard_unref(selection->card);
    smri_arena_free(&selection->arena);
    smri_free(memory, selection);
    smr_context_unref(context);
}

const smr_funnel *smr_selection_funnel(const smr_selection *selection)
{
    return selection ? selection->funnel : NULL;
}

const char *smr_selection_period(const smr_selection *selection)
{
    return selection ? selection->period : NULL;
}

size_t smr_selection_row_count(const smr_selection *selection)
{
    return selection ? selection->row_count : 0;
}

const char *const *smr_selection_regions(const smr_selection *selection)
{
    return selection ? selection->regions : NULL;
}

const char *const *smr_selection_names(const smr_selection *selection)
{
    return selection ? selection->names : NULL;
}

const size_t *smr_selection_card_rows(const smr_selection *selection)
{
    return selection ? selection->card_rows : NULL;
}

const uint32_t *smr_selection_stages(const smr_selection *selection)
{
    return selection ? selection->stages : NULL;
}

const double *smr_selection_scores(const smr_selection *selection)
{
    return selection ? selection->scores : NULL;
}

const double *smr_selection_ranks(const smr_selection *selection)
{
    return selection ? selection->ranks : NULL;
}

const uint8_t *smr_selection_passed(const smr_selection *selection)
{
    return selection ? selection->passed : NULL;
}
