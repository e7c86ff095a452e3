/* SPDX-License-Identifier: MIT */
/* The hot loops, in plain C, compiled once per instruction set. Each compilation defines SMRI_KERNEL, the suffix of its
 * table, and SMRI_KERNEL_NAME, its public name; nothing else leaves this file.
 *
 * Every kernel gives the same bits because every output is made by the same IEEE operations in the same order,
 * whatever the width of a vector: there is no contraction, no reassociation, no explicit fma and no libm. Where lanes
 * are folded together (extent, bin_sums) the result does not depend on the order. All loops are free of branches, so
 * that a compiler turns the selections into masks. Input and output may be the same array, not overlap otherwise. */
#include "base/base_impl.h"

#include "base/kernels_common.inc"
#include "base/kernels_elementary.inc"

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
        sum[i] = canonical(total);
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
        sum[i] = canonical(total);
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
        sum[i] = canonical(total);
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

extern const smri_lanes_kernels SMRI_KERNEL_NAMED(smri_lanes_kernels);
extern const smri_lanes_rank_kernels SMRI_KERNEL_NAMED(smri_lanes_rank_kernels);

const smri_kernels SMRI_KERNEL_NAMED(smri_kernels) = {
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
    .lanes = &SMRI_KERNEL_NAMED(smri_lanes_kernels),
    .lanes_rank = &SMRI_KERNEL_NAMED(smri_lanes_rank_kernels),
};
