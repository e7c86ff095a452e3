/* SPDX-License-Identifier: MIT */
/* Methods of imputation, one row each, in the order in which they are listed. */
#include "method/method_impl.h"

#include "method/catalogue_words.inc"

/* ---- options ---- */

static const smri_parameter impute_group[] = {GROUP, END};

static const smri_parameter impute_constant[] = {
    {.name = "value", .type = SMRI_PARAMETER_NUMBER, .default_json = "null", .required = true, ANY_NUMBER,
     .summary = "value of every missing cell, in the unit of the indicator after denominate"},
    END,
};

static const smri_parameter impute_latest[] = {
    {.name = "max_periods", .type = SMRI_PARAMETER_INTEGER, .default_json = "null", .least = 1, .greatest = UINT32_MAX,
     LEGAL("1 or more"),
     .summary = "a value is carried forward over so many of the region's periods at most; without it over all"},
    END,
};

static const smri_parameter impute_regression[] = {
    {.name = "lambda", .type = SMRI_PARAMETER_NUMBER, .default_json = "0.1", ABOVE_ZERO,
     .summary = "ridge: so much times the number of regions is added to each sum of squares of standardised indicators"},
    END,
};

static const smri_parameter impute_knn[] = {
    {.name = "k", .type = SMRI_PARAMETER_INTEGER, .default_json = "5", .least = 1, .greatest = 1000, LEGAL("1 to 1000"),
     .summary = "number of nearest regions with a value; fewer where there are fewer"},
    END,
};

static const smri_parameter impute_em[] = {
    {.name = "tolerance", .type = SMRI_PARAMETER_NUMBER, .default_json = "1e-8", ZERO_OR_MORE,
     .summary = "ends when no mean and no covariance of the standardised indicators changes by more"},
    {.name = "iterations", .type = SMRI_PARAMETER_INTEGER, .default_json = "1000", .least = 1, .greatest = 1000000,
     LEGAL("1 to 1000000"),
     .summary = "ends after so many at the latest"},
    {.name = "ridge", .type = SMRI_PARAMETER_NUMBER, .default_json = "1e-8", ZERO_OR_MORE,
     .summary = "added to each variance of standardised indicators; 0.1 where regions are not twice the indicators"},
    END,
};

/* ---- methods ---- */

const smri_method smri_methods_impute[] = {
    {.step = SMRI_STEP_IMPUTE, .name = "none", .parameters = none,
     .summary = "missing cells stay missing", .formula = "x", .source = NO_SOURCE},
    {.step = SMRI_STEP_IMPUTE, .name = "mean", .parameters = none,
     .summary = "the mean of the indicator", .formula = "sum x / n", .source = HANDBOOK_IMPUTATION,
     .needs = SMRI_NEED_MEAN, .fitted = "mean", .fitted_count = 1, .fit = smri_impute_mean_fit,
     .change = smri_impute_value},
    {.step = SMRI_STEP_IMPUTE, .name = "median", .parameters = none,
     .summary = "the median of the indicator", .formula = "middle value, or the mean of the two in the middle",
     .source = HANDBOOK_IMPUTATION,
     .needs = SMRI_NEED_SORTED, .fitted = "median", .fitted_count = 1, .fit = smri_impute_median_fit,
     .change = smri_impute_value},
    {.step = SMRI_STEP_IMPUTE, .name = "group_mean", .parameters = impute_group, .flags = SMRI_METHOD_NEEDS_GROUPS,
     .summary = "the mean of the region's group; without a group or data in it the cell stays missing",
     .formula = "sum x / n over the group", .source = LITTLE_RUBIN,
     .fitted = "mean of each group", .fit = smri_impute_group_mean_fit, .change = smri_impute_group_value},
    {.step = SMRI_STEP_IMPUTE, .name = "group_median", .parameters = impute_group, .flags = SMRI_METHOD_NEEDS_GROUPS,
     .summary = "the median of the region's group; without a group or data in it the cell stays missing",
     .formula = "middle value of the group, or the mean of the two in the middle", .source = COINR,
     .fitted = "median of each group", .fit = smri_impute_group_median_fit, .change = smri_impute_group_value},
    {.step = SMRI_STEP_IMPUTE, .name = "row_mean", .parameters = none,
     .summary = "the mean of the region's other indicators under the same parent, on a common scale and mapped back",
     .formula = "s = sum (x_k - min_k)/(max_k - min_k) / number present (lower: 1 less that); x = min + s (max - min)",
     .source = COINR, .fitted = "least values of all indicators, then greatest",
     .fit_matrix = smri_impute_row_fit, .fill_matrix = smri_impute_row_fill},
    {.step = SMRI_STEP_IMPUTE, .name = "latest", .parameters = impute_latest,
     .summary = "the region's last value before, carried forward",
     .formula = "x of the latest earlier period with a value", .source = LITTLE_RUBIN, .fill_series = smri_impute_latest},
    {.step = SMRI_STEP_IMPUTE, .name = "latest_both", .parameters = none,
     .summary = "the region's last value before, and its first value for what lies before that",
     .formula = "x of the latest earlier period with a value, else of the first", .source = COINR,
     .fill_series = smri_impute_latest_both},
    {.step = SMRI_STEP_IMPUTE, .name = "nearest", .parameters = none, .flags = SMRI_METHOD_NEEDS_DATES,
     .summary = "the region's value of the period nearest in time; of two equally near the earlier",
     .formula = "x of the period with a value and the least distance", .source = COINR,
     .fill_series = smri_impute_nearest},
    {.step = SMRI_STEP_IMPUTE, .name = "linear", .parameters = none, .flags = SMRI_METHOD_NEEDS_DATES,
     .summary = "a straight line between the region's values before and after; at the ends the cell stays missing",
     .formula = "(1 - t) x_before + t x_after, t the share of the time between them", .source = COINR,
     .fill_series = smri_impute_linear},
    {.step = SMRI_STEP_IMPUTE, .name = "linear_flat", .parameters = none, .flags = SMRI_METHOD_NEEDS_DATES,
     .summary = "a straight line between the region's values before and after; flat at the ends",
     .formula = "(1 - t) x_before + t x_after; before the first value the first, after the last the last",
     .source = COINR, .fill_series = smri_impute_linear_flat},
    {.step = SMRI_STEP_IMPUTE, .name = "regression", .parameters = impute_regression,
     .summary = "ridge regression on all other indicators over the regions that have a value",
     .formula = "m + s z b, b = (Z'Z + lambda n I)^-1 Z'x, Z the other indicators standardised, holes 0",
     .source = HOERL_KENNARD, .fitted = "means, then standard deviations, then a row of coefficients an indicator",
     .fit_matrix = smri_impute_regression_fit, .fill_matrix = smri_impute_regression_fill},
    {.step = SMRI_STEP_IMPUTE, .name = "knn", .parameters = impute_knn,
     .summary = "the mean of the most similar regions that have a value",
     .formula = "sum x / k over the k least of sqrt(mean (z_a - z_b)^2), the mean over indicators that both have",
     .source = TROYANSKAYA, .fitted = "means, then standard deviations, then the reference column by column",
     .fit_matrix = smri_impute_knn_fit, .fill_matrix = smri_impute_knn_fill},
    {.step = SMRI_STEP_IMPUTE, .name = "em", .parameters = impute_em,
     .summary = "the mean that a multivariate normal distribution, fitted to all values, expects given the others",
     .formula = "m_a + C_ab C_bb^-1 (x_b - m_b), a what is missing, b what is not, m and C by maximum likelihood",
     .source = DEMPSTER,
     .fitted = "iterations, last change, then means, standard deviations, their centres and the inverse covariance",
     .fit_matrix = smri_impute_em_fit, .fill_matrix = smri_impute_em_fill},
    {.step = SMRI_STEP_IMPUTE, .name = "constant", .parameters = impute_constant,
     .summary = "one number for every missing cell", .formula = "value", .source = LITTLE_RUBIN,
     .fitted = "value", .fitted_count = 1, .fit = smri_impute_constant_fit, .change = smri_impute_value},
};

const size_t smri_methods_impute_count = SMRI_COUNT(smri_methods_impute);
