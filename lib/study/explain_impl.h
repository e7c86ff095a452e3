/* SPDX-License-Identifier: MIT */
#ifndef SMRI_EXPLAIN_IMPL_H
#define SMRI_EXPLAIN_IMPL_H

/* Explaining one region. What a child brings to its parent has a slope in its score, by which an inner child passes it
 * on to its own children, and a rest that they share by weight: doc/methods/explain.md. */

#include "study/study_impl.h"

#include <smartregion/explain.h>

/* ---- explain_shapley.c: a game of any kind ---- */

/* Worths of `count` coalitions: members[player * count + coalition] is 1 or 0. NaN: not defined. */
typedef smr_status (*smri_worths)(void *user, const uint8_t *members, size_t count, double *worths, smr_error *error);

typedef struct smri_game {
    const smr_context *context;     /* asked whether to go on */
    uint32_t players;
    smri_worths worths;
    void *user;
    bool exact;                     /* every coalition; at most SMRI_GAME_EXACT players */
    uint32_t samples;               /* else: orders of the players that are drawn, in pairs that mirror each other */
    uint64_t seed, stream;
} smri_game;

#define SMRI_GAME_EXACT 16
/* Coalitions that are evaluated together. */
#define SMRI_GAME_BATCH 1024

/* parts and errors by player; the parts sum to *all - *nothing. *defined false: some coalition has no worth, and parts
 * and errors are not set. */
smr_status smri_shapley(const smri_game *game, double *parts, double *errors, double *nothing, double *all,
                        bool *defined, smr_error *error);

/* ---- explain.c ---- */

struct smr_explanation {
    atomic_size_t references;
    smr_context *context;           /* owned reference, NULL: default */
    smri_arena arena;
    smr_scorecard *card;            /* owned reference */
    size_t row;
    smr_explanation_options options; /* without its arrays */
    double *numbers[SMR_EXPLANATION_NUMBER_COUNT]; /* by node; NULL: there is no reference */
    const char **texts[SMR_EXPLANATION_TEXT_COUNT]; /* by node; NULL entries: none */
    uint8_t *statuses;
    size_t *reference_rows;         /* whose mean or median the reference is; NULL: none of its own */
    double *distances;              /* of peers; NULL: no peers */
    size_t reference_count;
};

/* One region as the tree sees it: a row of the scorecard, or scores that stand in its place. */
typedef struct smri_side {
    size_t row;                     /* where it stands among the others */
    bool real;                      /* the scores are those of the row */
    double *scores;                 /* by node; NaN: none */
} smri_side;

typedef struct smri_explainer {
    const smr_context *memory;
    const smr_scorecard *card;
    const smr_model *model;
    const smr_framework *framework;
    smri_arena *arena;
    uint32_t samples;
    uint64_t seed;
} smri_explainer;

/* All rows of a node's scores. *owned is to be freed in any case: those that the scorecard did not keep. */
smr_status smri_explain_column(const smri_explainer *e, uint32_t node, const double **column, double **owned,
                               smr_error *error);
/* Scores of one row at every node. */
smr_status smri_explain_row(const smri_explainer *e, size_t row, double *scores, smr_error *error);

/* ---- explain_node.c: one node and its children ---- */

/* What each child brings, by place: part = fixed + slope a - other b, a and b its scores (one alone: without b). */
typedef struct smri_parts {
    double *part, *error;
    double *fixed, *slope, *other;
    double *share;                  /* of the weight, of what takes part; they sum to 1 */
    bool *here;                     /* takes part, or stands by with weight 0 */
} smri_parts;
bool smri_parts_new(smri_arena *arena, uint32_t count, smri_parts *parts);
/* A child's score as it counts for its parent: 0 in a hole under policy `zero`. */
double smri_explain_counted(const smri_explainer *e, double score);
/* The score of a node for a side, of whose children the scores are known. NaN: none. */
smr_status smri_explain_value(const smri_explainer *e, uint32_t node, const smri_side *side, double *value,
                              smr_error *error);
/* Parts of a node that has a score: they sum to it. */
smr_status smri_explain_node(const smri_explainer *e, uint32_t node, const smri_side *side, smri_parts *parts,
                             smr_error *error);
/* Parts of the difference of two scores of a node. *defined false: there is no common ground for the two, and each is
 * to be explained by itself. */
smr_status smri_explain_difference(const smri_explainer *e, uint32_t node, const smri_side *a, const smri_side *b,
                                   smri_parts *parts, bool *defined, smr_error *error);

/* ---- explain_game.c: a node's score with some children elsewhere ---- */

typedef struct smri_node_game {
    const smri_explainer *explainer;
    uint32_t node, count;
    uint32_t *places;               /* by player: its place among the children */
    double *in, *out;               /* by child: its score in and out of the coalition; without a player: `in` */
    uint32_t players;
    double **scores;                /* by child, a batch; or all rows of the period */
    double *scratch;
    double *values;
    uint8_t *statuses;
    size_t n, slot;                 /* rows of the period, and the place of the region among them */
    const char **regions;
    smr_context quiet;              /* what methods on all regions get: it reports nothing and is not asked */
} smri_node_game;
/* Room for a game of the node in the place of row `row`; in and out are NaN. To be ended in any case. */
smr_status smri_node_game_begin(const smri_explainer *e, uint32_t node, size_t row, smri_node_game *game,
                                smr_error *error);
void smri_node_game_end(smri_node_game *game);
smr_status smri_node_game_worths(void *game, const uint8_t *members, size_t count, double *worths, smr_error *error);
/* The node's score with all children in, and (weights of its own alone) its weights; weights may be NULL. */
smr_status smri_node_game_value(smri_node_game *game, double *value, double *weights, smr_error *error);
/* Plays it. */
smr_status smri_node_game_play(smri_node_game *game, double *parts, double *errors, double *nothing, double *all,
                               bool *defined, smr_error *error);

/* Where each child counts for nothing; NaN: it never takes part. *all_needed: without one of them there is nothing. */
void smri_explain_zeros(const smri_explainer *e, uint32_t node, double *zeros, bool *all_needed);

/* ---- explain_tree.c ---- */

/* What comes of walking the tree; by node. */
typedef struct smri_walk {
    double *contribution, *error, *weight, *effective;
} smri_walk;
/* b NULL: what makes up a's index; else what makes up the difference of the two. */
smr_status smri_explain_tree(const smri_explainer *e, const smri_side *a, const smri_side *b, const smri_walk *walk,
                             smr_error *error);

/* ---- explain_trace.c ---- */

/* Every step of every indicator of the row. */
smr_status smri_explain_trace(const smri_explainer *e, smr_explanation *explanation, smr_error *error);
/* Score of an indicator with this value, treated and normalised as that of the row. */
double smri_explain_score_of(const smri_explainer *e, uint32_t indicator, size_t row, double value);

/* ---- explain_reference.c ---- */

/* The reference that the options ask for: scores of every node into `side`, rows and distances into the explanation,
 * raw values (where it has any) into `values`. */
smr_status smri_explain_reference(const smri_explainer *e, const smr_explanation_options *options, size_t row,
                                  smr_explanation *explanation, smri_side *side, double *values, smr_error *error);

/* ---- peers.c ---- */

/* As smr_peers_find(). */
smr_status smri_peers_find(const smri_explainer *e, size_t row, size_t count, size_t *rows, double *distances,
                           size_t *found, smr_error *error);

#endif
