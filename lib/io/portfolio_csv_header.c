/* SPDX-License-Identifier: MIT */
/* The header of a portfolio: what its columns are, and the categories of its taxonomies. */

#include "io/io_impl.h"

static const struct {
    const char *name;
    smri_portfolio_role role;
} reserved[] = {
    {"id", SMRI_PORTFOLIO_ID},
    {"name", SMRI_PORTFOLIO_NAME},
    {"budget", SMRI_PORTFOLIO_BUDGET},
    {"start", SMRI_PORTFOLIO_START},
    {"end", SMRI_PORTFOLIO_END},
    {"status", SMRI_PORTFOLIO_STATUS},
    {"effects", SMRI_PORTFOLIO_EFFECTS},
    {"note", SMRI_PORTFOLIO_IGNORED},
    {"source", SMRI_PORTFOLIO_IGNORED},
};

/* ---- pieces of a cell ---- */

static bool is_separator(char c) {
    return c == '|' || c == ';';
}

bool smri_portfolio_piece(const char **rest, const char *end, const char **piece, size_t *length) {
    const char *at = *rest;
    for (;;) {
        while (at < end && (is_separator(*at) || *at == ' ' || *at == '\t')) {
            at++;
        }
        if (at == end) {
            *rest = end;
            return false;
        }
        const char *stop = at;
        while (stop < end && !is_separator(*stop)) {
            stop++;
        }
        *rest = stop;
        *piece = at;
        while (stop > at && (stop[-1] == ' ' || stop[-1] == '\t')) {
            stop--;
        }
        *length = (size_t)(stop - at);
        return true;
    }
}

const char *smri_portfolio_show(const char *text, size_t length, char out[SMRI_CSV_SHOWN]) {
    const smri_csv_cell cell = {.text = (char *)(uintptr_t)text, .length = (uint32_t)length};
    return smri_csv_show(&cell, out);
}

void smri_portfolio_words(char *out, size_t size, const char *const *words, size_t count) {
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count && used + 8 < size; i++) {
        smri_text_cut(out + used, size - used, i > 0 ? ", " : "");
        used += strlen(out + used);
        smri_text_cut(out + used, size - used, words[i]);
        used += strlen(out + used);
    }
}

/* ---- the header ---- */

static bool add_categories(smri_portfolio_growing *made, const char *const *words, size_t count) {
    made->declared = true;
    for (size_t i = 0; i < count; i++) {
        if (smri_table_add(&made->categories, words[i], strlen(words[i]), NULL) == SMRI_NOT_FOUND) {
            return false;
        }
    }
    return true;
}

/* The categories that stand in the header, or that everybody knows. */
static bool declare(smri_portfolio_reader *r, smri_portfolio_growing *made, const char *name, const char *list,
                    size_t length, const smri_place *place) {
    if (list != NULL) {
        const char *rest = list, *piece;
        size_t size;
        made->declared = true;
        while (smri_portfolio_piece(&rest, list + length, &piece, &size)) {
            bool added = false;
            if (smri_table_add(&made->categories, piece, size, &added) == SMRI_NOT_FOUND) {
                return false;
            }
            if (!added) {
                char shown[SMRI_CSV_SHOWN];
                smri_fault(&r->faults, SMR_MESSAGE_PORTFOLIO_CATEGORY_TWICE, place,
                           smri_portfolio_show(piece, size, shown));
            }
        }
        return true;
    }
    if (strcmp(name, smri_taxonomy_names[SMRI_ACTORS]) == 0) {
        return add_categories(made, smri_actors, SMRI_COUNT(smri_actors));
    }
    if (strcmp(name, smri_taxonomy_names[SMRI_FIELDS]) == 0) {
        return add_categories(made, smri_fields, SMRI_COUNT(smri_fields));
    }
    if (strcmp(name, smri_taxonomy_names[SMRI_CRITERIA]) != 0) {
        return true;
    }
    const smr_framework *framework = r->options.framework;
    if (framework == NULL) {
        return add_categories(made, smri_criteria, SMRI_COUNT(smri_criteria));
    }
    for (int32_t node = framework->nodes[0].first_child; node >= 0; node = framework->nodes[node].next_sibling) {
        if (!add_categories(made, &framework->nodes[node].id, 1)) {
            return false;
        }
    }
    return true;
}

static smr_status add_taxonomy(smri_portfolio_reader *r, smri_portfolio_column *column, const char *list, size_t length,
                               const smri_place *place) {
    smr_portfolio *p = r->portfolio;
    if (!smri_grow(r->context, &r->taxonomies, &r->taxonomy_capacity, (size_t)p->taxonomy_count + 1,
                   sizeof *r->taxonomies)
        || !smri_grow(r->context, &r->growing, &r->growing_capacity, (size_t)p->taxonomy_count + 1,
                      sizeof *r->growing)) {
        return smri_fail_memory(r->error);
    }
    smri_portfolio_growing *made = &r->growing[p->taxonomy_count];
    *made = (smri_portfolio_growing){.declared = false};
    smri_table_init(&made->categories, r->context, &p->arena);
    r->taxonomies[p->taxonomy_count] = (smri_taxonomy){.id = column->name};
    column->taxonomy = p->taxonomy_count++;
    return declare(r, made, column->name, list, length, place) ? SMR_OK : smri_fail_memory(r->error);
}

static void find_role(smri_portfolio_column *column) {
    static const char names[] = "name_";
    column->role = SMRI_PORTFOLIO_TAXONOMY;
    column->language = "";
    for (size_t i = 0; i < SMRI_COUNT(reserved); i++) {
        if (strcmp(reserved[i].name, column->name) == 0) {
            column->role = reserved[i].role;
        }
    }
    if (strncmp(column->name, names, sizeof names - 1) == 0) {
        column->role = SMRI_PORTFOLIO_NAME;
        column->language = column->name + sizeof names - 1;
    }
}

/* Name and role of one column; `names` knows those before it. */
static smr_status read_column(smri_portfolio_reader *r, size_t field, smri_table *names) {
    smri_csv_cell *cell = &r->csv.fields[field];
    smri_portfolio_column *column = &r->columns[field];
    smri_csv_compose(cell);
    const char *colon = cell->length > 0 ? memchr(cell->text, ':', cell->length) : NULL;
    size_t length = colon != NULL ? (size_t)(colon - cell->text) : cell->length;
    const smri_place place = smri_csv_place(&r->csv, field, NULL);
    char shown[SMRI_CSV_SHOWN], digits[SMRI_INTEGER_SIZE];
    column->name = "";
    if (length == 0) {
        smri_faults_add(&r->faults, SMR_MESSAGE_CSV_HEADER_EMPTY, &place, NULL, 0);
        return SMR_OK;
    }
    bool added = false;
    const uint32_t index = smri_table_add(names, cell->text, length, &added);
    if (index == SMRI_NOT_FOUND) {
        return smri_fail_memory(r->error);
    }
    column->name = names->keys[index];
    if (!added) {
        smri_fault(&r->faults, SMR_MESSAGE_CSV_HEADER_DUPLICATE, &place, column->name,
                   smri_text_integer(digits, (uint64_t)index + 1));
        return SMR_OK;
    }
    find_role(column);
    if (column->role == SMRI_PORTFOLIO_EFFECTS) {
        r->portfolio->effects_column = field + 1;
    }
    if (column->role != SMRI_PORTFOLIO_TAXONOMY && colon != NULL) {
        smri_fault(&r->faults, SMR_MESSAGE_PORTFOLIO_NOT_TAXONOMY, &place,
                   smri_portfolio_show(cell->text, length, shown));
    }
    return SMR_OK;
}

/* Taxonomies in their order: those with a name of their own first. */
static smr_status read_taxonomies(smri_portfolio_reader *r) {
    for (size_t wanted = 0; wanted <= SMRI_NAMED_TAXONOMIES; wanted++) {
        for (size_t i = 0; i < r->column_count; i++) {
            smri_portfolio_column *column = &r->columns[i];
            size_t known = 0;
            while (known < SMRI_NAMED_TAXONOMIES && strcmp(smri_taxonomy_names[known], column->name) != 0) {
                known++;
            }
            if (column->role != SMRI_PORTFOLIO_TAXONOMY || known != wanted) {
                continue;
            }
            const smri_csv_cell *cell = &r->csv.fields[i];
            const char *colon = memchr(cell->text, ':', cell->length);
            const smri_place place = smri_csv_place(&r->csv, i, column->name);
            const smr_status status =
                add_taxonomy(r, column, colon != NULL ? colon + 1 : NULL,
                             colon != NULL ? cell->length - (size_t)(colon - cell->text) - 1 : 0, &place);
            if (status != SMR_OK) {
                return status;
            }
        }
    }
    return SMR_OK;
}

static void tell_no_id(smri_portfolio_reader *r, const smri_table *names) {
    char found[256], nearest[SMRI_NEAREST_SIZE];
    const smri_place place = {.source = r->options.source_name, .row = 1};
    smri_portfolio_words(found, sizeof found, names->keys, names->count);
    smri_text_suggest(nearest, "id", names->keys, names->count);
    smri_fault(&r->faults, SMR_MESSAGE_PORTFOLIO_NO_ID, &place, nearest, found);
}

smr_status smri_portfolio_read_header(smri_portfolio_reader *r, bool *usable) {
    bool found = false;
    *usable = false;
    smr_status status = smri_csv_next(&r->csv, &found, r->error);
    const smri_place whole = {.source = r->options.source_name};
    if (status != SMR_OK) {
        return status;
    }
    if (!found) {
        return smri_fail_plain(r->error, SMR_MESSAGE_CSV_EMPTY, &whole);
    }
    smri_table names;
    smri_table_init(&names, r->context, &r->portfolio->arena);
    r->column_count = r->csv.field_count;
    r->columns = smri_arena_calloc(&r->portfolio->arena, r->column_count, sizeof *r->columns);
    status = r->columns != NULL ? SMR_OK : smri_fail_memory(r->error);
    bool has_id = false;
    for (size_t i = 0; status == SMR_OK && i < r->column_count; i++) {
        status = read_column(r, i, &names);
        has_id |= r->columns[i].role == SMRI_PORTFOLIO_ID;
    }
    if (status == SMR_OK && !has_id) {
        tell_no_id(r, &names);
    }
    if (status == SMR_OK && r->faults.status == SMR_OK) {
        status = read_taxonomies(r);
    }
    smri_table_free(&names);
    *usable = r->faults.status == SMR_OK;
    return status;
}
