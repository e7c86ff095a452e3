/* SPDX-License-Identifier: MIT */
/* What holds under every weight of a set: first pair by pair, which decides most, then the best and the worst rank of
 * each region by a search over the pairs that are left. */

#include "study/bounds_impl.h"

/* Higher by more than this share of the range is above. */
#define ABOVE 1e-9

/* Searches that go on side by side, for each thread, and nodes of each between two questions to the progress
 * callback. */
#define SEARCHES_A_THREAD 4
#define NODES_A_ROUND 200

void smr_bounds_options_init(smr_bounds_options *options, size_t size)
{
    static const smr_bounds_options defaults = {.size = sizeof(smr_bounds_options), .most_nodes = 20000};
    smri_options_init(options, size, &defaults, sizeof defaults);
}

/* One search that goes on. */
typedef struct slot {
    bool active;
    size_t row;
    bool worst;
    uint32_t always;                /* regions above whatever the weights */
    smri_bounds_search search;
    double *differences;
    uint32_t *places;
    smri_weight_scratch scratch;
} slot;

typedef struct work {
    const smr_context *memory;
    smr_bounds *bounds;
    const smri_linear_index *index;
    const smri_weight_polytope *polytope;
    smri_inequalities inequalities; /* of the polytope */
    uint64_t most_nodes;
    size_t first;                   /* of this round */
    slot *slots;
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

static bool make_slot(const work *w, slot *one)
{
    size_t cells = 0;
    if (smri_product(w->index->row_count, w->index->leaf_count, &cells))
        one->differences = smri_alloc(w->memory, cells, sizeof *one->differences);
    one->places = smri_alloc(w->memory, w->index->row_count, sizeof *one->places);
    return smri_weight_scratch_make(w->memory, w->polytope, &one->scratch) && one->differences && one->places;
}

static void free_slot(const work *w, slot *one)
{
    smri_bounds_search_end(&one->search);
    smri_weight_scratch_free(w->memory, &one->scratch);
    smri_free(w->memory, one->differences);
    smri_free(w->memory, one->places);
}

/* The best rank of a row (or the worst) is one over the regions that may be above it, but need not be. */
static void assign(const work *w, slot *one, size_t row, bool worst)
{
    smr_bounds *bounds = w->bounds;
    const size_t n = w->index->row_count;
    const uint32_t leaves = w->index->leaf_count;
    uint32_t count = 0;
    one->row = row;
    one->worst = worst;
    one->always = 0;
    one->active = true;
    for (size_t other = 0; other < n; other++) {
        const uint8_t above = bounds->outranking[other * n + row];
        one->always += above == SMR_NECESSARY;
        if (above != SMR_POSSIBLE)
            continue;
        subtract(w, worst ? other : row, worst ? row : other, 1 / w->index->range,
                 one->differences + (size_t)count * leaves);
        one->places[count++] = (uint32_t)other;
    }
    one->search = (smri_bounds_search){
        .memory = w->memory,
        .polytope = w->polytope,
        .scratch = &one->scratch,
        .inequalities = &w->inequalities,
        .differences = one->differences,
        .count = count,
        .outranking = bounds->outranking,
        .places = one->places,
        .place_count = n,
        .falls = !worst,
        .threshold = worst ? ABOVE : -ABOVE,
        .strict = worst,
        .start = w->polytope->centre,
        .most_nodes = w->most_nodes,
        .weights = (worst ? bounds->worst_weights : bounds->best_weights) + row * leaves,
    };
}

static void search_slot(void *user, size_t part)
{
    work *w = user;
    slot *one = &w->slots[part];
    if (!one->active)
        return;
    if ((!one->search.searcher && !smri_bounds_search_begin(&one->search)) ||
        !smri_bounds_search_go_on(&one->search, NODES_A_ROUND))
        atomic_store(&w->out_of_memory, true);
}

static void keep_ranks(const work *w, slot *one)
{
    smr_bounds *bounds = w->bounds;
    smri_bounds_search_end(&one->search);
    const uint32_t count = one->search.count, reached = one->search.reached, bound = one->search.bound;
    double *const *columns = bounds->columns;
    if (one->worst) {
        columns[SMR_BOUNDS_WORST_REACHED][one->row] = 1.0 + one->always + reached;
        columns[SMR_BOUNDS_RANK_WORST][one->row] = 1.0 + one->always + bound;
    } else {
        columns[SMR_BOUNDS_BEST_REACHED][one->row] = 1.0 + one->always + (count - reached);
        columns[SMR_BOUNDS_RANK_BEST][one->row] = 1.0 + one->always + (count - bound);
    }
    bounds->nodes += one->search.nodes;
    bounds->unproven += reached != bound;
    one->active = false;
}

/* A search in every slot, a new one where one is finished, until there is none. */
static smr_status search_all(work *w, smr_error *error)
{
    const size_t n = w->index->row_count, count = (size_t)w->memory->threads * SEARCHES_A_THREAD;
    size_t next = 0, active = 0, done = 0;
    w->slots = smri_calloc(w->memory, count, sizeof *w->slots);
    smr_status status = w->slots ? SMR_OK : smri_fail_memory(error);
    for (size_t i = 0; status == SMR_OK && i < count; i++)
        if (!make_slot(w, &w->slots[i]))
            status = smri_fail_memory(error);
    while (status == SMR_OK) {
        for (size_t i = 0; i < count; i++) {
            while (!w->slots[i].active && next < 2 * n) {
                if (w->index->ranked[next / 2]) {
                    assign(w, &w->slots[i], next / 2, next % 2 == 1);
                    active++;
                }
                next++;
            }
        }
        if (active == 0)
            break;
        smri_parallel(w->memory, count, search_slot, w);
        for (size_t i = 0; i < count; i++) {
            if (!w->slots[i].active || !w->slots[i].search.finished)
                continue;
            keep_ranks(w, &w->slots[i]);
            active--;
            done++;
        }
        if (atomic_load(&w->out_of_memory))
            status = smri_fail_memory(error);
        else if (smri_cancelled(w->memory, n + done, 3 * (uint64_t)n, error))
            status = SMR_ERROR_CANCELLED;
    }
    for (size_t i = 0; w->slots && i < count; i++)
        free_slot(w, &w->slots[i]);
    smri_free(w->memory, w->slots);
    return status;
}

/* ---- the whole ---- */

static smr_status compare_all(work *w, smr_error *error)
{
    const size_t count = w->index->row_count, round = (size_t)w->memory->threads * SEARCHES_A_THREAD;
    for (w->first = 0; w->first < count; w->first += round) {
        smri_parallel(w->memory, SMRI_MIN(round, count - w->first), compare_row, w);
        if (atomic_load(&w->out_of_memory))
            return smri_fail_memory(error);
        if (smri_cancelled(w->memory, SMRI_MIN(w->first + round, count), 3 * (uint64_t)count, error))
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
    work w = {.memory = memory, .bounds = bounds, .index = index, .polytope = polytope, .most_nodes = most_nodes};
    atomic_init(&w.out_of_memory, false);
    smr_status status = make_columns(bounds, index) && smri_inequalities_make(memory, polytope, &w.inequalities)
                            ? SMR_OK
                            : smri_fail_memory(error);
    if (status == SMR_OK)
        status = compare_all(&w, error);
    if (status == SMR_OK)
        status = search_all(&w, error);
    smri_inequalities_free(memory, &w.inequalities);
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

/* The node of the options; *node 0 where they name none. */
static smr_status find_node(const smr_framework *framework, const char *id, uint32_t *node, smr_error *error)
{
    *node = 0;
    if (!id)
        return SMR_OK;
    if (!smri_table_find_composed(&framework->ids, id, node))
        return smri_fail_memory(error);
    const smri_place place = {.subject = "node"};
    char hint[SMRI_PLAN_TEXT];
    smri_did_you_mean(hint, smri_text_nearest(id, framework->ids.keys, framework->ids.count));
    if (*node == SMRI_NOT_FOUND)
        return smri_fail(error, SMR_MESSAGE_NAME_UNKNOWN, &place, "node", id, hint);
    return framework->nodes[*node].indicator < 0 ? SMR_OK
                                                 : smri_fail_argument(error, "node", "a node that has children");
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
    uint32_t top = 0;
    if (status == SMR_OK)
        status = find_node(model->framework, known.node, &top, error);
    smr_bounds *made = status == SMR_OK ? new_bounds(context, model) : NULL;
    if (!made)
        return status == SMR_OK ? smri_fail_memory(error) : status;
    smri_weight_set set;
    smri_weight_polytope polytope;
    smri_linear_index index = {.memory = smri_context(context)};
    status = smri_weight_set_read(&made->arena, model, weights, source_name, &set, error);
    made->distribution = set.distribution;
    made->top = top;
    if (status == SMR_OK && set.leaf_level && top > 0)
        status = smri_fail_plain(error, SMR_MESSAGE_BOUNDS_LEAF_LEVEL, NULL);
    if (status == SMR_OK)
        status = smri_weight_polytope_make(&made->arena, model, top, &set, &polytope, error);
    if (status == SMR_OK)
        status = smri_linear_index_make(context, model, dataset, top, known.period, NULL, polytope.dead, &index, error);
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

int64_t smr_bounds_node(const smr_bounds *bounds)
{
    return bounds ? (int64_t)bounds->top : -1;
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
