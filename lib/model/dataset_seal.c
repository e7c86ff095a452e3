/* SPDX-License-Identifier: MIT */
/* From a draft to a sealed dataset: the draft itself, or a copy of it. */
#include "model/model_impl.h"

/* Cells that nobody set are missing. */
static void settle_cells(smr_dataset *dataset) {
    for (uint32_t i = 0; i < dataset->column_count; i++) {
        double *values = dataset->columns[i].values;
        for (size_t row = 0; values != NULL && row < dataset->row_count; row++) {
            values[row] = values[row] == values[row] ? values[row] : NAN;
        }
    }
}

static bool settle_labels(smri_draft *draft) {
    smr_dataset *dataset = draft->dataset;
    for (uint32_t i = 0; i < dataset->column_count; i++) {
        smri_column *column = &dataset->columns[i];
        smri_table *labels = &draft->labels[i];
        if (column->codes == NULL || column->label_count == labels->count) {
            continue;
        }
        column->labels = smri_arena_alloc(&dataset->arena, labels->count, sizeof *column->labels);
        if (column->labels == NULL) {
            return false;
        }
        memcpy(column->labels, labels->keys, labels->count * sizeof *column->labels);
        column->label_count = (uint32_t)labels->count;
    }
    return true;
}

static bool settle_periods(smri_draft *draft) {
    smr_dataset *dataset = draft->dataset;
    const smr_context *context = dataset->arena.context;
    if (dataset->row_period == NULL) {
        return true;
    }
    uint32_t count = (uint32_t)draft->periods.count;
    uint32_t *places = smri_alloc(context, count, sizeof *places);
    bool done = places != NULL && smri_dataset_set_periods(dataset, draft->periods.keys, count, places);
    bool alike = true; /* row i is region i */
    for (size_t row = 0; done && row < dataset->row_count; row++) {
        dataset->row_period[row] = places[dataset->row_period[row]];
        alike = alike && dataset->row_region[row] == row;
    }
    smri_free(context, places);
    if (done && alike) {
        smri_free(context, dataset->row_region);
        smri_free(context, dataset->row_slots);
        dataset->row_region = dataset->row_slots = NULL;
        dataset->row_slot_count = 0;
        return true;
    }
    return done && smri_dataset_index_rows(dataset);
}

static smr_status link_parents(smr_dataset *dataset, const smri_draft *draft, smr_error *error) {
    if (draft->parent_capacity == 0) {
        return SMR_OK;
    }
    /* Regions that came after the last parent have none, and no place in the list. */
    const char **parents = smri_calloc(dataset->arena.context, dataset->region_count, sizeof *parents);
    if (parents == NULL) {
        return smri_fail_memory(error);
    }
    memcpy(parents, draft->parents, SMRI_MIN(draft->parent_capacity, dataset->region_count) * sizeof *parents);
    smr_status status = smri_dataset_link_parents(dataset, parents, error);
    smri_free(dataset->arena.context, parents);
    return status;
}

static smr_status refuse_empty(const smri_draft *draft, smr_error *error) {
    smri_place place = {.source = draft->dataset->source_name};
    return draft->dataset->row_count == 0 ? smri_fail_plain(error, SMR_MESSAGE_DATASET_EMPTY, &place) : SMR_OK;
}

smr_status smri_draft_seal(smri_draft *draft, smr_dataset **dataset, smr_error *error) {
    *dataset = NULL;
    smr_status status = refuse_empty(draft, error);
    if (status != SMR_OK) {
        return status;
    }
    if (!settle_labels(draft) || !settle_periods(draft)) {
        return smri_fail_memory(error);
    }
    status = link_parents(draft->dataset, draft, error);
    if (status != SMR_OK) {
        return status;
    }
    if (draft->sparse) {
        settle_cells(draft->dataset);
    }
    smri_dataset_sort_provenance(draft->dataset);
    if (!smri_draft_resize(draft->dataset, draft->dataset->row_count)) {
        return smri_fail_memory(error);
    }
    draft->row_capacity = draft->dataset->row_count;
    *dataset = smr_dataset_ref(draft->dataset);
    smri_draft_free(draft);
    return SMR_OK;
}

/* Lets the unsealed dataset be read: periods in order of first appearance. */
static bool expose_periods(smri_draft *draft) {
    smr_dataset *dataset = draft->dataset;
    if (dataset->row_period == NULL || dataset->period_count == draft->periods.count) {
        return true;
    }
    smri_period *periods = smri_arena_alloc(&dataset->arena, draft->periods.count, sizeof *periods);
    for (size_t i = 0; periods != NULL && i < draft->periods.count; i++) {
        const char *id = draft->periods.keys[i];
        periods[i] = (smri_period){id, smri_period_start(id, strlen(id))};
    }
    if (periods != NULL) {
        dataset->periods = periods;
        dataset->period_count = (uint32_t)draft->periods.count;
    }
    return periods != NULL;
}

smr_status smri_draft_copy(smri_draft *draft, smr_dataset **dataset, smr_error *error) {
    smr_dataset *from = draft->dataset;
    *dataset = NULL;
    smr_status status = refuse_empty(draft, error);
    if (status != SMR_OK) {
        return status;
    }
    size_t *rows = settle_labels(draft) && expose_periods(draft)
                       ? smri_alloc(from->arena.context, from->row_count, sizeof *rows)
                       : NULL;
    if (rows == NULL) {
        return smri_fail_memory(error);
    }
    for (size_t row = 0; row < from->row_count; row++) {
        rows[row] = row;
    }
    smr_dataset *copy = NULL;
    status = smri_dataset_take_rows(from->context, from, rows, from->row_count, &copy, error);
    smri_free(from->arena.context, rows);
    if (status == SMR_OK) {
        settle_cells(copy);
        status = link_parents(copy, draft, error);
    }
    if (status != SMR_OK) {
        smr_dataset_unref(copy);
        return status;
    }
    *dataset = copy;
    return SMR_OK;
}
