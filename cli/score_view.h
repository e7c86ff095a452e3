/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_SCORE_VIEW_H
#define SMARTREGION_SCORE_VIEW_H

/* What the tables of `score` show: one period of a scorecard, the index and its criteria. */

#include "language.h"
#include "table.h"
#include "tool.h"

enum { VIEW_NODES = 13, VIEW_NOTES = 9, BAR_CELLS = 20 };

typedef struct score_view {
    const cli_tool *tool;
    const smr_scorecard *card;
    const smr_framework *framework;
    cli_language language;
    const char *period;       /* NULL: the data have none */
    size_t *rows;             /* of the period, best rank first, those without a rank last */
    size_t count, ranked;     /* how many, and how many of them have a rank */
    size_t nodes[VIEW_NODES]; /* the index, then its children */
    size_t node_count;
    size_t hidden_nodes;                                                    /* children beyond VIEW_NODES */
    double *scores[VIEW_NODES], *ranks[VIEW_NODES], *coverages[VIEW_NODES]; /* one a row of the scorecard */
    uint8_t *statuses[VIEW_NODES];
    double low, high;      /* ends of the bars */
    int notes[VIEW_NOTES]; /* statuses of footnotes, in order of appearance */
    size_t note_count;
} score_view;

/* Loads index and criteria; ranks and coverage of the criteria only when `details`. Returns an exit code. */
int view_load(score_view *view, const cli_tool *tool, const smr_scorecard *card, int details);
void view_free(score_view *view);
const char *view_name(const score_view *view, size_t node);
/* A score, or "-" with the mark of its footnote. */
void view_score(score_view *view, char *text, size_t size, double score, int status);
/* The footnotes that view_score() has made. */
void view_print_notes(const score_view *view, cli_output *out);
/* Name of the index, period and number of regions; the other periods there are. */
void view_print_heading(const score_view *view, cli_output *out);
void view_print_scale(const score_view *view, cli_output *out);
double view_share(const score_view *view, double score);
/* A rank: whole where it is whole. */
void rank_text(char text[NUMBER_SIZE], double rank);

/* score_table.c: all regions. Returns -1 when out of memory. */
int print_ranking(score_view *view, cli_output *out, const size_t *highlights);
/* score_region.c: the only one there is. */
int print_region(score_view *view, cli_output *out);

#endif
