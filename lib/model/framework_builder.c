/* SPDX-License-Identifier: MIT */
/* A framework is grown node by node, in any order in which parents come first; described further
 * (framework_details.c); and sealed (framework_seal.c).
 *
 * Every call checks first, then takes all the memory it needs, and only then changes the builder: what fails leaves it
 * as it was. */
#include "model/model_impl.h"

static const smr_node_options default_node = {
    .size = sizeof(smr_node_options),
    .weight = 1,
};

static const smr_indicator_options default_indicator = {
    .size = sizeof(smr_indicator_options),
    .weight = 1,
    .worst = NAN,
    .best = NAN,
    .optimum = NAN,
    .target = NAN,
};

void smr_node_options_init(smr_node_options *options, size_t size) {
    smri_options_init(options, size, &default_node, sizeof default_node);
}

void smr_indicator_options_init(smr_indicator_options *options, size_t size) {
    smri_options_init(options, size, &default_indicator, sizeof default_indicator);
}

smr_status smri_framework_builder_new_empty(smr_context *context, const char *source_name,
                                            smr_framework_builder **builder, smr_error *error) {
    if (builder == NULL) {
        return smri_fail_argument(error, "builder", "must not be NULL");
    }
    *builder = NULL;
    const smr_context *own = smri_context(context);
    smr_framework_builder *made = smri_calloc(own, 1, sizeof *made);
    if (made == NULL) {
        return smri_fail_memory(error);
    }
    made->context = smr_context_ref(context);
    made->source_name = source_name;
    smri_arena_init(&made->arena, own);
    smri_table_init(&made->ids, own, &made->arena);
    *builder = made;
    return SMR_OK;
}

smr_status smr_framework_builder_new(smr_context *context, const char *id, const smr_node_options *options,
                                     smr_framework_builder **builder, smr_error *error) {
    smr_status status = smri_framework_builder_new_empty(context, NULL, builder, error);
    if (status != SMR_OK) {
        return status;
    }
    status = smr_framework_builder_add_node(*builder, NULL, id, options, error);
    if (status != SMR_OK) {
        smr_framework_builder_free(*builder);
        *builder = NULL;
    }
    return status;
}

void smr_framework_builder_free(smr_framework_builder *builder) {
    if (builder == NULL) {
        return;
    }
    smr_context *context = builder->context;
    const smr_context *own = smri_context(context);
    smri_table_free(&builder->ids);
    smri_arena_free(&builder->arena);
    smri_free(own, builder->nodes);
    smri_free(own, builder->indicators);
    smri_free(own, builder);
    smr_context_unref(context);
}

void smri_framework_builder_allow_any_id(smr_framework_builder *builder) {
    builder->any_id = true;
}

void smri_framework_builder_name_path(smr_framework_builder *builder, const char *path) {
    builder->path = path;
}

smri_node_site smri_builder_site(const smr_framework_builder *builder, uint32_t node) {
    return (smri_node_site){builder->source_name, builder->nodes[node].path, builder->ids.keys[node]};
}

smr_status smri_builder_find(const smr_framework_builder *builder, const smri_node_site *site, const char *member,
                             const char *id, uint32_t *node, smr_error *error) {
    if (!smri_table_find_composed(&builder->ids, id, node)) {
        return smri_fail_memory(error);
    }
    if (*node != SMRI_NOT_FOUND) {
        return SMR_OK;
    }
    char nearest[SMRI_NEAREST_SIZE];
    smri_text_suggest(nearest, id, builder->ids.keys, builder->ids.count);
    return smri_node_fail(site, member, error, SMR_MESSAGE_FRAMEWORK_ID_UNKNOWN, id, nearest);
}

static bool is_ancestor_or_self(const smr_framework_builder *builder, uint32_t above, int32_t node) {
    while (node >= 0 && (uint32_t)node != above) {
        node = builder->nodes[node].node.parent;
    }
    return node >= 0;
}

static smr_status fail_twice(const smr_framework_builder *builder, const smri_node_site *site, uint32_t first,
                             int32_t parent, smr_error *error) {
    const char *path = builder->nodes[first].path;
    char where[SMR_ERROR_SUBJECT_SIZE + 64] = "";
    if (path != NULL) {
        char joined[SMR_ERROR_SUBJECT_SIZE];
        smri_path_join(joined, path, "id");
        static const char before[] = ", first at ";
        memcpy(where, before, sizeof before);
        memcpy(where + sizeof before - 1, joined, strlen(joined) + 1);
    }
    if (is_ancestor_or_self(builder, first, parent)) {
        static const char cycle[] = "; that one is above this one, and nothing lies below itself";
        memcpy(where + strlen(where), cycle, sizeof cycle);
    }
    return smri_node_fail(site, "id", error, SMR_MESSAGE_FRAMEWORK_ID_TWICE, site->id, where);
}

static smr_status check_limits(const smr_framework_builder *builder, const smri_node_site *site, int32_t depth,
                               smr_error *error) {
    const smr_context *context = smri_context(builder->context);
    /* Nodes are numbered with 31 bits. */
    uint64_t most_nodes = SMRI_MIN(context->max_columns, INT32_MAX);
    bool deep = depth >= 0 && (uint64_t)depth > context->max_depth;
    if (!deep && builder->ids.count < most_nodes) {
        return SMR_OK;
    }
    char limit[SMRI_INTEGER_SIZE];
    return smri_node_fail(site, NULL, error, SMR_MESSAGE_LIMIT_PASSED,
                          deep ? "the depth of the framework" : "the number of nodes",
                          smri_text_integer(limit, deep ? context->max_depth : most_nodes));
}

/* May a node of this id lie below this parent? Parent NULL: the root, when there is none. Tells depth and parent. */
static smr_status check_place(const smr_framework_builder *builder, const smri_node_site *site, const char *parent,
                              int32_t *parent_node, int32_t *depth, smr_error *error) {
    smr_status status = smri_node_check_id(site, builder->any_id, error);
    if (status != SMR_OK) {
        return status;
    }
    *parent_node = -1;
    *depth = 0;
    if (parent != NULL) {
        uint32_t found;
        status = smri_builder_find(builder, site, "parent", parent, &found, error);
        if (status != SMR_OK) {
            return status;
        }
        if (builder->nodes[found].node.indicator >= 0) {
            return smri_node_fail(site, "parent", error, SMR_MESSAGE_FRAMEWORK_PARENT_INDICATOR, parent);
        }
        *parent_node = (int32_t)found;
        *depth = builder->nodes[found].node.depth + 1;
    }
    uint32_t twin;
    if (!smri_table_find_composed(&builder->ids, site->id, &twin)) {
        return smri_fail_memory(error);
    }
    return twin == SMRI_NOT_FOUND ? check_limits(builder, site, *depth, error)
                                  : fail_twice(builder, site, twin, *parent_node, error);
}

/* A copy in the arena, composed: ids and what refers to ids. false: out of memory. NULL stays NULL. */
static bool keep_id(smr_framework_builder *builder, const char *text, const char **kept) {
    *kept = NULL;
    if (text == NULL) {
        return true;
    }
    size_t length = strlen(text);
    char *copy = smri_arena_text(&builder->arena, text, length);
    if (copy != NULL) {
        copy[smri_text_compose(copy, length, copy)] = '\0';
    }
    *kept = copy;
    return copy != NULL;
}

/* Adds a checked node under a checked id. `indicator` NULL: it will have children. */
static bool append_node(smr_framework_builder *builder, const char *id, smri_node *node, const char *name,
                        const smri_indicator *indicator) {
    const smr_context *context = smri_context(builder->context);
    const char *composed, *path;
    if (!keep_id(builder, id, &composed) || !smri_arena_keep(&builder->arena, builder->path, &path)
        || !smri_grow(context, &builder->nodes, &builder->node_capacity, builder->ids.count + 1, sizeof *builder->nodes)
        || (indicator != NULL
            && !smri_grow(context, &builder->indicators, &builder->indicator_capacity, builder->indicator_count + 1,
                          sizeof *builder->indicators))) {
        return false;
    }
    if (name != NULL) {
        node->names = smri_label_new(&builder->arena, "en", name);
        if (node->names == NULL) {
            return false;
        }
    }
    uint32_t index = smri_table_add(&builder->ids, composed, strlen(composed), NULL);
    if (index == SMRI_NOT_FOUND) {
        return false;
    }
    node->first_child = node->next_sibling = node->indicator = -1;
    if (indicator != NULL) {
        node->indicator = (int32_t)builder->indicator_count++;
        builder->indicators[node->indicator] = *indicator;
    }
    builder->nodes[index] = (smri_builder_node){.node = *node, .last_child = -1, .path = path};
    if (node->parent >= 0) {
        smri_builder_node *parent = &builder->nodes[node->parent];
        if (parent->last_child >= 0) {
            builder->nodes[parent->last_child].node.next_sibling = (int32_t)index;
        } else {
            parent->node.first_child = (int32_t)index;
        }
        parent->last_child = (int32_t)index;
        parent->node.child_count++;
    }
    return true;
}

/* What both ways to add a node share. A parent may be NULL for the root of an empty builder only. */
static smr_status check_call(const smr_framework_builder *builder, const char *parent, const char *id,
                             smr_error *error) {
    if (builder == NULL) {
        return smri_fail_argument(error, "builder", "must not be NULL");
    }
    if (parent == NULL && builder->ids.count > 0) {
        return smri_fail_argument(error, "parent", "must not be NULL");
    }
    return id ? SMR_OK : smri_fail_argument(error, "id", "must not be NULL");
}

smr_status smr_framework_builder_add_node(smr_framework_builder *builder, const char *parent, const char *id,
                                          const smr_node_options *options, smr_error *error) {
    smr_node_options wanted = default_node;
    smr_status status = check_call(builder, parent, id, error);
    if (status == SMR_OK) {
        status = smri_options_read(&wanted, sizeof wanted, options, "options", error);
    }
    if (status != SMR_OK) {
        return status;
    }
    const smri_node_site site = {builder->source_name, builder->path, id};
    smri_node node = {.weight = wanted.weight};
    status = check_place(builder, &site, parent, &node.parent, &node.depth, error);
    if (status == SMR_OK) {
        status = smri_node_check_weight(&site, wanted.weight, error);
    }
    if (status == SMR_OK) {
        status = smri_node_check_text(&site, "name", wanted.name, error);
    }
    if (status == SMR_OK && wanted.aggregate != NULL) {
        status = smri_node_check_method(&site, wanted.aggregate, error);
    }
    if (status != SMR_OK) {
        return status;
    }
    if (wanted.aggregate != NULL) {
        node.aggregate = smri_value_text(&builder->arena, wanted.aggregate, strlen(wanted.aggregate));
        if (node.aggregate == NULL) {
            return smri_fail_memory(error);
        }
    }
    return append_node(builder, id, &node, wanted.name, NULL) ? SMR_OK : smri_fail_memory(error);
}

static smr_status check_words(const smr_indicator_options *options, smr_error *error) {
    if (options->direction != SMR_DIRECTION_UNSET && smri_direction_name(options->direction) == NULL) {
        return smri_fail_argument(error, "options.direction", "must be one of smr_direction");
    }
    if (smri_kind_name(options->kind) == NULL) {
        return smri_fail_argument(error, "options.kind", "must be one of smr_kind");
    }
    if (smri_transform_name(options->transform) == NULL) {
        return smri_fail_argument(error, "options.transform", "must be one of smr_transform");
    }
    return SMR_OK;
}

static smr_status check_texts(const smri_node_site *site, const smr_indicator_options *options, smr_error *error) {
    const struct {
        const char *member, *text;
    } texts[] = {
        {"name", options->name},
        {"unit", options->unit},
        {"denominator", options->denominator},
        {"source", options->source},
    };
    smr_status status = SMR_OK;
    for (size_t i = 0; i < SMRI_COUNT(texts) && status == SMR_OK; i++) {
        status = smri_node_check_text(site, texts[i].member, texts[i].text, error);
    }
    return status;
}

smr_status smr_framework_builder_add_indicator(smr_framework_builder *builder, const char *parent, const char *id,
                                               const smr_indicator_options *options, smr_error *error) {
    smr_indicator_options wanted = default_indicator;
    smr_status status = check_call(builder, parent, id, error);
    if (status == SMR_OK && parent == NULL) {
        status = smri_fail_argument(error, "parent", "must not be NULL");
    }
    if (status == SMR_OK) {
        status = smri_options_read(&wanted, sizeof wanted, options, "options", error);
    }
    if (status == SMR_OK) {
        status = check_words(&wanted, error);
    }
    if (status != SMR_OK) {
        return status;
    }
    const smri_node_site site = {builder->source_name, builder->path, id};
    smri_node node = {.weight = wanted.weight};
    smri_indicator indicator = {
        .direction = wanted.direction,
        .kind = wanted.kind,
        .transform = wanted.transform,
        .worst = wanted.worst,
        .best = wanted.best,
        .optimum = wanted.optimum,
        .target = wanted.target,
    };
    status = check_place(builder, &site, parent, &node.parent, &node.depth, error);
    if (status == SMR_OK) {
        status = smri_node_check_weight(&site, wanted.weight, error);
    }
    if (status == SMR_OK) {
        status = check_texts(&site, &wanted, error);
    }
    if (status == SMR_OK) {
        status = smri_node_check_indicator(&site, &indicator, error);
    }
    if (status != SMR_OK) {
        return status;
    }
    if (!smri_arena_keep(&builder->arena, wanted.unit, &indicator.unit)
        || !keep_id(builder, wanted.denominator, &indicator.denominator)
        || !smri_arena_keep(&builder->arena, wanted.source, &indicator.source)
        || !append_node(builder, id, &node, wanted.name, &indicator)) {
        return smri_fail_memory(error);
    }
    return SMR_OK;
}
