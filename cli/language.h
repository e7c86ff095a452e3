/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_LANGUAGE_H
#define SMARTREGION_LANGUAGE_H

/* Headings and words of the tables in the languages of --lang. */

#include <stddef.h>

#include "options.h"

typedef enum cli_phrase {
    PHRASE_RANK,
    PHRASE_REGION,
    PHRASE_NAME,
    PHRASE_COVERAGE,
    PHRASE_PERIOD,
    PHRASE_INDICATOR,
    PHRASE_VALUE,
    PHRASE_UNIT,
    PHRASE_SCORE,
    PHRASE_WEIGHT,
    PHRASE_EFFECTIVE_WEIGHT,
    PHRASE_DIRECTION,
    PHRASE_WORST,
    PHRASE_BEST,
    PHRASE_OF, /* "rank 3 of 193" */
    PHRASE_REGIONS,
    PHRASE_ROWS,
    PHRASE_INDICATORS,
    PHRASE_MORE_ROWS, /* this and the next three hold one %s, a number: see table_remark() */
    PHRASE_NOT_SHOWN,
    PHRASE_UNRANKED,
    PHRASE_MORE_COLUMNS,
    PHRASE_OTHER_PERIODS,
    PHRASE_SCALE, /* from %s to %s */
    PHRASE_OPTIMUM,
    PHRASE_ID,
    PHRASE_BUILT_IN,
    PHRASE_STEP,
    PHRASE_METHOD,
    PHRASE_STATUS,
    PHRASE_BEFORE,
    PHRASE_AFTER,
    PHRASE_CHANGED,
    PHRASE_COUNT
} cli_phrase;

struct cli_output;

const char *phrase_text(cli_language language, cli_phrase phrase);
/* A line made of a phrase with one "%s", the number; nothing when the number is 0. */
void table_remark(struct cli_output *out, cli_language language, cli_phrase phrase, size_t count);
/* Status of a cell in words; "" for one that is computed from observed values. */
const char *status_text(cli_language language, int status);
/* Direction of an indicator in words. */
const char *direction_text(cli_language language, int direction);
/* Tag as the library wants it. */
const char *language_tag(cli_language language);

#endif
