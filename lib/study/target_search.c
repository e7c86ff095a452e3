/* SPDX-License-Identifier: MIT */
/* Where nothing is known of the shape of a score, it is asked for: from every indicator at its bound downward, one after
 * another as far as the goal allows, in several orders. What comes out reaches the goal; nothing is proven. */

#include "study/target_impl.h"

/* Halvings of the way of one indicator. */
#define HALVINGS 40
/* Orders in which indicators are taken back. */
#define ORDERS 4

smr_status smri_problem_score(smri_problem *problem, const double *raw, double *score, smr_error *error)
{
    const smr_framework *framework = problem->model->framework;
    for (uint32_t i = 0; i < problem->count; i++) {
        const smri_lever *lever = &problem->levers[i];
        const char *id = framework->nodes[framework->indicators[lever->indicator].node].id;
        smri_dataset_column(problem->alone, id)->values[problem->row] = raw ? raw[i] : smri_lever_raw(lever, lever->t);
    }
    smr_score_options keep;
    smr_score_options_init(&keep, sizeof keep);
    keep.keep = SMR_KEEP_INDEX;
    smr_scorecard *card = NULL;
    const smr_status status = smr_model_score(&problem->quiet, problem->model, problem->alone, &keep, &card, error);
    *score = NAN;
    if (status == SMR_OK) {
        const int64_t row = smr_scorecard_find_row(card, smr_dataset_region(problem->alone, problem->row),
                                                   smr_dataset_period(problem->alone, problem->row));
        *score = row < 0 ? NAN : card->scores[0][row];
    }
    smr_scorecard_unref(card);
    return status;
}

static double whole_effort(const smri_lever *lever, double t)
{
    if (!lever->whole || t <= 0 || t >= lever->reach)
        return t;
    const double x = smri_lever_raw(lever, t);
    return lever->cost * fabs((lever->toward > 0 ? smri_whole_above(x) : smri_whole_below(x)) - lever->from);
}

/* Takes one lever back as far as the goal allows. */
static smr_status take_back(smri_problem *problem, uint32_t index, smr_error *error)
{
    smri_lever *lever = &problem->levers[index];
    double low = 0, high = lever->t, score;
    lever->t = 0;
    smr_status status = smri_problem_score(problem, NULL, &score, error);
    if (status != SMR_OK || high <= 0 || score >= problem->goal)
        return status;
    for (int i = 0; status == SMR_OK && i < HALVINGS && low < high; i++) {
        const double middle = 0.5 * (low + high);
        lever->t = whole_effort(lever, middle);
        status = smri_problem_score(problem, NULL, &score, error);
        if (status != SMR_OK)
            return status;
        if (score >= problem->goal)
            high = SMRI_MIN(lever->t, high);
        else
            low = middle;
        if (smri_cancelled(problem->memory, (uint64_t)i, 0, error))
            status = SMR_ERROR_CANCELLED;
    }
    lever->t = high;
    return status;
}

/* Gain of the score a unit of effort when a lever alone goes all the way. */
static smr_status find_gains(smri_problem *problem, double *gains, smr_error *error)
{
    double before, after;
    for (uint32_t i = 0; i < problem->count; i++)
        problem->levers[i].t = 0;
    smr_status status = smri_problem_score(problem, NULL, &before, error);
    for (uint32_t i = 0; status == SMR_OK && i < problem->count; i++) {
        problem->levers[i].t = problem->levers[i].reach;
        status = smri_problem_score(problem, NULL, &after, error);
        gains[i] = (after - before) / problem->levers[i].reach;
        gains[i] = gains[i] == gains[i] ? gains[i] : 0;
        problem->levers[i].t = 0;
    }
    return status;
}

/* The way in which an order takes indicators: by gain, by effort, and as the tree has them, both ways. */
static double key(const smri_problem *problem, const double *gains, uint32_t order, uint32_t lever)
{
    return order == 0 ? gains[lever] : order == 1 ? -problem->levers[lever].reach : order == 2 ? lever : -(double)lever;
}

static smr_status run_order(smri_problem *problem, const double *gains, uint32_t order, bool *taken, smr_error *error)
{
    smr_status status = SMR_OK;
    for (uint32_t i = 0; i < problem->count; i++) {
        problem->levers[i].t = problem->levers[i].reach;
        taken[i] = false;
    }
    for (uint32_t done = 0; status == SMR_OK && done < problem->count; done++) {
        uint32_t next = SMRI_NONE;
        for (uint32_t i = 0; i < problem->count; i++)
            if (!taken[i] && (next == SMRI_NONE || key(problem, gains, order, i) < key(problem, gains, order, next)))
                next = i;
        taken[next] = true;
        status = take_back(problem, next, error);
    }
    return status;
}

smr_status smri_search_run(smri_problem *problem, bool *found, smr_error *error)
{
    const size_t count = problem->count;
    double *gains = smri_arena_calloc(&problem->arena, count + 1, sizeof *gains);
    double *best = smri_arena_calloc(&problem->arena, count + 1, sizeof *best), least = INFINITY, score;
    bool *taken = smri_arena_calloc(&problem->arena, count + 1, sizeof *taken);
    *found = false;
    smr_status status = gains && best && taken ? find_gains(problem, gains, error) : smri_fail_memory(error);
    for (uint32_t i = 0; status == SMR_OK && i < count; i++)
        problem->levers[i].t = problem->levers[i].reach;
    if (status == SMR_OK)
        status = smri_problem_score(problem, NULL, &score, error);
    if (status == SMR_OK)
        problem->best_score = score;
    if (status != SMR_OK || !(score >= problem->goal))
        return status;
    for (uint32_t order = 0; status == SMR_OK && order < ORDERS; order++) {
        status = run_order(problem, gains, order, taken, error);
        double total = 0;
        for (size_t i = 0; i < count; i++)
            total += problem->levers[i].t;
        if (status != SMR_OK || !(total < least))
            continue;
        least = total;
        for (size_t i = 0; i < count; i++)
            best[i] = problem->levers[i].t;
    }
    *found = status == SMR_OK;
    for (size_t i = 0; *found && i < count; i++)
        problem->levers[i].t = best[i];
    problem->bound = NAN;
    return status;
}
