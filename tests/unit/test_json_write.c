/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "io/io_impl.h"

typedef struct document {
    smri_arena arena;
    const smri_value *root;
} document;

static document read_ok(const char *text, size_t length) {
    document read;
    smr_error error = unit_error();
    smri_arena_init(&read.arena, smri_context(unit_context()));
    expect_ok(smri_json_read(smri_context(unit_context()), &read.arena, text, length, "file", &read.root, &error),
              &error);
    expect(read.root != NULL);
    return read;
}

static document read_text(const char *text) {
    return read_ok(text, strlen(text));
}

typedef struct sink {
    char text[65536];
    size_t used, calls, fail_at;
} sink;

static int32_t collect(const void *bytes, size_t length, void *user) {
    sink *into = user;
    into->calls++;
    if (into->calls == into->fail_at || length >= sizeof into->text - into->used) {
        return 1;
    }
    memcpy(into->text + into->used, bytes, length);
    into->used += length;
    into->text[into->used] = '\0';
    return 0;
}

static void write_root(smri_writer *writer, sink *into, const char *text, bool pretty) {
    document read = read_text(text);
    memset(into, 0, sizeof *into);
    smri_writer_init(writer, collect, into);
    writer->pretty = pretty;
    smri_json_value(writer, NULL, read.root);
    smr_error error = unit_error();
    expect_ok(smri_writer_finish(writer, &error), &error);
    smri_arena_free(&read.arena);
}

TEST(values_are_written_on_one_line) {
    static sink into;
    smri_writer writer;
    write_root(&writer, &into, "{\"a\":[1,2.50,-0],\"b\":{},\"c\":[],\"d\":{\"e\":null,\"f\":[{\"g\":true}]}}", false);
    expect_text(into.text, "{\"a\": [1, 2.5, 0], \"b\": {}, \"c\": [], \"d\": {\"e\": null, \"f\": [{\"g\": true}]}}");
    write_root(&writer, &into, "\"x\"", false);
    expect_text(into.text, "\"x\"");
}

TEST(values_are_written_on_many_lines) {
    static sink into;
    smri_writer writer;
    write_root(&writer, &into, "{\"a\":[1,2.50,\"x\"],\"b\":{},\"c\":[],\"d\":{\"e\":null,\"f\":[{\"g\":true},[]]}}",
               true);
    expect_text(into.text, "{\n"
                           "  \"a\": [1, 2.5, \"x\"],\n"
                           "  \"b\": {},\n"
                           "  \"c\": [],\n"
                           "  \"d\": {\n"
                           "    \"e\": null,\n"
                           "    \"f\": [\n"
                           "      {\n"
                           "        \"g\": true\n"
                           "      },\n"
                           "      []\n"
                           "    ]\n"
                           "  }\n"
                           "}");
}

TEST(rows_are_written_one_a_line) {
    static sink into;
    memset(&into, 0, sizeof into);
    smri_writer writer;
    smri_writer_init(&writer, collect, &into);
    writer.pretty = true;
    smri_json_open(&writer, NULL, '{');
    smri_json_open(&writer, "rows", '[');
    for (int i = 0; i < 2; i++) {
        smri_json_open(&writer, NULL, '{');
        writer.pretty = false;
        smri_json_number(&writer, "score", i);
        smri_json_text(&writer, "period", NULL);
        smri_json_close(&writer, '}');
        writer.pretty = true;
    }
    smri_json_close(&writer, ']');
    static const double numbers[] = {0.5, NAN, 3};
    smri_json_numbers(&writer, "numbers", numbers, SMRI_COUNT(numbers));
    smri_json_numbers(&writer, "none", numbers, 0);
    smri_json_close(&writer, '}');
    smr_error error = unit_error();
    expect_ok(smri_writer_finish(&writer, &error), &error);
    expect_text(into.text, "{\n"
                           "  \"rows\": [\n"
                           "    {\"score\": 0, \"period\": null},\n"
                           "    {\"score\": 1, \"period\": null}\n"
                           "  ],\n"
                           "  \"numbers\": [0.5, null, 3],\n"
                           "  \"none\": []\n"
                           "}");
}

TEST(what_json_cannot_hold_becomes_null) {
    static sink into;
    memset(&into, 0, sizeof into);
    smri_writer writer;
    smri_writer_init(&writer, collect, &into);
    smri_json_open(&writer, NULL, '[');
    smri_json_number(&writer, NULL, NAN);
    smri_json_number(&writer, NULL, INFINITY);
    smri_json_number(&writer, NULL, -INFINITY);
    smri_json_bool(&writer, NULL, true);
    smri_json_close(&writer, ']');
    smri_write_number(&writer, NAN);
    smri_write_number(&writer, 0.1);
    smr_error error = unit_error();
    expect_ok(smri_writer_finish(&writer, &error), &error);
    expect_text(into.text, "[null, null, null, true]0.1");
}

TEST(texts_are_written_with_escapes) {
    static sink into;
    memset(&into, 0, sizeof into);
    smri_writer writer;
    smri_writer_init(&writer, collect, &into);
    smri_json_open(&writer, NULL, '{');
    smri_json_text(&writer, "a\"\n", "\\ \" \b\f\n\r\t \001\037\177 / \341\273\207 \360\237\230\200");
    smri_json_close(&writer, '}');
    smr_error error = unit_error();
    expect_ok(smri_writer_finish(&writer, &error), &error);
    expect_text(into.text, "{\"a\\\"\\n\": \"\\\\ \\\" \\b\\f\\n\\r\\t \\u0001\\u001f\177 / \341\273\207 "
                           "\360\237\230\200\"}");
}

TEST(a_failed_write_is_told_once_and_ends_writing) {
    static sink into;
    memset(&into, 0, sizeof into);
    into.fail_at = 2;
    smri_writer writer;
    smri_writer_init(&writer, collect, &into);
    for (int i = 0; i < 10000; i++) {
        smri_write_text(&writer, "0123456789");
    }
    smr_error error = unit_error();
    expect_fails(smri_writer_finish(&writer, &error), &error, SMR_MESSAGE_WRITE_FAILED);
    expect_equal_int(error.status, SMR_ERROR_WRITE);
    expect_equal_uint(into.calls, 2);
    expect_equal_uint(into.used, sizeof writer.buffer);
}

TEST(more_than_the_buffer_is_written_whole) {
    static sink into;
    memset(&into, 0, sizeof into);
    smri_writer writer;
    smri_writer_init(&writer, collect, &into);
    for (int i = 0; i < 6000; i++) {
        smri_write_text(&writer, "0123456");
    }
    smr_error error = unit_error();
    expect_ok(smri_writer_finish(&writer, &error), &error);
    expect_equal_uint(into.used, 42000);
    for (size_t i = 0; i < into.used; i++) {
        expect(into.text[i] == "0123456"[i % 7]);
    }
}

/* ---- there and back ---- */

static double random_double(uint64_t *state) {
    for (;;) {
        double number = unit_double(unit_random(state));
        if (fabs(number) <= DBL_MAX && (number != 0 || !signbit(number))) {
            return number;
        }
    }
}

static smri_value *random_value(smri_arena *arena, uint64_t *state, int depth) {
    static const char *const texts[] = {"", "a", "\"\\/\b\f\n\r\t\001", "\341\273\207", "\360\237\230\200 1.5", "null"};
    uint64_t kind = unit_random(state) % (depth > 0 ? 7 : 4);
    switch (kind) {
    case 0:
        return smri_value_new(arena, SMRI_NULL);
    case 1:
        return smri_value_bool(arena, unit_random(state) % 2 == 0);
    case 2:
        return smri_value_number(arena, random_double(state));
    case 3: {
        const char *text = texts[unit_random(state) % SMRI_COUNT(texts)];
        return smri_value_text(arena, text, strlen(text));
    }
    default: {
        smri_value *parent = smri_value_new(arena, kind == 4 ? SMRI_ARRAY : SMRI_OBJECT);
        uint64_t count = unit_random(state) % 6;
        for (uint64_t i = 0; i < count; i++) {
            smri_value_append(arena, parent, kind == 4 ? NULL : texts[i], random_value(arena, state, depth - 1));
        }
        return parent;
    }
    }
}

TEST(what_is_written_is_read_back_the_same) {
    static sink into;
    uint64_t state = 20260101;
    for (int i = 0; i < 2000; i++) {
        smri_arena arena;
        smri_arena_init(&arena, smri_context(unit_context()));
        const smri_value *value = random_value(&arena, &state, 4);
        memset(&into, 0, sizeof into);
        smri_writer writer;
        smri_writer_init(&writer, collect, &into);
        writer.pretty = i % 2 == 0;
        smri_json_value(&writer, NULL, value);
        smr_error error = unit_error();
        expect_ok(smri_writer_finish(&writer, &error), &error);
        document read = read_ok(into.text, into.used);
        expect(smri_value_equal(read.root, value));
        smri_arena_free(&read.arena);
        smri_arena_free(&arena);
    }
}

static const unit_test tests[] = {
    UNIT(values_are_written_on_one_line),        UNIT(values_are_written_on_many_lines),
    UNIT(rows_are_written_one_a_line),           UNIT(what_json_cannot_hold_becomes_null),
    UNIT(texts_are_written_with_escapes),        UNIT(a_failed_write_is_told_once_and_ends_writing),
    UNIT(more_than_the_buffer_is_written_whole), UNIT(what_is_written_is_read_back_the_same),
};
UNIT_SUITE(json_write, tests)
