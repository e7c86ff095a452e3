/* SPDX-License-Identifier: MIT */
#include "csv_fixture.h"

#include <math.h>
#include <stdlib.h>

/* ---- records and fields ---- */

/* Writes every record as its fields in brackets, a line each: "[a][b]\n"; faults as "!field". */
static smr_status show(const smr_context *context, const char *text, size_t length, size_t piece, char *out,
                       size_t size, smr_error *error) {
    csv_text source = {.text = text, .length = length, .piece = piece};
    smri_csv csv;
    size_t used = 0;
    out[0] = '\0';
    smr_status status =
        smri_csv_open(&csv, context, piece != 0 ? csv_text_read : NULL, &source, text, length, "t", error);
    for (bool found = true; status == SMR_OK;) {
        status = smri_csv_next(&csv, &found, error);
        if (status != SMR_OK || !found) {
            break;
        }
        for (size_t i = 0; i < csv.field_count; i++) {
            expect(used + csv.fields[i].length + 8 < size);
            out[used++] = '[';
            memcpy(out + used, csv.fields[i].text, csv.fields[i].length);
            used += csv.fields[i].length;
            out[used++] = ']';
        }
        if (csv.fault != 0) {
            out[used++] = '!';
            out[used++] = (char)('0' + csv.fault_field);
        }
        out[used++] = '\n';
        out[used] = '\0';
    }
    smri_csv_close(&csv);
    return status;
}

static void expect_records(const char *text, const char *expected) {
    char out[4096];
    for (size_t piece = 0; piece < 4; piece++) {
        smr_error error = unit_error();
        expect_ok(show(smri_context(NULL), text, strlen(text), piece, out, sizeof out, &error), &error);
        expect_text(out, expected);
    }
}

TEST(records_and_fields) {
    expect_records("", "");
    expect_records("\n", "[]\n");
    expect_records("a", "[a]\n");
    expect_records("a\n", "[a]\n");
    expect_records("a,b\nc,d", "[a][b]\n[c][d]\n");
    expect_records("a,b\r\nc,d\r\n", "[a][b]\n[c][d]\n");
    expect_records("a,b\r\nc,d\r", "[a][b]\n[c][d]\n");
    expect_records(",\n,,", "[][]\n[][][]\n");
    expect_records("a,\n", "[a][]\n");
    expect_records("\r\n\r\n", "[]\n[]\n");
    expect_records("a b,-1.5e3,+#!\n", "[a b][-1.5e3][+#!]\n");
    expect_records("\xef\xbb\xbf"
                   "a,b\n",
                   "[a][b]\n");
    expect_records("\xef\xbb\xbf", "");
    expect_records("Hà Nội,Huế\n", "[Hà Nội][Huế]\n");
}

TEST(quotes) {
    expect_records("\"a\"\n", "[a]\n");
    expect_records("\"a,b\",\"c\nd\"\n", "[a,b][c\nd]\n");
    expect_records("\"a\"\"b\",\"\"\"\"\n", "[a\"b][\"]\n");
    expect_records("\"\",\"\"\r\n", "[][]\n");
    expect_records("\"a\r\nb\",c", "[a\r\nb][c]\n");
    expect_records("x,\"y\"", "[x][y]\n");
    expect_records("x,\"y\"\r", "[x][y]\n");
    expect_records("\"\"\"a\"\"\"\n", "[\"a\"]\n");
}

TEST(quotes_in_wrong_places_are_told) {
    expect_records("a\"b,c\nd,e\n", "[a\"b][c]!0\n[d][e]\n");
    expect_records("a,b\"\nd,e\n", "[a][b\"]!1\n[d][e]\n");
    expect_records("\"a\"b,c\nd,e\n", "[a][c]!0\n[d][e]\n");
    expect_records("x,\"a\" ,c\nd\n", "[x][a][c]!1\n[d]\n");
    expect_records("x,\"a\"b", "[x][a]!1\n");
    expect_records("a\rb,c\nd\n", "[a\rb][c]!0\n[d]\n");
    expect_records("\"a\"\rb,c\nd\n", "[a][c]!0\n[d]\n");
}

static smr_error refused(const char *text, size_t length, int32_t code) {
    char out[4096];
    smr_error error = unit_error();
    for (size_t piece = 0; piece < 4; piece++) {
        error = unit_error();
        expect_fails(show(smri_context(NULL), text, length, piece, out, sizeof out, &error), &error, code);
        expect_text(error.source, "t");
    }
    return error;
}

TEST(an_open_quote_is_told_where_it_opens) {
    smr_error error = refused("a,b\nc,\"d\ne,f\ng", 14, SMR_MESSAGE_CSV_QUOTE_OPEN);
    expect_equal_uint(error.row, 2);
    expect_equal_uint(error.column, 2);
    error = refused("\"\"\"", 3, SMR_MESSAGE_CSV_QUOTE_OPEN);
    expect_equal_uint(error.row, 1);
    expect_equal_uint(error.column, 1);
}

TEST(bytes_that_are_no_text_are_told_where_they_stand) {
    static const struct {
        const char *text;
        size_t length;
        uint64_t row, byte;
    } cases[] = {
        {"a,b\nc,\xff\n", 8, 2, 6},
        {"a\nb\n\xc3", 5, 3, 4},
        {"a\n\xc3(\n", 5, 2, 2},
        {"a\n\xe1\xba", 4, 2, 2},
        {"a\nb\0c\n", 6, 2, 3},
        {"\xff\xfe"
         "a\0,\0",
         6, 1, 0},
        {"a\0,\0b\0", 6, 1, 1},
        {"a\n\"\n\xed\xa0\x80\"\n", 8, 2, 4},
        {"\xf4\x90\x80\x80", 4, 1, 0},
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        smr_error error = refused(cases[i].text, cases[i].length, SMR_MESSAGE_CSV_NOT_UTF8);
        expect_equal_uint(error.row, cases[i].row);
        expect_equal_uint(error.byte, cases[i].byte);
    }
    expect(strstr(refused("\xff\xfe"
                          "a\0",
                          4, SMR_MESSAGE_CSV_NOT_UTF8)
                      .message,
                  "UTF-16")
           != NULL);
}

/* The same text by a reader that looks at one byte after the other. */
static void show_slowly(const char *text, size_t length, char *out) {
    bool quoted = false;
    size_t used = 0;
    out[used++] = '[';
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (quoted && c == '"' && i + 1 < length && text[i + 1] == '"') {
            out[used++] = '"';
            i++;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && (c == ',' || c == '\n')) {
            out[used++] = ']';
            if (c == '\n') {
                out[used++] = '\n';
            }
            if (i + 1 < length) {
                out[used++] = '[';
            }
        } else if (quoted || c != '\r') {
            out[used++] = c;
        }
    }
    out[used] = '\0';
}

TEST(any_text_in_any_pieces) {
    static const char *const plain[] = {"",     "7", "-12.5",   "abc def",
                                        "+1e5", "x", "Đà Nẵng", "0123456789012345678901234567"};
    static const char *const quoted[] = {"\"\"", "\"a,b\"", "\"\"\"\"", "\"line\nline\"", "\"a\r\nb\"", "\"é\"\"\""};
    static char text[200000], expected[400000], out[400000];
    uint64_t seed = 5;
    for (int round = 0; round < 300; round++) {
        size_t used = 0, records = 1 + unit_random(&seed) % 60;
        for (size_t r = 0; r < records; r++) {
            size_t fields = 1 + unit_random(&seed) % 40;
            for (size_t f = 0; f < fields; f++) {
                bool in_quotes = unit_random(&seed) % 6 == 0;
                const char *field = in_quotes ? quoted[unit_random(&seed) % SMRI_COUNT(quoted)]
                                              : plain[unit_random(&seed) % SMRI_COUNT(plain)];
                memcpy(text + used, field, strlen(field));
                used += strlen(field);
                text[used++] = f + 1 < fields ? ',' : '\n';
            }
            if (unit_random(&seed) % 3 == 0) {
                text[used - 1] = '\r';
                text[used++] = '\n';
            }
        }
        show_slowly(text, used, expected);
        smr_error error = unit_error();
        expect_ok(show(smri_context(NULL), text, used, 1 + unit_random(&seed) % 100, out, sizeof out, &error), &error);
        expect_text(out, expected);
    }
}

TEST(records_longer_than_the_buffer) {
    enum { LENGTH = 900000 };
    char *text = malloc(LENGTH + 100), *out = malloc(LENGTH + 200);
    smr_error error = unit_error();
    expect(text != NULL && out != NULL);
    memset(text, 'a', LENGTH);
    memcpy(text, "\"x\"\"", 4);
    memcpy(text + LENGTH - 3, "\"\ny", 4);
    expect_ok(show(smri_context(NULL), text, LENGTH, 70000, out, LENGTH + 200, &error), &error);
    expect_equal_uint(strlen(out), LENGTH - 3 - 2 + 2 + 1 + 4);
    expect(memcmp(out, "[x\"aaa", 6) == 0);
    expect(memcmp(out + strlen(out) - 8, "aaa]\n[y]\n" + 1, 8) == 0);
    free(text);
    free(out);
}

static smr_context *limited(uint64_t bytes, uint64_t columns, uint64_t field) {
    smr_context_options options;
    smr_context *context;
    smr_error error = unit_error();
    smr_context_options_init(&options, sizeof options);
    options.max_bytes = bytes;
    options.max_columns = columns;
    options.max_field_bytes = field;
    expect_ok(smr_context_new(&options, &context, &error), &error);
    return context;
}

TEST(limits_end_the_reading) {
    char out[4096];
    smr_error error = unit_error();
    smr_context *context = limited(10, 3, 4);
    expect_ok(show(context, "abcd,b,c\n", 9, 1, out, sizeof out, &error), &error);
    expect_ok(show(context, "\"abcd\",b\n", 9, 1, out, sizeof out, &error), &error);
    expect_fails(show(context, "abcd,b,c,d", 10, 1, out, sizeof out, &error), &error, SMR_MESSAGE_LIMIT_PASSED);
    expect_fails(show(context, "a\nabcde\n", 8, 1, out, sizeof out, &error), &error, SMR_MESSAGE_LIMIT_PASSED);
    expect_equal_uint(error.row, 2);
    expect_fails(show(context, "\"abcde\"\n", 8, 1, out, sizeof out, &error), &error, SMR_MESSAGE_LIMIT_PASSED);
    expect_fails(show(context, "a\nb\nc\nd\ne\nf\n", 12, 1, out, sizeof out, &error), &error, SMR_MESSAGE_LIMIT_PASSED);
    smr_context_unref(context);
    /* A field without end must not fill the memory. */
    static char endless[3000000];
    memset(endless, 'a', sizeof endless);
    context = limited(UINT64_C(1) << 40, 10, 1000);
    expect_fails(show(context, endless, sizeof endless, 100000, out, sizeof out, &error), &error,
                 SMR_MESSAGE_LIMIT_PASSED);
    endless[0] = '"';
    expect_fails(show(context, endless, sizeof endless, 100000, out, sizeof out, &error), &error,
                 SMR_MESSAGE_LIMIT_PASSED);
    smr_context_unref(context);
}

static int64_t give_too_much(void *buffer, size_t size, void *user) {
    (void)buffer;
    (void)user;
    return (int64_t)size + 1;
}

TEST(a_failing_callback_ends_the_reading) {
    smri_csv csv;
    smr_error error = unit_error();
    csv_text source = {.text = "a,b\nc,d\n", .length = 8, .piece = 2, .fail_at = 6};
    expect_fails(smri_csv_open(&csv, smri_context(NULL), csv_text_read, &source, NULL, 0, "t", &error), &error,
                 SMR_MESSAGE_READ_FAILED);
    expect_text(error.source, "t");
    expect_fails(smri_csv_open(&csv, smri_context(NULL), give_too_much, NULL, NULL, 0, NULL, &error), &error,
                 SMR_MESSAGE_READ_FAILED);
}

/* ---- numbers ---- */

/* The cell as it lies in a reader's buffer, with bytes of the next one behind. */
static void expect_as_number(const char *text) {
    char buffer[128];
    double value, expected;
    int decimals;
    size_t length = strlen(text);
    memset(buffer, '7', sizeof buffer);
    memcpy(buffer + 8, text, length);
    smri_csv_cell cell = {buffer + 8, (uint32_t)length, false};
    smri_number_result result = smri_csv_cell_number(&cell, SMRI_NUMBER_PLAIN, &value, &decimals);
    if (result != smri_number_read(text, length, SMRI_NUMBER_PLAIN, &expected)
        || unit_bits(value) != unit_bits(expected)) {
        ck_abort_msg("\"%s\" is %.17g, expected %.17g", text, value, expected);
    }
    const char *point = strchr(text, '.');
    if (decimals != SMRI_CSV_NOT_PLAIN) {
        expect_equal_int(decimals, point != NULL ? strlen(point + 1) : 0);
    }
}

TEST(short_numbers_have_the_same_bits) {
    static const char *const texts[] = {"0",
                                        "-0",
                                        "-0.0",
                                        "00",
                                        "5.",
                                        ".5",
                                        ".",
                                        "-",
                                        "-.",
                                        "..",
                                        "1.2.3",
                                        "1-2",
                                        "--1",
                                        "12345678",
                                        "123456789",
                                        "1234567890123456",
                                        "12345678901234567",
                                        "9999999999999999",
                                        "9007199254740993",
                                        "-9007199254740993",
                                        "0.1",
                                        "0.3",
                                        "123456.7",
                                        "1234567.8",
                                        "12345678.9",
                                        ".12345678",
                                        ".123456789012345",
                                        "123456789012345.",
                                        "1234567.",
                                        "0.000000000000001",
                                        "1e5",
                                        "12,5",
                                        "NA",
                                        ":",
                                        "1 2",
                                        " 12",
                                        "12 ",
                                        "+3",
                                        "/",
                                        "1/2",
                                        "1:2",
                                        "",
                                        "inf",
                                        "1.8 ",
                                        "\xc2\xa0"
                                        "5"};
    for (size_t i = 0; i < SMRI_COUNT(texts); i++) {
        expect_as_number(texts[i]);
    }
    static const char alphabet[] = "00112233445566778899.-";
    uint64_t seed = 9;
    for (int i = 0; i < 2000000; i++) {
        char text[32];
        size_t length = 1 + unit_random(&seed) % 18, point = unit_random(&seed) % 24;
        bool wild = unit_random(&seed) % 8 == 0;
        for (size_t k = 0; k < length; k++) {
            text[k] = k == point ? '.' : alphabet[unit_random(&seed) % (wild ? 22 : 20)];
        }
        text[0] = unit_random(&seed) % 4 == 0 ? '-' : text[0];
        text[length] = '\0';
        expect_as_number(text);
    }
}

/* ---- writing ---- */

typedef struct written {
    size_t length;
    char text[1024];
} written;

static int32_t take(const void *bytes, size_t length, void *user) {
    written *out = user;
    expect(out->length + length < sizeof out->text);
    memcpy(out->text + out->length, bytes, length);
    out->length += length;
    out->text[out->length] = '\0';
    return 0;
}

static int32_t refuse(const void *bytes, size_t length, void *user) {
    (void)bytes;
    (void)length;
    (void)user;
    return 1;
}

TEST(fields_are_quoted_when_needed) {
    static smri_writer writer;
    written out = {0};
    smr_error error = unit_error();
    smri_writer_init(&writer, take, &out);
    smri_csv_put(&writer, true, "plain text");
    smri_csv_put(&writer, false, "a,b");
    smri_csv_put(&writer, false, "\"");
    smri_csv_put(&writer, false, "say \"x\" twice \"y\"");
    smri_csv_put(&writer, false, "line\nline");
    smri_csv_put(&writer, false, "\r");
    smri_csv_put(&writer, false, "");
    smri_csv_put(&writer, false, NULL);
    smri_csv_put_number(&writer, false, 0.1);
    smri_csv_put_number(&writer, false, (double)NAN);
    smri_csv_put_end(&writer);
    smri_csv_put_number(&writer, true, 12);
    expect_ok(smri_writer_finish(&writer, &error), &error);
    expect_text(out.text,
                "plain text,\"a,b\",\"\"\"\",\"say \"\"x\"\" twice \"\"y\"\"\",\"line\nline\",\"\r\",,,0.1,\n12");
}

TEST(a_dataset_is_written_wide) {
    static const char *const ids[] = {"y", "absent", "group"};
    written out = {0};
    smr_error error = unit_error();
    smr_dataset *dataset =
        csv_dataset("region,period,x,y,group\nHN,2021,0.1,,\"a, b\"\n\"H,CM\",2020,-0,1e300,\n", NULL);
    expect_ok(smr_dataset_write_csv(dataset, NULL, 0, take, &out, &error), &error);
    expect_text(out.text, "region,period,x,y,group\nHN,2021,0.1,,\"a, b\"\n\"H,CM\",2020,0,1e300,\n");
    out.length = 0;
    expect_ok(smr_dataset_write_csv(dataset, ids, SMRI_COUNT(ids), take, &out, &error), &error);
    expect_text(out.text, "region,period,y,absent,group\nHN,2021,,,\"a, b\"\n\"H,CM\",2020,1e300,,\n");
    out.length = 0;
    expect_ok(smr_dataset_write_csv(dataset, ids, 0, take, &out, &error), &error);
    expect_text(out.text, "region,period\nHN,2021\n\"H,CM\",2020\n");
    expect_fails(smr_dataset_write_csv(dataset, NULL, 0, refuse, NULL, &error), &error, SMR_MESSAGE_WRITE_FAILED);
    expect_fails(smr_dataset_write_csv(dataset, NULL, 1, take, &out, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect_fails(smr_dataset_write_csv(NULL, NULL, 0, take, &out, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    smr_dataset_unref(dataset);
}

static const unit_test tests[] = {
    UNIT(records_and_fields),
    UNIT(quotes),
    UNIT(quotes_in_wrong_places_are_told),
    UNIT(an_open_quote_is_told_where_it_opens),
    UNIT(bytes_that_are_no_text_are_told_where_they_stand),
    UNIT(any_text_in_any_pieces),
    UNIT(records_longer_than_the_buffer),
    UNIT(limits_end_the_reading),
    UNIT(a_failing_callback_ends_the_reading),
    UNIT(short_numbers_have_the_same_bits),
    UNIT(fields_are_quoted_when_needed),
    UNIT(a_dataset_is_written_wide),
};

UNIT_SUITE(csv, tests)
