/* SPDX-License-Identifier: MIT */
/* The same bits: whatever is kept, with any number of threads, with every kernel, one by one, in any order of rows and
 * columns, and after a model was written and read; for every method of the catalogue. */
#include "api.h"

#include "catalogue_plans.h"

#include <stdlib.h>
#include <string.h>

/* More rows than a block holds twice. */
enum { ROWS = 2100, FEW_ROWS = 120 };

static char *random_data(size_t rows, uint64_t seed) {
    return api_random_csv(rows, catalogue_columns, CATALOGUE_COLUMNS, seed, 0.08);
}

/* Plans that between them go all the ways from raw value to index. */
static const char *const plans[] = {
    NULL,
    "{'normalise': 'goalposts'}",
    "{'normalise': {'method': 'goalposts', 'range': [1, 5], 'clamp': false}, 'missing': {'policy': 'zero'}}",
    "{'normalise': 'zscore', 'missing': {'min_coverage': 0.5}}",
    "{'normalise': {'method': 'percentile_rank', 'range': [1, 100]}, 'aggregate': 'geometric'}",
    "{'normalise': {'range': [1, 100]}, 'aggregate': 'geometric', 'missing': {'policy': 'fail'}}",
    "{'normalise': {'range': [0.5, 2]}, 'aggregate': {'method': 'power', 'p': -1.7, 'nodes': {'a': 'harmonic', 'b':"
    " 'median'}}, 'impute': 'median', 'missing': {'min_coverage': 0.6, 'coverage_by': 'count'}}",
    "{'treat': {'method': 'winsorise', 'low': 3, 'high': 97}, 'impute': 'mean', 'weights': 'equal_leaf'}",
    "{'normalise': 'none', 'denominate': {'use': false}, 'aggregate': {'nodes': {'root': 'max', 'b': 'min'}}}",
};

/* A fit or score that fails must fail alike. NULL where it fails. */
typedef struct outcome {
    smr_model *model;
    smr_scorecard *card;
    smr_error error;
} outcome;

static outcome run(smr_context *context, int32_t keep, const char *csv, const char *plan) {
    outcome o = {NULL, NULL, unit_error()};
    smr_framework *framework = api_framework_in(context, catalogue_tree);
    smr_dataset *dataset = api_dataset_in(context, csv);
    smr_plan *made = api_plan_in(context, plan);
    smr_score_options options;
    smr_score_options_init(&options, sizeof options);
    options.keep = keep;
    if (smr_model_fit(context, framework, dataset, made, &o.model, &o.error) == SMR_OK) {
        smr_model_score(context, o.model, dataset, &options, &o.card, &o.error);
    }
    smr_plan_unref(made);
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
    return o;
}

static void give_back(outcome *o) {
    smr_scorecard_unref(o->card);
    smr_model_unref(o->model);
}

static void expect_same_outcome(const outcome *found, const outcome *expected) {
    expect((found->card == NULL) == (expected->card == NULL));
    expect_equal_int(found->error.status, expected->error.status);
    expect_text(found->error.message, expected->error.message);
    if (expected->card != NULL) {
        expect_same_cards(found->card, expected->card);
    }
}

/* The same computation in another context, or with something else kept, against what came out before. */
static void compare(const outcome *expected, const char *csv, const char *plan, smr_context *other, int32_t keep) {
    outcome found = run(other, keep, csv, plan);
    expect_same_outcome(&found, expected);
    give_back(&found);
}

TEST(whatever_is_kept) {
    char *csv = random_data(ROWS, 1);
    for (size_t i = 0; i < COUNT(plans); i++) {
        outcome all = run(unit_context(), SMR_KEEP_ALL, csv, plans[i]);
        expect(all.card != NULL);
        compare(&all, csv, plans[i], unit_context(), SMR_KEEP_INNER);
        compare(&all, csv, plans[i], unit_context(), SMR_KEEP_INDEX);
        give_back(&all);
    }
    free(csv);
}

TEST(any_number_of_threads) {
    smr_context *one = api_context(1, NULL), *two = api_context(2, NULL), *eight = api_context(8, NULL),
                *all = api_context(0, NULL);
    char *csv = random_data(ROWS, 2);
    for (size_t i = 0; i < COUNT(plans); i++) {
        outcome alone = run(one, SMR_KEEP_INNER, csv, plans[i]);
        expect(alone.card != NULL);
        compare(&alone, csv, plans[i], two, SMR_KEEP_INNER);
        compare(&alone, csv, plans[i], eight, SMR_KEEP_INNER);
        compare(&alone, csv, plans[i], all, SMR_KEEP_ALL);
        give_back(&alone);
    }
    free(csv);
    smr_context_unref(one);
    smr_context_unref(two);
    smr_context_unref(eight);
    smr_context_unref(all);
}

static const char *const kernels[] = {"baseline", "x86-64-v3", "x86-64-v4", "neon"};

TEST(every_kernel) {
    smr_context *best = api_context(1, NULL);
    char *csv = random_data(ROWS, 3);
    size_t count = 0;
    for (size_t k = 0; k < COUNT(kernels); k++) {
        if (!smr_supports("kernel", kernels[k])) {
            continue;
        }
        smr_context *context = api_context(1, kernels[k]);
        expect_text(smr_context_kernel(context), kernels[k]);
        for (size_t i = 0; i < COUNT(plans); i++) {
            outcome expected = run(best, SMR_KEEP_INNER, csv, plans[i]);
            expect(expected.card != NULL);
            compare(&expected, csv, plans[i], context, SMR_KEEP_INNER);
            give_back(&expected);
        }
        smr_context_unref(context);
        count++;
    }
    expect(count >= 1);
    free(csv);
    smr_context_unref(best);
}

/* ---- the order of rows and columns ---- */

/* The lines of a CSV text in another order, and its columns; the first line and the first column stay. */
static char *shuffled(const char *csv, uint64_t seed, bool rows, bool columns) {
    enum { FIELDS = 32 };
    size_t count = 0;
    for (const char *c = csv; *c != '\0'; c++) {
        count += *c == '\n';
    }
    const char **lines = malloc(count * sizeof *lines);
    size_t line = 0, order[FIELDS], fields = 1;
    for (const char *c = csv; *c != '\0'; c = strchr(c, '\n') + 1) {
        lines[line++] = c;
    }
    for (const char *c = csv; *c != '\n'; c++) {
        fields += *c == ',';
    }
    expect(fields <= FIELDS);
    for (size_t i = 0; i < fields; i++) {
        order[i] = i;
    }
    uint64_t state = seed;
    for (size_t i = count; rows && i-- > 2;) {
        size_t j = 1 + (size_t)(unit_random(&state) % i);
        const char *moved = lines[i];
        lines[i] = lines[j];
        lines[j] = moved;
    }
    for (size_t i = fields; columns && i-- > 2;) {
        size_t j = 1 + (size_t)(unit_random(&state) % i), moved = order[i];
        order[i] = order[j];
        order[j] = moved;
    }
    api_text text = {NULL, 0, 0};
    for (size_t i = 0; i < count; i++) {
        for (size_t f = 0; f < fields; f++) {
            const char *field = lines[i];
            for (size_t skip = 0; skip < order[f]; skip++) {
                field = strchr(field, ',') + 1;
            }
            api_text_append(field, strcspn(field, ",\n"), &text);
            api_text_append(f + 1 < fields ? "," : "\n", 1, &text);
        }
    }
    free(lines);
    return text.bytes;
}

/* Each region has the same bits at every node. Ranks too, for ties are told by scores alone. */
static void expect_same_regions(const smr_scorecard *found, const smr_scorecard *expected) {
    typedef smr_status (*column_function)(const smr_scorecard *, size_t, double *, size_t, smr_error *);
    static const column_function functions[] = {smr_scorecard_scores, smr_scorecard_ranks, smr_scorecard_coverages};
    size_t rows = smr_scorecard_row_count(expected);
    size_t nodes = smr_framework_node_count(smr_scorecard_framework(expected));
    double *a = malloc(rows * sizeof *a), *b = malloc(rows * sizeof *b);
    uint8_t *s = malloc(rows), *t = malloc(rows);
    size_t *places = malloc(rows * sizeof *places);
    expect_equal_uint(smr_scorecard_row_count(found), rows);
    for (size_t row = 0; row < rows; row++) {
        int64_t place = smr_scorecard_find_row(found, smr_scorecard_region(expected, row), NULL);
        expect(place >= 0);
        places[row] = (size_t)place;
    }
    smr_error error = unit_error();
    for (size_t node = 0; node < nodes; node++) {
        for (size_t f = 0; f < COUNT(functions); f++) {
            expect_ok(functions[f](expected, node, a, rows, &error), &error);
            expect_ok(functions[f](found, node, b, rows, &error), &error);
            for (size_t row = 0; row < rows; row++) {
                expect_same_bits(b[places[row]], a[row]);
            }
        }
        expect_ok(smr_scorecard_statuses(expected, node, s, rows, &error), &error);
        expect_ok(smr_scorecard_statuses(found, node, t, rows, &error), &error);
        for (size_t row = 0; row < rows; row++) {
            expect_equal_int(t[places[row]], s[row]);
        }
    }
    free(a);
    free(b);
    free(s);
    free(t);
    free(places);
}

TEST(any_order_of_rows_and_columns) {
    char *csv = random_data(ROWS, 4);
    char *rows = shuffled(csv, 5, true, false), *columns = shuffled(csv, 6, false, true);
    for (size_t i = 0; i < COUNT(plans); i++) {
        outcome a = run(unit_context(), SMR_KEEP_INNER, csv, plans[i]);
        outcome b = run(unit_context(), SMR_KEEP_INNER, rows, plans[i]);
        outcome c = run(unit_context(), SMR_KEEP_INNER, columns, plans[i]);
        expect(a.card != NULL && b.card != NULL && c.card != NULL);
        expect_same_regions(b.card, a.card);
        expect_same_cards(c.card, a.card);
        give_back(&a);
        give_back(&b);
        give_back(&c);
    }
    free(rows);
    free(columns);
    free(csv);
}

/* ---- one region alone ---- */

/* Every row through smr_model_score_values(). Where the model's context counts, nothing may be allocated. */
static void expect_same_alone(const smr_model *model, const smr_scorecard *card, const smr_dataset *dataset,
                              api_counter *counter) {
    size_t inputs = smr_model_input_count(model), nodes = smr_framework_node_count(smr_model_framework(model));
    size_t rows = smr_scorecard_row_count(card);
    double *values = malloc(inputs * sizeof *values), *scores = malloc(nodes * sizeof *scores);
    double *all = malloc(nodes * rows * sizeof *all);
    const double **columns = malloc(inputs * sizeof *columns);
    smr_error error = unit_error();
    for (size_t node = 0; node < nodes; node++) {
        expect_ok(smr_scorecard_scores(card, node, all + node * rows, rows, &error), &error);
    }
    for (size_t i = 0; i < inputs; i++) {
        columns[i] =
            smr_dataset_values(dataset, (size_t)smr_dataset_find_column(dataset, smr_model_input_id(model, i)));
    }
    size_t calls = counter ? counter->calls : 0;
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < inputs; i++) {
            values[i] = columns[i][row];
        }
        expect_ok(smr_model_score_values(model, values, inputs, scores, nodes, &error), &error);
        for (size_t node = 0; node < nodes; node++) {
            expect_same_bits(scores[node], all[node * rows + row]);
        }
    }
    expect_equal_uint(counter ? counter->calls : 0, calls);
    free(values);
    free(scores);
    free(all);
    free(columns);
}

TEST(one_region_alone_without_allocating) {
    char *csv = random_data(500, 7);
    for (size_t i = 0; i < COUNT(plans); i++) {
        api_counter counter;
        smr_context *context = api_counting_context(&counter);
        api_world world = api_world_make_in(context, SMR_KEEP_INNER, catalogue_tree, csv, plans[i]);
        expect(counter.calls > 0);
        expect_same_alone(world.model, world.card, world.dataset, &counter);
        api_world_free(&world);
        smr_context_unref(context);
        expect_equal_uint(counter.live, 0);
    }
    free(csv);
}

static void append_text(api_text *text, const char *piece) {
    api_text_append(piece, strlen(piece), text);
}

/* An index of so many indicators without criteria. */
static void expect_wide_family_alone(size_t width, bool allocates) {
    api_text json = {NULL, 0, 0}, csv = {NULL, 0, 0};
    append_text(&json, "{'id': 'i', 'children': [");
    append_text(&csv, "region");
    for (size_t i = 0; i < width; i++) {
        char id[] = "x0000";
        size_t rest = i;
        for (int digit = 4; digit > 0; digit--, rest /= 10) {
            id[digit] = (char)('0' + rest % 10);
        }
        append_text(&json, i ? ", {'id': '" : "{'id': '");
        append_text(&json, id);
        append_text(&json, "'}");
        append_text(&csv, ",");
        append_text(&csv, id);
    }
    append_text(&json, "]}");
    static const char *const regions[] = {"\nA", "\nB", "\nC"};
    for (size_t row = 0; row < COUNT(regions); row++) {
        static const char *const cells[] = {",1.1", ",2.3", ",", ",0.7", ",3e2"};
        append_text(&csv, regions[row]);
        for (size_t i = 0; i < width; i++) {
            append_text(&csv, cells[(i + row * i) % COUNT(cells)]);
        }
    }
    append_text(&csv, "\n");
    static const char *const aggregates[] = {"{'normalise': 'none'}", "{'normalise': 'none', 'aggregate': 'geometric'}",
                                             "{'normalise': 'none', 'aggregate': 'median'}"};
    for (size_t i = 0; i < COUNT(aggregates); i++) {
        api_counter counter;
        smr_context *context = api_counting_context(&counter);
        api_world world = api_world_make_in(context, SMR_KEEP_ALL, json.bytes, csv.bytes, aggregates[i]);
        expect_same_alone(world.model, world.card, world.dataset, allocates ? NULL : &counter);
        api_world_free(&world);
        smr_context_unref(context);
        expect_equal_uint(counter.live, 0);
    }
    api_text_free(&json);
    api_text_free(&csv);
}

/* 512 siblings are the most that are scored without allocating. */
TEST(wide_families_alone) {
    expect_wide_family_alone(512, false);
    expect_wide_family_alone(513, true);
    expect_wide_family_alone(2000, true);
}

/* ---- every method of the catalogue ---- */

/* Scores must be made by most methods; those that these data do not suit fail alike. */
TEST(every_method_of_the_catalogue) {
    smr_context *one = api_context(1, "baseline"), *three = api_context(3, NULL);
    char *csv = random_data(FEW_ROWS, 8);
    size_t scored = 0, count = 0;
    char plan[CATALOGUE_PLAN_SIZE];
    for (; catalogue_plan(count, plan); count++) {
        outcome a = run(one, SMR_KEEP_ALL, csv, plan), b = run(three, SMR_KEEP_INDEX, csv, plan);
        expect_same_outcome(&b, &a);
        if (a.error.code == SMR_MESSAGE_PLAN_OPTION_REQUIRED) {
            unit_failed(__FILE__, __LINE__, a.error.message, "(the table in catalogue_plans.c needs a row)");
        }
        scored += a.card != NULL;
        give_back(&a);
        give_back(&b);
    }
    expect(count == smr_method_count());
    expect(scored * 4 > count * 3);
    free(csv);
    smr_context_unref(one);
    smr_context_unref(three);
}

/* Written and read: the same bytes again, and the same scores; one by one where the method allows it. */
TEST(every_method_frozen) {
    api_counter counter;
    smr_context *context = api_counting_context(&counter);
    char *csv = random_data(FEW_ROWS, 9);
    smr_dataset *dataset = api_dataset_in(context, csv);
    size_t frozen = 0;
    char plan[CATALOGUE_PLAN_SIZE];
    for (size_t method = 0; catalogue_plan(method, plan); method++) {
        outcome a = run(context, SMR_KEEP_INNER, csv, plan);
        if (a.card == NULL) {
            give_back(&a);
            continue;
        }
        api_text first = {NULL, 0, 0}, second = {NULL, 0, 0};
        smr_model *model = NULL;
        smr_scorecard *card = NULL;
        smr_error error = unit_error();
        expect_ok(smr_model_write(a.model, api_text_append, &first, &error), &error);
        expect_ok(smr_model_read(context, first.bytes, first.length, "model.json", &model, &error), &error);
        expect_ok(smr_model_write(model, api_text_append, &second, &error), &error);
        expect_text(second.bytes, first.bytes);
        expect_ok(smr_model_score(context, model, dataset, NULL, &card, &error), &error);
        expect_same_cards(card, a.card);
        size_t nodes = smr_framework_node_count(smr_model_framework(model)), inputs = smr_model_input_count(model);
        double zeros[64] = {0}, scores[64];
        expect(inputs <= COUNT(zeros) && nodes <= COUNT(scores));
        if (smr_model_score_values(model, zeros, inputs, scores, nodes, &error) != SMR_ERROR_UNSUPPORTED) {
            expect_same_alone(model, card, dataset, &counter);
            frozen++;
        }
        smr_scorecard_unref(card);
        smr_model_unref(model);
        api_text_free(&first);
        api_text_free(&second);
        give_back(&a);
    }
    expect(frozen > 15);
    smr_dataset_unref(dataset);
    free(csv);
    smr_context_unref(context);
    expect_equal_uint(counter.live, 0);
}

static const unit_test tests[] = {
    UNIT(whatever_is_kept),
    UNIT(any_number_of_threads),
    UNIT(every_kernel),
    UNIT(any_order_of_rows_and_columns),
    UNIT(one_region_alone_without_allocating),
    UNIT(wide_families_alone),
    UNIT(every_method_of_the_catalogue),
    UNIT(every_method_frozen),
};
UNIT_SUITE(bits, tests)
