/* SPDX-License-Identifier: MIT */
/* Linear programs: the steps. The primal simplex method with bounded variables on a dense tableau. While some basic
 * variable is beyond a bound, what is made least is the sum of these infeasibilities (phase 1), else the objective
 * (phase 2); so any basis is a start, and the end of one problem is a good start for the next.
 *
 * Entering: steepest edge, whose lengths a dense tableau has at hand; Bland's rule once many steps in a row moved
 * nothing, until one does. Leaving: in phase 2
 * Harris' two passes (of the rows that block within a tolerance, the one with the greatest pivot); in phase 1 the step
 * goes on past bounds for as long as the infeasibility shrinks. Ties fall to the first in order, so that the same
 * problem takes the same way everywhere. */
#include "base/base_impl.h"

/* Of the sizes of the terms that a value or a reduced cost was made of ... */
#define PRIMAL_TOLERANCE 0x1p-44
#define CAREFUL_TOLERANCE 1e-11
#define DUAL_TOLERANCE 0x1p-46
/* ... and of the greatest number that an entry of the tableau, itself with an error of this size, was multiplied by. */
#define NOISE 0x1p-46
/* Entries of the tableau that are no pivot. */
#define LEAST_PIVOT 1e-9
/* In phase 1 an earlier row is better than a later one with a pivot smaller than this. */
#define SMALL_PIVOT 1e-6
/* A step that is longer than this part of the greatest value moved something. */
#define LEAST_STEP 1e-12
/* Steps that move nothing, before Bland's rule. */
#define PATIENCE(lp) (64 + 2 * SMRI_MIN((lp)->rows, (lp)->columns))
#define MOST_STEPS(lp) (1000 + 50 * ((uint64_t)(lp)->rows + (lp)->columns))

#define NO_PLACE UINT32_MAX

/* How far a basic variable may lie beyond its bound. */
static inline double allowance(double tolerance, double extent, double bound, double noise) {
    return tolerance * (fabs(bound) + extent) + noise;
}

/* ---- changing the basis ---- */

/* column -= share factor; returns 1 + the sum of its squares, in four lanes that are always added in this order. */
static double subtract(double *restrict column, const double *restrict factor, double share, uint32_t row, uint32_t m) {
    double sums[4] = {1, 0, 0, 0};
    uint32_t i = 0;
    for (; i + 4 <= m; i += 4) {
        for (uint32_t k = 0; k < 4; k++) {
            const double entry = column[i + k] - share * factor[i + k];
            column[i + k] = entry;
            sums[k] += entry * entry;
        }
    }
    for (; i < m; i++) {
        const double entry = column[i] - share * factor[i];
        column[i] = entry;
        sums[0] += entry * entry;
    }
    /* In the pivot's row the difference is 0 but for rounding. */
    column[row] = -share;
    return (sums[0] + sums[1]) + (sums[2] + sums[3]) + share * share;
}

void smri_lp_pivot(smri_lp *lp, uint32_t row, uint32_t column) {
    const uint32_t m = lp->rows, n = lp->columns;
    double *const factor = lp->rate, *const pivot_column = lp->tableau + column * lp->stride;
    const double inverse = 1 / pivot_column[row];
    double sum = 1;
    for (uint32_t i = 0; i < m; i++) {
        factor[i] = pivot_column[i];
        sum += factor[i] * factor[i];
    }
    for (uint32_t j = 0; j < n; j++) {
        double *const other = lp->tableau + j * lp->stride;
        const double share = other[row] * inverse;
        if (j != column && share != 0) {
            lp->edge[j] = subtract(other, factor, share, row, m);
        }
    }
    for (uint32_t i = 0; i < m; i++) {
        pivot_column[i] = factor[i] * inverse;
    }
    pivot_column[row] = inverse;
    lp->edge[column] = sum * inverse * inverse;
    const uint32_t leaving = lp->basic[row];
    lp->basic[row] = lp->nonbasic[column];
    lp->nonbasic[column] = leaving;
    lp->pivots++;
    lp->age++;
}

/* Reduced costs after that. */
static void update_prices(smri_lp *lp, uint32_t row, uint32_t column, double entering_cost) {
    const double inverse = lp->tableau[column * lp->stride + row];
    for (uint32_t j = 0; j < lp->columns; j++) {
        const double share = -lp->tableau[j * lp->stride + row];
        if (j != column && share != 0) {
            lp->reduced[j] -= entering_cost * share;
            lp->terms[j] += fabs(entering_cost * share);
        }
    }
    lp->reduced[column] = entering_cost * inverse;
    lp->terms[column] = fabs(entering_cost * inverse);
}

/* ---- entering ---- */

static void find_signs(uint32_t m, double tolerance, double noise, const double *restrict value, const double *restrict low,
                       const double *restrict high, const double *restrict extent, double *restrict sign) {
    for (uint32_t i = 0; i < m; i++) {
        const double below = value[i] < low[i] - allowance(tolerance, extent[i], low[i], noise) ? 1 : 0;
        const double above = value[i] > high[i] + allowance(tolerance, extent[i], high[i], noise) ? 1 : 0;
        sign[i] = above - below;
    }
}

/* Fills `sign`; true when every basic variable is within its bounds. */
static bool find_infeasible(smri_lp *lp) {
    const uint32_t m = lp->rows;
    const double *const sign = lp->sign;
    find_signs(m, lp->primal_tolerance, NOISE * lp->greatest_value, lp->basic_value, lp->basic_low, lp->basic_high,
               lp->extent, lp->sign);
    double count[4] = {0, 0, 0, 0};
    uint32_t i = 0;
    for (; i + 4 <= m; i += 4) {
        for (uint32_t k = 0; k < 4; k++) {
            count[k] += fabs(sign[i + k]);
        }
    }
    for (; i < m; i++) {
        count[0] += fabs(sign[i]);
    }
    return count[0] + count[1] + count[2] + count[3] == 0;
}

/* Four sums side by side, always added in this order. */
static double product(const double *a, const double *b, uint32_t count, double *sizes) {
    double sums[4] = {0, 0, 0, 0}, all[4] = {0, 0, 0, 0};
    uint32_t i = 0;
    for (; i + 4 <= count; i += 4) {
        for (uint32_t k = 0; k < 4; k++) {
            sums[k] += a[i + k] * b[i + k];
            all[k] += fabs(a[i + k] * b[i + k]);
        }
    }
    for (; i < count; i++) {
        sums[0] += a[i] * b[i];
        all[0] += fabs(a[i] * b[i]);
    }
    *sizes = (all[0] + all[1]) + (all[2] + all[3]);
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

static void price_infeasibility(smri_lp *lp) {
    for (uint32_t j = 0; j < lp->columns; j++) {
        lp->reduced[j] = product(lp->tableau + j * lp->stride, lp->sign, lp->rows, &lp->terms[j]);
    }
    lp->greatest_cost = 1;
}

static void price_objective(smri_lp *lp) {
    for (uint32_t j = 0; j < lp->columns; j++) {
        lp->reduced[j] = lp->nonbasic[j] < lp->columns ? lp->cost[lp->nonbasic[j]] : 0;
        lp->terms[j] = fabs(lp->reduced[j]);
    }
    lp->greatest_cost = 0;
    for (uint32_t i = 0; i < lp->rows; i++) {
        const double cost = lp->basic[i] < lp->columns ? lp->cost[lp->basic[i]] : 0;
        lp->greatest_cost = SMRI_MAX(lp->greatest_cost, fabs(cost));
        for (uint32_t j = 0; cost != 0 && j < lp->columns; j++) {
            lp->reduced[j] += cost * lp->tableau[j * lp->stride + i];
            lp->terms[j] += fabs(cost * lp->tableau[j * lp->stride + i]);
        }
    }
}

/* Column of the variable that enters, NO_PLACE when none improves; its direction goes to lp->direction. */
static uint32_t choose_entering(smri_lp *lp, bool bland) {
    uint32_t best = NO_PLACE;
    double greatest = 0;
    for (uint32_t j = 0; j < lp->columns; j++) {
        const double reduced = lp->reduced[j];
        const uint32_t v = lp->nonbasic[j];
        if (!(fabs(reduced) > DUAL_TOLERANCE * lp->terms[j] + NOISE * lp->greatest_cost) ||
            !(reduced < 0 ? lp->value[v] < lp->high[v] : lp->value[v] > lp->low[v])) {
            continue;
        }
        const double merit = bland ? 0 : reduced * reduced / lp->edge[j];
        if (best == NO_PLACE || (bland ? v < lp->nonbasic[best] : merit > greatest)) {
            best = j;
            greatest = merit;
        }
    }
    if (best != NO_PLACE) {
        lp->direction = lp->reduced[best] < 0 ? 1 : -1;
    }
    return best;
}

/* ---- leaving ---- */

/* How far the entering variable goes, and which row stops it at which value. */
typedef struct step {
    uint32_t row;       /* NO_PLACE: its own bound, or nothing */
    double length;      /* infinite: nothing stops it */
    double end;         /* value of the leaving variable */
} step;

/* How far the entering variable may go by its own bounds. */
static double own_room(const smri_lp *lp, uint32_t v) {
    return lp->direction > 0 ? lp->high[v] - lp->value[v] : lp->value[v] - lp->low[v];
}

/* The first row that blocks, of several the one with the first variable: what Bland's rule asks for. An infeasible
 * variable is stopped where it becomes feasible. */
static step first_stop(const smri_lp *lp) {
    step s = {NO_PLACE, INFINITY, 0};
    for (uint32_t i = 0; i < lp->rows; i++) {
        const bool upward = lp->rate[i] > 0, departs = upward ? lp->sign[i] > 0 : lp->sign[i] < 0;
        const bool to_high = upward ? !(lp->sign[i] < 0) : lp->sign[i] > 0;
        const double end = to_high ? lp->basic_high[i] : lp->basic_low[i];
        if (!(fabs(lp->rate[i]) > LEAST_PIVOT) || departs || !(fabs(end) < INFINITY)) {
            continue;
        }
        const double length = SMRI_MAX(0, (end - lp->basic_value[i]) / lp->rate[i]);
        if (length < s.length || (length == s.length && s.row != NO_PLACE && lp->basic[i] < lp->basic[s.row])) {
            s = (step){i, length, end};
        }
    }
    return s;
}

/* By row: the step at which its variable meets a bound, and the step at which it meets it if bounds are a tolerance
 * wider. Infinite, or the latter NaN, where the entry is no pivot. */
static void find_stops(uint32_t m, double tolerance, double noise, const double *restrict value, const double *restrict low,
                       const double *restrict high, const double *restrict extent, const double *restrict rate,
                       double *restrict stop, double *restrict wide) {
    for (uint32_t i = 0; i < m; i++) {
        const double change = rate[i], least = low[i], most = high[i];
        const double end = change > 0 ? most : least, length = (end - value[i]) / change;
        const double forward = length > 0 ? length : 0;
        const double none = fabs(change) > LEAST_PIVOT ? 0 : INFINITY;
        stop[i] = forward + none;
        wide[i] = forward + allowance(tolerance, extent[i], end, noise) / fabs(change) + none;
    }
}

/* Phase 2: of the rows that would block if bounds were a tolerance wider, the one with the greatest pivot. The least
 * of those steps is found in four lanes, which changes nothing; a NaN, of an entry that is no pivot, is never less. */
static step stablest_stop(const smri_lp *lp) {
    const uint32_t m = lp->rows;
    const double *const stop = lp->stop, *const wide = lp->work, *const rate = lp->rate;
    find_stops(m, lp->primal_tolerance, NOISE * lp->greatest_value, lp->basic_value, lp->basic_low, lp->basic_high,
               lp->extent, rate, lp->stop, lp->work);
    double widest[4] = {INFINITY, INFINITY, INFINITY, INFINITY};
    uint32_t i = 0;
    for (; i + 4 <= m; i += 4) {
        for (uint32_t k = 0; k < 4; k++) {
            widest[k] = wide[i + k] < widest[k] ? wide[i + k] : widest[k];
        }
    }
    for (; i < m; i++) {
        widest[0] = wide[i] < widest[0] ? wide[i] : widest[0];
    }
    const double limit = SMRI_MIN(SMRI_MIN(widest[0], widest[1]), SMRI_MIN(widest[2], widest[3]));
    step s = {NO_PLACE, INFINITY, 0};
    for (i = 0; limit < INFINITY && i < m; i++) {
        if (stop[i] <= limit && (s.row == NO_PLACE || fabs(rate[i]) > fabs(rate[s.row]))) {
            s = (step){i, stop[i], rate[i] > 0 ? lp->basic_high[i] : lp->basic_low[i]};
        }
    }
    return s;
}

/* ---- leaving in phase 1: along the edge the infeasibility is convex and piecewise linear ---- */

/* A place on the edge where a basic variable meets a bound; the row, and which bound in the lowest bit. */
static void add_break(smri_lp *lp, uint32_t *count, uint32_t row, bool at_high) {
    const double bound = at_high ? lp->basic_high[row] : lp->basic_low[row];
    if (fabs(bound) < INFINITY) {
        lp->breaks[*count] = SMRI_MAX(0, (bound - lp->basic_value[row]) / lp->rate[row]);
        lp->break_rows[*count] = row * 2 + at_high;
        (*count)++;
    }
}

static bool is_before(const smri_lp *lp, uint32_t a, uint32_t b) {
    return lp->breaks[a] < lp->breaks[b] || (lp->breaks[a] == lp->breaks[b] && lp->break_rows[a] < lp->break_rows[b]);
}

static void swap_breaks(smri_lp *lp, uint32_t a, uint32_t b) {
    const double length = lp->breaks[a];
    const uint32_t row = lp->break_rows[a];
    lp->breaks[a] = lp->breaks[b];
    lp->break_rows[a] = lp->break_rows[b];
    lp->breaks[b] = length;
    lp->break_rows[b] = row;
}

static void sift_down(smri_lp *lp, uint32_t place, uint32_t count) {
    for (;;) {
        uint32_t child = 2 * place + 1;
        if (child >= count) {
            return;
        }
        child += child + 1 < count && is_before(lp, child + 1, child);
        if (!is_before(lp, child, place)) {
            return;
        }
        swap_breaks(lp, child, place);
        place = child;
    }
}

static step longest_step(smri_lp *lp, double slope) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < lp->rows; i++) {
        if (!(fabs(lp->rate[i]) > LEAST_PIVOT)) {
            continue;
        }
        const bool upward = lp->rate[i] > 0;
        const bool returns = upward ? lp->sign[i] < 0 : lp->sign[i] > 0;
        const bool departs = upward ? lp->sign[i] > 0 : lp->sign[i] < 0;
        if (returns) {
            add_break(lp, &count, i, !upward);
        }
        if (!departs) {
            add_break(lp, &count, i, upward);
        }
    }
    for (uint32_t place = count / 2; place-- > 0;) {
        sift_down(lp, place, count);
    }
    step s = {NO_PLACE, INFINITY, 0};
    while (count > 0 && slope < 0) {
        const uint32_t row = lp->break_rows[0] / 2;
        const bool at_high = lp->break_rows[0] & 1;
        slope += fabs(lp->rate[row]);
        if (s.row == NO_PLACE || fabs(lp->rate[row]) >= SMALL_PIVOT ||
            fabs(lp->rate[row]) > fabs(lp->rate[s.row])) {
            s = (step){row, lp->breaks[0], at_high ? lp->basic_high[row] : lp->basic_low[row]};
        }
        count--;
        swap_breaks(lp, 0, count);
        sift_down(lp, 0, count);
    }
    return s;
}

/* ---- without a tableau: what a step needs, solved for from the matrix ---- */

/* Values of all basic variables, and the sizes of the terms that rows sum up. */
static void solve_for_values(smri_lp *lp) {
    const uint32_t m = lp->rows, n = lp->columns;
    lp->greatest_value = 0;
    for (uint32_t j = 0; j < n; j++) {
        const uint32_t v = lp->nonbasic[j];
        lp->value[v] = SMRI_MIN(SMRI_MAX(lp->value[v], lp->low[v]), lp->high[v]);
        lp->greatest_value = SMRI_MAX(lp->greatest_value, fabs(lp->value[v]));
    }
    smri_lp_solve_values(lp);
    for (uint32_t i = 0; i < m; i++) {
        lp->work[i] = lp->sizes[i] = 0;
    }
    for (uint32_t j = 0; j < n; j++) {
        const double *entries = lp->first_tableau + j * lp->stride, value = lp->value[j];
        for (uint32_t i = 0; value != 0 && i < m; i++) {
            lp->work[i] += entries[i] * value;
            lp->sizes[i] += fabs(entries[i] * value);
        }
    }
    for (uint32_t i = 0; i < m; i++) {
        const uint32_t v = lp->basic[i];
        lp->basic_low[i] = lp->low[v];
        lp->basic_high[i] = lp->high[v];
        lp->basic_value[i] = v < n ? lp->value[v] : lp->work[v - n];
        lp->extent[i] = v < n ? fabs(lp->value[v]) : lp->sizes[v - n];
    }
}

/* Reduced costs of the objective, or of the infeasibilities that `sign` holds. */
static void solve_for_prices(smri_lp *lp, bool of_objective) {
    const uint32_t m = lp->rows, n = lp->columns;
    double *const column_cost = lp->change, *const row_cost = lp->sizes, *const multipliers = lp->work;
    for (uint32_t j = 0; j < n; j++) {
        column_cost[j] = of_objective ? lp->cost[j] : 0;
    }
    for (uint32_t i = 0; i < m; i++) {
        row_cost[i] = 0;
    }
    for (uint32_t i = 0; !of_objective && i < m; i++) {
        const uint32_t v = lp->basic[i];
        *(v < n ? column_cost + v : row_cost + (v - n)) = lp->sign[i];
    }
    smri_lp_solve_multipliers(lp, column_cost, of_objective ? NULL : row_cost, multipliers);
    lp->greatest_cost = 0;
    for (uint32_t i = 0; i < m; i++) {
        lp->greatest_cost = SMRI_MAX(lp->greatest_cost, fabs(multipliers[i]));
    }
    for (uint32_t j = 0; j < n; j++) {
        const uint32_t v = lp->nonbasic[j];
        if (v >= n) {
            lp->reduced[j] = multipliers[v - n];
            lp->terms[j] = fabs(lp->reduced[j]);
        } else {
            const double *entries = lp->first_tableau + v * lp->stride;
            double sizes;
            lp->reduced[j] = column_cost[v] - product(entries, multipliers, m, &sizes);
            lp->terms[j] = fabs(column_cost[v]) + sizes;
        }
        lp->edge[j] = 1;
    }
}

static void solve_for_rates(smri_lp *lp) {
    const uint32_t m = lp->rows, n = lp->columns;
    smri_lp_solve_change(lp);
    for (uint32_t i = 0; i < m; i++) {
        lp->work[i] = 0;
    }
    for (uint32_t j = 0; j < n; j++) {
        const double *entries = lp->first_tableau + j * lp->stride, change = lp->change[j];
        for (uint32_t i = 0; change != 0 && i < m; i++) {
            lp->work[i] += entries[i] * change;
        }
    }
    for (uint32_t i = 0; i < m; i++) {
        lp->rate[i] = lp->basic[i] < n ? lp->change[lp->basic[i]] : lp->work[lp->basic[i] - n];
    }
}

/* The next step solves for the rest. */
static void exchange(smri_lp *lp, uint32_t column, const step *s) {
    const uint32_t v = lp->nonbasic[column];
    if (s->row == NO_PLACE) {
        lp->value[v] = lp->direction > 0 ? lp->high[v] : lp->low[v];
        return;
    }
    lp->value[lp->basic[s->row]] = s->end;
    lp->nonbasic[column] = lp->basic[s->row];
    lp->basic[s->row] = v;
    lp->pivots++;
    lp->age = UINT32_MAX; /* the tableau is that of another basis */
}

/* ---- the steps ---- */

static void set_rates(smri_lp *lp, uint32_t column) {
    const double *restrict entries = lp->tableau + column * lp->stride, direction = lp->direction;
    double *restrict rate = lp->rate;
    const uint32_t m = lp->rows;
    for (uint32_t i = 0; i < m; i++) {
        rate[i] = entries[i] * direction;
    }
}

static void move(smri_lp *lp, uint32_t column, const step *s) {
    const uint32_t v = lp->nonbasic[column], row = s->row;
    const uint32_t m = s->length > 0 ? lp->rows : 0;
    const double length = s->length, *restrict rate = lp->rate;
    double *restrict value = lp->basic_value, *restrict extent = lp->extent;
    const double extent_of_entering = fabs(lp->value[v]) + length;
    for (uint32_t i = 0; i < m; i++) {
        value[i] += length * rate[i];
        extent[i] += fabs(length * rate[i]);
    }
    lp->value[v] += s->length * lp->direction;
    if (row == NO_PLACE) {
        lp->value[v] = lp->direction > 0 ? lp->high[v] : lp->low[v];
        lp->greatest_value = SMRI_MAX(lp->greatest_value, fabs(lp->value[v]));
        return;
    }
    const double cost = lp->reduced[column];
    lp->value[lp->basic[row]] = s->end;
    lp->greatest_value = SMRI_MAX(lp->greatest_value, fabs(s->end));
    lp->basic_low[row] = lp->low[v];
    lp->basic_high[row] = lp->high[v];
    value[row] = lp->value[v];
    extent[row] = extent_of_entering;
    smri_lp_pivot(lp, row, column);
    update_prices(lp, row, column, cost);
}

smri_lp_end smri_lp_iterate(smri_lp *lp, bool careful) {
    uint64_t still = 0;
    bool pricing_objective = false;
    lp->primal_tolerance = careful ? CAREFUL_TOLERANCE : PRIMAL_TOLERANCE;
    for (uint64_t count = 0; count < MOST_STEPS(lp); count++) {
        if (careful) {
            if (!smri_lp_factor(lp)) {
                return SMRI_LP_END_LOST;
            }
            solve_for_values(lp);
        }
        const bool feasible = find_infeasible(lp), bland = still > PATIENCE(lp);
        if (careful) {
            solve_for_prices(lp, feasible);
        } else if (!feasible) {
            price_infeasibility(lp);
        } else if (!pricing_objective) {
            price_objective(lp);
        }
        pricing_objective = feasible;
        const uint32_t column = choose_entering(lp, bland);
        if (column == NO_PLACE) {
            return feasible ? SMRI_LP_END_OPTIMAL : SMRI_LP_END_INFEASIBLE;
        }
        lp->entering = lp->nonbasic[column];
        if (careful) {
            solve_for_rates(lp);
        } else {
            set_rates(lp, column);
        }
        step s = bland ? first_stop(lp) : feasible ? stablest_stop(lp) : longest_step(lp, -fabs(lp->reduced[column]));
        const double room = own_room(lp, lp->entering);
        if (room <= s.length) {
            s = (step){NO_PLACE, room, 0};
        }
        if (s.length == INFINITY) {
            return feasible ? SMRI_LP_END_UNBOUNDED : SMRI_LP_END_LOST;
        }
        if (careful) {
            exchange(lp, column, &s);
        } else {
            move(lp, column, &s);
        }
        still = s.length > LEAST_STEP * lp->greatest_value ? 0 : still + 1;
    }
    return SMRI_LP_END_LOST;
}
