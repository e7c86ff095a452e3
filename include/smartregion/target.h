/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_TARGET_H
#define SMARTREGION_TARGET_H

/** @file
 * Target: the least effort with which a region reaches a score or a rank, the model being frozen.
 *
 * The effort of an indicator is its cost times the change of its raw value, `cost |to - from|`; the effort of a target
 * is the sum. Without a cost of its own an indicator is counted in goalposts, `1 / |best - worst|`, so that one
 * unit of effort is the whole way from the worst to the best; without goalposts by the range of the data. Only
 * improvements are looked at: changes that raise the score. They stay within bounds (by default up to the goalpost
 * `best`, for direction `target` the optimum; without goalposts the best value of the data) and keep to the kind of the
 * indicator: a count stays a whole number. A value that is missing is not made up: such indicators stay as they are.
 *
 * The other regions stay where they are, so that a rank is a score: the least one that has this rank by the plan's
 * rule, ties, decimals and tolerance included.
 *
 * How it is found. Nodes that are arithmetic, geometric, harmonic, power (p up to 1) or least of children are concave
 * and rising in the scores of their children, and the least effort is where the gain of an index per unit of effort is
 * the same in every indicator that moves: by sorting when all is linear, else by solving for the multiplier. What makes
 * a score not concave (dead zones below a goalpost, convex transforms, whole numbers) is settled by branch and bound
 * over concave envelopes. The proof is a bound: the linear programme of the multipliers, whose optimum no change can
 * undercut. Other nodes (max, median, owa, choquet, mpi and so on), imputation from other indicators and scores by
 * places are searched without a bound. Nodes that are decided on all regions at once are refused.
 *
 * Whatever was found is applied to the data and scored as smr_whatif_run() does, and only told when it reaches the
 * goal: `to`, written as the shortest text and read back, is the value that was tried.
 */

#include <smartregion/common.h>
#include <smartregion/dataset.h>
#include <smartregion/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Costs, bounds and fixed indicators, gathered one by one. A builder. @since 1.0 */
typedef struct smr_efforts smr_efforts;

/**
 * Makes an empty list.
 * @param context NULL: the default context
 * @param[out] efforts to be given back with smr_efforts_free()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_MEMORY
 * Thread rule: any thread. Complexity: O(1).
 * @since 1.0
 */
SMR_API smr_status smr_efforts_new(smr_context *context, smr_efforts **efforts, smr_error *error);

/**
 * Frees a list.
 * @param efforts NULL is allowed
 * Thread rule: one thread at a time. Complexity: O(entries). Errors: none.
 * @since 1.0
 */
SMR_API void smr_efforts_free(smr_efforts *efforts);

/**
 * Says what an indicator costs and how far it may go.
 * @param efforts   not NULL
 * @param indicator its id; copied; not given before
 * @param cost      effort of one unit of the raw value, above 0; NaN: the default
 * @param low       least raw value that may be proposed; NaN: the default
 * @param high      greatest raw value that may be proposed; NaN: the default
 * @param error     may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_DATA (cost, bounds, given twice), ::SMR_ERROR_MEMORY
 * Thread rule: one thread at a time. Complexity: O(entries).
 * @since 1.0
 */
SMR_API smr_status smr_efforts_set(smr_efforts *efforts, const char *indicator, double cost, double low, double high,
                                   smr_error *error);

/**
 * Says that an indicator stays as it is, whatever else is said of it.
 * @param efforts   not NULL
 * @param indicator its id; copied
 * @param error     may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_MEMORY
 * Thread rule: one thread at a time. Complexity: O(entries).
 * @since 1.0
 */
SMR_API smr_status smr_efforts_fix(smr_efforts *efforts, const char *indicator, smr_error *error);

/**
 * Adds entries from a text: CSV with the columns `indicator` and one or more of `cost`, `low`, `high`, empty fields
 * being the default; or JSON, `{"costs": {"id": 2}, "bounds": {"id": [0, 10]}, "fixed": ["id"]}`, where `null` as a bound is
 * the default. Nothing is added when there is an error.
 * @param efforts     not NULL
 * @param text        UTF-8 bytes; JSON when they begin with a brace
 * @param length      their number
 * @param source_name for messages, for example the file's name; may be NULL
 * @param error       may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_FORMAT, ::SMR_ERROR_DATA, ::SMR_ERROR_LIMIT, ::SMR_ERROR_MEMORY
 * Thread rule: one thread at a time. Complexity: O(length + entries^2).
 * Source: RFC 4180 and RFC 8259 for the shapes of the text.
 * @since 1.0
 */
SMR_API smr_status smr_efforts_read(smr_efforts *efforts, const char *text, size_t length, const char *source_name,
                                    smr_error *error);

/** The goal. Start with smr_target_options_init(); one of rank and score is given. @since 1.0 */
typedef struct smr_target_options {
    uint32_t size;       /**< sizeof(smr_target_options) of the caller */
    int32_t decimals;    /**< values are proposed with so many decimals at most, rounded so that the goal is still reached (a value at its bound has those of the bound); -1 (default): as many as it takes */
    uint64_t rank;       /**< the rank of the index to reach, or a better one; 0 (default): none */
    double score;        /**< the score of the index to reach; NaN (default): none */
    const char *period;  /**< NULL (default): the latest */
    uint64_t most_steps; /**< boxes that branch and bound looks at before it gives up with a gap; default 20,000 */
} smr_target_options;

/**
 * Writes the defaults.
 * @param options NULL does nothing
 * @param size    `sizeof(smr_target_options)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_target_options_init(smr_target_options *options, size_t size);

/** What is known of a target. @since 1.0 */
enum smr_target_status {
    SMR_TARGET_OPTIMAL = 0,    /**< reached, and no change within the bounds takes less effort (by more than a billionth) */
    SMR_TARGET_BOUNDED = 1,    /**< reached; the least effort lies between `lower_bound` and `effort` */
    SMR_TARGET_FEASIBLE = 2,   /**< reached, by search; how far from the least effort is not known */
    SMR_TARGET_UNREACHABLE = 3, /**< no change within the bounds reaches the goal */
    SMR_TARGET_NOT_FOUND = 4   /**< the search found none; whether there is one is not known */
};

/**
 * The symbolic name of a target's status, such as "optimal".
 * @param status one of ::smr_target_status
 * @return static text; "unknown" for a number this version does not have
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_target_status_name(int32_t status);

/** The least effort found. Sealed. @since 1.0 */
typedef struct smr_target smr_target;

/**
 * Finds the least effort with which a region reaches a goal.
 *
 * `minimise sum cost_j |x'_j - x_j| subject to index(x') >= goal, low_j <= x'_j <= high_j`, the x' improvements of the
 * region's own values. That a goal is not reached is a result, not a failure: a warning is reported to the context.
 * Of several cheapest ways the one that changes fewer indicators is preferred, then the order of the tree.
 * @param context NULL: the default context
 * @param model   how the scores are made; its index must rise with quality, and the plan must not roll regions up
 * @param dataset the data; it need not be the one that the model was fitted on
 * @param region  id of the region
 * @param efforts costs and bounds; NULL: all default
 * @param options with a goal; not NULL
 * @param[out] target to be given back with smr_target_unref()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT (no goal, or two), ::SMR_ERROR_NOT_FOUND (period), ::SMR_ERROR_DATA (an unknown
 *         region or indicator), ::SMR_ERROR_COMPUTE (the region has no score), ::SMR_ERROR_UNSUPPORTED (a roll-up, or a
 *         node that is decided on all regions at once), ::SMR_ERROR_CANCELLED, ::SMR_ERROR_MEMORY, and as
 *         smr_model_score()
 * Thread rule: any thread. Complexity: that of scoring the data three times, and O(indicators log indicators) when all is
 * linear; O(64^depth x indicators) with other means; times the boxes where scores are not concave.
 * Source: Dantzig (1957), Discrete-Variable Extremum Problems, Operations Research 5 (the continuous knapsack by
 * ratios); Everett (1963), Generalized Lagrange Multiplier Method, Operations Research 11; Falk and Soland (1969), An
 * Algorithm for Separable Nonconvex Programming Problems, Management Science 15 (branch and bound over envelopes).
 * @since 1.0
 */
SMR_API smr_status smr_target_run(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                                  const char *region, const smr_efforts *efforts, const smr_target_options *options,
                                  smr_target **target, smr_error *error);

/**
 * Counts one more owner.
 * @param target NULL is allowed
 * @return @p target
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API smr_target *smr_target_ref(smr_target *target);

/**
 * Counts one owner less; the last one frees it.
 * @param target NULL is allowed
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_target_unref(smr_target *target);

/** What came out as a whole. Start with smr_target_summary_init(). @since 1.0 */
typedef struct smr_target_summary {
    uint32_t size;       /**< sizeof(smr_target_summary) of the caller */
    int32_t status;      /**< one of ::smr_target_status */
    double goal_score;   /**< the least score that reaches the goal */
    double effort;       /**< sum over the indicators; 0 when the goal was reached before; NaN: not reached */
    double lower_bound;  /**< no change that reaches the goal takes less; NaN: not known, or not reached */
    double score_before; /**< of the index */
    double score_after;  /**< with the changes applied */
    double rank_before;  /**< of the index */
    double rank_after;   /**< with the changes applied */
    double best_score;   /**< with every indicator at its bound; of a search the best score found */
    double best_rank;    /**< with that score */
} smr_target_summary;

/**
 * Writes an empty record.
 * @param summary NULL does nothing
 * @param size    `sizeof(smr_target_summary)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_target_summary_init(smr_target_summary *summary, size_t size);

/**
 * Fills the record.
 * @param target  not NULL
 * @param[out] summary initialised before
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT
 * Thread rule: any thread. Complexity: O(1).
 * @since 1.0
 */
SMR_API smr_status smr_target_summarise(const smr_target *target, smr_target_summary *summary, smr_error *error);

/**
 * Id of the region.
 * @param target the result
 * @return borrowed from the result; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_target_region(const smr_target *target);

/**
 * Number of indicators that change: 0 when the goal was reached before or is not reached.
 * @param target NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_target_change_count(const smr_target *target);

/**
 * Indicator of each change, in tree order.
 * @param target the result
 * @return borrowed from the result, one id a change; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *const *smr_target_indicators(const smr_target *target);

/**
 * Raw value of each changing indicator as it is.
 * @param target the result
 * @return borrowed from the result, one a change; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_target_from(const smr_target *target);

/**
 * Raw value of each changing indicator as proposed.
 * @param target the result
 * @return borrowed from the result, one a change; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_target_to(const smr_target *target);

/**
 * Effort of each change.
 * @param target the result
 * @return borrowed from the result, one a change; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_target_effort(const smr_target *target);

/**
 * Writes the changes as csv, columns `region,indicator,from,to,effort`. Numbers are the shortest text that reads back
 * to the same double.
 * @param target not NULL
 * @param write  receives the text in pieces
 * @param user   passed to @p write
 * @param error  may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_WRITE
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(changes).
 * @since 1.0
 */
SMR_API smr_status smr_target_write_csv(const smr_target *target, smr_write_callback write, void *user,
                                        smr_error *error);

/**
 * Writes the result as json, "smartregion-target/1", with the resolved plan, region, period, goal and all that
 * smr_target_summarise() tells; rows as in csv.
 * @param target not NULL
 * @param write  receives the text in pieces
 * @param user   passed to @p write
 * @param error  may be NULL
 * @return as smr_target_write_csv()
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(changes).
 * @since 1.0
 */
SMR_API smr_status smr_target_write_json(const smr_target *target, smr_write_callback write, void *user,
                                         smr_error *error);

#ifdef __cplusplus
}
#endif

#endif
