/* SPDX-License-Identifier: MIT */
/* A register of regions from CSV. */
#include "io/io_impl.h"

enum { REGION, NAME, ALIASES, PARENT, VALID_FROM, VALID_TO, SUCCESSOR, SHARE, COLUMNS };
static const char *const names[COLUMNS] = {"region",     "name",     "aliases",   "parent",
                                           "valid_from", "valid_to", "successor", "share"};

/* A text of a cell, kept; NULL where it is empty. */
static bool keep(smr_regions *regions, const char *text, const char **kept)
{
    *kept = NULL;
    return *text == '\0' || smri_arena_keep(&regions->arena, text, kept);
}

static smr_status read_day(smri_csv_table *table, smr_regions *regions, int column, const char **text, int64_t *day,
                           smr_error *error)
{
    if (!keep(regions, table->texts[column], text))
        return smri_fail_memory(error);
    if (*text == NULL)
        return SMR_OK;
    *day = smri_day_read(*text);
    if (*day == INT64_MIN) {
        const smri_place place = smri_csv_table_place(table, (size_t)column);
        smri_fault(&table->faults, SMR_MESSAGE_REGIONS_DATE, &place, *text);
    }
    return SMR_OK;
}

/* Gives the region one more name; another region may not have it. */
static smr_status add_name(smri_csv_table *table, smr_regions *regions, int column, const char *name, uint32_t region,
                           smr_error *error)
{
    uint32_t owner;
    if (!smri_regions_name(regions, name, region, &owner))
        return smri_fail_memory(error);
    if (owner != region) {
        const smri_place place = smri_csv_table_place(table, (size_t)column);
        smri_fault(&table->faults, SMR_MESSAGE_REGIONS_TWICE, &place, name, regions->items[owner].id);
    }
    return SMR_OK;
}

static smr_status add_aliases(smri_csv_table *table, smr_regions *regions, uint32_t region, smr_error *error)
{
    const char *text = table->texts[ALIASES];
    smr_status status = SMR_OK;
    while (status == SMR_OK && *text != '\0') {
        const size_t length = strcspn(text, "|");
        const char *start = text, *end = text + length;
        while (start < end && *start == ' ')
            start++;
        while (end > start && end[-1] == ' ')
            end--;
        const char *alias = smri_arena_text(&table->arena, start, (size_t)(end - start));
        if (alias == NULL)
            status = smri_fail_memory(error);
        else if (*alias != '\0')
            status = add_name(table, regions, ALIASES, alias, region, error);
        text += length + (text[length] == '|');
    }
    return status;
}

static smr_status add_successor(smri_csv_table *table, smr_regions *regions, smri_registered *item, smr_error *error)
{
    smri_successor successor = {.text_row = table->csv.row};
    const char *share = table->texts[SHARE];
    if (!keep(regions, table->texts[SUCCESSOR], &successor.id))
        return smri_fail_memory(error);
    if (*share != '\0' && (smri_number_read(share, strlen(share), SMRI_NUMBER_PLAIN, &successor.share) != SMRI_NUMBER_OK ||
                           !(successor.share > 0 && successor.share <= 1))) {
        const smri_place place = smri_csv_table_place(table, SHARE);
        smri_fault(&table->faults, SMR_MESSAGE_REGIONS_SHARE, &place, share);
    }
    if (successor.id == NULL)
        return SMR_OK;
    if (!smri_grow(regions->arena.context, &item->successors, &item->successor_capacity,
                   (size_t)item->successor_count + 1, sizeof *item->successors))
        return smri_fail_memory(error);
    item->successors[item->successor_count++] = successor;
    return SMR_OK;
}

static smr_status add_region(smri_csv_table *table, smr_regions *regions, smr_error *error)
{
    const uint32_t region = (uint32_t)regions->count;
    if (!smri_grow(regions->arena.context, &regions->items, &regions->capacity, regions->count + 1,
                   sizeof *regions->items))
        return smri_fail_memory(error);
    smri_registered *item = &regions->items[regions->count++];
    *item = (smri_registered){.first_day = INT64_MIN, .last_day = INT64_MAX, .text_row = table->csv.row};
    if (!keep(regions, table->texts[REGION], &item->id) || !keep(regions, table->texts[NAME], &item->name) ||
        !keep(regions, table->texts[PARENT], &item->parent))
        return smri_fail_memory(error);
    smr_status status = add_name(table, regions, REGION, item->id, region, error);
    if (status == SMR_OK)
        status = add_aliases(table, regions, region, error);
    if (status == SMR_OK)
        status = read_day(table, regions, VALID_FROM, &item->valid_from, &item->first_day, error);
    if (status == SMR_OK)
        status = read_day(table, regions, VALID_TO, &item->valid_to, &item->last_day, error);
    return status == SMR_OK ? add_successor(table, regions, item, error) : status;
}

/* A further row of a region names another successor, and nothing else. */
static bool is_further_row(const smri_csv_table *table)
{
    bool alone = *table->texts[SUCCESSOR] != '\0';
    for (int column = NAME; column < SUCCESSOR; column++)
        alone = alone && *table->texts[column] == '\0';
    return alone;
}

static smr_status take_row(smri_csv_table *table, void *user, smr_error *error)
{
    smr_regions *regions = user;
    const char *id = table->texts[REGION];
    const smri_place place = smri_csv_table_place(table, REGION);
    if (*id == '\0') {
        smri_fault(&table->faults, SMR_MESSAGE_REGIONS_ID, &place, "");
        return SMR_OK;
    }
    const uint32_t name = smri_table_find(&regions->names, id, strlen(id));
    if (name == SMRI_NOT_FOUND)
        return add_region(table, regions, error);
    smri_registered *item = &regions->items[regions->owners[name]];
    if (is_further_row(table) && strcmp(item->id, id) == 0)
        return add_successor(table, regions, item, error);
    smri_fault(&table->faults, SMR_MESSAGE_REGIONS_TWICE, &place, id, item->id);
    return SMR_OK;
}

smr_status smr_regions_read_csv(smr_context *context, smr_read_callback read, void *user, const char *source_name,
                                smr_regions **regions, smr_error *error)
{
    if (!regions)
        return smri_fail_argument(error, "regions", "a place for the result");
    *regions = NULL;
    if (!read)
        return smri_fail_argument(error, "read", "not NULL");
    smr_regions *made = smri_regions_new(context);
    if (!made || !smri_arena_keep(&made->arena, source_name, &made->source_name)) {
        smr_regions_unref(made);
        return smri_fail_memory(error);
    }
    smri_csv_table table = {.names = names, .count = COLUMNS, .required = 1, .expected = "region"};
    smr_status status = smri_csv_table_read(&table, smri_context(context), read, user, NULL, 0, made->source_name,
                                            take_row, made, error);
    if (status == SMR_OK)
        status = smri_regions_seal(made, error);
    if (status != SMR_OK) {
        smr_regions_unref(made);
        return status;
    }
    *regions = made;
    return SMR_OK;
}
