/* SPDX-License-Identifier: MIT */
/* Results as sections of cells. */

#include "study/sections_impl.h"

void smri_sections_init(smri_sections *sections, const smr_context *context)
{
    *sections = (smri_sections){.count = 0};
    smri_arena_init(&sections->arena, context);
}

void smri_sections_free(smri_sections *sections)
{
    const smr_context *memory = sections->arena.context;
    for (size_t i = 0; i < sections->count; i++) {
        smri_free(memory, sections->items[i].rows);
        smri_free(memory, sections->items[i].columns);
        smri_free(memory, sections->items[i].values);
    }
    smri_free(memory, sections->items);
    smri_arena_free(&sections->arena);
}

const char *smri_sections_text(smri_sections *sections, const char *between, const char *const *parts, size_t count)
{
    size_t length = 0;
    for (size_t i = 0; i < count; i++)
        length += parts[i] ? strlen(parts[i]) + strlen(between) : 0;
    char *text = smri_arena_alloc(&sections->arena, length + 1, 1);
    if (!text) {
        sections->failed = true;
        return "";
    }
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (!parts[i])
            continue;
        const char *const pieces[] = {used > 0 ? between : "", parts[i]};
        for (size_t k = 0; k < 2; k++) {
            const size_t piece = strlen(pieces[k]);
            memcpy(text + used, pieces[k], piece);
            used += piece;
        }
    }
    text[used] = '\0';
    return text;
}

void smri_sections_begin(smri_sections *sections, const char *name)
{
    if (sections->failed)
        return;
    if (!smri_grow(sections->arena.context, &sections->items, &sections->capacity, sections->count + 1,
                   sizeof *sections->items)) {
        sections->failed = true;
        return;
    }
    sections->items[sections->count++] = (smri_section){.name = name};
}

void smri_sections_put(smri_sections *sections, const char *row, const char *column, double value)
{
    if (sections->failed)
        return;
    const smr_context *memory = sections->arena.context;
    smri_section *s = &sections->items[sections->count - 1];
    const size_t needed = s->count + 1;
    if (!smri_grow(memory, &s->rows, &s->row_capacity, needed, sizeof *s->rows) ||
        !smri_grow(memory, &s->columns, &s->column_capacity, needed, sizeof *s->columns) ||
        !smri_grow(memory, &s->values, &s->value_capacity, needed, sizeof *s->values)) {
        sections->failed = true;
        return;
    }
    s->rows[s->count] = row;
    s->columns[s->count] = column;
    s->values[s->count++] = value != value ? NAN : value + 0.0;
}

const smri_section *smri_sections_find(const smri_sections *sections, const char *name)
{
    for (size_t i = 0; name && i < sections->count; i++)
        if (strcmp(sections->items[i].name, name) == 0)
            return &sections->items[i];
    return NULL;
}

double smri_sections_value(const smri_sections *sections, const char *name, const char *row, const char *column)
{
    const smri_section *s = smri_sections_find(sections, name);
    for (size_t i = 0; s && row && column && i < s->count; i++)
        if (strcmp(s->rows[i], row) == 0 && strcmp(s->columns[i], column) == 0)
            return s->values[i];
    return NAN;
}
