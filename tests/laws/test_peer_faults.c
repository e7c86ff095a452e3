/* SPDX-License-Identifier: MIT */
/* Faults that programs of this field are known to have, each with a world in which it would show. */
#include "api.h"

#include <math.h>
#include <string.h>

static const char tree[] = "{'id': 'i', 'children': [{'id': 'x'}, {'id': 'y'}, {'id': 'z'}]}";
static const char one[] = "{'id': 'i', 'children': [{'id': 'x'}]}";

static void expect_scores(const char *framework, const char *csv, const char *plan, const double *expected, size_t n,
                          double tolerance) {
    api_world world = api_world_make(framework, csv, plan);
    expect_equal_uint(smr_scorecard_row_count(world.card), n);
    for (size_t row = 0; row < n; row++) {
        if (expected[row] == expected[row]) {
            expect_near(api_score_of(world.card, "i", row), expected[row], tolerance);
        } else {
            expect_nan(api_score_of(world.card, "i", row));
        }
    }
    api_world_free(&world);
}

/* A logarithm that returns its input. */
TEST(logarithm_of_the_innovation_index) {
    expect_scores(one, "region,x\nA,2\nB,4\nC,10\n", "{'treat': 'gii', 'normalise': 'none'}",
                  (const double[]){0, log(9 * 2.0 / 8 + 1), log(10)}, 3, 1e-14);
}

/* A power mean that divides by p where it should take the root. */
TEST(power_mean_takes_the_root) {
    expect_scores(tree, "region,x,y,z\nA,3,3,3\nB,1,2,2\n",
                  "{'normalise': 'none', 'aggregate': {'method': 'power', 'p': 2}}", (const double[]){3, sqrt(3)}, 2,
                  1e-14);
}

/* An adjusted Mazziotta-Pareto index that ignores its penalty: minus and plus are the same there. */
TEST(penalty_of_ampi) {
    static const char csv[] = "region,x,y,z\nA,0,0,0\nB,10,10,10\nC,0,5,10\nD,10,5,0\n";
    /* the mean of each is 5, its range 10: z is 70, 130, or 70, 100 and 130 */
    const double spread = 600 / 100.0;
    expect_scores(tree, csv, "{'normalise': 'none', 'aggregate': 'ampi'}",
                  (const double[]){70, 130, 100 - spread, 100 - spread}, 4, 1e-12);
    expect_scores(tree, csv, "{'normalise': 'none', 'aggregate': {'method': 'ampi', 'penalty': 'plus'}}",
                  (const double[]){70, 130, 100 + spread, 100 + spread}, 4, 1e-12);
}

/* A mean-min function that takes the least of the rows one after another, not of the region. */
TEST(mean_min_of_the_region_itself) {
    /* each column has mean 0 and standard deviation 1 (n): z is 90 or 110 */
    expect_scores(tree, "region,x,y,z\nA,1,1,-1\nB,-1,-1,1\nC,1,-1,1\nD,-1,1,-1\n",
                  "{'normalise': 'none', 'aggregate': {'method': 'mean_min', 'alpha': 1, 'beta': 0}}",
                  (const double[]){90, 90, 90, 90}, 4, 1e-12);
    expect_scores(tree, "region,x,y,z\nA,1,1,1\nB,-1,-1,-1\nC,1,-1,1\nD,-1,1,-1\n",
                  "{'normalise': 'none', 'aggregate': {'method': 'mean_min', 'alpha': 1, 'beta': 0}}",
                  (const double[]){110, 90, 90, 90}, 4, 1e-12);
}

/* A tie of 0.1 + 0.2 against 0.3 that rounding turns into a win. */
TEST(copeland_ties) {
    static const char weighted[] =
        "{'id': 'i', 'children': [{'id': 'x', 'weight': 0.1}, {'id': 'y', 'weight': 0.2}, {'id': 'z', 'weight': 0.3}]}";
    expect_scores(weighted, "region,x,y,z\nA,1,1,0\nB,0,0,1\n", "{'normalise': 'none', 'aggregate': 'copeland'}",
                  (const double[]){0, 0}, 2, 0);
}

/* A missing value that counts as 0. */
TEST(missing_is_not_zero) {
    static const char *const aggregates[] = {"'arithmetic'", "'geometric'", "'min'",
                                             "{'method': 'mean_of_worst', 'k': 2}",
                                             "{'method': 'owa', 'weights': [1, 1, 1]}"};
    for (size_t i = 0; i < COUNT(aggregates); i++) {
        char plan[160] = "{'normalise': 'none', 'aggregate': ";
        strcat(strcat(plan, aggregates[i]), "}");
        expect_scores(tree, "region,x,y,z\nA,4,,4\nB,4,4,4\n", plan, (const double[]){4, 4}, 2, 1e-14);
    }
    /* nor does it lose every pair: on what both have A is better */
    expect_scores(tree, "region,x,y,z\nA,4,,4\nB,3,9,3\n", "{'normalise': 'none', 'aggregate': 'copeland'}",
                  (const double[]){1, -1}, 2, 0);
}

/* A geometric mean that leaves zeros out, so that nothing is better than little. */
TEST(geometric_mean_of_zero) {
    smr_error error = api_world_refused(tree, "region,x,y,z\nA,0,9,9\nB,1,9,9\n",
                                        "{'normalise': 'none', 'aggregate': 'geometric'}", SMR_MESSAGE_OUT_OF_DOMAIN);
    expect_text(error.subject, "x");
    api_world world =
        api_world_make(tree, "region,x,y,z\nA,0,9,9\nB,1,9,9\n",
                       "{'normalise': 'none', 'aggregate': {'method': 'geometric', 'zero': 'floor', 'epsilon': 0.5}}");
    expect(api_score_of(world.card, "i", 0) < api_score_of(world.card, "i", 1));
    api_world_free(&world);
}

/* One missing value that destroys the index of every region. */
TEST(one_hole_destroys_nothing_else) {
    static const char *const plans[] = {
        "{}",
        "{'normalise': 'zscore'}",
        "{'normalise': 'rank'}",
        "{'aggregate': 'mpi'}",
        "{'aggregate': 'ampi'}",
        "{'aggregate': 'mean_min'}",
        "{'aggregate': 'wroclaw'}",
        "{'aggregate': 'dp2'}",
        "{'aggregate': 'copeland'}",
        "{'aggregate': 'borda'}",
        "{'aggregate': 'kemeny'}",
        "{'aggregate': 'promethee2'}",
        "{'aggregate': {'method': 'electre3', 'q': 1, 'p': 30}}",
        "{'missing': {'policy': 'fail'}}",
    };
    for (size_t i = 0; i < COUNT(plans); i++) {
        api_world world =
            api_world_make(tree, "region,x,y,z\nA,1,9,3\nB,,5,6\nC,5,8,2\nD,7,2,9\nE,3,3,1\nF,2,7,8\n", plans[i]);
        for (size_t row = 0; row < 6; row++) {
            if (row != 1) {
                expect_equal_int(api_status_of(world.card, "i", row), SMR_CELL_OK);
                expect(isfinite(api_score_of(world.card, "i", row)));
            }
        }
        api_world_free(&world);
    }
}

static const unit_test tests[] = {
    UNIT(logarithm_of_the_innovation_index),
    UNIT(power_mean_takes_the_root),
    UNIT(penalty_of_ampi),
    UNIT(mean_min_of_the_region_itself),
    UNIT(copeland_ties),
    UNIT(missing_is_not_zero),
    UNIT(geometric_mean_of_zero),
    UNIT(one_hole_destroys_nothing_else),
};
UNIT_SUITE(peer_faults, tests)
