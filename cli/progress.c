/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "progress.h"

enum { FIRST_AFTER_MS = 500, EVERY_MS = 100, CELLS = 24, INTERRUPTED = 130 };

static volatile sig_atomic_t interrupted;
static const char *volatile guarded;

static struct {
    int enabled, forced, visible;
    const char *label;
    struct timespec next;
} bar;

static void on_signal(int number) {
    (void)number;
    if (interrupted) {
        const char *path = guarded;
        if (path)
            unlink(path);
        _exit(INTERRUPTED);
    }
    interrupted = 1;
}

void interrupt_install(void) {
    static const int asked[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    /* No SA_RESTART: a read or write that waits must come back. What the parent ignores (nohup) stays ignored. */
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; ++i) {
        struct sigaction before;
        action.sa_handler = on_signal;
        if (!sigaction(asked[i], NULL, &before) && before.sa_handler != SIG_IGN)
            sigaction(asked[i], &action, NULL);
    }
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL); /* a closed pipe is a write error like any other */
}

int interrupt_seen(void) {
    return interrupted;
}

int interrupt_take(void) {
    const int seen = interrupted;
    interrupted = 0;
    return seen;
}

void interrupt_guard(const char *path) {
    guarded = path;
}

static void set_next(int milliseconds) {
    clock_gettime(CLOCK_MONOTONIC, &bar.next);
    bar.next.tv_nsec += milliseconds * 1000000L;
    if (bar.next.tv_nsec >= 1000000000L) {
        bar.next.tv_nsec -= 1000000000L;
        ++bar.next.tv_sec;
    }
}

void progress_enable(void) {
    bar.enabled = isatty(STDERR_FILENO);
}

void progress_force(void) {
    bar.enabled = bar.forced = 1;
}

void progress_begin(const char *label) {
    progress_clear();
    bar.label = label;
    if (bar.enabled)
        set_next(bar.forced ? 0 : FIRST_AFTER_MS);
}

void progress_update(uint64_t done, uint64_t total) {
    if (!bar.enabled || !bar.label || !total)
        return;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (now.tv_sec < bar.next.tv_sec || (now.tv_sec == bar.next.tv_sec && now.tv_nsec < bar.next.tv_nsec))
        return;
    double share = done < total ? (double)done / (double)total : 1.0;
    char cells[CELLS + 1];
    for (int i = 0; i < CELLS; ++i)
        cells[i] = (i + 1) <= share * CELLS ? '#' : '.';
    cells[CELLS] = '\0';
    fprintf(stderr, "\r%s [%s] %3.0f %%\033[K", bar.label, cells, 100 * share);
    bar.visible = 1;
    set_next(EVERY_MS);
}

void progress_clear(void) {
    if (bar.visible)
        fputs("\r\033[K", stderr);
    bar.visible = 0;
}

void progress_end(void) {
    progress_clear();
    bar.label = NULL;
}

int32_t progress_callback(uint64_t done, uint64_t total, void *user) {
    (void)user;
    progress_update(done, total);
    return !interrupted;
}
