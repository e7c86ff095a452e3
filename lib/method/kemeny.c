/* SPDX-License-Identifier: MIT */
/* The order of regions that agrees best with their pairwise comparisons (Kemeny). Regions that all lose to the others
 * stand behind them in every best order, so each strong component is solved by itself: a good order by moving regions,
 * then every set of last places that could still lead to a better one, with a bound on what the rest must lose. */
#include "method/method_impl.h"

/* Losses are sums of shares; two that differ by less are the same. */
#define SAME 1e-9
/* Sets of last places that are kept at most, about 40 bytes each. */
#define MOST_STATES (1U << 19)
#define MOST_MEMBERS 64

/* Three members that beat one another in a circle: any order loses at least `loss` on them. */
typedef struct cycle {
    uint64_t members;
    double loss;
} cycle;

typedef struct state {
    uint64_t last;          /* the set of members in the last places */
    double loss;            /* of the best order of these, with all the others before them */
    uint64_t orders;        /* how many orders of these are best; sticks at its maximum */
} state;

/* One component. Members are numbered in input order. */
typedef struct component {
    const smr_context *context;
    uint32_t size;
    double *losses;         /* size x size: [a][b] is lost when a stands before b */
    double *rest;           /* size x size: what cycles have not used of it */
    uint32_t *order;
    double loss, least;     /* of the order; of any order at least */
    uint64_t orders;        /* best ones; 0: not counted */
    cycle *cycles;
    size_t cycle_count, cycle_capacity;
    state *states;          /* level by level */
    size_t state_count, state_capacity;
    uint32_t *slots;        /* hash table of the states, number + 1 */
    size_t slot_count;
} component;

static double lost(const component *c, uint32_t before, uint32_t after)
{
    return c->losses[(size_t)before * c->size + after];
}

/* ---- a good order ---- */

static double total_loss(const component *c)
{
    smri_exact_sum sum;
    smri_exact_sum_init(&sum);
    for (uint32_t i = 0; i < c->size; i++) {
        for (uint32_t j = i + 1; j < c->size; j++) {
            smri_exact_sum_add(&sum, lost(c, c->order[i], c->order[j]));
        }
    }
    return smri_exact_sum_value(&sum);
}

/* Moves the member at `from` to where the order gains most; false: nowhere. */
static bool move_member(component *c, uint32_t from)
{
    const uint32_t member = c->order[from];
    double change = 0, best = -SAME;
    uint32_t to = from;
    for (uint32_t i = from; i-- > 0;) {
        change += lost(c, member, c->order[i]) - lost(c, c->order[i], member);
        if (change < best) {
            best = change;
            to = i;
        }
    }
    change = 0;
    for (uint32_t i = from + 1; i < c->size; i++) {
        change += lost(c, c->order[i], member) - lost(c, member, c->order[i]);
        if (change < best) {
            best = change;
            to = i;
        }
    }
    const size_t between = to < from ? from - to : to - from;
    if (to < from) {
        memmove(c->order + to + 1, c->order + to, between * sizeof *c->order);
    } else {
        memmove(c->order + from, c->order + from + 1, between * sizeof *c->order);
    }
    c->order[to] = member;
    return to != from;
}

/* From the order by wins less losses, as long as a move helps. */
static void improve(component *c)
{
    double *net = c->rest;
    for (uint32_t a = 0; a < c->size; a++) {
        net[a] = 0;
        for (uint32_t b = 0; b < c->size; b++) {
            net[a] += lost(c, b, a) - lost(c, a, b);
        }
        uint32_t place = a;
        for (; place > 0 && net[c->order[place - 1]] < net[a] - SAME; place--) {
            c->order[place] = c->order[place - 1];
        }
        c->order[place] = a;
    }
    bool moved = true;
    while (moved) {
        moved = false;
        for (uint32_t i = 0; i < c->size; i++) {
            moved = move_member(c, i) || moved;
        }
    }
    c->loss = total_loss(c);
}

/* ---- what any order loses ---- */

static bool add_cycle(component *c, uint32_t a, uint32_t b, uint32_t d, double loss)
{
    c->least += loss;
    if (c->size > MOST_MEMBERS) {
        return true;
    }
    if (!smri_grow(c->context, &c->cycles, &c->cycle_capacity, c->cycle_count + 1, sizeof *c->cycles)) {
        return false;
    }
    c->cycles[c->cycle_count++] = (cycle){UINT64_C(1) << a | UINT64_C(1) << b | UINT64_C(1) << d, loss};
    return true;
}

/* Circles of three through each pair that the order at hand loses, none of which uses the same loss twice. */
static bool find_cycles(component *c)
{
    memcpy(c->rest, c->losses, (size_t)c->size * c->size * sizeof *c->rest);
    for (uint32_t i = 0; i < c->size; i++) {
        for (uint32_t j = i + 2; j < c->size; j++) {
            const uint32_t first = c->order[i], last = c->order[j];
            double *back = &c->rest[(size_t)first * c->size + last];
            for (uint32_t k = i + 1; k < j && *back > SAME; k++) {
                double *down = &c->rest[(size_t)c->order[k] * c->size + first];
                double *on = &c->rest[(size_t)last * c->size + c->order[k]];
                const double loss = SMRI_MIN(*back, SMRI_MIN(*down, *on));
                if (loss <= SAME) {
                    continue;
                }
                *back -= loss;
                *down -= loss;
                *on -= loss;
                if (!add_cycle(c, first, c->order[k], last, loss)) {
                    return false;
                }
            }
        }
    }
    return true;
}

static double cycles_within(const component *c, uint64_t members)
{
    double loss = 0;
    for (size_t i = 0; i < c->cycle_count; i++) {
        loss += (c->cycles[i].members & ~members) == 0 ? c->cycles[i].loss : 0;
    }
    return loss;
}

/* ---- every order that could be best ---- */

/* What the other members before it cost a member that comes to stand behind them. */
static double loss_behind(const component *c, uint64_t others, uint32_t member)
{
    double loss = 0;
    for (uint32_t other = 0; other < c->size; other++) {
        loss += others >> other & 1 ? lost(c, other, member) : 0;
    }
    return loss;
}

static size_t slot_of(const component *c, uint64_t last)
{
    uint64_t hash = last * UINT64_C(0x9e3779b97f4a7c15);
    size_t slot = (size_t)(hash ^ hash >> 29) & (c->slot_count - 1);
    while (c->slots[slot] != 0 && c->states[c->slots[slot] - 1].last != last) {
        slot = (slot + 1) & (c->slot_count - 1);
    }
    return slot;
}

static const state *find_state(const component *c, uint64_t last)
{
    const uint32_t number = c->slots[slot_of(c, last)];
    return number > 0 ? &c->states[number - 1] : NULL;
}

static bool grow_slots(component *c)
{
    const size_t count = c->slot_count ? 2 * c->slot_count : 1024;
    uint32_t *slots = smri_calloc(c->context, count, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    smri_free(c->context, c->slots);
    c->slots = slots;
    c->slot_count = count;
    for (size_t i = 0; i < c->state_count; i++) {
        c->slots[slot_of(c, c->states[i].last)] = (uint32_t)i + 1;
    }
    return true;
}

static uint64_t add_orders(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* false: out of memory. */
static bool reach(component *c, uint64_t last, double loss, uint64_t orders)
{
    if (2 * c->state_count >= c->slot_count && !grow_slots(c)) {
        return false;
    }
    const size_t slot = slot_of(c, last);
    if (c->slots[slot] == 0) {
        if (!smri_grow(c->context, &c->states, &c->state_capacity, c->state_count + 1, sizeof *c->states)) {
            return false;
        }
        c->states[c->state_count++] = (state){last, loss, orders};
        c->slots[slot] = (uint32_t)c->state_count;
        return true;
    }
    state *known = &c->states[c->slots[slot] - 1];
    if (loss < known->loss - SAME) {
        *known = (state){last, loss, orders};
    } else if (loss <= known->loss + SAME) {
        known->loss = SMRI_MIN(loss, known->loss);
        known->orders = add_orders(known->orders, orders);
    }
    return true;
}

/* Puts each of the other members in front of the last ones, unless no best order can come of it. */
static bool extend(component *c, size_t number)
{
    const state from = c->states[number];
    const uint64_t all = c->size == 64 ? UINT64_MAX : (UINT64_C(1) << c->size) - 1, others = all & ~from.last;
    for (uint32_t member = 0; member < c->size; member++) {
        const uint64_t bit = UINT64_C(1) << member;
        if (!(others & bit)) {
            continue;
        }
        const double loss = from.loss + loss_behind(c, others & ~bit, member);
        if (loss <= c->loss + SAME && loss + cycles_within(c, others & ~bit) <= c->loss + SAME &&
            !reach(c, from.last | bit, loss, from.orders)) {
            return false;
        }
    }
    return true;
}

/* Every order passes through one set of each size; so the least of a whole level is a bound for all of them. */
static double level_bound(const component *c, size_t start, size_t end)
{
    const uint64_t all = c->size == 64 ? UINT64_MAX : (UINT64_C(1) << c->size) - 1;
    double least = c->loss;
    for (size_t i = start; i < end; i++) {
        least = SMRI_MIN(least, c->states[i].loss + cycles_within(c, all & ~c->states[i].last));
    }
    return least;
}

/* The first best order in input order, from the front. */
static void read_order(component *c)
{
    uint64_t before = 0, last = c->size == 64 ? UINT64_MAX : (UINT64_C(1) << c->size) - 1;
    for (uint32_t place = 0; place < c->size; place++) {
        const double loss = find_state(c, last)->loss;
        for (uint32_t member = 0; member < c->size; member++) {
            const uint64_t bit = UINT64_C(1) << member;
            const state *rest = last & bit ? find_state(c, last & ~bit) : NULL;
            if (rest && rest->loss + loss_behind(c, before, member) <= loss + SAME) {
                c->order[place] = member;
                before |= bit;
                last &= ~bit;
                break;
            }
        }
    }
}

static smr_status search(component *c, smr_error *error)
{
    bool fine = reach(c, 0, 0, 1);
    size_t start = 0;
    for (uint32_t level = 0; fine && level < c->size; level++) {
        const size_t end = c->state_count;
        for (size_t i = start; fine && i < end; i++) {
            if (i % 4096 == 0 && smri_cancelled(c->context, level, c->size, error)) {
                return SMR_ERROR_CANCELLED;
            }
            if (c->state_count > MOST_STATES) {
                c->least = SMRI_MAX(c->least, level_bound(c, start, end));
                return SMR_OK;
            }
            fine = extend(c, i);
        }
        start = end;
    }
    if (!fine) {
        return smri_fail_memory(error);
    }
    const state *whole = &c->states[c->state_count - 1];
    c->orders = whole->orders;
    read_order(c);
    c->loss = c->least = total_loss(c);
    return SMR_OK;
}

static smr_status solve(component *c, const double *margins, uint32_t n, const uint32_t *members, smr_error *error)
{
    size_t cells = 0;
    if (!smri_product(c->size, c->size, &cells)) {
        return smri_fail_memory(error);
    }
    c->losses = smri_alloc(c->context, cells, sizeof *c->losses);
    c->rest = smri_alloc(c->context, cells, sizeof *c->rest);
    c->order = smri_alloc(c->context, c->size, sizeof *c->order);
    if (!c->losses || !c->rest || !c->order) {
        return smri_fail_memory(error);
    }
    for (uint32_t a = 0; a < c->size; a++) {
        for (uint32_t b = 0; b < c->size; b++) {
            const double margin = margins[(size_t)members[b] * n + members[a]];
            c->losses[(size_t)a * c->size + b] = margin > 0 ? margin : 0;
        }
    }
    improve(c);
    if (!find_cycles(c)) {
        return smri_fail_memory(error);
    }
    return c->size <= MOST_MEMBERS ? search(c, error) : SMR_OK;
}

static void free_component(component *c)
{
    smri_free(c->context, c->losses);
    smri_free(c->context, c->rest);
    smri_free(c->context, c->order);
    smri_free(c->context, c->cycles);
    smri_free(c->context, c->states);
    smri_free(c->context, c->slots);
}

/* ---- components ---- */

/* Regions by the number that they do not lose to, downward: the components are pieces of that order. */
static bool sort_by_wins(const smr_context *context, const double *margins, uint32_t n, uint32_t *order)
{
    double *wins = smri_alloc(context, n, sizeof *wins);
    if (wins == NULL) {
        return false;
    }
    for (uint32_t a = 0; a < n; a++) {
        wins[a] = 0;
        for (uint32_t b = 0; b < n; b++) {
            wins[a] += margins[(size_t)a * n + b] >= 0 ? 1 : 0;
        }
    }
    const bool fine = smri_order_descending(context, wins, n, order);
    smri_free(context, wins);
    return fine;
}

/* Where the component that starts at a place ends: behind all to which one of its members does not win. */
static uint32_t component_end(const double *margins, uint32_t n, const uint32_t *order, uint32_t start)
{
    uint32_t end = start + 1;
    for (uint32_t i = start; i < end; i++) {
        for (uint32_t j = n; j-- > end;) {
            if (!(margins[(size_t)order[i] * n + order[j]] > 0)) {
                end = j + 1;
            }
        }
    }
    return end;
}

static void sort_members(uint32_t *members, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        const uint32_t member = members[i];
        uint32_t place = i;
        for (; place > 0 && members[place - 1] > member; place--) {
            members[place] = members[place - 1];
        }
        members[place] = member;
    }
}

smr_status smri_kemeny(const smr_context *context, const double *margins, uint32_t n, uint32_t *order,
                       smri_kemeny_result *result, smr_error *error)
{
    *result = (smri_kemeny_result){.orders = 1};
    if (!sort_by_wins(context, margins, n, order)) {
        return smri_fail_memory(error);
    }
    uint32_t end;
    for (uint32_t start = 0; start < n; start = end) {
        end = component_end(margins, n, order, start);
        component c = {.context = context, .size = end - start, .orders = 1};
        uint32_t *members = order + start;
        sort_members(members, c.size);
        smr_status status = SMR_OK;
        if (c.size > 1) {
            c.orders = 0;
            status = solve(&c, margins, n, members, error);
        }
        for (uint32_t i = 0; status == SMR_OK && c.size > 1 && i < c.size; i++) {
            c.order[i] = members[c.order[i]];
        }
        if (status == SMR_OK && c.size > 1) {
            memcpy(members, c.order, c.size * sizeof *members);
        }
        result->loss += c.loss;
        result->least_loss += SMRI_MIN(c.least, c.loss);
        const bool many = c.orders > 0 && result->orders > UINT64_MAX / c.orders;
        result->orders = many ? UINT64_MAX : result->orders * c.orders;
        free_component(&c);
        if (status != SMR_OK) {
            return status;
        }
    }
    return SMR_OK;
}
