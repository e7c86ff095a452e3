/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input.h"
#include "progress.h"
#include "tool.h"

const char *input_name(const char *path) {
    return strcmp(path, "-") ? path : "standard input";
}

int input_open(cli_input *in, const char *path, int *probe) {
    memset(in, 0, sizeof *in);
    in->name = input_name(path);
    in->descriptor = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    if (in->descriptor < 0) {
        if (probe && errno == ENOENT) {
            *probe = 1;
            return TOOL_INPUT;
        }
        return file_error(TOOL_INPUT, in->name, "cannot be read: %s", strerror(errno));
    }
    struct stat about;
    if (!fstat(in->descriptor, &about)) {
        if (S_ISDIR(about.st_mode)) {
            input_close(in);
            return file_error(TOOL_INPUT, in->name, "is a directory, expected a file");
        }
        if (S_ISREG(about.st_mode))
            in->size = (uint64_t)about.st_size;
    }
    return TOOL_FINE;
}

int64_t input_read(void *buffer, size_t size, void *user) {
    cli_input *in = user;
    for (;;) {
        if (interrupt_seen()) {
            in->interrupted = 1;
            return -1;
        }
        ssize_t count = read(in->descriptor, buffer, size);
        if (count >= 0) {
            in->done += (uint64_t)count;
            progress_update(in->done, in->size);
            return count;
        }
        if (errno != EINTR) {
            in->failure = errno;
            return -1;
        }
    }
}

void input_close(cli_input *in) {
    if (in->descriptor > STDERR_FILENO)
        close(in->descriptor);
    in->descriptor = -1;
}

int input_error(const cli_input *in) {
    if (in->interrupted)
        return TOOL_INTERRUPTED;
    return file_error(TOOL_INPUT, in->name, "cannot be read: %s", strerror(in->failure));
}

int input_all(cli_input *in, char **text, size_t *length) {
    size_t capacity = in->size && in->size < SIZE_MAX / 2 ? (size_t)in->size + 1 : 65536, used = 0;
    char *bytes = malloc(capacity);
    *text = NULL;
    while (bytes) {
        if (used == capacity) {
            char *larger = capacity <= SIZE_MAX / 2 ? realloc(bytes, capacity * 2) : NULL;
            if (!larger)
                break;
            bytes = larger;
            capacity *= 2;
        }
        int64_t count = input_read(bytes + used, capacity - used, in);
        if (count < 0) {
            free(bytes);
            return input_error(in);
        }
        if (count == 0) {
            *text = bytes;
            *length = used;
            return TOOL_FINE;
        }
        used += (size_t)count;
    }
    free(bytes);
    return file_error(TOOL_OUTPUT, in->name, "out of memory");
}
