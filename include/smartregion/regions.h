/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_REGIONS_H
#define SMARTREGION_REGIONS_H

/** @file
 * The register of regions: what they are called, where they lie, since when and until when they are, and what became of
 * them. Data from different years and offices name the same place differently and keep the boundaries of their time; a
 * register brings them to one name, says what does not fit, and carries merged and split regions over to their
 * successors.
 *
 * A register is a CSV text with the columns
 *
 * | column | what |
 * |---|---|
 * | `region` | the id that results carry |
 * | `name` | for people |
 * | `aliases` | other ids of the same region, separated by a vertical bar |
 * | `parent` | the region it lies in |
 * | `valid_from`, `valid_to` | first and last day, such as 2025-06-30; empty: no limit is known |
 * | `successor` | the region it became part of, or, in several rows of the same region, the regions it was split into |
 * | `share` | of a split: the part that went to this successor; empty where there is one; the shares sum to 1 |
 *
 * Columns other than `region` may be left out. A region that is split has one row a successor; its other fields stand in
 * the first.
 */

#include <smartregion/common.h>
#include <smartregion/dataset.h>
#include <smartregion/framework.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A register. Sealed. @since 1.0 */
typedef struct smr_regions smr_regions;

/**
 * Reads a register from CSV.
 * @param context     NULL: the default context
 * @param read        gives the text
 * @param user        passed to @p read
 * @param source_name for messages; NULL: none
 * @param[out] regions to be given back with smr_regions_unref()
 * @param error       may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_FORMAT, ::SMR_ERROR_DATA (an id or alias that stands twice, a date
 *         that is none, a successor or parent that is not in the register, shares that do not sum to 1, a region that
 *         comes after itself), ::SMR_ERROR_LIMIT, ::SMR_ERROR_READ, ::SMR_ERROR_MEMORY
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(bytes).
 * @since 1.0
 */
SMR_API smr_status smr_regions_read_csv(smr_context *context, smr_read_callback read, void *user,
                                        const char *source_name, smr_regions **regions, smr_error *error);

/**
 * Counts one more owner.
 * @param regions NULL is allowed
 * @return @p regions
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API smr_regions *smr_regions_ref(smr_regions *regions);

/**
 * Counts one owner less; the last one frees it.
 * @param regions NULL is allowed
 * Thread rule: any thread. Complexity: O(1), the last O(regions). Errors: none.
 * @since 1.0
 */
SMR_API void smr_regions_unref(smr_regions *regions);

/**
 * Number of regions.
 * @param regions NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_regions_count(const smr_regions *regions);

/**
 * Id of a region.
 * @param regions the register
 * @param index   from 0
 * @return borrowed from the register; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_regions_id(const smr_regions *regions, size_t index);

/**
 * Name of a region.
 * @param regions the register
 * @param index   from 0
 * @return borrowed from the register; NULL: none, or beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_regions_name(const smr_regions *regions, size_t index);

/**
 * Region of an id or alias, Vietnamese letters composed or not.
 * @param regions the register
 * @param text    an id or alias
 * @return from 0; -1 when there is none
 * Thread rule: any thread. Complexity: O(length). Errors: none.
 * @since 1.0
 */
SMR_API int64_t smr_regions_find(const smr_regions *regions, const char *text);

/** How a register is applied. Start with smr_regions_options_init(). @since 1.0 */
typedef struct smr_regions_options {
    uint32_t size;     /**< sizeof(smr_regions_options) of the caller */
    uint32_t reserved; /**< 0 */
    const char *as_of; /**< carry regions that ended before this day, such as 2025-07-01, over to their successors;
                            NULL (default): leave them as they are */
    const char *by;    /**< weight column of the roll-up, which a split divides; NULL: population */
} smr_regions_options;

/**
 * Writes the defaults.
 * @param options NULL does nothing
 * @param size    `sizeof(smr_regions_options)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_regions_options_init(smr_regions_options *options, size_t size);

/**
 * Brings the regions of a dataset to the register.
 *
 * 1. Ids and aliases become the register's id. A region that the register does not have keeps its id, with a note.
 * 2. Name and parent come from the register where the data have none.
 * 3. A row whose period begins before the region was, or after it had ended, is told as a warning.
 * 4. With `as_of`: a region that ended before that day becomes a part of its successor (its parent, whatever the data
 *    say). One that was split becomes one part a successor, `ID > SUCCESSOR`: there counts that no denominator divides,
 *    denominators and the column `by` are multiplied by the share; all else is copied. In a period in which such a part
 *    has a row the successor's own row speaks of its old boundaries, and becomes the part `ID (until DATE)`.
 *
 * The plan's `rollup` then makes the successors from their parts: means weighted by `by`, sums of counts.
 * @param context   NULL: the default context
 * @param regions   the register
 * @param framework says which columns are counts and denominators; NULL: only `by` is divided by a split
 * @param dataset   the data; unchanged
 * @param options   NULL: all defaults
 * @param[out] applied to be given back with smr_dataset_unref()
 * @param error     may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_DATA (two rows of one region and period, a date that is none, regions
 *         that would lie in themselves), ::SMR_ERROR_MEMORY
 * Thread rule: any thread. Complexity: O(cells).
 * Source: OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 2 (comparable units); SDMX (2021),
 * guidelines on codes that change over time.
 * @since 1.0
 */
SMR_API smr_status smr_regions_apply(smr_context *context, const smr_regions *regions, const smr_framework *framework,
                                     const smr_dataset *dataset, const smr_regions_options *options,
                                     smr_dataset **applied, smr_error *error);

#ifdef __cplusplus
}
#endif

#endif
