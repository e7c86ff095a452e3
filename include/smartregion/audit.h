/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_AUDIT_H
#define SMARTREGION_AUDIT_H

/** @file
 * The audit: how the parts of an index hang together. Correlations within and across levels, Cronbach's alpha, the
 * correlation of each child with its siblings, sampling adequacy, sphericity, variance inflation, principal components
 * and their rotation, weights beside the importance that they lead to, what is odd, and how much data there were.
 *
 * An audit is a list of sections; a section is a list of cells, each with a row, a column (both texts) and a value.
 * Statistics are those of the scores: indicators after normalisation, nodes after aggregation. A statistic that is not
 * defined (a constant column, too few rows, a matrix without an inverse) is NaN, and a `flag_` section says why.
 *
 * | section | row, column | value |
 * |---|---|---|
 * | `size` | `data`, what | number of rows, regions, periods and indicators |
 * | `availability_indicator` | indicator, what | rows with a value (`observed`), their `share`, rows `imputed` |
 * | `availability_region` | region, `share` | share of its indicators and periods that have a value |
 * | `correlation_pearson` `_spearman` `_kendall` | node, node | correlation over the rows in which both have a score |
 * | the same with `_p` | node, node | two-sided p-value: Student's t with n - 2, Kendall normal |
 * | `correlation_rows` | node, node | number of those rows |
 * | `cronbach_alpha` | parent, what | `raw`, `standardised`, `mean_correlation`, `items` |
 * | `alpha_raw_if_deleted` `alpha_standardised_if_deleted` | child, parent | alpha of its siblings without it |
 * | `item_rest` | child, parent | correlation of its z-score with the sum of its siblings' |
 * | `kmo` | parent, `overall` | Kaiser, Meyer and Olkin's measure of sampling adequacy |
 * | `kmo_item` | child, parent | the same of one child |
 * | `bartlett` | parent, what | test of sphericity: `chi_square`, `degrees_of_freedom`, `p`, complete `rows` |
 * | `vif` | child, parent | variance inflation factor among its siblings |
 * | `eigenvalues` | parent, `PC1` ... | principal components of the children's correlations: the scree |
 * | `variance_share` `variance_cumulative` | parent, `PC1` ... | eigenvalues over their number |
 * | `components_kept` | parent, rule | components kept by `kaiser`, by `share`, and `used` here |
 * | `loadings` | child, `PC1` ... | correlation of the child with the component |
 * | `varimax` | child, `F1` ... | loadings of the components used, rotated (Kaiser normalisation) |
 * | `varimax_explained` | parent, `F1` ... | sum of squares of a factor's loadings |
 * | `communality` | child, parent | sum of squares of a child's loadings |
 * | `weights` | node, what | `weight` among its siblings, `effective_weight` in the index |
 * | `main_effects` | node, ancestor | squared correlation: the part of the ancestor's variance that goes along |
 * | `experts` | child, what | method `budget_allocation`: `mean` share and its standard deviation `sd` over `experts` |
 * | `ahp` | parent, what | method `ahp`: `lambda`, consistency `index` and `ratio` |
 * | `flag_high` | node, node | correlation beyond 0.92 either way, of indicators or siblings |
 * | `flag_negative` | node, sibling | negative correlation within a parent |
 * | `flag_weak` | child, parent | correlation with the parent below 0.3 |
 * | `flag_constant` | node, parent | the score that the node has everywhere |
 * | `flag_few_rows` | parent, `rows` | complete rows, too few for the statistics that need them |
 * | `flag_singular` | parent, `least_eigenvalue` | some child is a sum of others: no inverse |
 *
 * Cronbach's alpha and the correlations use every pair of scores there is; what needs the inverse or the components of
 * the correlation matrix uses the rows in which every child has a score. Where the tree has inner nodes, the parent `*`
 * stands for all indicators together, whose loadings are in `loadings_all` and `varimax_all`.
 */

#include <smartregion/common.h>
#include <smartregion/dataset.h>
#include <smartregion/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The statistics of one model on one dataset. Sealed. @since 1.0 */
typedef struct smr_audit smr_audit;

/** How many principal components are rotated. @since 1.0 */
enum smr_retain {
    SMR_RETAIN_KAISER = 0, /**< those with an eigenvalue above 1 */
    SMR_RETAIN_SHARE = 1,  /**< those that hold over 10 % of the variance each */
    SMR_RETAIN_NUMBER = 2  /**< `factors` of them */
};

/** What is audited, and when it is flagged. Start with smr_audit_options_init(). @since 1.0 */
typedef struct smr_audit_options {
    uint32_t size;      /**< sizeof(smr_audit_options) of the caller */
    int32_t retain;     /**< one of ::smr_retain; default kaiser; one component is always kept */
    uint32_t factors;   /**< for ::SMR_RETAIN_NUMBER; 1 or more */
    uint32_t reserved;  /**< 0 */
    double high;        /**< correlations beyond this are flagged; default 0.92 */
    double weak;        /**< correlations with the parent below this are flagged; default 0.3 */
    const char *period; /**< rows of this period alone; NULL (default): all rows */
} smr_audit_options;

/**
 * Writes the defaults.
 * @param options NULL does nothing
 * @param size    `sizeof(smr_audit_options)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_audit_options_init(smr_audit_options *options, size_t size);

/**
 * Scores a dataset and computes every statistic.
 * @param context NULL: the default context
 * @param model   how the scores are made
 * @param dataset what is scored
 * @param options NULL: all defaults
 * @param[out] audit to be given back with smr_audit_unref()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_NOT_FOUND (period), ::SMR_ERROR_CANCELLED, ::SMR_ERROR_MEMORY,
 *         and as smr_model_score()
 * Thread rule: any thread. Complexity: O(nodes^2 x rows log rows + indicators^3).
 * Source: OECD and JRC (2008), Handbook on Constructing Composite Indicators: Methodology and User Guide, step 4
 * (multivariate analysis); Cronbach (1951), Psychometrika 16 (alpha); Kaiser (1974), Psychometrika 39 (sampling
 * adequacy); Bartlett (1951), Biometrika 38 (sphericity); Kaiser (1958), Psychometrika 23 (varimax); Kendall (1945),
 * Biometrika 33 (tau-b); Paruolo, Saisana, Saltelli (2013), Journal of the Royal Statistical Society A 176 (main
 * effects).
 * @since 1.0
 */
SMR_API smr_status smr_audit_run(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                                 const smr_audit_options *options, smr_audit **audit, smr_error *error);

/** How imputations are tried. Start with smr_imputation_options_init(). @since 1.0 */
typedef struct smr_imputation_options {
    uint32_t size;    /**< sizeof(smr_imputation_options) of the caller */
    uint32_t repeats; /**< patterns of holes, 1 or more; default 3 */
    uint64_t seed;    /**< decides where the holes are; default 1, 0 is legal */
    double share;     /**< of the known cells that are taken out, above 0 and below 1; default 0.1 */
} smr_imputation_options;

/**
 * Writes the defaults.
 * @param options the struct; NULL does nothing
 * @param size    `sizeof(smr_imputation_options)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_imputation_options_init(smr_imputation_options *options, size_t size);

/**
 * How good would each imputation have been? Takes known cells out, lets every method fill them, and compares. Methods
 * with an option that they cannot do without (`group`, `value`) are tried when the model's plan gives it under
 * `impute`; those along time when the data have periods.
 *
 * | section | row, column | value |
 * |---|---|---|
 * | `imputation_r_squared` | method, indicator | 1 - squared errors over squared distances of the truth from its mean |
 * | `imputation_rmse` `imputation_mae` | method, indicator | root mean square and mean absolute error, denominated |
 * | `imputation_holes` `imputation_filled` | method, indicator | cells taken out, and those that the method filled |
 *
 * The column `*` is all indicators together, errors in standard deviations. Only filled cells are compared.
 * @param context NULL: the default context
 * @param model   its plan says how indicators are denominated
 * @param dataset what is looked at
 * @param options NULL: all defaults
 * @param[out] audit to be given back with smr_audit_unref()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_DATA (also: a grouping that the data lack),
 *         ::SMR_ERROR_CANCELLED, ::SMR_ERROR_MEMORY
 * Thread rule: any thread. Complexity: O(repeats) times that of fitting every method.
 * Source: OECD and JRC (2008), Handbook on Constructing Composite Indicators: Methodology and User Guide, step 3
 * (imputation of missing data).
 * @since 1.0
 */
SMR_API smr_status smr_audit_imputation(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                                        const smr_imputation_options *options, smr_audit **audit, smr_error *error);

/**
 * Counts one more owner.
 * @param audit NULL is allowed
 * @return @p audit
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API smr_audit *smr_audit_ref(smr_audit *audit);

/**
 * Counts one owner less; the last one frees it.
 * @param audit NULL is allowed
 * Thread rule: any thread. Complexity: O(1), the last O(cells). Errors: none.
 * @since 1.0
 */
SMR_API void smr_audit_unref(smr_audit *audit);

/**
 * The framework that was scored by.
 * @param audit the audit
 * @return borrowed from the audit; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const smr_framework *smr_audit_framework(const smr_audit *audit);

/**
 * Number of sections, empty ones among them.
 * @param audit NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_audit_section_count(const smr_audit *audit);

/**
 * Name of a section.
 * @param audit   the audit
 * @param section from 0
 * @return static text; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_audit_section_name(const smr_audit *audit, size_t section);

/**
 * Section of a name.
 * @param audit the audit
 * @param name  such as "cronbach_alpha"
 * @return the section; -1 when there is none
 * Thread rule: any thread. Complexity: O(sections). Errors: none.
 * @since 1.0
 */
SMR_API int64_t smr_audit_find_section(const smr_audit *audit, const char *name);

/**
 * Number of cells of a section.
 * @param audit   the audit
 * @param section from 0
 * @return the number; 0 beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_audit_cell_count(const smr_audit *audit, size_t section);

/**
 * Row of each cell.
 * @param audit   the audit
 * @param section from 0
 * @return borrowed from the audit, one text a cell; NULL: no cell
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *const *smr_audit_rows(const smr_audit *audit, size_t section);

/**
 * Column of each cell.
 * @param audit   the audit
 * @param section from 0
 * @return borrowed from the audit, one text a cell; NULL: no cell
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *const *smr_audit_columns(const smr_audit *audit, size_t section);

/**
 * Value of each cell.
 * @param audit   the audit
 * @param section from 0
 * @return borrowed from the audit, one a cell, NaN where not defined; NULL: no cell
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_audit_values(const smr_audit *audit, size_t section);

/**
 * The value of one cell, by names.
 * @param audit   the audit
 * @param section name of the section
 * @param row     name of the row
 * @param column  name of the column
 * @return the value; NaN also when there is no such cell
 * Thread rule: any thread. Complexity: O(cells of the section). Errors: none.
 * @since 1.0
 */
SMR_API double smr_audit_value(const smr_audit *audit, const char *section, const char *row, const char *column);

/**
 * Writes the audit as csv, columns `section,row,column,value`. Numbers are the shortest text that reads back to the
 * same double; what is not defined is an empty field.
 * @param audit not NULL
 * @param write receives the text in pieces
 * @param user  passed to @p write
 * @param error may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_WRITE
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(cells).
 * @since 1.0
 */
SMR_API smr_status smr_audit_write_csv(const smr_audit *audit, smr_write_callback write, void *user,
                                       smr_error *error);

/**
 * Writes the audit as json, "smartregion-audit/1", with the resolved plan; rows as in csv.
 * @param audit not NULL
 * @param write receives the text in pieces
 * @param user  passed to @p write
 * @param error may be NULL
 * @return as smr_audit_write_csv()
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(cells).
 * @since 1.0
 */
SMR_API smr_status smr_audit_write_json(const smr_audit *audit, smr_write_callback write, void *user,
                                        smr_error *error);

#ifdef __cplusplus
}
#endif

#endif
