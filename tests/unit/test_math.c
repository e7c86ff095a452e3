/* SPDX-License-Identifier: MIT */
/* Our own logarithm, exponential and power: error, special values, and the bits that every platform must give. */
#include "unit.h"

#include "base/base_impl.h"

#define MANY 4096
#define LOG_BOUND 0.85 /* units in the last place */
#define EXP_BOUND 0.8
#define POW_BOUND 1.0

typedef struct one_argument {
    double x, value;
} one_argument;

typedef struct two_arguments {
    double x, y, value;
} two_arguments;

/* Correctly rounded from 300-bit arithmetic (mpmath 1.3). */
static const one_argument logs[] = {
    {0x1p+1, 0x1.62e42fefa39efp-1},
    {0x1.4p+3, 0x1.26bb1bbb55516p+1},
    {0x1p-1, -0x1.62e42fefa39efp-1},
    {0x1.9p+6, 0x1.26bb1bbb55516p+2},
    {0x1.47ae147ae147bp-7, -0x1.26bb1bbb55515p+2},
    {0x1.6a09e667f3bcdp+0, 0x1.62e42fefa39fp-2},
    {0x1.6a0902de00d1bp+0, 0x1.62e1ac5b1d181p-2},
    {0x1.6a0902de00d1bp-1, -0x1.62e6b3842a25ep-2},
    {0x1.0000000000001p+0, 0x1.fffffffffffffp-53},
    {0x1.fffffffffffffp-1, -0x1p-53},
    {0x1p-1022, -0x1.6232bdd7abcd2p+9},
    {0x0.0000000000001p-1022, -0x1.74385446d71c3p+9},
    {0x0.8p-1022, -0x1.628b76e3a7b61p+9},
    {0x1.fffffffffffffp+1023, 0x1.62e42fefa39efp+9},
    {0x1.8p+1, 0x1.193ea7aad030bp+0},
    {0x1.b28f5c28f5c29p+5, 0x1.ff58a30b4c664p+1},
};
static const one_argument exps[] = {
    {0x1p+0, 0x1.5bf0a8b145769p+1},
    {-0x1p+0, 0x1.78b56362cef38p-2},
    {0x1p-1, 0x1.a61298e1e069cp+0},
    {-0x1p-1, 0x1.368b2fc6f960ap-1},
    {0x1.4p+3, 0x1.5829dcf95056p+14},
    {-0x1.4p+3, 0x1.7cd79b5647c9bp-15},
    {0x1.62e33eff19503p-2, 0x1.6a099138a089dp+0},
    {-0x1.62e5de15ca6cap-2, 0x1.6a094e536e572p-1},
    {0x1.b7cdfd9d7bdbbp-34, 0x1.000000006df38p+0},
    {0x1.5ep+9, 0x1.d945df4f8ec8ep+1009},
    {0x1.62e3d70a3d70ap+9, 0x1.fe9ce5c4c52b4p+1023},
    {-0x1.5ep+9, 0x1.14f2b0fb9307fp-1010},
    {-0x1.624p+9, 0x0.e6cf6d08897acp-1022},
    {-0x1.722p+9, 0x0.0000000000042p-1022},
    {-0x1.748p+9, 0x0.0000000000001p-1022},
    {0x1.d99999999999ap+1, 0x1.4394144eeec81p+5},
    {0x1p-60, 0x1p+0},
};
static const two_arguments powers[] = {
    {0x1p+1, 0x1p-1, 0x1.6a09e667f3bcdp+0},
    {0x1.9p+6, 0x1.3333333333333p-2, 0x1.fd93c1f526ddfp+1},
    {0x1.47ae147ae147bp-7, 0x1.3333333333333p-2, 0x1.0137987dd704cp-2},
    {0x1.b28f5c28f5c29p+5, 0x1.5555555555555p-2, 0x1.e4c37319cb4fbp+1},
    {0x1.ccccccccccccdp-1, -0x1.cp+2, 0x1.0b9dbf70d86fdp+1},
    {0x1.199999999999ap+0, 0x1.b58p+12, 0x1.70482352af339p+962},
    {0x1.6a09e65dc27dfp-1, 0x1.f4p+10, 0x1.ffff8f63afa2p-1001},
    {0x1.4p+3, -0x1.2c8p+8, 0x1.b1b75833790cap-999},
    {0x1.8p+1, 0x1.4p+2, 0x1.e6p+7},
    {0x1.cp+2, 0x1.8p+1, 0x1.57p+8},
    {0x1.56e1fc2f8f359p-997, 0x1.0624dd2f1a9fcp-10, 0x1.009b9cf334252p-1},
    {0x0.0000000000001p-1022, 0x1p-1, 0x1p-537},
    {0x1.e42d130773b76p+1023, -0x1p-2, 0x1.0399e579374d7p-256},
    {0x1p+1, -0x1.092p+10, 0x0.0000000002d41p-1022},
    {0x1.8ff5c28f5c28fp+6, 0x1.4p+3, 0x1.5a991067e6d9ep+66},
    {0x1p-2, 0x1.8p+0, 0x1p-3},
    {0x1p+0, 0x1.7e43c8800759cp+996, 0x1p+0},
};

/* The distance of two doubles of one sign in representable numbers. */
static uint64_t steps(double a, double b) {
    const uint64_t x = unit_bits(a), y = unit_bits(b);
    return x > y ? x - y : y - x;
}

/* A correctly rounded value is within half a unit of the true one, so an error below one unit is at most a step. */
TEST(known_values_come_out) {
    for (size_t i = 0; i < SMRI_COUNT(logs); i++) {
        expect(steps(smri_log(logs[i].x), logs[i].value) <= 1);
    }
    for (size_t i = 0; i < SMRI_COUNT(exps); i++) {
        expect(steps(smri_exp(exps[i].x), exps[i].value) <= 1);
    }
    for (size_t i = 0; i < SMRI_COUNT(powers); i++) {
        expect(steps(smri_pow(powers[i].x, powers[i].y), powers[i].value) <= 1);
    }
}

#if LDBL_MANT_DIG >= 64

/* The error of `found` in units in the last place of a double at `exact`. */
static double error_of(double found, long double exact) {
    int exponent;
    (void)frexpl(exact, &exponent);
    const int unit = SMRI_MAX(exponent, DBL_MIN_EXP) - DBL_MANT_DIG;
    return (double)fabsl(ldexpl((long double)found - exact, -unit));
}

static double between(uint64_t *state, double low, double high) {
    return low + (high - low) * unit_random_unit(state);
}

typedef struct span {
    double low, high, exponent;
} span;

TEST(log_error_is_bounded) {
    if (!unit_long_double_is_wide()) {
        return;
    }
    static const span spans[] = {{0.5, 2.0, 0}, {0.7, 0.71, 0}, {1.39, 1.42, 0}, {0.99, 1.01, 0}, {0, 100, 0}};
    const smri_kernels *const k = smri_context_kernels(unit_context());
    uint64_t state = 1;
    double x[MANY], y[MANY], worst = 0;
    for (size_t s = 0; s <= SMRI_COUNT(spans); s++) {
        for (int round = 0; round < 50; round++) {
            for (size_t i = 0; i < MANY; i++) {
                /* the last span: all magnitudes, subnormal ones too */
                x[i] = s < SMRI_COUNT(spans) ? between(&state, spans[s].low, spans[s].high)
                                             : unit_double(unit_random(&state) % UINT64_C(0x7ff0000000000000));
                x[i] = x[i] > 0.0 ? x[i] : 1.0;
            }
            k->log(x, MANY, y);
            for (size_t i = 0; i < MANY; i++) {
                worst = fmax(worst, error_of(y[i], logl((long double)x[i])));
            }
        }
    }
    expect(worst < LOG_BOUND);
    expect(worst > 0.5);
}

TEST(exp_error_is_bounded) {
    if (!unit_long_double_is_wide()) {
        return;
    }
    static const span spans[] = {{-1, 1, 0}, {-0.35, 0.35, 0}, {-50, 50, 0}, {-745, 709.78, 0}, {-745.13, -708, 0}};
    const smri_kernels *const k = smri_context_kernels(unit_context());
    uint64_t state = 2;
    double x[MANY], y[MANY], worst = 0;
    for (size_t s = 0; s < SMRI_COUNT(spans); s++) {
        for (int round = 0; round < 50; round++) {
            for (size_t i = 0; i < MANY; i++) {
                x[i] = between(&state, spans[s].low, spans[s].high);
            }
            k->exp(x, MANY, y);
            for (size_t i = 0; i < MANY; i++) {
                worst = fmax(worst, error_of(y[i], expl((long double)x[i])));
            }
        }
    }
    expect(worst < EXP_BOUND);
    expect(worst > 0.5);
}

TEST(pow_error_is_bounded) {
    if (!unit_long_double_is_wide()) {
        return;
    }
    static const span spans[] = {{0, 100, 0.3},         {0, 100, -0.7},        {0, 100, 1.0 / 3}, {0, 100, 5},
                                 {0.9, 1.1, 7000},      {1, 2, 1023.3},        {0, 1, -150},      {0.7, 0.7072, 2040},
                                 {1.41, 1.4143, -2040}, {0.9999, 1.0001, 1e6}, {0, 1e5, -10}};
    const smri_kernels *const k = smri_context_kernels(unit_context());
    uint64_t state = 3;
    double x[MANY], y[MANY], worst = 0;
    for (size_t s = 0; s < SMRI_COUNT(spans); s++) {
        for (int round = 0; round < 20; round++) {
            for (size_t i = 0; i < MANY; i++) {
                x[i] = between(&state, spans[s].low, spans[s].high);
                x[i] = x[i] > 0.0 ? x[i] : 1.0;
            }
            k->pow(x, MANY, spans[s].exponent, y);
            for (size_t i = 0; i < MANY; i++) {
                const long double exact = powl((long double)x[i], (long double)spans[s].exponent);
                if (exact <= (long double)DBL_MAX) {
                    worst = fmax(worst, error_of(y[i], exact));
                }
            }
        }
    }
    expect(worst < POW_BOUND);
    expect(worst > 0.5);
}

#endif

TEST(log_special_values) {
    expect_same_bits(smri_log(1.0), 0.0);
    expect_same_bits(smri_log(0.0), -INFINITY);
    expect_same_bits(smri_log(-0.0), -INFINITY);
    expect_same_bits(smri_log(INFINITY), INFINITY);
    expect_same_bits(smri_log(-1.0), unit_double(UINT64_C(0x7ff8000000000000)));
    expect_same_bits(smri_log(-INFINITY), unit_double(UINT64_C(0x7ff8000000000000)));
    expect_same_bits(smri_log(unit_double(UINT64_C(0xfff8000000000000))), unit_double(UINT64_C(0x7ff8000000000000)));
}

TEST(exp_special_values) {
    expect_same_bits(smri_exp(0.0), 1.0);
    expect_same_bits(smri_exp(-0.0), 1.0);
    expect_same_bits(smri_exp(INFINITY), INFINITY);
    expect_same_bits(smri_exp(-INFINITY), 0.0);
    expect_same_bits(smri_exp(709.79), INFINITY);
    expect_same_bits(smri_exp(1e300), INFINITY);
    expect_same_bits(smri_exp(-745.14), 0.0);
    expect_same_bits(smri_exp(-DBL_MAX), 0.0);
    expect_same_bits(smri_exp(DBL_MIN), 1.0);
    expect_same_bits(smri_exp(unit_double(UINT64_C(0xfff8000000000000))), unit_double(UINT64_C(0x7ff8000000000000)));
}

TEST(pow_special_values) {
    static const double xs[] = {0.1, 1.0, 54.32, 1e300, 0x1p-1074, DBL_MIN, DBL_MAX, 3.0};
    const double nan = unit_double(UINT64_C(0x7ff8000000000000));
    for (size_t i = 0; i < SMRI_COUNT(xs); i++) {
        expect_same_bits(smri_pow(xs[i], 1.0), xs[i]);
        expect_same_bits(smri_pow(xs[i], 0.0), 1.0);
        expect_same_bits(smri_pow(xs[i], 2.0), xs[i] * xs[i]);
        expect_same_bits(smri_pow(xs[i], -1.0), 1.0 / xs[i]);
        expect_same_bits(smri_pow(1.0, xs[i]), 1.0);
        expect_same_bits(smri_pow(0.0, xs[i]), 0.0);
        expect_same_bits(smri_pow(-0.0, xs[i]), 0.0);
        expect_same_bits(smri_pow(0.0, -xs[i]), INFINITY);
        expect_same_bits(smri_pow(INFINITY, xs[i]), INFINITY);
        expect_same_bits(smri_pow(INFINITY, -xs[i]), 0.0);
        expect_same_bits(smri_pow(-xs[i], 0.3), nan);
        expect_same_bits(smri_pow(-xs[i], 2.0), nan);
        expect_same_bits(smri_pow(-xs[i], 0.0), nan);
        expect_same_bits(smri_pow(nan, xs[i]), nan);
        expect_same_bits(smri_pow(xs[i], nan), nan);
    }
    expect_same_bits(smri_pow(nan, 0.0), nan);
    expect_same_bits(smri_pow(0.0, 0.0), 1.0);
    expect_same_bits(smri_pow(2.0, 2000.0), INFINITY);
    expect_same_bits(smri_pow(2.0, -2000.0), 0.0);
    expect_same_bits(smri_pow(2.0, INFINITY), INFINITY);
    expect_same_bits(smri_pow(0.5, INFINITY), 0.0);
    expect_same_bits(smri_pow(2.0, -INFINITY), 0.0);
    expect_same_bits(smri_pow(1.0, INFINITY), 1.0);
    for (int e = -1074; e < 1024; e++) {
        expect_same_bits(smri_pow(2.0, (double)e), ldexp(1.0, e));
    }
}

/* FNV-1a over bit patterns. */
static uint64_t fold(uint64_t hash, double value) {
    const uint64_t bits = unit_bits(value);
    for (int byte = 0; byte < 8; byte++) {
        hash = (hash ^ (bits >> (8 * byte) & 0xff)) * UINT64_C(0x100000001b3);
    }
    return hash;
}

/* The bits of 100,000 results of each function, as every kernel of an x86-64 gave them when the polynomials were
 * fixed. No other platform may give others: that is what this test is for. It changes with the polynomials only. */
TEST(bits_are_those_of_every_platform) {
    uint64_t state = 2026,
             hashes[3] = {UINT64_C(0xcbf29ce484222325), UINT64_C(0xcbf29ce484222325), UINT64_C(0xcbf29ce484222325)};
    for (int i = 0; i < 100000; i++) {
        const double any = unit_double(unit_random(&state) % UINT64_C(0x7ff0000000000000));
        const double x = 100.0 * unit_random_unit(&state), y = 20.0 * unit_random_unit(&state) - 10.0;
        hashes[0] = fold(fold(hashes[0], smri_log(any)), smri_log(x));
        hashes[1] = fold(fold(hashes[1], smri_exp(75.0 * y)), smri_exp(y));
        hashes[2] = fold(fold(hashes[2], smri_pow(any, 0.1 * y)), smri_pow(x, y));
    }
    expect_equal_uint(hashes[0], UINT64_C(0xe1b410733d617b97));
    expect_equal_uint(hashes[1], UINT64_C(0xd51d058fbe6a70ff));
    expect_equal_uint(hashes[2], UINT64_C(0xf6402c1a9aff5ef2));
}

static const unit_test tests[] = {
    UNIT(known_values_come_out),
#if LDBL_MANT_DIG >= 64
    UNIT(log_error_is_bounded),  UNIT(exp_error_is_bounded),
    UNIT(pow_error_is_bounded),
#endif
    UNIT(log_special_values),    UNIT(exp_special_values),
    UNIT(pow_special_values),    UNIT(bits_are_those_of_every_platform),
};
UNIT_SUITE(math, tests)
