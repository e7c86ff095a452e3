/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_SCORECARD_H
#define SMARTREGION_SCORECARD_H

/** @file
 * The scorecard: score, rank, coverage and status of every region at every node.
 *
 * Rows are those of the dataset that was scored (after `rollup`: the regions without a parent), nodes those of the
 * framework. A scorecard is sealed; what it was not asked to keep is recomputed on request, to the same bits.
 */

#include <smartregion/common.h>
#include <smartregion/framework.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Scores and ranks. Sealed. @since 1.0 */
typedef struct smr_scorecard smr_scorecard;

/** Why a cell is what it is. The list only grows. @since 1.0 */
enum smr_cell_status {
    SMR_CELL_OK = 0,              /**< computed from observed values */
    SMR_CELL_MISSING = 1,         /**< no value given */
    SMR_CELL_IMPUTED = 2,         /**< computed from an imputed value */
    SMR_CELL_CONSTANT = 3,        /**< the reference has no spread */
    SMR_CELL_BAD_DENOMINATOR = 4, /**< the denominator is zero or missing */
    SMR_CELL_OUT_OF_DOMAIN = 5,   /**< the value is outside the domain of a logarithm, root or inverse */
    SMR_CELL_LOW_COVERAGE = 6,    /**< too small a share of the children has a score */
    SMR_CELL_NOT_COMPUTED = 7     /**< no child has a score, or the policy is `fail` */
};

/** The symbolic name of a cell status, such as "low_coverage"; "unknown" beyond the last. O(1). @since 1.0 */
SMR_API const char *smr_cell_status_name(int32_t status);

/** Number of rows; 0 for NULL. Thread rule: any thread. Complexity: O(1). @since 1.0 */
SMR_API size_t smr_scorecard_row_count(const smr_scorecard *scorecard);

/** Region id of a row, borrowed; NULL beyond the last. Thread rule: any thread. Complexity: O(1). @since 1.0 */
SMR_API const char *smr_scorecard_region(const smr_scorecard *scorecard, size_t row);

/** Region name of a row, its id when it has none; NULL beyond the last. Thread rule: any thread. O(1). @since 1.0 */
SMR_API const char *smr_scorecard_region_name(const smr_scorecard *scorecard, size_t row);

/** Period of a row, borrowed; NULL when the data have none. Thread rule: any thread. Complexity: O(1). @since 1.0 */
SMR_API const char *smr_scorecard_period(const smr_scorecard *scorecard, size_t row);

/** Row of a region in a period (NULL: the latest); -1 when there is none. Thread rule: any thread. @since 1.0 */
SMR_API int64_t smr_scorecard_find_row(const smr_scorecard *scorecard, const char *region, const char *period);

/** The framework, borrowed; NULL for NULL. Thread rule: any thread. Complexity: O(1). @since 1.0 */
SMR_API const smr_framework *smr_scorecard_framework(const smr_scorecard *scorecard);

/**
 * Scores of a node, one a row; NaN: not computed. An indicator's score is its normalised value.
 * @param node   0 is the index @param rows length of @p scores, must be the row count
 * @param[out] scores the caller's array
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_MEMORY, ::SMR_ERROR_COMPUTE
 * Thread rule: any thread. Complexity: O(rows) when kept, else O(rows x subtree).
 * @since 1.0
 */
SMR_API smr_status smr_scorecard_scores(const smr_scorecard *scorecard, size_t node, double *scores, size_t rows,
                                        smr_error *error);

/**
 * Ranks of a node within each period, 1 is best, by the plan's tie rule; NaN: no rank.
 * @return as smr_scorecard_scores(). Thread rule: any thread. Complexity: O(rows log rows) when not kept.
 * @since 1.0
 */
SMR_API smr_status smr_scorecard_ranks(const smr_scorecard *scorecard, size_t node, double *ranks, size_t rows,
                                       smr_error *error);

/**
 * Coverage of a node: the share, 0 to 1, of the leaf weight below it that was observed (imputed cells not counted).
 * @return as smr_scorecard_scores(). Thread rule: any thread. Complexity: O(rows) when kept, else O(rows x subtree).
 * @since 1.0
 */
SMR_API smr_status smr_scorecard_coverages(const smr_scorecard *scorecard, size_t node, double *coverages,
                                           size_t rows, smr_error *error);

/**
 * Status of every row at a node: values of ::smr_cell_status.
 * @return as smr_scorecard_scores(). Thread rule: any thread. Complexity: O(rows) when kept, else O(rows x subtree).
 * @since 1.0
 */
SMR_API smr_status smr_scorecard_statuses(const smr_scorecard *scorecard, size_t node, uint8_t *statuses,
                                          size_t rows, smr_error *error);

/**
 * Writes the scorecard as csv, columns `region,period,node,score,rank,coverage,status`: regions in input order,
 * nodes in pre-order. Numbers are the shortest text that reads back to the same double.
 * @param period only this period; NULL: all
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_NOT_FOUND (period), ::SMR_ERROR_WRITE, ::SMR_ERROR_MEMORY
 * Thread rule: any thread. Complexity: O(rows x nodes).
 * @since 1.0
 */
SMR_API smr_status smr_scorecard_write_csv(const smr_scorecard *scorecard, const char *period,
                                           smr_write_callback write, void *user, smr_error *error);

/**
 * Writes the scorecard as json, "smartregion-score/1", with the resolved plan; rows as in csv.
 * @return as smr_scorecard_write_csv(). Thread rule: any thread. Complexity: O(rows x nodes).
 * @since 1.0
 */
SMR_API smr_status smr_scorecard_write_json(const smr_scorecard *scorecard, const char *period,
                                            smr_write_callback write, void *user, smr_error *error);

/** Counts one more owner; NULL is allowed. Thread rule: any thread. @return @p scorecard. @since 1.0 */
SMR_API smr_scorecard *smr_scorecard_ref(smr_scorecard *scorecard);

/** Counts one owner less; the last one frees it; NULL is allowed. Thread rule: any thread. @since 1.0 */
SMR_API void smr_scorecard_unref(smr_scorecard *scorecard);

#ifdef __cplusplus
}
#endif

#endif
