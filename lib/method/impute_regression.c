/* SPDX-License-Identifier: MIT */
/* Imputation by ridge regression of each indicator on all others: (Z'Z + lambda n I)^-1 Z'x over the n regions that
 * have a value of it, Z the other indicators in standard deviations from their means, holes 0. */
#include "method/method_impl.h"

#define ROWS 64 /* gathered at a time */

typedef struct regression {
    const smri_matrix *matrix;
    const double *means, *sds; /* by indicator */
    const uint32_t *order;     /* of the rows */
    double *rows;              /* ROWS x count */
    double *gram;              /* sum of z'z over all rows, upper triangle */
    double *system;            /* of one indicator */
    uint32_t *others;          /* its regressors */
} regression;

/* One row in standard deviations, holes and indicators without spread 0. */
static void gather(const regression *r, size_t row, double *z) {
    for (uint32_t k = 0; k < r->matrix->count; k++) {
        const double value = smri_standardise(r->matrix->columns[k][row], r->means[k], r->sds[k]);
        z[k] = value == value ? value : 0;
    }
}

/* gram += the sum of z'z over the rows of the order in which `hole` has no value; SMRI_NONE: over all rows. */
static void add_rows(const regression *r, uint32_t hole, double *gram) {
    const size_t count = r->matrix->count;
    size_t used = 0;
    for (size_t i = 0; i < r->matrix->n; i++) {
        const size_t row = r->order[i];
        if (hole != SMRI_NONE && r->matrix->columns[hole][row] == r->matrix->columns[hole][row]) {
            continue;
        }
        gather(r, row, r->rows + used++ * count);
        if (used == ROWS) {
            smri_gram_add(gram, count, r->rows, used);
            used = 0;
        }
    }
    smri_gram_add(gram, count, r->rows, used);
}

static double element(const double *gram, size_t count, size_t a, size_t b) {
    return gram[SMRI_MIN(a, b) * count + SMRI_MAX(a, b)];
}

/* Coefficients of one indicator on all, 0 for itself, in standard deviations. */
static void solve(const regression *r, uint32_t target, double lambda, double *coefficients) {
    const size_t count = r->matrix->count;
    size_t used = 0, present = 0;
    for (size_t i = 0; i < r->matrix->n; i++) {
        present += r->matrix->columns[target][i] == r->matrix->columns[target][i];
    }
    /* The rows without a value leave the sums; in those sums z of the target is 0, so that Z'x needs no care. */
    double *without = r->system + count * count;
    memset(without, 0, count * count * sizeof *without);
    if (present < r->matrix->n) {
        add_rows(r, target, without);
    }
    for (uint32_t k = 0; k < count; k++) {
        coefficients[k] = 0;
        if (k != target && r->sds[k] > 0) {
            r->others[used++] = k;
        }
    }
    double *right = without + count * count;
    for (size_t a = 0; a < used; a++) {
        for (size_t b = a; b < used; b++) {
            r->system[a * used + b] = element(r->gram, count, r->others[a], r->others[b])
                                      - element(without, count, r->others[a], r->others[b]);
        }
        r->system[a * used + a] += lambda * (double)present;
        right[a] = element(r->gram, count, r->others[a], target);
    }
    smri_cholesky(r->system, used);
    smri_cholesky_solve(r->system, used, right);
    for (size_t a = 0; a < used; a++) {
        coefficients[r->others[a]] = right[a];
    }
}

/* Fitted: means, standard deviations, and a row of coefficients an indicator. */
bool smri_impute_regression_fit(const smri_choice *choice, const smri_matrix *matrix, smri_arena *arena,
                                smri_fitted *fitted) {
    const smr_context *context = matrix->context;
    const size_t count = matrix->count;
    size_t square = 0, numbers = 0, all = 0;
    fitted->count = 0;
    if (!smri_product(count, count, &square) || !smri_sum(square, 2 * count, &numbers) || !smri_product(square, 3, &all)
        || !smri_sum(all, count, &all)) {
        return false;
    }
    fitted->numbers = smri_arena_alloc(arena, numbers, sizeof *fitted->numbers);
    uint32_t *order = smri_alloc(context, matrix->n, sizeof *order);
    double *sums = smri_calloc(context, all, sizeof *sums);
    regression r = {.matrix = matrix,
                    .order = order,
                    .rows = smri_alloc(context, count, ROWS * sizeof *r.rows),
                    .gram = sums,
                    .system = sums ? sums + square : NULL,
                    .others = smri_alloc(context, count, sizeof *r.others)};
    bool done = fitted->numbers != NULL && order != NULL && sums != NULL && r.rows != NULL && r.others != NULL
                && smri_matrix_moments(matrix, fitted->numbers, fitted->numbers + count)
                && smri_matrix_order(matrix, order);
    if (done) {
        r.means = fitted->numbers;
        r.sds = fitted->numbers + count;
        add_rows(&r, SMRI_NONE, r.gram);
        const double lambda = smri_setting_of(choice, "lambda")->number;
        for (uint32_t k = 0; k < count; k++) {
            solve(&r, k, lambda, fitted->numbers + (2 + k) * count);
        }
        fitted->count = numbers;
    }
    smri_free(context, r.others);
    smri_free(context, r.rows);
    smri_free(context, sums);
    smri_free(context, order);
    return done;
}

bool smri_impute_regression_fill(const smri_choice *choice, const smri_fitted *fitted, const smri_matrix *matrix,
                                 uint32_t column, double *x, uint8_t *statuses) {
    (void)choice;
    const size_t count = matrix->count;
    if (fitted->count != (2 + count) * count) {
        return true;
    }
    const double *means = fitted->numbers, *sds = means + count, *coefficients = means + (2 + column) * count;
    for (size_t i = 0; i < matrix->n; i++) {
        if (x[i] == x[i]) {
            continue;
        }
        double z = 0;
        for (uint32_t k = 0; k < count; k++) {
            const double other = smri_standardise(matrix->columns[k][i], means[k], sds[k]);
            z += coefficients[k] != 0 && other == other ? coefficients[k] * other : 0;
        }
        smri_fill(&x[i], &statuses[i], means[column] + sds[column] * z);
    }
    return true;
}
