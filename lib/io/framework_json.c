/* SPDX-License-Identifier: MIT */
/* JSON to a framework. The tree is walked once; each node goes to the builder, which checks what it means. Here only
 * keys and types are checked. Messages name the JSON path, such as children[2].children[0].worst. */
#include "io/io_impl.h"

enum { ROOT = 1, INNER = 2, LEAF = 4, EVERYWHERE = ROOT | INNER | LEAF };

static const struct {
    const char *name;
    unsigned where;
} keys[] = {
    {"format", ROOT},
    {"ids", ROOT},
    {"id", EVERYWHERE},
    {"name", EVERYWHERE},
    {"version", ROOT},
    {"licence", ROOT},
    {"source", ROOT | LEAF},
    {"plan", ROOT},
    {"weight", EVERYWHERE},
    {"aggregate", ROOT | INNER},
    {"children", ROOT | INNER},
    {"unit", LEAF},
    {"kind", LEAF},
    {"direction", LEAF},
    {"worst", LEAF},
    {"best", LEAF},
    {"optimum", LEAF},
    {"target", LEAF},
    {"denominator", LEAF},
    {"transform", LEAF},
    {"basis", LEAF},
    {"note", EVERYWHERE},
    {"tags", EVERYWHERE},
};

typedef struct reader {
    smr_framework_builder *builder;
    smri_arena *arena; /* of the paths */
    const char *source_name;
    smr_error *error;
} reader;

/* A node of the file while it is read. */
typedef struct place {
    const reader *in;
    const smri_value *object;
    smri_node_site site;
} place;

static const char *name_owners(unsigned where) {
    switch (where) {
    case ROOT:
        return "the root";
    case LEAF:
        return "indicators";
    case ROOT | LEAF:
        return "the root and to indicators";
    default:
        return "nodes with children";
    }
}

static const char *name_node(unsigned where) {
    return where == ROOT ? "the root" : where == LEAF ? "an indicator, as it has no children" : "a node with children";
}

static smr_status fail_key(const place *at, const char *key) {
    const char *names[SMRI_COUNT(keys)];
    for (size_t i = 0; i < SMRI_COUNT(keys); i++) {
        names[i] = keys[i].name;
    }
    char nearest[SMRI_NEAREST_SIZE];
    smri_text_suggest(nearest, key, names, SMRI_COUNT(keys));
    return smri_node_fail(&at->site, key, at->in->error, SMR_MESSAGE_FRAMEWORK_KEY_UNKNOWN, key, nearest);
}

static smr_status check_keys(const place *at, unsigned where) {
    for (const smri_value *member = at->object->first; member != NULL; member = member->next) {
        size_t i = 0;
        while (i < SMRI_COUNT(keys) && strcmp(keys[i].name, member->key) != 0) {
            i++;
        }
        if (i == SMRI_COUNT(keys)) {
            return fail_key(at, member->key);
        }
        if ((keys[i].where & where) == 0 && member->type != SMRI_NULL) {
            return smri_node_fail(&at->site, member->key, at->in->error, SMR_MESSAGE_FRAMEWORK_KEY_MISPLACED,
                                  member->key, name_owners(keys[i].where), name_node(where));
        }
    }
    return SMR_OK;
}

/* The member, NULL when it is absent or null. */
static const smri_value *get(const smri_value *object, const char *key) {
    const smri_value *member = smri_value_get(object, key);
    return member != NULL && member->type != SMRI_NULL ? member : NULL;
}

static smr_status fail_type(const place *at, const char *member, const smri_value *found, const char *expected) {
    char description[SMRI_EXCERPT_SIZE];
    smri_json_describe(found, description);
    return smri_node_fail(&at->site, member, at->in->error, SMR_MESSAGE_JSON_TYPE, description, expected);
}

/* Leaves *text and *number as they are when the key is absent. */
static smr_status read_text(const place *at, const char *key, const char **text) {
    const smri_value *member = get(at->object, key);
    if (member != NULL && member->type != SMRI_TEXT) {
        return fail_type(at, key, member, "a text");
    }
    *text = member ? member->text : *text;
    return SMR_OK;
}

static smr_status read_number(const place *at, const char *key, double *number) {
    const smri_value *member = get(at->object, key);
    if (member != NULL && member->type != SMRI_NUMBER) {
        return fail_type(at, key, member, "a number");
    }
    *number = member ? member->number : *number;
    return SMR_OK;
}

static smr_status read_word(const place *at, const char *key, int32_t (*find)(const char *), const char *words,
                            int32_t *word) {
    const char *text = NULL;
    smr_status status = read_text(at, key, &text);
    if (status != SMR_OK || text == NULL) {
        return status;
    }
    int32_t found = find(text);
    if (found < 0) {
        return smri_node_fail(&at->site, key, at->in->error, SMR_MESSAGE_FRAMEWORK_WORD_UNKNOWN, key, text, words);
    }
    *word = found;
    return SMR_OK;
}

static smr_status add_leaf(const place *at, const char *parent) {
    smr_indicator_options options;
    smr_indicator_options_init(&options, sizeof options);
    const struct {
        const char *key;
        double *number;
    } numbers[] = {
        {"weight", &options.weight},   {"worst", &options.worst},   {"best", &options.best},
        {"optimum", &options.optimum}, {"target", &options.target},
    };
    const struct {
        const char *key, **text;
    } texts[] = {
        {"unit", &options.unit},
        {"denominator", &options.denominator},
        {"source", &options.source},
    };
    const struct {
        const char *key;
        int32_t (*find)(const char *);
        const char *words;
        int32_t *word;
    } words[] = {
        {"direction", smri_direction_find, "higher, lower, target", &options.direction},
        {"kind", smri_kind_find, "number, share, count, ordinal, binary, checklist, rank", &options.kind},
        {"transform", smri_transform_find, "none, log, sqrt, cbrt, logit", &options.transform},
    };
    smr_status status = SMR_OK;
    for (size_t i = 0; i < SMRI_COUNT(numbers) && status == SMR_OK; i++) {
        status = read_number(at, numbers[i].key, numbers[i].number);
    }
    for (size_t i = 0; i < SMRI_COUNT(texts) && status == SMR_OK; i++) {
        status = read_text(at, texts[i].key, texts[i].text);
    }
    for (size_t i = 0; i < SMRI_COUNT(words) && status == SMR_OK; i++) {
        status = read_word(at, words[i].key, words[i].find, words[i].words, words[i].word);
    }
    return status == SMR_OK
               ? smr_framework_builder_add_indicator(at->in->builder, parent, at->site.id, &options, at->in->error)
               : status;
}

static smr_status add_inner(const place *at, const char *parent) {
    smr_node_options options;
    smr_node_options_init(&options, sizeof options);
    smr_status status = read_number(at, "weight", &options.weight);
    if (status == SMR_OK) {
        status = smr_framework_builder_add_node(at->in->builder, parent, at->site.id, &options, at->in->error);
    }
    const smri_value *aggregate = get(at->object, "aggregate");
    if (status != SMR_OK || aggregate == NULL) {
        return status;
    }
    if (aggregate->type != SMRI_TEXT && aggregate->type != SMRI_OBJECT) {
        return fail_type(at, "aggregate", aggregate, "the name of a method, or an object");
    }
    return smri_framework_builder_set_aggregate(at->in->builder, at->site.id, aggregate, at->in->error);
}

static smr_status read_names(const place *at) {
    const smri_value *names = get(at->object, "name");
    if (names == NULL) {
        return SMR_OK;
    }
    if (names->type == SMRI_TEXT) {
        return smr_framework_builder_add_name(at->in->builder, at->site.id, "en", names->text, at->in->error);
    }
    if (names->type != SMRI_OBJECT) {
        return fail_type(at, "name", names, "a text, or an object of texts by language");
    }
    smr_status status = SMR_OK;
    for (const smri_value *name = names->first; name != NULL && status == SMR_OK; name = name->next) {
        if (name->type == SMRI_TEXT) {
            status = smr_framework_builder_add_name(at->in->builder, at->site.id, name->key, name->text, at->in->error);
        } else if (name->type != SMRI_NULL) {
            char member[SMR_ERROR_SUBJECT_SIZE];
            smri_path_join(member, "name", name->key);
            status = fail_type(at, member, name, "a text");
        }
    }
    return status;
}

static smr_status add_tag(const place *at, const char *taxonomy, const smri_value *tag) {
    if (tag->type == SMRI_TEXT) {
        return smr_framework_builder_add_tag(at->in->builder, at->site.id, taxonomy, tag->text, at->in->error);
    }
    char member[SMR_ERROR_SUBJECT_SIZE];
    smri_path_join(member, "tags", taxonomy);
    return fail_type(at, member, tag, "a text, or a list of texts");
}

static smr_status read_tags(const place *at) {
    const smri_value *tags = get(at->object, "tags");
    if (tags != NULL && tags->type != SMRI_OBJECT) {
        return fail_type(at, "tags", tags, "an object of lists by taxonomy");
    }
    smr_status status = SMR_OK;
    for (const smri_value *tag = tags ? tags->first : NULL; tag != NULL && status == SMR_OK; tag = tag->next) {
        if (tag->type != SMRI_ARRAY) {
            status = tag->type == SMRI_NULL ? SMR_OK : add_tag(at, tag->key, tag);
            continue;
        }
        for (const smri_value *item = tag->first; item != NULL && status == SMR_OK; item = item->next) {
            status = add_tag(at, tag->key, item);
        }
    }
    return status;
}

static smr_status read_notes(const place *at) {
    const char *basis = NULL, *note = NULL;
    smr_status status = read_text(at, "basis", &basis);
    if (status == SMR_OK) {
        status = read_text(at, "note", &note);
    }
    if (status != SMR_OK || (basis == NULL && note == NULL)) {
        return status;
    }
    return smri_framework_builder_set_notes(at->in->builder, at->site.id, basis, note, at->in->error);
}

static smr_status read_node(const reader *in, const smri_value *value, const char *parent, const char *path);

static smr_status read_children(const place *at, const smri_value *children) {
    static const char step[] = "children[";
    const char *path = at->site.path;
    size_t length = strlen(path);
    uint64_t index = 0;
    for (const smri_value *child = children->first; child != NULL; child = child->next) {
        char digits[SMRI_INTEGER_SIZE];
        size_t needed;
        smri_text_integer(digits, index++);
        if (!smri_sum(length, sizeof step + sizeof digits + 2, &needed)) {
            return smri_fail_memory(at->in->error);
        }
        char *child_path = smri_arena_alloc(at->in->arena, needed, 1);
        if (child_path == NULL) {
            return smri_fail_memory(at->in->error);
        }
        char *end = child_path;
        memcpy(end, path, length);
        end += length;
        if (length > 0) {
            *end++ = '.';
        }
        memcpy(end, step, sizeof step - 1);
        end += sizeof step - 1;
        size_t digit_count = strlen(digits);
        memcpy(end, digits, digit_count);
        memcpy(end + digit_count, "]", 2);
        smr_status status = read_node(at->in, child, at->site.id, child_path);
        if (status != SMR_OK) {
            return status;
        }
    }
    return SMR_OK;
}

/* parent NULL: the root. Depth is limited by the JSON reader. */
static smr_status read_node(const reader *in, const smri_value *value, const char *parent, const char *path) {
    place at = {in, value, {in->source_name, path, NULL}};
    if (value->type != SMRI_OBJECT) {
        return fail_type(&at, NULL, value, "an object");
    }
    const smri_value *children = get(value, "children");
    unsigned where = parent == NULL ? ROOT : children != NULL ? INNER : LEAF;
    smr_status status = check_keys(&at, where);
    if (status == SMR_OK) {
        status = read_text(&at, "id", &at.site.id);
    }
    if (status != SMR_OK) {
        return status;
    }
    if (at.site.id == NULL || (where == ROOT && children == NULL)) {
        const char *missing = at.site.id == NULL ? "id" : "children";
        return smri_node_fail(&at.site, missing, in->error, SMR_MESSAGE_FRAMEWORK_KEY_MISSING, missing,
                              at.site.id == NULL ? "every node has one" : "the root has the criteria there");
    }
    if (children != NULL && children->type != SMRI_ARRAY) {
        return fail_type(&at, "children", children, "a list of nodes");
    }
    smri_framework_builder_name_path(in->builder, path);
    status = where == LEAF ? add_leaf(&at, parent) : add_inner(&at, parent);
    if (status == SMR_OK) {
        status = read_names(&at);
    }
    if (status == SMR_OK) {
        status = read_tags(&at);
    }
    if (status == SMR_OK) {
        status = read_notes(&at);
    }
    return status == SMR_OK && children != NULL ? read_children(&at, children) : status;
}

static int32_t find_id_rule(const char *word) {
    return strcmp(word, "plain") == 0 ? 0 : strcmp(word, "any") == 0 ? 1 : -1;
}

static smr_status read_root(const reader *in, const smri_value *root) {
    const place at = {in, root, {in->source_name, "", NULL}};
    if (root->type != SMRI_OBJECT) {
        return fail_type(&at, NULL, root, "an object, the root of a framework");
    }
    smr_status status = smri_json_check_format(root, SMRI_FRAMEWORK_FORMAT, in->source_name, in->error);
    int32_t any_id = 0;
    if (status == SMR_OK) {
        status = read_word(&at, "ids", find_id_rule, "plain, any", &any_id);
    }
    if (status != SMR_OK) {
        return status;
    }
    if (any_id != 0) {
        smri_framework_builder_allow_any_id(in->builder);
    }
    return read_node(in, root, NULL, "");
}

static smr_status read_details(const reader *in, const smri_value *root) {
    const place at = {in, root, {in->source_name, "", NULL}};
    const char *version = NULL, *source = NULL, *licence = NULL;
    smr_status status = read_text(&at, "version", &version);
    if (status == SMR_OK) {
        status = read_text(&at, "source", &source);
    }
    if (status == SMR_OK) {
        status = read_text(&at, "licence", &licence);
    }
    if (status == SMR_OK) {
        status = smri_framework_builder_set_texts(in->builder, version, source, licence, in->source_name, in->error);
    }
    const smri_value *plan = get(root, "plan");
    if (status == SMR_OK && plan != NULL) {
        status = plan->type == SMRI_OBJECT ? smri_framework_builder_set_plan(in->builder, plan, in->error)
                                           : fail_type(&at, "plan", plan, "an object");
    }
    return status;
}

smr_status smri_framework_from_value(smr_context *context, const smri_value *root, const char *source_name,
                                     smr_framework **framework, smr_error *error) {
    *framework = NULL;
    smr_framework_builder *builder;
    smr_status status = smri_framework_builder_new_empty(context, source_name, &builder, error);
    if (status != SMR_OK) {
        return status;
    }
    smri_arena arena;
    smri_arena_init(&arena, smri_context(context));
    const reader in = {builder, &arena, source_name, error};
    status = read_root(&in, root);
    if (status == SMR_OK) {
        status = read_details(&in, root);
    }
    if (status == SMR_OK) {
        status = smr_framework_builder_build(builder, framework, error);
    }
    smr_framework_builder_free(builder);
    smri_arena_free(&arena);
    return status;
}

/* A table in CSV cannot start with a bracket; what is empty is told by the JSON reader. */
static bool is_json(const char *text, size_t length) {
    size_t i = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (i < length && (text[i] == ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r')) {
        i++;
    }
    return i == length || text[i] == '{' || text[i] == '[';
}

static smr_status read_json(smr_context *context, const char *text, size_t length, const char *source_name,
                            smr_framework **framework, smr_error *error) {
    smri_arena arena;
    smri_arena_init(&arena, smri_context(context));
    const smri_value *root;
    smr_status status = smri_json_read(arena.context, &arena, text, length, source_name, &root, error);
    if (status == SMR_OK) {
        status = smri_framework_from_value(context, root, source_name, framework, error);
    }
    smri_arena_free(&arena);
    return status;
}

smr_status smr_framework_read(smr_context *context, const char *text, size_t length, const char *source_name,
                              smr_framework **framework, smr_error *error) {
    if (framework == NULL) {
        return smri_fail_argument(error, "framework", "must not be NULL");
    }
    *framework = NULL;
    if (text == NULL) {
        return smri_fail_argument(error, "text", "must not be NULL");
    }
    return is_json(text, length) ? read_json(context, text, length, source_name, framework, error)
                                 : smri_framework_read_imeta(context, text, length, source_name, framework, error);
}
