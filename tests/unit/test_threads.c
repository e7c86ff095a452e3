/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>
#include <pthread.h>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

#include "base/base_impl.h"

#define PARTS 1000

static smr_context *context_of(uint32_t threads) {
    smr_context_options options;
    smr_context_options_init(&options, sizeof options);
    options.threads = threads;
    smr_error error = unit_error();
    smr_context *context;
    expect_ok(smr_context_new(&options, &context, &error), &error);
    return context;
}

typedef struct tally {
    atomic_uint calls[PARTS];
    atomic_bool elsewhere; /* a part ran on a thread that is not the caller's */
    pthread_t caller;
    const smr_context *context;
} tally;

static void start_tally(tally *t) {
    for (size_t i = 0; i < PARTS; i++) {
        atomic_init(&t->calls[i], 0);
    }
    atomic_init(&t->elsewhere, false);
    t->caller = pthread_self();
}

static void count_call(void *user, size_t part) {
    tally *const t = user;
    atomic_fetch_add(&t->calls[part], 1);
    if (!pthread_equal(pthread_self(), t->caller)) {
        atomic_store(&t->elsewhere, true);
    }
}

TEST(every_part_runs_once) {
    static const uint32_t threads[] = {1, 2, 3, 16};
    static const size_t parts[] = {0, 1, 2, 7, PARTS};
    for (size_t i = 0; i < SMRI_COUNT(threads); i++) {
        smr_context *const context = context_of(threads[i]);
        for (size_t j = 0; j < SMRI_COUNT(parts); j++) {
            tally t;
            start_tally(&t);
            smri_parallel(context, parts[j], count_call, &t);
            for (size_t part = 0; part < PARTS; part++) {
                expect_equal_uint(atomic_load(&t.calls[part]), part < parts[j] ? 1 : 0);
            }
            if (threads[i] == 1 || parts[j] <= 1) {
                expect(!atomic_load(&t.elsewhere));
            }
        }
        smr_context_unref(context);
    }
}

static void note_order(void *user, size_t part) {
    size_t *const seen = user;
    seen[1 + seen[0]++] = part;
}

TEST(one_thread_takes_the_parts_in_order) {
    smr_context *const context = context_of(1);
    size_t seen[1 + 20] = {0};
    smri_parallel(context, 20, note_order, seen);
    expect_equal_uint(seen[0], 20);
    for (size_t i = 0; i < 20; i++) {
        expect_equal_uint(seen[1 + i], i);
    }
    smr_context_unref(context);
}

/* Each part waits for the other: that ends only when two threads run them. */
static void meet(void *user, size_t part) {
    atomic_uint *const arrived = user;
    (void)part;
    atomic_fetch_add(arrived, 1);
    while (atomic_load(arrived) < 2) {
    }
}

TEST(two_threads_run_at_the_same_time) {
    smr_context *const context = context_of(2);
    atomic_uint arrived;
    atomic_init(&arrived, 0);
    smri_parallel(context, 2, meet, &arrived);
    expect_equal_uint(atomic_load(&arrived), 2);
    smr_context_unref(context);
}

static void count_inside(void *user, size_t part) {
    tally *const t = user;
    (void)part;
    smri_parallel(t->context, 10, count_call, t);
}

TEST(calls_nest) {
    tally t;
    start_tally(&t);
    smr_context *const context = context_of(3);
    t.context = context;
    smri_parallel(context, 8, count_inside, &t);
    for (size_t part = 0; part < 10; part++) {
        expect_equal_uint(atomic_load(&t.calls[part]), 8);
    }
    smr_context_unref(context);
}

#if defined(__SSE2__)
typedef struct arithmetic {
    atomic_uint arrived;
    pthread_t caller;
    volatile double tiny, third;
    double half_tiny, quotient;
} arithmetic;

static void compute_elsewhere(void *user, size_t part) {
    arithmetic *const a = user;
    meet(&a->arrived, part);
    if (!pthread_equal(pthread_self(), a->caller)) {
        a->half_tiny = a->tiny * 0.5;
        a->quotient = 1.0 / a->third;
    }
}

/* A thread inherits the caller's arithmetic; ours do not keep it. */
TEST(workers_keep_subnormals_and_round_to_nearest) {
    smr_context *const context = context_of(2);
    arithmetic a = {.caller = pthread_self(), .tiny = DBL_MIN, .third = 3.0};
    atomic_init(&a.arrived, 0);
    const unsigned before = _mm_getcsr();
    _mm_setcsr(before | 0x8040 | 0x4000); /* flush to zero, inputs too, round up */
    smri_parallel(context, 2, compute_elsewhere, &a);
    _mm_setcsr(before);
    expect_same_bits(a.half_tiny, 0x1p-1023);
    expect_same_bits(a.quotient, 0x1.5555555555555p-2);
    smr_context_unref(context);
}
#endif

static const unit_test tests[] = {
    UNIT(every_part_runs_once),
    UNIT(one_thread_takes_the_parts_in_order),
    UNIT(two_threads_run_at_the_same_time),
    UNIT(calls_nest),
#if defined(__SSE2__)
    UNIT(workers_keep_subnormals_and_round_to_nearest),
#endif
};
UNIT_SUITE(threads, tests)
