/* SPDX-License-Identifier: MIT */
/* Sobol' sequences: points that fill the unit cube more evenly than random ones do.
 *
 * I. M. Sobol' (1967), On the distribution of points in a cube and the approximate evaluation of integrals, USSR
 * Computational Mathematics and Mathematical Physics 7, 86-112; in the order of Gray's code, I. A. Antonov and V. M.
 * Saleev (1979), ibid. 19, 252-256; direction numbers of S. Joe and F. Y. Kuo (2008), SIAM Journal on Scientific
 * Computing 30, 2635-2654.
 *
 * A. B. Owen (1998), Scrambling Sobol' and Niederreiter-Xing points, Journal of Complexity 14, 466-489, gives the
 * reason to scramble: every point becomes uniform, the net stays a net, and the error of a mean can be measured and
 * is small. Here by a random linear map of the digits, lower triangular with a unit diagonal, and a digital shift:
 * J. Matousek (1998), On the L2-discrepancy for anchored boxes, Journal of Complexity 14, 527-556. The variance of a
 * mean is that of Owen's nested scrambling (A. B. Owen 2003, Variance and discrepancy with alternative scramblings,
 * ACM Transactions on Modeling and Computer Simulation 13, 363-378), at the price of a few exclusive ors a dimension
 * and none a point. */
#include "base/base_impl.h"

#define HIGH_BITS 14
#define HIGHEST (UINT64_C(1) << 63)
/* "SOBOL": keeps the numbers drawn here apart from all others of the same seed. */
#define STREAM UINT64_C(0x534f424f4c000000)

static unsigned degree_of(uint32_t polynomial) {
    unsigned degree = 0;
    while (polynomial >> degree > 1) {
        degree++;
    }
    return degree;
}

/* The i-th number of a dimension is odd and has i bits; v is that number with its highest place at bit 63. */
static void unpack(const smri_sobol_number *number, unsigned degree, uint64_t *v) {
    uint64_t low = number->low, high = number->high & ((UINT32_C(1) << HIGH_BITS) - 1);
    for (unsigned i = 0; i < degree; i++) {
        const uint64_t odd = (low & ((UINT64_C(1) << i) - 1)) << 1 | 1;
        v[i] = odd << (63 - i);
        if (i > 0) {
            low = low >> i | high << (64 - i);
            high >>= i;
        }
    }
}

void smri_sobol_dimension_init(smri_sobol_dimension *dimension, uint32_t index) {
    const smri_sobol_number *number = &smri_sobol_numbers[index];
    const uint32_t polynomial = number->high >> HIGH_BITS;
    const unsigned degree = degree_of(polynomial);
    uint64_t *v = dimension->directions;
    dimension->shift = 0;
    unpack(number, degree, v);
    for (unsigned i = degree; i < SMRI_SOBOL_BITS; i++) {
        if (degree == 0) {
            v[i] = HIGHEST >> i; /* the first dimension is van der Corput's sequence */
            continue;
        }
        v[i] = v[i - degree] ^ v[i - degree] >> degree;
        for (unsigned k = 1; k < degree; k++) {
            v[i] ^= polynomial >> (degree - k) & 1 ? v[i - k] : 0;
        }
    }
}

static uint64_t random_bits(uint64_t seed, uint32_t index, uint32_t place) {
    const uint64_t stream = STREAM | index;
    const uint32_t counter[] = {place, 0, (uint32_t)stream, (uint32_t)(stream >> 32)};
    const uint32_t key[] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    uint32_t out[4];
    smri_philox(counter, key, out);
    return (uint64_t)out[1] << 32 | out[0];
}

void smri_sobol_dimension_scramble(smri_sobol_dimension *dimension, uint32_t index, uint64_t seed) {
    uint64_t map[SMRI_SOBOL_BITS]; /* what a digit is mapped to: itself, and any of the lower ones */
    for (uint32_t i = 0; i < SMRI_SOBOL_BITS; i++) {
        map[i] = HIGHEST >> i | (random_bits(seed, index, i) & ((HIGHEST >> i) - 1));
    }
    for (unsigned i = 0; i < SMRI_SOBOL_BITS; i++) {
        uint64_t mapped = 0;
        for (unsigned digit = 0; digit < SMRI_SOBOL_BITS; digit++) {
            mapped ^= dimension->directions[i] << digit & HIGHEST ? map[digit] : 0;
        }
        dimension->directions[i] = mapped;
    }
    dimension->shift = random_bits(seed, index, SMRI_SOBOL_BITS);
}

void smri_sobol_dimension_fill(const smri_sobol_dimension *dimension, uint64_t first, size_t count, double *out) {
    uint64_t x = dimension->shift;
    const uint64_t code = first ^ first >> 1;
    for (unsigned i = 0; i < SMRI_SOBOL_BITS; i++) {
        x ^= code >> i & 1 ? dimension->directions[i] : 0;
    }
    for (size_t k = 0; k < count; k++) {
        out[k] = (double)(x >> 11) * 0x1p-53;
        /* The code of the next point differs in one place: that of the lowest 0 of this point's number. */
        unsigned place = 0;
        for (uint64_t rest = first + k; rest & 1; rest >>= 1) {
            place++;
        }
        x ^= place < SMRI_SOBOL_BITS ? dimension->directions[place] : 0;
    }
}
