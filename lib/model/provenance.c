/* SPDX-License-Identifier: MIT */
/* Where a value comes from: kept only for the cells that say so, sorted by column, then row. */
#include "model/model_impl.h"


static const smr_observation default_observation = {
    .size = sizeof(smr_observation),
    .value = NAN,
    .error = NAN,
};

static int compare_cells(const smri_provenance *a, uint32_t column, uint32_t row) {
    if (a->column != column) {
        return a->column < column ? -1 : 1;
    }
    return a->row < row ? -1 : a->row > row;
}

static int compare_provenance(const void *a, const void *b) {
    const smri_provenance *right = b;
    return compare_cells(a, right->column, right->row);
}

void smri_dataset_sort_provenance(smr_dataset *dataset) {
    /* No two are of one cell, so that any sorting gives the same order. */
    smri_sort(dataset->provenance, dataset->provenance_count, sizeof *dataset->provenance, compare_provenance);
}

const smri_provenance *smri_dataset_provenance(const smr_dataset *dataset, uint32_t column, size_t row) {
    size_t low = 0, high = dataset->provenance_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_cells(&dataset->provenance[middle], column, (uint32_t)row);
        if (order == 0) {
            return &dataset->provenance[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

bool smri_qualifier_known(const char *qualifier) {
    static const char *const known[] = {"=", "<", ">", "~", "<=", ">="};
    for (size_t i = 0; i < SMRI_COUNT(known); i++) {
        if (strcmp(qualifier, known[i]) == 0) {
            return true;
        }
    }
    return false;
}

void smr_observation_init(smr_observation *observation, size_t size) {
    smri_options_init(observation, size, &default_observation, sizeof default_observation);
}

smr_status smr_dataset_observation(const smr_dataset *dataset, size_t column, size_t row, smr_observation *observation,
                                   smr_error *error) {
    if (dataset == NULL || column >= dataset->column_count || row >= dataset->row_count) {
        return smri_fail_argument(error,
                                  dataset == NULL                   ? "dataset"
                                  : column >= dataset->column_count ? "column"
                                                                    : "row",
                                  dataset == NULL ? "must not be NULL" : "must be one of the dataset's");
    }
    smr_observation known = default_observation;
    smr_status status = observation == NULL
                            ? smri_fail_argument(error, "observation", "must not be NULL")
                            : smri_options_read(&known, sizeof known, observation, "observation", error);
    if (status != SMR_OK) {
        return status;
    }
    uint32_t size = observation->size;
    const smri_provenance *found = smri_dataset_provenance(dataset, (uint32_t)column, row);
    known = default_observation;
    if (dataset->columns[column].values != NULL) {
        known.value = dataset->columns[column].values[row];
    }
    if (found != NULL) {
        known.error = found->error;
        known.status = found->status;
        known.qualifier = found->qualifier;
        known.source = found->source;
        known.note = found->note;
        known.unit = found->unit;
    }
    known.size = size;
    memcpy(observation, &known, SMRI_MIN(size, sizeof known));
    return SMR_OK;
}
