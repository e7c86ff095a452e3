/* SPDX-License-Identifier: MIT */
/* Children into their parent, and the weights they have: by hand, through fit and score. */
#include "api.h"

#include <stdio.h>

static const char tree[] = "{'id': 'i', 'children': [{'id': 'x', 'weight': 1}, {'id': 'y', 'weight': 3}]}";

static void expect_index(const char *framework, const char *csv, const char *plan, double index, double tolerance) {
    api_world world = api_world_make(framework, csv, plan);
    expect_near(api_score_of(world.card, "i", 0), index, tolerance);
    expect_equal_int(api_status_of(world.card, "i", 0), SMR_CELL_OK);
    api_world_free(&world);
}

TEST(methods_by_hand) {
    /* 2 and 8, weights 1 and 3 */
    static const struct {
        const char *aggregate;
        double index, tolerance;
    } rows[] = {
        {"'arithmetic'", 6.5, 0},
        {"'geometric'", 5.656854249492381, 1e-14}, /* 2^(1/4) 8^(3/4) = 2^2.5 */
        {"'harmonic'", 4 / 0.875, 1e-15},          /* 4 / (1/2 + 3/8) */
        {"{'method': 'power', 'p': 2}", 7, 1e-14}, /* (4 + 3 * 64)/4 = 49 */
        {"{'method': 'power', 'p': 1}", 6.5, 1e-15},
        {"{'method': 'power', 'p': 0}", 5.656854249492381, 1e-14},
        {"{'method': 'power', 'p': -1}", 4 / 0.875, 1e-14},
        {"'min'", 2, 0},
        {"'max'", 8, 0},
        {"'median'", 5, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char plan[160];
        snprintf(plan, sizeof plan, "{'normalise': 'none', 'aggregate': %s}", rows[i].aggregate);
        expect_index(tree, "region,x,y\nA,2,8\n", plan, rows[i].index, rows[i].tolerance);
        /* the one child that is there */
        expect_index(tree, "region,x,y\nA,4,\n", plan, 4, 1e-14);
    }
}

TEST(zeros_are_refused_or_floored) {
    static const char *const methods[] = {"geometric", "harmonic"};
    for (size_t i = 0; i < COUNT(methods); i++) {
        char plan[160];
        snprintf(plan, sizeof plan, "{'normalise': 'none', 'aggregate': '%s'}", methods[i]);
        smr_error error =
            api_world_refused(tree, "region,x,y\nA,1,1\nB,0,1\nC,-1,1\n", plan, SMR_MESSAGE_OUT_OF_DOMAIN);
        expect_equal_int(error.status, SMR_ERROR_COMPUTE);
        expect_text(error.subject, "x");
        char message[160];
        snprintf(message, sizeof message, "region \"B\" has 0 at \"x\", which method \"%s\" of \"i\" cannot take",
                 methods[i]);
        expect_text(error.message, message);
        /* without a range the floor has to be given */
        snprintf(plan, sizeof plan, "{'normalise': 'none', 'aggregate': {'method': '%s', 'zero': 'floor'}}",
                 methods[i]);
        error = api_world_refused(tree, "region,x,y\nA,1,1\n", plan, SMR_MESSAGE_PLAN_EPSILON_REQUIRED);
        expect_text(error.subject, "i");
        snprintf(plan, sizeof plan,
                 "{'normalise': 'none', 'aggregate': {'method': '%s', 'zero': 'floor', 'epsilon': 16}}", methods[i]);
        expect_index(tree, "region,x,y\nA,-3,16\n", plan, 16, 1e-13);
        /* one hundredth of 0 to 100 */
        snprintf(plan, sizeof plan, "{'aggregate': {'method': '%s', 'zero': 'floor'}}", methods[i]);
        expect_index(tree, "region,x,y\nA,0,0\nB,1,1\n", plan, 1, 1e-13);
    }
}

/* The message names the first region in input order, whatever the number of threads; also without rows. */
TEST(a_single_region_out_of_domain) {
    api_world world = api_world_nouns(tree, "region,x,y\nA,1,1\n", "{'normalise': 'none', 'aggregate': 'geometric'}");
    smr_error error = unit_error();
    expect_ok(smr_model_fit(NULL, world.framework, world.dataset, world.plan, &world.model, &error), &error);
    double scores[3];
    expect_fails(smr_model_score_values(world.model, (const double[]){1, -2}, 2, scores, 3, &error), &error,
                 SMR_MESSAGE_OUT_OF_DOMAIN);
    expect_text(error.subject, "y");
    expect_equal_int(error.status, SMR_ERROR_COMPUTE);
    api_world_free(&world);
}

/* ---- which node has which method ---- */

static const char deep[] = "{'id': 'i', 'children': [{'id': 'a', 'children': [{'id': 'x'}, {'id': 'y'}]},"
                           " {'id': 'b', 'aggregate': 'max', 'children': [{'id': 'z'}, {'id': 'w'}]}]}";
static const char four[] = "region,x,y,z,w\nA,2,8,1,9\n";

static void expect_nodes(const char *plan, double a, double b, double index) {
    api_world world = api_world_make(deep, four, plan);
    expect_near(api_score_of(world.card, "a", 0), a, 1e-14);
    expect_near(api_score_of(world.card, "b", 0), b, 1e-14);
    expect_near(api_score_of(world.card, "i", 0), index, 1e-14);
    api_world_free(&world);
}

/* aggregate.nodes, else the framework node's own, else aggregate.method */
TEST(methods_of_nodes) {
    expect_nodes("{'normalise': 'none'}", 5, 9, 7);
    expect_nodes("{'normalise': 'none', 'aggregate': 'min'}", 2, 9, 2);
    expect_nodes("{'normalise': 'none', 'aggregate': {'nodes': {'b': 'min'}}}", 5, 1, 3);
    expect_nodes("{'normalise': 'none', 'aggregate': {'nodes': {'root': 'max'}}}", 5, 9, 9);
    expect_nodes("{'normalise': 'none', 'aggregate': {'nodes': {'i': 'max'}}}", 5, 9, 9);
    expect_nodes("{'normalise': 'none', 'aggregate': {'method': 'max', 'nodes': {'a': {'method': 'power', 'p': 0},"
                 " 'root': 'min'}}}",
                 4, 9, 4);
    /* the root's id stands above the word "root" */
    expect_nodes("{'normalise': 'none', 'aggregate': {'nodes': {'i': 'max', 'root': 'min'}}}", 5, 9, 9);
}

TEST(nodes_that_are_none) {
    smr_error error =
        api_world_refused(deep, four, "{'aggregate': {'nodes': {'bb': 'min'}}}", SMR_MESSAGE_PLAN_ID_UNKNOWN);
    expect_text(error.subject, "aggregate.nodes.bb");
    api_world_refused(deep, four, "{'aggregate': {'nodes': {'x': 'min'}}}", SMR_MESSAGE_PLAN_ID_UNKNOWN);
    api_world_refused(deep, four, "{'normalise': {'indicators': {'a': 'rank'}}}", SMR_MESSAGE_PLAN_ID_UNKNOWN);
    api_world_refused(deep, four, "{'aggregate': {'nodes': {'a': 5}}}", SMR_MESSAGE_PLAN_VALUE);
    api_world_refused(deep, four, "{'aggregate': {'nodes': {'a': {'method': 'mean'}}}}",
                      SMR_MESSAGE_PLAN_METHOD_UNKNOWN);
    /* a method that the framework names and the library has not */
    api_world_refused("{'id': 'i', 'aggregate': 'mena', 'children': [{'id': 'x'}]}", "region,x\nA,1\n", NULL,
                      SMR_MESSAGE_PLAN_METHOD_UNKNOWN);
}

/* ---- weights ---- */

static void expect_weights(const char *plan, const double *weights, const double *effective) {
    static const char *const ids[] = {"i", "a", "x", "y", "z"};
    api_world world =
        api_world_make("{'id': 'i', 'children': [{'id': 'a', 'weight': 3, 'children': [{'id': 'x', 'weight': 1},"
                       " {'id': 'y', 'weight': 4}]}, {'id': 'z', 'weight': 2}]}",
                       "region,x,y,z\nA,1,2,3\n", plan);
    for (size_t i = 0; i < COUNT(ids); i++) {
        expect_near(smr_model_weight(world.model, i), weights[i], 0);
        expect_near(smr_model_effective_weight(world.model, i), effective[i], 1e-15);
        expect_text(smr_framework_node_id(smr_model_framework(world.model), i), ids[i]);
    }
    expect_nan(smr_model_weight(world.model, 5));
    expect_nan(smr_model_effective_weight(world.model, 5));
    api_world_free(&world);
}

TEST(methods_of_weights) {
    expect_weights("{'normalise': 'none'}", (const double[]){1, 3, 1, 4, 2}, (const double[]){1, 0.6, 0.12, 0.48, 0.4});
    expect_weights("{'normalise': 'none', 'weights': 'equal'}", (const double[]){1, 1, 1, 1, 1},
                   (const double[]){1, 0.5, 0.25, 0.25, 0.5});
    expect_weights("{'normalise': 'none', 'weights': 'equal_leaf'}", (const double[]){1, 2, 1, 1, 1},
                   (const double[]){1, 2 / 3.0, 1 / 3.0, 1 / 3.0, 1 / 3.0});
    expect_weights("{'normalise': 'none', 'weights': {'method': 'given', 'values': {'z': 1, 'a': 1, 'y': 0, 'x': 5}}}",
                   (const double[]){1, 1, 5, 0, 1}, (const double[]){1, 0.5, 0.5, 0, 0.5});
    /* one family otherwise */
    expect_weights(
        "{'normalise': 'none', 'weights': {'nodes': {'a': {'method': 'given', 'values': {'x': 3, 'y': 1}}}}}",
        (const double[]){1, 3, 3, 1, 2}, (const double[]){1, 0.6, 0.45, 0.15, 0.4});
}

TEST(weights_that_do_not_do) {
    static const struct {
        const char *values;
        int32_t code;
    } rows[] = {
        {"{'x': 1}", SMR_MESSAGE_WEIGHT_MISSING},
        {"{'x': 1, 'y': -1}", SMR_MESSAGE_WEIGHT_WRONG},
        {"{'x': 1, 'y': '1'}", SMR_MESSAGE_WEIGHT_WRONG},
        {"{'x': 1, 'y': null}", SMR_MESSAGE_WEIGHT_WRONG},
        {"{'x': 0, 'y': 0}", SMR_MESSAGE_WEIGHTS_ZERO},
        {"[1, 2]", SMR_MESSAGE_WEIGHTS_NOT_OBJECT},
        {"5", SMR_MESSAGE_PLAN_VALUE},
        {"null", SMR_MESSAGE_PLAN_OPTION_REQUIRED},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char plan[160];
        snprintf(plan, sizeof plan, "{'weights': {'method': 'given', 'values': %s}}", rows[i].values);
        smr_error error = api_world_refused(tree, "region,x,y\nA,1,2\n", plan, rows[i].code);
        expect_equal_int(error.status, SMR_ERROR_PLAN);
    }
}

static const unit_test tests[] = {
    UNIT(methods_by_hand),        UNIT(zeros_are_refused_or_floored), UNIT(a_single_region_out_of_domain),
    UNIT(methods_of_nodes),       UNIT(nodes_that_are_none),          UNIT(methods_of_weights),
    UNIT(weights_that_do_not_do),
};
UNIT_SUITE(aggregate, tests)
