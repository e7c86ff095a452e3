/* SPDX-License-Identifier: MIT */
/* ballots.h: a jury of three, one tie and one region not placed, by every rule. */
#include <smartregion/smartregion.h>

#include "example.h"

enum { ENTRIES = 8, REGIONS = 3 };

int main(void) {
    static const char *const jurors[ENTRIES] = {"first", "first", "first", "second", "second", "second", "third", "third"};
    static const char *const regions[ENTRIES] = {"North", "South", "East", "North", "South", "East", "South", "East"};
    static const double places[ENTRIES] = {1, 2, 3, 1, 1, 3, 1, 2};
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_ballots *ballots = NULL;
    if (smr_ballots_new(NULL, jurors, regions, places, ENTRIES, &ballots, &error)) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    int holds = smr_ballots_region_count(ballots) == REGIONS;
    for (int32_t rule = SMR_BALLOT_BORDA; holds && rule <= SMR_BALLOT_KEMENY; rule++) {
        double results[REGIONS];
        holds = !smr_ballots_results(ballots, rule, SMR_INCOMPLETE_SHARE, results, REGIONS, &error);
        printf("%-12s", smr_ballot_rule_name(rule));
        for (size_t i = 0; i < REGIONS; i++)
            printf("  %s %.3f", smr_ballots_region(ballots, i), results[i]);
        printf("\n");
        /* South is never behind; of mean and median rank the least is best. */
        int least_is_best = rule == SMR_BALLOT_MEAN_RANK || rule == SMR_BALLOT_MEDIAN_RANK;
        for (size_t i = 0; i < REGIONS; i++)
            holds = holds && (least_is_best ? results[1] <= results[i] : results[1] >= results[i]);
    }
    smr_ballots_unref(ballots);
    return holds ? 0 : 1;
}
