/* SPDX-License-Identifier: MIT */
/* Logarithms as treatment: they pull in what is far above. */
#include "method/method_impl.h"

double smri_log_1_plus(double x) {
    const double u = 1 + x;
    /* What rounding took from x on the way to u is given back as a factor. */
    return u == 1 ? x : smri_log(u) * (x / (u - 1));
}

void smri_treat_put(double *x, uint8_t *status, double value) {
    if (fabs(value) <= DBL_MAX) {
        *x = 0.0 + value; /* -0 becomes 0 */
    } else {
        *x = NAN;
        *status = SMR_CELL_OUT_OF_DOMAIN;
    }
}

void smri_treat_log(const smri_choice *choice, const smri_fitted *fitted, const uint32_t *groups, double *x,
                    uint8_t *statuses, size_t n) {
    (void)choice;
    (void)fitted;
    (void)groups;
    for (size_t i = 0; i < n; i++) {
        if (x[i] == x[i]) {
            smri_treat_put(&x[i], &statuses[i], x[i] > 0 ? smri_log(x[i]) : NAN);
        }
    }
}

bool smri_treat_least_fit(const smri_choice *choice, const smri_sample *sample, const smri_scale *scale,
                          smri_arena *arena, smri_fitted *fitted) {
    (void)choice;
    (void)scale;
    return smri_fitted_set(arena, fitted, &sample->summary.least, sample->summary.count > 0 ? 1 : 0);
}

/* A value below the reference's least by 1 or more has no logarithm, nor has any without a reference. */
void smri_treat_log1p_shift(const smri_choice *choice, const smri_fitted *fitted, const uint32_t *groups, double *x,
                            uint8_t *statuses, size_t n) {
    (void)choice;
    (void)groups;
    const double least = fitted->count > 0 ? fitted->numbers[0] : NAN;
    for (size_t i = 0; i < n; i++) {
        const double above = x[i] - least;
        if (x[i] == x[i]) {
            smri_treat_put(&x[i], &statuses[i], above > -1 ? smri_log_1_plus(above) : NAN);
        }
    }
}

/* Where the greatest value is 1 or less, the logarithm would turn the order round: nothing is in the domain. */
void smri_treat_gii(const smri_choice *choice, const smri_fitted *fitted, const uint32_t *groups, double *x,
                    uint8_t *statuses, size_t n) {
    (void)choice;
    (void)groups;
    const double least = fitted->count > 1 ? fitted->numbers[0] : NAN;
    const double greatest = fitted->count > 1 ? fitted->numbers[1] : NAN;
    for (size_t i = 0; i < n; i++) {
        /* Of a column without spread its one value is the least. */
        const double share = x[i] == least ? 0 : (x[i] - least) / (greatest - least);
        const double above = greatest > 1 ? (greatest - 1) * share : NAN;
        if (x[i] == x[i]) {
            smri_treat_put(&x[i], &statuses[i], above > -1 ? smri_log_1_plus(above) : NAN);
        }
    }
}
