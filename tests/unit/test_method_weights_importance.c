/* SPDX-License-Identifier: MIT */
#include "weights_fixture.h"

#include <math.h>

#define MOST_ROWS 300

/* Shares of the squared correlations of the columns with their weighted sum. */
static void find_shares(const double *const *scores, uint32_t count, size_t n, const double *weights, double *shares)
{
    double sum[MOST_ROWS], total = 0;
    for (size_t row = 0; row < n; row++) {
        sum[row] = 0;
        for (uint32_t i = 0; i < count; i++) {
            sum[row] += weights[i] * scores[i][row];
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        size_t rows[4];
        double r[4];
        smr_error error = unit_error();
        smri_correlations both = {.r = {r}, .rows = rows};
        expect_ok(smri_correlate(unit_context(), (const double *const[]){scores[i], sum}, 2, n, &both, &error), &error);
        shares[i] = r[1] * r[1];
        total += shares[i];
    }
    for (uint32_t i = 0; i < count; i++) {
        shares[i] /= total;
    }
}

/* Columns of a common factor, of different spread. */
static void draw(double scores[][MOST_ROWS], uint32_t count, size_t n, double common, uint64_t *state)
{
    for (size_t row = 0; row < n; row++) {
        const double together = unit_random_unit(state);
        for (uint32_t i = 0; i < count; i++) {
            scores[i][row] = (common * together + unit_random_unit(state)) * (1 + 3 * i);
        }
    }
}

TEST(equal_correlations)
{
    static double scores[6][MOST_ROWS];
    uint64_t state = 6;
    for (int run = 0; run < 20; run++) {
        const size_t n = 120 + unit_random(&state) % (MOST_ROWS - 120);
        draw(scores, 6, n, 0.8, &state);
        const double *const columns[] = {scores[0], scores[1], scores[2], scores[3], scores[4], scores[5]};
        family_fixture f;
        double weights[6], shares[6];
        smr_error error = unit_error();
        family_make(&f, "equal_correlation", 6);
        expect_ok(family_weigh(&f, columns, n, weights, &error), &error);
        expect_equal_uint(f.report_count, 0);
        find_shares(columns, 6, n, weights, shares);
        for (int i = 0; i < 6; i++) {
            expect(weights[i] > 0);
            expect_near(shares[i], 1.0 / 6, 1e-6);
        }
        family_free(&f);
    }
}

TEST(given_shares)
{
    static double scores[4][MOST_ROWS];
    uint64_t state = 3;
    draw(scores, 4, 200, 0.3, &state);
    const double *const columns[] = {scores[0], scores[1], scores[2], scores[3]};
    family_fixture f;
    double weights[4], shares[4];
    smr_error error = unit_error();
    family_make(&f, "given_importance", 4);
    family_json(&f, "values", "{'d': 4, 'a': 1, 'b': 2, 'c': 3}");
    expect_ok(family_weigh(&f, columns, 200, weights, &error), &error);
    expect_equal_uint(f.report_count, 0);
    find_shares(columns, 4, 200, weights, shares);
    expect_array(shares, (const double[]){0.1, 0.2, 0.3, 0.4}, 4, 1e-6);
    family_free(&f);
}

/* Two children that do not correlate: the shares of u are those of its squares. */
TEST(two_unrelated_children)
{
    static const double a[] = {1, 1, -1, -1}, b[] = {3, -3, 3, -3};
    family_fixture f;
    family_make(&f, "given_importance", 2);
    family_json(&f, "values", "{'a': 1, 'b': 3}");
    expect_weights(&f, (const double *const[]){a, b}, 4, (const double[]){3, sqrt(3)}, 1e-6);
    family_free(&f);
}

/* A child that works against the others cannot have as large a share with weights of 0 or more. */
TEST(what_cannot_be_reached_is_told)
{
    static double scores[3][MOST_ROWS];
    uint64_t state = 12;
    draw(scores, 3, 100, 3, &state);
    for (int row = 0; row < 100; row++) {
        scores[2][row] = -0.5 * scores[0][row] - 0.5 * scores[1][row] + 0.6 * scores[2][row];
    }
    const double *const columns[] = {scores[0], scores[1], scores[2]};
    family_fixture f;
    double weights[3], shares[3];
    smr_error error = unit_error();
    family_make(&f, "given_importance", 3);
    family_json(&f, "values", "{'a': 1, 'b': 0, 'c': 0}");
    expect_ok(family_weigh(&f, columns, 100, weights, &error), &error);
    find_shares(columns, 3, 100, weights, shares);
    double off = 0;
    for (int i = 0; i < 3; i++) {
        expect(weights[i] >= 0);
        off += (shares[i] - (i == 0)) * (shares[i] - (i == 0));
    }
    expect_equal_uint(f.report_count, 1);
    expect_equal_int(f.reported[0].code, SMR_MESSAGE_WEIGHTS_NOT_REACHED);
    /* No point of a fine grid of weights is nearer. */
    for (int i = 0; i <= 40; i++) {
        for (int k = 0; i + k <= 40; k++) {
            double grid = 0;
            find_shares(columns, 3, 100, (const double[]){i + 1e-9, k / 4.0, (40 - i - k) / 7.0}, shares);
            for (int c = 0; c < 3; c++) {
                grid += (shares[c] - (c == 0)) * (shares[c] - (c == 0));
            }
            expect(off <= grid + 1e-9);
        }
    }
    family_free(&f);
}

TEST(a_share_for_every_child)
{
    static const double a[] = {1, 2, 3}, b[] = {2, 1, 5};
    family_fixture f;
    double weights[2];
    smr_error error = unit_error();
    family_make(&f, "given_importance", 2);
    family_json(&f, "values", "{'a': 1}");
    expect_fails(family_weigh(&f, (const double *const[]){a, b}, 3, weights, &error), &error,
                 SMR_MESSAGE_WEIGHT_MISSING);
    family_json(&f, "values", "{'a': 1, 'b': -1}");
    expect_fails(family_weigh(&f, (const double *const[]){a, b}, 3, weights, &error), &error,
                 SMR_MESSAGE_WEIGHT_WRONG);
    family_json(&f, "values", "{'a': 0, 'b': 0}");
    expect_fails(family_weigh(&f, (const double *const[]){a, b}, 3, weights, &error), &error,
                 SMR_MESSAGE_WEIGHTS_ZERO);
    family_free(&f);
}

/* A constant child that is asked a share: what is missing is told. */
TEST(a_share_of_a_constant_child)
{
    static const double a[] = {1, 2, 3, 5}, same[] = {2, 2, 2, 2}, b[] = {2, 1, 5, 4};
    family_fixture f;
    double weights[3];
    smr_error error = unit_error();
    family_make(&f, "given_importance", 3);
    family_json(&f, "values", "{'a': 1, 'b': 1, 'c': 1}");
    expect_ok(family_weigh(&f, (const double *const[]){a, same, b}, 4, weights, &error), &error);
    expect_equal_uint(f.report_count, 2);
    expect_equal_int(f.reported[1].code, SMR_MESSAGE_WEIGHTS_NOT_REACHED);
    expect_near(weights[1], 0, 0);
    family_free(&f);
}

static const unit_test tests[] = {
    UNIT(equal_correlations),     UNIT(given_shares),
    UNIT(two_unrelated_children), UNIT(what_cannot_be_reached_is_told),
    UNIT(a_share_for_every_child), UNIT(a_share_of_a_constant_child),
};
UNIT_SUITE(method_weights_importance, tests)
