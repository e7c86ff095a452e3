/* SPDX-License-Identifier: MIT */
/* The number of a cell. A large table is mostly short plain decimals, so those are read without a branch a digit: the
 * bytes of the text stand in one or two words, the point is taken out by a shift, and up to 16 digits become a whole
 * number at once. That number and the power of ten are exact doubles, so that one division rounds correctly: the same
 * bits as smri_number_read, which reads everything else. */
#include "io/io_impl.h"

#if defined(__GNUC__) && defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && FLT_EVAL_METHOD == 0

enum { WORD = 8, LONGEST = 2 * WORD };

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

static const double powers[LONGEST] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                       1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

/* The first `length` bytes from text, 1 to 8, as digits 0 to 9 in the highest bytes, zeros below; the first character
 * is in the lowest byte of them. The text may be read beyond its end: cells lie in the reader's buffer. */
static inline uint64_t load_digits(const char *text, size_t length) {
    uint64_t word;
    size_t shift = 8 * (WORD - length);
    memcpy(&word, text, sizeof word);
    return (word << shift) ^ (EACH('0') << shift);
}

/* The high bit of each byte that is a point. */
static inline uint64_t find_points(uint64_t digits) {
    uint64_t other = digits ^ EACH('.' ^ '0');
    return ~(((other & EACH(0x7f)) + EACH(0x7f)) | other | EACH(0x7f));
}

/* Takes out the one point; *decimals are the digits after it. */
static inline uint64_t remove_point(uint64_t digits, uint64_t point, unsigned *decimals) {
    unsigned place = (unsigned)__builtin_ctzll(point) & ~7U; /* of its byte, in bits */
    uint64_t before = digits & ((UINT64_C(1) << place) - 1);
    uint64_t after = digits >> place >> 8 << place << 8;
    *decimals = WORD - 1 - place / 8;
    return after | before << 8;
}

static inline bool are_digits(uint64_t digits) {
    return ((digits | (digits + EACH(0x76))) & EACH(0x80)) == 0;
}

/* The number that eight digits spell, the first in the lowest byte. */
static inline uint64_t join_digits(uint64_t digits) {
    const uint64_t pairs = UINT64_C(0x000000ff000000ff);
    digits = digits * 10 + (digits >> 8);
    return ((digits & pairs) * UINT64_C(0x000f424000000064) + ((digits >> 16) & pairs) * UINT64_C(0x0000271000000001))
           >> 32;
}

/* Returns the number of digits after the point; NOT_PLAIN: not such a number, or none at all. */
static inline int read_short(const char *text, size_t length, double *value) {
    bool negative = *text == '-';
    text += negative;
    length -= negative;
    if (length - 1 >= LONGEST) {
        return SMRI_CSV_NOT_PLAIN;
    }
    unsigned decimals = 0;
    uint64_t whole;
    if (length <= WORD) {
        uint64_t digits = load_digits(text, length), points = find_points(digits);
        if (points != 0) {
            digits = remove_point(digits, points, &decimals);
        }
        if (!are_digits(digits) || (points & (points - 1)) != 0 || (points != 0 && length == 1)) {
            return SMRI_CSV_NOT_PLAIN;
        }
        whole = join_digits(digits);
    } else {
        uint64_t head = load_digits(text, length - WORD), tail = load_digits(text + length - WORD, WORD);
        uint64_t head_points = find_points(head), tail_points = find_points(tail), scale = 100000000;
        if (tail_points != 0) {
            tail = remove_point(tail, tail_points, &decimals);
            scale = 10000000;
        }
        if (head_points != 0) {
            head = remove_point(head, head_points, &decimals);
            decimals += WORD;
        }
        if (!are_digits(head) || !are_digits(tail) || (head_points & (head_points - 1)) != 0
            || (tail_points & (tail_points - 1)) != 0 || (head_points != 0 && tail_points != 0)) {
            return SMRI_CSV_NOT_PLAIN;
        }
        whole = join_digits(head) * scale + join_digits(tail);
    }
    double magnitude = (double)whole / powers[decimals];
    *value = negative ? 0.0 - magnitude : magnitude; /* -0 is read as 0 */
    return (int)decimals;
}

#else

static inline int read_short(const char *text, size_t length, double *value) {
    (void)text;
    (void)length;
    (void)value;
    return SMRI_CSV_NOT_PLAIN;
}

#endif

smri_number_result smri_csv_cell_number(const smri_csv_cell *cell, smri_number_format format, double *value,
                                        int *decimals) {
    if (cell->length > 0 && format == SMRI_NUMBER_PLAIN) {
        *decimals = read_short(cell->text, cell->length, value);
        if (*decimals != SMRI_CSV_NOT_PLAIN) {
            return SMRI_NUMBER_OK;
        }
    }
    *decimals = SMRI_CSV_NOT_PLAIN;
    return smri_number_read(cell->text, cell->length, format, value);
}
