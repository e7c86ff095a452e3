/* SPDX-License-Identifier: MIT */
/* No order of the regions agrees better with their pairs than the one that `kemeny` gives: every other one is tried. */
#include "worlds.h"

#include <math.h>
#include <string.h>

enum { MOST = 8 };

/* Shares of weight for which a is better than b, ties half, of the indicators that both have. */
static void find_shares(const law_world *world, double shares[MOST][MOST]) {
    for (size_t a = 0; a < world->regions; a++) {
        for (size_t b = 0; b < world->regions; b++) {
            double better = 0, weight = 0;
            for (size_t c = 0; c < world->indicators; c++) {
                const double x = world->values[a][c], y = world->values[b][c];
                if (x == x && y == y) {
                    better += world->weights[c] * (x > y ? 1 : x == y ? 0.5 : 0);
                    weight += world->weights[c];
                }
            }
            shares[a][b] = weight > 0 ? better / weight : 0.5;
        }
    }
}

static double score_of(double shares[MOST][MOST], const size_t *order, size_t n) {
    double score = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = i + 1; j < n; j++) {
            score += shares[order[i]][order[j]];
        }
    }
    return score;
}

/* The best score of all orders that begin with the first `fixed` places. */
static double best_of(double shares[MOST][MOST], size_t *order, size_t fixed, size_t n) {
    if (fixed == n) {
        return score_of(shares, order, n);
    }
    double best = -INFINITY;
    for (size_t i = fixed; i < n; i++) {
        const size_t kept = order[fixed];
        order[fixed] = order[i];
        order[i] = kept;
        best = fmax(best, best_of(shares, order, fixed + 1, n));
        order[i] = order[fixed];
        order[fixed] = kept;
    }
    return best;
}

static void check(const law_world *world) {
    const law_result result = law_score_ok(world, "{'normalise': 'none', 'aggregate': 'kemeny'}");
    double shares[MOST][MOST];
    size_t order[MOST], any[MOST], n = 0;
    bool there[MOST] = {false};
    for (size_t i = 0; i < world->regions; i++) {
        any[i] = i;
        for (size_t c = 0; c < world->indicators; c++) {
            there[i] = there[i] || world->values[i][c] == world->values[i][c];
        }
        n += there[i];
    }
    expect(n == world->regions); /* the worlds below give every region something */
    for (size_t i = 0; i < n; i++) {
        const size_t place = (size_t)result.ranks[i] - 1;
        expect(result.scores[i] == (double)(n - 1 - place) && place < n);
        order[place] = i;
    }
    find_shares(world, shares);
    expect_near(score_of(shares, order, n), best_of(shares, any, 0, n), 1e-9);
    /* who beats all others stands first, who loses to all stands last */
    for (size_t a = 0; a < n; a++) {
        size_t wins = 0, losses = 0;
        for (size_t b = 0; b < n; b++) {
            wins += a != b && shares[a][b] > 0.5 + 1e-9;
            losses += a != b && shares[a][b] < 0.5 - 1e-9;
        }
        expect(wins + 1 < n || result.ranks[a] == 1);
        expect(losses + 1 < n || result.ranks[a] == (double)n);
    }
}

/* Three regions, three indicators, three values: all 19,683. */
TEST(all_tiny_worlds) {
    for (unsigned code = 0; code < 19683; code++) {
        law_world world = {
            .regions = 3, .indicators = 3, .weights = {1, 1, 1}, .columns = {0, 1, 2}, .places = {0, 1, 2}};
        unsigned rest = code;
        for (size_t i = 0; i < 9; i++) {
            world.values[i / 3][i % 3] = (double)(rest % 3);
            rest /= 3;
        }
        check(&world);
    }
}

TEST(random_worlds_of_up_to_eight) {
    uint64_t state = 41;
    for (int round = 0; round < 60; round++) {
        law_world world = law_random(&state, 2 + (size_t)(unit_random(&state) % 7), 5, 0.15, round % 2 ? 5 : 0);
        for (size_t i = 0; i < world.regions; i++) {
            world.values[i][0] = world.values[i][0] == world.values[i][0] ? world.values[i][0] : 2;
        }
        for (size_t c = 0; c < world.indicators; c++) {
            world.lower[c] = false;
        }
        check(&world);
    }
}

static const unit_test tests[] = {
    UNIT(all_tiny_worlds),
    UNIT(random_worlds_of_up_to_eight),
};
UNIT_SUITE(kemeny_laws, tests)
