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

static const unit_test tests[] = {
    UNIT(winsorised_by_hand),
    UNIT(limits_follow_the_quantile_type),
    UNIT(winsorising_twice_with_one_model_changes_nothing),
    UNIT(a_reference_without_values_limits_nothing),
    UNIT(logarithms),
};
UNIT_SUITE(method_treat, tests)
