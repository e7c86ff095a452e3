/* SPDX-License-Identifier: MIT */
/* Power transformations: Box and Cox (1964), Yeo and Johnson (2000). The exponent is given, or the one under which the
 * transformed values are most like a normal sample: the greatest profile likelihood between LOW and HIGH. That function
 * has one summit (Kouider and Chen 1995; Marchand, Muzellec, Beguier, Ogier du Terrail, Andreux 2022), so that the
 * search is for the one root of its derivative. Sums go over the sorted values and do not depend on their order. */
#include "method/method_impl.h"

#define LOW (-5.0)
#define HIGH 5.0
#define MOST_STEPS 200
#define TERMS 24

/* (e^t - 1)/t and its derivative by t, |t| <= 1. */
static double near_exponential(double t) {
    double sum = 1;
    for (int k = TERMS; k > 1; k--) {
        sum = 1 + t / k * sum;
    }
    return sum;
}

static double near_slope(double t) {
    double sum = 1;
    for (int k = TERMS; k > 1; k--) {
        sum = 1 + t * k / ((k - 1.0) * (k + 1)) * sum;
    }
    return sum / 2;
}

/* (u^lambda - 1)/lambda, ln u for lambda 0. */
static double power_value(double u, double log_u, double lambda) {
    const double t = lambda * log_u;
    return fabs(t) <= 0.5 ? log_u * near_exponential(t) : (smri_pow(u, lambda) - 1) / lambda;
}

/* ---- the exponent ---- */

/* What the likelihood is made of: values a side, each as a logarithm; the exponent is lambda on the upper side and
 * 2 - lambda on the lower one, which Box and Cox do not have. */
typedef struct likelihood {
    const double *logs; /* upper side: of u; lower side: of 1 - x */
    size_t lower, n;    /* the first `lower` are of the lower side */
    double slope;       /* derivative of the logarithm of the Jacobian */
    double *values, *slopes;
} likelihood;

/* Derivative of the log-likelihood by lambda, over n: slope / n - cov(y, dy/dlambda) / var(y). Both factors are divided
 * by e^highest, so that neither overflows. */
static double likelihood_slope(const likelihood *s, double lambda) {
    double highest = 0, value_mean = 0, slope_mean = 0;
    for (size_t i = 0; i < s->n; i++) {
        const double t = (i < s->lower ? 2 - lambda : lambda) * s->logs[i];
        highest = SMRI_MAX(highest, t);
    }
    const double shrink = smri_exp(-highest);
    for (size_t i = 0; i < s->n; i++) {
        const double a = s->logs[i], exponent = i < s->lower ? 2 - lambda : lambda, t = exponent * a;
        double value, slope;
        if (fabs(t) <= 1) {
            value = a * near_exponential(t) * shrink;
            slope = a * a * near_slope(t) * shrink;
        } else {
            const double power = smri_exp(t - highest);
            value = (power - shrink) / exponent;
            slope = ((t - 1) * power + shrink) / (exponent * exponent);
        }
        /* On the lower side y is -value, and its exponent falls as lambda rises. */
        s->values[i] = i < s->lower ? 0 - value : value;
        s->slopes[i] = slope;
        value_mean += s->values[i] / (double)s->n;
        slope_mean += slope / (double)s->n;
    }
    double variance = 0, covariance = 0;
    for (size_t i = 0; i < s->n; i++) {
        const double d = s->values[i] - value_mean;
        variance += d * d;
        covariance += d * (s->slopes[i] - slope_mean);
    }
    return variance > 0 ? s->slope / (double)s->n - covariance / variance : 0;
}

/* The root by false position; an end that stays is given half its height (the Illinois rule). */
static double find_exponent(const likelihood *s) {
    double low = LOW, high = HIGH, at_low = likelihood_slope(s, low), at_high = likelihood_slope(s, high);
    if (at_low <= 0 || at_high >= 0) {
        return at_low == 0 && at_high == 0 ? 1 : at_low <= 0 ? LOW : HIGH;
    }
    int side = 0;
    for (int step = 0; step < MOST_STEPS && high - low > 4 * DBL_EPSILON; step++) {
        const double guess = (low * at_high - high * at_low) / (at_high - at_low);
        const double middle = guess > low && guess < high ? guess : low + (high - low) / 2;
        const double found = likelihood_slope(s, middle);
        if (found == 0 || middle == low || middle == high) {
            return middle;
        }
        if (found > 0) {
            low = middle;
            at_low = found;
            at_high *= side > 0 ? 0.5 : 1;
            side = 1;
        } else {
            high = middle;
            at_high = found;
            at_low *= side < 0 ? 0.5 : 1;
            side = -1;
        }
    }
    return low + (high - low) / 2;
}

/* `logs` is the first third of a block of three times the number of values. */
static double exponent_of(double *logs, size_t lower, size_t n, double slope) {
    const likelihood s = {
        .logs = logs, .lower = lower, .n = n, .slope = slope, .values = logs + n, .slopes = logs + 2 * n};
    /* Without spread there is nothing to choose from: the values keep their distances. */
    return n > 0 ? find_exponent(&s) : 1;
}

/* ---- Box and Cox ---- */

/* u, or NaN outside the domain; its logarithm */
static double box_cox_base(bool shift, double least, double x, double *logarithm) {
    const double above = x - least, u = shift ? 1 + above : x;
    *logarithm = u > 0 ? (shift ? smri_log_1_plus(above) : smri_log(u)) : NAN;
    return u > 0 ? u : NAN;
}

/* Fitted: exponent, least value. */
bool smri_treat_box_cox_fit(const smri_choice *choice, const smri_sample *sample, const smri_scale *scale,
                            smri_arena *arena, smri_fitted *fitted) {
    (void)scale;
    const smri_summary *summary = &sample->summary;
    const smri_setting *given = smri_setting_of(choice, "lambda");
    const bool shift = smri_setting_of(choice, "shift")->number != 0;
    double numbers[] = {given->number, summary->count > 0 ? summary->sorted[0] : NAN};
    if (!given->given) {
        size_t size;
        double *logs = smri_product(summary->count, 3, &size) ? smri_alloc(arena->context, size, sizeof *logs) : NULL;
        if (logs == NULL) {
            return false;
        }
        size_t n = 0;
        double mean = 0;
        for (size_t i = 0; i < summary->count; i++) {
            double logarithm;
            box_cox_base(shift, numbers[1], summary->sorted[i], &logarithm);
            if (fabs(logarithm) <= DBL_MAX) {
                logs[n++] = logarithm;
                mean += (logarithm - mean) / (double)n;
            }
        }
        /* Divided by the geometric mean, u needs no Jacobian. */
        for (size_t i = 0; i < n; i++) {
            logs[i] -= mean;
        }
        numbers[0] = exponent_of(logs, 0, n, 0);
        smri_free(arena->context, logs);
    }
    return smri_fitted_set(arena, fitted, numbers, summary->count > 0 ? 2 : 0);
}

void smri_treat_box_cox(const smri_choice *choice, const smri_fitted *fitted, const uint32_t *groups, double *x,
                        uint8_t *statuses, size_t n) {
    (void)groups;
    const bool shift = smri_setting_of(choice, "shift")->number != 0;
    const double lambda = fitted->count > 1 ? fitted->numbers[0] : NAN;
    const double least = fitted->count > 1 ? fitted->numbers[1] : NAN;
    for (size_t i = 0; i < n; i++) {
        if (x[i] == x[i]) {
            double logarithm;
            const double u = box_cox_base(shift, least, x[i], &logarithm);
            smri_treat_put(&x[i], &statuses[i], power_value(u, logarithm, lambda));
        }
    }
}

/* ---- Yeo and Johnson ---- */

/* Fitted: exponent. */
bool smri_treat_yeo_johnson_fit(const smri_choice *choice, const smri_sample *sample, const smri_scale *scale,
                                smri_arena *arena, smri_fitted *fitted) {
    (void)scale;
    const smri_summary *summary = &sample->summary;
    const smri_setting *given = smri_setting_of(choice, "lambda");
    double lambda = given->number;
    if (!given->given) {
        size_t size, lower = 0;
        double *logs = smri_product(summary->count, 3, &size) ? smri_alloc(arena->context, size, sizeof *logs) : NULL;
        if (logs == NULL) {
            return false;
        }
        double slope = 0;
        for (size_t i = 0; i < summary->count; i++) {
            const double x = summary->sorted[i];
            logs[i] = smri_log_1_plus(fabs(x));
            lower += x < 0;
            slope += x < 0 ? -logs[i] : logs[i];
        }
        const bool spread = summary->count > 0 && summary->sorted[0] < summary->sorted[summary->count - 1];
        lambda = exponent_of(logs, lower, spread ? summary->count : 0, slope);
        smri_free(arena->context, logs);
    }
    return smri_fitted_set(arena, fitted, &lambda, summary->count > 0 ? 1 : 0);
}

void smri_treat_yeo_johnson(const smri_choice *choice, const smri_fitted *fitted, const uint32_t *groups, double *x,
                            uint8_t *statuses, size_t n) {
    (void)choice;
    (void)groups;
    const double lambda = fitted->count > 0 ? fitted->numbers[0] : NAN;
    for (size_t i = 0; i < n; i++) {
        if (x[i] == x[i]) {
            const double size = fabs(x[i]), logarithm = smri_log_1_plus(size);
            const double value = power_value(1 + size, logarithm, x[i] < 0 ? 2 - lambda : lambda);
            smri_treat_put(&x[i], &statuses[i], x[i] < 0 ? 0 - value : value);
        }
    }
}
