/* SPDX-License-Identifier: MIT */
#include "input.h"
#include "language.h"
#include "progress.h"
#include "select_funnel.h"
#include "select_table.h"

static int write_selection(cli_tool *tool, const smr_scorecard *card, const smr_selection *selection) {
    const cli_options *options = tool->options;
    const char *language = language_tag(options->language);
    smr_error error;
    smr_error_init(&error, sizeof error);
    cli_output *out = NULL;
    int code = tool_output(tool, &out);
    if (code)
        return code;
    smr_status status = SMR_OK;
    if (options->format == FORMAT_CSV)
        status = smr_selection_write_csv(selection, language, output_write, out, &error);
    else if (options->format == FORMAT_JSON)
        status = smr_selection_write_json(selection, language, output_write, out, &error);
    else if (print_selection(tool, card, selection, out))
        status = tool_out_of_memory(&error);
    return tool_finish(tool, out, status, &error);
}

static int run_funnel(cli_tool *tool, const smr_funnel *funnel, smr_ballots **ballots, const char *period) {
    const char *data = input_name(tool->options->operands[0]);
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_select_options select;
    smr_select_options_init(&select, sizeof select);
    select.period = period;
    select.year = tool->options->year;
    smr_scorecard *card = NULL;
    smr_selection *selection = NULL;
    progress_begin("scoring");
    smr_status status = smr_model_score(tool->context, tool->model, tool->dataset, NULL, &card, &error);
    if (!status)
        status = smr_select_run(tool->context, funnel, card, tool->dataset, (const smr_ballots *const *)ballots,
                                ballots ? smr_funnel_stage_count(funnel) : 0, &select, &selection, &error);
    progress_end();
    int code = status ? tool_fail(tool, &error, data) : write_selection(tool, card, selection);
    smr_selection_unref(selection);
    smr_scorecard_unref(card);
    return code;
}

int verb_select(cli_tool *tool) {
    smr_funnel *funnel = NULL;
    smr_ballots **ballots = NULL;
    const char *period = NULL;
    int code = select_funnel(tool, &funnel);
    if (!code)
        code = select_ballots(tool, funnel, &ballots);
    if (!code)
        code = prepare_model(tool, 1);
    if (!code)
        code = tool_period(tool, &period);
    if (!code)
        code = run_funnel(tool, funnel, ballots, period);
    select_free_ballots(ballots, funnel);
    smr_funnel_unref(funnel);
    return code;
}
