/* SPDX-License-Identifier: MIT */
/* A sealed study: its owners, and what it tells. */
#include "study/sobol_impl.h"

smr_sobol *smr_sobol_ref(smr_sobol *study) {
    if (study != NULL) {
        atomic_fetch_add_explicit(&study->references, 1, memory_order_relaxed);
    }
    return study;
}

void smr_sobol_unref(smr_sobol *study) {
    if (study == NULL || atomic_fetch_sub_explicit(&study->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    smr_context *context = study->context;
    const smr_context *memory = smri_context(context);
    smri_free(memory, study->outputs);
    smri_free(memory, study->indices);
    smri_free(memory, study->summaries);
    smr_model_unref(study->model);
    smri_arena_free(&study->arena);
    smri_free(memory, study);
    smr_context_unref(context);
}

int32_t smr_sobol_estimator_used(const smr_sobol *study) {
    return study ? study->estimator : -1;
}

uint64_t smr_sobol_draw_count(const smr_sobol *study) {
    return study ? study->draws : 0;
}

uint64_t smr_sobol_evaluation_count(const smr_sobol *study) {
    return study ? study->evaluations : 0;
}

uint64_t smr_sobol_failed_count(const smr_sobol *study) {
    return study ? study->failed : 0;
}

size_t smr_sobol_factor_count(const smr_sobol *study) {
    return study ? study->factor_count : 0;
}

const char *smr_sobol_factor(const smr_sobol *study, size_t factor) {
    return study && factor < study->factor_count ? study->factors[factor] : NULL;
}

size_t smr_sobol_output_count(const smr_sobol *study) {
    return study ? study->output_count : 0;
}

const char *smr_sobol_output(const smr_sobol *study, size_t output) {
    return output < smr_sobol_output_count(study) ? study->outputs[output].name : NULL;
}

int64_t smr_sobol_find_output(const smr_sobol *study, const char *name) {
    for (size_t i = 0; name && i < smr_sobol_output_count(study); i++) {
        if (strcmp(study->outputs[i].name, name) == 0) {
            return (int64_t)i;
        }
    }
    return -1;
}

const char *smr_sobol_output_region_name(const smr_sobol *study, size_t output) {
    const bool has_one = output < smr_sobol_output_count(study) && study->outputs[output].region != SMRI_NONE;
    return has_one ? study->names[study->outputs[output].region] : NULL;
}

const double *smr_sobol_output_indices(const smr_sobol *study, size_t output) {
    return output < smr_sobol_output_count(study) ? study->indices + output * study->factor_count * SMR_SOBOL_COLUMNS
                                                  : NULL;
}

smr_status smr_sobol_output_summary(const smr_sobol *study, size_t output, smr_sobol_summary *summary,
                                    smr_error *error) {
    if (study == NULL || output >= study->output_count) {
        return smri_fail_argument(error, study ? "output" : "study", study ? "below their number" : "not NULL");
    }
    if (summary == NULL) {
        return smri_fail_argument(error, "summary", "not NULL");
    }
    const smr_status status = smri_sobol_summary_check(summary, error);
    if (status == SMR_OK) {
        smri_sobol_summary_tell(summary, &study->summaries[output]);
    }
    return status;
}
