/* SPDX-License-Identifier: MIT */
/* Linear programs: a basis solved from the matrix. The basic columns in the nonbasic rows are a square system, the
 * kernel; what is left follows from it. Solutions are refined with residuals in twice the digits, so that they are as
 * exact as doubles can be unless the kernel is all but singular. */
#include "base/base_impl.h"

/* A kernel with no greater pivot than this is singular. */
#define SINGULAR 1e-14
#define REFINEMENTS 3

/* The matrix, scaled. */
static inline double entry_of(const smri_lp *lp, uint32_t row, uint32_t column) {
    return lp->first_tableau[column * lp->stride + row];
}

/* ---- sums in twice the digits ---- */

typedef struct wide_sum {
    double high, low;
} wide_sum;

/* sum += a b; the product is split by Dekker's method, nothing of it is lost. */
static inline void add_product(wide_sum *sum, double a, double b) {
    const double splitter = 0x1p27 + 1, product = a * b;
    const double a_part = splitter * a, a_high = a_part - (a_part - a), a_low = a - a_high;
    const double b_part = splitter * b, b_high = b_part - (b_part - b), b_low = b - b_high;
    const double rest = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
    const double total = sum->high + product, back = total - sum->high;
    sum->low += (sum->high - (total - back)) + (product - back) + rest;
    sum->high = total;
}

/* ---- the kernel ---- */

/* Lists its two sides, in the order of the problem. */
static void list_kernel(smri_lp *lp) {
    const uint32_t m = lp->rows, n = lp->columns;
    bool *const row_is_basic = (bool *)(void *)lp->work;
    uint32_t rows = 0, columns = 0;
    for (uint32_t j = 0; j < n; j++) {
        lp->column_is_basic[j] = false;
    }
    for (uint32_t i = 0; i < m; i++) {
        row_is_basic[i] = false;
    }
    for (uint32_t i = 0; i < m; i++) {
        if (lp->basic[i] < n) {
            lp->column_is_basic[lp->basic[i]] = true;
        } else {
            row_is_basic[lp->basic[i] - n] = true;
        }
    }
    for (uint32_t j = 0; j < n; j++) {
        if (lp->column_is_basic[j]) {
            lp->kernel_columns[columns++] = j;
        }
    }
    for (uint32_t i = 0; i < m; i++) {
        if (!row_is_basic[i]) {
            lp->kernel_rows[rows++] = i;
        }
    }
    lp->kernel_size = columns;
}

/* Into a lower and an upper triangle with row exchanges. Row after row. */
bool smri_lp_factor(smri_lp *lp) {
    list_kernel(lp);
    double *const a = lp->kernel;
    const uint32_t k = lp->kernel_size;
    for (uint32_t r = 0; r < k; r++) {
        for (uint32_t c = 0; c < k; c++) {
            a[(size_t)r * k + c] = entry_of(lp, lp->kernel_rows[r], lp->kernel_columns[c]);
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

static void exchange(double *b, uint32_t one, uint32_t other) {
    const double moved = b[one];
    b[one] = b[other];
    b[other] = moved;
}

/* kernel x = b, in place */
static void solve_kernel(const smri_lp *lp, double *b) {
    const double *const a = lp->kernel;
    const uint32_t k = lp->kernel_size;
    for (uint32_t r = 0; r < k; r++) {
        exchange(b, r, lp->order[r]);
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
static void solve_transposed(const smri_lp *lp, double *b) {
    const double *const a = lp->kernel;
    const uint32_t k = lp->kernel_size;
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
        exchange(b, r, lp->order[r]);
    }
}

/* right - kernel solution, or right - solution kernel, in twice the digits. */
static void find_residual(smri_lp *lp, bool transposed) {
    for (uint32_t r = 0; r < lp->kernel_size; r++) {
        wide_sum sum = {lp->right[r], 0};
        for (uint32_t c = 0; c < lp->kernel_size; c++) {
            const double entry = transposed ? entry_of(lp, lp->kernel_rows[c], lp->kernel_columns[r])
                                            : entry_of(lp, lp->kernel_rows[r], lp->kernel_columns[c]);
            add_product(&sum, -entry, lp->solution[c]);
        }
        lp->residual[r] = sum.high + sum.low;
    }
}

/* Solves for `right`. */
static void solve_refined(smri_lp *lp, bool transposed) {
    void (*const solve)(const smri_lp *, double *) = transposed ? solve_transposed : solve_kernel;
    memcpy(lp->solution, lp->right, lp->kernel_size * sizeof *lp->solution);
    solve(lp, lp->solution);
    for (int round = 0; round < REFINEMENTS; round++) {
        bool changed = false;
        find_residual(lp, transposed);
        solve(lp, lp->residual);
        for (uint32_t r = 0; r < lp->kernel_size; r++) {
            const double before = lp->solution[r];
            lp->solution[r] += lp->residual[r];
            changed = changed || lp->solution[r] != before;
        }
        if (!changed) {
            return;
        }
    }
}

/* ---- what follows from it ---- */

void smri_lp_solve_values(smri_lp *lp) {
    const uint32_t n = lp->columns;
    for (uint32_t r = 0; r < lp->kernel_size; r++) {
        const uint32_t row = lp->kernel_rows[r];
        wide_sum rest = {lp->value[n + row], 0};
        for (uint32_t j = 0; j < n; j++) {
            if (!lp->column_is_basic[j] && lp->value[j] != 0) {
                add_product(&rest, -entry_of(lp, row, j), lp->value[j]);
            }
        }
        lp->right[r] = rest.high + rest.low;
    }
    solve_refined(lp, false);
    for (uint32_t c = 0; c < lp->kernel_size; c++) {
        lp->value[lp->kernel_columns[c]] = lp->solution[c];
    }
}

void smri_lp_solve_multipliers(smri_lp *lp, const double *column_cost, const double *row_cost, double *multipliers) {
    for (uint32_t i = 0; i < lp->rows; i++) {
        multipliers[i] = row_cost ? -row_cost[i] : 0;
    }
    for (uint32_t c = 0; c < lp->kernel_size; c++) {
        wide_sum rest = {column_cost[lp->kernel_columns[c]], 0};
        for (uint32_t i = 0; row_cost && i < lp->rows; i++) {
            if (row_cost[i] != 0) {
                add_product(&rest, row_cost[i], entry_of(lp, i, lp->kernel_columns[c]));
            }
        }
        lp->right[c] = rest.high + rest.low;
    }
    solve_refined(lp, true);
    for (uint32_t r = 0; r < lp->kernel_size; r++) {
        multipliers[lp->kernel_rows[r]] = lp->solution[r];
    }
}

void smri_lp_solve_change(smri_lp *lp) {
    const uint32_t n = lp->columns;
    for (uint32_t r = 0; r < lp->kernel_size; r++) {
        const uint32_t row = lp->kernel_rows[r];
        lp->right[r] = lp->entering < n ? -lp->direction * entry_of(lp, row, lp->entering)
                                        : (lp->entering == n + row ? lp->direction : 0);
    }
    solve_refined(lp, false);
    for (uint32_t j = 0; j < n; j++) {
        lp->change[j] = j == lp->entering ? lp->direction : 0;
    }
    for (uint32_t c = 0; c < lp->kernel_size; c++) {
        lp->change[lp->kernel_columns[c]] = lp->solution[c];
    }
}
