/* SPDX-License-Identifier: MIT */
/* The tree above the levers as means of means, and the least effort that brings it to the goal while every height is on
 * its envelope. What is the same in all levers that move is the worth of effort: the multiplier. At a node of power p, a
 * unit of a part's height is worth kappa w y^(p - 1) / sum w; the multiplier kappa rises until the goal is reached. */

#include "study/target_impl.h"

/* Multipliers this near are the same: what is equally worth may differ in the last places. */
#define NEAR 1e-11
/* Of the goal: what adding up the same numbers in another order may change. */
#define ROUNDING 4e-15
/* Of a height: a little above it. */
#define ABOVE 1e-12

/* ---- making ---- */

static bool read_method(const smri_choice *choice, smri_mean *mean)
{
    SMRI_AGGREGATE((*const aggregate)) = choice->method->aggregate;
    mean->least = aggregate == smri_aggregate_min;
    mean->power = aggregate == smri_aggregate_geometric ? 0 : aggregate == smri_aggregate_harmonic ? -1 : 1;
    if (aggregate == smri_aggregate_power)
        mean->power = smri_setting_of(choice, "p")->number;
    return mean->least || ((aggregate == smri_aggregate_arithmetic || aggregate == smri_aggregate_geometric ||
                            aggregate == smri_aggregate_harmonic || aggregate == smri_aggregate_power) &&
                           mean->power <= 1);
}

static uint32_t find_lever(const smri_problem *problem, int32_t indicator)
{
    for (uint32_t i = 0; indicator >= 0 && i < problem->count; i++)
        if (problem->levers[i].indicator == (uint32_t)indicator)
            return i;
    return SMRI_NONE;
}

static bool has_levers(const smri_problem *problem, uint32_t node)
{
    const smr_framework *framework = problem->model->framework;
    for (uint32_t i = 0; i < problem->count; i++) {
        const uint32_t leaf = (uint32_t)framework->indicators[problem->levers[i].indicator].node;
        if (leaf >= node && leaf < (uint32_t)framework->nodes[node].end)
            return true;
    }
    return false;
}

static void add_part(smri_mean *mean, smri_part part)
{
    mean->parts[mean->count++] = part;
    mean->total += part.weight;
    const uint32_t first = part.mean ? part.mean->first : part.lever, end = part.mean ? part.mean->end : part.lever + 1;
    if (!part.mean && part.lever == SMRI_NONE)
        return;
    mean->first = SMRI_MIN(mean->first, first);
    mean->end = SMRI_MAX(mean->end, end);
}

static smri_mean *new_mean(smri_problem *problem, size_t most)
{
    smri_mean *mean = smri_arena_calloc(&problem->arena, 1, sizeof *mean);
    if (!mean)
        return NULL;
    mean->parts = smri_arena_calloc(&problem->arena, most, sizeof *mean->parts);
    mean->under = smri_arena_calloc(&problem->arena, (size_t)problem->count + 1, sizeof *mean->under);
    mean->over = smri_arena_calloc(&problem->arena, (size_t)problem->count + 1, sizeof *mean->over);
    mean->shares = smri_arena_calloc(&problem->arena, most, sizeof *mean->shares);
    mean->first = problem->count;
    return mean->parts && mean->shares && mean->under && mean->over ? mean : NULL;
}

/* *made is NULL when some node is no concave mean. */
static smr_status make_mean(smri_problem *problem, uint32_t node, smri_mean **made, smr_error *error)
{
    const smr_model *model = problem->model;
    const smri_node *nodes = model->framework->nodes;
    const smri_choice *choice = &model->plan.aggregate[node];
    smri_mean *mean = new_mean(problem, (size_t)(nodes[node].end - (int32_t)node));
    *made = NULL;
    if (!mean)
        return smri_fail_memory(error);
    if (!read_method(choice, mean))
        return SMR_OK;
    const bool floored = mean->power < 1 && !mean->least;
    const double epsilon =
        floored ? smri_zero_epsilon(choice, model->child_low[node], model->child_high[node]) : 0;
    for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling) {
        double height = problem->heights[child];
        if (height != height && model->plan.policy == SMRI_POLICY_ZERO)
            height = 0;
        if (!(model->weights[child] > 0) || height != height)
            continue;
        smri_part part = {.weight = model->weights[child], .constant = SMRI_MAX(height, epsilon > 0 ? epsilon : height),
                          .lever = find_lever(problem, nodes[child].indicator)};
        if (nodes[child].indicator < 0 && has_levers(problem, (uint32_t)child)) {
            const smr_status status = make_mean(problem, (uint32_t)child, &part.mean, error);
            if (status != SMR_OK || !part.mean || height < epsilon)
                return status;
        }
        if (part.mean && mean->power == 1 && !mean->least && part.mean->power == 1 && !part.mean->least) {
            for (uint32_t i = 0; i < part.mean->count; i++) {
                smri_part below = part.mean->parts[i];
                below.weight *= part.weight / part.mean->total;
                add_part(mean, below);
            }
            continue;
        }
        add_part(mean, part);
    }
    *made = mean;
    return SMR_OK;
}

smr_status smri_tree_make(smri_problem *problem, smr_error *error)
{
    for (uint32_t i = 0; i < problem->count; i++)
        if (!problem->levers[i].known)
            return SMR_OK;
    const smr_status status = make_mean(problem, 0, &problem->root, error);
    if (status != SMR_OK || !problem->root)
        return status;
    problem->linear = new_mean(problem, (size_t)problem->count + 1);
    if (!problem->linear)
        return smri_fail_memory(error);
    problem->kept = smri_arena_calloc(&problem->arena, (size_t)problem->count + 1, sizeof *problem->kept);
    if (!problem->kept)
        return smri_fail_memory(error);
    problem->linear->power = 1;
    for (uint32_t i = 0; i < problem->count; i++)
        add_part(problem->linear, (smri_part){.lever = i});
    problem->linear->total = 1;
    return SMR_OK;
}

/* ---- values ---- */

static double part_value(const smri_problem *problem, const smri_part *part)
{
    return part->mean                ? smri_mean_value(problem, part->mean)
           : part->lever != SMRI_NONE ? problem->levers[part->lever].height
                                      : part->constant;
}

double smri_mean_value(const smri_problem *problem, const smri_mean *mean)
{
    const double p = mean->power;
    double sum = 0, least = INFINITY;
    for (uint32_t i = 0; i < mean->count; i++) {
        const double y = part_value(problem, &mean->parts[i]);
        least = SMRI_MIN(least, y);
        if (!mean->least)
            sum += mean->parts[i].weight * (p == 1 ? y : p == 0 ? smri_log(y) : p == -1 ? 1 / y : smri_pow(y, p));
    }
    if (mean->least)
        return least;
    sum /= mean->total;
    return p == 1 ? sum : p == 0 ? smri_exp(sum) : p == -1 ? 1 / sum : smri_pow(sum, 1 / p);
}

static void add_gradient(const smri_problem *problem, const smri_mean *mean, double outer, double *gradient)
{
    const double value = smri_mean_value(problem, mean);
    for (uint32_t i = 0; i < mean->count; i++) {
        const smri_part *part = &mean->parts[i];
        if (!part->mean && part->lever == SMRI_NONE)
            continue;
        const double y = part_value(problem, part);
        const double own = mean->least ? part->share
                                       : part->weight / mean->total * smri_price(1, mean->power - 1, y / value);
        if (part->mean)
            add_gradient(problem, part->mean, outer * own, gradient);
        else
            gradient[part->lever] = outer * own;
    }
}

void smri_tree_gradient(const smri_problem *problem, double *gradient)
{
    for (uint32_t i = 0; i < problem->count; i++)
        gradient[i] = 0;
    add_gradient(problem, problem->root, 1, gradient);
}

/* ---- the multiplier ---- */

/* What a mean is asked for: a height, or (height NaN) to go on while a unit of it, worth value y^power, pays. */
typedef struct request {
    double height, value, power;
} request;

static double settle(smri_problem *problem, smri_mean *mean, const request *asked);

static void move_lever(const smri_problem *problem, smri_lever *lever, double t)
{
    lever->t = t;
    lever->height = smri_lever_envelope_height(problem, lever);
}

static void respond(smri_problem *problem, smri_mean *mean, double multiplier)
{
    for (uint32_t i = 0; i < mean->count; i++) {
        const smri_part *part = &mean->parts[i];
        const request asked = {NAN, multiplier * (part->weight / mean->total), mean->power - 1};
        if (part->mean) {
            settle(problem, part->mean, &asked);
        } else if (part->lever != SMRI_NONE) {
            smri_lever *lever = &problem->levers[part->lever];
            move_lever(problem, lever, smri_lever_supply(problem, lever, asked.value, asked.power));
        }
    }
}

/* Above 0, or 0: the multiplier is as high as what is asked needs. */
static double surplus(const smri_problem *problem, const smri_mean *mean, double multiplier, const request *asked)
{
    const double value = smri_mean_value(problem, mean);
    if (asked->height == asked->height)
        return value - asked->height;
    return smri_price(multiplier, mean->power - 1, value) - smri_price(asked->value, asked->power, value);
}

static bool is_enough(const smri_problem *problem, const smri_mean *mean, double multiplier, const request *asked)
{
    return surplus(problem, mean, multiplier, asked) >= 0;
}

static double from_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t to_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static void keep_efforts(const smri_problem *problem, const smri_mean *mean, double *efforts)
{
    for (uint32_t i = mean->first; i < mean->end; i++)
        efforts[i] = problem->levers[i].t;
}

static void set_efforts(smri_problem *problem, uint32_t first, uint32_t end, const double *efforts)
{
    for (uint32_t i = first; i < end; i++)
        move_lever(problem, &problem->levers[i], efforts[i]);
}

/* The levers of one part. */
static void part_levers(const smri_part *part, uint32_t *first, uint32_t *end)
{
    *first = part->mean ? part->mean->first : part->lever == SMRI_NONE ? 0 : part->lever;
    *end = part->mean ? part->mean->end : part->lever == SMRI_NONE ? 0 : part->lever + 1;
}

/* How much effort lies between the two multipliers in one part. */
static double part_width(const smri_mean *mean, const smri_part *part)
{
    uint32_t first, end;
    double width = 0;
    part_levers(part, &first, &end);
    for (uint32_t i = first; i < end; i++)
        width += mean->over[i] - mean->under[i];
    return width;
}

/* Moves one part as little as is enough; at the upper multiplier it is. A mean is moved along its own cheapest way. */
static void fill_part(smri_problem *problem, smri_mean *mean, const smri_part *part, double multiplier,
                      const request *asked, double low, double high)
{
    smri_lever *lever = part->mean ? NULL : &problem->levers[part->lever];
    const double worth = multiplier * (part->weight / mean->total);
    for (int i = 0; i < 60 && low < high; i++) {
        const double middle = 0.5 * (low + high);
        const request between = {middle, worth, mean->power - 1};
        if (lever)
            move_lever(problem, lever, middle);
        else
            settle(problem, part->mean, &between);
        if (is_enough(problem, mean, multiplier, asked))
            high = middle;
        else
            low = middle;
    }
    const request last = {high, worth, mean->power - 1};
    if (lever)
        move_lever(problem, lever, high);
    else
        settle(problem, part->mean, &last);
}

/* Of parts that are equally worth it, the one with the widest way goes first: the fewest levers move. */
static void fill(smri_problem *problem, smri_mean *mean, double multiplier, const request *asked)
{
    set_efforts(problem, mean->first, mean->end, mean->under);
    while (!is_enough(problem, mean, multiplier, asked)) {
        const smri_part *widest = NULL;
        double most = 0;
        for (uint32_t i = 0; i < mean->count; i++) {
            const double width = part_width(mean, &mean->parts[i]);
            if (width * (1 - NEAR) > most) {
                most = width;
                widest = &mean->parts[i];
            }
        }
        if (!widest)
            return;
        uint32_t first, end;
        part_levers(widest, &first, &end);
        const double low = widest->mean ? part_value(problem, widest) : mean->under[first];
        set_efforts(problem, first, end, mean->over);
        const double high = widest->mean ? part_value(problem, widest) : mean->over[first];
        for (uint32_t i = first; i < end; i++)
            mean->under[i] = mean->over[i];
        if (is_enough(problem, mean, multiplier, asked))
            fill_part(problem, mean, widest, multiplier, asked, low, high);
    }
}

/* What a unit more of the least part costs at a height: all parts below it must come along. */
static double raise_all(smri_problem *problem, smri_mean *mean, double height)
{
    double sum = 0;
    for (uint32_t i = 0; i < mean->count; i++) {
        smri_part *part = &mean->parts[i];
        part->share = part->constant >= height ? 0 : INFINITY;
        if (part->mean) {
            for (uint32_t k = part->mean->first; k < part->mean->end; k++)
                move_lever(problem, &problem->levers[k], problem->levers[k].low);
            const request asked = {height, 0, 0};
            part->share = smri_mean_value(problem, part->mean) >= height ? 0 : settle(problem, part->mean, &asked);
        } else if (part->lever != SMRI_NONE) {
            double t;
            part->share = smri_lever_demand(problem, &problem->levers[part->lever], height, &t);
            move_lever(problem, &problem->levers[part->lever], t);
        }
        sum += part->share;
    }
    return sum;
}

/* Raises the least to a height. Each part's share of the multiplier lies between what a unit costs just below the height
 * and just above, and together they make up the price: those that can go no further take what is left. */
static double settle_at(smri_problem *problem, smri_mean *mean, double height, double price)
{
    double *above = mean->shares, above_sum = 0, stuck = 0;
    raise_all(problem, mean, height + ABOVE * SMRI_MAX(fabs(height), 1));
    for (uint32_t i = 0; i < mean->count; i++) {
        above[i] = mean->parts[i].share;
        above_sum += above[i];
        stuck += above[i] == INFINITY;
    }
    const double cost = raise_all(problem, mean, height);
    if (!(price > 0))
        price = cost > 0 ? cost : above_sum < INFINITY ? above_sum : 1;
    const double left = SMRI_MAX(price - cost, 0);
    double sum = 0;
    for (uint32_t i = 0; i < mean->count; i++) {
        double *share = &mean->parts[i].share;
        const double room = above[i] - *share;
        if (!(*share < INFINITY))
            *share = 0;
        if (stuck > 0)
            *share += above[i] == INFINITY ? left / stuck : 0;
        else if (above_sum > cost)
            *share += room * SMRI_MIN(left / (above_sum - cost), 1);
        sum += *share;
    }
    for (uint32_t i = 0; i < mean->count; i++)
        mean->parts[i].share = sum > 0 && sum < INFINITY ? mean->parts[i].share / sum : 0;
    return cost;
}

static double value_at_ends(const smri_problem *problem, const smri_mean *mean, bool high)
{
    for (uint32_t i = mean->first; i < mean->end; i++)
        move_lever(problem, &problem->levers[i], high ? problem->levers[i].high : problem->levers[i].low);
    return smri_mean_value(problem, mean);
}

static double settle_least(smri_problem *problem, smri_mean *mean, const request *asked)
{
    if (asked->height == asked->height)
        return settle_at(problem, mean, asked->height, smri_price(asked->value, asked->power, asked->height));
    double high = value_at_ends(problem, mean, true), low = value_at_ends(problem, mean, false);
    if (raise_all(problem, mean, high) <= smri_price(asked->value, asked->power, high))
        low = high;
    for (int i = 0; i < 60 && low < high; i++) {
        const double middle = 0.5 * (low + high);
        if (raise_all(problem, mean, middle) <= smri_price(asked->value, asked->power, middle))
            low = middle;
        else
            high = middle;
    }
    return settle_at(problem, mean, low, smri_price(asked->value, asked->power, low));
}

/* Two numbers next to one another, of which the upper one is the least multiplier that is enough. By the rule of Illinois
 * (Dowell and Jarratt 1971) on the numbers' bits, which are about their logarithm, and by halving at every third step,
 * because what is asked may jump. */
static void find_multiplier(smri_problem *problem, smri_mean *mean, const request *asked, uint64_t *low, uint64_t *high)
{
    double below = -INFINITY, above = INFINITY; /* surplus at the ends */
    int moved = 0;                              /* the end that moved last */
    *low = to_bits(1e-200);
    *high = to_bits(1e200);
    for (unsigned step = 0; *high - *low > 1; step++) {
        uint64_t middle = *low + (*high - *low) / 2;
        const double share = below / (below - above);
        if (step % 3 != 2 && share > 0 && share < 1 && above < INFINITY && below > -INFINITY) {
            const uint64_t off = (uint64_t)(share * (double)(*high - *low));
            middle = *low + SMRI_MIN(SMRI_MAX(off, 1), *high - *low - 1);
        }
        respond(problem, mean, from_bits(middle));
        const double left = surplus(problem, mean, from_bits(middle), asked);
        if (left >= 0) {
            below *= moved > 0 ? 0.5 : 1;
            above = left;
            *high = middle;
            moved = 1;
        } else {
            above *= moved < 0 ? 0.5 : 1;
            below = left;
            *low = middle;
            moved = -1;
        }
    }
}

/* Sets the efforts below a mean as asked; returns what a unit more of it costs there. */
static double settle(smri_problem *problem, smri_mean *mean, const request *asked)
{
    if (mean->least)
        return settle_least(problem, mean, asked);
    uint64_t low, high;
    find_multiplier(problem, mean, asked, &low, &high);
    /* A mean that only goes along with its parent must not stop short of where its parent's multiplier takes it. */
    const double near = asked->height == asked->height ? NEAR : 0;
    mean->multiplier = from_bits(high);
    respond(problem, mean, from_bits(low) * (1 - near));
    keep_efforts(problem, mean, mean->under);
    respond(problem, mean, from_bits(high) * (1 + near));
    keep_efforts(problem, mean, mean->over);
    fill(problem, mean, mean->multiplier, asked);
    return smri_price(mean->multiplier, mean->power - 1, smri_mean_value(problem, mean));
}

/* ---- the bound ---- */

/* Lagrange's bound for an arithmetic mean: whatever the multiplier, no efforts that reach the goal sum to less than
 * what efforts less worth come to when each lever is set to what is best for it. */
static double dual_bound(smri_problem *problem, smri_mean *linear, double goal)
{
    double bound = linear->multiplier * goal;
    respond(problem, linear, linear->multiplier);
    for (uint32_t i = 0; i < linear->count; i++) {
        const smri_part *part = &linear->parts[i];
        const double worth = linear->multiplier * (part->weight / linear->total);
        const smri_lever *lever = part->lever == SMRI_NONE ? NULL : &problem->levers[part->lever];
        bound += lever ? lever->t - worth * lever->height : -worth * part->constant;
    }
    return bound;
}

static double total_effort(const smri_problem *problem)
{
    double sum = 0;
    for (uint32_t i = 0; i < problem->count; i++)
        sum += problem->levers[i].t;
    return sum;
}

double smri_tree_relax(smri_problem *problem)
{
    smri_mean *root = problem->root, *linear = problem->linear;
    const double slack = ROUNDING * SMRI_MAX(fabs(problem->aim), 1);
    for (uint32_t i = 0; i < problem->count; i++)
        move_lever(problem, &problem->levers[i], problem->levers[i].high);
    const double most = smri_mean_value(problem, root);
    if (!(most >= problem->aim))
        return most >= problem->aim - slack ? total_effort(problem) : INFINITY;
    for (uint32_t i = 0; i < problem->count; i++)
        move_lever(problem, &problem->levers[i], problem->levers[i].low);
    const request asked = {problem->aim, 0, 0};
    settle(problem, root, &asked);
    bool flat = !root->least && root->power == 1;
    for (uint32_t i = 0; flat && i < root->count; i++)
        flat = !root->parts[i].mean;
    double *gradient = linear->under, goal = problem->aim;
    if (!flat) {
        /* The tree lies below its tangent, which is a weighted sum of the heights. */
        smri_tree_gradient(problem, gradient);
        goal -= smri_mean_value(problem, root);
        for (uint32_t i = 0; i < problem->count; i++) {
            linear->parts[i].weight = gradient[i];
            goal += gradient[i] * problem->levers[i].height;
        }
    }
    keep_efforts(problem, linear, problem->kept);
    double bound;
    if (flat) {
        bound = dual_bound(problem, root, goal);
    } else {
        for (uint32_t i = 0; i < problem->count; i++)
            move_lever(problem, &problem->levers[i], problem->levers[i].high);
        const request again = {SMRI_MIN(goal, smri_mean_value(problem, linear)), 0, 0};
        for (uint32_t i = 0; i < problem->count; i++)
            move_lever(problem, &problem->levers[i], problem->levers[i].low);
        settle(problem, linear, &again);
        bound = dual_bound(problem, linear, again.height);
    }
    for (uint32_t i = 0; i < problem->count; i++)
        move_lever(problem, &problem->levers[i], problem->kept[i]);
    return bound == bound ? bound : 0;
}
