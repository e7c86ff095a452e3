/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_MODEL_H
#define SMARTREGION_MODEL_H

/** @file
 * The model: a framework, a resolved plan and every parameter that the data decided, frozen, so that next year's
 * data or one new region are scored against the same reference.
 *
 * The steps run in this order: denominate, roll up, impute, treat, transform, normalise, weight, aggregate, rank.
 */

#include <smartregion/common.h>
#include <smartregion/dataset.h>
#include <smartregion/framework.h>
#include <smartregion/plan.h>
#include <smartregion/scorecard.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Frozen parameters. Sealed. @since 1.0 */
typedef struct smr_model smr_model;

/** What a scorecard keeps in memory; the rest is recomputed on request. @since 1.0 */
enum smr_keep {
    SMR_KEEP_INNER = 0, /**< every node that is no indicator */
    SMR_KEEP_INDEX = 1, /**< the root alone */
    SMR_KEEP_ALL = 2    /**< every node */
};

/** How a dataset is scored. Start with smr_score_options_init(). @since 1.0 */
typedef struct smr_score_options {
    uint32_t size; /**< sizeof(smr_score_options) of the caller */
    int32_t keep;  /**< one of ::smr_keep; default inner */
} smr_score_options;

/**
 * Writes the defaults.
 * @param options NULL does nothing
 * @param size    `sizeof(smr_score_options)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_score_options_init(smr_score_options *options, size_t size);

/**
 * Fits a model: decides every parameter that the plan leaves to the data.
 * @param context   NULL: the default context
 * @param framework what to measure
 * @param dataset   the reference
 * @param plan      how; NULL: the framework's own plan over the defaults
 * @param[out] model to be given back with smr_model_unref()
 * @param error     may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_PLAN, ::SMR_ERROR_DATA (no indicator of the framework, a
 *         grouping or denominator that the data lack), ::SMR_ERROR_COMPUTE, ::SMR_ERROR_CANCELLED, ::SMR_ERROR_MEMORY
 * Thread rule: any thread. Complexity: O(rows x indicators), times the passes of the methods; O(rows log rows) an
 * indicator for methods that sort.
 * Source: OECD and JRC (2008), Handbook on Constructing Composite Indicators: Methodology and User Guide, steps 3 to 6;
 * each method names its own, see smr_method_get().
 * @since 1.0
 */
SMR_API smr_status smr_model_fit(smr_context *context, const smr_framework *framework, const smr_dataset *dataset,
                                 const smr_plan *plan, smr_model **model, smr_error *error);

/**
 * Scores a dataset with the frozen parameters.
 * @param context NULL: the default context
 * @param model   not NULL
 * @param dataset not NULL; it need not be the one that the model was fitted on
 * @param options NULL: all defaults
 * @param[out] scorecard to be given back with smr_scorecard_unref()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_DATA (no indicator of the framework, a period the model does
 *         not know under `per: period`), ::SMR_ERROR_COMPUTE (zero or negative where a logarithm or inverse is needed
 *         and `zero` is `error`; names region and node), ::SMR_ERROR_CANCELLED, ::SMR_ERROR_MEMORY
 * Thread rule: any thread. Complexity: O(rows x nodes), and O(rows log rows) a node that is ranked.
 * Source: OECD and JRC (2008), Handbook on Constructing Composite Indicators: Methodology and User Guide, steps 5 and
 * 6; each method names its own, see smr_method_get().
 * @since 1.0
 */
SMR_API smr_status smr_model_score(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                                   const smr_score_options *options, smr_scorecard **scorecard, smr_error *error);

/**
 * Scores one region without allocating: the same bits as smr_model_score() gives at every node.
 * @param model       not NULL
 * @param values      raw values in the order of smr_model_input_id(); NaN: missing
 * @param value_count must be smr_model_input_count()
 * @param[out] scores one a node, NaN: not computed
 * @param score_count must be the framework's node count
 * @param error       may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_DATA (infinity), ::SMR_ERROR_COMPUTE, ::SMR_ERROR_UNSUPPORTED
 *         (the plan has a method that needs other rows or a grouping), ::SMR_ERROR_MEMORY (only beyond 512 siblings)
 * Thread rule: any thread. Complexity: O(nodes). Allocates nothing while no node has more than 512 children.
 * Source: as smr_model_score().
 * @since 1.0
 */
SMR_API smr_status smr_model_score_values(const smr_model *model, const double *values, size_t value_count,
                                          double *scores, size_t score_count, smr_error *error);

/**
 * Number of inputs of smr_model_score_values(): indicators in tree order, then denominators.
 * @param model NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_model_input_count(const smr_model *model);

/**
 * Column id of an input of smr_model_score_values().
 * @param model the model
 * @param input from 0
 * @return borrowed from the model; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_model_input_id(const smr_model *model, size_t input);

/**
 * The dataset after a step: one column for every indicator of the framework in tree order.
 * @param context NULL: the default context
 * @param model   not NULL
 * @param dataset not NULL
 * @param step    one of "raw", "denominate", "impute", "treat", "normalise" (transform included)
 * @param[out] snapshot to be given back with smr_dataset_unref()
 * @param error   may be NULL
 * @return as smr_model_score(), and ::SMR_ERROR_NOT_FOUND for an unknown step
 * Thread rule: any thread. Complexity: O(rows x indicators).
 * Source: as smr_model_score().
 * @since 1.0
 */
SMR_API smr_status smr_model_snapshot(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                                      const char *step, smr_dataset **snapshot, smr_error *error);

/**
 * What a step did: to one cell, or (region NULL) to a whole indicator. Texts are borrowed and only valid during the
 * call. @since 1.0
 */
typedef struct smr_step_record {
    uint32_t size;           /**< sizeof(smr_step_record) of the library */
    uint32_t reserved;       /**< 0 */
    uint64_t changed;        /**< cells changed: 1 for a cell */
    const char *step;        /**< "denominate", "impute" or "treat" */
    const char *method;      /**< of the step; "" where it has none */
    const char *indicator;   /**< id */
    const char *region;      /**< id; NULL: the whole indicator */
    const char *period;      /**< NULL: the whole indicator, or data without periods */
    const char *outcome;     /**< of a cell its status; of an indicator "denominated", "imputed", "treated", "untouched", "still_failing", "untreatable" or "too_few" */
    double before;           /**< of a cell; NaN: missing */
    double after;            /**< of a cell; NaN: missing */
    double skewness_before;  /**< of an indicator before treat; NaN elsewhere */
    double skewness_after;   /**< of an indicator after treat; NaN elsewhere */
    double kurtosis_before;  /**< of an indicator before treat; NaN elsewhere */
    double kurtosis_after;   /**< of an indicator after treat; NaN elsewhere */
} smr_step_record;

/** Receives records one by one, on the calling thread. @since 1.0 */
typedef void (*smr_record_callback)(const smr_step_record *record, void *user);

/**
 * Tells what denominate, impute and treat did, indicator by indicator: first to the indicator as a whole, then to each
 * changed cell in input order. Skewness `sqrt(n(n-1))/(n-2) m3/m2^1.5` and kurtosis
 * `(n-1)/((n-2)(n-3)) ((n+1)(m4/m2^2 - 3) + 6)` are those of spreadsheets.
 * @param context NULL: the default context
 * @param model what to apply
 * @param dataset what to apply it to
 * @param record receives each record
 * @param user passed to it
 * @param error may be NULL
 * @return as smr_model_snapshot()
 * Thread rule: any thread. Complexity: O(rows x indicators).
 * Source: OECD and JRC (2008), Handbook on Constructing Composite Indicators, steps 3 and 4.
 * @since 1.0
 */
SMR_API smr_status smr_model_record(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                                    smr_record_callback record, void *user, smr_error *error);

/**
 * The framework that the model was fitted with.
 * @param model the model
 * @return borrowed from the model; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const smr_framework *smr_model_framework(const smr_model *model);

/**
 * Weight of a node among its siblings as used.
 * @param model the model
 * @param node  in pre-order, 0 is the root
 * @return the weight, not normalised; NaN beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API double smr_model_weight(const smr_model *model, size_t node);

/**
 * Effective weight of a node: the product, from the root down, of its ancestors' and its own weight, each divided by
 * the sum of its siblings' weights. The root has 1.
 * @param model the model
 * @param node  in pre-order, 0 is the root
 * @return the weight, 0 to 1; NaN beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API double smr_model_effective_weight(const smr_model *model, size_t node);

/**
 * Writes the resolved plan as JSON.
 * @param model not NULL
 * @param write receives the text in pieces
 * @param user  passed to @p write
 * @param error may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_WRITE, ::SMR_ERROR_MEMORY
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(keys).
 * @since 1.0
 */
SMR_API smr_status smr_model_write_plan(const smr_model *model, smr_write_callback write, void *user,
                                        smr_error *error);

/**
 * Writes the model as JSON, "smartregion-model/1": framework, resolved plan, parameters, and a hash of the data it was
 * fitted on. smr_model_read() reads it back to the same bits.
 * @param model not NULL
 * @param write receives the text in pieces
 * @param user  passed to @p write
 * @param error may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_WRITE, ::SMR_ERROR_MEMORY
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(nodes + parameters).
 * Source: numbers are written as the shortest text that reads back to the same double: Giulietti (2020), The Schubfach
 * way to render doubles.
 * @since 1.0
 */
SMR_API smr_status smr_model_write(const smr_model *model, smr_write_callback write, void *user, smr_error *error);

/**
 * Reads a model.
 * @param context     NULL: the default context
 * @param text        UTF-8 bytes
 * @param length      their number
 * @param source_name for messages, for example the file's name; may be NULL
 * @param[out] model  to be given back with smr_model_unref()
 * @param error       may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_FORMAT (also: parameters that do not fit the plan),
 *         ::SMR_ERROR_FRAMEWORK, ::SMR_ERROR_PLAN, ::SMR_ERROR_UNSUPPORTED, ::SMR_ERROR_LIMIT, ::SMR_ERROR_MEMORY
 * Thread rule: any thread. Complexity: O(length).
 * @since 1.0
 */
SMR_API smr_status smr_model_read(smr_context *context, const char *text, size_t length, const char *source_name,
                                  smr_model **model, smr_error *error);

/**
 * Counts one more owner.
 * @param model NULL is allowed
 * @return @p model
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API smr_model *smr_model_ref(smr_model *model);

/**
 * Counts one owner less; the last one frees it.
 * @param model NULL is allowed
 * Thread rule: any thread. Complexity: O(1), the last O(nodes + parameters). Errors: none.
 * @since 1.0
 */
SMR_API void smr_model_unref(smr_model *model);

/**
 * Asks whether data are fit to be scored: reports findings through @p finding, each with severity, code, `subject` (the
 * indicator or column), and in `source` the region it is about.
 * Findings are, among others: columns of the framework that the data lack, columns kept as denominator or grouping,
 * constant columns, values beyond goalposts, values against their kind, columns in which every value has exactly three
 * digits after the point, zero denominators, regions with low coverage.
 * @param context   NULL: the default context
 * @param framework what to measure
 * @param dataset   the data in question
 * @param plan      how they would be scored; NULL: the framework's own plan over the defaults
 * @param finding   receives each finding
 * @param user      passed to @p finding
 * @param error     may be NULL
 * @return ::SMR_OK also when there are findings; otherwise as smr_model_fit()
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(rows x columns).
 * @since 1.0
 */
SMR_API smr_status smr_check(smr_context *context, const smr_framework *framework, const smr_dataset *dataset,
                             const smr_plan *plan, smr_report_callback finding, void *user, smr_error *error);

#ifdef __cplusplus
}
#endif

#endif
