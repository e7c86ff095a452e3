/* SPDX-License-Identifier: MIT */
/* The audit's bits and wrong calls; the record of what steps did; weights by region. */
#include "api.h"

#include "catalogue_plans.h"

#include <stdlib.h>
#include <string.h>

static const char tree[] =
    "{'id': 'i', 'children': [{'id': 'a', 'children': [{'id': 'x'}, {'id': 'y'}]}, {'id': 'z'}]}";
static const char data[] = "region,x,y,z\nA,1,9,3\nB,2,8,1\nC,3,7,4\nD,4,6,1\nE,5,5,5\nF,6,4,\n";

static smr_audit *audit_of(smr_context *context, const api_world *world) {
    smr_audit *audit = NULL;
    smr_error error = unit_error();
    expect_ok(smr_audit_run(context, world->model, world->dataset, NULL, &audit, &error), &error);
    return audit;
}

/* The same bytes with any number of threads and every kernel. */
TEST(the_same_bytes) {
    static const char *const columns[] = {"x1", "x2", "x3", "x4", "x5", "x6", "d"};
    char *csv = api_random_csv(300, columns, COUNT(columns), 21, 0.05);
    smr_context *contexts[] = {api_context(1, NULL), api_context(3, NULL), api_context(1, "baseline")};
    char *first = NULL;
    for (size_t i = 0; i < COUNT(contexts); i++) {
        api_world world = api_world_make_in(contexts[i], SMR_KEEP_INNER, catalogue_tree, csv, NULL);
        smr_audit *audit = audit_of(contexts[i], &world);
        api_text text = {NULL, 0, 0};
        smr_error error = unit_error();
        expect_ok(smr_audit_write_csv(audit, api_text_append, &text, &error), &error);
        if (first == NULL) {
            first = text.bytes;
        } else {
            expect_text(text.bytes, first);
            api_text_free(&text);
        }
        smr_audit_unref(audit);
        api_world_free(&world);
    }
    for (size_t i = 0; i < COUNT(contexts); i++) {
        smr_context_unref(contexts[i]);
    }
    free(first);
    free(csv);
}

/* ---- what the steps did ---- */

typedef struct records {
    size_t count, cells;
    double before, after;
    char outcome[32];
} records;

static void take_record(const smr_step_record *record, void *user) {
    records *r = user;
    r->count++;
    if (record->region != NULL) {
        r->cells++;
        expect_equal_uint(record->changed, 1);
        r->before = record->before;
        r->after = record->after;
        strncpy(r->outcome, record->outcome, sizeof r->outcome - 1);
    }
}

/* The only cell that changes is F's z: the median of 1 1 3 4 5. */
TEST(the_record_of_steps) {
    api_world world = api_world_make(tree, data, "{'normalise': 'none', 'impute': {'indicators': {'z': 'median'}}}");
    records r = {0};
    smr_error error = unit_error();
    expect_ok(smr_model_record(NULL, world.model, world.dataset, take_record, &r, &error), &error);
    expect_equal_uint(r.cells, 1);
    expect(r.count > r.cells);
    expect_nan(r.before);
    expect_near(r.after, 3, 0);
    expect_text(r.outcome, "imputed");
    api_world_free(&world);
}

/* ---- weights by region ---- */

TEST(weights_by_region) {
    api_world world =
        api_world_make(tree, data, "{'weights': {'nodes': {'i': {'method': 'given', 'values': {'a': 3, 'z': 1}}}}}");
    double weights[6];
    smr_error error = unit_error();
    expect_equal_int(smr_scorecard_has_region_weights(world.card), 0);
    expect_ok(smr_scorecard_weights(world.card, api_node(world.framework, "a"), weights, COUNT(weights), &error),
              &error);
    for (size_t row = 0; row < COUNT(weights); row++) {
        expect_near(weights[row], 3, 0);
    }
    api_world_free(&world);
}

/* ---- wrong calls ---- */

#define REFUSED(call) \
    do { \
        smr_error record = unit_error(), *e = &record; \
        expect_argument(call, e); \
        e = NULL; \
        expect_equal_int(call, SMR_ERROR_ARGUMENT); \
    } while (0)

TEST(wrong_calls) {
    api_world world = api_world_make(tree, data, NULL);
    smr_audit *audit = (smr_audit *)(uintptr_t)1;
    REFUSED(smr_audit_run(NULL, world.model, world.dataset, NULL, NULL, e));
    REFUSED(smr_audit_run(NULL, NULL, world.dataset, NULL, &audit, e));
    expect(audit == NULL);
    REFUSED(smr_audit_run(NULL, world.model, NULL, NULL, &audit, e));
    smr_audit_options options;
    smr_audit_options_init(&options, sizeof options);
    options.retain = 3;
    audit = (smr_audit *)(uintptr_t)1;
    REFUSED(smr_audit_run(NULL, world.model, world.dataset, &options, &audit, e));
    expect(audit == NULL);
    options.retain = SMR_RETAIN_NUMBER;
    options.factors = 0;
    REFUSED(smr_audit_run(NULL, world.model, world.dataset, &options, &audit, e));
    smr_audit_options_init(&options, sizeof options);
    options.period = "2020";
    smr_error error = unit_error();
    expect_equal_int(smr_audit_run(NULL, world.model, world.dataset, &options, &audit, &error), SMR_ERROR_NOT_FOUND);
    expect(audit == NULL);
    smr_imputation_options imputation;
    smr_imputation_options_init(&imputation, sizeof imputation);
    REFUSED(smr_audit_imputation(NULL, world.model, world.dataset, NULL, NULL, e));
    REFUSED(smr_audit_imputation(NULL, NULL, world.dataset, NULL, &audit, e));
    REFUSED(smr_audit_imputation(NULL, world.model, NULL, NULL, &audit, e));
    static const double shares[] = {0, 1, -0.5, 2};
    for (size_t i = 0; i < COUNT(shares); i++) {
        imputation.share = shares[i];
        audit = (smr_audit *)(uintptr_t)1;
        REFUSED(smr_audit_imputation(NULL, world.model, world.dataset, &imputation, &audit, e));
        expect(audit == NULL);
    }
    smr_imputation_options_init(&imputation, sizeof imputation);
    imputation.repeats = 0;
    REFUSED(smr_audit_imputation(NULL, world.model, world.dataset, &imputation, &audit, e));
    REFUSED(smr_audit_write_csv(NULL, api_text_append, NULL, e));
    REFUSED(smr_audit_write_json(NULL, api_text_append, NULL, e));
    REFUSED(smr_model_record(NULL, NULL, world.dataset, take_record, NULL, e));
    REFUSED(smr_model_record(NULL, world.model, NULL, take_record, NULL, e));
    REFUSED(smr_model_record(NULL, world.model, world.dataset, NULL, NULL, e));
    double weights[7];
    REFUSED(smr_scorecard_weights(NULL, 1, weights, 6, e));
    REFUSED(smr_scorecard_weights(world.card, 0, weights, 6, e));
    REFUSED(smr_scorecard_weights(world.card, 5, weights, 6, e));
    REFUSED(smr_scorecard_weights(world.card, 1, NULL, 6, e));
    REFUSED(smr_scorecard_weights(world.card, 1, weights, 7, e));
    expect_equal_int(smr_scorecard_has_region_weights(NULL), 0);
    audit = audit_of(NULL, &world);
    REFUSED(smr_audit_write_csv(audit, NULL, NULL, e));
    REFUSED(smr_audit_write_json(audit, NULL, NULL, e));
    smr_audit_unref(audit);
    api_world_free(&world);
}

/* What reads asks for nothing that is not there. */
TEST(reading_beyond) {
    api_world world = api_world_make(tree, data, NULL);
    smr_audit *audit = audit_of(NULL, &world);
    const smr_audit *const handles[] = {NULL, audit};
    for (size_t h = 0; h < COUNT(handles); h++) {
        expect(smr_audit_section_name(handles[h], SIZE_MAX) == NULL);
        expect_equal_int(smr_audit_find_section(handles[h], "no such section"), -1);
        expect_equal_int(smr_audit_find_section(handles[h], NULL), -1);
        expect_equal_uint(smr_audit_cell_count(handles[h], SIZE_MAX), 0);
        expect(smr_audit_rows(handles[h], SIZE_MAX) == NULL && smr_audit_columns(handles[h], SIZE_MAX) == NULL);
        expect(smr_audit_values(handles[h], SIZE_MAX) == NULL);
        expect_nan(smr_audit_value(handles[h], NULL, "x", "y"));
        expect_nan(smr_audit_value(handles[h], "size", NULL, "rows"));
        expect_nan(smr_audit_value(handles[h], "size", "data", NULL));
    }
    expect(smr_audit_framework(audit) == world.framework);
    expect(smr_audit_framework(NULL) == NULL && smr_audit_ref(NULL) == NULL);
    expect_equal_uint(smr_audit_section_count(NULL), 0);
    smr_audit_unref(NULL);
    smr_audit_options_init(NULL, 100);
    smr_imputation_options_init(NULL, 100);
    smr_audit_unref(audit);
    api_world_free(&world);
}

static const unit_test tests[] = {
    UNIT(the_same_bytes), UNIT(the_record_of_steps), UNIT(weights_by_region), UNIT(wrong_calls), UNIT(reading_beyond),
};
UNIT_SUITE(audit_calls, tests)
