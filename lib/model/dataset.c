/* SPDX-License-Identifier: MIT */
/* The sealed dataset: its life, and what one can ask of it. */
#include "model/model_impl.h"

smr_dataset *smri_dataset_new(smr_context *context) {
    const smr_context *used = smri_context(context);
    smr_dataset *dataset = smri_calloc(used, 1, sizeof *dataset);
    if (dataset == NULL) {
        return NULL;
    }
    atomic_init(&dataset->references, 1);
    dataset->context = smr_context_ref(context);
    smri_arena_init(&dataset->arena, used);
    smri_table_init(&dataset->region_ids, used, &dataset->arena);
    smri_table_init(&dataset->column_ids, used, &dataset->arena);
    return dataset;
}

static void free_dataset(smr_dataset *dataset) {
    smr_context *owned = dataset->context;
    const smr_context *context = smri_context(owned);
    for (uint32_t i = 0; i < dataset->column_count; i++) {
        smri_column *column = &dataset->columns[i];
        if (!column->borrowed) {
            smri_free(context, column->values);
        }
        smri_free(context, column->codes);
        smri_free(context, column->text_rows);
    }
    smri_free(context, dataset->columns);
    smri_free(context, dataset->regions);
    smri_free(context, dataset->row_region);
    smri_free(context, dataset->row_period);
    smri_free(context, dataset->row_slots);
    smri_free(context, dataset->text_rows);
    smri_free(context, dataset->provenance);
    smri_table_free(&dataset->region_ids);
    smri_table_free(&dataset->column_ids);
    smri_arena_free(&dataset->arena);
    if (dataset->release != NULL) {
        dataset->release(dataset->release_user);
    }
    smri_free(context, dataset);
    smr_context_unref(owned);
}

smr_dataset *smr_dataset_ref(smr_dataset *dataset) {
    if (dataset != NULL) {
        atomic_fetch_add_explicit(&dataset->references, 1, memory_order_relaxed);
    }
    return dataset;
}

void smr_dataset_unref(smr_dataset *dataset) {
    if (dataset != NULL && atomic_fetch_sub_explicit(&dataset->references, 1, memory_order_acq_rel) == 1) {
        free_dataset(dataset);
    }
}

size_t smr_dataset_row_count(const smr_dataset *dataset) {
    return dataset != NULL ? dataset->row_count : 0;
}

size_t smr_dataset_column_count(const smr_dataset *dataset) {
    return dataset != NULL ? dataset->column_count : 0;
}

/* NULL: no such row. */
static const smri_region *region_of_row(const smr_dataset *dataset, size_t row) {
    return dataset != NULL && row < dataset->row_count ? &dataset->regions[smri_dataset_region_of(dataset, row)] : NULL;
}

const char *smr_dataset_region(const smr_dataset *dataset, size_t row) {
    const smri_region *region = region_of_row(dataset, row);
    return region != NULL ? region->id : NULL;
}

const char *smr_dataset_region_name(const smr_dataset *dataset, size_t row) {
    const smri_region *region = region_of_row(dataset, row);
    return region == NULL ? NULL : region->name != NULL ? region->name : region->id;
}

const char *smr_dataset_region_parent(const smr_dataset *dataset, size_t row) {
    const smri_region *region = region_of_row(dataset, row);
    return region != NULL && region->parent != SMRI_NONE ? dataset->regions[region->parent].id : NULL;
}

const char *smr_dataset_period(const smr_dataset *dataset, size_t row) {
    bool known = dataset != NULL && row < dataset->row_count && dataset->period_count > 0;
    return known ? dataset->periods[smri_dataset_period_of(dataset, row)].id : NULL;
}

const char *smr_dataset_latest_period(const smr_dataset *dataset) {
    bool known = dataset != NULL && dataset->period_count > 0;
    return known ? dataset->periods[dataset->period_count - 1].id : NULL;
}

/* 0 for a text that is not a whole number without leading zeros. */
static uint64_t read_ordinal(const char *text) {
    uint64_t number = 0;
    for (const char *p = text; *p != '\0'; p++) {
        if (*p < (p == text ? '1' : '0') || *p > '9' || number > UINT32_MAX) {
            return 0;
        }
        number = number * 10 + (uint64_t)(*p - '0');
    }
    return number;
}

uint32_t smri_dataset_find_region(const smr_dataset *dataset, const char *id) {
    if (dataset->numbered) {
        uint64_t number = read_ordinal(id);
        return number >= 1 && number <= dataset->region_count ? (uint32_t)(number - 1) : SMRI_NONE;
    }
    uint32_t region;
    return smri_table_find_composed(&dataset->region_ids, id, &region) && region != SMRI_NOT_FOUND ? region : SMRI_NONE;
}

int64_t smr_dataset_find_row(const smr_dataset *dataset, const char *region, const char *period) {
    if (dataset == NULL || region == NULL || (period != NULL) != (dataset->period_count > 0)) {
        return -1;
    }
    uint32_t region_index = smri_dataset_find_region(dataset, region);
    uint32_t period_index = period != NULL ? smri_dataset_find_period(dataset, period) : 0;
    if (region_index == SMRI_NONE || period_index == SMRI_NONE) {
        return -1;
    }
    uint32_t row = smri_dataset_find_pair(dataset, region_index, period_index);
    return row != SMRI_NONE ? (int64_t)row : -1;
}

const char *smr_dataset_column_id(const smr_dataset *dataset, size_t column) {
    return dataset != NULL && column < dataset->column_count ? dataset->columns[column].id : NULL;
}

int64_t smr_dataset_find_column(const smr_dataset *dataset, const char *id) {
    if (dataset == NULL || id == NULL) {
        return -1;
    }
    uint32_t column;
    return smri_table_find_composed(&dataset->column_ids, id, &column) && column != SMRI_NOT_FOUND ? (int64_t)column
                                                                                                   : -1;
}

const smri_column *smri_dataset_column(const smr_dataset *dataset, const char *id) {
    int64_t column = smr_dataset_find_column(dataset, id);
    return column >= 0 ? &dataset->columns[column] : NULL;
}

const double *smr_dataset_values(const smr_dataset *dataset, size_t column) {
    return dataset != NULL && column < dataset->column_count ? dataset->columns[column].values : NULL;
}

const char *smr_dataset_text(const smr_dataset *dataset, size_t column, size_t row) {
    if (dataset == NULL || column >= dataset->column_count || row >= dataset->row_count) {
        return NULL;
    }
    const smri_column *found = &dataset->columns[column];
    return found->codes != NULL && found->codes[row] != SMRI_NONE ? found->labels[found->codes[row]] : NULL;
}

uint64_t smri_dataset_text_row(const smr_dataset *dataset, uint32_t column, size_t row) {
    if (column < dataset->column_count && dataset->columns[column].text_rows != NULL
        && dataset->columns[column].text_rows[row] != 0) {
        return dataset->columns[column].text_rows[row];
    }
    if (dataset->text_rows != NULL) {
        return dataset->text_rows[row];
    }
    return dataset->first_text_row != 0 ? dataset->first_text_row + row : 0;
}

smri_place smri_dataset_place(const smr_dataset *dataset, const char *column, size_t row) {
    int64_t index = smr_dataset_find_column(dataset, column);
    smri_place place = {.source = dataset->source_name, .subject = column};
    place.row = smri_dataset_text_row(dataset, index >= 0 ? (uint32_t)index : SMRI_NONE, row);
    return place;
}
