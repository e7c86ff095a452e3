/* SPDX-License-Identifier: MIT */
#include "method_fixture.h"

#include <math.h>

#define MOST 12

typedef struct matrices {
    double r[SMRI_CORRELATION_COUNT][MOST * MOST], p[SMRI_CORRELATION_COUNT][MOST * MOST];
    size_t rows[MOST * MOST];
} matrices;

static void correlate(const double *const *columns, uint32_t count, size_t n, matrices *m)
{
    smri_correlations result = {.rows = m->rows};
    smr_error error = unit_error();
    for (int kind = 0; kind < SMRI_CORRELATION_COUNT; kind++) {
        result.r[kind] = m->r[kind];
        result.p[kind] = m->p[kind];
    }
    expect_ok(smri_correlate(unit_context(), columns, count, n, &result, &error), &error);
}

/* Expected numbers: SciPy 1.17, pearsonr, spearmanr, kendalltau(method="asymptotic"). */
static const double x[] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3};
static const double y[] = {2, 7, 1, 8, 2, 8, 1, 8, 2, 8};
static const double z[] = {1, 2, 2, 3, 5, 8, 3, 6, 6, 4};

TEST(known_pairs_with_ties)
{
    static const double r[][3] = {{0.10492284287735881, 0.13471506281091267, 0.13041013273932525},
                                  {0.8342022295749311, 0.75, 0.6428571428571428},
                                  {0.35007975314920436, 0.45546521236070475, 0.3651483716701107}};
    static const double p[][3] = {{0.7729913615627264, 0.7106008805223829, 0.6325202921884683},
                                  {0.0026925476992547964, 0.012477874755859368, 0.013398089784655122},
                                  {0.32135375873202254, 0.18590159985641605, 0.1805996164939242}};
    static const int cells[] = {1, 2, 5};
    matrices m;
    correlate((const double *const[]){x, y, z}, 3, 10, &m);
    for (int pair = 0; pair < 3; pair++) {
        for (int kind = 0; kind < SMRI_CORRELATION_COUNT; kind++) {
            expect_near(m.r[kind][cells[pair]], r[pair][kind], 1e-15);
            expect_near(m.p[kind][cells[pair]], p[pair][kind], 1e-14);
        }
        expect_equal_uint(m.rows[cells[pair]], 10);
    }
}

TEST(holes_leave_a_pair_its_common_rows)
{
    double a[10], b[10];
    matrices m;
    memcpy(a, x, sizeof a);
    memcpy(b, z, sizeof b);
    a[3] = b[6] = NAN;
    correlate((const double *const[]){a, b, y}, 3, 10, &m);
    static const double r[] = {0.859041213929178, 0.8719512195121952, 0.7692307692307694};
    static const double p[] = {0.006282542084472286, 0.004757701734178943, 0.010747577580460075};
    for (int kind = 0; kind < SMRI_CORRELATION_COUNT; kind++) {
        expect_near(m.r[kind][1], r[kind], 1e-15);
        expect_near(m.p[kind][1], p[kind], 1e-14);
        expect_same_bits(m.r[kind][1], m.r[kind][3]);
    }
    expect_equal_uint(m.rows[1], 8);
    expect_equal_uint(m.rows[2], 9);
    expect_equal_uint(m.rows[0], 9);
}

/* Kendall's tau-b from its definition, and the others from their textbook formulas. */
static double tau_by_pairs(const double *a, const double *b, size_t n)
{
    double score = 0, of_a = 0, of_b = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = i + 1; k < n; k++) {
            const int s = (a[i] > a[k]) - (a[i] < a[k]), t = (b[i] > b[k]) - (b[i] < b[k]);
            if (a[i] == a[i] && a[k] == a[k] && b[i] == b[i] && b[k] == b[k]) {
                score += s * t;
                of_a += s != 0;
                of_b += t != 0;
            }
        }
    }
    return score / sqrt(of_a * of_b);
}

static double pearson_by_sums(const double *a, const double *b, size_t n)
{
    long double count = 0, sum_a = 0, sum_b = 0, aa = 0, bb = 0, ab = 0;
    for (size_t i = 0; i < n; i++) {
        if (a[i] == a[i] && b[i] == b[i]) {
            count += 1;
            sum_a += a[i];
            sum_b += b[i];
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (a[i] == a[i] && b[i] == b[i]) {
            const long double da = a[i] - sum_a / count, db = b[i] - sum_b / count;
            aa += da * da;
            bb += db * db;
            ab += da * db;
        }
    }
    return (double)(ab / sqrtl(aa * bb));
}

/* Mean rank among the rows in which both have a value. */
static void ranks_by_count(const double *a, const double *b, size_t n, double *ranks)
{
    for (size_t i = 0; i < n; i++) {
        ranks[i] = NAN;
        for (size_t k = 0; a[i] == a[i] && b[i] == b[i] && k < n; k++) {
            if (a[k] == a[k] && b[k] == b[k]) {
                ranks[i] = (ranks[i] == ranks[i] ? ranks[i] : 0) + (a[k] < a[i]) + 0.5 * (a[k] == a[i]);
            }
        }
    }
}

TEST(random_columns_by_definition)
{
    enum { ROWS = 150 };
    uint64_t state = 5;
    for (int run = 0; run < 40; run++) {
        double a[4][ROWS], ranks[2][ROWS];
        const size_t n = 3 + unit_random(&state) % (ROWS - 2);
        const int levels = run % 3 == 0 ? 0 : run % 3 == 1 ? 4 : 40;
        for (int i = 0; i < 4; i++) {
            for (size_t row = 0; row < n; row++) {
                const double before = i > 0 && a[i - 1][row] == a[i - 1][row] ? a[i - 1][row] : 0;
                const double value = unit_random_unit(&state) + before;
                a[i][row] = run % 2 && unit_random_unit(&state) < 0.15 ? NAN : levels ? floor(value * levels) : value;
            }
        }
        matrices m;
        correlate((const double *const[]){a[0], a[1], a[2], a[3]}, 4, n, &m);
        for (int i = 0; i < 4; i++) {
            for (int k = i + 1; k < 4; k++) {
                const double tau = tau_by_pairs(a[i], a[k], n);
                if (tau != tau) {
                    continue; /* no spread */
                }
                expect_near(m.r[SMRI_PEARSON][4 * i + k], pearson_by_sums(a[i], a[k], n), 1e-13);
                expect_near(m.r[SMRI_KENDALL][4 * i + k], tau, 1e-14);
                ranks_by_count(a[i], a[k], n, ranks[0]);
                ranks_by_count(a[k], a[i], n, ranks[1]);
                expect_near(m.r[SMRI_SPEARMAN][4 * i + k], pearson_by_sums(ranks[0], ranks[1], n), 1e-13);
            }
        }
    }
}

TEST(a_column_with_itself)
{
    double negative[10], twice[10];
    matrices m;
    for (int i = 0; i < 10; i++) {
        negative[i] = -x[i];
        twice[i] = 2 * x[i] + 3;
    }
    correlate((const double *const[]){x, negative, twice, x}, 4, 10, &m);
    for (int kind = 0; kind < SMRI_CORRELATION_COUNT; kind++) {
        expect_near(m.r[kind][0], 1, 0);
        expect_nan(m.p[kind][0]);
        expect_near(m.r[kind][1], -1, kind == SMRI_KENDALL ? 1e-15 : 0);
        expect_near(m.r[kind][2], 1, 1e-15);
        expect_near(m.r[kind][3], 1, kind == SMRI_KENDALL ? 1e-15 : 0);
    }
    expect_near(m.p[SMRI_PEARSON][3], 0, 0);
}

TEST(no_spread_is_no_correlation)
{
    static const double five[] = {5, 5, 5, 5, 5, 5, 5, 5, 5, 5};
    double empty[10], single[10], split[10];
    for (int i = 0; i < 10; i++) {
        empty[i] = NAN;
        single[i] = i == 4 ? 1 : NAN;
        split[i] = i < 5 ? NAN : i < 7 ? 1 : 2; /* constant where `low` has values */
    }
    double low[10];
    for (int i = 0; i < 10; i++) {
        low[i] = i < 7 ? i : NAN;
    }
    matrices m;
    correlate((const double *const[]){x, five, empty, single, split, low}, 6, 10, &m);
    for (int kind = 0; kind < SMRI_CORRELATION_COUNT; kind++) {
        for (int k = 1; k < 4; k++) {
            expect_nan(m.r[kind][k]);
            expect_nan(m.p[kind][k]);
            expect_nan(m.r[kind][7 * k]);
        }
        expect(m.r[kind][4] == m.r[kind][4]);
        expect_nan(m.r[kind][4 * 6 + 5]);
    }
    expect_equal_uint(m.rows[2], 0);
    expect_equal_uint(m.rows[3], 1);
    expect_equal_uint(m.rows[4 * 6 + 5], 2);
}

TEST(two_rows)
{
    matrices m;
    correlate((const double *const[]){(const double[]){1, 2}, (const double[]){5, 3}}, 2, 2, &m);
    for (int kind = 0; kind < SMRI_CORRELATION_COUNT; kind++) {
        expect_near(m.r[kind][1], -1, 0);
        expect_nan(m.p[kind][1]);
    }
}

/* Neither squares that overflow nor squares that vanish. */
TEST(values_far_out)
{
    double large[10], small[10], largest[10];
    matrices m;
    for (int i = 0; i < 10; i++) {
        large[i] = z[i] * 1e300;
        small[i] = x[i] * 1e-300;
        largest[i] = (z[i] - 4) / 4 * DBL_MAX;
    }
    correlate((const double *const[]){x, z, small, large, largest}, 5, 10, &m);
    for (int kind = 0; kind < SMRI_CORRELATION_COUNT; kind++) {
        expect_near(m.r[kind][2 * 5 + 3], m.r[kind][1], 1e-15);
        expect_near(m.r[kind][4], m.r[kind][1], 1e-15);
    }
}

TEST(rows_in_any_order_give_the_same_bits)
{
    enum { ROWS = 700 };
    static double a[3][ROWS], b[3][ROWS];
    uint64_t state = 9;
    for (int i = 0; i < 3; i++) {
        for (size_t row = 0; row < ROWS; row++) {
            a[i][row] = unit_random_unit(&state) < 0.1 ? NAN : (unit_random_unit(&state) - 0.5) * (row % 7 ? 1 : 1e6);
        }
    }
    for (size_t row = 0; row < ROWS; row++) {
        for (int i = 0; i < 3; i++) {
            b[i][row] = a[i][row * 303 % ROWS]; /* 303 and 700 share no divisor */
        }
    }
    matrices m, permuted;
    correlate((const double *const[]){a[0], a[1], a[2]}, 3, ROWS, &m);
    correlate((const double *const[]){b[0], b[1], b[2]}, 3, ROWS, &permuted);
    for (int kind = 0; kind < SMRI_CORRELATION_COUNT; kind++) {
        for (int cell = 0; cell < 9; cell++) {
            expect_same_bits(m.r[kind][cell], permuted.r[kind][cell]);
            expect_same_bits(m.p[kind][cell], permuted.p[kind][cell]);
        }
    }
}

static const unit_test tests[] = {
    UNIT(known_pairs_with_ties),
    UNIT(holes_leave_a_pair_its_common_rows),
    UNIT(random_columns_by_definition),
    UNIT(a_column_with_itself),
    UNIT(no_spread_is_no_correlation),
    UNIT(two_rows),
    UNIT(values_far_out),
    UNIT(rows_in_any_order_give_the_same_bits),
};
UNIT_SUITE(method_correlation, tests)
