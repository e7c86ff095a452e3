/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "language.h"
#include "step_record.h"
#include "table.h"

enum { TABLE_CELLS = 60 };

typedef struct printer {
    cli_output *out;
    cli_table table;
    size_t rows;
} printer;

static void csv_row(const smr_step_record *record, void *user) {
    cli_output *out = ((printer *)user)->out;
    const char *const texts[] = {record->indicator, record->region, record->period, record->step, record->method,
                                 record->outcome};
    const double numbers[] = {(double)record->changed, record->before, record->after, record->skewness_before,
                              record->skewness_after, record->kurtosis_before, record->kurtosis_after};
    for (size_t i = 0; i < COUNT(texts); ++i) {
        out_text(out, i ? "," : "");
        out_csv(out, texts[i] ? texts[i] : "");
    }
    for (size_t i = 0; i < COUNT(numbers); ++i) {
        out_text(out, ",");
        out_csv_number(out, numbers[i]);
    }
    out_text(out, "\n");
}

static void json_row(const smr_step_record *record, void *user) {
    printer *to = user;
    cli_output *out = to->out;
    const struct {
        const char *key, *text;
    } texts[] = {{"indicator", record->indicator}, {"region", record->region}, {"period", record->period},
                 {"step", record->step},           {"method", record->method}, {"outcome", record->outcome}};
    const struct {
        const char *key;
        double value;
    } numbers[] = {{"changed", (double)record->changed},
                   {"before", record->before},
                   {"after", record->after},
                   {"skewness_before", record->skewness_before},
                   {"skewness_after", record->skewness_after},
                   {"kurtosis_before", record->kurtosis_before},
                   {"kurtosis_after", record->kurtosis_after}};
    out_text(out, to->rows++ ? ",\n{" : "\n{");
    for (size_t i = 0; i < COUNT(texts); ++i) {
        out_text(out, i ? ", \"" : "\"");
        out_text(out, texts[i].key);
        out_text(out, "\": ");
        out_json(out, texts[i].text);
    }
    for (size_t i = 0; i < COUNT(numbers); ++i) {
        out_text(out, ", \"");
        out_text(out, numbers[i].key);
        out_text(out, "\": ");
        out_json_number(out, numbers[i].value);
    }
    out_text(out, "}");
}

static void number_cell(cli_table *table, double value) {
    char text[NUMBER_SIZE] = "";
    if (value == value)
        number_short(text, value);
    table_cell(table, text);
}

static void table_record(const smr_step_record *record, void *user) {
    printer *to = user;
    if (record->region && to->rows++ >= TABLE_CELLS)
        return;
    table_row(&to->table, record->region ? STYLE_PLAIN : STYLE_STRONG);
    table_cell(&to->table, record->indicator);
    table_cell(&to->table, record->region ? record->region : "");
    table_cell(&to->table, record->step);
    table_cell(&to->table, record->method);
    table_cell(&to->table, record->outcome);
    number_cell(&to->table, record->region ? record->before : record->skewness_before);
    number_cell(&to->table, record->region ? record->after : record->skewness_after);
    char changed[NUMBER_SIZE] = "";
    if (!record->region)
        snprintf(changed, sizeof changed, "%llu", (unsigned long long)record->changed);
    table_cell(&to->table, changed);
}

static smr_status print_table(const cli_tool *tool, cli_output *out, smr_error *error) {
    cli_language language = tool->options->language;
    printer to = {.out = out};
    table_init(&to.table, out);
    table_column(&to.table, phrase_text(language, PHRASE_INDICATOR), ALIGN_LEFT, 30);
    table_column(&to.table, phrase_text(language, PHRASE_REGION), ALIGN_LEFT, 24);
    table_column(&to.table, phrase_text(language, PHRASE_STEP), ALIGN_LEFT, 12);
    table_column(&to.table, phrase_text(language, PHRASE_METHOD), ALIGN_LEFT, 16);
    table_column(&to.table, phrase_text(language, PHRASE_STATUS), ALIGN_LEFT, 16);
    table_column(&to.table, phrase_text(language, PHRASE_BEFORE), ALIGN_RIGHT, 16);
    table_column(&to.table, phrase_text(language, PHRASE_AFTER), ALIGN_RIGHT, 16);
    table_column(&to.table, phrase_text(language, PHRASE_CHANGED), ALIGN_RIGHT, 10);
    smr_status status = smr_model_record(tool->context, tool->model, tool->dataset, table_record, &to, error);
    if (table_print(&to.table) && !status)
        status = tool_out_of_memory(error);
    if (to.rows > TABLE_CELLS)
        table_remark(out, language, PHRASE_MORE_ROWS, to.rows - TABLE_CELLS);
    return status;
}

smr_status step_record_print(const cli_tool *tool, cli_output *out, smr_error *error) {
    printer to = {.out = out};
    if (tool->options->format == FORMAT_TABLE)
        return print_table(tool, out, error);
    if (tool->options->format == FORMAT_CSV) {
        out_text(out, "indicator,region,period,step,method,outcome,changed,before,after,skewness_before,skewness_after,"
                      "kurtosis_before,kurtosis_after\n");
        return smr_model_record(tool->context, tool->model, tool->dataset, csv_row, &to, error);
    }
    out_text(out, "{\"format\": \"smartregion-record/1\", \"plan\": ");
    smr_status status = smr_model_write_plan(tool->model, output_write, out, error);
    out_text(out, ", \"rows\": [");
    if (!status)
        status = smr_model_record(tool->context, tool->model, tool->dataset, json_row, &to, error);
    out_text(out, "\n]}\n");
    return status;
}
