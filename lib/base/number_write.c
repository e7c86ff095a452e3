/* SPDX-License-Identifier: MIT */
/* Shortest text: Schubfach (Giulietti 2020) with the 128-bit powers of ten. Fixed decimals: whole-number arithmetic. */
#include "base/base_impl.h"

enum {
    FRACTION_BITS = 52,
    EXPONENT_BIAS = 1075, /* of the significand read as a whole number */
    EXPONENT_INFINITE = 2047,
    WHOLE_POWER_MAX = 55, /* 10^0 to 10^55 are exact in the table: 5^55 is the last power of 5 in 128 bits */
    PLAIN_EXPONENT_MIN = -5,
    PLAIN_EXPONENT_MAX = 16,
    DECIMALS_MAX = 20,
    FIXED_DIGITS_MAX = 309 + DECIMALS_MAX + 8 /* written in nines */
};

#define HIDDEN_BIT ((uint64_t)1 << FRACTION_BITS)

/* digits * 10^exponent */
typedef struct shortest {
    uint64_t digits;
    int exponent;
} shortest;

/* significand * 2^exponent */
typedef struct binary {
    uint64_t significand;
    int exponent;
    bool negative;
    bool finite;
    bool power_of_two; /* the next lower double is nearer than the next higher one */
} binary;

static binary take_apart(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint64_t fraction = bits & (HIDDEN_BIT - 1);
    int field = (int)(bits >> FRACTION_BITS & EXPONENT_INFINITE);
    return (binary){
        .significand = field == 0 ? fraction : fraction | HIDDEN_BIT,
        .exponent = SMRI_MAX(field, 1) - EXPONENT_BIAS,
        .negative = bits >> 63 != 0,
        .finite = field != EXPONENT_INFINITE,
        .power_of_two = fraction == 0 && field > 1,
    };
}

/* floor(a / 2^shift), |a| < 2^40 */
static int floor_shift(int64_t a, int shift) {
    const int64_t offset = (int64_t)1 << 40;
    return (int)(((a + offset) >> shift) - (offset >> shift));
}

static int floor_log2_of_power(int exponent) {
    return floor_shift((int64_t)exponent * 217706, 16);
}

/* floor(log10(2^exponent)), of 3/4 of it when the lower half of the interval is the narrow one */
static int floor_log10(int exponent, bool narrow) {
    return floor_shift((int64_t)exponent * 1262611 - (narrow ? 524031 : 0), 22);
}

/* The upper 64 bits of power * factor / 2^64, with the lowest bit set when anything follows. */
static uint64_t multiply_to_odd(const uint64_t power[2], uint64_t factor) {
    uint64_t carry, high;
    (void)smri_multiply_128(power[1], factor, &carry);
    uint64_t low = smri_multiply_128(power[0], factor, &high) + carry;
    high += low < carry;
    return high | (low > 1);
}

static shortest shortest_digits(const binary *b) {
    uint64_t c = b->significand;
    int q = b->exponent;
    if (q <= 0 && q > -FRACTION_BITS - 1 && (c & (((uint64_t)1 << -q) - 1)) == 0) {
        return (shortest){c >> -q, 0}; /* a whole number below 2^53 has no shorter text worth looking for */
    }
    bool odd = (c & 1) != 0; /* a boundary rounds to the even neighbour */
    int k = floor_log10(q, b->power_of_two);
    int shift = q + floor_log2_of_power(-k) + 1;
    uint64_t power[2] = {smri_powers_of_ten[-k - SMRI_POWER_MIN][0], smri_powers_of_ten[-k - SMRI_POWER_MIN][1]};
    if (-k < 0 || -k > WHOLE_POWER_MAX) { /* the algorithm wants the power rounded up */
        power[1]++;
        power[0] += power[1] == 0;
    }
    /* Four times the value and its boundaries, in units of 10^k. */
    uint64_t lower = multiply_to_odd(power, (4 * c - 2 + b->power_of_two) << shift) + odd;
    uint64_t middle = multiply_to_odd(power, (4 * c) << shift);
    uint64_t upper = multiply_to_odd(power, (4 * c + 2) << shift) - odd;

    uint64_t s = middle / 4;
    if (s >= 10) { /* at most one multiple of 10^(k + 1) lies inside */
        uint64_t tens = s / 10;
        bool below = lower <= 40 * tens, above = 40 * tens + 40 <= upper;
        if (below != above) {
            return (shortest){tens + above, k + 1};
        }
    }
    bool below = lower <= 4 * s, above = 4 * s + 4 <= upper;
    if (below != above) {
        return (shortest){s + above, k};
    }
    uint64_t half = 4 * s + 2;
    return (shortest){s + (middle > half || (middle == half && (s & 1) != 0)), k};
}

/* Writes backward; returns the first byte. */
static char *write_digits(char *end, uint64_t value) {
    static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
                                "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
                                "8081828384858687888990919293949596979899";
    for (; value >= 100; value /= 100) {
        end -= 2;
        memcpy(end, pairs + value % 100 * 2, 2);
    }
    if (value >= 10) {
        end -= 2;
        memcpy(end, pairs + value * 2, 2);
    } else {
        *--end = (char)('0' + value);
    }
    return end;
}

/* Empty for NaN, "inf", "-inf"; returns the length. */
static size_t write_special(char *out, size_t size, double value) {
    const char *word = value != value ? "" : value < 0 ? "-inf" : "inf";
    size_t length = strlen(word);
    if (size == 0) {
        return 0;
    }
    length = length < size ? length : 0;
    memcpy(out, word, length);
    out[length] = 0;
    return length;
}

size_t smri_number_write(char out[SMRI_NUMBER_SIZE], double value) {
    binary b = take_apart(value);
    if (!b.finite) {
        return write_special(out, SMRI_NUMBER_SIZE, value);
    }
    char *p = out;
    if (b.significand == 0) {
        memcpy(out, "0", 2);
        return 1;
    }
    if (b.negative) {
        *p++ = '-';
    }
    shortest s = shortest_digits(&b);
    while (s.digits % 10000 == 0) {
        s.digits /= 10000;
        s.exponent += 4;
    }
    while (s.digits % 10 == 0) {
        s.digits /= 10;
        s.exponent++;
    }
    char buffer[20], *end = buffer + sizeof buffer, *digits = write_digits(end, s.digits);
    int count = (int)(end - digits), leading = s.exponent + count - 1; /* exponent of the first digit */
    if (leading < PLAIN_EXPONENT_MIN || leading > PLAIN_EXPONENT_MAX) {
        *p++ = *digits++;
        if (digits < end) {
            *p++ = '.';
            memcpy(p, digits, (size_t)(end - digits));
            p += end - digits;
        }
        *p++ = 'e';
        if (leading < 0) {
            *p++ = '-';
        }
        digits = write_digits(end, (uint64_t)(leading < 0 ? -leading : leading));
        memcpy(p, digits, (size_t)(end - digits));
        p += end - digits;
    } else if (leading < 0) {
        memcpy(p, "0.0000", 6);
        p += 1 - leading;
        memcpy(p, digits, (size_t)count);
        p += count;
    } else {
        int whole = SMRI_MIN(leading + 1, count);
        memcpy(p, digits, (size_t)whole);
        p += whole;
        for (int i = count; i <= leading; i++) {
            *p++ = '0';
        }
        if (whole < count) {
            *p++ = '.';
            memcpy(p, digits + whole, (size_t)(count - whole));
            p += count - whole;
        }
    }
    *p = 0;
    return (size_t)(p - out);
}

size_t smri_number_write_fixed(char *out, size_t size, double value, int decimals) {
    const uint32_t nine_digits = 1000000000;
    binary b = take_apart(value);
    if (!b.finite) {
        return write_special(out, size, value);
    }
    size_t places = (size_t)SMRI_MIN(SMRI_MAX(decimals, 0), DECIMALS_MAX);

    /* The value in units of the last place, rounded to a whole number. */
    smri_wide wide;
    smri_wide_set(&wide, b.significand);
    smri_wide_multiply_power_of_5(&wide, (uint32_t)places);
    int shift = b.exponent + (int)places;
    if (shift >= 0) {
        smri_wide_shift_left(&wide, (uint32_t)shift);
    } else {
        smri_wide_shift_right_even(&wide, (uint32_t)-shift);
    }

    char buffer[FIXED_DIGITS_MAX + 1], *end = buffer + sizeof buffer, *digits = end;
    bool negative = b.negative && wide.count > 0; /* no "-0.00" */
    while (wide.count > 0) {
        char *next = digits - 9;
        digits = write_digits(digits, smri_wide_divide(&wide, nine_digits));
        while (wide.count > 0 && digits > next) {
            *--digits = '0';
        }
    }
    while ((size_t)(end - digits) < places + 1) {
        *--digits = '0';
    }

    size_t whole = (size_t)(end - digits) - places;
    size_t length = negative + whole + (places > 0 ? 1 + places : 0);
    if (length >= size) {
        if (size > 0) {
            *out = 0;
        }
        return 0;
    }
    char *p = out;
    if (negative) {
        *p++ = '-';
    }
    memcpy(p, digits, whole);
    p += whole;
    if (places > 0) {
        *p++ = '.';
        memcpy(p, digits + whole, places);
        p += places;
    }
    *p = 0;
    return length;
}
