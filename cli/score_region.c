/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "score_view.h"

/* Score, coverage and status of one row at every node of the tree. */
typedef struct region_cells {
    double *column; /* the values of one node for all rows */
    uint8_t *statuses;
    double *scores, *coverages; /* one a node */
    uint8_t *status;
} region_cells;

static void free_cells(region_cells *cells) {
    free(cells->column);
    free(cells->statuses);
    free(cells->scores);
    free(cells->coverages);
    free(cells->status);
}

static int load_cells(const score_view *view, size_t row, region_cells *cells) {
    size_t total = smr_scorecard_row_count(view->card), nodes = smr_framework_node_count(view->framework);
    memset(cells, 0, sizeof *cells);
    cells->column = malloc(total * sizeof(double));
    cells->statuses = malloc(total);
    cells->scores = malloc(nodes * sizeof(double));
    cells->coverages = malloc(nodes * sizeof(double));
    cells->status = malloc(nodes);
    if (!cells->column || !cells->statuses || !cells->scores || !cells->coverages || !cells->status)
        return -1;
    for (size_t node = 0; node < nodes; ++node) {
        if (smr_scorecard_scores(view->card, node, cells->column, total, NULL))
            return -1;
        cells->scores[node] = cells->column[row];
        if (smr_scorecard_coverages(view->card, node, cells->column, total, NULL))
            return -1;
        cells->coverages[node] = cells->column[row];
        if (smr_scorecard_statuses(view->card, node, cells->statuses, total, NULL))
            return -1;
        cells->status[node] = cells->statuses[row];
    }
    return 0;
}

/* The value as it stands in the data; rolled up regions have none of their own. */
static double raw_value(const score_view *view, size_t node, const char *region, const char *period) {
    const smr_dataset *dataset = view->tool->dataset;
    int64_t column = smr_dataset_find_column(dataset, smr_framework_node_id(view->framework, node));
    int64_t row = smr_dataset_find_row(dataset, region, period);
    const double *values = column < 0 ? NULL : smr_dataset_values(dataset, (size_t)column);
    return values && row >= 0 ? values[row] : NAN;
}

static void fill_node(score_view *view, cli_table *table, const region_cells *cells, size_t node, size_t row) {
    char text[3 * BAR_CELLS + NUMBER_SIZE], indented[400];
    int64_t depth = smr_framework_node_depth(view->framework, node);
    int is_indicator = smr_framework_node_indicator(view->framework, node) >= 0;
    int indent = depth > 1 ? 2 * (int)(depth - 1) : 0;
    if (depth == 1 && !is_indicator)
        table_row(table, STYLE_BLANK);
    table_row(table, is_indicator ? STYLE_PLAIN : STYLE_STRONG);
    snprintf(indented, sizeof indented, "%*s%.350s", indent < 40 ? indent : 40, "", view_name(view, node));
    table_cell(table, indented);
    smr_indicator_options indicator;
    smr_indicator_options_init(&indicator, sizeof indicator);
    text[0] = '\0';
    if (is_indicator) {
        int64_t number = smr_framework_node_indicator(view->framework, node);
        smr_framework_indicator(view->framework, (size_t)number, &indicator, NULL);
        double value =
            raw_value(view, node, smr_scorecard_region(view->card, row), smr_scorecard_period(view->card, row));
        if (value == value)
            number_short(text, value);
    }
    table_cell(table, text);
    table_cell(table, *text ? indicator.unit : "");
    if (cells->scores[node] == cells->scores[node])
        number_fixed(text, cells->scores[node]);
    else
        strcpy(text, "-");
    table_cell(table, text);
    text[0] = '\0';
    if (!is_indicator)
        number_percent(text, cells->coverages[node]);
    table_cell(table, text);
    bar_text(text, sizeof text, view_share(view, cells->scores[node]), BAR_CELLS);
    table_cell(table, *text ? text : status_text(view->language, cells->status[node]));
    table_cell(table, *text ? status_text(view->language, cells->status[node]) : "");
}

int print_region(score_view *view, cli_output *out) {
    size_t row = view->rows[0];
    cli_language language = view->language;
    const char *name = smr_scorecard_region_name(view->card, row), *id = smr_scorecard_region(view->card, row);
    char line[500];
    snprintf(line, sizeof line, strcmp(name, id) ? "%.250s (%.100s)" : "%.250s", name, id);
    if (view->period) {
        strcat(line, ", ");
        strncat(line, view->period, 60);
    }
    table_line(out, STYLE_STRONG, line);
    out_text(out, "\n");
    region_cells cells;
    int failed = load_cells(view, row, &cells);
    cli_table table;
    table_init(&table, out);
    table_column(&table, "", ALIGN_LEFT, 56);
    table_column(&table, phrase_text(language, PHRASE_VALUE), ALIGN_RIGHT, 16);
    table_column(&table, phrase_text(language, PHRASE_UNIT), ALIGN_LEFT, 28);
    table_column(&table, phrase_text(language, PHRASE_SCORE), ALIGN_RIGHT, 16);
    table_column(&table, phrase_text(language, PHRASE_COVERAGE), ALIGN_RIGHT, 8);
    table_column(&table, "", ALIGN_LEFT, 36);
    table_column(&table, "", ALIGN_LEFT, 36);
    for (size_t node = 0; node < smr_framework_node_count(view->framework) && !failed; ++node)
        fill_node(view, &table, &cells, node, row);
    if (!failed)
        failed = table_print(&table);
    if (!failed) {
        out_text(out, "\n");
        view_print_scale(view, out);
    }
    free_cells(&cells);
    return failed;
}
