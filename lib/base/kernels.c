/* SPDX-License-Identifier: MIT */
/* The hot loops, in plain C, compiled once per instruction set. Each compilation defines SMRI_KERNEL, the suffix of its
 * table, and SMRI_KERNEL_NAME, its public name; nothing else leaves this file.
 *
 * Every kernel gives the same bits because every output is made by the same IEEE operations in the same order,
 * whatever the width of a vector: there is no contraction, no reassociation, no explicit fma and no libm. Where lanes
 * are folded together (extent, bin_sums) the result does not depend on the order. All loops are free of branches, so
 * that a compiler turns the selections into masks. Input and output may be the same array, not overlap otherwise. */
#include "base/base_impl.h"

#ifndef SMRI_KERNEL
#define SMRI_KERNEL baseline
#define SMRI_KERNEL_NAME "baseline"
#endif
#define SMRI_KERNEL_PASTE_(suffix) smri_kernels_##suffix
#define SMRI_KERNEL_PASTE(suffix) SMRI_KERNEL_PASTE_(suffix)
#define SMRI_KERNEL_TABLE SMRI_KERNEL_PASTE(SMRI_KERNEL)

/* No iteration reads what another one writes. */
#if defined(__clang__)
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define INDEPENDENT _Pragma("GCC ivdep")
#else
#define INDEPENDENT
#endif

static inline double from_bits(uint64_t bits) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint64_t to_bits(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* The one NaN that leaves the library. Processors differ in the sign of the NaN they produce. */
#define QUIET_NAN from_bits(UINT64_C(0x7ff8000000000000))
#define INFINITE from_bits(UINT64_C(0x7ff0000000000000))
#define ONE_BITS UINT64_C(0x3ff0000000000000)
#define FRACTION_BITS UINT64_C(0x000fffffffffffff)

static inline double canonical(double value) {
    return value == value ? value : QUIET_NAN;
}

/* ---- logarithm, exponential, power ----
 *
 * Greatest error found over 5 10^7 arguments against 113-bit arithmetic, in units in the last place: log 0.84; exp 0.72,
 * 0.79 where the result is subnormal; pow 0.78, growing to 0.93 where the result nears the ends of the range. ln 1 = 0
 * and e^0 = 1 exactly. tests/unit/test_math.c holds the three below 0.85, 0.8 and 1.
 * Coefficients are minimax polynomials computed for these ranges by the Remez exchange in 200-bit arithmetic. */

#define LN2_HIGH 0x1.62e42fefa3800p-1 /* 42 bits: its product with an exponent is exact */
#define LN2_LOW 0x1.ef35793c76730p-45
#define LOG2_E 0x1.71547652b82fep+0
#define ROUNDER 0x1.8p52 /* adding it rounds to an integer, which is then in the low bits */

#define ROOT_HALF_BITS UINT64_C(0x3fe6a09e00000000) /* a little below sqrt(1/2) */
#define INTEGER_BITS \
    UINT64_C(0x4330000000000000) /* 2^52: an integer below it becomes a double by standing in its
                                                       fraction; AVX2 has no other conversion */

/* x > 0, finite: x = 2^exponent * (1 + fraction), 1 + fraction in [sqrt(1/2), sqrt(2)). */
typedef struct reduced {
    double exponent, fraction;
} reduced;

static inline reduced reduce(double x) {
    const double scaled = x < DBL_MIN ? x * 0x1p54 : x;
    const double bias = x < DBL_MIN ? 0x1p52 + 1023 + 54 : 0x1p52 + 1023;
    const uint64_t shifted = to_bits(scaled) + (ONE_BITS - ROOT_HALF_BITS);
    const reduced result = {from_bits((shifted >> 52) | INTEGER_BITS) - bias,
                            from_bits((shifted & FRACTION_BITS) + ROOT_HALF_BITS) - 1.0};
    return result;
}

/* ln(1 + f) = f - f^2/2 + s (f^2/2 + tail) with s = f / (2 + f), z = s^2, tail = z g(z). */
static inline double log_tail(double s) {
    const double z = s * s, z2 = z * z;
    const double even =
        0x1.5555555555592p-1 + z2 * (0x1.24924941f4fe6p-2 + z2 * (0x1.74663fa24885fp-3 + z2 * 0x1.2f06346215843p-3));
    const double odd = 0x1.999999997fd77p-2 + z2 * (0x1.c71c5206067bap-3 + z2 * 0x1.39a1a6f78cd2bp-3);
    return z * (even + z * odd);
}

static inline double log_joined(double exponent, double f, double s, double tail) {
    const double half_square = 0.5 * f * f;
    const double high = exponent * LN2_HIGH;
    const double head = high + f;
    const double lost = (high - head) + f; /* exact: high is 0 or greater than f */
    return head - (half_square - (s * (half_square + tail) + (exponent * LN2_LOW + lost)));
}

static inline double natural_log(double x) {
    const reduced r = reduce(x);
    const double s = r.fraction / (2.0 + r.fraction);
    const double value = log_joined(r.exponent, r.fraction, s, log_tail(s));
    const double not_positive = x == 0.0 ? -INFINITE : QUIET_NAN;
    return x > 0.0 ? (x < INFINITE ? value : x) : not_positive;
}

/* natural_log of BLOCK values. One short loop a stage keeps many vectors in flight, which one long chain of dependent
 * operations does not; values that need care send the block to the plain loop, whose bits are the same. */
#define BLOCK 64

static void log_block(const double *x, double *y) {
    const uint64_t first = UINT64_C(0x0020000000000000), last = UINT64_C(0x7fefffffffffffff);
    double exponent[BLOCK], fraction[BLOCK], s[BLOCK], tail[BLOCK];
    uint64_t outside = 0; /* its sign is set when one of the shifted patterns is not in first..last */
    INDEPENDENT
    for (size_t i = 0; i < BLOCK; i++) {
        const uint64_t shifted = to_bits(x[i]) + (ONE_BITS - ROOT_HALF_BITS);
        outside |= (shifted - first) | (last - shifted);
        exponent[i] = from_bits((shifted >> 52) | INTEGER_BITS) - (0x1p52 + 1023);
        fraction[i] = from_bits((shifted & FRACTION_BITS) + ROOT_HALF_BITS) - 1.0;
    }
    if (outside >> 63) {
        INDEPENDENT
        for (size_t i = 0; i < BLOCK; i++) {
            y[i] = natural_log(x[i]);
        }
        return;
    }
    INDEPENDENT
    for (size_t i = 0; i < BLOCK; i++) {
        s[i] = fraction[i] / (2.0 + fraction[i]);
    }
    INDEPENDENT
    for (size_t i = 0; i < BLOCK; i++) {
        tail[i] = log_tail(s[i]);
    }
    INDEPENDENT
    for (size_t i = 0; i < BLOCK; i++) {
        y[i] = log_joined(exponent[i], fraction[i], s[i], tail[i]);
    }
}

/* e^(p + low) for |low| <= |p| 2^-52; 2^k (1 + r + r^2 P(r)), and 1 + r in two parts. */
static inline double exponential(double p, double low) {
    const double above = p > -746.0 ? p : -746.0;
    const double inside = above < 710.0 ? above : 710.0;
    const double rounded = inside * LOG2_E + ROUNDER;
    const double k = rounded - ROUNDER;
    const double whole = inside - k * LN2_HIGH;
    const double rest = (inside == p ? low : 0.0) - k * LN2_LOW;
    const double r = whole + rest;
    const double r_low = (whole - r) + rest;
    const double r2 = r * r;
    const double even =
        0.5
        + r2
              * (0x1.5555555555503p-5
                 + r2
                       * (0x1.6c16c16c30490p-10
                          + r2 * (0x1.a01a01368e5c4p-16 + r2 * (0x1.27e5b44896ae2p-22 + r2 * 0x1.1e3d29a38d938p-29))));
    const double odd =
        0x1.555555555555bp-3
        + r2
              * (0x1.111111110ec5dp-7
                 + r2 * (0x1.a01a01b37e319p-13 + r2 * (0x1.71ddf020d9703p-19 + r2 * 0x1.af6be7d64a408p-26)));
    const double head = 1.0 + r;
    const double lost = (1.0 - head) + r;
    const double value = head + (lost + (r_low + r2 * (even + r * odd)));
    /* 2^k in two factors: the first product is exact, the second rounds where the result is subnormal. */
    const double half = k * 0.5 + ROUNDER;
    const double other = (k - (half - ROUNDER)) + ROUNDER;
    const double first = from_bits((to_bits(half) + 1023) << 52);
    const double second = from_bits((to_bits(other) + 1023) << 52);
    const double scaled = value * first * second;
    return p == p ? scaled : QUIET_NAN;
}

/* The upper 26 bits: products of two such numbers are exact. */
static inline double upper(double value) {
    return from_bits(to_bits(value) & UINT64_C(0xfffffffff8000000));
}

/* A number as the unrounded sum of two. */
typedef struct pair {
    double high, low;
} pair;

/* ln(2^exponent (1 + f)) with a relative error below 2^-64; inverse = 1 / (2 + f). */
static inline pair log_pair(double exponent, double f, double inverse) {
    /* s = f / (2 + f), z = s^2 and u = s^3, each as 26 exact bits and a rest */
    const double d = f + 2.0;
    const double d_high = upper(d);
    const double d_low = (d - d_high) + ((2.0 - d) + f);
    const double s_high = upper(f * inverse);
    const double s_low = ((f - s_high * d_high) - s_high * d_low) * inverse;
    const double square = s_high * s_high;
    const double square_low = s_low * (s_high + (s_high + s_low));
    const double z = square + square_low;
    const double z_high = upper(z);
    const double z_low = (square - z_high) + square_low;
    const double cube = s_high * z_high;
    const double cube_low = s_high * z_low + s_low * z;
    const double u = cube + cube_low;
    const double u_high = upper(u);
    const double u_low = (cube - u_high) + cube_low;
    /* ln(1 + f) = 2 s + u (2/3 + z h(z)), 2/3 = 0x1.5555554p-1 + 0x1.5555555555555p-29 */
    const double z2 = z * z;
    const double even =
        0x1.9999999999996p-2 + z2 * (0x1.c71c71c580480p-3 + z2 * (0x1.3b1362b1f4379p-3 + z2 * 0x1.de335835c72bdp-4));
    const double odd =
        0x1.2492492493036p-2 + z2 * (0x1.745d183262357p-3 + z2 * (0x1.1120b63d4fa2dp-3 + z2 * 0x1.eb11eb5303c2ep-4));
    const double tail = 0x1.5555555555555p-29 + z * (even + z * odd);
    const double third = u_high * 0x1.5555554p-1;
    const double third_low = u_low * 0x1.5555554p-1 + u * tail;
    const double part = 2.0 * s_high + third;
    const double part_low = ((2.0 * s_high - part) + third) + (2.0 * s_low + third_low);
    const double high = exponent * LN2_HIGH;
    const double sum = high + part;
    const pair result = {sum, ((high - sum) + part) + (part_low + exponent * LN2_LOW)};
    return result;
}

/* The exponent of a power, split, and what becomes of 0 and infinity. */
typedef struct raise {
    double high, low, at_zero, at_infinity;
} raise;

static inline double raised(double x, pair log, raise y) {
    const double log_high = upper(log.high);
    const double log_low = (log.high - log_high) + log.low;
    const double product = y.high * log_high;
    const double product_low = y.high * log_low + y.low * (log_high + log_low);
    const double p = product + product_low;
    const double value = exponential(p, (product - p) + product_low);
    const double positive = x < INFINITE ? value : y.at_infinity;
    return x > 0.0 ? positive : (x == 0.0 ? y.at_zero : QUIET_NAN);
}

static void pow_block(const double *x, size_t n, raise exponent, double *y) {
    double k[BLOCK], fraction[BLOCK], inverse[BLOCK], high[BLOCK], low[BLOCK];
    INDEPENDENT
    for (size_t i = 0; i < n; i++) {
        const reduced r = reduce(x[i]);
        k[i] = r.exponent;
        fraction[i] = r.fraction;
        inverse[i] = 1.0 / (r.fraction + 2.0);
    }
    INDEPENDENT
    for (size_t i = 0; i < n; i++) {
        const pair log = log_pair(k[i], fraction[i], inverse[i]);
        high[i] = log.high;
        low[i] = log.low;
    }
    INDEPENDENT
    for (size_t i = 0; i < n; i++) {
        const pair log = {high[i], low[i]};
        y[i] = raised(x[i], log, exponent);
    }
}

static void log_array(const double *x, size_t n, double *y) {
    size_t i = 0;
    for (; i + BLOCK <= n; i += BLOCK) {
        log_block(x + i, y + i);
    }
    INDEPENDENT
    for (size_t j = i; j < n; j++) {
        y[j] = natural_log(x[j]);
    }
}

static void exp_array(const double *x, size_t n, double *y) {
    INDEPENDENT
    for (size_t i = 0; i < n; i++) {
        y[i] = exponential(x[i], 0.0);
    }
}

/* Exponents whose power is one correctly rounded operation are computed by it. */
static void pow_array(const double *x, size_t n, double exponent, double *y) {
    if (exponent != exponent) {
        for (size_t i = 0; i < n; i++) {
            y[i] = QUIET_NAN;
        }
    } else if (exponent == 0.0) {
        INDEPENDENT
        for (size_t i = 0; i < n; i++) {
            y[i] = x[i] >= 0.0 ? 1.0 : QUIET_NAN;
        }
    } else if (exponent == 1.0) {
        INDEPENDENT
        for (size_t i = 0; i < n; i++) {
            y[i] = x[i] >= 0.0 ? x[i] + 0.0 : QUIET_NAN;
        }
    } else if (exponent == 2.0) {
        INDEPENDENT
        for (size_t i = 0; i < n; i++) {
            y[i] = x[i] >= 0.0 ? x[i] * x[i] : QUIET_NAN;
        }
    } else if (exponent == -1.0) {
        INDEPENDENT
        for (size_t i = 0; i < n; i++) {
            y[i] = x[i] >= 0.0 ? 1.0 / (x[i] + 0.0) : QUIET_NAN;
        }
    } else {
        /* Beyond 2^64 every x but 1 has left the range of a double. */
        const double limited = exponent > 0x1p64 ? 0x1p64 : exponent < -0x1p64 ? -0x1p64 : exponent;
        const raise split = {upper(limited), limited - upper(limited), exponent > 0.0 ? 0.0 : INFINITE,
                             exponent > 0.0 ? INFINITE : 0.0};
        for (size_t i = 0; i < n; i += BLOCK) {
            pow_block(x + i, SMRI_MIN(n - i, BLOCK), split, y + i);
        }
    }
}

/* ---- maps and weighted sums ---- */

#define PIECE 256 /* values that pass through a buffer at a time */

/* Adding 0 turns -0 into 0 and nothing else into anything else. */
static inline double affine_one(double x, smri_affine map) {
    const double value = map.low + map.span * ((x - map.origin) / map.width);
    const double above = value < map.floor ? map.floor : value;
    const double inside = above > map.ceiling ? map.ceiling : above;
    return inside + 0.0;
}

/* What a missing y adds is 0: a selection of the term, not of the sum, leaves no branch. For the same reason no loop
 * below asks twice whether y is missing, and the combined kernels go through a small buffer. */
static inline double added(double sum, double y, double term) {
    return canonical(sum + (y == y ? term : 0.0));
}

static inline void add_weight(const double *y, size_t n, double w, double *weight) {
    INDEPENDENT
    for (size_t i = 0; i < n; i++) {
        weight[i] += y[i] == y[i] ? w : 0.0;
    }
}

static void affine(const double *x, size_t n, const smri_affine *map, double *y) {
    const smri_affine m = *map;
    INDEPENDENT
    for (size_t i = 0; i < n; i++) {
        y[i] = canonical(affine_one(x[i], m));
    }
}

static void weighted_add(const double *y, size_t n, double w, double *sum, double *weight) {
    INDEPENDENT
    for (size_t i = 0; i < n; i++) {
        sum[i] = added(sum[i], y[i], w * y[i]);
    }
    add_weight(y, n, w, weight);
}

/* 1 stands for a missing y, so that it does not send a block of logarithms the slow way. */
static inline double log_argument(double y, double epsilon) {
    const double floored = y < epsilon ? epsilon : y;
    const double positive = floored > 0.0 ? floored : QUIET_NAN;
    return y == y ? positive : 1.0;
}

static void weighted_log_add(const double *y, size_t n, double w, double epsilon, double *sum, double *weight) {
    double log[PIECE];
    for (size_t start = 0; start < n; start += PIECE) {
        const size_t count = SMRI_MIN(n - start, PIECE);
        const double *const from = y + start;
        double *const to = sum + start;
        INDEPENDENT
        for (size_t i = 0; i < count; i++) {
            log[i] = log_argument(from[i], epsilon);
        }
        log_array(log, count, log);
        INDEPENDENT
        for (size_t i = 0; i < count; i++) {
            to[i] = added(to[i], from[i], w * log[i]);
        }
        add_weight(from, count, w, weight + start);
    }
}

/* One column of several: `there` keeps or drops the term and the weight without a branch. */
#define COLUMN(q) \
    const double *const x##q = x[q]; \
    const smri_affine map##q = maps[q]; \
    const double w##q = w[q];
#define TERM(q) \
    y = affine_one(x##q[i], map##q); \
    there = y == y ? ~UINT64_C(0) : 0; \
    total += from_bits(to_bits(w##q * y) & there); \
    present += from_bits(to_bits(w##q) & there);

/* Eight columns in one pass: their streams from memory overlap, and sum and weight stay in registers. */
static void affine_weighted_add_eight(const double *const *x, size_t n, const smri_affine *maps, const double *w,
                                      double *restrict sum, double *restrict weight) {
    COLUMN(0) COLUMN(1) COLUMN(2) COLUMN(3) COLUMN(4) COLUMN(5) COLUMN(6) COLUMN(7)
    INDEPENDENT
    for (size_t i = 0; i < n; i++) {
        double total = sum[i], present = weight[i], y;
        uint64_t there;
        TERM(0) TERM(1) TERM(2) TERM(3) TERM(4) TERM(5) TERM(6) TERM(7)
        sum[i] = total;
        weight[i] = present;
    }
}

static void affine_weighted_add_one(const double *const *x, size_t n, const smri_affine *maps, const double *w,
                                    double *restrict sum, double *restrict weight) {
    COLUMN(0)
    INDEPENDENT
    for (size_t i = 0; i < n; i++) {
        double total = sum[i], present = weight[i], y;
        uint64_t there;
        TERM(0)
        sum[i] = total;
        weight[i] = present;
    }
}

static void affine_weighted_add_two(const double *const *x, size_t n, const smri_affine *maps, const double *w,
                                    double *restrict sum, double *restrict weight) {
    COLUMN(0) COLUMN(1)
    INDEPENDENT
    for (size_t i = 0; i < n; i++) {
        double total = sum[i], present = weight[i], y;
        uint64_t there;
        TERM(0) TERM(1)
        sum[i] = total;
        weight[i] = present;
    }
}

static void affine_weighted_add(const double *x, size_t n, const smri_affine *map, double w, double *sum, double *weight) {
    const double *const column = x, *const *const columns = &column;
    affine_weighted_add_one(columns, n, map, &w, sum, weight);
}

static void affine_weighted_add_many(const double *const *x, size_t count, size_t n, const smri_affine *maps,
                                     const double *w, double *sum, double *weight) {
    size_t c = 0;
    for (; c + 8 <= count; c += 8) {
        affine_weighted_add_eight(x + c, n, maps + c, w + c, sum, weight);
    }
    for (; c + 2 <= count; c += 2) {
        affine_weighted_add_two(x + c, n, maps + c, w + c, sum, weight);
    }
    if (c < count) {
        affine_weighted_add_one(x + c, n, maps + c, w + c, sum, weight);
    }
}

static void affine_weighted_log_add(const double *x, size_t n, const smri_affine *map, double w, double epsilon,
                                    double *sum, double *weight) {
    double y[PIECE];
    for (size_t i = 0; i < n; i += PIECE) {
        const size_t count = SMRI_MIN(n - i, PIECE);
        affine(x + i, count, map, y);
        weighted_log_add(y, count, w, epsilon, sum + i, weight + i);
    }
}

static void quotient(const double *sum, const double *weight, size_t n, double *out) {
    INDEPENDENT
    for (size_t i = 0; i < n; i++) {
        out[i] = weight[i] > 0.0 ? canonical(sum[i] / weight[i]) : QUIET_NAN;
    }
}

/* ---- folds ---- */

#define LANES 32

static void extent(const double *x, size_t n, double *least, double *greatest, size_t *count) {
    double low[LANES], high[LANES];
    uint64_t seen[LANES];
    for (size_t j = 0; j < LANES; j++) {
        low[j] = INFINITE;
        high[j] = -INFINITE;
        seen[j] = 0;
    }
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        for (size_t j = 0; j < LANES; j++) {
            const double value = x[i + j];
            low[j] = value < low[j] ? value : low[j];
            high[j] = value > high[j] ? value : high[j];
            seen[j] += value == value;
        }
    }
    for (size_t j = 0; i + j < n; j++) {
        const double value = x[i + j];
        low[j] = value < low[j] ? value : low[j];
        high[j] = value > high[j] ? value : high[j];
        seen[j] += value == value;
    }
    uint64_t total = seen[0];
    for (size_t j = 1; j < LANES; j++) {
        low[0] = low[j] < low[0] ? low[j] : low[0];
        high[0] = high[j] > high[0] ? high[j] : high[0];
        total += seen[j];
    }
    if (total > 0) {
        *least = low[0] + 0.0;
        *greatest = high[0] + 0.0;
    }
    *count = (size_t)total;
}

static inline uint64_t stirred(uint64_t state, double x) {
    return (state << 7 | state >> 57) + (to_bits(x) ^ UINT64_C(0xd6e8feb86659fd93));
}

/* Lane j takes the values at j, j + SMRI_FINGERPRINT_LANES, ...; what a block adds depends on what came before. */
static void fingerprint(const double *x, size_t n, uint64_t *lanes) {
    uint64_t state[SMRI_FINGERPRINT_LANES];
    memcpy(state, lanes, sizeof state);
    size_t i = 0;
    for (; i + SMRI_FINGERPRINT_LANES <= n; i += SMRI_FINGERPRINT_LANES) {
        for (size_t j = 0; j < SMRI_FINGERPRINT_LANES; j++) {
            state[j] = stirred(state[j], x[i + j]);
        }
    }
    for (size_t j = 0; i + j < n; j++) {
        state[j] = stirred(state[j], x[i + j]);
    }
    memcpy(lanes, state, sizeof state);
}

/* ---- exact partial sums ---- */

static inline double term_of(double x, double centre, int power) {
    const double d = x - centre;
    const double square = d * d;
    return power == 1 ? x : power == 2 ? square : power == 3 ? square * d : square * square;
}

/* The running folds of a block, one a lane. */
typedef struct block_fold {
    double most[LANES], seen[LANES], bins[4][LANES];
    uint64_t left[LANES];
} block_fold;

/* The greatest magnitude of a term (a NaN is not greater), and how many are not NaN. */
static inline void fold_extent(block_fold *fold, const double *x, size_t n, double centre, int power) {
    for (size_t j = 0; j < n; j++) {
        const double magnitude = fabs(term_of(x[j], centre, power));
        fold->most[j] = magnitude > fold->most[j] ? magnitude : fold->most[j];
        fold->seen[j] += x[j] == x[j] ? 1.0 : 0.0;
    }
}

/* A running sum that started at its splitter takes of the term what lies on its grid, and leaves the rest. */
static inline double taken(double *running, double term) {
    const double before = *running;
    *running += term;
    return term - (*running - before);
}

static inline void fold_split(block_fold *fold, const double *x, size_t n, double centre, int power, int bins) {
    for (size_t j = 0; j < n; j++) {
        const double term = x[j] == x[j] ? term_of(x[j], centre, power) : 0.0;
        double rest = taken(&fold->bins[1][j], taken(&fold->bins[0][j], term));
        if (bins == 4) {
            rest = taken(&fold->bins[3][j], taken(&fold->bins[2][j], rest));
        }
        fold->left[j] |= to_bits(rest);
    }
}

static inline bool split(block_fold *fold, const double *x, size_t n, double centre, int power, int bins,
                         double splitter, double *sums) {
    const size_t whole = n - n % LANES;
    for (int k = 0; k < bins; k++) {
        for (size_t j = 0; j < LANES; j++) {
            fold->bins[k][j] = splitter;
            fold->left[j] = 0;
        }
        sums[k] = splitter;
        splitter *= 0x1p-45;
    }
    for (size_t i = 0; i < whole; i += LANES) {
        fold_split(fold, x + i, LANES, centre, power, bins);
    }
    fold_split(fold, x + whole, n - whole, centre, power, bins);
    for (int k = 0; k < bins; k++) {
        const double start = sums[k];
        sums[k] = 0.0;
        for (size_t j = 0; j < LANES; j++) {
            sums[k] += fold->bins[k][j] - start;
        }
    }
    uint64_t left = 0;
    for (size_t j = 0; j < LANES; j++) {
        left |= fold->left[j];
    }
    return left == 0;
}

/* All |term| < 2^e. The splitter 1.5 * 2^(e + 8) has the grid 2^(e - 44), so that 512 multiples of it, each up to 2^e,
 * add up to at most 2^53 steps: no addition of them rounds, and no lane leaves the binade of its splitter. What remains
 * of a term is at most half a step, 2^(e - 45), which is the bound of the next bin. Where a splitter would be below the
 * normal numbers, all terms are multiples of the least subnormal, and nothing remains. Two bins hold terms whose
 * magnitudes differ by up to 2^37, four by up to 2^127; third and fourth powers mostly need four. */
static inline bool bins_of(const double *x, size_t n, double centre, int power, double bins[4], size_t *count) {
    block_fold fold = {{0}, {0}, {{0}}, {0}};
    const size_t whole = n - n % LANES;
    for (size_t i = 0; i < whole; i += LANES) {
        fold_extent(&fold, x + i, LANES, centre, power);
    }
    fold_extent(&fold, x + whole, n - whole, centre, power);
    for (size_t j = 1; j < LANES; j++) {
        fold.most[0] = fold.most[j] > fold.most[0] ? fold.most[j] : fold.most[0];
        fold.seen[0] += fold.seen[j];
    }
    *count = (size_t)fold.seen[0];
    const uint64_t biased = (to_bits(fold.most[0]) >> 52) + 1 + 8;
    if (biased > 2046) {
        return false;
    }
    const double splitter = 1.5 * from_bits(biased << 52);
    bins[2] = bins[3] = 0.0;
    return (power <= 2 && split(&fold, x, n, centre, power, 2, splitter, bins))
           || split(&fold, x, n, centre, power, 4, splitter, bins);
}

static bool bin_sums(const double *x, size_t n, double centre, int power, double bins[4], size_t *count) {
    return power == 1   ? bins_of(x, n, centre, 1, bins, count)
           : power == 2 ? bins_of(x, n, centre, 2, bins, count)
           : power == 3 ? bins_of(x, n, centre, 3, bins, count)
                        : bins_of(x, n, centre, 4, bins, count);
}

const smri_kernels SMRI_KERNEL_TABLE = {
    .name = SMRI_KERNEL_NAME,
    .affine = affine,
    .weighted_add = weighted_add,
    .affine_weighted_add = affine_weighted_add,
    .affine_weighted_add_many = affine_weighted_add_many,
    .weighted_log_add = weighted_log_add,
    .affine_weighted_log_add = affine_weighted_log_add,
    .quotient = quotient,
    .extent = extent,
    .fingerprint = fingerprint,
    .log = log_array,
    .exp = exp_array,
    .pow = pow_array,
    .bin_sums = bin_sums,
};
