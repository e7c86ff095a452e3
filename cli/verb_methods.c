/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "table.h"
#include "tool.h"

static int get(size_t index, smr_method *method) {
    smr_method_init(method, sizeof *method);
    return smr_method_get(index, method, NULL) == SMR_OK;
}

static int get_step(size_t index, smr_step *step) {
    smr_step_init(step, sizeof *step);
    return smr_step_get(index, step, NULL) == SMR_OK;
}

static int get_step_parameter(size_t index, size_t number, smr_method_parameter *parameter) {
    smr_method_parameter_init(parameter, sizeof *parameter);
    return smr_step_get_parameter(index, number, parameter, NULL) == SMR_OK;
}

static int get_parameter(size_t index, size_t number, smr_method_parameter *parameter) {
    smr_method_parameter_init(parameter, sizeof *parameter);
    return smr_method_get_parameter(index, number, parameter, NULL) == SMR_OK;
}

/* All, or those of the step or the name asked for. */
static int is_asked(const smr_method *method, const char *asked) {
    return !asked || !strcmp(method->name, asked) || !strcmp(method->step, asked);
}

/* Step names, then method names, for a suggestion. */
static const char *any_name(size_t index, const void *user) {
    (void)user;
    smr_step step;
    smr_method method;
    if (index < smr_step_count())
        return get_step(index, &step) ? step.name : NULL;
    return get(index - smr_step_count(), &method) ? method.name : NULL;
}

static int is_asked_step(const smr_step *step, const char *asked) {
    return !asked || !strcmp(step->name, asked);
}

static void print_csv_row(cli_output *out, const char *const row[7]) {
    for (size_t k = 0; k < 7; ++k) {
        out_csv(out, row[k]);
        out_text(out, k < 6 ? "," : "\n");
    }
}

static void print_csv_option(cli_output *out, const char *step, const char *method,
                             const smr_method_parameter *parameter) {
    const char *const row[] = {step,
                               method,
                               parameter->name,
                               parameter->type,
                               parameter->default_text,
                               parameter->legal,
                               parameter->summary};
    print_csv_row(out, row);
}

static void print_csv(const char *asked, cli_output *out) {
    out_text(out, "step,method,option,type,default,legal,summary\n");
    smr_step step;
    smr_method method;
    smr_method_parameter parameter;
    for (size_t i = 0; i < smr_step_count(); ++i) {
        if (!get_step(i, &step) || !is_asked_step(&step, asked))
            continue;
        const char *const row[] = {step.name, "", "", "", "", "", step.summary};
        print_csv_row(out, row);
        for (size_t p = 0; p < step.parameter_count; ++p)
            if (get_step_parameter(i, p, &parameter))
                print_csv_option(out, step.name, "", &parameter);
    }
    for (size_t i = 0; i < smr_method_count(); ++i) {
        if (!get(i, &method) || !is_asked(&method, asked))
            continue;
        const char *const row[] = {method.step, method.name, "", "", "", "", method.summary};
        print_csv_row(out, row);
        for (size_t p = 0; p < method.parameter_count; ++p)
            if (get_parameter(i, p, &parameter))
                print_csv_option(out, method.step, method.name, &parameter);
    }
}

static void json_member(cli_output *out, const char *key, const char *text, int first) {
    out_text(out, first ? "\"" : ", \"");
    out_text(out, key);
    out_text(out, "\": ");
    out_json(out, text);
}

static void print_json_option(cli_output *out, const smr_method_parameter *parameter, size_t place) {
    out_text(out, place ? ", {" : "{");
    json_member(out, "option", parameter->name, 1);
    json_member(out, "type", parameter->type, 0);
    out_text(out, ", \"default\": ");
    out_text(out, parameter->default_text ? parameter->default_text : "null");
    json_member(out, "legal", parameter->legal, 0);
    json_member(out, "summary", parameter->summary, 0);
    out_text(out, "}");
}

static void print_json(const char *asked, cli_output *out) {
    out_text(out, "{\"format\": \"smartregion-methods/1\", \"steps\": [");
    smr_step step;
    smr_method method;
    smr_method_parameter parameter;
    int count = 0;
    for (size_t i = 0; i < smr_step_count(); ++i) {
        if (!get_step(i, &step) || !is_asked_step(&step, asked))
            continue;
        out_text(out, count++ ? ",\n{" : "\n{");
        json_member(out, "step", step.name, 1);
        json_member(out, "summary", step.summary, 0);
        out_text(out, ", \"options\": [");
        for (size_t p = 0; p < step.parameter_count; ++p)
            if (get_step_parameter(i, p, &parameter))
                print_json_option(out, &parameter, p);
        out_text(out, "]}");
    }
    out_text(out, "\n], \"rows\": [");
    count = 0;
    for (size_t i = 0; i < smr_method_count(); ++i) {
        if (!get(i, &method) || !is_asked(&method, asked))
            continue;
        out_text(out, count++ ? ",\n{" : "\n{");
        json_member(out, "step", method.step, 1);
        json_member(out, "method", method.name, 0);
        json_member(out, "summary", method.summary, 0);
        json_member(out, "formula", method.formula, 0);
        json_member(out, "source", method.source, 0);
        out_text(out, ", \"options\": [");
        for (size_t p = 0; p < method.parameter_count; ++p)
            if (get_parameter(i, p, &parameter))
                print_json_option(out, &parameter, p);
        out_text(out, "]}");
    }
    out_text(out, "\n]}\n");
}

static int print_list(const char *asked, cli_output *out) {
    cli_table table;
    table_init(&table, out);
    table_column(&table, "Step", ALIGN_LEFT, 20);
    table_column(&table, "Method", ALIGN_LEFT, 30);
    table_column(&table, "Summary", ALIGN_LEFT, 120);
    const char *step = "";
    smr_step alone;
    smr_method method;
    for (size_t i = 0; !asked && i < smr_step_count(); ++i) {
        if (!get_step(i, &alone) || alone.default_method)
            continue;
        table_row(&table, STYLE_PLAIN);
        table_cell(&table, alone.name);
        table_cell(&table, "");
        table_cell(&table, alone.summary);
        step = alone.name;
    }
    for (size_t i = 0; i < smr_method_count(); ++i) {
        if (!get(i, &method) || !is_asked(&method, asked))
            continue;
        int is_new = strcmp(step, method.step) != 0;
        if (is_new && *step)
            table_row(&table, STYLE_BLANK);
        table_row(&table, STYLE_PLAIN);
        table_cell(&table, is_new ? method.step : "");
        table_cell(&table, method.name);
        table_cell(&table, method.summary);
        step = method.step;
    }
    return table_print(&table);
}

static void print_line(cli_output *out, const char *heading, const char *text) {
    if (!text || !*text)
        return;
    out_text(out, heading);
    out_text(out, text);
    out_text(out, "\n");
}

static void begin_options(cli_table *table, cli_output *out) {
    table_init(table, out);
    table_column(table, "Option", ALIGN_LEFT, 30);
    table_column(table, "Type", ALIGN_LEFT, 12);
    table_column(table, "Default", ALIGN_LEFT, 30);
    table_column(table, "Legal", ALIGN_LEFT, 60);
    table_column(table, "Summary", ALIGN_LEFT, 120);
}

static void add_option(cli_table *table, const smr_method_parameter *parameter) {
    table_row(table, STYLE_PLAIN);
    table_cell(table, parameter->name);
    table_cell(table, parameter->type);
    table_cell(table, parameter->default_text);
    table_cell(table, parameter->legal);
    table_cell(table, parameter->summary);
}

static int print_method(size_t index, cli_output *out) {
    smr_method method;
    if (!get(index, &method))
        return 0;
    char heading[128];
    text_fit(heading, sizeof heading, method.step, 60);
    strcat(heading, ".method = ");
    out_text(out, heading);
    table_line(out, STYLE_STRONG, method.name);
    print_line(out, "  ", method.summary);
    print_line(out, "  formula  ", method.formula);
    print_line(out, "  source   ", method.source);
    if (!method.parameter_count)
        return 0;
    out_text(out, "\n");
    cli_table table;
    begin_options(&table, out);
    for (size_t p = 0; p < method.parameter_count; ++p) {
        smr_method_parameter parameter;
        if (get_parameter(index, p, &parameter))
            add_option(&table, &parameter);
    }
    return table_print(&table);
}

/* The options of a step itself, whatever its method. */
static int print_step(size_t index, cli_output *out) {
    smr_step step;
    if (!get_step(index, &step))
        return 0;
    table_line(out, STYLE_STRONG, step.name);
    print_line(out, "  ", step.summary);
    if (!step.parameter_count)
        return 0;
    out_text(out, "\n");
    cli_table table;
    begin_options(&table, out);
    for (size_t p = 0; p < step.parameter_count; ++p) {
        smr_method_parameter parameter;
        if (get_step_parameter(index, p, &parameter))
            add_option(&table, &parameter);
    }
    return table_print(&table);
}

/* Nothing gives the list, a step its options and methods, a method its details, in every step that has one of that
 * name. */
static int print_people(const char *asked, cli_output *out) {
    smr_step step;
    smr_method method;
    int found = 0;
    for (size_t i = 0; asked && i < smr_step_count(); ++i) {
        if (!get_step(i, &step) || strcmp(step.name, asked))
            continue;
        found = 1;
        if (print_step(i, out))
            return -1;
        if (!step.default_method)
            continue;
        out_text(out, "\n");
        if (print_list(asked, out))
            return -1;
    }
    for (size_t i = 0; asked && i < smr_method_count(); ++i) {
        if (!get(i, &method) || strcmp(method.name, asked))
            continue;
        out_text(out, found++ ? "\n" : "");
        if (print_method(i, out))
            return -1;
    }
    return found ? 0 : print_list(asked, out);
}

int verb_methods(cli_tool *tool) {
    const cli_options *options = tool->options;
    const char *asked = options->operand_count ? options->operands[0] : NULL;
    smr_step step;
    smr_method method;
    size_t found = 0;
    for (size_t i = 0; i < smr_step_count(); ++i)
        found += get_step(i, &step) && is_asked_step(&step, asked);
    for (size_t i = 0; i < smr_method_count(); ++i)
        found += get(i, &method) && is_asked(&method, asked);
    if (!found) {
        const char *near = nearest_name(asked ? asked : "", any_name, NULL);
        return near ? file_error(TOOL_INPUT, NULL, "method \"%s\" is unknown, did you mean \"%s\"?", asked, near)
                    : file_error(TOOL_INPUT, NULL, "method \"%s\" is unknown, \"smartregion methods\" lists them",
                                 asked ? asked : "");
    }
    cli_output *out = NULL;
    int code = tool_output(tool, &out);
    if (code)
        return code;
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_status status = SMR_OK;
    if (options->format == FORMAT_CSV)
        print_csv(asked, out);
    else if (options->format == FORMAT_JSON)
        print_json(asked, out);
    else if (print_people(asked, out))
        status = tool_out_of_memory(&error);
    return tool_finish(tool, out, status, &error);
}
