/* SPDX-License-Identifier: MIT */
/* Linear programs: is it true? The values and multipliers of the last basis are solved for anew from the matrix, x is
 * brought to within its bounds, and both are compared on the problem as it was given. A comparison forgives
 * SMRI_LP_TOLERANCE times the sum of the sizes of its terms, and the rounding of the solution: NOISE times the greatest
 * (scaled) value or multiplier, in the unit of what is compared.
 *
 *   low <= matrix x <= high           terms: bound, entry x
 *   reduced cost = objective - multipliers matrix: of the right sign, or 0 with a variable between its bounds
 *                                     objective, multiplier entry
 *   both objectives are the same      objective x, multiplier bound, reduced cost bound
 */
#include "base/base_impl.h"

#define NOISE 0x1p-44

/* ---- the point ---- */

static double greatest_size(const double *numbers, uint32_t count) {
    double greatest = 0;
    for (uint32_t i = 0; i < count; i++) {
        greatest = SMRI_MAX(greatest, fabs(numbers[i]));
    }
    return greatest;
}

/* In the problem's own units, within its bounds. A nonbasic variable stands at its bound exactly: scaling rounds
 * nothing. */
static bool write_values(smri_lp *lp) {
    const uint32_t n = lp->columns;
    lp->greatest_value = greatest_size(lp->value, n);
    for (uint32_t r = 0; r < lp->kernel_size; r++) {
        lp->greatest_value = SMRI_MAX(lp->greatest_value, fabs(lp->value[n + lp->kernel_rows[r]]));
    }
    for (uint32_t j = 0; j < n; j++) {
        const double x = lp->value[j] * lp->unit[j];
        if (!(fabs(x) <= DBL_MAX)) {
            return false;
        }
        lp->x[j] = SMRI_MIN(SMRI_MAX(x, lp->given_low[j]), lp->given_high[j]) + 0.0;
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
        if (!(fabs(multiplier) <= DBL_MAX && noise + lp->stop[i] < INFINITY)) {
            return false;
        }
        if (fabs(multiplier) <= noise + lp->stop[i]) {
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

/* What the steps took for a reduced cost of 0, of the nonbasic rows: into `stop`, by row. */
static void keep_terms(smri_lp *lp) {
    const uint32_t n = lp->columns;
    for (uint32_t i = 0; i < lp->rows; i++) {
        lp->stop[i] = 0;
    }
    for (uint32_t j = 0; j < n; j++) {
        const uint32_t v = lp->nonbasic[j];
        if (v >= n) {
            lp->stop[v - n] =
                smri_scale_power(SMRI_LP_TOLERANCE * lp->terms[j], -lp->exponents[v] - lp->objective_exponent);
        }
    }
}

static bool certify_optimum(smri_lp *lp) {
    keep_terms(lp);
    smri_lp_solve_multipliers(lp, lp->cost, NULL, lp->multipliers);
    const double greatest = greatest_size(lp->multipliers, lp->rows);
    unscale_multipliers(lp, lp->objective_exponent);
    const bool fine = write_values(lp) && check_rows(lp) && check_optimum(lp, greatest);
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

static bool certify_infeasible(smri_lp *lp) {
    mark_infeasible(lp);
    smri_lp_solve_multipliers(lp, lp->reduced, lp->sizes, lp->multipliers);
    const double greatest = greatest_size(lp->multipliers, lp->rows);
    unscale_multipliers(lp, 0);
    return check_farkas(lp, greatest);
}

/* ---- unbounded ---- */

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

/* The direction in which the entering variable goes for ever. */
static bool certify_unbounded(smri_lp *lp) {
    smri_lp_solve_change(lp);
    for (uint32_t j = 0; j < lp->columns; j++) {
        lp->ray[j] = lp->change[j] == 0 ? 0 : smri_scale_power(lp->change[j], lp->exponents[j]);
    }
    const double greatest = SMRI_MAX(1, greatest_size(lp->change, lp->columns));
    return write_values(lp) && check_rows(lp) && check_ray(lp, greatest);
}

bool smri_lp_certify(smri_lp *lp, smri_lp_end end) {
    if (!smri_lp_factor(lp)) {
        return false;
    }
    if (end == SMRI_LP_END_INFEASIBLE) {
        return certify_infeasible(lp);
    }
    smri_lp_solve_values(lp);
    return end == SMRI_LP_END_OPTIMAL ? certify_optimum(lp) : certify_unbounded(lp);
}
