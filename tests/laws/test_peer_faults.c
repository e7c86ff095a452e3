/* SPDX-License-Identifier: MIT */
/* Faults that programs of this field are known to have, each with a world in which it would show. */
#include "api.h"

#include <math.h>
#include <stdlib.h>
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

/* ---- weights at random ---- */

static smr_robust *draw(const api_world *world, const char *spec, uint64_t draws, uint64_t seed, uint32_t outputs) {
    smr_uncertainty *uncertainty = NULL;
    smr_robust *robust = NULL;
    smr_error error = unit_error();
    smr_robust_options options;
    smr_robust_options_init(&options, sizeof options);
    options.nodes = SMR_ROBUST_INDEX;
    options.draws = draws;
    options.own_seed = 1;
    options.seed = seed;
    options.outputs = outputs;
    char *json = api_json(spec);
    expect_ok(smr_uncertainty_read(NULL, json, strlen(json), "spec", &uncertainty, &error), &error);
    expect_ok(smr_robust_run(NULL, world->framework, world->dataset, world->plan, uncertainty, &options, &robust,
                             &error),
              &error);
    free(json);
    smr_uncertainty_unref(uncertainty);
    return robust;
}

static double measured(const smr_robust *robust, int32_t measure, double argument, size_t region) {
    double values[16];
    smr_error error = unit_error();
    const size_t count = smr_robust_region_count(robust);
    expect(region < count && count <= COUNT(values));
    expect_ok(smr_robust_values(robust, measure, argument, 0, values, count, &error), &error);
    return values[region];
}

/* Weights of acceptability analysis that are divided by the sum over draws, where it should be over siblings. */
TEST(weights_of_a_draw_sum_to_1) {
    enum { DRAWS = 20000 };
    /* A is 9 whatever the weights, as long as they sum to 1 in each draw. B is above C where x has more than half. */
    api_world world = api_world_nouns(tree, "region,x,y,z\nA,9,9,9\nB,8,0,0\nC,4,4,4\n", "{'normalise': 'none'}");
    smr_robust *robust = draw(&world, "{'factors': [{'vary': 'weights', 'distribution': 'uniform'}]}", DRAWS, 1,
                              SMR_ROBUST_SCORES | SMR_ROBUST_WEIGHTS | SMR_ROBUST_PAIRWISE);
    const double width = smr_robust_cell_width(robust, 0);
    expect(width < 0.01);
    expect_near(measured(robust, SMR_ROBUST_SCORE_QUANTILE, 0, 0), 9, width);
    expect_near(measured(robust, SMR_ROBUST_SCORE_QUANTILE, 1, 0), 9, width);
    expect_near(measured(robust, SMR_ROBUST_SCORE_MEAN, 0, 0), 9, 1e-6);

    /* first in every draw: the central weights are the means, 1/3 with a variance of 1/18 */
    double weights[4], above[3];
    smr_error error = unit_error();
    expect_ok(smr_robust_central_weights(robust, 0, weights, 4, &error), &error);
    for (size_t i = 1; i < 4; i++) {
        expect_near(weights[i], 1.0 / 3, 4.5 * sqrt(1.0 / 18 / DRAWS));
    }
    expect_near(weights[1] + weights[2] + weights[3], 1, 1e-8);
    expect_ok(smr_robust_pairwise(robust, 0, 1, above, 3, &error), &error);
    expect_near(above[2], 0.25, 4.5 * sqrt(0.25 * 0.75 / DRAWS));
    smr_robust_unref(robust);
    api_world_free(&world);
}

/* P(a / b <= r), a and b independent and uniform on 1 - p to 1 + p. */
static double ratio_below(double r, double p) {
    if (r > 1) {
        return 1 - ratio_below(1 / r, p);
    }
    const double side = 1 + p - (1 - p) / r;
    return side > 0 ? r * side * side / (8 * p * p) : 0;
}

/* Noise on weights that is not uniform. */
TEST(noise_is_uniform) {
    enum { DRAWS = 20000, CUTS = 11 };
    /* R scores the share of x; how many of the others are above tells between which two cuts it lies. Of equal weights
     * with noise of 50 % it is from 1/4 to 3/4. */
    api_world world = api_world_nouns("{'id': 'i', 'children': [{'id': 'x'}, {'id': 'y'}]}",
                                      "region,x,y\nR,1,0\nA,0.3,0.3\nB,0.34,0.34\nC,0.38,0.38\nD,0.42,0.42\n"
                                      "E,0.46,0.46\nF,0.5,0.5\nG,0.54,0.54\nH,0.58,0.58\nI,0.62,0.62\nJ,0.66,0.66\n"
                                      "K,0.7,0.7\n",
                                      "{'normalise': 'none'}");
    smr_robust *robust =
        draw(&world, "{'factors': [{'vary': 'weights', 'distribution': 'noise', 'percent': 50}]}", DRAWS, 1, 0);
    uint64_t counts[CUTS + 2];
    smr_error error = unit_error();
    expect_ok(smr_robust_histogram(robust, 0, 0, counts, COUNT(counts), &error), &error);
    double below = 0, square = 0;
    for (int cell = 0; cell <= CUTS; cell++) {
        const double cut = 0.3 + 0.04 * cell, upto = cell < CUTS ? ratio_below(cut / (1 - cut), 0.5) : 1;
        const double expected = DRAWS * (upto - below);
        const double found = (double)counts[CUTS + 1 - cell]; /* cell 0 lies below all cuts, and ranks last */
        expect(expected > 100);
        square += (found - expected) * (found - expected) / expected;
        below = upto;
    }
    expect(square < 31.26); /* 99.9 % of chi-square with 11 degrees of freedom */
    smr_robust_unref(robust);
    api_world_free(&world);
}

/* ---- sensitivity ---- */

/* Products of outputs that are not centred: the indices then hang on where the output lies. */
TEST(sobol_indices_of_a_shifted_output) {
    enum { ROWS = 256, FACTORS = 3 };
    static double points[2 * FACTORS][ROWS], f[2][2 + 2 * FACTORS][ROWS];
    static double indices[2][FACTORS][SMR_SOBOL_COLUMNS];
    smr_error error = unit_error();
    expect_ok(smr_sobol_points(NULL, ROWS, 2 * FACTORS, NULL, points[0], &error), &error);
    for (int way = 0; way < 2 + 2 * FACTORS; way++) {
        for (size_t row = 0; row < ROWS; row++) {
            double x[FACTORS];
            for (int k = 0; k < FACTORS; k++) {
                /* A, B, then A with one factor of B, then B with one of A */
                const bool of_b = way < 2 ? way == 1 : way < 2 + FACTORS ? way - 2 == k : way - 2 - FACTORS != k;
                x[k] = points[k + (of_b ? FACTORS : 0)][row];
            }
            f[0][way][row] = x[0] + 2 * x[0] * x[1] + x[2] * x[2] / 3;
            f[1][way][row] = f[0][way][row] + 50;
        }
    }
    static const int32_t estimators[] = {SMR_SOBOL_AZZINI, SMR_SOBOL_SALTELLI, SMR_SOBOL_JANSEN};
    for (size_t e = 0; e < COUNT(estimators); e++) {
        smr_sobol_options options;
        smr_sobol_options_init(&options, sizeof options);
        options.estimator = estimators[e];
        options.resamples = 20;
        for (int shifted = 0; shifted < 2; shifted++) {
            double(*g)[ROWS] = f[shifted];
            expect_ok(smr_sobol_indices(NULL, g[0], g[1], g[2], g[2 + FACTORS], ROWS, FACTORS, &options,
                                        indices[shifted][0], NULL, &error),
                      &error);
        }
        for (int k = 0; k < FACTORS; k++) {
            for (int column = 0; column < SMR_SOBOL_COLUMNS; column++) {
                expect_near(indices[1][k][column], indices[0][k][column], 1e-9);
            }
        }
    }
}

/* ---- seeds ---- */

static api_text tried_imputations(const api_world *world, uint64_t seed) {
    api_text text = {0};
    smr_audit *audit = NULL;
    smr_error error = unit_error();
    smr_imputation_options options;
    smr_imputation_options_init(&options, sizeof options);
    options.seed = seed;
    expect_ok(smr_audit_imputation(NULL, world->model, world->dataset, &options, &audit, &error), &error);
    expect_ok(smr_audit_write_csv(audit, api_text_append, &text, &error), &error);
    smr_audit_unref(audit);
    return text;
}

static api_text drawn(const api_world *world, uint64_t seed) {
    api_text text = {0};
    smr_error error = unit_error();
    smr_robust *robust =
        draw(world, "{'seed': 1, 'factors': [{'vary': 'weights', 'distribution': 'uniform'}]}", 500, seed, 0);
    expect_equal_uint(smr_robust_seed(robust), seed);
    expect_ok(smr_robust_write_csv(robust, api_text_append, &text, &error), &error);
    smr_robust_unref(robust);
    return text;
}

static api_text scrambled(const api_world *world, uint64_t seed) {
    double points[3][64];
    api_text text = {0};
    smr_error error = unit_error();
    smr_sobol_points_options options;
    (void)world;
    smr_sobol_points_options_init(&options, sizeof options);
    options.seed = seed;
    expect_ok(smr_sobol_points(NULL, COUNT(points[0]), COUNT(points), &options, points[0], &error), &error);
    expect(api_text_append(points, sizeof points, &text) == 0);
    return text;
}

/* A seed of 0 that counts as none: chance is then not the same twice, or that of the default. */
TEST(zero_is_a_seed) {
    static api_text (*const chances[])(const api_world *, uint64_t) = {drawn, scrambled, tried_imputations};
    static const char *const ids[] = {"x", "y", "z"};
    char *csv = api_random_csv(12, ids, COUNT(ids), 3, 0);
    api_world world = api_world_make(tree, csv, NULL);
    for (size_t i = 0; i < COUNT(chances); i++) {
        api_text zero = chances[i](&world, 0), again = chances[i](&world, 0), other = chances[i](&world, 1);
        expect_equal_uint(zero.length, again.length);
        expect_bytes(zero.bytes, again.bytes, zero.length);
        expect(zero.length != other.length || memcmp(zero.bytes, other.bytes, zero.length) != 0);
        api_text_free(&zero);
        api_text_free(&again);
        api_text_free(&other);
    }
    free(csv);
    api_world_free(&world);
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
    UNIT(weights_of_a_draw_sum_to_1),
    UNIT(noise_is_uniform),
    UNIT(sobol_indices_of_a_shifted_output),
    UNIT(zero_is_a_seed),
};
UNIT_SUITE(peer_faults, tests)
