/* SPDX-License-Identifier: MIT */
/* Ranks: rules for ties, decimals, tolerance, periods. */
#include "api.h"

static const char tree[] = "{'id': 'i', 'children': [{'id': 'x'}]}";

/* `ranks` has one a row, 0 for no rank. */
static void expect_ranks(const char *csv, const char *plan, const double *ranks) {
    api_world world = api_world_make(tree, csv, plan);
    for (size_t row = 0; row < smr_scorecard_row_count(world.card); row++) {
        double rank = api_rank_of(world.card, "i", row);
        if (ranks[row] == 0) {
            expect_nan(rank);
        } else {
            expect_near(rank, ranks[row], 0);
        }
        /* scores are never rounded */
        expect_same_bits(api_score_of(world.card, "i", row), api_value_of(world.dataset, "x", row));
    }
    api_world_free(&world);
}

static const char tied[] = "region,x\nA,30\nB,20\nC,30\nD,\nE,40\nF,30\n";

TEST(rules_for_ties) {
    expect_ranks(tied, "{'normalise': 'none'}", (const double[]){2, 5, 2, 0, 1, 2});
    expect_ranks(tied, "{'normalise': 'none', 'rank': {'ties': 'competition'}}", (const double[]){2, 5, 2, 0, 1, 2});
    expect_ranks(tied, "{'normalise': 'none', 'rank': {'ties': 'dense'}}", (const double[]){2, 3, 2, 0, 1, 2});
    expect_ranks(tied, "{'normalise': 'none', 'rank': {'ties': 'average'}}", (const double[]){3, 5, 3, 0, 1, 3});
    expect_ranks(tied, "{'normalise': 'none', 'rank': {'ties': 'first'}}", (const double[]){2, 5, 3, 0, 1, 4});
    expect_ranks(tied, "{'normalise': 'none', 'rank': {'ties': 'max'}}", (const double[]){4, 5, 4, 0, 1, 4});
}

TEST(average_of_two) {
    expect_ranks("region,x\nA,1\nB,1\n", "{'normalise': 'none', 'rank': {'ties': 'average'}}",
                 (const double[]){1.5, 1.5});
}

/* 0.25 is a tie of 0.2 and 0.3 and goes to the even digit; 0.35 as a double lies below 0.35. */
TEST(decimals_round_for_ranking_only) {
    static const char csv[] = "region,x\nA,0.2\nB,0.25\nC,0.3\nD,0.35\nE,\n";
    expect_ranks(csv, "{'normalise': 'none'}", (const double[]){4, 3, 2, 1, 0});
    expect_ranks(csv, "{'normalise': 'none', 'rank': {'decimals': 1}}", (const double[]){3, 3, 1, 1, 0});
    expect_ranks(csv, "{'normalise': 'none', 'rank': {'decimals': 0}}", (const double[]){1, 1, 1, 1, 0});
    expect_ranks(csv, "{'normalise': 'none', 'rank': {'decimals': 2, 'ties': 'dense'}}",
                 (const double[]){4, 3, 2, 1, 0});
    expect_ranks("region,x\nA,2.5\nB,3.5\nC,-0.4\nD,1e22\n", "{'normalise': 'none', 'rank': {'decimals': 0}}",
                 (const double[]){3, 2, 4, 1});
}

/* Neighbours in the order: 10, 9.5 and 9 hang together, though 10 and 9 do not. */
TEST(tolerance_joins_neighbours) {
    static const char csv[] = "region,x\nA,9\nB,8\nC,9.5\nD,10\nE,8.49\n";
    expect_ranks(csv, "{'normalise': 'none', 'rank': {'tolerance': 0.5}}", (const double[]){1, 4, 1, 1, 4});
    expect_ranks(csv, "{'normalise': 'none', 'rank': {'tolerance': 0.5, 'ties': 'dense'}}",
                 (const double[]){1, 2, 1, 1, 2});
    expect_ranks(csv, "{'normalise': 'none', 'rank': {'tolerance': 0.5, 'ties': 'average'}}",
                 (const double[]){2, 4.5, 2, 2, 4.5});
    expect_ranks(csv, "{'normalise': 'none', 'rank': {'tolerance': 0.5, 'ties': 'max'}}",
                 (const double[]){3, 5, 3, 3, 5});
    expect_ranks(csv, "{'normalise': 'none', 'rank': {'tolerance': 0.49}}", (const double[]){3, 5, 2, 1, 4});
}

TEST(ranks_are_within_a_period) {
    expect_ranks("region,period,x\nA,2020,1\nA,2021,9\nB,2020,2\nB,2021,8\nC,2021,8\n", "{'normalise': 'none'}",
                 (const double[]){2, 1, 1, 2, 2});
    expect_ranks("region,period,x\nA,2020,1.04\nA,2021,9\nB,2020,1.01\nB,2021,9\n",
                 "{'normalise': 'none', 'rank': {'decimals': 1, 'ties': 'dense'}}", (const double[]){1, 1, 1, 1});
}

TEST(every_node_is_ranked) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x'}, {'id': 'y'}]}",
                                     "region,x,y\nA,1,9\nB,2,3\n", "{'normalise': 'none'}");
    expect_near(api_rank_of(world.card, "i", 0), 1, 0);
    expect_near(api_rank_of(world.card, "x", 0), 2, 0);
    expect_near(api_rank_of(world.card, "y", 0), 1, 0);
    api_world_free(&world);
}

/* An indicator's score is its normalised value, so that the lowest value of one to be low comes first. */
TEST(lower_is_better) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x', 'direction': 'lower'}]}",
                                     "region,x\nA,1\nB,2\nC,5\n", NULL);
    expect_card(&world, "A,,i,100,1,1,ok\nA,,x,100,1,1,ok\nB,,i,75,2,1,ok\nB,,x,75,2,1,ok\nC,,i,0,3,1,ok\n"
                        "C,,x,0,3,1,ok\n");
    api_world_free(&world);
}

TEST(options_out_of_range) {
    static const char *const plans[] = {
        "{'rank': {'ties': 'none'}}",      "{'rank': {'decimals': -1}}",         "{'rank': {'decimals': 16}}",
        "{'rank': {'decimals': 1.5}}",     "{'rank': {'tolerance': -1e-300}}",   "{'rank': {'tolerance': '1'}}",
        "{'missing': {'policy': 'skip'}}", "{'missing': {'min_coverage': 1.1}}", "{'missing': {'coverage_by': 1}}",
    };
    for (size_t i = 0; i < COUNT(plans); i++) {
        smr_error error = api_world_refused(tree, tied, plans[i], SMR_MESSAGE_PLAN_VALUE);
        expect_equal_int(error.status, SMR_ERROR_PLAN);
        expect_text(error.source, "plan.json");
    }
}

static const unit_test tests[] = {
    UNIT(rules_for_ties),
    UNIT(average_of_two),
    UNIT(decimals_round_for_ranking_only),
    UNIT(tolerance_joins_neighbours),
    UNIT(ranks_are_within_a_period),
    UNIT(every_node_is_ranked),
    UNIT(lower_is_better),
    UNIT(options_out_of_range),
};
UNIT_SUITE(rank, tests)
