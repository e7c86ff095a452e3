/* SPDX-License-Identifier: MIT */
#include "weights_fixture.h"

#include <math.h>

static const double u[] = {1, 1, 2}, v[] = {0, 0, 5}, w[] = {1, 2, 3};
static const double *const small[] = {u, v, w};

TEST(entropy)
{
    family_fixture f;
    family_make(&f, "entropy", 3);
    const double of_w = 1 + (1.0 / 6 * log(1.0 / 6) + 1.0 / 3 * log(1.0 / 3) + 0.5 * log(0.5)) / log(3);
    expect_weights(&f, small, 3, (const double[]){1 - 1.5 * log(2) / log(3), 1, of_w}, 1e-15);
    family_free(&f);
}

TEST(gini)
{
    family_fixture f;
    family_make(&f, "gini", 3);
    expect_weights(&f, small, 3, (const double[]){1.0 / 6, 2.0 / 3, 2.0 / 9}, 1e-15);
    family_free(&f);
}

TEST(standard_deviation)
{
    family_fixture f;
    family_make(&f, "standard_deviation", 3);
    expect_weights(&f, small, 3, (const double[]){sqrt(1.0 / 3), sqrt(1.0 / 3), 0.5}, 1e-15);
    family_free(&f);
}

TEST(critic)
{
    family_fixture f;
    family_make(&f, "critic", 3);
    /* r(u, v) = 1, r(u, w) = r(v, w) = sqrt(3)/2 */
    const double c = 1 - sqrt(3) / 2;
    expect_weights(&f, small, 3, (const double[]){sqrt(1.0 / 3) * c, sqrt(1.0 / 3) * c, 0.5 * 2 * c}, 1e-14);
    fixture_choice(&f.method, "correlation", "kendall");
    /* tau-b(u, w) = 2/sqrt(2 * 3) */
    const double d = 1 - 2 / sqrt(6);
    expect_weights(&f, small, 3, (const double[]){sqrt(1.0 / 3) * d, sqrt(1.0 / 3) * d, 0.5 * 2 * d}, 1e-14);
    family_free(&f);
}

TEST(merec_by_definition)
{
    enum { ROWS = 9, COUNT = 4 };
    double scores[COUNT][ROWS], least[COUNT], expected[COUNT] = {0};
    uint64_t state = 2;
    for (int i = 0; i < COUNT; i++) {
        least[i] = DBL_MAX;
        for (int row = 0; row < ROWS; row++) {
            scores[i][row] = 0.1 + (i + 1) * unit_random_unit(&state);
            least[i] = fmin(least[i], scores[i][row]);
        }
    }
    for (int row = 0; row < ROWS; row++) {
        double all = 0;
        for (int i = 0; i < COUNT; i++) {
            all += fabs(log(least[i] / scores[i][row]));
        }
        for (int i = 0; i < COUNT; i++) {
            const double rest = all - fabs(log(least[i] / scores[i][row]));
            expected[i] += fabs(log(1 + rest / COUNT) - log(1 + all / COUNT));
        }
    }
    family_fixture f;
    family_make(&f, "merec", COUNT);
    expect_weights(&f, (const double *const[]){scores[0], scores[1], scores[2], scores[3]}, ROWS, expected, 1e-14);
    family_free(&f);
}

TEST(rows_with_holes_take_no_part)
{
    static const double a[] = {1, 7, 1, 2, NAN}, b[] = {0, NAN, 0, 5, 9}, c[] = {1, 8, 2, 3, 4};
    static const char *const methods[] = {"entropy", "gini", "standard_deviation", "critic", "pca", "factor"};
    for (size_t i = 0; i < SMRI_COUNT(methods); i++) {
        family_fixture f;
        double full[3], holed[3];
        smr_error error = unit_error();
        family_make(&f, methods[i], 3);
        expect_ok(family_weigh(&f, small, 3, full, &error), &error);
        expect_ok(family_weigh(&f, (const double *const[]){a, b, c}, 5, holed, &error), &error);
        expect_array(holed, full, 3, 0);
        family_free(&f);
    }
}

/* ---- components ---- */

/* Four orthogonal columns of eight rows. */
static const double plus[4][8] = {{1, 1, 1, 1, -1, -1, -1, -1},
                                  {1, 1, -1, -1, 1, 1, -1, -1},
                                  {1, -1, 1, -1, 1, -1, 1, -1},
                                  {1, -1, -1, 1, -1, 1, 1, -1}};

TEST(first_component)
{
    family_fixture f;
    double a[8], b[8], c[8];
    for (int i = 0; i < 8; i++) {
        a[i] = plus[0][i] + plus[1][i];
        b[i] = plus[0][i] + plus[2][i];
        c[i] = plus[0][i] * 10 + plus[3][i] * 10 + 50;
    }
    family_make(&f, "pca", 3);
    /* All correlations are 1/2. */
    expect_weights(&f, (const double *const[]){a, b, c}, 8, (const double[]){1, 1, 1}, 1e-14);
    family_free(&f);
}

TEST(negative_weights_are_clipped_or_kept)
{
    family_fixture f;
    double a[8], b[8], c[8], weights[3];
    smr_error error = unit_error();
    for (int i = 0; i < 8; i++) {
        a[i] = 3 * plus[0][i] + plus[1][i];
        b[i] = 3 * plus[0][i] + plus[2][i];
        c[i] = -plus[0][i] + plus[3][i];
    }
    const double *const scores[] = {a, b, c};
    family_make(&f, "pca", 3);
    expect_ok(family_weigh(&f, scores, 8, weights, &error), &error);
    expect_near(weights[2], 0, 0);
    expect_near(weights[0], weights[1], 1e-15);
    expect_equal_uint(f.report_count, 1);
    expect_equal_int(f.reported[0].code, SMR_MESSAGE_WEIGHTS_CLIPPED);
    expect_equal_int(f.reported[0].severity, SMR_SEVERITY_WARNING);
    fixture_choice(&f.method, "negatives", "keep");
    expect_ok(family_weigh(&f, scores, 8, weights, &error), &error);
    expect(weights[2] < 0 && weights[0] > 0);
    expect_equal_uint(f.report_count, 0);
    family_free(&f);
}

TEST(factors_of_two_pairs)
{
    family_fixture f;
    double a[8], b[8], c[8], d[8];
    for (int i = 0; i < 8; i++) {
        a[i] = 2 * plus[0][i] + plus[1][i];
        b[i] = 2 * plus[0][i] - plus[1][i];
        c[i] = 3 * plus[2][i] + plus[3][i];
        d[i] = 3 * plus[2][i] - plus[3][i];
    }
    const double *const scores[] = {a, b, c, d};
    family_make(&f, "factor", 4);
    /* Correlations 3/5 and 4/5: squared loadings (1 + r)/2 on the own factor. */
    expect_weights(&f, scores, 8, (const double[]){0.8, 0.8, 0.9, 0.9}, 1e-13);
    fixture_choice(&f.method, "retain", "share");
    expect_weights(&f, scores, 8, (const double[]){0.8, 0.8, 0.9, 0.9}, 1e-13);
    /* One component: the stronger pair's. */
    *fixture_setting(&f.method, "retain") = (smri_setting){.given = true, .number = 1};
    expect_weights(&f, scores, 8, (const double[]){0, 0, 0.9, 0.9}, 1e-13);
    family_free(&f);
}

/* ---- what cannot be decided ---- */

TEST(one_child_has_all_the_weight)
{
    static const char *const methods[] = {"entropy", "gini",   "standard_deviation", "critic",           "merec",
                                          "pca",     "factor", "equal_correlation",  "given_importance"};
    static const double nothing[] = {NAN};
    for (size_t i = 0; i < SMRI_COUNT(methods); i++) {
        family_fixture f;
        family_make(&f, methods[i], 1);
        expect_weights(&f, (const double *const[]){nothing}, 1, (const double[]){1}, 0);
        family_free(&f);
    }
}

static const char *const all_methods[] = {"entropy", "gini", "standard_deviation", "critic",
                                          "merec",   "pca",  "factor",             "equal_correlation"};

static void expect_failure(const double *const *scores, size_t n, int32_t code)
{
    for (size_t i = 0; i < SMRI_COUNT(all_methods); i++) {
        family_fixture f;
        double weights[3];
        smr_error error = unit_error();
        family_make(&f, all_methods[i], 3);
        expect_fails(family_weigh(&f, scores, n, weights, &error), &error, code);
        family_free(&f);
    }
}

TEST(one_row_or_none_decides_nothing)
{
    static const double a[] = {1, NAN}, b[] = {NAN, 2};
    expect_failure(small, 1, SMR_MESSAGE_WEIGHTS_ROWS_FEW);
    expect_failure(small, 0, SMR_MESSAGE_WEIGHTS_ROWS_FEW);
    expect_failure((const double *const[]){a, b, a}, 2, SMR_MESSAGE_WEIGHTS_ROWS_FEW);
}

TEST(columns_without_spread_decide_nothing)
{
    static const double a[] = {3, 3, 3}, b[] = {1, 1, 1};
    expect_failure((const double *const[]){a, b, a}, 3, SMR_MESSAGE_WEIGHTS_UNDECIDED);
}

TEST(a_constant_child_gets_no_weight)
{
    static const double same[] = {4, 4, 4, 4}, a[] = {1, 2, 3, 5}, b[] = {2, 1, 5, 4};
    for (size_t i = 0; i < SMRI_COUNT(all_methods); i++) {
        family_fixture f;
        double weights[3];
        smr_error error = unit_error();
        family_make(&f, all_methods[i], 3);
        expect_ok(family_weigh(&f, (const double *const[]){a, same, b}, 4, weights, &error), &error);
        expect_near(weights[1], 0, 0);
        expect(weights[0] > 0 && weights[2] > 0);
        expect_equal_uint(f.report_count, 1);
        expect_equal_int(f.reported[0].code, SMR_MESSAGE_WEIGHTS_CHILD_CONSTANT);
        expect(strstr(f.reported[0].message, "\"b\"") != NULL);
        family_free(&f);
    }
}

TEST(scores_outside_the_domain)
{
    static const double negative[] = {1, -2, 3}, zero[] = {1, 0, 3};
    static const struct {
        const char *method;
        const double *scores;
        bool legal;
    } cases[] = {{"entropy", negative, false}, {"gini", negative, false}, {"merec", negative, false},
                 {"merec", zero, false},       {"entropy", zero, true},   {"gini", zero, true},
                 {"critic", negative, true},   {"pca", negative, true},   {"standard_deviation", negative, true}};
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        family_fixture f;
        double weights[3];
        smr_error error = unit_error();
        family_make(&f, cases[i].method, 3);
        const double *const scores[] = {w, cases[i].scores, u};
        if (cases[i].legal) {
            expect_ok(family_weigh(&f, scores, 3, weights, &error), &error);
        } else {
            expect_fails(family_weigh(&f, scores, 3, weights, &error), &error, SMR_MESSAGE_WEIGHTS_SCORE_DOMAIN);
            expect(strstr(error.message, "\"second\"") != NULL && strstr(error.message, "\"b\"") != NULL);
        }
        family_free(&f);
    }
}

/* ---- laws ---- */

TEST(two_rows_values_far_out_and_ties)
{
    static const double a[][4] = {{1e300, 2e300, 3e300, 1e300}, {1e-300, 5e-300, 2e-300, 5e-300},
                                  {1e308, 1.7e308, 1.1e308, 1.2e308}, {1, 1, 2, 2}};
    for (size_t i = 0; i < SMRI_COUNT(all_methods); i++) {
        for (size_t n = 2; n <= 4; n += 2) {
            family_fixture f;
            double weights[4];
            smr_error error = unit_error();
            family_make(&f, all_methods[i], 4);
            const smr_status status =
                family_weigh(&f, (const double *const[]){a[0], a[1], a[2], a[3]}, n, weights, &error);
            /* Two rows that all rise the same way have nothing in conflict: CRITIC may find no weight. */
            expect(status == SMR_OK || error.code == SMR_MESSAGE_WEIGHTS_UNDECIDED);
            for (int k = 0; status == SMR_OK && k < 4; k++) {
                expect(weights[k] >= 0 && weights[k] <= DBL_MAX);
            }
            family_free(&f);
        }
    }
}

TEST(permuted_rows_give_the_same_bits)
{
    enum { ROWS = 311, COUNT = 5 };
    static double scores[COUNT][ROWS], permuted[COUNT][ROWS];
    const double *columns[COUNT], *others[COUNT];
    uint64_t state = 8;
    for (int i = 0; i < COUNT; i++) {
        columns[i] = scores[i];
        others[i] = permuted[i];
        for (int row = 0; row < ROWS; row++) {
            scores[i][row] = 0.01 + unit_random_unit(&state) + (i > 1 ? scores[0][row] : 0);
        }
        for (int row = 0; row < ROWS; row++) {
            permuted[i][row] = scores[i][row * 100 % ROWS];
        }
    }
    for (size_t i = 0; i < SMRI_COUNT(all_methods); i++) {
        family_fixture f;
        double first[COUNT], second[COUNT];
        smr_error error = unit_error();
        family_make(&f, all_methods[i], COUNT);
        expect_ok(family_weigh(&f, columns, ROWS, first, &error), &error);
        expect_ok(family_weigh(&f, others, ROWS, second, &error), &error);
        for (int k = 0; k < COUNT; k++) {
            expect_same_bits(first[k], second[k]);
        }
        family_free(&f);
    }
}

/* A unit of one's own changes no weight that comes from min-max scaled columns, correlations or shares. */
TEST(units_do_not_matter)
{
    static const double a[] = {1, 2, 3, 5, 4}, b[] = {2, 1, 5, 4, 4}, c[] = {7, 1, 2, 1, 3};
    static const char *const methods[] = {"entropy", "gini", "standard_deviation", "critic", "pca", "factor", "merec"};
    double thousand[5];
    for (int i = 0; i < 5; i++) {
        thousand[i] = 1024 * b[i];
    }
    for (size_t i = 0; i < SMRI_COUNT(methods); i++) {
        family_fixture f;
        double first[3], second[3];
        smr_error error = unit_error();
        family_make(&f, methods[i], 3);
        expect_ok(family_weigh(&f, (const double *const[]){a, b, c}, 5, first, &error), &error);
        expect_ok(family_weigh(&f, (const double *const[]){a, thousand, c}, 5, second, &error), &error);
        expect_array(second, first, 3, 1e-14);
        family_free(&f);
    }
}

static const unit_test tests[] = {
    UNIT(entropy),
    UNIT(gini),
    UNIT(standard_deviation),
    UNIT(critic),
    UNIT(merec_by_definition),
    UNIT(rows_with_holes_take_no_part),
    UNIT(first_component),
    UNIT(negative_weights_are_clipped_or_kept),
    UNIT(factors_of_two_pairs),
    UNIT(one_child_has_all_the_weight),
    UNIT(one_row_or_none_decides_nothing),
    UNIT(columns_without_spread_decide_nothing),
    UNIT(a_constant_child_gets_no_weight),
    UNIT(scores_outside_the_domain),
    UNIT(two_rows_values_far_out_and_ties),
    UNIT(permuted_rows_give_the_same_bits),
    UNIT(units_do_not_matter),
};
UNIT_SUITE(method_weights_data, tests)
