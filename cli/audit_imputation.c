/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "audit_table.h"
#include "language.h"
#include "table.h"

static const char *const words[][2] = {
    {"How good would each imputation have been? Known cells are taken out and filled again.",
     "Mỗi phương pháp điền số liệu tốt đến đâu? Ô đã biết được bỏ ra rồi điền lại."},
    {"Method", "Phương pháp"},
    {"RMSE (sd)", "RMSE (độ lệch chuẩn)"},
    {"MAE (sd)", "MAE (độ lệch chuẩn)"},
    {"Filled %", "Đã điền %"},
    {"Best method", "Phương pháp tốt nhất"},
};
enum { SAY_TITLE, SAY_METHOD, SAY_RMSE, SAY_MAE, SAY_FILLED, SAY_BEST };

static void number_cell(cli_table *table, double value) {
    char text[NUMBER_SIZE] = "-";
    if (!isnan(value))
        snprintf(text, sizeof text, "%.3f", value);
    table_cell(table, text);
}

/* Places of the cells of a column in a section: one a method. */
static int is_about(const smr_audit *audit, size_t section, size_t cell, const char *column) {
    return !strcmp(smr_audit_columns(audit, section)[cell], column);
}

static int print_methods(const smr_audit *audit, cli_output *out, cli_language language) {
    const size_t section = (size_t)smr_audit_find_section(audit, "imputation_r_squared");
    cli_table table;
    table_init(&table, out);
    table_column(&table, words[SAY_METHOD][language], ALIGN_LEFT, 20);
    table_column(&table, "R2", ALIGN_RIGHT, 12);
    table_column(&table, words[SAY_RMSE][language], ALIGN_RIGHT, 12);
    table_column(&table, words[SAY_MAE][language], ALIGN_RIGHT, 12);
    table_column(&table, words[SAY_FILLED][language], ALIGN_RIGHT, 12);
    for (size_t cell = 0; cell < smr_audit_cell_count(audit, section); ++cell) {
        if (!is_about(audit, section, cell, "*"))
            continue;
        const char *method = smr_audit_rows(audit, section)[cell];
        char text[NUMBER_SIZE] = "-";
        const double share = smr_audit_value(audit, "imputation_filled", method, "*")
                             / smr_audit_value(audit, "imputation_holes", method, "*");
        if (!isnan(share))
            number_percent(text, share);
        table_row(&table, STYLE_PLAIN);
        table_cell(&table, method);
        number_cell(&table, smr_audit_values(audit, section)[cell]);
        number_cell(&table, smr_audit_value(audit, "imputation_rmse", method, "*"));
        number_cell(&table, smr_audit_value(audit, "imputation_mae", method, "*"));
        table_cell(&table, text);
    }
    return table_print(&table);
}

/* The method of the greatest R2 among those that filled every hole; NULL: none. */
static const char *find_best(const smr_audit *audit, const char *indicator, double *r_squared) {
    const size_t section = (size_t)smr_audit_find_section(audit, "imputation_r_squared");
    const char *best = NULL;
    for (size_t cell = 0; cell < smr_audit_cell_count(audit, section); ++cell) {
        const char *method = smr_audit_rows(audit, section)[cell];
        const double value = smr_audit_values(audit, section)[cell];
        if (is_about(audit, section, cell, indicator) && (best ? value > *r_squared : !isnan(value))
            && smr_audit_value(audit, "imputation_filled", method, indicator)
                   == smr_audit_value(audit, "imputation_holes", method, indicator)) {
            best = method;
            *r_squared = value;
        }
    }
    return best;
}

static int print_indicators(const smr_audit *audit, cli_output *out, cli_language language) {
    const smr_framework *framework = smr_audit_framework(audit);
    cli_table table;
    table_init(&table, out);
    table_column(&table, phrase_text(language, PHRASE_INDICATOR), ALIGN_LEFT, 40);
    table_column(&table, words[SAY_BEST][language], ALIGN_LEFT, 20);
    table_column(&table, "R2", ALIGN_RIGHT, 12);
    for (size_t i = 0; i < smr_framework_indicator_count(framework); ++i) {
        const char *id = smr_framework_node_id(framework, (size_t)smr_framework_indicator_node(framework, i));
        double r_squared = NAN;
        const char *best = find_best(audit, id, &r_squared);
        table_row(&table, STYLE_PLAIN);
        table_cell(&table, id);
        table_cell(&table, best ? best : "-");
        number_cell(&table, r_squared);
    }
    return table_print(&table);
}

int print_imputation(const cli_tool *tool, const smr_audit *audit, cli_output *out) {
    const cli_language language = tool->options->language;
    table_line(out, STYLE_STRONG, words[SAY_TITLE][language]);
    out_text(out, "\n");
    int failed = print_methods(audit, out, language);
    out_text(out, "\n");
    return print_indicators(audit, out, language) || failed ? -1 : 0;
}
