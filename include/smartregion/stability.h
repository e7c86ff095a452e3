/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_STABILITY_H
#define SMARTREGION_STABILITY_H

/** @file
 * How firm is the order of the regions? Three questions:
 *
 * - ::smr_break_even: which weight would have to change, and to what, for two regions to be equal?
 * - ::smr_criticality: how small a change of each weight reverses any two regions, or takes the lead from the first?
 * - ::smr_leave_out: what happens to scores, ranks and the order of pairs when one indicator, one criterion or one region
 *   had never been there?
 *
 * When the weight of a node changes, its share of its parent goes from its present value to another and its siblings
 * share the rest in their present proportions. Parameters that the data decided (bounds, means) stay as they are.
 */

#include <smartregion/common.h>
#include <smartregion/dataset.h>
#include <smartregion/framework.h>
#include <smartregion/model.h>
#include <smartregion/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- break-even weights ---- */

/** The weights at which two regions are equal. Sealed. @since 1.0 */
typedef struct smr_break_even smr_break_even;

/** What is known of a node's break-even share. @since 1.0 */
enum smr_break_even_status {
    SMR_BREAK_EVEN_FOUND = 0,  /**< there is one from 0 to 1 */
    SMR_BREAK_EVEN_NONE = 1,   /**< at no share from 0 to 1 the two are equal */
    SMR_BREAK_EVEN_ALWAYS = 2, /**< they are equal whatever the share */
    SMR_BREAK_EVEN_ALONE = 3   /**< no sibling has a weight: the share cannot change */
};

/** Columns by node; see smr_break_even_column(). @since 1.0 */
enum smr_break_even_column {
    SMR_BREAK_EVEN_SHARE = 0,          /**< share of the parent now */
    SMR_BREAK_EVEN_BREAK_EVEN = 1,     /**< share at which the two are equal, the nearest; NaN: none */
    SMR_BREAK_EVEN_CHANGE = 2,         /**< the one less the other; NaN: none */
    SMR_BREAK_EVEN_RELATIVE_CHANGE = 3 /**< the change over the share now; NaN: none, or the share is 0 */
};

/** Which period is looked at. Start with smr_break_even_options_init(). @since 1.0 */
typedef struct smr_break_even_options {
    uint32_t size;      /**< sizeof(smr_break_even_options) of the caller */
    uint32_t reserved;  /**< 0 */
    const char *period; /**< NULL (default): the latest */
} smr_break_even_options;

/**
 * Writes the defaults.
 * @param options NULL does nothing
 * @param size    `sizeof(smr_break_even_options)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_break_even_options_init(smr_break_even_options *options, size_t size);

/**
 * Finds, node by node, the weight at which two regions have the same index, and the least change of the weights of all
 * leaves that makes them equal.
 *
 * Under arithmetic nodes the difference of two regions is a quotient of linear functions of the share (a region's
 * missing scores renormalise its weights), and the answer a closed form. Under other methods the share is found between
 * neighbours on a grid of 256 where the difference changes its sign, to the last bit; two changes between neighbours
 * are not seen.
 *
 * The least change is that of the sum of |change| over the leaves' effective weights, which go on to sum to 1: weight
 * moves from the leaves that speak most for the leader to the one that speaks most for the other. It is defined when
 * every node is arithmetic, or every node geometric, and both regions have every score.
 * @param context NULL: the default context
 * @param model   how the scores are made
 * @param dataset what is scored
 * @param first   id of a region
 * @param second  id of another
 * @param options NULL: all defaults
 * @param[out] result to be given back with smr_break_even_unref()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT (the same region twice), ::SMR_ERROR_NOT_FOUND (region, period),
 *         ::SMR_ERROR_COMPUTE (a region without an index), ::SMR_ERROR_UNSUPPORTED (a node is defined on all regions at
 *         once), ::SMR_ERROR_CANCELLED, ::SMR_ERROR_MEMORY, and as smr_model_score()
 * Thread rule: any thread. Complexity: that of smr_model_score(), and O(nodes x depth x siblings), times some hundred
 * where there is no closed form.
 * Source: Triantaphyllou, Sánchez (1997), A sensitivity analysis approach for some deterministic multi-criteria
 * decision-making methods, Decision Sciences 28 (least change of a weight that reverses two alternatives).
 * @since 1.0
 */
SMR_API smr_status smr_break_even_run(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                                      const char *first, const char *second, const smr_break_even_options *options,
                                      smr_break_even **result, smr_error *error);

/**
 * The framework that was scored by.
 * @param result the result
 * @return borrowed from the result; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const smr_framework *smr_break_even_framework(const smr_break_even *result);

/**
 * One of the two regions.
 * @param result the result
 * @param which  0 or 1
 * @param[out] score its index; may be NULL
 * @param[out] rank  its rank; may be NULL
 * @return its id, borrowed from the result; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_break_even_region(const smr_break_even *result, size_t which, double *score, double *rank);

/**
 * One column by node.
 * @param result the result
 * @param column one of ::smr_break_even_column
 * @return borrowed from the result, one number a node in pre-order, NaN for the root; NULL: no such column
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_break_even_column(const smr_break_even *result, int32_t column);

/**
 * What is known of each node.
 * @param result the result
 * @return borrowed from the result, one of ::smr_break_even_status a node in pre-order; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const uint8_t *smr_break_even_statuses(const smr_break_even *result);

/**
 * The weights of the leaves nearest to the present ones at which the two are equal.
 * @param result the result
 * @param[out] distance sum of |change|, 0 to 2, NaN: none; may be NULL
 * @return borrowed from the result, one weight an indicator in tree order, which sum to 1; NULL: none, see
 *         smr_break_even_reason()
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_break_even_weights(const smr_break_even *result, double *distance);

/**
 * Why there are no such weights.
 * @param result the result
 * @return borrowed from the result; NULL when there are
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_break_even_reason(const smr_break_even *result);

/**
 * Writes the result as csv, columns `node,share,break_even,change,relative_change,status,effective_weight,
 * nearest_weight`: one row a node but the root, in pre-order; the last two are those of leaves, now and where the two
 * are equal; status is `found`, `none`, `always` or `alone`.
 * @param result not NULL
 * @param write  receives the text in pieces
 * @param user   passed to @p write
 * @param error  may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_WRITE
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(nodes).
 * @since 1.0
 */
SMR_API smr_status smr_break_even_write_csv(const smr_break_even *result, smr_write_callback write, void *user,
                                            smr_error *error);

/**
 * Writes the result as json, "smartregion-break-even/1", with the resolved plan; rows as in csv.
 * @param result not NULL
 * @param write  receives the text in pieces
 * @param user   passed to @p write
 * @param error  may be NULL
 * @return as smr_break_even_write_csv()
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(nodes).
 * @since 1.0
 */
SMR_API smr_status smr_break_even_write_json(const smr_break_even *result, smr_write_callback write, void *user,
                                             smr_error *error);

/**
 * Counts one more owner.
 * @param result NULL is allowed
 * @return @p result
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API smr_break_even *smr_break_even_ref(smr_break_even *result);

/**
 * Counts one owner less; the last one frees it.
 * @param result NULL is allowed
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_break_even_unref(smr_break_even *result);

/* ---- critical weights ---- */

/** The least change of each weight that reverses a pair of regions. Sealed. @since 1.0 */
typedef struct smr_criticality smr_criticality;

/** Columns by node; see smr_criticality_column(). @since 1.0 */
enum smr_criticality_column {
    SMR_CRITICALITY_SHARE = 0,        /**< share of the parent now */
    SMR_CRITICALITY_ANY_CHANGE = 1,   /**< least change of the share at which any two regions are equal; NaN: none */
    SMR_CRITICALITY_ANY_RELATIVE = 2, /**< that over the share now; NaN: none, or the share is 0 */
    SMR_CRITICALITY_TOP_CHANGE = 3,   /**< least change at which the leader is equal to another; NaN: none */
    SMR_CRITICALITY_TOP_RELATIVE = 4  /**< that over the share now; NaN: none, or the share is 0 */
};

/**
 * Finds for each node the least change of its weight that makes two regions equal that were not: any two, and the leader
 * and another. The node with the least |relative change| is the critical one: percent-any and percent-top in the words
 * of the source.
 * @param context NULL: the default context
 * @param model   how the scores are made
 * @param dataset what is scored
 * @param options NULL: all defaults
 * @param[out] result to be given back with smr_criticality_unref()
 * @param error   may be NULL
 * @return as smr_break_even_run()
 * Thread rule: any thread. Complexity: that of smr_break_even_run(), times the regions: the first two that meet as a
 * weight changes are neighbours in the order.
 * Source: Triantaphyllou, Sánchez (1997), Decision Sciences 28.
 * @since 1.0
 */
SMR_API smr_status smr_criticality_run(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                                       const smr_break_even_options *options, smr_criticality **result,
                                       smr_error *error);

/**
 * The framework that was scored by.
 * @param result the result
 * @return borrowed from the result; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const smr_framework *smr_criticality_framework(const smr_criticality *result);

/**
 * One column by node.
 * @param result the result
 * @param column one of ::smr_criticality_column
 * @return borrowed from the result, one number a node in pre-order, NaN for the root; NULL: no such column
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_criticality_column(const smr_criticality *result, int32_t column);

/**
 * The regions that meet at the least change.
 * @param result the result
 * @param node   in pre-order
 * @param top    0: any two; 1: the leader and another
 * @param[out] other id of the lower one; may be NULL
 * @return id of the higher one, borrowed from the result; NULL: none
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_criticality_regions(const smr_criticality *result, size_t node, int32_t top,
                                            const char **other);

/**
 * Writes the result as csv, columns `node,share,any_change,any_relative_change,any_region,any_other,top_change,
 * top_relative_change,top_region,top_other`: one row a node but the root, in pre-order.
 * @param result not NULL
 * @param write  receives the text in pieces
 * @param user   passed to @p write
 * @param error  may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_WRITE
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(nodes).
 * @since 1.0
 */
SMR_API smr_status smr_criticality_write_csv(const smr_criticality *result, smr_write_callback write, void *user,
                                             smr_error *error);

/**
 * Writes the result as json, "smartregion-criticality/1", with the resolved plan; rows as in csv.
 * @param result not NULL
 * @param write  receives the text in pieces
 * @param user   passed to @p write
 * @param error  may be NULL
 * @return as smr_criticality_write_csv()
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(nodes).
 * @since 1.0
 */
SMR_API smr_status smr_criticality_write_json(const smr_criticality *result, smr_write_callback write, void *user,
                                              smr_error *error);

/**
 * Counts one more owner.
 * @param result NULL is allowed
 * @return @p result
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API smr_criticality *smr_criticality_ref(smr_criticality *result);

/**
 * Counts one owner less; the last one frees it.
 * @param result NULL is allowed
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_criticality_unref(smr_criticality *result);

/* ---- leave one out ---- */

/** Scores and ranks without each item in turn. Sealed. @since 1.0 */
typedef struct smr_leave_out smr_leave_out;

/** What is left out; bits that may be added. @since 1.0 */
enum smr_leave_out_level {
    SMR_LEAVE_OUT_INDICATOR = 1, /**< every indicator */
    SMR_LEAVE_OUT_CRITERION = 2, /**< every child of the root that has children */
    SMR_LEAVE_OUT_REGION = 4     /**< every region: its values no longer decide bounds, means and weights */
};

/** What is left out. Start with smr_leave_out_options_init(). @since 1.0 */
typedef struct smr_leave_out_options {
    uint32_t size;      /**< sizeof(smr_leave_out_options) of the caller */
    uint32_t levels;    /**< sum of ::smr_leave_out_level; default all */
    const char *period; /**< whose ranks are compared; NULL (default): the latest */
} smr_leave_out_options;

/**
 * Writes the defaults.
 * @param options NULL does nothing
 * @param size    `sizeof(smr_leave_out_options)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_leave_out_options_init(smr_leave_out_options *options, size_t size);

/**
 * Fits and scores again, without each item in turn, as if it had never been there. A node goes with all below it, and so
 * does a parent that no child is left to; a region goes in every period, with those that roll up into it. An item that
 * cannot be left out (nothing remains, or the plan cannot do without it) is kept in the list with its reason.
 *
 * A pair of regions is reversed when one was above before and is below after. Ranks before, beside a region that is left
 * out, are those among the other regions, so that every shift is due to what the region had decided: a rank reversal.
 * @param context   NULL: the default context
 * @param framework what to measure
 * @param dataset   the regions
 * @param plan      NULL: the framework's own
 * @param options   NULL: all defaults
 * @param[out] result to be given back with smr_leave_out_unref()
 * @param error     may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT (levels), ::SMR_ERROR_NOT_FOUND (period), ::SMR_ERROR_CANCELLED,
 *         ::SMR_ERROR_MEMORY, and as smr_model_fit() and smr_model_score() of the whole
 * Thread rule: any thread; the result does not depend on the number of threads. Complexity: that of fitting and scoring,
 * times the items.
 * Source: OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 7 (inclusion and exclusion of
 * individual indicators); Belton, Gear (1983), Omega 11 (rank reversal); Kendall (1945), Biometrika 33 (tau-b).
 * @since 1.0
 */
SMR_API smr_status smr_leave_out_run(smr_context *context, const smr_framework *framework, const smr_dataset *dataset,
                                     const smr_plan *plan, const smr_leave_out_options *options,
                                     smr_leave_out **result, smr_error *error);

/**
 * Number of rows: the regions of the period.
 * @param result NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_leave_out_row_count(const smr_leave_out *result);

/**
 * Region id of a row.
 * @param result the result
 * @param row    from 0, in the order of the dataset
 * @return borrowed from the result; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_leave_out_region(const smr_leave_out *result, size_t row);

/**
 * The framework that was scored by, before.
 * @param result the result
 * @return borrowed from the result; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const smr_framework *smr_leave_out_framework(const smr_leave_out *result);

/**
 * Number of items: indicators, then criteria, then regions.
 * @param result NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_leave_out_item_count(const smr_leave_out *result);

/** One item and what became of the order without it. Start with smr_left_out_init(). @since 1.0 */
typedef struct smr_left_out {
    uint32_t size;               /**< sizeof(smr_left_out) of the caller */
    int32_t level;               /**< one of ::smr_leave_out_level */
    const char *id;              /**< of the node or region */
    const char *reason;          /**< why it could not be left out; NULL: it was, and the rest holds */
    double mean_shift;           /**< mean |rank after - rank before| of the regions that have both; NaN: none has */
    double kendall;              /**< Kendall's tau-b of the scores before and after; NaN: not defined */
    uint64_t most_shift;         /**< the greatest |rank after - rank before|, rounded */
    uint64_t reversals;          /**< pairs whose order is reversed */
    const char *gains_most;      /**< region that climbs most, of equal ones the first; NULL: none climbs */
    const char *loses_most;      /**< region that falls most, of equal ones the first; NULL: none falls */
    double gain;                 /**< ranks that it climbs; 0: none */
    double loss;                 /**< ranks that it falls; 0: none */
    const double *scores;        /**< without it, one a row, NaN: none; borrowed from the result; NULL with a reason */
    const double *ranks;         /**< likewise its ranks */
    const double *ranks_before;  /**< the ranks that these are compared with */
} smr_left_out;

/**
 * Prepares a record of one item.
 * @param item NULL does nothing
 * @param size `sizeof(smr_left_out)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_left_out_init(smr_left_out *item, size_t size);

/**
 * One item.
 * @param result the result
 * @param index  from 0
 * @param[in,out] item with `size` set, as smr_left_out_init() does; texts and arrays are borrowed from the result
 * @param error  may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT
 * Thread rule: any thread. Complexity: O(1).
 * @since 1.0
 */
SMR_API smr_status smr_leave_out_item(const smr_leave_out *result, size_t index, smr_left_out *item, smr_error *error);

/**
 * Scores of all rows with nothing left out.
 * @param result the result
 * @param[out] ranks their ranks, borrowed from the result; may be NULL
 * @return borrowed from the result, one a row, NaN: none; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_leave_out_scores(const smr_leave_out *result, const double **ranks);

/**
 * Receives pairs of rows: the first was above the second before, and is below it after.
 * @param first  row
 * @param second row
 * @param user   what was given with the callback
 * @return non-zero to go on; 0 ends the call with ::SMR_OK
 * @since 1.0
 */
typedef int32_t (*smr_pair_callback)(size_t first, size_t second, void *user);

/**
 * Tells which pairs are reversed without an item, row by row.
 * @param result not NULL
 * @param index  of the item, from 0
 * @param pair   receives each pair
 * @param user   passed to it
 * @param error  may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(rows^2).
 * Source: Belton, Gear (1983), Omega 11.
 * @since 1.0
 */
SMR_API smr_status smr_leave_out_reversals(const smr_leave_out *result, size_t index, smr_pair_callback pair,
                                           void *user, smr_error *error);

/** What is written of a ::smr_leave_out as csv. @since 1.0 */
enum smr_leave_out_section {
    SMR_LEAVE_OUT_ROWS = 0,     /**< `level,left_out,region,rank_before,rank_after,score_before,score_after`: every item, every region but the one left out */
    SMR_LEAVE_OUT_SUMMARY = 1,  /**< `level,left_out,mean_shift,most_shift,reversals,kendall,gains_most,gain,loses_most,loss,reason`: one row an item */
    SMR_LEAVE_OUT_REVERSALS = 2 /**< `level,left_out,region,other`: the region was above the other before, and is below after */
};

/**
 * Writes the result as csv.
 * @param result  not NULL
 * @param section one of ::smr_leave_out_section
 * @param write   receives the text in pieces
 * @param user    passed to @p write
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_WRITE
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(items x rows), of the reversals
 * O(items x rows^2).
 * @since 1.0
 */
SMR_API smr_status smr_leave_out_write_csv(const smr_leave_out *result, int32_t section, smr_write_callback write,
                                           void *user, smr_error *error);

/**
 * Writes the result as json, "smartregion-stability/1", with the resolved plan: `rows`, `summary` and `reversals` as in
 * csv.
 * @param result not NULL
 * @param write  receives the text in pieces
 * @param user   passed to @p write
 * @param error  may be NULL
 * @return as smr_leave_out_write_csv()
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(items x rows^2).
 * @since 1.0
 */
SMR_API smr_status smr_leave_out_write_json(const smr_leave_out *result, smr_write_callback write, void *user,
                                            smr_error *error);

/**
 * Counts one more owner.
 * @param result NULL is allowed
 * @return @p result
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API smr_leave_out *smr_leave_out_ref(smr_leave_out *result);

/**
 * Counts one owner less; the last one frees it.
 * @param result NULL is allowed
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_leave_out_unref(smr_leave_out *result);

#ifdef __cplusplus
}
#endif

#endif
