/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <smartregion/smartregion.h>

#include "base/base_impl.h"
#include "failure/failing_allocator.h"

#define ROWS 12

/* index: a (a1, a2, a3), b (b1, b2), c; scores are the values themselves. */
static smr_framework *make_framework(smr_context *context, smr_error *error)
{
    static const char framework[] =
        "{\"id\": \"index\", \"plan\": {\"normalise\": {\"method\": \"none\"}}, \"children\": ["
        "{\"id\": \"a\", \"children\": [{\"id\": \"a1\"}, {\"id\": \"a2\"}, {\"id\": \"a3\"}]},"
        "{\"id\": \"b\", \"weight\": 2, \"children\": [{\"id\": \"b1\"}, {\"id\": \"b2\"}]},"
        "{\"id\": \"c\"}]}";
    smr_framework *made = NULL;
    smr_framework_read(context, framework, sizeof framework - 1, NULL, &made, error);
    return made;
}

static const double values[6][ROWS] = {
    {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, {2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11},
    {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8},    {9, 8, 7, 9, 3, 2, 3, 8, 4, 6, 2, 6},
    {4, 3, 3, 8, 3, 2, 7, 9, 5, 0, 2, 8},    {2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4, 5},
};
static const char *const ids[] = {"a1", "a2", "a3", "b1", "b2", "c"};

static smr_status run_on(smr_context *context, const double *const *columns, size_t rows, const char *const *periods,
                         const char *const *regions, const smr_audit_options *options, smr_audit **audit,
                         smr_error *error)
{
    smr_framework *framework = make_framework(context, error);
    smr_dataset *dataset = NULL;
    smr_model *model = NULL;
    smr_columns input;
    smr_columns_init(&input, sizeof input);
    input.rows = rows;
    input.column_count = 6;
    input.ids = ids;
    input.values = columns;
    input.periods = periods;
    input.regions = regions;
    *audit = NULL;
    smr_status status = framework ? SMR_OK : error->status;
    if (!status)
        status = smr_dataset_from_columns(context, &input, &dataset, error);
    if (!status)
        status = smr_model_fit(context, framework, dataset, NULL, &model, error);
    if (!status)
        status = smr_audit_run(context, model, dataset, options, audit, error);
    smr_model_unref(model);
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
    return status;
}

static const double *const plain[] = {values[0], values[1], values[2], values[3], values[4], values[5]};

static smr_audit *audit_of(const double *const *columns, size_t rows, const smr_audit_options *options)
{
    smr_audit *audit;
    smr_error error = unit_error();
    expect_ok(run_on(unit_context(), columns, rows, NULL, NULL, options, &audit, &error), &error);
    return audit;
}

static double value_of(const smr_audit *audit, const char *section, const char *row, const char *column)
{
    return smr_audit_value(audit, section, row, column);
}

static size_t cells_of(const smr_audit *audit, const char *section)
{
    const int64_t found = smr_audit_find_section(audit, section);
    expect(found >= 0);
    return smr_audit_cell_count(audit, (size_t)found);
}

/* ---- what is in it ---- */

TEST(correlations_within_and_across_levels)
{
    smr_audit *audit = audit_of(plain, ROWS, NULL);
    double a[ROWS], b[ROWS], index[ROWS];
    for (int i = 0; i < ROWS; i++) {
        a[i] = (values[0][i] + values[1][i] + values[2][i]) / 3;
        b[i] = (values[3][i] + values[4][i]) / 2;
        index[i] = (a[i] + 2 * b[i] + values[5][i]) / 4;
    }
    const double *const nodes[] = {index, a, values[0], values[1], values[2], b, values[3], values[4], values[5]};
    static const char *const names[] = {"index", "a", "a1", "a2", "a3", "b", "b1", "b2", "c"};
    for (int i = 0; i < 9; i++) {
        for (int k = 0; k < 9; k++) {
            double sums[5] = {0}, n = ROWS;
            for (int row = 0; row < ROWS; row++) {
                const double x = nodes[i][row], y = nodes[k][row];
                sums[0] += x;
                sums[1] += y;
                sums[2] += x * x;
                sums[3] += y * y;
                sums[4] += x * y;
            }
            const double r = (sums[4] - sums[0] * sums[1] / n)
                             / sqrt((sums[2] - sums[0] * sums[0] / n) * (sums[3] - sums[1] * sums[1] / n));
            expect_near(value_of(audit, "correlation_pearson", names[i], names[k]), r, 1e-13);
            expect_near(value_of(audit, "correlation_rows", names[i], names[k]), ROWS, 0);
            if (i != k)
                expect_near(value_of(audit, "correlation_pearson_p", names[i], names[k]),
                            smri_correlation_p(r, ROWS), 1e-12);
        }
    }
    expect_equal_uint(cells_of(audit, "correlation_kendall"), 81);
    expect_equal_uint(cells_of(audit, "correlation_kendall_p"), 72);
    const double r = value_of(audit, "correlation_pearson", "a2", "index");
    expect_near(value_of(audit, "main_effects", "a2", "index"), r * r, 0);
    smr_audit_unref(audit);
}

TEST(families)
{
    smr_audit *audit = audit_of(plain, ROWS, NULL);
    const double r = value_of(audit, "correlation_pearson", "b1", "b2");
    expect_near(value_of(audit, "cronbach_alpha", "b", "standardised"), 2 * r / (1 + r), 1e-14);
    expect_near(value_of(audit, "cronbach_alpha", "b", "mean_correlation"), r, 0);
    expect_near(value_of(audit, "cronbach_alpha", "a", "items"), 3, 0);
    expect_near(value_of(audit, "cronbach_alpha", "*", "items"), 6, 0);
    expect_near(value_of(audit, "item_rest", "b1", "b"), r, 1e-14);
    expect_near(value_of(audit, "vif", "b2", "b"), 1 / (1 - r * r), 1e-12);
    expect_near(value_of(audit, "kmo", "b", "overall"), 0.5, 1e-12);
    expect_near(value_of(audit, "bartlett", "b", "degrees_of_freedom"), 1, 0);
    expect_near(value_of(audit, "bartlett", "b", "chi_square"), -(ROWS - 1 - 1.5) * log(1 - r * r), 1e-12);
    expect_near(value_of(audit, "eigenvalues", "b", "PC1"), 1 + fabs(r), 1e-14);
    expect_near(value_of(audit, "variance_cumulative", "b", "PC2"), 1, 1e-15);
    expect_near(value_of(audit, "eigenvalues", "*", "PC1") / 6, value_of(audit, "variance_share", "*", "PC1"), 1e-15);
    expect_nan(value_of(audit, "eigenvalues", "*", "PC7"));
    expect_near(value_of(audit, "weights", "b", "weight"), 2, 0);
    expect_near(value_of(audit, "weights", "b1", "effective_weight"), 0.25, 0);
    /* Loadings of a child sum to its communality, those of all components to 1. */
    double all = 0, kept = 0;
    for (int i = 1; i <= 3; i++) {
        char name[16];
        snprintf(name, sizeof name, "PC%d", i);
        all += pow(value_of(audit, "loadings", "a2", name), 2);
        snprintf(name, sizeof name, "F%d", i);
        const double loading = value_of(audit, "varimax", "a2", name);
        kept += loading == loading ? loading * loading : 0;
    }
    expect_near(all, 1, 1e-14);
    expect_near(value_of(audit, "communality", "a2", "a"), kept, 1e-14);
    expect_equal_uint(cells_of(audit, "loadings_all"), 36);
    smr_audit_unref(audit);
}

TEST(how_many_factors)
{
    smr_audit_options options;
    smr_audit_options_init(&options, sizeof options);
    options.retain = SMR_RETAIN_NUMBER;
    options.factors = 2;
    smr_audit *audit = audit_of(plain, ROWS, &options);
    expect_near(value_of(audit, "components_kept", "a", "used"), 2, 0);
    expect_near(value_of(audit, "components_kept", "*", "used"), 2, 0);
    expect(value_of(audit, "varimax_all", "c", "F2") == value_of(audit, "varimax_all", "c", "F2"));
    expect_nan(value_of(audit, "varimax_all", "c", "F3"));
    smr_audit_unref(audit);
    options.retain = SMR_RETAIN_SHARE;
    audit = audit_of(plain, ROWS, &options);
    expect_near(value_of(audit, "components_kept", "*", "used"), value_of(audit, "components_kept", "*", "share"), 0);
    smr_audit_unref(audit);
}

TEST(flags)
{
    double opposite[ROWS], near_a1[ROWS];
    for (int i = 0; i < ROWS; i++) {
        opposite[i] = -values[3][i] / 10;
        near_a1[i] = values[0][i] + 0.01 * values[5][i];
    }
    smr_audit *audit =
        audit_of((const double *const[]){values[0], near_a1, values[2], values[3], opposite, values[5]}, ROWS, NULL);
    expect(value_of(audit, "flag_high", "a1", "a2") > 0.99);
    expect_near(value_of(audit, "flag_high", "b1", "b2"), -1, 1e-15);
    expect_near(value_of(audit, "flag_negative", "b1", "b2"), -1, 1e-15);
    expect_near(value_of(audit, "flag_weak", "b2", "b"), -1, 1e-15);
    expect(value_of(audit, "flag_weak", "b1", "b") != value_of(audit, "flag_weak", "b1", "b"));
    /* One is the negative of the other: nothing can be inverted. */
    expect_near(value_of(audit, "flag_singular", "b", "least_eigenvalue"), 0, 1e-15);
    expect_nan(value_of(audit, "vif", "b1", "b"));
    expect_nan(value_of(audit, "kmo", "b", "overall"));
    expect_near(value_of(audit, "eigenvalues", "b", "PC1"), 2, 1e-15);
    smr_audit_unref(audit);
    smr_audit_options options;
    smr_audit_options_init(&options, sizeof options);
    options.high = 1;
    options.weak = -1;
    audit = audit_of(plain, ROWS, &options);
    expect_equal_uint(cells_of(audit, "flag_high"), 0);
    expect_equal_uint(cells_of(audit, "flag_weak"), 0);
    smr_audit_unref(audit);
}

/* Under an aggregate of which the lowest score is best a child shows by a negative correlation. */
TEST(flags_where_the_lowest_score_is_best)
{
    static const char json[] = "{\"id\": \"index\", \"aggregate\": \"wroclaw\", \"plan\": {\"normalise\": \"none\"}, "
                               "\"children\": [{\"id\": \"a1\"}, {\"id\": \"a2\"}]}";
    smr_error error = unit_error();
    smr_framework *framework;
    smr_dataset *dataset;
    smr_model *model;
    smr_audit *audit;
    smr_columns input;
    smr_columns_init(&input, sizeof input);
    input.rows = ROWS;
    input.column_count = 2;
    input.ids = ids;
    input.values = plain;
    expect_ok(smr_framework_read(unit_context(), json, sizeof json - 1, NULL, &framework, &error), &error);
    expect_ok(smr_dataset_from_columns(unit_context(), &input, &dataset, &error), &error);
    expect_ok(smr_model_fit(unit_context(), framework, dataset, NULL, &model, &error), &error);
    expect_ok(smr_audit_run(unit_context(), model, dataset, NULL, &audit, &error), &error);
    expect(value_of(audit, "correlation_pearson", "a1", "index") < -0.9);
    expect_equal_uint(cells_of(audit, "flag_weak"), 0);
    smr_audit_unref(audit);
    smr_model_unref(model);
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
}

TEST(availability)
{
    double holed[ROWS], empty[ROWS];
    for (int i = 0; i < ROWS; i++) {
        holed[i] = i % 3 ? values[3][i] : NAN;
        empty[i] = NAN;
    }
    smr_audit *audit =
        audit_of((const double *const[]){values[0], values[1], values[2], holed, values[4], empty}, ROWS, NULL);
    expect_near(value_of(audit, "availability_indicator", "b1", "observed"), 8, 0);
    expect_near(value_of(audit, "availability_indicator", "b1", "share"), 8.0 / 12, 1e-16);
    expect_near(value_of(audit, "availability_indicator", "c", "share"), 0, 0);
    expect_near(value_of(audit, "availability_region", "1", "share"), 4.0 / 6, 1e-16);
    expect_near(value_of(audit, "availability_region", "2", "share"), 5.0 / 6, 1e-16);
    expect_near(value_of(audit, "correlation_rows", "b1", "b2"), 8, 0);
    expect_near(value_of(audit, "correlation_rows", "b1", "c"), 0, 0);
    expect_nan(value_of(audit, "correlation_pearson", "b1", "c"));
    expect_near(value_of(audit, "bartlett", "b", "rows"), 8, 0);
    smr_audit_unref(audit);
}

TEST(periods)
{
    static const char *const periods[] = {"2020", "2020", "2020", "2020", "2020", "2020",
                                          "2021", "2021", "2021", "2021", "2021", "2021"};
    static const char *const regions[] = {"p", "q", "r", "s", "t", "u", "p", "q", "r", "s", "t", "u"};
    smr_audit *audit;
    smr_audit_options options;
    smr_error error = unit_error();
    smr_audit_options_init(&options, sizeof options);
    expect_ok(run_on(unit_context(), plain, ROWS, periods, regions, &options, &audit, &error), &error);
    expect_near(value_of(audit, "size", "data", "rows"), 12, 0);
    expect_near(value_of(audit, "size", "data", "regions"), 6, 0);
    expect_near(value_of(audit, "size", "data", "periods"), 2, 0);
    smr_audit_unref(audit);
    options.period = "2020";
    expect_ok(run_on(unit_context(), plain, ROWS, periods, regions, &options, &audit, &error), &error);
    expect_near(value_of(audit, "size", "data", "rows"), 6, 0);
    expect_near(value_of(audit, "size", "data", "periods"), 1, 0);
    expect_near(value_of(audit, "correlation_rows", "a1", "a2"), 6, 0);
    /* a2 exchanges neighbours: 3 of 15 pairs stand the wrong way round. */
    expect_near(value_of(audit, "correlation_kendall", "a1", "a2"), 9.0 / 15, 1e-15);
    smr_audit_unref(audit);
    options.period = "2022";
    expect_fails(run_on(unit_context(), plain, ROWS, periods, regions, &options, &audit, &error), &error,
                 SMR_MESSAGE_PERIOD_UNKNOWN);
    expect(audit == NULL);
}

/* ---- little data ---- */

TEST(hardly_any_data)
{
    double same[ROWS], empty[ROWS];
    for (int i = 0; i < ROWS; i++) {
        same[i] = 5;
        empty[i] = NAN;
    }
    for (size_t rows = 1; rows <= 4; rows++) {
        smr_audit *audit = audit_of(plain, rows, NULL);
        const double r = value_of(audit, "correlation_pearson", "a1", "b1");
        expect(rows == 1 ? r != r : r >= -1 && r <= 1);
        const double p = value_of(audit, "correlation_pearson_p", "a1", "b1");
        expect(rows < 3 ? p != p : p >= 0 && p <= 1);
        expect_equal_uint(cells_of(audit, "flag_constant"), rows == 1 ? 8 : cells_of(audit, "flag_constant"));
        smr_audit_unref(audit);
    }
    smr_audit *audit = audit_of((const double *const[]){same, same, values[2], same, same, same}, ROWS, NULL);
    expect_near(value_of(audit, "flag_constant", "a1", "a"), 5, 0);
    expect_equal_uint(cells_of(audit, "cronbach_alpha"), 0);
    expect_nan(value_of(audit, "correlation_spearman", "a1", "a3"));
    smr_audit_unref(audit);
    audit = audit_of((const double *const[]){empty, empty, empty, empty, empty, empty}, ROWS, NULL);
    expect_nan(value_of(audit, "flag_constant", "a1", "a"));
    expect_equal_uint(cells_of(audit, "flag_constant"), 8);
    smr_audit_unref(audit);
    /* No row in which all have a value. */
    double first[ROWS], last[ROWS];
    for (int i = 0; i < ROWS; i++) {
        first[i] = i < 6 ? values[3][i] : NAN;
        last[i] = i < 6 ? NAN : values[4][i];
    }
    audit = audit_of((const double *const[]){values[0], values[1], values[2], first, last, values[5]}, ROWS, NULL);
    expect_near(value_of(audit, "flag_few_rows", "b", "rows"), 0, 0);
    expect_nan(value_of(audit, "cronbach_alpha", "b", "standardised"));
    expect_nan(value_of(audit, "eigenvalues", "b", "PC1"));
    smr_audit_unref(audit);
}

/* ---- texts ---- */

typedef struct text {
    char bytes[400000];
    size_t length, refuse_after;
} text;

static int32_t append(const void *bytes, size_t length, void *user)
{
    text *t = user;
    if (t->length >= t->refuse_after)
        return 1;
    expect(t->length + length < sizeof t->bytes);
    memcpy(t->bytes + t->length, bytes, length);
    t->length += length;
    t->bytes[t->length] = '\0';
    return 0;
}

static text written;

TEST(a_writer_that_refuses)
{
    smr_audit *audit = audit_of(plain, ROWS, NULL);
    smr_error error = unit_error();
    written = (text){.refuse_after = 1};
    expect_fails(smr_audit_write_csv(audit, append, &written, &error), &error, SMR_MESSAGE_WRITE_FAILED);
    written = (text){.refuse_after = 1};
    expect_fails(smr_audit_write_json(audit, append, &written, &error), &error, SMR_MESSAGE_WRITE_FAILED);
    smr_audit_unref(audit);
}

/* What is not defined is an empty field. */
TEST(csv_without_data)
{
    smr_audit *audit = audit_of(plain, 1, NULL);
    smr_error error = unit_error();
    written = (text){.refuse_after = SIZE_MAX};
    expect_ok(smr_audit_write_csv(audit, append, &written, &error), &error);
    expect(strstr(written.bytes, "\ncorrelation_pearson,a1,a2,\n") != NULL);
    expect(strstr(written.bytes, "nan") == NULL && strstr(written.bytes, "inf") == NULL);
    smr_audit_unref(audit);
}

/* ---- failure, threads ---- */

static smr_status scenario(failure_run *run)
{
    static double holed[ROWS];
    smr_audit *audit;
    memcpy(holed, values[4], sizeof holed);
    holed[3] = NAN;
    const double *const columns[] = {values[0], values[1], values[2], values[3], holed, values[5]};
    const smr_status status = run_on(run->context, columns, ROWS, NULL, NULL, NULL, &audit, &run->error);
    failure_require(run, (audit == NULL) == (status != SMR_OK));
    smr_audit_unref(audit);
    return status;
}

/* What the tests of audit_imputation.c do not reach: the choice of methods and the gathering of their data. */
static smr_status trial_scenario(failure_run *run)
{
    static const char *const periods[] = {"2020", "2020", "2020", "2020", "2021", "2021", "2021", "2021"};
    static const char *const regions[] = {"p", "q", "r", "s", "p", "q", "r", "s"};
    smr_audit *audit = NULL;
    smr_dataset *dataset = NULL;
    smr_model *model = NULL;
    smr_imputation_options options;
    smr_imputation_options_init(&options, sizeof options);
    options.repeats = 1;
    smr_columns input;
    smr_columns_init(&input, sizeof input);
    input.rows = 8;
    input.column_count = 6;
    input.ids = ids;
    input.values = plain;
    input.periods = periods;
    input.regions = regions;
    smr_framework *framework = make_framework(run->context, &run->error);
    smr_status status = framework ? SMR_OK : run->error.status;
    if (!status)
        status = smr_dataset_from_columns(run->context, &input, &dataset, &run->error);
    if (!status)
        status = smr_model_fit(run->context, framework, dataset, NULL, &model, &run->error);
    if (!status)
        status = smr_audit_imputation(run->context, model, dataset, &options, &audit, &run->error);
    failure_require(run, (audit == NULL) == (status != SMR_OK));
    smr_audit_unref(audit);
    smr_model_unref(model);
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
    return status;
}

TEST(memory_may_end_anywhere)
{
    expect_equal_uint(failure_sweep("audit", scenario, NULL), 0);
    expect_equal_uint(failure_sweep("trial of imputations", trial_scenario, NULL), 0);
}

TEST(threads_change_no_bit)
{
    smr_context_options options;
    smr_context *context;
    smr_audit *one, *four;
    smr_error error = unit_error();
    smr_context_options_init(&options, sizeof options);
    options.threads = 4;
    expect_ok(smr_context_new(&options, &context, &error), &error);
    expect_ok(run_on(context, plain, ROWS, NULL, NULL, NULL, &four, &error), &error);
    one = audit_of(plain, ROWS, NULL);
    for (size_t i = 0; i < smr_audit_section_count(one); i++) {
        expect_equal_uint(smr_audit_cell_count(one, i), smr_audit_cell_count(four, i));
        for (size_t cell = 0; cell < smr_audit_cell_count(one, i); cell++)
            expect_same_bits(smr_audit_values(one, i)[cell], smr_audit_values(four, i)[cell]);
    }
    smr_audit_unref(one);
    smr_audit_unref(four);
    smr_context_unref(context);
}

static const unit_test tests[] = {
    UNIT(correlations_within_and_across_levels),
    UNIT(families),
    UNIT(how_many_factors),
    UNIT(flags),
    UNIT(flags_where_the_lowest_score_is_best),
    UNIT(availability),
    UNIT(periods),
    UNIT(hardly_any_data),
    UNIT(a_writer_that_refuses),
    UNIT(csv_without_data),
    UNIT(memory_may_end_anywhere),
    UNIT(threads_change_no_bit),
};
UNIT_SUITE(audit, tests)
