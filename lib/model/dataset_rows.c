/* SPDX-License-Identifier: MIT */
/* Rows: found by region and period, and taken into another dataset. */
#include "model/model_impl.h"

/* ---- the index: open addressing, a slot holds the row plus one ---- */

#define FIRST_SLOTS 64

static size_t slot_of(uint32_t region, uint32_t period, size_t slot_count) {
    uint64_t pair = (uint64_t)region << 32 | period;
    pair *= UINT64_C(0x9e3779b97f4a7c15);
    pair ^= pair >> 32;
    return (size_t)pair & (slot_count - 1);
}

uint32_t smri_dataset_find_pair(const smr_dataset *dataset, uint32_t region, uint32_t period) {
    if (dataset->row_slots == NULL) {
        return region < dataset->row_count && smri_dataset_period_of(dataset, region) == period ? region : SMRI_NONE;
    }
    for (size_t i = slot_of(region, period, dataset->row_slot_count);; i = (i + 1) & (dataset->row_slot_count - 1)) {
        if (dataset->row_slots[i] == 0) {
            return SMRI_NONE;
        }
        uint32_t row = dataset->row_slots[i] - 1;
        if (smri_dataset_region_of(dataset, row) == region && smri_dataset_period_of(dataset, row) == period) {
            return row;
        }
    }
}

static void put_row(smr_dataset *dataset, uint32_t row) {
    uint32_t region = smri_dataset_region_of(dataset, row), period = smri_dataset_period_of(dataset, row);
    size_t i = slot_of(region, period, dataset->row_slot_count);
    while (dataset->row_slots[i] != 0) {
        i = (i + 1) & (dataset->row_slot_count - 1);
    }
    dataset->row_slots[i] = row + 1;
}

static bool spread_rows(smr_dataset *dataset, size_t slot_count, uint32_t rows) {
    uint32_t *slots = smri_calloc(dataset->arena.context, slot_count, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    smri_free(dataset->arena.context, dataset->row_slots);
    dataset->row_slots = slots;
    dataset->row_slot_count = slot_count;
    for (uint32_t row = 0; row < rows; row++) {
        /* Where a row was taken twice, its first place is found. */
        if (smri_dataset_find_pair(dataset, smri_dataset_region_of(dataset, row), smri_dataset_period_of(dataset, row))
            == SMRI_NONE) {
            put_row(dataset, row);
        }
    }
    return true;
}

bool smri_dataset_index_row(smr_dataset *dataset, uint32_t row) {
    size_t needed = (size_t)row + row / 2 + 2;
    if (needed > dataset->row_slot_count) {
        size_t larger = SMRI_MAX(dataset->row_slot_count, FIRST_SLOTS / 2);
        if (!smri_product(larger, 2, &larger) || !spread_rows(dataset, larger, row)) {
            return false;
        }
    }
    put_row(dataset, row);
    return true;
}

bool smri_dataset_index_rows(smr_dataset *dataset) {
    size_t slot_count = FIRST_SLOTS;
    while (slot_count < dataset->row_count + dataset->row_count / 2 + 1) {
        if (!smri_product(slot_count, 2, &slot_count)) {
            return false;
        }
    }
    return spread_rows(dataset, slot_count, (uint32_t)dataset->row_count);
}

/* ---- taking rows ---- */

/* One take: what came from where. */
typedef struct taking {
    const smr_dataset *from;
    smr_dataset *to;
    const size_t *rows;
    size_t count;
    bool cells;        /* columns and provenance as well */
    uint32_t *regions; /* region of `from` -> region of `to`, SMRI_NONE: not taken */
    uint32_t *origins; /* region of `to` -> region of `from` */
    uint32_t *periods; /* period of `from` -> period of `to`, SMRI_NONE: not taken */
} taking;

static const char *copy_text(smr_dataset *dataset, const char *text) {
    return smri_arena_text(&dataset->arena, text, strlen(text));
}

/* The region's number in `to`, added when new; SMRI_NONE: out of memory. */
static uint32_t take_region(taking *t, uint32_t region) {
    if (t->regions[region] == SMRI_NONE) {
        const smri_region *from = &t->from->regions[region];
        uint32_t added = smri_table_add(&t->to->region_ids, from->id, strlen(from->id), NULL);
        if (added == SMRI_NOT_FOUND) {
            return SMRI_NONE;
        }
        smri_region *to = &t->to->regions[added];
        to->id = t->to->region_ids.keys[added];
        to->name = from->name != NULL ? copy_text(t->to, from->name) : NULL;
        to->parent = SMRI_NONE;
        if (from->name != NULL && to->name == NULL) {
            return SMRI_NONE;
        }
        t->to->region_count = added + 1;
        t->regions[region] = added;
        t->origins[added] = region;
    }
    return t->regions[region];
}

static bool take_regions(taking *t) {
    smr_dataset *to = t->to;
    bool repeated = false;
    for (size_t i = 0; i < t->count; i++) {
        uint32_t region = take_region(t, smri_dataset_region_of(t->from, t->rows[i]));
        if (region == SMRI_NONE) {
            return false;
        }
        to->row_region[i] = region;
        repeated = repeated || region != i;
    }
    /* Parents, and theirs, that have no row among those taken. */
    for (uint32_t next = 0; next < to->region_count; next++) {
        uint32_t parent = t->from->regions[t->origins[next]].parent;
        if (parent != SMRI_NONE) {
            uint32_t taken = take_region(t, parent);
            if (taken == SMRI_NONE) {
                return false;
            }
            to->regions[next].parent = taken;
        }
    }
    if (!repeated) {
        smri_free(to->arena.context, to->row_region);
        to->row_region = NULL;
    }
    return true;
}

static bool take_periods(taking *t) {
    const smr_dataset *from = t->from;
    smr_dataset *to = t->to;
    if (from->period_count == 0) {
        return true;
    }
    const smr_context *context = to->arena.context;
    const char **ids = smri_alloc(context, from->period_count, sizeof *ids);
    uint32_t *places = smri_alloc(context, from->period_count, sizeof *places);
    uint32_t used = 0;
    bool done = ids != NULL && places != NULL;
    for (size_t i = 0; done && i < t->count; i++) {
        uint32_t period = smri_dataset_period_of(from, t->rows[i]);
        if (t->periods[period] == SMRI_NONE) {
            ids[used] = from->periods[period].id;
            t->periods[period] = used++;
        }
        to->row_period[i] = t->periods[period];
    }
    done = done && smri_dataset_set_periods(to, ids, used, places);
    for (size_t i = 0; done && i < t->count; i++) {
        to->row_period[i] = places[to->row_period[i]];
    }
    smri_free(context, ids);
    smri_free(context, places);
    return done;
}

/* Labels are numbered anew, so that only those of the rows taken are there. */
static bool take_labels(taking *t, const smri_column *from, smri_column *to) {
    const smr_context *context = t->to->arena.context;
    uint32_t *places = smri_alloc(context, SMRI_MAX(from->label_count, 1), sizeof *places);
    to->labels = smri_arena_alloc(&t->to->arena, SMRI_MAX(from->label_count, 1), sizeof *to->labels);
    bool done = places != NULL && to->labels != NULL;
    if (done) {
        memset(places, 0xff, from->label_count * sizeof *places);
    }
    for (size_t i = 0; done && i < t->count; i++) {
        uint32_t code = from->codes[t->rows[i]];
        if (code != SMRI_NONE && places[code] == SMRI_NONE) {
            places[code] = to->label_count;
            to->labels[to->label_count] = copy_text(t->to, from->labels[code]);
            done = to->labels[to->label_count++] != NULL;
        }
        to->codes[i] = code != SMRI_NONE ? places[code] : SMRI_NONE;
    }
    smri_free(context, places);
    return done;
}

static bool take_column(taking *t, uint32_t index) {
    const smr_context *context = t->to->arena.context;
    const smri_column *from = &t->from->columns[index];
    smri_column *to = &t->to->columns[index];
    if (smri_table_add(&t->to->column_ids, from->id, strlen(from->id), NULL) != index) {
        return false;
    }
    t->to->column_count = index + 1;
    to->id = t->to->column_ids.keys[index];
    to->three_decimals = from->three_decimals;
    if (from->text_rows != NULL) {
        to->text_rows = smri_alloc(context, t->count, sizeof *to->text_rows);
        for (size_t i = 0; to->text_rows != NULL && i < t->count; i++) {
            to->text_rows[i] = from->text_rows[t->rows[i]];
        }
        if (to->text_rows == NULL) {
            return false;
        }
    }
    if (from->codes != NULL) {
        to->codes = smri_alloc(context, t->count, sizeof *to->codes);
        return to->codes != NULL && take_labels(t, from, to);
    }
    to->values = smri_alloc(context, t->count, sizeof *to->values);
    for (size_t i = 0; to->values != NULL && i < t->count; i++) {
        to->values[i] = from->values[t->rows[i]];
    }
    return to->values != NULL;
}

static bool take_text_rows(taking *t) {
    smr_dataset *to = t->to;
    if (t->from->first_text_row == 0 && t->from->text_rows == NULL) {
        return true;
    }
    bool consecutive = true;
    to->text_rows = smri_alloc(to->arena.context, t->count, sizeof *to->text_rows);
    for (size_t i = 0; to->text_rows != NULL && i < t->count; i++) {
        uint64_t text_row = smri_dataset_text_row(t->from, SMRI_NONE, t->rows[i]);
        to->text_rows[i] = text_row <= UINT32_MAX ? (uint32_t)text_row : 0;
        consecutive = consecutive && to->text_rows[i] != 0 && to->text_rows[i] == (uint64_t)to->text_rows[0] + i;
    }
    if (to->text_rows != NULL && consecutive) {
        to->first_text_row = to->text_rows[0];
        smri_free(to->arena.context, to->text_rows);
        to->text_rows = NULL;
        return true;
    }
    return to->text_rows != NULL;
}

/* Replaces a text by its copy, each text copied once. */
static bool keep_text(smri_table *texts, const char **text) {
    if (*text == NULL) {
        return true;
    }
    uint32_t index = smri_table_add(texts, *text, strlen(*text), NULL);
    *text = index != SMRI_NOT_FOUND ? texts->keys[index] : NULL;
    return *text != NULL;
}

static bool add_provenance(taking *t, smri_table *texts, const smri_provenance *from, uint32_t row, size_t *capacity) {
    smr_dataset *to = t->to;
    if (!smri_grow(to->arena.context, &to->provenance, capacity, to->provenance_count + 1, sizeof *to->provenance)) {
        return false;
    }
    smri_provenance *copy = &to->provenance[to->provenance_count];
    *copy = *from;
    copy->row = row;
    to->provenance_count++;
    return keep_text(texts, &copy->status) && keep_text(texts, &copy->qualifier) && keep_text(texts, &copy->source)
           && keep_text(texts, &copy->note) && keep_text(texts, &copy->unit);
}

static bool take_provenance(taking *t) {
    if (t->from->provenance_count == 0) {
        return true;
    }
    const smr_context *context = t->to->arena.context;
    uint32_t *first = smri_alloc(context, t->from->row_count, sizeof *first); /* old row -> its last place in `to` */
    uint32_t *others = smri_alloc(context, t->count, sizeof *others);         /* place -> the place before, if any */
    smri_table texts;
    smri_table_init(&texts, context, &t->to->arena);
    bool done = first != NULL && others != NULL;
    if (done) {
        memset(first, 0xff, t->from->row_count * sizeof *first);
    }
    for (size_t i = 0; done && i < t->count; i++) {
        others[i] = first[t->rows[i]];
        first[t->rows[i]] = (uint32_t)i;
    }
    size_t capacity = 0;
    for (size_t i = 0; done && i < t->from->provenance_count; i++) {
        const smri_provenance *from = &t->from->provenance[i];
        for (uint32_t row = first[from->row]; done && row != SMRI_NONE; row = others[row]) {
            done = add_provenance(t, &texts, from, row, &capacity);
        }
    }
    smri_free(context, first);
    smri_free(context, others);
    smri_table_free(&texts);
    smri_dataset_sort_provenance(t->to);
    return done;
}

static bool take_all(taking *t) {
    const smr_context *context = t->to->arena.context;
    const smr_dataset *from = t->from;
    smr_dataset *to = t->to;
    to->row_count = t->count;
    to->regions = smri_alloc(context, from->region_count, sizeof *to->regions);
    to->row_region = smri_alloc(context, t->count, sizeof *to->row_region);
    to->columns = smri_calloc(context, SMRI_MAX(from->column_count, 1), sizeof *to->columns);
    if (to->regions == NULL || to->row_region == NULL || to->columns == NULL) {
        return false;
    }
    if (from->period_count > 0) {
        to->row_period = smri_alloc(context, t->count, sizeof *to->row_period);
        if (to->row_period == NULL) {
            return false;
        }
    }
    if (!take_regions(t) || !take_periods(t) || !take_text_rows(t)) {
        return false;
    }
    for (uint32_t i = 0; t->cells && i < from->column_count; i++) {
        if (!take_column(t, i)) {
            return false;
        }
    }
    if (from->source_name != NULL) {
        to->source_name = copy_text(to, from->source_name);
        if (to->source_name == NULL) {
            return false;
        }
    }
    return (!t->cells || take_provenance(t)) && (to->row_region == NULL || smri_dataset_index_rows(to));
}

static smr_status take(smr_context *context, const smr_dataset *dataset, const size_t *rows, size_t count, bool cells,
                       smr_dataset **taken, smr_error *error) {
    const smr_context *used = smri_context(context);
    *taken = NULL;
    taking t = {.from = dataset, .to = smri_dataset_new(context), .rows = rows, .count = count, .cells = cells};
    t.regions = smri_alloc(used, dataset->region_count, sizeof *t.regions);
    t.origins = smri_alloc(used, dataset->region_count, sizeof *t.origins);
    t.periods = smri_alloc(used, SMRI_MAX(dataset->period_count, 1), sizeof *t.periods);
    bool done = t.to != NULL && t.regions != NULL && t.origins != NULL && t.periods != NULL;
    if (done) {
        memset(t.regions, 0xff, dataset->region_count * sizeof *t.regions);
        memset(t.periods, 0xff, dataset->period_count * sizeof *t.periods);
        done = take_all(&t);
    }
    smri_free(used, t.regions);
    smri_free(used, t.origins);
    smri_free(used, t.periods);
    if (!done) {
        smr_dataset_unref(t.to);
        return smri_fail_memory(error);
    }
    *taken = t.to;
    return SMR_OK;
}

smr_status smri_dataset_take_rows(smr_context *context, const smr_dataset *dataset, const size_t *rows, size_t count,
                                  smr_dataset **taken, smr_error *error) {
    return take(context, dataset, rows, count, true, taken, error);
}

smr_status smri_dataset_take_frame(smr_context *context, const smr_dataset *dataset, const size_t *rows, size_t count,
                                   smr_dataset **taken, smr_error *error) {
    return take(context, dataset, rows, count, false, taken, error);
}

static smr_status fail_period(const smr_dataset *dataset, const char *period, smr_error *error) {
    const char **ids = smri_alloc(dataset->arena.context, SMRI_MAX(dataset->period_count, 1), sizeof *ids);
    if (ids == NULL) {
        return smri_fail_memory(error);
    }
    for (uint32_t i = 0; i < dataset->period_count; i++) {
        ids[i] = dataset->periods[i].id;
    }
    char nearest[SMRI_NEAREST_SIZE];
    smri_text_suggest(nearest, period, ids, dataset->period_count);
    smri_free(dataset->arena.context, ids);
    smri_place place = {.source = dataset->source_name, .subject = "period"};
    return smri_fail(error, SMR_MESSAGE_PERIOD_UNKNOWN, &place, period, nearest);
}

smr_status smr_dataset_select_period(smr_context *context, const smr_dataset *dataset, const char *period,
                                     smr_dataset **selected, smr_error *error) {
    if (selected == NULL) {
        return smri_fail_argument(error, "selected", "must not be NULL");
    }
    *selected = NULL;
    if (dataset == NULL) {
        return smri_fail_argument(error, "dataset", "must not be NULL");
    }
    uint32_t wanted = dataset->period_count - 1;
    if (period != NULL) {
        wanted = smri_dataset_find_period(dataset, period);
        if (wanted == SMRI_NONE) {
            return fail_period(dataset, period, error);
        }
    }
    if (dataset->period_count <= 1) {
        /* The whole dataset, which never changes: one more owner of it. Its count is the one thing a const dataset
         * lets change. */
        *selected = smr_dataset_ref(smri_mutable(dataset));
        return SMR_OK;
    }
    const smr_context *used = smri_context(context);
    size_t *rows = smri_alloc(used, dataset->row_count, sizeof *rows);
    if (rows == NULL) {
        return smri_fail_memory(error);
    }
    size_t count = 0;
    for (size_t row = 0; row < dataset->row_count; row++) {
        if (smri_dataset_period_of(dataset, row) == wanted) {
            rows[count++] = row;
        }
    }
    smr_status status = smri_dataset_take_rows(context, dataset, rows, count, selected, error);
    smri_free(used, rows);
    return status;
}
