/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_PLAN_H
#define SMARTREGION_PLAN_H

/** @file
 * The plan: *how* a score is made, as ordered steps with their options; pure data.
 *
 * Every key is optional. A plan is one or more layers; when it is used it is resolved over, low to high: the
 * built-in defaults, the preset it names, the framework's own plan. Objects merge key by key, everything else
 * replaces. Keys are checked when the plan is used with a framework; an unknown key is an error that suggests
 * the nearest.
 */

#include <smartregion/common.h>
#include <smartregion/framework.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Steps and their options. Sealed. @since 1.0 */
typedef struct smr_plan smr_plan;

/** Makes an ::smr_plan key by key. @since 1.0 */
typedef struct smr_plan_builder smr_plan_builder;

/**
 * Starts an empty plan.
 * @param context NULL: the default context
 * @param[out] builder to be given back with smr_plan_builder_free()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_MEMORY
 * Thread rule: one thread at a time per builder. Complexity: O(1).
 * @since 1.0
 */
SMR_API smr_status smr_plan_builder_new(smr_context *context, smr_plan_builder **builder, smr_error *error);

/**
 * Frees a builder.
 * @param builder NULL is allowed
 * Thread rule: one thread at a time per builder. Complexity: O(keys). Errors: none.
 * @since 1.0
 */
SMR_API void smr_plan_builder_free(smr_plan_builder *builder);

/**
 * Sets a number, for example ("aggregate.p", 0.5). The key is split at its first two dots; what follows is an id.
 * @param builder made by smr_plan_builder_new()
 * @param key     such as "normalise.method", "weights.values.broadband"
 * @param value   a finite number
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_PLAN (a key without a name between dots, an infinite number),
 *         ::SMR_ERROR_MEMORY
 * Thread rule: one thread at a time per builder. Complexity: O(keys).
 * @since 1.0
 */
SMR_API smr_status smr_plan_builder_set_number(smr_plan_builder *builder, const char *key, double value,
                                               smr_error *error);

/**
 * Sets a text, for example ("normalise.method", "zscore").
 * @param builder made by smr_plan_builder_new()
 * @param key     as for smr_plan_builder_set_number()
 * @param value   UTF-8, copied
 * @param error   may be NULL
 * @return as smr_plan_builder_set_number()
 * Thread rule: one thread at a time per builder. Complexity: O(keys).
 * @since 1.0
 */
SMR_API smr_status smr_plan_builder_set_text(smr_plan_builder *builder, const char *key, const char *value,
                                             smr_error *error);

/**
 * Sets any JSON value, for example ("normalise.range", "[0, 1]").
 * @param builder made by smr_plan_builder_new()
 * @param key     as for smr_plan_builder_set_number()
 * @param json    the value as JSON text
 * @param error   may be NULL
 * @return as smr_plan_builder_set_number(), and ::SMR_ERROR_FORMAT when @p json is not JSON
 * Thread rule: one thread at a time per builder. Complexity: O(keys + length).
 * @since 1.0
 */
SMR_API smr_status smr_plan_builder_set_json(smr_plan_builder *builder, const char *key, const char *json,
                                             smr_error *error);

/**
 * Seals the plan. The builder stays as it was.
 * @param builder made by smr_plan_builder_new()
 * @param[out] plan to be given back with smr_plan_unref()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_MEMORY
 * Thread rule: one thread at a time per builder. Complexity: O(keys).
 * @since 1.0
 */
SMR_API smr_status smr_plan_builder_build(const smr_plan_builder *builder, smr_plan **plan, smr_error *error);

/**
 * Reads a plan from JSON ("smartregion-plan/1"). Unknown keys are found when it is used.
 * @param context     NULL: the default context
 * @param text        UTF-8 bytes
 * @param length      their number
 * @param source_name for messages, for example the file's name; may be NULL
 * @param[out] plan   to be given back with smr_plan_unref()
 * @param error       may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_FORMAT, ::SMR_ERROR_PLAN (not an object, an unknown key of the
 *         first level), ::SMR_ERROR_UNSUPPORTED (newer format), ::SMR_ERROR_LIMIT, ::SMR_ERROR_MEMORY
 * Thread rule: any thread. Complexity: O(length).
 * @since 1.0
 */
SMR_API smr_status smr_plan_read(smr_context *context, const char *text, size_t length, const char *source_name,
                                 smr_plan **plan, smr_error *error);

/**
 * A plan that comes with the library: a preset such as "icf" or "hdi".
 * @param context NULL: the default context
 * @param name    one of smr_plan_preset_name()
 * @param[out] plan to be given back with smr_plan_unref()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_NOT_FOUND, ::SMR_ERROR_MEMORY
 * Thread rule: any thread. Complexity: O(1).
 * Source: for "hdi" UNDP, Human Development Report, technical note 1.
 * @since 1.0
 */
SMR_API smr_status smr_plan_preset(smr_context *context, const char *name, smr_plan **plan, smr_error *error);

/**
 * Names of the presets.
 * @param index 0, 1, ...
 * @return static text; NULL beyond the last
 * Thread rule: any thread. Complexity: O(presets). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_plan_preset_name(size_t index);

/**
 * The plan that lies over another: all layers of @p lower, then all of @p upper.
 * @param context NULL: the default context
 * @param lower   not NULL
 * @param upper   not NULL
 * @param[out] plan to be given back with smr_plan_unref()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_MEMORY
 * Thread rule: any thread. Complexity: O(keys).
 * @since 1.0
 */
SMR_API smr_status smr_plan_overlay(smr_context *context, const smr_plan *lower, const smr_plan *upper,
                                    smr_plan **plan, smr_error *error);

/**
 * Writes the resolved plan as JSON: what a fit with this framework would use, and under "left_out" the options of
 * lower layers that the chosen methods do not know.
 * @param plan      NULL: an empty plan
 * @param framework not NULL
 * @param write     receives the text in pieces
 * @param user      passed to @p write
 * @param error     may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_PLAN (unknown key, method or option, a value out of its range;
 *         the message suggests the nearest name), ::SMR_ERROR_WRITE, ::SMR_ERROR_MEMORY
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(keys + nodes).
 * @since 1.0
 */
SMR_API smr_status smr_plan_write_resolved(const smr_plan *plan, const smr_framework *framework,
                                           smr_write_callback write, void *user, smr_error *error);

/**
 * Counts one more owner.
 * @param plan NULL is allowed
 * @return @p plan
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API smr_plan *smr_plan_ref(smr_plan *plan);

/**
 * Counts one owner less; the last one frees it.
 * @param plan NULL is allowed
 * Thread rule: any thread. Complexity: O(1), the last O(keys). Errors: none.
 * @since 1.0
 */
SMR_API void smr_plan_unref(smr_plan *plan);

#ifdef __cplusplus
}
#endif

#endif
