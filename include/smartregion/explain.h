/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_EXPLAIN_H
#define SMARTREGION_EXPLAIN_H

/** @file
 * Why a region scores as it does: the way of every number from the raw value to the index, what each node brings to the
 * index, and where the difference to another region, a peer group, the best, the median or a target comes from.
 *
 * Contributions are in points of the index and sum to it: the leaves to the index, every inner node is the sum of its
 * leaves. A missing indicator has none (NaN). With the scores y of a node's children that take part, and their weights
 * w, a node's score is shared among its children like this:
 *
 * | node | part of child j |
 * |---|---|
 * | arithmetic (and power with p = 1) | `w_j y_j / sum w`, exactly |
 * | weights `bod`, but for order-m | score times `u_j y_j / sum u y`, u the region's own weights (geometric: `ln y`) |
 * | geometric, harmonic, power with p <= 0, without range and epsilon | score over the number of children |
 * | every other method | `s_j v(nobody)` + Shapley value of j in the game v |
 *
 * The game: `v(S)` is the node's score, by its own method, weights and policy, when the children outside S stand at the
 * zero point: the low end of their range (0 without a range); for methods that need scores above 0 their epsilon, or
 * 1 % of the range; for `mpi`, `ampi`, `mean_min` the mean or reference that they measure from, for `dp2` the least,
 * for `wroclaw` the best score; for outranking a place behind every other region. s_j is the share of the weight (equal
 * shares where the method takes no weights). Shapley values are exact up to 16 children; above, and for methods that
 * compare all regions when there are very many, orders of the children are drawn in pairs that mirror each other, and
 * `error` is the standard error of what follows. Where a method has no score for some mixture, the node's score is
 * shared by s.
 *
 * Down the tree: the Shapley value of an inner child is shared among its own children as their parts of its score above
 * the zero point are, the rest by weight.
 *
 * The difference of two regions is shared in the same way. Arithmetic nodes: `s_j (a_j - b_j)`, a child that one region
 * lacks standing at that region's score of the node (which is what leaving it out means). Others: the Shapley value of
 * the game in which the children of S have a's scores and the rest b's, so that a child in which the two are alike
 * brings nothing. Methods on all regions, own weights, and mixtures without a score: the difference of the two regions'
 * contributions.
 */

#include <smartregion/common.h>
#include <smartregion/scorecard.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One region explained. Sealed. @since 1.0 */
typedef struct smr_explanation smr_explanation;

/** What a region is compared with. Groups are regions of the same period. @since 1.0 */
enum smr_reference {
    SMR_REFERENCE_NONE = 0,   /**< nothing */
    SMR_REFERENCE_MEDIAN = 1, /**< a region with the median of all regions at every indicator */
    SMR_REFERENCE_PEERS = 2,  /**< a region with the mean of the nearest peers at every indicator: smr_peers_find() */
    SMR_REFERENCE_TOP = 3,    /**< a region with the mean of those that have one of the first `top` ranks */
    SMR_REFERENCE_ROWS = 4,   /**< the region of one row; of more rows, one with their mean at every indicator */
    SMR_REFERENCE_TARGET = 5  /**< the region itself, every indicator that has a target being there */
};

/** What is explained. Start with smr_explanation_options_init(). @since 1.0 */
typedef struct smr_explanation_options {
    uint32_t size;         /**< sizeof(smr_explanation_options) of the caller */
    int32_t reference;     /**< one of ::smr_reference; default none */
    uint32_t peers;        /**< number of peers, 1 or more; default 5 */
    uint32_t top;          /**< ranks that count as the top, 1 or more; default 7 */
    uint32_t samples;      /**< orders that are drawn where Shapley values are not exact, 4 or more; default 4096 */
    uint32_t reserved;     /**< 0 */
    uint64_t seed;         /**< decides which; default 1, 0 is legal */
    const size_t *rows;    /**< for ::SMR_REFERENCE_ROWS: rows of the scorecard, of any period */
    size_t row_count;      /**< their number */
    const double *targets; /**< for ::SMR_REFERENCE_TARGET: one an indicator in tree order, in its (denominated) unit;
                              NaN: the framework's own target, if it has one; NULL: all of the framework */
    size_t target_count;   /**< their number: that of the framework's indicators */
} smr_explanation_options;

/** Columns of numbers of an explanation, one number a node in pre-order, NaN where there is none. @since 1.0 */
enum smr_explanation_number {
    SMR_EXPLANATION_VALUE = 0,            /**< indicators: the raw value (of regions rolled up, the denominated one) */
    SMR_EXPLANATION_DENOMINATED = 1,      /**< indicators: after denominate */
    SMR_EXPLANATION_IMPUTED = 2,          /**< indicators: after impute */
    SMR_EXPLANATION_TREATED = 3,          /**< indicators: after treat */
    SMR_EXPLANATION_TRANSFORMED = 4,      /**< indicators: after the transform: what is normalised; for direction
                                             target without goalposts, the distance to the optimum, negative */
    SMR_EXPLANATION_LOW_ANCHOR = 5,       /**< indicators: the value, transformed, that scores the foot of the scale:
                                             the worst goalpost, the least, the mean of z-scores; NaN: ranks */
    SMR_EXPLANATION_HIGH_ANCHOR = 6,      /**< indicators: likewise the head: the best goalpost, the greatest, mean
                                             + sd */
    SMR_EXPLANATION_SCORE = 7,            /**< score; of an indicator its normalised value */
    SMR_EXPLANATION_RANK = 8,             /**< rank at this node within the period */
    SMR_EXPLANATION_WEIGHT = 9,           /**< share of the siblings' weight, of those that take part in this region */
    SMR_EXPLANATION_EFFECTIVE_WEIGHT = 10, /**< product of these down the tree; 0: takes no part */
    SMR_EXPLANATION_CONTRIBUTION = 11,    /**< what the node brings to the index, in points of the index */
    SMR_EXPLANATION_ERROR = 12,           /**< standard error of that, 0 where it is exact */
    SMR_EXPLANATION_REFERENCE_VALUE = 13, /**< indicators: raw value of the reference, if that is one row or
                                                a target */
    SMR_EXPLANATION_REFERENCE_SCORE = 14, /**< score of the reference */
    SMR_EXPLANATION_REFERENCE_CONTRIBUTION = 15, /**< what the node brings to the reference's index */
    SMR_EXPLANATION_DIFFERENCE = 16,      /**< what the node brings to the difference of the two indices */
    SMR_EXPLANATION_DIFFERENCE_ERROR = 17, /**< standard error of that */
    SMR_EXPLANATION_DIFFERENCE_WEIGHT = 18, /**< effective weight, over what takes part in either */
    SMR_EXPLANATION_NUMBER_COUNT = 19     /**< their number in this version */
};

/** Columns of texts of an explanation, one text a node in pre-order, NULL where there is none. @since 1.0 */
enum smr_explanation_text {
    SMR_EXPLANATION_IMPUTATION = 0,    /**< method that filled the cell */
    SMR_EXPLANATION_TREATMENT = 1,     /**< method that treats the indicator */
    SMR_EXPLANATION_NORMALISATION = 2, /**< method that normalises the indicator */
    SMR_EXPLANATION_AGGREGATION = 3,   /**< method that makes the node's score */
    SMR_EXPLANATION_TEXT_COUNT = 4     /**< their number in this version */
};

/** What smr_explanation_write_csv() writes beside its five columns; added up. @since 1.0 */
enum smr_explanation_part {
    SMR_EXPLANATION_WITH_REFERENCE = 1, /**< `reference_normalised,reference_contribution,difference` */
    SMR_EXPLANATION_WITH_TRACE = 2      /**< `denominated,imputed,treated,transformed,low,high,imputation,treatment,
                                           normalisation,aggregation,rank,error,status` */
};

/**
 * Writes the defaults.
 * @param options NULL does nothing
 * @param size    `sizeof(smr_explanation_options)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_explanation_options_init(smr_explanation_options *options, size_t size);

/**
 * Explains one row of a scorecard. Where its index is not computed, it is explained as far as it goes: contributions
 * are NaN then.
 * @param context   NULL: the default context
 * @param scorecard what holds the row; one that keeps all nodes is fastest
 * @param row       from 0: see smr_scorecard_find_row()
 * @param options   NULL: all defaults
 * @param[out] explanation to be given back with smr_explanation_unref()
 * @param error     may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_COMPUTE (no region to compare with), ::SMR_ERROR_CANCELLED,
 *         ::SMR_ERROR_MEMORY
 * Thread rule: any thread; the same result with any number of threads. Complexity: O(rows x nodes) for ranks and
 * references, and O(2^children x children) for each node that is not additive; for methods that compare all regions
 * that many times O(regions^2).
 * Source: Shapley (1953), A value for n-person games, Contributions to the Theory of Games II; Owen (1977), Values of
 * games with a priori unions; Castro, Gomez, Tejada (2009), Computers and Operations Research 36, and Strumbelj,
 * Kononenko (2014), Knowledge and Information Systems 41 (sampling); Sundararajan, Najmi (2020), The many Shapley
 * values for model explanation (the game with a baseline).
 * @since 1.0
 */
SMR_API smr_status smr_explanation_run(smr_context *context, const smr_scorecard *scorecard, size_t row,
                                       const smr_explanation_options *options, smr_explanation **explanation,
                                       smr_error *error);

/**
 * Counts one more owner.
 * @param explanation NULL is allowed
 * @return @p explanation
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API smr_explanation *smr_explanation_ref(smr_explanation *explanation);

/**
 * Counts one owner less; the last one frees it.
 * @param explanation NULL is allowed
 * Thread rule: any thread. Complexity: O(1), the last O(nodes). Errors: none.
 * @since 1.0
 */
SMR_API void smr_explanation_unref(smr_explanation *explanation);

/**
 * The scorecard that holds the region: its ids, names, framework.
 * @param explanation the explanation
 * @return borrowed from the explanation; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const smr_scorecard *smr_explanation_scorecard(const smr_explanation *explanation);

/**
 * The row that is explained.
 * @param explanation the explanation
 * @return row of the scorecard; SIZE_MAX for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_explanation_row(const smr_explanation *explanation);

/**
 * Length of every column: the framework's node count.
 * @param explanation NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_explanation_node_count(const smr_explanation *explanation);

/**
 * A column of numbers.
 * @param explanation the explanation
 * @param column      one of ::smr_explanation_number
 * @return borrowed from the explanation, one a node in pre-order, NaN where there is none; NULL: no such column, or one
 *         of a reference that was not asked for
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_explanation_numbers(const smr_explanation *explanation, int32_t column);

/**
 * A column of texts.
 * @param explanation the explanation
 * @param column      one of ::smr_explanation_text
 * @return borrowed from the explanation, one a node in pre-order, NULL where there is none; NULL: no such column
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *const *smr_explanation_texts(const smr_explanation *explanation, int32_t column);

/**
 * Status of the score at every node.
 * @param explanation the explanation
 * @return borrowed from the explanation, one of ::smr_cell_status a node in pre-order; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const uint8_t *smr_explanation_statuses(const smr_explanation *explanation);

/**
 * What the region is compared with.
 * @param explanation the explanation
 * @return one of ::smr_reference; none for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API int32_t smr_explanation_reference(const smr_explanation *explanation);

/**
 * Number of regions that the reference is made of.
 * @param explanation NULL has none
 * @return the number; 0 without a reference, and for a target
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_explanation_reference_count(const smr_explanation *explanation);

/**
 * The regions that the reference is made of; peers from the nearest on.
 * @param explanation the explanation
 * @return borrowed from the explanation: smr_explanation_reference_count() rows of the scorecard; NULL: none
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const size_t *smr_explanation_reference_rows(const smr_explanation *explanation);

/**
 * How far each peer is away.
 * @param explanation the explanation
 * @return borrowed from the explanation, one a peer; NULL: no peers
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_explanation_distances(const smr_explanation *explanation);

/**
 * Is a low index good? So it is with the aggregate `wroclaw` at the root: what adds points is a weakness then.
 * @param explanation the explanation
 * @return 1 yes, 0 no (also for NULL)
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API int32_t smr_explanation_lower_is_better(const smr_explanation *explanation);

/**
 * The indicators by what they bring to the difference, the greatest strength first and the greatest weakness last; ties
 * in the order of the tree. Those without a difference are left out.
 * @param explanation the explanation
 * @param[out] nodes  numbers of nodes
 * @param count       room in @p nodes; the framework's indicator count is enough
 * @return how many were written; 0 without a reference
 * Thread rule: any thread. Complexity: O(indicators^2). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_explanation_strengths(const smr_explanation *explanation, size_t *nodes, size_t count);

/**
 * Writes the explanation as csv, columns `node,value,normalised,weight,contribution`, then what @p parts asks for; one
 * row a node in pre-order. `value` is raw, `normalised` the score, `weight` the effective weight in this region.
 * Numbers are the shortest text that reads back to the same double; what is not there is an empty field.
 * @param explanation not NULL
 * @param parts       values of ::smr_explanation_part added up; a reference that there is none of is an error
 * @param write       receives the text in pieces
 * @param user        passed to @p write
 * @param error       may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_WRITE
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(nodes).
 * @since 1.0
 */
SMR_API smr_status smr_explanation_write_csv(const smr_explanation *explanation, uint32_t parts,
                                             smr_write_callback write, void *user, smr_error *error);

/**
 * Writes the explanation as json, "smartregion-explain/1": region, period, the resolved plan, what it is compared with,
 * and rows with every column that there is.
 * @param explanation not NULL
 * @param write       receives the text in pieces
 * @param user        passed to @p write
 * @param error       may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_WRITE
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(nodes).
 * @since 1.0
 */
SMR_API smr_status smr_explanation_write_json(const smr_explanation *explanation, smr_write_callback write, void *user,
                                              smr_error *error);

/**
 * Writes the difference to the reference as csv, columns `node,value,normalised,weight,contribution`: the region's raw
 * value less the reference's, its score less the reference's, the effective weight over what takes part in either, and
 * what the node brings to the difference of the two indices.
 * @param explanation not NULL, with a reference
 * @param write       receives the text in pieces
 * @param user        passed to @p write
 * @param error       may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_WRITE
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(nodes).
 * @since 1.0
 */
SMR_API smr_status smr_explanation_write_difference_csv(const smr_explanation *explanation, smr_write_callback write,
                                                        void *user, smr_error *error);

/**
 * Writes the difference to the reference as json, "smartregion-compare/1", rows as in csv with the two regions' own
 * numbers beside.
 * @param explanation not NULL, with a reference
 * @param write       receives the text in pieces
 * @param user        passed to @p write
 * @param error       may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_WRITE
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(nodes).
 * @since 1.0
 */
SMR_API smr_status smr_explanation_write_difference_json(const smr_explanation *explanation, smr_write_callback write,
                                                         void *user, smr_error *error);

/**
 * The regions of the same period that are most like one, nearest first, ties in input order. The distance is the square
 * root of the mean square of the differences of the criteria (children of the root of weight above 0) that both have,
 * each in units of the range that the criteria share, or where they have none, of its standard deviation over the
 * period: Euclidean distance per criterion, so that a missing one makes no region nearer.
 * @param context   NULL: the default context
 * @param scorecard what holds the row
 * @param row       from 0
 * @param count     how many are wanted
 * @param[out] rows rows of the scorecard, room for @p count; NULL when @p count is 0
 * @param[out] distances likewise; NULL: not wanted
 * @param[out] found how many there are, at most @p count
 * @param error     may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_MEMORY
 * Thread rule: any thread. Complexity: O(rows x criteria + rows log rows).
 * @since 1.0
 */
SMR_API smr_status smr_peers_find(smr_context *context, const smr_scorecard *scorecard, size_t row, size_t count,
                                  size_t *rows, double *distances, size_t *found, smr_error *error);

#ifdef __cplusplus
}
#endif

#endif
