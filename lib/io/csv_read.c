/* SPDX-License-Identifier: MIT */
/* Records and fields of a CSV text (RFC 4180), in pieces.
 *
 * The buffer holds whole records: what is left of the last one moves to the front before more is read. A record is
 * found first, then its quotes are undone in place, so that looking for it again with more text is harmless.
 *
 * Separators are looked for 64 bytes at a time: comma, line feed, carriage return and quote are all below '-', which
 * numbers and most text are not, so that one comparison of eight bytes at once finds every candidate. */
#include "io/io_impl.h"

enum {
    FIRST_CAPACITY = 256 * 1024,
    BLOCK = 64,         /* bytes looked at in one go; the buffer is longer by as much */
    LONGEST_LETTER = 4, /* bytes of a UTF-8 character */
    FIRST_FIELDS = 64
};

typedef enum finding {
    FOUND_RECORD,
    FOUND_NOTHING,
    FOUND_PART,
    FOUND_TOO_MANY,
    FOUND_TOO_LONG,
    FOUND_NO_MEMORY
} finding;

/* ---- candidates ---- */

static inline uint64_t load_little_endian(const char *bytes) {
#if defined(__GNUC__) && defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
#else
    uint64_t word = 0;
    for (unsigned i = 0; i < 8; i++) {
        word |= (uint64_t)(unsigned char)bytes[i] << (8 * i);
    }
    return word;
#endif
}

static inline unsigned trailing_zeros(uint64_t mask) {
#if defined(__GNUC__)
    return (unsigned)__builtin_ctzll(mask);
#else
    unsigned count = 0;
    while ((mask & 1) == 0) {
        mask >>= 1;
        count++;
    }
    return count;
#endif
}

/* One bit a byte: set where it is below '-'. */
static inline uint64_t candidates_of(const char *block) {
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones * 0x80;
    uint64_t mask = 0;
    for (unsigned i = 0; i < BLOCK / 8; i++) {
        uint64_t word = load_little_endian(block + 8 * i);
        uint64_t above = ((word & ~highs) + ones * (0x80 - '-')) | word; /* high bit: '-' or more */
        mask |= (((~above & highs) >> 7) * UINT64_C(0x0102040810204080) >> 56) << (8 * i);
    }
    return mask;
}

typedef struct cursor {
    const char *text;
    size_t base, end; /* of the block that mask is of; of the text */
    uint64_t mask;    /* candidates not yet given */
} cursor;

static inline void load_block(cursor *c) {
    c->mask = candidates_of(c->text + c->base);
    if (c->end - c->base < BLOCK) {
        c->mask &= (UINT64_C(1) << (c->end - c->base)) - 1;
    }
}

static inline void start_at(cursor *c, size_t position) {
    c->base = position;
    c->mask = 0;
    if (position < c->end) {
        load_block(c);
    }
}

/* Place of the next candidate, or the end. */
static inline size_t next_candidate(cursor *c) {
    while (c->mask == 0) {
        if (c->end - c->base <= BLOCK) {
            c->base = c->end;
            return c->end;
        }
        c->base += BLOCK;
        load_block(c);
    }
    size_t place = c->base + trailing_zeros(c->mask);
    c->mask &= c->mask - 1;
    return place;
}

/* ---- one record ---- */

/* Longest field in bytes. */
static inline uint64_t field_limit(const smri_csv *csv) {
    return SMRI_MIN(csv->context->max_field_bytes, UINT32_MAX);
}

/* More text is needed, unless the field being looked for is too long already (it may have two quotes as well). */
static finding find_part(const smri_csv *csv, size_t start) {
    return csv->valid - start > field_limit(csv) + 2 ? FOUND_TOO_LONG : FOUND_PART;
}

/* Makes room for more fields. */
static finding grow_fields(smri_csv *csv) {
    if (csv->field_count >= csv->context->max_columns) {
        return FOUND_TOO_MANY;
    }
    return smri_grow(csv->context, &csv->fields, &csv->field_capacity, SMRI_MAX(csv->field_count + 1, FIRST_FIELDS),
                     sizeof *csv->fields)
               ? FOUND_RECORD
               : FOUND_NO_MEMORY;
}

static inline finding add_field(smri_csv *csv, size_t start, size_t end, bool escaped) {
    if (csv->field_count == csv->field_capacity) {
        finding grown = grow_fields(csv);
        if (grown != FOUND_RECORD) {
            return grown;
        }
    }
    if (end - start > field_limit(csv)) {
        return FOUND_TOO_LONG;
    }
    csv->fields[csv->field_count++] = (smri_csv_cell){csv->buffer + start, (uint32_t)(end - start), escaped};
    return FOUND_RECORD;
}

/* Adds plain fields as long as nothing but commas is met: most of a table of numbers. Returns the start of the first
 * field that needs a closer look. */
static size_t add_plain_fields(smri_csv *csv, cursor *at, size_t start) {
    smri_csv_cell *next = csv->fields + csv->field_count, *last = csv->fields + csv->field_capacity;
    const uint64_t limit = field_limit(csv);
    char *text = csv->buffer;
    cursor c = *at;
    while (next < last && start < c.end && text[start] != '"') {
        cursor before = c;
        size_t place = next_candidate(&c);
        if (place == c.end || text[place] != ',' || place - start > limit) {
            c = before;
            break;
        }
        *next++ = (smri_csv_cell){text + start, (uint32_t)(place - start), false};
        start = place + 1;
    }
    csv->field_count = (size_t)(next - csv->fields);
    *at = c;
    return start;
}

static void note_fault(smri_csv *csv, int32_t code) {
    if (csv->fault == 0) {
        csv->fault = code;
        csv->fault_field = csv->field_count;
    }
}

/* At an opening quote: the place of the closing one, or the end. */
static size_t find_closing_quote(const smri_csv *csv, size_t start, bool *escaped) {
    for (size_t i = start + 1; i < csv->valid;) {
        const char *quote = memchr(csv->buffer + i, '"', csv->valid - i);
        if (quote == NULL) {
            break;
        }
        size_t place = (size_t)(quote - csv->buffer);
        if (place + 1 < csv->valid && quote[1] == '"') {
            *escaped = true;
            i = place + 2;
            continue;
        }
        /* A quote at the end of what is there may be the first of two. */
        return place + 1 == csv->valid && !csv->at_end ? csv->valid : place;
    }
    return csv->valid;
}

/* The last field of a text that does not end with a line feed. */
static finding finish_text(smri_csv *csv, size_t start) {
    size_t end = csv->valid;
    if (end > start && csv->buffer[end - 1] == '\r') {
        end--;
    }
    return add_field(csv, start, end, false);
}

/* Looks for the record that starts at csv->begin; *next is where the one after it starts. */
static finding find_record(smri_csv *csv, size_t *next) {
    char *text = csv->buffer;
    size_t end = csv->valid, start = csv->begin;
    bool final = csv->at_end && !csv->bad;
    cursor c = {.text = text, .end = end};
    csv->field_count = 0;
    csv->fault = 0;
    csv->quote_open = false;
    *next = end;
    if (start == end) {
        return FOUND_NOTHING;
    }
    start_at(&c, start);
    for (bool fresh = true;;) {
        size_t field_end = SIZE_MAX; /* of a quoted field: before its closing quote */
        bool escaped = false;
        if (fresh) {
            start = add_plain_fields(csv, &c, start);
        }
        if (fresh && start < end && text[start] == '"') {
            size_t close = find_closing_quote(csv, start, &escaped);
            if (close == end) {
                csv->quote_open = true;
                csv->open_field = csv->field_count;
                return find_part(csv, start);
            }
            field_end = close;
            start_at(&c, close + 1);
        }
        fresh = false;
        size_t place;
        for (;;) {
            place = next_candidate(&c);
            if (place == end || text[place] == ',' || text[place] == '\n') {
                break;
            }
            if (text[place] == '"') {
                note_fault(csv, SMR_MESSAGE_CSV_QUOTE_STRAY);
            } else if (text[place] == '\r' && place + 1 < end && text[place + 1] != '\n') {
                note_fault(csv, SMR_MESSAGE_CSV_CARRIAGE_RETURN);
            }
        }
        if (place == end && !final) {
            return find_part(csv, start);
        }
        size_t line_end =
            place > start && place < end && text[place] == '\n' && text[place - 1] == '\r' ? place - 1 : place;
        if (field_end != SIZE_MAX) {
            size_t after = place == end && end > field_end + 1 && text[end - 1] == '\r' ? end - 1 : line_end;
            if (after != field_end + 1) {
                note_fault(csv, SMR_MESSAGE_CSV_QUOTE_STRAY);
            }
            start++;
            line_end = field_end;
        }
        finding added =
            place == end && field_end == SIZE_MAX ? finish_text(csv, start) : add_field(csv, start, line_end, escaped);
        if (added != FOUND_RECORD) {
            return added;
        }
        if (place == end || text[place] == '\n') {
            *next = place + (place < end);
            return FOUND_RECORD;
        }
        start = place + 1;
        fresh = true;
    }
}

static void undo_quotes(smri_csv_cell *field) {
    uint32_t written = 0;
    for (uint32_t i = 0; i < field->length; i++) {
        field->text[written++] = field->text[i];
        i += field->text[i] == '"'; /* the second of two */
    }
    field->length = written;
    field->escaped = false;
}

/* ---- more text ---- */

static int64_t read_piece(smri_csv *csv, char *to, size_t size) {
    if (csv->read != NULL) {
        int64_t count = csv->read(to, size, csv->user);
        return count < 0 || (uint64_t)count > size ? -1 : count;
    }
    size = SMRI_MIN(size, csv->rest_length);
    if (size > 0) {
        memcpy(to, csv->rest, size);
        csv->rest += size;
        csv->rest_length -= size;
    }
    return (int64_t)size;
}

/* Moves csv->valid on as far as the text is UTF-8 without NUL. */
static void check_text(smri_csv *csv) {
    size_t left = csv->filled - csv->valid;
    const char *start = csv->buffer + csv->valid;
    size_t good = left > 0 ? smri_utf8_check(start, left) : 0;
    bool cut = !csv->at_end && left - good < LONGEST_LETTER; /* perhaps a character whose end is not there yet */
    const char *nul = good > 0 ? memchr(start, '\0', good) : NULL;
    csv->bad = nul != NULL || (good < left && !cut);
    csv->valid += nul != NULL ? (size_t)(nul - start) : good;
}

/* Reads until the buffer is full or the text ends. */
static smr_status fill(smri_csv *csv, smr_error *error) {
    smri_place place = {.source = csv->source_name, .row = csv->row + 1, .byte = csv->offset + csv->filled};
    size_t kept = csv->filled - csv->begin;
    if (smri_cancelled(csv->context, csv->offset + csv->filled, 0, error)) {
        return SMR_ERROR_CANCELLED;
    }
    if (kept > csv->capacity / 2) {
        size_t larger;
        char *block = smri_product(csv->capacity, 2, &larger) && larger <= SIZE_MAX - BLOCK
                          ? smri_realloc(csv->context, csv->buffer, larger + BLOCK, 1)
                          : NULL;
        if (block == NULL) {
            return smri_fail_memory(error);
        }
        csv->buffer = block;
        csv->capacity = larger;
    }
    memmove(csv->buffer, csv->buffer + csv->begin, kept);
    csv->offset += csv->begin;
    csv->valid -= csv->begin;
    csv->filled = kept;
    csv->begin = 0;
    while (!csv->at_end && csv->filled < csv->capacity) {
        int64_t count = read_piece(csv, csv->buffer + csv->filled, csv->capacity - csv->filled);
        if (count < 0) {
            return smri_fail_plain(error, SMR_MESSAGE_READ_FAILED, &place);
        }
        csv->at_end = count == 0;
        csv->filled += (size_t)count;
        if (csv->offset + csv->filled > csv->context->max_bytes) {
            char digits[SMRI_INTEGER_SIZE];
            return smri_fail(error, SMR_MESSAGE_LIMIT_PASSED, &place, "the length of the text in bytes",
                             smri_text_integer(digits, csv->context->max_bytes));
        }
    }
    memset(csv->buffer + csv->filled, 0, BLOCK);
    check_text(csv);
    return SMR_OK;
}

static smr_status fail_bad_byte(const smri_csv *csv, smr_error *error) {
    static const char hexadecimal[] = "0123456789abcdef";
    unsigned char byte = (unsigned char)csv->buffer[csv->valid];
    const char shown[] = {'0', 'x', hexadecimal[byte >> 4], hexadecimal[byte & 15], '\0'};
    smri_place place = {.source = csv->source_name, .row = csv->row + 1, .byte = csv->offset + csv->valid};
    char digits[SMRI_INTEGER_SIZE];
    bool wide = byte == 0 || (place.byte == 0 && byte >= 0xfe);
    return smri_fail(error, SMR_MESSAGE_CSV_NOT_UTF8, &place, shown, smri_text_integer(digits, place.byte),
                     wide ? " (the text looks like UTF-16)" : "");
}

static smr_status fail_limit(const smri_csv *csv, const char *what, uint64_t limit, smr_error *error) {
    smri_place place = {.source = csv->source_name, .row = csv->row + 1};
    char digits[SMRI_INTEGER_SIZE];
    return smri_fail(error, SMR_MESSAGE_LIMIT_PASSED, &place, what, smri_text_integer(digits, limit));
}

static smr_status fail_open_quote(const smri_csv *csv, smr_error *error) {
    smri_place place = {.source = csv->source_name, .row = csv->row + 1, .column = csv->open_field + 1};
    return smri_fail_plain(error, SMR_MESSAGE_CSV_QUOTE_OPEN, &place);
}

smr_status smri_csv_open(smri_csv *csv, const smr_context *context, smr_read_callback read, void *user,
                         const char *text, size_t length, const char *source_name, smr_error *error) {
    *csv = (smri_csv){.context = context,
                      .read = read,
                      .user = user,
                      .rest = text,
                      .rest_length = length,
                      .source_name = source_name,
                      .capacity = FIRST_CAPACITY};
    if (read == NULL && length < FIRST_CAPACITY / 2) {
        csv->capacity = SMRI_MAX(length + 1, BLOCK);
    }
    csv->buffer = smri_alloc(context, csv->capacity + BLOCK, 1);
    if (csv->buffer == NULL) {
        return smri_fail_memory(error);
    }
    smr_status status = fill(csv, error);
    if (status == SMR_OK && csv->valid >= 3 && memcmp(csv->buffer, "\xef\xbb\xbf", 3) == 0) {
        csv->begin = 3;
    }
    if (status != SMR_OK) {
        smri_csv_close(csv);
    }
    return status;
}

void smri_csv_close(smri_csv *csv) {
    if (csv->context != NULL) {
        smri_free(csv->context, csv->buffer);
        smri_free(csv->context, csv->fields);
    }
    *csv = (smri_csv){0};
}

smr_status smri_csv_next(smri_csv *csv, bool *found, smr_error *error) {
    *found = false;
    for (;;) {
        size_t next;
        switch (find_record(csv, &next)) {
        case FOUND_RECORD:
            if (csv->field_count > csv->context->max_columns) {
                return fail_limit(csv, "the number of columns", csv->context->max_columns, error);
            }
            for (size_t i = 0; i < csv->field_count; i++) {
                if (csv->fields[i].escaped) {
                    undo_quotes(&csv->fields[i]);
                }
            }
            csv->begin = next;
            csv->row++;
            *found = true;
            return SMR_OK;
        case FOUND_TOO_MANY:
            return fail_limit(csv, "the number of columns", csv->context->max_columns, error);
        case FOUND_TOO_LONG:
            return fail_limit(csv, "the length of a field in bytes", field_limit(csv), error);
        case FOUND_NO_MEMORY:
            return smri_fail_memory(error);
        case FOUND_NOTHING:
        case FOUND_PART:
            break;
        }
        if (csv->bad) {
            return fail_bad_byte(csv, error);
        }
        if (csv->at_end) {
            return csv->quote_open ? fail_open_quote(csv, error) : SMR_OK;
        }
        smr_status status = fill(csv, error);
        if (status != SMR_OK) {
            return status;
        }
    }
}
