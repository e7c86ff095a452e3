/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for sanitizers and slow machines; CK_TIMEOUT_MULTIPLIER stretches it further. */
#define SECONDS_A_TEST 60.0

/* A cap on the quoted part of a long text: what differs is told by its offset. */
#define QUOTED 200

Suite *unit_suite(const char *name, const unit_test *tests, size_t count) {
    Suite *suite = suite_create(name);
    for (size_t i = 0; i < count; i++) {
        TCase *test_case = tcase_create(tests[i].name);
        tcase_set_timeout(test_case, SECONDS_A_TEST);
        tcase_add_test(test_case, &tests[i]);
        suite_add_tcase(suite, test_case);
    }
    return suite;
}

void unit_failed(const char *file, int line, const char *expression, const char *what) {
    _ck_assert_failed(file, line, "Failed", "%s %s", expression, what);
}

void unit_expect_int(const char *file, int line, const char *expression, int64_t found, int64_t expected) {
    if (found != expected) {
        _ck_assert_failed(file, line, "Failed", "%s is %" PRId64 ", expected %" PRId64, expression, found, expected);
    }
}

void unit_expect_uint(const char *file, int line, const char *expression, uint64_t found, uint64_t expected) {
    if (found != expected) {
        _ck_assert_failed(file, line, "Failed",
                          "%s is %" PRIu64 " (0x%" PRIx64 "), expected %" PRIu64 " (0x%" PRIx64 ")", expression, found,
                          found, expected, expected);
    }
}

void unit_expect_text(const char *file, int line, const char *expression, const char *found, const char *expected) {
    if (found == NULL && expected == NULL) {
        return;
    }
    if (found == NULL || expected == NULL) {
        _ck_assert_failed(file, line, "Failed", "%s is %s, expected %s", expression, found ? found : "NULL",
                          expected ? expected : "NULL");
    }
    size_t same = 0;
    while (found[same] != '\0' && found[same] == expected[same]) {
        same++;
    }
    if (found[same] != expected[same]) {
        _ck_assert_failed(file, line, "Failed", "%s is \"%.*s\", expected \"%.*s\": they differ at byte %zu",
                          expression, QUOTED, found, QUOTED, expected, same);
    }
}

void unit_expect_bytes(const char *file, int line, const char *expression, const void *found, const void *expected,
                       size_t length) {
    const unsigned char *a = found;
    const unsigned char *b = expected;
    for (size_t i = 0; i < length; i++) {
        if (a[i] != b[i]) {
            _ck_assert_failed(file, line, "Failed", "byte %zu of %s is 0x%02x, expected 0x%02x", i, expression, a[i],
                              b[i]);
        }
    }
}

void unit_expect_near(const char *file, int line, const char *expression, double found, double expected,
                      double tolerance) {
    if (!(found == expected || fabs(found - expected) <= tolerance)) {
        _ck_assert_failed(file, line, "Failed", "%s is %.17g, expected %.17g within %g: off by %.3g", expression, found,
                          expected, tolerance, found - expected);
    }
}

void unit_expect_bits(const char *file, int line, const char *expression, double found, double expected) {
    if (unit_bits(found) != unit_bits(expected)) {
        _ck_assert_failed(file, line, "Failed", "%s is %.17g (%016" PRIx64 "), expected %.17g (%016" PRIx64 ")",
                          expression, found, unit_bits(found), expected, unit_bits(expected));
    }
}

void unit_expect_nan(const char *file, int line, const char *expression, double found) {
    if (found == found) {
        _ck_assert_failed(file, line, "Failed", "%s is %.17g, expected NaN", expression, found);
    }
}

void unit_expect_ok(const char *file, int line, const char *expression, smr_status status, const smr_error *error) {
    if (status != SMR_OK) {
        _ck_assert_failed(file, line, "Failed", "%s returns %s: %s: %s (row %" PRIu64 ", column %" PRIu64 ", %s)",
                          expression, smr_status_name(status), smr_message_name(error->code), error->message,
                          error->row, error->column, error->subject);
    }
}

void unit_expect_fails(const char *file, int line, const char *expression, smr_status status, const smr_error *error,
                       int32_t code) {
    if (status == SMR_OK) {
        _ck_assert_failed(file, line, "Failed", "%s succeeds, expected %s", expression, smr_message_name(code));
    }
    if (error->code != code || error->status != status) {
        _ck_assert_failed(file, line, "Failed", "%s returns %s, the record says %s %s: %s; expected %s", expression,
                          smr_status_name(status), smr_status_name(error->status), smr_message_name(error->code),
                          error->message, smr_message_name(code));
    }
}

smr_error unit_error(void) {
    smr_error error;
    smr_error_init(&error, sizeof error);
    return error;
}

double unit_double(uint64_t bits) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

uint64_t unit_bits(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

bool unit_long_double_is_wide(void) {
    volatile long double one = 1;
    volatile long double sum = one + 0x1p-60L;
    if (sum == one) {
        fprintf(stderr, "note: long double is no wider than double here\n");
    }
    return sum != one;
}

uint64_t unit_random(uint64_t *state) {
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

char *unit_points(char *text) {
    for (char *comma = text; (comma = strchr(comma, ',')) != NULL;) {
        *comma = '.';
    }
    return text;
}

double unit_random_unit(uint64_t *state) {
    return (double)(unit_random(state) >> 11) * 0x1p-53;
}
