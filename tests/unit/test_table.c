/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/base_impl.h"

#include "failure/failing_allocator.h"

typedef struct fixture {
    smri_arena arena;
    smri_table table;
} fixture;

static void set_up(fixture *f) {
    smri_arena_init(&f->arena, unit_context());
    smri_table_init(&f->table, unit_context(), &f->arena);
}

static void tear_down(fixture *f) {
    smri_table_free(&f->table);
    smri_arena_free(&f->arena);
}

static uint32_t add(fixture *f, const char *key, bool *added) {
    return smri_table_add(&f->table, key, strlen(key), added);
}

static uint32_t find(const fixture *f, const char *key) {
    return smri_table_find(&f->table, key, strlen(key));
}

TEST(an_empty_table_finds_nothing) {
    fixture f;
    set_up(&f);
    expect_equal_uint(find(&f, "x"), SMRI_NOT_FOUND);
    expect_equal_uint(find(&f, ""), SMRI_NOT_FOUND);
    expect_equal_uint(f.table.count, 0);
    tear_down(&f);
}

TEST(keys_get_indices_in_order_of_insertion) {
    static const char *const keys[] = {"hanoi", "", "đà_nẵng", "hanoi2", "hano", "HANOI", "a"};
    fixture f;
    set_up(&f);
    for (uint32_t i = 0; i < SMRI_COUNT(keys); i++) {
        bool added = false;
        expect_equal_uint(add(&f, keys[i], &added), i);
        expect(added);
    }
    for (uint32_t i = 0; i < SMRI_COUNT(keys); i++) {
        bool added = true;
        expect_equal_uint(add(&f, keys[i], &added), i);
        expect(!added);
        expect_equal_uint(add(&f, keys[i], NULL), i);
        expect_equal_uint(find(&f, keys[i]), i);
        expect_text(f.table.keys[i], keys[i]);
    }
    expect_equal_uint(f.table.count, SMRI_COUNT(keys));
    expect_equal_uint(find(&f, "absent"), SMRI_NOT_FOUND);
    tear_down(&f);
}

TEST(only_the_given_length_counts) {
    fixture f;
    set_up(&f);
    expect_equal_uint(smri_table_add(&f.table, "region,value", 6, NULL), 0);
    expect_text(f.table.keys[0], "region");
    expect_equal_uint(smri_table_find(&f.table, "region;other", 6), 0);
    expect_equal_uint(smri_table_find(&f.table, "region;other", 7), SMRI_NOT_FOUND);
    expect_equal_uint(smri_table_add(&f.table, NULL, 0, NULL), 1);
    expect_text(f.table.keys[1], "");
    tear_down(&f);
}

TEST(a_key_ends_at_a_nul) {
    fixture f;
    set_up(&f);
    expect_equal_uint(smri_table_add(&f.table, "ab\0cd", 5, NULL), 0);
    expect_text(f.table.keys[0], "ab");
    expect_equal_uint(smri_table_find(&f.table, "ab", 2), 0);
    expect_equal_uint(smri_table_add(&f.table, "ab\0ef", 5, NULL), 0);
    expect_equal_uint(f.table.count, 1);
    tear_down(&f);
}

TEST(keys_are_copied) {
    fixture f;
    set_up(&f);
    char key[] = "hue";
    add(&f, key, NULL);
    key[0] = 'x';
    expect_equal_uint(find(&f, "hue"), 0);
    expect_equal_uint(find(&f, "xue"), SMRI_NOT_FOUND);
    tear_down(&f);
}

TEST(a_hundred_thousand_keys_are_kept_apart) {
    enum { KEYS = 100000 };
    fixture f;
    set_up(&f);
    char key[32];
    for (uint32_t i = 0; i < KEYS; i++) {
        snprintf(key, sizeof key, "region-%u", (unsigned)i);
        bool added = false;
        expect_equal_uint(add(&f, key, &added), i);
        expect(added);
    }
    expect_equal_uint(f.table.count, KEYS);
    for (uint32_t i = 0; i < KEYS; i++) {
        snprintf(key, sizeof key, "region-%u", (unsigned)i);
        expect_equal_uint(find(&f, key), i);
        expect_text(f.table.keys[i], key);
        snprintf(key, sizeof key, "region_%u", (unsigned)i);
        expect_equal_uint(find(&f, key), SMRI_NOT_FOUND);
    }
    tear_down(&f);
}

/* Keys stay valid when the table is gone: the arena owns them. */
TEST(keys_outlive_the_table) {
    fixture f;
    set_up(&f);
    add(&f, "vinh", NULL);
    const char *key = f.table.keys[0];
    smri_table_free(&f.table);
    expect_text(key, "vinh");
    expect_equal_uint(find(&f, "vinh"), SMRI_NOT_FOUND);
    expect_equal_uint(add(&f, "vinh", NULL), 0);
    tear_down(&f);
}

/* Worked out from the definition in arbitrary precision (a few lines of Python), so that a byte order or a word size
 * that changed them would show. */
TEST(hashes_are_the_same_everywhere) {
    expect_equal_uint(smri_hash("", 0), UINT64_C(0x0000000000000000));
    expect_equal_uint(smri_hash("a", 1), UINT64_C(0x527c05aa961741c6));
    expect_equal_uint(smri_hash("icf", 3), UINT64_C(0xd3b3b8922669e76b));
    expect_equal_uint(smri_hash("broadband", 9), UINT64_C(0x3f29ab2e83660d27));
    expect_equal_uint(smri_hash("12345678", 8), UINT64_C(0x2153cc5b93db5911));
    expect_equal_uint(smri_hash("Thành phố Hồ Chí Minh", strlen("Thành phố Hồ Chí Minh")),
                      UINT64_C(0x0304912811244645));
}

/* Changing any single bit of a key changes about half of the bits of the tag. */
TEST(hashes_spread) {
    unsigned char key[16] = "region-000001";
    uint64_t plain = smri_hash(key, 13);
    for (size_t bit = 0; bit < 13 * 8; bit++) {
        key[bit / 8] ^= (unsigned char)(1u << bit % 8);
        uint64_t difference = (smri_hash(key, 13) ^ plain) >> 32;
        key[bit / 8] ^= (unsigned char)(1u << bit % 8);
        unsigned changed = 0;
        for (; difference != 0; difference &= difference - 1) {
            changed++;
        }
        expect(changed >= 4 && changed <= 28);
    }
}

static smr_status fill_a_table(failure_run *run) {
    smri_arena arena;
    smri_table table;
    smri_arena_init(&arena, run->context);
    smri_table_init(&table, run->context, &arena);
    smr_status status = SMR_OK;
    for (unsigned i = 0; status == SMR_OK && i < 500; i++) {
        char key[32];
        int length = snprintf(key, sizeof key, "a rather long key of region %u", i % 400);
        bool added = true;
        if (smri_table_add(&table, key, (size_t)length, &added) == SMRI_NOT_FOUND) {
            failure_require(run, !added);
            failure_require(run, table.count == i);
            failure_require(run, smri_table_find(&table, key, (size_t)length) == SMRI_NOT_FOUND);
            failure_require(run,
                            i == 0 || smri_table_find(&table, table.keys[i - 1], strlen(table.keys[i - 1])) == i - 1);
            status = smri_fail_memory(&run->error);
        }
    }
    failure_require(run, status != SMR_OK || table.count == 400);
    smri_table_free(&table);
    smri_arena_free(&arena);
    return status;
}

TEST(every_failure_is_survived) {
    size_t runs = 0;
    expect_equal_uint(failure_sweep("table", fill_a_table, &runs), 0);
    expect(runs > 20);
}

static const unit_test tests[] = {
    UNIT(an_empty_table_finds_nothing),
    UNIT(keys_get_indices_in_order_of_insertion),
    UNIT(only_the_given_length_counts),
    UNIT(a_key_ends_at_a_nul),
    UNIT(keys_are_copied),
    UNIT(a_hundred_thousand_keys_are_kept_apart),
    UNIT(keys_outlive_the_table),
    UNIT(hashes_are_the_same_everywhere),
    UNIT(hashes_spread),
    UNIT(every_failure_is_survived),
};
UNIT_SUITE(table, tests)
