/* SPDX-License-Identifier: MIT */
#include "failing_allocator.h"

#include <stdio.h>
#include <stdlib.h>

static bool must_fail(failing_allocator *failing) {
    size_t call = atomic_fetch_add(&failing->calls, 1) + 1;
    bool fails =
        failing->fail_at != 0 && (call == failing->fail_at || (failing->fail_onward && call > failing->fail_at));
    if (fails) {
        atomic_fetch_add(&failing->failures, 1);
    }
    return fails;
}

static void *allocate(size_t size, void *user) {
    failing_allocator *failing = user;
    void *block = must_fail(failing) ? NULL : malloc(size);
    if (block != NULL) {
        atomic_fetch_add(&failing->live_blocks, 1);
    }
    return block;
}

static void *reallocate(void *block, size_t size, void *user) {
    failing_allocator *failing = user;
    if (block == NULL) {
        return allocate(size, user);
    }
    return must_fail(failing) ? NULL : realloc(block, size);
}

static void release(void *block, void *user) {
    failing_allocator *failing = user;
    if (block != NULL) {
        atomic_fetch_sub(&failing->live_blocks, 1);
        free(block);
    }
}

void failing_allocator_init(failing_allocator *failing, size_t fail_at, bool fail_onward) {
    failing->allocator = (smr_allocator){allocate, reallocate, release, failing};
    failing->fail_at = fail_at;
    failing->fail_onward = fail_onward;
    atomic_init(&failing->calls, 0);
    atomic_init(&failing->failures, 0);
    atomic_init(&failing->live_blocks, 0);
}

/* What is wrong with a run that ended so; NULL: nothing. */
static const char *judge(const failing_allocator *failing, const failure_run *run, smr_status status) {
    bool failed = atomic_load(&failing->failures) != 0;
    if (run->complaint != NULL) {
        return run->complaint;
    }
    if (atomic_load(&failing->live_blocks) != 0) {
        return "blocks were not released";
    }
    if (status != (failed ? SMR_ERROR_MEMORY : SMR_OK)) {
        return failed ? "the status is not that of memory" : "an undisturbed run fails";
    }
    if (failed && (run->error.status != SMR_ERROR_MEMORY || run->error.code != SMR_MESSAGE_OUT_OF_MEMORY)) {
        return "the record does not say that memory ran out";
    }
    return NULL;
}

/* One run; *calls are the allocations it asked for. True when nothing is wrong with it. */
static bool run_once(const char *name, failure_scenario scenario, size_t fail_at, bool fail_onward, size_t *calls) {
    failing_allocator failing;
    failing_allocator_init(&failing, fail_at, fail_onward);
    smr_context_options options;
    smr_context_options_init(&options, sizeof options);
    options.allocator = failing.allocator;
    failure_run run = {0};
    smr_error_init(&run.error, sizeof run.error);
    smr_status status = smr_context_new(&options, &run.context, &run.error);
    if (status == SMR_OK) {
        status = scenario(&run);
        smr_context_unref(run.context);
    } else {
        failure_require(&run, run.context == NULL);
    }
    *calls = atomic_load(&failing.calls);
    const char *problem = judge(&failing, &run, status);
    if (problem != NULL) {
        fprintf(stderr, "%s: %s %zu%s: %s (status %s: %s; %zu blocks left)\n", name,
                fail_at ? "failing allocation" : "failing no allocation", fail_at, fail_onward ? " and all after" : "",
                problem, smr_status_name(status), run.error.message, (size_t)atomic_load(&failing.live_blocks));
    }
    return problem == NULL;
}

size_t failure_sweep(const char *name, failure_scenario scenario, size_t *runs) {
    size_t calls, ignored;
    size_t problems = run_once(name, scenario, 0, false, &calls) ? 0 : 1;
    for (size_t i = 1; i <= calls; i++) {
        problems += run_once(name, scenario, i, false, &ignored) ? 0 : 1;
        problems += run_once(name, scenario, i, true, &ignored) ? 0 : 1;
    }
    if (runs != NULL) {
        *runs = 1 + 2 * calls;
    }
    return problems;
}
