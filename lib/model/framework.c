/* SPDX-License-Identifier: MIT */
/* The sealed framework: counting its owners, and what can be asked of it. */
#include "model/model_impl.h"

/* The language whose name stands in for a missing one. */
#define FALLBACK_LANGUAGE "en"

smr_framework *smr_framework_ref(smr_framework *framework) {
    if (framework != NULL) {
        atomic_fetch_add_explicit(&framework->references, 1, memory_order_relaxed);
    }
    return framework;
}

void smr_framework_unref(smr_framework *framework) {
    if (framework == NULL || atomic_fetch_sub_explicit(&framework->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    smr_context *context = framework->context;
    smri_table_free(&framework->ids);
    smri_arena_free(&framework->arena);
    smri_free(smri_context(context), framework);
    smr_context_unref(context);
}

static const smri_node *node_at(const smr_framework *framework, size_t node) {
    return framework != NULL && node < framework->node_count ? &framework->nodes[node] : NULL;
}

size_t smr_framework_node_count(const smr_framework *framework) {
    return framework ? framework->node_count : 0;
}

size_t smr_framework_indicator_count(const smr_framework *framework) {
    return framework ? framework->indicator_count : 0;
}

const char *smr_framework_node_id(const smr_framework *framework, size_t node) {
    const smri_node *found = node_at(framework, node);
    return found ? found->id : NULL;
}

static const char *label_text(const smri_label *labels, const char *key) {
    for (const smri_label *label = labels; label != NULL && key != NULL; label = label->next) {
        if (strcmp(label->key, key) == 0) {
            return label->text;
        }
    }
    return NULL;
}

const char *smr_framework_node_name(const smr_framework *framework, size_t node, const char *language) {
    const smri_node *found = node_at(framework, node);
    if (found == NULL) {
        return NULL;
    }
    const char *name = label_text(found->names, language);
    if (name == NULL) {
        name = label_text(found->names, FALLBACK_LANGUAGE);
    }
    return name ? name : found->id;
}

int64_t smr_framework_node_parent(const smr_framework *framework, size_t node) {
    const smri_node *found = node_at(framework, node);
    return found ? found->parent : -1;
}

int64_t smr_framework_node_depth(const smr_framework *framework, size_t node) {
    const smri_node *found = node_at(framework, node);
    return found ? found->depth : -1;
}

double smr_framework_node_weight(const smr_framework *framework, size_t node) {
    const smri_node *found = node_at(framework, node);
    return found ? found->weight : NAN;
}

int64_t smr_framework_node_indicator(const smr_framework *framework, size_t node) {
    const smri_node *found = node_at(framework, node);
    return found ? found->indicator : -1;
}

int64_t smr_framework_indicator_node(const smr_framework *framework, size_t indicator) {
    return framework != NULL && indicator < framework->indicator_count ? framework->indicators[indicator].node : -1;
}

static bool is_ascii(const char *text) {
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text >= 0x80) {
            return false;
        }
    }
    return true;
}

bool smri_table_find_composed(const smri_table *table, const char *id, uint32_t *index) {
    size_t length = strlen(id);
    *index = smri_table_find(table, id, length);
    if (*index != SMRI_NOT_FOUND || is_ascii(id) || smri_utf8_check(id, length) != length) {
        return true;
    }
    char small[256];
    char *composed = length <= sizeof small ? small : smri_alloc(table->context, length, 1);
    if (composed == NULL) {
        return false;
    }
    *index = smri_table_find(table, composed, smri_text_compose(id, length, composed));
    if (composed != small) {
        smri_free(table->context, composed);
    }
    return true;
}

int64_t smr_framework_find(const smr_framework *framework, const char *id) {
    uint32_t index;
    if (framework == NULL || id == NULL || !smri_table_find_composed(&framework->ids, id, &index)
        || index == SMRI_NOT_FOUND) {
        return -1;
    }
    return index;
}

smr_status smr_framework_indicator(const smr_framework *framework, size_t indicator, smr_indicator_options *options,
                                   smr_error *error) {
    if (framework == NULL) {
        return smri_fail_argument(error, "framework", "must not be NULL");
    }
    if (options == NULL) {
        return smri_fail_argument(error, "options", "must not be NULL");
    }
    if (indicator >= framework->indicator_count) {
        return smri_fail_argument(error, "indicator", "must be below smr_framework_indicator_count()");
    }
    smr_indicator_options known;
    smr_indicator_options_init(&known, sizeof known);
    /* The same law as for options that come in: refuses a size that cannot be. */
    smr_status status = smri_options_read(&known, sizeof known, options, "options", error);
    if (status != SMR_OK) {
        return status;
    }
    const smri_indicator *found = &framework->indicators[indicator];
    const smri_node *node = &framework->nodes[found->node];
    known.size = options->size;
    known.direction = found->direction;
    known.kind = found->kind;
    known.transform = found->transform;
    known.weight = node->weight;
    known.worst = found->worst;
    known.best = found->best;
    known.optimum = found->optimum;
    known.target = found->target;
    known.name = label_text(node->names, FALLBACK_LANGUAGE);
    known.unit = found->unit;
    known.denominator = found->denominator;
    known.source = found->source;
    memcpy(options, &known, SMRI_MIN(options->size, sizeof known));
    return SMR_OK;
}

const char *smr_framework_node_tag(const smr_framework *framework, size_t node, const char *taxonomy, size_t index) {
    const smri_node *found = node_at(framework, node);
    for (const smri_label *tag = found ? found->tags : NULL; tag != NULL && taxonomy != NULL; tag = tag->next) {
        if (strcmp(tag->key, taxonomy) == 0 && index-- == 0) {
            return tag->text;
        }
    }
    return NULL;
}
