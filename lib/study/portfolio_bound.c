/* SPDX-License-Identifier: MIT */
/* What no set within the budget can pass.
 *
 * Where the index is a sum of the initiatives' gains, the best set is that of a knapsack, found by branch and bound.
 * Where every node is an arithmetic or a geometric mean it is a concave function of the indicators' scores, and these are at
 * most piecewise linear in what is chosen: each tangent is a linear program's upper bound, and tangents are added where
 * the last program ended, until they do not help any more. */

#include "study/portfolio_impl.h"

/* ---- indicators that some item changes: score as an affine function of the choice, between two ends ---- */

typedef struct mover {
    uint32_t indicator, node;
    double before;                      /* score without its ends: u = before + sum of steps of the chosen items */
    double least, greatest;             /* of u, over all choices */
    double floor, ceiling;              /* ends of the score */
    bool rivals;                        /* several items set it: only the best of them would count */
} mover;

typedef struct movers {
    mover *movers;
    uint32_t count;
    double *steps;                      /* mover x items */
    bool fine;                          /* false: some indicator is no affine function, or the tree no such tree */
    bool arithmetic;                    /* no node is geometric */
} movers;

static bool is_method(const smri_choice *choice, const char *name)
{
    return choice->method && strcmp(choice->method->name, name) == 0;
}

/* Is every node above an arithmetic or geometric mean of its children that are present? */
static void check_nodes(const smr_model *model, movers *m, int32_t node)
{
    for (; node >= 0; node = model->framework->nodes[node].parent) {
        const bool geometric = is_method(&model->plan.aggregate[node], "geometric");
        m->fine &= geometric || is_method(&model->plan.aggregate[node], "arithmetic");
        m->arithmetic &= !geometric;
    }
}

/* Slope and place of the score in the raw value. false: the score is no affine function of it between its ends. */
static bool affine_of(const smri_lift *lift, uint32_t indicator, double *slope, mover *made)
{
    const smr_model *model = lift->model;
    const smri_leaf *leaf = &model->leaves[indicator];
    const smri_indicator *definition = &model->framework->indicators[indicator];
    const double scale = model->plan.denominate[indicator];
    double unit = 1;
    if (!leaf->affine || leaf->constant || model->plan.treat[indicator].method->change ||
        definition->transform != SMR_TRANSFORM_NONE || definition->direction == SMR_DIRECTION_TARGET)
        return false;
    if (scale == scale)
        unit = scale / lift->raw[model->denominators[indicator]];
    const double rise = leaf->map.span / leaf->map.width, origin = leaf->map.origin;
    *slope = rise * unit;
    made->before = leaf->map.low + (lift->raw[indicator] * unit - origin) * rise;
    const double ends[] = {leaf->map.low + (lift->low[indicator] * unit - origin) * rise,
                           leaf->map.low + (lift->high[indicator] * unit - origin) * rise};
    made->floor = SMRI_MAX(leaf->map.floor, SMRI_MIN(ends[0], ends[1]));
    made->ceiling = SMRI_MIN(leaf->map.ceiling, SMRI_MAX(ends[0], ends[1]));
    /* A value that lies beyond its kind's range before anything is done would jump. */
    return fabs(made->before) <= DBL_MAX && made->floor <= made->ceiling &&
           lift->raw[indicator] >= lift->low[indicator] && lift->raw[indicator] <= lift->high[indicator];
}

/* The steps of one indicator, item by item, in its score. */
static void fill_steps(const smri_lift *lift, const smri_items *items, mover *made, double slope, double *steps)
{
    const uint32_t indicator = made->indicator;
    const double raw = lift->raw[indicator];
    uint32_t setters = 0;
    for (uint32_t k = 0; k < items->count; k++) {
        const uint32_t item = items->items[k];
        double moved = 0;
        steps[k] = 0;
        for (uint32_t e = lift->starts[item]; e < lift->starts[item + 1]; e++) {
            if (lift->effects[e].input != indicator)
                continue;
            moved += smri_raw_change_apply(&lift->effects[e].change, raw) - raw;
            setters += lift->effects[e].change.kind == SMRI_RAW_CHANGE_SET;
        }
        steps[k] = slope * moved;
    }
    made->rivals = setters > 1;
    made->least = made->greatest = made->before;
    for (uint32_t k = 0; k < items->count; k++) {
        if (made->rivals)
            steps[k] = SMRI_MAX(steps[k], 0);
        made->least += SMRI_MIN(steps[k], 0);
        made->greatest += SMRI_MAX(steps[k], 0);
    }
}

static smr_status make_movers(const smri_lift *lift, const smri_items *items, movers *m, smr_error *error)
{
    const smr_model *model = lift->model;
    const uint32_t indicators = model->framework->indicator_count;
    size_t cells;
    *m = (movers){.fine = !lift->whole && lift->sign > 0 && model->plan.policy == SMRI_POLICY_RENORMALISE,
                  .arithmetic = true};
    bool *moved = smri_calloc(lift->memory, SMRI_MAX(lift->input_count, 1U), sizeof *moved);
    m->movers = smri_calloc(lift->memory, SMRI_MAX(indicators, 1U), sizeof *m->movers);
    m->steps = smri_product(indicators, SMRI_MAX(items->count, 1U), &cells)
                   ? smri_alloc(lift->memory, SMRI_MAX(cells, 1U), sizeof *m->steps)
                   : NULL;
    smr_status status = moved && m->movers && m->steps ? SMR_OK : smri_fail_memory(error);
    for (uint32_t k = 0; status == SMR_OK && k < items->count; k++)
        for (uint32_t e = lift->starts[items->items[k]]; e < lift->starts[items->items[k] + 1]; e++)
            moved[lift->effects[e].input] = true;
    for (uint32_t i = 0; status == SMR_OK && m->fine && i < lift->input_count; i++) {
        if (!moved[i])
            continue;
        mover *made = &m->movers[m->count];
        double slope = 0;
        if (i >= indicators || lift->raw[i] != lift->raw[i] || !affine_of(lift, i, &slope, made)) {
            m->fine = false;
            break;
        }
        made->indicator = i;
        made->node = (uint32_t)model->framework->indicators[i].node;
        check_nodes(model, m, model->framework->nodes[made->node].parent);
        fill_steps(lift, items, made, slope, m->steps + (size_t)m->count * items->count);
        m->count++;
    }
    smri_free(lift->memory, moved);
    return status;
}

static void free_movers(const smri_lift *lift, movers *m)
{
    smri_free(lift->memory, m->movers);
    smri_free(lift->memory, m->steps);
}

/* ---- a plain sum ---- */

smr_status smri_bound_additive(smri_lift *lift, const smri_items *items, bool *additive, double *gains,
                               smr_error *error)
{
    movers m;
    smr_status status = make_movers(lift, items, &m, error);
    *additive = status == SMR_OK && m.fine && m.arithmetic;
    for (uint32_t i = 0; i < m.count; i++)
        *additive &= !m.movers[i].rivals && m.movers[i].least >= m.movers[i].floor &&
                     m.movers[i].greatest <= m.movers[i].ceiling;
    free_movers(lift, &m);
    uint8_t *alone = *additive ? smri_calloc(lift->memory, SMRI_MAX(lift->portfolio->count, 1U), 1) : NULL;
    if (status == SMR_OK && *additive && !alone)
        status = smri_fail_memory(error);
    for (uint32_t k = 0; status == SMR_OK && *additive && k < items->count; k++) {
        double score;
        alone[items->items[k]] = 1;
        status = smri_lift_score(lift, alone, &score, error);
        alone[items->items[k]] = 0;
        gains[k] = smri_lift_gain(lift, score);
    }
    smri_free(lift->memory, alone);
    return status;
}

/* ---- the knapsack (Horowitz and Sahni): depth first, the best per budget first, bounded by the fractional one ---- */

#define MOST_STEPS UINT64_C(20000000)
#define STEPS_A_QUESTION UINT64_C(1048576)

typedef struct knapsack {
    uint32_t count;
    double *gains, *costs;              /* sorted downward by gain per cost */
    uint32_t *order;                    /* place among the items */
    uint8_t *chosen, *best;
    double best_gain, room;
    uint64_t steps;
} knapsack;

/* What the rest from `from` may add within the room when parts of an item may be taken. */
static double fractional(knapsack *k, uint32_t from, double room)
{
    double gain = 0;
    for (uint32_t i = from; i < k->count; i++, k->steps++) {
        if (k->costs[i] > room)
            return gain + k->gains[i] * (room / k->costs[i]);
        room -= k->costs[i];
        gain += k->gains[i];
    }
    return gain;
}

/* true: searched to the end. */
static bool search_knapsack(const smri_lift *lift, knapsack *k, smr_status *status, smr_error *error)
{
    double room = k->room, gain = 0;
    uint64_t asked = 0;
    uint32_t i = 0;
    for (;;) {
        if (k->steps / STEPS_A_QUESTION > asked) {
            asked = k->steps / STEPS_A_QUESTION;
            if (smri_cancelled(lift->memory, k->steps, MOST_STEPS, error)) {
                *status = SMR_ERROR_CANCELLED;
                return false;
            }
        }
        if (k->steps > MOST_STEPS)
            return false;
        /* Forward: take what fits. */
        if (gain + fractional(k, i, room) > k->best_gain) {
            for (; i < k->count; i++) {
                k->chosen[i] = k->costs[i] <= room;
                if (k->chosen[i]) {
                    room -= k->costs[i];
                    gain += k->gains[i];
                } else if (gain + fractional(k, i + 1, room) <= k->best_gain) {
                    i++;
                    break;
                }
            }
            if (i == k->count && gain > k->best_gain) {
                k->best_gain = gain;
                memcpy(k->best, k->chosen, k->count);
            }
        }
        /* Back: leave the last one taken. Room and gain are summed anew, so that no rounding piles up. */
        while (i > 0 && !k->chosen[i - 1])
            i--;
        if (i == 0)
            return true;
        k->chosen[i - 1] = 0;
        room = k->room;
        gain = 0;
        for (uint32_t j = 0; j < i; j++, k->steps++) {
            room -= k->chosen[j] ? k->costs[j] : 0;
            gain += k->chosen[j] ? k->gains[j] : 0;
        }
    }
}

static bool make_knapsack(const smri_lift *lift, const smri_items *items, const double *gains, knapsack *k)
{
    const smr_context *memory = lift->memory;
    const size_t n = SMRI_MAX(items->count, 1U);
    double *worth = smri_alloc(memory, n, sizeof *worth);
    uint32_t *sorted = smri_alloc(memory, n, sizeof *sorted);
    *k = (knapsack){.gains = smri_alloc(memory, n, sizeof(double)),
                    .costs = smri_alloc(memory, n, sizeof(double)),
                    .order = smri_alloc(memory, n, sizeof(uint32_t)),
                    .chosen = smri_calloc(memory, n, 1),
                    .best = smri_calloc(memory, n, 1),
                    .room = items->budget};
    bool fine = worth && sorted && k->gains && k->costs && k->order && k->chosen && k->best;
    for (uint32_t i = 0; fine && i < items->count; i++) {
        const double cost = lift->portfolio->budgets[items->items[i]];
        worth[i] = cost > 0 ? gains[i] / cost : DBL_MAX;
    }
    fine = fine && smri_order_descending(memory, worth, items->count, sorted);
    for (uint32_t i = 0; fine && i < items->count; i++) {
        if (!(gains[sorted[i]] > 0))
            continue;
        k->gains[k->count] = gains[sorted[i]];
        k->costs[k->count] = lift->portfolio->budgets[items->items[sorted[i]]];
        k->order[k->count++] = sorted[i];
    }
    smri_free(memory, worth);
    smri_free(memory, sorted);
    return fine;
}

smr_status smri_bound_knapsack(const smri_lift *lift, const smri_items *items, const double *gains, uint8_t *chosen,
                               double *bound, bool *complete, smr_error *error)
{
    knapsack k;
    smr_status status = make_knapsack(lift, items, gains, &k) ? SMR_OK : smri_fail_memory(error);
    *complete = false;
    if (status == SMR_OK) {
        const double relaxed = fractional(&k, 0, k.room);
        *complete = search_knapsack(lift, &k, &status, error);
        *bound = *complete ? k.best_gain : relaxed;
        memset(chosen, 0, items->count);
        for (uint32_t i = 0; i < k.count; i++)
            chosen[k.order[i]] = k.best[i];
    }
    smri_free(lift->memory, k.gains);
    smri_free(lift->memory, k.costs);
    smri_free(lift->memory, k.order);
    smri_free(lift->memory, k.chosen);
    smri_free(lift->memory, k.best);
    return status;
}

/* ---- tangents ---- */

#define MOST_TANGENTS 24
#define CLOSE_ENOUGH 1e-9

typedef struct tangents {
    smri_lift *lift;
    const smri_items *items;
    const movers *m;
    double *scores;                     /* by node */
    double *gradient;                   /* by mover */
    double *slopes, *heights;           /* tangents x movers; tangents: index <= height + sum slope x score */
    uint32_t count;
    double *y;                          /* by mover: where the next tangent is laid */
    double *family_values, **family_scores;
} tangents;

/* Index and its gradient where the movers have the scores t->y. */
static double index_at(tangents *t)
{
    const smr_model *model = t->lift->model;
    const smr_framework *framework = model->framework;
    for (uint32_t i = 0; i < t->m->count; i++)
        t->scores[t->m->movers[i].node] = t->y[i];
    for (uint32_t node = framework->node_count; node-- > 0;) {
        if (framework->nodes[node].indicator >= 0)
            continue;
        double scratch[5];
        uint8_t status = SMR_CELL_OK;
        uint32_t place = 0;
        for (int32_t child = framework->nodes[node].first_child; child >= 0;
             child = framework->nodes[child].next_sibling, place++) {
            t->family_values[place] = t->scores[child];
            t->family_scores[place] = &t->family_values[place];
        }
        const smri_family family = {.context = t->lift->memory,
                                    .kernels = smri_context_kernels(t->lift->memory),
                                    .scores = t->family_scores,
                                    .n = 1,
                                    .scratch = scratch};
        smri_node_run(model, node, &family, &t->scores[node], &status);
    }
    for (uint32_t i = 0; i < t->m->count; i++) {
        double slope = 1;
        for (int32_t node = (int32_t)t->m->movers[i].node; node > 0; node = framework->nodes[node].parent) {
            const int32_t parent = framework->nodes[node].parent;
            double weights = 0;
            for (int32_t child = framework->nodes[parent].first_child; child >= 0;
                 child = framework->nodes[child].next_sibling)
                weights += t->scores[child] == t->scores[child] ? model->weights[child] : 0;
            slope *= model->weights[node] > 0 ? model->weights[node] / weights : 0;
            if (model->weights[node] > 0 && is_method(&model->plan.aggregate[parent], "geometric"))
                slope *= t->scores[parent] / t->scores[node];
        }
        t->gradient[i] = slope;
    }
    return t->scores[0];
}

/* Geometric means are concave where all they see lies above zero and above what the plan floors it to. */
static bool is_in_domain(const tangents *t)
{
    const smr_model *model = t->lift->model;
    const smr_framework *framework = model->framework;
    for (uint32_t node = 0; node < framework->node_count; node++) {
        if (!is_method(&model->plan.aggregate[node], "geometric"))
            continue;
        const double epsilon =
            smri_zero_epsilon(&model->plan.aggregate[node], model->child_low[node], model->child_high[node]);
        for (int32_t child = framework->nodes[node].first_child; child >= 0;
             child = framework->nodes[child].next_sibling)
            if (t->scores[child] <= SMRI_MAX(epsilon, 0))
                return false;
    }
    return true;
}

/* Row of the program that holds a mover's score below a line: score <= limit + factor x sum of steps. */
static void line_over(const mover *m, double *factor, double *limit)
{
    *factor = 1;
    *limit = m->before;
    if (m->least >= m->floor)
        return;
    /* From the end below, where the score is flat, the straight line to the far end lies above it. */
    const double far = SMRI_MIN(m->greatest, m->ceiling);
    *factor = far > m->floor ? (far - m->floor) / (far - m->least) : 0;
    *limit = m->floor + *factor * (m->before - m->least);
}

static double within(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

/* Columns: items, scores of the movers, the index. Rows: a line for each mover, the budget, the tangents. */
static smr_status solve_program(tangents *t, smri_lp *lp, double *matrix, double *bounds, double ceiling,
                                double *optimum)
{
    const uint32_t n = t->items->count, a = t->m->count, columns = n + a + 1, rows = a + 1 + t->count;
    double *objective = bounds, *low = bounds + columns, *high = low + columns, *row_low = high + columns,
           *row_high = row_low + a + 1 + MOST_TANGENTS;
    memset(matrix, 0, (size_t)rows * columns * sizeof *matrix);
    for (uint32_t j = 0; j < columns; j++) {
        objective[j] = j + 1 == columns ? 1 : 0;
        low[j] = 0;
        high[j] = 1;
    }
    for (uint32_t r = 0; r < rows; r++)
        row_low[r] = -INFINITY;
    for (uint32_t i = 0; i < a; i++) {
        const mover *m = &t->m->movers[i];
        double factor;
        line_over(m, &factor, &row_high[i]);
        for (uint32_t k = 0; k < n; k++)
            matrix[(size_t)k * rows + i] = -factor * t->m->steps[(size_t)i * n + k];
        matrix[(size_t)(n + i) * rows + i] = 1;
        low[n + i] = within(m->least, m->floor, m->ceiling);
        high[n + i] = within(m->greatest, m->floor, m->ceiling);
    }
    const double unit = t->items->budget > 0 ? t->items->budget : 1;
    for (uint32_t k = 0; k < n; k++)
        matrix[(size_t)k * rows + a] = t->lift->portfolio->budgets[t->items->items[k]] / unit;
    row_high[a] = t->items->budget > 0 ? 1 : 0;
    for (uint32_t c = 0; c < t->count; c++) {
        for (uint32_t i = 0; i < a; i++)
            matrix[(size_t)(n + i) * rows + a + 1 + c] = -t->slopes[(size_t)c * a + i];
        matrix[(size_t)(columns - 1) * rows + a + 1 + c] = 1;
        row_high[a + 1 + c] = t->heights[c];
    }
    low[columns - 1] = -INFINITY;
    high[columns - 1] = ceiling;
    const smri_lp_problem problem = {.rows = rows,
                                     .columns = columns,
                                     .matrix = matrix,
                                     .objective = objective,
                                     .maximise = true,
                                     .row_low = row_low,
                                     .row_high = row_high,
                                     .low = low,
                                     .high = high};
    if (!smri_lp_load(lp, &problem) || smri_lp_solve(lp) != SMRI_LP_OPTIMAL)
        return SMR_ERROR_COMPUTE;
    *optimum = smri_lp_optimum(lp);
    for (uint32_t i = 0; i < a; i++)
        t->y[i] = within(smri_lp_x(lp)[n + i], low[n + i], high[n + i]);
    return SMR_OK;
}

static void add_tangent(tangents *t, double height)
{
    const uint32_t a = t->m->count;
    for (uint32_t i = 0; i < a; i++) {
        t->slopes[(size_t)t->count * a + i] = t->gradient[i];
        height -= t->gradient[i] * t->y[i];
    }
    t->heights[t->count++] = height;
}

static smr_status tighten(tangents *t, smri_lp *lp, double *matrix, double *bounds, double *bound, smr_error *error)
{
    const uint32_t a = t->m->count;
    for (uint32_t i = 0; i < a; i++)
        t->y[i] = within(t->m->movers[i].least, t->m->movers[i].floor, t->m->movers[i].ceiling);
    const double least = index_at(t);
    if (!is_in_domain(t) || least != least)
        return SMR_OK;
    for (uint32_t i = 0; i < a; i++)
        t->y[i] = within(t->m->movers[i].greatest, t->m->movers[i].floor, t->m->movers[i].ceiling);
    double here = index_at(t);
    const double greatest = here;
    *bound = greatest;
    while (t->count < MOST_TANGENTS) {
        if (smri_cancelled(t->lift->memory, t->count, MOST_TANGENTS, error))
            return SMR_ERROR_CANCELLED;
        double optimum;
        add_tangent(t, here);
        /* A program that is lost to rounding tells nothing more than what is known. */
        if (solve_program(t, lp, matrix, bounds, greatest, &optimum) != SMR_OK)
            return SMR_OK;
        const double margin = CLOSE_ENOUGH * SMRI_MAX(fabs(greatest), fabs(greatest - least));
        *bound = SMRI_MIN(*bound, optimum + margin);
        here = index_at(t);
        if (!(optimum - here > margin))
            break;
    }
    return SMR_OK;
}

smr_status smri_bound_tangents(smri_lift *lift, const smri_items *items, const uint8_t *chosen, double *bound,
                               smr_error *error)
{
    const smr_context *memory = lift->memory;
    const smr_framework *framework = lift->model->framework;
    movers m;
    *bound = NAN;
    smr_status status = make_movers(lift, items, &m, error);
    if (status != SMR_OK || !m.fine || m.count == 0) {
        free_movers(lift, &m);
        return status;
    }
    const uint32_t columns = items->count + m.count + 1, rows = m.count + 1 + MOST_TANGENTS;
    size_t cells;
    tangents t = {.lift = lift, .items = items, .m = &m};
    t.scores = smri_alloc(memory, framework->node_count, sizeof *t.scores);
    t.family_values = smri_alloc(memory, lift->model->widest_family, sizeof *t.family_values);
    t.family_scores = smri_alloc(memory, lift->model->widest_family, sizeof *t.family_scores);
    t.gradient = smri_alloc(memory, m.count, (2 + MOST_TANGENTS) * sizeof *t.gradient);
    t.heights = smri_alloc(memory, MOST_TANGENTS, sizeof *t.heights);
    double *matrix = smri_product(rows, columns, &cells) ? smri_alloc(memory, cells, sizeof *matrix) : NULL;
    double *bounds = smri_alloc(memory, 3 * ((size_t)columns + rows), sizeof *bounds);
    smri_lp *lp = smri_lp_new(memory, rows, columns);
    double score;
    if (t.scores && t.family_values && t.family_scores && t.gradient && t.heights && matrix && bounds && lp) {
        t.y = t.gradient + m.count;
        t.slopes = t.y + m.count;
        /* Scores of what no item changes. */
        status = smri_lift_score(lift, chosen, &score, error);
        memcpy(t.scores, lift->scores, framework->node_count * sizeof *t.scores);
        if (status == SMR_OK)
            status = tighten(&t, lp, matrix, bounds, bound, error);
    } else {
        status = smri_fail_memory(error);
    }
    smri_lp_free(lp);
    smri_free(memory, matrix);
    smri_free(memory, bounds);
    smri_free(memory, t.scores);
    smri_free(memory, t.family_values);
    smri_free(memory, t.family_scores);
    smri_free(memory, t.gradient);
    smri_free(memory, t.heights);
    free_movers(lift, &m);
    return status;
}
