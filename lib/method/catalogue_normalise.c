/* SPDX-License-Identifier: MIT */
/* Methods of normalisation, one row each, in the order in which they are listed. */
#include "method/method_impl.h"

#include "method/catalogue_words.inc"

/* ---- options ---- */

static const smri_parameter goalposts[] = {RANGE("[0, 100]"), CLAMP("true"), END};
static const smri_parameter minmax[] = {RANGE("[0, 100]"), CLAMP("true"), CONSTANT, END};
static const smri_parameter rank[] = {RANGE("null"), CONSTANT, END};
static const smri_parameter distance_to_max[] = {RANGE("null"), CONSTANT, END};
static const smri_parameter distance_to_reference[] = {REFERENCE, REFERENCE_VALUE, CAP, RANGE("null"), CONSTANT, END};
static const smri_parameter distance_to_target[] = {CAP, RANGE("null"), CONSTANT, END};
static const smri_parameter exponential_rank[] = {RANGE("null"), END};

static const smri_parameter fraction_of_max[] = {
    {.name = "lower", .type = SMRI_PARAMETER_CHOICE, .default_json = "\"refuse\"",
     ONE_OF_3("refuse", "reciprocal", "ratio"),
     .summary = "indicators of direction lower or target: refused, min/x, or x/min, which falls with quality"},
    RANGE("null"),
    END,
};

static const smri_parameter indicis[] = {
    {.name = "base", .type = SMRI_PARAMETER_CHOICE, .default_json = "\"mean\"", ONE_OF_3("mean", "max", "min"),
     .summary = "what the reference is divided by, unless reference or value is given"},
    REFERENCE,
    REFERENCE_VALUE,
    {.name = "form", .type = SMRI_PARAMETER_CHOICE, .default_json = "\"ratio\"", ONE_OF_2("ratio", "difference"),
     .summary = "x/base, or x/base - 1"},
    {.name = "scale", .type = SMRI_PARAMETER_NUMBER, .default_json = "1", ABOVE_ZERO,
     .summary = "factor on the scores, such as 100"},
    END,
};

static const smri_parameter categorical[] = {
    {.name = "cuts", .type = SMRI_PARAMETER_JSON, .default_json = "null", LEGAL("[number, ...]"),
     .summary = "values between the classes, rising, in the unit of the indicator; without them hundredths of the "
                "regions: 5 15 35 65 85 95"},
    {.name = "marks", .type = SMRI_PARAMETER_JSON, .default_json = "null", LEGAL("[number, ...]"),
     .summary = "score of each class, from the worst, one more than cuts; without them 0 20 40 50 60 80 100"},
    END,
};

static const smri_parameter above_below_mean[] = {
    {.name = "p", .type = SMRI_PARAMETER_NUMBER, .default_json = "0.2", ZERO_OR_MORE,
     .summary = "half the width of the neutral band, as a share of the mean"},
    END,
};

static const smri_parameter zscore[] = {
    {.name = "mean", .type = SMRI_PARAMETER_NUMBER, .default_json = "0", ANY_NUMBER, .summary = "mean of the scores"},
    {.name = "sd", .type = SMRI_PARAMETER_NUMBER, .default_json = "1", ABOVE_ZERO,
     .summary = "standard deviation of the scores"},
    {.name = "ddof", .type = SMRI_PARAMETER_INTEGER, .default_json = "1", .least = 0, .greatest = 1, LEGAL("0 to 1"),
     .summary = "the variance divides by n - ddof"},
    {.name = "constant", .type = SMRI_PARAMETER_CHOICE, .default_json = "\"missing\"", ONE_OF_2("missing", "mid"),
     .summary = "score where the reference has no spread: none, or the option mean"},
    END,
};

static const smri_parameter percentile_rank[] = {
    RANGE("null"),
    {.name = "base", .type = SMRI_PARAMETER_CHOICE, .default_json = "\"n_minus_1\"", ONE_OF_2("n_minus_1", "n"),
     .summary = "(rank - 1)/(n - 1), from 0 to 1, or rank/n, the percentile of the OECD and JRC handbook"},
    CONSTANT,
    END,
};

static const smri_parameter scaled[] = {
    {.name = "a", .type = SMRI_PARAMETER_NUMBER, .default_json = "null", .required = true, ANY_NUMBER,
     .summary = "value that scores 0 (direction lower: 1)"},
    {.name = "b", .type = SMRI_PARAMETER_NUMBER, .default_json = "null", .required = true, ANY_NUMBER,
     .summary = "value that scores 1 (direction lower: 0)"},
    RANGE("null"),
    CLAMP("false"),
    CONSTANT,
    END,
};

/* ---- methods ---- */

const smri_method smri_methods_normalise[] = {
    {.step = SMRI_STEP_NORMALISE, .name = "goalposts", .parameters = goalposts,
     .flags = SMRI_METHOD_OWN_DIRECTION | SMRI_METHOD_NEEDS_GOALPOSTS,
     .summary = "between the framework's goalposts, so that one region alone can be scored",
     .formula = "(x - worst)/(best - worst); target: (x - worst)/(optimum - worst) on the side of worst, "
                "(best - x)/(best - optimum) on the side of best",
     .source = HDR, .affine = smri_goalposts_affine, .normalise = smri_goalposts, .range = smri_range_setting},
    {.step = SMRI_STEP_NORMALISE, .name = "minmax", .parameters = minmax,
     .summary = "between the least and the greatest value of the reference", .formula = "(x - min)/(max - min)",
     .source = HANDBOOK_NORMALISATION,
     .needs = SMRI_NEED_EXTENT, .fitted = "least, greatest", .fitted_count = 2, .fit = smri_fit_extent,
     .affine = smri_minmax_affine, .range = smri_range_setting},
    {.step = SMRI_STEP_NORMALISE, .name = "zscore", .parameters = zscore,
     .summary = "distance from the mean of the reference in standard deviations", .formula = "mean + sd (x - m)/s",
     .source = HANDBOOK_NORMALISATION,
     .needs = SMRI_NEED_EXTENT | SMRI_NEED_VARIANCE, .fitted = "mean, standard deviation", .fitted_count = 2,
     .fit = smri_normalise_moments_fit, .affine = smri_zscore_affine},
    {.step = SMRI_STEP_NORMALISE, .name = "rank", .parameters = rank,
     .summary = "place in the reference, 1 is worst, ties take the lowest place",
     .formula = "min(1 + number of reference values below x, n); with a range: (rank - 1)/(n - 1)",
     .source = HANDBOOK_NORMALISATION,
     .needs = SMRI_NEED_SORTED, .fitted = "reference values, upward", .fit = smri_normalise_sorted_fit,
     .normalise = smri_normalise_rank, .range = smri_range_setting},
    {.step = SMRI_STEP_NORMALISE, .name = "borda", .parameters = rank,
     .summary = "how many values of the reference are worse",
     .formula = "rank - 1; with a range: (rank - 1)/(n - 1)", .source = HANDBOOK_NORMALISATION,
     .needs = SMRI_NEED_SORTED, .fitted = "reference values, upward", .fit = smri_normalise_sorted_fit,
     .normalise = smri_normalise_borda, .range = smri_range_setting},
    {.step = SMRI_STEP_NORMALISE, .name = "percentile_rank", .parameters = percentile_rank,
     .summary = "place in the reference as a share", .formula = "(rank - 1)/(n - 1); base n: rank/n",
     .source = HANDBOOK_NORMALISATION,
     .needs = SMRI_NEED_SORTED, .fitted = "reference values, upward", .fit = smri_normalise_sorted_fit,
     .normalise = smri_normalise_percentile_rank, .range = smri_range_unit},
    {.step = SMRI_STEP_NORMALISE, .name = "exponential_rank", .parameters = exponential_rank,
     .summary = "place in the reference, stretched so that only the best tenth scores above half",
     .formula = "-23 ln(1 - R (1 - exp(-100/23))), R = rank/n, ties average", .source = DEPRIVATION,
     .needs = SMRI_NEED_SORTED, .fitted = "reference values, upward", .fit = smri_normalise_sorted_fit,
     .normalise = smri_normalise_exponential_rank, .range = smri_range_hundred},
    {.step = SMRI_STEP_NORMALISE, .name = "distance_to_max", .parameters = distance_to_max,
     .summary = "1 at the best value of the reference, less the distance to it", .formula = "1 - (max - x)/(max - min)",
     .source = HANDBOOK_NORMALISATION,
     .needs = SMRI_NEED_EXTENT, .fitted = "least, greatest", .fitted_count = 2, .fit = smri_fit_extent,
     .affine = smri_distance_to_max_affine, .range = smri_range_unit},
    {.step = SMRI_STEP_NORMALISE, .name = "distance_to_reference", .parameters = distance_to_reference,
     .summary = "1 at a region's value or at a number, 0 at the worst value; what is better is above 1",
     .formula = "1 - (ref - x)/(ref - min)", .source = HANDBOOK_NORMALISATION,
     .needs = SMRI_NEED_EXTENT, .fitted = "least, reference value", .fitted_count = 2,
     .fit = smri_distance_to_reference_fit, .affine = smri_distance_to_reference_affine,
     .normalise = smri_distance_to_reference, .range = smri_range_unit, .check = smri_check_one_reference},
    {.step = SMRI_STEP_NORMALISE, .name = "distance_to_target", .parameters = distance_to_target,
     .flags = SMRI_METHOD_OWN_DIRECTION,
     .summary = "1 at the target that the framework gives the indicator, 0 at the worst value of the reference",
     .formula = "(x - min)/(target - min); lower: (max - x)/(max - target); target: both are -|x - optimum|",
     .source = COINR, .needs = SMRI_NEED_EXTENT, .fitted = "least, greatest", .fitted_count = 2,
     .fit = smri_fit_extent, .affine = smri_distance_to_target_affine, .normalise = smri_distance_to_target,
     .range = smri_range_unit, .check = smri_check_target},
    {.step = SMRI_STEP_NORMALISE, .name = "fraction_of_max", .parameters = fraction_of_max,
     .summary = "share of the best value; on a ratio scale, the best value above 0",
     .formula = "x/max; lower: min/x, or x/min; target: the same of |x - optimum|", .source = COINR,
     .needs = SMRI_NEED_EXTENT, .fitted = "best value (times -1 where lower is better)", .fitted_count = 1,
     .fit = smri_fraction_of_max_fit, .affine = smri_fraction_of_max_affine, .normalise = smri_fraction_of_max,
     .range = smri_range_unit, .check = smri_check_fraction_of_max},
    {.step = SMRI_STEP_NORMALISE, .name = "indicis", .parameters = indicis,
     .summary = "relative to a base, which must be above 0",
     .formula = "scale x/base, or scale (x/base - 1); lower: base/x for x/base; target: the same of |x - optimum|",
     .source = HANDBOOK_NORMALISATION,
     .needs = SMRI_NEED_EXTENT | SMRI_NEED_MEAN, .fitted = "base", .fitted_count = 1, .fit = smri_indicis_fit,
     .affine = smri_indicis_affine, .normalise = smri_indicis, .check = smri_check_any_reference},
    {.step = SMRI_STEP_NORMALISE, .name = "categorical", .parameters = categorical,
     .summary = "marks of a few classes, by hundredths of the regions or by given cuts; a value on a cut is in the "
                "worse class",
     .formula = "mark of the first class with 100 rank/n <= cut, or x <= cut; lower: x >= cut",
     .source = HANDBOOK_NORMALISATION,
     .needs = SMRI_NEED_SORTED, .fitted = "reference values, upward, unless cuts are given",
     .fit = smri_categorical_fit, .normalise = smri_categorical, .range = smri_categorical_range,
     .check = smri_check_categorical},
    {.step = SMRI_STEP_NORMALISE, .name = "above_below_mean", .parameters = above_below_mean,
     .summary = "1 above a band around the mean, -1 below, 0 within; the mean above 0",
     .formula = "1 if x/mean > 1 + p, -1 if x/mean < 1 - p, else 0; lower: times -1", .source = HANDBOOK_NORMALISATION,
     .needs = SMRI_NEED_MEAN, .fitted = "mean (times -1 where lower is better)", .fitted_count = 1,
     .fit = smri_above_below_mean_fit, .normalise = smri_above_below_mean, .range = smri_range_marks},
    {.step = SMRI_STEP_NORMALISE, .name = "scaled", .parameters = scaled, .flags = SMRI_METHOD_OWN_DIRECTION,
     .summary = "between two numbers of the plan",
     .formula = "(x - a)/(b - a); lower: (b - x)/(b - a); target: x is -|x - optimum|", .source = COINR,
     .affine = smri_scaled_affine, .normalise = smri_scaled, .range = smri_range_unit},
    {.step = SMRI_STEP_NORMALISE, .name = "none", .parameters = none, .flags = SMRI_METHOD_OWN_DIRECTION,
     .summary = "values are scores already", .formula = "x, its sign unchanged", .source = NO_SOURCE,
     .affine = smri_identity_affine},
};

const size_t smri_methods_normalise_count = SMRI_COUNT(smri_methods_normalise);
