/* SPDX-License-Identifier: MIT */
/* What if: changes as numbers and texts, what they do to scores and ranks, and what is refused. */
#include "api.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* x: 0 to 10, y: 100 to 0, n: people. The index is the mean of a and z; a is the mean of x and y. */
static const char framework[] =
    "{'id': 'i', 'plan': {'normalise': 'goalposts'}, 'children': [{'id': 'a', 'children': [{'id': 'x', 'worst': 0,"
    " 'best': 10}, {'id': 'y', 'worst': 100, 'best': 0}]}, {'id': 'z', 'kind': 'count', 'worst': 0, 'best': 50,"
    " 'denominator': 'n'}]}";
static const char csv[] = "region,x,y,z,n\nA,5,20,30,1\nB,10,100,,1\nC,0,0,60,2\n";

static smr_changes *changes_of(const char *const *texts, size_t count) {
    smr_changes *changes = NULL;
    smr_error error = unit_error();
    expect_ok(smr_changes_new(unit_context(), &changes, &error), &error);
    for (size_t i = 0; i < count; i++) {
        expect_ok(smr_changes_add_text(changes, texts[3 * i], texts[3 * i + 1], texts[3 * i + 2], &error), &error);
    }
    return changes;
}

static smr_whatif *run(const api_world *world, const char *const *texts, size_t count, int all) {
    smr_changes *changes = changes_of(texts, count);
    smr_whatif_options options;
    smr_whatif *whatif = NULL;
    smr_error error = unit_error();
    smr_whatif_options_init(&options, sizeof options);
    options.all = all;
    expect_ok(smr_whatif_run(unit_context(), world->model, world->dataset, changes, &options, &whatif, &error), &error);
    smr_changes_free(changes);
    return whatif;
}

static void expect_csv(const smr_whatif *whatif, const char *expected) {
    api_text text = {NULL, 0, 0};
    smr_error error = unit_error();
    expect_ok(smr_whatif_write_csv(whatif, api_text_append, &text, &error), &error);
    expect_text(text.bytes, expected);
    api_text_free(&text);
}

#define HEADER "region,node,score_before,score_after,rank_before,rank_after\n"

/* A: a is (50 + 80)/2 = 65, z is 60, the index 62.5. B: a is 50, no z: 50. C: a is (0 + 100)/2 = 50, z is 60: 55. */
TEST(what_moves_is_told) {
    api_world world = api_world_make(framework, csv, NULL);
    const char *const texts[] = {"B", "x", "0"}; /* its a falls to 0 */
    smr_whatif *whatif = run(&world, texts, 1, 0);
    expect_csv(whatif, HEADER "B,i,50,0,3,3\nB,a,50,0,2,3\nB,x,100,0,1,2\n");
    smr_whatif_unref(whatif);
    const char *const better[] = {"B", "y", "0"}; /* B is first, the others go down */
    whatif = run(&world, better, 1, 0);
    expect_csv(whatif, HEADER "A,i,62.5,62.5,1,2\nB,i,50,100,3,1\nB,a,50,100,2,1\nB,y,0,100,3,1\nC,i,55,55,2,3\n");
    expect_equal_uint(smr_whatif_row_count(whatif), 5);
    expect_text(smr_whatif_regions(whatif)[1], "B");
    expect_text(smr_whatif_nodes(whatif)[2], "a");
    expect_near(smr_whatif_scores_before(whatif)[1], 50, 0);
    expect_near(smr_whatif_scores_after(whatif)[1], 100, 0);
    expect_near(smr_whatif_ranks_before(whatif)[0], 1, 0);
    expect_near(smr_whatif_ranks_after(whatif)[0], 2, 0);
    expect_equal_uint(smr_whatif_change_count(whatif), 1);
    expect_text(smr_whatif_change_regions(whatif)[0], "B");
    expect_text(smr_whatif_change_columns(whatif)[0], "y");
    expect_near(smr_whatif_change_from(whatif)[0], 100, 0);
    expect_near(smr_whatif_change_to(whatif)[0], 0, 0);
    smr_whatif_unref(whatif);
    whatif = run(&world, better, 1, 1);
    expect_equal_uint(smr_whatif_row_count(whatif), 3 * 5);
    smr_whatif_unref(whatif);
    api_world_free(&world);
}

/* A change of nothing still tells the index of the region. */
TEST(a_region_that_does_not_move) {
    api_world world = api_world_make(framework, csv, NULL);
    const char *const texts[] = {"A", "x", "+0"};
    smr_whatif *whatif = run(&world, texts, 1, 0);
    expect_csv(whatif, HEADER "A,i,62.5,62.5,1,1\n");
    smr_whatif_unref(whatif);
    api_world_free(&world);
}

/* A missing value is filled in, a value is taken out, and a denominator is a value like another. */
TEST(holes_and_denominators) {
    api_world world = api_world_make(framework, csv, NULL);
    const char *const filled[] = {"B", "z", "50"};
    smr_whatif *whatif = run(&world, filled, 1, 0);
    expect_nan(smr_whatif_change_from(whatif)[0]);
    expect_csv(whatif, HEADER "A,i,62.5,62.5,1,2\nB,i,50,75,3,1\nB,z,,100,,1\nC,i,55,55,2,3\n");
    smr_whatif_unref(whatif);
    const char *const emptied[] = {"C", "z", "NA"};
    whatif = run(&world, emptied, 1, 0);
    expect_nan(smr_whatif_change_to(whatif)[0]);
    expect_csv(whatif, HEADER "B,i,50,50,3,2\nC,i,55,50,2,2\nC,z,60,,1,\n"); /* B and C tie */
    smr_whatif_unref(whatif);
    const char *const people[] = {"C", "n", "4"};
    whatif = run(&world, people, 1, 0);
    expect_csv(whatif, HEADER "B,i,50,50,3,2\nC,i,55,40,2,3\nC,z,60,30,1,2\n");
    smr_whatif_unref(whatif);
    api_world_free(&world);
}

/* ---- texts ---- */

static double value_after(const char *text) {
    api_world world = api_world_make("{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'x'}]}",
                                     "region,x\nA,40\nB,1\n", NULL);
    const char *const texts[] = {"A", "x", text};
    smr_whatif *whatif = run(&world, texts, 1, 0);
    const double to = smr_whatif_change_to(whatif)[0];
    smr_whatif_unref(whatif);
    api_world_free(&world);
    return to;
}

TEST(the_grammar_of_changes) {
    expect_near(value_after("12.5"), 12.5, 0);
    expect_near(value_after(" =12.5 "), 12.5, 0);
    expect_near(value_after("=-3"), -3, 0);
    expect_near(value_after("+3"), 43, 0);
    expect_near(value_after("-3"), 37, 0);
    expect_near(value_after("-.5e1"), 35, 0);
    expect_near(value_after("+5%"), 42, 0);
    expect_near(value_after("-50%"), 20, 0);
    expect_near(value_after("-100%"), 0, 0);
    expect_nan(value_after("NA"));
    expect_nan(value_after(""));
    expect_nan(value_after("-")); /* a word for missing, as in data */
    static const char *const wrong[] = {"five", "5%", "+", "+%", "=+%", "1,5", "=", "=NA", "inf", "+inf", "++3", "5 %"};
    smr_changes *changes = NULL;
    smr_error error = unit_error();
    expect_ok(smr_changes_new(NULL, &changes, &error), &error);
    for (size_t i = 0; i < COUNT(wrong); i++) {
        expect_fails(smr_changes_add_text(changes, "A", "x", wrong[i], &error), &error, SMR_MESSAGE_CHANGE_TEXT);
        expect_text(error.subject, "x");
    }
    smr_changes_free(changes);
}

/* ---- csv ---- */

static smr_status read_csv(smr_changes *changes, const char *text, smr_error *error) {
    api_source source = {text, strlen(text), 3, 0};
    return smr_changes_read_csv(changes, api_source_read, &source, "c.csv", error);
}

TEST(changes_from_csv) {
    api_world world = api_world_make(framework, csv, NULL);
    smr_changes *changes = NULL;
    smr_whatif *whatif = NULL;
    smr_error error = unit_error();
    expect_ok(smr_changes_new(NULL, &changes, &error), &error);
    /* nothing is added when there is an error */
    expect_fails(read_csv(changes, "region,indicator,change\nA,x,1\nA,y,5%\n", &error), &error, SMR_MESSAGE_CHANGE_TEXT);
    expect_equal_uint(error.row, 3);
    expect_text(error.source, "c.csv");
    expect_fails(read_csv(changes, "region,change\nA,1\n", &error), &error, SMR_MESSAGE_TABLE_COLUMN);
    expect_fails(read_csv(changes, "", &error), &error, SMR_MESSAGE_CSV_EMPTY);
    expect_fails(read_csv(changes, "region,indicator,change\nA,x\n", &error), &error, SMR_MESSAGE_CSV_FIELD_COUNT);
    expect_fails(read_csv(changes, "region,indicator,change\nA,\"x,1\n", &error), &error, SMR_MESSAGE_CSV_QUOTE_OPEN);
    expect_argument(smr_whatif_run(NULL, world.model, world.dataset, changes, NULL, &whatif, &error), &error);
    expect_ok(read_csv(changes, "change,note,region,indicator\r\n+1,why,A,x\r\n\r\n-50%,,C,y\r\n", &error), &error);
    expect_ok(smr_whatif_run(NULL, world.model, world.dataset, changes, NULL, &whatif, &error), &error);
    expect_equal_uint(smr_whatif_change_count(whatif), 2);
    expect_near(smr_whatif_change_to(whatif)[0], 6, 0);
    expect_near(smr_whatif_change_to(whatif)[1], 0, 0);
    smr_whatif_unref(whatif);
    /* what is wrong only when it is applied is told by its row */
    expect_ok(read_csv(changes, "region,indicator,change\nQ,x,1\n", &error), &error);
    expect_fails(smr_whatif_run(NULL, world.model, world.dataset, changes, NULL, &whatif, &error), &error,
                 SMR_MESSAGE_REGION_UNKNOWN);
    expect_equal_uint(error.row, 2);
    expect_text(error.source, "c.csv");
    smr_changes_free(changes);
    api_world_free(&world);
}

/* ---- what is refused ---- */

static void expect_refused(const char *const *texts, size_t count, int32_t code, const char *says) {
    api_world world = api_world_make(framework, csv, NULL);
    smr_changes *changes = changes_of(texts, count);
    smr_whatif *whatif = (smr_whatif *)(uintptr_t)1;
    smr_error error = unit_error();
    expect_fails(smr_whatif_run(NULL, world.model, world.dataset, changes, NULL, &whatif, &error), &error, code);
    expect(whatif == NULL);
    expect(strstr(error.message, says) != NULL);
    smr_changes_free(changes);
    api_world_free(&world);
}

TEST(changes_that_cannot_be) {
    const char *const region[] = {"AA", "x", "1"};
    expect_refused(region, 1, SMR_MESSAGE_REGION_UNKNOWN, "nearest is \"A\"");
    const char *const column[] = {"A", "xx", "1"};
    expect_refused(column, 1, SMR_MESSAGE_INPUT_UNKNOWN, "nearest is \"x\"");
    const char *const node[] = {"A", "a", "1"};
    expect_refused(node, 1, SMR_MESSAGE_INPUT_UNKNOWN, "neither an indicator");
    const char *const missing[] = {"B", "z", "+5%"};
    expect_refused(missing, 1, SMR_MESSAGE_CHANGE_OF_MISSING, "\"B\"");
    const char *const part[] = {"A", "z", "1.5"};
    expect_refused(part, 1, SMR_MESSAGE_CHANGE_KIND, "1.5");
    const char *const negative[] = {"A", "z", "-31"};
    expect_refused(negative, 1, SMR_MESSAGE_CHANGE_KIND, "-1");
    const char *const twice[] = {"A", "x", "1", "B", "x", "2", "A", "x", "3"};
    expect_refused(twice, 3, SMR_MESSAGE_CHANGE_TWICE, "\"x\"");
}

/* A value beyond all numbers is none. */
TEST(values_beyond_numbers) {
    api_world world = api_world_make("{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'x'}]}",
                                     "region,x\nA,1e308\nB,1\n", NULL);
    const char *const texts[] = {"A", "x", "+100%"};
    smr_changes *changes = changes_of(texts, 1);
    smr_whatif *whatif = NULL;
    smr_error error = unit_error();
    expect_fails(smr_whatif_run(NULL, world.model, world.dataset, changes, NULL, &whatif, &error), &error,
                 SMR_MESSAGE_CHANGE_KIND);
    smr_changes_free(changes);
    api_world_free(&world);
}

/* ---- models whose parameters come from the data ---- */

/* Bounds stay: the score goes beyond the best of the reference. And ranks within the period that was asked for. */
TEST(the_model_stays) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x'}]}",
                                     "region,period,x\nA,2020,1\nB,2020,5\nA,2021,2\nB,2021,3\n",
                                     "{'normalise': {'method': 'minmax', 'clamp': false}}");
    smr_changes *changes = NULL;
    smr_whatif_options options;
    smr_whatif *whatif = NULL;
    smr_error error = unit_error();
    expect_ok(smr_changes_new(NULL, &changes, &error), &error);
    expect_ok(smr_changes_add(changes, "A", "x", SMR_CHANGE_SET, 9, &error), &error);
    expect_ok(smr_whatif_run(NULL, world.model, world.dataset, changes, NULL, &whatif, &error), &error);
    expect_csv(whatif, HEADER "A,i,25,200,2,1\nA,x,25,200,2,1\nB,i,50,50,1,2\n");
    smr_whatif_unref(whatif);
    smr_whatif_options_init(&options, sizeof options);
    options.period = "2020";
    expect_ok(smr_whatif_run(NULL, world.model, world.dataset, changes, &options, &whatif, &error), &error);
    expect_csv(whatif, HEADER "A,i,0,200,2,1\nA,x,0,200,2,1\nB,i,100,100,1,2\n");
    smr_whatif_unref(whatif);
    options.period = "2022";
    expect_fails(smr_whatif_run(NULL, world.model, world.dataset, changes, &options, &whatif, &error), &error,
                 SMR_MESSAGE_PERIOD_UNKNOWN);
    options.period = NULL;
    options.all = 2;
    expect_argument(smr_whatif_run(NULL, world.model, world.dataset, changes, &options, &whatif, &error), &error);
    smr_changes_free(changes);
    api_world_free(&world);
}

/* A district changes, its province is told. */
TEST(rolled_up_regions) {
    api_world world = api_world_make("{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'x'}]}",
                                     "region,parent,population,x\nA1,A,1,10\nA2,A,1,20\nB1,B,1,30\n",
                                     "{'rollup': {'by': 'population'}}");
    const char *const texts[] = {"A1", "x", "50"};
    smr_whatif *whatif = run(&world, texts, 1, 0);
    expect_csv(whatif, HEADER "A,i,15,35,2,1\nA,x,15,35,2,1\nB,i,30,30,1,2\n");
    smr_whatif_unref(whatif);
    api_world_free(&world);
}

/* ---- the handle, and wrong calls ---- */

TEST(json_and_life) {
    api_world world = api_world_make(framework, csv, NULL);
    const char *const texts[] = {"B", "z", "50"};
    smr_whatif *whatif = run(&world, texts, 1, 0), *other = smr_whatif_ref(whatif);
    api_text text = {NULL, 0, 0};
    smr_error error = unit_error();
    expect(other == whatif);
    smr_whatif_unref(whatif);
    api_world_free(&world);
    expect_ok(smr_whatif_write_json(other, api_text_append, &text, &error), &error);
    expect(strstr(text.bytes, "\"format\": \"smartregion-whatif/1\"") != NULL);
    expect(strstr(text.bytes, "{\"region\": \"B\", \"indicator\": \"z\", \"from\": null, \"to\": 50}") != NULL);
    expect(strstr(text.bytes, "{\"region\": \"B\", \"node\": \"i\", \"score_before\": 50, \"score_after\": 75, "
                              "\"rank_before\": 3, \"rank_after\": 1}") != NULL);
    api_text_free(&text);
    smr_whatif_unref(other);
}

static int32_t no_write(const void *bytes, size_t length, void *user) {
    (void)bytes;
    (void)length;
    (void)user;
    return 1;
}

static int64_t no_read(void *buffer, size_t size, void *user) {
    (void)buffer;
    (void)size;
    (void)user;
    return -1;
}

TEST(wrong_calls) {
    api_world world = api_world_make(framework, csv, NULL);
    const char *const texts[] = {"A", "x", "1"};
    smr_changes *changes = changes_of(texts, 1);
    smr_whatif *whatif = NULL;
    smr_error error = unit_error();
    expect_argument(smr_changes_new(NULL, NULL, &error), &error);
    expect_argument(smr_changes_add(NULL, "A", "x", 0, 1, &error), &error);
    expect_argument(smr_changes_add(changes, NULL, "x", 0, 1, &error), &error);
    expect_argument(smr_changes_add(changes, "A", NULL, 0, 1, &error), &error);
    expect_argument(smr_changes_add(changes, "A", "x", -1, 1, &error), &error);
    expect_argument(smr_changes_add(changes, "A", "x", 3, 1, &error), &error);
    expect_argument(smr_changes_add(changes, "A", "x", SMR_CHANGE_ADD, (double)NAN, &error), &error);
    expect_argument(smr_changes_add(changes, "A", "x", SMR_CHANGE_SET, (double)INFINITY, &error), &error);
    expect_argument(smr_changes_add_text(NULL, "A", "x", "1", &error), &error);
    expect_argument(smr_changes_add_text(changes, NULL, "x", "1", &error), &error);
    expect_argument(smr_changes_add_text(changes, "A", NULL, "1", &error), &error);
    expect_argument(smr_changes_add_text(changes, "A", "x", NULL, &error), &error);
    expect_argument(smr_changes_read_csv(NULL, no_read, NULL, NULL, &error), &error);
    expect_argument(smr_changes_read_csv(changes, NULL, NULL, NULL, &error), &error);
    expect_fails(smr_changes_read_csv(changes, no_read, NULL, NULL, &error), &error, SMR_MESSAGE_READ_FAILED);
    expect_equal_int(smr_changes_read_csv(changes, no_read, NULL, NULL, NULL), SMR_ERROR_READ);
    expect_argument(smr_whatif_run(NULL, NULL, world.dataset, changes, NULL, &whatif, &error), &error);
    expect_argument(smr_whatif_run(NULL, world.model, NULL, changes, NULL, &whatif, &error), &error);
    expect_argument(smr_whatif_run(NULL, world.model, world.dataset, NULL, NULL, &whatif, &error), &error);
    expect_argument(smr_whatif_run(NULL, world.model, world.dataset, changes, NULL, NULL, &error), &error);
    expect_ok(smr_whatif_run(NULL, world.model, world.dataset, changes, NULL, &whatif, &error), &error);
    expect_argument(smr_whatif_write_csv(NULL, no_write, NULL, &error), &error);
    expect_argument(smr_whatif_write_csv(whatif, NULL, NULL, &error), &error);
    expect_argument(smr_whatif_write_json(NULL, no_write, NULL, &error), &error);
    expect_argument(smr_whatif_write_json(whatif, NULL, NULL, &error), &error);
    expect_fails(smr_whatif_write_csv(whatif, no_write, NULL, &error), &error, SMR_MESSAGE_WRITE_FAILED);
    expect_fails(smr_whatif_write_json(whatif, no_write, NULL, &error), &error, SMR_MESSAGE_WRITE_FAILED);
    expect_equal_uint(smr_whatif_change_count(NULL), 0);
    expect_equal_uint(smr_whatif_row_count(NULL), 0);
    expect(smr_whatif_change_regions(NULL) == NULL && smr_whatif_change_columns(NULL) == NULL &&
           smr_whatif_change_from(NULL) == NULL && smr_whatif_change_to(NULL) == NULL);
    expect(smr_whatif_regions(NULL) == NULL && smr_whatif_nodes(NULL) == NULL &&
           smr_whatif_scores_before(NULL) == NULL && smr_whatif_scores_after(NULL) == NULL &&
           smr_whatif_ranks_before(NULL) == NULL && smr_whatif_ranks_after(NULL) == NULL);
    expect(smr_whatif_ref(NULL) == NULL);
    smr_whatif_unref(NULL);
    smr_changes_free(NULL);
    smr_whatif_unref(whatif);
    smr_changes_free(changes);
    api_world_free(&world);
}

/* A stays first by its index, but fails the gate on z: B, whose rank does not move, is let through instead. */
TEST(stages_before_and_after) {
    static const char three[] = "region,x,y,z,n\nA,9,20,30,1\nB,8,20,28,1\nC,0,50,25,1\n";
    static const char stages[] =
        "{'format': 'smartregion-funnel/1', 'stages': [{'id': 'some', 'keep': 2}, {'id': 'last', 'keep': 1, 'gates': "
        "{'columns': {'z': 55}}}]}";
    api_world world = api_world_make(framework, three, NULL);
    smr_changes *changes = changes_of((const char *const[]){"A", "z", "27"}, 1);
    smr_whatif_options options;
    smr_whatif *whatif = NULL;
    smr_funnel *funnel = NULL;
    smr_error error = unit_error();
    char *json = api_json(stages);
    expect_ok(smr_funnel_read(NULL, json, strlen(json), "f.json", &funnel, &error), &error);
    free(json);
    smr_whatif_options_init(&options, sizeof options);
    options.funnel = funnel;
    expect_ok(smr_whatif_run(NULL, world.model, world.dataset, changes, &options, &whatif, &error), &error);
    smr_funnel_unref(funnel);
    expect_equal_uint(smr_whatif_row_count(whatif), 3);
    const char *const *before = smr_whatif_stages_before(whatif), *const *after = smr_whatif_stages_after(whatif);
    expect_text(smr_whatif_regions(whatif)[0], "A");
    expect_text(before[0], "last");
    expect_text(after[0], "some");
    expect(before[1] == NULL && after[1] == NULL); /* z of A: no row of the index */
    expect_text(smr_whatif_regions(whatif)[2], "B");
    expect_near(smr_whatif_ranks_after(whatif)[2], smr_whatif_ranks_before(whatif)[2], 0);
    expect_text(before[2], "some");
    expect_text(after[2], "last");
    api_text text = {NULL, 0, 0};
    expect_ok(smr_whatif_write_csv(whatif, api_text_append, &text, &error), &error);
    expect(strstr(text.bytes, ",rank_after,stage_before,stage_after\n") && strstr(text.bytes, ",2,2,some,last\n"));
    api_text_free(&text);
    smr_whatif_unref(whatif);

    options.funnel = NULL;
    expect_ok(smr_whatif_run(NULL, world.model, world.dataset, changes, &options, &whatif, &error), &error);
    expect(smr_whatif_stages_before(whatif) == NULL && smr_whatif_stages_after(whatif) == NULL);
    expect(smr_whatif_stages_before(NULL) == NULL && smr_whatif_stages_after(NULL) == NULL);
    expect_equal_uint(smr_whatif_row_count(whatif), 2);
    smr_whatif_unref(whatif);
    smr_changes_free(changes);
    api_world_free(&world);
}

static const unit_test tests[] = {
    UNIT(what_moves_is_told), UNIT(stages_before_and_after), UNIT(a_region_that_does_not_move), UNIT(holes_and_denominators),
    UNIT(the_grammar_of_changes), UNIT(changes_from_csv), UNIT(changes_that_cannot_be), UNIT(values_beyond_numbers),
    UNIT(the_model_stays), UNIT(rolled_up_regions), UNIT(json_and_life), UNIT(wrong_calls),
};
UNIT_SUITE(whatif, tests)
