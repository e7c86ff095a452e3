/* SPDX-License-Identifier: MIT */
/* Robustness: bounds on ranks that hold over all weights of the spec, in place of the best and worst seen. They depend on
 * the study, not on its draws. */

#include "study/bounds_impl.h"
#include "study/robust_impl.h"

/* Draws rank by the plan; bounds count what is strictly above. Where the two mean the same: */
static smr_status check_ranking(const smri_trials *trials, smr_error *error)
{
    const smri_resolved *plan = &trials->model->plan;
    const smri_place place = {.subject = "rank"};
    const char *key = plan->decimals >= 0                                                          ? "decimals"
                      : plan->tolerance != 0                                                       ? "tolerance"
                      : plan->ties != SMRI_TIES_COMPETITION && plan->ties != SMRI_TIES_AVERAGE ? "ties"
                                                                                                   : NULL;
    return key ? smri_fail(error, SMR_MESSAGE_EXACT_BOUNDS_RANK, &place, key) : SMR_OK;
}

/* One factor, of weights; one that weighs all leaves at once says nothing of a node below the index. */
static smr_status check_factors(const smri_trials *trials, smr_error *error)
{
    for (uint32_t k = 0; k < trials->factor_count; k++) {
        const smri_factor *f = &trials->factors[k];
        const smri_place place = {.source = trials->source_name, .subject = f->path};
        if (f->vary != SMRI_VARY_WEIGHTS || k > 0)
            return smri_fail(error, SMR_MESSAGE_EXACT_BOUNDS_FACTOR, &place, f->id);
        for (uint32_t i = 1; f->leaf_level && i < trials->node_count; i++)
            if (trials->framework->nodes[trials->nodes[i]].indicator < 0)
                return smri_fail(error, SMR_MESSAGE_EXACT_BOUNDS_LEAF_LEVEL, &place, f->id,
                                 trials->framework->nodes[trials->nodes[i]].id);
    }
    return SMR_OK;
}

/* Rows of the bounds stand in the order of the data, and regions do as well. */
static smr_status take_ranks(smr_robust *robust, uint32_t number, const smr_bounds *bounds, smr_error *error)
{
    const smri_trials *trials = robust->trials;
    const smr_context *memory = smri_context(robust->context);
    size_t *rows = smri_alloc(memory, trials->region_count, sizeof *rows), next = 0;
    if (!rows)
        return smri_fail_memory(error);
    smri_trials_rows(trials, bounds->dataset, rows);
    for (uint32_t i = 0; i < trials->region_count; i++) {
        const size_t cell = (size_t)number * trials->region_count + i;
        while (next < bounds->row_count && bounds->rows[next] < rows[i])
            next++;
        const bool found = next < bounds->row_count && bounds->rows[next] == rows[i];
        robust->exact_best[cell] = found ? bounds->columns[SMR_BOUNDS_RANK_BEST][next] : NAN;
        robust->exact_worst[cell] = found ? bounds->columns[SMR_BOUNDS_RANK_WORST][next] : NAN;
    }
    robust->unproven += bounds->unproven;
    smri_free(memory, rows);
    return SMR_OK;
}

static smr_status bound_node(smr_robust *robust, uint32_t number, smr_error *error)
{
    const smri_trials *trials = robust->trials;
    const smri_node *node = &trials->framework->nodes[trials->nodes[number]];
    const size_t first = (size_t)number * trials->region_count;
    if (node->indicator >= 0) { /* no weights in it */
        for (size_t cell = first; cell < first + trials->region_count; cell++)
            robust->exact_best[cell] = robust->exact_worst[cell] = trials->ranks[cell] ? trials->ranks[cell] : NAN;
        return SMR_OK;
    }
    smr_bounds *bounds = NULL;
    smr_bounds_options options;
    smr_bounds_options_init(&options, sizeof options);
    options.node = node->id;
    options.period = trials->period;
    smr_status status = smri_bounds_run(robust->context, trials->model, trials->dataset, trials->spec,
                                        trials->source_name, &options, &bounds, error);
    if (status == SMR_OK)
        status = take_ranks(robust, number, bounds, error);
    smr_bounds_unref(bounds);
    return status;
}

/* false: out of memory */
static bool make_places(smr_robust *robust, size_t *count)
{
    const smr_context *memory = smri_context(robust->context);
    if (!smri_product(robust->trials->node_count, robust->trials->region_count, count))
        return false;
    robust->exact_best = smri_alloc(memory, *count, sizeof *robust->exact_best);
    robust->exact_worst = smri_alloc(memory, *count, sizeof *robust->exact_worst);
    return robust->exact_best && robust->exact_worst;
}

smr_status smri_robust_bound(smr_robust *robust, smr_error *error)
{
    size_t count = 0;
    smr_status status = check_ranking(robust->trials, error);
    if (status == SMR_OK)
        status = check_factors(robust->trials, error);
    if (status == SMR_OK && !make_places(robust, &count))
        status = smri_fail_memory(error);
    for (uint32_t number = 0; status == SMR_OK && number < robust->trials->node_count; number++)
        status = bound_node(robust, number, error);
    return status;
}

smr_status smri_robust_bound_like(smr_robust *robust, const smr_robust *like, smr_error *error)
{
    size_t count = 0;
    if (!like->exact_best || robust->exact_best)
        return SMR_OK;
    if (!make_places(robust, &count))
        return smri_fail_memory(error);
    memcpy(robust->exact_best, like->exact_best, count * sizeof *robust->exact_best);
    memcpy(robust->exact_worst, like->exact_worst, count * sizeof *robust->exact_worst);
    robust->unproven = like->unproven;
    return SMR_OK;
}
