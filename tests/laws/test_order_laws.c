/* SPDX-License-Identifier: MIT */
/* Which region or indicator stands first decides nothing. */
#include "worlds.h"

#include <math.h>

static const char *const plans[] = {
    NULL,
    "{'normalise': 'zscore'}",
    "{'normalise': 'rank'}",
    "{'normalise': 'borda'}",
    "{'normalise': 'percentile_rank'}",
    "{'normalise': 'exponential_rank'}",
    "{'normalise': 'distance_to_max'}",
    "{'normalise': {'method': 'distance_to_reference', 'reference': 'r2'}}",
    "{'normalise': {'method': 'fraction_of_max', 'lower': 'reciprocal'}}",
    "{'normalise': 'indicis'}",
    "{'normalise': 'categorical'}",
    "{'normalise': 'above_below_mean'}",
    "{'normalise': {'range': [1, 100]}, 'aggregate': 'geometric'}",
    "{'normalise': {'range': [1, 100]}, 'aggregate': 'harmonic'}",
    "{'aggregate': 'median'}",
    "{'aggregate': {'method': 'mean_of_worst', 'k': 3}}",
    "{'aggregate': {'method': 'owa', 'weights': [0.1, 0.2, 0.3, 0.4]}}",
    "{'aggregate': {'method': 'choquet', 'shapley': {'x1': 0.3, 'x2': 0.3, 'x3': 0.2, 'x4': 0.1, 'x5': 0.1},"
    " 'interaction': {'x1': {'x2': 0.3, 'x3': -0.2}, 'x4': {'x5': -0.2}}}}",
    "{'aggregate': 'mpi'}",
    "{'aggregate': {'method': 'ampi', 'reference': 'r2'}}",
    "{'aggregate': 'mean_min'}",
    "{'aggregate': 'wroclaw'}",
    "{'aggregate': 'dp2'}",
    "{'aggregate': 'copeland'}",
    "{'aggregate': 'borda'}",
    "{'aggregate': 'condorcet'}",
    "{'aggregate': 'promethee2'}",
    "{'aggregate': {'method': 'electre3', 'q': 5, 'p': 20, 'v': 70}}",
};

static law_world make(uint64_t *state, int round) {
    law_world world = law_random(state, 25, 5, round % 2 ? 0.1 : 0, 0);
    for (size_t c = 0; c < world.indicators; c++) {
        world.values[2][c] = 30 + (double)c; /* the reference region has every value */
    }
    return world;
}

/* Regions: every bit stays. */
TEST(regions_in_any_order) {
    uint64_t state = 21;
    for (int round = 0; round < 8; round++) {
        const law_world world = make(&state, round);
        law_world other = world;
        law_shuffle(&state, other.places, other.regions);
        for (size_t p = 0; p < COUNT(plans); p++) {
            const law_result a = law_score_ok(&world, plans[p]), b = law_score_ok(&other, plans[p]);
            for (size_t i = 0; i < world.regions; i++) {
                expect_same_bits(b.scores[i], a.scores[i]);
                expect_same_bits(b.ranks[i], a.ranks[i]);
                expect_equal_int(b.statuses[i], a.statuses[i]);
            }
        }
    }
}

/* Indicators: sums of siblings are taken in their order, so that the last bits may differ. */
TEST(indicators_in_any_order) {
    uint64_t state = 22;
    for (int round = 0; round < 8; round++) {
        const law_world world = make(&state, round);
        law_world other = world;
        law_shuffle(&state, other.columns, other.indicators);
        for (size_t p = 0; p < COUNT(plans); p++) {
            const law_result a = law_score_ok(&world, plans[p]), b = law_score_ok(&other, plans[p]);
            for (size_t i = 0; i < world.regions; i++) {
                expect_equal_int(b.statuses[i], a.statuses[i]);
                if (a.scores[i] == a.scores[i]) {
                    expect_near(b.scores[i], a.scores[i], 1e-9 * (1 + fabs(a.scores[i])));
                } else {
                    expect_nan(b.scores[i]);
                }
                for (size_t c = 0; c < world.indicators; c++) {
                    expect_same_bits(b.leaves[i][c], a.leaves[i][c]);
                }
            }
        }
    }
}

static const unit_test tests[] = {
    UNIT(regions_in_any_order),
    UNIT(indicators_in_any_order),
};
UNIT_SUITE(order_laws, tests)
