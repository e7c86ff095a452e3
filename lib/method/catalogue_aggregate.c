/* SPDX-License-Identifier: MIT */
/* Methods of aggregation, one row each, in the order in which they are listed. */
#include "method/method_impl.h"

#include "method/catalogue_words.inc"

/* ---- options ---- */

static const smri_parameter zeros[] = {ZERO, EPSILON, END};

static const smri_parameter mean_of_worst[] = {PLACES("how many of the lowest scores"), END};
static const smri_parameter at_least_k[] = {PLACES("how many of the highest scores"), END};

static const smri_parameter owa[] = {
    {.name = "weights", .type = SMRI_PARAMETER_JSON, .default_json = "null", .required = true,
     LEGAL("[weight, ...]"),
     .summary = "weights of the places from the highest score to the lowest, stretched to the number of children that "
                "have a score"},
    END,
};

static const smri_parameter choquet[] = {
    {.name = "shapley", .type = SMRI_PARAMETER_JSON, .default_json = "null", .required = true,
     LEGAL("{id: share, ...}"),
     .summary = "importance of every child, by id; of siblings they add up to 1"},
    {.name = "interaction", .type = SMRI_PARAMETER_JSON, .default_json = "null",
     LEGAL("{id: {id: number, ...}, ...}"),
     .summary = "of pairs of siblings: above 0 they count for more together, below 0 they repeat one another"},
    END,
};

static const smri_parameter mpi[] = {
    PENALTY, DDOF("0", "variances divide by n - ddof: 0 as published, 1 as some programs do"), END};

static const smri_parameter ampi[] = {
    PENALTY,
    {.name = "reference", .type = SMRI_PARAMETER_TEXT, .default_json = "null", LEGAL("id of a region"),
     .summary = "region that scores 100; without region or value the mean does"},
    {.name = "value", .type = SMRI_PARAMETER_NUMBER, .default_json = "null", ANY_NUMBER,
     .summary = "score of a child that becomes 100, the same for all children"},
    {.name = "period", .type = SMRI_PARAMETER_TEXT, .default_json = "null", LEGAL("a period"),
     .summary = "period of the reference; without it the mean over all periods"},
    END,
};

static const smri_parameter mean_min[] = {
    {.name = "alpha", .type = SMRI_PARAMETER_NUMBER, .default_json = "0.5", .least = 0, .greatest = 1,
     LEGAL("0 to 1"), .summary = "weight of the penalty: 0 is the mean, 1 with beta 0 the least score"},
    {.name = "beta", .type = SMRI_PARAMETER_NUMBER, .default_json = "1", ZERO_OR_MORE,
     .summary = "how smoothly the penalty sets in, on the scale of standard deviation 10"},
    DDOF("0", "the variance of each child divides by n - ddof"),
    END,
};

static const smri_parameter wroclaw[] = {
    {.name = "reversed", .type = SMRI_PARAMETER_BOOLEAN, .default_json = "false", YES_OR_NO,
     .summary = "1 less the measure, so that the highest score is the best"},
    END,
};

static const smri_parameter copeland[] = {
    {.name = "scale", .type = SMRI_PARAMETER_BOOLEAN, .default_json = "false", YES_OR_NO,
     .summary = "divided by the number of opponents: from -1 to 1"},
    END,
};

#define THRESHOLDS \
    {.name = "thresholds", .type = SMRI_PARAMETER_JSON, .default_json = "null", \
     LEGAL("{id: {\"q\": number, \"p\": number, \"v\": number}, ...}"), \
     .summary = "thresholds of single children, by id, in place of those for all"}

static const smri_parameter promethee2[] = {
    {.name = "preference", .type = SMRI_PARAMETER_CHOICE, .default_json = "\"usual\"", ONE_OF_2("usual", "linear"),
     .summary = "any lead counts in full, or it counts from 0 at q to 1 at p"},
    LEAD_THRESHOLD("q", "0", "lead up to which two scores are as good as equal; linear only"),
    LEAD_THRESHOLD("p", "null", "lead from which one is strictly better; linear only, and needed there"),
    THRESHOLDS,
    END,
};

static const smri_parameter electre3[] = {
    LEAD_THRESHOLD("q", "0", "lead of the other up to which two scores are as good as equal"),
    LEAD_THRESHOLD("p", "null", "lead from which the other is strictly better; needed"),
    LEAD_THRESHOLD("v", "null", "lead from which the other may not be outranked at all; without it there is no veto"),
    THRESHOLDS,
    END,
};

static const smri_parameter power[] = {
    {.name = "p", .type = SMRI_PARAMETER_NUMBER, .default_json = "1", .least = -100, .greatest = 100,
     LEGAL("-100 to 100"),
     .summary = "exponent: 1 arithmetic, 0 geometric, -1 harmonic; the lower, the less a weak child is compensated"},
    ZERO,
    EPSILON,
    END,
};

/* ---- methods ---- */

const smri_method smri_methods_aggregate[] = {
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
    {.step = SMRI_STEP_AGGREGATE, .name = "mean_of_worst", .parameters = mean_of_worst,
     .summary = "mean of the k lowest scores of children of weight above 0", .formula = "sum of the k lowest y / k",
     .source = YAGER, .aggregate = smri_aggregate_mean_of_worst},
    {.step = SMRI_STEP_AGGREGATE, .name = "at_least_k", .parameters = at_least_k,
     .summary = "mean of the k highest scores of children of weight above 0: to be good at k things is enough",
     .formula = "sum of the k highest y / k", .source = YAGER, .aggregate = smri_aggregate_at_least_k},
    {.step = SMRI_STEP_AGGREGATE, .name = "owa", .parameters = owa,
     .summary = "ordered weighted average: weights belong to places, not to children",
     .formula = "sum v y_(place) / sum v, y downward", .source = YAGER, .aggregate = smri_aggregate_owa,
     .check = smri_check_owa},
    {.step = SMRI_STEP_AGGREGATE, .name = "choquet", .parameters = choquet, .flags = SMRI_METHOD_UNWEIGHTED,
     .summary = "2-additive Choquet integral: a mean that knows which children repeat or complement one another",
     .formula = "(sum s y - 1/2 sum I_ij |y_i - y_j|) / sum s; s_j >= 1/2 sum |I_ij|", .source = GRABISCH,
     .aggregate = smri_aggregate_choquet, .check = smri_check_choquet},
    {.step = SMRI_STEP_AGGREGATE, .name = "mpi", .parameters = mpi,
     .flags = SMRI_METHOD_UNWEIGHTED | SMRI_METHOD_OWN_SCALE,
     .summary = "Mazziotta-Pareto index: mean less a penalty for unbalance",
     .formula = "M - S^2/M over z = 100 + 10 (y - mean)/sd; plus: M + S^2/M", .source = MAZZIOTTA_PARETO,
     .fitted = "mean and standard deviation of each child", .fit_rows = smri_penalty_fit,
     .aggregate = smri_aggregate_mpi},
    {.step = SMRI_STEP_AGGREGATE, .name = "ampi", .parameters = ampi,
     .flags = SMRI_METHOD_UNWEIGHTED | SMRI_METHOD_OWN_SCALE,
     .summary = "adjusted Mazziotta-Pareto index: comparable over periods, the reference is 100",
     .formula = "M - S^2/M over z = 100 + 60 (y - ref)/(sup - inf); plus: M + S^2/M",
     .source = MAZZIOTTA_PARETO_ADJUSTED, .fitted = "reference and range of each child", .fit_rows = smri_ampi_fit,
     .aggregate = smri_aggregate_ampi, .check = smri_check_ampi},
    {.step = SMRI_STEP_AGGREGATE, .name = "mean_min", .parameters = mean_min,
     .flags = SMRI_METHOD_UNWEIGHTED | SMRI_METHOD_OWN_SCALE,
     .summary = "mean-min function: mean less a penalty for the distance to the weakest child",
     .formula = "M - alpha (sqrt((M - min)^2 + beta^2) - beta) over z = 100 + 10 (y - mean)/sd",
     .source = CASADIO_GUARINI, .fitted = "mean and standard deviation of each child", .fit_rows = smri_penalty_fit,
     .aggregate = smri_aggregate_mean_min},
    {.step = SMRI_STEP_AGGREGATE, .name = "wroclaw", .parameters = wroclaw,
     .flags = SMRI_METHOD_UNWEIGHTED | SMRI_METHOD_OWN_SCALE | SMRI_METHOD_LOWER_IS_BETTER,
     .summary = "Hellwig's distance to a region that is best in everything: 0 is best; only at the root",
     .formula = "d / (mean d + 2 sd d), d = sqrt(sum (max - y)^2); reversed: 1 less that", .source = HELLWIG,
     .fitted = "mean + 2 sd of the distances, best score of each child", .fit_rows = smri_wroclaw_fit,
     .aggregate = smri_aggregate_wroclaw, .check = smri_check_wroclaw},
    {.step = SMRI_STEP_AGGREGATE, .name = "dp2", .parameters = none,
     .flags = SMRI_METHOD_UNWEIGHTED | SMRI_METHOD_OWN_SCALE,
     .summary = "Pena Trapero's distance to the worst, each child only for what those before it do not explain",
     .formula = "sum (y - min)/sd (1 - R2), children by |r| with the result until their order repeats",
     .source = PENA_TRAPERO, .fitted = "least score, standard deviation and 1 - R2 of each child",
     .fit_rows = smri_dp2_fit, .aggregate = smri_aggregate_dp2},
    {.step = SMRI_STEP_AGGREGATE, .name = "copeland", .parameters = copeland, .flags = SMRI_METHOD_OWN_SCALE,
     .summary = "pairs won less pairs lost against the other regions", .formula = "wins - losses, by share of weight",
     .source = SAARI_MERLIN, .aggregate_rows = smri_copeland},
    {.step = SMRI_STEP_AGGREGATE, .name = "borda", .parameters = none, .flags = SMRI_METHOD_OWN_SCALE,
     .summary = "regions beaten, child by child, ties half", .formula = "sum w (rank - 1) / sum w, ties average",
     .source = BORDA, .aggregate_rows = smri_borda},
    {.step = SMRI_STEP_AGGREGATE, .name = "condorcet", .parameters = none, .flags = SMRI_METHOD_OWN_SCALE,
     .summary = "1 for the region that wins against every other, else 0", .formula = "1 if wins = n - 1, else 0",
     .source = CONDORCET, .aggregate_rows = smri_condorcet},
    {.step = SMRI_STEP_AGGREGATE, .name = "kemeny", .parameters = none, .flags = SMRI_METHOD_OWN_SCALE,
     .summary = "the order that agrees best with the pairs; proven to about 40 regions that contradict one another, "
                "else with a bound",
     .formula = "n - place in the order with the greatest sum of e_ij over i before j", .source = KEMENY,
     .aggregate_rows = smri_kemeny_order},
    {.step = SMRI_STEP_AGGREGATE, .name = "promethee2", .parameters = promethee2, .flags = SMRI_METHOD_OWN_SCALE,
     .summary = "net flow: how strongly a region is preferred to the others less how strongly they are to it",
     .formula = "sum (pi_ab - pi_ba) / (n - 1), pi = sum w P(d) / sum w, P(d) = 1 if d > 0, or clip((d - q)/(p - q))",
     .source = BRANS_VINCKE, .aggregate_rows = smri_promethee2, .check = smri_check_thresholds},
    {.step = SMRI_STEP_AGGREGATE, .name = "electre3", .parameters = electre3, .flags = SMRI_METHOD_OWN_SCALE,
     .summary = "net credibility of outranking the others, with indifference, preference and veto",
     .formula = "sum (s_ab - s_ba), s = C prod (1 - D)/(1 - C) over D > C, C = sum w clip((p - d)/(p - q)) / sum w, "
                "D = clip((d - p)/(v - p))",
     .source = ROY, .aggregate_rows = smri_electre3, .check = smri_check_thresholds},
};

const size_t smri_methods_aggregate_count = SMRI_COUNT(smri_methods_aggregate);
