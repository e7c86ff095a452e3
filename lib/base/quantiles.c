/* SPDX-License-Identifier: MIT */
/* Quantiles of distributions that are drawn from: one uniform number becomes one of the distribution, so that a
 * quasi-random sequence keeps its order. */
#include "base/base_impl.h"

/* sum of c[i] x^i, highest first */
static double polynomial(const double *c, int count, double x) {
    double sum = c[0];
    for (int i = 1; i < count; i++) {
        sum = sum * x + c[i];
    }
    return sum;
}

/* Wichura (1988), Algorithm AS 241: The Percentage Points of the Normal Distribution, Applied Statistics 37: PPND16. */
double smri_normal_quantile(double p) {
    static const double a[] = {2.5090809287301226727e+3,  3.3430575583588128105e+4, 6.7265770927008700853e+4,
                               4.5921953931549871457e+4,  1.3731693765509461125e+4, 1.9715909503065514427e+3,
                               1.3314166789178437745e+2,  3.3871328727963666080e0};
    static const double b[] = {5.2264952788528545610e+3,  2.8729085735721942674e+4, 3.9307895800092710610e+4,
                               2.1213794301586595867e+4,  5.3941960214247511077e+3, 6.8718700749205790830e+2,
                               4.2313330701600911252e+1,  1.0};
    static const double c[] = {7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
                               1.27045825245236838258e0,  3.64784832476320460504e0,  5.76949722146069140550e0,
                               4.63033784615654529590e0,  1.42343711074968357734e0};
    static const double d[] = {1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
                               1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940e0,
                               2.05319162663775882187e0,  1.0};
    static const double e[] = {2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
                               2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
                               5.46378491116411436990e0,  6.65790464350110377720e0};
    static const double f[] = {2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
                               7.86869131145613259100e-4,  1.48753612908506148525e-2, 1.36929880922735805310e-1,
                               5.99832206555887937690e-1,  1.0};
    const double q = p - 0.5;
    if (fabs(q) <= 0.425) {
        const double r = 0.180625 - q * q;
        return q * polynomial(a, 8, r) / polynomial(b, 8, r);
    }
    double r = q < 0 ? p : 1 - p;
    if (!(r > 0)) {
        return q < 0 ? -INFINITY : INFINITY;
    }
    r = sqrt(-smri_log(r));
    const double z = r <= 5 ? polynomial(c, 8, r - 1.6) / polynomial(d, 8, r - 1.6)
                            : polynomial(e, 8, r - 5) / polynomial(f, 8, r - 5);
    return q < 0 ? -z : z;
}

/* Logarithm of the lower tail P(a, x), x = exp(t), by its series, for x up to a + 1. */
static double log_lower_gamma(double a, double t, double x, double log_gamma) {
    double term = 1, sum = 1;
    for (double k = 1; term > 1e-17 * sum; k++) {
        term *= x / (a + k);
        sum += term;
    }
    return a * t - x - log_gamma - smri_log(a) + smri_log(sum);
}

/* Newton's method on the logarithm t of the quantile, where the tails are smooth for every a: on ln P below a + 1, so that
 * small probabilities keep their digits, on the upper tail above. A step that leaves the bracket is replaced by its middle. */
double smri_log_gamma_quantile(double a, double p) {
    const double log_gamma = smri_log_gamma(a), log_p = smri_log(p);
    /* P(a, x) is x^a / Gamma(a + 1) as x goes to 0. */
    double t = (log_p + log_gamma + smri_log(a)) / a;
    if (t < -40) {
        return t;
    }
    const double z = smri_normal_quantile(p), root = 1 - 1 / (9 * a) + z / (3 * sqrt(a));
    if (a > 0.5 && root > 0.2) { /* Wilson and Hilferty (1931) */
        t = smri_log(a * root * root * root);
    }
    double low = -800, high = 800;
    for (int step = 0; step < 60; step++) {
        const double x = smri_exp(t), log_density = a * t - x - log_gamma; /* of t */
        double lacks, slope;                                               /* of the probability below */
        if (x < a + 1) {
            const double log_lower = log_lower_gamma(a, t, x, log_gamma);
            lacks = log_p - log_lower;
            slope = smri_exp(log_density - log_lower);
        } else {
            lacks = smri_gamma_upper(a, x) - (1 - p);
            slope = smri_exp(log_density);
        }
        low = lacks > 0 ? SMRI_MAX(low, t) : low;
        high = lacks < 0 ? SMRI_MIN(high, t) : high;
        double next = slope > 0 ? t + lacks / slope : 0.5 * (low + high);
        if (!(next >= low && next <= high)) {
            next = low > -800 && high < 800 ? 0.5 * (low + high) : low > -800 ? low + 1 : high - 1;
        }
        if (fabs(next - t) <= 1e-14 * (1 + fabs(t))) {
            return next;
        }
        t = next;
    }
    return t;
}
