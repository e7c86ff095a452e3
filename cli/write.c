/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"

/* The tool never calls setlocale(), so printf and strtod work in the "C" locale here. */

void out_bytes(cli_output *out, const char *text, size_t length) {
    output_write(text, length, out);
}

void out_text(cli_output *out, const char *text) {
    output_write(text, strlen(text), out);
}

void out_csv(cli_output *out, const char *text) {
    if (!text)
        return;
    if (!strpbrk(text, ",\"\r\n")) {
        out_text(out, text);
        return;
    }
    out_text(out, "\"");
    for (const char *quote; (quote = strchr(text, '"')) != NULL; text = quote + 1) {
        out_bytes(out, text, (size_t)(quote - text) + 1);
        out_text(out, "\"");
    }
    out_text(out, text);
    out_text(out, "\"");
}

void out_json(cli_output *out, const char *text) {
    if (!text) {
        out_text(out, "null");
        return;
    }
    out_text(out, "\"");
    for (;;) {
        size_t plain = 0;
        while ((unsigned char)text[plain] >= 0x20 && text[plain] != '"' && text[plain] != '\\')
            ++plain;
        out_bytes(out, text, plain);
        text += plain;
        if (!*text)
            break;
        char escaped[8];
        if (*text == '"' || *text == '\\')
            snprintf(escaped, sizeof escaped, "\\%c", *text);
        else
            snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned)(unsigned char)*text);
        out_text(out, escaped);
        ++text;
    }
    out_text(out, "\"");
}

void out_csv_number(cli_output *out, double value) {
    char text[NUMBER_SIZE];
    out_bytes(out, text, number_text(text, value));
}

void out_json_number(cli_output *out, double value) {
    if (isfinite(value))
        out_csv_number(out, value);
    else
        out_text(out, "null");
}

void out_integer(cli_output *out, uint64_t value) {
    char text[NUMBER_SIZE];
    snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    out_text(out, text);
}

/* Digits and decimal exponent of the shortest text; at 15 digits every shorter one shows as trailing zeros. */
static size_t shortest_digits(double value, char digits[20], int *exponent) {
    char text[40];
    for (int precision = 14; precision <= 16; ++precision) {
        snprintf(text, sizeof text, "%.*e", precision, value);
        if (strtod(text, NULL) == value)
            break;
    }
    size_t count = 0;
    const char *c = text;
    for (; *c != 'e'; ++c)
        if (*c >= '0' && *c <= '9')
            digits[count++] = *c;
    *exponent = atoi(c + 1);
    while (count > 1 && digits[count - 1] == '0')
        --count;
    digits[count] = '\0';
    return count;
}

/* The library's layout: plain digits from 1e-5 up to below 1e17, else d.ddde-xx; no ".0". */
size_t number_text(char text[NUMBER_SIZE], double value) {
    text[0] = '\0';
    if (!isfinite(value))
        return 0;
    if (value == 0)
        return (size_t)snprintf(text, NUMBER_SIZE, "0");
    char digits[20];
    int exponent;
    const char *sign = value < 0 ? "-" : "";
    int count = (int)shortest_digits(fabs(value), digits, &exponent);
    if (exponent < -5 || exponent >= 17)
        return (size_t)snprintf(text, NUMBER_SIZE, "%s%c%s%se%d", sign, digits[0], count > 1 ? "." : "", digits + 1,
                                exponent);
    if (exponent < 0)
        return (size_t)snprintf(text, NUMBER_SIZE, "%s0.%.*s%s", sign, -exponent - 1, "0000", digits);
    if (count <= exponent + 1)
        return (size_t)snprintf(text, NUMBER_SIZE, "%s%s%.*s", sign, digits, exponent + 1 - count, "00000000000000000");
    return (size_t)snprintf(text, NUMBER_SIZE, "%s%.*s.%s", sign, exponent + 1, digits, digits + exponent + 1);
}

void number_places(char text[NUMBER_SIZE], double value, int places) {
    if (fabs(value) >= 1e12)
        snprintf(text, NUMBER_SIZE, "%.3e", value);
    else
        snprintf(text, NUMBER_SIZE, "%.*f", places, value);
    if (text[0] == '-' && !text[strspn(text, "-0.")])
        memmove(text, text + 1, strlen(text));
}

void number_fixed(char text[NUMBER_SIZE], double value) {
    number_places(text, value, 2);
}

void number_short(char text[NUMBER_SIZE], double value) {
    if (isfinite(value) && value == floor(value) && fabs(value) < 1e15)
        snprintf(text, NUMBER_SIZE, "%.0f", value);
    else
        snprintf(text, NUMBER_SIZE, "%.6g", value);
    if (!strcmp(text, "-0"))
        strcpy(text, "0");
}

void number_percent(char text[NUMBER_SIZE], double share) {
    snprintf(text, NUMBER_SIZE, "%.0f", 100 * share);
    if (share < 1 && !strcmp(text, "100"))
        strcpy(text, "99");
}

const char *fixed_or_dash(char text[NUMBER_SIZE], double value) {
    if (isnan(value))
        strcpy(text, "-");
    else
        number_fixed(text, value);
    return text;
}

const char *short_or_dash(char text[NUMBER_SIZE], double value) {
    if (isnan(value))
        strcpy(text, "-");
    else
        number_short(text, value);
    return text;
}

const char *probability_text(char text[NUMBER_SIZE], double value) {
    if (isnan(value))
        strcpy(text, "-");
    else if (value < 0.0001)
        strcpy(text, "< 0.0001");
    else
        snprintf(text, NUMBER_SIZE, "%.4f", value);
    return text;
}

void out_line(cli_output *out, const char *text, const char *const *texts) {
    for (const char *place; (place = strstr(text, "%s")) != NULL; text = place + 2) {
        out_bytes(out, text, (size_t)(place - text));
        out_text(out, *texts++);
    }
    out_text(out, text);
    out_text(out, "\n");
}
