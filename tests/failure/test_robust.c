/* SPDX-License-Identifier: MIT */
/* Every allocation fails once while draws are run each way, merged, written and read. */
#include "worlds.h"

static failure_nouns nouns;
static const char *spec_text;
static uint32_t outputs, exact;
static const char *funnel_text, *jury_text; /* NULL: none */

typedef struct bytes {
    char text[400000];
    size_t length;
} bytes;

static bytes part_bytes;

static int32_t keep_bytes(const void *piece, size_t length, void *user) {
    bytes *b = user;
    if (length > sizeof b->text - b->length) {
        return 1;
    }
    memcpy(b->text + b->length, piece, length);
    b->length += length;
    return 0;
}

static smr_status draw(failure_run *run) {
    smr_uncertainty *spec = NULL;
    smr_robust *low = NULL, *high = NULL, *read = NULL, *merged = NULL;
    smr_funnel *funnel = NULL;
    smr_ballots *jury = NULL;
    smr_status status = SMR_OK;
    smr_robust_options options;
    smr_robust_options_init(&options, sizeof options);
    options.draws = 2;
    options.outputs = outputs;
    options.exact_bounds = exact;
    part_bytes.length = 0;
    if (funnel_text) {
        const char *json = failure_text(funnel_text);
        STEP_MAKING(funnel, smr_funnel_read(run->context, json, strlen(json), "f.json", &funnel, &run->error));
        failure_source source = {failure_text(jury_text), 0};
        STEP_MAKING(jury, smr_ballots_read_csv(run->context, failure_source_read, &source, "jury", &jury, &run->error));
    }
    const smr_ballots *const ballots[] = {NULL, jury};
    options.funnel = funnel;
    options.ballots = funnel ? ballots : NULL;
    options.ballot_count = funnel ? 2 : 0;
    const char *text = failure_text(spec_text);
    STEP_MAKING(spec, smr_uncertainty_read(run->context, text, strlen(text), "s.json", &spec, &run->error));
    STEP_MAKING(low, smr_robust_run(run->context, nouns.framework, nouns.dataset, nouns.plan, spec, &options, &low,
                                    &run->error));
    options.first_draw = 2;
    STEP_MAKING(high, smr_robust_run(run->context, nouns.framework, nouns.dataset, nouns.plan, spec, &options, &high,
                                     &run->error));
    STEP(smr_robust_write_part(high, keep_bytes, &part_bytes, &run->error));
    STEP_MAKING(read, smr_robust_read_part(run->context, nouns.framework, nouns.dataset, nouns.plan, spec,
                                           part_bytes.text, part_bytes.length, &read, &run->error));
    const smr_robust *const parts[] = {read, low};
    STEP_MAKING(merged, smr_robust_merge(run->context, parts, 2, &merged, &run->error));
    STEP(smr_robust_write_csv(merged, failure_discard, NULL, &run->error));
    STEP(smr_robust_write_json(merged, failure_discard, NULL, &run->error));
    smr_robust_unref(merged);
    smr_robust_unref(read);
    smr_robust_unref(high);
    smr_robust_unref(low);
    smr_uncertainty_unref(spec);
    smr_ballots_unref(jury);
    smr_funnel_unref(funnel);
    return status;
}

static void sweep(const char *plan, const char *spec, uint32_t wanted) {
    size_t runs;
    nouns = failure_nouns_make(failure_framework_json, failure_wide, plan);
    spec_text = spec;
    outputs = wanted;
    expect_equal_uint(failure_sweep(spec, draw, &runs), 0);
    expect(runs > 200);
    failure_nouns_free(&nouns);
}

TEST(side_by_side) {
    sweep(NULL, "{'factors': [{'id': 'w', 'vary': 'weights', 'distribution': 'uniform'}, {'vary': 'normalise', "
                "'alternatives': ['minmax', {'method': 'zscore', 'range': [0, 1]}]}]}",
          SMR_ROBUST_SCORES | SMR_ROBUST_PAIRWISE | SMR_ROBUST_WEIGHTS);
}

TEST(through_the_tree) {
    sweep("{'aggregate': 'median', 'rank': {'decimals': 1}}",
          "{'factors': [{'vary': 'weights', 'distribution': 'box', 'low': 0.1, 'high': 0.9}, {'vary': 'weights', "
          "'distribution': 'ordered', 'level': 'leaf'}, {'vary': 'leave_out', 'level': 'criterion'}]}",
          0);
}

TEST(through_the_engine) {
    sweep("{'aggregate': {'nodes': {'root': 'copeland'}}}",
          "{'factors': [{'vary': 'data', 'relative_sd': 0.1}, {'vary': 'goalposts', 'percent': 5}, "
          "{'vary': 'weights', 'distribution': 'dirichlet', 'concentration': 5}]}",
          0);
    sweep("{'impute': 'median'}", "{'factors': [{'vary': 'imputation'}]}", 0);
}

TEST(through_a_funnel) {
    funnel_text = "{'eligible': {'coverage': 0.1}, 'stages': [{'id': 'one', 'keep': 2, 'gates': {'criteria': -1000}}, "
                  "{'id': 'two', 'keep': 1, 'score': {'previous': 0.5, 'ballots': 0.5}, 'ballot_rule': 'kemeny'}]}";
    jury_text = "juror,rank,region\nj,1,A\nj,2,B\nk,1,B\nk,2,A\n";
    sweep(NULL, "{'factors': [{'id': 'w', 'vary': 'weights', 'distribution': 'uniform'}]}", 0);
    funnel_text = jury_text = NULL;
}

TEST(with_exact_bounds) {
    exact = 1;
    sweep("{'impute': 'median', 'aggregate': {'method': 'arithmetic', 'nodes': {'a': 'arithmetic'}}}",
          "{'factors': [{'vary': 'weights', 'distribution': 'box', 'high': 0.8}]}", 0);
    exact = 0;
}

TEST(refused) {
    sweep(NULL, "{'factors': [{'id': 'a', 'vary': 'normalise', 'alternatives': ['minmax', 'rank']}]}", 0);
}

static const unit_test tests[] = {
    UNIT(side_by_side),
    UNIT(through_the_tree),
    UNIT(through_the_engine),
    UNIT(through_a_funnel),
    UNIT(with_exact_bounds),
    UNIT(refused),
};
UNIT_SUITE(robust, tests)
