/* SPDX-License-Identifier: MIT */
/* Portfolios: reading with its messages, the handle, the appraisal, the data afterwards. */
#include "api.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char framework[] = "{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'c', 'children': ["
                                "{'id': 'x', 'kind': 'share'}, {'id': 'y', 'denominator': 'people'}]}, {'id': 'z'}]}";
static const char csv[] = "region,period,people,x,y,z\nA,2020,10,40,20,8\nB,2020,20,50,60,7\nA,2021,10,50,,9\nB,2021,20,60,80,5\n";
static const char initiatives[] = "id,name,name_vi,actors,criteria,budget,start,end,status,effects\n"
                                  "p,Plan,Đề án,state|business,c,5,2021,2022-Q3,planned,x=+10%|z=-1\n"
                                  "q,,,academia,z,,,,,z=+4\n"
                                  "r,Rest,,,,7,,,done,z=+9\n"
                                  "s,Stop,,state,c,9,,,cancelled,x=+1\n"
                                  "t,Top,,state,c,2,,,,x=70|y=+3\n";

static smr_status read_text(const char *text, const smr_portfolio_options *options, smr_portfolio **portfolio,
                            smr_error *error) {
    api_source source = {text, strlen(text), 7, 0};
    return smr_portfolio_read_csv(NULL, api_source_read, &source, options, portfolio, error);
}

static smr_portfolio *portfolio_of(const char *text, const smr_framework *of) {
    smr_portfolio *portfolio = NULL;
    smr_error error = unit_error();
    smr_portfolio_options options;
    smr_portfolio_options_init(&options, sizeof options);
    options.framework = of;
    expect_ok(read_text(text, &options, &portfolio, &error), &error);
    return portfolio;
}

TEST(what_was_read) {
    api_world world = api_world_make(framework, csv, NULL);
    smr_portfolio *p = portfolio_of(initiatives, world.framework), *other = smr_portfolio_ref(p);
    expect(other == p);
    smr_portfolio_unref(other);
    expect_equal_uint(smr_portfolio_count(p), 5);
    expect_text(smr_portfolio_id(p, 4), "t");
    expect(smr_portfolio_id(p, 5) == NULL);
    expect_equal_int(smr_portfolio_find(p, "r"), 2);
    expect_equal_int(smr_portfolio_find(p, "u"), -1);
    expect_equal_int(smr_portfolio_find(p, NULL), -1);
    expect_text(smr_portfolio_name(p, 0, "vi"), "Đề án");
    expect_text(smr_portfolio_name(p, 0, "en"), "Plan");
    expect_text(smr_portfolio_name(p, 0, NULL), "Plan");
    expect_text(smr_portfolio_name(p, 1, "vi"), "q");
    expect_text(smr_portfolio_status(p, 2), "done");
    expect_text(smr_portfolio_status(p, 1), "");
    expect_text(smr_portfolio_start(p, 0), "2021");
    expect_text(smr_portfolio_end(p, 0), "2022-Q3");
    expect(smr_portfolio_start(p, 1) == NULL && smr_portfolio_end(p, 9) == NULL);
    expect_near(smr_portfolio_budgets(p)[0], 5, 0);
    expect_nan(smr_portfolio_budgets(p)[1]);
    expect_equal_uint(smr_portfolio_taxonomy_count(p), 2);
    expect_text(smr_portfolio_taxonomy(p, 0), "actors");
    expect_equal_uint(smr_portfolio_category_count(p, 0), 3);
    expect_equal_uint(smr_portfolio_category_count(p, 1), 2);
    expect_text(smr_portfolio_category(p, 1, 1), "z");
    expect(smr_portfolio_category(p, 1, 2) == NULL && smr_portfolio_members(p, 2, 0) == NULL);
    static const uint8_t state[] = {1, 0, 0, 1, 1};
    expect_bytes(smr_portfolio_members(p, 0, 0), state, sizeof state);
    smr_portfolio_unref(p);
    api_world_free(&world);
    expect_equal_uint(smr_portfolio_count(NULL), 0);
    expect(smr_portfolio_budgets(NULL) == NULL && smr_portfolio_ref(NULL) == NULL);
    smr_portfolio_unref(NULL);
}

static void expect_refused(const char *text, const smr_framework *of, int32_t code, uint64_t row, uint64_t column) {
    smr_portfolio *portfolio = NULL;
    smr_error error = unit_error();
    smr_portfolio_options options;
    smr_portfolio_options_init(&options, sizeof options);
    options.framework = of;
    options.source_name = "p.csv";
    expect_fails(read_text(text, &options, &portfolio, &error), &error, code);
    expect(portfolio == NULL);
    expect_text(error.source, "p.csv");
    expect_equal_uint(error.row, row);
    expect_equal_uint(error.column, column);
}

TEST(what_is_wrong_and_where) {
    smr_framework *f = api_framework(framework);
    expect_refused("", f, SMR_MESSAGE_CSV_EMPTY, 0, 0);
    expect_refused("id,name\n", f, SMR_MESSAGE_CSV_NO_ROWS, 0, 0);
    expect_refused("ids,name\na,b\n", f, SMR_MESSAGE_PORTFOLIO_NO_ID, 1, 0);
    expect_refused("id,,name\na,b,c\n", f, SMR_MESSAGE_CSV_HEADER_EMPTY, 1, 2);
    expect_refused("id,actors,actors\na,state,state\n", f, SMR_MESSAGE_CSV_HEADER_DUPLICATE, 1, 3);
    expect_refused("id,goals:a|b|a\na,b\n", f, SMR_MESSAGE_PORTFOLIO_CATEGORY_TWICE, 1, 2);
    expect_refused("id,budget:a|b\na,1\n", f, SMR_MESSAGE_PORTFOLIO_NOT_TAXONOMY, 1, 2);
    expect_refused("id,name\na\n", f, SMR_MESSAGE_CSV_FIELD_COUNT, 2, 0);
    expect_refused("name,id\na,b\nc,\n", f, SMR_MESSAGE_PORTFOLIO_ID_EMPTY, 3, 2);
    expect_refused("id\na\nb\na\n", f, SMR_MESSAGE_PORTFOLIO_ID_DUPLICATE, 4, 1);
    expect_refused("id,actors\na,state|busines\n", f, SMR_MESSAGE_PORTFOLIO_CATEGORY_UNKNOWN, 2, 2);
    expect_refused("id,fields\na,state\n", f, SMR_MESSAGE_PORTFOLIO_CATEGORY_UNKNOWN, 2, 2);
    expect_refused("id,criteria\na,innovation\n", f, SMR_MESSAGE_PORTFOLIO_CATEGORY_UNKNOWN, 2, 2);
    expect_refused("id,goals:a|b\nx,c\n", f, SMR_MESSAGE_PORTFOLIO_CATEGORY_UNKNOWN, 2, 2);
    expect_refused("id,budget\nx,-1\n", f, SMR_MESSAGE_PORTFOLIO_BUDGET_WRONG, 2, 2);
    expect_refused("id,budget\nx,\"1,200\"\n", f, SMR_MESSAGE_PORTFOLIO_BUDGET_WRONG, 2, 2);
    expect_refused("id,start\nx,soon\n", f, SMR_MESSAGE_PORTFOLIO_DATE_WRONG, 2, 2);
    expect_refused("id,start,end\nx,2021,2020\n", f, SMR_MESSAGE_PORTFOLIO_END_BEFORE_START, 2, 0);
    expect_refused("id,effects\nx,x+3\n", f, SMR_MESSAGE_PORTFOLIO_EFFECT_WRONG, 2, 2);
    expect_refused("id,effects\nx,x=3%\n", f, SMR_MESSAGE_PORTFOLIO_EFFECT_WRONG, 2, 2);
    expect_refused("id,effects\nx,c=+3\n", f, SMR_MESSAGE_PORTFOLIO_EFFECT_UNKNOWN, 2, 2);
    expect_refused("id,effects\nx,x=+3;x=+4\n", f, SMR_MESSAGE_PORTFOLIO_EFFECT_TWICE, 2, 2);
    expect_refused("id,name\na,\"b\n", f, SMR_MESSAGE_CSV_QUOTE_OPEN, 2, 2);
    smr_framework_unref(f);
}

/* Vietnamese words, composed or not, and names of criteria stand for ids; not where a list in the header says otherwise. */
TEST(words_for_categories) {
    smr_framework *f = api_framework("{'id': 'i', 'children': [{'id': 'c', 'name': {'en': 'Broad net', 'vi': 'Nền tảng'}, "
                                     "'children': [{'id': 'x'}]}, {'id': 'y'}]}");
    smr_portfolio *p = portfolio_of("id,actors,fields,criteria\na,Nhà nước;viện trường,Con người|business,nền tảng\n"
                                    "b,Nha\xcc\x80 nước|industry,các yếu tố nền tảng,broad net|y\n", f);
    static const uint8_t both[] = {1, 1}, first[] = {1, 0}, second[] = {0, 1};
    expect_bytes(smr_portfolio_members(p, 0, 0), both, 2);
    expect_bytes(smr_portfolio_members(p, 0, 1), second, 2);
    expect_bytes(smr_portfolio_members(p, 0, 2), first, 2);
    expect_bytes(smr_portfolio_members(p, 1, 0), first, 2);
    expect_bytes(smr_portfolio_members(p, 1, 3), second, 2);
    expect_bytes(smr_portfolio_members(p, 2, 0), both, 2);
    expect_bytes(smr_portfolio_members(p, 2, 1), second, 2);
    smr_portfolio_unref(p);
    expect_refused("id,actors\na,nhà\n", f, SMR_MESSAGE_PORTFOLIO_CATEGORY_UNKNOWN, 2, 2);
    expect_refused("id,actors:public|private\na,nhà nước\n", f, SMR_MESSAGE_PORTFOLIO_CATEGORY_UNKNOWN, 2, 2);
    smr_framework_unref(f);
}

static size_t records;
static void count_record(const smr_error *record, void *user) {
    (void)user;
    records += record->severity == SMR_SEVERITY_ERROR;
}

/* All errors are told, up to twenty; the six criteria hold without a framework; Vietnamese numbers. */
TEST(errors_together_and_defaults) {
    smr_portfolio *p = NULL;
    smr_error error = unit_error();
    smr_context_options settings;
    smr_context_options_init(&settings, sizeof settings);
    settings.report = count_record;
    smr_context *context = NULL;
    expect_ok(smr_context_new(&settings, &context, &error), &error);
    char text[2000] = "id,budget\n";
    for (int i = 0; i < 30; i++)
        sprintf(text + strlen(text), "i%d,x\n", i);
    api_source source = {text, strlen(text), 0, 0};
    records = 0;
    expect_fails(smr_portfolio_read_csv(context, api_source_read, &source, NULL, &p, &error), &error,
                 SMR_MESSAGE_PORTFOLIO_BUDGET_WRONG);
    expect_equal_uint(records, 20);
    smr_context_unref(context);
    smr_portfolio_options options;
    smr_portfolio_options_init(&options, sizeof options);
    options.number_format = SMR_NUMBER_FORMAT_VI;
    expect_ok(read_text("id,budget,criteria,effects\na,\"1.234,5\",advocacy;innovation,any=+2\n", &options, &p, &error),
              &error);
    expect_near(smr_portfolio_budgets(p)[0], 1234.5, 0);
    expect_equal_uint(smr_portfolio_category_count(p, 0), 6);
    smr_portfolio_unref(p);
    options.number_format = 3;
    expect_argument(read_text("id\na\n", &options, &p, &error), &error);
    expect_argument(smr_portfolio_read_csv(NULL, NULL, NULL, NULL, &p, &error), &error);
    expect_argument(smr_portfolio_read_csv(NULL, api_source_read, NULL, NULL, NULL, &error), &error);
}

/* x 50 -> 55 is +2.5 at c (y is missing), +1.25 at the index; z -1 is -0.5. */
TEST(uplift_by_hand) {
    api_world world = api_world_make(framework, csv, NULL);
    smr_portfolio *p = portfolio_of(initiatives, world.framework);
    smr_appraisal *a = NULL;
    smr_error error = unit_error();
    smr_appraisal_options options;
    smr_appraisal_options_init(&options, sizeof options);
    options.region = "A";
    options.budget = 6;
    expect_ok(smr_portfolio_appraise(NULL, p, world.model, world.dataset, &options, &a, &error), &error);
    expect(smr_appraisal_portfolio(a) == p);
    expect_near(smr_appraisal_value(a, "baseline", "A", "score"), 29.5, 1e-12);
    expect_near(smr_appraisal_value(a, "uplift", "p", "uplift_alone"), 2.5 - 0.5, 1e-12);
    expect_near(smr_appraisal_value(a, "uplift", "p", "uplift_per_budget"), 0.4, 1e-12);
    expect_near(smr_appraisal_value(a, "uplift", "q", "uplift_alone"), 2, 1e-12);
    expect_nan(smr_appraisal_value(a, "uplift", "q", "uplift_per_budget"));
    expect_nan(smr_appraisal_value(a, "uplift", "r", "uplift_alone"));
    expect_nan(smr_appraisal_value(a, "uplift", "s", "uplift_alone"));
    /* 50 set to 70, and 10 % of the 50 before on top */
    expect_near(smr_appraisal_value(a, "baseline", "A", "score_all"), (75 + 12) / 2.0, 1e-12);
    expect_near(smr_appraisal_value(a, "effects", "t", "x"), 20, 1e-12);
    expect_near(smr_appraisal_value(a, "flag_no_value", "t", "y"), 0, 0);
    /* p and t cost 7: only one of them */
    expect_near(smr_appraisal_value(a, "best_set", "t", "uplift_last"), 10, 1e-12);
    expect_near(smr_appraisal_value(a, "best_set_total", "best_set", "score"), 39.5, 1e-12);
    expect_near(smr_appraisal_value(a, "best_set_total", "best_set", "rank"), 1, 0);
    expect_near(smr_appraisal_value(a, "best_set_total", "best_set", "exact"), 1, 0);
    expect_near(smr_appraisal_value(a, "order", "t", "place"), 1, 0);
    smr_appraisal_unref(a);
    options.period = "2020";
    options.budget = NAN;
    expect_ok(smr_portfolio_appraise(NULL, p, world.model, world.dataset, &options, &a, &error), &error);
    expect_near(smr_appraisal_value(a, "baseline", "A", "score"), (21 + 8) / 2.0, 1e-12);
    expect_equal_int(smr_appraisal_find_section(a, "best_set"), -1);
    smr_appraisal_unref(a);
    smr_portfolio_unref(p);
    api_world_free(&world);
}

/* A model that needs all regions gives what one that does not would, where both are the same. */
TEST(every_region_or_one) {
    static const char grouped[] = "{'impute': {'method': 'group_mean', 'group': 'zone'}}";
    static const char rows[] = "region,zone,people,x,y,z\nA,n,10,50,20,9\nB,n,20,60,80,5\nC,s,10,20,10,4\n";
    api_world one = api_world_make(framework, rows, NULL), all = api_world_make(framework, rows, grouped);
    smr_portfolio *p = portfolio_of(initiatives, one.framework);
    smr_appraisal *a[2] = {NULL, NULL};
    smr_error error = unit_error();
    smr_appraisal_options options;
    smr_appraisal_options_init(&options, sizeof options);
    options.region = "B";
    options.budget = 7;
    expect_ok(smr_portfolio_appraise(NULL, p, one.model, one.dataset, &options, &a[0], &error), &error);
    expect_ok(smr_portfolio_appraise(NULL, p, all.model, all.dataset, &options, &a[1], &error), &error);
    expect_equal_uint(smr_appraisal_section_count(a[0]), smr_appraisal_section_count(a[1]));
    for (size_t s = 0; s < smr_appraisal_section_count(a[0]); s++) {
        const size_t cells = smr_appraisal_cell_count(a[0], s);
        expect_equal_uint(smr_appraisal_cell_count(a[1], s), cells);
        for (size_t cell = 0; cell < cells; cell++)
            expect_same_bits(smr_appraisal_values(a[1], s)[cell], smr_appraisal_values(a[0], s)[cell]);
    }
    smr_appraisal_unref(a[0]);
    smr_appraisal_unref(a[1]);
    smr_portfolio_unref(p);
    api_world_free(&one);
    api_world_free(&all);
}

/* What the best set promises is what a score of the data afterwards gives. */
TEST(data_afterwards) {
    api_world world = api_world_make(framework, csv, NULL);
    smr_portfolio *p = portfolio_of(initiatives, world.framework);
    smr_dataset *after = NULL;
    smr_error error = unit_error();
    smr_appraisal_options options;
    smr_appraisal_options_init(&options, sizeof options);
    options.region = "A";
    const size_t chosen[] = {4, 0, 2, 3}; /* the last two are done and cancelled */
    expect_ok(smr_portfolio_apply(NULL, p, world.model, world.dataset, chosen, 4, &options, &after, &error), &error);
    expect_near(api_value_of(after, "x", 2), 75, 1e-12);
    expect_near(api_value_of(after, "z", 2), 8, 0);
    expect_near(api_value_of(after, "x", 0), 40, 0);
    expect_near(api_value_of(world.dataset, "x", 2), 50, 0);
    smr_scorecard *card = api_score(&world, after);
    expect_near(api_score_of(card, "i", 2), (75 + 8) / 2.0, 1e-12);
    smr_scorecard_unref(card);
    smr_dataset_unref(after);
    const size_t twice[] = {1, 1}, beyond[] = {5};
    expect_argument(smr_portfolio_apply(NULL, p, world.model, world.dataset, twice, 2, &options, &after, &error), &error);
    expect_argument(smr_portfolio_apply(NULL, p, world.model, world.dataset, beyond, 1, &options, &after, &error), &error);
    expect_argument(smr_portfolio_apply(NULL, p, world.model, world.dataset, NULL, 1, &options, &after, &error), &error);
    expect_argument(smr_portfolio_apply(NULL, NULL, world.model, world.dataset, NULL, 0, NULL, &after, &error), &error);
    expect_argument(smr_portfolio_apply(NULL, p, NULL, world.dataset, NULL, 0, NULL, &after, &error), &error);
    expect_argument(smr_portfolio_apply(NULL, p, world.model, NULL, NULL, 0, NULL, &after, &error), &error);
    expect_argument(smr_portfolio_apply(NULL, p, world.model, world.dataset, NULL, 0, NULL, NULL, &error), &error);
    expect(after == NULL);
    smr_portfolio_unref(p);
    api_world_free(&world);
}

TEST(appraisals_refused) {
    api_world world = api_world_make(framework, csv, NULL);
    smr_portfolio *p = portfolio_of(initiatives, world.framework);
    smr_appraisal *a = NULL;
    smr_error error = unit_error();
    smr_appraisal_options options;
    smr_appraisal_options_init(&options, sizeof options);
    expect_fails(smr_portfolio_appraise(NULL, p, world.model, world.dataset, NULL, &a, &error), &error,
                 SMR_MESSAGE_PORTFOLIO_REGION_NEEDED);
    options.region = "Z";
    expect_fails(smr_portfolio_appraise(NULL, p, world.model, world.dataset, &options, &a, &error), &error,
                 SMR_MESSAGE_NAME_UNKNOWN);
    options.region = "A";
    options.period = "1999";
    expect_fails(smr_portfolio_appraise(NULL, p, world.model, world.dataset, &options, &a, &error), &error,
                 SMR_MESSAGE_PERIOD_UNKNOWN);
    options.period = NULL;
    options.budget = -1;
    expect_argument(smr_portfolio_appraise(NULL, p, world.model, world.dataset, &options, &a, &error), &error);
    options.budget = INFINITY;
    expect_argument(smr_portfolio_appraise(NULL, p, world.model, world.dataset, &options, &a, &error), &error);
    expect_argument(smr_portfolio_appraise(NULL, NULL, NULL, NULL, NULL, &a, &error), &error);
    expect_argument(smr_portfolio_appraise(NULL, p, world.model, NULL, NULL, &a, &error), &error);
    expect_argument(smr_portfolio_appraise(NULL, p, NULL, world.dataset, NULL, &a, &error), &error);
    expect_argument(smr_portfolio_appraise(NULL, p, NULL, NULL, NULL, NULL, &error), &error);
    expect(a == NULL);
    /* A portfolio read without the framework names what the model does not have. */
    smr_portfolio *free_text = NULL;
    expect_ok(read_text("id,effects\na,u=+1\n", NULL, &free_text, &error), &error);
    smr_appraisal_options_init(&options, sizeof options);
    options.region = "A";
    expect_fails(smr_portfolio_appraise(NULL, free_text, world.model, world.dataset, &options, &a, &error), &error,
                 SMR_MESSAGE_PORTFOLIO_EFFECT_UNKNOWN);
    expect_equal_uint(error.row, 2);
    smr_portfolio_unref(free_text);
    smr_portfolio_unref(p);
    api_world_free(&world);
}

TEST(a_region_without_an_index) {
    api_world world = api_world_make(framework, "region,people,x,y,z\nA,1,,,\nB,1,2,3,4\n", NULL);
    smr_portfolio *p = portfolio_of(initiatives, world.framework);
    smr_appraisal *a = NULL;
    smr_error error = unit_error();
    smr_appraisal_options options;
    smr_appraisal_options_init(&options, sizeof options);
    options.region = "A";
    expect_fails(smr_portfolio_appraise(NULL, p, world.model, world.dataset, &options, &a, &error), &error,
                 SMR_MESSAGE_PORTFOLIO_NOT_SCORED);
    smr_portfolio_unref(p);
    api_world_free(&world);
}

TEST(coverage_alone_and_texts) {
    smr_portfolio *p = NULL;
    smr_appraisal *a = NULL;
    smr_error error = unit_error();
    api_text text = {0};
    expect_ok(read_text("id,actors,task,effects\na,state,\"x,1\",\nb,state|business,y,\n", NULL, &p, &error), &error);
    expect_ok(smr_portfolio_appraise(NULL, p, NULL, NULL, NULL, &a, &error), &error);
    smr_appraisal *other = smr_appraisal_ref(a);
    smr_portfolio_unref(p);
    smr_appraisal_unref(other);
    expect_near(smr_appraisal_value(a, "empty_actors_task", "business", "x,1"), 0, 0);
    expect_nan(smr_appraisal_value(a, "empty_actors_task", "state", "y"));
    expect_equal_int(smr_appraisal_find_section(a, "uplift"), -1);
    expect_ok(smr_appraisal_write_csv(a, api_text_append, &text, &error), &error);
    expect(strncmp(text.bytes, "section,row,column,value\nsize,portfolio,initiatives,2\n", 52) == 0);
    expect(strstr(text.bytes, "coverage_actors_task,state,\"x,1\",1\n") != NULL);
    api_text_free(&text);
    text = (api_text){0};
    expect_ok(smr_appraisal_write_json(a, api_text_append, &text, &error), &error);
    expect(strstr(text.bytes, "\"format\": \"smartregion-portfolio/1\"") != NULL);
    expect(strstr(text.bytes, "\"plan\": null") != NULL);
    api_text_free(&text);
    expect_argument(smr_appraisal_write_csv(NULL, api_text_append, NULL, &error), &error);
    expect_argument(smr_appraisal_write_csv(a, NULL, NULL, &error), &error);
    expect_argument(smr_appraisal_write_json(NULL, api_text_append, NULL, &error), &error);
    expect_argument(smr_appraisal_write_json(a, NULL, NULL, &error), &error);
    const size_t count = smr_appraisal_section_count(a);
    expect(smr_appraisal_section_name(a, count) == NULL && smr_appraisal_rows(a, count) == NULL);
    expect(smr_appraisal_columns(a, count) == NULL && smr_appraisal_values(a, count) == NULL);
    expect_equal_uint(smr_appraisal_cell_count(a, count), 0);
    expect_equal_int(smr_appraisal_find_section(a, NULL), -1);
    expect_equal_uint(smr_appraisal_section_count(NULL), 0);
    expect_nan(smr_appraisal_value(NULL, "size", "portfolio", "budget"));
    expect(smr_appraisal_portfolio(NULL) == NULL && smr_appraisal_ref(NULL) == NULL);
    smr_appraisal_unref(a);
    smr_appraisal_unref(NULL);
}

static const unit_test tests[] = {
    UNIT(what_was_read),     UNIT(what_is_wrong_and_where), UNIT(words_for_categories), UNIT(errors_together_and_defaults),
    UNIT(uplift_by_hand),    UNIT(every_region_or_one),     UNIT(data_afterwards),
    UNIT(appraisals_refused), UNIT(a_region_without_an_index), UNIT(coverage_alone_and_texts),
};
UNIT_SUITE(portfolio, tests)
