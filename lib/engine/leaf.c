/* SPDX-License-Identifier: MIT */
/* One indicator through its steps: denominate, impute, treat, transform, normalise. */

#include "engine/engine_impl.h"

double smri_leaf_sign(const smr_model *model, uint32_t indicator)
{
    const smri_method *method = model->plan.normalise[indicator].method;
    return model->scales[indicator].direction == SMR_DIRECTION_LOWER && !(method->flags & SMRI_METHOD_OWN_DIRECTION)
               ? -1.0
               : 1.0;
}

void smri_leaf_transform(const smr_model *model, const smri_kernels *kernels, uint32_t indicator, double *x,
                         uint8_t *statuses, size_t n)
{
    const smri_scale *scale = &model->scales[indicator];
    const int32_t transform = model->framework->indicators[indicator].transform;
    if (transform != SMR_TRANSFORM_NONE)
        smri_transform(transform, kernels, x, statuses, n);
    if (scale->direction == SMR_DIRECTION_TARGET &&
        !(model->plan.normalise[indicator].method->flags & SMRI_METHOD_OWN_DIRECTION)) {
        for (size_t i = 0; i < n; i++)
            x[i] = 0.0 - fabs(x[i] - scale->optimum);
    }
}

/* Observed values of an indicator without spread. */
static void fill_constant(const smri_leaf *leaf, double *x, uint8_t *statuses, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (x[i] != x[i])
            continue;
        x[i] = leaf->constant_value;
        statuses[i] = SMR_CELL_CONSTANT;
    }
}

static void normalise(const smr_model *model, const smri_kernels *kernels, uint32_t set, uint32_t indicator,
                      double *x, uint8_t *statuses, size_t n)
{
    const size_t place = (size_t)set * model->framework->indicator_count + indicator;
    const smri_leaf *leaf = &model->leaves[place];
    const smri_choice *choice = &model->plan.normalise[indicator];
    if (leaf->constant) {
        fill_constant(leaf, x, statuses, n);
    } else if (leaf->affine) {
        kernels->affine(x, n, &leaf->map, x);
    } else {
        if (smri_leaf_sign(model, indicator) < 0)
            for (size_t i = 0; i < n; i++)
                x[i] = 0.0 - x[i];
        choice->method->normalise(choice, &model->normalise[place], &model->scales[indicator], x, x, statuses, n);
    }
    /* A scale so small that the quotient overflows: no number, and the status says so. And one NaN for all. */
    for (size_t i = 0; i < n; i++) {
        if (fabs(x[i]) <= DBL_MAX)
            continue;
        statuses[i] = x[i] == x[i] ? SMR_CELL_OUT_OF_DOMAIN : statuses[i];
        x[i] = NAN;
    }
}

bool smri_leaf_changes(const smr_model *model, uint32_t indicator)
{
    const smri_resolved *plan = &model->plan;
    const smri_indicator *definition = &model->framework->indicators[indicator];
    return plan->denominate[indicator] == plan->denominate[indicator] ||
           smri_method_imputes(plan->impute[indicator].method) || plan->treat[indicator].method->change ||
           definition->transform != SMR_TRANSFORM_NONE ||
           (definition->direction == SMR_DIRECTION_TARGET &&
            !(plan->normalise[indicator].method->flags & SMRI_METHOD_OWN_DIRECTION));
}

void smri_leaf_run_imputed(const smr_model *model, const smri_kernels *kernels, uint32_t set, uint32_t indicator,
                           smri_stage stage, double *x, uint8_t *statuses, size_t n)
{
    if (stage <= SMRI_STAGE_IMPUTE)
        return;
    const smri_choice *treat = &model->plan.treat[indicator];
    if (treat->method->change)
        treat->method->change(treat, &model->treat[indicator], NULL, x, statuses, n);
    if (stage == SMRI_STAGE_TREAT)
        return;
    smri_leaf_transform(model, kernels, indicator, x, statuses, n);
    normalise(model, kernels, set, indicator, x, statuses, n);
}

void smri_leaf_run(const smr_model *model, const smri_kernels *kernels, uint32_t set, uint32_t indicator,
                   smri_stage stage, bool denominated, const double *denominator, const uint32_t *groups, double *x,
                   uint8_t *statuses, size_t n)
{
    for (size_t i = 0; i < n; i++)
        statuses[i] = x[i] == x[i] ? SMR_CELL_OK : SMR_CELL_MISSING;
    if (stage == SMRI_STAGE_RAW)
        return;
    const double scale = model->plan.denominate[indicator];
    if (scale == scale && !denominated)
        smri_denominate(x, denominator, scale, statuses, n);
    if (stage == SMRI_STAGE_DENOMINATE)
        return;
    const smri_choice *impute = &model->plan.impute[indicator];
    if (impute->method->change)
        impute->method->change(impute, &model->impute[indicator], groups, x, statuses, n);
    smri_leaf_run_imputed(model, kernels, set, indicator, stage, x, statuses, n);
}
