/* SPDX-License-Identifier: MIT */
#ifndef SMRI_SOBOL_IMPL_H
#define SMRI_SOBOL_IMPL_H

/* Variance-based sensitivity: which factor drives an output? Points, estimators and the exact analysis of variance know
 * nothing of regions; the study asks trials for ranks and scores. */

#include "study/robust_impl.h"

#include <smartregion/sobol.h>

/* An output that differs from its mode in fewer evaluations than these is a rare event. */
#define SMRI_SOBOL_RARE 30
/* Differences up to this share of the greatest value are what rounding leaves of a constant. */
#define SMRI_SOBOL_ROUNDING 0x1p-48

/* ---- sobol.c ---- */

/* The caller's options over the defaults, each in its range. */
smr_status smri_sobol_options_check(smr_sobol_options *wanted, const smr_sobol_options *options, smr_error *error);

/* A summary of the caller, which may be older and shorter than ours: only what it has is written. */
smr_status smri_sobol_summary_check(const smr_sobol_summary *summary, smr_error *error);
void smri_sobol_summary_tell(smr_sobol_summary *summary, const smr_sobol_summary *made);

/* ---- sobol_estimate.c ---- */

/* The evaluations of one output: n numbers each for A and B, and n for each factor for AB and BA; NaN: failed. */
typedef struct smri_sobol_values {
    const double *a, *b, *ab, *ba; /* ba NULL: not made, which azzini needs */
} smri_sobol_values;

/* What is asked of all outputs alike, and where in a longer run it stands. */
typedef struct smri_sobol_design {
    size_t rows;
    uint32_t factors;
    int32_t estimator;              /* a smr_sobol_estimator that samples, not auto */
    uint32_t resamples;
    uint64_t seed;
    double confidence;
    uint64_t done, total;           /* units of work before this one, and in all with its resamples; total 0: alone */
} smri_sobol_design;

/* indices: output after output, factor after factor, SMR_SOBOL_COLUMNS each. */
smr_status smri_sobol_estimate(const smr_context *context, const smri_sobol_design *design,
                               const smri_sobol_values *outputs, size_t count, double *indices,
                               smr_sobol_summary *summaries, smr_error *error);
/* Units of work that the resamples of so many outputs take. */
uint64_t smri_sobol_work(const smri_sobol_design *design, size_t count);

/* One output, made ready for its estimates. */
typedef struct smri_sobol_output {
    const smri_sobol_values *values;
    const uint8_t *used;            /* by row: no evaluation of it failed */
    double scale, centre;           /* an evaluation f counts as f / scale - centre, of no size that overflows */
} smri_sobol_output;

/* What the estimators sum over the rows: for each factor three terms, and three that all factors share. */
#define SMRI_SOBOL_TERMS 3
/* terms: SMRI_SOBOL_TERMS a row, 0 for rows that are not used; factor == design->factors: the shared ones. */
void smri_sobol_terms(const smri_sobol_design *design, const smri_sobol_output *output, uint32_t factor, double *terms);
/* First and total order from the sums of a factor's terms and the shared ones. */
void smri_sobol_finish(int32_t estimator, const double *sums, const double *shared, double *first, double *total);

/* ---- sobol_bootstrap.c ---- */

/* Fills the columns low and high of every output whose status is ok. */
smr_status smri_sobol_bootstrap(const smr_context *context, const smri_sobol_design *design,
                                const smri_sobol_output *outputs, const smr_sobol_summary *summaries, size_t count,
                                double *indices, smr_error *error);

/* ---- sobol_anova.c ---- */

/* The exact analysis of variance of a full grid, last factor fastest; probabilities one factor after another, NULL: all
 * levels alike. Levels are 1 or more, their product does not overflow. */
smr_status smri_sobol_anova(const smr_context *context, const double *values, const uint32_t *levels, uint32_t factors,
                            const double *probabilities, double *indices, smr_sobol_summary *summary,
                            smr_error *error);

/* ---- sobol_outputs.c ---- */

typedef enum smri_sobol_kind { SMRI_SOBOL_SHIFT, SMRI_SOBOL_RANK, SMRI_SOBOL_SCORE, SMRI_SOBOL_TOP } smri_sobol_kind;

typedef struct smri_sobol_what {
    smri_sobol_kind kind;
    uint32_t region;                /* SMRI_NONE: all */
    uint32_t top;
    const char *name;
} smri_sobol_what;

/* Mean shift, the rank of every region, and what the list `wanted` (NULL: nothing) asks for beside. */
smr_status smri_sobol_outputs(smr_sobol *study, const char *wanted, smr_error *error);

/* ---- sobol_study.c ---- */

struct smr_sobol {
    atomic_size_t references;
    smr_context *context;           /* owned reference, NULL: default */
    smri_arena arena;
    smr_model *model;               /* owned reference: the plan as it is */
    const smri_value *spec;         /* as compiled */
    const char *period;             /* NULL: the data have none */
    const char **factors, **regions, **names;
    uint32_t factor_count, region_count;
    smri_sobol_what *outputs;
    size_t output_count;
    double *indices;                /* output after output, factor after factor, SMR_SOBOL_COLUMNS each */
    smr_sobol_summary *summaries;
    int32_t estimator;
    uint64_t draws, evaluations, failed, seed;
    uint32_t resamples;
    double confidence;
};

/* ---- sobol_evaluate.c ---- */

/* Why evaluations failed. */
typedef struct smri_sobol_reason {
    int32_t code;                   /* of the message */
    uint64_t count;
    size_t first;                   /* an evaluation that failed so */
    char message[SMR_ERROR_MESSAGE_SIZE];
} smri_sobol_reason;

#define SMRI_SOBOL_REASONS 8

/* Evaluations of all outputs: `matrices` columns of `rows` each, and the points that they are made at. */
typedef struct smri_sobol_evaluations {
    const smri_trials *trials;
    const smri_sobol_what *outputs;
    size_t output_count, rows, matrices;
    const double *a, *b;            /* points: dimension after dimension, a number a row; b NULL: one matrix, A alone */
    double *values;                 /* [output][matrix][row]; NaN: failed, or no rank */
    uint64_t failed, rows_left_out;
    smri_sobol_reason reasons[SMRI_SOBOL_REASONS];
    size_t reason_count;
} smri_sobol_evaluations;

/* Fills values, and counts what failed; `total` is for the progress callback. */
smr_status smri_sobol_evaluate(const smr_context *context, smri_sobol_evaluations *evaluations, uint64_t total,
                               smr_error *error);
/* Points of A and B, those of the first `rows` of a scrambled sequence. */
smr_status smri_sobol_draw(const smr_context *context, const smri_trials *trials, size_t rows, uint64_t seed, double *a,
                           double *b, smr_error *error);

#endif
