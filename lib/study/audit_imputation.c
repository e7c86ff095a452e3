/* SPDX-License-Identifier: MIT */
/* How good would each imputation have been? Cells whose value is known are taken out, every method fills them, and what
 * it fills is compared with what was there. */
#include "study/study_impl.h"

/* Fewer known values than these in a column are not taken out: nothing could be learnt from what stays. */
#define LEAST_KNOWN 2

/* Exact sums over the cells that were taken out: of no order, so that repeats and methods may run in any. */
typedef struct tally {
    size_t holes, filled;
    bool beyond; /* an error whose square is beyond the range of a double */
    smri_exact_sum truth, truth_squares, errors, error_squares;
} tally;

typedef struct audit {
    const smri_imputation_audit *asked;
    const smr_context *context;
    size_t n;
    uint32_t count;
    double **columns;    /* with holes */
    double *means, *sds; /* of the known values, for all indicators together */
    double *x;           /* one column being filled */
    uint8_t *statuses;
    double *series; /* one region's periods */
    uint8_t *series_statuses;
    int64_t *days;
    tally *tallies; /* choice after choice, by indicator, then one of all together */
} audit;

static void free_audit(audit *a) {
    for (uint32_t k = 0; a->columns != NULL && k < a->count; k++) {
        smri_free(a->context, a->columns[k]);
    }
    smri_free(a->context, a->columns);
    smri_free(a->context, a->means);
    smri_free(a->context, a->sds);
    smri_free(a->context, a->x);
    smri_free(a->context, a->statuses);
    smri_free(a->context, a->series);
    smri_free(a->context, a->series_statuses);
    smri_free(a->context, a->days);
    smri_free(a->context, a->tallies);
}

static bool make_audit(const smr_context *context, const smri_imputation_audit *asked, audit *a) {
    const smri_matrix *matrix = asked->matrix;
    size_t tallies;
    *a = (audit){.asked = asked, .context = context, .n = matrix->n, .count = matrix->count};
    if (!smri_product(asked->choice_count, (size_t)matrix->count + 1, &tallies)) {
        return false;
    }
    a->columns = smri_calloc(context, a->count, sizeof *a->columns);
    a->means = smri_alloc(context, a->count, sizeof *a->means);
    a->sds = smri_alloc(context, a->count, sizeof *a->sds);
    a->x = smri_alloc(context, a->n, sizeof *a->x);
    a->statuses = smri_alloc(context, a->n, 1);
    a->series = smri_alloc(context, a->n, sizeof *a->series);
    a->series_statuses = smri_alloc(context, a->n, 1);
    a->days = smri_alloc(context, a->n, sizeof *a->days);
    a->tallies = smri_alloc(context, tallies, sizeof *a->tallies);
    bool done = a->columns && a->means && a->sds && a->x && a->statuses && a->series && a->series_statuses && a->days
                && a->tallies;
    for (uint32_t k = 0; done && k < a->count; k++) {
        a->columns[k] = smri_alloc(context, a->n, sizeof **a->columns);
        done = a->columns[k] != NULL;
    }
    for (size_t i = 0; done && i < tallies; i++) {
        tally *t = &a->tallies[i];
        t->holes = t->filled = 0;
        t->beyond = false;
        smri_exact_sum_init(&t->truth);
        smri_exact_sum_init(&t->truth_squares);
        smri_exact_sum_init(&t->errors);
        smri_exact_sum_init(&t->error_squares);
    }
    return done && smri_matrix_moments(matrix, a->means, a->sds);
}

/* The columns, without the cells of this repeat: each known cell goes with the asked probability, decided by seed,
 * repeat and its place alone. */
static void punch(audit *a, uint32_t repeat) {
    for (uint32_t k = 0; k < a->count; k++) {
        const double *x = a->asked->matrix->columns[k];
        size_t known = 0;
        for (size_t i = 0; i < a->n; i++) {
            known += x[i] == x[i];
        }
        for (size_t i = 0; i < a->n; i++) {
            const uint64_t stream = (uint64_t)repeat << 32 | k;
            const bool hole =
                x[i] == x[i] && known > LEAST_KNOWN && smri_random_unit(a->asked->seed, stream, i) < a->asked->share;
            known -= hole;
            a->columns[k][i] = hole ? NAN : x[i];
        }
    }
}

/* ---- one column by one method ---- */

static void fill_along_time(audit *a, const smri_choice *choice) {
    const smri_imputation_audit *asked = a->asked;
    for (size_t s = 0; s < asked->series_count; s++) {
        const size_t start = asked->series_starts[s], length = asked->series_starts[s + 1] - start;
        for (size_t i = 0; i < length; i++) {
            const size_t row = asked->series_rows[start + i];
            a->series[i] = a->x[row];
            a->series_statuses[i] = a->statuses[row];
            a->days[i] = asked->days[row];
        }
        choice->method->fill_series(choice, a->days, a->series, a->series_statuses, length);
        for (size_t i = 0; i < length; i++) {
            a->x[asked->series_rows[start + i]] = a->series[i];
        }
    }
}

static bool change(audit *a, const smri_choice *choice, uint32_t method, smri_arena *arena) {
    const smri_groups *groups = a->asked->groups != NULL ? &a->asked->groups[method] : NULL;
    smri_sample sample = {.x = a->x,
                          .n = a->n,
                          .groups = groups ? groups->of_row : NULL,
                          .group_count = groups ? groups->count : 0,
                          .reference = NAN};
    smri_fitted fitted = {.numbers = NULL};
    if (!smri_summary_make(a->context, a->x, a->n, 1, choice->method->needs, NULL, &sample.summary)) {
        return false;
    }
    const bool done = !choice->method->fit || choice->method->fit(choice, &sample, NULL, arena, &fitted);
    smri_summary_free(a->context, &sample.summary);
    if (done) {
        choice->method->change(choice, &fitted, sample.groups, a->x, a->statuses, a->n);
    }
    return done;
}

static bool fill_column(audit *a, uint32_t method, uint32_t column, const smri_matrix *holes, const smri_fitted *fitted,
                        smri_arena *arena) {
    const smri_choice *choice = &a->asked->choices[method];
    memcpy(a->x, a->columns[column], a->n * sizeof *a->x);
    for (size_t i = 0; i < a->n; i++) {
        a->statuses[i] = a->x[i] == a->x[i] ? SMR_CELL_OK : SMR_CELL_MISSING;
    }
    if (choice->method->fill_matrix) {
        return choice->method->fill_matrix(choice, fitted, holes, column, a->x, a->statuses);
    }
    if (choice->method->fill_series) {
        if (a->asked->series_rows != NULL) {
            fill_along_time(a, choice);
        }
        return true;
    }
    return !choice->method->change || change(a, choice, method, arena);
}

/* ---- comparing ---- */

static void add(tally *t, bool filled, double truth, double error) {
    t->holes++;
    if (!filled) {
        return;
    }
    t->filled++;
    if (!(error * error <= DBL_MAX && truth * truth <= DBL_MAX)) {
        t->beyond = true;
        return;
    }
    smri_exact_sum_add(&t->truth, truth);
    smri_exact_sum_add(&t->truth_squares, truth * truth);
    smri_exact_sum_add(&t->errors, fabs(error));
    smri_exact_sum_add(&t->error_squares, error * error);
}

/* A power of two near the standard deviation: to divide by it loses nothing, and no square overflows or vanishes. */
static double unit_of(const audit *a, uint32_t column) {
    return a->sds[column] > 0 ? smri_binary_scale(a->sds[column]) : 1;
}

/* An indicator is tallied in distances from its mean over its unit; all together, but for those without spread, in
 * standard deviations. */
static void compare(audit *a, uint32_t method, uint32_t column) {
    tally *t = &a->tallies[(size_t)method * (a->count + 1)];
    const double *truth = a->asked->matrix->columns[column];
    const double unit = unit_of(a, column);
    for (size_t i = 0; i < a->n; i++) {
        if (truth[i] != truth[i] || a->columns[column][i] == a->columns[column][i]) {
            continue;
        }
        const bool filled = a->x[i] == a->x[i];
        const double error = a->x[i] - truth[i], distance = truth[i] - a->means[column];
        add(&t[column], filled, distance / unit, error / unit);
        if (a->sds[column] > 0) {
            add(&t[a->count], filled, distance / a->sds[column], error / a->sds[column]);
        }
    }
}

static smri_imputation_score score_of(const tally *t, double unit) {
    const double n = (double)t->filled, truth = smri_exact_sum_value(&t->truth);
    const double errors = smri_exact_sum_value(&t->error_squares);
    const double spread = smri_exact_sum_value(&t->truth_squares) - truth * (truth / n);
    smri_imputation_score score = {.holes = t->holes, .filled = t->filled, .r_squared = NAN, .rmse = NAN, .mae = NAN};
    if (t->beyond) {
        return score;
    }
    if (t->filled > 0) {
        score.rmse = sqrt(errors / n) * unit;
        score.mae = smri_exact_sum_value(&t->errors) / n * unit;
    }
    /* Of one cell, or of equal ones, nothing is there to be explained. */
    if (t->filled > 1 && spread > 4 * n * DBL_EPSILON * smri_exact_sum_value(&t->truth_squares)) {
        score.r_squared = 1 - errors / spread;
    }
    return score;
}

/* ---- all methods ---- */

static smr_status run_method(audit *a, uint32_t method, smr_error *error) {
    const smri_choice *choice = &a->asked->choices[method];
    smri_matrix holes = *a->asked->matrix;
    holes.columns = (const double *const *)a->columns;
    smri_arena arena;
    smri_arena_init(&arena, a->context);
    smri_fitted fitted = {.numbers = NULL};
    bool done = !choice->method->fit_matrix || choice->method->fit_matrix(choice, &holes, &arena, &fitted);
    for (uint32_t k = 0; done && k < a->count; k++) {
        done = fill_column(a, method, k, &holes, &fitted, &arena);
        if (done) {
            compare(a, method, k);
        }
    }
    smri_arena_free(&arena);
    return done ? SMR_OK : smri_fail_memory(error);
}

smr_status smri_audit_imputation(const smr_context *context, const smri_imputation_audit *asked,
                                 smri_imputation_score *scores, smr_error *error) {
    audit a;
    const uint32_t repeats = SMRI_MAX(asked->repeats, 1U);
    smr_status status = make_audit(context, asked, &a) ? SMR_OK : smri_fail_memory(error);
    for (uint32_t repeat = 0; status == SMR_OK && repeat < repeats; repeat++) {
        punch(&a, repeat);
        for (uint32_t m = 0; status == SMR_OK && m < asked->choice_count; m++) {
            const uint64_t step = (uint64_t)repeat * asked->choice_count + m;
            status = smri_cancelled(context, step, (uint64_t)repeats * asked->choice_count, error)
                         ? SMR_ERROR_CANCELLED
                         : run_method(&a, m, error);
        }
    }
    for (uint32_t m = 0; status == SMR_OK && m < asked->choice_count; m++) {
        for (uint32_t k = 0; k <= a.count; k++) {
            const size_t place = (size_t)m * (a.count + 1) + k;
            scores[place] = score_of(&a.tallies[place], k < a.count ? unit_of(&a, k) : 1);
        }
    }
    free_audit(&a);
    return status;
}
