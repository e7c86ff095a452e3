/* SPDX-License-Identifier: MIT */
#ifndef WORLDS_H
#define WORLDS_H

/* Worlds by chance, as numbers: a table of regions and indicators that a test may change before it is scored. */

#include "api.h"

enum { WORLD_INDICATORS = 8, WORLD_REGIONS = 40 };

typedef struct law_world {
    size_t regions, indicators;
    double values[WORLD_REGIONS][WORLD_INDICATORS]; /* NaN: missing */
    double weights[WORLD_INDICATORS];
    bool lower[WORLD_INDICATORS];
    size_t places[WORLD_REGIONS];       /* row in which region i is written */
    size_t columns[WORLD_INDICATORS];   /* likewise the indicators, in the framework and in the data */
} law_world;

/* `steps` above 0: values are whole numbers below it, so that there are ties. */
law_world law_random(uint64_t *state, size_t regions, size_t indicators, double missing, unsigned steps);
/* Shuffles the first n numbers. */
void law_shuffle(uint64_t *state, size_t *numbers, size_t n);

typedef struct law_result {
    double scores[WORLD_REGIONS], ranks[WORLD_REGIONS];   /* of the index, by region */
    double leaves[WORLD_REGIONS][WORLD_INDICATORS];       /* scores of the indicators */
    int32_t statuses[WORLD_REGIONS];
    smr_error error;                    /* status other than 0: refused, and nothing above is filled in */
} law_result;

/* Scores the world with a plan (' for "). */
law_result law_score(const law_world *world, const char *plan);
/* The same, which must not be refused. */
law_result law_score_ok(const law_world *world, const char *plan);

#endif
