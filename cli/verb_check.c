/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "language.h"
#include "table.h"
#include "tool.h"

/* Severity, code, region (in `source`), indicator (in `subject`), row and message of each. */
typedef struct cli_findings {
    smr_error *records;
    size_t count, capacity;
    int failed;
    int from_reading; /* records of the reader hold the file's name in `source`, not a region */
} cli_findings;

/* Both about the same column as a whole. */
static int is_same(const smr_error *read, const smr_error *checked) {
    return read->severity == checked->severity && !checked->source[0] && !strcmp(read->subject, checked->subject);
}

static void collect(const smr_error *record, void *user) {
    cli_findings *findings = user;
    if (findings->count == findings->capacity) {
        size_t capacity = findings->capacity ? 2 * findings->capacity : 64;
        smr_error *records = realloc(findings->records, capacity * sizeof *records);
        if (!records) {
            findings->failed = 1;
            return;
        }
        findings->records = records;
        findings->capacity = capacity;
    }
    smr_error *copy = &findings->records[findings->count++];
    *copy = *record;
    if (findings->from_reading)
        copy->source[0] = '\0';
}

/* What the reader has told and the check tells again is listed once, as the check tells it. */
static void drop_repeated(cli_findings *findings, size_t from_reading) {
    size_t kept = 0;
    for (size_t i = 0; i < findings->count; ++i) {
        int repeated = 0;
        for (size_t k = from_reading; i < from_reading && k < findings->count && !repeated; ++k)
            repeated = is_same(&findings->records[i], &findings->records[k]);
        if (!repeated)
            findings->records[kept++] = findings->records[i];
    }
    findings->count = kept;
}

static const char *severity_name(int32_t severity) {
    static const char *const names[] = {"error", "warning", "note"};
    return severity < 0 || severity > 2 ? names[0] : names[severity];
}

static const char *or_null(const char *text) {
    return *text ? text : NULL;
}

static void print_csv(const cli_findings *findings, cli_output *out) {
    out_text(out, "severity,code,region,indicator,row,message\n");
    for (size_t i = 0; i < findings->count; ++i) {
        const smr_error *record = &findings->records[i];
        out_text(out, severity_name(record->severity));
        out_text(out, ",");
        out_csv(out, smr_message_name(record->code));
        out_text(out, ",");
        out_csv(out, record->source);
        out_text(out, ",");
        out_csv(out, record->subject);
        out_text(out, ",");
        if (record->row)
            out_integer(out, record->row);
        out_text(out, ",");
        out_csv(out, record->message);
        out_text(out, "\n");
    }
}

static smr_status print_json(const cli_tool *tool, const cli_findings *findings, cli_output *out, smr_error *error) {
    out_text(out, "{\"format\": \"smartregion-check/1\", \"plan\": ");
    smr_status status = smr_plan_write_resolved(tool->plan, tool->framework, output_write, out, error);
    out_text(out, ", \"rows\": [");
    for (size_t i = 0; i < findings->count; ++i) {
        const smr_error *record = &findings->records[i];
        out_text(out, i ? ",\n{\"severity\": " : "\n{\"severity\": ");
        out_json(out, severity_name(record->severity));
        out_text(out, ", \"code\": ");
        out_json(out, smr_message_name(record->code));
        out_text(out, ", \"region\": ");
        out_json(out, or_null(record->source));
        out_text(out, ", \"indicator\": ");
        out_json(out, or_null(record->subject));
        out_text(out, ", \"row\": ");
        if (record->row)
            out_integer(out, record->row);
        else
            out_text(out, "null");
        out_text(out, ", \"message\": ");
        out_json(out, record->message);
        out_text(out, "}");
    }
    out_text(out, "\n]}\n");
    return status;
}

/* One block a severity, the gravest first. */
static int print_block(const cli_findings *findings, int32_t severity, cli_output *out) {
    static const char *const headings[] = {"errors", "warnings", "notes"};
    size_t count = 0;
    for (size_t i = 0; i < findings->count; ++i)
        count += findings->records[i].severity == severity;
    if (!count)
        return 0;
    char text[NUMBER_SIZE + 16];
    snprintf(text, sizeof text, "%zu %.*s", count, (int)strlen(headings[severity]) - (count == 1), headings[severity]);
    table_line(out, STYLE_STRONG, text);
    cli_table table;
    table_init(&table, out);
    table.indent = 2;
    table_column(&table, "", ALIGN_LEFT, 24);
    table_column(&table, "", ALIGN_LEFT, 30);
    table_column(&table, "", ALIGN_RIGHT, 12);
    table_column(&table, "", ALIGN_LEFT, 400);
    for (size_t i = 0; i < findings->count; ++i) {
        const smr_error *record = &findings->records[i];
        if (record->severity != severity)
            continue;
        table_row(&table, STYLE_PLAIN);
        table_cell(&table, record->source);
        table_cell(&table, record->subject);
        text[0] = '\0';
        if (record->row)
            snprintf(text, sizeof text, "row %llu", (unsigned long long)record->row);
        table_cell(&table, text);
        table_cell(&table, record->message);
    }
    int failed = table_print(&table);
    out_text(out, "\n");
    return failed;
}

static int print_people(const cli_tool *tool, const cli_findings *findings, cli_output *out) {
    cli_language language = tool->options->language;
    char line[512];
    snprintf(line, sizeof line, "%.300s: %s %zu, %s %zu", input_name(tool->options->operands[0]),
             phrase_text(language, PHRASE_ROWS), smr_dataset_row_count(tool->dataset),
             phrase_text(language, PHRASE_INDICATORS), smr_framework_indicator_count(tool->framework));
    table_line(out, STYLE_PLAIN, line);
    out_text(out, "\n");
    for (int32_t severity = SMR_SEVERITY_ERROR; severity <= SMR_SEVERITY_NOTE; ++severity)
        if (print_block(findings, severity, out))
            return -1;
    if (!findings->count)
        out_text(out, "nothing found\n");
    return 0;
}

static int gather(cli_tool *tool, cli_findings *findings) {
    const cli_options *options = tool->options;
    const char *name = input_name(options->operands[0]), *period = NULL;
    smr_error error;
    smr_error_init(&error, sizeof error);
    int code = prepare_framework(tool, options->framework ? options->framework : "icf");
    if (!code)
        code = prepare_plan(tool);
    if (code)
        return code;
    tool->collect = collect;
    tool->collect_user = findings;
    findings->from_reading = 1;
    code = prepare_dataset(tool);
    if (!code)
        code = tool_period(tool, &period);
    if (!code && period) {
        smr_dataset *selected = NULL;
        if (smr_dataset_select_period(tool->context, tool->dataset, period, &selected, &error))
            return tool_fail(tool, &error, name);
        smr_dataset_unref(tool->dataset);
        tool->dataset = selected;
    }
    size_t from_reading = findings->count;
    findings->from_reading = 0;
    if (!code && smr_check(tool->context, tool->framework, tool->dataset, tool->plan, collect, findings, &error))
        code = tool_fail(tool, &error, name);
    tool->collect = NULL;
    drop_repeated(findings, from_reading);
    if (!code && findings->failed) {
        tool_out_of_memory(&error);
        code = tool_fail(tool, &error, NULL);
    }
    return code;
}

int verb_check(cli_tool *tool) {
    cli_findings findings;
    memset(&findings, 0, sizeof findings);
    int code = gather(tool, &findings);
    cli_output *out = NULL;
    if (!code)
        code = tool_output(tool, &out);
    if (!code) {
        smr_error error;
        smr_error_init(&error, sizeof error);
        smr_status status = SMR_OK;
        if (tool->options->format == FORMAT_CSV)
            print_csv(&findings, out);
        else if (tool->options->format == FORMAT_JSON)
            status = print_json(tool, &findings, out, &error);
        else if (print_people(tool, &findings, out))
            status = tool_out_of_memory(&error);
        code = tool_finish(tool, out, status, &error);
    }
    /* Data that cannot be scored are a wrong input; the list of findings is written all the same. */
    for (size_t i = 0; i < findings.count && !code; ++i)
        if (findings.records[i].severity == SMR_SEVERITY_ERROR)
            code = TOOL_INPUT;
    free(findings.records);
    return code;
}
