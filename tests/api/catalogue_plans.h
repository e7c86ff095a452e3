/* SPDX-License-Identifier: MIT */
#ifndef CATALOGUE_PLANS_H
#define CATALOGUE_PLANS_H

/* One plan for each method of the catalogue, with the options that it cannot do without, for the world below. Scores
 * stay above 0 where the method has a range, so that logarithms have what they need. */

#include <stdbool.h>
#include <stddef.h>

/* Two families one below the other, weights that are no round numbers, all directions, a denominator, transforms. */
extern const char catalogue_tree[];
/* Its columns, for api_random_csv(); one is a grouping. */
enum { CATALOGUE_COLUMNS = 8 };
extern const char *const catalogue_columns[CATALOGUE_COLUMNS];

enum { CATALOGUE_PLAN_SIZE = 1024 };
/* The plan of a method by its number, for api_plan(); false beyond the last. */
bool catalogue_plan(size_t method, char plan[CATALOGUE_PLAN_SIZE]);

#endif
