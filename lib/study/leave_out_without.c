/* SPDX-License-Identifier: MIT */
/* A framework and a plan as if some nodes had never been there. */

#include "study/stability_impl.h"

/* ---- the framework ---- */

static void mark(const smr_framework *framework, uint32_t node, uint8_t *left)
{
    const smri_node *nodes = framework->nodes;
    memset(left, 0, framework->node_count);
    for (int32_t below = (int32_t)node; below < nodes[node].end; below++)
        left[below] = 1;
    for (int32_t above = nodes[node].parent; above >= 0; above = nodes[above].parent) {
        for (int32_t child = nodes[above].first_child; child >= 0; child = nodes[child].next_sibling)
            if (!left[child])
                return;
        left[above] = 1;
    }
}

static smr_status add(smr_framework_builder *builder, const smr_framework *framework, uint32_t node, smr_error *error)
{
    const smri_node *one = &framework->nodes[node];
    const char *parent = one->parent < 0 ? NULL : framework->nodes[one->parent].id;
    if (one->indicator < 0) {
        smr_node_options options;
        smr_node_options_init(&options, sizeof options);
        options.weight = one->weight;
        return smr_framework_builder_add_node(builder, parent, one->id, &options, error);
    }
    const smri_indicator *indicator = &framework->indicators[one->indicator];
    smr_indicator_options options;
    smr_indicator_options_init(&options, sizeof options);
    options.direction = indicator->direction;
    options.kind = indicator->kind;
    options.transform = indicator->transform;
    options.weight = one->weight;
    options.worst = indicator->worst;
    options.best = indicator->best;
    options.optimum = indicator->optimum;
    options.target = indicator->target;
    options.denominator = indicator->denominator;
    return smr_framework_builder_add_indicator(builder, parent, one->id, &options, error);
}

smr_status smri_framework_without(smr_context *context, const smr_framework *framework, uint32_t node, uint8_t *left,
                                  smr_framework **made, smr_error *error)
{
    *made = NULL;
    mark(framework, node, left);
    if (left[0])
        return SMR_OK;
    smr_framework_builder *builder = NULL;
    smr_status status = smri_framework_builder_new_empty(context, framework->source_name, &builder, error);
    if (status != SMR_OK)
        return status;
    smri_framework_builder_allow_any_id(builder);
    for (uint32_t one = 0; status == SMR_OK && one < framework->node_count; one++)
        if (!left[one])
            status = add(builder, framework, one, error);
    if (status == SMR_OK)
        status = smr_framework_builder_build(builder, made, error);
    smr_framework_builder_free(builder);
    return status;
}

/* ---- the plan ---- */

typedef struct filter {
    smri_arena *arena;
    const smr_framework *framework;
    const uint8_t *left;
} filter;

static bool is_left(const filter *f, const char *id)
{
    const uint32_t node = smri_table_find(&f->framework->ids, id, strlen(id));
    return node != SMRI_NOT_FOUND && f->left[node];
}

static bool names_left(const filter *f, const smri_value *list)
{
    for (const smri_value *member = list->first; member; member = member->next)
        if (member->type == SMRI_TEXT && is_left(f, member->text))
            return true;
    return false;
}

/* A value of an option: no key and no text of it names what went, and no list in a list that did. */
static smri_value *filter_option(const filter *f, const smri_value *value)
{
    if (value->type != SMRI_OBJECT && value->type != SMRI_ARRAY)
        return smri_value_copy(f->arena, value);
    smri_value *made = smri_value_new(f->arena, value->type);
    for (const smri_value *member = value->first; made && member; member = member->next) {
        const bool goes = value->type == SMRI_OBJECT    ? is_left(f, member->key)
                          : member->type == SMRI_TEXT   ? is_left(f, member->text)
                          : member->type == SMRI_ARRAY  ? names_left(f, member)
                                                        : false;
        const char *key = value->type == SMRI_OBJECT ? member->key : NULL;
        if (!goes && !smri_value_append(f->arena, made, key, filter_option(f, member)))
            return NULL;
    }
    return made;
}

/* A step, or what is said of it for one node; the keys of its options are no ids. */
static smri_value *filter_choice(const filter *f, const smri_value *value)
{
    if (value->type != SMRI_OBJECT)
        return smri_value_copy(f->arena, value);
    smri_value *made = smri_value_new(f->arena, SMRI_OBJECT);
    for (const smri_value *member = value->first; made && member; member = member->next) {
        const bool table = member->type == SMRI_OBJECT &&
                           (strcmp(member->key, "indicators") == 0 || strcmp(member->key, "nodes") == 0);
        smri_value *kept = table ? smri_value_new(f->arena, SMRI_OBJECT) : filter_option(f, member);
        if (!kept || !smri_value_append(f->arena, made, member->key, kept))
            return NULL;
        for (const smri_value *one = table ? member->first : NULL; one; one = one->next)
            if (!is_left(f, one->key) && !smri_value_append(f->arena, kept, one->key, filter_choice(f, one)))
                return NULL;
    }
    return made;
}

smri_value *smri_plan_without(smri_arena *arena, const smri_value *document, const smr_framework *framework,
                              const uint8_t *left)
{
    const filter f = {arena, framework, left};
    smri_value *made = smri_value_new(arena, SMRI_OBJECT);
    for (const smri_value *step = document->first; made && step; step = step->next)
        if (strcmp(step->key, "left_out") != 0 && !smri_value_append(arena, made, step->key, filter_choice(&f, step)))
            return NULL;
    return made;
}
