/* SPDX-License-Identifier: MIT */
/* Long tables: a row a value, with where it comes from; the project's own columns or those of SDMX-CSV. */
#include "io/io_impl.h"

/* What is known of each column of the dataset while it is read. */
typedef struct series {
    smri_csv_column *columns; /* by column of the dataset; id, kind, decimals, and the multiplier as first_text */
    size_t count, capacity;
    bool any_indicator; /* of the framework */
} series;

/* The cell of a role, NULL when the table has no such column. */
static smri_csv_cell *cell_of(const smri_csv_reader *reader, smri_csv_role role) {
    return reader->fields[role] != SIZE_MAX ? &reader->csv.fields[reader->fields[role]] : NULL;
}

static smri_place place_of(const smri_csv_reader *reader, smri_csv_role role) {
    size_t field = reader->fields[role];
    return smri_csv_place(&reader->csv, field, reader->columns[field].name);
}

/* A text that must be the same in every row it is compared in. *first is its first appearance. */
static bool is_same(smri_csv_reader *reader, const smri_csv_cell *cell, const char **first, uint64_t *first_row,
                    bool *memory) {
    if (*first == NULL) {
        *first = smri_arena_text(&reader->arena, cell->text, cell->length);
        *first_row = reader->csv.row;
        *memory = *first != NULL;
        return true;
    }
    return smri_csv_equal(cell, *first);
}

/* Dimensions beside region, period and indicator: told once each. */
static smr_status check_dimensions(smri_csv_reader *reader, smr_error *error) {
    for (size_t i = 0; i < reader->column_count; i++) {
        smri_csv_column *column = &reader->columns[i];
        const smri_csv_cell *cell = &reader->csv.fields[i];
        bool memory = true;
        if (column->role != SMRI_CSV_DIMENSION
            || is_same(reader, cell, &column->first_text, &column->first_row, &memory)) {
            if (!memory) {
                return smri_fail_memory(error);
            }
            continue;
        }
        char shown[SMRI_CSV_SHOWN], digits[SMRI_INTEGER_SIZE];
        smri_place place = smri_csv_place(&reader->csv, i, column->name);
        smri_fault(&reader->faults, SMR_MESSAGE_CSV_DIMENSION_VARIES, &place, column->name, smri_csv_show(cell, shown),
                   column->first_text, smri_text_integer(digits, column->first_row));
        column->role = SMRI_CSV_IGNORED;
    }
    return SMR_OK;
}

/* Values of one indicator come in one multiple of its unit: told once each. */
static smr_status check_multiplier(smri_csv_reader *reader, smri_csv_column *column, smr_error *error) {
    const smri_csv_cell *cell = cell_of(reader, SMRI_CSV_MULTIPLIER);
    bool memory = true;
    if (cell == NULL || column->unknown || is_same(reader, cell, &column->first_text, &column->first_row, &memory)) {
        return memory ? SMR_OK : smri_fail_memory(error);
    }
    char shown[SMRI_CSV_SHOWN], digits[SMRI_INTEGER_SIZE];
    smri_place place = place_of(reader, SMRI_CSV_MULTIPLIER);
    smri_fault(&reader->faults, SMR_MESSAGE_CSV_MULTIPLIER_VARIES, &place, column->id, smri_csv_show(cell, shown),
               column->first_text, smri_text_integer(digits, column->first_row));
    column->unknown = true; /* told */
    return SMR_OK;
}

/* The series of a column that is new in the dataset. */
static smr_status add_series(smri_csv_reader *reader, series *all, uint32_t column, const smri_place *place, bool tell,
                             smr_error *error) {
    const char *id = reader->draft.dataset->columns[column].id;
    if (!smri_grow(reader->context, &all->columns, &all->capacity, (size_t)column + 1, sizeof *all->columns)) {
        return smri_fail_memory(error);
    }
    for (; all->count <= column; all->count++) {
        all->columns[all->count] = (smri_csv_column){0};
    }
    smri_csv_column *made = &all->columns[column];
    made->id = id;
    made->three_decimals = reader->options.number_format == SMR_NUMBER_FORMAT_PLAIN;
    smri_csv_standing standing = smri_csv_standing_of(reader, id, strlen(id), &made->kind);
    all->any_indicator = all->any_indicator || standing == SMRI_CSV_IS_INDICATOR;
    if (tell && standing == SMRI_CSV_UNKNOWN) {
        smri_csv_tell_unknown(reader, place, id, false);
    }
    return SMR_OK;
}

/* The text of a role, kept with the draft; NULL: none. *memory becomes false when there is no memory. */
static const char *text_of(smri_csv_reader *reader, smri_csv_role role, bool *memory) {
    smri_csv_cell *cell = cell_of(reader, role);
    if (cell == NULL || cell->length == 0) {
        return NULL;
    }
    smri_csv_compose(cell);
    uint32_t text = smri_table_add(&reader->draft.texts, cell->text, cell->length, NULL);
    *memory = *memory && text != SMRI_NOT_FOUND;
    return text != SMRI_NOT_FOUND ? reader->draft.texts.keys[text] : NULL;
}

/* Reads what the row says about its value; *any is false when it says nothing. */
static smr_status read_provenance(smri_csv_reader *reader, smri_provenance *given, bool *any, smr_error *error) {
    bool memory = true;
    const smri_csv_cell *qualifier = cell_of(reader, SMRI_CSV_QUALIFIER), *deviation = cell_of(reader, SMRI_CSV_ERROR);
    *given = (smri_provenance){.error = NAN, .text_row = reader->csv.row};
    if (qualifier != NULL && !smri_csv_is_missing(qualifier)) {
        given->qualifier = text_of(reader, SMRI_CSV_QUALIFIER, &memory);
        if (given->qualifier != NULL && !smri_qualifier_known(given->qualifier)) {
            smri_place place = place_of(reader, SMRI_CSV_QUALIFIER);
            smri_fault(&reader->faults, SMR_MESSAGE_QUALIFIER_UNKNOWN, &place, given->qualifier);
        }
    }
    if (deviation != NULL) {
        size_t field = reader->fields[SMRI_CSV_ERROR];
        bool read =
            smri_csv_read_number(reader, deviation, field, SMR_KIND_NUMBER, reader->columns[field].name, &given->error);
        if (read && given->error < 0) {
            char shown[SMRI_CSV_SHOWN];
            smri_place place = place_of(reader, SMRI_CSV_ERROR);
            smri_fault(&reader->faults, SMR_MESSAGE_ERROR_NEGATIVE, &place, smri_csv_show(deviation, shown));
        }
    }
    given->unit = text_of(reader, SMRI_CSV_UNIT, &memory);
    given->status = text_of(reader, SMRI_CSV_STATUS, &memory);
    given->source = text_of(reader, SMRI_CSV_SOURCE, &memory);
    given->note = text_of(reader, SMRI_CSV_NOTE, &memory);
    *any = given->error == given->error || given->qualifier != NULL || given->unit != NULL || given->status != NULL
           || given->source != NULL || given->note != NULL;
    return memory ? SMR_OK : smri_fail_memory(error);
}

/* Population and weight may stand in columns of their own, the same in every row of a region and period. */
static void read_row_numbers(smri_csv_reader *reader, uint32_t row) {
    for (size_t i = 0; i < reader->column_count; i++) {
        const smri_csv_column *column = &reader->columns[i];
        const smri_csv_cell *cell = &reader->csv.fields[i];
        double value, before;
        if (column->role != SMRI_CSV_NUMBER
            || !smri_csv_read_number(reader, cell, i, column->kind, column->name, &value) || value != value) {
            continue;
        }
        smr_dataset *dataset = reader->draft.dataset;
        if (!smri_draft_given(&reader->draft, column->column, row)) {
            smri_draft_set_number(&reader->draft, column->column, row, value, reader->csv.row);
            continue;
        }
        before = dataset->columns[column->column].values[row];
        if (before != value) {
            char shown[SMRI_CSV_SHOWN], digits[SMRI_NUMBER_SIZE];
            smri_place place = smri_csv_place(&reader->csv, i, column->name);
            smri_number_write(digits, before);
            smri_fault(&reader->faults, SMR_MESSAGE_TEXT_DIFFERS, &place, column->name,
                       dataset->regions[smri_dataset_region_of(dataset, row)].id, smri_csv_show(cell, shown), digits);
        }
    }
}

static void tell_duplicate(smri_csv_reader *reader, uint32_t column, uint32_t row) {
    const smr_dataset *dataset = reader->draft.dataset;
    static const char opening[] = " in row ";
    char where[sizeof opening + SMRI_INTEGER_SIZE], period[SMRI_CSV_SHOWN] = "";
    memcpy(where, opening, sizeof opening);
    smri_text_integer(where + sizeof opening - 1, dataset->columns[column].text_rows[row]);
    if (dataset->row_period != NULL) {
        smri_csv_show(cell_of(reader, SMRI_CSV_PERIOD), period);
    }
    smri_place place = place_of(reader, SMRI_CSV_INDICATOR);
    smri_fault(&reader->faults, SMR_MESSAGE_VALUE_DUPLICATE, &place, dataset->columns[column].id,
               dataset->regions[smri_dataset_region_of(dataset, row)].id, *period != '\0' ? " in " : "", period, where);
}

/* Region, period and indicator of the row are there; false: told. A fact of the own long shape may be undated. */
static bool check_ids(smri_csv_reader *reader) {
    static const struct {
        smri_csv_role role;
        int32_t code;
    } needed[] = {{SMRI_CSV_REGION, SMR_MESSAGE_REGION_EMPTY},
                  {SMRI_CSV_PERIOD, SMR_MESSAGE_PERIOD_EMPTY},
                  {SMRI_CSV_INDICATOR, SMR_MESSAGE_INDICATOR_EMPTY}};
    for (size_t i = 0; i < SMRI_COUNT(needed); i++) {
        smri_csv_cell *cell = cell_of(reader, needed[i].role);
        if (cell != NULL) {
            smri_csv_compose(cell);
            const bool undated = needed[i].role == SMRI_CSV_PERIOD && reader->shape == SMRI_CSV_LONG;
            if (cell->length == 0 && !undated) {
                smri_place place = place_of(reader, needed[i].role);
                smri_faults_add(&reader->faults, needed[i].code, &place, NULL, 0);
                return false;
            }
        }
    }
    return true;
}

static smr_status read_value(smri_csv_reader *reader, series *all, smr_error *error) {
    const smri_csv_cell *region = cell_of(reader, SMRI_CSV_REGION), *period = cell_of(reader, SMRI_CSV_PERIOD);
    const smri_csv_cell *indicator = cell_of(reader, SMRI_CSV_INDICATOR), *cell = cell_of(reader, SMRI_CSV_VALUE);
    smri_draft *draft = &reader->draft;
    smri_provenance given = {0};
    bool added, any;
    smri_place place = place_of(reader, SMRI_CSV_INDICATOR);
    smr_status status =
        smri_draft_add_column(draft, indicator->text, indicator->length, false, &place, &given.column, &added, error);
    uint32_t column = given.column, row = 0;
    if (status == SMR_OK && added) {
        status = add_series(reader, all, column, &place, true, error);
    }
    if (status == SMR_OK) {
        status = smri_draft_add_row(draft, region->text, region->length, period != NULL ? period->text : NULL,
                                    period != NULL ? period->length : 0, &place, &row, &added, error);
    }
    if (status == SMR_OK) {
        status = check_multiplier(reader, &all->columns[column], error);
    }
    if (status == SMR_OK) {
        status = read_provenance(reader, &given, &any, error);
    }
    if (status == SMR_OK) {
        status = smri_csv_read_row_texts(reader, row, error);
    }
    if (status != SMR_OK) {
        return status;
    }
    read_row_numbers(reader, row);
    if (draft->dataset->columns[column].codes != NULL) {
        smri_fault(&reader->faults, SMR_MESSAGE_COLUMN_TYPE, &place, draft->dataset->columns[column].id, "texts",
                   "a number");
        return SMR_OK;
    }
    if (smri_draft_given(draft, column, row)) {
        tell_duplicate(reader, column, row);
        return SMR_OK;
    }
    double value;
    size_t field = reader->fields[SMRI_CSV_VALUE];
    smri_csv_column *known = &all->columns[column];
    if (!smri_csv_read_number(reader, cell, field, known->kind, known->id, &value)) {
        return SMR_OK;
    }
    if (value == value && known->three_decimals) {
        smri_csv_note_decimals(known, cell);
    }
    smri_draft_set_number(draft, column, row, value, reader->csv.row);
    given.column = column;
    given.row = row;
    return any && !smri_draft_set_provenance(draft, &given) ? smri_fail_memory(error) : SMR_OK;
}

static smr_status read_rows(smri_csv_reader *reader, series *all, smr_error *error) {
    for (bool found = true;;) {
        smr_status status = smri_csv_next_row(reader, &found, error);
        if (status != SMR_OK || !found) {
            return status;
        }
        status = check_dimensions(reader, error);
        if (status == SMR_OK && check_ids(reader)) {
            status = read_value(reader, all, error);
        }
        if (status != SMR_OK) {
            return status;
        }
    }
}

static void finish(smri_csv_reader *reader, const series *all) {
    smr_dataset *dataset = reader->draft.dataset;
    for (size_t i = 0; i < all->count; i++) {
        smri_column *column = &dataset->columns[i];
        column->three_decimals =
            column->values != NULL && all->columns[i].three_decimals && all->columns[i].numbers > 1;
    }
    if (reader->framework != NULL && !all->any_indicator && dataset->row_count > 0) {
        smri_csv_tell_no_indicator(reader, dataset->column_ids.keys, dataset->column_count);
    }
}

smr_status smri_csv_read_long(smri_csv_reader *reader, smr_error *error) {
    series all = {0};
    smr_status status = SMR_OK;
    reader->draft.sparse = reader->draft.cell_rows = true;
    for (uint32_t i = 0; status == SMR_OK && i < reader->draft.dataset->column_count; i++) {
        status = add_series(reader, &all, i, NULL, false, error);
    }
    if (status == SMR_OK) {
        status = read_rows(reader, &all, error);
    }
    if (status == SMR_OK) {
        finish(reader, &all);
    }
    smri_free(reader->context, all.columns);
    return status;
}
