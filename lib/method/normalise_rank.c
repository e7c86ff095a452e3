/* SPDX-License-Identifier: MIT */
/* Normalisers that know a value only by its place among the values of the reference. A value that the reference does
 * not hold takes the place where it would stand. */
#include "method/method_impl.h"

bool smri_normalise_sorted_fit(const smri_choice *choice, const smri_sample *sample, const smri_scale *scale,
                               smri_arena *arena, smri_fitted *fitted)
{
    (void)choice;
    (void)scale;
    return smri_fitted_set(arena, fitted, sample->summary.sorted, sample->summary.count);
}

/* How many reference values are below x; those equal to it count as below when `and_equal` is set. */
static size_t count_below(const smri_fitted *reference, double x, bool and_equal)
{
    size_t low = 0, high = reference->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (reference->numbers[middle] < x || (and_equal && reference->numbers[middle] == x)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

double smri_rank_among(const smri_fitted *reference, double x)
{
    return SMRI_MIN(1 + (double)count_below(reference, x, false), (double)reference->count);
}

/* ---- rank, borda, percentile_rank ---- */

/* rank becomes (rank - subtrahend) / divisor, then onto the range. */
typedef struct rank_form {
    double subtrahend, divisor, low, span;
} rank_form;

static void place_among(const smri_choice *choice, const smri_fitted *reference, const rank_form *form,
                        const double *x, double *y, uint8_t *statuses, size_t n)
{
    const double constant = smri_normalise_constant(choice);
    for (size_t i = 0; i < n; i++) {
        if (x[i] != x[i]) {
            y[i] = NAN;
        } else if (form->divisor > 0 && reference->count > 0) {
            const double rank = smri_rank_among(reference, x[i]);
            y[i] = form->low + form->span * ((rank - form->subtrahend) / form->divisor);
        } else {
            y[i] = constant;
            statuses[i] = SMR_CELL_CONSTANT;
        }
    }
}

/* With a range, both are (rank - 1)/(n - 1) on it. */
static void rank_less(const smri_choice *choice, const smri_fitted *fitted, double subtrahend, const double *x,
                      double *y, uint8_t *statuses, size_t n)
{
    rank_form form = {.subtrahend = subtrahend, .divisor = 1, .low = 0, .span = 1};
    double low, high;
    if (smri_range_setting(choice, &low, &high)) {
        form = (rank_form){.subtrahend = 1, .divisor = (double)fitted->count - 1, .low = low, .span = high - low};
    }
    place_among(choice, fitted, &form, x, y, statuses, n);
}

void smri_normalise_rank(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale,
                         const double *x, double *y, uint8_t *statuses, size_t n)
{
    (void)scale;
    rank_less(choice, fitted, 0, x, y, statuses, n);
}

void smri_normalise_borda(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale,
                          const double *x, double *y, uint8_t *statuses, size_t n)
{
    (void)scale;
    rank_less(choice, fitted, 1, x, y, statuses, n);
}

enum { BASE_N_MINUS_1, BASE_N }; /* places in the list of choices */

void smri_normalise_percentile_rank(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale,
                                    const double *x, double *y, uint8_t *statuses, size_t n)
{
    (void)scale;
    const double less = smri_setting_of(choice, "base")->number == BASE_N ? 0 : 1;
    double low, high;
    smri_range_unit(choice, &low, &high);
    const rank_form form = {
        .subtrahend = less, .divisor = (double)fitted->count - less, .low = low, .span = high - low};
    place_among(choice, fitted, &form, x, y, statuses, n);
}

/* ---- exponential_rank: the transformation of the English indices of deprivation ---- */

/* The lowest half of the regions shares the lowest 15 points or so: strength does not cancel weakness elsewhere. */
#define EXPONENTIAL_SCALE 23.0

bool smri_range_hundred(const smri_choice *choice, double *low, double *high)
{
    if (!smri_range_setting(choice, low, high)) {
        *low = 0;
        *high = 100;
    }
    return true;
}

/* Ties share their average place. A value between two of the reference stands half a place above the lower one. */
static double average_rank(const smri_fitted *reference, double x)
{
    const double below = (double)count_below(reference, x, false), up_to = (double)count_below(reference, x, true);
    const double rank = 0.5 * (below + up_to + 1);
    return rank < 1 ? 1 : SMRI_MIN(rank, (double)reference->count);
}

void smri_normalise_exponential_rank(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale,
                                     const double *x, double *y, uint8_t *statuses, size_t n)
{
    (void)scale;
    const double kept = 1 - smri_exp(-100 / EXPONENTIAL_SCALE);
    double low, high;
    smri_range_hundred(choice, &low, &high);
    for (size_t i = 0; i < n; i++) {
        if (x[i] != x[i]) {
            y[i] = NAN;
        } else if (fitted->count > 0) {
            const double share = average_rank(fitted, x[i]) / (double)fitted->count;
            const double value = -EXPONENTIAL_SCALE * smri_log(1 - share * kept);
            y[i] = low + (high - low) * (SMRI_MIN(value, 100) / 100);
        } else {
            y[i] = NAN;
            statuses[i] = SMR_CELL_CONSTANT;
        }
    }
}
