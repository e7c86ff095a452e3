/* SPDX-License-Identifier: MIT */
/* Screen: regions that have too little data, or too many zeros, do not take part. Each one that goes is reported. */

#include "engine/engine_impl.h"

static bool lists(const smri_value *ids, const char *region)
{
    for (const smri_value *id = ids ? ids->first : NULL; id; id = id->next)
        if (id->type == SMRI_TEXT && strcmp(id->text, region) == 0)
            return true;
    return false;
}

/* Indicators present, and those of them that are not zero, one count a row. */
static bool count_cells(const smr_context *memory, const smr_model *model, const smr_dataset *dataset,
                        bool denominated, uint32_t *present, uint32_t *nonzero)
{
    const smr_framework *framework = model->framework;
    const size_t rows = dataset->row_count;
    double *x = smri_alloc(memory, rows, sizeof *x);
    uint8_t *statuses = smri_alloc(memory, rows, 1);
    const bool fine = x && statuses;
    for (uint32_t i = 0; fine && i < framework->indicator_count; i++) {
        const smri_column *column = smri_dataset_column(dataset, framework->nodes[framework->indicators[i].node].id);
        const char *below = framework->indicators[i].denominator;
        const smri_column *denominator = below ? smri_dataset_column(dataset, below) : NULL;
        const bool divides = model->plan.denominate[i] == model->plan.denominate[i] && !denominated;
        if (!column || !column->values || (divides && (!denominator || !denominator->values)))
            continue;               /* the view refuses an indicator without its denominator */
        memcpy(x, column->values, rows * sizeof *x);
        smri_leaf_run(model, smri_context_kernels(memory), 0, i, SMRI_STAGE_DENOMINATE, denominated,
                      divides ? denominator->values : NULL, NULL, x, statuses, rows);
        for (size_t row = 0; row < rows; row++) {
            present[row] += x[row] == x[row];
            nonzero[row] += x[row] == x[row] && x[row] != 0;
        }
    }
    smri_free(memory, x);
    smri_free(memory, statuses);
    return fine;
}

static void tell_dropped(const smr_context *memory, const smr_dataset *dataset, size_t row, double share)
{
    smri_place place = smri_dataset_place(dataset, "screen", row);
    char text[SMRI_NUMBER_SIZE];
    smri_number_write(text, share);
    const char *const texts[] = {smr_dataset_region(dataset, row), text};
    smri_report(memory, SMR_SEVERITY_NOTE, SMR_MESSAGE_REGION_SCREENED, &place, texts, 2);
}

smr_status smri_screen(smr_context *context, const smr_model *model, smr_dataset *dataset, bool denominated,
                       smr_dataset **screened, smr_error *error)
{
    const smr_context *memory = smri_context(context);
    const smri_resolved *plan = &model->plan;
    const size_t rows = dataset->row_count;
    *screened = NULL;
    uint32_t *present = smri_calloc(memory, rows, sizeof *present);
    uint32_t *nonzero = smri_calloc(memory, rows, sizeof *nonzero);
    size_t *kept = smri_alloc(memory, rows, sizeof *kept);
    smr_status status = present && nonzero && kept && count_cells(memory, model, dataset, denominated, present, nonzero)
                            ? SMR_OK
                            : smri_fail_memory(error);
    size_t count = 0;
    for (size_t row = 0; status == SMR_OK && row < rows; row++) {
        const char *region = smr_dataset_region(dataset, row);
        const double share = plan->screen_by == SMRI_SCREEN_ZEROS
                                 ? (present[row] ? (double)nonzero[row] / present[row] : 0)
                                 : (double)present[row] / model->framework->indicator_count;
        bool passes = plan->screen_by == SMRI_SCREEN_NONE || share >= plan->screen_min_share;
        passes = (passes || lists(plan->screen_include, region)) && !lists(plan->screen_exclude, region);
        if (passes)
            kept[count++] = row;
        else
            tell_dropped(memory, dataset, row, share);
    }
    if (status == SMR_OK && count == 0) {
        const smri_place place = {.source = dataset->source_name, .subject = "screen"};
        status = smri_fail_plain(error, SMR_MESSAGE_NO_REGION_LEFT, &place);
    }
    if (status == SMR_OK && count == rows)
        *screened = smr_dataset_ref(dataset);
    else if (status == SMR_OK)
        status = smri_dataset_take_rows(context, dataset, kept, count, screened, error);
    smri_free(memory, present);
    smri_free(memory, nonzero);
    smri_free(memory, kept);
    return status;
}
