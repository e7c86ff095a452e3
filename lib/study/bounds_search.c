/* SPDX-License-Identifier: MIT */
/* How many of a list of linear inequalities can hold at once over a set of weights: branch and bound.
 *
 * An inequality is in (must hold), out (given up, and counted) or free. A node is bounded from below by a linear
 * program: the least sum, over the free ones, of how far each fails as a share of how far it can fail. Its dual is what
 * is solved, since it has a row for each weight only and a column for each inequality, so that going in, out or free
 * again is a change of one bound and the last basis goes on. The multipliers of its rows are the weights.
 *
 * An inequality that implies another takes it along when it comes in, and goes out with it. What holds under given
 * weights is always decided on the differences themselves, never on what the program forgives: ties are common (values
 * cut off at a goalpost) and far smaller than its tolerance. Where both disagree, a second program asks for the greatest
 * margin by which all that are in can hold, and its multipliers, checked against the set, prove that there is none. */

#include "study/bounds_impl.h"

typedef enum state { FREE, IN, OUT } state;

/* A branch: first in, then out. */
typedef struct branch {
    uint32_t item;
    uint32_t trail;                 /* what was decided before it */
    uint32_t bound;                 /* so many fail below it */
    bool second;
} branch;

typedef struct searcher {
    smri_bounds_search *s;
    smri_lp *lp;
    uint32_t leaves, rows, columns; /* of the dual program */
    double *matrix, *objective, *margin_objective;
    double *weight_of_failing;      /* by inequality: 1 / how far it can fail */
    uint8_t *states;
    uint8_t *taken;                 /* by inequality, of count_disjoint_conflicts() */
    uint8_t *conflicts;             /* count x count: the two cannot both hold; NULL: not looked for */
    uint32_t *trail, trail_count;   /* decided ones, the last at the end */
    branch *branches;
    uint32_t branch_count, out_count;
    double *u, *mixed, *combined;   /* by leaf */
    double *slacks;                 /* by inequality, under u */
    uint32_t least_failing;         /* of the best weights so far */
    uint32_t unresolved;            /* so many fail at least where no decision was reached */
    uint32_t proven;                /* so many fail at least, everywhere */
    double relaxed;                 /* the threshold of the program: what holds passes it */
} searcher;

/* Most searches end before; the others are worth knowing which pairs conflict. */
#define NODES_BEFORE_CONFLICTS 20
/* Failing by less is not told from not failing when a bound is rounded up. */
#define BOUND_SLACK 1e-6
/* The least distance that a failure is measured by. */
#define LEAST_EXTENT 1e-6

/* ---- what holds ---- */

static double slack_of(const searcher *w, uint32_t item, const double *u)
{
    const double *difference = w->s->differences + (size_t)item * w->leaves;
    double sum = 0;
    for (uint32_t i = 0; i < w->leaves; i++)
        sum += difference[i] * u[i];
    return sum - w->s->threshold;
}

static bool holds(const searcher *w, double slack)
{
    return w->s->strict ? slack > 0 : slack >= 0;
}

/* Keeps the weights when fewer fail under them than under any before. */
static uint32_t try_weights(searcher *w, const double *u, double *slacks)
{
    uint32_t failing = 0;
    for (uint32_t i = 0; i < w->s->count; i++) {
        const double slack = slack_of(w, i, u);
        if (slacks)
            slacks[i] = slack;
        failing += !holds(w, slack);
    }
    if (failing < w->least_failing) {
        w->least_failing = failing;
        memcpy(w->s->weights, u, w->leaves * sizeof *u);
    }
    return failing;
}

/* Where ties are broken one way, and where the other. */
static void try_nearby(searcher *w, const double *u)
{
    static const double steps[] = {1e-2, 1e-4, 1e-6};
    const double *centre = w->s->start;
    for (size_t k = 0; k < SMRI_COUNT(steps); k++) {
        for (uint32_t i = 0; i < w->leaves; i++)
            w->mixed[i] = u[i] + steps[k] * (centre[i] - u[i]);
        try_weights(w, w->mixed, NULL);
    }
}

/* ---- in, out, free ---- */

static void set_state(searcher *w, uint32_t item, state to)
{
    w->out_count += (to == OUT ? 1U : 0U) - (w->states[item] == OUT ? 1U : 0U);
    w->states[item] = (uint8_t)to;
    smri_lp_set_column(w->lp, item, 0, to == IN ? INFINITY : to == OUT ? 0 : w->weight_of_failing[item]);
}

/* Does `a` hold wherever `b` does? */
static bool follows(const searcher *w, uint32_t a, uint32_t b)
{
    const smri_bounds_search *s = w->s;
    const uint32_t above = s->falls ? b : a, below = s->falls ? a : b;
    return s->outranking[(size_t)s->places[above] * s->place_count + s->places[below]] == SMR_NECESSARY;
}

static void put(searcher *w, uint32_t item, state to)
{
    set_state(w, item, to);
    w->trail[w->trail_count++] = item;
}

static bool conflict(const searcher *w, uint32_t a, uint32_t b)
{
    return w->conflicts && w->conflicts[(size_t)a * w->s->count + b];
}

/* An item and what goes with it: those that follow come in with it, those that it follows go out with it, and those that
 * conflict with one that is in go out. */
static void decide(searcher *w, uint32_t item, state to)
{
    const uint32_t count = w->s->count;
    uint32_t next = w->trail_count;
    put(w, item, to);
    for (; next < w->trail_count; next++) {
        const uint32_t decided = w->trail[next];
        const bool in = w->states[decided] == IN;
        for (uint32_t other = 0; other < count; other++) {
            if (w->states[other] != FREE)
                continue;
            if (in && follows(w, other, decided))
                put(w, other, IN);
            else if (in ? conflict(w, other, decided) : follows(w, decided, other))
                put(w, other, OUT);
        }
    }
}

static void undo(searcher *w, uint32_t trail)
{
    while (w->trail_count > trail)
        set_state(w, w->trail[--w->trail_count], FREE);
}

/* ---- pairs that cannot both hold ---- */

/* Is every weighted mean of two differences' greatest values above the threshold? The greatest value is convex in the
 * weight; its tangents at both ends of where its minimum must lie say where to look next. */
static bool are_compatible(searcher *w, uint32_t a, uint32_t b)
{
    const double *x = w->s->differences + (size_t)a * w->leaves, *y = w->s->differences + (size_t)b * w->leaves;
    double low = 0, high = 1, low_value = 0, low_slope = 0, high_value = 0, high_slope = 0;
    for (int step = 0; step < 40; step++) {
        double at = step == 0 ? 0 : step == 1 ? 1 : 0;
        if (step > 1) {
            at = (high_value - high_slope * high - low_value + low_slope * low) / (low_slope - high_slope);
            if (!(at > low && at < high))
                return true;
        }
        for (uint32_t i = 0; i < w->leaves; i++)
            w->combined[i] = at * x[i] + (1 - at) * y[i];
        const double most = smri_weight_polytope_maximise(w->s->polytope, w->s->scratch, w->combined, w->u);
        if (!holds(w, most - w->s->threshold))
            return false;
        const double first = slack_of(w, a, w->u), second = slack_of(w, b, w->u), slope = first - second;
        if (holds(w, first) && holds(w, second))
            return true;
        if (step == 0 || (step > 1 && slope < 0)) {
            low = at;
            low_value = most;
            low_slope = slope;
        } else {
            high = at;
            high_value = most;
            high_slope = slope;
        }
        /* the least lies at an end, where it is above the threshold */
        if ((step == 0 && slope >= 0) || (step == 1 && slope <= 0))
            return true;
    }
    return true;
}

static bool find_conflicts(searcher *w)
{
    const uint32_t count = w->s->count;
    size_t cells;
    w->conflicts = smri_product(count, count, &cells) ? smri_calloc(w->s->memory, cells, 1) : NULL;
    for (uint32_t a = 0; w->conflicts && a < count; a++)
        for (uint32_t b = 0; b < a; b++)
            if (!follows(w, a, b) && !follows(w, b, a) && !are_compatible(w, a, b))
                w->conflicts[(size_t)a * count + b] = w->conflicts[(size_t)b * count + a] = 1;
    return w->conflicts != NULL;
}

/* Free pairs, each item once, of which one must fail. */
static uint32_t count_disjoint_conflicts(searcher *w)
{
    uint32_t pairs = 0;
    const uint32_t count = w->s->count;
    uint8_t *taken = w->taken;
    memset(taken, 0, count);
    for (uint32_t a = 0; a < count; a++)
        for (uint32_t b = 0; w->states[a] == FREE && !taken[a] && b < a; b++)
            if (w->states[b] == FREE && !taken[b] && conflict(w, a, b)) {
                taken[a] = taken[b] = 1;
                pairs++;
            }
    return pairs;
}

/* ---- the programs ---- */

/* The multipliers of the leaves' rows as weights that sum to 1. */
static bool read_weights(searcher *w)
{
    const double *multipliers = smri_lp_multipliers(w->lp);
    double sum = 0;
    for (uint32_t i = 0; i < w->leaves; i++) {
        w->u[i] = SMRI_MAX(multipliers[i], 0);
        sum += w->u[i];
    }
    if (!(sum > 0.5))
        return false;
    for (uint32_t i = 0; i < w->leaves; i++)
        w->u[i] /= sum;
    return true;
}

typedef enum verdict { POSSIBLE, IMPOSSIBLE, UNKNOWN } verdict;

/* Can all that are in hold at once? POSSIBLE: under w->u they do. */
static verdict find_margin(searcher *w)
{
    const uint32_t sum_row = w->rows - 1;
    for (uint32_t i = 0; i < w->s->count; i++)
        if (w->states[i] == FREE)
            smri_lp_set_column(w->lp, i, 0, 0);
    smri_lp_set_row(w->lp, sum_row, 1, 1);
    smri_lp_set_objective(w->lp, w->margin_objective, true);
    const smri_lp_status status = smri_lp_solve(w->lp);
    verdict found = UNKNOWN;
    if (status == SMRI_LP_OPTIMAL) {
        const double *x = smri_lp_x(w->lp);
        double total = 0;
        for (uint32_t leaf = 0; leaf < w->leaves; leaf++)
            w->combined[leaf] = 0;
        for (uint32_t i = 0; i < w->s->count; i++) {
            const double share = w->states[i] == IN ? SMRI_MAX(x[i], 0) : 0;
            for (uint32_t leaf = 0; share > 0 && leaf < w->leaves; leaf++)
                w->combined[leaf] += share * w->s->differences[(size_t)i * w->leaves + leaf];
            total += share;
        }
        const double most = smri_weight_polytope_maximise(w->s->polytope, w->s->scratch, w->combined, NULL);
        if (total > 0.5 && !holds(w, most / total - w->s->threshold))
            found = IMPOSSIBLE;
        if (found == UNKNOWN && read_weights(w)) {
            try_weights(w, w->u, w->slacks);
            found = POSSIBLE;
            for (uint32_t i = 0; i < w->s->count; i++)
                if (w->states[i] == IN && !holds(w, w->slacks[i]))
                    found = UNKNOWN;
        }
    }
    for (uint32_t i = 0; i < w->s->count; i++)
        if (w->states[i] == FREE)
            smri_lp_set_column(w->lp, i, 0, w->weight_of_failing[i]);
    smri_lp_set_row(w->lp, sum_row, -INFINITY, INFINITY);
    smri_lp_set_objective(w->lp, w->objective, true);
    return found;
}

/* What one node says: at least `bound` fail below it (the count of all: nothing is left to find there), and which
 * inequality to branch on (the count: none). */
typedef struct finding {
    uint32_t bound, item;
} finding;

static finding look(searcher *w)
{
    const uint32_t count = w->s->count;
    finding found = {.bound = w->out_count, .item = count};
    if (w->conflicts)
        found.bound += count_disjoint_conflicts(w);
    if (found.bound >= w->least_failing)
        return found;
    const smri_lp_status status = smri_lp_solve(w->lp);
    bool have_weights = false;
    if (status == SMRI_LP_UNBOUNDED) {
        found.bound = count;
        return found;
    }
    if (status == SMRI_LP_OPTIMAL) {
        const double failing = smri_lp_optimum(w->lp) - BOUND_SLACK;
        const uint32_t more = failing > 0 ? (uint32_t)failing + 1 : 0;
        found.bound = SMRI_MAX(found.bound, SMRI_MIN(w->out_count + more, count));
        have_weights = read_weights(w);
    }
    if (found.bound >= w->least_failing)
        return found;
    bool all_in_hold = false;
    if (have_weights) {
        try_weights(w, w->u, w->slacks);
        all_in_hold = true;
        for (uint32_t i = 0; i < count; i++)
            all_in_hold &= w->states[i] != IN || holds(w, w->slacks[i]);
    }
    if (!all_in_hold) {
        const verdict margin = find_margin(w);
        if (margin == IMPOSSIBLE)
            found.bound = count;
        have_weights |= margin == POSSIBLE;
        all_in_hold = margin == POSSIBLE;
    }
    if (all_in_hold)
        try_nearby(w, w->u);
    if (found.bound >= w->least_failing)
        return found;
    double best = INFINITY;
    for (uint32_t i = 0; i < count; i++) {
        if (w->states[i] != FREE || (have_weights && holds(w, w->slacks[i])))
            continue;
        const double share = have_weights ? w->slacks[i] * w->weight_of_failing[i] : 0;
        uint32_t along = 1;
        for (uint32_t k = 0; k < count; k++)
            along += w->states[k] == FREE && (follows(w, i, k) || conflict(w, i, k));
        const double merit = share * along;
        if (merit < best) {
            best = merit;
            found.item = i;
        }
    }
    if (found.item == count)
        w->unresolved = SMRI_MIN(w->unresolved, found.bound);
    return found;
}

/* ---- the search ---- */

static void descend(searcher *w, const finding *found)
{
    w->branches[w->branch_count++] =
        (branch){.item = found->item, .trail = w->trail_count, .bound = found->bound};
    decide(w, found->item, OUT);
}

/* Goes on where the last branch was not ended. false: none is left. */
static bool turn_back(searcher *w)
{
    while (w->branch_count > 0) {
        branch *last = &w->branches[w->branch_count - 1];
        undo(w, last->trail);
        if (!last->second && last->bound < w->least_failing) {
            last->second = true;
            decide(w, last->item, IN);
            return true;
        }
        w->branch_count--;
    }
    return false;
}

/* So many fail at least where the search did not come. */
static uint32_t least_open(const searcher *w)
{
    uint32_t open = w->branch_count == 0 ? 0 : w->s->count;
    for (uint32_t i = 0; i < w->branch_count; i++)
        if (!w->branches[i].second || i + 1 == w->branch_count)
            open = SMRI_MIN(open, w->branches[i].bound);
    return open;
}

/* One search is over, all of it (open: the count) or not: so many fail at least. */
static void conclude(searcher *w, uint32_t open)
{
    const uint32_t fail = SMRI_MIN(SMRI_MIN(open, w->unresolved), w->least_failing);
    w->proven = SMRI_MAX(w->proven, fail);
    undo(w, 0);
    w->branch_count = 0;
    w->unresolved = w->s->count;
}

static bool load(searcher *w)
{
    const smri_bounds_search *s = w->s;
    const smri_inequalities *set = s->inequalities;
    const uint32_t nu = w->columns - 1;
    for (uint32_t i = 0; i < s->count; i++) {
        double *column = w->matrix + (size_t)i * w->rows;
        const double *difference = s->differences + (size_t)i * w->leaves;
        for (uint32_t leaf = 0; leaf < w->leaves; leaf++) {
            column[leaf] = difference[leaf];
            w->combined[leaf] = -difference[leaf];
        }
        column[w->rows - 1] = 1;
        const double extent =
            w->relaxed + smri_weight_polytope_maximise(s->polytope, s->scratch, w->combined, NULL);
        w->weight_of_failing[i] = 1 / SMRI_MAX(extent, LEAST_EXTENT);
        w->objective[i] = w->relaxed;
    }
    for (size_t i = 0; i < set->count; i++)
        memcpy(w->matrix + (s->count + i) * w->rows, set->rows + i * set->width, set->width * sizeof(double));
    for (uint32_t leaf = 0; leaf < w->leaves; leaf++)
        w->matrix[(size_t)nu * w->rows + leaf] = 1;
    w->objective[nu] = w->margin_objective[nu] = 1;
    double *low = smri_alloc(s->memory, (size_t)w->columns * 2 + (size_t)w->rows * 2, sizeof *low);
    if (!low)
        return false;
    double *high = low + w->columns, *row_low = high + w->columns, *row_high = row_low + w->rows;
    for (uint32_t i = 0; i < w->columns; i++) {
        low[i] = i == nu ? -INFINITY : 0;
        high[i] = i < s->count ? w->weight_of_failing[i] : INFINITY;
    }
    for (uint32_t i = 0; i < w->rows; i++) {
        row_low[i] = -INFINITY;
        row_high[i] = i + 1 == w->rows || (i < w->leaves && s->polytope->dead[i]) ? INFINITY : 0;
    }
    const smri_lp_problem problem = {.rows = w->rows,
                                     .columns = w->columns,
                                     .matrix = w->matrix,
                                     .objective = w->objective,
                                     .maximise = true,
                                     .row_low = row_low,
                                     .row_high = row_high,
                                     .low = low,
                                     .high = high};
    const bool loaded = smri_lp_load(w->lp, &problem);
    smri_free(s->memory, low);
    return loaded;
}

static bool make(searcher *w)
{
    const smr_context *memory = w->s->memory;
    const size_t count = w->s->count;
    size_t cells;
    if (!smri_product(w->rows, w->columns, &cells))
        return false;
    w->lp = smri_lp_new(memory, w->rows, w->columns);
    w->matrix = smri_calloc(memory, cells, sizeof *w->matrix);
    w->objective = smri_calloc(memory, w->columns, sizeof *w->objective);
    w->margin_objective = smri_calloc(memory, w->columns, sizeof *w->margin_objective);
    w->weight_of_failing = smri_alloc(memory, count, sizeof *w->weight_of_failing);
    w->states = smri_calloc(memory, count, 1);
    w->taken = smri_alloc(memory, count, 1);
    w->trail = smri_alloc(memory, count, sizeof *w->trail);
    w->branches = smri_alloc(memory, count, sizeof *w->branches);
    w->slacks = smri_alloc(memory, count, sizeof *w->slacks);
    w->u = smri_alloc(memory, w->leaves, sizeof *w->u);
    w->mixed = smri_alloc(memory, w->leaves, sizeof *w->mixed);
    w->combined = smri_alloc(memory, w->leaves, sizeof *w->combined);
    return w->lp && w->matrix && w->objective && w->margin_objective && w->weight_of_failing && w->states && w->taken && w->trail &&
           w->branches && w->slacks && w->u && w->mixed && w->combined;
}

static void release(searcher *w)
{
    const smr_context *memory = w->s->memory;
    smri_lp_free(w->lp);
    void *const blocks[] = {w->matrix,   w->objective, w->margin_objective, w->weight_of_failing, w->states, w->trail, w->taken, w->conflicts,
                            w->branches, w->slacks,    w->u,                w->mixed,             w->combined};
    for (size_t i = 0; i < SMRI_COUNT(blocks); i++)
        smri_free(memory, blocks[i]);
}

bool smri_bounds_search_begin(smri_bounds_search *s)
{
    searcher *w = smri_calloc(s->memory, 1, sizeof *w);
    s->searcher = w;
    if (!w)
        return false;
    *w = (searcher){.s = s,
                    .leaves = s->polytope->leaf_count,
                    .rows = s->inequalities->width + 1,
                    .columns = s->count + (uint32_t)s->inequalities->count + 1,
                    .relaxed = s->strict ? 0 : s->threshold,
                    .least_failing = s->count + 1,
                    .unresolved = s->count};
    s->nodes = 0;
    s->finished = s->count == 0;
    memcpy(s->weights, s->start, w->leaves * sizeof *s->weights);
    if (s->finished) {
        w->least_failing = 0;
        return true;
    }
    if (!make(w) || !load(w))
        return false;
    try_weights(w, s->start, NULL);
    for (uint32_t i = 0; w->least_failing > 0 && i < s->count; i++) {
        smri_weight_polytope_maximise(s->polytope, s->scratch, s->differences + (size_t)i * w->leaves, w->u);
        try_weights(w, w->u, NULL);
        try_nearby(w, w->u);
    }
    s->finished = w->least_failing == 0;
    return true;
}

/* Starts anew, now with conflicts, unless that is done or more is not wanted. */
static bool start_again(searcher *w)
{
    smri_bounds_search *s = w->s;
    conclude(w, least_open(w));
    s->finished = s->nodes >= s->most_nodes || w->proven >= w->least_failing;
    return s->finished || find_conflicts(w);
}

bool smri_bounds_search_go_on(smri_bounds_search *s, uint64_t nodes)
{
    searcher *w = s->searcher;
    for (; !s->finished && nodes > 0; nodes--) {
        if (!w->conflicts && s->nodes >= SMRI_MIN(s->most_nodes, NODES_BEFORE_CONFLICTS)) {
            if (!start_again(w))
                return false;
            continue;
        }
        if (s->nodes >= s->most_nodes) {
            conclude(w, least_open(w));
            s->finished = true;
            continue;
        }
        s->nodes++;
        const finding found = look(w);
        if (found.bound < w->least_failing && found.item < s->count) {
            descend(w, &found);
        } else if (!turn_back(w)) {
            conclude(w, s->count);
            s->finished = true;
        }
    }
    return true;
}

void smri_bounds_search_end(smri_bounds_search *s)
{
    searcher *w = s->searcher;
    if (!w)
        return;
    s->reached = s->count - SMRI_MIN(w->least_failing, s->count);
    s->bound = s->count - SMRI_MIN(w->proven, w->least_failing);
    release(w);
    smri_free(s->memory, w);
    s->searcher = NULL;
}
