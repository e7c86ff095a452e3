/* SPDX-License-Identifier: MIT */
/* The table of steps and the table of methods. The plan, the tool's `methods`, the documentation and the bindings read
 * nothing else: what stands here exists, and what exists stands here. */
#include "method/method_impl.h"

/* ---- words of the table ---- */

#define HANDBOOK "OECD and JRC (2008), Handbook on Constructing Composite Indicators: Methodology and User Guide, "
#define HANDBOOK_IMPUTATION HANDBOOK "step 3 (imputation of missing data)"
#define HANDBOOK_NORMALISATION HANDBOOK "step 5 (normalisation)"
#define HANDBOOK_AGGREGATION HANDBOOK "step 6 (weighting and aggregation)"
#define COINR "Becker, Caperna, Del Sorbo, Norlén, Papadimitriou, Saisana (2022), COINr: An R package for developing " \
    "composite indicators, Journal of Open Source Software 7(78), 4567"
#define LITTLE_RUBIN "Little and Rubin (2002), Statistical Analysis with Missing Data, 2nd edition, Wiley"
#define HYNDMAN_FAN "Hyndman and Fan (1996), Sample Quantiles in Statistical Packages, The American Statistician 50(4)"
#define HDR "UNDP, Human Development Report, technical note 1"
#define INEQUALITIES "Hardy, Littlewood, Pólya (1934), Inequalities, chapter II (elementary mean values)"
#define TUKEY "Tukey (1977), Exploratory Data Analysis, Addison-Wesley"
#define NO_SOURCE "nothing is computed"

#define END {.name = NULL}
#define LEGAL(text) .choices = text, .legal = text
#define ONE_OF_2(a, b) .choices = a "|" b, .legal = a " | " b
#define ONE_OF_3(a, b, c) .choices = a "|" b "|" c, .legal = a " | " b " | " c
#define ONE_OF_5(a, b, c, d, e) .choices = a "|" b "|" c "|" d "|" e, .legal = a " | " b " | " c " | " d " | " e
#define YES_OR_NO LEGAL("true | false")
#define ANY_NUMBER LEGAL("any number")
#define ABOVE_ZERO .least = DBL_MIN, .greatest = DBL_MAX, LEGAL("above 0")

/* ---- options that several methods share ---- */

#define GROUP \
    {.name = "group", .type = SMRI_PARAMETER_TEXT, .default_json = "null", .required = true, \
     LEGAL("name of a text column"), .summary = "regions with the same text in this column are a group"}
#define RANGE(text) \
    {.name = "range", .type = SMRI_PARAMETER_RANGE, .default_json = text, LEGAL("[low, high], low < high"), \
     .summary = "scale of the scores"}
#define CLAMP(text) \
    {.name = "clamp", .type = SMRI_PARAMETER_BOOLEAN, .default_json = text, YES_OR_NO, \
     .summary = "scores beyond the range are brought to its end"}
#define CONSTANT \
    {.name = "constant", .type = SMRI_PARAMETER_CHOICE, .default_json = "\"missing\"", \
     ONE_OF_3("missing", "mid", "hi"), \
     .summary = "score where the reference has no spread: none, middle or upper end of the range"}
#define ZERO \
    {.name = "zero", .type = SMRI_PARAMETER_CHOICE, .default_json = "\"error\"", ONE_OF_2("error", "floor"), \
     .summary = "scores for which the formula is not defined: refused, or scores below epsilon raised to it"}
#define EPSILON \
    {.name = "epsilon", .type = SMRI_PARAMETER_NUMBER, .default_json = "null", ABOVE_ZERO, \
     .summary = "least score under \"floor\"; without it 1 % of the children's range"}

static const smri_parameter none[] = {END};

/* ---- steps ---- */

static const smri_parameter denominate_own[] = {
    {.name = "use", .type = SMRI_PARAMETER_BOOLEAN, .default_json = "true", YES_OR_NO,
     .summary = "divide the indicators that name a denominator"},
    {.name = "scale", .type = SMRI_PARAMETER_NUMBER, .default_json = "1", ABOVE_ZERO,
     .summary = "factor on the quotient, such as 1000 for per thousand"},
    END,
};

static const smri_parameter rollup_own[] = {
    {.name = "by", .type = SMRI_PARAMETER_TEXT, .default_json = "null",
     LEGAL("name of a numeric column, usually \"population\""),
     .summary = "weight column by which regions are rolled up into their parents; without it nothing is rolled up"},
    {.name = "keep", .type = SMRI_PARAMETER_CHOICE, .default_json = "\"roots\"", ONE_OF_2("roots", "all"),
     .summary = "regions that go on: those without a parent, or all"},
    END,
};

static const smri_parameter normalise_own[] = {
    {.name = "per", .type = SMRI_PARAMETER_TEXT, .default_json = "\"all_periods\"",
     LEGAL("all_periods | period | a period"),
     .summary = "reference of the bounds: all periods together, each by itself, or one for all"},
    END,
};

static const smri_parameter missing_own[] = {
    {.name = "policy", .type = SMRI_PARAMETER_CHOICE, .default_json = "\"renormalise\"",
     ONE_OF_3("renormalise", "fail", "zero"),
     .summary = "a missing child: its weight goes to the others, the node is not computed, or it counts as 0"},
    {.name = "min_coverage", .type = SMRI_PARAMETER_NUMBER, .default_json = "0", .least = 0, .greatest = 1,
     LEGAL("0 to 1"),
     .summary = "a node with a smaller share of children that have a score is not computed"},
    {.name = "coverage_by", .type = SMRI_PARAMETER_CHOICE, .default_json = "\"weight\"", ONE_OF_2("weight", "count"),
     .summary = "the share is of the children's weight or of their number"},
    END,
};

static const smri_parameter rank_own[] = {
    {.name = "ties", .type = SMRI_PARAMETER_CHOICE, .default_json = "\"competition\"",
     ONE_OF_5("competition", "dense", "average", "first", "max"),
     .summary = "ranks of equal scores: 1224, 1223, 1 2.5 2.5 4, 1234 in input order, 1334"},
    {.name = "decimals", .type = SMRI_PARAMETER_INTEGER, .default_json = "null", .least = 0, .greatest = 15,
     LEGAL("0 to 15"),
     .summary = "scores are rounded to so many decimals for ranking only; without it they are not rounded"},
    {.name = "tolerance", .type = SMRI_PARAMETER_NUMBER, .default_json = "0", .least = 0, .greatest = DBL_MAX,
     LEGAL("0 or more"),
     .summary = "neighbours in the order that differ by no more than this share a rank"},
    END,
};

const smri_step_row smri_steps[SMRI_STEP_COUNT] = {
    [SMRI_STEP_DENOMINATE] = {"denominate", NULL, denominate_own, "indicators",
                               "sizes out of the comparison: x / denominator * scale"},
    [SMRI_STEP_ROLLUP] = {"rollup", NULL, rollup_own, NULL, "districts into provinces"},
    [SMRI_STEP_IMPUTE] = {"impute", "none", none, "indicators", "values for cells that have none"},
    [SMRI_STEP_TREAT] = {"treat", "none", none, "indicators", "outliers"},
    [SMRI_STEP_NORMALISE] = {"normalise", "minmax", normalise_own, "indicators", "every indicator onto one scale"},
    [SMRI_STEP_WEIGHTS] = {"weights", "framework", none, "nodes", "weights of siblings"},
    [SMRI_STEP_AGGREGATE] = {"aggregate", "arithmetic", none, "nodes", "children into their parent"},
    [SMRI_STEP_MISSING] = {"missing", NULL, missing_own, NULL, "what a missing child does to its parent"},
    [SMRI_STEP_RANK] = {"rank", NULL, rank_own, NULL, "the order of the regions"},
};

/* ---- options of methods ---- */

static const smri_parameter impute_group[] = {GROUP, END};

static const smri_parameter impute_constant[] = {
    {.name = "value", .type = SMRI_PARAMETER_NUMBER, .default_json = "null", .required = true, ANY_NUMBER,
     .summary = "value of every missing cell, in the unit of the indicator after denominate"},
    END,
};

/* Either limit stays on its side of the median. */
static const smri_parameter winsorise[] = {
    {.name = "low", .type = SMRI_PARAMETER_NUMBER, .default_json = "5", .least = 0, .greatest = 50, LEGAL("0 to 50"),
     .summary = "lower percentile, in per cent: smaller values are raised to it"},
    {.name = "high", .type = SMRI_PARAMETER_NUMBER, .default_json = "95", .least = 50, .greatest = 100,
     LEGAL("50 to 100"),
     .summary = "upper percentile, in per cent: greater values are lowered to it"},
    {.name = "type", .type = SMRI_PARAMETER_INTEGER, .default_json = "7", .least = 1, .greatest = 9, LEGAL("1 to 9"),
     .summary = "definition of the quantile, numbered as by Hyndman and Fan"},
    END,
};

static const smri_parameter goalposts[] = {RANGE("[0, 100]"), CLAMP("true"), END};
static const smri_parameter minmax[] = {RANGE("[0, 100]"), CLAMP("true"), CONSTANT, END};
static const smri_parameter rank[] = {RANGE("null"), CONSTANT, END};

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

static const smri_parameter given[] = {
    {.name = "values", .type = SMRI_PARAMETER_JSON, .default_json = "null", .required = true,
     LEGAL("{id: weight, ...}"),
     .summary = "a weight, 0 or more, for every child of the node, by id"},
    END,
};

static const smri_parameter zeros[] = {ZERO, EPSILON, END};

static const smri_parameter power[] = {
    {.name = "p", .type = SMRI_PARAMETER_NUMBER, .default_json = "1", .least = -100, .greatest = 100,
     LEGAL("-100 to 100"),
     .summary = "exponent: 1 arithmetic, 0 geometric, -1 harmonic; the lower, the less a weak child is compensated"},
    ZERO,
    EPSILON,
    END,
};

/* ---- methods, those of a step together, steps in the order in which they run ---- */

const smri_method smri_catalogue[] = {
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
    {.step = SMRI_STEP_IMPUTE, .name = "constant", .parameters = impute_constant,
     .summary = "one number for every missing cell", .formula = "value", .source = LITTLE_RUBIN,
     .fitted = "value", .fitted_count = 1, .fit = smri_impute_constant_fit, .change = smri_impute_value},

    {.step = SMRI_STEP_TREAT, .name = "none", .parameters = none,
     .summary = "values stay as they are", .formula = "x", .source = NO_SOURCE},
    {.step = SMRI_STEP_TREAT, .name = "winsorise", .parameters = winsorise,
     .summary = "values beyond two percentiles are brought to them", .formula = "min(max(x, Q(low)), Q(high))",
     .source = HYNDMAN_FAN,
     .needs = SMRI_NEED_SORTED, .fitted = "lower limit, upper limit", .fitted_count = 2,
     .fit = smri_treat_winsorise_fit, .change = smri_treat_clamp},
    {.step = SMRI_STEP_TREAT, .name = "log", .parameters = none, .flags = SMRI_METHOD_LOGARITHM,
     .summary = "natural logarithm; zero and negative values are outside its domain", .formula = "ln x",
     .source = HANDBOOK_NORMALISATION, .change = smri_treat_log},

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
    {.step = SMRI_STEP_NORMALISE, .name = "percentile_rank", .parameters = percentile_rank,
     .summary = "place in the reference as a share", .formula = "(rank - 1)/(n - 1); base n: rank/n",
     .source = HANDBOOK_NORMALISATION,
     .needs = SMRI_NEED_SORTED, .fitted = "reference values, upward", .fit = smri_normalise_sorted_fit,
     .normalise = smri_normalise_percentile_rank, .range = smri_range_unit},
    {.step = SMRI_STEP_NORMALISE, .name = "scaled", .parameters = scaled, .flags = SMRI_METHOD_OWN_DIRECTION,
     .summary = "between two numbers of the plan",
     .formula = "(x - a)/(b - a); lower: (b - x)/(b - a); target: x is -|x - optimum|", .source = COINR,
     .affine = smri_scaled_affine, .normalise = smri_scaled, .range = smri_range_unit},
    {.step = SMRI_STEP_NORMALISE, .name = "none", .parameters = none, .flags = SMRI_METHOD_OWN_DIRECTION,
     .summary = "values are scores already", .formula = "x, its sign unchanged", .source = NO_SOURCE,
     .affine = smri_identity_affine},

    {.step = SMRI_STEP_WEIGHTS, .name = "framework", .parameters = none,
     .summary = "as the framework gives them", .formula = "weight of the node", .source = HANDBOOK_AGGREGATION,
     .weigh = smri_weights_framework},
    {.step = SMRI_STEP_WEIGHTS, .name = "equal", .parameters = none,
     .summary = "siblings weigh the same", .formula = "1", .source = HANDBOOK_AGGREGATION,
     .weigh = smri_weights_equal},
    {.step = SMRI_STEP_WEIGHTS, .name = "equal_leaf", .parameters = none,
     .summary = "indicators weigh the same wherever they stand", .formula = "number of indicators below the node",
     .source = HANDBOOK_AGGREGATION, .weigh = smri_weights_equal_leaf},
    {.step = SMRI_STEP_WEIGHTS, .name = "given", .parameters = given,
     .summary = "as the plan gives them by id", .formula = "values[id]", .source = HANDBOOK_AGGREGATION,
     .weigh = smri_weights_given},

    {.step = SMRI_STEP_AGGREGATE, .name = "arithmetic", .parameters = none,
     .summary = "weighted mean: a weak child is compensated in full", .formula = "sum w y / sum w",
     .source = HANDBOOK_AGGREGATION, .aggregate = smri_aggregate_arithmetic},
    {.step = SMRI_STEP_AGGREGATE, .name = "geometric", .parameters = zeros,
     .summary = "weighted geometric mean: a weak child is compensated in part; scores above 0",
     .formula = "exp(sum w ln y / sum w)", .source = HANDBOOK_AGGREGATION, .aggregate = smri_aggregate_geometric},
    {.step = SMRI_STEP_AGGREGATE, .name = "harmonic", .parameters = zeros,
     .summary = "weighted harmonic mean: a weak child is compensated little; scores above 0",
     .formula = "sum w / sum (w / y)", .source = INEQUALITIES, .aggregate = smri_aggregate_harmonic},
    {.step = SMRI_STEP_AGGREGATE, .name = "power", .parameters = power,
     .summary = "weighted power mean; scores 0 or more, above 0 when p is 0 or less, any when p is 1",
     .formula = "(sum w y^p / sum w)^(1/p); p = 0: exp(sum w ln y / sum w)", .source = INEQUALITIES,
     .aggregate = smri_aggregate_power},
    {.step = SMRI_STEP_AGGREGATE, .name = "min", .parameters = none,
     .summary = "the weakest child of weight above 0: nothing is compensated", .formula = "min y",
     .source = INEQUALITIES, .aggregate = smri_aggregate_min},
    {.step = SMRI_STEP_AGGREGATE, .name = "max", .parameters = none,
     .summary = "the strongest child of weight above 0", .formula = "max y", .source = INEQUALITIES,
     .aggregate = smri_aggregate_max},
    {.step = SMRI_STEP_AGGREGATE, .name = "median", .parameters = none,
     .summary = "the middle of the children of weight above 0",
     .formula = "middle score, or the mean of the two in the middle", .source = TUKEY,
     .aggregate = smri_aggregate_median},
};

const size_t smri_catalogue_count = SMRI_COUNT(smri_catalogue);

/* ---- looking up ---- */

const smri_method *smri_method_find(smri_step step, const char *name)
{
    for (size_t i = 0; i < smri_catalogue_count; i++) {
        if (smri_catalogue[i].step == step && strcmp(smri_catalogue[i].name, name) == 0) {
            return &smri_catalogue[i];
        }
    }
    return NULL;
}

const char *smri_method_nearest(smri_step step, const char *name)
{
    const char *candidates[SMRI_COUNT(smri_catalogue)];
    size_t count = 0;
    for (size_t i = 0; i < smri_catalogue_count; i++) {
        if (smri_catalogue[i].step == step) {
            candidates[count++] = smri_catalogue[i].name;
        }
    }
    return count > 0 ? smri_text_nearest(name, candidates, count) : NULL;
}

int smri_parameter_find(const smri_parameter *parameters, const char *name)
{
    for (int i = 0; parameters[i].name != NULL; i++) {
        if (strcmp(parameters[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}

size_t smri_parameter_count(const smri_parameter *parameters)
{
    size_t count = 0;
    while (parameters[count].name != NULL) {
        count++;
    }
    return count;
}

int smri_choice_find(const char *choices, const char *text)
{
    const size_t length = strlen(text);
    for (int place = 0;; place++) {
        const size_t width = strcspn(choices, "|");
        if (width == length && memcmp(choices, text, length) == 0) {
            return place;
        }
        if (choices[width] == '\0') {
            return -1;
        }
        choices += width + 1;
    }
}

const smri_setting *smri_setting_of(const smri_choice *choice, const char *name)
{
    static const smri_setting absent = {.given = false};
    const int index = smri_parameter_find(choice->method->parameters, name);
    return index >= 0 ? &choice->settings[index] : &absent;
}
