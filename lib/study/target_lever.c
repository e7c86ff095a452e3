/* SPDX-License-Identifier: MIT */
/* The indicators that can be improved: which way, how far, at what cost, and what becomes of their score. */

#include "study/target_impl.h"

/* Whole numbers up to this many steps are taken one by one; more are taken as a line, and rounded at the end. */
#define MOST_POINTS 2048
/* Of the curve above a height that is continuous. */
#define MOST_PIECES 2U

/* Where a scale ends: what the transform takes in that gives z. */
static double transform_back(int32_t transform, double z)
{
    switch (transform) {
    case SMR_TRANSFORM_LOG:
        return smri_exp(z);
    case SMR_TRANSFORM_SQRT:
        return z > 0 ? z * z : z < 0 ? -INFINITY : 0;
    case SMR_TRANSFORM_CBRT:
        return z * z * z;
    case SMR_TRANSFORM_LOGIT:
        return 1 / (1 + smri_exp(-z));
    default:
        return z;
    }
}

/* Where the curve of a transform begins to bend the other way; -infinity: nowhere. */
static double transform_turn(int32_t transform)
{
    return transform == SMR_TRANSFORM_LOGIT ? 0.5 : transform == SMR_TRANSFORM_CBRT ? 0 : -INFINITY;
}

/* How it bends above that place, or below it; 1: concave, 0: straight, -1: convex. */
static int transform_bend(int32_t transform, bool above)
{
    switch (transform) {
    case SMR_TRANSFORM_LOG:
    case SMR_TRANSFORM_SQRT:
        return 1;
    case SMR_TRANSFORM_CBRT:
        return above ? 1 : -1;
    case SMR_TRANSFORM_LOGIT:
        return above ? -1 : 1;
    default:
        return 0;
    }
}

typedef struct finding {
    smri_problem *problem;
    uint32_t indicator;
    const smri_indicator *definition;
    const smri_scale *scale;
    double u;                       /* the value after denominate */
    bool folded;                    /* the normaliser sees the distance to the optimum */
    const smri_effort *effort;      /* NULL: none given */
} finding;

/* The map of the region's side of the scale. false: the method is not affine there. */
static bool find_map(const finding *f, smri_affine *map)
{
    const smr_model *model = f->problem->model;
    const smri_leaf *leaf = &model->leaves[(size_t)f->problem->set * model->framework->indicator_count + f->indicator];
    const smri_choice *choice = &model->plan.normalise[f->indicator];
    const smri_scale *scale = f->scale;
    if (leaf->affine) {
        *map = leaf->map;
        return true;
    }
    if (leaf->constant || choice->method->normalise != smri_goalposts || scale->direction != SMR_DIRECTION_TARGET)
        return false;
    const double z = smri_transform_one(scale->transform, f->u);
    const bool other = (z < scale->optimum) != (scale->worst < scale->optimum);
    const double origin = other ? scale->best : scale->worst;
    smri_affine_range(choice, map);
    return smri_affine_spread(map, origin, scale->optimum - origin);
}

/* Does the treatment only hold values between two limits? Then these are set. */
static bool find_limits(const finding *f, double *low, double *high)
{
    const smr_model *model = f->problem->model;
    const smri_choice *treat = &model->plan.treat[f->indicator];
    const smri_fitted *fitted = &model->treat[f->indicator];
    *low = -INFINITY;
    *high = INFINITY;
    if (!treat->method->change || fitted->count < 2)
        return !treat->method->change || treat->method->change == smri_treat_clamp;
    const bool stages = treat->method->change == smri_treat_coinr;
    if (treat->method->change != smri_treat_clamp && (!stages || smri_treatment_leaves_scale(treat, fitted)))
        return false;
    const double least = fitted->numbers[stages], greatest = fitted->numbers[1 + stages];
    *low = least == least ? least : *low;
    *high = greatest == greatest ? greatest : *high;
    return true;
}

static double observed_best(const finding *f, double toward, double *spread)
{
    const smri_problem *problem = f->problem;
    const smr_framework *framework = problem->model->framework;
    const smri_column *column = smri_dataset_column(problem->dataset, framework->nodes[f->definition->node].id);
    const double scale = problem->model->plan.denominate[f->indicator];
    const smri_column *below =
        scale == scale ? smri_dataset_column(problem->dataset, f->definition->denominator) : NULL;
    double least = f->u, greatest = f->u;
    for (size_t row = 0; column && row < problem->dataset->row_count; row++) {
        double x = column->values[row];
        if (below && below->values)
            x = below->values[row] != 0 ? x / below->values[row] * scale : NAN;
        least = x < least ? x : least;
        greatest = x > greatest && x <= DBL_MAX ? x : greatest;
    }
    *spread = greatest - least;
    return toward > 0 ? greatest : least;
}

/* Cost, and the farthest raw value; false: there is no way to go. */
static bool find_room(const finding *f, smri_lever *lever, double toward)
{
    const smri_indicator *d = f->definition;
    double spread = 0, best = observed_best(f, toward, &spread);
    if (d->direction == SMR_DIRECTION_TARGET && d->optimum == d->optimum)
        best = d->optimum;
    else if (d->best == d->best && d->direction != SMR_DIRECTION_TARGET)
        best = d->best;
    const double posts = fabs(d->best - d->worst);
    const double unit = posts > 0 ? posts : spread > 0 ? spread : 1;
    const double given = f->effort ? f->effort->cost : NAN;
    const double bound = !f->effort ? NAN : lever->toward > 0 ? f->effort->high : f->effort->low;
    lever->cost = given == given ? given : fabs(lever->factor) / unit;
    lever->limit = bound == bound ? bound : best / lever->factor;
    const bool counts = d->kind == SMR_KIND_COUNT || d->kind == SMR_KIND_CHECKLIST;
    const bool above_zero = counts || d->kind == SMR_KIND_SHARE || d->kind == SMR_KIND_BINARY;
    const double least = d->kind == SMR_KIND_RANK ? 1 : above_zero ? 0 : -DBL_MAX;
    const double most = d->kind == SMR_KIND_SHARE ? 100 : d->kind == SMR_KIND_BINARY ? 1 : DBL_MAX;
    lever->limit = SMRI_MIN(SMRI_MAX(lever->limit, least), most);
    lever->whole = d->kind == SMR_KIND_ORDINAL || d->kind == SMR_KIND_BINARY || d->kind == SMR_KIND_RANK || counts;
    if (lever->whole)
        lever->limit = lever->toward > 0 ? smri_whole_below(lever->limit) : smri_whole_above(lever->limit);
    return (lever->limit - lever->from) * lever->toward > 0 && lever->cost > 0 && lever->cost <= DBL_MAX;
}

/* Effort to what is `u` after denominate; 0 when it lies behind, infinite when it is no place. */
static double effort_to(const smri_lever *lever, double u)
{
    const double way = (u / lever->factor - lever->from) * lever->toward;
    return way == way ? SMRI_MAX(way, 0) * lever->cost : INFINITY;
}

/* What becomes of the score on the way: where it stands still, where it stops, how it bends. */
static void find_shape(const finding *f, smri_lever *lever, const smri_affine *map, double toward)
{
    double clamp[2];
    lever->known = find_limits(f, &clamp[0], &clamp[1]);
    if (!lever->known)
        return;
    const double per_z = map->span / map->width;
    const double low = SMRI_MAX(map->floor, lever->least_height);
    double start = map->origin + map->width * ((low - map->low) / map->span);
    double stop = map->origin + map->width * ((map->ceiling - map->low) / map->span);
    if (f->folded) {
        start = f->scale->optimum + (toward > 0 ? start : -start);
        stop = f->scale->optimum + (toward > 0 ? stop : -stop);
    }
    lever->slope = fabs(per_z);
    const double dead = low > -INFINITY ? effort_to(lever, transform_back(f->scale->transform, start)) : 0;
    const double held = toward > 0 ? clamp[0] : clamp[1], stopped = toward > 0 ? clamp[1] : clamp[0];
    lever->dead = SMRI_MAX(dead, fabs(held) <= DBL_MAX ? effort_to(lever, held) : 0);
    const double full = lever->cost * fabs(lever->limit - lever->from);
    double reach = full;
    if (map->ceiling < INFINITY)
        reach = SMRI_MIN(reach, effort_to(lever, transform_back(f->scale->transform, stop)));
    if (fabs(stopped) <= DBL_MAX)
        reach = SMRI_MIN(reach, effort_to(lever, stopped));
    /* The last place that inverting the transform costs is not worth another end. */
    lever->reach = reach >= full * (1 - 1e-12) ? full : reach;
    lever->end = lever->reach == full ? lever->limit : lever->from + lever->toward * (lever->reach / lever->cost);
    const double where = transform_turn(f->scale->transform);
    const bool ahead = toward > 0 ? f->u < where : f->u > where;
    const double turn = where > -INFINITY && ahead ? effort_to(lever, where) : INFINITY;
    const int bend = transform_bend(f->scale->transform, (toward > 0) != (where > -INFINITY && ahead));
    lever->bend = toward > 0 ? bend : -bend;
    lever->turn = turn < lever->reach ? turn : INFINITY;
    lever->bend_after = lever->turn < INFINITY ? -lever->bend : lever->bend;
}

static smr_status find_points(smri_problem *problem, smri_lever *lever, smr_error *error)
{
    const double up = lever->toward > 0 ? smri_whole_below(lever->from) + 1 : -(smri_whole_above(lever->from) - 1);
    const double sign = lever->toward, limit = lever->limit * sign;
    double last = SMRI_MIN(smri_whole_above(lever->end * sign), limit);
    last = SMRI_MAX(last, up);
    const double steps = last - up + 1;
    lever->end = last * sign;
    lever->reach = lever->cost * fabs(lever->end - lever->from);
    if (!(steps <= MOST_POINTS))
        return SMR_OK;
    lever->point_count = (uint32_t)steps + 1;
    lever->points = smri_arena_calloc(&problem->arena, lever->point_count, sizeof *lever->points);
    lever->heights = smri_arena_calloc(&problem->arena, lever->point_count, sizeof *lever->heights);
    if (!lever->points || !lever->heights)
        return smri_fail_memory(error);
    for (uint32_t i = 1; i < lever->point_count; i++)
        lever->points[i] = lever->cost * fabs((up + (i - 1)) * sign - lever->from);
    for (uint32_t i = 0; i < lever->point_count; i++)
        lever->heights[i] = smri_lever_height(problem, lever, lever->points[i]);
    return SMR_OK;
}

/* What the parent makes of heights that a logarithm or an inverse cannot take. */
static double least_height(const smri_problem *problem, uint32_t node)
{
    const smr_model *model = problem->model;
    const int32_t parent = model->framework->nodes[node].parent;
    if (parent < 0)
        return -INFINITY;
    const smri_choice *choice = &model->plan.aggregate[parent];
    const bool plain = choice->method->aggregate == smri_aggregate_power && smri_setting_of(choice, "p")->number == 1;
    if (plain || smri_parameter_find(choice->method->parameters, "zero") < 0)
        return -INFINITY;
    const double epsilon = smri_zero_epsilon(choice, model->child_low[parent], model->child_high[parent]);
    return epsilon > 0 ? epsilon : -INFINITY;
}

/* *found: the indicator can be improved. */
static smr_status find_lever(const finding *f, smri_lever *lever, bool *found, smr_error *error)
{
    smri_problem *problem = f->problem;
    smri_affine map;
    double toward = f->definition->direction == SMR_DIRECTION_LOWER ? -1 : 1;
    const double z = smri_transform_one(f->scale->transform, f->u);
    if (f->definition->direction == SMR_DIRECTION_TARGET)
        toward = z < f->scale->optimum ? 1 : -1;
    const bool mapped = find_map(f, &map);
    const smri_method *method = problem->model->plan.normalise[f->indicator].method;
    const bool peaked = f->folded || method->normalise == smri_goalposts;
    if (mapped && !(f->definition->direction == SMR_DIRECTION_TARGET && peaked))
        toward = map.span / map.width > 0 ? 1 : -1; /* what raises the score, whatever the direction is called */
    *found = false;
    lever->toward = lever->factor > 0 ? toward : -toward;
    if (!find_room(f, lever, toward))
        return SMR_OK;
    lever->end = lever->limit;
    lever->reach = lever->cost * fabs(lever->limit - lever->from);
    lever->turn = INFINITY;
    lever->least_height = least_height(problem, (uint32_t)f->definition->node);
    if (mapped && (!f->folded || map.span / map.width > 0))
        find_shape(f, lever, &map, toward);
    if (!lever->known) {
        *found = lever->reach > 0;
        return SMR_OK;
    }
    *found = lever->reach > lever->dead;
    const smr_status status = *found && lever->whole ? find_points(problem, lever, error) : SMR_OK;
    if (status != SMR_OK)
        return status;
    lever->pieces =
        smri_arena_calloc(&problem->arena, SMRI_MAX(lever->point_count, MOST_PIECES), sizeof *lever->pieces);
    return lever->pieces ? SMR_OK : smri_fail_memory(error);
}

static smr_status match_efforts(const smri_problem *problem, const smr_efforts *efforts,
                                const smri_effort **by_indicator, smr_error *error)
{
    const smr_framework *framework = problem->model->framework;
    for (size_t i = 0; efforts && i < efforts->count; i++) {
        const smri_effort *effort = &efforts->items[i];
        const int64_t node = smr_framework_find(framework, effort->indicator);
        if (node >= 0 && framework->nodes[node].indicator >= 0) {
            by_indicator[framework->nodes[node].indicator] = effort;
            continue;
        }
        char nearest[SMRI_NEAREST_SIZE];
        const smri_place place = {.source = effort->source, .row = effort->text_row, .subject = effort->indicator};
        smri_text_suggest(nearest, effort->indicator, problem->model->inputs, framework->indicator_count);
        return smri_fail(error, SMR_MESSAGE_TARGET_INDICATOR_UNKNOWN, &place, effort->indicator, nearest);
    }
    return SMR_OK;
}

/* Does another indicator divide by it? Then it moves more than its own score, and stays. */
static bool divides(const smr_model *model, uint32_t indicator)
{
    for (uint32_t i = 0; i < model->framework->indicator_count; i++)
        if (model->denominators[i] == indicator)
            return true;
    return false;
}

smr_status smri_levers_find(smri_problem *problem, const smr_efforts *efforts, smr_error *error)
{
    const smr_model *model = problem->model;
    const smr_framework *framework = model->framework;
    const uint32_t count = framework->indicator_count;
    const smri_effort **by_indicator = smri_arena_calloc(&problem->arena, count, sizeof *by_indicator);
    problem->levers = smri_arena_calloc(&problem->arena, count, sizeof *problem->levers);
    smr_status status = by_indicator && problem->levers ? match_efforts(problem, efforts, by_indicator, error)
                                                        : smri_fail_memory(error);
    for (uint32_t i = 0; status == SMR_OK && i < count; i++) {
        const smri_indicator *definition = &framework->indicators[i];
        const smri_column *column = smri_dataset_column(problem->alone, framework->nodes[definition->node].id);
        const double x = column && column->values ? column->values[problem->row] : NAN;
        const bool scored = problem->heights[definition->node] == problem->heights[definition->node];
        if (x != x || !scored || (by_indicator[i] && by_indicator[i]->fixed) || divides(model, i))
            continue;
        finding f = {.problem = problem, .indicator = i, .definition = definition, .scale = &model->scales[i], .u = x,
                     .effort = by_indicator[i]};
        f.folded = definition->direction == SMR_DIRECTION_TARGET &&
                   !(model->plan.normalise[i].method->flags & SMRI_METHOD_OWN_DIRECTION);
        smri_lever *lever = &problem->levers[problem->count];
        *lever = (smri_lever){.indicator = i, .from = x, .factor = 1};
        if (model->plan.denominate[i] == model->plan.denominate[i]) {
            const smri_column *below = smri_dataset_column(problem->alone, definition->denominator);
            lever->factor = model->plan.denominate[i] / below->values[problem->row];
            f.u = x / below->values[problem->row] * model->plan.denominate[i];
        }
        bool found = false;
        status = find_lever(&f, lever, &found, error);
        problem->count += status == SMR_OK && found;
    }
    return status;
}
