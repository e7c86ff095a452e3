/* SPDX-License-Identifier: MIT */
/* Methods of treating outliers, one row each, in the order in which they are listed. */
#include "method/method_impl.h"

#include "method/catalogue_words.inc"

/* ---- options ---- */

#define QUANTILE_TYPE \
    {.name = "type", .type = SMRI_PARAMETER_INTEGER, .default_json = "7", .least = 1, .greatest = 9, LEGAL("1 to 9"), \
     .summary = "definition of the quantile, numbered as by Hyndman and Fan"}
/* Either limit stays on its side of the median. */
#define LOW_AND_HIGH(raised, lowered) \
    {.name = "low", .type = SMRI_PARAMETER_NUMBER, .default_json = "5", .least = 0, .greatest = 50, LEGAL("0 to 50"), \
     .summary = "lower percentile, in per cent: smaller values are " raised}, \
    {.name = "high", .type = SMRI_PARAMETER_NUMBER, .default_json = "95", .least = 50, .greatest = 100, \
     LEGAL("50 to 100"), .summary = "upper percentile, in per cent: greater values are " lowered}
#define IQR_K \
    {.name = "k", .type = SMRI_PARAMETER_NUMBER, .default_json = "1.5", ZERO_OR_MORE, \
     .summary = "the fences stand so many interquartile ranges outside the quartiles"}
#define LAMBDA \
    {.name = "lambda", .type = SMRI_PARAMETER_NUMBER, .default_json = "null", .least = -5, .greatest = 5, \
     LEGAL("-5 to 5"), .summary = "exponent; without it the one of greatest likelihood"}

static const smri_parameter winsorise[] = {LOW_AND_HIGH("raised to it", "lowered to it"), QUANTILE_TYPE, END};
static const smri_parameter iqr[] = {IQR_K, QUANTILE_TYPE, END};
static const smri_parameter yeo_johnson[] = {LAMBDA, END};

static const smri_parameter coinr[] = {
    {.name = "max_points", .type = SMRI_PARAMETER_INTEGER, .default_json = "5", .least = 0, .greatest = UINT32_MAX,
     LEGAL("0 or more"),
     .summary = "no further move when so many points differ from the original; 0: straight to the logarithm"},
    {.name = "max_skewness", .type = SMRI_PARAMETER_NUMBER, .default_json = "2", ABOVE_ZERO,
     .summary = "an indicator passes when its absolute skewness is below this"},
    {.name = "max_kurtosis", .type = SMRI_PARAMETER_NUMBER, .default_json = "3.5", ANY_NUMBER,
     .summary = "an indicator passes also when its kurtosis is below this"},
    {.name = "combine", .type = SMRI_PARAMETER_BOOLEAN, .default_json = "false", YES_OR_NO,
     .summary = "the logarithm is of the moved values, not of the original ones"},
    END,
};

static const smri_parameter box_cox[] = {
    LAMBDA,
    {.name = "shift", .type = SMRI_PARAMETER_BOOLEAN, .default_json = "true", YES_OR_NO,
     .summary = "u is x - min + 1; otherwise u is x, above 0"},
    END,
};

static const smri_parameter trim_to_missing[] = {
    {.name = "limits", .type = SMRI_PARAMETER_CHOICE, .default_json = "\"percentiles\"", ONE_OF_2("percentiles", "iqr"),
     .summary = "where values begin to be too far out: beyond two percentiles, or beyond the fences of the quartiles"},
    LOW_AND_HIGH("removed", "removed"),
    IQR_K,
    QUANTILE_TYPE,
    END,
};

/* ---- methods ---- */

const smri_method smri_methods_treat[] = {
    {.step = SMRI_STEP_TREAT, .name = "none", .parameters = none,
     .summary = "values stay as they are", .formula = "x", .source = NO_SOURCE},
    {.step = SMRI_STEP_TREAT, .name = "winsorise", .parameters = winsorise,
     .summary = "values beyond two percentiles are brought to them", .formula = "min(max(x, Q(low)), Q(high))",
     .source = HYNDMAN_FAN,
     .needs = SMRI_NEED_SORTED, .fitted = "lower limit, upper limit", .fitted_count = 2,
     .fit = smri_treat_winsorise_fit, .change = smri_treat_clamp},
    {.step = SMRI_STEP_TREAT, .name = "iqr", .parameters = iqr,
     .summary = "values beyond the fences of the quartiles are brought to them",
     .formula = "min(max(x, q1 - k (q3 - q1)), q3 + k (q3 - q1))", .source = TUKEY,
     .needs = SMRI_NEED_SORTED, .fitted = "lower limit, upper limit", .fitted_count = 2, .fit = smri_treat_iqr_fit,
     .change = smri_treat_clamp},
    {.step = SMRI_STEP_TREAT, .name = "coinr", .parameters = coinr,
     .summary = "the farthest points move inward until skewness or kurtosis passes; where that fails, a logarithm",
     .formula = "while |skew| >= 2 and kurt >= 3.5: all at the end of the longer tail take the next value inward; "
                "then ln(x - min + 0.01 (max - min))",
     .source = COINR, .needs = SMRI_NEED_SORTED,
     .fitted = "outcome (0 untouched; 1 treated; 2 still failing; 3 untreatable; 4 too few), lower limit, upper limit, "
               "1 with logarithm, least, range",
     .fitted_count = 6, .fit = smri_treat_coinr_fit, .change = smri_treat_coinr},
    {.step = SMRI_STEP_TREAT, .name = "log", .parameters = none, .flags = SMRI_METHOD_LOGARITHM,
     .summary = "natural logarithm; zero and negative values are outside its domain", .formula = "ln x",
     .source = HANDBOOK_NORMALISATION, .change = smri_treat_log},
    {.step = SMRI_STEP_TREAT, .name = "log1p_shift", .parameters = none, .flags = SMRI_METHOD_LOGARITHM,
     .summary = "logarithm of the distance from the least value, plus 1", .formula = "ln(x - min + 1)",
     .source = COIN_TOOL, .needs = SMRI_NEED_EXTENT, .fitted = "least value", .fitted_count = 1,
     .fit = smri_treat_least_fit, .change = smri_treat_log1p_shift},
    {.step = SMRI_STEP_TREAT, .name = "gii", .parameters = none, .flags = SMRI_METHOD_LOGARITHM,
     .summary = "logarithm of the Global Innovation Index; where the greatest value is 1 or less, outside its domain",
     .formula = "ln((max - 1)(x - min)/(max - min) + 1)", .source = GLOBAL_INNOVATION_INDEX,
     .needs = SMRI_NEED_EXTENT, .fitted = "least, greatest", .fitted_count = 2, .fit = smri_fit_extent,
     .change = smri_treat_gii},
    {.step = SMRI_STEP_TREAT, .name = "box_cox", .parameters = box_cox, .flags = SMRI_METHOD_LOGARITHM,
     .summary = "power transformation of values above 0; the exponent is given or of greatest likelihood",
     .formula = "(u^l - 1)/l, l = 0: ln u; u = x - min + 1", .source = BOX_COX,
     .needs = SMRI_NEED_SORTED, .fitted = "exponent, least value", .fitted_count = 2, .fit = smri_treat_box_cox_fit,
     .change = smri_treat_box_cox},
    {.step = SMRI_STEP_TREAT, .name = "yeo_johnson", .parameters = yeo_johnson, .flags = SMRI_METHOD_LOGARITHM,
     .summary = "power transformation of values of any sign; the exponent is given or of greatest likelihood",
     .formula = "x >= 0: ((x + 1)^l - 1)/l, l = 0: ln(x + 1); x < 0: -((1 - x)^(2 - l) - 1)/(2 - l), l = 2: -ln(1 - x)",
     .source = YEO_JOHNSON, .needs = SMRI_NEED_SORTED, .fitted = "exponent", .fitted_count = 1,
     .fit = smri_treat_yeo_johnson_fit, .change = smri_treat_yeo_johnson},
    {.step = SMRI_STEP_TREAT, .name = "trim_to_missing", .parameters = trim_to_missing,
     .summary = "values beyond two limits are taken out: the cell counts as missing",
     .formula = "x where Q(low) <= x <= Q(high), or q1 - k (q3 - q1) <= x <= q3 + k (q3 - q1)", .source = TUKEY,
     .needs = SMRI_NEED_SORTED, .fitted = "lower limit, upper limit", .fitted_count = 2, .fit = smri_treat_trim_fit,
     .change = smri_treat_trim},
};

const size_t smri_methods_treat_count = SMRI_COUNT(smri_methods_treat);
