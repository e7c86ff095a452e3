/* SPDX-License-Identifier: MIT */
/* Weights and constants that come from the scores of the children, from the leaves up. */

#include "engine/engine_impl.h"

bool smri_fits_node(const smr_model *model, uint32_t node)
{
    return model->plan.weights[node].method->weigh_rows || model->plan.aggregate[node].method->fit_rows;
}

/* What one node decides from the scores below it. */
static smr_status fit_node(smr_context *context, smr_model *model, const smri_view *view, uint32_t node,
                           smr_error *error)
{
    const smr_context *memory = smri_context(context);
    const smr_dataset *dataset = view->dataset;
    const uint32_t count = (uint32_t)model->framework->nodes[node].child_count;
    const size_t rows = dataset->row_count;
    double **scores = smri_family_new(memory, count, rows);
    const char **regions = smri_alloc(memory, rows, sizeof *regions), **periods = NULL;
    double *weights = smri_alloc(memory, count, sizeof *weights);
    uint8_t *statuses = smri_alloc(memory, rows, 1);
    smr_status status = scores && regions && weights && statuses
                            ? smri_family_scores(context, view, node, scores, NULL, error)
                            : smri_fail_memory(error);
    if (status == SMR_OK && dataset->period_count > 0) {
        periods = smri_alloc(memory, rows, sizeof *periods);
        status = periods ? SMR_OK : smri_fail_memory(error);
    }
    for (size_t row = 0; status == SMR_OK && row < rows; row++) {
        regions[row] = smr_dataset_region(dataset, row);
        if (periods)
            periods[row] = dataset->periods[smri_dataset_period_of(dataset, row)].id;
    }
    smri_family_rows family = {.context = memory,
                               .framework = model->framework,
                               .node = node,
                               .scores = (const double *const *)scores,
                               .count = count,
                               .n = rows,
                               .low = model->child_low[node],
                               .high = model->child_high[node],
                               .regions = regions,
                               .periods = periods};
    const smri_choice *weigh = &model->plan.weights[node], *aggregate = &model->plan.aggregate[node];
    if (status == SMR_OK && weigh->method->weigh_rows) {
        status = weigh->method->weigh_rows(weigh, &family, weights, error);
        if (status == SMR_OK && model->variation && model->variation->reweigh)
            model->variation->reweigh(model->variation->user, node, weights, count);
        if (status == SMR_OK)
            smri_model_set_weights(model, node, weights);
    }
    family.weights = model->child_weights + model->child_starts[node];
    if (status == SMR_OK && aggregate->method->fit_rows)
        status = smri_node_judge(memory, model, node, scores, rows, statuses, error);
    if (status == SMR_OK && aggregate->method->fit_rows)
        status = aggregate->method->fit_rows(aggregate, &family, &model->arena, &model->aggregate[node], error);
    smri_family_free(memory, scores, count);
    smri_free(memory, regions);
    smri_free(memory, periods);
    smri_free(memory, weights);
    smri_free(memory, statuses);
    return status;
}

smr_status smri_fit_tree(smr_context *context, smr_model *model, smri_view *view, smr_error *error)
{
    const smr_framework *framework = model->framework;
    smr_status status = SMR_OK;
    for (uint32_t node = framework->node_count; status == SMR_OK && node-- > 0;) {
        if (framework->nodes[node].indicator >= 0)
            continue;
        if (smri_fits_node(model, node)) {
            /* What lies below and needs all regions comes first; nodes above it are not asked for yet. */
            for (uint32_t below = (uint32_t)framework->nodes[node].end; status == SMR_OK && below-- > node + 1;)
                if (smri_is_whole(model, below))
                    status = smri_whole_run(context, view, below, error);
            if (status == SMR_OK)
                status = fit_node(context, model, view, node, error);
        }
    }
    smri_model_multiply_weights(model);
    return status;
}
