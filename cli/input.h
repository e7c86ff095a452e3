/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_INPUT_H
#define SMARTREGION_INPUT_H

/* Files and standard input ("-") as text. */

#include <stddef.h>
#include <stdint.h>

typedef struct cli_input {
    const char *name; /* for messages */
    int descriptor;
    int failure; /* errno of a failed read */
    int interrupted;
    uint64_t size; /* bytes in all; 0: unknown */
    uint64_t done;
} cli_input;

/* Prints why not and returns an exit code; with `probe`, a file that does not exist is silent and sets *probe to 1. */
int input_open(cli_input *in, const char *path, int *probe);
/* A smr_read_callback; user is the input. */
int64_t input_read(void *buffer, size_t size, void *user);
void input_close(cli_input *in);
/* Prints what failed in reading; returns an exit code. */
int input_error(const cli_input *in);
/* The rest of the text, to be freed; NULL and an exit code on failure. */
int input_all(cli_input *in, char **text, size_t *length);
/* How a path is called in messages. */
const char *input_name(const char *path);

#endif
