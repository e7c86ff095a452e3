/* SPDX-License-Identifier: MIT */
/* fraction_of_max and indicis. */
#include "normaliser_fixture.h"

static const double incomes[] = {20, 50, NAN, 40};
enum { INCOMES = 4 };

TEST(fraction_of_max_by_hand)
{
    normaliser n;
    normaliser_make(&n, "fraction_of_max", SMR_DIRECTION_HIGHER);
    expect_normalised(&n, incomes, INCOMES, (const double[]){0.4, 1, NAN, 0.8});
    fixture_range(&n.method, 0, 100);
    expect_normalised(&n, incomes, INCOMES, (const double[]){40, 100, NAN, 80});
    const double signs[] = {-25, 50, 0};
    expect_normalised(&n, signs, 3, (const double[]){-50, 100, 0});
    normaliser_free(&n);
}

/* x/min makes the worse value the greater score; min/x does not. */
TEST(fraction_of_max_where_lower_is_better)
{
    normaliser n;
    normaliser_make(&n, "fraction_of_max", SMR_DIRECTION_LOWER);
    fixture_choice(&n.method, "lower", "ratio");
    expect_normalised(&n, incomes, INCOMES, (const double[]){1, 2.5, NAN, 2});
    fixture_choice(&n.method, "lower", "reciprocal");
    expect_normalised(&n, incomes, INCOMES, (const double[]){1, 0.4, NAN, 0.5});
    fixture_range(&n.method, 0, 10);
    expect_normalised(&n, incomes, INCOMES, (const double[]){10, 4, NAN, 5});
    n.scale = (smri_scale){.direction = SMR_DIRECTION_TARGET, .optimum = 30}; /* 10, 20, none, 10 away */
    expect_normalised(&n, incomes, INCOMES, (const double[]){10, 5, NAN, 10});
    normaliser_free(&n);
}

/* A ratio scale needs a best value above zero. */
TEST(fraction_of_max_without_a_ratio_scale)
{
    normaliser n;
    const double none[] = {-3, NAN, 0}, zero[] = {0, 5, NAN};
    normaliser_make(&n, "fraction_of_max", SMR_DIRECTION_HIGHER);
    expect_all(&n, none, 3, NAN, SMR_CELL_OUT_OF_DOMAIN);
    n.scale.direction = SMR_DIRECTION_LOWER;
    fixture_choice(&n.method, "lower", "reciprocal");
    expect_all(&n, zero, 3, NAN, SMR_CELL_OUT_OF_DOMAIN);
    fixture_choice(&n.method, "lower", "ratio");
    expect_all(&n, zero, 3, NAN, SMR_CELL_OUT_OF_DOMAIN);
    /* a frozen reference meets a value that it did not have */
    fixture_choice(&n.method, "lower", "reciprocal");
    const double later[] = {20, 50, 0, -1, 10};
    normaliser_run(&n, later, 2, 5);
    expect_array(n.y, (const double[]){1, 0.4, NAN, NAN, 2}, 5, 1e-15);
    expect_bytes(n.statuses, ((const uint8_t[]){0, 0, SMR_CELL_OUT_OF_DOMAIN, SMR_CELL_OUT_OF_DOMAIN, 0}), 5);
    normaliser_free(&n);
}

TEST(indicis_by_hand)
{
    normaliser n;
    normaliser_make(&n, "indicis", SMR_DIRECTION_HIGHER);
    const double mean = 110.0 / 3;
    expect_normalised(&n, incomes, INCOMES, (const double[]){20 / mean, 50 / mean, NAN, 40 / mean});
    fixture_choice(&n.method, "base", "max");
    expect_normalised(&n, incomes, INCOMES, (const double[]){0.4, 1, NAN, 0.8});
    fixture_choice(&n.method, "base", "min");
    fixture_choice(&n.method, "form", "difference");
    fixture_number(&n.method, "scale", 100);
    expect_normalised(&n, incomes, INCOMES, (const double[]){0, 150, NAN, 100});
    fixture_choice(&n.method, "form", "ratio");
    n.scale.direction = SMR_DIRECTION_LOWER; /* base/x; the base is of the values as they are */
    expect_normalised(&n, incomes, INCOMES, (const double[]){100, 40, NAN, 50});
    fixture_choice(&n.method, "base", "max");
    expect_normalised(&n, incomes, INCOMES, (const double[]){250, 100, NAN, 125});
    fixture_choice(&n.method, "base", "mean");
    fixture_choice(&n.method, "form", "difference");
    expect_normalised(&n, incomes, INCOMES,
                      (const double[]){100 * (mean / 20 - 1), 100 * (mean / 50 - 1), NAN, 100 * (mean / 40 - 1)});
    normaliser_free(&n);
}

TEST(indicis_of_a_region_or_a_number)
{
    normaliser n;
    normaliser_make(&n, "indicis", SMR_DIRECTION_HIGHER);
    *fixture_setting(&n.method, "reference") = (smri_setting){.given = true, .text = "A"};
    n.region = 40;
    expect_normalised(&n, incomes, INCOMES, (const double[]){0.5, 1.25, NAN, 1});
    n.scale.direction = SMR_DIRECTION_LOWER;
    expect_normalised(&n, incomes, INCOMES, (const double[]){2, 0.8, NAN, 1});
    n.region = NAN;
    expect_all(&n, incomes, INCOMES, NAN, SMR_CELL_NOT_COMPUTED);
    *fixture_setting(&n.method, "reference") = (smri_setting){.given = false};
    fixture_number(&n.method, "value", 10);
    expect_normalised(&n, incomes, INCOMES, (const double[]){0.5, 0.2, NAN, 0.25});
    n.scale = (smri_scale){.direction = SMR_DIRECTION_TARGET, .optimum = 25}; /* the base is 15 away from it */
    expect_normalised(&n, incomes, INCOMES, (const double[]){3, 0.6, NAN, 1});
    n.scale.optimum = 40; /* the last value is there: no quotient */
    normaliser_run(&n, incomes, INCOMES, INCOMES);
    expect_array(n.y, (const double[]){1.5, 3, NAN, NAN}, INCOMES, 1e-15);
    expect_equal_int(n.statuses[3], SMR_CELL_OUT_OF_DOMAIN);
    normaliser_free(&n);
}

TEST(indicis_without_a_base)
{
    normaliser n;
    const double balanced[] = {-5, 5}, negative[] = {-5, -1, NAN}, none[] = {NAN, NAN};
    normaliser_make(&n, "indicis", SMR_DIRECTION_HIGHER);
    expect_all(&n, balanced, 2, NAN, SMR_CELL_OUT_OF_DOMAIN);
    expect_all(&n, negative, 3, NAN, SMR_CELL_OUT_OF_DOMAIN);
    expect_all(&n, none, 2, NAN, SMR_CELL_OK);
    n.scale.direction = SMR_DIRECTION_LOWER;
    expect_all(&n, negative, 3, NAN, SMR_CELL_OUT_OF_DOMAIN);
    const double huge[] = {1.7e308, 1.7e308, 1e-300}; /* the sum is beyond the range */
    n.scale.direction = SMR_DIRECTION_HIGHER;
    normaliser_run(&n, huge, 3, 3);
    for (size_t i = 0; i < 3; i++) {
        expect(n.y[i] == n.y[i] || n.statuses[i] == SMR_CELL_OUT_OF_DOMAIN);
    }
    normaliser_free(&n);
}

static const unit_test tests[] = {
    UNIT(fraction_of_max_by_hand),           UNIT(fraction_of_max_where_lower_is_better),
    UNIT(fraction_of_max_without_a_ratio_scale), UNIT(indicis_by_hand),
    UNIT(indicis_of_a_region_or_a_number),   UNIT(indicis_without_a_base),
};
UNIT_SUITE(method_ratio, tests)
