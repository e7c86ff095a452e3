/* SPDX-License-Identifier: MIT */
/* Every allocation fails once while models are fitted, saved and read, and data scored, looked at and checked. */
#include "worlds.h"

#include <stdio.h>

#include "../api/catalogue_plans.h"

/* What the scenario works on: made outside the sweep, with the default context. */
static failure_nouns nouns;

static smr_status ask_everything(failure_run *run, const smr_scorecard *card) {
    enum { MOST_ROWS = 16 };
    double column[MOST_ROWS];
    uint8_t statuses[MOST_ROWS];
    size_t rows = smr_scorecard_row_count(card);
    smr_status status = SMR_OK;
    failure_require(run, rows <= MOST_ROWS);
    for (size_t node = 0; node < smr_framework_node_count(smr_scorecard_framework(card)); node++) {
        STEP(smr_scorecard_scores(card, node, column, rows, &run->error));
        STEP(smr_scorecard_ranks(card, node, column, rows, &run->error));
        STEP(smr_scorecard_coverages(card, node, column, rows, &run->error));
        STEP(smr_scorecard_statuses(card, node, statuses, rows, &run->error));
    }
    return status;
}

/* Fit, score and ask, keeping this much. */
static smr_status fit_and_score(failure_run *run, int32_t keep) {
    smr_model *model = NULL;
    smr_scorecard *card = NULL;
    smr_status status = SMR_OK;
    smr_score_options options;
    smr_score_options_init(&options, sizeof options);
    options.keep = keep;
    STEP_MAKING(model, smr_model_fit(run->context, nouns.framework, nouns.dataset, nouns.plan, &model, &run->error));
    STEP_MAKING(card, smr_model_score(run->context, model, nouns.dataset, &options, &card, &run->error));
    STEP(ask_everything(run, card));
    smr_scorecard_unref(card);
    smr_model_unref(model);
    return status;
}

static smr_status keep_index(failure_run *run) {
    return fit_and_score(run, SMR_KEEP_INDEX);
}

static smr_status keep_all(failure_run *run) {
    return fit_and_score(run, SMR_KEEP_ALL);
}

/* Plans that between them go every way a fit and a score can go. */
static const char *const plans[] = {
    NULL,
    "{'normalise': {'method': 'minmax', 'per': 'period'}, 'rank': {'decimals': 2, 'ties': 'dense'}, 'weights': "
    "'equal%'}",
    "{'normalise': {'method': 'zscore', 'per': '2020'}, 'impute': {'method': 'group_median', 'group': 'zone'}}",
    "{'normalise': {'method': 'minmax', 'range': [1, 2]}, 'treat': 'winsorise', 'impute': 'median', 'aggregate': "
    "'median'}",
};

static void sweep_all(const char *framework, const char *csv, const char *plan, size_t least) {
    nouns = failure_nouns_make(framework, csv, plan);
    expect_sweep("keep_index", keep_index, least);
    expect_sweep("keep_all", keep_all, least);
    failure_nouns_free(&nouns);
}

TEST(fit_and_score_every_way) {
    for (size_t i = 0; i < COUNT(plans); i++) {
        sweep_all(failure_framework_json, failure_wide, plans[i], 3000);
    }
}

TEST(roll_up) {
    sweep_all(failure_framework_json, failure_districts,
              "{'rollup': {'by': 'population'}, 'normalise': 'goalposts', 'impute': {'method': 'group_mean', 'group':"
              " 'zone'}}",
              5000);
    sweep_all(failure_framework_json, failure_districts,
              "{'rollup': {'by': 'population', 'keep': 'all'}, 'normalise': 'rank'}", 5000);
}

/* Methods that the small data do not suit are refused without any failure; the sweep is of the others. */
TEST(every_method_of_the_catalogue) {
    char plan[CATALOGUE_PLAN_SIZE];
    static const char csv[] = "region,x1,x2,x3,x4,x5,x6,d,zone\nA,3,70,5,60,7,80,2,a\nB,33,44,4,36,28,17,3,a\n"
                              "C,1,9,81,16,25,36,1,b\nD,20,,30,14,5,61,1,b\nE,47,11,18,22,90,40,5,\n";
    size_t swept = 0;
    for (size_t method = 0; catalogue_plan(method, plan); method++) {
        nouns = failure_nouns_make(catalogue_tree, csv, plan);
        failure_run run = {.error = unit_error()};
        if (keep_index(&run) == SMR_OK) {
            size_t runs;
            expect_equal_uint(failure_sweep(plan, keep_index, &runs), 0);
            expect(runs > 10);
            swept++;
        }
        failure_nouns_free(&nouns);
    }
    expect(swept * 4 > smr_method_count() * 3);
}

/* ---- snapshot, text, files, check ---- */

static smr_status snapshots(failure_run *run) {
    static const char *const steps[] = {"raw", "denominate", "impute", "treat", "normalise"};
    smr_model *model = NULL;
    smr_status status = SMR_OK;
    STEP_MAKING(model, smr_model_fit(run->context, nouns.framework, nouns.dataset, nouns.plan, &model, &run->error));
    for (size_t i = 0; i < COUNT(steps); i++) {
        smr_dataset *snapshot = NULL;
        STEP_MAKING(snapshot, smr_model_snapshot(run->context, model, nouns.dataset, steps[i], &snapshot, &run->error));
        smr_dataset_unref(snapshot);
    }
    smr_model_unref(model);
    return status;
}

static smr_status texts(failure_run *run) {
    smr_model *model = NULL;
    smr_scorecard *card = NULL;
    smr_status status = SMR_OK;
    STEP_MAKING(model, smr_model_fit(run->context, nouns.framework, nouns.dataset, nouns.plan, &model, &run->error));
    STEP_MAKING(card, smr_model_score(run->context, model, nouns.dataset, NULL, &card, &run->error));
    STEP(smr_scorecard_write_csv(card, NULL, failure_discard, NULL, &run->error));
    STEP(smr_scorecard_write_json(card, "2020", failure_discard, NULL, &run->error));
    STEP(smr_model_write_plan(model, failure_discard, NULL, &run->error));
    smr_scorecard_unref(card);
    smr_model_unref(model);
    return status;
}

typedef struct text {
    char bytes[40000];
    size_t length;
} text;

static int32_t keep_text(const void *bytes, size_t length, void *user) {
    text *t = user;
    if (length > sizeof t->bytes - t->length) {
        return 1;
    }
    memcpy(t->bytes + t->length, bytes, length);
    t->length += length;
    return 0;
}

static text model_text;

static smr_status written_and_read(failure_run *run) {
    smr_model *model = NULL, *again = NULL;
    smr_scorecard *card = NULL;
    smr_status status = SMR_OK;
    model_text.length = 0;
    STEP_MAKING(model, smr_model_fit(run->context, nouns.framework, nouns.dataset, nouns.plan, &model, &run->error));
    STEP(smr_model_write(model, keep_text, &model_text, &run->error));
    STEP_MAKING(again, smr_model_read(run->context, model_text.bytes, model_text.length, "m", &again, &run->error));
    STEP_MAKING(card, smr_model_score(run->context, again, nouns.dataset, NULL, &card, &run->error));
    smr_scorecard_unref(card);
    smr_model_unref(again);
    smr_model_unref(model);
    return status;
}

static smr_status checked(failure_run *run) {
    return smr_check(run->context, nouns.framework, nouns.dataset, nouns.plan, failure_ignore, NULL, &run->error);
}

static smr_status audited(failure_run *run) {
    smr_model *model = NULL;
    smr_audit *audit = NULL;
    smr_status status = SMR_OK;
    STEP_MAKING(model, smr_model_fit(run->context, nouns.framework, nouns.dataset, nouns.plan, &model, &run->error));
    STEP_MAKING(audit, smr_audit_run(run->context, model, nouns.dataset, NULL, &audit, &run->error));
    STEP(smr_audit_write_csv(audit, failure_discard, NULL, &run->error));
    smr_audit_unref(audit);
    smr_model_unref(model);
    return status;
}

static smr_status imputations_tried(failure_run *run) {
    smr_model *model = NULL;
    smr_audit *audit = NULL;
    smr_status status = SMR_OK;
    smr_imputation_options options;
    smr_imputation_options_init(&options, sizeof options);
    options.repeats = 1;
    options.share = 0.3;
    STEP_MAKING(model, smr_model_fit(run->context, nouns.framework, nouns.dataset, nouns.plan, &model, &run->error));
    STEP_MAKING(audit, smr_audit_imputation(run->context, model, nouns.dataset, &options, &audit, &run->error));
    smr_audit_unref(audit);
    smr_model_unref(model);
    return status;
}

/* What is explained, made outside the sweep. */
static smr_scorecard *scored;
static int32_t reference;

static smr_status explained(failure_run *run) {
    static const size_t rows[] = {1, 2};
    smr_explanation *explanation = NULL;
    smr_status status = SMR_OK;
    smr_explanation_options options;
    smr_explanation_options_init(&options, sizeof options);
    options.reference = reference;
    options.peers = options.top = 2;
    options.rows = rows;
    options.row_count = COUNT(rows);
    STEP_MAKING(explanation, smr_explanation_run(run->context, scored, 0, &options, &explanation, &run->error));
    STEP(smr_explanation_write_csv(explanation, SMR_EXPLANATION_WITH_TRACE, failure_discard, NULL, &run->error));
    STEP(smr_explanation_write_json(explanation, failure_discard, NULL, &run->error));
    smr_explanation_unref(explanation);
    return status;
}

static smr_status peers_found(failure_run *run) {
    size_t rows[2], found = 9;
    const smr_status status = smr_peers_find(run->context, scored, 0, COUNT(rows), rows, NULL, &found, &run->error);
    failure_require(run, (status == SMR_OK) == (found > 0));
    return status;
}

static void sweep_explanations(const char *plan) {
    smr_model *model = NULL;
    smr_error error = unit_error();
    size_t runs;
    nouns = failure_nouns_make(failure_framework_json, failure_wide, plan);
    expect_ok(smr_model_fit(NULL, nouns.framework, nouns.dataset, nouns.plan, &model, &error), &error);
    expect_ok(smr_model_score(NULL, model, nouns.dataset, NULL, &scored, &error), &error);
    for (reference = SMR_REFERENCE_NONE; reference <= SMR_REFERENCE_TARGET; reference++) {
        expect_equal_uint(failure_sweep("explained", explained, &runs), 0);
        expect(runs > 20);
    }
    expect_equal_uint(failure_sweep("peers_found", peers_found, &runs), 0);
    expect(runs > 8);
    smr_scorecard_unref(scored);
    smr_model_unref(model);
    failure_nouns_free(&nouns);
}

/* Additive, a game of one region, one of all regions, weights of its own; every kind of reference. */
TEST(explanations) {
    sweep_explanations("{'impute': {'method': 'group_mean', 'group': 'zone'}}");
    sweep_explanations("{'aggregate': {'nodes': {'i': {'method': 'geometric', 'zero': 'floor'}, 'b': 'median'}}}");
    sweep_explanations("{'normalise': {'method': 'zscore'}, 'aggregate': {'nodes': {'i': 'copeland', 'b': 'borda',"
                       " 'a': 'arithmetic'}}}");
    sweep_explanations("{'weights': {'nodes': {'i': 'bod', 'b': {'method': 'bod', 'variant': 'order_m', 'm': 2}}}}");
}

static smr_status appraised(failure_run *run) {
    failure_source source = {failure_text("id,name,actors,goals:a|b,task,budget,start,status,effects\n"
                                          "p%,Plan,state|business,a,t,3,2021,planned,x=+2|y=-0.5\n"
                                          "q,Rest,academia,b,u,2,2022,,y=+1\nr,,,,,,,done,x=1\ns,,state,,t,4,,,x=+1\n"),
                             0};
    smr_model *model = NULL;
    smr_portfolio *portfolio = NULL;
    smr_appraisal *appraisal = NULL;
    smr_dataset *after = NULL;
    smr_status status = SMR_OK;
    smr_portfolio_options reading;
    smr_portfolio_options_init(&reading, sizeof reading);
    reading.framework = nouns.framework;
    reading.source_name = "p.csv";
    smr_appraisal_options options;
    smr_appraisal_options_init(&options, sizeof options);
    options.region = smr_dataset_region(nouns.dataset, 0);
    options.budget = 6;
    const size_t chosen[] = {0, 1};
    STEP_MAKING(model, smr_model_fit(run->context, nouns.framework, nouns.dataset, nouns.plan, &model, &run->error));
    STEP_MAKING(portfolio, smr_portfolio_read_csv(run->context, failure_source_read, &source, &reading, &portfolio,
                                                  &run->error));
    STEP_MAKING(appraisal, smr_portfolio_appraise(run->context, portfolio, model, nouns.dataset, &options, &appraisal,
                                                  &run->error));
    STEP_MAKING(after, smr_portfolio_apply(run->context, portfolio, model, nouns.dataset, chosen, 2, &options, &after,
                                           &run->error));
    STEP(smr_appraisal_write_csv(appraisal, failure_discard, NULL, &run->error));
    smr_dataset_unref(after);
    smr_appraisal_unref(appraisal);
    smr_portfolio_unref(portfolio);
    smr_model_unref(model);
    return status;
}

/* More sets than are scored one by one. */
static smr_status appraised_many(failure_run *run) {
    static char many[2000];
    size_t used = (size_t)sprintf(many, "id,budget,effects\n");
    for (int i = 0; i < 30; i++)
        used += (size_t)sprintf(many + used, "i%d,%d,x=+%d|y=+0.01\n", i, 1 + i % 3, i % 2);
    failure_source source = {many, 0};
    smr_model *model = NULL;
    smr_portfolio *portfolio = NULL;
    smr_appraisal *appraisal = NULL;
    smr_status status = SMR_OK;
    smr_appraisal_options options;
    smr_appraisal_options_init(&options, sizeof options);
    options.region = "A";
    options.budget = 40;
    STEP_MAKING(model, smr_model_fit(run->context, nouns.framework, nouns.dataset, nouns.plan, &model, &run->error));
    STEP_MAKING(portfolio,
                smr_portfolio_read_csv(run->context, failure_source_read, &source, NULL, &portfolio, &run->error));
    STEP_MAKING(appraisal, smr_portfolio_appraise(run->context, portfolio, model, nouns.dataset, &options, &appraisal,
                                                  &run->error));
    if (status == SMR_OK && smr_appraisal_value(appraisal, "best_set_total", "best_set", "exact") != 0)
        status = SMR_ERROR_COMPUTE;
    smr_appraisal_unref(appraisal);
    smr_portfolio_unref(portfolio);
    smr_model_unref(model);
    return status;
}

/* Alone and, where the plan imputes across regions, with the whole dataset; few sets and, with many initiatives, the
 * bounds. */
TEST(portfolios) {
    size_t runs;
    nouns = failure_nouns_make(failure_framework_json, failure_wide, NULL);
    expect_sweep("appraised", appraised, 500);
    failure_nouns_free(&nouns);
    nouns = failure_nouns_make(failure_framework_json, failure_wide,
                               "{'impute': {'method': 'group_mean', 'group': 'zone'}}");
    expect_equal_uint(failure_sweep("appraised", appraised, &runs), 0);
    failure_nouns_free(&nouns);
    static const char *const bounded[] = {"{'normalise': {'method': 'goalposts', 'range': [1, 100]}}",
                                        "{'normalise': {'method': 'goalposts', 'range': [1, 100]}, 'aggregate': "
                                        "'geometric'}"};
    for (size_t i = 0; i < COUNT(bounded); i++) {
        nouns = failure_nouns_make("{'id': 'i', 'children': [{'id': 'x', 'worst': 0, 'best': 9}, {'id': 'y', 'worst': 0, "
                                   "'best': 9}]}", "region,x,y\nA,4,5\nB,6,6\n", bounded[i]);
        expect_equal_uint(failure_sweep("appraised_many", appraised_many, &runs), 0);
        expect(runs > 100);
        failure_nouns_free(&nouns);
    }
}

static smr_status followed(failure_run *run) {
    smr_model *model = NULL;
    smr_trend *trend = NULL;
    smr_status status = SMR_OK;
    smr_trend_options options;
    smr_trend_options_init(&options, sizeof options);
    options.group = "zone";
    STEP_MAKING(model, smr_model_fit(run->context, nouns.framework, nouns.dataset, nouns.plan, &model, &run->error));
    STEP_MAKING(trend, smr_trend_run(run->context, model, nouns.dataset, &options, &trend, &run->error));
    STEP(smr_trend_write_csv(trend, 1, failure_discard, NULL, &run->error));
    smr_trend_unref(trend);
    smr_model_unref(model);
    return status;
}

TEST(trends) {
    size_t runs;
    nouns = failure_nouns_make(failure_framework_json, failure_wide, NULL);
    expect_equal_uint(failure_sweep("followed", followed, &runs), 0);
    expect(runs > 100);
    failure_nouns_free(&nouns);
}

static void ignore_record(const smr_step_record *record, void *user) {
    (void)record;
    (void)user;
}

static smr_status recorded(failure_run *run) {
    smr_model *model = NULL;
    smr_status status = SMR_OK;
    STEP_MAKING(model, smr_model_fit(run->context, nouns.framework, nouns.dataset, nouns.plan, &model, &run->error));
    STEP(smr_model_record(run->context, model, nouns.dataset, ignore_record, NULL, &run->error));
    smr_model_unref(model);
    return status;
}

static smr_status changed(failure_run *run) {
    failure_source source = {"region,indicator,change\nA,x,+5%\nB,y,\n", 0};
    smr_model *model = NULL;
    smr_changes *changes = NULL;
    smr_whatif *whatif = NULL;
    smr_funnel *funnel = NULL;
    smr_status status = SMR_OK;
    STEP_MAKING(funnel, smr_funnel_builtin(run->context, "icf", &funnel, &run->error));
    STEP_MAKING(changes, smr_changes_new(run->context, &changes, &run->error));
    STEP(smr_changes_add_text(changes, "C", "y", "12", &run->error));
    STEP(smr_changes_read_csv(changes, failure_source_read, &source, "c.csv", &run->error));
    STEP_MAKING(model, smr_model_fit(run->context, nouns.framework, nouns.dataset, nouns.plan, &model, &run->error));
    smr_whatif_options options;
    smr_whatif_options_init(&options, sizeof options);
    options.period = "2020";
    options.funnel = funnel;
    STEP_MAKING(whatif, smr_whatif_run(run->context, model, nouns.dataset, changes, &options, &whatif, &run->error));
    STEP(smr_whatif_write_csv(whatif, failure_discard, NULL, &run->error));
    STEP(smr_whatif_write_json(whatif, failure_discard, NULL, &run->error));
    smr_whatif_unref(whatif);
    smr_funnel_unref(funnel);
    smr_changes_free(changes);
    smr_model_unref(model);
    return status;
}

/* Once from CSV, once from JSON: A reaches the first place. */
static const char *aimed_efforts;

static smr_status aimed(failure_run *run) {
    smr_model *model = NULL;
    smr_efforts *efforts = NULL;
    smr_target *target = NULL;
    smr_status status = SMR_OK;
    smr_target_options goal;
    smr_target_options_init(&goal, sizeof goal);
    goal.rank = 1;
    goal.period = "2020";
    STEP_MAKING(efforts, smr_efforts_new(run->context, &efforts, &run->error));
    STEP(smr_efforts_fix(efforts, "w", &run->error));
    STEP(smr_efforts_read(efforts, aimed_efforts, strlen(aimed_efforts), "e", &run->error));
    STEP_MAKING(model, smr_model_fit(run->context, nouns.framework, nouns.dataset, nouns.plan, &model, &run->error));
    STEP_MAKING(target, smr_target_run(run->context, model, nouns.dataset, "A", efforts, &goal, &target, &run->error));
    STEP(smr_target_write_csv(target, failure_discard, NULL, &run->error));
    STEP(smr_target_write_json(target, failure_discard, NULL, &run->error));
    smr_target_unref(target);
    smr_efforts_free(efforts);
    smr_model_unref(model);
    return status;
}

TEST(changes_and_targets) {
    static const char *const aims[] = {NULL, "{'aggregate': 'geometric', 'normalise': {'range': [1, 100]}}",
                                        "{'aggregate': 'median'}"};
    size_t runs;
    for (size_t p = 0; p < COUNT(aims); p++) {
        nouns = failure_nouns_make(failure_framework_json, failure_wide, aims[p]);
        expect_equal_uint(failure_sweep("changed", changed, &runs), 0);
        expect(runs > 200);
        aimed_efforts = p == 0 ? "indicator,cost,high\nx,2,9\n" : "{\"costs\": {\"x\": 2}, \"bounds\": {\"y\": [1, null]}}";
        expect_equal_uint(failure_sweep("aimed", aimed, &runs), 0);
        expect(runs > 200);
        failure_nouns_free(&nouns);
    }
}

TEST(audits_and_records) {
    size_t runs;
    nouns = failure_nouns_make(failure_framework_json, failure_wide,
                               "{'impute': {'method': 'group_mean', 'group': 'zone'}}");
    expect_equal_uint(failure_sweep("audited", audited, &runs), 0);
    expect(runs > 200);
    expect_equal_uint(failure_sweep("imputations_tried", imputations_tried, &runs), 0);
    expect(runs > 200);
    expect_sweep("recorded", recorded, 1000);
    failure_nouns_free(&nouns);
}

TEST(snapshots_texts_files_and_check) {
    static const char plan[] = "{'normalise': {'per': 'period', 'indicators': {'x': 'rank'}}, 'impute': {'method':"
                               " 'group_mean', 'group': 'zone'}, 'treat': {'indicators': {'y': 'winsorise'}}}";
    nouns = failure_nouns_make(failure_framework_json, failure_wide, plan);
    expect_sweep("snapshots", snapshots, 8000);
    expect_sweep("texts", texts, 10000);
    expect_sweep("written_and_read", written_and_read, 4000);
    expect_sweep("checked", checked, 4000);
    failure_nouns_free(&nouns);
}

/* More siblings than fit on the stack: then one region alone needs memory, and says so when there is none. */
static smr_status wide_alone(failure_run *run) {
    enum { WIDE = 600 };
    static double values[WIDE], scores[WIDE + 1];
    smr_framework_builder *builder = NULL;
    smr_framework *framework = NULL;
    smr_model *model = NULL;
    smr_dataset_builder *data = NULL;
    smr_dataset *dataset = NULL;
    smr_status status = SMR_OK;
    STEP(smr_framework_builder_new(NULL, "i", NULL, &builder, &run->error));
    STEP(smr_dataset_builder_new(NULL, &data, &run->error));
    for (int i = 0; i < WIDE; i++) {
        char id[16];
        snprintf(id, sizeof id, "x%d", i);
        STEP(smr_framework_builder_add_indicator(builder, "i", id, NULL, &run->error));
        STEP(smr_dataset_builder_set_value(data, "A", NULL, id, i, &run->error));
        STEP(smr_dataset_builder_set_value(data, "B", NULL, id, 2 * i + 1, &run->error));
    }
    STEP(smr_framework_builder_build(builder, &framework, &run->error));
    STEP(smr_dataset_builder_build(data, &dataset, &run->error));
    STEP_MAKING(model, smr_model_fit(run->context, framework, dataset, NULL, &model, &run->error));
    STEP(smr_model_score_values(model, values, WIDE, scores, WIDE + 1, &run->error));
    smr_model_unref(model);
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
    smr_dataset_builder_free(data);
    smr_framework_builder_free(builder);
    return status;
}

TEST(a_wide_family_alone) {
    size_t runs;
    expect_equal_uint(failure_sweep("wide_alone", wide_alone, &runs), 0);
    expect(runs > 20);
}

static const unit_test tests[] = {
    UNIT(fit_and_score_every_way),
    UNIT(roll_up),
    UNIT(every_method_of_the_catalogue),
    UNIT(snapshots_texts_files_and_check),
    UNIT(audits_and_records),
    UNIT(changes_and_targets),
    UNIT(explanations),
    UNIT(portfolios),
    UNIT(trends),
    UNIT(a_wide_family_alone),
};
UNIT_SUITE(verbs, tests)
