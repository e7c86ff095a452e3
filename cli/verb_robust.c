/* SPDX-License-Identifier: MIT */
#include "input.h"
#include "progress.h"
#include "robust_table.h"
#include "select_funnel.h"

/* The funnel whose stages are counted, when an option says that there is one, and its ballots. */
static int read_funnel(cli_tool *tool, smr_funnel **funnel, smr_ballots ***ballots) {
    static const option_id asking[] = {OPTION_FUNNEL, OPTION_STAGE, OPTION_GATE, OPTION_TIE_BREAK, OPTION_BALLOTS,
                                       OPTION_BALLOT_RULE, OPTION_INCOMPLETE, OPTION_YEAR};
    int asked = 0;
    for (size_t i = 0; i < COUNT(asking); ++i)
        asked |= tool->options->given[asking[i]];
    if (!asked)
        return TOOL_FINE;
    int code = select_funnel(tool, funnel);
    return code ? code : select_ballots(tool, *funnel, ballots);
}

static smr_status run_draws(const cli_tool *tool, const char *period, const smr_funnel *funnel, smr_ballots **ballots,
                            smr_robust **robust, smr_error *error) {
    const cli_options *given = tool->options;
    smr_robust_options options;
    smr_robust_options_init(&options, sizeof options);
    options.nodes = given->nodes;
    options.outputs = given->outputs;
    options.period = period;
    options.first_draw = given->first;
    options.partial = (uint32_t)given->partial;
    options.funnel = funnel;
    options.ballots = (const smr_ballots *const *)ballots;
    options.ballot_count = ballots ? smr_funnel_stage_count(funnel) : 0;
    options.year = given->year;
    options.exact_bounds = (uint32_t)given->exact_bounds;
    if (given->given[OPTION_DRAWS])
        options.draws = given->draws;
    if (given->given[OPTION_SEED]) {
        options.own_seed = 1;
        options.seed = given->seed;
    }
    return smr_robust_run(tool->context, tool->framework, tool->dataset, tool->plan, tool->uncertainty, &options,
                          robust, error);
}

static int write_robust(cli_tool *tool, const smr_robust *robust, const smr_funnel *funnel) {
    smr_error error;
    smr_error_init(&error, sizeof error);
    cli_output *out = NULL;
    int code = tool_output(tool, &out);
    if (code)
        return code;
    smr_status status = SMR_OK;
    if (tool->options->format == FORMAT_CSV)
        status = smr_robust_write_csv(robust, output_write, out, &error);
    else if (tool->options->format == FORMAT_JSON)
        status = smr_robust_write_json(robust, output_write, out, &error);
    else if (print_robust(tool, robust, funnel, out))
        status = tool_out_of_memory(&error);
    return tool_finish(tool, out, status, &error);
}

/* A result that is written while half of its draws failed is told about. */
static void tell_failures(const cli_tool *tool, const smr_robust *robust) {
    smr_robust_failure failure;
    smr_robust_failure_init(&failure, sizeof failure);
    for (size_t i = 0; !tool->options->quiet && !smr_robust_failure_get(robust, i, &failure, NULL); ++i)
        file_error(0, NULL, "%llu of %llu draws failed, first draw %llu: %s", (unsigned long long)failure.count,
                   (unsigned long long)smr_robust_draw_count(robust), (unsigned long long)failure.first_draw,
                   failure.message);
}

/* So are bounds that may be wider than what weights reach. */
static void tell_unproven(const cli_tool *tool, const smr_robust *robust) {
    const uint64_t unproven = smr_robust_unproven(robust);
    if (!tool->options->quiet && unproven)
        file_error(0, NULL, "%llu of the best and worst ranks hold, but are not proven to be reached",
                   (unsigned long long)unproven);
}

static int run_robust(cli_tool *tool, const char *period, const smr_funnel *funnel, smr_ballots **ballots) {
    const cli_options *options = tool->options;
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_robust *robust = NULL;
    progress_begin("drawing");
    smr_status status = run_draws(tool, period, funnel, ballots, &robust, &error);
    progress_end();
    if (status)
        return tool_fail(tool, &error, input_name(options->operands[0]));
    /* What was done before the interruption is written all the same. */
    const int interrupted = smr_robust_is_partial(robust) && interrupt_take();
    if (smr_robust_failed_count(robust) && options->format != FORMAT_TABLE)
        tell_failures(tool, robust);
    if (options->format != FORMAT_TABLE)
        tell_unproven(tool, robust);
    int code = write_robust(tool, robust, funnel);
    smr_robust_unref(robust);
    return code ? code : interrupted ? TOOL_INTERRUPTED : TOOL_FINE;
}

int verb_robust(cli_tool *tool) {
    const cli_options *options = tool->options;
    smr_funnel *funnel = NULL;
    smr_ballots **ballots = NULL;
    const char *period = NULL;
    int code = read_funnel(tool, &funnel, &ballots);
    if (!code)
        code = prepare_framework(tool, options->framework ? options->framework : "icf");
    if (!code)
        code = prepare_plan(tool);
    if (!code)
        code = prepare_uncertainty(tool);
    if (!code)
        code = prepare_dataset(tool);
    if (!code)
        code = tool_period(tool, &period);
    if (!code)
        code = run_robust(tool, period, funnel, ballots);
    select_free_ballots(ballots, funnel);
    smr_funnel_unref(funnel);
    return code;
}
