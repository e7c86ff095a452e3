/* SPDX-License-Identifier: MIT */
/* Indicators of every unit onto one scale. Unless a method knows the direction itself it sees higher-is-better values:
 * the engine has turned their sign, or taken the distance to the optimum. */
#include "method/method_impl.h"

/* ---- what the options say ---- */

static const smri_setting *find_setting(const smri_choice *choice, const char *name)
{
    const int index = smri_parameter_find(choice->method->parameters, name);
    return index >= 0 && choice->settings[index].given ? &choice->settings[index] : NULL;
}

bool smri_range_setting(const smri_choice *choice, double *low, double *high)
{
    const smri_setting *range = find_setting(choice, "range");
    if (range != NULL) {
        *low = range->number;
        *high = range->second;
    }
    return range != NULL;
}

bool smri_range_unit(const smri_choice *choice, double *low, double *high)
{
    if (!smri_range_setting(choice, low, high)) {
        *low = 0;
        *high = 1;
    }
    return true;
}

enum { CONSTANT_MISSING, CONSTANT_MID, CONSTANT_HI }; /* places in the list of choices */

double smri_normalise_constant(const smri_choice *choice)
{
    const smri_setting *constant = find_setting(choice, "constant");
    double low, high;
    if (constant == NULL || constant->number == CONSTANT_MISSING) {
        return NAN;
    }
    if (choice->method->range == NULL || !choice->method->range(choice, &low, &high)) {
        const smri_setting *mean = find_setting(choice, "mean");
        return mean && constant->number == CONSTANT_MID ? mean->number : NAN;
    }
    return constant->number == CONSTANT_MID ? smri_midpoint(low, high) : high;
}

/* ---- affine maps ---- */

void smri_affine_range(const smri_choice *choice, smri_affine *map)
{
    const smri_setting *clamp = find_setting(choice, "clamp");
    double low, high;
    smri_range_unit(choice, &low, &high);
    map->low = low;
    map->span = high - low;
    map->floor = clamp && clamp->number != 0 ? low : -INFINITY;
    map->ceiling = clamp && clamp->number != 0 ? high : INFINITY;
}

bool smri_affine_spread(smri_affine *map, double origin, double width)
{
    map->origin = origin;
    map->width = width;
    return fabs(origin) <= DBL_MAX && fabs(width) <= DBL_MAX && width != 0;
}

double smri_affine_apply(const smri_affine *map, double x)
{
    const double value = map->low + map->span * ((x - map->origin) / map->width);
    const double raised = value < map->floor ? map->floor : value;
    return (raised > map->ceiling ? map->ceiling : raised) + 0.0;
}

bool smri_identity_affine(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale,
                          smri_affine *map)
{
    (void)choice;
    (void)fitted;
    (void)scale;
    *map = (smri_affine){.origin = 0, .width = 1, .low = 0, .span = 1, .floor = -INFINITY, .ceiling = INFINITY};
    return true;
}

bool smri_minmax_affine(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale,
                        smri_affine *map)
{
    (void)scale;
    smri_affine_range(choice, map);
    return fitted->count >= 2 && smri_affine_spread(map, fitted->numbers[0], fitted->numbers[1] - fitted->numbers[0]);
}

bool smri_normalise_moments_fit(const smri_choice *choice, const smri_sample *sample, const smri_scale *scale,
                                smri_arena *arena, smri_fitted *fitted)
{
    (void)scale;
    const smri_summary *summary = &sample->summary;
    const double variance = smri_summary_variance(summary, (int)smri_setting_of(choice, "ddof")->number);
    /* The mean of equal values may be off in its last place: they have no spread all the same. */
    const bool spread = summary->least < summary->greatest;
    const double moments[] = {summary->mean, spread ? sqrt(variance) : 0};
    return smri_fitted_set(arena, fitted, moments, fabs(summary->mean) <= DBL_MAX ? 2 : 0);
}

bool smri_zscore_affine(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale,
                        smri_affine *map)
{
    (void)scale;
    map->low = smri_setting_of(choice, "mean")->number;
    map->span = smri_setting_of(choice, "sd")->number;
    map->floor = -INFINITY;
    map->ceiling = INFINITY;
    return fitted->count >= 2 && smri_affine_spread(map, fitted->numbers[0], fitted->numbers[1]);
}

/* ---- goalposts ---- */

bool smri_goalposts_affine(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale,
                           smri_affine *map)
{
    (void)fitted;
    smri_affine_range(choice, map);
    return scale->direction != SMR_DIRECTION_TARGET &&
           smri_affine_spread(map, scale->worst, scale->best - scale->worst);
}

void smri_goalposts(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale, const double *x,
                    double *y, uint8_t *statuses, size_t n)
{
    const bool target = scale->direction == SMR_DIRECTION_TARGET;
    const double top = target ? scale->optimum : scale->best;
    smri_affine sides[2]; /* [0] the side of the optimum where `worst` lies, [1] that of `best` */
    bool spread[2];
    (void)fitted;
    smri_affine_range(choice, &sides[0]);
    sides[1] = sides[0];
    spread[0] = smri_affine_spread(&sides[0], scale->worst, top - scale->worst);
    spread[1] = target ? smri_affine_spread(&sides[1], scale->best, top - scale->best) : spread[0];
    for (size_t i = 0; i < n; i++) {
        const bool other = target && (x[i] < top) != (scale->worst < top);
        if (x[i] != x[i]) {
            y[i] = NAN;
        } else if (spread[other]) {
            y[i] = smri_affine_apply(&sides[other], x[i]);
        } else {
            y[i] = NAN;
            statuses[i] = SMR_CELL_CONSTANT;
        }
    }
}

/* ---- scaled: by two numbers of the plan ---- */

static bool scaled_map(const smri_choice *choice, bool lower, smri_affine *map)
{
    const double a = smri_setting_of(choice, "a")->number, b = smri_setting_of(choice, "b")->number;
    smri_affine_range(choice, map);
    return smri_affine_spread(map, lower ? b : a, lower ? a - b : b - a);
}

bool smri_scaled_affine(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale,
                        smri_affine *map)
{
    (void)fitted;
    return scaled_map(choice, scale->direction == SMR_DIRECTION_LOWER, map) && scale->direction != SMR_DIRECTION_TARGET;
}

/* A target is the distance to the optimum, negative, and goes on as higher. */
void smri_scaled(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale, const double *x,
                 double *y, uint8_t *statuses, size_t n)
{
    const double constant = smri_normalise_constant(choice);
    smri_affine map;
    const bool spread = scaled_map(choice, scale->direction == SMR_DIRECTION_LOWER, &map);
    const bool target = scale->direction == SMR_DIRECTION_TARGET;
    (void)fitted;
    for (size_t i = 0; i < n; i++) {
        if (x[i] != x[i]) {
            y[i] = NAN;
        } else if (spread) {
            y[i] = smri_affine_apply(&map, target ? 0.0 - fabs(x[i] - scale->optimum) : x[i]);
        } else {
            y[i] = constant;
            statuses[i] = SMR_CELL_CONSTANT;
        }
    }
}
