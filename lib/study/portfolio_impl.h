/* SPDX-License-Identifier: MIT */
#ifndef SMRI_PORTFOLIO_IMPL_H
#define SMRI_PORTFOLIO_IMPL_H

/* What the files of the portfolio share. */

#include "engine/engine_impl.h"
#include "study/raw_change_impl.h"
#include "study/sections_impl.h"

#include <smartregion/portfolio.h>

/* ---- portfolio.c: the initiatives ---- */

/* The taxonomies that are known by name, first and in this order. */
enum { SMRI_ACTORS, SMRI_FIELDS, SMRI_CRITERIA, SMRI_GOALS, SMRI_NAMED_TAXONOMIES };
extern const char *const smri_taxonomy_names[SMRI_NAMED_TAXONOMIES];
extern const char *const smri_actors[3], *const smri_fields[4], *const smri_criteria[6];

typedef struct smri_initiative {
    const char *id, *status;            /* status "": none */
    smri_label *names;                  /* by language, "" is the plain one; in order of the columns */
    const char *start, *end;            /* NULL: none */
    uint64_t text_row;
    bool done, cancelled;
} smri_initiative;

typedef struct smri_taxonomy {
    const char *id;
    const char **categories;
    uint32_t count;
    uint8_t *members;                   /* category x initiatives + initiative */
} smri_taxonomy;

typedef struct smri_effect {
    uint32_t initiative, target;        /* target: place in `targets` */
    smri_raw_change change;
    uint64_t text_row;
} smri_effect;

struct smr_portfolio {
    atomic_size_t references;
    smr_context *context;               /* owned reference, NULL: default */
    smri_arena arena;
    smri_initiative *initiatives;
    double *budgets;                    /* NaN: unknown */
    uint32_t count;
    smri_table ids;
    smri_taxonomy *taxonomies;
    uint32_t taxonomy_count;
    smri_effect *effects;               /* in order of initiatives */
    uint32_t effect_count;
    const char **targets;               /* ids that effects name */
    uint32_t target_count;
    uint64_t effects_column;            /* of the text, 0: none */
    const char *source_name;            /* NULL: none */
};

/* A portfolio without initiatives; NULL: out of memory. */
smr_portfolio *smri_portfolio_new(smr_context *context);
/* NULL: none of this name, or no column of it. */
const smri_taxonomy *smri_portfolio_find_taxonomy(const smr_portfolio *portfolio, const char *id);
/* Is the initiative to be done? */
static inline bool smri_is_open(const smri_initiative *initiative)
{
    return !initiative->done && !initiative->cancelled;
}

/* ---- appraisal.c ---- */

struct smr_appraisal {
    atomic_size_t references;
    smr_context *context;               /* owned reference, NULL: default */
    smr_portfolio *portfolio;           /* owned reference */
    smr_model *model;                   /* owned reference; NULL: coverage alone */
    smri_sections sections;
};

/* ---- portfolio_coverage.c, portfolio_helix.c ---- */

void smri_portfolio_size(const smr_portfolio *portfolio, smri_sections *sections);
void smri_portfolio_coverage(const smr_portfolio *portfolio, smri_sections *sections);
void smri_portfolio_helix(const smr_portfolio *portfolio, smri_sections *sections);

/* ---- portfolio_lift.c: scores of one region after any set of initiatives ---- */

/* One change of an input, ready to be applied. */
typedef struct smri_lift_effect {
    uint32_t input;
    smri_raw_change change;
} smri_lift_effect;

typedef struct smri_lift {
    smr_context *context;
    const smr_context *memory;
    const smr_portfolio *portfolio;
    const smr_model *model;
    smr_dataset *dataset;               /* owned; a copy whose row changes when the plan needs all rows */
    smr_scorecard *card;                /* before, every node kept of the row */
    size_t row, card_row;               /* of the region: in the dataset, in the scorecard */
    const char *region;
    bool whole;                         /* every score is one of the whole dataset */
    double sign;                        /* -1: the lower score is the better */
    smri_lift_effect *effects;
    uint32_t *starts;                   /* by initiative, one more: its effects */
    uint32_t input_count;
    double *raw;                        /* by input: before */
    double *low, *high;                 /* by input: what its kind allows */
    int32_t *directions;                /* by input: one of smr_direction */
    double *optima;
    double *shift, *set;                /* by input, scratch */
    double *values;                     /* by input: after the set scored last, on the ends of what is allowed */
    double *scores;                     /* by node: likewise; the root alone when `whole` */
    double *others, *ranks;             /* by row of the scorecard: index before; scratch */
    uint64_t scored;
    double before;                      /* index before */
} smri_lift;

smr_status smri_lift_make(smr_context *context, const smr_portfolio *portfolio, const smr_model *model,
                          const smr_dataset *dataset, const smr_appraisal_options *options, smri_lift *lift,
                          smr_error *error);
void smri_lift_free(smri_lift *lift);
/* Values after the initiatives i with chosen[i], into lift->values; `unclipped` may be NULL. */
void smri_lift_values(smri_lift *lift, const uint8_t *chosen, double *unclipped);
/* The index after them; NaN when it is not computed. */
smr_status smri_lift_score(smri_lift *lift, const uint8_t *chosen, double *score, smr_error *error);
/* Leaves the values after them in lift->dataset, which is to be scored no more. */
void smri_lift_apply(smri_lift *lift, const uint8_t *chosen);
/* Rank of the region with this index, the other regions as before; NaN without one. */
smr_status smri_lift_rank(smri_lift *lift, double score, double *rank, smr_error *error);
/* How much better the score is than before, in the direction that counts; -infinity for NaN. */
double smri_lift_gain(const smri_lift *lift, double score);
/* The input that an effect's id names; SMRI_NONE: none. */
uint32_t smri_lift_input(const smr_model *model, const char *id);

/* ---- portfolio_select.c: the best set for a budget ---- */

#define SMRI_SETS_SCORED (UINT64_C(1) << 20)
#define SMRI_SETS_SCORED_WHOLE (UINT64_C(1) << 12)

typedef struct smri_best_set {
    uint8_t *chosen;                    /* by initiative, the caller's */
    double score, budget;
    double bound;                       /* no set has a better score; NaN: not known */
    bool exact;
    uint64_t scored;
} smri_best_set;

smr_status smri_find_best_set(smri_lift *lift, double budget, smri_best_set *best, smr_error *error);

/* ---- portfolio_bound.c: what no set can pass ---- */

typedef struct smri_items {
    const uint32_t *items;              /* initiatives that may be chosen */
    uint32_t count;
    double budget;
} smri_items;

/* Gain of each item when the index is a plain sum of them, whatever is chosen; *additive says whether it is. */
smr_status smri_bound_additive(smri_lift *lift, const smri_items *items, bool *additive, double *gains,
                               smr_error *error);
/* The best sum of gains; *bound is the sum itself when the search came to its end. `chosen` by item. */
smr_status smri_bound_knapsack(const smri_lift *lift, const smri_items *items, const double *gains, uint8_t *chosen,
                               double *bound, bool *complete, smr_error *error);
/* A score that no set passes, for trees of arithmetic and geometric means; NaN: the plan is another. */
smr_status smri_bound_tangents(smri_lift *lift, const smri_items *items, const uint8_t *chosen, double *bound,
                               smr_error *error);

#endif
