/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_BOUNDS_H
#define SMARTREGION_BOUNDS_H

/** @file
 * Exact bounds: what holds under *every* weight of a set, where a Monte Carlo run only says what happened in its draws.
 * Which region outranks which whatever the weights, which may, which never does; and the best and the worst rank that
 * each region can have.
 *
 * The set is the closure of the one that the factor "weights" of a robustness specification draws from, in weights of
 * the leaves (products of the shares on the way down):
 *
 * | distribution | set, for every family of siblings; with `"level": "leaf"` all leaves are one family |
 * |---|---|
 * | `uniform` `dirichlet` | all weights that are not negative |
 * | `noise`, `percent` p | weights from (1 - p/100) to (1 + p/100) times the model's, and then divided by their sum |
 * | `ordered` | a child that is heavier in the model is never lighter; of equal ones the first in the tree leads |
 * | `box`, `low`, `high` | shares of the parent from `low` to `high` |
 *
 * One region is above another when its index is higher by more than 1e-9 of the range of the scores. A rank is 1 + the
 * number of regions above. Every node (below the one that is asked for) must be arithmetic; or every node geometric, and then the logarithms of the leaves'
 * scores are compared. Under `missing.policy` `renormalise` a region with some but not all scores is refused, since its
 * weights are not those of the others.
 */

#include <smartregion/common.h>
#include <smartregion/dataset.h>
#include <smartregion/framework.h>
#include <smartregion/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What holds over a set of weights. Sealed. @since 1.0 */
typedef struct smr_bounds smr_bounds;

/** May one region be above another? @since 1.0 */
enum smr_outranking {
    SMR_NEVER = 0,    /**< under no weights of the set */
    SMR_POSSIBLE = 1, /**< under some, not under all */
    SMR_NECESSARY = 2 /**< under all */
};

/** Columns of the bounds, one number a row; see smr_bounds_column(). @since 1.0 */
enum smr_bounds_column {
    SMR_BOUNDS_SCORE = 0,        /**< score of the node under the model's own weights; NaN: not computed */
    SMR_BOUNDS_RANK = 1,         /**< its rank by the plan's tie rule; NaN: none */
    SMR_BOUNDS_RANK_BEST = 2,    /**< no weights of the set give a better one; NaN: no rank */
    SMR_BOUNDS_RANK_WORST = 3,   /**< no weights of the set give a worse one; NaN: no rank */
    SMR_BOUNDS_BEST_REACHED = 4, /**< best rank that weights were found for; the same as RANK_BEST where it is proven */
    SMR_BOUNDS_WORST_REACHED = 5 /**< worst rank that weights were found for; likewise */
};

/** How far the search goes. Start with smr_bounds_options_init(). @since 1.0 */
typedef struct smr_bounds_options {
    uint32_t size;       /**< sizeof(smr_bounds_options) of the caller */
    uint32_t reserved;   /**< 0 */
    uint64_t most_nodes; /**< of the search for one rank of one region, 1 or more; default 20,000. Where it ends a search,
                              the rank is bounded but not proven to be reached */
    const char *period;  /**< regions of this period; NULL (default): the latest */
    const char *node;    /**< id of the node whose scores are compared; NULL (default): the index. Another than the index
                              needs a set that is described family by family */
} smr_bounds_options;

/**
 * Writes the defaults.
 * @param options NULL does nothing
 * @param size    `sizeof(smr_bounds_options)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_bounds_options_init(smr_bounds_options *options, size_t size);

/**
 * Scores a dataset and finds what holds over a set of weights.
 * @param context     NULL: the default context
 * @param model       how the scores are made; its weights are the centre of the set
 * @param dataset     what is scored
 * @param weights     the factor as JSON, such as `{"vary": "weights", "distribution": "box", "low": 0.1, "high": 0.3}`,
 *                    or a specification (an object with `factors`) of which it is the only factor; NULL: noise of 25 %
 * @param length      bytes of @p weights
 * @param source_name of @p weights, for messages; may be NULL
 * @param options     NULL: all defaults
 * @param[out] bounds to be given back with smr_bounds_unref()
 * @param error       may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT (also: `node` is a leaf), ::SMR_ERROR_FORMAT (@p weights is not JSON), ::SMR_ERROR_PLAN (nor a factor;
 *         a box without weights in it), ::SMR_ERROR_UNSUPPORTED (a node that is neither arithmetic nor, with all others,
 *         geometric; a factor that varies something else), ::SMR_ERROR_COMPUTE (a score is missing under `renormalise`,
 *         or not positive at geometric nodes), ::SMR_ERROR_NOT_FOUND (period, node), ::SMR_ERROR_CANCELLED,
 *         ::SMR_ERROR_MEMORY, and as smr_model_score()
 * Thread rule: any thread; the result does not depend on the number of threads. Complexity: O(regions^2 x leaves log
 * leaves) for the pairs; the ranks are NP-hard in general, up to `most_nodes` linear programs of leaves x regions each.
 * Source: Podinovski (1994), European Journal of Operational Research 77 (necessary preference over sets of weights);
 * Greco, Mousseau, Słowiński (2008), European Journal of Operational Research 191 (necessary and possible preference);
 * Salo, Punkka (2011), Management Science 57 (ranking intervals); Foster, McGillivray, Seth (2013), Econometric Reviews
 * 32 (robust comparisons of composite indices).
 * @since 1.0
 */
SMR_API smr_status smr_bounds_run(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                                  const char *weights, size_t length, const char *source_name,
                                  const smr_bounds_options *options, smr_bounds **bounds, smr_error *error);

/**
 * Number of rows: the regions of the period.
 * @param bounds NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_bounds_row_count(const smr_bounds *bounds);

/**
 * Region id of a row.
 * @param bounds the bounds
 * @param row    from 0, in the order of the dataset
 * @return borrowed from the bounds; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_bounds_region(const smr_bounds *bounds, size_t row);

/**
 * The framework that was scored by.
 * @param bounds the bounds
 * @return borrowed from the bounds; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const smr_framework *smr_bounds_framework(const smr_bounds *bounds);

/**
 * The node whose scores were compared.
 * @param bounds the bounds
 * @return its number in pre-order, 0 is the index; -1 for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API int64_t smr_bounds_node(const smr_bounds *bounds);

/**
 * One column for all rows.
 * @param bounds the bounds
 * @param column one of ::smr_bounds_column
 * @return borrowed from the bounds, one number a row; NULL: no such column
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_bounds_column(const smr_bounds *bounds, int32_t column);

/**
 * May the region of a row be above that of another?
 * @param bounds the bounds
 * @return borrowed from the bounds: rows x rows of ::smr_outranking; [a x rows + b] says whether a is above b. Regions
 *         without an index are above and below none. NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const uint8_t *smr_bounds_outranking(const smr_bounds *bounds);

/**
 * Weights of the set under which a region has the best or the worst rank that was found for it.
 * @param bounds the bounds
 * @param row    from 0
 * @param column ::SMR_BOUNDS_BEST_REACHED or ::SMR_BOUNDS_WORST_REACHED
 * @return borrowed from the bounds: one weight an indicator, in tree order; they sum to 1. NULL: no such row or column, or
 *         the region has no rank
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_bounds_weights(const smr_bounds *bounds, size_t row, int32_t column);

/**
 * How many of the best and worst ranks are not proven to be reached: the search met its limit.
 * @param bounds the bounds
 * @return the number, at most twice the rows; 0 for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API uint64_t smr_bounds_unproven(const smr_bounds *bounds);

/**
 * Nodes of all searches together.
 * @param bounds the bounds
 * @return the number; 0 for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API uint64_t smr_bounds_nodes(const smr_bounds *bounds);

/**
 * Writes the bounds as csv, columns `region,score,rank,rank_best,rank_worst,best_reached,worst_reached,above_never,
 * above_possible,above_necessary`: the last three count the regions that it never, possibly and necessarily is above.
 * @param bounds not NULL
 * @param write  receives the text in pieces
 * @param user   passed to @p write
 * @param error  may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_WRITE
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(rows^2).
 * @since 1.0
 */
SMR_API smr_status smr_bounds_write_csv(const smr_bounds *bounds, smr_write_callback write, void *user,
                                        smr_error *error);

/**
 * Writes the pairs as csv, columns `region,other,outranks`, the last `never`, `possible` or `necessary`: every ordered
 * pair of regions that have an index.
 * @param bounds not NULL
 * @param write  receives the text in pieces
 * @param user   passed to @p write
 * @param error  may be NULL
 * @return as smr_bounds_write_csv()
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(rows^2).
 * @since 1.0
 */
SMR_API smr_status smr_bounds_write_pairs_csv(const smr_bounds *bounds, smr_write_callback write, void *user,
                                              smr_error *error);

/**
 * Writes the bounds as json, "smartregion-bounds/1", with the resolved plan: rows as in csv, and under `necessary` and
 * `possible` for each region the ids that it is above.
 * @param bounds not NULL
 * @param write  receives the text in pieces
 * @param user   passed to @p write
 * @param error  may be NULL
 * @return as smr_bounds_write_csv()
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(rows^2).
 * @since 1.0
 */
SMR_API smr_status smr_bounds_write_json(const smr_bounds *bounds, smr_write_callback write, void *user,
                                         smr_error *error);

/**
 * Counts one more owner.
 * @param bounds NULL is allowed
 * @return @p bounds
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API smr_bounds *smr_bounds_ref(smr_bounds *bounds);

/**
 * Counts one owner less; the last one frees it.
 * @param bounds NULL is allowed
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_bounds_unref(smr_bounds *bounds);

#ifdef __cplusplus
}
#endif

#endif
