/* SPDX-License-Identifier: MIT */
#ifndef SMRI_BOUNDS_IMPL_H
#define SMRI_BOUNDS_IMPL_H

/* Sets of weights, and what holds over all of them: who must outrank whom, and the best and worst rank. */

#include "study/study_impl.h"

#include <smartregion/bounds.h>

/* ---- weight_set.c: the factor "weights" of a robustness specification ---- */

typedef enum smri_weight_kind {
    SMRI_SET_ANY,                   /* uniform, dirichlet: all weights that are not negative */
    SMRI_SET_NOISE,
    SMRI_SET_ORDERED,
    SMRI_SET_BOX
} smri_weight_kind;

/* Weights that are 0 in the model stay 0, whatever the set. */
typedef struct smri_weight_set {
    smri_weight_kind kind;
    const char *distribution;       /* as it was named */
    bool leaf_level;                /* all leaves are one family */
    double amount;                  /* noise: share of the weight */
    double *low, *high;             /* box, by node: shares of its family; else NULL */
    uint32_t *place;                /* ordered, by node: place in the order; else NULL */
    uint8_t *families;              /* by node: the weights of its children vary */
} smri_weight_set;

/* root NULL: the default, noise of 25 % on all weights. Else it is the factor itself, or a specification of which it is
 * the only factor. */
smr_status smri_weight_set_read(smri_arena *arena, const smr_model *model, const smri_value *root,
                                const char *source_name, smri_weight_set *set, smr_error *error);

/* ---- weight_polytope.c: the closure of the set, in weights of the leaves that sum to 1 ---- */

/* Siblings (or all leaves) whose shares of their parent are bounded together. */
typedef struct smri_weight_family {
    uint32_t node;                  /* the parent */
    uint32_t start, count;          /* its members: places in `members` and what stands beside them */
    bool fixed;                     /* the shares are those of the model */
} smri_weight_family;

typedef struct smri_weight_polytope {
    const smr_framework *framework;
    uint32_t top;                   /* the node whose score is weighed: what lies beside it has no part */
    smri_weight_kind kind;
    double amount;                  /* of noise */
    uint32_t leaf_count;            /* the columns: indicators in tree order */
    smri_weight_family *families;   /* from the leaves up */
    uint32_t family_count;
    uint32_t *members;              /* nodes that have a weight; those of an ordered family in their order */
    double *bases;                  /* by member: its share in the model */
    double *low, *high;             /* by member, of a box */
    uint32_t *places;               /* by member, of an ordered family */
    uint32_t *leaf_starts;          /* by node: its first leaf; the leaves of a node follow one another */
    uint32_t *leaf_ends;
    double *centre;                 /* by leaf: the model's own effective weights in the top node */
    bool *dead;                     /* by leaf: has no weight anywhere in the set */
} smri_weight_polytope;

/* Refuses a set that holds nothing, naming the family. `top` is no leaf; all leaves as one family are those of the
 * index. */
smr_status smri_weight_polytope_make(smri_arena *arena, const smr_model *model, uint32_t top,
                                     const smri_weight_set *set, smri_weight_polytope *polytope, smr_error *error);

/* What smri_weight_polytope_maximise() works with: one a thread. */
typedef struct smri_weight_scratch {
    double *values;                 /* by node */
    double *shares;                 /* by member */
    double *row;                    /* the values of one family */
    uint32_t *order;                /* likewise */
    void *memory;
} smri_weight_scratch;
bool smri_weight_scratch_make(const smr_context *memory, const smri_weight_polytope *polytope,
                              smri_weight_scratch *scratch);
void smri_weight_scratch_free(const smr_context *memory, smri_weight_scratch *scratch);
/* Greatest sum of weights x values over the set, exactly: family after family, from the leaves up, since a family's
 * shares are free of what the others do. `weights` (by leaf; NULL: not wanted) reach it. */
double smri_weight_polytope_maximise(const smri_weight_polytope *polytope, const smri_weight_scratch *scratch,
                                     const double *values, double *weights);

/* The set as linear inequalities "row . (u, t) >= 0" beside u >= 0, t >= 0, sum u = 1: u the weights of the leaves (dead
 * ones are 0), t free sizes between which those of a family lie. */
typedef struct smri_inequalities {
    double *rows;                   /* row after row, each `width` long */
    size_t count;
    uint32_t extra_count;           /* how many t */
    uint32_t width;                 /* leaves, then t */
} smri_inequalities;
/* false: out of memory; smri_inequalities_free() is fine all the same. */
bool smri_inequalities_make(const smr_context *memory, const smri_weight_polytope *polytope,
                            smri_inequalities *inequalities);
void smri_inequalities_free(const smr_context *memory, smri_inequalities *inequalities);

/* ---- linear_index.c: an index as a linear function of the weights of its leaves ---- */

typedef struct smri_linear_index {
    const smr_context *memory;
    smr_dataset *dataset;           /* owned reference: as scored */
    size_t row_count;
    size_t *rows;                   /* of one period: places in the dataset */
    uint32_t leaf_count;
    double *values;                 /* row after row: scores of the leaves, or their logarithms */
    double *scores, *ranks;         /* by row, of the top node, under the model's own weights */
    bool *ranked;                   /* by row: has a score */
    bool geometric;
    double range;                   /* of the values */
} smri_linear_index;
/* only: the ids of two regions, NULL: all. dead: leaves that have no weight whatever happens, or do not lie below `top`;
 * their holes do not matter. */
smr_status smri_linear_index_make(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                                  uint32_t top, const char *period, const char *const *only, const bool *dead,
                                  smri_linear_index *index, smr_error *error);
void smri_linear_index_free(smri_linear_index *index);

/* ---- bounds_search.c: how many of a list of differences can hold at once ---- */

typedef struct smri_bounds_search {
    const smr_context *memory;
    const smri_weight_polytope *polytope;
    const smri_weight_scratch *scratch;
    const smri_inequalities *inequalities; /* of the polytope */
    /* The problem: weights u under which as many as possible of `differences[k] . u > threshold` (strict), or
     * `>= threshold`, hold. Differences are divided by the range. */
    const double *differences;      /* count x leaf_count */
    uint32_t count;
    /* Where one difference implies another: that of places[a] holds with that of places[b] when
     * outranking[places[a] * places_count + places[b]] is SMR_NECESSARY (`falls`: the other way round). */
    const uint8_t *outranking;
    const uint32_t *places;
    size_t place_count;
    bool falls;
    double threshold;
    bool strict;
    const double *start;            /* weights of the set that are tried first, by leaf */
    uint64_t most_nodes;
    double *weights;                /* by leaf, the caller's: under which as many hold as were found to */
    bool finished;
    uint64_t nodes;                 /* looked at */
    void *searcher;                 /* from begin to end */
    /* what is found, after the end */
    uint32_t reached;               /* so many hold under `weights` */
    uint32_t bound;                 /* more cannot; the same when proven */
} smri_bounds_search;
/* Between begin and end the search goes on, so many nodes at a time, until it is finished. false: out of memory; end is
 * fine all the same. */
bool smri_bounds_search_begin(smri_bounds_search *search);
bool smri_bounds_search_go_on(smri_bounds_search *search, uint64_t nodes);
void smri_bounds_search_end(smri_bounds_search *search);

/* ---- bounds.c ---- */

#define SMRI_BOUNDS_COLUMNS (SMR_BOUNDS_WORST_REACHED + 1)

struct smr_bounds {
    atomic_size_t references;
    smr_context *context;           /* owned reference, NULL: default */
    smri_arena arena;
    smr_model *model;               /* owned reference */
    smr_dataset *dataset;           /* owned reference: ids of regions */
    size_t row_count;
    size_t *rows;                   /* places in the dataset */
    bool *ranked;                   /* has a score */
    double *columns[SMRI_BOUNDS_COLUMNS];
    uint8_t *outranking;            /* row_count x row_count */
    double *best_weights, *worst_weights; /* row_count x leaves */
    uint32_t leaf_count;
    uint32_t top;                   /* the node that was asked for */
    uint64_t nodes, unproven;
    const char *distribution;
};

/* What smr_bounds_run() does once the specification has been read; NULL: the default. */
smr_status smri_bounds_run(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                           const smri_value *weights, const char *source_name, const smr_bounds_options *options,
                           smr_bounds **bounds, smr_error *error);

#endif
