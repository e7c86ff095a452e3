/* SPDX-License-Identifier: MIT */
/* A column that may hold numbers or texts: the values tell, and the last one may change it all ("01", "02", "x3" are
 * texts). So the number of each cell is kept together with one byte that says how its text can be written again; only
 * texts that no such byte describes, as the 01, are kept as they are. */
#include "io/io_impl.h"

enum {
    /* 0 to DECIMALS_MAX: plain digits with so many after the point */
    DECIMALS_MAX = 20,
    DIGITS_MAX = 15,     /* a decimal number of so many digits survives the way to a double and back */
    DIGITS_WRITTEN = 40, /* of more than any program writes a number with */
    FORM_MISSING = 253,
    FORM_SHORTEST = 254, /* as smri_number_write does */
    FORM_KEPT = 255
};

/* Counts the digits after the point of plain digits; SMRI_CSV_NOT_PLAIN: something else. */
static int count_decimals(const char *first, const char *end) {
    const char *point = NULL;
    for (const char *p = first; p < end; p++) {
        if (*p == '.' && point == NULL) {
            point = p;
        } else if (*p < '0' || *p > '9') {
            return SMRI_CSV_NOT_PLAIN;
        }
    }
    return point != NULL && end - point - 1 <= DECIMALS_MAX ? (int)(end - point - 1)
           : point != NULL                                  ? SMRI_CSV_NOT_PLAIN
                                                            : 0;
}

/* How the text of a number can be written again. `decimals` as smri_csv_cell_number tells it. */
static uint8_t form_of(const smri_csv_cell *cell, double value, int decimals) {
    const char *text = cell->text, *end = text + cell->length, *first = text + (*text == '-');
    if (decimals == SMRI_CSV_NOT_PLAIN) {
        decimals = count_decimals(first, end);
    }
    bool zero_first = first + 1 < end && first[0] == '0' && first[1] != '.';
    if (decimals == SMRI_CSV_NOT_PLAIN || zero_first || *first == '.' || end[-1] == '.'
        || (value == 0 && *text == '-')) {
        return FORM_KEPT;
    }
    size_t digits = (size_t)(end - first) - (decimals > 0);
    if (digits <= DIGITS_MAX) {
        return (uint8_t)decimals;
    }
    char again[64];
    size_t length = smri_number_write(again, value);
    if (length == cell->length && memcmp(again, text, length) == 0) {
        return FORM_SHORTEST;
    }
    length = digits <= DIGITS_WRITTEN ? smri_number_write_fixed(again, sizeof again, value, decimals) : 0;
    return length == cell->length && memcmp(again, text, length) == 0 ? (uint8_t)decimals : FORM_KEPT;
}

bool smri_csv_undecided_init(smri_csv_reader *reader, smri_csv_column *column) {
    smri_csv_undecided *undecided = smri_arena_calloc(&reader->arena, 1, sizeof *undecided);
    if (undecided == NULL) {
        return false;
    }
    smri_table_init(&undecided->texts, reader->context, &reader->arena);
    undecided->odd_text = SMRI_NONE;
    column->undecided = undecided;
    return true;
}

static void free_memory(smri_csv_reader *reader, smri_csv_undecided *undecided) {
    smri_free(reader->context, undecided->forms);
    smri_free(reader->context, undecided->kept);
    smri_table_free(&undecided->texts);
    undecided->forms = NULL;
    undecided->kept = NULL;
}

void smri_csv_undecided_free(smri_csv_reader *reader, smri_csv_column *column) {
    if (column->undecided != NULL) {
        free_memory(reader, column->undecided);
    }
}

/* Writes the texts of the rows before `row` again; the column holds texts from now on. */
static bool turn_to_text(smri_csv_reader *reader, smri_csv_column *column, uint32_t row) {
    smri_csv_undecided *undecided = column->undecided;
    smri_draft *draft = &reader->draft;
    double *values;
    if (!smri_draft_make_text(draft, column->column, &values)) {
        return false;
    }
    uint32_t *codes = draft->dataset->columns[column->column].codes;
    bool done = true;
    size_t kept = 0;
    for (uint32_t i = 0; done && i < row; i++) {
        char digits[64];
        uint8_t form = undecided->forms[i];
        if (form == FORM_MISSING) {
            codes[i] = SMRI_NONE;
        } else if (form == FORM_KEPT) {
            const char *text = undecided->texts.keys[undecided->kept[kept++].text];
            done = smri_draft_set_text(draft, column->column, i, text, strlen(text));
        } else {
            size_t length = form == FORM_SHORTEST ? smri_number_write(digits, values[i])
                                                  : smri_number_write_fixed(digits, sizeof digits, values[i], form);
            done = smri_draft_set_text(draft, column->column, i, digits, length);
        }
    }
    smri_free(reader->context, values);
    free_memory(reader, undecided);
    undecided->is_text = true;
    return done;
}

static bool keep_text(smri_csv_undecided *undecided, const smr_context *context, uint32_t row,
                      const smri_csv_cell *cell) {
    uint32_t text = smri_table_add(&undecided->texts, cell->text, cell->length, NULL);
    if (text == SMRI_NOT_FOUND
        || !smri_grow(context, &undecided->kept, &undecided->kept_capacity, undecided->kept_count + 1,
                      sizeof *undecided->kept)) {
        return false;
    }
    undecided->kept[undecided->kept_count++] = (smri_csv_kept){row, text};
    return true;
}

/* Are so many decimals all that is needed to write the number again? Most numbers of a table are of that kind, so that
 * this asks without a branch a question. */
static inline bool is_plain_form(const smri_csv_cell *cell, double value, int decimals) {
    const char *text = cell->text, *end = text + cell->length, *first = text + (*text == '-');
    bool long_first = first + 1 < end;
    bool odd = (long_first & (first[0] == '0') & (first[long_first] != '.')) | (*first == '.') | (end[-1] == '.')
               | ((value == 0) & (*text == '-')) | (end - first > DIGITS_MAX);
    return decimals != SMRI_CSV_NOT_PLAIN && !odd;
}

/* A cell of a column that holds numbers so far and may go on to: false when out of memory. */
static bool add_number(smri_csv_reader *reader, smri_csv_column *column, uint32_t row, const smri_csv_cell *cell,
                       smri_number_result result, uint8_t form) {
    smri_csv_undecided *undecided = column->undecided;
    if (!smri_grow(reader->context, &undecided->forms, &undecided->form_capacity, (size_t)row + 1, 1)
        || (form == FORM_KEPT && !keep_text(undecided, reader->context, row, cell))) {
        return false;
    }
    undecided->forms[row] = form;
    if (result == SMRI_NUMBER_OK && column->three_decimals) {
        smri_csv_note_decimals(column, cell);
    } else if (form == FORM_KEPT && result != SMRI_NUMBER_OK && undecided->odd_text == SMRI_NONE) {
        undecided->odd_text = undecided->kept[undecided->kept_count - 1].text;
        undecided->odd_row = reader->csv.row;
    }
    return true;
}

bool smri_csv_undecided_add(smri_csv_reader *reader, smri_csv_column *column, uint32_t row, const smri_csv_cell *cell) {
    smri_csv_undecided *undecided = column->undecided;
    smri_column *target = &reader->draft.dataset->columns[column->column];
    smri_csv_cell text = *cell;
    if (!undecided->is_text) {
        smri_number_format format = (smri_number_format)reader->options.number_format;
        double *value = &target->values[row];
        int decimals;
        smri_number_result result = smri_csv_cell_number(cell, format, value, &decimals);
        if (result == SMRI_NUMBER_OK && row < undecided->form_capacity && !column->three_decimals
            && is_plain_form(cell, *value, decimals)) {
            undecided->forms[row] = (uint8_t)decimals;
            return true;
        }
        uint8_t form = result == SMRI_NUMBER_MISSING ? FORM_MISSING
                       : result == SMRI_NUMBER_OK    ? form_of(cell, *value, decimals)
                                                     : FORM_KEPT;
        if (result != SMRI_NUMBER_INVALID) {
            return add_number(reader, column, row, cell, result, form);
        }
        if (!turn_to_text(reader, column, row)) {
            return false;
        }
    }
    if (smri_csv_is_missing(cell)) {
        target->codes[row] = SMRI_NONE;
        return true;
    }
    smri_csv_compose(&text);
    return smri_draft_set_text(&reader->draft, column->column, row, text.text, text.length);
}

void smri_csv_undecided_settle(smri_csv_reader *reader, smri_csv_column *column, size_t field) {
    smri_csv_undecided *undecided = column->undecided;
    smri_place place = {.source = reader->options.source_name, .row = 1, .column = field + 1, .subject = column->name};
    if (column->unknown && !reader->options.strict) {
        smri_csv_tell_unknown(reader, &place, column->name, undecided->is_text);
    }
    if (!undecided->is_text && undecided->odd_text != SMRI_NONE) {
        const char *text = undecided->texts.keys[undecided->odd_text];
        double value;
        place.row = undecided->odd_row;
        smri_csv_tell_number(
            reader, smri_number_read(text, strlen(text), (smri_number_format)reader->options.number_format, &value),
            text, &place);
    }
}
