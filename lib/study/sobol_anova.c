/* SPDX-License-Identifier: MIT */
/* Sobol' indices without sampling: where every factor takes one of a few levels, the function is evaluated at every
 * combination, and the shares of the variance are sums.
 *
 *     first of i = Var(E[f | x_i]) / V        total of i = E[Var(f | all but x_i)] / V
 *
 * I. M. Sobol' (1993), Sensitivity estimates for nonlinear mathematical models, Mathematical Modelling and
 * Computational Experiments 1, 407-414; for finitely many levels this is the analysis of variance of R. A. Fisher. */
#include "study/sobol_impl.h"

typedef struct grid {
    const uint32_t *levels;
    uint32_t factors;
    size_t cells;
    double *f;             /* scaled and centred */
    double *chance;        /* of each cell */
    double *level_chances; /* factor after factor, the sum of each is 1 */
    size_t *first_level;   /* by factor: its place there */
    size_t *stride;        /* by factor: cells from one level to the next */
    double variance;       /* of f */
} grid;

static void free_grid(const smr_context *context, grid *g) {
    smri_free(context, g->f);
    smri_free(context, g->chance);
    smri_free(context, g->level_chances);
    smri_free(context, g->first_level);
    smri_free(context, g->stride);
}

/* Chances of the levels, divided by their sum. */
static void share_levels(grid *g, const double *probabilities) {
    for (uint32_t k = 0; k < g->factors; k++) {
        const size_t first = g->first_level[k];
        double sum = 0;
        for (uint32_t level = 0; level < g->levels[k]; level++) {
            sum += probabilities ? probabilities[first + level] : 1;
        }
        for (uint32_t level = 0; level < g->levels[k]; level++) {
            g->level_chances[first + level] = (probabilities ? probabilities[first + level] : 1) / sum;
        }
    }
}

static bool make_grid(const smr_context *context, const uint32_t *levels, uint32_t factors, const double *probabilities,
                      grid *g) {
    size_t all_levels = 0;
    *g = (grid){.levels = levels, .factors = factors, .cells = 1};
    for (uint32_t k = 0; k < factors; k++) {
        if (!smri_product(g->cells, levels[k], &g->cells) || !smri_sum(all_levels, levels[k], &all_levels)) {
            return false;
        }
    }
    g->f = smri_alloc(context, g->cells, sizeof *g->f);
    g->chance = smri_alloc(context, g->cells, sizeof *g->chance);
    g->level_chances = smri_alloc(context, all_levels, sizeof *g->level_chances);
    g->first_level = smri_alloc(context, factors, sizeof *g->first_level);
    g->stride = smri_alloc(context, factors, sizeof *g->stride);
    if (!g->f || !g->chance || !g->level_chances || !g->first_level || !g->stride) {
        return false;
    }
    size_t stride = g->cells, first = 0;
    for (uint32_t k = 0; k < factors; k++) {
        stride /= levels[k];
        g->stride[k] = stride;
        g->first_level[k] = first;
        first += levels[k];
    }
    share_levels(g, probabilities);
    for (size_t cell = 0; cell < g->cells; cell++) {
        g->chance[cell] = 1;
        for (uint32_t k = 0; k < factors; k++) {
            g->chance[cell] *= g->level_chances[g->first_level[k] + cell / g->stride[k] % levels[k]];
        }
    }
    return true;
}

/* Mean over the cells of one level of factor k, each with its chance among them. */
static double level_mean(const grid *g, uint32_t k, size_t level, double chance) {
    const size_t stride = g->stride[k], levels = g->levels[k];
    smri_exact_sum mean;
    smri_exact_sum_init(&mean);
    for (size_t from = level * stride; from < g->cells; from += levels * stride) {
        for (size_t cell = from; cell < from + stride; cell++) {
            smri_exact_sum_add(&mean, g->chance[cell] / chance * g->f[cell]);
        }
    }
    return smri_exact_sum_value(&mean);
}

/* Variance of what factor k alone tells: of the means of its levels. */
static double alone(const grid *g, uint32_t k) {
    smri_exact_sum sum;
    smri_exact_sum_init(&sum);
    for (size_t level = 0; level < g->levels[k]; level++) {
        const double chance = g->level_chances[g->first_level[k] + level];
        if (chance > 0) {
            const double mean = level_mean(g, k, level, chance);
            smri_exact_sum_add(&sum, chance * (mean * mean));
        }
    }
    return smri_exact_sum_value(&sum);
}

/* Mean of the variance that is left when all factors but k are known. */
static double left(const grid *g, uint32_t k) {
    const size_t stride = g->stride[k], levels = g->levels[k];
    const double *chances = g->level_chances + g->first_level[k];
    smri_exact_sum sum;
    smri_exact_sum_init(&sum);
    for (size_t from = 0; from < g->cells; from += levels * stride) {
        for (size_t cell = from; cell < from + stride; cell++) {
            double mean = 0;
            for (size_t level = 0; level < levels; level++) {
                mean += chances[level] * g->f[cell + level * stride];
            }
            for (size_t level = 0; level < levels; level++) {
                const double distance = g->f[cell + level * stride] - mean;
                smri_exact_sum_add(&sum, g->chance[cell + level * stride] * (distance * distance));
            }
        }
    }
    return smri_exact_sum_value(&sum);
}

/* Scales, centres and finds the variance. */
static int32_t centre(const double *values, grid *g, smr_sobol_summary *summary) {
    double least = INFINITY, greatest = -INFINITY;
    smri_exact_sum mean, squares;
    smri_exact_sum_init(&mean);
    smri_exact_sum_init(&squares);
    for (size_t cell = 0; cell < g->cells; cell++) {
        if (g->chance[cell] > 0) {
            if (values[cell] != values[cell]) {
                return SMR_SOBOL_INCOMPLETE;
            }
            least = SMRI_MIN(least, values[cell]);
            greatest = SMRI_MAX(greatest, values[cell]);
        }
    }
    const double size = SMRI_MAX(fabs(least), fabs(greatest)), scale = smri_binary_scale(size);
    for (size_t cell = 0; cell < g->cells; cell++) {
        g->f[cell] = g->chance[cell] > 0 ? values[cell] / scale : 0;
        smri_exact_sum_add(&mean, g->chance[cell] * g->f[cell]);
    }
    const double middle = smri_exact_sum_value(&mean);
    for (size_t cell = 0; cell < g->cells; cell++) {
        g->f[cell] -= middle;
        smri_exact_sum_add(&squares, g->chance[cell] * (g->f[cell] * g->f[cell]));
    }
    g->variance = smri_exact_sum_value(&squares);
    summary->mean = middle * scale;
    summary->variance = g->variance * scale * scale;
    return greatest / scale - least / scale <= SMRI_SOBOL_ROUNDING * (size / scale) ? SMR_SOBOL_CONSTANT : SMR_SOBOL_OK;
}

smr_status smri_sobol_anova(const smr_context *context, const double *values, const uint32_t *levels, uint32_t factors,
                            const double *probabilities, double *indices, smr_sobol_summary *summary,
                            smr_error *error) {
    grid g;
    *summary = (smr_sobol_summary){.size = sizeof *summary, .mean = NAN, .variance = NAN};
    for (size_t i = 0; i < (size_t)factors * SMR_SOBOL_COLUMNS; i++) {
        indices[i] = NAN;
    }
    const bool made = make_grid(context, levels, factors, probabilities, &g);
    if (made) {
        summary->rows = summary->evaluations = g.cells;
        summary->status = centre(values, &g, summary);
        for (uint32_t k = 0; summary->status == SMR_SOBOL_OK && k < factors; k++) {
            double *row = indices + (size_t)k * SMR_SOBOL_COLUMNS;
            row[SMR_SOBOL_FIRST] = row[SMR_SOBOL_FIRST_LOW] = row[SMR_SOBOL_FIRST_HIGH] = alone(&g, k) / g.variance;
            row[SMR_SOBOL_TOTAL] = row[SMR_SOBOL_TOTAL_LOW] = row[SMR_SOBOL_TOTAL_HIGH] = left(&g, k) / g.variance;
        }
    }
    free_grid(context, &g);
    return made ? SMR_OK : smri_fail_memory(error);
}
