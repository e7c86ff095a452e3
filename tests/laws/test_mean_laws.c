/* SPDX-License-Identifier: MIT */
/* What a mean is: between the least and the greatest, equal where all are, rising with its exponent. */
#include "worlds.h"

#include <math.h>
#include <stdio.h>

#define POSITIVE "'normalise': {'range': [1, 100]}, "

static const char *const means[] = {
    "{" POSITIVE "'aggregate': 'arithmetic'}",
    "{" POSITIVE "'aggregate': 'geometric'}",
    "{" POSITIVE "'aggregate': 'harmonic'}",
    "{" POSITIVE "'aggregate': {'method': 'power', 'p': 0.3}}",
    "{" POSITIVE "'aggregate': {'method': 'power', 'p': 12}}",
    "{" POSITIVE "'aggregate': 'median'}",
    "{" POSITIVE "'aggregate': {'method': 'mean_of_worst', 'k': 2}}",
    "{" POSITIVE "'aggregate': {'method': 'at_least_k', 'k': 2}}",
    "{" POSITIVE "'aggregate': {'method': 'owa', 'weights': [3, 1, 0, 5]}}",
    "{" POSITIVE "'aggregate': {'method': 'choquet', 'shapley': {'x1': 0.3, 'x2': 0.3, 'x3': 0.2, 'x4': 0.1,"
    " 'x5': 0.1}, 'interaction': {'x1': {'x2': 0.3, 'x3': -0.2}, 'x4': {'x5': -0.2}}}}",
};

TEST(between_least_and_greatest) {
    uint64_t state = 31;
    for (int round = 0; round < 20; round++) {
        const law_world world = law_random(&state, 30, 5, 0.25, 0);
        for (size_t m = 0; m < COUNT(means); m++) {
            const law_result result = law_score_ok(&world, means[m]);
            for (size_t i = 0; i < world.regions; i++) {
                double least = INFINITY, greatest = -INFINITY;
                for (size_t c = 0; c < world.indicators; c++) {
                    least = fmin(least, result.leaves[i][c]);
                    greatest = fmax(greatest, result.leaves[i][c]);
                }
                expect(result.scores[i] != result.scores[i]
                       || (result.scores[i] >= least * (1 - 1e-14) && result.scores[i] <= greatest * (1 + 1e-14)));
                expect((result.scores[i] == result.scores[i]) == (greatest >= least));
            }
        }
    }
}

TEST(equal_scores_give_themselves) {
    static const char *const kinds[] = {"'arithmetic'",
                                        "'geometric'",
                                        "'harmonic'",
                                        "'min'",
                                        "'max'",
                                        "'median'",
                                        "{'method': 'power', 'p': -2}",
                                        "{'method': 'owa', 'weights': [1, 2, 4]}",
                                        "{'method': 'mean_of_worst', 'k': 2}"};
    law_world world = {
        .regions = 3, .indicators = 4, .weights = {1, 2, 0.5, 3}, .columns = {0, 1, 2, 3}, .places = {0, 1, 2}};
    static const double values[] = {0.1, 7, 1e6};
    for (size_t i = 0; i < world.regions; i++) {
        for (size_t c = 0; c < world.indicators; c++) {
            world.values[i][c] = c == 1 && i == 2 ? (double)NAN : values[i];
        }
    }
    for (size_t k = 0; k < COUNT(kinds); k++) {
        char plan[200];
        snprintf(plan, sizeof plan, "{'normalise': 'none', 'aggregate': %s}", kinds[k]);
        const law_result result = law_score_ok(&world, plan);
        for (size_t i = 0; i < world.regions; i++) {
            expect_near(result.scores[i], values[i], 1e-13 * values[i]);
        }
    }
}

/* min, harmonic (-1), geometric (0), arithmetic (1), max are rungs of one ladder. */
TEST(power_means_rise_with_their_exponent) {
    static const double exponents[] = {-100, -20, -3, -1, -0.5, -0.01, 0, 0.01, 0.5, 1, 1.5, 3, 20, 100};
    uint64_t state = 32;
    for (int round = 0; round < 10; round++) {
        const law_world world = law_random(&state, 30, 6, 0.1, 0);
        law_result last = law_score_ok(&world, "{" POSITIVE "'aggregate': 'min'}");
        for (size_t e = 0; e <= COUNT(exponents); e++) {
            char plan[200];
            snprintf(plan, sizeof plan, "{" POSITIVE "'aggregate': {'method': 'power', 'p': %g}}",
                     e < COUNT(exponents) ? exponents[e] : 0);
            const law_result next =
                law_score_ok(&world, e < COUNT(exponents) ? plan : "{" POSITIVE "'aggregate': 'max'}");
            for (size_t i = 0; i < world.regions; i++) {
                expect(last.scores[i] != last.scores[i] || next.scores[i] >= last.scores[i] * (1 - 1e-13));
            }
            last = next;
        }
        const law_result harmonic = law_score_ok(&world, "{" POSITIVE "'aggregate': 'harmonic'}");
        const law_result minus_one = law_score_ok(&world, "{" POSITIVE "'aggregate': {'method': 'power', 'p': -1}}");
        for (size_t i = 0; i < world.regions; i++) {
            expect(harmonic.scores[i] != harmonic.scores[i]
                   || fabs(harmonic.scores[i] - minus_one.scores[i]) <= 1e-12 * harmonic.scores[i]);
        }
    }
}

static const unit_test tests[] = {
    UNIT(between_least_and_greatest),
    UNIT(equal_scores_give_themselves),
    UNIT(power_means_rise_with_their_exponent),
};
UNIT_SUITE(mean_laws, tests)
