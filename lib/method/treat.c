/* SPDX-License-Identifier: MIT */
/* Outliers: values so far out that they would rule the scale. */
#include "method/method_impl.h"

bool smri_treat_winsorise_fit(const smri_choice *choice, const smri_sample *sample, const smri_scale *scale,
                              smri_arena *arena, smri_fitted *fitted)
{
    (void)scale;
    const smri_summary *summary = &sample->summary;
    const int type = (int)smri_setting_of(choice, "type")->number;
    const double limits[] = {
        smri_quantile(summary->sorted, summary->count, smri_setting_of(choice, "low")->number / 100, type),
        smri_quantile(summary->sorted, summary->count, smri_setting_of(choice, "high")->number / 100, type),
    };
    return smri_fitted_set(arena, fitted, limits, summary->count > 0 ? 2 : 0);
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

void smri_treat_log(const smri_choice *choice, const smri_fitted *fitted, const uint32_t *groups, double *x,
                    uint8_t *statuses, size_t n)
{
    (void)choice;
    (void)fitted;
    (void)groups;
    for (size_t i = 0; i < n; i++) {
        if (x[i] != x[i]) {
            continue;
        }
        if (x[i] > 0) {
            x[i] = smri_log(x[i]);
        } else {
            x[i] = NAN;
            statuses[i] = SMR_CELL_OUT_OF_DOMAIN;
        }
    }
}
