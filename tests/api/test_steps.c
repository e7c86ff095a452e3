/* SPDX-License-Identifier: MIT */
/* Denominate, impute, treat, transform, normalise through fit and score: by hand, looked at after each step. */
#include "api.h"

#include <stdio.h>

#define ONE(indicator) "{'id': 'i', 'children': [" indicator "]}"

/* Normalised values of the only indicator. */
static void expect_values(const char *framework, const char *csv, const char *plan, const double *values,
                          double tolerance) {
    api_world world = api_world_make(framework, csv, plan);
    const char *id = smr_model_input_id(world.model, 0);
    for (size_t row = 0; row < smr_scorecard_row_count(world.card); row++) {
        double found = api_score_of(world.card, id, row);
        if (values[row] != values[row]) {
            expect_nan(found);
        } else {
            expect_near(found, values[row], tolerance);
        }
    }
    api_world_free(&world);
}

static double nan_value(void) {
    return unit_double(UINT64_C(0x7ff8000000000000));
}

/* ---- denominate ---- */

TEST(every_step_in_turn) {
    api_world world = api_world_make(ONE("{'id': 'x', 'denominator': 'population', 'transform': 'sqrt'}"),
                                     "region,population,x\nA,2,8\nB,4,64\nC,1,1600\nD,5,\n",
                                     "{'denominate': {'scale': 1}, 'impute': {'method': 'constant', 'value': 9},"
                                     " 'treat': {'method': 'winsorise', 'low': 0, 'high': 75, 'type': 1}}");
    expect_step(&world, "raw", "region,x\nA,8\nB,64\nC,1600\nD,\n");
    expect_step(&world, "denominate", "region,x\nA,4\nB,16\nC,1600\nD,\n");
    expect_step(&world, "impute", "region,x\nA,4\nB,16\nC,1600\nD,9\n");
    expect_step(&world, "treat", "region,x\nA,4\nB,16\nC,16\nD,9\n");
    /* roots 2 4 4 3 */
    expect_step(&world, "normalise", "region,x\nA,0\nB,100\nC,100\nD,50\n");
    expect_card(&world, "A,,i,0,4,1,ok\nA,,x,0,4,1,ok\nB,,i,100,1,1,ok\nB,,x,100,1,1,ok\n"
                        "C,,i,100,1,1,ok\nC,,x,100,1,1,ok\nD,,i,50,3,0,ok\nD,,x,50,3,0,imputed\n");
    api_world_free(&world);
}

TEST(denominators_of_zero) {
    api_world world =
        api_world_make(ONE("{'id': 'x', 'denominator': 'd'}"),
                       "region,d,x\nA,2,8\nB,0,64\nC,,16\nD,4,\nE,-2,10\nF,0,0\n", "{'normalise': 'none'}");
    expect_card(&world, "A,,i,4,1,1,ok\nA,,x,4,1,1,ok\nB,,i,,,0,not_computed\nB,,x,,,0,bad_denominator\n"
                        "C,,i,,,0,not_computed\nC,,x,,,0,bad_denominator\nD,,i,,,0,not_computed\nD,,x,,,0,missing\n"
                        "E,,i,-5,2,1,ok\nE,,x,-5,2,1,ok\nF,,i,,,0,not_computed\nF,,x,,,0,bad_denominator\n");
    api_world_free(&world);
    smr_error error = api_world_refused(ONE("{'id': 'x', 'denominator': 'd'}"), "region,x\nA,1\n", NULL,
                                        SMR_MESSAGE_DENOMINATOR_COLUMN_MISSING);
    expect_text(error.subject, "d");
    expect_equal_int(error.status, SMR_ERROR_DATA);
}

/* An indicator may divide another; each kind of exception stands in the plan. */
TEST(denominate_one_by_one) {
    api_world world = api_world_make(
        ONE("{'id': 'x', 'denominator': 'y'}, {'id': 'y', 'denominator': 'd'}, {'id': 'z', 'denominator': 'd'}"),
        "region,d,x,y,z\nA,2,8,4,6\n",
        "{'normalise': 'none', 'denominate': {'scale': 10, 'indicators': {'y': {'use': false}, 'z': {'scale': 3}}}}");
    expect_step(&world, "denominate", "region,x,y,z\nA,20,4,9\n");
    expect_equal_uint(smr_model_input_count(world.model), 4);
    static const char *const inputs[] = {"x", "y", "z", "d"};
    for (size_t i = 0; i < COUNT(inputs); i++) {
        expect_text(smr_model_input_id(world.model, i), inputs[i]);
    }
    expect(smr_model_input_id(world.model, 4) == NULL);
    double scores[4];
    smr_error error = unit_error();
    expect_ok(smr_model_score_values(world.model, (const double[]){8, 4, 6, 2}, 4, scores, 4, &error), &error);
    expect_near(scores[1], 20, 0);
    expect_near(scores[0], 11, 0);
    api_world_free(&world);
}

/* ---- impute ---- */

static const char holes[] = "region,income,x,y\nA,HIC,1,5\nB,HIC,3,\nC,HIC,,7\nD,LIC,8,\nE,LIC,,\nF,,,1\nG,MIC,,2\n";

TEST(impute_mean_and_median) {
    /* means 4 and 3.75, medians 3 and 3.5 */
    api_world world = api_world_make(ONE("{'id': 'x'}, {'id': 'y'}"), holes,
                                     "{'normalise': 'none', 'impute': {'method': 'mean', 'indicators':"
                                     " {'y': 'median'}}}");
    expect_step(&world, "impute", "region,x,y\nA,1,5\nB,3,3.5\nC,4,7\nD,8,3.5\nE,4,3.5\nF,4,1\nG,4,2\n");
    /* coverage does not count what was imputed */
    expect_near(api_coverage_of(world.card, "i", 0), 1, 0);
    expect_near(api_coverage_of(world.card, "i", 1), 0.5, 0);
    expect_near(api_coverage_of(world.card, "i", 4), 0, 0);
    expect_equal_int(api_status_of(world.card, "x", 2), SMR_CELL_IMPUTED);
    expect_equal_int(api_status_of(world.card, "x", 0), SMR_CELL_OK);
    /* what the reference decided fills later holes, also one by one */
    double scores[3];
    smr_error error = unit_error();
    expect_ok(smr_model_score_values(world.model, (const double[]){nan_value(), 9}, 2, scores, 3, &error), &error);
    expect_near(scores[1], 4, 0);
    expect_near(scores[0], 6.5, 0);
    api_world_free(&world);
}

/* A group without data, or no group: the cell stays missing. */
TEST(impute_by_group) {
    api_world world = api_world_make(ONE("{'id': 'x'}, {'id': 'y'}"), holes,
                                     "{'normalise': 'none', 'impute': {'method': 'group_mean', 'group': 'income'}}");
    expect_step(&world, "impute", "region,x,y\nA,1,5\nB,3,6\nC,2,7\nD,8,\nE,8,\nF,,1\nG,,2\n");
    smr_dataset *later = api_dataset("region,income,x,y\nH,LIC,,\nI,new,,3\nJ,HIC,,\n");
    smr_scorecard *card = api_score(&world, later);
    expect_scorecard(card, "H,,i,8,1,0,ok\nH,,x,8,1,0,imputed\nH,,y,,,0,missing\n"
                           "I,,i,3,3,0.5,ok\nI,,x,,,0,missing\nI,,y,3,2,1,ok\n"
                           "J,,i,4,2,0,ok\nJ,,x,2,2,0,imputed\nJ,,y,6,1,0,imputed\n");
    smr_scorecard_unref(card);
    smr_dataset_unref(later);
    /* a grouping that the data lack, at the fit and at the score */
    later = api_dataset("region,x,y\nH,,\nI,1,3\n");
    smr_error error = unit_error();
    card = (smr_scorecard *)(uintptr_t)1;
    expect_fails(smr_model_score(world.context, world.model, later, NULL, &card, &error), &error,
                 SMR_MESSAGE_GROUP_COLUMN_MISSING);
    expect(card == NULL);
    double scores[3];
    expect_fails(smr_model_score_values(world.model, (const double[]){1, 9}, 2, scores, 3, &error), &error,
                 SMR_MESSAGE_NEEDS_OTHER_ROWS);
    expect_equal_int(error.status, SMR_ERROR_UNSUPPORTED);
    smr_dataset_unref(later);
    api_world_free(&world);
    error = api_world_refused(ONE("{'id': 'x'}"), holes, "{'impute': {'method': 'group_mean', 'group': 'region'}}",
                              SMR_MESSAGE_GROUP_COLUMN_MISSING);
    expect_text(error.subject, "region");
    error =
        api_world_refused(ONE("{'id': 'x'}"), holes, "{'impute': 'group_median'}", SMR_MESSAGE_PLAN_OPTION_REQUIRED);
    world = api_world_make(ONE("{'id': 'x'}, {'id': 'y'}"), holes,
                           "{'normalise': 'none', 'impute': {'method': 'group_median', 'group': 'income'}}");
    expect_step(&world, "impute", "region,x,y\nA,1,5\nB,3,6\nC,2,7\nD,8,\nE,8,\nF,,1\nG,,2\n");
    api_world_free(&world);
}

/* ---- goalposts ---- */

TEST(goalposts) {
    static const char csv[] = "region,x\nA,0\nB,5\nC,10\nD,20\nE,-10\nF,\n";
    const double gone = nan_value();
    expect_values(ONE("{'id': 'x', 'worst': 0, 'best': 10}"), csv, "{'normalise': 'goalposts'}",
                  (const double[]){0, 50, 100, 100, 0, gone}, 0);
    expect_values(ONE("{'id': 'x', 'worst': 0, 'best': 10}"), csv,
                  "{'normalise': {'method': 'goalposts', 'clamp': false}}",
                  (const double[]){0, 50, 100, 200, -100, gone}, 0);
    expect_values(ONE("{'id': 'x', 'worst': 20, 'best': 0}"), csv,
                  "{'normalise': {'method': 'goalposts', 'range': [1, 5]}}", (const double[]){5, 4, 3, 1, 5, gone}, 0);
    /* 100 at the optimum 5, falling to 0 at 0 and at 15 */
    static const char target[] = ONE("{'id': 'x', 'direction': 'target', 'worst': 0, 'optimum': 5, 'best': 15}");
    expect_values(target, csv, "{'normalise': 'goalposts'}", (const double[]){0, 100, 50, 0, 0, gone}, 0);
    expect_values(target, csv, "{'normalise': {'method': 'goalposts', 'clamp': false}}",
                  (const double[]){0, 100, 50, -50, -200, gone}, 0);
    smr_error error =
        api_world_refused(ONE("{'id': 'x'}"), csv, "{'normalise': 'goalposts'}", SMR_MESSAGE_PLAN_GOALPOSTS_MISSING);
    expect_text(error.subject, "x");
}

/* Every other normaliser sees -|x - optimum|: 5 2 0 5 15. */
TEST(target_without_goalposts) {
    static const char target[] = ONE("{'id': 'x', 'direction': 'target', 'worst': 0, 'optimum': 5, 'best': 15}");
    static const char csv[] = "region,x\nA,0\nB,3\nC,5\nD,10\nE,20\n";
    expect_values(target, csv, "{'normalise': {'method': 'minmax', 'range': [0, 15]}}",
                  (const double[]){10, 13, 15, 10, 0}, 1e-14);
    expect_values(target, csv, "{'normalise': 'rank'}", (const double[]){2, 4, 5, 2, 1}, 0);
}

/* The transform bends goalposts and optimum with x. */
TEST(transforms_and_goalposts) {
    expect_values(ONE("{'id': 'x', 'worst': 0, 'best': 100, 'transform': 'sqrt'}"), "region,x\nA,25\nB,100\nC,-1\n",
                  "{'normalise': 'goalposts'}", (const double[]){50, 100, nan_value()}, 0);
    expect_values(ONE("{'id': 'x', 'worst': 1, 'best': 10000, 'transform': 'log'}"), "region,x\nA,100\nB,1\nC,0\n",
                  "{'normalise': 'goalposts'}", (const double[]){50, 0, nan_value()}, 1e-13);
    expect_values(ONE("{'id': 'x', 'worst': 1000, 'best': 0, 'transform': 'cbrt'}"), "region,x\nA,125\nB,-8\n",
                  "{'normalise': {'method': 'goalposts', 'clamp': false}}", (const double[]){50, 120}, 1e-13);
    expect_values(ONE("{'id': 'x', 'worst': 0.1, 'best': 0.9, 'transform': 'logit'}"), "region,x\nA,0.5\nB,0.9\nC,1\n",
                  "{'normalise': 'goalposts'}", (const double[]){50, 100, nan_value()}, 1e-13);
    /* roots: optimum 5, ends 0 and 10 */
    expect_values(ONE("{'id': 'x', 'direction': 'target', 'worst': 0, 'optimum': 25, 'best': 100,"
                      " 'transform': 'sqrt'}"),
                  "region,x\nA,25\nB,49\nC,1\n", "{'normalise': 'goalposts'}", (const double[]){100, 60, 20}, 1e-13);
    api_world world =
        api_world_make(ONE("{'id': 'x', 'transform': 'log'}"), "region,x\nA,-1\nB,1\nC,0\n", "{'normalise': 'none'}");
    expect_equal_int(api_status_of(world.card, "x", 0), SMR_CELL_OUT_OF_DOMAIN);
    expect_equal_int(api_status_of(world.card, "x", 1), SMR_CELL_OK);
    expect_equal_int(api_status_of(world.card, "x", 2), SMR_CELL_OUT_OF_DOMAIN);
    api_world_free(&world);
}

/* ---- the other normalisers ---- */

TEST(methods_by_hand) {
    static const char csv[] = "region,x\nA,2\nB,4\nC,4\nD,6\nE,\n";
    static const char higher[] = ONE("{'id': 'x'}"), lower[] = ONE("{'id': 'x', 'direction': 'lower'}");
    const double gone = nan_value();
    /* mean 4, squares 4 0 0 4: variance 8/3, with ddof 0 2 */
    const double sd = 1.6329931618554521;
    const struct {
        const char *plan;
        double high[5], low[5];
    } rows[] = {
        {"'minmax'", {0, 50, 50, 100, gone}, {100, 50, 50, 0, gone}},
        {"{'method': 'minmax', 'range': [1, 3]}", {1, 2, 2, 3, gone}, {3, 2, 2, 1, gone}},
        {"'zscore'", {-2 / sd, 0, 0, 2 / sd, gone}, {2 / sd, 0, 0, -2 / sd, gone}},
        {"{'method': 'zscore', 'mean': 50, 'sd': 10, 'ddof': 0}",
         {50 - 20 / 1.4142135623730951, 50, 50, 50 + 20 / 1.4142135623730951, gone},
         {50 + 20 / 1.4142135623730951, 50, 50, 50 - 20 / 1.4142135623730951, gone}},
        {"'rank'", {1, 2, 2, 4, gone}, {4, 2, 2, 1, gone}},
        {"{'method': 'rank', 'range': [0, 3]}", {0, 1, 1, 3, gone}, {3, 1, 1, 0, gone}},
        {"'percentile_rank'", {0, 1 / 3.0, 1 / 3.0, 1, gone}, {1, 1 / 3.0, 1 / 3.0, 0, gone}},
        {"{'method': 'percentile_rank', 'base': 'n', 'range': [0, 100]}",
         {25, 50, 50, 100, gone},
         {100, 50, 50, 25, gone}},
        {"{'method': 'scaled', 'a': 0, 'b': 8}", {0.25, 0.5, 0.5, 0.75, gone}, {0.75, 0.5, 0.5, 0.25, gone}},
        {"{'method': 'scaled', 'a': 3, 'b': 5, 'range': [0, 10], 'clamp': true}",
         {0, 5, 5, 10, gone},
         {10, 5, 5, 0, gone}},
        {"'none'", {2, 4, 4, 6, gone}, {2, 4, 4, 6, gone}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char plan[160];
        snprintf(plan, sizeof plan, "{'normalise': %s}", rows[i].plan);
        expect_values(higher, csv, plan, rows[i].high, 1e-14);
        expect_values(lower, csv, plan, rows[i].low, 1e-14);
    }
}

/* ---- no spread ---- */

TEST(constant_columns) {
    static const char tree[] = ONE("{'id': 'x'}, {'id': 'y'}");
    static const char csv[] = "region,x,y\nA,7,1\nB,7,3\nC,,2\n";
    api_world world = api_world_make(tree, csv, NULL);
    expect_card(&world, "A,,i,0,3,0.5,ok\nA,,x,,,0,constant\nA,,y,0,3,1,ok\n"
                        "B,,i,100,1,0.5,ok\nB,,x,,,0,constant\nB,,y,100,1,1,ok\n"
                        "C,,i,50,2,0.5,ok\nC,,x,,,0,missing\nC,,y,50,2,1,ok\n");
    api_world_free(&world);
    world = api_world_make(tree, csv, "{'normalise': {'constant': 'mid'}}");
    expect_card(&world, "A,,i,25,3,1,ok\nA,,x,50,1,1,constant\nA,,y,0,3,1,ok\n"
                        "B,,i,75,1,1,ok\nB,,x,50,1,1,constant\nB,,y,100,1,1,ok\n"
                        "C,,i,50,2,0.5,ok\nC,,x,,,0,missing\nC,,y,50,2,1,ok\n");
    api_world_free(&world);
    world = api_world_make(tree, csv, "{'normalise': {'constant': 'hi', 'range': [0, 10]}}");
    expect_near(api_score_of(world.card, "x", 1), 10, 0);
    api_world_free(&world);
    world = api_world_make(tree, csv, "{'normalise': {'method': 'zscore', 'mean': 50, 'constant': 'mid'}}");
    expect_near(api_score_of(world.card, "x", 1), 50, 0);
    api_world_free(&world);
    /* another value later: the reference still tells nothing from anything */
    world = api_world_make(tree, csv, NULL);
    double scores[3];
    smr_error error = unit_error();
    expect_ok(smr_model_score_values(world.model, (const double[]){9, 2}, 2, scores, 3, &error), &error);
    expect_nan(scores[1]);
    expect_near(scores[0], 50, 0);
    api_world_free(&world);
}

TEST(one_region_and_two) {
    api_world world =
        api_world_make(ONE("{'id': 'x', 'worst': 0, 'best': 8}"), "region,x\nA,6\n", "{'normalise': 'goalposts'}");
    expect_card(&world, "A,,i,75,1,1,ok\nA,,x,75,1,1,ok\n");
    api_world_free(&world);
    static const char *const methods[] = {"minmax", "zscore", "percentile_rank"};
    for (size_t i = 0; i < COUNT(methods); i++) {
        char plan[64];
        snprintf(plan, sizeof plan, "{'normalise': '%s'}", methods[i]);
        world = api_world_make(ONE("{'id': 'x'}"), "region,x\nA,6\n", plan);
        expect_card(&world, "A,,i,,,0,not_computed\nA,,x,,,0,constant\n");
        api_world_free(&world);
    }
    world = api_world_make(ONE("{'id': 'x'}"), "region,x\nA,6\n", "{'normalise': 'rank'}");
    expect_near(api_score_of(world.card, "x", 0), 1, 0);
    api_world_free(&world);
    world = api_world_make(ONE("{'id': 'x'}"), "region,x\nA,6\nB,5\n", NULL);
    expect_card(&world, "A,,i,100,1,1,ok\nA,,x,100,1,1,ok\nB,,i,0,2,1,ok\nB,,x,0,2,1,ok\n");
    api_world_free(&world);
}

/* New data beyond the bounds of the reference. */
TEST(beyond_the_reference) {
    static const struct {
        const char *plan;
        double score;
    } rows[] = {{"{'normalise': 'minmax'}", 100},
                {"{'normalise': {'method': 'minmax', 'clamp': false}}", 300},
                {"{'normalise': 'rank'}", 2},
                {"{'normalise': 'percentile_rank'}", 1}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        api_world world = api_world_make(ONE("{'id': 'x'}"), "region,x\nA,0\nB,10\n", rows[i].plan);
        smr_dataset *later = api_dataset("region,x\nZ,30\n");
        smr_scorecard *card = api_score(&world, later);
        expect_near(api_score_of(card, "x", 0), rows[i].score, 0);
        smr_scorecard_unref(card);
        smr_dataset_unref(later);
        api_world_free(&world);
    }
}

TEST(a_logarithm_beside_goalposts) {
    smr_error error =
        api_world_refused(ONE("{'id': 'x', 'worst': 1, 'best': 10}"), "region,x\nA,6\n",
                          "{'normalise': 'goalposts', 'treat': 'log'}", SMR_MESSAGE_PLAN_LOGARITHM_GOALPOSTS);
    expect_text(error.subject, "x");
}

static const unit_test tests[] = {
    UNIT(every_step_in_turn),
    UNIT(denominators_of_zero),
    UNIT(denominate_one_by_one),
    UNIT(impute_mean_and_median),
    UNIT(impute_by_group),
    UNIT(goalposts),
    UNIT(target_without_goalposts),
    UNIT(transforms_and_goalposts),
    UNIT(methods_by_hand),
    UNIT(constant_columns),
    UNIT(one_region_and_two),
    UNIT(beyond_the_reference),
    UNIT(a_logarithm_beside_goalposts),
};
UNIT_SUITE(steps, tests)
