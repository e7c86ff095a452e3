/* SPDX-License-Identifier: MIT */
/* What the steps before normalise did to each cell: the dataset after one step beside the dataset after the next. */

#include "study/study_impl.h"

enum { SNAPSHOTS = 4 };

typedef struct recorder {
    const smr_context *memory;
    const smr_model *model;
    smr_dataset *after[SNAPSHOTS];  /* raw, denominate, impute, treat */
    smr_record_callback record;
    void *user;
} recorder;

static const char *const steps[SNAPSHOTS] = {"raw", "denominate", "impute", "treat"};

static bool same(double a, double b)
{
    return a == b || (a != a && b != b);
}

static smr_step_record record_of(int step, const char *id, const smri_choice *choice)
{
    return (smr_step_record){.size = sizeof(smr_step_record),
                             .step = steps[step],
                             .method = choice ? choice->method->name : "",
                             .indicator = id,
                             .before = NAN,
                             .after = NAN,
                             .skewness_before = NAN,
                             .skewness_after = NAN,
                             .kurtosis_before = NAN,
                             .kurtosis_after = NAN};
}

static const char *outcome_of_cell(int step, double before, double after)
{
    if (after != after)
        return smr_cell_status_name(step == 1 ? SMR_CELL_BAD_DENOMINATOR : SMR_CELL_OUT_OF_DOMAIN);
    return step == 2 && before != before ? smr_cell_status_name(SMR_CELL_IMPUTED) : smr_cell_status_name(SMR_CELL_OK);
}

static smr_status tell_step(const recorder *r, uint32_t indicator, int step, smr_error *error)
{
    const smr_model *model = r->model;
    const char *id = model->framework->nodes[model->framework->indicators[indicator].node].id;
    const smr_dataset *rows = r->after[step];
    const double *before = smri_dataset_column(r->after[step - 1], id)->values;
    const double *after = smri_dataset_column(rows, id)->values;
    const smri_choice *choice = step == 2   ? &model->plan.impute[indicator]
                                : step == 3 ? &model->plan.treat[indicator]
                                            : NULL;
    smr_step_record whole = record_of(step, id, choice);
    for (size_t row = 0; row < rows->row_count; row++)
        whole.changed += !same(before[row], after[row]);
    if (step == 3 && choice->method->change) {
        smri_treatment treatment;
        if (!smri_treatment_make(r->memory, choice, &model->treat[indicator], before, after, rows->row_count, &treatment))
            return smri_fail_memory(error);
        whole.outcome = smri_treatment_outcome_name(treatment.outcome);
        whole.skewness_before = treatment.before.skewness;
        whole.skewness_after = treatment.after.skewness;
        whole.kurtosis_before = treatment.before.kurtosis;
        whole.kurtosis_after = treatment.after.kurtosis;
    } else if (whole.changed > 0) {
        whole.outcome = step == 2 ? "imputed" : "denominated";
    } else {
        return SMR_OK;
    }
    r->record(&whole, r->user);
    for (size_t row = 0; row < rows->row_count; row++) {
        if (same(before[row], after[row]))
            continue;
        smr_step_record cell = record_of(step, id, choice);
        cell.changed = 1;
        cell.region = smr_dataset_region(rows, row);
        cell.period = smr_dataset_period(rows, row);
        cell.before = before[row];
        cell.after = after[row];
        cell.outcome = outcome_of_cell(step, before[row], after[row]);
        r->record(&cell, r->user);
    }
    return SMR_OK;
}

smr_status smr_model_record(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                            smr_record_callback record, void *user, smr_error *error)
{
    if (!model || !dataset || !record)
        return smri_fail_argument(error, !model ? "model" : !dataset ? "dataset" : "record", "not NULL");
    recorder r = {.memory = smri_context(context), .model = model, .record = record, .user = user};
    smr_status status = SMR_OK;
    for (int step = 0; status == SMR_OK && step < SNAPSHOTS; step++)
        status = smr_model_snapshot(context, model, dataset, steps[step], &r.after[step], error);
    for (uint32_t i = 0; status == SMR_OK && i < model->framework->indicator_count; i++)
        for (int step = 1; status == SMR_OK && step < SNAPSHOTS; step++)
            status = tell_step(&r, i, step, error);
    for (int step = 0; step < SNAPSHOTS; step++)
        smr_dataset_unref(r.after[step]);
    return status;
}
