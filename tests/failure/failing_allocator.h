/* SPDX-License-Identifier: MIT */
#ifndef FAILING_ALLOCATOR_H
#define FAILING_ALLOCATOR_H

/* An allocator that counts, and fails where it is told; and the sweep that fails every allocation of a scenario in
 * turn. */

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include <smartregion/common.h>

typedef struct failing_allocator {
    smr_allocator allocator;   /* give this to the context */
    size_t fail_at;            /* the call that fails, 1 for the first; 0: none */
    bool fail_onward;          /* and every call after it */
    atomic_size_t calls;       /* allocations and reallocations asked for */
    atomic_size_t failures;    /* of them refused */
    atomic_size_t live_blocks; /* given out and not released */
} failing_allocator;

/* The allocator's user pointer is `failing` itself: it must stay where it is. */
void failing_allocator_init(failing_allocator *failing, size_t fail_at, bool fail_onward);

typedef struct failure_run {
    smr_context *context;  /* one thread, the failing allocator */
    smr_error error;       /* for the calls of the scenario */
    const char *complaint; /* set by failure_require */
} failure_run;

/* Notes the first condition that does not hold; the sweep then reports it. */
#define failure_require(run, condition) \
    ((void)((condition) || (run)->complaint != NULL || ((run)->complaint = #condition) == NULL))

/* Does something with run->context and run->error and gives back all it made, whether it went well or not. On the first
 * call that fails it requires that the outputs are NULL, and returns that call's status. */
typedef smr_status (*failure_scenario)(failure_run *run);

/* Runs the scenario once undisturbed, then once for each allocation that fails alone, and once more for each that fails
 * with all that follow. Each run must return SMR_ERROR_MEMORY and say so in the record if an allocation failed (SMR_OK
 * if none did), hold what it requires, and leave no block behind. Problems go to standard error; returns the number of
 * runs with a problem, and in *runs, where not NULL, of all runs. */
size_t failure_sweep(const char *name, failure_scenario scenario, size_t *runs);

#endif
