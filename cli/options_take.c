/* SPDX-License-Identifier: MIT */
/* One option and its value: what it may be, and where it goes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

static const char *const roles[] = {"region", "period", "name", "parent", "population", "weight", NULL};
static const char *const formats[] = {"table", "csv", "json", NULL};
static const char *const number_formats[] = {"plain", "en", "vi", NULL};
static const char *const languages[] = {"en", "vi", NULL};
static const char *const steps[] = {"raw", "denominate", "impute", "treat", "normalise", NULL};
static const char *const levels[] = {"indicator", "criterion", "region", "all", NULL};
static const char *const sections[] = {"rows", "summary", "reversals", NULL}; /* by smr_leave_out_section */
static const char *const node_sets[] = {"criteria", "index", "inner", "all", NULL}; /* by smr_robust_nodes */
static const char *const outputs[] = {"scores", "pairwise", "weights", "all", NULL}; /* bits of smr_robust_outputs */
static const char *const estimators[] = {"auto", "azzini", "saltelli", "jansen", "exact", NULL}; /* by smr_sobol_estimator */
static const char *const rules[] = {"kaiser", "share", NULL}; /* by smr_retain */
static const char *const ballot_rules[] = {"borda", "mean_rank", "median_rank", "copeland", "kemeny", NULL};
static const char *const incompletes[] = {"share", "abstain", NULL};

static const char *listed_name(size_t index, const void *user) {
    return ((const char *const *)user)[index];
}

/* Index of a value in a list of words; a usage error names the nearest or all. */
static int choose(const cli_options *options, option_id option, const char *value, const char *const *words,
                  int *choice) {
    for (int i = 0; words[i]; ++i)
        if (!strcmp(words[i], value)) {
            *choice = i;
            return TOOL_FINE;
        }
    const char *near = nearest_name(value, listed_name, words);
    if (near)
        return usage_error(options->verb, "%s \"%s\" is unknown, did you mean \"%s\"?", option_name(option), value,
                           near);
    char all[128] = "";
    for (size_t i = 0; words[i]; ++i) {
        if (i)
            strncat(all, words[i + 1] ? ", " : " or ", sizeof all - strlen(all) - 1);
        strncat(all, words[i], sizeof all - strlen(all) - 1);
    }
    return usage_error(options->verb, "%s \"%s\" is unknown, expected %s", option_name(option), value, all);
}

static int read_count(const cli_options *options, option_id option, const char *value, uint64_t *count) {
    uint64_t number = 0;
    for (const char *c = value; *c; ++c) {
        if (*c < '0' || *c > '9' || number > 100000000)
            return usage_error(options->verb, "%s \"%s\" is not a whole number from 0 to 1,000,000,000",
                               option_name(option), value);
        number = number * 10 + (uint64_t)(*c - '0');
    }
    if (!*value)
        return usage_error(options->verb, "%s needs a whole number", option_name(option));
    *count = number;
    return TOOL_FINE;
}

/* A number, 0 or more, as programs write it. */
static int read_amount(const cli_options *options, option_id option, const char *value, double *amount) {
    char *end = NULL;
    *amount = *value >= '0' && *value <= '9' && !strpbrk(value, "xXpP") ? strtod(value, &end) : -1;
    if (!(*amount >= 0) || isinf(*amount) || !end || *end)
        return usage_error(options->verb, "%s \"%s\" is not a number, 0 or more", option_name(option), value);
    return TOOL_FINE;
}

/* Number of rows to show: "all" and 0 both mean every one. */
static int read_rows(const cli_options *options, option_id option, const char *value, uint64_t *rows) {
    if (!strcmp(value, "all")) {
        *rows = UINT64_MAX;
        return TOOL_FINE;
    }
    int code = read_count(options, option, value, rows);
    if (!code && option == OPTION_TOP && *rows == 0)
        *rows = UINT64_MAX;
    return code;
}

/* A rule by its name, or a number of components. */
static int read_retain(cli_options *options, const char *value) {
    if (value[0] < '0' || value[0] > '9')
        return choose(options, OPTION_RETAIN, value, rules, &options->retain);
    uint64_t count = 0;
    int code = read_count(options, OPTION_RETAIN, value, &count);
    if (!code && count == 0)
        return usage_error(options->verb, "%s 0 keeps nothing, expected 1 or more", option_name(OPTION_RETAIN));
    options->retain = SMR_RETAIN_NUMBER;
    options->factors = (uint32_t)count;
    return code;
}

static int read_year(cli_options *options, const char *value) {
    uint64_t year = 0;
    int code = read_count(options, OPTION_YEAR, value, &year);
    if (!code && (year < 1 || year > 9999))
        return usage_error(options->verb, "%s \"%s\" is no year", option_name(OPTION_YEAR), value);
    options->year = (int32_t)year;
    return code;
}

/* A list of outputs, separated by commas. */
static int read_outputs(cli_options *options, char *value) {
    for (char *next; value; value = next) {
        int choice = 0;
        next = strchr(value, ',');
        if (next)
            *next++ = '\0';
        int code = choose(options, OPTION_OUTPUTS, value, outputs, &choice);
        if (code)
            return code;
        options->outputs |= outputs[choice + 1] ? UINT32_C(1) << choice : (UINT32_C(1) << choice) - 1;
    }
    return TOOL_FINE;
}

/* A number as data have it: digits, a point, an exponent. */
static int read_number(const cli_options *options, option_id option, const char *value, double *number) {
    char *end = NULL;
    *number = strspn(value, "+-.0123456789eE") == strlen(value) ? strtod(value, &end) : NAN;
    if (!end || end == value || *end || !isfinite(*number))
        return usage_error(options->verb, "%s \"%s\" is not a number such as 62.5", option_name(option), value);
    return TOOL_FINE;
}

/* A rank is counted from 1. */
static int read_rank(cli_options *options, const char *value) {
    int code = read_count(options, OPTION_RANK, value, &options->rank);
    return code || options->rank ? code : usage_error(options->verb, "--rank 0 is no rank, expected 1 or more");
}

static int read_decimals(cli_options *options, const char *value) {
    uint64_t count = 0;
    int code = read_count(options, OPTION_DECIMALS, value, &count);
    if (!code && count > 17)
        return usage_error(options->verb, "--decimals \"%s\" is more than a number has, expected 0 to 17", value);
    options->decimals = (int32_t)count;
    return code;
}

/* "[REGION:]ID=VALUE" is taken apart when the framework is known. */
static int add_change(cli_options *options, const char *value) {
    const char *equals = strchr(value, '=');
    if (!equals || equals == value)
        return usage_error(options->verb, "--change \"%s\" is not ID=VALUE or REGION:ID=VALUE", value);
    options->changes[options->change_count++] = value;
    return TOOL_FINE;
}

/* Splits "A=B" in place and adds it to a list of pairs. */
static int add_pair(const cli_options *options, option_id option, char *value, const char **pairs, size_t *count) {
    char *equals = strchr(value, '=');
    if (!equals || equals == value)
        return usage_error(options->verb, "%s \"%s\" is not %s", option_name(option), value,
                           option == OPTION_SET ? "KEY=VALUE" : "ROLE=NAME");
    *equals = '\0';
    pairs[2 * *count] = value;
    pairs[2 * *count + 1] = equals + 1;
    ++*count;
    return TOOL_FINE;
}

const char *format_name(cli_format format) {
    return formats[format];
}

int option_take(cli_options *options, option_id option, char *value) {
    int choice = 0, code = TOOL_FINE;
    uint64_t count = 0;
    options->given[option] = 1;
    switch (option) {
    case OPTION_FRAMEWORK:
        options->framework = value;
        break;
    case OPTION_PLAN:
        options->plan = value;
        break;
    case OPTION_MODEL:
        options->model = value;
        break;
    case OPTION_OUTPUT:
        options->output = value;
        break;
    case OPTION_PERIOD:
        options->period = value;
        break;
    case OPTION_REGIONS:
        options->regions = value;
        break;
    case OPTION_AS_OF:
        options->as_of = value;
        break;
    case OPTION_SET:
        return add_pair(options, option, value, options->settings, &options->setting_count);
    case OPTION_COLUMN:
        code = add_pair(options, option, value, options->columns, &options->column_count);
        return code ? code : choose(options, option, value, roles, &choice);
    case OPTION_HIGHLIGHT:
        options->highlights[options->highlight_count++] = value;
        break;
    case OPTION_FORMAT:
        code = choose(options, option, value, formats, &choice);
        options->format = (cli_format)choice;
        break;
    case OPTION_LANG:
        code = choose(options, option, value, languages, &choice);
        options->language = (cli_language)choice;
        break;
    case OPTION_NUMBER_FORMAT:
        code = choose(options, option, value, number_formats, &options->number_format);
        break;
    case OPTION_AFTER:
        code = choose(options, option, value, steps, &choice);
        options->after = value;
        break;
    case OPTION_IMPUTATION:
        options->imputation = 1;
        break;
    case OPTION_SEED:
        return read_count(options, option, value, &options->seed);
    case OPTION_AGAINST:
        options->against = value;
        break;
    case OPTION_TRACE:
        options->trace = 1;
        break;
    case OPTION_REGION:
        options->region = value;
        break;
    case OPTION_BUDGET:
        return read_amount(options, option, value, &options->budget);
    case OPTION_SAVE_DATA:
        options->save_data = value;
        break;
    case OPTION_FROM:
        options->from = value;
        break;
    case OPTION_TO:
        options->to = value;
        break;
    case OPTION_RAW:
        options->raw = 1;
        break;
    case OPTION_REFERENCE: /* a key of the plan under another name */
        options->settings[2 * options->setting_count] = "normalise.per";
        options->settings[2 * options->setting_count++ + 1] = value;
        break;
    case OPTION_GROUP:
        options->group = value;
        break;
    case OPTION_TARGET:
        return read_amount(options, option, value, &options->target);
    case OPTION_DETAILS:
        options->details = 1;
        break;
    case OPTION_CONVERGENCE:
        options->convergence = 1;
        break;
    case OPTION_LEVEL:
        code = choose(options, option, value, levels, &choice);
        options->levels = choice == 3 ? SMR_LEAVE_OUT_INDICATOR | SMR_LEAVE_OUT_CRITERION | SMR_LEAVE_OUT_REGION
                                      : (uint32_t)SMR_LEAVE_OUT_INDICATOR << choice;
        break;
    case OPTION_PAIR:
        options->pair = value;
        break;
    case OPTION_CRITICAL:
        options->critical = 1;
        break;
    case OPTION_SECTION:
        code = choose(options, option, value, sections, &options->section);
        break;
    case OPTION_SPEC:
        options->spec = value;
        break;
    case OPTION_DRAWS:
        code = read_count(options, option, value, &options->draws);
        return !code && !options->draws ? usage_error(options->verb, "--draws 0 draws nothing, expected 1 or more")
                                        : code;
    case OPTION_FIRST:
        return read_count(options, option, value, &options->first);
    case OPTION_NODES:
        return choose(options, option, value, node_sets, &options->nodes);
    case OPTION_OUTPUTS:
        /* The outputs of "sobol" name regions: the library reads them. */
        options->output_list = value;
        return options->verb == verb_find("sobol") ? TOOL_FINE : read_outputs(options, value);
    case OPTION_ESTIMATOR:
        return choose(options, option, value, estimators, &options->estimator);
    case OPTION_RESAMPLES:
        code = read_count(options, option, value, &count);
        options->resamples = (uint32_t)count;
        break;
    case OPTION_PARTIAL:
        options->partial = 1;
        break;
    case OPTION_EXACT_BOUNDS:
        options->exact_bounds = 1;
        break;
    case OPTION_PROGRESS:
        options->progress = 1;
        break;
    case OPTION_CHANGE:
        return add_change(options, value);
    case OPTION_CHANGES:
        options->changes_file = value;
        break;
    case OPTION_ALL:
        options->all = 1;
        break;
    case OPTION_RANK:
        return read_rank(options, value);
    case OPTION_SCORE:
        return read_number(options, option, value, &options->score);
    case OPTION_COSTS:
        options->costs = value;
        break;
    case OPTION_FIX:
        options->fixed[options->fixed_count++] = value;
        break;
    case OPTION_DECIMALS:
        return read_decimals(options, value);
    case OPTION_RETAIN:
        return read_retain(options, value);
    case OPTION_FUNNEL:
        options->funnel = value;
        break;
    case OPTION_STAGE:
        options->stages[options->stage_count++] = value;
        break;
    case OPTION_GATE:
        options->gates[options->gate_count++] = value;
        break;
    case OPTION_TIE_BREAK:
        options->tie_break = value;
        break;
    case OPTION_BALLOTS:
        options->ballots[options->ballot_count++] = value;
        break;
    case OPTION_BALLOT_RULE:
        return choose(options, option, value, ballot_rules, &options->ballot_rule);
    case OPTION_INCOMPLETE:
        return choose(options, option, value, incompletes, &options->incomplete);
    case OPTION_YEAR:
        return read_year(options, value);
    case OPTION_THREADS:
        code = read_count(options, option, value, &count);
        options->threads = (uint32_t)count;
        break;
    case OPTION_TOP:
        return read_rows(options, option, value, &options->top);
    case OPTION_BOTTOM:
        return read_rows(options, option, value, &options->bottom);
    case OPTION_QUIET:
        options->quiet = 1;
        break;
    case OPTION_RECORD:
        options->record = 1;
        break;
    case OPTION_STRICT:
        options->strict = 1;
        break;
    case OPTION_HELP:
    case OPTION_VERSION:
    case OPTION_COUNT:
        break;
    }
    return code;
}
