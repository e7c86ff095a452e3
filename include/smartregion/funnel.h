/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_FUNNEL_H
#define SMARTREGION_FUNNEL_H

/** @file
 * The funnel: from many regions to a few in stages, each with its rule, and a reason for every region at every stage.
 *
 * A stage looks at the regions that the stage before has let through. It first asks its *gates*, minimums that nothing
 * makes up for: of every criterion, of one node, of the index, of the coverage, of an extra column. The regions that
 * pass are scored by a weighted mix of *parts*: the index, the score of the stage before (`previous`), jurors'
 * `ballots`, a node of the framework, or an extra column of the data such as analysts' marks. The best `keep` of them
 * go on. Ties at the cut are kept and told, or broken by a column. Before the first stage a region must be *eligible*:
 * a questionnaire that is not too old, evidence of a grade, coverage.
 *
 * **Range.** Parts are mixed on the range of the index, such as 0 to 100; where the index has none, from the least to
 * the greatest index of the regions that pass the stage's gates. The index, `previous` and a node of the same range are
 * taken as they are. A column is mapped from its own `scale` when it has one, else from the least to the greatest value
 * of the regions that pass the gates; a spread of none gives the middle. Ballots are mapped from the worst to the best
 * result that the rule allows. A stage of one part is not mapped when that part is the index or `previous`. A region
 * without a value of a part of weight above 0 has no score, and fails.
 *
 * **Ballots** become a result by the rules of ballots.h, among the regions that pass the stage's gates.
 */

#include <smartregion/ballots.h>
#include <smartregion/common.h>
#include <smartregion/framework.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Stages with their rules. Sealed. @since 1.0 */
typedef struct smr_funnel smr_funnel;

/** Makes an ::smr_funnel. @since 1.0 */
typedef struct smr_funnel_builder smr_funnel_builder;

/** What a gate asks a minimum of. @since 1.0 */
enum smr_gate_kind {
    SMR_GATE_CRITERIA = 0, /**< every child of the root; one without a score fails */
    SMR_GATE_INDEX = 1,    /**< the index */
    SMR_GATE_COVERAGE = 2, /**< the coverage of the index, 0 to 1 */
    SMR_GATE_SCORE = 3,    /**< the score of the stage */
    SMR_GATE_NAMED = 4     /**< a node of the framework, or a column of the data */
};

/** A stage. Start with smr_stage_options_init(). @since 1.0 */
typedef struct smr_stage_options {
    uint32_t size;             /**< sizeof(smr_stage_options) of the caller */
    int32_t ballot_rule;       /**< one of ::smr_ballot_rule; default Borda */
    int32_t ballot_incomplete; /**< one of ::smr_ballot_incomplete; default share */
    uint32_t reserved;         /**< 0 */
    uint64_t keep;             /**< how many go on; 0, the default, is all that pass the gates */
    const char *ballots;       /**< name of the file with the ballots, for the program that reads it; NULL: none named */
} smr_stage_options;

/**
 * Writes the defaults.
 * @param options NULL does nothing
 * @param size    `sizeof(smr_stage_options)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_stage_options_init(smr_stage_options *options, size_t size);

/** One part of a stage's score. Start with smr_part_options_init(). @since 1.0 */
typedef struct smr_part_options {
    uint32_t size;     /**< sizeof(smr_part_options) of the caller */
    int32_t direction; /**< ::SMR_DIRECTION_HIGHER (default) or ::SMR_DIRECTION_LOWER, of a column without a scale */
    double weight;     /**< 0 or more, relative to the other parts of the stage; default 1 */
    double worst;      /**< of a column: the value that becomes the least of the index's range; NaN, the default: none */
    double best;       /**< of a column: the value that becomes the greatest; values beyond are an error */
} smr_part_options;

/**
 * Writes the defaults.
 * @param options NULL does nothing
 * @param size    `sizeof(smr_part_options)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_part_options_init(smr_part_options *options, size_t size);

/** Who may take part. Start with smr_eligibility_init(). @since 1.0 */
typedef struct smr_eligibility {
    uint32_t size;               /**< sizeof(smr_eligibility) of the caller */
    int32_t optional;            /**< not 0: a column that the data lack is a note, not an error, and its rule is left out */
    int32_t year;                /**< the year that ages count from; 0, the default: that of the period */
    uint32_t reserved;           /**< 0 */
    double max_age_years;        /**< year less year of the questionnaire at most; NaN, the default: not asked */
    const char *age_column;      /**< years as numbers, or periods as texts; "period": each region enters with its latest row; NULL: "questionnaire_year" */
    double coverage;             /**< least coverage of the index, 0 to 1; NaN, the default: not asked */
    const char *evidence_column; /**< texts; NULL: "evidence" */
    const char *evidence;        /**< least grade of evidence; NULL, the default: not asked */
    const char *const *grades;   /**< from worst to best; NULL: "self_reported", "third_party", "audited" */
    size_t grade_count;          /**< their number */
} smr_eligibility;

/**
 * Writes the defaults: nothing is asked.
 * @param options NULL does nothing
 * @param size    `sizeof(smr_eligibility)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_eligibility_init(smr_eligibility *options, size_t size);

/**
 * Starts a funnel.
 * @param context NULL: the default context
 * @param base    what it starts from; NULL: no stages, ties kept
 * @param[out] builder to be given back with smr_funnel_builder_free()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_MEMORY
 * Thread rule: one thread at a time per builder. Complexity: O(size of the base).
 * @since 1.0
 */
SMR_API smr_status smr_funnel_builder_new(smr_context *context, const smr_funnel *base, smr_funnel_builder **builder,
                                          smr_error *error);

/**
 * Frees a builder.
 * @param builder NULL is allowed
 * Thread rule: one thread at a time per builder. Complexity: O(stages). Errors: none.
 * @since 1.0
 */
SMR_API void smr_funnel_builder_free(smr_funnel_builder *builder);

/**
 * Adds a stage behind the others. When there is one of this id, it gets these options instead and loses its parts; its
 * gates, ties and names stay.
 * @param builder made by smr_funnel_builder_new()
 * @param id      letters, digits, `_`, `.` or `-`
 * @param options NULL: all defaults
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_PLAN (id), ::SMR_ERROR_MEMORY
 * Thread rule: one thread at a time per builder. Complexity: O(stages).
 * @since 1.0
 */
SMR_API smr_status smr_funnel_builder_put_stage(smr_funnel_builder *builder, const char *id,
                                                const smr_stage_options *options, smr_error *error);

/**
 * Adds a part to the score of a stage, or replaces the one of this name. A stage without parts uses the index.
 * @param builder made by smr_funnel_builder_new()
 * @param stage   id of a stage
 * @param part    `index`, `previous`, `ballots`, the id of a node, or of a column of numbers; a name that is both a
 *                node and a column is the node
 * @param options NULL: all defaults
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_PLAN (no such stage, a weight or scale that is none, a scale for a
 *         part that has its own), ::SMR_ERROR_MEMORY
 * Thread rule: one thread at a time per builder. Complexity: O(stages + parts).
 * @since 1.0
 */
SMR_API smr_status smr_funnel_builder_add_part(smr_funnel_builder *builder, const char *stage, const char *part,
                                               const smr_part_options *options, smr_error *error);

/**
 * Adds a gate, or gives the one of this kind and name another minimum.
 * @param builder made by smr_funnel_builder_new()
 * @param stage   id of a stage; NULL: at every stage
 * @param kind    one of ::smr_gate_kind
 * @param name    of a node or column for ::SMR_GATE_NAMED; else NULL
 * @param least   the minimum: what is below, or missing, fails
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_PLAN (no such stage, a minimum that is no finite number),
 *         ::SMR_ERROR_MEMORY
 * Thread rule: one thread at a time per builder. Complexity: O(stages + gates).
 * @since 1.0
 */
SMR_API smr_status smr_funnel_builder_add_gate(smr_funnel_builder *builder, const char *stage, int32_t kind,
                                               const char *name, double least, smr_error *error);

/**
 * Says what happens to ties at the cut. Without it they are kept.
 * @param builder   made by smr_funnel_builder_new()
 * @param stage     id of a stage; NULL: of every stage that has no rule of its own
 * @param column    `index`, `previous`, `coverage`, a node or a column of numbers that decides; what ties there too is
 *                  kept; NULL: ties are kept
 * @param direction ::SMR_DIRECTION_HIGHER or ::SMR_DIRECTION_LOWER: which value wins; missing never does
 * @param error     may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_PLAN (no such stage), ::SMR_ERROR_MEMORY
 * Thread rule: one thread at a time per builder. Complexity: O(stages).
 * @since 1.0
 */
SMR_API smr_status smr_funnel_builder_set_ties(smr_funnel_builder *builder, const char *stage, const char *column,
                                               int32_t direction, smr_error *error);

/**
 * Says how ballots become a result.
 * @param builder    made by smr_funnel_builder_new()
 * @param stage      id of a stage; NULL: of every stage
 * @param rule       one of ::smr_ballot_rule
 * @param incomplete one of ::smr_ballot_incomplete
 * @param error      may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_PLAN (no such stage)
 * Thread rule: one thread at a time per builder. Complexity: O(stages).
 * @since 1.0
 */
SMR_API smr_status smr_funnel_builder_set_ballot_rule(smr_funnel_builder *builder, const char *stage, int32_t rule,
                                                      int32_t incomplete, smr_error *error);

/**
 * Says who may take part.
 * @param builder     made by smr_funnel_builder_new()
 * @param eligibility texts are copied; NULL: everyone
 * @param error       may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_PLAN (a number out of its range, a grade that is none),
 *         ::SMR_ERROR_MEMORY
 * Thread rule: one thread at a time per builder. Complexity: O(grades).
 * @since 1.0
 */
SMR_API smr_status smr_funnel_builder_set_eligibility(smr_funnel_builder *builder, const smr_eligibility *eligibility,
                                                      smr_error *error);

/**
 * Gives a stage, or the funnel, a name for people.
 * @param builder  made by smr_funnel_builder_new()
 * @param stage    id of a stage; NULL: the funnel
 * @param language such as "en" or "vi"
 * @param name     UTF-8, copied
 * @param error    may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_PLAN (no such stage), ::SMR_ERROR_MEMORY
 * Thread rule: one thread at a time per builder. Complexity: O(stages).
 * @since 1.0
 */
SMR_API smr_status smr_funnel_builder_add_name(smr_funnel_builder *builder, const char *stage, const char *language,
                                               const char *name, smr_error *error);

/**
 * Seals the funnel. The builder stays as it was.
 * @param builder made by smr_funnel_builder_new()
 * @param[out] funnel to be given back with smr_funnel_unref()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_PLAN (no stage; a stage that keeps more than one before it, that
 *         neither keeps a number nor has a gate, whose weights are all 0, or that names ballots it does not use),
 *         ::SMR_ERROR_MEMORY
 * Thread rule: one thread at a time per builder. Complexity: O(size of the funnel).
 * @since 1.0
 */
SMR_API smr_status smr_funnel_builder_build(const smr_funnel_builder *builder, smr_funnel **funnel, smr_error *error);

/**
 * Reads a funnel from JSON ("smartregion-funnel/1").
 * @param context     NULL: the default context
 * @param text        UTF-8 bytes
 * @param length      their number
 * @param source_name for messages, for example the file's name; may be NULL
 * @param[out] funnel to be given back with smr_funnel_unref()
 * @param error       may be NULL; its subject is the JSON path, such as stages[1].keep
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_FORMAT, ::SMR_ERROR_PLAN (an unknown key, with the nearest; a
 *         value that is none; and as smr_funnel_builder_build()), ::SMR_ERROR_UNSUPPORTED (newer format),
 *         ::SMR_ERROR_LIMIT, ::SMR_ERROR_MEMORY
 * Thread rule: any thread. Complexity: O(length).
 * @since 1.0
 */
SMR_API smr_status smr_funnel_read(smr_context *context, const char *text, size_t length, const char *source_name,
                                   smr_funnel **funnel, smr_error *error);

/**
 * Writes a funnel as JSON that smr_funnel_read() reads back.
 * @param funnel not NULL
 * @param write  receives the text in pieces
 * @param user   passed to @p write
 * @param error  may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_WRITE
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(size of the funnel).
 * @since 1.0
 */
SMR_API smr_status smr_funnel_write(const smr_funnel *funnel, smr_write_callback write, void *user, smr_error *error);

/**
 * A funnel that comes with the library. `icf`: stages smart21, top7 and winner that keep 21, 7 and 1, and regions whose
 * questionnaire is at most three years old, where the data have the column questionnaire_year. Every stage uses the
 * index: the Intelligent Community Forum publishes no weights for the later stages; give them with
 * smr_funnel_builder_add_part().
 * @param context NULL: the default context
 * @param name    one of smr_funnel_builtin_name()
 * @param[out] funnel to be given back with smr_funnel_unref()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_NOT_FOUND, ::SMR_ERROR_MEMORY
 * Thread rule: any thread. Complexity: O(1).
 * Source: Intelligent Community Forum, awards programme (intelligentcommunity.org).
 * @since 1.0
 */
SMR_API smr_status smr_funnel_builtin(smr_context *context, const char *name, smr_funnel **funnel, smr_error *error);

/**
 * Names of the built-in funnels.
 * @param index 0, 1, ...
 * @return static text; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_funnel_builtin_name(size_t index);

/**
 * Number of stages.
 * @param funnel NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_funnel_stage_count(const smr_funnel *funnel);

/**
 * Id of a stage.
 * @param funnel the funnel
 * @param stage  from 0
 * @return borrowed from the funnel; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_funnel_stage_id(const smr_funnel *funnel, size_t stage);

/**
 * Name of a stage in a language.
 * @param funnel   the funnel
 * @param stage    from 0
 * @param language such as "en" or "vi"; NULL: "en"
 * @return borrowed from the funnel; the id when it has no such name; NULL beyond the last
 * Thread rule: any thread. Complexity: O(names). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_funnel_stage_name(const smr_funnel *funnel, size_t stage, const char *language);

/**
 * How many regions a stage keeps.
 * @param funnel the funnel
 * @param stage  from 0
 * @return the number; 0: all that pass its gates, or beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API uint64_t smr_funnel_stage_keep(const smr_funnel *funnel, size_t stage);

/**
 * Is `ballots` a part of the stage's score, of weight above 0?
 * @param funnel the funnel
 * @param stage  from 0
 * @return 1 yes, 0 no
 * Thread rule: any thread. Complexity: O(parts). Errors: none.
 * @since 1.0
 */
SMR_API int32_t smr_funnel_stage_has_ballots(const smr_funnel *funnel, size_t stage);

/**
 * Name of the file with the ballots of a stage, as the funnel gives it: relative to the funnel's own file.
 * @param funnel the funnel
 * @param stage  from 0
 * @return borrowed from the funnel; NULL when it names none
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_funnel_stage_ballots(const smr_funnel *funnel, size_t stage);

/**
 * Counts one more owner.
 * @param funnel NULL is allowed
 * @return @p funnel
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API smr_funnel *smr_funnel_ref(smr_funnel *funnel);

/**
 * Counts one owner less; the last one frees it.
 * @param funnel NULL is allowed
 * Thread rule: any thread. Complexity: O(1), the last O(stages). Errors: none.
 * @since 1.0
 */
SMR_API void smr_funnel_unref(smr_funnel *funnel);

#ifdef __cplusplus
}
#endif

#endif
