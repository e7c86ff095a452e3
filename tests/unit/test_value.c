/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <string.h>

#include "base/base_impl.h"

#include "failure/failing_allocator.h"

static smri_value *number(smri_arena *arena, smri_value *object, const char *key, double value) {
    return smri_value_append(arena, object, key, smri_value_number(arena, value));
}

static smri_value *text(smri_arena *arena, smri_value *object, const char *key, const char *value) {
    return smri_value_append(arena, object, key, smri_value_text(arena, value, strlen(value)));
}

static smri_value *node(smri_arena *arena, smri_value *object, const char *key, smri_type type) {
    return smri_value_append(arena, object, key, smri_value_new(arena, type));
}

/* {"normalise": {"method": "minmax", "range": [0, 100]}, "impute": "none", "clamp": true, "rank": null} */
static smri_value *sample(smri_arena *arena) {
    smri_value *plan = smri_value_new(arena, SMRI_OBJECT);
    smri_value *normalise = node(arena, plan, "normalise", SMRI_OBJECT);
    text(arena, normalise, "method", "minmax");
    smri_value *range = node(arena, normalise, "range", SMRI_ARRAY);
    number(arena, range, NULL, 0);
    number(arena, range, NULL, 100);
    text(arena, plan, "impute", "none");
    smri_value_append(arena, plan, "clamp", smri_value_bool(arena, true));
    node(arena, plan, "rank", SMRI_NULL);
    return plan;
}

/* The links of a tree agree with its counts. */
static void expect_sound(const smri_value *value) {
    uint32_t count = 0;
    const smri_value *last = NULL;
    for (const smri_value *member = value->first; member != NULL; member = member->next) {
        expect((member->key != NULL) == (value->type == SMRI_OBJECT));
        expect_sound(member);
        last = member;
        count++;
    }
    expect_equal_uint(count, value->count);
    expect(value->last == last);
}

TEST(members_are_kept_in_order) {
    smri_arena arena = {.context = unit_context()};
    smri_value *plan = sample(&arena);
    expect_sound(plan);
    static const char *const keys[] = {"normalise", "impute", "clamp", "rank"};
    static const smri_type types[] = {SMRI_OBJECT, SMRI_TEXT, SMRI_BOOL, SMRI_NULL};
    size_t i = 0;
    for (const smri_value *member = plan->first; member != NULL; member = member->next, i++) {
        expect_text(member->key, keys[i]);
        expect_equal_int(member->type, types[i]);
        expect(smri_value_get(plan, keys[i]) == member);
    }
    expect_equal_uint(i, 4);
    const smri_value *range = smri_value_get(smri_value_get(plan, "normalise"), "range");
    expect_equal_uint(range->count, 2);
    expect_same_bits(range->first->number, 0);
    expect_same_bits(range->last->number, 100);
    expect_same_bits(smri_value_get(plan, "clamp")->number, 1);
    expect_same_bits(smri_value_bool(&arena, false)->number, 0);
    smri_arena_free(&arena);
}

TEST(what_is_absent_is_null) {
    smri_arena arena = {.context = unit_context()};
    smri_value *plan = sample(&arena);
    expect(smri_value_get(plan, "Normalise") == NULL);
    expect(smri_value_get(plan, "") == NULL);
    expect(smri_value_get(NULL, "normalise") == NULL);
    expect(smri_value_get(smri_value_get(plan, "impute"), "method") == NULL);
    expect(smri_value_get(smri_value_get(smri_value_get(plan, "normalise"), "range"), "0") == NULL);
    expect(smri_value_append(&arena, plan, "x", NULL) == NULL);
    expect(smri_value_put(&arena, plan, "impute", NULL) == NULL);
    expect_equal_uint(plan->count, 4);
    smri_arena_free(&arena);
}

TEST(keys_and_texts_are_copied) {
    smri_arena arena = {.context = unit_context()};
    char key[] = "key", content[] = "content";
    smri_value *object = smri_value_new(&arena, SMRI_OBJECT);
    smri_value_append(&arena, object, key, smri_value_text(&arena, content, 4));
    key[0] = content[0] = 'X';
    expect_text(object->first->key, "key");
    expect_text(object->first->text, "cont");
    smri_arena_free(&arena);
}

TEST(put_replaces_in_place_or_appends) {
    smri_arena arena = {.context = unit_context()};
    static const char *const keys[] = {"normalise", "impute", "clamp", "rank"};
    for (size_t i = 0; i < SMRI_COUNT(keys); i++) {
        smri_value *plan = sample(&arena);
        smri_value *put = smri_value_put(&arena, plan, keys[i], smri_value_number(&arena, 7));
        expect(put != NULL);
        expect_sound(plan);
        expect_equal_uint(plan->count, 4);
        size_t k = 0;
        for (const smri_value *member = plan->first; member != NULL; member = member->next, k++) {
            expect_text(member->key, keys[k]);
            expect((member == put) == (k == i));
        }
        expect_same_bits(smri_value_get(plan, keys[i])->number, 7);
    }
    smri_value *plan = sample(&arena);
    smri_value *put = smri_value_put(&arena, plan, "new", smri_value_number(&arena, 8));
    expect(plan->last == put);
    expect_equal_uint(plan->count, 5);
    expect_sound(plan);
    smri_value *empty = smri_value_new(&arena, SMRI_OBJECT);
    expect(smri_value_put(&arena, empty, "only", smri_value_new(&arena, SMRI_NULL)) == empty->first);
    expect_sound(empty);
    smri_arena_free(&arena);
}

TEST(a_copy_is_equal_and_independent) {
    smri_arena arena = {.context = unit_context()};
    smri_arena other = {.context = unit_context()};
    smri_value *plan = sample(&arena);
    smri_value *copy = smri_value_copy(&other, plan);
    expect(smri_value_equal(plan, copy));
    expect_sound(copy);
    smri_arena_free(&arena);
    expect_text(smri_value_get(smri_value_get(copy, "normalise"), "method")->text, "minmax");
    expect_text(copy->last->key, "rank");
    smri_arena_free(&other);
}

TEST(equality_sees_every_difference) {
    smri_arena arena = {.context = unit_context()};
    smri_value *plan = sample(&arena);
    expect(smri_value_equal(plan, plan));
    expect(smri_value_equal(NULL, NULL));
    expect(!smri_value_equal(plan, NULL));
    expect(!smri_value_equal(NULL, plan));

    smri_value *other = sample(&arena);
    smri_value_put(&arena, other, "impute", smri_value_text(&arena, "mean", 4));
    expect(!smri_value_equal(plan, other));
    other = sample(&arena);
    smri_value_put(&arena, other, "clamp", smri_value_bool(&arena, false));
    expect(!smri_value_equal(plan, other));
    other = sample(&arena);
    smri_value_put(&arena, other, "clamp", smri_value_number(&arena, 1)); /* 1 is not true */
    expect(!smri_value_equal(plan, other));
    other = sample(&arena);
    smri_value_put(&arena, other, "more", smri_value_number(&arena, 1));
    expect(!smri_value_equal(plan, other));
    expect(!smri_value_equal(other, plan));
    other = sample(&arena);
    other->last->key = "range";
    expect(!smri_value_equal(plan, other));

    smri_value *a = smri_value_new(&arena, SMRI_ARRAY), *b = smri_value_new(&arena, SMRI_ARRAY);
    number(&arena, a, NULL, 1);
    number(&arena, a, NULL, 2);
    number(&arena, b, NULL, 2);
    number(&arena, b, NULL, 1);
    expect(!smri_value_equal(a, b)); /* the order of an array counts */
    smri_arena_free(&arena);
}

TEST(equality_of_objects_is_in_any_order) {
    smri_arena arena = {.context = unit_context()};
    static const char *const keys[] = {"a", "b", "c", "d", "e"};
    smri_value *forward = smri_value_new(&arena, SMRI_OBJECT), *backward = smri_value_new(&arena, SMRI_OBJECT);
    for (size_t i = 0; i < SMRI_COUNT(keys); i++) {
        number(&arena, forward, keys[i], (double)i);
        number(&arena, backward, keys[SMRI_COUNT(keys) - 1 - i], (double)(SMRI_COUNT(keys) - 1 - i));
    }
    expect(smri_value_equal(forward, backward));
    expect(smri_value_equal(backward, forward));
    smri_value_put(&arena, backward, "c", smri_value_number(&arena, 20));
    expect(!smri_value_equal(forward, backward));
    smri_arena_free(&arena);
}

TEST(objects_merge_key_by_key) {
    smri_arena arena = {.context = unit_context()};
    smri_value *lower = sample(&arena), *lower_before = sample(&arena);
    smri_value *upper = smri_value_new(&arena, SMRI_OBJECT);
    smri_value *missing = node(&arena, upper, "missing", SMRI_OBJECT);
    text(&arena, missing, "policy", "fail");
    smri_value *normalise = node(&arena, upper, "normalise", SMRI_OBJECT);
    text(&arena, normalise, "method", "zscore");
    number(&arena, normalise, "mean", 50);
    smri_value *impute = node(&arena, upper, "impute", SMRI_OBJECT); /* replaces a text */
    text(&arena, impute, "method", "mean");
    smri_value *upper_before = smri_value_copy(&arena, upper);

    smri_value *merged = smri_value_merge(&arena, lower, upper);
    expect_sound(merged);
    static const char *const keys[] = {"normalise", "impute", "clamp", "rank", "missing"};
    size_t i = 0;
    for (const smri_value *member = merged->first; member != NULL; member = member->next, i++) {
        expect_text(member->key, keys[i]);
    }
    expect_equal_uint(i, SMRI_COUNT(keys));
    const smri_value *both = smri_value_get(merged, "normalise");
    expect_text(smri_value_get(both, "method")->text, "zscore");
    expect_same_bits(smri_value_get(both, "mean")->number, 50);
    expect_equal_uint(smri_value_get(both, "range")->count, 2);
    expect_text(smri_value_get(smri_value_get(merged, "impute"), "method")->text, "mean");
    expect_same_bits(smri_value_get(merged, "clamp")->number, 1);
    expect_text(smri_value_get(smri_value_get(merged, "missing"), "policy")->text, "fail");
    expect(smri_value_equal(lower, lower_before)); /* both inputs stay as they are */
    expect(smri_value_equal(upper, upper_before));
    expect_sound(lower);
    expect_sound(upper);
    smri_arena_free(&arena);
}

TEST(all_but_objects_is_replaced) {
    smri_arena arena = {.context = unit_context()};
    smri_value *array = smri_value_new(&arena, SMRI_ARRAY), *shorter = smri_value_new(&arena, SMRI_ARRAY);
    number(&arena, array, NULL, 1);
    number(&arena, array, NULL, 2);
    number(&arena, shorter, NULL, 3);
    expect(smri_value_equal(smri_value_merge(&arena, array, shorter), shorter));
    smri_value *nothing = smri_value_new(&arena, SMRI_NULL);
    smri_value *object = sample(&arena);
    expect(smri_value_equal(smri_value_merge(&arena, object, nothing), nothing));
    expect(smri_value_equal(smri_value_merge(&arena, nothing, object), object));
    smri_value *empty = smri_value_new(&arena, SMRI_OBJECT);
    expect(smri_value_equal(smri_value_merge(&arena, object, empty), object));
    expect(smri_value_equal(smri_value_merge(&arena, empty, object), object));
    smri_arena_free(&arena);
}

static smr_status copy_and_merge(failure_run *run) {
    smri_arena arena = {.context = run->context};
    smri_arena source = {.context = smri_context(NULL)}; /* not part of what fails */
    smri_value *plan = sample(&source);
    for (unsigned i = 0; i < 100; i++) {
        char key[] = {'k', (char)('0' + i / 10), (char)('0' + i % 10), '\0'};
        smri_value_append(&source, plan, key, sample(&source));
    }
    smr_status status = SMR_OK;
    smri_value *copy = smri_value_copy(&arena, plan);
    smri_value *merged = copy ? smri_value_merge(&arena, copy, plan) : NULL;
    smri_value *put = merged ? smri_value_put(&arena, merged, "new", smri_value_text(&arena, "text", 4)) : NULL;
    if (put == NULL) {
        status = smri_fail_memory(&run->error);
    } else {
        failure_require(run, smri_value_equal(copy, plan));
        failure_require(run, merged->count == plan->count + 1);
    }
    smri_arena_free(&source);
    smri_arena_free(&arena);
    return status;
}

TEST(every_failure_is_survived) {
    size_t runs = 0;
    expect_equal_uint(failure_sweep("value", copy_and_merge, &runs), 0);
    expect(runs > 10);
}

static const unit_test tests[] = {
    UNIT(members_are_kept_in_order),           UNIT(what_is_absent_is_null),
    UNIT(keys_and_texts_are_copied),           UNIT(put_replaces_in_place_or_appends),
    UNIT(a_copy_is_equal_and_independent),     UNIT(equality_sees_every_difference),
    UNIT(equality_of_objects_is_in_any_order), UNIT(objects_merge_key_by_key),
    UNIT(all_but_objects_is_replaced),         UNIT(every_failure_is_survived),
};
UNIT_SUITE(value, tests)
