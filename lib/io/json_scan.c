/* SPDX-License-Identifier: MIT */
/* The words of a JSON text, checked before Jansson sees them.
 *
 * Jansson reads numbers with strtod(), which follows the locale and the C library of the machine, and drops bytes of a
 * text without a word when memory runs out. So numbers are read here, to the same bits everywhere, and Jansson gets a
 * skeleton in which every number is 0; the bytes of all texts are counted here to be compared with what it returns.
 * What is left to Jansson is how words may follow one another. */
#include "io/io_impl.h"

/* A word: a bracket or mark, a text in quotes, or a run of other bytes (a number, true, false, null). */
typedef struct word {
    size_t start, end;
    size_t text_bytes; /* of a text, escapes resolved */
} word;

typedef struct scanner {
    const smr_context *context;
    const char *text;
    size_t length;
    const char *source_name;
    smr_error *error;
} scanner;

static const char byte_order_mark[] = "\xef\xbb\xbf";
#define MARK_LENGTH (sizeof byte_order_mark - 1)

static size_t mark_length(const char *text, size_t length) {
    return length >= MARK_LENGTH && memcmp(text, byte_order_mark, MARK_LENGTH) == 0 ? MARK_LENGTH : 0;
}

smri_place smri_text_place(const char *text, size_t length, size_t offset, const char *source_name) {
    smri_place place = {.source = source_name, .row = 1, .column = 1, .byte = offset};
    for (size_t i = mark_length(text, length); i < offset && i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '\n') {
            place.row++;
            place.column = 1;
        } else if ((c & 0xc0) != 0x80) {
            place.column++;
        }
    }
    return place;
}

void smri_text_excerpt(char out[SMRI_EXCERPT_SIZE], const char *text, size_t length) {
    /* More than fits, so that smri_text_cut finds the boundary of a character. */
    char beginning[2 * SMRI_EXCERPT_SIZE];
    size_t keep = SMRI_MIN(length, sizeof beginning - 1);
    memcpy(beginning, text, keep);
    beginning[keep] = '\0';
    smri_text_cut(out, SMRI_EXCERPT_SIZE, beginning);
}

static smr_status fail_at(const scanner *scan, size_t offset, int32_t code, const char *found, const char *expected) {
    smri_place place = smri_text_place(scan->text, scan->length, offset, scan->source_name);
    return smri_fail(scan->error, code, &place, found, expected);
}

static smr_status fail_found(const scanner *scan, size_t offset, size_t length, const char *expected) {
    char found[SMRI_EXCERPT_SIZE];
    smri_text_excerpt(found, scan->text + offset, SMRI_MIN(length, scan->length - offset));
    return fail_at(scan, offset, SMR_MESSAGE_JSON_SYNTAX, found, expected);
}

static smr_status fail_limit(const scanner *scan, size_t offset, const char *what, uint64_t limit) {
    char digits[SMRI_INTEGER_SIZE];
    return fail_at(scan, offset, SMR_MESSAGE_LIMIT_PASSED, what, smri_text_integer(digits, limit));
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_mark(char c) {
    return c == '{' || c == '}' || c == '[' || c == ']' || c == ':' || c == ',';
}

/* The code of four hexadecimal digits at `at`, or -1. */
static int32_t read_code(const scanner *scan, size_t at) {
    int32_t code = 0;
    for (size_t i = at; i < at + 4; i++) {
        char c = i < scan->length ? scan->text[i] : '\0';
        int32_t digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
        if (digit < 0) {
            return -1;
        }
        code = code * 16 + digit;
    }
    return code;
}

static bool is_high_surrogate(int32_t code) {
    return code >= 0xd800 && code <= 0xdbff;
}

static bool is_low_surrogate(int32_t code) {
    return code >= 0xdc00 && code <= 0xdfff;
}

enum { UNICODE_ESCAPE = 6 /* \uXXXX */ };

/* At \u: adds the bytes of the character; *at moves behind it. */
static smr_status scan_unicode(const scanner *scan, size_t *at, size_t *bytes) {
    size_t start = *at;
    int32_t code = read_code(scan, start + 2);
    if (code < 0) {
        return fail_found(scan, start, UNICODE_ESCAPE, "\\u and four hexadecimal digits");
    }
    if (code == 0) {
        return fail_at(scan, start, SMR_MESSAGE_JSON_NUL, NULL, NULL);
    }
    *at = start + UNICODE_ESCAPE;
    *bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
    if (is_high_surrogate(code)) {
        bool escape = scan->length - *at >= 2 && scan->text[*at] == '\\' && scan->text[*at + 1] == 'u';
        if (!escape || !is_low_surrogate(read_code(scan, *at + 2))) {
            return fail_found(scan, start, UNICODE_ESCAPE, "the pair of a surrogate after it");
        }
        *at += UNICODE_ESCAPE;
        *bytes += 1; /* a pair is one character of four bytes */
    } else if (is_low_surrogate(code)) {
        return fail_found(scan, start, UNICODE_ESCAPE, "the first half of the surrogate pair before it");
    }
    return SMR_OK;
}

/* At an opening quote. */
static smr_status scan_text(const scanner *scan, word *found) {
    size_t at = found->start + 1;
    found->text_bytes = 0;
    while (at < scan->length && scan->text[at] != '"') {
        unsigned char c = (unsigned char)scan->text[at];
        if (c < 0x20) {
            return fail_found(scan, at, 1, "an escape such as \\n or \\t, or the closing quote of the text");
        }
        if (c != '\\') {
            at++;
            found->text_bytes++;
            continue;
        }
        char escaped = at + 1 < scan->length ? scan->text[at + 1] : '\0';
        if (escaped == 'u') {
            smr_status status = scan_unicode(scan, &at, &found->text_bytes);
            if (status != SMR_OK) {
                return status;
            }
        } else if (escaped != '\0' && strchr("\"\\/bfnrt", escaped) != NULL) {
            at += 2;
            found->text_bytes++;
        } else {
            return fail_found(scan, at, 2, "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
        }
    }
    if (at >= scan->length) {
        return fail_at(scan, found->start, SMR_MESSAGE_JSON_SYNTAX, "a text that does not end", "a closing quote");
    }
    found->end = at + 1;
    return SMR_OK;
}

/* The next word from `at` on; at the end of the text start and end are its length. */
static smr_status next_word(const scanner *scan, size_t at, word *found) {
    while (at < scan->length && is_blank(scan->text[at])) {
        at++;
    }
    found->start = at;
    found->end = at;
    if (at >= scan->length) {
        return SMR_OK;
    }
    if (scan->text[at] == '"') {
        return scan_text(scan, found);
    }
    if (is_mark(scan->text[at])) {
        found->end = at + 1;
        return SMR_OK;
    }
    while (at < scan->length && !is_blank(scan->text[at]) && !is_mark(scan->text[at]) && scan->text[at] != '"') {
        at++;
    }
    found->end = at;
    return SMR_OK;
}

static bool is_literal(const char *text, size_t length) {
    static const char *const literals[] = {"true", "false", "null"};
    for (size_t i = 0; i < SMRI_COUNT(literals); i++) {
        if (strlen(literals[i]) == length && memcmp(literals[i], text, length) == 0) {
            return true;
        }
    }
    return false;
}

/* Is the whole run a number of the JSON grammar? Then its value. */
static bool is_number(const char *text, size_t length, double *value) {
    size_t sign = text[0] == '-';
    return length > sign && text[sign] >= '0' && text[sign] <= '9' && smri_number_prefix(text, length, value) == length;
}

/* Takes a run: a literal stays, a number goes into the list and out of the skeleton. */
static smr_status take_run(const scanner *scan, const word *run, smri_json_scan *out, size_t *capacity) {
    const char *start = scan->text + run->start;
    size_t length = run->end - run->start;
    double value;
    if (is_literal(start, length)) {
        return SMR_OK;
    }
    if (!is_number(start, length, &value)) {
        return fail_found(scan, run->start, length,
                          "a text in double quotes, a number such as -0.5 or 1e-3, true, false or null");
    }
    if (fabs(value) > DBL_MAX) {
        char found[SMRI_EXCERPT_SIZE];
        smri_text_excerpt(found, start, length);
        return fail_at(scan, run->start, SMR_MESSAGE_JSON_NUMBER_RANGE, found, NULL);
    }
    if (!smri_grow(scan->context, &out->numbers, capacity, out->number_count + 1, sizeof *out->numbers)) {
        return smri_fail_memory(scan->error);
    }
    out->numbers[out->number_count++] = value;
    out->skeleton[run->start] = '0';
    memset(out->skeleton + run->start + 1, ' ', length - 1);
    return SMR_OK;
}

static smr_status scan_words(const scanner *scan, smri_json_scan *out) {
    size_t capacity = 0, at = mark_length(scan->text, scan->length);
    uint64_t depth = 0;
    memset(out->skeleton, ' ', at);
    for (;;) {
        word found;
        smr_status status = next_word(scan, at, &found);
        if (status != SMR_OK || found.end == found.start) {
            return status;
        }
        char first = scan->text[found.start];
        if (first == '"') {
            out->text_bytes += found.text_bytes;
            if (found.text_bytes > scan->context->max_field_bytes) {
                return fail_limit(scan, found.start, "the length of a text", scan->context->max_field_bytes);
            }
        } else if (first == '{' || first == '[') {
            if (++depth > scan->context->max_depth) {
                return fail_limit(scan, found.start, "the depth of the JSON text", scan->context->max_depth);
            }
        } else if (first == '}' || first == ']') {
            depth -= depth > 0;
        } else if (!is_mark(first)) {
            status = take_run(scan, &found, out, &capacity);
            if (status != SMR_OK) {
                return status;
            }
        }
        at = found.end;
    }
}

smr_status smri_json_scan_text(const smr_context *context, const char *text, size_t length, const char *source_name,
                               smri_json_scan *scan, smr_error *error) {
    *scan = (smri_json_scan){NULL, NULL, 0, 0};
    const scanner words = {context, text, length, source_name, error};
    if (length > context->max_bytes) {
        return fail_limit(&words, 0, "the length of the JSON text", context->max_bytes);
    }
    size_t valid = smri_utf8_check(text, length);
    if (valid < length) {
        static const char digits[] = "0123456789ABCDEF";
        unsigned char c = (unsigned char)text[valid];
        const char found[] = {'0', 'x', digits[c >> 4], digits[c & 15], '\0'};
        return fail_at(&words, valid, SMR_MESSAGE_JSON_UTF8, found, NULL);
    }
    scan->skeleton = smri_alloc(context, length, 1);
    if (scan->skeleton == NULL) {
        return smri_fail_memory(error);
    }
    memcpy(scan->skeleton, text, length);
    smr_status status = scan_words(&words, scan);
    if (status != SMR_OK) {
        smri_json_scan_free(context, scan);
    }
    return status;
}

void smri_json_scan_free(const smr_context *context, smri_json_scan *scan) {
    smri_free(context, scan->skeleton);
    smri_free(context, scan->numbers);
    *scan = (smri_json_scan){NULL, NULL, 0, 0};
}

bool smri_json_word_at(const char *text, size_t length, size_t offset, size_t *start, size_t *end) {
    const scanner words = {NULL, text, length, NULL, NULL};
    word found = {0, mark_length(text, length), 0};
    do {
        if (next_word(&words, found.end, &found) != SMR_OK || found.end == found.start) {
            return false;
        }
    } while (found.end <= offset);
    if (found.start > offset) {
        return false;
    }
    *start = found.start;
    *end = found.end;
    return true;
}
