/* SPDX-License-Identifier: MIT */
/* How sure each stage of a funnel is: the funnel is run anew on the scores of every draw. Coverages, other columns,
 * who may take part and ballots stay those of the data. */

#include "study/robust_impl.h"

bool smri_robust_add_stages(smr_robust *robust, uint32_t count)
{
    robust->stage_ids = smri_arena_calloc(&robust->arena, count, sizeof *robust->stage_ids);
    return robust->stage_ids && smri_tally_add_stages(robust->trials, &robust->tally, count);
}

/* ---- what decides who passes, but for scores, as one number ---- */

static uint64_t stir(uint64_t hash, uint64_t number)
{
    hash = (hash ^ number) * UINT64_C(0xff51afd7ed558ccd);
    return (hash ^ hash >> 32) + 1;
}

static uint64_t stir_double(uint64_t hash, double value)
{
    uint64_t bits = 1; /* every NaN is the same */
    if (value == value)
        memcpy(&bits, &value, sizeof bits);
    return stir(hash, bits);
}

static uint64_t stir_text(uint64_t hash, const char *text)
{
    return stir(hash, smri_hash(text, strlen(text)));
}

static uint64_t hash_stage(uint64_t hash, const smri_select_stage *stage)
{
    hash = stir(stir(stir(hash, stage->keep), stage->part_count), stage->gate_count);
    for (uint32_t i = 0; i < stage->part_count; i++) {
        const smri_select_part *part = &stage->parts[i];
        hash = stir(stir(stir(hash, part->source), part->input), part->lower);
        hash = stir_double(stir_double(stir_double(hash, part->weight), part->worst), part->best);
    }
    for (uint32_t i = 0; i < stage->gate_count; i++)
        hash = stir_double(stir(stir(hash, stage->gates[i].input), stage->gates[i].entry), stage->gates[i].least);
    hash = stir(stir(hash, stage->tie_input), stage->tie_lower);
    const smri_jury *jury = &stage->jury;
    hash = stir(stir(stir(hash, (uint64_t)jury->rule), (uint64_t)jury->incomplete), jury->jurors);
    for (size_t i = 0; i < jury->jurors * jury->stride; i++)
        hash = stir_double(hash, jury->places[i]);
    return hash;
}

static uint64_t hash_funnel(const smri_bound *bound)
{
    const smri_select *select = &bound->select;
    uint64_t hash = stir(stir(select->stage_count, select->input_count), select->barred != NULL);
    for (uint32_t i = 0; i < select->stage_count; i++)
        hash = hash_stage(stir_text(hash, bound->funnel->data.stages[i].id), &select->stages[i]);
    for (uint32_t i = 0; i < select->input_count; i++) {
        const smri_select_input *input = &select->inputs[i];
        hash = stir_text(stir(stir(hash, input->kind), input->node), input->name);
        for (size_t region = 0; input->kind != SMRI_INPUT_SCORE && region < select->regions; region++)
            hash = stir_double(hash, input->values[region]);
    }
    for (size_t region = 0; select->barred && region < select->regions; region++)
        hash = stir(hash, select->barred[region]);
    return hash;
}

/* ---- binding ---- */

void smri_robust_unbind(smr_robust *robust)
{
    smri_robust_funnel *funnel = robust->funnel;
    if (!funnel)
        return;
    smri_bound_free(&funnel->bound);
    smr_scorecard_unref(funnel->card);
    smri_free(smri_context(robust->context), funnel);
    robust->funnel = NULL;
}

/* Which kept node each score is. */
static smr_status find_nodes(const smri_trials *trials, smri_robust_funnel *funnel, smr_error *error)
{
    const smri_select *select = &funnel->bound.select;
    funnel->kept = smri_arena_alloc(&funnel->bound.arena, select->input_count, sizeof *funnel->kept);
    if (!funnel->kept)
        return smri_fail_memory(error);
    for (uint32_t i = 0; i < select->input_count; i++) {
        const smri_select_input *input = &select->inputs[i];
        funnel->kept[i] = SMRI_NONE;
        if (input->kind != SMRI_INPUT_SCORE)
            continue;
        for (uint32_t k = 0; k < trials->node_count; k++)
            if (trials->nodes[k] == input->node)
                funnel->kept[i] = k;
        const smri_place place = {.source = funnel->bound.funnel->source_name, .subject = input->name};
        if (funnel->kept[i] == SMRI_NONE)
            return smri_fail(error, SMR_MESSAGE_ROBUST_STAGE_NODE, &place, input->name);
    }
    return SMR_OK;
}

/* Runs the funnel once on the plan as it is: what it refuses there is refused before any draw. */
static smr_status try_once(const smr_robust *robust, smr_error *error)
{
    const smri_select *select = &robust->funnel->bound.select;
    const smr_context *memory = smri_context(robust->context);
    smri_select_work work;
    const bool made = smri_select_work_make(select, &work);
    const double **inputs = smri_alloc(memory, select->input_count, sizeof *inputs);
    uint32_t *reached = smri_alloc(memory, select->regions + 1, sizeof *reached);
    smr_status status = made && inputs && reached ? SMR_OK : smri_fail_memory(error);
    for (uint32_t i = 0; status == SMR_OK && i < select->input_count; i++)
        inputs[i] = select->inputs[i].values;
    if (status == SMR_OK)
        status = smri_select_run(select, inputs, &work, reached, NULL, error);
    smri_select_work_free(select, &work);
    smri_free(memory, inputs);
    smri_free(memory, reached);
    return status;
}

static smr_status bind(smr_robust *robust, const smr_robust_options *options, smr_error *error)
{
    const smri_trials *trials = robust->trials;
    smri_robust_funnel *funnel = robust->funnel;
    const smr_score_options keep = {sizeof keep, SMR_KEEP_ALL};
    smr_select_options select;
    smr_select_options_init(&select, sizeof select);
    select.year = options->year;
    select.period = trials->period;
    const smr_dataset *dataset = trials->dataset;
    if (smri_select_takes_latest(options->funnel) && dataset->period_count > 1) {
        const smri_place place = {.source = options->funnel->source_name, .subject = "eligible.age_column"};
        return smri_fail(error, SMR_MESSAGE_ROBUST_STAGE_PERIOD, &place, trials->period);
    }
    smr_status status =
        smr_model_score(trials->one_thread, trials->model, dataset, &keep, &funnel->card, error);
    if (status == SMR_OK)
        status = smri_select_bind(robust->context, options->funnel, funnel->card, dataset, options->ballots, &select,
                                  &funnel->bound, error);
    if (status == SMR_OK)
        status = find_nodes(trials, funnel, error);
    return status == SMR_OK ? try_once(robust, error) : status;
}

smr_status smri_robust_bind(smr_robust *robust, const smr_robust_options *options, smr_error *error)
{
    const smr_context *memory = smri_context(robust->context);
    robust->funnel = smri_calloc(memory, 1, sizeof *robust->funnel);
    if (!robust->funnel)
        return smri_fail_memory(error);
    smri_arena_init(&robust->funnel->bound.arena, memory);
    smr_status status = bind(robust, options, error);
    const smr_funnel *funnel = options->funnel;
    if (status == SMR_OK && !smri_robust_add_stages(robust, funnel->data.stage_count))
        status = smri_fail_memory(error);
    for (uint32_t i = 0; status == SMR_OK && i < funnel->data.stage_count; i++)
        if (!smri_arena_keep(&robust->arena, funnel->data.stages[i].id, &robust->stage_ids[i]))
            status = smri_fail_memory(error);
    if (status == SMR_OK)
        robust->funnel_hash = hash_funnel(&robust->funnel->bound);
    if (status == SMR_OK)
        smri_select_tell_unpublished(&robust->funnel->bound);
    return status;
}

/* ---- one thread ---- */

struct smri_stager {
    const smr_robust *robust;
    smri_select select;             /* with stages and parts of its own, which follow the world */
    smri_select_work work;
    smri_arena arena;
    double **columns;               /* by input; NULL: the same in all draws */
    const double **inputs;
    uint32_t *reached;
    uint64_t world;                 /* number, and one; 0: none yet */
    const char *upward;             /* method that ranks the lowest first in that world; NULL: it does not */
};

void smri_stager_free(smri_stager *stager)
{
    if (!stager)
        return;
    smri_select_work_free(&stager->select, &stager->work);
    smri_arena_free(&stager->arena);
    smri_free(smri_context(stager->robust->context), stager);
}

/* Stages and parts that the thread may change. */
static bool own_stages(smri_stager *stager)
{
    smri_select *select = &stager->select;
    const smri_select_stage *from = select->stages;
    select->stages = smri_arena_alloc(&stager->arena, select->stage_count, sizeof *select->stages);
    if (!select->stages)
        return false;
    memcpy(select->stages, from, select->stage_count * sizeof *from);
    for (uint32_t i = 0; i < select->stage_count; i++) {
        const uint32_t count = from[i].part_count;
        smri_select_part *parts = smri_arena_alloc(&stager->arena, count, sizeof *parts);
        if (!parts)
            return false;
        memcpy(parts, from[i].parts, count * sizeof *parts);
        select->stages[i].parts = parts;
    }
    return true;
}

static bool make_columns(smri_stager *stager)
{
    const smri_select *select = &stager->select;
    const smri_robust_funnel *funnel = stager->robust->funnel;
    stager->columns = smri_arena_calloc(&stager->arena, select->input_count, sizeof *stager->columns);
    stager->inputs = smri_arena_alloc(&stager->arena, select->input_count, sizeof *stager->inputs);
    stager->reached = smri_arena_alloc(&stager->arena, select->regions + 1, sizeof *stager->reached);
    bool fine = stager->columns && stager->inputs && stager->reached;
    for (uint32_t i = 0; fine && i < select->input_count; i++) {
        stager->inputs[i] = select->inputs[i].values;
        if (funnel->kept[i] == SMRI_NONE)
            continue;
        stager->columns[i] = smri_arena_alloc(&stager->arena, select->regions + 1, sizeof *stager->columns[i]);
        stager->inputs[i] = stager->columns[i];
        fine = stager->columns[i] != NULL;
    }
    return fine;
}

smri_stager *smri_stager_new(const smr_robust *robust)
{
    const smr_context *memory = smri_context(robust->context);
    smri_stager *made = smri_calloc(memory, 1, sizeof *made);
    if (!made)
        return NULL;
    made->robust = robust;
    made->select = robust->funnel->bound.select;
    made->select.context = robust->trials->one_thread; /* asks nobody, and reports to nobody */
    smri_arena_init(&made->arena, memory);
    const bool works = smri_select_work_make(&made->select, &made->work);
    if (works && own_stages(made) && make_columns(made))
        return made;
    smri_stager_free(made);
    return NULL;
}

/* Alternatives may put the index on another range. false: out of memory. */
static bool follow_world(smri_stager *stager, uint64_t number)
{
    const smri_trials *trials = stager->robust->trials;
    if (stager->world == number + 1)
        return true;
    smri_world *own = NULL;
    const smri_world *world = smri_world_get(trials, number, &own);
    if (!world)
        return false;
    if (world->model) {
        const smri_choice *root = &world->model->plan.aggregate[0];
        smri_select_adapt(&stager->select, world->model);
        stager->upward = smri_ranks_upward(root) ? root->method->name : NULL;
    }
    stager->world = number + 1;
    smri_world_free(trials, own);
    return true;
}

static smr_status run_lane(smri_stager *stager, const double *scores, size_t lane, smr_error *error)
{
    const smri_select *select = &stager->select;
    if (stager->upward)
        return smri_fail(error, SMR_MESSAGE_SELECT_LOWEST_FIRST, NULL, stager->upward);
    for (uint32_t i = 0; i < select->input_count; i++) {
        if (!stager->columns[i])
            continue;
        const double *from = scores + (size_t)stager->robust->funnel->kept[i] * select->regions * SMRI_LANES + lane;
        for (size_t region = 0; region < select->regions; region++)
            stager->columns[i][region] = from[region * SMRI_LANES];
    }
    return smri_select_run(select, stager->inputs, &stager->work, stager->reached, NULL, error);
}

bool smri_stager_run(smri_stager *stager, const double *points, size_t count, smri_trial_results *results,
                     uint64_t *counts)
{
    const smri_trials *trials = stager->robust->trials;
    const size_t regions = stager->select.regions;
    if (!follow_world(stager, smri_trials_world(trials, points, SMRI_LANES)))
        return false;
    for (size_t l = 0; l < count; l++) {
        if (results->codes[l] != 0)
            continue;
        smr_error error;
        smr_error_init(&error, sizeof error);
        const smr_status status = run_lane(stager, results->scores, l, &error);
        if (status == SMR_ERROR_MEMORY)
            return false;
        if (status != SMR_OK) {
            results->codes[l] = error.code;
            if (results->errors)
                results->errors[l] = error;
            continue;
        }
        for (size_t i = 0; i < regions; i++)
            for (uint32_t stage = 0; stage < stager->reached[i]; stage++)
                counts[stage * regions + i]++;
    }
    return true;
}
