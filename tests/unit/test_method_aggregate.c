/* SPDX-License-Identifier: MIT */
#include "method_fixture.h"

#include <math.h>
#include <stdlib.h>

enum { CHILDREN = 80, ROWS = 64 };

/* Scores of a family, one array a child. */
typedef struct family {
    double scores[CHILDREN][ROWS];
    double weights[CHILDREN];
    uint32_t count;
    size_t n;
    double low, high;
} family;

static void aggregate_rows(method_fixture *fixture, const family *f, size_t start, size_t n, double *out,
                           uint8_t *statuses)
{
    const double *scores[CHILDREN];
    double scratch[4 * ROWS];
    for (uint32_t c = 0; c < f->count; c++) {
        scores[c] = f->scores[c] + start;
    }
    for (size_t i = 0; i < SMRI_COUNT(scratch); i++) {
        scratch[i] = 12345; /* nothing may rely on what the caller left there */
    }
    const smri_children children = {.context = unit_context(), .kernels = smri_context_kernels(unit_context()),
                                    .scores = scores, .weights = f->weights, .count = f->count, .n = n,
                                    .low = f->low, .high = f->high, .scratch = scratch};
    memset(statuses, SMR_CELL_IMPUTED, n); /* what was there stays unless the row is outside the domain */
    fixture->choice.method->aggregate(&fixture->choice, &children, out, statuses);
}

static void aggregate(method_fixture *fixture, const family *f, double *out, uint8_t *statuses)
{
    aggregate_rows(fixture, f, 0, f->n, out, statuses);
}

/* Scores by row here: rows[i][c]. */
static family family_of(const double (*rows)[4], size_t n, const double weights[4])
{
    family f = {.count = 4, .n = n, .low = 0, .high = 100};
    for (uint32_t c = 0; c < 4; c++) {
        f.weights[c] = weights[c];
        for (size_t i = 0; i < n; i++) {
            f.scores[c][i] = rows[i][c];
        }
    }
    return f;
}

static void expect_means(method_fixture *fixture, const family *f, const double *expected, double tolerance)
{
    double out[ROWS];
    uint8_t statuses[ROWS];
    aggregate(fixture, f, out, statuses);
    expect_array(out, expected, f->n, tolerance);
    for (size_t i = 0; i < f->n; i++) {
        expect_equal_int(statuses[i], SMR_CELL_IMPUTED);
    }
}

/* Weights 2 1 0 1; the third child takes no part. */
static const double hand_weights[] = {2, 1, 0, 1};
static const double hand_rows[][4] = {
    {4, 4, 99, 4},        /* all the same */
    {1, 2, 7, 8},
    {1, NAN, 7, 8},       /* the others share its weight */
    {NAN, NAN, 7, NAN},   /* only a child of weight 0 */
    {NAN, NAN, NAN, NAN},
    {NAN, 25, NAN, NAN},
};

static void check_by_hand(const char *name, const double *expected)
{
    method_fixture fixture;
    const family f = family_of(hand_rows, 6, hand_weights);
    fixture_make(&fixture, SMRI_STEP_AGGREGATE, name);
    expect_means(&fixture, &f, expected, 1e-14);
    fixture_free(&fixture);
}

TEST(means_by_hand)
{
    check_by_hand("arithmetic", (const double[]){4, 3, 10.0 / 3, NAN, NAN, 25});
    check_by_hand("geometric", (const double[]){4, 2, 2, NAN, NAN, 25}); /* (1 1 2 8)^(1/4), (1 1 8)^(1/3) */
    check_by_hand("harmonic", (const double[]){4, 32.0 / 21, 24.0 / 17, NAN, NAN, 25});
    check_by_hand("min", (const double[]){4, 1, 1, NAN, NAN, 25});
    check_by_hand("max", (const double[]){4, 8, 8, NAN, NAN, 25});
    check_by_hand("median", (const double[]){4, 2, 4.5, NAN, NAN, 25});
    check_by_hand("power", (const double[]){4, 3, 10.0 / 3, NAN, NAN, 25}); /* p is 1 */
}

TEST(powers_by_hand)
{
    method_fixture fixture;
    const family f = family_of(hand_rows, 6, hand_weights);
    fixture_make(&fixture, SMRI_STEP_AGGREGATE, "power");
    fixture_number(&fixture, "p", 2);
    expect_means(&fixture, &f, (const double[]){4, sqrt(70 / 4.0), sqrt(22), NAN, NAN, 25}, 1e-14);
    fixture_number(&fixture, "p", -1);
    expect_means(&fixture, &f, (const double[]){4, 32.0 / 21, 24.0 / 17, NAN, NAN, 25}, 1e-14);
    fixture_number(&fixture, "p", 0.5);
    const double a = (2 + sqrt(2) + sqrt(8)) / 4, b = (2 + sqrt(8)) / 3;
    expect_means(&fixture, &f, (const double[]){4, a * a, b * b, NAN, NAN, 25}, 1e-14);
    fixture_free(&fixture);
}

/* ---- random families ---- */

static family random_family(uint64_t *state, uint32_t count, double low, double high)
{
    family f = {.count = count, .n = ROWS, .low = low, .high = high};
    for (uint32_t c = 0; c < count; c++) {
        f.weights[c] = unit_random(state) % 6 == 0 ? 0 : unit_random_unit(state) + 0.01;
        for (size_t i = 0; i < ROWS; i++) {
            f.scores[c][i] = unit_random(state) % 5 == 0 ? NAN : low + (high - low) * unit_random_unit(state);
            if (unit_random(state) % 4 == 0) {
                f.scores[c][i] = floor(f.scores[c][i]); /* ties */
            }
        }
    }
    return f;
}

static bool takes_part(const family *f, uint32_t c, size_t row)
{
    return f->weights[c] > 0 && f->scores[c][row] == f->scores[c][row];
}

/* The definition, row by row in long double; where p is small, of y^p - 1, so that digits remain. */
static double by_definition(const family *f, size_t row, double p)
{
    const bool small = fabs(p) < 0.5;
    long double sum = 0, weight = 0;
    for (uint32_t c = 0; c < f->count; c++) {
        if (takes_part(f, c, row)) {
            const long double y = f->scores[c][row];
            sum += f->weights[c] * (p == 0 ? logl(y) : small ? expm1l(p * logl(y)) : powl(y, p));
            weight += f->weights[c];
        }
    }
    if (!(weight > 0)) {
        return NAN;
    }
    const long double mean = sum / weight;
    return (double)(p == 0 ? expl(mean) : small ? expl(log1pl(mean) / p) : powl(mean, 1 / (long double)p));
}

static const struct {
    const char *name;
    double p; /* of the definition */
} means[] = {
    {"arithmetic", 1}, {"geometric", 0}, {"harmonic", -1}, {"power", 1},   {"power", 2},   {"power", 3.5},
    {"power", 0},      {"power", -1},    {"power", -2.5},  {"power", 0.25}, {"power", 100}, {"power", -100},
    {"power", 0.1},    {"power", -0.01},    {"power", 1e-10}, {"power", -1e-300},
};

static void fixture_mean(method_fixture *fixture, size_t m)
{
    fixture_make(fixture, SMRI_STEP_AGGREGATE, means[m].name);
    if (strcmp(means[m].name, "power") == 0) {
        fixture_number(fixture, "p", means[m].p);
    }
}

TEST(means_against_the_definition)
{
    uint64_t state = 59;
    for (size_t m = 0; m < SMRI_COUNT(means); m++) {
        method_fixture fixture;
        fixture_mean(&fixture, m);
        for (uint32_t count = 1; count <= 12; count++) {
            const family f = random_family(&state, count, 1, 100);
            double out[ROWS];
            uint8_t statuses[ROWS];
            aggregate(&fixture, &f, out, statuses);
            for (size_t i = 0; i < ROWS; i++) {
                const double expected = by_definition(&f, i, means[m].p);
                expect_array(&out[i], &expected, 1, 1e-13 * fabs(expected));
            }
        }
        fixture_free(&fixture);
    }
}

static int ascending(const void *a, const void *b)
{
    double x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

TEST(order_statistics_against_sorting)
{
    uint64_t state = 61;
    method_fixture least, greatest, middle;
    fixture_make(&least, SMRI_STEP_AGGREGATE, "min");
    fixture_make(&greatest, SMRI_STEP_AGGREGATE, "max");
    fixture_make(&middle, SMRI_STEP_AGGREGATE, "median");
    for (uint32_t count = 1; count <= CHILDREN; count++) {
        const family f = random_family(&state, count, -5, 5);
        double low[ROWS], high[ROWS], median[ROWS];
        uint8_t statuses[ROWS];
        aggregate(&least, &f, low, statuses);
        aggregate(&greatest, &f, high, statuses);
        aggregate(&middle, &f, median, statuses);
        for (size_t i = 0; i < ROWS; i++) {
            double sorted[CHILDREN];
            size_t present = 0;
            for (uint32_t c = 0; c < count; c++) {
                if (takes_part(&f, c, i)) {
                    sorted[present++] = f.scores[c][i];
                }
            }
            qsort(sorted, present, sizeof *sorted, ascending);
            const double expected[] = {
                present ? sorted[0] : NAN, present ? sorted[present - 1] : NAN,
                present ? smri_midpoint(sorted[(present - 1) / 2], sorted[present / 2]) : NAN};
            const double found[] = {low[i], high[i], median[i]};
            expect_array(found, expected, 3, 0);
        }
    }
    fixture_free(&least);
    fixture_free(&greatest);
    fixture_free(&middle);
}

/* ---- laws ---- */

static const char *const all_names[] = {"arithmetic", "geometric", "harmonic", "power", "min", "max", "median"};

static void fixture_any(method_fixture *fixture, size_t m, uint64_t *state)
{
    fixture_make(fixture, SMRI_STEP_AGGREGATE, all_names[m]);
    if (strcmp(all_names[m], "power") == 0) {
        fixture_number(fixture, "p", unit_random_unit(state) * 6 - 3);
    }
}

/* Any split of the rows gives the same bits. */
TEST(rows_do_not_know_each_other)
{
    uint64_t state = 67;
    for (size_t m = 0; m < SMRI_COUNT(all_names); m++) {
        method_fixture fixture;
        fixture_any(&fixture, m, &state);
        const family f = random_family(&state, 7, 1, 100);
        double whole[ROWS], parts[ROWS];
        uint8_t statuses[ROWS];
        aggregate(&fixture, &f, whole, statuses);
        for (size_t width = 1; width <= 13; width += 3) {
            for (size_t start = 0; start < ROWS; start += width) {
                aggregate_rows(&fixture, &f, start, SMRI_MIN(width, ROWS - start), parts + start, statuses);
            }
            for (size_t i = 0; i < ROWS; i++) {
                expect_same_bits(parts[i], whole[i]);
            }
        }
        fixture_free(&fixture);
    }
}

TEST(a_mean_lies_between_its_children)
{
    uint64_t state = 71;
    for (size_t m = 0; m < SMRI_COUNT(all_names); m++) {
        for (int round = 0; round < 20; round++) {
            method_fixture fixture;
            fixture_any(&fixture, m, &state);
            const family f = random_family(&state, 6, 1, 100);
            double out[ROWS];
            uint8_t statuses[ROWS];
            aggregate(&fixture, &f, out, statuses);
            for (size_t i = 0; i < ROWS; i++) {
                double low = INFINITY, high = -INFINITY;
                for (uint32_t c = 0; c < f.count; c++) {
                    low = takes_part(&f, c, i) ? fmin(low, f.scores[c][i]) : low;
                    high = takes_part(&f, c, i) ? fmax(high, f.scores[c][i]) : high;
                }
                expect(low > high ? out[i] != out[i] : out[i] >= low * (1 - 1e-14) && out[i] <= high * (1 + 1e-14));
            }
            fixture_free(&fixture);
        }
    }
}

/* harmonic <= geometric <= arithmetic, and the power mean grows with p */
TEST(means_are_ordered)
{
    uint64_t state = 73;
    method_fixture fixture;
    const family f = random_family(&state, 9, 1, 100);
    double previous[ROWS], out[ROWS];
    uint8_t statuses[ROWS];
    fixture_make(&fixture, SMRI_STEP_AGGREGATE, "power");
    fixture_number(&fixture, "p", -100);
    aggregate(&fixture, &f, previous, statuses);
    for (int p = -99; p <= 100; p++) {
        fixture_number(&fixture, "p", p);
        aggregate(&fixture, &f, out, statuses);
        for (size_t i = 0; i < ROWS; i++) {
            expect(!(out[i] < previous[i] * (1 - 1e-14)));
        }
        memcpy(previous, out, sizeof out);
    }
    fixture_free(&fixture);
}

TEST(special_powers_are_the_named_means)
{
    uint64_t state = 79;
    const family f = random_family(&state, 8, 1, 100);
    const struct {
        double p;
        const char *name;
    } pairs[] = {{1, "arithmetic"}, {0, "geometric"}};
    for (size_t k = 0; k < 2; k++) {
        method_fixture power, named;
        double a[ROWS], b[ROWS];
        uint8_t statuses[ROWS];
        fixture_make(&power, SMRI_STEP_AGGREGATE, "power");
        fixture_number(&power, "p", pairs[k].p);
        fixture_make(&named, SMRI_STEP_AGGREGATE, pairs[k].name);
        aggregate(&power, &f, a, statuses);
        aggregate(&named, &f, b, statuses);
        for (size_t i = 0; i < ROWS; i++) {
            expect_same_bits(a[i], b[i]);
        }
        fixture_free(&power);
        fixture_free(&named);
    }
}

/* No step where the formula changes its form: at p = 0, and where small powers begin. */
TEST(power_means_are_continuous)
{
    uint64_t state = 81;
    const family f = random_family(&state, 8, 1, 100);
    static const double pairs[][2] = {
        {0, 1e-15}, {0, -1e-15}, {0.125, 0.12499999999999999}, {-0.125, -0.12499999999999999}};
    for (size_t k = 0; k < SMRI_COUNT(pairs); k++) {
        method_fixture fixture;
        double a[ROWS], b[ROWS];
        uint8_t statuses[ROWS];
        fixture_make(&fixture, SMRI_STEP_AGGREGATE, "power");
        fixture_number(&fixture, "p", pairs[k][0]);
        aggregate(&fixture, &f, a, statuses);
        fixture_number(&fixture, "p", pairs[k][1]);
        aggregate(&fixture, &f, b, statuses);
        for (size_t i = 0; i < ROWS; i++) {
            expect_array(&b[i], &a[i], 1, 2e-14 * fabs(a[i]));
        }
        fixture_free(&fixture);
    }
}

/* Doubling all weights changes no bit: only their proportions count. */
TEST(weights_are_relative)
{
    uint64_t state = 83;
    for (size_t m = 0; m < SMRI_COUNT(all_names); m++) {
        method_fixture fixture;
        fixture_any(&fixture, m, &state);
        family f = random_family(&state, 6, 1, 100);
        double before[ROWS], after[ROWS];
        uint8_t statuses[ROWS];
        aggregate(&fixture, &f, before, statuses);
        for (uint32_t c = 0; c < f.count; c++) {
            f.weights[c] *= 2;
        }
        aggregate(&fixture, &f, after, statuses);
        for (size_t i = 0; i < ROWS; i++) {
            expect_same_bits(after[i], before[i]);
        }
        fixture_free(&fixture);
    }
}

/* ---- zeros and negatives ---- */

/* Weights 1 1 0 2; the third child takes no part, not even with a zero. */
static const double zero_weights[] = {1, 1, 0, 2};
static const double zero_rows[][4] = {
    {4, 9, 0, 6}, {0, 9, 1, 6}, {-4, 9, 1, 6}, {NAN, 0, 1, 6},
    {0, NAN, 1, NAN}, {NAN, NAN, 0, NAN}, {4, 9, 1, 6}, {5e-324, 9, 1, 6},
};
enum { ZERO_ROWS = 8 };

/* Which rows are outside the domain: one letter a row. */
static void check_domain(const char *name, double p, const char *outside)
{
    method_fixture fixture;
    const family f = family_of(zero_rows, ZERO_ROWS, zero_weights);
    double out[ROWS];
    uint8_t statuses[ROWS];
    fixture_make(&fixture, SMRI_STEP_AGGREGATE, name);
    if (strcmp(name, "power") == 0) {
        fixture_number(&fixture, "p", p);
    }
    aggregate(&fixture, &f, out, statuses);
    for (size_t i = 0; i < ZERO_ROWS; i++) {
        const bool expected = outside[i] == 'x';
        expect_equal_int(statuses[i], expected ? SMR_CELL_OUT_OF_DOMAIN : SMR_CELL_IMPUTED);
        if (expected || i == 5) {
            expect_same_bits(out[i], unit_double(UINT64_C(0x7ff8000000000000)));
        } else {
            expect(out[i] == out[i] && fabs(out[i]) <= DBL_MAX);
        }
    }
    fixture_free(&fixture);
}

TEST(zeros_are_refused_where_the_formula_needs_it)
{
    check_domain("arithmetic", 0, "........");
    check_domain("min", 0, "........");
    check_domain("max", 0, "........");
    check_domain("median", 0, "........");
    check_domain("geometric", 0, ".xxxx...");
    check_domain("harmonic", 0, ".xxxx...");
    check_domain("power", 0, ".xxxx...");
    check_domain("power", -2, ".xxxx...");
    check_domain("power", 1, "........");
    check_domain("power", 2, "..x....."); /* a zero has a power above 0 */
    check_domain("power", 0.5, "..x.....");
    check_domain("power", 0.01, "..x.....");
    check_domain("power", -0.01, ".xxxx...");
}

static void check_floor(const char *name, double p, double epsilon, double low, double high)
{
    method_fixture fixture;
    family f = family_of(zero_rows, ZERO_ROWS, zero_weights);
    family raised = f;
    const double floor_value = epsilon > 0 ? epsilon : 0.01 * (high - low);
    double out[ROWS];
    uint8_t statuses[ROWS];
    f.low = low;
    f.high = high;
    for (uint32_t c = 0; c < 4; c++) {
        for (size_t i = 0; i < ZERO_ROWS; i++) {
            raised.scores[c][i] = f.scores[c][i] < floor_value ? floor_value : f.scores[c][i];
        }
    }
    fixture_make(&fixture, SMRI_STEP_AGGREGATE, name);
    fixture_choice(&fixture, "zero", "floor");
    if (epsilon > 0) {
        fixture_number(&fixture, "epsilon", epsilon);
    }
    if (strcmp(name, "power") == 0) {
        fixture_number(&fixture, "p", p);
    }
    aggregate(&fixture, &f, out, statuses);
    for (size_t i = 0; i < ZERO_ROWS; i++) {
        const double expected = by_definition(&raised, i, p);
        expect_array(&out[i], &expected, 1, 1e-13);
        expect_equal_int(statuses[i], SMR_CELL_IMPUTED);
    }
    fixture_free(&fixture);
}

TEST(zeros_are_raised_to_epsilon)
{
    check_floor("geometric", 0, 0, 0, 100); /* 1 % of the range */
    check_floor("geometric", 0, 0.25, 0, 100);
    check_floor("geometric", 0, 0.25, NAN, NAN);
    check_floor("harmonic", -1, 0, 0, 50);
    check_floor("harmonic", -1, 0.125, NAN, NAN);
    check_floor("power", -2, 0, 0, 100);
    check_floor("power", 0, 0, 0, 100);
    check_floor("power", 0.5, 2, NAN, NAN);
}

/* The plan is refused before this; nothing is invented even so. */
TEST(a_floor_without_a_range_refuses)
{
    method_fixture fixture;
    family f = family_of(zero_rows, ZERO_ROWS, zero_weights);
    double out[ROWS];
    uint8_t statuses[ROWS];
    f.low = f.high = NAN;
    fixture_make(&fixture, SMRI_STEP_AGGREGATE, "geometric");
    fixture_choice(&fixture, "zero", "floor");
    aggregate(&fixture, &f, out, statuses);
    expect_nan(out[1]);
    expect_equal_int(statuses[1], SMR_CELL_OUT_OF_DOMAIN);
    fixture_free(&fixture);
}

TEST(great_powers_do_not_overflow)
{
    method_fixture fixture;
    family f = {.count = 2, .n = 4, .low = NAN, .high = NAN, .weights = {1, 1}};
    const double rows[4][2] = {{1e300, 1e300}, {1e-300, 1e-300}, {0, 0}, {3e200, 1e-200}};
    for (size_t i = 0; i < 4; i++) {
        f.scores[0][i] = rows[i][0];
        f.scores[1][i] = rows[i][1];
    }
    double out[ROWS];
    uint8_t statuses[ROWS];
    fixture_make(&fixture, SMRI_STEP_AGGREGATE, "power");
    fixture_number(&fixture, "p", 100);
    aggregate(&fixture, &f, out, statuses);
    const double root = pow(0.5, 0.01);
    expect_near(out[0], 1e300, 1e286);
    expect_near(out[1], 1e-300, 1e-314);
    expect_same_bits(out[2], 0.0);
    expect_near(out[3], 3e200 * root, 1e187);
    fixture_number(&fixture, "p", -100);
    aggregate(&fixture, &f, out, statuses);
    expect_near(out[0], 1e300, 1e286);
    expect_near(out[1], 1e-300, 1e-314);
    expect_equal_int(statuses[2], SMR_CELL_OUT_OF_DOMAIN);
    expect_near(out[3], 1e-200 / root, 1e-213);
    fixture_free(&fixture);
}

static const unit_test tests[] = {
    UNIT(means_by_hand),
    UNIT(powers_by_hand),
    UNIT(means_against_the_definition),
    UNIT(order_statistics_against_sorting),
    UNIT(rows_do_not_know_each_other),
    UNIT(a_mean_lies_between_its_children),
    UNIT(means_are_ordered),
    UNIT(special_powers_are_the_named_means),
    UNIT(power_means_are_continuous),
    UNIT(weights_are_relative),
    UNIT(zeros_are_refused_where_the_formula_needs_it),
    UNIT(zeros_are_raised_to_epsilon),
    UNIT(a_floor_without_a_range_refuses),
    UNIT(great_powers_do_not_overflow),
};
UNIT_SUITE(method_aggregate, tests)
