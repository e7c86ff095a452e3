/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/base_impl.h"

TEST(valid_utf8_is_accepted) {
    static const char *const texts[] = {
        "", "a", "Th\341\273\253a Thi\303\252n Hu\341\272\277", "\302\200", "\337\277", "\340\240\200", "\355\237\277",
        "\356\200\200", "\357\277\277", "\360\220\200\200", "\364\217\277\277", "0123456789abcdef\341\272\277",
    };
    for (size_t i = 0; i < SMRI_COUNT(texts); i++) {
        expect_equal_uint(smri_utf8_check(texts[i], strlen(texts[i])), strlen(texts[i]));
    }
    expect_equal_uint(smri_utf8_check("a\0b", 3), 3);
}

TEST(first_invalid_byte_is_found) {
    static const char *const wrong[] = {
        "\200", "\277", "\300\200", "\301\277", "\302", "\302a", "\340\237\277", "\340\240", "\340\240a",
        "\355\240\200", "\355\277\277", "\357\277", "\360\217\277\277", "\360\220\200", "\360\220\200a",
        "\364\220\200\200", "\365\200\200\200", "\376", "\377",
    };
    /* At every place relative to the words of eight bytes, with ASCII or other letters before and behind it. */
    for (size_t i = 0; i < SMRI_COUNT(wrong); i++) {
        for (size_t before = 0; before < 20; before++) {
            for (size_t behind = 0; behind < 20; behind++) {
                char text[64];
                size_t size = strlen(wrong[i]);
                memset(text, 'x', sizeof text);
                if (before % 2 == 0 && before > 0) {
                    memcpy(text + before - 2, "\303\252", 2);
                }
                memcpy(text + before, wrong[i], size);
                expect_equal_uint(smri_utf8_check(text, before + size + behind), before);
            }
        }
    }
}

typedef struct compose_case {
    const char *text, *composed;
} compose_case;

static const compose_case compose_cases[] = {
#include "compose_cases.inc"
};

static void expect_composed(const char *text, size_t length, const char *expected) {
    char *input = malloc(length), *apart = malloc(length); /* exact, so that a checker sees any step beyond */
    ck_assert_ptr_nonnull(input);
    ck_assert_ptr_nonnull(apart);
    memcpy(input, text, length);
    size_t size = smri_text_compose(input, length, apart);
    expect(memcmp(input, text, length) == 0);
    if (size != strlen(expected) || memcmp(apart, expected, size) != 0) {
        ck_abort_msg("\"%s\" is composed to \"%.*s\", expected \"%s\"", text, (int)size, apart, expected);
    }
    expect_equal_uint(smri_text_compose(input, length, input), size);
    expect(memcmp(input, expected, size) == 0);
    free(input);
    free(apart);
}

TEST(letters_compose_as_the_reference_does) {
    for (size_t i = 0; i < SMRI_COUNT(compose_cases); i++) {
        expect_composed(compose_cases[i].text, strlen(compose_cases[i].text), compose_cases[i].composed);
    }
}

TEST(composing_touches_nothing_else) {
    /* Greek has no row in the table; a mark of unknown class; more marks than any letter has. */
    expect_composed("\316\261\314\201", 4, "\316\261\314\201");
    expect_composed("a\314\264\314\201", 5, "a\314\264\314\201");
    char many[128] = "a";
    for (size_t i = 0; i < 40; i++) {
        strcat(many, "\314\201");
    }
    expect_composed(many, strlen(many), many);
    /* Not UTF-8: as it is, and no step beyond the end. */
    expect_composed("a\314", 2, "a\314");
    expect_composed("\341\272\314\201", 4, "\341\272\314\201");
    expect_equal_uint(smri_text_compose(NULL, 0, NULL), 0);
}

TEST(text_is_cut_between_characters) {
    char out[8];
    smri_text_cut(out, sizeof out, "Hu\341\272\277");
    expect_text(out, "Hu\341\272\277");
    smri_text_cut(out, 6, "Hu\341\272\277");
    expect_text(out, "Hu\341\272\277");
    smri_text_cut(out, 5, "Hu\341\272\277");
    expect_text(out, "Hu");
    smri_text_cut(out, 4, "Hu\341\272\277");
    expect_text(out, "Hu");
    smri_text_cut(out, 2, "\360\237\230\200");
    expect_text(out, "");
    smri_text_cut(out, 1, "abc");
    expect_text(out, "");
    smri_text_cut(out, sizeof out, NULL);
    expect_text(out, "");
    out[0] = '?';
    smri_text_cut(out, 0, "abc");
    expect_equal_int(out[0], '?');
}

TEST(distance_counts_edits) {
    static const struct {
        const char *a, *b;
        size_t distance;
    } cases[] = {
        {"", "", 0},           {"", "abc", 3},         {"abc", "", 3},           {"abc", "abc", 0},   {"abc", "abd", 1},
        {"abc", "acb", 1},     {"abcd", "badc", 2},    {"kitten", "sitting", 3}, {"mean", "maen", 1}, {"ca", "abc", 3},
        {"weight", "wieght", 1}, {"a", "A", 1},        {"Hu\341\272\277", "Hue", 1},
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        expect_equal_uint(smri_text_distance(cases[i].a, cases[i].b), cases[i].distance);
        expect_equal_uint(smri_text_distance(cases[i].b, cases[i].a), cases[i].distance);
    }
    char sixty_four[65], longer[66];
    memset(sixty_four, 'a', 64);
    memset(longer, 'a', 65);
    sixty_four[64] = longer[65] = '\0';
    expect_equal_uint(smri_text_distance(sixty_four, ""), 64);
    expect_equal_uint(smri_text_distance(sixty_four, sixty_four), 0);
    expect_equal_uint(smri_text_distance(longer, ""), SIZE_MAX);
    expect_equal_uint(smri_text_distance("", longer), SIZE_MAX);
    expect_equal_uint(smri_text_distance(NULL, ""), SIZE_MAX);
}

TEST(nearest_name_is_a_likely_one) {
    static const char *const names[] = {"arithmetic", "geometric",  "harmonic",  "minmax", "zscore", "rank",
                                        "goalposts",  "pca",        "pca_first", "owa",    "benefit_of_the_doubt",
                                        "median",     "percentile", "log"};
    static const struct {
        const char *text, *nearest;
    } cases[] = {
        {"geometirc", "geometric"}, {"Geometric", "geometric"}, {"aritmetic", "arithmetic"}, {"min-max", "minmax"},
        {"MINMAX", "minmax"},       {"zscor", "zscore"},        {"rnak", "rank"},            {"goal", "goalposts"},
        {"doubt", "benefit_of_the_doubt"}, {"benefit", "benefit_of_the_doubt"}, {"pcaa", "pca"}, {"medain", "median"},
        {"pca", "pca"},             {"pca_", "pca_first"},      {"pca2", "pca"},        {"ll", NULL},
        {"x", NULL},                {"", NULL},                 {"weighted", NULL},          {"zzzz", NULL},
        {"norm", NULL},             {"score", "zscore"},        {"pca_F", "pca_first"},
        {"me", NULL},               {"olg", "log"},             {"roundabout", NULL},        {"osa", "owa"},
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        const char *nearest = smri_text_nearest(cases[i].text, names, SMRI_COUNT(names));
        if (!smri_text_equal(nearest, cases[i].nearest)) {
            ck_abort_msg("nearest to \"%s\" is %s", cases[i].text, nearest != NULL ? nearest : "none");
        }
    }
    char longer[66];
    memset(longer, 'a', 65);
    longer[65] = '\0';
    const char *const candidates[] = {longer, NULL, "abc"};
    expect(smri_text_nearest(longer, candidates, 3) == NULL);
    expect_text(smri_text_nearest("abcd", candidates, 3), "abc");
    expect(smri_text_nearest(NULL, names, SMRI_COUNT(names)) == NULL);
    expect(smri_text_nearest("rank", names, 0) == NULL);
}

TEST(equal_knows_null) {
    expect(smri_text_equal("a", "a"));
    expect(!smri_text_equal("a", "b"));
    expect(!smri_text_equal("a", NULL));
    expect(!smri_text_equal(NULL, ""));
    expect(smri_text_equal(NULL, NULL));
}

TEST(integers_are_written) {
    char out[SMRI_INTEGER_SIZE];
    expect_text(smri_text_integer(out, 0), "0");
    expect_text(smri_text_integer(out, 10), "10");
    expect_text(smri_text_integer(out, UINT64_MAX), "18446744073709551615");
    expect(smri_text_integer(out, 7) == out);
}

static const unit_test tests[] = {
    UNIT(valid_utf8_is_accepted),
    UNIT(first_invalid_byte_is_found),
    UNIT(letters_compose_as_the_reference_does),
    UNIT(composing_touches_nothing_else),
    UNIT(text_is_cut_between_characters),
    UNIT(distance_counts_edits),
    UNIT(nearest_name_is_a_likely_one),
    UNIT(equal_knows_null),
    UNIT(integers_are_written),
};

UNIT_SUITE(text, tests)
