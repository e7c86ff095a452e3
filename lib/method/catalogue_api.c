/* SPDX-License-Identifier: MIT */
/* The catalogue as programs see it. */
#include "method/method_impl.h"

#include <smartregion/plan.h>

/* ---- words for the statuses of cells ---- */

static const char *const cell_status_names[] = {
    "ok", "missing", "imputed", "constant", "bad_denominator", "out_of_domain", "low_coverage", "not_computed",
};

const char *smr_cell_status_name(int32_t status)
{
    return status >= 0 && (size_t)status < SMRI_COUNT(cell_status_names) ? cell_status_names[status] : "unknown";
}

/* ---- methods and their options ---- */

static const smr_method no_method = {.size = sizeof no_method};
static const smr_method_parameter no_parameter = {.size = sizeof no_parameter};

void smr_method_init(smr_method *method, size_t size)
{
    smri_options_init(method, size, &no_method, sizeof no_method);
}

void smr_method_parameter_init(smr_method_parameter *parameter, size_t size)
{
    smri_options_init(parameter, size, &no_parameter, sizeof no_parameter);
}

size_t smr_method_count(void)
{
    return smri_catalogue_count();
}

/* Checks the struct that the caller wants filled by the same law as one that he has filled. `scratch` holds a struct of
 * this version. */
static smr_status put(void *target, const void *filled, void *scratch, size_t size, const char *name, smr_error *error)
{
    if (target == NULL) {
        return smri_fail_argument(error, name, "must not be NULL");
    }
    const smr_status status = smri_options_read(scratch, size, target, name, error);
    if (status == SMR_OK) {
        uint32_t callers;
        memcpy(&callers, target, sizeof callers);
        smri_options_init(target, callers, filled, size);
    }
    return status;
}

smr_status smr_method_get(size_t index, smr_method *method, smr_error *error)
{
    if (index >= smri_catalogue_count()) {
        return smri_fail_argument(error, "index", "must be below smr_method_count()");
    }
    const smri_method *row = smri_catalogue_at(index);
    const smr_method filled = {
        .size = sizeof filled,
        .parameter_count = (uint32_t)smri_parameter_count(row->parameters),
        .step = smri_steps[row->step].name,
        .name = row->name,
        .summary = row->summary,
        .formula = row->formula,
        .source = row->source,
    };
    smr_method scratch = no_method;
    return put(method, &filled, &scratch, sizeof filled, "method", error);
}

static const char *type_name(smri_parameter_type type)
{
    switch (type) {
    case SMRI_PARAMETER_NUMBER:
        return "number";
    case SMRI_PARAMETER_INTEGER:
        return "integer";
    case SMRI_PARAMETER_BOOLEAN:
        return "boolean";
    case SMRI_PARAMETER_CHOICE:
        return "choice";
    case SMRI_PARAMETER_TEXT:
        return "text";
    case SMRI_PARAMETER_RANGE:
        return "range";
    case SMRI_PARAMETER_JSON:
        break;
    }
    return "json";
}

static smr_status put_parameter(const smri_parameter *rows, size_t parameter, smr_method_parameter *description,
                                smr_error *error)
{
    if (parameter >= smri_parameter_count(rows)) {
        return smri_fail_argument(error, "parameter", "must be below parameter_count");
    }
    const smri_parameter *row = &rows[parameter];
    const smr_method_parameter filled = {
        .size = sizeof filled,
        .name = row->name,
        .type = type_name(row->type),
        .default_text = row->default_json,
        .legal = row->legal,
        .summary = row->summary,
    };
    smr_method_parameter scratch = no_parameter;
    return put(description, &filled, &scratch, sizeof filled, "description", error);
}

smr_status smr_method_get_parameter(size_t index, size_t parameter, smr_method_parameter *description,
                                    smr_error *error)
{
    if (index >= smri_catalogue_count()) {
        return smri_fail_argument(error, "index", "must be below smr_method_count()");
    }
    return put_parameter(smri_catalogue_at(index)->parameters, parameter, description, error);
}

/* ---- steps and their own options ---- */

static const smr_step no_step = {.size = sizeof no_step};

void smr_step_init(smr_step *step, size_t size)
{
    smri_options_init(step, size, &no_step, sizeof no_step);
}

size_t smr_step_count(void)
{
    return SMRI_STEP_COUNT;
}

smr_status smr_step_get(size_t index, smr_step *step, smr_error *error)
{
    if (index >= SMRI_STEP_COUNT) {
        return smri_fail_argument(error, "index", "must be below smr_step_count()");
    }
    const smri_step_row *row = &smri_steps[index];
    const smr_step filled = {
        .size = sizeof filled,
        .parameter_count = (uint32_t)smri_parameter_count(row->parameters),
        .name = row->name,
        .default_method = row->default_method,
        .overrides = row->overrides,
        .summary = row->summary,
    };
    smr_step scratch = no_step;
    return put(step, &filled, &scratch, sizeof filled, "step", error);
}

smr_status smr_step_get_parameter(size_t index, size_t parameter, smr_method_parameter *description, smr_error *error)
{
    if (index >= SMRI_STEP_COUNT) {
        return smri_fail_argument(error, "index", "must be below smr_step_count()");
    }
    return put_parameter(smri_steps[index].parameters, parameter, description, error);
}

/* ---- what this version knows ---- */

static int32_t has_method(const char *step, const char *name)
{
    for (int i = 0; i < SMRI_STEP_COUNT; i++) {
        if (strcmp(smri_steps[i].name, step) == 0) {
            return smri_method_find((smri_step)i, name) != NULL;
        }
    }
    return 0;
}

static int32_t is_among(const char *(*name_at)(size_t index), const char *value)
{
    for (size_t i = 0; name_at(i) != NULL; i++) {
        if (strcmp(name_at(i), value) == 0) {
            return 1;
        }
    }
    return 0;
}

static int32_t has_ties(const char *value)
{
    const smri_parameter *own = smri_steps[SMRI_STEP_RANK].parameters;
    return smri_choice_find(own[smri_parameter_find(own, "ties")].choices, value) >= 0;
}

int32_t smr_supports(const char *what, const char *value)
{
    if (what == NULL || value == NULL) {
        return 0;
    }
    if (strcmp(what, "transform") == 0) {
        return smri_transform_find(value) >= 0;
    }
    if (strcmp(what, "kind") == 0) {
        return smri_kind_find(value) >= 0;
    }
    if (strcmp(what, "direction") == 0) {
        return smri_direction_find(value) >= 0;
    }
    if (strcmp(what, "preset") == 0) {
        return is_among(smr_plan_preset_name, value);
    }
    if (strcmp(what, "framework") == 0) {
        return is_among(smr_framework_builtin_name, value);
    }
    if (strcmp(what, "ties") == 0) {
        return has_ties(value);
    }
    if (strcmp(what, "kernel") == 0) {
        return smri_kernels_select(value) != NULL;
    }
    return has_method(what, value);
}
