/* SPDX-License-Identifier: MIT */
#ifndef SMRI_BASE_IMPL_H
#define SMRI_BASE_IMPL_H

/* Room 1: status, memory, text, numbers, sums, threads, kernels. No word of the domain in it. */

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include <smartregion/common.h>

#define SMRI_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SMRI_MIN(a, b) ((a) < (b) ? (a) : (b))
#define SMRI_MAX(a, b) ((a) > (b) ? (a) : (b))

/* ---- status.c: the error record and the message registry ---- */

/* Where something was found; all fields optional. */
typedef struct smri_place {
    const char *source;  /* NULL: none */
    uint64_t row;        /* 1-based, 0: none */
    uint64_t column;     /* 1-based, 0: none */
    uint64_t byte;       /* 0-based */
    const char *subject; /* column name, JSON path or id; NULL: none */
} smri_place;

/* Fills the record (error and place may be NULL) with the registered text of `code`, its "{}" replaced by the
 * const char * arguments in order, and returns the status registered for the code. */
smr_status smri_fail_texts(smr_error *error, int32_t code, const smri_place *place, const char *const *texts, size_t count);
#define SMRI_NARG_(_1, _2, _3, _4, _5, _6, N, ...) N
/* smri_fail(error, code, place, text...): one to five texts. */
#define smri_fail(error, code, place, ...) \
    smri_fail_texts((error), (code), (place), (const char *const[]){__VA_ARGS__}, \
                    sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))
#define smri_fail_plain(error, code, place) smri_fail_texts((error), (code), (place), NULL, 0)
/* Out of memory, without text or place. */
smr_status smri_fail_memory(smr_error *error);
/* A wrong call: `argument` names what, `expected` says what was expected. */
smr_status smri_fail_argument(smr_error *error, const char *argument, const char *expected);

/* Checks the `size` law for a struct from the caller: known bytes are copied over the defaults already in `known`,
 * unknown bytes must be zero. options NULL: nothing is copied. */
smr_status smri_options_read(void *known, size_t known_size, const void *options, const char *name, smr_error *error);
/* What every smr_X_init does: writes `defaults` and the caller's size into a struct of the caller, zeros beyond. */
void smri_options_init(void *options, size_t size, const void *defaults, size_t defaults_size);

/* ---- context.c ---- */

struct smri_kernels;
struct smri_pool;

struct smr_context {
    atomic_size_t references;
    smr_allocator allocator;
    uint32_t threads;
    const struct smri_kernels *kernels; /* NULL in the default context alone: ask smri_context_kernels */
    uint64_t max_bytes, max_rows, max_columns, max_depth, max_field_bytes;
    smr_progress_callback progress;
    void *progress_user;
    smr_report_callback report;
    void *report_user;
};

/* NULL becomes the static default context. Every function below takes any context but NULL. */
const smr_context *smri_context(const smr_context *context);
/* The kernels the context computes with; never NULL. */
const struct smri_kernels *smri_context_kernels(const smr_context *context);
/* Counting owners through a const pointer, as sealed objects do with the context that made them. NULL becomes the
 * default context, which is not counted. */
const smr_context *smri_context_ref(const smr_context *context);
void smri_context_unref(const smr_context *context);
/* Sends a record with severity warning or note to the context's report callback. */
void smri_report(const smr_context *context, int32_t severity, int32_t code, const smri_place *place, const char *const *texts, size_t count);
/* True when the progress callback asks to stop; error is filled then. */
bool smri_cancelled(const smr_context *context, uint64_t done, uint64_t total, smr_error *error);

/* The count of owners is the one thing that changes in a sealed object: this is the only way to reach it through a
 * const pointer. */
static inline void *smri_mutable(const void *sealed)
{
    return (void *)(uintptr_t)sealed;
}

/* ---- alloc.c: every size is a checked product ---- */

void *smri_alloc(const smr_context *context, size_t count, size_t size);        /* NULL when out of memory; never for 0 */
void *smri_calloc(const smr_context *context, size_t count, size_t size);       /* zeroed */
void *smri_realloc(const smr_context *context, void *block, size_t count, size_t size);
void smri_free(const smr_context *context, void *block);
/* The functions of the C library's allocator: those of a context that was given none. */
void *smri_c_allocate(size_t size, void *user);
void *smri_c_reallocate(void *block, size_t size, void *user);
void smri_c_release(void *block, void *user);
bool smri_product(size_t a, size_t b, size_t *product);                         /* false on overflow */
bool smri_sum(size_t a, size_t b, size_t *sum);
/* Grows *block (elements of `size`) so that at least `needed` fit; *capacity is in elements; doubles. */
bool smri_grow(const smr_context *context, void *block_pointer, size_t *capacity, size_t needed, size_t size);

/* An arena owns many small things that die together. Zero-initialise, then set context. */
typedef struct smri_arena {
    const smr_context *context;
    struct smri_arena_chunk *chunks;
    size_t used;
} smri_arena;
void smri_arena_init(smri_arena *arena, const smr_context *context);
void *smri_arena_alloc(smri_arena *arena, size_t count, size_t size);           /* aligned to 64 when >= 4 KiB, else 16 */
void *smri_arena_calloc(smri_arena *arena, size_t count, size_t size);
char *smri_arena_text(smri_arena *arena, const char *text, size_t length);      /* copy, terminated */
void smri_arena_free(smri_arena *arena);

/* ---- table.c: text to index, insertion order kept ---- */

typedef struct smri_table {
    const smr_context *context;
    smri_arena *arena;      /* owner of the key texts that are added */
    const char **keys;      /* keys[i], i < count: in order of insertion */
    uint64_t *slots;        /* see table.c */
    size_t count, capacity, slot_count;
} smri_table;
#define SMRI_NOT_FOUND UINT32_MAX
void smri_table_init(smri_table *table, const smr_context *context, smri_arena *arena);
void smri_table_free(smri_table *table);                                        /* keys live on in the arena */
/* A key ends at its first NUL, if it has one before `length`. */
uint32_t smri_table_find(const smri_table *table, const char *key, size_t length); /* or SMRI_NOT_FOUND */
/* Index of the key, added (copied into the arena) when new; SMRI_NOT_FOUND when out of memory. */
uint32_t smri_table_add(smri_table *table, const char *key, size_t length, bool *added);
uint64_t smri_hash(const void *bytes, size_t length);                           /* not cryptographic, same on every platform */

/* ---- value.c: a small tree of plain data (what a JSON text holds) ---- */

typedef enum smri_type { SMRI_NULL, SMRI_BOOL, SMRI_NUMBER, SMRI_TEXT, SMRI_ARRAY, SMRI_OBJECT } smri_type;
typedef struct smri_value smri_value;
struct smri_value {
    smri_type type;
    uint32_t count;          /* members of an array or object */
    double number;           /* a number; 0 or 1 for a bool */
    const char *text;        /* a text, terminated */
    const char *key;         /* own key when a member of an object */
    smri_value *first, *last, *next;
};
smri_value *smri_value_new(smri_arena *arena, smri_type type);                  /* NULL when out of memory, as all below */
smri_value *smri_value_number(smri_arena *arena, double number);
smri_value *smri_value_bool(smri_arena *arena, bool truth);
smri_value *smri_value_text(smri_arena *arena, const char *text, size_t length);
/* Appends member to an array (key NULL) or object; returns member, NULL when member is NULL or out of memory. */
smri_value *smri_value_append(smri_arena *arena, smri_value *parent, const char *key, smri_value *member);
/* As append, but replaces a member of the same key. */
smri_value *smri_value_put(smri_arena *arena, smri_value *object, const char *key, smri_value *member);
const smri_value *smri_value_get(const smri_value *object, const char *key);    /* NULL: absent, or not an object */
smri_value *smri_value_copy(smri_arena *arena, const smri_value *value);
/* Objects merge key by key, everything else replaces; both inputs stay as they are. */
smri_value *smri_value_merge(smri_arena *arena, const smri_value *lower, const smri_value *upper);
/* Members of objects in any order. */
bool smri_value_equal(const smri_value *a, const smri_value *b);

/* ---- text.c ---- */

/* Offset of the first byte that is not valid UTF-8 (no surrogates, no overlong forms), or length. */
size_t smri_utf8_check(const char *text, size_t length);
/* Composes Latin letters with combining marks as Vietnamese uses them (the NFC of that repertoire); `out` may equal
 * `text`; returns the new length, never longer. Text that holds no combining mark comes back unchanged, and so does a
 * letter whose NFC would be longer (two tones on one letter). */
size_t smri_text_compose(const char *text, size_t length, char *out);
/* Copies at most size - 1 bytes, cut at a character boundary, terminated. */
void smri_text_cut(char *out, size_t size, const char *text);
/* What `text` was probably meant to be: a candidate that begins with it, or the nearest by Damerau-Levenshtein distance
 * when near enough to be a misspelling, or one that holds it; ASCII capitals count as small letters; else NULL. */
const char *smri_text_nearest(const char *text, const char *const *candidates, size_t count);
/* In characters, a swap of neighbours counting 1; SIZE_MAX when one is NULL or longer than 64 characters. */
size_t smri_text_distance(const char *a, const char *b);
bool smri_text_equal(const char *a, const char *b);                             /* NULL equals NULL only */
#define SMRI_INTEGER_SIZE 24
char *smri_text_integer(char out[SMRI_INTEGER_SIZE], uint64_t value);           /* returns out */

/* ---- number_read.c, number_write.c ---- */

typedef enum smri_number_format { SMRI_NUMBER_PLAIN, SMRI_NUMBER_EN, SMRI_NUMBER_VI } smri_number_format;
typedef enum smri_number_result {
    SMRI_NUMBER_OK,        /* *value is set, -0 read as +0 */
    SMRI_NUMBER_MISSING,   /* empty, NA, NaN, ":", "..", "-": *value is NaN */
    SMRI_NUMBER_INFINITE,  /* inf, infinity in any case and sign, or beyond the range of a double */
    SMRI_NUMBER_GROUPED,   /* would be a number in another --number-format */
    SMRI_NUMBER_INVALID    /* not a number */
} smri_number_result;
/* Correctly rounded, locale-free, whole text (blanks at both ends are skipped). */
smri_number_result smri_number_read(const char *text, size_t length, smri_number_format format, double *value);
/* Longest prefix that is a plain number (JSON grammar plus leading "+" and ".5"); returns its length, 0 when none.
 * Beyond the range of a double *value is infinite. */
size_t smri_number_prefix(const char *text, size_t length, double *value);
#define SMRI_NUMBER_SIZE 32
/* Shortest text that reads back to the same double, terminated; returns its length. NaN writes "", infinity "inf".
 * Plain digits from 1e-5 up to below 1e17, else d.ddde[-]xx. Integers carry no ".0", -0 writes "0". */
size_t smri_number_write(char out[SMRI_NUMBER_SIZE], double value);
/* Fixed decimals for tables, correctly rounded half to even on the exact value; decimals 0..20.
 * No sign on a zero. What does not fit gives 0 and "". */
size_t smri_number_write_fixed(char *out, size_t size, double value, int decimals);
/* The 128 leading bits of 10^exponent, SMRI_POWER_MIN <= exponent <= SMRI_POWER_MAX (generated). */
#define SMRI_POWER_MIN (-342)
#define SMRI_POWER_MAX 324
extern const uint64_t smri_powers_of_ten[SMRI_POWER_MAX - SMRI_POWER_MIN + 1][2]; /* [0] high word, [1] low word */

/* ---- wide.c: whole numbers of up to 3072 bits, where 128 cannot decide ---- */

#define SMRI_WIDE_LIMBS 96
/* Least limb first, no leading zero limb. Callers stay below 3072 bits; what does not fit is dropped. */
typedef struct smri_wide {
    uint32_t count;
    uint32_t limbs[SMRI_WIDE_LIMBS];
} smri_wide;
void smri_wide_set(smri_wide *wide, uint64_t value);
void smri_wide_multiply_add(smri_wide *wide, uint32_t factor, uint32_t addend);
void smri_wide_multiply_power_of_5(smri_wide *wide, uint32_t exponent);
uint32_t smri_wide_divide(smri_wide *wide, uint32_t divisor);                    /* returns the remainder */
void smri_wide_shift_left(smri_wide *wide, uint32_t bits);
void smri_wide_shift_right_even(smri_wide *wide, uint32_t bits);                 /* rounded, half to even */
int smri_wide_compare(const smri_wide *a, const smri_wide *b);                   /* < 0, 0, > 0 */

/* a * b = *high * 2^64 + the result */
static inline uint64_t smri_multiply_128(uint64_t a, uint64_t b, uint64_t *high)
{
#if defined(__SIZEOF_INT128__)
    __extension__ typedef unsigned __int128 uint128;
    uint128 product = (uint128)a * b;
    *high = (uint64_t)(product >> 64);
    return (uint64_t)product;
#else
    uint64_t a0 = a & UINT32_MAX, a1 = a >> 32, b0 = b & UINT32_MAX, b1 = b >> 32;
    uint64_t low = a0 * b0, middle = a1 * b0 + (low >> 32), other = a0 * b1 + (middle & UINT32_MAX);
    *high = a1 * b1 + (middle >> 32) + (other >> 32);
    return (other << 32) | (low & UINT32_MAX);
#endif
}

/* ---- sum.c: exact sums, the same double in any order and in any partition ---- */

typedef struct smri_exact_sum {
    int64_t limbs[70];      /* 32 bits of the value a limb, carries deferred */
    uint32_t pending;       /* additions since the carries were last settled */
    uint64_t count;
} smri_exact_sum;
void smri_exact_sum_init(smri_exact_sum *sum);
void smri_exact_sum_add(smri_exact_sum *sum, double x);                          /* finite */
void smri_exact_sum_merge(smri_exact_sum *sum, const smri_exact_sum *other);
double smri_exact_sum_value(const smri_exact_sum *sum);                          /* rounded once, to nearest even */
/* Adds every x[i] that is not NaN; count grows by as many. Vectorised in kernels, exact all the same. */
void smri_exact_sum_add_array(smri_exact_sum *sum, const struct smri_kernels *kernels, const double *x, size_t n);
/* Adds the rounded (x[i] - centre)^power, power 2, 3 or 4 (by repeated multiplication: d*d, d*d*d, (d*d)*(d*d)). */
void smri_exact_sum_add_powers(smri_exact_sum *sum, const struct smri_kernels *kernels, const double *x, size_t n, double centre, int power);

/* ---- kernels.c, compiled once per instruction set; every one gives the same bits ---- */

/* y = low + span * ((x - origin) / width), then clamped to [floor, ceiling] (infinite: not clamped). NaN stays NaN. */
typedef struct smri_affine {
    double origin, width, low, span, floor, ceiling;
} smri_affine;

#define SMRI_BIN_BLOCK 512

#define SMRI_FINGERPRINT_LANES 32

typedef struct smri_kernels {
    const char *name;
    void (*affine)(const double *x, size_t n, const smri_affine *map, double *y);
    /* sum[i] += w * y[i], weight[i] += w, where y[i] is not NaN */
    void (*weighted_add)(const double *y, size_t n, double w, double *sum, double *weight);
    /* the two above in one pass; the same bits */
    void (*affine_weighted_add)(const double *x, size_t n, const smri_affine *map, double w, double *sum, double *weight);
    /* the same for several columns one after another, in one pass; the same bits again */
    void (*affine_weighted_add_many)(const double *const *x, size_t count, size_t n, const smri_affine *maps,
                                     const double *w, double *sum, double *weight);
    /* as above with ln(max(y, epsilon)) in place of y; where y <= 0 and epsilon is 0 the sum becomes NaN for good */
    void (*weighted_log_add)(const double *y, size_t n, double w, double epsilon, double *sum, double *weight);
    void (*affine_weighted_log_add)(const double *x, size_t n, const smri_affine *map, double w, double epsilon, double *sum, double *weight);
    /* out[i] = weight[i] > 0 ? sum[i] / weight[i] : NaN */
    void (*quotient)(const double *sum, const double *weight, size_t n, double *out);
    /* least, greatest and number of the x that are not NaN (unchanged and 0 when there is none) */
    void (*extent)(const double *x, size_t n, double *least, double *greatest, size_t *count);
    /* stirs the bits of x into SMRI_FINGERPRINT_LANES numbers; all blocks of a column but its last hold a multiple of
     * the lanes */
    void (*fingerprint)(const double *x, size_t n, uint64_t *lanes);
    void (*log)(const double *x, size_t n, double *y);      /* natural; NaN for x < 0 and NaN, -inf for 0 */
    void (*exp)(const double *x, size_t n, double *y);
    void (*pow)(const double *x, size_t n, double exponent, double *y); /* NaN for x < 0 and NaN, whatever the exponent */
    /* Sums x (power 1) or the rounded (x - centre)^power, power 2 to 4, over at most SMRI_BIN_BLOCK values that are not
     * NaN, in at most 4 bins whose sum is the exact sum; *count is their number. false: their exponents lie too far apart
     * or too high, the bins are void. */
    bool (*bin_sums)(const double *x, size_t n, double centre, int power, double bins[4], size_t *count);
    const struct smri_lanes_kernels *lanes; /* many draws side by side, and their ranks */
    const struct smri_lanes_rank_kernels *lanes_rank;
} smri_kernels;
/* name NULL: the best this processor runs; NULL when unknown or not supported here. */
const smri_kernels *smri_kernels_select(const char *name);
/* One number through the same code: kernels.c states the errors, all below one unit in the last place. NaN, and any
 * power of it, stays NaN. */
double smri_log(double x);
double smri_exp(double x);
double smri_pow(double x, double y);

/* ---- lanes.c, kernels_lanes.c, kernels_lanes_rank.c: many draws side by side ----
 *
 * A chunk is SMRI_LANES draws: draw i is lane i % SMRI_LANES of chunk i / SMRI_LANES. An array "of n x lanes" holds the
 * SMRI_LANES numbers of one row, then those of the next. Nothing in one lane depends on another lane, and every number
 * is made by the same operations in the same order in every kernel. Arrays need no alignment (64 bytes is fastest),
 * and nothing allocates. */

#define SMRI_LANES 32
#define SMRI_LANES_BLOCK 6 /* rows that are packed together: block, child, row of the block */

/* A node over children that are the same in every draw: rows x children numbers, packed for the kernel `family`. */
typedef struct smri_lanes_family {
    size_t rows, children;
    double min_coverage;    /* a row whose present children weigh less is NaN */
    const double *values;   /* packed; 0 where missing */
    const double *present;  /* packed; 1, or 0 where missing; NULL: nothing is missing */
    const uint8_t *holes;   /* by block of rows: whether something is missing there */
} smri_lanes_family;
/* Packs columns[child][row], NaN where missing, into the arena, which must outlive the family. For a policy under which
 * a missing child makes the row missing, or by number of children, give the whole row as NaN; to count it as 0, give 0.
 * For a geometric node give logarithms, and take exp of what comes out. false: out of memory. */
bool smri_lanes_family_pack(smri_lanes_family *family, smri_arena *arena, const double *const *columns, size_t rows,
                            size_t children, double min_coverage);
/* Bytes that the kernel `rank` needs beside its arguments, aligned to 64; 0: more than a size_t holds. */
size_t smri_lanes_rank_room(size_t rows);

typedef struct smri_lanes_kernels {
    /* out, count x lanes: the numbers smri_random_lane(seed, stream + k, draw) of row k and the draws of the chunk. */
    void (*uniform)(uint64_t seed, uint64_t stream, size_t count, uint64_t chunk, double *out);
    /* The same numbers u as -ln u: exponential with mean 1; above 0, below 37. */
    void (*exponential)(uint64_t seed, uint64_t stream, size_t count, uint64_t chunk, double *out);
    /* weights, count x lanes: each times the reciprocal of the sum of its lane, made from row 0 on; exactly 1 where there
     * is one row; NaN where the sum is not above 0. */
    void (*normalise)(double *weights, size_t count);
    /* out, count x lanes: each row of the weights times the lanes of `by`; out may be the weights. Children of a node that
     * is itself a child, all arithmetic and nothing missing, so become children of its parent, and one family. */
    void (*scale)(const double *weights, size_t count, const double *by, double *out);
    /* out, rows x lanes: sum over the children, from child 0 on, of weights[child] * value[row][child]; where children
     * are missing, the sum over those present divided by the sum of their weights: NaN when that is not above 0, or
     * below min_coverage. The weights, children x lanes, sum to 1 in every lane. */
    void (*family)(const smri_lanes_family *family, const double *weights, double *out);
    /* The same over children that differ by draw: children[k] is rows x lanes, NaN where missing. A row of a lane that
     * misses no child is not divided. out may be one of the children. */
    void (*join)(const double *const *children, size_t count, size_t rows, const double *weights, double min_coverage,
                 double *out);
} smri_lanes_kernels;

typedef struct smri_lanes_rank_kernels {
    /* ranks, rows x lanes: 1 + the number of rows of the lane that are strictly above; 0 for NaN. No infinities.
     * rows < 2^31; room: smri_lanes_rank_room(rows) bytes. */
    void (*rank)(const double *scores, size_t rows, void *room, uint32_t *ranks);
    /* histogram[row * (rows + 1) + rank] += 1 for each of the first `lanes` lanes; place 0 counts those without rank. */
    void (*tally)(const uint32_t *ranks, size_t rows, size_t lanes, uint32_t *histogram);
    /* sums[row] += the ranks of the first `lanes` lanes. */
    void (*rank_sums)(const uint32_t *ranks, size_t rows, size_t lanes, uint64_t *sums);
    /* shift[lane] = sum over rows of |rank - base[row]|, where both have a rank. */
    void (*rank_shift)(const uint32_t *ranks, const uint32_t *base, size_t rows, uint64_t shift[SMRI_LANES]);
} smri_lanes_rank_kernels;

/* ---- distributions.c: tails of the distributions that tests of significance ask for ---- */

double smri_log_gamma(double x);                                    /* x > 0 */
/* Regularised incomplete beta function I_x(a, b); y is 1 - x, given so that neither loses digits. */
double smri_beta_lower(double a, double b, double x, double y);
double smri_gamma_upper(double a, double x);                        /* regularised, Q(a, x), a > 0 */
double smri_erfc(double x);
/* Two-sided probability of a standard normal beyond |z|. */
double smri_normal_p(double z);
/* Two-sided probability of a correlation beyond |r| of n pairs when there is none: Student's t with n - 2; NaN for n < 3. */
double smri_correlation_p(double r, size_t n);
/* Student's t: two-sided probability beyond |t|, and the t beyond which it is p (0 < p < 1). NaN without degrees. */
double smri_student_p(double t, double degrees);
double smri_student_quantile(double p, double degrees);
double smri_chi_square_p(double x, double degrees);                 /* upper tail; NaN without degrees of freedom */

/* ---- quantiles.c ---- */

double smri_normal_quantile(double p);                              /* infinite at 0 and 1 */
/* Logarithm of the quantile of the gamma distribution of shape a > 0 and scale 1, 0 < p < 1: small shapes have
 * quantiles below any double. */
double smri_log_gamma_quantile(double a, double p);

/* ---- eigen.c ---- */

/* Of a symmetric n x n matrix, which is used up: eigenvalues downward, and one eigenvector of length 1 a row. The sum of
 * a vector's components is positive; where it vanishes, the first of its largest components is. Finite numbers whose
 * squares neither overflow nor vanish. */
void smri_eigen_symmetric(double *matrix, uint32_t n, double *values, double *vectors);

/* ---- linear_algebra.c: symmetric n x n matrices, row after row, of which the upper triangle counts ---- */

/* gram += the sum of row'row over `count` rows of n. */
void smri_gram_add(double *gram, size_t n, const double *rows, size_t count);
/* Upper triangular U with U'U = a, in place, for a positive semidefinite a. A variable that depends on those before it
 * (its pivot is below 1e-11 of its diagonal) takes no part: its row of U is zero, and so is its place in every solution.
 * Returns how many take part. */
size_t smri_cholesky(double *a, size_t n);
/* Solves U'U x = x in place. */
void smri_cholesky_solve(const double *factor, size_t n, double *x);
/* Inverse of U'U, all of it; zeros for variables that take no part. */
void smri_cholesky_inverse(const double *factor, size_t n, double *inverse);

/* ---- random.c ---- */

/* Philox 4x32-10. */
void smri_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);
/* Uniform on [0, 1), a multiple of 2^-53: number `index` of a stream of a seed. */
double smri_random_unit(uint64_t seed, uint64_t stream, uint64_t index);
/* Uniform on (0, 1): an odd multiple of 2^-53, so that neither 0 nor 1 occurs and 1 - u is one too. Two draws share the
 * four words of a counter, and the kernels make SMRI_LANES of them at once. A stream of a seed serves either this
 * function or the one above, not both. draw < 2^63. */
double smri_random_lane(uint64_t seed, uint64_t stream, uint64_t draw);

/* ---- sobol_points.c, sobol_numbers.c: points that fill the unit cube evenly ---- */

#define SMRI_SOBOL_DIMENSIONS 1111
#define SMRI_SOBOL_BITS 53          /* digits of a coordinate, and the most points are 2^53 */
/* The start of a dimension as generate_sobol_numbers.py packs it. */
typedef struct smri_sobol_number {
    uint64_t low;                   /* bits of the first direction numbers */
    uint32_t high;                  /* 14 further bits of them, and the polynomial */
} smri_sobol_number;
extern const smri_sobol_number smri_sobol_numbers[SMRI_SOBOL_DIMENSIONS]; /* generated */

/* One coordinate of every point. */
typedef struct smri_sobol_dimension {
    uint64_t directions[SMRI_SOBOL_BITS]; /* digits from bit 63 downward */
    uint64_t shift;
} smri_sobol_dimension;
/* The sequence itself, which begins at the origin. */
void smri_sobol_dimension_init(smri_sobol_dimension *dimension, uint32_t index);
/* Scrambles it: digits by a random linear map and a shift that depend on the seed and `index` alone. */
void smri_sobol_dimension_scramble(smri_sobol_dimension *dimension, uint32_t index, uint64_t seed);
/* Coordinates of the points first .. first + count - 1, multiples of 2^-53 in [0, 1). */
void smri_sobol_dimension_fill(const smri_sobol_dimension *dimension, uint64_t first, size_t count, double *out);

/* ---- threads.c ---- */

/* Calls task(user, part) for part 0..parts-1 on up to context->threads threads (the caller is one) and waits.
 * Parts are handed out in order; no thread outlives the call. Falls back to fewer threads when none can be made.
 * Each worker sets round-to-nearest without flush-to-zero. */
typedef void (*smri_task)(void *user, size_t part);
void smri_parallel(const smr_context *context, size_t parts, smri_task task, void *user);

/* ---- order.c ---- */

/* Fills order[0..n-1] with the indices of the values sorted downward (stable); NaN last. false: out of memory. */
bool smri_order_descending(const smr_context *context, const double *values, size_t n, uint32_t *order);
bool smri_sort_ascending(const smr_context *context, double *values, size_t n);   /* in place, no NaN */
/* Sorts `count` items of `size` bytes in place and without memory, as `compare` orders them; not stable. */
void smri_sort(void *items, size_t count, size_t size, int (*compare)(const void *a, const void *b));

/* One value and where it stood. */
typedef struct smri_record {
    double value;
    uint32_t index;
} smri_record;
/* Receives records sorted downward, the one at `first` of the whole order and those after it. Equal values (0 and -0
 * are) always come in one call, NaN in one of their own, the last. Several threads may call at the same time. */
typedef void (*smri_run_visitor)(void *user, const smri_record *records, size_t first, size_t count);
/* Sorts (stable, downward, NaN last) and hands the result over piece by piece. false: out of memory. */
bool smri_sort_runs(const smr_context *context, const double *values, size_t n, smri_run_visitor visit, void *user);

typedef enum smri_ties { SMRI_TIES_COMPETITION, SMRI_TIES_DENSE, SMRI_TIES_AVERAGE, SMRI_TIES_FIRST, SMRI_TIES_MAX } smri_ties;
/* Rank 1 for the highest; NaN gets NaN. `tolerance` 0: ties by equality, else neighbours in sorted order within it.
 * For 1,000,000 values by buckets on the scale of the values: two threads, a few nanoseconds a value.
 * false: out of memory. */
bool smri_rank_descending(const smr_context *context, const double *values, size_t n, smri_ties ties, double tolerance, double *ranks);

/* ---- linear_program*.c: small, dense, and many ---- */

/* Least or greatest objective . x where row_low <= matrix x <= row_high and low <= x <= high. A bound may be infinite;
 * equal bounds make an equation. All other numbers are finite. */
typedef struct smri_lp_problem {
    uint32_t rows, columns;
    const double *matrix;               /* column after column; read until the last solve, not copied */
    const double *objective;            /* NULL: zeros */
    bool maximise;
    const double *row_low, *row_high;   /* NULL: none */
    const double *low, *high;           /* NULL: 0 and none */
} smri_lp_problem;

typedef enum smri_lp_status { SMRI_LP_OPTIMAL, SMRI_LP_INFEASIBLE, SMRI_LP_UNBOUNDED, SMRI_LP_FAILED } smri_lp_status;

/* A tableau that is loaded once and solved for many objectives and bounds, each time from where the last one ended.
 * Nothing is allocated after smri_lp_new(). */
typedef struct smri_lp smri_lp;
smri_lp *smri_lp_new(const smr_context *context, uint32_t most_rows, uint32_t most_columns); /* NULL: out of memory */
void smri_lp_free(smri_lp *lp);                                                              /* NULL is allowed */
/* Takes a problem and forgets where the last one ended. false: larger than the workspace, or a number that is not
 * finite where it must be. */
bool smri_lp_load(smri_lp *lp, const smri_lp_problem *problem);
void smri_lp_set_objective(smri_lp *lp, const double *objective, bool maximise);
void smri_lp_set_row(smri_lp *lp, uint32_t row, double low, double high);
void smri_lp_set_column(smri_lp *lp, uint32_t column, double low, double high);

/* What is certified is checked on the problem as it was given; what a comparison forgives is SMRI_LP_TOLERANCE times
 * the sizes of the terms that meet in it (linear_program_certificate.c says which):
 * OPTIMAL     x is within all bounds, the multipliers and reduced costs have the signs that optimality asks for, and
 *             both objectives are the same;
 * INFEASIBLE  no x within its bounds gives multipliers . matrix x a value that the bounds of the rows allow (a pair of
 *             bounds that contradict one another needs no multipliers: all are 0);
 * UNBOUNDED   x is within all bounds, stays there along the ray for ever, and the objective improves;
 * FAILED      none of these could be certified. */
#define SMRI_LP_TOLERANCE 1e-9
smri_lp_status smri_lp_solve(smri_lp *lp);
/* Forgets where the last solve ended: the next one takes the same way whatever was solved before. */
void smri_lp_restart(smri_lp *lp);

/* What the last solve found; borrowed until the next. x is feasible when OPTIMAL or UNBOUNDED. */
double smri_lp_optimum(const smri_lp *lp);              /* when OPTIMAL; NaN otherwise */
const double *smri_lp_x(const smri_lp *lp);             /* by column */
const double *smri_lp_multipliers(const smri_lp *lp);   /* by row: what a unit more of its bound gains; or of Farkas */
const double *smri_lp_ray(const smri_lp *lp);           /* by column, when UNBOUNDED */
uint64_t smri_lp_pivots(const smri_lp *lp);             /* since smri_lp_new() */

/* What the files share. Variables are numbered: columns, then one for each row, the value of the row. Those of
 * the tableau's rows ("basic") are sums of those of its columns ("nonbasic"), which stand at fixed values. All numbers
 * but those under `as given` are scaled by powers of two. */
struct smri_lp {
    const smr_context *context;
    uint32_t rows, columns, most_rows, most_columns;
    size_t stride;                      /* from one column of the tableau to the next */
    /* as given */
    const double *matrix;
    double *objective;                  /* to be made least */
    double *given_low, *given_high;     /* by variable */
    double *x, *multipliers, *ray;
    double optimum;
    smri_lp_status status;
    bool maximise;
    /* a variable of the problem is its unit, a power of two, times the scaled one */
    int32_t *exponents, objective_exponent, bound_exponent;
    double *unit;                       /* by variable: 2^(exponent + bound_exponent) */
    double *low, *high, *value;         /* by variable; a basic one's value stands below */
    double *cost;                       /* by column of the problem */
    double *tableau, *first_tableau;    /* column after column; and as it was before the first pivot */
    double *first_edge;                 /* likewise */
    uint32_t *basic, *nonbasic;         /* the variable of each row and each column of the tableau */
    double *basic_low, *basic_high, *basic_value; /* by row of the tableau */
    double *extent;                     /* by row of the tableau: sum of the sizes of the terms that made the value */
    double *reduced, *edge;             /* by column of the tableau: reduced cost, and 1 + the sum of its squares */
    double *terms;                      /* by column of the tableau: sum of the sizes that made the reduced cost */
    double *sign;                       /* by row of the tableau: 1 above its bound, -1 below, 0 within */
    double *rate;                       /* by row of the tableau: change a unit of the entering variable's step */
    double *stop;                       /* by row of the tableau: step at which its variable meets a bound */
    double *work, *sizes;               /* by row */
    double *kernel;                     /* square system of the basic columns in the nonbasic rows, factored */
    uint32_t kernel_size, *kernel_rows, *kernel_columns, *order;
    bool *column_is_basic;              /* by column of the problem */
    double *right, *solution, *residual;
    double *breaks;                     /* where the slope of the infeasibility changes, twice as many as rows */
    uint32_t *break_rows;
    double greatest_value;              /* of a nonbasic variable since the basic ones were last summed */
    double greatest_cost;               /* of a basic variable since the reduced costs were last summed */
    double primal_tolerance;
    uint32_t entering;                  /* of the last step, for the ray */
    double direction;
    double *change;                     /* by column: of x, a unit of that step */
    uint64_t pivots;
    uint32_t age;                       /* pivots since the tableau was made from the matrix */
    bool settled;                       /* the basic values are up to date */
};

typedef enum smri_lp_end { SMRI_LP_END_OPTIMAL, SMRI_LP_END_INFEASIBLE, SMRI_LP_END_UNBOUNDED, SMRI_LP_END_LOST } smri_lp_end;
/* Steps from the present basis until there is none left. `careful`: the tableau is not used; every number of every step
 * is solved for anew from the matrix. */
smri_lp_end smri_lp_iterate(smri_lp *lp, bool careful);
/* Exchanges the basic variable of a row of the tableau with the nonbasic one of a column. */
void smri_lp_pivot(smri_lp *lp, uint32_t row, uint32_t column);
/* Finds and factors the kernel of the present basis. false: it is singular. */
bool smri_lp_factor(smri_lp *lp);
/* With that, in scaled units: the values of the basic columns; the multipliers by row, for costs by column of the problem
 * and by row (NULL: none); the change of every column a unit of the entering variable's step. */
void smri_lp_solve_values(smri_lp *lp);
void smri_lp_solve_multipliers(smri_lp *lp, const double *column_cost, const double *row_cost, double *multipliers);
void smri_lp_solve_change(smri_lp *lp);
/* Solves the present basis anew from the matrix, checks what `end` says, and writes the results. */
bool smri_lp_certify(smri_lp *lp, smri_lp_end end);
/* 2^exponent x */
double smri_scale_power(double x, int32_t exponent);
/* Of a number that is not zero: the greatest e with 2^e <= |x|. */
int32_t smri_exponent(double x);

#endif
