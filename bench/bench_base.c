/* SPDX-License-Identifier: MIT */
/* The hot loops of the base room: nanoseconds a value, and how many times a peer measured in the same run they take or
 * save. The peer of log, exp and pow is the C library's function, of the sums one pass that reads the data, of ranking
 * the C library's qsort. One JSON object a line. */

#define _POSIX_C_SOURCE 200809L

#include "bench.h"

#include <math.h>

#include "base/base_impl.h"

#define IN_CACHE 1024
#define LARGE 20000000
#define RANKED 1000000
#define REPEATS 15

static const char *const kernel_names[] = {"baseline", "neon", "x86-64-v3", "x86-64-v4"};
static volatile double sink;

static double allocate_failed(void) {
    bench_fail("memory");
    return 0;
}

static double *doubles(size_t n) {
    double *const block = malloc(n * sizeof *block);
    if (!block) {
        allocate_failed();
    }
    return block;
}

static void print(const char *kernel, const char *what, double nanoseconds, const char *peer, double peer_nanoseconds) {
    printf(
        "{\"kernel\": \"%s\", \"what\": \"%s\", \"ns\": %.3f, \"peer\": \"%s\", \"peer_ns\": %.3f, \"ratio\": %.2f}\n",
        kernel, what, nanoseconds, peer, peer_nanoseconds, nanoseconds / peer_nanoseconds);
}

/* ---- loops over values in the first-level cache ---- */

typedef enum loop {
    LOOP_LOG,
    LOOP_EXP,
    LOOP_POW,
    LOOP_AFFINE,
    LOOP_WEIGHTED_ADD,
    LOOP_AFFINE_WEIGHTED_ADD,
    LOOP_AFFINE_WEIGHTED_LOG_ADD,
    LOOP_QUOTIENT,
    LOOP_EXTENT,
    LOOP_SUM,
    LOOP_SQUARES,
    LOOP_FOURTH_POWERS,
    LOOPS
} loop;

static const char *const loop_names[LOOPS] = {"log",
                                              "exp",
                                              "pow",
                                              "affine",
                                              "weighted_add",
                                              "affine_weighted_add",
                                              "affine_weighted_log_add",
                                              "quotient",
                                              "extent",
                                              "exact sum",
                                              "exact sum of squares",
                                              "exact sum of fourth powers"};

/* The arrays do not lie a multiple of 4 KiB apart, which would make stores and loads look alike to the processor. */
static double memory[8 * IN_CACHE];
static double *const x = memory, *const y = memory + IN_CACHE + 40, *const sum = memory + 2 * IN_CACHE + 120,
                     *const weight = memory + 3 * IN_CACHE + 240;

static void run_loop(const smri_kernels *k, loop which) {
    const smri_affine map = {0.0, 100.0, 0.0, 100.0, 0.0, 100.0};
    double least = 0, greatest = 0;
    size_t count = 0;
    smri_exact_sum exact;
    smri_exact_sum_init(&exact);
    switch (which) {
    case LOOP_LOG:
        k->log(x, IN_CACHE, y);
        break;
    case LOOP_EXP:
        k->exp(x, IN_CACHE, y);
        break;
    case LOOP_POW:
        k->pow(x, IN_CACHE, 0.3, y);
        break;
    case LOOP_AFFINE:
        k->affine(x, IN_CACHE, &map, y);
        break;
    case LOOP_WEIGHTED_ADD:
        k->weighted_add(x, IN_CACHE, 1.5, sum, weight);
        break;
    case LOOP_AFFINE_WEIGHTED_ADD:
        k->affine_weighted_add(x, IN_CACHE, &map, 1.5, sum, weight);
        break;
    case LOOP_AFFINE_WEIGHTED_LOG_ADD:
        k->affine_weighted_log_add(x, IN_CACHE, &map, 1.5, 1.0, sum, weight);
        break;
    case LOOP_QUOTIENT:
        k->quotient(sum, weight, IN_CACHE, y);
        break;
    case LOOP_EXTENT:
        k->extent(x, IN_CACHE, &least, &greatest, &count);
        break;
    case LOOP_SUM:
        smri_exact_sum_add_array(&exact, k, x, IN_CACHE);
        break;
    case LOOP_SQUARES:
        smri_exact_sum_add_powers(&exact, k, x, IN_CACHE, 50.0, 2);
        break;
    default:
        smri_exact_sum_add_powers(&exact, k, x, IN_CACHE, 50.0, 4);
        break;
    }
    sink = y[7] + sum[7] + weight[7] + least + greatest + (double)exact.limbs[33];
}

static void run_library(const smri_kernels *k, loop which) {
    (void)k;
    for (size_t i = 0; i < IN_CACHE; i++) {
        y[i] = which == LOOP_LOG ? log(x[i]) : which == LOOP_EXP ? exp(x[i]) : pow(x[i], 0.3);
    }
    sink = y[7];
}

/* One load and one addition a value, in eight lanes. */
static double read_all(const double *values, size_t n) {
    double lanes[8] = {0};
    for (size_t i = 0; i + 8 <= n; i += 8) {
        for (size_t j = 0; j < 8; j++) {
            lanes[j] += values[i + j];
        }
    }
    return lanes[0] + lanes[1] + lanes[2] + lanes[3] + lanes[4] + lanes[5] + lanes[6] + lanes[7];
}

static void run_read(const smri_kernels *k, loop which) {
    (void)k;
    (void)which;
    sink = read_all(x, IN_CACHE);
}

/* Least of many short runs: what the loop takes when nothing disturbs it. */
static double nanoseconds_of(void (*run)(const smri_kernels *, loop), const smri_kernels *k, loop which) {
    double best = INFINITY;
    for (int r = 0; r < 40 * REPEATS; r++) {
        const double start = bench_seconds();
        for (int i = 0; i < 20; i++) {
            run(k, which);
        }
        best = fmin(best, bench_seconds() - start);
    }
    return 1e9 * best / (20.0 * IN_CACHE);
}

static void bench_loops(void) {
    uint64_t state = 1;
    for (size_t i = 0; i < IN_CACHE; i++) {
        x[i] = 100.0 * bench_random(&state) + 1e-9;
        sum[i] = weight[i] = 0.0;
    }
    const double reading = nanoseconds_of(run_read, NULL, LOOP_EXTENT);
    double library[3];
    for (loop l = LOOP_LOG; l <= LOOP_POW; l++) {
        library[l] = nanoseconds_of(run_library, NULL, l);
    }
    for (size_t i = 0; i < SMRI_COUNT(kernel_names); i++) {
        const smri_kernels *const k = smri_kernels_select(kernel_names[i]);
        if (k == NULL || strcmp(k->name, kernel_names[i]) != 0) {
            continue;
        }
        for (loop l = LOOP_LOG; l < LOOPS; l++) {
            const double peer = l <= LOOP_POW ? library[l] : reading;
            print(k->name, loop_names[l], nanoseconds_of(run_loop, k, l), l <= LOOP_POW ? "libm" : "read in cache",
                  peer);
        }
    }
}

/* ---- sums of a column that no cache holds ---- */

static void bench_fit(void) {
    double *const values = doubles(LARGE);
    uint64_t state = 2;
    for (size_t i = 0; i < LARGE; i++) {
        values[i] = bench_random(&state) + bench_random(&state) + bench_random(&state);
    }
    const smri_kernels *const k = smri_kernels_select(NULL);
    double reading[REPEATS], fitting[REPEATS];
    for (int r = 0; r < REPEATS; r++) {
        const double start = bench_seconds();
        sink = read_all(values, LARGE);
        const double middle = bench_seconds();
        smri_exact_sum first, second;
        smri_exact_sum_init(&first);
        smri_exact_sum_init(&second);
        smri_exact_sum_add_array(&first, k, values, LARGE);
        smri_exact_sum_add_powers(&second, k, values, LARGE, smri_exact_sum_value(&first) / LARGE, 2);
        sink = smri_exact_sum_value(&second);
        reading[r] = 1e9 * (middle - start) / LARGE;
        fitting[r] = 1e9 * (bench_seconds() - middle) / LARGE;
    }
    print(k->name, "exact mean and variance, two passes", bench_median(fitting, REPEATS), "read from memory",
          bench_median(reading, REPEATS));
    free(values);
}

/* ---- ranks ---- */

static double *ranked;

static int higher_first(const void *a, const void *b) {
    const uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    return ranked[i] != ranked[j] ? (ranked[i] < ranked[j] ? 1 : -1) : (i > j) - (i < j);
}

static double bell(uint64_t *state) {
    double value = -6.0;
    for (int i = 0; i < 12; i++) {
        value += bench_random(state);
    }
    return value;
}

static double made(int distribution, uint64_t *state) {
    switch (distribution) {
    case 0:
        return 100.0 * bench_random(state);
    case 1:
        return bell(state);
    case 2:
        return floor(10000.0 * bench_random(state)) / 100.0;
    case 3:
        return 50.0;
    case 4:
        return (bench_random(state) < 0.5 ? 0.0 : 1e9) + bench_random(state);
    case 5:
        return exp(20.0 * bell(state));
    default:
        return ldexp(bench_random(state), -1022);
    }
}

static void bench_ranks(void) {
    static const char *const distributions[] = {"uniform",      "normal",          "two decimals", "all equal",
                                                "two clusters", "wide log-normal", "subnormal"};
    ranked = doubles(RANKED);
    double *const ranks = doubles(RANKED);
    uint32_t *const order = malloc(RANKED * sizeof *order);
    if (!order) {
        allocate_failed();
    }
    for (int d = 0; d < (int)SMRI_COUNT(distributions); d++) {
        uint64_t state = 3;
        for (size_t i = 0; i < RANKED; i++) {
            ranked[i] = made(d, &state);
            order[i] = (uint32_t)i;
        }
        const double start = bench_seconds();
        qsort(order, RANKED, sizeof *order, higher_first);
        const double peer = 1e9 * (bench_seconds() - start) / RANKED;
        for (uint32_t threads = 1; threads <= 2; threads++) {
            smr_context_options options;
            smr_context_options_init(&options, sizeof options);
            options.threads = threads;
            smr_context *context = NULL;
            smr_error error;
            smr_error_init(&error, sizeof error);
            bench_check(smr_context_new(&options, &context, &error), &error);
            double times[REPEATS];
            for (int r = 0; r < REPEATS; r++) {
                const double before = bench_seconds();
                if (!smri_rank_descending(context, ranked, RANKED, SMRI_TIES_COMPETITION, 0.0, ranks)) {
                    allocate_failed();
                }
                times[r] = 1e9 * (bench_seconds() - before) / RANKED;
            }
            char what[64];
            snprintf(what, sizeof what, "rank a million, %s, %u thread%s", distributions[d], (unsigned)threads,
                     threads > 1 ? "s" : "");
            print(smr_context_kernel(context), what, bench_median(times, REPEATS), "qsort", peer);
            smr_context_unref(context);
        }
    }
    free(ranked);
    free(ranks);
    free(order);
}

int main(void) {
    bench_loops();
    bench_fit();
    bench_ranks();
    return 0;
}
