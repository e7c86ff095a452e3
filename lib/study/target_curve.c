/* SPDX-License-Identifier: MIT */
/* The score of one indicator over effort, and the least concave curve above it. */

#include "study/target_impl.h"

/* Halvings of an interval until it is as good as a point. */
#define HALVINGS 64

double smri_lever_raw(const smri_lever *lever, double t)
{
    if (!(t > 0))
        return lever->from;
    if (t >= lever->reach)
        return lever->end;
    const double x = lever->from + lever->toward * (t / lever->cost);
    return lever->points ? smri_whole_below(x + 0.5) : x;
}

double smri_lever_height(const smri_problem *problem, const smri_lever *lever, double t)
{
    const smr_model *model = problem->model;
    double x = smri_lever_raw(lever, t), denominator = 1;
    uint8_t status = SMR_CELL_OK;
    if (model->denominators[lever->indicator] != SMRI_NONE) {
        const char *id = model->framework->indicators[lever->indicator].denominator;
        denominator = smri_dataset_column(problem->alone, id)->values[problem->row];
    }
    smri_leaf_run(model, problem->kernels, problem->set, lever->indicator, SMRI_STAGE_NORMALISE, false, &denominator,
                  NULL, &x, &status, 1);
    return x < lever->least_height ? lever->least_height : x;
}

/* Score a unit of effort, where the score rises. */
static double slope_at(const smri_problem *problem, const smri_lever *lever, double t)
{
    const double u = smri_lever_raw(lever, t) * lever->factor;
    double bent = 1;
    switch (problem->model->scales[lever->indicator].transform) {
    case SMR_TRANSFORM_LOG:
        bent = 1 / u;
        break;
    case SMR_TRANSFORM_SQRT:
        bent = 0.5 / sqrt(u);
        break;
    case SMR_TRANSFORM_CBRT: {
        const double root = smri_transform_one(SMR_TRANSFORM_CBRT, u);
        bent = 1 / (3 * root * root);
        break;
    }
    case SMR_TRANSFORM_LOGIT:
        bent = 1 / (u * (1 - u));
        break;
    default:
        break;
    }
    return lever->slope * bent * fabs(lever->factor) / lever->cost;
}

static void add_piece(const smri_problem *problem, smri_lever *lever, double t0, double t1, bool curved)
{
    if (!(t1 > t0))
        return;
    lever->pieces[lever->piece_count++] = (smri_piece){.t0 = t0,
                                                       .y0 = smri_lever_height(problem, lever, t0),
                                                       .t1 = t1,
                                                       .y1 = smri_lever_height(problem, lever, t1),
                                                       .curved = curved};
}

/* Where a line from (a, height) first lies above a curve that is concave from `from` on: it touches there, or ends. */
static double touch_forward(const smri_problem *problem, const smri_lever *lever, double a, double from, double b)
{
    const double start = smri_lever_height(problem, lever, a);
    double low = from, high = b;
    for (int i = 0; i < HALVINGS; i++) {
        const double middle = 0.5 * (low + high);
        if (slope_at(problem, lever, middle) * (middle - a) > smri_lever_height(problem, lever, middle) - start)
            low = middle;
        else
            high = middle;
    }
    return high;
}

/* The same from the other end: a curve that is concave up to `to`, and a line from it to (b, height). */
static double touch_backward(const smri_problem *problem, const smri_lever *lever, double a, double to, double b)
{
    const double end = smri_lever_height(problem, lever, b);
    double low = a, high = to;
    for (int i = 0; i < HALVINGS; i++) {
        const double middle = 0.5 * (low + high);
        if (slope_at(problem, lever, middle) * (b - middle) > end - smri_lever_height(problem, lever, middle))
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The concave curve over the points within the box: every one of them lies on it or below. The pieces are a stack of
 * corners until all points are seen. */
static void cover_points(smri_lever *lever)
{
    smri_piece *corners = lever->pieces;
    uint32_t count = 0;
    for (uint32_t i = 0; i < lever->point_count; i++) {
        const double t = lever->points[i], y = lever->heights[i];
        if (t < lever->low || t > lever->high)
            continue;
        while (count > 1 && (corners[count - 1].y0 - corners[count - 2].y0) * (t - corners[count - 2].t0) <=
                                (y - corners[count - 2].y0) * (corners[count - 1].t0 - corners[count - 2].t0))
            count--;
        corners[count++] = (smri_piece){.t0 = t, .y0 = y};
    }
    for (uint32_t k = 0; k + 1 < count; k++) {
        corners[k].t1 = corners[k + 1].t0;
        corners[k].y1 = corners[k + 1].y0;
    }
    lever->piece_count = count > 0 ? count - 1 : 0;
}

/* From a on the height stands still up to lever->dead, and then bends as `bend` says, with a turn at `turn`. */
static void cover_dead(const smri_problem *problem, smri_lever *lever, double a, double b, int bend, double turn)
{
    if (bend > 0 && turn < b) { /* concave, then convex: no curve that is simple, but a line above it */
        const double y0 = smri_lever_height(problem, lever, a), y1 = smri_lever_height(problem, lever, b);
        lever->pieces[0] = (smri_piece){.t0 = a, .y0 = y0, .t1 = lever->dead, .y1 = y1};
        lever->pieces[1] = (smri_piece){.t0 = lever->dead, .y0 = y1, .t1 = b, .y1 = y1};
        lever->piece_count = 2;
        return;
    }
    const bool rounds = bend > 0 || (bend < 0 && turn < b);
    const double touch = rounds ? touch_forward(problem, lever, a, bend > 0 ? lever->dead : turn, b) : b;
    add_piece(problem, lever, a, touch, false);
    add_piece(problem, lever, touch, b, true);
}

void smri_lever_envelope(const smri_problem *problem, smri_lever *lever, double low, double high)
{
    lever->low = low;
    lever->high = high;
    lever->piece_count = 0;
    lever->base = smri_lever_height(problem, lever, low);
    if (lever->points) {
        cover_points(lever);
        return;
    }
    const double start = SMRI_MAX(low, lever->dead);
    const int bend = lever->turn <= start ? lever->bend_after : lever->bend;
    const double turn = lever->turn <= start ? INFINITY : lever->turn;
    if (high <= start)
        return;
    if (low < lever->dead) {
        cover_dead(problem, lever, low, high, bend, turn);
    } else if (bend < 0 && turn < high) {
        const double touch = touch_forward(problem, lever, low, turn, high);
        add_piece(problem, lever, low, touch, false);
        add_piece(problem, lever, touch, high, true);
    } else if (bend > 0 && turn < high) {
        const double touch = touch_backward(problem, lever, low, turn, high);
        add_piece(problem, lever, low, touch, true);
        add_piece(problem, lever, touch, high, false);
    } else {
        add_piece(problem, lever, low, high, bend > 0);
    }
}

double smri_lever_envelope_height(const smri_problem *problem, const smri_lever *lever)
{
    double height = lever->base;
    for (uint32_t k = 0; k < lever->piece_count && lever->t > lever->pieces[k].t0; k++) {
        const smri_piece *piece = &lever->pieces[k];
        const double share = (lever->t - piece->t0) / (piece->t1 - piece->t0);
        height = lever->t >= piece->t1 ? piece->y1
                 : piece->curved       ? smri_lever_height(problem, lever, lever->t)
                                       : piece->y0 + (piece->y1 - piece->y0) * share;
    }
    return height;
}

/* ---- what a price buys, and what a height costs ---- */

double smri_price(double value, double power, double y)
{
    return power == 0 ? value : power == -1 ? value / y : power == -2 ? value / (y * y) : value * smri_pow(y, power);
}

/* The effort up to which a straight piece is worth it. */
static double supply_straight(const smri_piece *piece, double value, double power)
{
    const double rise = (piece->y1 - piece->y0) / (piece->t1 - piece->t0);
    if (smri_price(value, power, piece->y1) * rise >= 1)
        return piece->t1;
    if (!(smri_price(value, power, piece->y0) * rise >= 1))
        return piece->t0;
    const double y = power == -1 ? value * rise : smri_pow(1 / (value * rise), 1 / power);
    const double t = piece->t0 + (y - piece->y0) / rise;
    return SMRI_MIN(SMRI_MAX(t, piece->t0), piece->t1);
}

static double supply_curved(const smri_problem *problem, const smri_lever *lever, const smri_piece *piece, double value,
                            double power)
{
    if (smri_price(value, power, piece->y1) * slope_at(problem, lever, piece->t1) >= 1)
        return piece->t1;
    if (!(smri_price(value, power, piece->y0) * slope_at(problem, lever, piece->t0) >= 1))
        return piece->t0;
    double low = piece->t0, high = piece->t1;
    for (int i = 0; i < HALVINGS && low < high; i++) {
        const double middle = 0.5 * (low + high), y = smri_lever_height(problem, lever, middle);
        if (smri_price(value, power, y) * slope_at(problem, lever, middle) >= 1)
            low = middle;
        else
            high = middle;
    }
    return low;
}

double smri_lever_supply(const smri_problem *problem, const smri_lever *lever, double value, double power)
{
    double t = lever->low;
    for (uint32_t k = 0; k < lever->piece_count; k++) {
        const smri_piece *piece = &lever->pieces[k];
        t = piece->curved ? supply_curved(problem, lever, piece, value, power) : supply_straight(piece, value, power);
        if (t < piece->t1)
            break;
    }
    return t;
}

double smri_lever_demand(const smri_problem *problem, const smri_lever *lever, double height, double *t)
{
    *t = lever->low;
    if (height <= lever->base)
        return 0;
    for (uint32_t k = 0; k < lever->piece_count; k++) {
        const smri_piece *piece = &lever->pieces[k];
        *t = piece->t1;
        if (height > piece->y1)
            continue;
        const double rise = (piece->y1 - piece->y0) / (piece->t1 - piece->t0);
        if (!piece->curved) {
            *t = SMRI_MIN(piece->t0 + (height - piece->y0) / rise, piece->t1);
            return 1 / rise;
        }
        double low = piece->t0, high = piece->t1;
        for (int i = 0; i < HALVINGS && low < high; i++) {
            const double middle = 0.5 * (low + high);
            if (smri_lever_height(problem, lever, middle) < height)
                low = middle;
            else
                high = middle;
        }
        *t = high;
        return 1 / slope_at(problem, lever, high);
    }
    return INFINITY;
}
