/* SPDX-License-Identifier: MIT */
#ifndef SMRI_STABILITY_IMPL_H
#define SMRI_STABILITY_IMPL_H

/* How firm an order of regions is: against a change of one weight, and against one item less. */

#include "study/bounds_impl.h"

#include <smartregion/stability.h>

/* ---- share.c: the index of two regions as one weight changes ---- */

/* A scored dataset whose weights can be changed, one family at a time. One thread. */
typedef struct smri_share_study {
    smr_context *context;
    const smr_context *memory;
    const smr_model *model;
    smr_scorecard *card;            /* all nodes */
    size_t *rows, row_count;        /* of the period: places in the scorecard */
    smr_model *varied;              /* the model with weights of its own */
    double *cells;                  /* of one family, two rows a child */
    double **family;
    double *proportions;            /* of one family */
    double range;                   /* of the index */
} smri_share_study;
/* Refuses a model whose root a change of weights cannot reach: where weights or scores are defined on all regions at
 * once. */
smr_status smri_share_study_make(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                                 const char *period, smri_share_study *study, smr_error *error);
void smri_share_study_free(smri_share_study *study);

/* Has the node siblings with a weight, and one itself or not? Only then its share can change. */
bool smri_share_varies(const smri_share_study *study, uint32_t node);
/* Share of the node at which two rows have the same index, the one nearest to its present share, the siblings keeping
 * their proportions; one of smr_break_even_status. */
int smri_break_even_share(smri_share_study *study, uint32_t node, size_t first, size_t second, double *share);

/* ---- break_even.c ---- */

#define SMRI_BREAK_EVEN_COLUMNS (SMR_BREAK_EVEN_RELATIVE_CHANGE + 1)

struct smr_break_even {
    atomic_size_t references;
    smr_context *context;           /* owned reference, NULL: default */
    smri_arena arena;
    smr_model *model;               /* owned reference */
    const char *regions[2];
    double scores[2], ranks[2];
    double *columns[SMRI_BREAK_EVEN_COLUMNS]; /* by node */
    uint8_t *statuses;              /* by node */
    double *weights;                /* by leaf; NULL: no change of the leaves' weights makes them equal */
    double distance;                /* of those; NaN: none */
    const char *reason;             /* why `weights` is NULL; NULL: it is not */
};

/* ---- criticality.c ---- */

#define SMRI_CRITICALITY_COLUMNS (SMR_CRITICALITY_TOP_RELATIVE + 1)

struct smr_criticality {
    atomic_size_t references;
    smr_context *context;           /* owned reference, NULL: default */
    smri_arena arena;
    smr_model *model;               /* owned reference */
    double *columns[SMRI_CRITICALITY_COLUMNS]; /* by node */
    const char **regions[2][2];     /* any and top; the higher and the lower; by node, NULL: none */
};

/* ---- leave_out_without.c: a framework and a plan without some nodes ---- */

/* Nodes left without children go too. *made NULL with SMR_OK: nothing is left. `left` (by node, the caller's) tells what
 * went. */
smr_status smri_framework_without(smr_context *context, const smr_framework *framework, uint32_t node, uint8_t *left,
                                  smr_framework **made, smr_error *error);
/* A copy of a resolved plan in which nothing is said of the nodes that went. NULL: out of memory. */
smri_value *smri_plan_without(smri_arena *arena, const smri_value *document, const smr_framework *framework,
                              const uint8_t *left);

/* ---- leave_out.c ---- */

/* One item that is left out. */
typedef struct smri_left_out {
    int32_t level;
    const char *id;
    const char *reason;             /* why it could not be left out; NULL: it was */
    int32_t code;                   /* message code of that; 0: none */
    double *scores, *ranks;         /* by row, without it; NaN: none */
    double *ranks_before;           /* by row; of a region left out: among the others */
    double mean_shift, kendall;
    uint64_t most_shift, reversals;
    size_t gains, loses;            /* rows; SIZE_MAX: none */
} smri_left_out;

struct smr_leave_out {
    atomic_size_t references;
    smr_context *context;           /* owned reference, NULL: default */
    smri_arena arena;
    smr_model *model;               /* owned references: before */
    smr_dataset *dataset;
    size_t row_count;
    const char **regions;
    double *scores, *ranks;         /* by row, before */
    smri_left_out *items;
    size_t item_count;
};

#endif
