/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "study_words.h"

const char *region_id(const cli_tool *tool, const char *text) {
    const smr_dataset *dataset = tool->dataset;
    size_t rows = smr_dataset_row_count(dataset);
    const char *named = text;
    for (size_t row = 0; row < rows; ++row) {
        const char *id = smr_dataset_region(dataset, row);
        if (!strcmp(id, text))
            return text;
        if (!strcmp(smr_dataset_region_name(dataset, row), text))
            named = id;
    }
    return named;
}

void region_title(const cli_tool *tool, const char *id, char *text, size_t size) {
    size_t rows = smr_dataset_row_count(tool->dataset);
    const char *name = id;
    for (size_t row = 0; row < rows; ++row)
        if (!strcmp(smr_dataset_region(tool->dataset, row), id))
            name = smr_dataset_region_name(tool->dataset, row);
    snprintf(text, size, strcmp(name, id) ? "%.200s (%.100s)" : "%.200s", name, id);
}

void print_sentence(cli_output *out, table_style style, const char *sentence, const char *a, const char *b,
                    const char *c, const char *d) {
    char line[1024];
    size_t used = 0, next = 0;
    const char *const texts[] = {a, b, c, d};
    for (const char *p = sentence; *p && used + 1 < sizeof line; ++p) {
        if (p[0] != '%' || p[1] != 's' || next == COUNT(texts)) {
            line[used++] = *p;
            continue;
        }
        int length = snprintf(line + used, sizeof line - used, "%.400s", texts[next] ? texts[next] : "");
        used += length > 0 && (size_t)length < sizeof line - used ? (size_t)length : 0;
        ++next;
        ++p;
    }
    line[used] = '\0';
    table_line(out, style, line);
}

void value_text(char text[NUMBER_SIZE], double value) {
    if (!number_text(text, value))
        strcpy(text, "-");
}

void difference_text(char text[NUMBER_SIZE], double value) {
    if (!(value == value)) {
        strcpy(text, "-");
        return;
    }
    char number[NUMBER_SIZE];
    number_short(number, value);
    snprintf(text, NUMBER_SIZE, "%s%.24s", value > 0 ? "+" : "", number);
}

void score_text(char text[NUMBER_SIZE], double value) {
    if (value == value)
        number_fixed(text, value);
    else
        strcpy(text, "-");
}

void place_text(char text[NUMBER_SIZE], double value) {
    if (value == value)
        number_short(text, value);
    else
        strcpy(text, "-");
}

const char *node_title(const cli_tool *tool, const char *id) {
    const smr_framework *framework = tool_framework(tool);
    int64_t node = smr_framework_find(framework, id);
    return node < 0 ? id : smr_framework_node_name(framework, (size_t)node, language_tag(tool->options->language));
}

const char *unit_of(const cli_tool *tool, const char *id) {
    const smr_framework *framework = tool_framework(tool);
    int64_t node = smr_framework_find(framework, id);
    int64_t indicator = node < 0 ? -1 : smr_framework_node_indicator(framework, (size_t)node);
    smr_indicator_options options;
    smr_indicator_options_init(&options, sizeof options);
    if (indicator < 0 || smr_framework_indicator(framework, (size_t)indicator, &options, NULL) || !options.unit)
        return "";
    return options.unit;
}
