/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_SELECT_H
#define SMARTREGION_SELECT_H

/** @file
 * The selection: a funnel run on a scorecard, with a reason for every region at every stage. The rules stand in
 * funnel.h and ballots.h.
 *
 * Rows are decisions: every region that a stage looks at, stage by stage. A region that fails is listed there for the
 * last time. Within a stage come those with a rank, best first, then those that have none, in input order.
 */

#include <smartregion/ballots.h>
#include <smartregion/common.h>
#include <smartregion/dataset.h>
#include <smartregion/funnel.h>
#include <smartregion/scorecard.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Who passed which stage, and why. Sealed. @since 1.0 */
typedef struct smr_selection smr_selection;

/** Why a region passes a stage or fails. What `subject`, `value` and `limit` are. The list only grows. @since 1.0 */
enum smr_reason {
    SMR_REASON_WITHIN_CUT = 0,        /**< passes: among the best; value: rank, limit: how many are kept */
    SMR_REASON_GATES_PASSED = 1,      /**< passes: the stage keeps all that pass its gates; value: rank */
    SMR_REASON_TIE_KEPT = 2,          /**< passes: tied at the cut and kept; value: regions that tie, limit: places left for them */
    SMR_REASON_TIE_WON = 3,           /**< passes: tied at the cut, ahead by the column that breaks ties; subject: the column, value: its value */
    SMR_REASON_BELOW_CUT = 4,         /**< fails: value: rank, limit: lowest score that passed */
    SMR_REASON_TIE_LOST = 5,          /**< fails: tied at the cut, behind by the column that breaks ties; subject: the column, value: its value */
    SMR_REASON_BELOW_GATE = 6,        /**< fails: subject: what the gate asks of, value, limit: the minimum */
    SMR_REASON_GATE_MISSING = 7,      /**< fails: the same, without a value */
    SMR_REASON_PART_MISSING = 8,      /**< fails: subject: the part of the score that has no value */
    SMR_REASON_TOO_OLD = 9,           /**< not eligible: value: age in years, limit: the greatest */
    SMR_REASON_AGE_MISSING = 10,      /**< not eligible: no year; subject: the column */
    SMR_REASON_LOW_EVIDENCE = 11,     /**< not eligible: subject: the grade; value and limit: its place among the grades and the least, from 1 */
    SMR_REASON_EVIDENCE_MISSING = 12, /**< not eligible: no grade; subject: the column */
    SMR_REASON_LOW_COVERAGE = 13      /**< not eligible: value: coverage, limit: the least */
};

/**
 * The name of a reason, for example "below_cut".
 * @param reason one of ::smr_reason
 * @return static text; "unknown" for a number this version does not have
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_reason_name(int32_t reason);

/** How a selection is made. Start with smr_select_options_init(). @since 1.0 */
typedef struct smr_select_options {
    uint32_t size;      /**< sizeof(smr_select_options) of the caller */
    int32_t year;       /**< the year that ages count from; 0, the default: the funnel's, else that of the period */
    const char *period; /**< NULL: the latest; data without periods have none */
} smr_select_options;

/**
 * Writes the defaults.
 * @param options NULL does nothing
 * @param size    `sizeof(smr_select_options)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_select_options_init(smr_select_options *options, size_t size);

/**
 * Runs a funnel.
 * @param context   NULL: the default context
 * @param funnel    the stages
 * @param scorecard the scores; the root's method ranks the highest first
 * @param dataset   where extra columns, years and evidence come from, by region and period; NULL: what was scored
 * @param ballots   one a stage, NULL for a stage without ballots; NULL when no stage has any
 * @param ballot_count number of stages, or 0
 * @param options   NULL: all defaults
 * @param[out] selection to be given back with smr_selection_unref()
 * @param error     may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_NOT_FOUND (period), ::SMR_ERROR_PLAN (a part, gate or column that
 *         is neither a node nor a column of numbers; ballots that a stage lacks or does not use; an index that ranks the
 *         lowest first), ::SMR_ERROR_DATA (a region on a ballot that is not in the data; a value beyond its scale; a
 *         grade or year that is none), ::SMR_ERROR_UNSUPPORTED, ::SMR_ERROR_CANCELLED, ::SMR_ERROR_MEMORY
 * Ties that were kept, regions no juror placed and the like are told to the context's report callback as notes and
 * warnings.
 * Thread rule: any thread. Complexity: O(stages x regions x (parts + log regions)), and that of smr_ballots_results().
 * Source: Intelligent Community Forum, awards programme, for stages that mix numbers, analysts and a jury.
 * @since 1.0
 */
SMR_API smr_status smr_select_run(smr_context *context, const smr_funnel *funnel, const smr_scorecard *scorecard,
                                  const smr_dataset *dataset, const smr_ballots *const *ballots, size_t ballot_count,
                                  const smr_select_options *options, smr_selection **selection, smr_error *error);

/**
 * The funnel that was run.
 * @param selection the selection
 * @return borrowed from the selection; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const smr_funnel *smr_selection_funnel(const smr_selection *selection);

/**
 * The period that was looked at.
 * @param selection the selection
 * @return borrowed from the selection; NULL when the data have no periods
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_selection_period(const smr_selection *selection);

/** What happened at a stage. Filled by smr_selection_stage(). @since 1.0 */
typedef struct smr_stage_result {
    uint32_t size;       /**< sizeof(smr_stage_result) of the caller */
    uint32_t reserved;   /**< 0 */
    uint64_t first_row;  /**< of its decisions */
    uint64_t entered;    /**< regions looked at: number of its rows */
    uint64_t ranked;     /**< of them with a rank: eligible, through every gate, with a score */
    uint64_t passed;     /**< of them that go on */
    uint64_t keep;       /**< asked for; 0: all */
    uint64_t tied;       /**< regions that tied at the cut; 0: none */
    double lowest;       /**< score of the last that passed; NaN: nobody did */
    double low;          /**< of the range that parts were mixed on */
    double high;         /**< of the range that parts were mixed on */
} smr_stage_result;

/**
 * Prepares a struct to be filled.
 * @param result NULL does nothing
 * @param size   `sizeof(smr_stage_result)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_stage_result_init(smr_stage_result *result, size_t size);

/**
 * What happened at a stage.
 * @param selection not NULL
 * @param stage     from 0
 * @param[in,out] result prepared by smr_stage_result_init()
 * @param error     may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT
 * Thread rule: any thread. Complexity: O(1).
 * @since 1.0
 */
SMR_API smr_status smr_selection_stage(const smr_selection *selection, size_t stage, smr_stage_result *result,
                                       smr_error *error);

/** One part of a stage's score, and how it was brought to the range. Filled by smr_selection_part(). @since 1.0 */
typedef struct smr_part_result {
    uint32_t size;        /**< sizeof(smr_part_result) of the caller */
    uint32_t reserved;    /**< 0 */
    const char *name;     /**< borrowed from the selection */
    const char *how;      /**< "as_is", "scale", "minmax" or "ballots"; static text */
    double weight;        /**< divided by the sum of the stage's */
    double worst;         /**< value that became the least of the range; NaN: as it is */
    double best;          /**< value that became the greatest */
    const double *values; /**< before, one a row of the stage; NaN: none. Borrowed from the selection */
    const double *mixed;  /**< on the range, likewise */
} smr_part_result;

/**
 * Prepares a struct to be filled.
 * @param result NULL does nothing
 * @param size   `sizeof(smr_part_result)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_part_result_init(smr_part_result *result, size_t size);

/**
 * Number of parts of a stage's score.
 * @param selection NULL has none
 * @param stage     from 0
 * @return the number, at least 1; 0 beyond the last stage
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_selection_part_count(const smr_selection *selection, size_t stage);

/**
 * One part of a stage's score.
 * @param selection not NULL
 * @param stage     from 0
 * @param part      from 0, in the order of the funnel
 * @param[in,out] result prepared by smr_part_result_init()
 * @param error     may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT
 * Thread rule: any thread. Complexity: O(1).
 * @since 1.0
 */
SMR_API smr_status smr_selection_part(const smr_selection *selection, size_t stage, size_t part,
                                      smr_part_result *result, smr_error *error);

/**
 * Number of decisions.
 * @param selection NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_selection_row_count(const smr_selection *selection);

/**
 * Region id of every decision.
 * @param selection the selection
 * @return borrowed from the selection, one a row; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *const *smr_selection_regions(const smr_selection *selection);

/**
 * Region name of every decision, the id where there is no name.
 * @param selection the selection
 * @return borrowed from the selection, one a row; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *const *smr_selection_names(const smr_selection *selection);

/**
 * Row of the scorecard of every decision.
 * @param selection the selection
 * @return borrowed from the selection, one a row; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const size_t *smr_selection_card_rows(const smr_selection *selection);

/**
 * Stage of every decision, from 0.
 * @param selection the selection
 * @return borrowed from the selection, one a row; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const uint32_t *smr_selection_stages(const smr_selection *selection);

/**
 * Score of the stage of every decision; NaN: none.
 * @param selection the selection
 * @return borrowed from the selection, one a row; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_selection_scores(const smr_selection *selection);

/**
 * Rank of every decision among the regions of its stage that pass its gates and have a score, 1 is best, ties by the
 * plan's `rank.ties`; NaN: none.
 * @param selection the selection
 * @return borrowed from the selection, one a row; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_selection_ranks(const smr_selection *selection);

/**
 * 1 where the region passes, 0 where it fails, one a decision.
 * @param selection the selection
 * @return borrowed from the selection, one a row; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const uint8_t *smr_selection_passed(const smr_selection *selection);

/** Reasons of decisions, as columns. Filled by smr_selection_reasons(). @since 1.0 */
typedef struct smr_reasons {
    uint32_t size;               /**< sizeof(smr_reasons) of the caller */
    uint32_t reserved;           /**< 0 */
    uint64_t count;              /**< length of the columns, at least one a decision */
    const size_t *rows;          /**< decision, rising */
    const int32_t *codes;        /**< of ::smr_reason */
    const char *const *subjects; /**< NULL: none */
    const double *values;        /**< NaN: none */
    const double *limits;        /**< NaN: none */
} smr_reasons;

/**
 * Prepares a struct to be filled.
 * @param reasons NULL does nothing
 * @param size    `sizeof(smr_reasons)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_reasons_init(smr_reasons *reasons, size_t size);

/**
 * Reasons of all decisions. A region that fails several gates has one for each of them.
 * @param selection not NULL
 * @param[in,out] reasons prepared by smr_reasons_init(); the columns are borrowed from the selection
 * @param error     may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT
 * Thread rule: any thread. Complexity: O(1).
 * @since 1.0
 */
SMR_API smr_status smr_selection_reasons(const smr_selection *selection, smr_reasons *reasons, smr_error *error);

/**
 * The reasons of one decision as a sentence.
 * @param selection the selection
 * @param row       the decision
 * @param language  "vi"; any other, and NULL, is English
 * @param[out] text the caller's buffer; what does not fit is cut at a character, always terminated
 * @param size      its size in bytes; 0: nothing is written
 * @return bytes of the whole sentence, without the terminator; 0 beyond the last decision
 * Thread rule: any thread. Complexity: O(log reasons + length). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_selection_reason_text(const smr_selection *selection, size_t row, const char *language, char *text,
                                         size_t size);

/**
 * Writes the selection as csv, columns `region,stage,score,rank,passed,reason`; `passed` is yes or no. Numbers are the
 * shortest text that reads back to the same double; what there is not is an empty field.
 * @param selection not NULL
 * @param language  of the reasons: "vi"; any other, and NULL, is English
 * @param write     receives the text in pieces
 * @param user      passed to @p write
 * @param error     may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_WRITE, ::SMR_ERROR_MEMORY
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(rows).
 * @since 1.0
 */
SMR_API smr_status smr_selection_write_csv(const smr_selection *selection, const char *language,
                                           smr_write_callback write, void *user, smr_error *error);

/**
 * Writes the selection as json, "smartregion-select/1": the resolved plan, the funnel, what happened at each stage and
 * how its parts were mixed, and the rows as in csv, each with its parts and its reasons as codes.
 * @param selection not NULL
 * @param language  of the reasons: "vi"; any other, and NULL, is English
 * @param write     receives the text in pieces
 * @param user      passed to @p write
 * @param error     may be NULL
 * @return as smr_selection_write_csv()
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(rows x parts).
 * @since 1.0
 */
SMR_API smr_status smr_selection_write_json(const smr_selection *selection, const char *language,
                                            smr_write_callback write, void *user, smr_error *error);

/**
 * Counts one more owner.
 * @param selection NULL is allowed
 * @return @p selection
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API smr_selection *smr_selection_ref(smr_selection *selection);

/**
 * Counts one owner less; the last one frees it.
 * @param selection NULL is allowed
 * Thread rule: any thread. Complexity: O(1), the last O(stages). Errors: none.
 * @since 1.0
 */
SMR_API void smr_selection_unref(smr_selection *selection);

#ifdef __cplusplus
}
#endif

#endif
