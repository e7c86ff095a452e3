/* SPDX-License-Identifier: MIT */
/* Decimal text to the nearest double, in three tiers: exact double arithmetic (Clinger 1990), one product with 128
 * bits of the power of ten (Lemire 2021; Mushtak and Lemire 2023 prove that it needs no fallback for up to 19 digits),
 * and whole-number comparison with the halfway point for longer texts. */
#include "base/base_impl.h"

enum {
    DIGITS_IN_WORD = 19,  /* always fit into 64 bits */
    DIGITS_KEPT = 800,    /* no halfway point between doubles has more than 768 significant digits */
    FRACTION_BITS = 52,
    EXPONENT_BIAS = 1023,
    EXPONENT_INFINITE = 2047,
    EXACT_POWER_MAX = 22, /* 10^22 is the last power of ten that is a double */
    FRACTION_POWER_MIN = -27 /* 5^27 is the last power of 5 in 64 bits: below, no quotient of a 64-bit word is exact */
};

#define HIDDEN_BIT ((uint64_t)1 << FRACTION_BITS)
#define INFINITE_BITS ((uint64_t)EXPONENT_INFINITE << FRACTION_BITS)
/* Above every exponent that matters and every length of text, far below overflow of a sum of two. */
#define EXPONENT_LIMIT ((int64_t)1 << 60)

static const double exact_powers[EXACT_POWER_MAX + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                         1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                         1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* group 0: none. */
typedef struct notation {
    char point, group;
} notation;

static const notation notations[] = {
    [SMRI_NUMBER_PLAIN] = {'.', 0}, [SMRI_NUMBER_EN] = {'.', ','}, [SMRI_NUMBER_VI] = {',', '.'}};

/* The text's digits, read as one whole number, times 10^exponent. */
typedef struct decimal {
    const char *first, *last; /* digits, with the point and the group marks among them */
    uint64_t word;            /* the whole number when there are at most 19 digits */
    uint64_t digits;          /* how many, leading zeros too */
    int64_t exponent;
    bool negative;
} decimal;

static inline bool is_digit(char c) {
    return (unsigned char)(c - '0') < 10;
}

static inline const char *read_digits_one_by_one(const char *text, const char *end, uint64_t *word) {
    uint64_t w = *word;
    for (; text < end && is_digit(*text); text++) {
        w = w * 10 + (unsigned char)(*text - '0');
    }
    *word = w;
    return text;
}

#if defined(__GNUC__) && defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

/* The number that eight bytes 0..9 spell, first digit in the lowest byte. */
static inline uint64_t eight_digits(uint64_t x) {
    const uint64_t pairs = 0x000000ff000000ff;
    x = x * 10 + (x >> 8);
    return ((x & pairs) * 0x000f424000000064 + ((x >> 16) & pairs) * 0x0000271000000001) >> 32;
}

/* Adds the digits at text to *word (modulo 2^64). whole: at least eight bytes of the same text end at end. */
static inline const char *read_digits(const char *text, const char *end, bool whole, uint64_t *word) {
    static const uint64_t powers[8] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};
    if (!whole) {
        return read_digits_one_by_one(text, end, word);
    }
    while (text < end) {
        uint64_t x;
        if (end - text >= 8) {
            memcpy(&x, text, 8);
        } else {
            memcpy(&x, end - 8, 8);
            x >>= 8 * (8 - (end - text));
        }
        x ^= 0x3030303030303030;
        /* The high bit of each byte: not a digit. A carry can only spoil bytes behind the first such one. */
        uint64_t other = (x | (x + 0x7676767676767676)) & 0x8080808080808080;
        if (other == 0) {
            *word = *word * 100000000 + eight_digits(x);
            text += 8;
            continue;
        }
        unsigned count = (unsigned)__builtin_ctzll(other) / 8;
        if (count > 0) {
            *word = *word * powers[count] + eight_digits(x << (64 - 8 * count));
        }
        return text + count;
    }
    return text;
}

static inline unsigned leading_zeros(uint64_t x) {
    return (unsigned)__builtin_clzll(x);
}

#else

static inline const char *read_digits(const char *text, const char *end, bool whole, uint64_t *word) {
    (void)whole;
    return read_digits_one_by_one(text, end, word);
}

static inline unsigned leading_zeros(uint64_t x) {
    unsigned count = 0;
    for (; x >> 63 == 0; x <<= 1) {
        count++;
    }
    return count;
}

#endif

/* Groups of exactly three digits after a first group of one to three, the first not 0: "0.125" is no group of
 * thousands. Returns past the last group, NULL when wrong. */
static const char *read_groups(const char *text, const char *end, char group, decimal *d) {
    if (d->digits == 0 || d->digits > 3 || *d->first == '0') {
        return NULL;
    }
    while (text < end && *text == group) {
        const char *start = text + 1;
        text = read_digits_one_by_one(start, end, &d->word);
        if (text - start != 3) {
            return NULL;
        }
        d->digits += 3;
    }
    return text;
}

/* At the letter e: the exponent, or NULL. Saturates. */
static const char *read_exponent(const char *text, const char *end, int64_t *exponent) {
    text++;
    bool negative = text < end && *text == '-';
    if (text < end && (*text == '-' || *text == '+')) {
        text++;
    }
    if (text == end || !is_digit(*text)) {
        return NULL;
    }
    int64_t e = 0;
    for (; text < end && is_digit(*text); text++) {
        e = e < EXPONENT_LIMIT / 10 ? e * 10 + (*text - '0') : EXPONENT_LIMIT;
    }
    *exponent += negative ? -e : e;
    return text;
}

/* True when the whole text is a number. */
static inline bool scan(const char *text, const char *end, notation marks, decimal *d) {
    if (text == end) {
        return false;
    }
    bool whole = end - text >= 8;
    const char *p = text;
    d->negative = *p == '-';
    if (*p == '-' || *p == '+') {
        p++;
    }
    d->first = p;
    d->word = 0;
    d->exponent = 0;
    p = read_digits(p, end, whole, &d->word);
    d->digits = (uint64_t)(p - d->first);
    if (p < end && marks.group != 0 && *p == marks.group) {
        p = read_groups(p, end, marks.group, d);
        if (p == NULL) {
            return false;
        }
    }
    if (p < end && *p == marks.point) {
        const char *fraction = ++p;
        p = read_digits(p, end, whole, &d->word);
        d->digits += (uint64_t)(p - fraction);
        d->exponent = fraction - p;
    }
    d->last = p;
    if (d->digits == 0) {
        return false;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        p = read_exponent(p, end, &d->exponent);
    }
    return p == end;
}

/* floor(log2(10^e)), exact for every exponent of the table; 2048 keeps the quotient from being negative. */
static inline int floor_log2_of_power(int e) {
    return (217706 * e + 2048 * 65536) / 65536 - 2048;
}

/* The bits of the double nearest to word * 10^exponent; INFINITE_BITS when beyond the range. */
static inline uint64_t nearest_bits(uint64_t word, int64_t exponent) {
    if (word == 0 || exponent < SMRI_POWER_MIN) {
        return 0;
    }
    if (exponent > DBL_MAX_10_EXP) {
        return INFINITE_BITS;
    }
    int e = (int)exponent;
    const uint64_t *power = smri_powers_of_ten[e - SMRI_POWER_MIN];
    unsigned shift = leading_zeros(word);
    word <<= shift;

    uint64_t high, low = smri_multiply_128(word, power[0], &high);
    if ((high & 0x1ff) == 0x1ff) { /* the bits that follow may still carry into the rounding bit */
        uint64_t carry;
        /* Where a quotient can be exact the reciprocal is rounded up, so that the product is not just below it. */
        (void)smri_multiply_128(word, power[1] + (e < 0 && e >= FRACTION_POWER_MIN), &carry);
        low += carry;
        high += low < carry;
    }
    unsigned top = (unsigned)(high >> 63);
    unsigned dropped = top + 64 - FRACTION_BITS - 3;
    uint64_t mantissa = high >> dropped; /* 53 bits and the rounding bit */
    int binary = floor_log2_of_power(e) + 63 + (int)top - (int)shift + EXPONENT_BIAS;
    if (binary <= 0) {
        if (1 - binary >= 64) {
            return 0;
        }
        /* No tie is possible here: it would need a 64-bit multiple of a high power of 5. */
        mantissa >>= 1 - binary;
        return (mantissa + 1) >> 1; /* rounding up to the hidden bit is the least normal number */
    }
    if (low <= 1 && e >= -4 && e <= 23 && (mantissa & 3) == 1 && mantissa << dropped == high) {
        mantissa--; /* exactly halfway, down to even */
    }
    mantissa = (mantissa + 1) >> 1;
    if (mantissa == HIDDEN_BIT << 1) {
        mantissa = HIDDEN_BIT;
        binary++;
    }
    return binary >= EXPONENT_INFINITE ? INFINITE_BITS
                                       : (uint64_t)binary << FRACTION_BITS | (mantissa & (HIDDEN_BIT - 1));
}

static const char *skip_zeros(const char *text, const char *last) {
    while (text < last && (*text == '0' || !is_digit(*text))) {
        text++;
    }
    return text;
}

/* Compares the decimal with the point halfway between the double `lower` and the next one. */
static int compare_with_halfway(const decimal *d, uint64_t lower) {
    smri_wide left, right;
    smri_wide_set(&left, 0);
    int64_t exponent = d->exponent;
    uint32_t count = 0, chunk = 0, chunk_power = 1;
    bool more = false;
    for (const char *p = skip_zeros(d->first, d->last); p < d->last; p++) {
        if (!is_digit(*p)) {
            continue;
        }
        if (count == DIGITS_KEPT) {
            exponent++;
            more = more || *p != '0';
            continue;
        }
        count++;
        chunk = chunk * 10 + (uint32_t)(*p - '0');
        chunk_power *= 10;
        if (chunk_power == 1000000000) {
            smri_wide_multiply_add(&left, chunk_power, chunk);
            chunk = 0;
            chunk_power = 1;
        }
    }
    smri_wide_multiply_add(&left, chunk_power, chunk);
    if (more) { /* whatever the dropped digits are, they only say: a little above */
        smri_wide_multiply_add(&left, 10, 1);
        exponent--;
    }

    uint64_t fraction = lower & (HIDDEN_BIT - 1);
    int field = (int)(lower >> FRACTION_BITS);
    smri_wide_set(&right, 2 * (field == 0 ? fraction : fraction | HIDDEN_BIT) + 1);
    int64_t halfway_exponent = SMRI_MAX(field, 1) - EXPONENT_BIAS - FRACTION_BITS - 1;

    smri_wide_multiply_power_of_5(exponent > 0 ? &left : &right, (uint32_t)(exponent > 0 ? exponent : -exponent));
    int64_t shift = exponent - halfway_exponent;
    smri_wide_shift_left(shift > 0 ? &left : &right, (uint32_t)(shift > 0 ? shift : -shift));
    return smri_wide_compare(&left, &right);
}

/* For more than 19 digits. */
static uint64_t nearest_bits_long(const decimal *d) {
    uint64_t word = 0;
    int64_t count = 0, dropped = 0;
    bool more = false;
    for (const char *p = skip_zeros(d->first, d->last); p < d->last; p++) {
        if (!is_digit(*p)) {
            continue;
        }
        if (count < DIGITS_IN_WORD) {
            word = word * 10 + (uint64_t)(*p - '0');
            count++;
        } else {
            more = more || *p != '0';
            dropped++;
        }
    }
    uint64_t lower = nearest_bits(word, d->exponent + dropped);
    if (!more) {
        return lower;
    }
    /* 19 digits are finer than doubles: both ends round to one double or to neighbours. */
    uint64_t upper = nearest_bits(word + 1, d->exponent + dropped);
    if (lower == upper) {
        return lower;
    }
    int order = compare_with_halfway(d, lower);
    return order < 0 || (order == 0 && (lower & 1) == 0) ? lower : upper;
}

static inline double double_from_decimal(const decimal *d) {
    double magnitude;
    uint64_t bits;
    if (d->digits <= DIGITS_IN_WORD) {
#if FLT_EVAL_METHOD == 0
        if (d->word <= HIDDEN_BIT << 1 && d->exponent >= -EXACT_POWER_MAX && d->exponent <= EXACT_POWER_MAX) {
            /* Both operands are exact, so that the one operation rounds correctly. */
            magnitude = d->exponent < 0 ? (double)d->word / exact_powers[-d->exponent]
                                        : (double)d->word * exact_powers[d->exponent];
            return d->negative && magnitude != 0 ? -magnitude : magnitude;
        }
#endif
        bits = nearest_bits(d->word, d->exponent);
    } else {
        bits = nearest_bits_long(d);
    }
    if (d->negative && bits != 0) { /* -0 is read as +0 */
        bits |= (uint64_t)1 << 63;
    }
    memcpy(&magnitude, &bits, sizeof magnitude);
    return magnitude;
}

/* Neither a blank nor part of a character beyond ASCII. */
static inline bool is_visible(char c) {
    return (unsigned char)(c - '!') <= '~' - '!';
}

/* Length of the blank that starts at text: ASCII, U+00A0 or U+202F; 0 when there is none. */
static size_t blank_at(const char *text, const char *end) {
    if (*text == ' ' || (*text >= '\t' && *text <= '\r')) {
        return 1;
    }
    if (end - text >= 2 && memcmp(text, "\302\240", 2) == 0) {
        return 2;
    }
    return end - text >= 3 && memcmp(text, "\342\200\257", 3) == 0 ? 3 : 0;
}

static void trim(const char **text, const char **end) {
    size_t blank;
    while (*text < *end && (blank = blank_at(*text, *end)) > 0) {
        *text += blank;
    }
    for (bool found = true; found && *text < *end;) {
        found = false;
        for (size_t size = 1; size <= 3 && size <= (size_t)(*end - *text) && !found; size++) {
            found = blank_at(*end - size, *end) == size;
            *end -= found ? size : 0;
        }
    }
}

static bool is_word(const char *text, const char *end, const char *upper) {
    for (; text < end && *upper != 0; text++, upper++) {
        char c = *text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text;
        if (c != *upper) {
            return false;
        }
    }
    return text == end && *upper == 0;
}

/* What a text is that is no number in its own format. */
static smri_number_result classify(const char *text, const char *end, smri_number_format format) {
    static const char *const missing[] = {"", "NA", "NAN", ":", "..", "-"};
    for (size_t i = 0; i < SMRI_COUNT(missing); i++) {
        if (is_word(text, end, missing[i])) {
            return SMRI_NUMBER_MISSING;
        }
    }
    const char *letters = *text == '-' || *text == '+' ? text + 1 : text;
    if (is_word(letters, end, "INF") || is_word(letters, end, "INFINITY")) {
        return SMRI_NUMBER_INFINITE;
    }
    for (size_t other = 0; other < SMRI_COUNT(notations); other++) {
        decimal d;
        if (other != (size_t)format && scan(text, end, notations[other], &d)) {
            return SMRI_NUMBER_GROUPED;
        }
    }
    return SMRI_NUMBER_INVALID;
}

smri_number_result smri_number_read(const char *text, size_t length, smri_number_format format, double *value) {
    *value = NAN;
    if (length == 0) {
        return SMRI_NUMBER_MISSING;
    }
    const char *end = text + length;
    if (!is_visible(text[0]) || !is_visible(end[-1])) {
        trim(&text, &end);
    }
    decimal d;
    if (!scan(text, end, notations[format], &d)) {
        return classify(text, end, format);
    }
    double number = double_from_decimal(&d);
    if (fabs(number) > DBL_MAX) {
        return SMRI_NUMBER_INFINITE;
    }
    *value = number;
    return SMRI_NUMBER_OK;
}

size_t smri_number_prefix(const char *text, size_t length, double *value) {
    uint64_t unused = 0;
    const char *end = length == 0 ? text : text + length, *p = text;
    *value = NAN;
    if (p < end && (*p == '-' || *p == '+')) {
        p++;
    }
    const char *first = p;
    p = p < end && *p == '0' ? p + 1 : read_digits_one_by_one(p, end, &unused);
    bool any = p > first;
    if (p < end && *p == '.') {
        const char *fraction_end = read_digits_one_by_one(p + 1, end, &unused);
        if (fraction_end > p + 1) {
            p = fraction_end;
            any = true;
        }
    }
    if (!any) {
        return 0;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        int64_t exponent = 0;
        const char *exponent_end = read_exponent(p, end, &exponent);
        p = exponent_end != NULL ? exponent_end : p;
    }
    decimal d;
    if (!scan(text, p, notations[SMRI_NUMBER_PLAIN], &d)) {
        return 0;
    }
    *value = double_from_decimal(&d);
    return (size_t)(p - text);
}
