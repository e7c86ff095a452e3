/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "audit_table.h"
#include "language.h"
#include "table.h"

/* Families with more children than this are not shown as a square of correlations. */
enum { WIDEST_SQUARE = 16, WIDEST_LOADINGS = 12, SCREE = 12, LEAST_REGIONS = 10, FLAGS_SHOWN = 20 };

typedef enum word {
    WORD_AUDIT_OF,
    WORD_EVERY_INDICATOR,
    WORD_ALPHA,
    WORD_KMO,
    WORD_BARTLETT,
    WORD_CHILD,
    WORD_DATA,
    WORD_WEIGHT,
    WORD_EFFECTIVE,
    WORD_WITH_PARENT,
    WORD_MAIN_EFFECT,
    WORD_ITEM_REST,
    WORD_ALPHA_WITHOUT,
    WORD_VIF,
    WORD_CORRELATIONS,
    WORD_COMPONENTS,
    WORD_COMPONENT,
    WORD_EIGENVALUE,
    WORD_SHARE,
    WORD_CUMULATIVE,
    WORD_ROTATED,
    WORD_COMMUNALITY,
    WORD_FLAGS,
    WORD_NO_FLAG,
    WORD_MORE_FLAGS,
    WORD_LEAST_DATA,
    WORD_HIGH,
    WORD_NEGATIVE,
    WORD_WEAK,
    WORD_CONSTANT,
    WORD_FEW_ROWS,
    WORD_SINGULAR,
    WORD_CONSISTENCY,
    WORD_COUNT
} word;

static const char *const words[WORD_COUNT][2] = {
    [WORD_AUDIT_OF] = {"Audit", "Kiểm định"},
    [WORD_EVERY_INDICATOR] = {"All indicators", "Mọi chỉ tiêu"},
    [WORD_ALPHA] = {"Cronbach's alpha: raw %s, standardised %s; mean correlation %s",
                    "Alpha của Cronbach: thô %s, chuẩn hoá %s; tương quan trung bình %s"},
    [WORD_KMO] = {"Kaiser-Meyer-Olkin: %s", "Kaiser-Meyer-Olkin: %s"},
    [WORD_BARTLETT] = {"Bartlett: chi-square %s, degrees of freedom %s, p %s",
                       "Bartlett: chi bình phương %s, bậc tự do %s, p %s"},
    [WORD_CHILD] = {"Child", "Thành phần"},
    [WORD_DATA] = {"Data %", "Số liệu %"},
    [WORD_WEIGHT] = {"Weight", "Trọng số"},
    [WORD_EFFECTIVE] = {"Effective weight", "Trọng số hiệu dụng"},
    [WORD_WITH_PARENT] = {"r with parent", "r với nút cha"},
    [WORD_MAIN_EFFECT] = {"Main effect", "Ảnh hưởng chính"},
    [WORD_ITEM_REST] = {"r with rest", "r với phần còn lại"},
    [WORD_ALPHA_WITHOUT] = {"Alpha without", "Alpha khi bỏ"},
    [WORD_VIF] = {"VIF", "VIF"},
    [WORD_CORRELATIONS] = {"Correlations (Pearson)", "Tương quan (Pearson)"},
    [WORD_COMPONENTS] = {"Principal components", "Thành phần chính"},
    [WORD_COMPONENT] = {"Component", "Thành phần"},
    [WORD_EIGENVALUE] = {"Eigenvalue", "Trị riêng"},
    [WORD_SHARE] = {"Variance %", "Phương sai %"},
    [WORD_CUMULATIVE] = {"Cumulative %", "Luỹ kế %"},
    [WORD_ROTATED] = {"Rotated loadings (varimax)", "Hệ số tải xoay (varimax)"},
    [WORD_COMMUNALITY] = {"Communality", "Phần chung"},
    [WORD_FLAGS] = {"To look at", "Cần xem lại"},
    [WORD_NO_FLAG] = {"Nothing to look at.", "Không có gì cần xem lại."},
    [WORD_MORE_FLAGS] = {"Findings not shown: %s (--format csv or json holds every one).",
                         "Số mục không hiển thị: %s (--format csv hoặc json có tất cả)."},
    [WORD_LEAST_DATA] = {"Regions with the least data", "Vùng ít số liệu nhất"},
    [WORD_HIGH] = {"%s and %s measure nearly the same", "%s và %s đo gần như cùng một điều"},
    [WORD_NEGATIVE] = {"%s and %s, siblings, work against each other", "%s và %s cùng nút cha nhưng ngược chiều nhau"},
    [WORD_WEAK] = {"%s hardly shows in %s", "%s hầu như không thể hiện trong %s"},
    [WORD_CONSTANT] = {"%s, below %s, has no spread or no score", "%s, dưới %s, không phân tán hoặc không có điểm"},
    [WORD_FEW_ROWS] = {"%s: too few complete %s", "%s: quá ít dòng đủ số liệu (%s)"},
    [WORD_SINGULAR] = {"%s: some child follows from others (%s)",
                       "%s: có thành phần suy ra được từ thành phần khác (%s)"},
    [WORD_CONSISTENCY] = {"AHP: lambda %s, consistency index %s, ratio %s",
                          "AHP: lambda %s, chỉ số nhất quán %s, tỷ số %s"},
};

typedef struct printer {
    const smr_audit *audit;
    const smr_framework *framework;
    cli_output *out;
    cli_language language;
    int failed;
} printer;

static const char *say(const printer *p, word which) {
    return words[which][p->language];
}

/* The text with each "%s" replaced in turn, on a line of its own. */
static void print_line(const printer *p, word which, const char *const *texts) {
    out_line(p->out, say(p, which), texts);
}

static double value_of(const printer *p, const char *section, const char *row, const char *column) {
    return smr_audit_value(p->audit, section, row, column);
}

static void number_cell(cli_table *table, double value) {
    char text[NUMBER_SIZE];
    table_cell(table, fixed_or_dash(text, value));
}

static void percent_cell(cli_table *table, double share) {
    char text[NUMBER_SIZE] = "-";
    if (!isnan(share))
        snprintf(text, sizeof text, "%.1f", 100 * share);
    table_cell(table, text);
}

static void weight_cell(cli_table *table, double weight) {
    char text[NUMBER_SIZE] = "-";
    if (!isnan(weight))
        snprintf(text, sizeof text, "%.4f", weight);
    table_cell(table, text);
}

static void print_table_of(printer *p, cli_table *table) {
    p->failed = table_print(table) || p->failed;
}

/* ---- one family ---- */

/* Ids of the members: the children of a node, or every indicator. */
typedef struct family {
    const char *name;
    size_t node, count;
    int all;
} family;

static int is_member(const printer *p, const family *f, size_t node) {
    return f->all ? smr_framework_node_indicator(p->framework, node) >= 0
                  : smr_framework_node_parent(p->framework, node) == (int64_t)f->node;
}

static size_t next_member(const printer *p, const family *f, size_t node) {
    size_t count = smr_framework_node_count(p->framework);
    while (node < count && !is_member(p, f, node))
        ++node;
    return node;
}

#define FOR_MEMBERS(p, f, node) \
    for (size_t node = next_member(p, f, 0); node < smr_framework_node_count((p)->framework); \
         node = next_member(p, f, node + 1))

static void print_summary(const printer *p, const family *f) {
    char a[NUMBER_SIZE], b[NUMBER_SIZE], c[NUMBER_SIZE];
    const char *const texts[] = {a, b, c};
    if (value_of(p, "cronbach_alpha", f->name, "items") > 1) {
        fixed_or_dash(a, value_of(p, "cronbach_alpha", f->name, "raw"));
        fixed_or_dash(b, value_of(p, "cronbach_alpha", f->name, "standardised"));
        fixed_or_dash(c, value_of(p, "cronbach_alpha", f->name, "mean_correlation"));
        print_line(p, WORD_ALPHA, texts);
    }
    if (value_of(p, "bartlett", f->name, "degrees_of_freedom") > 0) {
        fixed_or_dash(a, value_of(p, "kmo", f->name, "overall"));
        print_line(p, WORD_KMO, texts);
        fixed_or_dash(a, value_of(p, "bartlett", f->name, "chi_square"));
        number_short(b, value_of(p, "bartlett", f->name, "degrees_of_freedom"));
        probability_text(c, value_of(p, "bartlett", f->name, "p"));
        print_line(p, WORD_BARTLETT, texts);
    }
    if (!isnan(value_of(p, "ahp", f->name, "ratio"))) {
        snprintf(a, sizeof a, "%.4f", value_of(p, "ahp", f->name, "lambda"));
        snprintf(b, sizeof b, "%.4f", value_of(p, "ahp", f->name, "index"));
        snprintf(c, sizeof c, "%.4f", value_of(p, "ahp", f->name, "ratio"));
        print_line(p, WORD_CONSISTENCY, texts);
    }
}

static void print_members(printer *p, const family *f) {
    cli_table table;
    table_init(&table, p->out);
    table.indent = 2;
    table_column(&table, say(p, WORD_CHILD), ALIGN_LEFT, 40);
    table_column(&table, say(p, WORD_DATA), ALIGN_RIGHT, 10);
    if (!f->all) {
        table_column(&table, say(p, WORD_WEIGHT), ALIGN_RIGHT, 12);
        table_column(&table, say(p, WORD_EFFECTIVE), ALIGN_RIGHT, 12);
        table_column(&table, say(p, WORD_WITH_PARENT), ALIGN_RIGHT, 10);
        table_column(&table, say(p, WORD_MAIN_EFFECT), ALIGN_RIGHT, 10);
    }
    table_column(&table, say(p, WORD_ITEM_REST), ALIGN_RIGHT, 10);
    table_column(&table, say(p, WORD_ALPHA_WITHOUT), ALIGN_RIGHT, 10);
    table_column(&table, "KMO", ALIGN_RIGHT, 10);
    table_column(&table, say(p, WORD_VIF), ALIGN_RIGHT, 10);
    FOR_MEMBERS(p, f, node) {
        const char *id = smr_framework_node_id(p->framework, node);
        table_row(&table, STYLE_PLAIN);
        table_cell(&table, id);
        percent_cell(&table, value_of(p, "availability_indicator", id, "share"));
        if (!f->all) {
            weight_cell(&table, value_of(p, "weights", id, "weight"));
            weight_cell(&table, value_of(p, "weights", id, "effective_weight"));
            number_cell(&table, value_of(p, "correlation_pearson", id, f->name));
            number_cell(&table, value_of(p, "main_effects", id, f->name));
        }
        number_cell(&table, value_of(p, "item_rest", id, f->name));
        number_cell(&table, value_of(p, "alpha_standardised_if_deleted", id, f->name));
        number_cell(&table, value_of(p, "kmo_item", id, f->name));
        number_cell(&table, value_of(p, "vif", id, f->name));
    }
    print_table_of(p, &table);
}

static void print_square(printer *p, const family *f) {
    out_text(p->out, "\n");
    table_line(p->out, STYLE_PLAIN, say(p, WORD_CORRELATIONS));
    cli_table table;
    table_init(&table, p->out);
    table.indent = 2;
    table_column(&table, "", ALIGN_LEFT, 40);
    FOR_MEMBERS(p, f, node)
        table_column(&table, smr_framework_node_id(p->framework, node), ALIGN_RIGHT, 12);
    FOR_MEMBERS(p, f, row) {
        const char *id = smr_framework_node_id(p->framework, row);
        table_row(&table, STYLE_PLAIN);
        table_cell(&table, id);
        FOR_MEMBERS(p, f, column) {
            if (column > row)
                table_cell(&table, "");
            else
                number_cell(&table, value_of(p, "correlation_pearson", id,
                                             smr_framework_node_id(p->framework, column)));
        }
    }
    print_table_of(p, &table);
}

static void print_scree(printer *p, const family *f) {
    out_text(p->out, "\n");
    table_line(p->out, STYLE_PLAIN, say(p, WORD_COMPONENTS));
    cli_table table;
    table_init(&table, p->out);
    table.indent = 2;
    table_column(&table, say(p, WORD_COMPONENT), ALIGN_LEFT, 12);
    table_column(&table, say(p, WORD_EIGENVALUE), ALIGN_RIGHT, 12);
    table_column(&table, say(p, WORD_SHARE), ALIGN_RIGHT, 12);
    table_column(&table, say(p, WORD_CUMULATIVE), ALIGN_RIGHT, 12);
    for (size_t i = 1; i <= f->count && i <= SCREE; ++i) {
        char name[NUMBER_SIZE];
        snprintf(name, sizeof name, "PC%zu", i);
        table_row(&table, (double)i <= value_of(p, "components_kept", f->name, "used") ? STYLE_PLAIN : STYLE_FAINT);
        table_cell(&table, name);
        number_cell(&table, value_of(p, "eigenvalues", f->name, name));
        percent_cell(&table, value_of(p, "variance_share", f->name, name));
        percent_cell(&table, value_of(p, "variance_cumulative", f->name, name));
    }
    print_table_of(p, &table);
}

static void print_rotated(printer *p, const family *f) {
    const char *section = f->all ? "varimax_all" : "varimax";
    const double used = value_of(p, "components_kept", f->name, "used");
    const size_t factors = used < WIDEST_LOADINGS ? (size_t)used : WIDEST_LOADINGS;
    char names[WIDEST_LOADINGS][NUMBER_SIZE];
    out_text(p->out, "\n");
    table_line(p->out, STYLE_PLAIN, say(p, WORD_ROTATED));
    cli_table table;
    table_init(&table, p->out);
    table.indent = 2;
    table_column(&table, say(p, WORD_CHILD), ALIGN_LEFT, 40);
    for (size_t i = 0; i < factors; ++i) {
        snprintf(names[i], sizeof names[i], "F%zu", i + 1);
        table_column(&table, names[i], ALIGN_RIGHT, 12);
    }
    table_column(&table, say(p, WORD_COMMUNALITY), ALIGN_RIGHT, 12);
    FOR_MEMBERS(p, f, node) {
        const char *id = smr_framework_node_id(p->framework, node);
        table_row(&table, STYLE_PLAIN);
        table_cell(&table, id);
        for (size_t i = 0; i < factors; ++i)
            number_cell(&table, value_of(p, section, id, names[i]));
        number_cell(&table, value_of(p, "communality", id, f->name));
    }
    print_table_of(p, &table);
}

static void print_family(printer *p, const family *f) {
    char line[600];
    const char *name = f->all ? say(p, WORD_EVERY_INDICATOR)
                              : smr_framework_node_name(p->framework, f->node, language_tag(p->language));
    snprintf(line, sizeof line, f->all || !strcmp(name, f->name) ? "%.300s" : "%.300s (%.200s)", name, f->name);
    out_text(p->out, "\n");
    table_line(p->out, STYLE_STRONG, line);
    print_summary(p, f);
    print_members(p, f);
    if (f->count > 1 && f->count <= WIDEST_SQUARE)
        print_square(p, f);
    if (value_of(p, "components_kept", f->name, "used") > 0) {
        print_scree(p, f);
        print_rotated(p, f);
    }
}

/* ---- what is odd ---- */

static void print_flag(const printer *p, word which, size_t section, size_t cell, size_t *shown) {
    char text[NUMBER_SIZE];
    const char *const texts[] = {smr_audit_rows(p->audit, section)[cell], smr_audit_columns(p->audit, section)[cell]};
    out_text(p->out, "  ");
    fixed_or_dash(text, smr_audit_values(p->audit, section)[cell]);
    for (size_t width = strlen(text); width < 6; ++width)
        out_text(p->out, " ");
    out_text(p->out, text);
    out_text(p->out, "  ");
    print_line(p, which, texts);
    ++*shown;
}

static void print_flags(const printer *p) {
    static const struct {
        const char *section;
        word text;
    } flags[] = {{"flag_constant", WORD_CONSTANT}, {"flag_few_rows", WORD_FEW_ROWS}, {"flag_singular", WORD_SINGULAR},
                 {"flag_high", WORD_HIGH},         {"flag_negative", WORD_NEGATIVE}, {"flag_weak", WORD_WEAK}};
    size_t shown = 0, all = 0;
    out_text(p->out, "\n");
    table_line(p->out, STYLE_STRONG, say(p, WORD_FLAGS));
    for (size_t i = 0; i < COUNT(flags); ++i) {
        const size_t section = (size_t)smr_audit_find_section(p->audit, flags[i].section);
        const size_t count = smr_audit_cell_count(p->audit, section);
        for (size_t cell = 0; cell < count && cell < FLAGS_SHOWN; ++cell)
            print_flag(p, flags[i].text, section, cell, &shown);
        all += count;
    }
    if (!all) {
        out_text(p->out, "  ");
        out_text(p->out, say(p, WORD_NO_FLAG));
        out_text(p->out, "\n");
    }
    if (all > shown) {
        char number[NUMBER_SIZE];
        snprintf(number, sizeof number, "%zu", all - shown);
        const char *const texts[] = {number};
        print_line(p, WORD_MORE_FLAGS, texts);
    }
}

/* ---- regions with holes ---- */

/* The cell with the least share that comes after (share, cell) in the order of share, then place. */
static size_t next_least(const double *shares, size_t count, double share, size_t cell) {
    size_t found = count;
    for (size_t i = 0; i < count; ++i)
        if ((shares[i] > share || (shares[i] == share && i > cell)) && (found == count || shares[i] < shares[found]))
            found = i;
    return found;
}

static void print_regions(printer *p) {
    const size_t section = (size_t)smr_audit_find_section(p->audit, "availability_region");
    const size_t count = smr_audit_cell_count(p->audit, section);
    const double *shares = smr_audit_values(p->audit, section);
    size_t cell = count ? next_least(shares, count, -1, 0) : 0;
    if (cell == count || shares[cell] == 1)
        return;
    out_text(p->out, "\n");
    table_line(p->out, STYLE_STRONG, say(p, WORD_LEAST_DATA));
    cli_table table;
    table_init(&table, p->out);
    table.indent = 2;
    table_column(&table, phrase_text(p->language, PHRASE_REGION), ALIGN_LEFT, 40);
    table_column(&table, say(p, WORD_DATA), ALIGN_RIGHT, 10);
    for (size_t shown = 0; shown < LEAST_REGIONS && cell < count && shares[cell] < 1; ++shown) {
        table_row(&table, STYLE_PLAIN);
        table_cell(&table, smr_audit_rows(p->audit, section)[cell]);
        percent_cell(&table, shares[cell]);
        cell = next_least(shares, count, shares[cell], cell);
    }
    print_table_of(p, &table);
}

static void print_heading(const printer *p, const char *period) {
    char line[600];
    int length = snprintf(line, sizeof line, "%s: %.0f %s, %.0f %s", say(p, WORD_AUDIT_OF),
                          value_of(p, "size", "data", "regions"), phrase_text(p->language, PHRASE_REGIONS),
                          value_of(p, "size", "data", "indicators"), phrase_text(p->language, PHRASE_INDICATORS));
    if (period && length > 0 && (size_t)length < sizeof line)
        snprintf(line + length, sizeof line - (size_t)length, ", %s %.100s", phrase_text(p->language, PHRASE_PERIOD),
                 period);
    else if (value_of(p, "size", "data", "rows") != value_of(p, "size", "data", "regions") && length > 0
             && (size_t)length < sizeof line)
        snprintf(line + length, sizeof line - (size_t)length, ", %s: %.0f", phrase_text(p->language, PHRASE_ROWS),
                 value_of(p, "size", "data", "rows"));
    table_line(p->out, STYLE_STRONG, line);
}

int print_audit(const cli_tool *tool, const smr_audit *audit, cli_output *out) {
    printer p = {audit, smr_audit_framework(audit), out, tool->options->language, 0};
    print_heading(&p, tool->options->period);
    size_t nodes = smr_framework_node_count(p.framework), inner = 0;
    for (size_t node = 0; node < nodes; ++node) {
        family f = {smr_framework_node_id(p.framework, node), node, 0, 0};
        FOR_MEMBERS(&p, &f, member)
            ++f.count;
        if (f.count) {
            print_family(&p, &f);
            ++inner;
        }
    }
    if (inner > 1) {
        family every = {"*", 0, smr_framework_indicator_count(p.framework), 1};
        print_family(&p, &every);
    }
    print_flags(&p);
    print_regions(&p);
    return p.failed ? -1 : 0;
}
