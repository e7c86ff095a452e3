/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "language.h"
#include "stability_table.h"
#include "table.h"

enum { REGIONS_SHOWN = 20 };

typedef enum word {
    WORD_BREAK_EVEN_OF,
    WORD_SHARE,
    WORD_BREAK_EVEN,
    WORD_CHANGE,
    WORD_RELATIVE,
    WORD_NONE,
    WORD_ALWAYS,
    WORD_ALONE,
    WORD_LEAST,
    WORD_NO_LEAST,
    WORD_NOW,
    WORD_THEN,
    WORD_CRITICAL,
    WORD_ANY,
    WORD_TOP,
    WORD_MEETS,
    WORD_WITHOUT,
    WORD_INDICATORS,
    WORD_CRITERIA,
    WORD_REGIONS,
    WORD_MEAN_SHIFT,
    WORD_MOST_SHIFT,
    WORD_REVERSALS,
    WORD_GAINS,
    WORD_LOSES,
    WORD_NOT_LEFT_OUT,
    WORD_NO_SHIFT,
    WORD_COUNT
} word;

static const char *const words[WORD_COUNT][2] = {
    [WORD_BREAK_EVEN_OF] = {"Weights at which %s (%s, rank %s) and %s (%s, rank %s) are equal",
                            "Trọng số mà tại đó %s (%s, hạng %s) và %s (%s, hạng %s) bằng nhau"},
    [WORD_SHARE] = {"Share", "Tỷ trọng"},
    [WORD_BREAK_EVEN] = {"Break-even", "Hoà điểm"},
    [WORD_CHANGE] = {"Change", "Thay đổi"},
    [WORD_RELATIVE] = {"Change %", "Thay đổi %"},
    [WORD_NONE] = {"never equal", "không bao giờ bằng"},
    [WORD_ALWAYS] = {"always equal", "luôn bằng nhau"},
    [WORD_ALONE] = {"no sibling", "không có nút cùng cấp"},
    [WORD_LEAST] = {"Least change of all weights together: %s (sum of |change|)",
                    "Thay đổi nhỏ nhất của mọi trọng số: %s (tổng |thay đổi|)"},
    [WORD_NO_LEAST] = {"No change of all weights together: %s", "Không có thay đổi chung của mọi trọng số: %s"},
    [WORD_NOW] = {"Weight now", "Trọng số hiện nay"},
    [WORD_THEN] = {"Weight when equal", "Trọng số khi bằng"},
    [WORD_CRITICAL] = {"Least change of each weight that makes two regions equal",
                       "Thay đổi nhỏ nhất của mỗi trọng số làm hai vùng bằng nhau"},
    [WORD_ANY] = {"Any two %", "Hai vùng bất kỳ %"},
    [WORD_TOP] = {"The leader %", "Vùng dẫn đầu %"},
    [WORD_MEETS] = {"which", "vùng nào"},
    [WORD_WITHOUT] = {"Without", "Khi bỏ"},
    [WORD_INDICATORS] = {"One indicator less", "Bỏ một chỉ tiêu"},
    [WORD_CRITERIA] = {"One criterion less", "Bỏ một tiêu chí"},
    [WORD_REGIONS] = {"One region less: what its values had decided", "Bỏ một vùng: điều mà số liệu của nó đã quyết định"},
    [WORD_MEAN_SHIFT] = {"Mean rank shift", "Dịch hạng trung bình"},
    [WORD_MOST_SHIFT] = {"Most", "Lớn nhất"},
    [WORD_REVERSALS] = {"Pairs reversed", "Cặp đảo ngược"},
    [WORD_GAINS] = {"Gains most", "Tăng nhiều nhất"},
    [WORD_LOSES] = {"Loses most", "Giảm nhiều nhất"},
    [WORD_NOT_LEFT_OUT] = {"%s cannot be left out: %s", "Không thể bỏ %s: %s"},
    [WORD_NO_SHIFT] = {"No region's rank depends on another region being there.",
                       "Hạng của mỗi vùng không phụ thuộc vào sự có mặt của vùng khác."},
};

typedef struct printer {
    const cli_tool *tool;
    cli_output *out;
    cli_language language;
    int failed;
} printer;

static const char *say(const printer *p, word which) {
    return words[which][p->language];
}

/* The text with each "%s" replaced in turn. */
static void print_line(const printer *p, table_style style, word which, const char *const *texts) {
    char line[1200];
    size_t used = 0;
    for (const char *text = say(p, which); *text && used + 1 < sizeof line;) {
        const char *piece = text;
        size_t length = 1;
        if (text[0] == '%' && text[1] == 's') {
            piece = *texts++;
            length = strlen(piece);
            text += 2;
        } else {
            ++text;
        }
        if (length > sizeof line - 1 - used)
            length = sizeof line - 1 - used;
        memcpy(line + used, piece, length);
        used += length;
    }
    line[used] = '\0';
    table_line(p->out, style, line);
}

static void number_cell(cli_table *table, double value, int decimals) {
    char text[NUMBER_SIZE] = "-";
    if (!isnan(value))
        snprintf(text, sizeof text, "%.*f", decimals, value);
    table_cell(table, text);
}

static void signed_cell(cli_table *table, double value, int decimals) {
    char text[NUMBER_SIZE] = "-";
    if (!isnan(value))
        snprintf(text, sizeof text, "%+.*f", decimals, value);
    table_cell(table, text);
}

static void finish(printer *p, cli_table *table) {
    if (table_print(table))
        p->failed = 1;
}

/* The id, indented by its depth. */
static void node_cell(cli_table *table, const smr_framework *framework, size_t node) {
    char text[256];
    int64_t depth = smr_framework_node_depth(framework, node);
    int indent = depth > 1 ? (int)(2 * (depth - 1)) : 0;
    snprintf(text, sizeof text, "%*s%s", indent, "", smr_framework_node_id(framework, node));
    table_cell(table, text);
}

/* ---- break-even weights ---- */

static void print_nodes(printer *p, const smr_break_even *result) {
    const smr_framework *framework = smr_break_even_framework(result);
    const uint8_t *statuses = smr_break_even_statuses(result);
    cli_table table;
    table_init(&table, p->out);
    table.indent = 2;
    table_column(&table, phrase_text(p->language, PHRASE_ID), ALIGN_LEFT, 40);
    table_column(&table, say(p, WORD_SHARE), ALIGN_RIGHT, 12);
    table_column(&table, say(p, WORD_BREAK_EVEN), ALIGN_RIGHT, 22);
    table_column(&table, say(p, WORD_CHANGE), ALIGN_RIGHT, 12);
    table_column(&table, say(p, WORD_RELATIVE), ALIGN_RIGHT, 12);
    for (size_t node = 1; node < smr_framework_node_count(framework); ++node) {
        table_row(&table, STYLE_PLAIN);
        node_cell(&table, framework, node);
        number_cell(&table, smr_break_even_column(result, SMR_BREAK_EVEN_SHARE)[node], 4);
        if (statuses[node] == SMR_BREAK_EVEN_FOUND)
            number_cell(&table, smr_break_even_column(result, SMR_BREAK_EVEN_BREAK_EVEN)[node], 4);
        else
            table_cell(&table, say(p, statuses[node] == SMR_BREAK_EVEN_NONE     ? WORD_NONE
                                      : statuses[node] == SMR_BREAK_EVEN_ALWAYS ? WORD_ALWAYS
                                                                                : WORD_ALONE));
        signed_cell(&table, smr_break_even_column(result, SMR_BREAK_EVEN_CHANGE)[node], 4);
        signed_cell(&table, 100 * smr_break_even_column(result, SMR_BREAK_EVEN_RELATIVE_CHANGE)[node], 1);
    }
    finish(p, &table);
}

static void print_nearest(printer *p, const smr_break_even *result) {
    const smr_framework *framework = smr_break_even_framework(result);
    double distance = NAN;
    const double *weights = smr_break_even_weights(result, &distance);
    char number[NUMBER_SIZE];
    snprintf(number, sizeof number, "%.4f", distance);
    const char *const texts[] = {weights ? number : smr_break_even_reason(result)};
    out_text(p->out, "\n");
    print_line(p, STYLE_STRONG, weights ? WORD_LEAST : WORD_NO_LEAST, texts);
    if (!weights)
        return;
    cli_table table;
    table_init(&table, p->out);
    table.indent = 2;
    table_column(&table, phrase_text(p->language, PHRASE_INDICATOR), ALIGN_LEFT, 40);
    table_column(&table, say(p, WORD_NOW), ALIGN_RIGHT, 14);
    table_column(&table, say(p, WORD_THEN), ALIGN_RIGHT, 14);
    table_column(&table, say(p, WORD_CHANGE), ALIGN_RIGHT, 12);
    for (size_t i = 0; i < smr_framework_indicator_count(framework); ++i) {
        const size_t node = (size_t)smr_framework_indicator_node(framework, i);
        const double now = smr_model_effective_weight(p->tool->model, node);
        if (weights[i] == now)
            continue;
        table_row(&table, STYLE_PLAIN);
        table_cell(&table, smr_framework_node_id(framework, node));
        number_cell(&table, now, 4);
        number_cell(&table, weights[i], 4);
        signed_cell(&table, weights[i] - now, 4);
    }
    finish(p, &table);
}

int print_break_even(const cli_tool *tool, const smr_break_even *result, cli_output *out) {
    printer p = {tool, out, tool->options->language, 0};
    char scores[2][NUMBER_SIZE], ranks[2][NUMBER_SIZE];
    const char *texts[6];
    for (size_t i = 0; i < 2; ++i) {
        double score, rank;
        texts[3 * i] = smr_break_even_region(result, i, &score, &rank);
        number_fixed(scores[i], score);
        number_short(ranks[i], rank);
        texts[3 * i + 1] = scores[i];
        texts[3 * i + 2] = ranks[i];
    }
    print_line(&p, STYLE_STRONG, WORD_BREAK_EVEN_OF, texts);
    print_nodes(&p, result);
    print_nearest(&p, result);
    return p.failed ? -1 : 0;
}

/* ---- critical weights ---- */

static void pair_cell(cli_table *table, const smr_criticality *result, size_t node, int32_t top) {
    const char *other = NULL, *region = smr_criticality_regions(result, node, top, &other);
    char text[300] = "";
    if (region)
        snprintf(text, sizeof text, "%.140s, %.140s", region, other);
    table_cell(table, text);
}

int print_criticality(const cli_tool *tool, const smr_criticality *result, cli_output *out) {
    printer p = {tool, out, tool->options->language, 0};
    const smr_framework *framework = smr_criticality_framework(result);
    print_line(&p, STYLE_STRONG, WORD_CRITICAL, NULL);
    cli_table table;
    table_init(&table, out);
    table.indent = 2;
    table_column(&table, phrase_text(p.language, PHRASE_ID), ALIGN_LEFT, 40);
    table_column(&table, say(&p, WORD_SHARE), ALIGN_RIGHT, 12);
    table_column(&table, say(&p, WORD_ANY), ALIGN_RIGHT, 14);
    table_column(&table, say(&p, WORD_MEETS), ALIGN_LEFT, 30);
    table_column(&table, say(&p, WORD_TOP), ALIGN_RIGHT, 14);
    table_column(&table, say(&p, WORD_MEETS), ALIGN_LEFT, 30);
    for (size_t node = 1; node < smr_framework_node_count(framework); ++node) {
        table_row(&table, STYLE_PLAIN);
        node_cell(&table, framework, node);
        number_cell(&table, smr_criticality_column(result, SMR_CRITICALITY_SHARE)[node], 4);
        signed_cell(&table, 100 * smr_criticality_column(result, SMR_CRITICALITY_ANY_RELATIVE)[node], 3);
        pair_cell(&table, result, node, 0);
        signed_cell(&table, 100 * smr_criticality_column(result, SMR_CRITICALITY_TOP_RELATIVE)[node], 3);
        pair_cell(&table, result, node, 1);
    }
    finish(&p, &table);
    return p.failed ? -1 : 0;
}

/* ---- leave one out ---- */

static void shift_cell(cli_table *table, const char *region, double ranks, const char *sign) {
    char text[300] = "";
    if (region)
        snprintf(text, sizeof text, "%.250s %s%g", region, sign, ranks);
    table_cell(table, text);
}

static void begin_items(printer *p, cli_table *table) {
    table_init(table, p->out);
    table->indent = 2;
    table_column(table, say(p, WORD_WITHOUT), ALIGN_LEFT, 40);
    table_column(table, say(p, WORD_MEAN_SHIFT), ALIGN_RIGHT, 12);
    table_column(table, say(p, WORD_MOST_SHIFT), ALIGN_RIGHT, 12);
    table_column(table, say(p, WORD_REVERSALS), ALIGN_RIGHT, 12);
    table_column(table, "Kendall tau", ALIGN_RIGHT, 8);
    table_column(table, say(p, WORD_GAINS), ALIGN_LEFT, 30);
    table_column(table, say(p, WORD_LOSES), ALIGN_LEFT, 30);
}

static void item_row(cli_table *table, const smr_left_out *item) {
    table_row(table, STYLE_PLAIN);
    table_cell(table, item->id);
    number_cell(table, item->mean_shift, 2);
    number_cell(table, (double)item->most_shift, 0);
    number_cell(table, (double)item->reversals, 0);
    number_cell(table, item->kendall, 3);
    shift_cell(table, item->gains_most, item->gain, "+");
    shift_cell(table, item->loses_most, item->loss, "-");
}

static smr_left_out item_at(const smr_leave_out *result, size_t index) {
    smr_left_out item;
    smr_left_out_init(&item, sizeof item);
    smr_leave_out_item(result, index, &item, NULL);
    return item;
}

/* Of the items of one level the one with the most reversals below (reversals, index) in the order of reversals, then
 * place; the count of all: none. */
static size_t next_item(const smr_leave_out *result, int32_t level, uint64_t reversals, size_t index) {
    const size_t count = smr_leave_out_item_count(result);
    size_t found = count;
    uint64_t most = 0;
    for (size_t i = 0; i < count; ++i) {
        const smr_left_out item = item_at(result, i);
        if (item.level != level || item.reason || item.mean_shift == 0)
            continue;
        const int after = item.reversals < reversals || (item.reversals == reversals && (index == count || i > index));
        if (after && (found == count || item.reversals > most)) {
            found = i;
            most = item.reversals;
        }
    }
    return found;
}

static void print_regions(printer *p, const smr_leave_out *result) {
    const size_t count = smr_leave_out_item_count(result);
    const cli_options *options = p->tool->options;
    const uint64_t limit = options->given[OPTION_TOP] ? options->top : REGIONS_SHOWN;
    size_t item = next_item(result, SMR_LEAVE_OUT_REGION, UINT64_MAX, count), hidden = 0;
    if (item == count) {
        out_text(p->out, "  ");
        out_text(p->out, say(p, WORD_NO_SHIFT));
        out_text(p->out, "\n");
        return;
    }
    cli_table table;
    begin_items(p, &table);
    for (uint64_t shown = 0; item < count; ++shown) {
        const smr_left_out one = item_at(result, item);
        if (shown < limit)
            item_row(&table, &one);
        else
            ++hidden;
        item = next_item(result, SMR_LEAVE_OUT_REGION, one.reversals, item);
    }
    finish(p, &table);
    table_remark(p->out, p->language, PHRASE_MORE_ROWS, hidden);
}

static void print_level(printer *p, const smr_leave_out *result, int32_t level, word heading) {
    const size_t count = smr_leave_out_item_count(result);
    size_t members = 0;
    for (size_t i = 0; i < count; ++i)
        members += item_at(result, i).level == level;
    if (!members)
        return;
    table_line(p->out, STYLE_STRONG, say(p, heading));
    if (level == SMR_LEAVE_OUT_REGION) {
        print_regions(p, result);
    } else {
        cli_table table;
        begin_items(p, &table);
        for (size_t i = 0; i < count; ++i) {
            const smr_left_out item = item_at(result, i);
            if (item.level == level && !item.reason)
                item_row(&table, &item);
        }
        finish(p, &table);
    }
    for (size_t i = 0; i < count; ++i) {
        const smr_left_out item = item_at(result, i);
        const char *const texts[] = {item.id, item.reason};
        if (item.level == level && item.reason)
            print_line(p, STYLE_PLAIN, WORD_NOT_LEFT_OUT, texts);
    }
    out_text(p->out, "\n");
}

int print_leave_out(const cli_tool *tool, const smr_leave_out *result, cli_output *out) {
    printer p = {tool, out, tool->options->language, 0};
    print_level(&p, result, SMR_LEAVE_OUT_CRITERION, WORD_CRITERIA);
    print_level(&p, result, SMR_LEAVE_OUT_INDICATOR, WORD_INDICATORS);
    print_level(&p, result, SMR_LEAVE_OUT_REGION, WORD_REGIONS);
    return p.failed ? -1 : 0;
}
