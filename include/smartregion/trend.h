/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_TREND_H
#define SMARTREGION_TREND_H

/** @file
 * The trend: how every indicator and node of every region changed between periods, and whether the regions converge.
 *
 * A row is a region and a node. Its columns:
 *
 * | column | value |
 * |---|---|
 * | `first`, `last` | the first and the last value that the region has there, within the periods looked at |
 * | `change` | `last - first` |
 * | `cagr` | compound annual growth rate `(last/first)^(1/years) - 1`; both values above 0 |
 * | `slope` | change a year: least squares over all values there are |
 * | `rank_first`, `rank_last` | rank among the regions in the period of `first`, of `last`; always of scores |
 * | `growth` | `change / abs(first)` |
 * | `slope_low`, `slope_high` | confidence interval of the slope (Student's t, n - 2 degrees of freedom); three values at least |
 * | `slope_p` | two-sided p-value of the slope being 0 |
 * | `sen_slope` | median of the slopes of all pairs of values (Sen): not moved by a few outliers |
 * | `rank_move` | `rank_first - rank_last`: above 0 is up |
 * | `years` | between the starts of the two periods |
 * | `values` | number of values |
 * | `target` | the value to reach |
 * | `years_to_target` | `(target - last) / slope`: 0 when it is reached, NaN when the slope does not lead there |
 *
 * Values are scores: of an indicator its normalised value, of a node what is aggregated. With ::SMR_TREND_RAW those of
 * indicators are raw values in their unit. Scores are comparable over periods when all periods are normalised alike: by
 * goalposts, over `all_periods` (the default), or by one frozen period (`normalise.per` names it); under `per: period`
 * they are not, and a warning says so.
 *
 * Time is counted in years from the starts of the periods, a month being a twelfth: 2021 is 2021, 2021-Q3 is 2021.5.
 *
 * Convergence is a list of sections; a section is a list of cells, each with a row, a column (both texts) and a value.
 * A row is a node, or `label|node` for the regions of one group.
 *
 * | section | row, column | value |
 * |---|---|---|
 * | `sigma_regions` `sigma_mean` `sigma_sd` `sigma_cv` | node, period | regions that have a value in every period looked at; their mean, standard deviation (n - 1), and sd over mean |
 * | `sigma_trend` | node, what | `sd_slope`, `sd_p`, `cv_slope`, `cv_p`: least squares of these over years; a slope below 0 is sigma convergence |
 * | `beta` | node, what | regression of the yearly growth `ln(last/first)/T` on `ln(first)`, over the `regions` with values above 0 in the first and the last period: `coefficient`, `se`, `t`, `p`, `r_squared`; a coefficient b below 0 is beta convergence; `speed` `-ln(1 + b T)/T`, `half_life` `ln 2/speed` years |
 */

#include <smartregion/common.h>
#include <smartregion/dataset.h>
#include <smartregion/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Changes of every region and node. Sealed. @since 1.0 */
typedef struct smr_trend smr_trend;

/** What is followed. @since 1.0 */
enum smr_trend_values_kind {
    SMR_TREND_SCORES = 0, /**< scores */
    SMR_TREND_RAW = 1     /**< raw values of indicators, scores of the other nodes */
};

/** What is followed, and when. Start with smr_trend_options_init(). @since 1.0 */
typedef struct smr_trend_options {
    uint32_t size;      /**< sizeof(smr_trend_options) of the caller */
    int32_t values;     /**< one of ::smr_trend_values_kind; default scores */
    const char *from;   /**< earliest period looked at; NULL (default): the first */
    const char *to;     /**< latest period looked at; NULL (default): the last */
    const char *region; /**< rows of this region alone (convergence is always of all); NULL (default): of all */
    const char *group;  /**< text column: convergence also within each of its groups; NULL (default): none */
    double confidence;  /**< of the interval of the slope, above 0 and below 1; default 0.95 */
    double target;      /**< score to reach; NaN (default): the top of the node's scale; of raw values the best goalpost, else the indicator's target */
} smr_trend_options;

/**
 * Writes the defaults.
 * @param options NULL does nothing
 * @param size    `sizeof(smr_trend_options)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_trend_options_init(smr_trend_options *options, size_t size);

/**
 * Scores every period and follows every region and node. Rows without a period are not looked at.
 * @param context NULL: the default context; its report callback is warned of scores that are not comparable
 * @param model   how the scores are made
 * @param dataset two dated periods at least
 * @param options NULL: all defaults
 * @param[out] trend to be given back with smr_trend_unref()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_NOT_FOUND (period, region, group), ::SMR_ERROR_DATA (fewer than two
 *         periods, or one that is no date), ::SMR_ERROR_CANCELLED, ::SMR_ERROR_MEMORY, and as smr_model_score()
 * Thread rule: any thread. Complexity: O(rows x nodes x log rows), and O(periods^2 log periods) a region and node.
 * Source: Sen (1968), Journal of the American Statistical Association 63 (slope); Barro, Sala-i-Martin (1992), Journal of
 * Political Economy 100 (beta and sigma convergence).
 * @since 1.0
 */
SMR_API smr_status smr_trend_run(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                                 const smr_trend_options *options, smr_trend **trend, smr_error *error);

/**
 * Counts one more owner.
 * @param trend NULL is allowed
 * @return @p trend
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API smr_trend *smr_trend_ref(smr_trend *trend);

/**
 * Counts one owner less; the last one frees it.
 * @param trend NULL is allowed
 * Thread rule: any thread. Complexity: O(1), the last O(rows). Errors: none.
 * @since 1.0
 */
SMR_API void smr_trend_unref(smr_trend *trend);

/**
 * The framework that was scored by.
 * @param trend the trend
 * @return borrowed from the trend; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const smr_framework *smr_trend_framework(const smr_trend *trend);

/**
 * Number of rows: regions in input order, each with all nodes in pre-order.
 * @param trend NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_trend_row_count(const smr_trend *trend);

/**
 * Region of each row.
 * @param trend the trend
 * @return ids, borrowed from the trend; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *const *smr_trend_regions(const smr_trend *trend);

/**
 * Node of each row.
 * @param trend the trend
 * @return ids, borrowed from the trend; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *const *smr_trend_nodes(const smr_trend *trend);

/**
 * Period of `first` of each row.
 * @param trend the trend
 * @return ids, NULL where there is no value; borrowed from the trend; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *const *smr_trend_first_periods(const smr_trend *trend);

/**
 * Period of `last` of each row.
 * @param trend the trend
 * @return ids, NULL where there is no value; borrowed from the trend; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *const *smr_trend_last_periods(const smr_trend *trend);

/**
 * One column of the rows.
 * @param trend  the trend
 * @param column such as "slope"
 * @return one number a row, NaN where not defined; borrowed from the trend; NULL: no such column
 * Thread rule: any thread. Complexity: O(columns). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_trend_values(const smr_trend *trend, const char *column);

/**
 * The row of a region and node.
 * @param trend  the trend
 * @param region id
 * @param node   id
 * @return the row; -1 when there is none
 * Thread rule: any thread. Complexity: O(rows). Errors: none.
 * @since 1.0
 */
SMR_API int64_t smr_trend_find_row(const smr_trend *trend, const char *region, const char *node);

/**
 * Number of sections of the convergence.
 * @param trend NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_trend_section_count(const smr_trend *trend);

/**
 * Name of a section.
 * @param trend   the trend
 * @param section from 0
 * @return borrowed from the trend; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_trend_section_name(const smr_trend *trend, size_t section);

/**
 * Number of cells of a section.
 * @param trend   the trend
 * @param section from 0
 * @return the number; 0 beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_trend_cell_count(const smr_trend *trend, size_t section);

/**
 * Row of each cell.
 * @param trend   the trend
 * @param section from 0
 * @return borrowed from the trend, one text a cell; NULL: no cell
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *const *smr_trend_cell_rows(const smr_trend *trend, size_t section);

/**
 * Column of each cell.
 * @param trend   the trend
 * @param section from 0
 * @return borrowed from the trend, one text a cell; NULL: no cell
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *const *smr_trend_cell_columns(const smr_trend *trend, size_t section);

/**
 * Value of each cell.
 * @param trend   the trend
 * @param section from 0
 * @return borrowed from the trend, one a cell, NaN where not defined; NULL: no cell
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_trend_cell_values(const smr_trend *trend, size_t section);

/**
 * The value of one cell of the convergence, by names.
 * @param trend   the trend
 * @param section name of the section
 * @param row     name of the row
 * @param column  name of the column
 * @return the value; NaN also when there is no such cell
 * Thread rule: any thread. Complexity: O(cells of the section). Errors: none.
 * @since 1.0
 */
SMR_API double smr_trend_value(const smr_trend *trend, const char *section, const char *row, const char *column);

/**
 * Writes the rows as csv, columns `region,node,first,last,change,cagr,slope,rank_first,rank_last`; with details then also
 * `period_first,period_last,growth,slope_low,slope_high,slope_p,sen_slope,rank_move,years,values,target,years_to_target`.
 * @param trend   not NULL
 * @param details 1: all columns; 0: the nine
 * @param write   receives the text in pieces
 * @param user    passed to @p write
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_WRITE
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(rows).
 * @since 1.0
 */
SMR_API smr_status smr_trend_write_csv(const smr_trend *trend, int32_t details, smr_write_callback write, void *user,
                                       smr_error *error);

/**
 * Writes the convergence as csv, columns `section,row,column,value`.
 * @param trend not NULL
 * @param write receives the text in pieces
 * @param user  passed to @p write
 * @param error may be NULL
 * @return as smr_trend_write_csv()
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(cells).
 * @since 1.0
 */
SMR_API smr_status smr_trend_write_convergence_csv(const smr_trend *trend, smr_write_callback write, void *user,
                                                   smr_error *error);

/**
 * Writes everything as json, "smartregion-trend/1", with the resolved plan: `rows` with all columns, and `convergence`
 * with the cells of its sections.
 * @param trend not NULL
 * @param write receives the text in pieces
 * @param user  passed to @p write
 * @param error may be NULL
 * @return as smr_trend_write_csv()
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(rows + cells).
 * @since 1.0
 */
SMR_API smr_status smr_trend_write_json(const smr_trend *trend, smr_write_callback write, void *user,
                                        smr_error *error);

#ifdef __cplusplus
}
#endif

#endif
