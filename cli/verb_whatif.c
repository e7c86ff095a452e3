/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "progress.h"
#include "select_funnel.h"
#include "study_words.h"

enum { MOVED_SHOWN = 20 };

typedef enum word {
    WORD_TITLE,
    WORD_FROM,
    WORD_TO,
    WORD_CHANGE,
    WORD_BEFORE,
    WORD_AFTER,
    WORD_OTHERS,
    WORD_MORE,
    WORD_STAGE,
    WORD_OTHERS_STAGED,
    WORD_COUNT
} word;

static const char *const words[WORD_COUNT][2] = {
    [WORD_TITLE] = {"What if: %s", "Giả định: %s"},
    [WORD_FROM] = {"From", "Từ"},
    [WORD_TO] = {"To", "Đến"},
    [WORD_CHANGE] = {"Change", "Thay đổi"},
    [WORD_BEFORE] = {"before", "trước"},
    [WORD_AFTER] = {"after", "sau"},
    [WORD_OTHERS] = {"Other regions whose rank moves: %s", "Số vùng khác có hạng thay đổi: %s"},
    [WORD_MORE] = {"Regions not shown: %s (--format csv or json holds every one).",
                   "Số vùng không hiển thị: %s (--format csv hoặc json có tất cả)."},
    [WORD_STAGE] = {"Stage", "Vòng"},
    [WORD_OTHERS_STAGED] = {"Other regions whose rank or stage moves: %s",
                            "Số vùng khác có hạng hoặc vòng thay đổi: %s"},
};

static const char *say(const cli_tool *tool, word which) {
    return words[which][tool->options->language];
}

/* ---- what is asked ---- */

/* "ID=VALUE" of the region operand, or "REGION:ID=VALUE"; an id of the framework is one whatever it holds. */
static int add_change(const cli_tool *tool, smr_changes *changes, const char *given, const char *region) {
    const char *equals = strchr(given, '=');
    size_t length = (size_t)(equals - given);
    char *column = malloc(length + 1);
    if (!column)
        return file_error(TOOL_OUTPUT, NULL, "out of memory");
    memcpy(column, given, length);
    column[length] = '\0';
    char *colon = smr_framework_find(tool_framework(tool), column) < 0 ? strrchr(column, ':') : NULL;
    const char *of = colon ? column : region, *id = colon ? colon + 1 : column;
    if (colon)
        *colon = '\0';
    smr_error error;
    smr_error_init(&error, sizeof error);
    int code = TOOL_FINE;
    if (!of)
        code = usage_error(tool->options->verb, "--change \"%s\" names no region, expected whatif REGION, or REGION:%s",
                           given, given);
    else if (smr_changes_add_text(changes, region_id(tool, of), id, equals + 1, &error))
        code = error.status == SMR_ERROR_DATA
                   ? usage_error(tool->options->verb, "--change \"%s\": %s", given, error.message)
                   : file_error(TOOL_OUTPUT, NULL, "%s", error.message);
    free(column);
    return code;
}

static int read_changes(cli_tool *tool, smr_changes *changes) {
    const char *path = tool->options->changes_file;
    smr_error error;
    smr_error_init(&error, sizeof error);
    cli_input in;
    int code = input_open(&in, path, NULL);
    if (code)
        return code;
    if (smr_changes_read_csv(changes, input_read, &in, in.name, &error))
        code = in.failure || in.interrupted ? input_error(&in) : tool_fail(tool, &error, in.name);
    input_close(&in);
    return code;
}

static int gather_changes(cli_tool *tool, smr_changes **changes) {
    const cli_options *options = tool->options;
    const char *region = options->operand_count > 1 ? options->operands[0] : NULL;
    smr_error error;
    smr_error_init(&error, sizeof error);
    if (smr_changes_new(tool->context, changes, &error))
        return tool_fail(tool, &error, NULL);
    int code = options->changes_file ? read_changes(tool, *changes) : TOOL_FINE;
    for (size_t i = 0; i < options->change_count && !code; ++i)
        code = add_change(tool, *changes, options->changes[i], region);
    return code;
}

/* ---- the table ---- */

static int print_changes(const cli_tool *tool, const smr_whatif *whatif, cli_output *out, int several) {
    cli_language language = tool->options->language;
    const char *const *regions = smr_whatif_change_regions(whatif), *const *columns = smr_whatif_change_columns(whatif);
    const double *from = smr_whatif_change_from(whatif), *to = smr_whatif_change_to(whatif);
    cli_table table;
    table_init(&table, out);
    table_column(&table, several ? phrase_text(language, PHRASE_REGION) : "", ALIGN_LEFT, 24);
    table_column(&table, phrase_text(language, PHRASE_INDICATOR), ALIGN_LEFT, 48);
    table_column(&table, phrase_text(language, PHRASE_UNIT), ALIGN_LEFT, 24);
    table_column(&table, say(tool, WORD_FROM), ALIGN_RIGHT, 24);
    table_column(&table, say(tool, WORD_TO), ALIGN_RIGHT, 24);
    table_column(&table, say(tool, WORD_CHANGE), ALIGN_RIGHT, 16);
    for (size_t i = 0; i < smr_whatif_change_count(whatif); ++i) {
        char text[NUMBER_SIZE];
        table_row(&table, STYLE_PLAIN);
        table_cell(&table, several ? regions[i] : "");
        table_cell(&table, node_title(tool, columns[i]));
        table_cell(&table, unit_of(tool, columns[i]));
        value_text(text, from[i]);
        table_cell(&table, text);
        value_text(text, to[i]);
        table_cell(&table, text);
        difference_text(text, to[i] - from[i]);
        table_cell(&table, text);
    }
    return table_print(&table);
}

static void begin_scores(const cli_tool *tool, cli_table *table, cli_output *out, const char *first,
                         char headings[6][64], int staged) {
    cli_language language = tool->options->language;
    const char *const sides[] = {say(tool, WORD_BEFORE), say(tool, WORD_AFTER)};
    const char *const what[] = {phrase_text(language, PHRASE_SCORE), phrase_text(language, PHRASE_RANK),
                                say(tool, WORD_STAGE)};
    for (int i = 0; i < 6; ++i)
        snprintf(headings[i], 64, "%s %s", what[i / 2], sides[i % 2]);
    table_init(table, out);
    table_column(table, first, ALIGN_LEFT, 48);
    table_column(table, headings[0], ALIGN_RIGHT, 16);
    table_column(table, headings[1], ALIGN_RIGHT, 16);
    table_column(table, say(tool, WORD_CHANGE), ALIGN_RIGHT, 16);
    table_column(table, headings[2], ALIGN_RIGHT, 12);
    table_column(table, headings[3], ALIGN_RIGHT, 12);
    for (int i = 4; staged && i < 6; ++i)
        table_column(table, headings[i], ALIGN_LEFT, 24);
}

static void fill_scores(cli_table *table, const smr_whatif *whatif, size_t row, int is_index) {
    double before = smr_whatif_scores_before(whatif)[row], after = smr_whatif_scores_after(whatif)[row];
    char text[NUMBER_SIZE], number[NUMBER_SIZE];
    score_text(text, before);
    table_cell(table, text);
    score_text(text, after);
    table_cell(table, text);
    score_text(number, after - before);
    snprintf(text, sizeof text, "%s%.24s", after > before && strcmp(number, "0.00") ? "+" : "", number);
    table_cell(table, text);
    place_text(text, smr_whatif_ranks_before(whatif)[row]);
    table_cell(table, text);
    place_text(text, smr_whatif_ranks_after(whatif)[row]);
    table_cell(table, text);
    const char *const *stages[] = {smr_whatif_stages_before(whatif), smr_whatif_stages_after(whatif)};
    for (int side = 0; stages[0] && side < 2; ++side)
        table_cell(table, stages[side][row] ? stages[side][row] : is_index ? "-" : "");
}

static int is_changed(const smr_whatif *whatif, const char *region) {
    for (size_t i = 0; i < smr_whatif_change_count(whatif); ++i)
        if (!strcmp(smr_whatif_change_regions(whatif)[i], region))
            return 1;
    return 0;
}

/* Every node of one region. */
static int print_region_rows(const cli_tool *tool, const smr_whatif *whatif, cli_output *out, size_t first,
                             size_t end) {
    char title[320], headings[6][64];
    region_title(tool, smr_whatif_regions(whatif)[first], title, sizeof title);
    out_text(out, "\n");
    cli_table table;
    begin_scores(tool, &table, out, title, headings, smr_whatif_stages_before(whatif) != NULL);
    for (size_t row = first; row < end; ++row) {
        const char *id = smr_whatif_nodes(whatif)[row];
        const smr_framework *framework = tool_framework(tool);
        int64_t node = smr_framework_find(framework, id), depth = smr_framework_node_depth(framework, (size_t)node);
        char indented[400];
        table_row(&table, smr_framework_node_indicator(framework, (size_t)node) < 0 ? STYLE_STRONG : STYLE_PLAIN);
        snprintf(indented, sizeof indented, "%*s%.350s", depth > 1 && depth < 20 ? 2 * (int)(depth - 1) : 0, "",
                 node_title(tool, id));
        table_cell(&table, indented);
        fill_scores(&table, whatif, row, node == 0);
    }
    return table_print(&table);
}

static int print_others(const cli_tool *tool, const smr_whatif *whatif, cli_output *out) {
    size_t others = 0, shown = 0, rows = smr_whatif_row_count(whatif);
    char text[NUMBER_SIZE], title[320], headings[6][64];
    const char *const *regions = smr_whatif_regions(whatif);
    for (size_t row = 0; row < rows; ++row)
        others += !is_changed(whatif, regions[row]) && (!row || strcmp(regions[row], regions[row - 1]));
    if (!others)
        return 0;
    snprintf(text, sizeof text, "%zu", others);
    out_text(out, "\n");
    const word heading = smr_whatif_stages_before(whatif) ? WORD_OTHERS_STAGED : WORD_OTHERS;
    print_sentence(out, STYLE_PLAIN, say(tool, heading), text, NULL, NULL, NULL);
    cli_table table;
    begin_scores(tool, &table, out, phrase_text(tool->options->language, PHRASE_REGION), headings,
                 smr_whatif_stages_before(whatif) != NULL);
    for (size_t row = 0; row < rows && shown < MOVED_SHOWN; ++row) {
        if (is_changed(whatif, regions[row]) || (row && !strcmp(regions[row], regions[row - 1])))
            continue;
        ++shown;
        region_title(tool, regions[row], title, sizeof title);
        table_row(&table, STYLE_PLAIN);
        table_cell(&table, title);
        fill_scores(&table, whatif, row, 1);
    }
    if (table_print(&table))
        return -1;
    snprintf(text, sizeof text, "%zu", others - shown);
    if (others > shown)
        print_sentence(out, STYLE_PLAIN, say(tool, WORD_MORE), text, NULL, NULL, NULL);
    return 0;
}

static int print_whatif(const cli_tool *tool, const smr_whatif *whatif, cli_output *out) {
    const char *const *changed = smr_whatif_change_regions(whatif), *const *regions = smr_whatif_regions(whatif);
    size_t rows = smr_whatif_row_count(whatif), count = smr_whatif_change_count(whatif);
    const char *period = tool->options->period ? tool->options->period : smr_dataset_latest_period(tool->dataset);
    int several = 0;
    char title[400];
    for (size_t i = 1; i < count; ++i)
        several |= strcmp(changed[i], changed[0]) != 0;
    snprintf(title, sizeof title, "%.250s%s%.60s", node_title(tool, smr_framework_node_id(tool_framework(tool), 0)),
             period ? ", " : "", period ? period : "");
    print_sentence(out, STYLE_STRONG, say(tool, WORD_TITLE), title, NULL, NULL, NULL);
    out_text(out, "\n");
    if (print_changes(tool, whatif, out, several))
        return -1;
    for (size_t row = 0, end; row < rows; row = end) {
        for (end = row + 1; end < rows && !strcmp(regions[end], regions[row]);)
            ++end;
        if ((is_changed(whatif, regions[row]) || tool->options->all) && print_region_rows(tool, whatif, out, row, end))
            return -1;
    }
    return tool->options->all ? 0 : print_others(tool, whatif, out);
}

static int write_whatif(cli_tool *tool, const smr_whatif *whatif) {
    const cli_options *options = tool->options;
    smr_error error;
    smr_error_init(&error, sizeof error);
    cli_output *out = NULL;
    int code = tool_output(tool, &out);
    if (code)
        return code;
    smr_status status = SMR_OK;
    if (options->format == FORMAT_CSV)
        status = smr_whatif_write_csv(whatif, output_write, out, &error);
    else if (options->format == FORMAT_JSON)
        status = smr_whatif_write_json(whatif, output_write, out, &error);
    else if (print_whatif(tool, whatif, out))
        status = tool_out_of_memory(&error);
    return tool_finish(tool, out, status, &error);
}

int verb_whatif(cli_tool *tool) {
    const cli_options *options = tool->options;
    smr_whatif_options what;
    smr_whatif_options_init(&what, sizeof what);
    what.all = options->all;
    if (!options->change_count && !options->changes_file)
        return usage_error(options->verb, "nothing is changed, expected --change ID=VALUE or --changes FILE");
    static const option_id asking[] = {OPTION_FUNNEL, OPTION_STAGE, OPTION_GATE, OPTION_TIE_BREAK};
    int staged = 0, code = TOOL_FINE;
    smr_funnel *funnel = NULL;
    for (size_t i = 0; i < COUNT(asking); ++i)
        staged |= options->given[asking[i]];
    if (staged)
        code = select_funnel(tool, &funnel);
    what.funnel = funnel;
    if (!code)
        code = prepare_model(tool, 1);
    if (!code)
        code = tool_period(tool, &what.period);
    smr_changes *changes = NULL;
    if (!code)
        code = gather_changes(tool, &changes);
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_whatif *whatif = NULL;
    if (!code) {
        progress_begin("scoring");
        smr_status status = smr_whatif_run(tool->context, tool->model, tool->dataset, changes, &what, &whatif, &error);
        progress_end();
        code = status ? tool_fail(tool, &error, input_name(tool_data(tool))) : write_whatif(tool, whatif);
    }
    smr_whatif_unref(whatif);
    smr_changes_free(changes);
    smr_funnel_unref(funnel);
    return code;
}
