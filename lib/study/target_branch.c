/* SPDX-License-Identifier: MIT */
/* Branch and bound over boxes of efforts. In a box every height is covered by its concave envelope, so that the least
 * effort there is a bound; where the envelope lies above the height, the box is cut in two. */

#include "study/target_impl.h"

/* Of the effort: boxes that can gain no more than this are left. */
#define WORTH 1e-11
/* Of the height: an envelope this near is the height itself. */
#define TOUCHING 1e-12
/* Of the goal: what adding up the same numbers in another order may change. */
#define ROUNDING 4e-15

typedef struct box {
    double *low, *high;             /* by lever */
    double bound;
} box;

typedef struct search {
    smri_problem *problem;
    box *boxes;                     /* a stack; each owns its block */
    size_t count, capacity;
    double best, least_bound;       /* of what is found; of what has been left */
    double *best_efforts, *gradient, *trial;
    uint32_t *order;
} search;

static bool push(search *s, const double *low, const double *high, double bound)
{
    const uint32_t count = s->problem->count;
    const smr_context *memory = s->problem->memory;
    box made = {.low = smri_alloc(memory, (size_t)count * 2, sizeof *made.low), .bound = bound};
    if (!made.low || !smri_grow(memory, &s->boxes, &s->capacity, s->count + 1, sizeof *s->boxes)) {
        smri_free(memory, made.low);
        return false;
    }
    made.high = made.low + count;
    memcpy(made.low, low, count * sizeof *low);
    memcpy(made.high, high, count * sizeof *high);
    s->boxes[s->count++] = made;
    return true;
}

static void set_height(const smri_problem *problem, uint32_t lever, double t)
{
    problem->levers[lever].t = t;
    problem->levers[lever].height = smri_lever_height(problem, &problem->levers[lever], t);
}

static bool reaches(const smri_problem *problem)
{
    return smri_mean_value(problem, problem->root) >= problem->aim - ROUNDING * SMRI_MAX(fabs(problem->aim), 1);
}

/* Where the height is on its envelope again, from t on. */
static double round_up(const smri_problem *problem, const smri_lever *lever)
{
    const double height = smri_lever_height(problem, lever, lever->t);
    if (!lever->points && lever->height - height <= TOUCHING * SMRI_MAX(fabs(height), 1))
        return lever->t;
    for (uint32_t k = 0; k < lever->piece_count; k++) {
        const smri_piece *piece = &lever->pieces[k];
        if (lever->t <= piece->t0)
            return piece->t0;
        if (lever->t <= piece->t1)
            return piece->t1;
    }
    return lever->t;
}

/* Takes back what is not needed of one lever. */
static void pull_back(const smri_problem *problem, uint32_t index)
{
    const smri_lever *lever = &problem->levers[index];
    double high = lever->t, low = 0;
    set_height(problem, index, 0);
    if (high <= 0 || reaches(problem))
        return;
    if (lever->points) {
        uint32_t place = lever->point_count - 1;
        while (place > 0 && lever->points[place] >= high)
            place--;
        for (set_height(problem, index, lever->points[place]); place > 0 && reaches(problem);
             set_height(problem, index, lever->points[place])) {
            high = lever->points[place];
            place--;
        }
    } else {
        for (int i = 0; i < 60; i++) {
            const double middle = 0.5 * (low + high);
            set_height(problem, index, middle);
            if (reaches(problem))
                high = middle;
            else
                low = middle;
        }
    }
    set_height(problem, index, high);
}

/* Makes efforts that reach the goal out of those of the relaxed box: takes back what is not needed, and keeps what is
 * left when it is the least so far. */
static void try_box(search *s)
{
    smri_problem *problem = s->problem;
    for (uint32_t i = 0; i < problem->count; i++)
        s->trial[i] = round_up(problem, &problem->levers[i]);
    for (uint32_t i = 0; i < problem->count; i++) {
        set_height(problem, i, s->trial[i]);
        s->order[i] = i;
    }
    if (!reaches(problem))
        return;
    smri_tree_gradient(problem, s->gradient);
    for (uint32_t i = 0; i < problem->count; i++) {
        const smri_lever *lever = &problem->levers[i];
        const double gained = s->gradient[i] * (lever->height - smri_lever_height(problem, lever, 0));
        s->trial[i] = lever->t > 0 ? gained / lever->t : INFINITY;
    }
    for (uint32_t i = 1; i < problem->count; i++) /* what is worth least first; few move, so that little is sorted */
        for (uint32_t k = i; k > 0 && s->trial[s->order[k]] < s->trial[s->order[k - 1]]; k--) {
            const uint32_t other = s->order[k];
            s->order[k] = s->order[k - 1];
            s->order[k - 1] = other;
        }
    for (uint32_t i = 0; i < problem->count; i++)
        pull_back(problem, s->order[i]);
    double total = 0;
    for (uint32_t i = 0; i < problem->count; i++)
        total += problem->levers[i].t;
    if (!(total < s->best))
        return;
    s->best = total;
    for (uint32_t i = 0; i < problem->count; i++)
        s->best_efforts[i] = problem->levers[i].t;
}

/* The lever whose envelope promises most above its height; SMRI_NONE: all are on their heights. */
static uint32_t widest_gap(search *s)
{
    const smri_problem *problem = s->problem;
    uint32_t widest = SMRI_NONE;
    double most = 0;
    smri_tree_gradient(problem, s->gradient);
    for (uint32_t i = 0; i < problem->count; i++) {
        const smri_lever *lever = &problem->levers[i];
        const double height = smri_lever_height(problem, lever, lever->t), gap = lever->height - height;
        bool on = !lever->points;   /* between two points there is no height */
        for (uint32_t k = 0; k < lever->point_count; k++)
            on = on || lever->points[k] == lever->t;
        if (on && gap <= TOUCHING * SMRI_MAX(fabs(height), 1))
            continue;
        const double weight = s->gradient[i] < DBL_MAX ? s->gradient[i] : DBL_MAX;
        const double promised = lever->points ? weight * (lever->pieces[0].y1 - lever->base + gap) : weight * gap;
        if (widest == SMRI_NONE || promised > most) {
            most = promised;
            widest = i;
        }
    }
    return widest;
}

/* Cuts the box at a lever. */
static bool cut(search *s, const box *b, uint32_t index, double bound)
{
    const smri_lever *lever = &s->problem->levers[index];
    const double t = lever->t, low = b->low[index], high = b->high[index];
    double below = t, above = t;
    if (lever->points) {
        uint32_t place = 0;
        while (place + 2 < lever->point_count && lever->points[place + 1] <= t)
            place++;
        below = lever->points[place];
        above = lever->points[place + 1];
    } else if (low < lever->dead) {
        below = low;
        above = lever->dead;
    } else {
        below = above = SMRI_MIN(SMRI_MAX(t, low + 0.1 * (high - low)), high - 0.1 * (high - low));
    }
    double *limits = s->trial;
    memcpy(limits, b->high, s->problem->count * sizeof *limits);
    limits[index] = below;
    const bool fine = push(s, b->low, limits, bound);
    memcpy(limits, b->low, s->problem->count * sizeof *limits);
    limits[index] = above;
    return fine && push(s, limits, b->high, bound);
}

static bool look(search *s, const box *b)
{
    smri_problem *problem = s->problem;
    for (uint32_t i = 0; i < problem->count; i++) {
        smri_lever *lever = &problem->levers[i];
        if (!lever->covered || lever->low != b->low[i] || lever->high != b->high[i])
            smri_lever_envelope(problem, lever, b->low[i], b->high[i]);
        lever->covered = true;
    }
    const double bound = SMRI_MAX(smri_tree_relax(problem), b->bound);
    if (!(bound < s->best * (1 - WORTH))) {
        s->least_bound = SMRI_MIN(s->least_bound, bound);
        return true;
    }
    const uint32_t widest = widest_gap(s);
    const double t = widest == SMRI_NONE ? 0 : problem->levers[widest].t;
    try_box(s);
    if (widest == SMRI_NONE || !(bound < s->best * (1 - WORTH))) {
        s->least_bound = SMRI_MIN(s->least_bound, bound);
        return true;
    }
    problem->levers[widest].t = t;
    return cut(s, b, widest, bound);
}

static bool start(search *s)
{
    smri_problem *problem = s->problem;
    const size_t count = problem->count;
    s->best_efforts = smri_arena_calloc(&problem->arena, count, sizeof(double));
    s->gradient = smri_arena_calloc(&problem->arena, count, sizeof(double));
    s->trial = smri_arena_calloc(&problem->arena, count, sizeof(double));
    s->order = smri_arena_calloc(&problem->arena, count, sizeof *s->order);
    if (!s->best_efforts || !s->gradient || !s->trial || !s->order)
        return false;
    for (size_t i = 0; i < count; i++)
        s->gradient[i] = problem->levers[i].reach;
    if (!push(s, s->best_efforts, s->gradient, 0))
        return false;
    /* The engine has said that every indicator at its bound is enough. */
    s->best = 0;
    for (size_t i = 0; i < count; i++) {
        s->best_efforts[i] = problem->levers[i].reach;
        s->best += problem->levers[i].reach;
    }
    return true;
}

smr_status smri_branch_run(smri_problem *problem, smr_error *error)
{
    search s = {.problem = problem, .best = INFINITY, .least_bound = INFINITY};
    smr_status status = start(&s) ? SMR_OK : smri_fail_memory(error);
    uint64_t steps = 0;
    for (; status == SMR_OK && s.count > 0 && steps < problem->most_steps; steps++) {
        const box top = s.boxes[--s.count];
        if (smri_cancelled(problem->memory, steps, 0, error))
            status = SMR_ERROR_CANCELLED;
        else if (!look(&s, &top))
            status = smri_fail_memory(error);
        smri_free(problem->memory, top.low);
    }
    for (size_t i = 0; i < s.count; i++) {
        s.least_bound = SMRI_MIN(s.least_bound, s.boxes[i].bound);
        smri_free(problem->memory, s.boxes[i].low);
    }
    smri_free(problem->memory, s.boxes);
    if (status != SMR_OK)
        return status;
    problem->bound = SMRI_MIN(s.least_bound, s.best);
    for (uint32_t i = 0; i < problem->count; i++)
        problem->levers[i].t = s.best_efforts[i];
    return SMR_OK;
}
