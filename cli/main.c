/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "progress.h"
#include "tool.h"

#define READ_OPTIONS OPTION_STRICT, OPTION_NUMBER_FORMAT, OPTION_COLUMN, OPTION_REGIONS, OPTION_AS_OF
#define PLAN_OPTIONS OPTION_FRAMEWORK, OPTION_PLAN, OPTION_SET
/* A verb's list of options. */
#define TAKES(...) (const option_id[]){__VA_ARGS__, OPTION_COUNT}
#define ALL_FORMATS (BIT(FORMAT_TABLE) | BIT(FORMAT_CSV) | BIT(FORMAT_JSON))

static const cli_verb verbs[] = {
    {"score", "DATA", "scores and ranks of every region",
     TAKES(READ_OPTIONS, PLAN_OPTIONS, OPTION_MODEL, OPTION_PERIOD, OPTION_TOP, OPTION_BOTTOM, OPTION_HIGHLIGHT),
     ALL_FORMATS, FORMAT_TABLE, 1, 1, 1, verb_score},
    {"steps", "DATA", "the data after a step of the plan",
     TAKES(READ_OPTIONS, PLAN_OPTIONS, OPTION_MODEL, OPTION_PERIOD, OPTION_AFTER,
           OPTION_RECORD), ALL_FORMATS, FORMAT_TABLE, 1,
     1, 1, verb_steps},
    {"weights", "DATA", "weights as used", TAKES(READ_OPTIONS, PLAN_OPTIONS,
          OPTION_MODEL), ALL_FORMATS, FORMAT_TABLE, 1, 1,
     0, verb_weights},
    {"audit", "DATA", "how the parts of the index hang together: correlations, alpha, components",
     TAKES(READ_OPTIONS, PLAN_OPTIONS, OPTION_MODEL, OPTION_PERIOD, OPTION_RETAIN, OPTION_IMPUTATION, OPTION_SEED),
     ALL_FORMATS, FORMAT_TABLE, 1, 1, 1, verb_audit},
    {"select", "DATA", "from many regions to a few in stages, with a reason for each",
     TAKES(READ_OPTIONS, PLAN_OPTIONS, OPTION_MODEL, OPTION_PERIOD, OPTION_FUNNEL, OPTION_STAGE, OPTION_GATE,
           OPTION_TIE_BREAK, OPTION_BALLOTS, OPTION_BALLOT_RULE, OPTION_INCOMPLETE, OPTION_YEAR, OPTION_TOP),
     ALL_FORMATS, FORMAT_TABLE, 1, 1, 1, verb_select},
    {"stability", "DATA", "how firm the order is: one item less, break-even weights, critical weights",
     TAKES(READ_OPTIONS, PLAN_OPTIONS, OPTION_MODEL, OPTION_PERIOD, OPTION_LEVEL, OPTION_PAIR, OPTION_CRITICAL,
           OPTION_SECTION, OPTION_TOP),
     ALL_FORMATS, FORMAT_TABLE, 1, 1, 1, verb_stability},
    {"robust", "DATA", "how sure the ranks are: weights, methods and data varied at random",
     TAKES(READ_OPTIONS, PLAN_OPTIONS, OPTION_PERIOD, OPTION_SPEC, OPTION_DRAWS, OPTION_FIRST, OPTION_SEED,
           OPTION_NODES, OPTION_OUTPUTS, OPTION_EXACT_BOUNDS, OPTION_PARTIAL, OPTION_FUNNEL, OPTION_STAGE, OPTION_GATE,
           OPTION_TIE_BREAK, OPTION_BALLOTS, OPTION_BALLOT_RULE, OPTION_INCOMPLETE, OPTION_YEAR, OPTION_TOP),
     ALL_FORMATS, FORMAT_TABLE, 1, 1, 1, verb_robust},
    {"sobol", "DATA", "which assumption drives the ranks: variance-based sensitivity",
     TAKES(READ_OPTIONS, PLAN_OPTIONS, OPTION_PERIOD, OPTION_SPEC, OPTION_DRAWS, OPTION_SEED, OPTION_OUTPUTS,
           OPTION_ESTIMATOR, OPTION_RESAMPLES, OPTION_TOP),
     ALL_FORMATS, FORMAT_TABLE, 1, 1, 1, verb_sobol},
    {"check", "DATA", "are these data fit to be scored?", TAKES(READ_OPTIONS, PLAN_OPTIONS, OPTION_PERIOD), ALL_FORMATS,
     FORMAT_TABLE, 1, 1, 1, verb_check},
    {"explain", "REGION DATA", "why a region scores as it does: the way of every number, and what it brings",
     TAKES(READ_OPTIONS, PLAN_OPTIONS, OPTION_MODEL, OPTION_PERIOD, OPTION_AGAINST, OPTION_TRACE, OPTION_SEED),
     ALL_FORMATS, FORMAT_TABLE, 2, 2, 2, verb_explain},
    {"compare", "A B DATA", "where the difference of two regions comes from",
     TAKES(READ_OPTIONS, PLAN_OPTIONS, OPTION_MODEL, OPTION_PERIOD, OPTION_SEED), ALL_FORMATS, FORMAT_TABLE, 3, 3,
     3, verb_compare},
    {"whatif", "[REGION] DATA", "new scores and ranks when values are changed, with the same model",
     TAKES(READ_OPTIONS, PLAN_OPTIONS, OPTION_MODEL, OPTION_PERIOD, OPTION_CHANGE, OPTION_CHANGES, OPTION_ALL,
           OPTION_FUNNEL, OPTION_STAGE, OPTION_GATE, OPTION_TIE_BREAK),
     ALL_FORMATS, FORMAT_TABLE, 1, 2, 1, verb_whatif},
    {"target", "REGION DATA", "the least effort with which a region reaches a rank or a score",
     TAKES(READ_OPTIONS, PLAN_OPTIONS, OPTION_MODEL, OPTION_PERIOD, OPTION_RANK, OPTION_SCORE, OPTION_COSTS, OPTION_FIX,
           OPTION_DECIMALS, OPTION_STAGE, OPTION_FUNNEL),
     ALL_FORMATS, FORMAT_TABLE, 2, 2, 2, verb_target},
    {"fit", "DATA", "freezes a model, to score other data against the same reference",
     TAKES(READ_OPTIONS, PLAN_OPTIONS, OPTION_PERIOD), BIT(FORMAT_JSON), FORMAT_JSON, 1, 1, 1, verb_fit},
    {"framework", "[NAME|FILE]", "what is measured: the tree of a framework", TAKES(OPTION_FRAMEWORK), ALL_FORMATS,
     FORMAT_TABLE, 0, 1, 0, verb_framework},
    {"methods", "[STEP|NAME]", "every method, or one with its options", (const option_id[]){OPTION_COUNT}, ALL_FORMATS, FORMAT_TABLE, 0, 1, 0,
     verb_methods},
    {"plan", "", "the plan as it would be used", TAKES(PLAN_OPTIONS,
          OPTION_MODEL), BIT(FORMAT_JSON), FORMAT_JSON, 0, 0, 0,
     verb_plan},
    {"portfolio", "FILE [DATA]", "a programme: what its initiatives cover, lift and cost",
     TAKES(READ_OPTIONS, PLAN_OPTIONS, OPTION_MODEL, OPTION_PERIOD, OPTION_REGION, OPTION_BUDGET, OPTION_SAVE_DATA),
     ALL_FORMATS, FORMAT_TABLE, 1, 2, 1, verb_portfolio},
    {"trend", "DATA", "change between periods, and convergence",
     TAKES(READ_OPTIONS, PLAN_OPTIONS, OPTION_MODEL, OPTION_REGION, OPTION_FROM, OPTION_TO, OPTION_RAW,
           OPTION_REFERENCE, OPTION_GROUP, OPTION_TARGET, OPTION_DETAILS, OPTION_CONVERGENCE),
     ALL_FORMATS, FORMAT_TABLE, 1, 1, 1, verb_trend},
    {"version", "", "versions, and what is built in", (const option_id[]){OPTION_COUNT}, BIT(FORMAT_TABLE) | BIT(FORMAT_JSON), FORMAT_TABLE, 0, 0, 0,
     verb_version},
    {"help", "[VERB]", "this help, or that of a verb", (const option_id[]){OPTION_COUNT}, BIT(FORMAT_TABLE), FORMAT_TABLE, 0, 1, 0, NULL},
};

const cli_verb *verb_at(size_t index) {
    return index < COUNT(verbs) ? &verbs[index] : NULL;
}

const cli_verb *verb_find(const char *name) {
    for (size_t i = 0; i < COUNT(verbs); ++i)
        if (!strcmp(verbs[i].name, name))
            return &verbs[i];
    return NULL;
}

/* A closed descriptor must not be taken by a file that is opened later. What stands in fails when it is used. */
static void occupy_standard_descriptors(void) {
    for (int i = STDIN_FILENO; i <= STDERR_FILENO; ++i)
        if (fcntl(i, F_GETFD) < 0) {
            int descriptor = open("/dev/null", i == STDOUT_FILENO ? O_RDONLY : O_WRONLY);
            if (descriptor > STDERR_FILENO)
                close(descriptor);
        }
}

static const char *listed_verb(size_t index, const void *user) {
    (void)user;
    return index < COUNT(verbs) ? verbs[index].name : NULL;
}

static int print_help(cli_tool *tool) {
    const cli_options *options = tool->options;
    const cli_verb *topic = options->verb;
    if (topic && !topic->run) {
        topic = options->operand_count ? verb_find(options->operands[0]) : NULL;
        if (!topic && options->operand_count) {
            const char *name = options->operands[0], *near = nearest_name(name, listed_verb, NULL);
            return near ? usage_error(NULL, "unknown verb \"%s\", did you mean \"%s\"?", name, near)
                        : usage_error(NULL, "unknown verb \"%s\"", name);
        }
    }
    cli_output *out = NULL;
    int code = tool_output(tool, &out);
    if (code)
        return code;
    help_print(out, topic);
    return tool_finish(tool, out, SMR_OK, NULL);
}

static int run(cli_tool *tool, int help) {
    int code = output_check(tool->options->output);
    if (code)
        return code;
    if (help || !tool->options->verb->run)
        return print_help(tool);
    code = prepare_context(tool);
    if (!code)
        code = tool->options->verb->run(tool);
    if (interrupt_seen())
        code = TOOL_INTERRUPTED;
    tool_summarise(tool);
    return code;
}

int main(int argc, char **argv) {
    occupy_standard_descriptors();
    interrupt_install();
    cli_options options;
    cli_tool tool;
    memset(&tool, 0, sizeof tool);
    tool.options = &options;
    int help = 0;
    int code = options_parse(&options, argc, argv, &help);
    if (!code)
        code = run(&tool, help);
    tool_free(&tool);
    options_free(&options);
    return code;
}
