/* SPDX-License-Identifier: MIT */
/* Imputation by the conditional means of a multivariate normal distribution whose mean and covariance are fitted to all
 * values that are there, by expectation and maximisation.
 *
 * Everything is done on standardised indicators. Rows go in the order of smri_matrix_order(), so that the order in
 * which they were given changes no bit. With K the inverse of the covariance, a region's missing part m given its
 * present part o has the mean mu_m - K_mm^-1 K_mo (z_o - mu_o) and the covariance K_mm^-1: one large inverse an
 * iteration and one small system a region. */
#include "method/method_impl.h"

#define ROWS 64 /* completed at a time */
#define HEAD 2  /* fitted numbers before those of the indicators: iterations, last change */

typedef struct em {
    size_t n, count;                 /* rows, indicators with spread */
    double *z;                       /* n x count; NaN: hole */
    double *mean;                    /* by indicator */
    double *covariance;              /* upper triangle */
    double *precision;               /* its inverse, all of it */
    double *rows;                    /* ROWS x count: distances from the mean, completed */
    double *sums;                    /* of rows */
    double *products;                /* of rows, upper triangle */
    double *small, *inverse, *right; /* of one row's missing part */
    uint32_t *missing;
} em;

static void free_em(const smr_context *context, em *e) {
    smri_free(context, e->z);
    smri_free(context, e->mean);
    smri_free(context, e->covariance);
    smri_free(context, e->precision);
    smri_free(context, e->rows);
    smri_free(context, e->sums);
    smri_free(context, e->products);
    smri_free(context, e->small);
    smri_free(context, e->inverse);
    smri_free(context, e->right);
    smri_free(context, e->missing);
}

static bool make_em(const smr_context *context, size_t n, size_t count, em *e) {
    size_t square, cells;
    *e = (em){.n = n, .count = count};
    if (!smri_product(count, count, &square) || !smri_product(n, count, &cells)) {
        return false;
    }
    e->z = smri_alloc(context, cells, sizeof *e->z);
    e->mean = smri_calloc(context, count, sizeof *e->mean);
    e->covariance = smri_calloc(context, square, sizeof *e->covariance);
    e->precision = smri_alloc(context, square, sizeof *e->precision);
    e->rows = smri_alloc(context, count, ROWS * sizeof *e->rows);
    e->sums = smri_alloc(context, count, sizeof *e->sums);
    e->products = smri_alloc(context, square, sizeof *e->products);
    e->small = smri_alloc(context, square, sizeof *e->small);
    e->inverse = smri_alloc(context, square, sizeof *e->inverse);
    e->right = smri_alloc(context, count, sizeof *e->right);
    e->missing = smri_alloc(context, count, sizeof *e->missing);
    return e->z && e->mean && e->covariance && e->precision && e->rows && e->sums && e->products && e->small
           && e->inverse && e->right && e->missing;
}

/* Where a row has holes; returns how many. `distance` gets z - mean, 0 in the holes. */
static size_t find_holes(const double *z, const double *mean, size_t count, uint32_t *missing, double *distance) {
    size_t holes = 0;
    for (uint32_t k = 0; k < count; k++) {
        const double d = z[k] - mean[k];
        distance[k] = d == d ? d : 0;
        missing[holes] = k;
        holes += d == d ? 0 : 1;
    }
    return holes;
}

/* The factor of K_mm. */
static void factor_holes(const double *precision, size_t count, const uint32_t *missing, size_t holes, double *small) {
    for (size_t a = 0; a < holes; a++) {
        for (size_t b = a; b < holes; b++) {
            small[a * holes + b] = precision[missing[a] * count + missing[b]];
        }
    }
    smri_cholesky(small, holes);
}

/* K_mo (z_o - mu_o) of one hole */
static double pull(const double *precision_row, const double *distance, size_t count) {
    double sum = 0;
    for (size_t k = 0; k < count; k++) {
        sum += precision_row[k] * distance[k];
    }
    return sum;
}

/* Completes one row by its conditional mean, and adds the conditional covariance to the products. */
static void complete(em *e, const double *z, double *distance) {
    const size_t count = e->count, holes = find_holes(z, e->mean, count, e->missing, distance);
    if (holes == 0) {
        return;
    }
    factor_holes(e->precision, count, e->missing, holes, e->small);
    for (size_t a = 0; a < holes; a++) {
        e->right[a] = pull(e->precision + e->missing[a] * count, distance, count);
    }
    smri_cholesky_solve(e->small, holes, e->right);
    smri_cholesky_inverse(e->small, holes, e->inverse);
    for (size_t a = 0; a < holes; a++) {
        distance[e->missing[a]] = 0 - e->right[a];
        for (size_t b = a; b < holes; b++) {
            e->products[e->missing[a] * count + e->missing[b]] += e->inverse[a * holes + b];
        }
    }
}

static void invert_covariance(em *e) {
    const size_t size = e->count * e->count * sizeof *e->covariance;
    memcpy(e->products, e->covariance, size);
    smri_cholesky(e->products, e->count);
    smri_cholesky_inverse(e->products, e->count, e->precision);
}

/* One expectation and maximisation; returns the largest change of a mean or covariance. */
static double iterate(em *e, double ridge) {
    const size_t count = e->count;
    const double n = (double)e->n;
    invert_covariance(e);
    memset(e->sums, 0, count * sizeof *e->sums);
    memset(e->products, 0, count * count * sizeof *e->products);
    for (size_t start = 0; start < e->n; start += ROWS) {
        const size_t size = SMRI_MIN(e->n - start, (size_t)ROWS);
        for (size_t i = 0; i < size; i++) {
            double *distance = e->rows + i * count;
            complete(e, e->z + (start + i) * count, distance);
            for (size_t k = 0; k < count; k++) {
                e->sums[k] += distance[k];
            }
        }
        smri_gram_add(e->products, count, e->rows, size);
    }
    double change = 0;
    for (size_t a = 0; a < count; a++) {
        for (size_t b = a; b < count; b++) {
            const double covariance =
                e->products[a * count + b] / n - e->sums[a] / n * (e->sums[b] / n) + (a == b ? ridge : 0);
            change = SMRI_MAX(change, fabs(covariance - e->covariance[a * count + b]));
            e->covariance[a * count + b] = covariance;
        }
    }
    for (size_t k = 0; k < count; k++) {
        e->mean[k] += e->sums[k] / n;
        change = SMRI_MAX(change, fabs(e->sums[k] / n));
    }
    return change;
}

/* ---- the method ---- */

static size_t find_spread(const double *sds, uint32_t count, uint32_t *used) {
    size_t found = 0;
    for (uint32_t k = 0; k < count; k++) {
        if (sds[k] > 0) {
            used[found++] = k;
        }
    }
    return found;
}

static bool standardise_rows(const smri_matrix *matrix, const double *means, const double *sds, const uint32_t *used,
                             em *e) {
    uint32_t *order = smri_alloc(matrix->context, e->n, sizeof *order);
    if (order == NULL || !smri_matrix_order(matrix, order)) {
        smri_free(matrix->context, order);
        return false;
    }
    for (size_t i = 0; i < e->n; i++) {
        for (size_t a = 0; a < e->count; a++) {
            e->z[i * e->count + a] = smri_standardise(matrix->columns[used[a]][order[i]], means[used[a]], sds[used[a]]);
        }
    }
    smri_free(matrix->context, order);
    return true;
}

static void warn_unsettled(const smr_context *context, double iterations, double change) {
    char rounds[SMRI_NUMBER_SIZE], last[SMRI_NUMBER_SIZE];
    const char *const texts[] = {rounds, last};
    const smri_place place = {.subject = "impute.method"};
    smri_number_write(rounds, iterations);
    smri_number_write(last, change);
    smri_report(context, SMR_SEVERITY_WARNING, SMR_MESSAGE_EM_UNSETTLED, &place, texts, 2);
}

static bool fit_em(const smri_choice *choice, const smri_matrix *matrix, const uint32_t *used, em *e, double *numbers) {
    const size_t count = matrix->count;
    double *means = numbers + HEAD, *sds = means + count, *centres = sds + count, *precision = centres + count;
    if (!standardise_rows(matrix, means, sds, used, e)) {
        return false;
    }
    const double most = smri_setting_of(choice, "iterations")->number, ridge = smri_setting_of(choice, "ridge")->number;
    const double tolerance = smri_setting_of(choice, "tolerance")->number;
    for (size_t a = 0; a < e->count; a++) {
        e->covariance[a * e->count + a] = 1;
    }
    double iterations = 0, change = e->count > 0 ? INFINITY : 0;
    for (; iterations < most && change > tolerance; iterations++) {
        change = iterate(e, ridge);
    }
    if (change > tolerance) {
        warn_unsettled(matrix->context, iterations, change);
    }
    invert_covariance(e);
    numbers[0] = iterations;
    numbers[1] = change;
    memset(centres, 0, (count + count * count) * sizeof *centres);
    for (size_t a = 0; a < e->count; a++) {
        centres[used[a]] = e->mean[a];
        for (size_t b = 0; b < e->count; b++) {
            precision[used[a] * count + used[b]] = e->precision[a * e->count + b];
        }
    }
    return true;
}

bool smri_impute_em_fit(const smri_choice *choice, const smri_matrix *matrix, smri_arena *arena, smri_fitted *fitted) {
    const smr_context *context = matrix->context;
    const size_t count = matrix->count;
    size_t numbers;
    fitted->count = 0;
    if (!smri_product(count, count, &numbers) || !smri_sum(numbers, 3 * count + HEAD, &numbers)) {
        return false;
    }
    fitted->numbers = smri_arena_alloc(arena, numbers, sizeof *fitted->numbers);
    uint32_t *used = smri_alloc(context, count, sizeof *used);
    em e = {0};
    bool done = fitted->numbers != NULL && used != NULL
                && smri_matrix_moments(matrix, fitted->numbers + HEAD, fitted->numbers + HEAD + count)
                && make_em(context, matrix->n, find_spread(fitted->numbers + HEAD + count, matrix->count, used), &e)
                && fit_em(choice, matrix, used, &e, fitted->numbers);
    if (done) {
        fitted->count = numbers;
    }
    free_em(context, &e);
    smri_free(context, used);
    return done;
}

bool smri_impute_em_fill(const smri_choice *choice, const smri_fitted *fitted, const smri_matrix *matrix,
                         uint32_t column, double *x, uint8_t *statuses) {
    (void)choice;
    const size_t count = matrix->count;
    if (fitted->count != HEAD + (3 + count) * count) {
        return true;
    }
    const double *means = fitted->numbers + HEAD, *sds = means + count, *centres = sds + count;
    const double *precision = centres + count;
    double *numbers = smri_alloc(matrix->context, count, 3 * sizeof *numbers);
    size_t square;
    double *small = smri_product(count, count, &square) ? smri_alloc(matrix->context, square, sizeof *small) : NULL;
    uint32_t *missing = smri_alloc(matrix->context, count, sizeof *missing);
    const bool done = numbers != NULL && small != NULL && missing != NULL;
    for (size_t i = 0; done && i < matrix->n; i++) {
        if (x[i] == x[i]) {
            continue;
        }
        double *z = numbers, *distance = z + count, *right = distance + count;
        for (uint32_t k = 0; k < count; k++) {
            z[k] = sds[k] > 0 ? smri_standardise(matrix->columns[k][i], means[k], sds[k]) : 0;
        }
        /* An indicator without spread tells nothing, and its hole is filled with its one value. */
        z[column] = sds[column] > 0 ? NAN : 0;
        const size_t holes = find_holes(z, centres, count, missing, distance);
        factor_holes(precision, count, missing, holes, small);
        double standard = centres[column];
        for (size_t a = 0; a < holes; a++) {
            right[a] = pull(precision + missing[a] * count, distance, count);
        }
        smri_cholesky_solve(small, holes, right);
        for (size_t a = 0; a < holes; a++) {
            standard -= missing[a] == column ? right[a] : 0;
        }
        smri_fill(&x[i], &statuses[i], means[column] + sds[column] * standard);
    }
    smri_free(matrix->context, missing);
    smri_free(matrix->context, small);
    smri_free(matrix->context, numbers);
    return done;
}
