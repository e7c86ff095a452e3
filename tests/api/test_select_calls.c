/* SPDX-License-Identifier: MIT */
/* Wrong calls of what belongs to the selection: NULL, out of range, structs of other sizes. */
#include "api.h"

#include <string.h>

#define JUNK(type) ((type *)(uintptr_t)1)

/* Refused as a wrong call, with and without a record; the output, where there is one, is NULL. */
#define REFUSED(call) \
    do { \
        smr_error record = unit_error(), *e = &record; \
        expect_argument(call, e); \
        e = NULL; \
        expect_equal_int(call, SMR_ERROR_ARGUMENT); \
    } while (0)
#define REFUSED_OUT(output, call) \
    do { \
        smr_error record = unit_error(), *e = &record; \
        (output) = (void *)(uintptr_t)1; \
        expect_argument(call, e); \
        expect((output) == NULL); \
        e = NULL; \
        (output) = (void *)(uintptr_t)1; \
        expect_equal_int(call, SMR_ERROR_ARGUMENT); \
        expect((output) == NULL); \
    } while (0)

static const char tree[] = "{'id': 'i', 'children': [{'id': 'x'}, {'id': 'y'}]}";

typedef union larger {
    unsigned char bytes[512];
    smr_stage_options stage;
    smr_part_options part;
    smr_eligibility eligible;
    smr_select_options select;
    smr_stage_result stage_result;
    smr_part_result part_result;
    smr_reasons reasons;
} larger;

static int64_t no_read(void *buffer, size_t size, void *user) {
    (void)buffer;
    (void)size;
    (void)user;
    return -1;
}

static int32_t no_write(const void *bytes, size_t length, void *user) {
    (void)bytes;
    (void)length;
    (void)user;
    return 1;
}

TEST(funnel_calls) {
    smr_funnel_builder *builder;
    smr_funnel *funnel;
    smr_error error = unit_error();
    REFUSED(smr_funnel_builder_new(NULL, NULL, NULL, e));
    expect_ok(smr_funnel_builder_new(NULL, NULL, &builder, &error), &error);
    smr_stage_options stage;
    smr_stage_options_init(&stage, sizeof stage);
    REFUSED(smr_funnel_builder_put_stage(NULL, "a", NULL, e));
    REFUSED(smr_funnel_builder_put_stage(builder, NULL, NULL, e));
    stage.ballot_rule = 5;
    REFUSED(smr_funnel_builder_put_stage(builder, "a", &stage, e));
    smr_stage_options_init(&stage, sizeof stage);
    stage.ballot_incomplete = 2;
    REFUSED(smr_funnel_builder_put_stage(builder, "a", &stage, e));
    expect_ok(smr_funnel_builder_put_stage(builder, "a", NULL, &error), &error);
    smr_part_options part;
    smr_part_options_init(&part, sizeof part);
    part.direction = SMR_DIRECTION_TARGET;
    REFUSED(smr_funnel_builder_add_part(NULL, "a", "x", NULL, e));
    REFUSED(smr_funnel_builder_add_part(builder, NULL, "x", NULL, e));
    REFUSED(smr_funnel_builder_add_part(builder, "a", NULL, NULL, e));
    REFUSED(smr_funnel_builder_add_part(builder, "a", "x", &part, e));
    REFUSED(smr_funnel_builder_add_gate(NULL, "a", SMR_GATE_INDEX, NULL, 1, e));
    REFUSED(smr_funnel_builder_add_gate(builder, "a", -1, NULL, 1, e));
    REFUSED(smr_funnel_builder_add_gate(builder, "a", 5, NULL, 1, e));
    REFUSED(smr_funnel_builder_add_gate(builder, "a", SMR_GATE_NAMED, NULL, 1, e));
    REFUSED(smr_funnel_builder_add_gate(builder, "a", SMR_GATE_INDEX, "x", 1, e));
    REFUSED(smr_funnel_builder_set_ties(NULL, NULL, "x", SMR_DIRECTION_HIGHER, e));
    REFUSED(smr_funnel_builder_set_ties(builder, NULL, "x", SMR_DIRECTION_UNSET, e));
    REFUSED(smr_funnel_builder_set_ballot_rule(NULL, NULL, 0, 0, e));
    REFUSED(smr_funnel_builder_set_ballot_rule(builder, NULL, -1, 0, e));
    REFUSED(smr_funnel_builder_set_ballot_rule(builder, NULL, 0, 2, e));
    REFUSED(smr_funnel_builder_set_eligibility(NULL, NULL, e));
    smr_eligibility eligible;
    smr_eligibility_init(&eligible, sizeof eligible);
    eligible.grade_count = 1;
    REFUSED(smr_funnel_builder_set_eligibility(builder, &eligible, e));
    REFUSED(smr_funnel_builder_add_name(NULL, NULL, "en", "n", e));
    REFUSED(smr_funnel_builder_add_name(builder, NULL, NULL, "n", e));
    REFUSED(smr_funnel_builder_add_name(builder, NULL, "en", NULL, e));
    REFUSED(smr_funnel_builder_build(builder, NULL, e));
    REFUSED_OUT(funnel, smr_funnel_builder_build(NULL, &funnel, e));
    smr_funnel_builder_free(builder);
    smr_funnel_builder_free(NULL);
    REFUSED(smr_funnel_read(NULL, "{}", 2, NULL, NULL, e));
    REFUSED_OUT(funnel, smr_funnel_read(NULL, NULL, 2, NULL, &funnel, e));
    REFUSED(smr_funnel_builtin(NULL, "icf", NULL, e));
    REFUSED_OUT(funnel, smr_funnel_builtin(NULL, NULL, &funnel, e));
    REFUSED(smr_funnel_write(NULL, no_write, NULL, e));
    expect_ok(smr_funnel_builtin(NULL, "icf", &funnel, &error), &error);
    REFUSED(smr_funnel_write(funnel, NULL, NULL, e));
    expect_fails(smr_funnel_write(funnel, no_write, NULL, &error), &error, SMR_MESSAGE_WRITE_FAILED);
    smr_funnel_unref(funnel);
    smr_funnel_unref(NULL);
    expect(smr_funnel_ref(NULL) == NULL && smr_funnel_stage_count(NULL) == 0 && smr_funnel_stage_id(NULL, 0) == NULL);
    expect(smr_funnel_stage_keep(NULL, 0) == 0 && !smr_funnel_stage_has_ballots(NULL, 0));
    expect(smr_funnel_stage_ballots(NULL, 0) == NULL);
}

TEST(ballot_calls) {
    static const char *const names[] = {"j"}, *const none[] = {NULL};
    static const double places[] = {1};
    smr_ballots *ballots;
    smr_error error = unit_error();
    double result[2];
    REFUSED(smr_ballots_new(NULL, names, names, places, 1, NULL, e));
    REFUSED_OUT(ballots, smr_ballots_new(NULL, NULL, names, places, 1, &ballots, e));
    REFUSED_OUT(ballots, smr_ballots_new(NULL, names, NULL, places, 1, &ballots, e));
    REFUSED_OUT(ballots, smr_ballots_new(NULL, names, names, NULL, 1, &ballots, e));
    REFUSED_OUT(ballots, smr_ballots_new(NULL, names, names, places, 0, &ballots, e));
    REFUSED_OUT(ballots, smr_ballots_new(NULL, none, names, places, 1, &ballots, e));
    REFUSED_OUT(ballots, smr_ballots_new(NULL, names, none, places, 1, &ballots, e));
    REFUSED(smr_ballots_read_csv(NULL, no_read, NULL, NULL, NULL, e));
    REFUSED_OUT(ballots, smr_ballots_read_csv(NULL, NULL, NULL, NULL, &ballots, e));
    expect_fails(smr_ballots_read_csv(NULL, no_read, NULL, NULL, &ballots, &error), &error, SMR_MESSAGE_READ_FAILED);
    expect(ballots == NULL);
    expect_ok(smr_ballots_new(NULL, names, names, places, 1, &ballots, &error), &error);
    REFUSED(smr_ballots_results(NULL, 0, 0, result, 1, e));
    REFUSED(smr_ballots_results(ballots, 0, 0, NULL, 1, e));
    REFUSED(smr_ballots_results(ballots, 5, 0, result, 1, e));
    REFUSED(smr_ballots_results(ballots, 0, -1, result, 1, e));
    REFUSED(smr_ballots_results(ballots, 0, 0, result, 2, e));
    smr_ballots_unref(ballots);
    smr_ballots_unref(NULL);
    expect(smr_ballots_ref(NULL) == NULL && smr_ballots_juror_count(NULL) == 0 && smr_ballots_region_count(NULL) == 0);
    expect(smr_ballots_juror(NULL, 0) == NULL && smr_ballots_region(NULL, 0) == NULL);
    expect(smr_ballots_places(NULL, 0) == NULL);
}

TEST(selection_calls) {
    api_world world = api_world_make(tree, "region,x,y\nA,1,2\nB,2,1\n", NULL);
    smr_funnel *funnel;
    smr_selection *selection;
    smr_error error = unit_error();
    static const char json[] = "{\"stages\": [{\"id\": \"s\", \"keep\": 1}]}";
    expect_ok(smr_funnel_read(NULL, json, sizeof json - 1, NULL, &funnel, &error), &error);
    const smr_ballots *const ballots[] = {NULL, NULL};
    smr_select_options options;
    smr_select_options_init(&options, sizeof options);
    options.year = -1;
    REFUSED(smr_select_run(NULL, funnel, world.card, NULL, NULL, 0, NULL, NULL, e));
    REFUSED_OUT(selection, smr_select_run(NULL, NULL, world.card, NULL, NULL, 0, NULL, &selection, e));
    REFUSED_OUT(selection, smr_select_run(NULL, funnel, NULL, NULL, NULL, 0, NULL, &selection, e));
    REFUSED_OUT(selection, smr_select_run(NULL, funnel, world.card, NULL, NULL, 1, NULL, &selection, e));
    REFUSED_OUT(selection, smr_select_run(NULL, funnel, world.card, NULL, ballots, 0, NULL, &selection, e));
    REFUSED_OUT(selection, smr_select_run(NULL, funnel, world.card, NULL, ballots, 2, NULL, &selection, e));
    REFUSED_OUT(selection, smr_select_run(NULL, funnel, world.card, NULL, NULL, 0, &options, &selection, e));
    smr_select_options_init(&options, sizeof options);
    options.period = "2020";
    expect_fails(smr_select_run(NULL, funnel, world.card, NULL, NULL, 0, &options, &selection, &error), &error,
                 SMR_MESSAGE_PERIOD_UNKNOWN);
    expect(selection == NULL);
    expect_ok(smr_select_run(NULL, funnel, world.card, NULL, ballots, 1, NULL, &selection, &error), &error);
    larger l;
    smr_stage_result_init(&l.stage_result, sizeof l.stage_result);
    REFUSED(smr_selection_stage(NULL, 0, &l.stage_result, e));
    REFUSED(smr_selection_stage(selection, 0, NULL, e));
    REFUSED(smr_selection_stage(selection, 1, &l.stage_result, e));
    smr_part_result_init(&l.part_result, sizeof l.part_result);
    REFUSED(smr_selection_part(NULL, 0, 0, &l.part_result, e));
    REFUSED(smr_selection_part(selection, 0, 0, NULL, e));
    REFUSED(smr_selection_part(selection, 1, 0, &l.part_result, e));
    REFUSED(smr_selection_part(selection, 0, 1, &l.part_result, e));
    smr_reasons_init(&l.reasons, sizeof l.reasons);
    REFUSED(smr_selection_reasons(NULL, &l.reasons, e));
    REFUSED(smr_selection_reasons(selection, NULL, e));
    REFUSED(smr_selection_write_csv(NULL, NULL, no_write, NULL, e));
    REFUSED(smr_selection_write_csv(selection, NULL, NULL, NULL, e));
    REFUSED(smr_selection_write_json(NULL, NULL, no_write, NULL, e));
    REFUSED(smr_selection_write_json(selection, NULL, NULL, NULL, e));
    expect_fails(smr_selection_write_csv(selection, NULL, no_write, NULL, &error), &error, SMR_MESSAGE_WRITE_FAILED);
    expect_fails(smr_selection_write_json(selection, NULL, no_write, NULL, &error), &error, SMR_MESSAGE_WRITE_FAILED);
    expect(smr_selection_ref(NULL) == NULL && smr_selection_row_count(NULL) == 0 && smr_selection_funnel(NULL) == NULL);
    expect(smr_selection_period(NULL) == NULL && smr_selection_regions(NULL) == NULL && smr_selection_names(NULL) == NULL);
    expect(smr_selection_card_rows(NULL) == NULL && smr_selection_stages(NULL) == NULL);
    expect(smr_selection_scores(NULL) == NULL && smr_selection_ranks(NULL) == NULL && smr_selection_passed(NULL) == NULL);
    expect(smr_selection_part_count(NULL, 0) == 0 && smr_selection_reason_text(NULL, 0, NULL, NULL, 0) == 0);
    smr_selection_unref(NULL);
    smr_selection_unref(selection);
    smr_funnel_unref(funnel);
    api_world_free(&world);
}

/* ---- structs of other sizes ---- */

static void init_stage(void *options, size_t size) {
    smr_stage_options_init(options, size);
}
static void init_part(void *options, size_t size) {
    smr_part_options_init(options, size);
}
static void init_eligible(void *options, size_t size) {
    smr_eligibility_init(options, size);
}
static void init_select(void *options, size_t size) {
    smr_select_options_init(options, size);
}
static void init_stage_result(void *options, size_t size) {
    smr_stage_result_init(options, size);
}
static void init_part_result(void *options, size_t size) {
    smr_part_result_init(options, size);
}
static void init_reasons(void *options, size_t size) {
    smr_reasons_init(options, size);
}

typedef struct made {
    api_world world;
    smr_funnel_builder *builder;
    smr_funnel *funnel;
    smr_selection *selection;
} made;

static smr_status call_stage(const made *m, larger *l, smr_error *error) {
    return smr_funnel_builder_put_stage(m->builder, "s", &l->stage, error);
}
static smr_status call_part(const made *m, larger *l, smr_error *error) {
    return smr_funnel_builder_add_part(m->builder, "s", "x", &l->part, error);
}
static smr_status call_eligible(const made *m, larger *l, smr_error *error) {
    return smr_funnel_builder_set_eligibility(m->builder, &l->eligible, error);
}
static smr_status call_select(const made *m, larger *l, smr_error *error) {
    smr_selection *selection = JUNK(smr_selection);
    smr_status status = smr_select_run(NULL, m->funnel, m->world.card, NULL, NULL, 0, &l->select, &selection, error);
    expect((status == SMR_OK) == (selection != NULL));
    smr_selection_unref(selection);
    return status;
}
static smr_status call_stage_result(const made *m, larger *l, smr_error *error) {
    return smr_selection_stage(m->selection, 0, &l->stage_result, error);
}
static smr_status call_part_result(const made *m, larger *l, smr_error *error) {
    return smr_selection_part(m->selection, 0, 0, &l->part_result, error);
}
static smr_status call_reasons(const made *m, larger *l, smr_error *error) {
    return smr_selection_reasons(m->selection, &l->reasons, error);
}

static const struct {
    void (*init)(void *, size_t);
    size_t size;
    smr_status (*call)(const made *, larger *, smr_error *);
    int is_filled;
} structs[] = {
    {init_stage, sizeof(smr_stage_options), call_stage, 0},
    {init_part, sizeof(smr_part_options), call_part, 0},
    {init_eligible, sizeof(smr_eligibility), call_eligible, 0},
    {init_select, sizeof(smr_select_options), call_select, 0},
    {init_stage_result, sizeof(smr_stage_result), call_stage_result, 1},
    {init_part_result, sizeof(smr_part_result), call_part_result, 1},
    {init_reasons, sizeof(smr_reasons), call_reasons, 1},
};

TEST(structs_of_other_sizes) {
    enum { LONGER = 40 };
    static const char json[] = "{\"stages\": [{\"id\": \"s\", \"keep\": 1}]}";
    made m = {.world = api_world_make(tree, "region,x,y\nA,1,2\nB,2,1\n", NULL)};
    smr_error error = unit_error();
    expect_ok(smr_funnel_read(NULL, json, sizeof json - 1, NULL, &m.funnel, &error), &error);
    expect_ok(smr_funnel_builder_new(NULL, m.funnel, &m.builder, &error), &error);
    expect_ok(smr_select_run(NULL, m.funnel, m.world.card, NULL, NULL, 0, NULL, &m.selection, &error), &error);
    for (size_t i = 0; i < COUNT(structs); i++) {
        for (size_t size = 4; size <= structs[i].size + LONGER; size += 4) {
            larger l;
            memset(&l, 0, sizeof l);
            structs[i].init(&l, size);
            memset(l.bytes + size, 0xa5, LONGER);
            expect_ok(structs[i].call(&m, &l, &error), &error);
            uint32_t noted;
            memcpy(&noted, l.bytes, sizeof noted);
            expect_equal_uint(noted, size);
            for (size_t byte = size; byte < size + LONGER; byte++) {
                expect_equal_int(l.bytes[byte], 0xa5);
            }
            for (size_t byte = structs[i].size; byte < size; byte++) {
                expect_equal_int(l.bytes[byte], 0);
                l.bytes[byte] = 1;
                expect_fails(structs[i].call(&m, &l, &error), &error, SMR_MESSAGE_UNKNOWN_OPTION_BYTES);
                l.bytes[byte] = 0;
            }
        }
        larger l;
        memset(&l, 0, sizeof l);
        expect_argument(structs[i].call(&m, &l, &error), &error);
        structs[i].init(NULL, 100);
        memset(&l, 0xa5, sizeof l);
        structs[i].init(&l, 3);
        expect_equal_int(l.bytes[0], 0xa5);
    }
    smr_selection_unref(m.selection);
    smr_funnel_builder_free(m.builder);
    smr_funnel_unref(m.funnel);
    api_world_free(&m.world);
}

static const unit_test tests[] = {
    UNIT(funnel_calls),
    UNIT(ballot_calls),
    UNIT(selection_calls),
    UNIT(structs_of_other_sizes),
};
UNIT_SUITE(select_calls, tests)
