/* SPDX-License-Identifier: MIT */
/* What a missing child does to its parent: policies, least coverage, coverage and statuses. Scores by hand. */
#include "api.h"

#include <string.h>

static const char tree[] =
    "{'id': 'i', 'children': [{'id': 'x', 'weight': 1}, {'id': 'y', 'weight': 2}, {'id': 'z', 'weight': 1}]}";
static const char data[] = "region,x,y,z\nA,10,20,30\nB,20,,40\nC,,,50\nD,,,\nE,,44,\n";

/* The rows of the indicators do not depend on the policy. */
#define LEAVES_A "A,,x,10,2,1,ok\nA,,y,20,2,1,ok\nA,,z,30,3,1,ok\n"
#define LEAVES_B "B,,x,20,1,1,ok\nB,,y,,,0,missing\nB,,z,40,2,1,ok\n"
#define LEAVES_C "C,,x,,,0,missing\nC,,y,,,0,missing\nC,,z,50,1,1,ok\n"
#define LEAVES_D "D,,x,,,0,missing\nD,,y,,,0,missing\nD,,z,,,0,missing\n"
#define LEAVES_E "E,,x,,,0,missing\nE,,y,44,1,1,ok\nE,,z,,,0,missing\n"

static void expect_policy(const char *plan, const char *expected) {
    api_world world = api_world_make(tree, data, plan);
    expect_card(&world, expected);
    api_world_free(&world);
}

/* A (10 + 2 * 20 + 30)/4, B (20 + 40)/2, C 50, E 2 * 44/2 */
TEST(renormalise_gives_the_weight_to_those_present) {
    expect_policy("{'normalise': 'none'}",
                  "A,,i,20,4,1,ok\n" LEAVES_A "B,,i,30,3,0.5,ok\n" LEAVES_B "C,,i,50,1,0.25,ok\n" LEAVES_C
                  "D,,i,,,0,not_computed\n" LEAVES_D "E,,i,44,2,0.5,ok\n" LEAVES_E);
}

TEST(fail_wants_every_child) {
    expect_policy("{'normalise': 'none', 'missing': {'policy': 'fail'}}",
                  "A,,i,20,1,1,ok\n" LEAVES_A "B,,i,,,0.5,not_computed\n" LEAVES_B "C,,i,,,0.25,not_computed\n" LEAVES_C
                  "D,,i,,,0,not_computed\n" LEAVES_D "E,,i,,,0.5,not_computed\n" LEAVES_E);
}

/* B (20 + 0 + 40)/4, C 50/4, D 0, E 88/4; the children themselves stay missing */
TEST(zero_counts_a_missing_child_as_none) {
    expect_policy("{'normalise': 'none', 'missing': {'policy': 'zero'}}",
                  "A,,i,20,2,1,ok\n" LEAVES_A "B,,i,15,3,0.5,ok\n" LEAVES_B "C,,i,12.5,4,0.25,ok\n" LEAVES_C
                  "D,,i,0,5,0,ok\n" LEAVES_D "E,,i,22,1,0.5,ok\n" LEAVES_E);
}

/* A share equal to the limit is enough. */
TEST(least_coverage_by_weight) {
    expect_policy("{'normalise': 'none', 'missing': {'min_coverage': 0.5}}",
                  "A,,i,20,3,1,ok\n" LEAVES_A "B,,i,30,2,0.5,ok\n" LEAVES_B "C,,i,,,0.25,low_coverage\n" LEAVES_C
                  "D,,i,,,0,not_computed\n" LEAVES_D "E,,i,44,1,0.5,ok\n" LEAVES_E);
    expect_policy("{'normalise': 'none', 'missing': {'min_coverage': 0.5000000000000001}}",
                  "A,,i,20,1,1,ok\n" LEAVES_A "B,,i,,,0.5,low_coverage\n" LEAVES_B "C,,i,,,0.25,low_coverage\n" LEAVES_C
                  "D,,i,,,0,not_computed\n" LEAVES_D "E,,i,,,0.5,low_coverage\n" LEAVES_E);
}

/* 0.7 of three children asks for all three, 0.6 for two. */
TEST(least_coverage_by_count) {
    expect_policy("{'normalise': 'none', 'missing': {'min_coverage': 0.7, 'coverage_by': 'count'}}",
                  "A,,i,20,1,1,ok\n" LEAVES_A "B,,i,,,0.5,low_coverage\n" LEAVES_B "C,,i,,,0.25,low_coverage\n" LEAVES_C
                  "D,,i,,,0,not_computed\n" LEAVES_D "E,,i,,,0.5,low_coverage\n" LEAVES_E);
    expect_policy("{'normalise': 'none', 'missing': {'min_coverage': 0.6, 'coverage_by': 'count'}}",
                  "A,,i,20,2,1,ok\n" LEAVES_A "B,,i,30,1,0.5,ok\n" LEAVES_B "C,,i,,,0.25,low_coverage\n" LEAVES_C
                  "D,,i,,,0,not_computed\n" LEAVES_D "E,,i,,,0.5,low_coverage\n" LEAVES_E);
}

TEST(least_coverage_stands_beside_policy_zero) {
    expect_policy("{'normalise': 'none', 'missing': {'policy': 'zero', 'min_coverage': 0.5}}",
                  "A,,i,20,2,1,ok\n" LEAVES_A "B,,i,15,3,0.5,ok\n" LEAVES_B "C,,i,,,0.25,low_coverage\n" LEAVES_C
                  "D,,i,,,0,low_coverage\n" LEAVES_D "E,,i,22,1,0.5,ok\n" LEAVES_E);
}

/* Node a is not computed, so that its parent has one child of two; coverage is of the leaves. */
TEST(a_node_not_computed_is_missing_to_its_parent) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'a', 'children': [{'id': 'x'}, {'id': 'y'}]},"
                                     " {'id': 'b', 'children': [{'id': 'z'}]}]}",
                                     "region,x,y,z\nA,1,2,6\nB,1,,6\n",
                                     "{'normalise': 'none', 'missing': {'min_coverage': 0.5000001}}");
    expect_card(&world, "A,,i,3.75,1,1,ok\nA,,a,1.5,1,1,ok\nA,,x,1,1,1,ok\nA,,y,2,1,1,ok\nA,,b,6,1,1,ok\n"
                        "A,,z,6,1,1,ok\n"
                        "B,,i,,,0.75,low_coverage\nB,,a,,,0.5,low_coverage\nB,,x,1,1,1,ok\nB,,y,,,0,missing\n"
                        "B,,b,6,1,1,ok\nB,,z,6,1,1,ok\n");
    api_world_free(&world);
}

/* A child of weight 0 takes no part, not even alone. */
TEST(weight_zero) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x', 'weight': 0}, {'id': 'y'}]}",
                                     "region,x,y\nA,5,7\nB,5,\nC,,9\n", "{'normalise': 'none'}");
    expect_card(&world, "A,,i,7,2,1,ok\nA,,x,5,1,1,ok\nA,,y,7,2,1,ok\n"
                        "B,,i,,,0,not_computed\nB,,x,5,1,1,ok\nB,,y,,,0,missing\n"
                        "C,,i,9,1,1,ok\nC,,x,,,0,missing\nC,,y,9,1,1,ok\n");
    expect_equal_int(smr_model_effective_weight(world.model, api_node(world.framework, "x")) == 0, 1);
    api_world_free(&world);
}

/* A column that the data lack is missing everywhere; none of the framework's is an error. */
TEST(columns_that_the_data_lack) {
    api_world world = api_world_make(tree, "region,y\nA,4\nB,\n", "{'normalise': 'none'}");
    expect_card(&world, "A,,i,4,1,0.5,ok\nA,,x,,,0,missing\nA,,y,4,1,1,ok\nA,,z,,,0,missing\n"
                        "B,,i,,,0,not_computed\nB,,x,,,0,missing\nB,,y,,,0,missing\nB,,z,,,0,missing\n");
    api_world_free(&world);
    smr_error error = api_world_refused(tree, "region,w\nA,4\n", NULL, SMR_MESSAGE_NO_INDICATOR_IN_DATA);
    expect_equal_int(error.status, SMR_ERROR_DATA);
    world = api_world_make(tree, data, NULL);
    smr_dataset *other = api_dataset("region,w\nA,4\n");
    smr_scorecard *card = NULL;
    error = unit_error();
    expect_fails(smr_model_score(world.context, world.model, other, NULL, &card, &error), &error,
                 SMR_MESSAGE_NO_INDICATOR_IN_DATA);
    expect(card == NULL);
    smr_dataset_unref(other);
    api_world_free(&world);
}

TEST(every_value_is_missing) {
    static const char *const methods[] = {"'minmax'", "'zscore'", "'rank'", "'percentile_rank'", "'none'"};
    for (size_t i = 0; i < COUNT(methods); i++) {
        char plan[64] = "{'normalise': ";
        strcat(strcat(plan, methods[i]), "}");
        api_world world = api_world_make(tree, "region,x,y,z\nA,,,\nB,NA,..,:\n", plan);
        expect_card(&world, "A,,i,,,0,not_computed\nA,,x,,,0,missing\nA,,y,,,0,missing\nA,,z,,,0,missing\n"
                            "B,,i,,,0,not_computed\nB,,x,,,0,missing\nB,,y,,,0,missing\nB,,z,,,0,missing\n");
        api_world_free(&world);
    }
}

static const unit_test tests[] = {
    UNIT(renormalise_gives_the_weight_to_those_present),
    UNIT(fail_wants_every_child),
    UNIT(zero_counts_a_missing_child_as_none),
    UNIT(least_coverage_by_weight),
    UNIT(least_coverage_by_count),
    UNIT(least_coverage_stands_beside_policy_zero),
    UNIT(a_node_not_computed_is_missing_to_its_parent),
    UNIT(weight_zero),
    UNIT(columns_that_the_data_lack),
    UNIT(every_value_is_missing),
};
UNIT_SUITE(missing, tests)
