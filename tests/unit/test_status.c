/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <string.h>

#include "base/base_impl.h"

TEST(every_status_has_its_name) {
    static const char *const names[] = {"ok",        "memory",    "argument",    "format", "data",
                                        "framework", "plan",      "limit",       "read",   "write",
                                        "cancelled", "not_found", "unsupported", "compute"};
    for (size_t i = 0; i < SMRI_COUNT(names); i++) {
        expect_text(smr_status_name((smr_status)i), names[i]);
    }
    expect_equal_int(SMR_ERROR_COMPUTE, SMRI_COUNT(names) - 1);
    expect_text(smr_status_name(-1), "unknown");
    expect_text(smr_status_name((smr_status)SMRI_COUNT(names)), "unknown");
    expect_text(smr_status_name(INT32_MIN), "unknown");
    expect_text(smr_status_name(INT32_MAX), "unknown");
}

TEST(messages_are_found_by_code) {
    static const struct {
        int32_t code;
        const char *name;
        smr_status status;
        const char *message;
    } cases[] = {
        {SMR_MESSAGE_OUT_OF_MEMORY, "out_of_memory", SMR_ERROR_MEMORY, "out of memory"},
        {SMR_MESSAGE_CANCELLED, "cancelled", SMR_ERROR_CANCELLED, "cancelled by the progress callback"},
        {SMR_MESSAGE_READ_FAILED, "read_failed", SMR_ERROR_READ, "cannot be read"},
        {SMR_MESSAGE_WRITE_FAILED, "write_failed", SMR_ERROR_WRITE, "cannot be written"},
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        smr_error error = unit_error();
        expect_text(smr_message_name(cases[i].code), cases[i].name);
        expect_equal_int(smri_fail_plain(&error, cases[i].code, NULL), cases[i].status);
        expect_equal_int(error.status, cases[i].status);
        expect_equal_int(error.code, cases[i].code);
        expect_equal_int(error.severity, SMR_SEVERITY_ERROR);
        expect_text(error.message, cases[i].message);
    }
    expect_text(smr_message_name(SMR_MESSAGE_NONE), "none");
    expect_text(smr_message_name(-1), "unknown");
    expect_text(smr_message_name(INT32_MAX), "unknown");
}

TEST(a_new_record_is_empty) {
    smr_error error;
    memset(&error, 0xff, sizeof error);
    smr_error_init(&error, sizeof error);
    smr_error expected;
    memset(&expected, 0, sizeof expected);
    expected.size = sizeof expected;
    expect_bytes(&error, &expected, sizeof error);
    smr_error_init(NULL, sizeof error);
}

TEST(a_record_is_initialised_to_its_own_size_only) {
    unsigned char bytes[8];
    memset(bytes, 0xff, sizeof bytes);
    smr_error_init((smr_error *)(void *)bytes, 3); /* cannot even hold its size */
    for (size_t i = 0; i < sizeof bytes; i++) {
        expect_equal_int(bytes[i], 0xff);
    }
    smr_error_init((smr_error *)(void *)bytes, 4);
    uint32_t size;
    memcpy(&size, bytes, sizeof size);
    expect_equal_uint(size, 4);
    expect_equal_int(bytes[4], 0xff);
    struct {
        smr_error error;
        unsigned char more[16];
    } longer;
    memset(&longer, 0xff, sizeof longer);
    smr_error_init(&longer.error, sizeof longer);
    expect_equal_uint(longer.error.size, sizeof longer);
    for (size_t i = 0; i < sizeof longer.more; i++) {
        expect_equal_int(longer.more[i], 0);
    }
    longer.more[0] = 7;
    expect_equal_int(smri_fail_memory(&longer.error), SMR_ERROR_MEMORY);
    expect_equal_uint(longer.error.size, sizeof longer);
    expect_text(longer.error.message, "out of memory");
    expect_equal_int(longer.more[0], 7);
}

TEST(a_record_too_short_is_left_alone) {
    smr_error error = unit_error();
    error.size = 16;
    expect_equal_int(smri_fail_memory(&error), SMR_ERROR_MEMORY);
    expect_equal_int(error.status, SMR_OK);
    expect_text(error.message, "");
    expect_equal_int(smri_fail_memory(NULL), SMR_ERROR_MEMORY);
}

TEST(the_place_is_written) {
    smr_error error = unit_error();
    smri_place place = {.source = "data.csv", .row = 17, .column = 4, .byte = UINT64_C(5000000000), .subject = "gdp"};
    expect_equal_int(smri_fail(&error, SMR_MESSAGE_LIMIT_PASSED, &place, "a field", "10 bytes"), SMR_ERROR_LIMIT);
    expect_text(error.source, "data.csv");
    expect_text(error.subject, "gdp");
    expect_equal_uint(error.row, 17);
    expect_equal_uint(error.column, 4);
    expect_equal_uint(error.byte, UINT64_C(5000000000));
    expect_text(error.message, "a field is beyond the limit of 10 bytes");
    expect_equal_int(smri_fail_memory(&error), SMR_ERROR_MEMORY); /* nothing of the earlier one stays */
    expect_text(error.source, "");
    expect_text(error.subject, "");
    expect_equal_uint(error.row, 0);
}

TEST(a_missing_text_is_nothing) {
    smr_error error = unit_error();
    expect_fails(smri_fail(&error, SMR_MESSAGE_NAME_UNKNOWN, NULL, "method", "x", NULL), &error,
                 SMR_MESSAGE_NAME_UNKNOWN);
    expect_text(error.message, "method \"x\" is unknown");
    expect_fails(smri_fail(&error, SMR_MESSAGE_NAME_UNKNOWN, NULL, "method"), &error, SMR_MESSAGE_NAME_UNKNOWN);
    expect_text(error.message, "method \"\" is unknown");
}

TEST(a_text_with_braces_is_not_filled_in) {
    smr_error error = unit_error();
    smri_fail(&error, SMR_MESSAGE_NAME_UNKNOWN, NULL, "{}", "{}%s", "!");
    expect_text(error.message, "{} \"{}%s\" is unknown!");
}

TEST(a_text_may_lie_in_the_record_itself) {
    smr_error error = unit_error();
    smri_place place = {.source = "a.json", .subject = "$.plan"};
    smri_fail(&error, SMR_MESSAGE_NAME_UNKNOWN, &place, "method", "foo", "");
    smri_place again = {.source = error.subject, .subject = error.source};
    smri_fail(&error, SMR_MESSAGE_BAD_ARGUMENT, &again, error.message, error.source);
    expect_text(error.message, "wrong call: method \"foo\" is unknown a.json");
    expect_text(error.source, "$.plan");
    expect_text(error.subject, "a.json");
}

TEST(hostile_text_becomes_one_clean_line) {
    static const struct {
        const char *text, *shown;
    } cases[] = {
        {"Đà Nẵng 🏙", "Đà Nẵng 🏙"},
        {"a\nb\tc\x1b[31m", "a\\x0ab\\x09c\\x1b[31m"},
        {"\x7f", "\\x7f"},
        {"\xff\xfe", "\\xff\\xfe"},
        {"\xc3", "\\xc3"},
        {"\xe1\xba", "\\xe1\\xba"},
        {"x\xe1\xbay", "x\\xe1\\xbay"},
        {"\xc0\xaf", "\\xc0\\xaf"},          /* overlong */
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"}, /* surrogate */
        {"\xc2\x85", "\\xc2\\x85"},          /* next line */
        {"\xe2\x80\xae"
         "abc",
         "\\xe2\\x80\\xaeabc"},              /* right-to-left override */
        {"\xe2\x81\xa6", "\\xe2\\x81\\xa6"}, /* isolate */
        {"\xc2\xa0", "\xc2\xa0"},            /* a space that does not break is fine */
        {"\xe2\x80\x93", "\xe2\x80\x93"},    /* a dash is fine */
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        smr_error error = unit_error();
        smri_place place = {.source = cases[i].text, .subject = cases[i].text};
        smri_fail(&error, SMR_MESSAGE_KERNEL_UNKNOWN, &place, cases[i].text);
        char expected[128] = "kernel \"";
        strcat(expected, cases[i].shown);
        strcat(expected, "\" is unknown or cannot run on this processor");
        expect_text(error.message, expected);
        expect_text(error.subject, cases[i].shown);
        expect_text(error.source, cases[i].shown);
    }
}

static void fill(char *text, size_t length, const char *unit) {
    size_t step = strlen(unit);
    size_t used = 0;
    for (; used + step <= length; used += step) {
        memcpy(text + used, unit, step);
    }
    text[used] = '\0';
}

TEST(a_huge_text_leaves_room_for_the_others) {
    static char huge[100001];
    fill(huge, sizeof huge - 1, "ễ");
    smr_error error = unit_error();
    smri_fail(&error, SMR_MESSAGE_NAME_UNKNOWN, NULL, "column", huge, "; expected one of population, area");
    size_t length = strlen(error.message);
    expect(length > SMR_ERROR_MESSAGE_SIZE - 8 && length < SMR_ERROR_MESSAGE_SIZE);
    expect_equal_uint(smri_utf8_check(error.message, length), length);
    expect(strncmp(error.message, "column \"ễễễ", 8 + 9) == 0);
    expect(strstr(error.message, "ễ...\" is unknown; expected one of population, area") != NULL);

    smri_fail(&error, SMR_MESSAGE_NAME_UNKNOWN, NULL, "column", huge, huge); /* both are cut alike */
    length = strlen(error.message);
    const char *first_end = strstr(error.message, "...\" is unknown");
    expect(first_end != NULL);
    expect(first_end > error.message + 200 && first_end < error.message + 280);
    expect_text(error.message + length - 3, "...");

    smri_place place = {.source = huge, .subject = huge};
    smri_fail_texts(&error, SMR_MESSAGE_OUT_OF_MEMORY, &place, NULL, 0);
    expect(strlen(error.source) > SMR_ERROR_SOURCE_SIZE - 5);
    expect(strlen(error.subject) > SMR_ERROR_SUBJECT_SIZE - 5);
    expect_equal_uint(smri_utf8_check(error.subject, strlen(error.subject)), strlen(error.subject));
    expect_text(error.subject + strlen(error.subject) - 3, "...");
}

TEST(a_text_that_just_fits_is_whole) {
    char text[SMR_ERROR_SUBJECT_SIZE + 1];
    smr_error error = unit_error();
    smri_place place = {.subject = text};
    fill(text, SMR_ERROR_SUBJECT_SIZE - 1, "a");
    smri_fail_texts(&error, SMR_MESSAGE_OUT_OF_MEMORY, &place, NULL, 0);
    expect_text(error.subject, text);
    fill(text, SMR_ERROR_SUBJECT_SIZE, "a");
    smri_fail_texts(&error, SMR_MESSAGE_OUT_OF_MEMORY, &place, NULL, 0);
    expect_equal_uint(strlen(error.subject), SMR_ERROR_SUBJECT_SIZE - 1);
    expect_text(error.subject + SMR_ERROR_SUBJECT_SIZE - 5, "a...");
}

TEST(a_wrong_argument_says_which_and_why) {
    smr_error error = unit_error();
    expect_fails(smri_fail_argument(&error, "scores", "must not be NULL"), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect_equal_int(error.status, SMR_ERROR_ARGUMENT);
    expect_text(error.message, "wrong call: scores must not be NULL");
}

typedef struct sample {
    uint32_t size;
    uint32_t count;
    double share;
} sample;

typedef struct newer_sample {
    sample old;
    double added, more;
} newer_sample;

static const sample sample_defaults = {sizeof(sample), 3, 0.5};

TEST(options_keep_defaults_when_none_are_given) {
    sample known = sample_defaults;
    smr_error error = unit_error();
    expect_ok(smri_options_read(&known, sizeof known, NULL, "options", &error), &error);
    expect_bytes(&known, &sample_defaults, sizeof known);
}

TEST(options_of_the_same_size_are_copied) {
    sample known = sample_defaults;
    sample given = {sizeof given, 0, 0.25};
    smr_error error = unit_error();
    expect_ok(smri_options_read(&known, sizeof known, &given, "options", &error), &error);
    expect_equal_uint(known.count, 0);
    expect_same_bits(known.share, 0.25);
}

TEST(options_of_an_older_program_keep_the_new_defaults) {
    sample known = sample_defaults;
    sample given = {offsetof(sample, share), 9, 0.25};
    smr_error error = unit_error();
    expect_ok(smri_options_read(&known, sizeof known, &given, "options", &error), &error);
    expect_equal_uint(known.size, sizeof known);
    expect_equal_uint(known.count, 9);
    expect_same_bits(known.share, 0.5);
}

TEST(options_of_a_newer_program_are_taken_when_the_tail_is_zero) {
    sample known = sample_defaults;
    newer_sample given = {{sizeof given, 9, 0.25}, 0, 0};
    smr_error error = unit_error();
    expect_ok(smri_options_read(&known, sizeof known, &given, "options", &error), &error);
    expect_equal_uint(known.size, sizeof known);
    expect_equal_uint(known.count, 9);
    for (size_t i = sizeof(sample); i < sizeof given; i++) {
        newer_sample wrong = given;
        ((unsigned char *)&wrong)[i] = 1;
        known = sample_defaults;
        expect_fails(smri_options_read(&known, sizeof known, &wrong, "sample", &error), &error,
                     SMR_MESSAGE_UNKNOWN_OPTION_BYTES);
        expect_text(error.message, "sample is larger than this library knows and its tail is not zero");
        expect_bytes(&known, &sample_defaults, sizeof known);
    }
}

TEST(options_without_a_size_are_refused) {
    static const uint32_t sizes[] = {0, 3, 65537, UINT32_MAX};
    for (size_t i = 0; i < SMRI_COUNT(sizes); i++) {
        sample known = sample_defaults;
        sample given = {sizes[i], 9, 0.25};
        smr_error error = unit_error();
        expect_fails(smri_options_read(&known, sizeof known, &given, "sample", &error), &error,
                     SMR_MESSAGE_BAD_ARGUMENT);
        expect_bytes(&known, &sample_defaults, sizeof known);
    }
}

TEST(options_are_initialised_to_the_size_of_the_caller) {
    newer_sample longer;
    memset(&longer, 0xff, sizeof longer);
    smri_options_init(&longer, sizeof longer, &sample_defaults, sizeof sample_defaults);
    expect_equal_uint(longer.old.size, sizeof longer);
    expect_equal_uint(longer.old.count, 3);
    expect_same_bits(longer.old.share, 0.5);
    expect_same_bits(longer.added, 0);
    expect_same_bits(longer.more, 0);

    sample shorter;
    memset(&shorter, 0xff, sizeof shorter);
    smri_options_init(&shorter, offsetof(sample, share), &sample_defaults, sizeof sample_defaults);
    expect_equal_uint(shorter.size, offsetof(sample, share));
    expect_equal_uint(shorter.count, 3);
    expect_equal_uint(unit_bits(shorter.share), UINT64_MAX);
    smri_options_init(&shorter, 4, &sample_defaults, sizeof sample_defaults);
    expect_equal_uint(shorter.size, 4);
    smri_options_init(&shorter, 3, &sample_defaults, sizeof sample_defaults);
    expect_equal_uint(shorter.size, 4);
    smri_options_init(NULL, sizeof shorter, &sample_defaults, sizeof sample_defaults);
}

static const unit_test tests[] = {
    UNIT(every_status_has_its_name),
    UNIT(messages_are_found_by_code),
    UNIT(a_new_record_is_empty),
    UNIT(a_record_is_initialised_to_its_own_size_only),
    UNIT(a_record_too_short_is_left_alone),
    UNIT(the_place_is_written),
    UNIT(a_missing_text_is_nothing),
    UNIT(a_text_with_braces_is_not_filled_in),
    UNIT(a_text_may_lie_in_the_record_itself),
    UNIT(hostile_text_becomes_one_clean_line),
    UNIT(a_huge_text_leaves_room_for_the_others),
    UNIT(a_text_that_just_fits_is_whole),
    UNIT(a_wrong_argument_says_which_and_why),
    UNIT(options_keep_defaults_when_none_are_given),
    UNIT(options_of_the_same_size_are_copied),
    UNIT(options_of_an_older_program_keep_the_new_defaults),
    UNIT(options_of_a_newer_program_are_taken_when_the_tail_is_zero),
    UNIT(options_without_a_size_are_refused),
    UNIT(options_are_initialised_to_the_size_of_the_caller),
};
UNIT_SUITE(status, tests)
