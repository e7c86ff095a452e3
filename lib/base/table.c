/* SPDX-License-Identifier: MIT */
/* Text to index: open addressing with linear probing.
 *
 * A slot holds the upper half of the key's hash in its upper half and the index plus one in its lower half; 0 is empty.
 * The place of a key is given by that same half of the hash, so that the slots can be spread anew without touching a
 * text, and a text is only compared where 32 bits of the hash agree. */
#include "base/base_impl.h"

#define FIRST_SLOTS 16

/* The FastHash construction of Zilong Tan: each word of eight bytes (read as little endian) is mixed and multiplied in.
 * Written out again here so that the result is the same whatever the byte order. */
#define HASH_FACTOR UINT64_C(0x880355f21e6d1965)
#define MIX_FACTOR UINT64_C(0x2127599bf4325c37)

static uint64_t mix(uint64_t h) {
    h ^= h >> 23;
    h *= MIX_FACTOR;
    return h ^ (h >> 47);
}

static uint64_t read_word(const unsigned char *bytes, size_t length) {
    uint64_t word = 0;
    for (size_t i = 0; i < length; i++) {
        word |= (uint64_t)bytes[i] << (8 * i);
    }
    return word;
}

uint64_t smri_hash(const void *bytes, size_t length) {
    const unsigned char *p = bytes;
    uint64_t h = (uint64_t)length * HASH_FACTOR;
    for (; length >= 8; p += 8, length -= 8) {
        h = (h ^ mix(read_word(p, 8))) * HASH_FACTOR;
    }
    if (length > 0) {
        h = (h ^ mix(read_word(p, length))) * HASH_FACTOR;
    }
    return mix(h);
}

static size_t key_length(const char *key, size_t length) {
    const char *end = length > 0 ? memchr(key, '\0', length) : NULL;
    return end ? (size_t)(end - key) : length;
}

static uint32_t tag_of(const char *key, size_t length) {
    return (uint32_t)(smri_hash(key, length) >> 32);
}

/* The slot of the key, or the empty slot where it belongs. The table has slots, one of them empty. */
static uint64_t *find_slot(const smri_table *table, const char *key, size_t length, uint32_t tag) {
    size_t mask = table->slot_count - 1;
    for (size_t i = tag & mask;; i = (i + 1) & mask) {
        uint64_t slot = table->slots[i];
        if (slot == 0) {
            return &table->slots[i];
        }
        if (slot >> 32 == tag) {
            const char *candidate = table->keys[(uint32_t)slot - 1];
            if (strncmp(candidate, key, length) == 0 && candidate[length] == '\0') {
                return &table->slots[i];
            }
        }
    }
}

/* Makes room for one more key: at most three slots of four are taken. */
static bool make_room(smri_table *table) {
    if (!smri_grow(table->context, &table->keys, &table->capacity, table->count + 1, sizeof *table->keys)) {
        return false;
    }
    if (table->slot_count - table->slot_count / 4 > table->count) {
        return true;
    }
    size_t larger;
    if (!smri_product(SMRI_MAX(table->slot_count, FIRST_SLOTS / 2), 2, &larger)) {
        return false;
    }
    uint64_t *slots = smri_calloc(table->context, larger, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < table->slot_count; i++) {
        if (table->slots[i] != 0) {
            size_t place = (size_t)(table->slots[i] >> 32) & (larger - 1);
            while (slots[place] != 0) {
                place = (place + 1) & (larger - 1);
            }
            slots[place] = table->slots[i];
        }
    }
    smri_free(table->context, table->slots);
    table->slots = slots;
    table->slot_count = larger;
    return true;
}

void smri_table_init(smri_table *table, const smr_context *context, smri_arena *arena) {
    memset(table, 0, sizeof *table);
    table->context = context;
    table->arena = arena;
}

void smri_table_free(smri_table *table) {
    if (table->context != NULL) {
        smri_free(table->context, table->keys);
        smri_free(table->context, table->slots);
    }
    smri_table_init(table, table->context, table->arena);
}

uint32_t smri_table_find(const smri_table *table, const char *key, size_t length) {
    if (table->slot_count == 0) {
        return SMRI_NOT_FOUND;
    }
    length = key_length(key, length);
    uint64_t slot = *find_slot(table, key, length, tag_of(key, length));
    return slot != 0 ? (uint32_t)slot - 1 : SMRI_NOT_FOUND;
}

uint32_t smri_table_add(smri_table *table, const char *key, size_t length, bool *added) {
    if (added != NULL) {
        *added = false;
    }
    length = key_length(key, length);
    uint32_t tag = tag_of(key, length);
    if (table->slot_count != 0) {
        uint64_t slot = *find_slot(table, key, length, tag);
        if (slot != 0) {
            return (uint32_t)slot - 1;
        }
    }
    if (table->count >= SMRI_NOT_FOUND - 1 || !make_room(table)) {
        return SMRI_NOT_FOUND;
    }
    const char *copy = smri_arena_text(table->arena, key, length);
    if (copy == NULL) {
        return SMRI_NOT_FOUND;
    }
    uint32_t index = (uint32_t)table->count++;
    table->keys[index] = copy;
    *find_slot(table, copy, length, tag) = (uint64_t)tag << 32 | (index + 1);
    if (added != NULL) {
        *added = true;
    }
    return index;
}
