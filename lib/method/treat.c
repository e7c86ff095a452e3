/* SPDX-License-Identifier: MIT */
/* Outliers: values so far out that they would rule the scale. Here: limits, and values beyond them moved or removed. */
#include "method/method_impl.h"

/* Limits stay in the range of a double, so that they can be saved. */
static bool set_limits(const smri_sample *sample, smri_arena *arena, smri_fitted *fitted, double low, double high)
{
    const double limits[] = {SMRI_MAX(low, -DBL_MAX), SMRI_MIN(high, DBL_MAX)};
    return smri_fitted_set(arena, fitted, limits, sample->summary.count > 0 ? 2 : 0);
}

static double quantile(const smri_choice *choice, const smri_sample *sample, double probability)
{
    const int type = (int)smri_setting_of(choice, "type")->number;
    return smri_quantile(sample->summary.sorted, sample->summary.count, probability, type);
}

bool smri_treat_winsorise_fit(const smri_choice *choice, const smri_sample *sample, const smri_scale *scale,
                              smri_arena *arena, smri_fitted *fitted)
{
    (void)scale;
    return set_limits(sample, arena, fitted, quantile(choice, sample, smri_setting_of(choice, "low")->number / 100),
                      quantile(choice, sample, smri_setting_of(choice, "high")->number / 100));
}

bool smri_treat_iqr_fit(const smri_choice *choice, const smri_sample *sample, const smri_scale *scale,
                        smri_arena *arena, smri_fitted *fitted)
{
    (void)scale;
    const double lower = quantile(choice, sample, 0.25), upper = quantile(choice, sample, 0.75);
    const double reach = smri_setting_of(choice, "k")->number * (upper - lower);
    return set_limits(sample, arena, fitted, lower - reach, upper + reach);
}

void smri_treat_clamp(const smri_choice *choice, const smri_fitted *fitted, const uint32_t *groups, double *x,
                      uint8_t *statuses, size_t n)
{
    (void)choice;
    (void)groups;
    (void)statuses;
    if (fitted->count < 2) {
        return;
    }
    const double low = fitted->numbers[0], high = fitted->numbers[1];
    for (size_t i = 0; i < n; i++) {
        const double raised = x[i] < low ? low : x[i];
        x[i] = raised > high ? high : raised;
    }
}

bool smri_treat_trim_fit(const smri_choice *choice, const smri_sample *sample, const smri_scale *scale,
                         smri_arena *arena, smri_fitted *fitted)
{
    const bool fences = strcmp(smri_setting_of(choice, "limits")->text, "iqr") == 0;
    return fences ? smri_treat_iqr_fit(choice, sample, scale, arena, fitted)
                  : smri_treat_winsorise_fit(choice, sample, scale, arena, fitted);
}

void smri_treat_trim(const smri_choice *choice, const smri_fitted *fitted, const uint32_t *groups, double *x,
                     uint8_t *statuses, size_t n)
{
    (void)choice;
    (void)groups;
    if (fitted->count < 2) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (x[i] < fitted->numbers[0] || x[i] > fitted->numbers[1]) {
            x[i] = NAN;
            statuses[i] = SMR_CELL_MISSING;
        }
    }
}
