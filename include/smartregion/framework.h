/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_FRAMEWORK_H
#define SMARTREGION_FRAMEWORK_H

/** @file
 * The framework: *what* is measured, as a tree of index, criteria and indicators.
 *
 * A framework is sealed: made by a builder, from JSON, from a COINr `iMeta` table or built in.
 * Nodes are numbered 0 to n - 1 in pre-order (0 is the index); indicators, the leaves, are numbered
 * 0 to m - 1 in the same order.
 */

#include <smartregion/common.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A tree of what is measured. Sealed. @since 1.0 */
typedef struct smr_framework smr_framework;

/** Makes an ::smr_framework step by step. @since 1.0 */
typedef struct smr_framework_builder smr_framework_builder;

/** What an indicator's better end is. @since 1.0 */
enum smr_direction {
    SMR_DIRECTION_UNSET = 0,  /**< from the goalposts when there are any, else higher */
    SMR_DIRECTION_HIGHER = 1, /**< a higher value is better */
    SMR_DIRECTION_LOWER = 2,  /**< a lower value is better */
    SMR_DIRECTION_TARGET = 3  /**< the optimum is best, both sides of it are worse */
};

/** What an indicator's values are, and therefore which values are legal. @since 1.0 */
enum smr_kind {
    SMR_KIND_NUMBER = 0,    /**< any number */
    SMR_KIND_SHARE = 1,     /**< per cent, 0 to 100 */
    SMR_KIND_COUNT = 2,     /**< whole, 0 or more; rolled up by adding */
    SMR_KIND_ORDINAL = 3,   /**< whole: the number of a class */
    SMR_KIND_BINARY = 4,    /**< 0 or 1 */
    SMR_KIND_CHECKLIST = 5, /**< boxes ticked, whole, 0 or more */
    SMR_KIND_RANK = 6       /**< a place, whole, 1 or more */
};

/** How an indicator's scale is bent before normalising; acts on value, goalposts and optimum alike. @since 1.0 */
enum smr_transform {
    SMR_TRANSFORM_NONE = 0, /**< x */
    SMR_TRANSFORM_LOG = 1,  /**< ln x, x > 0 */
    SMR_TRANSFORM_SQRT = 2, /**< square root, x >= 0 */
    SMR_TRANSFORM_CBRT = 3, /**< cube root */
    SMR_TRANSFORM_LOGIT = 4 /**< ln(x / (1 - x)), 0 < x < 1 */
};

/** A node that is no indicator. Start with smr_node_options_init(). @since 1.0 */
typedef struct smr_node_options {
    uint32_t size;         /**< sizeof(smr_node_options) of the caller */
    double weight;         /**< among siblings, 0 or more; default 1 */
    const char *name;      /**< English name; NULL: the id */
    const char *aggregate; /**< name of this node's own method (its options: in JSON files only); NULL: the plan's */
} smr_node_options;

/** An indicator. Start with smr_indicator_options_init(). @since 1.0 */
typedef struct smr_indicator_options {
    uint32_t size;           /**< sizeof(smr_indicator_options) of the caller */
    int32_t direction;       /**< one of ::smr_direction; default unset */
    int32_t kind;            /**< one of ::smr_kind; default number */
    int32_t transform;       /**< one of ::smr_transform; default none */
    double weight;           /**< among siblings, 0 or more; default 1 */
    double worst;            /**< goalpost that scores lowest, in the raw unit; NaN (default): none */
    double best;             /**< goalpost that scores highest (for target: the other zero end); NaN: none */
    double optimum;          /**< for direction target; NaN: none */
    double target;           /**< policy target for `distance_to_target`; NaN: none */
    const char *name;        /**< English name; NULL: the id */
    const char *unit;        /**< NULL: none */
    const char *denominator; /**< id of the column that divides this indicator; NULL: none */
    const char *source;      /**< where the definition stands, with its edition; NULL: none */
} smr_indicator_options;

/**
 * Writes the defaults.
 * @param options NULL does nothing
 * @param size    `sizeof(smr_node_options)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_node_options_init(smr_node_options *options, size_t size);

/**
 * Writes the defaults.
 * @param options NULL does nothing
 * @param size    `sizeof(smr_indicator_options)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_indicator_options_init(smr_indicator_options *options, size_t size);

/**
 * Starts a framework with its root, the index.
 * @param context NULL: the default context
 * @param id      id of the root: letters, digits, `_`, `.`, `-`
 * @param options of the root; NULL: defaults
 * @param[out] builder to be given back with smr_framework_builder_free()
 * @param error   may be NULL
 * @return as smr_framework_builder_add_node()
 * Thread rule: one thread at a time per builder. Complexity: O(1).
 * @since 1.0
 */
SMR_API smr_status smr_framework_builder_new(smr_context *context, const char *id, const smr_node_options *options,
                                             smr_framework_builder **builder, smr_error *error);

/**
 * Frees a builder.
 * @param builder NULL is allowed
 * Thread rule: one thread at a time per builder. Complexity: O(nodes). Errors: none.
 * @since 1.0
 */
SMR_API void smr_framework_builder_free(smr_framework_builder *builder);

/**
 * Adds a node that will have children. Children keep the order in which they are added.
 * @param builder made by smr_framework_builder_new()
 * @param parent  id of a node added before
 * @param id      id of the new node, unique in the framework
 * @param options NULL: defaults; the texts are copied
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_FRAMEWORK (unknown parent, duplicate or bad id, negative
 *         weight, parent is an indicator, no name of a method), ::SMR_ERROR_FORMAT (a text is not UTF-8),
 *         ::SMR_ERROR_MEMORY, ::SMR_ERROR_LIMIT
 * Thread rule: one thread at a time per builder. Complexity: O(1).
 * @since 1.0
 */
SMR_API smr_status smr_framework_builder_add_node(smr_framework_builder *builder, const char *parent, const char *id,
                                                  const smr_node_options *options, smr_error *error);

/**
 * Adds an indicator.
 * @param builder made by smr_framework_builder_new()
 * @param parent  id of a node added before
 * @param id      id of the new indicator, unique in the framework
 * @param options NULL: defaults; the texts are copied
 * @param error   may be NULL
 * @return as smr_framework_builder_add_node(); ::SMR_ERROR_FRAMEWORK also when worst equals best, when the
 *         goalposts contradict the direction, when a target has no optimum between its ends, or when a
 *         goalpost is outside the domain of the transform
 * Thread rule: one thread at a time per builder. Complexity: O(1).
 * @since 1.0
 */
SMR_API smr_status smr_framework_builder_add_indicator(smr_framework_builder *builder, const char *parent,
                                                       const char *id, const smr_indicator_options *options,
                                                       smr_error *error);

/**
 * Gives a node a name in a language. A second name in a language replaces the first.
 * @param builder  made by smr_framework_builder_new()
 * @param id       of a node
 * @param language BCP 47 tag such as "vi"
 * @param name     UTF-8, copied
 * @param error    may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_FRAMEWORK (unknown id, a language that is no such tag),
 *         ::SMR_ERROR_FORMAT (not UTF-8), ::SMR_ERROR_MEMORY
 * Thread rule: one thread at a time per builder. Complexity: O(names of the node).
 * @since 1.0
 */
SMR_API smr_status smr_framework_builder_add_name(smr_framework_builder *builder, const char *id,
                                                  const char *language, const char *name, smr_error *error);

/**
 * Gives a node a tag of a taxonomy, for example ("field", "people").
 * @param builder  made by smr_framework_builder_new()
 * @param id       of a node
 * @param taxonomy copied
 * @param tag      copied
 * @param error    may be NULL
 * @return as smr_framework_builder_add_name()
 * Thread rule: one thread at a time per builder. Complexity: O(tags of the node).
 * @since 1.0
 */
SMR_API smr_status smr_framework_builder_add_tag(smr_framework_builder *builder, const char *id,
                                                 const char *taxonomy, const char *tag, smr_error *error);

/**
 * Seals the framework. The builder stays as it was.
 * @param builder made by smr_framework_builder_new()
 * @param[out] framework to be given back with smr_framework_unref()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_FRAMEWORK (no indicator, a node without children, siblings
 *         whose weights are all zero), ::SMR_ERROR_MEMORY
 * Thread rule: one thread at a time per builder. Complexity: O(nodes).
 * @since 1.0
 */
SMR_API smr_status smr_framework_builder_build(const smr_framework_builder *builder, smr_framework **framework,
                                               smr_error *error);

/**
 * Reads a framework: JSON ("smartregion-framework/1"), or a COINr `iMeta` table in CSV, told apart by the first
 * character.
 * @param context     NULL: the default context
 * @param text        UTF-8 bytes
 * @param length      their number
 * @param source_name for messages, for example the file's name; may be NULL
 * @param[out] framework to be given back with smr_framework_unref()
 * @param error       may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_FORMAT, ::SMR_ERROR_FRAMEWORK (duplicate id, cycle, worst
 *         equal to best, goalposts against the direction, negative weight, siblings of zero weight, unknown key),
 *         ::SMR_ERROR_UNSUPPORTED (newer format), ::SMR_ERROR_LIMIT, ::SMR_ERROR_MEMORY
 * Thread rule: any thread. Complexity: O(length).
 * Source: RFC 8259 (JSON); for `iMeta` Becker and others (2022), COINr: An R package for developing composite
 * indicators, Journal of Open Source Software 7(78), 4567.
 * @since 1.0
 */
SMR_API smr_status smr_framework_read(smr_context *context, const char *text, size_t length, const char *source_name,
                                      smr_framework **framework, smr_error *error);

/**
 * Writes the framework as JSON that smr_framework_read() reads back to an equal framework.
 * @param framework not NULL
 * @param write     receives the text in pieces
 * @param user      passed to @p write
 * @param error     may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_WRITE, ::SMR_ERROR_MEMORY
 * Thread rule: any thread. Complexity: O(nodes).
 * @since 1.0
 */
SMR_API smr_status smr_framework_write(const smr_framework *framework, smr_write_callback write, void *user,
                                       smr_error *error);

/**
 * A framework that comes with the library: "icf-2026", or its alias "icf".
 * The six criteria of the Intelligent Community Forum with eight indicators each and absolute goalposts, so that
 * one region alone can be scored. The goalposts are ours; the ICF publishes none. A released version never changes.
 * @param context NULL: the default context
 * @param name    one of smr_framework_builtin_name(), or "icf"
 * @param[out] framework to be given back with smr_framework_unref()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_NOT_FOUND, ::SMR_ERROR_MEMORY
 * Thread rule: any thread. Complexity: O(nodes).
 * Source: every indicator names its own, see smr_framework_indicator().
 * @since 1.0
 */
SMR_API smr_status smr_framework_builtin(smr_context *context, const char *name, smr_framework **framework,
                                         smr_error *error);

/**
 * Names of the built-in frameworks; the aliases stand behind all names.
 * @param index 0, 1, ...
 * @return static text; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_framework_builtin_name(size_t index);

/**
 * Counts one more owner.
 * @param framework NULL is allowed
 * @return @p framework
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API smr_framework *smr_framework_ref(smr_framework *framework);

/**
 * Counts one owner less; the last one frees it.
 * @param framework NULL is allowed
 * Thread rule: any thread. Complexity: O(1), the last O(nodes). Errors: none.
 * @since 1.0
 */
SMR_API void smr_framework_unref(smr_framework *framework);

/**
 * Number of nodes, indicators included.
 * @param framework NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_framework_node_count(const smr_framework *framework);

/**
 * Number of indicators.
 * @param framework NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_framework_indicator_count(const smr_framework *framework);

/**
 * Id of a node.
 * @param framework the framework
 * @param node      in pre-order, 0 is the root
 * @return borrowed from the framework; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_framework_node_id(const smr_framework *framework, size_t node);

/**
 * Name of a node.
 * @param framework the framework
 * @param node      in pre-order, 0 is the root
 * @param language  such as "vi"; where the node has no such name the English one is given, else its id
 * @return borrowed from the framework; NULL beyond the last node
 * Thread rule: any thread. Complexity: O(names of the node). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_framework_node_name(const smr_framework *framework, size_t node, const char *language);

/**
 * Parent of a node.
 * @param framework the framework
 * @param node      in pre-order, 0 is the root
 * @return the parent's number; -1 for the root and beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API int64_t smr_framework_node_parent(const smr_framework *framework, size_t node);

/**
 * Depth of a node.
 * @param framework the framework
 * @param node      in pre-order, 0 is the root
 * @return 0 for the root, 1 for its children, and so on; -1 beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API int64_t smr_framework_node_depth(const smr_framework *framework, size_t node);

/**
 * Weight of a node as the framework gives it.
 * @param framework the framework
 * @param node      in pre-order, 0 is the root
 * @return the weight among its siblings, not normalised; NaN beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API double smr_framework_node_weight(const smr_framework *framework, size_t node);

/**
 * Indicator number of a node.
 * @param framework the framework
 * @param node      in pre-order, 0 is the root
 * @return the number; -1 when it is no indicator, and beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API int64_t smr_framework_node_indicator(const smr_framework *framework, size_t node);

/**
 * Node of an indicator.
 * @param framework the framework
 * @param indicator in pre-order, from 0
 * @return the node's number; -1 beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API int64_t smr_framework_indicator_node(const smr_framework *framework, size_t indicator);

/**
 * Node of an id.
 * @param framework the framework
 * @param id        of a node or indicator
 * @return the node's number; -1 when there is none
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API int64_t smr_framework_find(const smr_framework *framework, const char *id);

/**
 * The properties of an indicator as they were given, with the direction resolved.
 * @param framework the framework
 * @param indicator in pre-order, from 0
 * @param[in,out] options with `size` set, as smr_indicator_options_init() does; the texts are borrowed from the
 *                  framework
 * @param error     may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT
 * Thread rule: any thread. Complexity: O(1).
 * @since 1.0
 */
SMR_API smr_status smr_framework_indicator(const smr_framework *framework, size_t indicator,
                                           smr_indicator_options *options, smr_error *error);

/**
 * A tag of a node in a taxonomy.
 * @param framework the framework
 * @param node      in pre-order, 0 is the root
 * @param taxonomy  such as "field"
 * @param index     0, 1, ... in the order given
 * @return borrowed from the framework; NULL beyond the last
 * Thread rule: any thread. Complexity: O(tags of the node). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_framework_node_tag(const smr_framework *framework, size_t node, const char *taxonomy,
                                           size_t index);

#ifdef __cplusplus
}
#endif

#endif
