/* SPDX-License-Identifier: MIT */
/* Every allocation fails once while bounds, break-even weights and critical weights are found and items left out. */
#include "worlds.h"

/* What the scenarios work on: made outside the sweep, with the default context. */
static failure_nouns nouns;

static smr_status bounded(failure_run *run) {
    smr_model *model = NULL;
    smr_bounds *bounds = NULL;
    smr_status status = SMR_OK;
    static const char *const sets[] = {
        "{\"distribution\": \"uniform\"}", "{\"distribution\": \"noise\", \"percent\": 50, \"nodes\": [\"i\"]}",
        "{\"distribution\": \"box\", \"low\": {\"x\": 0.1}, \"high\": 0.9}",
        "{\"distribution\": \"ordered\", \"level\": \"leaf\", \"order\": [\"x\", [\"y\", \"z\"], \"w\"]}"};
    STEP_MAKING(model, smr_model_fit(run->context, nouns.framework, nouns.dataset, nouns.plan, &model, &run->error));
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        STEP_MAKING(bounds, smr_bounds_run(run->context, model, nouns.dataset, sets[i], strlen(sets[i]), "w", NULL,
                                           &bounds, &run->error));
        STEP(smr_bounds_write_csv(bounds, failure_discard, NULL, &run->error));
        STEP(smr_bounds_write_pairs_csv(bounds, failure_discard, NULL, &run->error));
        STEP(smr_bounds_write_json(bounds, failure_discard, NULL, &run->error));
        smr_bounds_unref(bounds);
        bounds = NULL;
    }
    smr_model_unref(model);
    return status;
}

static smr_status weighed(failure_run *run) {
    smr_model *model = NULL;
    smr_break_even *result = NULL;
    smr_criticality *critical = NULL;
    smr_status status = SMR_OK;
    STEP_MAKING(model, smr_model_fit(run->context, nouns.framework, nouns.dataset, nouns.plan, &model, &run->error));
    STEP_MAKING(result,
                smr_break_even_run(run->context, model, nouns.dataset, "A", "B", NULL, &result, &run->error));
    STEP(smr_break_even_write_csv(result, failure_discard, NULL, &run->error));
    STEP(smr_break_even_write_json(result, failure_discard, NULL, &run->error));
    STEP_MAKING(critical, smr_criticality_run(run->context, model, nouns.dataset, NULL, &critical, &run->error));
    STEP(smr_criticality_write_csv(critical, failure_discard, NULL, &run->error));
    STEP(smr_criticality_write_json(critical, failure_discard, NULL, &run->error));
    smr_criticality_unref(critical);
    smr_break_even_unref(result);
    smr_model_unref(model);
    return status;
}

static smr_status left_out(failure_run *run) {
    smr_leave_out *result = NULL;
    smr_status status = SMR_OK;
    STEP_MAKING(result, smr_leave_out_run(run->context, nouns.framework, nouns.dataset, nouns.plan, NULL, &result,
                                          &run->error));
    STEP(smr_leave_out_write_csv(result, SMR_LEAVE_OUT_ROWS, failure_discard, NULL, &run->error));
    STEP(smr_leave_out_write_json(result, failure_discard, NULL, &run->error));
    smr_leave_out_unref(result);
    return status;
}

static const char whole[] = "region,x,y,z,w,population\nA,1,2,3,4,10\nB,5,3,7,8,20\nC,9,10,1,2,30\nD,2,7,6,5,10\n"
                            "E,4,1,2,9,20\n";

/* One index linear, one geometric, and one that is neither. */
TEST(how_firm_an_order_is) {
    static const char *const plans[] = {
        "{'denominate': {'use': false}, 'aggregate': {'nodes': {'a': 'arithmetic'}}}",
        "{'denominate': {'use': false}, 'aggregate': {'method': 'geometric', 'zero': 'floor', 'nodes': {'a': "
        "{'method': 'geometric', 'zero': 'floor'}}}}",
        NULL};
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        size_t runs;
        nouns = failure_nouns_make(failure_framework_json, plans[i] ? whole : failure_wide, plans[i]);
        if (plans[i] != NULL) {
            expect_equal_uint(failure_sweep("bounded", bounded, &runs), 0);
            expect(runs > 100);
        }
        expect_equal_uint(failure_sweep("weighed", weighed, &runs), 0);
        expect(runs > 50);
        expect_equal_uint(failure_sweep("left_out", left_out, &runs), 0);
        expect(runs > 300);
        failure_nouns_free(&nouns);
    }
}

static const unit_test tests[] = {UNIT(how_firm_an_order_is)};
UNIT_SUITE(stability, tests)
