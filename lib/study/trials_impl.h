/* SPDX-License-Identifier: MIT */
#ifndef SMRI_TRIALS_IMPL_H
#define SMRI_TRIALS_IMPL_H

/* Trials: what if the index had been made a little differently? A spec says what varies; a draw is a point of the unit
 * cube, of which every factor owns some dimensions. Monte Carlo fills the points at random, a variance-based study with
 * a quasi-random sequence; the scores of a draw depend on its point alone. */

#include "study/study_impl.h"

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
    const uint32_t *dimensions;     /* by node: dimension of its weight, from the first on; SMRI_NONE: none */
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

/* One inner node over draws side by side. */
typedef struct smri_lane_node {
    bool varies, geometric;
    double epsilon;                 /* of a geometric node: raises what is below; 0: that fails */
    smri_lanes_family family;       /* when nothing below varies */
    double **broadcast;             /* by child, [region][SMRI_LANES], of what does not vary; NULL: nothing below varies */
    uint32_t *outside;              /* by child: first region outside the domain, SMRI_NONE: none */
} smri_lane_node;

/* One combination of all alternatives, fitted. */
typedef struct smri_world {
    uint64_t number;                /* first factor slowest */
    smr_status status;              /* why it has no scores, with `error`; SMR_OK: it has */
    smr_error error;
    smri_way way;
    smri_arena arena;
    smr_plan *plan;                 /* owned references; the plan is NULL where it is the framework's own */
    smr_model *model;               /* NULL when failed */
    double **fixed;                 /* by node: scores that no factor changes, one a region; NULL: they vary */
    smri_lane_node *lanes;          /* by node; of SMRI_WAY_LANES */
    const double **imputed;         /* by indicator, one a row of the data as the model sees them; NULL: not imputed */
    size_t imputed_rows;
    double *deviations;             /* by indicator: of the error of an imputed value */
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
    atomic_size_t references;
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
    uint8_t *varies;                /* by node: something at or below it does */
    uint64_t world_count;
    size_t slot_count;              /* worlds that are kept: the first so many */
    _Atomic(uintptr_t) *slots;      /* smri_world *; 0: not made yet */
    bool leaves_out;                /* some factor leaves nodes out */
} smri_trials;

/* Refuses a spec that says nothing legal; the message names SPEC's source, the JSON path and the factor. */
smr_status smri_trials_new(smr_context *context, const smr_framework *framework, const smr_dataset *dataset,
                           const smr_plan *plan, const smri_trials_options *options, smri_trials **trials,
                           smr_error *error);
smri_trials *smri_trials_ref(smri_trials *trials);
void smri_trials_free(smri_trials *trials);             /* one owner less; NULL is allowed */

/* What one thread works with. */
typedef struct smri_trials_workspace smri_trials_workspace;
smri_trials_workspace *smri_trials_workspace_new(const smri_trials *trials);    /* NULL: out of memory */
void smri_trials_workspace_free(smri_trials_workspace *workspace);

/* The scores of up to SMRI_LANES draws. */
typedef struct smri_trial_results {
    double *scores;                 /* [kept node][region][SMRI_LANES]; NaN: not computed */
    double *weights;                /* [node][SMRI_LANES]: share among its siblings, 1 of the root; NULL: not wanted */
    const double *given;            /* by node: weights in place of those that factors draw; NULL: draw them */
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

/* Points of Monte Carlo draws: dimension d of draw i is smri_random_lane(seed, d, i). */
void smri_trials_draw(const smri_trials *trials, uint64_t seed, const uint64_t *draws, size_t count, double *points);

/* Ranks of one kept node of the draws that this workspace ran last, 1 + the number strictly above, by the plan's rounding
 * and tolerance: scores and ranks are [region][SMRI_LANES]; 0: no score. false: out of memory. */
bool smri_trials_rank(const smri_trials *trials, smri_trials_workspace *workspace, uint32_t node, const double *scores,
                      size_t count, uint32_t *ranks);

/* ---- what the files share ---- */

/* trials_spec.c: trials->spec into trials->factors. */
smr_status smri_trials_read_spec(smri_trials *trials, smr_error *error);

/* A spec being read, for the files that read a kind of factor each. */
typedef struct smri_spec_reader {
    smri_trials *trials;
    const smri_value *object;       /* of the factor, or the spec itself */
    smri_factor *factor;            /* NULL: none yet */
    smr_error *error;
} smri_spec_reader;
/* Fails about a key of what is being read: the message names source and path. */
smr_status smri_spec_fail_texts(const smri_spec_reader *r, const char *member, int32_t code, const char *const *texts,
                                size_t count);
#define smri_spec_fail(reader, member, code, ...) \
    smri_spec_fail_texts((reader), (member), (code), (const char *const[]){__VA_ARGS__}, \
                         sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))
/* The value of a key (NULL: absent) is not what is expected. */
smr_status smri_spec_fail_value(const smri_spec_reader *r, const char *key, const smri_value *value,
                                const char *expected);
/* Keys beyond `known` (ended by NULL) are refused. */
smr_status smri_spec_check_keys(const smri_spec_reader *r, const smri_value *object, const char *const *known);
/* A number above `least` (or equal, with `closed`) and below or equal to `greatest`; absent: *number stays. */
smr_status smri_spec_number(const smri_spec_reader *r, const char *key, double least, double greatest, bool closed,
                            const char *expected, double *number);
/* One of `words`, "a|b"; absent: *place stays. */
smr_status smri_spec_word(const smri_spec_reader *r, const char *key, const char *words, int *place);
/* The node of an id; `what` is "node", "indicator" or "node with children". */
smr_status smri_spec_node(const smri_spec_reader *r, const char *key, const char *id, const char *what, uint32_t *node);
/* Marks the nodes of a list of ids, by node or (what: "indicator") by indicator; *given tells whether there is a list. */
smr_status smri_spec_ids(const smri_spec_reader *r, const char *key, const char *what, uint8_t *marks, bool *given);
/* Zeros, one a node; NULL: out of memory. */
void *smri_spec_by_node(smri_spec_reader *r, size_t size);
/* trials_spec_weights.c */
smr_status smri_spec_weights(smri_spec_reader *r);

/* trials_weights.c */
typedef struct smri_weigher smri_weigher;
smri_weigher *smri_weigher_new(const smri_trials *trials); /* NULL: out of memory */
void smri_weigher_free(smri_weigher *weigher);
/* Refuses a box or an order that no weights fit, or that the given weights do not. */
smr_status smri_trials_check_weights(const smri_trials *trials, smri_factor *factor, smr_error *error);
/* Gives each weight that the factor draws a dimension; `dimensions` by node becomes the factor's. */
uint32_t smri_weights_dimensions(const smri_trials *trials, smri_factor *factor, uint32_t *dimensions);
/* Weights of the children of a node: those given in, those drawn out. */
void smri_weigh_children(smri_weigher *weigher, const smri_factor *factor, uint32_t node, const double *point,
                       size_t stride, double *weights);
/* Weights of all nodes from weights of leaves; `effective` are the given ones. */
void smri_weigh_leaves(smri_weigher *weigher, const smri_factor *factor, const double *effective, const double *point,
                       size_t stride, double *weights);

/* trials_run.c: does the lowest index rank first in what is ranked next? */
void smri_trials_workspace_rank_upward(smri_trials_workspace *workspace, bool upward);

/* trials_world.c */
smri_world *smri_world_make(const smri_trials *trials, uint64_t number);    /* NULL: out of memory */
void smri_world_free(const smri_trials *trials, smri_world *world);
/* The world of a number, made when needed; *own keeps one that is not kept for all. NULL: out of memory. */
const smri_world *smri_world_get(const smri_trials *trials, uint64_t number, smri_world **own);

/* Rows of the regions in a dataset as a model sees it; SIZE_MAX: none. */
void smri_trials_rows(const smri_trials *trials, const smr_dataset *dataset, size_t *rows);

/* trials_refit.c: one draw through the engine */
typedef struct smri_refit smri_refit;
smri_refit *smri_refit_new(const smri_trials *trials);   /* NULL: out of memory */
void smri_refit_free(smri_refit *refit);
/* Scores of the kept nodes into lane `lane` of `scores`. What is not memory is told in *error alone: its status. */
smr_status smri_refit_run(smri_refit *refit, smri_weigher *weigher, const smri_world *world, const double *point,
                          const uint8_t *left_out, const double *given, size_t lane, smri_trial_results *results,
                          smr_error *error);

#endif
