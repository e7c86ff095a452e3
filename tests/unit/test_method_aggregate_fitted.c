/* SPDX-License-Identifier: MIT */
/* mpi, ampi, mean_min, wroclaw, dp2: aggregates whose constants the reference decides. */
#include "family_fixture.h"

/* Columns with mean 4 and standard deviation 2 (n) and mean 10 and 4 (n). */
static const double two[] = {
    2, 14,
    6, 6,
    2, 6,
    6, 14,
};

static const char *const names[] = {"mpi", "ampi", "mean_min", "wroclaw", "dp2"};

TEST(mpi_by_hand)
{
    family_fixture f;
    family_make(&f, "mpi", 2);
    family_rows(&f, two, 4);
    /* z is 90 or 110 in either column */
    expect_family(&f, (const double[]){100 - 1, 100 - 1, 90, 110}, 1e-12);
    fixture_choice(&f.method, "penalty", "plus");
    expect_family(&f, (const double[]){100 + 1, 100 + 1, 90, 110}, 1e-12);
    fixture_number(&f.method, "ddof", 1);
    const double z = 10 * sqrt(0.75); /* the standard deviation grows by sqrt(4/3), S^2 of a row by 2 */
    expect_family(&f, (const double[]){100 + 2 * z * z / 100, 100 + 2 * z * z / 100, 100 - z, 100 + z}, 1e-12);
    family_free(&f);
}

/* A child that is missing has no part in mean and spread; one child alone has no spread. */
TEST(mpi_of_what_is_there)
{
    family_fixture f;
    smr_error error = unit_error();
    const double rows[] = {2, 14, 6, 6, 2, 6, 6, 14, NAN, 14, 6, NAN, NAN, NAN};
    family_make(&f, "mpi", 2);
    family_rows(&f, rows, 7);
    for (int ddof = 0; ddof <= 1; ddof++) {
        fixture_number(&f.method, "ddof", ddof);
        expect_ok(family_try(&f, 4, &error), &error);
        const double z = ddof ? 10 * sqrt(0.75) : 10;
        expect_array(f.out + 4, (const double[]){100 + z, 100 + z, NAN}, 3, 1e-12);
    }
    family_free(&f);
}

TEST(ampi_by_hand)
{
    family_fixture f;
    family_make(&f, "ampi", 2);
    family_rows(&f, two, 4);
    /* the means are 100, the ranges 4 and 8: z is 70 or 130 */
    expect_family(&f, (const double[]){100 - 9, 100 - 9, 70, 130}, 1e-12);
    *fixture_setting(&f.method, "reference") = (smri_setting){.given = true, .text = "D"}; /* 6, 14: z is 40 or 100 */
    expect_family(&f, (const double[]){70 - 900 / 70.0, 70 - 900 / 70.0, 40, 100}, 1e-12);
    *fixture_setting(&f.method, "reference") = (smri_setting){.given = false};
    fixture_number(&f.method, "value", 6);
    /* 6 is 100 in both: z is 40 and 160, 100 and 100, 40 and 100, 100 and 160 */
    expect_family(&f, (const double[]){100 - 36, 100, 70 - 900 / 70.0, 130 - 900 / 130.0}, 1e-12);
    family_free(&f);
}

TEST(ampi_over_periods)
{
    family_fixture f;
    static const char *const years[] = {"2020", "2020", "2021", "2021"};
    static const char *const regions[] = {"A", "B", "A", "B"};
    family_make(&f, "ampi", 1);
    family_rows(&f, (const double[]){1, 3, 5, 11}, 4);
    memcpy(f.periods, years, sizeof years);
    memcpy(f.regions, regions, sizeof regions);
    /* range 10 over both years, reference the mean of all, 5; of 2020, 2; of A, 3; of A in 2021, 5 */
    expect_family(&f, (const double[]){76, 88, 100, 136}, 1e-12);
    *fixture_setting(&f.method, "period") = (smri_setting){.given = true, .text = "2020"};
    expect_family(&f, (const double[]){94, 106, 118, 154}, 1e-12);
    *fixture_setting(&f.method, "reference") = (smri_setting){.given = true, .text = "A"};
    *fixture_setting(&f.method, "period") = (smri_setting){.given = false};
    expect_family(&f, (const double[]){88, 100, 112, 148}, 1e-12);
    *fixture_setting(&f.method, "period") = (smri_setting){.given = true, .text = "2021"};
    expect_family(&f, (const double[]){76, 88, 100, 136}, 1e-12);
    family_free(&f);
}

TEST(ampi_refuses)
{
    family_fixture f;
    smr_error error = unit_error();
    family_make(&f, "ampi", 2);
    family_rows(&f, two, 4);
    *fixture_setting(&f.method, "reference") = (smri_setting){.given = true, .text = "nowhere"};
    expect_fails(family_try(&f, 4, &error), &error, SMR_MESSAGE_REFERENCE_REGION_MISSING);
    *fixture_setting(&f.method, "reference") = (smri_setting){.given = true, .text = "B"};
    f.scores[1][1] = NAN;
    error = unit_error();
    expect_fails(family_try(&f, 4, &error), &error, SMR_MESSAGE_REFERENCE_SCORE_MISSING);
    fixture_number(&f.method, "value", 1);
    error = unit_error();
    expect_fails(family_try(&f, 4, &error), &error, SMR_MESSAGE_OPTION_WRONG);
    family_free(&f);
    family_make(&f, "ampi", 2);
    family_rows(&f, two, 4);
    *fixture_setting(&f.method, "period") = (smri_setting){.given = true, .text = "1999"};
    error = unit_error();
    expect_fails(family_try(&f, 4, &error), &error, SMR_MESSAGE_PERIOD_UNKNOWN);
    family_free(&f);
}

TEST(mean_min_by_hand)
{
    family_fixture f;
    family_make(&f, "mean_min", 2);
    family_rows(&f, two, 4);
    const double penalised = 100 - 0.5 * (sqrt(101) - 1);
    expect_family(&f, (const double[]){penalised, penalised, 90, 110}, 1e-12);
    fixture_number(&f.method, "alpha", 1);
    fixture_number(&f.method, "beta", 0);
    expect_family(&f, (const double[]){90, 90, 90, 110}, 1e-12); /* the weakest alone */
    fixture_number(&f.method, "alpha", 0);
    expect_family(&f, (const double[]){100, 100, 90, 110}, 1e-12);
    family_free(&f);
}

TEST(wroclaw_by_hand)
{
    family_fixture f;
    family_make(&f, "wroclaw", 2);
    /* distances to (4, 3): 0, 5, 3, 4: mean 3, sd sqrt(14/3) */
    const double rows[] = {4, 3, 0, 0, 4, 0, 0, 3};
    const double unit = 3 + 2 * sqrt(14 / 3.0);
    family_rows(&f, rows, 4);
    expect_family(&f, (const double[]){0, 5 / unit, 3 / unit, 4 / unit}, 1e-15);
    expect(smri_ranks_upward(&f.method.choice));
    fixture_number(&f.method, "reversed", 1);
    expect(!smri_ranks_upward(&f.method.choice));
    expect_family(&f, (const double[]){1, 1 - 5 / unit, 1 - 3 / unit, 1 - 4 / unit}, 1e-15);
    fixture_number(&f.method, "reversed", 0);
    smr_error error = unit_error();
    const double later[] = {4, 3, 0, 0, 4, 0, 0, 3, NAN, 0, 7, 3, NAN, NAN};
    family_rows(&f, later, 7);
    expect_ok(family_try(&f, 4, &error), &error);
    /* a missing child counts as the others; better than the ideal is a distance too */
    expect_array(f.out + 4, (const double[]){3 * sqrt(2) / unit, 3 / unit, NAN}, 3, 1e-15);
    family_free(&f);
}

/* All of the reference alike: like them is ideal, nothing else can be measured. */
TEST(wroclaw_without_distances)
{
    family_fixture f;
    smr_error error = unit_error();
    family_make(&f, "wroclaw", 2);
    family_rows(&f, (const double[]){1, 2, 1, 2, 0, 2}, 3);
    expect_ok(family_try(&f, 2, &error), &error);
    expect_array(f.out, (const double[]){0, 0, NAN}, 3, 0);
    family_free(&f);
}

/* Uncorrelated children count in full; the copy of a child counts nothing. */
TEST(dp2_by_hand)
{
    family_fixture f;
    family_make(&f, "dp2", 2);
    family_rows(&f, two, 4); /* a 2 or 6, sd 4/sqrt(3); b 6 or 14, sd 8/sqrt(3); r 0 */
    const double step = sqrt(3);
    expect_family(&f, (const double[]){step, step, 0, 2 * step}, 1e-12);
    family_free(&f);
    family_make(&f, "dp2", 3);
    family_rows(&f, (const double[]){2, 14, 4, 6, 6, 12, 2, 6, 4, 6, 14, 12}, 4); /* c is 2 a */
    expect_family(&f, (const double[]){step, step, 0, 2 * step}, 1e-12);
    family_free(&f);
}

/* Two children with correlation r: 1 - r^2 for the one that goes less with the sum. */
TEST(dp2_of_correlated_children)
{
    family_fixture f;
    const double rows[] = {0, 0, 1, 1, 2, 3, 3, 2, 4, 4}; /* r = 0.9 */
    family_make(&f, "dp2", 2);
    family_rows(&f, rows, 5);
    family_run(&f);
    const double sd = sqrt(2.5);
    /* both go equally with their sum, so the first child stands first */
    for (size_t i = 0; i < 5; i++) {
        expect_near(f.out[i], rows[2 * i] / sd + rows[2 * i + 1] / sd * (1 - 0.81), 1e-12);
    }
    family_free(&f);
}

TEST(dp2_of_what_is_there)
{
    family_fixture f;
    smr_error error = unit_error();
    family_make(&f, "dp2", 2);
    family_rows(&f, (const double[]){2, 14, 6, 6, 2, 6, 6, 14, NAN, 14, 6, NAN, NAN, NAN}, 7);
    expect_ok(family_try(&f, 4, &error), &error);
    const double step = sqrt(3);
    expect_array(f.out + 4, (const double[]){2 * step, 2 * step, NAN}, 3, 1e-12);
    family_free(&f);
}

/* Regions in another order: the same bits. */
TEST(constants_do_not_know_the_order_of_regions)
{
    uint64_t state = 83;
    for (int round = 0; round < 50; round++) {
        family_fixture f;
        const size_t m = (size_t)round % SMRI_COUNT(names);
        double rows[5 * 20], turned[5 * 20], before[20];
        for (size_t i = 0; i < SMRI_COUNT(rows); i++) {
            rows[i] = unit_random(&state) % 9 == 0 ? NAN : 1 + unit_random_unit(&state) * 9;
        }
        family_make(&f, names[m], 5);
        family_rows(&f, rows, 20);
        family_run(&f);
        memcpy(before, f.out, sizeof before);
        for (size_t i = 0; i < 20; i++) {
            memcpy(turned + 5 * i, rows + 5 * (i * 7 % 20), 5 * sizeof *rows);
        }
        family_rows(&f, turned, 20);
        family_run(&f);
        for (size_t i = 0; i < 20; i++) {
            expect_same_bits(f.out[i], before[i * 7 % 20]);
        }
        family_free(&f);
    }
}

/* Columns without spread, one region, two, none, a child of weight 0, numbers near the ends of the range. */
TEST(little_to_fit_on)
{
    static const struct {
        double rows[9];
        size_t n;
    } worlds[] = {
        {{1, 2, 3}, 1},
        {{1, 2, 3, 1, 2, 3}, 2},
        {{1, 2, 3, 1, 5, 3, 1, 9, 3}, 3},
        {{NAN, NAN, NAN, NAN, NAN, NAN}, 2},
        {{NAN, 1, NAN, 2, NAN, NAN, NAN, NAN, 4}, 3},
        {{1e300, -1e300, 1e-300, -1e300, 1e300, 2e-300, 0, 0, 0}, 3},
        {{0, 0, 0, 0, 0, 0, 0, 0, 0}, 3},
    };
    for (size_t m = 0; m < SMRI_COUNT(names); m++) {
        for (size_t w = 0; w < SMRI_COUNT(worlds); w++) {
            for (int weightless = 0; weightless < 2; weightless++) {
                family_fixture f;
                family_make(&f, names[m], 3);
                f.weights[1] = weightless ? 0 : 1;
                family_rows(&f, worlds[w].rows, worlds[w].n);
                family_run(&f);
                for (size_t i = 0; i < f.n; i++) {
                    expect(f.out[i] != f.out[i] || fabs(f.out[i]) <= DBL_MAX);
                    expect(f.out[i] != f.out[i] || f.statuses[i] == SMR_CELL_OK);
                }
                family_free(&f);
            }
        }
    }
}

static const unit_test tests[] = {
    UNIT(mpi_by_hand),          UNIT(mpi_of_what_is_there),
    UNIT(ampi_by_hand),         UNIT(ampi_over_periods),
    UNIT(ampi_refuses),         UNIT(mean_min_by_hand),
    UNIT(wroclaw_by_hand),      UNIT(wroclaw_without_distances),
    UNIT(dp2_by_hand),          UNIT(dp2_of_correlated_children),
    UNIT(dp2_of_what_is_there), UNIT(constants_do_not_know_the_order_of_regions),
    UNIT(little_to_fit_on),
};
UNIT_SUITE(method_aggregate_fitted, tests)
