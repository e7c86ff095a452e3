/* SPDX-License-Identifier: MIT */
/* Draws, weights and weighted sums of SMRI_LANES draws side by side, compiled once per instruction set like kernels.c
 * and with the same law. */
#include "base/base_impl.h"

#include "base/kernels_common.inc"
#include "base/kernels_log.inc"

/* ---- draws ---- */

#define ROUNDS 10
#define HALF (SMRI_LANES / 2) /* counters of a row: each makes two lanes */

/* (k + 1/2) 2^-52 for the upper 52 bits k of the words. */
static inline double unit_of(uint32_t low, uint32_t high) {
    const uint64_t words = (uint64_t)high << 32 | low;
    return from_bits(words >> 12 | ONE_BITS) - (1.0 - 0x1p-53);
}

static void uniform_row(uint64_t seed, uint64_t stream, uint64_t chunk, double *out) {
    uint32_t c0[HALF], c1[HALF], c2[HALF], c3[HALF];
    for (size_t j = 0; j < HALF; j++) {
        const uint64_t block = chunk * HALF + j;
        c0[j] = (uint32_t)block;
        c1[j] = (uint32_t)(block >> 32);
        c2[j] = (uint32_t)stream;
        c3[j] = (uint32_t)(stream >> 32);
    }
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t j = 0; j < HALF; j++) {
            const uint64_t even = UINT64_C(0xd2511f53) * c0[j], odd = UINT64_C(0xcd9e8d57) * c2[j];
            c0[j] = (uint32_t)(odd >> 32) ^ c1[j] ^ k0;
            c1[j] = (uint32_t)odd;
            c2[j] = (uint32_t)(even >> 32) ^ c3[j] ^ k1;
            c3[j] = (uint32_t)even;
        }
        k0 += UINT32_C(0x9e3779b9);
        k1 += UINT32_C(0xbb67ae85);
    }
    for (size_t j = 0; j < HALF; j++) {
        out[j] = unit_of(c0[j], c1[j]);
        out[HALF + j] = unit_of(c2[j], c3[j]);
    }
}

static void uniform(uint64_t seed, uint64_t stream, size_t count, uint64_t chunk, double *out) {
    for (size_t k = 0; k < count; k++) {
        uniform_row(seed, stream + k, chunk, out + k * SMRI_LANES);
    }
}

static void exponential(uint64_t seed, uint64_t stream, size_t count, uint64_t chunk, double *out) {
    const size_t n = count * SMRI_LANES;
    uniform(seed, stream, count, chunk, out);
    size_t i = 0;
    for (; i + BLOCK <= n; i += BLOCK) {
        log_block(out + i, out + i);
    }
    for (; i < n; i++) {
        out[i] = natural_log(out[i]);
    }
    INDEPENDENT
    for (i = 0; i < n; i++) {
        out[i] = 0.0 - out[i];
    }
}

static void normalise(double *weights, size_t count) {
    double total[SMRI_LANES] = {0};
    for (size_t k = 0; k < count; k++) {
        for (size_t j = 0; j < SMRI_LANES; j++) {
            total[j] += weights[k * SMRI_LANES + j];
        }
    }
    for (size_t j = 0; j < SMRI_LANES; j++) {
        total[j] = total[j] > 0.0 ? total[j] : QUIET_NAN;
    }
    for (size_t k = 0; k < count; k++) {
        for (size_t j = 0; j < SMRI_LANES; j++) {
            weights[k * SMRI_LANES + j] = canonical(weights[k * SMRI_LANES + j] / total[j]);
        }
    }
}

/* ---- weighted sums ---- */

/* sums, SMRI_LANES_BLOCK x lanes, of one block of packed numbers. */
static void block_sums(const double *packed, size_t children, const double *weights, double *sums) {
    for (size_t j = 0; j < SMRI_LANES_BLOCK * SMRI_LANES; j++) {
        sums[j] = 0.0;
    }
    for (size_t k = 0; k < children; k++) {
        for (size_t i = 0; i < SMRI_LANES_BLOCK; i++) {
            for (size_t j = 0; j < SMRI_LANES; j++) {
                sums[i * SMRI_LANES + j] += weights[k * SMRI_LANES + j] * packed[k * SMRI_LANES_BLOCK + i];
            }
        }
    }
}

static inline double share(double sum, double weight, double min_coverage) {
    return weight > 0.0 && weight >= min_coverage ? canonical(sum / weight) : QUIET_NAN;
}

static void family(const smri_lanes_family *family, const double *weights, double *out) {
    double sums[SMRI_LANES_BLOCK * SMRI_LANES], present[SMRI_LANES_BLOCK * SMRI_LANES];
    for (size_t start = 0, block = 0; start < family->rows; start += SMRI_LANES_BLOCK, block++) {
        const size_t rows = SMRI_MIN(family->rows - start, SMRI_LANES_BLOCK);
        const size_t place = start * family->children;
        block_sums(family->values + place, family->children, weights, sums);
        for (size_t j = 0; j < rows * SMRI_LANES; j++) {
            out[start * SMRI_LANES + j] = canonical(sums[j]);
        }
        if (!family->holes[block]) {
            continue;
        }
        block_sums(family->present + place, family->children, weights, present);
        for (size_t i = 0; i < rows; i++) {
            bool whole = true;
            for (size_t k = 0; k < family->children; k++) {
                whole = whole && family->present[place + k * SMRI_LANES_BLOCK + i] > 0.0;
            }
            for (size_t j = i * SMRI_LANES; !whole && j < (i + 1) * SMRI_LANES; j++) {
                out[start * SMRI_LANES + j] = share(sums[j], present[j], family->min_coverage);
            }
        }
    }
}

static void join(const double *const *children, size_t count, size_t rows, const double *weights, double min_coverage,
                 double *out) {
    for (size_t i = 0; i < rows; i++) {
        double sum[SMRI_LANES] = {0}, present[SMRI_LANES] = {0};
        uint64_t there[SMRI_LANES] = {0};
        for (size_t k = 0; k < count; k++) {
            const double *const score = children[k] + i * SMRI_LANES, *const w = weights + k * SMRI_LANES;
            for (size_t j = 0; j < SMRI_LANES; j++) {
                sum[j] += score[j] == score[j] ? w[j] * score[j] : 0.0;
                present[j] += score[j] == score[j] ? w[j] : 0.0;
                there[j] += score[j] == score[j];
            }
        }
        for (size_t j = 0; j < SMRI_LANES; j++) {
            out[i * SMRI_LANES + j] = there[j] == count ? canonical(sum[j]) : share(sum[j], present[j], min_coverage);
        }
    }
}

extern const smri_lanes_kernels SMRI_KERNEL_NAMED(smri_lanes_kernels);

const smri_lanes_kernels SMRI_KERNEL_NAMED(smri_lanes_kernels) = {
    .uniform = uniform,
    .exponential = exponential,
    .normalise = normalise,
    .family = family,
    .join = join,
};
