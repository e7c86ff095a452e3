/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "language.h"
#include "portfolio_table.h"
#include "table.h"

/* Columns that leave room for the row's name and the sum. */
enum { WIDEST_MATRIX = TABLE_COLUMNS - 2, INITIATIVES_SHOWN = 40 };

typedef enum word {
    SAY_PORTFOLIO,
    SAY_INITIATIVES,
    SAY_BUDGET,
    SAY_CANCELLED,
    SAY_EMPTY,
    SAY_NO_EMPTY,
    SAY_TOTAL,
    SAY_TOO_WIDE,
    SAY_HELIX,
    SAY_TOGETHER,
    SAY_ENTROPY,
    SAY_TRANSMISSION,
    SAY_EVENNESS,
    SAY_SYNERGY,
    SAY_REDUNDANCY,
    SAY_UPLIFT,
    SAY_INITIATIVE,
    SAY_PLACE,
    SAY_ALONE,
    SAY_LAST,
    SAY_PER_BUDGET,
    SAY_SCORE_THEN,
    SAY_RANK_THEN,
    SAY_SPENT,
    SAY_BASELINE,
    SAY_ALL,
    SAY_BEST_SET,
    SAY_BEST_LINE,
    SAY_EXACT,
    SAY_BOUND,
    SAY_NO_BOUND,
    SAY_UNCATEGORISED,
    SAY_NO_VALUE,
    SAY_CLIPPED,
    SAY_MORE,
    SAY_NOTHING,
    SAY_COUNT
} word;

static const char *const words[SAY_COUNT][2] = {
    [SAY_PORTFOLIO] = {"Portfolio: initiatives %s, budget %s", "Danh mục: số sáng kiến %s, ngân sách %s"},
    [SAY_INITIATIVES] = {"Initiatives", "Số sáng kiến"},
    [SAY_BUDGET] = {"Budget", "Ngân sách"},
    [SAY_CANCELLED] = {"Cancelled, not counted: %s", "Đã hủy, không tính: %s"},
    [SAY_EMPTY] = {"Empty cells (·): %s of %s", "Ô trống (·): %s trên %s"},
    [SAY_NO_EMPTY] = {"No empty cell", "Không có ô trống"},
    [SAY_TOTAL] = {"All", "Tất cả"},
    [SAY_TOO_WIDE] = {"Too many categories for a table (--format csv or json holds every one).",
                      "Quá nhiều mục cho một bảng (--format csv hoặc json có tất cả)."},
    [SAY_HELIX] = {"Triple helix", "Ba Nhà"},
    [SAY_TOGETHER] = {"Exactly these", "Đúng nhóm này"},
    [SAY_ENTROPY] = {"Entropy, bits", "Entropy, bit"},
    [SAY_TRANSMISSION] = {"Mutual information, bits", "Thông tin tương hỗ, bit"},
    [SAY_EVENNESS] = {"Balance (evenness, 1 is even): by initiatives %s, by budget %s",
                      "Cân bằng (1 là đều): theo số sáng kiến %s, theo ngân sách %s"},
    [SAY_SYNERGY] = {"Of the three together %s bits: below 0, synergy", "Của cả ba: %s bit, dưới 0 là cộng hưởng"},
    [SAY_REDUNDANCY] = {"Of the three together %s bits: not below 0, no synergy",
                        "Của cả ba: %s bit, không dưới 0, không có cộng hưởng"},
    [SAY_UPLIFT] = {"Uplift, in the order of doing", "Mức tăng, theo thứ tự thực hiện"},
    [SAY_INITIATIVE] = {"Initiative", "Sáng kiến"},
    [SAY_PLACE] = {"Place", "Thứ tự"},
    [SAY_ALONE] = {"Alone", "Riêng lẻ"},
    [SAY_LAST] = {"Last", "Sau cùng"},
    [SAY_PER_BUDGET] = {"Per budget", "Trên ngân sách"},
    [SAY_SCORE_THEN] = {"Score then", "Điểm khi đó"},
    [SAY_RANK_THEN] = {"Rank then", "Hạng khi đó"},
    [SAY_SPENT] = {"Budget in all", "Ngân sách cộng dồn"},
    [SAY_BASELINE] = {"%s: score %s, rank %s of %s", "%s: điểm %s, hạng %s trên %s"},
    [SAY_ALL] = {"With every initiative: score %s, rank %s", "Với mọi sáng kiến: điểm %s, hạng %s"},
    [SAY_BEST_SET] = {"Best set for a budget of %s", "Tập tốt nhất với ngân sách %s"},
    [SAY_BEST_LINE] = {"Score %s, uplift %s, rank %s, budget %s", "Điểm %s, tăng %s, hạng %s, ngân sách %s"},
    [SAY_EXACT] = {"No set within the budget is better.", "Không tập nào trong ngân sách tốt hơn."},
    [SAY_BOUND] = {"No set within the budget passes %s: at most %s is missing.",
                   "Không tập nào trong ngân sách vượt %s: thiếu nhiều nhất %s."},
    [SAY_NO_BOUND] = {"What a better set could reach is not known for this plan.",
                      "Với kế hoạch này chưa biết tập tốt hơn có thể đạt bao nhiêu."},
    [SAY_UNCATEGORISED] = {"Without any category: %s in %s", "Chưa xếp mục: %s ở %s"},
    [SAY_NO_VALUE] = {"%s: a relative change of \"%s\" does nothing, the value is missing",
                      "%s: thay đổi tương đối của \"%s\" không có tác dụng vì thiếu giá trị"},
    [SAY_CLIPPED] = {"\"%s\" would become %s, beyond what it can be", "\"%s\" sẽ thành %s, ngoài mức có thể"},
    [SAY_MORE] = {"Not shown: %s (--format csv or json holds every one).",
                  "Không hiển thị: %s (--format csv hoặc json có tất cả)."},
    [SAY_NOTHING] = {"No initiative has effects: there is nothing to lift.", "Không sáng kiến nào có tác động."},
};

static const char *const known_words[][3] = {
    {"actors", "Actors", "Ba Nhà"},
    {"fields", "Fields", "Lĩnh vực"},
    {"criteria", "Criteria", "Tiêu chí"},
    {"goals", "Goals", "Mục tiêu"},
    {"state", "state", "Nhà nước"},
    {"business", "business", "Doanh nghiệp"},
    {"academia", "academia", "Viện, trường"},
    {"people", "people", "Con người"},
    {"technology", "technology", "Công nghệ"},
    {"foundations", "foundations", "Yếu tố nền tảng"},
};

typedef struct printer {
    const smr_appraisal *appraisal;
    const smr_portfolio *portfolio;
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
    return smr_appraisal_value(p->appraisal, section, row, column);
}

static const char *known_word(const printer *p, const char *id) {
    for (size_t i = 0; i < COUNT(known_words); ++i)
        if (!strcmp(known_words[i][0], id))
            return known_words[i][1 + p->language];
    return id;
}

/* A category as people call it. */
static const char *category_name(const printer *p, size_t taxonomy, size_t category) {
    const char *id = smr_portfolio_category(p->portfolio, taxonomy, category);
    const char *name = smr_portfolio_taxonomy(p->portfolio, taxonomy);
    if (!strcmp(name, "criteria")) {
        int64_t node = p->framework ? smr_framework_find(p->framework, id) : -1;
        return node < 0 ? id : smr_framework_node_name(p->framework, (size_t)node, language_tag(p->language));
    }
    return !strcmp(name, "actors") || !strcmp(name, "fields") ? known_word(p, id) : id;
}

/* Uplifts are small: four decimals. */
static const char *fine_number(char text[NUMBER_SIZE], double value) {
    if (isnan(value))
        strcpy(text, "-");
    else if (fabs(value) >= 0.00005 || value == 0)
        snprintf(text, NUMBER_SIZE, "%.4f", value == 0 ? 0.0 : value);
    else
        snprintf(text, NUMBER_SIZE, "%.1e", value);
    return text;
}

static void heading(const printer *p, const char *text) {
    out_text(p->out, "\n");
    table_line(p->out, STYLE_STRONG, text);
}

static void print_table_of(printer *p, cli_table *table) {
    p->failed = table_print(table) || p->failed;
}

/* ---- what is covered ---- */

static double covered(const printer *p, size_t a, size_t row, size_t b, size_t column) {
    char section[512];
    snprintf(section, sizeof section, "coverage_%.200s_%.200s", smr_portfolio_taxonomy(p->portfolio, a),
             smr_portfolio_taxonomy(p->portfolio, b));
    return value_of(p, section, smr_portfolio_category(p->portfolio, a, row),
                    smr_portfolio_category(p->portfolio, b, column));
}

static double covered_alone(const printer *p, size_t taxonomy, size_t category, const char *what) {
    char section[256];
    snprintf(section, sizeof section, "coverage_%.200s", smr_portfolio_taxonomy(p->portfolio, taxonomy));
    return value_of(p, section, smr_portfolio_category(p->portfolio, taxonomy, category), what);
}

/* Rows of the one taxonomy, columns of the other, with the sum of each row's initiatives. */
static void print_matrix(printer *p, size_t a, size_t b) {
    const size_t rows = smr_portfolio_category_count(p->portfolio, a);
    const size_t columns = smr_portfolio_category_count(p->portfolio, b);
    char text[NUMBER_SIZE], other[NUMBER_SIZE], title[300];
    snprintf(title, sizeof title, "%.100s x %.100s", known_word(p, smr_portfolio_taxonomy(p->portfolio, a)),
             known_word(p, smr_portfolio_taxonomy(p->portfolio, b)));
    if (!rows || !columns)
        return;
    heading(p, title);
    if (columns > WIDEST_MATRIX) {
        print_line(p, SAY_TOO_WIDE, NULL);
        return;
    }
    size_t empty = 0;
    cli_table table;
    table_init(&table, p->out);
    table.indent = 2;
    table_column(&table, "", ALIGN_LEFT, 32);
    for (size_t column = 0; column < columns; ++column)
        table_column(&table, category_name(p, b, column), ALIGN_RIGHT, 14);
    table_column(&table, say(p, SAY_TOTAL), ALIGN_RIGHT, 10);
    for (size_t row = 0; row < rows; ++row) {
        table_row(&table, STYLE_PLAIN);
        table_cell(&table, category_name(p, a, row));
        for (size_t column = 0; column < columns; ++column) {
            const double count = covered(p, a, row, b, column);
            empty += count == 0;
            table_cell(&table, count == 0 ? "·" : short_or_dash(text, count));
        }
        table_cell(&table, short_or_dash(text, covered_alone(p, a, row, "initiatives")));
    }
    table_row(&table, STYLE_FAINT);
    table_cell(&table, say(p, SAY_TOTAL));
    for (size_t column = 0; column < columns; ++column)
        table_cell(&table, short_or_dash(text, covered_alone(p, b, column, "initiatives")));
    table_cell(&table, "");
    print_table_of(p, &table);
    const char *const texts[] = {short_or_dash(text, (double)empty), short_or_dash(other, (double)(rows * columns))};
    out_text(p->out, "  ");
    print_line(p, empty ? SAY_EMPTY : SAY_NO_EMPTY, texts);
}

static int64_t find_taxonomy(const printer *p, const char *name) {
    for (size_t i = 0; i < smr_portfolio_taxonomy_count(p->portfolio); ++i)
        if (!strcmp(smr_portfolio_taxonomy(p->portfolio, i), name))
            return (int64_t)i;
    return -1;
}

/* Actors, fields and criteria with one another, and every other taxonomy by criteria, or by actors. */
static void print_coverage(printer *p) {
    static const char *const named[] = {"actors", "fields", "criteria"};
    for (size_t a = 0; a < COUNT(named); ++a)
        for (size_t b = a + 1; b < COUNT(named); ++b)
            if (find_taxonomy(p, named[a]) >= 0 && find_taxonomy(p, named[b]) >= 0)
                print_matrix(p, (size_t)find_taxonomy(p, named[a]), (size_t)find_taxonomy(p, named[b]));
    int64_t against = find_taxonomy(p, "criteria");
    if (against < 0)
        against = find_taxonomy(p, "actors");
    for (size_t i = 0; against >= 0 && i < smr_portfolio_taxonomy_count(p->portfolio); ++i) {
        size_t place = 0;
        while (place < COUNT(named) && strcmp(named[place], smr_portfolio_taxonomy(p->portfolio, i)))
            ++place;
        if (place < COUNT(named))
            continue;
        /* Named taxonomies come first, so that pairs are written that way round. */
        char section[512];
        snprintf(section, sizeof section, "coverage_%.200s_%.200s",
                 smr_portfolio_taxonomy(p->portfolio, (size_t)against), smr_portfolio_taxonomy(p->portfolio, i));
        if (smr_appraisal_find_section(p->appraisal, section) >= 0)
            print_matrix(p, (size_t)against, i);
    }
}

static void print_uncategorised(const printer *p) {
    const size_t section = (size_t)smr_appraisal_find_section(p->appraisal, "uncategorised");
    for (size_t t = 0; t < smr_portfolio_taxonomy_count(p->portfolio); ++t) {
        const char *id = smr_portfolio_taxonomy(p->portfolio, t);
        size_t count = 0;
        for (size_t cell = 0; cell < smr_appraisal_cell_count(p->appraisal, section); ++cell)
            count += !strcmp(smr_appraisal_columns(p->appraisal, section)[cell], id);
        char text[NUMBER_SIZE];
        const char *const texts[] = {short_or_dash(text, (double)count), known_word(p, id)};
        if (count)
            print_line(p, SAY_UNCATEGORISED, texts);
    }
}

/* ---- the three helices ---- */

static void print_helix(printer *p) {
    const int64_t section = smr_appraisal_find_section(p->appraisal, "triple_helix");
    if (section < 0)
        return;
    heading(p, say(p, SAY_HELIX));
    cli_table table;
    table_init(&table, p->out);
    table.indent = 2;
    table_column(&table, known_word(p, "actors"), ALIGN_LEFT, 40);
    table_column(&table, say(p, SAY_TOGETHER), ALIGN_RIGHT, 14);
    table_column(&table, say(p, SAY_ENTROPY), ALIGN_RIGHT, 14);
    table_column(&table, say(p, SAY_TRANSMISSION), ALIGN_RIGHT, 18);
    const char *const *rows = smr_appraisal_rows(p->appraisal, (size_t)section), *three = "";
    char text[NUMBER_SIZE], other[NUMBER_SIZE];
    for (size_t cell = 0; cell < smr_appraisal_cell_count(p->appraisal, (size_t)section); ++cell) {
        if (strcmp(smr_appraisal_columns(p->appraisal, (size_t)section)[cell], "initiatives"))
            continue;
        three = rows[cell];
        table_row(&table, STYLE_PLAIN);
        table_cell(&table, rows[cell]);
        table_cell(&table, short_or_dash(text, value_of(p, "triple_helix", rows[cell], "initiatives")));
        table_cell(&table, fine_number(text, value_of(p, "triple_helix", rows[cell], "entropy")));
        table_cell(&table, fine_number(text, value_of(p, "triple_helix", rows[cell], "transmission")));
    }
    print_table_of(p, &table);
    const double together = value_of(p, "triple_helix", three, "transmission");
    const char *texts[] = {fine_number(text, together), other};
    out_text(p->out, "  ");
    print_line(p, together < 0 ? SAY_SYNERGY : SAY_REDUNDANCY, texts);
    fixed_or_dash(text, value_of(p, "triple_helix_balance", "actors", "evenness"));
    fixed_or_dash(other, value_of(p, "triple_helix_balance", "actors", "evenness_budget"));
    out_text(p->out, "  ");
    print_line(p, SAY_EVENNESS, texts);
}

/* ---- what is lifted ---- */

static const char *name_of(const printer *p, const char *id) {
    const int64_t place = smr_portfolio_find(p->portfolio, id);
    return place < 0 ? id : smr_portfolio_name(p->portfolio, (size_t)place, language_tag(p->language));
}

static void print_baseline(const printer *p, const char *region) {
    char score[NUMBER_SIZE], rank[NUMBER_SIZE], regions[NUMBER_SIZE];
    fixed_or_dash(score, value_of(p, "baseline", region, "score"));
    short_or_dash(rank, value_of(p, "baseline", region, "rank"));
    short_or_dash(regions, value_of(p, "baseline", region, "regions"));
    const char *const texts[] = {region, score, rank, regions};
    print_line(p, SAY_BASELINE, texts);
    fixed_or_dash(score, value_of(p, "baseline", region, "score_all"));
    short_or_dash(rank, value_of(p, "baseline", region, "rank_all"));
    print_line(p, SAY_ALL, texts + 1);
}

static void print_order(printer *p) {
    const size_t section = (size_t)smr_appraisal_find_section(p->appraisal, "order");
    const size_t cells = smr_appraisal_cell_count(p->appraisal, section);
    if (!cells) {
        print_line(p, SAY_NOTHING, NULL);
        return;
    }
    heading(p, say(p, SAY_UPLIFT));
    cli_table table;
    table_init(&table, p->out);
    table.indent = 2;
    table_column(&table, say(p, SAY_PLACE), ALIGN_RIGHT, 10);
    table_column(&table, phrase_text(p->language, PHRASE_ID), ALIGN_LEFT, 24);
    table_column(&table, say(p, SAY_INITIATIVE), ALIGN_LEFT, 44);
    table_column(&table, say(p, SAY_BUDGET), ALIGN_RIGHT, 12);
    table_column(&table, say(p, SAY_ALONE), ALIGN_RIGHT, 12);
    table_column(&table, say(p, SAY_LAST), ALIGN_RIGHT, 12);
    table_column(&table, say(p, SAY_PER_BUDGET), ALIGN_RIGHT, 12);
    table_column(&table, say(p, SAY_SPENT), ALIGN_RIGHT, 14);
    table_column(&table, say(p, SAY_SCORE_THEN), ALIGN_RIGHT, 12);
    table_column(&table, say(p, SAY_RANK_THEN), ALIGN_RIGHT, 10);
    char text[NUMBER_SIZE];
    size_t shown = 0, hidden = 0;
    for (size_t cell = 0; cell < cells; ++cell) {
        if (strcmp(smr_appraisal_columns(p->appraisal, section)[cell], "place"))
            continue;
        const char *id = smr_appraisal_rows(p->appraisal, section)[cell];
        hidden += shown == INITIATIVES_SHOWN;
        if (shown == INITIATIVES_SHOWN)
            continue;
        ++shown;
        table_row(&table, STYLE_PLAIN);
        table_cell(&table, short_or_dash(text, smr_appraisal_values(p->appraisal, section)[cell]));
        table_cell(&table, id);
        table_cell(&table, name_of(p, id));
        table_cell(&table, short_or_dash(text, value_of(p, "uplift", id, "budget")));
        table_cell(&table, fine_number(text, value_of(p, "uplift", id, "uplift_alone")));
        table_cell(&table, fine_number(text, value_of(p, "uplift", id, "uplift_last")));
        table_cell(&table, fine_number(text, value_of(p, "order", id, "uplift_per_budget")));
        table_cell(&table, short_or_dash(text, value_of(p, "order", id, "budget_cumulative")));
        table_cell(&table, fixed_or_dash(text, value_of(p, "order", id, "score")));
        table_cell(&table, short_or_dash(text, value_of(p, "order", id, "rank")));
    }
    print_table_of(p, &table);
    const char *const texts[] = {short_or_dash(text, (double)hidden)};
    if (hidden)
        print_line(p, SAY_MORE, texts);
}

static void print_flags(const printer *p) {
    char text[NUMBER_SIZE];
    size_t section = (size_t)smr_appraisal_find_section(p->appraisal, "flag_no_value");
    for (size_t cell = 0; cell < smr_appraisal_cell_count(p->appraisal, section); ++cell) {
        const char *const texts[] = {smr_appraisal_rows(p->appraisal, section)[cell],
                                     smr_appraisal_columns(p->appraisal, section)[cell]};
        print_line(p, SAY_NO_VALUE, texts);
    }
    section = (size_t)smr_appraisal_find_section(p->appraisal, "flag_clipped");
    for (size_t cell = 0; cell < smr_appraisal_cell_count(p->appraisal, section); ++cell) {
        const char *const texts[] = {smr_appraisal_rows(p->appraisal, section)[cell],
                                     short_or_dash(text, smr_appraisal_values(p->appraisal, section)[cell])};
        print_line(p, SAY_CLIPPED, texts);
    }
}

static void print_best_set(printer *p) {
    static const char total[] = "best_set_total", row[] = "best_set";
    const int64_t section = smr_appraisal_find_section(p->appraisal, row);
    if (section < 0)
        return;
    char a[NUMBER_SIZE], b[NUMBER_SIZE], c[NUMBER_SIZE], d[NUMBER_SIZE], line[200];
    const char *const texts[] = {a, b, c, d};
    const char *text = say(p, SAY_BEST_SET);
    snprintf(line, sizeof line, "%.*s%s", (int)(strstr(text, "%s") - text), text,
             short_or_dash(a, value_of(p, total, row, "limit")));
    heading(p, line);
    cli_table table;
    table_init(&table, p->out);
    table.indent = 2;
    table_column(&table, phrase_text(p->language, PHRASE_ID), ALIGN_LEFT, 24);
    table_column(&table, say(p, SAY_INITIATIVE), ALIGN_LEFT, 44);
    table_column(&table, say(p, SAY_BUDGET), ALIGN_RIGHT, 12);
    table_column(&table, say(p, SAY_LAST), ALIGN_RIGHT, 12);
    for (size_t cell = 0; cell < smr_appraisal_cell_count(p->appraisal, (size_t)section); ++cell) {
        const char *id = smr_appraisal_rows(p->appraisal, (size_t)section)[cell];
        if (strcmp(smr_appraisal_columns(p->appraisal, (size_t)section)[cell], "budget"))
            continue;
        table_row(&table, STYLE_PLAIN);
        table_cell(&table, id);
        table_cell(&table, name_of(p, id));
        table_cell(&table, short_or_dash(a, value_of(p, row, id, "budget")));
        table_cell(&table, fine_number(a, value_of(p, row, id, "uplift_last")));
    }
    print_table_of(p, &table);
    fixed_or_dash(a, value_of(p, total, row, "score"));
    fine_number(b, value_of(p, total, row, "uplift"));
    short_or_dash(c, value_of(p, total, row, "rank"));
    short_or_dash(d, value_of(p, total, row, "budget"));
    out_text(p->out, "  ");
    print_line(p, SAY_BEST_LINE, texts);
    fine_number(a, value_of(p, total, row, "bound"));
    fine_number(b, value_of(p, total, row, "gap"));
    out_text(p->out, "  ");
    print_line(p, value_of(p, total, row, "exact") == 1           ? SAY_EXACT
                  : isnan(value_of(p, total, row, "bound")) ? SAY_NO_BOUND
                                                            : SAY_BOUND, texts);
}

int print_portfolio(const cli_tool *tool, const smr_appraisal *appraisal, cli_output *out) {
    printer p = {appraisal, smr_appraisal_portfolio(appraisal), tool_framework(tool), out, tool->options->language, 0};
    char a[NUMBER_SIZE], b[NUMBER_SIZE];
    const char *const texts[] = {a, b};
    short_or_dash(a, value_of(&p, "size", "portfolio", "initiatives"));
    short_or_dash(b, value_of(&p, "size", "portfolio", "budget"));
    print_line(&p, SAY_PORTFOLIO, texts);
    short_or_dash(a, value_of(&p, "size", "portfolio", "cancelled"));
    if (value_of(&p, "size", "portfolio", "cancelled") > 0)
        print_line(&p, SAY_CANCELLED, texts);
    print_coverage(&p);
    print_uncategorised(&p);
    print_helix(&p);
    const int64_t baseline = smr_appraisal_find_section(appraisal, "baseline");
    if (baseline >= 0) {
        out_text(out, "\n");
        print_baseline(&p, smr_appraisal_rows(appraisal, (size_t)baseline)[0]);
        print_order(&p);
        print_flags(&p);
        print_best_set(&p);
    }
    return p.failed ? -1 : 0;
}
