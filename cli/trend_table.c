/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "language.h"
#include "table.h"
#include "trend_table.h"

enum { REGIONS_SHOWN = 40, DEEPEST_SHOWN = 1, PERIODS_SHOWN = 6 };

typedef enum word {
    SAY_TREND,
    SAY_FIRST,
    SAY_LAST,
    SAY_CHANGE,
    SAY_CAGR,
    SAY_SLOPE,
    SAY_INTERVAL,
    SAY_RANKS,
    SAY_YEARS_TO,
    SAY_TARGET,
    SAY_SIGMA,
    SAY_BETA,
    SAY_NODE,
    SAY_COUNT_OF,
    SAY_TREND_SD,
    SAY_P,
    SAY_COEFFICIENT,
    SAY_SPEED,
    SAY_HALF_LIFE,
    SAY_COUNT
} word;

static const char *const words[SAY_COUNT][2] = {
    [SAY_TREND] = {"Trend of %s", "Xu hướng của %s"},
    [SAY_FIRST] = {"First", "Đầu"},
    [SAY_LAST] = {"Last", "Cuối"},
    [SAY_CHANGE] = {"Change", "Thay đổi"},
    [SAY_CAGR] = {"Growth a year %", "Tăng mỗi năm %"},
    [SAY_SLOPE] = {"Slope a year", "Độ dốc mỗi năm"},
    [SAY_INTERVAL] = {"95 % interval", "Khoảng 95 %"},
    [SAY_RANKS] = {"Rank", "Hạng"},
    [SAY_YEARS_TO] = {"Years to target", "Số năm tới đích"},
    [SAY_TARGET] = {"Target", "Đích"},
    [SAY_SIGMA] = {"Sigma convergence: standard deviation of the scores, over regions with all periods",
                   "Hội tụ sigma: độ lệch chuẩn của điểm, trên các vùng có đủ mọi kỳ"},
    [SAY_BETA] = {"Beta convergence: growth on the initial level (a coefficient below 0 converges)",
                  "Hội tụ beta: tăng trưởng theo mức ban đầu (hệ số dưới 0 là hội tụ)"},
    [SAY_NODE] = {"Node", "Nút"},
    [SAY_COUNT_OF] = {"Regions", "Số vùng"},
    [SAY_TREND_SD] = {"Slope of SD a year", "Độ dốc của độ lệch"},
    [SAY_P] = {"p", "p"},
    [SAY_COEFFICIENT] = {"Coefficient", "Hệ số"},
    [SAY_SPEED] = {"Speed % a year", "Tốc độ % mỗi năm"},
    [SAY_HALF_LIFE] = {"Half-life, years", "Nửa quãng, năm"},
};

typedef struct printer {
    const smr_trend *trend;
    const smr_framework *framework;
    cli_output *out;
    cli_language language;
    int failed;
} printer;

static const char *say(const printer *p, word which) {
    return words[which][p->language];
}

/* Two decimals are enough for values from 10 on. */
static int decimals_for(double greatest) {
    return greatest < 10 ? 4 : 2;
}

static const char *value_text(char text[NUMBER_SIZE], double value, int decimals) {
    if (isnan(value))
        strcpy(text, "-");
    else if (decimals == 2)
        number_fixed(text, value);
    else
        snprintf(text, NUMBER_SIZE, "%.*f", decimals, fabs(value) < 0.00005 ? 0.0 : value);
    return text;
}

/* ---- one table for both shapes ---- */

static void begin_table(const printer *p, cli_table *table, const char *heading) {
    table_init(table, p->out);
    table_column(table, heading, ALIGN_LEFT, 40);
    table_column(table, phrase_text(p->language, PHRASE_PERIOD), ALIGN_LEFT, 24);
    table_column(table, say(p, SAY_FIRST), ALIGN_RIGHT, 12);
    table_column(table, say(p, SAY_LAST), ALIGN_RIGHT, 12);
    table_column(table, say(p, SAY_CHANGE), ALIGN_RIGHT, 12);
    table_column(table, say(p, SAY_CAGR), ALIGN_RIGHT, 12);
    table_column(table, say(p, SAY_SLOPE), ALIGN_RIGHT, 12);
    table_column(table, say(p, SAY_INTERVAL), ALIGN_LEFT, 26);
    table_column(table, say(p, SAY_RANKS), ALIGN_LEFT, 20);
    table_column(table, say(p, SAY_TARGET), ALIGN_RIGHT, 12);
    table_column(table, say(p, SAY_YEARS_TO), ALIGN_RIGHT, 12);
}

static double cell(const printer *p, const char *column, size_t row) {
    return smr_trend_values(p->trend, column)[row];
}

static double size_of(const printer *p, size_t row) {
    return fmax(fabs(cell(p, "first", row)), fabs(cell(p, "last", row))); /* NaN counts for nothing */
}

static void put_row(const printer *p, cli_table *table, size_t row, const char *name, int decimals) {
    char text[NUMBER_SIZE], a[NUMBER_SIZE], b[NUMBER_SIZE], line[3 * NUMBER_SIZE];
    const char *first = smr_trend_first_periods(p->trend)[row], *last = smr_trend_last_periods(p->trend)[row];
    table_row(table, STYLE_PLAIN);
    table_cell(table, name);
    snprintf(line, sizeof line, "%.30s - %.30s", first ? first : "", last ? last : "");
    table_cell(table, first ? line : "-");
    table_cell(table, value_text(text, cell(p, "first", row), decimals));
    table_cell(table, value_text(text, cell(p, "last", row), decimals));
    table_cell(table, value_text(text, cell(p, "change", row), decimals));
    table_cell(table, value_text(text, 100 * cell(p, "cagr", row), 2));
    table_cell(table, value_text(text, cell(p, "slope", row), decimals));
    const int has_interval = !isnan(cell(p, "slope_low", row));
    snprintf(line, sizeof line, "%s ; %s", value_text(a, cell(p, "slope_low", row), decimals),
             value_text(b, cell(p, "slope_high", row), decimals));
    table_cell(table, has_interval ? line : "-");
    const double move = cell(p, "rank_move", row);
    snprintf(line, sizeof line, "%s -> %s%s", short_or_dash(a, cell(p, "rank_first", row)),
             short_or_dash(b, cell(p, "rank_last", row)), move > 0 ? " ▲" : move < 0 ? " ▼" : "");
    table_cell(table, line);
    table_cell(table, short_or_dash(text, cell(p, "target", row)));
    const double years = cell(p, "years_to_target", row);
    if (isnan(years))
        strcpy(text, "-");
    else
        snprintf(text, sizeof text, "%.1f", years);
    table_cell(table, text);
}

/* A row of the index and its change. */
typedef struct changed_row {
    double change;
    size_t row;
} changed_row;

/* Greatest change first, those without one last. */
static int by_change(const void *a, const void *b) {
    const changed_row *x = a, *y = b;
    if (isnan(x->change) != isnan(y->change))
        return isnan(x->change) ? 1 : -1;
    if (!isnan(x->change) && x->change != y->change)
        return x->change > y->change ? -1 : 1;
    return x->row < y->row ? -1 : 1;
}

static int print_regions(printer *p) {
    const size_t nodes = smr_framework_node_count(p->framework), count = smr_trend_row_count(p->trend) / nodes;
    changed_row *rows = malloc((count + 1) * sizeof *rows);
    if (!rows)
        return -1;
    double greatest = 0;
    for (size_t i = 0; i < count; ++i) {
        rows[i] = (changed_row){cell(p, "change", i * nodes), i * nodes};
        greatest = fmax(greatest, size_of(p, i * nodes));
    }
    qsort(rows, count, sizeof *rows, by_change);
    cli_table table;
    begin_table(p, &table, phrase_text(p->language, PHRASE_REGION));
    for (size_t i = 0; i < count && i < REGIONS_SHOWN; ++i)
        put_row(p, &table, rows[i].row, smr_trend_regions(p->trend)[rows[i].row],
                decimals_for(greatest));
    p->failed = table_print(&table) || p->failed;
    table_remark(p->out, p->language, PHRASE_MORE_ROWS, count > REGIONS_SHOWN ? count - REGIONS_SHOWN : 0);
    free(rows);
    return 0;
}

static void print_nodes(printer *p) {
    cli_table table;
    begin_table(p, &table, say(p, SAY_NODE));
    for (size_t node = 0; node < smr_framework_node_count(p->framework); ++node) {
        char name[500];
        snprintf(name, sizeof name, "%*s%.400s", (int)(2 * smr_framework_node_depth(p->framework, node)), "",
                 smr_framework_node_name(p->framework, node, language_tag(p->language)));
        put_row(p, &table, node, name, decimals_for(size_of(p, node)));
    }
    p->failed = table_print(&table) || p->failed;
}

static void print_title(const printer *p, const char *name) {
    char line[600];
    const char *text = say(p, SAY_TREND), *place = strstr(text, "%s");
    snprintf(line, sizeof line, "%.*s%.500s", (int)(place - text), text, name);
    table_line(p->out, STYLE_STRONG, line);
    out_text(p->out, "\n");
}

int print_trend(const cli_tool *tool, const smr_trend *trend, cli_output *out) {
    printer p = {trend, smr_trend_framework(trend), out, tool->options->language, 0};
    const int one = smr_trend_row_count(trend) == smr_framework_node_count(p.framework);
    print_title(&p, one ? smr_trend_regions(trend)[0]
                        : smr_framework_node_name(p.framework, 0, language_tag(p.language)));
    if (!one)
        p.failed = print_regions(&p) || p.failed;
    else
        print_nodes(&p);
    return p.failed ? -1 : 0;
}

/* ---- convergence ---- */

static size_t find_section(const printer *p, const char *name) {
    for (size_t i = 0; i < smr_trend_section_count(p->trend); ++i)
        if (!strcmp(smr_trend_section_name(p->trend, i), name))
            return i;
    return smr_trend_section_count(p->trend);
}

/* Is the row one of the index or of a node right below it (of all regions, or of a group)? */
static int is_shown(const printer *p, const char *row) {
    const char *bar = strrchr(row, '|');
    const int64_t node = smr_framework_find(p->framework, bar ? bar + 1 : row);
    return node >= 0 && smr_framework_node_depth(p->framework, (size_t)node) <= DEEPEST_SHOWN;
}

static void print_sigma(printer *p) {
    const size_t section = find_section(p, "sigma_sd"), cells = smr_trend_cell_count(p->trend, section);
    const char *const *rows = smr_trend_cell_rows(p->trend, section);
    const char *const *columns = smr_trend_cell_columns(p->trend, section);
    char text[NUMBER_SIZE], headings[PERIODS_SHOWN][NUMBER_SIZE + 12];
    size_t periods = 0;
    while (periods < cells && (periods == 0 || !strcmp(rows[periods], rows[0])))
        ++periods;
    const size_t shown = periods < PERIODS_SHOWN ? periods : PERIODS_SHOWN;
    table_line(p->out, STYLE_STRONG, say(p, SAY_SIGMA));
    cli_table table;
    table_init(&table, p->out);
    table.indent = 2;
    table_column(&table, say(p, SAY_NODE), ALIGN_LEFT, 40);
    table_column(&table, say(p, SAY_COUNT_OF), ALIGN_RIGHT, 10);
    for (size_t i = 0; i < shown; ++i) {
        /* the first, the last, and as many between as there is room for */
        const size_t at = shown > 1 ? i * (periods - 1) / (shown - 1) : 0;
        snprintf(headings[i], sizeof headings[i], "%.30s", columns[at]);
        table_column(&table, headings[i], ALIGN_RIGHT, 12);
    }
    table_column(&table, say(p, SAY_TREND_SD), ALIGN_RIGHT, 14);
    table_column(&table, say(p, SAY_P), ALIGN_RIGHT, 10);
    for (size_t first = 0; periods && first < cells; first += periods) {
        if (!is_shown(p, rows[first]))
            continue;
        table_row(&table, STYLE_PLAIN);
        table_cell(&table, rows[first]);
        table_cell(&table, short_or_dash(text, smr_trend_value(p->trend, "sigma_regions", rows[first], columns[0])));
        for (size_t i = 0; i < shown; ++i)
            table_cell(&table, value_text(text,
                                          smr_trend_cell_values(p->trend, section)
                                              [first + (shown > 1 ? i * (periods - 1) / (shown - 1) : 0)], 4));
        table_cell(&table, value_text(text, smr_trend_value(p->trend, "sigma_trend", rows[first], "sd_slope"), 4));
        table_cell(&table, probability_text(text, smr_trend_value(p->trend, "sigma_trend", rows[first], "sd_p")));
    }
    p->failed = table_print(&table) || p->failed;
}

static void print_beta(printer *p) {
    static const char beta[] = "beta";
    const size_t section = find_section(p, beta), cells = smr_trend_cell_count(p->trend, section);
    const char *const *rows = smr_trend_cell_rows(p->trend, section);
    char text[NUMBER_SIZE];
    out_text(p->out, "\n");
    table_line(p->out, STYLE_STRONG, say(p, SAY_BETA));
    cli_table table;
    table_init(&table, p->out);
    table.indent = 2;
    table_column(&table, say(p, SAY_NODE), ALIGN_LEFT, 40);
    table_column(&table, say(p, SAY_COUNT_OF), ALIGN_RIGHT, 10);
    table_column(&table, say(p, SAY_COEFFICIENT), ALIGN_RIGHT, 14);
    table_column(&table, say(p, SAY_P), ALIGN_RIGHT, 10);
    table_column(&table, "R2", ALIGN_RIGHT, 10);
    table_column(&table, say(p, SAY_SPEED), ALIGN_RIGHT, 14);
    table_column(&table, say(p, SAY_HALF_LIFE), ALIGN_RIGHT, 14);
    for (size_t at = 0; at < cells; ++at) {
        if ((at > 0 && !strcmp(rows[at], rows[at - 1])) || !is_shown(p, rows[at]))
            continue;
        table_row(&table, STYLE_PLAIN);
        table_cell(&table, rows[at]);
        table_cell(&table, short_or_dash(text, smr_trend_value(p->trend, beta, rows[at], "regions")));
        table_cell(&table, value_text(text, smr_trend_value(p->trend, beta, rows[at], "coefficient"), 4));
        table_cell(&table, probability_text(text, smr_trend_value(p->trend, beta, rows[at], "p")));
        table_cell(&table, value_text(text, smr_trend_value(p->trend, beta, rows[at], "r_squared"), 4));
        table_cell(&table, value_text(text, 100 * smr_trend_value(p->trend, beta, rows[at], "speed"), 4));
        table_cell(&table, short_or_dash(text, smr_trend_value(p->trend, beta, rows[at], "half_life")));
    }
    p->failed = table_print(&table) || p->failed;
}

int print_convergence(const cli_tool *tool, const smr_trend *trend, cli_output *out) {
    printer p = {trend, smr_trend_framework(trend), out, tool->options->language, 0};
    print_sigma(&p);
    print_beta(&p);
    return p.failed ? -1 : 0;
}
