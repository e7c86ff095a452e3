/* SPDX-License-Identifier: MIT */
/* Targets: least efforts that can be worked out by head, every kind of answer, and that what is proposed reaches the
 * goal whatever the methods. */
#include "api.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct goal {
    uint64_t rank;
    double score;
    int32_t decimals;
} goal;

static smr_target *try_target(const api_world *world, const char *region, const smr_efforts *efforts, goal asked,
                              smr_error *error) {
    smr_target_options options;
    smr_target *target = NULL;
    smr_target_options_init(&options, sizeof options);
    options.rank = asked.rank;
    options.score = asked.rank > 0 ? (double)NAN : asked.score;
    options.decimals = asked.decimals;
    smr_status status =
        smr_target_run(unit_context(), world->model, world->dataset, region, efforts, &options, &target, error);
    expect((status == SMR_OK) == (target != NULL));
    return target;
}

static smr_target *target_of(const api_world *world, const char *region, const smr_efforts *efforts, goal asked) {
    smr_error error = unit_error();
    smr_target *target = try_target(world, region, efforts, asked, &error);
    expect_ok(error.status, &error);
    return target;
}

static goal by_rank(uint64_t rank) {
    return (goal){rank, 0, -1};
}

static goal by_score(double score) {
    return (goal){0, score, -1};
}

static smr_target_summary summary_of(const smr_target *target) {
    smr_target_summary summary;
    smr_error error = unit_error();
    smr_target_summary_init(&summary, sizeof summary);
    expect_ok(smr_target_summarise(target, &summary, &error), &error);
    return summary;
}

/* The proposed value of an indicator; NaN: it stays. */
static double to_of(const smr_target *target, const char *indicator) {
    for (size_t i = 0; i < smr_target_change_count(target); i++) {
        if (strcmp(smr_target_indicators(target)[i], indicator) == 0) {
            return smr_target_to(target)[i];
        }
    }
    return NAN;
}

static smr_efforts *efforts_of(const char *json) {
    smr_efforts *efforts = NULL;
    smr_error error = unit_error();
    char *text = api_json(json);
    expect_ok(smr_efforts_new(unit_context(), &efforts, &error), &error);
    expect_ok(smr_efforts_read(efforts, text, strlen(text), "c.json", &error), &error);
    free(text);
    return efforts;
}

/* x: 0 to 10 with weight 3, y: 100 to 0 with weight 1. A scores (3 x 20 + 30)/4 = 22.5. */
static const char pair[] = "{'id': 'i', 'plan': {'normalise': 'goalposts'}, 'children': [{'id': 'x', 'worst': 0, 'best': "
                           "10, 'weight': 3}, {'id': 'y', 'worst': 100, 'best': 0}]}";
static const char rows[] = "region,x,y\nA,2,70\nB,6,40\nC,8,20\n";

/* ---- by head ---- */

/* A unit of effort brings 75 points in x and 25 in y: 52.5 takes x from 2 to 6, 0.4 of its way. */
TEST(the_better_ratio_first) {
    api_world world = api_world_make(pair, rows, NULL);
    smr_target *target = target_of(&world, "A", NULL, by_score(52.5));
    smr_target_summary summary = summary_of(target);
    expect_equal_int(summary.status, SMR_TARGET_OPTIMAL);
    expect_equal_uint(smr_target_change_count(target), 1);
    expect_text(smr_target_region(target), "A");
    expect_text(smr_target_indicators(target)[0], "x");
    expect_near(smr_target_from(target)[0], 2, 0);
    expect_near(smr_target_to(target)[0], 6, 0);
    expect_near(smr_target_effort(target)[0], 0.4, 1e-12);
    expect_near(summary.effort, 0.4, 1e-12);
    expect_near(summary.lower_bound, 0.4, 1e-9);
    expect_near(summary.goal_score, 52.5, 0);
    expect_near(summary.score_before, 22.5, 0);
    expect_near(summary.score_after, 52.5, 0);
    expect_near(summary.best_score, 100, 0);
    expect_near(summary.best_rank, 1, 0);
    expect_near(summary.rank_before, 3, 0);
    smr_target_unref(target);
    /* beyond what x can do alone: 92.5 takes all of x and 0.4 of y */
    target = target_of(&world, "A", NULL, by_score(92.5));
    expect_near(to_of(target, "x"), 10, 0);
    expect_near(to_of(target, "y"), 30, 1e-9);
    expect_near(summary_of(target).effort, 0.8 + 0.4, 1e-9);
    smr_target_unref(target);
    api_world_free(&world);
}

/* Costs turn the order, bounds end it, and a fixed indicator stays. */
TEST(costs_bounds_and_fixed) {
    api_world world = api_world_make(pair, rows, NULL);
    /* 7.5 points a unit of x cost 1: 7.5 a unit of effort; 0.25 points a unit of y cost 0.01: 25 */
    smr_efforts *efforts = efforts_of("{'costs': {'x': 1, 'y': 0.01}}");
    smr_target *target = target_of(&world, "A", efforts, by_score(32.5));
    expect_near(to_of(target, "y"), 30, 1e-9);
    expect_nan(to_of(target, "x"));
    expect_near(summary_of(target).effort, 0.4, 1e-9);
    smr_target_unref(target);
    smr_efforts_free(efforts);
    efforts = efforts_of("{'bounds': {'x': [null, 4]}}");
    target = target_of(&world, "A", efforts, by_score(40));
    expect_near(to_of(target, "x"), 4, 0);
    expect_near(to_of(target, "y"), 60, 1e-9);
    smr_target_unref(target);
    smr_efforts_free(efforts);
    efforts = efforts_of("{'fixed': ['x']}");
    target = target_of(&world, "A", efforts, by_score(40));
    expect_near(to_of(target, "y"), 0, 0);
    smr_target_unref(target);
    target = target_of(&world, "A", efforts, by_score(40.1));
    smr_target_summary summary = summary_of(target);
    expect_equal_int(summary.status, SMR_TARGET_UNREACHABLE);
    expect_equal_uint(smr_target_change_count(target), 0);
    expect_near(summary.best_score, 40, 0);
    expect_near(summary.best_rank, 3, 0);
    expect_nan(summary.effort);
    expect_nan(summary.score_after);
    smr_target_unref(target);
    smr_efforts_free(efforts);
    /* a bound beyond the goalpost gains nothing where scores are clamped */
    efforts = efforts_of("{'bounds': {'x': [0, 50], 'y': [-50, 100]}}");
    target = target_of(&world, "A", efforts, by_score(100));
    expect_near(to_of(target, "x"), 10, 0);
    expect_near(to_of(target, "y"), 0, 0);
    smr_target_unref(target);
    smr_efforts_free(efforts);
    api_world_free(&world);
}

/* sqrt(x y) from (16, 25) to 40 with equal costs: both become 40, by 24 and 15 points of 100. */
TEST(a_geometric_mean_levels) {
    api_world world = api_world_make("{'id': 'i', 'aggregate': 'geometric', 'plan': {'normalise': 'goalposts'}, "
                                     "'children': [{'id': 'x', 'worst': 0, 'best': 100}, {'id': 'y', 'worst': 0, "
                                     "'best': 100}]}",
                                     "region,x,y\nA,16,25\nB,90,90\n", NULL);
    smr_target *target = target_of(&world, "A", NULL, by_score(40));
    expect_equal_int(summary_of(target).status, SMR_TARGET_OPTIMAL);
    expect_near(to_of(target, "x"), 40, 1e-6);
    expect_near(to_of(target, "y"), 40, 1e-6);
    expect_near(summary_of(target).effort, 0.39, 1e-9);
    smr_target_unref(target);
    api_world_free(&world);
}

/* The least of three: only what is below is raised. */
TEST(the_least_is_raised) {
    api_world world = api_world_make("{'id': 'i', 'aggregate': 'min', 'plan': {'normalise': 'goalposts'}, 'children': "
                                     "[{'id': 'x', 'worst': 0, 'best': 100}, {'id': 'y', 'worst': 0, 'best': 100}, "
                                     "{'id': 'z', 'worst': 0, 'best': 100}]}",
                                     "region,x,y,z\nA,10,30,80\nB,90,90,90\n", NULL);
    smr_target *target = target_of(&world, "A", NULL, by_score(50));
    expect_equal_int(summary_of(target).status, SMR_TARGET_OPTIMAL);
    expect_near(to_of(target, "x"), 50, 0);
    expect_near(to_of(target, "y"), 50, 0);
    expect_nan(to_of(target, "z"));
    expect_near(summary_of(target).effort, 0.6, 1e-9);
    smr_target_unref(target);
    api_world_free(&world);
}

/* log10 to four decades: 25 points a decade. ln x + ln y wants the cheaper slope, which moves: both end alike. */
TEST(a_logarithm_slows_down) {
    api_world world = api_world_make("{'id': 'i', 'plan': {'normalise': 'goalposts'}, 'children': [{'id': 'x', "
                                     "'transform': 'log', 'worst': 1, 'best': 10000}, {'id': 'y', 'transform': 'log', "
                                     "'worst': 1, 'best': 10000}]}",
                                     "region,x,y\nA,10,100\nB,10000,10000\n", NULL);
    smr_target *target = target_of(&world, "A", NULL, by_score(62.5)); /* x y = 10^5 */
    expect_equal_int(summary_of(target).status, SMR_TARGET_OPTIMAL);
    expect_near(to_of(target, "x"), sqrt(100000), 1e-3);
    expect_near(to_of(target, "y"), sqrt(100000), 1e-3);
    expect_near(summary_of(target).effort, (2 * sqrt(100000) - 110) / 9999, 1e-9);
    smr_target_unref(target);
    api_world_free(&world);
}

/* x has 5 to go before its goalpost begins: then it is y that moves, until y cannot. */
TEST(a_dead_zone_is_passed_whole) {
    api_world world = api_world_make("{'id': 'i', 'plan': {'normalise': 'goalposts'}, 'children': [{'id': 'x', "
                                     "'worst': 0, 'best': 10}, {'id': 'y', 'worst': 0, 'best': 10}]}",
                                     "region,x,y\nA,-5,0\nB,10,10\n", NULL);
    smr_target *target = target_of(&world, "A", NULL, by_score(50));
    expect_nan(to_of(target, "x"));
    expect_near(to_of(target, "y"), 10, 0);
    smr_target_unref(target);
    target = target_of(&world, "A", NULL, by_score(60));
    expect_equal_int(summary_of(target).status, SMR_TARGET_OPTIMAL);
    expect_near(to_of(target, "x"), 2, 1e-9);
    expect_near(to_of(target, "y"), 10, 0);
    expect_near(summary_of(target).effort, 1.7, 1e-9);
    smr_target_unref(target);
    api_world_free(&world);
}

/* Whole numbers: 3 points a step of n for 1, 10 a step of m for 4: 22 more is best as 7 + 0 (7) against 4 + 1 (8). */
TEST(whole_steps) {
    api_world world = api_world_make("{'id': 'i', 'plan': {'normalise': 'goalposts'}, 'children': [{'id': 'n', 'kind': "
                                     "'count', 'worst': 0, 'best': 100, 'weight': 3}, {'id': 'm', 'kind': 'ordinal', "
                                     "'worst': 0, 'best': 10, 'weight': 1}]}",
                                     "region,n,m\nA,10,2\nB,100,10\n", NULL);
    /* index = (3 n + 10 m)/4: from 12.5 to 18 is 22 more of the sum */
    smr_efforts *efforts = efforts_of("{'costs': {'n': 1, 'm': 4}}");
    smr_target *target = target_of(&world, "A", efforts, by_score(18));
    expect_equal_int(summary_of(target).status, SMR_TARGET_OPTIMAL);
    expect_near(summary_of(target).effort, 8, 0); /* 8 steps of n give 24; 4 of n and 1 of m 22, for 8 too */
    smr_target_unref(target);
    smr_efforts_free(efforts);
    efforts = efforts_of("{'costs': {'n': 1, 'm': 3}}");
    target = target_of(&world, "A", efforts, by_score(18)); /* 4 of n and 1 of m: 7; 1 of n and 2 of m: 23 for 7 */
    expect_near(summary_of(target).effort, 7, 0);
    smr_target_unref(target);
    smr_efforts_free(efforts);
    api_world_free(&world);
}

/* What is equally worth it: the one with the widest way alone. */
TEST(few_change) {
    api_world world = api_world_make("{'id': 'i', 'plan': {'normalise': 'goalposts'}, 'children': [{'id': 'x', 'worst': 0, "
                                     "'best': 10}, {'id': 'y', 'worst': 0, 'best': 7}, {'id': 'z', 'worst': 0, 'best': "
                                     "3}]}",
                                     "region,x,y,z\nA,6,2.1,1\nB,10,7,3\n", NULL);
    smr_target *target = target_of(&world, "A", NULL, by_score(60));
    expect_equal_uint(smr_target_change_count(target), 1);
    expect_text(smr_target_indicators(target)[0], "y");
    smr_target_unref(target);
    api_world_free(&world);
}

/* ---- ranks ---- */

/* B has 60, C 80: with equality the rank is shared; under dense, max and average ties and decimals it is another score. */
TEST(ranks_by_every_rule) {
    static const struct {
        const char *plan;
        uint64_t rank;
        double score;
    } rules[] = {
        {NULL, 2, 60},
        {NULL, 1, 80},
        {"{'rank': {'ties': 'dense'}}", 1, 80},
        {"{'rank': {'ties': 'first'}}", 1, 80}, /* A stands first in the data */
        {"{'rank': {'decimals': 0}}", 1, 79.5}, /* half to even */
        {"{'rank': {'tolerance': 2}}", 1, 78},
    };
    for (size_t i = 0; i < COUNT(rules); i++) {
        api_world world = api_world_make("{'id': 'i', 'plan': {'normalise': 'goalposts'}, 'children': [{'id': 'x', "
                                         "'worst': 0, 'best': 100}]}",
                                         "region,x\nA,20\nB,60\nC,80\n", rules[i].plan);
        smr_target *target = target_of(&world, "A", NULL, by_rank(rules[i].rank));
        smr_target_summary summary = summary_of(target);
        expect_near(summary.goal_score, rules[i].score, 1e-12);
        expect_near(to_of(target, "x"), rules[i].score, 1e-9);
        expect(summary.rank_after <= (double)rules[i].rank);
        expect_equal_int(summary.status, SMR_TARGET_OPTIMAL);
        smr_target_unref(target);
        api_world_free(&world);
    }
    /* with the rule max two that tie both have the worse rank: it takes more than equality */
    api_world world = api_world_make("{'id': 'i', 'plan': {'normalise': 'goalposts'}, 'children': [{'id': 'x', 'worst': 0, "
                                     "'best': 100}]}",
                                     "region,x\nA,20\nB,60\nC,80\n", "{'rank': {'ties': 'max'}}");
    smr_target *target = target_of(&world, "A", NULL, by_rank(2));
    expect(to_of(target, "x") > 60 && to_of(target, "x") < 60.000001);
    smr_target_unref(target);
    api_world_free(&world);
}

TEST(a_goal_that_is_reached_already) {
    api_world world = api_world_make(pair, rows, NULL);
    smr_target *target = target_of(&world, "B", NULL, by_rank(2));
    smr_target_summary summary = summary_of(target);
    expect_equal_int(summary.status, SMR_TARGET_OPTIMAL);
    expect_equal_uint(smr_target_change_count(target), 0);
    expect_near(summary.effort, 0, 0);
    expect_near(summary.rank_after, 2, 0);
    expect_near(summary.score_after, summary.score_before, 0);
    smr_target_unref(target);
    api_world_free(&world);
}

/* ---- digits ---- */

TEST(values_of_few_digits) {
    api_world world = api_world_make("{'id': 'i', 'plan': {'normalise': 'goalposts'}, 'children': [{'id': 'x', 'worst': 0, "
                                     "'best': 7}, {'id': 'y', 'worst': 90, 'best': 11}]}",
                                     "region,x,y\nA,1,80\nB,6,40\n", NULL);
    smr_target *fine = target_of(&world, "A", NULL, by_score(47));
    smr_target *coarse = target_of(&world, "A", NULL, (goal){0, 47, 1});
    expect(smr_target_change_count(fine) > 0);
    for (size_t i = 0; i < smr_target_change_count(coarse); i++) {
        const double tenths = smr_target_to(coarse)[i] * 10;
        expect(fabs(tenths - floor(tenths + 0.5)) < 1e-9);
    }
    smr_target_summary summary = summary_of(coarse);
    expect(summary.score_after >= 47 && summary.effort >= summary_of(fine).effort - 1e-12);
    expect_equal_int(summary.status, SMR_TARGET_BOUNDED);
    expect_near(summary.lower_bound, summary_of(fine).effort, 1e-9);
    smr_target_unref(fine);
    smr_target_unref(coarse);
    api_world_free(&world);
}

/* ---- whatever the methods: what is proposed reaches the goal ---- */

static void expect_reached(const api_world *world, const smr_target *target, uint64_t rank) {
    smr_changes *changes = NULL;
    smr_whatif *whatif = NULL;
    smr_error error = unit_error();
    const smr_target_summary summary = summary_of(target);
    expect_ok(smr_changes_new(unit_context(), &changes, &error), &error);
    for (size_t i = 0; i < smr_target_change_count(target); i++) {
        char text[64];
        snprintf(text, sizeof text, "=%.17g", smr_target_to(target)[i]);
        expect_ok(smr_changes_add_text(changes, smr_target_region(target), smr_target_indicators(target)[i],
                                       unit_points(text), &error),
                  &error);
    }
    expect_ok(smr_whatif_run(unit_context(), world->model, world->dataset, changes, NULL, &whatif, &error), &error);
    for (size_t row = 0; row < smr_whatif_row_count(whatif); row++) {
        if (strcmp(smr_whatif_regions(whatif)[row], smr_target_region(target)) == 0 &&
            strcmp(smr_whatif_nodes(whatif)[row], "i") == 0) {
            expect(smr_whatif_ranks_after(whatif)[row] <= (double)rank);
            expect(smr_whatif_scores_after(whatif)[row] >= summary.goal_score);
            expect_same_bits(smr_whatif_scores_after(whatif)[row], summary.score_after);
            expect_same_bits(smr_whatif_ranks_after(whatif)[row], summary.rank_after);
        }
    }
    smr_whatif_unref(whatif);
    smr_changes_free(changes);
}

static const char *const any_plan[] = {
    NULL,
    "{'normalise': {'method': 'minmax', 'clamp': false}}",
    "{'normalise': {'method': 'zscore', 'mean': 50, 'sd': 10}, 'aggregate': 'geometric'}",
    "{'normalise': {'method': 'zscore', 'mean': 50, 'sd': 10}, 'treat': 'winsorise'}",
    "{'normalise': {'range': [1, 100]}, 'treat': 'coinr', 'aggregate': {'method': 'power', 'p': -3}}",
    "{'normalise': {'range': [0, 100]}, 'aggregate': {'method': 'geometric', 'zero': 'floor'}}",
    "{'normalise': {'method': 'distance_to_max', 'range': [1, 100]}, 'aggregate': 'harmonic'}",
    "{'normalise': 'rank'}",
    "{'normalise': 'percentile_rank', 'aggregate': 'median'}",
    "{'normalise': {'method': 'fraction_of_max', 'lower': 'reciprocal'}}",
    "{'normalise': 'indicis'}",
    "{'normalise': 'categorical'}",
    "{'aggregate': 'min'}",
    "{'aggregate': 'max'}",
    "{'aggregate': {'method': 'owa', 'weights': [1, 2, 3]}}",
    "{'aggregate': {'method': 'mean_of_worst', 'k': 2}}",
    "{'aggregate': {'nodes': {'i': 'mpi'}}}",
    "{'aggregate': {'nodes': {'i': 'ampi'}}}",
    "{'treat': 'box_cox'}",
    "{'impute': 'median', 'missing': {'policy': 'fail'}}",
    "{'impute': 'row_mean'}",
    "{'impute': 'knn'}",
    "{'missing': {'policy': 'zero'}}",
    "{'rank': {'ties': 'average', 'decimals': 1}}",
    "{'weights': {'nodes': {'i': {'method': 'given', 'values': {'a': 1, 'b': 0, 'v': 2}}}}}",
};

static const char any_tree[] =
    "{'id': 'i', 'children': [{'id': 'a', 'children': [{'id': 'x', 'weight': 2}, {'id': 'y', 'direction': 'lower'}]}, "
    "{'id': 'b', 'children': [{'id': 'z', 'transform': 'log'}, {'id': 'w', 'direction': 'lower', 'transform': 'sqrt'}, "
    "{'id': 'u', 'direction': 'target', 'optimum': 50}]}, {'id': 'v', 'kind': 'count', 'denominator': 'n'}]}";

TEST(what_is_proposed_reaches_the_goal) {
    static const char *const columns[] = {"x", "y", "z", "w", "u"};
    size_t reached = 0, optimal = 0, asked = 0;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        char csv[8192];
        size_t used = (size_t)snprintf(csv, sizeof csv, "region,x,y,z,w,u,v,n\n");
        uint64_t state = seed;
        for (int region = 0; region < 12; region++) {
            used += (size_t)snprintf(csv + used, sizeof csv - used, "R%d", region);
            for (size_t c = 0; c < COUNT(columns); c++) {
                const int tenths = 10 + (int)(unit_random(&state) % 990);
                used += unit_random(&state) % 12 == 0
                            ? (size_t)snprintf(csv + used, sizeof csv - used, ",")
                            : (size_t)snprintf(csv + used, sizeof csv - used, ",%d.%d", tenths / 10, tenths % 10);
            }
            used += (size_t)snprintf(csv + used, sizeof csv - used, ",%d,%d\n", (int)(1 + unit_random(&state) % 40),
                                     (int)(1 + unit_random(&state) % 4));
        }
        for (size_t p = 0; p < COUNT(any_plan); p++) {
            api_world world = api_world_make(any_tree, csv, any_plan[p]);
            for (uint64_t rank = 1; rank <= 7; rank += 3) {
                smr_error error = unit_error();
                char region[8];
                snprintf(region, sizeof region, "R%d", (int)((seed + p + rank) % 12));
                smr_target *target = try_target(&world, region, NULL, by_rank(rank), &error);
                if (target == NULL) { /* no score to start from */
                    expect_equal_int(error.code, SMR_MESSAGE_TARGET_WITHOUT_SCORE);
                    continue;
                }
                const smr_target_summary summary = summary_of(target);
                asked++;
                optimal += summary.status == SMR_TARGET_OPTIMAL;
                if (summary.status <= SMR_TARGET_FEASIBLE) {
                    reached++;
                    expect(summary.rank_after <= (double)rank && summary.score_after >= summary.goal_score);
                    expect(!(summary.lower_bound > summary.effort));
                    if (smr_target_change_count(target) > 0) {
                        expect_reached(&world, target, rank);
                    }
                } else {
                    expect(summary.best_rank > (double)rank);
                }
                smr_target_unref(target);
            }
            api_world_free(&world);
        }
    }
    printf("%zu targets, %zu reached, %zu proven\n", asked, reached, optimal);
    expect(reached > asked * 3 / 4 && optimal > asked / 3);
}

/* The same bits with any number of threads and every kernel. */
TEST(the_same_bytes) {
    static const char *const ids[] = {"x", "y", "z", "w", "u", "v", "n"};
    char *csv = api_random_csv(40, ids, COUNT(ids), 5, 0.05);
    smr_context *contexts[] = {api_context(1, NULL), api_context(3, NULL), api_context(1, "baseline")};
    char *first = NULL;
    for (size_t i = 0; i < COUNT(contexts); i++) {
        api_world world = api_world_make_in(contexts[i], SMR_KEEP_INNER,
                                            "{'id': 'i', 'aggregate': 'geometric', 'children': [{'id': 'a', 'children': "
                                            "[{'id': 'x'}, {'id': 'y', 'transform': 'cbrt'}]}, {'id': 'z'}, {'id': 'w', "
                                            "'direction': 'lower'}]}",
                                            csv, "{'normalise': {'range': [1, 100]}}");
        smr_target_options options;
        smr_target *target = NULL;
        smr_error error = unit_error();
        api_text text = {NULL, 0, 0};
        smr_target_options_init(&options, sizeof options);
        options.rank = 2;
        expect_ok(smr_target_run(contexts[i], world.model, world.dataset, smr_dataset_region(world.dataset, 3), NULL,
                                 &options, &target, &error),
                  &error);
        expect(smr_target_change_count(target) > 0);
        expect_ok(smr_target_write_json(target, api_text_append, &text, &error), &error);
        if (first == NULL) {
            first = text.bytes;
        } else {
            expect_text(text.bytes, first);
            api_text_free(&text);
        }
        smr_target_unref(target);
        api_world_free(&world);
    }
    for (size_t i = 0; i < COUNT(contexts); i++) {
        smr_context_unref(contexts[i]);
    }
    free(first);
    free(csv);
}

/* ---- a progress callback that stops ---- */

static int32_t stop_after(uint64_t done, uint64_t total, void *user) {
    (void)done;
    (void)total;
    return --*(int *)user >= 0;
}

TEST(stopped_anywhere) {
    api_world world = api_world_make("{'id': 'i', 'plan': {'normalise': 'goalposts'}, 'children': [{'id': 'x', 'worst': 0, "
                                     "'best': 10}, {'id': 'y', 'worst': 5, 'best': 10}, {'id': 'z', 'worst': 5, 'best': 9}]}",
                                     "region,x,y,z\nA,2,1,2\nB,10,9,9\n", NULL);
    int stopped = 0, calls = 0;
    for (smr_status status = SMR_ERROR_CANCELLED; status != SMR_OK; calls++) {
        smr_context_options given;
        smr_context *context = NULL;
        smr_target_options options;
        smr_target *target = NULL;
        smr_error error = unit_error();
        int left = calls;
        smr_context_options_init(&given, sizeof given);
        given.progress = stop_after;
        given.progress_user = &left;
        expect_ok(smr_context_new(&given, &context, &error), &error);
        smr_target_options_init(&options, sizeof options);
        options.score = 80;
        status = smr_target_run(context, world.model, world.dataset, "A", NULL, &options, &target, &error);
        expect((status == SMR_OK) == (target != NULL) && (status == SMR_OK || status == SMR_ERROR_CANCELLED));
        stopped += status == SMR_ERROR_CANCELLED;
        smr_target_unref(target);
        smr_context_unref(context);
    }
    expect(stopped >= 3); /* while scoring, between boxes, while trying */
    api_world_free(&world);
}

/* ---- efforts ---- */

static int32_t refused(const char *text) {
    smr_efforts *efforts = NULL;
    smr_error error = unit_error();
    char *json = api_json(text);
    expect_ok(smr_efforts_new(NULL, &efforts, &error), &error);
    expect(smr_efforts_read(efforts, json, strlen(json), "c", &error) != SMR_OK);
    expect_equal_int(smr_efforts_read(efforts, json, strlen(json), "c", NULL), error.status);
    expect_text(error.source, "c");
    free(json);
    smr_efforts_free(efforts);
    return error.code;
}

TEST(efforts_that_cannot_be) {
    expect_equal_int(refused("{'costs': {'x': 0}}"), SMR_MESSAGE_EFFORT_COST);
    expect_equal_int(refused("{'costs': {'x': -1}}"), SMR_MESSAGE_EFFORT_COST);
    expect_equal_int(refused("{'costs': {'x': '1'}}"), SMR_MESSAGE_EFFORT_VALUE);
    expect_equal_int(refused("{'costs': [1]}"), SMR_MESSAGE_EFFORT_VALUE);
    expect_equal_int(refused("{'bounds': {'x': [2, 1]}}"), SMR_MESSAGE_EFFORT_BOUNDS);
    expect_equal_int(refused("{'bounds': {'x': [2]}}"), SMR_MESSAGE_EFFORT_VALUE);
    expect_equal_int(refused("{'bounds': {'x': ['1', 2]}}"), SMR_MESSAGE_EFFORT_VALUE);
    expect_equal_int(refused("{'fixed': [1]}"), SMR_MESSAGE_EFFORT_VALUE);
    expect_equal_int(refused("{'fixed': {'x': 1}}"), SMR_MESSAGE_EFFORT_VALUE);
    expect_equal_int(refused("{'cost': {'x': 1}}"), SMR_MESSAGE_EFFORT_VALUE);
    expect_equal_int(refused("{'format': 'smartregion-efforts/2'}"), SMR_MESSAGE_JSON_FORMAT_NEWER);
    expect_equal_int(refused("{'costs': "), SMR_MESSAGE_JSON_SYNTAX);
    expect_equal_int(refused("indicator,cost\nx,-1\n"), SMR_MESSAGE_EFFORT_COST);
    expect_equal_int(refused("indicator,cost\nx,1\nx,2\n"), SMR_MESSAGE_EFFORT_TWICE);
    expect_equal_int(refused("indicator,low,high\nx,3,1\n"), SMR_MESSAGE_EFFORT_BOUNDS);
    expect_equal_int(refused("indicator,low,high\nx,many,1\n"), SMR_MESSAGE_NUMBER_EXPECTED);
    expect_equal_int(refused("indicator,low,high\nx,inf,1\n"), SMR_MESSAGE_NUMBER_INFINITE);
    expect_equal_int(refused("cost,low,high\n1,0,1\n"), SMR_MESSAGE_TABLE_COLUMN);
    expect_equal_int(refused(""), SMR_MESSAGE_CSV_EMPTY);
}

/* A text that is refused leaves what was there. */
TEST(efforts_from_csv) {
    api_world world = api_world_make(pair, rows, NULL);
    static const char wrong[] = "indicator,cost\nx,1000\ny,0\n", right[] = "high,indicator,cost\n4,x,\n,y,1\n";
    smr_efforts *efforts = NULL;
    smr_error error = unit_error();
    expect_ok(smr_efforts_new(NULL, &efforts, &error), &error);
    expect_ok(smr_efforts_fix(efforts, "y", &error), &error);
    expect_fails(smr_efforts_read(efforts, wrong, strlen(wrong), "w.csv", &error), &error, SMR_MESSAGE_EFFORT_COST);
    expect_equal_uint(error.row, 3);
    smr_target *target = target_of(&world, "A", efforts, by_score(30));
    expect_near(summary_of(target).effort, 0.1, 1e-9);
    smr_target_unref(target);
    expect_ok(smr_efforts_read(efforts, right, strlen(right), "r.csv", &error), &error);
    target = target_of(&world, "A", efforts, by_score(37.5));
    expect_near(to_of(target, "x"), 4, 0);
    smr_target_unref(target);
    target = target_of(&world, "A", efforts, by_score(38));
    expect_equal_int(summary_of(target).status, SMR_TARGET_UNREACHABLE);
    smr_target_unref(target);
    smr_efforts_free(efforts);
    api_world_free(&world);
}

/* ---- what is refused ---- */

static void expect_no_target(const char *plan, const char *region, const char *efforts_json, int32_t code,
                             const char *says) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x'}, {'id': 'y'}]}",
                                     "region,parent,population,x,y\nA,,1,1,2\nB,,1,2,1\nC,A,1,5,1\nD,A,1,,\n", plan);
    smr_efforts *efforts = efforts_json ? efforts_of(efforts_json) : NULL;
    smr_error error = unit_error();
    smr_target *target = try_target(&world, region, efforts, by_rank(1), &error);
    expect(target == NULL);
    expect_equal_int(error.code, code);
    expect(strstr(error.message, says) != NULL);
    smr_efforts_free(efforts);
    api_world_free(&world);
}

TEST(targets_that_cannot_be) {
    expect_no_target(NULL, "AA", NULL, SMR_MESSAGE_REGION_UNKNOWN, "nearest is \"A\"");
    expect_no_target(NULL, "D", NULL, SMR_MESSAGE_TARGET_WITHOUT_SCORE, "not_computed");
    expect_no_target("{'rollup': {'by': 'population'}}", "A", NULL, SMR_MESSAGE_TARGET_ROLLED_UP, "\"A\"");
    expect_no_target("{'aggregate': 'copeland'}", "A", NULL, SMR_MESSAGE_TARGET_OF_ALL, "copeland");
    expect_no_target("{'weights': 'bod'}", "A", NULL, SMR_MESSAGE_TARGET_OF_ALL, "bod");
    expect_no_target("{'aggregate': 'wroclaw'}", "A", NULL, SMR_MESSAGE_TARGET_UPWARD, "wroclaw");
    expect_no_target(NULL, "A", "{'costs': {'xx': 1}}", SMR_MESSAGE_TARGET_INDICATOR_UNKNOWN, "nearest is \"x\"");
    expect_no_target(NULL, "A", "{'fixed': ['i']}", SMR_MESSAGE_TARGET_INDICATOR_UNKNOWN, "\"i\"");
}

/* ---- the handle, and wrong calls ---- */

TEST(csv_json_and_life) {
    api_world world = api_world_make(pair, rows, NULL);
    smr_target *target = target_of(&world, "A", NULL, by_score(52.5)), *other = smr_target_ref(target);
    api_text text = {NULL, 0, 0};
    smr_error error = unit_error();
    smr_target_unref(target);
    api_world_free(&world);
    expect_ok(smr_target_write_csv(other, api_text_append, &text, &error), &error);
    expect_text(text.bytes, "region,indicator,from,to,effort\nA,x,2,6,0.4\n");
    api_text_free(&text);
    text = (api_text){NULL, 0, 0};
    expect_ok(smr_target_write_json(other, api_text_append, &text, &error), &error);
    expect(strstr(text.bytes, "\"format\": \"smartregion-target/1\"") != NULL);
    expect(strstr(text.bytes, "\"status\": \"optimal\"") != NULL);
    expect(strstr(text.bytes, "{\"region\": \"A\", \"indicator\": \"x\", \"from\": 2, \"to\": 6, \"effort\": 0.4}") != NULL);
    api_text_free(&text);
    smr_target_unref(other);
    expect_text(smr_target_status_name(SMR_TARGET_NOT_FOUND), "not_found");
    expect_text(smr_target_status_name(-1), "unknown");
    expect_text(smr_target_status_name(5), "unknown");
}

static int32_t no_write(const void *bytes, size_t length, void *user) {
    (void)bytes;
    (void)length;
    (void)user;
    return 1;
}

TEST(wrong_calls) {
    api_world world = api_world_make(pair, rows, NULL);
    smr_efforts *efforts = NULL;
    smr_target *target = (smr_target *)(uintptr_t)1;
    smr_target_summary summary;
    smr_error error = unit_error();
    smr_target_options options;
    expect_argument(smr_efforts_new(NULL, NULL, &error), &error);
    expect_ok(smr_efforts_new(NULL, &efforts, &error), &error);
    expect_argument(smr_efforts_set(NULL, "x", 1, 0, 1, &error), &error);
    expect_argument(smr_efforts_set(efforts, NULL, 1, 0, 1, &error), &error);
    expect_argument(smr_efforts_fix(NULL, "x", &error), &error);
    expect_argument(smr_efforts_fix(efforts, NULL, &error), &error);
    expect_argument(smr_efforts_read(NULL, "{}", 2, NULL, &error), &error);
    expect_argument(smr_efforts_read(efforts, NULL, 0, NULL, &error), &error);
    expect_fails(smr_efforts_set(efforts, "x", (double)INFINITY, 0, 1, &error), &error, SMR_MESSAGE_EFFORT_COST);
    expect_fails(smr_efforts_set(efforts, "x", 1, 0, (double)INFINITY, &error), &error, SMR_MESSAGE_EFFORT_BOUNDS);
    expect_ok(smr_efforts_set(efforts, "x", 1, (double)NAN, (double)NAN, &error), &error);
    expect_fails(smr_efforts_set(efforts, "x", 1, 0, 1, &error), &error, SMR_MESSAGE_EFFORT_TWICE);
    smr_target_options_init(&options, sizeof options);
    options.rank = 1;
    expect_argument(smr_target_run(NULL, NULL, world.dataset, "A", NULL, &options, &target, &error), &error);
    expect(target == NULL);
    expect_argument(smr_target_run(NULL, world.model, NULL, "A", NULL, &options, &target, &error), &error);
    expect_argument(smr_target_run(NULL, world.model, world.dataset, NULL, NULL, &options, &target, &error), &error);
    expect_argument(smr_target_run(NULL, world.model, world.dataset, "A", NULL, NULL, &target, &error), &error);
    expect_argument(smr_target_run(NULL, world.model, world.dataset, "A", NULL, &options, NULL, &error), &error);
    for (int wrong = 0; wrong < 6; wrong++) {
        smr_target_options_init(&options, sizeof options);
        options.rank = wrong > 0;
        options.score = wrong == 1 ? 50 : wrong == 2 ? (double)INFINITY : (double)NAN;
        options.decimals = wrong == 3 ? 18 : wrong == 4 ? -2 : -1;
        options.most_steps = wrong != 5;
        expect_argument(smr_target_run(NULL, world.model, world.dataset, "A", NULL, &options, &target, &error), &error);
    }
    smr_target_options_init(&options, sizeof options);
    options.rank = 1;
    options.period = "2020";
    expect_fails(smr_target_run(NULL, world.model, world.dataset, "A", NULL, &options, &target, &error), &error,
                 SMR_MESSAGE_PERIOD_UNKNOWN);
    target = target_of(&world, "A", NULL, by_rank(1));
    smr_target_summary_init(&summary, sizeof summary);
    expect_argument(smr_target_summarise(NULL, &summary, &error), &error);
    expect_argument(smr_target_summarise(target, NULL, &error), &error);
    expect_argument(smr_target_write_csv(NULL, no_write, NULL, &error), &error);
    expect_argument(smr_target_write_csv(target, NULL, NULL, &error), &error);
    expect_argument(smr_target_write_json(NULL, no_write, NULL, &error), &error);
    expect_argument(smr_target_write_json(target, NULL, NULL, &error), &error);
    expect_fails(smr_target_write_csv(target, no_write, NULL, &error), &error, SMR_MESSAGE_WRITE_FAILED);
    expect_fails(smr_target_write_json(target, no_write, NULL, &error), &error, SMR_MESSAGE_WRITE_FAILED);
    expect_equal_uint(smr_target_change_count(NULL), 0);
    expect(smr_target_region(NULL) == NULL && smr_target_indicators(NULL) == NULL && smr_target_from(NULL) == NULL &&
           smr_target_to(NULL) == NULL && smr_target_effort(NULL) == NULL && smr_target_ref(NULL) == NULL);
    smr_target_unref(NULL);
    smr_efforts_free(NULL);
    smr_target_unref(target);
    smr_efforts_free(efforts);
    api_world_free(&world);
}

static const unit_test tests[] = {
    UNIT(the_better_ratio_first), UNIT(costs_bounds_and_fixed), UNIT(a_geometric_mean_levels), UNIT(the_least_is_raised),
    UNIT(a_logarithm_slows_down), UNIT(a_dead_zone_is_passed_whole), UNIT(whole_steps), UNIT(few_change),
    UNIT(ranks_by_every_rule), UNIT(a_goal_that_is_reached_already), UNIT(values_of_few_digits),
    UNIT(what_is_proposed_reaches_the_goal), UNIT(the_same_bytes), UNIT(stopped_anywhere), UNIT(efforts_that_cannot_be), UNIT(efforts_from_csv),
    UNIT(targets_that_cannot_be), UNIT(csv_json_and_life), UNIT(wrong_calls),
};
UNIT_SUITE(target, tests)
