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
    SMRI_STEP_SCREEN,
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
    SMRI_PARAMETER_CHOICE,      /* one of `choices`, "a|b|c"; or, where least < greatest, a whole number (no text then) */
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

/* ---- shape.c ---- */

/* Spreadsheet SKEW and KURT of a summary with SMRI_NEED_SHAPE; NaN without spread, for fewer than 3 or 4 values, or
 * where a power of the distances is beyond the range of a double. */
double smri_skewness(const smri_summary *summary);
double smri_kurtosis(const smri_summary *summary);
typedef struct smri_shape {
    double skewness, kurtosis;
} smri_shape;
/* The same of the values that are not NaN, whatever their size. false: out of memory. */
bool smri_shape_make(const smr_context *context, const double *x, size_t n, smri_shape *shape);
/* The power of two at or below |x|, never 0 or infinite: to divide by it loses nothing. */
double smri_binary_scale(double x);

/* A column of the reference data, as a fit sees it. */
typedef struct smri_sample {
    const double *x;            /* NaN: missing */
    size_t n;
    const uint32_t *groups;     /* a group a row, SMRI_NONE: none; NULL when the method asks for none */
    uint32_t group_count;
    smri_summary summary;       /* what the row's `needs` asks for */
    double reference;           /* x of the region that the option "reference" names, as the method sees x; NaN: none */
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

/* ---- matrix.c ---- */

/* Mean and standard deviation (ddof 1) of every column; 0 where it has no spread, and the mean NaN where it has no
 * value. false: out of memory. */
bool smri_matrix_moments(const smri_matrix *matrix, double *means, double *sds);
/* (x - mean)/sd; NaN without spread. */
double smri_standardise(double x, double mean, double sd);
/* The rows in an order that follows from what they hold alone: by columns, upward, holes last. false: out of memory. */
bool smri_matrix_order(const smri_matrix *matrix, uint32_t *order);
/* Fills a cell, unless the value is not finite. */
void smri_fill(double *x, uint8_t *status, double value);

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
    const char *const *regions;     /* ids by row */
    const char *const *periods;     /* likewise; NULL: the data have none */
} smri_family_rows;

/* What a normaliser may know of an indicator, on the transformed scale; NaN: not given. */
typedef struct smri_scale {
    int32_t direction;
    int32_t transform;              /* that has been applied */
    double worst, best, optimum, target;
} smri_scale;

/* Scores of the children of one node for n rows, and where they came from. */
typedef struct smri_children {
    const smr_context *context;
    const smri_kernels *kernels;
    const smr_framework *framework;
    uint32_t node;                  /* the parent */
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
    SMRI_METHOD_UNWEIGHTED = 32,    /* an aggregate that takes no weights: one of 0 still leaves a child out */
    SMRI_METHOD_OWN_SCALE = 64, /* an aggregate whose values do not keep to the range of the children */
    SMRI_METHOD_NEEDS_DATES = 128   /* an imputation that measures time: periods that are text have none */
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

    /* aggregate: out[i] from the children's scores that are present; NaN when none is, when there is no result, or when
     * one is outside the domain of the formula (statuses[i] becomes SMR_CELL_OUT_OF_DOMAIN then: an error) */
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
    smr_status (*fit_rows)(const smri_choice *choice, const smri_family_rows *family, smri_arena *arena,
                           smri_fitted *fitted, smr_error *error);
    /* aggregate that is defined on all regions of a period at once, and has no frozen form */
    smr_status (*aggregate_rows)(const smri_choice *choice, const smri_family_rows *family, double *out,
                                 uint8_t *statuses, smr_error *error);
    /* weights that each region has for itself, the node's score being what they make of it; region_weights, n x count,
     * may be NULL */
    smr_status (*score_rows)(const smri_choice *choice, const smri_family_rows *family, double *out,
                             uint8_t *statuses, double *region_weights, smr_error *error);

    /* what can be said before there are data: do the options fit the indicator or the family that the method was
     * chosen for? `node` is the indicator's, or the parent */
    smr_status (*check)(const smri_choice *choice, const smr_framework *framework, uint32_t node, smr_error *error);
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

/* Do the lowest scores of an aggregate rank first? */
bool smri_ranks_upward(const smri_choice *choice);

extern const smri_step_row smri_steps[SMRI_STEP_COUNT];
/* catalogue_STEP.c: the tables; catalogue.c: all of them as one list, steps in the order in which they run. */
extern const smri_method smri_methods_impute[];
extern const size_t smri_methods_impute_count;
extern const smri_method smri_methods_treat[];
extern const size_t smri_methods_treat_count;
extern const smri_method smri_methods_normalise[];
extern const size_t smri_methods_normalise_count;
extern const smri_method smri_methods_weights[];
extern const size_t smri_methods_weights_count;
extern const smri_method smri_methods_aggregate[];
extern const size_t smri_methods_aggregate_count;
size_t smri_catalogue_count(void);
const smri_method *smri_catalogue_at(size_t index);                     /* NULL beyond the last */

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

/* ---- correlation.c ---- */

typedef enum smri_correlation { SMRI_PEARSON, SMRI_SPEARMAN, SMRI_KENDALL, SMRI_CORRELATION_COUNT } smri_correlation;

/* Square matrices, one number a pair of columns. A matrix that is NULL is not wanted (p without r never is). */
typedef struct smri_correlations {
    double *r[SMRI_CORRELATION_COUNT];  /* NaN: no spread, or less than two rows */
    double *p[SMRI_CORRELATION_COUNT];  /* two-sided, Student's t or (Kendall) normal; NaN: less than three rows */
    size_t *rows;                       /* in which both columns have a value; never NULL */
} smri_correlations;
/* Pairwise complete: a pair is compared over the rows in which both have a value. */
smr_status smri_correlate(const smr_context *context, const double *const *columns, uint32_t count, size_t n,
                          smri_correlations *result, smr_error *error);

/* ---- components.c; matrices are row after row ---- */

typedef enum smri_retain { SMRI_RETAIN_KAISER, SMRI_RETAIN_SHARE, SMRI_RETAIN_NUMBER } smri_retain;

/* Eigenvalues downward and vectors, one a row, of a correlation matrix. false: out of memory. */
bool smri_principal_components(const smr_context *context, const double *r, uint32_t count, double *values,
                               double *vectors);
/* Components with an eigenvalue above 1, or holding over 10 % of the variance, or `number` of them; at least one. */
uint32_t smri_components_kept(const double *values, uint32_t count, smri_retain retain, uint32_t number);
/* Loadings of the first components: count x kept. */
void smri_component_loadings(const double *values, const double *vectors, uint32_t count, uint32_t kept,
                             double *loadings);
/* Turns loadings by varimax with Kaiser's normalisation; `explained` gets the sum of squares of each factor, downward.
 * Loadings of a factor sum to a positive number. false: out of memory. */
bool smri_varimax(const smr_context *context, double *loadings, uint32_t count, uint32_t kept, double *explained);

/* ---- reliability.c ---- */

/* Copies of columns without the rows in which one of them has no value. */
typedef struct smri_complete {
    double **columns;
    size_t *rows;                       /* where they stood */
    uint32_t count;
    size_t n;
} smri_complete;
bool smri_complete_rows(const smr_context *context, const double *const *columns, uint32_t count, size_t n,
                        smri_complete *complete);
void smri_complete_free(const smr_context *context, smri_complete *complete);
/* Pairwise complete, in a unit that is the same for all pairs; NaN: less than two rows. false: out of memory. */
bool smri_covariances(const smr_context *context, const double *const *columns, uint32_t count, size_t n,
                      double *covariances);
/* Cronbach's alpha of all columns but `without` (count: of all); NaN where it is not defined, as all below. */
double smri_alpha_raw(const double *covariances, uint32_t count, uint32_t without);
double smri_alpha_standardised(const double *r, uint32_t count, uint32_t without);
double smri_mean_correlation(const double *r, uint32_t count, uint32_t without);
/* Correlation of one column's z-scores with the sum of the others'. */
double smri_item_rest(const double *r, uint32_t count, uint32_t item);
/* false: the matrix has no inverse. */
bool smri_inverse_from_eigen(const double *values, const double *vectors, uint32_t count, double *inverse);
/* Kaiser, Meyer and Olkin's measure of one column, or (item = count) of all. */
double smri_sampling_adequacy(const double *r, const double *inverse, uint32_t count, uint32_t item);
/* Bartlett's statistic, chi-square with count (count - 1)/2 degrees of freedom; all eigenvalues are above 0. */
double smri_bartlett(const double *values, uint32_t count, size_t n);

#include "method/method_rows.inc"

#endif
