/* SPDX-License-Identifier: MIT */
#include "method_fixture.h"

#include <math.h>

enum { MOST = 12 };

/* Fills a series of periods; `periods` NULL: none is a date. */
static void check(const char *method, const char *const *periods, const double *x, const double *expected, size_t n,
                  double max_periods) {
    method_fixture fixture;
    double filled[MOST];
    uint8_t statuses[MOST];
    int64_t days[MOST];
    fixture_make(&fixture, SMRI_STEP_IMPUTE, method);
    if (max_periods > 0) {
        fixture_number(&fixture, "max_periods", max_periods);
    }
    for (size_t i = 0; i < n; i++) {
        filled[i] = x[i];
        statuses[i] = x[i] == x[i] ? SMR_CELL_OK : SMR_CELL_MISSING;
        days[i] = periods ? smri_period_start(periods[i], strlen(periods[i])) : INT64_MIN;
    }
    fixture.choice.method->fill_series(&fixture.choice, days, filled, statuses, n);
    expect_array(filled, expected, n, 0);
    for (size_t i = 0; i < n; i++) {
        const int status = x[i] == x[i] ? SMR_CELL_OK : filled[i] == filled[i] ? SMR_CELL_IMPUTED : SMR_CELL_MISSING;
        expect_equal_int(statuses[i], status);
    }
    fixture_free(&fixture);
}

static const char *const years[] = {"2010", "2011", "2012", "2013", "2014", "2015", "2016", "2017"};
static const double holed[] = {NAN, 4, NAN, NAN, 10, NAN, 7, NAN};

TEST(values_by_hand) {
    check("latest", years, holed, (const double[]){NAN, 4, 4, 4, 10, 10, 7, 7}, 8, 0);
    check("latest", years, holed, (const double[]){NAN, 4, 4, NAN, 10, 10, 7, 7}, 8, 1);
    check("latest", years, holed, (const double[]){NAN, 4, 4, 4, 10, 10, 7, 7}, 8, 2);
    check("latest_both", years, holed, (const double[]){4, 4, 4, 4, 10, 10, 7, 7}, 8, 0);
    check("nearest", years, holed, (const double[]){4, 4, 4, 10, 10, 10, 7, 7}, 8, 0);
    check("linear", years, holed, (const double[]){NAN, 4, 6, 8, 10, 8.5, 7, NAN}, 8, 0);
    check("linear_flat", years, holed, (const double[]){4, 4, 6, 8, 10, 8.5, 7, 7}, 8, 0);
}

/* A year is as long as any other, leap year or not, and so are the months: 2012 has 366 days, half a year later lies
 * half way, and 2013 is as near to 2012 as to 2014. */
TEST(years_and_months_are_equally_long) {
    static const char *const leap[] = {"2011", "2012", "2013"};
    static const char *const halves[] = {"2012", "2012-S2", "2013"};
    static const char *const quarters[] = {"2021-Q1", "2021-Q2", "2022-Q1"};
    static const char *const months[] = {"2023-12", "2024-02", "2024-03"};
    check("linear", leap, (const double[]){10, NAN, 20}, (const double[]){10, 15, 20}, 3, 0);
    check("nearest", leap, (const double[]){10, NAN, 20}, (const double[]){10, 10, 20}, 3, 0);
    check("linear", halves, (const double[]){10, NAN, 20}, (const double[]){10, 15, 20}, 3, 0);
    check("nearest", halves, (const double[]){10, NAN, 20}, (const double[]){10, 10, 20}, 3, 0);
    check("linear", quarters, (const double[]){0, NAN, 8}, (const double[]){0, 2, 8}, 3, 0);
    check("linear", months, (const double[]){0, NAN, 6}, (const double[]){0, 4, 6}, 3, 0);
    check("nearest", months, (const double[]){0, NAN, 6}, (const double[]){0, 6, 6}, 3, 0);
    static const char *const old[] = {"0000", "0004", "0008"};
    check("linear", old, (const double[]){0, NAN, 8}, (const double[]){0, 4, 8}, 3, 0);
}

/* One period that begins within a month, and all are measured in days. */
TEST(days_are_counted_where_months_are_not_enough) {
    static const char *const days[] = {"2021-03-01", "2021-03-11", "2021-04-10"};
    check("linear", days, (const double[]){0, NAN, 8}, (const double[]){0, 2, 8}, 3, 0);
    static const char *const mixed[] = {"2021", "2021-01-31", "2021-03-02"};
    check("linear", mixed, (const double[]){0, NAN, 6}, (const double[]){0, 3, 6}, 3, 0);
    check("nearest", mixed, (const double[]){0, NAN, 6}, (const double[]){0, 0, 6}, 3, 0);
}

/* Periods that are no dates have an order but no distances. */
TEST(text_periods) {
    check("latest", NULL, holed, (const double[]){NAN, 4, 4, 4, 10, 10, 7, 7}, 8, 0);
    check("latest_both", NULL, holed, (const double[]){4, 4, 4, 4, 10, 10, 7, 7}, 8, 0);
    check("nearest", NULL, holed, holed, 8, 0);
    check("linear", NULL, holed, holed, 8, 0);
    check("linear_flat", NULL, holed, holed, 8, 0);
    const char *const names[] = {"nearest", "linear", "linear_flat", "latest", "latest_both"};
    for (size_t i = 0; i < 5; i++) {
        const uint32_t flags = smri_method_find(SMRI_STEP_IMPUTE, names[i])->flags;
        expect(((flags & SMRI_METHOD_NEEDS_DATES) != 0) == (i < 3));
    }
}

TEST(degenerate_series) {
    const char *const names[] = {"latest", "latest_both", "nearest", "linear", "linear_flat"};
    for (size_t i = 0; i < 5; i++) {
        check(names[i], years, NULL, NULL, 0, 0);
        check(names[i], years, (const double[]){NAN}, (const double[]){NAN}, 1, 0);
        check(names[i], years, (const double[]){3}, (const double[]){3}, 1, 0);
        check(names[i], years, (const double[]){NAN, NAN, NAN}, (const double[]){NAN, NAN, NAN}, 3, 0);
        check(names[i], years, (const double[]){1, 2, 3}, (const double[]){1, 2, 3}, 3, 0);
    }
    const double far[] = {-1.5e308, NAN, 1.5e308};
    check("linear", years, far, (const double[]){-1.5e308, 0, 1.5e308}, 3, 0);
    const double equal[] = {0.1, NAN, NAN, 0.1};
    check("linear", years, equal, (const double[]){0.1, 0.1, 0.1, 0.1}, 4, 0);
    static const char *const same_day[] = {"2021", "2021-S1", "2021-01"};
    check("linear", same_day, (const double[]){5, NAN, 7}, (const double[]){5, 5, 7}, 3, 0);
    check("nearest", same_day, (const double[]){5, NAN, 7}, (const double[]){5, 5, 7}, 3, 0);
}

/* Against the definition, read cell by cell. */
TEST(random_series_by_definition) {
    uint64_t state = 61;
    for (int run = 0; run < 3000; run++) {
        double x[8], nearest[8], linear[8];
        for (size_t i = 0; i < 8; i++) {
            x[i] = unit_random(&state) % 2 ? NAN : floor(unit_random_unit(&state) * 1000);
        }
        for (size_t i = 0; i < 8; i++) {
            size_t before = i + 1, after = i;
            while (before > 0 && x[before - 1] != x[before - 1]) {
                before--;
            }
            while (after < 8 && x[after] != x[after]) {
                after++;
            }
            nearest[i] = before == 0                                   ? (after < 8 ? x[after] : NAN)
                         : after == 8 || i - (before - 1) <= after - i ? x[before - 1]
                                                                       : x[after];
            linear[i] = x[i];
            if (x[i] != x[i] && before > 0 && after < 8) {
                const double share = (double)(i - (before - 1)) / (double)(after - (before - 1));
                linear[i] = x[before - 1] == x[after] ? x[after] : (1 - share) * x[before - 1] + share * x[after];
            }
        }
        check("nearest", years, x, nearest, 8, 0);
        check("linear", years, x, linear, 8, 0);
    }
}

static const unit_test tests[] = {
    UNIT(values_by_hand),
    UNIT(years_and_months_are_equally_long),
    UNIT(days_are_counted_where_months_are_not_enough),
    UNIT(text_periods),
    UNIT(degenerate_series),
    UNIT(random_series_by_definition),
};
UNIT_SUITE(method_impute_panel, tests)
