/* SPDX-License-Identifier: MIT */
#ifndef SMRI_TRIALS_IMPL_H
#define SMRI_TRIALS_IMPL_H

/* Trials: what if the index had been made a little differently? A spec says what varies; a draw is a point of the unit
 * cube, of which every factor owns some dimensions. Monte Carlo fills the points at random, a variance-based study with
 * a quasi-random sequence; the scores of a draw depend on its point alone. */

#include "study/study_impl.h"

/* Draws that run side by side. */
#define SMRI_LANES 32

typedef enum smri_vary {
    SMRI_VARY_WEIGHTS,
    SMRI_VARY_ALTERNATIVES,         /* a step, or one of its options, among alternatives */
    SMRI_VARY_GOALPOSTS,
    SMRI_VARY_DATA,
    SMRI_VARY_IMPUTATION,
    SMRI_VARY_LEAVE_OUT
} smri_vary;

typedef enum smri_distribution {
    SMRI_WEIGHTS_NOISE,
    SMRI_WEIGHTS_UNIFORM,
    SMRI_WEIGHTS_DIRICHLET,
    SMRI_WEIGHTS_ORDERED,
    SMRI_WEIGHTS_BOX
} smri_distribution;

/* One source of uncertainty. Numbers that a factor draws without a fixed limit on how many (errors of cells, steps of a
 * random walk) come from a Philox stream whose key is the bits of one dimension of the point, so that every factor owns
 * few dimensions. */
typedef struct smri_factor {
    const char *id, *path;          /* path: "factors[2]", of messages */
    smri_vary vary;
    uint32_t first_dimension, dimension_count;
    /* weights */
    smri_distribution distribution;
    bool leaf_level;                /* over all leaves at once, not family by family */
    double amount;                  /* share of noise or of a goalpost's distance, concentration, standard deviation */
    const double *low, *high;       /* by node: of a box; shares of the family, or of all leaves */
    const uint32_t *place;          /* by node: place in the order, the same for what is as important; SMRI_NONE: none */
    const uint8_t *families;        /* by node: its children's weights vary; NULL: not this kind of factor */
    /* alternatives, and what may be left out */
    uint32_t count;                 /* of alternatives; 0: no such factor */
    const char *step;               /* key of the plan that varies, such as "treat.max_points" */
    const smri_value *const *layers; /* by alternative: over the plan */
    const uint32_t *left_out;       /* by alternative: the node */
    /* goalposts, data, imputation: by indicator */
    const uint8_t *indicators;
    double absolute, share;         /* data: standard deviation in the unit; share for qualifiers */
    bool use_error, use_qualifier;
} smri_factor;

/* How the scores of a world's draws are made. */
typedef enum smri_way {
    SMRI_WAY_LANES,                 /* all nodes are means of fixed leaves: draws side by side */
    SMRI_WAY_TREE,                  /* fixed leaves, any method that needs nothing from the data: draw by draw */
    SMRI_WAY_REFIT                  /* something before the weights changes: fitted and scored anew */
} smri_way;

/* One combination of all alternatives, fitted. */
typedef struct smri_world {
    smr_status status;              /* why it has no scores, with `error`; SMR_OK: it has */
    smr_error error;
    smri_way way;
    smr_model *model;               /* owned reference; NULL when failed */
    smr_dataset *dataset;           /* as the model sees it, after roll-up and screen */
    size_t *rows;                   /* by region: row of that dataset; SIZE_MAX: none */
    double *leaves;                 /* [indicator][region]: normalised, NaN: missing */
    double **fixed;                 /* by node: what no factor changes, one a region; NULL: varies */
    double **terms;                 /* by node: the same as its parent's mean takes it (logarithms), or fixed itself */
    bool *complete;                 /* by node: no child lacks a score by what the leaves lack */
    double *deviations;             /* by indicator: of imputed values; NaN: none */
    void *memory;
    uint64_t number;                /* the combination, first factor slowest */
} smri_world;

typedef enum smri_trials_nodes {
    SMRI_TRIALS_CRITERIA,           /* the index and its children */
    SMRI_TRIALS_INDEX,
    SMRI_TRIALS_INNER,
    SMRI_TRIALS_ALL
} smri_trials_nodes;

typedef struct smri_trials_options {
    smri_trials_nodes nodes;
    const char *period;             /* NULL: the latest */
    const smri_value *spec;         /* NULL: noise of 25 % on all weights */
    const char *source_name;        /* of the spec, for messages; NULL: none */
} smri_trials_options;

/* A spec compiled against framework, dataset and plan. Immutable but for the worlds that are made when first needed;
 * any number of threads may use it, each with a workspace of its own. */
typedef struct smri_trials {
    smr_context *context;           /* owned reference, NULL: default */
    smr_context *one_thread;        /* owned: the same without progress, reports and threads */
    smri_arena arena;
    smr_framework *framework;       /* owned references */
    smr_dataset *dataset;
    smr_plan *plan;                 /* NULL: the framework's own */
    smr_model *model;               /* the plan as it is */
    const smri_value *spec;         /* as compiled, defaults spelt out */
    const char *source_name;
    smri_factor *factors;
    uint32_t factor_count, dimension_count;
    uint32_t *nodes, node_count;    /* whose scores are kept, in pre-order; nodes[0] is the index */
    const char **regions;           /* ids and names, in input order; of the period */
    const char **names;
    uint32_t region_count;
    const char *period;             /* NULL: the data have none */
    double *scores;                 /* [kept node][region]: of the plan as it is; NaN: not computed */
    uint32_t *ranks;                /* likewise; 0: none */
    uint8_t *family_varies;         /* by node: the weights of its children vary */
    uint64_t world_count;
    size_t slot_count;              /* worlds that are kept: the first so many */
    _Atomic(uintptr_t) *slots;      /* smri_world *; 0: not made yet */
    bool refits;                    /* some factor changes what lies before the weights, draw by draw */
} smri_trials;

/* Refuses a spec that says nothing legal; the message names SPEC's source, the JSON path and the factor. */
smr_status smri_trials_new(smr_context *context, const smr_framework *framework, const smr_dataset *dataset,
                           const smr_plan *plan, const smri_trials_options *options, smri_trials **trials,
                           smr_error *error);
void smri_trials_free(smri_trials *trials);             /* NULL is allowed */

/* What one thread works with. */
typedef struct smri_trials_workspace smri_trials_workspace;
smri_trials_workspace *smri_trials_workspace_new(const smri_trials *trials);    /* NULL: out of memory */
void smri_trials_workspace_free(smri_trials_workspace *workspace);

/* The scores of up to SMRI_LANES draws. */
typedef struct smri_trial_results {
    double *scores;                 /* [kept node][region][SMRI_LANES]; NaN: not computed */
    double *weights;                /* [node][SMRI_LANES]: share among its siblings; NULL: not wanted */
    int32_t codes[SMRI_LANES];      /* message code of what failed in the lane; 0: nothing, its scores hold */
    smr_error *errors;              /* SMRI_LANES of them, initialised: filled where a code is not 0; NULL: not wanted */
} smri_trial_results;

/* Points: [dimension][SMRI_LANES], numbers in [0, 1); lane l is draw l. Draws of one world (smri_trials_world()) run
 * together, so that a caller with many draws sorts them by world first. Only memory and cancelling fail the call. */
smr_status smri_trials_run(const smri_trials *trials, smri_trials_workspace *workspace, const double *points,
                           size_t count, smri_trial_results *results, smr_error *error);
/* The combination of alternatives that a point chooses; `stride` is the distance of its dimensions. */
uint64_t smri_trials_world(const smri_trials *trials, const double *point, size_t stride);
/* Alternative of a factor in a combination. */
uint32_t smri_trials_alternative(const smri_trials *trials, uint64_t world, uint32_t factor);

/* Points of Monte Carlo draws: dimension d of draw i is smri_random_unit(seed, d, i). */
void smri_trials_draw(const smri_trials *trials, uint64_t seed, const uint64_t *draws, size_t count, double *points);
uint64_t smri_trials_draw_world(const smri_trials *trials, uint64_t seed, uint64_t draw);

/* Ranks of one kept node, 1 + the number strictly above, by the plan's rounding and tolerance: scores and ranks are
 * [region][SMRI_LANES]; 0: no score. false: out of memory. */
bool smri_trials_rank(const smri_trials *trials, smri_trials_workspace *workspace, uint32_t node, const double *scores,
                      size_t count, uint32_t *ranks);

#endif
