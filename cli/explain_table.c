/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain_table.h"
#include "language.h"
#include "table.h"

enum { LISTED = 5, LINE = 600, BAR = 20 };

typedef enum word {
    WORD_POINTS,
    WORD_WEIGHT,
    WORD_INDEX,
    WORD_AGAINST,
    WORD_MEDIAN,
    WORD_PEERS,
    WORD_TOP,
    WORD_REGIONS,
    WORD_TARGET,
    WORD_STRENGTHS,
    WORD_WEAKNESSES,
    WORD_REFERENCE,
    WORD_DIFFERENCE,
    WORD_SUM,
    WORD_NO_INDEX,
    WORD_ERROR,
    WORD_AHEAD,
    WORD_DENOMINATED,
    WORD_IMPUTED,
    WORD_TREATED,
    WORD_TRANSFORMED,
    WORD_LOW,
    WORD_HIGH,
    WORD_HOW,
    WORD_VALUE_OF,
    WORD_SCORE_OF,
    WORD_COUNT
} word;

static const char *const words[WORD_COUNT][2] = {
    [WORD_POINTS] = {"Points", "Số điểm"},
    [WORD_WEIGHT] = {"Weight %", "Trọng số %"},
    [WORD_INDEX] = {"index %s, rank %s of %s", "chỉ số %s, hạng %s trên %s"},
    [WORD_AGAINST] = {"Against %s: %s - %s = %s points", "So với %s: %s - %s = %s điểm"},
    [WORD_MEDIAN] = {"the median of all regions", "trung vị của mọi vùng"},
    [WORD_PEERS] = {"its peers", "các vùng tương đồng"},
    [WORD_TOP] = {"the best", "các vùng đứng đầu"},
    [WORD_REGIONS] = {"the mean of", "trung bình của"},
    [WORD_TARGET] = {"its targets", "mục tiêu"},
    [WORD_STRENGTHS] = {"Strengths", "Điểm mạnh"},
    [WORD_WEAKNESSES] = {"Weaknesses", "Điểm yếu"},
    [WORD_REFERENCE] = {"Reference", "Đối chiếu"},
    [WORD_DIFFERENCE] = {"Difference", "Chênh lệch"},
    [WORD_SUM] = {"Points are points of the index: indicators sum to their criterion, and all of them to the index.",
                  "Số điểm là điểm của chỉ số: các chỉ tiêu cộng thành tiêu chí, tất cả thành chỉ số."},
    [WORD_NO_INDEX] = {"The index is not computed, so that there are no points.",
                       "Không tính được chỉ số nên không có số điểm."},
    [WORD_ERROR] = {"Points are estimated; the greatest standard error is %s.",
                    "Số điểm là ước lượng; sai số chuẩn lớn nhất là %s."},
    [WORD_AHEAD] = {"%s ahead in", "%s hơn ở"},
    [WORD_DENOMINATED] = {"Denominated", "Chia mẫu số"},
    [WORD_IMPUTED] = {"Imputed", "Ước tính"},
    [WORD_TREATED] = {"Treated", "Xử lý"},
    [WORD_TRANSFORMED] = {"Transformed", "Biến đổi"},
    [WORD_LOW] = {"From", "Từ"},
    [WORD_HIGH] = {"To", "Đến"},
    [WORD_HOW] = {"How", "Cách tính"},
    [WORD_VALUE_OF] = {"Value %s", "Giá trị %s"},
    [WORD_SCORE_OF] = {"Score %s", "Điểm %s"},
};

typedef struct printer {
    const cli_tool *tool;
    const smr_explanation *explanation;
    const smr_scorecard *card;
    const smr_framework *framework;
    cli_output *out;
    cli_language language;
    int failed;
    int places, score_places; /* decimals of the index and of points; of the scores below it */
} printer;

static const char *say(const printer *p, word which) {
    return words[which][p->language];
}

/* A phrase with each "%s" replaced in turn, cut to the size. */
static void fill(const printer *p, char *line, size_t size, word which, const char *const *texts) {
    const char *text = say(p, which);
    size_t used = 0;
    line[0] = '\0';
    for (const char *place; used + 1 < size && (place = strstr(text, "%s")) != NULL; text = place + 2) {
        int length = snprintf(line + used, size - used, "%.*s%.200s", (int)(place - text), text, *texts++);
        used += length > 0 ? (size_t)length : 0;
    }
    if (used + 1 < size)
        snprintf(line + used, size - used, "%s", text);
}

static double number(const printer *p, int32_t column, size_t node) {
    const double *numbers = smr_explanation_numbers(p->explanation, column);
    return numbers ? numbers[node] : NAN;
}

/* Scales up to 1 or 2 need more decimals than those up to 100. */
static int places_for(const printer *p, size_t from, size_t end) {
    double largest = 0;
    for (size_t node = from; node < end; ++node) {
        const double score = fabs(number(p, SMR_EXPLANATION_SCORE, node));
        largest = score > largest ? score : largest;
    }
    return largest < 2 ? 4 : 2;
}

static printer make_printer(const cli_tool *tool, const smr_explanation *explanation, cli_output *out) {
    const smr_scorecard *card = smr_explanation_scorecard(explanation);
    printer p = {tool, explanation, card, smr_scorecard_framework(card), out, tool->options->language, 0, 2, 2};
    p.places = places_for(&p, 0, 1);
    p.score_places = places_for(&p, 1, smr_explanation_node_count(explanation));
    return p;
}

static int is_indicator(const printer *p, size_t node) {
    return smr_framework_node_indicator(p->framework, node) >= 0;
}

/* ---- cells ---- */

/* Decimals; a dash where there is none. */
static const char *decimals(char text[NUMBER_SIZE], double value, int places) {
    if (isnan(value))
        strcpy(text, "-");
    else
        number_places(text, value, places);
    return text;
}

/* The same with its sign. */
static const char *signed_decimals(char text[NUMBER_SIZE], double value, int places) {
    char plain[NUMBER_SIZE];
    decimals(plain, value, places);
    snprintf(text, NUMBER_SIZE, "%s%.30s", value > 0 && plain[strspn(plain, "0.")] ? "+" : "", plain);
    return text;
}

static void decimals_cell(cli_table *table, double value, int places) {
    char text[NUMBER_SIZE];
    table_cell(table, decimals(text, value, places));
}

static void signed_cell(cli_table *table, double value, int places) {
    char text[NUMBER_SIZE];
    table_cell(table, signed_decimals(text, value, places));
}

static void score_cell(const printer *p, cli_table *table, int32_t column, size_t node) {
    decimals_cell(table, number(p, column, node), node ? p->score_places : p->places);
}

static void raw_cell(cli_table *table, double value) {
    char text[NUMBER_SIZE] = "";
    if (!isnan(value))
        number_short(text, value);
    table_cell(table, text);
}

static void rank_cell(cli_table *table, double rank) {
    char text[NUMBER_SIZE] = "-";
    if (!isnan(rank))
        number_short(text, rank);
    table_cell(table, text);
}

/* Starts the row of a node with its name, indented; a criterion stands apart. */
static void node_row(const printer *p, cli_table *table, size_t node) {
    char indented[LINE];
    int64_t depth = smr_framework_node_depth(p->framework, node);
    int indent = depth > 1 ? 2 * (int)(depth - 1) : 0;
    if (depth == 1 && !is_indicator(p, node))
        table_row(table, STYLE_BLANK);
    table_row(table, is_indicator(p, node) ? STYLE_PLAIN : STYLE_STRONG);
    snprintf(indented, sizeof indented, "%*s%.350s", indent < 40 ? indent : 40, "",
             smr_framework_node_name(p->framework, node, language_tag(p->language)));
    table_cell(table, indented);
}

static void unit_cell(const printer *p, cli_table *table, size_t node) {
    smr_indicator_options indicator;
    smr_indicator_options_init(&indicator, sizeof indicator);
    int64_t number_of = smr_framework_node_indicator(p->framework, node);
    if (number_of >= 0)
        smr_framework_indicator(p->framework, (size_t)number_of, &indicator, NULL);
    table_cell(table, number_of >= 0 ? indicator.unit : "");
}

static void print_table_of(printer *p, cli_table *table) {
    if (table_print(table))
        p->failed = 1;
}

/* ---- headings ---- */

/* "Vietnam (VNM), 2018" */
static void region_text(const printer *p, size_t row, char *line, size_t size) {
    const char *name = smr_scorecard_region_name(p->card, row), *id = smr_scorecard_region(p->card, row);
    const char *period = smr_scorecard_period(p->card, row);
    snprintf(line, size, strcmp(name, id) ? "%.200s (%.80s)%s%.40s" : "%.200s%.0s%s%.40s", name, id,
             period ? ", " : "", period ? period : "");
}

/* How many regions of the period have a rank. */
static int count_ranked(const printer *p, char text[NUMBER_SIZE]) {
    const size_t rows = smr_scorecard_row_count(p->card);
    const char *period = smr_scorecard_period(p->card, smr_explanation_row(p->explanation));
    double *ranks = malloc(rows * sizeof *ranks);
    size_t count = 0;
    int failed = !ranks || smr_scorecard_ranks(p->card, 0, ranks, rows, NULL);
    for (size_t row = 0; !failed && row < rows; ++row) {
        const char *has = smr_scorecard_period(p->card, row);
        count += !isnan(ranks[row]) && (!period || (has && !strcmp(has, period)));
    }
    snprintf(text, NUMBER_SIZE, "%zu", count);
    free(ranks);
    return failed;
}

static void print_heading(printer *p) {
    char line[LINE], region[LINE / 2], index[NUMBER_SIZE], rank[NUMBER_SIZE] = "-", of[NUMBER_SIZE], rest[LINE / 2];
    region_text(p, smr_explanation_row(p->explanation), region, sizeof region);
    decimals(index, number(p, SMR_EXPLANATION_SCORE, 0), p->places);
    if (!isnan(number(p, SMR_EXPLANATION_RANK, 0)))
        number_short(rank, number(p, SMR_EXPLANATION_RANK, 0));
    p->failed |= count_ranked(p, of);
    const char *const texts[] = {index, rank, of};
    fill(p, rest, sizeof rest, WORD_INDEX, texts);
    snprintf(line, sizeof line, "%.280s: %.280s", region, rest);
    table_line(p->out, STYLE_STRONG, line);
    out_text(p->out, "\n");
}

/* What stands below the numbers. */
static void print_remarks(const printer *p, int32_t contribution, int32_t error) {
    double greatest = 0;
    for (size_t node = 0; node < smr_explanation_node_count(p->explanation); ++node)
        if (number(p, error, node) > greatest)
            greatest = number(p, error, node);
    out_text(p->out, "\n");
    out_text(p->out, say(p, isnan(number(p, contribution, 0)) ? WORD_NO_INDEX : WORD_SUM));
    out_text(p->out, "\n");
    if (greatest > 0) {
        char text[NUMBER_SIZE], line[LINE];
        number_short(text, greatest);
        const char *const texts[] = {text};
        fill(p, line, sizeof line, WORD_ERROR, texts);
        out_text(p->out, line);
        out_text(p->out, "\n");
    }
}

/* ---- strengths and weaknesses ---- */

/* Ids of the regions that the reference is made of, as many as there is room for. */
static void list_reference(const printer *p, char *line, size_t size) {
    const size_t *rows = smr_explanation_reference_rows(p->explanation);
    size_t count = smr_explanation_reference_count(p->explanation), used = strlen(line);
    const int32_t kind = smr_explanation_reference(p->explanation);
    if (kind == SMR_REFERENCE_MEDIAN || kind == SMR_REFERENCE_TARGET)
        return;
    for (size_t i = 0; i < count && used + 100 < size; ++i) {
        const char *before = i ? ", " : kind == SMR_REFERENCE_ROWS ? *line ? " " : "" : " (";
        const int more = i + 1 < count && (i + 1 == 10 || used + 200 >= size);
        int length = snprintf(line + used, size - used, "%s%.80s%s", before, smr_scorecard_region(p->card, rows[i]),
                              more ? ", …" : "");
        used += length > 0 ? (size_t)length : 0;
        if (more)
            break;
    }
    if (kind != SMR_REFERENCE_ROWS && used + 1 < size)
        snprintf(line + used, size - used, ")");
}

/* At most LISTED of them, from the front or (weak) from the back. */
static void print_list(printer *p, const char *const *headings, const size_t *nodes, size_t count, int weak) {
    cli_table table;
    size_t shown = 0;
    const double sign = (weak ? -1 : 1) * (smr_explanation_lower_is_better(p->explanation) ? -1 : 1);
    out_text(p->out, "\n");
    table_init(&table, p->out);
    table.indent = 2;
    table_column(&table, headings[weak], ALIGN_LEFT, 56);
    table_column(&table, headings[2], ALIGN_RIGHT, 16);
    table_column(&table, headings[3], ALIGN_RIGHT, 16);
    table_column(&table, say(p, WORD_POINTS), ALIGN_RIGHT, 16);
    for (size_t i = 0; i < count && shown < LISTED; ++i) {
        const size_t node = nodes[weak ? count - 1 - i : i];
        const double difference = number(p, SMR_EXPLANATION_DIFFERENCE, node);
        if (!(sign * difference > 0))
            break;
        table_row(&table, STYLE_PLAIN);
        table_cell(&table, smr_framework_node_name(p->framework, node, language_tag(p->language)));
        score_cell(p, &table, SMR_EXPLANATION_SCORE, node);
        score_cell(p, &table, SMR_EXPLANATION_REFERENCE_SCORE, node);
        signed_cell(&table, difference, p->places);
        ++shown;
    }
    print_table_of(p, &table);
}

/* headings: of what is strong, of what is weak, of the two columns of scores. */
static void print_lists(printer *p, const char *const *headings) {
    const size_t indicators = smr_framework_indicator_count(p->framework);
    size_t *nodes = malloc((indicators + 1) * sizeof *nodes);
    if (!nodes) {
        p->failed = 1;
        return;
    }
    const size_t count = smr_explanation_strengths(p->explanation, nodes, indicators);
    if (count) {
        print_list(p, headings, nodes, count, 0);
        print_list(p, headings, nodes, count, 1);
    }
    free(nodes);
}

static void print_against(printer *p) {
    static const word names[] = {
        [SMR_REFERENCE_NONE] = WORD_REGIONS, [SMR_REFERENCE_MEDIAN] = WORD_MEDIAN, [SMR_REFERENCE_PEERS] = WORD_PEERS,
        [SMR_REFERENCE_TOP] = WORD_TOP,      [SMR_REFERENCE_ROWS] = WORD_REGIONS,  [SMR_REFERENCE_TARGET] = WORD_TARGET,
    };
    char line[2 * LINE], what[LINE], a[NUMBER_SIZE], b[NUMBER_SIZE], difference[NUMBER_SIZE];
    const int one = smr_explanation_reference(p->explanation) == SMR_REFERENCE_ROWS
                    && smr_explanation_reference_count(p->explanation) == 1;
    snprintf(what, sizeof what, "%s", one ? "" : say(p, names[smr_explanation_reference(p->explanation)]));
    list_reference(p, what, sizeof what);
    decimals(a, number(p, SMR_EXPLANATION_SCORE, 0), p->places);
    decimals(b, number(p, SMR_EXPLANATION_REFERENCE_SCORE, 0), p->places);
    signed_decimals(difference, number(p, SMR_EXPLANATION_DIFFERENCE, 0), p->places);
    const char *const texts[] = {what, a, b, difference};
    fill(p, line, sizeof line, WORD_AGAINST, texts);
    out_text(p->out, "\n");
    table_line(p->out, STYLE_STRONG, line);
    const char *const headings[] = {say(p, WORD_STRENGTHS), say(p, WORD_WEAKNESSES),
                                    phrase_text(p->language, PHRASE_SCORE), say(p, WORD_REFERENCE)};
    print_lists(p, headings);
}

/* ---- the tree ---- */

/* Points of the nodes of one depth against the largest of them. */
static double largest_part(const printer *p) {
    double largest = 0;
    for (size_t node = 1; node < smr_explanation_node_count(p->explanation); ++node) {
        const double part = fabs(number(p, SMR_EXPLANATION_CONTRIBUTION, node));
        if (smr_framework_node_depth(p->framework, node) == 1 && part > largest)
            largest = part;
    }
    return largest;
}

int print_explanation(const cli_tool *tool, const smr_explanation *explanation, cli_output *out) {
    printer p = make_printer(tool, explanation, out);
    const double largest = largest_part(&p);
    print_heading(&p);
    cli_table table;
    table_init(&table, out);
    table_column(&table, "", ALIGN_LEFT, 56);
    table_column(&table, phrase_text(p.language, PHRASE_VALUE), ALIGN_RIGHT, 16);
    table_column(&table, phrase_text(p.language, PHRASE_UNIT), ALIGN_LEFT, 28);
    table_column(&table, phrase_text(p.language, PHRASE_SCORE), ALIGN_RIGHT, 16);
    table_column(&table, phrase_text(p.language, PHRASE_RANK), ALIGN_RIGHT, 10);
    table_column(&table, say(&p, WORD_WEIGHT), ALIGN_RIGHT, 10);
    table_column(&table, say(&p, WORD_POINTS), ALIGN_RIGHT, 16);
    table_column(&table, "", ALIGN_LEFT, 36);
    for (size_t node = 0; node < smr_explanation_node_count(explanation); ++node) {
        char bar[3 * BAR + 1] = "";
        const double part = number(&p, SMR_EXPLANATION_CONTRIBUTION, node);
        const int status = smr_explanation_statuses(explanation)[node];
        node_row(&p, &table, node);
        raw_cell(&table, number(&p, SMR_EXPLANATION_VALUE, node));
        unit_cell(&p, &table, node);
        score_cell(&p, &table, SMR_EXPLANATION_SCORE, node);
        rank_cell(&table, number(&p, SMR_EXPLANATION_RANK, node));
        decimals_cell(&table, 100 * number(&p, SMR_EXPLANATION_EFFECTIVE_WEIGHT, node), 2);
        decimals_cell(&table, part, p.places);
        if (status == SMR_CELL_OK && smr_framework_node_depth(p.framework, node) == 1 && largest > 0 && part >= 0)
            bar_text(bar, sizeof bar, part / largest, BAR);
        table_cell(&table, *bar ? bar : status_text(p.language, status));
    }
    print_table_of(&p, &table);
    print_remarks(&p, SMR_EXPLANATION_CONTRIBUTION, SMR_EXPLANATION_ERROR);
    if (smr_explanation_reference(explanation) != SMR_REFERENCE_NONE)
        print_against(&p);
    return p.failed ? -1 : 0;
}

/* ---- the trace ---- */

/* Does a step change a number of some indicator? */
static int changes(const printer *p, int32_t before, int32_t after) {
    for (size_t node = 0; node < smr_explanation_node_count(p->explanation); ++node) {
        const double a = number(p, before, node), b = number(p, after, node);
        if (a != b && !(isnan(a) && isnan(b)))
            return 1;
    }
    return 0;
}

/* "knn, goalposts" */
static void how_cell(const printer *p, cli_table *table, size_t node) {
    static const int32_t columns[] = {SMR_EXPLANATION_IMPUTATION, SMR_EXPLANATION_TREATMENT,
                                      SMR_EXPLANATION_NORMALISATION, SMR_EXPLANATION_AGGREGATION};
    char line[LINE] = "";
    for (size_t i = 0; i < COUNT(columns); ++i) {
        const char *text = smr_explanation_texts(p->explanation, columns[i])[node];
        const size_t used = strlen(line);
        if (text)
            snprintf(line + used, sizeof line - used, "%s%.100s", used ? ", " : "", text);
    }
    const char *status = status_text(p->language, smr_explanation_statuses(p->explanation)[node]);
    const size_t used = strlen(line);
    if (*status)
        snprintf(line + used, sizeof line - used, "%s%.100s", used ? ": " : "", status);
    table_cell(table, line);
}

int print_trace(const cli_tool *tool, const smr_explanation *explanation, cli_output *out) {
    static const struct {
        word heading;
        int32_t before, column;
    } steps[] = {{WORD_DENOMINATED, SMR_EXPLANATION_VALUE, SMR_EXPLANATION_DENOMINATED},
                 {WORD_IMPUTED, SMR_EXPLANATION_DENOMINATED, SMR_EXPLANATION_IMPUTED},
                 {WORD_TREATED, SMR_EXPLANATION_IMPUTED, SMR_EXPLANATION_TREATED},
                 {WORD_TRANSFORMED, SMR_EXPLANATION_TREATED, SMR_EXPLANATION_TRANSFORMED}};
    printer p = make_printer(tool, explanation, out);
    int shown[COUNT(steps)];
    print_heading(&p);
    cli_table table;
    table_init(&table, out);
    table_column(&table, "", ALIGN_LEFT, 56);
    table_column(&table, phrase_text(p.language, PHRASE_VALUE), ALIGN_RIGHT, 16);
    for (size_t i = 0; i < COUNT(steps); ++i) {
        shown[i] = changes(&p, steps[i].before, steps[i].column);
        if (shown[i])
            table_column(&table, say(&p, steps[i].heading), ALIGN_RIGHT, 16);
    }
    table_column(&table, say(&p, WORD_LOW), ALIGN_RIGHT, 16);
    table_column(&table, say(&p, WORD_HIGH), ALIGN_RIGHT, 16);
    table_column(&table, phrase_text(p.language, PHRASE_SCORE), ALIGN_RIGHT, 16);
    table_column(&table, say(&p, WORD_WEIGHT), ALIGN_RIGHT, 10);
    table_column(&table, say(&p, WORD_POINTS), ALIGN_RIGHT, 16);
    table_column(&table, say(&p, WORD_HOW), ALIGN_LEFT, 48);
    for (size_t node = 0; node < smr_explanation_node_count(explanation); ++node) {
        node_row(&p, &table, node);
        raw_cell(&table, number(&p, SMR_EXPLANATION_VALUE, node));
        for (size_t i = 0; i < COUNT(steps); ++i)
            if (shown[i])
                raw_cell(&table, number(&p, steps[i].column, node));
        raw_cell(&table, number(&p, SMR_EXPLANATION_LOW_ANCHOR, node));
        raw_cell(&table, number(&p, SMR_EXPLANATION_HIGH_ANCHOR, node));
        score_cell(&p, &table, SMR_EXPLANATION_SCORE, node);
        decimals_cell(&table, 100 * number(&p, SMR_EXPLANATION_EFFECTIVE_WEIGHT, node), 2);
        decimals_cell(&table, number(&p, SMR_EXPLANATION_CONTRIBUTION, node), p.places);
        how_cell(&p, &table, node);
    }
    print_table_of(&p, &table);
    print_remarks(&p, SMR_EXPLANATION_CONTRIBUTION, SMR_EXPLANATION_ERROR);
    if (smr_explanation_reference(explanation) != SMR_REFERENCE_NONE)
        print_against(&p);
    return p.failed ? -1 : 0;
}

/* ---- two regions ---- */

int print_comparison(const cli_tool *tool, const smr_explanation *explanation, cli_output *out) {
    printer p = make_printer(tool, explanation, out);
    const size_t row = smr_explanation_row(explanation), other = smr_explanation_reference_rows(explanation)[0];
    char line[LINE], a[LINE / 2], b[LINE / 2], headings[4][LINE / 2];
    const char *const first[] = {smr_scorecard_region(p.card, row)};
    const char *const second[] = {smr_scorecard_region(p.card, other)};
    region_text(&p, row, a, sizeof a);
    region_text(&p, other, b, sizeof b);
    snprintf(line, sizeof line, "%.290s - %.290s", a, b);
    table_line(out, STYLE_STRONG, line);
    char one[NUMBER_SIZE], two[NUMBER_SIZE], difference[NUMBER_SIZE];
    snprintf(line, sizeof line, "%s - %s = %s", decimals(one, number(&p, SMR_EXPLANATION_SCORE, 0), p.places),
             decimals(two, number(&p, SMR_EXPLANATION_REFERENCE_SCORE, 0), p.places),
             signed_decimals(difference, number(&p, SMR_EXPLANATION_DIFFERENCE, 0), p.places));
    table_line(out, STYLE_PLAIN, line);
    out_text(out, "\n");
    fill(&p, headings[0], sizeof headings[0], WORD_VALUE_OF, first);
    fill(&p, headings[1], sizeof headings[1], WORD_VALUE_OF, second);
    fill(&p, headings[2], sizeof headings[2], WORD_SCORE_OF, first);
    fill(&p, headings[3], sizeof headings[3], WORD_SCORE_OF, second);
    cli_table table;
    table_init(&table, out);
    table_column(&table, "", ALIGN_LEFT, 56);
    for (size_t i = 0; i < COUNT(headings); ++i)
        table_column(&table, headings[i], ALIGN_RIGHT, 16);
    table_column(&table, say(&p, WORD_DIFFERENCE), ALIGN_RIGHT, 16);
    table_column(&table, say(&p, WORD_WEIGHT), ALIGN_RIGHT, 10);
    table_column(&table, say(&p, WORD_POINTS), ALIGN_RIGHT, 16);
    for (size_t node = 0; node < smr_explanation_node_count(explanation); ++node) {
        const double x = number(&p, SMR_EXPLANATION_SCORE, node), y = number(&p, SMR_EXPLANATION_REFERENCE_SCORE, node);
        node_row(&p, &table, node);
        raw_cell(&table, number(&p, SMR_EXPLANATION_VALUE, node));
        raw_cell(&table, number(&p, SMR_EXPLANATION_REFERENCE_VALUE, node));
        score_cell(&p, &table, SMR_EXPLANATION_SCORE, node);
        score_cell(&p, &table, SMR_EXPLANATION_REFERENCE_SCORE, node);
        signed_cell(&table, x - y, node ? p.score_places : p.places);
        decimals_cell(&table, 100 * number(&p, SMR_EXPLANATION_DIFFERENCE_WEIGHT, node), 2);
        signed_cell(&table, number(&p, SMR_EXPLANATION_DIFFERENCE, node), p.places);
    }
    print_table_of(&p, &table);
    print_remarks(&p, SMR_EXPLANATION_DIFFERENCE, SMR_EXPLANATION_DIFFERENCE_ERROR);
    fill(&p, a, sizeof a, WORD_AHEAD, first);
    fill(&p, b, sizeof b, WORD_AHEAD, second);
    const char *const lists[] = {a, b, headings[2], headings[3]};
    print_lists(&p, lists);
    return p.failed ? -1 : 0;
}
