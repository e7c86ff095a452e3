/* SPDX-License-Identifier: MIT */
/* Which region lies in which: parents by id become parents by index, and no region may lie in itself. */
#include "model/model_impl.h"

/* The index of a parent; a parent that no row speaks of becomes a region of its own. SMRI_NONE: out of memory. */
static uint32_t find_parent(smr_dataset *dataset, size_t *capacity, const char *id) {
    bool added;
    uint32_t index = smri_table_add(&dataset->region_ids, id, strlen(id), &added);
    if (index == SMRI_NOT_FOUND || !added) {
        return index;
    }
    if (!smri_grow(dataset->arena.context, &dataset->regions, capacity, (size_t)index + 1, sizeof *dataset->regions)) {
        return SMRI_NONE;
    }
    dataset->regions[index] = (smri_region){.id = dataset->region_ids.keys[index], .parent = SMRI_NONE};
    dataset->region_count = index + 1;
    return index;
}

/* A region that is its own ancestor, SMRI_NONE when there is none. `seen` has one 0 a region: the number of the walk
 * that came by. */
static uint32_t find_cycle(const smr_dataset *dataset, uint32_t *seen) {
    for (uint32_t start = 0; start < dataset->region_count; start++) {
        uint32_t walk = start + 1, region = start;
        while (region != SMRI_NONE && seen[region] == 0) {
            seen[region] = walk;
            region = dataset->regions[region].parent;
        }
        if (region != SMRI_NONE && seen[region] == walk) {
            return region;
        }
    }
    return SMRI_NONE;
}

static smr_status refuse_cycle(const smr_dataset *dataset, smr_error *error) {
    uint32_t *seen = smri_calloc(dataset->arena.context, dataset->region_count, sizeof *seen);
    if (seen == NULL) {
        return smri_fail_memory(error);
    }
    uint32_t region = find_cycle(dataset, seen);
    smri_free(dataset->arena.context, seen);
    if (region == SMRI_NONE) {
        return SMR_OK;
    }
    size_t row = 0;
    while (row + 1 < dataset->row_count && smri_dataset_region_of(dataset, row) != region) {
        row++;
    }
    smri_place place = smri_dataset_place(dataset, "parent", row);
    return smri_fail(error, SMR_MESSAGE_PARENT_CYCLE, &place, dataset->regions[region].id,
                     dataset->regions[dataset->regions[region].parent].id);
}

smr_status smri_dataset_link_parents(smr_dataset *dataset, const char *const *parents, smr_error *error) {
    size_t capacity = dataset->region_count;
    uint32_t given = dataset->region_count;
    bool any = false;
    for (uint32_t i = 0; i < given; i++) {
        dataset->regions[i].parent = SMRI_NONE;
        if (parents[i] != NULL) {
            any = true;
            uint32_t parent = find_parent(dataset, &capacity, parents[i]);
            if (parent == SMRI_NONE) {
                return smri_fail_memory(error);
            }
            dataset->regions[i].parent = parent;
        }
    }
    return any ? refuse_cycle(dataset, error) : SMR_OK;
}
