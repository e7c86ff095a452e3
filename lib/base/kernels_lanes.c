/* SPDX-License-Identifier: MIT */
/* Draws, weights and weighted sums of SMRI_LANES draws side by side, compiled once per instruction set like kernels.c
 * and with the same law. */
#include "base/base_impl.h"

#include "base/kernels_common.inc"
#include "base/kernels_vector.inc"

/* ---- draws ---- */

#define ROUNDS 10
#define FIRST_FACTOR UINT32_C(0xd2511f53)
#define SECOND_FACTOR UINT32_C(0xcd9e8d57)
#define HALF (SMRI_LANES / 2) /* counters of a row: each makes two lanes */
#define GROUPS (HALF / WIDTH < 4 ? HALF / WIDTH : 4)
#define ROWS_AT_ONCE (4 / GROUPS) /* so that four vectors of counters are in flight */

/* Of the lower halves of the words; the upper ones hold anything. */
static ALWAYS_INLINE words product(words a, uint32_t factor) {
#if defined(__AVX512F__)
    return (words)_mm512_mul_epu32((__m512i)a, _mm512_set1_epi64(factor));
#elif defined(__AVX2__)
    return (words)_mm256_mul_epu32((__m256i)a, _mm256_set1_epi64x(factor));
#elif defined(__SSE2__)
    return (words)_mm_mul_epu32((__m128i)a, _mm_set1_epi64x(factor));
#else
    return (a & UINT32_MAX) * factor;
#endif
}

/* (k + 1/2) 2^-52 for the upper 52 bits k of the 64 that the lower halves make. */
static ALWAYS_INLINE vector unit_of(words low, words high) {
    const words bits = (high << 32 | (low & UINT32_MAX)) >> 12;
    return vector_of(bits | ONE_BITS) - (1.0 - 0x1p-53);
}

/* -ln u for numbers of unit_of, in place: u = 2^-e m, m in [sqrt(1/2), sqrt(2)), s = (m - 1) / (m + 1),
 * ln m = s P(s^2). P is the minimax polynomial for that range, 2^-52; the error of the whole is below 4 units in the
 * last place. Several vectors take each step together: their chains of operations are too long for the processor to
 * overlap them by itself. */
#define CHAINS 4

static ALWAYS_INLINE void minus_log(double *numbers) {
    vector e[CHAINS], s[CHAINS], even[CHAINS], odd[CHAINS];
    UNROLLED
    for (size_t v = 0; v < CHAINS; v++) {
        const words shifted = words_of(load(numbers + v * WIDTH)) + (ONE_BITS - ROOT_HALF_BITS);
        const vector m = vector_of((shifted & FRACTION_BITS) + ROOT_HALF_BITS);
        e[v] = (0x1p52 + 1023) - vector_of((shifted >> 52) | INTEGER_BITS);
        s[v] = (m - 1.0) / (m + 1.0);
    }
    UNROLLED
    for (size_t v = 0; v < CHAINS; v++) {
        const vector z = s[v] * s[v], z2 = z * z;
        even[v] = 0x1.c722d0777bae3p-3 + z2 * 0x1.58da91c42098dp-3;
        odd[v] = 0x1.249240b18f7aap-2 + z2 * 0x1.7322b5b8ab080p-3;
        even[v] = 0x1.999999a441208p-2 + z2 * even[v];
        odd[v] = 0x1.5555555552d12p-1 + z2 * odd[v];
        even[v] = 0x1.0000000000001p+1 + z2 * even[v];
        even[v] = even[v] + z * odd[v];
    }
    UNROLLED
    for (size_t v = 0; v < CHAINS; v++) {
        store(numbers + v * WIDTH, e[v] * 0x1.62e42fefa39efp-1 - s[v] * even[v]);
    }
}

/* What the rows of a chunk share: the keys of the rounds, and the first product, of the counters' lowest words. */
typedef struct counting {
    uint32_t keys[ROUNDS][2], block_high;
    words wide_keys[ROUNDS][2], first[HALF / WIDTH];
} counting;

static void start_counting(counting *c, uint64_t seed, uint64_t chunk) {
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    for (int round = 0; round < ROUNDS; round++) {
        c->keys[round][0] = k0;
        c->keys[round][1] = k1;
        c->wide_keys[round][0] = (words){0} + (uint64_t)k0;
        c->wide_keys[round][1] = (words){0} + (uint64_t)k1;
        k0 += UINT32_C(0x9e3779b9);
        k1 += UINT32_C(0xbb67ae85);
    }
    c->block_high = (uint32_t)(chunk * HALF >> 32);
    uint64_t low[HALF];
    for (size_t j = 0; j < HALF; j++) {
        low[j] = (chunk * HALF & UINT32_MAX) + j;
    }
    for (size_t v = 0; v < HALF / WIDTH; v++) {
        words block;
        memcpy(&block, low + v * WIDTH, sizeof block);
        c->first[v] = product(block, FIRST_FACTOR);
    }
}

/* What no lane changes in the first two rounds: words 2 and 3 of the counters are the stream, and word 1 is the same in
 * all lanes. */
typedef struct row_start {
    uint64_t second, third, fourth, even;
} row_start;

static ALWAYS_INLINE row_start start_row(const counting *c, uint64_t stream) {
    const uint64_t odd = (uint64_t)SECOND_FACTOR * (uint32_t)stream;
    const uint64_t even = (uint64_t)FIRST_FACTOR * ((uint32_t)(odd >> 32) ^ c->block_high ^ c->keys[0][0]);
    const row_start row = {(stream >> 32) ^ c->keys[0][1], (uint32_t)odd ^ c->keys[1][0],
                           (even >> 32) ^ c->keys[1][1], even};
    return row;
}

/* Only the lower halves of the words count. */
static ALWAYS_INLINE void draw_rows(const counting *c, uint64_t stream, size_t rows, double *out) {
    row_start row[ROWS_AT_ONCE];
    for (size_t i = 0; i < rows; i++) {
        row[i] = start_row(c, stream + i);
    }
    const size_t chains = rows * GROUPS;
    for (size_t start = 0; start < HALF / WIDTH; start += GROUPS) {
        words c0[4], c1[4], c2[4], c3[4];
        UNROLLED
        for (size_t g = 0; g < chains; g++) {
            const row_start *const r = &row[g / GROUPS];
            const words first = c->first[start + g % GROUPS];
            c1[g] = product(first >> 32 ^ r->second, SECOND_FACTOR);
            c0[g] = c1[g] >> 32 ^ r->third;
            c2[g] = first ^ r->fourth;
            c3[g] = (words){0} + r->even;
        }
        UNROLLED
        for (int round = 2; round < ROUNDS; round++) {
            UNROLLED
            for (size_t g = 0; g < chains; g++) {
                const words even = product(c0[g], FIRST_FACTOR), odd = product(c2[g], SECOND_FACTOR);
                c0[g] = odd >> 32 ^ c1[g] ^ c->wide_keys[round][0];
                c1[g] = odd;
                c2[g] = even >> 32 ^ c3[g] ^ c->wide_keys[round][1];
                c3[g] = even;
            }
        }
        UNROLLED
        for (size_t g = 0; g < chains; g++) {
            double *const to = out + g / GROUPS * SMRI_LANES + (start + g % GROUPS) * WIDTH;
            store(to, unit_of(c0[g], c1[g]));
            store(to + HALF, unit_of(c2[g], c3[g]));
        }
    }
}

static void uniform(uint64_t seed, uint64_t stream, size_t count, uint64_t chunk, double *out) {
    counting c;
    start_counting(&c, seed, chunk);
    size_t k = 0;
    for (; k + ROWS_AT_ONCE <= count; k += ROWS_AT_ONCE) {
        draw_rows(&c, stream + k, ROWS_AT_ONCE, out + k * SMRI_LANES);
    }
    for (; k < count; k++) {
        draw_rows(&c, stream + k, 1, out + k * SMRI_LANES);
    }
}

/* A loop of its own: the processor overlaps many short chains of operations, but not the long ones of both loops. */
static void exponential(uint64_t seed, uint64_t stream, size_t count, uint64_t chunk, double *out) {
    uniform(seed, stream, count, chunk, out);
    for (size_t i = 0; i < count * SMRI_LANES; i += CHAINS * WIDTH) {
        minus_log(out + i);
    }
}

static void normalise(double *weights, size_t count) {
    vector total[SMRI_LANES / WIDTH];
    UNROLLED
    for (size_t v = 0; v < SMRI_LANES / WIDTH; v++) {
        total[v] = (vector){0};
    }
    for (size_t k = 0; k < count; k++) {
        UNROLLED
        for (size_t v = 0; v < SMRI_LANES / WIDTH; v++) {
            total[v] += load(weights + k * SMRI_LANES + v * WIDTH);
        }
    }
    UNROLLED
    for (size_t v = 0; v < SMRI_LANES / WIDTH; v++) {
        total[v] = chosen(below((vector){0}, total[v]), 1.0 / total[v], (vector){0} + QUIET_NAN);
    }
    for (size_t k = 0; k < count; k++) {
        UNROLLED
        for (size_t v = 0; v < SMRI_LANES / WIDTH; v++) {
            double *const weight = weights + k * SMRI_LANES + v * WIDTH;
            store(weight, canonical_vector(count == 1 ? total[v] * 0.0 + 1.0 : load(weight) * total[v]));
        }
    }
}

static void scale(const double *weights, size_t count, const double *by, double *out) {
    for (size_t j = 0; j < SMRI_LANES; j += WIDTH) {
        const vector factor = load(by + j);
        for (size_t k = 0; k < count; k++) {
            store(out + k * SMRI_LANES + j, canonical_vector(load(weights + k * SMRI_LANES + j) * factor));
        }
    }
}

/* ---- weighted sums ---- */

/* Rows and vectors of lanes whose sums stand in registers. In AVX-512 a number in memory is broadcast at no cost, but
 * only into one multiplication: one vector and many rows are best, from two blocks. In SSE2 a broadcast costs two
 * instructions: many vectors are. */
#if defined(__AVX512F__)
#define WIDE_ROWS 12
#define WIDE_VECTORS 1
#elif defined(__SSE2__) && !defined(__AVX2__)
#define WIDE_ROWS 3
#define WIDE_VECTORS 4
#else
#define WIDE_ROWS 6
#define WIDE_VECTORS (REGISTERS / 8)
#endif
#define NARROW_ROWS 3
#define NARROW_VECTORS 4

/* out, kept x lanes: the sums of the first `kept` of `rows` rows, from a block and those after it, for the lanes of so
 * many vectors. */
static ALWAYS_INLINE void tile_sums(const double *packed, size_t children, const double *weights, size_t rows,
                                    size_t vectors, size_t kept, double *out) {
    vector sums[12][4];
    UNROLLED
    for (size_t i = 0; i < rows; i++) {
        UNROLLED
        for (size_t v = 0; v < vectors; v++) {
            sums[i][v] = (vector){0};
        }
    }
    for (size_t k = 0; k < children; k++) {
        vector w[4];
        UNROLLED
        for (size_t v = 0; v < vectors; v++) {
            w[v] = load(weights + k * SMRI_LANES + v * WIDTH);
        }
        UNROLLED
        for (size_t i = 0; i < rows; i++) {
            const size_t block = i / SMRI_LANES_BLOCK * children;
            const double value = packed[(block + k) * SMRI_LANES_BLOCK + i % SMRI_LANES_BLOCK];
            UNROLLED
            for (size_t v = 0; v < vectors; v++) {
                sums[i][v] += w[v] * value;
            }
        }
    }
    UNROLLED
    for (size_t i = 0; i < rows; i++) {
        UNROLLED
        for (size_t v = 0; v < vectors; v++) {
            if (i < kept) {
                store(out + i * SMRI_LANES + v * WIDTH, canonical_vector(sums[i][v]));
            }
        }
    }
}

static inline const double *packed_row(const double *packed, size_t children, size_t i) {
    return packed + i / SMRI_LANES_BLOCK * SMRI_LANES_BLOCK * children + i % SMRI_LANES_BLOCK;
}

/* out, rows x lanes: the sums of packed rows. */
static void packed_sums(const double *packed, size_t children, size_t rows, const double *weights, double *out) {
    size_t i = 0;
    for (; i + WIDE_ROWS <= rows; i += WIDE_ROWS) {
        for (size_t j = 0; j < SMRI_LANES; j += WIDE_VECTORS * WIDTH) {
            tile_sums(packed_row(packed, children, i), children, weights + j, WIDE_ROWS, WIDE_VECTORS, WIDE_ROWS,
                      out + i * SMRI_LANES + j);
        }
    }
    for (; i + NARROW_ROWS < rows; i += SMRI_LANES_BLOCK) {
        for (size_t j = 0; j < SMRI_LANES; j += 2 * WIDTH) {
            tile_sums(packed_row(packed, children, i), children, weights + j, SMRI_LANES_BLOCK, 2,
                      SMRI_MIN(rows - i, SMRI_LANES_BLOCK), out + i * SMRI_LANES + j);
        }
    }
    if (i < rows) {
        for (size_t j = 0; j < SMRI_LANES; j += NARROW_VECTORS * WIDTH) {
            tile_sums(packed_row(packed, children, i), children, weights + j, NARROW_ROWS, NARROW_VECTORS, rows - i,
                      out + i * SMRI_LANES + j);
        }
    }
}

static inline double share(double sum, double weight, double min_coverage) {
    return weight > 0.0 && weight >= min_coverage ? canonical(sum / weight) : QUIET_NAN;
}

static void family(const smri_lanes_family *family, const double *weights, double *out) {
    const size_t children = family->children;
    packed_sums(family->values, children, family->rows, weights, out);
    for (size_t start = 0; start < family->rows && family->present != NULL; start += SMRI_LANES_BLOCK) {
        if (!family->holes[start / SMRI_LANES_BLOCK]) {
            continue;
        }
        const size_t rows = SMRI_MIN(family->rows - start, SMRI_LANES_BLOCK);
        const double *const there = family->present + start * children;
        double present[SMRI_LANES_BLOCK * SMRI_LANES];
        packed_sums(there, children, rows, weights, present);
        for (size_t i = 0; i < rows; i++) {
            double count = 0.0;
            for (size_t k = 0; k < children; k++) {
                count += there[k * SMRI_LANES_BLOCK + i];
            }
            double *const sums = out + (start + i) * SMRI_LANES;
            for (size_t j = 0; count < (double)children && j < SMRI_LANES; j++) {
                sums[j] = share(sums[j], present[i * SMRI_LANES + j], family->min_coverage);
            }
        }
    }
}

#define JOIN_VECTORS 4
#define JOIN_LANES (JOIN_VECTORS * WIDTH)

/* Some lanes of a row, of which some miss a child. */
static void join_present(const double *const *children, size_t count, size_t place, const double *weights,
                         double min_coverage, double *out) {
    double sum[JOIN_LANES] = {0}, present[JOIN_LANES] = {0}, there[JOIN_LANES] = {0};
    for (size_t k = 0; k < count; k++) {
        const double *const score = children[k] + place, *const w = weights + k * SMRI_LANES;
        for (size_t j = 0; j < JOIN_LANES; j++) {
            sum[j] += score[j] == score[j] ? w[j] * score[j] : 0.0;
            present[j] += score[j] == score[j] ? w[j] : 0.0;
            there[j] += score[j] == score[j] ? 1.0 : 0.0;
        }
    }
    for (size_t j = 0; j < JOIN_LANES; j++) {
        out[place + j] =
            there[j] == (double)count ? canonical(sum[j]) : share(sum[j], present[j], min_coverage);
    }
}

/* Where all children are there the sum is a number; only where it is not does it matter which one is missing. */
static void join(const double *const *children, size_t count, size_t rows, const double *weights, double min_coverage,
                 double *out) {
    for (size_t place = 0; place < rows * SMRI_LANES; place += JOIN_LANES) {
        const double *const w = weights + place % SMRI_LANES;
        vector sums[JOIN_VECTORS];
        UNROLLED
        for (size_t v = 0; v < JOIN_VECTORS; v++) {
            sums[v] = (vector){0};
        }
        for (size_t k = 0; k < count; k++) {
            UNROLLED
            for (size_t v = 0; v < JOIN_VECTORS; v++) {
                sums[v] += load(w + k * SMRI_LANES + v * WIDTH) * load(children[k] + place + v * WIDTH);
            }
        }
        if (any_missing((sums[0] + sums[1]) + (sums[2] + sums[3]))) {
            join_present(children, count, place, w, min_coverage, out);
            continue;
        }
        UNROLLED
        for (size_t v = 0; v < JOIN_VECTORS; v++) {
            store(out + place + v * WIDTH, sums[v]);
        }
    }
}

extern const smri_lanes_kernels SMRI_KERNEL_NAMED(smri_lanes_kernels);

const smri_lanes_kernels SMRI_KERNEL_NAMED(smri_lanes_kernels) = {
    .uniform = uniform,
    .exponential = exponential,
    .normalise = normalise,
    .scale = scale,
    .family = family,
    .join = join,
};
