/* SPDX-License-Identifier: MIT */
/* Kemeny orders against every order there is. */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "method/method_impl.h"

enum { MOST = 8 };

static double loss_of(const double *margins, uint32_t n, const uint32_t *order)
{
    double loss = 0;
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = i + 1; j < n; j++) {
            loss += fmax(0, margins[order[j] * n + order[i]]);
        }
    }
    return loss;
}

/* The next order in lexicographic sequence; false: that was the last. */
static bool next_order(uint32_t *order, uint32_t n)
{
    uint32_t i = n - 1;
    while (i > 0 && order[i - 1] > order[i]) {
        i--;
    }
    if (i == 0) {
        return false;
    }
    uint32_t j = n - 1;
    while (order[j] < order[i - 1]) {
        j--;
    }
    const uint32_t pivot = order[i - 1];
    order[i - 1] = order[j];
    order[j] = pivot;
    for (uint32_t a = i, b = n - 1; a < b; a++, b--) {
        const uint32_t other = order[a];
        order[a] = order[b];
        order[b] = other;
    }
    return true;
}

/* The least loss, how many orders have it, and the first of them. */
static double brute_force(const double *margins, uint32_t n, uint64_t *orders, uint32_t *first)
{
    uint32_t order[MOST];
    double least = INFINITY;
    for (uint32_t i = 0; i < n; i++) {
        order[i] = i;
    }
    do {
        const double loss = loss_of(margins, n, order);
        if (loss < least - 1e-9) {
            least = loss;
            *orders = 0;
            memcpy(first, order, n * sizeof *first);
        }
        *orders += loss <= least + 1e-9;
    } while (next_order(order, n));
    return least;
}

static void put(double *margins, uint32_t n, uint32_t a, uint32_t b, double margin)
{
    margins[a * n + b] = margin;
    margins[b * n + a] = 0 - margin;
}

static void check(const double *margins, uint32_t n)
{
    uint32_t order[MOST], first[MOST];
    uint64_t orders = 0;
    smri_kemeny_result result;
    smr_error error = unit_error();
    const double least = brute_force(margins, n, &orders, first);
    expect_ok(smri_kemeny(unit_context(), margins, n, order, &result, &error), &error);
    expect_near(result.loss, least, 1e-9);
    expect_near(result.least_loss, result.loss, 0);
    expect_near(loss_of(margins, n, order), least, 1e-9);
    expect_equal_uint(result.orders, orders);
    expect_bytes(order, first, n * sizeof *order);
}

/* Every tournament of four with margins -1, 0, 1. */
TEST(all_of_four)
{
    for (int code = 0; code < 729; code++) {
        double margins[16] = {0};
        int rest = code;
        for (uint32_t a = 0; a < 4; a++) {
            for (uint32_t b = a + 1; b < 4; b++) {
                put(margins, 4, a, b, rest % 3 - 1);
                rest /= 3;
            }
        }
        check(margins, 4);
    }
}

TEST(random_ones_up_to_eight)
{
    uint64_t state = 11;
    for (int round = 0; round < 300; round++) {
        const uint32_t n = 1 + (uint32_t)(unit_random(&state) % MOST);
        double margins[MOST * MOST] = {0};
        for (uint32_t a = 0; a < n; a++) {
            for (uint32_t b = a + 1; b < n; b++) {
                /* few different margins, so that there are ties between orders too */
                const double margin = round % 3 ? ((double)(unit_random(&state) % 9) - 4) / 8
                                                : 2 * unit_random_unit(&state) - 1;
                put(margins, n, a, b, margin);
            }
        }
        check(margins, n);
    }
}

/* Two circles, the one behind the other: six orders are best, and regions of different circles never mix. */
TEST(components_stay_apart)
{
    enum { N = 6 };
    static const uint32_t circles[2][3] = {{4, 0, 2}, {5, 1, 3}};
    double margins[N * N] = {0};
    for (uint32_t a = 0; a < 3; a++) {
        for (uint32_t b = 0; b < 3; b++) {
            put(margins, N, circles[0][a], circles[1][b], 0.25);
        }
        put(margins, N, circles[0][a], circles[0][(a + 1) % 3], 0.5);
        put(margins, N, circles[1][a], circles[1][(a + 1) % 3], 0.125);
    }
    uint32_t order[N];
    smri_kemeny_result result;
    smr_error error = unit_error();
    expect_ok(smri_kemeny(unit_context(), margins, N, order, &result, &error), &error);
    expect_equal_uint(result.orders, 9);
    expect_near(result.loss, 0.625, 0);
    expect_bytes(order, ((const uint32_t[]){0, 2, 4, 1, 3, 5}), sizeof order);
}

/* All tied: every order is best; so many cannot be counted, but none loses anything, which is proof enough. */
TEST(all_tied)
{
    enum { FEW = 12, MANY = 40 };
    static double margins[MANY * MANY];
    uint32_t order[MANY];
    smri_kemeny_result result;
    smr_error error = unit_error();
    expect_ok(smri_kemeny(unit_context(), margins, FEW, order, &result, &error), &error);
    expect_equal_uint(result.orders, UINT64_C(479001600));
    expect_near(result.loss, 0, 0);
    expect_ok(smri_kemeny(unit_context(), margins, MANY, order, &result, &error), &error);
    expect_near(result.least_loss, result.loss, 0);
    for (uint32_t i = 0; i < MANY; i++) {
        expect_equal_uint(order[i], i);
    }
}

/* Above the size that is searched there is an order and a bound below it. */
TEST(a_bound_for_many)
{
    enum { N = 90 };
    static double margins[N * N];
    uint64_t state = 3;
    for (uint32_t a = 0; a < N; a++) {
        for (uint32_t b = a + 1; b < N; b++) {
            put(margins, N, a, b, 2 * unit_random_unit(&state) - 1);
        }
    }
    static uint32_t order[N];
    bool there[N] = {false};
    smri_kemeny_result result;
    smr_error error = unit_error();
    expect_ok(smri_kemeny(unit_context(), margins, N, order, &result, &error), &error);
    expect_equal_uint(result.orders, 0);
    expect(result.least_loss > 0 && result.least_loss < result.loss);
    expect_near(loss_of(margins, N, order), result.loss, 1e-9);
    for (uint32_t i = 0; i < N; i++) {
        expect(!there[order[i]]);
        there[order[i]] = true;
    }
}

static const unit_test tests[] = {
    UNIT(all_of_four), UNIT(random_ones_up_to_eight), UNIT(components_stay_apart), UNIT(all_tied),
    UNIT(a_bound_for_many),
};
UNIT_SUITE(method_kemeny, tests)
