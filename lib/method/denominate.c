/* SPDX-License-Identifier: MIT */
/* Sizes out of the comparison: per head, per area, per unit of output. */
#include "method/method_impl.h"

void smri_denominate(double *x, const double *denominator, double scale, uint8_t *statuses, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (x[i] != x[i]) {
            continue;
        }
        const double value = x[i] / denominator[i] * scale;
        const bool usable = fabs(value) <= DBL_MAX; /* nothing divided by zero is */
        x[i] = usable ? value + 0.0 : NAN;
        if (!usable) {
            statuses[i] = SMR_CELL_BAD_DENOMINATOR;
        }
    }
}
