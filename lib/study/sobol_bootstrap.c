/* SPDX-License-Identifier: MIT */
/* Intervals of Sobol' indices: the rows are drawn again, with replacement, and the indices estimated from each such
 * resample; the interval lies between two percentiles of these (B. Efron 1979, Bootstrap methods: another look at
 * the jackknife, Annals of Statistics 7, 1-26; for these indices G. E. B. Archer, A. Saltelli, I. M. Sobol' 1997,
 * Sensitivity measures, ANOVA-like techniques and the use of bootstrap, Journal of Statistical Computation and
 * Simulation 58, 99-120).
 *
 * Every estimator is made of sums over the rows, so that a resample is the same sums with each row counted as often
 * as it was drawn: rows times resamples times three products for a factor, several resamples side by side. */
#include "study/sobol_impl.h"

/* Resamples side by side. */
#define LANES 8
/* The counts of a pass take at most so many bytes, or what one group of lanes takes. */
#define PASS_BYTES (UINT64_C(32) << 20)
#define MOST_GROUPS 8
/* Estimates of resamples that are kept at a time. */
#define MOST_KEPT (UINT64_C(1) << 22)
/* "BOOTS": keeps the numbers drawn here apart from all others of the same seed. */
#define STREAM UINT64_C(0x424f4f5453000000)
#define QUANTILE_TYPE 7

typedef struct pass {
    const smr_context *context;
    const smri_sobol_design *design;
    const smri_sobol_output *outputs; /* of the pass */
    const smr_sobol_summary *summaries;
    double *indices;
    double *counts;         /* by group: row after row, LANES each */
    double *kept;           /* by output, factor, order (first, total): the resamples */
    uint32_t first, groups; /* resamples of this pass: from `first` on */
    atomic_bool failed;
} pass;

/* How often each row is drawn in the resamples of one group: n draws with replacement, four numbers at a time. */
static void count_group(void *user, size_t group) {
    const pass *p = user;
    const size_t n = p->design->rows;
    double *counts = p->counts + group * n * LANES;
    const uint32_t key[] = {(uint32_t)p->design->seed, (uint32_t)(p->design->seed >> 32)};
    memset(counts, 0, n * LANES * sizeof *counts);
    for (uint32_t lane = 0; lane < LANES; lane++) {
        const uint64_t stream = STREAM + p->first + (uint32_t)group * LANES + lane;
        for (size_t i = 0; i < n; i += 4) {
            const uint32_t counter[] = {(uint32_t)i, (uint32_t)((uint64_t)i >> 32), (uint32_t)stream,
                                        (uint32_t)(stream >> 32)};
            uint32_t out[4];
            smri_philox(counter, key, out);
            for (size_t k = 0; k < SMRI_MIN(n - i, 4); k++) {
                counts[((uint64_t)out[k] * n >> 32) * LANES + lane] += 1;
            }
        }
    }
}

/* Sums of the terms over the rows, each row counted as often as each lane has drawn it. */
static void sum_group(const double *terms, const double *counts, size_t rows, double sums[SMRI_SOBOL_TERMS][LANES]) {
    double first[LANES] = {0}, second[LANES] = {0}, third[LANES] = {0};
    for (size_t i = 0; i < rows; i++, terms += SMRI_SOBOL_TERMS, counts += LANES) {
        const double a = terms[0], b = terms[1], c = terms[2];
        for (size_t lane = 0; lane < LANES; lane++) {
            first[lane] += a * counts[lane];
            second[lane] += b * counts[lane];
            third[lane] += c * counts[lane];
        }
    }
    memcpy(sums[0], first, sizeof first);
    memcpy(sums[1], second, sizeof second);
    memcpy(sums[2], third, sizeof third);
}

/* One factor of one output: its estimates in every resample of the pass. */
static void resample(void *user, size_t at) {
    pass *p = user;
    const smri_sobol_design *design = p->design;
    const size_t output = at / design->factors, n = design->rows;
    if (p->summaries[output].status != SMR_SOBOL_OK) {
        return;
    }
    double *terms = smri_alloc(p->context, 2 * n * SMRI_SOBOL_TERMS, sizeof *terms);
    if (terms == NULL) {
        atomic_store_explicit(&p->failed, true, memory_order_relaxed);
        return;
    }
    const bool sharing = design->estimator != SMR_SOBOL_AZZINI;
    double *shared_terms = terms + n * SMRI_SOBOL_TERMS;
    smri_sobol_terms(design, &p->outputs[output], (uint32_t)(at % design->factors), terms);
    if (sharing) {
        smri_sobol_terms(design, &p->outputs[output], design->factors, shared_terms);
    }
    double *first = p->kept + at * 2 * design->resamples + p->first, *total = first + design->resamples;
    for (uint32_t group = 0; group < p->groups; group++) {
        double sums[SMRI_SOBOL_TERMS][LANES], shared[SMRI_SOBOL_TERMS][LANES] = {{0}};
        const double *counts = p->counts + (size_t)group * n * LANES;
        sum_group(terms, counts, n, sums);
        if (sharing) {
            sum_group(shared_terms, counts, n, shared);
        }
        for (uint32_t lane = 0; lane < LANES && p->first + group * LANES + lane < design->resamples; lane++) {
            const double own[] = {sums[0][lane], sums[1][lane], sums[2][lane]};
            const double all[] = {shared[0][lane], shared[1][lane], shared[2][lane]};
            const uint32_t place = group * LANES + lane;
            smri_sobol_finish(design->estimator, own, all, &first[place], &total[place]);
        }
    }
    smri_free(p->context, terms);
}

/* Percentiles of the resamples in which the index is defined. */
static bool percentiles(const pass *p, double *values, double *low, double *high) {
    const double tail = (1 - p->design->confidence) / 2;
    size_t count = 0;
    for (uint32_t i = 0; i < p->design->resamples; i++) {
        if (values[i] == values[i]) {
            values[count++] = values[i];
        }
    }
    if (!smri_sort_ascending(p->context, values, count)) {
        return false;
    }
    *low = smri_quantile(values, count, tail, QUANTILE_TYPE);
    *high = smri_quantile(values, count, 1 - tail, QUANTILE_TYPE);
    return true;
}

static void settle(void *user, size_t at) {
    pass *p = user;
    if (p->summaries[at / p->design->factors].status != SMR_SOBOL_OK) {
        return;
    }
    double *first = p->kept + at * 2 * p->design->resamples, *total = first + p->design->resamples;
    double *row = p->indices + at * SMR_SOBOL_COLUMNS;
    if (!percentiles(p, first, &row[SMR_SOBOL_FIRST_LOW], &row[SMR_SOBOL_FIRST_HIGH])
        || !percentiles(p, total, &row[SMR_SOBOL_TOTAL_LOW], &row[SMR_SOBOL_TOTAL_HIGH])) {
        atomic_store_explicit(&p->failed, true, memory_order_relaxed);
    }
}

/* As many outputs at a time as their estimates of all resamples fit. */
static size_t outputs_at_once(const smri_sobol_design *design) {
    const uint64_t each = (uint64_t)2 * design->factors * SMRI_MAX(design->resamples, 1);
    return (size_t)SMRI_MAX(MOST_KEPT / each, 1);
}

static uint32_t groups_at_once(const smri_sobol_design *design) {
    const uint64_t each = (uint64_t)design->rows * LANES * sizeof(double);
    const uint64_t needed = ((uint64_t)design->resamples + LANES - 1) / LANES;
    return (uint32_t)SMRI_MIN(SMRI_MAX(SMRI_MIN(PASS_BYTES / each, MOST_GROUPS), 1), needed);
}

uint64_t smri_sobol_work(const smri_sobol_design *design, size_t count) {
    return ((uint64_t)count + outputs_at_once(design) - 1) / outputs_at_once(design) * design->resamples;
}

smr_status smri_sobol_bootstrap(const smr_context *context, const smri_sobol_design *design,
                                const smri_sobol_output *outputs, const smr_sobol_summary *summaries, size_t count,
                                double *indices, smr_error *error) {
    if (design->resamples == 0 || count == 0) {
        return SMR_OK;
    }
    const size_t most = SMRI_MIN(outputs_at_once(design), count);
    const uint32_t groups = groups_at_once(design);
    size_t cells, kept;
    if (!smri_product(design->rows, (size_t)LANES * groups, &cells)
        || !smri_product(most, (size_t)2 * design->factors, &kept) || !smri_product(kept, design->resamples, &kept)) {
        return smri_fail_memory(error);
    }
    pass p = {.context = context, .design = design, .groups = groups};
    atomic_init(&p.failed, false);
    p.counts = smri_alloc(context, cells, sizeof *p.counts);
    p.kept = smri_alloc(context, kept, sizeof *p.kept);
    smr_status status = p.counts && p.kept ? SMR_OK : smri_fail_memory(error);
    uint64_t done = design->done;
    const uint64_t total = design->total ? design->total : smri_sobol_work(design, count);
    for (size_t from = 0; status == SMR_OK && from < count; from += most) {
        const size_t tasks = SMRI_MIN(most, count - from) * design->factors;
        p.outputs = outputs + from;
        p.summaries = summaries + from;
        p.indices = indices + from * design->factors * SMR_SOBOL_COLUMNS;
        for (p.first = 0; status == SMR_OK && p.first < design->resamples; p.first += groups * LANES) {
            smri_parallel(context, groups, count_group, &p);
            smri_parallel(context, tasks, resample, &p);
            done += SMRI_MIN(groups * LANES, design->resamples - p.first);
            if (atomic_load(&p.failed)) {
                status = smri_fail_memory(error);
            } else if (smri_cancelled(context, done, total, error)) {
                status = SMR_ERROR_CANCELLED;
            }
        }
        if (status == SMR_OK) {
            smri_parallel(context, tasks, settle, &p);
            status = atomic_load(&p.failed) ? smri_fail_memory(error) : SMR_OK;
        }
    }
    smri_free(context, p.kept);
    smri_free(context, p.counts);
    return status;
}
