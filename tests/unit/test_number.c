/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <float.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/base_impl.h"

typedef struct read_case {
    const char *text;
    uint64_t bits;
} read_case;

typedef struct write_case {
    uint64_t bits;
    const char *text;
} write_case;

typedef struct fixed_case {
    uint64_t bits;
    int decimals;
    const char *text;
} fixed_case;

#include "number_cases.inc"

static double read_plain(const char *text) {
    double value;
    if (smri_number_read(text, strlen(text), SMRI_NUMBER_PLAIN, &value) != SMRI_NUMBER_OK) {
        ck_abort_msg("\"%.60s\" is no number", text);
    }
    return value;
}

TEST(hard_texts_read_to_the_nearest_double) {
    for (size_t i = 0; i < SMRI_COUNT(read_cases); i++) {
        double value = read_plain(read_cases[i].text);
        if (unit_bits(value) != read_cases[i].bits) {
            ck_abort_msg("\"%.60s\" reads as %a, expected %a", read_cases[i].text, value,
                         unit_double(read_cases[i].bits));
        }
    }
}

TEST(texts_beyond_the_range_are_infinite) {
    double value;
    for (size_t i = 0; i < SMRI_COUNT(beyond_texts); i++) {
        expect_equal_int(smri_number_read(beyond_texts[i], strlen(beyond_texts[i]), SMRI_NUMBER_PLAIN, &value),
                         SMRI_NUMBER_INFINITE);
        expect_nan(value);
    }
    static const char *const words[] = {"inf", "INF", "-Inf", "+inf", "Infinity", "-INFINITY", " infinity "};
    for (size_t i = 0; i < SMRI_COUNT(words); i++) {
        expect_equal_int(smri_number_read(words[i], strlen(words[i]), SMRI_NUMBER_PLAIN, &value), SMRI_NUMBER_INFINITE);
    }
}

typedef struct format_case {
    const char *text;
    struct {
        smri_number_result result;
        double value;
    } plain, en, vi;
} format_case;

#define IS(number) {SMRI_NUMBER_OK, number}
#define OTHER {SMRI_NUMBER_GROUPED, 0}
#define NOT {SMRI_NUMBER_INVALID, 0}
#define ABSENT {SMRI_NUMBER_MISSING, 0}

static const format_case format_cases[] = {
    {"0", IS(0), IS(0), IS(0)},
    {"-7", IS(-7), IS(-7), IS(-7)},
    {"+7", IS(7), IS(7), IS(7)},
    {"007", IS(7), IS(7), IS(7)},
    {"12345678", IS(12345678), IS(12345678), IS(12345678)},
    {"1e-3", IS(0.001), IS(0.001), IS(0.001)},
    {"1E+3", IS(1000), IS(1000), IS(1000)},
    {"1234.5", IS(1234.5), IS(1234.5), OTHER},
    {"7.23", IS(7.23), IS(7.23), OTHER},
    {"7,23", OTHER, OTHER, IS(7.23)},
    {"0.125", IS(0.125), IS(0.125), OTHER},
    {"0,125", OTHER, OTHER, IS(0.125)},
    {"-0,5", OTHER, OTHER, IS(-0.5)},
    {".5", IS(0.5), IS(0.5), OTHER},
    {",5", OTHER, OTHER, IS(0.5)},
    {"-.5e1", IS(-5), IS(-5), OTHER},
    {"5.", IS(5), IS(5), OTHER},
    {"5,", OTHER, OTHER, IS(5)},
    {"12.670", IS(12.67), IS(12.67), IS(12670)},
    {"12,670", OTHER, IS(12670), IS(12.67)},
    {"1,234.5", OTHER, IS(1234.5), OTHER},
    {"1.234,5", OTHER, OTHER, IS(1234.5)},
    {"1.234.567", OTHER, OTHER, IS(1234567)},
    {"1,234,567", OTHER, IS(1234567), OTHER},
    {"-123,456,789.25", OTHER, IS(-123456789.25), OTHER},
    {"-123.456.789,25", OTHER, OTHER, IS(-123456789.25)},
    {"1.234,5e2", OTHER, OTHER, IS(123450)},
    {"123,456,789,123,456,789,123,456", OTHER, IS(123456789123456789123456.0), OTHER},
    {"123.456.789.123.456.789.123,456", OTHER, OTHER, IS(123456789123456789123.456)},
    {"1234,567", OTHER, OTHER, IS(1234.567)},
    {"1234.567", IS(1234.567), IS(1234.567), OTHER},
    {"1,23,456", NOT, NOT, NOT},
    {"12,34", OTHER, OTHER, IS(12.34)},
    {"1,2345", OTHER, OTHER, IS(1.2345)},
    {"1,234,56", NOT, NOT, NOT},
    {"1234,567,890", NOT, NOT, NOT},
    {"1,234.567,8", NOT, NOT, NOT},
    {"1.234,567.8", NOT, NOT, NOT},
    {"0,123,456", NOT, NOT, NOT},
    {"1,,234", NOT, NOT, NOT},
    {",123,456", NOT, NOT, NOT},
    {"1 234", NOT, NOT, NOT},
    {"12%", NOT, NOT, NOT},
    {"12.5kg", NOT, NOT, NOT},
    {"1e", NOT, NOT, NOT},
    {"1e+", NOT, NOT, NOT},
    {"1e5.0", NOT, NOT, NOT},
    {"e5", NOT, NOT, NOT},
    {".", NOT, NOT, NOT},
    {",", NOT, NOT, NOT},
    {"+", NOT, NOT, NOT},
    {"--1", NOT, NOT, NOT},
    {"+-1", NOT, NOT, NOT},
    {"1-2", NOT, NOT, NOT},
    {"1.2.3", NOT, NOT, NOT},
    {"0x10", NOT, NOT, NOT},
    {"1:30", NOT, NOT, NOT},
    {"12345678/", NOT, NOT, NOT},
    {"1234567:", NOT, NOT, NOT},
    {"12345678901234x6", NOT, NOT, NOT},
    {"\357\274\221", NOT, NOT, NOT}, /* U+FF11, a full-width 1 */
    {"\342\210\2221", NOT, NOT, NOT}, /* U+2212, the minus sign of typesetters */
    {"infinit", NOT, NOT, NOT},
    {"nan1", NOT, NOT, NOT},
    {"-nan", NOT, NOT, NOT},
    {"N/A", NOT, NOT, NOT},
    {"...", NOT, NOT, NOT},
    {"", ABSENT, ABSENT, ABSENT},
    {"   ", ABSENT, ABSENT, ABSENT},
    {"NA", ABSENT, ABSENT, ABSENT},
    {"na", ABSENT, ABSENT, ABSENT},
    {"NaN", ABSENT, ABSENT, ABSENT},
    {"nan", ABSENT, ABSENT, ABSENT},
    {":", ABSENT, ABSENT, ABSENT},
    {"..", ABSENT, ABSENT, ABSENT},
    {"-", ABSENT, ABSENT, ABSENT},
    {" : ", ABSENT, ABSENT, ABSENT},
    {"\302\240", ABSENT, ABSENT, ABSENT},
    {" 12 ", IS(12), IS(12), IS(12)},
    {"\t12\r\n", IS(12), IS(12), IS(12)},
    {"\302\240-12\342\200\257", IS(-12), IS(-12), IS(-12)},
    {" \302\240 1e2 \302\240\342\200\257 ", IS(100), IS(100), IS(100)},
    {"1\302\240234", NOT, NOT, NOT},
    {"\302", NOT, NOT, NOT},
    {"12\302", NOT, NOT, NOT},
    {"\342\200\25012", NOT, NOT, NOT}, /* U+2028 is no blank here */
};

TEST(every_format_takes_its_own_texts_only) {
    for (size_t i = 0; i < SMRI_COUNT(format_cases); i++) {
        const format_case *c = &format_cases[i];
        const smri_number_format formats[] = {SMRI_NUMBER_PLAIN, SMRI_NUMBER_EN, SMRI_NUMBER_VI};
        const smri_number_result results[] = {c->plain.result, c->en.result, c->vi.result};
        const double values[] = {c->plain.value, c->en.value, c->vi.value};
        for (size_t f = 0; f < 3; f++) {
            double value = 0;
            smri_number_result result = smri_number_read(c->text, strlen(c->text), formats[f], &value);
            if (result != results[f] || (result == SMRI_NUMBER_OK ? value != values[f] : value == value)) {
                ck_abort_msg("\"%s\" in format %zu gives %d, %.17g; expected %d, %.17g", c->text, f, (int)result, value,
                             (int)results[f], values[f]);
            }
        }
    }
}

TEST(a_zero_byte_is_no_separator) {
    double value;
    expect_equal_int(smri_number_read("1\000234", 5, SMRI_NUMBER_PLAIN, &value), SMRI_NUMBER_INVALID);
    expect_equal_int(smri_number_read("NA\0", 3, SMRI_NUMBER_PLAIN, &value), SMRI_NUMBER_INVALID);
}

TEST(minus_zero_reads_as_zero) {
    static const char *const zeros[] = {"-0", "-0.0", "-0e5", "-1e-400", "-.0", "-0.00000000000000000000000",
                                        "-0000000000000000000000000", "-2.4703282292062327e-324"};
    for (size_t i = 0; i < SMRI_COUNT(zeros); i++) {
        expect_equal_uint(unit_bits(read_plain(zeros[i])), 0);
    }
}

TEST(bytes_outside_the_text_are_not_read) {
    static const char text[] = "-1234567890.1234567e-5";
    for (size_t length = 1; length < sizeof text; length++) {
        char padded[64], *exact = malloc(length);
        ck_assert_ptr_nonnull(exact);
        memcpy(exact, text, length);
        memset(padded, '9', sizeof padded);
        memcpy(padded + 20, text, length);
        double alone, among;
        smri_number_result result = smri_number_read(exact, length, SMRI_NUMBER_PLAIN, &alone);
        expect_equal_int(smri_number_read(padded + 20, length, SMRI_NUMBER_PLAIN, &among), result);
        expect_same_bits(among, alone);
        free(exact);
    }
}

TEST(every_length_of_digits_reads_exactly) {
    /* Digits before and after the point, in every split of up to 15 of them: the quotient of two exact numbers. */
    static const char digits[] = "918273645546372";
    double power[16] = {1};
    for (int i = 1; i < 16; i++) {
        power[i] = power[i - 1] * 10;
    }
    for (size_t length = 1; length <= 15; length++) {
        double whole = 0;
        for (size_t i = 0; i < length; i++) {
            whole = whole * 10 + (digits[i] - '0');
        }
        for (size_t point = 0; point <= length; point++) {
            char text[20];
            memcpy(text, digits, point);
            text[point] = '.';
            memcpy(text + point + 1, digits + point, length - point);
            text[length + 1] = '\0';
            expect_same_bits(read_plain(text), whole / power[length - point]);
        }
    }
}

TEST(leading_and_trailing_zeros_change_nothing) {
    uint64_t seed = 11;
    for (int i = 0; i < 20000; i++) {
        char text[SMRI_NUMBER_SIZE], longer[128] = "00000000000000000000000";
        double value = (double)(unit_random(&seed) >> 11) / (double)((uint64_t)1 << unit_random(&seed) % 64);
        smri_number_write(text, value);
        char *e = strchr(text, 'e'), exponent[8] = "";
        if (e != NULL) {
            strcpy(exponent, e);
            *e = '\0';
        }
        strcat(longer, text);
        strcat(longer, strchr(text, '.') != NULL ? "000000000000000000000000" : ".00000000000000");
        strcat(longer, exponent);
        expect_same_bits(read_plain(longer), value);
    }
}

TEST(prefix_is_the_longest_number) {
    static const struct {
        const char *text;
        size_t length;
        double value;
    } cases[] = {
        {"12", 2, 12},        {"12,5", 2, 12},     {"-1.5e3x", 6, -1500}, {"+.5", 3, 0.5},   {"-.5]", 3, -0.5},
        {"1.e5", 1, 1},       {"1e", 1, 1},        {"1e+", 1, 1},         {"1e+5+", 4, 1e5}, {"0.25", 4, 0.25},
        {"012", 1, 0},        {"-0", 2, 0},        {"5.", 1, 5},          {"1.5.5", 3, 1.5}, {"1e5e5", 3, 1e5},
        {"123456789.5 ", 11, 123456789.5},         {"1e-400", 6, 0},      {"3*4", 1, 3},     {"2-1", 1, 2},
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        double value;
        size_t length = smri_number_prefix(cases[i].text, strlen(cases[i].text), &value);
        if (length != cases[i].length || unit_bits(value) != unit_bits(cases[i].value)) {
            ck_abort_msg("\"%s\" begins with %zu bytes of %.17g", cases[i].text, length, value);
        }
    }
    static const char *const none[] = {"", "-", "+", ".", "-.", "e5", "x", " 1", "NaN", "inf", "--1", ".e1"};
    for (size_t i = 0; i < SMRI_COUNT(none); i++) {
        double value;
        expect_equal_uint(smri_number_prefix(none[i], strlen(none[i]), &value), 0);
        expect_nan(value);
    }
    double value;
    expect_equal_uint(smri_number_prefix("-1e400", 6, &value), 6);
    expect_same_bits(value, -INFINITY);
    expect_equal_uint(smri_number_prefix("125", 2, &value), 2);
    expect_same_bits(value, 12.0);
}

TEST(shortest_texts_are_those_of_the_reference) {
    for (size_t i = 0; i < SMRI_COUNT(write_cases); i++) {
        char text[SMRI_NUMBER_SIZE];
        size_t length = smri_number_write(text, unit_double(write_cases[i].bits));
        expect_text(text, write_cases[i].text);
        expect_equal_uint(length, strlen(text));
        expect_equal_uint(unit_bits(read_plain(text)), write_cases[i].bits);
    }
}

TEST(special_values_have_their_words) {
    static const struct {
        double value;
        const char *text;
    } cases[] = {{NAN, ""},      {INFINITY, "inf"}, {-INFINITY, "-inf"}, {0.0, "0"},         {-0.0, "0"},
                 {1e-5, "0.00001"}, {9e-6, "9e-6"},    {1e17, "1e17"},      {-1e16, "-10000000000000000"}};
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        char text[SMRI_NUMBER_SIZE] = "?";
        expect_equal_uint(smri_number_write(text, cases[i].value), strlen(cases[i].text));
        expect_text(text, cases[i].text);
    }
}

TEST(written_doubles_read_back) {
    uint64_t seed = 2026;
    for (int i = 0; i < 1200000; i++) {
        double value = unit_double(unit_random(&seed)), back;
        if (value != value || fabs(value) > DBL_MAX) {
            continue;
        }
        char text[SMRI_NUMBER_SIZE];
        size_t length = smri_number_write(text, value);
        if (smri_number_read(text, length, SMRI_NUMBER_PLAIN, &back) != SMRI_NUMBER_OK || back != value) {
            ck_abort_msg("%a is written as \"%s\", which reads as %a", value, text, back);
        }
    }
}

TEST(fixed_decimals_round_the_exact_value) {
    for (size_t i = 0; i < SMRI_COUNT(fixed_cases); i++) {
        char text[400];
        const fixed_case *c = &fixed_cases[i];
        size_t length = smri_number_write_fixed(text, sizeof text, unit_double(c->bits), c->decimals);
        expect_text(text, c->text);
        expect_equal_uint(length, strlen(text));
    }
}

TEST(fixed_decimals_write_all_or_nothing) {
    char text[8];
    memset(text, '?', sizeof text);
    expect_equal_uint(smri_number_write_fixed(text, 6, -12.345, 2), 0);
    expect_text(text, "");
    expect_equal_int(text[1], '?');
    expect_equal_uint(smri_number_write_fixed(text, 7, -12.345, 2), 6);
    expect_text(text, "-12.35");
    expect_equal_int(text[7], '?');
    expect_equal_uint(smri_number_write_fixed(text, 3, INFINITY, 2), 0);
    expect_text(text, "");
    expect_equal_uint(smri_number_write_fixed(text, sizeof text, -INFINITY, 2), 4);
    expect_text(text, "-inf");
    expect_equal_uint(smri_number_write_fixed(text, sizeof text, NAN, 2), 0);
    expect_text(text, "");
    expect_equal_uint(smri_number_write_fixed(text, 0, 1, 2), 0);
    expect_equal_uint(smri_number_write_fixed(text, sizeof text, 3.75, -1), 1); /* as with 0 */
    expect_text(text, "4");
}

/* significand * 2^shift, significand of 128 bits. */
static void set_128(smri_wide *wide, const uint64_t words[2]) {
    smri_wide_set(wide, words[0]);
    smri_wide_shift_left(wide, 32);
    smri_wide_multiply_add(wide, 1, (uint32_t)(words[1] >> 32));
    smri_wide_shift_left(wide, 32);
    smri_wide_multiply_add(wide, 1, (uint32_t)words[1]);
}

static uint32_t bit_length(const smri_wide *wide) {
    uint32_t length = 32 * wide->count;
    for (uint32_t bit = UINT32_C(1) << 31; wide->count > 0 && (wide->limbs[wide->count - 1] & bit) == 0; bit >>= 1) {
        length--;
    }
    return length;
}

TEST(powers_of_ten_hold_the_leading_bits) {
    for (int exponent = SMRI_POWER_MIN; exponent <= SMRI_POWER_MAX; exponent++) {
        const uint64_t *words = smri_powers_of_ten[exponent - SMRI_POWER_MIN];
        expect(words[0] >> 63 == 1);
        /* Both sides scaled to whole numbers: table <= power < table + 1. */
        smri_wide table, next, power;
        set_128(&table, words);
        set_128(&next, words);
        smri_wide_multiply_add(&next, 1, 1);
        smri_wide_set(&power, 1);
        if (exponent < 0) {
            smri_wide_multiply_power_of_5(&table, (uint32_t)-exponent);
            smri_wide_multiply_power_of_5(&next, (uint32_t)-exponent);
            smri_wide_shift_left(&power, bit_length(&table));
        } else {
            smri_wide_multiply_power_of_5(&power, (uint32_t)exponent);
            uint32_t length = bit_length(&power);
            if (length < 128) {
                smri_wide_shift_left(&power, 128 - length);
            } else {
                smri_wide_shift_left(&table, length - 128);
                smri_wide_shift_left(&next, length - 128);
            }
        }
        expect(smri_wide_compare(&table, &power) <= 0);
        expect(smri_wide_compare(&power, &next) < 0);
    }
}

static uint64_t wide_to_word(const smri_wide *wide) {
    return (wide->count > 1 ? (uint64_t)wide->limbs[1] << 32 : 0) | (wide->count > 0 ? wide->limbs[0] : 0);
}

TEST(wide_numbers_agree_with_words) {
    uint64_t seed = 5;
    for (int i = 0; i < 20000; i++) {
        uint64_t a = unit_random(&seed) >> unit_random(&seed) % 64;
        uint32_t shift = (uint32_t)(unit_random(&seed) % 63) + 1, far = (uint32_t)(unit_random(&seed) % 2900);
        smri_wide wide, other;

        smri_wide_set(&wide, a);
        smri_wide_shift_right_even(&wide, shift);
        uint64_t down = a >> shift, rest = a & ((UINT64_C(1) << shift) - 1), half = UINT64_C(1) << (shift - 1);
        expect_equal_uint(wide_to_word(&wide), down + (rest > half || (rest == half && (down & 1) == 1)));

        smri_wide_set(&wide, a);
        smri_wide_shift_left(&wide, far);
        expect_equal_uint(bit_length(&wide) > far, a > 0);
        smri_wide_shift_right_even(&wide, far);
        expect_equal_uint(wide_to_word(&wide), a);

        smri_wide_multiply_power_of_5(&wide, far / 3);
        smri_wide_multiply_add(&wide, 1000000007, 12345);
        smri_wide_set(&other, a);
        for (uint32_t left = far / 3; left > 0; left--) {
            smri_wide_multiply_add(&other, 5, 0);
        }
        expect(smri_wide_compare(&wide, &other) > 0);
        expect_equal_uint(smri_wide_divide(&wide, 1000000007), 12345);
        expect_equal_int(smri_wide_compare(&wide, &other), 0);
    }
}

TEST(dropped_bits_round_to_even_across_limbs) {
    smri_wide wide;
    for (uint32_t bits = 1; bits < 200; bits++) {
        for (uint32_t whole = 0; whole < 4; whole++) {
            for (uint32_t above = 0; above < 2; above++) {
                smri_wide_set(&wide, 2 * whole + 1); /* whole and a half, or a little more */
                smri_wide_shift_left(&wide, bits - 1);
                if (above == 1 && bits > 1) {
                    smri_wide_multiply_add(&wide, 1, 1);
                }
                smri_wide_shift_right_even(&wide, bits);
                expect_equal_uint(wide_to_word(&wide), whole + ((above == 1 && bits > 1) || whole % 2 == 1));
            }
        }
    }
    smri_wide_set(&wide, UINT64_MAX);
    smri_wide_shift_right_even(&wide, 200);
    expect_equal_uint(wide.count, 0);
}

TEST(products_have_128_bits) {
    uint64_t high, seed = 9;
    expect_equal_uint(smri_multiply_128(UINT64_MAX, UINT64_MAX, &high), 1);
    expect_equal_uint(high, UINT64_MAX - 1);
    for (int i = 0; i < 20000; i++) {
        uint64_t a = unit_random(&seed), b = unit_random(&seed), low = smri_multiply_128(a, b, &high);
        smri_wide wide, expected;
        set_128(&wide, (const uint64_t[]){high, low});
        smri_wide_set(&expected, a);
        smri_wide_multiply_add(&expected, (uint32_t)(b >> 32), 0);
        smri_wide_shift_left(&expected, 32);
        smri_wide upper = expected;
        smri_wide_set(&expected, a);
        smri_wide_multiply_add(&expected, (uint32_t)b, 0);
        /* wide - upper == lower, by limbs */
        uint64_t borrow = 0;
        for (uint32_t k = 0; k < 4; k++) {
            uint64_t x = k < wide.count ? wide.limbs[k] : 0, y = (k < upper.count ? upper.limbs[k] : 0) + borrow;
            borrow = x < y;
            expect_equal_uint((uint32_t)(x - y), k < expected.count ? expected.limbs[k] : 0);
        }
    }
}

static const unit_test tests[] = {
    UNIT(hard_texts_read_to_the_nearest_double),
    UNIT(texts_beyond_the_range_are_infinite),
    UNIT(every_format_takes_its_own_texts_only),
    UNIT(a_zero_byte_is_no_separator),
    UNIT(minus_zero_reads_as_zero),
    UNIT(bytes_outside_the_text_are_not_read),
    UNIT(every_length_of_digits_reads_exactly),
    UNIT(leading_and_trailing_zeros_change_nothing),
    UNIT(prefix_is_the_longest_number),
    UNIT(shortest_texts_are_those_of_the_reference),
    UNIT(special_values_have_their_words),
    UNIT(written_doubles_read_back),
    UNIT(fixed_decimals_round_the_exact_value),
    UNIT(fixed_decimals_write_all_or_nothing),
    UNIT(powers_of_ten_hold_the_leading_bits),
    UNIT(wide_numbers_agree_with_words),
    UNIT(dropped_bits_round_to_even_across_limbs),
    UNIT(products_have_128_bits),
};

UNIT_SUITE(number, tests)
