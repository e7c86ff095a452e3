/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "progress.h"
#include "score_view.h"

static const char *region_at(size_t index, const void *user) {
    return smr_scorecard_region(user, index);
}

/* A region by its id or its name, in the period shown. */
static int find_region(const score_view *view, const char *text, size_t *found) {
    int64_t row = smr_scorecard_find_row(view->card, text, view->period);
    for (size_t i = 0; i < view->count && row < 0; ++i)
        if (!strcmp(smr_scorecard_region_name(view->card, view->rows[i]), text))
            row = (int64_t)view->rows[i];
    if (row >= 0) {
        *found = (size_t)row;
        return TOOL_FINE;
    }
    const char *file = input_name(view->tool->options->operands[0]);
    const char *near = nearest_name(text, region_at, view->card);
    return near ? file_error(TOOL_INPUT, file, "region \"%s\" is unknown, did you mean \"%s\"?", text, near)
                : file_error(TOOL_INPUT, file, "region \"%s\" is unknown", text);
}

static int print_people(cli_tool *tool, const smr_scorecard *card) {
    const cli_options *options = tool->options;
    score_view view;
    int code = view_load(&view, tool, card, options->highlight_count > 0);
    size_t *highlights = NULL;
    if (!code && options->highlight_count) {
        highlights = malloc(options->highlight_count * sizeof *highlights);
        code = highlights ? TOOL_FINE : file_error(TOOL_OUTPUT, NULL, "out of memory");
        for (size_t i = 0; i < options->highlight_count && !code; ++i)
            code = find_region(&view, options->highlights[i], &highlights[i]);
    }
    cli_output *out = NULL;
    if (!code)
        code = tool_output(tool, &out);
    if (!code) {
        smr_error error;
        smr_error_init(&error, sizeof error);
        int failed = view.count == 1 ? print_region(&view, out) : print_ranking(&view, out, highlights);
        code = tool_finish(tool, out, failed ? tool_out_of_memory(&error) : SMR_OK, &error);
    }
    free(highlights);
    view_free(&view);
    return code;
}

static int print_programs(cli_tool *tool, const smr_scorecard *card, const char *period) {
    cli_output *out = NULL;
    int code = tool_output(tool, &out);
    if (code)
        return code;
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_status status = tool->options->format == FORMAT_CSV
                            ? smr_scorecard_write_csv(card, period, output_write, out, &error)
                            : smr_scorecard_write_json(card, period, output_write, out, &error);
    return tool_finish(tool, out, status, &error);
}

int verb_score(cli_tool *tool) {
    const cli_options *options = tool->options;
    const char *period = NULL;
    int code = prepare_model(tool, 1);
    if (!code)
        code = tool_period(tool, &period);
    if (code)
        return code;
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_scorecard *card = NULL;
    progress_begin("scoring");
    smr_status status = smr_model_score(tool->context, tool->model, tool->dataset, NULL, &card, &error);
    progress_end();
    if (status)
        return tool_fail(tool, &error, input_name(options->operands[0]));
    code = options->format == FORMAT_TABLE ? print_people(tool, card) : print_programs(tool, card, period);
    smr_scorecard_unref(card);
    return code;
}
