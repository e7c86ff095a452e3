/* SPDX-License-Identifier: MIT */
/* One family into its parent: the missing policy around the node's own method. */

#include "engine/engine_impl.h"

/* present[i]: weight of the children that have a score; counts[i]: their number. */
static void count_present(const smr_model *model, uint32_t node, double *const *scores, size_t n, double *present,
                          double *counts)
{
    const smri_node *nodes = model->framework->nodes;
    for (size_t i = 0; i < n; i++)
        present[i] = counts[i] = 0;
    const uint8_t *left_out = model->variation ? model->variation->left_out : NULL;
    size_t place = 0;
    for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling, place++) {
        if (left_out && left_out[child])
            continue;
        const double *score = scores[place];
        const double weight = model->weights[child];
        for (size_t i = 0; i < n; i++) {
            const bool there = score[i] == score[i];
            present[i] += there ? weight : 0;
            counts[i] += there ? 1 : 0;
        }
    }
}

/* Children that count: all but those that a variation leaves out. */
static uint32_t count_children(const smr_model *model, uint32_t node)
{
    const smri_node *nodes = model->framework->nodes;
    const uint8_t *left_out = model->variation ? model->variation->left_out : NULL;
    uint32_t count = (uint32_t)nodes[node].child_count;
    for (int32_t child = nodes[node].first_child; left_out && child >= 0; child = nodes[child].next_sibling)
        count -= left_out[child] ? 1 : 0;
    return count;
}

static void put_zeros(double *const *scores, uint32_t count, size_t n)
{
    for (uint32_t child = 0; child < count; child++)
        for (size_t i = 0; i < n; i++)
            if (scores[child][i] != scores[child][i])
                scores[child][i] = 0;
}

/* What the policy says of each row; under `zero` the holes are filled. */
static void judge(const smr_model *model, uint32_t node, double *const *scores, size_t n, double *present,
                  double *counts, uint8_t *statuses)
{
    const smri_resolved *plan = &model->plan;
    const uint32_t count = count_children(model, node);
    const double total = model->totals[node];
    count_present(model, node, scores, n, present, counts);
    for (size_t i = 0; i < n; i++) {
        const double share = plan->coverage_by_count ? counts[i] / count : present[i] / total;
        statuses[i] = SMR_CELL_OK;
        if (plan->policy != SMRI_POLICY_ZERO && !(present[i] > 0))
            statuses[i] = SMR_CELL_NOT_COMPUTED;
        else if (plan->policy == SMRI_POLICY_FAIL && counts[i] < count)
            statuses[i] = SMR_CELL_NOT_COMPUTED;
        else if (share < plan->min_coverage)
            statuses[i] = SMR_CELL_LOW_COVERAGE;
    }
    if (plan->policy == SMRI_POLICY_ZERO)
        put_zeros(scores, (uint32_t)model->framework->nodes[node].child_count, n);
}

smr_status smri_node_judge(const smr_context *memory, const smr_model *model, uint32_t node, double *const *scores,
                           size_t n, uint8_t *statuses, smr_error *error)
{
    const uint32_t count = (uint32_t)model->framework->nodes[node].child_count;
    double *present = smri_alloc(memory, n, sizeof *present), *counts = smri_alloc(memory, n, sizeof *counts);
    const bool fine = present && counts;
    if (fine)
        judge(model, node, scores, n, present, counts, statuses);
    for (size_t i = 0; fine && i < n; i++)
        for (uint32_t child = 0; statuses[i] != SMR_CELL_OK && child < count; child++)
            scores[child][i] = NAN;
    smri_free(memory, present);
    smri_free(memory, counts);
    return fine ? SMR_OK : smri_fail_memory(error);
}

void smri_node_run(const smr_model *model, uint32_t node, const smri_family *family, double *out, uint8_t *statuses)
{
    const smri_resolved *plan = &model->plan;
    const uint32_t count = (uint32_t)model->framework->nodes[node].child_count;
    const size_t n = family->n;
    double *present = family->scratch, *aggregate_scratch = family->scratch + n;
    judge(model, node, family->scores, n, present, out, statuses); /* out: until the method writes there */
    const smri_children children = {
        .context = family->context,
        .kernels = family->kernels,
        .framework = model->framework,
        .node = node,
        .scores = (const double *const *)family->scores,
        .weights = model->child_weights + model->child_starts[node],
        .count = count,
        .n = n,
        .low = model->child_low[node],
        .high = model->child_high[node],
        .scratch = aggregate_scratch,
        .fitted = &model->aggregate[node],
    };
    const smri_choice *choice = &plan->aggregate[node];
    uint8_t *before = (uint8_t *)(void *)present; /* the shares have been used */
    memcpy(before, statuses, n);
    choice->method->aggregate(choice, &children, out, statuses);
    for (size_t i = 0; i < n; i++) {
        if (before[i] == SMR_CELL_OK && (statuses[i] != SMR_CELL_OK || fabs(out[i]) <= DBL_MAX))
            continue;
        statuses[i] = before[i] != SMR_CELL_OK ? before[i] : SMR_CELL_NOT_COMPUTED; /* beyond the range of numbers */
        out[i] = NAN;
    }
}
