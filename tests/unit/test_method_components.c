/* SPDX-License-Identifier: MIT */
#include "method_fixture.h"

#include <math.h>

/* Two pairs of indicators, the pairs unrelated: everything about them is known. */
static const double two_pairs[] = {1, 0.6, 0, 0, 0.6, 1, 0, 0, 0, 0, 1, 0.8, 0, 0, 0.8, 1};

TEST(components_of_two_pairs)
{
    double values[4], vectors[16], loadings[8];
    expect(smri_principal_components(unit_context(), two_pairs, 4, values, vectors));
    expect_array(values, (const double[]){1.8, 1.6, 0.4, 0.2}, 4, 1e-15);
    smri_component_loadings(values, vectors, 4, 2, loadings);
    const double high = sqrt(0.9), low = sqrt(0.8);
    expect_array(loadings, (const double[]){0, low, 0, low, high, 0, high, 0}, 8, 1e-15);
}

TEST(how_many_components)
{
    static const double values[] = {3.2, 1.1, 1.0, 0.5, 0.1, 0.1};
    expect_equal_uint(smri_components_kept(values, 6, SMRI_RETAIN_KAISER, 0), 2);
    expect_equal_uint(smri_components_kept(values, 6, SMRI_RETAIN_SHARE, 0), 3);
    expect_equal_uint(smri_components_kept(values, 6, SMRI_RETAIN_NUMBER, 4), 4);
    expect_equal_uint(smri_components_kept(values, 6, SMRI_RETAIN_NUMBER, 40), 6);
    /* One at least: columns that do not correlate have eigenvalues of 1. */
    expect_equal_uint(smri_components_kept((const double[]){1, 1, 1}, 3, SMRI_RETAIN_KAISER, 0), 1);
}

/* Loadings of a simple structure, turned by any angle, are found again. */
TEST(varimax_finds_a_simple_structure)
{
    static const double simple[] = {0.9, 0, 0.8, 0, 0.7, 0, 0, 0.85, 0, 0.6};
    for (int step = 0; step < 64; step++) {
        const double angle = step * 0.1, c = cos(angle), s = sin(angle);
        double loadings[10], explained[2];
        for (int i = 0; i < 5; i++) {
            loadings[2 * i] = c * simple[2 * i] + s * simple[2 * i + 1];
            loadings[2 * i + 1] = c * simple[2 * i + 1] - s * simple[2 * i];
        }
        expect(smri_varimax(unit_context(), loadings, 5, 2, explained));
        expect_array(loadings, simple, 10, 1e-12);
        expect_near(explained[0], 0.81 + 0.64 + 0.49, 1e-12);
        expect_near(explained[1], 0.85 * 0.85 + 0.36, 1e-12);
    }
}

static double criterion(const double *loadings, uint32_t count, uint32_t kept)
{
    double total = 0;
    for (uint32_t f = 0; f < kept; f++) {
        double squares = 0, fourths = 0;
        for (uint32_t i = 0; i < count; i++) {
            double communality = 0;
            for (uint32_t g = 0; g < kept; g++) {
                communality += loadings[i * kept + g] * loadings[i * kept + g];
            }
            const double u = loadings[i * kept + f] * loadings[i * kept + f] / communality;
            squares += u;
            fourths += u * u;
        }
        total += fourths / count - squares / count * squares / count;
    }
    return total;
}

/* No turn of two factors makes the criterion better; what the factors explain together stays. */
TEST(varimax_is_a_maximum)
{
    uint64_t state = 4;
    for (int run = 0; run < 30; run++) {
        enum { COUNT = 9, KEPT = 4 };
        double loadings[COUNT * KEPT], explained[KEPT], before = 0, after = 0;
        for (int i = 0; i < COUNT * KEPT; i++) {
            loadings[i] = unit_random_unit(&state) - 0.5;
            before += loadings[i] * loadings[i];
        }
        expect(smri_varimax(unit_context(), loadings, COUNT, KEPT, explained));
        const double best = criterion(loadings, COUNT, KEPT);
        for (int f = 0; f < KEPT; f++) {
            after += explained[f];
            expect(f == 0 || explained[f] <= explained[f - 1]);
        }
        expect_near(after, before, 1e-12);
        for (int a = 0; a < KEPT; a++) {
            for (int b = a + 1; b < KEPT; b++) {
                for (int step = -3; step <= 3; step++) {
                    double turned[COUNT * KEPT];
                    const double c = cos(step * 0.01), s = sin(step * 0.01);
                    memcpy(turned, loadings, sizeof turned);
                    for (int i = 0; i < COUNT; i++) {
                        turned[i * KEPT + a] = c * loadings[i * KEPT + a] + s * loadings[i * KEPT + b];
                        turned[i * KEPT + b] = c * loadings[i * KEPT + b] - s * loadings[i * KEPT + a];
                    }
                    expect(criterion(turned, COUNT, KEPT) <= best + 1e-12);
                }
            }
        }
    }
}

TEST(varimax_of_nothing)
{
    double zeros[6] = {0}, explained[2], one[3] = {-0.5, 0.2, -0.1};
    expect(smri_varimax(unit_context(), zeros, 3, 2, explained));
    expect_array(zeros, (const double[]){0, 0, 0, 0, 0, 0}, 6, 0);
    expect_array(explained, (const double[]){0, 0}, 2, 0);
    /* One factor has nothing to turn with; its sign is made positive. */
    expect(smri_varimax(unit_context(), one, 3, 1, explained));
    expect_array(one, (const double[]){0.5, -0.2, 0.1}, 3, 1e-16);
}

/* ---- reliability ---- */

TEST(alpha)
{
    /* Raw: k/(k - 1)(1 - trace/sum). */
    static const double covariances[] = {4, 1, 2, 1, 3, 1, 2, 1, 5};
    expect_near(smri_alpha_raw(covariances, 3, 3), 1.5 * (1 - 12.0 / 20), 1e-15);
    expect_near(smri_alpha_raw(covariances, 3, 1), 2 * (1 - 9.0 / 13), 1e-15);
    /* Two parallel halves: Spearman and Brown's 2 r/(1 + r). */
    static const double r[] = {1, 0.5, 0.5, 1};
    expect_near(smri_alpha_standardised(r, 2, 2), 2.0 / 3, 1e-15);
    expect_near(smri_mean_correlation(r, 2, 2), 0.5, 0);
    expect_near(smri_item_rest(r, 2, 0), 0.5, 0);
    /* One item, or items whose sum does not vary, have none. */
    expect_nan(smri_alpha_standardised(r, 2, 0));
    expect_nan(smri_alpha_raw(covariances, 1, 1));
    expect_nan(smri_alpha_raw((const double[]){1, -1, -1, 1}, 2, 2));
    expect_nan(smri_alpha_standardised((const double[]){1, -1, -1, 1}, 2, 2));
}

TEST(item_rest_of_two_pairs)
{
    /* r(1, 2 + 3 + 4) = 0.6/sqrt(3 + 2 * 0.8) */
    expect_near(smri_item_rest(two_pairs, 4, 0), 0.6 / sqrt(4.6), 1e-15);
    expect_near(smri_item_rest(two_pairs, 4, 3), 0.8 / sqrt(4.2), 1e-15);
    expect_near(smri_mean_correlation(two_pairs, 4, 4), 1.4 / 6, 1e-15);
    expect_near(smri_mean_correlation(two_pairs, 4, 0), 0.8 / 3, 1e-15);
}

TEST(covariances_of_common_rows)
{
    static const double a[] = {1, 2, NAN, 4, 8}, b[] = {2, NAN, 5, 3, 1};
    double covariances[4];
    expect(smri_covariances(unit_context(), (const double *const[]){a, b}, 2, 5, covariances));
    /* In units of 8: variances of each own rows, covariance of rows 1, 4, 5. */
    expect_near(covariances[0] * 64, 9.583333333333334, 1e-14);
    expect_near(covariances[3] * 64, 2.9166666666666665, 1e-14);
    expect_near(covariances[1] * 64, -2, 1e-14);
    double one[1];
    expect(smri_covariances(unit_context(), (const double *const[]){(const double[]){1, NAN}}, 1, 2, one));
    expect_nan(one[0]);
}

TEST(what_the_inverse_tells)
{
    double values[4], vectors[16], inverse[16];
    expect(smri_principal_components(unit_context(), two_pairs, 4, values, vectors));
    expect(smri_inverse_from_eigen(values, vectors, 4, inverse));
    /* Variance inflation 1/(1 - r^2). */
    expect_near(inverse[0], 1 / 0.64, 1e-14);
    expect_near(inverse[15], 1 / 0.36, 1e-14);
    /* A pair alone has partial correlations as large as the plain ones: one half. */
    expect_near(smri_sampling_adequacy(two_pairs, inverse, 4, 4), 0.5, 1e-14);
    expect_near(smri_sampling_adequacy(two_pairs, inverse, 4, 2), 0.5, 1e-14);
    /* -(n - 1 - (2 k + 5)/6) ln(0.64 * 0.36) */
    expect_near(smri_bartlett(values, 4, 30), -(29 - 13.0 / 6) * log(0.64 * 0.36), 1e-12);
    expect_nan(smri_bartlett(values, 4, 3));
}

TEST(no_inverse)
{
    static const double same[] = {1, 1, 0.3, 1, 1, 0.3, 0.3, 0.3, 1};
    double values[3], vectors[9], inverse[9];
    expect(smri_principal_components(unit_context(), same, 3, values, vectors));
    expect(values[2] >= 0);
    expect(!smri_inverse_from_eigen(values, vectors, 3, inverse));
}

TEST(complete_rows)
{
    static const double a[] = {1, NAN, 3, 4}, b[] = {5, 6, NAN, 8};
    smri_complete complete;
    expect(smri_complete_rows(unit_context(), (const double *const[]){a, b}, 2, 4, &complete));
    expect_equal_uint(complete.n, 2);
    expect_array(complete.columns[0], (const double[]){1, 4}, 2, 0);
    expect_array(complete.columns[1], (const double[]){5, 8}, 2, 0);
    expect_equal_uint(complete.rows[1], 3);
    smri_complete_free(unit_context(), &complete);
}

static const unit_test tests[] = {
    UNIT(components_of_two_pairs),
    UNIT(how_many_components),
    UNIT(varimax_finds_a_simple_structure),
    UNIT(varimax_is_a_maximum),
    UNIT(varimax_of_nothing),
    UNIT(alpha),
    UNIT(item_rest_of_two_pairs),
    UNIT(covariances_of_common_rows),
    UNIT(what_the_inverse_tells),
    UNIT(no_inverse),
    UNIT(complete_rows),
};
UNIT_SUITE(method_components, tests)
