/* SPDX-License-Identifier: MIT */
/* What a region is compared with: another region, or one that is put together from many, indicator by indicator, and
 * then scored as if it stood in the region's place. */

#include "study/explain_impl.h"

/* ---- which rows ---- */

static smr_status fail_nothing(const smri_explainer *e, size_t row, const char *why, smr_error *error)
{
    const smri_place place = smri_dataset_place(e->card->view.dataset, NULL, row);
    return smri_fail(error, SMR_MESSAGE_EXPLAIN_NO_REFERENCE, &place, smr_scorecard_region(e->card, row), why);
}

/* All of the period; or those with one of the first ranks. */
static smr_status list_period(const smri_explainer *e, size_t row, uint32_t top, smr_explanation *made,
                              smr_error *error)
{
    const smr_dataset *dataset = e->card->view.dataset;
    const size_t n = e->card->row_count;
    double *ranks = smri_alloc(e->memory, n, sizeof *ranks);
    smr_status status = ranks ? SMR_OK : smri_fail_memory(error);
    if (status == SMR_OK && top)
        status = smr_scorecard_ranks(e->card, 0, ranks, n, error);
    for (size_t i = 0; status == SMR_OK && i < n; i++)
        if (smri_dataset_period_of(dataset, i) == smri_dataset_period_of(dataset, row) && (!top || ranks[i] <= top))
            made->reference_rows[made->reference_count++] = i;
    smri_free(e->memory, ranks);
    if (status == SMR_OK && made->reference_count == 0)
        status = fail_nothing(e, row, "no region of the period has a rank", error);
    return status;
}

static smr_status list_peers(const smri_explainer *e, size_t row, size_t count, smr_explanation *made,
                             smr_error *error)
{
    made->distances = smri_arena_alloc(&made->arena, SMRI_MAX(SMRI_MIN(count, e->card->row_count), (size_t)1),
                                       sizeof *made->distances);
    if (!made->distances)
        return smri_fail_memory(error);
    smr_status status = smri_peers_find(e, row, SMRI_MIN(count, e->card->row_count), made->reference_rows,
                                        made->distances, &made->reference_count, error);
    if (status == SMR_OK && made->reference_count == 0)
        status = fail_nothing(e, row, "no other region of the period has a score of a criterion that it has", error);
    return status;
}

static smr_status list_rows(const smri_explainer *e, const smr_explanation_options *options, size_t row,
                            smr_explanation *made, smr_error *error)
{
    made->reference_rows = smri_arena_alloc(&made->arena, SMRI_MAX(e->card->row_count, options->row_count),
                                            sizeof *made->reference_rows);
    if (!made->reference_rows)
        return smri_fail_memory(error);
    switch (options->reference) {
    case SMR_REFERENCE_MEDIAN:
        return list_period(e, row, 0, made, error);
    case SMR_REFERENCE_TOP:
        return list_period(e, row, options->top, made, error);
    case SMR_REFERENCE_PEERS:
        return list_peers(e, row, options->peers, made, error);
    default:
        memcpy(made->reference_rows, options->rows, options->row_count * sizeof *options->rows);
        made->reference_count = options->row_count;
        return SMR_OK;
    }
}

/* ---- a region put together ---- */

/* Mean or median of some rows, of those that are there; NaN: none is. */
static double middle_of(const smri_explainer *e, const smr_explanation *made, const double *column, bool median,
                        double *present, bool *fine)
{
    smri_exact_sum sum;
    smri_exact_sum_init(&sum);
    size_t n = 0;
    for (size_t i = 0; i < made->reference_count; i++) {
        const double x = column[made->reference_rows[i]];
        if (x != x)
            continue;
        present[n++] = x;
        smri_exact_sum_add(&sum, x);
    }
    if (n == 0)
        return NAN;
    if (!median)
        return smri_exact_sum_value(&sum) / (double)n;
    *fine &= smri_sort_ascending(e->memory, present, n);
    return smri_midpoint(present[(n - 1) / 2], present[n / 2]);
}

static smr_status put_middles(const smri_explainer *e, const smr_explanation *made, bool median, smri_side *side,
                              smr_error *error)
{
    double *present = smri_alloc(e->memory, SMRI_MAX(made->reference_count, (size_t)1), sizeof *present);
    bool fine = present != NULL;
    smr_status status = SMR_OK;
    for (uint32_t i = 0; fine && status == SMR_OK && i < e->framework->indicator_count; i++) {
        const uint32_t node = (uint32_t)e->framework->indicators[i].node;
        const double *column = NULL;
        double *owned = NULL;
        status = smri_explain_column(e, node, &column, &owned, error);
        if (status == SMR_OK)
            side->scores[node] = middle_of(e, made, column, median, present, &fine);
        smri_free(e->memory, owned);
    }
    smri_free(e->memory, present);
    return status != SMR_OK ? status : fine ? SMR_OK : smri_fail_memory(error);
}

/* The region itself, with every indicator that has a target moved there. */
static void put_targets(const smri_explainer *e, const smr_explanation_options *options, size_t row, smri_side *side,
                        double *values)
{
    for (uint32_t i = 0; i < e->framework->indicator_count; i++) {
        const uint32_t node = (uint32_t)e->framework->indicators[i].node;
        double target = options->targets ? options->targets[i] : NAN;
        target = target == target ? target : e->framework->indicators[i].target;
        if (target != target)
            continue;
        values[node] = target;
        side->scores[node] = smri_explain_score_of(e, i, row, target);
    }
}

static smr_status score_inner(const smri_explainer *e, smri_side *side, smr_error *error)
{
    smr_status status = SMR_OK;
    for (uint32_t node = e->framework->node_count; status == SMR_OK && node-- > 0;)
        if (e->framework->nodes[node].indicator < 0)
            status = smri_explain_value(e, node, side, &side->scores[node], error);
    return status;
}

static void put_raw(const smri_explainer *e, size_t row, double *values)
{
    for (uint32_t i = 0; i < e->framework->indicator_count; i++) {
        const double *column = e->card->view.columns[i];
        values[e->framework->indicators[i].node] = column ? column[row] : NAN;
    }
}

smr_status smri_explain_reference(const smri_explainer *e, const smr_explanation_options *options, size_t row,
                                  smr_explanation *made, smri_side *side, double *values, smr_error *error)
{
    *side = (smri_side){.row = row};
    side->scores = smri_arena_alloc(e->arena, e->framework->node_count, sizeof *side->scores);
    if (!side->scores)
        return smri_fail_memory(error);
    for (uint32_t node = 0; node < e->framework->node_count; node++)
        side->scores[node] = values[node] = NAN;
    if (options->reference == SMR_REFERENCE_TARGET) {
        smr_status status = smri_explain_row(e, row, side->scores, error);
        put_raw(e, row, values);
        put_targets(e, options, row, side, values);
        return status == SMR_OK ? score_inner(e, side, error) : status;
    }
    smr_status status = list_rows(e, options, row, made, error);
    if (status != SMR_OK)
        return status;
    if (made->reference_count == 1) {
        side->row = made->reference_rows[0];
        side->real = true;
        put_raw(e, side->row, values);
        return smri_explain_row(e, side->row, side->scores, error);
    }
    status = put_middles(e, made, options->reference == SMR_REFERENCE_MEDIAN, side, error);
    return status == SMR_OK ? score_inner(e, side, error) : status;
}
