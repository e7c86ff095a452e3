/* SPDX-License-Identifier: MIT */
/* Text leaves in pieces through a buffer; JSON is written as a stream, without a tree. */
#include "io/io_impl.h"

void smri_writer_init(smri_writer *writer, smr_write_callback write, void *user) {
    writer->write = write;
    writer->user = user;
    writer->failed = false;
    writer->pretty = false;
    writer->first = true;
    writer->depth = 0;
    writer->used = 0;
}

static void flush(smri_writer *writer) {
    if (writer->used > 0 && !writer->failed) {
        writer->failed = writer->write(writer->buffer, writer->used, writer->user) != 0;
    }
    writer->used = 0;
}

void smri_write_bytes(smri_writer *writer, const char *bytes, size_t length) {
    while (length > 0 && !writer->failed) {
        size_t part = SMRI_MIN(length, sizeof writer->buffer - writer->used);
        memcpy(writer->buffer + writer->used, bytes, part);
        writer->used += part;
        bytes += part;
        length -= part;
        if (writer->used == sizeof writer->buffer) {
            flush(writer);
        }
    }
}

void smri_write_text(smri_writer *writer, const char *text) {
    smri_write_bytes(writer, text, strlen(text));
}

void smri_write_number(smri_writer *writer, double value) {
    char digits[SMRI_NUMBER_SIZE];
    smri_write_bytes(writer, digits, smri_number_write(digits, value));
}

smr_status smri_writer_finish(smri_writer *writer, smr_error *error) {
    flush(writer);
    return writer->failed ? smri_fail_plain(error, SMR_MESSAGE_WRITE_FAILED, NULL) : SMR_OK;
}

static void write_quoted(smri_writer *writer, const char *text) {
    static const char digits[] = "0123456789abcdef";
    static const char escaped[] = "\"\\\b\f\n\r\t";
    static const char letters[] = "\"\\bfnrt";
    smri_write_bytes(writer, "\"", 1);
    while (*text != '\0') {
        size_t plain = 0;
        while ((unsigned char)text[plain] >= 0x20 && text[plain] != '"' && text[plain] != '\\') {
            plain++;
        }
        smri_write_bytes(writer, text, plain);
        text += plain;
        if (*text == '\0') {
            break;
        }
        const char *known = strchr(escaped, *text);
        if (known != NULL) {
            const char pair[] = {'\\', letters[known - escaped]};
            smri_write_bytes(writer, pair, sizeof pair);
        } else {
            unsigned char c = (unsigned char)*text;
            const char code[] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
            smri_write_bytes(writer, code, sizeof code);
        }
        text++;
    }
    smri_write_bytes(writer, "\"", 1);
}

static void start_line(smri_writer *writer) {
    smri_write_bytes(writer, "\n", 1);
    for (uint32_t i = 0; i < writer->depth; i++) {
        smri_write_bytes(writer, "  ", 2);
    }
}

/* What stands before every value: comma, line, key. */
static void start_member(smri_writer *writer, const char *key) {
    if (!writer->first) {
        smri_write_bytes(writer, ",", 1);
    }
    if (writer->pretty && writer->depth > 0) {
        start_line(writer);
    } else if (!writer->first) {
        smri_write_bytes(writer, " ", 1);
    }
    writer->first = false;
    if (key != NULL) {
        write_quoted(writer, key);
        smri_write_bytes(writer, ": ", 2);
    }
}

void smri_json_open(smri_writer *writer, const char *key, char bracket) {
    start_member(writer, key);
    smri_write_bytes(writer, &bracket, 1);
    writer->depth++;
    writer->first = true;
}

void smri_json_close(smri_writer *writer, char bracket) {
    writer->depth--;
    if (writer->pretty && !writer->first) {
        start_line(writer);
    }
    smri_write_bytes(writer, &bracket, 1);
    writer->first = false;
}

void smri_json_text(smri_writer *writer, const char *key, const char *text) {
    start_member(writer, key);
    if (text != NULL) {
        write_quoted(writer, text);
    } else {
        smri_write_text(writer, "null");
    }
}

void smri_json_number(smri_writer *writer, const char *key, double value) {
    start_member(writer, key);
    if (fabs(value) <= DBL_MAX) {
        smri_write_number(writer, value);
    } else {
        smri_write_text(writer, "null");
    }
}

void smri_json_bool(smri_writer *writer, const char *key, bool value) {
    start_member(writer, key);
    smri_write_text(writer, value ? "true" : "false");
}

static bool is_plain_list(const smri_value *value) {
    for (const smri_value *member = value->first; member != NULL; member = member->next) {
        if (member->type == SMRI_ARRAY || member->type == SMRI_OBJECT) {
            return false;
        }
    }
    return value->type == SMRI_ARRAY;
}

static void write_members(smri_writer *writer, const char *key, const smri_value *value) {
    bool object = value->type == SMRI_OBJECT, pretty = writer->pretty;
    smri_json_open(writer, key, object ? '{' : '[');
    writer->pretty = pretty && !is_plain_list(value);
    for (const smri_value *member = value->first; member != NULL; member = member->next) {
        smri_json_value(writer, object ? member->key : NULL, member);
    }
    smri_json_close(writer, object ? '}' : ']');
    writer->pretty = pretty;
}

void smri_json_value(smri_writer *writer, const char *key, const smri_value *value) {
    switch (value->type) {
    case SMRI_NULL:
        smri_json_text(writer, key, NULL);
        break;
    case SMRI_BOOL:
        smri_json_bool(writer, key, value->number != 0);
        break;
    case SMRI_NUMBER:
        smri_json_number(writer, key, value->number);
        break;
    case SMRI_TEXT:
        smri_json_text(writer, key, value->text);
        break;
    case SMRI_ARRAY:
    case SMRI_OBJECT:
        write_members(writer, key, value);
        break;
    }
}

void smri_json_numbers(smri_writer *writer, const char *key, const double *values, size_t count) {
    bool pretty = writer->pretty;
    smri_json_open(writer, key, '[');
    writer->pretty = false;
    for (size_t i = 0; i < count; i++) {
        smri_json_number(writer, NULL, values[i]);
    }
    smri_json_close(writer, ']');
    writer->pretty = pretty;
}
