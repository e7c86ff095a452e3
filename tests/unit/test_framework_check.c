/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "model/model_impl.h"

static smr_framework_builder *new_builder(void) {
    smr_framework_builder *builder;
    smr_error error = unit_error();
    expect_ok(smr_framework_builder_new(unit_context(), "index", NULL, &builder, &error), &error);
    return builder;
}

static smr_indicator_options indicator_options(void) {
    smr_indicator_options options;
    smr_indicator_options_init(&options, sizeof options);
    return options;
}

static void add_node(smr_framework_builder *builder, const char *parent, const char *id) {
    smr_error error = unit_error();
    expect_ok(smr_framework_builder_add_node(builder, parent, id, NULL, &error), &error);
}

static void add_indicator(smr_framework_builder *builder, const char *parent, const char *id) {
    smr_error error = unit_error();
    expect_ok(smr_framework_builder_add_indicator(builder, parent, id, NULL, &error), &error);
}

static smr_framework *seal(smr_framework_builder *builder) {
    smr_framework *framework;
    smr_error error = unit_error();
    expect_ok(smr_framework_builder_build(builder, &framework, &error), &error);
    smr_framework_builder_free(builder);
    return framework;
}

TEST(indicators_that_contradict_themselves_are_refused) {
    static const struct {
        double worst, best, optimum, target, weight;
        int32_t direction, transform, code;
        const char *message;
    } cases[] = {
        {5, 5, NAN, NAN, 1, 0, 0, SMR_MESSAGE_FRAMEWORK_GOALPOSTS_EQUAL,
         "worst and best are both 5, expected two different numbers"},
        {5, NAN, NAN, NAN, 1, 0, 0, SMR_MESSAGE_FRAMEWORK_GOALPOST_ALONE,
         "worst is given without best, expected both or neither"},
        {NAN, 5, NAN, NAN, 1, 0, 0, SMR_MESSAGE_FRAMEWORK_GOALPOST_ALONE,
         "best is given without worst, expected both or neither"},
        {1, 0, NAN, NAN, 1, SMR_DIRECTION_HIGHER, 0, SMR_MESSAGE_FRAMEWORK_DIRECTION,
         "direction is higher, but worst is 1 and best is 0"},
        {0, 1.5, NAN, NAN, 1, SMR_DIRECTION_LOWER, 0, SMR_MESSAGE_FRAMEWORK_DIRECTION,
         "direction is lower, but worst is 0 and best is 1.5"},
        {0, 1, NAN, NAN, 1, SMR_DIRECTION_TARGET, 0, SMR_MESSAGE_FRAMEWORK_OPTIMUM_MISSING,
         "direction is target, but there is no optimum"},
        {0, 10, 10, NAN, 1, SMR_DIRECTION_TARGET, 0, SMR_MESSAGE_FRAMEWORK_OPTIMUM_OUTSIDE,
         "optimum is 10, expected a number between worst 0 and best 10, neither of the two"},
        {10, 0, 0, NAN, 1, SMR_DIRECTION_TARGET, 0, SMR_MESSAGE_FRAMEWORK_OPTIMUM_OUTSIDE, NULL},
        {10, 0, 11, NAN, 1, SMR_DIRECTION_UNSET, 0, SMR_MESSAGE_FRAMEWORK_OPTIMUM_OUTSIDE, NULL},
        {0, 10, -1, NAN, 1, SMR_DIRECTION_TARGET, 0, SMR_MESSAGE_FRAMEWORK_OPTIMUM_OUTSIDE, NULL},
        {3, 3, 3, NAN, 1, SMR_DIRECTION_TARGET, 0, SMR_MESSAGE_FRAMEWORK_GOALPOSTS_EQUAL, NULL},
        {0, 10, 5, NAN, 1, SMR_DIRECTION_HIGHER, 0, SMR_MESSAGE_FRAMEWORK_OPTIMUM_UNUSED,
         "optimum is given, but direction is higher, expected target"},
        {INFINITY, 10, NAN, NAN, 1, 0, 0, SMR_MESSAGE_FRAMEWORK_NUMBER_INFINITE,
         "worst is inf, expected a finite number"},
        {0, 10, NAN, -INFINITY, 1, 0, 0, SMR_MESSAGE_FRAMEWORK_NUMBER_INFINITE,
         "target is -inf, expected a finite number"},
        {NAN, NAN, NAN, NAN, -0.5, 0, 0, SMR_MESSAGE_FRAMEWORK_WEIGHT,
         "weight is -0.5, expected a finite number, 0 or more"},
        {NAN, NAN, NAN, NAN, NAN, 0, 0, SMR_MESSAGE_FRAMEWORK_WEIGHT,
         "weight is NaN, expected a finite number, 0 or more"},
        {NAN, NAN, NAN, NAN, INFINITY, 0, 0, SMR_MESSAGE_FRAMEWORK_WEIGHT,
         "weight is inf, expected a finite number, 0 or more"},
        {0, 10, NAN, NAN, 1, 0, SMR_TRANSFORM_LOG, SMR_MESSAGE_FRAMEWORK_DOMAIN,
         "worst is 0, but transform log needs a number above 0"},
        {10, -1, NAN, NAN, 1, 0, SMR_TRANSFORM_SQRT, SMR_MESSAGE_FRAMEWORK_DOMAIN,
         "best is -1, but transform sqrt needs a number of 0 or more"},
        {0.5, 1, NAN, NAN, 1, 0, SMR_TRANSFORM_LOGIT, SMR_MESSAGE_FRAMEWORK_DOMAIN,
         "best is 1, but transform logit needs a number between 0 and 1, neither of the two"},
        {NAN, NAN, -2, NAN, 1, 0, SMR_TRANSFORM_LOG, SMR_MESSAGE_FRAMEWORK_DOMAIN,
         "optimum is -2, but transform log needs a number above 0"},
        {1, 10, NAN, 0, 1, 0, SMR_TRANSFORM_LOG, SMR_MESSAGE_FRAMEWORK_DOMAIN,
         "target is 0, but transform log needs a number above 0"},
    };
    smr_framework_builder *builder = new_builder();
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        smr_indicator_options options = indicator_options();
        options.worst = cases[i].worst;
        options.best = cases[i].best;
        options.optimum = cases[i].optimum;
        options.target = cases[i].target;
        options.weight = cases[i].weight;
        options.direction = cases[i].direction;
        options.transform = cases[i].transform;
        smr_error error = unit_error();
        expect_fails(smr_framework_builder_add_indicator(builder, "index", "gdp", &options, &error), &error,
                     cases[i].code);
        expect_equal_int(error.status, SMR_ERROR_FRAMEWORK);
        expect_text(error.subject, "gdp");
        if (cases[i].message != NULL) {
            expect_text(error.message, cases[i].message);
        }
    }
    /* Nothing of them is left: the same id is free, and what each transform allows is taken. */
    smr_error error = unit_error();
    smr_indicator_options options = indicator_options();
    options.worst = -8;
    options.best = 8;
    options.transform = SMR_TRANSFORM_CBRT;
    expect_ok(smr_framework_builder_add_indicator(builder, "index", "gdp", &options, &error), &error);
    options.worst = 0;
    options.transform = SMR_TRANSFORM_SQRT;
    options.weight = 0;
    expect_ok(smr_framework_builder_add_indicator(builder, "index", "zero", &options, &error), &error);
    smr_framework *framework = seal(builder);
    expect_equal_uint(smr_framework_node_count(framework), 3);
    smr_framework_unref(framework);
}

TEST(wrong_calls_are_told) {
    smr_framework_builder *builder = new_builder();
    smr_framework *framework;
    smr_error error = unit_error();
    smr_indicator_options options = indicator_options();
    options.direction = 4;
    expect_fails(smr_framework_builder_add_indicator(builder, "index", "a", &options, &error), &error,
                 SMR_MESSAGE_BAD_ARGUMENT);
    options = indicator_options();
    options.kind = 7;
    expect_fails(smr_framework_builder_add_indicator(builder, "index", "a", &options, &error), &error,
                 SMR_MESSAGE_BAD_ARGUMENT);
    options = indicator_options();
    options.transform = -1;
    expect_fails(smr_framework_builder_add_indicator(builder, "index", "a", &options, &error), &error,
                 SMR_MESSAGE_BAD_ARGUMENT);
    expect_fails(smr_framework_builder_add_indicator(builder, NULL, "a", NULL, &error), &error,
                 SMR_MESSAGE_BAD_ARGUMENT);
    expect_fails(smr_framework_builder_add_node(builder, NULL, "a", NULL, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect_fails(smr_framework_builder_add_node(builder, "index", NULL, NULL, &error), &error,
                 SMR_MESSAGE_BAD_ARGUMENT);
    expect_fails(smr_framework_builder_add_node(NULL, "index", "a", NULL, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect_fails(smr_framework_builder_add_name(builder, "index", NULL, "x", &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect_fails(smr_framework_builder_add_tag(builder, "index", "x", NULL, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect_fails(smr_framework_builder_new(NULL, "a", NULL, NULL, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect_fails(smr_framework_builder_build(builder, NULL, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect_fails(smr_framework_builder_build(NULL, &framework, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect(framework == NULL);
    expect_equal_int(smr_framework_builder_add_node(NULL, "index", "a", NULL, NULL), SMR_ERROR_ARGUMENT);
    smr_framework_builder_free(builder);
}

TEST(ids_and_parents_are_checked) {
    smr_framework_builder *builder = new_builder();
    smr_error error = unit_error();
    add_node(builder, "index", "A-1_b.c");
    add_indicator(builder, "A-1_b.c", "leaf");
    static const struct {
        const char *parent, *id;
        int32_t code;
        const char *message;
    } cases[] = {
        {"index", "", SMR_MESSAGE_FRAMEWORK_ID_INVALID,
         "id \"\" is not allowed, expected one or more letters a to z, digits, \"_\", \".\" or \"-\""},
        {"index", "a b", SMR_MESSAGE_FRAMEWORK_ID_INVALID, NULL},
        {"index", "caf\303\251", SMR_MESSAGE_FRAMEWORK_ID_INVALID, NULL},
        {"index", "a/b", SMR_MESSAGE_FRAMEWORK_ID_INVALID, NULL},
        {"index", "\377", SMR_MESSAGE_FRAMEWORK_TEXT_UTF8, "id is not UTF-8 from its byte 1 on"},
        {"index", "leaf", SMR_MESSAGE_FRAMEWORK_ID_TWICE, "id \"leaf\" stands twice"},
        {"A-1_b.c", "index", SMR_MESSAGE_FRAMEWORK_ID_TWICE,
         "id \"index\" stands twice; that one is above this one, and nothing lies below itself"},
        {"A-1_b.c", "A-1_b.c", SMR_MESSAGE_FRAMEWORK_ID_TWICE, NULL},
        {"leaf", "x", SMR_MESSAGE_FRAMEWORK_PARENT_INDICATOR, "parent \"leaf\" is an indicator, which has no children"},
        {"indx", "x", SMR_MESSAGE_FRAMEWORK_ID_UNKNOWN, "there is no node \"indx\", nearest is \"index\""},
        {"no such", "x", SMR_MESSAGE_FRAMEWORK_ID_UNKNOWN, "there is no node \"no such\""},
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        expect_fails(smr_framework_builder_add_node(builder, cases[i].parent, cases[i].id, NULL, &error), &error,
                     cases[i].code);
        if (cases[i].message != NULL) {
            expect_text(error.message, cases[i].message);
        }
        expect_fails(smr_framework_builder_add_indicator(builder, cases[i].parent, cases[i].id, NULL, &error), &error,
                     cases[i].code);
    }
    smr_framework_builder_free(builder);
    expect_fails(smr_framework_builder_new(unit_context(), "a b", NULL, &builder, &error), &error,
                 SMR_MESSAGE_FRAMEWORK_ID_INVALID);
    expect(builder == NULL);
}

TEST(texts_are_checked) {
    smr_framework_builder *builder = new_builder();
    smr_error error = unit_error();
    smr_node_options node;
    smr_node_options_init(&node, sizeof node);
    node.name = "a\377";
    expect_fails(smr_framework_builder_add_node(builder, "index", "a", &node, &error), &error,
                 SMR_MESSAGE_FRAMEWORK_TEXT_UTF8);
    expect_text(error.message, "name is not UTF-8 from its byte 2 on");
    expect_equal_int(error.status, SMR_ERROR_FORMAT);
    node.name = NULL;
    node.aggregate = "{\"method\": \"power\"}";
    expect_fails(smr_framework_builder_add_node(builder, "index", "a", &node, &error), &error,
                 SMR_MESSAGE_FRAMEWORK_AGGREGATE_NAME);
    node.aggregate = "";
    expect_fails(smr_framework_builder_add_node(builder, "index", "a", &node, &error), &error,
                 SMR_MESSAGE_FRAMEWORK_AGGREGATE_NAME);
    node.aggregate = NULL;
    node.weight = -1;
    expect_fails(smr_framework_builder_add_node(builder, "index", "a", &node, &error), &error,
                 SMR_MESSAGE_FRAMEWORK_WEIGHT);
    expect_fails(smr_framework_builder_add_name(builder, "index", "vi", "\355\240\200", &error), &error,
                 SMR_MESSAGE_FRAMEWORK_TEXT_UTF8);
    static const char *const languages[] = {"", "-vi", "vi-", "v--i", "vi_VN", "v i"};
    for (size_t i = 0; i < SMRI_COUNT(languages); i++) {
        expect_fails(smr_framework_builder_add_name(builder, "index", languages[i], "x", &error), &error,
                     SMR_MESSAGE_FRAMEWORK_LANGUAGE);
    }
    expect_fails(smr_framework_builder_add_name(builder, "indexx", "vi", "x", &error), &error,
                 SMR_MESSAGE_FRAMEWORK_ID_UNKNOWN);
    expect_text(error.message, "there is no node \"indexx\", nearest is \"index\"");
    expect_fails(smr_framework_builder_add_tag(builder, "index", "field", "\200", &error), &error,
                 SMR_MESSAGE_FRAMEWORK_TEXT_UTF8);
    static const char *const members[] = {"name", "unit", "denominator", "source"};
    for (size_t i = 0; i < SMRI_COUNT(members); i++) {
        smr_indicator_options options = indicator_options();
        const char **texts[] = {&options.name, &options.unit, &options.denominator, &options.source};
        *texts[i] = "\300\257";
        expect_fails(smr_framework_builder_add_indicator(builder, "index", "a", &options, &error), &error,
                     SMR_MESSAGE_FRAMEWORK_TEXT_UTF8);
        expect(strncmp(error.message, members[i], strlen(members[i])) == 0);
    }
    smr_framework_builder_free(builder);
}

TEST(trees_that_cannot_be_scored_are_refused) {
    smr_framework *framework;
    smr_error error = unit_error();
    smr_framework_builder *builder = new_builder();
    expect_fails(smr_framework_builder_build(builder, &framework, &error), &error, SMR_MESSAGE_FRAMEWORK_CHILDLESS);
    expect(framework == NULL);
    expect_text(error.message, "node \"index\" has no children, expected one at least");
    add_indicator(builder, "index", "a");
    add_node(builder, "index", "empty");
    expect_fails(smr_framework_builder_build(builder, &framework, &error), &error, SMR_MESSAGE_FRAMEWORK_CHILDLESS);
    expect_text(error.subject, "empty");
    smr_indicator_options options = indicator_options();
    options.weight = 0;
    expect_ok(smr_framework_builder_add_indicator(builder, "empty", "z1", &options, &error), &error);
    expect_fails(smr_framework_builder_build(builder, &framework, &error), &error, SMR_MESSAGE_FRAMEWORK_WEIGHTS_ZERO);
    expect_ok(smr_framework_builder_add_indicator(builder, "empty", "z2", &options, &error), &error);
    expect_fails(smr_framework_builder_build(builder, &framework, &error), &error, SMR_MESSAGE_FRAMEWORK_WEIGHTS_ZERO);
    expect_text(error.message, "all children of \"empty\" have weight 0, expected one above 0 at least");
    expect_text(error.subject, "empty");
    expect(framework == NULL);
    /* A builder that was refused goes on. */
    add_indicator(builder, "empty", "z3");
    framework = seal(builder);
    expect_equal_uint(smr_framework_node_count(framework), 6);
    smr_framework_unref(framework);
}

/* ---- words and kinds ---- */

TEST(words_are_found_and_named) {
    for (int32_t i = SMR_DIRECTION_HIGHER; i <= SMR_DIRECTION_TARGET; i++) {
        expect_equal_int(smri_direction_find(smri_direction_name(i)), i);
    }
    for (int32_t i = SMR_KIND_NUMBER; i <= SMR_KIND_RANK; i++) {
        expect_equal_int(smri_kind_find(smri_kind_name(i)), i);
    }
    for (int32_t i = SMR_TRANSFORM_NONE; i <= SMR_TRANSFORM_LOGIT; i++) {
        expect_equal_int(smri_transform_find(smri_transform_name(i)), i);
    }
    expect(smri_direction_name(SMR_DIRECTION_UNSET) == NULL && smri_direction_name(4) == NULL);
    expect(smri_kind_name(-1) == NULL && smri_kind_name(7) == NULL);
    expect(smri_transform_name(5) == NULL);
    expect_equal_int(smri_direction_find("up"), -1);
    expect_equal_int(smri_kind_find("Share"), -1);
    expect_equal_int(smri_transform_find(""), -1);
}

TEST(kinds_allow_their_values_only) {
    static const struct {
        int32_t kind;
        double x;
        bool allowed;
    } cases[] = {
        {SMR_KIND_NUMBER, -1e300, true},  {SMR_KIND_NUMBER, INFINITY, false},
        {SMR_KIND_NUMBER, NAN, true},     {SMR_KIND_SHARE, 0, true},
        {SMR_KIND_SHARE, 100, true},      {SMR_KIND_SHARE, 100.0001, false},
        {SMR_KIND_SHARE, -1e-9, false},   {SMR_KIND_SHARE, NAN, true},
        {SMR_KIND_COUNT, 0, true},        {SMR_KIND_COUNT, 3, true},
        {SMR_KIND_COUNT, 3.5, false},     {SMR_KIND_COUNT, -1, false},
        {SMR_KIND_COUNT, 1e300, true},    {SMR_KIND_COUNT, INFINITY, false},
        {SMR_KIND_ORDINAL, -2, true},     {SMR_KIND_ORDINAL, -2.5, false},
        {SMR_KIND_ORDINAL, -1e300, true}, {SMR_KIND_BINARY, 0, true},
        {SMR_KIND_BINARY, 1, true},       {SMR_KIND_BINARY, 0.5, false},
        {SMR_KIND_BINARY, 2, false},      {SMR_KIND_CHECKLIST, 5, true},
        {SMR_KIND_CHECKLIST, 4.2, false}, {SMR_KIND_CHECKLIST, -1, false},
        {SMR_KIND_RANK, 1, true},         {SMR_KIND_RANK, 0, false},
        {SMR_KIND_RANK, 2.5, false},      {7, 1, false},
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        expect(smri_kind_allows(cases[i].kind, cases[i].x, NULL) == cases[i].allowed);
    }
    const char *expected = NULL;
    expect(!smri_kind_allows(SMR_KIND_SHARE, 120, &expected));
    expect_text(expected, "a share from 0 to 100");
    expect(smri_kind_allows(SMR_KIND_RANK, 3, &expected));
    expect_text(expected, "a whole number, 1 or more");
}

TEST(long_paths_keep_their_end) {
    char out[SMR_ERROR_SUBJECT_SIZE];
    smri_path_join(out, "children[2]", "worst");
    expect_text(out, "children[2].worst");
    smri_path_join(out, "", "worst");
    expect_text(out, "worst");
    smri_path_join(out, "a", NULL);
    expect_text(out, "a");
    smri_path_join(out, "tags.goal", "[3]");
    expect_text(out, "tags.goal[3]");
    char path[1000] = "";
    for (int i = 0; i < 40; i++) {
        strcat(path, i > 0 ? ".children[7]" : "children[7]");
    }
    smri_path_join(out, path, "worst");
    expect_equal_uint(strlen(out), SMR_ERROR_SUBJECT_SIZE - 1);
    expect(strncmp(out, "...", 3) == 0);
    expect_text(out + strlen(out) - 17, "children[7].worst");
    char wide[301];
    for (int i = 0; i < 100; i++) {
        memcpy(wide + 3 * i, "\341\273\207", 4);
    }
    smri_path_join(out, wide, NULL);
    expect(strlen(out) < SMR_ERROR_SUBJECT_SIZE && smri_utf8_check(out, strlen(out)) == strlen(out));
}

static const unit_test tests[] = {
    UNIT(indicators_that_contradict_themselves_are_refused),
    UNIT(wrong_calls_are_told),
    UNIT(ids_and_parents_are_checked),
    UNIT(texts_are_checked),
    UNIT(trees_that_cannot_be_scored_are_refused),
    UNIT(words_are_found_and_named),
    UNIT(kinds_allow_their_values_only),
    UNIT(long_paths_keep_their_end),
};
UNIT_SUITE(framework_check, tests)
