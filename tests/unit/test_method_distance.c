/* SPDX-License-Identifier: MIT */
/* distance_to_max, distance_to_reference, distance_to_target. */
#include "normaliser_fixture.h"

static const double years[] = {2, 4, NAN, 10, 7};
enum { YEARS = 5 };

TEST(distance_to_max_by_hand)
{
    normaliser n;
    normaliser_make(&n, "distance_to_max", SMR_DIRECTION_HIGHER);
    expect_normalised(&n, years, YEARS, (const double[]){0, 0.25, NAN, 1, 0.625});
    fixture_range(&n.method, 10, 20);
    expect_normalised(&n, years, YEARS, (const double[]){10, 12.5, NAN, 20, 16.25});
    n.scale.direction = SMR_DIRECTION_LOWER;
    expect_normalised(&n, years, YEARS, (const double[]){20, 17.5, NAN, 10, 13.75});
    n.scale.direction = SMR_DIRECTION_TARGET;
    n.scale.optimum = 6;
    expect_normalised(&n, years, YEARS, (const double[]){10, 16 + 2.0 / 3, NAN, 10, 20});
    normaliser_free(&n);
}

TEST(distance_to_a_region)
{
    normaliser n;
    normaliser_make(&n, "distance_to_reference", SMR_DIRECTION_HIGHER);
    n.region = 4;
    expect_normalised(&n, years, YEARS, (const double[]){0, 1, NAN, 4, 2.5});
    fixture_number(&n.method, "cap", 1);
    expect_normalised(&n, years, YEARS, (const double[]){0, 1, NAN, 1, 1});
    fixture_range(&n.method, 0, 50);
    expect_normalised(&n, years, YEARS, (const double[]){0, 50, NAN, 50, 50});
    n.scale.direction = SMR_DIRECTION_LOWER;
    expect_normalised(&n, years, YEARS, (const double[]){50, 50, NAN, 0, 25});
    fixture_number(&n.method, "cap", 0);
    expect_normalised(&n, years, YEARS, (const double[]){50 * (1 + 1.0 / 3), 50, NAN, 0, 25});
    normaliser_free(&n);
}

/* The number is in the raw unit: it is transformed, turned or measured from the optimum as the values are. */
TEST(distance_to_a_number)
{
    normaliser n;
    normaliser_make(&n, "distance_to_reference", SMR_DIRECTION_HIGHER);
    fixture_number(&n.method, "value", 12);
    expect_normalised(&n, years, YEARS, (const double[]){0, 0.2, NAN, 0.8, 0.5});
    n.scale.direction = SMR_DIRECTION_LOWER;
    fixture_number(&n.method, "value", 0);
    expect_normalised(&n, years, YEARS, (const double[]){0.8, 0.6, NAN, 0, 0.3});
    n.scale.direction = SMR_DIRECTION_TARGET;
    n.scale.optimum = 6;
    fixture_number(&n.method, "value", 5); /* 1 away; the worst is 4 away */
    expect_normalised(&n, years, YEARS, (const double[]){0, 2.0 / 3, NAN, 0, 1});
    n.scale = (smri_scale){.direction = SMR_DIRECTION_HIGHER, .transform = SMR_TRANSFORM_SQRT};
    fixture_number(&n.method, "value", 100);
    expect_normalised(&n, years, YEARS, (const double[]){0, 0.25, NAN, 1, 0.625});
    normaliser_free(&n);
}

TEST(distances_without_a_way)
{
    normaliser n;
    const double same[] = {3, NAN, 3};
    normaliser_make(&n, "distance_to_max", SMR_DIRECTION_HIGHER);
    expect_all(&n, same, 3, NAN, SMR_CELL_CONSTANT);
    fixture_choice(&n.method, "constant", "mid");
    expect_all(&n, same, 3, 0.5, SMR_CELL_CONSTANT);
    normaliser_free(&n);

    normaliser_make(&n, "distance_to_reference", SMR_DIRECTION_HIGHER);
    n.region = 3;
    fixture_choice(&n.method, "constant", "hi");
    expect_all(&n, same, 3, 1, SMR_CELL_CONSTANT);
    n.region = NAN; /* the region has no value */
    expect_all(&n, years, YEARS, NAN, SMR_CELL_NOT_COMPUTED);
    n.region = 1; /* worse than the worst of the reference */
    expect_all(&n, years, YEARS, NAN, SMR_CELL_OUT_OF_DOMAIN);
    normaliser_free(&n);

    normaliser_make(&n, "distance_to_target", SMR_DIRECTION_HIGHER);
    n.scale.target = 2;
    expect_all(&n, years, YEARS, NAN, SMR_CELL_CONSTANT);
    n.scale.target = 1;
    expect_all(&n, years, YEARS, NAN, SMR_CELL_OUT_OF_DOMAIN);
    n.scale.direction = SMR_DIRECTION_LOWER;
    n.scale.target = 11;
    expect_all(&n, years, YEARS, NAN, SMR_CELL_OUT_OF_DOMAIN);
    normaliser_free(&n);
}

TEST(distance_to_a_target)
{
    normaliser n;
    normaliser_make(&n, "distance_to_target", SMR_DIRECTION_HIGHER);
    n.scale.target = 6;
    expect_normalised(&n, years, YEARS, (const double[]){0, 0.5, NAN, 2, 1.25});
    fixture_number(&n.method, "cap", 1);
    fixture_range(&n.method, 0, 100);
    expect_normalised(&n, years, YEARS, (const double[]){0, 50, NAN, 100, 100});
    n.scale.direction = SMR_DIRECTION_LOWER;
    expect_normalised(&n, years, YEARS, (const double[]){100, 100, NAN, 0, 75});
    fixture_number(&n.method, "cap", 0);
    expect_normalised(&n, years, YEARS, (const double[]){200, 150, NAN, 0, 75});
    n.scale = (smri_scale){.direction = SMR_DIRECTION_TARGET, .optimum = 6, .target = 7}; /* 1 away; the worst is 4 */
    expect_normalised(&n, years, YEARS, (const double[]){0, 200.0 / 3, NAN, 0, 100});
    normaliser_free(&n);
}

/* The map and the definition, on values that the reference does not hold. */
TEST(distances_against_their_definition)
{
    uint64_t state = 5;
    for (int round = 0; round < 100; round++) {
        normaliser n;
        double x[COLUMN], least = INFINITY, greatest = -INFINITY;
        for (size_t i = 0; i < COLUMN; i++) {
            x[i] = unit_random_unit(&state) * 40 - 20;
            least = i < 40 ? fmin(least, x[i]) : least;
            greatest = i < 40 ? fmax(greatest, x[i]) : greatest;
        }
        normaliser_make(&n, "distance_to_reference", round % 2 ? SMR_DIRECTION_LOWER : SMR_DIRECTION_HIGHER);
        n.region = x[round % 40];
        normaliser_run(&n, x, 40, COLUMN);
        for (size_t i = 0; i < COLUMN && n.region != least && n.region != greatest; i++) {
            const double expected = round % 2 ? 1 - (x[i] - n.region) / (greatest - n.region)
                                              : 1 - (n.region - x[i]) / (n.region - least);
            expect_near(n.y[i], expected, 1e-12 * (1 + fabs(expected)));
        }
        normaliser_free(&n);
        normaliser_make(&n, "distance_to_target", round % 2 ? SMR_DIRECTION_LOWER : SMR_DIRECTION_HIGHER);
        n.scale.target = round % 2 ? least - 1 : greatest + 1;
        normaliser_run(&n, x, 40, COLUMN);
        for (size_t i = 0; i < COLUMN; i++) {
            const double expected = round % 2 ? (greatest - x[i]) / (greatest - n.scale.target)
                                              : (x[i] - least) / (n.scale.target - least);
            expect_near(n.y[i], expected, 1e-12);
        }
        normaliser_free(&n);
    }
}

/* Without any value, with one, and with numbers near the ends of the range. */
TEST(distances_of_little)
{
    static const char *const names[] = {"distance_to_max", "distance_to_reference", "distance_to_target"};
    const double none[] = {NAN, NAN}, one[] = {NAN, 5};
    const double huge[] = {-1e300, 1e300, 1e-300}, widest[] = {-1.7e308, 1.7e308};
    for (size_t m = 0; m < SMRI_COUNT(names); m++) {
        normaliser n;
        normaliser_make(&n, names[m], SMR_DIRECTION_HIGHER);
        n.region = 1e300;
        n.scale.target = 1e300;
        expect_all(&n, none, 2, NAN, SMR_CELL_OK);
        normaliser_run(&n, one, 2, 2);
        expect(n.y[1] == n.y[1] || n.statuses[1] == SMR_CELL_CONSTANT);
        expect_normalised(&n, huge, 3, (const double[]){0, 1, 0.5});
        n.region = 1.7e308;
        n.scale.target = 1.7e308;
        normaliser_run(&n, widest, 2, 2); /* a spread beyond the range of a double is none */
        expect(n.y[0] != n.y[0] && n.statuses[0] != SMR_CELL_OK);
        normaliser_free(&n);
    }
}

static const unit_test tests[] = {
    UNIT(distance_to_max_by_hand),   UNIT(distance_to_a_region),
    UNIT(distance_to_a_number),      UNIT(distances_without_a_way),
    UNIT(distance_to_a_target),      UNIT(distances_against_their_definition),
    UNIT(distances_of_little),
};
UNIT_SUITE(method_distance, tests)
