/* SPDX-License-Identifier: MIT */
#include "input.h"
#include "tool.h"

/* --period takes that period alone as the reference. */
static int fit_period(cli_tool *tool, const char *period) {
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_dataset *selected = NULL;
    const char *name = input_name(tool->options->operands[0]);
    if (smr_dataset_select_period(tool->context, tool->dataset, period, &selected, &error))
        return tool_fail(tool, &error, name);
    smr_dataset_unref(tool->dataset);
    tool->dataset = selected;
    if (smr_model_fit(tool->context, tool->framework, tool->dataset, tool->plan, &tool->model, &error))
        return tool_fail(tool, &error, name);
    return TOOL_FINE;
}

int verb_fit(cli_tool *tool) {
    const cli_options *options = tool->options;
    const char *period = NULL;
    int code;
    if (options->period) {
        code = prepare_framework(tool, options->framework ? options->framework : "icf");
        if (!code)
            code = prepare_plan(tool);
        if (!code)
            code = prepare_dataset(tool);
        if (!code)
            code = tool_period(tool, &period);
        if (!code)
            code = fit_period(tool, period);
    } else {
        code = prepare_model(tool, 1);
    }
    cli_output *out = NULL;
    if (!code)
        code = tool_output(tool, &out);
    if (code)
        return code;
    smr_error error;
    smr_error_init(&error, sizeof error);
    return tool_finish(tool, out, smr_model_write(tool->model, output_write, out, &error), &error);
}
