/* SPDX-License-Identifier: MIT */
#ifndef SMRI_ENGINE_IMPL_H
#define SMRI_ENGINE_IMPL_H

/* Room 4: the only one that knows the order of the steps, and the only one that walks the tree. */

#include "method/method_impl.h"

#include <smartregion/model.h>
#include <smartregion/plan.h>
#include <smartregion/scorecard.h>

/* ---- plan.c: layers of plain data ---- */

typedef struct smri_layer {
    const smri_value *object;
    const char *source_name;        /* for messages; NULL: none */
    bool is_preset;                 /* its options hold for the methods that know them, and are left out for others */
} smri_layer;

struct smr_plan {
    atomic_size_t references;
    smr_context *context;           /* owned reference, NULL: default */
    smri_arena arena;
    smri_layer *layers;             /* low to high */
    uint32_t layer_count;
};

struct smr_plan_builder {
    smr_context *context;
    smri_arena arena;
    smri_value *root;
};

/* A plan of one layer; `object` is copied. */
smr_status smri_plan_from_value(smr_context *context, const smri_value *object, const char *source_name,
                                smr_plan **plan, smr_error *error);
/* Puts a value (of the same arena) under a key that is split at its first two dots. */
smr_status smri_plan_put(smri_arena *arena, smri_value *root, const char *key, smri_value *value, smr_error *error);

/* ---- presets.c ---- */

/* The preset as plain data, built in the arena; NULL: unknown (or out of memory, when known is set). */
const smri_value *smri_preset_value(smri_arena *arena, const char *name, bool *known);
const char *smri_preset_name(size_t index);

/* ---- plan_resolve.c: layers to one choice for every step, indicator and node ---- */

#define SMRI_PLAN_TEXT 160

typedef enum smri_screen_by { SMRI_SCREEN_DATA, SMRI_SCREEN_ZEROS, SMRI_SCREEN_NONE } smri_screen_by;
typedef enum smri_policy { SMRI_POLICY_RENORMALISE, SMRI_POLICY_FAIL, SMRI_POLICY_ZERO } smri_policy;

typedef struct smri_resolved {
    const smri_value *document;     /* everything spelt out; reads back as a plan */
    double *denominate;             /* by indicator: scale; NaN: not denominated */
    smri_choice *impute, *treat, *normalise; /* by indicator */
    smri_choice *weights, *aggregate;        /* by node; method NULL for an indicator */
    const char *normalise_per;      /* "all_periods", "period", or a period */
    const char *rollup_by;          /* NULL: no roll-up */
    bool rollup_keep_all;
    smri_screen_by screen_by;
    double screen_min_share;
    const smri_value *screen_include, *screen_exclude; /* lists of regions; NULL: none */
    smri_policy policy;
    double min_coverage;
    bool coverage_by_count;
    smri_ties ties;
    int32_t decimals;               /* -1: none */
    double tolerance;
} smri_resolved;

smr_status smri_plan_resolve(const smr_plan *plan, const smr_framework *framework, smri_arena *arena,
                             smri_resolved *resolved, smr_error *error);

/* ---- plan_layers.c: one step over all layers ---- */

/* A key of a step after merging, and the highest layer that gave it. */
typedef struct smri_entry {
    const char *key;
    const smri_value *value;
    uint32_t layer;
} smri_entry;

typedef struct smri_entries {
    smri_entry *items;
    uint32_t count;
} smri_entries;

/* A plan being resolved. */
typedef struct smri_resolver {
    const smr_framework *framework;
    smri_arena *arena;
    smri_layer *layers;             /* low to high; 0 is the built-in defaults, empty */
    uint32_t layer_count;
    smri_resolved *resolved;
    smri_value *document;           /* of the resolved plan */
    smri_value *left_out;           /* paths of options that were left out */
    smr_error *error;
} smri_resolver;

/* Checks the keys of the first level. */
smr_status smri_layer_check(const smri_layer *layer, smr_error *error);
/* Lays out preset, framework's plan and the plan's own layers, and checks the keys of the first level. */
smr_status smri_resolver_stack(smri_resolver *resolver, const smr_plan *plan);
/* The step's own keys, without its table of overrides. */
smr_status smri_resolver_step(smri_resolver *resolver, smri_step step, smri_entries *entries);
/* The keys that override the step for one id; `id` or (for the root node) "root". lowest may be NULL: an override that
 * stands below all layers, a text or an object. */
smr_status smri_resolver_override(smri_resolver *resolver, smri_step step, const char *id, bool is_root,
                                  const smri_value *lowest, smri_entries *entries);
const smri_entry *smri_entries_find(const smri_entries *entries, const char *key);
/* Fails about a key of a step: path is "step.key" or "step.indicators.id.key". */
smr_status smri_resolver_fail(const smri_resolver *resolver, int32_t code, uint32_t layer, const char *path,
                              const char *const *texts, size_t count);

/* ---- plan_settings.c: one value against its parameter ---- */

/* The default of a parameter as plain data; NULL: out of memory. */
smri_value *smri_parameter_default(const smri_parameter *parameter, smri_arena *arena);
/* Reads a value as the parameter's type. false: not legal; `found` and `expected` say what for the message. */
bool smri_setting_read(const smri_parameter *parameter, const smri_value *value, smri_setting *setting,
                       char found[SMRI_PLAN_TEXT], char expected[SMRI_PLAN_TEXT]);
/* `, did you mean "x"?` or "". */
const char *smri_did_you_mean(char out[SMRI_PLAN_TEXT], const char *nearest);

/* ---- model.c ---- */

/* The groups of one text column, as the reference had them. */
typedef struct smri_group_table {
    const char *column;
    const char **labels;
    uint32_t label_count;
} smri_group_table;

/* One indicator ready to run, for one set of bounds. */
typedef struct smri_leaf {
    smri_affine map;                /* of x with its own sign, when affine */
    bool affine;
    bool constant;                  /* no spread: observed values become `constant_value` */
    bool simple;                    /* affine, and no step before normalise changes x */
    double constant_value;          /* NaN: missing */
} smri_leaf;

struct smr_model {
    atomic_size_t references;
    smr_context *context;           /* owned reference, NULL: default */
    smri_arena arena;
    smr_framework *framework;       /* owned reference */
    smri_resolved plan;
    uint32_t set_count;             /* sets of bounds: 1, or one a period under `per: period` */
    const char **sets;              /* their periods; NULL when there is one for all */
    smri_scale *scales;             /* by indicator, transformed */
    smri_arena *arenas;             /* by indicator: its fitted numbers, so that indicators are fitted side by side */
    smri_fitted *impute, *treat;    /* by indicator */
    uint32_t *impute_leaders;       /* by indicator: the one whose `impute` holds the numbers that its choice shares */
    smri_fitted *aggregate;         /* by node */
    smri_fitted *normalise;         /* set x indicators + indicator */
    smri_leaf *leaves;              /* likewise */
    smri_group_table *group_tables;
    uint32_t group_table_count;
    uint32_t *impute_groups;        /* by indicator: group table, or SMRI_NONE */
    double *weights;                /* by node, among its siblings */
    double *shares;                 /* by node: weight over the sum of the siblings' */
    double *effective;              /* by node */
    double *totals;                 /* by node: sum of its children's weights, in order */
    double *child_weights;          /* all families one after another, each in order */
    uint32_t *child_starts;         /* by node: its family's place there */
    double *low, *high;             /* by node: range of its score; NaN: none */
    double *child_low, *child_high; /* by node: the range its children share; NaN: none */
    bool *direct;                   /* by node: every child is a simple leaf and the method streams */
    const char **inputs;            /* of smr_model_score_values() */
    uint32_t input_count;
    uint32_t *denominators;         /* by indicator: input, or SMRI_NONE */
    uint32_t widest_family;
    bool one_by_one;                /* a row can be scored without other rows and groupings */
    bool prepares;                  /* some imputation looks along time or across indicators */
    bool fits_tree;                 /* some node's weights or constants come from the scores below it */
    uint64_t data_hash, data_rows;
    const struct smri_variation *variation; /* what was changed on the way; NULL: nothing */
};

smr_model *smri_model_new(smr_context *context, const smr_framework *framework);
/* Sets the weights of one family and what follows from them in it. */
void smri_model_set_weights(smr_model *model, uint32_t node, const double *weights);
/* Effective weights from the root down, after weights changed. */
void smri_model_multiply_weights(smr_model *model);
/* Allocates the arrays by indicator and node, scales, weights, ranges, inputs; needs `plan` resolved. */
smr_status smri_model_prepare(smr_model *model, smr_error *error);
/* Turns fitted numbers into leaves and direct flags; the last step of a fit and of reading a model. */
smr_status smri_model_compile(smr_model *model, smr_error *error);
/* Finds or adds the group table of a column. SMRI_NONE: out of memory. */
uint32_t smri_model_group_table(smr_model *model, const char *column);

/* ---- view.c: a dataset as the model sees it ---- */

typedef struct smri_view {
    const smr_model *model;
    smr_dataset *dataset;           /* owned reference; after roll-up a new one */
    bool denominated;               /* by the roll-up already */
    const double **columns;         /* by indicator; NULL: the data lack it */
    const double **denominators;    /* by indicator; NULL: none */
    uint32_t **groups;              /* by group table: the model's label a row */
    double **prepared;              /* by indicator: the column after impute, where that needs more than the cell */
    uint8_t **prepared_statuses;    /* likewise */
    struct smri_whole *wholes;      /* by node: what is defined on all regions at once; NULL: no such node */
    size_t *rows;                   /* rows ordered by set; NULL: one set, as they are */
    size_t *set_starts;             /* set_count + 1 places in rows */
} smri_view;
smr_status smri_view_make(smr_context *context, const smr_model *model, const smr_dataset *dataset, smri_view *view,
                          smr_error *error);
void smri_view_free(smr_context *context, smri_view *view);

/* ---- fit.c: a model made anew with something changed ---- */

typedef struct smri_variation {
    /* Changes the weights of a node's children, in order; NULL: they stay. */
    void (*reweigh)(void *user, uint32_t node, double *weights, uint32_t count);
    void *user;
    const double *worst, *best;     /* by indicator, in its unit; NULL: as in the framework */
    const uint8_t *left_out;        /* by node: counts as no child; its weight is 0 too. NULL: none */
    /* By indicator that is imputed: one a row of the view, NaN where observed, in place of what its method fills in; NULL:
     * the method fills. */
    const double *const *imputed;
    size_t imputed_rows;
} smri_variation;
/* Fits by the resolved plan of another model, which must outlive this one, as the variation must. The view, on which
 * whatever looks at all regions has been run up to the weights, is the caller's to free. */
smr_status smri_model_vary(smr_context *context, const smr_model *like, const smr_dataset *dataset,
                           const smri_variation *variation, smr_model **model, smri_view *view, smr_error *error);

/* ---- screen.c ---- */

/* The dataset without the regions that have too little data; the same one (one more owner) when none goes. */
smr_status smri_screen(smr_context *context, const smr_model *model, smr_dataset *dataset, bool denominated,
                       smr_dataset **screened, smr_error *error);

/* ---- prepare.c: imputation that looks along time or across indicators ---- */

/* Finds which indicators share one fit. */
void smri_prepare_leaders(smr_model *model);
/* Decides what such methods decide, into model->impute of each leader. */
smr_status smri_prepare_fit(smr_context *context, smr_model *model, const smri_view *view, smr_error *error);
/* Fills view->prepared. */
smr_status smri_prepare_fill(smr_context *context, smri_view *view, smr_error *error);

/* ---- whole.c: nodes that are defined on all regions at once ---- */

typedef struct smri_whole {
    double *scores, *coverages;     /* one a row; NULL: no such node */
    uint8_t *statuses;
    double *region_weights;         /* rows x children, where each region has weights of its own; NULL: none */
} smri_whole;
bool smri_is_whole(const smr_model *model, uint32_t node);
/* Arrays for the children of one node, one a row; NULL: out of memory. */
double **smri_family_new(const smr_context *memory, uint32_t count, size_t rows);
void smri_family_free(const smr_context *memory, double **arrays, uint32_t count);
/* Scores of every child of a node for all rows, and their coverages when asked for. */
smr_status smri_family_scores(smr_context *context, const smri_view *view, uint32_t node, double **scores,
                              double **coverages, smr_error *error);
/* Scores one such node unless that was done; those below it have been scored. */
smr_status smri_whole_run(smr_context *context, smri_view *view, uint32_t node, smr_error *error);
/* Scores all such nodes, from the leaves up. */
smr_status smri_whole_run_all(smr_context *context, smri_view *view, smr_error *error);

/* ---- fit_tree.c ---- */

/* Do the weights of a node's children, or the constants of its method, come from scores? */
bool smri_fits_node(const smr_model *model, uint32_t node);

/* Weights and constants that come from scores, from the leaves up. */
smr_status smri_fit_tree(smr_context *context, smr_model *model, smri_view *view, smr_error *error);

/* ---- rollup.c ---- */

/* Denominates, then rolls regions up into their parents by a weight column. */
smr_status smri_rollup(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                       smr_dataset **rolled, smr_error *error);

/* ---- leaf.c: one indicator through its steps ---- */

typedef enum smri_stage {
    SMRI_STAGE_RAW,
    SMRI_STAGE_DENOMINATE,
    SMRI_STAGE_IMPUTE,
    SMRI_STAGE_TREAT,
    SMRI_STAGE_NORMALISE
} smri_stage;

/* x (raw in, after `stage` out) and statuses are the caller's; denominator and groups may be NULL. */
void smri_leaf_run(const smr_model *model, const smri_kernels *kernels, uint32_t set, uint32_t indicator,
                   smri_stage stage, bool denominated, const double *denominator, const uint32_t *groups, double *x,
                   uint8_t *statuses, size_t n);
/* The same for x that has been imputed already. */
void smri_leaf_run_imputed(const smr_model *model, const smri_kernels *kernels, uint32_t set, uint32_t indicator,
                           smri_stage stage, double *x, uint8_t *statuses, size_t n);
/* Does any step before normalise change the indicator's values? */
bool smri_leaf_changes(const smr_model *model, uint32_t indicator);
/* The part of the above from the transform on, without the normaliser: what its fit sees. */
void smri_leaf_transform(const smr_model *model, const smri_kernels *kernels, uint32_t indicator, double *x,
                         uint8_t *statuses, size_t n);
/* +1, or -1 when the normaliser is to see -x; target: the distance to the optimum has been taken already. */
double smri_leaf_sign(const smr_model *model, uint32_t indicator);

/* ---- block.c: up to SMRI_BLOCK rows through the whole tree ---- */

#define SMRI_BLOCK 1024

/* Where results go; arrays by node, NULL entries are not kept; arrays are as long as the rows of the view. */
typedef struct smri_results {
    double **scores, **coverages;
    uint8_t **statuses;
    uint32_t top;                   /* the node to evaluate: 0, or a subtree on request */
} smri_results;

/* Evaluates the subtree of results->top for all rows. */
smr_status smri_blocks_run(smr_context *context, const smri_view *view, const smri_results *results,
                           smr_error *error);

/* ---- node.c: one family into its parent ---- */

typedef struct smri_family {
    const smr_context *context;
    const smri_kernels *kernels;
    double *const *scores;          /* by child, in order; policy zero writes its zeros there */
    size_t n;
    double *scratch;                /* 5 x n */
} smri_family;
/* out and statuses from the children's scores by the model's method, weights and policy for this node. */
void smri_node_run(const smr_model *model, uint32_t node, const smri_family *family, double *out, uint8_t *statuses);
/* The children's scores as the policy leaves them to a method that looks at all rows at once: zeros in the holes under
 * `zero`, and none at all in rows that are not computed. statuses: SMR_CELL_OK, or why a row is not. */
smr_status smri_node_judge(const smr_context *memory, const smr_model *model, uint32_t node, double *const *scores,
                           size_t n, uint8_t *statuses, smr_error *error);

/* ---- scorecard.c ---- */

struct smr_scorecard {
    atomic_size_t references;
    smr_context *context;           /* owned reference, NULL: default */
    smri_arena arena;
    smr_model *model;               /* owned reference */
    smri_view view;
    size_t row_count;
    double **scores, **coverages;   /* by node; NULL: recomputed on request */
    uint8_t **statuses;
};

/* ---- rank.c ---- */

/* Rounds half to even at a number of decimals, for `rank.decimals`: through the exact decimal text. */
double smri_round_decimals(double x, int32_t decimals);
/* Ranks within periods of a node's score column by the model's rules. */
smr_status smri_scorecard_rank(const smr_scorecard *scorecard, uint32_t node, const double *scores, double *ranks,
                               smr_error *error);

#endif
