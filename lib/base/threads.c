/* SPDX-License-Identifier: MIT */
/* A call's own threads: made for it, gone when it returns. */
#define _POSIX_C_SOURCE 200809L
#include "base/base_impl.h"

#include <pthread.h>
#include <signal.h>

#if defined(__SSE2__)
#include <xmmintrin.h>
#else
#include <fenv.h>
#endif

#define MOST_THREADS 256

typedef struct job {
    smri_task task;
    void *user;
    size_t parts;
    atomic_size_t next;
} job;

static void work(job *j) {
    for (size_t part; (part = atomic_fetch_add_explicit(&j->next, 1, memory_order_relaxed)) < j->parts;) {
        j->task(j->user, part);
    }
}

/* Round to nearest, keep subnormals, raise nothing, whatever the process has set for new threads. */
static void set_arithmetic(void) {
#if defined(__SSE2__)
    _mm_setcsr(0x1f80);
#else
    fesetenv(FE_DFL_ENV);
#endif
}

static void *worker(void *user) {
    set_arithmetic();
    work(user);
    return NULL;
}

void smri_parallel(const smr_context *context, size_t parts, smri_task task, void *user) {
    job j = {.task = task, .user = user, .parts = parts};
    atomic_init(&j.next, 0);
    const size_t threads = SMRI_MIN(SMRI_MIN((size_t)context->threads, parts), MOST_THREADS);
    if (threads < 2) {
        work(&j);
        return;
    }
    pthread_t others[MOST_THREADS - 1];
    size_t count = 0;
    /* Signals are the program's business: its handlers do not run on our threads. */
    sigset_t all, before;
    sigfillset(&all);
    const bool masked = pthread_sigmask(SIG_SETMASK, &all, &before) == 0;
    while (count + 1 < threads && pthread_create(&others[count], NULL, worker, &j) == 0) {
        count++;
    }
    if (masked) {
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    work(&j);
    for (size_t i = 0; i < count; i++) {
        pthread_join(others[i], NULL);
    }
}
