/* SPDX-License-Identifier: MIT */
/* Periods: bounds pooled, apart and frozen; the latest; one period alone. */
#include "api.h"

static const char tree[] = "{'id': 'i', 'children': [{'id': 'x'}]}";
static const char data[] = "region,period,x\nA,2020,0\nA,2021,10\nB,2020,10\nB,2021,40\n";

static void expect_scores(const char *plan, const double *scores) {
    api_world world = api_world_make(tree, data, plan);
    for (size_t row = 0; row < 4; row++) {
        expect_near(api_score_of(world.card, "i", row), scores[row], 1e-13);
        expect_same_bits(api_score_of(world.card, "x", row), api_score_of(world.card, "i", row));
    }
    api_world_free(&world);
}

TEST(all_periods_together) {
    expect_scores(NULL, (const double[]){0, 25, 25, 100});
    expect_scores("{'normalise': {'per': 'all_periods'}}", (const double[]){0, 25, 25, 100});
}

TEST(each_period_apart) {
    expect_scores("{'normalise': {'per': 'period'}}", (const double[]){0, 0, 100, 100});
}

/* 2020 has 0 to 10; what is above in 2021 is clamped unless the plan says otherwise. */
TEST(one_period_frozen) {
    expect_scores("{'normalise': {'per': '2020'}}", (const double[]){0, 100, 100, 100});
    expect_scores("{'normalise': {'per': '2020', 'clamp': false}}", (const double[]){0, 100, 100, 400});
    expect_scores("{'normalise': {'per': '2021', 'clamp': false}}", (const double[]){-100.0 / 3, 0, 0, 100});
}

TEST(a_period_that_is_not_there) {
    smr_error error = api_world_refused(tree, data, "{'normalise': {'per': '2019'}}", SMR_MESSAGE_PERIOD_UNKNOWN);
    expect_equal_int(error.status, SMR_ERROR_NOT_FOUND);
    error =
        api_world_refused(tree, "region,x\nA,1\nB,2\n", "{'normalise': {'per': 'period'}}", SMR_MESSAGE_PERIODS_NEEDED);
    expect_equal_int(error.status, SMR_ERROR_DATA);
}

/* Bounds of a period are for that period; a frozen reference is for all that come. */
TEST(a_later_period_against_the_model) {
    api_world world = api_world_make(tree, data, "{'normalise': {'per': 'period'}}");
    smr_dataset *later = api_dataset("region,period,x\nA,2022,5\n");
    smr_scorecard *card = (smr_scorecard *)(uintptr_t)1;
    smr_error error = unit_error();
    expect_fails(smr_model_score(world.context, world.model, later, NULL, &card, &error), &error,
                 SMR_MESSAGE_PERIOD_UNKNOWN_TO_MODEL);
    expect(card == NULL);
    api_world_free(&world);

    world = api_world_make(tree, data, "{'normalise': {'per': '2020'}}");
    card = api_score(&world, later);
    expect_scorecard(card, "A,2022,i,50,1,1,ok\nA,2022,x,50,1,1,ok\n");
    smr_scorecard_unref(card);
    /* and data without periods */
    smr_dataset *timeless = api_dataset("region,x\nA,2.5\n");
    card = api_score(&world, timeless);
    expect_scorecard(card, "A,,i,25,1,1,ok\nA,,x,25,1,1,ok\n");
    smr_scorecard_unref(card);
    smr_dataset_unref(timeless);
    smr_dataset_unref(later);
    api_world_free(&world);
}

/* Periods are ordered by their start whatever the order of rows; each has bounds of its own. */
TEST(mixed_lengths_and_orders) {
    api_world world = api_world_make(tree, "region,period,x\nA,2021-Q2,1\nA,2021-Q1,4\nB,2021-Q1,8\nB,2021-Q2,3\n",
                                     "{'normalise': {'per': 'period'}}");
    expect_text(smr_dataset_latest_period(world.dataset), "2021-Q2");
    expect_card(&world, "A,2021-Q2,i,0,2,1,ok\nA,2021-Q2,x,0,2,1,ok\nA,2021-Q1,i,0,2,1,ok\nA,2021-Q1,x,0,2,1,ok\n"
                        "B,2021-Q1,i,100,1,1,ok\nB,2021-Q1,x,100,1,1,ok\nB,2021-Q2,i,100,1,1,ok\n"
                        "B,2021-Q2,x,100,1,1,ok\n");
    /* a row of the scorecard: the latest period, unless one is named */
    expect_equal_int(smr_scorecard_find_row(world.card, "A", NULL), 0);
    expect_equal_int(smr_scorecard_find_row(world.card, "A", "2021-Q1"), 1);
    expect_equal_int(smr_scorecard_find_row(world.card, "B", NULL), 3);
    expect_equal_int(smr_scorecard_find_row(world.card, "B", "2020"), -1);
    expect_equal_int(smr_scorecard_find_row(world.card, "C", NULL), -1);
    expect_text(smr_scorecard_period(world.card, 1), "2021-Q1");
    api_world_free(&world);
}

TEST(a_period_without_spread) {
    api_world world = api_world_make(tree, "region,period,x\nA,2020,7\nB,2020,7\nA,2021,1\nB,2021,2\n",
                                     "{'normalise': {'per': 'period'}}");
    expect_card(&world, "A,2020,i,,,0,not_computed\nA,2020,x,,,0,constant\nB,2020,i,,,0,not_computed\n"
                        "B,2020,x,,,0,constant\nA,2021,i,0,2,1,ok\nA,2021,x,0,2,1,ok\nB,2021,i,100,1,1,ok\n"
                        "B,2021,x,100,1,1,ok\n");
    api_world_free(&world);
}

TEST(select_one_period) {
    smr_dataset *dataset = api_dataset("region,period,name,income,x\nA,2020,Alpha,HIC,0\nA,2021,Alpha,MIC,10\n"
                                       "B,2021,,HIC,40\n");
    smr_dataset *selected = NULL;
    smr_error error = unit_error();
    expect_ok(smr_dataset_select_period(unit_context(), dataset, "2021", &selected, &error), &error);
    expect_dataset(selected, "region,period,income,x\nA,2021,MIC,10\nB,2021,HIC,40\n");
    expect_text(smr_dataset_region_name(selected, 0), "Alpha");
    smr_dataset_unref(selected);
    expect_ok(smr_dataset_select_period(unit_context(), dataset, "2020", &selected, &error), &error);
    expect_dataset(selected, "region,period,income,x\nA,2020,HIC,0\n");
    smr_dataset_unref(selected);
    /* NULL: the latest; it outlives what it was taken from */
    expect_ok(smr_dataset_select_period(NULL, dataset, NULL, &selected, &error), &error);
    smr_dataset *gone = (smr_dataset *)(uintptr_t)1;
    expect_fails(smr_dataset_select_period(NULL, dataset, "2019", &gone, &error), &error, SMR_MESSAGE_PERIOD_UNKNOWN);
    expect(gone == NULL);
    smr_dataset_unref(dataset);
    expect_text(smr_dataset_period(selected, 1), "2021");
    expect_near(api_value_of(selected, "x", 1), 40, 0);
    smr_dataset_unref(selected);

    /* without periods: NULL is all there is */
    dataset = api_dataset("region,x\nA,1\n");
    expect_ok(smr_dataset_select_period(NULL, dataset, NULL, &selected, &error), &error);
    expect_dataset(selected, "region,x\nA,1\n");
    smr_dataset_unref(selected);
    expect_fails(smr_dataset_select_period(NULL, dataset, "2020", &gone, &error), &error, SMR_MESSAGE_PERIOD_UNKNOWN);
    smr_dataset_unref(dataset);
}

static const unit_test tests[] = {
    UNIT(all_periods_together),
    UNIT(each_period_apart),
    UNIT(one_period_frozen),
    UNIT(a_period_that_is_not_there),
    UNIT(a_later_period_against_the_model),
    UNIT(mixed_lengths_and_orders),
    UNIT(a_period_without_spread),
    UNIT(select_one_period),
};
UNIT_SUITE(periods, tests)
