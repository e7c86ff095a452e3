/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_ROBUST_H
#define SMARTREGION_ROBUST_H

/** @file
 * Robustness: how sure is a rank? The index is made again and again with weights, methods, goalposts, data and imputed
 * values a little different (uncertainty analysis by Monte Carlo), and what came out is counted: ranks above all.
 *
 * What varies is an ::smr_uncertainty, read from JSON; doc/methods/robustness.md describes every key. Draw `i` depends on
 * the seed and on `i` alone, and only whole numbers are added over draws: ranges of draws may be run anywhere, in any
 * order, and merged to the same bits.
 */

#include <smartregion/ballots.h>
#include <smartregion/common.h>
#include <smartregion/dataset.h>
#include <smartregion/framework.h>
#include <smartregion/funnel.h>
#include <smartregion/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What varies, and how: the spec of a study of uncertainty or sensitivity. Sealed. @since 1.0 */
typedef struct smr_uncertainty smr_uncertainty;

/** The result of draws. Sealed. @since 1.0 */
typedef struct smr_robust smr_robust;

/**
 * Reads a spec: `{"draws": 10000, "seed": 1, "factors": [{"id": "w", "vary": "weights", "distribution": "uniform"}]}`.
 * Factors are checked when the spec is used with a framework, data and a plan.
 * @param context     NULL: the default context
 * @param text        UTF-8 bytes
 * @param length      their number
 * @param source_name for messages, for example the file's name; may be NULL
 * @param[out] uncertainty to be given back with smr_uncertainty_unref()
 * @param error       may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_FORMAT, ::SMR_ERROR_PLAN (draws or seed that are none),
 *         ::SMR_ERROR_UNSUPPORTED, ::SMR_ERROR_LIMIT, ::SMR_ERROR_MEMORY
 * Thread rule: any thread. Complexity: O(length).
 * @since 1.0
 */
SMR_API smr_status smr_uncertainty_read(smr_context *context, const char *text, size_t length, const char *source_name,
                                        smr_uncertainty **uncertainty, smr_error *error);

/**
 * Number of draws that a spec asks for.
 * @param uncertainty NULL asks for none
 * @param otherwise   the answer when the spec does not say
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API uint64_t smr_uncertainty_draws(const smr_uncertainty *uncertainty, uint64_t otherwise);

/**
 * Seed that a spec asks for; 0 is a seed.
 * @param uncertainty NULL asks for none
 * @param otherwise   the answer when the spec does not say
 * @return the seed
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API uint64_t smr_uncertainty_seed(const smr_uncertainty *uncertainty, uint64_t otherwise);

/**
 * Counts one more owner.
 * @param uncertainty NULL is allowed
 * @return @p uncertainty
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API smr_uncertainty *smr_uncertainty_ref(smr_uncertainty *uncertainty);

/**
 * Counts one owner less; the last one frees it.
 * @param uncertainty NULL is allowed
 * Thread rule: any thread. Complexity: O(1), the last O(keys). Errors: none.
 * @since 1.0
 */
SMR_API void smr_uncertainty_unref(smr_uncertainty *uncertainty);

/** Whose scores and ranks are counted. @since 1.0 */
enum smr_robust_nodes {
    SMR_ROBUST_CRITERIA = 0, /**< the index and its children */
    SMR_ROBUST_INDEX = 1,    /**< the index alone */
    SMR_ROBUST_INNER = 2,    /**< every node that is no indicator */
    SMR_ROBUST_ALL = 3       /**< every node */
};

/** What is counted beside ranks: bits of smr_robust_options.outputs. @since 1.0 */
enum smr_robust_outputs {
    SMR_ROBUST_SCORES = 1,   /**< quantiles of scores */
    SMR_ROBUST_PAIRWISE = 2, /**< how often each region ranks above each other */
    SMR_ROBUST_WEIGHTS = 4   /**< central weights and confidence factors */
};

/** A number of draws: the spec's, or 10,000. @since 1.0 */
#define SMR_DRAWS_OF_SPEC UINT64_MAX

/** How draws are run. Start with smr_robust_options_init(). @since 1.0 */
typedef struct smr_robust_options {
    uint32_t size;       /**< sizeof(smr_robust_options) of the caller */
    int32_t nodes;       /**< one of ::smr_robust_nodes; default the index and its criteria */
    uint64_t draws;      /**< 1 to 2^31; default ::SMR_DRAWS_OF_SPEC */
    uint64_t first_draw; /**< number of the first draw; default 0 */
    uint64_t seed;       /**< counts when `own_seed` is set */
    uint32_t own_seed;   /**< 0 (default): the spec's seed, or 1; else `seed` */
    uint32_t outputs;    /**< bits of ::smr_robust_outputs; default 0 */
    uint32_t partial;    /**< 0 (default): a run that is cancelled fails; else its draws up to then are the result */
    uint32_t reserved;   /**< 0 */
    const char *period;  /**< whose ranks; NULL (default): the latest period */
    const smr_funnel *funnel; /**< whose stages are counted, run on the scores of every draw; NULL (default): none */
    const smr_ballots *const *ballots; /**< as in smr_select_run(): one a stage, or NULL */
    size_t ballot_count;      /**< number of stages, or 0 (default) */
    int32_t year;             /**< as in smr_select_options; default 0 */
    uint32_t exact_bounds;    /**< 0 (default): ::SMR_ROBUST_RANK_BEST and ::SMR_ROBUST_RANK_WORST are those seen; else they
                                   hold over all weights of the spec */
} smr_robust_options;

/**
 * Writes the defaults.
 * @param options NULL does nothing
 * @param size    `sizeof(smr_robust_options)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_robust_options_init(smr_robust_options *options, size_t size);

/**
 * Runs draws: makes the scores anew for each, ranks every node (1 + the number of regions strictly above, by the plan's
 * rounding and tolerance) and counts. A draw that fails is counted with its reason.
 *
 * With smr_robust_options.exact_bounds the best and worst rank of every counted node are those over all weights that the
 * spec allows (smr_bounds_run()), found before the first draw, and no narrower than what was seen. The spec must be one
 * factor of weights, the plan must rank by scores as they are (no rank.decimals and rank.tolerance, ties "competition" or
 * "average"), and every counted node must have bounds: means of one kind, no missing scores that are made up for by
 * weights. A factor of the level "leaf" bounds the index alone (::SMR_ROBUST_INDEX). A run that is cancelled before its
 * first draw fails, `partial` or not.
 * @param context     NULL: the default context
 * @param framework   what to measure
 * @param dataset     the data
 * @param plan        how, as it is without variation; NULL: the framework's own plan over the defaults
 * @param uncertainty what varies; NULL: every weight by up to 25 %
 * @param options     NULL: all defaults
 * @param[out] robust to be given back with smr_robust_unref()
 * @param error       may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT (no draws), ::SMR_ERROR_PLAN (the spec; the message names the factor),
 *         ::SMR_ERROR_NOT_FOUND (period), ::SMR_ERROR_LIMIT, ::SMR_ERROR_CANCELLED, ::SMR_ERROR_MEMORY, and as
 *         smr_model_fit() and smr_model_score() of the plan as it is. With a funnel also those of smr_select_run(), and
 *         ::SMR_ERROR_PLAN when the funnel uses a node that is not counted, or rows of other periods; with exact bounds
 *         also ::SMR_ERROR_UNSUPPORTED, ::SMR_ERROR_COMPUTE
 * Thread rule: any thread; the context's threads share the draws. Complexity: O(draws x rows x nodes), and O(rows^2) or
 * O(rows log rows) a draw and node for ranks. Memory does not grow with the number of draws.
 * Source: Saisana, Saltelli, Tarantola (2005), Journal of the Royal Statistical Society A 168 (uncertainty analysis of
 * composite indicators); Lahdelma, Salminen (2001), Operations Research 49 (SMAA-2); Salmon, Moraes, Dror, Shaw (2011),
 * SC '11 (Philox).
 * @since 1.0
 */
SMR_API smr_status smr_robust_run(smr_context *context, const smr_framework *framework, const smr_dataset *dataset,
                                  const smr_plan *plan, const smr_uncertainty *uncertainty,
                                  const smr_robust_options *options, smr_robust **robust, smr_error *error);

/**
 * Adds up runs of different draws of one study: the same as one run of all of them, bit for bit, whatever the order.
 * Parts with a funnel are those of the same stages, gates, ballots and columns.
 * Exact bounds do not depend on draws: the sum has them when one of the parts does.
 * @param context NULL: the default context
 * @param parts   runs of the same spec, seed, data, plan and options
 * @param count   their number, 1 or more
 * @param[out] robust to be given back with smr_robust_unref()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT (parts that differ, or hold the same draw), ::SMR_ERROR_MEMORY
 * Thread rule: any thread. Complexity: O(count x size of a result).
 * @since 1.0
 */
SMR_API smr_status smr_robust_merge(smr_context *context, const smr_robust *const *parts, size_t count,
                                    smr_robust **robust, smr_error *error);

/**
 * Writes a run as bytes, the same on every machine, for smr_robust_read_part(): the stages of a funnel too. Exact bounds
 * are no part of it: they belong to the whole, and one part that was run here with them gives them to the sum of all.
 * @param robust not NULL
 * @param write  receives the bytes in pieces
 * @param user   passed to @p write
 * @param error  may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_WRITE
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(size of the result).
 * @since 1.0
 */
SMR_API smr_status smr_robust_write_part(const smr_robust *robust, smr_write_callback write, void *user,
                                         smr_error *error);

/**
 * Reads a run that was made elsewhere from the same inputs. The funnel, if it had one, need not be given again.
 * @param context     NULL: the default context
 * @param framework   as in smr_robust_run(), and the three after it
 * @param dataset     the data
 * @param plan        may be NULL
 * @param uncertainty may be NULL
 * @param bytes       what smr_robust_write_part() wrote
 * @param length      their number
 * @param[out] robust to be given back with smr_robust_unref()
 * @param error       may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT (also: made from other inputs), ::SMR_ERROR_FORMAT, ::SMR_ERROR_MEMORY, and as
 *         smr_robust_run()
 * Thread rule: any thread. Complexity: O(length), and that of compiling the spec.
 * @since 1.0
 */
SMR_API smr_status smr_robust_read_part(smr_context *context, const smr_framework *framework,
                                        const smr_dataset *dataset, const smr_plan *plan,
                                        const smr_uncertainty *uncertainty, const void *bytes, size_t length,
                                        smr_robust **robust, smr_error *error);

/**
 * Counts one more owner.
 * @param robust NULL is allowed
 * @return @p robust
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API smr_robust *smr_robust_ref(smr_robust *robust);

/**
 * Counts one owner less; the last one frees it.
 * @param robust NULL is allowed
 * Thread rule: any thread. Complexity: O(1), the last O(size). Errors: none.
 * @since 1.0
 */
SMR_API void smr_robust_unref(smr_robust *robust);

/**
 * Number of draws that were run, failed ones among them.
 * @param robust NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API uint64_t smr_robust_draw_count(const smr_robust *robust);

/**
 * Was the run cancelled before its last draw?
 * @param robust NULL was not
 * @return 1 or 0
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API int32_t smr_robust_is_partial(const smr_robust *robust);

/**
 * Are the best and worst ranks exact bounds (smr_robust_options.exact_bounds), or those seen?
 * @param robust NULL has none
 * @return 1: exact bounds; 0: those seen
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API int32_t smr_robust_is_exact(const smr_robust *robust);

/**
 * Number of exact bounds, best and worst over all counted nodes, that hold but are not proven to be reached by any
 * weights: the search for them was given up (smr_bounds_options.most_nodes).
 * @param robust NULL has none
 * @return the number; 0 without exact bounds
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API uint64_t smr_robust_unproven(const smr_robust *robust);

/**
 * Seed of the run.
 * @param robust NULL has 0
 * @return the seed
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API uint64_t smr_robust_seed(const smr_robust *robust);

/**
 * Number of draws that failed; their scores and ranks are counted nowhere.
 * @param robust NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API uint64_t smr_robust_failed_count(const smr_robust *robust);

/** Why draws failed. Texts are borrowed from the result. @since 1.0 */
typedef struct smr_robust_failure {
    uint32_t size;       /**< sizeof(smr_robust_failure) of the caller */
    int32_t code;        /**< one of ::smr_message_code */
    uint64_t count;      /**< draws that failed with this code */
    uint64_t first_draw; /**< the first of them */
    const char *message; /**< what was wrong in that one */
} smr_robust_failure;

/**
 * Prepares a record of a failure.
 * @param failure NULL does nothing
 * @param size    `sizeof(smr_robust_failure)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_robust_failure_init(smr_robust_failure *failure, size_t size);

/**
 * Number of reasons for which draws failed.
 * @param robust NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_robust_failure_count(const smr_robust *robust);

/**
 * One reason for which draws failed, by code, upward.
 * @param robust not NULL
 * @param index  below smr_robust_failure_count()
 * @param[in,out] failure with `size` set, as smr_robust_failure_init() does; the text is borrowed from the result
 * @param error  may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT
 * Thread rule: any thread. Complexity: O(1).
 * @since 1.0
 */
SMR_API smr_status smr_robust_failure_get(const smr_robust *robust, size_t index, smr_robust_failure *failure,
                                          smr_error *error);

/**
 * Draws that chose an alternative of a factor, and those of them that failed.
 * @param robust      not NULL
 * @param factor      from 0, in the order of the spec
 * @param alternative from 0, in the order of the spec
 * @param[out] draws  may be NULL
 * @param[out] failed may be NULL
 * @return 1; 0 when there is no such factor, or it has no such alternative
 * Thread rule: any thread. Complexity: O(factors). Errors: none.
 * @since 1.0
 */
SMR_API int32_t smr_robust_alternative(const smr_robust *robust, size_t factor, size_t alternative, uint64_t *draws,
                                       uint64_t *failed);

/**
 * Id of a factor.
 * @param robust the result
 * @param factor from 0, in the order of the spec
 * @return borrowed from the result; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_robust_factor_id(const smr_robust *robust, size_t factor);

/**
 * Number of regions that are ranked.
 * @param robust NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_robust_region_count(const smr_robust *robust);

/**
 * Id of a region.
 * @param robust the result
 * @param region from 0, in the order of the data
 * @return borrowed from the result; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_robust_region(const smr_robust *robust, size_t region);

/**
 * Name of a region.
 * @param robust the result
 * @param region from 0, in the order of the data
 * @return borrowed from the result; the id when it has no name; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_robust_region_name(const smr_robust *robust, size_t region);

/**
 * Number of nodes that are counted.
 * @param robust NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_robust_node_count(const smr_robust *robust);

/**
 * Which node of the framework the n-th counted one is; the first is the index.
 * @param robust the result
 * @param node   from 0
 * @return the node in pre-order; SIZE_MAX beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_robust_node(const smr_robust *robust, size_t node);

/**
 * The framework.
 * @param robust the result
 * @return borrowed from the result; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const smr_framework *smr_robust_framework(const smr_robust *robust);

/** One number a region; shares are of the draws that did not fail. @since 1.0 */
enum smr_robust_measure {
    SMR_ROBUST_SCORE = 0,          /**< score of the plan as it is */
    SMR_ROBUST_RANK = 1,           /**< rank of the plan as it is, 1 + the number strictly above */
    SMR_ROBUST_RANK_MEAN = 2,      /**< mean rank over the draws in which it has one */
    SMR_ROBUST_RANK_QUANTILE = 3,  /**< argument: probability; type 1 of Hyndman and Fan, from the histogram */
    SMR_ROBUST_RANK_BEST = 4,      /**< best rank seen; with smr_robust_options.exact_bounds: no weights give a better one */
    SMR_ROBUST_RANK_WORST = 5,     /**< worst rank seen; with smr_robust_options.exact_bounds: no weights give a worse one */
    SMR_ROBUST_RANK_TOP = 6,       /**< argument: N; share of the draws with a rank of N or better */
    SMR_ROBUST_RANK_SHIFT = 7,     /**< mean distance from the rank of the plan as it is */
    SMR_ROBUST_RANK_AT = 8,        /**< argument: r; share of the draws with rank r: rank acceptability */
    SMR_ROBUST_SCORE_MEAN = 9,     /**< mean score, when the scores of all draws are on one scale */
    SMR_ROBUST_SCORE_QUANTILE = 10, /**< argument: probability; within smr_robust_cell_width(); with ::SMR_ROBUST_SCORES */
    /** share of draws in which its index ranks first with its central weights; with ::SMR_ROBUST_WEIGHTS */
    SMR_ROBUST_CONFIDENCE = 11
};

/**
 * One measure of every region at a node.
 * @param robust   not NULL
 * @param measure  one of ::smr_robust_measure
 * @param argument what the measure asks for, else 0
 * @param node     from 0, of those counted
 * @param[out] values one a region; NaN: not defined, or not counted
 * @param count    must be smr_robust_region_count()
 * @param error    may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT
 * Thread rule: any thread. Complexity: O(regions x regions).
 * Source: as smr_robust_run().
 * @since 1.0
 */
SMR_API smr_status smr_robust_values(const smr_robust *robust, int32_t measure, double argument, size_t node,
                                     double *values, size_t count, smr_error *error);

/**
 * The whole rank histogram of a region.
 * @param robust not NULL
 * @param node   from 0, of those counted
 * @param region from 0
 * @param[out] counts draws by rank; place 0 counts draws in which it has none
 * @param count  must be the number of regions and one more
 * @param error  may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT
 * Thread rule: any thread. Complexity: O(regions).
 * @since 1.0
 */
SMR_API smr_status smr_robust_histogram(const smr_robust *robust, size_t node, size_t region, uint64_t *counts,
                                        size_t count, smr_error *error);

/**
 * Number of stages of the funnel that was run on every draw.
 * @param robust NULL has none
 * @return the number; 0 without a funnel
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_robust_stage_count(const smr_robust *robust);

/**
 * Id of a stage.
 * @param robust the result
 * @param stage  from 0, in the order of the funnel
 * @return borrowed from the result; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_robust_stage_id(const smr_robust *robust, size_t stage);

/**
 * How sure each region is to pass a stage: the share of the draws, of those that did not fail, in which it passes this
 * stage and all before it. Scores are those of the draw; coverages, other columns, ages, evidence and ballots are the
 * same in all draws.
 * @param robust not NULL
 * @param stage  below smr_robust_stage_count()
 * @param[out] shares one a region; NaN when every draw failed
 * @param count  must be smr_robust_region_count()
 * @param error  may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT
 * Thread rule: any thread. Complexity: O(regions).
 * @since 1.0
 */
SMR_API smr_status smr_robust_stage_probability(const smr_robust *robust, size_t stage, double *shares, size_t count,
                                                smr_error *error);

/**
 * Pairwise winning probability: the share of draws in which a region ranks above each other one. The rest, less the
 * share the other way round, are ties and draws in which one has no rank.
 * @param robust not NULL
 * @param node   from 0, of those counted
 * @param region from 0
 * @param[out] shares one a region; NaN of all when not counted
 * @param count  must be smr_robust_region_count()
 * @param error  may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT
 * Thread rule: any thread. Complexity: O(regions).
 * Source: Leskinen, Viitanen, Kangas, Kangas (2006), Forest Science 52 (pairwise winning index).
 * @since 1.0
 */
SMR_API smr_status smr_robust_pairwise(const smr_robust *robust, size_t node, size_t region, double *shares,
                                       size_t count, smr_error *error);

/**
 * Central weights: the mean weights, as shares among siblings, of the draws in which a region's index ranks first.
 * @param robust not NULL
 * @param region from 0
 * @param[out] weights one a node of the framework; NaN when it is never first, or they are not counted
 * @param count  must be the framework's node count
 * @param error  may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT
 * Thread rule: any thread. Complexity: O(nodes).
 * Source: Lahdelma, Salminen (2001), Operations Research 49; Tervonen, Lahdelma (2007), European Journal of Operational
 * Research 178.
 * @since 1.0
 */
SMR_API smr_status smr_robust_central_weights(const smr_robust *robust, size_t region, double *weights, size_t count,
                                              smr_error *error);

/**
 * Width of the cells from which score quantiles are read: a quantile is off by half of it at most.
 * @param robust the result
 * @param node   from 0, of those counted
 * @return the width, in points of the node's score; NaN when the scores of its draws are not on one scale
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API double smr_robust_cell_width(const smr_robust *robust, size_t node);

/**
 * Mean absolute shift of rank: the mean of ::SMR_ROBUST_RANK_SHIFT over the regions that have one.
 * @param robust the result
 * @param node   from 0, of those counted
 * @return the mean; NaN when there is none
 * Thread rule: any thread. Complexity: O(regions x regions). Errors: none.
 * Source: Saisana, Saltelli, Tarantola (2005), Journal of the Royal Statistical Society A 168.
 * @since 1.0
 */
SMR_API double smr_robust_mean_rank_shift(const smr_robust *robust, size_t node);

/**
 * Writes the result as csv, columns
 * `region,node,score,rank,rank_mean,rank_p05,rank_p50,rank_p95,rank_best,rank_worst,p_top1,p_top7,p_top21`: regions in
 * input order, nodes in pre-order; what is not defined is an empty field. With a funnel a column `p_stage_ID` a stage
 * follows, filled in the rows of the index.
 * @param robust not NULL
 * @param write  receives the text in pieces
 * @param user   passed to @p write
 * @param error  may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_WRITE, ::SMR_ERROR_MEMORY
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(size of the result).
 * @since 1.0
 */
SMR_API smr_status smr_robust_write_csv(const smr_robust *robust, smr_write_callback write, void *user,
                                        smr_error *error);

/**
 * Writes the result as JSON, "smartregion-robust/1": plan, spec, draws, failures, and one row a region and node with the
 * columns of csv, the rank histogram, and whatever smr_robust_options.outputs asked for. With a funnel "stages" lists
 * its ids, and in the rows of the index "stages" holds a share by id.
 * @param robust not NULL
 * @param write  receives the text in pieces
 * @param user   passed to @p write
 * @param error  may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_WRITE, ::SMR_ERROR_MEMORY
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(size of the result).
 * @since 1.0
 */
SMR_API smr_status smr_robust_write_json(const smr_robust *robust, smr_write_callback write, void *user,
                                         smr_error *error);

#ifdef __cplusplus
}
#endif

#endif
