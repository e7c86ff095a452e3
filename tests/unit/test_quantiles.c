/* SPDX-License-Identifier: MIT */
/* Quantiles against the distributions themselves, which have tests of their own. */
#include "base/base_impl.h"
#include "unit.h"

TEST(normal_quantiles) {
    /* tabled: NIST handbook, 1.3.6.7.1, and Wichura's own check values */
    expect_near(smri_normal_quantile(0.5), 0, 0);
    expect_near(smri_normal_quantile(0.975), 1.959963984540054, 1e-15);
    expect_near(smri_normal_quantile(0.95), 1.6448536269514722, 1e-15);
    expect_near(smri_normal_quantile(0.25), -0.6744897501960817, 1e-15);
    expect_near(smri_normal_quantile(0.001), -3.090232306167813, 1e-14);
    expect_near(smri_normal_quantile(1e-20), -9.262340089798408, 1e-13);
    expect(smri_normal_quantile(0) == -INFINITY && smri_normal_quantile(1) == INFINITY);
    for (int i = 1; i < 2048; i++) { /* 1 - p is exact */
        const double p = i / 2048.0, z = smri_normal_quantile(p);
        expect_near(smri_normal_p(z), 2 * (p < 0.5 ? p : 1 - p), 2e-15);
        expect_near(smri_normal_quantile(1 - p), -z, 4e-15);
    }
}

TEST(gamma_quantiles) {
    static const double shapes[] = {1e-3, 0.05, 0.3, 0.5, 1, 1.7, 4, 33, 1000};
    for (size_t s = 0; s < SMRI_COUNT(shapes); s++) {
        double before = -INFINITY;
        for (int i = 1; i < 400; i++) {
            const double p = i / 400.0, t = smri_log_gamma_quantile(shapes[s], p);
            expect(t > before);
            before = t;
            if (t > -650) { /* below, x is no number */
                /* what Newton's method leaves of t, 1e-14 (1 + |t|), times the greatest density of t */
                const double left = 1e-14 * (1 + fabs(t)) * sqrt(shapes[s]);
                expect_near(smri_gamma_upper(shapes[s], smri_exp(t)), 1 - p, 1e-13 + left);
            } else { /* P is x^a / Gamma(a + 1) */
                expect_near(smri_exp(shapes[s] * t - smri_log_gamma(shapes[s] + 1)), p, 1e-12);
            }
        }
    }
    for (int i = 1; i < 100; i++) { /* exp(a ln x - x - ln Gamma(a)) keeps nine digits there, whatever t */
        expect_near(smri_gamma_upper(2e6, smri_exp(smri_log_gamma_quantile(2e6, i / 100.0))), 1 - i / 100.0, 1e-8);
    }
    /* shape 1 is the exponential distribution */
    for (int i = 1; i < 100; i++) {
        expect_near(smri_exp(smri_log_gamma_quantile(1, i / 100.0)), -smri_log(1 - i / 100.0), 1e-13 * 5);
    }
    /* the ends of what a draw gives */
    expect_near(smri_log_gamma_quantile(2, 0x1p-54), -0.5 * 53 * 0.6931471805599453, 1e-8); /* x^2 / 2 = 2^-54 */
    expect(smri_log_gamma_quantile(2, 1 - 0x1p-53) > 3 && smri_log_gamma_quantile(2, 1 - 0x1p-53) < 5);
    expect(smri_log_gamma_quantile(1e-6, 0x1p-54) < -1e6);
}

static const unit_test tests[] = {
    UNIT(normal_quantiles),
    UNIT(gamma_quantiles),
};
UNIT_SUITE(quantiles, tests)
