/* SPDX-License-Identifier: MIT */
#include "input.h"
#include "progress.h"
#include "trend_table.h"

static int write_trend(cli_tool *tool, const smr_trend *trend) {
    const cli_options *options = tool->options;
    smr_error error;
    smr_error_init(&error, sizeof error);
    cli_output *out = NULL;
    int code = tool_output(tool, &out);
    if (code)
        return code;
    smr_status status = SMR_OK;
    if (options->format == FORMAT_CSV && options->convergence)
        status = smr_trend_write_convergence_csv(trend, output_write, out, &error);
    else if (options->format == FORMAT_CSV)
        status = smr_trend_write_csv(trend, options->details, output_write, out, &error);
    else if (options->format == FORMAT_JSON)
        status = smr_trend_write_json(trend, output_write, out, &error);
    else if (options->convergence ? print_convergence(tool, trend, out) : print_trend(tool, trend, out))
        status = tool_out_of_memory(&error);
    return tool_finish(tool, out, status, &error);
}

int verb_trend(cli_tool *tool) {
    const cli_options *options = tool->options;
    if (options->model && (options->given[OPTION_REFERENCE]))
        return usage_error(options->verb, "%s cannot be given with --model, which holds its own",
                           option_name(OPTION_REFERENCE));
    if (options->details && options->convergence)
        return usage_error(options->verb, "%s and %s exclude one another", option_name(OPTION_DETAILS),
                           option_name(OPTION_CONVERGENCE));
    int code = prepare_model(tool, 1);
    if (code)
        return code;
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_trend_options following;
    smr_trend_options_init(&following, sizeof following);
    following.values = options->raw ? SMR_TREND_RAW : SMR_TREND_SCORES;
    following.from = options->from;
    following.to = options->to;
    following.region = options->region;
    following.group = options->group;
    if (options->given[OPTION_TARGET])
        following.target = options->target;
    smr_trend *trend = NULL;
    progress_begin("following");
    smr_status status = smr_trend_run(tool->context, tool->model, tool->dataset, &following, &trend, &error);
    progress_end();
    code = status ? tool_fail(tool, &error, input_name(tool_data(tool))) : write_trend(tool, trend);
    smr_trend_unref(trend);
    return code;
}
