/* SPDX-License-Identifier: MIT */
/* The context: allocator, threads, kernels, limits, progress and reports. And the version of the library. */
#include "base/base_impl.h"

#include <unistd.h>

/* What the library's own indices can count; a limit above is taken as this. */
#define GREATEST_ROWS (UINT64_C(0xffffffff) - 1)
#define GREATEST_COLUMNS (UINT64_C(0xffffffff) - 1)
/* Trees are walked by recursion. */
#define GREATEST_DEPTH UINT64_C(1024)

#define DEFAULT_MAX_BYTES (UINT64_C(1) << 40)
#define DEFAULT_MAX_ROWS UINT64_C(0x7fffffff)
#define DEFAULT_MAX_COLUMNS UINT64_C(65536)
#define DEFAULT_MAX_DEPTH UINT64_C(64)
#define DEFAULT_MAX_FIELD_BYTES (UINT64_C(1) << 20)

static const smr_context_options default_options = {
    .size = sizeof(smr_context_options),
    .threads = 1,
    .max_bytes = DEFAULT_MAX_BYTES,
    .max_rows = DEFAULT_MAX_ROWS,
    .max_columns = DEFAULT_MAX_COLUMNS,
    .max_depth = DEFAULT_MAX_DEPTH,
    .max_field_bytes = DEFAULT_MAX_FIELD_BYTES,
};

/* What NULL stands for. It is constant: it is not counted, and its kernels are looked up at each use. */
static const smr_context default_context = {
    .allocator = {smri_c_allocate, smri_c_reallocate, smri_c_release, NULL},
    .threads = 1,
    .max_bytes = DEFAULT_MAX_BYTES,
    .max_rows = DEFAULT_MAX_ROWS,
    .max_columns = DEFAULT_MAX_COLUMNS,
    .max_depth = DEFAULT_MAX_DEPTH,
    .max_field_bytes = DEFAULT_MAX_FIELD_BYTES,
};

/* The one place where the const of a context is cast away. Functions take a const context because they change nothing
 * one can see; only the count of its owners changes, and every context but the default one was allocated as a
 * variable, so that this is defined. Through an integer, for a direct cast would need a warning silenced. */
static smr_context *countable(const smr_context *context) {
    return context == &default_context ? NULL : (smr_context *)(uintptr_t)context;
}

const smr_context *smri_context(const smr_context *context) {
    return context ? context : &default_context;
}

const smri_kernels *smri_context_kernels(const smr_context *context) {
    return context->kernels ? context->kernels : smri_kernels_select(NULL);
}

const smr_context *smri_context_ref(const smr_context *context) {
    smr_context_ref(countable(context));
    return smri_context(context);
}

void smri_context_unref(const smr_context *context) {
    smr_context_unref(countable(context));
}

void smri_report(const smr_context *context, int32_t severity, int32_t code, const smri_place *place,
                 const char *const *texts, size_t count) {
    if (context->report == NULL) {
        return;
    }
    smr_error record;
    smr_error_init(&record, sizeof record);
    smri_fail_texts(&record, code, place, texts, count);
    record.severity = severity;
    context->report(&record, context->report_user);
}

bool smri_cancelled(const smr_context *context, uint64_t done, uint64_t total, smr_error *error) {
    if (context->progress == NULL || context->progress(done, total, context->progress_user) != 0) {
        return false;
    }
    smri_fail_plain(error, SMR_MESSAGE_CANCELLED, NULL);
    return true;
}

static uint32_t count_processors(void) {
#ifdef _SC_NPROCESSORS_ONLN
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (uint32_t)SMRI_MIN(count, 65536) : 1;
#else
    return 1;
#endif
}

/* Fills in the C library's allocator when none is given. */
static smr_status choose_allocator(smr_allocator *allocator, smr_error *error) {
    int given = (allocator->allocate != NULL) + (allocator->reallocate != NULL) + (allocator->release != NULL);
    if (given == 0) {
        *allocator = default_context.allocator;
    } else if (given != 3) {
        return smri_fail_argument(error, "options.allocator", "must have all three functions or none");
    }
    return SMR_OK;
}

void smr_context_options_init(smr_context_options *options, size_t size) {
    smri_options_init(options, size, &default_options, sizeof default_options);
}

smr_status smr_context_new(const smr_context_options *options, smr_context **context, smr_error *error) {
    if (context == NULL) {
        return smri_fail_argument(error, "context", "must not be NULL");
    }
    *context = NULL;
    smr_context_options wanted = default_options;
    smr_status status = smri_options_read(&wanted, sizeof wanted, options, "options", error);
    if (status == SMR_OK) {
        status = choose_allocator(&wanted.allocator, error);
    }
    if (status != SMR_OK) {
        return status;
    }
    const smri_kernels *kernels = smri_kernels_select(wanted.kernel);
    if (kernels == NULL) {
        return smri_fail(error, SMR_MESSAGE_KERNEL_UNKNOWN, NULL, wanted.kernel);
    }
    smr_context *made = wanted.allocator.allocate(sizeof *made, wanted.allocator.user);
    if (made == NULL) {
        return smri_fail_memory(error);
    }
    memset(made, 0, sizeof *made);
    atomic_init(&made->references, 1);
    made->allocator = wanted.allocator;
    made->threads = wanted.threads ? wanted.threads : count_processors();
    made->kernels = kernels;
    made->max_bytes = wanted.max_bytes;
    made->max_rows = SMRI_MIN(wanted.max_rows, GREATEST_ROWS);
    made->max_columns = SMRI_MIN(wanted.max_columns, GREATEST_COLUMNS);
    made->max_depth = SMRI_MIN(wanted.max_depth, GREATEST_DEPTH);
    made->max_field_bytes = wanted.max_field_bytes;
    made->progress = wanted.progress;
    made->progress_user = wanted.progress_user;
    made->report = wanted.report;
    made->report_user = wanted.report_user;
    *context = made;
    return SMR_OK;
}

smr_context *smr_context_ref(smr_context *context) {
    if (context != NULL) {
        atomic_fetch_add_explicit(&context->references, 1, memory_order_relaxed);
    }
    return context;
}

void smr_context_unref(smr_context *context) {
    if (context == NULL || atomic_fetch_sub_explicit(&context->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    smr_allocator allocator = context->allocator;
    allocator.release(context, allocator.user);
}

const char *smr_context_kernel(const smr_context *context) {
    return smri_context_kernels(smri_context(context))->name;
}

const char *smr_version(void) {
    return SMR_VERSION_TEXT;
}

uint32_t smr_version_number(void) {
    return SMR_VERSION_NUMBER;
}
