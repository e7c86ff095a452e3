/* SPDX-License-Identifier: MIT */
/* What was left out, as a handle. */

#include "study/stability_impl.h"

smr_leave_out *smr_leave_out_ref(smr_leave_out *result)
{
    if (result)
        atomic_fetch_add_explicit(&result->references, 1, memory_order_relaxed);
    return result;
}

void smr_leave_out_unref(smr_leave_out *result)
{
    if (!result || atomic_fetch_sub_explicit(&result->references, 1, memory_order_acq_rel) != 1)
        return;
    smr_context *context = result->context;
    const smr_context *memory = smri_context(context);
    for (size_t i = 0; i < result->item_count; i++) {
        smri_free(memory, result->items[i].scores);
        smri_free(memory, smri_mutable(result->items[i].reason));
    }
    smr_model_unref(result->model);
    smr_dataset_unref(result->dataset);
    smri_arena_free(&result->arena);
    smri_free(memory, result);
    smr_context_unref(context);
}

size_t smr_leave_out_row_count(const smr_leave_out *result)
{
    return result ? result->row_count : 0;
}

const char *smr_leave_out_region(const smr_leave_out *result, size_t row)
{
    return result && row < result->row_count ? result->regions[row] : NULL;
}

const smr_framework *smr_leave_out_framework(const smr_leave_out *result)
{
    return result ? result->model->framework : NULL;
}

size_t smr_leave_out_item_count(const smr_leave_out *result)
{
    return result ? result->item_count : 0;
}

const double *smr_leave_out_scores(const smr_leave_out *result, const double **ranks)
{
    if (ranks)
        *ranks = result ? result->ranks : NULL;
    return result ? result->scores : NULL;
}

void smr_left_out_init(smr_left_out *item, size_t size)
{
    static const smr_left_out nothing = {.size = sizeof(smr_left_out), .mean_shift = NAN, .kendall = NAN};
    smri_options_init(item, size, &nothing, sizeof nothing);
}

/* Ranks between before and after of a row; 0 for none. */
static double shift_of(const smri_left_out *item, size_t row)
{
    return row == SIZE_MAX ? 0 : fabs(item->ranks[row] - item->ranks_before[row]);
}

smr_status smr_leave_out_item(const smr_leave_out *result, size_t index, smr_left_out *item, smr_error *error)
{
    if (!result || !item)
        return smri_fail_argument(error, result ? "item" : "result", "not NULL");
    if (index >= result->item_count)
        return smri_fail_argument(error, "index", "below the number of items");
    smr_left_out known;
    smr_left_out_init(&known, sizeof known);
    const uint32_t size = item->size;
    const smr_status status = smri_options_read(&known, sizeof known, item, "smr_left_out", error);
    if (status != SMR_OK)
        return status;
    const smri_left_out *one = &result->items[index];
    smr_left_out_init(&known, sizeof known);
    known.level = one->level;
    known.id = one->id;
    known.reason = one->reason;
    if (!one->reason) {
        known.mean_shift = one->mean_shift;
        known.kendall = one->kendall;
        known.most_shift = one->most_shift;
        known.reversals = one->reversals;
        known.gains_most = smr_leave_out_region(result, one->gains);
        known.loses_most = smr_leave_out_region(result, one->loses);
        known.gain = shift_of(one, one->gains);
        known.loss = shift_of(one, one->loses);
        known.scores = one->scores;
        known.ranks = one->ranks;
        known.ranks_before = one->ranks_before;
    }
    smri_options_init(item, size, &known, sizeof known);
    return SMR_OK;
}

smr_status smr_leave_out_reversals(const smr_leave_out *result, size_t index, smr_pair_callback pair, void *user,
                                   smr_error *error)
{
    if (!result || !pair)
        return smri_fail_argument(error, result ? "pair" : "result", "not NULL");
    if (index >= result->item_count)
        return smri_fail_argument(error, "index", "below the number of items");
    const smri_left_out *item = &result->items[index];
    for (size_t a = 0; item->ranks && a < result->row_count; a++)
        for (size_t b = 0; b < result->row_count; b++)
            if (item->ranks_before[a] < item->ranks_before[b] && item->ranks[a] > item->ranks[b] && !pair(a, b, user))
                return SMR_OK;
    return SMR_OK;
}
