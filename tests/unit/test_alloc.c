/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/base_impl.h"

#include "failure/failing_allocator.h"

static bool is_aligned(const void *block, size_t alignment) {
    return (uintptr_t)block % alignment == 0;
}

/* A context whose allocations are counted and none of them fails. */
static smr_context *counting_context(failing_allocator *counting) {
    failing_allocator_init(counting, 0, false);
    smr_context_options options;
    smr_context_options_init(&options, sizeof options);
    options.allocator = counting->allocator;
    smr_error error = unit_error();
    smr_context *context = NULL;
    expect_ok(smr_context_new(&options, &context, &error), &error);
    return context;
}

TEST(products_and_sums_tell_overflow) {
    size_t result = 17;
    expect(smri_product(0, SIZE_MAX, &result) && result == 0);
    expect(smri_product(SIZE_MAX, 0, &result) && result == 0);
    expect(smri_product(1, SIZE_MAX, &result) && result == SIZE_MAX);
    expect(smri_product(SIZE_MAX / 8, 8, &result) && result == SIZE_MAX - 7);
    result = 17;
    expect(!smri_product(SIZE_MAX / 8 + 1, 8, &result));
    expect(!smri_product(SIZE_MAX, SIZE_MAX, &result));
    expect(!smri_product(SIZE_MAX / 2 + 1, 2, &result));
    expect_equal_uint(result, 17);
    expect(smri_sum(SIZE_MAX, 0, &result) && result == SIZE_MAX);
    expect(smri_sum(SIZE_MAX - 5, 5, &result) && result == SIZE_MAX);
    result = 17;
    expect(!smri_sum(SIZE_MAX, 1, &result));
    expect(!smri_sum(SIZE_MAX - 5, 6, &result));
    expect_equal_uint(result, 17);
}

TEST(impossible_sizes_are_never_asked_for) {
    failing_allocator counting;
    smr_context *context = counting_context(&counting);
    char *block = smri_alloc(context, 4, 1);
    expect(block != NULL);
    memcpy(block, "abc", 4);
    size_t before = counting.calls;
    expect(smri_alloc(context, SIZE_MAX, 2) == NULL);
    expect(smri_alloc(context, SIZE_MAX, 1) == NULL);
    expect(smri_alloc(context, (size_t)PTRDIFF_MAX + 1, 1) == NULL);
    expect(smri_calloc(context, SIZE_MAX / 2, 8) == NULL);
    expect(smri_realloc(context, block, SIZE_MAX / 4, 8) == NULL);
    size_t capacity = 4;
    expect(!smri_grow(context, &block, &capacity, SIZE_MAX / 4, 8));
    smri_arena arena;
    smri_arena_init(&arena, context);
    expect(smri_arena_alloc(&arena, SIZE_MAX, 3) == NULL);
    expect(smri_arena_alloc(&arena, SIZE_MAX, 1) == NULL);
    expect(smri_arena_calloc(&arena, SIZE_MAX / 8, 16) == NULL);
    expect(smri_arena_text(&arena, "x", SIZE_MAX) == NULL);
    expect_equal_uint(counting.calls, before);
    expect(arena.chunks == NULL);
    expect_equal_uint(capacity, 4);
    expect_text(block, "abc");
    smri_free(context, block);
    smr_context_unref(context);
    expect_equal_uint(counting.live_blocks, 0);
}

TEST(nothing_asked_for_is_a_block_all_the_same) {
    const smr_context *context = smri_context(NULL);
    void *blocks[] = {smri_alloc(context, 0, 8), smri_calloc(context, 8, 0), smri_realloc(context, NULL, 0, 0)};
    for (size_t i = 0; i < SMRI_COUNT(blocks); i++) {
        expect(blocks[i] != NULL);
        smri_free(context, blocks[i]);
    }
    smri_free(context, NULL);
}

TEST(zeroed_memory_is_zero_with_any_allocator) {
    failing_allocator counting;
    smr_context *own = counting_context(&counting);
    const smr_context *contexts[] = {smri_context(NULL), own};
    for (size_t i = 0; i < SMRI_COUNT(contexts); i++) {
        unsigned char *dirty = smri_alloc(contexts[i], 300, 1);
        expect(dirty != NULL);
        memset(dirty, 0xff, 300);
        smri_free(contexts[i], dirty);
        unsigned char *zeroed = smri_calloc(contexts[i], 100, 3);
        expect(zeroed != NULL);
        for (size_t k = 0; k < 300; k++) {
            expect_equal_int(zeroed[k], 0);
        }
        smri_free(contexts[i], zeroed);
    }
    smr_context_unref(own);
}

TEST(reallocation_keeps_the_content) {
    const smr_context *context = unit_context();
    uint32_t *numbers = smri_realloc(context, NULL, 4, sizeof *numbers);
    expect(numbers != NULL);
    for (uint32_t i = 0; i < 4; i++) {
        numbers[i] = i + 100;
    }
    numbers = smri_realloc(context, numbers, 4000, sizeof *numbers);
    expect(numbers != NULL);
    for (uint32_t i = 0; i < 4; i++) {
        expect_equal_uint(numbers[i], i + 100);
    }
    smri_free(context, numbers);
}

TEST(growth_doubles_and_keeps_the_content) {
    const smr_context *context = unit_context();
    uint32_t *numbers = NULL;
    size_t capacity = 0;
    size_t growths = 0;
    for (uint32_t i = 0; i < 100000; i++) {
        size_t before = capacity;
        expect(smri_grow(context, &numbers, &capacity, (size_t)i + 1, sizeof *numbers));
        expect(capacity > i);
        growths += before != capacity;
        numbers[i] = i * 3;
    }
    expect(growths <= 15); /* 8, 16 and so on up to 131,072 */
    for (uint32_t i = 0; i < 100000; i++) {
        expect_equal_uint(numbers[i], i * 3);
    }
    uint32_t *same = numbers;
    size_t same_capacity = capacity;
    expect(smri_grow(context, &numbers, &capacity, capacity, sizeof *numbers));
    expect(numbers == same && capacity == same_capacity);
    expect(smri_grow(context, &numbers, &capacity, 1000000, sizeof *numbers)); /* more than double */
    expect(capacity >= 1000000);
    expect_equal_uint(numbers[99999], 299997);
    smri_free(context, numbers);
}

typedef struct piece {
    unsigned char *bytes;
    size_t length;
} piece;

/* Every piece is filled to its end, and checked when all are there: none overlaps another. */
TEST(arena_pieces_are_aligned_and_apart) {
    enum { PIECES = 3000 };
    static piece pieces[PIECES];
    smri_arena arena;
    smri_arena_init(&arena, unit_context());
    uint64_t state = 42;
    for (size_t i = 0; i < PIECES; i++) {
        uint64_t draw = unit_random(&state);
        size_t length = (size_t)(draw % 100 < 90   ? draw >> 32 & 127
                                 : draw % 100 < 98 ? draw >> 32 & 8191
                                                   : draw >> 32 & 0x3ffff);
        pieces[i].length = length;
        pieces[i].bytes = smri_arena_alloc(&arena, length, 1);
        expect(pieces[i].bytes != NULL);
        expect(is_aligned(pieces[i].bytes, length >= 4096 ? 64 : 16));
        memset(pieces[i].bytes, (int)(i & 255), length);
    }
    for (size_t i = 0; i < PIECES; i++) {
        for (size_t k = 0; k < pieces[i].length; k++) {
            expect_equal_int(pieces[i].bytes[k], i & 255);
        }
    }
    smri_arena_free(&arena);
    expect(arena.chunks == NULL);
}

TEST(a_large_piece_does_not_waste_the_chunk) {
    failing_allocator counting;
    smr_context *context = counting_context(&counting);
    smri_arena arena;
    smri_arena_init(&arena, context);
    char *small = smri_arena_alloc(&arena, 16, 1);
    expect(smri_arena_alloc(&arena, 100000, 8) != NULL);
    char *next = smri_arena_alloc(&arena, 16, 1);
    expect(next == small + 16);
    expect_equal_uint(counting.live_blocks, 3); /* context, chunk, large piece */
    for (size_t i = 0; i < 10000; i++) {
        expect(smri_arena_alloc(&arena, 16, 1) != NULL);
    }
    expect(counting.live_blocks < 12); /* 160,000 bytes in chunks of at most 65,536 that grow from 4,096 */
    smri_arena_free(&arena);
    smr_context_unref(context);
    expect_equal_uint(counting.live_blocks, 0);
}

TEST(a_chunk_is_filled_to_its_end) {
    failing_allocator counting;
    smr_context *context = counting_context(&counting);
    smri_arena arena;
    smri_arena_init(&arena, context);
    for (size_t i = 0; i < 4; i++) {
        expect(smri_arena_alloc(&arena, 1024, 1) != NULL); /* the first chunk holds 4,096 bytes */
    }
    expect_equal_uint(counting.live_blocks, 2);
    expect(smri_arena_alloc(&arena, 1, 1) != NULL);
    expect_equal_uint(counting.live_blocks, 3);
    smri_arena_free(&arena);
    smr_context_unref(context);
}

TEST(arena_memory_is_zero_when_asked) {
    smri_arena arena;
    smri_arena_init(&arena, unit_context());
    for (size_t round = 0; round < 50; round++) {
        unsigned char *block = smri_arena_calloc(&arena, round, 97);
        expect(block != NULL);
        for (size_t i = 0; i < round * 97; i++) {
            expect_equal_int(block[i], 0);
        }
        memset(block, 0xff, round * 97);
    }
    smri_arena_free(&arena);
}

TEST(arena_texts_are_copied_and_terminated) {
    smri_arena arena = {.context = unit_context()};
    char source[] = "Bình Dương";
    char *whole = smri_arena_text(&arena, source, strlen(source));
    char *part = smri_arena_text(&arena, source, 1);
    char *none = smri_arena_text(&arena, NULL, 0);
    memset(source, 'x', sizeof source - 1);
    expect_text(whole, "Bình Dương");
    expect_text(part, "B");
    expect_text(none, "");
    smri_arena_free(&arena);
    smri_arena_free(&arena);
}

static smr_status fill_an_arena(failure_run *run) {
    smri_arena arena;
    smri_arena_init(&arena, run->context);
    smr_status status = SMR_OK;
    for (size_t i = 0; status == SMR_OK && i < 200; i++) {
        if (smri_arena_alloc(&arena, i * i, 2) == NULL || smri_arena_text(&arena, "text", 4) == NULL) {
            status = smri_fail_memory(&run->error);
        }
    }
    smri_arena_free(&arena);
    return status;
}

static smr_status grow_an_array(failure_run *run) {
    double *numbers = NULL;
    size_t capacity = 0;
    smr_status status = SMR_OK;
    for (size_t i = 0; status == SMR_OK && i < 1000; i++) {
        double *before = numbers;
        size_t capacity_before = capacity;
        if (!smri_grow(run->context, &numbers, &capacity, i + 1, sizeof *numbers)) {
            failure_require(run, numbers == before && capacity == capacity_before);
            status = smri_fail_memory(&run->error);
        } else {
            numbers[i] = (double)i;
            failure_require(run, numbers[i / 2] == (double)(i / 2));
        }
    }
    smri_free(run->context, numbers);
    return status;
}

TEST(every_failure_is_survived) {
    size_t runs = 0;
    expect_equal_uint(failure_sweep("arena", fill_an_arena, &runs), 0);
    expect(runs > 20);
    expect_equal_uint(failure_sweep("grow", grow_an_array, &runs), 0);
    expect(runs > 10);
}

static void *forgotten;

static smr_status forget_a_block(failure_run *run) {
    void *block = smri_alloc(run->context, 8, 1);
    forgotten = block ? block : forgotten;
    return block ? SMR_OK : smri_fail_memory(&run->error);
}

static smr_status hide_the_failure(failure_run *run) {
    smri_free(run->context, smri_alloc(run->context, 8, 1));
    return SMR_OK;
}

/* The tool itself must see what is wrong, or the sweeps say nothing. Its complaints appear in the log. */
TEST(the_sweep_notices_leaks_and_hidden_failures) {
    size_t runs = 0;
    expect_equal_uint(failure_sweep("a leak, as expected", forget_a_block, &runs), 1);
    expect_equal_uint(runs, 5);
    free(forgotten);
    expect_equal_uint(failure_sweep("a hidden failure, as expected", hide_the_failure, &runs), 2);
    expect_equal_uint(runs, 5);
}

static const unit_test tests[] = {
    UNIT(products_and_sums_tell_overflow),
    UNIT(impossible_sizes_are_never_asked_for),
    UNIT(nothing_asked_for_is_a_block_all_the_same),
    UNIT(zeroed_memory_is_zero_with_any_allocator),
    UNIT(reallocation_keeps_the_content),
    UNIT(growth_doubles_and_keeps_the_content),
    UNIT(arena_pieces_are_aligned_and_apart),
    UNIT(a_large_piece_does_not_waste_the_chunk),
    UNIT(a_chunk_is_filled_to_its_end),
    UNIT(arena_memory_is_zero_when_asked),
    UNIT(arena_texts_are_copied_and_terminated),
    UNIT(every_failure_is_survived),
    UNIT(the_sweep_notices_leaks_and_hidden_failures),
};
UNIT_SUITE(alloc, tests)
