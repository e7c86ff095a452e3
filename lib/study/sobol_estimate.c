/* SPDX-License-Identifier: MIT */
/* Sobol' indices from evaluations of a function.
 *
 * A and B are two independent samples of n rows; AB is A with the column of one factor taken from B, BA the converse.
 * With f centred and V the variance of fA and fB together:
 *
 *              first order                                    total order
 * azzini       2 sum (fBA - fB)(fA - fAB) / Q                 sum [(fB - fBA)^2 + (fA - fAB)^2] / Q
 *              with Q = sum [(fA - fB)^2 + (fBA - fAB)^2]
 * saltelli     mean fB (fAB - fA) / V                         as jansen
 * jansen       1 - mean (fB - fAB)^2 / 2V                     mean (fA - fAB)^2 / 2V
 *
 * I. Azzini, T. A. Mara, R. Rosati (2021), Comparison of two sets of Monte Carlo estimators of Sobol' indices,
 * Environmental Modelling & Software 144, 105167; A. Saltelli and others (2010), Variance based sensitivity analysis of
 * model output, Computer Physics Communications 181, 259-270; M. J. W. Jansen (1999), Analysis of variance designs for
 * model output, Computer Physics Communications 117, 35-43. */
#include "study/sobol_impl.h"

/* ---- terms and what becomes of them ---- */

static inline double centred(const smri_sobol_output *output, double f) {
    return f / output->scale - output->centre;
}

static void shared_terms(const smri_sobol_design *design, const smri_sobol_output *output, double *terms) {
    const smri_sobol_values *v = output->values;
    for (size_t i = 0; i < design->rows; i++, terms += SMRI_SOBOL_TERMS) {
        const bool used = output->used[i];
        const double a = centred(output, v->a[i]), b = centred(output, v->b[i]);
        terms[0] = used ? a + b : 0;
        terms[1] = used ? a * a + b * b : 0;
        terms[2] = used;
    }
}

void smri_sobol_terms(const smri_sobol_design *design, const smri_sobol_output *output, uint32_t factor,
                      double *terms) {
    if (factor == design->factors) {
        shared_terms(design, output, terms);
        return;
    }
    const smri_sobol_values *v = output->values;
    const double *fab = v->ab + (size_t)factor * design->rows;
    const double *fba = design->estimator == SMR_SOBOL_AZZINI ? v->ba + (size_t)factor * design->rows : fab;
    for (size_t i = 0; i < design->rows; i++, terms += SMRI_SOBOL_TERMS) {
        terms[0] = terms[1] = terms[2] = 0;
        if (!output->used[i]) {
            continue;
        }
        const double a = centred(output, v->a[i]), b = centred(output, v->b[i]);
        const double ab = centred(output, fab[i]), ba = centred(output, fba[i]);
        switch (design->estimator) {
        case SMR_SOBOL_SALTELLI:
            terms[0] = b * (ab - a);
            terms[1] = ab - a;
            terms[2] = (a - ab) * (a - ab);
            break;
        case SMR_SOBOL_JANSEN:
            terms[0] = (b - ab) * (b - ab);
            terms[2] = (a - ab) * (a - ab);
            break;
        default:
            terms[0] = (ba - b) * (a - ab);
            terms[1] = (b - ba) * (b - ba) + (a - ab) * (a - ab);
            terms[2] = (a - b) * (a - b) + (ba - ab) * (ba - ab);
        }
    }
}

void smri_sobol_finish(int32_t estimator, const double *sums, const double *shared, double *first, double *total) {
    if (estimator == SMR_SOBOL_AZZINI) {
        *first = sums[2] > 0 ? 2 * sums[0] / sums[2] : NAN;
        *total = sums[2] > 0 ? sums[1] / sums[2] : NAN;
        return;
    }
    const double n = shared[2], mean = shared[0] / (2 * n), variance = shared[1] / (2 * n) - mean * mean;
    if (!(variance > 0)) {
        *first = *total = NAN;
        return;
    }
    /* The products of Saltelli's estimator, with f centred by this mean. */
    *first = estimator == SMR_SOBOL_SALTELLI ? (sums[0] - mean * sums[1]) / (n * variance)
                                             : 1 - sums[0] / (2 * n * variance);
    *total = sums[2] / (2 * n * variance);
}

/* ---- one output ---- */

/* What the threads share. */
typedef struct estimation {
    const smr_context *context;
    const smri_sobol_design *design;
    smri_sobol_output *outputs;
    uint8_t *used; /* by output and row */
    double *terms; /* by output: NULL until its task allocates it */
    double *indices;
    smr_sobol_summary *summaries;
    atomic_bool failed;
} estimation;

/* The columns of evaluations of an output, one after another; NULL beyond the last. */
static const double *column_of(const smri_sobol_design *design, const smri_sobol_values *values, size_t column) {
    const size_t k = design->factors;
    if (column < 2) {
        return column == 0 ? values->a : values->b;
    }
    if (column < 2 + k) {
        return values->ab + (column - 2) * design->rows;
    }
    return values->ba != NULL && column < 2 + 2 * k ? values->ba + (column - 2 - k) * design->rows : NULL;
}

static size_t mark_rows(const smri_sobol_design *design, const smri_sobol_values *values, uint8_t *used) {
    size_t rows = 0;
    memset(used, 1, design->rows);
    const double *x;
    for (size_t column = 0; (x = column_of(design, values, column)) != NULL; column++) {
        for (size_t i = 0; i < design->rows; i++) {
            used[i] &= x[i] == x[i];
        }
    }
    for (size_t i = 0; i < design->rows; i++) {
        rows += used[i];
    }
    return rows;
}

/* How many evaluations of the used rows there are, and the least and the greatest. */
static size_t span(const smri_sobol_design *design, const smri_sobol_output *output, double *least, double *greatest) {
    size_t count = 0;
    const double *x;
    *least = INFINITY;
    *greatest = -INFINITY;
    for (size_t column = 0; (x = column_of(design, output->values, column)) != NULL; column++) {
        for (size_t i = 0; i < design->rows; i++) {
            if (output->used[i]) {
                *least = SMRI_MIN(*least, x[i]);
                *greatest = SMRI_MAX(*greatest, x[i]);
                count++;
            }
        }
    }
    return count;
}

static size_t count_equal(const smri_sobol_design *design, const smri_sobol_output *output, double value) {
    size_t count = 0;
    const double *x;
    for (size_t column = 0; (x = column_of(design, output->values, column)) != NULL; column++) {
        for (size_t i = 0; i < design->rows; i++) {
            count += output->used[i] && x[i] == value;
        }
    }
    return count;
}

/* The one value that can be more than half of all evaluations: a vote finds it (R. S. Boyer and J S. Moore, 1981). */
static double majority(const smri_sobol_design *design, const smri_sobol_output *output) {
    double candidate = 0;
    size_t votes = 0;
    const double *x;
    for (size_t column = 0; (x = column_of(design, output->values, column)) != NULL; column++) {
        for (size_t i = 0; i < design->rows; i++) {
            if (output->used[i]) {
                candidate = votes == 0 ? x[i] : candidate;
                votes = x[i] == candidate ? votes + 1 : votes - 1;
            }
        }
    }
    return candidate;
}

/* Do fewer than SMRI_SOBOL_RARE evaluations differ from the most frequent value? */
static bool differ_rarely(const smri_sobol_design *design, const smri_sobol_output *output, size_t evaluations) {
    if (evaluations > (size_t)2 * SMRI_SOBOL_RARE) {
        return evaluations - count_equal(design, output, majority(design, output)) < SMRI_SOBOL_RARE;
    }
    bool rarely = false;
    const double *x;
    for (size_t column = 0; (x = column_of(design, output->values, column)) != NULL; column++) {
        for (size_t i = 0; i < design->rows; i++) {
            rarely |= output->used[i] && evaluations - count_equal(design, output, x[i]) < SMRI_SOBOL_RARE;
        }
    }
    return rarely;
}

/* Exact sums over the rows; the terms are three a row. */
static void sum_terms(const double *terms, size_t rows, double *sums) {
    for (size_t t = 0; t < SMRI_SOBOL_TERMS; t++) {
        smri_exact_sum sum;
        smri_exact_sum_init(&sum);
        for (size_t i = 0; i < rows; i++) {
            smri_exact_sum_add(&sum, terms[SMRI_SOBOL_TERMS * i + t]);
        }
        sums[t] = smri_exact_sum_value(&sum);
    }
}

/* Centre of the used rows of A and B, exactly summed, so that no order of the rows changes it. */
static void centre(const smri_sobol_design *design, smri_sobol_output *output, size_t rows) {
    smri_exact_sum sum;
    smri_exact_sum_init(&sum);
    for (size_t i = 0; i < design->rows; i++) {
        if (output->used[i]) {
            smri_exact_sum_add(&sum, output->values->a[i] / output->scale);
            smri_exact_sum_add(&sum, output->values->b[i] / output->scale);
        }
    }
    output->centre = smri_exact_sum_value(&sum) / (2 * (double)rows);
}

/* Fills the summary but for the status of what estimates need, and makes the output ready. */
static void look_at(const smri_sobol_design *design, smri_sobol_output *output, uint8_t *used,
                    smr_sobol_summary *summary) {
    const size_t rows = mark_rows(design, output->values, used);
    double least, greatest;
    const size_t evaluations = span(design, output, &least, &greatest);
    const double size = SMRI_MAX(fabs(least), fabs(greatest));
    summary->rows = rows;
    summary->rows_left_out = design->rows - rows;
    summary->evaluations = evaluations;
    output->scale = 1;
    if (rows < 2 || evaluations <= SMRI_SOBOL_RARE) {
        summary->status = SMR_SOBOL_TOO_FEW;
        return;
    }
    output->scale = smri_binary_scale(size);
    if (greatest / output->scale - least / output->scale <= SMRI_SOBOL_ROUNDING * (size / output->scale)) {
        summary->status = SMR_SOBOL_CONSTANT;
    } else if (differ_rarely(design, output, evaluations)) {
        summary->status = SMR_SOBOL_RARE_EVENT;
    }
    centre(design, output, rows);
    summary->mean = output->centre * output->scale;
}

static void estimate(void *user, size_t at) {
    estimation *e = user;
    const smri_sobol_design *design = e->design;
    smri_sobol_output *output = &e->outputs[at];
    smr_sobol_summary *summary = &e->summaries[at];
    double *indices = e->indices + at * design->factors * SMR_SOBOL_COLUMNS;
    for (size_t i = 0; i < (size_t)design->factors * SMR_SOBOL_COLUMNS; i++) {
        indices[i] = NAN;
    }
    look_at(design, output, e->used + at * design->rows, summary);
    if (summary->status == SMR_SOBOL_TOO_FEW) {
        return;
    }
    double *terms = smri_alloc(e->context, design->rows * SMRI_SOBOL_TERMS, sizeof *terms);
    if (terms == NULL) {
        atomic_store_explicit(&e->failed, true, memory_order_relaxed);
        return;
    }
    double shared[SMRI_SOBOL_TERMS], sums[SMRI_SOBOL_TERMS];
    smri_sobol_terms(design, output, design->factors, terms);
    sum_terms(terms, design->rows, shared);
    const double n = 2 * shared[2], mean = shared[0] / n;
    summary->variance = (shared[1] / n - mean * mean) * output->scale * output->scale;
    for (uint32_t k = 0; summary->status == SMR_SOBOL_OK && k < design->factors; k++) {
        double *row = indices + (size_t)k * SMR_SOBOL_COLUMNS;
        smri_sobol_terms(design, output, k, terms);
        sum_terms(terms, design->rows, sums);
        smri_sobol_finish(design->estimator, sums, shared, &row[SMR_SOBOL_FIRST], &row[SMR_SOBOL_TOTAL]);
    }
    smri_free(e->context, terms);
}

smr_status smri_sobol_estimate(const smr_context *context, const smri_sobol_design *design,
                               const smri_sobol_values *outputs, size_t count, double *indices,
                               smr_sobol_summary *summaries, smr_error *error) {
    size_t cells;
    estimation e = {.context = context, .design = design, .indices = indices, .summaries = summaries};
    atomic_init(&e.failed, false);
    if (!smri_product(count, design->rows, &cells) || design->rows > SIZE_MAX / SMRI_SOBOL_TERMS) {
        return smri_fail_memory(error);
    }
    e.outputs = smri_calloc(context, count, sizeof *e.outputs);
    e.used = smri_alloc(context, cells, sizeof *e.used);
    smr_status status = SMR_OK;
    if (e.outputs == NULL || e.used == NULL) {
        status = smri_fail_memory(error);
    } else {
        for (size_t i = 0; i < count; i++) {
            e.outputs[i].values = &outputs[i];
            e.outputs[i].used = e.used + i * design->rows;
            summaries[i] = (smr_sobol_summary){.size = sizeof *summaries, .mean = NAN, .variance = NAN};
        }
        smri_parallel(context, count, estimate, &e);
        status = atomic_load(&e.failed)
                     ? smri_fail_memory(error)
                     : smri_sobol_bootstrap(context, design, e.outputs, summaries, count, indices, error);
    }
    smri_free(context, e.used);
    smri_free(context, e.outputs);
    return status;
}
