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
    if (tool->options->progress)
        progress_force();
    else if (!tool->options->quiet)
        progress_enable();
    return smr_context_new(&context, &tool->context, &error) ? tool_fail(tool, &error, NULL) : TOOL_FINE;
}

/* A name without slash or dot is meant as a name, and a missing file of that name is not what went wrong. */
static int looks_like_name(const char *text) {
    return !strpbrk(text, "/.\\");
}

/* What is built in under a name: the kind for messages, and all names. */
typedef struct built_in {
    const char *kind;
    const char *(*name)(size_t index);
} built_in;

static const char *built_in_name(size_t index, const void *user) {
    return ((const built_in *)user)->name(index);
}

/* The text of a file. With `names`, what looks like a name and is no file is told to be an unknown name. */
static int read_text(const char *path, const built_in *names, char **text, size_t *length) {
    cli_input in;
    int missing = 0;
    *text = NULL;
    int code = input_open(&in, path, names && looks_like_name(path) ? &missing : NULL);
    if (missing) {
        const char *near = nearest_name(path, built_in_name, names);
        return near
                   ? file_error(code, path, "neither a file nor a built-in %s, did you mean \"%s\"?", names->kind, near)
                   : file_error(code, path, "neither a file nor a built-in %s", names->kind);
    }
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
    static const built_in frameworks = {"framework", smr_framework_builtin_name};
    char *text;
    size_t length = 0;
    int code = read_text(name, &frameworks, &text, &length);
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
    static const built_in presets = {"preset", smr_plan_preset_name};
    char *text;
    size_t length = 0;
    int code = read_text(name, &presets, &text, &length);
    if (code)
        return code;
    smr_error_init(&error, sizeof error);
    if (smr_plan_read(tool->context, text, length, input_name(name), plan, &error))
        code = tool_fail(tool, &error, input_name(name));
    free(text);
    return code;
}

/* Whose fault a plan is that cannot be used, when the library does not say. */
static const char *plan_source(const cli_tool *tool) {
    const cli_options *options = tool->options;
    return options->plan ? input_name(options->plan) : options->framework ? input_name(options->framework) : NULL;
}

/* What --set makes of a failure: the option is wrong, not an input. */
static int fail_setting(cli_tool *tool, const smr_error *error) {
    int code = tool_fail(tool, error, "--set");
    return code == TOOL_INPUT ? TOOL_USAGE : code;
}

/* --set: a value that is JSON is taken as JSON, any other as text, and so is that of the key `text_key`. */
static int build_settings(cli_tool *tool, const char *text_key, smr_plan **plan) {
    const cli_options *options = tool->options;
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_plan_builder *builder = NULL;
    if (smr_plan_builder_new(tool->context, &builder, &error))
        return tool_fail(tool, &error, NULL);
    smr_status status = SMR_OK;
    for (size_t i = 0; i < options->setting_count && !status; ++i) {
        const char *key = options->settings[2 * i], *value = options->settings[2 * i + 1];
        int as_text = text_key && !strcmp(text_key, key);
        if (!as_text)
            status = smr_plan_builder_set_json(builder, key, value, &error);
        if (as_text || status == SMR_ERROR_FORMAT) {
            smr_error_init(&error, sizeof error);
            status = smr_plan_builder_set_text(builder, key, value, &error);
        }
    }
    if (!status)
        status = smr_plan_builder_build(builder, plan, &error);
    smr_plan_builder_free(builder);
    return status ? fail_setting(tool, &error) : TOOL_FINE;
}

/* The plan of -p with that of --set over it; either may be NULL. */
static int lay_over(cli_tool *tool, const smr_plan *below, const smr_plan *above, smr_plan **plan) {
    smr_error error;
    smr_error_init(&error, sizeof error);
    return smr_plan_overlay(tool->context, below, above, plan, &error) ? tool_fail(tool, &error, NULL) : TOOL_FINE;
}

static smr_status resolve(const cli_tool *tool, const smr_plan *plan, smr_error *error) {
    smr_error_init(error, sizeof *error);
    return smr_plan_write_resolved(plan, tool->framework, discard, NULL, error);
}

/* Settings over `below`, checked. A period such as normalise.per=2018 is a number as JSON and a text all the same: the
 * key that the plan complains about is tried as text. The blame is laid on --set only when all is well without it. */
static int apply_settings(cli_tool *tool, const smr_plan *below) {
    smr_error error, other;
    char text_key[SMR_ERROR_SUBJECT_SIZE] = "";
    for (int attempt = 0; attempt < 2; ++attempt) {
        smr_plan *above = NULL;
        smr_plan_unref(tool->plan);
        tool->plan = NULL;
        int code = build_settings(tool, attempt ? text_key : NULL, &above);
        if (!code && below)
            code = lay_over(tool, below, above, &tool->plan);
        else if (!code)
            tool->plan = smr_plan_ref(above);
        smr_plan_unref(above);
        if (code)
            return code;
        if (!resolve(tool, tool->plan, attempt ? &other : &error))
            return TOOL_FINE;
        strcpy(text_key, error.subject);
    }
    if (resolve(tool, below, &other))
        return tool_fail(tool, &other, plan_source(tool));
    return fail_setting(tool, &error);
}

/* What --as-of implies: regions are rolled up by population, unless -p or --set say otherwise. */
static int roll_up_below(cli_tool *tool, smr_plan **plan) {
    static const char implied[] = "{\"rollup\": {\"by\": \"population\"}}";
    smr_plan *lowest = NULL, *both = NULL;
    smr_error error;
    smr_error_init(&error, sizeof error);
    if (smr_plan_read(tool->context, implied, sizeof implied - 1, NULL, &lowest, &error))
        return tool_fail(tool, &error, NULL);
    int code = *plan ? lay_over(tool, lowest, *plan, &both) : TOOL_FINE;
    smr_plan_unref(*plan);
    *plan = both ? both : smr_plan_ref(lowest);
    smr_plan_unref(lowest);
    return code;
}

int prepare_plan(cli_tool *tool) {
    const cli_options *options = tool->options;
    smr_plan *below = NULL;
    smr_error error;
    if (options->as_of && !options->regions)
        return usage_error(options->verb, "--as-of needs --regions");
    int code = options->plan ? read_plan(tool, options->plan, &below) : TOOL_FINE;
    if (!code && options->as_of)
        code = roll_up_below(tool, &below);
    if (!code && options->setting_count) {
        code = apply_settings(tool, below);
    } else if (!code) {
        tool->plan = smr_plan_ref(below);
        if (resolve(tool, tool->plan, &error)) /* before any data are read */
            code = tool_fail(tool, &error, plan_source(tool));
    }
    smr_plan_unref(below);
    return code;
}

const smr_framework *tool_framework(const cli_tool *tool) {
    return tool->model ? smr_model_framework(tool->model) : tool->framework;
}

const char *tool_data(const cli_tool *tool) {
    const cli_options *options = tool->options;
    return options->operand_count ? options->operands[options->operand_count - 1] : NULL;
}

/* --regions: the data brought to a register, as of a day. */
static int apply_regions(cli_tool *tool) {
    const cli_options *options = tool->options;
    smr_error error;
    smr_error_init(&error, sizeof error);
    cli_input in;
    int code = input_open(&in, options->regions, NULL);
    if (code)
        return code;
    smr_regions *regions = NULL;
    smr_dataset *applied = NULL;
    smr_regions_options applying;
    smr_regions_options_init(&applying, sizeof applying);
    applying.as_of = options->as_of;
    if (smr_regions_read_csv(tool->context, input_read, &in, in.name, &regions, &error))
        code = in.failure || in.interrupted ? input_error(&in) : tool_fail(tool, &error, in.name);
    else if (smr_regions_apply(tool->context, regions, tool_framework(tool), tool->dataset, &applying, &applied, &error))
        code = error.code == SMR_MESSAGE_REGIONS_DATE
                   ? usage_error(options->verb, "--as-of %s", error.message)
                   : tool_fail(tool, &error, NULL);
    input_close(&in);
    smr_regions_unref(regions);
    if (code)
        return code;
    smr_dataset_unref(tool->dataset);
    tool->dataset = applied;
    return TOOL_FINE;
}

int prepare_dataset(cli_tool *tool) {
    const cli_options *options = tool->options;
    const char *path = tool_data(tool);
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
    progress_end();
    if (status)
        code = in.failure || in.interrupted ? input_error(&in) : tool_fail(tool, &error, in.name);
    input_close(&in);
    return code || !options->regions ? code : apply_regions(tool);
}

int prepare_uncertainty(cli_tool *tool) {
    const char *path = tool->options->spec;
    smr_error error;
    smr_error_init(&error, sizeof error);
    char *text;
    size_t length = 0;
    int code = path ? read_text(path, NULL, &text, &length) : TOOL_FINE;
    if (code || !path)
        return code;
    if (smr_uncertainty_read(tool->context, text, length, input_name(path), &tool->uncertainty, &error))
        code = tool_fail(tool, &error, input_name(path));
    free(text);
    return code;
}

static int read_model(cli_tool *tool) {
    const char *path = tool->options->model;
    smr_error error;
    smr_error_init(&error, sizeof error);
    char *text;
    size_t length = 0;
    int code = read_text(path, NULL, &text, &length);
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
    progress_end();
    return status ? tool_fail(tool, &error, input_name(tool_data(tool))) : TOOL_FINE;
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
    const char *name = input_name(tool_data(tool));
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
    return tool_fail(tool, error, tool_data(tool) ? input_name(tool_data(tool)) : NULL);
}

smr_status tool_out_of_memory(smr_error *error) {
    smr_error_init(error, sizeof *error);
    error->status = SMR_ERROR_MEMORY;
    error->code = SMR_MESSAGE_OUT_OF_MEMORY;
    strcpy(error->message, "out of memory");
    return SMR_ERROR_MEMORY;
}

void tool_free(cli_tool *tool) {
    smr_uncertainty_unref(tool->uncertainty);
    smr_model_unref(tool->model);
    smr_dataset_unref(tool->dataset);
    smr_plan_unref(tool->plan);
    smr_framework_unref(tool->framework);
    smr_context_unref(tool->context);
}
