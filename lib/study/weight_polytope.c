/* SPDX-License-Identifier: MIT */
/* The closure of the set of weights that a specification draws from. A weight of a leaf is the product of the shares on
 * the way to it; the shares of each family lie in a polytope of their own, so that the whole is a polytope in the
 * weights of the leaves, and a linear function is greatest where each family by itself does its best. */

#include "study/bounds_impl.h"

/* What sums of bounds may pass 1 by. */
#define FORGIVEN 1e-9

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

/* Members in the order of their places; of one place as they stand in the tree. */
static void put_in_order(smri_weight_polytope *p, const smri_weight_family *family)
{
    uint32_t *members = p->members + family->start, *places = p->places + family->start;
    double *bases = p->bases + family->start;
    for (uint32_t i = 1; i < family->count; i++)
        for (uint32_t k = i; k > 0 && places[k] < places[k - 1]; k--) {
            const uint32_t member = members[k], place = places[k];
            const double base = bases[k];
            members[k] = members[k - 1];
            places[k] = places[k - 1];
            bases[k] = bases[k - 1];
            members[k - 1] = member;
            places[k - 1] = place;
            bases[k - 1] = base;
        }
}

static void add_member(smri_weight_polytope *p, const smri_weight_set *set, uint32_t node, double base)
{
    smri_weight_family *family = &p->families[p->family_count];
    const uint32_t place = family->start + family->count;
    if (!(base > 0))
        return;
    p->members[place] = node;
    p->bases[place] = base;
    p->low[place] = set->low ? set->low[node] : 0;
    p->high[place] = set->high ? set->high[node] : 1;
    p->places[place] = set->place ? set->place[node] : 0;
    family->count++;
}

static void add_families(smri_weight_polytope *p, const smr_model *model, const smri_weight_set *set)
{
    const smri_node *nodes = p->framework->nodes;
    uint32_t start = 0;
    if (set->leaf_level) {
        for (uint32_t leaf = 0; leaf < p->leaf_count; leaf++)
            add_member(p, set, (uint32_t)p->framework->indicators[leaf].node, p->centre[leaf]);
        p->family_count = 1;
        return;
    }
    for (uint32_t node = (uint32_t)nodes[p->top].end; node-- > p->top;) {
        if (nodes[node].indicator >= 0)
            continue;
        p->families[p->family_count] =
            (smri_weight_family){.node = node, .start = start, .fixed = !set->families[node]};
        for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling)
            add_member(p, set, (uint32_t)child, model->shares[child]);
        start += p->families[p->family_count++].count;
    }
}

/* Effective weight of a leaf in a node above it. */
static double share_in(const smr_model *model, uint32_t leaf, uint32_t top)
{
    double share = 1;
    for (uint32_t node = leaf; node != top; node = (uint32_t)model->framework->nodes[node].parent)
        share *= model->shares[node];
    return share;
}

static smr_status check_box(const smri_weight_polytope *p, const smri_weight_family *family, smr_error *error)
{
    const double *lows = p->low + family->start, *highs = p->high + family->start;
    double low = 0, high = 0;
    bool fits = true;
    for (uint32_t i = 0; i < family->count; i++) {
        low += lows[i];
        high += highs[i];
        fits &= lows[i] <= highs[i];
    }
    if (fits && low <= 1 + FORGIVEN && high >= 1 - FORGIVEN)
        return SMR_OK;
    char number[SMRI_INTEGER_SIZE], low_text[SMRI_NUMBER_SIZE], high_text[SMRI_NUMBER_SIZE];
    smri_number_write(low_text, low);
    smri_number_write(high_text, high);
    const char *id = p->framework->nodes[family->node].id;
    const smri_place place = {.subject = id};
    return smri_fail(error, SMR_MESSAGE_WEIGHT_BOX_EMPTY, &place, smri_text_integer(number, family->count), id, low_text,
                     high_text);
}

/* Leaves that have no weight anywhere: where not even all the weight on them comes to anything. */
static bool find_dead(const smr_context *memory, smri_weight_polytope *p)
{
    smri_weight_scratch scratch;
    double *unit = smri_calloc(memory, p->leaf_count, sizeof *unit);
    const bool fine = smri_weight_scratch_make(memory, p, &scratch) && unit;
    for (uint32_t leaf = 0; fine && leaf < p->leaf_count; leaf++) {
        unit[leaf] = 1;
        p->dead[leaf] = !(smri_weight_polytope_maximise(p, &scratch, unit, NULL) > 0);
        unit[leaf] = 0;
    }
    smri_weight_scratch_free(memory, &scratch);
    smri_free(memory, unit);
    return fine;
}

smr_status smri_weight_polytope_make(smri_arena *arena, const smr_model *model, uint32_t top,
                                     const smri_weight_set *set, smri_weight_polytope *p, smr_error *error)
{
    const smr_framework *framework = model->framework;
    const size_t nodes = framework->node_count;
    *p = (smri_weight_polytope){.framework = framework,
                                .top = top,
                                .kind = set->kind,
                                .amount = set->amount,
                                .leaf_count = framework->indicator_count};
    p->families = smri_arena_calloc(arena, nodes, sizeof *p->families);
    p->members = smri_arena_calloc(arena, nodes, sizeof *p->members);
    p->bases = smri_arena_calloc(arena, nodes, sizeof *p->bases);
    p->low = smri_arena_calloc(arena, nodes, sizeof *p->low);
    p->high = smri_arena_calloc(arena, nodes, sizeof *p->high);
    p->places = smri_arena_calloc(arena, nodes, sizeof *p->places);
    p->leaf_starts = smri_arena_calloc(arena, nodes, sizeof *p->leaf_starts);
    p->leaf_ends = smri_arena_calloc(arena, nodes, sizeof *p->leaf_ends);
    p->centre = smri_arena_calloc(arena, p->leaf_count, sizeof *p->centre);
    p->dead = smri_arena_calloc(arena, p->leaf_count, sizeof *p->dead);
    if (!p->families || !p->members || !p->bases || !p->low || !p->high || !p->places || !p->leaf_starts ||
        !p->leaf_ends || !p->centre || !p->dead)
        return smri_fail_memory(error);
    find_leaves(p);
    for (uint32_t leaf = p->leaf_starts[top]; leaf < p->leaf_ends[top]; leaf++)
        p->centre[leaf] = share_in(model, (uint32_t)framework->indicators[leaf].node, top);
    add_families(p, model, set);
    smr_status status = SMR_OK;
    for (uint32_t i = 0; status == SMR_OK && i < p->family_count; i++) {
        if (p->families[i].count < 2 || p->families[i].fixed)
            continue;
        if (p->kind == SMRI_SET_ORDERED)
            put_in_order(p, &p->families[i]);
        if (p->kind == SMRI_SET_BOX)
            status = check_box(p, &p->families[i], error);
    }
    return status == SMR_OK && !find_dead(arena->context, p) ? smri_fail_memory(error) : status;
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
static void fill_box(const double *low, const double *high, const double *values, uint32_t *order, uint32_t count,
                     double *shares)
{
    sort_downward(values, order, count);
    double left = 1;
    for (uint32_t i = 0; i < count; i++)
        left -= low[i];
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t at = order[i];
        const double more = SMRI_MIN(SMRI_MAX(left, 0), high[at] - low[at]);
        shares[at] = low[at] + more;
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

/* The corners of ordered weights: all members of the first places and the best of the next have the same, the others
 * none. */
static void choose_first(const uint32_t *places, double *values, uint32_t *order, uint32_t count, double *shares)
{
    double sum = 0, best = -INFINITY;
    uint32_t taken = 0, first = 1, end = 0;
    for (uint32_t start = 0; start < count; start = end) {
        for (end = start + 1; end < count && places[end] == places[start];)
            end++;
        sort_downward(values + start, order + start, end - start);
        for (uint32_t i = start; i < end; i++) {
            order[i] += start;
            sum += values[order[i]];
            taken++;
            if (sum / taken > best) {
                best = sum / taken;
                first = taken;
            }
        }
    }
    for (uint32_t i = 0; i < count; i++)
        shares[order[i]] = i < first ? 1.0 / first : 0;
}

static void keep_bases(const double *bases, uint32_t count, double *shares)
{
    for (uint32_t i = 0; i < count; i++)
        shares[i] = bases[i];
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
    if (family->fixed)
        keep_bases(bases, count, shares);
    else if (p->kind == SMRI_SET_ANY)
        choose_best(values, count, shares);
    else if (p->kind == SMRI_SET_NOISE)
        raise_best(1 - p->amount, 1 + p->amount, values, bases, scratch->order, count, shares);
    else if (p->kind == SMRI_SET_ORDERED)
        choose_first(p->places + family->start, values, scratch->order, count, shares);
    else
        fill_box(p->low + family->start, p->high + family->start, values, scratch->order, count, shares);
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
    const double greatest = scratch->values[p->top];
    if (!weights)
        return greatest;
    for (uint32_t node = 0; node < p->framework->node_count; node++)
        scratch->values[node] = node == p->top;
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

/* Counts when `rows` is NULL, else writes. */
typedef struct sink {
    const smri_weight_polytope *p;
    double *rows;
    size_t count;
    uint32_t width, extra_count;
} sink;

static double *next_row(sink *s)
{
    double *row = s->rows ? s->rows + s->count * s->width : NULL;
    s->count++;
    return row;
}

static void add_node(const sink *s, double *row, uint32_t node, double factor)
{
    for (uint32_t leaf = s->p->leaf_starts[node]; row && leaf < s->p->leaf_ends[node]; leaf++)
        row[leaf] += factor;
}

static void add_extra(const sink *s, double *row, uint32_t extra, double factor)
{
    if (row)
        row[s->p->leaf_count + extra] = factor;
}

/* The node's weight is at least (sign -1: at most) `share` of its parent's. */
static void bound_share(sink *s, uint32_t node, uint32_t parent, double share, double sign)
{
    double *row = next_row(s);
    add_node(s, row, node, sign);
    add_node(s, row, parent, -sign * share);
}

/* The node's weight is at least (sign -1: at most) `factor` times a free size. */
static void bound_size(sink *s, uint32_t node, uint32_t extra, double factor, double sign)
{
    double *row = next_row(s);
    add_node(s, row, node, sign);
    add_extra(s, row, extra, -sign * factor);
}

static void add_order(sink *s, const smri_weight_family *family)
{
    const uint32_t *members = s->p->members + family->start, *places = s->p->places + family->start;
    for (uint32_t i = 0; i < family->count; i++) {
        /* the size between the places before this one and it, and the size between it and those after */
        const bool first = places[i] == places[0], last = places[i] == places[family->count - 1];
        if (i > 0 && places[i] != places[i - 1])
            s->extra_count++;
        if (!first)
            bound_size(s, members[i], s->extra_count - 1, 1, -1);
        if (!last)
            bound_size(s, members[i], s->extra_count, 1, 1);
    }
}

static void add_family(sink *s, const smri_weight_family *family)
{
    const smri_weight_polytope *p = s->p;
    for (uint32_t i = family->start; i < family->start + family->count; i++) {
        const double base = p->bases[i];
        if (family->fixed || p->kind == SMRI_SET_BOX) {
            const double low = family->fixed ? base : p->low[i], high = family->fixed ? base : p->high[i];
            if (low > 0)
                bound_share(s, p->members[i], family->node, low, 1);
            if (high < 1)
                bound_share(s, p->members[i], family->node, high, -1);
        } else if (p->kind == SMRI_SET_NOISE) {
            if (p->amount < 1)
                bound_size(s, p->members[i], s->extra_count, (1 - p->amount) * base, 1);
            bound_size(s, p->members[i], s->extra_count, (1 + p->amount) * base, -1);
        }
    }
    if (!family->fixed && p->kind == SMRI_SET_NOISE)
        s->extra_count++;
    if (!family->fixed && p->kind == SMRI_SET_ORDERED)
        add_order(s, family);
}

static void add_all(sink *s)
{
    s->count = 0;
    s->extra_count = 0;
    for (uint32_t i = 0; i < s->p->family_count; i++)
        if (s->p->families[i].count > 1)
            add_family(s, &s->p->families[i]);
}

bool smri_inequalities_make(const smr_context *memory, const smri_weight_polytope *p, smri_inequalities *made)
{
    sink s = {.p = p};
    add_all(&s);
    *made = (smri_inequalities){
        .count = s.count, .extra_count = s.extra_count, .width = p->leaf_count + s.extra_count};
    size_t cells;
    if (!smri_product(SMRI_MAX(made->count, 1U), made->width, &cells))
        return false;
    made->rows = s.rows = smri_calloc(memory, cells, sizeof *made->rows);
    s.width = made->width;
    if (made->rows)
        add_all(&s);
    return made->rows != NULL;
}

void smri_inequalities_free(const smr_context *memory, smri_inequalities *inequalities)
{
    smri_free(memory, inequalities->rows);
    inequalities->rows = NULL;
}
