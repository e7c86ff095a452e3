/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "progress.h"
#include "tool.h"

enum { LINES_PER_SEVERITY = 20 };

/* Text from files may hold anything: what would steer a terminal is replaced. */
static void print_plain(const char *text) {
    for (const unsigned char *c = (const unsigned char *)text; *c; ++c) {
        int c1 = c[0] == 0xC2 && c[1] >= 0x80 && c[1] < 0xA0;
        if (c1)
            ++c;
        fputc(c1 || *c < 0x20 || *c == 0x7F ? '?' : *c, stderr);
    }
}

static void print_formatted(const char *format, va_list arguments) {
    char text[2048];
    vsnprintf(text, sizeof text, format, arguments);
    print_plain(text);
}

int usage_error(const cli_verb *verb, const char *format, ...) {
    progress_clear();
    va_list arguments;
    va_start(arguments, format);
    fputs("smartregion: ", stderr);
    print_formatted(format, arguments);
    va_end(arguments);
    fprintf(stderr, " (see: smartregion help%s%s)\n", verb ? " " : "", verb ? verb->name : "");
    return TOOL_USAGE;
}

int file_error(int code, const char *source, const char *format, ...) {
    progress_clear();
    va_list arguments;
    va_start(arguments, format);
    print_plain(source && *source ? source : "smartregion");
    fputs(": ", stderr);
    print_formatted(format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return code;
}

/* FILE:ROW: COLUMN: what was found, what was expected; what is empty is left out. */
static void print_record(const smr_error *record, const char *source) {
    progress_clear();
    if (record->severity == SMR_SEVERITY_WARNING)
        fputs("warning: ", stderr);
    else if (record->severity == SMR_SEVERITY_NOTE)
        fputs("note: ", stderr);
    if (record->source[0])
        source = record->source;
    if (source && *source) {
        print_plain(source);
        if (record->row)
            fprintf(stderr, ":%llu", (unsigned long long)record->row);
        fputs(": ", stderr);
    } else if (record->row) {
        fprintf(stderr, "row %llu: ", (unsigned long long)record->row);
    } else if (record->severity == SMR_SEVERITY_ERROR && !record->subject[0]) {
        fputs("smartregion: ", stderr);
    }
    if (record->subject[0]) {
        print_plain(record->subject);
        fputs(": ", stderr);
    }
    print_plain(record->message[0] ? record->message : smr_status_name(record->status));
    fputc('\n', stderr);
}

/* Columns beside the indicators are what most tables have; `check` lists them. Only one whose name is close to an
 * indicator's is worth a line everywhere. */
static int is_everyday(const smr_error *record) {
    return (record->code == SMR_MESSAGE_COLUMN_KEPT_TEXT || record->code == SMR_MESSAGE_COLUMN_KEPT_NUMBER) &&
           !strstr(record->message, ", nearest is ");
}

void tool_report(const smr_error *record, void *user) {
    cli_tool *tool = user;
    unsigned severity = record->severity < 0 || record->severity > 2 ? 0 : (unsigned)record->severity;
    if (severity != SMR_SEVERITY_ERROR) {
        if (tool->collect) {
            tool->collect(record, tool->collect_user);
            return;
        }
        if (tool->options->quiet || is_everyday(record))
            return;
    }
    if (tool->counts[severity]++ < LINES_PER_SEVERITY)
        print_record(record, NULL);
}

void tool_summarise(cli_tool *tool) {
    static const char *const names[] = {"errors", "warnings", "notes"}, *const prefixes[] = {"", "warning: ", "note: "};
    for (size_t i = 0; i < COUNT(names); ++i)
        if (tool->counts[i] > LINES_PER_SEVERITY)
            fprintf(stderr, "%s%u more %s\n", prefixes[i], tool->counts[i] - LINES_PER_SEVERITY, names[i]);
}

int tool_fail(cli_tool *tool, const smr_error *error, const char *source) {
    if (error->status == SMR_ERROR_CANCELLED || interrupt_seen()) {
        progress_clear();
        return TOOL_INTERRUPTED;
    }
    if (!tool->counts[SMR_SEVERITY_ERROR]) {
        tool->counts[SMR_SEVERITY_ERROR] = 1;
        print_record(error, source);
    }
    switch (error->status) {
    case SMR_ERROR_MEMORY:
    case SMR_ERROR_WRITE:
        return TOOL_OUTPUT;
    default:
        return TOOL_INPUT;
    }
}

/* Edits (insert, delete, replace, swap of neighbours) that turn a into b; long texts count as far apart. */
static size_t edit_distance(const char *a, const char *b) {
    enum { LONGEST = 40 };
    size_t n = strlen(a), m = strlen(b);
    if (n > LONGEST || m > LONGEST)
        return LONGEST;
    unsigned char d[LONGEST + 1][LONGEST + 1];
    for (size_t i = 0; i <= n; ++i)
        d[i][0] = (unsigned char)i;
    for (size_t j = 0; j <= m; ++j)
        d[0][j] = (unsigned char)j;
    for (size_t i = 1; i <= n; ++i)
        for (size_t j = 1; j <= m; ++j) {
            unsigned best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            if (d[i - 1][j] + 1u < best)
                best = d[i - 1][j] + 1u;
            if (d[i][j - 1] + 1u < best)
                best = d[i][j - 1] + 1u;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && d[i - 2][j - 2] + 1u < best)
                best = d[i - 2][j - 2] + 1u;
            d[i][j] = (unsigned char)best;
        }
    return d[n][m];
}

const char *nearest_name(const char *text, name_at name, const void *user) {
    const char *near = NULL;
    size_t least = (strlen(text) + 2) / 3 + 1;
    const char *candidate;
    for (size_t i = 0; (candidate = name(i, user)) != NULL; ++i) {
        size_t distance = edit_distance(text, candidate);
        if (distance < least) {
            least = distance;
            near = candidate;
        }
    }
    return near;
}
