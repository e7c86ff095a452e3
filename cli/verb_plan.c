/* SPDX-License-Identifier: MIT */
#include "tool.h"

/* Sends text on and remembers its last byte, to end the output with a line feed. */
typedef struct cli_ending {
    cli_output *out;
    char last;
} cli_ending;

static int32_t write_on(const void *bytes, size_t length, void *user) {
    cli_ending *ending = user;
    if (length)
        ending->last = ((const char *)bytes)[length - 1];
    return output_write(bytes, length, ending->out);
}

int verb_plan(cli_tool *tool) {
    const cli_options *options = tool->options;
    int code;
    if (options->model) {
        code = prepare_model(tool, 0);
    } else {
        code = prepare_framework(tool, options->framework ? options->framework : "icf");
        if (!code)
            code = prepare_plan(tool);
    }
    cli_output *out = NULL;
    if (!code)
        code = tool_output(tool, &out);
    if (code)
        return code;
    smr_error error;
    smr_error_init(&error, sizeof error);
    cli_ending ending = {out, '\n'};
    smr_status status = tool->model ? smr_model_write_plan(tool->model, write_on, &ending, &error)
                                    : smr_plan_write_resolved(tool->plan, tool->framework, write_on, &ending, &error);
    if (ending.last != '\n')
        out_text(out, "\n");
    return tool_finish(tool, out, status, &error);
}
