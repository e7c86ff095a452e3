/* SPDX-License-Identifier: MIT */
#include "weights_fixture.h"

#include <math.h>
#include <stdio.h>

/* ---- budget allocation ---- */

TEST(mean_of_shares)
{
    family_fixture f;
    double weights[3];
    smr_error error = unit_error();
    family_make(&f, "budget_allocation", 3);
    family_json(&f, "experts", "[{'b': 30, 'a': 20, 'c': 50}, {'a': 4, 'b': 6, 'c': 0}]");
    expect_ok(family_weigh(&f, NULL, 0, weights, &error), &error);
    expect_array(weights, (const double[]){0.3, 0.45, 0.25}, 3, 1e-16);
    /* Shares of c: 0.5 and 0, the widest apart. */
    expect_equal_uint(f.report_count, 1);
    expect_equal_int(f.reported[0].code, SMR_MESSAGE_EXPERTS_DIFFER);
    expect_equal_int(f.reported[0].severity, SMR_SEVERITY_NOTE);
    expect(strstr(f.reported[0].message, "\"c\"") != NULL && strstr(f.reported[0].message, "0.3536") != NULL);
    double deviations[3];
    uint32_t experts;
    expect_ok(smri_budget_allocation(&f.method.choice, f.framework, 0, weights, deviations, &experts, &error), &error);
    expect_array(deviations, (const double[]){0.2 * sqrt(0.5), 0.3 * sqrt(0.5), 0.5 * sqrt(0.5)}, 3, 1e-15);
    expect_equal_uint(experts, 2);
    family_free(&f);
}

TEST(one_expert_differs_from_nobody)
{
    family_fixture f;
    double weights[2], deviations[2];
    uint32_t experts;
    smr_error error = unit_error();
    family_make(&f, "budget_allocation", 2);
    family_json(&f, "experts", "[{'a': 1, 'b': 3}]");
    expect_ok(family_weigh(&f, NULL, 0, weights, &error), &error);
    expect_array(weights, (const double[]){0.25, 0.75}, 2, 0);
    expect_equal_uint(f.report_count, 0);
    expect_ok(smri_budget_allocation(&f.method.choice, f.framework, 0, weights, deviations, &experts, &error), &error);
    expect_nan(deviations[0]);
    family_free(&f);
}

/* The root is a node of the framework: an expert who has points for it alone judges another level. */
TEST(experts_of_other_nodes_are_passed_over)
{
    family_fixture f;
    double weights[2];
    smr_error error = unit_error();
    family_make(&f, "budget_allocation", 2);
    family_json(&f, "experts", "[{'index': 5}, {'a': 1, 'b': 1}]");
    expect_ok(family_weigh(&f, NULL, 0, weights, &error), &error);
    expect_array(weights, (const double[]){0.5, 0.5}, 2, 0);
    family_free(&f);
}

TEST(wrong_points)
{
    static const struct {
        const char *experts;
        int32_t code;
        const char *says;
    } cases[] = {
        {"[{'a': 1, 'b': 2}, {'a': 1}]", SMR_MESSAGE_EXPERT_POINTS_MISSING, "expert 2 gives no points to \"b\""},
        {"[{'a': 1, 'b': -2}]", SMR_MESSAGE_EXPERT_POINTS_WRONG, "-2"},
        {"[{'a': 1, 'b': 'x'}]", SMR_MESSAGE_EXPERT_POINTS_WRONG, "a text"},
        {"[{'a': 0, 'b': 0}]", SMR_MESSAGE_EXPERT_POINTS_WRONG, "0 for all"},
        {"[3]", SMR_MESSAGE_EXPERT_POINTS_WRONG, "an object"},
        {"[{'a': 1, 'b': 2, 'z': 3}]", SMR_MESSAGE_WEIGHTS_ID_UNKNOWN, "\"z\""},
        {"[]", SMR_MESSAGE_EXPERTS_NONE, "\"index\""},
        {"[{'index': 3}]", SMR_MESSAGE_EXPERTS_NONE, "\"index\""},
        {"{'a': 1, 'b': 2}", SMR_MESSAGE_PLAN_VALUE, "a list of experts"},
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        family_fixture f;
        double weights[2];
        smr_error error = unit_error();
        family_make(&f, "budget_allocation", 2);
        family_json(&f, "experts", cases[i].experts);
        expect_fails(family_weigh(&f, NULL, 0, weights, &error), &error, cases[i].code);
        expect(strstr(error.message, cases[i].says) != NULL);
        /* The same is told before there are data. */
        smr_error early = unit_error();
        expect_fails(f.method.choice.method->check(&f.method.choice, f.framework, 0, &early), &early, cases[i].code);
        family_free(&f);
    }
}

/* ---- analytic hierarchy process ---- */

TEST(consistent_comparisons)
{
    family_fixture f;
    double weights[3];
    smri_consistency consistency;
    smr_error error = unit_error();
    family_make(&f, "ahp", 3);
    family_json(&f, "matrices", "{'index': {'a': {'b': 2, 'c': 6}, 'b': {'c': 3}}}");
    expect_weights(&f, NULL, 0, (const double[]){6, 3, 1}, 1e-15);
    expect_ok(smri_ahp(&f.method.choice, f.framework, 0, weights, &consistency, &error), &error);
    expect_near(consistency.lambda, 3, 1e-14);
    expect_near(consistency.index, 0, 1e-14);
    expect_near(consistency.ratio, 0, 1e-14);
    fixture_choice(&f.method, "vector", "row_geometric_mean");
    expect_weights(&f, NULL, 0, (const double[]){6, 3, 1}, 1e-15);
    family_free(&f);
}

/* A pair may be given from either side, a node by its id or as the root. */
TEST(either_side_of_a_pair)
{
    family_fixture f;
    family_make(&f, "ahp", 3);
    family_json(&f, "matrices", "{'root': {'c': {'a': 0.16666666666666666, 'c': 1}, 'b': {'a': 0.5, 'c': 3}}}");
    expect_weights(&f, NULL, 0, (const double[]){6, 3, 1}, 1e-15);
    /* Both sides, one of them a printed third: the other counts. */
    family_json(&f, "matrices", "{'root': {'a': {'b': 2, 'c': 6}, 'b': {'c': 3}, 'c': {'b': 0.333}}}");
    expect_weights(&f, NULL, 0, (const double[]){6, 3, 1}, 1e-15);
    family_free(&f);
}

/* Three in a circle: the weights are equal, lambda is 1 + c + 1/c. */
TEST(contradictions_are_told)
{
    family_fixture f;
    double weights[3];
    smri_consistency consistency;
    smr_error error = unit_error();
    family_make(&f, "ahp", 3);
    family_json(&f, "matrices", "{'index': {'a': {'b': 4}, 'b': {'c': 4}, 'c': {'a': 4}}}");
    expect_ok(family_weigh(&f, NULL, 0, weights, &error), &error);
    divide_by_sum(weights, 3);
    expect_array(weights, (const double[]){1 / 3.0, 1 / 3.0, 1 / 3.0}, 3, 1e-15);
    expect_equal_uint(f.report_count, 1);
    expect_equal_int(f.reported[0].code, SMR_MESSAGE_AHP_INCONSISTENT);
    expect_equal_int(f.reported[0].severity, SMR_SEVERITY_WARNING);
    expect_ok(smri_ahp(&f.method.choice, f.framework, 0, weights, &consistency, &error), &error);
    expect_near(consistency.lambda, 5.25, 1e-13);
    expect_near(consistency.index, 1.125, 1e-13);
    expect_near(consistency.ratio, 1.125 / 0.58, 1e-12);
    fixture_number(&f.method, "random_index", 1.125);
    expect_ok(smri_ahp(&f.method.choice, f.framework, 0, weights, &consistency, &error), &error);
    expect_near(consistency.ratio, 1, 1e-13);
    family_free(&f);
}

/* The vector is an eigenvector: A w = lambda w, also where comparisons are extreme. */
TEST(eigenvectors_of_random_matrices)
{
    uint64_t state = 10;
    for (int run = 0; run < 50; run++) {
        enum { COUNT = 7 };
        char text[2000] = "{'root': {";
        double a[COUNT][COUNT], weights[COUNT];
        for (int i = 0; i < COUNT; i++) {
            char line[300];
            snprintf(line, sizeof line, "%s'%c': {", i > 0 ? ", " : "", 'a' + i);
            strcat(text, line);
            a[i][i] = 1;
            for (int k = i + 1; k < COUNT; k++) {
                const double base = run % 2 ? 9 : 1000;
                a[i][k] = 1 + floor((base - 1) * unit_random_unit(&state));
                a[i][k] = unit_random_unit(&state) < 0.5 ? 1 / a[i][k] : a[i][k];
                a[k][i] = 1 / a[i][k];
                char number[SMRI_NUMBER_SIZE];
                smri_number_write(number, a[i][k]);
                snprintf(line, sizeof line, "%s'%c': %s", k > i + 1 ? ", " : "", 'a' + k, number);
                strcat(text, line);
            }
            strcat(text, "}");
        }
        strcat(text, "}}");
        family_fixture f;
        smri_consistency consistency;
        smr_error error = unit_error();
        family_make(&f, "ahp", COUNT);
        family_json(&f, "matrices", text);
        expect_ok(smri_ahp(&f.method.choice, f.framework, 0, weights, &consistency, &error), &error);
        expect(consistency.lambda >= COUNT - 1e-12);
        for (int i = 0; i < COUNT; i++) {
            double product = 0;
            for (int k = 0; k < COUNT; k++) {
                product += a[i][k] * weights[k];
            }
            expect_near(product / weights[i] / consistency.lambda, 1, 1e-12);
        }
        family_free(&f);
    }
}

TEST(wrong_matrices)
{
    static const struct {
        const char *matrices;
        int32_t code;
        const char *says;
    } cases[] = {
        {"{}", SMR_MESSAGE_AHP_MATRIX_MISSING, "\"index\""},
        {"{'index': 3}", SMR_MESSAGE_AHP_MATRIX_MISSING, "\"index\""},
        {"{'index': {'a': {'b': 2}, 'b': {'c': 2}}}", SMR_MESSAGE_AHP_PAIR_MISSING, "\"a\" with \"c\""},
        {"{'index': {'a': {'b': 0, 'c': 1}, 'b': {'c': 2}}}", SMR_MESSAGE_AHP_VALUE_WRONG, "as 0"},
        {"{'index': {'a': {'b': 'x', 'c': 1}, 'b': {'c': 2}}}", SMR_MESSAGE_AHP_VALUE_WRONG, "a text"},
        {"{'index': {'a': {'a': 2, 'b': 2, 'c': 1}, 'b': {'c': 2}}}", SMR_MESSAGE_AHP_VALUE_WRONG, "expected 1"},
        {"{'index': {'a': {'b': 2, 'c': 1}, 'b': {'a': 2, 'c': 2}}}", SMR_MESSAGE_AHP_PAIR_TWICE, "as 2 and back as 2"},
        {"{'index': {'a': {'b': 2, 'z': 1}, 'b': {'c': 2}}}", SMR_MESSAGE_WEIGHTS_ID_UNKNOWN, "\"z\""},
        {"{'index': {'z': {'b': 2}}}", SMR_MESSAGE_WEIGHTS_ID_UNKNOWN, "\"z\""},
        {"{'index': {'a': 2}}", SMR_MESSAGE_AHP_VALUE_WRONG, "an object"},
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        family_fixture f;
        double weights[3];
        smr_error error = unit_error();
        family_make(&f, "ahp", 3);
        family_json(&f, "matrices", cases[i].matrices);
        expect_fails(family_weigh(&f, NULL, 0, weights, &error), &error, cases[i].code);
        expect(strstr(error.message, cases[i].says) != NULL);
        smr_error early = unit_error();
        expect_fails(f.method.choice.method->check(&f.method.choice, f.framework, 0, &early), &early, cases[i].code);
        family_free(&f);
    }
}

TEST(one_child_needs_no_judgement)
{
    static const char *const methods[] = {"budget_allocation", "ahp"};
    for (size_t i = 0; i < SMRI_COUNT(methods); i++) {
        family_fixture f;
        smr_error error = unit_error();
        family_make(&f, methods[i], 1);
        expect_weights(&f, NULL, 0, (const double[]){1}, 0);
        expect_ok(f.method.choice.method->check(&f.method.choice, f.framework, 0, &error), &error);
        family_free(&f);
    }
}

static const unit_test tests[] = {
    UNIT(mean_of_shares),
    UNIT(one_expert_differs_from_nobody),
    UNIT(experts_of_other_nodes_are_passed_over),
    UNIT(wrong_points),
    UNIT(consistent_comparisons),
    UNIT(either_side_of_a_pair),
    UNIT(contradictions_are_told),
    UNIT(eigenvectors_of_random_matrices),
    UNIT(wrong_matrices),
    UNIT(one_child_needs_no_judgement),
};
UNIT_SUITE(method_weights_experts, tests)
