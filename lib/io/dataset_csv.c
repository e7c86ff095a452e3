/* SPDX-License-Identifier: MIT */
/* A dataset from CSV: the call, and what its shapes share. */
#include "io/io_impl.h"

static const smr_csv_options default_options = {
    .size = sizeof(smr_csv_options),
    .number_format = SMR_NUMBER_FORMAT_PLAIN,
};

void smr_csv_options_init(smr_csv_options *options, size_t size) {
    smri_options_init(options, size, &default_options, sizeof default_options);
}

/* ---- what an id is ---- */

smri_csv_standing smri_csv_standing_of(const smri_csv_reader *reader, const char *id, size_t length, int32_t *kind) {
    *kind = SMR_KIND_NUMBER;
    if (reader->framework != NULL) {
        const smr_framework *framework = reader->framework;
        uint32_t node = smri_table_find(&framework->ids, id, length);
        if (node != SMRI_NOT_FOUND && framework->nodes[node].indicator >= 0) {
            *kind = framework->indicators[framework->nodes[node].indicator].kind;
            return SMRI_CSV_IS_INDICATOR;
        }
        if (smri_table_find(&reader->denominators, id, length) != SMRI_NOT_FOUND) {
            return SMRI_CSV_KNOWN;
        }
    }
    bool reserved =
        (length == 10 && memcmp(id, "population", 10) == 0) || (length == 6 && memcmp(id, "weight", 6) == 0);
    return reserved ? SMRI_CSV_KNOWN : SMRI_CSV_UNKNOWN;
}

void smri_csv_tell_unknown(smri_csv_reader *reader, const smri_place *place, const char *id, bool is_text) {
    bool strict = reader->options.strict != 0;
    if (reader->framework == NULL || (!strict && reader->context->report == NULL)) {
        return;
    }
    char nearest[SMRI_NEAREST_SIZE];
    smri_text_suggest(nearest, id, reader->indicators, reader->framework->indicator_count);
    const char *const texts[] = {id, nearest};
    if (strict) {
        bool wide = reader->shape == SMRI_CSV_WIDE;
        smri_faults_add(&reader->faults, wide ? SMR_MESSAGE_COLUMN_UNKNOWN : SMR_MESSAGE_INDICATOR_UNKNOWN, place,
                        texts, SMRI_COUNT(texts));
    } else {
        smri_report(reader->context, SMR_SEVERITY_NOTE,
                    is_text ? SMR_MESSAGE_COLUMN_KEPT_TEXT : SMR_MESSAGE_COLUMN_KEPT_NUMBER, place, texts,
                    SMRI_COUNT(texts));
    }
}

/* Appends as much of the text as there is room for. */
static void append(char *out, size_t size, size_t *used, const char *text) {
    smri_text_cut(out + *used, size - *used, text);
    *used += strlen(out + *used);
}

/* Names the ids that the columns were probably meant to be; where none is near, some ids of the framework. */
void smri_csv_tell_no_indicator(smri_csv_reader *reader, const char *const *ids, size_t count) {
    enum { NAMED = 5 };
    char text[384] = "";
    size_t used = 0, named = 0, known = reader->framework->indicator_count;
    for (size_t i = 0; i < count && named < NAMED; i++) {
        const char *nearest = smri_text_nearest(ids[i], reader->indicators, known);
        if (nearest != NULL) {
            append(text, sizeof text, &used, named++ == 0 ? "nearest are \"" : ", \"");
            append(text, sizeof text, &used, nearest);
            append(text, sizeof text, &used, "\" for \"");
            append(text, sizeof text, &used, ids[i]);
            append(text, sizeof text, &used, "\"");
        }
    }
    for (size_t i = 0; named == 0 && i < known && i < NAMED; i++) {
        append(text, sizeof text, &used, i == 0 ? "expected ids such as \"" : "\", \"");
        append(text, sizeof text, &used, reader->indicators[i]);
    }
    if (named == 0) {
        append(text, sizeof text, &used, "\"");
    }
    char digits[SMRI_INTEGER_SIZE];
    smri_place place = {.source = reader->options.source_name, .row = reader->shape == SMRI_CSV_WIDE ? 1 : 0};
    smri_fault(&reader->faults, SMR_MESSAGE_NO_KNOWN_INDICATOR, &place, smri_text_integer(digits, count), text);
}

/* ---- numbers ---- */

/* Tells in which other format the text is a number. */
static const char *other_format(const char *text, size_t length, int32_t format, char out[SMRI_CSV_SHOWN]) {
    static const char *const names[] = {"plain", "en", "vi"};
    size_t used = 0, count = 0;
    double value;
    append(out, SMRI_CSV_SHOWN, &used, " (");
    append(out, SMRI_CSV_SHOWN / 2, &used, text);
    append(out, SMRI_CSV_SHOWN, &used, " reads as a number with --number-format ");
    for (int32_t i = 0; i < (int32_t)SMRI_COUNT(names); i++) {
        if (i != format && smri_number_read(text, length, (smri_number_format)i, &value) == SMRI_NUMBER_OK) {
            append(out, SMRI_CSV_SHOWN, &used, count++ > 0 ? " or " : "");
            append(out, SMRI_CSV_SHOWN, &used, names[i]);
        }
    }
    append(out, SMRI_CSV_SHOWN, &used, ")");
    return count > 0 ? out : "";
}

void smri_csv_tell_number(smri_csv_reader *reader, smri_number_result result, const char *text,
                          const smri_place *place) {
    static const int32_t codes[] = {SMR_MESSAGE_NUMBER_EXPECTED, SMR_MESSAGE_NUMBER_EXPECTED_EN,
                                    SMR_MESSAGE_NUMBER_EXPECTED_VI};
    if (result == SMRI_NUMBER_INFINITE) {
        smri_fault(&reader->faults, SMR_MESSAGE_NUMBER_INFINITE, place, text);
        return;
    }
    char advice[SMRI_CSV_SHOWN];
    int32_t format = reader->options.number_format;
    const char *other = result == SMRI_NUMBER_GROUPED ? other_format(text, strlen(text), format, advice) : "";
    smri_fault(&reader->faults, codes[format], place, text, other);
}

bool smri_csv_read_number(smri_csv_reader *reader, const smri_csv_cell *cell, size_t field, int32_t kind,
                          const char *id, double *value) {
    smri_number_result result =
        smri_number_read(cell->text, cell->length, (smri_number_format)reader->options.number_format, value);
    const char *expected = NULL;
    if (result == SMRI_NUMBER_MISSING
        || (result == SMRI_NUMBER_OK && (kind == SMR_KIND_NUMBER || smri_kind_allows(kind, *value, &expected)))) {
        return true;
    }
    char shown[SMRI_CSV_SHOWN];
    smri_place place = smri_csv_place(&reader->csv, field, id);
    smri_csv_show(cell, shown);
    if (result == SMRI_NUMBER_OK) {
        smri_fault(&reader->faults, SMR_MESSAGE_VALUE_AGAINST_KIND, &place, shown, id, expected);
    } else {
        smri_csv_tell_number(reader, result, shown, &place);
    }
    return false;
}

void smri_csv_note_decimals(smri_csv_column *column, const smri_csv_cell *cell) {
    const char *end = cell->text + cell->length;
    bool three = cell->length >= 4 && end[-4] == '.';
    for (int i = -3; three && i < 0; i++) {
        three = end[i] >= '0' && end[i] <= '9';
    }
    column->three_decimals = three;
    column->numbers += column->numbers < 2;
}

/* ---- rows ---- */

bool smri_csv_is_full(const smri_csv_reader *reader) {
    return reader->faults.count >= SMRI_FAULTS_MAX;
}

smr_status smri_csv_next_row(smri_csv_reader *reader, bool *found, smr_error *error) {
    smri_csv *csv = &reader->csv;
    while (!smri_csv_is_full(reader)) {
        smr_status status = smri_csv_next(csv, found, error);
        if (status != SMR_OK || !*found) {
            return status;
        }
        if (csv->fault != 0) {
            const char *name = csv->fault_field < reader->column_count ? reader->columns[csv->fault_field].name : NULL;
            smri_place place = smri_csv_place(csv, csv->fault_field, name);
            smri_faults_add(&reader->faults, csv->fault, &place, NULL, 0);
        } else if (csv->field_count == reader->column_count) {
            return SMR_OK;
        } else if (!smri_csv_is_blank(csv)) {
            char have[SMRI_INTEGER_SIZE], want[SMRI_INTEGER_SIZE];
            smri_place place = {.source = csv->source_name, .row = csv->row};
            smri_fault(&reader->faults, SMR_MESSAGE_CSV_FIELD_COUNT, &place, smri_text_integer(have, csv->field_count),
                       smri_text_integer(want, reader->column_count));
        }
    }
    *found = false;
    return SMR_OK;
}

/* A text of the row that was given by an earlier row of a long text must be the same. */
static smr_status read_group(smri_csv_reader *reader, const smri_csv_column *column, size_t field, uint32_t row,
                             smr_error *error) {
    smri_csv_cell *cell = &reader->csv.fields[field];
    smri_draft *draft = &reader->draft;
    uint32_t *code = &draft->dataset->columns[column->column].codes[row];
    uint32_t before = draft->sparse ? *code : SMRI_NONE;
    if (smri_csv_is_missing(cell)) {
        *code = before;
        return SMR_OK;
    }
    smri_csv_compose(cell);
    if (!smri_draft_set_text(draft, column->column, row, cell->text, cell->length)) {
        return smri_fail_memory(error);
    }
    if (before != SMRI_NONE && before != *code) {
        const smri_table *labels = &draft->labels[column->column];
        smri_place place = smri_csv_place(&reader->csv, field, column->name);
        smri_fault(&reader->faults, SMR_MESSAGE_TEXT_DIFFERS, &place, column->name,
                   draft->dataset->regions[smri_dataset_region_of(draft->dataset, row)].id, labels->keys[*code],
                   labels->keys[before]);
        *code = before;
    }
    return SMR_OK;
}

static smr_status read_parent(smri_csv_reader *reader, size_t field, uint32_t row, smr_error *error) {
    smri_csv_cell *cell = &reader->csv.fields[field];
    smri_place place = smri_csv_place(&reader->csv, field, reader->columns[field].name);
    smr_error differs;
    smr_error_init(&differs, sizeof differs);
    smri_csv_compose(cell);
    smr_status status = cell->length == 0
                            ? SMR_OK
                            : smri_draft_set_parent(&reader->draft, row, cell->text, cell->length, &place, &differs);
    if (status == SMR_ERROR_MEMORY) {
        return smri_fail_memory(error);
    }
    if (status != SMR_OK) {
        smri_faults_end(&reader->faults, &differs);
    }
    return SMR_OK;
}

smr_status smri_csv_read_row_texts(smri_csv_reader *reader, uint32_t row, smr_error *error) {
    smr_status status = SMR_OK;
    for (size_t i = 0; status == SMR_OK && i < reader->column_count; i++) {
        smri_csv_cell *cell = &reader->csv.fields[i];
        switch (reader->columns[i].role) {
        case SMRI_CSV_NAME:
            smri_csv_compose(cell);
            if (cell->length > 0 && !smri_csv_is_missing(cell)
                && !smri_draft_set_name(&reader->draft, row, cell->text, cell->length)) {
                status = smri_fail_memory(error);
            }
            break;
        case SMRI_CSV_PARENT:
            status = read_parent(reader, i, row, error);
            break;
        case SMRI_CSV_GROUP:
            status = read_group(reader, &reader->columns[i], i, row, error);
            break;
        default:
            break;
        }
    }
    return status;
}

/* ---- the call ---- */

/* "NA" and its like are no parent, unless a region is called so (NA is Namibia). */
static void drop_missing_parents(smri_draft *draft) {
    size_t count = SMRI_MIN(draft->parent_capacity, draft->dataset->region_count);
    for (size_t i = 0; i < count; i++) {
        const char *parent = draft->parents[i];
        double value;
        if (parent != NULL && smri_number_read(parent, strlen(parent), SMRI_NUMBER_PLAIN, &value) == SMRI_NUMBER_MISSING
            && smri_table_find(&draft->dataset->region_ids, parent, strlen(parent)) == SMRI_NOT_FOUND) {
            draft->parents[i] = NULL;
        }
    }
}

static bool collect_framework(smri_csv_reader *reader) {
    const smr_framework *framework = reader->framework;
    if (framework == NULL) {
        return true;
    }
    reader->indicators = smri_arena_alloc(&reader->arena, framework->indicator_count, sizeof *reader->indicators);
    for (uint32_t i = 0; reader->indicators != NULL && i < framework->indicator_count; i++) {
        const smri_indicator *indicator = &framework->indicators[i];
        reader->indicators[i] = framework->nodes[indicator->node].id;
        if (indicator->denominator != NULL
            && smri_table_add(&reader->denominators, indicator->denominator, strlen(indicator->denominator), NULL)
                   == SMRI_NOT_FOUND) {
            return false;
        }
    }
    return reader->indicators != NULL;
}

static bool keep_source_name(smr_dataset *dataset, const char *name) {
    if (name != NULL) {
        dataset->source_name = smri_arena_text(&dataset->arena, name, strlen(name));
        return dataset->source_name != NULL;
    }
    return true;
}

static smr_status read_all(smri_csv_reader *reader, smr_read_callback read, void *user, smr_error *error) {
    if (!collect_framework(reader) || !keep_source_name(reader->draft.dataset, reader->options.source_name)) {
        return smri_fail_memory(error);
    }
    smr_status status =
        smri_csv_open(&reader->csv, reader->context, read, user, NULL, 0, reader->options.source_name, error);
    bool usable = false;
    if (status == SMR_OK) {
        status = smri_csv_read_header(reader, &usable, error);
    }
    if (status != SMR_OK || !usable) {
        return status;
    }
    status = reader->shape == SMRI_CSV_WIDE ? smri_csv_read_wide(reader, error) : smri_csv_read_long(reader, error);
    if (status == SMR_OK && reader->draft.dataset->row_count == 0 && reader->faults.count == 0) {
        smri_place place = {.source = reader->options.source_name, .row = 1};
        return smri_fail_plain(error, SMR_MESSAGE_CSV_NO_ROWS, &place);
    }
    drop_missing_parents(&reader->draft);
    return status;
}

static smr_status run(smri_csv_reader *reader, smr_context *context, smr_read_callback read, void *user,
                      smr_dataset **dataset) {
    smr_error last;
    smr_error_init(&last, sizeof last);
    smr_status status = smri_draft_init(&reader->draft, context, &last);
    if (status == SMR_OK) {
        status = read_all(reader, read, user, &last);
        if (status == SMR_OK && reader->faults.count == 0) {
            status = smri_draft_seal(&reader->draft, dataset, &last);
        }
    }
    return status != SMR_OK ? smri_faults_end(&reader->faults, &last) : reader->faults.status;
}

static void free_reader(smri_csv_reader *reader) {
    for (size_t i = 0; i < reader->column_count; i++) {
        smri_csv_undecided_free(reader, &reader->columns[i]);
    }
    smri_csv_close(&reader->csv);
    smri_table_free(&reader->names);
    smri_table_free(&reader->denominators);
    smri_draft_free(&reader->draft);
    smri_arena_free(&reader->arena);
}

static smr_status check_options(const smr_csv_options *options, smr_error *error) {
    if (options->number_format < SMR_NUMBER_FORMAT_PLAIN || options->number_format > SMR_NUMBER_FORMAT_VI) {
        return smri_fail_argument(error, "options.number_format", "must be one of enum smr_number_format");
    }
    if (options->strict != 0 && options->strict != 1) {
        return smri_fail_argument(error, "options.strict", "must be 0 or 1");
    }
    for (const char *const *pair = options->column_roles; pair != NULL && *pair != NULL; pair += 2) {
        bool known = false;
        for (size_t i = 0; i < SMRI_CSV_MAPPED_COUNT; i++) {
            known = known || strcmp(*pair, smri_csv_mapped_names[i]) == 0;
        }
        if (!known || pair[1] == NULL) {
            return smri_fail_argument(error, "options.column_roles",
                                      "must be pairs of a role (region period name parent population weight) and a "
                                      "column, then NULL");
        }
        for (const char *const *other = options->column_roles; other < pair; other += 2) {
            if (strcmp(other[0], pair[0]) == 0 || strcmp(other[1], pair[1]) == 0) {
                return smri_fail_argument(error, "options.column_roles", "must give each role and each column once");
            }
        }
    }
    return SMR_OK;
}

smr_status smr_dataset_read_csv(smr_context *context, smr_read_callback read, void *user,
                                const smr_csv_options *options, smr_dataset **dataset, smr_error *error) {
    if (dataset == NULL || read == NULL) {
        if (dataset != NULL) {
            *dataset = NULL;
        }
        return smri_fail_argument(error, dataset == NULL ? "dataset" : "read", "must not be NULL");
    }
    *dataset = NULL;
    smri_csv_reader reader = {.context = smri_context(context), .options = default_options};
    smr_status status = smri_options_read(&reader.options, sizeof reader.options, options, "options", error);
    if (status == SMR_OK) {
        status = check_options(&reader.options, error);
    }
    if (status != SMR_OK) {
        return status;
    }
    reader.framework = reader.options.framework;
    smri_faults_init(&reader.faults, reader.context, error);
    smri_arena_init(&reader.arena, reader.context);
    smri_table_init(&reader.names, reader.context, &reader.arena);
    smri_table_init(&reader.denominators, reader.context, &reader.arena);
    status = run(&reader, context, read, user, dataset);
    free_reader(&reader);
    return status;
}
