/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "progress.h"
#include "stability_table.h"

/* Writes what one of the studies found; the three differ in their writers alone. */
typedef struct findings {
    const smr_break_even *break_even;
    const smr_criticality *criticality;
    const smr_leave_out *leave_out;
} findings;

static smr_status write_csv(const cli_options *options, const findings *f, cli_output *out, smr_error *error) {
    if (f->break_even)
        return smr_break_even_write_csv(f->break_even, output_write, out, error);
    if (f->criticality)
        return smr_criticality_write_csv(f->criticality, output_write, out, error);
    return smr_leave_out_write_csv(f->leave_out, options->section, output_write, out, error);
}

static smr_status write_json(const findings *f, cli_output *out, smr_error *error) {
    if (f->break_even)
        return smr_break_even_write_json(f->break_even, output_write, out, error);
    if (f->criticality)
        return smr_criticality_write_json(f->criticality, output_write, out, error);
    return smr_leave_out_write_json(f->leave_out, output_write, out, error);
}

static int print_table(const cli_tool *tool, const findings *f, cli_output *out) {
    return f->break_even    ? print_break_even(tool, f->break_even, out)
           : f->criticality ? print_criticality(tool, f->criticality, out)
                            : print_leave_out(tool, f->leave_out, out);
}

static int write_findings(cli_tool *tool, const findings *f) {
    const cli_options *options = tool->options;
    smr_error error;
    smr_error_init(&error, sizeof error);
    cli_output *out = NULL;
    int code = tool_output(tool, &out);
    if (code)
        return code;
    smr_status status = SMR_OK;
    if (options->format == FORMAT_CSV)
        status = write_csv(options, f, out, &error);
    else if (options->format == FORMAT_JSON)
        status = write_json(f, out, &error);
    else if (print_table(tool, f, out))
        status = tool_out_of_memory(&error);
    return tool_finish(tool, out, status, &error);
}

static int is_region(const cli_tool *tool, const char *id) {
    const size_t rows = smr_dataset_row_count(tool->dataset);
    for (size_t row = 0; row < rows; ++row)
        if (!strcmp(smr_dataset_region(tool->dataset, row), id))
            return 1;
    return 0;
}

/* Splits "A,B" at the comma that leaves two regions of the data; ids may hold commas. */
static int split_pair(const cli_tool *tool, char *pair, const char **second) {
    char *first_comma = strchr(pair, ',');
    for (char *comma = first_comma; comma; comma = strchr(comma + 1, ',')) {
        *comma = '\0';
        *second = comma + 1;
        if (is_region(tool, pair) && is_region(tool, *second))
            return strcmp(pair, *second) ? TOOL_FINE
                                         : usage_error(tool->options->verb, "--pair names one region twice, \"%s\"", pair);
        *comma = ',';
    }
    if (!first_comma)
        return usage_error(tool->options->verb, "--pair \"%s\" is not two regions with a comma between", pair);
    *first_comma = '\0'; /* the library says which of the two is unknown */
    *second = first_comma + 1;
    return TOOL_FINE;
}

static int find_break_even(cli_tool *tool, const char *period) {
    const char *text = tool->options->pair, *second = NULL;
    char *pair = malloc(strlen(text) + 1);
    if (!pair)
        return file_error(TOOL_OUTPUT, NULL, "out of memory");
    strcpy(pair, text);
    int code = split_pair(tool, pair, &second);
    if (!code) {
        smr_error error;
        smr_error_init(&error, sizeof error);
        smr_break_even_options options;
        smr_break_even_options_init(&options, sizeof options);
        options.period = period;
        smr_break_even *result = NULL;
        findings f = {NULL, NULL, NULL};
        if (smr_break_even_run(tool->context, tool->model, tool->dataset, pair, second, &options, &result, &error))
            code = tool_fail(tool, &error, input_name(tool->options->operands[0]));
        f.break_even = result;
        if (!code)
            code = write_findings(tool, &f);
        smr_break_even_unref(result);
    }
    free(pair);
    return code;
}

static int find_criticality(cli_tool *tool, const char *period) {
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_break_even_options options;
    smr_break_even_options_init(&options, sizeof options);
    options.period = period;
    smr_criticality *result = NULL;
    progress_begin("looking for critical weights");
    smr_status status = smr_criticality_run(tool->context, tool->model, tool->dataset, &options, &result, &error);
    progress_end();
    const findings f = {NULL, result, NULL};
    int code = status ? tool_fail(tool, &error, input_name(tool->options->operands[0])) : write_findings(tool, &f);
    smr_criticality_unref(result);
    return code;
}

static int leave_out(cli_tool *tool, const char *period) {
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_leave_out_options options;
    smr_leave_out_options_init(&options, sizeof options);
    options.period = period;
    if (tool->options->given[OPTION_LEVEL])
        options.levels = tool->options->levels;
    smr_leave_out *result = NULL;
    progress_begin("leaving one out");
    smr_status status =
        smr_leave_out_run(tool->context, tool->framework, tool->dataset, tool->plan, &options, &result, &error);
    progress_end();
    const findings f = {NULL, NULL, result};
    int code = status ? tool_fail(tool, &error, input_name(tool->options->operands[0])) : write_findings(tool, &f);
    smr_leave_out_unref(result);
    return code;
}

/* What does not go together. */
static int check_options(const cli_options *options) {
    const int weights = options->pair || options->critical;
    if (options->pair && options->critical)
        return usage_error(options->verb, "--pair and --critical exclude each other");
    if (weights && (options->given[OPTION_LEVEL] || options->given[OPTION_SECTION] || options->given[OPTION_TOP]))
        return usage_error(options->verb, "%s is not for %s",
                           option_name(options->given[OPTION_LEVEL]     ? OPTION_LEVEL
                                       : options->given[OPTION_SECTION] ? OPTION_SECTION
                                                                              : OPTION_TOP),
                           options->pair ? "--pair" : "--critical");
    if (!weights && options->model)
        return usage_error(options->verb, "--model is only for --pair and --critical: what is left out is fitted anew");
    if (options->given[OPTION_SECTION] && options->format != FORMAT_CSV)
        return usage_error(options->verb, "--section is only for --format csv");
    return TOOL_FINE;
}

int verb_stability(cli_tool *tool) {
    const cli_options *options = tool->options;
    const char *period = NULL;
    int code = check_options(options);
    if (!code)
        code = prepare_model(tool, 1);
    if (!code)
        code = tool_period(tool, &period);
    if (code)
        return code;
    if (options->pair)
        return find_break_even(tool, period);
    return options->critical ? find_criticality(tool, period) : leave_out(tool, period);
}
