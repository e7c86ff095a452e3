/* SPDX-License-Identifier: MIT */
/* A better value never lowers a region's score, the bounds being found anew. Left out are methods that mean otherwise:
 * those that penalise unbalance, and those whose constants follow the best value. */
#include "worlds.h"

#include <math.h>

static const char *const plans[] = {
    NULL,
    "{'normalise': 'rank'}",
    "{'normalise': 'borda'}",
    "{'normalise': 'percentile_rank'}",
    "{'normalise': 'exponential_rank'}",
    "{'normalise': 'categorical'}",
    "{'normalise': 'distance_to_max'}",
    "{'normalise': {'method': 'fraction_of_max', 'lower': 'reciprocal'}}",
    "{'normalise': {'method': 'scaled', 'a': 0, 'b': 100}}",
    "{'normalise': {'range': [1, 100]}, 'aggregate': 'geometric'}",
    "{'normalise': {'range': [1, 100]}, 'aggregate': 'harmonic'}",
    "{'normalise': {'range': [1, 100]}, 'aggregate': {'method': 'power', 'p': -3.5}}",
    "{'aggregate': 'min'}",
    "{'aggregate': 'max'}",
    "{'aggregate': 'median'}",
    "{'aggregate': {'method': 'mean_of_worst', 'k': 3}}",
    "{'aggregate': {'method': 'at_least_k', 'k': 2}}",
    "{'aggregate': {'method': 'owa', 'weights': [0.1, 0.2, 0.3, 0.4]}}",
    "{'aggregate': 'copeland'}",
    "{'aggregate': 'borda'}",
    "{'aggregate': 'condorcet'}",
    "{'aggregate': 'promethee2'}",
    "{'normalise': {'method': 'scaled', 'a': 0, 'b': 100}, 'aggregate': {'method': 'promethee2',"
    " 'preference': 'linear', 'q': 0.05, 'p': 0.4}}",
    "{'normalise': {'method': 'scaled', 'a': 0, 'b': 100}, 'aggregate': {'method': 'electre3', 'q': 0.05, 'p': 0.2,"
    " 'v': 0.6}}",
};

static void improve(uint64_t *state, law_world *world, size_t region) {
    const size_t c = (size_t)(unit_random(state) % world->indicators);
    const double by = unit_random(state) % 3 == 0 ? 1 : 1 + (double)(unit_random(state) % 40);
    const double better = world->values[region][c] + (world->lower[c] ? -by : by);
    if (better > 0.5) { /* stays on the ratio scale */
        world->values[region][c] = better;
    }
}

TEST(better_is_never_worse) {
    uint64_t state = 11;
    for (int round = 0; round < 40; round++) {
        const law_world world = law_random(&state, 15, 5, round % 2 ? 0.1 : 0, 0);
        law_world other = world;
        const size_t region = (size_t)(unit_random(&state) % world.regions);
        improve(&state, &other, region);
        for (size_t p = 0; p < COUNT(plans); p++) {
            const law_result a = law_score_ok(&world, plans[p]), b = law_score_ok(&other, plans[p]);
            if (a.scores[region] == a.scores[region]) {
                expect(b.scores[region] >= a.scores[region] - 1e-9);
                /* and no other region gains in rank on it */
                for (size_t i = 0; p >= COUNT(plans) - 6 && i < world.regions; i++) {
                    expect(!(a.ranks[region] < a.ranks[i]) || b.ranks[region] <= b.ranks[i]);
                }
            }
        }
    }
}

/* Its options name the indicators. */
static const char choquet[] =
    "{'aggregate': {'method': 'choquet', 'shapley': {'x1': 0.3, 'x2': 0.3, 'x3': 0.2, 'x4': 0.1, 'x5': 0.1},"
    " 'interaction': {'x1': {'x2': 0.3, 'x3': -0.2}, 'x4': {'x5': -0.2}}}}";

TEST(better_is_never_worse_with_interactions) {
    uint64_t state = 13;
    for (int round = 0; round < 100; round++) {
        const law_world world = law_random(&state, 15, 5, round % 2 ? 0.1 : 0, 0);
        law_world other = world;
        const size_t region = (size_t)(unit_random(&state) % world.regions);
        improve(&state, &other, region);
        const law_result a = law_score_ok(&world, choquet), b = law_score_ok(&other, choquet);
        expect(a.scores[region] != a.scores[region] || b.scores[region] >= a.scores[region] - 1e-9);
    }
}

/* All that there is of two regions, two indicators, values 0 to 2: who is at least as good in both is never behind. */
TEST(dominance_in_tiny_worlds) {
    for (unsigned code = 0; code < 81; code++) {
        law_world world = {.regions = 3, .indicators = 2, .weights = {1, 2}, .columns = {0, 1}, .places = {0, 1, 2}};
        const unsigned cells[] = {code % 3, code / 3 % 3, code / 9 % 3, code / 27};
        for (size_t i = 0; i < 4; i++) {
            world.values[i / 2][i % 2] = 1 + (double)cells[i];
        }
        world.values[2][0] = world.values[2][1] = 4; /* so that no column is constant */
        const bool dominates = cells[0] >= cells[2] && cells[1] >= cells[3];
        for (size_t p = 0; p < COUNT(plans); p++) {
            const law_result result = law_score_ok(&world, plans[p]);
            expect(!dominates || result.scores[0] >= result.scores[1] - 1e-12);
            expect(!dominates || result.ranks[0] <= result.ranks[1]);
        }
    }
}

static const unit_test tests[] = {
    UNIT(better_is_never_worse),
    UNIT(better_is_never_worse_with_interactions),
    UNIT(dominance_in_tiny_worlds),
};
UNIT_SUITE(monotone_laws, tests)
