/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_OPTIONS_H
#define SMARTREGION_OPTIONS_H

/* Options and operands in any order, checked against what the verb accepts. */

#include <stddef.h>
#include <stdint.h>

struct cli_tool;

typedef enum option_id {
    OPTION_FRAMEWORK,
    OPTION_PLAN,
    OPTION_MODEL,
    OPTION_SET,
    OPTION_FORMAT,
    OPTION_OUTPUT,
    OPTION_PERIOD,
    OPTION_LANG,
    OPTION_THREADS,
    OPTION_QUIET,
    OPTION_STRICT,
    OPTION_NUMBER_FORMAT,
    OPTION_COLUMN,
    OPTION_REGIONS,
    OPTION_AS_OF,
    OPTION_TOP,
    OPTION_BOTTOM,
    OPTION_HIGHLIGHT,
    OPTION_AFTER,
    OPTION_RECORD,
    OPTION_RETAIN,
    OPTION_IMPUTATION,
    OPTION_SEED,
    OPTION_AGAINST,
    OPTION_TRACE,
    OPTION_REGION,
    OPTION_BUDGET,
    OPTION_SAVE_DATA,
    OPTION_FROM,
    OPTION_TO,
    OPTION_RAW,
    OPTION_REFERENCE,
    OPTION_GROUP,
    OPTION_TARGET,
    OPTION_DETAILS,
    OPTION_CONVERGENCE,
    OPTION_FUNNEL,
    OPTION_STAGE,
    OPTION_GATE,
    OPTION_TIE_BREAK,
    OPTION_BALLOTS,
    OPTION_BALLOT_RULE,
    OPTION_INCOMPLETE,
    OPTION_YEAR,
    OPTION_LEVEL,
    OPTION_PAIR,
    OPTION_CRITICAL,
    OPTION_SECTION,
    OPTION_SPEC,
    OPTION_DRAWS,
    OPTION_FIRST,
    OPTION_NODES,
    OPTION_OUTPUTS,
    OPTION_PARTIAL,
    OPTION_EXACT_BOUNDS,
    OPTION_ESTIMATOR,
    OPTION_RESAMPLES,
    OPTION_PROGRESS,
    OPTION_CHANGE,
    OPTION_CHANGES,
    OPTION_ALL,
    OPTION_RANK,
    OPTION_SCORE,
    OPTION_COSTS,
    OPTION_FIX,
    OPTION_DECIMALS,
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_COUNT
} option_id;

#define BIT(format) (UINT32_C(1) << (format))

typedef enum cli_format { FORMAT_TABLE, FORMAT_CSV, FORMAT_JSON } cli_format;
typedef enum cli_language { LANGUAGE_EN, LANGUAGE_VI } cli_language;

typedef struct cli_verb {
    const char *name;
    const char *operands; /* as in the usage line */
    const char *summary;
    const option_id *accepts; /* options beside those every verb takes, ended by OPTION_COUNT */
    uint32_t formats;      /* bits of formats */
    cli_format plain;      /* format without -F and -o */
    size_t least, most;    /* number of operands */
    size_t least_of_model; /* the same as least, with --model */
    int (*run)(struct cli_tool *tool);
} cli_verb;

typedef struct cli_options {
    const cli_verb *verb;
    uint8_t given[OPTION_COUNT]; /* 1: it is */
    const char *framework; /* NULL: not given */
    const char *plan, *model, *output, *period, *after, *against;
    const char *regions, *as_of;
    const char **settings; /* pairs key, value */
    size_t setting_count;  /* number of pairs */
    const char **columns;  /* pairs role, name, ended by NULL; NULL: none */
    size_t column_count;   /* number of pairs */
    const char **highlights;
    size_t highlight_count;
    const char **stages, **gates, **ballots; /* as written, in order */
    size_t stage_count, gate_count, ballot_count;
    const char *funnel, *tie_break;
    int ballot_rule;      /* smr_ballot_rule */
    int incomplete;       /* smr_ballot_incomplete */
    int32_t year;
    const char **changes; /* "[REGION:]ID=VALUE" each */
    size_t change_count;
    const char **fixed; /* ids of indicators */
    size_t fixed_count;
    const char *changes_file, *costs; /* NULL: not given */
    uint64_t rank;
    double score;
    int32_t decimals;
    int all;
    const char **operands;
    size_t operand_count;
    cli_format format;
    cli_language language;
    int number_format;    /* smr_number_format */
    uint32_t threads;     /* 0: all processors */
    uint64_t top, bottom; /* rows; UINT64_MAX: all */
    int32_t retain;       /* smr_retain */
    uint32_t factors;     /* with a number of them */
    int imputation;
    uint64_t seed;
    const char *region;   /* NULL: not given */
    double budget;        /* with --budget */
    const char *from, *to, *group, *save_data; /* NULL: not given */
    double target;        /* with --target */
    int raw, details, convergence;
    int quiet, strict, record, trace;
    uint32_t levels;      /* sum of smr_leave_out_level */
    const char *pair;     /* NULL: none */
    int critical;
    int section;          /* smr_leave_out_section */
    const char *spec;     /* file of what varies; NULL: none */
    uint64_t draws, first; /* number of draws, and of the first one */
    int32_t nodes;        /* smr_robust_nodes */
    uint32_t outputs;     /* bits of smr_robust_outputs */
    int partial, progress;
    int exact_bounds;
    int32_t estimator;    /* smr_sobol_estimator */
    uint32_t resamples;
    const char *output_list; /* of verb sobol, as given; NULL: none */
    void *block; /* owner of the arrays */
} cli_options;

/* Fills `options`; returns an exit code and, in *help, whether help is all that is asked. */
int options_parse(cli_options *options, int argc, char **argv, int *help);
void options_free(cli_options *options);

/* options_take.c: one option with its value (NULL when it takes none); returns an exit code. */
int option_take(cli_options *options, option_id option, char *value);
/* As -F has it: "csv". */
const char *format_name(cli_format format);

/* main.c: the verbs; NULL beyond the last. */
const cli_verb *verb_at(size_t index);
const cli_verb *verb_find(const char *name);

/* help.c: texts of --help. verb NULL: the tool as a whole. */
struct cli_output;
void help_print(struct cli_output *out, const cli_verb *verb);

/* Does the verb (NULL: any) take the option? */
int verb_accepts(const cli_verb *verb, option_id option);

/* How an option is written, for messages and help: "--format". */
const char *option_name(option_id option);

#endif
