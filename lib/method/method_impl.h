/* SPDX-License-Identifier: MIT */
#ifndef SMRI_METHOD_IMPL_H
#define SMRI_METHOD_IMPL_H

/* Room 3: every method is one function and one row of the catalogue. Pure functions on columns: they know neither the
 * tree nor the order of the steps. */

#include "model/model_impl.h"

#include <smartregion/catalogue.h>
#include <smartregion/scorecard.h>

/* ---- catalogue.c: steps, methods, parameters ---- */

typedef enum smri_step {
    SMRI_STEP_DENOMINATE,
    SMRI_STEP_ROLLUP,
    SMRI_STEP_IMPUTE,
    SMRI_STEP_TREAT,
    SMRI_STEP_NORMALISE,
    SMRI_STEP_WEIGHTS,
    SMRI_STEP_AGGREGATE,
    SMRI_STEP_MISSING,
    SMRI_STEP_RANK,
    SMRI_STEP_COUNT
} smri_step;

typedef enum smri_parameter_type {
    SMRI_PARAMETER_NUMBER,
    SMRI_PARAMETER_INTEGER,
    SMRI_PARAMETER_BOOLEAN,
    SMRI_PARAMETER_CHOICE,      /* one of `choices`, "a|b|c" */
    SMRI_PARAMETER_TEXT,
    SMRI_PARAMETER_RANGE,       /* [low, high], low < high */
    SMRI_PARAMETER_JSON         /* an object or a list that the method reads itself */
} smri_parameter_type;

typedef struct smri_parameter {
    const char *name;           /* NULL ends a list */
    smri_parameter_type type;
    const char *default_json;   /* "null": none */
    double least, greatest;     /* legal numbers; equal: any */
    const char *choices;        /* of a choice, "a|b|c"; else as `legal` */
    const char *summary;
    bool required;              /* no default, and the method cannot do without */
    const char *legal;          /* what is legal, for people; never NULL */
} smri_parameter;

/* One parameter's value after resolving. */
typedef struct smri_setting {
    bool given;                 /* false: null, nothing given and no default */
    double number;              /* number, integer, boolean (0, 1); low end of a range; index of a choice */
    double second;              /* high end of a range */
    const char *text;           /* text, choice */
    const smri_value *value;    /* as in the resolved plan */
} smri_setting;

struct smri_method;

/* A method with its options, as a plan chose it. settings[i] belongs to method->parameters[i]. */
typedef struct smri_choice {
    const struct smri_method *method;
    const smri_setting *settings;
} smri_choice;

/* Numbers that the data decided. Their meaning is the method's, and stands in its row. */
typedef struct smri_fitted {
    double *numbers;
    size_t count;
} smri_fitted;

/* ---- what a method may ask of a column before it fits: all of it mergeable or sortable ---- */

enum smri_need {
    SMRI_NEED_NOTHING = 0,
    SMRI_NEED_EXTENT = 1,       /* count, least, greatest */
    SMRI_NEED_MEAN = 2,         /* count, mean */
    SMRI_NEED_VARIANCE = 4,     /* count, mean, squares */
    SMRI_NEED_SORTED = 8,       /* sorted, count */
    SMRI_NEED_SHAPE = 16        /* count, mean, squares, cubes, fourths */
};

typedef struct smri_summary {
    size_t count;               /* values that are not missing */
    double least, greatest;
    double mean;                /* exact sum, rounded once, over count */
    double squares, cubes, fourths; /* exact sums of the rounded powers of x - mean */
    const double *sorted;       /* upward */
} smri_summary;

/* Fills what `needs` asks for from x (sign -1: from -x), and stirs x into the lanes of a fingerprint unless NULL. `sorted` is allocated when asked for: smri_summary_free(). */
bool smri_summary_make(const smr_context *context, const double *x, size_t n, double sign, uint32_t needs,
                       uint64_t *fingerprint, smri_summary *summary);
void smri_summary_free(const smr_context *context, smri_summary *summary);
double smri_summary_variance(const smri_summary *summary, int ddof);   /* NaN when count <= ddof */
/* Quantile of sorted values, types 1 to 9 of Hyndman and Fan (1996); NaN when there is none. */
double smri_quantile(const double *sorted, size_t count, double probability, int type);
/* (a + b) / 2 without overflow; a where they are equal. */
double smri_midpoint(double a, double b);

/* A column of the reference data, as a fit sees it. */
typedef struct smri_sample {
    const double *x;            /* NaN: missing */
    size_t n;
    const uint32_t *groups;     /* a group a row, SMRI_NONE: none; NULL when the method asks for none */
    uint32_t group_count;
    smri_summary summary;       /* what the row's `needs` asks for */
    double reference;           /* value of the region that the option "reference" names; NaN: none */
} smri_sample;

/* Every indicator after denominate, for methods that look across a row. */
typedef struct smri_matrix {
    const smr_context *context;
    const double *const *columns;   /* count arrays of n; NaN: missing */
    uint32_t count;
    size_t n;
    const uint32_t *families;       /* by column: number of its parent node */
    const double *signs;            /* by column: -1 where lower is better, else 1 */
} smri_matrix;

/* One family with all its rows, for what is decided from, or defined on, all regions at once. */
typedef struct smri_family_rows {
    const smr_context *context;
    const smr_framework *framework;
    uint32_t node;                  /* the parent */
    const double *const *scores;    /* by child, n each; NaN: missing */
    const double *weights;          /* by child; NULL while they are being decided */
    uint32_t count;
    size_t n;
    double low, high;               /* the children's range; NaN when they have none */
    const char *const *regions;     /* ids, for messages */
} smri_family_rows;

/* What a normaliser may know of an indicator, on the transformed scale; NaN: not given. */
typedef struct smri_scale {
    int32_t direction;
    double worst, best, optimum, target;
} smri_scale;

/* Scores of the children of one node for n rows, and where they came from. */
typedef struct smri_children {
    const smr_context *context;
    const smri_kernels *kernels;
    const double *const *scores;    /* count arrays of n; NaN: missing */
    const double *weights;          /* of the children; a child of weight 0 takes no part */
    uint32_t count;
    size_t n;
    double low, high;               /* the children's range; NaN when they have none */
    double *scratch;                /* 4 x n doubles of the caller's */
    const smri_fitted *fitted;      /* of the node's method */
} smri_children;

/* Flags of a row. */
enum smri_method_flag {
    SMRI_METHOD_OWN_DIRECTION = 1,  /* sees x as it is, knows the direction itself */
    SMRI_METHOD_NEEDS_GROUPS = 2,   /* its parameter "group" names a text column */
    SMRI_METHOD_LOGARITHM = 4,      /* a treatment that leaves the scale of the goalposts */
    SMRI_METHOD_NEEDS_GOALPOSTS = 8,
    SMRI_METHOD_LOWER_IS_BETTER = 16, /* an aggregate that is ranked upward, and may only stand at the root */
    SMRI_METHOD_UNWEIGHTED = 32     /* an aggregate that takes no weights */
};

typedef struct smri_method {
    smri_step step;
    const char *name, *summary, *formula, *source;
    const smri_parameter *parameters;
    uint32_t flags;
    uint32_t needs;                 /* of the summary */
    const char *fitted;             /* what the fitted numbers are; NULL: none */
    uint32_t fitted_count;          /* their number when there are any; 0: it depends on the data */

    /* impute, treat, normalise: decides the fitted numbers (allocated in the arena; none when the reference has no
     * value to decide from); false: out of memory. NULL: nothing to decide */
    bool (*fit)(const smri_choice *choice, const smri_sample *sample, const smri_scale *scale, smri_arena *arena,
                smri_fitted *fitted);
    /* impute, treat: changes x in place; statuses hold smr_cell_status a row. groups as in smri_sample */
    void (*change)(const smri_choice *choice, const smri_fitted *fitted, const uint32_t *groups, double *x,
                   uint8_t *statuses, size_t n);
    /* normalise: either an affine map; false: the reference has no spread, and every observed value becomes
     * smri_normalise_constant(). A row that has both functions says false when the map is not affine: `normalise`
     * then does everything itself ... */
    bool (*affine)(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale, smri_affine *map);
    /* ... or a function; y may equal x */
    void (*normalise)(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale, const double *x,
                      double *y, uint8_t *statuses, size_t n);
    /* normalise: the range that its values are meant to lie in; false or NULL: it has none */
    bool (*range)(const smri_choice *choice, double *low, double *high);

    /* weights: the weights of the children of `node`, in order, as they are given: not yet divided by their sum */
    smr_status (*weigh)(const smri_choice *choice, const smr_framework *framework, uint32_t node, double *weights,
                        smr_error *error);

    /* aggregate: out[i] from the children's scores that are present, NaN when none is or when one is outside the
     * domain of the formula (statuses[i] becomes SMR_CELL_OUT_OF_DOMAIN then) */
    void (*aggregate)(const smri_choice *choice, const smri_children *children, double *out, uint8_t *statuses);

    /* impute along time: x and days are one region's periods in order; fills x and marks what it filled */
    void (*fill_series)(const smri_choice *choice, const int64_t *days, double *x, uint8_t *statuses, size_t n);
    /* impute across indicators: one fit for all columns, then column by column; `x` is a copy of that column */
    bool (*fit_matrix)(const smri_choice *choice, const smri_matrix *matrix, smri_arena *arena, smri_fitted *fitted);
    bool (*fill_matrix)(const smri_choice *choice, const smri_fitted *fitted, const smri_matrix *matrix,
                        uint32_t column, double *x, uint8_t *statuses);

    /* weights from data, on rows in which every child has a score */
    smr_status (*weigh_rows)(const smri_choice *choice, const smri_family_rows *family, double *weights,
                             smr_error *error);
    /* aggregate: constants that the reference decides for a node */
    bool (*fit_rows)(const smri_choice *choice, const smri_family_rows *family, smri_arena *arena,
                     smri_fitted *fitted);
    /* aggregate that is defined on all regions of a period at once, and has no frozen form */
    smr_status (*aggregate_rows)(const smri_choice *choice, const smri_family_rows *family, double *out,
                                 uint8_t *statuses, smr_error *error);
    /* weights that each region has for itself, the node's score being what they make of it; region_weights, n x count,
     * may be NULL */
    smr_status (*score_rows)(const smri_choice *choice, const smri_family_rows *family, double *out,
                             uint8_t *statuses, double *region_weights, smr_error *error);
} smri_method;

/* A step as the plan spells it: its own parameters (not a method's) and whether it has methods. */
typedef struct smri_step_row {
    const char *name;
    const char *default_method;     /* NULL: the step has no methods */
    const smri_parameter *parameters;
    const char *overrides;          /* "indicators", "nodes" or NULL: what may override it one by one */
    const char *summary;
} smri_step_row;

/* Does an imputation method fill anything, one way or another? */
static inline bool smri_method_imputes(const smri_method *method)
{
    return method->change || method->fill_series || method->fill_matrix;
}

extern const smri_step_row smri_steps[SMRI_STEP_COUNT];
extern const smri_method smri_catalogue[];
extern const size_t smri_catalogue_count;

const smri_method *smri_method_find(smri_step step, const char *name);  /* NULL: none */
/* The method whose name is nearest to a misspelt one; NULL: none near. */
const char *smri_method_nearest(smri_step step, const char *name);
/* Index of a parameter in a list, -1: none. */
int smri_parameter_find(const smri_parameter *parameters, const char *name);
size_t smri_parameter_count(const smri_parameter *parameters);
/* Position of `text` in "a|b|c", -1: none. */
int smri_choice_find(const char *choices, const char *text);
/* The setting of a parameter that the method has. */
const smri_setting *smri_setting_of(const smri_choice *choice, const char *name);

/* ---- transform.c ---- */

/* In place; outside the domain: NaN and status out_of_domain. */
void smri_transform(int32_t transform, const smri_kernels *kernels, double *x, uint8_t *statuses, size_t n);
double smri_transform_one(int32_t transform, double x);                 /* NaN outside the domain */

/* ---- denominate.c ---- */

/* x / denominator * scale in place; zero or missing denominator, or one so small that the result overflows: NaN,
 * status bad_denominator. */
void smri_denominate(double *x, const double *denominator, double scale, uint8_t *statuses, size_t n);

/* ---- the functions of the rows, one file a stage ---- */

/* summary.c: least and greatest */
bool smri_fit_extent(const smri_choice *, const smri_sample *, const smri_scale *, smri_arena *, smri_fitted *);
/* Copies numbers into the arena. */
bool smri_fitted_set(smri_arena *arena, smri_fitted *fitted, const double *numbers, size_t count);

/* impute.c */
bool smri_impute_mean_fit(const smri_choice *, const smri_sample *, const smri_scale *, smri_arena *, smri_fitted *);
bool smri_impute_median_fit(const smri_choice *, const smri_sample *, const smri_scale *, smri_arena *, smri_fitted *);
bool smri_impute_constant_fit(const smri_choice *, const smri_sample *, const smri_scale *, smri_arena *,
                              smri_fitted *);
bool smri_impute_group_mean_fit(const smri_choice *, const smri_sample *, const smri_scale *, smri_arena *,
                                smri_fitted *);
bool smri_impute_group_median_fit(const smri_choice *, const smri_sample *, const smri_scale *, smri_arena *,
                                  smri_fitted *);
void smri_impute_value(const smri_choice *, const smri_fitted *, const uint32_t *, double *, uint8_t *, size_t);
void smri_impute_group_value(const smri_choice *, const smri_fitted *, const uint32_t *, double *, uint8_t *, size_t);

/* treat.c */
bool smri_treat_winsorise_fit(const smri_choice *, const smri_sample *, const smri_scale *, smri_arena *,
                              smri_fitted *);
void smri_treat_clamp(const smri_choice *, const smri_fitted *, const uint32_t *, double *, uint8_t *, size_t);
void smri_treat_log(const smri_choice *, const smri_fitted *, const uint32_t *, double *, uint8_t *, size_t);

/* normalise.c */
bool smri_normalise_moments_fit(const smri_choice *, const smri_sample *, const smri_scale *, smri_arena *,
                                smri_fitted *);
bool smri_normalise_sorted_fit(const smri_choice *, const smri_sample *, const smri_scale *, smri_arena *,
                               smri_fitted *);
bool smri_goalposts_affine(const smri_choice *, const smri_fitted *, const smri_scale *, smri_affine *);
void smri_goalposts(const smri_choice *, const smri_fitted *, const smri_scale *, const double *, double *, uint8_t *,
                    size_t);
bool smri_minmax_affine(const smri_choice *, const smri_fitted *, const smri_scale *, smri_affine *);
bool smri_zscore_affine(const smri_choice *, const smri_fitted *, const smri_scale *, smri_affine *);
bool smri_scaled_affine(const smri_choice *, const smri_fitted *, const smri_scale *, smri_affine *);
bool smri_identity_affine(const smri_choice *, const smri_fitted *, const smri_scale *, smri_affine *);
void smri_normalise_rank(const smri_choice *, const smri_fitted *, const smri_scale *, const double *, double *,
                         uint8_t *, size_t);
void smri_scaled(const smri_choice *, const smri_fitted *, const smri_scale *, const double *, double *, uint8_t *,
                 size_t);
void smri_normalise_percentile_rank(const smri_choice *, const smri_fitted *, const smri_scale *, const double *,
                                    double *, uint8_t *, size_t);
bool smri_range_setting(const smri_choice *, double *, double *);      /* the option `range`; false: not given */
bool smri_range_unit(const smri_choice *, double *, double *);         /* the option `range`, else 0..1 */
/* What the option `constant` makes of a column without spread: NaN for `missing`, the middle (of a z-score: its mean)
 * or the upper end of the range. */
double smri_normalise_constant(const smri_choice *choice);

/* weights.c */
smr_status smri_weights_framework(const smri_choice *, const smr_framework *, uint32_t, double *, smr_error *);
smr_status smri_weights_equal(const smri_choice *, const smr_framework *, uint32_t, double *, smr_error *);
smr_status smri_weights_equal_leaf(const smri_choice *, const smr_framework *, uint32_t, double *, smr_error *);
smr_status smri_weights_given(const smri_choice *, const smr_framework *, uint32_t, double *, smr_error *);

/* aggregate.c */
void smri_aggregate_arithmetic(const smri_choice *, const smri_children *, double *, uint8_t *);
void smri_aggregate_geometric(const smri_choice *, const smri_children *, double *, uint8_t *);
/* What takes the place of scores below it under `zero: floor`; 0 under `zero: error`. */
double smri_zero_epsilon(const smri_choice *, double low, double high);
void smri_aggregate_harmonic(const smri_choice *, const smri_children *, double *, uint8_t *);
void smri_aggregate_power(const smri_choice *, const smri_children *, double *, uint8_t *);
void smri_aggregate_min(const smri_choice *, const smri_children *, double *, uint8_t *);
void smri_aggregate_max(const smri_choice *, const smri_children *, double *, uint8_t *);
void smri_aggregate_median(const smri_choice *, const smri_children *, double *, uint8_t *);

#endif
