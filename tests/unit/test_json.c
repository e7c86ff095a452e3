/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "io/io_impl.h"

#include "failure/failing_allocator.h"

/* ---- reading ---- */

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

static smr_error read_fails(const smr_context *context, const char *text, size_t length, int32_t code) {
    smri_arena arena;
    smri_arena_init(&arena, context);
    smr_error error = unit_error();
    const smri_value unused = {.type = SMRI_NULL};
    const smri_value *value = &unused;
    expect_fails(smri_json_read(context, &arena, text, length, "file", &value, &error), &error, code);
    expect(value == NULL);
    smri_arena_free(&arena);
    return error;
}

static double read_number(const char *text) {
    document read = read_text(text);
    expect_equal_int(read.root->type, SMRI_NUMBER);
    double number = read.root->number;
    smri_arena_free(&read.arena);
    return number;
}

TEST(every_type_is_read) {
    document read = read_text(" {\"a\": null, \"b\": [true, false, -1.5, \"x\"],\r\n\t\"c\": {}, \"d\": [], \"\": 0} ");
    const smri_value *root = read.root;
    expect_equal_int(root->type, SMRI_OBJECT);
    expect_equal_uint(root->count, 5);
    expect_equal_int(smri_value_get(root, "a")->type, SMRI_NULL);
    const smri_value *list = smri_value_get(root, "b");
    expect_equal_int(list->type, SMRI_ARRAY);
    expect_equal_uint(list->count, 4);
    const smri_value *item = list->first;
    expect(item->type == SMRI_BOOL && item->number == 1);
    item = item->next;
    expect(item->type == SMRI_BOOL && item->number == 0);
    item = item->next;
    expect(item->type == SMRI_NUMBER && item->number == -1.5);
    item = item->next;
    expect(item->type == SMRI_TEXT);
    expect_text(item->text, "x");
    expect(item->next == NULL);
    expect(smri_value_get(root, "c")->type == SMRI_OBJECT && smri_value_get(root, "c")->count == 0);
    expect(smri_value_get(root, "d")->type == SMRI_ARRAY && smri_value_get(root, "d")->count == 0);
    expect(smri_value_get(root, "")->type == SMRI_NUMBER);
    smri_arena_free(&read.arena);
}

TEST(members_keep_their_order) {
    document read = read_text("{\"z\":1,\"a\":{\"y\":2,\"b\":3},\"m\":[4,{\"q\":5}],\"c\":6}");
    static const char *const keys[] = {"z", "a", "m", "c"};
    size_t i = 0;
    for (const smri_value *member = read.root->first; member != NULL; member = member->next) {
        expect_text(member->key, keys[i++]);
    }
    expect_equal_uint(i, SMRI_COUNT(keys));
    expect_equal_int(read.root->first->number, 1);
    expect_equal_int(smri_value_get(smri_value_get(read.root, "a"), "y")->number, 2);
    expect_equal_int(smri_value_get(smri_value_get(read.root, "a"), "b")->number, 3);
    expect_equal_int(smri_value_get(read.root, "m")->first->number, 4);
    expect_equal_int(smri_value_get(smri_value_get(read.root, "m")->last, "q")->number, 5);
    expect_equal_int(read.root->last->number, 6);
    smri_arena_free(&read.arena);
}

/* The bits are those of IEEE 754 round to nearest; the C compiler's own constants are read the same way. */
TEST(numbers_are_read_to_the_bit) {
    static const struct {
        const char *text;
        double number;
    } cases[] = {
        {"0", 0.0},
        {"-0", 0.0},
        {"-0.0e5", 0.0},
        {"2.14", 2.14},
        {"0.1", 0.1},
        {"-12.5e-1", -1.25},
        {"1E+2", 100.0},
        {"1e0002", 100.0},
        {"9007199254740993", 9007199254740992.0},
        {"9223372036854775808", 9223372036854775808.0},
        {"123456789012345678901234567890", 123456789012345678901234567890.0},
        {"1.7976931348623157e308", 0x1.fffffffffffffp1023},
        {"2.2250738585072014e-308", 0x1p-1022},
        {"4.9e-324", 0x1p-1074},
        {"2e-324", 0.0},
        {"1e-400", 0.0},
        {"0.30000000000000004", 0x1.3333333333334p-2},
        {"8.41e21", 8.41e21},
        {"9.5367431640625e-7", 0x1p-20},
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        expect_same_bits(read_number(cases[i].text), cases[i].number);
    }
}

/* The suite `locale` runs this with a decimal comma. */
TEST(the_locale_of_the_program_changes_nothing) {
    setlocale(LC_ALL, "");
    expect_same_bits(read_number("2.14"), 0x1.11eb851eb851fp+1);
    expect_same_bits(read_number("-1234.5e-3"), -1.2345);
    smr_error error = read_fails(smri_context(NULL), "[1,5.5.5]", 9, SMR_MESSAGE_JSON_SYNTAX);
    expect_text(error.message, "found 5.5.5, expected a text in double quotes, a number such as -0.5 or 1e-3, true, "
                               "false or null");
}

TEST(texts_are_read_with_their_escapes) {
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"\"\"", ""},
        {"\"a\\\"b\\\\c\\/d\"", "a\"b\\c/d"},
        {"\"\\b\\f\\n\\r\\t\"", "\b\f\n\r\t"},
        {"\"\\u0041\\u00e9\\u1ec7\"", "A\303\251\341\273\207"},
        {"\"\\uD83D\\uDE00!\"", "\360\237\230\200!"},
        {"\"Ti\341\273\201n Giang 1.5 [,]{:}\"", "Ti\341\273\201n Giang 1.5 [,]{:}"},
        {"\"\\uffff\\u07ff\\u0800\"", "\357\277\277\337\277\340\240\200"},
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        document read = read_text(cases[i].text);
        expect_equal_int(read.root->type, SMRI_TEXT);
        expect_text(read.root->text, cases[i].expected);
        smri_arena_free(&read.arena);
    }
}

TEST(a_byte_order_mark_is_skipped) {
    document read = read_text("\357\273\277[7]");
    expect_equal_int(read.root->first->number, 7);
    smri_arena_free(&read.arena);
    smr_error error = read_fails(smri_context(NULL), "\357\273\277[7", 5, SMR_MESSAGE_JSON_SYNTAX);
    expect_equal_uint(error.column, 3);
    expect_equal_uint(error.byte, 5);
}

#define WORDS "a text in double quotes, a number such as -0.5 or 1e-3, true, false or null"
#define ESCAPES "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"

TEST(a_mistake_is_told_with_its_place) {
    static const struct {
        const char *text;
        int32_t code;
        uint64_t row, column, byte;
        const char *message;
    } cases[] = {
        {"", SMR_MESSAGE_JSON_SYNTAX, 1, 1, 0, "found the end of the text, expected a value"},
        {" \n ", SMR_MESSAGE_JSON_SYNTAX, 2, 2, 3, "found the end of the text, expected a value"},
        {"{\"a\": 1,\n \"b\": }", SMR_MESSAGE_JSON_SYNTAX, 2, 7, 15, "found }, expected a value"},
        {"{\"a\" 12.5}", SMR_MESSAGE_JSON_SYNTAX, 1, 6, 5, "found 12.5, expected \":\" after the key"},
        {"{\"a\": 1 \"b\": 2}", SMR_MESSAGE_JSON_SYNTAX, 1, 9, 8, "found \"b\", expected \",\" or \"}\""},
        {"{\"a\": 1,}", SMR_MESSAGE_JSON_SYNTAX, 1, 9, 8, "found }, expected a key in double quotes"},
        {"{1: 2}", SMR_MESSAGE_JSON_SYNTAX, 1, 2, 1, "found 1, expected a key in double quotes"},
        {"[1 2]", SMR_MESSAGE_JSON_SYNTAX, 1, 4, 3, "found 2, expected \",\" or \"]\""},
        {"[1,]", SMR_MESSAGE_JSON_SYNTAX, 1, 4, 3, "found ], expected a value"},
        {"[1}", SMR_MESSAGE_JSON_SYNTAX, 1, 3, 2, "found }, expected \",\" or \"]\""},
        {"[1, [2]", SMR_MESSAGE_JSON_SYNTAX, 1, 8, 7, "found the end of the text, expected \",\" or \"]\""},
        {"{\"a\": {}", SMR_MESSAGE_JSON_SYNTAX, 1, 9, 8, "found the end of the text, expected \",\" or \"}\""},
        {"[1] 0.25", SMR_MESSAGE_JSON_SYNTAX, 1, 5, 4, "found 0.25, expected nothing after the value"},
        {"]", SMR_MESSAGE_JSON_SYNTAX, 1, 1, 0, "found ], expected a value"},
        /* words */
        {"[01]", SMR_MESSAGE_JSON_SYNTAX, 1, 2, 1, "found 01, expected " WORDS},
        {"[1.]", SMR_MESSAGE_JSON_SYNTAX, 1, 2, 1, "found 1., expected " WORDS},
        {"[.5]", SMR_MESSAGE_JSON_SYNTAX, 1, 2, 1, "found .5, expected " WORDS},
        {"[+1]", SMR_MESSAGE_JSON_SYNTAX, 1, 2, 1, "found +1, expected " WORDS},
        {"[-]", SMR_MESSAGE_JSON_SYNTAX, 1, 2, 1, "found -, expected " WORDS},
        {"[-.5]", SMR_MESSAGE_JSON_SYNTAX, 1, 2, 1, "found -.5, expected " WORDS},
        {"[1e]", SMR_MESSAGE_JSON_SYNTAX, 1, 2, 1, "found 1e, expected " WORDS},
        {"[0x10]", SMR_MESSAGE_JSON_SYNTAX, 1, 2, 1, "found 0x10, expected " WORDS},
        {"[1_000]", SMR_MESSAGE_JSON_SYNTAX, 1, 2, 1, "found 1_000, expected " WORDS},
        {"[NaN]", SMR_MESSAGE_JSON_SYNTAX, 1, 2, 1, "found NaN, expected " WORDS},
        {"[-Infinity]", SMR_MESSAGE_JSON_SYNTAX, 1, 2, 1, "found -Infinity, expected " WORDS},
        {"[True]", SMR_MESSAGE_JSON_SYNTAX, 1, 2, 1, "found True, expected " WORDS},
        {"[true1]", SMR_MESSAGE_JSON_SYNTAX, 1, 2, 1, "found true1, expected " WORDS},
        {"['a']", SMR_MESSAGE_JSON_SYNTAX, 1, 2, 1, "found 'a', expected " WORDS},
        {"[1]\n// \303\251", SMR_MESSAGE_JSON_SYNTAX, 2, 1, 4, "found //, expected " WORDS},
        {"[\"\341\273\207\", b]", SMR_MESSAGE_JSON_SYNTAX, 1, 7, 8, "found b, expected " WORDS},
        {"[1e999]", SMR_MESSAGE_JSON_NUMBER_RANGE, 1, 2, 1, "number 1e999 is beyond the range of a double"},
        {"[0,\n-1.8e308]", SMR_MESSAGE_JSON_NUMBER_RANGE, 2, 1, 4, "number -1.8e308 is beyond the range of a double"},
        /* texts */
        {"[\"ab", SMR_MESSAGE_JSON_SYNTAX, 1, 2, 1, "found a text that does not end, expected a closing quote"},
        {"[\"ab\\\"]", SMR_MESSAGE_JSON_SYNTAX, 1, 2, 1, "found a text that does not end, expected a closing quote"},
        {"[\"a\nb\"]", SMR_MESSAGE_JSON_SYNTAX, 1, 4, 3,
         "found \\x0a, expected an escape such as \\n or \\t, or the closing quote of the text"},
        {"[\"a\\x\"]", SMR_MESSAGE_JSON_SYNTAX, 1, 4, 3, "found \\x, expected " ESCAPES},
        {"[\"a\\", SMR_MESSAGE_JSON_SYNTAX, 1, 4, 3, "found \\, expected " ESCAPES},
        {"[\"\\u12G4\"]", SMR_MESSAGE_JSON_SYNTAX, 1, 3, 2, "found \\u12G4, expected \\u and four hexadecimal digits"},
        {"[\"\\u12", SMR_MESSAGE_JSON_SYNTAX, 1, 3, 2, "found \\u12, expected \\u and four hexadecimal digits"},
        {"[\"\\uD800\"]", SMR_MESSAGE_JSON_SYNTAX, 1, 3, 2, "found \\uD800, expected the pair of a surrogate after it"},
        {"[\"\\uD800\\u0041\"]", SMR_MESSAGE_JSON_SYNTAX, 1, 3, 2,
         "found \\uD800, expected the pair of a surrogate after it"},
        {"[\"\\uDC00\"]", SMR_MESSAGE_JSON_SYNTAX, 1, 3, 2,
         "found \\uDC00, expected the first half of the surrogate pair before it"},
        {"{\"a\":\n \"x\\u0000y\"}", SMR_MESSAGE_JSON_NUL, 2, 4, 9, "found \\u0000, which no text may hold here"},
        {"{\"\\u0000\": 1}", SMR_MESSAGE_JSON_NUL, 1, 3, 2, "found \\u0000, which no text may hold here"},
        {"[1, \"\303\251\", \"\377\"]", SMR_MESSAGE_JSON_UTF8, 1, 11, 11, "found byte 0xFF, expected UTF-8"},
        {"[\"\355\240\200\"]", SMR_MESSAGE_JSON_UTF8, 1, 3, 2, "found byte 0xED, expected UTF-8"},
        /* keys */
        {"{\"a\": 1,\n  \"a\": 2}", SMR_MESSAGE_JSON_DUPLICATE_KEY, 2, 3, 11, "key \"a\" stands twice in one object"},
        {"{\"near end of file\": 1, \"near end of file\": 2}", SMR_MESSAGE_JSON_DUPLICATE_KEY, 1, 25, 24,
         "key \"near end of file\" stands twice in one object"},
        {"[{\"x\": {\"\\u0061\": 0.5, \"a\": 2}}]", SMR_MESSAGE_JSON_DUPLICATE_KEY, 1, 24, 23,
         "key \"a\" stands twice in one object"},
        {"{\"a key of more than twenty letters\": 1, \"a key of more than twenty letters\": 1}",
         SMR_MESSAGE_JSON_DUPLICATE_KEY, 1, 42, 41,
         "key \"a key of more than twenty letters\" stands twice in one object"},
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        smr_error error = read_fails(smri_context(unit_context()), cases[i].text, strlen(cases[i].text), cases[i].code);
        expect_text(error.message, cases[i].message);
        expect_text(error.source, "file");
        expect_equal_uint(error.row, cases[i].row);
        expect_equal_uint(error.column, cases[i].column);
        expect_equal_uint(error.byte, cases[i].byte);
    }
}

TEST(a_zero_byte_is_no_end) {
    smr_error error = read_fails(smri_context(NULL), "[1]\0", 4, SMR_MESSAGE_JSON_SYNTAX);
    expect_equal_uint(error.byte, 3);
    error = read_fails(smri_context(NULL), "[\"a\0\"]", 6, SMR_MESSAGE_JSON_SYNTAX);
    expect_equal_uint(error.byte, 3);
}

TEST(a_text_ends_where_its_length_says) {
    document read = read_ok("[1]]", 3);
    expect_equal_uint(read.root->count, 1);
    smri_arena_free(&read.arena);
    read = read_ok("12345", 2);
    expect_equal_int(read.root->number, 12);
    smri_arena_free(&read.arena);
}

static smr_context *context_of(uint64_t max_bytes, uint64_t max_depth, uint64_t max_field_bytes) {
    smr_context_options options;
    smr_context_options_init(&options, sizeof options);
    options.max_bytes = max_bytes ? max_bytes : options.max_bytes;
    options.max_depth = max_depth ? max_depth : options.max_depth;
    options.max_field_bytes = max_field_bytes ? max_field_bytes : options.max_field_bytes;
    smr_context *context;
    smr_error error = unit_error();
    expect_ok(smr_context_new(&options, &context, &error), &error);
    return context;
}

static void expect_read(const smr_context *context, const char *text) {
    smri_arena arena;
    smri_arena_init(&arena, context);
    const smri_value *value;
    smr_error error = unit_error();
    expect_ok(smri_json_read(context, &arena, text, strlen(text), NULL, &value, &error), &error);
    smri_arena_free(&arena);
}

TEST(limits_of_the_context_hold) {
    smr_context *context = context_of(8, 0, 0);
    expect_read(context, "[10, 20]");
    smr_error error = read_fails(context, "[10, 200]", 9, SMR_MESSAGE_LIMIT_PASSED);
    expect_equal_int(error.status, SMR_ERROR_LIMIT);
    expect_text(error.message, "the length of the JSON text is beyond the limit of 8");
    smr_context_unref(context);

    context = context_of(0, 3, 0);
    expect_read(context, "[[[]], {\"a\": [1]}]");
    error = read_fails(context, "[[], [ {\"a\": [1]}]]", 19, SMR_MESSAGE_LIMIT_PASSED);
    expect_text(error.message, "the depth of the JSON text is beyond the limit of 3");
    expect_equal_uint(error.column, 14);
    smr_context_unref(context);

    context = context_of(0, 0, 4);
    expect_read(context, "{\"abcd\": \"\\u0061\\u0062cd\"}");
    error = read_fails(context, "{\"a\": \"abcde\"}", 14, SMR_MESSAGE_LIMIT_PASSED);
    expect_text(error.message, "the length of a text is beyond the limit of 4");
    expect_equal_uint(error.column, 7);
    read_fails(context, "{\"abcde\": 1}", 12, SMR_MESSAGE_LIMIT_PASSED);
    smr_context_unref(context);
}

/* Deeper than Jansson's recursion could go with the stack of a thread: refused by the scan before. */
TEST(a_deep_text_is_refused) {
    static char text[200000];
    memset(text, '[', sizeof text);
    smr_error error = read_fails(smri_context(NULL), text, sizeof text, SMR_MESSAGE_LIMIT_PASSED);
    expect_equal_uint(error.byte, 64);
    smr_context *context = context_of(0, UINT64_MAX, 0);
    error = read_fails(context, text, sizeof text, SMR_MESSAGE_LIMIT_PASSED);
    expect_equal_uint(error.byte, 1024);
    smr_context_unref(context);
}

static smr_status read_many(failure_run *run) {
    static const char text[] = "{\"a\": [1, 2.5, {\"text\": \"\\u1ec7\"}], \"b\": {\"c\": [true, null, []]}, "
                               "\"numbers\": [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18]}";
    smri_arena arena;
    const smri_value *value;
    smri_arena_init(&arena, run->context);
    smr_status status = smri_json_read(run->context, &arena, text, sizeof text - 1, "file", &value, &run->error);
    failure_require(run, (status == SMR_OK) == (value != NULL));
    smri_arena_free(&arena);
    return status;
}

TEST(every_allocation_may_fail) {
    size_t runs = 0;
    expect_equal_uint(failure_sweep("json_read", read_many, &runs), 0);
    expect(runs > 3);
}

/* Jansson has its own allocator, one a process: the n-th call of it that fails, for every n. */
static size_t calls_left;

static void *allocate_or_fail(size_t size) {
    return calls_left > 0 && --calls_left == 0 ? NULL : malloc(size);
}

TEST(jansson_may_have_no_memory) {
    static const char *const texts[] = {
        "{\"a\": [1, 2.5, {\"text\": \"x\"}], \"b\": {\"c\": [true, null, []]}}",
        "{\"a key that is longer than the first buffer\": \"and a text that is a good deal longer than that one\"}",
    };
    json_malloc_t allocate;
    json_free_t release;
    json_get_alloc_funcs(&allocate, &release);
    json_set_alloc_funcs(allocate_or_fail, free);
    for (size_t i = 0; i < SMRI_COUNT(texts); i++) {
        bool failed = true;
        size_t fail_at = 0;
        while (failed) {
            smri_arena arena;
            smri_arena_init(&arena, smri_context(unit_context()));
            smr_error error = unit_error();
            const smri_value *value;
            calls_left = ++fail_at;
            smr_status status =
                smri_json_read(arena.context, &arena, texts[i], strlen(texts[i]), "file", &value, &error);
            failed = calls_left == 0;
            expect_equal_int(status, failed ? SMR_ERROR_MEMORY : SMR_OK);
            expect((value == NULL) == failed);
            smri_arena_free(&arena);
        }
        expect(fail_at > 5);
    }
    json_set_alloc_funcs(allocate, release);
}

/* ---- format ---- */

static smr_status check_format(const char *text, smr_error *error) {
    document read = read_text(text);
    smr_status status = smri_json_check_format(read.root, "smartregion-plan", "file", error);
    smri_arena_free(&read.arena);
    return status;
}

TEST(the_format_of_a_file_is_checked) {
    smr_error error = unit_error();
    expect_ok(check_format("{}", &error), &error);
    expect_ok(check_format("[]", &error), &error);
    expect_ok(check_format("{\"format\": null}", &error), &error);
    expect_ok(check_format("{\"format\": \"smartregion-plan/1\"}", &error), &error);
    static const struct {
        const char *text;
        int32_t code;
        const char *message;
    } cases[] = {
        {"{\"format\": 1}", SMR_MESSAGE_JSON_TYPE, "found the number 1, expected a text"},
        {"{\"format\": \"smartregion-plan/2\"}", SMR_MESSAGE_JSON_FORMAT_NEWER,
         "format \"smartregion-plan/2\" is newer than this library, which reads up to \"smartregion-plan/1\""},
        {"{\"format\": \"smartregion-plan/99999999999999999999\"}", SMR_MESSAGE_JSON_FORMAT_NEWER,
         "format \"smartregion-plan/99999999999999999999\" is newer than this library, which reads up to "
         "\"smartregion-plan/1\""},
        {"{\"format\": \"smartregion-model/1\"}", SMR_MESSAGE_JSON_FORMAT_OTHER,
         "found format \"smartregion-model/1\", expected \"smartregion-plan/1\""},
        {"{\"format\": \"smartregion-plan\"}", SMR_MESSAGE_JSON_FORMAT_OTHER,
         "found format \"smartregion-plan\", expected \"smartregion-plan/1\""},
        {"{\"format\": \"smartregion-plan/\"}", SMR_MESSAGE_JSON_FORMAT_OTHER,
         "found format \"smartregion-plan/\", expected \"smartregion-plan/1\""},
        {"{\"format\": \"smartregion-plan/0\"}", SMR_MESSAGE_JSON_FORMAT_OTHER,
         "found format \"smartregion-plan/0\", expected \"smartregion-plan/1\""},
        {"{\"format\": \"smartregion-plan/1a\"}", SMR_MESSAGE_JSON_FORMAT_OTHER,
         "found format \"smartregion-plan/1a\", expected \"smartregion-plan/1\""},
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        expect_fails(check_format(cases[i].text, &error), &error, cases[i].code);
        expect_text(error.message, cases[i].message);
        expect_text(error.subject, "format");
        expect_text(error.source, "file");
    }
    expect_fails(check_format("{\"format\": \"smartregion-plan/2\"}", &error), &error, SMR_MESSAGE_JSON_FORMAT_NEWER);
    expect_equal_int(error.status, SMR_ERROR_UNSUPPORTED);
}

TEST(a_value_is_described) {
    static const struct {
        const char *text, *description;
    } cases[] = {
        {"null", "null"},
        {"true", "true"},
        {"false", "false"},
        {"-2.50", "the number -2.5"},
        {"\"a\"", "the text \"a\""},
        {"[1]", "a list"},
        {"{}", "an object"},
        {"\"0123456789012345678901234567890123456789012345678901234567890123456789\"",
         "the text \"0123456789012345678901234567890123456789012345678901\""},
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        document read = read_text(cases[i].text);
        char description[SMRI_EXCERPT_SIZE];
        smri_json_describe(read.root, description);
        expect_text(description, cases[i].description);
        smri_arena_free(&read.arena);
    }
}

static const unit_test tests[] = {
    UNIT(every_type_is_read),
    UNIT(members_keep_their_order),
    UNIT(numbers_are_read_to_the_bit),
    UNIT(the_locale_of_the_program_changes_nothing),
    UNIT(texts_are_read_with_their_escapes),
    UNIT(a_byte_order_mark_is_skipped),
    UNIT(a_mistake_is_told_with_its_place),
    UNIT(a_zero_byte_is_no_end),
    UNIT(a_text_ends_where_its_length_says),
    UNIT(limits_of_the_context_hold),
    UNIT(a_deep_text_is_refused),
    UNIT(every_allocation_may_fail),
    UNIT(jansson_may_have_no_memory),
    UNIT(the_format_of_a_file_is_checked),
    UNIT(a_value_is_described),
};
UNIT_SUITE(json, tests)
