/* SPDX-License-Identifier: MIT */
/* A small CSV table whose columns are known by name: row by row, with every error of the text told. */
#include "io/io_impl.h"

/* Finds the columns. false: told why not. */
static bool read_header(smri_csv_table *table)
{
    const smri_csv *csv = &table->csv;
    table->width = csv->field_count;
    if (csv->fault != 0) {
        const smri_place place = smri_csv_place(csv, csv->fault_field, NULL);
        smri_faults_add(&table->faults, csv->fault, &place, NULL, 0);
        return false;
    }
    for (size_t k = 0; k < table->count; k++) {
        table->fields[k] = SIZE_MAX;
        for (size_t i = csv->field_count; i-- > 0;)
            if (smri_csv_equal(&csv->fields[i], table->names[k]))
                table->fields[k] = i;
        if (table->fields[k] != SIZE_MAX || k >= table->required)
            continue;
        const smri_place place = smri_csv_place(csv, 0, table->names[k]);
        smri_fault(&table->faults, SMR_MESSAGE_TABLE_COLUMN, &place, table->names[k], table->expected);
        return false;
    }
    return true;
}

/* The texts of a record; *usable is false when it was told what is wrong with it. */
static smr_status read_texts(smri_csv_table *table, bool *usable, smr_error *error)
{
    smri_csv *csv = &table->csv;
    *usable = false;
    if (csv->fault != 0) {
        const smri_place place = smri_csv_place(csv, csv->fault_field, NULL);
        smri_faults_add(&table->faults, csv->fault, &place, NULL, 0);
        return SMR_OK;
    }
    if (csv->field_count != table->width) {
        char found[SMRI_INTEGER_SIZE], expected[SMRI_INTEGER_SIZE];
        const smri_place place = {.source = csv->source_name, .row = csv->row};
        smri_fault(&table->faults, SMR_MESSAGE_CSV_FIELD_COUNT, &place, smri_text_integer(found, csv->field_count),
                   smri_text_integer(expected, table->width));
        return SMR_OK;
    }
    for (size_t k = 0; k < table->count; k++) {
        table->texts[k] = "";
        if (table->fields[k] == SIZE_MAX)
            continue;
        smri_csv_cell *cell = &csv->fields[table->fields[k]];
        smri_csv_compose(cell);
        table->texts[k] = smri_arena_text(&table->arena, cell->text, cell->length);
        if (!table->texts[k])
            return smri_fail_memory(error);
    }
    *usable = true;
    return SMR_OK;
}

static smr_status read_rows(smri_csv_table *table, smri_csv_table_row row, void *user, smr_error *error)
{
    bool found = false;
    smr_status status = smri_csv_next(&table->csv, &found, error);
    if (status != SMR_OK)
        return status;
    if (!found) {
        const smri_place place = {.source = table->csv.source_name};
        smri_faults_add(&table->faults, SMR_MESSAGE_CSV_EMPTY, &place, NULL, 0);
        return SMR_OK;
    }
    bool usable = read_header(table);
    while (status == SMR_OK && found && usable && table->faults.count < SMRI_FAULTS_MAX) {
        bool complete = false;
        status = smri_csv_next(&table->csv, &found, error);
        if (status != SMR_OK || !found || smri_csv_is_blank(&table->csv))
            continue;
        status = read_texts(table, &complete, error);
        if (status == SMR_OK && complete)
            status = row(table, user, error);
    }
    return status;
}

smri_place smri_csv_table_place(const smri_csv_table *table, size_t column)
{
    const size_t field = table->fields[column];
    return smri_csv_place(&table->csv, field == SIZE_MAX ? 0 : field, table->names[column]);
}

smr_status smri_csv_table_read(smri_csv_table *table, const smr_context *context, smr_read_callback read, void *user,
                               const char *text, size_t length, const char *source_name, smri_csv_table_row row,
                               void *row_user, smr_error *error)
{
    smr_error last;
    smr_error_init(&last, sizeof last);
    smri_arena_init(&table->arena, context);
    smri_faults_init(&table->faults, context, error);
    smr_status status = smri_csv_open(&table->csv, context, read, user, text, length, source_name, &last);
    if (status == SMR_OK) {
        status = read_rows(table, row, row_user, &last);
        smri_csv_close(&table->csv);
    }
    status = status != SMR_OK ? smri_faults_end(&table->faults, &last) : table->faults.status;
    smri_arena_free(&table->arena);
    return status;
}
