/* SPDX-License-Identifier: MIT */
/* explain and compare: one region, and two. */
#include <stdlib.h>
#include <string.h>

#include "explain_table.h"
#include "input.h"
#include "progress.h"

/* Rows up to which every score is kept; beyond, those of indicators are computed again when they are asked for. */
enum { MOST_KEPT = 100000 };

/* The regions that --against or the operands name, as rows of the scorecard. */
typedef struct cli_reference {
    smr_explanation_options options;
    size_t *rows;
} cli_reference;

static const char *region_at(size_t index, const void *user) {
    return smr_scorecard_region(user, index);
}

/* The row of a region by its id or its name; without a period, that of the latest. */
static int find_region(const cli_tool *tool, const smr_scorecard *card, const char *text, const char *period,
                       size_t *found) {
    const char *file = input_name(tool_data(tool));
    if (!period)
        period = smr_dataset_latest_period(tool->dataset);
    int64_t row = smr_scorecard_find_row(card, text, period);
    size_t total = smr_scorecard_row_count(card);
    int elsewhere = 0;
    for (size_t i = 0; i < total && row < 0; ++i) {
        const char *has = smr_scorecard_period(card, i);
        if (strcmp(smr_scorecard_region(card, i), text) && strcmp(smr_scorecard_region_name(card, i), text))
            continue;
        elsewhere = 1;
        if (!period || !has || !strcmp(has, period))
            row = (int64_t)i;
    }
    if (row >= 0) {
        *found = (size_t)row;
        return TOOL_FINE;
    }
    if (elsewhere)
        return file_error(TOOL_INPUT, file, "region \"%s\" has no row in period \"%s\", choose another with --period",
                          text, period);
    if (smr_dataset_find_row(tool->dataset, text, period) >= 0)
        return file_error(TOOL_INPUT, file, "region \"%s\" has no score: the plan screens it out or rolls it up", text);
    const char *near = nearest_name(text, region_at, card);
    return near ? file_error(TOOL_INPUT, file, "region \"%s\" is unknown, did you mean \"%s\"?", text, near)
                : file_error(TOOL_INPUT, file, "region \"%s\" is unknown", text);
}

/* A word with a number behind it, such as top7; without one, and where it may lack, *number stays. */
static int is_counted(const char *text, const char *word, int needs_number, uint32_t *number) {
    size_t length = strlen(word);
    if (strncmp(text, word, length))
        return 0;
    text += length;
    if (!*text)
        return !needs_number;
    uint32_t value = 0;
    for (; *text >= '0' && *text <= '9' && value < 10000000; ++text)
        value = value * 10 + (uint32_t)(*text - '0');
    if (*text || !value)
        return 0;
    *number = value;
    return 1;
}

/* Regions one after another, with commas between. */
static int read_regions(const cli_tool *tool, const smr_scorecard *card, const char *list, const char *period,
                        cli_reference *reference) {
    char *copy = strdup(list);
    reference->rows = malloc((strlen(list) + 1) * sizeof *reference->rows);
    int code = copy && reference->rows ? TOOL_FINE : file_error(TOOL_OUTPUT, NULL, "out of memory");
    for (char *name = copy; !code && name;) {
        char *comma = strchr(name, ',');
        if (comma)
            *comma++ = '\0';
        code = find_region(tool, card, name, period, &reference->rows[reference->options.row_count]);
        ++reference->options.row_count;
        name = comma;
    }
    free(copy);
    reference->options.reference = SMR_REFERENCE_ROWS;
    reference->options.rows = reference->rows;
    return code;
}

static int has_targets(const cli_tool *tool) {
    const smr_framework *framework = tool_framework(tool);
    for (size_t i = 0; i < smr_framework_indicator_count(framework); ++i) {
        smr_indicator_options indicator;
        smr_indicator_options_init(&indicator, sizeof indicator);
        if (!smr_framework_indicator(framework, i, &indicator, NULL) && indicator.target == indicator.target)
            return 1;
    }
    return 0;
}

static int read_against(const cli_tool *tool, const smr_scorecard *card, const char *period,
                        cli_reference *reference) {
    const char *text = tool->options->against;
    smr_explanation_options *options = &reference->options;
    if (!strcmp(text, "median"))
        options->reference = SMR_REFERENCE_MEDIAN;
    else if (is_counted(text, "peers", 0, &options->peers))
        options->reference = SMR_REFERENCE_PEERS;
    else if (is_counted(text, "top", 1, &options->top))
        options->reference = SMR_REFERENCE_TOP;
    else if (!strcmp(text, "target"))
        options->reference = SMR_REFERENCE_TARGET;
    else
        return read_regions(tool, card, text, period, reference);
    if (options->reference == SMR_REFERENCE_TARGET && !has_targets(tool))
        return usage_error(tool->options->verb, "--against target: no indicator of the framework has a \"target\"");
    return TOOL_FINE;
}

static int write_explanation(cli_tool *tool, const smr_explanation *explanation, int compared) {
    const cli_options *options = tool->options;
    smr_error error;
    smr_error_init(&error, sizeof error);
    cli_output *out = NULL;
    int code = tool_output(tool, &out);
    if (code)
        return code;
    uint32_t parts = (options->against ? SMR_EXPLANATION_WITH_REFERENCE : 0)
                     | (options->trace ? SMR_EXPLANATION_WITH_TRACE : 0);
    smr_status status = SMR_OK;
    if (options->format == FORMAT_CSV)
        status = compared ? smr_explanation_write_difference_csv(explanation, output_write, out, &error)
                          : smr_explanation_write_csv(explanation, parts, output_write, out, &error);
    else if (options->format == FORMAT_JSON)
        status = compared ? smr_explanation_write_difference_json(explanation, output_write, out, &error)
                          : smr_explanation_write_json(explanation, output_write, out, &error);
    else if (compared ? print_comparison(tool, explanation, out)
             : options->trace ? print_trace(tool, explanation, out)
                              : print_explanation(tool, explanation, out))
        status = tool_out_of_memory(&error);
    return tool_finish(tool, out, status, &error);
}

static int explain(cli_tool *tool, const smr_scorecard *card, const char *period, int compared) {
    const cli_options *options = tool->options;
    cli_reference reference = {.rows = NULL};
    smr_explanation_options_init(&reference.options, sizeof reference.options);
    if (options->given[OPTION_SEED])
        reference.options.seed = options->seed;
    size_t row = 0;
    int code = find_region(tool, card, options->operands[0], period, &row);
    if (!code && compared) {
        reference.rows = malloc(sizeof *reference.rows);
        code = reference.rows ? find_region(tool, card, options->operands[1], period, reference.rows)
                              : file_error(TOOL_OUTPUT, NULL, "out of memory");
        reference.options.reference = SMR_REFERENCE_ROWS;
        reference.options.rows = reference.rows;
        reference.options.row_count = 1;
    } else if (!code && options->against) {
        code = read_against(tool, card, period, &reference);
    } else if (!code && options->format == FORMAT_TABLE && !options->trace && smr_scorecard_row_count(card) > 1) {
        reference.options.reference = SMR_REFERENCE_MEDIAN; /* people want to know what is much and what is little */
    }
    smr_explanation *explanation = NULL;
    if (!code) {
        smr_error error;
        smr_error_init(&error, sizeof error);
        progress_begin("explaining");
        smr_status status = smr_explanation_run(tool->context, card, row, &reference.options, &explanation, &error);
        progress_end();
        code = status ? tool_fail(tool, &error, input_name(tool_data(tool)))
                      : write_explanation(tool, explanation, compared);
    }
    smr_explanation_unref(explanation);
    free(reference.rows);
    return code;
}

static int run(cli_tool *tool, int compared) {
    const char *period = NULL;
    int code = prepare_model(tool, 1);
    if (!code)
        code = tool_period(tool, &period);
    if (code)
        return code;
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_score_options keep;
    smr_score_options_init(&keep, sizeof keep);
    if (smr_dataset_row_count(tool->dataset) <= MOST_KEPT)
        keep.keep = SMR_KEEP_ALL;
    smr_scorecard *card = NULL;
    progress_begin("scoring");
    smr_status status = smr_model_score(tool->context, tool->model, tool->dataset, &keep, &card, &error);
    progress_end();
    code = status ? tool_fail(tool, &error, input_name(tool_data(tool))) : explain(tool, card, period, compared);
    smr_scorecard_unref(card);
    return code;
}

int verb_explain(cli_tool *tool) {
    return run(tool, 0);
}

int verb_compare(cli_tool *tool) {
    return run(tool, 1);
}
