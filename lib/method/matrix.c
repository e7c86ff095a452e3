/* SPDX-License-Identifier: MIT */
/* All indicators side by side: standardised, and their regions in an order that does not depend on how they were given,
 * so that sums over regions are the same bits for any order of the rows. */
#include "method/method_impl.h"

/* Scaled by a power of two, so that no square overflows or vanishes and no bit is lost. */
static bool column_moments(const smr_context *context, const double *x, double *scaled, size_t n, double *mean,
                           double *sd) {
    smri_summary summary;
    *mean = NAN;
    *sd = 0;
    if (!smri_summary_make(context, x, n, 1, SMRI_NEED_EXTENT, NULL, &summary)) {
        return false;
    }
    if (!(summary.least < summary.greatest)) {
        *mean = summary.least;
        return true;
    }
    const double scale = smri_binary_scale(SMRI_MAX(fabs(summary.least), fabs(summary.greatest)));
    for (size_t i = 0; i < n; i++) {
        scaled[i] = x[i] / scale;
    }
    if (!smri_summary_make(context, scaled, n, 1, SMRI_NEED_VARIANCE, NULL, &summary)) {
        return false;
    }
    *mean = summary.mean * scale;
    *sd = sqrt(smri_summary_variance(&summary, 1)) * scale;
    return true;
}

bool smri_matrix_moments(const smri_matrix *matrix, double *means, double *sds) {
    double *scaled = smri_alloc(matrix->context, matrix->n, sizeof *scaled);
    bool done = scaled != NULL;
    for (uint32_t k = 0; done && k < matrix->count; k++) {
        done = column_moments(matrix->context, matrix->columns[k], scaled, matrix->n, &means[k], &sds[k]);
    }
    smri_free(matrix->context, scaled);
    return done;
}

double smri_standardise(double x, double mean, double sd) {
    if (!(sd > 0)) {
        return NAN;
    }
    const double z = fabs(x - mean) <= DBL_MAX ? (x - mean) / sd : (0.5 * x - 0.5 * mean) / (0.5 * sd);
    return fabs(z) <= DBL_MAX ? z : NAN;
}

void smri_fill(double *x, uint8_t *status, double value) {
    if (fabs(value) <= DBL_MAX) {
        *x = 0.0 + value; /* -0 becomes 0 */
        *status = SMR_CELL_IMPUTED;
    }
}

/* ---- rows sorted by what they hold ---- */

/* Whether row a stands before row b or is its equal: by the first column in which they differ, upward, holes last. */
static bool stands_before(const smri_matrix *matrix, uint32_t a, uint32_t b) {
    for (uint32_t k = 0; k < matrix->count; k++) {
        const double x = matrix->columns[k][a], y = matrix->columns[k][b];
        if (x < y || (x == x && y != y)) {
            return true;
        }
        if (y < x || (y == y && x != x)) {
            return false;
        }
    }
    return true;
}

static void merge(const smri_matrix *matrix, const uint32_t *from, size_t start, size_t middle, size_t end,
                  uint32_t *to) {
    size_t left = start, right = middle;
    for (size_t i = start; i < end; i++) {
        const bool take_left = left < middle && (right >= end || stands_before(matrix, from[left], from[right]));
        to[i] = take_left ? from[left++] : from[right++];
    }
}

bool smri_matrix_order(const smri_matrix *matrix, uint32_t *order) {
    const size_t n = matrix->n;
    uint32_t *other = smri_alloc(matrix->context, n, sizeof *other);
    if (other == NULL) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        order[i] = (uint32_t)i;
    }
    uint32_t *from = order, *to = other;
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t start = 0; start < n; start += 2 * width) {
            merge(matrix, from, start, SMRI_MIN(start + width, n), SMRI_MIN(start + 2 * width, n), to);
        }
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != order) {
        memcpy(order, from, n * sizeof *order);
    }
    smri_free(matrix->context, other);
    return true;
}
