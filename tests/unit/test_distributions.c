/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>

#include "base/base_impl.h"

/* Expected values without a closed form come from SciPy 1.17 (special, stats). */
static void near(double found, double expected, double relative)
{
    expect_near(found, expected, relative * fabs(expected));
}

TEST(log_gamma)
{
    static const double known[][2] = {{0.001, 6.907178885383854}, {0.1, 2.2527126517342055}, {0.5, 0.5723649429247004},
                                      {2.5, 0.2846828704729196},  {10, 12.801827480081467},  {100, 359.1342053695754},
                                      {12345.5, 103958.24296512322}};
    for (size_t i = 0; i < SMRI_COUNT(known); i++) {
        expect_near(smri_log_gamma(known[i][0]), known[i][1], 1e-14 * (10 + known[i][1]));
    }
    expect_near(smri_log_gamma(1), 0, 1e-14);
    expect_near(smri_log_gamma(2), 0, 1e-14);
}

TEST(incomplete_beta)
{
    near(smri_beta_lower(2, 3, 0.25, 0.75), 0.26171875, 1e-14);
    near(smri_beta_lower(1, 1, 0.3, 0.7), 0.3, 1e-14);
    near(smri_beta_lower(0.5, 0.5, 0.3, 0.7), 0.36901011956554536, 1e-14);
    near(smri_beta_lower(10, 0.5, 0.9, 0.1), 0.15164090963470994, 1e-13);
    near(smri_beta_lower(250, 0.5, 0.99, 0.01), 0.025054006060311065, 1e-13);
    near(smri_beta_lower(0.5, 20, 0.01, 0.99), 0.4713699354850154, 1e-13);
    expect_near(smri_beta_lower(3, 4, 0, 1), 0, 0);
    expect_near(smri_beta_lower(3, 4, 1, 0), 1, 0);
    expect_nan(smri_beta_lower(3, 4, NAN, NAN));
}

/* I_x(a, b) = 1 - I_y(b, a) */
TEST(incomplete_beta_is_symmetric)
{
    uint64_t state = 3;
    for (int i = 0; i < 2000; i++) {
        const double a = 0.1 + 50 * unit_random_unit(&state), b = 0.1 + 50 * unit_random_unit(&state);
        const double x = unit_random_unit(&state);
        expect_near(smri_beta_lower(a, b, x, 1 - x) + smri_beta_lower(b, a, 1 - x, x), 1, 1e-12);
    }
}

TEST(incomplete_gamma)
{
    near(smri_gamma_upper(1, 1), 0.36787944117144233, 1e-14); /* exp(-1) */
    near(smri_gamma_upper(0.5, 0.01), 0.887537083981715, 1e-14);
    near(smri_gamma_upper(0.5, 2), 0.04550026389635842, 1e-13);
    near(smri_gamma_upper(3, 10), 0.0027693957155115775, 1e-13); /* 61 exp(-10) */
    near(smri_gamma_upper(14, 14), 0.46444756489685685, 1e-13);
    near(smri_gamma_upper(612.5, 700), 0.0003453265262332414, 1e-11);
    near(smri_gamma_upper(612.5, 500), 0.9999993655234309, 1e-13);
    expect_near(smri_gamma_upper(5, 0), 1, 0);
    expect_near(smri_gamma_upper(5, INFINITY), 0, 0);
    expect_nan(smri_gamma_upper(5, NAN));
}

/* Against the C library, which is allowed here. */
TEST(complementary_error_function)
{
    for (int i = -300; i <= 1200; i++) {
        const double x = i / 50.0;
        near(smri_erfc(x), erfc(x), 2e-13);
        near(smri_normal_p(x), erfc(fabs(x) / sqrt(2)), 2e-13);
    }
    expect_near(smri_normal_p(INFINITY), 0, 0);
}

TEST(probability_of_a_correlation)
{
    near(smri_correlation_p(0.5, 10), 0.14111328125, 1e-13);
    near(smri_correlation_p(-0.37, 23), 0.08224828769279008, 1e-13);
    near(smri_correlation_p(0.1, 1000), 0.0015441161074010938, 1e-12);
    near(smri_correlation_p(0.999, 5), 3.7954974373400645e-05, 1e-12);
    /* With four pairs Student's t has a closed form: 1 - |r|. */
    for (int i = 0; i <= 100; i++) {
        expect_near(smri_correlation_p(i / 100.0, 4), 1 - i / 100.0, 1e-14);
    }
    expect_near(smri_correlation_p(1, 5), 0, 0);
    expect_near(smri_correlation_p(-1, 5), 0, 0);
    expect_near(smri_correlation_p(0, 5), 1, 0);
    expect_nan(smri_correlation_p(1, 2));
    expect_nan(smri_correlation_p(NAN, 10));
}

/* Quantiles as tables print them, and closed forms: tan(pi (1 - p)/2) with one degree, and with two. */
TEST(student)
{
    static const struct {
        double p, degrees, t;
    } printed[] = {{0.05, 1, 12.7062047361747}, {0.05, 4, 2.77644510519779}, {0.05, 10, 2.22813885198627},
                   {0.01, 5, 4.03214298355523}, {0.1, 30, 1.69726088659396}, {0.001, 3, 12.9239786366872},
                   {0.05, 1000, 1.96233908082641}};
    for (size_t i = 0; i < sizeof printed / sizeof printed[0]; i++) {
        near(smri_student_quantile(printed[i].p, printed[i].degrees), printed[i].t, 1e-12);
        near(smri_student_p(printed[i].t, printed[i].degrees), printed[i].p, 1e-12);
        near(smri_student_p(-printed[i].t, printed[i].degrees), printed[i].p, 1e-12);
    }
    for (int i = 1; i < 100; i++) {
        const double p = i / 100.0, x = 1 - p;
        near(smri_student_quantile(p, 2), x * sqrt(2 / (1 - x * x)), 1e-12);
        near(smri_student_quantile(p, 1), tan(3.14159265358979323846 * x / 2), 1e-11);
    }
    expect_near(smri_student_p(0, 7), 1, 0);
    expect_near(smri_student_p(1e200, 7), 0, 0);
    expect_nan(smri_student_p(1, 0));
    expect_nan(smri_student_p(NAN, 3));
    expect_nan(smri_student_quantile(0, 3));
    expect_nan(smri_student_quantile(1, 3));
    expect_nan(smri_student_quantile(0.5, 0));
}

TEST(chi_square)
{
    near(smri_chi_square_p(5, 2), 0.0820849986238988, 1e-13); /* exp(-5/2) */
    near(smri_chi_square_p(30, 28), 0.36321784227947546, 1e-13);
    near(smri_chi_square_p(85.93, 28), 8.462882433646164e-08, 1e-12);
    near(smri_chi_square_p(1300, 1225), 0.0669670381717105, 1e-11);
    expect_near(smri_chi_square_p(0, 3), 1, 0);
    expect_nan(smri_chi_square_p(5, 0));
}

static const unit_test tests[] = {
    UNIT(log_gamma),
    UNIT(incomplete_beta),
    UNIT(incomplete_beta_is_symmetric),
    UNIT(incomplete_gamma),
    UNIT(complementary_error_function),
    UNIT(probability_of_a_correlation),
    UNIT(student),
    UNIT(chi_square),
};
UNIT_SUITE(distributions, tests)
