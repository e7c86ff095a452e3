/* SPDX-License-Identifier: MIT */
/* A framework as JSON. What is at its default is left out, so that reading and writing again gives the same bytes. */
#include "io/io_impl.h"

static bool is_given(double x) {
    return x == x;
}

static void write_text(smri_writer *writer, const char *key, const char *text) {
    if (text != NULL) {
        smri_json_text(writer, key, text);
    }
}

static void write_number(smri_writer *writer, const char *key, double number) {
    if (is_given(number)) {
        smri_json_number(writer, key, number);
    }
}

static void write_names(smri_writer *writer, const smri_label *names) {
    if (names == NULL) {
        return;
    }
    bool pretty = writer->pretty;
    smri_json_open(writer, "name", '{');
    writer->pretty = false;
    for (const smri_label *name = names; name != NULL; name = name->next) {
        smri_json_text(writer, name->key, name->text);
    }
    smri_json_close(writer, '}');
    writer->pretty = pretty;
}

static bool is_first_of_taxonomy(const smri_label *tags, const smri_label *tag) {
    while (tags != tag && strcmp(tags->key, tag->key) != 0) {
        tags = tags->next;
    }
    return tags == tag;
}

static void write_taxonomy(smri_writer *writer, const smri_label *first) {
    smri_json_open(writer, first->key, '[');
    for (const smri_label *tag = first; tag != NULL; tag = tag->next) {
        if (strcmp(tag->key, first->key) == 0) {
            smri_json_text(writer, NULL, tag->text);
        }
    }
    smri_json_close(writer, ']');
}

static void write_tags(smri_writer *writer, const smri_label *tags) {
    if (tags == NULL) {
        return;
    }
    bool pretty = writer->pretty;
    smri_json_open(writer, "tags", '{');
    writer->pretty = false;
    for (const smri_label *tag = tags; tag != NULL; tag = tag->next) {
        if (is_first_of_taxonomy(tags, tag)) {
            write_taxonomy(writer, tag);
        }
    }
    smri_json_close(writer, '}');
    writer->pretty = pretty;
}

static void write_indicator(smri_writer *writer, const smri_indicator *indicator) {
    write_text(writer, "unit", indicator->unit);
    if (indicator->kind != SMR_KIND_NUMBER) {
        smri_json_text(writer, "kind", smri_kind_name(indicator->kind));
    }
    if (indicator->direction_given) {
        smri_json_text(writer, "direction", smri_direction_name(indicator->direction));
    }
    write_number(writer, "worst", indicator->worst);
    write_number(writer, "best", indicator->best);
    write_number(writer, "optimum", indicator->optimum);
    write_number(writer, "target", indicator->target);
    write_text(writer, "denominator", indicator->denominator);
    if (indicator->transform != SMR_TRANSFORM_NONE) {
        smri_json_text(writer, "transform", smri_transform_name(indicator->transform));
    }
    write_text(writer, "basis", indicator->basis);
    write_text(writer, "source", indicator->source);
}

static void write_root(smri_writer *writer, const smr_framework *framework) {
    write_text(writer, "version", framework->version);
    write_text(writer, "licence", framework->licence);
    write_text(writer, "source", framework->source);
    if (framework->plan != NULL) {
        smri_json_value(writer, "plan", framework->plan);
    }
}

static void write_node(smri_writer *writer, const smr_framework *framework, int32_t index) {
    const smri_node *node = &framework->nodes[index];
    smri_json_text(writer, "id", node->id);
    write_names(writer, node->names);
    if (index == 0) {
        write_root(writer, framework);
    }
    if (node->weight != 1) {
        smri_json_number(writer, "weight", node->weight);
    }
    if (node->aggregate != NULL) {
        smri_json_value(writer, "aggregate", node->aggregate);
    }
    if (node->indicator >= 0) {
        write_indicator(writer, &framework->indicators[node->indicator]);
    }
    write_text(writer, "note", node->note);
    write_tags(writer, node->tags);
    if (node->first_child < 0) {
        return;
    }
    smri_json_open(writer, "children", '[');
    for (int32_t child = node->first_child; child >= 0; child = framework->nodes[child].next_sibling) {
        smri_json_open(writer, NULL, '{');
        write_node(writer, framework, child);
        smri_json_close(writer, '}');
    }
    smri_json_close(writer, ']');
}

static bool has_unusual_id(const smr_framework *framework) {
    for (uint32_t i = 0; i < framework->node_count; i++) {
        const smri_node_site site = {.id = framework->nodes[i].id};
        if (smri_node_check_id(&site, false, NULL) != SMR_OK) {
            return true;
        }
    }
    return false;
}

void smri_framework_write_members(smri_writer *writer, const smr_framework *framework) {
    if (has_unusual_id(framework)) {
        smri_json_text(writer, "ids", "any");
    }
    write_node(writer, framework, 0);
}

smr_status smr_framework_write(const smr_framework *framework, smr_write_callback write, void *user, smr_error *error) {
    if (framework == NULL || write == NULL) {
        return smri_fail_argument(error, framework ? "write" : "framework", "must not be NULL");
    }
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    writer.pretty = true;
    smri_json_open(&writer, NULL, '{');
    smri_json_text(&writer, "format", SMRI_FRAMEWORK_FORMAT "/1");
    smri_framework_write_members(&writer, framework);
    smri_json_close(&writer, '}');
    smri_write_text(&writer, "\n");
    return smri_writer_finish(&writer, error);
}
