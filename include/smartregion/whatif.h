/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_WHATIF_H
#define SMARTREGION_WHATIF_H

/** @file
 * What if: raw values of one or several regions are changed, and all regions are scored again with the same model.
 * Nothing is fitted anew: bounds, means, limits and weights that came from the data stay as they are, so that the
 * difference is the change's alone.
 *
 * A change is written as a text:
 *
 * | text | the value becomes |
 * |---|---|
 * | `12.5` or `=12.5` | 12.5 |
 * | `=-3` | -3; a sign without `=` is relative |
 * | `+3`, `-3` | 3 more, 3 less |
 * | `+5%`, `-5%` | 5 hundredths of the value more, less: x + x 5/100 |
 * | `NA` (or another word for missing, or nothing) | missing |
 */

#include <smartregion/common.h>
#include <smartregion/dataset.h>
#include <smartregion/funnel.h>
#include <smartregion/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Changes to raw values, gathered one by one. A builder. @since 1.0 */
typedef struct smr_changes smr_changes;

/** What a change does with its number. @since 1.0 */
enum smr_change_kind {
    SMR_CHANGE_SET = 0,    /**< the value becomes the number; NaN: missing */
    SMR_CHANGE_ADD = 1,    /**< the number is added */
    SMR_CHANGE_PERCENT = 2 /**< as many hundredths of the value are added */
};

/**
 * Makes an empty list of changes.
 * @param context NULL: the default context
 * @param[out] changes to be given back with smr_changes_free()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_MEMORY
 * Thread rule: any thread. Complexity: O(1).
 * @since 1.0
 */
SMR_API smr_status smr_changes_new(smr_context *context, smr_changes **changes, smr_error *error);

/**
 * Frees a list of changes.
 * @param changes NULL is allowed
 * Thread rule: one thread at a time. Complexity: O(changes). Errors: none.
 * @since 1.0
 */
SMR_API void smr_changes_free(smr_changes *changes);

/**
 * Adds a change. Ids are looked up when the changes are applied.
 * @param changes not NULL
 * @param region  id of the region; copied
 * @param column  id of an indicator, or of a denominator; copied
 * @param kind    one of ::smr_change_kind
 * @param value   finite, or NaN with ::SMR_CHANGE_SET
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_MEMORY
 * Thread rule: one thread at a time. Complexity: O(1).
 * @since 1.0
 */
SMR_API smr_status smr_changes_add(smr_changes *changes, const char *region, const char *column, int32_t kind,
                                   double value, smr_error *error);

/**
 * Adds a change that is written as a text, such as "+5%".
 * @param changes not NULL
 * @param region  id of the region; copied
 * @param column  id of an indicator, or of a denominator; copied
 * @param text    as the table above says; numbers are plain (1234.5)
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_DATA (not such a text), ::SMR_ERROR_MEMORY
 * Thread rule: one thread at a time. Complexity: O(length).
 * @since 1.0
 */
SMR_API smr_status smr_changes_add_text(smr_changes *changes, const char *region, const char *column,
                                        const char *text, smr_error *error);

/**
 * Adds changes from CSV with the columns `region`, `indicator` and `change`, in any order; others are left alone.
 * Nothing is added when there is an error; up to 20 of them are told, the first in @p error.
 * @param changes     not NULL
 * @param read        gives the text
 * @param user        passed to @p read
 * @param source_name for messages, for example the file's name; may be NULL
 * @param error       may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_FORMAT, ::SMR_ERROR_DATA, ::SMR_ERROR_READ, ::SMR_ERROR_LIMIT,
 *         ::SMR_ERROR_MEMORY
 * Thread rule: one thread at a time. Complexity: O(length).
 * Source: RFC 4180 for the shape of the text.
 * @since 1.0
 */
SMR_API smr_status smr_changes_read_csv(smr_changes *changes, smr_read_callback read, void *user,
                                        const char *source_name, smr_error *error);

/** How changes are looked at. Start with smr_whatif_options_init(). @since 1.0 */
typedef struct smr_whatif_options {
    uint32_t size;      /**< sizeof(smr_whatif_options) of the caller */
    int32_t all;        /**< 1: rows of every region at every node, moved or not; default 0 */
    const char *period; /**< the period whose values are changed and compared; NULL (default): the latest */
    /** the stages that regions pass before and after are told; stages that count ballots are refused; NULL (default):
     * none */
    const smr_funnel *funnel;
} smr_whatif_options;

/**
 * Writes the defaults.
 * @param options NULL does nothing
 * @param size    `sizeof(smr_whatif_options)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_whatif_options_init(smr_whatif_options *options, size_t size);

/** Scores and ranks before and after. Sealed. @since 1.0 */
typedef struct smr_whatif smr_whatif;

/**
 * Applies changes to a copy of the data and scores both with the same model.
 *
 * Rows of the result, regions in the order of the data and nodes in that of the tree: of a changed region the index,
 * and every node whose score or rank moved; of every other region the index when its rank moved, or the stage that it
 * gets to in smr_whatif_options.funnel (smr_select_run() with the data as they are, and as changed). Where the plan rolls
 * regions up, the changed region is the one that the result is about.
 * @param context NULL: the default context
 * @param model   how the scores are made
 * @param dataset the unchanged data; it need not be the one that the model was fitted on
 * @param changes one change at least, no cell twice
 * @param options NULL: all defaults
 * @param[out] whatif to be given back with smr_whatif_unref()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT (no change), ::SMR_ERROR_NOT_FOUND (period), ::SMR_ERROR_DATA (an unknown region
 *         or column, a relative change of what is missing, a value that the kind of its indicator does not allow, a
 *         cell changed twice), ::SMR_ERROR_CANCELLED, ::SMR_ERROR_MEMORY, and as smr_model_score() and, with a funnel,
 *         smr_select_run()
 * Thread rule: any thread. Complexity: twice that of smr_model_score(), and O(rows log rows x nodes) for the ranks.
 * Source: OECD and JRC (2008), Handbook on Constructing Composite Indicators: Methodology and User Guide, step 8 (back
 * to the data).
 * @since 1.0
 */
SMR_API smr_status smr_whatif_run(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                                  const smr_changes *changes, const smr_whatif_options *options, smr_whatif **whatif,
                                  smr_error *error);

/**
 * Counts one more owner.
 * @param whatif NULL is allowed
 * @return @p whatif
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API smr_whatif *smr_whatif_ref(smr_whatif *whatif);

/**
 * Counts one owner less; the last one frees it.
 * @param whatif NULL is allowed
 * Thread rule: any thread. Complexity: O(1), the last O(rows). Errors: none.
 * @since 1.0
 */
SMR_API void smr_whatif_unref(smr_whatif *whatif);

/**
 * Number of changed values.
 * @param whatif NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_whatif_change_count(const smr_whatif *whatif);

/**
 * Region of each changed value.
 * @param whatif the result
 * @return borrowed from the result, one id a change; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *const *smr_whatif_change_regions(const smr_whatif *whatif);

/**
 * Indicator or denominator of each changed value.
 * @param whatif the result
 * @return borrowed from the result, one id a change; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *const *smr_whatif_change_columns(const smr_whatif *whatif);

/**
 * Each changed value as it was.
 * @param whatif the result
 * @return borrowed from the result, one a change, NaN: missing; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_whatif_change_from(const smr_whatif *whatif);

/**
 * Each changed value as it is now.
 * @param whatif the result
 * @return borrowed from the result, one a change, NaN: missing; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_whatif_change_to(const smr_whatif *whatif);

/**
 * Number of rows.
 * @param whatif NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_whatif_row_count(const smr_whatif *whatif);

/**
 * Region of each row.
 * @param whatif the result
 * @return borrowed from the result, one id a row; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *const *smr_whatif_regions(const smr_whatif *whatif);

/**
 * Node of each row.
 * @param whatif the result
 * @return borrowed from the result, one id a row; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *const *smr_whatif_nodes(const smr_whatif *whatif);

/**
 * Score of each row with the unchanged data.
 * @param whatif the result
 * @return borrowed from the result, one a row, NaN: not computed; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_whatif_scores_before(const smr_whatif *whatif);

/**
 * Score of each row with the changed data.
 * @param whatif the result
 * @return borrowed from the result, one a row, NaN: not computed; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_whatif_scores_after(const smr_whatif *whatif);

/**
 * Rank of each row with the unchanged data, within the period.
 * @param whatif the result
 * @return borrowed from the result, one a row, NaN: no rank; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_whatif_ranks_before(const smr_whatif *whatif);

/**
 * Rank of each row with the changed data, within the period.
 * @param whatif the result
 * @return borrowed from the result, one a row, NaN: no rank; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_whatif_ranks_after(const smr_whatif *whatif);

/**
 * Last stage of the funnel that the region of each row passes with the unchanged data, in rows of the index.
 * @param whatif the result
 * @return borrowed from the result, one id a row, NULL: none passed, or no row of the index; NULL for NULL, and where no
 *         funnel was asked for
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *const *smr_whatif_stages_before(const smr_whatif *whatif);

/**
 * Last stage of the funnel that the region of each row passes with the changed data, in rows of the index.
 * @param whatif the result
 * @return as smr_whatif_stages_before()
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *const *smr_whatif_stages_after(const smr_whatif *whatif);

/**
 * Writes the rows as csv, columns `region,node,score_before,score_after,rank_before,rank_after`, with a funnel also
 * `stage_before,stage_after`. Numbers are the shortest text that reads back to the same double.
 * @param whatif not NULL
 * @param write  receives the text in pieces
 * @param user   passed to @p write
 * @param error  may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_WRITE
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(rows).
 * @since 1.0
 */
SMR_API smr_status smr_whatif_write_csv(const smr_whatif *whatif, smr_write_callback write, void *user,
                                        smr_error *error);

/**
 * Writes the result as json, "smartregion-whatif/1", with the resolved plan, the period, the changes as `changes`, and
 * rows as in csv.
 * @param whatif not NULL
 * @param write  receives the text in pieces
 * @param user   passed to @p write
 * @param error  may be NULL
 * @return as smr_whatif_write_csv()
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(rows).
 * @since 1.0
 */
SMR_API smr_status smr_whatif_write_json(const smr_whatif *whatif, smr_write_callback write, void *user,
                                         smr_error *error);

#ifdef __cplusplus
}
#endif

#endif
