/* SPDX-License-Identifier: MIT */
/* What the examples share: a text that grows, and a file to read. The library asks for both by callback. */
#ifndef EXAMPLE_H
#define EXAMPLE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A text in memory, ended by a zero byte. Start with {NULL, 0}; give `bytes` back to free(). */
typedef struct text {
    char *bytes;
    size_t length;
} text;

/* An smr_write_callback: appends to the text that `user` points to. */
static inline int32_t append_text(const void *bytes, size_t length, void *user) {
    text *t = user;
    char *grown = realloc(t->bytes, t->length + length + 1);
    if (!grown)
        return 1;
    memcpy(grown + t->length, bytes, length);
    t->bytes = grown;
    t->length += length;
    grown[t->length] = '\0';
    return 0;
}

/* An smr_read_callback: `user` is an open file. */
static inline int64_t read_file(void *buffer, size_t size, void *user) {
    FILE *file = user;
    size_t length = fread(buffer, 1, size, file);
    return ferror(file) ? -1 : (int64_t)length;
}

/* The file NAME of the folder; NULL, with a line on standard error, when it cannot be opened. */
static inline FILE *open_file(const char *folder, const char *name) {
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = length > 0 && (size_t)length < sizeof path ? fopen(path, "rb") : NULL;
    if (!file)
        fprintf(stderr, "%s/%s: cannot be opened\n", folder, name);
    return file;
}

/* The whole of an open file as one text; returns 0 when it was read. */
static inline int read_whole(FILE *file, text *whole) {
    char piece[4096];
    int64_t length = 0;
    while (file && (length = read_file(piece, sizeof piece, file)) > 0)
        if (append_text(piece, (size_t)length, whole))
            return 1;
    return !file || length < 0;
}

#endif
