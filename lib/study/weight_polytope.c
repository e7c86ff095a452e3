/* SPDX-License-Identifier: MIT */
/* The closure of the set of weights that a specification draws from. A weight of a leaf is the product of the shares on
 * the way to it; the shares of each family lie in a polytope of their own, so that the whole is a polytope in the
 * weights of the leaves, and a linear function is greatest where each family by itself does its best. */

#include "study/bounds_impl.h"

/* ---- making ---- */

static void find_leaves(smri_weight_polytope *p)
{
    const smr_framework *framework = p->framework;
    uint32_t leaf = 0;
    for (uint32_t node = 0; node < framework->node_count; node++) {
        p->leaf_starts[node] = leaf;
        leaf += framework->nodes[node].indicator >= 0;
    }
    for (uint32_t node = 0; node < framework->node_count; node++) {
        const uint32_t end = (uint32_t)framework->nodes[node].end;
        p->leaf_ends[node] = end < framework->node_count ? p->leaf_starts[end] : leaf;
    }
}

/* Heaviest first; equal ones as they stand in the tree. */
static void put_in_order(smri_weight_polytope *p, const smri_weight_family *family)
{
    uint32_t *members = p->members + family->start;
    double *bases = p->bases + family->start;
    for (uint32_t i = 1; i < family->count; i++)
        for (uint32_t k = i; k > 0 && bases[k] > bases[k - 1]; k--) {
            const uint32_t member = members[k];
            const double base = bases[k];
            members[k] = members[k - 1];
            bases[k] = bases[k - 1];
            members[k - 1] = member;
            bases[k - 1] = base;
        }
}

static void add_families(smri_weight_polytope *p, const smr_model *model)
{
    const smri_node *nodes = p->framework->nodes;
    uint32_t place = 0;
    if (p->spec.by_leaf) {
        p->families[p->family_count++] = (smri_weight_family){.count = p->leaf_count};
        for (uint32_t leaf = 0; leaf < p->leaf_count; leaf++) {
            p->members[leaf] = (uint32_t)p->framework->indicators[leaf].node;
            p->bases[leaf] = p->centre[leaf];
        }
        p->widest = p->leaf_count;
        return;
    }
    for (uint32_t node = p->framework->node_count; node-- > 0;) {
        if (nodes[node].indicator >= 0)
            continue;
        p->families[p->family_count++] =
            (smri_weight_family){.node = node, .start = place, .count = (uint32_t)nodes[node].child_count};
        for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling) {
            p->members[place] = (uint32_t)child;
            p->bases[place++] = model->shares[child];
        }
        p->widest = SMRI_MAX(p->widest, (uint32_t)nodes[node].child_count);
    }
}

static smr_status check_box(const smri_weight_polytope *p, const smri_weight_family *family, smr_error *error)
{
    const double count = family->count;
    if (p->spec.low * count <= 1 + 1e-12 && p->spec.high * count >= 1 - 1e-12)
        return SMR_OK;
    char number[SMRI_INTEGER_SIZE], low[SMRI_NUMBER_SIZE], high[SMRI_NUMBER_SIZE];
    smri_number_write(low, p->spec.low);
    smri_number_write(high, p->spec.high);
    const char *id = p->spec.by_leaf ? "all leaves" : p->framework->nodes[family->node].id;
    const smri_place place = {.subject = id};
    return smri_fail(error, SMR_MESSAGE_WEIGHT_BOX_EMPTY, &place, smri_text_integer(number, family->count), id, low, high);
}

smr_status smri_weight_polytope_make(smri_arena *arena, const smr_model *model, const smri_weight_spec *spec,
                                     smri_weight_polytope *p, smr_error *error)
{
    const smr_framework *framework = model->framework;
    *p = (smri_weight_polytope){.framework = framework, .spec = *spec, .leaf_count = framework->indicator_count};
    p->families = smri_arena_calloc(arena, framework->node_count, sizeof *p->families);
    p->members = smri_arena_calloc(arena, framework->node_count, sizeof *p->members);
    p->bases = smri_arena_calloc(arena, framework->node_count, sizeof *p->bases);
    p->leaf_starts = smri_arena_calloc(arena, framework->node_count, sizeof *p->leaf_starts);
    p->leaf_ends = smri_arena_calloc(arena, framework->node_count, sizeof *p->leaf_ends);
    p->centre = smri_arena_calloc(arena, p->leaf_count, sizeof *p->centre);
    if (!p->families || !p->members || !p->bases || !p->leaf_starts || !p->leaf_ends || !p->centre)
        return smri_fail_memory(error);
    find_leaves(p);
    for (uint32_t leaf = 0; leaf < p->leaf_count; leaf++)
        p->centre[leaf] = model->effective[framework->indicators[leaf].node];
    add_families(p, model);
    for (uint32_t i = 0; i < p->family_count; i++) {
        if (spec->kind == SMRI_WEIGHTS_ORDERED)
            put_in_order(p, &p->families[i]);
        const smr_status status = spec->kind == SMRI_WEIGHTS_BOX ? check_box(p, &p->families[i], error) : SMR_OK;
        if (status != SMR_OK)
            return status;
    }
    return SMR_OK;
}

/* ---- the greatest value ---- */

bool smri_weight_scratch_make(const smr_context *memory, const smri_weight_polytope *p, smri_weight_scratch *scratch)
{
    const size_t nodes = p->framework->node_count;
    scratch->memory = smri_alloc(memory, nodes, 3 * sizeof(double) + sizeof(uint32_t));
    if (!scratch->memory)
        return false;
    scratch->values = scratch->memory;
    scratch->shares = scratch->values + nodes;
    scratch->row = scratch->shares + nodes;
    scratch->order = (uint32_t *)(void *)(scratch->row + nodes);
    return true;
}

void smri_weight_scratch_free(const smr_context *memory, smri_weight_scratch *scratch)
{
    smri_free(memory, scratch->memory);
    scratch->memory = NULL;
}

/* A heap whose top stands last: the least value, of equal ones the last in order. */
static bool is_below(const double *values, uint32_t a, uint32_t b)
{
    return values[a] < values[b] || (values[a] == values[b] && a > b);
}

static void sift(const double *values, uint32_t *heap, uint32_t at, uint32_t count)
{
    for (uint32_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && is_below(values, heap[child + 1], heap[child]))
            child++;
        if (!is_below(values, heap[child], heap[at]))
            return;
        const uint32_t moved = heap[at];
        heap[at] = heap[child];
        heap[child] = moved;
        at = child;
    }
}

/* Places 0 to count - 1, the greatest value first. */
static void sort_downward(const double *values, uint32_t *order, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    for (uint32_t i = count / 2; i-- > 0;)
        sift(values, order, i, count);
    for (uint32_t last = count; last-- > 1;) {
        const uint32_t least = order[0];
        order[0] = order[last];
        order[last] = least;
        sift(values, order, 0, last);
    }
}

/* Each of these writes shares that sum to 1 and reach the greatest mean of the values. */

static void choose_best(const double *values, uint32_t count, double *shares)
{
    uint32_t best = 0;
    for (uint32_t i = 0; i < count; i++) {
        shares[i] = 0;
        if (values[i] > values[best])
            best = i;
    }
    shares[best] = 1;
}

/* The least for all, and what is left for the best ones as far as they may take it. */
static void fill_box(double low, double high, const double *values, uint32_t *order, uint32_t count, double *shares)
{
    sort_downward(values, order, count);
    double left = 1 - low * count;
    for (uint32_t i = 0; i < count; i++) {
        const double more = SMRI_MIN(SMRI_MAX(left, 0), high - low);
        shares[order[i]] = low + more;
        left -= more;
    }
}

/* The weight is raised for the best ones and lowered for the others; where to change over is the one question. */
static void raise_best(double low, double high, const double *values, const double *bases, uint32_t *order,
                       uint32_t count, double *shares)
{
    sort_downward(values, order, count);
    double raised = 0, raised_values = 0, lowered = 0, lowered_values = 0, best = -INFINITY, total = 1;
    uint32_t change = 0;
    for (uint32_t i = 0; i < count; i++) {
        lowered += low * bases[i];
        lowered_values += low * bases[i] * values[i];
    }
    for (uint32_t i = 0; i <= count; i++) {
        const double mean = (raised_values + lowered_values) / (raised + lowered);
        if (mean > best) {
            best = mean;
            change = i;
            total = raised + lowered;
        }
        if (i == count)
            break;
        const double base = bases[order[i]], value = values[order[i]];
        raised += high * base;
        raised_values += high * base * value;
        lowered -= low * base;
        lowered_values -= low * base * value;
    }
    for (uint32_t i = 0; i < count; i++)
        shares[order[i]] = (i < change ? high : low) * bases[order[i]] / total;
}

/* Corners of the falling weights: the first few have the same, the others none. */
static void choose_first(const double *values, uint32_t count, double *shares)
{
    double sum = 0, best = -INFINITY;
    uint32_t first = 1;
    for (uint32_t i = 0; i < count; i++) {
        sum += values[i];
        if (sum / (i + 1) > best) {
            best = sum / (i + 1);
            first = i + 1;
        }
    }
    for (uint32_t i = 0; i < count; i++)
        shares[i] = i < first ? 1.0 / first : 0;
}

static double best_of_family(const smri_weight_polytope *p, const smri_weight_scratch *scratch,
                             const smri_weight_family *family)
{
    double *shares = scratch->shares + family->start, *values = scratch->row;
    const uint32_t *members = p->members + family->start, count = family->count;
    const double *bases = p->bases + family->start;
    for (uint32_t i = 0; i < count; i++)
        values[i] = scratch->values[members[i]];
    if (count == 1) {
        shares[0] = 1;
        return values[0];
    }
    switch (p->spec.kind) {
    case SMRI_WEIGHTS_UNIFORM:
        choose_best(values, count, shares);
        break;
    case SMRI_WEIGHTS_NOISE:
        raise_best(SMRI_MAX(1 - p->spec.percent / 100, 0), 1 + p->spec.percent / 100, values, bases, scratch->order, count,
                   shares);
        break;
    case SMRI_WEIGHTS_ORDERED:
        choose_first(values, count, shares);
        break;
    case SMRI_WEIGHTS_BOX:
        fill_box(p->spec.low, p->spec.high, values, scratch->order, count, shares);
        break;
    }
    double mean = 0;
    for (uint32_t i = 0; i < count; i++)
        mean += shares[i] * values[i];
    return mean;
}

double smri_weight_polytope_maximise(const smri_weight_polytope *p, const smri_weight_scratch *scratch,
                                     const double *values, double *weights)
{
    for (uint32_t leaf = 0; leaf < p->leaf_count; leaf++)
        scratch->values[p->framework->indicators[leaf].node] = values[leaf];
    for (uint32_t i = 0; i < p->family_count; i++) {
        const double best = best_of_family(p, scratch, &p->families[i]);
        scratch->values[p->families[i].node] = best;
    }
    const double greatest = scratch->values[0];
    if (!weights)
        return greatest;
    scratch->values[0] = 1;
    for (uint32_t i = p->family_count; i-- > 0;) {
        const smri_weight_family *family = &p->families[i];
        const double own = scratch->values[family->node];
        for (uint32_t k = 0; k < family->count; k++)
            scratch->values[p->members[family->start + k]] = own * scratch->shares[family->start + k];
    }
    for (uint32_t leaf = 0; leaf < p->leaf_count; leaf++)
        weights[leaf] = scratch->values[p->framework->indicators[leaf].node];
    return greatest;
}

/* ---- as inequalities ---- */

/* Bounds that hold by themselves need no row. */
static bool bounds_below(const smri_weight_polytope *p)
{
    return p->spec.kind == SMRI_WEIGHTS_NOISE ? p->spec.percent < 100 : p->spec.low > 0;
}

static bool bounds_above(const smri_weight_polytope *p)
{
    return p->spec.kind == SMRI_WEIGHTS_NOISE || p->spec.high < 1;
}

uint32_t smri_weight_polytope_extra_count(const smri_weight_polytope *p)
{
    uint32_t count = 0;
    for (uint32_t i = 0; p->spec.kind == SMRI_WEIGHTS_NOISE && i < p->family_count; i++)
        count += p->families[i].count > 1;
    return count;
}

size_t smri_weight_polytope_row_count(const smri_weight_polytope *p)
{
    size_t count = 0;
    for (uint32_t i = 0; i < p->family_count; i++) {
        const size_t members = p->families[i].count;
        if (members < 2)
            continue;
        if (p->spec.kind == SMRI_WEIGHTS_ORDERED)
            count += members - 1;
        else if (p->spec.kind != SMRI_WEIGHTS_UNIFORM)
            count += members * ((bounds_below(p) ? 1 : 0) + (bounds_above(p) ? 1 : 0));
    }
    return count;
}

static void add_node(const smri_weight_polytope *p, uint32_t node, double factor, double *row)
{
    for (uint32_t leaf = p->leaf_starts[node]; leaf < p->leaf_ends[node]; leaf++)
        row[leaf] += factor;
}

void smri_weight_polytope_rows(const smri_weight_polytope *p, double *rows)
{
    const size_t width = (size_t)p->leaf_count + smri_weight_polytope_extra_count(p);
    const double share = p->spec.percent / 100;
    double *row = rows;
    uint32_t extra = p->leaf_count;
    for (uint32_t i = 0; i < p->family_count; i++) {
        const smri_weight_family *family = &p->families[i];
        const uint32_t *members = p->members + family->start;
        const double *bases = p->bases + family->start;
        const bool noise = p->spec.kind == SMRI_WEIGHTS_NOISE;
        if (family->count < 2 || p->spec.kind == SMRI_WEIGHTS_UNIFORM)
            continue;
        for (uint32_t k = 0; k < family->count; k++) {
            if (p->spec.kind == SMRI_WEIGHTS_ORDERED) {
                if (k + 1 == family->count)
                    continue;
                add_node(p, members[k], 1, row);
                add_node(p, members[k + 1], -1, row);
                row += width;
                continue;
            }
            if (bounds_below(p)) {
                add_node(p, members[k], 1, row);
                if (noise)
                    row[extra] = -(1 - share) * bases[k];
                else
                    add_node(p, family->node, -p->spec.low, row);
                row += width;
            }
            if (bounds_above(p)) {
                add_node(p, members[k], -1, row);
                if (noise)
                    row[extra] = (1 + share) * bases[k];
                else
                    add_node(p, family->node, p->spec.high, row);
                row += width;
            }
        }
        extra += noise;
    }
}
