/* SPDX-License-Identifier: MIT */
/* Linear programs: is it true? The values and multipliers of the last basis are solved for anew from the matrix, then
 * compared on the problem as it was given. A comparison forgives SMRI_LP_TOLERANCE times the sum of the sizes of its
 * terms, and the rounding of the solution: NOISE times the greatest (scaled) value or multiplier, in the unit of what is
 * compared.
 *
 *   low <= x <= high                  terms: bound
 *   low <= matrix x <= high           bound, entry x
 *   reduced cost = objective - multipliers matrix: of the right sign, or 0 with a variable between its bounds
 *                                     objective, multiplier entry
 *   both objectives are the same      objective x, multiplier bound, reduced cost bound
 */
#include "base/base_impl.h"

/* A scaled kernel with no greater pivot than this is singular. */
#define SINGULAR 1e-14
#define NOISE 0x1p-44

/* ---- the square system of the basic columns in the nonbasic rows ---- */

static double scaled_entry(const smri_lp *lp, uint32_t row, uint32_t column) {
    const double entry = lp->matrix[(size_t)column * lp->rows + row];
    return entry == 0 ? 0 : smri_scale_power(entry, lp->exponents[column] - lp->exponents[lp->columns + row]);
}

/* Lists the two sides of the kernel, in the order of the problem; returns its size. */
static uint32_t list_kernel(smri_lp *lp) {
    const uint32_t m = lp->rows, n = lp->columns;
    uint32_t rows = 0, columns = 0;
    for (uint32_t j = 0; j < n; j++) {
        lp->terms[j] = 0;
    }
    for (uint32_t i = 0; i < m; i++) {
        lp->sign[i] = 1;
    }
    for (uint32_t i = 0; i < m; i++) {
        if (lp->basic[i] < n) {
            lp->terms[lp->basic[i]] = 1;
        } else {
            lp->sign[lp->basic[i] - n] = 0;
        }
    }
    for (uint32_t j = 0; j < n; j++) {
        if (lp->terms[j] != 0) {
            lp->kernel_columns[columns++] = j;
        }
    }
    for (uint32_t i = 0; i < m; i++) {
        if (lp->sign[i] != 0) {
            lp->kernel_rows[rows++] = i;
        }
    }
    return columns;
}

/* Factors the kernel into a lower and an upper triangle with row exchanges. Row after row. */
static bool factor_kernel(smri_lp *lp, uint32_t k) {
    double *const a = lp->kernel;
    for (uint32_t r = 0; r < k; r++) {
        for (uint32_t c = 0; c < k; c++) {
            a[(size_t)r * k + c] = scaled_entry(lp, lp->kernel_rows[r], lp->kernel_columns[c]);
        }
    }
    for (uint32_t step = 0; step < k; step++) {
        uint32_t best = step;
        for (uint32_t r = step + 1; r < k; r++) {
            if (fabs(a[(size_t)r * k + step]) > fabs(a[(size_t)best * k + step])) {
                best = r;
            }
        }
        lp->order[step] = best;
        for (uint32_t c = 0; best != step && c < k; c++) {
            const double entry = a[(size_t)best * k + c];
            a[(size_t)best * k + c] = a[(size_t)step * k + c];
            a[(size_t)step * k + c] = entry;
        }
        const double pivot = a[(size_t)step * k + step];
        if (!(fabs(pivot) > SINGULAR)) {
            return false;
        }
        for (uint32_t r = step + 1; r < k; r++) {
            double *restrict row = a + (size_t)r * k;
            const double *restrict upper = a + (size_t)step * k;
            const double share = row[step] / pivot;
            row[step] = share;
            for (uint32_t c = step + 1; share != 0 && c < k; c++) {
                row[c] -= share * upper[c];
            }
        }
    }
    return true;
}

/* kernel x = b, in place */
static void solve_kernel(const smri_lp *lp, uint32_t k, double *b) {
    const double *const a = lp->kernel;
    for (uint32_t r = 0; r < k; r++) {
        const double moved = b[lp->order[r]];
        b[lp->order[r]] = b[r];
        b[r] = moved;
    }
    for (uint32_t r = 1; r < k; r++) {
        for (uint32_t c = 0; c < r; c++) {
            b[r] -= a[(size_t)r * k + c] * b[c];
        }
    }
    for (uint32_t r = k; r-- > 0;) {
        for (uint32_t c = r + 1; c < k; c++) {
            b[r] -= a[(size_t)r * k + c] * b[c];
        }
        b[r] /= a[(size_t)r * k + r];
    }
}

/* y kernel = b, in place */
static void solve_kernel_transposed(const smri_lp *lp, uint32_t k, double *b) {
    const double *const a = lp->kernel;
    for (uint32_t c = 0; c < k; c++) {
        for (uint32_t r = 0; r < c; r++) {
            b[c] -= a[(size_t)r * k + c] * b[r];
        }
        b[c] /= a[(size_t)c * k + c];
    }
    for (uint32_t c = k; c-- > 0;) {
        for (uint32_t r = c + 1; r < k; r++) {
            b[c] -= a[(size_t)r * k + c] * b[r];
        }
    }
    for (uint32_t r = k; r-- > 0;) {
        const double moved = b[lp->order[r]];
        b[lp->order[r]] = b[r];
        b[r] = moved;
    }
}

/* ---- the point ---- */

static double greatest_size(const double *numbers, uint32_t count) {
    double greatest = 0;
    for (uint32_t i = 0; i < count; i++) {
        greatest = SMRI_MAX(greatest, fabs(numbers[i]));
    }
    return greatest;
}

/* Values of the basic columns from those of the nonbasic variables; then all in the problem's own units. */
static void solve_values(smri_lp *lp, uint32_t k) {
    const uint32_t n = lp->columns;
    for (uint32_t r = 0; r < k; r++) {
        double rest = lp->value[n + lp->kernel_rows[r]];
        for (uint32_t j = 0; j < n; j++) {
            if (lp->terms[j] == 0 && lp->value[j] != 0) {
                rest -= scaled_entry(lp, lp->kernel_rows[r], j) * lp->value[j];
            }
        }
        lp->solution[r] = rest;
    }
    solve_kernel(lp, k, lp->solution);
    for (uint32_t c = 0; c < k; c++) {
        lp->value[lp->kernel_columns[c]] = lp->solution[c];
    }
    for (uint32_t j = 0; j < n; j++) {
        lp->x[j] = lp->value[j] * lp->unit[j];
    }
    lp->greatest_value = greatest_size(lp->value, n);
    for (uint32_t r = 0; r < k; r++) {
        lp->greatest_value = SMRI_MAX(lp->greatest_value, fabs(lp->value[n + lp->kernel_rows[r]]));
    }
}

/* A nonbasic variable stands at its bound exactly: scaling rounds nothing. Basic ones may lie beyond theirs by the
 * allowance, and are then brought to it. */
static bool check_columns(smri_lp *lp) {
    for (uint32_t j = 0; j < lp->columns; j++) {
        const double low = lp->given_low[j], high = lp->given_high[j];
        const double noise = NOISE * lp->greatest_value * lp->unit[j];
        if (!(fabs(lp->x[j]) <= DBL_MAX) || !(noise < INFINITY) || (lp->x[j] < low && lp->x[j] < low - SMRI_LP_TOLERANCE * fabs(low) - noise) ||
            (lp->x[j] > high && lp->x[j] > high + SMRI_LP_TOLERANCE * fabs(high) + noise)) {
            return false;
        }
        lp->x[j] = SMRI_MIN(SMRI_MAX(lp->x[j], low), high) + 0.0;
    }
    return true;
}

/* activity = matrix x, size = |matrix| |x| */
static void activities(const smri_lp *lp, const double *x, double *restrict activity, double *restrict size) {
    for (uint32_t i = 0; i < lp->rows; i++) {
        activity[i] = size[i] = 0;
    }
    for (uint32_t j = 0; j < lp->columns; j++) {
        const double *const column = lp->matrix + (size_t)j * lp->rows, value = x[j];
        for (uint32_t i = 0; value != 0 && i < lp->rows; i++) {
            const double term = column[i] * value;
            activity[i] += term;
            size[i] += fabs(term);
        }
    }
}

static bool check_rows(smri_lp *lp) {
    const uint32_t n = lp->columns;
    double *const activity = lp->work, *const sizes = lp->sizes;
    activities(lp, lp->x, activity, sizes);
    for (uint32_t i = 0; i < lp->rows; i++) {
        const double low = lp->given_low[n + i], high = lp->given_high[n + i];
        const double noise = NOISE * lp->greatest_value * lp->unit[n + i] + SMRI_LP_TOLERANCE * sizes[i];
        if (!(fabs(activity[i]) <= DBL_MAX) || !(noise < INFINITY) ||
            (activity[i] < low && activity[i] < low - SMRI_LP_TOLERANCE * fabs(low) - noise) ||
            (activity[i] > high && activity[i] > high + SMRI_LP_TOLERANCE * fabs(high) + noise)) {
            return false;
        }
    }
    return true;
}

/* The next solve starts from here, free of the rounding of the steps. */
static void keep_values(smri_lp *lp) {
    const uint32_t n = lp->columns;
    for (uint32_t i = 0; i < lp->rows; i++) {
        const uint32_t v = lp->basic[i];
        lp->basic_value[i] = v < n ? lp->value[v] : lp->work[v - n] / lp->unit[v];
        lp->extent[i] = v < n ? fabs(lp->value[v]) : lp->sizes[v - n] / lp->unit[v];
    }
}

/* ---- the multipliers ---- */

/* Multipliers for costs by row of the tableau (phase 1: signs of the infeasible basic variables) or by column of the
 * problem (phase 2), in scaled units, by row of the problem. */
static void solve_multipliers(smri_lp *lp, uint32_t k, const double *column_cost, const double *row_cost,
                              double *multipliers) {
    for (uint32_t i = 0; i < lp->rows; i++) {
        multipliers[i] = row_cost ? -row_cost[i] : 0;
    }
    for (uint32_t c = 0; c < k; c++) {
        double rest = column_cost[lp->kernel_columns[c]];
        for (uint32_t i = 0; row_cost && i < lp->rows; i++) {
            if (row_cost[i] != 0) {
                rest += row_cost[i] * scaled_entry(lp, i, lp->kernel_columns[c]);
            }
        }
        lp->solution[c] = rest;
    }
    solve_kernel_transposed(lp, k, lp->solution);
    for (uint32_t r = 0; r < k; r++) {
        multipliers[lp->kernel_rows[r]] = lp->solution[r];
    }
}

/* multipliers . column j of the matrix; *size: of the sizes of its terms */
static double combined(const smri_lp *lp, uint32_t j, double *size) {
    const double *const column = lp->matrix + (size_t)j * lp->rows;
    double sum = 0;
    for (uint32_t i = 0; i < lp->rows; i++) {
        if (lp->multipliers[i] != 0) {
            const double term = column[i] * lp->multipliers[i];
            sum += term;
            *size += fabs(term);
        }
    }
    return sum;
}

/* What a price makes of the bounds: the least of price times a value between them. false: there is none. */
static bool least_product(double price, double low, double high, double *product) {
    if (price == 0) {
        *product = 0;
        return true;
    }
    const double bound = price > 0 ? low : high;
    *product = price * bound;
    return fabs(bound) < INFINITY;
}

/* Reduced costs have their signs, and the dual objective equals the primal one. `greatest`: of the scaled
 * multipliers. */
static bool check_optimum(smri_lp *lp, double greatest) {
    const uint32_t n = lp->columns;
    const int32_t exponent = -lp->objective_exponent;
    double primal = 0, dual = 0, part;
    double sizes = NOISE / SMRI_LP_TOLERANCE * smri_scale_power(greatest * lp->greatest_value, lp->bound_exponent + exponent);
    for (uint32_t j = 0; j < n; j++) {
        double size = fabs(lp->objective[j]);
        const double reduced = lp->objective[j] - combined(lp, j, &size), term = lp->objective[j] * lp->x[j];
        const double noise = smri_scale_power(NOISE * greatest, exponent - lp->exponents[j]);
        if (!(size + noise < INFINITY)) {
            return false;
        }
        if (fabs(reduced) <= SMRI_LP_TOLERANCE * size + noise) {
            part = reduced * lp->x[j];
        } else if (!least_product(reduced, lp->given_low[j], lp->given_high[j], &part)) {
            return false;
        }
        primal += term;
        dual += part;
        sizes += fabs(term) + fabs(part);
    }
    for (uint32_t i = 0; i < lp->rows; i++) {
        const double multiplier = lp->multipliers[i];
        if (multiplier == 0) {
            continue;
        }
        const double noise = smri_scale_power(NOISE * greatest, exponent - lp->exponents[n + i]);
        if (!(fabs(multiplier) <= DBL_MAX && noise < INFINITY)) {
            return false;
        }
        if (fabs(multiplier) <= noise) {
            part = multiplier * lp->work[i];
        } else if (!least_product(multiplier, lp->given_low[n + i], lp->given_high[n + i], &part)) {
            return false;
        }
        dual += part;
        sizes += fabs(part);
    }
    lp->optimum = (lp->maximise ? -primal : primal) + 0.0;
    return sizes < INFINITY && fabs(primal - dual) <= SMRI_LP_TOLERANCE * sizes;
}

static void unscale_multipliers(smri_lp *lp, int32_t objective_exponent) {
    for (uint32_t i = 0; i < lp->rows; i++) {
        if (lp->multipliers[i] != 0) {
            lp->multipliers[i] =
                smri_scale_power(lp->multipliers[i], -lp->exponents[lp->columns + i] - objective_exponent);
        }
    }
}

static bool certify_optimum(smri_lp *lp, uint32_t k) {
    solve_multipliers(lp, k, lp->cost, NULL, lp->multipliers);
    const double greatest = greatest_size(lp->multipliers, lp->rows);
    unscale_multipliers(lp, lp->objective_exponent);
    const bool fine = check_columns(lp) && check_rows(lp) && check_optimum(lp, greatest);
    for (uint32_t i = 0; i < lp->rows; i++) {
        lp->multipliers[i] = (lp->maximise ? -lp->multipliers[i] : lp->multipliers[i]) + 0.0;
    }
    if (fine) {
        keep_values(lp);
    }
    return fine;
}

/* ---- infeasible ---- */

/* What phase 1 found beyond its bounds, by column of the problem (in `reduced`) and by row (in `sizes`): its costs. */
static void mark_infeasible(smri_lp *lp) {
    for (uint32_t j = 0; j < lp->columns; j++) {
        lp->reduced[j] = 0;
    }
    for (uint32_t i = 0; i < lp->rows; i++) {
        lp->sizes[i] = 0;
    }
    for (uint32_t i = 0; i < lp->rows; i++) {
        const uint32_t v = lp->basic[i];
        *(v < lp->columns ? lp->reduced + v : lp->sizes + (v - lp->columns)) = lp->sign[i];
    }
}

/* Farkas: multipliers . (matrix x) cannot be what multipliers . (value of the rows) must be. Prices that are noise do
 * not count against a bound that is not there. */
static bool check_farkas(smri_lp *lp, double greatest) {
    const uint32_t n = lp->columns;
    double least_of_rows = 0, most_of_columns = 0, sizes = 0, part;
    for (uint32_t i = 0; i < lp->rows; i++) {
        double *const price = &lp->multipliers[i];
        const double noise = smri_scale_power(NOISE * greatest, -lp->exponents[n + i]);
        if (!(fabs(*price) <= DBL_MAX && noise < INFINITY)) {
            return false;
        }
        const double bound = *price > 0 ? lp->given_low[n + i] : lp->given_high[n + i];
        if (*price != 0 && !(fabs(bound) < INFINITY) && fabs(*price) <= noise) {
            *price = 0;
        }
        if (!least_product(*price, lp->given_low[n + i], lp->given_high[n + i], &part)) {
            return false;
        }
        least_of_rows += part;
        sizes += fabs(part);
    }
    for (uint32_t j = 0; j < n; j++) {
        double size = 0;
        double price = combined(lp, j, &size);
        const double noise = smri_scale_power(NOISE * greatest, -lp->exponents[j]);
        if (!(size + noise < INFINITY)) {
            return false;
        }
        if (fabs(price) <= SMRI_LP_TOLERANCE * size + noise &&
            !(fabs(price > 0 ? lp->given_high[j] : lp->given_low[j]) < INFINITY)) {
            price = 0;
        }
        if (!least_product(-price, lp->given_low[j], lp->given_high[j], &part)) {
            return false;
        }
        most_of_columns -= part;
        sizes += fabs(part);
    }
    return sizes < INFINITY && least_of_rows - most_of_columns > NOISE * sizes;
}

static bool certify_infeasible(smri_lp *lp, uint32_t k) {
    solve_multipliers(lp, k, lp->reduced, lp->sizes, lp->multipliers);
    const double greatest = greatest_size(lp->multipliers, lp->rows);
    unscale_multipliers(lp, 0);
    return check_farkas(lp, greatest);
}

/* ---- unbounded ---- */

/* The direction in which the entering variable goes for ever. */
static void solve_ray(smri_lp *lp, uint32_t k) {
    const uint32_t n = lp->columns;
    for (uint32_t r = 0; r < k; r++) {
        const uint32_t row = lp->kernel_rows[r];
        lp->solution[r] = lp->entering < n ? -lp->direction * scaled_entry(lp, row, lp->entering)
                                           : (lp->entering == n + row ? lp->direction : 0);
    }
    solve_kernel(lp, k, lp->solution);
    if (lp->entering < n) {
        lp->ray[lp->entering] = smri_scale_power(lp->direction, lp->exponents[lp->entering]);
    }
    for (uint32_t c = 0; c < k; c++) {
        lp->ray[lp->kernel_columns[c]] = smri_scale_power(lp->solution[c], lp->exponents[lp->kernel_columns[c]]);
    }
}

/* What is within the allowance of 0 does not move. */
static bool goes_on(double change, double allowance, double low, double high) {
    return !(change < -allowance && low > -INFINITY) && !(change > allowance && high < INFINITY);
}

static bool check_ray(smri_lp *lp, double greatest) {
    const uint32_t n = lp->columns;
    double gain = 0, sizes = 0;
    for (uint32_t j = 0; j < n; j++) {
        const double noise = smri_scale_power(NOISE * greatest, lp->exponents[j]);
        if (!(fabs(lp->ray[j]) <= DBL_MAX) || !(noise < INFINITY) ||
            !goes_on(lp->ray[j], noise, lp->given_low[j], lp->given_high[j])) {
            return false;
        }
        gain += lp->objective[j] * lp->ray[j];
        sizes += fabs(lp->objective[j] * lp->ray[j]);
    }
    activities(lp, lp->ray, lp->work, lp->sizes);
    for (uint32_t i = 0; i < lp->rows; i++) {
        const double noise = smri_scale_power(NOISE * greatest, lp->exponents[n + i]) + SMRI_LP_TOLERANCE * lp->sizes[i];
        if (!(noise < INFINITY) || !goes_on(lp->work[i], noise, lp->given_low[n + i], lp->given_high[n + i])) {
            return false;
        }
    }
    return sizes < INFINITY && gain < -SMRI_LP_TOLERANCE * sizes;
}

static bool certify_unbounded(smri_lp *lp, uint32_t k) {
    solve_ray(lp, k);
    const double greatest = SMRI_MAX(1, greatest_size(lp->solution, k));
    return check_columns(lp) && check_rows(lp) && check_ray(lp, greatest);
}

bool smri_lp_certify(smri_lp *lp, smri_lp_end end) {
    mark_infeasible(lp);
    const uint32_t k = list_kernel(lp);
    if (!factor_kernel(lp, k)) {
        return false;
    }
    if (end == SMRI_LP_END_INFEASIBLE) {
        return certify_infeasible(lp, k);
    }
    solve_values(lp, k);
    return end == SMRI_LP_END_OPTIMAL ? certify_optimum(lp, k) : certify_unbounded(lp, k);
}
