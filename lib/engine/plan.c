/* SPDX-License-Identifier: MIT */
/* Plans and their builder: layers of plain data, checked only when they are used. */

#include "engine/engine_impl.h"

static smr_plan *plan_new(smr_context *context)
{
    const smr_context *memory = smri_context(context);
    smr_plan *plan = smri_calloc(memory, 1, sizeof *plan);
    if (!plan)
        return NULL;
    atomic_init(&plan->references, 1);
    plan->context = smr_context_ref(context);
    smri_arena_init(&plan->arena, memory);
    return plan;
}

/* Copies a layer of data to the end; false: out of memory. */
static bool add_layer(smr_plan *plan, const smri_value *object, const char *source_name)
{
    smri_layer *layer = &plan->layers[plan->layer_count];
    layer->object = smri_value_copy(&plan->arena, object);
    layer->source_name = source_name ? smri_arena_text(&plan->arena, source_name, strlen(source_name)) : NULL;
    if (!layer->object || (source_name && !layer->source_name))
        return false;
    plan->layer_count++;
    return true;
}

static bool reserve_layers(smr_plan *plan, size_t count)
{
    plan->layers = smri_arena_calloc(&plan->arena, count ? count : 1, sizeof *plan->layers);
    return plan->layers != NULL;
}

smr_status smri_plan_from_value(smr_context *context, const smri_value *object, const char *source_name,
                                smr_plan **plan, smr_error *error)
{
    *plan = NULL;
    smr_plan *made = plan_new(context);
    if (!made || !reserve_layers(made, 1) || !add_layer(made, object, source_name)) {
        smr_plan_unref(made);
        return smri_fail_memory(error);
    }
    *plan = made;
    return SMR_OK;
}

smr_status smr_plan_overlay(smr_context *context, const smr_plan *lower, const smr_plan *upper, smr_plan **plan,
                            smr_error *error)
{
    if (!plan)
        return smri_fail_argument(error, "plan", "a place for the result");
    *plan = NULL;
    if (!lower || !upper)
        return smri_fail_argument(error, lower ? "upper" : "lower", "a plan");
    smr_plan *made = plan_new(context);
    size_t count = (size_t)lower->layer_count + upper->layer_count;
    bool fine = made && reserve_layers(made, count);
    for (uint32_t i = 0; fine && i < lower->layer_count; i++)
        fine = add_layer(made, lower->layers[i].object, lower->layers[i].source_name);
    for (uint32_t i = 0; fine && i < upper->layer_count; i++)
        fine = add_layer(made, upper->layers[i].object, upper->layers[i].source_name);
    if (!fine) {
        smr_plan_unref(made);
        return smri_fail_memory(error);
    }
    *plan = made;
    return SMR_OK;
}

smr_status smr_plan_preset(smr_context *context, const char *name, smr_plan **plan, smr_error *error)
{
    if (!plan)
        return smri_fail_argument(error, "plan", "a place for the result");
    *plan = NULL;
    if (!name)
        return smri_fail_argument(error, "name", "the name of a preset");
    smri_arena arena;
    smri_arena_init(&arena, smri_context(context));
    bool known = false;
    const smri_value *object = smri_preset_value(&arena, name, &known);
    smr_status status;
    if (object)
        status = smri_plan_from_value(context, object, name, plan, error);
    else if (known)
        status = smri_fail_memory(error);
    else
        status = smri_fail(error, SMR_MESSAGE_NAME_UNKNOWN, NULL, "preset", name, "");
    smri_arena_free(&arena);
    for (uint32_t i = 0; status == SMR_OK && i < (*plan)->layer_count; i++)
        (*plan)->layers[i].is_preset = true;
    return status;
}

const char *smr_plan_preset_name(size_t index)
{
    return smri_preset_name(index);
}

smr_plan *smr_plan_ref(smr_plan *plan)
{
    if (plan)
        atomic_fetch_add_explicit(&plan->references, 1, memory_order_relaxed);
    return plan;
}

void smr_plan_unref(smr_plan *plan)
{
    if (!plan || atomic_fetch_sub_explicit(&plan->references, 1, memory_order_acq_rel) != 1)
        return;
    smr_context *context = plan->context;
    smri_arena_free(&plan->arena);
    smri_free(smri_context(context), plan);
    smr_context_unref(context);
}

smr_status smr_plan_builder_new(smr_context *context, smr_plan_builder **builder, smr_error *error)
{
    if (!builder)
        return smri_fail_argument(error, "builder", "a place for the result");
    *builder = NULL;
    const smr_context *memory = smri_context(context);
    smr_plan_builder *made = smri_calloc(memory, 1, sizeof *made);
    if (!made)
        return smri_fail_memory(error);
    made->context = smr_context_ref(context);
    smri_arena_init(&made->arena, memory);
    made->root = smri_value_new(&made->arena, SMRI_OBJECT);
    if (!made->root) {
        smr_plan_builder_free(made);
        return smri_fail_memory(error);
    }
    *builder = made;
    return SMR_OK;
}

void smr_plan_builder_free(smr_plan_builder *builder)
{
    if (!builder)
        return;
    smr_context *context = builder->context;
    smri_arena_free(&builder->arena);
    smri_free(smri_context(context), builder);
    smr_context_unref(context);
}

/* The object under a key of `parent`, made when absent; a value of another type is replaced. */
static smri_value *descend(smri_arena *arena, smri_value *parent, const char *key, size_t length)
{
    for (smri_value *member = parent->first; member; member = member->next)
        if (member->type == SMRI_OBJECT && strlen(member->key) == length && memcmp(member->key, key, length) == 0)
            return member;
    const char *name = smri_arena_text(arena, key, length);
    return name ? smri_value_put(arena, parent, name, smri_value_new(arena, SMRI_OBJECT)) : NULL;
}

smr_status smri_plan_put(smri_arena *arena, smri_value *root, const char *key, smri_value *value, smr_error *error)
{
    const smri_place place = {.subject = key};
    smri_value *parent = root;
    const char *rest = key;
    for (int level = 0; level < 2; level++) {
        const char *dot = strchr(rest, '.');
        if (!dot)
            break;
        if (dot == rest)
            return smri_fail_plain(error, SMR_MESSAGE_PLAN_KEY_EMPTY, &place);
        parent = descend(arena, parent, rest, (size_t)(dot - rest));
        if (!parent)
            return smri_fail_memory(error);
        rest = dot + 1;
    }
    if (!*rest)
        return smri_fail_plain(error, SMR_MESSAGE_PLAN_KEY_EMPTY, &place);
    const char *name = smri_arena_text(arena, rest, strlen(rest));
    if (!name || !value || !smri_value_put(arena, parent, name, value))
        return smri_fail_memory(error);
    return SMR_OK;
}

smr_status smr_plan_builder_set_number(smr_plan_builder *builder, const char *key, double value, smr_error *error)
{
    if (!builder || !key)
        return smri_fail_argument(error, builder ? "key" : "builder", "not NULL");
    if (!isfinite(value)) {
        const smri_place place = {.subject = key};
        return smri_fail(error, SMR_MESSAGE_PLAN_VALUE, &place, "a number that is not finite", "a finite number");
    }
    return smri_plan_put(&builder->arena, builder->root, key, smri_value_number(&builder->arena, value), error);
}

smr_status smr_plan_builder_set_text(smr_plan_builder *builder, const char *key, const char *value, smr_error *error)
{
    if (!builder || !key || !value)
        return smri_fail_argument(error, !builder ? "builder" : !key ? "key" : "value", "not NULL");
    size_t length = strlen(value);
    if (smri_utf8_check(value, length) != length) {
        const smri_place place = {.subject = key};
        return smri_fail(error, SMR_MESSAGE_PLAN_VALUE, &place, "a text that is not UTF-8", "UTF-8");
    }
    return smri_plan_put(&builder->arena, builder->root, key, smri_value_text(&builder->arena, value, length), error);
}

smr_status smr_plan_builder_build(const smr_plan_builder *builder, smr_plan **plan, smr_error *error)
{
    if (!plan)
        return smri_fail_argument(error, "plan", "a place for the result");
    *plan = NULL;
    if (!builder)
        return smri_fail_argument(error, "builder", "not NULL");
    return smri_plan_from_value(builder->context, builder->root, NULL, plan, error);
}
