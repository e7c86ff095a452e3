/* SPDX-License-Identifier: MIT */
/* From efforts to raw values: written with few digits, and moved outward until the engine says that the goal is reached. */

#include "study/target_impl.h"

/* Effort that fewer digits may cost, of all effort. */
#define TIDY 1e-10
/* Doublings of a step of one unit in the last place: more than any number has places. */
#define DOUBLINGS 64

/* The nearest number of so many decimals that lies no nearer to where the lever comes from; NaN: none. */
static double round_outward(const smri_lever *lever, double x, int decimals)
{
    char text[400];
    double rounded = NAN, unit = 1;
    for (int i = 0; i < 2; i++) {
        const double from = i == 0 ? x : rounded + lever->toward * unit;
        const size_t length = smri_number_write_fixed(text, sizeof text, from, decimals);
        if (length == 0 || smri_number_read(text, length, SMRI_NUMBER_PLAIN, &rounded) != SMRI_NUMBER_OK)
            return NAN;
        if ((rounded - x) * lever->toward >= 0)
            return rounded;
        for (int k = 0; k < decimals; k++)
            unit /= 10;
    }
    return NAN;
}

static double within(const smri_lever *lever, double x)
{
    return (x - lever->limit) * lever->toward > 0 ? lever->limit : x;
}

/* The number with the fewest decimals within a hair's breadth outward. */
static double tidy(const smri_lever *lever, double x, double breadth)
{
    for (int decimals = 0; decimals <= 17; decimals++) {
        const double rounded = round_outward(lever, x, decimals);
        if (fabs(rounded - x) <= breadth && (rounded - lever->limit) * lever->toward <= 0)
            return rounded;
    }
    return x;
}

static double coarse(const smri_lever *lever, double x, int32_t decimals)
{
    const double rounded = round_outward(lever, x, decimals > 17 ? 17 : (int)decimals);
    return rounded == rounded ? within(lever, rounded) : x;
}

/* `margin`: how far beyond each value, as a part of what fewer digits may cost. */
static void write_values(const smri_problem *problem, int32_t decimals, double margin, double *raw)
{
    double total = 0, moved = 0;
    for (uint32_t i = 0; i < problem->count; i++) {
        total += problem->levers[i].t;
        moved += problem->levers[i].t > 0;
    }
    for (uint32_t i = 0; i < problem->count; i++) {
        const smri_lever *lever = &problem->levers[i];
        raw[i] = smri_lever_raw(lever, lever->t);
        if (raw[i] == lever->from)
            continue;
        if (lever->whole) {
            raw[i] = within(lever, lever->toward > 0 ? smri_whole_above(raw[i] - 1e-9) : smri_whole_below(raw[i] + 1e-9));
        } else if (decimals >= 0) {
            raw[i] = coarse(lever, raw[i], decimals);
        } else {
            const double breadth = TIDY * total / moved / lever->cost;
            raw[i] = tidy(lever, within(lever, raw[i] + lever->toward * (margin * breadth)), breadth);
        }
    }
}

/* Moves one value outward, twice as far each time, until the goal is reached or its limit. */
static smr_status move_outward(smri_problem *problem, uint32_t index, double *raw, double *score, smr_error *error)
{
    const smri_lever *lever = &problem->levers[index];
    const double start = raw[index];
    double step = lever->whole ? 1 : SMRI_MAX(fabs(start) * DBL_EPSILON, DBL_MIN);
    smr_status status = SMR_OK;
    for (int i = 0; status == SMR_OK && i < DOUBLINGS && !(*score >= problem->goal); i++, step *= 2) {
        if (raw[index] == lever->limit)
            break;
        raw[index] = within(lever, start + lever->toward * step);
        status = smri_problem_score(problem, raw, score, error);
    }
    return status;
}

smr_status smri_finish(smri_problem *problem, int32_t decimals, double *raw, bool *found, smr_error *error)
{
    double score = NAN;
    smr_status status = SMR_OK;
    for (double margin = 0; status == SMR_OK && margin <= 16 && !(score >= problem->goal); margin = 2 * margin + 1) {
        write_values(problem, decimals, margin, raw);
        status = smri_problem_score(problem, raw, &score, error);
    }
    /* First those that move anyway, then those that stay. */
    for (int moved = 1; moved >= 0; moved--)
        for (uint32_t i = 0; status == SMR_OK && i < problem->count && !(score >= problem->goal); i++)
            if ((raw[i] != problem->levers[i].from) == (moved == 1))
                status = move_outward(problem, i, raw, &score, error);
    *found = status == SMR_OK && score >= problem->goal;
    return status;
}
