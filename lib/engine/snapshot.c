/* SPDX-License-Identifier: MIT */
/* The dataset after a step. */

#include "engine/engine_impl.h"

static const char *const stage_names[] = {"raw", "denominate", "impute", "treat", "normalise"};

typedef struct snapshot {
    const smri_view *view;
    const smri_kernels *kernels;
    smri_stage stage;
    double **columns;
    uint8_t *statuses;              /* one a row */
    double *part, *denominator;
    uint32_t *groups;
} snapshot;

/* Rows of one set of bounds, gathered, run, and put back. */
static void run_set(const snapshot *s, uint32_t indicator, uint32_t set)
{
    const smri_view *view = s->view;
    const smr_model *model = view->model;
    const size_t start = view->set_starts[set], n = view->set_starts[set + 1] - start;
    const double *column = view->columns[indicator], *below = view->denominators[indicator];
    const uint32_t table = model->impute_groups[indicator];
    for (size_t i = 0; i < n; i++) {
        const size_t row = view->rows ? view->rows[start + i] : start + i;
        s->part[i] = column ? column[row] : NAN;
        s->denominator[i] = below ? below[row] : NAN;
        s->groups[i] = table == SMRI_NONE ? SMRI_NONE : view->groups[table][row];
    }
    if (view->prepared && view->prepared[indicator] && s->stage >= SMRI_STAGE_IMPUTE) {
        for (size_t i = 0; i < n; i++) {
            const size_t row = view->rows ? view->rows[start + i] : start + i;
            s->part[i] = view->prepared[indicator][row];
            s->statuses[i] = view->prepared_statuses[indicator][row];
        }
        smri_leaf_run_imputed(model, s->kernels, set, indicator, s->stage, s->part, s->statuses, n);
    } else {
        smri_leaf_run(model, s->kernels, set, indicator, s->stage, view->denominated, s->denominator, s->groups,
                      s->part, s->statuses, n);
    }
    for (size_t i = 0; i < n; i++)
        s->columns[indicator][view->rows ? view->rows[start + i] : start + i] =
            s->part[i] == s->part[i] ? s->part[i] + 0.0 : NAN;
}

static smr_status run_all(smr_context *context, snapshot *s, smr_dataset *dataset, smr_error *error)
{
    const smr_context *memory = smri_context(context);
    const smr_model *model = s->view->model;
    const smr_framework *framework = model->framework;
    const size_t rows = dataset->row_count;
    s->columns = smri_calloc(memory, framework->indicator_count, sizeof *s->columns);
    s->statuses = smri_alloc(memory, rows, 1);
    s->part = smri_alloc(memory, rows, sizeof *s->part);
    s->denominator = smri_alloc(memory, rows, sizeof *s->denominator);
    s->groups = smri_alloc(memory, rows, sizeof *s->groups);
    smr_status status =
        s->columns && s->statuses && s->part && s->denominator && s->groups ? SMR_OK : smri_fail_memory(error);
    for (uint32_t i = 0; status == SMR_OK && i < framework->indicator_count; i++) {
        s->columns[i] = smri_dataset_add_numbers(dataset, framework->nodes[framework->indicators[i].node].id);
        if (!s->columns[i])
            status = smri_fail_memory(error);
        for (uint32_t set = 0; status == SMR_OK && set < model->set_count; set++)
            run_set(s, i, set);
    }
    smri_free(memory, s->columns);
    smri_free(memory, s->statuses);
    smri_free(memory, s->part);
    smri_free(memory, s->denominator);
    smri_free(memory, s->groups);
    return status;
}

smr_status smr_model_snapshot(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                              const char *step, smr_dataset **result, smr_error *error)
{
    if (!result)
        return smri_fail_argument(error, "snapshot", "a place for the result");
    *result = NULL;
    if (!model || !dataset || !step)
        return smri_fail_argument(error, !model ? "model" : !dataset ? "dataset" : "step", "not NULL");
    const smr_context *memory = smri_context(context);
    snapshot s = {.kernels = smri_context_kernels(memory)};
    size_t stage = 0;
    while (stage < SMRI_COUNT(stage_names) && strcmp(stage_names[stage], step) != 0)
        stage++;
    if (stage == SMRI_COUNT(stage_names)) {
        char hint[SMRI_PLAN_TEXT];
        smri_did_you_mean(hint, smri_text_nearest(step, stage_names, SMRI_COUNT(stage_names)));
        return smri_fail(error, SMR_MESSAGE_STEP_UNKNOWN, NULL, step, hint);
    }
    s.stage = (smri_stage)stage;
    smri_view view;
    smr_status status = smri_view_make(context, model, dataset, &view, error);
    if (status == SMR_OK && model->prepares) {
        status = smri_prepare_fill(context, &view, error);
        if (status != SMR_OK)
            smri_view_free(context, &view);
    }
    if (status != SMR_OK)
        return status;
    s.view = &view;
    const size_t count = view.dataset->row_count;
    smr_dataset *made = NULL;
    size_t *rows = smri_alloc(memory, count, sizeof *rows);
    if (!rows)
        status = smri_fail_memory(error);
    for (size_t i = 0; rows && i < count; i++)
        rows[i] = i;
    if (status == SMR_OK)
        status = smri_dataset_take_frame(context, view.dataset, rows, count, &made, error);
    smri_free(memory, rows);
    if (status == SMR_OK)
        status = run_all(context, &s, made, error);
    smri_view_free(context, &view);
    if (status != SMR_OK) {
        smr_dataset_unref(made);
        return status;
    }
    *result = made;
    return SMR_OK;
}
