/* SPDX-License-Identifier: MIT */
/* The way of every indicator of one region: raw, denominated, imputed, treated, transformed, normalised, with the
 * anchors that the normaliser used. */

#include "study/explain_impl.h"

/* The set of bounds that a row is scored with. */
static uint32_t set_of(const smri_view *view, size_t row)
{
    const char *period = smr_dataset_period(view->dataset, row);
    for (uint32_t set = 0; view->model->sets && set < view->model->set_count; set++)
        if (smri_text_equal(view->model->sets[set], period))
            return set;
    return 0;
}

double smri_explain_score_of(const smri_explainer *e, uint32_t indicator, size_t row, double value)
{
    uint8_t status = SMR_CELL_OK;
    smri_leaf_run_imputed(e->model, smri_context_kernels(e->memory), set_of(&e->card->view, row), indicator,
                          SMRI_STAGE_NORMALISE, &value, &status, 1);
    return value;
}

static double value_after(const smri_explainer *e, uint32_t indicator, size_t row, smri_stage stage, uint8_t *status)
{
    const smri_view *view = &e->card->view;
    const uint32_t table = e->model->impute_groups[indicator];
    double x = view->columns[indicator] ? view->columns[indicator][row] : NAN;
    double denominator = view->denominators[indicator] ? view->denominators[indicator][row] : NAN;
    const uint32_t *groups = table == SMRI_NONE ? NULL : &view->groups[table][row];
    smri_leaf_run(e->model, smri_context_kernels(e->memory), set_of(view, row), indicator, stage, view->denominated,
                  &denominator, groups, &x, status, 1);
    return x;
}

/* What the normaliser calls the foot and the head of its scale; NaN: it has none (ranks). */
static void find_anchors(const smri_explainer *e, uint32_t indicator, size_t row, double *low, double *high)
{
    const smr_model *model = e->model;
    const smri_leaf *leaf =
        &model->leaves[(size_t)set_of(&e->card->view, row) * e->framework->indicator_count + indicator];
    const smri_scale *scale = &model->scales[indicator];
    *low = *high = NAN;
    if (model->plan.normalise[indicator].method->flags & SMRI_METHOD_NEEDS_GOALPOSTS) {
        *low = scale->worst;
        *high = scale->best;
    } else if (leaf->affine) {
        *low = leaf->map.origin;
        *high = leaf->map.origin + leaf->map.width;
    }
}

static void trace(const smri_explainer *e, uint32_t indicator, smr_explanation *made)
{
    const smri_view *view = &e->card->view;
    const smri_kernels *kernels = smri_context_kernels(e->memory);
    const smri_resolved *plan = &e->model->plan;
    const uint32_t node = (uint32_t)e->framework->indicators[indicator].node, set = set_of(view, made->row);
    double *const *numbers = made->numbers;
    uint8_t status = SMR_CELL_OK;
    numbers[SMR_EXPLANATION_VALUE][node] = value_after(e, indicator, made->row, SMRI_STAGE_RAW, &status);
    numbers[SMR_EXPLANATION_DENOMINATED][node] = value_after(e, indicator, made->row, SMRI_STAGE_DENOMINATE, &status);
    double x;
    if (view->prepared && view->prepared[indicator]) {
        x = view->prepared[indicator][made->row];
        status = view->prepared_statuses[indicator][made->row];
    } else {
        x = value_after(e, indicator, made->row, SMRI_STAGE_IMPUTE, &status);
    }
    numbers[SMR_EXPLANATION_IMPUTED][node] = x;
    if (status == SMR_CELL_IMPUTED)
        made->texts[SMR_EXPLANATION_IMPUTATION][node] = plan->impute[indicator].method->name;
    smri_leaf_run_imputed(e->model, kernels, set, indicator, SMRI_STAGE_TREAT, &x, &status, 1);
    numbers[SMR_EXPLANATION_TREATED][node] = x;
    if (plan->treat[indicator].method->change)
        made->texts[SMR_EXPLANATION_TREATMENT][node] = plan->treat[indicator].method->name;
    smri_leaf_transform(e->model, kernels, indicator, &x, &status, 1);
    numbers[SMR_EXPLANATION_TRANSFORMED][node] = x;
    made->texts[SMR_EXPLANATION_NORMALISATION][node] = plan->normalise[indicator].method->name;
    find_anchors(e, indicator, made->row, &numbers[SMR_EXPLANATION_LOW_ANCHOR][node],
                 &numbers[SMR_EXPLANATION_HIGH_ANCHOR][node]);
}

smr_status smri_explain_trace(const smri_explainer *e, smr_explanation *made, smr_error *error)
{
    const size_t n = e->card->row_count;
    double *ranks = smri_alloc(e->memory, n, sizeof *ranks);
    uint8_t *statuses = smri_alloc(e->memory, n, 1);
    smr_status status = ranks && statuses ? SMR_OK : smri_fail_memory(error);
    for (uint32_t i = 0; status == SMR_OK && i < e->framework->indicator_count; i++)
        trace(e, i, made);
    for (uint32_t node = 0; status == SMR_OK && node < e->framework->node_count; node++) {
        if (e->framework->nodes[node].indicator < 0)
            made->texts[SMR_EXPLANATION_AGGREGATION][node] =
                (e->model->plan.weights[node].method->score_rows ? &e->model->plan.weights[node]
                                                                 : &e->model->plan.aggregate[node])->method->name;
        status = smr_scorecard_ranks(e->card, node, ranks, n, error);
        if (status == SMR_OK)
            status = smr_scorecard_statuses(e->card, node, statuses, n, error);
        if (status != SMR_OK)
            break;
        made->numbers[SMR_EXPLANATION_RANK][node] = ranks[made->row];
        made->statuses[node] = statuses[made->row];
    }
    smri_free(e->memory, ranks);
    smri_free(e->memory, statuses);
    return status;
}
