/* SPDX-License-Identifier: MIT */
/* The register of regions: names, places, validity, successors. */
#include "model/model_impl.h"

/* Shares are written by people: a third is 0.333. */
#define SHARES_TOLERANCE 1e-3

int64_t smri_day_read(const char *text)
{
    const size_t length = strlen(text);
    return length == 10 ? smri_period_start(text, length) : INT64_MIN;
}

smr_regions *smri_regions_new(smr_context *context)
{
    const smr_context *used = smri_context(context);
    smr_regions *regions = smri_calloc(used, 1, sizeof *regions);
    if (regions == NULL)
        return NULL;
    atomic_init(&regions->references, 1);
    regions->context = smri_mutable(smri_context_ref(context));
    smri_arena_init(&regions->arena, used);
    smri_table_init(&regions->names, used, &regions->arena);
    return regions;
}

smr_regions *smr_regions_ref(smr_regions *regions)
{
    if (regions != NULL)
        atomic_fetch_add_explicit(&regions->references, 1, memory_order_relaxed);
    return regions;
}

void smr_regions_unref(smr_regions *regions)
{
    if (regions == NULL || atomic_fetch_sub_explicit(&regions->references, 1, memory_order_acq_rel) != 1)
        return;
    const smr_context *used = regions->arena.context;
    const smr_context *owned = regions->context;
    for (size_t i = 0; i < regions->count; i++)
        smri_free(used, regions->items[i].successors);
    smri_free(used, regions->items);
    smri_free(used, regions->order);
    smri_free(used, regions->owners);
    smri_table_free(&regions->names);
    smri_arena_free(&regions->arena);
    smri_free(used, regions);
    smri_context_unref(owned);
}

size_t smr_regions_count(const smr_regions *regions)
{
    return regions != NULL ? regions->count : 0;
}

const char *smr_regions_id(const smr_regions *regions, size_t index)
{
    return regions != NULL && index < regions->count ? regions->items[index].id : NULL;
}

const char *smr_regions_name(const smr_regions *regions, size_t index)
{
    return regions != NULL && index < regions->count ? regions->items[index].name : NULL;
}

int64_t smr_regions_find(const smr_regions *regions, const char *text)
{
    uint32_t index;
    if (regions == NULL || text == NULL || !smri_table_find_composed(&regions->names, text, &index))
        return -1;
    return index != SMRI_NOT_FOUND ? (int64_t)regions->owners[index] : -1;
}

bool smri_regions_name(smr_regions *regions, const char *name, uint32_t region, uint32_t *owner)
{
    bool added;
    const uint32_t index = smri_table_add(&regions->names, name, strlen(name), &added);
    if (index == SMRI_NOT_FOUND ||
        (added && !smri_grow(regions->arena.context, &regions->owners, &regions->owner_capacity, (size_t)index + 1,
                             sizeof *regions->owners)))
        return false;
    if (added)
        regions->owners[index] = region;
    *owner = regions->owners[index];
    return true;
}

static smri_place place_of(const smr_regions *regions, uint64_t row, const char *column)
{
    return (smri_place){.source = regions->source_name, .row = row, .subject = column};
}

/* The region of a name that another row gives. */
static smr_status resolve(const smr_regions *regions, const smri_registered *item, uint64_t row, const char *column,
                          const char *name, uint32_t *found, smr_error *error)
{
    const int64_t index = smr_regions_find(regions, name);
    if (index >= 0) {
        *found = (uint32_t)index;
        return SMR_OK;
    }
    char nearest[SMRI_NEAREST_SIZE];
    const smri_place place = place_of(regions, row, column);
    smri_text_suggest(nearest, name, regions->names.keys, regions->names.count);
    return smri_fail(error, SMR_MESSAGE_REGIONS_UNKNOWN, &place, column, name, item->id, nearest);
}

static smr_status link_successors(const smr_regions *regions, smri_registered *item, smr_error *error)
{
    double sum = 0;
    if (item->successor_count > 0 && item->valid_to == NULL) {
        const smri_place place = place_of(regions, item->text_row, "valid_to");
        return smri_fail(error, SMR_MESSAGE_REGIONS_SUCCESSOR, &place, item->id);
    }
    for (uint32_t i = 0; i < item->successor_count; i++) {
        smri_successor *successor = &item->successors[i];
        const smr_status status = resolve(regions, item, successor->text_row, "successor", successor->id,
                                          &successor->region, error);
        if (status != SMR_OK)
            return status;
        if (!(successor->share > 0) && item->successor_count == 1)
            successor->share = 1;
        sum += successor->share > 0 ? successor->share : 0;
    }
    if (item->successor_count == 0 || fabs(sum - 1) <= SHARES_TOLERANCE)
        return SMR_OK;
    char shown[SMRI_NUMBER_SIZE];
    smri_number_write(shown, sum);
    const smri_place place = place_of(regions, item->text_row, "share");
    return smri_fail(error, SMR_MESSAGE_REGIONS_SHARES, &place, item->id, shown);
}

/* Follows successors from a region on and puts each into the order before those it leads to, from the end. Refuses one
 * that comes after itself. `colours`: 0 not seen, 1 on the way, 2 done; `stack` and `next` have room for every region. */
static smr_status walk(smr_regions *regions, uint32_t start, size_t *free_places, uint8_t *colours, uint32_t *stack,
                       uint32_t *next, smr_error *error)
{
    size_t depth = 0;
    stack[depth++] = start;
    colours[start] = 1;
    next[start] = 0;
    while (depth > 0) {
        const uint32_t region = stack[depth - 1];
        const smri_registered *item = &regions->items[region];
        if (next[region] == item->successor_count) {
            colours[region] = 2;
            regions->order[--*free_places] = region;
            depth--;
            continue;
        }
        const uint32_t after = item->successors[item->successor_count - ++next[region]].region;
        if (colours[after] == 1) {
            const smri_place place = place_of(regions, item->text_row, "successor");
            return smri_fail(error, SMR_MESSAGE_REGIONS_CIRCLE, &place, regions->items[after].id, item->id);
        }
        if (colours[after] == 0) {
            colours[after] = 1;
            next[after] = 0;
            stack[depth++] = after;
        }
    }
    return SMR_OK;
}

static smr_status order_regions(smr_regions *regions, smr_error *error)
{
    const smr_context *used = regions->arena.context;
    const size_t count = SMRI_MAX(regions->count, (size_t)1);
    size_t free_places = regions->count;
    uint8_t *colours = smri_calloc(used, count, 1);
    uint32_t *stack = smri_alloc(used, count, sizeof *stack), *next = smri_alloc(used, count, sizeof *next);
    regions->order = smri_alloc(used, count, sizeof *regions->order);
    smr_status status = colours && stack && next && regions->order ? SMR_OK : smri_fail_memory(error);
    /* From the last to the first, so that what comes after keeps the order of the text. */
    for (uint32_t i = (uint32_t)regions->count; status == SMR_OK && i-- > 0;)
        if (colours[i] == 0)
            status = walk(regions, i, &free_places, colours, stack, next, error);
    smri_free(used, colours);
    smri_free(used, stack);
    smri_free(used, next);
    return status;
}

smr_status smri_regions_seal(smr_regions *regions, smr_error *error)
{
    for (size_t i = 0; i < regions->count; i++) {
        smri_registered *item = &regions->items[i];
        uint32_t parent = 0;
        smr_status status = SMR_OK;
        if (item->first_day > item->last_day) {
            const smri_place place = place_of(regions, item->text_row, "valid_to");
            return smri_fail(error, SMR_MESSAGE_REGIONS_DATES, &place, item->id, item->valid_to, item->valid_from);
        }
        if (item->parent != NULL) {
            status = resolve(regions, item, item->text_row, "parent", item->parent, &parent, error);
            item->parent = status == SMR_OK ? regions->items[parent].id : NULL;
        }
        if (status == SMR_OK)
            status = link_successors(regions, item, error);
        if (status != SMR_OK)
            return status;
    }
    return order_regions(regions, error);
}
