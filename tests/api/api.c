/* SPDX-License-Identifier: MIT */
#include "api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- texts ---- */

static void *must(void *block) {
    if (block == NULL) {
        fprintf(stderr, "the test itself has no memory\n");
        exit(EXIT_FAILURE);
    }
    return block;
}

int32_t api_text_append(const void *bytes, size_t length, void *text) {
    api_text *t = text;
    t->bytes = must(realloc(t->bytes, t->length + length + 1));
    memcpy(t->bytes + t->length, bytes, length);
    t->length += length;
    t->bytes[t->length] = '\0';
    t->calls++;
    return 0;
}

void api_text_free(api_text *text) {
    free(text->bytes);
    *text = (api_text){NULL, 0, 0};
}

int64_t api_source_read(void *buffer, size_t size, void *source) {
    api_source *s = source;
    size_t count = s->length - s->used < size ? s->length - s->used : size;
    count = s->piece != 0 && s->piece < count ? s->piece : count;
    memcpy(buffer, s->bytes + s->used, count);
    s->used += count;
    return (int64_t)count;
}

char *api_json(const char *text) {
    char *json = must(malloc(strlen(text) + 1));
    for (size_t i = 0; (json[i] = text[i]) != '\0'; i++) {
        if (json[i] == '\'') {
            json[i] = '"';
        }
    }
    return json;
}

/* ---- nouns ---- */

static smr_context *chosen(smr_context *context) {
    return context ? context : unit_context();
}

smr_framework *api_framework_in(smr_context *context, const char *json) {
    smr_framework *framework = NULL;
    smr_error error = unit_error();
    char *text = api_json(json);
    expect_ok(smr_framework_read(chosen(context), text, strlen(text), "framework.json", &framework, &error), &error);
    free(text);
    return framework;
}

smr_dataset *api_dataset_in(smr_context *context, const char *csv) {
    smr_dataset *dataset = NULL;
    smr_error error = unit_error();
    api_source source = {csv, strlen(csv), 0, 0};
    expect_ok(smr_dataset_read_csv(chosen(context), api_source_read, &source, NULL, &dataset, &error), &error);
    return dataset;
}

smr_plan *api_plan_in(smr_context *context, const char *json) {
    if (json == NULL) {
        return NULL;
    }
    smr_plan *plan = NULL;
    smr_error error = unit_error();
    char *text = api_json(json);
    expect_ok(smr_plan_read(chosen(context), text, strlen(text), "plan.json", &plan, &error), &error);
    free(text);
    return plan;
}

/* ---- worlds ---- */

static api_world nouns_in(smr_context *context, const char *framework, const char *csv, const char *plan) {
    context = chosen(context);
    return (api_world){
        .context = context,
        .framework = api_framework_in(context, framework),
        .dataset = api_dataset_in(context, csv),
        .plan = api_plan_in(context, plan),
    };
}

api_world api_world_nouns(const char *framework, const char *csv, const char *plan) {
    return nouns_in(NULL, framework, csv, plan);
}

api_world api_world_make_in(smr_context *context, int32_t keep, const char *framework, const char *csv,
                            const char *plan) {
    api_world world = nouns_in(context, framework, csv, plan);
    smr_error error = unit_error();
    smr_score_options options;
    smr_score_options_init(&options, sizeof options);
    options.keep = keep;
    expect_ok(smr_model_fit(world.context, world.framework, world.dataset, world.plan, &world.model, &error), &error);
    expect_ok(smr_model_score(world.context, world.model, world.dataset, &options, &world.card, &error), &error);
    return world;
}

api_world api_world_make(const char *framework, const char *csv, const char *plan) {
    return api_world_make_in(NULL, SMR_KEEP_INNER, framework, csv, plan);
}

void api_world_free(api_world *world) {
    smr_scorecard_unref(world->card);
    smr_model_unref(world->model);
    smr_plan_unref(world->plan);
    smr_dataset_unref(world->dataset);
    smr_framework_unref(world->framework);
    *world = (api_world){.context = NULL};
}

smr_error api_world_refused(const char *framework, const char *csv, const char *plan, int32_t code) {
    api_world world = api_world_nouns(framework, csv, plan);
    smr_error error = unit_error();
    smr_status status = smr_model_fit(world.context, world.framework, world.dataset, world.plan, &world.model, &error);
    if (status == SMR_OK) {
        status = smr_model_score(world.context, world.model, world.dataset, NULL, &world.card, &error);
        expect(status == SMR_OK || world.card == NULL);
    } else {
        expect(world.model == NULL);
    }
    expect_fails(status, &error, code);
    api_world_free(&world);
    return error;
}

smr_scorecard *api_score(const api_world *world, const smr_dataset *dataset) {
    smr_scorecard *card = NULL;
    smr_error error = unit_error();
    expect_ok(smr_model_score(world->context, world->model, dataset, NULL, &card, &error), &error);
    return card;
}

/* ---- single results ---- */

size_t api_node(const smr_framework *framework, const char *id) {
    int64_t node = smr_framework_find(framework, id);
    expect(node >= 0);
    return (size_t)node;
}

/* What one of the functions of a scorecard that fill an array of doubles gives for a row. */
typedef smr_status (*column_function)(const smr_scorecard *, size_t, double *, size_t, smr_error *);

static double *column_of(const smr_scorecard *card, size_t node, column_function function) {
    size_t rows = smr_scorecard_row_count(card);
    double *column = must(malloc((rows + 1) * sizeof *column));
    smr_error error = unit_error();
    expect_ok(function(card, node, column, rows, &error), &error);
    return column;
}

static double one_of(const smr_scorecard *card, const char *node, size_t row, column_function function) {
    expect(row < smr_scorecard_row_count(card));
    double *column = column_of(card, api_node(smr_scorecard_framework(card), node), function);
    double value = column[row];
    free(column);
    return value;
}

double api_score_of(const smr_scorecard *card, const char *node, size_t row) {
    return one_of(card, node, row, smr_scorecard_scores);
}

double api_rank_of(const smr_scorecard *card, const char *node, size_t row) {
    return one_of(card, node, row, smr_scorecard_ranks);
}

double api_coverage_of(const smr_scorecard *card, const char *node, size_t row) {
    return one_of(card, node, row, smr_scorecard_coverages);
}

static uint8_t *statuses_of(const smr_scorecard *card, size_t node) {
    size_t rows = smr_scorecard_row_count(card);
    uint8_t *statuses = must(malloc(rows + 1));
    smr_error error = unit_error();
    expect_ok(smr_scorecard_statuses(card, node, statuses, rows, &error), &error);
    return statuses;
}

int32_t api_status_of(const smr_scorecard *card, const char *node, size_t row) {
    uint8_t *statuses = statuses_of(card, api_node(smr_scorecard_framework(card), node));
    int32_t status = statuses[row];
    free(statuses);
    return status;
}

double api_value_of(const smr_dataset *dataset, const char *column, size_t row) {
    int64_t found = smr_dataset_find_column(dataset, column);
    expect(found >= 0 && row < smr_dataset_row_count(dataset));
    const double *values = smr_dataset_values(dataset, (size_t)found);
    expect(values != NULL);
    return values[row];
}

/* ---- whole results ---- */

void api_expect_card(const char *file, int line, const smr_scorecard *card, const char *expected) {
    static const char header[] = "region,period,node,score,rank,coverage,status\n";
    api_text text = {NULL, 0, 0};
    smr_error error = unit_error();
    expect_ok(smr_scorecard_write_csv(card, NULL, api_text_append, &text, &error), &error);
    bool headed = text.length >= sizeof header - 1 && memcmp(text.bytes, header, sizeof header - 1) == 0;
    unit_expect_text(file, line, "the scorecard", headed ? text.bytes + sizeof header - 1 : text.bytes, expected);
    expect(headed);
    api_text_free(&text);
}

void api_expect_dataset(const char *file, int line, const smr_dataset *dataset, const char *expected) {
    api_text text = {NULL, 0, 0};
    smr_error error = unit_error();
    expect_ok(smr_dataset_write_csv(dataset, NULL, 0, api_text_append, &text, &error), &error);
    unit_expect_text(file, line, "the dataset", text.bytes, expected);
    api_text_free(&text);
}

void api_expect_step(const char *file, int line, const api_world *world, const char *step, const char *expected) {
    smr_dataset *snapshot = NULL;
    smr_error error = unit_error();
    expect_ok(smr_model_snapshot(world->context, world->model, world->dataset, step, &snapshot, &error), &error);
    api_expect_dataset(file, line, snapshot, expected);
    smr_dataset_unref(snapshot);
}

void api_expect_same_cards(const char *file, int line, const smr_scorecard *found, const smr_scorecard *expected) {
    static const struct {
        const char *name;
        column_function function;
    } columns[] = {
        {"score", smr_scorecard_scores}, {"rank", smr_scorecard_ranks}, {"coverage", smr_scorecard_coverages}};
    const smr_framework *framework = smr_scorecard_framework(expected);
    size_t rows = smr_scorecard_row_count(expected), nodes = smr_framework_node_count(framework);
    unit_expect_uint(file, line, "rows", smr_scorecard_row_count(found), rows);
    unit_expect_uint(file, line, "nodes", smr_framework_node_count(smr_scorecard_framework(found)), nodes);
    for (size_t node = 0; node < nodes; node++) {
        for (size_t c = 0; c < COUNT(columns); c++) {
            double *a = column_of(found, node, columns[c].function);
            double *b = column_of(expected, node, columns[c].function);
            for (size_t row = 0; row < rows; row++) {
                if (unit_bits(a[row]) != unit_bits(b[row])) {
                    char where[256];
                    snprintf(where, sizeof where, "%s of %.60s at %.60s (row %zu)", columns[c].name,
                             smr_scorecard_region(expected, row), smr_framework_node_id(framework, node), row);
                    unit_expect_bits(file, line, where, a[row], b[row]);
                }
            }
            free(a);
            free(b);
        }
        uint8_t *a = statuses_of(found, node), *b = statuses_of(expected, node);
        unit_expect_bytes(file, line, smr_framework_node_id(framework, node), a, b, rows);
        free(a);
        free(b);
    }
}

/* ---- contexts ---- */

static void *count_allocate(size_t size, void *user) {
    api_counter *counter = user;
    counter->calls++;
    counter->live++;
    return malloc(size);
}

static void *count_reallocate(void *block, size_t size, void *user) {
    api_counter *counter = user;
    counter->calls++;
    counter->live += block == NULL;
    return realloc(block, size);
}

static void count_release(void *block, void *user) {
    api_counter *counter = user;
    counter->live -= block != NULL;
    free(block);
}

static smr_context *make_context(const smr_context_options *options) {
    smr_context *context = NULL;
    smr_error error = unit_error();
    expect_ok(smr_context_new(options, &context, &error), &error);
    return context;
}

smr_context *api_counting_context(api_counter *counter) {
    smr_context_options options;
    smr_context_options_init(&options, sizeof options);
    options.allocator = (smr_allocator){count_allocate, count_reallocate, count_release, counter};
    *counter = (api_counter){0, 0};
    return make_context(&options);
}

smr_context *api_context(uint32_t threads, const char *kernel) {
    smr_context_options options;
    smr_context_options_init(&options, sizeof options);
    options.threads = threads;
    options.kernel = kernel;
    return make_context(&options);
}

/* ---- data by chance ---- */

char *api_random_csv(size_t regions, const char *const *ids, size_t columns, uint64_t seed, double missing_share) {
    api_text text = {NULL, 0, 0};
    uint64_t state = seed;
    char cell[64];
    api_text_append("region", 6, &text);
    for (size_t c = 0; c < columns; c++) {
        const char *id = ids[c][0] == '@' ? ids[c] + 1 : ids[c];
        api_text_append(",", 1, &text);
        api_text_append(id, strlen(id), &text);
    }
    for (size_t row = 0; row < regions; row++) {
        int length = snprintf(cell, sizeof cell, "\nr%zu", row);
        api_text_append(cell, (size_t)length, &text);
        for (size_t c = 0; c < columns; c++) {
            bool missing = unit_random_unit(&state) < missing_share;
            /* whole numbers of millionths: no decimal point of a locale comes in */
            uint64_t millionths = unit_random(&state) % UINT64_C(100000000) + 1;
            length = missing            ? snprintf(cell, sizeof cell, ",")
                     : ids[c][0] == '@' ? snprintf(cell, sizeof cell, ",z%u", (unsigned)(millionths % 4))
                                        : snprintf(cell, sizeof cell, ",%llue-6", (unsigned long long)millionths);
            api_text_append(cell, (size_t)length, &text);
        }
    }
    api_text_append("\n", 1, &text);
    return text.bytes;
}
