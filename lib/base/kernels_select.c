/* SPDX-License-Identifier: MIT */
/* Which kernels this processor runs. SMRI_HAVE_V3, SMRI_HAVE_V4: the build holds those tables. */
#include "base/base_impl.h"

/* The same expressions compiled for each instruction set: see kernels.c. */
extern const smri_kernels smri_kernels_baseline;
#ifdef SMRI_HAVE_V3
extern const smri_kernels smri_kernels_v3;
#endif
#ifdef SMRI_HAVE_V4
extern const smri_kernels smri_kernels_v4;
#endif

/* What the build compiles each table for (lib/meson.build). The compiler's run-time test asks the operating system too,
 * whether it keeps the wide registers. */
#ifdef SMRI_HAVE_V3
static bool runs_v3(void) {
    return __builtin_cpu_supports("avx2");
}
#endif

#ifdef SMRI_HAVE_V4
static bool runs_v4(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
           && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#endif

const smri_kernels *smri_kernels_select(const char *name) {
#if defined(SMRI_HAVE_V3) || defined(SMRI_HAVE_V4)
    __builtin_cpu_init();
#endif
#ifdef SMRI_HAVE_V4
    if ((name == NULL || strcmp(name, smri_kernels_v4.name) == 0) && runs_v4()) {
        return &smri_kernels_v4;
    }
#endif
#ifdef SMRI_HAVE_V3
    if ((name == NULL || strcmp(name, smri_kernels_v3.name) == 0) && runs_v3()) {
        return &smri_kernels_v3;
    }
#endif
    if (name == NULL || strcmp(name, "baseline") == 0 || strcmp(name, smri_kernels_baseline.name) == 0) {
        return &smri_kernels_baseline;
    }
    return NULL;
}

double smri_log(double x) {
    double y;
    smri_kernels_baseline.log(&x, 1, &y);
    return y;
}

double smri_exp(double x) {
    double y;
    smri_kernels_baseline.exp(&x, 1, &y);
    return y;
}

double smri_pow(double x, double y) {
    double result;
    smri_kernels_baseline.pow(&x, 1, y, &result);
    return result;
}
