/* SPDX-License-Identifier: MIT */
/* Symmetric systems of equations, small and dense. Every element is computed by the same operations in the same order
 * on every platform: the inner loops write many elements at once and never add within a vector. Matrices stand row
 * after row; of a symmetric one the upper triangle is read and written. */
#include "base/base_impl.h"

void smri_gram_add(double *gram, size_t n, const double *rows, size_t count) {
    size_t r = 0;
    for (; r + 4 <= count; r += 4) {
        const double *a = rows + r * n, *b = a + n, *c = b + n, *d = c + n;
        for (size_t i = 0; i < n; i++) {
            const double ai = a[i], bi = b[i], ci = c[i], di = d[i];
            double *out = gram + i * n;
            for (size_t j = i; j < n; j++) {
                out[j] += (ai * a[j] + bi * b[j]) + (ci * c[j] + di * d[j]);
            }
        }
    }
    for (; r < count; r++) {
        const double *a = rows + r * n;
        for (size_t i = 0; i < n; i++) {
            for (size_t j = i; j < n; j++) {
                gram[i * n + j] += a[i] * a[j];
            }
        }
    }
}

/* What is left of a diagonal element below this share of it may be rounding alone. */
#define DEPENDENT 1e-11

size_t smri_cholesky(double *a, size_t n) {
    size_t independent = 0;
    for (size_t k = 0; k < n; k++) {
        double *row = a + k * n;
        /* The elements above the pivot are final: with them the diagonal was what they explain and what is left. */
        double diagonal = row[k];
        for (size_t i = 0; i < k; i++) {
            diagonal += a[i * n + k] * a[i * n + k];
        }
        if (!(row[k] > DEPENDENT * diagonal && row[k] <= DBL_MAX)) {
            memset(row + k, 0, (n - k) * sizeof *row);
            continue;
        }
        independent++;
        row[k] = sqrt(row[k]);
        for (size_t j = k + 1; j < n; j++) {
            row[j] /= row[k];
        }
        for (size_t i = k + 1; i < n; i++) {
            double *below = a + i * n;
            for (size_t j = i; j < n; j++) {
                below[j] -= row[i] * row[j];
            }
        }
    }
    return independent;
}

void smri_cholesky_solve(const double *factor, size_t n, double *x) {
    for (size_t k = 0; k < n; k++) {
        const double *row = factor + k * n;
        x[k] = row[k] > 0 ? x[k] / row[k] : 0;
        for (size_t j = k + 1; j < n; j++) {
            x[j] -= row[j] * x[k];
        }
    }
    for (size_t k = n; k-- > 0;) {
        const double *row = factor + k * n;
        double rest = x[k];
        for (size_t j = k + 1; j < n; j++) {
            rest -= row[j] * x[j];
        }
        x[k] = row[k] > 0 ? rest / row[k] : 0;
    }
}

void smri_cholesky_inverse(const double *factor, size_t n, double *inverse) {
    memset(inverse, 0, n * n * sizeof *inverse);
    for (size_t k = 0; k < n; k++) {
        double *column = inverse + k * n;
        column[k] = 1;
        smri_cholesky_solve(factor, n, column);
        if (!(factor[k * n + k] > 0)) {
            memset(column, 0, n * sizeof *column);
        }
    }
    /* Row k and column k differ by rounding: the upper triangle stands. */
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < i; j++) {
            inverse[i * n + j] = inverse[j * n + i];
        }
    }
}
