/* SPDX-License-Identifier: MIT */
/* Normalisers that divide by a value, not by a spread: they need a ratio scale, on which zero means none. Where the
 * method sees -u for lower is better, u being the value or its distance to the optimum, the signs of the quotient
 * cancel. */
#include "method/method_impl.h"

/* ---- fraction_of_max ---- */

enum { LOWER_REFUSE, LOWER_RECIPROCAL, LOWER_RATIO }; /* places in the list of choices */

bool smri_fraction_of_max_fit(const smri_choice *choice, const smri_sample *sample, const smri_scale *scale,
                              smri_arena *arena, smri_fitted *fitted)
{
    (void)choice;
    (void)scale;
    return smri_fitted_set(arena, fitted, &sample->summary.greatest, sample->summary.count > 0 ? 1 : 0);
}

/* Of u, the best value is the greatest where higher is better and the least where lower is; it must be above zero. */
static bool has_best(const smri_fitted *fitted, const smri_scale *scale)
{
    return fitted->count >= 1 && fitted->numbers[0] * smri_direction_sign(scale) > 0;
}

bool smri_fraction_of_max_affine(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale,
                                 smri_affine *map)
{
    smri_affine_range(choice, map);
    if (scale->direction != SMR_DIRECTION_HIGHER && smri_setting_of(choice, "lower")->number == LOWER_RECIPROCAL) {
        return false;
    }
    return has_best(fitted, scale) && smri_affine_spread(map, 0, fitted->numbers[0]);
}

void smri_fraction_of_max(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale,
                          const double *x, double *y, uint8_t *statuses, size_t n)
{
    double low, high;
    if (!has_best(fitted, scale)) {
        smri_normalise_fill(x, y, statuses, n, NAN, SMR_CELL_OUT_OF_DOMAIN);
        return;
    }
    smri_range_unit(choice, &low, &high);
    for (size_t i = 0; i < n; i++) {
        const bool seen = x[i] == x[i], inside = x[i] < 0;
        y[i] = inside ? low + (high - low) * (fitted->numbers[0] / x[i]) : NAN;
        statuses[i] = seen && !inside ? SMR_CELL_OUT_OF_DOMAIN : statuses[i];
    }
}

smr_status smri_check_fraction_of_max(const smri_choice *choice, const smr_framework *framework, uint32_t node,
                                      smr_error *error)
{
    const char *id = framework->nodes[node].id;
    const int32_t direction = framework->indicators[framework->nodes[node].indicator].direction;
    const smri_place place = {.source = framework->source_name, .subject = id};
    if (direction == SMR_DIRECTION_HIGHER || smri_setting_of(choice, "lower")->number != LOWER_REFUSE) {
        return SMR_OK;
    }
    return smri_fail(error, SMR_MESSAGE_RATIO_OF_LOWER, &place, choice->method->name, id,
                     smri_direction_name(direction));
}

/* ---- indicis ---- */

enum { BASE_MEAN, BASE_MAX, BASE_MIN }; /* places in the list of choices */
enum { FORM_RATIO, FORM_DIFFERENCE };

static double base_seen(const smri_choice *choice, const smri_sample *sample, const smri_scale *scale)
{
    const bool turned = scale->direction != SMR_DIRECTION_HIGHER;
    const smri_summary *summary = &sample->summary;
    if (smri_setting_of(choice, "reference")->given || smri_setting_of(choice, "value")->given) {
        return smri_reference_seen(choice, sample, scale);
    }
    switch ((int)smri_setting_of(choice, "base")->number) {
    case BASE_MEAN:
        return summary->mean;
    case BASE_MAX:
        return turned ? summary->least : summary->greatest;
    case BASE_MIN:
        return turned ? summary->greatest : summary->least;
    }
    return NAN;
}

bool smri_indicis_fit(const smri_choice *choice, const smri_sample *sample, const smri_scale *scale,
                      smri_arena *arena, smri_fitted *fitted)
{
    const double base = smri_direction_sign(scale) * base_seen(choice, sample, scale) + 0.0;
    return smri_fitted_set(arena, fitted, &base, sample->summary.count > 0 ? 1 : 0);
}

/* low + span * quotient is the value. */
static void indicis_form(const smri_choice *choice, smri_affine *map)
{
    const double scale = smri_setting_of(choice, "scale")->number;
    const bool difference = smri_setting_of(choice, "form")->number == FORM_DIFFERENCE;
    *map = (smri_affine){.low = difference ? -scale : 0, .span = scale, .floor = -INFINITY, .ceiling = INFINITY};
}

static bool has_base(const smri_fitted *fitted)
{
    return fitted->count >= 1 && fitted->numbers[0] > 0 && fitted->numbers[0] <= DBL_MAX;
}

bool smri_indicis_affine(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale,
                         smri_affine *map)
{
    indicis_form(choice, map);
    return scale->direction == SMR_DIRECTION_HIGHER && has_base(fitted) &&
           smri_affine_spread(map, 0, fitted->numbers[0]);
}

void smri_indicis(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale, const double *x,
                  double *y, uint8_t *statuses, size_t n)
{
    (void)scale;
    smri_affine form;
    if (!has_base(fitted)) {
        const bool none = fitted->count >= 1 && fitted->numbers[0] != fitted->numbers[0];
        smri_normalise_fill(x, y, statuses, n, NAN, none ? SMR_CELL_NOT_COMPUTED : SMR_CELL_OUT_OF_DOMAIN);
        return;
    }
    indicis_form(choice, &form);
    for (size_t i = 0; i < n; i++) {
        const double u = 0.0 - x[i];
        const bool seen = u == u, inside = u > 0;
        y[i] = inside ? form.low + form.span * (fitted->numbers[0] / u) : NAN;
        statuses[i] = seen && !inside ? SMR_CELL_OUT_OF_DOMAIN : statuses[i];
    }
}
