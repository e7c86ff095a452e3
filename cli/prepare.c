/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "progress.h"
#include "tool.h"

static int32_t discard(const void *bytes, size_t length, void *user) {
    (void)bytes;
    (void)length;
    (void)user;
    return 0;
}

int prepare_context(cli_tool *tool) {
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_context_options context;
    smr_context_options_init(&context, sizeof context);
    context.threads = tool->options->threads;
    context.progress = progress_callback;
    context.report = tool_report;
    context.report_user = tool;
    if (!tool->options->quiet)
        progress_enable();
    return smr_context_new(&context, &tool->context, &error) ? tool_fail(tool, &error, NULL) : TOOL_FINE;
}

/* A name without slash or dot is meant as a name, and a missing file of that name is not what went wrong. */
static int looks_like_name(const char *text) {
    return !strpbrk(text, "/.\\");
}

/* The text of a file. `unknown`, when not NULL, is the library's complaint that the name is none of its own. */
static int read_text(cli_tool *tool, const char *path, const smr_error *unknown, char **text, size_t *length) {
    cli_input in;
    int missing = 0;
    *text = NULL;
    int code = input_open(&in, path, unknown && looks_like_name(path) ? &missing : NULL);
    if (missing)
        return tool_fail(tool, unknown, NULL);
    if (code)
        return code;
    code = input_all(&in, text, length);
    input_close(&in);
    return code;
}

int prepare_framework(cli_tool *tool, const char *name) {
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_status status = smr_framework_builtin(tool->context, name, &tool->framework, &error);
    if (status != SMR_ERROR_NOT_FOUND)
        return status ? tool_fail(tool, &error, name) : TOOL_FINE;
    char *text;
    size_t length = 0;
    int code = read_text(tool, name, &error, &text, &length);
    if (code)
        return code;
    smr_error_init(&error, sizeof error);
    if (smr_framework_read(tool->context, text, length, input_name(name), &tool->framework, &error))
        code = tool_fail(tool, &error, input_name(name));
    free(text);
    return code;
}

/* -p: a preset or a file. */
static int read_plan(cli_tool *tool, const char *name, smr_plan **plan) {
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_status status = smr_plan_preset(tool->context, name, plan, &error);
    if (status != SMR_ERROR_NOT_FOUND)
        return status ? tool_fail(tool, &error, name) : TOOL_FINE;
    char *text;
    size_t length = 0;
    int code = read_text(tool, name, &error, &text, &length);
    if (code)
        return code;
    smr_error_init(&error, sizeof error);
    if (smr_plan_read(tool->context, text, length, input_name(name), plan, &error))
        code = tool_fail(tool, &error, input_name(name));
    free(text);
    return code;
}

/* What --set makes of a failure: the option is wrong, not an input. */
static int fail_setting(cli_tool *tool, const smr_error *error) {
    int code = tool_fail(tool, error, "--set");
    return code == TOOL_INPUT ? TOOL_USAGE : code;
}

/* --set: a value that is JSON is taken as JSON, any other as text. */
static int build_settings(cli_tool *tool, smr_plan **plan) {
    const cli_options *options = tool->options;
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_plan_builder *builder = NULL;
    if (smr_plan_builder_new(tool->context, &builder, &error))
        return tool_fail(tool, &error, NULL);
    smr_status status = SMR_OK;
    for (size_t i = 0; i < options->setting_count && !status; ++i) {
        const char *key = options->settings[2 * i], *value = options->settings[2 * i + 1];
        status = smr_plan_builder_set_json(builder, key, value, &error);
        if (status == SMR_ERROR_FORMAT) {
            smr_error_init(&error, sizeof error);
            status = smr_plan_builder_set_text(builder, key, value, &error);
        }
    }
    if (!status)
        status = smr_plan_builder_build(builder, plan, &error);
    smr_plan_builder_free(builder);
    return status ? fail_setting(tool, &error) : TOOL_FINE;
}

/* Checks the plan before any data are read, and lays the blame on --set only when all is well without it. */
static int check_plan(cli_tool *tool, const smr_plan *below) {
    const cli_options *options = tool->options;
    smr_error error, other;
    smr_error_init(&error, sizeof error);
    smr_error_init(&other, sizeof other);
    if (!smr_plan_write_resolved(tool->plan, tool->framework, discard, NULL, &error))
        return TOOL_FINE;
    if (options->setting_count && !smr_plan_write_resolved(below, tool->framework, discard, NULL, &other))
        return fail_setting(tool, &error);
    return tool_fail(tool, &error, options->plan ? input_name(options->plan) : options->framework);
}

int prepare_plan(cli_tool *tool) {
    const cli_options *options = tool->options;
    smr_plan *below = NULL, *above = NULL;
    smr_error error;
    smr_error_init(&error, sizeof error);
    int code = options->plan ? read_plan(tool, options->plan, &below) : TOOL_FINE;
    if (!code && options->setting_count)
        code = build_settings(tool, &above);
    if (!code) {
        if (below && above) {
            if (smr_plan_overlay(tool->context, below, above, &tool->plan, &error))
                code = tool_fail(tool, &error, NULL);
        } else {
            tool->plan = smr_plan_ref(below ? below : above);
        }
    }
    if (!code)
        code = check_plan(tool, below);
    smr_plan_unref(below);
    smr_plan_unref(above);
    return code;
}

const smr_framework *tool_framework(const cli_tool *tool) {
    return tool->model ? smr_model_framework(tool->model) : tool->framework;
}

int prepare_dataset(cli_tool *tool) {
    const cli_options *options = tool->options;
    const char *path = options->operands[0];
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_csv_options csv;
    smr_csv_options_init(&csv, sizeof csv);
    csv.number_format = options->number_format;
    csv.strict = options->strict;
    csv.framework = tool_framework(tool);
    csv.source_name = input_name(path);
    csv.column_roles = options->column_count ? options->columns : NULL;
    cli_input in;
    int code = input_open(&in, path, NULL);
    if (code)
        return code;
    progress_begin("reading");
    smr_status status = smr_dataset_read_csv(tool->context, input_read, &in, &csv, &tool->dataset, &error);
    progress_clear();
    if (status)
        code = in.failure || in.interrupted ? input_error(&in) : tool_fail(tool, &error, in.name);
    input_close(&in);
    return code;
}

static int read_model(cli_tool *tool) {
    const char *path = tool->options->model;
    smr_error error;
    smr_error_init(&error, sizeof error);
    char *text;
    size_t length = 0;
    int code = read_text(tool, path, NULL, &text, &length);
    if (code)
        return code;
    if (smr_model_read(tool->context, text, length, input_name(path), &tool->model, &error))
        code = tool_fail(tool, &error, input_name(path));
    free(text);
    return code;
}

int prepare_model(cli_tool *tool, int with_data) {
    const cli_options *options = tool->options;
    if (options->model) {
        int code = read_model(tool);
        return code || !with_data ? code : prepare_dataset(tool);
    }
    int code = prepare_framework(tool, options->framework ? options->framework : "icf");
    if (!code)
        code = prepare_plan(tool);
    if (!code)
        code = prepare_dataset(tool);
    if (code)
        return code;
    smr_error error;
    smr_error_init(&error, sizeof error);
    progress_begin("fitting");
    smr_status status = smr_model_fit(tool->context, tool->framework, tool->dataset, tool->plan, &tool->model, &error);
    progress_clear();
    return status ? tool_fail(tool, &error, input_name(options->operands[0])) : TOOL_FINE;
}

int tool_period(cli_tool *tool, const char **period) {
    *period = tool->options->period;
    if (!*period)
        return TOOL_FINE;
    size_t rows = smr_dataset_row_count(tool->dataset);
    for (size_t i = 0; i < rows; ++i) {
        const char *has = smr_dataset_period(tool->dataset, i);
        if (has && !strcmp(has, *period))
            return TOOL_FINE;
    }
    const char *latest = smr_dataset_latest_period(tool->dataset);
    const char *name = input_name(tool->options->operands[0]);
    if (!latest)
        return file_error(TOOL_INPUT, name, "period \"%s\" is unknown, the data have no periods", *period);
    return file_error(TOOL_INPUT, name, "period \"%s\" is unknown, the latest is \"%s\"", *period, latest);
}

int tool_output(cli_tool *tool, cli_output **out) {
    *out = malloc(sizeof **out);
    if (!*out)
        return file_error(TOOL_OUTPUT, NULL, "out of memory");
    int code = output_open(*out, tool->options->output);
    if (code) {
        free(*out);
        *out = NULL;
    }
    return code;
}

int tool_finish(cli_tool *tool, cli_output *out, smr_status status, const smr_error *error) {
    int code = output_close(out, status == SMR_OK);
    free(out);
    if (code || !status)
        return code;
    return tool_fail(tool, error, tool->options->operand_count ? input_name(tool->options->operands[0]) : NULL);
}

smr_status tool_out_of_memory(smr_error *error) {
    smr_error_init(error, sizeof *error);
    error->status = SMR_ERROR_MEMORY;
    error->code = SMR_MESSAGE_OUT_OF_MEMORY;
    strcpy(error->message, "out of memory");
    return SMR_ERROR_MEMORY;
}

void tool_free(cli_tool *tool) {
    smr_model_unref(tool->model);
    smr_dataset_unref(tool->dataset);
    smr_plan_unref(tool->plan);
    smr_framework_unref(tool->framework);
    smr_context_unref(tool->context);
}
