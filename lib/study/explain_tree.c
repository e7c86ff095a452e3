/* SPDX-License-Identifier: MIT */
/* From the root down: what a node brings to the index is `fixed + slope a - other b`, linear in the scores of the two
 * regions (one alone: without b). Its children share the scores by their parts of them, and what is fixed by weight. */

#include "study/explain_impl.h"

/* By node. */
typedef struct state {
    double *value;                  /* what it brings; of inner nodes fixed + slope a - other b */
    double *fixed, *slope, *other, *error;
    bool *here;                     /* takes part in its parent, whose parents do */
} state;

static bool make_state(const smri_explainer *e, state *s)
{
    const size_t nodes = e->framework->node_count;
    s->value = smri_arena_calloc(e->arena, nodes, sizeof *s->value);
    s->fixed = smri_arena_calloc(e->arena, nodes, sizeof *s->fixed);
    s->slope = smri_arena_calloc(e->arena, nodes, sizeof *s->slope);
    s->other = smri_arena_calloc(e->arena, nodes, sizeof *s->other);
    s->error = smri_arena_calloc(e->arena, nodes, sizeof *s->error);
    s->here = smri_arena_calloc(e->arena, nodes, sizeof *s->here);
    return s->value && s->fixed && s->slope && s->other && s->error && s->here;
}

static double score_of(const smri_side *side, uint32_t node)
{
    return side ? side->scores[node] : NAN;
}

/* Hands on what the parts of one score, or of a difference, make of the node's line. `sign`: -1 for the second region
 * by itself. */
static void hand_on(const smri_explainer *e, uint32_t node, const smri_parts *parts, double slope, bool both,
                    double sign, const smri_side *a, const smri_side *b, state *s)
{
    const smri_node *nodes = e->framework->nodes;
    const double whole = both ? score_of(a, node) - score_of(b, node) : score_of(sign > 0 ? a : b, node);
    uint32_t place = 0;
    for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling, place++) {
        const uint32_t c = (uint32_t)child;
        const double part = parts->part[place];
        const double passed = s->error[node] * (whole != 0 ? part / whole : parts->share[place]);
        const double own = slope * parts->error[place];
        s->value[c] += sign * slope * part;
        s->fixed[c] += sign * slope * parts->fixed[place];
        *(sign > 0 ? &s->slope[c] : &s->other[c]) += slope * parts->slope[place];
        s->other[c] += both ? slope * parts->other[place] : 0;
        s->error[c] = sqrt(s->error[c] * s->error[c] + passed * passed + own * own);
        s->here[c] |= parts->here[place];
    }
}

/* A node without a score that counts all the same (policy `zero`): its children share what it brings by weight. */
static void hand_down(const smri_explainer *e, uint32_t node, const smri_walk *walk, state *s)
{
    const smri_node *nodes = e->framework->nodes;
    for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling) {
        walk->weight[child] = e->model->shares[child];
        s->fixed[child] = s->value[child] = s->fixed[node] * e->model->shares[child];
        s->here[child] = s->here[node];
    }
}

/* Shares of the children of a node, over those that take part in one region or the other. */
static void keep_shares(const smri_explainer *e, uint32_t node, const smri_parts *first, const smri_parts *second,
                        const smri_walk *walk)
{
    const smri_node *nodes = e->framework->nodes;
    uint32_t place = 0;
    for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling, place++)
        walk->weight[child] = second ? (first->share[place] + second->share[place]) / 2 : first->share[place];
}

static smr_status visit(const smri_explainer *e, uint32_t node, const smri_side *a, const smri_side *b,
                        const smri_walk *walk, state *s, smr_error *error)
{
    const bool in_a = score_of(a, node) == score_of(a, node), in_b = score_of(b, node) == score_of(b, node);
    const smri_node *nodes = e->framework->nodes;
    smri_parts one, other;
    bool defined = false;
    smr_status status = SMR_OK;
    if (!in_a && !in_b) {
        hand_down(e, node, walk, s);
        return SMR_OK;
    }
    if (in_a && in_b && s->slope[node] == s->other[node])
        status = smri_explain_difference(e, node, a, b, &one, &defined, error);
    if (status != SMR_OK)
        return status;
    if (defined) {
        hand_on(e, node, &one, s->slope[node], true, 1, a, b, s);
    } else {
        if (in_a)
            status = smri_explain_node(e, node, a, &one, error);
        if (status == SMR_OK && in_b)
            status = smri_explain_node(e, node, b, in_a ? &other : &one, error);
        if (status == SMR_OK && in_a)
            hand_on(e, node, &one, s->slope[node], false, 1, a, b, s);
        if (status == SMR_OK && in_b)
            hand_on(e, node, in_a ? &other : &one, s->other[node], false, -1, a, b, s);
    }
    if (status == SMR_OK)
        keep_shares(e, node, &one, !defined && in_a && in_b ? &other : NULL, walk);
    for (int32_t child = nodes[node].first_child; status == SMR_OK && child >= 0; child = nodes[child].next_sibling) {
        s->value[child] += s->fixed[node] * walk->weight[child];
        s->fixed[child] += s->fixed[node] * walk->weight[child];
    }
    return status;
}

/* An inner node is the sum of its leaves, rounded once. */
static double sum_of_leaves(const smr_framework *framework, uint32_t node, const double *contribution)
{
    smri_exact_sum sum;
    smri_exact_sum_init(&sum);
    for (int32_t below = (int32_t)node; below < framework->nodes[node].end; below++)
        if (framework->nodes[below].indicator >= 0 && fabs(contribution[below]) <= DBL_MAX)
            smri_exact_sum_add(&sum, contribution[below]);
    return sum.count > 0 ? smri_exact_sum_value(&sum) : NAN;
}

static void read_off(const smri_explainer *e, const smri_walk *walk, const state *s)
{
    const smr_framework *framework = e->framework;
    for (uint32_t node = 0; node < framework->node_count; node++) {
        const int32_t parent = framework->nodes[node].parent;
        walk->effective[node] = parent < 0 ? 1 : walk->effective[parent] * walk->weight[node];
        walk->error[node] = s->here[node] ? s->error[node] : NAN;
        walk->contribution[node] = s->here[node] ? s->value[node] + 0.0 : NAN;
    }
    for (uint32_t node = 0; node < framework->node_count; node++)
        if (framework->nodes[node].indicator < 0 && s->here[node])
            walk->contribution[node] = sum_of_leaves(framework, node, walk->contribution);
}

smr_status smri_explain_tree(const smri_explainer *e, const smri_side *a, const smri_side *b, const smri_walk *walk,
                             smr_error *error)
{
    const smr_framework *framework = e->framework;
    const bool computed = score_of(a, 0) == score_of(a, 0) && (!b || score_of(b, 0) == score_of(b, 0));
    state s;
    if (!make_state(e, &s))
        return smri_fail_memory(error);
    for (uint32_t node = 0; node < framework->node_count; node++) {
        walk->contribution[node] = walk->error[node] = walk->effective[node] = NAN;
        walk->weight[node] = computed ? 0 : NAN;
    }
    if (!computed)
        return SMR_OK;
    s.slope[0] = 1;
    s.other[0] = b ? 1 : 0;
    s.here[0] = true;
    walk->weight[0] = 1;
    smr_status status = SMR_OK;
    for (uint32_t node = 0; status == SMR_OK && node < framework->node_count; node++)
        if (framework->nodes[node].indicator < 0 && s.here[node])
            status = visit(e, node, a, b, walk, &s, error);
    if (status == SMR_OK)
        read_off(e, walk, &s);
    return status;
}
