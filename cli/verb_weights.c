/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "language.h"
#include "table.h"
#include "tool.h"

static void print_csv(const smr_model *model, cli_output *out) {
    const smr_framework *framework = smr_model_framework(model);
    out_text(out, "node,weight,effective_weight\n");
    for (size_t i = 0; i < smr_framework_node_count(framework); ++i) {
        out_csv(out, smr_framework_node_id(framework, i));
        out_text(out, ",");
        out_csv_number(out, smr_model_weight(model, i));
        out_text(out, ",");
        out_csv_number(out, smr_model_effective_weight(model, i));
        out_text(out, "\n");
    }
}

static smr_status print_json(const smr_model *model, cli_output *out, smr_error *error) {
    const smr_framework *framework = smr_model_framework(model);
    out_text(out, "{\"format\": \"smartregion-weights/1\", \"plan\": ");
    smr_status status = smr_model_write_plan(model, output_write, out, error);
    out_text(out, ", \"rows\": [");
    for (size_t i = 0; i < smr_framework_node_count(framework); ++i) {
        out_text(out, i ? ",\n{\"node\": " : "\n{\"node\": ");
        out_json(out, smr_framework_node_id(framework, i));
        out_text(out, ", \"weight\": ");
        out_json_number(out, smr_model_weight(model, i));
        out_text(out, ", \"effective_weight\": ");
        out_json_number(out, smr_model_effective_weight(model, i));
        out_text(out, "}");
    }
    out_text(out, "\n]}\n");
    return status;
}

static int print_table(const cli_tool *tool, cli_output *out) {
    cli_language language = tool->options->language;
    const smr_framework *framework = smr_model_framework(tool->model);
    cli_table table;
    table_init(&table, out);
    table_column(&table, phrase_text(language, PHRASE_ID), ALIGN_LEFT, 40);
    table_column(&table, phrase_text(language, PHRASE_NAME), ALIGN_LEFT, 60);
    table_column(&table, phrase_text(language, PHRASE_WEIGHT), ALIGN_RIGHT, 20);
    table_column(&table, phrase_text(language, PHRASE_EFFECTIVE_WEIGHT), ALIGN_RIGHT, 20);
    for (size_t i = 0; i < smr_framework_node_count(framework); ++i) {
        char text[NUMBER_SIZE], indented[300];
        int64_t depth = smr_framework_node_depth(framework, i);
        table_row(&table, smr_framework_node_indicator(framework, i) < 0 ? STYLE_STRONG : STYLE_PLAIN);
        snprintf(indented, sizeof indented, "%*s%.250s", depth < 20 ? 2 * (int)depth : 40, "",
                 smr_framework_node_id(framework, i));
        table_cell(&table, indented);
        table_cell(&table, smr_framework_node_name(framework, i, language_tag(language)));
        number_short(text, smr_model_weight(tool->model, i));
        table_cell(&table, text);
        snprintf(text, sizeof text, "%.4f", smr_model_effective_weight(tool->model, i));
        table_cell(&table, text);
    }
    return table_print(&table);
}

/* Where each region has weights of its own (benefit of the doubt): one row a region and node. */
static smr_status print_by_region(const cli_tool *tool, const smr_scorecard *card, cli_output *out, smr_error *error) {
    const smr_framework *framework = smr_scorecard_framework(card);
    size_t rows = smr_scorecard_row_count(card), nodes = smr_framework_node_count(framework);
    int json = tool->options->format == FORMAT_JSON;
    double *weights = malloc(nodes * rows * sizeof *weights), *effective = malloc(nodes * sizeof *effective);
    smr_status status = weights && effective ? SMR_OK : tool_out_of_memory(error);
    for (size_t i = 1; i < nodes && !status; ++i)
        status = smr_scorecard_weights(card, i, weights + i * rows, rows, error);
    if (json) {
        out_text(out, "{\"format\": \"smartregion-weights/1\", \"plan\": ");
        if (!status)
            status = smr_model_write_plan(tool->model, output_write, out, error);
        out_text(out, ", \"rows\": [");
    } else {
        out_text(out, "region,node,weight,effective_weight\n");
    }
    for (size_t row = 0; row < rows && !status; ++row)
        for (size_t i = 0; i < nodes; ++i) {
            int64_t parent = smr_framework_node_parent(framework, i);
            double weight = i ? weights[i * rows + row] : smr_model_weight(tool->model, 0);
            double sum = 0;
            for (size_t k = 1; k < nodes; ++k)
                if (smr_framework_node_parent(framework, k) == parent)
                    sum += weights[k * rows + row];
            effective[i] = i ? effective[parent] * weight / sum : 1;
            out_text(out, json ? (row || i ? ",\n{\"region\": " : "\n{\"region\": ") : "");
            if (json)
                out_json(out, smr_scorecard_region(card, row));
            else
                out_csv(out, smr_scorecard_region(card, row));
            out_text(out, json ? ", \"node\": " : ",");
            if (json)
                out_json(out, smr_framework_node_id(framework, i));
            else
                out_csv(out, smr_framework_node_id(framework, i));
            out_text(out, json ? ", \"weight\": " : ",");
            if (json)
                out_json_number(out, weight);
            else
                out_csv_number(out, weight);
            out_text(out, json ? ", \"effective_weight\": " : ",");
            if (json)
                out_json_number(out, effective[i]);
            else
                out_csv_number(out, effective[i]);
            out_text(out, json ? "}" : "\n");
        }
    out_text(out, json ? "\n]}\n" : "");
    free(weights);
    free(effective);
    return status;
}

int verb_weights(cli_tool *tool) {
    const cli_options *options = tool->options;
    if (options->model && options->operand_count)
        return usage_error(options->verb, "\"%s\" is one operand too many: --model holds the weights",
                           options->operands[0]);
    int code = prepare_model(tool, 0);
    cli_output *out = NULL;
    if (!code)
        code = tool_output(tool, &out);
    if (code)
        return code;
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_status status = SMR_OK;
    smr_scorecard *card = NULL;
    if (tool->dataset)
        status = smr_model_score(tool->context, tool->model, tool->dataset, NULL, &card, &error);
    if (status) {
        /* told by tool_finish() */
    } else if (smr_scorecard_has_region_weights(card)) {
        status = print_by_region(tool, card, out, &error);
    } else if (options->format == FORMAT_CSV) {
        print_csv(tool->model, out);
    } else if (options->format == FORMAT_JSON) {
        status = print_json(tool->model, out, &error);
    } else if (print_table(tool, out)) {
        status = tool_out_of_memory(&error);
    }
    smr_scorecard_unref(card);
    return tool_finish(tool, out, status, &error);
}
