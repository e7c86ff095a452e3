/* SPDX-License-Identifier: MIT */
/* Methods that are defined on all regions at once, on one core: Copeland, Borda, PROMETHEE II and ELECTRE III for 1,000
 * regions x 50 children, Copeland for the 51 x 49 of COINr's own example, Kemeny for 40 regions, benefit of the doubt for
 * 1,000 x 20. Prints one JSON object a line. */

#include "bench.h"

#include <smartregion/smartregion.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct world {
    size_t rows, columns;
    double **values;
    smr_framework *framework;
    smr_dataset *dataset;
} world;

static void make_world(world *w)
{
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_framework_builder *builder = NULL;
    bench_check(smr_framework_builder_new(NULL, "index", NULL, &builder, &error), &error);
    w->values = calloc(w->columns, sizeof *w->values);
    const char **ids = calloc(w->columns, sizeof *ids);
    char *names = calloc(w->columns, 24);
    if (!w->values || !ids || !names)
        bench_fail("memory");
    uint64_t state = 7;
    for (size_t c = 0; c < w->columns; c++) {
        ids[c] = names + 24 * c;
        snprintf(names + 24 * c, 24, "x%zu", c);
        smr_indicator_options options;
        smr_indicator_options_init(&options, sizeof options);
        options.weight = 1 + (double)(c % 3);
        bench_check(smr_framework_builder_add_indicator(builder, "index", ids[c], &options, &error), &error);
        w->values[c] = malloc(w->rows * sizeof(double));
        if (!w->values[c])
            bench_fail("memory");
        for (size_t i = 0; i < w->rows; i++)
            w->values[c][i] = bench_random(&state);
    }
    bench_check(smr_framework_builder_build(builder, &w->framework, &error), &error);
    smr_framework_builder_free(builder);
    smr_columns columns;
    smr_columns_init(&columns, sizeof columns);
    columns.borrow = 1;
    columns.rows = w->rows;
    columns.column_count = w->columns;
    columns.ids = ids;
    columns.values = (const double *const *)w->values;
    bench_check(smr_dataset_from_columns(NULL, &columns, &w->dataset, &error), &error);
    free(ids);
    free(names);
}

static void free_world(world *w)
{
    smr_dataset_unref(w->dataset);
    smr_framework_unref(w->framework);
    for (size_t c = 0; c < w->columns; c++)
        free(w->values[c]);
    free(w->values);
}

static double mean_score(const smr_scorecard *card, size_t rows)
{
    smr_error error;
    smr_error_init(&error, sizeof error);
    double *scores = malloc(rows * sizeof *scores), sum = 0;
    if (!scores)
        bench_fail("memory");
    bench_check(smr_scorecard_scores(card, 0, scores, rows, &error), &error);
    for (size_t i = 0; i < rows; i++)
        sum += scores[i];
    free(scores);
    return sum / (double)rows;
}

/* Scoring alone: nothing of these methods is decided by a fit. */
static void run_case(const world *w, const char *name, const char *step, const char *method, int repeats)
{
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_plan_builder *builder = NULL;
    smr_plan *plan = NULL;
    smr_model *model = NULL;
    bench_check(smr_plan_builder_new(NULL, &builder, &error), &error);
    bench_check(smr_plan_builder_set_text(builder, "normalise.method", "none", &error), &error);
    bench_check(smr_plan_builder_set_json(builder, step, method, &error), &error);
    bench_check(smr_plan_builder_build(builder, &plan, &error), &error);
    smr_plan_builder_free(builder);
    bench_check(smr_model_fit(NULL, w->framework, w->dataset, plan, &model, &error), &error);
    double *times = malloc((size_t)repeats * sizeof *times);
    if (!times)
        bench_fail("memory");
    double mean = 0;
    for (int i = 0; i < repeats; i++) {
        smr_scorecard *card = NULL;
        const double start = bench_seconds();
        bench_check(smr_model_score(NULL, model, w->dataset, NULL, &card, &error), &error);
        times[i] = bench_seconds() - start;
        mean = mean_score(card, w->rows);
        smr_scorecard_unref(card);
    }
    printf("{\"case\": \"%s\", \"rows\": %zu, \"columns\": %zu, \"threads\": 1, \"score\": %.6f, \"mean\": %.12g}\n", name,
           w->rows, w->columns, bench_median(times, repeats), mean);
    fflush(stdout);
    free(times);
    smr_model_unref(model);
    smr_plan_unref(plan);
}

int main(int argc, char **argv)
{
    const int repeats = argc > 1 ? atoi(argv[1]) : 7;
    world large = {.rows = 1000, .columns = 50}, coinr = {.rows = 51, .columns = 49};
    world small = {.rows = 40, .columns = 50}, doubtful = {.rows = 1000, .columns = 20};
    make_world(&large);
    make_world(&coinr);
    make_world(&small);
    make_world(&doubtful);
    run_case(&large, "copeland", "aggregate", "{\"method\": \"copeland\"}", repeats);
    run_case(&large, "borda", "aggregate", "{\"method\": \"borda\"}", repeats);
    run_case(&large, "promethee2", "aggregate",
             "{\"method\": \"promethee2\", \"preference\": \"linear\", \"q\": 0.05, \"p\": 0.3}", repeats);
    run_case(&large, "electre3", "aggregate", "{\"method\": \"electre3\", \"q\": 0.05, \"p\": 0.3, \"v\": 0.8}", repeats);
    run_case(&coinr, "copeland", "aggregate", "{\"method\": \"copeland\"}", repeats);
    run_case(&small, "kemeny", "aggregate", "{\"method\": \"kemeny\"}", repeats);
    run_case(&doubtful, "bod", "weights", "{\"method\": \"bod\"}", repeats);
    free_world(&large);
    free_world(&coinr);
    free_world(&small);
    free_world(&doubtful);
    return 0;
}
