/* SPDX-License-Identifier: MIT */
/* What holds under every weight of a set: first pair by pair, which decides most, then the best and the worst rank of
 * each region by a search over the pairs that are left. */

#include "study/bounds_impl.h"

/* Higher by more than this share of the range is above. */
#define ABOVE 1e-9

/* Searches between two questions to the progress callback, for each thread. */
#define SEARCHES_A_THREAD 4

void smr_bounds_options_init(smr_bounds_options *options, size_t size)
{
    static const smr_bounds_options defaults = {.size = sizeof(smr_bounds_options), .most_nodes = 20000};
    smri_options_init(options, size, &defaults, sizeof defaults);
}

typedef struct work {
    const smr_context *memory;
    smr_bounds *bounds;
    const smri_linear_index *index;
    const smri_weight_polytope *polytope;
    smri_inequalities inequalities; /* of the polytope */
    uint64_t most_nodes;
    size_t first;                   /* of this round */
    uint64_t *nodes;                /* by search: row x 2 */
    atomic_bool out_of_memory;
} work;

/* ---- pairs ---- */

static void subtract(const work *w, size_t a, size_t b, double factor, double *difference)
{
    const uint32_t leaves = w->index->leaf_count;
    const double *x = w->index->values + a * leaves, *y = w->index->values + b * leaves;
    for (uint32_t leaf = 0; leaf < leaves; leaf++)
        difference[leaf] = (x[leaf] - y[leaf]) * factor;
}

static uint8_t verdict_of(double least, double greatest)
{
    return least > ABOVE ? SMR_NECESSARY : greatest > ABOVE ? SMR_POSSIBLE : SMR_NEVER;
}

/* A row against those after it. */
static void compare_row(void *user, size_t part)
{
    work *w = user;
    const size_t a = w->first + part, n = w->index->row_count;
    smri_weight_scratch scratch;
    double *difference = smri_alloc(w->memory, w->index->leaf_count, sizeof *difference);
    if (!smri_weight_scratch_make(w->memory, w->polytope, &scratch) || !difference) {
        smri_weight_scratch_free(w->memory, &scratch);
        smri_free(w->memory, difference);
        atomic_store(&w->out_of_memory, true);
        return;
    }
    for (size_t b = a + 1; w->index->ranked[a] && b < n; b++) {
        if (!w->index->ranked[b])
            continue;
        subtract(w, a, b, 1 / w->index->range, difference);
        const double most = smri_weight_polytope_maximise(w->polytope, &scratch, difference, NULL);
        subtract(w, b, a, 1 / w->index->range, difference);
        const double least = -smri_weight_polytope_maximise(w->polytope, &scratch, difference, NULL);
        w->bounds->outranking[a * n + b] = verdict_of(least, most);
        w->bounds->outranking[b * n + a] = verdict_of(-most, -least);
    }
    smri_weight_scratch_free(w->memory, &scratch);
    smri_free(w->memory, difference);
}

/* ---- ranks ---- */

/* The best rank of a row (or the worst) over the regions that may be above it, but need not be. */
static bool search_row(work *w, size_t row, bool worst, const smri_weight_scratch *scratch, double *differences,
                       uint32_t *places)
{
    smr_bounds *bounds = w->bounds;
    const size_t n = w->index->row_count;
    const uint32_t leaves = w->index->leaf_count;
    uint32_t count = 0, always = 0;
    for (size_t other = 0; other < n; other++) {
        const uint8_t above = bounds->outranking[other * n + row];
        always += above == SMR_NECESSARY;
        if (above != SMR_POSSIBLE)
            continue;
        if (worst)
            subtract(w, other, row, 1 / w->index->range, differences + (size_t)count * leaves);
        else
            subtract(w, row, other, 1 / w->index->range, differences + (size_t)count * leaves);
        places[count++] = (uint32_t)other;
    }
    smri_bounds_search search = {
        .memory = w->memory,
        .polytope = w->polytope,
        .scratch = scratch,
        .inequalities = &w->inequalities,
        .differences = differences,
        .count = count,
        .outranking = bounds->outranking,
        .places = places,
        .place_count = n,
        .falls = !worst,
        .threshold = worst ? ABOVE : -ABOVE,
        .strict = worst,
        .start = w->polytope->centre,
        .most_nodes = w->most_nodes,
        .weights = (worst ? bounds->worst_weights : bounds->best_weights) + row * leaves,
    };
    if (!smri_bounds_search_run(&search))
        return false;
    const uint32_t reached = worst ? always + search.reached : always + count - search.reached;
    const uint32_t bound = worst ? always + search.bound : always + count - search.bound;
    bounds->columns[worst ? SMR_BOUNDS_RANK_WORST : SMR_BOUNDS_RANK_BEST][row] = 1.0 + bound;
    bounds->columns[worst ? SMR_BOUNDS_WORST_REACHED : SMR_BOUNDS_BEST_REACHED][row] = 1.0 + reached;
    w->nodes[2 * row + worst] = search.nodes;
    return true;
}

static void search_part(void *user, size_t part)
{
    work *w = user;
    const size_t search = w->first + part, row = search / 2;
    if (!w->index->ranked[row])
        return;
    smri_weight_scratch scratch = {.memory = NULL};
    size_t cells = 0;
    double *differences = smri_product(w->index->row_count, w->index->leaf_count, &cells)
                              ? smri_alloc(w->memory, cells, sizeof *differences)
                              : NULL;
    uint32_t *places = smri_alloc(w->memory, w->index->row_count, sizeof *places);
    if (!differences || !places || !smri_weight_scratch_make(w->memory, w->polytope, &scratch) ||
        !search_row(w, row, search % 2 == 1, &scratch, differences, places))
        atomic_store(&w->out_of_memory, true);
    smri_weight_scratch_free(w->memory, &scratch);
    smri_free(w->memory, differences);
    smri_free(w->memory, places);
}

/* ---- the whole ---- */

/* `count` parts in rounds, between which the progress callback is asked; `done` of `total` were done before. */
static smr_status run_rounds(work *w, size_t count, smri_task task, uint64_t done, uint64_t total, smr_error *error)
{
    const size_t round = (size_t)w->memory->threads * SEARCHES_A_THREAD;
    for (w->first = 0; w->first < count; w->first += round) {
        smri_parallel(w->memory, SMRI_MIN(round, count - w->first), task, w);
        if (atomic_load(&w->out_of_memory))
            return smri_fail_memory(error);
        if (smri_cancelled(w->memory, done + SMRI_MIN(w->first + round, count), total, error))
            return SMR_ERROR_CANCELLED;
    }
    return SMR_OK;
}

static bool make_columns(smr_bounds *bounds, const smri_linear_index *index)
{
    const size_t n = index->row_count;
    size_t pairs, cells;
    if (!smri_product(n, n, &pairs) || !smri_product(n, index->leaf_count, &cells))
        return false;
    for (int i = 0; i < SMRI_BOUNDS_COLUMNS; i++) {
        bounds->columns[i] = smri_arena_alloc(&bounds->arena, n, sizeof(double));
        if (!bounds->columns[i])
            return false;
        for (size_t row = 0; row < n; row++)
            bounds->columns[i][row] = NAN;
    }
    bounds->ranked = smri_arena_alloc(&bounds->arena, n, sizeof *bounds->ranked);
    bounds->rows = smri_arena_alloc(&bounds->arena, n, sizeof *bounds->rows);
    bounds->outranking = smri_arena_calloc(&bounds->arena, pairs, 1);
    bounds->best_weights = smri_arena_calloc(&bounds->arena, cells, sizeof(double));
    bounds->worst_weights = smri_arena_calloc(&bounds->arena, cells, sizeof(double));
    if (!bounds->ranked || !bounds->rows || !bounds->outranking || !bounds->best_weights || !bounds->worst_weights)
        return false;
    memcpy(bounds->columns[SMR_BOUNDS_SCORE], index->scores, n * sizeof(double));
    memcpy(bounds->columns[SMR_BOUNDS_RANK], index->ranks, n * sizeof(double));
    memcpy(bounds->ranked, index->ranked, n * sizeof *bounds->ranked);
    memcpy(bounds->rows, index->rows, n * sizeof *bounds->rows);
    bounds->row_count = n;
    bounds->leaf_count = index->leaf_count;
    bounds->dataset = smr_dataset_ref(index->dataset);
    return true;
}

static smr_status fill(smr_bounds *bounds, const smri_linear_index *index, const smri_weight_polytope *polytope,
                       uint64_t most_nodes, smr_error *error)
{
    const smr_context *memory = index->memory;
    const size_t n = index->row_count;
    work w = {.memory = memory, .bounds = bounds, .index = index, .polytope = polytope, .most_nodes = most_nodes};
    atomic_init(&w.out_of_memory, false);
    w.nodes = smri_calloc(memory, n, 2 * sizeof *w.nodes);
    smr_status status = make_columns(bounds, index) && smri_inequalities_make(memory, polytope, &w.inequalities) && w.nodes
                            ? SMR_OK
                            : smri_fail_memory(error);
    if (status == SMR_OK)
        status = run_rounds(&w, n, compare_row, 0, 3 * (uint64_t)n, error);
    if (status == SMR_OK)
        status = run_rounds(&w, 2 * n, search_part, n, 3 * (uint64_t)n, error);
    for (size_t row = 0; status == SMR_OK && row < n; row++) {
        bounds->nodes += w.nodes[2 * row] + w.nodes[2 * row + 1];
        if (!bounds->ranked[row])
            continue;
        bounds->unproven += bounds->columns[SMR_BOUNDS_RANK_BEST][row] != bounds->columns[SMR_BOUNDS_BEST_REACHED][row];
        bounds->unproven +=
            bounds->columns[SMR_BOUNDS_RANK_WORST][row] != bounds->columns[SMR_BOUNDS_WORST_REACHED][row];
    }
    smri_inequalities_free(memory, &w.inequalities);
    smri_free(memory, w.nodes);
    return status;
}

static smr_bounds *new_bounds(smr_context *context, const smr_model *model)
{
    const smr_context *memory = smri_context(context);
    smr_bounds *made = smri_calloc(memory, 1, sizeof *made);
    if (!made)
        return NULL;
    atomic_init(&made->references, 1);
    made->context = smr_context_ref(context);
    smri_arena_init(&made->arena, memory);
    made->model = smr_model_ref(smri_mutable(model));
    return made;
}

smr_status smri_bounds_run(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                           const smri_value *weights, const char *source_name, const smr_bounds_options *options,
                           smr_bounds **bounds, smr_error *error)
{
    smr_bounds_options known;
    smr_bounds_options_init(&known, sizeof known);
    smr_status status = smri_options_read(&known, sizeof known, options, "smr_bounds_options", error);
    if (status == SMR_OK && known.most_nodes == 0)
        status = smri_fail_argument(error, "most_nodes", "1 or more");
    smr_bounds *made = status == SMR_OK ? new_bounds(context, model) : NULL;
    if (!made)
        return status == SMR_OK ? smri_fail_memory(error) : status;
    smri_weight_set set;
    smri_weight_polytope polytope;
    smri_linear_index index = {.memory = smri_context(context)};
    status = smri_weight_set_read(&made->arena, model, weights, source_name, &set, error);
    made->distribution = set.distribution;
    if (status == SMR_OK)
        status = smri_weight_polytope_make(&made->arena, model, &set, &polytope, error);
    if (status == SMR_OK)
        status = smri_linear_index_make(context, model, dataset, known.period, NULL, polytope.dead, &index, error);
    if (status == SMR_OK) {
        status = fill(made, &index, &polytope, known.most_nodes, error);
        smri_linear_index_free(&index);
    }
    if (status != SMR_OK) {
        smr_bounds_unref(made);
        return status;
    }
    *bounds = made;
    return SMR_OK;
}

/* ---- the handle ---- */

smr_bounds *smr_bounds_ref(smr_bounds *bounds)
{
    if (bounds)
        atomic_fetch_add_explicit(&bounds->references, 1, memory_order_relaxed);
    return bounds;
}

void smr_bounds_unref(smr_bounds *bounds)
{
    if (!bounds || atomic_fetch_sub_explicit(&bounds->references, 1, memory_order_acq_rel) != 1)
        return;
    smr_context *context = bounds->context;
    smr_model_unref(bounds->model);
    smr_dataset_unref(bounds->dataset);
    smri_arena_free(&bounds->arena);
    smri_free(smri_context(context), bounds);
    smr_context_unref(context);
}

size_t smr_bounds_row_count(const smr_bounds *bounds)
{
    return bounds ? bounds->row_count : 0;
}

const char *smr_bounds_region(const smr_bounds *bounds, size_t row)
{
    return bounds && row < bounds->row_count ? smr_dataset_region(bounds->dataset, bounds->rows[row]) : NULL;
}

const smr_framework *smr_bounds_framework(const smr_bounds *bounds)
{
    return bounds ? bounds->model->framework : NULL;
}

const double *smr_bounds_column(const smr_bounds *bounds, int32_t column)
{
    return bounds && column >= 0 && column < SMRI_BOUNDS_COLUMNS ? bounds->columns[column] : NULL;
}

const uint8_t *smr_bounds_outranking(const smr_bounds *bounds)
{
    return bounds ? bounds->outranking : NULL;
}

const double *smr_bounds_weights(const smr_bounds *bounds, size_t row, int32_t column)
{
    if (!bounds || row >= bounds->row_count || !bounds->ranked[row])
        return NULL;
    const double *weights = column == SMR_BOUNDS_BEST_REACHED    ? bounds->best_weights
                            : column == SMR_BOUNDS_WORST_REACHED ? bounds->worst_weights
                                                                 : NULL;
    return weights ? weights + row * bounds->leaf_count : NULL;
}

uint64_t smr_bounds_unproven(const smr_bounds *bounds)
{
    return bounds ? bounds->unproven : 0;
}

uint64_t smr_bounds_nodes(const smr_bounds *bounds)
{
    return bounds ? bounds->nodes : 0;
}
