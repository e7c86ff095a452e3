/* SPDX-License-Identifier: MIT */
/* Tails of the distributions that tests of significance ask for: beta, gamma, normal, Student, chi-square. Errors are
 * below 1e-12 of the result for the sizes that data have; no function of libm is used. */
#include "base/base_impl.h"

#define MOST_TERMS 200000
#define ENOUGH 1e-16
#define TINY 1e-290
#define HALF_LOG_TWO_PI 0.91893853320467274178
/* From here on the series of Stirling is exact in double. */
#define STIRLING_FROM 16.0

/* ln(1 + x), exact where 1 + x is not (Kahan). */
static double log_plus_one(double x) {
    const double sum = 1 + x;
    return sum == 1 ? x : smri_log(sum) * (x / (sum - 1));
}

/* What the logarithm of the gamma function has beyond (x - 1/2) ln x - x + ln(2 pi)/2, for large x. */
static double stirling_rest(double x) {
    const double u = 1 / (x * x);
    return (1.0 / 12 - u * (1.0 / 360 - u * (1.0 / 1260 - u * (1.0 / 1680 - u * (1.0 / 1188 - u * 691.0 / 360360)))))
        / x;
}

double smri_log_gamma(double x) {
    double product = 1;
    while (x < STIRLING_FROM) {
        product *= x;
        x += 1;
    }
    return (x - 0.5) * smri_log(x) - x + HALF_LOG_TWO_PI + stirling_rest(x) - smri_log(product);
}

/* ln(gamma(a + b) / gamma(a)), without the cancellation of two large logarithms when a is large and b is not. */
static double log_gamma_step(double a, double b) {
    if (a < STIRLING_FROM || b > a) {
        return smri_log_gamma(a + b) - smri_log_gamma(a);
    }
    return (a - 0.5) * log_plus_one(b / a) + b * smri_log(a + b) - b + stirling_rest(a + b) - stirling_rest(a);
}

/* The continued fraction of the incomplete beta function (Lentz's method). */
static double beta_fraction(double a, double b, double x) {
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < TINY ? TINY : d);
    double value = d;
    for (int m = 1; m < MOST_TERMS; m++) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double factor = 1;
        for (int half = 0; half < 2; half++) {
            const double term = half ? odd : even;
            d = 1 + term * d;
            d = 1 / (fabs(d) < TINY ? TINY : d);
            c = 1 + term / c;
            c = fabs(c) < TINY ? TINY : c;
            factor = c * d;
            value *= factor;
        }
        if (fabs(factor - 1) < ENOUGH) {
            break;
        }
    }
    return value;
}

/* ln x of x = 1 - y in (0, 1), from whichever of the two is the smaller and therefore the exacter. */
static double log_share(double x, double y) {
    return x < 0.5 ? smri_log(x) : log_plus_one(-y);
}

double smri_beta_lower(double a, double b, double x, double y) {
    if (!(x > 0) || !(y > 0)) {
        return x != x || y != y ? NAN : x > 0 ? 1 : 0;
    }
    const bool turn = x > (a + 1) / (a + b + 2);
    const double log_beta = a < b ? smri_log_gamma(a) - log_gamma_step(b, a) : smri_log_gamma(b) - log_gamma_step(a, b);
    const double front = smri_exp(a * log_share(x, y) + b * log_share(y, x) - log_beta);
    return turn ? 1 - front * beta_fraction(b, a, y) / b : front * beta_fraction(a, b, x) / a;
}

/* 1 - Q by its power series, for x below a + 1. */
static double gamma_series(double a, double x) {
    double term = 1 / a, sum = term;
    for (int k = 1; k < MOST_TERMS && term > sum * ENOUGH; k++) {
        term *= x / (a + k);
        sum += term;
    }
    return sum;
}

/* Q by its continued fraction (Lentz's method), for x above a + 1. */
static double gamma_fraction(double a, double x) {
    double b = x + 1 - a, c = 1 / TINY, d = 1 / b, value = d;
    for (int k = 1; k < MOST_TERMS; k++) {
        const double term = -k * (k - a);
        b += 2;
        d = term * d + b;
        d = 1 / (fabs(d) < TINY ? TINY : d);
        c = b + term / c;
        c = fabs(c) < TINY ? TINY : c;
        value *= c * d;
        if (fabs(c * d - 1) < ENOUGH) {
            break;
        }
    }
    return value;
}

double smri_gamma_upper(double a, double x) {
    if (!(x > 0)) {
        return x != x ? NAN : 1;
    }
    if (x > DBL_MAX) {
        return 0;
    }
    const double front = smri_exp(a * smri_log(x) - x - smri_log_gamma(a));
    return x < a + 1 ? 1 - front * gamma_series(a, x) : front * gamma_fraction(a, x);
}

double smri_erfc(double x) {
    const double tail = smri_gamma_upper(0.5, x * x);
    return x < 0 ? 2 - tail : tail;
}

double smri_normal_p(double z) {
    return smri_gamma_upper(0.5, z * z / 2);
}

double smri_correlation_p(double r, size_t n) {
    return n < 3 ? NAN : smri_beta_lower((double)(n - 2) / 2, 0.5, (1 - r) * (1 + r), r * r);
}

double smri_chi_square_p(double x, double degrees) {
    return degrees > 0 ? smri_gamma_upper(degrees / 2, x / 2) : NAN;
}

double smri_student_p(double t, double degrees) {
    if (!(degrees > 0) || t != t) {
        return NAN;
    }
    const double square = t * t;
    if (square > DBL_MAX) {
        return 0;
    }
    return smri_beta_lower(degrees / 2, 0.5, degrees / (degrees + square), square / (degrees + square));
}

double smri_student_quantile(double p, double degrees) {
    if (!(degrees > 0) || !(p > 0) || !(p < 1)) {
        return NAN;
    }
    /* The probability falls in t: first a power of two beyond, then halves, until no number lies between. */
    double low = 0, high = 1;
    while (high < DBL_MAX / 4 && smri_student_p(high, degrees) > p) {
        low = high;
        high *= 2;
    }
    for (;;) {
        const double middle = low + (high - low) / 2;
        if (!(middle > low) || !(middle < high)) {
            return high;
        }
        if (smri_student_p(middle, degrees) > p) {
            low = middle;
        } else {
            high = middle;
        }
    }
}
