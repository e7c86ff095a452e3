/* SPDX-License-Identifier: MIT */
/* What the kernels of many draws side by side need before they run. */
#include "base/base_impl.h"

bool smri_lanes_family_pack(smri_lanes_family *family, smri_arena *arena, const double *const *columns, size_t rows,
                            size_t children, double min_coverage) {
    const size_t blocks = rows / SMRI_LANES_BLOCK + (rows % SMRI_LANES_BLOCK > 0);
    const smri_lanes_family empty = {.rows = rows, .children = children, .min_coverage = min_coverage};
    *family = empty;
    size_t cells;
    if (blocks == 0 || children == 0) {
        return true;
    }
    if (!smri_product(blocks, children, &cells) || !smri_product(cells, SMRI_LANES_BLOCK, &cells)) {
        return false;
    }
    double *const values = smri_arena_calloc(arena, cells, sizeof *values);
    uint8_t *const holes = smri_arena_calloc(arena, blocks, sizeof *holes);
    if (values == NULL || holes == NULL) {
        return false;
    }
    bool whole = true;
    for (size_t k = 0; k < children; k++) {
        for (size_t i = 0; i < rows; i++) {
            const double value = columns[k][i];
            const size_t block = i / SMRI_LANES_BLOCK;
            const bool there = value == value;
            values[(block * children + k) * SMRI_LANES_BLOCK + i % SMRI_LANES_BLOCK] = there ? value : 0.0;
            holes[block] |= !there;
            whole = whole && there;
        }
    }
    family->values = values;
    family->holes = holes;
    if (whole) {
        return true;
    }
    double *const present = smri_arena_calloc(arena, cells, sizeof *present);
    if (present == NULL) {
        return false;
    }
    for (size_t k = 0; k < children; k++) {
        for (size_t i = 0; i < rows; i++) {
            const size_t place = (i / SMRI_LANES_BLOCK * children + k) * SMRI_LANES_BLOCK + i % SMRI_LANES_BLOCK;
            present[place] = columns[k][i] == columns[k][i] ? 1.0 : 0.0;
        }
    }
    family->present = present;
    return true;
}

/* What kernels_lanes_rank.c divides among itself; generous, so that it may change its mind. */
size_t smri_lanes_rank_room(size_t rows) {
    size_t bytes;
    const bool fits = smri_product(rows, 192, &bytes) && smri_sum(bytes, 1 << 18, &bytes);
    return fits ? bytes : 0;
}
