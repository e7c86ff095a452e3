/* SPDX-License-Identifier: MIT */
/* What a node that exists is given besides: names, tags, method, notes; and what the framework itself carries. */
#include "model/model_impl.h"

bool smri_arena_keep(smri_arena *arena, const char *text, const char **kept) {
    *kept = text ? smri_arena_text(arena, text, strlen(text)) : NULL;
    return text == NULL || *kept != NULL;
}

smri_label *smri_label_new(smri_arena *arena, const char *key, const char *text) {
    smri_label *label = smri_arena_calloc(arena, 1, sizeof *label);
    return label != NULL && smri_arena_keep(arena, key, &label->key) && smri_arena_keep(arena, text, &label->text)
               ? label
               : NULL;
}

/* Checks the arguments of a call about a node that exists: three texts that must be given, the first its id. */
static smr_status find_labelled(const smr_framework_builder *builder, const char *id, const char *key_name,
                                const char *key, const char *text_name, const char *text, uint32_t *node,
                                smri_node_site *site, smr_error *error) {
    if (builder == NULL || id == NULL || key == NULL || text == NULL) {
        const char *argument = builder == NULL ? "builder" : id == NULL ? "id" : key == NULL ? key_name : text_name;
        return smri_fail_argument(error, argument, "must not be NULL");
    }
    *site = (smri_node_site){builder->source_name, NULL, id};
    smr_status status = smri_builder_find(builder, site, NULL, id, node, error);
    if (status == SMR_OK) {
        *site = smri_builder_site(builder, *node);
        status = smri_node_check_text(site, key_name, key, error);
    }
    return status == SMR_OK ? smri_node_check_text(site, text_name, text, error) : status;
}

static bool is_language_tag(const char *text) {
    const char *c = text;
    while ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9')
           || (*c == '-' && c > text && c[-1] != '-' && c[1] != '\0')) {
        c++;
    }
    return c > text && *c == '\0';
}

smr_status smr_framework_builder_add_name(smr_framework_builder *builder, const char *id, const char *language,
                                          const char *name, smr_error *error) {
    uint32_t index;
    smri_node_site site;
    smr_status status = find_labelled(builder, id, "language", language, "name", name, &index, &site, error);
    if (status != SMR_OK) {
        return status;
    }
    if (!is_language_tag(language)) {
        return smri_node_fail(&site, "name", error, SMR_MESSAGE_FRAMEWORK_LANGUAGE, language);
    }
    smri_label **end = &builder->nodes[index].node.names;
    while (*end != NULL && strcmp((*end)->key, language) != 0) {
        end = &(*end)->next;
    }
    smri_label *label = smri_label_new(&builder->arena, language, name);
    if (label == NULL) {
        return smri_fail_memory(error);
    }
    label->next = *end ? (*end)->next : NULL; /* a second name of a language replaces the first */
    *end = label;
    return SMR_OK;
}

smr_status smr_framework_builder_add_tag(smr_framework_builder *builder, const char *id, const char *taxonomy,
                                         const char *tag, smr_error *error) {
    uint32_t index;
    smri_node_site site;
    smr_status status = find_labelled(builder, id, "taxonomy", taxonomy, "tag", tag, &index, &site, error);
    if (status != SMR_OK) {
        return status;
    }
    smri_label **end = &builder->nodes[index].node.tags;
    for (; *end != NULL; end = &(*end)->next) {
        if (strcmp((*end)->key, taxonomy) == 0 && strcmp((*end)->text, tag) == 0) {
            return SMR_OK;
        }
    }
    smri_label *label = smri_label_new(&builder->arena, taxonomy, tag);
    if (label == NULL) {
        return smri_fail_memory(error);
    }
    *end = label;
    return SMR_OK;
}

smr_status smri_framework_builder_set_plan(smr_framework_builder *builder, const smri_value *plan, smr_error *error) {
    const smri_value *copy = plan ? smri_value_copy(&builder->arena, plan) : NULL;
    if (plan != NULL && copy == NULL) {
        return smri_fail_memory(error);
    }
    builder->plan = copy;
    return SMR_OK;
}

smr_status smri_framework_builder_set_texts(smr_framework_builder *builder, const char *version, const char *source,
                                            const char *licence, const char *source_name, smr_error *error) {
    const char *kept_version, *kept_source, *kept_licence, *kept_name;
    if (!smri_arena_keep(&builder->arena, version, &kept_version)
        || !smri_arena_keep(&builder->arena, source, &kept_source)
        || !smri_arena_keep(&builder->arena, licence, &kept_licence)
        || !smri_arena_keep(&builder->arena, source_name, &kept_name)) {
        return smri_fail_memory(error);
    }
    builder->version = kept_version;
    builder->source = kept_source;
    builder->licence = kept_licence;
    builder->kept_source_name = kept_name;
    return SMR_OK;
}

smr_status smri_framework_builder_set_aggregate(smr_framework_builder *builder, const char *id,
                                                const smri_value *aggregate, smr_error *error) {
    uint32_t index;
    const smri_node_site unknown = {builder->source_name, NULL, id};
    smr_status status = smri_builder_find(builder, &unknown, NULL, id, &index, error);
    if (status == SMR_OK && aggregate->type == SMRI_TEXT) {
        const smri_node_site site = smri_builder_site(builder, index);
        status = smri_node_check_method(&site, aggregate->text, error);
    }
    if (status != SMR_OK) {
        return status;
    }
    const smri_value *copy = smri_value_copy(&builder->arena, aggregate);
    if (copy == NULL) {
        return smri_fail_memory(error);
    }
    builder->nodes[index].node.aggregate = copy;
    return SMR_OK;
}

smr_status smri_framework_builder_set_notes(smr_framework_builder *builder, const char *id, const char *basis,
                                            const char *note, smr_error *error) {
    uint32_t index;
    const char *kept_basis, *kept_note;
    const smri_node_site unknown = {builder->source_name, NULL, id};
    smr_status status = smri_builder_find(builder, &unknown, NULL, id, &index, error);
    if (status != SMR_OK) {
        return status;
    }
    if (!smri_arena_keep(&builder->arena, basis, &kept_basis) || !smri_arena_keep(&builder->arena, note, &kept_note)) {
        return smri_fail_memory(error);
    }
    smri_node *node = &builder->nodes[index].node;
    node->note = kept_note;
    if (node->indicator >= 0) {
        builder->indicators[node->indicator].basis = kept_basis;
    }
    return SMR_OK;
}
