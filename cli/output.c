/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "progress.h"
#include "tool.h"

static int is_standard_output(const char *path) {
    return !path || !strcmp(path, "-");
}

/* Length of the directory part, its last slash included; 0 for a bare name. */
static size_t directory_length(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

int output_check(const char *path) {
    if (is_standard_output(path))
        return TOOL_FINE;
    struct stat about;
    if (!stat(path, &about)) {
        if (S_ISDIR(about.st_mode))
            return file_error(TOOL_OUTPUT, path, "cannot be written: is a directory");
        if (access(path, W_OK))
            return file_error(TOOL_OUTPUT, path, "cannot be written: %s", strerror(errno));
        if (!S_ISREG(about.st_mode))
            return TOOL_FINE;
    }
    size_t length = directory_length(path);
    char *directory = malloc(length + 2);
    if (!directory)
        return file_error(TOOL_OUTPUT, NULL, "out of memory");
    memcpy(directory, path, length);
    strcpy(directory + length, length ? "" : ".");
    int code = access(directory, W_OK | X_OK) || !path[length]
                   ? file_error(TOOL_OUTPUT, path, "cannot be written: %s",
                                path[length] ? strerror(errno) : "no file name after the last slash")
                   : TOOL_FINE;
    free(directory);
    return code;
}

static int wants_colour(int descriptor) {
    const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return isatty(descriptor) && !(no_colour && *no_colour) && terminal && strcmp(terminal, "dumb");
}

/* A new file beside the target, so that the rename cannot cross file systems. */
static int open_temporary(cli_output *out) {
    size_t directory = directory_length(out->target), size = strlen(out->target) + 48;
    out->temporary = malloc(size);
    if (!out->temporary)
        return -1;
    for (unsigned attempt = 0; attempt < 100; ++attempt) {
        int length = snprintf(out->temporary, size, "%.*s.%.200s.%ld-%u.tmp", (int)directory, out->target,
                              out->target + directory, (long)getpid(), attempt);
        if (length < 0 || (size_t)length >= size)
            return -1;
        interrupt_guard(out->temporary);
        int descriptor = open(out->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor >= 0)
            return descriptor;
        interrupt_guard(NULL);
        if (errno != EEXIST)
            return -1;
    }
    return -1;
}

int output_open(cli_output *out, const char *path) {
    out->target = out->temporary = NULL;
    out->failure = out->interrupted = out->colour = 0;
    out->used = 0;
    out->name = is_standard_output(path) ? "standard output" : path;
    if (is_standard_output(path)) {
        out->descriptor = STDOUT_FILENO;
        out->colour = wants_colour(STDOUT_FILENO);
        return TOOL_FINE;
    }
    struct stat about;
    int exists = !stat(path, &about);
    if (exists && !S_ISREG(about.st_mode)) { /* a device or a pipe cannot be replaced, only written */
        out->descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    } else {
        /* A symbolic link stays one: the file it leads to is replaced. */
        out->target = exists ? realpath(path, NULL) : strdup(path);
        out->descriptor = out->target ? open_temporary(out) : -1;
        if (out->descriptor >= 0 && exists && fchmod(out->descriptor, about.st_mode & 0777))
            out->failure = errno;
    }
    if (out->descriptor >= 0)
        return TOOL_FINE;
    int why = errno;
    free(out->target);
    free(out->temporary);
    out->target = out->temporary = NULL;
    return file_error(TOOL_OUTPUT, path, "cannot be written: %s", strerror(why));
}

static void write_out(cli_output *out, const char *bytes, size_t length) {
    while (length && !out->failure && !out->interrupted) {
        ssize_t count = write(out->descriptor, bytes, length);
        if (count >= 0) {
            bytes += count;
            length -= (size_t)count;
        } else if (errno != EINTR) {
            out->failure = errno;
        }
        if (interrupt_seen())
            out->interrupted = 1;
    }
}

static void flush(cli_output *out) {
    write_out(out, out->buffer, out->used);
    out->used = 0;
}

int32_t output_write(const void *bytes, size_t length, void *user) {
    cli_output *out = user;
    if (length > sizeof out->buffer - out->used)
        flush(out);
    if (length > sizeof out->buffer) {
        write_out(out, bytes, length);
    } else {
        memcpy(out->buffer + out->used, bytes, length);
        out->used += length;
    }
    return out->failure || out->interrupted || interrupt_seen();
}

int output_close(cli_output *out, int keep) {
    if (keep)
        flush(out);
    if (interrupt_seen())
        out->interrupted = 1;
    if (out->descriptor != STDOUT_FILENO && close(out->descriptor) && !out->failure)
        out->failure = errno;
    keep = keep && !out->failure && !out->interrupted;
    if (out->target) {
        if (keep && rename(out->temporary, out->target)) {
            out->failure = errno;
            keep = 0;
        }
        if (!keep)
            unlink(out->temporary);
        interrupt_guard(NULL);
    }
    free(out->target);
    free(out->temporary);
    out->target = out->temporary = NULL;
    if (out->interrupted)
        return TOOL_INTERRUPTED;
    if (out->failure)
        return file_error(TOOL_OUTPUT, out->name, "cannot be written: %s", strerror(out->failure));
    return TOOL_FINE;
}
