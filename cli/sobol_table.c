/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "language.h"
#include "sobol_table.h"
#include "table.h"

enum { BAR_CELLS = 25, DEFAULT_ROWS = 40, MOST_FACTORS = TABLE_COLUMNS - 2 };

typedef enum word {
    WORD_SENSITIVITY_OF,
    WORD_SAMPLED,
    WORD_EXACT,
    WORD_FAILED,
    WORD_SHIFT,
    WORD_FACTOR,
    WORD_FIRST,
    WORD_TOTAL,
    WORD_INTERVAL,
    WORD_INTERACTION,
    WORD_OUTPUT,
    WORD_CELLS,
    WORD_NOT_SHOWN,
    WORD_COUNT
} word;

static const char *const words[WORD_COUNT][2] = {
    [WORD_SENSITIVITY_OF] = {"What drives the ranks", "Yếu tố nào chi phối thứ hạng"},
    [WORD_SAMPLED] = {"Estimator %s, %s draws, %s evaluations", "Ước lượng %s, %s lần rút, %s lần đánh giá"},
    [WORD_EXACT] = {"Exact: all %s combinations of the alternatives", "Chính xác: cả %s tổ hợp phương án"},
    [WORD_FAILED] = {"Failed evaluations: %s; their rows are left out.", "Lần đánh giá hỏng: %s; các hàng đó bị bỏ."},
    [WORD_SHIFT] = {"Mean shift of ranks: mean %s, standard deviation %s",
                    "Mức thay đổi hạng trung bình: trung bình %s, độ lệch chuẩn %s"},
    [WORD_FACTOR] = {"Factor", "Yếu tố"},
    [WORD_FIRST] = {"Alone %", "Riêng %"},
    [WORD_TOTAL] = {"In all %", "Tổng %"},
    [WORD_INTERVAL] = {"95 %", "95 %"},
    [WORD_INTERACTION] = {"Interactions hold %s % of the variance.", "Tương tác chiếm %s % phương sai."},
    [WORD_OUTPUT] = {"Output", "Đầu ra"},
    [WORD_CELLS] = {"Cells: per cent of the variance that goes if the factor alone were known / that stays if all\n"
                    "others were.",
                    "Ô: phần trăm phương sai mất đi nếu chỉ biết yếu tố đó / còn lại nếu biết mọi yếu tố khác."},
    [WORD_NOT_SHOWN] = {"Outputs not shown: %s (--top all shows every one).",
                        "Số đầu ra không hiển thị: %s (--top all hiển thị tất cả)."},
};

/* By enum smr_sobol_status. */
static const char *const statuses[][2] = {
    {"", ""},
    {"does not vary", "không thay đổi"},
    {"hardly ever varies", "hầu như không thay đổi"},
    {"too few evaluations", "quá ít lần đánh giá"},
    {"some combination has no value", "có tổ hợp không có giá trị"},
};

static const char *const estimators[] = {"auto", "azzini", "saltelli", "jansen", "exact"};

typedef struct printer {
    const cli_tool *tool;
    const smr_sobol *study;
    cli_output *out;
    cli_language language;
    size_t factors, shown_factors;
} printer;

static const char *say(const printer *p, word which) {
    return words[which][p->language];
}

/* The text with each "%s" replaced in turn, on a line of its own. */
static void print_line(const printer *p, word which, const char *const *texts) {
    out_line(p->out, say(p, which), texts);
}

static void count_text(char text[NUMBER_SIZE], uint64_t count) {
    snprintf(text, NUMBER_SIZE, "%llu", (unsigned long long)count);
}

/* A share as per cent, whole; "-0" is "0". An estimate may lie below 0 or above 100. */
static int percent_of(double share) {
    return (int)(100 * share + (share < 0 ? -0.5 : 0.5));
}

static void share_text(char text[NUMBER_SIZE], double share) {
    if (share == share)
        snprintf(text, NUMBER_SIZE, "%d", percent_of(share));
    else
        strcpy(text, "-");
}

static void interval_text(char text[2 * NUMBER_SIZE], double low, double high) {
    if (low == low && high == high)
        snprintf(text, (size_t)2 * NUMBER_SIZE, "%d to %d", percent_of(low), percent_of(high));
    else
        strcpy(text, "-");
}

static smr_sobol_summary summary_of(const printer *p, size_t output) {
    smr_sobol_summary summary;
    smr_sobol_summary_init(&summary, sizeof summary);
    smr_sobol_output_summary(p->study, output, &summary, NULL);
    return summary;
}

static const char *why_not(const printer *p, int32_t status) {
    return status >= 0 && (size_t)status < COUNT(statuses) ? statuses[status][p->language]
                                                           : smr_sobol_status_name(status);
}

static void print_heading(const printer *p) {
    char line[400], draws[NUMBER_SIZE], evaluations[NUMBER_SIZE], failed[NUMBER_SIZE];
    const char *name = smr_framework_node_name(p->tool->framework, 0, language_tag(p->language));
    snprintf(line, sizeof line, "%s: %.250s", say(p, WORD_SENSITIVITY_OF), name);
    table_line(p->out, STYLE_STRONG, line);
    count_text(draws, smr_sobol_draw_count(p->study));
    count_text(evaluations, smr_sobol_evaluation_count(p->study));
    count_text(failed, smr_sobol_failed_count(p->study));
    const int32_t estimator = smr_sobol_estimator_used(p->study);
    if (estimator == SMR_SOBOL_EXACT)
        print_line(p, WORD_EXACT, (const char *const[]){evaluations});
    else
        print_line(p, WORD_SAMPLED, (const char *const[]){estimators[estimator], draws, evaluations});
    if (smr_sobol_failed_count(p->study))
        print_line(p, WORD_FAILED, (const char *const[]){failed});
}

/* The first output, with intervals and bars. */
static int print_factors(const printer *p, size_t output) {
    const smr_sobol_summary summary = summary_of(p, output);
    const double *indices = smr_sobol_output_indices(p->study, output);
    const int intervals = smr_sobol_estimator_used(p->study) != SMR_SOBOL_EXACT;
    char mean[NUMBER_SIZE], deviation[NUMBER_SIZE], text[4 * BAR_CELLS + 2 * NUMBER_SIZE];
    number_fixed(mean, summary.mean);
    number_fixed(deviation, sqrt(summary.variance));
    out_text(p->out, "\n");
    print_line(p, WORD_SHIFT, (const char *const[]){mean, deviation});
    if (summary.status != SMR_SOBOL_OK) {
        table_line(p->out, STYLE_FAINT, why_not(p, summary.status));
        return 0;
    }
    out_text(p->out, "\n");
    cli_table table;
    table_init(&table, p->out);
    table_column(&table, say(p, WORD_FACTOR), ALIGN_LEFT, 32);
    table_column(&table, say(p, WORD_FIRST), ALIGN_RIGHT, 8);
    if (intervals)
        table_column(&table, say(p, WORD_INTERVAL), ALIGN_RIGHT, 16);
    table_column(&table, say(p, WORD_TOTAL), ALIGN_RIGHT, 8);
    if (intervals)
        table_column(&table, say(p, WORD_INTERVAL), ALIGN_RIGHT, 16);
    table_column(&table, "", ALIGN_LEFT, BAR_CELLS);
    double alone = 0;
    for (size_t k = 0; k < p->factors; ++k) {
        const double *row = indices + k * SMR_SOBOL_COLUMNS;
        alone += row[SMR_SOBOL_FIRST];
        table_row(&table, STYLE_PLAIN);
        table_cell(&table, smr_sobol_factor(p->study, k));
        share_text(text, row[SMR_SOBOL_FIRST]);
        table_cell(&table, text);
        if (intervals) {
            interval_text(text, row[SMR_SOBOL_FIRST_LOW], row[SMR_SOBOL_FIRST_HIGH]);
            table_cell(&table, text);
        }
        share_text(text, row[SMR_SOBOL_TOTAL]);
        table_cell(&table, text);
        if (intervals) {
            interval_text(text, row[SMR_SOBOL_TOTAL_LOW], row[SMR_SOBOL_TOTAL_HIGH]);
            table_cell(&table, text);
        }
        bar_text(text, sizeof text, row[SMR_SOBOL_TOTAL], BAR_CELLS);
        table_cell(&table, text);
    }
    if (table_print(&table))
        return -1;
    share_text(text, alone < 1 ? 1 - alone : 0);
    print_line(p, WORD_INTERACTION, (const char *const[]){text});
    return 0;
}

static void fill_row(const printer *p, cli_table *table, size_t output) {
    const smr_sobol_summary summary = summary_of(p, output);
    const double *indices = smr_sobol_output_indices(p->study, output);
    const char *name = smr_sobol_output_region_name(p->study, output);
    table_row(table, summary.status == SMR_SOBOL_OK ? STYLE_PLAIN : STYLE_FAINT);
    table_cell(table, smr_sobol_output(p->study, output));
    table_cell(table, summary.status == SMR_SOBOL_OK ? name : why_not(p, summary.status));
    for (size_t k = 0; k < p->shown_factors; ++k) {
        char first[NUMBER_SIZE], total[NUMBER_SIZE], cell[2 * NUMBER_SIZE + 3];
        share_text(first, indices[k * SMR_SOBOL_COLUMNS + SMR_SOBOL_FIRST]);
        share_text(total, indices[k * SMR_SOBOL_COLUMNS + SMR_SOBOL_TOTAL]);
        snprintf(cell, sizeof cell, "%s / %s", first, total);
        table_cell(table, summary.status == SMR_SOBOL_OK ? cell : "");
    }
}

static int print_outputs(const printer *p, size_t first) {
    const cli_options *options = p->tool->options;
    const size_t count = smr_sobol_output_count(p->study);
    const uint64_t top = options->given[OPTION_TOP] ? options->top : DEFAULT_ROWS;
    cli_table table;
    out_text(p->out, "\n");
    table_init(&table, p->out);
    table_column(&table, say(p, WORD_OUTPUT), ALIGN_LEFT, 24);
    table_column(&table, phrase_text(p->language, PHRASE_NAME), ALIGN_LEFT, 32);
    for (size_t k = 0; k < p->shown_factors; ++k)
        table_column(&table, smr_sobol_factor(p->study, k), ALIGN_RIGHT, 16);
    size_t output = first;
    for (; output < count && output - first < top; ++output)
        fill_row(p, &table, output);
    if (table_print(&table))
        return -1;
    out_text(p->out, "\n");
    print_line(p, WORD_CELLS, NULL);
    if (output < count) {
        char text[NUMBER_SIZE];
        count_text(text, count - output);
        print_line(p, WORD_NOT_SHOWN, (const char *const[]){text});
    }
    table_remark(p->out, p->language, PHRASE_MORE_COLUMNS, p->factors - p->shown_factors);
    return 0;
}

int print_sobol(const cli_tool *tool, const smr_sobol *study, cli_output *out) {
    const size_t factors = smr_sobol_factor_count(study);
    const printer p = {.tool = tool,
                       .study = study,
                       .out = out,
                       .language = tool->options->language,
                       .factors = factors,
                       .shown_factors = factors < MOST_FACTORS ? factors : MOST_FACTORS};
    print_heading(&p);
    return print_factors(&p, 0) || print_outputs(&p, 1) ? -1 : 0;
}
