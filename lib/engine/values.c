/* SPDX-License-Identifier: MIT */
/* One region against a model, without allocating. */

#include "engine/engine_impl.h"

/* Families up to this size stay on the stack. */
#define WIDEST_ON_STACK 512

static smr_status run_inner(const smr_model *model, const smri_kernels *kernels, double *scores, double *family_values,
                            double **family_scores, smr_error *error)
{
    const smr_framework *framework = model->framework;
    for (uint32_t node = framework->node_count; node-- > 0;) {
        if (framework->nodes[node].indicator >= 0)
            continue;
        double scratch[5];
        uint8_t status = SMR_CELL_OK;
        uint32_t place = 0;
        for (int32_t child = framework->nodes[node].first_child; child >= 0;
             child = framework->nodes[child].next_sibling, place++) {
            family_values[place] = scores[child];
            family_scores[place] = &family_values[place];
        }
        const smri_family family = {
            .context = smri_context(model->context),
            .kernels = kernels,
            .scores = family_scores,
            .n = 1,
            .scratch = scratch,
        };
        smri_node_run(model, node, &family, &scores[node], &status);
        if (status != SMR_CELL_OUT_OF_DOMAIN)
            continue;
        int32_t child = framework->nodes[node].first_child;
        while (framework->nodes[child].next_sibling >= 0 && !(scores[child] <= 0))
            child = framework->nodes[child].next_sibling;
        char value[SMRI_NUMBER_SIZE];
        smri_number_write(value, scores[child]);
        const smri_place where = {.subject = framework->nodes[child].id};
        return smri_fail(error, SMR_MESSAGE_OUT_OF_DOMAIN, &where, "", value, framework->nodes[child].id,
                         model->plan.aggregate[node].method->name, framework->nodes[node].id);
    }
    return SMR_OK;
}

smr_status smr_model_score_values(const smr_model *model, const double *values, size_t value_count, double *scores,
                                  size_t score_count, smr_error *error)
{
    if (!model || !values || !scores)
        return smri_fail_argument(error, !model ? "model" : !values ? "values" : "scores", "not NULL");
    const smr_framework *framework = model->framework;
    if (value_count != model->input_count)
        return smri_fail_argument(error, "value_count", "smr_model_input_count()");
    if (score_count != framework->node_count)
        return smri_fail_argument(error, "score_count", "the framework's node count");
    if (!model->one_by_one)
        return smri_fail_plain(error, SMR_MESSAGE_NEEDS_OTHER_ROWS, NULL);
    for (size_t i = 0; i < value_count; i++) {
        if (fabs(values[i]) <= DBL_MAX || values[i] != values[i])
            continue;
        const smri_place where = {.subject = model->inputs[i]};
        return smri_fail(error, SMR_MESSAGE_INFINITE_VALUE, &where, model->inputs[i]);
    }
    const smri_kernels *kernels = smri_context_kernels(smri_context(model->context));
    for (uint32_t i = 0; i < framework->indicator_count; i++) {
        uint8_t status = SMR_CELL_OK;
        double x = values[i] == values[i] ? values[i] : NAN;
        const double *denominator = model->denominators[i] == SMRI_NONE ? NULL : &values[model->denominators[i]];
        smri_leaf_run(model, kernels, 0, i, SMRI_STAGE_NORMALISE, false, denominator, NULL, &x, &status, 1);
        scores[framework->indicators[i].node] = x;
    }
    if (model->widest_family <= WIDEST_ON_STACK) {
        double family_values[WIDEST_ON_STACK];
        double *family_scores[WIDEST_ON_STACK];
        return run_inner(model, kernels, scores, family_values, family_scores, error);
    }
    const smr_context *memory = smri_context(model->context);
    double *family_values = smri_alloc(memory, model->widest_family, sizeof *family_values);
    double **family_scores = smri_alloc(memory, model->widest_family, sizeof *family_scores);
    smr_status status = family_values && family_scores
                            ? run_inner(model, kernels, scores, family_values, family_scores, error)
                            : smri_fail_memory(error);
    smri_free(memory, family_values);
    smri_free(memory, family_scores);
    return status;
}
