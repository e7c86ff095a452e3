/* SPDX-License-Identifier: MIT */
/* What every reader of a saved file asks first: of which kind and version it is. */
#include "io/io_impl.h"

/* The version of every kind of file that this library writes, and the newest it reads. */
#define NEWEST_VERSION 1

void smri_json_describe(const smri_value *value, char out[SMRI_EXCERPT_SIZE]) {
    static const char *const names[] = {
        [SMRI_NULL] = "null",        [SMRI_BOOL] = "false",   [SMRI_NUMBER] = "the number ",
        [SMRI_TEXT] = "the text \"", [SMRI_ARRAY] = "a list", [SMRI_OBJECT] = "an object",
    };
    const char *name = value->type == SMRI_BOOL && value->number != 0 ? "true" : names[value->type];
    size_t used = strlen(name);
    memcpy(out, name, used + 1);
    if (value->type == SMRI_NUMBER) {
        smri_number_write(out + used, value->number);
    } else if (value->type == SMRI_TEXT) {
        smri_text_cut(out + used, SMRI_EXCERPT_SIZE - used - 1, value->text);
        used = strlen(out);
        out[used] = '"';
        out[used + 1] = '\0';
    }
}

/* Digits without a leading zero, as a number that saturates; 0 when the text is anything else. */
static uint32_t read_version(const char *text) {
    uint32_t version = 0;
    if (*text == '0') {
        return 0;
    }
    for (; *text >= '0' && *text <= '9'; text++) {
        version = version < UINT32_MAX / 10 - 1 ? version * 10 + (uint32_t)(*text - '0') : version;
    }
    return *text == '\0' ? version : 0;
}

smr_status smri_json_check_format(const smri_value *root, const char *kind, const char *source_name, smr_error *error) {
    const smri_value *format = smri_value_get(root, "format");
    if (format == NULL || format->type == SMRI_NULL) {
        return SMR_OK;
    }
    const smri_place place = {.source = source_name, .subject = "format"};
    if (format->type != SMRI_TEXT) {
        char found[SMRI_EXCERPT_SIZE];
        smri_json_describe(format, found);
        return smri_fail(error, SMR_MESSAGE_JSON_TYPE, &place, found, "a text");
    }
    size_t length = strlen(kind);
    char expected[SMRI_EXCERPT_SIZE], digits[SMRI_INTEGER_SIZE];
    smri_text_cut(expected, sizeof expected - sizeof digits - 1, kind);
    size_t used = strlen(expected);
    expected[used] = '/';
    smri_text_cut(expected + used + 1, sizeof expected - used - 1, smri_text_integer(digits, NEWEST_VERSION));
    bool same_kind = strncmp(format->text, kind, length) == 0 && format->text[length] == '/';
    uint32_t version = same_kind ? read_version(format->text + length + 1) : 0;
    if (version == 0) {
        return smri_fail(error, SMR_MESSAGE_JSON_FORMAT_OTHER, &place, format->text, expected);
    }
    if (version > NEWEST_VERSION) {
        return smri_fail(error, SMR_MESSAGE_JSON_FORMAT_NEWER, &place, format->text, expected);
    }
    return SMR_OK;
}
