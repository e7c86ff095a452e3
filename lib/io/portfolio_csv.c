/* SPDX-License-Identifier: MIT */
/* A portfolio from csv: one initiative a row; several texts in a cell are separated by "|" or ";". */

#include "io/io_impl.h"

/* ---- one row ---- */

static smr_status read_id(smri_portfolio_reader *r, const smri_csv_cell *cell, size_t field, bool *added) {
    smr_portfolio *p = r->portfolio;
    const smri_place place = smri_csv_place(&r->csv, field, "id");
    char shown[SMRI_CSV_SHOWN], digits[SMRI_INTEGER_SIZE];
    *added = false;
    if (smri_csv_is_missing(cell)) {
        smri_faults_add(&r->faults, SMR_MESSAGE_PORTFOLIO_ID_EMPTY, &place, NULL, 0);
        return SMR_OK;
    }
    const uint32_t index = smri_table_add(&p->ids, cell->text, cell->length, added);
    if (index == SMRI_NOT_FOUND
        || !smri_grow(r->context, &r->initiatives, &r->initiative_capacity, (size_t)index + 1, sizeof *r->initiatives)
        || !smri_grow(r->context, &r->budgets, &r->budget_capacity, (size_t)index + 1, sizeof *r->budgets)) {
        return smri_fail_memory(r->error);
    }
    if (!*added) {
        smri_fault(&r->faults, SMR_MESSAGE_PORTFOLIO_ID_DUPLICATE, &place, smri_csv_show(cell, shown),
                   smri_text_integer(digits, r->initiatives[index].text_row));
        return SMR_OK;
    }
    r->initiatives[index] = (smri_initiative){.id = p->ids.keys[index], .status = "", .text_row = r->csv.row};
    r->budgets[index] = NAN;
    p->count = index + 1;
    return SMR_OK;
}

static smr_status read_name(smri_portfolio_reader *r, const smri_csv_cell *cell, const char *language) {
    smri_initiative *initiative = &r->initiatives[r->portfolio->count - 1];
    char *text = smri_arena_text(&r->portfolio->arena, cell->text, cell->length);
    smri_label *label = text != NULL ? smri_label_new(&r->portfolio->arena, language, text) : NULL;
    if (label == NULL) {
        return smri_fail_memory(r->error);
    }
    smri_label **end = &initiative->names;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = label;
    return SMR_OK;
}

/* Words that mean a category of a taxonomy, besides its id. */
static const struct {
    int taxonomy;
    const char *word, *id;
} aliases[] = {
    {SMRI_ACTORS, "nhà nước", "state"},          {SMRI_ACTORS, "doanh nghiệp", "business"},
    {SMRI_ACTORS, "viện trường", "academia"},    {SMRI_ACTORS, "nhà trường", "academia"},
    {SMRI_ACTORS, "government", "state"},        {SMRI_ACTORS, "industry", "business"},
    {SMRI_ACTORS, "university", "academia"},     {SMRI_FIELDS, "con người", "people"},
    {SMRI_FIELDS, "doanh nghiệp", "business"},   {SMRI_FIELDS, "công nghệ", "technology"},
    {SMRI_FIELDS, "nền tảng", "foundations"},    {SMRI_FIELDS, "yếu tố nền tảng", "foundations"},
    {SMRI_FIELDS, "các yếu tố nền tảng", "foundations"},
};

/* The same text; ASCII capitals count as small letters. */
static bool is_word(const char *word, const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        const char small = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i];
        const char other = word[i] >= 'A' && word[i] <= 'Z' ? (char)(word[i] - 'A' + 'a') : word[i];
        if (other == '\0' || small != other) {
            return false;
        }
    }
    return word[length] == '\0';
}

/* The id that a word of a known taxonomy means; NULL: none. Criteria go by any name that the framework gives them. */
static const char *meant_by(const smri_portfolio_reader *r, const char *taxonomy, const char *text, size_t length) {
    for (size_t i = 0; i < SMRI_COUNT(aliases); i++) {
        if (strcmp(taxonomy, smri_taxonomy_names[aliases[i].taxonomy]) == 0
            && is_word(aliases[i].word, text, length)) {
            return aliases[i].id;
        }
    }
    const smr_framework *framework = r->options.framework;
    if (framework == NULL || strcmp(taxonomy, smri_taxonomy_names[SMRI_CRITERIA]) != 0) {
        return NULL;
    }
    for (int32_t node = framework->nodes[0].first_child; node >= 0; node = framework->nodes[node].next_sibling) {
        for (const smri_label *name = framework->nodes[node].names; name != NULL; name = name->next) {
            if (is_word(name->text, text, length)) {
                return framework->nodes[node].id;
            }
        }
    }
    return NULL;
}

static smr_status read_categories(smri_portfolio_reader *r, const smri_csv_cell *cell, size_t field) {
    const smri_portfolio_column *column = &r->columns[field];
    smri_portfolio_growing *into = &r->growing[column->taxonomy];
    const uint32_t initiative = r->portfolio->count - 1;
    const char *rest = cell->text, *piece;
    size_t length;
    while (smri_portfolio_piece(&rest, cell->text + cell->length, &piece, &length)) {
        uint32_t category = smri_table_find(&into->categories, piece, length);
        const char *meant = category == SMRI_NOT_FOUND ? meant_by(r, column->name, piece, length) : NULL;
        if (meant != NULL) {
            category = smri_table_find(&into->categories, meant, strlen(meant));
        }
        if (category == SMRI_NOT_FOUND && into->declared) {
            char shown[SMRI_CSV_SHOWN], nearest[SMRI_NEAREST_SIZE], all[256];
            const smri_place place = smri_csv_place(&r->csv, field, column->name);
            smri_portfolio_show(piece, length, shown);
            smri_text_suggest(nearest, shown, into->categories.keys, into->categories.count);
            smri_portfolio_words(all, sizeof all, into->categories.keys, into->categories.count);
            smri_fault(&r->faults, SMR_MESSAGE_PORTFOLIO_CATEGORY_UNKNOWN, &place, shown, column->name, nearest, all);
            continue;
        }
        if (category == SMRI_NOT_FOUND) {
            category = smri_table_add(&into->categories, piece, length, NULL);
        }
        if (category == SMRI_NOT_FOUND
            || !smri_grow(r->context, &into->pairs, &into->pair_capacity, into->pair_count + 2,
                          sizeof *into->pairs)) {
            return smri_fail_memory(r->error);
        }
        into->pairs[into->pair_count++] = initiative;
        into->pairs[into->pair_count++] = category;
    }
    return SMR_OK;
}

static void read_budget(smri_portfolio_reader *r, const smri_csv_cell *cell, size_t field) {
    double *budget = &r->budgets[r->portfolio->count - 1];
    const smri_number_result result =
        smri_number_read(cell->text, cell->length, (smri_number_format)r->options.number_format, budget);
    if (result == SMRI_NUMBER_OK ? *budget >= 0 : result == SMRI_NUMBER_MISSING) {
        return;
    }
    char shown[SMRI_CSV_SHOWN];
    const smri_place place = smri_csv_place(&r->csv, field, "budget");
    *budget = NAN;
    smri_fault(&r->faults, SMR_MESSAGE_PORTFOLIO_BUDGET_WRONG, &place, smri_csv_show(cell, shown),
               result == SMRI_NUMBER_GROUPED ? "; it reads as a number with another --number-format" : "");
}

static smr_status read_date(smri_portfolio_reader *r, const smri_csv_cell *cell, size_t field, const char **date) {
    char shown[SMRI_CSV_SHOWN];
    if (smri_csv_is_missing(cell)) {
        return SMR_OK;
    }
    if (smri_period_start(cell->text, cell->length) == INT64_MIN) {
        const smri_place place = smri_csv_place(&r->csv, field, r->columns[field].name);
        smri_fault(&r->faults, SMR_MESSAGE_PORTFOLIO_DATE_WRONG, &place, smri_csv_show(cell, shown));
        return SMR_OK;
    }
    *date = smri_arena_text(&r->portfolio->arena, cell->text, cell->length);
    return *date != NULL ? SMR_OK : smri_fail_memory(r->error);
}

static smr_status read_status(smri_portfolio_reader *r, const smri_csv_cell *cell) {
    smri_initiative *initiative = &r->initiatives[r->portfolio->count - 1];
    initiative->done = smri_csv_equal(cell, "done");
    initiative->cancelled = smri_csv_equal(cell, "cancelled");
    initiative->status = smri_arena_text(&r->portfolio->arena, cell->text, cell->length);
    return initiative->status != NULL ? SMR_OK : smri_fail_memory(r->error);
}

/* Is the id an input that a model of the framework would have? */
static bool is_input(const smr_framework *framework, const char *id) {
    for (uint32_t i = 0; i < framework->indicator_count; i++) {
        const smri_indicator *indicator = &framework->indicators[i];
        if (strcmp(framework->nodes[indicator->node].id, id) == 0
            || (indicator->denominator != NULL && strcmp(indicator->denominator, id) == 0)) {
            return true;
        }
    }
    return false;
}

static smr_status tell_target(smri_portfolio_reader *r, const char *id, const smri_place *place) {
    const smr_framework *framework = r->options.framework;
    const char **ids = smri_alloc(r->context, framework->indicator_count, sizeof *ids);
    if (ids == NULL) {
        return smri_fail_memory(r->error);
    }
    for (uint32_t i = 0; i < framework->indicator_count; i++) {
        ids[i] = framework->nodes[framework->indicators[i].node].id;
    }
    char nearest[SMRI_NEAREST_SIZE];
    smri_text_suggest(nearest, id, ids, framework->indicator_count);
    smri_free(r->context, ids);
    smri_fault(&r->faults, SMR_MESSAGE_PORTFOLIO_EFFECT_UNKNOWN, place, id, nearest);
    return SMR_OK;
}

/* One effect: INDICATOR=CHANGE. */
static smr_status read_effect(smri_portfolio_reader *r, const char *piece, size_t length, size_t field) {
    smr_portfolio *p = r->portfolio;
    const uint32_t initiative = p->count - 1;
    const char *equals = memchr(piece, '=', length);
    size_t size = equals != NULL ? (size_t)(equals - piece) : 0;
    while (size > 0 && piece[size - 1] == ' ') {
        size--;
    }
    char shown[SMRI_CSV_SHOWN];
    smri_raw_change change;
    const smri_place place = smri_csv_place(&r->csv, field, "effects");
    if (size == 0
        || !smri_raw_change_read(equals + 1, (size_t)(piece + length - equals) - 1,
                             (smri_number_format)r->options.number_format, &change)) {
        smri_fault(&r->faults, SMR_MESSAGE_PORTFOLIO_EFFECT_WRONG, &place, smri_portfolio_show(piece, length, shown));
        return SMR_OK;
    }
    const uint32_t target = smri_table_add(&r->targets, piece, size, NULL);
    if (target == SMRI_NOT_FOUND) {
        return smri_fail_memory(r->error);
    }
    const char *id = r->targets.keys[target];
    if (r->options.framework != NULL && !is_input(r->options.framework, id)) {
        return tell_target(r, id, &place);
    }
    for (uint32_t i = p->effect_count; i > 0 && r->effects[i - 1].initiative == initiative; i--) {
        if (r->effects[i - 1].target == target) {
            smri_fault(&r->faults, SMR_MESSAGE_PORTFOLIO_EFFECT_TWICE, &place, id);
            return SMR_OK;
        }
    }
    if (!smri_grow(r->context, &r->effects, &r->effect_capacity, (size_t)p->effect_count + 1, sizeof *r->effects)) {
        return smri_fail_memory(r->error);
    }
    r->effects[p->effect_count++] = (smri_effect){initiative, target, change, r->csv.row};
    return SMR_OK;
}

static smr_status read_effects(smri_portfolio_reader *r, const smri_csv_cell *cell, size_t field) {
    const char *rest = cell->text, *piece;
    size_t length;
    smr_status status = SMR_OK;
    while (status == SMR_OK && smri_portfolio_piece(&rest, cell->text + cell->length, &piece, &length)) {
        status = read_effect(r, piece, length, field);
    }
    return status;
}

static smr_status read_cell(smri_portfolio_reader *r, size_t field) {
    const smri_csv_cell *cell = &r->csv.fields[field];
    smri_initiative *initiative = &r->initiatives[r->portfolio->count - 1];
    const smri_portfolio_column *column = &r->columns[field];
    if (column->role == SMRI_PORTFOLIO_BUDGET) {
        read_budget(r, cell, field);
        return SMR_OK;
    }
    if (smri_csv_is_missing(cell)) {
        return SMR_OK;
    }
    switch (column->role) {
    case SMRI_PORTFOLIO_NAME:
        return read_name(r, cell, column->language);
    case SMRI_PORTFOLIO_TAXONOMY:
        return read_categories(r, cell, field);
    case SMRI_PORTFOLIO_START:
        return read_date(r, cell, field, &initiative->start);
    case SMRI_PORTFOLIO_END:
        return read_date(r, cell, field, &initiative->end);
    case SMRI_PORTFOLIO_STATUS:
        return read_status(r, cell);
    case SMRI_PORTFOLIO_EFFECTS:
        return read_effects(r, cell, field);
    default:
        return SMR_OK;
    }
}

static smr_status read_row(smri_portfolio_reader *r) {
    const smri_place row = {.source = r->options.source_name, .row = r->csv.row};
    char found[SMRI_INTEGER_SIZE], expected[SMRI_INTEGER_SIZE];
    if (r->csv.fault != 0) {
        const smri_place place = smri_csv_place(&r->csv, r->csv.fault_field, NULL);
        smri_faults_add(&r->faults, r->csv.fault, &place, NULL, 0);
        return SMR_OK;
    }
    if (r->csv.field_count != r->column_count) {
        smri_fault(&r->faults, SMR_MESSAGE_CSV_FIELD_COUNT, &row, smri_text_integer(found, r->csv.field_count),
                   smri_text_integer(expected, r->column_count));
        return SMR_OK;
    }
    smr_status status = SMR_OK;
    bool added = false;
    for (size_t i = 0; i < r->column_count; i++) {
        smri_csv_compose(&r->csv.fields[i]);
        if (r->columns[i].role == SMRI_PORTFOLIO_ID) {
            status = read_id(r, &r->csv.fields[i], i, &added);
        }
    }
    for (size_t i = 0; status == SMR_OK && added && i < r->column_count; i++) {
        status = read_cell(r, i);
    }
    if (status != SMR_OK || !added) {
        return status;
    }
    const smri_initiative *made = &r->initiatives[r->portfolio->count - 1];
    if (made->start != NULL && made->end != NULL
        && smri_period_start(made->end, strlen(made->end)) < smri_period_start(made->start, strlen(made->start))) {
        smri_fault(&r->faults, SMR_MESSAGE_PORTFOLIO_END_BEFORE_START, &row, made->end, made->start);
    }
    return SMR_OK;
}

/* ---- the whole ---- */

static void *keep(smri_arena *arena, const void *items, size_t count, size_t size) {
    void *kept = smri_arena_calloc(arena, SMRI_MAX(count, 1), size);
    if (kept != NULL && count > 0) {
        memcpy(kept, items, count * size);
    }
    return kept;
}

/* Moves what grew into the arena of the portfolio. */
static smr_status settle(smri_portfolio_reader *r) {
    smr_portfolio *p = r->portfolio;
    p->initiatives = keep(&p->arena, r->initiatives, p->count, sizeof *p->initiatives);
    p->budgets = keep(&p->arena, r->budgets, p->count, sizeof *p->budgets);
    p->effects = keep(&p->arena, r->effects, p->effect_count, sizeof *p->effects);
    p->targets = keep(&p->arena, r->targets.keys, r->targets.count, sizeof *p->targets);
    p->target_count = (uint32_t)r->targets.count;
    p->taxonomies = keep(&p->arena, r->taxonomies, p->taxonomy_count, sizeof *p->taxonomies);
    if (p->initiatives == NULL || p->budgets == NULL || p->effects == NULL || p->targets == NULL
        || p->taxonomies == NULL) {
        return smri_fail_memory(r->error);
    }
    for (uint32_t t = 0; t < p->taxonomy_count; t++) {
        const smri_portfolio_growing *grown = &r->growing[t];
        smri_taxonomy *taxonomy = &p->taxonomies[t];
        taxonomy->count = (uint32_t)grown->categories.count;
        taxonomy->categories = keep(&p->arena, grown->categories.keys, taxonomy->count, sizeof *taxonomy->categories);
        size_t cells;
        taxonomy->members = smri_product(SMRI_MAX(taxonomy->count, 1U), SMRI_MAX(p->count, 1U), &cells)
                                ? smri_arena_calloc(&p->arena, cells, 1)
                                : NULL;
        if (taxonomy->categories == NULL || taxonomy->members == NULL) {
            return smri_fail_memory(r->error);
        }
        for (size_t i = 0; i < grown->pair_count; i += 2) {
            taxonomy->members[(size_t)grown->pairs[i + 1] * p->count + grown->pairs[i]] = 1;
        }
    }
    return SMR_OK;
}

static smr_status read_all(smri_portfolio_reader *r) {
    smr_portfolio *p = r->portfolio;
    bool found = true, usable = false;
    smr_status status = SMR_OK;
    if (r->options.source_name != NULL && !smri_arena_keep(&p->arena, r->options.source_name, &p->source_name)) {
        return smri_fail_memory(r->error);
    }
    status = smri_portfolio_read_header(r, &usable);
    while (status == SMR_OK && usable) {
        status = smri_csv_next(&r->csv, &found, r->error);
        if (status != SMR_OK || !found || r->faults.count >= SMRI_FAULTS_MAX) {
            break;
        }
        if (p->count >= r->context->max_rows) {
            char digits[SMRI_INTEGER_SIZE];
            const smri_place place = {.source = r->options.source_name, .row = r->csv.row};
            return smri_fail(r->error, SMR_MESSAGE_LIMIT_PASSED, &place, "the number of rows",
                             smri_text_integer(digits, r->context->max_rows));
        }
        status = smri_csv_is_blank(&r->csv) && r->column_count != 1 ? SMR_OK : read_row(r);
    }
    if (status == SMR_OK && r->faults.status == SMR_OK && p->count == 0) {
        const smri_place whole = {.source = r->options.source_name};
        smri_faults_add(&r->faults, SMR_MESSAGE_CSV_NO_ROWS, &whole, NULL, 0);
    }
    if (status == SMR_OK && r->faults.status == SMR_OK) {
        status = settle(r);
    }
    return status != SMR_OK ? status : r->faults.status;
}

static void free_reader(smri_portfolio_reader *r) {
    for (uint32_t t = 0; t < r->portfolio->taxonomy_count; t++) {
        smri_table_free(&r->growing[t].categories);
        smri_free(r->context, r->growing[t].pairs);
    }
    smri_free(r->context, r->growing);
    smri_free(r->context, r->taxonomies);
    smri_free(r->context, r->initiatives);
    smri_free(r->context, r->budgets);
    smri_free(r->context, r->effects);
    smri_table_free(&r->targets);
    smri_csv_close(&r->csv);
}

smr_status smr_portfolio_read_csv(smr_context *context, smr_read_callback read, void *user,
                                  const smr_portfolio_options *options, smr_portfolio **portfolio, smr_error *error) {
    if (portfolio == NULL) {
        return smri_fail_argument(error, "portfolio", "a place for the result");
    }
    *portfolio = NULL;
    if (read == NULL) {
        return smri_fail_argument(error, "read", "not NULL");
    }
    smri_portfolio_reader r = {.context = smri_context(context), .error = error};
    smr_portfolio_options_init(&r.options, sizeof r.options);
    smr_status status = smri_options_read(&r.options, sizeof r.options, options, "smr_portfolio_options", error);
    if (status != SMR_OK) {
        return status;
    }
    if (r.options.number_format < SMR_NUMBER_FORMAT_PLAIN || r.options.number_format > SMR_NUMBER_FORMAT_VI) {
        return smri_fail_argument(error, "number_format", "one of smr_number_format");
    }
    status = smri_csv_open(&r.csv, r.context, read, user, NULL, 0, r.options.source_name, error);
    if (status != SMR_OK) {
        return status;
    }
    r.portfolio = smri_portfolio_new(context);
    if (r.portfolio == NULL) {
        smri_csv_close(&r.csv);
        return smri_fail_memory(error);
    }
    smri_table_init(&r.targets, r.context, &r.portfolio->arena);
    smri_faults_init(&r.faults, r.context, error);
    status = read_all(&r);
    free_reader(&r);
    if (status != SMR_OK) {
        smr_portfolio_unref(r.portfolio);
        return status;
    }
    *portfolio = r.portfolio;
    return SMR_OK;
}
