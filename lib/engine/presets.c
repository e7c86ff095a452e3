/* SPDX-License-Identifier: MIT */
/* Presets: plans that come with the library, one row a key. Adding a preset is adding rows. */

#include "engine/engine_impl.h"

typedef struct preset_row {
    const char *preset, *key;       /* the key is split at its first two dots, as everywhere */
    const char *text;               /* NULL: numbers; "true" and "false" are truth values */
    double low, high;               /* a range when high > low, else the number low */
} preset_row;

static const preset_row rows[] = {
    {"icf", "normalise.method", "goalposts", 0, 0},
    {"icf", "normalise.range", NULL, 0, 100},
    {"icf", "aggregate.method", "arithmetic", 0, 0},

    /* The R package COINr with its defaults. */
    {"coinr", "treat.method", "coinr", 0, 0},
    {"coinr", "normalise.method", "minmax", 0, 0},
    {"coinr", "normalise.range", NULL, 0, 100},
    {"coinr", "aggregate.method", "arithmetic", 0, 0},
    {"coinr", "missing.coverage_by", "count", 0, 0},

    /* The OECD and JRC handbook: its own percentile rank and choice of factors where a plan asks for these. */
    {"handbook", "normalise.method", "minmax", 0, 0},
    {"handbook", "normalise.range", NULL, 0, 100},
    {"handbook", "normalise.base", "n", 0, 0},
    {"handbook", "weights.retain", "share", 0, 0},
    {"handbook", "aggregate.method", "arithmetic", 0, 0},
    {"handbook", "missing.coverage_by", "count", 0, 0},

    {"hdi", "normalise.method", "goalposts", 0, 0},
    {"hdi", "normalise.range", NULL, 0, 1},
    {"hdi", "aggregate.method", "arithmetic", 0, 0},
    {"hdi", "aggregate.nodes.root", "geometric", 0, 0},
    {"hdi", "missing.policy", "fail", 0, 0},

    /* English Indices of Deprivation: domains as ranks, 1 the most deprived, direction lower. */
    {"imd", "normalise.method", "exponential_rank", 0, 0},
    {"imd", "aggregate.method", "arithmetic", 0, 0},
    {"imd", "missing.policy", "fail", 0, 0},

    /* Digital Economy and Society Index: fixed bounds that a country may pass. */
    {"desi", "normalise.method", "goalposts", 0, 0},
    {"desi", "normalise.range", NULL, 0, 100},
    {"desi", "normalise.clamp", "false", 0, 0},
    {"desi", "aggregate.method", "arithmetic", 0, 0},

    /* Provincial Competitiveness Index of Viet Nam: sub-indices from 1 to 10, their weighted mean times 10. */
    {"pci-vietnam", "normalise.method", "scaled", 0, 0},
    {"pci-vietnam", "normalise.a", NULL, 0, 0},
    {"pci-vietnam", "normalise.b", NULL, 10, 0},
    {"pci-vietnam", "normalise.range", NULL, 0, 100},
    {"pci-vietnam", "aggregate.method", "arithmetic", 0, 0},
    {"pci-vietnam", "missing.policy", "fail", 0, 0},

    /* Digital Transformation Index of Viet Nam's provinces: parts from 0 to 1. */
    {"dti-vietnam", "normalise.method", "none", 0, 0},
    {"dti-vietnam", "aggregate.method", "arithmetic", 0, 0},
    {"dti-vietnam", "missing.policy", "fail", 0, 0},
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
    if (row->text && (strcmp(row->text, "true") == 0 || strcmp(row->text, "false") == 0))
        return smri_value_bool(arena, row->text[0] == 't');
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
