/* SPDX-License-Identifier: MIT */
#include "method_fixture.h"

#include <math.h>

TEST(winsorised_by_hand)
{
    /* type 7 on 11 values: places 1 + 10 p, so 10 % and 90 % are the second and the tenth value */
    double x[] = {-500, 2, 3, NAN, 5, 6, 7, 8, 9, 10, 11, 900};
    uint8_t statuses[12];
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_TREAT, "winsorise");
    fixture_number(&fixture, "low", 10);
    fixture_number(&fixture, "high", 90);
    fixture_change(&fixture, NULL, 0, x, statuses, 12);
    const double expected[] = {2, 2, 3, NAN, 5, 6, 7, 8, 9, 10, 11, 11};
    expect_array(x, expected, 12, 0);
    const uint8_t unchanged[12] = {0};
    expect_bytes(statuses, unchanged, 12);
    fixture_free(&fixture);
}

TEST(limits_follow_the_quantile_type)
{
    double x[20];
    for (size_t i = 0; i < 20; i++) {
        x[i] = (double)((i * 7) % 20);
    }
    double sorted[20];
    for (size_t i = 0; i < 20; i++) {
        sorted[i] = (double)i;
    }
    for (int type = 1; type <= 9; type++) {
        method_fixture fixture;
        fixture_make(&fixture, SMRI_STEP_TREAT, "winsorise");
        fixture_number(&fixture, "type", type);
        const smri_fitted fitted = fixture_fit(&fixture, x, 20, NULL, 0);
        expect_equal_uint(fitted.count, 2);
        expect_near(fitted.numbers[0], smri_quantile(sorted, 20, 0.05, type), 0);
        expect_near(fitted.numbers[1], smri_quantile(sorted, 20, 0.95, type), 0);
        fixture_free(&fixture);
    }
}

TEST(winsorising_twice_with_one_model_changes_nothing)
{
    double x[50], once[50];
    uint8_t statuses[50];
    uint64_t state = 37;
    for (size_t i = 0; i < 50; i++) {
        x[i] = unit_random_unit(&state);
    }
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_TREAT, "winsorise");
    const smri_fitted fitted = fixture_fit(&fixture, x, 50, NULL, 0);
    smri_treat_clamp(&fixture.choice, &fitted, NULL, x, statuses, 50);
    memcpy(once, x, sizeof x);
    smri_treat_clamp(&fixture.choice, &fitted, NULL, x, statuses, 50);
    size_t at_limit = 0;
    for (size_t i = 0; i < 50; i++) {
        expect_same_bits(x[i], once[i]);
        expect(x[i] >= fitted.numbers[0] && x[i] <= fitted.numbers[1]);
        at_limit += x[i] == fitted.numbers[0] || x[i] == fitted.numbers[1];
    }
    expect_equal_uint(at_limit, 6); /* type 7 stands at places 3.45 and 47.55: three values beyond each */
    fixture_free(&fixture);
}

TEST(a_reference_without_values_limits_nothing)
{
    double x[] = {NAN, NAN};
    uint8_t statuses[2];
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_TREAT, "winsorise");
    const smri_fitted fitted = fixture_fit(&fixture, x, 2, NULL, 0);
    expect_equal_uint(fitted.count, 0);
    x[0] = 12;
    smri_treat_clamp(&fixture.choice, &fitted, NULL, x, statuses, 2);
    expect_near(x[0], 12, 0);
    fixture_free(&fixture);
}

TEST(logarithms)
{
    double x[] = {1, 2.718281828459045, 0, -3, NAN, 100};
    uint8_t statuses[6] = {SMR_CELL_OK, SMR_CELL_IMPUTED, SMR_CELL_OK, SMR_CELL_IMPUTED, SMR_CELL_MISSING, SMR_CELL_OK};
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_TREAT, "log");
    expect(fixture.choice.method->fit == NULL);
    expect(fixture.choice.method->flags & SMRI_METHOD_LOGARITHM);
    fixture.choice.method->change(&fixture.choice, NULL, NULL, x, statuses, 6);
    expect_array(x, (const double[]){0, 1, NAN, NAN, NAN, 4.605170185988092}, 6, 1e-15);
    const uint8_t expected[] = {SMR_CELL_OK, SMR_CELL_IMPUTED, SMR_CELL_OUT_OF_DOMAIN, SMR_CELL_OUT_OF_DOMAIN,
                                SMR_CELL_MISSING, SMR_CELL_OK};
    expect_bytes(statuses, expected, 6);
    fixture_free(&fixture);
}

/* q1 3.5, q3 8.5 (type 7, places 3.5 and 8.5 of 11 values 1 to 10 and 100): fences -4 and 16 for k 1.5 */
TEST(fences_of_the_quartiles_by_hand)
{
    const double reference[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100};
    double x[] = {1, 16, 16.5, NAN, -4, -5, 100};
    uint8_t statuses[7] = {0};
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_TREAT, "iqr");
    const smri_fitted fitted = fixture_fit(&fixture, reference, 11, NULL, 0);
    fixture.choice.method->change(&fixture.choice, &fitted, NULL, x, statuses, 7);
    expect_array(x, (const double[]){1, 16, 16, NAN, -4, -4, 16}, 7, 0);
    fixture_number(&fixture, "k", 0);
    const smri_fitted narrow = fixture_fit(&fixture, reference, 11, NULL, 0);
    expect_near(narrow.numbers[0], 3.5, 0);
    expect_near(narrow.numbers[1], 8.5, 0);
    fixture_free(&fixture);
}

TEST(fences_stay_finite)
{
    const double x[] = {-1.7e308, -1.7e308, 0, 1.7e308, 1.7e308};
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_TREAT, "iqr");
    const smri_fitted fitted = fixture_fit(&fixture, x, 5, NULL, 0);
    expect_near(fitted.numbers[0], -DBL_MAX, 0);
    expect_near(fitted.numbers[1], DBL_MAX, 0);
    fixture_free(&fixture);
}

/* The cells that winsorising and the fences would move are the cells that go. */
TEST(trimmed_cells_are_those_that_would_be_moved)
{
    double x[60];
    uint64_t state = 59;
    for (size_t i = 0; i < 60; i++) {
        const double u = unit_random_unit(&state) - 0.5;
        x[i] = i % 13 == 5 ? NAN : 100 * u * u * u * (i % 10 == 0 ? 30 : 1);
    }
    const char *const limits[] = {"percentiles", "iqr"}, *const methods[] = {"winsorise", "iqr"};
    for (size_t m = 0; m < 2; m++) {
        double trimmed[60], moved[60];
        uint8_t statuses[60], others[60];
        size_t gone = 0;
        method_fixture fixture, other;
        fixture_make(&fixture, SMRI_STEP_TREAT, "trim_to_missing");
        fixture_make(&other, SMRI_STEP_TREAT, methods[m]);
        fixture_choice(&fixture, "limits", limits[m]);
        memcpy(trimmed, x, sizeof x);
        memcpy(moved, x, sizeof x);
        fixture_change(&fixture, NULL, 0, trimmed, statuses, 60);
        fixture_change(&other, NULL, 0, moved, others, 60);
        for (size_t i = 0; i < 60; i++) {
            if (x[i] == x[i] && moved[i] != x[i]) {
                expect_nan(trimmed[i]);
                expect_equal_int(statuses[i], SMR_CELL_MISSING);
                gone++;
            } else {
                expect_same_bits(trimmed[i], x[i]);
                expect_equal_int(statuses[i], SMR_CELL_OK);
            }
        }
        expect(gone > 3);
        fixture_free(&fixture);
        fixture_free(&other);
    }
}

/* ln 1, ln 2, ln 10; then with max 100, min 1: ln 1, ln(99/99 + 1) of the value 2, ln 100 */
TEST(shifted_logarithms_by_hand)
{
    double x[] = {-4, -3, NAN, 5};
    uint8_t statuses[4] = {0};
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_TREAT, "log1p_shift");
    fixture_change(&fixture, NULL, 0, x, statuses, 4);
    expect_array(x, (const double[]){0, 0.6931471805599453, NAN, 2.302585092994046}, 4, 1e-15);
    fixture_free(&fixture);
    double y[] = {1, 2, 100, NAN};
    fixture_make(&fixture, SMRI_STEP_TREAT, "gii");
    fixture_change(&fixture, NULL, 0, y, statuses, 4);
    expect_array(y, (const double[]){0, 0.6931471805599453, 4.605170185988092, NAN}, 4, 1e-15);
    fixture_free(&fixture);
}

/* COINr 1.1.14 returns its input, and with a maximum below 1 the formula would turn the order round. */
TEST(gii_where_the_greatest_value_is_1_or_less)
{
    double x[] = {0.2, 0.9, NAN, 1};
    uint8_t statuses[4] = {SMR_CELL_OK, SMR_CELL_OK, SMR_CELL_MISSING, SMR_CELL_OK};
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_TREAT, "gii");
    const smri_fitted fitted = fixture_fit(&fixture, x, 4, NULL, 0);
    fixture.choice.method->change(&fixture.choice, &fitted, NULL, x, statuses, 4);
    expect_array(x, (const double[]){NAN, NAN, NAN, NAN}, 4, 0);
    const uint8_t expected[] = {SMR_CELL_OUT_OF_DOMAIN, SMR_CELL_OUT_OF_DOMAIN, SMR_CELL_MISSING,
                                SMR_CELL_OUT_OF_DOMAIN};
    expect_bytes(statuses, expected, 4);
    fixture_free(&fixture);
}

TEST(a_frozen_logarithm_has_a_domain)
{
    const double reference[] = {10, 20, 110};
    const char *const names[] = {"log1p_shift", "gii"};
    for (size_t m = 0; m < 2; m++) {
        double x[] = {9.5, 8.9, 1000, 10};
        uint8_t statuses[4] = {0};
        method_fixture fixture;
        fixture_make(&fixture, SMRI_STEP_TREAT, names[m]);
        const smri_fitted fitted = fixture_fit(&fixture, reference, 3, NULL, 0);
        fixture.choice.method->change(&fixture.choice, &fitted, NULL, x, statuses, 4);
        expect(x[0] < 0 && x[2] > 6);
        expect_nan(x[1]);
        expect_near(x[3], 0, 0);
        const uint8_t expected[] = {SMR_CELL_OK, SMR_CELL_OUT_OF_DOMAIN, SMR_CELL_OK, SMR_CELL_OK};
        expect_bytes(statuses, expected, 4);
        fixture_free(&fixture);
    }
}

/* log(1 + x) against the definition where 1 + x is exact, and against the series where it is not. */
TEST(logarithm_of_one_plus)
{
    expect_same_bits(smri_log_1_plus(0), 0);
    expect_same_bits(smri_log_1_plus(1e-300), 1e-300);
    expect_near(smri_log_1_plus(1e-10), 9.9999999995e-11, 2e-26);
    expect_near(smri_log_1_plus(-0.5), -0.6931471805599453, 2e-16);
    uint64_t state = 47;
    for (int i = 0; i < 20000; i++) {
        const double x = pow(10, 40 * unit_random_unit(&state) - 20);
        expect_near(smri_log_1_plus(x), log1p(x), 4 * DBL_EPSILON * log1p(x));
    }
}

TEST(what_the_log_types_leave)
{
    static const struct {
        const char *name;
        bool leaves;
    } methods[] = {{"none", false},       {"winsorise", false}, {"iqr", false},         {"trim_to_missing", false},
                   {"log", true},         {"gii", true},        {"log1p_shift", true},  {"box_cox", true},
                   {"yeo_johnson", true}};
    for (size_t i = 0; i < SMRI_COUNT(methods); i++) {
        const smri_choice choice = {.method = smri_method_find(SMRI_STEP_TREAT, methods[i].name)};
        const smri_fitted nothing = {0};
        expect(smri_treatment_leaves_scale(&choice, &nothing) == methods[i].leaves);
    }
}

static const unit_test tests[] = {
    UNIT(winsorised_by_hand),
    UNIT(limits_follow_the_quantile_type),
    UNIT(winsorising_twice_with_one_model_changes_nothing),
    UNIT(a_reference_without_values_limits_nothing),
    UNIT(logarithms),
    UNIT(fences_of_the_quartiles_by_hand),
    UNIT(fences_stay_finite),
    UNIT(trimmed_cells_are_those_that_would_be_moved),
    UNIT(shifted_logarithms_by_hand),
    UNIT(gii_where_the_greatest_value_is_1_or_less),
    UNIT(a_frozen_logarithm_has_a_domain),
    UNIT(logarithm_of_one_plus),
    UNIT(what_the_log_types_leave),
};
UNIT_SUITE(method_treat, tests)
