/* SPDX-License-Identifier: MIT */
/* Every allocation fails once while funnels are built, ballots read, regions selected and the result written. */
#include "worlds.h"

#include <string.h>

static failure_nouns nouns;

static const char funnel_json[] =
    "{'format': 'smartregion-funnel/1', 'name': {'en': 'Funnel%', 'vi': 'Phễu'}, 'ties': {'by': 'z'}, 'gates': "
    "{'coverage': 0.1, 'nodes': {'x': -1000}}, 'eligible': {'max_age_years': 30, 'age_column': 'period', 'evidence': "
    "{'column': 'zone', 'at_least': 'a%', 'grades': ['a%', 'north', 'south']}}, 'stages': [{'id': 'one', 'name': 'One%', "
    "'keep': 2, 'gates': {'criteria': -1000, 'score': -1000}}, {'id': 'two', 'keep': 1, 'score': {'previous': 0.5, "
    "'z': {'weight': 1, 'direction': 'lower'}, 'ballots': 0.5}, 'ballots': 'jury%', 'ballot_rule': 'kemeny'}]}";
static const char jury_csv[] = "juror,rank,region\nj%,1,A\nj%,2,B\nk,1,B\nk,2,A\n";
static const char framework_json[] = "{'id': 'i', 'plan': {'normalise': {'method': 'goalposts'}}, 'children': ["
                                     "{'id': 'x', 'worst': 0, 'best': 10}, {'id': 'y', 'worst': 0, 'best': 10}]}";
static const char rows_csv[] = "region,period,zone,z,x,y\nA,2020,north,1,2,3\nB,2020,south,2,5,7\nC,2019,,3,5,\n";

static smr_status built(failure_run *run) {
    smr_funnel *funnel = NULL, *again = NULL;
    smr_funnel_builder *builder = NULL;
    smr_status status = SMR_OK;
    const char *json = failure_text(funnel_json);
    STEP_MAKING(funnel, smr_funnel_read(run->context, json, strlen(json), "funnel", &funnel, &run->error));
    STEP_MAKING(builder, smr_funnel_builder_new(run->context, funnel, &builder, &run->error));
    STEP(smr_funnel_builder_put_stage(builder, "three", NULL, &run->error));
    for (int i = 0; i < 9; i++) {
        const char part[] = {'p', (char)('0' + i), '\0'};
        STEP(smr_funnel_builder_add_part(builder, "three", part, NULL, &run->error));
        STEP(smr_funnel_builder_add_gate(builder, NULL, SMR_GATE_NAMED, part, i, &run->error));
    }
    STEP(smr_funnel_builder_set_ties(builder, "three", "x", SMR_DIRECTION_LOWER, &run->error));
    STEP(smr_funnel_builder_add_name(builder, "three", "vi", "Ba", &run->error));
    STEP(smr_funnel_builder_set_eligibility(builder, NULL, &run->error));
    STEP_MAKING(again, smr_funnel_builder_build(builder, &again, &run->error));
    STEP(smr_funnel_write(again, failure_discard, NULL, &run->error));
    smr_funnel_builder_free(builder);
    smr_funnel_unref(again);
    smr_funnel_unref(funnel);
    return status;
}

static smr_status built_in(failure_run *run) {
    smr_funnel *funnel = NULL;
    smr_status status = SMR_OK;
    STEP_MAKING(funnel, smr_funnel_builtin(run->context, "icf", &funnel, &run->error));
    smr_funnel_unref(funnel);
    return status;
}

static smr_status counted(failure_run *run) {
    smr_ballots *ballots = NULL, *arrays = NULL;
    smr_status status = SMR_OK;
    double results[2];
    static const char *const jurors[] = {"j", "j"}, *const regions[] = {"A", "B"};
    static const double places[] = {1, 2};
    failure_source source = {failure_text(jury_csv), 0};
    STEP_MAKING(ballots, smr_ballots_read_csv(run->context, failure_source_read, &source, "jury", &ballots, &run->error));
    STEP_MAKING(arrays, smr_ballots_new(run->context, jurors, regions, places, 2, &arrays, &run->error));
    for (int32_t rule = SMR_BALLOT_BORDA; rule <= SMR_BALLOT_KEMENY; rule++) {
        STEP(smr_ballots_results(ballots, rule, SMR_INCOMPLETE_SHARE, results, 2, &run->error));
    }
    smr_ballots_unref(arrays);
    smr_ballots_unref(ballots);
    return status;
}

static smr_status selected(failure_run *run) {
    smr_funnel *funnel = NULL;
    smr_ballots *ballots = NULL;
    smr_model *model = NULL;
    smr_scorecard *card = NULL;
    smr_selection *selection = NULL;
    smr_status status = SMR_OK;
    const char *json = failure_text(funnel_json);
    STEP_MAKING(funnel, smr_funnel_read(run->context, json, strlen(json), NULL, &funnel, &run->error));
    failure_source source = {failure_text(jury_csv), 0};
    STEP_MAKING(ballots, smr_ballots_read_csv(run->context, failure_source_read, &source, NULL, &ballots, &run->error));
    STEP_MAKING(model, smr_model_fit(run->context, nouns.framework, nouns.dataset, NULL, &model, &run->error));
    STEP_MAKING(card, smr_model_score(run->context, model, nouns.dataset, NULL, &card, &run->error));
    const smr_ballots *const of_stages[] = {NULL, ballots};
    STEP_MAKING(selection, smr_select_run(run->context, funnel, card, nouns.dataset, of_stages, 2, NULL, &selection,
                                          &run->error));
    STEP(smr_selection_write_csv(selection, "vi", failure_discard, NULL, &run->error));
    STEP(smr_selection_write_json(selection, "en", failure_discard, NULL, &run->error));
    smr_selection_unref(selection);
    smr_scorecard_unref(card);
    smr_model_unref(model);
    smr_ballots_unref(ballots);
    smr_funnel_unref(funnel);
    return status;
}

TEST(selections) {
    nouns = failure_nouns_make(framework_json, rows_csv, NULL);
    failure_run run = {.error = unit_error()};
    expect_ok(selected(&run), &run.error);
    expect_sweep("selected", selected, 5000);
    failure_nouns_free(&nouns);
}

TEST(funnels_and_ballots) {
    expect_sweep("built", built, 2000);
    expect_sweep("built_in", built_in, 300);
    expect_sweep("counted", counted, 2000);
}

static const unit_test tests[] = {
    UNIT(selections),
    UNIT(funnels_and_ballots),
};
UNIT_SUITE(select, tests)
