/* SPDX-License-Identifier: MIT */
/* Orders and ranks of awkward distributions against a plain stable sort, on one thread and on three. */
#include "unit.h"

#include <stdlib.h>

#include "base/base_impl.h"

#define MOST 70000

typedef double (*maker)(uint64_t *state, size_t i);

static double uniform(uint64_t *state, size_t i) {
    (void)i;
    return 100.0 * unit_random_unit(state);
}

static double normal(uint64_t *state, size_t i) {
    (void)i;
    double sum = -6.0;
    for (int k = 0; k < 12; k++) {
        sum += unit_random_unit(state);
    }
    return sum;
}

static double hundred(uint64_t *state, size_t i) {
    (void)i;
    return (double)(unit_random(state) % 100);
}

static double equal(uint64_t *state, size_t i) {
    (void)state;
    (void)i;
    return 5.0;
}

static double clusters(uint64_t *state, size_t i) {
    (void)i;
    return (unit_random(state) & 1 ? 1e9 : 0.0) + unit_random_unit(state);
}

static double outlier(uint64_t *state, size_t i) {
    return i == 3 ? 1e300 : i == 4 ? -1e300 : normal(state, i);
}

static double magnitudes(uint64_t *state, size_t i) {
    (void)i;
    const double value = unit_double(unit_random(state));
    return fabs(value) <= DBL_MAX ? value : 1.0;
}

static double subnormals(uint64_t *state, size_t i) {
    (void)i;
    return unit_double(unit_random(state) & UINT64_C(0x800fffffffffffff));
}

static double downward(uint64_t *state, size_t i) {
    (void)state;
    return -(double)i;
}

static double some_missing(uint64_t *state, size_t i) {
    (void)i;
    return unit_random(state) % 5 ? unit_random_unit(state) : NAN;
}

static double all_missing(uint64_t *state, size_t i) {
    (void)state;
    (void)i;
    return NAN;
}

static double infinities(uint64_t *state, size_t i) {
    (void)i;
    const uint64_t kind = unit_random(state) % 8;
    return kind == 0 ? INFINITY : kind == 1 ? -INFINITY : unit_random_unit(state);
}

static double zeros(uint64_t *state, size_t i) {
    (void)i;
    const uint64_t kind = unit_random(state) % 4;
    return kind == 0 ? 0.0 : kind == 1 ? -0.0 : kind == 2 ? -0x1p-1074 : 0x1p-1074;
}

/* Clusters within clusters: more cuts in a row than the sort makes. */
static double nested(uint64_t *state, size_t i) {
    (void)i;
    double value = 0.0;
    for (int level = 0; level < 40; level++) {
        value += unit_random(state) & 1 ? ldexp(1.0, -25 * level) : 0.0;
        if (value != 0.0 && level > 3) {
            break;
        }
    }
    return unit_random(state) & 1 ? value
                                  : ldexp(1.0 + unit_random_unit(state) * 0x1p-40, -(int)(unit_random(state) % 1000));
}

static const maker makers[] = {uniform,    normal,   hundred,      equal,       clusters,   outlier, magnitudes,
                               subnormals, downward, some_missing, all_missing, infinities, zeros,   nested};
static const size_t lengths[] = {0, 1, 2, 3, 23, 24, 25, 40, 100, 256, 257, 1000, 4096, 4097, 9000, 32768, MOST};

static smr_context *context_of(uint32_t threads) {
    smr_context_options options;
    smr_context_options_init(&options, sizeof options);
    options.threads = threads;
    smr_error error = unit_error();
    smr_context *context;
    expect_ok(smr_context_new(&options, &context, &error), &error);
    return context;
}

static double values[MOST], ranks[MOST];
static uint32_t order[MOST], expected[MOST], spare[MOST];

static bool stands_before(uint32_t a, uint32_t b) {
    const double x = values[a], y = values[b];
    return y != y ? x == x : x > y;
}

/* Merges upward from runs of one. */
static void reference_order(size_t n) {
    for (size_t i = 0; i < n; i++) {
        expected[i] = (uint32_t)i;
    }
    for (size_t run = 1; run < n; run *= 2) {
        for (size_t start = 0; start < n; start += 2 * run) {
            const size_t middle = SMRI_MIN(n, start + run), end = SMRI_MIN(n, start + 2 * run);
            for (size_t i = start, a = start, b = middle; i < end; i++) {
                const bool right = a == middle || (b < end && stands_before(expected[b], expected[a]));
                spare[i] = right ? expected[b++] : expected[a++];
            }
        }
        memcpy(expected, spare, n * sizeof *spare);
    }
}

static void check_order(const smr_context *context, size_t n) {
    memset(order, 0xff, sizeof order);
    expect(smri_order_descending(context, values, n, order));
    expect_bytes(order, expected, n * sizeof *order);
}

/* By the definition of each rule, from the reference order. */
static void check_ranks(const smr_context *context, size_t n, smri_ties ties, double tolerance) {
    for (size_t i = 0; i < n; i++) {
        ranks[i] = -1.0;
    }
    expect(smri_rank_descending(context, values, n, ties, tolerance, ranks));
    size_t groups = 0;
    for (size_t start = 0, end; start < n; start = end) {
        end = start + 1;
        const double value = values[expected[start]];
        if (value != value) {
            expect_nan(ranks[expected[start]]);
            continue;
        }
        while (end < n
               && (values[expected[end]] == values[expected[end - 1]]
                   || values[expected[end - 1]] - values[expected[end]] <= tolerance)) {
            end++;
        }
        groups++;
        for (size_t i = start; i < end; i++) {
            const double rank = ties == SMRI_TIES_COMPETITION ? (double)start + 1
                                : ties == SMRI_TIES_DENSE     ? (double)groups
                                : ties == SMRI_TIES_AVERAGE   ? (double)(start + 1 + end) / 2
                                : ties == SMRI_TIES_FIRST     ? (double)i + 1
                                                              : (double)end;
            expect_same_bits(ranks[expected[i]], rank);
        }
    }
}

TEST(orders_and_ranks_of_all_distributions) {
    smr_context *const contexts[] = {context_of(1), context_of(3)};
    for (size_t m = 0; m < SMRI_COUNT(makers); m++) {
        for (size_t l = 0; l < SMRI_COUNT(lengths); l++) {
            const size_t n = lengths[l];
            uint64_t state = 100 * m + l;
            for (size_t i = 0; i < n; i++) {
                values[i] = makers[m](&state, i);
            }
            reference_order(n);
            for (size_t c = 0; c < SMRI_COUNT(contexts); c++) {
                check_order(contexts[c], n);
                for (int ties = SMRI_TIES_COMPETITION; ties <= SMRI_TIES_MAX; ties++) {
                    check_ranks(contexts[c], n, (smri_ties)ties, 0.0);
                }
                check_ranks(contexts[c], n, SMRI_TIES_COMPETITION, 1e-4);
                check_ranks(contexts[c], n, SMRI_TIES_DENSE, 0.5);
            }
        }
    }
    smr_context_unref(contexts[0]);
    smr_context_unref(contexts[1]);
}

TEST(rank_rules) {
    static const double scores[] = {70.0, 90.0, 70.0, NAN, 50.0, 70.0, 90.5};
    static const double by_rule[][7] = {
        {3, 2, 3, NAN, 6, 3, 1}, /* competition: 1 2 3 3 3 6 */
        {3, 2, 3, NAN, 4, 3, 1}, /* dense */
        {4, 2, 4, NAN, 6, 4, 1}, /* average */
        {3, 2, 4, NAN, 6, 5, 1}, /* first */
        {5, 2, 5, NAN, 6, 5, 1}, /* max */
    };
    double found[7];
    for (int ties = SMRI_TIES_COMPETITION; ties <= SMRI_TIES_MAX; ties++) {
        expect(smri_rank_descending(unit_context(), scores, 7, (smri_ties)ties, 0.0, found));
        for (size_t i = 0; i < 7; i++) {
            expect_same_bits(found[i], by_rule[ties][i]);
        }
    }
    /* neighbours within the tolerance share a rank, also in a chain longer than it */
    static const double chain[] = {1.0, 0.9, 0.8, 0.5};
    static const double shared[] = {1, 1, 1, 4};
    expect(smri_rank_descending(unit_context(), chain, 4, SMRI_TIES_COMPETITION, 0.11, found));
    for (size_t i = 0; i < 4; i++) {
        expect_same_bits(found[i], shared[i]);
    }
}

TEST(sorting_upward) {
    for (size_t m = 0; m < SMRI_COUNT(makers); m++) {
        for (size_t l = 0; l < SMRI_COUNT(lengths); l++) {
            const size_t n = lengths[l];
            uint64_t state = 7 * m + l;
            for (size_t i = 0; i < n; i++) {
                values[i] = makers[m](&state, i);
                values[i] = values[i] == values[i] ? values[i] + 0.0 : 1.0;
            }
            memcpy(ranks, values, n * sizeof *values);
            reference_order(n);
            expect(smri_sort_ascending(unit_context(), ranks, n));
            for (size_t i = 0; i < n; i++) {
                expect_same_bits(ranks[i], values[expected[n - 1 - i]]);
            }
        }
    }
}

/* ---- an allocator that fails at one call ---- */

typedef struct failing {
    atomic_int left, blocks;
} failing;

static void *failing_allocate(size_t size, void *user) {
    failing *const f = user;
    if (atomic_fetch_sub(&f->left, 1) == 0) {
        return NULL;
    }
    atomic_fetch_add(&f->blocks, 1);
    return malloc(size);
}

static void *failing_reallocate(void *block, size_t size, void *user) {
    failing *const f = user;
    return atomic_fetch_sub(&f->left, 1) == 0 ? NULL : realloc(block, size);
}

static void failing_release(void *block, void *user) {
    failing *const f = user;
    if (block != NULL) {
        atomic_fetch_sub(&f->blocks, 1);
    }
    free(block);
}

TEST(no_memory_is_told_and_nothing_leaks) {
    static const size_t sizes[] = {300, 5000, 40000};
    failing f;
    atomic_init(&f.left, 1000000);
    atomic_init(&f.blocks, 0);
    smr_context_options options;
    smr_context_options_init(&options, sizeof options);
    options.threads = 2;
    options.allocator = (smr_allocator){failing_allocate, failing_reallocate, failing_release, &f};
    smr_error error = unit_error();
    smr_context *context;
    expect_ok(smr_context_new(&options, &context, &error), &error);
    const int before = atomic_load(&f.blocks);
    uint64_t state = 1;
    for (size_t i = 0; i < MOST; i++) {
        values[i] = uniform(&state, i);
    }
    for (size_t s = 0; s < SMRI_COUNT(sizes); s++) {
        int failures = 0;
        for (int call = 0;; call++) {
            atomic_store(&f.left, call);
            const bool done = smri_rank_descending(context, values, sizes[s], SMRI_TIES_DENSE, 0.0, ranks);
            const bool reached = atomic_load(&f.left) < 0;
            expect(done == !reached);
            expect_equal_int(atomic_load(&f.blocks), before);
            failures += reached;
            if (done) {
                break;
            }
        }
        expect(failures >= 4);
    }
    smr_context_unref(context);
}

static int compare_first_bytes(const void *a, const void *b)
{
    const unsigned char *x = a, *y = b;
    return x[0] < y[0] ? -1 : x[0] > y[0];
}

/* Items of an odd size, by their first byte; what they carry goes with them, and none is lost. */
TEST(sorting_anything)
{
    enum { SIZE = 5, MANY = 200 };
    unsigned char items[MANY][SIZE];
    uint64_t state = 7;
    for (size_t count = 0; count <= MANY; count += count < 12 ? 1 : 47) {
        size_t seen[MANY] = {0};
        for (size_t i = 0; i < count; i++) {
            const uint64_t number = unit_random(&state);
            const unsigned char item[SIZE] = {(unsigned char)(number % 37), (unsigned char)i, 1, 2,
                                              (unsigned char)(number % 37)};
            memcpy(items[i], item, SIZE);
        }
        smri_sort(items, count, SIZE, compare_first_bytes);
        for (size_t i = 0; i < count; i++) {
            expect(i == 0 || items[i - 1][0] <= items[i][0]);
            expect(items[i][0] == items[i][4] && items[i][2] == 1 && items[i][3] == 2);
            seen[items[i][1]]++;
        }
        for (size_t i = 0; i < count; i++) {
            expect_equal_uint(seen[i], 1);
        }
    }
}

static const unit_test tests[] = {
    UNIT(orders_and_ranks_of_all_distributions),
    UNIT(rank_rules),
    UNIT(sorting_upward),
    UNIT(sorting_anything),
    UNIT(no_memory_is_told_and_nothing_leaks),
};
UNIT_SUITE(order, tests)
