/* SPDX-License-Identifier: MIT */
/* JSON text to a tree of values. The only file that knows Jansson. */
#include "io/io_impl.h"

#include <jansson.h>

static const char key_expected[] = "string or '}' expected";
static const char duplicate_key[] = "duplicate object key";
static const char invalid_token[] = "invalid token";

/* How Jansson says what it expected, and how a message of ours does. */
static const struct {
    const char *theirs, *ours;
} expectations[] = {
    {key_expected, "a key in double quotes"},
    {"':' expected", "\":\" after the key"},
    {"'}' expected", "\",\" or \"}\""},
    {"']' expected", "\",\" or \"]\""},
    {"end of file expected", "nothing after the value"},
    {"unexpected token", "a value"},
};

static bool begins_with(const char *text, const char *beginning) {
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + (length - end_length), end) == 0;
}

/* Every word was checked before, so that Jansson can only find words in a wrong order. Where it had no memory it says
 * nothing, or calls the text it was reading invalid or no key. */
static smr_status fail_as_jansson(const json_error_t *problem, const char *text, size_t length, const char *source_name,
                                  smr_error *error) {
    if (problem->text[0] == '\0' || begins_with(problem->text, invalid_token)) {
        return smri_fail_memory(error);
    }
    /* The position is behind the word that was not expected. */
    size_t after = problem->position > 0 ? (size_t)problem->position : 0;
    size_t start = length, end = length;
    char found[SMRI_EXCERPT_SIZE] = "the end of the text";
    if (after > 0 && !ends_with(problem->text, "near end of file")
        && smri_json_word_at(text, length, after - 1, &start, &end)) {
        smri_text_excerpt(found, text + start, end - start);
    }
    if (found[0] == '"' && begins_with(problem->text, key_expected)) {
        return smri_fail_memory(error);
    }
    smri_place place = smri_text_place(text, length, start, source_name);
    if (begins_with(problem->text, duplicate_key)) {
        return smri_fail(error, SMR_MESSAGE_JSON_DUPLICATE_KEY, &place, found);
    }
    for (size_t i = 0; i < SMRI_COUNT(expectations); i++) {
        if (begins_with(problem->text, expectations[i].theirs)) {
            return smri_fail(error, SMR_MESSAGE_JSON_SYNTAX, &place, found, expectations[i].ours);
        }
    }
    return smri_fail(error, SMR_MESSAGE_JSON_SYNTAX, &place, found, problem->text);
}

/* What is still to be found in the tree of Jansson, in the order of the text. */
typedef struct conversion {
    smri_arena *arena;
    const double *numbers;
    size_t numbers_left, text_bytes_left;
} conversion;

static bool take_text_bytes(conversion *out, size_t bytes) {
    bool enough = bytes <= out->text_bytes_left;
    out->text_bytes_left -= enough ? bytes : 0;
    return enough;
}

static smri_value *convert(conversion *out, json_t *json);

static smri_value *convert_object(conversion *out, json_t *json) {
    smri_value *object = smri_value_new(out->arena, SMRI_OBJECT);
    const char *key;
    json_t *member;
    if (object == NULL || json_object_size(json) > UINT32_MAX) {
        return NULL;
    }
    json_object_foreach(json, key, member) {
        if (!take_text_bytes(out, strlen(key))
            || smri_value_append(out->arena, object, key, convert(out, member)) == NULL) {
            return NULL;
        }
    }
    return object;
}

static smri_value *convert_array(conversion *out, json_t *json) {
    smri_value *array = smri_value_new(out->arena, SMRI_ARRAY);
    size_t count = json_array_size(json);
    if (array == NULL || count > UINT32_MAX) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        if (smri_value_append(out->arena, array, NULL, convert(out, json_array_get(json, i))) == NULL) {
            return NULL;
        }
    }
    return array;
}

/* NULL: out of memory, here or before in Jansson. Depth is limited by the scan. */
static smri_value *convert(conversion *out, json_t *json) {
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return convert_object(out, json);
    case JSON_ARRAY:
        return convert_array(out, json);
    case JSON_STRING:
        return take_text_bytes(out, json_string_length(json))
                   ? smri_value_text(out->arena, json_string_value(json), json_string_length(json))
                   : NULL;
    case JSON_INTEGER:
        if (out->numbers_left == 0) {
            return NULL;
        }
        out->numbers_left--;
        return smri_value_number(out->arena, *out->numbers++);
    case JSON_TRUE:
    case JSON_FALSE:
        return smri_value_bool(out->arena, json_is_true(json));
    case JSON_NULL:
        return smri_value_new(out->arena, SMRI_NULL);
    default:
        return NULL;
    }
}

smr_status smri_json_read(const smr_context *context, smri_arena *arena, const char *text, size_t length,
                          const char *source_name, const smri_value **value, smr_error *error) {
    *value = NULL;
    smri_json_scan scan;
    smr_status status = smri_json_scan_text(context, text, length, source_name, &scan, error);
    if (status != SMR_OK) {
        return status;
    }
    json_error_t problem;
    json_t *json = json_loadb(scan.skeleton, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &problem);
    if (json == NULL) {
        status = fail_as_jansson(&problem, text, length, source_name, error);
    } else {
        conversion out = {arena, scan.numbers, scan.number_count, scan.text_bytes};
        const smri_value *converted = convert(&out, json);
        /* Bytes that are missing are those Jansson had no memory for. */
        if (converted == NULL || out.numbers_left > 0 || out.text_bytes_left > 0) {
            status = smri_fail_memory(error);
        } else {
            *value = converted;
        }
        json_decref(json);
    }
    smri_json_scan_free(context, &scan);
    return status;
}
