/* SPDX-License-Identifier: MIT */
/* The best set of initiatives for a budget: every set, while there are not too many; else by uplift per budget and
 * exchanges, with a bound on what may be missing. */

#include "study/portfolio_impl.h"

/* Sets that the exchanges may score before they stop. */
#define EXCHANGES 120000
#define EXCHANGES_WHOLE 3000
#define ASK_EVERY 256

typedef struct selection {
    smri_lift *lift;
    smri_items items;
    const double *costs;
    uint8_t *chosen;                    /* by initiative: the set looked at */
    uint8_t *best;                      /* by initiative */
    double best_gain, best_cost;
    uint32_t best_size;
    uint64_t limit, seen;               /* sets */
    smr_error *error;
    smr_status status;
} selection;

static bool is_over(selection *s)
{
    if (s->status == SMR_OK && s->seen++ % ASK_EVERY == 0 &&
        smri_cancelled(s->lift->memory, SMRI_MIN(s->seen, s->limit), s->limit, s->error))
        s->status = SMR_ERROR_CANCELLED;
    return s->status != SMR_OK;
}

/* Better: the greater gain, then the smaller cost, then the smaller set; the one met first where all are equal. */
static void judge(selection *s, double gain, double cost, uint32_t size)
{
    if (gain < s->best_gain || (gain == s->best_gain && (cost > s->best_cost ||
                                                         (cost == s->best_cost && size >= s->best_size))))
        return;
    s->best_gain = gain;
    s->best_cost = cost;
    s->best_size = size;
    memcpy(s->best, s->chosen, s->lift->portfolio->count);
}

static double score_chosen(selection *s)
{
    double score = NAN;
    if (!is_over(s))
        s->status = smri_lift_score(s->lift, s->chosen, &score, s->error);
    return smri_lift_gain(s->lift, score);
}

/* Counts the sets within the budget that extend one of `size` up to `from`; stops beyond the limit. A set of m holds
 * 2^m within the budget, so that one of 64 is beyond any limit. */
static void count_sets(selection *s, uint32_t from, double cost, uint32_t size, uint64_t *count)
{
    for (uint32_t k = from; k < s->items.count && *count <= s->limit; k++) {
        const double next = cost + s->costs[s->items.items[k]];
        if (next > s->items.budget)
            continue;
        *count = size < 63 ? *count + 1 : UINT64_MAX;
        if (*count <= s->limit)
            count_sets(s, k + 1, next, size + 1, count);
    }
}

/* The same sets, each scored; never deeper than 20, for the same reason. */
static void score_sets(selection *s, uint32_t from, double cost, uint32_t size)
{
    for (uint32_t k = from; k < s->items.count && s->status == SMR_OK; k++) {
        const uint32_t item = s->items.items[k];
        const double next = cost + s->costs[item];
        if (next > s->items.budget)
            continue;
        s->chosen[item] = 1;
        const double gain = score_chosen(s);
        if (s->status == SMR_OK) {
            judge(s, gain, next, size + 1);
            score_sets(s, k + 1, next, size + 1);
        }
        s->chosen[item] = 0;
    }
}

static double cost_of(const selection *s, const uint8_t *chosen, uint32_t *size)
{
    double cost = 0;
    *size = 0;
    for (uint32_t k = 0; k < s->items.count; k++)
        if (chosen[s->items.items[k]]) {
            cost += s->costs[s->items.items[k]];
            ++*size;
        }
    return cost;
}

/* Adds the item with the greatest gain (per budget when asked) as long as one gains anything. */
static void fill_up(selection *s, double gain, bool per_budget)
{
    uint32_t size;
    for (;;) {
        uint32_t found = SMRI_NONE;
        double found_gain = gain, found_worth = 0;
        const double cost = cost_of(s, s->chosen, &size);
        for (uint32_t k = 0; k < s->items.count && s->status == SMR_OK; k++) {
            const uint32_t item = s->items.items[k];
            if (s->chosen[item] || cost + s->costs[item] > s->items.budget)
                continue;
            s->chosen[item] = 1;
            const double with = score_chosen(s), more = with - gain;
            s->chosen[item] = 0;
            const double worth = per_budget ? more / SMRI_MAX(s->costs[item], DBL_MIN) : more;
            if (more > 0 && (found == SMRI_NONE || worth > found_worth)) {
                found = item;
                found_gain = with;
                found_worth = worth;
            }
        }
        if (found == SMRI_NONE || s->status != SMR_OK)
            break;
        s->chosen[found] = 1;
        gain = found_gain;
    }
    if (s->status == SMR_OK) {
        const double cost = cost_of(s, s->chosen, &size);
        judge(s, gain, cost, size);
    }
}

/* One item out and one in, as long as that helps: the first exchange that does is made. */
static bool exchange(selection *s)
{
    uint32_t size;
    memcpy(s->chosen, s->best, s->lift->portfolio->count);
    for (uint32_t out = 0; out < s->items.count; out++) {
        const uint32_t leaving = s->items.items[out];
        if (!s->best[leaving])
            continue;
        s->chosen[leaving] = 0;
        for (uint32_t in = 0; in < s->items.count; in++) {
            const uint32_t entering = s->items.items[in];
            if (s->best[entering] || s->seen >= s->limit)
                continue;
            s->chosen[entering] = 1;
            const double cost = cost_of(s, s->chosen, &size);
            const double gain = cost <= s->items.budget ? score_chosen(s) : -INFINITY;
            if (s->status != SMR_OK)
                return false;
            if (gain > s->best_gain) {
                fill_up(s, gain, true);
                return s->status == SMR_OK;
            }
            s->chosen[entering] = 0;
        }
        s->chosen[leaving] = 1;
    }
    return false;
}

static void search(selection *s)
{
    for (int per_budget = 0; per_budget < 2 && s->status == SMR_OK; per_budget++) {
        memset(s->chosen, 0, s->lift->portfolio->count);
        fill_up(s, 0, per_budget == 1);
    }
    while (s->status == SMR_OK && s->seen < s->limit && exchange(s))
        ;
}

/* A set that the knapsack found, scored like any other. false: summed in another order its budget is too large. */
static bool try_items(selection *s, const uint8_t *by_item)
{
    uint32_t size;
    memset(s->chosen, 0, s->lift->portfolio->count);
    for (uint32_t k = 0; k < s->items.count; k++)
        s->chosen[s->items.items[k]] = by_item[k];
    const double cost = cost_of(s, s->chosen, &size);
    const double gain = cost <= s->items.budget ? score_chosen(s) : -INFINITY;
    if (s->status == SMR_OK)
        judge(s, gain, cost, size);
    return cost <= s->items.budget;
}

/* Too many sets to score each. */
static smr_status select_among_many(selection *s, smri_best_set *set)
{
    smri_lift *lift = s->lift;
    double *gains = smri_alloc(lift->memory, SMRI_MAX(s->items.count, 1U), sizeof *gains);
    uint8_t *by_item = smri_calloc(lift->memory, SMRI_MAX(s->items.count, 1U), 1);
    bool additive = false, complete = false;
    double bound = NAN;
    if (!gains || !by_item)
        s->status = smri_fail_memory(s->error);
    s->limit = lift->whole ? EXCHANGES_WHOLE : EXCHANGES;
    if (s->status == SMR_OK)
        s->status = smri_bound_additive(lift, &s->items, &additive, gains, s->error);
    if (s->status == SMR_OK && additive) {
        s->status = smri_bound_knapsack(lift, &s->items, gains, by_item, &bound, &complete, s->error);
        if (s->status == SMR_OK)
            complete &= try_items(s, by_item);
        bound = lift->before + lift->sign * bound;
    }
    if (s->status == SMR_OK && !complete)
        search(s);
    if (s->status == SMR_OK && !additive)
        s->status = smri_bound_tangents(lift, &s->items, s->best, &bound, s->error);
    set->exact = complete;
    set->bound = bound;
    smri_free(lift->memory, gains);
    smri_free(lift->memory, by_item);
    return s->status;
}

/* Initiatives that could be paid for, are to be done and change something. */
static void list_items(const smri_lift *lift, uint32_t *items, smri_items *listed)
{
    const smr_portfolio *p = lift->portfolio;
    listed->items = items;
    for (uint32_t i = 0; i < p->count; i++)
        if (smri_is_open(&p->initiatives[i]) && p->budgets[i] <= listed->budget &&
            lift->starts[i] < lift->starts[i + 1])
            items[listed->count++] = i;
}

smr_status smri_find_best_set(smri_lift *lift, double budget, smri_best_set *best, smr_error *error)
{
    const uint32_t count = lift->portfolio->count;
    uint32_t *items = smri_alloc(lift->memory, SMRI_MAX(count, 1U), sizeof *items);
    uint8_t *chosen = smri_calloc(lift->memory, SMRI_MAX(count, 1U), 1);
    selection s = {.lift = lift,
                   .items = {.budget = budget},
                   .costs = lift->portfolio->budgets,
                   .chosen = chosen,
                   .best = best->chosen,
                   .limit = lift->whole ? SMRI_SETS_SCORED_WHOLE : SMRI_SETS_SCORED,
                   .error = error,
                   .status = items && chosen ? SMR_OK : smri_fail_memory(error)};
    const uint64_t scored_before = lift->scored;
    if (s.status == SMR_OK) {
        memset(best->chosen, 0, count);
        list_items(lift, items, &s.items);
        uint64_t sets = 1;
        count_sets(&s, 0, 0, 0, &sets);
        if (sets <= s.limit) {
            score_sets(&s, 0, 0, 0);
            best->exact = true;
        } else {
            s.status = select_among_many(&s, best);
        }
    }
    if (s.status == SMR_OK)
        s.status = smri_lift_score(lift, best->chosen, &best->score, error);
    if (s.status == SMR_OK) {
        uint32_t size;
        best->budget = cost_of(&s, best->chosen, &size);
        best->scored = lift->scored - scored_before;
        /* What was found is a bound of its own where rounding puts the other below it. */
        if (best->exact || (lift->sign > 0 ? best->bound < best->score : best->bound > best->score))
            best->bound = best->score;
        best->exact |= best->bound == best->score;
    }
    smri_free(lift->memory, items);
    smri_free(lift->memory, chosen);
    return s.status;
}
