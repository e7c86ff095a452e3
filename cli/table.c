/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

enum { HEADING_LINES = 3, HEADING_WIDTH = 14, GAP = 2, LINE_SIZE = 512 };

/* ---- width of text ---- */

/* One character of valid UTF-8; a stray byte counts as one character. */
static uint32_t next_character(const char **text) {
    const unsigned char *c = (const unsigned char *)*text;
    uint32_t length = c[0] < 0xC0 ? 1 : c[0] < 0xE0 ? 2 : c[0] < 0xF0 ? 3 : 4;
    uint32_t value = length == 1 ? c[0] : c[0] & (0x7Fu >> length);
    for (uint32_t i = 1; i < length; ++i) {
        if ((c[i] & 0xC0) != 0x80) {
            length = i;
            break;
        }
        value = value << 6 | (c[i] & 0x3Fu);
    }
    *text += length;
    return value;
}

typedef struct range {
    uint32_t first, last;
} range;

static int in_ranges(uint32_t character, const range *ranges, size_t count) {
    for (size_t i = 0; i < count; ++i)
        if (character >= ranges[i].first && character <= ranges[i].last)
            return 1;
    return 0;
}

/* Combining marks and other characters that take no room; Vietnamese from macOS is full of them. */
static const range no_width[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x0610, 0x061A}, {0x064B, 0x065F}, {0x0E31, 0x0E31},
    {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200F}, {0x2060, 0x2064},
    {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF},
};
/* East Asian wide characters and pictures. */
static const range double_width[] = {
    {0x1100, 0x115F}, {0x2E80, 0x303E}, {0x3041, 0xA4CF},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},
    {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
};

static size_t character_width(uint32_t character) {
    if (character < 0x300)
        return 1;
    if (in_ranges(character, no_width, sizeof no_width / sizeof no_width[0]))
        return 0;
    return in_ranges(character, double_width, sizeof double_width / sizeof double_width[0]) ? 2 : 1;
}

size_t text_width(const char *text) {
    size_t width = 0;
    while (*text)
        width += character_width(next_character(&text));
    return width;
}

size_t text_fit(char *target, size_t size, const char *text, size_t width) {
    static const char ellipsis[] = "…";
    int cut = text_width(text) > width;
    size_t room = cut && width ? width - 1 : width, used = 0, length = 0;
    while (*text) {
        const char *start = text;
        size_t wide = character_width(next_character(&text)), bytes = (size_t)(text - start);
        if (used + wide > room || length + bytes + sizeof ellipsis > size)
            break;
        memcpy(target + length, start, bytes);
        length += bytes;
        used += wide;
    }
    if (cut && width && length + sizeof ellipsis <= size) {
        memcpy(target + length, ellipsis, sizeof ellipsis - 1);
        length += sizeof ellipsis - 1;
    }
    target[length] = '\0';
    return length;
}

/* ---- filling ---- */

void table_init(cli_table *table, cli_output *out) {
    memset(table, 0, sizeof *table);
    table->out = out;
}

void table_column(cli_table *table, const char *heading, table_align align, size_t widest) {
    if (table->columns == TABLE_COLUMNS)
        return;
    table->column[table->columns].heading = heading;
    table->column[table->columns].align = align;
    table->column[table->columns].widest = widest;
    ++table->columns;
}

void table_row(cli_table *table, table_style style) {
    if (table->failed)
        return;
    if (table->rows == table->capacity) {
        size_t capacity = table->capacity ? 2 * table->capacity : 64;
        if (capacity > SIZE_MAX / sizeof *table->cells / table->columns) {
            table->failed = 1;
            return;
        }
        char **cells = realloc(table->cells, capacity * table->columns * sizeof *cells);
        if (cells)
            table->cells = cells;
        table_style *styles = realloc(table->styles, capacity * sizeof *styles);
        if (styles)
            table->styles = styles;
        if (!cells || !styles) {
            table->failed = 1;
            return;
        }
        table->capacity = capacity;
    }
    memset(table->cells + table->rows * table->columns, 0, table->columns * sizeof *table->cells);
    table->styles[table->rows++] = style;
    table->next = 0;
}

void table_cell(cli_table *table, const char *text) {
    if (table->failed || table->next >= table->columns)
        return;
    size_t index = (table->rows - 1) * table->columns + table->next++;
    if (!text || !*text)
        return;
    char *copy = strdup(text);
    if (!copy) {
        table->failed = 1;
        return;
    }
    for (unsigned char *c = (unsigned char *)copy; *c; ++c) {
        if (*c < 0x20 || *c == 0x7F) {
            *c = '?';
        } else if (*c == 0xC2 && c[1] >= 0x80 && c[1] < 0xA0) { /* control characters beyond ASCII */
            c[1] = 0xB7;                                        /* a middle dot */
            ++c;
        }
    }
    table->cells[index] = copy;
}

/* ---- printing ---- */

static void style_begin(cli_output *out, table_style style) {
    if (out->colour && style == STYLE_STRONG)
        out_text(out, "\033[1m");
    else if (out->colour && style == STYLE_FAINT)
        out_text(out, "\033[2m");
}

static void style_end(cli_output *out, table_style style) {
    if (out->colour && (style == STYLE_STRONG || style == STYLE_FAINT))
        out_text(out, "\033[0m");
}

static void spaces(cli_output *out, size_t count) {
    for (; count; --count)
        out_text(out, " ");
}

void table_line(cli_output *out, table_style style, const char *text) {
    style_begin(out, style);
    out_text(out, text);
    style_end(out, style);
    out_text(out, "\n");
}

/* Length of the first part of a heading: up to a blank, or up to and with an underscore within an id. */
static size_t part_length(const char *heading) {
    size_t length = strcspn(heading, " _");
    return heading[length] == '_' ? length + 1 : length;
}

/* Parts of a heading laid over at most three lines; returns their number. */
static size_t wrap(const char *heading, char lines[HEADING_LINES][LINE_SIZE]) {
    size_t count = 0;
    int blank = 0; /* a blank stood before this part */
    lines[0][0] = '\0';
    while (*heading) {
        char part[LINE_SIZE / 2], joined[LINE_SIZE];
        size_t length = part_length(heading);
        snprintf(part, sizeof part, "%.*s", (int)(length < sizeof part ? length : sizeof part - 1), heading);
        heading += length;
        if (*lines[count] && text_width(lines[count]) + (size_t)blank + text_width(part) > HEADING_WIDTH) {
            if (count + 1 == HEADING_LINES) {
                snprintf(joined, sizeof joined, "%.250s%s%s", lines[count], blank ? " " : "", part);
                text_fit(lines[count], LINE_SIZE, joined, HEADING_WIDTH);
                break;
            }
            lines[++count][0] = '\0';
        }
        snprintf(joined, sizeof joined, "%.250s%s%s", lines[count], *lines[count] && blank ? " " : "", part);
        text_fit(lines[count], LINE_SIZE, joined, HEADING_WIDTH);
        blank = *heading == ' ';
        heading += strspn(heading, " ");
    }
    return count + 1;
}

/* A cell in its column and the gap behind it; blanks are written only when more text follows. A column without a
 * single character takes no room. */
static void print_cell(cli_output *out, const char *text, size_t width, table_align align, size_t *pending) {
    size_t wide = text_width(text), blank = width > wide ? width - wide : 0;
    if (!width)
        return;
    if (!*text) {
        *pending += width + GAP;
        return;
    }
    spaces(out, *pending + (align == ALIGN_RIGHT ? blank : 0));
    out_text(out, text);
    *pending = GAP + (align == ALIGN_RIGHT ? 0 : blank);
}

typedef struct cli_layout {
    char heading[TABLE_COLUMNS][HEADING_LINES][LINE_SIZE];
    size_t lines[TABLE_COLUMNS], width[TABLE_COLUMNS], tallest;
} cli_layout;

static void measure(const cli_table *table, cli_layout *layout) {
    layout->tallest = 0;
    for (size_t j = 0; j < table->columns; ++j) {
        layout->lines[j] = wrap(table->column[j].heading, layout->heading[j]);
        layout->width[j] = 0;
        for (size_t k = 0; k < layout->lines[j]; ++k) {
            size_t width = text_width(layout->heading[j][k]);
            if (width > layout->width[j])
                layout->width[j] = width;
            if (width && k + 1 > layout->tallest)
                layout->tallest = k + 1;
        }
        for (size_t i = 0; i < table->rows; ++i) {
            const char *cell = table->cells[i * table->columns + j];
            size_t width = cell ? text_width(cell) : 0;
            if (width > table->column[j].widest)
                width = table->column[j].widest;
            if (width > layout->width[j])
                layout->width[j] = width;
        }
    }
}

static void print_headings(const cli_table *table, const cli_layout *layout) {
    cli_output *out = table->out;
    for (size_t line = 0; line < layout->tallest; ++line) {
        size_t pending = table->indent;
        style_begin(out, STYLE_STRONG);
        for (size_t j = 0; j < table->columns; ++j) {
            size_t above = layout->tallest - layout->lines[j]; /* headings stand on the bottom line */
            print_cell(out, line < above ? "" : layout->heading[j][line - above], layout->width[j],
                       table->column[j].align, &pending);
        }
        style_end(out, STYLE_STRONG);
        out_text(out, "\n");
    }
    if (!layout->tallest)
        return;
    int count = 0;
    spaces(out, table->indent);
    for (size_t j = 0; j < table->columns; ++j) {
        if (layout->width[j] && count++)
            spaces(out, GAP);
        for (size_t k = 0; k < layout->width[j]; ++k)
            out_text(out, "─");
    }
    out_text(out, "\n");
}

static void print_row(const cli_table *table, const cli_layout *layout, size_t row) {
    cli_output *out = table->out;
    table_style style = table->styles[row];
    size_t pending = table->indent;
    if (style == STYLE_BLANK) {
        out_text(out, "\n");
        return;
    }
    style_begin(out, style);
    for (size_t j = 0; j < table->columns; ++j) {
        const char *cell = table->cells[row * table->columns + j];
        char fitted[LINE_SIZE];
        text_fit(fitted, sizeof fitted, cell ? cell : "", layout->width[j]);
        print_cell(out, fitted, layout->width[j], table->column[j].align, &pending);
    }
    style_end(out, style);
    out_text(out, "\n");
}

int table_print(cli_table *table) {
    cli_layout *layout = table->failed ? NULL : malloc(sizeof *layout);
    if (layout) {
        measure(table, layout);
        print_headings(table, layout);
        for (size_t i = 0; i < table->rows; ++i)
            print_row(table, layout, i);
    }
    for (size_t i = 0; i < table->rows * table->columns; ++i)
        free(table->cells[i]);
    free(table->cells);
    free(table->styles);
    int failed = !layout;
    free(layout);
    return failed ? -1 : 0;
}

void bar_text(char *target, size_t size, double share, size_t cells) {
    target[0] = '\0';
    if (!(share == share) || size < 3 * cells + 1)
        return;
    share = share < 0 ? 0 : share > 1 ? 1 : share;
    size_t full = (size_t)(share * (double)cells + 0.5);
    for (size_t i = 0; i < cells; ++i)
        memcpy(target + 3 * i, i < full ? "█" : "░", 4);
}
