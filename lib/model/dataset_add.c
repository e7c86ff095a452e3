/* SPDX-License-Identifier: MIT */
/* Columns added to a dataset that is being made from another one. */
#include "model/model_impl.h"

/* Room for one more column of a new id; NULL: out of memory. */
static smri_column *add_column(smr_dataset *dataset, const char *id) {
    const smr_context *context = dataset->arena.context;
    smri_column *columns = smri_realloc(context, dataset->columns, (size_t)dataset->column_count + 1, sizeof *columns);
    if (columns == NULL) {
        return NULL;
    }
    dataset->columns = columns;
    bool added = false;
    uint32_t index = smri_table_add(&dataset->column_ids, id, strlen(id), &added);
    if (index == SMRI_NOT_FOUND || !added) {
        return NULL;
    }
    smri_column *column = &columns[index];
    *column = (smri_column){.id = dataset->column_ids.keys[index]};
    dataset->column_count = index + 1;
    return column;
}

double *smri_dataset_add_numbers(smr_dataset *dataset, const char *id) {
    smri_column *column = add_column(dataset, id);
    if (column == NULL) {
        return NULL;
    }
    column->values = smri_alloc(dataset->arena.context, dataset->row_count, sizeof *column->values);
    return column->values;
}

uint32_t *smri_dataset_add_texts(smr_dataset *dataset, const char *id, const char *const *labels, uint32_t count) {
    smri_column *column = add_column(dataset, id);
    if (column == NULL) {
        return NULL;
    }
    column->codes = smri_alloc(dataset->arena.context, dataset->row_count, sizeof *column->codes);
    column->labels = smri_arena_calloc(&dataset->arena, SMRI_MAX(count, 1), sizeof *column->labels);
    for (uint32_t i = 0; column->codes != NULL && column->labels != NULL && i < count; i++) {
        if (!smri_arena_keep(&dataset->arena, labels[i], &column->labels[i])) {
            return NULL;
        }
        column->label_count = i + 1;
    }
    return column->labels != NULL ? column->codes : NULL;
}
