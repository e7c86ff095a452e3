/* SPDX-License-Identifier: MIT */
/* A dataset in the making. Columns grow by doubling and are cut to size at the end, in place: what a large block has
 * beyond its used part was never touched and takes no memory, so that a column is never held twice. */
#include "model/model_impl.h"

enum { FIRST_ROWS = 64 };

/* The bits of a cell that nobody set, a NaN that no arithmetic makes: so it is told from a cell set to missing. */
static const uint64_t not_given_bits = UINT64_C(0x7ff8000000006e67);

static smr_status fail_limit(smr_error *error, const smri_place *place, const char *what, uint64_t limit) {
    char digits[SMRI_INTEGER_SIZE];
    return smri_fail(error, SMR_MESSAGE_LIMIT_PASSED, place, what, smri_text_integer(digits, limit));
}

smr_status smri_draft_init(smri_draft *draft, smr_context *context, smr_error *error) {
    memset(draft, 0, sizeof *draft);
    draft->dataset = smri_dataset_new(context);
    if (draft->dataset == NULL) {
        return smri_fail_memory(error);
    }
    const smr_context *used = draft->dataset->arena.context;
    smri_table_init(&draft->periods, used, &draft->dataset->arena);
    smri_table_init(&draft->texts, used, &draft->dataset->arena);
    draft->row_capacity = FIRST_ROWS;
    return SMR_OK;
}

void smri_draft_free(smri_draft *draft) {
    if (draft->dataset == NULL) {
        return;
    }
    const smr_context *context = draft->dataset->arena.context;
    smri_table_free(&draft->periods);
    smri_table_free(&draft->texts);
    for (size_t i = 0; draft->labels != NULL && i < draft->dataset->column_count; i++) {
        smri_table_free(&draft->labels[i]);
    }
    smri_free(context, draft->labels);
    smri_free(context, draft->parents);
    smr_dataset_unref(draft->dataset);
    memset(draft, 0, sizeof *draft);
}

/* ---- rows ---- */

static bool resize(const smr_context *context, void *block_pointer, size_t count, size_t size) {
    void *block;
    memcpy(&block, block_pointer, sizeof block);
    if (block != NULL) {
        block = smri_realloc(context, block, count, size);
        if (block == NULL) {
            return false;
        }
        memcpy(block_pointer, &block, sizeof block);
    }
    return true;
}

/* Gives every array of rows room for `count` rows; those that grew before memory ran out stay as they are. */
bool smri_draft_resize(smr_dataset *dataset, size_t count) {
    const smr_context *context = dataset->arena.context;
    for (uint32_t i = 0; i < dataset->column_count; i++) {
        smri_column *column = &dataset->columns[i];
        if ((!column->borrowed && !resize(context, &column->values, count, sizeof *column->values))
            || !resize(context, &column->codes, count, sizeof *column->codes)
            || !resize(context, &column->text_rows, count, sizeof *column->text_rows)) {
            return false;
        }
    }
    return resize(context, &dataset->row_region, count, sizeof *dataset->row_region)
           && resize(context, &dataset->row_period, count, sizeof *dataset->row_period)
           && resize(context, &dataset->text_rows, count, sizeof *dataset->text_rows);
}

static void clear_cell(smri_column *column, size_t row) {
    if (column->values != NULL) {
        memcpy(&column->values[row], &not_given_bits, sizeof not_given_bits);
    } else {
        column->codes[row] = SMRI_NONE;
    }
    if (column->text_rows != NULL) {
        column->text_rows[row] = 0;
    }
}

/* Rows of a wide text follow one another, so that one number tells them all; where they do not, each has its own. */
static bool note_text_row(smri_draft *draft, uint32_t row, uint64_t text_row) {
    smr_dataset *dataset = draft->dataset;
    if (row == 0 && text_row != 0) {
        dataset->first_text_row = text_row;
        return true;
    }
    if (dataset->first_text_row == 0 && dataset->text_rows == NULL) {
        return true;
    }
    if (dataset->text_rows == NULL) {
        if (text_row == dataset->first_text_row + row) {
            return true;
        }
        dataset->text_rows = smri_alloc(dataset->arena.context, draft->row_capacity, sizeof *dataset->text_rows);
        if (dataset->text_rows == NULL) {
            return false;
        }
        for (uint32_t i = 0; i < row; i++) {
            uint64_t before = dataset->first_text_row + i;
            dataset->text_rows[i] = before <= UINT32_MAX ? (uint32_t)before : 0;
        }
        dataset->first_text_row = 0;
    }
    dataset->text_rows[row] = text_row <= UINT32_MAX ? (uint32_t)text_row : 0;
    return true;
}

/* The first row decides whether there are periods. */
static bool begin_rows(smri_draft *draft, bool periods) {
    smr_dataset *dataset = draft->dataset;
    const smr_context *context = dataset->arena.context;
    if (!periods) {
        smri_free(context, dataset->row_region);
        smri_free(context, dataset->row_period);
        dataset->row_region = dataset->row_period = NULL;
        return true;
    }
    if (dataset->row_region == NULL) {
        dataset->row_region = smri_alloc(context, draft->row_capacity, sizeof *dataset->row_region);
    }
    if (dataset->row_period == NULL) {
        dataset->row_period = smri_alloc(context, draft->row_capacity, sizeof *dataset->row_period);
    }
    return dataset->row_region != NULL && dataset->row_period != NULL;
}

/* Makes room for one more row and one more region. Whatever can fail comes before the region is counted, so that
 * without periods row i is always region i. */
static smr_status prepare_row(smri_draft *draft, bool periods, const smri_place *place, smr_error *error) {
    smr_dataset *dataset = draft->dataset;
    const smr_context *context = dataset->arena.context;
    if (dataset->row_count >= context->max_rows || dataset->row_count >= SMRI_NONE - 1) {
        return fail_limit(error, place, "the number of rows", context->max_rows);
    }
    if (dataset->row_count == draft->row_capacity) {
        if (!smri_draft_resize(dataset, draft->row_capacity * 2)) {
            return smri_fail_memory(error);
        }
        draft->row_capacity *= 2;
    }
    bool ready = (dataset->row_count > 0 || begin_rows(draft, periods))
                 && smri_grow(context, &dataset->regions, &draft->region_capacity, (size_t)dataset->region_count + 1,
                              sizeof *dataset->regions)
                 && note_text_row(draft, (uint32_t)dataset->row_count, place != NULL ? place->row : 0);
    return ready ? SMR_OK : smri_fail_memory(error);
}

/* The region's number; *added when it is new. SMRI_NOT_FOUND: out of memory. */
static uint32_t add_region(smr_dataset *dataset, const char *id, size_t length, bool *added) {
    uint32_t region = smri_table_add(&dataset->region_ids, id, length, added);
    if (*added) {
        dataset->regions[region] = (smri_region){.id = dataset->region_ids.keys[region], .parent = SMRI_NONE};
        dataset->region_count = region + 1;
    }
    return region;
}

static void finish_row(smri_draft *draft) {
    smr_dataset *dataset = draft->dataset;
    for (uint32_t i = 0; draft->sparse && i < dataset->column_count; i++) {
        clear_cell(&dataset->columns[i], dataset->row_count);
    }
    dataset->row_count++;
}

static smr_status add_plain_row(smri_draft *draft, const char *region, size_t length, const smri_place *place,
                                uint32_t *row, bool *added, smr_error *error) {
    smr_status status = prepare_row(draft, false, place, error);
    if (status == SMR_ERROR_LIMIT) {
        *row = smri_table_find(&draft->dataset->region_ids, region, length);
        return *row != SMRI_NOT_FOUND ? SMR_OK : status;
    }
    if (status != SMR_OK) {
        return status;
    }
    *row = add_region(draft->dataset, region, length, added);
    if (*added) {
        finish_row(draft);
    }
    return *row != SMRI_NOT_FOUND ? SMR_OK : smri_fail_memory(error);
}

/* SMRI_NONE when the region or the period is new, or the two were not seen together. */
static uint32_t find_row(const smri_draft *draft, const char *region, size_t region_length, const char *period,
                         size_t period_length) {
    const smr_dataset *dataset = draft->dataset;
    uint32_t region_index = smri_table_find(&dataset->region_ids, region, region_length);
    uint32_t period_index = smri_table_find(&draft->periods, period, period_length);
    if (region_index == SMRI_NOT_FOUND || period_index == SMRI_NOT_FOUND || dataset->row_count == 0) {
        return SMRI_NONE;
    }
    return smri_dataset_find_pair(dataset, region_index, period_index);
}

static smr_status add_period_row(smri_draft *draft, const char *region, size_t region_length, const char *period,
                                 size_t period_length, const smri_place *place, uint32_t *row, bool *added,
                                 smr_error *error) {
    smr_dataset *dataset = draft->dataset;
    bool new_region;
    *row = find_row(draft, region, region_length, period, period_length);
    if (*row != SMRI_NONE) {
        return SMR_OK;
    }
    smr_status status = prepare_row(draft, true, place, error);
    if (status != SMR_OK) {
        return status;
    }
    uint32_t period_index = smri_table_add(&draft->periods, period, period_length, NULL);
    uint32_t region_index =
        period_index != SMRI_NOT_FOUND ? add_region(dataset, region, region_length, &new_region) : SMRI_NOT_FOUND;
    *row = (uint32_t)dataset->row_count;
    if (region_index == SMRI_NOT_FOUND) {
        return smri_fail_memory(error);
    }
    dataset->row_region[*row] = region_index;
    dataset->row_period[*row] = period_index;
    if (!smri_dataset_index_row(dataset, *row)) {
        return smri_fail_memory(error);
    }
    finish_row(draft);
    *added = true;
    return SMR_OK;
}

smr_status smri_draft_add_row(smri_draft *draft, const char *region, size_t region_length, const char *period,
                              size_t period_length, const smri_place *place, uint32_t *row, bool *added,
                              smr_error *error) {
    const smr_dataset *dataset = draft->dataset;
    *added = false;
    if (region_length == 0) {
        return smri_fail_plain(error, SMR_MESSAGE_REGION_EMPTY, place);
    }
    if (dataset->row_count > 0 && (period != NULL) != (dataset->row_period != NULL)) {
        return smri_fail(error, SMR_MESSAGE_PERIOD_MIXED, place, period != NULL ? "a" : "no",
                         period != NULL ? "none" : "one");
    }
    return period == NULL
               ? add_plain_row(draft, region, region_length, place, row, added, error)
               : add_period_row(draft, region, region_length, period, period_length, place, row, added, error);
}

/* ---- columns ---- */

static bool fill_column(smri_draft *draft, smri_column *column, bool text) {
    const smr_context *context = draft->dataset->arena.context;
    if (text) {
        column->codes = smri_alloc(context, draft->row_capacity, sizeof *column->codes);
    } else {
        column->values = smri_alloc(context, draft->row_capacity, sizeof *column->values);
    }
    if (draft->cell_rows) {
        column->text_rows = smri_alloc(context, draft->row_capacity, sizeof *column->text_rows);
    }
    if ((text ? column->codes == NULL : column->values == NULL) || (draft->cell_rows && column->text_rows == NULL)) {
        return false;
    }
    for (size_t row = 0; row < draft->dataset->row_count; row++) {
        clear_cell(column, row);
    }
    return true;
}

smr_status smri_draft_check_column(const smri_draft *draft, size_t length, const smri_place *place, smr_error *error) {
    uint64_t limit = draft->dataset->arena.context->max_columns;
    if (length == 0) {
        return smri_fail_plain(error, SMR_MESSAGE_COLUMN_EMPTY, place);
    }
    return draft->dataset->column_count < limit ? SMR_OK : fail_limit(error, place, "the number of columns", limit);
}

smr_status smri_draft_put_column(smri_draft *draft, const char *id, size_t length, const smri_column *made,
                                 const smri_place *place, smr_error *error) {
    smr_dataset *dataset = draft->dataset;
    const smr_context *context = dataset->arena.context;
    size_t needed = (size_t)dataset->column_count + 1;
    uint32_t column;
    smr_status status = smri_draft_check_column(draft, length, place, error);
    if (status != SMR_OK) {
        return status;
    }
    if (!smri_grow(context, &dataset->columns, &draft->column_capacity, needed, sizeof *dataset->columns)
        || !smri_grow(context, &draft->labels, &draft->label_capacity, needed, sizeof *draft->labels)
        || (column = smri_table_add(&dataset->column_ids, id, length, NULL)) == SMRI_NOT_FOUND) {
        return smri_fail_memory(error);
    }
    dataset->columns[column] = *made;
    dataset->columns[column].id = dataset->column_ids.keys[column];
    smri_table_init(&draft->labels[column], context, &dataset->arena);
    dataset->column_count++;
    return SMR_OK;
}

smr_status smri_draft_add_column(smri_draft *draft, const char *id, size_t length, bool text, const smri_place *place,
                                 uint32_t *column, bool *added, smr_error *error) {
    const smr_context *context = draft->dataset->arena.context;
    *added = false;
    *column = smri_table_find(&draft->dataset->column_ids, id, length);
    if (*column != SMRI_NOT_FOUND) {
        return SMR_OK;
    }
    smri_column made = {0};
    smr_status status = fill_column(draft, &made, text) ? smri_draft_put_column(draft, id, length, &made, place, error)
                                                        : smri_fail_memory(error);
    if (status != SMR_OK) {
        smri_free(context, made.values);
        smri_free(context, made.codes);
        smri_free(context, made.text_rows);
        return status;
    }
    *column = draft->dataset->column_count - 1;
    *added = true;
    return SMR_OK;
}

bool smri_draft_make_text(smri_draft *draft, uint32_t column, double **values) {
    smri_column *made = &draft->dataset->columns[column];
    made->codes = smri_alloc(draft->dataset->arena.context, draft->row_capacity, sizeof *made->codes);
    if (made->codes == NULL) {
        return false;
    }
    *values = made->values;
    made->values = NULL;
    return true;
}

/* ---- cells ---- */

bool smri_draft_given(const smri_draft *draft, uint32_t column, uint32_t row) {
    const smri_column *found = &draft->dataset->columns[column];
    if (found->codes != NULL) {
        return found->codes[row] != SMRI_NONE;
    }
    return memcmp(&found->values[row], &not_given_bits, sizeof not_given_bits) != 0;
}

void smri_draft_set_number(smri_draft *draft, uint32_t column, uint32_t row, double value, uint64_t text_row) {
    smri_column *found = &draft->dataset->columns[column];
    found->values[row] = value == value ? value + 0.0 : NAN; /* -0 becomes 0, every NaN the same */
    if (found->text_rows != NULL) {
        found->text_rows[row] = text_row <= UINT32_MAX ? (uint32_t)text_row : 0;
    }
}

bool smri_draft_set_text(smri_draft *draft, uint32_t column, uint32_t row, const char *text, size_t length) {
    uint32_t code = smri_table_add(&draft->labels[column], text, length, NULL);
    draft->dataset->columns[column].codes[row] = code;
    return code != SMRI_NOT_FOUND;
}

bool smri_draft_set_name(smri_draft *draft, uint32_t row, const char *name, size_t length) {
    smri_region *region = &draft->dataset->regions[smri_dataset_region_of(draft->dataset, row)];
    if (region->name == NULL || strncmp(region->name, name, length) != 0 || region->name[length] != '\0') {
        region->name = smri_arena_text(&draft->dataset->arena, name, length);
    }
    return region->name != NULL;
}

smr_status smri_draft_set_parent(smri_draft *draft, uint32_t row, const char *parent, size_t length,
                                 const smri_place *place, smr_error *error) {
    smr_dataset *dataset = draft->dataset;
    uint32_t region = smri_dataset_region_of(dataset, row);
    size_t before = draft->parent_capacity;
    if (!smri_grow(dataset->arena.context, &draft->parents, &draft->parent_capacity, dataset->region_count,
                   sizeof *draft->parents)) {
        return smri_fail_memory(error);
    }
    for (size_t i = before; i < draft->parent_capacity; i++) {
        draft->parents[i] = NULL;
    }
    const char *known = draft->parents[region];
    if (known == NULL) {
        draft->parents[region] = smri_arena_text(&dataset->arena, parent, length);
        return draft->parents[region] != NULL ? SMR_OK : smri_fail_memory(error);
    }
    if (strncmp(known, parent, length) == 0 && known[length] == '\0') {
        return SMR_OK;
    }
    char *other = smri_arena_text(&dataset->arena, parent, length);
    return other == NULL
               ? smri_fail_memory(error)
               : smri_fail(error, SMR_MESSAGE_PARENT_DIFFERS, place, dataset->regions[region].id, other, known);
}

static bool keep_text(smri_draft *draft, const char **text) {
    if (*text == NULL) {
        return true;
    }
    uint32_t index = smri_table_add(&draft->texts, *text, strlen(*text), NULL);
    *text = index != SMRI_NOT_FOUND ? draft->texts.keys[index] : NULL;
    return *text != NULL;
}

bool smri_draft_set_provenance(smri_draft *draft, const smri_provenance *given) {
    smr_dataset *dataset = draft->dataset;
    smri_provenance kept = *given;
    if (!keep_text(draft, &kept.status) || !keep_text(draft, &kept.qualifier) || !keep_text(draft, &kept.source)
        || !keep_text(draft, &kept.note) || !keep_text(draft, &kept.unit)
        || !smri_grow(dataset->arena.context, &dataset->provenance, &draft->provenance_capacity,
                      dataset->provenance_count + 1, sizeof *dataset->provenance)) {
        return false;
    }
    dataset->provenance[dataset->provenance_count++] = kept;
    return true;
}
