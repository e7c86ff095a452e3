/* SPDX-License-Identifier: MIT */
/* What a column says of itself: extent, moments, order, quantiles. Every number is the same in any order of the rows
 * and in any partition of them, for the sums are exact. */
#include "method/method_impl.h"

/* Subtracting from 0 never gives -0. */
static double signed_value(double x, double sign)
{
    return sign < 0 ? 0.0 - x : x;
}

/* Exact sum of the powers; infinity when one of them overflows, for exact sums hold finite terms only. */
static double power_sum(const smri_kernels *kernels, const double *x, size_t n, double centre, double farthest,
                        int power)
{
    const double square = farthest * farthest;
    const double largest = power == 2 ? square : power == 3 ? square * farthest : square * square;
    if (!(largest <= DBL_MAX)) {
        return INFINITY;
    }
    smri_exact_sum sum;
    smri_exact_sum_init(&sum);
    smri_exact_sum_add_powers(&sum, kernels, x, n, centre, power);
    return smri_exact_sum_value(&sum);
}

static void make_moments(const smri_kernels *kernels, const double *x, size_t n, double sign, uint32_t needs,
                         double least, double greatest, smri_summary *summary)
{
    smri_exact_sum sum;
    smri_exact_sum_init(&sum);
    smri_exact_sum_add_array(&sum, kernels, x, n);
    const double mean = smri_exact_sum_value(&sum) / (double)summary->count;
    summary->mean = signed_value(mean, sign);
    const double farthest = SMRI_MAX(fabs(greatest - mean), fabs(least - mean));
    if (needs & (SMRI_NEED_VARIANCE | SMRI_NEED_SHAPE)) {
        summary->squares = power_sum(kernels, x, n, mean, farthest, 2);
    }
    if (needs & SMRI_NEED_SHAPE) {
        summary->cubes = signed_value(power_sum(kernels, x, n, mean, farthest, 3), sign);
        summary->fourths = power_sum(kernels, x, n, mean, farthest, 4);
    }
}

static bool make_sorted(const smr_context *context, const double *x, size_t n, double sign, smri_summary *summary)
{
    double *sorted = smri_alloc(context, summary->count, sizeof *sorted);
    if (sorted == NULL) {
        return false;
    }
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        if (x[i] == x[i]) {
            sorted[used++] = signed_value(x[i], sign);
        }
    }
    if (!smri_sort_ascending(context, sorted, used)) {
        smri_free(context, sorted);
        return false;
    }
    summary->sorted = sorted;
    return true;
}

/* Values that stay in the nearest cache between two looks at them. */
#define LOOK 2048

/* Extent and fingerprint of a column while it passes through the cache once. */
static void look(const smri_kernels *kernels, const double *x, size_t n, double *least, double *greatest,
                 size_t *count, uint64_t *fingerprint)
{
    for (size_t start = 0; start < n; start += LOOK) {
        const size_t size = SMRI_MIN(n - start, (size_t)LOOK);
        double low = NAN, high = NAN;
        size_t seen = 0;
        kernels->extent(x + start, size, &low, &high, &seen);
        if (fingerprint != NULL) {
            kernels->fingerprint(x + start, size, fingerprint);
        }
        if (seen == 0) {
            continue;
        }
        *least = *count == 0 || low < *least ? low : *least;
        *greatest = *count == 0 || high > *greatest ? high : *greatest;
        *count += seen;
    }
}

bool smri_summary_make(const smr_context *context, const double *x, size_t n, double sign, uint32_t needs,
                       uint64_t *fingerprint, smri_summary *summary)
{
    *summary = (smri_summary){.least = NAN, .greatest = NAN, .mean = NAN, .squares = NAN, .cubes = NAN, .fourths = NAN};
    const smri_kernels *kernels = smri_context_kernels(context);
    if (needs == SMRI_NEED_NOTHING) {
        if (fingerprint != NULL) {
            kernels->fingerprint(x, n, fingerprint);
        }
        return true;
    }
    double least = NAN, greatest = NAN;
    look(kernels, x, n, &least, &greatest, &summary->count, fingerprint);
    if (summary->count > 0) {
        summary->least = signed_value(sign < 0 ? greatest : least, sign);
        summary->greatest = signed_value(sign < 0 ? least : greatest, sign);
        if (needs & (SMRI_NEED_MEAN | SMRI_NEED_VARIANCE | SMRI_NEED_SHAPE)) {
            make_moments(kernels, x, n, sign, needs, least, greatest, summary);
        }
    }
    return !(needs & SMRI_NEED_SORTED) || make_sorted(context, x, n, sign, summary);
}

void smri_summary_free(const smr_context *context, smri_summary *summary)
{
    /* The block is ours; the field is const so that no method changes it. */
    void *sorted;
    memcpy(&sorted, &summary->sorted, sizeof sorted);
    smri_free(context, sorted);
    summary->sorted = NULL;
}

double smri_summary_variance(const smri_summary *summary, int ddof)
{
    const double freedom = (double)summary->count - ddof;
    return freedom > 0 ? summary->squares / freedom : NAN;
}

double smri_midpoint(double a, double b)
{
    return a == b ? a : 0.5 * a + 0.5 * b;
}

/* Hyndman and Fan: the quantile stands at place offset + p (n + extra), counted from 1. */
typedef struct quantile_type {
    double offset, extra;
} quantile_type;

static const quantile_type quantile_types[] = {
    {0, 0}, {0, 0}, {-0.5, 0},                                          /* steps */
    {0, 0}, {0.5, 0}, {0, 1}, {1, -1}, {1.0 / 3, 1.0 / 3}, {0.375, 0.25} /* piecewise linear */
};

static double value_at(const double *sorted, size_t count, int64_t place)
{
    const int64_t inside = place < 1 ? 1 : place > (int64_t)count ? (int64_t)count : place;
    return sorted[inside - 1];
}

double smri_quantile(const double *sorted, size_t count, double probability, int type)
{
    if (count == 0 || type < 1 || type > (int)SMRI_COUNT(quantile_types)) {
        return NAN;
    }
    const quantile_type *row = &quantile_types[type - 1];
    const double place = row->offset + probability * ((double)count + row->extra);
    /* 0.07 * 100 is 7.000000000000001: so near to a whole place, that place is meant. R does the same with an absolute
     * 4 epsilon, which fails from place 5 on. */
    const double fuzz = 4 * DBL_EPSILON * SMRI_MAX(1.0, fabs(place));
    int64_t whole = (int64_t)(place + fuzz);
    if ((double)whole > place + fuzz) {
        whole--;
    }
    double part = place - (double)whole;
    if (fabs(part) <= fuzz) {
        part = 0;
    }
    double share; /* of the next value */
    switch (type) {
    case 1: share = part > 0 ? 1 : 0; break;
    case 2: share = part > 0 ? 1 : 0.5; break;
    case 3: share = part != 0 || whole % 2 != 0 ? 1 : 0; break;
    default: share = part; break;
    }
    const double below = value_at(sorted, count, whole), above = value_at(sorted, count, whole + 1);
    if (share == 0 || below == above) {
        return below;
    }
    return share == 1 ? above : share == 0.5 ? smri_midpoint(below, above) : (1 - share) * below + share * above;
}

bool smri_fitted_set(smri_arena *arena, smri_fitted *fitted, const double *numbers, size_t count)
{
    fitted->count = 0;
    fitted->numbers = smri_arena_alloc(arena, count, sizeof *numbers);
    if (fitted->numbers == NULL) {
        return false;
    }
    if (count > 0) {
        memcpy(fitted->numbers, numbers, count * sizeof *numbers);
    }
    fitted->count = count;
    return true;
}

bool smri_fit_extent(const smri_choice *choice, const smri_sample *sample, const smri_scale *scale, smri_arena *arena,
                     smri_fitted *fitted)
{
    (void)choice;
    (void)scale;
    const double extent[] = {sample->summary.least, sample->summary.greatest};
    return smri_fitted_set(arena, fitted, extent, sample->summary.count > 0 ? 2 : 0);
}
