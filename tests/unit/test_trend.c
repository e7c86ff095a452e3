/* SPDX-License-Identifier: MIT */
/* Years, straight lines and medians of slopes. */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "study/trend_impl.h"

static double years_of(const char *period)
{
    return smri_day_to_years(smri_period_start(period, strlen(period)));
}

TEST(periods_in_years)
{
    expect_near(years_of("2021"), 2021, 0);
    expect_near(years_of("1970"), 1970, 0);
    expect_near(years_of("0000"), 0, 0);
    expect_near(years_of("9999"), 9999, 0);
    expect_near(years_of("1600"), 1600, 0);
    expect_near(years_of("2021-S2"), 2021.5, 0);
    expect_near(years_of("2021-Q2"), 2021.25, 0);
    expect_near(years_of("2021-Q4"), 2021.75, 0);
    expect_near(years_of("2020-03"), 2020 + 2.0 / 12, 1e-12);
    expect_near(years_of("2020-12"), 2020 + 11.0 / 12, 1e-12);
    expect_near(years_of("2020-02-29"), 2020 + (1 + 28.0 / 29) / 12, 1e-12);
    expect_near(years_of("2021-02-28"), 2021 + (1 + 27.0 / 28) / 12, 1e-12);
    expect_near(years_of("1900-12-31"), 1900 + (11 + 30.0 / 31) / 12, 1e-12);
    /* Every day is later than the one before, and 365 or 366 days make a year. */
    for (int64_t day = -800000; day < 800000; day++)
        expect(smri_day_to_years(day) < smri_day_to_years(day + 1));
}

/* Anscombe's first set: slope 0.5001, standard error 0.1179, t 4.241, p 0.00217, R2 0.6665 as published. */
TEST(a_line_as_published)
{
    static const double x[] = {10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5};
    static const double y[] = {8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68};
    const smri_line line = smri_line_fit(x, y, 11);
    expect_near(line.slope, 0.5001, 0.00005);
    expect_near(line.se, 0.1179, 0.00005);
    expect_near(line.t, 4.241, 0.0005);
    expect_near(line.p, 0.00217, 0.000005);
    expect_near(line.r_squared, 0.6665, 0.00005);
}

TEST(lines_with_little)
{
    static const double x[] = {1, 2, 4}, y[] = {3, 5, 9}, same[] = {2, 2, 2};
    smri_line line = smri_line_fit(x, y, 3);
    expect_near(line.slope, 2, 1e-15);
    expect_near(line.p, 0, 1e-6);
    line = smri_line_fit(x, y, 2);
    expect_near(line.slope, 2, 0);
    expect_nan(line.se);
    line = smri_line_fit(x, y, 1);
    expect_nan(line.slope);
    line = smri_line_fit(same, y, 3);
    expect_nan(line.slope);
    line = smri_line_fit(x, same, 3);
    expect_near(line.slope, 0, 0);
    expect_nan(line.p);
    expect_nan(line.r_squared);
}

TEST(medians_of_slopes)
{
    static const double x[] = {1, 2, 3, 4}, y[] = {1, 2, 3, 100};
    double slopes[6], slope;
    /* 1 1 1 33 49 97 */
    expect(smri_sen_slope(smri_context(NULL), x, y, 4, slopes, &slope));
    expect_near(slope, (1 + 33) / 2.0, 1e-13);
    expect(smri_sen_slope(smri_context(NULL), x, y, 3, slopes, &slope));
    expect_near(slope, 1, 0);
    expect(smri_sen_slope(smri_context(NULL), x, y, 1, slopes, &slope));
    expect_nan(slope);
}

static const unit_test tests[] = {
    UNIT(periods_in_years),
    UNIT(a_line_as_published),
    UNIT(lines_with_little),
    UNIT(medians_of_slopes),
};
UNIT_SUITE(trend, tests)
