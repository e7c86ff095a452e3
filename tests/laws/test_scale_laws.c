/* SPDX-License-Identifier: MIT */
/* The unit in which an indicator is measured decides nothing, as far as the method's scale says. */
#include "worlds.h"

#include <math.h>
#include <stdio.h>

enum { ROUNDS = 12 };

static void expect_same_results(const law_world *world, const law_result *found, const law_result *expected,
                                double tolerance) {
    for (size_t i = 0; i < world->regions; i++) {
        expect_equal_int(found->statuses[i], expected->statuses[i]);
        if (expected->scores[i] != expected->scores[i]) {
            expect_nan(found->scores[i]);
        } else if (tolerance == 0) {
            expect_same_bits(found->scores[i], expected->scores[i]);
            expect_same_bits(found->ranks[i], expected->ranks[i]);
        } else {
            expect_near(found->scores[i], expected->scores[i], tolerance * (1 + fabs(expected->scores[i])));
        }
    }
}

/* Every column by its own factor and shift. */
static law_world rescaled(const law_world *world, const double *factors, const double *shifts) {
    law_world other = *world;
    for (size_t c = 0; c < world->indicators; c++) {
        for (size_t i = 0; i < world->regions; i++) {
            other.values[i][c] = factors[c] * world->values[i][c] + shifts[c];
        }
    }
    return other;
}

static const char *const interval_plans[] = {
    "{'normalise': 'minmax'}",
    "{'normalise': 'zscore'}",
    "{'normalise': 'distance_to_max'}",
    "{'normalise': {'method': 'distance_to_reference', 'reference': 'r3'}}",
    "{'normalise': 'none', 'aggregate': 'mpi'}",
    "{'normalise': 'none', 'aggregate': {'method': 'ampi', 'reference': 'r1'}}",
    "{'normalise': 'none', 'aggregate': 'mean_min'}",
    "{'normalise': 'none', 'aggregate': 'dp2'}",
};

/* Degrees Fahrenheit for Celsius. */
TEST(interval_scales) {
    uint64_t state = 1;
    for (int round = 0; round < ROUNDS; round++) {
        law_world world = law_random(&state, 30, 6, 0.1, 0);
        double factors[WORLD_INDICATORS], shifts[WORLD_INDICATORS];
        world.values[3][0] = 50; /* a reference region has a value */
        for (size_t c = 0; c < world.indicators; c++) {
            factors[c] = 0.01 + 100 * unit_random_unit(&state);
            shifts[c] = 1000 * unit_random_unit(&state) - 500;
            world.values[1][c] = 20 + (double)c;
            world.values[3][c] = 60 - (double)c;
            /* where nothing is normalised, nothing turns the sign of lower-is-better either */
        }
        const law_world other = rescaled(&world, factors, shifts);
        for (size_t p = 0; p < COUNT(interval_plans); p++) {
            const law_result a = law_score_ok(&world, interval_plans[p]), b = law_score_ok(&other, interval_plans[p]);
            expect_same_results(&world, &b, &a, 1e-8);
        }
    }
}

static const char *const ratio_plans[] = {
    "{'normalise': {'method': 'fraction_of_max', 'lower': 'reciprocal'}}",
    "{'normalise': {'method': 'indicis', 'scale': 100}}",
    "{'normalise': {'method': 'indicis', 'base': 'min', 'form': 'difference'}}",
};

/* Metres for feet. */
TEST(ratio_scales) {
    uint64_t state = 2;
    static const double none[WORLD_INDICATORS] = {0};
    for (int round = 0; round < ROUNDS; round++) {
        const law_world world = law_random(&state, 30, 6, 0.1, 0);
        double factors[WORLD_INDICATORS];
        for (size_t c = 0; c < world.indicators; c++) {
            factors[c] = 0.01 + 100 * unit_random_unit(&state);
        }
        const law_world other = rescaled(&world, factors, none);
        for (size_t p = 0; p < COUNT(ratio_plans); p++) {
            const law_result a = law_score_ok(&world, ratio_plans[p]), b = law_score_ok(&other, ratio_plans[p]);
            expect_same_results(&world, &b, &a, 1e-12);
        }
        /* by a power of two no bit changes: neither here nor in min-max */
        for (size_t c = 0; c < world.indicators; c++) {
            factors[c] = ldexp(1, (int)(unit_random(&state) % 40) - 20);
        }
        const law_world doubled = rescaled(&world, factors, none);
        const law_result a = law_score_ok(&world, NULL), b = law_score_ok(&doubled, NULL);
        expect_same_results(&world, &b, &a, 0);
    }
}

static const char *const ordinal_plans[] = {
    "{'normalise': 'rank'}",
    "{'normalise': 'borda'}",
    "{'normalise': {'method': 'percentile_rank', 'base': 'n'}}",
    "{'normalise': 'exponential_rank'}",
    "{'normalise': 'categorical'}",
    "{'normalise': 'none', 'aggregate': 'copeland'}",
    "{'normalise': 'none', 'aggregate': 'borda'}",
    "{'normalise': 'none', 'aggregate': 'condorcet'}",
    "{'normalise': 'none', 'aggregate': 'kemeny'}",
    "{'normalise': 'none', 'aggregate': 'promethee2'}",
};

/* Only the order counts: any rising function changes no bit. */
TEST(ordinal_scales) {
    uint64_t state = 3;
    for (int round = 0; round < ROUNDS; round++) {
        const law_world world = law_random(&state, 24, 6, round % 2 ? 0.1 : 0, round % 3 ? 0 : 7);
        law_world other = world;
        for (size_t c = 0; c < world.indicators; c++) {
            for (size_t i = 0; i < world.regions; i++) {
                const double x = world.values[i][c];
                other.values[i][c] = c % 2 ? x * x * x + 3 : sqrt(x + 1) - 5;
            }
        }
        for (size_t p = 0; p < COUNT(ordinal_plans); p++) {
            const law_result a = law_score_ok(&world, ordinal_plans[p]), b = law_score_ok(&other, ordinal_plans[p]);
            expect_same_results(&world, &b, &a, 0);
        }
    }
}

/* Weights are relative: all of them times a factor is the same question. */
TEST(weights_are_relative) {
    static const char *const plans[] = {
        NULL,
        "{'normalise': {'range': [1, 100]}, 'aggregate': 'geometric'}",
        "{'aggregate': 'copeland'}",
        "{'aggregate': 'borda'}",
        "{'aggregate': {'method': 'electre3', 'q': 5, 'p': 20, 'v': 70}}",
    };
    uint64_t state = 4;
    for (int round = 0; round < ROUNDS; round++) {
        const law_world world = law_random(&state, 20, 6, 0.1, 0);
        law_world other = world;
        for (size_t c = 0; c < world.indicators; c++) {
            other.weights[c] *= 3;
        }
        for (size_t p = 0; p < COUNT(plans); p++) {
            const law_result a = law_score_ok(&world, plans[p]), b = law_score_ok(&other, plans[p]);
            expect_same_results(&world, &b, &a, 1e-12);
        }
    }
}

static const unit_test tests[] = {
    UNIT(interval_scales),
    UNIT(ratio_scales),
    UNIT(ordinal_scales),
    UNIT(weights_are_relative),
};
UNIT_SUITE(scale_laws, tests)
