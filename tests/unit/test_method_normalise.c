/* SPDX-License-Identifier: MIT */
#include "method_fixture.h"

#include <math.h>

#define ROWS 64

/* Normalises x by the bounds of `reference` in the way the engine does it: the sign is changed before fit and before
 * the formula unless the method knows the direction, and a column without spread becomes the constant. */
static void normalise(method_fixture *fixture, const smri_scale *scale, const double *reference, size_t reference_n,
                      const double *x, double *y, uint8_t *statuses, size_t n)
{
    const smri_method *method = fixture->choice.method;
    const bool own = (method->flags & SMRI_METHOD_OWN_DIRECTION) != 0;
    double seen[2][ROWS];
    const double *columns[] = {reference, x};
    const size_t lengths[] = {reference_n, n};
    for (int c = 0; c < 2; c++) {
        for (size_t i = 0; i < lengths[c]; i++) {
            const double value = columns[c][i];
            seen[c][i] = own || scale->direction == SMR_DIRECTION_HIGHER ? value
                         : scale->direction == SMR_DIRECTION_LOWER      ? 0.0 - value
                                                                        : 0.0 - fabs(value - scale->optimum);
        }
    }
    const smri_fitted fitted = fixture_fit(fixture, seen[0], reference_n, NULL, 0);
    smri_affine map;
    memset(statuses, 0, n);
    if (method->affine != NULL && method->affine(&fixture->choice, &fitted, scale, &map)) {
        smri_context_kernels(unit_context())->affine(seen[1], n, &map, y);
    } else if (method->normalise != NULL) {
        method->normalise(&fixture->choice, &fitted, scale, seen[1], y, statuses, n);
    } else {
        for (size_t i = 0; i < n; i++) {
            const bool observed = seen[1][i] == seen[1][i];
            y[i] = observed ? smri_normalise_constant(&fixture->choice) : NAN;
            statuses[i] = observed ? SMR_CELL_CONSTANT : SMR_CELL_OK;
        }
    }
}

static const smri_scale higher = {.direction = SMR_DIRECTION_HIGHER, .worst = NAN, .best = NAN, .optimum = NAN};
static const smri_scale lower = {.direction = SMR_DIRECTION_LOWER, .worst = NAN, .best = NAN, .optimum = NAN};

static void expect_scores(method_fixture *fixture, const smri_scale *scale, const double *x, size_t n,
                          const double *expected, double tolerance)
{
    double y[ROWS];
    uint8_t statuses[ROWS];
    normalise(fixture, scale, x, n, x, y, statuses, n);
    expect_array(y, expected, n, tolerance);
    for (size_t i = 0; i < n; i++) {
        expect_equal_int(statuses[i], SMR_CELL_OK);
    }
}

static void expect_constant(method_fixture *fixture, const smri_scale *scale, const double *x, size_t n, double value)
{
    double y[ROWS];
    uint8_t statuses[ROWS];
    normalise(fixture, scale, x, n, x, y, statuses, n);
    for (size_t i = 0; i < n; i++) {
        const bool observed = x[i] == x[i];
        expect_equal_int(statuses[i], observed ? SMR_CELL_CONSTANT : SMR_CELL_OK);
        expect_array(&y[i], observed ? &value : &x[i], 1, 0);
    }
}

/* ---- goalposts ---- */

TEST(goalposts_by_hand)
{
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_NORMALISE, "goalposts");
    const double x[] = {20, 85, 52.5, 10, 90, NAN, 36.25};
    const smri_scale up = {.direction = SMR_DIRECTION_HIGHER, .worst = 20, .best = 85, .optimum = NAN};
    expect_scores(&fixture, &up, x, 7, (const double[]){0, 100, 50, 0, 100, NAN, 25}, 1e-13);
    const smri_scale down = {.direction = SMR_DIRECTION_LOWER, .worst = 85, .best = 20, .optimum = NAN};
    expect_scores(&fixture, &down, x, 7, (const double[]){100, 0, 50, 100, 0, NAN, 75}, 1e-13);
    fixture_number(&fixture, "clamp", 0);
    expect_scores(&fixture, &up, x, 7, (const double[]){0, 100, 50, -1000.0 / 65, 7000.0 / 65, NAN, 25}, 1e-13);
    fixture_range(&fixture, 1, 11);
    expect_scores(&fixture, &up, x, 7, (const double[]){1, 11, 6, 1 - 100.0 / 65, 1 + 700.0 / 65, NAN, 3.5}, 1e-13);
    fixture_free(&fixture);
}

TEST(goalposts_around_a_target)
{
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_NORMALISE, "goalposts");
    const smri_scale scale = {.direction = SMR_DIRECTION_TARGET, .worst = 10, .best = 30, .optimum = 15};
    const double x[] = {10, 12.5, 15, 22.5, 30, 5, 40, NAN};
    const double expected[] = {0, 50, 100, 50, 0, 0, 0, NAN};
    expect_scores(&fixture, &scale, x, 8, expected, 1e-13);
    const smri_scale turned = {.direction = SMR_DIRECTION_TARGET, .worst = 30, .best = 10, .optimum = 15};
    expect_scores(&fixture, &turned, x, 8, expected, 1e-13);
    fixture_number(&fixture, "clamp", 0);
    expect_scores(&fixture, &scale, x, 8, (const double[]){0, 50, 100, 50, 0, -100, -200.0 / 3, NAN}, 1e-13);
    smri_affine map;
    expect(!smri_goalposts_affine(&fixture.choice, NULL, &scale, &map));
    fixture_free(&fixture);
}

/* The function and the map are the same bits, so that a saved model may use either. */
TEST(goalposts_function_is_the_map)
{
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_NORMALISE, "goalposts");
    fixture_range(&fixture, 0.1, 0.7);
    uint64_t state = 41;
    for (int round = 0; round < 200; round++) {
        double x[ROWS], by_map[ROWS], by_function[ROWS];
        uint8_t statuses[ROWS] = {0};
        for (size_t i = 0; i < ROWS; i++) {
            x[i] = i % 9 == 0 ? NAN : unit_random_unit(&state) * 12 - 1;
        }
        const smri_scale scale = {.direction = round % 2 ? SMR_DIRECTION_LOWER : SMR_DIRECTION_HIGHER,
                                  .worst = round % 2 ? 9.7 : 0.3,
                                  .best = round % 2 ? 0.3 : 9.7,
                                  .optimum = NAN};
        smri_affine map;
        expect(smri_goalposts_affine(&fixture.choice, NULL, &scale, &map));
        smri_context_kernels(unit_context())->affine(x, ROWS, &map, by_map);
        smri_goalposts(&fixture.choice, NULL, &scale, x, by_function, statuses, ROWS);
        for (size_t i = 0; i < ROWS; i++) {
            expect_same_bits(by_function[i], by_map[i]);
            expect(!(by_map[i] < 0.1) && !(by_map[i] > 0.7));
        }
    }
    fixture_free(&fixture);
}

/* Two goalposts may fall together on the transformed scale. */
TEST(goalposts_that_fall_together)
{
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_NORMALISE, "goalposts");
    const smri_scale scale = {.direction = SMR_DIRECTION_HIGHER, .worst = 2, .best = 2, .optimum = NAN};
    const double x[] = {1, 2, NAN};
    expect_constant(&fixture, &scale, x, 3, NAN);
    fixture_free(&fixture);
}

/* ---- min-max ---- */

TEST(minmax_by_hand)
{
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_NORMALISE, "minmax");
    const double x[] = {3, NAN, 7, 5, 4};
    expect_scores(&fixture, &higher, x, 5, (const double[]){0, NAN, 100, 50, 25}, 0);
    expect_scores(&fixture, &lower, x, 5, (const double[]){100, NAN, 0, 50, 75}, 0);
    const smri_scale target = {.direction = SMR_DIRECTION_TARGET, .worst = NAN, .best = NAN, .optimum = 4};
    /* distances 1 3 1 0, so from worst to best 7, then 3 and 5, then 4 */
    expect_scores(&fixture, &target, x, 5, (const double[]){200.0 / 3, NAN, 0, 200.0 / 3, 100}, 1e-13);
    fixture_range(&fixture, 1, 5);
    expect_scores(&fixture, &higher, x, 5, (const double[]){1, NAN, 5, 3, 2}, 0);
    fixture_free(&fixture);
}

TEST(minmax_of_a_frozen_reference)
{
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_NORMALISE, "minmax");
    const double reference[] = {0, 10, NAN}, x[] = {-5, 4, 20};
    double y[3];
    uint8_t statuses[3];
    normalise(&fixture, &higher, reference, 3, x, y, statuses, 3);
    expect_array(y, (const double[]){0, 40, 100}, 3, 0);
    fixture_number(&fixture, "clamp", 0);
    normalise(&fixture, &higher, reference, 3, x, y, statuses, 3);
    expect_array(y, (const double[]){-50, 40, 200}, 3, 0);
    fixture_free(&fixture);
}

TEST(columns_without_spread)
{
    method_fixture fixture;
    const double x[] = {0.1, NAN, 0.1, 0.1};
    fixture_make(&fixture, SMRI_STEP_NORMALISE, "minmax");
    expect_constant(&fixture, &higher, x, 4, NAN);
    fixture_choice(&fixture, "constant", "mid");
    expect_constant(&fixture, &lower, x, 4, 50);
    fixture_choice(&fixture, "constant", "hi");
    expect_constant(&fixture, &higher, x, 4, 100);
    fixture_range(&fixture, 1, 10);
    expect_constant(&fixture, &higher, x, 4, 10);
    fixture_free(&fixture);
}

/* ---- z-scores ---- */

TEST(zscores_by_hand)
{
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_NORMALISE, "zscore");
    /* mean 5, squares 32: sd 2 with ddof 0, sqrt(32/7) with ddof 1 */
    const double x[] = {2, 4, 4, 4, 5, 5, NAN, 7, 9};
    fixture_number(&fixture, "ddof", 0);
    expect_scores(&fixture, &higher, x, 9, (const double[]){-1.5, -0.5, -0.5, -0.5, 0, 0, NAN, 1, 2}, 0);
    expect_scores(&fixture, &lower, x, 9, (const double[]){1.5, 0.5, 0.5, 0.5, 0, 0, NAN, -1, -2}, 0);
    fixture_number(&fixture, "mean", 100);
    fixture_number(&fixture, "sd", 10);
    expect_scores(&fixture, &higher, x, 9, (const double[]){85, 95, 95, 95, 100, 100, NAN, 110, 120}, 0);
    fixture_number(&fixture, "ddof", 1);
    const double step = 10 / sqrt(32.0 / 7);
    expect_scores(&fixture, &higher, x, 9,
                  (const double[]){100 - 3 * step, 100 - step, 100 - step, 100 - step, 100, 100, NAN, 100 + 2 * step,
                                   100 + 4 * step},
                  1e-12);
    fixture_free(&fixture);
}

TEST(zscores_without_spread)
{
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_NORMALISE, "zscore");
    const double same[] = {0.1, 0.1, 0.1, NAN}; /* the mean of these is 0.10000000000000002 */
    const double one[] = {3, NAN}, none[] = {NAN};
    expect_constant(&fixture, &higher, same, 4, NAN);
    expect_constant(&fixture, &higher, one, 2, NAN);
    expect_constant(&fixture, &higher, none, 1, NAN);
    fixture_number(&fixture, "mean", 50);
    fixture_choice(&fixture, "constant", "mid");
    expect_constant(&fixture, &higher, same, 4, 50);
    fixture_number(&fixture, "ddof", 0);
    expect_constant(&fixture, &lower, one, 2, 50);
    fixture_free(&fixture);
}

TEST(zscores_have_the_asked_moments)
{
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_NORMALISE, "zscore");
    fixture_number(&fixture, "mean", 7);
    fixture_number(&fixture, "sd", 3);
    double x[ROWS], y[ROWS];
    uint8_t statuses[ROWS];
    uint64_t state = 43;
    for (size_t i = 0; i < ROWS; i++) {
        x[i] = unit_random_unit(&state) * 1e4;
    }
    normalise(&fixture, &lower, x, ROWS, x, y, statuses, ROWS);
    smri_summary summary;
    expect(smri_summary_make(unit_context(), y, ROWS, 1, SMRI_NEED_VARIANCE, NULL, &summary));
    expect_near(summary.mean, 7, 1e-12);
    expect_near(smri_summary_variance(&summary, 1), 9, 1e-12);
    fixture_free(&fixture);
}

/* ---- ranks ---- */

TEST(ranks_by_hand)
{
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_NORMALISE, "rank");
    const double x[] = {30, 10, NAN, 20, 20, 40};
    expect_scores(&fixture, &higher, x, 6, (const double[]){4, 1, NAN, 2, 2, 5}, 0);
    expect_scores(&fixture, &lower, x, 6, (const double[]){2, 5, NAN, 3, 3, 1}, 0);
    fixture_range(&fixture, 0, 100);
    expect_scores(&fixture, &higher, x, 6, (const double[]){75, 0, NAN, 25, 25, 100}, 0);
    fixture_free(&fixture);

    fixture_make(&fixture, SMRI_STEP_NORMALISE, "percentile_rank");
    expect_scores(&fixture, &higher, x, 6, (const double[]){0.75, 0, NAN, 0.25, 0.25, 1}, 0);
    fixture_choice(&fixture, "base", "n");
    expect_scores(&fixture, &higher, x, 6, (const double[]){0.8, 0.2, NAN, 0.4, 0.4, 1}, 0);
    fixture_range(&fixture, 1, 11);
    expect_scores(&fixture, &lower, x, 6, (const double[]){5, 11, NAN, 7, 7, 3}, 1e-15);
    fixture_free(&fixture);
}

TEST(ranks_in_a_frozen_reference)
{
    method_fixture fixture;
    const double reference[] = {20, 10, 30, NAN, 20}, x[] = {5, 10, 15, 20, 25, 30, 35, NAN};
    double y[8];
    uint8_t statuses[8];
    fixture_make(&fixture, SMRI_STEP_NORMALISE, "rank");
    normalise(&fixture, &higher, reference, 5, x, y, statuses, 8);
    expect_array(y, (const double[]){1, 1, 2, 2, 4, 4, 4, NAN}, 8, 0);
    fixture_free(&fixture);
    fixture_make(&fixture, SMRI_STEP_NORMALISE, "percentile_rank");
    normalise(&fixture, &higher, reference, 5, x, y, statuses, 8);
    expect_array(y, (const double[]){0, 0, 1.0 / 3, 1.0 / 3, 1, 1, 1, NAN}, 8, 0);
    fixture_free(&fixture);
}

TEST(ranks_of_one_or_none)
{
    method_fixture fixture;
    const double one[] = {7, NAN};
    fixture_make(&fixture, SMRI_STEP_NORMALISE, "rank");
    expect_scores(&fixture, &higher, one, 2, (const double[]){1, NAN}, 0);
    fixture_range(&fixture, 0, 10);
    expect_constant(&fixture, &higher, one, 2, NAN);
    fixture_choice(&fixture, "constant", "hi");
    expect_constant(&fixture, &higher, one, 2, 10);
    fixture_free(&fixture);

    fixture_make(&fixture, SMRI_STEP_NORMALISE, "percentile_rank");
    fixture_choice(&fixture, "constant", "mid");
    expect_constant(&fixture, &higher, one, 2, 0.5);
    fixture_choice(&fixture, "base", "n");
    expect_scores(&fixture, &higher, one, 2, (const double[]){1, NAN}, 0);
    fixture_free(&fixture);

    const double none[] = {NAN}, x[] = {3};
    double y[1];
    uint8_t statuses[1];
    fixture_make(&fixture, SMRI_STEP_NORMALISE, "rank");
    normalise(&fixture, &higher, none, 1, x, y, statuses, 1);
    expect_nan(y[0]);
    expect_equal_int(statuses[0], SMR_CELL_CONSTANT);
    fixture_free(&fixture);
}

TEST(ranks_against_counting)
{
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_NORMALISE, "rank");
    uint64_t state = 47;
    for (int round = 0; round < 300; round++) {
        double x[ROWS], y[ROWS];
        uint8_t statuses[ROWS];
        const size_t n = 1 + unit_random(&state) % ROWS;
        for (size_t i = 0; i < n; i++) {
            x[i] = unit_random(&state) % 5 == 0 ? NAN : (double)(unit_random(&state) % 20);
        }
        normalise(&fixture, &lower, x, n, x, y, statuses, n);
        for (size_t i = 0; i < n; i++) {
            double worse = 0;
            for (size_t j = 0; j < n; j++) {
                worse += x[j] > x[i];
            }
            expect(x[i] != x[i] ? y[i] != y[i] : y[i] == 1 + worse);
        }
    }
    fixture_free(&fixture);
}

/* ---- scaled, none ---- */

TEST(scaled_by_hand)
{
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_NORMALISE, "scaled");
    fixture_number(&fixture, "a", 10);
    fixture_number(&fixture, "b", 30);
    const double x[] = {10, 30, 15, 0, 40, NAN};
    expect_scores(&fixture, &higher, x, 6, (const double[]){0, 1, 0.25, -0.5, 1.5, NAN}, 0);
    expect_scores(&fixture, &lower, x, 6, (const double[]){1, 0, 0.75, 1.5, -0.5, NAN}, 0);
    fixture_number(&fixture, "clamp", 1);
    expect_scores(&fixture, &higher, x, 6, (const double[]){0, 1, 0.25, 0, 1, NAN}, 0);
    fixture_range(&fixture, 1, 5);
    expect_scores(&fixture, &lower, x, 6, (const double[]){5, 1, 4, 5, 1, NAN}, 0);
    fixture_free(&fixture);
}

TEST(scaled_around_a_target)
{
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_NORMALISE, "scaled");
    fixture_number(&fixture, "a", -20);
    fixture_number(&fixture, "b", 0);
    const smri_scale target = {.direction = SMR_DIRECTION_TARGET, .worst = NAN, .best = NAN, .optimum = 50};
    const double x[] = {50, 45, 60, 70, 20, NAN};
    expect_scores(&fixture, &target, x, 6, (const double[]){1, 0.75, 0.5, 0, -0.5, NAN}, 0);
    fixture_free(&fixture);
}

TEST(scaled_without_spread)
{
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_NORMALISE, "scaled");
    fixture_number(&fixture, "a", 3);
    fixture_number(&fixture, "b", 3);
    const double x[] = {1, 3, NAN};
    expect_constant(&fixture, &higher, x, 3, NAN);
    fixture_choice(&fixture, "constant", "mid");
    expect_constant(&fixture, &lower, x, 3, 0.5);
    fixture_free(&fixture);
}

TEST(none_is_the_identity)
{
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_NORMALISE, "none");
    const double x[] = {-3.3, 0.1, 1e300, NAN, 5e-324, 0};
    expect_scores(&fixture, &higher, x, 6, x, 0);
    expect_scores(&fixture, &lower, x, 6, x, 0);
    fixture_free(&fixture);
}

/* ---- laws over all methods ---- */

TEST(better_values_never_score_less)
{
    static const char *const names[] = {"goalposts", "minmax", "zscore", "rank", "percentile_rank", "scaled"};
    uint64_t state = 53;
    for (size_t m = 0; m < SMRI_COUNT(names); m++) {
        for (int round = 0; round < 50; round++) {
            method_fixture fixture;
            double x[ROWS], y[ROWS];
            uint8_t statuses[ROWS];
            fixture_make(&fixture, SMRI_STEP_NORMALISE, names[m]);
            if (m == 5) {
                fixture_number(&fixture, "a", 2);
                fixture_number(&fixture, "b", 7);
            }
            for (size_t i = 0; i < ROWS; i++) {
                x[i] = (double)(unit_random(&state) % 1000) / 100;
            }
            const bool down = round % 2 != 0;
            const smri_scale scale = {.direction = down ? SMR_DIRECTION_LOWER : SMR_DIRECTION_HIGHER,
                                      .worst = down ? 8 : 1, .best = down ? 1 : 8, .optimum = NAN};
            normalise(&fixture, &scale, x, ROWS, x, y, statuses, ROWS);
            for (size_t i = 0; i < ROWS; i++) {
                for (size_t j = 0; j < ROWS; j++) {
                    const bool better = down ? x[i] < x[j] : x[i] > x[j];
                    expect(!better || y[i] >= y[j]);
                    expect(x[i] != x[j] || unit_bits(y[i]) == unit_bits(y[j]));
                }
            }
            fixture_free(&fixture);
        }
    }
}

TEST(ranges)
{
    static const struct {
        const char *name;
        bool has;
        double low, high;
    } cases[] = {
        {"goalposts", true, 0, 100},     {"minmax", true, 0, 100}, {"zscore", false, 0, 0}, {"rank", false, 0, 0},
        {"percentile_rank", true, 0, 1}, {"scaled", true, 0, 1},   {"none", false, 0, 0},
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        method_fixture fixture;
        double low = NAN, high = NAN;
        fixture_make(&fixture, SMRI_STEP_NORMALISE, cases[i].name);
        const smri_method *method = fixture.choice.method;
        expect((method->range != NULL && method->range(&fixture.choice, &low, &high)) == cases[i].has);
        if (cases[i].has) {
            expect_near(low, cases[i].low, 0);
            expect_near(high, cases[i].high, 0);
        }
        if (smri_parameter_find(method->parameters, "range") >= 0) {
            fixture_range(&fixture, -2, 3);
            expect(method->range(&fixture.choice, &low, &high));
            expect_near(low, -2, 0);
            expect_near(high, 3, 0);
        }
        fixture_free(&fixture);
    }
}

static const unit_test tests[] = {
    UNIT(goalposts_by_hand),
    UNIT(goalposts_around_a_target),
    UNIT(goalposts_function_is_the_map),
    UNIT(goalposts_that_fall_together),
    UNIT(minmax_by_hand),
    UNIT(minmax_of_a_frozen_reference),
    UNIT(columns_without_spread),
    UNIT(zscores_by_hand),
    UNIT(zscores_without_spread),
    UNIT(zscores_have_the_asked_moments),
    UNIT(ranks_by_hand),
    UNIT(ranks_in_a_frozen_reference),
    UNIT(ranks_of_one_or_none),
    UNIT(ranks_against_counting),
    UNIT(scaled_by_hand),
    UNIT(scaled_around_a_target),
    UNIT(scaled_without_spread),
    UNIT(none_is_the_identity),
    UNIT(better_values_never_score_less),
    UNIT(ranges),
};
UNIT_SUITE(method_normalise, tests)
