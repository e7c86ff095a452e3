/* SPDX-License-Identifier: MIT */
#include "method_fixture.h"

#include <math.h>

#include "failure/failing_allocator.h"

#define ALL_NEEDS \
    (SMRI_NEED_EXTENT | SMRI_NEED_MEAN | SMRI_NEED_VARIANCE | SMRI_NEED_SORTED | SMRI_NEED_SHAPE)

static const double primes[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29};

static smri_summary summary_of(const double *x, size_t n, double sign, uint32_t needs)
{
    smri_summary summary;
    expect(smri_summary_make(unit_context(), x, n, sign, needs, NULL, &summary));
    return summary;
}

TEST(moments_by_hand)
{
    /* mean 5, deviations -4 -1 2 3 */
    const double x[] = {4, NAN, 8, 1, 7};
    smri_summary summary = summary_of(x, 5, 1, ALL_NEEDS);
    expect_equal_uint(summary.count, 4);
    expect_near(summary.least, 1, 0);
    expect_near(summary.greatest, 8, 0);
    expect_near(summary.mean, 5, 0);
    expect_near(summary.squares, 16 + 1 + 9 + 4, 0);
    expect_near(summary.cubes, -64 - 1 + 27 + 8, 0);
    expect_near(summary.fourths, 256 + 1 + 81 + 16, 0);
    expect_near(smri_summary_variance(&summary, 1), 10, 0);
    expect_near(smri_summary_variance(&summary, 0), 7.5, 0);
    const double sorted[] = {1, 4, 7, 8};
    expect_array(summary.sorted, sorted, 4, 0);
    smri_summary_free(unit_context(), &summary);
    expect(summary.sorted == NULL);
}

/* statistics.mean, variance and pvariance of Python 3. */
TEST(moments_of_python)
{
    smri_summary summary = summary_of(primes, 10, 1, SMRI_NEED_VARIANCE);
    expect_near(summary.mean, 12.9, 0);
    expect_near(smri_summary_variance(&summary, 1), 81.43333333333334, 1e-13);
    expect_near(smri_summary_variance(&summary, 0), 73.29, 1e-13);
    expect(summary.sorted == NULL);
}

TEST(negative_sign_is_the_negated_column)
{
    const double x[] = {0.1, 0.7, NAN, -0.3, 1e10, 0};
    double negated[6];
    for (int i = 0; i < 6; i++) {
        negated[i] = 0.0 - x[i];
    }
    smri_summary turned = summary_of(x, 6, -1, ALL_NEEDS), plain = summary_of(negated, 6, 1, ALL_NEEDS);
    expect_equal_uint(turned.count, plain.count);
    expect_same_bits(turned.least, plain.least);
    expect_same_bits(turned.greatest, plain.greatest);
    expect_same_bits(turned.mean, plain.mean);
    expect_same_bits(turned.squares, plain.squares);
    expect_same_bits(turned.cubes, plain.cubes);
    expect_same_bits(turned.fourths, plain.fourths);
    for (size_t i = 0; i < plain.count; i++) {
        expect_same_bits(turned.sorted[i], plain.sorted[i]);
    }
    smri_summary_free(unit_context(), &turned);
    smri_summary_free(unit_context(), &plain);
}

TEST(zero_is_never_negative)
{
    const double x[] = {0, 0};
    smri_summary summary = summary_of(x, 2, -1, ALL_NEEDS);
    expect_same_bits(summary.least, 0.0);
    expect_same_bits(summary.greatest, 0.0);
    expect_same_bits(summary.mean, 0.0);
    expect_same_bits(summary.cubes, 0.0);
    expect_same_bits(summary.sorted[1], 0.0);
    smri_summary_free(unit_context(), &summary);
}

TEST(mean_is_exact_in_any_order)
{
    const double x[] = {1e16, 1, -1e16};
    expect_same_bits(summary_of(x, 3, 1, SMRI_NEED_MEAN).mean, 1.0 / 3);
    uint64_t state = 7;
    double y[300];
    for (size_t i = 0; i < 300; i++) {
        y[i] = (unit_random_unit(&state) - 0.5) * pow(10, (double)(i % 30));
    }
    const smri_summary before = summary_of(y, 300, 1, SMRI_NEED_SHAPE);
    for (size_t i = 299; i > 0; i--) {
        const size_t j = unit_random(&state) % (i + 1);
        const double kept = y[i];
        y[i] = y[j];
        y[j] = kept;
    }
    const smri_summary after = summary_of(y, 300, 1, SMRI_NEED_SHAPE);
    expect_same_bits(after.mean, before.mean);
    expect_same_bits(after.squares, before.squares);
    expect_same_bits(after.cubes, before.cubes);
    expect_same_bits(after.fourths, before.fourths);
}

TEST(columns_without_values)
{
    const double x[] = {NAN, NAN};
    smri_summary summary = summary_of(x, 2, 1, ALL_NEEDS);
    expect_equal_uint(summary.count, 0);
    expect_nan(summary.least);
    expect_nan(summary.mean);
    expect_nan(smri_summary_variance(&summary, 0));
    smri_summary_free(unit_context(), &summary);
    const double one[] = {3, NAN};
    summary = summary_of(one, 2, 1, SMRI_NEED_VARIANCE);
    expect_near(summary.mean, 3, 0);
    expect_nan(smri_summary_variance(&summary, 1));
    expect_near(smri_summary_variance(&summary, 0), 0, 0);
}

TEST(powers_beyond_a_double_are_infinite)
{
    const double x[] = {-1e200, 1e200};
    const smri_summary summary = summary_of(x, 2, 1, SMRI_NEED_SHAPE);
    expect_near(summary.mean, 0, 0);
    expect(summary.squares == INFINITY && summary.cubes == INFINITY && summary.fourths == INFINITY);
    const double smaller[] = {-1e80, 1e80}; /* fourths alone overflow */
    const smri_summary part = summary_of(smaller, 2, 1, SMRI_NEED_SHAPE);
    expect_near(part.squares, 2e160, 1e145);
    expect_near(part.cubes, 0, 0);
    expect(part.fourths == INFINITY);
}

/* ---- quantiles ---- */

/* The definitions of Hyndman and Fan (1996), in exact rational arithmetic (Python's fractions) on the first ten primes,
 * types 1 to 9 in a row. */
static const struct {
    double probability, expected[9];
} prime_quantiles[] = {
    {0, {2, 2, 2, 2, 2, 2, 2, 2, 2}},
    {0.05, {2, 2, 2, 2, 2, 2, 2.45, 2, 2}},
    {0.25, {5, 5, 3, 4, 5, 4.5, 5.5, 4.833333333333333, 4.875}},
    {0.5, {11, 12, 11, 11, 12, 12, 12, 12, 12}},
    {0.63, {17, 17, 13, 14.2, 16.2, 16.72, 15.68, 16.373333333333335, 16.33}},
    {0.9, {23, 26, 23, 23, 26, 28.4, 23.6, 26.8, 26.6}},
    {1, {29, 29, 29, 29, 29, 29, 29, 29, 29}},
};

TEST(quantiles_of_primes)
{
    for (size_t i = 0; i < SMRI_COUNT(prime_quantiles); i++) {
        for (int type = 1; type <= 9; type++) {
            const double found = smri_quantile(primes, 10, prime_quantiles[i].probability, type);
            expect_near(found, prime_quantiles[i].expected[type - 1], type <= 3 ? 0 : 1e-13);
        }
    }
}

/* statistics.quantiles of Python 3, n=10, methods "exclusive" and "inclusive": types 6 and 7. */
TEST(quantiles_of_python)
{
    static const double exclusive[] = {2.1, 3.4, 5.6, 8.6, 12.0, 15.4, 18.4, 22.2, 28.4};
    static const double inclusive[] = {2.9, 4.6, 6.4, 9.4, 12.0, 14.6, 17.6, 19.8, 23.6};
    for (int i = 1; i <= 9; i++) {
        expect_near(smri_quantile(primes, 10, i / 10.0, 6), exclusive[i - 1], 1e-13);
        expect_near(smri_quantile(primes, 10, i / 10.0, 7), inclusive[i - 1], 1e-13);
    }
}

/* The place times 24 in whole numbers, p in thousandths: no rounding, so no fuzz is needed. */
static double exact_quantile(int64_t n, int64_t thousandths, int type)
{
    static const int64_t offsets[] = {0, 0, -12, 0, 12, 0, 24, 8, 9}, extras[] = {0, 0, 0, 0, 0, 24, -24, 8, 6};
    const int64_t unit = 24000;
    const int64_t place = offsets[type - 1] * 1000 + thousandths * (24 * n + extras[type - 1]);
    int64_t whole = (place + unit) / unit - 1; /* place > -unit */
    const int64_t part = place - whole * unit;
    const int64_t below = SMRI_MIN(SMRI_MAX(whole, 1), n), above = SMRI_MIN(SMRI_MAX(whole + 1, 1), n);
    const double low = (double)(below * below), high = (double)(above * above); /* the values are squares */
    switch (type) {
    case 1: return part > 0 ? high : low;
    case 2: return part > 0 ? high : (low + high) / 2;
    case 3: return part == 0 && whole % 2 == 0 ? low : high;
    default: return ((double)(unit - part) * low + (double)part * high) / (double)unit;
    }
}

TEST(quantiles_of_whole_numbers)
{
    double squares[200];
    for (size_t i = 0; i < 200; i++) {
        squares[i] = (double)((i + 1) * (i + 1));
    }
    for (size_t n = 1; n <= 200; n += n < 30 ? 1 : 17) {
        for (int64_t p = 0; p <= 1000; p++) {
            for (int type = 1; type <= 9; type++) {
                const double found = smri_quantile(squares, n, (double)p / 1000, type);
                const double expected = exact_quantile((int64_t)n, p, type);
                expect_near(found, expected, type <= 3 ? 0 : 1e-13 * (double)n * expected);
            }
        }
    }
}

TEST(fuzz_where_a_product_misses_a_whole_place)
{
    double x[100];
    for (size_t i = 0; i < 100; i++) {
        x[i] = (double)i + 1;
    }
    expect(0.07 * 100 > 7); /* 7.000000000000001 */
    expect_near(smri_quantile(x, 100, 0.07, 1), 7, 0);
    expect_near(smri_quantile(x, 100, 0.07, 2), 7.5, 0);
    expect_near(smri_quantile(x, 100, 0.57, 1), 57, 0); /* 0.57 * 100 is 56.99999999999999 */
    expect_near(smri_quantile(x, 100, 0.57, 4), 57, 0);
}

TEST(quantile_laws)
{
    uint64_t state = 11;
    double x[37];
    for (size_t i = 0; i < 37; i++) {
        x[i] = unit_random_unit(&state) * 100;
    }
    expect(smri_sort_ascending(unit_context(), x, 37));
    for (int type = 1; type <= 9; type++) {
        double previous = x[0];
        for (int p = 0; p <= 997; p++) {
            const double value = smri_quantile(x, 37, p / 997.0, type);
            expect(value >= x[0] && value <= x[36]);
            expect(value >= previous - 1e-12);
            previous = value;
        }
        expect_near(smri_quantile(x, 37, 0, type), x[0], 0);
        expect_near(smri_quantile(x, 37, 1, type), x[36], 0);
        expect_near(smri_quantile(x, 1, 0.3, type), x[0], 0);
        expect_nan(smri_quantile(x, 0, 0.3, type));
    }
    expect_nan(smri_quantile(x, 37, 0.5, 0));
    expect_nan(smri_quantile(x, 37, 0.5, 10));
    const double same[] = {0.1, 0.1, 0.1};
    for (int type = 1; type <= 9; type++) {
        expect_same_bits(smri_quantile(same, 3, 0.4, type), 0.1);
    }
}

TEST(midpoints)
{
    expect_near(smri_midpoint(1, 4), 2.5, 0);
    expect_near(smri_midpoint(DBL_MAX, DBL_MAX / 2), DBL_MAX * 0.75, 0);
    expect_same_bits(smri_midpoint(5e-324, 5e-324), 5e-324);
}

TEST(fitted_extent)
{
    method_fixture fixture;
    fixture_make(&fixture, SMRI_STEP_NORMALISE, "minmax");
    const double x[] = {3, NAN, -2};
    smri_fitted fitted = fixture_fit(&fixture, x, 3, NULL, 0);
    expect_equal_uint(fitted.count, 2);
    expect_near(fitted.numbers[0], -2, 0);
    expect_near(fitted.numbers[1], 3, 0);
    const double empty[] = {NAN};
    expect_equal_uint(fixture_fit(&fixture, empty, 1, NULL, 0).count, 0);
    fixture_free(&fixture);
}

static smr_status sort_a_column(failure_run *run)
{
    double x[500];
    uint64_t state = 3;
    for (size_t i = 0; i < 500; i++) {
        x[i] = unit_random_unit(&state);
    }
    smri_summary summary;
    smr_status status = SMR_OK;
    if (!smri_summary_make(run->context, x, 500, 1, SMRI_NEED_SORTED, NULL, &summary)) {
        failure_require(run, summary.sorted == NULL);
        status = smri_fail_memory(&run->error);
    }
    smri_summary_free(run->context, &summary);
    return status;
}

TEST(every_failure_is_survived)
{
    size_t runs = 0;
    expect_equal_uint(failure_sweep("summary", sort_a_column, &runs), 0);
    expect(runs > 1);
}

static const unit_test tests[] = {
    UNIT(moments_by_hand),
    UNIT(moments_of_python),
    UNIT(negative_sign_is_the_negated_column),
    UNIT(zero_is_never_negative),
    UNIT(mean_is_exact_in_any_order),
    UNIT(columns_without_values),
    UNIT(powers_beyond_a_double_are_infinite),
    UNIT(quantiles_of_primes),
    UNIT(quantiles_of_python),
    UNIT(quantiles_of_whole_numbers),
    UNIT(fuzz_where_a_product_misses_a_whole_place),
    UNIT(quantile_laws),
    UNIT(midpoints),
    UNIT(fitted_extent),
    UNIT(every_failure_is_survived),
};
UNIT_SUITE(method_summary, tests)
