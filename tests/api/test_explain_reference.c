/* SPDX-License-Identifier: MIT */
/* What a region is compared with: medians, the best, targets, peers, other periods. */
#include "api.h"

#include <math.h>

static smr_explanation *explain(const smr_scorecard *card, size_t row, const smr_explanation_options *options) {
    smr_explanation *explanation = NULL;
    smr_error error = unit_error();
    expect_ok(smr_explanation_run(unit_context(), card, row, options, &explanation, &error), &error);
    return explanation;
}

static smr_explanation_options options_for(int32_t reference) {
    smr_explanation_options options;
    smr_explanation_options_init(&options, sizeof options);
    options.reference = reference;
    return options;
}

static double of(const smr_explanation *explanation, int32_t column, const char *node) {
    const smr_framework *framework = smr_scorecard_framework(smr_explanation_scorecard(explanation));
    return smr_explanation_numbers(explanation, column)[api_node(framework, node)];
}

TEST(references) {
    api_world world = api_world_make("{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'x', 'target': 6},"
                                     " {'id': 'y'}]}",
                                     "region,x,y\nA,1,2\nB,3,8\nC,5,4\nD,9,9\nE,7,\n", NULL);
    smr_explanation_options options = options_for(SMR_REFERENCE_MEDIAN);
    smr_explanation *e = explain(world.card, 0, &options);
    expect(of(e, SMR_EXPLANATION_REFERENCE_SCORE, "x") == 5);
    expect(of(e, SMR_EXPLANATION_REFERENCE_SCORE, "y") == 6);
    expect(of(e, SMR_EXPLANATION_REFERENCE_SCORE, "i") == 5.5);
    expect(of(e, SMR_EXPLANATION_DIFFERENCE, "x") == -2);
    expect_equal_uint(smr_explanation_reference_count(e), 5);
    smr_explanation_unref(e);
    options.reference = SMR_REFERENCE_TOP;
    options.top = 2;
    e = explain(world.card, 0, &options);
    expect_equal_uint(smr_explanation_reference_count(e), 2); /* D with 9, E with 7 */
    expect_equal_uint(smr_explanation_reference_rows(e)[1], 4);
    expect(of(e, SMR_EXPLANATION_REFERENCE_SCORE, "x") == 8);
    expect(of(e, SMR_EXPLANATION_REFERENCE_SCORE, "y") == 9);
    smr_explanation_unref(e);
    options.reference = SMR_REFERENCE_TARGET;
    e = explain(world.card, 0, &options);
    expect(of(e, SMR_EXPLANATION_DIFFERENCE, "x") == -2.5);
    expect(of(e, SMR_EXPLANATION_DIFFERENCE, "y") == 0);
    expect(of(e, SMR_EXPLANATION_REFERENCE_VALUE, "x") == 6);
    expect_equal_uint(smr_explanation_reference_count(e), 0);
    smr_explanation_unref(e);
    const double targets[] = {NAN, 12};
    options.targets = targets;
    options.target_count = 2;
    e = explain(world.card, 0, &options);
    expect(of(e, SMR_EXPLANATION_REFERENCE_SCORE, "x") == 6);
    expect(of(e, SMR_EXPLANATION_REFERENCE_SCORE, "y") == 12);
    smr_explanation_unref(e);
    api_world_free(&world);
}

/* Distances by hand: criteria on a common range of 10, one of them missing. */
TEST(peers) {
    api_world world = api_world_make(
        "{'id': 'i', 'children': [{'id': 'x', 'worst': 0, 'best': 10}, {'id': 'y', 'worst': 0, 'best': 10}]}",
        "region,x,y\nA,5,5\nB,6,7\nC,5,\nD,8,1\nE,7,6\nF,,\n", "{'normalise': 'goalposts'}");
    size_t found = 9, peers[5];
    double distances[5];
    smr_error error = unit_error();
    expect_ok(smr_peers_find(NULL, world.card, 0, 5, peers, distances, &found, &error), &error);
    expect_equal_uint(found, 4);
    const size_t expected[] = {2, 1, 4, 3}; /* C shares x alone; B and E tie, in order; F shares nothing */
    const double far[] = {0, sqrt(0.05 / 2), sqrt(0.05 / 2), sqrt(0.25 / 2)};
    for (size_t i = 0; i < found; i++) {
        expect_equal_uint(peers[i], expected[i]);
        expect_near(distances[i], far[i], 1e-15);
    }
    expect_ok(smr_peers_find(NULL, world.card, 0, 0, NULL, NULL, &found, &error), &error);
    expect_equal_uint(found, 0);
    expect_ok(smr_peers_find(NULL, world.card, 5, 3, peers, NULL, &found, &error), &error);
    expect_equal_uint(found, 0);
    smr_explanation_options options = options_for(SMR_REFERENCE_PEERS);
    options.peers = 2;
    smr_explanation *e = explain(world.card, 0, &options), *none = NULL;
    expect_equal_uint(smr_explanation_reference_count(e), 2);
    expect_near(of(e, SMR_EXPLANATION_REFERENCE_SCORE, "x"), 55, 1e-13);
    expect_near(smr_explanation_distances(e)[1], far[1], 1e-15);
    smr_explanation_unref(e);
    expect_fails(smr_explanation_run(NULL, world.card, 5, &options, &none, &error), &error,
                 SMR_MESSAGE_EXPLAIN_NO_REFERENCE);
    expect(none == NULL);
    api_world_free(&world);
}

/* Without a common range: in standard deviations. x has one of 2, y of 1. */
TEST(peers_without_a_range) {
    api_world world =
        api_world_make("{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'x'}, {'id': 'y'}]}",
                       "region,x,y\nA,2,1\nB,0,2\nC,4,3\n", NULL);
    size_t found, peers[2];
    double distances[2];
    smr_error error = unit_error();
    expect_ok(smr_peers_find(NULL, world.card, 0, 2, peers, distances, &found, &error), &error);
    expect_equal_uint(found, 2);
    expect_equal_uint(peers[0], 1);
    expect_near(distances[0], 1, 1e-15);
    expect_near(distances[1], sqrt(2.5), 1e-15);
    api_world_free(&world);
}

/* Ranks, medians and peers are of the period of the row. */
TEST(within_a_period) {
    api_world world = api_world_make(
        "{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'x'}]}",
        "region,period,x\nA,2020,1\nB,2020,2\nC,2020,6\nA,2021,10\nB,2021,20\nC,2021,60\n", NULL);
    smr_explanation_options options = options_for(SMR_REFERENCE_MEDIAN);
    smr_explanation *e = explain(world.card, 1, &options);
    expect(of(e, SMR_EXPLANATION_REFERENCE_SCORE, "i") == 2);
    expect(of(e, SMR_EXPLANATION_RANK, "i") == 2);
    smr_explanation_unref(e);
    size_t last_year = 1;
    options = options_for(SMR_REFERENCE_ROWS);
    options.rows = &last_year;
    options.row_count = 1;
    e = explain(world.card, 4, &options); /* B against itself, a year before */
    expect(of(e, SMR_EXPLANATION_DIFFERENCE, "i") == 18);
    smr_explanation_unref(e);
    api_world_free(&world);
}

/* With a low index the best, what adds to it is a weakness. */
TEST(low_is_good) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x'}, {'id': 'y'}, {'id': 'z'}]}",
                                     "region,x,y,z\nA,1,9,4\nB,5,2,4\nC,9,5,8\nD,3,7,1\n", "{'aggregate': 'wroclaw'}");
    smr_explanation_options options = options_for(SMR_REFERENCE_MEDIAN);
    smr_explanation *e = explain(world.card, 0, &options);
    size_t nodes[3];
    expect_equal_int(smr_explanation_lower_is_better(e), 1);
    expect_equal_uint(smr_explanation_strengths(e, nodes, 3), 3);
    expect_equal_uint(nodes[0], api_node(world.framework, "y"));
    expect_equal_uint(nodes[2], api_node(world.framework, "x"));
    expect(of(e, SMR_EXPLANATION_DIFFERENCE, "y") < 0);
    smr_explanation_unref(e);
    api_world_free(&world);
}

static const unit_test tests[] = {
    UNIT(references),
    UNIT(peers),
    UNIT(peers_without_a_range),
    UNIT(within_a_period),
    UNIT(low_is_good),
};
UNIT_SUITE(explain_reference, tests)
