/* SPDX-License-Identifier: MIT */
/* The error record and the registry of messages.
 *
 * What goes into a record often comes from an untrusted file. So every text is made valid UTF-8 on one line: bytes that
 * are not UTF-8 and characters that would steer a terminal become \xNN. A text too long for its place is shortened, and
 * the room is shared fairly, so that a huge cell cannot push out what was expected instead of it. */
#include "base/base_impl.h"

typedef struct message {
    int32_t code;
    smr_status status;
    const char *name;
    const char *text;
} message;

/* Ascending by code. */
static const message messages[] = {
#include "messages_table.h"
};

static const char *const status_names[] = {
    "ok",    "memory", "argument", "format",    "data",      "framework",   "plan",
    "limit", "read",   "write",    "cancelled", "not_found", "unsupported", "compute",
};

/* Longer than any size an options struct will ever have: a size beyond it is a struct nobody initialised. */
#define GREATEST_OPTIONS_SIZE 65536u

static const char ellipsis[] = "...";
#define ELLIPSIS_LENGTH (sizeof ellipsis - 1)

static const message *find_message(int32_t code) {
    size_t low = 0, high = SMRI_COUNT(messages);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (messages[middle].code == code) {
            return &messages[middle];
        }
        if (messages[middle].code < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

/* Control characters, line separators and marks that reorder the line. `length` bytes of valid UTF-8. */
static bool steers_terminal(const unsigned char *character, size_t length) {
    switch (length) {
    case 1:
        return character[0] < 0x20 || character[0] == 0x7f;
    case 2: /* U+0080 to U+009F */
        return character[0] == 0xc2 && character[1] < 0xa0;
    case 3: /* U+2028 to U+202E, U+2066 to U+2069 */
        return character[0] == 0xe2
               && ((character[1] == 0x80 && character[2] >= 0xa8 && character[2] <= 0xae)
                   || (character[1] == 0x81 && character[2] >= 0xa6 && character[2] <= 0xa9));
    default:
        return false;
    }
}

/* Puts what stands for the next character of `text` into piece and its length into *piece_length; returns the bytes
 * of text used up. */
static size_t next_piece(const char *text, char piece[4], size_t *piece_length) {
    static const char digits[] = "0123456789abcdef";
    unsigned char lead = (unsigned char)text[0];
    size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    size_t there = 1;
    while (there < length && text[there] != '\0') {
        there++;
    }
    if (there == length && smri_utf8_check(text, length) == length
        && !steers_terminal((const unsigned char *)text, length)) {
        memcpy(piece, text, length);
        *piece_length = length;
        return length;
    }
    piece[0] = '\\';
    piece[1] = 'x';
    piece[2] = digits[lead >> 4];
    piece[3] = digits[lead & 15];
    *piece_length = 4;
    return 1;
}

/* Bytes that `text` takes when written, counted up to somewhat beyond `enough`. */
static size_t written_length(const char *text, size_t enough) {
    size_t total = 0;
    while (*text != '\0' && total <= enough) {
        char piece[4];
        size_t length;
        text += next_piece(text, piece, &length);
        total += length;
    }
    return total;
}

/* Writes `text` in at most `room` bytes, an ellipsis at the end when it does not fit; not terminated. Returns the
 * bytes written. */
static size_t write_text(char *out, size_t room, const char *text) {
    bool fits = written_length(text, room) <= room;
    size_t keep = fits ? room : room < ELLIPSIS_LENGTH ? 0 : room - ELLIPSIS_LENGTH;
    size_t used = 0;
    while (*text != '\0') {
        char piece[4];
        size_t length;
        size_t taken = next_piece(text, piece, &length);
        if (length > keep - used) {
            break;
        }
        memcpy(out + used, piece, length);
        used += length;
        text += taken;
    }
    if (!fits && room >= ELLIPSIS_LENGTH) {
        memcpy(out + used, ellipsis, ELLIPSIS_LENGTH);
        used += ELLIPSIS_LENGTH;
    }
    return used;
}

static void write_field(char *field, size_t size, const char *text) {
    field[write_text(field, size - 1, text ? text : "")] = '\0';
}

/* The greatest length every text may have so that together they fit in `room`. */
static size_t fair_share(const char *const *texts, size_t count, size_t room) {
    size_t lengths[8];
    count = SMRI_MIN(count, SMRI_COUNT(lengths));
    for (size_t i = 0; i < count; i++) {
        lengths[i] = written_length(texts[i], room);
    }
    for (size_t share = room; share > 0; share--) {
        size_t total = 0;
        for (size_t i = 0; i < count; i++) {
            total += SMRI_MIN(lengths[i], share);
        }
        if (total <= room) {
            return share;
        }
    }
    return 0;
}

/* Replaces each "{}" of the pattern by the next text; a NULL or absent text is written as nothing. */
static void write_message(char *out, size_t size, const char *pattern, const char *const *texts, size_t count) {
    const char *used_texts[8];
    size_t holes = 0;
    size_t fixed = 0;
    for (const char *p = pattern; *p != '\0'; p++) {
        if (p[0] == '{' && p[1] == '}' && holes < SMRI_COUNT(used_texts)) {
            used_texts[holes] = holes < count && texts[holes] != NULL ? texts[holes] : "";
            holes++;
            p++;
        } else {
            fixed++;
        }
    }
    size_t room = size - 1;
    size_t share = fair_share(used_texts, holes, room > fixed ? room - fixed : 0);
    size_t used = 0;
    size_t hole = 0;
    while (*pattern != '\0') {
        if (pattern[0] == '{' && pattern[1] == '}' && hole < holes) {
            used += write_text(out + used, SMRI_MIN(share, room - used), used_texts[hole]);
            hole++;
            pattern += 2;
        } else {
            char piece[4];
            size_t length;
            pattern += next_piece(pattern, piece, &length);
            if (length > room - used) {
                break;
            }
            memcpy(out + used, piece, length);
            used += length;
        }
    }
    out[used] = '\0';
}

smr_status smri_fail_texts(smr_error *error, int32_t code, const smri_place *place, const char *const *texts,
                           size_t count) {
    const message *found = find_message(code);
    smr_status status = found ? found->status : SMR_ERROR_ARGUMENT;
    if (error == NULL || error->size < sizeof *error) {
        return status;
    }
    /* A text may lie in *error itself, so the record is composed apart. */
    smr_error record;
    memset(&record, 0, sizeof record);
    record.size = error->size;
    record.status = status;
    record.code = code;
    record.severity = SMR_SEVERITY_ERROR;
    if (place != NULL) {
        record.row = place->row;
        record.column = place->column;
        record.byte = place->byte;
        write_field(record.source, sizeof record.source, place->source);
        write_field(record.subject, sizeof record.subject, place->subject);
    }
    write_message(record.message, sizeof record.message, found ? found->text : "", texts, count);
    memcpy(error, &record, sizeof record);
    return status;
}

smr_status smri_fail_memory(smr_error *error) {
    return smri_fail_plain(error, SMR_MESSAGE_OUT_OF_MEMORY, NULL);
}

smr_status smri_fail_argument(smr_error *error, const char *argument, const char *expected) {
    return smri_fail(error, SMR_MESSAGE_BAD_ARGUMENT, NULL, argument, expected);
}

void smri_options_init(void *options, size_t size, const void *defaults, size_t defaults_size) {
    uint32_t stored = size < GREATEST_OPTIONS_SIZE ? (uint32_t)size : GREATEST_OPTIONS_SIZE;
    if (options == NULL || size < sizeof stored) {
        return;
    }
    memset(options, 0, size);
    memcpy(options, defaults, SMRI_MIN(size, defaults_size));
    memcpy(options, &stored, sizeof stored);
}

smr_status smri_options_read(void *known, size_t known_size, const void *options, const char *name, smr_error *error) {
    if (options == NULL) {
        return SMR_OK;
    }
    uint32_t size;
    memcpy(&size, options, sizeof size);
    if (size < sizeof size || size > GREATEST_OPTIONS_SIZE) {
        return smri_fail_argument(error, name, "does not start with its size: it must be initialised first");
    }
    const unsigned char *bytes = options;
    for (size_t i = known_size; i < size; i++) {
        if (bytes[i] != 0) {
            return smri_fail(error, SMR_MESSAGE_UNKNOWN_OPTION_BYTES, NULL, name);
        }
    }
    uint32_t full_size;
    memcpy(&full_size, known, sizeof full_size);
    memcpy(known, options, SMRI_MIN(size, known_size));
    memcpy(known, &full_size, sizeof full_size);
    return SMR_OK;
}

void smr_error_init(smr_error *error, size_t size) {
    uint32_t stored = size < UINT32_MAX ? (uint32_t)size : UINT32_MAX;
    if (error == NULL || size < sizeof stored) {
        return;
    }
    memset(error, 0, size);
    memcpy(error, &stored, sizeof stored);
}

const char *smr_status_name(smr_status status) {
    return status >= 0 && (size_t)status < SMRI_COUNT(status_names) ? status_names[status] : "unknown";
}

const char *smr_message_name(int32_t code) {
    const message *found = find_message(code);
    return code == SMR_MESSAGE_NONE ? "none" : found ? found->name : "unknown";
}
