/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "language.h"
#include "robust_table.h"
#include "table.h"

enum {
    INTERVAL_CELLS = 25,
    DEFAULT_ROWS = 40,
    MOST_STAGES = TABLE_COLUMNS - 11 /* that the table has room for beside its other columns; csv has all */
};

typedef enum word {
    WORD_ROBUSTNESS_OF,
    WORD_DRAWS,
    WORD_SHIFT,
    WORD_PARTIAL,
    WORD_FAILED,
    WORD_MEAN_RANK,
    WORD_INTERVAL,
    WORD_SEEN,
    WORD_FIRST,
    WORD_TOP7,
    WORD_TOP21,
    WORD_SCORES,
    WORD_MEAN_SCORE,
    WORD_CONFIDENCE,
    WORD_LEGEND,
    WORD_WIDTH,
    WORD_STAGES,
    WORD_EXACT,
    WORD_UNPROVEN,
    WORD_COUNT
} word;

static const char *const words[WORD_COUNT][2] = {
    [WORD_ROBUSTNESS_OF] = {"Robustness", "Độ vững"},
    [WORD_DRAWS] = {"Draws: %s, seed %s; varied: %s", "Số lần rút: %s, hạt giống %s; thay đổi: %s"},
    [WORD_SHIFT] = {"A rank moves by %s places on average.", "Hạng thay đổi trung bình %s bậc."},
    [WORD_PARTIAL] = {"Interrupted: the result of the draws done.", "Bị ngắt: kết quả của các lần rút đã xong."},
    [WORD_FAILED] = {"Failed draws: %s (first: %s: %s)", "Lần rút hỏng: %s (đầu tiên: %s: %s)"},
    [WORD_MEAN_RANK] = {"Mean rank", "Hạng trung bình"},
    [WORD_INTERVAL] = {"5-95 %", "5-95 %"},
    [WORD_SEEN] = {"Best-worst", "Tốt-kém nhất"},
    [WORD_FIRST] = {"First %", "Hạng nhất %"},
    [WORD_TOP7] = {"Top 7 %", "Nhóm 7 %"},
    [WORD_TOP21] = {"Top 21 %", "Nhóm 21 %"},
    [WORD_SCORES] = {"Score 5-95 %", "Điểm 5-95 %"},
    [WORD_MEAN_SCORE] = {"Mean score", "Điểm trung bình"},
    [WORD_CONFIDENCE] = {"Confidence", "Hệ số tin cậy"},
    [WORD_LEGEND] = {"Ranks 1 to %s from left to right: ├─┤ 5 to 95 % of the draws, ● the median.",
                     "Hạng 1 đến %s từ trái sang phải: ├─┤ 5 đến 95 % số lần rút, ● trung vị."},
    [WORD_WIDTH] = {"Score quantiles are read from cells of %s.", "Phân vị điểm đọc từ các ô rộng %s."},
    [WORD_STAGES] = {"Stages: % of the draws in which a region passes the stage and all before it.",
                     "Vòng: % số lần rút mà vùng qua vòng đó và mọi vòng trước."},
    [WORD_EXACT] = {"Best-worst: exact bounds over all weights of the spec.",
                    "Tốt-kém nhất: cận chính xác trên mọi trọng số của đặc tả."},
    [WORD_UNPROVEN] = {"Best and worst ranks that hold, but are not proven to be reached: %s",
                       "Số hạng tốt và kém nhất đúng nhưng chưa chứng minh là đạt được: %s"},
};

/* The measures of one node that the table shows, one array each. */
typedef enum column {
    COLUMN_SCORE,
    COLUMN_RANK,
    COLUMN_MEAN,
    COLUMN_LOW,
    COLUMN_MIDDLE,
    COLUMN_HIGH,
    COLUMN_BEST,
    COLUMN_WORST,
    COLUMN_FIRST,
    COLUMN_TOP7,
    COLUMN_TOP21,
    COLUMN_MEAN_SCORE,
    COLUMN_SCORE_LOW,
    COLUMN_SCORE_HIGH,
    COLUMN_CONFIDENCE,
    COLUMN_COUNT
} column;

static const struct {
    int32_t measure;
    double argument;
} measures[COLUMN_COUNT] = {
    [COLUMN_SCORE] = {SMR_ROBUST_SCORE, 0},
    [COLUMN_RANK] = {SMR_ROBUST_RANK, 0},
    [COLUMN_MEAN] = {SMR_ROBUST_RANK_MEAN, 0},
    [COLUMN_LOW] = {SMR_ROBUST_RANK_QUANTILE, 0.05},
    [COLUMN_MIDDLE] = {SMR_ROBUST_RANK_QUANTILE, 0.5},
    [COLUMN_HIGH] = {SMR_ROBUST_RANK_QUANTILE, 0.95},
    [COLUMN_BEST] = {SMR_ROBUST_RANK_BEST, 0},
    [COLUMN_WORST] = {SMR_ROBUST_RANK_WORST, 0},
    [COLUMN_FIRST] = {SMR_ROBUST_RANK_TOP, 1},
    [COLUMN_TOP7] = {SMR_ROBUST_RANK_TOP, 7},
    [COLUMN_TOP21] = {SMR_ROBUST_RANK_TOP, 21},
    [COLUMN_MEAN_SCORE] = {SMR_ROBUST_SCORE_MEAN, 0},
    [COLUMN_SCORE_LOW] = {SMR_ROBUST_SCORE_QUANTILE, 0.05},
    [COLUMN_SCORE_HIGH] = {SMR_ROBUST_SCORE_QUANTILE, 0.95},
    [COLUMN_CONFIDENCE] = {SMR_ROBUST_CONFIDENCE, 0},
};

typedef struct printer {
    const cli_tool *tool;
    const smr_robust *robust;
    const smr_funnel *funnel;
    cli_output *out;
    cli_language language;
    size_t regions, *order;
    double *values[COLUMN_COUNT];
    double *stages; /* stage x region */
    size_t stage_count;
} printer;

static const char *say(const printer *p, word which) {
    return words[which][p->language];
}

/* The text with each "%s" replaced in turn, on a line of its own. */
static void print_line(const printer *p, word which, const char *const *texts) {
    out_line(p->out, say(p, which), texts);
}

static void whole_text(char text[NUMBER_SIZE], double value) {
    snprintf(text, NUMBER_SIZE, value == value ? "%.0f" : "-", value);
}

/* "3-17" */
static void span_text(char text[2 * NUMBER_SIZE], double low, double high, int decimals) {
    snprintf(text, 2 * NUMBER_SIZE, low == low && high == high ? "%.*f-%.*f" : "-", decimals, low, decimals, high);
}

static size_t cell_of(const printer *p, double rank) {
    return p->regions < 2 ? 0 : (size_t)((rank - 1) / (double)(p->regions - 1) * (INTERVAL_CELLS - 1) + 0.5);
}

/* The interval drawn in characters, each of three bytes. */
static void interval_text(const printer *p, char *text, size_t region) {
    const double low = p->values[COLUMN_LOW][region], high = p->values[COLUMN_HIGH][region];
    text[0] = '\0';
    if (low != low)
        return;
    const size_t from = cell_of(p, low), to = cell_of(p, high), middle = cell_of(p, p->values[COLUMN_MIDDLE][region]);
    for (size_t i = 0; i < INTERVAL_CELLS; ++i) {
        const char *cell = i == middle ? "●" : i == from ? "├" : i == to ? "┤" : i > from && i < to ? "─" : "·";
        const size_t length = strlen(cell);
        memcpy(text, cell, length + 1);
        text += length;
    }
}

static int stands_before(double a, double b) {
    return a < b || (a == a && b != b);
}

/* By rank; regions without one last, in input order. */
static void sort(printer *p) {
    const double *rank = p->values[COLUMN_RANK];
    for (size_t i = 0; i < p->regions; ++i) {
        size_t at = i;
        for (; at > 0 && stands_before(rank[i], rank[p->order[at - 1]]); --at)
            p->order[at] = p->order[at - 1];
        p->order[at] = i;
    }
}

static void fill_row(const printer *p, cli_table *table, size_t region) {
    char text[4 * INTERVAL_CELLS + 2 * NUMBER_SIZE];
    double *const *v = p->values;
    const uint32_t outputs = p->tool->options->outputs;
    table_row(table, v[COLUMN_RANK][region] == v[COLUMN_RANK][region] ? STYLE_PLAIN : STYLE_FAINT);
    whole_text(text, v[COLUMN_RANK][region]);
    table_cell(table, text);
    table_cell(table, smr_robust_region(p->robust, region));
    table_cell(table, smr_robust_region_name(p->robust, region));
    number_fixed(text, v[COLUMN_SCORE][region]);
    table_cell(table, v[COLUMN_SCORE][region] == v[COLUMN_SCORE][region] ? text : "-");
    snprintf(text, sizeof text, v[COLUMN_MEAN][region] == v[COLUMN_MEAN][region] ? "%.1f" : "-", v[COLUMN_MEAN][region]);
    table_cell(table, text);
    span_text(text, v[COLUMN_LOW][region], v[COLUMN_HIGH][region], 0);
    table_cell(table, text);
    interval_text(p, text, region);
    table_cell(table, text);
    span_text(text, v[COLUMN_BEST][region], v[COLUMN_WORST][region], 0);
    table_cell(table, text);
    for (size_t c = COLUMN_FIRST; c <= COLUMN_TOP21 && !p->stage_count; ++c) {
        number_percent(text, v[c][region]);
        table_cell(table, text);
    }
    for (size_t s = 0; s < p->stage_count; ++s) {
        number_percent(text, p->stages[s * p->regions + region]);
        table_cell(table, text);
    }
    if (outputs & SMR_ROBUST_SCORES) {
        number_fixed(text, v[COLUMN_MEAN_SCORE][region]);
        table_cell(table, v[COLUMN_MEAN_SCORE][region] == v[COLUMN_MEAN_SCORE][region] ? text : "-");
        span_text(text, v[COLUMN_SCORE_LOW][region], v[COLUMN_SCORE_HIGH][region], 2);
        table_cell(table, text);
    }
    if (outputs & SMR_ROBUST_WEIGHTS) {
        number_fixed(text, v[COLUMN_CONFIDENCE][region]);
        table_cell(table, v[COLUMN_CONFIDENCE][region] == v[COLUMN_CONFIDENCE][region] ? text : "-");
    }
}

static int print_rows(const printer *p) {
    const cli_options *options = p->tool->options;
    const uint64_t top = options->given[OPTION_TOP] ? options->top : DEFAULT_ROWS;
    cli_table table;
    table_init(&table, p->out);
    table_column(&table, phrase_text(p->language, PHRASE_RANK), ALIGN_RIGHT, 10);
    table_column(&table, phrase_text(p->language, PHRASE_REGION), ALIGN_LEFT, 24);
    table_column(&table, phrase_text(p->language, PHRASE_NAME), ALIGN_LEFT, 32);
    table_column(&table, phrase_text(p->language, PHRASE_SCORE), ALIGN_RIGHT, 16);
    table_column(&table, say(p, WORD_MEAN_RANK), ALIGN_RIGHT, 10);
    table_column(&table, say(p, WORD_INTERVAL), ALIGN_RIGHT, 16);
    table_column(&table, "", ALIGN_LEFT, INTERVAL_CELLS);
    table_column(&table, say(p, WORD_SEEN), ALIGN_RIGHT, 16);
    if (!p->stage_count) {
        table_column(&table, say(p, WORD_FIRST), ALIGN_RIGHT, 8);
        table_column(&table, say(p, WORD_TOP7), ALIGN_RIGHT, 8);
        table_column(&table, say(p, WORD_TOP21), ALIGN_RIGHT, 8);
    }
    for (size_t s = 0; s < p->stage_count; ++s)
        table_column(&table, smr_funnel_stage_name(p->funnel, s, language_tag(p->language)), ALIGN_RIGHT, 16);
    if (options->outputs & SMR_ROBUST_SCORES) {
        table_column(&table, say(p, WORD_MEAN_SCORE), ALIGN_RIGHT, 12);
        table_column(&table, say(p, WORD_SCORES), ALIGN_RIGHT, 24);
    }
    if (options->outputs & SMR_ROBUST_WEIGHTS)
        table_column(&table, say(p, WORD_CONFIDENCE), ALIGN_RIGHT, 10);
    size_t shown = 0;
    for (; shown < p->regions && shown < top; ++shown)
        fill_row(p, &table, p->order[shown]);
    if (table_print(&table))
        return -1;
    if (shown < p->regions)
        out_text(p->out, "\n");
    table_remark(p->out, p->language, PHRASE_NOT_SHOWN, p->regions - shown);
    return 0;
}

static void print_heading(const printer *p) {
    char line[400], draws[NUMBER_SIZE], seed[NUMBER_SIZE], factors[256] = "";
    const smr_framework *framework = smr_robust_framework(p->robust);
    const char *name = smr_framework_node_name(framework, 0, language_tag(p->language));
    snprintf(line, sizeof line, "%s: %.250s", say(p, WORD_ROBUSTNESS_OF), name);
    table_line(p->out, STYLE_STRONG, line);
    const char *id;
    for (size_t i = 0; (id = smr_robust_factor_id(p->robust, i)) != NULL; ++i) {
        if (i)
            strncat(factors, ", ", sizeof factors - strlen(factors) - 1);
        strncat(factors, id, sizeof factors - strlen(factors) - 1);
    }
    snprintf(draws, sizeof draws, "%llu", (unsigned long long)smr_robust_draw_count(p->robust));
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)smr_robust_seed(p->robust));
    print_line(p, WORD_DRAWS, (const char *const[]){draws, seed, factors});
    if (smr_robust_is_partial(p->robust))
        print_line(p, WORD_PARTIAL, NULL);
    smr_robust_failure failure;
    smr_robust_failure_init(&failure, sizeof failure);
    for (size_t i = 0; !smr_robust_failure_get(p->robust, i, &failure, NULL); ++i) {
        char count[NUMBER_SIZE], first[NUMBER_SIZE];
        snprintf(count, sizeof count, "%llu", (unsigned long long)failure.count);
        snprintf(first, sizeof first, "%llu", (unsigned long long)failure.first_draw);
        print_line(p, WORD_FAILED, (const char *const[]){count, first, failure.message});
    }
    out_text(p->out, "\n");
}

static void print_notes(const printer *p) {
    char text[NUMBER_SIZE];
    out_text(p->out, "\n");
    whole_text(text, (double)p->regions);
    print_line(p, WORD_LEGEND, (const char *const[]){text});
    if (p->stage_count)
        print_line(p, WORD_STAGES, NULL);
    if (smr_robust_is_exact(p->robust))
        print_line(p, WORD_EXACT, NULL);
    snprintf(text, sizeof text, "%llu", (unsigned long long)smr_robust_unproven(p->robust));
    if (smr_robust_unproven(p->robust))
        print_line(p, WORD_UNPROVEN, (const char *const[]){text});
    const double shift = smr_robust_mean_rank_shift(p->robust, 0), width = smr_robust_cell_width(p->robust, 0);
    number_fixed(text, shift);
    if (shift == shift)
        print_line(p, WORD_SHIFT, (const char *const[]){text});
    number_short(text, width);
    if ((p->tool->options->outputs & SMR_ROBUST_SCORES) && width == width)
        print_line(p, WORD_WIDTH, (const char *const[]){text});
}

int print_robust(const cli_tool *tool, const smr_robust *robust, const smr_funnel *funnel, cli_output *out) {
    printer p = {.tool = tool,
                 .robust = robust,
                 .funnel = funnel,
                 .out = out,
                 .language = tool->options->language,
                 .regions = smr_robust_region_count(robust)};
    double *block = calloc(COLUMN_COUNT, p.regions * sizeof *block);
    p.order = calloc(p.regions, sizeof *p.order);
    p.stage_count = smr_robust_stage_count(robust);
    if (p.stage_count > MOST_STAGES)
        p.stage_count = MOST_STAGES;
    p.stages = calloc(p.stage_count + 1, p.regions * sizeof *p.stages);
    int failed = !block || !p.order || !p.stages;
    for (size_t s = 0; !failed && s < p.stage_count; ++s)
        smr_robust_stage_probability(robust, s, p.stages + s * p.regions, p.regions, NULL);
    for (size_t c = 0; !failed && c < COLUMN_COUNT; ++c) {
        p.values[c] = block + c * p.regions;
        smr_robust_values(robust, measures[c].measure, measures[c].argument, 0, p.values[c], p.regions, NULL);
    }
    if (!failed) {
        sort(&p);
        print_heading(&p);
        failed = print_rows(&p);
        print_notes(&p);
    }
    free(block);
    free(p.stages);
    free(p.order);
    return failed ? -1 : 0;
}
