/* SPDX-License-Identifier: MIT */
/* A framework from COINr's iMeta table: rows of Type Indicator and Aggregate make the tree; the others name columns of
 * the data and are no nodes. Children keep the order of the table. */
#include "io/io_impl.h"

enum {
    I_CODE,
    I_PARENT,
    I_LEVEL,
    I_WEIGHT,
    I_TYPE,
    NEEDED,
    I_NAME = NEEDED,
    I_DIRECTION,
    I_UNIT,
    I_TARGET,
    I_DENOMINATOR,
    COLUMNS
};

static const char *const column_names[COLUMNS] = {"iCode", "Parent",    "Level", "Weight", "Type",
                                                  "iName", "Direction", "Unit",  "Target", "Denominator"};

typedef enum row_type { TYPE_INDICATOR, TYPE_AGGREGATE, TYPE_DENOMINATOR, TYPE_GROUP, TYPE_OTHER } row_type;

static const char *const type_names[] = {"Indicator", "Aggregate", "Denominator", "Group", "Other", "Others"};

#define NONE SIZE_MAX

/* A row of the table. */
typedef struct entry {
    const char *code, *parent, *name, *unit, *denominator; /* NULL: none */
    uint64_t row;
    row_type type;
    double level, weight, direction, target;
    size_t up, first_child, last_child, next_sibling;
} entry;

typedef struct table {
    const smr_context *context;
    const char *source_name;
    smri_csv csv;
    smri_faults faults;
    smri_arena arena;
    smri_table codes; /* code -> entry */
    size_t fields[COLUMNS];
    size_t width;
    entry *entries;
    size_t count, capacity;
} table;

static bool is_node(const entry *e) {
    return e->type == TYPE_INDICATOR || e->type == TYPE_AGGREGATE;
}

static smri_place place_of(const table *t, uint64_t row, int column) {
    return (smri_place){
        .source = t->source_name, .row = row, .column = t->fields[column] + 1, .subject = column_names[column]};
}

/* ---- rows ---- */

static smr_status read_header(table *t, bool *usable, smr_error *error) {
    bool found;
    smr_status status = smri_csv_next(&t->csv, &found, error);
    *usable = status == SMR_OK && found && t->csv.fault == 0;
    if (status != SMR_OK) {
        return status;
    }
    smri_place place = {.source = t->source_name, .row = 1};
    if (!*usable) {
        return smri_fail_plain(error, found ? t->csv.fault : SMR_MESSAGE_CSV_EMPTY, &place);
    }
    t->width = t->csv.field_count;
    for (int column = 0; column < COLUMNS; column++) {
        t->fields[column] = NONE;
        for (size_t i = 0; i < t->width; i++) {
            if (!smri_csv_equal(&t->csv.fields[i], column_names[column])) {
                continue;
            }
            if (t->fields[column] != NONE) {
                char digits[SMRI_INTEGER_SIZE];
                place.column = i + 1;
                return smri_fail(error, SMR_MESSAGE_CSV_HEADER_DUPLICATE, &place, column_names[column],
                                 smri_text_integer(digits, (uint64_t)t->fields[column] + 1));
            }
            t->fields[column] = i;
        }
        if (column < NEEDED && t->fields[column] == NONE) {
            place.subject = column_names[column];
            return smri_fail(error, SMR_MESSAGE_IMETA_COLUMN, &place, column_names[column]);
        }
    }
    return SMR_OK;
}

/* The text of a cell, NULL when it is missing. *memory becomes false when there is none. */
static const char *read_text(table *t, int column, bool *memory) {
    smri_csv_cell *cell = t->fields[column] != NONE ? &t->csv.fields[t->fields[column]] : NULL;
    if (cell == NULL || smri_csv_is_missing(cell)) {
        return NULL;
    }
    smri_csv_compose(cell);
    const char *text = smri_arena_text(&t->arena, cell->text, cell->length);
    *memory = *memory && text != NULL;
    return text;
}

/* The number of a cell, NaN when it is missing or was told as wrong. */
static double read_number(table *t, int column, const char *code) {
    const smri_csv_cell *cell = t->fields[column] != NONE ? &t->csv.fields[t->fields[column]] : NULL;
    double value = NAN;
    if (cell != NULL) {
        smri_number_result result = smri_number_read(cell->text, cell->length, SMRI_NUMBER_PLAIN, &value);
        if (result != SMRI_NUMBER_OK && result != SMRI_NUMBER_MISSING) {
            char shown[SMRI_CSV_SHOWN];
            smri_place place = place_of(t, t->csv.row, column);
            smri_fault(&t->faults, SMR_MESSAGE_IMETA_NUMBER, &place, column_names[column], code,
                       smri_csv_show(cell, shown), "a plain number such as 0.5");
        }
    }
    return value;
}

static bool read_type(table *t, entry *made) {
    const smri_csv_cell *cell = &t->csv.fields[t->fields[I_TYPE]];
    for (size_t i = 0; i < SMRI_COUNT(type_names); i++) {
        if (smri_csv_equal(cell, type_names[i])) {
            made->type = (row_type)SMRI_MIN(i, TYPE_OTHER);
            return true;
        }
    }
    char shown[SMRI_CSV_SHOWN], nearest[SMRI_NEAREST_SIZE];
    smri_place place = place_of(t, t->csv.row, I_TYPE);
    smri_csv_show(cell, shown);
    smri_text_suggest(nearest, shown, type_names, SMRI_COUNT(type_names));
    smri_fault(&t->faults, SMR_MESSAGE_IMETA_TYPE, &place, shown, nearest);
    return false;
}

static void tell_number(table *t, const entry *made, int column, const char *expected) {
    char shown[SMRI_CSV_SHOWN];
    smri_place place = place_of(t, made->row, column);
    smri_fault(&t->faults, SMR_MESSAGE_IMETA_NUMBER, &place, column_names[column], made->code,
               smri_csv_show(&t->csv.fields[t->fields[column]], shown), expected);
}

/* What a node of the tree needs. */
static void read_node(table *t, entry *made, bool *memory) {
    made->parent = read_text(t, I_PARENT, memory);
    made->unit = read_text(t, I_UNIT, memory);
    made->denominator = read_text(t, I_DENOMINATOR, memory);
    made->level = read_number(t, I_LEVEL, made->code);
    made->weight = read_number(t, I_WEIGHT, made->code);
    made->direction = read_number(t, I_DIRECTION, made->code);
    made->target = read_number(t, I_TARGET, made->code);
    if (!(made->level >= 1) || made->level != (double)(int32_t)SMRI_MIN(made->level, INT32_MAX)) {
        tell_number(t, made, I_LEVEL, "a whole number, 1 or more");
    }
    if (!(made->weight >= 0) && (made->parent != NULL || made->weight == made->weight)) {
        tell_number(t, made, I_WEIGHT, "a number, 0 or more");
    }
    if (made->direction == made->direction && fabs(made->direction) != 1) {
        tell_number(t, made, I_DIRECTION, "1 or -1");
    }
}

static smr_status read_row(table *t, smr_error *error) {
    bool memory = true, added = false;
    entry made = {.row = t->csv.row,
                  .level = NAN,
                  .weight = NAN,
                  .direction = NAN,
                  .target = NAN,
                  .up = NONE,
                  .first_child = NONE,
                  .last_child = NONE,
                  .next_sibling = NONE};
    smri_csv_cell *code = &t->csv.fields[t->fields[I_CODE]];
    smri_place place = place_of(t, made.row, I_CODE);
    smri_csv_compose(code);
    if (code->length == 0) {
        smri_faults_add(&t->faults, SMR_MESSAGE_IMETA_CODE_EMPTY, &place, NULL, 0);
        return SMR_OK;
    }
    if (!smri_grow(t->context, &t->entries, &t->capacity, t->count + 1, sizeof *t->entries)) {
        return smri_fail_memory(error);
    }
    if (t->count >= t->context->max_columns) {
        char digits[SMRI_INTEGER_SIZE];
        return smri_fail(error, SMR_MESSAGE_LIMIT_PASSED, &place, "the number of nodes",
                         smri_text_integer(digits, t->context->max_columns));
    }
    uint32_t index = smri_table_add(&t->codes, code->text, code->length, &added);
    if (index == SMRI_NOT_FOUND) {
        return smri_fail_memory(error);
    }
    made.code = t->codes.keys[index];
    if (!added) {
        char digits[SMRI_INTEGER_SIZE];
        smri_fault(&t->faults, SMR_MESSAGE_IMETA_CODE_TWICE, &place, made.code,
                   smri_text_integer(digits, t->entries[index].row));
        return SMR_OK;
    }
    made.name = read_text(t, I_NAME, &memory);
    if (read_type(t, &made) && is_node(&made)) {
        read_node(t, &made, &memory);
    }
    t->entries[t->count++] = made;
    return memory ? SMR_OK : smri_fail_memory(error);
}

static smr_status read_rows(table *t, smr_error *error) {
    for (bool found = true; t->faults.count < SMRI_FAULTS_MAX;) {
        smr_status status = smri_csv_next(&t->csv, &found, error);
        if (status != SMR_OK || !found) {
            return status;
        }
        smri_place place = {.source = t->source_name, .row = t->csv.row};
        if (t->csv.fault != 0) {
            smri_faults_add(&t->faults, t->csv.fault, &place, NULL, 0);
        } else if (t->csv.field_count == t->width) {
            status = read_row(t, error);
        } else if (!smri_csv_is_blank(&t->csv)) {
            char have[SMRI_INTEGER_SIZE], want[SMRI_INTEGER_SIZE];
            smri_fault(&t->faults, SMR_MESSAGE_CSV_FIELD_COUNT, &place, smri_text_integer(have, t->csv.field_count),
                       smri_text_integer(want, t->width));
        }
        if (status != SMR_OK) {
            return status;
        }
    }
    return SMR_OK;
}

/* ---- the tree ---- */

static void link_child(table *t, size_t child) {
    entry *e = &t->entries[child];
    smri_place place = place_of(t, e->row, I_PARENT);
    uint32_t up = smri_table_find(&t->codes, e->parent, strlen(e->parent));
    if (up == SMRI_NOT_FOUND) {
        char nearest[SMRI_NEAREST_SIZE];
        smri_text_suggest(nearest, e->parent, t->codes.keys, t->codes.count);
        smri_fault(&t->faults, SMR_MESSAGE_IMETA_PARENT_UNKNOWN, &place, e->parent, e->code, nearest);
        return;
    }
    entry *parent = &t->entries[up];
    if (parent->type != TYPE_AGGREGATE) {
        smri_fault(&t->faults, SMR_MESSAGE_IMETA_PARENT_TYPE, &place, e->parent, e->code, type_names[parent->type]);
        return;
    }
    e->up = up;
    if (parent->last_child == NONE) {
        parent->first_child = child;
    } else {
        t->entries[parent->last_child].next_sibling = child;
    }
    parent->last_child = child;
}

/* The index of the tree; NONE when there is none or it was told why it cannot be one. */
static size_t find_root(table *t) {
    size_t root = NONE;
    for (size_t i = 0; i < t->count; i++) {
        const entry *e = &t->entries[i];
        if (!is_node(e)) {
            continue;
        }
        if (e->parent != NULL) {
            link_child(t, i);
            continue;
        }
        smri_place place = place_of(t, e->row, I_PARENT);
        if (e->type == TYPE_INDICATOR) {
            smri_fault(&t->faults, SMR_MESSAGE_IMETA_ROOT_TYPE, &place, e->code);
        } else if (root != NONE) {
            char digits[SMRI_INTEGER_SIZE];
            smri_fault(&t->faults, SMR_MESSAGE_IMETA_ROOT_TWICE, &place, e->code, t->entries[root].code,
                       smri_text_integer(digits, t->entries[root].row));
        } else {
            root = i;
        }
    }
    if (root == NONE && t->faults.count == 0) {
        smri_place place = {.source = t->source_name, .subject = column_names[I_PARENT]};
        smri_faults_add(&t->faults, SMR_MESSAGE_IMETA_ROOT_MISSING, &place, NULL, 0);
    }
    return root;
}

/* The entry after `at` in pre-order, NONE at the end. */
static size_t next_in_tree(const table *t, size_t at) {
    if (t->entries[at].first_child != NONE) {
        return t->entries[at].first_child;
    }
    while (at != NONE && t->entries[at].next_sibling == NONE) {
        at = t->entries[at].up;
    }
    return at != NONE ? t->entries[at].next_sibling : NONE;
}

/* Levels rise towards the index, which no node can be on a way back to itself with. */
static void check_levels(table *t) {
    for (size_t i = 0; i < t->count; i++) {
        const entry *e = &t->entries[i];
        if (!is_node(e) || e->up == NONE || t->entries[e->up].level > e->level) {
            continue;
        }
        char own[SMRI_NUMBER_SIZE], above[SMRI_NUMBER_SIZE];
        smri_place place = place_of(t, e->row, I_LEVEL);
        size_t up = e->up;
        for (size_t steps = 0; up != i && up != NONE && steps < t->count; steps++) {
            up = t->entries[up].up;
        }
        if (up == i) {
            place = place_of(t, e->row, I_PARENT);
            smri_fault(&t->faults, SMR_MESSAGE_IMETA_CYCLE, &place, e->code);
            continue;
        }
        smri_number_write(own, e->level);
        smri_number_write(above, t->entries[e->up].level);
        smri_fault(&t->faults, SMR_MESSAGE_IMETA_LEVEL, &place, e->code, own, e->parent, above);
    }
}

static smr_status add_node(const table *t, const entry *e, smr_framework_builder *builder, smr_error *error) {
    if (e->type == TYPE_AGGREGATE) {
        smr_node_options node;
        smr_node_options_init(&node, sizeof node);
        node.weight = e->weight == e->weight ? e->weight : node.weight;
        node.name = e->name;
        return smr_framework_builder_add_node(builder, e->up != NONE ? t->entries[e->up].code : NULL, e->code, &node,
                                              error);
    }
    smr_indicator_options indicator;
    smr_indicator_options_init(&indicator, sizeof indicator);
    indicator.weight = e->weight;
    indicator.name = e->name;
    indicator.unit = e->unit;
    indicator.denominator = e->denominator;
    indicator.target = e->target;
    if (e->direction == e->direction) {
        indicator.direction = e->direction > 0 ? SMR_DIRECTION_HIGHER : SMR_DIRECTION_LOWER;
    }
    return smr_framework_builder_add_indicator(builder, t->entries[e->up].code, e->code, &indicator, error);
}

static smr_status build(const table *t, smr_context *context, size_t root, smr_framework **framework,
                        smr_error *error) {
    smr_framework_builder *builder;
    smr_status status = smri_framework_builder_new_empty(context, t->source_name, &builder, error);
    if (status != SMR_OK) {
        return status;
    }
    smri_framework_builder_allow_any_id(builder);
    for (size_t at = root; status == SMR_OK && at != NONE; at = next_in_tree(t, at)) {
        status = add_node(t, &t->entries[at], builder, error);
        if (status != SMR_OK && status != SMR_ERROR_MEMORY) {
            error->row = t->entries[at].row;
        }
    }
    if (status == SMR_OK) {
        status = smri_framework_builder_set_texts(builder, NULL, NULL, NULL, t->source_name, error);
    }
    if (status == SMR_OK) {
        status = smr_framework_builder_build(builder, framework, error);
    }
    smr_framework_builder_free(builder);
    return status;
}

static smr_status read_table(table *t, const char *text, size_t length, size_t *root, smr_error *error) {
    bool usable = false;
    *root = NONE;
    smr_status status = smri_csv_open(&t->csv, t->context, NULL, NULL, text, length, t->source_name, error);
    if (status == SMR_OK) {
        status = read_header(t, &usable, error);
    }
    if (status == SMR_OK) {
        status = read_rows(t, error);
    }
    if (status == SMR_OK && t->faults.count == 0) {
        *root = find_root(t);
        check_levels(t);
    }
    return status;
}

smr_status smri_framework_read_imeta(smr_context *context, const char *text, size_t length, const char *source_name,
                                     smr_framework **framework, smr_error *error) {
    table t = {.context = smri_context(context), .source_name = source_name};
    smr_error last;
    size_t root;
    *framework = NULL;
    smr_error_init(&last, sizeof last);
    smri_faults_init(&t.faults, t.context, error);
    smri_arena_init(&t.arena, t.context);
    smri_table_init(&t.codes, t.context, &t.arena);
    smr_status status = read_table(&t, text, length, &root, &last);
    if (status == SMR_OK && t.faults.count == 0) {
        status = build(&t, context, root, framework, &last);
    }
    status = status != SMR_OK ? smri_faults_end(&t.faults, &last) : t.faults.status;
    smri_csv_close(&t.csv);
    smri_table_free(&t.codes);
    smri_arena_free(&t.arena);
    smri_free(t.context, t.entries);
    return status;
}
