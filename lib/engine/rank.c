/* SPDX-License-Identifier: MIT */
/* Ranks within periods, by the plan's tie rule. */

#include "engine/engine_impl.h"

double smri_round_decimals(double x, int32_t decimals)
{
    char text[400];
    double rounded = x;
    const size_t length = smri_number_write_fixed(text, sizeof text, x, decimals);
    if (length > 0 && smri_number_read(text, length, SMRI_NUMBER_PLAIN, &rounded) == SMRI_NUMBER_OK)
        return rounded;
    return x;
}

static smr_status rank_rows(const smr_scorecard *card, const double *scores, size_t n, double *ranks, smr_error *error)
{
    const smri_resolved *plan = &card->model->plan;
    return smri_rank_descending(smri_context(card->context), scores, n, plan->ties, plan->tolerance, ranks)
               ? SMR_OK
               : smri_fail_memory(error);
}

smr_status smri_scorecard_rank(const smr_scorecard *scorecard, uint32_t node, const double *scores, double *ranks,
                               smr_error *error)
{
    const bool upward = smri_ranks_upward(&scorecard->model->plan.aggregate[node]);
    const smr_context *memory = smri_context(scorecard->context);
    const smr_dataset *dataset = scorecard->view.dataset;
    const size_t rows = scorecard->row_count;
    const int32_t decimals = scorecard->model->plan.decimals;
    if (decimals < 0 && dataset->period_count <= 1 && !upward)
        return rank_rows(scorecard, scores, rows, ranks, error);
    double *rounded = smri_alloc(memory, rows, sizeof *rounded);
    double *part = smri_alloc(memory, rows, sizeof *part);
    double *part_ranks = smri_alloc(memory, rows, sizeof *part_ranks);
    smr_status status = rounded && part && part_ranks ? SMR_OK : smri_fail_memory(error);
    for (size_t row = 0; status == SMR_OK && row < rows; row++)
        rounded[row] = (decimals >= 0 && scores[row] == scores[row] ? smri_round_decimals(scores[row], decimals) : scores[row]) *
                       (upward ? -1 : 1);
    const uint32_t periods = SMRI_MAX(dataset->period_count, 1U);
    for (uint32_t period = 0; status == SMR_OK && period < periods; period++) {
        size_t n = 0;
        for (size_t row = 0; row < rows; row++)
            if (smri_dataset_period_of(dataset, row) == period)
                part[n++] = rounded[row];
        status = rank_rows(scorecard, part, n, part_ranks, error);
        n = 0;
        for (size_t row = 0; status == SMR_OK && row < rows; row++)
            if (smri_dataset_period_of(dataset, row) == period)
                ranks[row] = part_ranks[n++];
    }
    smri_free(memory, rounded);
    smri_free(memory, part);
    smri_free(memory, part_ranks);
    return status;
}
