/* SPDX-License-Identifier: MIT */
/* Draws into scores: side by side where a world allows, else one by one through the tree or the engine. */

#include "study/trials_impl.h"

struct smri_trials_workspace {
    const smri_trials *trials;
    const smr_context *memory;
    const smri_kernels *kernels;
    smri_arena arena;
    smri_weigher *weigher;
    smri_refit *refit;              /* NULL until needed */
    smri_world *own;                /* the last world that is not kept for all */
    double *weights;                /* [slot][SMRI_LANES], slots as in model->child_weights */
    double *leaf_weights;           /* by node, of one lane */
    double **scores;                /* by node, [region][SMRI_LANES]; NULL: fixed */
    double *terms;                  /* [child][region][SMRI_LANES]: logarithms */
    const double **children;        /* by child */
    uint8_t *left_out;              /* [lane][node] */
    void *rank_room;
    bool upward[SMRI_LANES], any_upward; /* the lowest index ranks first in the world of the lane's last draw */
    double *column, *column_ranks;  /* by region */
    /* the tree, draw by draw */
    smr_model tree;                 /* the world's, with weights of its own */
    smri_variation variation;
    double *tree_numbers;
    double **tree_scores, **family_scores;
    uint8_t *tree_statuses;
};

void smri_trials_workspace_free(smri_trials_workspace *w)
{
    if (!w)
        return;
    const smr_context *memory = w->memory;
    smri_weigher_free(w->weigher);
    smri_refit_free(w->refit);
    smri_world_free(w->trials, w->own);
    smri_arena_free(&w->arena);
    smri_free(memory, w);
}

static bool take(smri_trials_workspace *w, void *array, size_t count, size_t size)
{
    void *block = smri_arena_calloc(&w->arena, count ? count : 1, size);
    memcpy(array, &block, sizeof block);
    return block != NULL;
}

smri_trials_workspace *smri_trials_workspace_new(const smri_trials *trials)
{
    const smr_context *memory = smri_context(trials->context);
    const size_t nodes = trials->framework->node_count, regions = trials->region_count;
    const size_t widest = trials->model->widest_family, room = smri_lanes_rank_room(regions);
    smri_trials_workspace *w = smri_calloc(memory, 1, sizeof *w);
    size_t lanes = 0, terms = 0, numbers = 0;
    if (!w)
        return NULL;
    w->trials = trials;
    w->memory = memory;
    w->kernels = smri_context_kernels(memory);
    smri_arena_init(&w->arena, memory);
    w->weigher = smri_weigher_new(trials);
    bool fine = w->weigher && room > 0 && smri_product(regions, SMRI_LANES, &lanes) &&
                smri_product(lanes, widest, &terms) && smri_product(regions, nodes + 6, &numbers) &&
                take(w, &w->weights, nodes, SMRI_LANES * sizeof *w->weights) &&
                take(w, &w->leaf_weights, nodes, sizeof *w->leaf_weights) &&
                take(w, &w->scores, nodes, sizeof *w->scores) &&
                take(w, &w->children, widest, sizeof *w->children) &&
                take(w, &w->left_out, nodes, SMRI_LANES) && take(w, &w->rank_room, room, 1) &&
                take(w, &w->column, regions, sizeof *w->column) &&
                take(w, &w->column_ranks, regions, sizeof *w->column_ranks) &&
                take(w, &w->tree_numbers, numbers, sizeof *w->tree_numbers) &&
                take(w, &w->tree_scores, nodes, sizeof *w->tree_scores) &&
                take(w, &w->family_scores, widest, sizeof *w->family_scores) &&
                take(w, &w->tree_statuses, regions, 1) &&
                take(w, &w->tree.weights, nodes, sizeof *w->tree.weights) &&
                take(w, &w->tree.shares, nodes, sizeof *w->tree.shares) &&
                take(w, &w->tree.totals, nodes, sizeof *w->tree.totals) &&
                take(w, &w->tree.child_weights, nodes, sizeof *w->tree.child_weights);
    uint32_t widest_join = 0;
    for (uint32_t node = 0; node < nodes; node++) {
        const smri_node *all = trials->framework->nodes;
        uint32_t varying = 0;
        if (!fine || !trials->varies[node])
            continue;
        fine = take(w, &w->scores[node], lanes, sizeof **w->scores);
        for (int32_t child = all[node].first_child; child >= 0; child = all[child].next_sibling)
            varying += trials->varies[child];
        widest_join = SMRI_MAX(widest_join, varying);
    }
    for (uint32_t node = 0; fine && node < nodes; node++)
        w->tree_scores[node] = w->tree_numbers + (size_t)node * regions;
    if (fine && take(w, &w->terms, (size_t)widest_join * lanes, sizeof *w->terms))
        return w;
    smri_trials_workspace_free(w);
    return NULL;
}

/* ---- weights of the draws ---- */

static double *family_weights(const smri_trials_workspace *w, const smr_model *model, uint32_t node)
{
    return w->weights + (size_t)model->child_starts[node] * SMRI_LANES;
}

static void spread(smri_trials_workspace *w, const smr_model *model)
{
    for (uint32_t slot = 0; slot + 1 < model->framework->node_count; slot++)
        for (size_t l = 0; l < SMRI_LANES; l++)
            w->weights[(size_t)slot * SMRI_LANES + l] = model->child_weights[slot];
}

/* Noise and the whole simplex, for all lanes at once. */
static void weigh_lanes(smri_trials_workspace *w, const smri_factor *f, const smr_model *model, uint32_t node,
                        const double *points)
{
    const smri_node *nodes = model->framework->nodes;
    const double low = 1 - f->amount, span = 2 * f->amount;
    double *weights = family_weights(w, model, node);
    uint32_t positive = 0;
    for (uint32_t i = 0; i < (uint32_t)nodes[node].child_count; i++)
        positive += model->child_weights[model->child_starts[node] + i] > 0;
    if (positive < 2)
        return;
    for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling, weights += SMRI_LANES) {
        const double *u = points + (size_t)(f->first_dimension + f->dimensions[child]) * SMRI_LANES;
        if (f->distribution == SMRI_WEIGHTS_NOISE) {
            for (size_t l = 0; l < SMRI_LANES; l++)
                weights[l] *= low + span * u[l];
            continue;
        }
        double logs[SMRI_LANES];
        for (size_t l = 0; l < SMRI_LANES; l++)
            logs[l] = u[l] > 0x1p-54 ? u[l] : 0x1p-54;
        w->kernels->log(logs, SMRI_LANES, logs);
        for (size_t l = 0; l < SMRI_LANES; l++)
            weights[l] = weights[l] > 0 ? 0.0 - logs[l] : 0;
    }
}

/* One lane, whatever the distribution. */
static void weigh_lane(smri_trials_workspace *w, const smri_factor *f, const smr_model *model, const double *point,
                       size_t lane)
{
    const smri_node *nodes = model->framework->nodes;
    if (f->leaf_level)
        smri_weigh_leaves(w->weigher, f, model->effective, point, SMRI_LANES, w->leaf_weights);
    for (uint32_t node = 0; node < model->framework->node_count; node++) {
        if (nodes[node].indicator >= 0 || !f->families[node])
            continue;
        double *weights = family_weights(w, model, node) + lane, *own = w->leaf_weights;
        const uint32_t count = (uint32_t)nodes[node].child_count;
        int32_t child = nodes[node].first_child;
        for (uint32_t i = 0; f->leaf_level && i < count; i++, child = nodes[child].next_sibling)
            weights[i * SMRI_LANES] = own[child];
        for (uint32_t i = 0; !f->leaf_level && i < count; i++)
            own[i] = weights[i * SMRI_LANES];
        if (!f->leaf_level)
            smri_weigh_children(w->weigher, f, node, point, SMRI_LANES, own);
        for (uint32_t i = 0; !f->leaf_level && i < count; i++)
            weights[i * SMRI_LANES] = own[i];
    }
}

static void weigh(smri_trials_workspace *w, const smr_model *model, const double *points, const double *given,
                  const bool *lanes)
{
    const smri_trials *trials = w->trials;
    const smri_node *nodes = model->framework->nodes;
    spread(w, model);
    for (uint32_t k = 0; k < trials->factor_count && !given; k++) {
        const smri_factor *f = &trials->factors[k];
        if (f->vary != SMRI_VARY_WEIGHTS)
            continue;
        const bool together = !f->leaf_level &&
                              (f->distribution == SMRI_WEIGHTS_NOISE || f->distribution == SMRI_WEIGHTS_UNIFORM);
        for (uint32_t node = 0; together && node < model->framework->node_count; node++)
            if (f->families[node])
                weigh_lanes(w, f, model, node, points);
        for (size_t l = 0; !together && l < SMRI_LANES; l++)
            if (lanes[l])
                weigh_lane(w, f, model, points + l, l);
    }
    for (uint32_t node = 0; node < model->framework->node_count; node++) {
        if (nodes[node].indicator >= 0 || !(trials->leaves_out || given))
            continue;
        double *weights = family_weights(w, model, node);
        for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling, weights += SMRI_LANES)
            for (size_t l = 0; l < SMRI_LANES; l++) {
                if (given && trials->family_varies[node])
                    weights[l] = given[child];
                if (w->left_out[l * model->framework->node_count + (uint32_t)child])
                    weights[l] = 0;
            }
    }
}

/* What a lane leaves out, and what is empty then. */
static void mark_left_out(smri_trials_workspace *w, const double *points)
{
    const smri_trials *trials = w->trials;
    const smr_framework *framework = trials->framework;
    if (!trials->leaves_out)
        return;
    memset(w->left_out, 0, (size_t)framework->node_count * SMRI_LANES);
    for (size_t l = 0; l < SMRI_LANES; l++) {
        uint8_t *out = w->left_out + l * framework->node_count;
        for (uint32_t k = 0; k < trials->factor_count; k++) {
            const smri_factor *f = &trials->factors[k];
            if (f->vary == SMRI_VARY_LEAVE_OUT)
                out[f->left_out[(uint32_t)(points[f->first_dimension * SMRI_LANES + l] * f->count)]] = 1;
        }
        for (uint32_t node = framework->node_count; node-- > 0;) {
            bool any = false;
            for (int32_t child = framework->nodes[node].first_child; child >= 0;
                 child = framework->nodes[child].next_sibling)
                any |= !out[child] && trials->model->weights[child] > 0;
            if (framework->nodes[node].indicator < 0 && !any)
                out[node] = 1;
        }
    }
}

/* ---- side by side ---- */

static void fail_lane(smri_trials_workspace *w, smri_trial_results *results, size_t lane, uint32_t node, uint32_t child,
                      uint32_t region, double y, const smr_model *model)
{
    if (results->codes[lane])
        return;
    results->codes[lane] = SMR_MESSAGE_OUT_OF_DOMAIN;
    if (!results->errors)
        return;
    const smri_node *nodes = model->framework->nodes;
    char value[SMRI_NUMBER_SIZE];
    smri_number_write(value, y);
    const smri_place place = {.source = w->trials->dataset->source_name, .subject = nodes[child].id};
    smri_fail(&results->errors[lane], SMR_MESSAGE_OUT_OF_DOMAIN, &place, w->trials->regions[region], value,
              nodes[child].id, model->plan.aggregate[node].method->name, nodes[node].id);
}

/* Scores of a child that varies, as a geometric mean takes them. */
static const double *take_logarithms(smri_trials_workspace *w, const smri_world *world, uint32_t node, uint32_t child,
                                     const double *weights, double *terms, const bool *lanes,
                                     smri_trial_results *results)
{
    const double epsilon = world->lanes[node].epsilon, *scores = w->scores[child];
    const size_t count = (size_t)w->trials->region_count * SMRI_LANES;
    bool outside = false;
    for (size_t i = 0; i < count; i++) {
        const double y = scores[i] < epsilon ? epsilon : scores[i];
        terms[i] = y;
        outside |= y <= 0;
    }
    for (size_t i = 0; outside && i < count; i++) {
        const size_t lane = i % SMRI_LANES;
        if (!(terms[i] <= 0))
            continue;
        if (lanes[lane] && weights[lane] > 0)
            fail_lane(w, results, lane, node, child, (uint32_t)(i / SMRI_LANES), terms[i], world->model);
        terms[i] = NAN;
    }
    w->kernels->log(terms, count, terms);
    return terms;
}

static void run_lane_node(smri_trials_workspace *w, const smri_world *world, uint32_t node, const bool *lanes,
                          smri_trial_results *results)
{
    const smri_lane_node *lane = &world->lanes[node];
    const smr_model *model = world->model;
    const smri_node *nodes = model->framework->nodes;
    const size_t count = (size_t)w->trials->region_count * SMRI_LANES;
    double *weights = family_weights(w, model, node), *out = w->scores[node], *terms = w->terms;
    const uint32_t children = (uint32_t)nodes[node].child_count;
    uint32_t place = 0;
    for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling, place++) {
        if (lane->outside[place] == SMRI_NONE)
            continue;
        for (size_t l = 0; l < SMRI_LANES; l++)
            if (lanes[l] && weights[(size_t)place * SMRI_LANES + l] > 0)
                fail_lane(w, results, l, node, (uint32_t)child, lane->outside[place],
                          world->fixed[child][lane->outside[place]], model);
    }
    w->kernels->lanes->normalise(weights, children);
    if (lane->broadcast) {
        place = 0;
        for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling, place++) {
            if (lane->broadcast[place])
                w->children[place] = lane->broadcast[place];
            else if (!lane->geometric)
                w->children[place] = w->scores[child];
            else {
                w->children[place] = take_logarithms(w, world, node, (uint32_t)child,
                                                     weights + (size_t)place * SMRI_LANES, terms, lanes, results);
                terms += count;
            }
        }
        w->kernels->lanes->join(w->children, children, w->trials->region_count, weights, model->plan.min_coverage, out);
    } else {
        w->kernels->lanes->family(&lane->family, weights, out);
    }
    if (lane->geometric)
        w->kernels->exp(out, count, out);
}

static void run_lanes(smri_trials_workspace *w, const smri_world *world, const bool *lanes, smri_trial_results *results)
{
    for (uint32_t node = w->trials->framework->node_count; node-- > 0;)
        if (world->lanes[node].varies)
            run_lane_node(w, world, node, lanes, results);
}

/* ---- the tree, draw by draw ---- */

static void run_tree(smri_trials_workspace *w, const smri_world *world, size_t lane, smri_trial_results *results)
{
    const smri_trials *trials = w->trials;
    const smr_framework *framework = trials->framework;
    const uint32_t regions = trials->region_count;
    smr_model own = *world->model;
    own.weights = w->tree.weights;
    own.shares = w->tree.shares;
    own.totals = w->tree.totals;
    own.child_weights = w->tree.child_weights;
    own.variation = &w->variation;
    w->variation.left_out = trials->leaves_out ? w->left_out + lane * framework->node_count : NULL;
    for (uint32_t node = framework->node_count; node-- > 0;) {
        const smri_node *nodes = framework->nodes;
        double *out = w->tree_scores[node];
        if (!trials->varies[node])
            memcpy(out, world->fixed[node], regions * sizeof *out);
        if (!trials->varies[node])
            continue;
        const double *drawn = family_weights(w, world->model, node) + lane;
        for (uint32_t i = 0; i < (uint32_t)nodes[node].child_count; i++)
            w->leaf_weights[i] = drawn[(size_t)i * SMRI_LANES];
        smri_model_set_weights(&own, node, w->leaf_weights);
        uint32_t place = 0;
        for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling)
            w->family_scores[place++] = w->tree_scores[child];
        const smri_family family = {
            .context = w->memory,
            .kernels = w->kernels,
            .scores = w->family_scores,
            .n = regions,
            .scratch = w->tree_numbers + (size_t)framework->node_count * regions,
        };
        smri_node_run(&own, node, &family, out, w->tree_statuses);
        for (uint32_t i = 0; i < regions && !results->codes[lane]; i++) {
            if (w->tree_statuses[i] != SMR_CELL_OUT_OF_DOMAIN)
                continue;
            int32_t child = nodes[node].first_child;
            while (nodes[child].next_sibling >= 0 && !(w->tree_scores[child][i] <= 0))
                child = nodes[child].next_sibling;
            fail_lane(w, results, lane, node, (uint32_t)child, i, w->tree_scores[child][i], world->model);
        }
    }
    for (uint32_t node = 0; node < framework->node_count; node++)
        for (uint32_t i = 0; trials->varies[node] && i < regions; i++)
            w->scores[node][(size_t)i * SMRI_LANES + lane] = w->tree_scores[node][i];
}

/* ---- a chunk ---- */

/* Results of the lanes of one world out of the workspace. */
static void hand_over(const smri_trials_workspace *w, const smri_world *world, const bool *lanes, bool all,
                      smri_trial_results *results)
{
    const smri_trials *trials = w->trials;
    const size_t regions = trials->region_count, cells = regions * SMRI_LANES;
    const smr_model *model = world->model;
    for (uint32_t k = 0; k < trials->node_count; k++) {
        const uint32_t node = trials->nodes[k];
        double *out = results->scores + k * cells;
        if (!trials->varies[node]) {
            for (size_t i = 0; i < cells; i++)
                out[i] = lanes[i % SMRI_LANES] ? world->fixed[node][i / SMRI_LANES] : out[i];
        } else if (all) {
            memcpy(out, w->scores[node], cells * sizeof *out);
        } else {
            for (size_t i = 0; i < cells; i++)
                out[i] = lanes[i % SMRI_LANES] ? w->scores[node][i] : out[i];
        }
    }
    for (uint32_t node = 0; results->weights && node < model->framework->node_count; node++) {
        const smri_node *nodes = model->framework->nodes;
        if (nodes[node].indicator >= 0)
            continue;
        const double *weights = family_weights(w, model, node);
        for (size_t l = 0; l < SMRI_LANES; l++) {
            double sum = 0;
            const double *weight = weights + l;
            for (uint32_t i = 0; i < (uint32_t)nodes[node].child_count; i++)
                sum += weight[(size_t)i * SMRI_LANES];
            for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling, weight += SMRI_LANES)
                if (lanes[l])
                    results->weights[(size_t)child * SMRI_LANES + l] = sum > 0 ? *weight / sum : 0;
        }
    }
}

static void put_error(smri_trial_results *results, size_t lane, const smr_error *error)
{
    results->codes[lane] = error->code;
    if (results->errors)
        results->errors[lane] = *error;
}

static smr_status run_world(smri_trials_workspace *w, uint64_t number, const double *points, const bool *lanes, bool all,
                            smri_trial_results *results, smr_error *error)
{
    const smri_world *world = smri_world_get(w->trials, number, &w->own);
    if (!world)
        return smri_fail_memory(error);
    smr_status status = SMR_OK;
    for (size_t l = 0; l < SMRI_LANES && world->status != SMR_OK; l++)
        if (lanes[l])
            put_error(results, l, &world->error);
    if (world->status != SMR_OK)
        return SMR_OK;
    const bool upward = smri_ranks_upward(&world->model->plan.aggregate[0]);
    w->any_upward |= upward;
    for (size_t l = 0; l < SMRI_LANES; l++)
        w->upward[l] = lanes[l] ? upward : w->upward[l];
    if (world->way == SMRI_WAY_REFIT) {
        if (!w->refit)
            w->refit = smri_refit_new(w->trials);
        if (!w->refit)
            return smri_fail_memory(error);
        for (size_t l = 0; l < SMRI_LANES && status == SMR_OK; l++) {
            if (!lanes[l])
                continue;
            smr_error own;
            smr_error_init(&own, sizeof own);
            const uint8_t *left_out = w->left_out + l * w->trials->framework->node_count;
            const smr_status drawn = smri_refit_run(w->refit, w->weigher, world, points + l, left_out, results->given, l,
                                                    results, &own);
            if (drawn == SMR_ERROR_MEMORY)
                status = smri_fail_memory(error);
            else if (drawn != SMR_OK)
                put_error(results, l, &own);
        }
        return status;
    }
    weigh(w, world->model, points, results->given, lanes);
    for (size_t l = 0; l < SMRI_LANES && world->way == SMRI_WAY_TREE; l++)
        if (lanes[l])
            run_tree(w, world, l, results);
    if (world->way == SMRI_WAY_LANES)
        run_lanes(w, world, lanes, results);
    hand_over(w, world, lanes, all, results);
    return SMR_OK;
}

smr_status smri_trials_run(const smri_trials *trials, smri_trials_workspace *workspace, const double *points,
                           size_t count, smri_trial_results *results, smr_error *error)
{
    uint64_t worlds[SMRI_LANES];
    bool done[SMRI_LANES];
    for (size_t l = 0; l < SMRI_LANES; l++) {
        results->codes[l] = 0;
        done[l] = l >= count;
        worlds[l] = l < count ? smri_trials_world(trials, points + l, SMRI_LANES) : 0;
        if (results->weights)
            results->weights[l] = 1;
    }
    mark_left_out(workspace, points);
    workspace->any_upward = false;
    smr_status status = SMR_OK;
    for (size_t first = 0; status == SMR_OK && first < count; first++) {
        if (done[first])
            continue;
        bool lanes[SMRI_LANES];
        size_t members = 0;
        for (size_t l = 0; l < SMRI_LANES; l++) {
            lanes[l] = !done[l] && worlds[l] == worlds[first];
            done[l] |= lanes[l];
            members += lanes[l];
        }
        status = run_world(workspace, worlds[first], points, lanes, members == count, results, error);
    }
    return status;
}

/* ---- points and ranks ---- */

void smri_trials_workspace_rank_upward(smri_trials_workspace *workspace, bool upward)
{
    workspace->any_upward = upward;
    for (size_t l = 0; l < SMRI_LANES; l++)
        workspace->upward[l] = upward;
}

void smri_trials_draw(const smri_trials *trials, uint64_t seed, const uint64_t *draws, size_t count, double *points)
{
    for (uint32_t d = 0; d < trials->dimension_count; d++)
        for (size_t l = 0; l < SMRI_LANES; l++)
            points[(size_t)d * SMRI_LANES + l] = l < count ? smri_random_lane(seed, d, draws[l]) : 0.5;
}

/* Rounding, tolerance and dense places need the whole order of one draw. */
static bool rank_lane(const smri_trials *trials, smri_trials_workspace *w, uint32_t node, const double *scores,
                      size_t lane, uint32_t *ranks)
{
    const smri_resolved *plan = &trials->model->plan;
    const uint32_t regions = trials->region_count;
    const bool upward = node == 0 && w->upward[lane];
    const smri_ties ties = plan->ties == SMRI_TIES_AVERAGE ? SMRI_TIES_COMPETITION : plan->ties;
    for (uint32_t i = 0; i < regions; i++) {
        const double y = scores[(size_t)i * SMRI_LANES + lane];
        w->column[i] = (plan->decimals >= 0 && y == y ? smri_round_decimals(y, plan->decimals) : y) * (upward ? -1 : 1);
    }
    if (!smri_rank_descending(w->memory, w->column, regions, ties, plan->tolerance, w->column_ranks))
        return false;
    for (uint32_t i = 0; i < regions; i++) {
        const double rank = w->column_ranks[i];
        ranks[(size_t)i * SMRI_LANES + lane] = rank == rank ? (uint32_t)rank : 0;
    }
    return true;
}

bool smri_trials_rank(const smri_trials *trials, smri_trials_workspace *workspace, uint32_t node, const double *scores,
                      size_t count, uint32_t *ranks)
{
    const smri_resolved *plan = &trials->model->plan;
    const bool plain = (plan->ties == SMRI_TIES_COMPETITION || plan->ties == SMRI_TIES_AVERAGE) && plan->decimals < 0 &&
                       plan->tolerance == 0 && !(node == 0 && workspace->any_upward);
    if (plain) {
        workspace->kernels->lanes_rank->rank(scores, trials->region_count, workspace->rank_room, ranks);
        return true;
    }
    for (size_t l = 0; l < SMRI_LANES; l++)
        for (uint32_t i = 0; l >= count && i < trials->region_count; i++)
            ranks[(size_t)i * SMRI_LANES + l] = 0;
    for (size_t l = 0; l < count; l++)
        if (!rank_lane(trials, workspace, node, scores, l, ranks))
            return false;
    return true;
}
