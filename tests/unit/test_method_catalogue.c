/* SPDX-License-Identifier: MIT */
#include "method_fixture.h"

static bool is_name(const char *text)
{
    return text != NULL && text[0] != '\0' && strspn(text, "abcdefghijklmnopqrstuvwxyz_0123456789") == strlen(text);
}

/* One line of text that says something. */
static bool is_line(const char *text)
{
    return text != NULL && text[0] != '\0' && strchr(text, '\n') == NULL && text[strlen(text) - 1] != '.' &&
           smri_utf8_check(text, strlen(text)) == strlen(text);
}

/* ---- well-formed ---- */

static void check_choices(const smri_parameter *parameter)
{
    char spaced[200] = "";
    for (const char *c = parameter->choices; *c != '\0'; c++) {
        const size_t used = strlen(spaced);
        expect(used + 4 < sizeof spaced);
        memcpy(spaced + used, *c == '|' ? " | " : (const char[]){*c, '\0'}, *c == '|' ? 4 : 2);
    }
    if (parameter->type == SMRI_PARAMETER_CHOICE && parameter->least < parameter->greatest) {
        /* or a whole number: "| 1 to 9" follows */
        expect(strncmp(parameter->legal, spaced, strlen(spaced)) == 0);
        expect(strncmp(parameter->legal + strlen(spaced), " | ", 3) == 0 && strstr(parameter->legal, " to ") != NULL);
        return;
    }
    expect_text(parameter->legal, spaced);
}

static bool is_legal(const smri_parameter *parameter, double number)
{
    return parameter->least == parameter->greatest || (number >= parameter->least && number <= parameter->greatest);
}

static void check_default(const smri_parameter *parameter)
{
    const char *text = parameter->default_json;
    const size_t length = strlen(text);
    double number = 0, second = 0;
    switch (parameter->type) {
    case SMRI_PARAMETER_INTEGER:
    case SMRI_PARAMETER_NUMBER:
        expect_equal_uint(smri_number_prefix(text, length, &number), length);
        expect(is_legal(parameter, number));
        expect(parameter->type == SMRI_PARAMETER_NUMBER || number == (double)(int64_t)number);
        break;
    case SMRI_PARAMETER_BOOLEAN:
        expect(strcmp(text, "true") == 0 || strcmp(text, "false") == 0);
        break;
    case SMRI_PARAMETER_CHOICE:
    case SMRI_PARAMETER_TEXT: {
        char inside[64];
        expect(length > 2 && length < sizeof inside && text[0] == '"' && text[length - 1] == '"');
        memcpy(inside, text + 1, length - 2);
        inside[length - 2] = '\0';
        expect(parameter->type == SMRI_PARAMETER_TEXT || smri_choice_find(parameter->choices, inside) >= 0);
        break;
    }
    case SMRI_PARAMETER_RANGE: {
        size_t used = 1 + smri_number_prefix(text + 1, length - 1, &number);
        expect(text[0] == '[' && strncmp(text + used, ", ", 2) == 0);
        used += 2;
        used += smri_number_prefix(text + used, length - used, &second);
        expect_text(text + used, "]");
        expect(number < second);
        break;
    }
    case SMRI_PARAMETER_JSON:
        expect(!"a default of this type");
    }
}

static void check_parameters(const smri_parameter *parameters)
{
    expect(parameters != NULL);
    const int count = (int)smri_parameter_count(parameters);
    for (int i = 0; i < count; i++) {
        const smri_parameter *parameter = &parameters[i];
        expect(is_name(parameter->name) && is_line(parameter->summary) && is_line(parameter->legal));
        expect_equal_int(smri_parameter_find(parameters, parameter->name), i); /* unique */
        expect(parameter->least <= parameter->greatest);
        expect(parameter->choices != NULL);
        if (parameter->type == SMRI_PARAMETER_CHOICE) {
            check_choices(parameter); /* null: not used unless asked for */
        } else {
            expect_text(parameter->choices, parameter->legal);
        }
        if (strcmp(parameter->default_json, "null") != 0) {
            expect(!parameter->required);
            check_default(parameter);
        }
    }
    expect_equal_int(smri_parameter_find(parameters, "no_such_parameter"), -1);
}

TEST(steps_are_well_formed)
{
    for (int i = 0; i < SMRI_STEP_COUNT; i++) {
        const smri_step_row *step = &smri_steps[i];
        expect(is_name(step->name) && is_line(step->summary));
        check_parameters(step->parameters);
        size_t methods = 0;
        for (size_t m = 0; m < smri_catalogue_count(); m++) {
            methods += smri_catalogue_at(m)->step == (smri_step)i;
        }
        expect((methods > 0) == (step->default_method != NULL));
        if (methods > 0) {
            expect(smri_method_find((smri_step)i, step->default_method) != NULL);
        }
        expect(step->overrides == NULL || strcmp(step->overrides, "indicators") == 0
               || strcmp(step->overrides, "nodes") == 0);
        for (int j = 0; j < i; j++) {
            expect(strcmp(step->name, smri_steps[j].name) != 0);
        }
    }
}

TEST(methods_are_well_formed)
{
    for (size_t i = 0; i < smri_catalogue_count(); i++) {
        const smri_method *method = smri_catalogue_at(i);
        expect(is_name(method->name) && is_line(method->summary));
        expect(is_line(method->formula) && is_line(method->source));
        expect(smri_method_find(method->step, method->name) == method); /* unique */
        expect(i == 0 || method->step >= smri_catalogue_at(i - 1)->step);
        check_parameters(method->parameters);
        /* an option of a method never hides one of its step */
        for (const smri_parameter *own = smri_steps[method->step].parameters; own->name != NULL; own++) {
            expect_equal_int(smri_parameter_find(method->parameters, own->name), -1);
        }
    }
}

/* Each step's rows have that step's functions and no others. */
TEST(methods_have_their_functions)
{
    for (size_t i = 0; i < smri_catalogue_count(); i++) {
        const smri_method *method = smri_catalogue_at(i);
        const bool changes = method->step == SMRI_STEP_IMPUTE || method->step == SMRI_STEP_TREAT;
        const bool none = strcmp(method->name, "none") == 0;
        const bool fills = method->fill_series != NULL || method->fill_matrix != NULL;
        expect((method->change != NULL) + (method->fill_series != NULL) + (method->fill_matrix != NULL) ==
               (changes && !none));
        expect(!fills || method->step == SMRI_STEP_IMPUTE);
        expect((method->affine != NULL || method->normalise != NULL) == (method->step == SMRI_STEP_NORMALISE));
        expect((method->weigh != NULL) + (method->weigh_rows != NULL) + (method->score_rows != NULL) ==
               (method->step == SMRI_STEP_WEIGHTS));
        expect((method->aggregate != NULL) + (method->aggregate_rows != NULL) == (method->step == SMRI_STEP_AGGREGATE));
        expect((method->fit != NULL) + (method->fit_matrix != NULL) + (method->fit_rows != NULL) ==
               (method->fitted != NULL));
        expect(method->fit != NULL || method->needs == SMRI_NEED_NOTHING);
        expect(method->range == NULL || method->step == SMRI_STEP_NORMALISE);
        const int group = smri_parameter_find(method->parameters, "group");
        expect((group >= 0) == ((method->flags & SMRI_METHOD_NEEDS_GROUPS) != 0));
        expect(group < 0 || method->parameters[group].required);
        const int range = smri_parameter_find(method->parameters, "range");
        expect(range < 0 || method->range != NULL);
        const int zero = smri_parameter_find(method->parameters, "zero");
        expect((zero >= 0) == (smri_parameter_find(method->parameters, "epsilon") >= 0));
    }
}

/* A saved model is checked by these counts. */
TEST(counts_of_fitted_numbers)
{
    const double x[] = {1, 2, 4, 8, 16};
    for (size_t i = 0; i < smri_catalogue_count(); i++) {
        const smri_method *method = smri_catalogue_at(i);
        expect(method->fitted != NULL || method->fitted_count == 0);
        if (method->fit != NULL && method->fitted_count > 0) {
            method_fixture fixture;
            fixture_make(&fixture, method->step, method->name);
            expect_equal_uint(fixture_fit(&fixture, x, 5, NULL, 0).count, method->fitted_count);
            size_t named = 1;
            for (const char *c = method->fitted; *c != '\0'; c++) {
                named += *c == ',';
            }
            expect_equal_uint(named, method->fitted_count);
            fixture_free(&fixture);
        }
    }
}

/* ---- what the plan is promised ---- */

TEST(methods_of_each_step)
{
    static const char *const expected[] = {
        "impute.none", "impute.mean", "impute.median", "impute.group_mean", "impute.group_median", "impute.row_mean",
        "impute.latest", "impute.latest_both", "impute.nearest", "impute.linear", "impute.linear_flat",
        "impute.regression", "impute.knn", "impute.em", "impute.constant",
        "treat.none", "treat.winsorise", "treat.iqr", "treat.coinr", "treat.log", "treat.log1p_shift", "treat.gii",
        "treat.box_cox", "treat.yeo_johnson", "treat.trim_to_missing",
        "normalise.goalposts", "normalise.minmax", "normalise.zscore", "normalise.rank", "normalise.borda",
        "normalise.percentile_rank", "normalise.exponential_rank", "normalise.distance_to_max",
        "normalise.distance_to_reference", "normalise.distance_to_target", "normalise.fraction_of_max",
        "normalise.indicis", "normalise.categorical", "normalise.above_below_mean", "normalise.scaled",
        "normalise.none",
        "weights.framework", "weights.equal", "weights.equal_leaf", "weights.given",
        "weights.budget_allocation", "weights.ahp", "weights.pca", "weights.factor", "weights.entropy",
        "weights.critic", "weights.standard_deviation", "weights.gini", "weights.merec", "weights.equal_correlation",
        "weights.given_importance", "weights.bod",
        "aggregate.arithmetic", "aggregate.geometric", "aggregate.harmonic", "aggregate.power", "aggregate.min",
        "aggregate.max", "aggregate.median", "aggregate.mean_of_worst", "aggregate.at_least_k", "aggregate.owa",
        "aggregate.choquet", "aggregate.mpi", "aggregate.ampi", "aggregate.mean_min", "aggregate.wroclaw",
        "aggregate.dp2", "aggregate.copeland", "aggregate.borda", "aggregate.condorcet", "aggregate.kemeny",
        "aggregate.promethee2", "aggregate.electre3",
    };
    expect_equal_uint(smri_catalogue_count(), SMRI_COUNT(expected));
    for (size_t i = 0; i < smri_catalogue_count(); i++) {
        char name[64] = "";
        strcat(strcat(strcat(name, smri_steps[smri_catalogue_at(i)->step].name), "."), smri_catalogue_at(i)->name);
        expect_text(name, expected[i]);
    }
}

/* Defaults that scores depend on: a change here changes published results. NULL method: the step's own. */
TEST(defaults)
{
    static const struct {
        smri_step step;
        const char *method, *parameter, *text;
    } expected[] = {
        {SMRI_STEP_DENOMINATE, NULL, "use", "true"},
        {SMRI_STEP_DENOMINATE, NULL, "scale", "1"},
        {SMRI_STEP_ROLLUP, NULL, "by", "null"},
        {SMRI_STEP_ROLLUP, NULL, "keep", "\"roots\""},
        {SMRI_STEP_NORMALISE, NULL, "per", "\"all_periods\""},
        {SMRI_STEP_WEIGHTS, "ahp", "vector", "\"eigenvector\""},
        {SMRI_STEP_WEIGHTS, "ahp", "random_index", "null"},
        {SMRI_STEP_WEIGHTS, "pca", "negatives", "\"clip\""},
        {SMRI_STEP_WEIGHTS, "factor", "retain", "\"kaiser\""},
        {SMRI_STEP_WEIGHTS, "critic", "correlation", "\"pearson\""},
        {SMRI_STEP_MISSING, NULL, "policy", "\"renormalise\""},
        {SMRI_STEP_MISSING, NULL, "min_coverage", "0"},
        {SMRI_STEP_MISSING, NULL, "coverage_by", "\"weight\""},
        {SMRI_STEP_RANK, NULL, "ties", "\"competition\""},
        {SMRI_STEP_RANK, NULL, "decimals", "null"},
        {SMRI_STEP_RANK, NULL, "tolerance", "0"},
        {SMRI_STEP_IMPUTE, "latest", "max_periods", "null"},
        {SMRI_STEP_IMPUTE, "regression", "lambda", "0.1"},
        {SMRI_STEP_IMPUTE, "knn", "k", "5"},
        {SMRI_STEP_IMPUTE, "em", "tolerance", "1e-8"},
        {SMRI_STEP_IMPUTE, "em", "iterations", "1000"},
        {SMRI_STEP_IMPUTE, "em", "ridge", "1e-8"},
        {SMRI_STEP_TREAT, "iqr", "k", "1.5"},
        {SMRI_STEP_TREAT, "coinr", "max_points", "5"},
        {SMRI_STEP_TREAT, "coinr", "max_skewness", "2"},
        {SMRI_STEP_TREAT, "coinr", "max_kurtosis", "3.5"},
        {SMRI_STEP_TREAT, "coinr", "combine", "false"},
        {SMRI_STEP_TREAT, "box_cox", "lambda", "null"},
        {SMRI_STEP_TREAT, "box_cox", "shift", "true"},
        {SMRI_STEP_TREAT, "trim_to_missing", "limits", "\"percentiles\""},
        {SMRI_STEP_TREAT, "winsorise", "low", "5"},
        {SMRI_STEP_TREAT, "winsorise", "high", "95"},
        {SMRI_STEP_TREAT, "winsorise", "type", "7"},
        {SMRI_STEP_NORMALISE, "goalposts", "range", "[0, 100]"},
        {SMRI_STEP_NORMALISE, "goalposts", "clamp", "true"},
        {SMRI_STEP_NORMALISE, "minmax", "range", "[0, 100]"},
        {SMRI_STEP_NORMALISE, "minmax", "clamp", "true"},
        {SMRI_STEP_NORMALISE, "minmax", "constant", "\"missing\""},
        {SMRI_STEP_NORMALISE, "zscore", "mean", "0"},
        {SMRI_STEP_NORMALISE, "zscore", "sd", "1"},
        {SMRI_STEP_NORMALISE, "zscore", "ddof", "1"},
        {SMRI_STEP_NORMALISE, "rank", "range", "null"},
        {SMRI_STEP_NORMALISE, "percentile_rank", "range", "null"},
        {SMRI_STEP_NORMALISE, "percentile_rank", "base", "\"n_minus_1\""},
        {SMRI_STEP_NORMALISE, "scaled", "range", "null"},
        {SMRI_STEP_NORMALISE, "scaled", "clamp", "false"},
        {SMRI_STEP_NORMALISE, "borda", "range", "null"},
        {SMRI_STEP_NORMALISE, "exponential_rank", "range", "null"},
        {SMRI_STEP_NORMALISE, "distance_to_reference", "cap", "false"},
        {SMRI_STEP_NORMALISE, "distance_to_target", "cap", "false"},
        {SMRI_STEP_NORMALISE, "fraction_of_max", "lower", "\"refuse\""},
        {SMRI_STEP_NORMALISE, "indicis", "base", "\"mean\""},
        {SMRI_STEP_NORMALISE, "indicis", "form", "\"ratio\""},
        {SMRI_STEP_NORMALISE, "indicis", "scale", "1"},
        {SMRI_STEP_NORMALISE, "above_below_mean", "p", "0.2"},
        {SMRI_STEP_AGGREGATE, "mpi", "penalty", "\"minus\""},
        {SMRI_STEP_AGGREGATE, "mpi", "ddof", "0"},
        {SMRI_STEP_AGGREGATE, "ampi", "penalty", "\"minus\""},
        {SMRI_STEP_AGGREGATE, "mean_min", "alpha", "0.5"},
        {SMRI_STEP_AGGREGATE, "mean_min", "beta", "1"},
        {SMRI_STEP_AGGREGATE, "mean_min", "ddof", "0"},
        {SMRI_STEP_AGGREGATE, "wroclaw", "reversed", "false"},
        {SMRI_STEP_AGGREGATE, "copeland", "scale", "false"},
        {SMRI_STEP_AGGREGATE, "promethee2", "preference", "\"usual\""},
        {SMRI_STEP_AGGREGATE, "promethee2", "q", "0"},
        {SMRI_STEP_AGGREGATE, "electre3", "q", "0"},
        {SMRI_STEP_AGGREGATE, "geometric", "zero", "\"error\""},
        {SMRI_STEP_AGGREGATE, "harmonic", "epsilon", "null"},
        {SMRI_STEP_AGGREGATE, "power", "p", "1"},
    };
    for (size_t i = 0; i < SMRI_COUNT(expected); i++) {
        const smri_step step = expected[i].step;
        const char *method = expected[i].method;
        const smri_parameter *parameters = method ? smri_method_find(step, method)->parameters : smri_steps[step].parameters;
        const int index = smri_parameter_find(parameters, expected[i].parameter);
        expect(index >= 0);
        expect_text(parameters[index].default_json, expected[i].text);
    }
    static const char *const methods[SMRI_STEP_COUNT] = {
        NULL, NULL, NULL, "none", "none", "minmax", "framework", "arithmetic", NULL, NULL};
    for (int i = 0; i < SMRI_STEP_COUNT; i++) {
        expect_text(smri_steps[i].default_method, methods[i]);
    }
}

/* The enums of the engine count on these places. */
TEST(order_of_choices)
{
    const smri_parameter *missing = smri_steps[SMRI_STEP_MISSING].parameters;
    const smri_parameter *rank = smri_steps[SMRI_STEP_RANK].parameters;
    expect_text(missing[smri_parameter_find(missing, "policy")].choices, "renormalise|fail|zero");
    expect_text(missing[smri_parameter_find(missing, "coverage_by")].choices, "weight|count");
    const char *ties = rank[smri_parameter_find(rank, "ties")].choices;
    expect_equal_int(smri_choice_find(ties, "competition"), SMRI_TIES_COMPETITION);
    expect_equal_int(smri_choice_find(ties, "dense"), SMRI_TIES_DENSE);
    expect_equal_int(smri_choice_find(ties, "average"), SMRI_TIES_AVERAGE);
    expect_equal_int(smri_choice_find(ties, "first"), SMRI_TIES_FIRST);
    expect_equal_int(smri_choice_find(ties, "max"), SMRI_TIES_MAX);
}

/* A z-score has no range at all, identity neither. */
TEST(refused_options)
{
    static const char *const names[] = {"zscore", "none"};
    for (size_t i = 0; i < 2; i++) {
        const smri_method *method = smri_method_find(SMRI_STEP_NORMALISE, names[i]);
        expect_equal_int(smri_parameter_find(method->parameters, "range"), -1);
        expect_equal_int(smri_parameter_find(method->parameters, "clamp"), -1);
    }
}

/* ---- looking up ---- */

TEST(names_are_found)
{
    expect(smri_method_find(SMRI_STEP_AGGREGATE, "geometric")->aggregate == smri_aggregate_geometric);
    expect(smri_method_find(SMRI_STEP_TREAT, "geometric") == NULL);
    expect(smri_method_find(SMRI_STEP_AGGREGATE, "Geometric") == NULL);
    expect(smri_method_find(SMRI_STEP_RANK, "") == NULL);
    expect_text(smri_method_nearest(SMRI_STEP_AGGREGATE, "geometrc"), "geometric");
    expect_text(smri_method_nearest(SMRI_STEP_NORMALISE, "min_max"), "minmax");
    expect_text(smri_method_nearest(SMRI_STEP_NORMALISE, "something else"), NULL);
    expect_text(smri_method_nearest(SMRI_STEP_RANK, "minmax"), NULL);
}

TEST(choices_are_found)
{
    expect_equal_int(smri_choice_find("a|bb|c", "a"), 0);
    expect_equal_int(smri_choice_find("a|bb|c", "bb"), 1);
    expect_equal_int(smri_choice_find("a|bb|c", "c"), 2);
    expect_equal_int(smri_choice_find("a|bb|c", "b"), -1);
    expect_equal_int(smri_choice_find("a|bb|c", "a|bb"), -1);
    expect_equal_int(smri_choice_find("a|bb|c", ""), -1);
    expect_equal_int(smri_choice_find("alone", "alone"), 0);
}

TEST(settings_are_found)
{
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_NORMALISE, "goalposts");
    const smri_setting *range = smri_setting_of(&fixture.choice, "range");
    expect(range->given && range->number == 0 && range->second == 100);
    expect(!smri_setting_of(&fixture.choice, "epsilon")->given);
    fixture_free(&fixture);
}

static const unit_test tests[] = {
    UNIT(steps_are_well_formed),
    UNIT(methods_are_well_formed),
    UNIT(methods_have_their_functions),
    UNIT(counts_of_fitted_numbers),
    UNIT(methods_of_each_step),
    UNIT(defaults),
    UNIT(order_of_choices),
    UNIT(refused_options),
    UNIT(names_are_found),
    UNIT(choices_are_found),
    UNIT(settings_are_found),
};
UNIT_SUITE(method_catalogue, tests)
