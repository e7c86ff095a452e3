/* SPDX-License-Identifier: MIT */
/* Contributions against their definition: what each child adds, averaged over every order in which the children can
 * come, with the engine asked for the score of every mixture. */
#include "api.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CHILDREN = 5, REGIONS = 7, COMPLETE = 5, ORDERS = 120 };

#define TREE(goalposts) \
    "{'id': 'i', 'children': [{'id': 'x1', 'weight': 1" goalposts "}, {'id': 'x2', 'weight': 2" goalposts "}," \
    " {'id': 'x3', 'weight': 3" goalposts "}, {'id': 'x4', 'weight': 1" goalposts "}, {'id': 'x5', 'weight': 2.5" \
    goalposts "}]}"

static const char plain_tree[] = TREE(""), goalpost_tree[] = TREE(", 'worst': 0, 'best': 10");
static const double weights[CHILDREN] = {1, 2, 3, 1, 2.5};
static const char *const names[CHILDREN] = {"x1", "x2", "x3", "x4", "x5"};
static const char *const regions[REGIONS] = {"A", "B", "C", "D", "E", "F", "G"};

/* By child, then region; F lacks x2, G lacks x1 and x4. */
static const double data[CHILDREN][REGIONS] = {
    {2, 5, 9, 1.5, 6, 3, NAN}, {7, 3, 4, 8, 5, NAN, 2}, {1, 6, 2.5, 9, 3, 8, 4},
    {4, 4, 7, 2, 9.5, 1, NAN}, {8, 2, 5, 3.5, 1, 7, 6},
};

/* Where a child counts for nothing, as a raw value. */
typedef enum zero { ZERO_WORST, ZERO_FLOOR, ZERO_MEAN, ZERO_LEAST, ZERO_GREATEST, ZERO_BEHIND, ZERO_NONE } zero;
typedef enum share { SHARE_WEIGHT, SHARE_EQUAL, SHARE_GIVEN } share;

typedef struct method_case {
    const char *tree, *plan;
    zero zero;
    share share; /* how what there is at the zero point is divided */
    bool alone;  /* the score of a region needs no other region */
} method_case;

#define RANGE "{'normalise': {'method': 'goalposts', 'range': [1, 100]}, 'aggregate': "
#define GOALPOSTS "{'normalise': {'method': 'goalposts'}, 'aggregate': "
#define RAW "{'normalise': 'none', 'aggregate': "
#define GIVEN \
    "{'method': 'choquet', 'shapley': {'x1': 0.3, 'x2': 0.1, 'x3': 0.2, 'x4': 0.25, 'x5': 0.15}, 'interaction':" \
    " {'x1': {'x2': 0.1, 'x4': -0.2}, 'x3': {'x5': 0.2}}}}"
static const double given[CHILDREN] = {0.3, 0.1, 0.2, 0.25, 0.15};

static const method_case cases[] = {
    {goalpost_tree, GOALPOSTS "'geometric'}", ZERO_FLOOR, SHARE_WEIGHT, true},
    {goalpost_tree, GOALPOSTS "{'method': 'geometric', 'zero': 'floor', 'epsilon': 1}}", ZERO_FLOOR, SHARE_WEIGHT,
     true},
    {goalpost_tree, RANGE "'geometric'}", ZERO_WORST, SHARE_WEIGHT, true},
    {goalpost_tree, GOALPOSTS "'harmonic'}", ZERO_FLOOR, SHARE_WEIGHT, true},
    {goalpost_tree, RANGE "'harmonic'}", ZERO_WORST, SHARE_WEIGHT, true},
    {goalpost_tree, GOALPOSTS "{'method': 'power', 'p': 0.5}}", ZERO_WORST, SHARE_WEIGHT, true},
    {goalpost_tree, RANGE "{'method': 'power', 'p': 3}}", ZERO_WORST, SHARE_WEIGHT, true},
    {goalpost_tree, GOALPOSTS "{'method': 'power', 'p': -2}}", ZERO_FLOOR, SHARE_WEIGHT, true},
    {goalpost_tree, RANGE "{'method': 'power', 'p': 0}}", ZERO_WORST, SHARE_WEIGHT, true},
    {goalpost_tree, RANGE "'min'}", ZERO_WORST, SHARE_EQUAL, true},
    {goalpost_tree, RANGE "'max'}", ZERO_WORST, SHARE_EQUAL, true},
    {goalpost_tree, RANGE "'median'}", ZERO_WORST, SHARE_EQUAL, true},
    {goalpost_tree, RANGE "{'method': 'mean_of_worst', 'k': 2}}", ZERO_WORST, SHARE_EQUAL, true},
    {goalpost_tree, RANGE "{'method': 'at_least_k', 'k': 3}}", ZERO_WORST, SHARE_EQUAL, true},
    {goalpost_tree, RANGE "{'method': 'owa', 'weights': [0.1, 0.1, 0.2, 0.2, 0.4]}}", ZERO_WORST, SHARE_EQUAL, true},
    {goalpost_tree, RANGE GIVEN, ZERO_WORST, SHARE_GIVEN, true},
    {plain_tree, RAW "'mpi'}", ZERO_MEAN, SHARE_EQUAL, true},
    {plain_tree, RAW "{'method': 'mpi', 'penalty': 'plus', 'ddof': 1}}", ZERO_MEAN, SHARE_EQUAL, true},
    {plain_tree, RAW "'ampi'}", ZERO_MEAN, SHARE_EQUAL, true},
    {plain_tree, RAW "'mean_min'}", ZERO_MEAN, SHARE_EQUAL, true},
    {plain_tree, RAW "'wroclaw'}", ZERO_GREATEST, SHARE_EQUAL, true},
    {plain_tree, RAW "{'method': 'wroclaw', 'reversed': true}}", ZERO_GREATEST, SHARE_EQUAL, true},
    {plain_tree, RAW "'dp2'}", ZERO_LEAST, SHARE_EQUAL, true},
    {plain_tree, RAW "'copeland'}", ZERO_BEHIND, SHARE_WEIGHT, false},
    {plain_tree, RAW "{'method': 'copeland', 'scale': true}}", ZERO_BEHIND, SHARE_WEIGHT, false},
    {plain_tree, RAW "'borda'}", ZERO_BEHIND, SHARE_WEIGHT, false},
    {plain_tree, RAW "'condorcet'}", ZERO_BEHIND, SHARE_WEIGHT, false},
    {plain_tree, RAW "'kemeny'}", ZERO_BEHIND, SHARE_WEIGHT, false},
    {plain_tree, RAW "'promethee2'}", ZERO_BEHIND, SHARE_WEIGHT, false},
    {plain_tree, RAW "{'method': 'promethee2', 'preference': 'linear', 'q': 1, 'p': 3}}", ZERO_BEHIND, SHARE_WEIGHT,
     false},
    {plain_tree, RAW "{'method': 'electre3', 'q': 1, 'p': 2, 'v': 5}}", ZERO_BEHIND, SHARE_WEIGHT, false},
    {plain_tree, "{'normalise': 'none', 'weights': {'method': 'bod', 'variant': 'order_m', 'm': 4}}", ZERO_NONE,
     SHARE_EQUAL, false},
};

static double zero_of(const method_case *m, size_t child) {
    double sum = 0, least = INFINITY, greatest = -INFINITY;
    size_t count = 0;
    for (size_t region = 0; region < REGIONS; region++) {
        const double x = data[child][region];
        if (!isnan(x)) {
            sum += x;
            least = region < COMPLETE && x < least ? x : least; /* dp2 looks at complete regions */
            greatest = x > greatest ? x : greatest;
            count++;
        }
    }
    switch (m->zero) {
    case ZERO_FLOOR: return 0.1; /* 1 of 100, where the goalposts are 0 and 10 */
    case ZERO_MEAN: return sum / (double)count;
    case ZERO_LEAST: return least;
    case ZERO_GREATEST: return greatest;
    case ZERO_BEHIND: return -1e6;
    default: return 0;
    }
}

static smr_dataset *make_dataset(const double *const *columns) {
    smr_columns input;
    smr_dataset *dataset = NULL;
    smr_error error = unit_error();
    smr_columns_init(&input, sizeof input);
    input.rows = REGIONS;
    input.regions = regions;
    input.column_count = CHILDREN;
    input.ids = names;
    input.values = columns;
    expect_ok(smr_dataset_from_columns(unit_context(), &input, &dataset, &error), &error);
    return dataset;
}

/* The index of a region when its own values stand where the mask says so, and `others` elsewhere. */
static double mixture(const smr_model *model, size_t region, const double *others, unsigned mask) {
    double rows[CHILDREN][REGIONS], scores[REGIONS];
    memcpy(rows, data, sizeof rows);
    for (size_t child = 0; child < CHILDREN; child++) {
        rows[child][region] = mask >> child & 1 ? data[child][region] : others[child];
    }
    const double *const columns[CHILDREN] = {rows[0], rows[1], rows[2], rows[3], rows[4]};
    smr_dataset *dataset = make_dataset(columns);
    smr_scorecard *card = NULL;
    smr_error error = unit_error();
    expect_ok(smr_model_score(unit_context(), model, dataset, NULL, &card, &error), &error);
    expect_ok(smr_scorecard_scores(card, 0, scores, REGIONS, &error), &error);
    smr_scorecard_unref(card);
    smr_dataset_unref(dataset);
    return scores[region];
}

/* The orders of the children, by Heap's way. */
static size_t list_orders(size_t orders[ORDERS][CHILDREN]) {
    size_t order[CHILDREN] = {0, 1, 2, 3, 4}, turns[CHILDREN] = {0}, count = 0, i = 0;
    memcpy(orders[count++], order, sizeof order);
    while (i < CHILDREN) {
        if (turns[i] >= i) {
            turns[i++] = 0;
            continue;
        }
        const size_t other = i % 2 ? turns[i] : 0, moved = order[other];
        order[other] = order[i];
        order[i] = moved;
        memcpy(orders[count++], order, sizeof order);
        turns[i]++;
        i = 0;
    }
    return count;
}

/* The mean over all orders of what each child adds when it moves from `others` to the region's own value. */
static double brute_force(const smr_model *model, size_t region, const double *others, double parts[CHILDREN]) {
    static size_t orders[ORDERS][CHILDREN];
    double worth[1 << CHILDREN];
    expect_equal_uint(list_orders(orders), ORDERS);
    for (unsigned mask = 0; mask < 1 << CHILDREN; mask++) {
        worth[mask] = mixture(model, region, others, mask);
    }
    for (size_t child = 0; child < CHILDREN; child++) {
        parts[child] = 0;
    }
    for (size_t i = 0; i < ORDERS; i++) {
        unsigned mask = 0;
        for (size_t place = 0; place < CHILDREN; place++) {
            const unsigned with = mask | 1u << orders[i][place];
            parts[orders[i][place]] += (worth[with] - worth[mask]) / ORDERS;
            mask = with;
        }
    }
    return worth[0];
}

static smr_explanation *explain(const smr_scorecard *card, size_t row, const size_t *other) {
    smr_explanation_options options;
    smr_explanation *explanation = NULL;
    smr_error error = unit_error();
    smr_explanation_options_init(&options, sizeof options);
    if (other != NULL) {
        options.reference = SMR_REFERENCE_ROWS;
        options.rows = other;
        options.row_count = 1;
    }
    expect_ok(smr_explanation_run(unit_context(), card, row, &options, &explanation, &error), &error);
    return explanation;
}

static double greatest(double a, double b) {
    return a > b ? a : b;
}

static void check_region(const method_case *m, const api_world *world, size_t region) {
    double others[CHILDREN], parts[CHILDREN], present = 0;
    for (size_t child = 0; child < CHILDREN; child++) {
        const bool there = !isnan(data[child][region]);
        others[child] = there ? zero_of(m, child) : NAN;
        present += !there ? 0 : m->share == SHARE_WEIGHT ? weights[child] : m->share == SHARE_GIVEN ? given[child] : 1;
    }
    const double nothing = brute_force(world->model, region, others, parts);
    smr_explanation *explanation = explain(world->card, region, NULL);
    const double *found = smr_explanation_numbers(explanation, SMR_EXPLANATION_CONTRIBUTION);
    const double *shares = smr_explanation_numbers(explanation, SMR_EXPLANATION_WEIGHT);
    const double tolerance = 1e-12 * greatest(fabs(api_score_of(world->card, "i", region)), greatest(fabs(nothing), 1));
    for (size_t child = 0; child < CHILDREN; child++) {
        if (isnan(data[child][region])) {
            expect_nan(found[child + 1]);
            expect(shares[child + 1] == 0);
            continue;
        }
        const double weight =
            m->share == SHARE_WEIGHT ? weights[child] : m->share == SHARE_GIVEN ? given[child] : 1;
        if (nothing != 0) {
            expect_near(shares[child + 1], weight / present, 1e-15);
        }
        expect_near(found[child + 1], weight / present * nothing + parts[child], tolerance);
    }
    smr_explanation_unref(explanation);
}

/* From one region to another, child by child. */
static void check_difference(const api_world *world, size_t a, size_t b) {
    double others[CHILDREN], parts[CHILDREN];
    for (size_t child = 0; child < CHILDREN; child++) {
        others[child] = data[child][b];
    }
    brute_force(world->model, a, others, parts);
    smr_explanation *explanation = explain(world->card, a, &b), *back = explain(world->card, b, &a);
    const double *found = smr_explanation_numbers(explanation, SMR_EXPLANATION_DIFFERENCE);
    const double *turned = smr_explanation_numbers(back, SMR_EXPLANATION_DIFFERENCE);
    const double tolerance = 1e-12 * greatest(fabs(api_score_of(world->card, "i", a)), 1);
    for (size_t child = 0; child < CHILDREN; child++) {
        expect_near(found[child + 1], parts[child], tolerance);
        expect_near(turned[child + 1], -parts[child], tolerance);
    }
    smr_explanation_unref(explanation);
    smr_explanation_unref(back);
}

static api_world make_world(const method_case *m) {
    api_world world = api_world_nouns(m->tree, "region,x1\nA,1\n", m->plan);
    static const double *const columns[CHILDREN] = {data[0], data[1], data[2], data[3], data[4]};
    smr_error error = unit_error();
    smr_dataset_unref(world.dataset);
    world.dataset = make_dataset(columns);
    expect_ok(smr_model_fit(unit_context(), world.framework, world.dataset, world.plan, &world.model, &error), &error);
    world.card = api_score(&world, world.dataset);
    return world;
}

TEST(every_method_as_defined) {
    for (size_t i = 0; i < COUNT(cases); i++) {
        api_world world = make_world(&cases[i]);
        const bool needs_all = cases[i].zero == ZERO_NONE; /* benefit of the doubt: regions with every score alone */
        for (size_t region = 0; region < (needs_all ? COMPLETE : REGIONS); region++) {
            check_region(&cases[i], &world, region);
        }
        api_world_free(&world);
    }
}

TEST(differences_as_defined) {
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (!cases[i].alone) {
            continue;
        }
        api_world world = make_world(&cases[i]);
        check_difference(&world, 0, 1);
        check_difference(&world, 3, 4);
        check_difference(&world, 2, 0);
        api_world_free(&world);
    }
}

/* Where the score is a sum the parts are its terms, and nothing else will do. */
TEST(sums_are_their_terms) {
    static const char *const plans[] = {GOALPOSTS "'arithmetic'}", GOALPOSTS "{'method': 'power', 'p': 1}}"};
    for (size_t i = 0; i < COUNT(plans); i++) {
        const method_case m = {goalpost_tree, plans[i], ZERO_WORST, SHARE_WEIGHT, true};
        api_world world = make_world(&m);
        for (size_t region = 0; region < REGIONS; region++) {
            smr_explanation *explanation = explain(world.card, region, NULL);
            const double *found = smr_explanation_numbers(explanation, SMR_EXPLANATION_CONTRIBUTION);
            double present = 0;
            for (size_t child = 0; child < CHILDREN; child++) {
                present += isnan(data[child][region]) ? 0 : weights[child];
            }
            for (size_t child = 0; child < CHILDREN; child++) {
                if (!isnan(data[child][region])) {
                    expect_near(found[child + 1], weights[child] * 10 * data[child][region] / present, 1e-13);
                }
            }
            smr_explanation_unref(explanation);
        }
        api_world_free(&world);
    }
}

/* Without a range there is no score to start from: every child is needed, and all alike. */
TEST(indispensable_children) {
    static const char *const plans[] = {RAW "'geometric'}", RAW "'harmonic'}", RAW "{'method': 'power', 'p': -1}}"};
    for (size_t i = 0; i < COUNT(plans); i++) {
        const method_case m = {plain_tree, plans[i], ZERO_NONE, SHARE_EQUAL, true};
        api_world world = make_world(&m);
        smr_explanation *explanation = explain(world.card, 5, NULL);
        const double *found = smr_explanation_numbers(explanation, SMR_EXPLANATION_CONTRIBUTION);
        for (size_t child = 0; child < CHILDREN; child++) {
            if (child == 1) {
                expect_nan(found[child + 1]);
            } else {
                expect_near(found[child + 1], api_score_of(world.card, "i", 5) / 4, 1e-14);
            }
        }
        smr_explanation_unref(explanation);
        api_world_free(&world);
    }
}

/* Benefit of the doubt: what each child pays for with the weights that the region chose. */
TEST(weights_of_its_own) {
    static const char *const plans[] = {
        "{'normalise': 'none', 'weights': {'method': 'bod'}}",
        "{'normalise': 'none', 'weights': {'method': 'bod', 'shares': 'pie', 'low': 0.1, 'high': 0.4}}",
        "{'normalise': 'none', 'weights': {'method': 'bod', 'variant': 'common'}}",
        "{'normalise': 'none', 'weights': {'method': 'bod', 'variant': 'cross_efficiency'}}",
    };
    for (size_t i = 0; i < COUNT(plans); i++) {
        const method_case m = {plain_tree, plans[i], ZERO_NONE, SHARE_EQUAL, false};
        api_world world = make_world(&m);
        for (size_t region = 0; region < COMPLETE; region++) {
            smr_explanation *explanation = explain(world.card, region, NULL);
            const double *found = smr_explanation_numbers(explanation, SMR_EXPLANATION_CONTRIBUTION);
            double sum = 0;
            for (size_t child = 0; child < CHILDREN; child++) {
                double chosen[REGIONS];
                smr_error error = unit_error();
                expect_ok(smr_scorecard_weights(world.card, child + 1, chosen, REGIONS, &error), &error);
                expect_near(found[child + 1], chosen[region] * data[child][region], 1e-9);
                sum += found[child + 1];
            }
            expect_near(sum, api_score_of(world.card, "i", region), 1e-12);
            smr_explanation_unref(explanation);
        }
        api_world_free(&world);
    }
}

static const unit_test tests[] = {
    UNIT(every_method_as_defined),
    UNIT(differences_as_defined),
    UNIT(sums_are_their_terms),
    UNIT(indispensable_children),
    UNIT(weights_of_its_own),
};
UNIT_SUITE(explain_shapley, tests)
