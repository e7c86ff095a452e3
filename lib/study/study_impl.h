/* SPDX-License-Identifier: MIT */
#ifndef SMRI_STUDY_IMPL_H
#define SMRI_STUDY_IMPL_H

/* Room 5: edits a plan or a dataset and calls the engine, or looks at what it made; never scores by itself. */

#include "engine/engine_impl.h"

#include <smartregion/audit.h>

/* ---- audit*.c ---- */

/* In the order in which they are written. */
typedef enum smri_audit_part {
    SMRI_AUDIT_SIZE,
    SMRI_AUDIT_AVAILABILITY_INDICATOR,
    SMRI_AUDIT_AVAILABILITY_REGION,
    SMRI_AUDIT_CORRELATION,             /* as many as there are kinds, and as many for their p-values */
    SMRI_AUDIT_CORRELATION_P = SMRI_AUDIT_CORRELATION + SMRI_CORRELATION_COUNT,
    SMRI_AUDIT_CORRELATION_ROWS = SMRI_AUDIT_CORRELATION_P + SMRI_CORRELATION_COUNT,
    SMRI_AUDIT_ALPHA,
    SMRI_AUDIT_ALPHA_RAW_WITHOUT,
    SMRI_AUDIT_ALPHA_STANDARDISED_WITHOUT,
    SMRI_AUDIT_ITEM_REST,
    SMRI_AUDIT_KMO,
    SMRI_AUDIT_KMO_ITEM,
    SMRI_AUDIT_BARTLETT,
    SMRI_AUDIT_VIF,
    SMRI_AUDIT_EIGENVALUES,
    SMRI_AUDIT_VARIANCE_SHARE,
    SMRI_AUDIT_VARIANCE_CUMULATIVE,
    SMRI_AUDIT_COMPONENTS_KEPT,
    SMRI_AUDIT_LOADINGS,
    SMRI_AUDIT_LOADINGS_ALL,
    SMRI_AUDIT_VARIMAX,
    SMRI_AUDIT_VARIMAX_ALL,
    SMRI_AUDIT_VARIMAX_EXPLAINED,
    SMRI_AUDIT_COMMUNALITY,
    SMRI_AUDIT_WEIGHTS,
    SMRI_AUDIT_MAIN_EFFECTS,
    SMRI_AUDIT_EXPERTS,
    SMRI_AUDIT_AHP,
    SMRI_AUDIT_FLAG_HIGH,
    SMRI_AUDIT_FLAG_NEGATIVE,
    SMRI_AUDIT_FLAG_WEAK,
    SMRI_AUDIT_FLAG_CONSTANT,
    SMRI_AUDIT_FLAG_FEW_ROWS,
    SMRI_AUDIT_FLAG_SINGULAR,
    SMRI_AUDIT_IMPUTATION_R_SQUARED,
    SMRI_AUDIT_IMPUTATION_RMSE,
    SMRI_AUDIT_IMPUTATION_MAE,
    SMRI_AUDIT_IMPUTATION_HOLES,
    SMRI_AUDIT_IMPUTATION_FILLED,
    SMRI_AUDIT_PART_COUNT
} smri_audit_part;

typedef struct smri_audit_section {
    const char **rows, **columns;
    double *values;
    size_t count, row_capacity, column_capacity, value_capacity;
} smri_audit_section;

struct smr_audit {
    atomic_size_t references;
    smr_context *context;               /* owned reference, NULL: default */
    smri_arena arena;                   /* names of components */
    smr_model *model;                   /* owned reference */
    smr_dataset *dataset;               /* owned reference: the ids of the regions */
    smri_audit_section sections[SMRI_AUDIT_PART_COUNT];
};

/* An audit being made. */
typedef struct smri_auditor {
    smr_audit *audit;
    const smr_context *memory;
    const smr_model *model;
    smr_audit_options options;
    double **scores;                    /* by node, one a row that is looked at */
    uint8_t **statuses;                 /* likewise, of indicators */
    size_t *rows;                       /* their places in the dataset */
    size_t n;
    smri_correlations correlations;     /* of all nodes */
    bool failed;                        /* out of memory in smri_audit_put() */
} smri_auditor;

/* An audit without cells; NULL: out of memory. */
smr_audit *smri_audit_new(smr_context *context, const smr_model *model, smr_dataset *dataset);
/* One cell; the texts must live as long as the audit. */
void smri_audit_put(smri_auditor *auditor, int part, const char *row, const char *column, double value);
/* The statistics of a set of nodes that stands under `name`; `all`: all indicators together. */
smr_status smri_audit_family(smri_auditor *auditor, const char *name, const uint32_t *nodes, uint32_t count, bool all,
                             smr_error *error);
/* What is odd: pairs that go together too much or against each other, children that their parent does not follow. */
void smri_audit_flags(smri_auditor *auditor);
extern const char *const smri_audit_names[SMRI_AUDIT_PART_COUNT];

/* ---- audit_imputation.c ---- */

/* A group a row for the methods that ask for one. */
typedef struct smri_groups {
    const uint32_t *of_row;         /* SMRI_NONE: none; NULL: no groups */
    uint32_t count;
} smri_groups;

/* What to try on what. */
typedef struct smri_imputation_audit {
    const smri_matrix *matrix;      /* every indicator after denominate */
    const smri_choice *choices;     /* methods of the step impute */
    uint32_t choice_count;
    const smri_groups *groups;      /* by choice; NULL: none has any */
    /* Rows of each region one after another in order of time, where they start (one more than regions), and the day of
     * each row as in fill_series; NULL: no periods, and methods along time fill nothing. */
    const size_t *series_rows, *series_starts;
    size_t series_count;
    const int64_t *days;
    uint64_t seed;
    double share;                   /* of the known cells that are taken out */
    uint32_t repeats;               /* patterns of holes; 0 is 1 */
} smri_imputation_audit;

typedef struct smri_imputation_score {
    size_t holes, filled;           /* cells taken out, and those of them that the method filled */
    double r_squared;               /* 1 - sum of squared errors / squared distances of the truth from its mean */
    double rmse, mae;               /* in the unit of the indicator; of all together in standard deviations */
} smri_imputation_score;            /* of the filled cells; NaN: nothing to tell from */

/* scores: choice after choice, one for each indicator and then one for all of them together. */
smr_status smri_audit_imputation(const smr_context *context, const smri_imputation_audit *audit,
                                 smri_imputation_score *scores, smr_error *error);

#endif
