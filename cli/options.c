/* SPDX-License-Identifier: MIT */
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
    [OPTION_EXACT_BOUNDS] = {"--exact-bounds", 0, 0},
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
        return usage_error(verb, "\"%s\" does not write %s", verb->name, format_name(options->format));
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
                code = option_take(options, option, value);
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
