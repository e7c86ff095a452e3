/* SPDX-License-Identifier: MIT */
/* Checked allocation, growing arrays, and the arena. */
#include "base/base_impl.h"

#include <stdlib.h>

#define SMALL_ALIGNMENT 16
/* A whole cache line: columns of numbers start on one. */
#define LARGE_ALIGNMENT 64
#define LARGE_BYTES 4096

#define FIRST_CHUNK 4096
#define GREATEST_CHUNK 65536

void *smri_c_allocate(size_t size, void *user) {
    (void)user;
    return malloc(size);
}

void *smri_c_reallocate(void *block, size_t size, void *user) {
    (void)user;
    return realloc(block, size);
}

void smri_c_release(void *block, void *user) {
    (void)user;
    free(block);
}

bool smri_product(size_t a, size_t b, size_t *product) {
    if (b != 0 && a > SIZE_MAX / b) {
        return false;
    }
    *product = a * b;
    return true;
}

bool smri_sum(size_t a, size_t b, size_t *sum) {
    if (a > SIZE_MAX - b) {
        return false;
    }
    *sum = a + b;
    return true;
}

/* Bytes of `count` elements, at least 1. No object is larger than the difference of two pointers can tell. */
static bool count_bytes(size_t count, size_t size, size_t *bytes) {
    if (!smri_product(count, size, bytes) || *bytes > PTRDIFF_MAX) {
        return false;
    }
    *bytes = SMRI_MAX(*bytes, 1);
    return true;
}

void *smri_alloc(const smr_context *context, size_t count, size_t size) {
    size_t bytes;
    return count_bytes(count, size, &bytes) ? context->allocator.allocate(bytes, context->allocator.user) : NULL;
}

void *smri_calloc(const smr_context *context, size_t count, size_t size) {
    size_t bytes;
    if (!count_bytes(count, size, &bytes)) {
        return NULL;
    }
    if (context->allocator.allocate == smri_c_allocate) {
        return calloc(bytes, 1); /* fresh pages need no zeroing */
    }
    void *block = context->allocator.allocate(bytes, context->allocator.user);
    if (block != NULL) {
        memset(block, 0, bytes);
    }
    return block;
}

void *smri_realloc(const smr_context *context, void *block, size_t count, size_t size) {
    size_t bytes;
    if (!count_bytes(count, size, &bytes)) {
        return NULL;
    }
    return block ? context->allocator.reallocate(block, bytes, context->allocator.user)
                 : context->allocator.allocate(bytes, context->allocator.user);
}

void smri_free(const smr_context *context, void *block) {
    if (block != NULL) {
        context->allocator.release(block, context->allocator.user);
    }
}

bool smri_grow(const smr_context *context, void *block_pointer, size_t *capacity, size_t needed, size_t size) {
    if (needed <= *capacity) {
        return true;
    }
    size_t larger = *capacity > SIZE_MAX / 2 ? needed : SMRI_MAX(*capacity * 2, SMRI_MAX(needed, 8));
    void *block;
    memcpy(&block, block_pointer, sizeof block);
    block = smri_realloc(context, block, larger, size);
    if (block == NULL) {
        return false;
    }
    memcpy(block_pointer, &block, sizeof block);
    *capacity = larger;
    return true;
}

/* Chunks are a list; the first is the one being filled, arena->used counts the bytes taken from it. */
struct smri_arena_chunk {
    struct smri_arena_chunk *next;
    size_t size;
    unsigned char bytes[];
};

typedef struct smri_arena_chunk chunk;

static chunk *new_chunk(const smr_context *context, size_t size) {
    size_t bytes;
    chunk *made = smri_sum(size, sizeof *made, &bytes) ? smri_alloc(context, bytes, 1) : NULL;
    if (made != NULL) {
        made->next = NULL;
        made->size = size;
    }
    return made;
}

/* `bytes` bytes of the chunk from offset `used` on, aligned; NULL when they do not fit. *end is the offset after. */
static void *take(chunk *from, size_t used, size_t bytes, size_t alignment, size_t *end) {
    size_t padding = (size_t)(-((uintptr_t)from->bytes + used) & (alignment - 1));
    size_t left = from->size - used;
    if (padding > left || bytes > left - padding) {
        return NULL;
    }
    *end = used + padding + bytes;
    return from->bytes + used + padding;
}

void smri_arena_init(smri_arena *arena, const smr_context *context) {
    arena->context = context;
    arena->chunks = NULL;
    arena->used = 0;
}

void *smri_arena_alloc(smri_arena *arena, size_t count, size_t size) {
    size_t bytes, own_size;
    if (!count_bytes(count, size, &bytes)) {
        return NULL;
    }
    size_t alignment = bytes >= LARGE_BYTES ? LARGE_ALIGNMENT : SMALL_ALIGNMENT;
    chunk *first = arena->chunks;
    void *block = first ? take(first, arena->used, bytes, alignment, &arena->used) : NULL;
    if (block != NULL) {
        return block;
    }
    size_t chunk_size = first ? SMRI_MIN(SMRI_MAX(first->size, FIRST_CHUNK / 2) * 2, GREATEST_CHUNK) : FIRST_CHUNK;
    bool alone = bytes > chunk_size / 2;
    if (!smri_sum(bytes, alignment, &own_size)) {
        return NULL;
    }
    chunk *made = new_chunk(arena->context, alone ? own_size : chunk_size);
    if (made == NULL) {
        return NULL;
    }
    if (alone && first != NULL) { /* the chunk being filled stays first */
        size_t end;
        made->next = first->next;
        first->next = made;
        return take(made, 0, bytes, alignment, &end);
    }
    made->next = first;
    arena->chunks = made;
    return take(made, 0, bytes, alignment, &arena->used);
}

void *smri_arena_calloc(smri_arena *arena, size_t count, size_t size) {
    void *block = smri_arena_alloc(arena, count, size);
    if (block != NULL) {
        memset(block, 0, count * size);
    }
    return block;
}

char *smri_arena_text(smri_arena *arena, const char *text, size_t length) {
    size_t bytes;
    char *copy = smri_sum(length, 1, &bytes) ? smri_arena_alloc(arena, bytes, 1) : NULL;
    if (copy != NULL) {
        if (length > 0) {
            memcpy(copy, text, length);
        }
        copy[length] = '\0';
    }
    return copy;
}

void smri_arena_free(smri_arena *arena) {
    chunk *next = arena->chunks;
    while (next != NULL) {
        chunk *dying = next;
        next = dying->next;
        smri_free(arena->context, dying);
    }
    arena->chunks = NULL;
    arena->used = 0;
}
