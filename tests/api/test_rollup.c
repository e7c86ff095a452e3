/* SPDX-License-Identifier: MIT */
/* Districts into provinces: by hand. */
#include "api.h"

static const char tree[] = "{'id': 'i', 'children': [{'id': 'x'}, {'id': 'n', 'kind': 'count'}]}";
/* P is what its parts make it: x (10 * 1 + 30 * 5)/40, n 5 + 7. Q reports x itself, not n. R has no row of its own; the
 * part without population has no say in x, but its count counts. */
static const char data[] = "region,name,parent,population,x,n\n"
                           "P1,,P,10,1,5\n"
                           "P,Pê,,,,\n"
                           "P2,,P,30,5,7\n"
                           "Q,,,40,100,\n"
                           "Q1,,Q,20,3,4\n"
                           "Q2,,Q,20,4,5\n"
                           "R1,,R,50,7,1\n"
                           "R2,,R,,9,2\n";

TEST(roots_are_kept) {
    api_world world = api_world_make(tree, data, "{'rollup': {'by': 'population'}, 'normalise': 'none'}");
    expect_step(&world, "raw", "region,x,n\nP,4,12\nQ,100,9\nR,7,3\n");
    expect_card(&world, "P,,i,8,2,1,ok\nP,,x,4,3,1,ok\nP,,n,12,1,1,ok\n"
                        "Q,,i,54.5,1,1,ok\nQ,,x,100,1,1,ok\nQ,,n,9,2,1,ok\n"
                        "R,,i,5,3,1,ok\nR,,x,7,2,1,ok\nR,,n,3,3,1,ok\n");
    expect_text(smr_scorecard_region_name(world.card, 0), "Pê");
    expect_text(smr_scorecard_region_name(world.card, 1), "Q");
    expect_equal_int(smr_scorecard_find_row(world.card, "R", NULL), 2);
    expect_equal_int(smr_scorecard_find_row(world.card, "P1", NULL), -1);
    api_world_free(&world);
}

/* Rows of the data in their order, then the wholes that only their parts imply. */
TEST(all_are_kept) {
    api_world world =
        api_world_make(tree, data, "{'rollup': {'by': 'population', 'keep': 'all'}, 'normalise': 'none'}");
    expect_step(&world, "raw", "region,x,n\nP1,1,5\nP,4,12\nP2,5,7\nQ,100,9\nQ1,3,4\nQ2,4,5\nR1,7,1\nR2,9,2\nR,7,3\n");
    expect_equal_uint(smr_scorecard_row_count(world.card), 9);
    api_world_free(&world);
}

/* The country's x is that of its provinces by their population, which is the sum of their districts' where none is
 * reported: P 4 by 40, Q 6 by 10: (160 + 60)/50. */
TEST(three_levels) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x'}]}",
                                     "region,parent,population,x\nP1,P,10,1\nP2,P,30,5\nP,C,,\nQ,C,10,6\n",
                                     "{'rollup': {'by': 'population', 'keep': 'all'}, 'normalise': 'none'}");
    expect_step(&world, "raw", "region,x\nP1,1\nP2,5\nP,4\nQ,6\nC,4.4\n");
    api_world_free(&world);
}

/* Divided before it is rolled up, and no count any more: P1 20/10, P2 30/30; P (10 * 2 + 30 * 1)/40. */
TEST(denominated_before) {
    static const char shares[] = "{'id': 'i', 'children': [{'id': 'n', 'kind': 'count', 'denominator': 'population'}]}";
    static const char rows[] = "region,parent,population,n\nP1,P,10,20\nP2,P,30,30\n";
    api_world world = api_world_make(shares, rows, "{'rollup': {'by': 'population'}, 'normalise': 'none'}");
    expect_step(&world, "denominate", "region,n\nP,1.25\n");
    api_world_free(&world);
    world = api_world_make(shares, rows,
                           "{'rollup': {'by': 'population'}, 'normalise': 'none', 'denominate': {'use': false}}");
    expect_step(&world, "denominate", "region,n\nP,50\n");
    api_world_free(&world);
    world = api_world_make(shares, rows,
                           "{'rollup': {'by': 'population'}, 'normalise': 'none', 'denominate': {'scale': 1000}}");
    expect_step(&world, "denominate", "region,n\nP,1250\n");
    api_world_free(&world);
}

/* 2021 has one part of P: 5; and none of Q. */
TEST(periods_are_apart) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x'}]}",
                                     "region,period,parent,population,x\nP1,2020,P,10,1\nP2,2020,P,30,5\n"
                                     "P2,2021,P,30,5\nQ1,2020,Q,5,2\n",
                                     "{'rollup': {'by': 'population'}, 'normalise': 'none'}");
    expect_step(&world, "raw", "region,period,x\nP,2020,4\nP,2021,5\nQ,2020,2\n");
    api_world_free(&world);
}

/* The bounds are those of what goes on. */
TEST(the_fit_sees_the_wholes) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x'}]}",
                                     "region,parent,population,x\nP1,P,1,0\nP2,P,1,20\nQ1,Q,1,30\nR,,,15\n",
                                     "{'rollup': {'by': 'population'}}");
    expect_step(&world, "raw", "region,x\nR,15\nP,10\nQ,30\n");
    expect_step(&world, "normalise", "region,x\nR,25\nP,0\nQ,100\n");
    /* and later data are rolled up as well */
    smr_dataset *later = api_dataset("region,parent,population,x\nS1,S,1,10\nS2,S,3,30\n");
    smr_scorecard *card = api_score(&world, later);
    expect_scorecard(card, "S,,i,75,1,1,ok\nS,,x,75,1,1,ok\n");
    smr_scorecard_unref(card);
    smr_dataset_unref(later);
    api_world_free(&world);
}

TEST(nothing_to_roll_up_with) {
    smr_error error = api_world_refused(tree, "region,parent,x\nP1,P,1\n", "{'rollup': {'by': 'population'}}",
                                        SMR_MESSAGE_WEIGHT_COLUMN_MISSING);
    expect_text(error.subject, "population");
    error = api_world_refused(tree, "region,population,x\nA,1,1\n", "{'rollup': {'by': 'population'}}",
                              SMR_MESSAGE_ROLLUP_WITHOUT_PARENTS);
    expect_equal_int(error.status, SMR_ERROR_DATA);
    error = api_world_refused(tree, data, "{'rollup': {'by': 5}}", SMR_MESSAGE_PLAN_VALUE);
    error = api_world_refused(tree, data, "{'rollup': {'keep': 'leaves'}}", SMR_MESSAGE_PLAN_VALUE);
}

/* Parts without weight above zero say nothing. */
TEST(weights_of_zero) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x'}]}",
                                     "region,parent,population,x\nP1,P,0,1\nP2,P,0,5\nQ1,Q,2,3\n",
                                     "{'rollup': {'by': 'population'}, 'normalise': 'none'}");
    expect_step(&world, "raw", "region,x\nP,\nQ,3\n");
    api_world_free(&world);
}

static const unit_test tests[] = {
    UNIT(roots_are_kept),          UNIT(all_are_kept),      UNIT(three_levels),
    UNIT(denominated_before),      UNIT(periods_are_apart), UNIT(the_fit_sees_the_wholes),
    UNIT(nothing_to_roll_up_with), UNIT(weights_of_zero),
};
UNIT_SUITE(rollup, tests)
