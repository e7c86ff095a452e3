/* SPDX-License-Identifier: MIT */
/* Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations: the pairs are visited in a fixed order,
 * nothing but + - * / and square roots is used, so that the result is the same bits everywhere. */
#include "base/base_impl.h"

#define MOST_SWEEPS 64

/* Rotates rows and columns p < q so that the element at (p, q) becomes 0; `vectors` holds one vector a row. */
static void rotate(double *a, double *vectors, uint32_t n, uint32_t p, uint32_t q) {
    const size_t width = n;
    const double pq = a[p * width + q], theta = (a[q * width + q] - a[p * width + p]) / (2 * pq);
    const double size = fabs(theta) + sqrt(theta * theta + 1);
    const double t = size <= DBL_MAX ? (theta < 0 ? -1 / size : 1 / size) : 0;
    const double c = 1 / sqrt(t * t + 1), s = t * c;
    a[p * width + p] -= t * pq;
    a[q * width + q] += t * pq;
    a[p * width + q] = a[q * width + p] = 0;
    for (uint32_t k = 0; k < n; k++) {
        if (k != p && k != q) {
            const double kp = a[k * width + p], kq = a[k * width + q];
            a[k * width + p] = a[p * width + k] = c * kp - s * kq;
            a[k * width + q] = a[q * width + k] = s * kp + c * kq;
        }
        const double vp = vectors[p * width + k], vq = vectors[q * width + k];
        vectors[p * width + k] = c * vp - s * vq;
        vectors[q * width + k] = s * vp + c * vq;
    }
}

/* The sum of the components is positive; where it vanishes, the first of the largest is. */
static void fix_sign(double *vector, uint32_t n) {
    double sum = 0, largest = 0;
    for (uint32_t i = 0; i < n; i++) {
        sum += vector[i];
        largest = SMRI_MAX(largest, fabs(vector[i]));
    }
    if (fabs(sum) <= 1e-9 * largest) {
        uint32_t first = 0;
        while (fabs(vector[first]) < largest * (1 - 1e-9)) {
            first++;
        }
        sum = vector[first];
    }
    for (uint32_t i = 0; sum < 0 && i < n; i++) {
        vector[i] = vector[i] == 0 ? 0 : -vector[i];
    }
}

/* Values downward, each with its vector; equal ones stay in order. */
static void sort_downward(double *values, double *vectors, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        uint32_t greatest = i;
        for (uint32_t j = i + 1; j < n; j++) {
            greatest = values[j] > values[greatest] ? j : greatest;
        }
        for (; greatest > i; greatest--) {
            const double value = values[greatest];
            values[greatest] = values[greatest - 1];
            values[greatest - 1] = value;
            double *lower = vectors + (size_t)greatest * n, *upper = lower - n;
            for (uint32_t k = 0; k < n; k++) {
                const double component = lower[k];
                lower[k] = upper[k];
                upper[k] = component;
            }
        }
    }
}

void smri_eigen_symmetric(double *matrix, uint32_t n, double *values, double *vectors) {
    const size_t width = n;
    for (size_t i = 0; i < width * width; i++) {
        vectors[i] = i % (width + 1) == 0 ? 1 : 0;
    }
    bool changed = true;
    for (int sweep = 0; changed && sweep < MOST_SWEEPS; sweep++) {
        changed = false;
        for (uint32_t p = 0; p < n; p++) {
            for (uint32_t q = p + 1; q < n; q++) {
                const double size = fabs(matrix[p * width + q]);
                const double pp = fabs(matrix[p * width + p]), qq = fabs(matrix[q * width + q]);
                if (pp + size == pp && qq + size == qq) {
                    matrix[p * width + q] = matrix[q * width + p] = 0;
                } else {
                    rotate(matrix, vectors, n, p, q);
                    changed = true;
                }
            }
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        values[i] = matrix[i * width + i];
    }
    sort_downward(values, vectors, n);
    for (uint32_t i = 0; i < n; i++) {
        fix_sign(vectors + i * width, n);
    }
}
