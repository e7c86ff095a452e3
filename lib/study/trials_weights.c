/* SPDX-License-Identifier: MIT */
/* Weights that are drawn: one uniform number a weight becomes a point of the simplex, of an order or of a box. */

#include "study/trials_impl.h"

/* Where lower bounds of a box leave a simplex, its points are drawn exactly, and those within the upper bounds kept. The
 * others walk: a step moves weight between two of the family, by a number that is uniform on what the bounds leave.
 * The walk of n weights is as good as uniform after some n log n steps (Smith, A. (2014), A Gibbs sampler on the
 * n-simplex, Annals of Applied Probability 24); it gets many times that. */
#define STEPS_A_WEIGHT 16

/* What a comparison of given weights with bounds forgives. */
#define FORGIVEN 1e-9

static double at_least_tiny(double u)
{
    return u > 0x1p-54 ? u : 0x1p-54;
}

/* The bits of the uniform numbers become a key, so that what is drawn follows from the point alone. */
static uint64_t key_of(const double *u, size_t stride, uint32_t n)
{
    uint64_t key = n;
    for (uint32_t i = 0; i < n; i++) {
        key = (key ^ (uint64_t)(u[i * stride] * 0x1p53)) * UINT64_C(0xff51afd7ed558ccd);
        key ^= key >> 32;
    }
    return key;
}

static uint32_t steps_of(uint32_t n)
{
    uint32_t bits = 2;
    while (n >> bits)
        bits++;
    return n < 3 ? 1 : STEPS_A_WEIGHT * n * bits;
}

/* Uniform on what low, high and the sum `total` leave, from a point of it. */
static void walk(uint64_t key, const double *low, const double *high, uint32_t n, double *w)
{
    const uint32_t steps = steps_of(n), seed[2] = {(uint32_t)key, (uint32_t)(key >> 32)};
    for (uint32_t step = 0; step < steps; step++) {
        const uint32_t counter[4] = {step, 0, 0, UINT32_C(0x5745)};
        uint32_t words[4];
        smri_philox(counter, seed, words);
        const uint32_t i = (uint32_t)((uint64_t)words[0] * n >> 32);
        uint32_t j = (uint32_t)((uint64_t)words[1] * (n - 1) >> 32);
        j += j >= i;
        const double u = (double)(((uint64_t)words[2] << 32 | words[3]) >> 11) * 0x1p-53;
        const double sum = w[i] + w[j];
        const double from = SMRI_MAX(low[i], sum - high[j]), to = SMRI_MIN(high[i], sum - low[j]);
        if (!(to > from))
            continue;
        w[i] = from + u * (to - from);
        w[j] = sum - w[i];
    }
}

/* w holds uniform numbers on the simplex. */
static void into_box(uint64_t key, const double *low, const double *high, uint32_t n, double *w)
{
    double free_weight = 1, room = 0, sum = 0;
    for (uint32_t i = 0; i < n; i++) {
        free_weight -= low[i];
        room += high[i] - low[i];
        sum += w[i];
    }
    bool within = true;
    for (uint32_t i = 0; i < n; i++) {
        w[i] = low[i] + free_weight * (w[i] / sum);
        within &= w[i] <= high[i];
    }
    if (within)
        return;
    for (uint32_t i = 0; i < n; i++)
        w[i] = low[i] + (room > 0 ? free_weight / room : 0) * (high[i] - low[i]);
    walk(key, low, high, n, w);
}

/* The greatest weights go to the first places; within a place the order of the draw stays. Folding the simplex along its
 * mirrors keeps volumes, so that what was uniform is uniform in the order. */
static void into_order(const uint32_t *place, uint32_t n, double *w, double *sorted)
{
    uint32_t least = SMRI_NONE;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = i;
        for (; at > 0 && sorted[at - 1] < w[i]; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = w[i];
    }
    uint32_t used = 0;
    for (uint32_t done = 0; used < n; done = least + 1) {
        least = SMRI_NONE;
        uint32_t members = 0;
        for (uint32_t i = 0; i < n; i++) {
            if (place[i] < done || place[i] > least)
                continue;
            members = place[i] == least ? members + 1 : 1;
            least = place[i];
        }
        /* Ranks within the place, by counting those before: the list is short. */
        for (uint32_t i = 0; i < n; i++) {
            if (place[i] != least)
                continue;
            uint32_t before = 0;
            for (uint32_t k = 0; k < n; k++)
                before += place[k] == least && (w[k] > w[i] || (w[k] == w[i] && k < i));
            sorted[n + i] = sorted[used + before];
        }
        used += members;
    }
    memcpy(w, sorted + n, n * sizeof *w);
}

/* Draws the weights of one family, or of all leaves. w: the given weights in, those drawn out; a weight of 0 stays 0. */
typedef struct family {
    uint32_t *members, n;           /* nodes with a weight */
    double *w, *low, *high, *sorted;
    uint32_t *place;
} family;

static void draw_family(const smri_factor *f, family *a, const double *u, size_t stride)
{
    const uint32_t n = a->n;
    double *w = a->w, sum = 0, most = -INFINITY;
    switch (f->distribution) {
    case SMRI_WEIGHTS_NOISE:
        for (uint32_t i = 0; i < n; i++)
            w[i] *= 1 - f->amount + 2 * f->amount * u[i * stride];
        return;
    case SMRI_WEIGHTS_DIRICHLET:
        for (uint32_t i = 0; i < n; i++)
            sum += w[i];
        for (uint32_t i = 0; i < n; i++) {
            const double p = SMRI_MIN(at_least_tiny(u[i * stride]), 1 - 0x1p-53);
            w[i] = smri_log_gamma_quantile(f->amount * (w[i] / sum), p);
            most = SMRI_MAX(most, w[i]);
        }
        for (uint32_t i = 0; i < n; i++)
            w[i] = smri_exp(w[i] - most);
        return;
    case SMRI_WEIGHTS_UNIFORM:
    case SMRI_WEIGHTS_ORDERED:
    case SMRI_WEIGHTS_BOX:
        break;
    }
    for (uint32_t i = 0; i < n; i++)
        w[i] = 0.0 - smri_log(at_least_tiny(u[i * stride]));
    if (f->distribution == SMRI_WEIGHTS_ORDERED) {
        for (uint32_t i = 0; i < n; i++)
            a->place[i] = f->place[a->members[i]];
        into_order(a->place, n, w, a->sorted);
    } else if (f->distribution == SMRI_WEIGHTS_BOX) {
        for (uint32_t i = 0; i < n; i++) {
            a->low[i] = f->low[a->members[i]];
            a->high[i] = f->high[a->members[i]];
        }
        into_box(key_of(u, stride, n), a->low, a->high, n, w);
    }
}

/* ---- the tree ---- */

struct smri_weigher {
    const smri_trials *trials;
    family family;
    double *numbers;                /* the uniform numbers of the members */
    double *block;
    uint32_t *indices;
};

smri_weigher *smri_weigher_new(const smri_trials *trials)
{
    const smr_context *memory = smri_context(trials->context);
    const size_t nodes = trials->framework->node_count;
    smri_weigher *made = smri_calloc(memory, 1, sizeof *made);
    if (!made)
        return NULL;
    made->trials = trials;
    made->block = smri_alloc(memory, nodes, 6 * sizeof *made->block);
    made->indices = smri_alloc(memory, nodes, 2 * sizeof *made->indices);
    if (!made->block || !made->indices) {
        smri_weigher_free(made);
        return NULL;
    }
    made->numbers = made->block + 5 * nodes;
    made->family = (family){.members = made->indices,
                            .place = made->indices + nodes,
                            .w = made->block,
                            .low = made->block + nodes,
                            .high = made->block + 2 * nodes,
                            .sorted = made->block + 3 * nodes};
    return made;
}

void smri_weigher_free(smri_weigher *weigher)
{
    if (!weigher)
        return;
    const smr_context *memory = smri_context(weigher->trials->context);
    smri_free(memory, weigher->block);
    smri_free(memory, weigher->indices);
    smri_free(memory, weigher);
}

/* Dimension of a node's weight: one a child of a family that varies, or one a leaf. */
static bool owns_dimension(const smri_node *nodes, const smri_factor *f, uint32_t node)
{
    return f->leaf_level ? nodes[node].indicator >= 0 : node > 0 && f->families[nodes[node].parent];
}

uint32_t smri_weights_dimensions(const smri_trials *trials, smri_factor *factor, uint32_t *dimensions)
{
    uint32_t count = 0;
    for (uint32_t node = 0; node < trials->framework->node_count; node++)
        dimensions[node] = owns_dimension(trials->framework->nodes, factor, node) ? count++ : SMRI_NONE;
    factor->dimensions = dimensions;
    return count;
}

void smri_weigh_children(smri_weigher *weigher, const smri_factor *factor, uint32_t node, const double *point,
                       size_t stride, double *weights)
{
    const smri_node *nodes = weigher->trials->framework->nodes;
    family *a = &weigher->family;
    uint32_t place = 0;
    if (!factor->families[node])
        return;
    a->n = 0;
    for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling, place++) {
        if (!(weights[place] > 0))
            continue;
        a->members[a->n] = (uint32_t)child;
        weigher->numbers[a->n] = point[(factor->first_dimension + factor->dimensions[child]) * stride];
        a->w[a->n++] = weights[place];
    }
    if (a->n < 2)
        return;
    draw_family(factor, a, weigher->numbers, 1);
    place = a->n = 0;
    for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling, place++)
        if (weights[place] > 0)
            weights[place] = a->w[a->n++];
}

void smri_weigh_leaves(smri_weigher *weigher, const smri_factor *factor, const double *effective, const double *point,
                       size_t stride, double *weights)
{
    const smr_framework *framework = weigher->trials->framework;
    family *a = &weigher->family;
    a->n = 0;
    for (uint32_t node = 0; node < framework->node_count; node++) {
        weights[node] = 0;
        if (framework->nodes[node].indicator < 0 || !(effective[node] > 0))
            continue;
        a->members[a->n] = node;
        weigher->numbers[a->n] = point[(factor->first_dimension + factor->dimensions[node]) * stride];
        a->w[a->n++] = effective[node];
    }
    draw_family(factor, a, weigher->numbers, 1);
    for (uint32_t i = 0; i < a->n; i++)
        weights[a->members[i]] = a->w[i];
    for (uint32_t node = framework->node_count; node-- > 1;)
        weights[framework->nodes[node].parent] += weights[node];
}

/* ---- does a spec's polytope exist, and does it hold the given weights? ---- */

static const char *bounds_text(char out[SMRI_PLAN_TEXT], double low, double high)
{
    char number[SMRI_NUMBER_SIZE];
    smri_number_write(out, low);
    memcpy(out + strlen(out), " to ", 5);
    smri_number_write(number, high);
    memcpy(out + strlen(out), number, strlen(number) + 1);
    return out;
}

typedef struct check {
    const smri_trials *trials;
    const smri_factor *factor;
    smr_error *error;
} check;

/* Members of one family with their shares of the given weights. */
static smr_status check_box(const check *c, const char *owner, const uint32_t *members, const double *shares, uint32_t n)
{
    const smri_factor *f = c->factor;
    const smri_place place = {.source = c->trials->source_name, .subject = f->path};
    double low = 0, high = 0;
    char text[SMRI_PLAN_TEXT], number[SMRI_NUMBER_SIZE];
    for (uint32_t i = 0; i < n; i++) {
        low += f->low[members[i]];
        high += f->high[members[i]];
        if (f->low[members[i]] > f->high[members[i]])
            return smri_fail(c->error, SMR_MESSAGE_FACTOR_INFEASIBLE, &place, f->id, owner,
                             bounds_text(text, f->low[members[i]], f->high[members[i]]));
    }
    if (low > 1 + FORGIVEN || high < 1 - FORGIVEN)
        return smri_fail(c->error, SMR_MESSAGE_FACTOR_INFEASIBLE, &place, f->id, owner, bounds_text(text, low, high));
    for (uint32_t i = 0; i < n; i++) {
        if (shares[i] >= f->low[members[i]] - FORGIVEN && shares[i] <= f->high[members[i]] + FORGIVEN)
            continue;
        smri_number_write(number, shares[i]);
        return smri_fail(c->error, SMR_MESSAGE_FACTOR_WEIGHT_OUTSIDE, &place, f->id,
                         c->trials->framework->nodes[members[i]].id, number,
                         bounds_text(text, f->low[members[i]], f->high[members[i]]));
    }
    return SMR_OK;
}

static smr_status check_order(const check *c, const uint32_t *members, const double *shares, uint32_t n)
{
    const smri_factor *f = c->factor;
    const smri_node *nodes = c->trials->framework->nodes;
    const smri_place place = {.source = c->trials->source_name, .subject = f->path};
    char number[SMRI_NUMBER_SIZE], text[SMRI_PLAN_TEXT] = "its order: below ";
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < n; k++) {
            if (!(f->place[members[i]] < f->place[members[k]] && shares[i] < shares[k] - FORGIVEN))
                continue;
            smri_number_write(number, shares[i]);
            smri_text_cut(text + 17, sizeof text - 17, nodes[members[k]].id);
            return smri_fail(c->error, SMR_MESSAGE_FACTOR_WEIGHT_OUTSIDE, &place, f->id, nodes[members[i]].id, number,
                             text);
        }
    return SMR_OK;
}

static smr_status check_family(const check *c, const char *owner, const uint32_t *members, double *shares, uint32_t n)
{
    double sum = 0;
    for (uint32_t i = 0; i < n; i++)
        sum += shares[i];
    for (uint32_t i = 0; i < n; i++)
        shares[i] /= sum;
    if (n < 2)
        return SMR_OK;
    return c->factor->distribution == SMRI_WEIGHTS_BOX ? check_box(c, owner, members, shares, n)
                                                       : check_order(c, members, shares, n);
}

/* An order names all of a family or none: a gap would say nothing about what stands in it. */
static smr_status fail_unnamed(const check *c, const uint32_t *members, uint32_t n)
{
    const smri_factor *f = c->factor;
    const smri_place place = {.source = c->trials->source_name, .subject = f->path};
    uint32_t i = 0;
    while (i + 1 < n && f->place[members[i]] != SMRI_NONE)
        i++;
    return smri_fail(c->error, SMR_MESSAGE_FACTOR_NODE_UNKNOWN, &place, f->id, "place in the order for",
                     c->trials->framework->nodes[members[i]].id, ", but for others of its family");
}

smr_status smri_trials_check_weights(const smri_trials *trials, smri_factor *factor, smr_error *error)
{
    const smr_framework *framework = trials->framework;
    const smr_context *memory = smri_context(trials->context);
    if (factor->vary != SMRI_VARY_WEIGHTS ||
        (factor->distribution != SMRI_WEIGHTS_BOX && factor->distribution != SMRI_WEIGHTS_ORDERED))
        return SMR_OK;
    const check c = {trials, factor, error};
    uint32_t *members = smri_alloc(memory, framework->node_count, sizeof *members);
    double *shares = smri_alloc(memory, framework->node_count, sizeof *shares);
    smr_status status = members && shares ? SMR_OK : smri_fail_memory(error);
    /* An order that names some of the families only is about these. */
    uint8_t *families = smri_mutable(factor->families);
    for (uint32_t node = 0; status == SMR_OK && !factor->leaf_level && node < framework->node_count; node++) {
        uint32_t n = 0, unnamed = 0;
        for (int32_t child = framework->nodes[node].first_child; families[node] && child >= 0;
             child = framework->nodes[child].next_sibling) {
            if (!(trials->model->weights[child] > 0))
                continue;
            unnamed += factor->place && factor->place[child] == SMRI_NONE;
            members[n] = (uint32_t)child;
            shares[n++] = trials->model->weights[child];
        }
        if (n > 0 && unnamed == n)
            families[node] = 0;
        else if (unnamed > 0)
            status = fail_unnamed(&c, members, n);
        else
            status = check_family(&c, framework->nodes[node].id, members, shares, n);
    }
    if (status == SMR_OK && factor->leaf_level) {
        uint32_t n = 0, unnamed = 0;
        for (uint32_t node = 0; node < framework->node_count; node++) {
            if (framework->nodes[node].indicator < 0 || !(trials->model->effective[node] > 0))
                continue;
            unnamed += factor->place && factor->place[node] == SMRI_NONE;
            members[n] = node;
            shares[n++] = trials->model->effective[node];
        }
        status = unnamed > 0 ? fail_unnamed(&c, members, n)
                             : check_family(&c, framework->nodes[0].id, members, shares, n);
    }
    smri_free(memory, members);
    smri_free(memory, shares);
    return status;
}
