/* SPDX-License-Identifier: MIT */
/* Skewness and kurtosis as spreadsheets define them (SKEW, KURT), the test of the coinr treatment. */
#include "method/method_impl.h"

double smri_skewness(const smri_summary *summary) {
    const double n = (double)summary->count, m2 = summary->squares / n, m3 = summary->cubes / n;
    if (summary->count < 3 || !(m2 > 0)) {
        return NAN;
    }
    const double skewness = sqrt(n * (n - 1)) / (n - 2) * (m3 / (m2 * sqrt(m2)));
    return fabs(skewness) <= DBL_MAX ? skewness : NAN;
}

double smri_kurtosis(const smri_summary *summary) {
    const double n = (double)summary->count, m2 = summary->squares / n, m4 = summary->fourths / n;
    if (summary->count < 4 || !(m2 > 0)) {
        return NAN;
    }
    const double kurtosis = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (m4 / m2 / m2 - 3) + 6);
    return fabs(kurtosis) <= DBL_MAX ? kurtosis : NAN;
}

double smri_binary_scale(double x) {
    static const uint64_t exponent_bits = UINT64_C(0x7ff0000000000000);
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits &= exponent_bits;
    double scale;
    memcpy(&scale, &bits, sizeof scale);
    return scale < DBL_MIN ? DBL_MIN : scale > DBL_MAX ? 0x1p1023 : scale;
}

bool smri_shape_make(const smr_context *context, const double *x, size_t n, smri_shape *shape) {
    *shape = (smri_shape){.skewness = NAN, .kurtosis = NAN};
    smri_summary summary;
    double *scaled = smri_alloc(context, n, sizeof *scaled);
    if (scaled == NULL || !smri_summary_make(context, x, n, 1, SMRI_NEED_EXTENT, NULL, &summary)) {
        smri_free(context, scaled);
        return false;
    }
    bool done = true;
    if (summary.least < summary.greatest) {
        /* The shape has no unit: on a scale of its own no power of a distance overflows or vanishes. */
        const double scale = smri_binary_scale(SMRI_MAX(fabs(summary.least), fabs(summary.greatest)));
        for (size_t i = 0; i < n; i++) {
            scaled[i] = x[i] / scale;
        }
        done = smri_summary_make(context, scaled, n, 1, SMRI_NEED_SHAPE, NULL, &summary);
        shape->skewness = smri_skewness(&summary);
        shape->kurtosis = smri_kurtosis(&summary);
    }
    smri_free(context, scaled);
    return done;
}
