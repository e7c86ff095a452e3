/* SPDX-License-Identifier: MIT */
/* An index as a linear function of the weights of its leaves: what of a scorecard that needs, and when it holds. */

#include "study/bounds_impl.h"

typedef struct maker {
    smri_linear_index *index;
    const smr_model *model;
    const smr_dataset *dataset;     /* as scored: after roll-up and screen */
    uint32_t top;
    const char *const *only;        /* ids of two regions; NULL: all */
    smr_error *error;
} maker;

static const smri_node *leaf_node(const maker *m, uint32_t leaf)
{
    const smr_framework *framework = m->model->framework;
    return &framework->nodes[framework->indicators[leaf].node];
}

/* Every node arithmetic, or every node geometric; one child alone is passed on by both. */
static smr_status check_nodes(maker *m)
{
    const smr_framework *framework = m->model->framework;
    bool decided = false;
    for (uint32_t node = m->top; node < (uint32_t)framework->nodes[m->top].end; node++) {
        if (framework->nodes[node].indicator >= 0)
            continue;
        const smri_method *aggregate = m->model->plan.aggregate[node].method;
        const smri_method *weights = m->model->plan.weights[node].method;
        const bool geometric = aggregate->aggregate == smri_aggregate_geometric;
        const bool mean = (geometric || aggregate->aggregate == smri_aggregate_arithmetic) && !weights->score_rows;
        const bool alone = framework->nodes[node].child_count == 1;
        if (!mean || (decided && !alone && geometric != m->index->geometric)) {
            const smri_place place = {.source = framework->source_name, .subject = framework->nodes[node].id};
            return smri_fail(m->error, SMR_MESSAGE_BOUNDS_NODE, &place, framework->nodes[node].id,
                             weights->score_rows ? weights->name : aggregate->name);
        }
        if (!alone) {
            m->index->geometric = geometric;
            decided = true;
        }
    }
    if (!decided)
        m->index->geometric = m->model->plan.aggregate[m->top].method->aggregate == smri_aggregate_geometric;
    return SMR_OK;
}

static smr_status fail_cell(const maker *m, int32_t code, size_t row, uint32_t leaf)
{
    const smri_place place = smri_dataset_place(m->dataset, leaf_node(m, leaf)->id, m->index->rows[row]);
    return smri_fail(m->error, code, &place, smr_dataset_region(m->dataset, m->index->rows[row]),
                     leaf_node(m, leaf)->id);
}

/* Holes of one row as the policy has them. */
static smr_status judge_row(maker *m, const bool *dead, size_t row)
{
    const smri_resolved *plan = &m->model->plan;
    const uint32_t leaves = m->index->leaf_count;
    double *values = m->index->values + row * leaves;
    const double score = m->index->scores[row];
    uint32_t holes = 0, live = 0, first = leaves;
    for (uint32_t leaf = 0; leaf < leaves; leaf++) {
        const bool hole = values[leaf] != values[leaf];
        live += !dead[leaf];
        holes += hole && !dead[leaf];
        if (hole && !dead[leaf] && first == leaves)
            first = leaf;
    }
    /* no score whatever the weights */
    if ((plan->policy == SMRI_POLICY_FAIL && score != score) ||
        (plan->policy == SMRI_POLICY_RENORMALISE && holes == live)) {
        m->index->ranked[row] = false;
        return SMR_OK;
    }
    if (first < leaves && (plan->policy == SMRI_POLICY_RENORMALISE || plan->min_coverage > 0))
        return fail_cell(m, SMR_MESSAGE_BOUNDS_MISSING, row, first);
    for (uint32_t leaf = 0; leaf < leaves; leaf++)
        if (values[leaf] != values[leaf])
            values[leaf] = 0;
    return SMR_OK;
}

/* The least that a parent lets a child have; 0: no floor. */
static double floor_of(const maker *m, uint32_t parent)
{
    return smri_zero_epsilon(&m->model->plan.aggregate[parent], m->model->child_low[parent],
                             m->model->child_high[parent]);
}

/* Floors of inner nodes must not cut what floors of leaves let through. */
static smr_status check_floors(const maker *m, const double *least)
{
    const smri_node *nodes = m->model->framework->nodes;
    for (uint32_t node = m->top + 1; node < (uint32_t)nodes[m->top].end; node++) {
        if (nodes[node].indicator >= 0)
            continue;
        double below = INFINITY;
        for (int32_t other = (int32_t)node; other < nodes[node].end; other++)
            if (nodes[other].indicator >= 0)
                below = SMRI_MIN(below, least[nodes[other].indicator]);
        if (floor_of(m, (uint32_t)nodes[node].parent) > below) {
            const char *id = nodes[nodes[node].parent].id;
            const smri_place place = {.source = m->model->framework->source_name, .subject = id};
            return smri_fail(m->error, SMR_MESSAGE_BOUNDS_FLOOR, &place, id, nodes[node].id);
        }
    }
    return SMR_OK;
}

static smr_status take_logarithms(maker *m, const bool *dead, double *least)
{
    const uint32_t leaves = m->index->leaf_count;
    for (uint32_t leaf = 0; leaf < leaves; leaf++)
        least[leaf] = INFINITY;
    for (size_t row = 0; row < m->index->row_count; row++) {
        double *values = m->index->values + row * leaves;
        for (uint32_t leaf = 0; m->index->ranked[row] && leaf < leaves; leaf++) {
            const double epsilon = floor_of(m, (uint32_t)leaf_node(m, leaf)->parent);
            values[leaf] = dead[leaf] ? 1 : SMRI_MAX(values[leaf], epsilon);
            if (!(values[leaf] > 0))
                return fail_cell(m, SMR_MESSAGE_BOUNDS_NOT_POSITIVE, row, leaf);
            if (!dead[leaf])
                least[leaf] = SMRI_MIN(least[leaf], values[leaf]);
        }
    }
    const smr_status status = check_floors(m, least);
    const smri_kernels *kernels = smri_context_kernels(m->index->memory);
    for (size_t row = 0; status == SMR_OK && row < m->index->row_count; row++)
        if (m->index->ranked[row])
            kernels->log(m->index->values + row * leaves, leaves, m->index->values + row * leaves);
    return status;
}

/* Of the scores as declared; where they are not, or on logarithms, as found. */
static double find_range(const maker *m)
{
    const double declared = m->model->high[m->top] - m->model->low[m->top];
    if (!m->index->geometric && declared > 0 && declared <= DBL_MAX)
        return declared;
    double low = INFINITY, high = -INFINITY;
    const uint32_t leaves = m->index->leaf_count;
    for (size_t row = 0; row < m->index->row_count; row++)
        for (uint32_t leaf = 0; m->index->ranked[row] && leaf < leaves; leaf++) {
            low = SMRI_MIN(low, m->index->values[row * leaves + leaf]);
            high = SMRI_MAX(high, m->index->values[row * leaves + leaf]);
        }
    return high > low ? high - low : 1;
}

static bool is_wanted(const maker *m, size_t row)
{
    const char *id = smr_dataset_region(m->dataset, row);
    return !m->only || strcmp(id, m->only[0]) == 0 || strcmp(id, m->only[1]) == 0;
}

static smr_status choose_rows(maker *m, const char *period)
{
    const smr_dataset *dataset = m->dataset;
    uint32_t chosen = dataset->period_count ? dataset->period_count - 1 : 0;
    if (period) {
        chosen = smri_dataset_find_period(dataset, period);
        if (chosen == SMRI_NONE) {
            const smri_place place = {.source = dataset->source_name, .subject = "period"};
            char hint[SMRI_PLAN_TEXT];
            smri_did_you_mean(hint, smr_dataset_latest_period(dataset));
            return smri_fail(m->error, SMR_MESSAGE_PERIOD_UNKNOWN, &place, period, hint);
        }
    }
    m->index->rows = smri_alloc(m->index->memory, dataset->row_count, sizeof *m->index->rows);
    if (!m->index->rows)
        return smri_fail_memory(m->error);
    for (size_t row = 0; row < dataset->row_count; row++)
        if (smri_dataset_period_of(dataset, row) == chosen && is_wanted(m, row))
            m->index->rows[m->index->row_count++] = row;
    return SMR_OK;
}

static smr_status gather(maker *m, const smr_scorecard *card)
{
    smri_linear_index *index = m->index;
    const smr_context *memory = index->memory;
    size_t cells;
    double *ranks = smri_alloc(memory, card->row_count, sizeof *ranks);
    if (smri_product(index->row_count, index->leaf_count, &cells)) {
        index->values = smri_alloc(memory, cells, sizeof *index->values);
        index->scores = smri_alloc(memory, index->row_count, sizeof *index->scores);
        index->ranks = smri_alloc(memory, index->row_count, sizeof *index->ranks);
        index->ranked = smri_alloc(memory, index->row_count, sizeof *index->ranked);
    }
    const bool fine = ranks && index->values && index->scores && index->ranks && index->ranked;
    const smr_status status =
        fine ? smri_scorecard_rank(card, m->top, card->scores[m->top], ranks, m->error) : smri_fail_memory(m->error);
    for (size_t row = 0; status == SMR_OK && row < index->row_count; row++) {
        for (uint32_t leaf = 0; leaf < index->leaf_count; leaf++)
            index->values[row * index->leaf_count + leaf] =
                card->scores[m->model->framework->indicators[leaf].node][index->rows[row]];
        index->scores[row] = card->scores[m->top][index->rows[row]];
        index->ranks[row] = ranks[index->rows[row]];
        index->ranked[row] = true;
    }
    smri_free(memory, ranks);
    return status;
}

smr_status smri_linear_index_make(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                                  uint32_t top, const char *period, const char *const *only, const bool *dead,
                                  smri_linear_index *index, smr_error *error)
{
    *index = (smri_linear_index){.memory = smri_context(context), .leaf_count = model->framework->indicator_count};
    maker m = {.index = index, .model = model, .top = top, .only = only, .error = error};
    smr_status status = check_nodes(&m);
    smr_scorecard *card = NULL;
    smr_score_options options;
    smr_score_options_init(&options, sizeof options);
    options.keep = SMR_KEEP_ALL;
    if (status == SMR_OK)
        status = smr_model_score(context, model, dataset, &options, &card, error);
    if (status != SMR_OK)
        return status;
    m.dataset = card->view.dataset;
    index->dataset = smr_dataset_ref(card->view.dataset);
    double *least = smri_alloc(index->memory, index->leaf_count, sizeof *least);
    status = least ? choose_rows(&m, period) : smri_fail_memory(error);
    if (status == SMR_OK)
        status = gather(&m, card);
    for (size_t row = 0; status == SMR_OK && row < index->row_count; row++)
        status = judge_row(&m, dead, row);
    if (status == SMR_OK && index->geometric)
        status = take_logarithms(&m, dead, least);
    if (status == SMR_OK)
        index->range = find_range(&m);
    smri_free(index->memory, least);
    smr_scorecard_unref(card);
    if (status != SMR_OK)
        smri_linear_index_free(index);
    return status;
}

void smri_linear_index_free(smri_linear_index *index)
{
    smri_free(index->memory, index->rows);
    smri_free(index->memory, index->values);
    smri_free(index->memory, index->scores);
    smri_free(index->memory, index->ranks);
    smri_free(index->memory, index->ranked);
    smr_dataset_unref(index->dataset);
    *index = (smri_linear_index){.memory = index->memory};
}
