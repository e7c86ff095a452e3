/* SPDX-License-Identifier: MIT */
/* Explanations: they sum for every method and region; down the tree; the way of a number. */
#include "api.h"

#include "catalogue_plans.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* ---- sums ---- */

/* The leaves sum to `whole`, and every inner node is the sum of its leaves; or there is no whole, and nothing. */
static void expect_sums(const smr_explanation *explanation, int32_t column, double whole) {
    const smr_framework *framework = smr_scorecard_framework(smr_explanation_scorecard(explanation));
    const double *parts = smr_explanation_numbers(explanation, column);
    const size_t nodes = smr_framework_node_count(framework);
    double largest = fabs(whole) > 1 ? fabs(whole) : 1;
    for (size_t node = 0; node < nodes; node++) {
        largest = fabs(parts[node]) > largest ? fabs(parts[node]) : largest;
    }
    for (size_t node = 0; node < nodes; node++) {
        long double sum = 0;
        size_t below = node, count = 0;
        do {
            if (smr_framework_node_indicator(framework, below) >= 0 && !isnan(parts[below])) {
                sum += parts[below];
                count++;
            }
            below++;
        } while (below < nodes
                 && smr_framework_node_depth(framework, below) > smr_framework_node_depth(framework, node));
        if (isnan(whole)) {
            expect_nan(parts[node]);
        } else if (count > 0) {
            expect_near(parts[node], (double)sum, 1e-14 * largest);
        }
        if (node == 0 && !isnan(whole)) {
            expect_near((double)sum, whole, 1e-12 * largest);
        }
    }
}

static void expect_weights(const smr_explanation *explanation, double index) {
    const smr_framework *framework = smr_scorecard_framework(smr_explanation_scorecard(explanation));
    const double *weights = smr_explanation_numbers(explanation, SMR_EXPLANATION_EFFECTIVE_WEIGHT);
    double sum = 0;
    for (size_t node = 0; node < smr_framework_node_count(framework); node++) {
        sum += smr_framework_node_indicator(framework, node) >= 0 ? weights[node] : 0;
    }
    if (!isnan(index)) {
        expect_near(sum, 1, 1e-12);
    }
}

static size_t check_row(const smr_scorecard *card, size_t row, smr_explanation_options *options) {
    const double index = api_score_of(card, "i", row);
    smr_explanation *explanation = explain(card, row, options);
    expect_sums(explanation, SMR_EXPLANATION_CONTRIBUTION, index);
    expect_weights(explanation, index);
    const double *reference = smr_explanation_numbers(explanation, SMR_EXPLANATION_REFERENCE_SCORE);
    if (reference != NULL) {
        expect_sums(explanation, SMR_EXPLANATION_REFERENCE_CONTRIBUTION, reference[0]);
        expect_sums(explanation, SMR_EXPLANATION_DIFFERENCE, index - reference[0]);
    }
    smr_explanation_unref(explanation);
    return !isnan(index);
}

/* Every method of the catalogue, every policy, every region, alone and against others. */
TEST(every_method_sums_in_every_region) {
    enum { ROWS = 9 };
    static const char *const missing[] = {"", "'missing': {'policy': 'fail'}, ", "'missing': {'policy': 'zero'}, ",
                                          "'missing': {'policy': 'renormalise', 'min_coverage': 0.6}, "};
    char plan[CATALOGUE_PLAN_SIZE + 100], inner[CATALOGUE_PLAN_SIZE];
    char *csv = api_random_csv(ROWS, catalogue_columns, CATALOGUE_COLUMNS, 11, 0.1);
    size_t tried = 0, computed = 0;
    for (size_t number = 0; catalogue_plan(number, inner); number++) {
        for (size_t policy = 0; policy < COUNT(missing); policy++) {
            snprintf(plan, sizeof plan, "{%s%s", missing[policy], inner + 1);
            api_world world = api_world_nouns(catalogue_tree, csv, plan);
            smr_error error = unit_error();
            if (smr_model_fit(unit_context(), world.framework, world.dataset, world.plan, &world.model, &error)
                    == SMR_OK
                && smr_model_score(unit_context(), world.model, world.dataset, NULL, &world.card, &error) == SMR_OK) {
                for (size_t row = 0; row < smr_scorecard_row_count(world.card); row++) {
                    size_t other = (row + 1) % smr_scorecard_row_count(world.card);
                    smr_explanation_options options = options_for(SMR_REFERENCE_MEDIAN);
                    computed += check_row(world.card, row, &options);
                    options.reference = SMR_REFERENCE_ROWS;
                    options.rows = &other;
                    options.row_count = 1;
                    computed += check_row(world.card, row, &options);
                }
                tried++;
            }
            api_world_free(&world);
        }
    }
    free(csv);
    expect(tried > 3 * 60);
    expect(computed > 2000);
}

/* Nodes of one kind over nodes of another, on scales that have nothing in common. */
TEST(mixed_methods_sum) {
    static const char *const methods[] = {
        "'arithmetic'", "{'method': 'geometric', 'zero': 'floor', 'epsilon': 0.5}", "'min'", "'mpi'", "'dp2'",
        "{'method': 'copeland', 'scale': true}", "'borda'", "{'method': 'wroclaw', 'reversed': true}",
        "{'method': 'owa', 'weights': [3, 1]}"};
    static const char *const normalise[] = {"'minmax'", "'zscore'"};
    char *csv = api_random_csv(11, catalogue_columns, CATALOGUE_COLUMNS, 8, 0.05), plan[600];
    size_t computed = 0;
    for (size_t i = 0; i < COUNT(methods) * COUNT(methods) * COUNT(normalise); i++) {
        const char *outer = methods[i % COUNT(methods)], *inner = methods[i / COUNT(methods) % COUNT(methods)];
        snprintf(plan, sizeof plan,
                 "{'normalise': %s, 'aggregate': {'nodes': {'root': %s, 'a': %s, 'b': %s, 'c': 'mpi'}}}",
                 normalise[i / COUNT(methods) / COUNT(methods)], outer, inner, inner);
        api_world world = api_world_make(catalogue_tree, csv, plan);
        for (size_t row = 0; row < 11; row++) {
            smr_explanation_options options = options_for(row % 2 ? SMR_REFERENCE_PEERS : SMR_REFERENCE_MEDIAN);
            size_t other = (row + 3) % 11;
            if (row % 3 == 0) {
                options.reference = SMR_REFERENCE_ROWS;
                options.rows = &other;
                options.row_count = 1;
            }
            if (!isnan(api_score_of(world.card, "i", row))) {
                computed += check_row(world.card, row, &options);
            }
        }
        api_world_free(&world);
    }
    free(csv);
    expect(computed > 1200);
}

/* ---- more children than there are coalitions for ---- */

static api_world wide_world(int children, const char *plan) {
    static char tree[120000], csv[60000];
    size_t used = (size_t)snprintf(tree, sizeof tree, "{'id': 'i', 'children': [");
    size_t length = (size_t)snprintf(csv, sizeof csv, "region");
    uint64_t state = 5;
    for (int i = 0; i < children; i++) {
        used += (size_t)snprintf(tree + used, sizeof tree - used,
                                 "%s{'id': 'x%d', 'weight': %d, 'worst': 0, 'best': 100}", i ? ", " : "", i, 1 + i % 3);
        length += (size_t)snprintf(csv + length, sizeof csv - length, ",x%d", i);
    }
    snprintf(tree + used, sizeof tree - used, "]}");
    for (int region = 0; region < 4; region++) {
        length += (size_t)snprintf(csv + length, sizeof csv - length, "\nR%d", region);
        for (int i = 0; i < children; i++) {
            length += (size_t)snprintf(csv + length, sizeof csv - length, ",%d", (int)(5 + unit_random(&state) % 90));
        }
    }
    snprintf(csv + length, sizeof csv - length, "\n");
    return api_world_make(tree, csv, plan);
}

/* The same children, 16 of them exactly, with one of weight 0 beside them that makes no player; drawn with 17. */
TEST(drawn_orders) {
    static const char plan[] = "{'normalise': 'goalposts', 'aggregate': 'geometric'}";
    api_world world = wide_world(20, plan);
    smr_explanation_options options = options_for(SMR_REFERENCE_ROWS);
    size_t other = 1;
    options.rows = &other;
    options.row_count = 1;
    check_row(world.card, 0, &options);
    smr_explanation *first = explain(world.card, 0, &options), *second = explain(world.card, 0, &options);
    options.seed = 2;
    smr_explanation *another = explain(world.card, 0, &options);
    options.samples = 100000;
    smr_explanation *many = explain(world.card, 0, &options);
    size_t beyond = 0, differs = 0;
    for (size_t node = 1; node <= 20; node++) {
        const double found = smr_explanation_numbers(first, SMR_EXPLANATION_CONTRIBUTION)[node];
        const double error = smr_explanation_numbers(first, SMR_EXPLANATION_ERROR)[node];
        const double better = smr_explanation_numbers(many, SMR_EXPLANATION_CONTRIBUTION)[node];
        expect(error > 0 && error < 0.1);
        expect(smr_explanation_numbers(many, SMR_EXPLANATION_ERROR)[node] < error / 3);
        expect_same_bits(smr_explanation_numbers(second, SMR_EXPLANATION_CONTRIBUTION)[node], found);
        differs += smr_explanation_numbers(another, SMR_EXPLANATION_CONTRIBUTION)[node] != found;
        beyond += fabs(found - better) > 2.5 * error;
    }
    expect(differs > 15);
    expect(beyond <= 2); /* of 20 that are each beyond in one of eighty draws */
    smr_explanation_unref(first);
    smr_explanation_unref(second);
    smr_explanation_unref(another);
    smr_explanation_unref(many);
    api_world_free(&world);
    world = wide_world(20, "{'normalise': 'goalposts', 'aggregate': 'mpi'}");
    check_row(world.card, 2, NULL);
    api_world_free(&world);
    world = wide_world(1100, "{'normalise': 'goalposts', 'aggregate': 'max'}"); /* more mixtures than go at once */
    options.samples = 4;
    check_row(world.card, 2, &options);
    api_world_free(&world);
    world = wide_world(16, plan);
    first = explain(world.card, 0, NULL);
    expect(smr_explanation_numbers(first, SMR_EXPLANATION_ERROR)[7] == 0);
    smr_explanation_unref(first);
    api_world_free(&world);
    world = wide_world(40, "{'normalise': 'goalposts', 'aggregate': 'arithmetic'}");
    first = explain(world.card, 0, NULL);
    expect(smr_explanation_numbers(first, SMR_EXPLANATION_ERROR)[0] == 0);
    smr_explanation_unref(first);
    api_world_free(&world);
}

/* ---- down the tree ---- */

static const char tree[] = "{'id': 'i', 'children': [{'id': 'a', 'weight': 3, 'children': [{'id': 'x', 'weight': 1,"
                           " 'worst': 0, 'best': 10}, {'id': 'y', 'weight': 3, 'worst': 20, 'best': 0}]},"
                           " {'id': 'b', 'children': [{'id': 'z', 'worst': 0, 'best': 50}]}]}";
#define GOALPOSTS "'normalise': 'goalposts'"
static const char rows[] = "region,x,y,z\nA,5,10,40\nB,10,,20\nC,,15,\nD,0,5,50\n";

/* By head: A has x 50, y 50, z 80; a 50, b 80, index 57.5. B lacks y: a is x. C lacks x and z: the index is y. */
TEST(by_head) {
    api_world world = api_world_make(tree, rows, "{" GOALPOSTS "}");
    smr_explanation *a = explain(world.card, 0, NULL), *b = explain(world.card, 1, NULL);
    smr_explanation *c = explain(world.card, 2, NULL);
    expect_near(of(a, SMR_EXPLANATION_CONTRIBUTION, "x"), 0.75 * 0.25 * 50, 1e-13);
    expect_near(of(a, SMR_EXPLANATION_CONTRIBUTION, "y"), 0.75 * 0.75 * 50, 1e-13);
    expect_near(of(a, SMR_EXPLANATION_CONTRIBUTION, "a"), 37.5, 1e-13);
    expect_near(of(a, SMR_EXPLANATION_CONTRIBUTION, "b"), 20, 1e-13);
    expect_near(of(a, SMR_EXPLANATION_CONTRIBUTION, "i"), 57.5, 1e-13);
    expect_near(of(a, SMR_EXPLANATION_EFFECTIVE_WEIGHT, "y"), 0.5625, 1e-16);
    expect(of(a, SMR_EXPLANATION_RANK, "i") == 3);
    expect_near(of(b, SMR_EXPLANATION_EFFECTIVE_WEIGHT, "x"), 0.75, 1e-16);
    expect(of(b, SMR_EXPLANATION_EFFECTIVE_WEIGHT, "y") == 0);
    expect_nan(of(b, SMR_EXPLANATION_CONTRIBUTION, "y"));
    expect_near(of(b, SMR_EXPLANATION_CONTRIBUTION, "x"), 75, 1e-13);
    expect_near(of(c, SMR_EXPLANATION_CONTRIBUTION, "y"), 25, 1e-13);
    expect_near(of(c, SMR_EXPLANATION_EFFECTIVE_WEIGHT, "y"), 1, 0);
    expect_nan(of(c, SMR_EXPLANATION_CONTRIBUTION, "b"));
    expect_equal_int(smr_explanation_statuses(c)[api_node(world.framework, "z")], SMR_CELL_MISSING);
    expect(smr_explanation_numbers(a, SMR_EXPLANATION_DIFFERENCE) == NULL);
    smr_explanation_unref(a);
    smr_explanation_unref(b);
    smr_explanation_unref(c);
    api_world_free(&world);
}

/* A against B: B lacks y, so that it stands there at what B has in a: 100. */
TEST(a_difference_by_head) {
    api_world world = api_world_make(tree, rows, "{" GOALPOSTS "}");
    smr_explanation_options options = options_for(SMR_REFERENCE_ROWS);
    size_t other = 1;
    options.rows = &other;
    options.row_count = 1;
    smr_explanation *e = explain(world.card, 0, &options);
    expect_near(of(e, SMR_EXPLANATION_DIFFERENCE, "x"), 0.75 * 0.25 * (50 - 100), 1e-13);
    expect_near(of(e, SMR_EXPLANATION_DIFFERENCE, "y"), 0.75 * 0.75 * (50 - 100), 1e-13);
    expect_near(of(e, SMR_EXPLANATION_DIFFERENCE, "z"), 0.25 * (80 - 40), 1e-13);
    expect_near(of(e, SMR_EXPLANATION_DIFFERENCE, "i"), 57.5 - 85, 1e-13);
    expect_near(of(e, SMR_EXPLANATION_DIFFERENCE_WEIGHT, "y"), 0.5625, 1e-16);
    expect(of(e, SMR_EXPLANATION_REFERENCE_VALUE, "x") == 10);
    size_t nodes[3];
    expect_equal_uint(smr_explanation_strengths(e, nodes, 3), 3);
    expect_equal_uint(nodes[0], api_node(world.framework, "z"));
    expect_equal_uint(nodes[1], api_node(world.framework, "x"));
    expect_equal_uint(nodes[2], api_node(world.framework, "y"));
    expect_equal_uint(smr_explanation_strengths(e, nodes, 1), 1);
    expect_equal_uint(nodes[0], api_node(world.framework, "z"));
    smr_explanation_unref(e);
    api_world_free(&world);
}

/* A geometric root over arithmetic criteria: a criterion's gain goes on by what its indicators make of its score. */
TEST(through_a_geometric_node) {
    api_world world = api_world_make(tree, rows, "{" GOALPOSTS ", 'aggregate': {'nodes': {'root': 'geometric'}}}");
    smr_explanation *e = explain(world.card, 0, NULL);
    /* a 50, b 80, weights 3 and 1, zero 1: worths of nobody 1, {a} 50^(3/4), {b} 80^(1/4). */
    const double all = pow(50, 0.75) * pow(80, 0.25), a = pow(50, 0.75), b = pow(80, 0.25);
    const double gain = ((a - 1) + (all - b)) / 2, slope = gain / 49;
    expect_near(of(e, SMR_EXPLANATION_CONTRIBUTION, "a"), 0.75 + gain, 1e-12);
    expect_near(of(e, SMR_EXPLANATION_CONTRIBUTION, "b"), 0.25 + ((b - 1) + (all - a)) / 2, 1e-12);
    expect_near(of(e, SMR_EXPLANATION_CONTRIBUTION, "x"), 0.25 * (0.75 - slope) + slope * 0.25 * 50, 1e-12);
    expect_near(of(e, SMR_EXPLANATION_CONTRIBUTION, "y"), 0.75 * (0.75 - slope) + slope * 0.75 * 50, 1e-12);
    smr_explanation_unref(e);
    api_world_free(&world);
}

/* Policy zero: what is missing takes part with 0, and has its contribution. */
TEST(missing_counts_as_zero) {
    api_world world = api_world_make(tree, rows, "{" GOALPOSTS ", 'missing': {'policy': 'zero'}}");
    smr_explanation *e = explain(world.card, 1, NULL);
    expect_near(of(e, SMR_EXPLANATION_CONTRIBUTION, "x"), 0.75 * 0.25 * 100, 1e-13);
    expect(of(e, SMR_EXPLANATION_CONTRIBUTION, "y") == 0);
    expect_near(of(e, SMR_EXPLANATION_EFFECTIVE_WEIGHT, "y"), 0.5625, 1e-16);
    smr_explanation_unref(e);
    api_world_free(&world);
}

/* ---- the way of a number ---- */

TEST(the_way_of_a_number) {
    api_world world = api_world_make(
        "{'id': 'i', 'children': [{'id': 'x', 'denominator': 'population'}, {'id': 'y', 'transform': 'log'},"
        " {'id': 'z', 'direction': 'lower'}]}",
        "region,population,x,y,z\nA,10,20,1,5\nB,20,20,,1\nC,5,25,100,3\nD,10,900,10,2\n",
        "{'impute': {'indicators': {'y': 'median'}}, 'treat': {'indicators': {'x': {'method': 'winsorise', 'low': 0,"
        " 'high': 66.67}}}}");
    smr_explanation *b = explain(world.card, 1, NULL), *d = explain(world.card, 3, NULL);
    expect(of(b, SMR_EXPLANATION_VALUE, "x") == 20);
    expect(of(b, SMR_EXPLANATION_DENOMINATED, "x") == 1);
    expect_nan(of(b, SMR_EXPLANATION_DENOMINATED, "y"));
    expect(of(b, SMR_EXPLANATION_IMPUTED, "y") == 10);
    expect_near(of(b, SMR_EXPLANATION_TRANSFORMED, "y"), log(10), 1e-15);
    expect_near(of(b, SMR_EXPLANATION_LOW_ANCHOR, "y"), 0, 0);
    expect_near(of(b, SMR_EXPLANATION_HIGH_ANCHOR, "y"), log(100), 1e-15);
    expect_near(of(b, SMR_EXPLANATION_SCORE, "y"), 50, 1e-12);
    expect(of(b, SMR_EXPLANATION_LOW_ANCHOR, "z") == 5);
    expect(of(b, SMR_EXPLANATION_HIGH_ANCHOR, "z") == 1);
    expect(of(d, SMR_EXPLANATION_IMPUTED, "x") == 90);
    expect(of(d, SMR_EXPLANATION_TREATED, "x") < 6);
    const size_t x = api_node(world.framework, "x"), y = api_node(world.framework, "y");
    expect_text(smr_explanation_texts(b, SMR_EXPLANATION_IMPUTATION)[y], "median");
    expect_text(smr_explanation_texts(d, SMR_EXPLANATION_IMPUTATION)[y], NULL);
    expect_text(smr_explanation_texts(d, SMR_EXPLANATION_TREATMENT)[x], "winsorise");
    expect_text(smr_explanation_texts(d, SMR_EXPLANATION_NORMALISATION)[x], "minmax");
    expect_text(smr_explanation_texts(d, SMR_EXPLANATION_AGGREGATION)[0], "arithmetic");
    expect_equal_int(smr_explanation_statuses(b)[y], SMR_CELL_IMPUTED);
    smr_explanation_unref(b);
    smr_explanation_unref(d);
    api_world_free(&world);
}

/* Along time and across indicators, where more than the cell decides. */
TEST(the_way_of_a_number_among_others) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x'}, {'id': 'y'}]}",
                                     "region,period,x,y\nA,2019,10,1\nA,2020,,2\nA,2021,20,3\nB,2019,0,\nB,2020,5,5\n"
                                     "B,2021,30,6\n",
                                     "{'impute': {'indicators': {'x': 'linear', 'y': {'method': 'knn', 'k': 1}}},"
                                     " 'normalise': {'per': 'period'}}");
    smr_explanation *a = explain(world.card, 1, NULL), *b = explain(world.card, 3, NULL);
    expect_nan(of(a, SMR_EXPLANATION_VALUE, "x"));
    expect_near(of(a, SMR_EXPLANATION_IMPUTED, "x"), 15, 0); /* half-way between the years */
    expect(of(a, SMR_EXPLANATION_LOW_ANCHOR, "x") == 5);
    expect_same_bits(of(a, SMR_EXPLANATION_HIGH_ANCHOR, "x"), of(a, SMR_EXPLANATION_IMPUTED, "x"));
    expect(of(b, SMR_EXPLANATION_IMPUTED, "y") == 5); /* of the row whose x is nearest */
    expect_text(smr_explanation_texts(a, SMR_EXPLANATION_IMPUTATION)[1], "linear");
    expect_text(smr_explanation_texts(b, SMR_EXPLANATION_IMPUTATION)[2], "knn");
    smr_explanation_unref(a);
    smr_explanation_unref(b);
    api_world_free(&world);
}

/* ---- memory, wrong calls ---- */

/* Whatever the scorecard keeps, the threads and the kernel: the same bytes. */
TEST(the_same_bytes) {
    smr_context *contexts[] = {api_context(1, NULL), api_context(3, NULL), api_context(1, "baseline")};
    static const int32_t keeps[] = {SMR_KEEP_ALL, SMR_KEEP_INDEX, SMR_KEEP_INNER};
    char *csv = api_random_csv(40, catalogue_columns, CATALOGUE_COLUMNS, 3, 0.05), *first = NULL;
    for (size_t i = 0; i < COUNT(contexts); i++) {
        api_world world = api_world_make_in(contexts[i], keeps[i], catalogue_tree, csv,
                                            "{'normalise': {'range': [1, 100]}, 'aggregate': {'nodes': {'root':"
                                            " 'median', 'a': 'geometric', 'b': 'copeland'}}}");
        smr_explanation_options options = options_for(SMR_REFERENCE_PEERS);
        smr_explanation *e = NULL;
        smr_error error = unit_error();
        api_text text = {NULL, 0, 0};
        expect_ok(smr_explanation_run(contexts[i], world.card, 7, &options, &e, &error), &error);
        expect_ok(smr_explanation_write_csv(e, SMR_EXPLANATION_WITH_TRACE | SMR_EXPLANATION_WITH_REFERENCE,
                                            api_text_append, &text, &error), &error);
        if (first == NULL) {
            first = text.bytes;
        } else {
            expect_text(text.bytes, first);
            api_text_free(&text);
        }
        smr_explanation_unref(e);
        api_world_free(&world);
    }
    for (size_t i = 0; i < COUNT(contexts); i++) {
        smr_context_unref(contexts[i]);
    }
    free(first);
    free(csv);
}

static int32_t stop(uint64_t done, uint64_t total, void *user) {
    (void)done;
    (void)total;
    return --*(int *)user > 0;
}

/* Asked to stop: at once, or in the middle of a game. */
TEST(stopped) {
    static const char *const plans[] = {"{'normalise': 'goalposts', 'aggregate': 'geometric'}",
                                        "{'normalise': 'goalposts', 'aggregate': 'copeland'}"};
    for (int children = 6; children <= 20; children += 14) {
        for (size_t i = 0; i < COUNT(plans); i++) {
            api_world world = wide_world(children, plans[i]);
            for (int patience = 1; patience <= 2; patience++) {
                int left = patience;
                smr_context_options options;
                smr_context_options_init(&options, sizeof options);
                options.progress = stop;
                options.progress_user = &left;
                smr_context *context = NULL;
                smr_explanation *e = NULL;
                smr_error error = unit_error();
                expect_ok(smr_context_new(&options, &context, &error), &error);
                const smr_status status = smr_explanation_run(context, world.card, 0, NULL, &e, &error);
                /* the geometric game of six is one batch, which is asked about once */
                expect_equal_int(status, patience == 2 && children == 6 && i == 0 ? SMR_OK : SMR_ERROR_CANCELLED);
                expect((status == SMR_OK) == (e != NULL));
                smr_explanation_unref(e);
                smr_context_unref(context);
            }
            api_world_free(&world);
        }
    }
}

TEST(wrong_calls) {
    api_world world = api_world_make(tree, rows, NULL);
    smr_explanation *e = NULL;
    smr_error error = unit_error();
    size_t found = 3, row = 99;
    expect_argument(smr_explanation_run(NULL, world.card, 0, NULL, NULL, &error), &error);
    expect_argument(smr_explanation_run(NULL, NULL, 0, NULL, &e, &error), &error);
    expect_argument(smr_explanation_run(NULL, world.card, 4, NULL, &e, &error), &error);
    const struct {
        int32_t reference;
        uint32_t peers, top, samples;
        const size_t *rows;
        size_t count, targets;
    } wrong[] = {{-1, 5, 7, 64, NULL, 0, 3},
                 {SMR_REFERENCE_TARGET + 1, 5, 7, 64, NULL, 0, 3},
                 {SMR_REFERENCE_PEERS, 0, 7, 64, NULL, 0, 3},
                 {SMR_REFERENCE_TOP, 5, 0, 64, NULL, 0, 3},
                 {SMR_REFERENCE_NONE, 5, 7, 3, NULL, 0, 3},
                 {SMR_REFERENCE_ROWS, 5, 7, 64, NULL, 1, 3},
                 {SMR_REFERENCE_ROWS, 5, 7, 64, &found, 0, 3},
                 {SMR_REFERENCE_ROWS, 5, 7, 64, &row, 1, 3},
                 {SMR_REFERENCE_TARGET, 5, 7, 64, NULL, 0, 2}};
    static const double targets[3] = {1, 2, 3};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        smr_explanation_options options = options_for(wrong[i].reference);
        options.peers = wrong[i].peers;
        options.top = wrong[i].top;
        options.samples = wrong[i].samples;
        options.rows = wrong[i].rows;
        options.row_count = wrong[i].count;
        options.targets = targets;
        options.target_count = wrong[i].targets;
        expect_argument(smr_explanation_run(NULL, world.card, 0, &options, &e, &error), &error);
        expect(e == NULL);
    }
    expect_argument(smr_peers_find(NULL, NULL, 0, 1, &row, NULL, &found, &error), &error);
    expect_equal_uint(found, 0);
    expect_argument(smr_peers_find(NULL, world.card, 0, 1, NULL, NULL, &found, &error), &error);
    expect_argument(smr_peers_find(NULL, world.card, 4, 1, &row, NULL, &found, &error), &error);
    expect_argument(smr_peers_find(NULL, world.card, 0, 1, &row, NULL, NULL, &error), &error);
    e = explain(world.card, 0, NULL);
    api_text text = {NULL, 0, 0};
    expect_argument(smr_explanation_write_csv(NULL, 0, api_text_append, &text, &error), &error);
    expect_argument(smr_explanation_write_csv(e, 0, NULL, NULL, &error), &error);
    expect_argument(smr_explanation_write_csv(e, 4, api_text_append, &text, &error), &error);
    expect_argument(smr_explanation_write_csv(e, SMR_EXPLANATION_WITH_REFERENCE, api_text_append, &text, &error),
                    &error);
    expect_argument(smr_explanation_write_json(NULL, api_text_append, &text, &error), &error);
    expect_argument(smr_explanation_write_difference_csv(e, api_text_append, &text, &error), &error);
    expect_argument(smr_explanation_write_difference_json(e, api_text_append, &text, &error), &error);
    expect(text.bytes == NULL);
    expect(smr_explanation_numbers(e, -1) == NULL);
    expect(smr_explanation_numbers(e, SMR_EXPLANATION_NUMBER_COUNT) == NULL);
    expect(smr_explanation_texts(e, -1) == NULL);
    expect(smr_explanation_texts(e, SMR_EXPLANATION_TEXT_COUNT) == NULL);
    expect_equal_uint(smr_explanation_strengths(e, &row, 1), 0);
    expect(smr_explanation_scorecard(e) == world.card);
    expect_equal_uint(smr_explanation_row(e), 0);
    expect_equal_int(smr_explanation_reference(e), SMR_REFERENCE_NONE);
    smr_explanation_unref(smr_explanation_ref(e));
    smr_explanation_unref(e);
    smr_explanation_unref(NULL);
    expect(smr_explanation_ref(NULL) == NULL);
    expect(smr_explanation_numbers(NULL, 0) == NULL && smr_explanation_texts(NULL, 0) == NULL);
    expect(smr_explanation_statuses(NULL) == NULL && smr_explanation_scorecard(NULL) == NULL);
    expect(smr_explanation_reference_rows(NULL) == NULL && smr_explanation_distances(NULL) == NULL);
    expect_equal_uint(smr_explanation_node_count(NULL), 0);
    expect_equal_uint(smr_explanation_row(NULL), SIZE_MAX);
    expect_equal_uint(smr_explanation_reference_count(NULL), 0);
    expect_equal_int(smr_explanation_reference(NULL), SMR_REFERENCE_NONE);
    expect_equal_int(smr_explanation_lower_is_better(NULL), 0);
    expect_equal_uint(smr_explanation_strengths(NULL, &row, 1), 0);
    api_world_free(&world);
}

static const unit_test tests[] = {
    UNIT(every_method_sums_in_every_region),
    UNIT(mixed_methods_sum),
    UNIT(drawn_orders),
    UNIT(by_head),
    UNIT(a_difference_by_head),
    UNIT(through_a_geometric_node),
    UNIT(missing_counts_as_zero),
    UNIT(the_way_of_a_number),
    UNIT(the_way_of_a_number_among_others),
    UNIT(the_same_bytes),
    UNIT(stopped),
    UNIT(wrong_calls),
};
UNIT_SUITE(explain, tests)
