/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_STUDY_WORDS_H
#define SMARTREGION_STUDY_WORDS_H

/* What the tables of whatif and target share: one region by id or name, numbers, and sentences in both languages. */

#include "language.h"
#include "table.h"
#include "tool.h"

/* The id of a region given by its id or its name; the text itself when there is none, for the library to say so. */
const char *region_id(const cli_tool *tool, const char *text);
/* Name of a region, and its id in brackets where that is another text. */
void region_title(const cli_tool *tool, const char *id, char *text, size_t size);
/* A sentence with "%s" for each of at most four texts. */
void print_sentence(cli_output *out, table_style style, const char *sentence, const char *a, const char *b,
                    const char *c, const char *d);
/* A value of the data in full, so that it can be copied; "-" for none. */
void value_text(char text[NUMBER_SIZE], double value);
/* The same rounded for reading, with its sign. */
void difference_text(char text[NUMBER_SIZE], double value);
/* A score or a rank of a table; "-" for none. */
void score_text(char text[NUMBER_SIZE], double value);
void place_text(char text[NUMBER_SIZE], double value);
/* Name of a node of the framework by its id, in the language of the table; the id itself for a denominator. */
const char *node_title(const cli_tool *tool, const char *id);
/* Unit of an indicator; "" for none. */
const char *unit_of(const cli_tool *tool, const char *id);

#endif
