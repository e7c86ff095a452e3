/* SPDX-License-Identifier: MIT */
#ifndef UNIT_H
#define UNIT_H

/* The unit tests' own few words over Check. A test file reads:
 *
 *     #include "unit.h"
 *     TEST(empty_text_is_missing) { expect(...); }
 *     static const unit_test tests[] = {UNIT(empty_text_is_missing)};
 *     UNIT_SUITE(number, tests)
 *
 * and its name stands in tests/unit/meson.build. An expectation that holds costs one comparison, so that a test may
 * make millions of them. The value found stands first, the value expected second. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <check.h>

#include <smartregion/common.h>

typedef TTest unit_test;

#define TEST(name) static void name(int unit_loop CK_ATTRIBUTE_UNUSED)
#define UNIT(name) \
    { #name, name, __FILE__, __LINE__ }
/* Defines `Suite *NAME_suite(void)`. No semicolon after it. */
#define UNIT_SUITE(name, tests) \
    Suite *name##_suite(void); \
    Suite *name##_suite(void) { \
        return unit_suite(#name, tests, sizeof(tests) / sizeof((tests)[0])); \
    }

#define expect(condition) ((condition) ? (void)0 : unit_failed(__FILE__, __LINE__, #condition, "is false"))
#define expect_equal_int(found, expected) \
    unit_expect_int(__FILE__, __LINE__, #found, (int64_t)(found), (int64_t)(expected))
#define expect_equal_uint(found, expected) \
    unit_expect_uint(__FILE__, __LINE__, #found, (uint64_t)(found), (uint64_t)(expected))
/* Two texts, or NULL twice. */
#define expect_text(found, expected) unit_expect_text(__FILE__, __LINE__, #found, (found), (expected))
#define expect_bytes(found, expected, length) \
    unit_expect_bytes(__FILE__, __LINE__, #found, (found), (expected), (length))
/* |found - expected| <= tolerance, or both the same infinity; a NaN is near nothing. Tolerance 0: equal (0 is -0). */
#define expect_near(found, expected, tolerance) \
    unit_expect_near(__FILE__, __LINE__, #found, (found), (expected), (tolerance))
/* The same 64 bits: tells 0 from -0, and takes NaN for itself. */
#define expect_same_bits(found, expected) unit_expect_bits(__FILE__, __LINE__, #found, (found), (expected))
#define expect_nan(found) unit_expect_nan(__FILE__, __LINE__, #found, (found))
/* The call succeeds; otherwise shows what *error says. */
#define expect_ok(call, error) unit_expect_ok(__FILE__, __LINE__, #call, (call), (error))
/* The call fails with this SMR_MESSAGE_ code in *error, and returns the status that *error carries. */
#define expect_fails(call, error, message_code) \
    unit_expect_fails(__FILE__, __LINE__, #call, (call), (error), (message_code))

/* The context that tests compute with. Its kernel is SMR_TEST_KERNEL and its threads are SMR_TEST_THREADS where the
 * environment sets them. The same one throughout; not to be given back. */
smr_context *unit_context(void);
/* An empty record. */
smr_error unit_error(void);
/* The same bits as this pattern. */
double unit_double(uint64_t bits);
uint64_t unit_bits(double value);
/* Whether long double carries at least 64 bits here, for tests that take it as the exact value. Valgrind computes it in
 * double, whatever the compiler says. Where it does not, the log says so. */
bool unit_long_double_is_wide(void);
/* Numbers for tests that draw inputs: the same in every run (SplitMix64). *state is any seed. */
uint64_t unit_random(uint64_t *state);
/* Uniform in [0, 1). */
double unit_random_unit(uint64_t *state);
/* Makes a point of each comma that the locale wrote: for texts that hold numbers alone. Returns the text. */
char *unit_points(char *text);

/* ---- what the macros call ---- */

Suite *unit_suite(const char *name, const unit_test *tests, size_t count);
CK_ATTRIBUTE_NORETURN void unit_failed(const char *file, int line, const char *expression, const char *what);
void unit_expect_int(const char *file, int line, const char *expression, int64_t found, int64_t expected);
void unit_expect_uint(const char *file, int line, const char *expression, uint64_t found, uint64_t expected);
void unit_expect_text(const char *file, int line, const char *expression, const char *found, const char *expected);
void unit_expect_bytes(const char *file, int line, const char *expression, const void *found, const void *expected,
                       size_t length);
void unit_expect_near(const char *file, int line, const char *expression, double found, double expected,
                      double tolerance);
void unit_expect_bits(const char *file, int line, const char *expression, double found, double expected);
void unit_expect_nan(const char *file, int line, const char *expression, double found);
void unit_expect_ok(const char *file, int line, const char *expression, smr_status status, const smr_error *error);
void unit_expect_fails(const char *file, int line, const char *expression, smr_status status, const smr_error *error,
                       int32_t code);

#endif
