/* SPDX-License-Identifier: MIT */
/* Draws in blocks: the points of a block are made at once, sorted by world, run in chunks and counted. Threads take the
 * blocks of a round; between rounds the caller is asked whether to go on. */

#include "study/robust_impl.h"

#define MOST_BLOCK 8192
#define BLOCK_BYTES (UINT64_C(8) << 20)     /* of points */
#define BLOCK_WORK (UINT64_C(1) << 25)      /* draws x rows x nodes, some tens of milliseconds */
#define BLOCK_WORK_REFIT (UINT64_C(1) << 19)
#define BUCKETS 65536
/* Draws that a confidence factor is the share of, where more than the weights varies. */
#define CONFIDENCE_DRAWS 256

/* What one thread works with, from the first round to the last. */
typedef struct worker {
    smri_trials_workspace *workspace;
    smri_counter *counter;
    double *block_points;           /* [chunk][dimension][SMRI_LANES] */
    double *points;                 /* [dimension][SMRI_LANES] */
    uint32_t *order, *keys, *starts;
    smri_trial_results results;
} worker;

typedef struct job {
    smr_robust *robust;
    const smri_trials *trials;
    const smri_kernels *kernels;
    uint64_t first, end;            /* draws of the round */
    size_t block, buckets;
    worker *workers;
    atomic_uint_fast64_t next;      /* block of the round */
    atomic_bool out_of_memory;
} job;

static void free_worker(const smr_context *memory, worker *w)
{
    smri_trials_workspace_free(w->workspace);
    smri_counter_free(w->counter);
    smri_free(memory, w->block_points);
    smri_free(memory, w->points);
    smri_free(memory, w->order);
    smri_free(memory, w->keys);
    smri_free(memory, w->starts);
    smri_free(memory, w->results.scores);
    smri_free(memory, w->results.weights);
    smri_free(memory, w->results.errors);
}

static bool make_results(const smr_robust *robust, smri_trial_results *results)
{
    const smri_trials *trials = robust->trials;
    const smr_context *memory = smri_context(trials->context);
    size_t cells = 0;
    *results = (smri_trial_results){.scores = NULL};
    if (smri_product((size_t)trials->node_count * trials->region_count, SMRI_LANES, &cells))
        results->scores = smri_alloc(memory, cells, sizeof *results->scores);
    if (robust->outputs & SMR_ROBUST_WEIGHTS)
        results->weights = smri_calloc(memory, trials->framework->node_count, SMRI_LANES * sizeof *results->weights);
    results->errors = smri_alloc(memory, SMRI_LANES, sizeof *results->errors);
    for (size_t l = 0; results->errors && l < SMRI_LANES; l++)
        smr_error_init(&results->errors[l], sizeof *results->errors);
    return results->scores && results->errors && (!(robust->outputs & SMR_ROBUST_WEIGHTS) || results->weights);
}

static bool make_worker(const job *j, worker *w)
{
    const smri_trials *trials = j->trials;
    const smr_context *memory = smri_context(trials->context);
    const size_t dimensions = SMRI_MAX(trials->dimension_count, 1U);
    w->workspace = smri_trials_workspace_new(trials);
    w->counter = smri_counter_new(j->robust);
    w->block_points = smri_alloc(memory, (j->block / SMRI_LANES + 1) * dimensions, SMRI_LANES * sizeof(double));
    w->points = smri_alloc(memory, dimensions, SMRI_LANES * sizeof *w->points);
    w->order = smri_alloc(memory, j->block, sizeof *w->order);
    w->keys = smri_alloc(memory, j->block, sizeof *w->keys);
    w->starts = smri_alloc(memory, j->buckets + 1, sizeof *w->starts);
    return make_results(j->robust, &w->results) && w->workspace && w->counter && w->block_points && w->points &&
           w->order && w->keys && w->starts;
}

/* The draws of a block by world. */
static void sort_block(const job *j, worker *w, uint64_t first, size_t count)
{
    const smri_trials *trials = j->trials;
    const size_t chunk_size = (size_t)trials->dimension_count * SMRI_LANES;
    const uint64_t first_chunk = first / SMRI_LANES;
    memset(w->starts, 0, (j->buckets + 1) * sizeof *w->starts);
    for (size_t i = 0; i < count; i++) {
        const uint64_t draw = first + i;
        const double *point =
            w->block_points + (size_t)(draw / SMRI_LANES - first_chunk) * chunk_size + draw % SMRI_LANES;
        w->keys[i] = (uint32_t)(smri_trials_world(trials, point, SMRI_LANES) % j->buckets);
        w->starts[w->keys[i] + 1]++;
    }
    for (size_t k = 0; k < j->buckets; k++)
        w->starts[k + 1] += w->starts[k];
    for (size_t i = 0; i < count; i++)
        w->order[w->starts[w->keys[i]]++] = (uint32_t)i;
}

static bool run_chunk(const job *j, worker *w, const uint64_t *draws, size_t count, const double *points)
{
    smr_error error;
    smr_error_init(&error, sizeof error);
    return smri_trials_run(j->trials, w->workspace, points, count, &w->results, &error) == SMR_OK &&
           smri_counter_add(w->counter, w->workspace, draws, count, points, &w->results);
}

/* Gathers the points of draws that do not stand side by side. */
static void gather(const job *j, worker *w, uint64_t first, const uint64_t *draws, size_t count)
{
    const size_t dimensions = j->trials->dimension_count, chunk_size = dimensions * SMRI_LANES;
    const uint64_t first_chunk = first / SMRI_LANES;
    for (size_t l = 0; l < SMRI_LANES; l++) {
        const uint64_t draw = draws[l < count ? l : 0];
        const double *from =
            w->block_points + (size_t)(draw / SMRI_LANES - first_chunk) * chunk_size + draw % SMRI_LANES;
        for (size_t d = 0; d < dimensions; d++)
            w->points[d * SMRI_LANES + l] = from[d * SMRI_LANES];
    }
}

static bool run_block(const job *j, worker *w, uint64_t first, size_t count)
{
    const smri_trials *trials = j->trials;
    const size_t chunk_size = (size_t)trials->dimension_count * SMRI_LANES;
    const uint64_t first_chunk = first / SMRI_LANES, last_chunk = (first + count - 1) / SMRI_LANES;
    for (uint64_t chunk = first_chunk; chunk <= last_chunk; chunk++)
        j->kernels->lanes->uniform(j->robust->seed, 0, trials->dimension_count, chunk,
                                   w->block_points + (size_t)(chunk - first_chunk) * chunk_size);
    sort_block(j, w, first, count);
    uint64_t draws[SMRI_LANES];
    for (size_t start = 0, members; start < count; start += members) {
        const uint32_t key = w->keys[w->order[start]];
        for (members = 0; members < SMRI_LANES && start + members < count && w->keys[w->order[start + members]] == key;
             members++)
            draws[members] = first + w->order[start + members];
        const double *points = w->points;
        const bool whole = members == SMRI_LANES && draws[0] % SMRI_LANES == 0 &&
                           draws[SMRI_LANES - 1] == draws[0] + SMRI_LANES - 1;
        if (whole)
            points = w->block_points + (size_t)(draws[0] / SMRI_LANES - first_chunk) * chunk_size;
        else
            gather(j, w, first, draws, members);
        if (!run_chunk(j, w, draws, members, points))
            return false;
    }
    return true;
}

static void run_worker(void *user, size_t part)
{
    job *j = user;
    worker *w = &j->workers[part];
    for (;;) {
        const uint64_t block = atomic_fetch_add_explicit(&j->next, 1, memory_order_relaxed);
        const uint64_t first = j->first + block * j->block;
        if (first >= j->end || atomic_load(&j->out_of_memory))
            return;
        if (!run_block(j, w, first, (size_t)SMRI_MIN((uint64_t)j->block, j->end - first)))
            atomic_store(&j->out_of_memory, true);
    }
}

/* Draws of a block: fewer where the first world takes a slow way; the others mostly do as it does. 0: out of memory. */
static size_t block_size(const smri_trials *trials)
{
    smri_world *own = NULL;
    const smri_world *world = smri_world_get(trials, 0, &own);
    const bool slow = world && world->status == SMR_OK && world->way != SMRI_WAY_LANES;
    smri_world_free(trials, own);
    if (!world)
        return 0;
    const uint64_t work = (uint64_t)trials->region_count * trials->framework->node_count;
    const uint64_t bytes = (uint64_t)SMRI_MAX(trials->dimension_count, 1U) * sizeof(double);
    uint64_t size = SMRI_MIN((slow ? BLOCK_WORK_REFIT : BLOCK_WORK) / work, BLOCK_BYTES / bytes);
    size = SMRI_MIN(size, MOST_BLOCK) / SMRI_LANES * SMRI_LANES;
    return (size_t)SMRI_MAX(size, SMRI_LANES);
}

static smr_status run_rounds(job *j, size_t workers, uint64_t first, uint64_t count, bool partial, smr_error *error)
{
    const smr_context *memory = smri_context(j->trials->context);
    const uint64_t round = (uint64_t)j->block * workers * (workers > 1 ? 4 : 1);
    smr_status status = SMR_OK;
    for (uint64_t done = 0; status == SMR_OK && done < count;) {
        j->first = first + done;
        j->end = first + SMRI_MIN(done + round, count);
        atomic_store(&j->next, 0);
        smri_parallel(memory, workers, run_worker, j);
        if (atomic_load(&j->out_of_memory))
            return smri_fail_memory(error);
        for (size_t i = 0; i < workers; i++)
            smri_counter_empty(j->workers[i].counter, &j->robust->tally);
        done = j->end - first;
        j->robust->ranges[0].count = done;
        if (smri_cancelled(memory, done, count, error)) {
            j->robust->partial = done < count;
            return partial ? SMR_OK : SMR_ERROR_CANCELLED;
        }
    }
    return status;
}

smr_status smri_robust_draw(smr_robust *robust, uint64_t first, uint64_t count, bool partial, smr_error *error)
{
    const smri_trials *trials = robust->trials;
    const smr_context *memory = smri_context(trials->context);
    job j = {.robust = robust, .trials = trials, .kernels = smri_context_kernels(memory), .block = block_size(trials)};
    j.buckets = (size_t)SMRI_MIN(trials->world_count, BUCKETS);
    atomic_init(&j.next, 0);
    atomic_init(&j.out_of_memory, false);
    if (j.block == 0)
        return smri_fail_memory(error);
    const uint64_t blocks = count / j.block + 1;
    const size_t workers = (size_t)SMRI_MIN((uint64_t)SMRI_MAX(memory->threads, 1U), blocks);
    robust->ranges = smri_calloc(memory, 1, sizeof *robust->ranges);
    j.workers = smri_calloc(memory, workers, sizeof *j.workers);
    smr_status status = robust->ranges && j.workers ? SMR_OK : smri_fail_memory(error);
    for (size_t i = 0; status == SMR_OK && i < workers; i++)
        status = make_worker(&j, &j.workers[i]) ? SMR_OK : smri_fail_memory(error);
    if (status == SMR_OK) {
        robust->ranges[0] = (smri_range){first, 0};
        robust->range_count = 1;
        status = smri_cancelled(memory, 0, count, error) ? SMR_ERROR_CANCELLED
                                                         : run_rounds(&j, workers, first, count, partial, error);
    }
    for (size_t i = 0; j.workers && i < workers; i++)
        free_worker(memory, &j.workers[i]);
    smri_free(memory, j.workers);
    return status;
}

/* ---- confidence ---- */

/* Does anything vary beside weights? */
static bool others_vary(const smri_trials *trials)
{
    for (uint32_t k = 0; k < trials->factor_count; k++)
        if (trials->factors[k].vary != SMRI_VARY_WEIGHTS)
            return true;
    return false;
}

smr_status smri_robust_confide(smr_robust *robust, smr_error *error)
{
    const smri_trials *trials = robust->trials;
    const smr_context *memory = smri_context(trials->context);
    const size_t nodes = trials->framework->node_count, regions = trials->region_count;
    if (!(robust->outputs & SMR_ROBUST_WEIGHTS))
        return SMR_OK;
    const size_t draws = others_vary(trials) ? CONFIDENCE_DRAWS : 1;
    smri_trials_workspace *workspace = smri_trials_workspace_new(trials);
    double *given = smri_alloc(memory, nodes, sizeof *given);
    double *points = smri_alloc(memory, SMRI_MAX(trials->dimension_count, 1U), SMRI_LANES * sizeof *points);
    uint32_t *ranks = smri_alloc(memory, regions, SMRI_LANES * sizeof *ranks);
    robust->confidence = smri_alloc(memory, regions, sizeof *robust->confidence);
    smri_trial_results results;
    const bool made = make_results(robust, &results);
    smr_status status =
        made && workspace && given && points && ranks && robust->confidence ? SMR_OK : smri_fail_memory(error);
    for (size_t region = 0; status == SMR_OK && region < regions; region++) {
        uint64_t fine = 0, first = 0;
        robust->confidence[region] = NAN;
        if (robust->tally.ranks[region * (regions + 1) + 1] == 0)
            continue;
        for (size_t node = 0; node < nodes; node++)
            given[node] = (double)robust->tally.weights[region * nodes + node];
        results.given = given;
        for (size_t start = 0; status == SMR_OK && start < draws; start += SMRI_LANES) {
            uint64_t numbers[SMRI_LANES];
            const size_t count = SMRI_MIN(draws - start, SMRI_LANES);
            for (size_t l = 0; l < count; l++)
                numbers[l] = start + l;
            smri_trials_draw(trials, robust->seed, numbers, count, points);
            status = smri_trials_run(trials, workspace, points, count, &results, error);
            if (status == SMR_OK && !smri_trials_rank(trials, workspace, 0, results.scores, count, ranks))
                status = smri_fail_memory(error);
            for (size_t l = 0; status == SMR_OK && l < count; l++) {
                fine += results.codes[l] == 0;
                first += results.codes[l] == 0 && ranks[region * SMRI_LANES + l] == 1;
            }
        }
        if (fine > 0)
            robust->confidence[region] = (double)first / (double)fine;
    }
    smri_trials_workspace_free(workspace);
    smri_free(memory, given);
    smri_free(memory, points);
    smri_free(memory, ranks);
    smri_free(memory, results.scores);
    smri_free(memory, results.weights);
    smri_free(memory, results.errors);
    return status;
}
