/* SPDX-License-Identifier: MIT */
/* Exact sums: a fixed-point number that spans all doubles. A sum does not depend on the order of its terms nor on how
 * they were split between threads or machines, because nothing is rounded before smri_exact_sum_value.
 *
 * The value is the sum of limbs[i] 2^(32 i - 1074). A limb takes 2^31 additions of less than 2^32 before its carry must
 * be settled. All doubles lie below bit 2098, limb 66; the top limb keeps the sign. */
#include "base/base_impl.h"

#define LIMBS 70
#define TOP (LIMBS - 1)
#define LIMB_MASK INT64_C(0xffffffff)
#define MOST_PENDING (UINT32_C(1) << 30)
#define FRACTION_BITS UINT64_C(0x000fffffffffffff)

void smri_exact_sum_init(smri_exact_sum *sum) {
    memset(sum, 0, sizeof *sum);
}

/* Brings every limb but the top one into 0..2^32-1. */
static void settle(smri_exact_sum *sum) {
    int64_t carry = 0;
    for (size_t i = 0; i < TOP; i++) {
        const int64_t limb = sum->limbs[i] + carry;
        const int64_t low = limb & LIMB_MASK;
        carry = (limb - low) / (LIMB_MASK + 1);
        sum->limbs[i] = low;
    }
    sum->limbs[TOP] += carry;
    sum->pending = 0;
}

/* Adds without counting. A term that overflowed to infinity counts as 2^1134, so that the value is infinite. */
static void deposit(smri_exact_sum *sum, double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    const int64_t sign = bits >> 63 ? -1 : 1;
    const uint64_t exponent = bits >> 52 & 0x7ff;
    if (exponent == 0x7ff) {
        sum->limbs[TOP] += sign;
        return;
    }
    const uint64_t significand = exponent ? (bits & FRACTION_BITS) | (FRACTION_BITS + 1) : bits & FRACTION_BITS;
    const uint64_t position = exponent ? exponent - 1 : 0;
    const unsigned shift = position & 31;
    int64_t *const limb = sum->limbs + (position >> 5);
    const uint64_t low = significand << shift;
    limb[0] += sign * (int64_t)(low & UINT64_C(0xffffffff));
    limb[1] += sign * (int64_t)(low >> 32);
    limb[2] += sign * (int64_t)(significand >> 32 >> (32 - shift));
    if (++sum->pending == MOST_PENDING) {
        settle(sum);
    }
}

void smri_exact_sum_add(smri_exact_sum *sum, double x) {
    deposit(sum, x);
    sum->count++;
}

void smri_exact_sum_merge(smri_exact_sum *sum, const smri_exact_sum *other) {
    smri_exact_sum settled = *other;
    settle(&settled);
    settle(sum);
    for (size_t i = 0; i < LIMBS; i++) {
        sum->limbs[i] += settled.limbs[i];
    }
    sum->pending = 1;
    sum->count += other->count;
}

double smri_exact_sum_value(const smri_exact_sum *sum) {
    smri_exact_sum magnitude = *sum;
    settle(&magnitude);
    const bool negative = magnitude.limbs[TOP] < 0;
    if (negative) {
        for (size_t i = 0; i < LIMBS; i++) {
            magnitude.limbs[i] = -magnitude.limbs[i];
        }
        settle(&magnitude);
    }
    size_t top = TOP;
    while (top > 0 && magnitude.limbs[top] == 0) {
        top--;
    }
    /* The three highest limbs as the leading 64 bits of the magnitude, and whether anything follows. Bit p of limb i
     * stands for 2^(32 i + p - 1074): an integer below 2^53 in these units is its own bit pattern as a double. */
    if (top < 2) {
        const uint64_t units = (uint64_t)magnitude.limbs[1] << 32 | (uint64_t)magnitude.limbs[0];
        if (units <= FRACTION_BITS) {
            double value;
            memcpy(&value, &units, sizeof value);
            return negative ? -value : value;
        }
    }
    uint64_t leading = (uint64_t)magnitude.limbs[top];
    unsigned length = 0;
    while (leading >> length > 1) {
        length++;
    }
    const uint64_t highest = 32 * (uint64_t)top + length; /* position of the leading bit */
    uint64_t result;
    if (leading > UINT64_C(0xffffffff) || highest - 51 >= 0x7ff) {
        result = UINT64_C(0x7ff) << 52;
    } else {
        /* leading bit to bit 63 */
        const uint64_t second = top > 0 ? (uint64_t)magnitude.limbs[top - 1] : 0;
        const uint64_t third = top > 1 ? (uint64_t)magnitude.limbs[top - 2] : 0;
        uint64_t window = (leading << 32 | second) << (31 - length) | third >> (length + 1);
        uint64_t rest = third & ((UINT64_C(2) << length) - 1);
        for (size_t i = 0; i + 2 < top; i++) {
            rest |= (uint64_t)magnitude.limbs[i];
        }
        rest |= window & 0x3ff;
        const uint64_t kept = window >> 11;
        const bool half = window >> 10 & 1;
        const bool up = half && (rest != 0 || (kept & 1));
        /* Rounding up may carry into the exponent, which is what it should do, up to infinity. */
        result = ((highest - 51) << 52 | (kept & FRACTION_BITS)) + up;
    }
    double value;
    memcpy(&value, &result, sizeof value);
    return negative ? -value : value;
}

static inline double term_of(double x, double centre, int power) {
    const double d = x - centre;
    const double square = d * d;
    return power == 1 ? x : power == 2 ? square : power == 3 ? square * d : square * square;
}

static void add_terms(smri_exact_sum *sum, const smri_kernels *kernels, const double *x, size_t n, double centre,
                      int power) {
    for (size_t i = 0; i < n; i += SMRI_BIN_BLOCK) {
        const size_t length = SMRI_MIN(n - i, SMRI_BIN_BLOCK);
        double bins[4];
        size_t count;
        if (kernels->bin_sums(x + i, length, centre, power, bins, &count)) {
            for (size_t k = 0; k < SMRI_COUNT(bins); k++) {
                if (bins[k] != 0.0) {
                    deposit(sum, bins[k]);
                }
            }
        } else {
            for (size_t j = i; j < i + length; j++) {
                if (x[j] == x[j]) {
                    deposit(sum, term_of(x[j], centre, power));
                }
            }
        }
        sum->count += count;
    }
}

void smri_exact_sum_add_array(smri_exact_sum *sum, const smri_kernels *kernels, const double *x, size_t n) {
    add_terms(sum, kernels, x, n, 0.0, 1);
}

void smri_exact_sum_add_powers(smri_exact_sum *sum, const smri_kernels *kernels, const double *x, size_t n,
                               double centre, int power) {
    add_terms(sum, kernels, x, n, centre, power);
}
