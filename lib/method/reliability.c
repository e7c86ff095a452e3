/* SPDX-License-Identifier: MIT */
/* How well the children of a node hang together: Cronbach's alpha, each with the rest, and what the inverse of their
 * correlation matrix tells (Kaiser, Meyer and Olkin's measure, Bartlett's test, variance inflation). */
#include "method/method_impl.h"

/* Below this share of the greatest eigenvalue an eigenvalue counts as 0. */
#define SINGULAR 1e-12

bool smri_complete_rows(const smr_context *context, const double *const *columns, uint32_t count, size_t n,
                        smri_complete *complete)
{
    *complete = (smri_complete){.count = count};
    complete->columns = smri_calloc(context, count, sizeof *complete->columns);
    complete->rows = smri_alloc(context, n, sizeof *complete->rows);
    bool fine = complete->columns != NULL && complete->rows != NULL;
    for (size_t row = 0; fine && row < n; row++) {
        bool full = true;
        for (uint32_t i = 0; full && i < count; i++) {
            full = columns[i][row] == columns[i][row];
        }
        complete->rows[complete->n] = row;
        complete->n += full;
    }
    for (uint32_t i = 0; fine && i < count; i++) {
        complete->columns[i] = smri_alloc(context, complete->n, sizeof **complete->columns);
        fine = complete->columns[i] != NULL;
        for (size_t row = 0; fine && row < complete->n; row++) {
            complete->columns[i][row] = columns[i][complete->rows[row]];
        }
    }
    if (!fine) {
        smri_complete_free(context, complete);
    }
    return fine;
}

void smri_complete_free(const smr_context *context, smri_complete *complete)
{
    for (uint32_t i = 0; complete->columns != NULL && i < complete->count; i++) {
        smri_free(context, complete->columns[i]);
    }
    smri_free(context, complete->columns);
    smri_free(context, complete->rows);
    *complete = (smri_complete){.columns = NULL};
}

/* ---- covariances ---- */

static double mean_of(const smri_kernels *kernels, const double *x, size_t n, size_t count)
{
    smri_exact_sum sum;
    smri_exact_sum_init(&sum);
    smri_exact_sum_add_array(&sum, kernels, x, n);
    return smri_exact_sum_value(&sum) / (double)count;
}

/* Covariance over the rows in which both have a value, in units of unit^2; NaN for less than two. a and b are room for n
 * numbers each. */
static double covariance(const smri_kernels *kernels, const double *x, const double *y, size_t n, double unit,
                         double *a, double *b)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        const bool both = x[i] == x[i] && y[i] == y[i];
        a[i] = both ? x[i] / unit : NAN;
        b[i] = both ? y[i] / unit : NAN;
        count += both;
    }
    if (count < 2) {
        return NAN;
    }
    const double mean_a = mean_of(kernels, a, n, count), mean_b = mean_of(kernels, b, n, count);
    for (size_t i = 0; i < n; i++) {
        a[i] = (a[i] - mean_a) * (b[i] - mean_b);
    }
    return mean_of(kernels, a, n, count - 1);
}

bool smri_covariances(const smr_context *context, const double *const *columns, uint32_t count, size_t n,
                      double *covariances)
{
    const smri_kernels *kernels = smri_context_kernels(context);
    double *a = smri_alloc(context, n, sizeof *a), *b = smri_alloc(context, n, sizeof *b), largest = 0;
    const bool fine = a != NULL && b != NULL;
    for (uint32_t i = 0; i < count; i++) {
        double least = 0, greatest = 0;
        size_t present = 0;
        kernels->extent(columns[i], n, &least, &greatest, &present);
        largest = SMRI_MAX(largest, SMRI_MAX(fabs(least), fabs(greatest)));
    }
    const double unit = smri_binary_scale(largest);
    for (uint32_t i = 0; fine && i < count; i++) {
        for (uint32_t k = i; k < count; k++) {
            covariances[(size_t)i * count + k] = covariances[(size_t)k * count + i] =
                covariance(kernels, columns[i], columns[k], n, unit, a, b);
        }
    }
    smri_free(context, a);
    smri_free(context, b);
    return fine;
}

/* ---- alpha ---- */

double smri_alpha_raw(const double *covariances, uint32_t count, uint32_t without)
{
    const double k = count - (without < count ? 1.0 : 0.0);
    double all = 0, own = 0;
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; i != without && j < count; j++) {
            all += j != without ? covariances[(size_t)i * count + j] : 0;
        }
        own += i != without ? covariances[(size_t)i * count + i] : 0;
    }
    return k > 1 && all > 0 ? k / (k - 1) * (1 - own / all) : NAN;
}

double smri_mean_correlation(const double *r, uint32_t count, uint32_t without)
{
    double sum = 0, pairs = 0;
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = i + 1; i != without && j < count; j++) {
            sum += j != without ? r[(size_t)i * count + j] : 0;
            pairs += j != without;
        }
    }
    return pairs > 0 ? sum / pairs : NAN;
}

double smri_alpha_standardised(const double *r, uint32_t count, uint32_t without)
{
    const double k = count - (without < count ? 1.0 : 0.0), mean = smri_mean_correlation(r, count, without);
    const double below = 1 + (k - 1) * mean;
    return below > 1e-12 ? k * mean / below : NAN;
}

double smri_item_rest(const double *r, uint32_t count, uint32_t item)
{
    double with = 0, rest = 0;
    for (uint32_t i = 0; i < count; i++) {
        with += i != item ? r[(size_t)item * count + i] : 0;
        for (uint32_t j = 0; i != item && j < count; j++) {
            rest += j == item ? 0 : j == i ? 1 : r[(size_t)i * count + j];
        }
    }
    return rest > 1e-12 ? SMRI_MIN(SMRI_MAX(with / sqrt(rest), -1), 1) : NAN;
}

/* ---- what the inverse tells ---- */

bool smri_inverse_from_eigen(const double *values, const double *vectors, uint32_t count, double *inverse)
{
    if (count == 0 || !(values[count - 1] > SINGULAR * values[0])) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = i; j < count; j++) {
            double sum = 0;
            for (uint32_t f = 0; f < count; f++) {
                sum += vectors[(size_t)f * count + i] * vectors[(size_t)f * count + j] / values[f];
            }
            inverse[(size_t)i * count + j] = inverse[(size_t)j * count + i] = sum;
        }
    }
    return true;
}

double smri_sampling_adequacy(const double *r, const double *inverse, uint32_t count, uint32_t item)
{
    double whole = 0, partial = 0;
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; (item >= count || i == item) && j < count; j++) {
            if (j != i) {
                const double here = r[(size_t)i * count + j], between = inverse[(size_t)i * count + j];
                const double ends = inverse[(size_t)i * count + i] * inverse[(size_t)j * count + j];
                whole += here * here;
                partial += between * between / ends;
            }
        }
    }
    return whole + partial > 0 ? whole / (whole + partial) : NAN;
}

double smri_bartlett(const double *values, uint32_t count, size_t n)
{
    double log_determinant = 0;
    for (uint32_t i = 0; i < count; i++) {
        log_determinant += smri_log(values[i]);
    }
    const double size = (double)n - 1 - (2.0 * count + 5) / 6;
    const double statistic = -size * log_determinant;
    return size > 0 ? SMRI_MAX(statistic, 0) : NAN;
}
