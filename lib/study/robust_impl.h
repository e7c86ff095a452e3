/* SPDX-License-Identifier: MIT */
#ifndef SMRI_ROBUST_IMPL_H
#define SMRI_ROBUST_IMPL_H

/* Monte Carlo: ranges of draws into counts that add up exactly. */

#include "study/select_impl.h"
#include "study/trials_impl.h"

#include <smartregion/robust.h>

struct smr_uncertainty {
    atomic_size_t references;
    smr_context *context;           /* owned reference, NULL: default */
    smri_arena arena;
    const smri_value *spec;
    const char *source_name;        /* NULL: none */
    uint64_t draws, seed;
    bool has_draws, has_seed;
};
smr_status smri_uncertainty_new(smr_context *context, const smri_value *spec, const char *source_name,
                                smr_uncertainty **uncertainty, smr_error *error);

#define SMRI_SCORE_CELLS 4096
#define SMRI_MOST_FAILURES 32       /* codes told apart; the last takes what is left */

typedef struct smri_wide_sum {
    uint64_t low;
    int64_t high;
} smri_wide_sum;

typedef struct smri_failure {
    int32_t code;
    uint64_t count, first_draw;
    char message[SMR_ERROR_MESSAGE_SIZE];
} smri_failure;

/* Draws that are counted, [first, first + count). */
typedef struct smri_range {
    uint64_t first, count;
} smri_range;

/* How the scores of one node become whole numbers: unit and cells of its range. */
typedef struct smri_score_scale {
    bool pooled;
    double low, width;
} smri_score_scale;

/* What is counted: whole numbers, in any order the same. Arrays by counted node and region. */
typedef struct smri_tally {
    uint64_t draws, failed;
    uint64_t *ranks;                /* [node][region][regions + 1]; 0: no rank */
    smri_wide_sum *sums;            /* [node][region]: multiples of 2^-32 of the range above its low end */
    uint64_t *cells;                /* [node][region][SMRI_SCORE_CELLS + 2]: below, cells, above; NULL: not counted */
    uint64_t *wins;                 /* [node][region][region]; NULL: not counted */
    uint64_t *weights;              /* [region][node of the framework], multiples of 2^-32; NULL: not counted */
    uint64_t *stages;               /* [stage][region]: draws in which it passes; NULL: no funnel */
    uint32_t stage_count;
    uint64_t *alternatives;         /* [alternative][2]: draws, failed; those of all factors one after another */
    smri_failure failures[SMRI_MOST_FAILURES]; /* by code, upward */
    uint32_t failure_count;
} smri_tally;

struct smr_robust {
    atomic_size_t references;
    smr_context *context;           /* owned reference, NULL: default */
    smri_trials *trials;            /* owned reference */
    uint64_t seed, hash;            /* hash: of everything that a draw depends on but its number */
    int32_t nodes;
    uint32_t outputs;
    bool partial;
    smri_range *ranges;             /* upward, none touches the next */
    size_t range_count;
    smri_score_scale *scales;       /* by counted node */
    smri_tally tally;
    double *confidence;             /* by region; NULL: not asked for */
    /* Bounds on ranks that hold for sure, [node][region], in place of the best and worst seen; NULL: those seen. */
    double *exact_best, *exact_worst;
    const char **stage_ids;         /* of the funnel, as many as the tally counts; in the arena */
    uint64_t funnel_hash;           /* of everything but scores that decides who passes; 0: no funnel */
    struct smri_robust_funnel *funnel; /* while draws are run; NULL: none, or merged or read */
    smri_arena arena;
    uint64_t unproven;              /* of these, so many are not proven to be reached */
};

/* ---- robust.c ---- */

/* Options read and checked. */
smr_status smri_robust_options_read(const smr_robust_options *options, smr_robust_options *known, smr_error *error);
/* A result without draws. */
smr_status smri_robust_new(smr_context *context, const smr_framework *framework, const smr_dataset *dataset,
                           const smr_plan *plan, const smr_uncertainty *uncertainty, const smr_robust_options *options,
                           smr_robust **robust, smr_error *error);
smr_status smri_robust_new_like(smr_context *context, const smr_robust *like, smr_robust **robust, smr_error *error);

/* ---- robust_tally.c ---- */

size_t smri_tally_alternatives(const smri_trials *trials);  /* of all factors */
/* Sizes of the arrays, in numbers; false: more than memory holds. */
typedef struct smri_tally_sizes {
    size_t ranks, sums, cells, wins, weights, alternatives;
} smri_tally_sizes;
bool smri_tally_size(const smri_trials *trials, uint32_t outputs, smri_tally_sizes *sizes);
bool smri_tally_new(const smri_trials *trials, uint32_t outputs, smri_tally *tally); /* false: out of memory */
bool smri_tally_add_stages(const smri_trials *trials, smri_tally *tally, uint32_t count); /* false: out of memory */
void smri_tally_free(const smri_trials *trials, smri_tally *tally);
void smri_tally_merge(const smri_trials *trials, smri_tally *tally, const smri_tally *other);
void smri_tally_fail(smri_tally *tally, int32_t code, uint64_t count, uint64_t draw, const char *message);
void smri_wide_add(smri_wide_sum *sum, int64_t value);

/* What one thread counts with: the same, narrower. */
typedef struct smri_counter smri_counter;
smri_counter *smri_counter_new(const smr_robust *robust);   /* NULL: out of memory */
void smri_counter_free(smri_counter *counter);
/* Counts the draws of one chunk; one in which the funnel fails, fails. false: out of memory. */
bool smri_counter_add(smri_counter *counter, smri_trials_workspace *workspace, const uint64_t *draws, size_t count,
                      const double *points, smri_trial_results *results);
/* Adds what was counted to the result, and starts anew. */
void smri_counter_empty(smri_counter *counter, smri_tally *tally);

/* ---- robust_stages.c ---- */

/* A funnel bound to all that does not vary, for any number of threads. */
typedef struct smri_robust_funnel {
    smr_scorecard *card;            /* of the plan as it is */
    smri_bound bound;
    uint32_t *kept;                 /* by input: which kept node it is; SMRI_NONE: the same in all draws */
} smri_robust_funnel;

/* Room for the ids and counts of stages. false: out of memory. */
bool smri_robust_add_stages(smr_robust *robust, uint32_t count);
/* Binds the funnel of the options, if any. */
smr_status smri_robust_bind(smr_robust *robust, const smr_robust_options *options, smr_error *error);
void smri_robust_unbind(smr_robust *robust);

/* What one thread runs the funnel with. */
typedef struct smri_stager smri_stager;
smri_stager *smri_stager_new(const smr_robust *robust);     /* NULL: out of memory */
void smri_stager_free(smri_stager *stager);
/* Lets the regions of up to SMRI_LANES draws of one world through the stages, and counts: [stage][region]. A draw whose
 * funnel fails gets its code in the results. false: out of memory. */
bool smri_stager_run(smri_stager *stager, const double *points, size_t count, smri_trial_results *results,
                     uint64_t *counts);

/* ---- robust_bounds.c ---- */

/* Bounds that hold over all weights of the spec; refused where they are not defined. */
smr_status smri_robust_bound(smr_robust *robust, smr_error *error);
/* Those of another run of the same study, if it has them and this has none. */
smr_status smri_robust_bound_like(smr_robust *robust, const smr_robust *like, smr_error *error);

/* ---- robust_run.c ---- */

/* Runs draws into a result without draws. */
smr_status smri_robust_draw(smr_robust *robust, uint64_t first, uint64_t count, bool partial, smr_error *error);
/* Confidence factors, when asked for. */
smr_status smri_robust_confide(smr_robust *robust, smr_error *error);

#endif
