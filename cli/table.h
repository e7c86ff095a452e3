/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_TABLE_H
#define SMARTREGION_TABLE_H

/* Aligned tables for people. Widths are those of UTF-8 text on a terminal. */

#include <stddef.h>

#include "output.h"

typedef enum table_align { ALIGN_LEFT, ALIGN_RIGHT } table_align;
typedef enum table_style { STYLE_PLAIN, STYLE_STRONG, STYLE_FAINT, STYLE_BLANK } table_style;

#define TABLE_COLUMNS 20

typedef struct cli_table {
    cli_output *out;
    size_t columns, rows, capacity;
    size_t indent; /* blanks before every line */
    struct {
        const char *heading;
        table_align align;
        size_t widest; /* longer cells are cut */
    } column[TABLE_COLUMNS];
    char **cells;        /* rows x columns, NULL is empty */
    table_style *styles; /* one a row */
    size_t next;         /* column of the next cell */
    int failed;          /* out of memory */
} cli_table;

void table_init(cli_table *table, cli_output *out);
/* Headings are wrapped; the text must live until table_print(). */
void table_column(cli_table *table, const char *heading, table_align align, size_t widest);
void table_row(cli_table *table, table_style style);
/* Fills the next cell of the row; the text is copied, control characters are replaced. */
void table_cell(cli_table *table, const char *text);
/* Prints and frees. Returns 0, or -1 when out of memory. */
int table_print(cli_table *table);

size_t text_width(const char *text);
/* Writes at most `width` columns of the text, ending in an ellipsis when it was cut. Returns the bytes written. */
size_t text_fit(char *target, size_t size, const char *text, size_t width);
/* A line of text in a style. */
void table_line(cli_output *out, table_style style, const char *text);
/* A bar of `cells` characters, `share` of it full; share is NaN: empty text. */
void bar_text(char *target, size_t size, double share, size_t cells);

#endif
