/* SPDX-License-Identifier: MIT */
/* Normalisers that measure the way from the worst value of the reference to some other value: the best one, a region's,
 * a number of the plan, or the target of the indicator. */
#include "method/method_impl.h"

double smri_direction_sign(const smri_scale *scale)
{
    return scale->direction == SMR_DIRECTION_HIGHER ? 1 : -1;
}

double smri_reference_seen(const smri_choice *choice, const smri_sample *sample, const smri_scale *scale)
{
    const smri_setting *value = smri_setting_of(choice, "value");
    if (!value->given) {
        return sample->reference;
    }
    const double x = smri_transform_one(scale->transform, value->number);
    if (scale->direction == SMR_DIRECTION_TARGET) {
        return 0.0 - fabs(x - scale->optimum);
    }
    return scale->direction == SMR_DIRECTION_LOWER ? 0.0 - x : x;
}

static bool is_number(double x)
{
    return fabs(x) <= DBL_MAX;
}

void smri_normalise_fill(const double *x, double *y, uint8_t *statuses, size_t n, double value, uint8_t status)
{
    for (size_t i = 0; i < n; i++) {
        const bool seen = x[i] == x[i];
        y[i] = seen ? value : NAN;
        statuses[i] = seen ? status : statuses[i];
    }
}

static void set_cap(const smri_choice *choice, smri_affine *map)
{
    if (smri_setting_of(choice, "cap")->number != 0) {
        map->ceiling = map->low + map->span;
    }
}

/* 1 + (x - top)/(top - least), so that the top scores 1 without rounding. */
static bool map_below(const smri_choice *choice, double least, double top, smri_affine *map)
{
    smri_affine_range(choice, map);
    set_cap(choice, map);
    map->low += map->span;
    return smri_affine_spread(map, top, top - least);
}

/* ---- distance_to_max ---- */

bool smri_distance_to_max_affine(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale,
                                 smri_affine *map)
{
    (void)scale;
    return fitted->count >= 2 && map_below(choice, fitted->numbers[0], fitted->numbers[1], map);
}

/* ---- distance_to_reference ---- */

bool smri_distance_to_reference_fit(const smri_choice *choice, const smri_sample *sample, const smri_scale *scale,
                                    smri_arena *arena, smri_fitted *fitted)
{
    const double numbers[] = {sample->summary.least, smri_reference_seen(choice, sample, scale)};
    return smri_fitted_set(arena, fitted, numbers, sample->summary.count > 0 ? 2 : 0);
}

bool smri_distance_to_reference_affine(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale,
                                       smri_affine *map)
{
    (void)scale;
    return fitted->count >= 2 && map_below(choice, fitted->numbers[0], fitted->numbers[1], map) && map->width > 0;
}

void smri_distance_to_reference(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale,
                                const double *x, double *y, uint8_t *statuses, size_t n)
{
    (void)scale;
    /* What is left when the map is not affine: no spread, no reference, or a reference below the worst value. */
    if (fitted->count < 2 || fitted->numbers[0] == fitted->numbers[1]) {
        smri_normalise_fill(x, y, statuses, n, smri_normalise_constant(choice), SMR_CELL_CONSTANT);
    } else if (!is_number(fitted->numbers[1])) {
        smri_normalise_fill(x, y, statuses, n, NAN, SMR_CELL_NOT_COMPUTED);
    } else {
        smri_normalise_fill(x, y, statuses, n, NAN, SMR_CELL_OUT_OF_DOMAIN);
    }
}

static smr_status check_references(const smri_choice *choice, const smr_framework *framework, uint32_t node,
                                   int least, smr_error *error)
{
    static const char *const words[] = {"none", "one", "both"};
    const char *id = framework->nodes[node].id;
    const smri_place place = {.source = framework->source_name, .subject = id};
    const int given = smri_setting_of(choice, "reference")->given + smri_setting_of(choice, "value")->given;
    return given >= least && given <= 1 ? SMR_OK
                                        : smri_fail(error, SMR_MESSAGE_REFERENCE_OPTIONS, &place, choice->method->name,
                                                    id, least == 0 ? "at most one" : "one", words[given]);
}

smr_status smri_check_one_reference(const smri_choice *choice, const smr_framework *framework, uint32_t node,
                                    smr_error *error)
{
    return check_references(choice, framework, node, 1, error);
}

smr_status smri_check_any_reference(const smri_choice *choice, const smr_framework *framework, uint32_t node,
                                    smr_error *error)
{
    return check_references(choice, framework, node, 0, error);
}

/* ---- distance_to_target: x is not turned, for target and extent lie on its own scale ---- */

/* The target and the worst value as the formula for higher-is-better sees them; false: nothing to decide from. */
static bool target_ends(const smri_fitted *fitted, const smri_scale *scale, double *worst, double *target)
{
    if (fitted->count < 2) {
        return false;
    }
    const double least = fitted->numbers[0], greatest = fitted->numbers[1];
    switch (scale->direction) {
    case SMR_DIRECTION_LOWER:
        *worst = greatest;
        *target = scale->target;
        break;
    case SMR_DIRECTION_TARGET:
        *worst = 0.0 - SMRI_MAX(fabs(least - scale->optimum), fabs(greatest - scale->optimum));
        *target = 0.0 - fabs(scale->target - scale->optimum);
        break;
    default:
        *worst = least;
        *target = scale->target;
    }
    return true;
}

/* false: the target lies on the wrong side of the worst value, or on it. */
static bool target_map(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale,
                       smri_affine *map)
{
    double worst, target;
    smri_affine_range(choice, map);
    set_cap(choice, map);
    if (!target_ends(fitted, scale, &worst, &target) || !smri_affine_spread(map, worst, target - worst)) {
        return false;
    }
    return scale->direction == SMR_DIRECTION_LOWER ? map->width < 0 : map->width > 0;
}

bool smri_distance_to_target_affine(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale,
                                    smri_affine *map)
{
    return scale->direction != SMR_DIRECTION_TARGET && target_map(choice, fitted, scale, map);
}

void smri_distance_to_target(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale,
                             const double *x, double *y, uint8_t *statuses, size_t n)
{
    smri_affine map;
    double worst, target;
    if (target_map(choice, fitted, scale, &map)) {
        for (size_t i = 0; i < n; i++) {
            y[i] = x[i] == x[i] ? smri_affine_apply(&map, 0.0 - fabs(x[i] - scale->optimum)) : NAN;
        }
    } else if (!target_ends(fitted, scale, &worst, &target) || worst == target) {
        smri_normalise_fill(x, y, statuses, n, smri_normalise_constant(choice), SMR_CELL_CONSTANT);
    } else {
        smri_normalise_fill(x, y, statuses, n, NAN, SMR_CELL_OUT_OF_DOMAIN);
    }
}

smr_status smri_check_target(const smri_choice *choice, const smr_framework *framework, uint32_t node,
                             smr_error *error)
{
    const char *id = framework->nodes[node].id;
    const smri_place place = {.source = framework->source_name, .subject = id};
    const double target = framework->indicators[framework->nodes[node].indicator].target;
    return target == target ? SMR_OK
                            : smri_fail(error, SMR_MESSAGE_TARGET_MISSING, &place, id, choice->method->name);
}
