/* SPDX-License-Identifier: MIT */
/* A spec of what varies from JSON. Its factors are checked when it meets a framework. */

#include "io/io_impl.h"

#include "study/robust_impl.h"

/* A whole number from `least` up to 2^53, at a key of the spec. */
static smr_status read_whole(const smr_uncertainty *made, const char *key, double least, const char *expected,
                             uint64_t *number, bool *has, smr_error *error)
{
    const smri_value *value = smri_value_get(made->spec, key);
    *has = value && value->type != SMRI_NULL;
    if (!*has)
        return SMR_OK;
    if (value->type == SMRI_NUMBER && value->number >= least && value->number <= 0x1p53 &&
        (double)(uint64_t)value->number == value->number) {
        *number = (uint64_t)value->number;
        return SMR_OK;
    }
    char found[SMRI_EXCERPT_SIZE];
    const smri_place place = {.source = made->source_name, .subject = key};
    smri_json_describe(value, found);
    return smri_fail(error, SMR_MESSAGE_SPEC_VALUE, &place, "the spec", key, found, expected);
}

smr_status smr_uncertainty_read(smr_context *context, const char *text, size_t length, const char *source_name,
                                smr_uncertainty **uncertainty, smr_error *error)
{
    if (!uncertainty)
        return smri_fail_argument(error, "uncertainty", "a place for the result");
    *uncertainty = NULL;
    if (!text)
        return smri_fail_argument(error, "text", "not NULL");
    const smr_context *memory = smri_context(context);
    smri_arena arena;
    smri_arena_init(&arena, memory);
    const smri_value *root = NULL;
    smr_uncertainty *made = NULL;
    smr_status status = smri_json_read(memory, &arena, text, length, source_name, &root, error);
    if (status == SMR_OK && root->type != SMRI_OBJECT) {
        const smri_place place = {.source = source_name};
        char found[SMRI_EXCERPT_SIZE];
        smri_json_describe(root, found);
        status = smri_fail(error, SMR_MESSAGE_SPEC_SHAPE, &place, found);
    }
    if (status == SMR_OK)
        status = smri_json_check_format(root, "smartregion-uncertainty", source_name, error);
    if (status == SMR_OK)
        status = smri_uncertainty_new(context, root, source_name, &made, error);
    smri_arena_free(&arena);
    if (status == SMR_OK)
        status = read_whole(made, "draws", 1, "a whole number, 1 or more", &made->draws, &made->has_draws, error);
    if (status == SMR_OK)
        status = read_whole(made, "seed", 0, "a whole number, 0 or more", &made->seed, &made->has_seed, error);
    if (status != SMR_OK) {
        smr_uncertainty_unref(made);
        return status;
    }
    *uncertainty = made;
    return SMR_OK;
}
