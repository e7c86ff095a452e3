/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_BALLOTS_H
#define SMARTREGION_BALLOTS_H

/** @file
 * Ballots of jurors: who placed which region where, and the rules that make one result of them.
 *
 * Only the order of a juror's places counts. Equal places are a tie and share the mean of the places they take. A region
 * that a juror did not place shares the places left behind the others (::SMR_INCOMPLETE_SHARE), or the juror abstains on
 * it (::SMR_INCOMPLETE_ABSTAIN): pairs with it are not compared, and the juror's places are stretched over all regions.
 * With m regions a place is 1 to m, and
 *
 * | rule | result | best | worst |
 * |---|---|---|---|
 * | `borda` | mean over jurors of m - place: points, one for every region that is placed behind, ties half | m - 1 | 0 |
 * | `mean_rank` | mean place | 1 | m |
 * | `median_rank` | median place; of an even number the mean of the middle two | 1 | m |
 * | `copeland` | regions that a majority places behind it, less those that a majority places before it | m - 1 | 1 - m |
 * | `kemeny` | m - place in an order that agrees best with all jurors on all pairs | m - 1 | 0 |
 *
 * A majority is of the jurors who place the two apart. Neighbours in the order of `kemeny` that are level pair by pair
 * share the mean of their places; when there are more orders as good, a warning says so and the first in input order
 * counts.
 */

#include <smartregion/common.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What jurors ranked. Sealed. @since 1.0 */
typedef struct smr_ballots smr_ballots;

/** How ballots become one result. The list only grows. @since 1.0 */
enum smr_ballot_rule {
    SMR_BALLOT_BORDA = 0,       /**< mean points, one for every region that is placed behind, ties half */
    SMR_BALLOT_MEAN_RANK = 1,   /**< mean place */
    SMR_BALLOT_MEDIAN_RANK = 2, /**< median place, of an even number the mean of the middle two */
    SMR_BALLOT_COPELAND = 3,    /**< regions beaten by a majority less regions lost to */
    SMR_BALLOT_KEMENY = 4       /**< the order that agrees best with all ballots, pair by pair */
};

/** What becomes of a region that a juror did not place. @since 1.0 */
enum smr_ballot_incomplete {
    SMR_INCOMPLETE_SHARE = 0,  /**< it shares the places left behind those that the juror placed */
    SMR_INCOMPLETE_ABSTAIN = 1 /**< the juror says nothing about it */
};

/**
 * The name of a rule, for example "borda".
 * @param rule one of ::smr_ballot_rule
 * @return static text; NULL for a number this version does not have
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_ballot_rule_name(int32_t rule);

/**
 * Ballots from arrays: one entry a juror and region.
 * @param context NULL: the default context
 * @param jurors  names, @p count of them
 * @param regions ids of regions, likewise
 * @param places  1 or more, likewise; NaN: this juror did not place this region
 * @param count   at least 1
 * @param[out] ballots to be given back with smr_ballots_unref()
 * @param error   may be NULL; its row is the entry, from 1
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_FORMAT (not UTF-8), ::SMR_ERROR_DATA (an empty name, a place that
 *         is none, a region twice on one ballot), ::SMR_ERROR_LIMIT (jurors times regions beyond 2^24),
 *         ::SMR_ERROR_MEMORY
 * Thread rule: any thread. Complexity: O(count + jurors x regions).
 * @since 1.0
 */
SMR_API smr_status smr_ballots_new(smr_context *context, const char *const *jurors, const char *const *regions,
                                   const double *places, size_t count, smr_ballots **ballots, smr_error *error);

/**
 * Reads ballots from csv with the columns `juror`, `rank` and `region`, in any order; others are not used. An empty
 * rank is a region that the juror did not place.
 * @param context     NULL: the default context
 * @param read        gives the text in pieces
 * @param user        passed to @p read
 * @param source_name for messages, for example the file's name; may be NULL
 * @param[out] ballots to be given back with smr_ballots_unref()
 * @param error       may be NULL; up to 20 errors are told, the further ones to the context's report callback
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_FORMAT, ::SMR_ERROR_DATA (as smr_ballots_new(), with row and
 *         column), ::SMR_ERROR_READ, ::SMR_ERROR_LIMIT, ::SMR_ERROR_MEMORY
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(length + jurors x regions).
 * Source: RFC 4180 for csv.
 * @since 1.0
 */
SMR_API smr_status smr_ballots_read_csv(smr_context *context, smr_read_callback read, void *user,
                                        const char *source_name, smr_ballots **ballots, smr_error *error);

/**
 * Number of jurors.
 * @param ballots NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_ballots_juror_count(const smr_ballots *ballots);

/**
 * Name of a juror.
 * @param ballots the ballots
 * @param juror   from 0, in order of first appearance
 * @return borrowed from the ballots; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_ballots_juror(const smr_ballots *ballots, size_t juror);

/**
 * Number of regions that are named on a ballot.
 * @param ballots NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_ballots_region_count(const smr_ballots *ballots);

/**
 * Id of a region.
 * @param ballots the ballots
 * @param region  from 0, in order of first appearance
 * @return borrowed from the ballots; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_ballots_region(const smr_ballots *ballots, size_t region);

/**
 * Places that a juror gave, as given.
 * @param ballots the ballots
 * @param juror   from 0
 * @return borrowed from the ballots, one a region, NaN: not placed; NULL beyond the last juror
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_ballots_places(const smr_ballots *ballots, size_t juror);

/**
 * The result of all ballots among all regions that are named on one.
 * @param ballots    not NULL
 * @param rule       one of ::smr_ballot_rule
 * @param incomplete one of ::smr_ballot_incomplete
 * @param[out] results the caller's array, one a region; NaN: every juror abstains
 * @param count      length of @p results, must be smr_ballots_region_count()
 * @param error      may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_UNSUPPORTED (too many regions for Kemeny),
 *         ::SMR_ERROR_CANCELLED, ::SMR_ERROR_MEMORY
 * Thread rule: any thread. Complexity: O(jurors x regions log regions), for Copeland and Kemeny O(jurors x regions^2),
 * and for Kemeny the search for the order, exponential in the size of a circle of majorities.
 * Source: Borda (1781); Copeland (1951); Kemeny (1959), Mathematics without numbers; OECD and JRC (2008), Handbook on
 * Constructing Composite Indicators, step 6, for aggregates of ranks.
 * @since 1.0
 */
SMR_API smr_status smr_ballots_results(const smr_ballots *ballots, int32_t rule, int32_t incomplete, double *results,
                                       size_t count, smr_error *error);

/**
 * Counts one more owner.
 * @param ballots NULL is allowed
 * @return @p ballots
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API smr_ballots *smr_ballots_ref(smr_ballots *ballots);

/**
 * Counts one owner less; the last one frees it.
 * @param ballots NULL is allowed
 * Thread rule: any thread. Complexity: O(1), the last O(jurors). Errors: none.
 * @since 1.0
 */
SMR_API void smr_ballots_unref(smr_ballots *ballots);

#ifdef __cplusplus
}
#endif

#endif
