/* SPDX-License-Identifier: MIT */
/* The layers of a plan, laid over one another key by key: built-in, preset, the framework's, the plan's own. */

#include "engine/engine_impl.h"

/* Keys of the first level that are no steps. */
static const char *const other_keys[] = {"format", "left_out", "preset"};

const char *smri_did_you_mean(char out[SMRI_PLAN_TEXT], const char *nearest)
{
    if (!nearest) {
        out[0] = '\0';
        return out;
    }
    char cut[SMRI_PLAN_TEXT - 24];
    smri_text_cut(cut, sizeof cut, nearest);
    size_t length = strlen(cut);
    memcpy(out, ", did you mean \"", 16);
    memcpy(out + 16, cut, length);
    memcpy(out + 16 + length, "\"?", 3);
    return out;
}

smr_status smri_resolver_fail(const smri_resolver *resolver, int32_t code, uint32_t layer, const char *path,
                              const char *const *texts, size_t count)
{
    const smri_place place = {.source = resolver->layers[layer].source_name, .subject = path};
    return smri_fail_texts(resolver->error, code, &place, texts, count);
}

static int step_find(const char *key)
{
    for (int step = 0; step < SMRI_STEP_COUNT; step++)
        if (strcmp(smri_steps[step].name, key) == 0)
            return step;
    return -1;
}

static smr_status fail_in_layer(const smri_layer *layer, int32_t code, const char *key, const char *const *texts,
                                smr_error *error)
{
    const smri_place place = {.source = layer->source_name, .subject = key};
    return smri_fail_texts(error, code, &place, texts, 2);
}

smr_status smri_layer_check(const smri_layer *layer, smr_error *error)
{
    for (const smri_value *member = layer->object->first; member; member = member->next) {
        bool known = false;
        for (size_t i = 0; i < SMRI_COUNT(other_keys); i++)
            known |= strcmp(other_keys[i], member->key) == 0;
        if (known)
            continue;
        if (step_find(member->key) < 0) {
            const char *candidates[SMRI_STEP_COUNT + SMRI_COUNT(other_keys)];
            for (int step = 0; step < SMRI_STEP_COUNT; step++)
                candidates[step] = smri_steps[step].name;
            for (size_t i = 0; i < SMRI_COUNT(other_keys); i++)
                candidates[SMRI_STEP_COUNT + i] = other_keys[i];
            char hint[SMRI_PLAN_TEXT];
            smri_did_you_mean(hint, smri_text_nearest(member->key, candidates, SMRI_COUNT(candidates)));
            const char *const texts[] = {member->key, hint};
            return fail_in_layer(layer, SMR_MESSAGE_PLAN_KEY_UNKNOWN, member->key, texts, error);
        }
        if (member->type != SMRI_OBJECT && member->type != SMRI_NULL && member->type != SMRI_TEXT) {
            static const char *const texts[] = {"another type", "an object of options, or the name of a method"};
            return fail_in_layer(layer, SMR_MESSAGE_PLAN_VALUE, member->key, texts, error);
        }
    }
    return SMR_OK;
}

/* The preset that the highest layer names, as data; NULL in *preset: none. */
static smr_status find_preset(smri_resolver *resolver, const smri_layer *layers, uint32_t count,
                              const smri_value **preset, const char **name)
{
    *preset = NULL;
    for (uint32_t i = count; i-- > 0;) {
        const smri_value *value = smri_value_get(layers[i].object, "preset");
        if (!value || value->type == SMRI_NULL)
            continue;
        const smri_place place = {.source = layers[i].source_name, .subject = "preset"};
        bool known = false;
        if (value->type == SMRI_TEXT)
            *preset = smri_preset_value(resolver->arena, value->text, &known);
        if (*preset) {
            *name = value->text;
            return SMR_OK;
        }
        if (known)
            return smri_fail_memory(resolver->error);
        return smri_fail(resolver->error, SMR_MESSAGE_PLAN_VALUE, &place,
                         value->type == SMRI_TEXT ? value->text : "no text", "the name of a preset");
    }
    return SMR_OK;
}

smr_status smri_resolver_stack(smri_resolver *resolver, const smr_plan *plan)
{
    const uint32_t own = plan ? plan->layer_count : 0;
    resolver->layers = smri_arena_calloc(resolver->arena, (size_t)own + 3, sizeof *resolver->layers);
    smri_value *nothing = smri_value_new(resolver->arena, SMRI_OBJECT);
    if (!resolver->layers || !nothing)
        return smri_fail_memory(resolver->error);
    smri_layer *above = resolver->layers + 2;
    uint32_t count = 0;
    if (resolver->framework->plan)
        above[count++] = (smri_layer){resolver->framework->plan, resolver->framework->source_name, false};
    for (uint32_t i = 0; i < own; i++)
        above[count++] = plan->layers[i];
    const smri_value *preset = NULL;
    const char *preset_name = NULL;
    smr_status status = find_preset(resolver, above, count, &preset, &preset_name);
    if (status != SMR_OK)
        return status;
    resolver->layers[0].object = nothing;
    resolver->layers[1] = (smri_layer){preset ? preset : nothing, preset_name, true};
    resolver->layer_count = count + 2;
    for (uint32_t i = 0; status == SMR_OK && i < resolver->layer_count; i++)
        status = smri_layer_check(&resolver->layers[i], resolver->error);
    return status;
}

const smri_entry *smri_entries_find(const smri_entries *entries, const char *key)
{
    for (uint32_t i = 0; i < entries->count; i++)
        if (strcmp(entries->items[i].key, key) == 0)
            return &entries->items[i];
    return NULL;
}

/* Lays the members of one object over the entries; room for them has been made. */
static bool lay_over(smri_resolver *resolver, smri_entries *entries, const smri_value *object, uint32_t layer,
                     const char *except)
{
    for (const smri_value *member = object->first; member; member = member->next) {
        if (except && strcmp(member->key, except) == 0)
            continue;
        smri_entry *found = NULL;
        for (uint32_t i = 0; i < entries->count && !found; i++)
            if (strcmp(entries->items[i].key, member->key) == 0)
                found = &entries->items[i];
        if (!found) {
            found = &entries->items[entries->count++];
            *found = (smri_entry){.key = member->key, .value = member};
        } else if (found->value->type == SMRI_OBJECT && member->type == SMRI_OBJECT) {
            found->value = smri_value_merge(resolver->arena, found->value, member);
            if (!found->value)
                return false;
        } else {
            found->value = member;
        }
        found->layer = layer;
    }
    return true;
}

static bool is_null(const smri_value *value)
{
    return value && value->type == SMRI_NULL;
}

/* A method may be given by its name alone. */
static const smri_value *as_object(smri_resolver *resolver, const smri_value *value)
{
    if (value->type != SMRI_TEXT)
        return value;
    smri_value *object = smri_value_new(resolver->arena, SMRI_OBJECT);
    smri_value *method = smri_value_text(resolver->arena, value->text, strlen(value->text));
    return object && smri_value_append(resolver->arena, object, "method", method) ? object : NULL;
}

/* Makes room for the members of `values[0..count-1]` and lays them over one another. */
static smr_status lay_all(smri_resolver *resolver, const smri_value **values, const uint32_t *layers, uint32_t count,
                          const char *except, smri_entries *entries)
{
    size_t most = 1;
    for (uint32_t i = 0; i < count; i++)
        most += values[i]->type == SMRI_TEXT ? 1 : values[i]->count;
    entries->count = 0;
    entries->items = smri_arena_calloc(resolver->arena, most, sizeof *entries->items);
    if (!entries->items)
        return smri_fail_memory(resolver->error);
    for (uint32_t i = 0; i < count; i++) {
        const smri_value *object = as_object(resolver, values[i]);
        if (!object || !lay_over(resolver, entries, object, layers[i], except))
            return smri_fail_memory(resolver->error);
    }
    return SMR_OK;
}

smr_status smri_resolver_step(smri_resolver *resolver, smri_step step, smri_entries *entries)
{
    const smri_value **values = smri_arena_alloc(resolver->arena, resolver->layer_count, sizeof *values);
    uint32_t *layers = smri_arena_alloc(resolver->arena, resolver->layer_count, sizeof *layers);
    if (!values || !layers)
        return smri_fail_memory(resolver->error);
    uint32_t count = 0;
    for (uint32_t i = 0; i < resolver->layer_count; i++) {
        const smri_value *value = smri_value_get(resolver->layers[i].object, smri_steps[step].name);
        if (!value)
            continue;
        if (value->type == SMRI_NULL) { /* back to the built-in defaults */
            count = 0;
            continue;
        }
        values[count] = value;
        layers[count++] = i;
    }
    return lay_all(resolver, values, layers, count, smri_steps[step].overrides, entries);
}

smr_status smri_resolver_override(smri_resolver *resolver, smri_step step, const char *id, bool is_root,
                                  const smri_value *lowest, smri_entries *entries)
{
    const smri_step_row *row = &smri_steps[step];
    const smri_value **values = smri_arena_alloc(resolver->arena, (size_t)resolver->layer_count + 1, sizeof *values);
    uint32_t *layers = smri_arena_alloc(resolver->arena, (size_t)resolver->layer_count + 1, sizeof *layers);
    if (!values || !layers)
        return smri_fail_memory(resolver->error);
    uint32_t count = 0;
    if (lowest && lowest->type != SMRI_NULL) {
        values[count] = lowest;
        layers[count++] = 0;
    }
    const uint32_t below = count;
    for (uint32_t i = 0; i < resolver->layer_count; i++) {
        const smri_value *own = smri_value_get(resolver->layers[i].object, row->name);
        const smri_value *table = smri_value_get(own, row->overrides);
        const smri_value *value = smri_value_get(table, id);
        if (!value && is_root)
            value = smri_value_get(table, "root");
        if (is_null(own) || is_null(table) || is_null(value)) { /* back to what stands below all layers */
            count = below;
            continue;
        }
        if (!value)
            continue;
        if (value->type != SMRI_TEXT && value->type != SMRI_OBJECT) {
            static const char *const texts[] = {"another type", "the name of a method, or an object"};
            return smri_resolver_fail(resolver, SMR_MESSAGE_PLAN_VALUE, i, id, texts, 2);
        }
        values[count] = value;
        layers[count++] = i;
    }
    if (count == 0) {
        *entries = (smri_entries){NULL, 0};
        return SMR_OK;
    }
    return lay_all(resolver, values, layers, count, NULL, entries);
}
