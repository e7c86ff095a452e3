/* SPDX-License-Identifier: MIT */
#ifndef API_H
#define API_H

/* What the tests of the public interface share. They include only <smartregion/...> and link with the shared library,
 * as a stranger's program does. A world is a framework, data and a plan, with the model fitted on them and the
 * scorecard of the same data:
 *
 *     api_world world = api_world_make("{'id': 'i', 'children': [...]}", "region,x\nA,1\n", "{'normalise': 'none'}");
 *     expect_card(&world, "A,,i,1,1,1,ok\n" ...);
 *     api_world_free(&world);
 *
 * In JSON texts of tests ' stands for ". */

#include "unit.h"

#include <smartregion/smartregion.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A text in memory, ended by a zero byte, and the number of pieces it came in. Start with {0}. */
typedef struct api_text {
    char *bytes;
    size_t length, calls;
} api_text;

int32_t api_text_append(const void *bytes, size_t length, void *text); /* an smr_write_callback */
void api_text_free(api_text *text);

/* A text to read from, at most `piece` bytes a call (0: no limit); an smr_read_callback. */
typedef struct api_source {
    const char *bytes;
    size_t length, piece, used;
} api_source;

int64_t api_source_read(void *buffer, size_t size, void *source);

/* JSON with ' for "; to be freed. */
char *api_json(const char *text);
/* What these make must be made without an error. NULL context: unit_context(). */
smr_framework *api_framework_in(smr_context *context, const char *json);
smr_dataset *api_dataset_in(smr_context *context, const char *csv);
smr_plan *api_plan_in(smr_context *context, const char *json); /* NULL for NULL */
#define api_framework(json) api_framework_in(NULL, json)
#define api_dataset(csv) api_dataset_in(NULL, csv)
#define api_plan(json) api_plan_in(NULL, json)

typedef struct api_world {
    smr_context *context;
    smr_framework *framework;
    smr_dataset *dataset;
    smr_plan *plan;
    smr_model *model;
    smr_scorecard *card;
} api_world;

api_world api_world_make(const char *framework, const char *csv, const char *plan);
/* The nouns alone: the fit is the test's. */
api_world api_world_nouns(const char *framework, const char *csv, const char *plan);
/* Computed with this context; keep is one of smr_keep. */
api_world api_world_make_in(smr_context *context, int32_t keep, const char *framework, const char *csv,
                            const char *plan);
void api_world_free(api_world *world);
/* Fit or score of such a world is refused with this code; the record. */
smr_error api_world_refused(const char *framework, const char *csv, const char *plan, int32_t code);

/* Scores another dataset with the world's model. */
smr_scorecard *api_score(const api_world *world, const smr_dataset *dataset);

size_t api_node(const smr_framework *framework, const char *id);
double api_score_of(const smr_scorecard *card, const char *node, size_t row);
double api_rank_of(const smr_scorecard *card, const char *node, size_t row);
double api_coverage_of(const smr_scorecard *card, const char *node, size_t row);
int32_t api_status_of(const smr_scorecard *card, const char *node, size_t row);
double api_value_of(const smr_dataset *dataset, const char *column, size_t row);

/* The scorecard as csv, without its header: region,period,node,score,rank,coverage,status. */
#define expect_card(world, expected) expect_scorecard((world)->card, expected)
#define expect_scorecard(card, expected) api_expect_card(__FILE__, __LINE__, card, expected)
void api_expect_card(const char *file, int line, const smr_scorecard *card, const char *expected);
/* The dataset as wide csv, all columns. */
#define expect_dataset(dataset, expected) api_expect_dataset(__FILE__, __LINE__, dataset, expected)
void api_expect_dataset(const char *file, int line, const smr_dataset *dataset, const char *expected);
/* The dataset after a step. */
#define expect_step(world, step, expected) api_expect_step(__FILE__, __LINE__, world, step, expected)
void api_expect_step(const char *file, int line, const api_world *world, const char *step, const char *expected);
/* All scores, ranks, coverages and statuses of two scorecards, bit for bit. */
#define expect_same_cards(found, expected) api_expect_same_cards(__FILE__, __LINE__, found, expected)
void api_expect_same_cards(const char *file, int line, const smr_scorecard *found, const smr_scorecard *expected);
/* The call is refused as a wrong call, and says so also without a record. */
#define expect_argument(call, error) expect_fails(call, error, SMR_MESSAGE_BAD_ARGUMENT)

/* A context that counts allocations. */
typedef struct api_counter {
    size_t calls, live;
} api_counter;
smr_context *api_counting_context(api_counter *counter);
smr_context *api_context(uint32_t threads, const char *kernel);

/* Random numbers for tests that compare bits, some cells missing; a column "@id" holds four texts. To be freed. */
char *api_random_csv(size_t regions, const char *const *ids, size_t columns, uint64_t seed, double missing_share);

#endif
