/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "language.h"
#include "select_table.h"
#include "table.h"

/* Near misses of each kind that are shown, and passing regions unless --top says otherwise. */
enum { MISSES = 5, SHOWN = 40, REASON_SIZE = 512, REASON_WIDTH = 90, PARTS_SHOWN = 6 };

typedef enum word {
    WORD_PASSED,
    WORD_SCORE_OF,
    WORD_AS_IS,
    WORD_MAPPED,
    WORD_WHY,
    WORD_CUT,
    WORD_STOPPED,
    WORD_HIDDEN,
    WORD_OTHERS,
    WORD_TIED,
    WORD_NOBODY,
    WORD_PREVIOUS,
    WORD_BALLOTS,
    WORD_INDEX,
    WORD_COUNT
} word;

static const char *const words[WORD_COUNT][2] = {
    [WORD_PASSED] = {"%s: %s of %s passed", "%s: %s trên %s vùng vượt qua"},
    [WORD_SCORE_OF] = {"Score: ", "Điểm: "},
    [WORD_AS_IS] = {"%s × %s", "%s × %s"},
    [WORD_MAPPED] = {"%s × %s (from %s..%s to %s..%s)", "%s × %s (từ %s..%s về %s..%s)"},
    [WORD_WHY] = {"Why", "Lý do"},
    [WORD_CUT] = {"cut", "điểm cắt"},
    [WORD_STOPPED] = {"Stopped before the ranking: %s", "Bị loại trước khi xếp hạng: %s"},
    [WORD_HIDDEN] = {"Regions that passed, not shown: %s (--top all shows every one).",
                     "Số vùng vượt qua không hiển thị: %s (--top all hiển thị tất cả)."},
    [WORD_OTHERS] = {"Others that failed, not shown: %s (--format csv or json holds every one).",
                     "Số vùng khác bị loại, không hiển thị: %s (--format csv hoặc json có tất cả)."},
    [WORD_TIED] = {"%s regions tie at the cut.", "%s vùng đồng hạng tại điểm cắt."},
    [WORD_NOBODY] = {"No region passed.", "Không vùng nào vượt qua."},
    [WORD_PREVIOUS] = {"score of the stage before", "điểm của vòng trước"},
    [WORD_BALLOTS] = {"jury", "ban giám khảo"},
    [WORD_INDEX] = {"Index", "Chỉ số"},
};

typedef struct printer {
    const cli_tool *tool;
    const smr_selection *selection;
    const smr_framework *framework;
    const double *index; /* by row of the scorecard */
    cli_output *out;
    cli_language language;
    int failed;
} printer;

static const char *say(const printer *p, word which) {
    return words[which][p->language];
}

/* The text with each "%s" replaced in turn. */
static void fill_text(char *target, size_t size, const char *text, const char *const *texts) {
    size_t used = 0;
    for (; *text && used + 1 < size; ++text) {
        if (text[0] == '%' && text[1] == 's') {
            int wrote = snprintf(target + used, size - used, "%s", *texts++);
            used += wrote < 0 ? 0 : (size_t)wrote < size - used ? (size_t)wrote : size - used - 1;
            ++text;
        } else {
            target[used++] = *text;
        }
    }
    target[used] = '\0';
}

static void print_line(const printer *p, table_style style, word which, const char *const *texts) {
    char line[REASON_SIZE];
    fill_text(line, sizeof line, say(p, which), texts);
    table_line(p->out, style, line);
}

static void print_count(const printer *p, word which, size_t count) {
    char text[NUMBER_SIZE];
    const char *const texts[] = {text};
    if (!count)
        return;
    snprintf(text, sizeof text, "%zu", count);
    print_line(p, STYLE_FAINT, which, texts);
}

static void number_cell(cli_table *table, double value) {
    char text[NUMBER_SIZE] = "";
    if (!isnan(value))
        number_fixed(text, value);
    table_cell(table, text);
}

static const char *part_name(const printer *p, const char *name) {
    if (!strcmp(name, "previous") || !strcmp(name, "ballots"))
        return say(p, *name == 'p' ? WORD_PREVIOUS : WORD_BALLOTS);
    int64_t node = strcmp(name, "index") ? smr_framework_find(p->framework, name) : 0;
    return node < 0 ? name : smr_framework_node_name(p->framework, (size_t)node, language_tag(p->language));
}

static smr_part_result part_of(const printer *p, size_t stage, size_t number) {
    smr_part_result part;
    smr_part_result_init(&part, sizeof part);
    smr_selection_part(p->selection, stage, number, &part, NULL);
    return part;
}

/* What the score of a stage is made of, unless it is the index alone. */
static void print_parts(const printer *p, size_t stage, const smr_stage_result *result) {
    size_t count = smr_selection_part_count(p->selection, stage);
    smr_part_result part = part_of(p, stage, 0);
    if (count == 1 && !strcmp(part.how, "as_is"))
        return;
    out_text(p->out, say(p, WORD_SCORE_OF));
    for (size_t i = 0; i < count; ++i) {
        char numbers[5][NUMBER_SIZE], line[REASON_SIZE];
        part = part_of(p, stage, i);
        int mapped = strcmp(part.how, "as_is") && !isnan(part.worst);
        const double values[] = {part.weight, part.worst, part.best, result->low, result->high};
        for (size_t k = 0; k < COUNT(values); ++k)
            number_short(numbers[k], values[k]);
        const char *const texts[] = {numbers[0], part_name(p, part.name), numbers[1], numbers[2], numbers[3], numbers[4]};
        fill_text(line, sizeof line, say(p, mapped ? WORD_MAPPED : WORD_AS_IS), texts);
        out_text(p->out, i ? " + " : "");
        out_text(p->out, line);
    }
    out_text(p->out, "\n");
}

static void put_row(const printer *p, cli_table *table, size_t row, const smr_stage_result *result, size_t stage,
                    table_style style) {
    char rank[NUMBER_SIZE] = "", reason[REASON_SIZE];
    double place = smr_selection_ranks(p->selection)[row];
    size_t parts = smr_selection_part_count(p->selection, stage);
    if (!isnan(place))
        number_short(rank, place);
    table_row(table, style);
    table_cell(table, rank);
    table_cell(table, smr_selection_regions(p->selection)[row]);
    table_cell(table, smr_selection_names(p->selection)[row]);
    if (isnan(place))
        number_cell(table, p->index[smr_selection_card_rows(p->selection)[row]]);
    else
        number_cell(table, smr_selection_scores(p->selection)[row]);
    for (size_t i = 0; i < parts && parts > 1 && parts <= PARTS_SHOWN; ++i) {
        smr_part_result part = part_of(p, stage, i);
        number_cell(table, part.mixed[row - result->first_row]);
    }
    smr_selection_reason_text(p->selection, row, language_tag(p->language), reason, sizeof reason);
    table_cell(table, reason);
}

static void start_table(const printer *p, cli_table *table, size_t stage, word score) {
    size_t parts = smr_selection_part_count(p->selection, stage);
    table_init(table, p->out);
    table->indent = 2;
    table_column(table, phrase_text(p->language, PHRASE_RANK), ALIGN_RIGHT, 12);
    table_column(table, phrase_text(p->language, PHRASE_REGION), ALIGN_LEFT, 24);
    table_column(table, phrase_text(p->language, PHRASE_NAME), ALIGN_LEFT, 28);
    table_column(table, score == WORD_INDEX ? say(p, score) : phrase_text(p->language, PHRASE_SCORE), ALIGN_RIGHT, 14);
    for (size_t i = 0; i < parts && parts > 1 && parts <= PARTS_SHOWN; ++i)
        table_column(table, part_name(p, part_of(p, stage, i).name), ALIGN_RIGHT, 14);
    table_column(table, say(p, WORD_WHY), ALIGN_LEFT, REASON_WIDTH);
}

/* Those with a rank: passing ones, the cut, and the first behind it. Returns how many that fail were shown. */
static size_t print_ranked(printer *p, size_t stage, const smr_stage_result *result, size_t most) {
    cli_table table;
    size_t shown = 0, hidden = 0, misses = 0;
    const size_t first = (size_t)result->first_row, end = first + (size_t)result->ranked;
    const uint8_t *passed = smr_selection_passed(p->selection);
    int cut = 0;
    start_table(p, &table, stage, WORD_SCORE_OF);
    for (size_t row = first; row < end; ++row) {
        if (passed[row]) {
            if (shown < most)
                put_row(p, &table, row, result, stage, STYLE_PLAIN);
            hidden += shown >= most;
            ++shown;
        } else if (misses < MISSES) {
            if (!cut++) {
                table_row(&table, STYLE_FAINT);
                table_cell(&table, "");
                table_cell(&table, "───");
                table_cell(&table, say(p, WORD_CUT));
                number_cell(&table, result->lowest);
            }
            put_row(p, &table, row, result, stage, STYLE_FAINT);
            ++misses;
        }
    }
    p->failed = table_print(&table) || p->failed;
    print_count(p, WORD_HIDDEN, hidden);
    return misses;
}

/* Those that were stopped before the ranking, the highest index first. Returns how many were shown. */
static size_t print_stopped(printer *p, size_t stage, const smr_stage_result *result) {
    const size_t first = (size_t)(result->first_row + result->ranked), end = (size_t)(result->first_row + result->entered);
    const size_t *rows = smr_selection_card_rows(p->selection);
    size_t best[MISSES], shown = 0;
    if (first == end)
        return 0;
    for (size_t row = first; row < end; ++row) {
        double index = p->index[rows[row]];
        size_t at = shown;
        while (at > 0 && (isnan(p->index[rows[best[at - 1]]]) ? !isnan(index) : index > p->index[rows[best[at - 1]]]))
            --at;
        if (at == MISSES)
            continue;
        shown += shown < MISSES;
        memmove(best + at + 1, best + at, (shown - at - 1) * sizeof *best);
        best[at] = row;
    }
    print_count(p, WORD_STOPPED, end - first);
    cli_table table;
    start_table(p, &table, stage, WORD_INDEX);
    for (size_t i = 0; i < shown; ++i)
        put_row(p, &table, best[i], result, stage, STYLE_FAINT);
    p->failed = table_print(&table) || p->failed;
    return shown;
}

static void print_stage(printer *p, size_t stage) {
    const cli_options *options = p->tool->options;
    smr_stage_result result;
    smr_stage_result_init(&result, sizeof result);
    smr_selection_stage(p->selection, stage, &result, NULL);
    char passed[NUMBER_SIZE], entered[NUMBER_SIZE];
    snprintf(passed, sizeof passed, "%llu", (unsigned long long)result.passed);
    snprintf(entered, sizeof entered, "%llu", (unsigned long long)result.entered);
    const smr_funnel *funnel = smr_selection_funnel(p->selection);
    const char *const heading[] = {smr_funnel_stage_name(funnel, stage, language_tag(p->language)), passed, entered};
    if (stage)
        out_text(p->out, "\n");
    print_line(p, STYLE_STRONG, WORD_PASSED, heading);
    print_parts(p, stage, &result);
    size_t most = options->given[OPTION_TOP] ? (size_t)(options->top < SIZE_MAX ? options->top : SIZE_MAX) : SHOWN;
    size_t told = result.ranked ? print_ranked(p, stage, &result, most) : 0;
    print_count(p, WORD_TIED, (size_t)result.tied);
    told += print_stopped(p, stage, &result);
    print_count(p, WORD_OTHERS, (size_t)(result.entered - result.passed) - told);
    if (!result.passed)
        table_line(p->out, STYLE_PLAIN, say(p, WORD_NOBODY));
}

int print_selection(const cli_tool *tool, const smr_scorecard *card, const smr_selection *selection, cli_output *out) {
    size_t rows = smr_scorecard_row_count(card);
    double *index = malloc((rows ? rows : 1) * sizeof *index);
    if (!index || smr_scorecard_scores(card, 0, index, rows, NULL)) {
        free(index);
        return -1;
    }
    printer p = {tool, selection, smr_scorecard_framework(card), index, out, tool->options->language, 0};
    const char *period = smr_selection_period(selection);
    if (period) {
        out_text(out, phrase_text(p.language, PHRASE_PERIOD));
        out_text(out, ": ");
        table_line(out, STYLE_PLAIN, period);
    }
    for (size_t stage = 0; stage < smr_funnel_stage_count(smr_selection_funnel(selection)); ++stage)
        print_stage(&p, stage);
    free(index);
    return p.failed ? -1 : 0;
}
