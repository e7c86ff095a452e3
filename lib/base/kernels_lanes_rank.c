/* SPDX-License-Identifier: MIT */
/* Ranks of SMRI_LANES draws side by side and what is counted of them, compiled once per instruction set like kernels.c
 * and with the same law. */
#include "base/base_impl.h"

#include "base/kernels_common.inc"
#include "base/kernels_vector.inc"

/* ---- the range of every lane ---- */

/* Ends of a lane, and what brings the distance from one of them to 0..most; zeros where nothing does: then all keys are
 * equal, and the scores themselves decide. */
typedef struct ranges {
    double low[SMRI_LANES], high[SMRI_LANES], scale[SMRI_LANES];
} ranges;

#define RANGE_VECTORS 4

/* Returns whether no score is missing. */
static bool find_ranges(const double *scores, size_t rows, double most, ranges *r) {
    bool whole = true;
    for (size_t lane = 0; lane < SMRI_LANES; lane += RANGE_VECTORS * WIDTH) {
        vector low[RANGE_VECTORS], high[RANGE_VECTORS], sum[RANGE_VECTORS];
        UNROLLED
        for (size_t v = 0; v < RANGE_VECTORS; v++) {
            low[v] = (vector){0} + DBL_MAX;
            high[v] = (vector){0} - DBL_MAX;
            sum[v] = (vector){0};
        }
        for (size_t i = 0; i < rows; i++) {
            UNROLLED
            for (size_t v = 0; v < RANGE_VECTORS; v++) {
                const vector own = load(scores + i * SMRI_LANES + lane + v * WIDTH);
                low[v] = lesser(own, low[v]);
                high[v] = greater(own, high[v]);
                sum[v] += own;
            }
        }
        UNROLLED
        for (size_t v = 0; v < RANGE_VECTORS; v++) {
            const size_t place = lane + v * WIDTH;
            store(r->low + place, low[v]);
            store(r->high + place, high[v]);
            store(r->scale + place, most / (high[v] - low[v]));
            double total[WIDTH];
            store(total, sum[v]);
            for (size_t j = 0; j < WIDTH; j++) {
                const double scale = r->scale[place + j];
                if (!(scale > 0.0 && scale <= DBL_MAX)) {
                    r->low[place + j] = r->high[place + j] = r->scale[place + j] = 0.0;
                }
                whole = whole && fabs(total[j]) <= DBL_MAX; /* a sum beyond the numbers only costs time */
            }
        }
    }
    return whole;
}

/* ---- few rows: every row is compared with every other ---- */

#define COUNT_MOST 128 /* rows; up to 256 the sum of a lane's counts fits */
#define COUNT_TILE 6
#define COUNT_LANES (WIDTH == 1 ? 1 : WIDTH == 2 ? 8 : 16)
#define KEY_MISSING (-32768)
#define KEY_LEAST (-32767)

#if WIDTH > 1
typedef int16_t shorts __attribute__((vector_size(2 * COUNT_LANES)));
#else
typedef int16_t shorts;
#endif

/* keys, rows x lanes: in the order of the scores, the missing ones below all others. */
static void make_short_keys(const double *scores, size_t rows, int16_t *keys) {
    ranges r;
    const bool whole = find_ranges(scores, rows, 65534.0, &r);
    for (size_t i = 0; i < rows; i++) {
        const double *const own = scores + i * SMRI_LANES;
        int16_t *const key = keys + i * SMRI_LANES;
        if (whole) {
            INDEPENDENT
            for (size_t j = 0; j < SMRI_LANES; j++) {
                key[j] = (int16_t)((int32_t)((own[j] - r.low[j]) * r.scale[j]) + KEY_LEAST);
            }
        } else {
            for (size_t j = 0; j < SMRI_LANES; j++) {
                key[j] = own[j] == own[j] ? (int16_t)((int32_t)((own[j] - r.low[j]) * r.scale[j]) + KEY_LEAST)
                                          : KEY_MISSING;
            }
        }
    }
}

static ALWAYS_INLINE shorts load_shorts(const int16_t *from) {
    shorts value;
    memcpy(&value, from, sizeof value);
    return value;
}

/* All ones where there is a score. */
static ALWAYS_INLINE shorts present(shorts key) {
#if WIDTH > 1
    return key != KEY_MISSING;
#else
    return key != KEY_MISSING ? -1 : 0;
#endif
}

static ALWAYS_INLINE shorts above(shorts key, shorts own) {
#if WIDTH > 1
    return key > own;
#else
    return key > own ? -1 : 0;
#endif
}

/* places, rows x lanes: 1 + the number of keys of the lane that are above; 0 for the missing. The arrays hold whole
 * tiles. ties[lane]: how many pairs of keys that are not missing are equal. */
static void place_keys(const int16_t *keys, size_t rows, int16_t *places, int16_t ties[SMRI_LANES]) {
    for (size_t lane = 0; lane < SMRI_LANES; lane += COUNT_LANES) {
        shorts sum = {0}, pairs = {0}, seen = {0};
        for (size_t first = 0; first < rows; first += COUNT_TILE) {
            shorts own[COUNT_TILE], count[COUNT_TILE];
            UNROLLED
            for (size_t i = 0; i < COUNT_TILE; i++) {
                own[i] = load_shorts(keys + (first + i) * SMRI_LANES + lane);
                count[i] = (shorts){0};
            }
            for (size_t other = 0; other < rows; other++) {
                const shorts key = load_shorts(keys + other * SMRI_LANES + lane);
                UNROLLED
                for (size_t i = 0; i < COUNT_TILE; i++) {
                    count[i] = (shorts)(count[i] - above(key, own[i]));
                }
            }
            UNROLLED
            for (size_t i = 0; i < COUNT_TILE; i++) {
                const shorts there = present(own[i]);
                sum = (shorts)(sum + (count[i] & there));
                pairs = (shorts)(pairs + (seen & there));
                seen = (shorts)(seen - there);
                count[i] = (shorts)((count[i] & there) - there);
                memcpy(places + (first + i) * SMRI_LANES + lane, &count[i], sizeof count[i]);
            }
        }
        pairs = (shorts)(pairs - sum);
        memcpy(ties + lane, &pairs, sizeof pairs);
    }
}

/* Rows of equal keys share a place: to each are added those of its fellows whose scores are above. */
static void settle_places(const double *scores, size_t rows, const int16_t *places, uint32_t *ranks) {
    int16_t last[COUNT_MOST + 1], before[COUNT_MOST];
    memset(last, 0xff, (rows + 1) * sizeof *last);
    for (size_t i = 0; i < rows; i++) {
        const double own = scores[i * SMRI_LANES];
        if (own != own) {
            continue;
        }
        const size_t place = (size_t)places[i * SMRI_LANES];
        for (int16_t other = last[place]; other >= 0; other = before[other]) {
            const double value = scores[(size_t)other * SMRI_LANES];
            ranks[i * SMRI_LANES] += value > own;
            ranks[(size_t)other * SMRI_LANES] += own > value;
        }
        before[i] = last[place];
        last[place] = (int16_t)i;
    }
}

static void rank_by_counts(const double *scores, size_t rows, void *room, uint32_t *ranks) {
    int16_t *const keys = room, *const places = keys + (rows + COUNT_TILE) * SMRI_LANES;
    int16_t ties[SMRI_LANES];
    make_short_keys(scores, rows, keys);
    for (size_t j = 0; j < COUNT_TILE * SMRI_LANES; j++) {
        keys[rows * SMRI_LANES + j] = KEY_MISSING;
    }
    place_keys(keys, rows, places, ties);
    INDEPENDENT
    for (size_t i = 0; i < rows * SMRI_LANES; i++) {
        ranks[i] = (uint16_t)places[i];
    }
    for (size_t j = 0; j < SMRI_LANES; j++) {
        if (ties[j] != 0) {
            settle_places(scores + j, rows, places + j, ranks + j);
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

/* ---- more rows: a sorting network on keys that carry their row ---- */

#define SORT_MOST 4096
#define SORT_LANES (WIDTH == 1 ? 1 : 2 * WIDTH)
#define SORT_BLOCK 8
#define SORT_MISSING INT32_MAX
#define SETTLE_MOST 64 /* equal keys in a row that are compared one with another */

#if WIDTH > 1
typedef int32_t integers __attribute__((vector_size(8 * WIDTH)));
#else
typedef int32_t integers;
#endif

static ALWAYS_INLINE integers load_integers(const int32_t *from) {
    integers value;
    memcpy(&value, from, sizeof value);
    return value;
}

static ALWAYS_INLINE void store_integers(int32_t *to, integers value) {
    memcpy(to, &value, sizeof value);
}

/* The lesser into a, the greater into b. */
static ALWAYS_INLINE void exchange(integers *a, integers *b) {
    const integers x = *a, y = *b;
#if WIDTH == 8
    *a = (integers)_mm512_min_epi32((__m512i)x, (__m512i)y);
    *b = (integers)_mm512_max_epi32((__m512i)x, (__m512i)y);
#elif WIDTH == 4
    *a = (integers)_mm256_min_epi32((__m256i)x, (__m256i)y);
    *b = (integers)_mm256_max_epi32((__m256i)x, (__m256i)y);
#elif WIDTH > 1
    const integers swapped = (x ^ y) & (y < x);
    *a = x ^ swapped;
    *b = y ^ swapped;
#else
    *a = x < y ? x : y;
    *b = x < y ? y : x;
#endif
}

static ALWAYS_INLINE void exchange_rows(int32_t *first, int32_t *second) {
    integers a = load_integers(first), b = load_integers(second);
    exchange(&a, &b);
    store_integers(first, a);
    store_integers(second, b);
}

/* Sorts blocks of eight rows in registers, with the 19 exchanges of Batcher's network. */
static void sort_blocks(int32_t *keys, size_t rows) {
    static const uint8_t pairs[][2] = {{0, 1}, {2, 3}, {4, 5}, {6, 7}, {0, 2}, {1, 3}, {4, 6}, {5, 7}, {1, 2}, {5, 6},
                                       {0, 4}, {1, 5}, {2, 6}, {3, 7}, {2, 4}, {3, 5}, {1, 2}, {3, 4}, {5, 6}};
    for (size_t first = 0; first < rows; first += SORT_BLOCK) {
        integers key[SORT_BLOCK];
        UNROLLED
        for (size_t i = 0; i < SORT_BLOCK; i++) {
            key[i] = load_integers(keys + (first + i) * SORT_LANES);
        }
        UNROLLED
        for (size_t pair = 0; pair < SMRI_COUNT(pairs); pair++) {
            exchange(&key[pairs[pair][0]], &key[pairs[pair][1]]);
        }
        UNROLLED
        for (size_t i = 0; i < SORT_BLOCK; i++) {
            store_integers(keys + (first + i) * SORT_LANES, key[i]);
        }
    }
}

/* The last three steps of a merge, 4, 2 and 1, in one pass over a block: row 8 m + k meets its partners of all three
 * while eight rows and the three before them stand in registers. */
static void merge_last_steps(int32_t *keys, size_t rows) {
    integers key[3 + SORT_BLOCK]; /* rows 8 m - 7 to 8 m + 3 */
    UNROLLED
    for (size_t i = 0; i < 3; i++) {
        key[i] = load_integers(keys + (1 + i) * SORT_LANES);
    }
    size_t first = 1;
    for (; first + SORT_BLOCK + 3 <= rows; first += SORT_BLOCK) {
        UNROLLED
        for (size_t i = 3; i < 3 + SORT_BLOCK; i++) {
            key[i] = load_integers(keys + (first + i) * SORT_LANES);
        }
        UNROLLED
        for (size_t i = 3; i < 7; i++) {
            exchange(&key[i], &key[i + 4]);
        }
        exchange(&key[1], &key[3]);
        exchange(&key[2], &key[4]);
        exchange(&key[5], &key[7]);
        exchange(&key[6], &key[8]);
        UNROLLED
        for (size_t i = 0; i < SORT_BLOCK; i += 2) {
            exchange(&key[i], &key[i + 1]);
        }
        UNROLLED
        for (size_t i = 0; i < SORT_BLOCK; i++) {
            store_integers(keys + (first + i) * SORT_LANES, key[i]);
        }
        UNROLLED
        for (size_t i = 0; i < 3; i++) {
            key[i] = key[SORT_BLOCK + i];
        }
    }
    UNROLLED
    for (size_t i = 3; i < 6; i++) {
        key[i] = load_integers(keys + (first + i) * SORT_LANES);
    }
    exchange(&key[1], &key[3]);
    exchange(&key[2], &key[4]);
    UNROLLED
    for (size_t i = 0; i < 6; i += 2) {
        exchange(&key[i], &key[i + 1]);
    }
    UNROLLED
    for (size_t i = 0; i < 6; i++) {
        store_integers(keys + (first + i) * SORT_LANES, key[i]);
    }
}

/* One step of a merge: pairs `step` apart, in runs of as many, from the row `start` on. */
static void merge_step(int32_t *keys, size_t rows, size_t start, size_t step) {
    for (; start + step < rows; start += 2 * step) {
        const size_t end = SMRI_MIN(start + step, rows - step);
        for (size_t i = start; i < end; i++) {
            exchange_rows(keys + i * SORT_LANES, keys + (i + step) * SORT_LANES);
        }
    }
}

/* Batcher's odd-even merge sort (Knuth, volume 3, 5.3.4) of rows x SORT_LANES, rows a multiple of SORT_BLOCK. A network
 * for more rows would leave those that are not there, keys above all others, where they are. */
static void sort_rows(int32_t *keys, size_t rows) {
    sort_blocks(keys, rows);
    for (size_t sorted = SORT_BLOCK; sorted < rows; sorted *= 2) {
        for (size_t first = 0; first + sorted < rows; first += 2 * sorted) {
            int32_t *const block = keys + first * SORT_LANES;
            const size_t count = SMRI_MIN(rows - first, 2 * sorted);
            merge_step(block, count, 0, sorted);
            for (size_t step = sorted / 2; step >= SORT_BLOCK; step /= 2) {
                merge_step(block, count, step, step);
            }
            merge_last_steps(block, count);
        }
    }
}

/* keys: for each group of SORT_LANES lanes rows x SORT_LANES, upward where the scores go downward; the row stands in
 * the lower `bits`. Returns whether no score is missing. */
static bool make_keys(const double *scores, size_t rows, size_t padded, unsigned bits, int32_t *keys) {
    ranges r;
    const bool whole = find_ranges(scores, rows, (double)((INT32_C(1) << (31 - bits)) - 2), &r);
    for (size_t i = 0; i < rows; i++) {
        for (size_t lane = 0; lane < SMRI_LANES; lane += SORT_LANES) {
            const double *const own = scores + i * SMRI_LANES + lane, *const high = r.high + lane;
            const double *const scale = r.scale + lane;
            int32_t *const key = keys + lane * padded + i * SORT_LANES;
            if (whole) {
                INDEPENDENT
                for (size_t j = 0; j < SORT_LANES; j++) {
                    key[j] = (int32_t)((high[j] - own[j]) * scale[j]) * (INT32_C(1) << bits) + (int32_t)i;
                }
            } else {
                for (size_t j = 0; j < SORT_LANES; j++) {
                    key[j] = own[j] == own[j]
                                 ? (int32_t)((high[j] - own[j]) * scale[j]) * (INT32_C(1) << bits) + (int32_t)i
                                 : SORT_MISSING;
                }
            }
        }
    }
    for (size_t i = rows; i < padded; i++) {
        for (size_t j = 0; j < SMRI_LANES; j++) {
            keys[j / SORT_LANES * SORT_LANES * padded + i * SORT_LANES + j % SORT_LANES] = SORT_MISSING;
        }
    }
    return whole;
}

/* Ranks of the rows at start..end-1 of the sorted keys of a lane, which are equal but for the rows. */
static void settle_run(const double *scores, const int32_t *keys, size_t start, size_t end, int32_t mask,
                       uint32_t *ranks) {
    for (size_t i = start; i < end; i++) {
        const size_t row = (size_t)(keys[i * SORT_LANES] & mask) * SMRI_LANES;
        uint32_t rank = (uint32_t)start + 1;
        for (size_t other = start; other < end; other++) {
            rank += scores[(size_t)(keys[other * SORT_LANES] & mask) * SMRI_LANES] > scores[row];
        }
        ranks[row] = rank;
    }
}

/* Ranks again what stands side by side with equal keys. */
static void settle_lane(const double *scores, size_t rows, const int32_t *keys, int32_t mask, void *room,
                        uint32_t *ranks) {
    int32_t before = keys[0];
    for (size_t i = 1; i < rows; i++) {
        const int32_t key = keys[i * SORT_LANES];
        if ((key ^ before) > mask) {
            before = key;
            continue;
        }
        if (key == SORT_MISSING) {
            return;
        }
        const size_t start = i - 1;
        while (++i < rows && (keys[i * SORT_LANES] ^ before) <= mask) {
        }
        if (i - start > SETTLE_MOST) {
            rank_lane(scores, rows, room, ranks);
            return;
        }
        settle_run(scores, keys, start, i, mask, ranks);
        before = i < rows ? keys[i * SORT_LANES] : before;
    }
}

static void rank_by_network(const double *scores, size_t rows, void *room, uint32_t *ranks) {
    const size_t padded = (rows + SORT_BLOCK - 1) / SORT_BLOCK * SORT_BLOCK;
    unsigned bits = 1;
    for (; (size_t)1 << bits < rows; bits++) {
    }
    const int32_t mask = (INT32_C(1) << bits) - 1;
    int32_t *const keys = room;
    void *const rest = keys + padded * SMRI_LANES;
    if (!make_keys(scores, rows, padded, bits, keys)) {
        memset(ranks, 0, rows * SMRI_LANES * sizeof *ranks);
    }
    for (size_t lane = 0; lane < SMRI_LANES; lane += SORT_LANES) {
        int32_t *const group = keys + lane * padded;
        sort_rows(group, padded);
        integers before = load_integers(group) >> bits, equal = (integers){0};
        for (size_t i = 1; i < rows; i++) {
            const integers place = load_integers(group + i * SORT_LANES) >> bits;
            equal |= place == before;
            before = place;
        }
        int32_t tied[SORT_LANES];
        store_integers(tied, equal);
        for (size_t j = 0; j < SORT_LANES; j++) {
            UNROLLED_BY_4
            for (size_t i = 0; i < rows; i++) {
                const int32_t key = group[i * SORT_LANES + j];
                if (key == SORT_MISSING) {
                    break;
                }
                ranks[(size_t)(key & mask) * SMRI_LANES + lane + j] = (uint32_t)i + 1;
            }
            if (tied[j]) {
                settle_lane(scores + lane + j, rows, group + j, mask, rest, ranks + lane + j);
            }
        }
    }
}

static void rank(const double *scores, size_t rows, void *room, uint32_t *ranks) {
    if (rows <= COUNT_MOST) {
        rank_by_counts(scores, rows, room, ranks);
        return;
    }
    if (rows <= SORT_MOST) {
        rank_by_network(scores, rows, room, ranks);
        return;
    }
    for (size_t j = 0; j < SMRI_LANES; j++) {
        rank_lane(scores + j, rows, room, ranks + j);
    }
}

/* ---- what is counted ---- */

#define TALLY_COUNTERS 4096 /* what a first-level cache holds beside the ranks */

/* As many rows at a time as stay near, lane by lane, so that additions to one row's counters lie far apart. */
static void tally(const uint32_t *ranks, size_t rows, size_t lanes, uint32_t *histogram) {
    const size_t most = SMRI_MAX(TALLY_COUNTERS / (rows + 1), 1);
    for (size_t first = 0; first < rows; first += most) {
        const size_t end = SMRI_MIN(first + most, rows);
        for (size_t j = 0; j < lanes; j++) {
            uint32_t *counters = histogram + first * (rows + 1);
            UNROLLED_BY_4
            for (size_t i = first; i < end; i++, counters += rows + 1) {
                counters[ranks[i * SMRI_LANES + j]]++;
            }
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
