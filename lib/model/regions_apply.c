/* SPDX-License-Identifier: MIT */
/* A dataset brought to a register of regions: one name for each region, and its territory as of a day. */
#include "model/model_impl.h"


static const smr_regions_options defaults = {.size = sizeof defaults};

void smr_regions_options_init(smr_regions_options *options, size_t size)
{
    smri_options_init(options, size, &defaults, sizeof defaults);
}

/* A part of what a region became. */
typedef struct part {
    uint32_t whole;                 /* in the register */
    double share;
} part;

typedef struct application {
    const smr_context *memory;
    const smr_regions *regions;
    const smr_dataset *dataset;
    smr_regions_options options;
    int64_t as_of;                  /* INT64_MIN: not asked for */
    uint32_t *registered;           /* by region of the data: in the register; SMRI_NONE: not there */
    part *parts;                    /* one after another */
    size_t part_count, part_capacity;
    size_t *part_starts;            /* by region of the data, and one more; none: it stays as it is */
    double *shares;                 /* by region of the register; all 0 between two uses */
    uint32_t *merged;               /* [region of the register][period]: a predecessor with a row there, SMRI_NONE */
    size_t periods;
    bool *extensive;                /* by column: divided by a split */
    uint32_t *origins;              /* by row made: row of the data */
    size_t origin_capacity;
    smri_arena arena;               /* ids of parts */
    smri_draft draft;
} application;

/* ---- what became of each region ---- */

static bool has_ended(const application *a, uint32_t registered)
{
    const smri_registered *item = &a->regions->items[registered];
    return item->last_day < a->as_of && item->successor_count > 0;
}

/* Lists what a region of the register is part of now, following successors to those that have not ended. */
static bool list_parts(application *a, uint32_t registered)
{
    const smr_regions *regions = a->regions;
    a->shares[registered] = 1;
    for (size_t i = 0; i < regions->count; i++) {
        const uint32_t region = regions->order[i];
        const double share = a->shares[region];
        if (!(share > 0))
            continue;
        a->shares[region] = 0;
        if (!has_ended(a, region)) {
            if (!smri_grow(a->memory, &a->parts, &a->part_capacity, a->part_count + 1, sizeof *a->parts))
                return false;
            a->parts[a->part_count++] = (part){region, share};
            continue;
        }
        const smri_registered *item = &regions->items[region];
        for (uint32_t k = 0; k < item->successor_count; k++)
            a->shares[item->successors[k].region] += share * item->successors[k].share;
    }
    return true;
}

static void tell_unregistered(const application *a, uint32_t region)
{
    const char *id = a->dataset->regions[region].id;
    char nearest[SMRI_NEAREST_SIZE];
    const char *const texts[] = {id, nearest};
    const smri_place place = {.source = a->dataset->source_name, .subject = id};
    smri_text_suggest(nearest, id, a->regions->names.keys, a->regions->names.count);
    smri_report(a->memory, SMR_SEVERITY_NOTE, SMR_MESSAGE_REGION_UNREGISTERED, &place, texts, 2);
}

static void tell_no_successor(const application *a, uint32_t registered)
{
    const smri_registered *item = &a->regions->items[registered];
    const char *const texts[] = {item->id, item->valid_to};
    const smri_place place = {.source = a->dataset->source_name, .subject = item->id};
    if (item->last_day < a->as_of && item->successor_count == 0)
        smri_report(a->memory, SMR_SEVERITY_WARNING, SMR_MESSAGE_REGION_NO_SUCCESSOR, &place, texts, 2);
}

static smr_status find_regions(application *a, smr_error *error)
{
    for (uint32_t i = 0; i < a->dataset->region_count; i++) {
        const int64_t found = smr_regions_find(a->regions, a->dataset->regions[i].id);
        a->registered[i] = found >= 0 ? (uint32_t)found : SMRI_NONE;
        a->part_starts[i] = a->part_count;
        if (found < 0)
            tell_unregistered(a, i);
        else if (has_ended(a, (uint32_t)found)) {
            if (!list_parts(a, (uint32_t)found))
                return smri_fail_memory(error);
        } else
            tell_no_successor(a, (uint32_t)found);
    }
    a->part_starts[a->dataset->region_count] = a->part_count;
    return SMR_OK;
}

/* Where a part has a row, the whole's own row is of its old boundaries. */
static void mark_merged(application *a)
{
    for (size_t row = 0; row < a->dataset->row_count; row++) {
        const uint32_t region = smri_dataset_region_of(a->dataset, row);
        const uint32_t period = smri_dataset_period_of(a->dataset, row);
        for (size_t i = a->part_starts[region]; i < a->part_starts[region + 1]; i++) {
            uint32_t *mark = &a->merged[a->parts[i].whole * a->periods + period];
            if (*mark == SMRI_NONE ||
                a->regions->items[a->registered[region]].last_day < a->regions->items[*mark].last_day)
                *mark = a->registered[region];
        }
    }
}

/* ---- validity ---- */

static void tell_validity(const application *a, size_t row)
{
    const uint32_t region = smri_dataset_region_of(a->dataset, row);
    const uint32_t registered = a->registered[region];
    if (registered == SMRI_NONE || a->dataset->period_count == 0)
        return;
    const smri_registered *item = &a->regions->items[registered];
    const smri_period *period = &a->dataset->periods[smri_dataset_period_of(a->dataset, row)];
    if (period->start_day == INT64_MIN || (period->start_day >= item->first_day && period->start_day <= item->last_day))
        return;
    const bool early = period->start_day < item->first_day;
    const char *const texts[] = {item->id, period->id, early ? "begins on" : "ended on",
                                 early ? item->valid_from : item->valid_to};
    const smri_place place = smri_dataset_place(a->dataset, item->id, row);
    smri_report(a->memory, SMR_SEVERITY_WARNING, SMR_MESSAGE_REGION_NOT_VALID, &place, texts, 4);
}

/* ---- rows ---- */

static smr_status add_columns(application *a, smr_error *error)
{
    for (uint32_t c = 0; c < a->dataset->column_count; c++) {
        const smri_column *from = &a->dataset->columns[c];
        uint32_t column;
        bool added;
        const smr_status status =
            smri_draft_add_column(&a->draft, from->id, strlen(from->id), from->codes != NULL, NULL, &column, &added, error);
        if (status != SMR_OK)
            return status;
        a->draft.dataset->columns[column].three_decimals = from->three_decimals;
    }
    return SMR_OK;
}

/* `whole`: NULL, or the region of which this is a part. */
static smr_status add_row(application *a, size_t row, const char *id, const char *whole, double share, smr_error *error)
{
    const smr_dataset *dataset = a->dataset;
    const uint32_t region = smri_dataset_region_of(dataset, row);
    const smri_region *from = &dataset->regions[region];
    const smri_registered *item = a->registered[region] != SMRI_NONE ? &a->regions->items[a->registered[region]] : NULL;
    const char *period = dataset->period_count > 0 ? dataset->periods[smri_dataset_period_of(dataset, row)].id : NULL;
    const smri_place place = smri_dataset_place(dataset, from->id, row);
    uint32_t made;
    bool added;
    smr_status status = smri_draft_add_row(&a->draft, id, strlen(id), period, period ? strlen(period) : 0, &place, &made,
                                           &added, error);
    if (status != SMR_OK)
        return status;
    if (!added) {
        const char *other = dataset->regions[smri_dataset_region_of(dataset, a->origins[made])].id;
        return smri_fail(error, SMR_MESSAGE_REGION_TWICE, &place, other, from->id, id, period ? period : "none");
    }
    if (!smri_grow(a->memory, &a->origins, &a->origin_capacity, (size_t)made + 1, sizeof *a->origins))
        return smri_fail_memory(error);
    a->origins[made] = (uint32_t)row;
    for (uint32_t c = 0; c < dataset->column_count; c++) {
        const smri_column *column = &dataset->columns[c];
        if (column->codes == NULL) {
            const double value = column->values[row];
            smri_draft_set_number(&a->draft, c, made, a->extensive[c] ? value * share : value, 0);
            continue;
        }
        const uint32_t code = column->codes[row];
        a->draft.dataset->columns[c].codes[made] = SMRI_NONE;
        if (code != SMRI_NONE &&
            !smri_draft_set_text(&a->draft, c, made, column->labels[code], strlen(column->labels[code])))
            return smri_fail_memory(error);
    }
    const char *name = from->name ? from->name : item ? item->name : NULL;
    if (name && !smri_draft_set_name(&a->draft, made, name, strlen(name)))
        return smri_fail_memory(error);
    const char *parent = whole;
    if (!parent && from->parent != SMRI_NONE) {
        const uint32_t registered = a->registered[from->parent];
        parent = registered != SMRI_NONE ? a->regions->items[registered].id : dataset->regions[from->parent].id;
    }
    if (!parent && item)
        parent = item->parent;
    return parent ? smri_draft_set_parent(&a->draft, made, parent, strlen(parent), &place, error) : SMR_OK;
}

/* "ID > WHOLE" or "ID (until DATE)"; NULL: out of memory. */
static const char *part_id(application *a, const char *id, const char *between, const char *other, const char *after)
{
    const size_t parts[] = {strlen(id), strlen(between), strlen(other), strlen(after)};
    size_t length = 0;
    for (size_t i = 0; i < SMRI_COUNT(parts); i++)
        if (!smri_sum(length, parts[i], &length))
            return NULL;
    char *text = smri_arena_alloc(&a->arena, length + 1, 1);
    if (text == NULL)
        return NULL;
    char *end = text;
    const char *const texts[] = {id, between, other, after};
    for (size_t i = 0; i < SMRI_COUNT(texts); i++) {
        memcpy(end, texts[i], parts[i]);
        end += parts[i];
    }
    *end = '\0';
    return text;
}

static smr_status take_row(application *a, size_t row, smr_error *error)
{
    const uint32_t region = smri_dataset_region_of(a->dataset, row), registered = a->registered[region];
    const char *id = registered != SMRI_NONE ? a->regions->items[registered].id : a->dataset->regions[region].id;
    const size_t first = a->part_starts[region], count = a->part_starts[region + 1] - first;
    tell_validity(a, row);
    smr_status status = SMR_OK;
    for (size_t i = first; status == SMR_OK && i < first + count; i++) {
        const char *whole = a->regions->items[a->parts[i].whole].id;
        const char *of_part = count == 1 ? id : part_id(a, id, " > ", whole, "");
        status = of_part ? add_row(a, row, of_part, whole, a->parts[i].share, error) : smri_fail_memory(error);
    }
    if (count > 0)
        return status;
    const uint32_t mark = registered == SMRI_NONE
                              ? SMRI_NONE
                              : a->merged[registered * a->periods + smri_dataset_period_of(a->dataset, row)];
    if (mark == SMRI_NONE)
        return add_row(a, row, id, NULL, 1, error);
    const char *old = part_id(a, id, " (until ", a->regions->items[mark].valid_to, ")");
    return old ? add_row(a, row, old, id, 1, error) : smri_fail_memory(error);
}

/* Provenance of the rows made, as that of the rows they come from. */
static smr_status take_provenance(application *a, smr_error *error)
{
    const smr_dataset *dataset = a->dataset;
    for (uint32_t made = 0; dataset->provenance_count > 0 && made < a->draft.dataset->row_count; made++)
        for (uint32_t c = 0; c < dataset->column_count; c++) {
            const smri_provenance *from = smri_dataset_provenance(dataset, c, a->origins[made]);
            if (from == NULL)
                continue;
            smri_provenance copy = *from;
            copy.row = made;
            if (!smri_draft_set_provenance(&a->draft, &copy))
                return smri_fail_memory(error);
        }
    return SMR_OK;
}

/* ---- the whole ---- */

static bool make_arrays(application *a, const smr_framework *framework)
{
    const smr_dataset *dataset = a->dataset;
    const size_t regions = dataset->region_count;
    size_t cells;
    a->periods = SMRI_MAX((size_t)dataset->period_count, (size_t)1);
    a->registered = smri_alloc(a->memory, SMRI_MAX(regions, (size_t)1), sizeof *a->registered);
    a->part_starts = smri_alloc(a->memory, regions + 1, sizeof *a->part_starts);
    a->shares = smri_calloc(a->memory, SMRI_MAX(a->regions->count, (size_t)1), sizeof *a->shares);
    a->extensive = smri_calloc(a->memory, (size_t)dataset->column_count + 1, sizeof *a->extensive);
    if (!smri_product(SMRI_MAX(a->regions->count, (size_t)1), a->periods, &cells))
        return false;
    a->merged = smri_alloc(a->memory, cells, sizeof *a->merged);
    if (!a->registered || !a->part_starts || !a->shares || !a->extensive || !a->merged)
        return false;
    for (size_t i = 0; i < cells; i++)
        a->merged[i] = SMRI_NONE;
    for (uint32_t c = 0; c < dataset->column_count; c++) {
        const char *id = dataset->columns[c].id;
        a->extensive[c] = strcmp(id, a->options.by) == 0;
        for (uint32_t i = 0; framework && i < framework->indicator_count; i++) {
            const smri_indicator *indicator = &framework->indicators[i];
            const bool counts = indicator->kind == SMR_KIND_COUNT && !indicator->denominator;
            a->extensive[c] = a->extensive[c] || (counts && strcmp(id, framework->nodes[indicator->node].id) == 0) ||
                              (indicator->denominator && strcmp(id, indicator->denominator) == 0);
        }
    }
    return true;
}

static void free_arrays(application *a)
{
    smri_free(a->memory, a->registered);
    smri_free(a->memory, a->part_starts);
    smri_free(a->memory, a->shares);
    smri_free(a->memory, a->extensive);
    smri_free(a->memory, a->merged);
    smri_free(a->memory, a->parts);
    smri_free(a->memory, a->origins);
    smri_arena_free(&a->arena);
    smri_draft_free(&a->draft);
}

static smr_status apply(application *a, smr_context *context, const smr_framework *framework, smr_dataset **applied,
                        smr_error *error)
{
    smr_status status = make_arrays(a, framework) ? smri_draft_init(&a->draft, context, error) : smri_fail_memory(error);
    if (status == SMR_OK)
        status = find_regions(a, error);
    if (status == SMR_OK) {
        mark_merged(a);
        status = add_columns(a, error);
    }
    for (size_t row = 0; status == SMR_OK && row < a->dataset->row_count; row++)
        status = row % 1024 == 0 && smri_cancelled(a->memory, row, a->dataset->row_count, error)
                     ? SMR_ERROR_CANCELLED
                     : take_row(a, row, error);
    if (status == SMR_OK)
        status = take_provenance(a, error);
    if (status == SMR_OK && !smri_arena_keep(&a->draft.dataset->arena, a->dataset->source_name,
                                             &a->draft.dataset->source_name))
        status = smri_fail_memory(error);
    return status == SMR_OK ? smri_draft_seal(&a->draft, applied, error) : status;
}

smr_status smr_regions_apply(smr_context *context, const smr_regions *regions, const smr_framework *framework,
                             const smr_dataset *dataset, const smr_regions_options *options, smr_dataset **applied,
                             smr_error *error)
{
    if (!applied)
        return smri_fail_argument(error, "applied", "a place for the result");
    *applied = NULL;
    if (!regions || !dataset)
        return smri_fail_argument(error, regions ? "dataset" : "regions", "not NULL");
    application a = {.memory = smri_context(context), .regions = regions, .dataset = dataset, .options = defaults};
    smr_status status = smri_options_read(&a.options, sizeof a.options, options, "smr_regions_options", error);
    if (status != SMR_OK)
        return status;
    a.options.by = a.options.by ? a.options.by : "population";
    a.as_of = a.options.as_of ? smri_day_read(a.options.as_of) : INT64_MIN;
    if (a.options.as_of && a.as_of == INT64_MIN) {
        const smri_place place = {.subject = "as_of"};
        return smri_fail(error, SMR_MESSAGE_REGIONS_DATE, &place, a.options.as_of);
    }
    smri_arena_init(&a.arena, a.memory);
    status = apply(&a, context, framework, applied, error);
    free_arrays(&a);
    return status;
}
