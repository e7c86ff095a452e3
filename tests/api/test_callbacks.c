/* SPDX-License-Identifier: MIT */
/* Write, read, progress and report callbacks: what they get, and what becomes of a call when they fail. */
#include "api.h"

#include "catalogue_plans.h"

#include <stdlib.h>
#include <string.h>

/* ---- writing ---- */

/* A world whose texts are longer than any buffer. */
static api_world large_world(void) {
    char *csv = api_random_csv(600, catalogue_columns, CATALOGUE_COLUMNS, 11, 0.1);
    api_world world = api_world_make(catalogue_tree, csv, "{'normalise': 'rank'}");
    free(csv);
    return world;
}

typedef smr_status (*writing_call)(const api_world *world, smr_write_callback write, void *user, smr_error *error);

static smr_status write_framework(const api_world *world, smr_write_callback write, void *user, smr_error *error) {
    return smr_framework_write(world->framework, write, user, error);
}

static smr_status write_dataset(const api_world *world, smr_write_callback write, void *user, smr_error *error) {
    return smr_dataset_write_csv(world->dataset, NULL, 0, write, user, error);
}

static smr_status write_resolved(const api_world *world, smr_write_callback write, void *user, smr_error *error) {
    return smr_plan_write_resolved(world->plan, world->framework, write, user, error);
}

static smr_status write_model(const api_world *world, smr_write_callback write, void *user, smr_error *error) {
    return smr_model_write(world->model, write, user, error);
}

static smr_status write_plan(const api_world *world, smr_write_callback write, void *user, smr_error *error) {
    return smr_model_write_plan(world->model, write, user, error);
}

static smr_status write_csv(const api_world *world, smr_write_callback write, void *user, smr_error *error) {
    return smr_scorecard_write_csv(world->card, NULL, write, user, error);
}

static smr_status write_json(const api_world *world, smr_write_callback write, void *user, smr_error *error) {
    return smr_scorecard_write_json(world->card, NULL, write, user, error);
}

static smr_status write_audit(const api_world *world, smr_write_callback write, void *user, smr_error *error,
                              bool json) {
    smr_audit *audit = NULL;
    smr_status status = smr_audit_run(NULL, world->model, world->dataset, NULL, &audit, error);
    if (status == SMR_OK) {
        status =
            json ? smr_audit_write_json(audit, write, user, error) : smr_audit_write_csv(audit, write, user, error);
    }
    smr_audit_unref(audit);
    return status;
}

static smr_status write_audit_csv(const api_world *world, smr_write_callback write, void *user, smr_error *error) {
    return write_audit(world, write, user, error, false);
}

static smr_status write_audit_json(const api_world *world, smr_write_callback write, void *user, smr_error *error) {
    return write_audit(world, write, user, error, true);
}

/* `pieces` is the least number of pieces that the text is expected to come in. */
static const struct {
    writing_call call;
    size_t pieces;
} writings[] = {
    {write_framework, 1}, {write_dataset, 2}, {write_resolved, 1},  {write_model, 2},      {write_plan, 1},
    {write_csv, 2},       {write_json, 2},    {write_audit_csv, 1}, {write_audit_json, 1},
};

typedef struct failing_write {
    size_t calls, fail_at;
    int32_t answer;
} failing_write;

static int32_t write_until(const void *bytes, size_t length, void *user) {
    failing_write *failing = user;
    failing->calls++;
    /* a piece holds something, or nothing would be written */
    expect(bytes != NULL && length > 0);
    return failing->calls == failing->fail_at ? failing->answer : 0;
}

/* At every call that can fail: SMR_ERROR_WRITE, and not one call after it. */
TEST(every_write_fails_once) {
    api_world world = large_world();
    for (size_t i = 0; i < COUNT(writings); i++) {
        failing_write fine = {0, 0, 0};
        smr_error error = unit_error();
        expect_ok(writings[i].call(&world, write_until, &fine, &error), &error);
        expect(fine.calls >= writings[i].pieces);
        for (size_t call = 1; call <= fine.calls; call++) {
            failing_write failing = {0, call, call % 2 ? 1 : -1};
            error = unit_error();
            expect_fails(writings[i].call(&world, write_until, &failing, &error), &error, SMR_MESSAGE_WRITE_FAILED);
            expect_equal_int(error.status, SMR_ERROR_WRITE);
            expect_equal_uint(failing.calls, call);
            failing.calls = 0;
            expect_equal_int(writings[i].call(&world, write_until, &failing, NULL), SMR_ERROR_WRITE);
        }
    }
    api_world_free(&world);
}

/* ---- reading ---- */

typedef struct failing_read {
    api_source source;
    size_t calls, fail_at;
    int64_t answer;
} failing_read;

static int64_t read_until(void *buffer, size_t size, void *user) {
    failing_read *failing = user;
    failing->calls++;
    return failing->calls == failing->fail_at ? failing->answer : api_source_read(buffer, size, &failing->source);
}

TEST(every_read_fails_once) {
    char *csv = api_random_csv(3000, catalogue_columns, CATALOGUE_COLUMNS, 12, 0.1);
    const size_t length = strlen(csv);
    failing_read fine = {{csv, length, 10000, 0}, 0, 0, 0};
    smr_dataset *whole = NULL;
    smr_error error = unit_error();
    expect_ok(smr_dataset_read_csv(unit_context(), read_until, &fine, NULL, &whole, &error), &error);
    expect(fine.calls > 10);
    expect_equal_uint(smr_dataset_row_count(whole), 3000);
    for (size_t call = 1; call <= fine.calls; call++) {
        failing_read failing = {{csv, length, 10000, 0}, 0, call, -1};
        smr_dataset *dataset = (smr_dataset *)(uintptr_t)1;
        error = unit_error();
        expect_fails(smr_dataset_read_csv(unit_context(), read_until, &failing, NULL, &dataset, &error), &error,
                     SMR_MESSAGE_READ_FAILED);
        expect_equal_int(error.status, SMR_ERROR_READ);
        expect(dataset == NULL);
        expect_equal_uint(failing.calls, call);
    }
    smr_dataset_unref(whole);
    free(csv);
}

/* The text is the same in whatever pieces it comes. */
TEST(pieces_of_any_length) {
    char *csv = api_random_csv(40, catalogue_columns, CATALOGUE_COLUMNS, 13, 0.2);
    smr_dataset *whole = api_dataset(csv);
    api_text expected = {NULL, 0, 0};
    smr_error error = unit_error();
    expect_ok(smr_dataset_write_csv(whole, NULL, 0, api_text_append, &expected, &error), &error);
    static const size_t pieces[] = {1, 2, 3, 7, 64, 1000};
    for (size_t i = 0; i < COUNT(pieces); i++) {
        api_source source = {csv, strlen(csv), pieces[i], 0};
        smr_dataset *dataset = NULL;
        expect_ok(smr_dataset_read_csv(unit_context(), api_source_read, &source, NULL, &dataset, &error), &error);
        expect_dataset(dataset, expected.bytes);
        smr_dataset_unref(dataset);
    }
    /* more than was asked for */
    failing_read lying = {{csv, strlen(csv), 0, 0}, 0, 1, INT64_MAX};
    smr_dataset *dataset = (smr_dataset *)(uintptr_t)1;
    expect_fails(smr_dataset_read_csv(unit_context(), read_until, &lying, NULL, &dataset, &error), &error,
                 SMR_MESSAGE_READ_FAILED);
    expect(dataset == NULL);
    api_text_free(&expected);
    smr_dataset_unref(whole);
    free(csv);
}

/* ---- progress ---- */

typedef struct patience {
    size_t asked, stop_at;
    uint64_t last_done, last_total;
    bool backwards;
} patience;

static int32_t progress(uint64_t done, uint64_t total, void *user) {
    patience *p = user;
    p->asked++;
    p->backwards |= total != 0 && done > total;
    p->last_done = done;
    p->last_total = total;
    return p->asked != p->stop_at;
}

static smr_context *patient_context(patience *p, uint32_t threads) {
    smr_context_options options;
    smr_context *context = NULL;
    smr_error error = unit_error();
    smr_context_options_init(&options, sizeof options);
    options.threads = threads;
    options.progress = progress;
    options.progress_user = p;
    expect_ok(smr_context_new(&options, &context, &error), &error);
    return context;
}

typedef smr_status (*long_call)(smr_context *context, const char *csv, const api_world *world, smr_error *error);

static smr_status long_read(smr_context *context, const char *csv, const api_world *world, smr_error *error) {
    (void)world;
    api_source source = {csv, strlen(csv), 0, 0};
    smr_dataset *dataset = (smr_dataset *)(uintptr_t)1;
    smr_status status = smr_dataset_read_csv(context, api_source_read, &source, NULL, &dataset, error);
    expect((status == SMR_OK) == (dataset != NULL));
    smr_dataset_unref(dataset);
    return status;
}

static smr_status long_fit(smr_context *context, const char *csv, const api_world *world, smr_error *error) {
    (void)csv;
    smr_model *model = (smr_model *)(uintptr_t)1;
    smr_status status = smr_model_fit(context, world->framework, world->dataset, world->plan, &model, error);
    expect((status == SMR_OK) == (model != NULL));
    smr_model_unref(model);
    return status;
}

static smr_status long_score(smr_context *context, const char *csv, const api_world *world, smr_error *error) {
    (void)csv;
    smr_scorecard *card = (smr_scorecard *)(uintptr_t)1;
    smr_status status = smr_model_score(context, world->model, world->dataset, NULL, &card, error);
    expect((status == SMR_OK) == (card != NULL));
    smr_scorecard_unref(card);
    return status;
}

static void take_finding(const smr_error *record, void *user) {
    (void)record;
    (void)user;
}

static smr_status long_check(smr_context *context, const char *csv, const api_world *world, smr_error *error) {
    (void)csv;
    return smr_check(context, world->framework, world->dataset, world->plan, take_finding, NULL, error);
}

static smr_status long_audit(smr_context *context, const char *csv, const api_world *world, smr_error *error) {
    (void)csv;
    smr_audit *audit = (smr_audit *)(uintptr_t)1;
    smr_status status = smr_audit_run(context, world->model, world->dataset, NULL, &audit, error);
    expect((status == SMR_OK) == (audit != NULL));
    smr_audit_unref(audit);
    return status;
}

static smr_status long_imputation(smr_context *context, const char *csv, const api_world *world, smr_error *error) {
    (void)csv;
    smr_audit *audit = (smr_audit *)(uintptr_t)1;
    smr_imputation_options options;
    smr_imputation_options_init(&options, sizeof options);
    options.repeats = 1;
    smr_status status = smr_audit_imputation(context, world->model, world->dataset, &options, &audit, error);
    expect((status == SMR_OK) == (audit != NULL));
    smr_audit_unref(audit);
    return status;
}

static smr_status long_bounds(smr_context *context, const char *csv, const api_world *world, smr_error *error) {
    (void)csv;
    smr_bounds *bounds = (smr_bounds *)(uintptr_t)1;
    smr_status status = smr_bounds_run(context, world->model, world->dataset, NULL, 0, NULL, NULL, &bounds, error);
    expect((status == SMR_OK) == (bounds != NULL));
    smr_bounds_unref(bounds);
    return status;
}

static smr_status long_break_even(smr_context *context, const char *csv, const api_world *world, smr_error *error) {
    (void)csv;
    smr_break_even *result = (smr_break_even *)(uintptr_t)1;
    const char *first = smr_dataset_region(world->dataset, 0), *second = smr_dataset_region(world->dataset, 1);
    smr_status status =
        smr_break_even_run(context, world->model, world->dataset, first, second, NULL, &result, error);
    expect((status == SMR_OK) == (result != NULL));
    smr_break_even_unref(result);
    return status;
}

static smr_status long_criticality(smr_context *context, const char *csv, const api_world *world, smr_error *error) {
    (void)csv;
    smr_criticality *result = (smr_criticality *)(uintptr_t)1;
    smr_status status = smr_criticality_run(context, world->model, world->dataset, NULL, &result, error);
    expect((status == SMR_OK) == (result != NULL));
    smr_criticality_unref(result);
    return status;
}

static smr_status long_leave_out(smr_context *context, const char *csv, const api_world *world, smr_error *error) {
    (void)csv;
    smr_leave_out *result = (smr_leave_out *)(uintptr_t)1;
    smr_status status =
        smr_leave_out_run(context, world->framework, world->dataset, world->plan, NULL, &result, error);
    expect((status == SMR_OK) == (result != NULL));
    smr_leave_out_unref(result);
    return status;
}

static smr_status long_robust(smr_context *context, const char *csv, const api_world *world, smr_error *error) {
    (void)csv;
    smr_robust_options options;
    smr_robust_options_init(&options, sizeof options);
    options.draws = 3000;
    smr_robust *robust = (smr_robust *)(uintptr_t)1;
    smr_status status =
        smr_robust_run(context, world->framework, world->dataset, world->plan, NULL, &options, &robust, error);
    expect((status == SMR_OK) == (robust != NULL));
    smr_robust_unref(robust);
    return status;
}

/* Whenever the callback is asked, a no ends the call. The audits are slow, and get fewer rows. */
static void expect_cancelled(const long_call *calls, size_t count, size_t rows, const char *plan) {
    char *csv = api_random_csv(rows, catalogue_columns, CATALOGUE_COLUMNS, 14, 0.1);
    api_world world = api_world_make(catalogue_tree, csv, plan);
    for (uint32_t threads = 1; threads <= 2; threads++) {
        for (size_t i = 0; i < count; i++) {
            patience endless = {0, 0, 0, 0, false};
            smr_context *context = patient_context(&endless, threads);
            smr_error error = unit_error();
            expect_ok(calls[i](context, csv, &world, &error), &error);
            smr_context_unref(context);
            expect(endless.asked > 0);
            expect(!endless.backwards);
            /* all, or forty of them spread over the whole */
            size_t stride = endless.asked / 40 + 1;
            for (size_t stop = 1; stop <= endless.asked; stop += stride) {
                patience p = {0, stop, 0, 0, false};
                context = patient_context(&p, threads);
                error = unit_error();
                expect_fails(calls[i](context, csv, &world, &error), &error, SMR_MESSAGE_CANCELLED);
                expect_equal_int(error.status, SMR_ERROR_CANCELLED);
                expect_equal_uint(p.asked, stop);
                p = (patience){0, stop, 0, 0, false};
                expect_equal_int(calls[i](context, csv, &world, NULL), SMR_ERROR_CANCELLED);
                smr_context_unref(context);
            }
        }
    }
    api_world_free(&world);
    free(csv);
}

TEST(cancelled_whenever_asked) {
    static const long_call calls[] = {long_read, long_fit, long_score, long_check},
                           audits[] = {long_audit, long_imputation, long_robust};
    expect_cancelled(calls, COUNT(calls), 9000, NULL);
    expect_cancelled(audits, COUNT(audits), 30, NULL);
}

TEST(how_firm_an_order_is_cancelled) {
    static const long_call calls[] = {long_bounds, long_break_even, long_criticality, long_leave_out};
    expect_cancelled(calls, COUNT(calls), 20, "{'impute': 'mean'}");
}

/* ---- reports ---- */

typedef struct reports {
    size_t count;
    smr_error records[40];
} reports;

static void take_report(const smr_error *record, void *user) {
    reports *r = user;
    if (r->count < COUNT(r->records)) {
        r->records[r->count] = *record;
    }
    r->count++;
}

static smr_context *reporting_context(reports *r) {
    smr_context_options options;
    smr_context *context = NULL;
    smr_error error = unit_error();
    smr_context_options_init(&options, sizeof options);
    options.report = take_report;
    options.report_user = r;
    r->count = 0;
    expect_ok(smr_context_new(&options, &context, &error), &error);
    return context;
}

/* Up to twenty errors in one go, the first also in the record. */
TEST(up_to_twenty_errors_at_once) {
    api_text csv = {NULL, 0, 0};
    api_text_append("region,x\n", 9, &csv);
    for (int row = 0; row < 30; row++) {
        char line[] = "r00,no\n";
        line[1] = (char)('0' + row / 10);
        line[2] = (char)('0' + row % 10);
        api_text_append(row % 2 ? line : "", row % 2 ? 7 : 0, &csv);
        line[4] = '1';
        line[5] = '2';
        api_text_append(row % 2 ? "" : line, row % 2 ? 0 : 7, &csv);
    }
    for (int row = 0; row < 15; row++) {
        api_text_append("r00,1.0.0\n", 10, &csv);
    }
    reports r;
    smr_context *context = reporting_context(&r);
    smr_framework *framework = api_framework("{'id': 'i', 'children': [{'id': 'x'}]}");
    smr_csv_options options;
    smr_csv_options_init(&options, sizeof options);
    options.framework = framework;
    options.source_name = "many.csv";
    api_source source = {csv.bytes, csv.length, 0, 0};
    smr_dataset *dataset = (smr_dataset *)(uintptr_t)1;
    smr_error error = unit_error();
    expect_fails(smr_dataset_read_csv(context, api_source_read, &source, &options, &dataset, &error), &error,
                 SMR_MESSAGE_NUMBER_EXPECTED);
    expect(dataset == NULL);
    expect_equal_uint(r.count, 20);
    expect_equal_uint(error.row, 3);
    expect_text(error.source, "many.csv");
    expect_text(error.subject, "x");
    for (size_t i = 0; i < r.count; i++) {
        expect_equal_int(r.records[i].severity, SMR_SEVERITY_ERROR);
        expect(i == 0 || r.records[i].row >= r.records[i - 1].row);
        expect_text(r.records[i].source, "many.csv");
    }
    expect_bytes(&r.records[0], &error, sizeof error);
    smr_framework_unref(framework);
    smr_context_unref(context);
    api_text_free(&csv);
}

/* An imputation that ends before it has settled says so; one that settles does not. */
TEST(em_that_does_not_settle) {
    static const char *const plans[] = {"{'impute': {'method': 'em', 'iterations': 1}}", "{'impute': 'em'}"};
    for (size_t i = 0; i < COUNT(plans); i++) {
        reports r;
        smr_context *context = reporting_context(&r);
        smr_framework *framework = api_framework("{'id': 'i', 'children': [{'id': 'x'}, {'id': 'y'}]}");
        smr_dataset *dataset = api_dataset("region,x,y\nA,1,2\nB,2,3.5\nC,3,7\nD,4,\nE,,9\nF,6,8\n");
        smr_plan *plan = api_plan(plans[i]);
        smr_model *model = NULL;
        smr_error error = unit_error();
        expect_ok(smr_model_fit(context, framework, dataset, plan, &model, &error), &error);
        expect_equal_uint(r.count, i == 0);
        if (i == 0) {
            expect_equal_int(r.records[0].code, SMR_MESSAGE_EM_UNSETTLED);
            expect_equal_int(r.records[0].severity, SMR_SEVERITY_WARNING);
        }
        smr_model_unref(model);
        smr_plan_unref(plan);
        smr_dataset_unref(dataset);
        smr_framework_unref(framework);
        smr_context_unref(context);
    }
}

/* ---- check ---- */

static bool has_finding(const reports *r, int32_t code, const char *subject, const char *region, int32_t severity) {
    for (size_t i = 0; i < r->count; i++) {
        const smr_error *record = &r->records[i];
        if (record->code == code && strcmp(record->subject, subject) == 0 && strcmp(record->source, region) == 0) {
            expect_equal_int(record->severity, severity);
            expect(record->message[0] != '\0');
            return true;
        }
    }
    return false;
}

TEST(check_finds) {
    reports r = {.count = 0};
    smr_framework *framework = api_framework("{'id': 'i', 'children': [{'id': 'constant'}, {'id': 'absent'}, {'id': "
                                             "'empty'}, {'id': 'per_head', 'denominator':"
                                             " 'population'}, {'id': 'posts', 'worst': 0, 'best': 10}, {'id': 'root', "
                                             "'transform': 'sqrt'}, {'id': 'three'}]}");
    smr_dataset *dataset = api_dataset("region,income,population,constant,empty,per_head,posts,root,three,other\n"
                                       "A,HIC,10,7,,5,11,4,1.234,1\n"
                                       "B,LIC,0,7,,5,5,-1,12.670,2\n"
                                       "C,LIC,,,,5,,,,3\n");
    smr_error error = unit_error();
    expect_ok(smr_check(NULL, framework, dataset, NULL, take_report, &r, &error), &error);
    expect(r.count <= COUNT(r.records));
    expect(has_finding(&r, SMR_MESSAGE_CHECK_COLUMN_MISSING, "absent", "", SMR_SEVERITY_WARNING));
    expect(has_finding(&r, SMR_MESSAGE_CHECK_EMPTY, "empty", "", SMR_SEVERITY_WARNING));
    expect(has_finding(&r, SMR_MESSAGE_CHECK_CONSTANT, "constant", "", SMR_SEVERITY_WARNING));
    expect(has_finding(&r, SMR_MESSAGE_CHECK_DENOMINATOR_ZERO, "per_head", "B", SMR_SEVERITY_WARNING));
    expect(has_finding(&r, SMR_MESSAGE_CHECK_DENOMINATOR_MISSING, "per_head", "C", SMR_SEVERITY_WARNING));
    expect(has_finding(&r, SMR_MESSAGE_CHECK_BEYOND_GOALPOSTS, "posts", "A", SMR_SEVERITY_NOTE));
    expect(has_finding(&r, SMR_MESSAGE_CHECK_DOMAIN, "root", "B", SMR_SEVERITY_WARNING));
    expect(has_finding(&r, SMR_MESSAGE_CHECK_THREE_DECIMALS, "three", "", SMR_SEVERITY_WARNING));
    expect(has_finding(&r, SMR_MESSAGE_CHECK_OTHER_COLUMN, "other", "", SMR_SEVERITY_NOTE));
    expect(has_finding(&r, SMR_MESSAGE_CHECK_OTHER_COLUMN, "income", "", SMR_SEVERITY_NOTE));
    expect(has_finding(&r, SMR_MESSAGE_CHECK_NOT_SCORED, "i", "C", SMR_SEVERITY_WARNING));
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);

    /* nothing to say of clean data; and a plan that is wrong is no finding */
    framework = api_framework("{'id': 'i', 'children': [{'id': 'x', 'kind': 'binary'}, {'id': 'y'}]}");
    dataset = api_dataset("region,x,y\nA,0,2\nB,1,3\n");
    r.count = 0;
    expect_ok(smr_check(NULL, framework, dataset, NULL, take_report, &r, &error), &error);
    expect_equal_uint(r.count, 0);
    smr_plan *plan = api_plan("{'normalise': 'goalposts'}");
    expect_fails(smr_check(NULL, framework, dataset, plan, take_report, &r, &error), &error,
                 SMR_MESSAGE_PLAN_GOALPOSTS_MISSING);
    expect_equal_uint(r.count, 0);
    smr_plan_unref(plan);
    smr_dataset_unref(dataset);
    /* values against their kind: read without the framework, nobody has looked before */
    dataset = api_dataset("region,x,y\nA,0,2\nB,0.5,3\n");
    expect_ok(smr_check(NULL, framework, dataset, NULL, take_report, &r, &error), &error);
    expect(has_finding(&r, SMR_MESSAGE_CHECK_KIND, "x", "B", SMR_SEVERITY_WARNING));
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
}

TEST(check_finds_low_coverage) {
    reports r = {.count = 0};
    smr_framework *framework =
        api_framework("{'id': 'i', 'children': [{'id': 'x', 'weight': 3}, {'id': 'y', 'weight': 2}]}");
    smr_dataset *dataset = api_dataset("region,period,x,y\nA,2020,1,2\nB,2020,,3\nC,2020,2,\n");
    smr_error error = unit_error();
    expect_ok(smr_check(NULL, framework, dataset, NULL, take_report, &r, &error), &error);
    expect(has_finding(&r, SMR_MESSAGE_CHECK_LOW_COVERAGE, "i", "B", SMR_SEVERITY_WARNING));
    expect(!has_finding(&r, SMR_MESSAGE_CHECK_LOW_COVERAGE, "i", "C", SMR_SEVERITY_WARNING));
    expect_equal_uint(r.count, 1);
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
}

static const unit_test tests[] = {
    UNIT(em_that_does_not_settle),
    UNIT(every_write_fails_once),   UNIT(every_read_fails_once),       UNIT(pieces_of_any_length),
    UNIT(cancelled_whenever_asked), UNIT(up_to_twenty_errors_at_once), UNIT(check_finds),
    UNIT(check_finds_low_coverage), UNIT(how_firm_an_order_is_cancelled),
};
UNIT_SUITE(callbacks, tests)
