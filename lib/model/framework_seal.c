/* SPDX-License-Identifier: MIT */
/* From builder to sealed framework: the tree is checked as a whole and its nodes are numbered in pre-order. */
#include "model/model_impl.h"

static smr_status check_children(const smr_framework_builder *builder, uint32_t index, smr_error *error) {
    const smri_node *node = &builder->nodes[index].node;
    const smri_node_site site = smri_builder_site(builder, index);
    if (node->indicator >= 0) {
        return SMR_OK;
    }
    if (node->child_count == 0) {
        return smri_node_fail(&site, "children", error, SMR_MESSAGE_FRAMEWORK_CHILDLESS, site.id);
    }
    for (int32_t child = node->first_child; child >= 0; child = builder->nodes[child].node.next_sibling) {
        if (builder->nodes[child].node.weight > 0) {
            return SMR_OK;
        }
    }
    return smri_node_fail(&site, "children", error, SMR_MESSAGE_FRAMEWORK_WEIGHTS_ZERO, site.id);
}

/* The node after this one in pre-order, -1 after the last. */
static int32_t next_in_order(const smr_framework_builder *builder, int32_t node) {
    if (builder->nodes[node].node.first_child >= 0) {
        return builder->nodes[node].node.first_child;
    }
    while (node >= 0 && builder->nodes[node].node.next_sibling < 0) {
        node = builder->nodes[node].node.parent;
    }
    return node >= 0 ? builder->nodes[node].node.next_sibling : -1;
}

static bool copy_labels(smri_arena *arena, const smri_label *labels, smri_label **copy) {
    *copy = NULL;
    for (; labels != NULL; labels = labels->next) {
        *copy = smri_label_new(arena, labels->key, labels->text);
        if (*copy == NULL) {
            return false;
        }
        copy = &(*copy)->next;
    }
    return true;
}

static bool copy_value(smri_arena *arena, const smri_value *value, const smri_value **copy) {
    *copy = value ? smri_value_copy(arena, value) : NULL;
    return value == NULL || *copy != NULL;
}

static bool copy_indicator(smr_framework *framework, const smri_indicator *source) {
    smri_arena *arena = &framework->arena;
    smri_indicator *copy = &framework->indicators[framework->indicator_count++];
    *copy = *source;
    copy->node = (int32_t)framework->node_count;
    return smri_arena_keep(arena, source->unit, &copy->unit)
           && smri_arena_keep(arena, source->denominator, &copy->denominator)
           && smri_arena_keep(arena, source->source, &copy->source)
           && smri_arena_keep(arena, source->basis, &copy->basis);
}

/* Appends one node; places[i] is the number of the builder's node i. */
static bool copy_node(smr_framework *framework, const smr_framework_builder *builder, int32_t index,
                      const int32_t *places) {
    smri_arena *arena = &framework->arena;
    const smri_node *source = &builder->nodes[index].node;
    smri_node *copy = &framework->nodes[framework->node_count];
    const char *id = builder->ids.keys[index];
    *copy = *source;
    copy->parent = source->parent >= 0 ? places[source->parent] : -1;
    copy->first_child = source->first_child >= 0 ? places[source->first_child] : -1;
    copy->next_sibling = source->next_sibling >= 0 ? places[source->next_sibling] : -1;
    copy->end = (int32_t)framework->node_count + 1;
    if (smri_table_add(&framework->ids, id, strlen(id), NULL) == SMRI_NOT_FOUND
        || !copy_labels(arena, source->names, &copy->names) || !copy_labels(arena, source->tags, &copy->tags)
        || !copy_value(arena, source->aggregate, &copy->aggregate)
        || !smri_arena_keep(arena, source->note, &copy->note)) {
        return false;
    }
    copy->id = framework->ids.keys[framework->node_count];
    if (source->indicator >= 0) {
        copy->indicator = (int32_t)framework->indicator_count;
        if (!copy_indicator(framework, &builder->indicators[source->indicator])) {
            return false;
        }
    }
    framework->node_count++;
    return true;
}

static bool copy_texts(smr_framework *framework, const smr_framework_builder *builder) {
    smri_arena *arena = &framework->arena;
    return copy_value(arena, builder->plan, &framework->plan)
           && smri_arena_keep(arena, builder->version, &framework->version)
           && smri_arena_keep(arena, builder->source, &framework->source)
           && smri_arena_keep(arena, builder->licence, &framework->licence)
           && smri_arena_keep(arena, builder->kept_source_name, &framework->source_name);
}

/* Fills an empty framework; `places` has room for every node. */
static bool copy_tree(smr_framework *framework, const smr_framework_builder *builder, int32_t *places) {
    size_t count = builder->ids.count;
    framework->nodes = smri_arena_calloc(&framework->arena, count, sizeof *framework->nodes);
    framework->indicators =
        smri_arena_calloc(&framework->arena, builder->indicator_count, sizeof *framework->indicators);
    if (framework->nodes == NULL || framework->indicators == NULL) {
        return false;
    }
    int32_t place = 0;
    for (int32_t node = 0; node >= 0; node = next_in_order(builder, node)) {
        places[node] = place++;
    }
    for (int32_t node = 0; node >= 0; node = next_in_order(builder, node)) {
        if (!copy_node(framework, builder, node, places)) {
            return false;
        }
    }
    for (size_t i = count; i-- > 1;) {
        smri_node *parent = &framework->nodes[framework->nodes[i].parent];
        parent->end = SMRI_MAX(parent->end, framework->nodes[i].end);
    }
    return copy_texts(framework, builder);
}

smr_status smr_framework_builder_build(const smr_framework_builder *builder, smr_framework **framework,
                                       smr_error *error) {
    if (framework == NULL) {
        return smri_fail_argument(error, "framework", "must not be NULL");
    }
    *framework = NULL;
    if (builder == NULL || builder->ids.count == 0) {
        return smri_fail_argument(error, "builder", builder ? "must have a root" : "must not be NULL");
    }
    for (uint32_t node = 0; node < builder->ids.count; node++) {
        smr_status status = check_children(builder, node, error);
        if (status != SMR_OK) {
            return status;
        }
    }
    const smr_context *context = smri_context(builder->context);
    smr_framework *made = smri_calloc(context, 1, sizeof *made);
    int32_t *places = smri_alloc(context, builder->ids.count, sizeof *places);
    bool copied = false;
    if (made != NULL) {
        atomic_init(&made->references, 1);
        made->context = smr_context_ref(builder->context);
        smri_arena_init(&made->arena, context);
        smri_table_init(&made->ids, context, &made->arena);
        copied = places != NULL && copy_tree(made, builder, places);
    }
    smri_free(context, places);
    if (!copied) {
        smr_framework_unref(made);
        return smri_fail_memory(error);
    }
    *framework = made;
    return SMR_OK;
}
