/* SPDX-License-Identifier: MIT */
/* Exact bounds as a handle: what they say of worlds that are small enough to see, what they refuse, and their bits. */
#include "api.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char flat[] = "{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'x'}, {'id': 'y'}]}";
/* A is above all where x counts, B where y does; C lies between, below the line from A to B; D is below all. */
static const char four[] = "region,x,y\nA,10,0\nB,0,10\nC,4,4\nD,0,0\n";

static smr_bounds *bounds_of(const api_world *world, const char *weights) {
    smr_bounds *bounds = NULL;
    smr_error error = unit_error();
    char *json = weights ? api_json(weights) : NULL;
    expect_ok(smr_bounds_run(NULL, world->model, world->dataset, json, json ? strlen(json) : 0, "w.json", NULL, &bounds,
                             &error),
              &error);
    free(json);
    return bounds;
}

static void expect_refused(const api_world *world, const char *weights, int32_t code, const char *says) {
    smr_bounds *bounds = NULL;
    smr_error error = unit_error();
    char *json = weights ? api_json(weights) : NULL;
    expect_fails(smr_bounds_run(NULL, world->model, world->dataset, json, json ? strlen(json) : 0, "w.json", NULL,
                                &bounds, &error),
                 &error, code);
    expect(bounds == NULL);
    if (!strstr(error.message, says)) {
        expect_text(error.message, says);
    }
    free(json);
}

static void expect_column(const smr_bounds *bounds, int32_t column, const double *expected) {
    for (size_t row = 0; row < smr_bounds_row_count(bounds); row++) {
        expect_near(smr_bounds_column(bounds, column)[row], expected[row], 0);
    }
}

TEST(a_world_that_can_be_seen) {
    api_world world = api_world_make(flat, four, NULL);
    smr_bounds *bounds = bounds_of(&world, "{'vary': 'weights', 'distribution': 'uniform'}");
    static const double best[] = {1, 1, 2, 3}, worst[] = {3, 3, 3, 4};
    expect_equal_uint(smr_bounds_row_count(bounds), 4);
    expect_text(smr_bounds_region(bounds, 2), "C");
    expect_text(smr_framework_node_id(smr_bounds_framework(bounds), 0), "i");
    expect_column(bounds, SMR_BOUNDS_RANK_BEST, best);
    expect_column(bounds, SMR_BOUNDS_BEST_REACHED, best);
    expect_column(bounds, SMR_BOUNDS_RANK_WORST, worst);
    expect_column(bounds, SMR_BOUNDS_WORST_REACHED, worst);
    expect_near(smr_bounds_column(bounds, SMR_BOUNDS_SCORE)[2], 4, 0);
    expect_near(smr_bounds_column(bounds, SMR_BOUNDS_RANK)[3], 4, 0);
    expect_equal_uint(smr_bounds_unproven(bounds), 0);
    static const uint8_t outranking[] = {SMR_NEVER, SMR_POSSIBLE, SMR_POSSIBLE, SMR_POSSIBLE,  //
                                         SMR_POSSIBLE, SMR_NEVER, SMR_POSSIBLE, SMR_POSSIBLE,  //
                                         SMR_POSSIBLE, SMR_POSSIBLE, SMR_NEVER, SMR_NECESSARY, //
                                         SMR_NEVER, SMR_NEVER, SMR_NEVER, SMR_NEVER};
    for (size_t i = 0; i < COUNT(outranking); i++) {
        expect_equal_int(smr_bounds_outranking(bounds)[i], outranking[i]);
    }
    smr_bounds_unref(bounds);
    api_world_free(&world);
}

/* The weights that are told do give the ranks that are told. */
TEST(the_weights_that_reach_a_rank) {
    api_world world = api_world_make(flat, four, NULL);
    smr_bounds *bounds = bounds_of(&world, "{'distribution': 'box', 'low': 0.2}");
    static const double x[] = {10, 0, 4, 0}, y[] = {0, 10, 4, 0};
    for (size_t row = 0; row < 4; row++) {
        for (int32_t column = SMR_BOUNDS_BEST_REACHED; column <= SMR_BOUNDS_WORST_REACHED; column++) {
            const double *w = smr_bounds_weights(bounds, row, column);
            double above = 0;
            expect_near(w[0] + w[1], 1, 1e-15);
            expect(w[0] >= 0.2 - 1e-15 && w[1] >= 0.2 - 1e-15);
            for (size_t other = 0; other < 4; other++) {
                above += w[0] * (x[other] - x[row]) + w[1] * (y[other] - y[row]) > 1e-8;
            }
            expect_near(smr_bounds_column(bounds, column)[row], 1 + above, 0);
        }
    }
    expect(smr_bounds_weights(bounds, 4, SMR_BOUNDS_BEST_REACHED) == NULL);
    expect(smr_bounds_weights(bounds, 0, SMR_BOUNDS_RANK_BEST) == NULL);
    smr_bounds_unref(bounds);
    api_world_free(&world);
}

/* Noise on a tree is noise in every family; without any the order stands; a weight of 0 stays 0. */
TEST(noise) {
    static const char tree[] = "{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'g', 'children': [{'id': "
                               "'x'}, {'id': 'y'}]}, {'id': 'z'}, {'id': 'u', 'weight': 0}]}";
    static const char data[] = "region,x,y,z,u\nA,8,0,0,9\nB,0,0,3,\nC,1,1,1,0\n";
    api_world world = api_world_make(tree, data, NULL);
    smr_bounds *bounds = bounds_of(&world, "{'distribution': 'noise', 'percent': 0}");
    for (size_t row = 0; row < 3; row++) {
        const double rank = smr_bounds_column(bounds, SMR_BOUNDS_RANK)[row];
        expect_near(smr_bounds_column(bounds, SMR_BOUNDS_RANK_BEST)[row], rank, 0);
        expect_near(smr_bounds_column(bounds, SMR_BOUNDS_RANK_WORST)[row], rank, 0);
    }
    smr_bounds_unref(bounds);
    /* A has 8 times (1 - p) / 2 times (1 - p) / 2 at least, where B has 3 (1 + p) / 2. */
    bounds = bounds_of(&world, "{'distribution': 'noise', 'percent': 7}");
    expect_equal_int(smr_bounds_outranking(bounds)[1], SMR_NECESSARY); /* 8 x .465 x .465 > 3 x .535 */
    smr_bounds_unref(bounds);
    bounds = bounds_of(&world, "{'distribution': 'noise', 'percent': 12}");
    expect_equal_int(smr_bounds_outranking(bounds)[1], SMR_POSSIBLE); /* 8 x .44 x .44 < 3 x .56 */
    smr_bounds_unref(bounds);
    bounds = bounds_of(&world, "{'distribution': 'noise', 'percent': 12, 'nodes': ['g']}");
    expect_equal_int(smr_bounds_outranking(bounds)[1], SMR_NECESSARY); /* 8 x .44 x .5 > 3 x .5 */
    smr_bounds_unref(bounds);
    bounds = bounds_of(&world, NULL);
    expect_near(smr_bounds_weights(bounds, 0, SMR_BOUNDS_BEST_REACHED)[3], 0, 0);
    smr_bounds_unref(bounds);
    api_world_free(&world);
}

TEST(orders_and_boxes_by_id) {
    static const char three[] = "{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'x'}, {'id': 'y'}, "
                                "{'id': 'z'}]}";
    api_world world = api_world_make(three, "region,x,y,z\nA,6,0,0\nB,0,0,6\nC,0,6,0\n", NULL);
    smr_bounds *bounds = bounds_of(&world, "{'distribution': 'ordered', 'order': ['x', ['y', 'z']]}");
    expect_equal_int(smr_bounds_outranking(bounds)[1], SMR_POSSIBLE); /* A above B but for equal weights */
    expect_equal_int(smr_bounds_outranking(bounds)[3], SMR_NEVER);
    expect_equal_int(smr_bounds_outranking(bounds)[3 + 2], SMR_POSSIBLE); /* y and z share a place */
    expect_equal_int(smr_bounds_outranking(bounds)[6 + 1], SMR_POSSIBLE);
    smr_bounds_unref(bounds);
    /* by the model's weights all are as important */
    bounds = bounds_of(&world, "{'distribution': 'ordered'}");
    expect_equal_int(smr_bounds_outranking(bounds)[3], SMR_POSSIBLE);
    smr_bounds_unref(bounds);
    bounds = bounds_of(&world, "{'distribution': 'box', 'low': {'x': 0.5}, 'high': {'z': 0.25}}");
    expect_equal_int(smr_bounds_outranking(bounds)[1], SMR_NECESSARY);
    expect_equal_int(smr_bounds_outranking(bounds)[2], SMR_POSSIBLE); /* y may have half too */
    smr_bounds_unref(bounds);
    api_world_free(&world);
}

/* Regions without an index have no rank and are no rival; holes count as zero where the policy says so. */
TEST(holes) {
    static const char data[] = "region,x,y\nA,10,0\nB,,12\nC,4,4\n";
    api_world world = api_world_make(flat, data, NULL);
    expect_refused(&world, NULL, SMR_MESSAGE_BOUNDS_MISSING, "region \"B\" has no score of \"x\"");
    api_world_free(&world);
    world = api_world_make(flat, data, "{'missing': {'policy': 'fail'}}");
    smr_bounds *bounds = bounds_of(&world, "{'distribution': 'uniform'}");
    expect_nan(smr_bounds_column(bounds, SMR_BOUNDS_RANK_BEST)[1]);
    expect_nan(smr_bounds_column(bounds, SMR_BOUNDS_WORST_REACHED)[1]);
    expect(smr_bounds_weights(bounds, 1, SMR_BOUNDS_BEST_REACHED) == NULL);
    expect_near(smr_bounds_column(bounds, SMR_BOUNDS_RANK_WORST)[2], 2, 0);
    smr_bounds_unref(bounds);
    api_world_free(&world);
    world = api_world_make(flat, data, "{'missing': {'policy': 'zero'}}");
    bounds = bounds_of(&world, "{'distribution': 'uniform'}");
    expect_near(smr_bounds_column(bounds, SMR_BOUNDS_RANK_WORST)[1], 3, 0);
    expect_near(smr_bounds_column(bounds, SMR_BOUNDS_RANK_BEST)[1], 1, 0);
    smr_bounds_unref(bounds);
    api_world_free(&world);
}

/* On logarithms: A and B are equal at equal weights, and C lies above them there. */
TEST(geometric_nodes) {
    api_world world = api_world_make(flat, "region,x,y\nA,8,2\nB,2,8\nC,5,5\n", "{'aggregate': 'geometric'}");
    smr_bounds *bounds = bounds_of(&world, "{'distribution': 'box', 'low': 0.5}");
    expect_equal_int(smr_bounds_outranking(bounds)[1], SMR_NEVER);
    expect_equal_int(smr_bounds_outranking(bounds)[3], SMR_NEVER);
    expect_equal_int(smr_bounds_outranking(bounds)[6], SMR_NECESSARY);
    smr_bounds_unref(bounds);
    api_world_free(&world);
    world = api_world_make(flat, "region,x,y\nA,8,2\nB,2,8\nC,5,5\n",
                           "{'aggregate': {'method': 'geometric', 'zero': 'floor', 'epsilon': 6}}");
    bounds = bounds_of(&world, "{'distribution': 'uniform'}");
    expect_equal_int(smr_bounds_outranking(bounds)[6], SMR_NEVER); /* C is all floor */
    smr_bounds_unref(bounds);
    api_world_free(&world);
}

TEST(what_is_refused) {
    static const char tree[] = "{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'g', 'children': [{'id': "
                               "'x'}, {'id': 'y'}]}, {'id': 'z'}]}";
    static const char data[] = "region,x,y,z\nA,8,1,2\nB,1,5,3\n";
    static const struct {
        const char *plan, *weights;
        int32_t code;
        const char *says;
    } cases[] = {
        {"{'aggregate': {'nodes': {'g': 'min'}}}", NULL, SMR_MESSAGE_BOUNDS_NODE, "node \"g\" is aggregated by \"min\""},
        {"{'aggregate': {'nodes': {'g': 'geometric'}}}", NULL, SMR_MESSAGE_BOUNDS_NODE, "node \"g\""},
        {"{'normalise': 'minmax', 'weights': {'nodes': {'g': 'bod'}}}", NULL, SMR_MESSAGE_BOUNDS_NODE, "\"bod\""},
        {NULL, "{'distribution': 'box', 'high': 0.3}", SMR_MESSAGE_WEIGHT_BOX_EMPTY, "bounds go from 0 to 0.6"},
        {NULL, "{'distribution': 'box', 'low': 0.6}", SMR_MESSAGE_WEIGHT_BOX_EMPTY, "bounds go from 1.2 to 2"},
        {NULL, "{'distribution': 'box', 'low': {'x': 0.5}, 'high': {'x': 0.4}}", SMR_MESSAGE_WEIGHT_BOX_EMPTY, "\"g\""},
        {NULL, "{'distribution': 'boxes'}", SMR_MESSAGE_WEIGHT_SET_WRONG, "\"distribution\" is boxes, expected uniform"},
        {NULL, "{}", SMR_MESSAGE_WEIGHT_SET_WRONG, "\"distribution\" is nothing"},
        {NULL, "[1]", SMR_MESSAGE_WEIGHT_SET_WRONG, "\"weights\" is a list, expected an object"},
        {NULL, "{'distribution': 'uniform', 'percent': 4}", SMR_MESSAGE_WEIGHT_SET_WRONG, "no such key beside"},
        {NULL, "{'distribution': 'noise', 'percent': 101}", SMR_MESSAGE_WEIGHT_SET_WRONG, "a number from 0 to 100"},
        {NULL, "{'distribution': 'noise', 'percent': true}", SMR_MESSAGE_WEIGHT_SET_WRONG, "\"percent\" is true"},
        {NULL, "{'distribution': 'dirichlet', 'concentration': 0}", SMR_MESSAGE_WEIGHT_SET_WRONG, "above 0"},
        {NULL, "{'distribution': 'noise', 'level': 'tree'}", SMR_MESSAGE_WEIGHT_SET_WRONG, "family or leaf"},
        {NULL, "{'distribution': 'noise', 'nodes': ['x']}", SMR_MESSAGE_WEIGHT_SET_WRONG, "nodes with children"},
        {NULL, "{'distribution': 'noise', 'nodes': []}", SMR_MESSAGE_WEIGHT_SET_WRONG, "nodes with children"},
        {NULL, "{'distribution': 'noise', 'nodes': ['gg']}", SMR_MESSAGE_WEIGHT_SET_NODE, "no node \"gg\""},
        {NULL, "{'distribution': 'box', 'low': 2}", SMR_MESSAGE_WEIGHT_SET_WRONG, "a share from 0 to 1"},
        {NULL, "{'distribution': 'box', 'low': {'x': 2}}", SMR_MESSAGE_WEIGHT_SET_WRONG, "a share from 0 to 1"},
        {NULL, "{'distribution': 'box', 'low': {'xx': 0}}", SMR_MESSAGE_WEIGHT_SET_NODE, "no node \"xx\""},
        {NULL, "{'distribution': 'ordered', 'order': 'x'}", SMR_MESSAGE_WEIGHT_SET_WRONG, "most important first"},
        {NULL, "{'distribution': 'ordered', 'order': [1]}", SMR_MESSAGE_WEIGHT_SET_WRONG, "most important first"},
        {NULL, "{'distribution': 'ordered', 'order': [['q']]}", SMR_MESSAGE_WEIGHT_SET_NODE, "no node \"q\""},
        {NULL, "{'distributoin': 'box'}", SMR_MESSAGE_WEIGHT_SET_KEY, "did you mean \"distribution\""},
        {NULL, "{'vary': 'goalposts', 'percent': 10}", SMR_MESSAGE_WEIGHT_SET_FACTOR, "varies goalposts"},
        {NULL, "{'factors': [{'vary': 'weights', 'distribution': 'box'}, {'vary': 'data'}]}",
         SMR_MESSAGE_WEIGHT_SET_WRONG, "one factor"},
        {NULL, "{'factors': [{'vary': 'weights', 'distribution': 'bx'}]}", SMR_MESSAGE_WEIGHT_SET_WRONG, "\"distribution\""},
        {NULL, "{'distribution': ", SMR_MESSAGE_JSON_SYNTAX, "end of the text"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        api_world world = api_world_make(tree, data, cases[i].plan);
        expect_refused(&world, cases[i].weights, cases[i].code, cases[i].says);
        api_world_free(&world);
    }
}

/* A limit of one node leaves bounds that hold but are not reached. */
TEST(a_search_that_ends_early) {
    static const char *const columns[] = {"a", "b", "c", "d", "e", "f"};
    static const char wide[] = "{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'a'}, {'id': 'b'}, {'id': "
                               "'c'}, {'id': 'd'}, {'id': 'e'}, {'id': 'f'}]}";
    char *csv = api_random_csv(30, columns, COUNT(columns), 5, 0);
    api_world world = api_world_make(wide, csv, NULL);
    smr_error error = unit_error();
    smr_bounds_options options;
    smr_bounds_options_init(&options, sizeof options);
    options.most_nodes = 1;
    smr_bounds *all = bounds_of(&world, "{'distribution': 'uniform'}"), *some = NULL;
    expect_ok(smr_bounds_run(NULL, world.model, world.dataset, "{\"distribution\": \"uniform\"}", 27, NULL, &options,
                             &some, &error),
              &error);
    expect(smr_bounds_unproven(some) > 0 && smr_bounds_unproven(all) == 0);
    expect(smr_bounds_nodes(all) > smr_bounds_nodes(some));
    uint64_t apart = 0;
    for (size_t row = 0; row < smr_bounds_row_count(all); row++) {
        const double best = smr_bounds_column(all, SMR_BOUNDS_RANK_BEST)[row];
        const double worst = smr_bounds_column(all, SMR_BOUNDS_RANK_WORST)[row];
        expect_near(smr_bounds_column(all, SMR_BOUNDS_BEST_REACHED)[row], best, 0);
        expect_near(smr_bounds_column(all, SMR_BOUNDS_WORST_REACHED)[row], worst, 0);
        expect(smr_bounds_column(some, SMR_BOUNDS_RANK_BEST)[row] <= best);
        expect(smr_bounds_column(some, SMR_BOUNDS_RANK_WORST)[row] >= worst);
        expect(smr_bounds_column(some, SMR_BOUNDS_BEST_REACHED)[row] >= best);
        expect(smr_bounds_column(some, SMR_BOUNDS_WORST_REACHED)[row] <= worst);
        apart += smr_bounds_column(some, SMR_BOUNDS_RANK_BEST)[row] !=
                 smr_bounds_column(some, SMR_BOUNDS_BEST_REACHED)[row];
        apart += smr_bounds_column(some, SMR_BOUNDS_RANK_WORST)[row] !=
                 smr_bounds_column(some, SMR_BOUNDS_WORST_REACHED)[row];
    }
    expect_equal_uint(smr_bounds_unproven(some), apart);
    smr_bounds_unref(all);
    smr_bounds_unref(some);
    api_world_free(&world);
    free(csv);
}

/* The same bytes with any number of threads and every kernel. */
TEST(the_same_bytes) {
    static const char *const columns[] = {"a", "b", "c", "d", "e"};
    static const char tree[] = "{'id': 'i', 'plan': {'normalise': 'minmax'}, 'children': [{'id': 'g', 'children': [{'id': "
                               "'a'}, {'id': 'b'}]}, {'id': 'c', 'weight': 2}, {'id': 'd'}, {'id': 'e'}]}";
    char *csv = api_random_csv(40, columns, COUNT(columns), 9, 0), *first = NULL;
    smr_context *contexts[] = {api_context(1, NULL), api_context(3, NULL), api_context(1, "baseline")};
    for (size_t i = 0; i < COUNT(contexts); i++) {
        api_world world = api_world_make_in(contexts[i], SMR_KEEP_INNER, tree, csv, NULL);
        smr_bounds *bounds = NULL;
        smr_error error = unit_error();
        api_text text = {0};
        expect_ok(smr_bounds_run(contexts[i], world.model, world.dataset, NULL, 0, NULL, NULL, &bounds, &error), &error);
        expect_ok(smr_bounds_write_json(bounds, api_text_append, &text, &error), &error);
        if (first == NULL) {
            first = text.bytes;
        } else {
            expect_text(text.bytes, first);
            api_text_free(&text);
        }
        smr_bounds_unref(bounds);
        api_world_free(&world);
        smr_context_unref(contexts[i]);
    }
    free(first);
    free(csv);
}

/* Of a criterion: what lies beside it, and its holes, do not matter. */
TEST(another_node) {
    static const char tree[] = "{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'z'}, {'id': 'g', 'weight': "
                               "3, 'children': [{'id': 'x', 'weight': 2}, {'id': 'y'}]}]}";
    api_world world = api_world_make(tree, "region,x,y,z\nA,10,0,\nB,0,10,7\nC,4,4,9\nD,0,0,1\n", NULL);
    smr_bounds *bounds = NULL;
    smr_error error = unit_error();
    smr_bounds_options options;
    smr_bounds_options_init(&options, sizeof options);
    options.node = "g";
    static const double best[] = {1, 1, 2, 3}, worst[] = {3, 3, 3, 4};
    expect_ok(smr_bounds_run(NULL, world.model, world.dataset, "{\"distribution\": \"uniform\"}", 27, NULL, &options,
                             &bounds, &error),
              &error);
    expect_equal_int(smr_bounds_node(bounds), 2);
    expect_column(bounds, SMR_BOUNDS_RANK_BEST, best);
    expect_column(bounds, SMR_BOUNDS_RANK_WORST, worst);
    expect_near(smr_bounds_column(bounds, SMR_BOUNDS_SCORE)[0], 20.0 / 3, 1e-14);
    smr_bounds_unref(bounds);
    expect_ok(smr_bounds_run(NULL, world.model, world.dataset, NULL, 0, NULL, &options, &bounds, &error), &error);
    expect_equal_int(smr_bounds_outranking(bounds)[1], SMR_NECESSARY); /* 2 x 0.75 > 1.25 */
    expect_near(smr_bounds_weights(bounds, 1, SMR_BOUNDS_BEST_REACHED)[0], 0, 0);
    smr_bounds_unref(bounds);
    options.node = "gg";
    expect_fails(smr_bounds_run(NULL, world.model, world.dataset, NULL, 0, NULL, &options, &bounds, &error), &error,
                 SMR_MESSAGE_NAME_UNKNOWN);
    options.node = "x";
    expect_argument(smr_bounds_run(NULL, world.model, world.dataset, NULL, 0, NULL, &options, &bounds, &error), &error);
    options.node = "g";
    expect_fails(smr_bounds_run(NULL, world.model, world.dataset, "{\"distribution\": \"uniform\", \"level\": \"leaf\"}",
                                44, NULL, &options, &bounds, &error),
                 &error, SMR_MESSAGE_BOUNDS_LEAF_LEVEL);
    expect_equal_int(smr_bounds_node(NULL), -1);
    api_world_free(&world);
}

TEST(texts_and_periods) {
    api_world world = api_world_make(flat, "region,period,x,y\nA,2019,10,0\nB,2019,4,4\nA,2020,1,1\nB,2020,5,6\n", NULL);
    smr_bounds *bounds = bounds_of(&world, "{'distribution': 'uniform'}");
    smr_error error = unit_error();
    api_text text = {0};
    expect_ok(smr_bounds_write_csv(bounds, api_text_append, &text, &error), &error);
    expect_text(text.bytes, "region,score,rank,rank_best,rank_worst,best_reached,worst_reached,above_never,"
                            "above_possible,above_necessary\nA,1,2,2,2,2,2,1,0,0\nB,5.5,1,1,1,1,1,0,0,1\n");
    api_text_free(&text);
    text = (api_text){0};
    expect_ok(smr_bounds_write_pairs_csv(bounds, api_text_append, &text, &error), &error);
    expect_text(text.bytes, "region,other,outranks\nA,B,never\nB,A,necessary\n");
    api_text_free(&text);
    smr_bounds_unref(bounds);
    smr_bounds_options options;
    smr_bounds_options_init(&options, sizeof options);
    options.period = "2019";
    expect_ok(smr_bounds_run(NULL, world.model, world.dataset, "{\"distribution\": \"uniform\"}", 27, NULL, &options,
                             &bounds, &error),
              &error);
    expect_equal_int(smr_bounds_outranking(bounds)[1], SMR_POSSIBLE);
    smr_bounds *other = smr_bounds_ref(bounds);
    api_world_free(&world);
    smr_bounds_unref(bounds);
    expect_text(smr_bounds_region(other, 1), "B"); /* bounds outlive their world */
    smr_bounds_unref(other);
}

TEST(wrong_calls) {
    api_world world = api_world_make(flat, four, NULL);
    smr_bounds *bounds = bounds_of(&world, NULL), *none = bounds;
    smr_error error = unit_error();
    smr_bounds_options options;
    expect_argument(smr_bounds_run(NULL, NULL, world.dataset, NULL, 0, NULL, NULL, &none, &error), &error);
    expect(none == NULL);
    expect_argument(smr_bounds_run(NULL, world.model, NULL, NULL, 0, NULL, NULL, &none, &error), &error);
    expect_argument(smr_bounds_run(NULL, world.model, world.dataset, NULL, 0, NULL, NULL, NULL, &error), &error);
    smr_bounds_options_init(&options, sizeof options);
    options.most_nodes = 0;
    expect_argument(smr_bounds_run(NULL, world.model, world.dataset, NULL, 0, NULL, &options, &none, &error), &error);
    smr_bounds_options_init(&options, sizeof options);
    options.period = "2020";
    expect_fails(smr_bounds_run(NULL, world.model, world.dataset, NULL, 0, NULL, &options, &none, &error), &error,
                 SMR_MESSAGE_PERIOD_UNKNOWN);
    expect_argument(smr_bounds_write_csv(NULL, api_text_append, NULL, &error), &error);
    expect_argument(smr_bounds_write_csv(bounds, NULL, NULL, &error), &error);
    expect_argument(smr_bounds_write_pairs_csv(NULL, api_text_append, NULL, &error), &error);
    expect_argument(smr_bounds_write_pairs_csv(bounds, NULL, NULL, &error), &error);
    expect_argument(smr_bounds_write_json(NULL, api_text_append, NULL, &error), &error);
    expect_argument(smr_bounds_write_json(bounds, NULL, NULL, &error), &error);
    expect_equal_uint(smr_bounds_row_count(NULL), 0);
    expect(smr_bounds_region(NULL, 0) == NULL && smr_bounds_region(bounds, 4) == NULL);
    expect(smr_bounds_framework(NULL) == NULL && smr_bounds_outranking(NULL) == NULL);
    expect(smr_bounds_column(NULL, 0) == NULL && smr_bounds_column(bounds, 6) == NULL &&
           smr_bounds_column(bounds, -1) == NULL);
    expect(smr_bounds_weights(NULL, 0, SMR_BOUNDS_BEST_REACHED) == NULL);
    expect_equal_uint(smr_bounds_unproven(NULL) + smr_bounds_nodes(NULL), 0);
    expect(smr_bounds_ref(NULL) == NULL);
    smr_bounds_unref(NULL);
    smr_bounds_unref(bounds);
    api_world_free(&world);
}

static const unit_test tests[] = {
    UNIT(a_world_that_can_be_seen),
    UNIT(the_weights_that_reach_a_rank),
    UNIT(noise),
    UNIT(orders_and_boxes_by_id),
    UNIT(holes),
    UNIT(geometric_nodes),
    UNIT(what_is_refused),
    UNIT(a_search_that_ends_early),
    UNIT(the_same_bytes),
    UNIT(another_node),
    UNIT(texts_and_periods),
    UNIT(wrong_calls),
};
UNIT_SUITE(bounds, tests)
