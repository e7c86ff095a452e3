/* SPDX-License-Identifier: MIT */
/* borda, exponential_rank, categorical, above_below_mean. */
#include "normaliser_fixture.h"

static const double marks[] = {3, 1, NAN, 3, 8};
enum { MARKS = 5 };

TEST(borda_by_hand)
{
    normaliser n;
    normaliser_make(&n, "borda", SMR_DIRECTION_HIGHER);
    expect_normalised(&n, marks, MARKS, (const double[]){1, 0, NAN, 1, 3});
    n.scale.direction = SMR_DIRECTION_LOWER;
    expect_normalised(&n, marks, MARKS, (const double[]){1, 3, NAN, 1, 0});
    fixture_range(&n.method, 0, 30);
    expect_normalised(&n, marks, MARKS, (const double[]){10, 30, NAN, 10, 0});
    const double one[] = {7, NAN};
    expect_all(&n, one, 2, NAN, SMR_CELL_CONSTANT); /* no place to divide by */
    normaliser_free(&n);
}

static double exponential(double share)
{
    return -23 * log(1 - share * (1 - exp(-100.0 / 23)));
}

TEST(exponential_rank_by_hand)
{
    normaliser n;
    normaliser_make(&n, "exponential_rank", SMR_DIRECTION_HIGHER);
    expect_normalised(&n, marks, MARKS,
                      (const double[]){exponential(2.5 / 4), exponential(0.25), NAN, exponential(2.5 / 4), 100});
    n.scale.direction = SMR_DIRECTION_LOWER;
    expect_normalised(&n, marks, MARKS,
                      (const double[]){exponential(2.5 / 4), 100, NAN, exponential(2.5 / 4), exponential(0.25)});
    fixture_range(&n.method, 0, 1);
    n.scale.direction = SMR_DIRECTION_HIGHER;
    expect_normalised(&n, marks, MARKS,
                      (const double[]){exponential(2.5 / 4) / 100, exponential(0.25) / 100, NAN,
                                       exponential(2.5 / 4) / 100, 1});
    const double one[] = {7, NAN}, none[] = {NAN, NAN};
    expect_normalised(&n, one, 2, (const double[]){1, NAN});
    expect_all(&n, none, 2, NAN, SMR_CELL_OK);
    normaliser_free(&n);
}

/* What the reference does not hold stands between its neighbours, and never beyond the ends. */
TEST(exponential_rank_of_new_values)
{
    normaliser n;
    normaliser_make(&n, "exponential_rank", SMR_DIRECTION_HIGHER);
    const double x[] = {1, 2, 2, 3, 0, 1.5, 2.5, 9};
    normaliser_run(&n, x, 4, 8);
    const double expected[] = {exponential(0.25), exponential(2.5 / 4), exponential(2.5 / 4), 100,
                               exponential(0.25), exponential(1.5 / 4), exponential(3.5 / 4), 100};
    expect_array(n.y, expected, 8, 1e-12);
    expect(n.y[3] <= 100);
    normaliser_free(&n);
}

TEST(categorical_by_hundredths)
{
    normaliser n;
    double x[20], expected[20];
    normaliser_make(&n, "categorical", SMR_DIRECTION_HIGHER);
    for (size_t i = 0; i < 20; i++) {
        const double hundredth = 5 * (i + 1.0);
        x[i] = (double)(i * i);
        expected[i] = hundredth <= 5 ? 0 : hundredth <= 15 ? 20 : hundredth <= 35 ? 40 : hundredth <= 65 ? 50
                      : hundredth <= 85 ? 60 : hundredth <= 95 ? 80 : 100;
    }
    expect_normalised(&n, x, 20, expected);
    n.scale.direction = SMR_DIRECTION_LOWER;
    for (size_t i = 0; i < 10; i++) {
        const double other = expected[i];
        expected[i] = expected[19 - i];
        expected[19 - i] = other;
    }
    expect_normalised(&n, x, 20, expected);
    fixture_json(&n.method, "marks", "[1, 2, 3, 4, 5, 6, 7]");
    const double few[] = {1, 2};
    expect_normalised(&n, few, 2, (const double[]){7, 4}); /* 100 and 50 hundredths */
    normaliser_free(&n);
}

TEST(categorical_by_cuts)
{
    normaliser n;
    normaliser_make(&n, "categorical", SMR_DIRECTION_HIGHER);
    fixture_json(&n.method, "cuts", "[2, 5]");
    fixture_json(&n.method, "marks", "[0, 1, 4]");
    const double x[] = {1, 2, 2.5, 5, 6, NAN};
    expect_normalised(&n, x, 6, (const double[]){0, 0, 1, 1, 4, NAN});
    n.scale.direction = SMR_DIRECTION_LOWER; /* the cut is in the worse class here too */
    expect_normalised(&n, x, 6, (const double[]){4, 1, 1, 0, 0, NAN});
    n.scale = (smri_scale){.direction = SMR_DIRECTION_TARGET, .optimum = 2}; /* distances 1 0 0.5 3 4 */
    expect_normalised(&n, x, 6, (const double[]){4, 4, 4, 1, 1, NAN});
    /* cuts are transformed */
    n.scale = (smri_scale){.direction = SMR_DIRECTION_HIGHER, .transform = SMR_TRANSFORM_SQRT};
    expect_normalised(&n, x, 6, (const double[]){0, 1, 4, 4, 4, NAN});
    double low, high;
    expect(smri_categorical_range(&n.method.choice, &low, &high));
    expect_near(low, 0, 0);
    expect_near(high, 4, 0);
    normaliser_free(&n);
}

TEST(above_and_below_the_mean)
{
    normaliser n;
    normaliser_make(&n, "above_below_mean", SMR_DIRECTION_HIGHER);
    const double x[] = {10, 13, 7, 12, 8, NAN}; /* mean 10 */
    expect_normalised(&n, x, 6, (const double[]){0, 1, -1, 0, 0, NAN});
    n.scale.direction = SMR_DIRECTION_LOWER;
    expect_normalised(&n, x, 6, (const double[]){0, -1, 1, 0, 0, NAN});
    fixture_number(&n.method, "p", 0);
    expect_normalised(&n, x, 6, (const double[]){0, -1, 1, -1, 1, NAN});
    n.scale = (smri_scale){.direction = SMR_DIRECTION_TARGET, .optimum = 10}; /* distances 0 3 3 2 2, mean 2 */
    expect_normalised(&n, x, 6, (const double[]){1, -1, -1, 0, 0, NAN});
    const double negative[] = {-1, -2, NAN};
    n.scale.direction = SMR_DIRECTION_HIGHER;
    expect_all(&n, negative, 3, NAN, SMR_CELL_OUT_OF_DOMAIN);
    normaliser_free(&n);
}

static const unit_test tests[] = {
    UNIT(borda_by_hand),       UNIT(exponential_rank_by_hand), UNIT(exponential_rank_of_new_values),
    UNIT(categorical_by_hundredths), UNIT(categorical_by_cuts), UNIT(above_and_below_the_mean),
};
UNIT_SUITE(method_class, tests)
