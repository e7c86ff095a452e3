/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "language.h"
#include "step_record.h"
#include "table.h"
#include "tool.h"

enum { TABLE_INDICATORS = 10, TABLE_ROWS = 40 };

static const char *after_step(const cli_options *options) {
    return options->after ? options->after : "normalise";
}

static const double *column_values(const smr_dataset *dataset, const smr_framework *framework, size_t indicator) {
    int64_t node = smr_framework_indicator_node(framework, indicator);
    int64_t column = smr_dataset_find_column(dataset, smr_framework_node_id(framework, (size_t)node));
    return column < 0 ? NULL : smr_dataset_values(dataset, (size_t)column);
}

static smr_status print_csv(const smr_dataset *snapshot, const smr_framework *framework, cli_output *out,
                            smr_error *error) {
    size_t count = smr_framework_indicator_count(framework);
    const char **ids = malloc(count * sizeof *ids);
    if (!ids)
        return tool_out_of_memory(error);
    for (size_t i = 0; i < count; ++i)
        ids[i] = smr_framework_node_id(framework, (size_t)smr_framework_indicator_node(framework, i));
    smr_status status = smr_dataset_write_csv(snapshot, ids, count, output_write, out, error);
    free(ids);
    return status;
}

static smr_status print_json(const cli_tool *tool, const smr_dataset *snapshot, cli_output *out, smr_error *error) {
    const smr_framework *framework = smr_model_framework(tool->model);
    size_t count = smr_framework_indicator_count(framework);
    const double **values = malloc(count * sizeof *values);
    if (!values)
        return tool_out_of_memory(error);
    for (size_t i = 0; i < count; ++i)
        values[i] = column_values(snapshot, framework, i);
    out_text(out, "{\"format\": \"smartregion-steps/1\", \"after\": ");
    out_json(out, after_step(tool->options));
    out_text(out, ", \"plan\": ");
    smr_status status = smr_model_write_plan(tool->model, output_write, out, error);
    out_text(out, ", \"rows\": [");
    for (size_t row = 0; row < smr_dataset_row_count(snapshot) && !status && !out->failure; ++row) {
        out_text(out, row ? ",\n{\"region\": " : "\n{\"region\": ");
        out_json(out, smr_dataset_region(snapshot, row));
        out_text(out, ", \"period\": ");
        out_json(out, smr_dataset_period(snapshot, row));
        out_text(out, ", \"values\": {");
        for (size_t i = 0; i < count; ++i) {
            out_text(out, i ? ", " : "");
            out_json(out, smr_framework_node_id(framework, (size_t)smr_framework_indicator_node(framework, i)));
            out_text(out, ": ");
            if (values[i])
                out_json_number(out, values[i][row]);
            else
                out_text(out, "null");
        }
        out_text(out, "}}");
    }
    out_text(out, "\n]}\n");
    free(values);
    return status;
}

static int print_table(const cli_tool *tool, const smr_dataset *snapshot, cli_output *out) {
    cli_language language = tool->options->language;
    const smr_framework *framework = smr_model_framework(tool->model);
    size_t count = smr_framework_indicator_count(framework), rows = smr_dataset_row_count(snapshot);
    size_t shown = count < TABLE_INDICATORS ? count : TABLE_INDICATORS, first = rows <= TABLE_ROWS ? rows : TABLE_ROWS;
    const double *values[TABLE_INDICATORS];
    int has_periods = rows && smr_dataset_period(snapshot, 0) != NULL;
    cli_table table;
    table_init(&table, out);
    table_column(&table, phrase_text(language, PHRASE_REGION), ALIGN_LEFT, 24);
    if (has_periods)
        table_column(&table, phrase_text(language, PHRASE_PERIOD), ALIGN_LEFT, 16);
    for (size_t i = 0; i < shown; ++i) {
        values[i] = column_values(snapshot, framework, i);
        table_column(&table, smr_framework_node_id(framework, (size_t)smr_framework_indicator_node(framework, i)),
                     ALIGN_RIGHT, 16);
    }
    for (size_t row = 0; row < first; ++row) {
        table_row(&table, STYLE_PLAIN);
        table_cell(&table, smr_dataset_region(snapshot, row));
        if (has_periods)
            table_cell(&table, smr_dataset_period(snapshot, row));
        for (size_t i = 0; i < shown; ++i) {
            char text[NUMBER_SIZE] = "-";
            if (values[i] && values[i][row] == values[i][row])
                number_short(text, values[i][row]);
            table_cell(&table, text);
        }
    }
    if (table_print(&table))
        return -1;
    table_remark(out, language, PHRASE_MORE_ROWS, rows - first);
    table_remark(out, language, PHRASE_MORE_COLUMNS, count - shown);
    return 0;
}

/* What is written: every period unless --period; the table shows the latest one. */
static int select_rows(cli_tool *tool, smr_dataset **snapshot, const char *period) {
    if (!period && (tool->options->format != FORMAT_TABLE || !smr_dataset_latest_period(*snapshot)))
        return TOOL_FINE;
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_dataset *selected = NULL;
    if (smr_dataset_select_period(tool->context, *snapshot, period, &selected, &error))
        return tool_fail(tool, &error, input_name(tool->options->operands[0]));
    smr_dataset_unref(*snapshot);
    *snapshot = selected;
    return TOOL_FINE;
}

int verb_steps(cli_tool *tool) {
    const cli_options *options = tool->options;
    const char *period = NULL;
    int code = prepare_model(tool, 1);
    if (!code)
        code = tool_period(tool, &period);
    if (code)
        return code;
    smr_error error;
    smr_error_init(&error, sizeof error);
    if (options->record) {
        cli_output *out = NULL;
        code = tool_output(tool, &out);
        return code ? code : tool_finish(tool, out, step_record_print(tool, out, &error), &error);
    }
    smr_dataset *snapshot = NULL;
    if (smr_model_snapshot(tool->context, tool->model, tool->dataset, after_step(options), &snapshot, &error))
        return tool_fail(tool, &error, input_name(options->operands[0]));
    code = select_rows(tool, &snapshot, period);
    cli_output *out = NULL;
    if (!code)
        code = tool_output(tool, &out);
    if (!code) {
        smr_status status = SMR_OK;
        if (options->format == FORMAT_CSV)
            status = print_csv(snapshot, smr_model_framework(tool->model), out, &error);
        else if (options->format == FORMAT_JSON)
            status = print_json(tool, snapshot, out, &error);
        else if (print_table(tool, snapshot, out))
            status = tool_out_of_memory(&error);
        code = tool_finish(tool, out, status, &error);
    }
    smr_dataset_unref(snapshot);
    return code;
}
