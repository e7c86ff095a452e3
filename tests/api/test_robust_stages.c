/* SPDX-License-Identifier: MIT */
/* Robustness: how often a region passes each stage of a funnel. */
#include "robust_study.h"

static smr_funnel *funnel_of(const char *text) {
    smr_funnel *funnel = NULL;
    smr_error error = unit_error();
    char *json = api_json(text);
    expect_ok(smr_funnel_read(NULL, json, strlen(json), "funnel.json", &funnel, &error), &error);
    free(json);
    return funnel;
}

static double chance(const smr_robust *robust, size_t stage, size_t region) {
    double shares[64];
    smr_error error = unit_error();
    expect_ok(smr_robust_stage_probability(robust, stage, shares, smr_robust_region_count(robust), &error), &error);
    return shares[region];
}

static void expect_share(double found, double exact, double draws) {
    expect_near(found, exact, 4.5 * sqrt(exact * (1 - exact) / draws) + 1e-12);
}

static const char pair[] = "{'id': 'i', 'plan': {'normalise': {'method': 'goalposts', 'range': [0, 100]}}, 'children': ["
                           "{'id': 'x', 'worst': 0, 'best': 100}, {'id': 'y', 'worst': 0, 'best': 100}]}";
static const char pair_csv[] = "region,x,y,marks\nA,80,20,0\nB,50,50,10\nC,20,80,10\nD,90,5,10\n";
static const char uniform_spec[] = "{'factors': [{'id': 'w', 'vary': 'weights', 'distribution': 'uniform'}]}";
/* With w = w_x uniform on (0, 1) the indices are A 20 + 60 w, B 50, C 80 - 60 w, D 5 + 85 w.
 * one: index 40 at least and no criterion below 10 (D never): A above w = 1/3, B always, C below 2/3; the best two of them:
 *   w < 1/3: B, C. 1/3 < w < 1/2: C and B, as A < 50. 1/2 < w < 2/3: A and B, as C < 50. Above: A and B.
 * two: the one with the greater mean of index and marks (0 to 10 is 0 to 100): B (50 + 100)/2; C is ahead below 1/2. */
static const char pair_funnel[] =
    "{'stages': [{'id': 'zero', 'gates': {'index': 40, 'criteria': 10}}, {'id': 'one', 'keep': 2}, "
    "{'id': 'two', 'keep': 1, 'score': {'previous': 0.5, 'marks': {'weight': 0.5, 'scale': [0, 10]}}}]}";

TEST(stages_are_passed_as_often_as_intervals_of_weights_are_long) {
    enum { DRAWS = 200000 };
    static const double exact[3][4] = {{2 / 3.0, 1, 2 / 3.0, 0}, {0.5, 1, 0.5, 0}, {0, 0.5, 0.5, 0}};
    study s = study_make(pair, pair_csv, NULL, uniform_spec);
    smr_funnel *funnel = funnel_of(pair_funnel);
    s.options.funnel = funnel;
    smr_robust *robust = run(&s, DRAWS);
    expect_equal_uint(smr_robust_stage_count(robust), 3);
    expect_text(smr_robust_stage_id(robust, 2), "two");
    expect(smr_robust_stage_id(robust, 3) == NULL);
    for (size_t stage = 0; stage < 3; stage++) {
        for (size_t region = 0; region < 4; region++) {
            expect_share(chance(robust, stage, region), exact[stage][region], DRAWS);
        }
    }
    /* Keeping n by the index alone is a rank of n or better. */
    smr_funnel_unref(funnel);
    funnel = funnel_of("{'stages': [{'id': 'b', 'keep': 2}, {'id': 'a', 'keep': 1}]}");
    s.options.funnel = funnel;
    smr_robust *plain = run(&s, 4096);
    for (size_t region = 0; region < 4; region++) {
        expect_near(chance(plain, 0, region), value(plain, SMR_ROBUST_RANK_TOP, 2, 0, region), 0);
        expect_near(chance(plain, 1, region), value(plain, SMR_ROBUST_RANK_TOP, 1, 0, region), 0);
    }
    smr_robust_unref(plain);
    smr_robust_unref(robust);
    smr_funnel_unref(funnel);
    study_free(&s);
}

/* The index of an alternative has a range of its own, and the marks are mixed on that. */
TEST(marks_are_mixed_on_the_range_of_the_alternative) {
    study s = study_make(pair, "region,x,y,marks\nA,80,20,10\nB,50,50,4\nC,20,80,0\n", NULL,
                         "{'factors': [{'id': 'n', 'vary': 'normalise', 'alternatives': [{'method': 'goalposts', "
                         "'range': [0, 100]}, {'method': 'goalposts', 'range': [0, 1]}]}]}");
    smr_funnel *funnel = funnel_of("{'stages': [{'id': 'm', 'gates': {'score': 0.6}, 'score': {'index': 0.5, 'marks': "
                                   "{'weight': 0.5, 'scale': [0, 10]}}}]}");
    s.options.funnel = funnel;
    smr_robust *robust = run(&s, 2000);
    uint64_t draws = 0;
    expect_equal_int(smr_robust_alternative(robust, 0, 0, &draws, NULL), 1);
    /* All indices are the middle. On 0 to 100 scores are 75, 45 and 25; on 0 to 1 they are 0.75, 0.45 and 0.25. */
    expect_near(chance(robust, 0, 0), 1, 0);
    expect_near(chance(robust, 0, 1), (double)draws / 2000, 0);
    expect_near(chance(robust, 0, 2), (double)draws / 2000, 0);
    smr_robust_unref(robust);
    smr_funnel_unref(funnel);
    study_free(&s);
}

static const char jury_csv[] = "juror,rank,region\nj,1,D\nj,2,A\nj,3,B\nk,1,D\nk,2,C\n";

static smr_ballots *jury_of(const char *text) {
    smr_ballots *ballots = NULL;
    smr_error error = unit_error();
    api_source source = {text, strlen(text), 7, 0};
    expect_ok(smr_ballots_read_csv(NULL, api_source_read, &source, "jury.csv", &ballots, &error), &error);
    return ballots;
}

TEST(stages_of_ranges_merge_to_the_same_bytes) {
    study s = study_make(pair, pair_csv, NULL,
                         "{'factors': [{'id': 'w', 'vary': 'weights', 'distribution': 'uniform'}, {'vary': "
                         "'aggregate.method', 'alternatives': ['arithmetic', 'median']}, {'vary': 'data', "
                         "'relative_sd': 0.2}]}");
    smr_funnel *funnel = funnel_of("{'stages': [{'id': 'one', 'keep': 3, 'gates': {'nodes': {'x': 15}}}, {'id': 'two', "
                                   "'keep': 1, 'score': {'previous': 0.3, 'ballots': 0.7}}]}");
    smr_ballots *jury = jury_of(jury_csv);
    const smr_ballots *const of_stages[] = {NULL, jury};
    s.options.funnel = funnel;
    s.options.ballots = of_stages;
    s.options.ballot_count = 2;
    smr_robust *whole = run(&s, 3000), *read = NULL, *merged = NULL;
    for (uint32_t threads = 2; threads <= 8; threads += 6) {
        smr_context *context = api_context(threads, NULL);
        smr_robust *other = run_in(context, &s, 0, 3000);
        expect_same(whole, other);
        smr_robust_unref(other);
        smr_context_unref(context);
    }
    smr_robust *low = run_in(NULL, &s, 0, 1001), *high = run_in(NULL, &s, 1001, 1999);
    smr_error error = unit_error();
    api_text bytes = part_of(low);
    expect_ok(smr_robust_read_part(NULL, s.world.framework, s.world.dataset, s.world.plan, s.spec, bytes.bytes,
                                   bytes.length, &read, &error), &error);
    const smr_robust *const parts[] = {high, read};
    expect_ok(smr_robust_merge(NULL, parts, 2, &merged, &error), &error);
    expect_same(whole, merged);
    double sum = 0;
    for (size_t region = 0; region < 4; region++) {
        sum += chance(merged, 1, region);
        expect(chance(merged, 1, region) <= chance(merged, 0, region));
    }
    expect_near(sum, 1, 1e-12); /* one winner a draw: nothing ties */
    /* every cut of the bytes is refused */
    for (size_t length = 0; length < bytes.length; length++) {
        smr_robust *none = NULL;
        expect(smr_robust_read_part(NULL, s.world.framework, s.world.dataset, s.world.plan, s.spec, bytes.bytes, length,
                                    &none, &error) != SMR_OK);
        length += length > 300 && length + 300 < bytes.length ? 97 : 0;
    }
    bytes.bytes[bytes.length - 1] ^= 0x7f; /* the count of the last region: more draws than there are */
    smr_robust *spoilt = NULL;
    expect_fails(smr_robust_read_part(NULL, s.world.framework, s.world.dataset, s.world.plan, s.spec, bytes.bytes,
                                      bytes.length, &spoilt, &error), &error, SMR_MESSAGE_ROBUST_BYTES);
    /* other ballots, other gates or no funnel are another study */
    static const char other_jury[] = "juror,rank,region\nj,1,D\nj,2,A\nj,3,B\nk,1,C\nk,2,D\n";
    smr_ballots *others = jury_of(other_jury);
    const smr_ballots *const of_others[] = {NULL, others};
    smr_robust *none = NULL;
    s.options.ballots = of_others;
    smr_robust *differs = run_in(NULL, &s, 1001, 10);
    expect_fails(smr_robust_merge(NULL, (const smr_robust *const[]){low, differs}, 2, &none, &error), &error,
                 SMR_MESSAGE_ROBUST_PART_DIFFERS);
    smr_robust_unref(differs);
    s.options.funnel = NULL;
    s.options.ballots = NULL;
    s.options.ballot_count = 0;
    differs = run_in(NULL, &s, 1001, 10);
    expect_fails(smr_robust_merge(NULL, (const smr_robust *const[]){low, differs}, 2, &none, &error), &error,
                 SMR_MESSAGE_ROBUST_PART_DIFFERS);
    expect_equal_uint(smr_robust_stage_count(differs), 0);
    smr_robust_unref(differs);
    api_text_free(&bytes);
    smr_ballots_unref(others);
    smr_ballots_unref(jury);
    smr_robust_unref(merged);
    smr_robust_unref(read);
    smr_robust_unref(low);
    smr_robust_unref(high);
    smr_robust_unref(whole);
    smr_funnel_unref(funnel);
    study_free(&s);
}

/* Ranks, their json and their bytes are those without a funnel; only the stages come on top. */
TEST(a_funnel_changes_nothing_else) {
    study s = study_make(pair, pair_csv, NULL, uniform_spec);
    smr_robust *without = run(&s, 500);
    smr_funnel *funnel = funnel_of(pair_funnel);
    s.options.funnel = funnel;
    smr_robust *with = run(&s, 500);
    api_text a = part_of(without), b = part_of(with);
    expect_bytes(a.bytes, "smrrb001", 8);
    expect_bytes(b.bytes, "smrrb002", 8);
    expect(b.length > a.length);
    expect_bytes(b.bytes + 8, a.bytes + 8, a.length - 8);
    api_text_free(&a);
    api_text_free(&b);
    smr_robust_unref(without);
    smr_robust_unref(with);
    smr_funnel_unref(funnel);
    study_free(&s);
}

static void refused_funnel(const char *csv, int32_t nodes, const char *plan, const char *spec, const char *text,
                           int32_t code) {
    study s = study_make(pair, csv, plan, spec);
    smr_funnel *funnel = funnel_of(text);
    smr_robust *robust = NULL;
    smr_error error = unit_error();
    s.options.funnel = funnel;
    s.options.nodes = nodes;
    s.options.draws = 10;
    expect_fails(smr_robust_run(NULL, s.world.framework, s.world.dataset, s.world.plan, s.spec, &s.options, &robust,
                                &error), &error, code);
    expect(robust == NULL);
    smr_funnel_unref(funnel);
    study_free(&s);
}

/* An alternative that ranks the lowest index first has no best regions for a funnel: its draws fail, and are counted. */
TEST(draws_whose_funnel_fails_are_counted) {
    study s = study_make(pair, "region,x,y\nA,80,70\nB,50,50\nC,20,10\n", NULL,
                         "{'factors': [{'id': 'm', 'vary': 'aggregate.method', 'alternatives': ['arithmetic', "
                         "'wroclaw']}]}");
    smr_funnel *funnel = funnel_of("{'stages': [{'id': 'a', 'keep': 2}, {'id': 'b', 'gates': {'index': 60}}]}");
    s.options.funnel = funnel;
    smr_robust *robust = run(&s, 1000);
    smr_robust_failure failure;
    smr_robust_failure_init(&failure, sizeof failure);
    smr_error error = unit_error();
    uint64_t draws = 0, failed = 0;
    expect_equal_int(smr_robust_alternative(robust, 0, 0, NULL, &failed), 1);
    expect_equal_uint(failed, 0);
    expect_equal_int(smr_robust_alternative(robust, 0, 1, &draws, &failed), 1);
    expect(draws > 400 && draws == failed);
    expect_equal_uint(smr_robust_failed_count(robust), failed);
    expect_ok(smr_robust_failure_get(robust, 0, &failure, &error), &error);
    expect_equal_int(failure.code, SMR_MESSAGE_SELECT_LOWEST_FIRST);
    expect_near(value(robust, SMR_ROBUST_RANK_TOP, 1, 0, 0), 1, 0);
    static const double exact[2][3] = {{1, 1, 0}, {1, 0, 0}};
    for (size_t stage = 0; stage < 2; stage++) {
        for (size_t region = 0; region < 3; region++) {
            expect_near(chance(robust, stage, region), exact[stage][region], 0);
        }
    }
    smr_robust_unref(robust);
    smr_funnel_unref(funnel);
    study_free(&s);
}

TEST(funnels_that_draws_cannot_run_are_refused) {
    refused_funnel(pair_csv, SMR_ROBUST_INDEX, NULL, uniform_spec, pair_funnel, SMR_MESSAGE_ROBUST_STAGE_NODE);
    refused_funnel("region,period,x,y\nA,2019,1,2\nA,2020,2,1\nB,2020,3,3\n", SMR_ROBUST_CRITERIA, NULL, uniform_spec,
                   "{'eligible': {'max_age_years': 3, 'age_column': 'period'}, 'stages': [{'id': 'a', 'keep': 1}]}",
                   SMR_MESSAGE_ROBUST_STAGE_PERIOD);
    refused_funnel(pair_csv, SMR_ROBUST_CRITERIA, NULL, uniform_spec,
                   "{'stages': [{'id': 'a', 'keep': 1, 'score': {'lost': 1}}]}", SMR_MESSAGE_SELECT_NAME_UNKNOWN);
    refused_funnel(pair_csv, SMR_ROBUST_CRITERIA, NULL, uniform_spec,
                   "{'stages': [{'id': 'a', 'keep': 1, 'score': {'ballots': 1}}]}", SMR_MESSAGE_SELECT_BALLOTS_MISSING);
}

static const unit_test tests[] = {
    UNIT(stages_are_passed_as_often_as_intervals_of_weights_are_long),
    UNIT(marks_are_mixed_on_the_range_of_the_alternative),
    UNIT(stages_of_ranges_merge_to_the_same_bytes),
    UNIT(a_funnel_changes_nothing_else),
    UNIT(draws_whose_funnel_fails_are_counted),
    UNIT(funnels_that_draws_cannot_run_are_refused),
};
UNIT_SUITE(robust_stages, tests)
