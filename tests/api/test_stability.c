/* SPDX-License-Identifier: MIT */
/* Break-even weights, critical weights and one item less, as handles. The numbers of these small worlds follow by hand. */
#include "api.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char tree[] = "{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'g', 'children': [{'id': 'x'}, "
                           "{'id': 'y'}]}, {'id': 'z'}]}";
/* A has (6 + 2)/2 = 4 and 2: 3. B has (2 + 2)/2 = 2 and 8: 5. C has nothing but what is lowest. */
static const char data[] = "region,x,y,z\nA,6,2,2\nB,2,2,8\nC,1,1,1\n";

static smr_break_even *break_even_of(const api_world *world, const char *first, const char *second) {
    smr_break_even *result = NULL;
    smr_error error = unit_error();
    expect_ok(smr_break_even_run(NULL, world->model, world->dataset, first, second, NULL, &result, &error), &error);
    return result;
}

static smr_leave_out *leave_out_of(const api_world *world, uint32_t levels) {
    smr_leave_out *result = NULL;
    smr_error error = unit_error();
    smr_leave_out_options options;
    smr_leave_out_options_init(&options, sizeof options);
    options.levels = levels ? levels : options.levels;
    expect_ok(smr_leave_out_run(NULL, world->framework, world->dataset, world->plan, &options, &result, &error), &error);
    return result;
}

static smr_left_out item_of(const smr_leave_out *result, size_t index) {
    smr_left_out item;
    smr_error error = unit_error();
    smr_left_out_init(&item, sizeof item);
    expect_ok(smr_leave_out_item(result, index, &item, &error), &error);
    return item;
}

/* ---- break-even ---- */

TEST(break_even_shares) {
    api_world world = api_world_make(tree, data, NULL);
    smr_break_even *result = break_even_of(&world, "A", "B");
    double score, rank;
    expect_text(smr_break_even_region(result, 0, &score, &rank), "A");
    expect_near(score, 3, 0);
    expect_near(rank, 2, 0);
    expect_text(smr_break_even_region(result, 1, &score, NULL), "B");
    expect_near(score, 5, 0);
    const double *shares = smr_break_even_column(result, SMR_BREAK_EVEN_BREAK_EVEN);
    const uint8_t *statuses = smr_break_even_statuses(result);
    /* g: 4 s + 2 (1 - s) = 2 s + 8 (1 - s), s = 3/4; z is what is left; x: 6 s + 2 (1 - s) + 2 = 2 + 8 never */
    expect_near(shares[1], 0.75, 1e-15);
    expect_near(smr_break_even_column(result, SMR_BREAK_EVEN_CHANGE)[1], 0.25, 1e-15);
    expect_near(smr_break_even_column(result, SMR_BREAK_EVEN_RELATIVE_CHANGE)[1], 0.5, 1e-15);
    expect_near(shares[4], 0.25, 1e-15);
    expect_equal_int(statuses[1], SMR_BREAK_EVEN_FOUND);
    expect_equal_int(statuses[2], SMR_BREAK_EVEN_NONE);
    expect_nan(shares[2]);
    expect_nan(shares[0]);
    /* u.(4, 0, -6) = 0 from 1/4, 1/4, 1/2: from z to x, 2 = 10 m */
    double distance;
    const double *weights = smr_break_even_weights(result, &distance);
    expect_near(distance, 0.4, 1e-15);
    expect_near(weights[0], 0.45, 1e-15);
    expect_near(weights[1], 0.25, 0);
    expect_near(weights[2], 0.3, 1e-15);
    expect(smr_break_even_reason(result) == NULL);
    smr_break_even_unref(result);
    api_world_free(&world);
}

TEST(no_break_even) {
    api_world world = api_world_make(tree, data, NULL);
    smr_break_even *result = break_even_of(&world, "A", "C");
    for (size_t node = 1; node < 5; node++) {
        expect_equal_int(smr_break_even_statuses(result)[node], SMR_BREAK_EVEN_NONE);
    }
    double distance = 0;
    expect(smr_break_even_weights(result, &distance) == NULL);
    expect_nan(distance);
    expect(strstr(smr_break_even_reason(result), "not below") != NULL);
    smr_break_even_unref(result);
    api_world_free(&world);
    world = api_world_make("{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'g', 'children': [{'id': 'x'}]},"
                           " {'id': 'z'}, {'id': 'w', 'weight': 0}]}",
                           "region,x,z,w\nA,3,4,1\nB,3,4,5\n", NULL);
    result = break_even_of(&world, "A", "B");
    expect_equal_int(smr_break_even_statuses(result)[1], SMR_BREAK_EVEN_ALWAYS);
    expect_equal_int(smr_break_even_statuses(result)[2], SMR_BREAK_EVEN_ALONE);
    /* w counts for nothing now, and does not when they are equal */
    expect_equal_int(smr_break_even_statuses(result)[4], SMR_BREAK_EVEN_FOUND);
    expect_near(smr_break_even_column(result, SMR_BREAK_EVEN_BREAK_EVEN)[4], 0, 0);
    expect_nan(smr_break_even_column(result, SMR_BREAK_EVEN_RELATIVE_CHANGE)[4]);
    expect(smr_break_even_weights(result, &distance) != NULL);
    expect_near(distance, 0, 0);
    smr_break_even_unref(result);
    api_world_free(&world);
}

/* A lacks y: its g is 6 whatever the share of x; B lacks x. Both are closed forms of the shares that are left. */
TEST(break_even_with_holes) {
    api_world world = api_world_make(tree, "region,x,y,z\nA,6,,1\nB,,4,2\nC,2,5,3\n", NULL);
    smr_break_even *result = break_even_of(&world, "A", "C");
    /* 6 + 1 = 2 s + 5 (1 - s) + 3 at s = 1/3 */
    expect_near(smr_break_even_column(result, SMR_BREAK_EVEN_BREAK_EVEN)[2], 1.0 / 3, 1e-15);
    expect_near(smr_break_even_column(result, SMR_BREAK_EVEN_BREAK_EVEN)[3], 2.0 / 3, 1e-15);
    /* 6 s + 1 (1 - s) = 3.5 s + 3 (1 - s) at s = 4/9 */
    expect_near(smr_break_even_column(result, SMR_BREAK_EVEN_BREAK_EVEN)[1], 4.0 / 9, 1e-15);
    expect(smr_break_even_weights(result, NULL) == NULL);
    expect(strstr(smr_break_even_reason(result), "no score of \"y\"") != NULL);
    smr_break_even_unref(result);
    result = break_even_of(&world, "A", "B");
    expect_equal_int(smr_break_even_statuses(result)[2], SMR_BREAK_EVEN_NONE);
    expect_near(smr_break_even_column(result, SMR_BREAK_EVEN_BREAK_EVEN)[1], 1.0 / 3, 1e-15);
    smr_break_even_unref(result);
    api_world_free(&world);
}

/* ln 8 s + ln 2 (1 - s) = ln 2 s + ln 4 (1 - s): 3 s + 1 - s = s + 2 - 2 s, s = 1/3. */
TEST(break_even_of_other_means) {
    static const char flat[] = "{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'x'}, {'id': 'y'}]}";
    api_world world = api_world_make(flat, "region,x,y\nA,8,2\nB,2,4\n", "{'aggregate': 'geometric'}");
    smr_break_even *result = break_even_of(&world, "A", "B");
    expect_near(smr_break_even_column(result, SMR_BREAK_EVEN_BREAK_EVEN)[1], 1.0 / 3, 1e-14);
    expect_near(smr_break_even_column(result, SMR_BREAK_EVEN_BREAK_EVEN)[2], 2.0 / 3, 1e-14);
    double distance;
    expect(smr_break_even_weights(result, &distance) != NULL);
    expect_near(distance, 1.0 / 3, 1e-14);
    smr_break_even_unref(result);
    api_world_free(&world);
    /* the median does not feel a weight */
    world = api_world_make(flat, "region,x,y\nA,8,2\nB,2,4\n", "{'aggregate': 'median'}");
    result = break_even_of(&world, "A", "B");
    expect_equal_int(smr_break_even_statuses(result)[1], SMR_BREAK_EVEN_NONE);
    expect(smr_break_even_weights(result, NULL) == NULL);
    expect(strstr(smr_break_even_reason(result), "median") != NULL);
    smr_break_even_unref(result);
    api_world_free(&world);
}

TEST(break_even_texts) {
    api_world world = api_world_make(tree, data, NULL);
    smr_break_even *result = break_even_of(&world, "A", "B"), *other = smr_break_even_ref(result);
    smr_error error = unit_error();
    api_text text = {0};
    api_world_free(&world);
    smr_break_even_unref(result);
    expect_ok(smr_break_even_write_csv(other, api_text_append, &text, &error), &error);
    expect_text(text.bytes, "node,share,break_even,change,relative_change,status,effective_weight,nearest_weight\n"
                            "g,0.5,0.75,0.25,0.5,found,,\nx,0.5,,,,none,0.25,0.45\ny,0.5,,,,none,0.25,0.25\n"
                            "z,0.5,0.25,-0.25,-0.5,found,0.5,0.3\n");
    api_text_free(&text);
    text = (api_text){0};
    expect_ok(smr_break_even_write_json(other, api_text_append, &text, &error), &error);
    expect(strstr(text.bytes, "\"format\": \"smartregion-break-even/1\"") != NULL);
    expect(strstr(text.bytes, "{\"region\": \"B\", \"score\": 5, \"rank\": 1}") != NULL);
    expect(strstr(text.bytes, "\"distance\": 0.4,") != NULL);
    api_text_free(&text);
    smr_break_even_unref(other);
}

/* ---- critical weights ---- */

/* B leads A by 2, A leads C by 2: g must grow by 1/4 for A and B to meet; C meets nobody. */
TEST(critical_weights) {
    api_world world = api_world_make(tree, data, NULL);
    smr_criticality *result = NULL;
    smr_error error = unit_error();
    expect_ok(smr_criticality_run(NULL, world.model, world.dataset, NULL, &result, &error), &error);
    const char *other = NULL;
    expect_near(smr_criticality_column(result, SMR_CRITICALITY_ANY_CHANGE)[1], 0.25, 1e-15);
    expect_near(smr_criticality_column(result, SMR_CRITICALITY_ANY_RELATIVE)[1], 0.5, 1e-15);
    expect_near(smr_criticality_column(result, SMR_CRITICALITY_TOP_CHANGE)[4], -0.25, 1e-15);
    expect_text(smr_criticality_regions(result, 1, 0, &other), "B");
    expect_text(other, "A");
    expect(smr_criticality_regions(result, 2, 0, &other) == NULL && other == NULL);
    expect_nan(smr_criticality_column(result, SMR_CRITICALITY_ANY_CHANGE)[2]);
    expect_nan(smr_criticality_column(result, SMR_CRITICALITY_SHARE)[0]);
    api_text text = {0};
    smr_criticality *kept = smr_criticality_ref(result);
    smr_criticality_unref(result);
    api_world_free(&world);
    expect_text(smr_framework_node_id(smr_criticality_framework(kept), 4), "z");
    expect_ok(smr_criticality_write_csv(kept, api_text_append, &text, &error), &error);
    expect_text(text.bytes, "node,share,any_change,any_relative_change,any_region,any_other,top_change,"
                            "top_relative_change,top_region,top_other\ng,0.5,0.25,0.5,B,A,0.25,0.5,B,A\n"
                            "x,0.5,,,,,,,,\ny,0.5,,,,,,,,\nz,0.5,-0.25,-0.5,B,A,-0.25,-0.5,B,A\n");
    api_text_free(&text);
    text = (api_text){0};
    expect_ok(smr_criticality_write_json(kept, api_text_append, &text, &error), &error);
    expect(strstr(text.bytes, "\"format\": \"smartregion-criticality/1\"") != NULL);
    expect(strstr(text.bytes, "\"any_region\": null") != NULL);
    api_text_free(&text);
    smr_criticality_unref(kept);
}

/* ---- one item less ---- */

TEST(leaving_nodes_out) {
    api_world world = api_world_make(tree, data, NULL);
    smr_leave_out *result = leave_out_of(&world, SMR_LEAVE_OUT_INDICATOR | SMR_LEAVE_OUT_CRITERION);
    const double *ranks, *scores = smr_leave_out_scores(result, &ranks);
    expect_equal_uint(smr_leave_out_item_count(result), 4);
    expect_equal_uint(smr_leave_out_row_count(result), 3);
    expect_text(smr_leave_out_region(result, 1), "B");
    expect_near(scores[0], 3, 0);
    expect_near(ranks[0], 2, 0);
    smr_left_out z = item_of(result, 2), g = item_of(result, 3), x = item_of(result, 0);
    expect_text(z.id, "z");
    expect_equal_int(z.level, SMR_LEAVE_OUT_INDICATOR);
    expect_near(z.scores[0], 4, 0);
    expect_near(z.scores[1], 2, 0);
    expect_near(z.ranks[0], 1, 0);
    expect_near(z.ranks_before[0], 2, 0);
    expect_near(z.mean_shift, 2.0 / 3, 1e-15);
    expect_equal_uint(z.most_shift, 1);
    expect_equal_uint(z.reversals, 1);
    expect_near(z.kendall, 1.0 / 3, 1e-15);
    expect_text(z.gains_most, "A");
    expect_text(z.loses_most, "B");
    expect_near(z.gain, 1, 0);
    expect_text(g.id, "g");
    expect_equal_int(g.level, SMR_LEAVE_OUT_CRITERION);
    expect_near(g.scores[1], 8, 0);
    expect_equal_uint(g.reversals, 0);
    expect(g.gains_most == NULL && g.loses_most == NULL);
    expect_near(x.scores[0], 2, 0);
    smr_leave_out_unref(result);
    api_world_free(&world);
}

/* A parent goes with its last child; what nothing is left of stays in the list with its reason. */
TEST(what_cannot_be_left_out) {
    api_world world = api_world_make("{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'g', 'children': "
                                     "[{'id': 'x'}]}]}",
                                     "region,x\nA,1\nB,2\n", NULL);
    smr_leave_out *result = leave_out_of(&world, 0);
    expect_equal_uint(smr_leave_out_item_count(result), 4);
    for (size_t i = 0; i < 2; i++) {
        const smr_left_out item = item_of(result, i);
        expect(item.reason != NULL && strstr(item.reason, "nothing is left") != NULL);
        expect(item.scores == NULL && item.ranks == NULL && item.ranks_before == NULL);
        expect_nan(item.mean_shift);
    }
    const smr_left_out region = item_of(result, 2);
    expect_equal_int(region.level, SMR_LEAVE_OUT_REGION);
    expect(region.reason == NULL);
    expect_near(region.ranks_before[1], 1, 0);
    expect_nan(region.ranks[0]);
    smr_leave_out_unref(result);
    api_world_free(&world);
    /* the only one with a weight */
    world = api_world_make("{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'x'}, {'id': 'y', 'weight': 0}]}",
                           "region,x,y\nA,1,2\nB,2,1\n", NULL);
    result = leave_out_of(&world, SMR_LEAVE_OUT_INDICATOR);
    expect(strstr(item_of(result, 0).reason, "weight 0") != NULL);
    expect(item_of(result, 1).reason == NULL);
    smr_leave_out_unref(result);
    api_world_free(&world);
}

/* Min-max: without C, whose y is far off, A and B change places. */
TEST(leaving_regions_out) {
    static const char flat[] = "{'id': 'i', 'plan': {'normalise': 'minmax'}, 'children': [{'id': 'x'}, {'id': 'y'}]}";
    static const char three[] = "region,x,y\nA,10,0\nB,4,10\nC,0,100\nD,5,5\n";
    api_world world = api_world_make(flat, three, NULL);
    smr_leave_out *result = leave_out_of(&world, SMR_LEAVE_OUT_REGION);
    /* before: A 50, B (40 + 10)/2 = 25, C 50, D (50 + 5)/2 = 27.5; without C, x from 4 to 10: A 50, B 50, D 33.3 */
    const smr_left_out c = item_of(result, 2);
    expect_text(c.id, "C");
    expect_nan(c.ranks[2]);
    expect_nan(c.ranks_before[2]);
    expect_near(c.ranks_before[0], 1, 0);
    expect_near(c.ranks_before[3], 2, 0);
    expect_near(c.ranks_before[1], 3, 0);
    expect_near(c.scores[1], 50, 0);
    expect_near(c.ranks[1], 1, 0);
    expect_near(c.ranks[3], 3, 0);
    expect_equal_uint(c.reversals, 1);
    expect_text(c.gains_most, "B");
    expect_near(c.gain, 2, 0);
    smr_leave_out_unref(result);
    api_world_free(&world);
}

/* A region goes in every period, and with those that roll up into it. */
TEST(periods_and_parents) {
    static const char flat[] = "{'id': 'i', 'plan': {'normalise': 'minmax'}, 'children': [{'id': 'x'}]}";
    api_world world = api_world_make(flat, "region,period,x\nA,2019,1\nB,2019,9\nA,2020,2\nB,2020,3\nC,2020,4\n", NULL);
    smr_leave_out *result = leave_out_of(&world, SMR_LEAVE_OUT_REGION);
    expect_equal_uint(smr_leave_out_row_count(result), 3);
    expect_near(item_of(result, 1).scores[2], 100, 0); /* without B and its 9 */
    expect_near(item_of(result, 1).scores[0], 100.0 / 3, 1e-12);
    smr_leave_out_unref(result);
    smr_leave_out_options options;
    smr_error error = unit_error();
    smr_leave_out_options_init(&options, sizeof options);
    options.period = "2019";
    expect_ok(smr_leave_out_run(NULL, world.framework, world.dataset, NULL, &options, &result, &error), &error);
    expect_equal_uint(smr_leave_out_row_count(result), 2);
    smr_leave_out_unref(result);
    api_world_free(&world);
    world = api_world_make(flat, "region,parent,population,x\nA1,A,1,1\nA2,A,1,3\nB1,B,1,5\nC1,C,1,9\nA,,,\nB,,,\nC,,,\n",
                           "{'rollup': {'by': 'population'}}");
    result = leave_out_of(&world, SMR_LEAVE_OUT_REGION);
    expect_equal_uint(smr_leave_out_row_count(result), 3);
    expect_near(item_of(result, 0).scores[1], 0, 0); /* B is lowest without A's districts */
    expect_near(item_of(result, 0).scores[2], 100, 0);
    smr_leave_out_unref(result);
    api_world_free(&world);
}

/* What a plan says of a node goes with the node; a method that cannot do without it says so. */
TEST(plans_that_name_nodes) {
    static const char *const plans[] = {
        "{'weights': {'method': 'given', 'values': {'g': 2, 'z': 1, 'x': 1, 'y': 3}}}",
        "{'aggregate': {'nodes': {'g': {'method': 'power', 'p': 2}}}}",
        "{'normalise': {'indicators': {'z': 'rank'}}, 'impute': {'indicators': {'x': 'mean'}}}",
        "{'weights': 'pca', 'normalise': 'minmax'}",
        "{'aggregate': {'nodes': {'g': {'method': 'choquet', 'shapley': {'x': 0.4, 'y': 0.6}}}}}",
    };
    static const char more[] = "region,x,y,z\nA,6,2,2\nB,2,2,8\nC,1,1,1\nD,4,4,1\nE,3,7,9\n";
    for (size_t i = 0; i < COUNT(plans); i++) {
        api_world world = api_world_nouns(tree, more, plans[i]);
        smr_leave_out *result = leave_out_of(&world, 0);
        for (size_t k = 0; k < smr_leave_out_item_count(result); k++) {
            const smr_left_out item = item_of(result, k);
            const bool of_choquet = i + 1 == COUNT(plans) && k < 2;
            expect((item.reason != NULL) == of_choquet);
        }
        smr_leave_out_unref(result);
        api_world_free(&world);
    }
}

typedef struct pairs {
    size_t count, most, first[8], second[8];
} pairs;

static int32_t take_pair(size_t first, size_t second, void *user) {
    pairs *p = user;
    p->first[p->count] = first;
    p->second[p->count++] = second;
    return p->count < p->most;
}

TEST(reversals_and_texts) {
    api_world world = api_world_make(tree, data, NULL);
    smr_leave_out *result = leave_out_of(&world, SMR_LEAVE_OUT_INDICATOR), *other = smr_leave_out_ref(result);
    smr_error error = unit_error();
    api_world_free(&world);
    smr_leave_out_unref(result);
    expect_text(smr_framework_node_id(smr_leave_out_framework(other), 0), "i");
    pairs p = {.most = 8};
    expect_ok(smr_leave_out_reversals(other, 2, take_pair, &p, &error), &error);
    expect_equal_uint(p.count, 1);
    expect_equal_uint(p.first[0], 1);
    expect_equal_uint(p.second[0], 0);
    static const char *const expected[] = {
        [SMR_LEAVE_OUT_ROWS] = "level,left_out,region,rank_before,rank_after,score_before,score_after\n"
                               "indicator,x,A,2,2,3,2\nindicator,x,B,1,1,5,5\nindicator,x,C,3,3,1,1\n"
                               "indicator,y,A,2,2,3,4\nindicator,y,B,1,1,5,5\nindicator,y,C,3,3,1,1\n"
                               "indicator,z,A,2,1,3,4\nindicator,z,B,1,2,5,2\nindicator,z,C,3,3,1,1\n",
        [SMR_LEAVE_OUT_SUMMARY] = "level,left_out,mean_shift,most_shift,reversals,kendall,gains_most,gain,loses_most,"
                                  "loss,reason\nindicator,x,0,0,0,1,,,,,\nindicator,y,0,0,0,1,,,,,\n"
                                  "indicator,z,0.6666666666666666,1,1,0.3333333333333333,A,1,B,1,\n",
        [SMR_LEAVE_OUT_REVERSALS] = "level,left_out,region,other\nindicator,z,B,A\n",
    };
    for (int32_t section = SMR_LEAVE_OUT_ROWS; section <= SMR_LEAVE_OUT_REVERSALS; section++) {
        api_text text = {0};
        expect_ok(smr_leave_out_write_csv(other, section, api_text_append, &text, &error), &error);
        expect_text(text.bytes, expected[section]);
        api_text_free(&text);
    }
    api_text text = {0};
    expect_ok(smr_leave_out_write_json(other, api_text_append, &text, &error), &error);
    expect(strstr(text.bytes, "\"format\": \"smartregion-stability/1\"") != NULL);
    expect(strstr(text.bytes, "{\"level\": \"indicator\", \"left_out\": \"z\", \"region\": \"B\", \"other\": \"A\"}"));
    api_text_free(&text);
    smr_leave_out_unref(other);
}

/* The same bytes with any number of threads and every kernel; the reversals told are those counted. */
TEST(the_same_bytes) {
    static const char *const columns[] = {"a", "b", "c", "d", "e"};
    static const char four[] = "{'id': 'i', 'plan': {'normalise': 'minmax'}, 'children': [{'id': 'g', 'children': [{'id': "
                               "'a'}, {'id': 'b'}]}, {'id': 'c', 'weight': 2}, {'id': 'd'}, {'id': 'e'}]}";
    char *csv = api_random_csv(40, columns, COUNT(columns), 9, 0.05), *first = NULL;
    smr_context *contexts[] = {api_context(1, NULL), api_context(3, NULL), api_context(1, "baseline")};
    for (size_t i = 0; i < COUNT(contexts); i++) {
        api_world world = api_world_make_in(contexts[i], SMR_KEEP_INNER, four, csv, NULL);
        smr_leave_out *result = NULL;
        smr_error error = unit_error();
        api_text text = {0};
        expect_ok(smr_leave_out_run(contexts[i], world.framework, world.dataset, NULL, NULL, &result, &error), &error);
        expect_ok(smr_leave_out_write_json(result, api_text_append, &text, &error), &error);
        uint64_t counted = 0;
        size_t told = 0;
        for (size_t k = 0; k < smr_leave_out_item_count(result); k++) {
            counted += item_of(result, k).reversals;
        }
        for (const char *at = text.bytes; (at = strstr(at, "\"other\"")) != NULL; at++) {
            told++;
        }
        expect(counted > 0);
        expect_equal_uint(told, counted);
        if (first == NULL) {
            first = text.bytes;
        } else {
            expect_text(text.bytes, first);
            api_text_free(&text);
        }
        smr_leave_out_unref(result);
        api_world_free(&world);
        smr_context_unref(contexts[i]);
    }
    free(first);
    free(csv);
}

/* ---- wrong calls ---- */

TEST(wrong_calls_of_weights) {
    api_world world = api_world_make(tree, "region,x,y,z\nA,6,2,2\nB,2,2,8\nC,,,\n", NULL);
    smr_break_even *result = break_even_of(&world, "A", "B"), *none = result;
    smr_criticality *critical = NULL;
    smr_error error = unit_error();
    const smr_model *m = world.model;
    const smr_dataset *d = world.dataset;
    expect_argument(smr_break_even_run(NULL, NULL, d, "A", "B", NULL, &none, &error), &error);
    expect(none == NULL);
    expect_argument(smr_break_even_run(NULL, m, NULL, "A", "B", NULL, &none, &error), &error);
    expect_argument(smr_break_even_run(NULL, m, d, NULL, "B", NULL, &none, &error), &error);
    expect_argument(smr_break_even_run(NULL, m, d, "A", NULL, NULL, &none, &error), &error);
    expect_argument(smr_break_even_run(NULL, m, d, "A", "B", NULL, NULL, &error), &error);
    expect_argument(smr_break_even_run(NULL, m, d, "A", "A", NULL, &none, &error), &error);
    expect_fails(smr_break_even_run(NULL, m, d, "A", "Z", NULL, &none, &error), &error, SMR_MESSAGE_SHARE_REGION);
    expect_fails(smr_break_even_run(NULL, m, d, "C", "A", NULL, &none, &error), &error, SMR_MESSAGE_SHARE_NO_INDEX);
    smr_break_even_options options;
    smr_break_even_options_init(&options, sizeof options);
    options.period = "2020";
    expect_fails(smr_break_even_run(NULL, m, d, "A", "B", &options, &none, &error), &error, SMR_MESSAGE_PERIOD_UNKNOWN);
    expect_fails(smr_criticality_run(NULL, m, d, &options, &critical, &error), &error, SMR_MESSAGE_PERIOD_UNKNOWN);
    expect_argument(smr_criticality_run(NULL, NULL, d, NULL, &critical, &error), &error);
    expect_argument(smr_criticality_run(NULL, m, NULL, NULL, &critical, &error), &error);
    expect_argument(smr_criticality_run(NULL, m, d, NULL, NULL, &error), &error);
    expect_argument(smr_break_even_write_csv(NULL, api_text_append, NULL, &error), &error);
    expect_argument(smr_break_even_write_csv(result, NULL, NULL, &error), &error);
    expect_argument(smr_break_even_write_json(NULL, api_text_append, NULL, &error), &error);
    expect_argument(smr_break_even_write_json(result, NULL, NULL, &error), &error);
    expect_argument(smr_criticality_write_csv(NULL, api_text_append, NULL, &error), &error);
    expect_argument(smr_criticality_write_json(NULL, api_text_append, NULL, &error), &error);
    double number = 0;
    expect(smr_break_even_region(result, 2, &number, NULL) == NULL && smr_break_even_region(NULL, 0, NULL, &number) == NULL);
    expect_nan(number);
    expect(smr_break_even_column(result, 4) == NULL && smr_break_even_column(NULL, 0) == NULL);
    expect(smr_break_even_statuses(NULL) == NULL && smr_break_even_weights(NULL, &number) == NULL);
    expect(smr_break_even_reason(NULL) == NULL && smr_break_even_framework(NULL) == NULL);
    expect(smr_criticality_column(NULL, 0) == NULL && smr_criticality_framework(NULL) == NULL);
    expect(smr_criticality_regions(NULL, 0, 0, NULL) == NULL);
    expect(smr_break_even_ref(NULL) == NULL && smr_criticality_ref(NULL) == NULL);
    smr_break_even_unref(NULL);
    smr_criticality_unref(NULL);
    smr_break_even_unref(result);
    api_world_free(&world);
    world = api_world_make(tree, data, "{'normalise': 'minmax', 'aggregate': {'nodes': {'g': 'copeland'}}}");
    expect_fails(smr_break_even_run(NULL, world.model, world.dataset, "A", "B", NULL, &none, &error), &error,
                 SMR_MESSAGE_SHARE_NODE);
    expect_fails(smr_criticality_run(NULL, world.model, world.dataset, NULL, &critical, &error), &error,
                 SMR_MESSAGE_SHARE_NODE);
    expect(critical == NULL);
    api_world_free(&world);
}

TEST(wrong_calls_of_leave_out) {
    api_world world = api_world_make(tree, data, NULL);
    smr_leave_out *result = leave_out_of(&world, SMR_LEAVE_OUT_INDICATOR), *none = result;
    smr_error error = unit_error();
    smr_leave_out_options options;
    smr_left_out item;
    expect_argument(smr_leave_out_run(NULL, NULL, world.dataset, NULL, NULL, &none, &error), &error);
    expect(none == NULL);
    expect_argument(smr_leave_out_run(NULL, world.framework, NULL, NULL, NULL, &none, &error), &error);
    expect_argument(smr_leave_out_run(NULL, world.framework, world.dataset, NULL, NULL, NULL, &error), &error);
    for (int wrong = 0; wrong < 2; wrong++) {
        smr_leave_out_options_init(&options, sizeof options);
        options.levels = wrong ? 8 : 0;
        expect_argument(smr_leave_out_run(NULL, world.framework, world.dataset, NULL, &options, &none, &error), &error);
    }
    smr_leave_out_options_init(&options, sizeof options);
    options.period = "2020";
    expect_fails(smr_leave_out_run(NULL, world.framework, world.dataset, NULL, &options, &none, &error), &error,
                 SMR_MESSAGE_PERIOD_UNKNOWN);
    smr_left_out_init(&item, sizeof item);
    expect_argument(smr_leave_out_item(NULL, 0, &item, &error), &error);
    expect_argument(smr_leave_out_item(result, 3, &item, &error), &error);
    expect_argument(smr_leave_out_item(result, 0, NULL, &error), &error);
    pairs p = {.most = 8};
    expect_argument(smr_leave_out_reversals(NULL, 0, take_pair, &p, &error), &error);
    expect_argument(smr_leave_out_reversals(result, 3, take_pair, &p, &error), &error);
    expect_argument(smr_leave_out_reversals(result, 0, NULL, &p, &error), &error);
    expect_argument(smr_leave_out_write_csv(NULL, 0, api_text_append, NULL, &error), &error);
    expect_argument(smr_leave_out_write_csv(result, 0, NULL, NULL, &error), &error);
    expect_argument(smr_leave_out_write_csv(result, 3, api_text_append, NULL, &error), &error);
    expect_argument(smr_leave_out_write_csv(result, -1, api_text_append, NULL, &error), &error);
    expect_argument(smr_leave_out_write_json(NULL, api_text_append, NULL, &error), &error);
    expect_argument(smr_leave_out_write_json(result, NULL, NULL, &error), &error);
    expect_equal_uint(smr_leave_out_row_count(NULL) + smr_leave_out_item_count(NULL), 0);
    const double *ranks = NULL;
    expect(smr_leave_out_region(NULL, 0) == NULL && smr_leave_out_region(result, 3) == NULL);
    expect(smr_leave_out_framework(NULL) == NULL && smr_leave_out_scores(NULL, &ranks) == NULL && ranks == NULL);
    expect(smr_leave_out_ref(NULL) == NULL);
    smr_leave_out_unref(NULL);
    smr_leave_out_unref(result);
    api_world_free(&world);
}

static const unit_test tests[] = {
    UNIT(break_even_shares),
    UNIT(no_break_even),
    UNIT(break_even_with_holes),
    UNIT(break_even_of_other_means),
    UNIT(break_even_texts),
    UNIT(critical_weights),
    UNIT(leaving_nodes_out),
    UNIT(what_cannot_be_left_out),
    UNIT(leaving_regions_out),
    UNIT(periods_and_parents),
    UNIT(plans_that_name_nodes),
    UNIT(reversals_and_texts),
    UNIT(the_same_bytes),
    UNIT(wrong_calls_of_weights),
    UNIT(wrong_calls_of_leave_out),
};
UNIT_SUITE(stability, tests)
