/* SPDX-License-Identifier: MIT */
/* A dataset from columns in the caller's memory, borrowed or copied. */
#include "model/model_impl.h"

static const smr_columns default_columns = {.size = sizeof(smr_columns)};

void smr_columns_init(smr_columns *columns, size_t size) {
    smri_options_init(columns, size, &default_columns, sizeof default_columns);
}

static smr_status fail_entry(smr_error *error, const char *array, size_t index) {
    char name[64], digits[SMRI_INTEGER_SIZE];
    size_t used = 0;
    const char *const parts[] = {"columns.", array, "[", smri_text_integer(digits, index), "]"};
    for (size_t i = 0; i < SMRI_COUNT(parts); i++) {
        size_t length = strlen(parts[i]);
        memcpy(name + used, parts[i], length + 1);
        used += length;
    }
    return smri_fail_argument(error, name, "must not be NULL");
}

static smr_status check_columns(const smr_context *context, const smr_columns *columns, smr_error *error) {
    if (columns->rows == 0 || columns->column_count == 0) {
        return smri_fail_argument(error, columns->rows == 0 ? "columns.rows" : "columns.column_count",
                                  "must be 1 or more");
    }
    if (columns->ids == NULL || columns->values == NULL) {
        return smri_fail_argument(error, columns->ids == NULL ? "columns.ids" : "columns.values", "must not be NULL");
    }
    for (size_t i = 0; i < columns->column_count; i++) {
        if (columns->ids[i] == NULL || columns->values[i] == NULL) {
            return fail_entry(error, columns->ids[i] == NULL ? "ids" : "values", i);
        }
    }
    char digits[SMRI_INTEGER_SIZE];
    if (columns->rows > context->max_rows) {
        return smri_fail(error, SMR_MESSAGE_LIMIT_PASSED, NULL, "the number of rows",
                         smri_text_integer(digits, context->max_rows));
    }
    return SMR_OK;
}

/* Text that is checked and composed; lives until the next one. */
typedef struct reader {
    const smr_context *context;
    char *text;
    size_t length, size;
} reader;

static smr_status read_text(reader *r, const char *text, const char *subject, smr_error *error) {
    smri_place place = {.subject = subject};
    size_t length = strlen(text);
    place.byte = smri_utf8_check(text, length);
    if (place.byte < length) {
        return smri_fail(error, SMR_MESSAGE_TEXT_NOT_UTF8, &place, text);
    }
    if (!smri_grow(r->context, &r->text, &r->size, length + 1, 1)) {
        return smri_fail_memory(error);
    }
    r->length = smri_text_compose(text, length, r->text);
    r->text[r->length] = '\0';
    return SMR_OK;
}

/* Index of the first infinite value, or n; block by block, with no branch a value. */
static size_t find_infinite(const double *x, size_t n) {
    for (size_t start = 0; start < n; start += 4096) {
        size_t end = SMRI_MIN(n, start + 4096);
        int found = 0;
        for (size_t i = start; i < end; i++) {
            found |= fabs(x[i]) > DBL_MAX;
        }
        for (size_t i = start; found != 0 && i < end; i++) {
            if (fabs(x[i]) > DBL_MAX) {
                return i;
            }
        }
    }
    return n;
}

/* The column's values, -0 becoming 0; NULL: out of memory. */
static double *copy_values(const smr_context *context, const double *values, size_t n) {
    double *copy = smri_alloc(context, n, sizeof *copy);
    for (size_t i = 0; copy != NULL && i < n; i++) {
        copy[i] = values[i] + 0.0;
    }
    return copy;
}

static smr_status add_column(smri_draft *draft, reader *r, const smr_columns *columns, size_t i, smr_error *error) {
    smr_dataset *dataset = draft->dataset;
    const double *values = columns->values[i];
    smr_status status = read_text(r, columns->ids[i], "column", error);
    if (status != SMR_OK) {
        return status;
    }
    smri_place place = {.subject = r->text};
    if (smri_table_find(&dataset->column_ids, r->text, r->length) != SMRI_NOT_FOUND) {
        return smri_fail(error, SMR_MESSAGE_COLUMN_DUPLICATE, &place, r->text);
    }
    size_t row = find_infinite(values, columns->rows);
    if (row < columns->rows) {
        return smri_fail(error, SMR_MESSAGE_VALUE_INFINITE, &place, smr_dataset_region(dataset, row));
    }
    /* A borrowed column is only read, as every column of a sealed dataset. */
    smri_column made = {.values = columns->borrow ? (double *)(uintptr_t)values
                                                  : copy_values(dataset->arena.context, values, columns->rows),
                        .borrowed = columns->borrow != 0};
    if (made.values == NULL) {
        return smri_fail_memory(error);
    }
    status = smri_draft_put_column(draft, r->text, r->length, &made, &place, error);
    if (status != SMR_OK && !made.borrowed) {
        smri_free(dataset->arena.context, made.values);
    }
    return status;
}

static smr_status add_row(smri_draft *draft, reader *region, reader *period, const smr_columns *columns, size_t i,
                          smr_error *error) {
    char digits[SMRI_INTEGER_SIZE];
    const char *id = columns->regions != NULL ? columns->regions[i] : smri_text_integer(digits, (uint64_t)i + 1);
    const char *when = columns->periods != NULL ? columns->periods[i] : NULL;
    const char *parent = columns->parents != NULL ? columns->parents[i] : NULL;
    if (id == NULL || (columns->periods != NULL && when == NULL)) {
        return fail_entry(error, id == NULL ? "regions" : "periods", i);
    }
    smr_status status = read_text(region, id, "region", error);
    if (status == SMR_OK && when != NULL) {
        status = read_text(period, when, "period", error);
    }
    if (status != SMR_OK) {
        return status;
    }
    uint32_t row;
    bool added;
    smri_place place = {.subject = region->text};
    status = smri_draft_add_row(draft, region->text, region->length, when != NULL ? period->text : NULL,
                                when != NULL ? period->length : 0, &place, &row, &added, error);
    if (status == SMR_OK && !added) {
        char first[SMRI_INTEGER_SIZE];
        return smri_fail(error, SMR_MESSAGE_REGION_DUPLICATE, &place, region->text, when != NULL ? " in " : "",
                         when != NULL ? period->text : "", "row", smri_text_integer(first, (uint64_t)row + 1));
    }
    if (status == SMR_OK && parent != NULL && *parent != '\0') {
        status = read_text(region, parent, "parent", error);
        place.subject = "parent";
        if (status == SMR_OK) {
            status = smri_draft_set_parent(draft, row, region->text, region->length, &place, error);
        }
    }
    return status;
}

/* Rows of which nothing is said are called 1, 2, ... There is no need to look for duplicates among them, nor for a table
 * to find them by. */
static smr_status number_rows(smri_draft *draft, size_t rows, smr_error *error) {
    smr_dataset *dataset = draft->dataset;
    char digits[SMRI_INTEGER_SIZE];
    size_t size = strlen(smri_text_integer(digits, rows)) + 1;
    char *ids = smri_arena_alloc(&dataset->arena, rows, size);
    dataset->regions = smri_alloc(dataset->arena.context, rows, sizeof *dataset->regions);
    if (ids == NULL || dataset->regions == NULL) {
        return smri_fail_memory(error);
    }
    for (size_t i = 0; i < rows; i++) {
        smri_text_integer(digits, (uint64_t)i + 1);
        memcpy(ids + i * size, digits, size);
        dataset->regions[i] = (smri_region){.id = ids + i * size, .parent = SMRI_NONE};
    }
    dataset->region_count = (uint32_t)rows;
    dataset->row_count = rows;
    dataset->numbered = true;
    return SMR_OK;
}

static smr_status fill(smri_draft *draft, const smr_columns *columns, smr_error *error) {
    reader region = {.context = draft->dataset->arena.context}, period = region;
    bool plain = columns->regions == NULL && columns->periods == NULL && columns->parents == NULL;
    smr_status status = plain ? number_rows(draft, columns->rows, error) : SMR_OK;
    for (size_t i = 0; !plain && status == SMR_OK && i < columns->rows; i++) {
        status = add_row(draft, &region, &period, columns, i, error);
    }
    for (size_t i = 0; status == SMR_OK && i < columns->column_count; i++) {
        status = add_column(draft, &region, columns, i, error);
    }
    smri_free(region.context, region.text);
    smri_free(period.context, period.text);
    return status;
}

smr_status smr_dataset_from_columns(smr_context *context, const smr_columns *columns, smr_dataset **dataset,
                                    smr_error *error) {
    if (dataset == NULL || columns == NULL) {
        if (dataset != NULL) {
            *dataset = NULL;
        }
        return smri_fail_argument(error, dataset == NULL ? "dataset" : "columns", "must not be NULL");
    }
    *dataset = NULL;
    smr_columns known = default_columns;
    smr_status status = smri_options_read(&known, sizeof known, columns, "columns", error);
    if (status == SMR_OK && known.borrow != 0 && known.borrow != 1) {
        status = smri_fail_argument(error, "columns.borrow", "must be 0 or 1");
    }
    if (status == SMR_OK) {
        status = check_columns(smri_context(context), &known, error);
    }
    smri_draft draft;
    if (status == SMR_OK) {
        status = smri_draft_init(&draft, context, error);
        if (status != SMR_OK) {
            return status;
        }
        status = fill(&draft, &known, error);
        if (status == SMR_OK) {
            status = smri_draft_seal(&draft, dataset, error);
        }
        smri_draft_free(&draft);
    }
    if (status == SMR_OK && known.borrow) {
        (*dataset)->release = known.release;
        (*dataset)->release_user = known.release_user;
    }
    return status;
}
