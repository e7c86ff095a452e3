/* SPDX-License-Identifier: MIT */
/* Presets: plans that come with the library, one row a key. Adding a preset is adding rows. */

#include "engine/engine_impl.h"

typedef struct preset_row {
    const char *preset, *key;       /* the key is split at its first two dots, as everywhere */
    const char *text;               /* NULL: numbers */
    double low, high;               /* a range when high > low, else the number low */
} preset_row;

static const preset_row rows[] = {
    {"icf", "normalise.method", "goalposts", 0, 0},
    {"icf", "normalise.range", NULL, 0, 100},
    {"icf", "aggregate.method", "arithmetic", 0, 0},

    {"hdi", "normalise.method", "goalposts", 0, 0},
    {"hdi", "normalise.range", NULL, 0, 1},
    {"hdi", "aggregate.method", "arithmetic", 0, 0},
    {"hdi", "aggregate.nodes.root", "geometric", 0, 0},
    {"hdi", "missing.policy", "fail", 0, 0},
};

const char *smri_preset_name(size_t index)
{
    size_t found = 0;
    for (size_t i = 0; i < SMRI_COUNT(rows); i++) {
        if (i > 0 && strcmp(rows[i].preset, rows[i - 1].preset) == 0)
            continue;
        if (found++ == index)
            return rows[i].preset;
    }
    return NULL;
}

static smri_value *row_value(smri_arena *arena, const preset_row *row)
{
    if (row->text)
        return smri_value_text(arena, row->text, strlen(row->text));
    if (!(row->high > row->low))
        return smri_value_number(arena, row->low);
    smri_value *range = smri_value_new(arena, SMRI_ARRAY);
    if (!range || !smri_value_append(arena, range, NULL, smri_value_number(arena, row->low)) ||
        !smri_value_append(arena, range, NULL, smri_value_number(arena, row->high)))
        return NULL;
    return range;
}

const smri_value *smri_preset_value(smri_arena *arena, const char *name, bool *known)
{
    smri_value *root = NULL;
    *known = false;
    for (size_t i = 0; i < SMRI_COUNT(rows); i++) {
        if (strcmp(rows[i].preset, name) != 0)
            continue;
        if (!*known)
            root = smri_value_new(arena, SMRI_OBJECT);
        *known = true;
        if (!root || smri_plan_put(arena, root, rows[i].key, row_value(arena, &rows[i]), NULL) != SMR_OK)
            return NULL;
    }
    return root;
}
