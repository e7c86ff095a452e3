/* SPDX-License-Identifier: MIT */
/* Rows through the whole tree, a block at a time so that everything between raw value and index stays in cache. Every
 * row's arithmetic is the same whatever block, thread or kernel it falls to. */

#include "engine/engine_impl.h"

/* What one thread works with; arrays by node, each SMRI_BLOCK long. */
typedef struct workspace {
    uint32_t first;                 /* the node that is evaluated: there is room for its subtree alone */
    double **scores, **coverages;   /* the whole tree's, filled in for the subtree */
    uint8_t **statuses;
    double **family_scores;         /* the children of one node */
    const double **columns;         /* the raw columns of one family, with maps and weights */
    smri_affine *maps;
    double *weights;
    double *scratch;                /* 5 x SMRI_BLOCK */
    double *denominator;
    uint32_t *groups;
    double *own;                    /* scores and coverages when they do not go straight to the results */
    uint8_t *own_statuses;
    void *memory;
} workspace;

/* The rows of one block and where they are. */
typedef struct block {
    size_t start, n;                /* places in view->rows, or rows */
    uint32_t set;
} block;

typedef struct run {
    const smr_context *memory;
    const smri_kernels *kernels;
    const smri_view *view;
    const smri_results *results;
    size_t block_count, part_count;
    size_t first_block;             /* of this round */
    size_t blocks_in_round;
    atomic_bool out_of_memory;
    /* per part: the first row that a method cannot take */
    size_t *bad_row;
    uint32_t *bad_node;
} run;

static bool make_workspace(const run *r, workspace *w)
{
    const smr_framework *framework = r->view->model->framework;
    const uint32_t top = r->results->top;
    const size_t nodes = framework->node_count, below = (size_t)framework->nodes[top].end - top;
    const size_t widest = r->view->model->widest_family;
    size_t bytes = 0, one = 0;
    *w = (workspace){.first = top};
    /* pointers, then doubles, then statuses */
    if (!smri_product(below, SMRI_BLOCK * (2 * sizeof(double) + 1), &bytes) ||
        !smri_product(nodes, 3 * sizeof(void *), &one) || !smri_sum(bytes, one, &bytes) ||
        !smri_product(widest, 2 * sizeof(double *) + sizeof(smri_affine) + sizeof(double), &one) || !smri_sum(bytes, one, &bytes) ||
        !smri_sum(bytes, SMRI_BLOCK * (6 * sizeof(double) + sizeof(uint32_t)), &bytes))
        return false;
    w->memory = smri_alloc(r->memory, bytes, 1);
    if (!w->memory)
        return false;
    void **pointers = w->memory;
    w->scores = (double **)pointers;
    w->coverages = (double **)(pointers + nodes);
    w->statuses = (uint8_t **)(pointers + 2 * nodes);
    w->family_scores = (double **)(pointers + 3 * nodes);
    w->columns = (const double **)(pointers + 3 * nodes + widest);
    w->maps = (smri_affine *)(void *)(pointers + 3 * nodes + 2 * widest);
    w->weights = (double *)(void *)(w->maps + widest);
    double *doubles = w->weights + widest;
    w->scratch = doubles;
    w->denominator = doubles + (size_t)5 * SMRI_BLOCK;
    doubles += (size_t)6 * SMRI_BLOCK;
    w->own = doubles;
    w->groups = (uint32_t *)(void *)(doubles + 2 * below * SMRI_BLOCK);
    w->own_statuses = (uint8_t *)(void *)(w->groups + SMRI_BLOCK);
    return true;
}

/* Where a node's results go: straight to where they are kept, when rows follow one another and nothing changes them
 * afterwards (policy zero does), else to the workspace. */
static void aim(const run *r, const block *b, workspace *w, uint32_t node)
{
    const smri_results *results = r->results;
    const bool straight = !r->view->rows && r->view->model->plan.policy != SMRI_POLICY_ZERO;
    const size_t place = node - w->first;
    double *own = w->own + 2 * place * SMRI_BLOCK;
    w->scores[node] = straight && results->scores[node] ? results->scores[node] + b->start : own;
    w->coverages[node] = straight && results->coverages[node] ? results->coverages[node] + b->start : own + SMRI_BLOCK;
    w->statuses[node] = straight && results->statuses[node] ? results->statuses[node] + b->start
                                                            : w->own_statuses + place * SMRI_BLOCK;
}

static void gather(const smri_view *view, const block *b, const double *column, double *x)
{
    if (!column)
        for (size_t i = 0; i < b->n; i++)
            x[i] = NAN;
    else if (!view->rows)
        memcpy(x, column + b->start, b->n * sizeof *x);
    else
        for (size_t i = 0; i < b->n; i++)
            x[i] = column[view->rows[b->start + i]];
}

static void gather_statuses(const smri_view *view, const block *b, const uint8_t *column, uint8_t *statuses)
{
    for (size_t i = 0; i < b->n; i++)
        statuses[i] = column[view->rows ? view->rows[b->start + i] : b->start + i];
}

/* A leaf is covered when its score comes from an observed value. */
static void cover_leaf(const workspace *w, uint32_t node, size_t n)
{
    const double *x = w->scores[node];
    const uint8_t *status = w->statuses[node];
    for (size_t i = 0; i < n; i++)
        w->coverages[node][i] = x[i] == x[i] && (status[i] == SMR_CELL_OK || status[i] == SMR_CELL_CONSTANT) ? 1 : 0;
}

/* A node that was scored for all regions before. */
static void fetch_whole(const run *r, const block *b, const workspace *w, uint32_t node)
{
    const smri_whole *whole = &r->view->wholes[node];
    gather(r->view, b, whole->scores, w->scores[node]);
    gather(r->view, b, whole->coverages, w->coverages[node]);
    gather_statuses(r->view, b, whole->statuses, w->statuses[node]);
}

static void run_leaf(const run *r, const block *b, workspace *w, uint32_t node)
{
    const smri_view *view = r->view;
    const smr_model *model = view->model;
    const uint32_t indicator = (uint32_t)model->framework->nodes[node].indicator;
    const uint32_t *groups = NULL;
    double *x = w->scores[node];
    if (view->prepared && view->prepared[indicator]) {
        gather(view, b, view->prepared[indicator], x);
        gather_statuses(view, b, view->prepared_statuses[indicator], w->statuses[node]);
        smri_leaf_run_imputed(model, r->kernels, b->set, indicator, SMRI_STAGE_NORMALISE, x, w->statuses[node], b->n);
        cover_leaf(w, node, b->n);
        return;
    }
    gather(view, b, view->columns[indicator], x);
    if (model->impute_groups[indicator] != SMRI_NONE) {
        const uint32_t *codes = view->groups[model->impute_groups[indicator]];
        for (size_t i = 0; i < b->n; i++)
            w->groups[i] = codes[view->rows ? view->rows[b->start + i] : b->start + i];
        groups = w->groups;
    }
    if (model->denominators[indicator] != SMRI_NONE && !view->denominated)
        gather(view, b, view->denominators[indicator], w->denominator);
    smri_leaf_run(model, r->kernels, b->set, indicator, SMRI_STAGE_NORMALISE, view->denominated, w->denominator, groups,
                  x, w->statuses[node], b->n);
    cover_leaf(w, node, b->n);
}

static void cover(const smr_model *model, uint32_t node, const workspace *w, size_t n)
{
    const smri_node *nodes = model->framework->nodes;
    double *coverage = w->coverages[node];
    for (size_t i = 0; i < n; i++)
        coverage[i] = 0;
    for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling)
        for (size_t i = 0; i < n; i++)
            coverage[i] += model->weights[child] * w->coverages[child][i];
    for (size_t i = 0; i < n; i++)
        coverage[i] /= model->totals[node];
}

/* A family of simple leaves under a weighted mean, straight from the raw columns. false: some result is not finite,
 * and the general way must say why. */
static bool run_direct(const run *r, const block *b, const workspace *w, uint32_t node)
{
    const smri_view *view = r->view;
    const smr_model *model = view->model;
    const smri_node *nodes = model->framework->nodes;
    const smri_choice *choice = &model->plan.aggregate[node];
    const bool geometric = choice->method->aggregate == smri_aggregate_geometric;
    const double epsilon = geometric ? smri_zero_epsilon(choice, model->child_low[node], model->child_high[node]) : 0;
    double *sum = w->scores[node], *weight = w->coverages[node];
    uint8_t *status = w->statuses[node];
    for (size_t i = 0; i < b->n; i++)
        sum[i] = weight[i] = 0;
    size_t count = 0;
    for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling) {
        const uint32_t indicator = (uint32_t)nodes[child].indicator;
        if (!view->columns[indicator] || model->weights[child] == 0)
            continue;
        w->columns[count] = view->columns[indicator] + b->start;
        w->maps[count] = model->leaves[(size_t)b->set * model->framework->indicator_count + indicator].map;
        w->weights[count++] = model->weights[child];
    }
    if (geometric)
        for (size_t i = 0; i < count; i++)
            r->kernels->affine_weighted_log_add(w->columns[i], b->n, &w->maps[i], w->weights[i], epsilon, sum, weight);
    else
        r->kernels->affine_weighted_add_many(w->columns, count, b->n, w->maps, w->weights, sum, weight);
    r->kernels->quotient(sum, weight, b->n, sum);
    if (geometric)
        r->kernels->exp(sum, b->n, sum);
    const double total = model->totals[node], least = model->plan.min_coverage;
    size_t wrong = 0, low = 0;
    for (size_t i = 0; i < b->n; i++) {
        const bool none = !(weight[i] > 0);
        wrong += !(fabs(sum[i]) <= DBL_MAX) && !none;
        weight[i] /= total;
        status[i] = none ? SMR_CELL_NOT_COMPUTED : SMR_CELL_OK;
        low += !none && weight[i] < least;
    }
    for (size_t i = 0; low > 0 && i < b->n; i++) {
        if (status[i] != SMR_CELL_OK || !(weight[i] < least))
            continue;
        status[i] = SMR_CELL_LOW_COVERAGE;
        sum[i] = NAN;
    }
    return wrong == 0;
}

static bool is_kept(const smri_results *results, int32_t node)
{
    return results->scores[node] || results->coverages[node] || results->statuses[node];
}

/* Is anything in the subtree kept? */
static bool keeps_below(const run *r, uint32_t node)
{
    const int32_t end = r->view->model->framework->nodes[node].end;
    for (int32_t below = (int32_t)node; below < end; below++)
        if (is_kept(r->results, below))
            return true;
    return false;
}

/* Results that did not go straight to their place. */
static void store(const run *r, const block *b, const workspace *w, uint32_t node)
{
    const smri_results *results = r->results;
    double *score = results->scores[node], *coverage = results->coverages[node];
    uint8_t *status = results->statuses[node];
    if (!r->view->rows && (!score || w->scores[node] == score + b->start) &&
        (!coverage || w->coverages[node] == coverage + b->start) && (!status || w->statuses[node] == status + b->start))
        return;
    for (size_t i = 0; i < b->n; i++) {
        const size_t row = r->view->rows ? r->view->rows[b->start + i] : b->start + i;
        if (score)
            score[row] = w->scores[node][i];
        if (coverage)
            coverage[row] = w->coverages[node][i];
        if (status)
            status[row] = w->statuses[node][i];
    }
}

static void note_bad(const run *r, const block *b, const workspace *w, uint32_t node, size_t part)
{
    for (size_t i = 0; i < b->n; i++) {
        if (w->statuses[node][i] != SMR_CELL_OUT_OF_DOMAIN)
            continue;
        const size_t row = r->view->rows ? r->view->rows[b->start + i] : b->start + i;
        if (row < r->bad_row[part]) {
            r->bad_row[part] = row;
            r->bad_node[part] = node;
        }
        return;
    }
}

static void run_node(const run *r, const block *b, workspace *w, uint32_t node, size_t part)
{
    const smr_model *model = r->view->model;
    const smri_node *nodes = model->framework->nodes;
    aim(r, b, w, node);
    if (nodes[node].indicator >= 0) {
        run_leaf(r, b, w, node);
        store(r, b, w, node);
        return;
    }
    if (r->view->wholes && r->view->wholes[node].scores) {
        for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling)
            if (keeps_below(r, (uint32_t)child))
                run_node(r, b, w, (uint32_t)child, part);
        fetch_whole(r, b, w, node);
        store(r, b, w, node);
        return;
    }
    bool direct = model->direct[node] && !r->view->rows;
    for (int32_t child = nodes[node].first_child; direct && child >= 0; child = nodes[child].next_sibling)
        direct = !is_kept(r->results, child);
    if (!direct || !run_direct(r, b, w, node)) {
        uint32_t place = 0;
        for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling)
            run_node(r, b, w, (uint32_t)child, part);
        for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling)
            w->family_scores[place++] = w->scores[child];
        const smri_family family = {
            .context = r->memory,
            .kernels = r->kernels,
            .scores = w->family_scores,
            .n = b->n,
            .scratch = w->scratch,
        };
        smri_node_run(model, node, &family, w->scores[node], w->statuses[node]);
        cover(model, node, w, b->n);
        note_bad(r, b, w, node, part);
    }
    store(r, b, w, node);
}

static block find_block(const run *r, size_t index)
{
    const smri_view *view = r->view;
    for (uint32_t set = 0; set < view->model->set_count; set++) {
        const size_t start = view->set_starts[set], end = view->set_starts[set + 1];
        const size_t count = (end - start + SMRI_BLOCK - 1) / SMRI_BLOCK;
        if (index < count) {
            const size_t from = start + index * SMRI_BLOCK;
            return (block){.start = from, .n = SMRI_MIN((size_t)SMRI_BLOCK, end - from), .set = set};
        }
        index -= count;
    }
    return (block){.n = 0};
}

static size_t count_blocks(const smri_view *view)
{
    size_t count = 0;
    for (uint32_t set = 0; set < view->model->set_count; set++)
        count += (view->set_starts[set + 1] - view->set_starts[set] + SMRI_BLOCK - 1) / SMRI_BLOCK;
    return count;
}

static void run_part(void *user, size_t part)
{
    run *r = user;
    workspace w;
    if (!make_workspace(r, &w)) {
        atomic_store(&r->out_of_memory, true);
        return;
    }
    const size_t from = r->first_block + r->blocks_in_round * part / r->part_count;
    const size_t to = r->first_block + r->blocks_in_round * (part + 1) / r->part_count;
    for (size_t i = from; i < to; i++) {
        const block b = find_block(r, i);
        run_node(r, &b, &w, r->results->top, part);
    }
    smri_free(r->memory, w.memory);
}

/* Names the region, the child and its value for the first row that a method could not take. */
static smr_status fail_out_of_domain(const run *r, smr_error *error)
{
    size_t row = SIZE_MAX;
    uint32_t node = 0;
    for (size_t part = 0; part < r->part_count; part++) {
        if (r->bad_row[part] < row) {
            row = r->bad_row[part];
            node = r->bad_node[part];
        }
    }
    if (row == SIZE_MAX)
        return SMR_OK;
    const smr_framework *framework = r->view->model->framework;
    const smr_dataset *dataset = r->view->dataset;
    workspace w;
    if (!make_workspace(r, &w))
        return smri_fail_memory(error);
    smri_results nothing = *r->results;
    nothing.top = node;
    run alone = *r;
    alone.results = &nothing;
    block b = {.n = 0};
    for (size_t i = 0; i < r->block_count; i++) {
        b = find_block(r, i);
        if (r->view->rows) {
            size_t place = 0;
            while (place < b.n && r->view->rows[b.start + place] != row)
                place++;
            if (place == b.n)
                continue;
            b.start += place;
        } else if (row < b.start || row >= b.start + b.n) {
            continue;
        } else {
            b.start = row;
        }
        break;
    }
    b.n = 1;
    const char *child_id = "";
    char value[SMRI_NUMBER_SIZE] = "";
    for (int32_t child = framework->nodes[node].first_child; child >= 0; child = framework->nodes[child].next_sibling) {
        run_node(&alone, &b, &w, (uint32_t)child, 0);
        if (w.scores[child][0] <= 0) {
            child_id = framework->nodes[child].id;
            smri_number_write(value, w.scores[child][0]);
            break;
        }
    }
    smri_free(r->memory, w.memory);
    const smri_place place = smri_dataset_place(dataset, child_id, row);
    return smri_fail(error, SMR_MESSAGE_OUT_OF_DOMAIN, &place, smr_dataset_region(dataset, row), value, child_id,
                     r->view->model->plan.aggregate[node].method->name, framework->nodes[node].id);
}

/* Parts a round: more than threads, so that a busy core does not hold up the rest. */
#define PARTS_A_THREAD 4
/* Blocks between two questions to the progress callback. */
#define BLOCKS_A_ROUND 512

smr_status smri_blocks_run(smr_context *context, const smri_view *view, const smri_results *results, smr_error *error)
{
    const smr_context *memory = smri_context(context);
    run r = {.memory = memory, .kernels = smri_context_kernels(memory), .view = view, .results = results};
    atomic_init(&r.out_of_memory, false);
    r.block_count = count_blocks(view);
    const size_t round = memory->progress ? BLOCKS_A_ROUND : r.block_count;
    r.part_count = memory->threads <= 1 ? 1 : SMRI_MIN((size_t)memory->threads * PARTS_A_THREAD, r.block_count);
    r.bad_row = smri_alloc(memory, r.part_count, sizeof *r.bad_row);
    r.bad_node = smri_calloc(memory, r.part_count, sizeof *r.bad_node);
    smr_status status = r.bad_row && r.bad_node ? SMR_OK : smri_fail_memory(error);
    for (size_t part = 0; status == SMR_OK && part < r.part_count; part++)
        r.bad_row[part] = SIZE_MAX;
    while (status == SMR_OK && r.first_block < r.block_count) {
        r.blocks_in_round = SMRI_MIN(round, r.block_count - r.first_block);
        smri_parallel(memory, r.part_count, run_part, &r);
        r.first_block += r.blocks_in_round;
        if (atomic_load(&r.out_of_memory))
            status = smri_fail_memory(error);
        else if (smri_cancelled(memory, r.first_block, r.block_count, error))
            status = SMR_ERROR_CANCELLED;
    }
    if (status == SMR_OK)
        status = fail_out_of_domain(&r, error);
    smri_free(memory, r.bad_row);
    smri_free(memory, r.bad_node);
    return status;
}
