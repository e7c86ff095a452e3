/* SPDX-License-Identifier: MIT */
#include "input.h"
#include "progress.h"
#include "sobol_table.h"

static smr_status run_study(const cli_tool *tool, const char *period, smr_sobol **study, smr_error *error) {
    const cli_options *given = tool->options;
    smr_sobol_study_options options;
    smr_sobol_study_options_init(&options, sizeof options);
    options.estimator = given->estimator;
    options.outputs = given->output_list;
    options.period = period;
    if (given->given[OPTION_DRAWS])
        options.draws = given->draws;
    if (given->given[OPTION_RESAMPLES])
        options.resamples = given->resamples;
    if (given->given[OPTION_SEED]) {
        options.own_seed = 1;
        options.seed = given->seed;
    }
    return smr_sobol_run(tool->context, tool->framework, tool->dataset, tool->plan, tool->uncertainty, &options, study,
                         error);
}

static int write_study(cli_tool *tool, const smr_sobol *study) {
    smr_error error;
    smr_error_init(&error, sizeof error);
    cli_output *out = NULL;
    int code = tool_output(tool, &out);
    if (code)
        return code;
    smr_status status = SMR_OK;
    if (tool->options->format == FORMAT_CSV)
        status = smr_sobol_write_csv(study, output_write, out, &error);
    else if (tool->options->format == FORMAT_JSON)
        status = smr_sobol_write_json(study, output_write, out, &error);
    else if (print_sobol(tool, study, out))
        status = tool_out_of_memory(&error);
    return tool_finish(tool, out, status, &error);
}

/* What an option asks for and the study cannot give is a wrong option. */
static int fail(cli_tool *tool, const smr_error *error) {
    switch (error->code) {
    case SMR_MESSAGE_SOBOL_OUTPUT:
        return usage_error(tool->options->verb, "--outputs: %s", error->message);
    case SMR_MESSAGE_SOBOL_DRAWS:
        return usage_error(tool->options->verb, "--draws: %s", error->message);
    case SMR_MESSAGE_SOBOL_NOT_DISCRETE:
    case SMR_MESSAGE_SOBOL_GRID:
        return usage_error(tool->options->verb, "--estimator exact: %s", error->message);
    default:
        return tool_fail(tool, error, input_name(tool->options->operands[0]));
    }
}

int verb_sobol(cli_tool *tool) {
    const cli_options *options = tool->options;
    const char *period = NULL;
    int code = prepare_framework(tool, options->framework ? options->framework : "icf");
    if (!code)
        code = prepare_plan(tool);
    if (!code)
        code = prepare_uncertainty(tool);
    if (!code)
        code = prepare_dataset(tool);
    if (!code)
        code = tool_period(tool, &period);
    if (code)
        return code;
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_sobol *study = NULL;
    progress_begin("evaluating");
    smr_status status = run_study(tool, period, &study, &error);
    progress_end();
    code = status ? fail(tool, &error) : write_study(tool, study);
    smr_sobol_unref(study);
    return code;
}
