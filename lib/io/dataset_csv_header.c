/* SPDX-License-Identifier: MIT */
/* The header of a dataset's CSV: which shape the table has, and what each column is. */
#include "io/io_impl.h"

const char *const smri_csv_mapped_names[SMRI_CSV_MAPPED_COUNT] = {"region", "period",     "name",
                                                                  "parent", "population", "weight"};
enum { MAPPED_REGION, MAPPED_PERIOD, MAPPED_NAME, MAPPED_PARENT, MAPPED_POPULATION, MAPPED_WEIGHT };

static const smri_csv_role mapped_roles[SMRI_CSV_MAPPED_COUNT] = {SMRI_CSV_REGION, SMRI_CSV_PERIOD, SMRI_CSV_NAME,
                                                                  SMRI_CSV_PARENT, SMRI_CSV_NUMBER, SMRI_CSV_NUMBER};

#define NO_FIELD SIZE_MAX

static size_t find_name(const smri_csv_reader *reader, const char *name) {
    uint32_t field = smri_table_find(&reader->names, name, strlen(name));
    return field != SMRI_NOT_FOUND ? field : NO_FIELD;
}

/* ---- names ---- */

/* A text that other separators than commas stand in. */
static bool tell_separator(smri_csv_reader *reader) {
    const smri_csv_cell *cell = &reader->csv.fields[0];
    bool tabs = memchr(cell->text, '\t', cell->length) != NULL;
    if (reader->csv.field_count != 1 || (!tabs && memchr(cell->text, ';', cell->length) == NULL)) {
        return false;
    }
    char shown[SMRI_CSV_SHOWN];
    smri_place place = {.source = reader->options.source_name, .row = 1};
    smri_fault(&reader->faults, SMR_MESSAGE_CSV_SEPARATOR, &place, smri_csv_show(cell, shown),
               tabs ? "tabs" : "semicolons");
    return true;
}

static void tell_names(smri_csv_reader *reader, size_t field, uint32_t first) {
    char digits[SMRI_INTEGER_SIZE], shown[SMRI_CSV_SHOWN];
    smri_place place = smri_csv_place(&reader->csv, field, NULL);
    if (first == SMRI_NOT_FOUND) {
        smri_faults_add(&reader->faults, SMR_MESSAGE_CSV_HEADER_EMPTY, &place, NULL, 0);
    } else {
        smri_fault(&reader->faults, SMR_MESSAGE_CSV_HEADER_DUPLICATE, &place,
                   smri_csv_show(&reader->csv.fields[field], shown), smri_text_integer(digits, (uint64_t)first + 1));
    }
}

/* The names of the header, each once, none empty. */
static smr_status read_names(smri_csv_reader *reader, smr_error *error) {
    size_t count = reader->csv.field_count;
    reader->columns = smri_arena_calloc(&reader->arena, count, sizeof *reader->columns);
    if (reader->columns == NULL) {
        return smri_fail_memory(error);
    }
    for (size_t i = 0; i < count; i++) {
        smri_csv_cell *cell = &reader->csv.fields[i];
        bool added = false;
        smri_csv_compose(cell);
        uint32_t name = cell->length > 0 ? smri_table_find(&reader->names, cell->text, cell->length) : SMRI_NOT_FOUND;
        if (cell->length == 0 || name != SMRI_NOT_FOUND) {
            tell_names(reader, i, name);
            if (smri_csv_is_full(reader)) {
                break;
            }
        }
        /* After an empty name or one that was there before the numbers differ, but then nothing is read. */
        if (cell->length > 0) {
            name = smri_table_add(&reader->names, cell->text, cell->length, &added);
            if (name == SMRI_NOT_FOUND) {
                return smri_fail_memory(error);
            }
            reader->columns[i].name = reader->columns[i].id = reader->names.keys[name];
        }
    }
    reader->column_count = count;
    return SMR_OK;
}

/* ---- shape ---- */

/* The field of a role that options map to a column; told when the header lacks the column. */
static bool read_mapped(smri_csv_reader *reader, size_t mapped[SMRI_CSV_MAPPED_COUNT]) {
    bool complete = true;
    for (size_t i = 0; i < SMRI_CSV_MAPPED_COUNT; i++) {
        mapped[i] = NO_FIELD;
    }
    for (const char *const *pair = reader->options.column_roles; pair != NULL && *pair != NULL; pair += 2) {
        for (size_t i = 0; i < SMRI_CSV_MAPPED_COUNT; i++) {
            if (strcmp(pair[0], smri_csv_mapped_names[i]) != 0) {
                continue;
            }
            uint32_t field;
            bool composed = smri_table_find_composed(&reader->names, pair[1], &field);
            mapped[i] = composed && field != SMRI_NOT_FOUND ? field : NO_FIELD;
            if (mapped[i] == NO_FIELD) {
                char nearest[SMRI_NEAREST_SIZE];
                smri_place place = {.source = reader->options.source_name, .row = 1, .subject = pair[1]};
                smri_text_suggest(nearest, pair[1], reader->names.keys, reader->names.count);
                smri_fault(&reader->faults, SMR_MESSAGE_CSV_ROLE_COLUMN, &place, pair[1], pair[0], nearest);
                complete = false;
            }
        }
    }
    return complete;
}

/* What of each table's own words stands for a role that is not mapped. */
static void map_default(const smri_csv_reader *reader, size_t *mapped, const char *first, const char *second) {
    if (*mapped == NO_FIELD) {
        *mapped = first != NULL ? find_name(reader, first) : NO_FIELD;
    }
    if (*mapped == NO_FIELD) {
        *mapped = find_name(reader, second);
    }
}

static void tell_no_region(smri_csv_reader *reader) {
    char names[SMRI_CSV_SHOWN] = "";
    size_t used = 0;
    for (size_t i = 0; i < reader->column_count && used + 8 < sizeof names; i++) {
        smri_text_cut(names + used, sizeof names - used, i > 0 ? ", " : "");
        used += strlen(names + used);
        smri_text_cut(names + used, sizeof names - used, reader->columns[i].name);
        used += strlen(names + used);
    }
    char nearest[SMRI_NEAREST_SIZE];
    smri_place place = {.source = reader->options.source_name, .row = 1};
    smri_text_suggest(nearest, "region", reader->names.keys, reader->names.count);
    smri_fault(&reader->faults, SMR_MESSAGE_CSV_NO_REGION, &place, nearest, names);
}

/* Finds the shape and the fields of the mapped roles; false: told why the table cannot be read. */
static bool read_shape(smri_csv_reader *reader, size_t mapped[SMRI_CSV_MAPPED_COUNT]) {
    if (!read_mapped(reader, mapped)) {
        return false;
    }
    bool sdmx = find_name(reader, "OBS_VALUE") != NO_FIELD
                && (find_name(reader, "REF_AREA") != NO_FIELD || mapped[MAPPED_REGION] != NO_FIELD);
    bool is_long = find_name(reader, "indicator") != NO_FIELD && find_name(reader, "value") != NO_FIELD;
    bool coinr = !sdmx && !is_long && find_name(reader, "uCode") != NO_FIELD;
    reader->shape = sdmx ? SMRI_CSV_SDMX : is_long ? SMRI_CSV_LONG : SMRI_CSV_WIDE;
    if (sdmx) {
        map_default(reader, &mapped[MAPPED_REGION], NULL, "REF_AREA");
        map_default(reader, &mapped[MAPPED_PERIOD], NULL, "TIME_PERIOD");
        map_default(reader, &mapped[MAPPED_NAME], NULL, "REF_AREA_LABEL");
        if (find_name(reader, "INDICATOR") == NO_FIELD) {
            smri_place place = {.source = reader->options.source_name, .row = 1, .subject = "INDICATOR"};
            smri_fault(&reader->faults, SMR_MESSAGE_CSV_SDMX_COLUMN, &place, "INDICATOR");
            return false;
        }
        return true;
    }
    map_default(reader, &mapped[MAPPED_REGION], coinr ? "uCode" : NULL, "region");
    map_default(reader, &mapped[MAPPED_PERIOD], coinr ? "Time" : NULL, "period");
    map_default(reader, &mapped[MAPPED_NAME], coinr ? "uName" : NULL, "name");
    for (size_t i = MAPPED_PARENT; i < SMRI_CSV_MAPPED_COUNT; i++) {
        map_default(reader, &mapped[i], NULL, smri_csv_mapped_names[i]);
    }
    if (mapped[MAPPED_REGION] == NO_FIELD) {
        tell_no_region(reader);
        return false;
    }
    return true;
}

/* ---- roles ---- */

/* Names of the long shape that no option maps. */
static smri_csv_role long_role(const char *name) {
    static const struct {
        const char *name;
        smri_csv_role role;
    } roles[] = {
        {"indicator", SMRI_CSV_INDICATOR}, {"value", SMRI_CSV_VALUE},         {"unit", SMRI_CSV_UNIT},
        {"status", SMRI_CSV_STATUS},       {"qualifier", SMRI_CSV_QUALIFIER}, {"error", SMRI_CSV_ERROR},
        {"source", SMRI_CSV_SOURCE},       {"note", SMRI_CSV_NOTE},           {"group", SMRI_CSV_GROUP},
    };
    for (size_t i = 0; i < SMRI_COUNT(roles); i++) {
        if (strcmp(name, roles[i].name) == 0) {
            return roles[i].role;
        }
    }
    return SMRI_CSV_IGNORED;
}

/* A column that goes unread: a note, or with strict an error. */
static void tell_ignored(smri_csv_reader *reader, size_t field, const char *taken_by) {
    const char *name = reader->columns[field].name;
    smri_place place = {.source = reader->options.source_name, .row = 1, .column = field + 1, .subject = name};
    const char *const texts[] = {name, taken_by};
    if (reader->options.strict) {
        smri_fault(&reader->faults, SMR_MESSAGE_COLUMN_UNKNOWN, &place, name, "");
    } else {
        smri_report(reader->context, SMR_SEVERITY_NOTE,
                    taken_by != NULL ? SMR_MESSAGE_CSV_NAME_TAKEN : SMR_MESSAGE_CSV_COLUMN_IGNORED, &place, texts,
                    taken_by != NULL ? 2 : 1);
    }
}

/* A column of the wide shape that no role is mapped to. */
static void set_wide_role(smri_csv_reader *reader, smri_csv_column *column) {
    if (strcmp(column->name, "group") == 0) {
        column->role = SMRI_CSV_GROUP;
        return;
    }
    smri_csv_standing standing = smri_csv_standing_of(reader, column->name, strlen(column->name), &column->kind);
    column->unknown = reader->framework != NULL && standing == SMRI_CSV_UNKNOWN;
    column->role = standing == SMRI_CSV_UNKNOWN ? SMRI_CSV_UNDECIDED : SMRI_CSV_NUMBER;
}

/* A code followed by its label, as "labels=both" writes them. */
static bool is_label(const smri_csv_reader *reader, const char *name) {
    static const char ending[] = "_LABEL";
    size_t length = strlen(name), ending_length = sizeof ending - 1;
    return length > ending_length && strcmp(name + length - ending_length, ending) == 0
           && smri_table_find(&reader->names, name, length - ending_length) != SMRI_NOT_FOUND;
}

static void set_role(smri_csv_reader *reader, size_t field) {
    smri_csv_column *column = &reader->columns[field];
    switch (reader->shape) {
    case SMRI_CSV_WIDE:
        set_wide_role(reader, column);
        break;
    case SMRI_CSV_LONG:
        column->role = long_role(column->name);
        if (column->role == SMRI_CSV_IGNORED) {
            tell_ignored(reader, field, NULL);
        }
        break;
    case SMRI_CSV_SDMX:
        column->role = is_label(reader, column->name) ? SMRI_CSV_IGNORED : smri_csv_sdmx_role(column->name);
        if (column->role != SMRI_CSV_DIMENSION && reader->fields[column->role] != NO_FIELD) {
            column->role = SMRI_CSV_IGNORED; /* the first column of a role is the one that is read */
        }
        break;
    }
    if (reader->fields[column->role] == NO_FIELD) {
        reader->fields[column->role] = field;
    }
}

static void set_roles(smri_csv_reader *reader, const size_t mapped[SMRI_CSV_MAPPED_COUNT]) {
    for (size_t i = 0; i < SMRI_CSV_ROLE_COUNT; i++) {
        reader->fields[i] = NO_FIELD;
    }
    for (size_t i = 0; i < SMRI_CSV_MAPPED_COUNT; i++) {
        if (mapped[i] != NO_FIELD) {
            smri_csv_column *column = &reader->columns[mapped[i]];
            column->role = mapped_roles[i];
            column->id = smri_csv_mapped_names[i];
            reader->fields[column->role] = mapped[i];
            if (column->role == SMRI_CSV_NUMBER) {
                smri_csv_standing_of(reader, column->id, strlen(column->id), &column->kind);
            }
        }
    }
    for (size_t i = 0; i < reader->column_count; i++) {
        smri_csv_column *column = &reader->columns[i];
        if (column->role != SMRI_CSV_IGNORED) {
            continue;
        }
        size_t taker = NO_FIELD;
        for (size_t k = MAPPED_POPULATION; k < SMRI_CSV_MAPPED_COUNT; k++) {
            if (strcmp(column->name, smri_csv_mapped_names[k]) == 0) {
                taker = mapped[k]; /* would be a second column of this id */
            }
        }
        if (taker != NO_FIELD) {
            tell_ignored(reader, i, reader->columns[taker].name);
        } else {
            set_role(reader, i);
        }
    }
}

/* ---- columns ---- */

static smr_status add_columns(smri_csv_reader *reader, smr_error *error) {
    for (size_t i = 0; i < reader->column_count; i++) {
        smri_csv_column *column = &reader->columns[i];
        bool added;
        smri_place place = smri_csv_place(&reader->csv, i, column->name);
        if (column->role != SMRI_CSV_GROUP && column->role != SMRI_CSV_NUMBER && column->role != SMRI_CSV_UNDECIDED) {
            continue;
        }
        column->three_decimals = reader->options.number_format == SMR_NUMBER_FORMAT_PLAIN;
        smr_status status =
            smri_draft_add_column(&reader->draft, column->id, strlen(column->id), column->role == SMRI_CSV_GROUP,
                                  &place, &column->column, &added, error);
        if (status == SMR_OK && column->role == SMRI_CSV_UNDECIDED && !smri_csv_undecided_init(reader, column)) {
            status = smri_fail_memory(error);
        }
        if (status != SMR_OK) {
            return status;
        }
        if (column->unknown && reader->options.strict) {
            smri_csv_tell_unknown(reader, &place, column->name, false);
        }
    }
    return SMR_OK;
}

/* Is there anything to score in the columns of a wide table? */
static bool check_wide(smri_csv_reader *reader, smr_error *error, smr_status *status) {
    const char **ids = smri_arena_alloc(&reader->arena, reader->column_count, sizeof *ids);
    size_t count = 0;
    bool any_number = false;
    *status = ids != NULL ? SMR_OK : smri_fail_memory(error);
    for (size_t i = 0; ids != NULL && i < reader->column_count; i++) {
        const smri_csv_column *column = &reader->columns[i];
        int32_t kind;
        if (column->role != SMRI_CSV_NUMBER && column->role != SMRI_CSV_UNDECIDED) {
            continue;
        }
        any_number = true;
        if (smri_csv_standing_of(reader, column->id, strlen(column->id), &kind) == SMRI_CSV_IS_INDICATOR) {
            return true;
        }
        if (column->unknown) {
            ids[count++] = column->name;
        }
    }
    if (ids == NULL || (reader->framework == NULL && any_number)) {
        return true;
    }
    if (reader->framework == NULL) {
        smri_place place = {.source = reader->options.source_name, .row = 1};
        smri_fault(&reader->faults, SMR_MESSAGE_CSV_NO_VALUES, &place,
                   reader->columns[reader->fields[SMRI_CSV_REGION]].name);
    } else {
        smri_csv_tell_no_indicator(reader, ids, count);
    }
    return false;
}

smr_status smri_csv_read_header(smri_csv_reader *reader, bool *usable, smr_error *error) {
    bool found;
    size_t mapped[SMRI_CSV_MAPPED_COUNT];
    *usable = false;
    smr_status status = smri_csv_next(&reader->csv, &found, error);
    if (status != SMR_OK) {
        return status;
    }
    if (!found) {
        smri_place place = {.source = reader->options.source_name, .row = 1};
        return smri_fail_plain(error, SMR_MESSAGE_CSV_EMPTY, &place);
    }
    if (reader->csv.fault != 0) {
        smri_place place = smri_csv_place(&reader->csv, reader->csv.fault_field, NULL);
        return smri_fail_plain(error, reader->csv.fault, &place);
    }
    if (tell_separator(reader)) {
        return SMR_OK;
    }
    status = read_names(reader, error);
    if (status != SMR_OK || reader->faults.count > 0 || !read_shape(reader, mapped)) {
        return status;
    }
    set_roles(reader, mapped);
    *usable = reader->shape != SMRI_CSV_WIDE || check_wide(reader, error, &status);
    return status == SMR_OK && *usable ? add_columns(reader, error) : status;
}
