/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_PROGRESS_H
#define SMARTREGION_PROGRESS_H

/* Interruption, and a bar on standard error for what takes long. */

#include <stdint.h>

/* Catches SIGINT, SIGTERM and SIGHUP: the first one asks to stop, the second one stops at once. */
void interrupt_install(void);
int interrupt_seen(void);
/* Has there been an interruption? Forgets it, so that what was done can be written; the next one counts again. */
int interrupt_take(void);
/* The file to remove when the process is stopped at once; NULL: none. The text must stay until the next call. */
void interrupt_guard(const char *path);

/* Wanted when standard error is a terminal and --quiet is not given. */
void progress_enable(void);
/* Wanted whatever standard error is. */
void progress_force(void);
void progress_begin(const char *label);
void progress_update(uint64_t done, uint64_t total);
/* Wipes the bar, so that a message can be printed. */
void progress_clear(void);
/* The work is done: no more bar until the next progress_begin(). */
void progress_end(void);
/* A smr_progress_callback. */
int32_t progress_callback(uint64_t done, uint64_t total, void *user);

#endif
