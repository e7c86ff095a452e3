/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_CATALOGUE_H
#define SMARTREGION_CATALOGUE_H

/** @file
 * The catalogue: every method the library knows, with its options. The plan parser, the tool's `methods` verb, the
 * documentation and the bindings all read this table.
 */

#include <smartregion/common.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What one step of the plan is. Texts are static. Start with smr_step_init(). @since 1.0 */
typedef struct smr_step {
    uint32_t size;              /**< sizeof(smr_step) of the caller */
    uint32_t parameter_count;   /**< number of options of the step itself, whatever its method */
    const char *name;           /**< as written in the plan: "denominate", "screen", "impute", ... */
    const char *default_method; /**< NULL: the step has no methods, only options */
    const char *overrides;      /**< what may have its own: "indicators" or "nodes"; NULL: nothing */
    const char *summary;        /**< one line */
} smr_step;

/** What one method is. Texts are static. Start with smr_method_init(). @since 1.0 */
typedef struct smr_method {
    uint32_t size;            /**< sizeof(smr_method) of the caller */
    uint32_t parameter_count; /**< number of options */
    const char *step;         /**< "impute", "treat", "normalise", "weights", "aggregate", ... */
    const char *name;         /**< as written in the plan */
    const char *summary;      /**< one line */
    const char *formula;      /**< what it computes */
    const char *source;       /**< literature */
} smr_method;

/** What one option of a method or a step is. Texts are static. Start with smr_method_parameter_init(). @since 1.0 */
typedef struct smr_method_parameter {
    uint32_t size;            /**< sizeof(smr_method_parameter) of the caller */
    uint32_t reserved;        /**< 0 */
    const char *name;         /**< as written in the plan */
    const char *type;         /**< "number", "integer", "boolean", "choice", "text", "range", "json" */
    const char *default_text; /**< as JSON; "null": none */
    const char *legal;        /**< what is legal, for people: "0 to 1", "a | b" */
    const char *summary;      /**< one line */
} smr_method_parameter;

/**
 * Empties a description: all texts NULL.
 * @param method NULL does nothing
 * @param size   `sizeof(smr_method)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_method_init(smr_method *method, size_t size);

/**
 * Empties a description: all texts NULL.
 * @param parameter NULL does nothing
 * @param size      `sizeof(smr_method_parameter)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_method_parameter_init(smr_method_parameter *parameter, size_t size);

/**
 * Number of methods, those of all steps together.
 * @return the number, above 0
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_method_count(void);

/**
 * Describes a method. Methods of one step stand together, steps in the order in which they run.
 * @param index  below smr_method_count()
 * @param[in,out] method with `size` set, as smr_method_init() does
 * @param error  may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT
 * Thread rule: any thread. Complexity: O(options of the method).
 * @since 1.0
 */
SMR_API smr_status smr_method_get(size_t index, smr_method *method, smr_error *error);

/**
 * Describes one option of a method.
 * @param index     the method, below smr_method_count()
 * @param parameter the option, below the method's `parameter_count`
 * @param[in,out] description with `size` set, as smr_method_parameter_init() does
 * @param error     may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT
 * Thread rule: any thread. Complexity: O(options of the method).
 * @since 1.0
 */
SMR_API smr_status smr_method_get_parameter(size_t index, size_t parameter, smr_method_parameter *description,
                                            smr_error *error);

/**
 * Empties a description: all texts NULL.
 * @param step NULL does nothing
 * @param size `sizeof(smr_step)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_step_init(smr_step *step, size_t size);

/**
 * Number of steps of a plan.
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_step_count(void);

/**
 * Describes a step, in the order in which they run.
 * @param index from 0
 * @param[out] step initialised before; filled
 * @param error may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT
 * Thread rule: any thread. Complexity: O(options of the step).
 * @since 1.0
 */
SMR_API smr_status smr_step_get(size_t index, smr_step *step, smr_error *error);

/**
 * Describes one option of a step itself, such as `missing.policy`.
 * @param index       of the step
 * @param parameter   from 0
 * @param[out] description initialised before; filled
 * @param error       may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT
 * Thread rule: any thread. Complexity: O(options of the step).
 * @since 1.0
 */
SMR_API smr_status smr_step_get_parameter(size_t index, size_t parameter, smr_method_parameter *description,
                                          smr_error *error);

#ifdef __cplusplus
}
#endif

#endif
