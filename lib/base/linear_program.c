/* SPDX-License-Identifier: MIT */
/* Linear programs: the workspace, taking in and scaling a problem, and the way from one attempt to the next.
 *
 * The tableau is dense and holds no right-hand side: with a variable for the value of every row, "row value = matrix x"
 * has none, so that only bounds and the fixed values of the nonbasic variables carry numbers. Columns are scaled and
 * rows are scaled by powers of two, which rounds nothing. */
#include "base/base_impl.h"

/* Sweeps of the scaling: columns and rows in turn. */
#define SCALING_SWEEPS 3
/* Pivots after which the tableau is made anew: each costs as much as an update, and there are as many as basic columns. */
#define GREATEST_AGE 128
/* Attempts to end with something that can be certified: as it stands; with a fresh tableau; without a tableau; the same
 * from the beginning. */
#define ATTEMPTS 4
/* Scaled bounds beyond this are as good as none. */
#define FARTHEST 1e150
/* Of a variable; and of its unit, which is a number. */
#define GREATEST_EXPONENT 1000
#define GREATEST_UNIT 1020

/* ---- powers of two ---- */

static double power_of_two(int32_t exponent) {
    const uint64_t bits = (uint64_t)(exponent + 1023) << 52;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

double smri_scale_power(double x, int32_t exponent) {
    while (exponent > 1000) {
        x *= power_of_two(1000);
        exponent -= 1000;
    }
    while (exponent < -1000) {
        x *= power_of_two(-1000);
        exponent += 1000;
    }
    return x * power_of_two(exponent);
}

int32_t smri_exponent(double x) {
    uint64_t bits;
    int32_t shift = 0;
    if (fabs(x) < DBL_MIN) {
        x *= power_of_two(64);
        shift = -64;
    }
    memcpy(&bits, &x, sizeof bits);
    return (int32_t)((bits >> 52) & 0x7ff) - 1023 + shift;
}

/* ---- the workspace ---- */

static double *take(smri_lp *lp, size_t a, size_t b, bool *fine) {
    size_t count;
    double *block = NULL;
    if (*fine && smri_product(a, SMRI_MAX(b, 1), &count)) {
        block = smri_alloc(lp->context, count, sizeof *block);
    }
    *fine = block != NULL;
    return block;
}

static uint32_t *take_places(smri_lp *lp, size_t count, bool *fine) {
    uint32_t *block = *fine ? smri_alloc(lp->context, count, sizeof *block) : NULL;
    *fine = block != NULL;
    return block;
}

smri_lp *smri_lp_new(const smr_context *context, uint32_t most_rows, uint32_t most_columns) {
    smri_lp *lp = smri_calloc(context, 1, sizeof *lp);
    if (lp == NULL) {
        return NULL;
    }
    const size_t m = most_rows, n = most_columns, least = SMRI_MIN(m, n);
    size_t all = 0, twice = 0;
    lp->context = context;
    lp->most_rows = most_rows;
    lp->most_columns = most_columns;
    lp->stride = m + (m & 1);
    bool fine = m < UINT32_MAX / 2 && n < UINT32_MAX / 2 && smri_sum(m, n, &all) && smri_product(m, 2, &twice);
    lp->objective = take(lp, n, 1, &fine);
    lp->given_low = take(lp, all, 1, &fine);
    lp->given_high = take(lp, all, 1, &fine);
    lp->x = take(lp, n, 1, &fine);
    lp->multipliers = take(lp, m, 1, &fine);
    lp->ray = take(lp, n, 1, &fine);
    lp->low = take(lp, all, 1, &fine);
    lp->high = take(lp, all, 1, &fine);
    lp->value = take(lp, all, 1, &fine);
    lp->unit = take(lp, all, 1, &fine);
    lp->cost = take(lp, n, 1, &fine);
    lp->tableau = take(lp, lp->stride, n, &fine);
    lp->first_tableau = take(lp, lp->stride, n, &fine);
    lp->first_edge = take(lp, n, 1, &fine);
    lp->reduced = take(lp, n, 1, &fine);
    lp->edge = take(lp, n, 1, &fine);
    lp->terms = take(lp, n, 1, &fine);
    lp->basic_low = take(lp, m, 1, &fine);
    lp->basic_high = take(lp, m, 1, &fine);
    lp->basic_value = take(lp, m, 1, &fine);
    lp->extent = take(lp, m, 1, &fine);
    lp->sign = take(lp, m, 1, &fine);
    lp->stop = take(lp, m, 1, &fine);
    lp->rate = take(lp, lp->stride, 1, &fine);
    lp->work = take(lp, m, 1, &fine);
    lp->sizes = take(lp, m, 1, &fine);
    lp->kernel = take(lp, least, least, &fine);
    lp->right = take(lp, least, 1, &fine);
    lp->solution = take(lp, least, 1, &fine);
    lp->residual = take(lp, least, 1, &fine);
    lp->change = take(lp, n, 1, &fine);
    lp->breaks = take(lp, twice, 1, &fine);
    lp->break_rows = take_places(lp, twice, &fine);
    lp->basic = take_places(lp, m, &fine);
    lp->nonbasic = take_places(lp, n, &fine);
    lp->kernel_rows = take_places(lp, least, &fine);
    lp->kernel_columns = take_places(lp, least, &fine);
    lp->order = take_places(lp, least, &fine);
    lp->exponents = fine ? smri_alloc(context, all, sizeof *lp->exponents) : NULL;
    lp->column_is_basic = fine ? smri_alloc(context, n, sizeof *lp->column_is_basic) : NULL;
    if (lp->exponents == NULL || lp->column_is_basic == NULL) {
        smri_lp_free(lp);
        return NULL;
    }
    return lp;
}

void smri_lp_free(smri_lp *lp) {
    if (lp == NULL) {
        return;
    }
    void *const blocks[] = {
        lp->objective, lp->given_low, lp->given_high, lp->x, lp->multipliers, lp->ray, lp->low, lp->high, lp->value,
        lp->unit, lp->cost, lp->tableau, lp->first_tableau, lp->first_edge, lp->basic_low, lp->basic_high, lp->basic_value, lp->extent, lp->reduced,
        lp->edge, lp->terms, lp->sign, lp->rate, lp->stop, lp->work, lp->sizes, lp->kernel, lp->right, lp->solution,
        lp->residual, lp->change, lp->column_is_basic, lp->breaks,
        lp->break_rows, lp->basic, lp->nonbasic, lp->kernel_rows, lp->kernel_columns, lp->order, lp->exponents,
    };
    const smr_context *context = lp->context;
    for (size_t i = 0; i < SMRI_COUNT(blocks); i++) {
        smri_free(context, blocks[i]);
    }
    smri_free(context, lp);
}

/* ---- scaling ---- */

static int32_t limited(int32_t exponent) {
    return SMRI_MIN(SMRI_MAX(exponent, -GREATEST_EXPONENT), GREATEST_EXPONENT);
}

/* Moves the exponent of every column against the middle of those of its entries, relative to the rows'. */
static void scale_columns(smri_lp *lp) {
    const int32_t *of_row = lp->exponents + lp->columns;
    for (uint32_t j = 0; j < lp->columns; j++) {
        const double *column = lp->matrix + (size_t)j * lp->rows;
        int32_t least = INT32_MAX, greatest = INT32_MIN;
        for (uint32_t i = 0; i < lp->rows; i++) {
            if (column[i] != 0) {
                const int32_t e = smri_exponent(column[i]) - of_row[i];
                least = SMRI_MIN(least, e);
                greatest = SMRI_MAX(greatest, e);
            }
        }
        lp->exponents[j] = least <= greatest ? limited(-((least + greatest) / 2)) : 0;
    }
}

/* The other way round. */
static void scale_rows(smri_lp *lp) {
    int32_t *of_row = lp->exponents + lp->columns;
    uint32_t *const least = lp->break_rows, *const greatest = lp->break_rows + lp->rows; /* biased, to be above 0 */
    const int32_t bias = 1 << 20;
    for (uint32_t i = 0; i < lp->rows; i++) {
        least[i] = UINT32_MAX;
        greatest[i] = 0;
    }
    for (uint32_t j = 0; j < lp->columns; j++) {
        const double *column = lp->matrix + (size_t)j * lp->rows;
        for (uint32_t i = 0; i < lp->rows; i++) {
            if (column[i] != 0) {
                const uint32_t e = (uint32_t)(smri_exponent(column[i]) + lp->exponents[j] + bias);
                least[i] = SMRI_MIN(least[i], e);
                greatest[i] = SMRI_MAX(greatest[i], e);
            }
        }
    }
    for (uint32_t i = 0; i < lp->rows; i++) {
        of_row[i] = greatest[i] > 0 ? limited(((int32_t)least[i] + (int32_t)greatest[i]) / 2 - bias) : 0;
    }
}

/* The mean exponent of the bounds becomes 0. */
static void scale_bounds(smri_lp *lp) {
    const uint32_t all = lp->columns + lp->rows;
    int64_t sum = 0, count = 0;
    for (uint32_t v = 0; v < all; v++) {
        for (int side = 0; side < 2; side++) {
            const double bound = side ? lp->given_high[v] : lp->given_low[v];
            if (bound != 0 && fabs(bound) <= DBL_MAX) {
                sum += smri_exponent(bound) - lp->exponents[v];
                count++;
            }
        }
    }
    int32_t least = 0, greatest = 0;
    for (uint32_t v = 0; v < all; v++) {
        least = SMRI_MIN(least, lp->exponents[v]);
        greatest = SMRI_MAX(greatest, lp->exponents[v]);
    }
    lp->bound_exponent = count > 0 ? (int32_t)(sum / count) : 0;
    lp->bound_exponent = SMRI_MAX(SMRI_MIN(lp->bound_exponent, GREATEST_UNIT - greatest), -GREATEST_UNIT - least);
    for (uint32_t v = 0; v < all; v++) {
        lp->unit[v] = power_of_two(lp->exponents[v] + lp->bound_exponent);
    }
}

static double scaled_bound(const smri_lp *lp, uint32_t variable, double bound) {
    const double scaled = bound / lp->unit[variable];
    return scaled > FARTHEST ? INFINITY : scaled < -FARTHEST ? -INFINITY : scaled;
}

static void set_bounds(smri_lp *lp, uint32_t variable, double low, double high) {
    lp->given_low[variable] = low;
    lp->given_high[variable] = high;
    lp->low[variable] = scaled_bound(lp, variable, low);
    lp->high[variable] = scaled_bound(lp, variable, high);
    lp->settled = false;
}

/* ---- the basis ---- */

/* The tableau as it is before the first pivot, in which the rows are basic. */
static void scale_matrix(smri_lp *lp) {
    const uint32_t m = lp->rows, n = lp->columns;
    for (uint32_t j = 0; j < n; j++) {
        const double *given = lp->matrix + (size_t)j * m;
        double *column = lp->first_tableau + j * lp->stride, sum = 1;
        for (uint32_t i = 0; i < m; i++) {
            column[i] = given[i] == 0 ? 0 : smri_scale_power(given[i], lp->exponents[j] - lp->exponents[n + i]);
            sum += column[i] * column[i];
        }
        lp->first_edge[j] = sum;
    }
}

static void fill_tableau(smri_lp *lp) {
    const uint32_t m = lp->rows, n = lp->columns;
    memcpy(lp->tableau, lp->first_tableau, lp->stride * n * sizeof *lp->tableau);
    memcpy(lp->edge, lp->first_edge, n * sizeof *lp->edge);
    for (uint32_t j = 0; j < n; j++) {
        lp->nonbasic[j] = j;
    }
    for (uint32_t i = 0; i < m; i++) {
        lp->basic[i] = n + i;
    }
    lp->age = 0;
    lp->settled = false;
}

/* Where a variable that has just become nonbasic stands: at the bound nearest to 0. */
static double resting_value(const smri_lp *lp, uint32_t variable) {
    const double low = lp->low[variable], high = lp->high[variable];
    const bool bounded_below = low > -INFINITY, bounded_above = high < INFINITY;
    if (bounded_below && bounded_above) {
        return fabs(low) <= fabs(high) ? low : high;
    }
    return bounded_below ? low : bounded_above ? high : 0;
}

void smri_lp_restart(smri_lp *lp) {
    fill_tableau(lp);
    for (uint32_t v = 0; v < lp->columns; v++) {
        lp->value[v] = resting_value(lp, v);
    }
}

/* Makes the tableau of the same basis anew: elimination with the greatest pivot there is. A basis that is singular to
 * working precision loses what makes it so. */
static void refresh(smri_lp *lp) {
    const uint32_t m = lp->rows, n = lp->columns;
    bool *const wanted = (bool *)(void *)lp->work; /* by row of the tableau: must leave */
    for (uint32_t i = 0; i < m; i++) {
        wanted[i] = false;
    }
    for (uint32_t j = 0; j < n; j++) {
        if (lp->nonbasic[j] >= n) {
            wanted[lp->nonbasic[j] - n] = true;
        }
    }
    /* The columns that are basic now become a list: fill_tableau() forgets them. */
    uint32_t count = 0;
    for (uint32_t i = 0; i < m; i++) {
        if (lp->basic[i] < n) {
            lp->kernel_columns[count++] = lp->basic[i];
        }
    }
    fill_tableau(lp);
    for (uint32_t done = 0; done < count; done++) {
        double greatest = 1e-11;
        uint32_t row = m, place = count;
        for (uint32_t k = done; k < count; k++) {
            const double *column = lp->tableau + lp->kernel_columns[k] * lp->stride;
            for (uint32_t i = 0; i < m; i++) {
                if (wanted[i] && fabs(column[i]) > greatest) {
                    greatest = fabs(column[i]);
                    row = i;
                    place = k;
                }
            }
        }
        if (row == m) {
            break;
        }
        smri_lp_pivot(lp, row, lp->kernel_columns[place]);
        wanted[row] = false;
        lp->kernel_columns[place] = lp->kernel_columns[done];
    }
    lp->age = 0;
    for (uint32_t j = 0; j < n; j++) {
        if (lp->nonbasic[j] < n && !(fabs(lp->value[lp->nonbasic[j]]) <= DBL_MAX)) {
            lp->value[lp->nonbasic[j]] = resting_value(lp, lp->nonbasic[j]);
        }
    }
}

/* Nonbasic variables to within their bounds, basic ones to what follows. */
static void settle(smri_lp *lp) {
    const uint32_t m = lp->rows, n = lp->columns;
    double *restrict sum = lp->basic_value, *restrict sizes = lp->extent;
    for (uint32_t i = 0; i < m; i++) {
        lp->basic_low[i] = lp->low[lp->basic[i]];
        lp->basic_high[i] = lp->high[lp->basic[i]];
        sum[i] = sizes[i] = 0;
    }
    lp->greatest_value = 0;
    for (uint32_t j = 0; j < n; j++) {
        const uint32_t v = lp->nonbasic[j];
        lp->value[v] = SMRI_MIN(SMRI_MAX(lp->value[v], lp->low[v]), lp->high[v]);
        const double value = lp->value[v], *column = lp->tableau + j * lp->stride;
        lp->greatest_value = SMRI_MAX(lp->greatest_value, fabs(value));
        for (uint32_t i = 0; value != 0 && i < m; i++) {
            sum[i] += column[i] * value;
            sizes[i] += fabs(column[i] * value);
        }
    }
    lp->settled = true;
}

/* ---- what others call ---- */

/* A bound is no NaN and no infinity that nothing could satisfy. */
static bool are_bounds(const double *low, const double *high, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if ((low && !(low[i] < INFINITY)) || (high && !(high[i] > -INFINITY))) {
            return false;
        }
    }
    return true;
}

static bool are_finite(const double *numbers, size_t count) {
    bool fine = true;
    for (size_t i = 0; i < count; i++) {
        fine = fine && fabs(numbers[i]) <= DBL_MAX;
    }
    return fine;
}

bool smri_lp_load(smri_lp *lp, const smri_lp_problem *problem) {
    const uint32_t m = problem->rows, n = problem->columns;
    if (m > lp->most_rows || n > lp->most_columns || !are_finite(problem->matrix, (size_t)m * n) ||
        (problem->objective && !are_finite(problem->objective, n)) ||
        !are_bounds(problem->row_low, problem->row_high, m) || !are_bounds(problem->low, problem->high, n)) {
        return false;
    }
    lp->rows = m;
    lp->columns = n;
    lp->stride = m + (m & 1);
    lp->matrix = problem->matrix;
    for (uint32_t v = 0; v < n; v++) {
        lp->given_low[v] = problem->low ? problem->low[v] : 0;
        lp->given_high[v] = problem->high ? problem->high[v] : INFINITY;
    }
    for (uint32_t i = 0; i < m; i++) {
        lp->given_low[n + i] = problem->row_low ? problem->row_low[i] : -INFINITY;
        lp->given_high[n + i] = problem->row_high ? problem->row_high[i] : INFINITY;
        lp->exponents[n + i] = 0;
    }
    for (int sweep = 0; sweep < SCALING_SWEEPS; sweep++) {
        scale_columns(lp);
        if (sweep + 1 < SCALING_SWEEPS) {
            scale_rows(lp);
        }
    }
    scale_bounds(lp);
    for (uint32_t v = 0; v < n + m; v++) {
        set_bounds(lp, v, lp->given_low[v], lp->given_high[v]);
    }
    smri_lp_set_objective(lp, problem->objective, problem->maximise);
    scale_matrix(lp);
    smri_lp_restart(lp);
    return true;
}

void smri_lp_set_objective(smri_lp *lp, const double *objective, bool maximise) {
    int32_t greatest = INT32_MIN;
    lp->maximise = maximise;
    for (uint32_t j = 0; j < lp->columns; j++) {
        lp->objective[j] = objective == NULL ? 0 : maximise ? -objective[j] : objective[j];
        if (lp->objective[j] != 0) {
            greatest = SMRI_MAX(greatest, smri_exponent(lp->objective[j]) + lp->exponents[j]);
        }
    }
    lp->objective_exponent = greatest > INT32_MIN ? limited(-greatest) : 0;
    for (uint32_t j = 0; j < lp->columns; j++) {
        lp->cost[j] = smri_scale_power(lp->objective[j], lp->exponents[j] + lp->objective_exponent);
    }
}

void smri_lp_set_row(smri_lp *lp, uint32_t row, double low, double high) {
    set_bounds(lp, lp->columns + row, low, high);
}

void smri_lp_set_column(smri_lp *lp, uint32_t column, double low, double high) {
    set_bounds(lp, column, low, high);
}

static bool contradicts_itself(const smri_lp *lp) {
    for (uint32_t v = 0; v < lp->columns + lp->rows; v++) {
        if (lp->given_low[v] > lp->given_high[v]) {
            return true;
        }
    }
    return false;
}

static void forget_results(smri_lp *lp, smri_lp_status status) {
    lp->status = status;
    lp->optimum = NAN;
    for (uint32_t j = 0; j < lp->columns; j++) {
        lp->x[j] = lp->ray[j] = 0;
    }
    for (uint32_t i = 0; i < lp->rows; i++) {
        lp->multipliers[i] = 0;
    }
}

smri_lp_status smri_lp_solve(smri_lp *lp) {
    static const smri_lp_status statuses[] = {
        [SMRI_LP_END_OPTIMAL] = SMRI_LP_OPTIMAL,
        [SMRI_LP_END_INFEASIBLE] = SMRI_LP_INFEASIBLE,
        [SMRI_LP_END_UNBOUNDED] = SMRI_LP_UNBOUNDED,
        [SMRI_LP_END_LOST] = SMRI_LP_FAILED,
    };
    forget_results(lp, SMRI_LP_FAILED);
    if (contradicts_itself(lp)) {
        lp->status = SMRI_LP_INFEASIBLE;
        return lp->status;
    }
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        const bool careful = attempt >= 2;
        if (attempt + 1 == ATTEMPTS) {
            smri_lp_restart(lp);
        } else if (attempt == 1 || (attempt == 0 && lp->age > GREATEST_AGE)) {
            refresh(lp);
        }
        if (!lp->settled && !careful) {
            settle(lp);
        }
        const smri_lp_end end = smri_lp_iterate(lp, careful);
        forget_results(lp, statuses[end]);
        if (end != SMRI_LP_END_LOST && smri_lp_certify(lp, end)) {
            return lp->status;
        }
        lp->settled = false;
    }
    forget_results(lp, SMRI_LP_FAILED);
    smri_lp_restart(lp);
    return lp->status;
}

double smri_lp_optimum(const smri_lp *lp) {
    return lp->optimum;
}

const double *smri_lp_x(const smri_lp *lp) {
    return lp->x;
}

const double *smri_lp_multipliers(const smri_lp *lp) {
    return lp->multipliers;
}

const double *smri_lp_ray(const smri_lp *lp) {
    return lp->ray;
}

uint64_t smri_lp_pivots(const smri_lp *lp) {
    return lp->pivots;
}
