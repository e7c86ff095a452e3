/* SPDX-License-Identifier: MIT */
#ifndef SMRI_SECTIONS_IMPL_H
#define SMRI_SECTIONS_IMPL_H

/* Results as sections of cells, each with a row, a column and a value, where the sections are not known beforehand. */

#include "base/base_impl.h"

typedef struct smri_section {
    const char *name;
    const char **rows, **columns;
    double *values;
    size_t count, row_capacity, column_capacity, value_capacity;
} smri_section;

/* Texts are borrowed; smri_sections_text() makes those that nobody else owns. */
typedef struct smri_sections {
    smri_arena arena;
    smri_section *items;
    size_t count, capacity;
    bool failed;                        /* out of memory: nothing more is added */
} smri_sections;

void smri_sections_init(smri_sections *sections, const smr_context *context);
void smri_sections_free(smri_sections *sections);
/* The parts that are not NULL joined by `between`; "" when out of memory. */
const char *smri_sections_text(smri_sections *sections, const char *between, const char *const *parts, size_t count);
/* Begins a section; cells go to the one begun last. */
void smri_sections_begin(smri_sections *sections, const char *name);
void smri_sections_put(smri_sections *sections, const char *row, const char *column, double value);
/* NULL: there is none. */
const smri_section *smri_sections_find(const smri_sections *sections, const char *name);
/* NaN also when there is no such cell. */
double smri_sections_value(const smri_sections *sections, const char *name, const char *row, const char *column);

#endif
