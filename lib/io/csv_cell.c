/* SPDX-License-Identifier: MIT */
/* One field of a CSV record: what it means and how it is shown. */
#include "io/io_impl.h"

smri_place smri_csv_place(const smri_csv *csv, size_t field, const char *subject) {
    return (smri_place){.source = csv->source_name, .row = csv->row, .column = field + 1, .subject = subject};
}

/* A blank, or part of a character beyond ASCII, among which there are blanks too. */
static bool may_be_blank(char c) {
    return (unsigned char)c <= ' ' || (unsigned char)c >= 0x80;
}

bool smri_csv_is_missing(const smri_csv_cell *field) {
    enum { LONGEST_WORD = 3 }; /* a longer text is one of them only with blanks around it */
    double value;
    if (field->length == 0) {
        return true;
    }
    bool blank = may_be_blank(field->text[0]) || may_be_blank(field->text[field->length - 1]);
    return (field->length <= LONGEST_WORD || blank)
           && smri_number_read(field->text, field->length, SMRI_NUMBER_PLAIN, &value) == SMRI_NUMBER_MISSING;
}

void smri_csv_compose(smri_csv_cell *field) {
    for (uint32_t i = 0; i < field->length; i++) {
        if ((unsigned char)field->text[i] >= 0x80) {
            field->length = (uint32_t)smri_text_compose(field->text, field->length, field->text);
            return;
        }
    }
}

bool smri_csv_equal(const smri_csv_cell *field, const char *text) {
    size_t length = strlen(text);
    return length == field->length && memcmp(field->text, text, length) == 0;
}

const char *smri_csv_show(const smri_csv_cell *field, char out[SMRI_CSV_SHOWN]) {
    size_t length = SMRI_MIN((size_t)field->length, SMRI_CSV_SHOWN - 1);
    memcpy(out, field->text, length);
    out[length] = '\0';
    if (length < field->length) { /* cut at the start of a character */
        length = smri_utf8_check(out, length);
        out[length] = '\0';
    }
    return out;
}
