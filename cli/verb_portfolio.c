/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "input.h"
#include "portfolio_table.h"
#include "progress.h"

static int read_portfolio(cli_tool *tool, smr_portfolio **portfolio) {
    const char *path = tool->options->operands[0];
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_portfolio_options options;
    smr_portfolio_options_init(&options, sizeof options);
    options.number_format = tool->options->number_format;
    options.framework = tool_framework(tool);
    options.source_name = input_name(path);
    cli_input in;
    int code = input_open(&in, path, NULL);
    if (code)
        return code;
    smr_status status = smr_portfolio_read_csv(tool->context, input_read, &in, &options, portfolio, &error);
    if (status)
        code = in.failure || in.interrupted ? input_error(&in) : tool_fail(tool, &error, in.name);
    input_close(&in);
    return code;
}

static int write_appraisal(cli_tool *tool, const smr_appraisal *appraisal) {
    const cli_options *options = tool->options;
    smr_error error;
    smr_error_init(&error, sizeof error);
    cli_output *out = NULL;
    int code = tool_output(tool, &out);
    if (code)
        return code;
    smr_status status = SMR_OK;
    if (options->format == FORMAT_CSV)
        status = smr_appraisal_write_csv(appraisal, output_write, out, &error);
    else if (options->format == FORMAT_JSON)
        status = smr_appraisal_write_json(appraisal, output_write, out, &error);
    else if (print_portfolio(tool, appraisal, out))
        status = tool_out_of_memory(&error);
    return tool_finish(tool, out, status, &error);
}

static int appraise(cli_tool *tool, const smr_portfolio *portfolio, int with_data, smr_appraisal_options *options,
                    smr_appraisal **appraisal) {
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_appraisal_options_init(options, sizeof *options);
    options->region = tool->options->region;
    int code = with_data ? tool_period(tool, &options->period) : TOOL_FINE;
    if (code)
        return code;
    if (tool->options->given[OPTION_BUDGET])
        options->budget = tool->options->budget;
    progress_begin("appraising");
    smr_status status = smr_portfolio_appraise(tool->context, portfolio, with_data ? tool->model : NULL, tool->dataset,
                                               options, appraisal, &error);
    progress_end();
    return status ? tool_fail(tool, &error, input_name(tool_data(tool))) : TOOL_FINE;
}

/* The initiatives of the best set, or all of them. */
static size_t choose(const smr_appraisal *appraisal, size_t *chosen) {
    const smr_portfolio *portfolio = smr_appraisal_portfolio(appraisal);
    const int best = smr_appraisal_find_section(appraisal, "best_set") >= 0;
    size_t count = 0;
    for (size_t i = 0; i < smr_portfolio_count(portfolio); ++i)
        if (!best || !isnan(smr_appraisal_value(appraisal, "best_set", smr_portfolio_id(portfolio, i), "budget")))
            chosen[count++] = i;
    return count;
}

static int save_data(cli_tool *tool, const smr_appraisal *appraisal, const smr_appraisal_options *options) {
    const smr_portfolio *portfolio = smr_appraisal_portfolio(appraisal);
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_dataset *after = NULL;
    size_t *chosen = malloc((smr_portfolio_count(portfolio) + 1) * sizeof *chosen);
    smr_status status = chosen ? smr_portfolio_apply(tool->context, portfolio, tool->model, tool->dataset, chosen,
                                                     choose(appraisal, chosen), options, &after, &error)
                               : tool_out_of_memory(&error);
    free(chosen);
    cli_output *out = status ? NULL : malloc(sizeof *out);
    if (!status && !out)
        status = tool_out_of_memory(&error);
    int code = status ? tool_fail(tool, &error, input_name(tool_data(tool)))
                      : output_open(out, tool->options->save_data);
    if (code) {
        free(out);
    } else {
        status = smr_dataset_write_csv(after, NULL, 0, output_write, out, &error);
        code = tool_finish(tool, out, status, &error);
    }
    smr_dataset_unref(after);
    return code;
}

int verb_portfolio(cli_tool *tool) {
    const cli_options *options = tool->options;
    const int with_data = options->operand_count > 1;
    static const option_id for_data[] = {OPTION_REGION, OPTION_BUDGET, OPTION_PERIOD, OPTION_SAVE_DATA};
    for (size_t i = 0; i < COUNT(for_data) && !with_data; ++i)
        if (options->given[for_data[i]])
            return usage_error(options->verb, "%s is only for a portfolio with DATA", option_name(for_data[i]));
    int code = output_check(options->save_data);
    if (code)
        return code;
    code = with_data || options->model ? prepare_model(tool, with_data)
                                           : prepare_framework(tool, options->framework ? options->framework : "icf");
    smr_portfolio *portfolio = NULL;
    smr_appraisal *appraisal = NULL;
    smr_appraisal_options appraising;
    if (!code)
        code = read_portfolio(tool, &portfolio);
    if (!code)
        code = appraise(tool, portfolio, with_data, &appraising, &appraisal);
    if (!code && options->save_data)
        code = save_data(tool, appraisal, &appraising);
    if (!code)
        code = write_appraisal(tool, appraisal);
    smr_appraisal_unref(appraisal);
    smr_portfolio_unref(portfolio);
    return code;
}
