/* SPDX-License-Identifier: MIT */
/* The regions that are most like one: by the distance of their criteria. */

#include "study/explain_impl.h"

/* What one step on the scale of a criterion is: the range that all of them share, else the standard deviation of each
 * over the period. 0: no spread, and the criterion tells no two regions apart. */
static smr_status find_unit(const smri_explainer *e, const double *column, uint32_t period, double *unit,
                            smr_error *error)
{
    const smr_dataset *dataset = e->card->view.dataset;
    const double range = e->model->child_high[0] - e->model->child_low[0];
    *unit = range;
    if (range > 0)
        return SMR_OK;
    double *present = smri_alloc(e->memory, SMRI_MAX(e->card->row_count, (size_t)1), sizeof *present);
    smri_summary summary;
    size_t n = 0;
    for (size_t row = 0; present && row < e->card->row_count; row++)
        if (smri_dataset_period_of(dataset, row) == period)
            present[n++] = column[row];
    const bool fine = present && smri_summary_make(e->memory, present, n, 1, SMRI_NEED_EXTENT | SMRI_NEED_VARIANCE,
                                                   NULL, &summary);
    if (fine) {
        const double variance = summary.least < summary.greatest ? smri_summary_variance(&summary, 1) : 0;
        *unit = variance > 0 && variance <= DBL_MAX ? sqrt(variance) : 0;
        smri_summary_free(e->memory, &summary);
    }
    smri_free(e->memory, present);
    return fine ? SMR_OK : smri_fail_memory(error);
}

/* squares and shared, by row: sum of the squared distances, and the number of criteria that they are over. */
static smr_status add_criterion(const smri_explainer *e, uint32_t node, size_t row, double *squares, double *shared,
                                smr_error *error)
{
    const smr_dataset *dataset = e->card->view.dataset;
    const uint32_t period = smri_dataset_period_of(dataset, row);
    const double *column = NULL;
    double *owned = NULL, unit = 0;
    smr_status status = smri_explain_column(e, node, &column, &owned, error);
    if (status == SMR_OK)
        status = find_unit(e, column, period, &unit, error);
    for (size_t i = 0; status == SMR_OK && i < e->card->row_count; i++) {
        const double gap = unit > 0 ? (column[i] - column[row]) / unit : column[i] == column[row] ? 0 : NAN;
        if (i == row || gap != gap || smri_dataset_period_of(dataset, i) != period)
            continue;
        squares[i] += gap * gap;
        shared[i] += 1;
    }
    smri_free(e->memory, owned);
    return status;
}

smr_status smri_peers_find(const smri_explainer *e, size_t row, size_t count, size_t *rows, double *distances,
                           size_t *found, smr_error *error)
{
    const smri_node *nodes = e->framework->nodes;
    const size_t n = e->card->row_count;
    double *near = smri_calloc(e->memory, n, sizeof *near), *shared = smri_calloc(e->memory, n, sizeof *shared);
    uint32_t *order = smri_alloc(e->memory, n, sizeof *order);
    smr_status status = near && shared && order ? SMR_OK : smri_fail_memory(error);
    *found = 0;
    for (int32_t child = nodes[0].first_child; status == SMR_OK && child >= 0; child = nodes[child].next_sibling)
        if (e->model->weights[child] > 0)
            status = add_criterion(e, (uint32_t)child, row, near, shared, error);
    for (size_t i = 0; status == SMR_OK && i < n; i++)
        near[i] = shared[i] > 0 ? 0.0 - sqrt(near[i] / shared[i]) : NAN;
    if (status == SMR_OK && !smri_order_descending(e->memory, near, n, order))
        status = smri_fail_memory(error);
    for (size_t place = 0; status == SMR_OK && place < n && *found < count; place++) {
        const size_t peer = order[place];
        if (near[peer] != near[peer])
            break;
        rows[*found] = peer;
        if (distances)
            distances[*found] = 0.0 - near[peer] + 0.0;
        ++*found;
    }
    smri_free(e->memory, near);
    smri_free(e->memory, shared);
    smri_free(e->memory, order);
    return status;
}

smr_status smr_peers_find(smr_context *context, const smr_scorecard *scorecard, size_t row, size_t count, size_t *rows,
                          double *distances, size_t *found, smr_error *error)
{
    if (!found)
        return smri_fail_argument(error, "found", "a place for the result");
    *found = 0;
    if (!scorecard || (!rows && count > 0))
        return smri_fail_argument(error, scorecard ? "rows" : "scorecard", "not NULL");
    if (row >= scorecard->row_count)
        return smri_fail_argument(error, "row", "a row of the scorecard");
    const smri_explainer e = {.memory = smri_context(context),
                              .card = scorecard,
                              .model = scorecard->model,
                              .framework = scorecard->model->framework};
    const smr_status status = smri_peers_find(&e, row, count, rows, distances, found, error);
    *found = status == SMR_OK ? *found : 0;
    return status;
}
