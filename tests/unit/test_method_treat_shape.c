/* SPDX-License-Identifier: MIT */
#include "method_fixture.h"

#include <math.h>

#include "failure/failing_allocator.h"

typedef struct treat_shape_case {
    const double *x;
    size_t n;
    double skewness, kurtosis;
} treat_shape_case;
typedef struct treat_coinr_case {
    const double *x;
    size_t n;
    double max_points;
    int combine;
    smri_treatment_outcome outcome;
    const double *result;
} treat_coinr_case;
typedef struct treat_power_case {
    const double *x;
    size_t n;
    double exponent;
    const double *result;
} treat_power_case;
#include "treat_cases.inc"

enum { MOST = 64 };

/* ---- shape ---- */

TEST(shapes_by_definition) {
    for (size_t i = 0; i < SMRI_COUNT(treat_shapes); i++) {
        const treat_shape_case *c = &treat_shapes[i];
        smri_shape shape;
        expect(smri_shape_make(unit_context(), c->x, c->n, &shape));
        expect_near(shape.skewness, c->skewness, 1e-13 * fabs(c->skewness));
        if (c->kurtosis == c->kurtosis) {
            expect_near(shape.kurtosis, c->kurtosis, 1e-13 * (1 + fabs(c->kurtosis)));
        } else {
            expect_nan(shape.kurtosis);
        }
        smri_summary summary;
        expect(smri_summary_make(unit_context(), c->x, c->n, 1, SMRI_NEED_SHAPE, NULL, &summary));
        expect_same_bits(smri_skewness(&summary), shape.skewness);
        expect_same_bits(smri_kurtosis(&summary), shape.kurtosis);
    }
}

/* In another unit, a power of two, the shape is the same to the last bit, however large or small. */
TEST(shapes_have_no_unit) {
    static const double units[] = {0x1p-1000, 0x1p-300, 0x1p400, 0x1p1000};
    for (size_t u = 0; u < SMRI_COUNT(units); u++) {
        double x[MOST];
        smri_shape shape, original;
        for (size_t i = 0; i < 26; i++) {
            x[i] = treat_heavy_tail[i] * units[u];
        }
        expect(smri_shape_make(unit_context(), treat_heavy_tail, 26, &original));
        expect(smri_shape_make(unit_context(), x, 26, &shape));
        expect_same_bits(shape.skewness, original.skewness);
        expect_same_bits(shape.kurtosis, original.kurtosis);
    }
}

TEST(no_shape_without_spread_or_values) {
    const double x[] = {NAN, 4, 4, 4, NAN, 4, 4};
    smri_shape shape;
    expect(smri_shape_make(unit_context(), x, 7, &shape));
    expect_nan(shape.skewness);
    expect_nan(shape.kurtosis);
    expect(smri_shape_make(unit_context(), x, 0, &shape));
    expect_nan(shape.skewness);
    const double two[] = {1, 2, NAN};
    expect(smri_shape_make(unit_context(), two, 3, &shape));
    expect_nan(shape.skewness);
}

/* ---- the treatment ---- */

static void make(method_fixture *fixture, double max_points, bool combine) {
    fixture_make(fixture, SMRI_STEP_TREAT, "coinr");
    fixture_number(fixture, "max_points", max_points);
    fixture_number(fixture, "combine", combine);
}

TEST(cases_by_definition) {
    for (size_t i = 0; i < SMRI_COUNT(treat_coinr_cases); i++) {
        const treat_coinr_case *c = &treat_coinr_cases[i];
        method_fixture fixture;
        double x[MOST];
        uint8_t statuses[MOST] = {0};
        make(&fixture, c->max_points, c->combine);
        memcpy(x, c->x, c->n * sizeof *x);
        const smri_fitted fitted = fixture_fit(&fixture, x, c->n, NULL, 0);
        smri_treat_coinr(&fixture.choice, &fitted, NULL, x, statuses, c->n);
        expect_equal_int((int)fitted.numbers[0], c->outcome);
        expect_array(x, c->result, c->n, fitted.numbers[3] != 0 ? 1e-14 : 0);
        smri_treatment record;
        expect(smri_treatment_make(unit_context(), &fixture.choice, &fitted, c->x, x, c->n, &record));
        expect_equal_int(record.outcome, c->outcome);
        size_t changed = 0;
        for (size_t k = 0; k < c->n; k++) {
            changed += c->x[k] != c->result[k];
        }
        expect_equal_uint(record.changed, changed);
        const bool passes = fabs(record.after.skewness) < 2 || record.after.kurtosis < 3.5;
        expect(passes == (c->outcome == SMRI_TREATMENT_UNTOUCHED || c->outcome == SMRI_TREATMENT_TREATED)
               || c->outcome == SMRI_TREATMENT_TOO_FEW);
        fixture_free(&fixture);
    }
}

TEST(the_record_names_its_outcome) {
    expect_text(smri_treatment_outcome_name(SMRI_TREATMENT_UNTOUCHED), "untouched");
    expect_text(smri_treatment_outcome_name(SMRI_TREATMENT_TREATED), "treated");
    expect_text(smri_treatment_outcome_name(SMRI_TREATMENT_STILL_FAILING), "still_failing");
    expect_text(smri_treatment_outcome_name(SMRI_TREATMENT_UNTREATABLE), "untreatable");
    expect_text(smri_treatment_outcome_name(SMRI_TREATMENT_TOO_FEW), "too_few");
}

/* A point moved again is not counted again: with three allowed, 900 moves to 800, both to 700, all three to 10. */
TEST(points_are_counted_once) {
    double x[MOST] = {700, 800, 900};
    uint8_t statuses[MOST] = {0};
    method_fixture fixture;
    make(&fixture, 3, false);
    for (size_t i = 3; i < MOST; i++) {
        x[i] = (double)(5 + i % 6);
    }
    fixture_change(&fixture, NULL, 0, x, statuses, MOST);
    for (size_t i = 0; i < MOST; i++) {
        expect_near(x[i], i < 3 ? 10 : (double)(5 + i % 6), 0);
    }
    fixture_free(&fixture);
}

/* Moving keeps the order of all, and the places of those it does not touch; missing cells stay missing. */
TEST(order_is_kept) {
    uint64_t state = 53;
    for (int run = 0; run < 200; run++) {
        double x[MOST], before[MOST];
        uint8_t statuses[MOST] = {0};
        method_fixture fixture;
        make(&fixture, (double)(run % 7), run % 2 == 0);
        for (size_t i = 0; i < MOST; i++) {
            const double u = unit_random_unit(&state) - 0.5;
            x[i] = before[i] = unit_random(&state) % 9 == 0 ? NAN : floor(50 * u * u * u * (i % 11 == 0 ? 900 : 1));
        }
        fixture_change(&fixture, NULL, 0, x, statuses, MOST);
        for (size_t i = 0; i < MOST; i++) {
            expect((x[i] == x[i]) == (before[i] == before[i]));
            expect_equal_int(statuses[i], SMR_CELL_OK);
            for (size_t k = 0; k < MOST; k++) {
                expect(!(before[i] <= before[k]) || x[i] <= x[k]);
            }
        }
        fixture_free(&fixture);
    }
}

/* The numbers of a reference applied to other regions: limits hold, the logarithm has a domain. */
TEST(a_frozen_treatment) {
    method_fixture fixture;
    make(&fixture, 5, false);
    const smri_fitted moved = fixture_fit(&fixture, treat_one_outlier, 16, NULL, 0);
    double x[] = {1000, 7.5, -1000, NAN};
    uint8_t statuses[4] = {SMR_CELL_OK, SMR_CELL_OK, SMR_CELL_OK, SMR_CELL_MISSING};
    smri_treat_coinr(&fixture.choice, &moved, NULL, x, statuses, 4);
    expect_array(x, (const double[]){7, 7, -1000, NAN}, 4, 0); /* nothing was moved at the lower end */
    expect(!smri_treatment_leaves_scale(&fixture.choice, &moved));
    fixture_free(&fixture);
    make(&fixture, 0, false);
    const smri_fitted logarithm = fixture_fit(&fixture, treat_one_outlier, 16, NULL, 0);
    double y[] = {1000, 2.7, 2.6, NAN}; /* least 3, range 37: from 3 - 0.37 on */
    smri_treat_coinr(&fixture.choice, &logarithm, NULL, y, statuses, 4);
    expect_array(y, (const double[]){log(1000 - 3 + 0.37), log(0.07), NAN, NAN}, 4, 1e-13);
    expect_equal_int(statuses[2], SMR_CELL_OUT_OF_DOMAIN);
    expect_equal_int(statuses[3], SMR_CELL_MISSING);
    expect(smri_treatment_leaves_scale(&fixture.choice, &logarithm));
    fixture_free(&fixture);
}

TEST(degenerate_columns) {
    static const double columns[][6] = {
        {NAN, NAN, NAN, NAN, NAN, NAN},
        {5, NAN, NAN, NAN, NAN, NAN},
        {5, 6, NAN, NAN, NAN, NAN},
        {3, 3, 3, 3, 3, 3},
        {1e300, 2e300, 1.5e300, 1.2e300, 1e300, 1.7e308},
        {1e-300, 2e-300, 1.5e-300, 1.2e-300, 1e-300, 3e-290},
        {-DBL_MAX, -DBL_MAX, -DBL_MAX, -DBL_MAX, -DBL_MAX, DBL_MAX},
        {5e-324, 0, 0, 0, 0, 0},
    };
    static const int outcomes[] = {
        SMRI_TREATMENT_TOO_FEW, SMRI_TREATMENT_TOO_FEW, SMRI_TREATMENT_TOO_FEW,     SMRI_TREATMENT_UNTOUCHED,
        SMRI_TREATMENT_TREATED, SMRI_TREATMENT_TREATED, SMRI_TREATMENT_UNTREATABLE, SMRI_TREATMENT_UNTREATABLE,
    };
    for (size_t c = 0; c < SMRI_COUNT(columns); c++) {
        for (int most = 0; most <= 5; most += 5) {
            method_fixture fixture;
            double x[6];
            uint8_t statuses[6] = {0};
            make(&fixture, most, false);
            memcpy(x, columns[c], sizeof x);
            const smri_fitted fitted = fixture_fit(&fixture, x, 6, NULL, 0);
            smri_treat_coinr(&fixture.choice, &fitted, NULL, x, statuses, 6);
            expect(most == 0 || (int)fitted.numbers[0] == outcomes[c]);
            for (size_t i = 0; i < 6; i++) {
                expect((x[i] == x[i]) == (columns[c][i] == columns[c][i]) || statuses[i] == SMR_CELL_OUT_OF_DOMAIN);
                expect(!(fabs(x[i]) > DBL_MAX));
            }
            fixture_free(&fixture);
        }
    }
}

/* ---- powers ---- */

static void check_power(const char *method, const treat_power_case *c) {
    method_fixture fixture;
    double x[MOST];
    uint8_t statuses[MOST] = {0};
    fixture_make(&fixture, SMRI_STEP_TREAT, method);
    memcpy(x, c->x, c->n * sizeof *x);
    const smri_fitted fitted = fixture_fit(&fixture, x, c->n, NULL, 0);
    expect_near(fitted.numbers[0], c->exponent, 1e-12);
    fixture.choice.method->change(&fixture.choice, &fitted, NULL, x, statuses, c->n);
    for (size_t i = 0; i < c->n; i++) {
        expect_near(x[i], c->result[i], 1e-11 * (1 + fabs(c->result[i])));
        expect_equal_int(statuses[i], SMR_CELL_OK);
    }
    fixture_free(&fixture);
}

TEST(exponents_of_greatest_likelihood) {
    for (size_t i = 0; i < SMRI_COUNT(treat_box_cox_cases); i++) {
        check_power("box_cox", &treat_box_cox_cases[i]);
    }
    for (size_t i = 0; i < SMRI_COUNT(treat_yeo_johnson_cases); i++) {
        check_power("yeo_johnson", &treat_yeo_johnson_cases[i]);
    }
}

TEST(given_exponents_by_hand) {
    static const struct {
        const char *method;
        double lambda;
        bool shift;
        double x[4], expected[4];
    } cases[] = {
        {"box_cox", 1, true, {4, 5, 9, 4}, {0, 1, 5, 0}},
        {"box_cox", 2, true, {4, 5, 9, 4}, {0, 1.5, 17.5, 0}},
        {"box_cox", -1, true, {4, 5, 9, 4}, {0, 0.5, 1 - 1.0 / 6, 0}},
        {"box_cox", 0, false, {1, 2, 8, 0.5}, {0, 0.6931471805599453, 2.0794415416798357, -0.6931471805599453}},
        {"box_cox", 0.5, false, {1, 4, 9, 0.25}, {0, 2, 4, -1}},
        {"yeo_johnson", 1, true, {-3, 0, 2, 10}, {-3, 0, 2, 10}},
        {"yeo_johnson", 0, true, {-3, 0, 1, 7}, {-7.5, 0, 0.6931471805599453, 2.0794415416798357}},
        {"yeo_johnson", 2, true, {-7, -1, 0, 3}, {-2.0794415416798357, -0.6931471805599453, 0, 7.5}},
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        method_fixture fixture;
        double x[4];
        uint8_t statuses[4] = {0};
        fixture_make(&fixture, SMRI_STEP_TREAT, cases[i].method);
        fixture_number(&fixture, "lambda", cases[i].lambda);
        if (i < 5) {
            fixture_number(&fixture, "shift", cases[i].shift);
        }
        memcpy(x, cases[i].x, sizeof x);
        fixture_change(&fixture, NULL, 0, x, statuses, 4);
        expect_array(x, cases[i].expected, 4, 4e-15);
        fixture_free(&fixture);
    }
}

/* Upward stays upward, whatever the exponent; what has no image says so. */
TEST(powers_keep_the_order_and_their_domain) {
    static const double columns[][6] = {
        {-2e5, -3, 0, 1e-9, 4, 7e8},  {1e-300, 2e-300, 5e-300, 1e-299, 2e-299, 1e-298},
        {-1e300, -1, 0, 1, 2, 1e300}, {1, 1 + 1e-12, 1 + 2e-12, 1 + 5e-12, 1 + 1e-11, 1 + 9e-11},
        {-9, -9, -9, -9, -9, -9},     {5e-324, 1e-320, 1e-310, 1e-308, 1, 1e308},
    };
    for (size_t c = 0; c < SMRI_COUNT(columns); c++) {
        for (int lambda = -6; lambda <= 5; lambda++) { /* -6: of greatest likelihood */
            for (int method = 0; method < 3; method++) {
                method_fixture fixture;
                double x[6];
                uint8_t statuses[6] = {0};
                fixture_make(&fixture, SMRI_STEP_TREAT, method == 0 ? "yeo_johnson" : "box_cox");
                if (method > 0) {
                    fixture_number(&fixture, "shift", method == 1);
                }
                if (lambda > -6) {
                    fixture_number(&fixture, "lambda", lambda);
                }
                memcpy(x, columns[c], sizeof x);
                const smri_fitted fitted = fixture_fit(&fixture, x, 6, NULL, 0);
                expect(fitted.numbers[0] >= -5 && fitted.numbers[0] <= 5);
                fixture.choice.method->change(&fixture.choice, &fitted, NULL, x, statuses, 6);
                for (size_t i = 0; i < 6; i++) {
                    expect(x[i] == x[i] ? statuses[i] == SMR_CELL_OK && fabs(x[i]) <= DBL_MAX
                                        : statuses[i] == SMR_CELL_OUT_OF_DOMAIN);
                    expect(i == 0 || !(x[i] < x[i - 1]));
                }
                fixture_free(&fixture);
            }
        }
    }
}

TEST(exponents_do_not_depend_on_the_order_of_rows) {
    double x[26];
    for (size_t i = 0; i < 26; i++) {
        x[i] = treat_heavy_tail[(i * 7 + 3) % 26];
    }
    const char *const names[] = {"box_cox", "yeo_johnson", "coinr"};
    for (size_t m = 0; m < 3; m++) {
        method_fixture fixture;
        fixture_make(&fixture, SMRI_STEP_TREAT, names[m]);
        const smri_fitted a = fixture_fit(&fixture, treat_heavy_tail, 26, NULL, 0);
        const smri_fitted b = fixture_fit(&fixture, x, 26, NULL, 0);
        for (size_t i = 0; i < a.count; i++) {
            expect_same_bits(a.numbers[i], b.numbers[i]);
        }
        fixture_free(&fixture);
    }
}

static smr_status fit_all(failure_run *run) {
    const char *const names[] = {"coinr", "box_cox", "yeo_johnson"};
    smri_arena arena;
    smri_arena_init(&arena, run->context);
    double sorted[26];
    memcpy(sorted, treat_heavy_tail, sizeof sorted);
    bool done = smri_sort_ascending(unit_context(), sorted, 26);
    smri_sample sample = {.x = treat_heavy_tail, .n = 26, .summary = {.count = 26, .sorted = sorted}};
    for (size_t m = 0; done && m < 3; m++) {
        method_fixture fixture;
        smri_fitted fitted = {0};
        fixture_make(&fixture, SMRI_STEP_TREAT, names[m]);
        done = fixture.choice.method->fit(&fixture.choice, &sample, NULL, &arena, &fitted);
        failure_require(run, !done || fitted.count > 0);
        fixture_free(&fixture);
    }
    smri_arena_free(&arena);
    return done ? SMR_OK : smri_fail_memory(&run->error);
}

TEST(every_failure_is_survived) {
    size_t runs = 0;
    expect_equal_uint(failure_sweep("treat", fit_all, &runs), 0);
    expect(runs > 5);
}

static const unit_test tests[] = {
    UNIT(shapes_by_definition),
    UNIT(shapes_have_no_unit),
    UNIT(no_shape_without_spread_or_values),
    UNIT(cases_by_definition),
    UNIT(the_record_names_its_outcome),
    UNIT(points_are_counted_once),
    UNIT(order_is_kept),
    UNIT(a_frozen_treatment),
    UNIT(degenerate_columns),
    UNIT(exponents_of_greatest_likelihood),
    UNIT(given_exponents_by_hand),
    UNIT(powers_keep_the_order_and_their_domain),
    UNIT(exponents_do_not_depend_on_the_order_of_rows),
    UNIT(every_failure_is_survived),
};
UNIT_SUITE(method_treat_shape, tests)
