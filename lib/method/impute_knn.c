/* SPDX-License-Identifier: MIT */
/* Imputation by the regions that are most alike: the mean of the nearest k with a value. Distance is the root mean
 * square difference, in standard deviations, over the indicators that both regions have. */
#include "method/method_impl.h"

/* Fitted: means, standard deviations, then the reference itself, column after column. */
bool smri_impute_knn_fit(const smri_choice *choice, const smri_matrix *matrix, smri_arena *arena, smri_fitted *fitted) {
    (void)choice;
    const size_t count = matrix->count, n = matrix->n;
    size_t numbers;
    fitted->count = 0;
    if (!smri_sum(n, 2, &numbers) || !smri_product(numbers, count, &numbers)) {
        return false;
    }
    fitted->numbers = smri_arena_alloc(arena, numbers, sizeof *fitted->numbers);
    if (fitted->numbers == NULL || !smri_matrix_moments(matrix, fitted->numbers, fitted->numbers + count)) {
        return false;
    }
    for (uint32_t k = 0; k < count && n > 0; k++) {
        memcpy(fitted->numbers + 2 * count + k * n, matrix->columns[k], n * sizeof **matrix->columns);
    }
    fitted->count = numbers;
    return true;
}

typedef struct neighbour {
    double distance, value;
} neighbour;

typedef struct reference {
    double *z;            /* column after column, NaN: hole */
    const double *values; /* of the column to be filled */
    size_t n, count;
    double *sums, *shared; /* by region: of squared differences, and of how many */
} reference;

/* From one region to all of the reference, indicator by indicator: many sums grow side by side. */
static void measure(const reference *r, const double *z) {
    memset(r->sums, 0, r->n * sizeof *r->sums);
    memset(r->shared, 0, r->n * sizeof *r->shared);
    for (size_t k = 0; k < r->count; k++) {
        const double own = z[k], *column = r->z + k * r->n;
        for (size_t i = 0; own == own && i < r->n; i++) {
            const double d = own - column[i];
            r->sums[i] += d == d ? d * d : 0;
            r->shared[i] += d == d ? 1 : 0;
        }
    }
}

/* Keeps the nearest `most` in order, those that came first before their equals. */
static size_t insert(neighbour *nearest, size_t used, size_t most, neighbour one) {
    size_t place = used;
    while (place > 0 && nearest[place - 1].distance > one.distance) {
        place--;
    }
    if (place == most) {
        return used;
    }
    const size_t kept = used < most ? used : most - 1;
    memmove(nearest + place + 1, nearest + place, (kept - place) * sizeof *nearest);
    nearest[place] = one;
    return kept + 1;
}

/* The mean of the nearest, rounded once; NaN: there is none. */
static double mean_of_nearest(const reference *r, const double *z, neighbour *nearest, size_t most) {
    size_t used = 0;
    measure(r, z);
    for (size_t i = 0; i < r->n; i++) {
        /* Without a shared indicator there is no distance. */
        const neighbour one = {sqrt(r->sums[i] / r->shared[i]), r->values[i]};
        if (one.value == one.value && one.distance <= DBL_MAX) {
            used = insert(nearest, used, most, one);
        }
    }
    smri_exact_sum sum;
    smri_exact_sum_init(&sum);
    for (size_t i = 0; i < used; i++) {
        smri_exact_sum_add(&sum, nearest[i].value);
    }
    return used > 0 ? smri_exact_sum_value(&sum) / (double)used : NAN;
}

bool smri_impute_knn_fill(const smri_choice *choice, const smri_fitted *fitted, const smri_matrix *matrix,
                          uint32_t column, double *x, uint8_t *statuses) {
    const smr_context *context = matrix->context;
    const size_t count = matrix->count;
    if (count == 0 || fitted->count < 2 * count || fitted->count % count != 0) {
        return true;
    }
    const double *means = fitted->numbers, *sds = means + count, *values = sds + count;
    const size_t n = fitted->count / count - 2, cells = fitted->count - 2 * count;
    const size_t most = SMRI_MIN((size_t)smri_setting_of(choice, "k")->number, SMRI_MAX(n, (size_t)1));
    reference r = {.z = smri_alloc(context, cells, sizeof *r.z),
                   .values = values + column * n,
                   .n = n,
                   .count = count,
                   .sums = smri_alloc(context, n, sizeof *r.sums),
                   .shared = smri_alloc(context, n, sizeof *r.shared)};
    neighbour *nearest = smri_alloc(context, most, sizeof *nearest);
    double *z = smri_alloc(context, count, sizeof *z);
    const bool done = r.z != NULL && r.sums != NULL && r.shared != NULL && nearest != NULL && z != NULL;
    for (size_t i = 0; done && i < cells; i++) {
        r.z[i] = smri_standardise(values[i], means[i / n], sds[i / n]);
    }
    for (size_t i = 0; done && i < matrix->n; i++) {
        if (x[i] == x[i]) {
            continue;
        }
        for (size_t k = 0; k < count; k++) {
            z[k] = smri_standardise(matrix->columns[k][i], means[k], sds[k]);
        }
        smri_fill(&x[i], &statuses[i], mean_of_nearest(&r, z, nearest, most));
    }
    smri_free(context, z);
    smri_free(context, nearest);
    smri_free(context, r.shared);
    smri_free(context, r.sums);
    smri_free(context, r.z);
    return done;
}
