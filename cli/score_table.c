/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "score_view.h"

enum { SHORT_LIST = 40, FIRST_ROWS = 10, LAST_ROWS = 5 };

/* How many of the best and of the worst are shown. */
static void choose_ends(const score_view *view, size_t *top, size_t *bottom) {
    const cli_options *options = view->tool->options;
    int has_top = options->given[OPTION_TOP], has_bottom = options->given[OPTION_BOTTOM];
    if (!has_top && !has_bottom) {
        *top = view->count <= SHORT_LIST ? view->count : FIRST_ROWS;
        *bottom = view->count <= SHORT_LIST ? 0 : LAST_ROWS;
    } else {
        *top = has_top ? (options->top < view->count ? (size_t)options->top : view->count) : 0;
        *bottom = has_bottom ? (options->bottom < view->ranked ? (size_t)options->bottom : view->ranked) : 0;
    }
}

static int is_highlighted(size_t row, const size_t *highlights, size_t count) {
    for (size_t i = 0; i < count; ++i)
        if (highlights[i] == row)
            return 1;
    return 0;
}

static void fill_row(score_view *view, cli_table *table, size_t row, int highlighted) {
    char text[NUMBER_SIZE + 8];
    size_t marked = view->tool->options->highlight_count;
    table_row(table, highlighted ? STYLE_STRONG : STYLE_PLAIN);
    if (marked)
        table_cell(table, highlighted ? "»" : "");
    rank_text(text, view->ranks[0][row]);
    table_cell(table, text);
    table_cell(table, smr_scorecard_region(view->card, row));
    table_cell(table, smr_scorecard_region_name(view->card, row));
    for (size_t k = 0; k < view->node_count; ++k) {
        view_score(view, text, sizeof text, view->scores[k][row], view->statuses[k][row]);
        table_cell(table, text);
    }
    number_percent(text, view->coverages[0][row]);
    table_cell(table, text);
}

/* Stands for rows that are not shown. */
static void fill_gap(const score_view *view, cli_table *table) {
    table_row(table, STYLE_FAINT);
    if (view->tool->options->highlight_count)
        table_cell(table, "");
    for (int i = 0; i < 3; ++i)
        table_cell(table, "…");
}

static int print_rows(score_view *view, cli_output *out, const size_t *highlights) {
    const cli_options *options = view->tool->options;
    cli_language language = view->language;
    size_t top, bottom;
    choose_ends(view, &top, &bottom);
    cli_table table;
    table_init(&table, out);
    if (options->highlight_count)
        table_column(&table, "", ALIGN_LEFT, 1);
    table_column(&table, phrase_text(language, PHRASE_RANK), ALIGN_RIGHT, 10);
    table_column(&table, phrase_text(language, PHRASE_REGION), ALIGN_LEFT, 24);
    table_column(&table, phrase_text(language, PHRASE_NAME), ALIGN_LEFT, 32);
    for (size_t k = 0; k < view->node_count; ++k)
        table_column(&table, view_name(view, view->nodes[k]), ALIGN_RIGHT, 16);
    table_column(&table, phrase_text(language, PHRASE_COVERAGE), ALIGN_RIGHT, 8);
    size_t shown = 0, hidden_before = 0;
    for (size_t i = 0; i < view->count; ++i) {
        size_t row = view->rows[i];
        int highlighted = is_highlighted(row, highlights, options->highlight_count);
        int is_last = i >= view->ranked - bottom && i < view->ranked;
        if (i >= top && !is_last && !highlighted) {
            ++hidden_before;
            continue;
        }
        if (hidden_before)
            fill_gap(view, &table);
        hidden_before = 0;
        fill_row(view, &table, row, highlighted);
        ++shown;
    }
    if (hidden_before)
        fill_gap(view, &table);
    if (table_print(&table))
        return -1;
    if (shown < view->count || view->ranked < view->count || view->hidden_nodes)
        out_text(out, "\n");
    table_remark(out, language, PHRASE_NOT_SHOWN, view->count - shown);
    table_remark(out, language, PHRASE_UNRANKED, view->count - view->ranked);
    table_remark(out, language, PHRASE_MORE_COLUMNS, view->hidden_nodes);
    return 0;
}

/* Rank among the regions that have one at the node. */
static void fill_rank(const score_view *view, cli_table *table, size_t k, size_t row) {
    char rank[NUMBER_SIZE], text[2 * NUMBER_SIZE + 16];
    size_t ranked = 0;
    for (size_t i = 0; i < view->count; ++i)
        ranked += view->ranks[k][view->rows[i]] == view->ranks[k][view->rows[i]];
    rank_text(rank, view->ranks[k][row]);
    snprintf(text, sizeof text, "%s %s %zu", rank, phrase_text(view->language, PHRASE_OF), ranked);
    table_cell(table, view->ranks[k][row] == view->ranks[k][row] ? text : "-");
}

/* One highlighted region: every criterion with score, rank, coverage and a bar. */
static int print_block(score_view *view, cli_output *out, size_t row) {
    cli_language language = view->language;
    char text[3 * BAR_CELLS + NUMBER_SIZE];
    out_text(out, "\n");
    const char *name = smr_scorecard_region_name(view->card, row), *id = smr_scorecard_region(view->card, row);
    char line[400];
    snprintf(line, sizeof line, strcmp(name, id) ? "%.250s (%.100s)" : "%.250s", name, id);
    table_line(out, STYLE_STRONG, line);
    cli_table table;
    table_init(&table, out);
    table_column(&table, "", ALIGN_LEFT, 44);
    table_column(&table, phrase_text(language, PHRASE_SCORE), ALIGN_RIGHT, 16);
    table_column(&table, phrase_text(language, PHRASE_RANK), ALIGN_RIGHT, 24);
    table_column(&table, phrase_text(language, PHRASE_COVERAGE), ALIGN_RIGHT, 8);
    table_column(&table, "", ALIGN_LEFT, BAR_CELLS);
    for (size_t k = 0; k < view->node_count; ++k) {
        table_row(&table, k ? STYLE_PLAIN : STYLE_STRONG);
        table_cell(&table, view_name(view, view->nodes[k]));
        view_score(view, text, sizeof text, view->scores[k][row], view->statuses[k][row]);
        table_cell(&table, text);
        fill_rank(view, &table, k, row);
        number_percent(text, view->coverages[k][row]);
        table_cell(&table, text);
        bar_text(text, sizeof text, view_share(view, view->scores[k][row]), BAR_CELLS);
        table_cell(&table, text);
    }
    return table_print(&table);
}

int print_ranking(score_view *view, cli_output *out, const size_t *highlights) {
    view_print_heading(view, out);
    out_text(out, "\n");
    if (print_rows(view, out, highlights))
        return -1;
    for (size_t i = 0; i < view->tool->options->highlight_count; ++i)
        if (print_block(view, out, highlights[i]))
            return -1;
    if (view->tool->options->highlight_count || view->note_count)
        out_text(out, "\n");
    if (view->tool->options->highlight_count)
        view_print_scale(view, out);
    view_print_notes(view, out);
    return 0;
}
