/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "score_view.h"

typedef struct place {
    double rank; /* infinite: none */
    size_t row;
} place;

static int by_rank(const void *a, const void *b) {
    const place *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static int in_period(const score_view *view, size_t row) {
    const char *period = smr_scorecard_period(view->card, row);
    return !view->period || (period && !strcmp(period, view->period));
}

static int sort_rows(score_view *view, size_t total) {
    place *places = malloc(total * sizeof *places);
    view->rows = malloc(total * sizeof *view->rows);
    if (!places || !view->rows) {
        free(places);
        return -1;
    }
    for (size_t row = 0; row < total; ++row) {
        double rank = view->ranks[0][row];
        if (!in_period(view, row))
            continue;
        view->ranked += rank == rank;
        places[view->count].rank = rank == rank ? rank : INFINITY;
        places[view->count++].row = row;
    }
    qsort(places, view->count, sizeof *places, by_rank);
    for (size_t i = 0; i < view->count; ++i)
        view->rows[i] = places[i].row;
    free(places);
    return 0;
}

static void choose_nodes(score_view *view) {
    view->nodes[view->node_count++] = 0;
    for (size_t i = 1; i < smr_framework_node_count(view->framework); ++i) {
        if (smr_framework_node_depth(view->framework, i) != 1)
            continue;
        if (view->node_count < VIEW_NODES)
            view->nodes[view->node_count++] = i;
        else
            ++view->hidden_nodes;
    }
}

/* Scales that people know are kept; any other runs from the lowest to the highest score there is. */
static void choose_scale(score_view *view) {
    double low = INFINITY, high = -INFINITY;
    for (size_t k = 0; k < view->node_count; ++k)
        for (size_t i = 0; i < view->count; ++i) {
            double score = view->scores[k][view->rows[i]];
            low = score < low ? score : low;
            high = score > high ? score : high;
        }
    if (low >= 0 && high <= 1) {
        low = 0;
        high = 1;
    } else if (low >= 0 && high <= 100) {
        low = 0;
        high = 100;
    }
    view->low = low;
    view->high = high;
}

static smr_status load_node(score_view *view, size_t k, size_t total, int details, smr_error *error) {
    size_t node = view->nodes[k];
    view->scores[k] = malloc(total * sizeof(double));
    view->statuses[k] = malloc(total);
    if (details || k == 0) {
        view->ranks[k] = malloc(total * sizeof(double));
        view->coverages[k] = malloc(total * sizeof(double));
    }
    if (!view->scores[k] || !view->statuses[k] || ((details || k == 0) && (!view->ranks[k] || !view->coverages[k])))
        return tool_out_of_memory(error);
    smr_status status = smr_scorecard_scores(view->card, node, view->scores[k], total, error);
    if (!status)
        status = smr_scorecard_statuses(view->card, node, view->statuses[k], total, error);
    if (!status && view->ranks[k])
        status = smr_scorecard_ranks(view->card, node, view->ranks[k], total, error);
    if (!status && view->coverages[k])
        status = smr_scorecard_coverages(view->card, node, view->coverages[k], total, error);
    return status;
}

int view_load(score_view *view, const cli_tool *tool, const smr_scorecard *card, int details) {
    memset(view, 0, sizeof *view);
    view->tool = tool;
    view->card = card;
    view->framework = smr_scorecard_framework(card);
    view->language = tool->options->language;
    view->period = tool->options->period ? tool->options->period : smr_dataset_latest_period(tool->dataset);
    choose_nodes(view);
    size_t total = smr_scorecard_row_count(card);
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_status status = SMR_OK;
    for (size_t k = 0; k < view->node_count && !status; ++k)
        status = load_node(view, k, total, details, &error);
    if (!status && sort_rows(view, total))
        status = tool_out_of_memory(&error);
    if (status)
        return error.status == SMR_ERROR_MEMORY ? file_error(TOOL_OUTPUT, NULL, "%s", error.message)
                                                : file_error(TOOL_INPUT, NULL, "%s", error.message);
    choose_scale(view);
    return TOOL_FINE;
}

void view_free(score_view *view) {
    for (size_t k = 0; k < view->node_count; ++k) {
        free(view->scores[k]);
        free(view->ranks[k]);
        free(view->coverages[k]);
        free(view->statuses[k]);
    }
    free(view->rows);
}

const char *view_name(const score_view *view, size_t node) {
    return smr_framework_node_name(view->framework, node, language_tag(view->language));
}

static const char *const marks[VIEW_NOTES] = {"¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};

void view_score(score_view *view, char *text, size_t size, double score, int status) {
    char number[NUMBER_SIZE];
    if (score == score) {
        number_fixed(number, score);
        snprintf(text, size, "%s", number);
        return;
    }
    size_t k = 0;
    while (k < view->note_count && view->notes[k] != status)
        ++k;
    if (k == view->note_count && k < VIEW_NOTES)
        view->notes[view->note_count++] = status;
    snprintf(text, size, "-%s", k < VIEW_NOTES ? marks[k] : "");
}

void view_print_notes(const score_view *view, cli_output *out) {
    for (size_t k = 0; k < view->note_count; ++k) {
        out_text(out, marks[k]);
        out_text(out, " ");
        out_text(out, status_text(view->language, view->notes[k]));
        out_text(out, "\n");
    }
}

void view_print_heading(const score_view *view, cli_output *out) {
    char line[512];
    snprintf(line, sizeof line, "%.300s%s%.60s: %zu %s", view_name(view, 0), view->period ? ", " : "",
             view->period ? view->period : "", view->count, phrase_text(view->language, PHRASE_REGIONS));
    table_line(out, STYLE_STRONG, line);
    if (view->tool->options->period || !view->period)
        return;
    /* Periods in the order of the data, each once; past a handful they say nothing to people. */
    const char *others[8];
    size_t count = 0, total = smr_scorecard_row_count(view->card);
    for (size_t row = 0; row < total && count < COUNT(others); ++row) {
        const char *period = smr_scorecard_period(view->card, row);
        int known = !period || !strcmp(period, view->period);
        for (size_t k = 0; k < count && !known; ++k)
            known = !strcmp(others[k], period);
        if (!known)
            others[count++] = period;
    }
    for (size_t k = 0; k < count; ++k) {
        out_text(out, k ? " " : phrase_text(view->language, PHRASE_OTHER_PERIODS));
        out_text(out, k ? "" : " ");
        out_text(out, others[k]);
    }
    if (count)
        out_text(out, count == COUNT(others) ? " …\n" : "\n");
}

void view_print_scale(const score_view *view, cli_output *out) {
    char low[NUMBER_SIZE], high[NUMBER_SIZE];
    if (!(view->high >= view->low))
        return;
    number_short(low, view->low);
    number_short(high, view->high);
    const char *text = phrase_text(view->language, PHRASE_SCALE), *first = strstr(text, "%s");
    const char *second = strstr(first + 2, "%s");
    out_bytes(out, text, (size_t)(first - text));
    out_text(out, low);
    out_bytes(out, first + 2, (size_t)(second - first) - 2);
    out_text(out, high);
    out_text(out, second + 2);
    out_text(out, "\n");
}

double view_share(const score_view *view, double score) {
    return view->high > view->low ? (score - view->low) / (view->high - view->low) : score == score ? 1 : NAN;
}

void rank_text(char text[NUMBER_SIZE], double rank) {
    if (rank == rank)
        number_short(text, rank);
    else
        strcpy(text, "-");
}
