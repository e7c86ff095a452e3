/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_TOOL_H
#define SMARTREGION_TOOL_H

/* What the verbs share: exit codes, the prepared inputs, messages. The tool includes only <smartregion/...>. */

#include <stddef.h>
#include <stdint.h>

#include <smartregion/smartregion.h>

#include "options.h"
#include "output.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum exit_code {
    TOOL_FINE = 0,
    TOOL_INPUT = 1,  /* an input cannot be read or is wrong */
    TOOL_USAGE = 2,  /* wrong option, verb or --set */
    TOOL_OUTPUT = 3, /* an output cannot be written, or memory */
    TOOL_INTERRUPTED = 130
};

/* Receives a record instead of standard error; see tool.collect. */
typedef void (*record_collector)(const smr_error *record, void *user);

typedef struct cli_tool {
    const cli_options *options;
    smr_context *context;
    smr_framework *framework;
    smr_plan *plan; /* NULL: neither -p nor --set */
    smr_dataset *dataset;
    smr_model *model;
    smr_uncertainty *uncertainty; /* NULL: no -r */
    unsigned counts[3];       /* records printed, by severity */
    record_collector collect; /* warnings and notes go here when set */
    void *collect_user;
} cli_tool;

/* ---- message.c ---- */

/* One line to standard error: "smartregion: ..."; returns TOOL_USAGE and says how to get help. */
int usage_error(const cli_verb *verb, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;
/* One line "SOURCE: text", returns code. */
int file_error(int code, const char *source, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 3, 4)))
#endif
    ;
/* The context's report callback; user is the tool. */
void tool_report(const smr_error *record, void *user);
/* Prints the record unless its call has reported errors before; `source` stands in for an empty one and may be NULL.
 * Returns the exit code of the status. */
int tool_fail(cli_tool *tool, const smr_error *error, const char *source);
/* Says how many warnings and notes were not printed. */
void tool_summarise(cli_tool *tool);
/* The candidate that `text` is a likely misspelling of, or NULL. */
typedef const char *(*name_at)(size_t index, const void *user); /* NULL beyond the last */
const char *nearest_name(const char *text, name_at name, const void *user);

/* ---- prepare.c: each fills the fields of the tool it is named after, and returns an exit code ---- */

int prepare_context(cli_tool *tool);
int prepare_framework(cli_tool *tool, const char *name);
int prepare_plan(cli_tool *tool);
int prepare_dataset(cli_tool *tool);
/* -r: the spec of what varies. */
int prepare_uncertainty(cli_tool *tool);
/* -m, or framework, plan and dataset fitted. `with_data` 0: -m needs no dataset. */
int prepare_model(cli_tool *tool, int with_data);
/* The framework in use: the model's, else the one of -f. */
const smr_framework *tool_framework(const cli_tool *tool);
/* --period, checked to be in the dataset; sets *period NULL when it was not given. */
int tool_period(cli_tool *tool, const char **period);
/* The operand that names the data: the last one. */
const char *tool_data(const cli_tool *tool);
/* Opens the output of -o. */
int tool_output(cli_tool *tool, cli_output **out);
/* Ends the output: kept when the status is SMR_OK, else removed. Frees it. Returns the exit code. */
int tool_finish(cli_tool *tool, cli_output *out, smr_status status, const smr_error *error);
/* Fills the record for memory that the tool itself did not get. */
smr_status tool_out_of_memory(smr_error *error);
void tool_free(cli_tool *tool);

/* ---- the verbs ---- */

int verb_score(cli_tool *tool);
int verb_steps(cli_tool *tool);
int verb_weights(cli_tool *tool);
int verb_audit(cli_tool *tool);
int verb_select(cli_tool *tool);
int verb_stability(cli_tool *tool);
int verb_robust(cli_tool *tool);
int verb_sobol(cli_tool *tool);
int verb_check(cli_tool *tool);
int verb_explain(cli_tool *tool);
int verb_compare(cli_tool *tool);
int verb_whatif(cli_tool *tool);
int verb_target(cli_tool *tool);
int verb_fit(cli_tool *tool);
int verb_framework(cli_tool *tool);
int verb_methods(cli_tool *tool);
int verb_plan(cli_tool *tool);
int verb_portfolio(cli_tool *tool);
int verb_trend(cli_tool *tool);
int verb_version(cli_tool *tool);

#endif
