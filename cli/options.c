/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

static const struct {
    const char *name;
    char letter; /* 0: none */
    char takes_value;
} known[OPTION_COUNT] = {
    [OPTION_FRAMEWORK] = {"--framework", 'f', 1},
    [OPTION_PLAN] = {"--plan", 'p', 1},
    [OPTION_MODEL] = {"--model", 'm', 1},
    [OPTION_SET] = {"--set", 0, 1},
    [OPTION_FORMAT] = {"--format", 'F', 1},
    [OPTION_OUTPUT] = {"--output", 'o', 1},
    [OPTION_PERIOD] = {"--period", 0, 1},
    [OPTION_LANG] = {"--lang", 0, 1},
    [OPTION_THREADS] = {"--threads", 0, 1},
    [OPTION_QUIET] = {"--quiet", 0, 0},
    [OPTION_STRICT] = {"--strict", 0, 0},
    [OPTION_NUMBER_FORMAT] = {"--number-format", 0, 1},
    [OPTION_COLUMN] = {"--column", 0, 1},
    [OPTION_REGIONS] = {"--regions", 0, 1},
    [OPTION_AS_OF] = {"--as-of", 0, 1},
    [OPTION_TOP] = {"--top", 0, 1},
    [OPTION_BOTTOM] = {"--bottom", 0, 1},
    [OPTION_HIGHLIGHT] = {"--highlight", 0, 1},
    [OPTION_AFTER] = {"--after", 0, 1},
    [OPTION_RETAIN] = {"--retain", 0, 1},
    [OPTION_RECORD] = {"--record", 0, 0},
    [OPTION_IMPUTATION] = {"--imputation", 0, 0},
    [OPTION_SEED] = {"--seed", 0, 1},
    [OPTION_AGAINST] = {"--against", 0, 1},
    [OPTION_TRACE] = {"--trace", 0, 0},
    [OPTION_REGION] = {"--region", 0, 1},
    [OPTION_BUDGET] = {"--budget", 0, 1},
    [OPTION_SAVE_DATA] = {"--save-data", 0, 1},
    [OPTION_FROM] = {"--from", 0, 1},
    [OPTION_TO] = {"--to", 0, 1},
    [OPTION_RAW] = {"--raw", 0, 0},
    [OPTION_REFERENCE] = {"--reference", 0, 1},
    [OPTION_GROUP] = {"--group", 0, 1},
    [OPTION_TARGET] = {"--target", 0, 1},
    [OPTION_DETAILS] = {"--details", 0, 0},
    [OPTION_CONVERGENCE] = {"--convergence", 0, 0},
    [OPTION_FUNNEL] = {"--funnel", 0, 1},
    [OPTION_STAGE] = {"--stage", 0, 1},
    [OPTION_GATE] = {"--gate", 0, 1},
    [OPTION_TIE_BREAK] = {"--tie-break", 0, 1},
    [OPTION_BALLOTS] = {"--ballots", 0, 1},
    [OPTION_BALLOT_RULE] = {"--ballot-rule", 0, 1},
    [OPTION_INCOMPLETE] = {"--incomplete", 0, 1},
    [OPTION_YEAR] = {"--year", 0, 1},
    [OPTION_LEVEL] = {"--level", 0, 1},
    [OPTION_PAIR] = {"--pair", 0, 1},
    [OPTION_CRITICAL] = {"--critical", 0, 0},
    [OPTION_SECTION] = {"--section", 0, 1},
    [OPTION_SPEC] = {"--spec", 'r', 1},
    [OPTION_DRAWS] = {"--draws", 0, 1},
    [OPTION_FIRST] = {"--first", 0, 1},
    [OPTION_NODES] = {"--nodes", 0, 1},
    [OPTION_OUTPUTS] = {"--outputs", 0, 1},
    [OPTION_PARTIAL] = {"--partial", 0, 0},
    [OPTION_ESTIMATOR] = {"--estimator", 0, 1},
    [OPTION_RESAMPLES] = {"--resamples", 0, 1},
    [OPTION_PROGRESS] = {"--progress", 0, 0},
    [OPTION_CHANGE] = {"--change", 0, 1},
    [OPTION_CHANGES] = {"--changes", 0, 1},
    [OPTION_ALL] = {"--all", 0, 0},
    [OPTION_RANK] = {"--rank", 0, 1},
    [OPTION_SCORE] = {"--score", 0, 1},
    [OPTION_COSTS] = {"--costs", 0, 1},
    [OPTION_FIX] = {"--fix", 0, 1},
    [OPTION_DECIMALS] = {"--decimals", 0, 1},
    [OPTION_HELP] = {"--help", 'h', 0},
    [OPTION_VERSION] = {"--version", 0, 0},
};

/* Harmless wherever they stand. */
static const option_id accepted_everywhere[] = {OPTION_FORMAT, OPTION_OUTPUT,   OPTION_LANG, OPTION_THREADS,
                                                OPTION_QUIET,  OPTION_PROGRESS, OPTION_HELP, OPTION_COUNT};

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

static int lists(const option_id *options, option_id option) {
    while (*options != OPTION_COUNT && *options != option)
        ++options;
    return *options == option;
}

int verb_accepts(const cli_verb *verb, option_id option) {
    return !verb || lists(accepted_everywhere, option) || lists(verb->accepts, option);
}

const char *option_name(option_id option) {
    return known[option].name;
}

static const char *listed_name(size_t index, const void *user) {
    return ((const char *const *)user)[index];
}

static const char *verb_name(size_t index, const void *user) {
    (void)user;
    const cli_verb *verb = verb_at(index);
    return verb ? verb->name : NULL;
}

/* Names of the options that a verb takes, for suggestions. */
static const char *accepted_name(size_t index, const void *user) {
    const cli_verb *verb = user;
    for (size_t i = 0; i < OPTION_COUNT; ++i)
        if (verb_accepts(verb, (option_id)i) && index-- == 0)
            return known[i].name;
    return NULL;
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
        return usage_error(options->verb, "%s \"%s\" is unknown, did you mean \"%s\"?", known[option].name, value,
                           near);
    char all[128] = "";
    for (size_t i = 0; words[i]; ++i) {
        if (i)
            strncat(all, words[i + 1] ? ", " : " or ", sizeof all - strlen(all) - 1);
        strncat(all, words[i], sizeof all - strlen(all) - 1);
    }
    return usage_error(options->verb, "%s \"%s\" is unknown, expected %s", known[option].name, value, all);
}

static int read_count(const cli_options *options, option_id option, const char *value, uint64_t *count) {
    uint64_t number = 0;
    for (const char *c = value; *c; ++c) {
        if (*c < '0' || *c > '9' || number > 100000000)
            return usage_error(options->verb, "%s \"%s\" is not a whole number from 0 to 1,000,000,000",
                               known[option].name, value);
        number = number * 10 + (uint64_t)(*c - '0');
    }
    if (!*value)
        return usage_error(options->verb, "%s needs a whole number", known[option].name);
    *count = number;
    return TOOL_FINE;
}

/* A number, 0 or more, as programs write it. */
static int read_amount(const cli_options *options, option_id option, const char *value, double *amount) {
    char *end = NULL;
    *amount = *value >= '0' && *value <= '9' && !strpbrk(value, "xXpP") ? strtod(value, &end) : -1;
    if (!(*amount >= 0) || isinf(*amount) || !end || *end)
        return usage_error(options->verb, "%s \"%s\" is not a number, 0 or more", known[option].name, value);
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
        return usage_error(options->verb, "%s 0 keeps nothing, expected 1 or more", known[OPTION_RETAIN].name);
    options->retain = SMR_RETAIN_NUMBER;
    options->factors = (uint32_t)count;
    return code;
}

static int read_year(cli_options *options, const char *value) {
    uint64_t year = 0;
    int code = read_count(options, OPTION_YEAR, value, &year);
    if (!code && (year < 1 || year > 9999))
        return usage_error(options->verb, "%s \"%s\" is no year", known[OPTION_YEAR].name, value);
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
        return usage_error(options->verb, "%s \"%s\" is not a number such as 62.5", known[option].name, value);
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
        return usage_error(options->verb, "%s \"%s\" is not %s", known[option].name, value,
                           option == OPTION_SET ? "KEY=VALUE" : "ROLE=NAME");
    *equals = '\0';
    pairs[2 * *count] = value;
    pairs[2 * *count + 1] = equals + 1;
    ++*count;
    return TOOL_FINE;
}

/* One option with its value (NULL when it takes none). */
static int take(cli_options *options, option_id option, char *value) {
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

static int unknown_option(const cli_verb *verb, const char *text) {
    size_t length = strcspn(text, "=");
    char name[64];
    if (length >= sizeof name)
        length = sizeof name - 1;
    memcpy(name, text, length);
    name[length] = '\0';
    for (size_t i = 0; i < OPTION_COUNT; ++i)
        if (!strcmp(known[i].name, name))
            return usage_error(verb, "%s is not an option of \"%s\"", name, verb ? verb->name : "smartregion");
    const char *near = nearest_name(name, accepted_name, verb);
    return near ? usage_error(verb, "unknown option \"%s\", did you mean \"%s\"?", name, near)
                : usage_error(verb, "unknown option \"%s\"", name);
}

/* Finds the option that argv[*at] stands for, and its value, which may be the next argument. */
static int parse_option(cli_options *options, char **argv, int argc, int *at, option_id *found, char **value) {
    char *text = argv[*at];
    int is_long = text[1] == '-';
    char *attached = is_long ? strchr(text, '=') : text[2] ? text + 2 : NULL;
    size_t length = attached ? (size_t)(attached - text) : strlen(text);
    size_t i = 0;
    while (i < OPTION_COUNT
           && !(is_long ? strlen(known[i].name) == length && !strncmp(known[i].name, text, length)
                        : known[i].letter && known[i].letter == text[1]))
        ++i;
    if (i == OPTION_COUNT)
        return unknown_option(options->verb, text);
    *found = (option_id)i;
    *value = NULL;
    if (attached && is_long)
        ++attached;
    if (known[i].takes_value) {
        if (attached)
            *value = attached;
        else if (*at + 1 < argc)
            *value = argv[++*at];
        else
            return usage_error(options->verb, "%s needs a value", known[i].name);
    } else if (attached) {
        return usage_error(options->verb, "%s takes no value", known[i].name);
    }
    return TOOL_FINE;
}

/* The verb is the first operand, wherever it stands; finding it needs to know which options take values. */
static int find_verb(cli_options *options, int argc, char **argv) {
    for (int i = 1; i < argc; ++i) {
        const char *text = argv[i];
        if (!strcmp(text, "--")) {
            if (++i >= argc)
                return TOOL_FINE;
            text = argv[i];
        } else if (text[0] == '-' && text[1]) {
            for (size_t k = 0; k < OPTION_COUNT; ++k)
                if (known[k].takes_value
                    && (!strcmp(text, known[k].name) || (text[1] == known[k].letter && known[k].letter && !text[2]))) {
                    ++i;
                    break;
                }
            continue;
        }
        options->verb = verb_find(text);
        if (options->verb)
            return TOOL_FINE;
        const char *near = nearest_name(text, verb_name, NULL);
        return near ? usage_error(NULL, "unknown verb \"%s\", did you mean \"%s\"?", text, near)
                    : usage_error(NULL, "unknown verb \"%s\"", text);
    }
    return TOOL_FINE;
}

static int has_ending(const char *text, const char *ending) {
    size_t length = strlen(text), n = strlen(ending);
    return length > n && !strcmp(text + length - n, ending);
}

/* The format asked for, by -F, else by the ending of -o, else the verb's own. */
static int settle_format(cli_options *options) {
    const cli_verb *verb = options->verb;
    if (!(options->given[OPTION_FORMAT])) {
        options->format = verb->plain;
        if (options->output && has_ending(options->output, ".csv") && (verb->formats & BIT(FORMAT_CSV)))
            options->format = FORMAT_CSV;
        else if (options->output && has_ending(options->output, ".json") && (verb->formats & BIT(FORMAT_JSON)))
            options->format = FORMAT_JSON;
    }
    if (!(verb->formats & BIT(options->format)))
        return usage_error(verb, "\"%s\" does not write %s", verb->name, formats[options->format]);
    return TOOL_FINE;
}

static size_t standard_inputs(const cli_options *options) {
    const char *const named[] = {options->framework,    options->plan,  options->model, options->funnel,
                                 options->changes_file, options->costs, options->spec};
    size_t count = 0;
    for (size_t i = 0; i < options->ballot_count; ++i)
        count += !strcmp(options->ballots[i], "-") || has_ending(options->ballots[i], "=-");
    for (size_t i = 0; i < COUNT(named); ++i)
        count += named[i] && !strcmp(named[i], "-");
    for (size_t i = 0; i < options->operand_count; ++i)
        count += !strcmp(options->operands[i], "-");
    return count;
}

/* What no single option can see. */
static int check_together(cli_options *options) {
    const cli_verb *verb = options->verb;
    for (size_t i = 0; i < OPTION_COUNT; ++i)
        if (options->given[i] && !verb_accepts(verb, (option_id)i))
            return usage_error(verb, "%s is not an option of \"%s\"", known[i].name, verb->name);
    if (options->model)
        for (size_t i = OPTION_FRAMEWORK; i <= OPTION_SET; ++i)
            if (i != OPTION_MODEL && options->given[i])
                return usage_error(verb, "%s cannot be given with --model, which holds its own", known[i].name);
    if (options->operand_count > verb->most)
        return usage_error(verb, "\"%s\" is one operand too many, expected: %s %s", options->operands[verb->most],
                           verb->name, verb->operands);
    if (standard_inputs(options) > 1)
        return usage_error(verb, "standard input can be read only once");
    int code = settle_format(options);
    if (code)
        return code;
    static const option_id for_tables[] = {OPTION_TOP, OPTION_BOTTOM, OPTION_HIGHLIGHT};
    for (size_t i = 0; i < COUNT(for_tables) && options->format != FORMAT_TABLE; ++i)
        if (options->given[for_tables[i]])
            return usage_error(verb, "%s is only for --format table", known[for_tables[i]].name);
    return TOOL_FINE;
}

int options_parse(cli_options *options, int argc, char **argv, int *help) {
    *help = 0;
    memset(options, 0, sizeof *options);
    /* Nothing can be given more often than there are arguments; pairs take two places and one end. */
    size_t n = (size_t)argc + 1;
    const char **block = calloc(n * 11 + 1, sizeof *block);
    if (!block)
        return file_error(TOOL_OUTPUT, NULL, "out of memory");
    options->block = block;
    options->settings = block;
    options->columns = block + 2 * n;
    options->highlights = block + 4 * n + 1;
    options->operands = block + 5 * n + 1;
    options->stages = block + 6 * n + 1;
    options->gates = block + 7 * n + 1;
    options->ballots = block + 8 * n + 1;
    options->changes = block + 9 * n + 1;
    options->fixed = block + 10 * n + 1;

    int code = find_verb(options, argc, argv), ended = 0, verb_passed = 0;
    for (int i = 1; i < argc && !code; ++i) {
        if (!ended && !strcmp(argv[i], "--")) {
            ended = 1;
        } else if (!ended && argv[i][0] == '-' && argv[i][1]) {
            option_id option = OPTION_COUNT;
            char *value = NULL;
            code = parse_option(options, argv, argc, &i, &option, &value);
            if (!code)
                code = take(options, option, value);
        } else if (!verb_passed) {
            verb_passed = 1;
        } else {
            options->operands[options->operand_count++] = argv[i];
        }
    }
    if (code)
        return code;
    if (options->given[OPTION_HELP]) {
        *help = 1;
        return TOOL_FINE;
    }
    if (!options->verb) {
        if (options->given[OPTION_VERSION]) {
            options->verb = verb_find("version");
            options->given[OPTION_VERSION] = 0;
        } else {
            return usage_error(NULL, "no verb given");
        }
    }
    code = check_together(options);
    size_t least = options->model ? options->verb->least_of_model : options->verb->least;
    if (!code && options->operand_count < least)
        return usage_error(options->verb, "an operand is missing, expected: %s %s", options->verb->name,
                           options->verb->operands);
    return code;
}

void options_free(cli_options *options) {
    free(options->block);
    options->block = NULL;
}
