/* SPDX-License-Identifier: MIT */
#include "base/base_impl.h"

void smri_wide_set(smri_wide *wide, uint64_t value) {
    wide->limbs[0] = (uint32_t)value;
    wide->limbs[1] = (uint32_t)(value >> 32);
    wide->count = value == 0 ? 0 : value <= UINT32_MAX ? 1 : 2;
}

void smri_wide_multiply_add(smri_wide *wide, uint32_t factor, uint32_t addend) {
    uint64_t carry = addend;
    for (uint32_t i = 0; i < wide->count; i++) {
        carry += (uint64_t)wide->limbs[i] * factor;
        wide->limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry != 0 && wide->count < SMRI_WIDE_LIMBS) {
        wide->limbs[wide->count++] = (uint32_t)carry;
    }
}

void smri_wide_multiply_power_of_5(smri_wide *wide, uint32_t exponent) {
    const uint32_t step = 13, power_of_step = 1220703125; /* the greatest power of 5 in 32 bits */
    for (; exponent >= step; exponent -= step) {
        smri_wide_multiply_add(wide, power_of_step, 0);
    }
    uint32_t rest = 1;
    for (; exponent > 0; exponent--) {
        rest *= 5;
    }
    smri_wide_multiply_add(wide, rest, 0);
}

uint32_t smri_wide_divide(smri_wide *wide, uint32_t divisor) {
    uint64_t remainder = 0;
    for (uint32_t i = wide->count; i-- > 0;) {
        remainder = remainder << 32 | wide->limbs[i];
        wide->limbs[i] = (uint32_t)(remainder / divisor);
        remainder %= divisor;
    }
    while (wide->count > 0 && wide->limbs[wide->count - 1] == 0) {
        wide->count--;
    }
    return (uint32_t)remainder;
}

void smri_wide_shift_left(smri_wide *wide, uint32_t bits) {
    uint32_t moved = bits / 32, rest = bits % 32;
    if (wide->count == 0) {
        return;
    }
    uint32_t count = SMRI_MIN(wide->count + moved + 1, SMRI_WIDE_LIMBS);
    for (uint32_t i = count; i-- > 0;) {
        uint64_t upper = i >= moved && i - moved < wide->count ? wide->limbs[i - moved] : 0;
        uint64_t lower = i > moved && i - moved - 1 < wide->count ? wide->limbs[i - moved - 1] : 0;
        wide->limbs[i] = (uint32_t)((upper << 32 | lower) << rest >> 32);
    }
    while (count > 0 && wide->limbs[count - 1] == 0) {
        count--;
    }
    wide->count = count;
}

void smri_wide_shift_right_even(smri_wide *wide, uint32_t bits) {
    uint32_t moved = bits / 32, rest = bits % 32;
    if (bits == 0) {
        return;
    }
    uint32_t half_limb = (bits - 1) / 32, half_bit = (uint32_t)1 << (bits - 1) % 32;
    bool half = half_limb < wide->count && (wide->limbs[half_limb] & half_bit) != 0;
    bool more = half && (wide->limbs[half_limb] & (half_bit - 1)) != 0;
    for (uint32_t i = 0; half && !more && i < half_limb; i++) {
        more = wide->limbs[i] != 0;
    }
    uint32_t count = wide->count > moved ? wide->count - moved : 0;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t upper = i + moved + 1 < wide->count ? wide->limbs[i + moved + 1] : 0;
        wide->limbs[i] = (uint32_t)((upper << 32 | wide->limbs[i + moved]) >> rest);
    }
    while (count > 0 && wide->limbs[count - 1] == 0) {
        count--;
    }
    wide->count = count;
    if (half && (more || (count > 0 && (wide->limbs[0] & 1) != 0))) {
        smri_wide_multiply_add(wide, 1, 1);
    }
}

int smri_wide_compare(const smri_wide *a, const smri_wide *b) {
    if (a->count != b->count) {
        return a->count < b->count ? -1 : 1;
    }
    for (uint32_t i = a->count; i-- > 0;) {
        if (a->limbs[i] != b->limbs[i]) {
            return a->limbs[i] < b->limbs[i] ? -1 : 1;
        }
    }
    return 0;
}
