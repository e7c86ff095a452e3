/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "model/model_impl.h"

#include "failure/failing_allocator.h"

/* ---- builder ---- */

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

TEST(nodes_are_numbered_in_pre_order) {
    smr_framework_builder *builder = new_builder();
    add_node(builder, "index", "b");
    add_node(builder, "index", "a");
    add_indicator(builder, "a", "a1");
    add_indicator(builder, "index", "single");
    add_node(builder, "b", "b2");
    add_indicator(builder, "b2", "b21");
    add_indicator(builder, "b", "b3");
    add_indicator(builder, "b2", "b22");
    smr_framework *framework = seal(builder);

    static const struct {
        const char *id;
        int64_t parent, depth, indicator, end;
    } expected[] = {
        {"index", -1, 0, -1, 9}, {"b", 0, 1, -1, 6}, {"b2", 1, 2, -1, 5}, {"b21", 2, 3, 0, 4},    {"b22", 2, 3, 1, 5},
        {"b3", 1, 2, 2, 6},      {"a", 0, 1, -1, 8}, {"a1", 6, 2, 3, 8},  {"single", 0, 1, 4, 9},
    };
    expect_equal_uint(smr_framework_node_count(framework), SMRI_COUNT(expected));
    expect_equal_uint(smr_framework_indicator_count(framework), 5);
    for (size_t i = 0; i < SMRI_COUNT(expected); i++) {
        expect_text(smr_framework_node_id(framework, i), expected[i].id);
        expect_equal_int(smr_framework_node_parent(framework, i), expected[i].parent);
        expect_equal_int(smr_framework_node_depth(framework, i), expected[i].depth);
        expect_equal_int(smr_framework_node_indicator(framework, i), expected[i].indicator);
        expect_equal_int(smr_framework_find(framework, expected[i].id), i);
        expect_equal_int(framework->nodes[i].end, expected[i].end);
        if (expected[i].indicator >= 0) {
            expect_equal_int(smr_framework_indicator_node(framework, (size_t)expected[i].indicator), i);
        }
    }
    expect_equal_int(framework->nodes[0].first_child, 1);
    expect_equal_int(framework->nodes[0].child_count, 3);
    expect_equal_int(framework->nodes[1].next_sibling, 6);
    expect_equal_int(framework->nodes[6].next_sibling, 8);
    expect_equal_int(framework->nodes[8].next_sibling, -1);
    smr_framework_unref(framework);
}

TEST(what_is_beyond_the_last_is_told) {
    smr_framework_builder *builder = new_builder();
    add_indicator(builder, "index", "a");
    smr_framework *framework = seal(builder);
    expect(smr_framework_node_id(framework, 2) == NULL);
    expect(smr_framework_node_name(framework, 2, "en") == NULL);
    expect(smr_framework_node_tag(framework, 2, "field", 0) == NULL);
    expect_equal_int(smr_framework_node_parent(framework, 2), -1);
    expect_equal_int(smr_framework_node_depth(framework, SIZE_MAX), -1);
    expect_equal_int(smr_framework_node_indicator(framework, 2), -1);
    expect_equal_int(smr_framework_indicator_node(framework, 1), -1);
    expect_nan(smr_framework_node_weight(framework, 2));
    expect_equal_int(smr_framework_find(framework, "b"), -1);
    expect_equal_int(smr_framework_find(framework, NULL), -1);
    smr_framework_unref(framework);

    expect_equal_uint(smr_framework_node_count(NULL), 0);
    expect_equal_uint(smr_framework_indicator_count(NULL), 0);
    expect(smr_framework_node_id(NULL, 0) == NULL);
    expect_equal_int(smr_framework_find(NULL, "a"), -1);
    expect(smr_framework_ref(NULL) == NULL);
    smr_framework_unref(NULL);
    smr_framework_builder_free(NULL);
}

TEST(options_come_back_as_they_were_given) {
    smr_framework_builder *builder = new_builder();
    smr_error error = unit_error();
    smr_indicator_options options = indicator_options();
    options.weight = 0.25;
    options.worst = 30;
    options.best = 10;
    options.target = 12.5;
    options.kind = SMR_KIND_SHARE;
    options.transform = SMR_TRANSFORM_SQRT;
    options.name = "Poverty";
    options.unit = "%";
    options.denominator = "population";
    options.source = "SDG 1.2.1";
    expect_ok(smr_framework_builder_add_indicator(builder, "index", "poverty", &options, &error), &error);
    smr_framework *framework = seal(builder);

    smr_indicator_options found = indicator_options();
    expect_ok(smr_framework_indicator(framework, 0, &found, &error), &error);
    expect_equal_int(found.direction, SMR_DIRECTION_LOWER);
    expect_equal_int(found.kind, SMR_KIND_SHARE);
    expect_equal_int(found.transform, SMR_TRANSFORM_SQRT);
    expect(found.weight == 0.25 && found.worst == 30 && found.best == 10 && found.target == 12.5);
    expect_nan(found.optimum);
    expect_text(found.name, "Poverty");
    expect_text(found.unit, "%");
    expect_text(found.denominator, "population");
    expect_text(found.source, "SDG 1.2.1");
    expect_equal_uint(found.size, sizeof found);
    expect(smr_framework_node_weight(framework, 1) == 0.25);
    expect(smr_framework_node_weight(framework, 0) == 1);

    expect_fails(smr_framework_indicator(framework, 1, &found, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect_fails(smr_framework_indicator(NULL, 0, &found, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect_fails(smr_framework_indicator(framework, 0, NULL, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    smr_framework_unref(framework);
}

TEST(structs_of_another_version_are_understood) {
    struct {
        smr_indicator_options known;
        double later;
    } longer;
    smr_indicator_options_init(&longer.known, sizeof longer);
    longer.known.weight = 3;
    smr_framework_builder *builder = new_builder();
    smr_error error = unit_error();
    expect_ok(smr_framework_builder_add_indicator(builder, "index", "a", &longer.known, &error), &error);
    longer.later = 1;
    expect_fails(smr_framework_builder_add_indicator(builder, "index", "b", &longer.known, &error), &error,
                 SMR_MESSAGE_UNKNOWN_OPTION_BYTES);
    smr_framework *framework = seal(builder);
    expect(smr_framework_node_weight(framework, 1) == 3);
    longer.later = 0;
    expect_ok(smr_framework_indicator(framework, 0, &longer.known, &error), &error);
    expect(longer.known.weight == 3 && longer.known.size == sizeof longer && longer.later == 0);

    smr_indicator_options shorter = indicator_options();
    shorter.size = offsetof(smr_indicator_options, worst);
    shorter.worst = 17;
    expect_ok(smr_framework_indicator(framework, 0, &shorter, &error), &error);
    expect(shorter.weight == 3 && shorter.worst == 17);
    smr_framework_unref(framework);
}

TEST(directions_that_are_not_given_are_resolved) {
    static const struct {
        double worst, best, optimum;
        int32_t direction, resolved;
    } cases[] = {
        {NAN, NAN, NAN, SMR_DIRECTION_UNSET, SMR_DIRECTION_HIGHER},
        {0, 1, NAN, SMR_DIRECTION_UNSET, SMR_DIRECTION_HIGHER},
        {1, 0, NAN, SMR_DIRECTION_UNSET, SMR_DIRECTION_LOWER},
        {0, 10, 4, SMR_DIRECTION_UNSET, SMR_DIRECTION_TARGET},
        {10, 0, 4, SMR_DIRECTION_UNSET, SMR_DIRECTION_TARGET},
        {NAN, NAN, 4, SMR_DIRECTION_UNSET, SMR_DIRECTION_TARGET},
        {NAN, NAN, NAN, SMR_DIRECTION_LOWER, SMR_DIRECTION_LOWER},
        {0, 10, 4, SMR_DIRECTION_TARGET, SMR_DIRECTION_TARGET},
        {1, 0, NAN, SMR_DIRECTION_LOWER, SMR_DIRECTION_LOWER},
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        smr_framework_builder *builder = new_builder();
        smr_indicator_options options = indicator_options();
        options.worst = cases[i].worst;
        options.best = cases[i].best;
        options.optimum = cases[i].optimum;
        options.direction = cases[i].direction;
        smr_error error = unit_error();
        expect_ok(smr_framework_builder_add_indicator(builder, "index", "a", &options, &error), &error);
        smr_framework *framework = seal(builder);
        expect_ok(smr_framework_indicator(framework, 0, &options, &error), &error);
        expect_equal_int(options.direction, cases[i].resolved);
        expect(framework->indicators[0].direction_given == (cases[i].direction != SMR_DIRECTION_UNSET));
        smr_framework_unref(framework);
    }
}

TEST(a_builder_builds_more_than_once) {
    smr_framework_builder *builder = new_builder();
    smr_framework *first, *second;
    smr_error error = unit_error();
    add_indicator(builder, "index", "a");
    expect_ok(smr_framework_builder_build(builder, &first, &error), &error);
    add_indicator(builder, "index", "b");
    second = seal(builder);
    expect_equal_uint(smr_framework_node_count(first), 2);
    expect_equal_uint(smr_framework_node_count(second), 3);
    expect(smr_framework_ref(first) == first);
    smr_framework_unref(first);
    expect_text(smr_framework_node_id(first, 1), "a");
    smr_framework_unref(first);
    smr_framework_unref(second);
}

TEST(names_fall_back_to_english_then_to_the_id) {
    smr_framework_builder *builder = new_builder();
    smr_error error = unit_error();
    smr_node_options options;
    smr_node_options_init(&options, sizeof options);
    options.name = "Innovation";
    options.aggregate = "geometric";
    expect_ok(smr_framework_builder_add_node(builder, "index", "inno", &options, &error), &error);
    add_indicator(builder, "inno", "rd");
    expect_ok(smr_framework_builder_add_name(builder, "inno", "vi", "Sai", &error), &error);
    expect_ok(smr_framework_builder_add_name(builder, "inno", "vi", "\304\220\341\273\225i m\341\273\233i", &error),
              &error);
    expect_ok(smr_framework_builder_add_name(builder, "rd", "vi", "Nghi\303\252n c\341\273\251u", &error), &error);
    smr_framework *framework = seal(builder);
    expect_text(smr_framework_node_name(framework, 1, "vi"), "\304\220\341\273\225i m\341\273\233i");
    expect_text(smr_framework_node_name(framework, 1, "fr"), "Innovation");
    expect_text(smr_framework_node_name(framework, 1, NULL), "Innovation");
    expect_text(smr_framework_node_name(framework, 2, "vi"), "Nghi\303\252n c\341\273\251u");
    expect_text(smr_framework_node_name(framework, 2, "en"), "rd");
    expect_text(smr_framework_node_name(framework, 0, "vi"), "index");
    expect(framework->nodes[1].names->next->next == NULL);
    expect_text(framework->nodes[1].aggregate->text, "geometric");
    expect(framework->nodes[0].aggregate == NULL);
    smr_framework_unref(framework);
}

TEST(tags_keep_their_order_and_stand_once) {
    smr_framework_builder *builder = new_builder();
    smr_error error = unit_error();
    add_indicator(builder, "index", "a");
    static const char *const given[][2] = {
        {"field", "people"}, {"goal", "4"}, {"field", "business"}, {"field", "people"}, {"goal", "9"}};
    for (size_t i = 0; i < SMRI_COUNT(given); i++) {
        expect_ok(smr_framework_builder_add_tag(builder, "a", given[i][0], given[i][1], &error), &error);
    }
    smr_framework *framework = seal(builder);
    expect_text(smr_framework_node_tag(framework, 1, "field", 0), "people");
    expect_text(smr_framework_node_tag(framework, 1, "field", 1), "business");
    expect(smr_framework_node_tag(framework, 1, "field", 2) == NULL);
    expect_text(smr_framework_node_tag(framework, 1, "goal", 1), "9");
    expect(smr_framework_node_tag(framework, 1, "other", 0) == NULL);
    expect(smr_framework_node_tag(framework, 0, "field", 0) == NULL);
    smr_framework_unref(framework);
}

/* "e" with circumflex and dot below: composed U+1EC7, decomposed e U+0302 U+0323 or e U+0323 U+0302. */
TEST(ids_as_given_elsewhere_are_compared_composed) {
    smr_framework_builder *builder;
    smr_error error = unit_error();
    expect_ok(smri_framework_builder_new_empty(unit_context(), "meta.csv", &builder, &error), &error);
    smri_framework_builder_allow_any_id(builder);
    add_node(builder, NULL, "Ch\341\273\211 s\341\273\221 (\302\247)");
    smr_indicator_options options = indicator_options();
    options.denominator = "d e\314\202\314\243";
    expect_ok(smr_framework_builder_add_indicator(builder, "Ch\341\273\211 s\341\273\221 (\302\247)",
                                                  "Vie\314\202\314\243t", &options, &error),
              &error);
    expect_fails(smr_framework_builder_add_indicator(builder, "Ch\341\273\211 s\341\273\221 (\302\247)",
                                                     "Vi\341\273\207t", NULL, &error),
                 &error, SMR_MESSAGE_FRAMEWORK_ID_TWICE);
    expect_text(error.source, "meta.csv");
    expect_fails(
        smr_framework_builder_add_indicator(builder, "Chi\314\211 s\341\273\221 (\302\247)", "tab\there", NULL, &error),
        &error, SMR_MESSAGE_FRAMEWORK_ID_INVALID);
    expect_fails(
        smr_framework_builder_add_indicator(builder, "Chi\314\211 s\341\273\221 (\302\247)", "\302\205", NULL, &error),
        &error, SMR_MESSAGE_FRAMEWORK_ID_INVALID);
    smr_framework *framework = seal(builder);
    expect_text(smr_framework_node_id(framework, 1), "Vi\341\273\207t");
    expect_equal_int(smr_framework_find(framework, "Vi\341\273\207t"), 1);
    expect_equal_int(smr_framework_find(framework, "Vie\314\243\314\202t"), 1);
    expect_equal_int(smr_framework_find(framework, "Vie\314\243t"), -1);
    expect_equal_int(smr_framework_find(framework, "\377"), -1);
    char longer[600];
    memset(longer, 'x', sizeof longer);
    memcpy(longer + sizeof longer - 4, "\314\243t", 4);
    expect_equal_int(smr_framework_find(framework, longer), -1);
    expect_ok(smr_framework_indicator(framework, 0, &options, &error), &error);
    expect_text(options.denominator, "d \341\273\207");
    smr_framework_unref(framework);
}

static smr_context *limited(uint64_t max_columns, uint64_t max_depth) {
    smr_context_options options;
    smr_context_options_init(&options, sizeof options);
    options.max_columns = max_columns;
    options.max_depth = max_depth;
    smr_context *context;
    smr_error error = unit_error();
    expect_ok(smr_context_new(&options, &context, &error), &error);
    return context;
}

TEST(limits_of_the_context_hold) {
    smr_context *context = limited(4, 2);
    smr_framework_builder *builder;
    smr_error error = unit_error();
    expect_ok(smr_framework_builder_new(context, "index", NULL, &builder, &error), &error);
    smr_context_unref(context); /* the builder owns it too */
    add_node(builder, "index", "a");
    add_node(builder, "a", "b");
    expect_fails(smr_framework_builder_add_indicator(builder, "b", "c", NULL, &error), &error,
                 SMR_MESSAGE_LIMIT_PASSED);
    expect_text(error.message, "the depth of the framework is beyond the limit of 2");
    add_indicator(builder, "a", "d");
    expect_fails(smr_framework_builder_add_indicator(builder, "a", "e", NULL, &error), &error,
                 SMR_MESSAGE_LIMIT_PASSED);
    expect_text(error.message, "the number of nodes is beyond the limit of 4");
    smr_framework_builder_free(builder);
}

/* ---- out of memory ---- */

static smr_status build_all(failure_run *run) {
    smr_framework_builder *builder;
    smr_framework *framework = NULL;
    smr_node_options node;
    smr_node_options_init(&node, sizeof node);
    node.name = "Node";
    node.aggregate = "geometric";
    smr_indicator_options leaf = indicator_options();
    leaf.name = "Leaf";
    leaf.unit = "%";
    leaf.source = "somewhere";
    leaf.denominator = "population";
    smr_status status = smr_framework_builder_new(run->context, "index", &node, &builder, &run->error);
    failure_require(run, (status == SMR_OK) == (builder != NULL));
    for (int i = 0; i < 20 && status == SMR_OK; i++) {
        char id[] = {'a', (char)('a' + i), '\0'};
        status = smr_framework_builder_add_node(builder, "index", id, &node, &run->error);
        char child[] = {'b', (char)('a' + i), '\0'};
        if (status == SMR_OK) {
            status = smr_framework_builder_add_indicator(builder, id, child, &leaf, &run->error);
        }
        if (status == SMR_OK) {
            status = smr_framework_builder_add_name(builder, child, "vi", "L\303\241", &run->error);
        }
        if (status == SMR_OK) {
            status = smr_framework_builder_add_tag(builder, child, "field", "people", &run->error);
        }
    }
    if (status == SMR_OK) {
        status = smr_framework_builder_build(builder, &framework, &run->error);
        failure_require(run, (status == SMR_OK) == (framework != NULL));
    }
    smr_framework_unref(framework);
    smr_framework_builder_free(builder);
    return status;
}

/* Texts so long that each copy is an allocation of its own. */
static smr_status describe_all(failure_run *run) {
    char large[9000];
    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    char long_id[600];
    memset(long_id, 'i', sizeof long_id - 1);
    memcpy(long_id + sizeof long_id - 4, "\341\273\207", 4);
    smri_value method = {.type = SMRI_TEXT, .text = large};
    smr_framework_builder *builder;
    smr_framework *framework = NULL;
    smr_error *error = &run->error;
    smr_status status = smri_framework_builder_new_empty(run->context, "file", &builder, error);
    if (status != SMR_OK) {
        failure_require(run, builder == NULL);
        return status;
    }
    smri_framework_builder_allow_any_id(builder);
    status = smr_framework_builder_add_node(builder, NULL, "index", NULL, error);
    if (status == SMR_OK) {
        status = smr_framework_builder_add_indicator(builder, "index", long_id, NULL, error);
    }
    if (status == SMR_OK) {
        status = smr_framework_builder_add_name(builder, long_id, "en", large, error);
    }
    if (status == SMR_OK) {
        status = smr_framework_builder_add_tag(builder, long_id, "field", large, error);
    }
    if (status == SMR_OK) {
        status = smri_framework_builder_set_notes(builder, long_id, large, large, error);
    }
    if (status == SMR_OK) {
        status = smri_framework_builder_set_aggregate(builder, "index", &method, error);
    }
    if (status == SMR_OK) {
        status = smri_framework_builder_set_plan(builder, &method, error);
    }
    if (status == SMR_OK) {
        status = smri_framework_builder_set_texts(builder, large, large, large, large, error);
    }
    /* As a decomposed id that is not there it is composed aside first. */
    memcpy(long_id + sizeof long_id - 6, "e\314\202n", 5);
    smr_status unknown =
        status == SMR_OK ? smr_framework_builder_add_tag(builder, long_id, "field", "x", error) : SMR_ERROR_FRAMEWORK;
    failure_require(run, unknown == SMR_ERROR_FRAMEWORK || unknown == SMR_ERROR_MEMORY);
    if (unknown == SMR_ERROR_MEMORY) {
        status = unknown;
    }
    if (status == SMR_OK) {
        status = smr_framework_builder_build(builder, &framework, error);
        failure_require(run, (status == SMR_OK) == (framework != NULL));
    }
    smr_framework_unref(framework);
    smr_framework_builder_free(builder);
    return status;
}

TEST(every_allocation_may_fail) {
    size_t runs = 0;
    expect_equal_uint(failure_sweep("framework_build", build_all, &runs), 0);
    expect(runs > 10);
    expect_equal_uint(failure_sweep("framework_describe", describe_all, &runs), 0);
    expect(runs > 30);
}

/* A call that fails for want of memory leaves the builder as it was: tried again, it succeeds, nothing is doubled. */
TEST(a_builder_that_had_no_memory_goes_on) {
    for (size_t fail_at = 1;; fail_at++) {
        failing_allocator allocator;
        failing_allocator_init(&allocator, 0, false);
        smr_context_options options;
        smr_context_options_init(&options, sizeof options);
        options.allocator = allocator.allocator;
        smr_context *context;
        smr_framework_builder *builder;
        smr_error error = unit_error();
        expect_ok(smr_context_new(&options, &context, &error), &error);
        expect_ok(smr_framework_builder_new(context, "index", NULL, &builder, &error), &error);
        allocator.fail_at = allocator.calls + fail_at;
        char large[70000];
        memset(large, 'x', sizeof large - 1);
        large[sizeof large - 1] = '\0';
        smr_indicator_options leaf = indicator_options();
        leaf.source = large;
        bool failed = false;
        for (int i = 0; i < 20; i++) {
            char id[] = {'a', (char)('a' + i), '\0'};
            smr_status status = smr_framework_builder_add_indicator(builder, "index", id, &leaf, &error);
            if (status != SMR_OK) {
                expect_equal_int(status, SMR_ERROR_MEMORY);
                failed = true;
                expect_ok(smr_framework_builder_add_indicator(builder, "index", id, &leaf, &error), &error);
            }
        }
        allocator.fail_at = 0;
        smr_framework *framework = seal(builder);
        expect_equal_uint(smr_framework_node_count(framework), 21);
        for (size_t i = 1; i < 21; i++) {
            expect_equal_int(smr_framework_node_id(framework, i)[1], 'a' + (int)i - 1);
        }
        smr_framework_unref(framework);
        smr_context_unref(context);
        expect_equal_uint(allocator.live_blocks, 0);
        if (!failed) {
            expect(fail_at > 20);
            break;
        }
    }
}

static const unit_test tests[] = {
    UNIT(nodes_are_numbered_in_pre_order),
    UNIT(what_is_beyond_the_last_is_told),
    UNIT(options_come_back_as_they_were_given),
    UNIT(structs_of_another_version_are_understood),
    UNIT(directions_that_are_not_given_are_resolved),
    UNIT(a_builder_builds_more_than_once),
    UNIT(names_fall_back_to_english_then_to_the_id),
    UNIT(tags_keep_their_order_and_stand_once),
    UNIT(ids_as_given_elsewhere_are_compared_composed),
    UNIT(limits_of_the_context_hold),
    UNIT(every_allocation_may_fail),
    UNIT(a_builder_that_had_no_memory_goes_on),
};
UNIT_SUITE(framework, tests)
