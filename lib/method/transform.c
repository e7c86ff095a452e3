/* SPDX-License-Identifier: MIT */
/* Scales bent before normalising. Goalposts go through the same functions one by one, to the same bits. */
#include "method/method_impl.h"

#define BLOCK 256

static double upper_half(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    bits &= UINT64_C(0xfffffffff8000000);
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* One step of Halley's rule from |x|^(1/3) cut to 26 bits, so that its square is exact: the error stays below 0.67
 * units in the last place, and the root of an exact cube is exact. */
static double cube_root(double x, double near)
{
    const double t = upper_half(near);
    const double r = fabs(x) / (t * t);
    const double root = t + t * ((r - t) / (t + t + r));
    return x == 0.0 ? 0.0 : x < 0.0 ? -root : root;
}

static bool inside(int32_t transform, double x)
{
    switch (transform) {
    case SMR_TRANSFORM_LOG:
        return x > 0;
    case SMR_TRANSFORM_SQRT:
        return x >= 0;
    case SMR_TRANSFORM_LOGIT:
        return x > 0 && x < 1;
    default:
        return true;
    }
}

double smri_transform_one(int32_t transform, double x)
{
    if (x != x || !inside(transform, x)) {
        return NAN;
    }
    switch (transform) {
    case SMR_TRANSFORM_LOG:
        return smri_log(x);
    case SMR_TRANSFORM_SQRT:
        return sqrt(x) + 0.0;
    case SMR_TRANSFORM_CBRT:
        return cube_root(x, smri_pow(fabs(x), 1.0 / 3));
    case SMR_TRANSFORM_LOGIT:
        return smri_log(x / (1 - x));
    default:
        return x;
    }
}

static void transform_block(int32_t transform, const smri_kernels *kernels, double *x, size_t n)
{
    double near[BLOCK] = {0};
    switch (transform) {
    case SMR_TRANSFORM_LOG:
        kernels->log(x, n, x);
        break;
    case SMR_TRANSFORM_SQRT:
        for (size_t i = 0; i < n; i++) {
            x[i] = x[i] == x[i] ? sqrt(x[i]) + 0.0 : NAN;
        }
        break;
    case SMR_TRANSFORM_CBRT:
        for (size_t i = 0; i < n; i++) {
            near[i] = fabs(x[i]);
        }
        kernels->pow(near, n, 1.0 / 3, near);
        for (size_t i = 0; i < n; i++) {
            x[i] = x[i] == x[i] ? cube_root(x[i], near[i]) : NAN;
        }
        break;
    case SMR_TRANSFORM_LOGIT:
        for (size_t i = 0; i < n; i++) {
            x[i] = x[i] / (1 - x[i]);
        }
        kernels->log(x, n, x);
        break;
    default:
        break;
    }
}

void smri_transform(int32_t transform, const smri_kernels *kernels, double *x, uint8_t *statuses, size_t n)
{
    if (transform == SMR_TRANSFORM_NONE) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (x[i] == x[i] && !inside(transform, x[i])) {
            x[i] = NAN;
            statuses[i] = SMR_CELL_OUT_OF_DOMAIN;
        }
    }
    for (size_t start = 0; start < n; start += BLOCK) {
        transform_block(transform, kernels, x + start, SMRI_MIN(n - start, BLOCK));
    }
}
