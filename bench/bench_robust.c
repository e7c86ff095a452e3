/* SPDX-License-Identifier: MIT */
/* Monte Carlo over weights, made of the lanes kernels: 100,000 draws uniform on the simplex, weighted sums, exact
 * ranks of every draw and their histogram, for 20 to 1,000 rows of 49 indicators, and for a hierarchy of four levels
 * whose top is geometric. For each kernel the whole and its parts on one thread, and the whole on two, the least of
 * several runs in processor time, beside what bounds them from below in the same run. One JSON object a line;
 * peers_robust.py is the peer. */

#define _POSIX_C_SOURCE 200809L

#include "bench.h"

#include "base/base_impl.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#endif

#define DRAWS 100000
#define CHUNKS (DRAWS / SMRI_LANES)
#define CHILDREN 49
#define MOST_REPEATS 64
#define MOST_THREADS 2

static const char *const kernel_names[] = {"baseline", "neon", "x86-64-v3", "x86-64-v4"};

static double own_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void *room(size_t count, size_t size) {
    void *const block = aligned_alloc(64, (count * size + 127) / 64 * 64);
    if (!block) {
        bench_fail("memory");
    }
    memset(block, 0, count * size);
    return block;
}

/* ---- the tree: one family, or four levels of them ---- */

#define PILLARS 4  /* of 2 criteria each, of 2 groups each, of 3 indicators each */
#define CRITERIA (2 * PILLARS)
#define GROUPS (2 * CRITERIA)
#define LEAVES (3 * GROUPS)
#define WEIGHTS (PILLARS + CRITERIA + GROUPS + LEAVES)

/* What one thread works with. */
typedef struct worker {
    double *weights, *scores, *nodes[PILLARS], seconds;
    uint32_t *ranks, *histogram;
    void *rank_room;
} worker;

typedef struct run {
    const smri_kernels *kernels;
    size_t rows, chunks, threads;
    bool tree;
    smri_lanes_family families[PILLARS]; /* the first alone where there is no tree */
    worker workers[MOST_THREADS];
} run;

static void pack(run *r, smri_arena *arena) {
    uint64_t state = r->rows;
    const size_t count = r->tree ? PILLARS : 1, children = r->tree ? LEAVES / PILLARS : CHILDREN;
    double *const values = room(r->rows * children, sizeof *values);
    for (size_t f = 0; f < count; f++) {
        const double *columns[CHILDREN];
        for (size_t k = 0; k < children; k++) {
            columns[k] = values + k * r->rows;
            for (size_t i = 0; i < r->rows; i++) {
                values[k * r->rows + i] = 1.0 + 99.0 * bench_random(&state);
            }
        }
        if (!smri_lanes_family_pack(&r->families[f], arena, columns, r->rows, children, 0.0)) {
            bench_fail("memory");
        }
    }
    free(values);
}

static void start(run *r, smri_arena *arena) {
    pack(r, arena);
    for (size_t t = 0; t < MOST_THREADS; t++) {
        worker *const w = &r->workers[t];
        const size_t cells = r->rows * SMRI_LANES;
        w->weights = room((r->tree ? WEIGHTS : CHILDREN) * SMRI_LANES, sizeof(double));
        w->scores = room(cells, sizeof(double));
        for (size_t k = 0; r->tree && k < PILLARS; k++) {
            w->nodes[k] = room(cells, sizeof(double));
        }
        w->ranks = room(cells, sizeof(uint32_t));
        w->histogram = room(r->rows * (r->rows + 1), sizeof(uint32_t));
        w->rank_room = room(smri_lanes_rank_room(r->rows), 1);
    }
}

static void end(run *r) {
    for (size_t t = 0; t < MOST_THREADS; t++) {
        worker *const w = &r->workers[t];
        free(w->weights);
        free(w->scores);
        for (size_t k = 0; k < PILLARS; k++) {
            free(w->nodes[k]);
        }
        free(w->ranks);
        free(w->histogram);
        free(w->rank_room);
    }
}

/* ---- the parts ---- */

typedef enum part { PART_DRAWS, PART_PRODUCT, PART_RANKS, PART_TALLY, PARTS } part;

/* The weights of `families` families of `children`, within their parent, or of the whole where it has given its own. */
static void finish(const run *r, double *weights, size_t families, size_t children, const double *parents) {
    for (size_t f = 0; f < families; f++) {
        double *const own = weights + f * children * SMRI_LANES;
        r->kernels->lanes->normalise(own, children);
        if (parents != NULL) {
            r->kernels->lanes->scale(own, children, parents + f * SMRI_LANES, own);
        }
    }
}

/* Below the geometric top nothing is missing and all is arithmetic: a leaf's weight in its pillar is a product. */
static void make_weights(const run *r, worker *w, uint64_t chunk) {
    r->kernels->lanes->exponential(1, 0, r->tree ? WEIGHTS : CHILDREN, chunk, w->weights);
    if (!r->tree) {
        finish(r, w->weights, 1, CHILDREN, NULL);
        return;
    }
    double *const pillars = w->weights, *const criteria = pillars + PILLARS * SMRI_LANES;
    double *const groups = criteria + CRITERIA * SMRI_LANES, *const leaves = groups + GROUPS * SMRI_LANES;
    finish(r, pillars, 1, PILLARS, NULL);
    finish(r, criteria, PILLARS, 2, NULL);
    finish(r, groups, CRITERIA, 2, criteria);
    finish(r, leaves, GROUPS, 3, groups);
}

static void make_scores(const run *r, worker *w) {
    if (!r->tree) {
        r->kernels->lanes->family(&r->families[0], w->weights, w->scores);
        return;
    }
    const double *const leaves = w->weights + (WEIGHTS - LEAVES) * SMRI_LANES, *nodes[PILLARS];
    for (size_t p = 0; p < PILLARS; p++) {
        r->kernels->lanes->family(&r->families[p], leaves + p * (LEAVES / PILLARS) * SMRI_LANES, w->nodes[p]);
        r->kernels->log(w->nodes[p], r->rows * SMRI_LANES, w->nodes[p]);
        nodes[p] = w->nodes[p];
    }
    r->kernels->lanes->join(nodes, PILLARS, r->rows, w->weights, 0.0, w->scores);
    r->kernels->exp(w->scores, r->rows * SMRI_LANES, w->scores);
}

static void make_part(const run *r, worker *w, part p, uint64_t chunk) {
    switch (p) {
    case PART_DRAWS:
        make_weights(r, w, chunk);
        break;
    case PART_PRODUCT:
        make_scores(r, w);
        break;
    case PART_RANKS:
        r->kernels->lanes_rank->rank(w->scores, r->rows, w->rank_room, w->ranks);
        break;
    default:
        r->kernels->lanes_rank->tally(w->ranks, r->rows, SMRI_LANES, w->histogram);
        break;
    }
}

static void work(void *user, size_t place) {
    run *const r = user;
    const double before = own_seconds();
    for (size_t chunk = place * r->chunks / r->threads; chunk < (place + 1) * r->chunks / r->threads; chunk++) {
        for (part p = PART_DRAWS; p < PARTS; p++) {
            make_part(r, &r->workers[place], p, chunk);
        }
    }
    r->workers[place].seconds = own_seconds() - before;
}

/* Of the thread that takes longest, its own processor time: a busy machine counts less. */
static double time_whole(run *r, uint32_t threads) {
    smr_context_options options;
    smr_context_options_init(&options, sizeof options);
    options.threads = threads;
    smr_context *context = NULL;
    smr_error error;
    smr_error_init(&error, sizeof error);
    bench_check(smr_context_new(&options, &context, &error), &error);
    r->threads = threads;
    smri_parallel(context, threads, work, r);
    smr_context_unref(context);
    return threads > 1 ? SMRI_MAX(r->workers[0].seconds, r->workers[1].seconds) : r->workers[0].seconds;
}

static double time_part(run *r, part p) {
    const double before = own_seconds();
    for (size_t chunk = 0; chunk < r->chunks; chunk++) {
        make_part(r, r->workers, p, chunk);
    }
    return own_seconds() - before;
}

/* ---- what bounds them ---- */

#define ACCUMULATORS 16
#define TURNS 40000

/* Multiplications and additions on numbers in registers, not contracted: vector operations of 8-byte lanes a second. */
#define DEFINE_RATE(name, bytes, attributes) \
    typedef double name##_vector __attribute__((vector_size(bytes))); \
    attributes static double name(void) { \
        name##_vector sums[ACCUMULATORS] = {{0}}, factor = {0.999}, other = {1.5}; \
        const double before = own_seconds(); \
        for (int turn = 0; turn < TURNS; turn++) { \
            _Pragma("GCC unroll 16") for (int i = 0; i < ACCUMULATORS / (bytes < 64 ? 2 : 1); i++) { \
                name##_vector product = factor * other; \
                __asm__("" : "+x"(product)); \
                sums[i] += product; \
            } \
            __asm__ volatile("" : "+x"(factor), "+x"(other)); \
        } \
        const double seconds = own_seconds() - before; \
        for (int i = 0; i < ACCUMULATORS; i++) { \
            __asm__ volatile("" : : "m"(sums[i])); \
        } \
        return 2.0 * (bytes / 8) * (ACCUMULATORS / (bytes < 64 ? 2 : 1)) * TURNS / seconds; \
    }

#if defined(__x86_64__) && defined(__GNUC__)
DEFINE_RATE(rate_baseline, 16, )
DEFINE_RATE(rate_v3, 32, __attribute__((target("avx2"))))
DEFINE_RATE(rate_v4, 64, __attribute__((target("avx512f"))))

/* The same contracted: what the processor can do at most. */
__attribute__((target("avx2,fma"))) static double rate_fused(void) {
    __m256d sums[ACCUMULATORS], factor = _mm256_set1_pd(0.999), other = _mm256_set1_pd(1.5);
    for (int i = 0; i < ACCUMULATORS; i++) {
        sums[i] = _mm256_setzero_pd();
    }
    const double before = own_seconds();
    for (int turn = 0; turn < TURNS; turn++) {
        _Pragma("GCC unroll 16") for (int i = 0; i < 10; i++) {
            sums[i] = _mm256_fmadd_pd(factor, other, sums[i]);
        }
        __asm__ volatile("" : "+x"(factor), "+x"(other));
    }
    const double seconds = own_seconds() - before;
    for (int i = 0; i < ACCUMULATORS; i++) {
        __asm__ volatile("" : : "m"(sums[i]));
    }
    return 2.0 * 4 * 10 * TURNS / seconds;
}
#elif defined(__GNUC__)
static double rate_baseline(void) {
    return 0.0; /* not measured here */
}
#endif

static double lane_rate(const char *kernel) {
    double best = 0.0;
    for (int repeat = 0; repeat < 40; repeat++) {
        double rate = 0.0;
#if defined(__x86_64__) && defined(__GNUC__)
        rate = strcmp(kernel, "x86-64-v4") == 0   ? rate_v4()
               : strcmp(kernel, "x86-64-v3") == 0 ? rate_v3()
                                                  : rate_baseline();
#else
        (void)kernel;
        rate = rate_baseline();
#endif
        best = SMRI_MAX(best, rate);
    }
    return best;
}

/* Seconds of one addition to a counter in the first-level cache. */
static double counter_seconds(void) {
    static volatile uint32_t counters[1024];
    double best = 1.0;
    for (int repeat = 0; repeat < 40; repeat++) {
        const double before = own_seconds();
        for (int turn = 0; turn < 64; turn++) {
            for (size_t i = 0; i < SMRI_COUNT(counters); i += 8) {
                counters[i]++;
                counters[i + 1]++;
                counters[i + 2]++;
                counters[i + 3]++;
                counters[i + 4]++;
                counters[i + 5]++;
                counters[i + 6]++;
                counters[i + 7]++;
            }
        }
        best = SMRI_MIN(best, (own_seconds() - before) / (64.0 * SMRI_COUNT(counters)));
    }
    return best;
}

/* Operations of 8-byte lanes that cannot be spared, at the rate at which multiplications and additions of two numbers
 * go. A weight: half of ten rounds of Philox and the making of two numbers (81 operations), 26 of the logarithm, 2 to
 * normalise. A score: two a child. Ranks: two of four short keys a pair of rows, 8 a key; by a network of exchanges
 * (n/4 log2 n (log2 n + 1)) two of two keys each. A place in the histogram: one addition in memory. */
static void print_bounds(const run *r, const char *kernel, double rate, double counter, const double *parts) {
    const double rows = (double)r->rows;
    double depth = 0.0;
    while ((double)((uint64_t)1 << (unsigned)depth) < rows) {
        depth += 1.0;
    }
    const double counted = rows * rows * 2.0 / 4.0, exchanged = rows / 4.0 * depth * (depth + 1.0) * 2.0 / 2.0;
    const double bounds[PARTS] = {
        DRAWS * CHILDREN * (81.0 / 2.0 + 26.0 + 2.0) / rate,
        DRAWS * rows * CHILDREN * 2.0 / rate,
        DRAWS * (SMRI_MIN(counted, exchanged) + 8.0 * rows) / rate,
        DRAWS * rows * counter,
    };
    double sum = 0.0, measured = 0.0;
    for (part p = PART_DRAWS; p < PARTS; p++) {
        sum += bounds[p];
        measured += parts[p];
    }
    printf("{\"case\": \"weights bound\", \"kernel\": \"%s\", \"rows\": %zu, \"gigaflops\": %.1f, \"draws\": %.6f, "
           "\"product\": %.6f, \"ranks\": %.6f, \"tally\": %.6f, \"seconds\": %.6f, \"over_bound\": %.2f}\n",
           kernel, r->rows, rate / 1e9, bounds[PART_DRAWS], bounds[PART_PRODUCT], bounds[PART_RANKS],
           bounds[PART_TALLY], sum, measured / sum);
}

static void bench(size_t rows, bool tree, int repeats, double counter) {
    run r = {.rows = rows, .tree = tree, .chunks = rows > 200 ? CHUNKS / 10 : CHUNKS};
    smri_arena arena;
    smri_arena_init(&arena, smri_context(NULL));
    start(&r, &arena);
    const double scale = (double)CHUNKS / (double)r.chunks;
    for (size_t name = 0; name < SMRI_COUNT(kernel_names); name++) {
        r.kernels = smri_kernels_select(kernel_names[name]);
        if (r.kernels == NULL || strcmp(r.kernels->name, kernel_names[name]) != 0) {
            continue;
        }
        double whole[MOST_THREADS] = {1e9, 1e9}, parts[PARTS] = {1e9, 1e9, 1e9, 1e9};
        for (int repeat = 0; repeat < repeats; repeat++) {
            for (uint32_t threads = 1; threads <= MOST_THREADS; threads++) {
                whole[threads - 1] = SMRI_MIN(whole[threads - 1], scale * time_whole(&r, threads));
            }
            for (part p = PART_DRAWS; p < PARTS; p++) {
                parts[p] = SMRI_MIN(parts[p], scale * time_part(&r, p));
            }
        }
        printf("{\"case\": \"%s\", \"kernel\": \"%s\", \"rows\": %zu, \"seconds\": %.6f, \"two_threads\": %.6f, "
               "\"draws\": %.6f, \"product\": %.6f, \"ranks\": %.6f, \"tally\": %.6f}\n",
               tree ? "weights of a tree" : "weights", r.kernels->name, rows, whole[0], whole[1], parts[PART_DRAWS],
               parts[PART_PRODUCT], parts[PART_RANKS], parts[PART_TALLY]);
        if (!tree) {
            print_bounds(&r, r.kernels->name, lane_rate(r.kernels->name), counter, parts);
        }
        fflush(stdout);
    }
    end(&r);
    smri_arena_free(&arena);
}

int main(int argc, char **argv) {
    const int repeats = argc > 1 ? atoi(argv[1]) : 15;
    const double counter = counter_seconds();
#if defined(__x86_64__) && defined(__GNUC__)
    double fused = 0.0;
    for (int repeat = 0; repeat < 40 && __builtin_cpu_supports("fma"); repeat++) {
        const double rate = rate_fused();
        fused = SMRI_MAX(fused, rate);
    }
    printf("{\"case\": \"fused multiply-add\", \"gigaflops\": %.1f}\n", fused / 1e9);
#endif
    bench(20, false, repeats, counter);
    bench(51, false, repeats, counter);
    bench(200, false, repeats, counter);
    bench(1000, false, SMRI_MAX(repeats / 3, 2), counter);
    bench(51, true, repeats, counter);
    return 0;
}
