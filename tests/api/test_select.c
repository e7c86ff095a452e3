/* SPDX-License-Identifier: MIT */
/* Funnels call by call and from JSON, ballots from arrays and csv, and the columns of a selection. */
#include "api.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char tree[] = "{'id': 'i', 'plan': {'normalise': {'method': 'goalposts'}}, 'children': ["
                           "{'id': 'a', 'children': [{'id': 'x', 'worst': 0, 'best': 10}]},"
                           "{'id': 'b', 'name': {'en': 'Bee', 'vi': 'Ong'}, 'children': [{'id': 'y', 'worst': 0, 'best': 10}]}]}";
static const char data[] = "region,name,marks,x,y\nA,Alpha,3,9,5\nB,,5,7,7\nC,Gamma,4,9,1\nD,Delta,,8,\n";

static smr_funnel *read_funnel(const char *text, smr_error *error) {
    char *json = api_json(text);
    smr_funnel *funnel = NULL;
    smr_funnel_read(unit_context(), json, strlen(json), "funnel.json", &funnel, error);
    free(json);
    return funnel;
}

static smr_ballots *read_ballots(const char *text, smr_error *error) {
    api_source source = {text, strlen(text), 7, 0};
    smr_ballots *ballots = NULL;
    smr_ballots_read_csv(unit_context(), api_source_read, &source, "jury.csv", &ballots, error);
    return ballots;
}

/* ---- funnels ---- */

TEST(built_call_by_call) {
    smr_error error = unit_error();
    smr_funnel_builder *builder = NULL;
    smr_funnel *funnel = NULL, *again = NULL;
    expect_ok(smr_funnel_builder_new(unit_context(), NULL, &builder, &error), &error);
    expect_fails(smr_funnel_builder_build(builder, &funnel, &error), &error, SMR_MESSAGE_FUNNEL_EMPTY);
    smr_stage_options stage;
    smr_stage_options_init(&stage, sizeof stage);
    stage.keep = 3;
    expect_ok(smr_funnel_builder_put_stage(builder, "first", &stage, &error), &error);
    stage.keep = 1;
    stage.ballots = "jury.csv";
    stage.ballot_rule = SMR_BALLOT_COPELAND;
    expect_ok(smr_funnel_builder_put_stage(builder, "last", &stage, &error), &error);
    expect_fails(smr_funnel_builder_build(builder, &funnel, &error), &error, SMR_MESSAGE_FUNNEL_BALLOTS_UNUSED);
    expect_text(error.subject, "stages[1].ballots");
    smr_part_options part;
    smr_part_options_init(&part, sizeof part);
    part.weight = 2;
    expect_ok(smr_funnel_builder_add_part(builder, "last", "ballots", &part, &error), &error);
    part.worst = 10;
    part.best = 0;
    expect_ok(smr_funnel_builder_add_part(builder, "last", "marks", &part, &error), &error);
    expect_fails(smr_funnel_builder_add_part(builder, "last", "previous", &part, &error), &error,
                 SMR_MESSAGE_FUNNEL_PART_SCALED);
    expect_fails(smr_funnel_builder_add_part(builder, "lost", "marks", &part, &error), &error,
                 SMR_MESSAGE_FUNNEL_STAGE_UNKNOWN);
    smr_part_options_init(&part, sizeof part);
    part.direction = SMR_DIRECTION_LOWER;
    expect_ok(smr_funnel_builder_add_part(builder, "last", "x", &part, &error), &error);
    expect_ok(smr_funnel_builder_add_gate(builder, NULL, SMR_GATE_CRITERIA, NULL, 20, &error), &error);
    expect_ok(smr_funnel_builder_add_gate(builder, NULL, SMR_GATE_CRITERIA, NULL, 30, &error), &error);
    expect_ok(smr_funnel_builder_add_gate(builder, "last", SMR_GATE_NAMED, "marks", 1, &error), &error);
    expect_fails(smr_funnel_builder_add_gate(builder, "last", SMR_GATE_INDEX, NULL, NAN, &error), &error,
                 SMR_MESSAGE_FUNNEL_VALUE);
    expect_ok(smr_funnel_builder_set_ties(builder, NULL, "marks", SMR_DIRECTION_LOWER, &error), &error);
    expect_ok(smr_funnel_builder_set_ties(builder, "last", NULL, 0, &error), &error);
    smr_eligibility eligible;
    smr_eligibility_init(&eligible, sizeof eligible);
    eligible.max_age_years = 3;
    eligible.evidence = "audited";
    eligible.year = 2018;
    eligible.coverage = 0.5;
    expect_ok(smr_funnel_builder_set_eligibility(builder, &eligible, &error), &error);
    expect_ok(smr_funnel_builder_add_name(builder, "first", "vi", "Vòng một", &error), &error);
    expect_ok(smr_funnel_builder_add_name(builder, NULL, "en", "Two stages", &error), &error);
    expect_ok(smr_funnel_builder_build(builder, &funnel, &error), &error);
    smr_funnel_builder_free(builder);

    expect_equal_uint(smr_funnel_stage_count(funnel), 2);
    expect_text(smr_funnel_stage_id(funnel, 1), "last");
    expect(smr_funnel_stage_id(funnel, 2) == NULL && smr_funnel_stage_name(funnel, 2, NULL) == NULL);
    expect_text(smr_funnel_stage_name(funnel, 0, "vi"), "Vòng một");
    expect_text(smr_funnel_stage_name(funnel, 0, NULL), "first");
    expect_equal_uint(smr_funnel_stage_keep(funnel, 0), 3);
    expect_equal_int(smr_funnel_stage_has_ballots(funnel, 0), 0);
    expect_equal_int(smr_funnel_stage_has_ballots(funnel, 1), 1);
    expect_text(smr_funnel_stage_ballots(funnel, 1), "jury.csv");

    api_text text = {0}, same = {0};
    expect_ok(smr_funnel_write(funnel, api_text_append, &text, &error), &error);
    static const char expected[] =
        "{'format': 'smartregion-funnel/1', 'name': {'en': 'Two stages'}, 'ties': {'by': 'marks', 'direction': 'lower'}, "
        "'gates': {'criteria': 30}, 'eligible': {'max_age_years': 3, 'age_column': 'questionnaire_year', 'year': 2018, "
        "'coverage': 0.5, 'evidence': {'column': 'evidence', 'at_least': 'audited'}}, 'stages': [{'id': 'first', "
        "'name': {'vi': 'Vòng một'}, 'keep': 3}, {'id': 'last', 'keep': 1, 'gates': {'columns': {'marks': 1}}, 'score': "
        "{'ballots': 2, 'marks': {'weight': 2, 'scale': [10, 0]}, 'x': {'direction': 'lower'}}, 'ballots': 'jury.csv', "
        "'ballot_rule': 'copeland', 'ties': 'keep'}]}";
    again = read_funnel(expected, &error);
    expect(again != NULL);
    expect_ok(smr_funnel_write(again, api_text_append, &same, &error), &error);
    expect_text(text.bytes, same.bytes);
    smr_funnel_unref(again);
    expect_ok(smr_funnel_read(NULL, text.bytes, text.length, NULL, &again, &error), &error);
    api_text_free(&same);
    same = (api_text){0};
    expect_ok(smr_funnel_write(again, api_text_append, &same, &error), &error);
    expect_text(text.bytes, same.bytes);
    smr_funnel_unref(again);

    /* what is built over a funnel leaves it as it is; a stage that is put again keeps its gates and loses its parts */
    expect_ok(smr_funnel_builder_new(NULL, funnel, &builder, &error), &error);
    smr_stage_options_init(&stage, sizeof stage);
    stage.keep = 2;
    expect_ok(smr_funnel_builder_put_stage(builder, "last", &stage, &error), &error);
    expect_ok(smr_funnel_builder_add_gate(builder, "last", SMR_GATE_NAMED, "marks", 2, &error), &error);
    expect_ok(smr_funnel_builder_set_eligibility(builder, NULL, &error), &error);
    expect_ok(smr_funnel_builder_set_ballot_rule(builder, NULL, SMR_BALLOT_KEMENY, SMR_INCOMPLETE_ABSTAIN, &error), &error);
    expect_ok(smr_funnel_builder_build(builder, &again, &error), &error);
    expect_equal_uint(smr_funnel_stage_keep(again, 1), 2);
    expect_equal_int(smr_funnel_stage_has_ballots(again, 1), 0);
    api_text_free(&same);
    same = (api_text){0};
    expect_ok(smr_funnel_write(again, api_text_append, &same, &error), &error);
    expect(strstr(same.bytes, "\"marks\": 2") && !strstr(same.bytes, "eligible") && strstr(same.bytes, "\"criteria\": 30"));
    api_text_free(&same);
    same = (api_text){0};
    expect_ok(smr_funnel_write(funnel, api_text_append, &same, &error), &error);
    expect_text(text.bytes, same.bytes);
    smr_funnel_builder_free(builder);
    smr_funnel_unref(again);
    expect(smr_funnel_ref(funnel) == funnel);
    smr_funnel_unref(funnel);
    smr_funnel_unref(funnel);
    api_text_free(&text);
    api_text_free(&same);
}

TEST(built_in) {
    smr_error error = unit_error();
    smr_funnel *funnel = NULL;
    expect_text(smr_funnel_builtin_name(0), "icf");
    expect(smr_funnel_builtin_name(1) == NULL);
    expect_ok(smr_funnel_builtin(NULL, "icf", &funnel, &error), &error);
    static const uint64_t keep[] = {21, 7, 1};
    for (size_t i = 0; i < 3; i++) {
        expect_equal_uint(smr_funnel_stage_keep(funnel, i), keep[i]);
    }
    smr_funnel_unref(funnel);
    expect_fails(smr_funnel_builtin(NULL, "ifc", &funnel, &error), &error, SMR_MESSAGE_NAME_UNKNOWN);
    expect(funnel == NULL && strstr(error.message, "icf"));
}

/* ---- ballots ---- */

static const char *const jurors[] = {"j", "j", "k", "k", "k"}, *const regions[] = {"B", "A", "A", "B", "C"};
static const double places[] = {2, 1, 1, 1, 3};

TEST(ballots_from_arrays_and_csv) {
    smr_error error = unit_error();
    smr_ballots *arrays = NULL;
    expect_ok(smr_ballots_new(unit_context(), jurors, regions, places, 5, &arrays, &error), &error);
    smr_ballots *csv = read_ballots("note,juror,rank,region\n1,j,2,B\n,j,1,A\n,k,1,A\n\n,k,1,B\n,\"k\",3,C\n", &error);
    const smr_ballots *const both[] = {arrays, csv};
    for (size_t i = 0; i < 2; i++) {
        expect_equal_uint(smr_ballots_juror_count(both[i]), 2);
        expect_equal_uint(smr_ballots_region_count(both[i]), 3);
        expect_text(smr_ballots_juror(both[i], 1), "k");
        expect_text(smr_ballots_region(both[i], 0), "B");
        expect(smr_ballots_juror(both[i], 2) == NULL && smr_ballots_region(both[i], 3) == NULL);
        expect(smr_ballots_places(both[i], 2) == NULL);
        expect_near(smr_ballots_places(both[i], 0)[0], 2, 0);
        expect_nan(smr_ballots_places(both[i], 0)[2]);
        double found[3];
        expect_ok(smr_ballots_results(both[i], SMR_BALLOT_BORDA, SMR_INCOMPLETE_SHARE, found, 3, &error), &error);
        expect_near(found[0], (1 + 1.5) / 2, 0);
        expect_near(found[1], (2 + 1.5) / 2, 0);
        expect_near(found[2], 0, 0);
        expect_ok(smr_ballots_results(both[i], SMR_BALLOT_KEMENY, SMR_INCOMPLETE_SHARE, found, 3, &error), &error);
        expect_near(found[1], 2, 0);
    }
    expect_text(smr_ballot_rule_name(SMR_BALLOT_MEDIAN_RANK), "median_rank");
    expect(smr_ballot_rule_name(5) == NULL && smr_ballot_rule_name(-1) == NULL);
    expect(smr_ballots_ref(csv) == csv);
    smr_ballots_unref(csv);
    smr_ballots_unref(csv);
    smr_ballots_unref(arrays);
}

TEST(ballots_that_are_wrong) {
    smr_error error = unit_error();
    smr_ballots *ballots;
    static const struct {
        const char *juror, *region;
        double place;
        int32_t code;
    } wrong[] = {
        {"", "A", 1, SMR_MESSAGE_BALLOTS_EMPTY_CELL},     {"j", "", 1, SMR_MESSAGE_BALLOTS_EMPTY_CELL},
        {"j", "A", 0.5, SMR_MESSAGE_BALLOTS_PLACE},       {"j", "A", INFINITY, SMR_MESSAGE_BALLOTS_PLACE},
        {"j", "D", 1, SMR_MESSAGE_BALLOTS_DUPLICATE},     {"j\xff", "A", 1, SMR_MESSAGE_TEXT_NOT_UTF8},
        {"j", "A\xff", 1, SMR_MESSAGE_TEXT_NOT_UTF8},
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        const char *const names[] = {"j", wrong[i].juror}, *const ids[] = {"D", wrong[i].region};
        const double given[] = {1, wrong[i].place};
        ballots = (void *)(uintptr_t)1;
        expect_fails(smr_ballots_new(unit_context(), names, ids, given, 2, &ballots, &error), &error, wrong[i].code);
        expect(ballots == NULL);
        expect_equal_uint(error.row, 2);
    }
    expect(read_ballots("juror,rank,region\nj,1,A\nj,2,A\n", &error) == NULL);
    expect_equal_int(error.code, SMR_MESSAGE_BALLOTS_DUPLICATE);
    expect_equal_uint(error.row, 3);
    expect_equal_uint(error.column, 3);
    expect_text(error.source, "jury.csv");
    expect_text(error.subject, "region");
}

/* A text of few rows that asks for a table of many cells. */
TEST(ballots_that_are_too_large) {
    enum { MANY = 4097, NAME = 8 };
    static char names[MANY][NAME];
    static const char *ids[MANY];
    static double first[MANY];
    for (int i = 0; i < MANY; i++) {
        for (int digit = 0, left = i; digit < 6; digit++, left /= 4) {
            names[i][digit] = (char)('a' + left % 4);
        }
        names[i][6] = (char)('a' + i / 4096);
        ids[i] = names[i];
        first[i] = 1;
    }
    smr_error error = unit_error();
    smr_ballots *ballots = NULL;
    expect_fails(smr_ballots_new(unit_context(), ids, ids, first, MANY, &ballots, &error), &error,
                 SMR_MESSAGE_BALLOTS_TOO_LARGE);
    expect(ballots == NULL);
}

/* ---- a selection ---- */

typedef struct selected {
    api_world world;
    smr_funnel *funnel;
    smr_selection *selection;
} selected;

static selected make_selection(const char *funnel, smr_ballots *ballots, smr_error *error) {
    selected s = {.world = api_world_make(tree, data, NULL), .funnel = read_funnel(funnel, error)};
    expect(s.funnel != NULL);
    const smr_ballots *of_stages[4] = {NULL};
    size_t count = smr_funnel_stage_count(s.funnel);
    of_stages[count - 1] = ballots;
    smr_select_run(unit_context(), s.funnel, s.world.card, ballots ? s.world.dataset : NULL, ballots ? of_stages : NULL,
                   ballots ? count : 0, NULL, &s.selection, error);
    return s;
}

static void free_selection(selected *s) {
    smr_selection_unref(s->selection);
    smr_funnel_unref(s->funnel);
    api_world_free(&s->world);
}

TEST(columns_of_a_selection) {
    smr_error error = unit_error();
    smr_ballots *ballots = read_ballots("juror,rank,region\nj,1,B\nj,2,A\n", &error);
    selected s = make_selection("{'gates': {'criteria': 20}, 'stages': [{'id': 'one', 'keep': 3}, {'id': 'two', 'keep': 1,"
                                " 'score': {'previous': 1, 'ballots': 1, 'marks': {'weight': 2, 'scale': [0, 10]}}}]}",
                                ballots, &error);
    /* index: A 70, B 70, C 50 (b 10 fails), D 80 (no b, fails) */
    static const char *const expected[] = {"A", "B", "C", "D", "B", "A"};
    static const double scores[] = {70, 70, NAN, NAN, (70 + 100 + 100) / 4.0, (70 + 0 + 60) / 4.0};
    static const double ranks[] = {1, 1, NAN, NAN, 1, 2};
    static const uint8_t passed[] = {1, 1, 0, 0, 1, 0};
    expect(s.selection != NULL);
    expect_equal_uint(smr_selection_row_count(s.selection), 6);
    for (size_t i = 0; i < 6; i++) {
        expect_text(smr_selection_regions(s.selection)[i], expected[i]);
        expect_equal_uint(smr_selection_stages(s.selection)[i], i / 4);
        expect_equal_uint(smr_selection_card_rows(s.selection)[i], (size_t)(expected[i][0] - 'A'));
        expect_same_bits(smr_selection_scores(s.selection)[i], scores[i]);
        expect_same_bits(smr_selection_ranks(s.selection)[i], ranks[i]);
        expect_equal_int(smr_selection_passed(s.selection)[i], passed[i]);
    }
    expect_text(smr_selection_names(s.selection)[0], "Alpha");
    expect_text(smr_selection_names(s.selection)[1], "B");
    expect(smr_selection_period(s.selection) == NULL);
    expect(smr_selection_funnel(s.selection) == s.funnel);

    smr_stage_result result;
    smr_stage_result_init(&result, sizeof result);
    expect_ok(smr_selection_stage(s.selection, 1, &result, &error), &error);
    expect(result.first_row == 4 && result.entered == 2 && result.ranked == 2 && result.passed == 1);
    expect(result.keep == 1 && result.tied == 0 && result.low == 0 && result.high == 100);
    expect_near(result.lowest, 67.5, 0);
    expect_equal_uint(smr_selection_part_count(s.selection, 0), 1);
    expect_equal_uint(smr_selection_part_count(s.selection, 1), 3);
    expect_equal_uint(smr_selection_part_count(s.selection, 2), 0);
    smr_part_result part;
    smr_part_result_init(&part, sizeof part);
    expect_ok(smr_selection_part(s.selection, 1, 2, &part, &error), &error);
    expect_text(part.name, "marks");
    expect_text(part.how, "scale");
    expect(part.weight == 0.5 && part.worst == 0 && part.best == 10);
    expect(part.values[0] == 5 && part.values[1] == 3 && part.mixed[0] == 50 && part.mixed[1] == 30);
    expect_ok(smr_selection_part(s.selection, 1, 1, &part, &error), &error);
    expect_text(part.how, "ballots");
    expect(part.values[0] == 1 && part.values[1] == 0 && part.mixed[0] == 100 && part.mixed[1] == 0);

    smr_reasons reasons;
    smr_reasons_init(&reasons, sizeof reasons);
    expect_ok(smr_selection_reasons(s.selection, &reasons, &error), &error);
    static const int32_t codes[] = {SMR_REASON_WITHIN_CUT, SMR_REASON_WITHIN_CUT, SMR_REASON_BELOW_GATE,
                                    SMR_REASON_GATE_MISSING, SMR_REASON_WITHIN_CUT, SMR_REASON_BELOW_CUT};
    expect_equal_uint(reasons.count, 6);
    for (size_t i = 0; i < 6; i++) {
        expect_equal_uint(reasons.rows[i], i);
        expect_equal_int(reasons.codes[i], codes[i]);
    }
    expect_text(reasons.subjects[2], "b");
    expect(reasons.values[2] == 10 && reasons.limits[2] == 20);
    expect_nan(reasons.values[3]);
    expect_text(smr_reason_name(SMR_REASON_LOW_COVERAGE), "low_coverage");
    expect_text(smr_reason_name(99), "unknown");
    free_selection(&s);
    smr_ballots_unref(ballots);
}

TEST(reasons_as_text) {
    smr_error error = unit_error();
    selected s = make_selection("{'gates': {'criteria': 20}, 'stages': [{'id': 'one', 'keep': 3}]}", NULL, &error);
    char text[100];
    memset(text, 'x', sizeof text);
    size_t length = smr_selection_reason_text(s.selection, 2, "vi", text, sizeof text);
    expect_text(text, "Ong đạt 10, dưới ngưỡng 20");
    expect_equal_uint(length, strlen(text));
    expect_equal_uint(smr_selection_reason_text(s.selection, 2, NULL, NULL, 0), strlen("Bee is 10, below the gate 20"));
    /* cut at a character: đ is two bytes, from the fifth on */
    for (size_t size = 1; size < 8; size++) {
        memset(text, 'x', sizeof text);
        expect_equal_uint(smr_selection_reason_text(s.selection, 2, "vi", text, size), length);
        expect_equal_uint(strlen(text), size == 6 ? 4 : size - 1);
        expect_equal_int(text[size], 'x');
    }
    expect_equal_uint(smr_selection_reason_text(s.selection, 99, NULL, text, sizeof text), 0);
    expect_text(text, "");
    api_text csv = {0};
    expect_ok(smr_selection_write_csv(s.selection, NULL, api_text_append, &csv, &error), &error);
    expect_text(csv.bytes, "region,stage,score,rank,passed,reason\n"
                           "A,one,70,1,yes,\"rank 1 of 2, 3 kept\"\nB,one,70,1,yes,\"rank 1 of 2, 3 kept\"\n"
                           "C,one,,,no,\"Bee is 10, below the gate 20\"\n"
                           "D,one,,,no,\"Bee has no value, the gate asks for 20\"\n");
    api_text_free(&csv);
    free_selection(&s);
}

/* What is asked of ballots: every stage its own, and none where none counts. */
TEST(ballots_of_stages) {
    smr_error error = unit_error();
    smr_ballots *ballots = read_ballots("juror,rank,region\nj,1,B\nj,2,Z\n", &error);
    static const char counting[] = "{'stages': [{'id': 'one', 'keep': 3, 'score': {'ballots': 1}}]}";
    selected s = make_selection(counting, NULL, &error);
    expect(s.selection == NULL);
    expect_equal_int(error.code, SMR_MESSAGE_SELECT_BALLOTS_MISSING);
    free_selection(&s);
    s = make_selection("{'stages': [{'id': 'one', 'keep': 3}]}", ballots, &error);
    expect_equal_int(error.code, SMR_MESSAGE_SELECT_BALLOTS_UNUSED);
    free_selection(&s);
    s = make_selection(counting, ballots, &error);
    expect(s.selection == NULL);
    expect_equal_int(error.code, SMR_MESSAGE_BALLOTS_REGION_UNKNOWN);
    expect_equal_uint(error.row, 3);
    expect_text(error.source, "jury.csv");
    free_selection(&s);
    smr_ballots_unref(ballots);
}

/* Marks may come in a table of their own, in any order; a region that it lacks has none. */
TEST(marks_of_another_table) {
    smr_error error = unit_error();
    api_world world = api_world_make(tree, data, NULL);
    smr_dataset *marks = api_dataset("region,narrative\nC,1\nA,8\nB,4\n");
    smr_funnel *funnel = read_funnel(
        "{'stages': [{'id': 'one', 'keep': 2, 'score': {'index': 1, 'narrative': {'weight': 1, 'scale': [0, 10]}}}]}", &error);
    smr_selection *selection = NULL;
    expect_ok(smr_select_run(NULL, funnel, world.card, marks, NULL, 0, NULL, &selection, &error), &error);
    static const char *const expected[] = {"A", "B", "C", "D"};
    static const double scores[] = {(70 + 80) / 2.0, (70 + 40) / 2.0, (50 + 10) / 2.0, NAN};
    for (size_t i = 0; i < 4; i++) {
        expect_text(smr_selection_regions(selection)[i], expected[i]);
        expect_same_bits(smr_selection_scores(selection)[i], scores[i]);
    }
    smr_reasons reasons;
    smr_reasons_init(&reasons, sizeof reasons);
    expect_ok(smr_selection_reasons(selection, &reasons, &error), &error);
    expect_equal_int(reasons.codes[3], SMR_REASON_PART_MISSING);
    expect_text(reasons.subjects[3], "narrative");
    smr_selection_unref(selection);
    smr_funnel_unref(funnel);
    smr_dataset_unref(marks);
    api_world_free(&world);
}

/* ---- callbacks ---- */

typedef struct told {
    int asked, stop_at;
    int32_t codes[8];
    size_t count;
} told;

static int32_t ask(uint64_t done, uint64_t total, void *user) {
    told *t = user;
    (void)done;
    (void)total;
    return ++t->asked != t->stop_at;
}

static void note(const smr_error *record, void *user) {
    told *t = user;
    if (t->count < COUNT(t->codes)) {
        t->codes[t->count++] = record->code;
    }
}

TEST(stops_and_tells) {
    smr_error error = unit_error();
    told t = {0};
    smr_context_options options;
    smr_context_options_init(&options, sizeof options);
    options.progress = ask;
    options.progress_user = &t;
    options.report = note;
    options.report_user = &t;
    smr_context *context;
    expect_ok(smr_context_new(&options, &context, &error), &error);
    api_world world = api_world_make(tree, data, NULL);
    smr_funnel *funnel = read_funnel("{'stages': [{'id': 'one', 'keep': 2}, {'id': 'two', 'keep': 1, 'gates': {'index': "
                                     "90}}]}", &error);
    smr_selection *selection = NULL;
    expect_ok(smr_select_run(context, funnel, world.card, NULL, NULL, 0, NULL, &selection, &error), &error);
    smr_selection_unref(selection);
    /* D 80, A and B tie for the second place; nobody has 90 */
    expect_equal_uint(t.count, 2);
    expect_equal_int(t.codes[0], SMR_MESSAGE_SELECT_TIES_KEPT);
    expect_equal_int(t.codes[1], SMR_MESSAGE_SELECT_NOBODY);
    const int asked = t.asked;
    expect(asked > 0);
    for (int stop = 1; stop <= asked; stop++) {
        t = (told){.stop_at = stop};
        expect_fails(smr_select_run(context, funnel, world.card, NULL, NULL, 0, NULL, &selection, &error), &error,
                     SMR_MESSAGE_CANCELLED);
        expect(selection == NULL && t.count == 0);
    }
    smr_funnel_unref(funnel);
    api_world_free(&world);
    smr_context_unref(context);
}

/* The handles that a selection was made of can go. */
TEST(outlives_its_makers) {
    smr_error error = unit_error();
    selected s = make_selection("{'stages': [{'id': 'one', 'keep': 2}]}", NULL, &error);
    smr_funnel_unref(s.funnel);
    api_world_free(&s.world);
    expect_text(smr_selection_regions(s.selection)[0], "D");
    expect_text(smr_funnel_stage_id(smr_selection_funnel(s.selection), 0), "one");
    api_text json = {0};
    expect_ok(smr_selection_write_json(s.selection, "vi", api_text_append, &json, &error), &error);
    expect(strstr(json.bytes, "\"format\": \"smartregion-select/1\"") != NULL);
    api_text_free(&json);
    smr_selection_unref(smr_selection_ref(s.selection));
    smr_selection_unref(s.selection);
}

static const unit_test tests[] = {
    UNIT(built_call_by_call),   UNIT(built_in),        UNIT(ballots_from_arrays_and_csv),
    UNIT(ballots_that_are_wrong), UNIT(ballots_that_are_too_large), UNIT(columns_of_a_selection), UNIT(reasons_as_text),
    UNIT(ballots_of_stages),    UNIT(outlives_its_makers), UNIT(marks_of_another_table), UNIT(stops_and_tells),
};
UNIT_SUITE(select, tests)
