/* SPDX-License-Identifier: MIT */
/* Imputation by the region's other indicators under the same parent: their mean on a common scale, mapped back. */
#include "method/method_impl.h"

/* Fitted: least, then greatest of every indicator. */
bool smri_impute_row_fit(const smri_choice *choice, const smri_matrix *matrix, smri_arena *arena, smri_fitted *fitted) {
    (void)choice;
    const size_t count = matrix->count;
    fitted->count = 0;
    fitted->numbers = smri_arena_alloc(arena, 2 * count, sizeof *fitted->numbers);
    if (fitted->numbers == NULL) {
        return false;
    }
    for (uint32_t k = 0; k < count; k++) {
        smri_summary summary;
        if (!smri_summary_make(matrix->context, matrix->columns[k], matrix->n, 1, SMRI_NEED_EXTENT, NULL, &summary)) {
            return false;
        }
        fitted->numbers[k] = summary.least;
        fitted->numbers[count + k] = summary.greatest;
    }
    fitted->count = 2 * count;
    return true;
}

/* Place between least and greatest, 1 at the better end; NaN where there is none. */
static double score(double x, double least, double greatest, double sign) {
    if (!(least < greatest)) {
        return NAN;
    }
    /* Halves, where the whole spread is beyond the range of a double. */
    const double width = greatest - least;
    const double up = width <= DBL_MAX ? (x - least) / width : (0.5 * x - 0.5 * least) / (0.5 * greatest - 0.5 * least);
    return sign < 0 ? 1 - up : up;
}

bool smri_impute_row_fill(const smri_choice *choice, const smri_fitted *fitted, const smri_matrix *matrix,
                          uint32_t column, double *x, uint8_t *statuses) {
    (void)choice;
    const size_t count = matrix->count;
    if (fitted->count != 2 * count) {
        return true;
    }
    const double *least = fitted->numbers, *greatest = least + count;
    for (size_t i = 0; i < matrix->n; i++) {
        if (x[i] == x[i]) {
            continue;
        }
        double sum = 0, present = 0;
        for (uint32_t k = 0; k < count; k++) {
            if (k == column || matrix->families[k] != matrix->families[column]) {
                continue;
            }
            const double y = score(matrix->columns[k][i], least[k], greatest[k], matrix->signs[k]);
            if (y == y) {
                sum += y;
                present += 1;
            }
        }
        const double mean = sum / present, up = matrix->signs[column] < 0 ? 1 - mean : mean;
        if (present > 0) {
            smri_fill(&x[i], &statuses[i], (1 - up) * least[column] + up * greatest[column]);
        }
    }
    return true;
}
