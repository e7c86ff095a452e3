/* SPDX-License-Identifier: MIT */
/* Costs and bounds from CSV or JSON. */
#include "io/io_impl.h"

#include "study/target_impl.h"

/* ---- csv ---- */

enum { INDICATOR, COST, LOW, HIGH, COLUMNS };
static const char *const names[COLUMNS] = {"indicator", "cost", "low", "high"};

static smr_status take_row(smri_csv_table *table, void *user, smr_error *error)
{
    double numbers[COLUMNS];
    for (size_t k = COST; k < COLUMNS; k++) {
        const smri_number_result result =
            smri_number_read(table->texts[k], strlen(table->texts[k]), SMRI_NUMBER_PLAIN, &numbers[k]);
        if (result == SMRI_NUMBER_OK || result == SMRI_NUMBER_MISSING)
            continue;
        const smri_place place = smri_csv_table_place(table, k);
        smri_fault(&table->faults,
                   result == SMRI_NUMBER_INFINITE ? SMR_MESSAGE_NUMBER_INFINITE : SMR_MESSAGE_NUMBER_EXPECTED, &place,
                   table->texts[k], "");
        return SMR_OK;
    }
    smr_error wrong;
    smr_error_init(&wrong, sizeof wrong);
    const smri_place place = smri_csv_table_place(table, COST);
    const smr_status status = smri_efforts_put(user, &place, table->texts[INDICATOR], numbers[COST], numbers[LOW],
                                               numbers[HIGH], &wrong);
    if (status == SMR_ERROR_MEMORY)
        return smri_fail_memory(error);
    if (status != SMR_OK)
        smri_faults_keep(&table->faults, &wrong);
    return SMR_OK;
}

/* ---- json ---- */

typedef struct document {
    smr_efforts *efforts;
    const char *source;
} document;

static smr_status fail_value(const document *d, const char *path, const char *id, const smri_value *found,
                             const char *expected, smr_error *error)
{
    char subject[SMR_ERROR_SUBJECT_SIZE], text[SMRI_EXCERPT_SIZE];
    smri_path_join(subject, path, id);
    smri_json_describe(found, text);
    const smri_place place = {.source = d->source, .subject = subject};
    return smri_fail(error, SMR_MESSAGE_EFFORT_VALUE, &place, text, expected);
}

static bool read_bound(const smri_value *value, double *bound)
{
    *bound = value && value->type == SMRI_NUMBER ? value->number : NAN;
    return value && (value->type == SMRI_NUMBER || value->type == SMRI_NULL);
}

/* Costs with the bounds of the same indicator, then bounds that have no cost. */
static smr_status take_costs(const document *d, const smri_value *costs, const smri_value *bounds, smr_error *error)
{
    smr_status status = SMR_OK;
    for (int part = 0; part < 2; part++) {
        const smri_value *table = part ? bounds : costs;
        for (const smri_value *m = table ? table->first : NULL; status == SMR_OK && m; m = m->next) {
            const smri_value *cost = part ? smri_value_get(costs, m->key) : m;
            const smri_value *pair = part ? m : smri_value_get(bounds, m->key);
            double numbers[2] = {NAN, NAN};
            if (part && cost)
                continue;
            if (cost && cost->type != SMRI_NUMBER)
                return fail_value(d, "costs", m->key, cost, "a number above 0", error);
            if (pair && (pair->type != SMRI_ARRAY || pair->count != 2 || !read_bound(pair->first, &numbers[0]) ||
                         !read_bound(pair->last, &numbers[1])))
                return fail_value(d, "bounds", m->key, pair, "a list of two numbers, or null for the default", error);
            char subject[SMR_ERROR_SUBJECT_SIZE];
            smri_path_join(subject, cost ? "costs" : "bounds", m->key);
            const smri_place place = {.source = d->source, .subject = subject};
            status = smri_efforts_put(d->efforts, &place, m->key, cost ? cost->number : NAN, numbers[0], numbers[1],
                                      error);
        }
    }
    return status;
}

static smr_status take_document(const document *d, const smri_value *root, smr_error *error)
{
    static const char *const keys[] = {"costs", "bounds", "fixed"};
    const smri_value *parts[SMRI_COUNT(keys)] = {NULL, NULL, NULL};
    if (root->type != SMRI_OBJECT)
        return fail_value(d, "", "", root, "an object of costs, bounds and fixed", error);
    for (const smri_value *m = root->first; m; m = m->next) {
        size_t k = 0;
        while (k < SMRI_COUNT(keys) && strcmp(keys[k], m->key) != 0)
            k++;
        if (k == SMRI_COUNT(keys) && strcmp(m->key, "format") == 0)
            continue;
        if (k == SMRI_COUNT(keys))
            return fail_value(d, "", m->key, m, "costs, bounds or fixed", error);
        if (m->type != (k == 2 ? SMRI_ARRAY : SMRI_OBJECT))
            return fail_value(d, "", m->key, m, k == 2 ? "a list of ids" : "an object of ids", error);
        parts[k] = m;
    }
    smr_status status = take_costs(d, parts[0], parts[1], error);
    for (const smri_value *m = parts[2] ? parts[2]->first : NULL; status == SMR_OK && m; m = m->next)
        status = m->type == SMRI_TEXT ? smr_efforts_fix(d->efforts, m->text, error)
                                      : fail_value(d, "", "fixed", m, "the id of an indicator", error);
    return status;
}

static smr_status read_json(const document *d, const char *text, size_t length, smr_error *error)
{
    const smr_context *memory = smri_context(d->efforts->context);
    smri_arena arena;
    smri_arena_init(&arena, memory);
    const smri_value *root = NULL;
    smr_status status = smri_json_read(memory, &arena, text, length, d->source, &root, error);
    if (status == SMR_OK && root->type == SMRI_OBJECT)
        status = smri_json_check_format(root, "smartregion-efforts", d->source, error);
    if (status == SMR_OK)
        status = take_document(d, root, error);
    smri_arena_free(&arena);
    return status;
}

/* ---- either ---- */

static bool is_json(const char *text, size_t length)
{
    size_t start = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (start < length && strchr(" \t\r\n", text[start]) && text[start] != '\0')
        start++;
    return start < length && text[start] == '{';
}

smr_status smr_efforts_read(smr_efforts *efforts, const char *text, size_t length, const char *source_name,
                            smr_error *error)
{
    if (!efforts || !text)
        return smri_fail_argument(error, efforts ? "text" : "efforts", "not NULL");
    const smr_context *memory = smri_context(efforts->context);
    document d = {.efforts = efforts};
    smri_effort *kept = smri_alloc(memory, efforts->count + 1, sizeof *kept);
    if (!kept || !smri_arena_keep(&efforts->arena, source_name, &d.source)) {
        smri_free(memory, kept);
        return smri_fail_memory(error);
    }
    const size_t before = efforts->count;
    if (before > 0)
        memcpy(kept, efforts->items, before * sizeof *kept);
    smr_status status;
    if (is_json(text, length)) {
        status = read_json(&d, text, length, error);
    } else {
        smri_csv_table table = {.names = names, .count = COLUMNS, .required = 1,
                                .expected = "indicator, and cost, low or high"};
        status = smri_csv_table_read(&table, memory, NULL, NULL, text, length, d.source, take_row, efforts, error);
    }
    if (status != SMR_OK) {         /* an entry that was there may have been filled in */
        efforts->count = before;
        if (before > 0)
            memcpy(efforts->items, kept, before * sizeof *kept);
    }
    smri_free(memory, kept);
    return status;
}
