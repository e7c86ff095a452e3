/* SPDX-License-Identifier: MIT */
/* Ballots by every rule, against counting by hand and against every order there is. */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "study/select_impl.h"

enum { JURORS = 5, REGIONS = 6 };

typedef struct world {
    double places[JURORS * REGIONS];
    double ranks[JURORS * REGIONS];
    smri_record records[REGIONS];
    smri_jury jury;
} world;

static void make_world(world *w, uint32_t jurors, uint32_t regions, int32_t rule, int32_t incomplete)
{
    w->jury = (smri_jury){w->places, jurors, regions, rule, incomplete};
}

static void results(world *w, const uint32_t *members, uint32_t count, double *found, smri_jury_told *told)
{
    const smri_jury_work work = {w->ranks, w->records};
    smr_error error = unit_error();
    expect_ok(smri_jury_results(smri_context(unit_context()), &w->jury, members, count, &work, found, told, &error),
              &error);
}

static const uint32_t all[REGIONS] = {0, 1, 2, 3, 4, 5};

TEST(records_are_sorted)
{
    enum { MOST = 40 };
    smri_record records[MOST];
    uint64_t state = 5;
    for (uint32_t count = 0; count <= MOST; count++) {
        for (uint32_t i = 0; i < count; i++) {
            records[i] = (smri_record){floor(8 * unit_random_unit(&state)), i};
        }
        smri_records_sort(records, count);
        uint64_t seen = 0;
        for (uint32_t i = 0; i < count; i++) {
            seen |= UINT64_C(1) << records[i].index;
            expect(i == 0 || records[i - 1].value > records[i].value ||
                   (records[i - 1].value == records[i].value && records[i - 1].index < records[i].index));
        }
        expect(seen == (UINT64_C(1) << count) - 1);
    }
}

/* Three jurors on A B C: 1 2 3, 1 1 3 and only B. */
TEST(places_by_hand)
{
    world w = {.places = {1, 2, 3, 1, 1, 3, NAN, 1, NAN}};
    double found[REGIONS];
    static const double share[][3] = {
        [SMR_BALLOT_BORDA] = {3 - (1 + 1.5 + 2.5) / 3, 3 - (2 + 1.5 + 1) / 3, 3 - (3 + 3 + 2.5) / 3},
        [SMR_BALLOT_MEAN_RANK] = {(1 + 1.5 + 2.5) / 3, (2 + 1.5 + 1) / 3, (3 + 3 + 2.5) / 3},
        [SMR_BALLOT_MEDIAN_RANK] = {1.5, 1.5, 3},
        [SMR_BALLOT_COPELAND] = {1, 1, -2},
        [SMR_BALLOT_KEMENY] = {1.5, 1.5, 0},
    };
    /* the third juror says nothing: B's only place of one is stretched to the middle, 2 */
    static const double abstain[][3] = {
        [SMR_BALLOT_BORDA] = {3 - 1.25, 3 - (2 + 1.5 + 2) / 3, 0},
        [SMR_BALLOT_MEAN_RANK] = {1.25, (2 + 1.5 + 2) / 3, 3},
        [SMR_BALLOT_MEDIAN_RANK] = {1.25, 2, 3},
        [SMR_BALLOT_COPELAND] = {2, 0, -2},
        [SMR_BALLOT_KEMENY] = {2, 1, 0},
    };
    for (int32_t rule = SMR_BALLOT_BORDA; rule <= SMR_BALLOT_KEMENY; rule++) {
        for (int32_t incomplete = SMR_INCOMPLETE_SHARE; incomplete <= SMR_INCOMPLETE_ABSTAIN; incomplete++) {
            make_world(&w, 3, 3, rule, incomplete);
            results(&w, all, 3, found, NULL);
            for (uint32_t i = 0; i < 3; i++) {
                expect_near(found[i], (incomplete == SMR_INCOMPLETE_SHARE ? share : abstain)[rule][i], 1e-15);
            }
        }
    }
}

/* A region that is out does not influence the others: it is as if it had not been on the ballots. */
TEST(only_members_count)
{
    world w = {.places = {1, 2, 3, 4, 2, 1, 3, 4, 4, 3, 2, 1}};
    static const uint32_t members[] = {0, 1, 3};
    double found[REGIONS];
    make_world(&w, 3, 4, SMR_BALLOT_BORDA, SMR_INCOMPLETE_SHARE);
    results(&w, members, 3, found, NULL);
    expect_near(found[0], (2 + 1 + 0) / 3.0, 1e-15);
    expect_near(found[1], (1 + 2 + 1) / 3.0, 1e-15);
    expect_near(found[2], (0 + 0 + 2) / 3.0, 1e-15);
}

TEST(nobody_and_one)
{
    world w = {.places = {NAN, 1, 2, NAN, 2, 1}};
    double found[REGIONS];
    for (int32_t rule = SMR_BALLOT_BORDA; rule <= SMR_BALLOT_KEMENY; rule++) {
        make_world(&w, 2, 3, rule, SMR_INCOMPLETE_ABSTAIN);
        results(&w, all, 0, found, NULL);
        results(&w, all + 1, 1, found, NULL);
        double worst, best;
        smri_jury_bounds(rule, 1, &worst, &best);
        expect(worst == best);
        expect_near(found[0], best, 0);
        /* every juror abstains on the first */
        results(&w, all, 3, found, NULL);
        expect_nan(found[0]);
        expect(found[1] == found[1] && found[2] == found[2]);
    }
}

/* Four equal sums in another order are the same number: means are of exact sums. */
TEST(equal_means_tie)
{
    world w = {.places = {1, 2, 3, 4, 5, 6, 2, 3, 4, 5, 6, 1, 3, 1, 2, 6, 4, 5, NAN, 1, 2, 3, 4, NAN}};
    double found[REGIONS];
    make_world(&w, 4, 6, SMR_BALLOT_MEAN_RANK, SMR_INCOMPLETE_ABSTAIN);
    double expected[REGIONS];
    results(&w, all, 6, expected, NULL);
    /* jurors in another order */
    for (uint32_t i = 0; i < 6; i++) {
        const double first = w.places[i];
        w.places[i] = w.places[18 + i];
        w.places[18 + i] = first;
    }
    results(&w, all, 6, found, NULL);
    for (uint32_t i = 0; i < 6; i++) {
        expect_same_bits(found[i], expected[i]);
    }
}

/* ---- kemeny against every order ---- */

static double pair(const world *w, uint32_t a, uint32_t b)
{
    double net = 0;
    for (uint32_t juror = 0; juror < w->jury.jurors; juror++) {
        const double x = w->places[juror * w->jury.stride + a], y = w->places[juror * w->jury.stride + b];
        const double placed = HUGE_VAL, p = x == x ? x : placed, q = y == y ? y : placed;
        net += (p < q) - (p > q);
    }
    return net;
}

/* The greatest agreement of an order of the regions in `left`, appended to `order` so far. */
static double best_of(const world *w, uint32_t n, unsigned left)
{
    double best = left == 0 ? 0 : -HUGE_VAL;
    for (uint32_t first = 0; first < n; first++) {
        if (!(left >> first & 1)) {
            continue;
        }
        double agreement = 0;
        for (uint32_t other = 0; other < n; other++) {
            agreement += other != first && (left >> other & 1) ? pair(w, first, other) : 0;
        }
        best = fmax(best, agreement + best_of(w, n, left & ~(1U << first)));
    }
    return best;
}

/* Agreement of the order that the points tell; pairs that share points are level. */
static double agreement_of(const world *w, uint32_t n, const double *points)
{
    double agreement = 0;
    for (uint32_t a = 0; a < n; a++) {
        for (uint32_t b = 0; b < n; b++) {
            agreement += points[a] > points[b] ? pair(w, a, b) : 0;
            expect(a == b || points[a] != points[b] || pair(w, a, b) == 0);
        }
    }
    return agreement;
}

TEST(kemeny_agrees_best)
{
    uint64_t state = 11;
    double found[REGIONS];
    smri_jury_told told;
    for (int trial = 0; trial < 300; trial++) {
        world w;
        const uint32_t n = 2 + (uint32_t)trial % 5, jurors = 1 + (uint32_t)trial % JURORS;
        for (uint32_t i = 0; i < jurors * n; i++) {
            const double place = 1 + floor(n * unit_random_unit(&state));
            w.places[i] = unit_random_unit(&state) < 0.15 ? NAN : place;
        }
        make_world(&w, jurors, n, SMR_BALLOT_KEMENY, SMR_INCOMPLETE_SHARE);
        results(&w, all, n, found, &told);
        expect(told.proven && told.orders >= 1);
        expect_near(agreement_of(&w, n, found), best_of(&w, n, (1U << n) - 1), 0);
    }
}

static const unit_test tests[] = {
    UNIT(records_are_sorted), UNIT(places_by_hand),  UNIT(only_members_count),
    UNIT(nobody_and_one),     UNIT(equal_means_tie), UNIT(kemeny_agrees_best),
};
UNIT_SUITE(select_jury, tests)
