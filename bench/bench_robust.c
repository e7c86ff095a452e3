/* SPDX-License-Identifier: MIT */
/* Monte Carlo over weights: 100,000 draws uniform on the simplex, weighted sums, exact ranks of every draw and their
 * histogram, as the study makes them of the lanes kernels. The whole and its parts, for each kernel, on one thread and
 * two; beside what bounds them from below, measured in the same run. One JSON object a line. */

#define _POSIX_C_SOURCE 200809L

#include "bench.h"

#include "base/base_impl.h"

#define DRAWS 100000
#define CHUNKS (DRAWS / SMRI_LANES)
#define CHILDREN 49
#define REPEATS 15
#define MOST_THREADS 2

static const char *const kernel_names[] = {"baseline", "neon", "x86-64-v3", "x86-64-v4"};
static const size_t row_counts[] = {20, 51, 200, 1000};

/* Of this thread alone, so that what else the machine does counts less. */
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

/* What one thread works with. */
typedef struct worker {
    double *weights, *scores;
    uint32_t *ranks, *histogram;
    void *rank_room;
} worker;

typedef struct run {
    const smri_kernels *kernels;
    smri_lanes_family family;
    worker workers[MOST_THREADS];
    size_t chunks, threads;
} run;

static void start(run *r, smri_arena *arena, size_t rows, size_t chunks) {
    uint64_t state = rows;
    const double *columns[CHILDREN];
    double *const values = room(rows * CHILDREN, sizeof *values);
    for (size_t k = 0; k < CHILDREN; k++) {
        columns[k] = values + k * rows;
        for (size_t i = 0; i < rows; i++) {
            values[k * rows + i] = 100.0 * bench_random(&state);
        }
    }
    if (!smri_lanes_family_pack(&r->family, arena, columns, rows, CHILDREN, 0.0)) {
        bench_fail("memory");
    }
    free(values);
    for (size_t t = 0; t < MOST_THREADS; t++) {
        r->workers[t].weights = room(CHILDREN * SMRI_LANES, sizeof(double));
        r->workers[t].scores = room(rows * SMRI_LANES, sizeof(double));
        r->workers[t].ranks = room(rows * SMRI_LANES, sizeof(uint32_t));
        r->workers[t].histogram = room(rows * (rows + 1), sizeof(uint32_t));
        r->workers[t].rank_room = room(smri_lanes_rank_room(rows), 1);
    }
    r->chunks = chunks;
}

static void end(run *r) {
    for (size_t t = 0; t < MOST_THREADS; t++) {
        free(r->workers[t].weights);
        free(r->workers[t].scores);
        free(r->workers[t].ranks);
        free(r->workers[t].histogram);
        free(r->workers[t].rank_room);
    }
}

/* ---- the parts ---- */

static void make_weights(const run *r, worker *w, uint64_t chunk) {
    r->kernels->lanes->exponential(1, 0, CHILDREN, chunk, w->weights);
    r->kernels->lanes->normalise(w->weights, CHILDREN);
}

static void make_scores(const run *r, worker *w) {
    r->kernels->lanes->family(&r->family, w->weights, w->scores);
}

static void make_ranks(const run *r, worker *w) {
    r->kernels->lanes_rank->rank(w->scores, r->family.rows, w->rank_room, w->ranks);
}

static void make_tally(const run *r, worker *w) {
    r->kernels->lanes_rank->tally(w->ranks, r->family.rows, SMRI_LANES, w->histogram);
}

static void work(void *user, size_t part) {
    const run *const r = user;
    worker *const w = (worker *)(uintptr_t)&r->workers[part];
    for (size_t chunk = part * r->chunks / r->threads; chunk < (part + 1) * r->chunks / r->threads; chunk++) {
        make_weights(r, w, chunk);
        make_scores(r, w);
        make_ranks(r, w);
        make_tally(r, w);
    }
}

static double least(const double *times) {
    double best = times[0];
    for (int i = 1; i < REPEATS; i++) {
        best = SMRI_MIN(best, times[i]);
    }
    return best;
}

int main(int argc, char **argv) {
    for (size_t c = 0; c < SMRI_COUNT(row_counts); c++) {
        run r = {0};
        smri_arena arena;
        smri_arena_init(&arena, smri_context(NULL));
        if (argc > 1 && (size_t)atoi(argv[1]) != row_counts[c]) { continue; }
        const size_t rows = row_counts[c], chunks = CHUNKS / (rows > 200 ? 10 : 1);
        start(&r, &arena, rows, chunks);
        for (size_t name = 0; name < SMRI_COUNT(kernel_names); name++) {
            r.kernels = smri_kernels_select(kernel_names[name]);
            if (r.kernels == NULL || strcmp(r.kernels->name, kernel_names[name]) != 0) {
                continue;
            }
            double whole[MOST_THREADS][REPEATS], parts[4][REPEATS];
            for (int repeat = 0; repeat < REPEATS; repeat++) {
                for (uint32_t threads = 1; threads <= MOST_THREADS; threads++) {
                    smr_context_options options;
                    smr_context_options_init(&options, sizeof options);
                    options.threads = threads;
                    smr_context *context = NULL;
                    smr_error error;
                    smr_error_init(&error, sizeof error);
                    bench_check(smr_context_new(&options, &context, &error), &error);
                    r.threads = threads;
                    const double before = threads > 1 ? bench_seconds() : own_seconds();
                    smri_parallel(context, threads, work, &r);
                    whole[threads - 1][repeat] = (threads > 1 ? bench_seconds() : own_seconds()) - before;
                    smr_context_unref(context);
                }
                worker *const w = r.workers;
                double at[5];
                at[0] = own_seconds();
                for (size_t i = 0; i < chunks; i++) {
                    make_weights(&r, w, i);
                }
                at[1] = own_seconds();
                for (size_t i = 0; i < chunks; i++) {
                    make_scores(&r, w);
                }
                at[2] = own_seconds();
                for (size_t i = 0; i < chunks; i++) {
                    make_ranks(&r, w);
                }
                at[3] = own_seconds();
                for (size_t i = 0; i < chunks; i++) {
                    make_tally(&r, w);
                }
                at[4] = own_seconds();
                for (int part = 0; part < 4; part++) {
                    parts[part][repeat] = at[part + 1] - at[part];
                }
            }
            const double scale = (double)CHUNKS / (double)chunks * 1e3;
            printf("%5zu %-10s whole %8.2f ms, two threads %8.2f ms; draws %6.2f product %6.2f ranks %6.2f tally %6.2f\n", rows,
                   r.kernels->name, scale * least(whole[0]), scale * least(whole[1]), scale * least(parts[0]),
                   scale * least(parts[1]), scale * least(parts[2]), scale * least(parts[3]));
            fflush(stdout);
        }
        end(&r);
        smri_arena_free(&arena);
    }
    return 0;
}
