/* SPDX-License-Identifier: MIT */
/* Changes to raw values, as numbers or as texts such as "+5%". */

#include "study/whatif_impl.h"

smr_status smr_changes_new(smr_context *context, smr_changes **changes, smr_error *error)
{
    if (!changes)
        return smri_fail_argument(error, "changes", "a place for the result");
    *changes = NULL;
    const smr_context *memory = smri_context(context);
    smr_changes *made = smri_calloc(memory, 1, sizeof *made);
    if (!made)
        return smri_fail_memory(error);
    made->context = smr_context_ref(context);
    smri_arena_init(&made->arena, memory);
    *changes = made;
    return SMR_OK;
}

void smr_changes_free(smr_changes *changes)
{
    if (!changes)
        return;
    smr_context *context = changes->context;
    const smr_context *memory = smri_context(context);
    smri_free(memory, changes->items);
    smri_arena_free(&changes->arena);
    smri_free(memory, changes);
    smr_context_unref(context);
}

smr_status smri_changes_put(smr_changes *changes, const smri_change *change, smr_error *error)
{
    const smr_context *memory = smri_context(changes->context);
    smri_change kept = *change;
    if (!smri_arena_keep(&changes->arena, change->region, &kept.region) ||
        !smri_arena_keep(&changes->arena, change->column, &kept.column) ||
        !smri_arena_keep(&changes->arena, change->text, &kept.text) ||
        !smri_grow(memory, &changes->items, &changes->capacity, changes->count + 1, sizeof *changes->items))
        return smri_fail_memory(error);
    changes->items[changes->count++] = kept;
    return SMR_OK;
}

smr_status smr_changes_add(smr_changes *changes, const char *region, const char *column, int32_t kind, double value,
                           smr_error *error)
{
    if (!changes || !region || !column)
        return smri_fail_argument(error, !changes ? "changes" : !region ? "region" : "column", "not NULL");
    if (kind < SMR_CHANGE_SET || kind > SMR_CHANGE_PERCENT)
        return smri_fail_argument(error, "kind", "one of smr_change_kind");
    if (!(fabs(value) <= DBL_MAX) && !(kind == SMR_CHANGE_SET && value != value))
        return smri_fail_argument(error, "value", "a finite number, or NaN to set a value to missing");
    const smri_change change = {.region = region, .column = column, .kind = kind, .value = value};
    return smri_changes_put(changes, &change, error);
}

bool smri_change_read(const char *text, size_t length, int32_t *kind, double *value)
{
    while (length > 0 && (text[0] == ' ' || text[0] == '\t')) {
        text++;
        length--;
    }
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
        length--;
    *kind = SMR_CHANGE_SET;
    const bool absolute = length > 0 && text[0] == '=';
    const bool relative = length > 1 && (text[0] == '+' || text[0] == '-');
    if (relative) {
        *kind = text[length - 1] == '%' ? SMR_CHANGE_PERCENT : SMR_CHANGE_ADD;
        length -= *kind == SMR_CHANGE_PERCENT;
    }
    const smri_number_result result =
        smri_number_read(text + absolute, length - absolute, SMRI_NUMBER_PLAIN, value);
    return result == SMRI_NUMBER_OK || (result == SMRI_NUMBER_MISSING && !relative && !absolute);
}

smr_status smr_changes_add_text(smr_changes *changes, const char *region, const char *column, const char *text,
                                smr_error *error)
{
    if (!changes || !region || !column || !text)
        return smri_fail_argument(error,
                                  !changes ? "changes" : !region ? "region" : !column ? "column" : "text", "not NULL");
    smri_change change = {.region = region, .column = column, .text = text};
    if (!smri_change_read(text, strlen(text), &change.kind, &change.value)) {
        const smri_place place = {.subject = column};
        return smri_fail(error, SMR_MESSAGE_CHANGE_TEXT, &place, text, SMRI_CHANGE_EXPECTED);
    }
    return smri_changes_put(changes, &change, error);
}
