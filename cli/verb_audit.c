/* SPDX-License-Identifier: MIT */
#include "audit_table.h"
#include "input.h"
#include "progress.h"

static smr_status run_audit(const cli_tool *tool, const char *period, smr_audit **audit, smr_error *error) {
    smr_audit_options options;
    smr_audit_options_init(&options, sizeof options);
    options.retain = tool->options->retain;
    options.factors = tool->options->factors;
    options.period = period;
    return smr_audit_run(tool->context, tool->model, tool->dataset, &options, audit, error);
}

static smr_status run_imputation(const cli_tool *tool, smr_audit **audit, smr_error *error) {
    smr_imputation_options options;
    smr_imputation_options_init(&options, sizeof options);
    if (tool->options->given[OPTION_SEED])
        options.seed = tool->options->seed;
    return smr_audit_imputation(tool->context, tool->model, tool->dataset, &options, audit, error);
}

static int write_audit(cli_tool *tool, const smr_audit *audit) {
    const cli_options *options = tool->options;
    smr_error error;
    smr_error_init(&error, sizeof error);
    cli_output *out = NULL;
    int code = tool_output(tool, &out);
    if (code)
        return code;
    smr_status status = SMR_OK;
    if (options->format == FORMAT_CSV)
        status = smr_audit_write_csv(audit, output_write, out, &error);
    else if (options->format == FORMAT_JSON)
        status = smr_audit_write_json(audit, output_write, out, &error);
    else if (options->imputation ? print_imputation(tool, audit, out) : print_audit(tool, audit, out))
        status = tool_out_of_memory(&error);
    return tool_finish(tool, out, status, &error);
}

int verb_audit(cli_tool *tool) {
    const cli_options *options = tool->options;
    const char *period = NULL;
    if (options->imputation && (options->given[OPTION_PERIOD] || options->given[OPTION_RETAIN]))
        return usage_error(options->verb, "%s cannot be given with --imputation, which looks at all periods",
                           option_name(options->given[OPTION_PERIOD] ? OPTION_PERIOD : OPTION_RETAIN));
    if (!options->imputation && (options->given[OPTION_SEED]))
        return usage_error(options->verb, "--seed is only for --imputation");
    int code = prepare_model(tool, 1);
    if (!code)
        code = tool_period(tool, &period);
    if (code)
        return code;
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_audit *audit = NULL;
    progress_begin("auditing");
    smr_status status =
        options->imputation ? run_imputation(tool, &audit, &error) : run_audit(tool, period, &audit, &error);
    progress_end();
    code = status ? tool_fail(tool, &error, input_name(options->operands[0])) : write_audit(tool, audit);
    smr_audit_unref(audit);
    return code;
}
