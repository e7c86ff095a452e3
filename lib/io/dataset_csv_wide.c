/* SPDX-License-Identifier: MIT */
/* Wide tables: a row a region and period, a column an indicator. This is the way that large data come, so that a cell
 * takes one call to read its number and nothing else. */
#include "io/io_impl.h"

/* Adds the row; *row is SMRI_NONE when it was told why there is none. */
static smr_status add_row(smri_csv_reader *reader, uint32_t *row, smr_error *error) {
    smri_csv *csv = &reader->csv;
    size_t region_field = reader->fields[SMRI_CSV_REGION], period_field = reader->fields[SMRI_CSV_PERIOD];
    smri_csv_cell *region = &csv->fields[region_field];
    smri_csv_cell *period = period_field != SIZE_MAX ? &csv->fields[period_field] : NULL;
    smri_place place = smri_csv_place(csv, region_field, reader->columns[region_field].name);
    bool added;
    *row = SMRI_NONE;
    smri_csv_compose(region);
    if (region->length == 0) {
        smri_faults_add(&reader->faults, SMR_MESSAGE_REGION_EMPTY, &place, NULL, 0);
        return SMR_OK;
    }
    if (period != NULL) {
        smri_csv_compose(period);
        if (period->length == 0) {
            place = smri_csv_place(csv, period_field, reader->columns[period_field].name);
            smri_faults_add(&reader->faults, SMR_MESSAGE_PERIOD_EMPTY, &place, NULL, 0);
            return SMR_OK;
        }
    }
    uint32_t found;
    smr_status status =
        smri_draft_add_row(&reader->draft, region->text, region->length, period != NULL ? period->text : NULL,
                           period != NULL ? period->length : 0, &place, &found, &added, error);
    if (status == SMR_OK && !added) {
        char first[SMRI_INTEGER_SIZE], region_text[SMRI_CSV_SHOWN], period_text[SMRI_CSV_SHOWN] = "";
        smri_text_integer(first, smri_dataset_text_row(reader->draft.dataset, SMRI_NONE, found));
        smri_fault(&reader->faults, SMR_MESSAGE_REGION_DUPLICATE, &place, smri_csv_show(region, region_text),
                   period != NULL ? " in " : "", period != NULL ? smri_csv_show(period, period_text) : "", "row",
                   first);
        return SMR_OK;
    }
    *row = found;
    return status;
}

static smr_status read_cells(smri_csv_reader *reader, uint32_t row, smr_error *error) {
    const smri_number_format format = (smri_number_format)reader->options.number_format;
    const smri_csv_cell *cells = reader->csv.fields;
    smri_column *targets = reader->draft.dataset->columns;
    for (size_t i = 0; i < reader->column_count; i++) {
        smri_csv_column *column = &reader->columns[i];
        if (column->role == SMRI_CSV_NUMBER) {
            int decimals;
            double *value = &targets[column->column].values[row];
            smri_number_result result = smri_csv_cell_number(&cells[i], format, value, &decimals);
            if (result == SMRI_NUMBER_OK && column->kind == SMR_KIND_NUMBER) {
                if (column->three_decimals) {
                    smri_csv_note_decimals(column, &cells[i]);
                }
            } else if (result != SMRI_NUMBER_MISSING) {
                if (smri_csv_read_number(reader, &cells[i], i, column->kind, column->name, value)) {
                    if (column->three_decimals) {
                        smri_csv_note_decimals(column, &cells[i]);
                    }
                } else if (smri_csv_is_full(reader)) {
                    return SMR_OK;
                }
            }
        } else if (column->role == SMRI_CSV_UNDECIDED && !smri_csv_undecided_add(reader, column, row, &cells[i])) {
            return smri_fail_memory(error);
        }
    }
    return SMR_OK;
}

smr_status smri_csv_read_wide(smri_csv_reader *reader, smr_error *error) {
    bool texts = false;
    for (size_t i = 0; i < reader->column_count; i++) {
        smri_csv_role role = reader->columns[i].role;
        texts = texts || role == SMRI_CSV_NAME || role == SMRI_CSV_PARENT || role == SMRI_CSV_GROUP;
    }
    for (bool found = true;;) {
        uint32_t row;
        smr_status status = smri_csv_next_row(reader, &found, error);
        if (status != SMR_OK || !found) {
            if (status != SMR_OK) {
                return status;
            }
            break;
        }
        status = add_row(reader, &row, error);
        if (status == SMR_OK && row != SMRI_NONE && texts) {
            status = smri_csv_read_row_texts(reader, row, error);
        }
        if (status == SMR_OK && row != SMRI_NONE) {
            status = read_cells(reader, row, error);
        }
        if (status != SMR_OK) {
            return status;
        }
    }
    for (size_t i = 0; i < reader->column_count; i++) {
        smri_csv_column *column = &reader->columns[i];
        if (column->role == SMRI_CSV_UNDECIDED) {
            smri_csv_undecided_settle(reader, column, i);
        }
        if (column->role == SMRI_CSV_UNDECIDED || column->role == SMRI_CSV_NUMBER) {
            smri_column *target = &reader->draft.dataset->columns[column->column];
            target->three_decimals = target->values != NULL && column->three_decimals && column->numbers > 1;
        }
    }
    return SMR_OK;
}
