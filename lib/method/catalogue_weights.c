/* SPDX-License-Identifier: MIT */
/* Methods of weighting, one row each, in the order in which they are listed. */
#include "method/method_impl.h"

#include "method/catalogue_words.inc"

/* ---- options ---- */

static const smri_parameter given[] = {
    {.name = "values", .type = SMRI_PARAMETER_JSON, .default_json = "null", .required = true,
     LEGAL("{id: weight, ...}"),
     .summary = "a weight, 0 or more, for every child of the node, by id"},
    END,
};

static const smri_parameter given_importance[] = {
    {.name = "values", .type = SMRI_PARAMETER_JSON, .default_json = "null", .required = true,
     LEGAL("{id: importance, ...}"),
     .summary = "the importance asked of every child of the node, 0 or more, by id; divided by its sum"},
    END,
};

static const smri_parameter budget_allocation[] = {
    {.name = "experts", .type = SMRI_PARAMETER_JSON, .default_json = "null", .required = true,
     LEGAL("[{id: points, ...}, ...]"),
     .summary = "a list of experts, each with points, 0 or more, by id for all children of the nodes that he judges"},
    END,
};

static const smri_parameter ahp[] = {
    {.name = "matrices", .type = SMRI_PARAMETER_JSON, .default_json = "null", .required = true,
     LEGAL("{node: {id: {id: ratio, ...}, ...}, ...}"),
     .summary = "under the id of a node (or \"root\") how many times as important one child is as another, each pair "
                "once: {\"index\": {\"a\": {\"b\": 3}}}"},
    {.name = "vector", .type = SMRI_PARAMETER_CHOICE, .default_json = "\"eigenvector\"",
     ONE_OF_2("eigenvector", "row_geometric_mean"),
     .summary = "weights are the principal eigenvector, or the geometric means of the rows"},
    {.name = "random_index", .type = SMRI_PARAMETER_NUMBER, .default_json = "null", ABOVE_ZERO,
     .summary = "RI of CR = CI/RI; without it Saaty's for the number of children (1.41 for 8)"},
    END,
};

static const smri_parameter pca[] = {
    {.name = "negatives", .type = SMRI_PARAMETER_CHOICE, .default_json = "\"clip\"", ONE_OF_2("clip", "keep"),
     .summary = "negative weights: taken as 0 with a warning, or kept"},
    END,
};

static const smri_parameter factor[] = {
    {.name = "retain", .type = SMRI_PARAMETER_CHOICE, .default_json = "\"kaiser\"", .choices = "kaiser|share",
     .least = 1, .greatest = 1000, .legal = "kaiser | share | 1 to 1000",
     .summary = "components that are rotated: those with an eigenvalue above 1, those that hold over 10 % of the "
                "variance each, or so many"},
    END,
};

static const smri_parameter critic[] = {
    {.name = "correlation", .type = SMRI_PARAMETER_CHOICE, .default_json = "\"pearson\"",
     ONE_OF_3("pearson", "spearman", "kendall"), .summary = "kind of the correlation r"},
    END,
};

static const smri_parameter bod[] = {
    {.name = "variant", .type = SMRI_PARAMETER_CHOICE, .default_json = "\"plain\"",
     .choices = "plain|common|cross_efficiency|directional|undesirable|geometric|order_m",
     .legal = "plain | common | cross_efficiency | directional | undesirable | geometric | order_m",
     .summary = "the region's own best weights; those of the mean region; the mean of all regions' best; how far the "
                "scores can grow in a direction; the same with less of what is undesirable; on logarithms; against the "
                "best of m drawn regions"},
    {.name = "shares", .type = SMRI_PARAMETER_CHOICE, .default_json = "\"none\"",
     ONE_OF_3("none", "pie", "weight"),
     .summary = "what low and high limit: w_j y_j / sum w y (pie), or w_j / sum w (weight)"},
    {.name = "low", .type = SMRI_PARAMETER_NUMBER, .default_json = "null", .least = 0, .greatest = 1, LEGAL("0 to 1"),
     .summary = "least share of each child; without it 0"},
    {.name = "high", .type = SMRI_PARAMETER_NUMBER, .default_json = "null", .least = 0, .greatest = 1, LEGAL("0 to 1"),
     .summary = "greatest share of each child; without it 1"},
    {.name = "ordinal", .type = SMRI_PARAMETER_JSON, .default_json = "null", LEGAL("[[more, less], ...]"),
     .summary = "pairs of children, by id: w y of the first is at least that of the second"},
    {.name = "direction", .type = SMRI_PARAMETER_JSON, .default_json = "null", LEGAL("{id: length, ...}"),
     .summary = "direction of growth, in the unit of the children's scores; without it the region's own scores"},
    {.name = "undesirable", .type = SMRI_PARAMETER_JSON, .default_json = "null", LEGAL("[id, ...]"),
     .summary = "children of which less is better"},
    {.name = "m", .type = SMRI_PARAMETER_INTEGER, .default_json = "25", .least = 1, .greatest = 1e6,
     LEGAL("1 to 1000000"), .summary = "regions drawn for order_m"},
    END,
};

/* ---- methods ---- */

const smri_method smri_methods_weights[] = {
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
    {.step = SMRI_STEP_WEIGHTS, .name = "budget_allocation", .parameters = budget_allocation,
     .summary = "experts distribute points", .formula = "mean over experts of points / sum of the expert's points",
     .source = HANDBOOK_AGGREGATION, .weigh = smri_weights_budget_allocation,
     .check = smri_budget_allocation_check},
    {.step = SMRI_STEP_WEIGHTS, .name = "ahp", .parameters = ahp,
     .summary = "analytic hierarchy process: children compared pair by pair; warns when they contradict one another",
     .formula = "A w = lambda w; CI = (lambda - n)/(n - 1), CR = CI/RI", .source = SAATY,
     .weigh = smri_weights_ahp, .check = smri_ahp_check},
    {.step = SMRI_STEP_WEIGHTS, .name = "pca", .parameters = pca,
     .summary = "first principal component of the children's scores",
     .formula = "first eigenvector of the correlation matrix, its sum positive", .source = HANDBOOK_AGGREGATION,
     .weigh_rows = smri_weights_pca},
    {.step = SMRI_STEP_WEIGHTS, .name = "factor", .parameters = factor,
     .summary = "factor analysis: by the factor that a child loads on most",
     .formula = "squared loading on the factor where |loading| is largest, after varimax with Kaiser normalisation",
     .source = NICOLETTI, .weigh_rows = smri_weights_factor},
    {.step = SMRI_STEP_WEIGHTS, .name = "entropy", .parameters = none,
     .summary = "the more unevenly a child's scores are spread over the regions, the more; scores 0 or more",
     .formula = "1 + sum p ln p / ln n, p = y / sum y", .source = HWANG_YOON, .weigh_rows = smri_weights_entropy},
    {.step = SMRI_STEP_WEIGHTS, .name = "critic", .parameters = critic,
     .summary = "the more a child varies and the less it goes with its siblings, the more",
     .formula = "sd of (y - min)/(max - min), times sum (1 - r)", .source = DIAKOULAKI,
     .weigh_rows = smri_weights_critic},
    {.step = SMRI_STEP_WEIGHTS, .name = "standard_deviation", .parameters = none,
     .summary = "the more a child varies, the more", .formula = "sd of (y - min)/(max - min)", .source = DIAKOULAKI,
     .weigh_rows = smri_weights_standard_deviation},
    {.step = SMRI_STEP_WEIGHTS, .name = "gini", .parameters = none,
     .summary = "the Gini coefficient of a child's scores; scores 0 or more",
     .formula = "sum (2 i - n - 1) y_(i) / (n sum y), y upward", .source = GINI, .weigh_rows = smri_weights_gini},
    {.step = SMRI_STEP_WEIGHTS, .name = "merec", .parameters = none,
     .summary = "by what leaving a child out changes; scores above 0",
     .formula = "L = |ln(min y / y)|; sum |ln(1 + sum of the others' L / q) - ln(1 + sum L / q)|", .source = MEREC,
     .weigh_rows = smri_weights_merec},
    {.step = SMRI_STEP_WEIGHTS, .name = "equal_correlation", .parameters = none,
     .summary = "so that all children correlate equally with their weighted sum; warns when that cannot be reached",
     .formula = "w >= 0 with r_j^2 / sum r^2 = 1/q, least squares", .source = CLOSING_THE_GAP,
     .weigh_rows = smri_weights_equal_correlation},
    {.step = SMRI_STEP_WEIGHTS, .name = "given_importance", .parameters = given_importance,
     .summary = "so that the squared correlations with the weighted sum have given shares; warns when that cannot be "
                "reached",
     .formula = "w >= 0 with r_j^2 / sum r^2 = values[id] / sum of values, least squares", .source = CLOSING_THE_GAP,
     .weigh_rows = smri_weights_given_importance},
    {.step = SMRI_STEP_WEIGHTS, .name = "bod", .parameters = bod,
     .summary = "benefit of the doubt: every region with the weights that suit it best; the score is the optimum, 0 to "
                "1, and needs all children, scores 0 or more and arithmetic aggregation",
     .formula = "max sum w_j y_0j where sum w_j y_ij <= 1 for every region i, w >= 0", .source = CHERCHYE,
     .score_rows = smri_bod_rows, .check = smri_bod_check},
};

const size_t smri_methods_weights_count = SMRI_COUNT(smri_methods_weights);
