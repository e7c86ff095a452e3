/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <string.h>

#include "base/base_impl.h"

#include "failure/failing_allocator.h"

static smr_context_options default_options(void) {
    smr_context_options options;
    memset(&options, 0xff, sizeof options);
    smr_context_options_init(&options, sizeof options);
    return options;
}

TEST(options_start_with_what_the_header_promises) {
    smr_context_options options = default_options();
    expect_equal_uint(options.size, sizeof options);
    expect_equal_uint(options.threads, 1);
    expect(options.allocator.allocate == NULL);
    expect(options.allocator.reallocate == NULL);
    expect(options.allocator.release == NULL);
    expect(options.kernel == NULL);
    expect_equal_uint(options.max_bytes, UINT64_C(1099511627776));
    expect_equal_uint(options.max_rows, 2147483647);
    expect_equal_uint(options.max_columns, 65536);
    expect_equal_uint(options.max_depth, 64);
    expect_equal_uint(options.max_field_bytes, 1048576);
    expect(options.progress == NULL);
    expect(options.report == NULL);
}

TEST(no_options_are_the_default_options) {
    smr_error error = unit_error();
    smr_context *made = NULL;
    expect_ok(smr_context_new(NULL, &made, &error), &error);
    const smr_context *standard = smri_context(NULL);
    expect(smri_context(made) == made);
    expect(standard != NULL && standard != made);
    expect_equal_uint(made->threads, standard->threads);
    expect_equal_uint(made->max_bytes, standard->max_bytes);
    expect_equal_uint(made->max_rows, standard->max_rows);
    expect_equal_uint(made->max_columns, standard->max_columns);
    expect_equal_uint(made->max_depth, standard->max_depth);
    expect_equal_uint(made->max_field_bytes, standard->max_field_bytes);
    expect(smri_context_kernels(made) == smri_context_kernels(standard));
    expect_text(smr_context_kernel(made), smr_context_kernel(NULL));
    smr_context_unref(made);
}

TEST(zero_threads_are_all_processors) {
    smr_context_options options = default_options();
    options.threads = 0;
    smr_error error = unit_error();
    smr_context *made = NULL;
    expect_ok(smr_context_new(&options, &made, &error), &error);
    expect(made->threads >= 1);
    smr_context_unref(made);
    options.threads = 7;
    expect_ok(smr_context_new(&options, &made, &error), &error);
    expect_equal_uint(made->threads, 7);
    smr_context_unref(made);
}

TEST(a_limit_beyond_counting_is_lowered) {
    smr_context_options options = default_options();
    options.max_bytes = options.max_rows = options.max_columns = options.max_depth = options.max_field_bytes =
        UINT64_MAX;
    smr_error error = unit_error();
    smr_context *made = NULL;
    expect_ok(smr_context_new(&options, &made, &error), &error);
    expect_equal_uint(made->max_rows, SMRI_NOT_FOUND - 1);
    expect_equal_uint(made->max_columns, SMRI_NOT_FOUND - 1);
    expect_equal_uint(made->max_depth, 1024);
    expect_equal_uint(made->max_bytes, UINT64_MAX);
    expect_equal_uint(made->max_field_bytes, UINT64_MAX);
    smr_context_unref(made);
}

TEST(zero_limits_are_kept) {
    smr_context_options options = default_options();
    options.max_rows = options.max_depth = 0;
    smr_error error = unit_error();
    smr_context *made = NULL;
    expect_ok(smr_context_new(&options, &made, &error), &error);
    expect_equal_uint(made->max_rows, 0);
    expect_equal_uint(made->max_depth, 0);
    smr_context_unref(made);
}

TEST(kernels_are_chosen_by_name) {
    smr_context_options options = default_options();
    smr_error error = unit_error();
    smr_context *made = NULL;
    options.kernel = "baseline";
    expect_ok(smr_context_new(&options, &made, &error), &error);
    expect_text(smr_context_kernel(made), "baseline");
    smr_context_unref(made);

    options.kernel = "abacus";
    made = unit_context();
    expect_fails(smr_context_new(&options, &made, &error), &error, SMR_MESSAGE_KERNEL_UNKNOWN);
    expect(made == NULL);
    expect_text(error.message, "kernel \"abacus\" is unknown or cannot run on this processor");
    expect_equal_int(error.status, SMR_ERROR_UNSUPPORTED);
}

TEST(half_an_allocator_is_refused) {
    failing_allocator failing;
    failing_allocator_init(&failing, 0, false);
    for (int present = 1; present <= 6; present++) { /* every mix but none and all */
        smr_context_options options = default_options();
        options.allocator.allocate = present & 1 ? failing.allocator.allocate : NULL;
        options.allocator.reallocate = present & 2 ? failing.allocator.reallocate : NULL;
        options.allocator.release = present & 4 ? failing.allocator.release : NULL;
        options.allocator.user = &failing;
        smr_error error = unit_error();
        smr_context *made = unit_context();
        expect_fails(smr_context_new(&options, &made, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
        expect(made == NULL);
    }
    expect_equal_uint(failing.calls, 0);
}

TEST(wrong_calls_are_refused) {
    smr_error error = unit_error();
    expect_fails(smr_context_new(NULL, NULL, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect_equal_int(smr_context_new(NULL, NULL, NULL), SMR_ERROR_ARGUMENT);
    smr_context_options options = default_options();
    options.size = 0;
    smr_context *made = unit_context();
    expect_fails(smr_context_new(&options, &made, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect(made == NULL);
}

TEST(the_callers_allocator_holds_the_context) {
    failing_allocator failing;
    failing_allocator_init(&failing, 0, false);
    smr_context_options options = default_options();
    options.allocator = failing.allocator;
    smr_error error = unit_error();
    smr_context *made = NULL;
    expect_ok(smr_context_new(&options, &made, &error), &error);
    expect_equal_uint(failing.live_blocks, 1);
    void *block = smri_alloc(made, 10, 10);
    expect(block != NULL);
    expect_equal_uint(failing.live_blocks, 2);
    smri_free(made, block);
    smr_context_unref(made);
    expect_equal_uint(failing.live_blocks, 0);
}

TEST(without_memory_there_is_no_context) {
    failing_allocator failing;
    failing_allocator_init(&failing, 1, false);
    smr_context_options options = default_options();
    options.allocator = failing.allocator;
    smr_error error = unit_error();
    smr_context *made = unit_context();
    expect_fails(smr_context_new(&options, &made, &error), &error, SMR_MESSAGE_OUT_OF_MEMORY);
    expect(made == NULL);
    expect_equal_uint(failing.live_blocks, 0);
}

TEST(the_last_owner_frees) {
    failing_allocator failing;
    failing_allocator_init(&failing, 0, false);
    smr_context_options options = default_options();
    options.allocator = failing.allocator;
    smr_error error = unit_error();
    smr_context *made = NULL;
    expect_ok(smr_context_new(&options, &made, &error), &error);
    expect(smr_context_ref(made) == made);
    expect(smri_context_ref(made) == made);
    smr_context_unref(made);
    smri_context_unref(made);
    expect_equal_uint(failing.live_blocks, 1);
    smr_context_unref(made);
    expect_equal_uint(failing.live_blocks, 0);
}

TEST(the_default_context_is_not_counted) {
    expect(smr_context_ref(NULL) == NULL);
    smr_context_unref(NULL);
    const smr_context *standard = smri_context_ref(NULL);
    expect(standard == smri_context(NULL));
    expect(smri_context_ref(standard) == standard); /* it lies in constant memory: a write would crash */
    smri_context_unref(standard);
    smri_context_unref(NULL);
}

typedef struct progress_log {
    uint64_t done, total;
    int32_t answer;
    int calls;
} progress_log;

static int32_t record_progress(uint64_t done, uint64_t total, void *user) {
    progress_log *log = user;
    log->done = done;
    log->total = total;
    log->calls++;
    return log->answer;
}

TEST(progress_can_cancel) {
    progress_log log = {0, 0, 1, 0};
    smr_context_options options = default_options();
    options.progress = record_progress;
    options.progress_user = &log;
    smr_error error = unit_error();
    smr_context *made = NULL;
    expect_ok(smr_context_new(&options, &made, &error), &error);
    expect(!smri_cancelled(made, 3, 10, &error));
    expect_equal_uint(log.done, 3);
    expect_equal_uint(log.total, 10);
    expect_equal_int(error.status, SMR_OK);
    log.answer = 0;
    expect(smri_cancelled(made, 4, 10, &error));
    expect_equal_int(error.code, SMR_MESSAGE_CANCELLED);
    expect_equal_int(error.status, SMR_ERROR_CANCELLED);
    expect(smri_cancelled(made, 5, 10, NULL));
    expect_equal_int(log.calls, 3);
    expect(!smri_cancelled(smri_context(NULL), 0, 0, &error));
    smr_context_unref(made);
}

static void keep_record(const smr_error *record, void *user) {
    memcpy(user, record, sizeof *record);
}

TEST(reports_reach_the_callback) {
    smr_error record = unit_error();
    smr_context_options options = default_options();
    options.report = keep_record;
    options.report_user = &record;
    smr_error error = unit_error();
    smr_context *made = NULL;
    expect_ok(smr_context_new(&options, &made, &error), &error);
    smri_place place = {.row = 2, .subject = "gdp"};
    const char *const texts[] = {"the row", "5"};
    smri_report(made, SMR_SEVERITY_WARNING, SMR_MESSAGE_LIMIT_PASSED, &place, texts, 2);
    expect_equal_uint(record.size, sizeof record);
    expect_equal_int(record.severity, SMR_SEVERITY_WARNING);
    expect_equal_int(record.code, SMR_MESSAGE_LIMIT_PASSED);
    expect_equal_uint(record.row, 2);
    expect_text(record.subject, "gdp");
    expect_text(record.message, "the row is beyond the limit of 5");
    smri_report(smri_context(NULL), SMR_SEVERITY_NOTE, SMR_MESSAGE_LIMIT_PASSED, &place, texts, 2); /* dropped */
    smr_context_unref(made);
}

TEST(the_version_is_that_of_the_header) {
    expect_text(smr_version(), SMR_VERSION_TEXT);
    expect_equal_uint(smr_version_number(), SMR_VERSION_NUMBER);
    expect_equal_uint(smr_version_number(), SMR_VERSION_MAJOR * 10000 + SMR_VERSION_MINOR * 100 + SMR_VERSION_PATCH);
    expect(SMR_VERSION_AT_LEAST(SMR_VERSION_MAJOR, SMR_VERSION_MINOR, SMR_VERSION_PATCH));
    expect(!SMR_VERSION_AT_LEAST(SMR_VERSION_MAJOR, SMR_VERSION_MINOR, SMR_VERSION_PATCH + 1));
    expect(!SMR_VERSION_AT_LEAST(SMR_VERSION_MAJOR + 1, 0, 0));
}

static const unit_test tests[] = {
    UNIT(options_start_with_what_the_header_promises),
    UNIT(no_options_are_the_default_options),
    UNIT(zero_threads_are_all_processors),
    UNIT(a_limit_beyond_counting_is_lowered),
    UNIT(zero_limits_are_kept),
    UNIT(kernels_are_chosen_by_name),
    UNIT(half_an_allocator_is_refused),
    UNIT(wrong_calls_are_refused),
    UNIT(the_callers_allocator_holds_the_context),
    UNIT(without_memory_there_is_no_context),
    UNIT(the_last_owner_frees),
    UNIT(the_default_context_is_not_counted),
    UNIT(progress_can_cancel),
    UNIT(reports_reach_the_callback),
    UNIT(the_version_is_that_of_the_header),
};
UNIT_SUITE(context, tests)
