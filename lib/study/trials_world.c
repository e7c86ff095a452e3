/* SPDX-License-Identifier: MIT */
/* Worlds: each combination of alternatives is fitted once. What no factor changes is scored there and then; what is left
 * is compiled for draws side by side, where its methods allow. */

#include "study/trials_impl.h"

uint64_t smri_trials_world(const smri_trials *trials, const double *point, size_t stride)
{
    uint64_t number = 0;
    for (uint32_t i = 0; i < trials->factor_count; i++) {
        const smri_factor *f = &trials->factors[i];
        if (f->vary == SMRI_VARY_ALTERNATIVES)
            number = number * f->count + (uint64_t)(point[f->first_dimension * stride] * f->count);
    }
    return number;
}

uint32_t smri_trials_alternative(const smri_trials *trials, uint64_t world, uint32_t factor)
{
    for (uint32_t i = trials->factor_count; i-- > factor + 1;)
        if (trials->factors[i].vary == SMRI_VARY_ALTERNATIVES)
            world /= trials->factors[i].count;
    return (uint32_t)(world % trials->factors[factor].count);
}

void smri_world_free(const smri_trials *trials, smri_world *world)
{
    if (!world)
        return;
    smr_model_unref(world->model);
    smr_plan_unref(world->plan);
    smri_arena_free(&world->arena);
    smri_free(smri_context(trials->context), world);
}

/* The plan with one alternative of each factor over it. */
static smr_status lay_plan(const smri_trials *trials, smri_world *world, smr_error *error)
{
    smr_context *context = trials->one_thread;
    smr_status status = SMR_OK;
    world->plan = smr_plan_ref(trials->plan);
    for (uint32_t i = 0; status == SMR_OK && i < trials->factor_count; i++) {
        const smri_factor *f = &trials->factors[i];
        if (f->vary != SMRI_VARY_ALTERNATIVES)
            continue;
        smr_plan *layer = NULL, *both = NULL;
        status = smri_plan_from_value(context, f->layers[smri_trials_alternative(trials, world->number, i)],
                                      trials->source_name, &layer, error);
        if (status == SMR_OK && world->plan)
            status = smr_plan_overlay(context, world->plan, layer, &both, error);
        else
            both = smr_plan_ref(layer);
        smr_plan_unref(layer);
        smr_plan_unref(world->plan);
        world->plan = both;
    }
    return status;
}

void smri_trials_rows(const smri_trials *trials, const smr_dataset *dataset, size_t *rows)
{
    const uint32_t period = trials->period ? smri_dataset_find_period(dataset, trials->period) : 0;
    for (uint32_t i = 0; i < trials->region_count; i++) {
        const uint32_t region = smri_dataset_find_region(dataset, trials->regions[i]);
        const uint32_t row =
            region == SMRI_NONE || period == SMRI_NONE ? SMRI_NONE : smri_dataset_find_pair(dataset, region, period);
        rows[i] = row == SMRI_NONE ? SIZE_MAX : row;
    }
}

/* ---- which way ---- */

static bool streams(const smri_method *method)
{
    return method->aggregate == smri_aggregate_arithmetic || method->aggregate == smri_aggregate_geometric;
}

/* Does a factor change something before the weights in this world? */
static bool refits(const smri_trials *trials, const smr_model *model)
{
    const uint32_t indicators = model->framework->indicator_count;
    for (uint32_t k = 0; k < trials->factor_count; k++) {
        const smri_factor *f = &trials->factors[k];
        if (f->vary == SMRI_VARY_DATA)
            return true;
        for (uint32_t i = 0; i < indicators; i++)
            if ((f->vary == SMRI_VARY_GOALPOSTS && f->indicators[i] &&
                 (model->plan.normalise[i].method->flags & SMRI_METHOD_NEEDS_GOALPOSTS)) ||
                (f->vary == SMRI_VARY_IMPUTATION && f->indicators[i] &&
                 smri_method_imputes(model->plan.impute[i].method)))
                return true;
    }
    return false;
}

static smri_way choose_way(const smri_trials *trials, const smr_model *model)
{
    const smri_resolved *plan = &model->plan;
    bool side_by_side = plan->policy == SMRI_POLICY_RENORMALISE ? !plan->coverage_by_count || plan->min_coverage == 0
                        : plan->policy == SMRI_POLICY_ZERO     ? plan->min_coverage == 0
                                                               : false;
    if (refits(trials, model))
        return SMRI_WAY_REFIT;
    for (uint32_t node = 0; node < model->framework->node_count; node++) {
        const smri_node *nodes = model->framework->nodes;
        if (nodes[node].indicator >= 0 || !trials->varies[node])
            continue;
        bool below = false;
        for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling)
            below |= trials->varies[child] != 0;
        if (smri_is_whole(model, node) || (smri_fits_node(model, node) && below))
            return SMRI_WAY_REFIT;
        side_by_side &= streams(plan->aggregate[node].method);
    }
    return side_by_side ? SMRI_WAY_LANES : SMRI_WAY_TREE;
}

/* ---- what no factor changes ---- */

static smr_status score_fixed(const smri_trials *trials, smri_world *world, smri_view *view, double **scores,
                              smr_error *error)
{
    const smr_framework *framework = world->model->framework;
    const smr_context *memory = smri_context(trials->one_thread);
    double **nothing = smri_arena_calloc(&world->arena, framework->node_count, sizeof *nothing);
    uint8_t **no_statuses = smri_arena_calloc(&world->arena, framework->node_count, sizeof *no_statuses);
    size_t *rows = smri_arena_alloc(&world->arena, trials->region_count, sizeof *rows);
    smr_status status = nothing && no_statuses && rows ? SMR_OK : smri_fail_memory(error);
    if (status == SMR_OK && world->model->prepares)
        status = smri_prepare_fill(trials->one_thread, view, error);
    for (uint32_t node = framework->node_count; status == SMR_OK && node-- > 0;)
        if (!trials->varies[node] && smri_is_whole(world->model, node))
            status = smri_whole_run(trials->one_thread, view, node, error);
    for (uint32_t node = 0; status == SMR_OK && node < framework->node_count; node++) {
        if (trials->varies[node])
            continue;
        scores[node] = smri_alloc(memory, view->dataset->row_count, sizeof **scores);
        world->fixed[node] = smri_arena_alloc(&world->arena, trials->region_count, sizeof **world->fixed);
        if (!scores[node] || !world->fixed[node])
            status = smri_fail_memory(error);
    }
    for (uint32_t node = 0; status == SMR_OK && node < framework->node_count;) {
        const smri_results results = {scores, nothing, no_statuses, node};
        if (!trials->varies[node])
            status = smri_blocks_run(trials->one_thread, view, &results, error);
        node = trials->varies[node] ? node + 1 : (uint32_t)framework->nodes[node].end;
    }
    if (status != SMR_OK)
        return status;
    smri_trials_rows(trials, view->dataset, rows);
    for (uint32_t node = 0; node < framework->node_count; node++)
        for (uint32_t i = 0; scores[node] && i < trials->region_count; i++)
            world->fixed[node][i] = rows[i] == SIZE_MAX ? NAN : scores[node][rows[i]];
    return SMR_OK;
}

/* ---- draws side by side ---- */

/* A child's scores as the mean of its parent takes them. */
static bool take_terms(const smri_trials *trials, const smri_world *world, uint32_t child, smri_lane_node *lane,
                       double *terms, uint32_t *outside)
{
    const bool zero = world->model->plan.policy == SMRI_POLICY_ZERO;
    const double *scores = world->fixed[child];
    *outside = SMRI_NONE;
    for (uint32_t i = 0; i < trials->region_count; i++) {
        double y = scores[i] != scores[i] && zero ? 0 : scores[i];
        if (lane->geometric) {
            y = y < lane->epsilon ? lane->epsilon : y;
            if (y <= 0) {
                *outside = SMRI_MIN(*outside, i);
                y = NAN;
            }
        } else if (fabs(y) > 1e150) {
            return false;
        }
        terms[i] = y;
    }
    if (lane->geometric)
        smri_context_kernels(smri_context(trials->one_thread))->log(terms, trials->region_count, terms);
    return true;
}

/* false: out of memory, or (world->way is no longer lanes) numbers that only the tree can take. */
static bool compile_node(const smri_trials *trials, smri_world *world, uint32_t node)
{
    const smr_model *model = world->model;
    const smri_node *nodes = model->framework->nodes;
    smri_lane_node *lane = &world->lanes[node];
    const uint32_t count = (uint32_t)nodes[node].child_count, regions = trials->region_count;
    const smri_choice *choice = &model->plan.aggregate[node];
    lane->varies = true;
    lane->geometric = choice->method->aggregate == smri_aggregate_geometric;
    lane->epsilon = lane->geometric ? smri_zero_epsilon(choice, model->child_low[node], model->child_high[node]) : 0;
    lane->outside = smri_arena_alloc(&world->arena, count, sizeof *lane->outside);
    double **columns = smri_arena_calloc(&world->arena, count, sizeof *columns);
    if (!lane->outside || !columns)
        return false;
    bool joins = false;
    uint32_t place = 0;
    for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling, place++) {
        lane->outside[place] = SMRI_NONE;
        if (trials->varies[child]) {
            joins = true;
            continue;
        }
        columns[place] = smri_arena_alloc(&world->arena, regions, sizeof **columns);
        if (!columns[place])
            return false;
        if (!take_terms(trials, world, (uint32_t)child, lane, columns[place], &lane->outside[place])) {
            world->way = SMRI_WAY_TREE;
            return false;
        }
    }
    if (!joins)
        return smri_lanes_family_pack(&lane->family, &world->arena, (const double *const *)columns, regions, count,
                                      model->plan.min_coverage);
    for (place = 0; place < count; place++) {
        if (!columns[place])
            continue;
        double *wide = smri_arena_alloc(&world->arena, regions, SMRI_LANES * sizeof *wide);
        if (!wide)
            return false;
        for (uint32_t i = 0; i < regions * SMRI_LANES; i++)
            wide[i] = columns[place][i / SMRI_LANES];
        columns[place] = wide;
    }
    lane->broadcast = columns;
    return true;
}

static smr_status compile_lanes(const smri_trials *trials, smri_world *world, smr_error *error)
{
    const smr_framework *framework = world->model->framework;
    world->lanes = smri_arena_calloc(&world->arena, framework->node_count, sizeof *world->lanes);
    if (!world->lanes)
        return smri_fail_memory(error);
    for (uint32_t node = 0; world->way == SMRI_WAY_LANES && node < framework->node_count; node++)
        if (trials->varies[node] && !compile_node(trials, world, node) && world->way == SMRI_WAY_LANES)
            return smri_fail_memory(error);
    return SMR_OK;
}

/* ---- imputed values and how far they may be off ---- */

static bool draws_imputation(const smri_trials *trials, const smr_model *model, uint32_t indicator)
{
    for (uint32_t k = 0; k < trials->factor_count; k++)
        if (trials->factors[k].vary == SMRI_VARY_IMPUTATION && trials->factors[k].indicators[indicator] &&
            smri_method_imputes(model->plan.impute[indicator].method))
            return true;
    return false;
}

static smr_status find_imputed(const smri_trials *trials, smri_world *world, smr_error *error)
{
    const smr_framework *framework = world->model->framework;
    const uint32_t count = framework->indicator_count;
    bool any = false;
    for (uint32_t i = 0; i < count; i++)
        any |= draws_imputation(trials, world->model, i);
    if (!any)
        return SMR_OK;
    smr_dataset *before = NULL, *after = NULL;
    smr_audit *audit = NULL;
    world->imputed = smri_arena_calloc(&world->arena, count, sizeof *world->imputed);
    world->deviations = smri_arena_calloc(&world->arena, count, sizeof *world->deviations);
    smr_status status = world->imputed && world->deviations ? SMR_OK : smri_fail_memory(error);
    if (status == SMR_OK)
        status = smr_model_snapshot(trials->one_thread, world->model, trials->dataset, "denominate", &before, error);
    if (status == SMR_OK)
        status = smr_model_snapshot(trials->one_thread, world->model, trials->dataset, "impute", &after, error);
    if (status == SMR_OK)
        status = smr_audit_imputation(trials->one_thread, world->model, trials->dataset, NULL, &audit, error);
    world->imputed_rows = status == SMR_OK ? after->row_count : 0;
    for (uint32_t i = 0; status == SMR_OK && i < count; i++) {
        const char *id = framework->nodes[framework->indicators[i].node].id;
        const double *x = smri_dataset_column(before, id)->values, *y = smri_dataset_column(after, id)->values;
        if (!smri_method_imputes(world->model->plan.impute[i].method))
            continue;
        double *imputed = smri_arena_alloc(&world->arena, after->row_count, sizeof *imputed);
        if (!imputed) {
            status = smri_fail_memory(error);
            break;
        }
        for (size_t row = 0; row < after->row_count; row++)
            imputed[row] = x[row] != x[row] ? y[row] : NAN;
        world->imputed[i] = imputed;
        if (!draws_imputation(trials, world->model, i))
            continue;
        double known = smr_audit_value(audit, "imputation_rmse", world->model->plan.impute[i].method->name, id);
        if (known != known) { /* too few cells to try the method on: the spread of the observed values */
            smri_summary summary;
            if (!smri_summary_make(smri_context(trials->one_thread), x, before->row_count, 1, SMRI_NEED_VARIANCE, NULL,
                                   &summary)) {
                status = smri_fail_memory(error);
                break;
            }
            const double variance = smri_summary_variance(&summary, 1);
            smri_summary_free(smri_context(trials->one_thread), &summary);
            known = variance > 0 ? sqrt(variance) : 0;
        }
        world->deviations[i] = known;
    }
    smr_audit_unref(audit);
    smr_dataset_unref(before);
    smr_dataset_unref(after);
    return status;
}

/* ---- a world ---- */

static smr_status fill(const smri_trials *trials, smri_world *world, smr_error *error)
{
    smr_context *context = trials->one_thread;
    smr_status status = lay_plan(trials, world, error);
    if (status == SMR_OK)
        status = smr_model_fit(context, trials->framework, trials->dataset, world->plan, &world->model, error);
    if (status != SMR_OK)
        return status;
    world->way = choose_way(trials, world->model);
    if (world->way == SMRI_WAY_REFIT)
        return find_imputed(trials, world, error);
    const uint32_t nodes = trials->framework->node_count;
    world->fixed = smri_arena_calloc(&world->arena, nodes, sizeof *world->fixed);
    double **scores = smri_calloc(smri_context(context), nodes, sizeof *scores);
    smri_view view = {.model = NULL};
    status = world->fixed && scores ? SMR_OK : smri_fail_memory(error);
    if (status == SMR_OK)
        status = smri_view_make(context, world->model, trials->dataset, &view, error);
    if (status == SMR_OK)
        status = score_fixed(trials, world, &view, scores, error);
    if (view.model)
        smri_view_free(context, &view);
    smri_family_free(smri_context(context), scores, nodes);
    return status == SMR_OK && world->way == SMRI_WAY_LANES ? compile_lanes(trials, world, error) : status;
}

smri_world *smri_world_make(const smri_trials *trials, uint64_t number)
{
    const smr_context *memory = smri_context(trials->context);
    smri_world *world = smri_calloc(memory, 1, sizeof *world);
    if (!world)
        return NULL;
    world->number = number;
    smri_arena_init(&world->arena, memory);
    smr_error_init(&world->error, sizeof world->error);
    world->status = fill(trials, world, &world->error);
    if (world->status != SMR_ERROR_MEMORY)
        return world;
    smri_world_free(trials, world);
    return NULL;
}

const smri_world *smri_world_get(const smri_trials *trials, uint64_t number, smri_world **own)
{
    if (number >= trials->slot_count) {
        if (*own && (*own)->number == number)
            return *own;
        smri_world_free(trials, *own);
        return *own = smri_world_make(trials, number);
    }
    uintptr_t kept = atomic_load_explicit(&trials->slots[number], memory_order_acquire);
    if (kept)
        return (const smri_world *)kept;
    smri_world *made = smri_world_make(trials, number);
    if (!made)
        return NULL;
    /* Another thread may have made the same one meanwhile: the first stays. */
    if (atomic_compare_exchange_strong_explicit(&trials->slots[number], &kept, (uintptr_t)made, memory_order_acq_rel,
                                                memory_order_acquire))
        return made;
    smri_world_free(trials, made);
    return (const smri_world *)kept;
}
