/* SPDX-License-Identifier: MIT */
/* Numbers at the ends of the range, and data that tell nothing: every cell has a finite score, or none and a status
 * that says why; for every method of the catalogue. Or the call is refused with a reason. */
#include "api.h"

#include "catalogue_plans.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CANONICAL_NAN UINT64_C(0x7ff8000000000000)
#define NEGATIVE_ZERO UINT64_C(0x8000000000000000)

/* What is wrong with one cell of a scorecard; NULL: nothing. */
static const char *judge(double score, double rank, double coverage, int32_t status, bool leaf) {
    bool scored = score == score, good = status == SMR_CELL_OK || status == SMR_CELL_IMPUTED;
    if (scored ? !(fabs(score) <= 1.7976931348623157e308) : unit_bits(score) != CANONICAL_NAN) {
        return scored ? "an infinite score" : "a NaN that is not the canonical one";
    }
    if (unit_bits(score) == NEGATIVE_ZERO) {
        return "a negative zero";
    }
    if (scored != (rank == rank) || !(rank == rank ? rank >= 1 : unit_bits(rank) == CANONICAL_NAN)) {
        return "a rank that does not go with the score";
    }
    if (!(coverage >= 0 && coverage <= 1) || (leaf && !scored && coverage != 0)) {
        return "a coverage that cannot be";
    }
    if (strcmp(smr_cell_status_name(status), "unknown") == 0 || (status != SMR_CELL_CONSTANT && scored != good)) {
        return "a status that does not go with the score";
    }
    return NULL;
}

/* `what` is for the message. */
static void expect_defined(const smr_scorecard *card, const char *what, const char *more) {
    size_t rows = smr_scorecard_row_count(card);
    const smr_framework *framework = smr_scorecard_framework(card);
    double *scores = malloc(rows * sizeof *scores), *ranks = malloc(rows * sizeof *ranks);
    double *coverages = malloc(rows * sizeof *coverages);
    uint8_t *statuses = malloc(rows);
    smr_error error = unit_error();
    for (size_t node = 0; node < smr_framework_node_count(framework); node++) {
        bool leaf = smr_framework_node_indicator(framework, node) >= 0;
        expect_ok(smr_scorecard_scores(card, node, scores, rows, &error), &error);
        expect_ok(smr_scorecard_ranks(card, node, ranks, rows, &error), &error);
        expect_ok(smr_scorecard_coverages(card, node, coverages, rows, &error), &error);
        expect_ok(smr_scorecard_statuses(card, node, statuses, rows, &error), &error);
        for (size_t row = 0; row < rows; row++) {
            const char *problem = judge(scores[row], ranks[row], coverages[row], statuses[row], leaf);
            if (problem != NULL) {
                char message[2048];
                snprintf(message, sizeof message,
                         "%s: score %g, rank %g, coverage %g, %s, at %s of %s, plan %s, data\n%s", problem, scores[row],
                         ranks[row], coverages[row], smr_cell_status_name(statuses[row]),
                         smr_framework_node_id(framework, node), smr_scorecard_region(card, row), what, more);
                unit_failed(__FILE__, __LINE__, "the scorecard has", message);
            }
        }
    }
    free(scores);
    free(ranks);
    free(coverages);
    free(statuses);
}

/* Fit and score: defined, or refused for a reason. Returns whether it was scored. */
static bool expect_defined_or_refused(const char *tree, const char *csv, const char *plan) {
    api_world world = api_world_nouns(tree, csv, plan);
    smr_error error = unit_error();
    smr_status status = smr_model_fit(NULL, world.framework, world.dataset, world.plan, &world.model, &error);
    if (status == SMR_OK) {
        status = smr_model_score(NULL, world.model, world.dataset, NULL, &world.card, &error);
    }
    if (status == SMR_OK) {
        expect_defined(world.card, plan, csv);
    } else {
        expect(status == SMR_ERROR_COMPUTE || status == SMR_ERROR_PLAN || status == SMR_ERROR_DATA);
        expect_equal_int(error.status, status);
        expect(error.message[0] != '\0');
    }
    api_world_free(&world);
    return status == SMR_OK;
}

#define HEAD "region,x1,x2,x3,x4,x5,x6,d,zone\n"

static const char *const tables[] = {
    /* the ends of the range, both signs */
    HEAD "A,1e300,1e-300,1e300,1.7976931348623157e308,1e300,1e300,1e-300,a\n"
         "B,1e-300,1e300,1e-300,-1.7976931348623157e308,1e-300,-1e300,1e300,a\n"
         "C,5e-324,2.2250738585072014e-308,0,0,5e-324,5e-324,5e-324,b\n"
         "D,-1e300,-1e-300,-1e300,1,-1e300,1e-300,-1e-300,b\n",
    /* a spread that is no double */
    HEAD "A,1.7976931348623157e308,-1.7976931348623157e308,1.7976931348623157e308,1e308,1e308,1e308,1,a\n"
         "B,-1.7976931348623157e308,1.7976931348623157e308,0,-1e308,-1e308,-1e308,1,b\n"
         "C,0,0,1,0,0,0,1,a\n",
    /* a spread below the normal numbers */
    HEAD "A,5e-324,1e-323,5e-324,1e-323,5e-324,1e-323,1,a\nB,1e-323,5e-324,1e-323,5e-324,1e-323,5e-324,1,a\n"
         "C,0,0,0,0,0,0,1,b\n",
    /* neighbours */
    HEAD "A,1,1,1,1,1,1,1,a\nB,1.0000000000000002,1.0000000000000002,1.0000000000000002,1.0000000000000002,"
         "1.0000000000000002,1.0000000000000002,1,b\n",
    /* huge and equal: their sum is no double */
    HEAD
    "A,1.7e308,1.7e308,1.7e308,1.7e308,1.7e308,1.7e308,1,a\nB,1.7e308,1.7e308,1.7e308,1.7e308,1.7e308,1.7e308,1,a\n"
    "C,1.7e308,1.7e308,1.7e308,1.7e308,1.7e308,1.7e308,1,b\n",
    /* constant, zero, negative */
    HEAD "A,7,0,-1,0,0,-7,0,a\nB,7,0,-1,0,0,-7,0,a\nC,7,0,-1,0,0,-7,0,b\n",
    /* nothing, one value, one row, two rows */
    HEAD "A,,,,,,,,a\nB,,,,,,,,\nC,NA,NaN,:,..,-,,,b\n",
    HEAD "A,3,,,,,,,a\nB,,,,,,,,\nC,,,,,,5,2,b\n",
    HEAD "A,3,4,5,6,7,8,2,a\n",
    HEAD "A,3,4,5,6,7,8,2,a\nB,3,5,4,6,8,7,0,\n",
    /* ties everywhere */
    HEAD "A,1,1,1,1,1,1,1,a\nB,1,2,1,2,1,2,1,a\nC,2,1,2,1,2,1,1,b\nD,2,2,2,2,2,2,1,b\nE,1,1,2,2,1,1,1,\n",
};

TEST(every_method_and_every_table) {
    char plan[CATALOGUE_PLAN_SIZE];
    size_t scored = 0, count = 0;
    for (size_t method = 0; catalogue_plan(method, plan); method++) {
        for (size_t table = 0; table < COUNT(tables); table++) {
            scored += expect_defined_or_refused(catalogue_tree, tables[table], plan);
            count++;
        }
    }
    expect(scored * 2 > count);
}

/* The same below raw scores, where nothing brings them to a range first. */
TEST(raw_scores_into_every_aggregate) {
    char plan[CATALOGUE_PLAN_SIZE];
    for (size_t number = 0; catalogue_plan(number, plan); number++) {
        smr_method method;
        smr_method_init(&method, sizeof method);
        smr_error error = unit_error();
        expect_ok(smr_method_get(number, &method, &error), &error);
        if (strcmp(method.step, "aggregate") != 0) {
            continue;
        }
        char raw[CATALOGUE_PLAN_SIZE + 64] = "{'denominate': {'use': false}, 'normalise': 'none'";
        strcat(raw, strchr(plan, '}') + 1);
        for (size_t table = 0; table < COUNT(tables); table++) {
            expect_defined_or_refused(catalogue_tree, tables[table], raw);
        }
    }
}

static const char two[] = "{'id': 'i', 'children': [{'id': 'x'}, {'id': 'y'}]}";

/* A mean lies between its parts, also where their sum does not fit into a double. */
TEST(means_of_huge_values) {
    static const char *const aggregates[] = {"arithmetic", "geometric", "harmonic", "median", "max", "min"};
    for (size_t i = 0; i < COUNT(aggregates); i++) {
        char plan[128] = "{'normalise': 'none', 'aggregate': '";
        strcat(strcat(plan, aggregates[i]), "'}");
        api_world world = api_world_make(two, "region,x,y\nA,1.5e308,1.5e308\nB,1e300,1e300\nC,1e-300,1e-300\n", plan);
        expect_near(api_score_of(world.card, "i", 0), 1.5e308, 1e295);
        expect_near(api_score_of(world.card, "i", 1), 1e300, 1e287);
        expect_near(api_score_of(world.card, "i", 2), 1e-300, 1e-313);
        expect_near(api_rank_of(world.card, "i", 0), 1, 0);
        api_world_free(&world);
    }
}

/* As wide as a double can tell. */
TEST(the_widest_spread) {
    api_world world = api_world_make(two, "region,x,y\nA,-8e307,8e307\nB,8e307,0\nC,0,-8e307\n", NULL);
    expect_near(api_score_of(world.card, "x", 0), 0, 0);
    expect_near(api_score_of(world.card, "x", 1), 100, 1e-12);
    expect_near(api_score_of(world.card, "x", 2), 50, 1e-12);
    api_world_free(&world);
}

/* Wider: refused by name, not called constant. */
TEST(a_spread_that_is_no_double) {
    static const char *const plans[] = {"{'normalise': 'minmax'}", "{'normalise': 'zscore'}",
                                        "{'normalise': 'distance_to_max'}",
                                        "{'normalise': {'method': 'scaled', 'a': -1.7e308, 'b': 1.7e308}}"};
    for (size_t i = 0; i < COUNT(plans); i++) {
        smr_error error = api_world_refused(two, "region,x,y\nA,1,-1.7e308\nB,2,1.7e308\nC,3,0\n", plans[i],
                                            SMR_MESSAGE_SPREAD_TOO_WIDE);
        expect_equal_int(error.status, SMR_ERROR_COMPUTE);
        expect_text(error.subject, i < 3 ? "y" : "x");
    }
}

TEST(the_narrowest_spread) {
    api_world world = api_world_make(two, "region,x,y\nA,5e-324,1\nB,1.5e-323,1.0000000000000002\nC,1e-323,1\n", NULL);
    expect_near(api_score_of(world.card, "x", 0), 0, 0);
    expect_near(api_score_of(world.card, "x", 1), 100, 0);
    expect_near(api_score_of(world.card, "x", 2), 50, 0);
    expect_near(api_score_of(world.card, "y", 1), 100, 0);
    api_world_free(&world);
}

/* Weights are relative: any scale will do. */
TEST(weights_at_the_ends) {
    api_world world =
        api_world_make("{'id': 'i', 'children': [{'id': 'x', 'weight': 1e-300}, {'id': 'y', 'weight': 3e-300}]}",
                       "region,x,y\nA,2,6\n", "{'normalise': 'none'}");
    expect_near(api_score_of(world.card, "i", 0), 5, 1e-12);
    expect_near(smr_model_effective_weight(world.model, 1), 0.25, 1e-15);
    expect_near(api_coverage_of(world.card, "i", 0), 1, 0);
    api_world_free(&world);
    world = api_world_make("{'id': 'i', 'children': [{'id': 'x', 'weight': 1e300}, {'id': 'y', 'weight': 3e300}]}",
                           "region,x,y\nA,2,6\nB,,6\n", "{'normalise': 'none'}");
    expect_near(api_score_of(world.card, "i", 0), 5, 1e-12);
    expect_near(api_coverage_of(world.card, "i", 1), 0.75, 1e-15);
    api_world_free(&world);
}

/* Also where their sum is no double. */
TEST(weights_whose_sum_overflows) {
    api_world world =
        api_world_make("{'id': 'i', 'children': [{'id': 'x', 'weight': 1e308}, {'id': 'y', 'weight': 1.5e308}]}",
                       "region,x,y\nA,1,2\nB,3,4\nC,,4\n", NULL);
    expect_defined(world.card, "{}", "weights");
    expect_near(smr_model_effective_weight(world.model, 1), 0.4, 1e-15);
    expect_near(api_score_of(world.card, "i", 1), 100, 0);
    expect_near(api_coverage_of(world.card, "i", 2), 0.6, 1e-15);
    api_world_free(&world);
}

/* ---- signs of zero, kinds of NaN ---- */

static void expect_steps_canonical(const smr_model *model, const smr_dataset *dataset) {
    static const char *const steps[] = {"raw", "denominate", "impute", "treat", "normalise"};
    for (size_t i = 0; i < COUNT(steps); i++) {
        smr_dataset *snapshot = NULL;
        smr_error error = unit_error();
        expect_ok(smr_model_snapshot(NULL, model, dataset, steps[i], &snapshot, &error), &error);
        for (size_t column = 0; column < smr_dataset_column_count(snapshot); column++) {
            const double *values = smr_dataset_values(snapshot, column);
            for (size_t row = 0; row < smr_dataset_row_count(snapshot); row++) {
                expect(values[row] == values[row] || unit_bits(values[row]) == CANONICAL_NAN);
                expect(unit_bits(values[row]) != NEGATIVE_ZERO);
            }
        }
        smr_dataset_unref(snapshot);
    }
}

/* A NaN that carries something, and a negative zero: neither leaves. Also where the caller's memory is used. */
TEST(nan_and_zero_are_canonical) {
    static const char *const plans[] = {
        "{'normalise': 'none'}",
        "{'normalise': 'none', 'aggregate': 'max'}",
        "{'normalise': 'none', 'aggregate': 'min'}",
        "{'normalise': 'none', 'aggregate': 'median'}",
        NULL,
        "{'normalise': 'rank'}",
        "{'treat': {'method': 'winsorise', 'low': 0, 'high': 100}, 'normalise': 'none'}",
        "{'normalise': {'method': 'scaled', 'a': 0, 'b': 1}}",
        "{'normalise': {'method': 'scaled', 'a': 1, 'b': 0, 'range': [-1, 0]}}",
        "{'normalise': 'none', 'missing': {'policy': 'zero'}}",
    };
    double odd = unit_double(UINT64_C(0xfff8000000001234)), quiet = unit_double(UINT64_C(0x7ffc000000000001));
    const double x[] = {-0.0, odd, 1, quiet, -0.0}, y[] = {-0.0, -0.0, odd, quiet, 0.0};
    const char *const ids[] = {"x", "y"};
    const double *const values[] = {x, y};
    for (int borrow = 0; borrow < 2; borrow++) {
        smr_columns columns;
        smr_columns_init(&columns, sizeof columns);
        columns.rows = COUNT(x);
        columns.column_count = 2;
        columns.ids = ids;
        columns.values = values;
        columns.borrow = borrow;
        for (size_t direction = 0; direction < 2; direction++) {
            for (size_t i = 0; i < COUNT(plans); i++) {
                for (int32_t keep = SMR_KEEP_INNER; keep <= SMR_KEEP_ALL; keep++) {
                    smr_framework *framework =
                        api_framework(direction ? "{'id': 'i', 'children': [{'id': 'x', 'direction': 'lower'},"
                                                  " {'id': 'y', 'direction': 'lower'}]}"
                                                : two);
                    smr_plan *plan = api_plan(plans[i]);
                    smr_dataset *dataset = NULL;
                    smr_model *model = NULL;
                    smr_scorecard *card = NULL;
                    smr_error error = unit_error();
                    smr_score_options options;
                    smr_score_options_init(&options, sizeof options);
                    options.keep = keep;
                    expect_ok(smr_dataset_from_columns(NULL, &columns, &dataset, &error), &error);
                    expect_ok(smr_model_fit(NULL, framework, dataset, plan, &model, &error), &error);
                    expect_ok(smr_model_score(NULL, model, dataset, &options, &card, &error), &error);
                    expect_defined(card, plans[i] ? plans[i] : "{}", borrow ? "borrowed" : "copied");
                    expect_steps_canonical(model, dataset);
                    double scores[3];
                    expect_ok(smr_model_score_values(model, (const double[]){odd, -0.0}, 2, scores, 3, &error), &error);
                    for (size_t node = 0; node < 3; node++) {
                        expect(scores[node] == scores[node] || unit_bits(scores[node]) == CANONICAL_NAN);
                        expect(unit_bits(scores[node]) != NEGATIVE_ZERO);
                    }
                    smr_scorecard_unref(card);
                    smr_model_unref(model);
                    smr_dataset_unref(dataset);
                    smr_plan_unref(plan);
                    smr_framework_unref(framework);
                }
            }
        }
    }
}

TEST(infinity_is_refused) {
    api_world world = api_world_make(two, "region,x,y\nA,1,2\nB,3,4\n", NULL);
    const double infinite = unit_double(UINT64_C(0x7ff0000000000000));
    double scores[3] = {-1, -1, -1};
    smr_error error = unit_error();
    expect_fails(smr_model_score_values(world.model, (const double[]){1, infinite}, 2, scores, 3, &error), &error,
                 SMR_MESSAGE_INFINITE_VALUE);
    expect_text(error.subject, "y");
    expect_fails(smr_model_score_values(world.model, (const double[]){-infinite, 1}, 2, scores, 3, &error), &error,
                 SMR_MESSAGE_INFINITE_VALUE);
    expect_equal_int(error.status, SMR_ERROR_DATA);
    api_world_free(&world);
}

static const unit_test tests[] = {
    UNIT(every_method_and_every_table), UNIT(raw_scores_into_every_aggregate),
    UNIT(means_of_huge_values),         UNIT(the_widest_spread), UNIT(a_spread_that_is_no_double),
    UNIT(the_narrowest_spread),         UNIT(weights_at_the_ends),
    UNIT(weights_whose_sum_overflows),  UNIT(nan_and_zero_are_canonical),
    UNIT(infinity_is_refused),
};
UNIT_SUITE(extremes, tests)
