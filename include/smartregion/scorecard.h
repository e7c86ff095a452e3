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
    SMR_CELL_NOT_COMPUTED = 7     /**< no child has a score, the policy is `fail`, or the result is beyond all numbers */
};

/**
 * The symbolic name of a cell status, such as "low_coverage".
 * @param status one of ::smr_cell_status
 * @return static text; "unknown" for a number this version does not have
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_cell_status_name(int32_t status);

/**
 * Number of rows.
 * @param scorecard NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_scorecard_row_count(const smr_scorecard *scorecard);

/**
 * Region id of a row.
 * @param scorecard the scorecard
 * @param row       from 0, in the order of the dataset
 * @return borrowed from the scorecard; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_scorecard_region(const smr_scorecard *scorecard, size_t row);

/**
 * Region name of a row.
 * @param scorecard the scorecard
 * @param row       from 0, in the order of the dataset
 * @return borrowed from the scorecard; the id when it has no name; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_scorecard_region_name(const smr_scorecard *scorecard, size_t row);

/**
 * Period of a row.
 * @param scorecard the scorecard
 * @param row       from 0, in the order of the dataset
 * @return borrowed from the scorecard; NULL when the data have none, or beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_scorecard_period(const smr_scorecard *scorecard, size_t row);

/**
 * Row of a region in a period.
 * @param scorecard the scorecard
 * @param region    id of the region
 * @param period    NULL: the latest, or none for data without periods
 * @return the row; -1 when there is none
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API int64_t smr_scorecard_find_row(const smr_scorecard *scorecard, const char *region, const char *period);

/**
 * The framework that was scored by.
 * @param scorecard the scorecard
 * @return borrowed from the scorecard; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const smr_framework *smr_scorecard_framework(const smr_scorecard *scorecard);

/**
 * Scores of a node, one a row; NaN: not computed. An indicator's score is its normalised value.
 * @param scorecard the scorecard
 * @param node   0 is the index
 * @param[out] scores the caller's array
 * @param rows   length of @p scores, must be the row count
 * @param error  may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_MEMORY, ::SMR_ERROR_COMPUTE
 * Thread rule: any thread. Complexity: O(rows) when kept, else O(rows x subtree).
 * @since 1.0
 */
SMR_API smr_status smr_scorecard_scores(const smr_scorecard *scorecard, size_t node, double *scores, size_t rows,
                                        smr_error *error);

/**
 * Ranks of a node within each period, 1 is best, by the plan's tie rule; NaN: no rank.
 * @param scorecard the scorecard
 * @param node   0 is the index
 * @param[out] ranks the caller's array
 * @param rows   length of @p ranks, must be the row count
 * @param error  may be NULL
 * @return as smr_scorecard_scores()
 * Thread rule: any thread. Complexity: O(rows log rows), and O(rows x subtree) when the scores are not kept.
 * @since 1.0
 */
SMR_API smr_status smr_scorecard_ranks(const smr_scorecard *scorecard, size_t node, double *ranks, size_t rows,
                                       smr_error *error);

/**
 * Coverage of a node: the share, 0 to 1, of the leaf weight below it that was observed (imputed cells not counted).
 * @param scorecard the scorecard
 * @param node   0 is the index
 * @param[out] coverages the caller's array
 * @param rows   length of @p coverages, must be the row count
 * @param error  may be NULL
 * @return as smr_scorecard_scores()
 * Thread rule: any thread. Complexity: O(rows) when kept, else O(rows x subtree).
 * @since 1.0
 */
SMR_API smr_status smr_scorecard_coverages(const smr_scorecard *scorecard, size_t node, double *coverages,
                                           size_t rows, smr_error *error);

/**
 * Status of every row at a node.
 * @param scorecard the scorecard
 * @param node   0 is the index
 * @param[out] statuses the caller's array of ::smr_cell_status
 * @param rows   length of @p statuses, must be the row count
 * @param error  may be NULL
 * @return as smr_scorecard_scores()
 * Thread rule: any thread. Complexity: O(rows) when kept, else O(rows x subtree).
 * @since 1.0
 */
SMR_API smr_status smr_scorecard_statuses(const smr_scorecard *scorecard, size_t node, uint8_t *statuses,
                                          size_t rows, smr_error *error);

/**
 * Weight of a node among its siblings for every region: the model's, or where the family's weights are `bod` the
 * region's own; NaN where a region has none.
 * @param scorecard the scorecard
 * @param node  any but the root
 * @param[out] weights the caller's array
 * @param rows  length of @p weights, must be the row count
 * @param error may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT
 * Thread rule: any thread. Complexity: O(rows).
 * Source: Cherchye et al. (2007) for region-specific weights.
 * @since 1.0
 */
SMR_API smr_status smr_scorecard_weights(const smr_scorecard *scorecard, size_t node, double *weights, size_t rows,
                                         smr_error *error);

/**
 * Does any family of the scorecard have weights that differ by region?
 * @param scorecard the scorecard
 * @return 1 yes, 0 no
 * Thread rule: any thread. Complexity: O(nodes). Errors: none.
 * @since 1.0
 */
SMR_API int32_t smr_scorecard_has_region_weights(const smr_scorecard *scorecard);

/**
 * Writes the scorecard as csv, columns `region,period,node,score,rank,coverage,status`: regions in input order,
 * nodes in pre-order. Numbers are the shortest text that reads back to the same double.
 * @param scorecard not NULL
 * @param period    only this period; NULL: all
 * @param write     receives the text in pieces
 * @param user      passed to @p write
 * @param error     may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_NOT_FOUND (period), ::SMR_ERROR_WRITE, ::SMR_ERROR_MEMORY
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(rows x nodes).
 * Source: Giulietti (2020), The Schubfach way to render doubles; RFC 4180.
 * @since 1.0
 */
SMR_API smr_status smr_scorecard_write_csv(const smr_scorecard *scorecard, const char *period,
                                           smr_write_callback write, void *user, smr_error *error);

/**
 * Writes the scorecard as json, "smartregion-score/1", with the resolved plan; rows as in csv.
 * @param scorecard not NULL
 * @param period    only this period; NULL: all
 * @param write     receives the text in pieces
 * @param user      passed to @p write
 * @param error     may be NULL
 * @return as smr_scorecard_write_csv()
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(rows x nodes).
 * @since 1.0
 */
SMR_API smr_status smr_scorecard_write_json(const smr_scorecard *scorecard, const char *period,
                                            smr_write_callback write, void *user, smr_error *error);

/**
 * Counts one more owner.
 * @param scorecard NULL is allowed
 * @return @p scorecard
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API smr_scorecard *smr_scorecard_ref(smr_scorecard *scorecard);

/**
 * Counts one owner less; the last one frees it.
 * @param scorecard NULL is allowed
 * Thread rule: any thread. Complexity: O(1), the last O(nodes). Errors: none.
 * @since 1.0
 */
SMR_API void smr_scorecard_unref(smr_scorecard *scorecard);

#ifdef __cplusplus
}
#endif

#endif
