/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_SOBOL_H
#define SMARTREGION_SOBOL_H

/** @file
 * Global sensitivity analysis: which assumption drives the result? The variance of an output, over everything that a
 * spec lets vary, is shared out among the factors of the spec: the *first order* index of a factor is the share of the
 * variance that would go if the factor alone were known, its *total order* the share that would stay if all others were
 * known. Where nothing interacts both are the same and sum to 1; what the totals have beyond is interaction.
 *
 * smr_sobol_run() does this for the ranks of regions under an ::smr_uncertainty, the same that a Monte Carlo study
 * takes.
 * smr_sobol_points(), smr_sobol_indices() and smr_sobol_anova() serve any function of the caller's own.
 */

#include <smartregion/common.h>
#include <smartregion/dataset.h>
#include <smartregion/framework.h>
#include <smartregion/plan.h>
#include <smartregion/robust.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How indices are made. @since 1.0 */
enum smr_sobol_estimator {
    SMR_SOBOL_AUTO = 0,     /**< exact where every factor is discrete and the grid is small, else azzini */
    SMR_SOBOL_AZZINI = 1,   /**< both orders from A, B, AB and BA */
    SMR_SOBOL_SALTELLI = 2, /**< first order of Saltelli, total of Jansen, from A, B and AB */
    SMR_SOBOL_JANSEN = 3,   /**< both orders of Jansen, from A, B and AB */
    SMR_SOBOL_EXACT = 4     /**< the analysis of variance on the full grid */
};

/** Columns of a row of indices, one row a factor. @since 1.0 */
enum smr_sobol_column {
    SMR_SOBOL_FIRST = 0,      /**< first order */
    SMR_SOBOL_FIRST_LOW = 1,  /**< low end of its interval */
    SMR_SOBOL_FIRST_HIGH = 2, /**< high end */
    SMR_SOBOL_TOTAL = 3,      /**< total order */
    SMR_SOBOL_TOTAL_LOW = 4,  /**< low end of its interval */
    SMR_SOBOL_TOTAL_HIGH = 5, /**< high end */
    SMR_SOBOL_COLUMNS = 6     /**< their number */
};

/** Whether an output has indices, and why not. The list only grows. @since 1.0 */
enum smr_sobol_status {
    SMR_SOBOL_OK = 0,         /**< it has */
    SMR_SOBOL_CONSTANT = 1,   /**< the output does not vary, beyond rounding */
    SMR_SOBOL_RARE_EVENT = 2, /**< it differs from its most frequent value in fewer than 30 evaluations */
    SMR_SOBOL_TOO_FEW = 3,    /**< fewer than two rows, or no more than 30 evaluations, can be used */
    SMR_SOBOL_INCOMPLETE = 4  /**< a cell of the grid has no value: the exact analysis needs all */
};

/**
 * The symbolic name of a status of an output, for example "rare_event".
 * @param status one of ::smr_sobol_status
 * @return static text; "unknown" for a number this version does not have
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_sobol_status_name(int32_t status);

/** What is known of one output beside its indices. Start with smr_sobol_summary_init(). @since 1.0 */
typedef struct smr_sobol_summary {
    uint32_t size;          /**< sizeof(smr_sobol_summary) of the caller */
    int32_t status;         /**< one of ::smr_sobol_status; without ::SMR_SOBOL_OK every index is NaN */
    uint64_t rows;          /**< rows of the samples that were used; of a grid its cells */
    uint64_t rows_left_out; /**< rows with a missing evaluation, which are left out as a whole */
    uint64_t evaluations;   /**< evaluations in the rows that were used */
    double mean;            /**< of the evaluations of A and B; of a grid the exact mean; NaN: none */
    double variance;        /**< likewise, over their number; NaN: none */
} smr_sobol_summary;

/**
 * Writes the defaults: nothing known.
 * @param summary NULL does nothing
 * @param size    `sizeof(smr_sobol_summary)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_sobol_summary_init(smr_sobol_summary *summary, size_t size);

/* ---- points ---- */

/** Which points. Start with smr_sobol_points_options_init(). @since 1.0 */
typedef struct smr_sobol_points_options {
    uint32_t size;            /**< sizeof(smr_sobol_points_options) of the caller */
    int32_t scramble;         /**< 1 (default): scrambled; 0: the sequence itself, which begins at the origin */
    uint64_t seed;            /**< of the scrambling; default 1, 0 is legal */
    uint64_t first_point;     /**< number of the first point that is written; default 0 */
    uint32_t first_dimension; /**< number of the first dimension that is written; default 0 */
    uint32_t reserved;        /**< 0 */
} smr_sobol_points_options;

/**
 * Writes the defaults.
 * @param options NULL does nothing
 * @param size    `sizeof(smr_sobol_points_options)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_sobol_points_options_init(smr_sobol_points_options *options, size_t size);

/**
 * Number of dimensions that there are.
 * @return 1111 in this version; it only grows, and dimensions never change
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API uint32_t smr_sobol_dimension_count(void);

/**
 * Points of a Sobol' sequence: of 2^m points from the first, each dimension has one in every interval of length 2^-m,
 * and all together fill the cube more evenly than random points do. A point and a coordinate depend on seed, number and
 * dimension alone, so that any part of a sample can be made anywhere. Coordinates are multiples of 2^-53 in [0, 1).
 *
 * Scrambling maps the binary digits of each dimension by a random lower triangular matrix with a unit diagonal and
 * shifts them at random: every point is then uniform on the cube, and the points are as even as before. Use numbers of
 * points that are powers of two.
 * @param context    NULL: the default context
 * @param count      number of points; `first_point` + @p count is 2^53 at most
 * @param dimensions number of dimensions; `first_dimension` + @p dimensions is smr_sobol_dimension_count() at most
 * @param options    NULL: all defaults
 * @param[out] points @p dimensions columns of @p count coordinates, one column after another; unchanged on failure
 * @param error      may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT
 * Thread rule: any thread. Complexity: O(count x dimensions).
 * Source: Sobol' (1967), USSR Computational Mathematics and Mathematical Physics 7; Joe and Kuo (2008), SIAM Journal on
 * Scientific Computing 30 (direction numbers, list new-joe-kuo-6.21201); Owen (1998), Journal of Complexity 14, and
 * Matousek (1998), ibid. (scrambling).
 * @since 1.0
 */
SMR_API smr_status smr_sobol_points(smr_context *context, size_t count, uint32_t dimensions,
                                    const smr_sobol_points_options *options, double *points, smr_error *error);

/* ---- indices of any function ---- */

/** How indices are estimated. Start with smr_sobol_options_init(). @since 1.0 */
typedef struct smr_sobol_options {
    uint32_t size;       /**< sizeof(smr_sobol_options) of the caller */
    int32_t estimator;   /**< one of ::smr_sobol_estimator; default auto */
    uint32_t resamples;  /**< of the bootstrap; default 1000; 0: no intervals */
    uint32_t reserved;   /**< 0 */
    uint64_t seed;       /**< of the bootstrap; default 1, 0 is legal */
    double confidence;   /**< of the intervals, above 0 and below 1; default 0.95 */
} smr_sobol_options;

/**
 * Writes the defaults.
 * @param options NULL does nothing
 * @param size    `sizeof(smr_sobol_options)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_sobol_options_init(smr_sobol_options *options, size_t size);

/**
 * Indices of a function from its evaluations. A and B are independent samples of @p rows points each, such as two
 * halves of the dimensions of smr_sobol_points(); AB of a factor is A with the factor's coordinates taken from B, BA
 * the converse. A factor may own several coordinates. With f centred and V the variance of fA and fB together, and
 * Q = sum [(fA - fB)^2 + (fBA - fAB)^2]:
 *
 * | estimator | first order | total order |
 * |---|---|---|
 * | azzini | 2 sum (fBA - fB)(fA - fAB) / Q | sum [(fB - fBA)^2 + (fA - fAB)^2] / Q |
 * | saltelli | mean fB (fAB - fA) / V | as jansen |
 * | jansen | 1 - mean (fB - fAB)^2 / 2V | mean (fA - fAB)^2 / 2V |
 *
 * Intervals: percentiles (type 7) of the estimates from resamples of the rows. They are those of independent rows, and
 * on the wide side for points that fill the cube evenly. A row with a NaN anywhere is left out as a whole.
 * @param context NULL: the default context
 * @param a       f at A, one a row
 * @param b       f at B, one a row
 * @param ab      f at AB, factor after factor, @p rows each
 * @param ba      f at BA, likewise; NULL is allowed for saltelli and jansen
 * @param rows    number of rows, 1 or more
 * @param factors number of factors, 1 or more
 * @param options NULL: all defaults; the estimator auto is azzini, exact is an error
 * @param[out] indices @p factors rows of ::SMR_SOBOL_COLUMNS numbers; NaN: not defined, or no interval asked for
 * @param[out] summary status, numbers used, mean and variance; started with smr_sobol_summary_init(); NULL is allowed
 * @param error   may be NULL
 * @return ::SMR_OK (also where the output has no indices: see the status), ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_DATA (an
 *         evaluation is infinite), ::SMR_ERROR_CANCELLED, ::SMR_ERROR_MEMORY; on failure the outputs are unchanged
 * Thread rule: any thread. The same bits with any number of threads. Complexity: O(rows x factors x resamples).
 * Source: Sobol' (1993), Mathematical Modelling and Computational Experiments 1; Azzini, Mara, Rosati (2021),
 * Environmental Modelling & Software 144; Saltelli and others (2010), Computer Physics Communications 181; Jansen
 * (1999), ibid. 117; Archer, Saltelli, Sobol' (1997), Journal of Statistical Computation and Simulation 58 (bootstrap).
 * @since 1.0
 */
SMR_API smr_status smr_sobol_indices(smr_context *context, const double *a, const double *b, const double *ab,
                                     const double *ba, size_t rows, uint32_t factors, const smr_sobol_options *options,
                                     double *indices, smr_sobol_summary *summary, smr_error *error);

/**
 * Indices of a function of discrete factors, exactly: first order Var(E[f | x_i]) / V, total order
 * E[Var(f | all but x_i)] / V over the full grid of levels. The ends of the intervals are the indices themselves.
 * @param context       NULL: the default context
 * @param values        f at every combination of levels, the last factor fastest; NaN where a combination that has a
 *                      chance is missing: the status is then ::SMR_SOBOL_INCOMPLETE
 * @param levels        number of levels of each factor, 1 or more
 * @param factors       number of factors, 1 or more
 * @param probabilities of the levels, factor after factor: 0 or more, divided by the sum of each factor, which is above
 *                      0; NULL: the levels of a factor are equally likely
 * @param[out] indices  @p factors rows of ::SMR_SOBOL_COLUMNS numbers
 * @param[out] summary  as of smr_sobol_indices(); NULL is allowed
 * @param error         may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_DATA (a value is infinite), ::SMR_ERROR_MEMORY; on failure the
 *         outputs are unchanged
 * Thread rule: any thread. Complexity: O(cells x factors).
 * Source: Sobol' (1993), Mathematical Modelling and Computational Experiments 1.
 * @since 1.0
 */
SMR_API smr_status smr_sobol_anova(smr_context *context, const double *values, const uint32_t *levels,
                                   uint32_t factors, const double *probabilities, double *indices,
                                   smr_sobol_summary *summary, smr_error *error);

/* ---- the index and what drives it ---- */

/** Which factor drives which output. Sealed. @since 1.0 */
typedef struct smr_sobol smr_sobol;

/** What is drawn and what is looked at. Start with smr_sobol_study_options_init(). @since 1.0 */
typedef struct smr_sobol_study_options {
    uint32_t size;       /**< sizeof(smr_sobol_study_options) of the caller */
    int32_t estimator;   /**< one of ::smr_sobol_estimator; default auto */
    uint64_t draws;      /**< rows N of the samples, 2 or more, best a power of two; default ::SMR_DRAWS_OF_SPEC,
                              which is 1,024 where the spec does not say */
    uint64_t seed;       /**< of the points and the bootstrap; counts when `own_seed` is set */
    uint32_t own_seed;   /**< 0 (default): the spec's seed, or 1; else `seed` */
    uint32_t resamples;  /**< of the bootstrap; default 1000; 0: no intervals */
    double confidence;   /**< of the intervals, above 0 and below 1; default 0.95 */
    const char *outputs; /**< further outputs, such as "score,top7:ID"; NULL (default): none */
    const char *period;  /**< whose ranks; NULL (default): the latest period */
} smr_sobol_study_options;

/**
 * Writes the defaults.
 * @param options NULL does nothing
 * @param size    `sizeof(smr_sobol_study_options)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_sobol_study_options_init(smr_sobol_study_options *options, size_t size);

/**
 * Shares the variance of ranks out among the factors of a spec. Each factor is a group of dimensions of scrambled
 * Sobol' points, exchanged as one between A and B; with k factors there are N (2k + 2) evaluations, for saltelli and
 * jansen N (k + 2). Where every factor takes one of a few alternatives and the grid of all combinations has no more
 * cells than that, the estimator auto evaluates each of them once and is exact.
 *
 * | output | what |
 * |---|---|
 * | `mean_abs_rank_shift` | mean of the distances between a region's rank and its rank under the plan as it is |
 * | `rank:ID` | rank of the region at the index, one output a region |
 * | `score:ID` | its score; asked for by "score" (every region) or "score:ID" |
 * | `topN:ID` | 1 where its rank is N or better, else 0; asked for by "top7" (any N, every region) or "top7:ID" |
 *
 * An evaluation that fails is counted and reported, and its row left out as a whole; so is the row of a region that has
 * no rank in one of its evaluations, for the outputs of that region.
 * @param context   NULL: the default context
 * @param framework what is measured
 * @param dataset   the values
 * @param plan      how; NULL: the framework's own plan
 * @param uncertainty what varies; NULL: every weight by up to 25 %
 * @param options   NULL: all defaults
 * @param[out] study to be given back with smr_sobol_unref()
 * @param error     may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT (also: exact is asked for and a factor is not discrete or the grid too large),
 *         ::SMR_ERROR_PLAN (the spec; the message names the factor), ::SMR_ERROR_NOT_FOUND (an output or the period),
 *         ::SMR_ERROR_COMPUTE (no row is without a failure), ::SMR_ERROR_CANCELLED, ::SMR_ERROR_MEMORY, and as
 *         smr_model_fit()
 * Thread rule: any thread. The same bits with any number of threads. Complexity: O(N k) scorings and O(N k outputs
 * resamples). Memory: 8 bytes an output and evaluation.
 * Source: Saisana, Saltelli, Tarantola (2005), Uncertainty and sensitivity analysis techniques as tools for the quality
 * assessment of composite indicators, Journal of the Royal Statistical Society A 168 (the outputs); and as
 * smr_sobol_points() and smr_sobol_indices().
 * @since 1.0
 */
SMR_API smr_status smr_sobol_run(smr_context *context, const smr_framework *framework, const smr_dataset *dataset,
                                 const smr_plan *plan, const smr_uncertainty *uncertainty,
                                 const smr_sobol_study_options *options, smr_sobol **study, smr_error *error);

/**
 * Counts one more owner.
 * @param study NULL is allowed
 * @return @p study
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API smr_sobol *smr_sobol_ref(smr_sobol *study);

/**
 * Counts one owner less; the last one frees it.
 * @param study NULL is allowed
 * Thread rule: any thread. Complexity: O(1), the last O(outputs). Errors: none.
 * @since 1.0
 */
SMR_API void smr_sobol_unref(smr_sobol *study);

/**
 * How the indices were made.
 * @param study the study
 * @return one of ::smr_sobol_estimator, never auto; -1 for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API int32_t smr_sobol_estimator_used(const smr_sobol *study);

/**
 * Rows of the samples; where exact, cells of the grid.
 * @param study the study
 * @return the number; 0 for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API uint64_t smr_sobol_draw_count(const smr_sobol *study);

/**
 * Evaluations that were made.
 * @param study the study
 * @return the number; 0 for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API uint64_t smr_sobol_evaluation_count(const smr_sobol *study);

/**
 * Evaluations that failed.
 * @param study the study
 * @return the number; 0 for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API uint64_t smr_sobol_failed_count(const smr_sobol *study);

/**
 * Number of factors, in the order of the spec.
 * @param study NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_sobol_factor_count(const smr_sobol *study);

/**
 * Id of a factor.
 * @param study  the study
 * @param factor from 0
 * @return borrowed from the study; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_sobol_factor(const smr_sobol *study, size_t factor);

/**
 * Number of outputs.
 * @param study NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_sobol_output_count(const smr_sobol *study);

/**
 * Name of an output, such as "rank:VNM".
 * @param study  the study
 * @param output from 0
 * @return borrowed from the study; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_sobol_output(const smr_sobol *study, size_t output);

/**
 * Output of a name.
 * @param study the study
 * @param name  such as "mean_abs_rank_shift"
 * @return the output; -1 when there is none
 * Thread rule: any thread. Complexity: O(outputs). Errors: none.
 * @since 1.0
 */
SMR_API int64_t smr_sobol_find_output(const smr_sobol *study, const char *name);

/**
 * Name of the region of an output.
 * @param study  the study
 * @param output from 0
 * @return borrowed from the study; NULL beyond the last, and where the output is of all regions
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_sobol_output_region_name(const smr_sobol *study, size_t output);

/**
 * The indices of an output: a row of ::SMR_SOBOL_COLUMNS numbers for each factor.
 * @param study  the study
 * @param output from 0
 * @return borrowed from the study; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_sobol_output_indices(const smr_sobol *study, size_t output);

/**
 * Status, rows used, mean and variance of an output.
 * @param study   not NULL
 * @param output  from 0
 * @param summary started with smr_sobol_summary_init()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT
 * Thread rule: any thread. Complexity: O(1).
 * @since 1.0
 */
SMR_API smr_status smr_sobol_output_summary(const smr_sobol *study, size_t output, smr_sobol_summary *summary,
                                            smr_error *error);

/**
 * Writes the study as csv, columns `output,factor,first,first_lo,first_hi,total,total_lo,total_hi`. Numbers are the
 * shortest text that reads back to the same double; what is not defined is an empty field.
 * @param study not NULL
 * @param write receives the text in pieces
 * @param user  passed to @p write
 * @param error may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_WRITE
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(outputs x factors).
 * @since 1.0
 */
SMR_API smr_status smr_sobol_write_csv(const smr_sobol *study, smr_write_callback write, void *user,
                                       smr_error *error);

/**
 * Writes the study as json, "smartregion-sobol/1", with the resolved plan and spec, how the indices were made, and
 * status, rows, mean and variance of each output; rows as in csv, with the status.
 * @param study not NULL
 * @param write receives the text in pieces
 * @param user  passed to @p write
 * @param error may be NULL
 * @return as smr_sobol_write_csv()
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(outputs x factors).
 * @since 1.0
 */
SMR_API smr_status smr_sobol_write_json(const smr_sobol *study, smr_write_callback write, void *user,
                                        smr_error *error);

#ifdef __cplusplus
}
#endif

#endif
