/* SPDX-License-Identifier: MIT */
/* Ranks of SMRI_LANES draws side by side and what is counted of them, compiled once per instruction set like kernels.c
 * and with the same law. */
#include "base/base_impl.h"

#include "base/kernels_common.inc"

/* ---- few rows: every pair is compared ---- */

#define PAIRS_MOST 256

static void rank_pairs(const double *scores, size_t rows, uint32_t *ranks) {
    for (size_t i = 0; i < rows; i++) {
        uint64_t above[SMRI_LANES] = {0};
        const double *const own = scores + i * SMRI_LANES;
        for (size_t other = 0; other < rows; other++) {
            for (size_t j = 0; j < SMRI_LANES; j++) {
                above[j] += scores[other * SMRI_LANES + j] > own[j];
            }
        }
        for (size_t j = 0; j < SMRI_LANES; j++) {
            ranks[i * SMRI_LANES + j] = own[j] == own[j] ? (uint32_t)above[j] + 1 : 0;
        }
    }
}

/* ---- many rows: one lane after another, by radix ---- */

#define DIGITS 8
#define VALUES 256

typedef struct keyed {
    uint64_t key;   /* the smaller, the higher the score */
    uint32_t row;
} keyed;

static inline uint64_t descending_key(double value) {
    const uint64_t bits = to_bits(value + 0.0);
    return bits >> 63 ? bits : ~bits & ~(UINT64_C(1) << 63);
}

/* Sorts by the bytes from the lowest on, but those in which all keys agree; returns where the result stands. */
static keyed *sort_keyed(keyed *from, keyed *to, size_t count) {
    uint32_t places[DIGITS][VALUES] = {{0}};
    for (size_t i = 0; i < count; i++) {
        for (size_t digit = 0; digit < DIGITS; digit++) {
            places[digit][from[i].key >> 8 * digit & (VALUES - 1)]++;
        }
    }
    for (size_t digit = 0; digit < DIGITS; digit++) {
        uint32_t *const place = places[digit];
        if (count == 0 || place[from[0].key >> 8 * digit & (VALUES - 1)] == count) {
            continue;
        }
        uint32_t before = 0;
        for (size_t value = 0; value < VALUES; value++) {
            const uint32_t here = place[value];
            place[value] = before;
            before += here;
        }
        for (size_t i = 0; i < count; i++) {
            to[place[from[i].key >> 8 * digit & (VALUES - 1)]++] = from[i];
        }
        keyed *const swapped = from;
        from = to;
        to = swapped;
    }
    return from;
}

static void rank_lane(const double *scores, size_t rows, void *room, uint32_t *ranks) {
    keyed *const records = room;
    size_t count = 0;
    for (size_t i = 0; i < rows; i++) {
        const double own = scores[i * SMRI_LANES];
        if (own == own) {
            const keyed record = {descending_key(own), (uint32_t)i};
            records[count++] = record;
        }
        ranks[i * SMRI_LANES] = 0;
    }
    const keyed *const sorted = sort_keyed(records, records + rows, count);
    uint32_t last = 0;
    for (size_t i = 0; i < count; i++) {
        last = i == 0 || sorted[i].key != sorted[i - 1].key ? (uint32_t)i + 1 : last;
        ranks[(size_t)sorted[i].row * SMRI_LANES] = last;
    }
}

static void rank(const double *scores, size_t rows, void *room, uint32_t *ranks) {
    if (rows <= PAIRS_MOST) {
        rank_pairs(scores, rows, ranks);
        return;
    }
    for (size_t j = 0; j < SMRI_LANES; j++) {
        rank_lane(scores + j, rows, room, ranks + j);
    }
}

/* ---- what is counted ---- */

/* Lane by lane, so that additions to one row's counters lie far apart. */
static void tally(const uint32_t *ranks, size_t rows, size_t lanes, uint32_t *histogram) {
    for (size_t j = 0; j < lanes; j++) {
        uint32_t *counters = histogram;
        for (size_t i = 0; i < rows; i++, counters += rows + 1) {
            counters[ranks[i * SMRI_LANES + j]]++;
        }
    }
}

static void rank_sums(const uint32_t *ranks, size_t rows, size_t lanes, uint64_t *sums) {
    for (size_t i = 0; i < rows; i++) {
        uint64_t sum = 0;
        for (size_t j = 0; j < lanes; j++) {
            sum += ranks[i * SMRI_LANES + j];
        }
        sums[i] += sum;
    }
}

static void rank_shift(const uint32_t *ranks, const uint32_t *base, size_t rows, uint64_t shift[SMRI_LANES]) {
    uint64_t sums[SMRI_LANES] = {0};
    for (size_t i = 0; i < rows; i++) {
        const uint32_t before = base[i];
        if (before == 0) {
            continue;
        }
        for (size_t j = 0; j < SMRI_LANES; j++) {
            const uint32_t now = ranks[i * SMRI_LANES + j];
            const uint32_t distance = now > before ? now - before : before - now;
            sums[j] += now > 0 ? distance : 0;
        }
    }
    memcpy(shift, sums, sizeof sums);
}

extern const smri_lanes_rank_kernels SMRI_KERNEL_NAMED(smri_lanes_rank_kernels);

const smri_lanes_rank_kernels SMRI_KERNEL_NAMED(smri_lanes_rank_kernels) = {
    .rank = rank,
    .tally = tally,
    .rank_sums = rank_sums,
    .rank_shift = rank_shift,
};
