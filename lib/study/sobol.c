/* SPDX-License-Identifier: MIT */
/* Points and indices for any function of the caller's own. */
#include "study/sobol_impl.h"

static const smr_sobol_options default_options = {
    .size = sizeof(smr_sobol_options),
    .estimator = SMR_SOBOL_AUTO,
    .resamples = 1000,
    .seed = 1,
    .confidence = 0.95,
};

static const smr_sobol_points_options default_points = {
    .size = sizeof(smr_sobol_points_options),
    .scramble = 1,
    .seed = 1,
};

static const smr_sobol_summary nothing_known = {
    .size = sizeof(smr_sobol_summary),
    .status = SMR_SOBOL_TOO_FEW,
    .mean = NAN,
    .variance = NAN,
};

void smr_sobol_options_init(smr_sobol_options *options, size_t size) {
    smri_options_init(options, size, &default_options, sizeof default_options);
}

void smr_sobol_points_options_init(smr_sobol_points_options *options, size_t size) {
    smri_options_init(options, size, &default_points, sizeof default_points);
}

void smr_sobol_summary_init(smr_sobol_summary *summary, size_t size) {
    smri_options_init(summary, size, &nothing_known, sizeof nothing_known);
}

const char *smr_sobol_status_name(int32_t status) {
    static const char *const names[] = {"ok", "constant", "rare_event", "too_few", "incomplete"};
    return status >= 0 && (size_t)status < SMRI_COUNT(names) ? names[status] : "unknown";
}

uint32_t smr_sobol_dimension_count(void) {
    return SMRI_SOBOL_DIMENSIONS;
}

/* ---- points ---- */

typedef struct columns {
    const smr_sobol_points_options *options;
    size_t count;
    double *points;
} columns;

static void fill_column(void *user, size_t at) {
    const columns *c = user;
    const uint32_t index = c->options->first_dimension + (uint32_t)at;
    smri_sobol_dimension dimension;
    smri_sobol_dimension_init(&dimension, index);
    if (c->options->scramble) {
        smri_sobol_dimension_scramble(&dimension, index, c->options->seed);
    }
    smri_sobol_dimension_fill(&dimension, c->options->first_point, c->count, c->points + at * c->count);
}

smr_status smr_sobol_points(smr_context *context, size_t count, uint32_t dimensions,
                            const smr_sobol_points_options *options, double *points, smr_error *error) {
    const uint64_t most = UINT64_C(1) << SMRI_SOBOL_BITS;
    smr_sobol_points_options wanted = default_points;
    size_t cells;
    const smr_status status = smri_options_read(&wanted, sizeof wanted, options, "smr_sobol_points_options", error);
    if (status != SMR_OK) {
        return status;
    }
    if (points == NULL && count > 0 && dimensions > 0) {
        return smri_fail_argument(error, "points", "not NULL");
    }
    if (wanted.scramble != 0 && wanted.scramble != 1) {
        return smri_fail_argument(error, "options.scramble", "0 or 1");
    }
    if (wanted.reserved != 0) {
        return smri_fail_argument(error, "options.reserved", "0");
    }
    if (wanted.first_dimension > SMRI_SOBOL_DIMENSIONS || dimensions > SMRI_SOBOL_DIMENSIONS - wanted.first_dimension) {
        return smri_fail_argument(error, "dimensions", "no more than there are from first_dimension on");
    }
    if (wanted.first_point > most || count > most - wanted.first_point
        || !smri_product(count, (size_t)dimensions * sizeof *points, &cells)) {
        return smri_fail_argument(error, "count", "no more points than there are from first_point on");
    }
    columns c = {.options = &wanted, .count = count, .points = points};
    smri_parallel(smri_context(context), dimensions, fill_column, &c);
    return SMR_OK;
}

/* ---- indices ---- */

smr_status smri_sobol_options_check(smr_sobol_options *wanted, const smr_sobol_options *options, smr_error *error) {
    *wanted = default_options;
    const smr_status status = smri_options_read(wanted, sizeof *wanted, options, "smr_sobol_options", error);
    if (status != SMR_OK) {
        return status;
    }
    if (wanted->estimator < SMR_SOBOL_AUTO || wanted->estimator > SMR_SOBOL_EXACT) {
        return smri_fail_argument(error, "options.estimator", "one of smr_sobol_estimator");
    }
    if (!(wanted->confidence > 0 && wanted->confidence < 1)) {
        return smri_fail_argument(error, "options.confidence", "above 0 and below 1");
    }
    return wanted->reserved != 0 ? smri_fail_argument(error, "options.reserved", "0") : SMR_OK;
}

/* The summary of the caller, which may be older and shorter than ours: only what it has is written. */
smr_status smri_sobol_summary_check(const smr_sobol_summary *summary, smr_error *error) {
    smr_sobol_summary known = nothing_known;
    return smri_options_read(&known, sizeof known, summary, "smr_sobol_summary", error);
}

void smri_sobol_summary_tell(smr_sobol_summary *summary, const smr_sobol_summary *made) {
    if (summary != NULL) {
        const uint32_t size = summary->size;
        memcpy(summary, made, SMRI_MIN(size, sizeof *made));
        summary->size = size;
    }
}

static smr_status check_finite(const double *values, size_t count, const char *name, smr_error *error) {
    for (size_t i = 0; i < count; i++) {
        if (fabs(values[i]) > DBL_MAX) {
            return smri_fail(error, SMR_MESSAGE_SOBOL_INFINITE, NULL, name);
        }
    }
    return SMR_OK;
}

smr_status smr_sobol_indices(smr_context *context, const double *a, const double *b, const double *ab, const double *ba,
                             size_t rows, uint32_t factors, const smr_sobol_options *options, double *indices,
                             smr_sobol_summary *summary, smr_error *error) {
    smr_sobol_options wanted;
    smr_status status = smri_sobol_options_check(&wanted, options, error);
    status = status == SMR_OK ? smri_sobol_summary_check(summary, error) : status;
    if (status != SMR_OK) {
        return status;
    }
    if (wanted.estimator == SMR_SOBOL_EXACT) {
        return smri_fail_argument(error, "options.estimator", "one that samples; smr_sobol_anova() is exact");
    }
    const int32_t estimator = wanted.estimator == SMR_SOBOL_AUTO ? SMR_SOBOL_AZZINI : wanted.estimator;
    const bool both_ways = estimator == SMR_SOBOL_AZZINI;
    if (!a || !b || !ab || (!ba && both_ways) || !indices) {
        return smri_fail_argument(error, !a ? "a" : !b ? "b" : !ab ? "ab" : !indices ? "indices" : "ba", "not NULL");
    }
    size_t cells, bytes;
    if (rows == 0 || !smri_product(rows, factors, &cells) || !smri_product(cells, sizeof *ab, &bytes)) {
        return smri_fail_argument(error, "rows", "1 or more, and as many as fit into memory");
    }
    if (factors == 0) {
        return smri_fail_argument(error, "factors", "1 or more");
    }
    status = check_finite(a, rows, "a", error);
    status = status == SMR_OK ? check_finite(b, rows, "b", error) : status;
    status = status == SMR_OK ? check_finite(ab, cells, "ab", error) : status;
    status = status == SMR_OK && both_ways ? check_finite(ba, cells, "ba", error) : status;
    if (status != SMR_OK) {
        return status;
    }
    const smr_context *memory = smri_context(context);
    const smri_sobol_design design = {
        .rows = rows,
        .factors = factors,
        .estimator = estimator,
        .resamples = wanted.resamples,
        .seed = wanted.seed,
        .confidence = wanted.confidence,
    };
    const smri_sobol_values values = {.a = a, .b = b, .ab = ab, .ba = both_ways ? ba : NULL};
    smr_sobol_summary made;
    const size_t numbers = (size_t)factors * SMR_SOBOL_COLUMNS;
    double *found = smri_alloc(memory, numbers, sizeof *found);
    status = found ? smri_sobol_estimate(memory, &design, &values, 1, found, &made, error) : smri_fail_memory(error);
    if (status == SMR_OK) {
        memcpy(indices, found, numbers * sizeof *found);
        smri_sobol_summary_tell(summary, &made);
    }
    smri_free(memory, found);
    return status;
}

/* Levels and their probabilities; counts the cells of the grid. */
static smr_status check_levels(const uint32_t *levels, uint32_t factors, const double *probabilities, size_t *cells,
                               smr_error *error) {
    size_t first = 0;
    *cells = 1;
    for (uint32_t k = 0; k < factors; k++) {
        double sum = 0;
        if (levels[k] == 0 || !smri_product(*cells, levels[k], cells)) {
            return smri_fail_argument(error, "levels", "1 or more each, and a grid that fits into memory");
        }
        for (uint32_t level = 0; probabilities && level < levels[k]; level++) {
            const double p = probabilities[first + level];
            if (!(p >= 0 && p <= DBL_MAX)) {
                return smri_fail_argument(error, "probabilities", "finite, and 0 or more");
            }
            sum += p;
        }
        if (probabilities && !(sum > 0 && sum <= DBL_MAX)) {
            return smri_fail_argument(error, "probabilities", "a finite sum above 0 for each factor");
        }
        first += levels[k];
    }
    return SMR_OK;
}

smr_status smr_sobol_anova(smr_context *context, const double *values, const uint32_t *levels, uint32_t factors,
                           const double *probabilities, double *indices, smr_sobol_summary *summary, smr_error *error) {
    const smr_context *memory = smri_context(context);
    if (!values || !levels || !indices) {
        return smri_fail_argument(error, !values ? "values" : !levels ? "levels" : "indices", "not NULL");
    }
    if (factors == 0) {
        return smri_fail_argument(error, "factors", "1 or more");
    }
    size_t cells;
    smr_status status = smri_sobol_summary_check(summary, error);
    status = status == SMR_OK ? check_levels(levels, factors, probabilities, &cells, error) : status;
    status = status == SMR_OK ? check_finite(values, cells, "values", error) : status;
    if (status != SMR_OK) {
        return status;
    }
    smr_sobol_summary made;
    const size_t numbers = (size_t)factors * SMR_SOBOL_COLUMNS;
    double *found = smri_alloc(memory, numbers, sizeof *found);
    status = found ? smri_sobol_anova(memory, values, levels, factors, probabilities, found, &made, error)
                   : smri_fail_memory(error);
    if (status == SMR_OK) {
        memcpy(indices, found, numbers * sizeof *found);
        smri_sobol_summary_tell(summary, &made);
    }
    smri_free(memory, found);
    return status;
}
