/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "language.h"
#include "table.h"
#include "tool.h"

static const char *const direction_names[] = {"", "higher", "lower", "target"};
static const char *const kind_names[] = {"number", "share", "count", "ordinal", "binary", "checklist", "rank"};
static const char *const transform_names[] = {"none", "log", "sqrt", "cbrt", "logit"};

static const char *named(const char *const *names, size_t count, int32_t value) {
    return value < 0 || (size_t)value >= count ? "" : names[value];
}

/* Properties of a node; for one that is no indicator everything but the weight is empty. Returns 1 for an indicator. */
static int properties(const smr_framework *framework, size_t node, smr_indicator_options *indicator) {
    smr_indicator_options_init(indicator, sizeof *indicator);
    int64_t number = smr_framework_node_indicator(framework, node);
    return number >= 0 && smr_framework_indicator(framework, (size_t)number, indicator, NULL) == SMR_OK;
}

static void print_csv(const cli_tool *tool, cli_output *out) {
    const smr_framework *framework = tool->framework;
    out_text(out, "node,parent,depth,name,weight,unit,direction,kind,transform,worst,best,optimum,target,denominator,"
                  "source\n");
    for (size_t i = 0; i < smr_framework_node_count(framework); ++i) {
        smr_indicator_options indicator;
        int is_indicator = properties(framework, i, &indicator);
        int64_t parent = smr_framework_node_parent(framework, i);
        const double numbers[] = {indicator.worst, indicator.best, indicator.optimum, indicator.target};
        out_csv(out, smr_framework_node_id(framework, i));
        out_text(out, ",");
        out_csv(out, parent < 0 ? NULL : smr_framework_node_id(framework, (size_t)parent));
        out_text(out, ",");
        out_integer(out, (uint64_t)smr_framework_node_depth(framework, i));
        out_text(out, ",");
        out_csv(out, smr_framework_node_name(framework, i, language_tag(tool->options->language)));
        out_text(out, ",");
        out_csv_number(out, smr_framework_node_weight(framework, i));
        out_text(out, ",");
        out_csv(out, indicator.unit);
        out_text(out, ",");
        out_text(out, is_indicator ? named(direction_names, COUNT(direction_names), indicator.direction) : "");
        out_text(out, ",");
        out_text(out, is_indicator ? named(kind_names, COUNT(kind_names), indicator.kind) : "");
        out_text(out, ",");
        out_text(out, is_indicator ? named(transform_names, COUNT(transform_names), indicator.transform) : "");
        for (size_t k = 0; k < COUNT(numbers); ++k) {
            out_text(out, ",");
            out_csv_number(out, numbers[k]);
        }
        out_text(out, ",");
        out_csv(out, indicator.denominator);
        out_text(out, ",");
        out_csv(out, indicator.source);
        out_text(out, "\n");
    }
}

static void number_cell(cli_table *table, double value) {
    char text[NUMBER_SIZE] = "";
    if (value == value)
        number_short(text, value);
    table_cell(table, text);
}

static int print_table(const cli_tool *tool, cli_output *out) {
    cli_language language = tool->options->language;
    const smr_framework *framework = tool->framework;
    int has_optimum = 0;
    for (size_t i = 0; i < smr_framework_node_count(framework); ++i) {
        smr_indicator_options indicator;
        has_optimum |= properties(framework, i, &indicator) && indicator.optimum == indicator.optimum;
    }
    cli_table table;
    table_init(&table, out);
    table_column(&table, phrase_text(language, PHRASE_ID), ALIGN_LEFT, 40);
    table_column(&table, phrase_text(language, PHRASE_NAME), ALIGN_LEFT, 60);
    table_column(&table, phrase_text(language, PHRASE_WEIGHT), ALIGN_RIGHT, 12);
    table_column(&table, phrase_text(language, PHRASE_UNIT), ALIGN_LEFT, 32);
    table_column(&table, phrase_text(language, PHRASE_DIRECTION), ALIGN_LEFT, 14);
    table_column(&table, phrase_text(language, PHRASE_WORST), ALIGN_RIGHT, 14);
    table_column(&table, phrase_text(language, PHRASE_BEST), ALIGN_RIGHT, 14);
    if (has_optimum)
        table_column(&table, phrase_text(language, PHRASE_OPTIMUM), ALIGN_RIGHT, 14);
    for (size_t i = 0; i < smr_framework_node_count(framework); ++i) {
        smr_indicator_options indicator;
        int is_indicator = properties(framework, i, &indicator);
        int64_t depth = smr_framework_node_depth(framework, i);
        char indented[300];
        if (depth == 1 && !is_indicator)
            table_row(&table, STYLE_BLANK);
        table_row(&table, is_indicator ? STYLE_PLAIN : STYLE_STRONG);
        snprintf(indented, sizeof indented, "%*s%.250s", depth < 20 ? 2 * (int)depth : 40, "",
                 smr_framework_node_id(framework, i));
        table_cell(&table, indented);
        table_cell(&table, smr_framework_node_name(framework, i, language_tag(language)));
        number_cell(&table, smr_framework_node_weight(framework, i));
        table_cell(&table, indicator.unit);
        table_cell(&table, is_indicator ? direction_text(language, indicator.direction) : "");
        number_cell(&table, indicator.worst);
        number_cell(&table, indicator.best);
        if (has_optimum)
            number_cell(&table, indicator.optimum);
    }
    return table_print(&table);
}

/* Without a name: what else there is to print. */
static void print_names(const cli_tool *tool, cli_output *out) {
    out_text(out, "\n");
    out_text(out, phrase_text(tool->options->language, PHRASE_BUILT_IN));
    const char *name;
    for (size_t i = 0; (name = smr_framework_builtin_name(i)) != NULL; ++i) {
        out_text(out, " ");
        out_text(out, name);
    }
    out_text(out, "\n");
}

int verb_framework(cli_tool *tool) {
    const cli_options *options = tool->options;
    if (options->framework && options->operand_count)
        return usage_error(options->verb, "\"%s\" is one framework too many", options->operands[0]);
    const char *name = options->operand_count ? options->operands[0] : options->framework;
    int code = prepare_framework(tool, name ? name : "icf");
    cli_output *out = NULL;
    if (!code)
        code = tool_output(tool, &out);
    if (code)
        return code;
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_status status = SMR_OK;
    if (options->format == FORMAT_CSV) {
        print_csv(tool, out);
    } else if (options->format == FORMAT_JSON) {
        status = smr_framework_write(tool->framework, output_write, out, &error);
    } else {
        if (print_table(tool, out))
            status = tool_out_of_memory(&error);
        else if (!name)
            print_names(tool, out);
    }
    return tool_finish(tool, out, status, &error);
}
