/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_OUTPUT_H
#define SMARTREGION_OUTPUT_H

/* What leaves the tool: a file written whole or not at all, or standard output. */

#include <stddef.h>
#include <stdint.h>

typedef struct cli_output {
    const char *name; /* for messages */
    char *target;     /* the file that the temporary one becomes; NULL: written in place */
    char *temporary;
    int descriptor;
    int failure; /* errno of the first failed write */
    int interrupted;
    int colour; /* the output is a terminal that wants colour */
    size_t used;
    char buffer[65536];
} cli_output;

/* Early and without a trace: can `path` be written? NULL or "-" is standard output. Returns an exit code. */
int output_check(const char *path);
int output_open(cli_output *out, const char *path);
/* A smr_write_callback; user is the output. */
int32_t output_write(const void *bytes, size_t length, void *user);
/* Finishes: kept, or removed when keep is 0. Prints what went wrong; returns an exit code. */
int output_close(cli_output *out, int keep);

/* ---- write.c ---- */

void out_text(cli_output *out, const char *text);
void out_bytes(cli_output *out, const char *text, size_t length);
/* A csv field, quoted where RFC 4180 asks for it; NULL is empty. */
void out_csv(cli_output *out, const char *text);
/* A JSON string, or null for NULL. */
void out_json(cli_output *out, const char *text);
/* The shortest text that reads back to the same double; NaN is empty in csv and null in JSON. */
void out_csv_number(cli_output *out, double value);
void out_json_number(cli_output *out, double value);
void out_integer(cli_output *out, uint64_t value);
#define NUMBER_SIZE 32
size_t number_text(char text[NUMBER_SIZE], double value);
/* Decimals for people; "-0.00" becomes "0.00". */
void number_places(char text[NUMBER_SIZE], double value, int places);
/* Two of them. */
void number_fixed(char text[NUMBER_SIZE], double value);
/* A raw value for people: up to six significant digits, no exponent where none is needed. */
void number_short(char text[NUMBER_SIZE], double value);
/* As number_fixed and number_short; a dash where nothing is defined. Return the text. */
const char *fixed_or_dash(char text[NUMBER_SIZE], double value);
const char *short_or_dash(char text[NUMBER_SIZE], double value);
/* A probability: four decimals, never 0; a dash where nothing is defined. */
const char *probability_text(char text[NUMBER_SIZE], double value);
/* The text with each "%s" replaced in turn, on a line of its own. */
void out_line(cli_output *out, const char *text, const char *const *texts);
/* A share 0 to 1 as whole per cent; 100 only when it is all. */
void number_percent(char text[NUMBER_SIZE], double share);

#endif
