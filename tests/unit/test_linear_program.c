/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include "base/base_impl.h"
#include "failure/failing_allocator.h"

#define MOST 24
#define INF INFINITY

/* A problem as it is written on paper: row after row. */
typedef struct paper {
    uint32_t rows, columns;
    bool maximise;
    double matrix[MOST][MOST], objective[MOST];
    double row_low[MOST], row_high[MOST], low[MOST], high[MOST];
    double by_column[MOST * MOST]; /* of the matrix; the solver reads it */
} paper;

/* No bounds of rows, columns from 0 on. */
static paper *paper_new(uint32_t rows, uint32_t columns, bool maximise) {
    paper *p = calloc(1, sizeof *p);
    expect(p != NULL && rows <= MOST && columns <= MOST);
    p->rows = rows;
    p->columns = columns;
    p->maximise = maximise;
    for (uint32_t i = 0; i < MOST; i++) {
        p->row_low[i] = -INF;
        p->row_high[i] = p->high[i] = INF;
    }
    return p;
}

static bool load(smri_lp *lp, paper *p) {
    for (uint32_t i = 0; i < p->rows; i++) {
        for (uint32_t j = 0; j < p->columns; j++) {
            p->by_column[j * p->rows + i] = p->matrix[i][j];
        }
    }
    const smri_lp_problem problem = {p->rows, p->columns, p->by_column, p->objective, p->maximise,
                                     p->row_low, p->row_high, p->low, p->high};
    return smri_lp_load(lp, &problem);
}

static smri_lp *loaded(paper *p) {
    smri_lp *lp = smri_lp_new(unit_context(), p->rows, p->columns);
    expect(lp != NULL && load(lp, p));
    return lp;
}

/* ---- checks that share nothing with the solver ---- */

static double row_value(const paper *p, uint32_t row, const double *x) {
    double sum = 0;
    for (uint32_t j = 0; j < p->columns; j++) {
        sum += p->matrix[row][j] * x[j];
    }
    return sum;
}

static void expect_feasible(const paper *p, const double *x, double tolerance) {
    for (uint32_t j = 0; j < p->columns; j++) {
        expect(x[j] >= p->low[j] && x[j] <= p->high[j]);
    }
    for (uint32_t i = 0; i < p->rows; i++) {
        const double value = row_value(p, i, x);
        expect(value >= p->row_low[i] - tolerance && value <= p->row_high[i] + tolerance);
    }
}

/* The bound that the multipliers prove: no feasible point has a better objective. Prices within the tolerance of 0 are
 * taken as 0. */
static double proven_bound(const paper *p, const double *y, double tolerance) {
    const double sign = p->maximise ? -1 : 1; /* of least sign x objective */
    double bound = 0;
    for (uint32_t i = 0; i < p->rows; i++) {
        const double price = sign * y[i];
        if (fabs(price) > tolerance) {
            bound += price * (price > 0 ? p->row_low[i] : p->row_high[i]);
        }
    }
    for (uint32_t j = 0; j < p->columns; j++) {
        double price = sign * p->objective[j];
        for (uint32_t i = 0; i < p->rows; i++) {
            price -= sign * y[i] * p->matrix[i][j];
        }
        if (fabs(price) > tolerance) {
            bound += price * (price > 0 ? p->low[j] : p->high[j]);
        }
    }
    return sign * bound;
}

static void expect_optimum(paper *p, double optimum, double tolerance) {
    smri_lp *lp = loaded(p);
    expect_equal_int(smri_lp_solve(lp), SMRI_LP_OPTIMAL);
    expect_near(smri_lp_optimum(lp), optimum, tolerance);
    expect_feasible(p, smri_lp_x(lp), tolerance);
    expect_near(proven_bound(p, smri_lp_multipliers(lp), 1e-9), optimum, tolerance);
    smri_lp_free(lp);
    free(p);
}

/* Farkas: y . row value cannot be what y . matrix x is, for any x within its bounds. */
static void expect_proven_infeasible(const paper *p, const double *y) {
    double least_of_rows = 0, most_of_columns = 0;
    for (uint32_t i = 0; i < p->rows; i++) {
        least_of_rows += y[i] == 0 ? 0 : y[i] * (y[i] > 0 ? p->row_low[i] : p->row_high[i]);
    }
    for (uint32_t j = 0; j < p->columns; j++) {
        double price = 0;
        for (uint32_t i = 0; i < p->rows; i++) {
            price += y[i] * p->matrix[i][j];
        }
        if (fabs(price) > 1e-12) {
            most_of_columns += price * (price > 0 ? p->high[j] : p->low[j]);
        }
    }
    expect(least_of_rows > most_of_columns);
}

static void expect_infeasible(paper *p) {
    smri_lp *lp = loaded(p);
    expect_equal_int(smri_lp_solve(lp), SMRI_LP_INFEASIBLE);
    expect_nan(smri_lp_optimum(lp));
    expect_proven_infeasible(p, smri_lp_multipliers(lp));
    smri_lp_free(lp);
    free(p);
}

static void expect_unbounded(paper *p) {
    smri_lp *lp = loaded(p);
    expect_equal_int(smri_lp_solve(lp), SMRI_LP_UNBOUNDED);
    expect_nan(smri_lp_optimum(lp));
    double gain = 0, far[MOST];
    for (uint32_t j = 0; j < p->columns; j++) {
        gain += p->objective[j] * smri_lp_ray(lp)[j];
        far[j] = smri_lp_x(lp)[j] + 1e6 * smri_lp_ray(lp)[j];
    }
    expect(p->maximise ? gain > 1e-9 : gain < -1e-9);
    expect_feasible(p, smri_lp_x(lp), 1e-9);
    expect_feasible(p, far, 1e-3);
    smri_lp_free(lp);
    free(p);
}

/* ---- by hand ---- */

TEST(a_textbook_problem)
{
    paper *p = paper_new(3, 2, true);
    memcpy(p->matrix[0], (double[]){1, 0}, 16);
    memcpy(p->matrix[1], (double[]){0, 2}, 16);
    memcpy(p->matrix[2], (double[]){3, 2}, 16);
    memcpy(p->objective, (double[]){3, 5}, 16);
    memcpy(p->row_high, (double[]){4, 12, 18}, 24);
    smri_lp *lp = loaded(p);
    expect_equal_int(smri_lp_solve(lp), SMRI_LP_OPTIMAL);
    expect_near(smri_lp_optimum(lp), 36, 0);
    expect_near(smri_lp_x(lp)[0], 2, 0);
    expect_near(smri_lp_x(lp)[1], 6, 0);
    expect_near(smri_lp_multipliers(lp)[0], 0, 0);
    expect_near(smri_lp_multipliers(lp)[1], 1.5, 0);
    expect_near(smri_lp_multipliers(lp)[2], 1, 0);
    smri_lp_free(lp);
    free(p);
}

/* Diet: least cost with rows from below; y is in a box, z is free, the last row is an equation. */
TEST(all_kinds_of_rows_and_bounds)
{
    paper *p = paper_new(3, 3, false);
    memcpy(p->matrix[0], (double[]){1, 2, 0}, 24);
    memcpy(p->matrix[1], (double[]){1, -1, 1}, 24);
    memcpy(p->matrix[2], (double[]){0, 1, 2}, 24);
    memcpy(p->objective, (double[]){2, 3, 1}, 24);
    p->row_low[0] = 4;
    p->row_low[1] = -3;
    p->row_high[1] = 3;
    p->row_low[2] = p->row_high[2] = 1;
    p->low[1] = -1;
    p->high[1] = 1.5;
    p->low[2] = -INF;
    /* On the equation z = (1 - y)/2: 2 x + 2.5 y + 0.5 with x + 2 y >= 4, x - 1.5 y >= -3.5, x - 1.5 y <= 2.5. At
     * y = 1.5: x = 1, 6.25; every unit less of y costs 4 - 2.5. */
    expect_optimum(p, 6.25, 1e-12);
}

TEST(without_rows_bounds_decide)
{
    paper *p = paper_new(0, 3, true);
    memcpy(p->objective, (double[]){1, -2, 0}, 24);
    memcpy(p->low, (double[]){-5, -1, 3}, 24);
    memcpy(p->high, (double[]){7, 4, INF}, 24);
    expect_optimum(p, 9, 0);
    p = paper_new(0, 1, true);
    p->objective[0] = 1;
    expect_unbounded(p);
}

TEST(without_columns_rows_are_0)
{
    paper *p = paper_new(2, 0, true);
    p->row_high[0] = 1;
    p->row_low[1] = -1;
    expect_optimum(p, 0, 0);
    p = paper_new(2, 0, true);
    p->row_low[1] = 1;
    expect_infeasible(p);
}

TEST(nothing_but_zeros)
{
    paper *p = paper_new(3, 4, true);
    p->row_high[1] = 0;
    p->row_low[2] = p->row_high[2] = 0;
    expect_optimum(p, 0, 0);
}

TEST(fixed_variables_stay)
{
    paper *p = paper_new(1, 3, true);
    memcpy(p->matrix[0], (double[]){1, 1, 1}, 24);
    memcpy(p->objective, (double[]){5, 1, 2}, 24);
    p->row_high[0] = 10;
    p->low[0] = p->high[0] = 3;
    p->low[1] = p->high[1] = -2;
    expect_optimum(p, 15 - 2 + 18, 1e-12);
}

/* ---- where simple rules go round in circles ---- */

/* Beale (1955) */
TEST(beale_does_not_cycle)
{
    paper *p = paper_new(3, 4, false);
    memcpy(p->matrix[0], (double[]){0.25, -60, -1 / 25., 9}, 32);
    memcpy(p->matrix[1], (double[]){0.5, -90, -1 / 50., 3}, 32);
    memcpy(p->matrix[2], (double[]){0, 0, 1, 0}, 32);
    memcpy(p->objective, (double[]){-0.75, 150, -0.02, 6}, 32);
    memcpy(p->row_high, (double[]){0, 0, 1}, 24);
    expect_optimum(p, -0.05, 1e-12);
}

/* Marshall and Suurballe (1969): two rows through 0 that the textbook rule visits for ever. */
TEST(marshall_and_suurballe_do_not_cycle)
{
    paper *p = paper_new(3, 4, true);
    memcpy(p->matrix[0], (double[]){0.5, -5.5, -2.5, 9}, 32);
    memcpy(p->matrix[1], (double[]){0.5, -1.5, -0.5, 1}, 32);
    memcpy(p->matrix[2], (double[]){1, 0, 0, 0}, 32);
    memcpy(p->objective, (double[]){10, -57, -9, -24}, 32);
    memcpy(p->row_high, (double[]){0, 0, 1}, 24);
    expect_optimum(p, 1, 1e-12);
}

/* Klee and Minty (1972): the simple rule visits all 2^d corners. */
TEST(klee_minty_ends)
{
    for (uint32_t d = 2; d <= 10; d++) {
        paper *p = paper_new(d, d, true);
        double power = 1;
        for (uint32_t i = 0; i < d; i++) {
            power *= 5;
            p->row_high[i] = power;
            p->objective[i] = (double)(1 << (d - 1 - i));
            p->matrix[i][i] = 1;
            for (uint32_t j = 0; j < i; j++) {
                p->matrix[i][j] = (double)(1 << (i - j + 1));
            }
        }
        expect_optimum(p, power, 1e-9 * power);
    }
}

/* Assignment of 4 to 4: every corner is degenerate. */
TEST(a_degenerate_assignment)
{
    static const double cost[4][4] = {{9, 2, 7, 8}, {6, 4, 3, 7}, {5, 8, 1, 8}, {7, 6, 9, 4}};
    paper *p = paper_new(8, 16, false);
    for (uint32_t i = 0; i < 4; i++) {
        for (uint32_t j = 0; j < 4; j++) {
            p->objective[4 * i + j] = cost[i][j];
            p->matrix[i][4 * i + j] = p->matrix[4 + j][4 * i + j] = 1;
        }
        p->row_low[i] = p->row_high[i] = p->row_low[4 + i] = p->row_high[4 + i] = 1;
    }
    expect_optimum(p, 13, 1e-12);
}

/* ---- no solution, no end ---- */

TEST(contradictions_are_proven)
{
    paper *p = paper_new(2, 2, true);
    memcpy(p->matrix[0], (double[]){1, 1}, 16);
    memcpy(p->matrix[1], (double[]){1, 2}, 16);
    p->row_low[0] = 3;
    p->row_high[1] = 2;
    expect_infeasible(p);
    p = paper_new(3, 3, false); /* x - y = 1, y - z = 1, z - x = -1.5, all of them free */
    for (uint32_t i = 0; i < 3; i++) {
        p->matrix[i][i] = 1;
        p->matrix[i][(i + 1) % 3] = -1;
        p->row_low[i] = p->row_high[i] = i < 2 ? 1 : -1.5;
        p->low[i] = -INF;
    }
    expect_infeasible(p);
    p = paper_new(1, 2, true); /* beyond what the boxes allow, by little */
    p->matrix[0][0] = p->matrix[0][1] = 1;
    p->row_low[0] = 2 + 1e-6;
    p->high[0] = p->high[1] = 1;
    expect_infeasible(p);
}

TEST(bounds_that_contradict_one_another)
{
    paper *p = paper_new(1, 1, true);
    p->matrix[0][0] = 1;
    p->low[0] = 2;
    p->high[0] = 1;
    smri_lp *lp = loaded(p);
    expect_equal_int(smri_lp_solve(lp), SMRI_LP_INFEASIBLE);
    expect_near(smri_lp_multipliers(lp)[0], 0, 0);
    smri_lp_set_column(lp, 0, 1, 2);
    smri_lp_set_row(lp, 0, 5, 4);
    expect_equal_int(smri_lp_solve(lp), SMRI_LP_INFEASIBLE);
    smri_lp_set_row(lp, 0, -INF, 1.5);
    expect_equal_int(smri_lp_solve(lp), SMRI_LP_OPTIMAL);
    smri_lp_free(lp);
    free(p);
}

TEST(without_end)
{
    paper *p = paper_new(2, 3, true);
    memcpy(p->matrix[0], (double[]){1, -1, 0}, 24);
    memcpy(p->matrix[1], (double[]){-1, 2, 1}, 24);
    memcpy(p->objective, (double[]){2, -1, -1}, 24);
    p->row_high[0] = 1;
    p->row_low[1] = -3;
    expect_unbounded(p);
    p = paper_new(1, 2, false); /* downward, without a bound below */
    p->matrix[0][0] = 1;
    p->matrix[0][1] = 1;
    p->row_high[0] = 4;
    p->low[0] = -INF;
    p->objective[0] = 1;
    expect_unbounded(p);
}

/* ---- units ---- */

/* The textbook problem in other units: row i times 10^r, column j times 10^c. */
static void expect_in_units(int r0, int r1, int r2, int c0, int c1) {
    static const double matrix[3][2] = {{1, 0}, {0, 2}, {3, 2}}, right[3] = {4, 12, 18}, objective[2] = {3, 5};
    const double rows[3] = {pow(10, r0), pow(10, r1), pow(10, r2)}, columns[2] = {pow(10, c0), pow(10, c1)};
    paper *p = paper_new(3, 2, true);
    for (uint32_t i = 0; i < 3; i++) {
        for (uint32_t j = 0; j < 2; j++) {
            p->matrix[i][j] = matrix[i][j] * rows[i] * columns[j];
            p->objective[j] = objective[j] * columns[j];
        }
        p->row_high[i] = right[i] * rows[i];
    }
    smri_lp *lp = loaded(p);
    expect_equal_int(smri_lp_solve(lp), SMRI_LP_OPTIMAL);
    expect_near(smri_lp_optimum(lp), 36, 1e-12);
    expect_near(smri_lp_x(lp)[0] * columns[0], 2, 1e-12);
    expect_near(smri_lp_x(lp)[1] * columns[1], 6, 1e-12);
    smri_lp_free(lp);
    free(p);
}

TEST(units_do_not_matter)
{
    expect_in_units(0, 0, 0, 8, -8);
    expect_in_units(12, -9, 3, 0, 5);
    expect_in_units(100, 100, 100, -100, -100);
    expect_in_units(-100, 50, 0, 100, -100);
    expect_in_units(5, -5, 20, 130, 130);
}

/* Objectives of very different sizes in one problem. */
TEST(small_costs_count)
{
    paper *p = paper_new(1, 3, true);
    memcpy(p->matrix[0], (double[]){1e9, 1e-6, 0}, 24);
    memcpy(p->objective, (double[]){-1e-3, 1e-9, 1e9}, 24);
    p->row_high[0] = 1e-6;
    p->high[2] = 1;
    expect_optimum(p, 1e9 + 1e-9, 1e-6);
    p = paper_new(1, 2, true);
    memcpy(p->matrix[0], (double[]){1, 0}, 16);
    memcpy(p->objective, (double[]){1e-12, 0}, 16);
    p->row_high[0] = 5;
    smri_lp *lp = loaded(p);
    expect_equal_int(smri_lp_solve(lp), SMRI_LP_OPTIMAL);
    expect_near(smri_lp_optimum(lp), 5e-12, 1e-24);
    expect_near(smri_lp_multipliers(lp)[0], 1e-12, 1e-24);
    smri_lp_free(lp);
    free(p);
}

/* From one end of the doubles to the other. */
TEST(the_ends_of_the_doubles)
{
    paper *p = paper_new(2, 2, true);
    memcpy(p->matrix[0], (double[]){1e300, 1e-300}, 16);
    memcpy(p->matrix[1], (double[]){2e300, 1e-300}, 16);
    memcpy(p->objective, (double[]){3e300, 2e-300}, 16);
    p->row_high[0] = 1;
    p->row_high[1] = 1.5;
    smri_lp *lp = loaded(p);
    expect_equal_int(smri_lp_solve(lp), SMRI_LP_OPTIMAL);
    expect_near(smri_lp_optimum(lp), 2.5, 1e-12);
    expect_near(smri_lp_x(lp)[0] * 1e300, 0.5, 1e-12);
    expect_near(smri_lp_x(lp)[1] * 1e-300, 0.5, 1e-12);
    smri_lp_free(lp);
    free(p);
}

/* What a double cannot hold is given up, not guessed: x would have to be 1e600. */
TEST(no_answer_is_better_than_a_wrong_one)
{
    paper *p = paper_new(1, 1, true);
    p->matrix[0][0] = 1e-300;
    p->objective[0] = 1;
    p->row_high[0] = 1e300;
    smri_lp *lp = loaded(p);
    expect_equal_int(smri_lp_solve(lp), SMRI_LP_FAILED);
    smri_lp_free(lp);
    free(p);
}

TEST(numbers_that_are_none_are_refused)
{
    paper *p = paper_new(1, 1, true);
    smri_lp *lp = loaded(p);
    p->matrix[0][0] = NAN;
    expect(!load(lp, p));
    p->matrix[0][0] = INF;
    expect(!load(lp, p));
    p->matrix[0][0] = 1;
    p->objective[0] = NAN;
    expect(!load(lp, p));
    p->objective[0] = 1;
    p->row_high[0] = NAN;
    expect(!load(lp, p));
    p->row_high[0] = 1;
    p->low[0] = INF;
    expect(!load(lp, p));
    p->low[0] = 0;
    expect(load(lp, p));
    p->columns = 2;
    expect(!load(lp, p));
    smri_lp_free(lp);
    free(p);
}

/* ---- one after another ---- */

static paper *random_paper(uint64_t *state, uint32_t rows, uint32_t columns, bool whole) {
    paper *p = paper_new(rows, columns, unit_random_unit(state) < 0.5);
    double inside[MOST];
    for (uint32_t j = 0; j < columns; j++) {
        const double kind = unit_random_unit(state);
        p->low[j] = kind < 0.2 ? -3 : 0;
        p->high[j] = kind < 0.7 ? 4 : 9;
        inside[j] = p->low[j] + (p->high[j] - p->low[j]) * (whole ? 0.5 : unit_random_unit(state));
        p->objective[j] = 4 * unit_random_unit(state) - 2;
        p->objective[j] = whole ? floor(p->objective[j]) : p->objective[j];
    }
    for (uint32_t i = 0; i < rows; i++) {
        for (uint32_t j = 0; j < columns; j++) {
            p->matrix[i][j] = 6 * unit_random_unit(state) - 3;
            p->matrix[i][j] = whole ? floor(p->matrix[i][j]) : p->matrix[i][j];
        }
        const double value = row_value(p, i, inside), kind = unit_random_unit(state);
        p->row_low[i] = kind < 0.4 ? -INF : value - (kind > 0.9 ? 0 : whole ? 1 : unit_random_unit(state));
        p->row_high[i] = kind > 0.4 && kind < 0.7 ? INF : value + (kind > 0.9 ? 0 : whole ? 1 : unit_random_unit(state));
        p->row_high[i] = kind > 0.9 ? p->row_low[i] : p->row_high[i];
    }
    return p;
}

/* Feasible and bounded: x and multipliers prove one another, with arithmetic of the test's own. Equations that are more
 * than the columns may contradict one another by rounding: no such problem is drawn. */
TEST(optima_prove_themselves)
{
    uint64_t state = 4;
    for (int round = 0; round < 4000; round++) {
        const uint32_t columns = 3 + (uint32_t)(unit_random(&state) % 12), rows = 1 + (uint32_t)(unit_random(&state) % 14);
        paper *p = random_paper(&state, rows, columns, round % 2 == 0);
        smri_lp *lp = loaded(p);
        uint32_t equations = 0;
        for (uint32_t i = 0; i < rows; i++) {
            equations += p->row_low[i] == p->row_high[i];
        }
        if (equations < columns) {
            expect_equal_int(smri_lp_solve(lp), SMRI_LP_OPTIMAL);
            expect_feasible(p, smri_lp_x(lp), 1e-8);
            double value = 0;
            for (uint32_t j = 0; j < columns; j++) {
                value += p->objective[j] * smri_lp_x(lp)[j];
            }
            expect_near(smri_lp_optimum(lp), value, 1e-9 * (1 + fabs(value)));
            expect_near(proven_bound(p, smri_lp_multipliers(lp), 1e-9), value, 1e-7 * (1 + fabs(value)));
        }
        smri_lp_free(lp);
        free(p);
    }
}

/* From where the last solve ended to the same optimum as from the beginning. */
TEST(changes_lead_to_the_same_optimum)
{
    uint64_t state = 5;
    for (int round = 0; round < 300; round++) {
        paper *p = random_paper(&state, 8, 6, round % 3 == 0);
        smri_lp *warm = loaded(p), *cold = loaded(p);
        for (int change = 0; change < 12; change++) {
            const uint32_t place = (uint32_t)(unit_random(&state) % 6);
            if (change % 3 == 0) {
                p->objective[place] = 4 * unit_random_unit(&state) - 2;
                smri_lp_set_objective(warm, p->objective, p->maximise);
            } else if (change % 3 == 1) {
                p->row_low[place] = -INF;
                p->row_high[place] = 20 * unit_random_unit(&state) - 4;
                smri_lp_set_row(warm, place, p->row_low[place], p->row_high[place]);
            } else {
                p->high[place] = p->low[place] + 5 * unit_random_unit(&state);
                smri_lp_set_column(warm, place, p->low[place], p->high[place]);
            }
            expect(load(cold, p));
            const smri_lp_status status = smri_lp_solve(cold);
            expect_equal_int(smri_lp_solve(warm), status);
            expect(status == SMRI_LP_OPTIMAL || status == SMRI_LP_INFEASIBLE);
            if (status == SMRI_LP_OPTIMAL) {
                expect_near(smri_lp_optimum(warm), smri_lp_optimum(cold), 1e-9 * (1 + fabs(smri_lp_optimum(cold))));
            }
        }
        smri_lp_free(warm);
        smri_lp_free(cold);
        free(p);
    }
}

/* After a restart the same bits, whatever was solved in between. */
TEST(a_restart_forgets)
{
    uint64_t state = 6;
    paper *p = random_paper(&state, 10, 8, false);
    smri_lp *lp = loaded(p);
    expect_equal_int(smri_lp_solve(lp), SMRI_LP_OPTIMAL);
    double x[MOST], other[MOST];
    memcpy(x, smri_lp_x(lp), 8 * sizeof *x);
    const double optimum = smri_lp_optimum(lp);
    for (int round = 0; round < 50; round++) {
        for (uint32_t j = 0; j < 8; j++) {
            other[j] = unit_random_unit(&state) - 0.5;
        }
        smri_lp_set_objective(lp, other, true);
        expect_equal_int(smri_lp_solve(lp), SMRI_LP_OPTIMAL);
    }
    smri_lp_set_objective(lp, p->objective, p->maximise);
    smri_lp_restart(lp);
    expect_equal_int(smri_lp_solve(lp), SMRI_LP_OPTIMAL);
    expect_same_bits(smri_lp_optimum(lp), optimum);
    expect_bytes(smri_lp_x(lp), x, 8 * sizeof *x);
    smri_lp_free(lp);
    free(p);
}

/* Hundreds of solves in a row, so that the tableau is made anew now and then. */
TEST(long_runs_stay_exact)
{
    uint64_t state = 7;
    paper *p = random_paper(&state, 20, 12, false);
    smri_lp *lp = loaded(p), *fresh = loaded(p);
    for (int round = 0; round < 1000; round++) {
        for (uint32_t j = 0; j < 12; j++) {
            p->objective[j] = unit_random_unit(&state) - 0.5;
        }
        smri_lp_set_objective(lp, p->objective, true);
        smri_lp_set_objective(fresh, p->objective, true);
        smri_lp_restart(fresh);
        expect_equal_int(smri_lp_solve(lp), SMRI_LP_OPTIMAL);
        expect_equal_int(smri_lp_solve(fresh), SMRI_LP_OPTIMAL);
        expect_near(smri_lp_optimum(lp), smri_lp_optimum(fresh), 1e-12 * (1 + fabs(smri_lp_optimum(fresh))));
    }
    expect(smri_lp_pivots(lp) > 500);
    smri_lp_free(lp);
    smri_lp_free(fresh);
    free(p);
}

/* ---- memory ---- */

static smr_status solve_all(failure_run *run) {
    uint64_t state = 8;
    paper *p = random_paper(&state, 6, 5, false);
    const failing_allocator *counted = run->context->allocator.user;
    smri_lp *lp = smri_lp_new(run->context, 6, 5);
    if (lp != NULL) {
        const size_t calls = counted->calls;
        failure_require(run, load(lp, p));
        failure_require(run, smri_lp_solve(lp) == SMRI_LP_OPTIMAL);
        smri_lp_set_objective(lp, p->matrix[0], true);
        failure_require(run, smri_lp_solve(lp) == SMRI_LP_OPTIMAL);
        failure_require(run, counted->calls == calls); /* nothing after smri_lp_new() */
    }
    const smr_status status = lp != NULL ? SMR_OK : smri_fail_memory(&run->error);
    smri_lp_free(lp);
    free(p);
    return status;
}

TEST(memory_is_taken_once)
{
    expect_equal_uint(failure_sweep("linear program", solve_all, NULL), 0);
    smri_lp_free(NULL);
    expect(smri_lp_new(unit_context(), UINT32_MAX, UINT32_MAX) == NULL);
}

static const unit_test tests[] = {
    UNIT(a_textbook_problem),
    UNIT(all_kinds_of_rows_and_bounds),
    UNIT(without_rows_bounds_decide),
    UNIT(without_columns_rows_are_0),
    UNIT(nothing_but_zeros),
    UNIT(fixed_variables_stay),
    UNIT(beale_does_not_cycle),
    UNIT(marshall_and_suurballe_do_not_cycle),
    UNIT(klee_minty_ends),
    UNIT(a_degenerate_assignment),
    UNIT(contradictions_are_proven),
    UNIT(bounds_that_contradict_one_another),
    UNIT(without_end),
    UNIT(units_do_not_matter),
    UNIT(small_costs_count),
    UNIT(the_ends_of_the_doubles),
    UNIT(no_answer_is_better_than_a_wrong_one),
    UNIT(numbers_that_are_none_are_refused),
    UNIT(optima_prove_themselves),
    UNIT(changes_lead_to_the_same_optimum),
    UNIT(a_restart_forgets),
    UNIT(long_runs_stay_exact),
    UNIT(memory_is_taken_once),
};
UNIT_SUITE(linear_program, tests)
