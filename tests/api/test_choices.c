/* SPDX-License-Identifier: MIT */
/* What the choice of a method is refused for before there are scores, and what the presets choose. */
#include "api.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char tree[] = "{'id': 'i', 'children': [{'id': 'a', 'children': [{'id': 'x', 'target': 9},"
                           " {'id': 'y', 'direction': 'lower', 'target': 1}]}, {'id': 'z'}]}";
static const char csv[] = "region,x,y,z\nA,1,4,2\nB,2,3,8\nC,4,2,5\n";

static void expect_refused(const char *plan, int32_t code, const char *subject, const char *message) {
    smr_error error = api_world_refused(tree, csv, plan, code);
    expect_text(error.subject, subject);
    expect_text(error.message, message);
}

TEST(normalisers_that_do_not_fit) {
    expect_refused(
        "{'normalise': 'fraction_of_max'}", SMR_MESSAGE_RATIO_OF_LOWER, "y",
        "method \"fraction_of_max\" would give the worse values of \"y\", direction lower, the higher scores");
    expect_refused("{'normalise': 'distance_to_target'}", SMR_MESSAGE_TARGET_MISSING, "z",
                   "indicator \"z\" has no target, which method \"distance_to_target\" needs");
    expect_refused(
        "{'normalise': 'distance_to_reference'}", SMR_MESSAGE_REFERENCE_OPTIONS, "x",
        "method \"distance_to_reference\" of \"x\" takes one of its options \"reference\" and \"value\", found none");
    expect_refused(
        "{'normalise': {'method': 'indicis', 'reference': 'A', 'value': 1}}", SMR_MESSAGE_REFERENCE_OPTIONS, "x",
        "method \"indicis\" of \"x\" takes at most one of its options \"reference\" and \"value\", found both");
    expect_refused("{'normalise': {'method': 'categorical', 'cuts': [3, 2]}}", SMR_MESSAGE_OPTION_WRONG, "x",
                   "option \"cuts\" of method \"categorical\" of \"x\" does not fit, expected numbers that rise");
    expect_refused("{'normalise': {'method': 'categorical', 'cuts': [2, 3], 'marks': [1, 2]}}",
                   SMR_MESSAGE_OPTION_WRONG, "x",
                   "option \"marks\" of method \"categorical\" of \"x\" does not fit, expected one mark a class: 3");
    api_world_refused(tree, csv, "{'normalise': {'method': 'zscore', 'range': [0, 1]}}",
                      SMR_MESSAGE_PLAN_OPTION_UNKNOWN);
    api_world_refused(tree, csv, "{'normalise': {'method': 'indicis', 'reference': 'nowhere'}}",
                      SMR_MESSAGE_REFERENCE_REGION_MISSING);
}

TEST(normalisers_of_single_indicators) {
    api_world world = api_world_make(
        tree, csv,
        "{'normalise': {'method': 'distance_to_reference', 'reference': 'B', 'range': [0, 10], 'indicators':"
        " {'y': {'method': 'fraction_of_max', 'lower': 'reciprocal'}, 'z': {'method': 'indicis', 'base': 'max'}}}}");
    static const double x[] = {0, 10, 30}, y[] = {5, 20.0 / 3, 10}, z[] = {0.25, 1, 0.625};
    for (size_t row = 0; row < 3; row++) {
        expect_near(api_score_of(world.card, "x", row), x[row], 1e-14);
        expect_near(api_score_of(world.card, "y", row), y[row], 1e-14);
        expect_near(api_score_of(world.card, "z", row), z[row], 1e-14);
    }
    api_world_free(&world);
}

/* Over periods the reference is the region's latest value, or that of the period of the bounds. */
TEST(a_reference_region_in_time) {
    static const char one[] = "{'id': 'i', 'children': [{'id': 'x'}]}";
    static const char panel[] = "region,period,x\nA,2020,0\nB,2020,4\nA,2021,2\nB,2021,8\n";
    static const struct {
        const char *per;
        double scores[4];
    } rows[] = {
        {"all_periods", {0, 0.5, 0.25, 1}},
        {"2020", {0, 1, 0.5, 2}},
        {"period", {0, 1, 0, 1}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char plan[200] = "{'normalise': {'method': 'distance_to_reference', 'reference': 'B', 'per': '";
        api_world world = api_world_make(one, panel, strcat(strcat(plan, rows[i].per), "'}}"));
        for (size_t row = 0; row < 4; row++) {
            expect_near(api_score_of(world.card, "x", row), rows[i].scores[row], 1e-14);
        }
        api_world_free(&world);
    }
}

TEST(aggregates_that_do_not_fit) {
    expect_refused("{'aggregate': 'wroclaw'}", SMR_MESSAGE_ROOT_ONLY, "a",
                   "method \"wroclaw\" of \"a\" has its best score at 0, so that it may only stand at the root");
    expect_refused(
        "{'aggregate': {'method': 'choquet', 'shapley': {'a': 0.5, 'z': 0.5}}}", SMR_MESSAGE_OPTION_WRONG, "a",
        "option \"shapley\" of method \"choquet\" of \"a\" does not fit, expected a number, 0 or more, for \"x\"");
    api_world_refused(tree, csv, "{'aggregate': {'method': 'electre3', 'q': 1}}", SMR_MESSAGE_OPTION_WRONG);
    api_world_refused(tree, csv, "{'aggregate': {'method': 'owa', 'weights': [0, 0]}}", SMR_MESSAGE_OPTION_WRONG);
    api_world_refused(tree, csv, "{'aggregate': 'mean_of_worst'}", SMR_MESSAGE_PLAN_OPTION_REQUIRED);
    api_world_refused(tree, csv, "{'aggregate': {'method': 'ampi', 'reference': 'nowhere'}}",
                      SMR_MESSAGE_REFERENCE_REGION_MISSING);
    /* what has no common range has no hundredth of it as a floor */
    api_world_refused(tree, csv,
                      "{'aggregate': {'method': 'mpi', 'nodes': {'root': {'method': 'geometric', 'zero': 'floor'}}}}",
                      SMR_MESSAGE_PLAN_EPSILON_REQUIRED);
}

/* 0 is ideal and ranks first; reversed, 1 does. */
TEST(distance_to_the_ideal_ranks_upward) {
    static const double ranks[] = {3, 2, 1};
    static const char *const plans[] = {
        "{'aggregate': {'nodes': {'root': 'wroclaw'}}}",
        "{'aggregate': {'nodes': {'root': {'method': 'wroclaw', 'reversed': true}}}}",
    };
    for (size_t i = 0; i < COUNT(plans); i++) {
        api_world world = api_world_make(tree, "region,x,y,z\nA,1,4,2\nB,2,3,5\nC,4,2,8\n", plans[i]);
        for (size_t row = 0; row < 3; row++) {
            expect_near(api_rank_of(world.card, "i", row), ranks[row], 0);
        }
        expect_near(api_score_of(world.card, "i", 2), i == 0 ? 0 : 1, 0);
        api_world_free(&world);
    }
}

/* Regions of different periods are not compared with each other. */
TEST(outranking_within_a_period) {
    static const char two[] = "{'id': 'i', 'children': [{'id': 'x'}, {'id': 'y'}]}";
    api_world world =
        api_world_make(two, "region,period,x,y\nA,2020,1,1\nB,2020,2,2\nA,2021,9,9\nB,2021,8,8\nC,2021,7,7\n",
                       "{'normalise': 'none', 'aggregate': 'copeland'}");
    static const double scores[] = {-1, 1, 2, 0, -2};
    for (size_t row = 0; row < 5; row++) {
        expect_near(api_score_of(world.card, "i", row), scores[row], 0);
    }
    api_world_free(&world);
}

/* The missing policy holds for methods that look at all regions too: what is not computed is nobody's opponent, and
 * decides no constant. */
TEST(missing_policies_of_whole_nodes) {
    static const char two[] = "{'id': 'i', 'children': [{'id': 'x'}, {'id': 'y'}]}";
    static const char hole[] = "region,x,y\nA,1,4\nB,2,\nC,3,3\n", filled[] = "region,x,y\nA,1,4\nB,2,0\nC,3,3\n",
                      without[] = "region,x,y\nA,1,4\nC,3,3\n";
    static const char *const methods[] = {"copeland", "borda", "kemeny",   "promethee2",
                                          "mpi",      "ampi",  "mean_min", "dp2"};
    for (size_t m = 0; m < COUNT(methods); m++) {
        char plan[200], fail[200], low[200], zero[200];
        snprintf(plan, sizeof plan, "{'normalise': 'none', 'aggregate': '%s'}", methods[m]);
        snprintf(fail, sizeof fail, "{'normalise': 'none', 'aggregate': '%s', 'missing': {'policy': 'fail'}}",
                 methods[m]);
        snprintf(low, sizeof low, "{'normalise': 'none', 'aggregate': '%s', 'missing': {'min_coverage': 0.7}}",
                 methods[m]);
        snprintf(zero, sizeof zero, "{'normalise': 'none', 'aggregate': '%s', 'missing': {'policy': 'zero'}}",
                 methods[m]);
        api_world of_two = api_world_make(two, without, plan), of_filled = api_world_make(two, filled, plan);
        api_world failed = api_world_make(two, hole, fail), covered = api_world_make(two, hole, low);
        api_world zeroed = api_world_make(two, hole, zero);
        expect_equal_int(api_status_of(failed.card, "i", 1), SMR_CELL_NOT_COMPUTED);
        expect_equal_int(api_status_of(covered.card, "i", 1), SMR_CELL_LOW_COVERAGE);
        expect_nan(api_score_of(failed.card, "i", 1));
        for (size_t row = 0; row < 3; row++) {
            expect_same_bits(api_score_of(zeroed.card, "i", row), api_score_of(of_filled.card, "i", row));
            if (row != 1) {
                const double expected = api_score_of(of_two.card, "i", row / 2);
                expect_same_bits(api_score_of(failed.card, "i", row), expected);
                expect_same_bits(api_score_of(covered.card, "i", row), expected);
            }
        }
        api_world_free(&of_two);
        api_world_free(&of_filled);
        api_world_free(&failed);
        api_world_free(&covered);
        api_world_free(&zeroed);
    }
}

/* ---- presets ---- */

static const char posts[] =
    "{'id': 'i', 'children': [{'id': 'x', 'worst': 0, 'best': 10}, {'id': 'y', 'worst': 0, 'best': 10, 'weight': 3}]}";

static void expect_index(const char *preset, const char *data, double score) {
    char plan[100] = "{'preset': '";
    api_world world = api_world_make(posts, data, strcat(strcat(plan, preset), "'}"));
    if (score == score) {
        expect_near(api_score_of(world.card, "i", 0), score, 1e-12);
    } else {
        expect_nan(api_score_of(world.card, "i", 0));
    }
    api_world_free(&world);
}

TEST(presets_by_hand) {
    /* beyond its goalposts a value keeps its lead under `desi` alone */
    expect_index("desi", "region,x,y\nA,12,5\nB,0,0\n", (120 + 3 * 50) / 4.0);
    expect_index("icf", "region,x,y\nA,12,5\nB,0,0\n", (100 + 3 * 50) / 4.0);
    expect_index("desi", "region,x,y\nA,12,\nB,0,0\n", 120);
    expect_index("pci-vietnam", "region,x,y\nA,6.5,7\n", (65 + 3 * 70) / 4.0);
    expect_index("pci-vietnam", "region,x,y\nA,6.5,\n", NAN);
    expect_index("dti-vietnam", "region,x,y\nA,0.6,0.8\n", (0.6 + 3 * 0.8) / 4);
    expect_index("dti-vietnam", "region,x,y\nA,0.6,\n", NAN);
    expect_index("imd", "region,x,y\nA,3,1\nB,2,1\n", (100 + 3 * -23 * log(1 - 0.75 * (1 - exp(-100.0 / 23)))) / 4);
    expect_index("coinr", "region,x,y\nA,5,1\nB,1,2\nC,2,5\n", 25);
    expect_index("handbook", "region,x,y\nA,5,1\nB,1,2\nC,2,5\n", 25);
}

/* Half of the children's weight, but one of two children: the preset counts children. */
TEST(coverage_of_coinr) {
    static const char *const presets[] = {"coinr", "handbook"};
    for (size_t i = 0; i < COUNT(presets); i++) {
        char plan[120] = "{'preset': '";
        strcat(strcat(plan, presets[i]), "', 'missing': {'min_coverage': 0.7}}");
        api_world world = api_world_make(posts, "region,x,y\nA,5,\nB,1,2\nC,,3\n", plan);
        expect_equal_int(api_status_of(world.card, "i", 0), SMR_CELL_LOW_COVERAGE);
        expect_equal_int(api_status_of(world.card, "i", 2), SMR_CELL_LOW_COVERAGE); /* three quarters of the weight */
        api_world_free(&world);
    }
}

/* An option of a preset waits for the method that knows it; one of a plan is an error. */
TEST(options_of_a_preset_wait) {
    api_world world = api_world_make(posts, "region,x,y\nA,5,1\nB,1,2\nC,2,5\n",
                                     "{'preset': 'handbook', 'normalise': 'percentile_rank'}");
    expect_near(api_score_of(world.card, "x", 0), 100, 1e-12);
    expect_near(api_score_of(world.card, "x", 1), 100 / 3.0, 1e-12);
    api_world_free(&world);
    api_world_refused(posts, "region,x,y\nA,5,1\n", "{'normalise': {'method': 'minmax', 'base': 'n'}}",
                      SMR_MESSAGE_PLAN_OPTION_UNKNOWN);
}

static const unit_test tests[] = {
    UNIT(normalisers_that_do_not_fit),
    UNIT(normalisers_of_single_indicators),
    UNIT(a_reference_region_in_time),
    UNIT(aggregates_that_do_not_fit),
    UNIT(distance_to_the_ideal_ranks_upward),
    UNIT(outranking_within_a_period),
    UNIT(missing_policies_of_whole_nodes),
    UNIT(presets_by_hand),
    UNIT(coverage_of_coinr),
    UNIT(options_of_a_preset_wait),
};
UNIT_SUITE(choices, tests)
