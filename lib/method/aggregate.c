/* SPDX-License-Identifier: MIT */
/* Children into their parent. Children stand in the outer loop and rows in the inner one, so that every row is made by
 * the same operations in the same order, whatever the width of a vector or the size of a block. */
#include "method/method_impl.h"

/* Part `part` of the caller's scratch, filled with a value. */
static double *scratch_filled(const smri_children *children, size_t part, double value)
{
    double *array = children->scratch + part * children->n;
    for (size_t i = 0; i < children->n; i++) {
        array[i] = value;
    }
    return array;
}

/* ---- zeros where a logarithm or an inverse is needed ---- */

/* Of the children's range, when the plan gives no epsilon. */
#define EPSILON_SHARE 0.01

enum { ZERO_ERROR, ZERO_FLOOR }; /* places in the list of choices */

double smri_zero_epsilon(const smri_choice *choice, double low, double high)
{
    if (smri_setting_of(choice, "zero")->number != ZERO_FLOOR) {
        return 0;
    }
    const smri_setting *given = smri_setting_of(choice, "epsilon");
    const double epsilon = given->given ? given->number : EPSILON_SHARE * (high - low);
    return epsilon > 0 ? epsilon : 0;
}

/* Rows that have a weight but no sum met a value outside the domain. */
static void mark_outside(const double *sum, const double *weight, uint8_t *statuses, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (weight[i] > 0 && sum[i] != sum[i]) {
            statuses[i] = SMR_CELL_OUT_OF_DOMAIN;
        }
    }
}

/* ---- means ---- */

/* A sum may pass the range of doubles where the mean does not: then the mean of the halves, by shares. */
static void mend_overflow(const smri_children *children, const double *weight, double *out)
{
    for (size_t i = 0; i < children->n; i++) {
        if (!(weight[i] > 0) || fabs(out[i]) <= DBL_MAX) {
            continue;
        }
        double half = 0;
        for (uint32_t c = 0; c < children->count; c++) {
            const double y = children->scores[c][i], w = children->weights[c];
            half += w > 0 && y == y ? w / weight[i] * (0.5 * y) : 0;
        }
        out[i] = fabs(half) <= 0.5 * DBL_MAX ? 2 * half : half > 0 ? DBL_MAX : -DBL_MAX;
    }
}

void smri_aggregate_arithmetic(const smri_choice *choice, const smri_children *children, double *out,
                               uint8_t *statuses)
{
    (void)choice;
    (void)statuses;
    double *sum = scratch_filled(children, 0, 0), *weight = scratch_filled(children, 1, 0);
    for (uint32_t c = 0; c < children->count; c++) {
        if (children->weights[c] > 0) {
            children->kernels->weighted_add(children->scores[c], children->n, children->weights[c], sum, weight);
        }
    }
    children->kernels->quotient(sum, weight, children->n, out);
    mend_overflow(children, weight, out);
}

void smri_aggregate_geometric(const smri_choice *choice, const smri_children *children, double *out,
                              uint8_t *statuses)
{
    const smri_kernels *kernels = children->kernels;
    const double epsilon = smri_zero_epsilon(choice, children->low, children->high);
    double *sum = scratch_filled(children, 0, 0), *weight = scratch_filled(children, 1, 0);
    for (uint32_t c = 0; c < children->count; c++) {
        if (children->weights[c] > 0) {
            kernels->weighted_log_add(children->scores[c], children->n, children->weights[c], epsilon, sum, weight);
        }
    }
    mark_outside(sum, weight, statuses, children->n);
    kernels->quotient(sum, weight, children->n, out);
    kernels->exp(out, children->n, out);
}

void smri_aggregate_harmonic(const smri_choice *choice, const smri_children *children, double *out,
                             uint8_t *statuses)
{
    const double epsilon = smri_zero_epsilon(choice, children->low, children->high);
    double *sum = scratch_filled(children, 0, 0), *weight = scratch_filled(children, 1, 0);
    for (uint32_t c = 0; c < children->count; c++) {
        const double *y = children->scores[c];
        const double w = children->weights[c];
        for (size_t i = 0; w > 0 && i < children->n; i++) {
            const double raised = y[i] < epsilon ? epsilon : y[i];
            const double inverse = raised > 0 ? w / raised : NAN;
            sum[i] = y[i] == y[i] ? sum[i] + inverse : sum[i];
            weight[i] = y[i] == y[i] ? weight[i] + w : weight[i];
        }
    }
    mark_outside(sum, weight, statuses, children->n);
    for (size_t i = 0; i < children->n; i++) {
        out[i] = weight[i] > 0 && sum[i] == sum[i] ? weight[i] / sum[i] : NAN;
    }
}

/* ---- power means ---- */

static double raised_to(double y, double epsilon)
{
    return epsilon > 0 && y < epsilon ? epsilon : y;
}

/* The greatest (p > 0) or least (p < 0) present value of each row, to which the others are related before the power
 * is taken: then no power overflows. NaN where a value is outside the domain. */
static double *power_units(const smri_children *children, double p, double epsilon)
{
    double *unit = scratch_filled(children, 2, p > 0 ? 0 : INFINITY);
    for (uint32_t c = 0; c < children->count; c++) {
        const double *y = children->scores[c];
        for (size_t i = 0; children->weights[c] > 0 && i < children->n; i++) {
            const double raised = raised_to(y[i], epsilon);
            const bool outside = p > 0 ? raised < 0 : raised <= 0;
            const bool farther = p > 0 ? raised > unit[i] : raised < unit[i];
            unit[i] = outside ? NAN : farther ? raised : unit[i];
        }
    }
    /* All zeros: related to one. */
    for (size_t i = 0; i < children->n; i++) {
        unit[i] = unit[i] == 0 ? 1 : unit[i];
    }
    return unit;
}

/* Below this |p| the powers lie so near to 1 that their mean keeps too few digits: p = 1e-10 would lose ten of sixteen.
 * What is averaged then is y^p - 1. Both forms below are Kahan's: the errors of exp and log cancel. */
#define SMALL_POWER 0.125
#define PART 64

/* y = y^p - 1 */
static void small_powers(const smri_kernels *kernels, double p, double *y, size_t n)
{
    double power[PART] = {0}, logarithm[PART];
    kernels->log(y, n, y);
    for (size_t i = 0; i < n; i++) {
        y[i] *= p;
    }
    kernels->exp(y, n, power);
    kernels->log(power, n, logarithm);
    for (size_t i = 0; i < n; i++) {
        const double less_one = power[i] == 1 ? y[i] : (power[i] - 1) * y[i] / logarithm[i];
        y[i] = power[i] == 0 ? -1 : less_one;
    }
}

/* y = (1 + y)^(1/p) */
static void small_roots(const smri_kernels *kernels, double p, double *y, size_t n)
{
    double power[PART] = {0}, logarithm[PART];
    for (size_t i = 0; i < n; i++) {
        power[i] = 1 + y[i];
    }
    kernels->log(power, n, logarithm);
    for (size_t i = 0; i < n; i++) {
        y[i] = (power[i] == 1 ? y[i] : logarithm[i] * y[i] / (power[i] - 1)) / p;
    }
    kernels->exp(y, n, y);
}

static void take_powers(const smri_kernels *kernels, double p, double *y, size_t n)
{
    if (fabs(p) >= SMALL_POWER) {
        kernels->pow(y, n, p, y);
        return;
    }
    for (size_t start = 0; start < n; start += PART) {
        small_powers(kernels, p, y + start, SMRI_MIN(n - start, PART));
    }
}

static void take_roots(const smri_kernels *kernels, double p, double *y, size_t n)
{
    if (fabs(p) >= SMALL_POWER) {
        kernels->pow(y, n, 1 / p, y);
        return;
    }
    for (size_t start = 0; start < n; start += PART) {
        small_roots(kernels, p, y + start, SMRI_MIN(n - start, PART));
    }
}

void smri_aggregate_power(const smri_choice *choice, const smri_children *children, double *out, uint8_t *statuses)
{
    const double p = smri_setting_of(choice, "p")->number;
    if (p == 0) {
        smri_aggregate_geometric(choice, children, out, statuses);
        return;
    }
    if (p == 1) {
        smri_aggregate_arithmetic(choice, children, out, statuses);
        return;
    }
    const smri_kernels *kernels = children->kernels;
    const size_t n = children->n;
    const double epsilon = smri_zero_epsilon(choice, children->low, children->high);
    const double *unit = power_units(children, p, epsilon);
    double *sum = scratch_filled(children, 0, 0), *weight = scratch_filled(children, 1, 0);
    double *related = children->scratch + 3 * n;
    for (uint32_t c = 0; c < children->count; c++) {
        const double *y = children->scores[c];
        if (!(children->weights[c] > 0)) {
            continue;
        }
        for (size_t i = 0; i < n; i++) {
            related[i] = raised_to(y[i], epsilon) / unit[i];
        }
        take_powers(kernels, p, related, n);
        kernels->weighted_add(related, n, children->weights[c], sum, weight);
    }
    kernels->quotient(sum, weight, n, out);
    take_roots(kernels, p, out, n);
    for (size_t i = 0; i < n; i++) {
        out[i] = out[i] == out[i] ? out[i] * unit[i] : NAN;
        if (unit[i] != unit[i]) {
            statuses[i] = SMR_CELL_OUT_OF_DOMAIN;
        }
    }
}

/* ---- order ---- */

static void aggregate_extreme(const smri_children *children, double sign, double *out)
{
    for (size_t i = 0; i < children->n; i++) {
        out[i] = NAN;
    }
    for (uint32_t c = 0; c < children->count; c++) {
        const double *y = children->scores[c];
        for (size_t i = 0; children->weights[c] > 0 && i < children->n; i++) {
            const bool farther = sign * y[i] > sign * out[i];
            const bool first = out[i] != out[i] && y[i] == y[i];
            out[i] = farther || first ? y[i] + 0.0 : out[i];
        }
    }
}

void smri_aggregate_min(const smri_choice *choice, const smri_children *children, double *out, uint8_t *statuses)
{
    (void)choice;
    (void)statuses;
    aggregate_extreme(children, -1, out);
}

void smri_aggregate_max(const smri_choice *choice, const smri_children *children, double *out, uint8_t *statuses)
{
    (void)choice;
    (void)statuses;
    aggregate_extreme(children, 1, out);
}

/* How many present children have a lower score than child c, and how many the same, itself among them. */
static void count_order(const smri_children *children, uint32_t c, double *lower, double *same)
{
    const double *y = children->scores[c];
    for (uint32_t d = 0; d < children->count; d++) {
        const double *other = children->scores[d];
        for (size_t i = 0; children->weights[d] > 0 && i < children->n; i++) {
            lower[i] += other[i] < y[i] ? 1 : 0;
            same[i] += other[i] == y[i] ? 1 : 0;
        }
    }
}

/* Of m present children, counted from 0, places floor((m - 1) / 2) and floor(m / 2) hold the median. A child with
 * `lower` below it and `same` like it takes the places from lower to lower + same - 1; so it holds floor(a / 2) when
 * 2 lower <= a < 2 (lower + same). Nothing is moved or allocated, and rows stay side by side. */
void smri_aggregate_median(const smri_choice *choice, const smri_children *children, double *out, uint8_t *statuses)
{
    (void)choice;
    (void)statuses;
    double *present = scratch_filled(children, 0, 0);
    double *upper = scratch_filled(children, 3, NAN);
    for (uint32_t c = 0; c < children->count; c++) {
        for (size_t i = 0; children->weights[c] > 0 && i < children->n; i++) {
            present[i] += children->scores[c][i] == children->scores[c][i] ? 1 : 0;
        }
    }
    for (size_t i = 0; i < children->n; i++) {
        out[i] = NAN;
    }
    for (uint32_t c = 0; c < children->count; c++) {
        const double *y = children->scores[c];
        if (!(children->weights[c] > 0)) {
            continue;
        }
        double *lower = scratch_filled(children, 1, 0), *same = scratch_filled(children, 2, 0);
        count_order(children, c, lower, same);
        for (size_t i = 0; i < children->n; i++) {
            const double first = 2 * lower[i], end = 2 * (lower[i] + same[i]), m = present[i];
            out[i] = first <= m - 1 && m - 1 < end ? y[i] : out[i];
            upper[i] = first <= m && m < end ? y[i] : upper[i];
        }
    }
    for (size_t i = 0; i < children->n; i++) {
        out[i] = out[i] == out[i] ? smri_midpoint(out[i], upper[i]) + 0.0 : NAN;
    }
}
