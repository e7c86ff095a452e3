/* SPDX-License-Identifier: MIT */
/* What changes cost and how far they may go. */

#include "study/target_impl.h"

smr_status smr_efforts_new(smr_context *context, smr_efforts **efforts, smr_error *error)
{
    if (!efforts)
        return smri_fail_argument(error, "efforts", "a place for the result");
    *efforts = NULL;
    const smr_context *memory = smri_context(context);
    smr_efforts *made = smri_calloc(memory, 1, sizeof *made);
    if (!made)
        return smri_fail_memory(error);
    made->context = smr_context_ref(context);
    smri_arena_init(&made->arena, memory);
    *efforts = made;
    return SMR_OK;
}

void smr_efforts_free(smr_efforts *efforts)
{
    if (!efforts)
        return;
    smr_context *context = efforts->context;
    const smr_context *memory = smri_context(context);
    smri_free(memory, efforts->items);
    smri_arena_free(&efforts->arena);
    smri_free(memory, efforts);
    smr_context_unref(context);
}

smri_effort *smri_efforts_entry(smr_efforts *efforts, const char *indicator)
{
    for (size_t i = 0; i < efforts->count; i++)
        if (strcmp(efforts->items[i].indicator, indicator) == 0)
            return &efforts->items[i];
    smri_effort made = {.cost = NAN, .low = NAN, .high = NAN};
    if (!smri_arena_keep(&efforts->arena, indicator, &made.indicator) ||
        !smri_grow(smri_context(efforts->context), &efforts->items, &efforts->capacity, efforts->count + 1,
                   sizeof *efforts->items))
        return NULL;
    efforts->items[efforts->count] = made;
    return &efforts->items[efforts->count++];
}

smr_status smri_efforts_put(smr_efforts *efforts, const smri_place *place, const char *indicator, double cost,
                            double low, double high, smr_error *error)
{
    char first[SMRI_NUMBER_SIZE], second[SMRI_NUMBER_SIZE];
    if (cost == cost && !(cost > 0 && cost <= DBL_MAX)) {
        smri_number_write(first, cost);
        return smri_fail(error, SMR_MESSAGE_EFFORT_COST, place, indicator, first);
    }
    if (fabs(low) > DBL_MAX || fabs(high) > DBL_MAX || low > high) {
        smri_number_write(first, low);
        smri_number_write(second, high);
        return smri_fail(error, SMR_MESSAGE_EFFORT_BOUNDS, place, indicator, first, second);
    }
    smri_effort *entry = smri_efforts_entry(efforts, indicator);
    if (!entry)
        return smri_fail_memory(error);
    if (entry->priced)
        return smri_fail(error, SMR_MESSAGE_EFFORT_TWICE, place, indicator);
    entry->priced = true;
    entry->cost = cost;
    entry->low = low;
    entry->high = high;
    entry->source = place ? place->source : NULL;
    entry->text_row = place ? place->row : 0;
    return SMR_OK;
}

smr_status smr_efforts_set(smr_efforts *efforts, const char *indicator, double cost, double low, double high,
                           smr_error *error)
{
    if (!efforts || !indicator)
        return smri_fail_argument(error, efforts ? "indicator" : "efforts", "not NULL");
    const smri_place place = {.subject = indicator};
    return smri_efforts_put(efforts, &place, indicator, cost, low, high, error);
}

smr_status smr_efforts_fix(smr_efforts *efforts, const char *indicator, smr_error *error)
{
    if (!efforts || !indicator)
        return smri_fail_argument(error, efforts ? "indicator" : "efforts", "not NULL");
    smri_effort *entry = smri_efforts_entry(efforts, indicator);
    if (!entry)
        return smri_fail_memory(error);
    entry->fixed = true;
    return SMR_OK;
}
