/* SPDX-License-Identifier: MIT */
/* Sensitivity of ranks to a whole recipe, of the size of COINr's own example (51 regions, 49 indicators in 8 pillars
 * and 2 halves): how many points are winsorised, four normalisations, arithmetic or geometric mean, noisy weights.
 * 4,096 draws, which are 40,960 evaluations, 100 bootstrap resamples of every rank and the mean shift, two threads.
 * Beside it the points alone. Prints one JSON object a line.
 *
 * bench_sobol [REPEATS [DRAWS [RESAMPLES]]] */

#include "bench.h"

#include <smartregion/smartregion.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REGIONS = 51, INDICATORS = 49, PILLARS = 8, HALVES = 2, ID = 16 };

static const char spec[] =
    "{\"factors\": ["
    "{\"id\": \"win\", \"vary\": \"treat.max_points\", \"alternatives\": [0, 1, 2, 3, 4, 5]},"
    "{\"id\": \"norm\", \"vary\": \"normalise\", \"alternatives\": ["
    "{\"method\": \"minmax\", \"range\": [1, 100]}, {\"method\": \"zscore\", \"mean\": 50, \"sd\": 10},"
    "{\"method\": \"percentile_rank\", \"range\": [1, 100]}, {\"method\": \"distance_to_max\", \"range\": [1, 100]}]},"
    "{\"id\": \"agg\", \"vary\": \"aggregate.method\", \"alternatives\": [\"arithmetic\", \"geometric\"]},"
    "{\"id\": \"weights\", \"vary\": \"weights\", \"distribution\": \"noise\", \"percent\": 25}]}";

typedef struct world {
    smr_framework *framework;
    smr_dataset *dataset;
    smr_plan *plan;
    smr_uncertainty *uncertainty;
    char ids[INDICATORS][ID];
    double values[INDICATORS][REGIONS];
} world;

/* A normal number, as the sum of twelve. */
static double draw_normal(uint64_t *state)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += bench_random(state);
    return sum;
}

static void make_framework(world *w, smr_error *error)
{
    smr_framework_builder *builder = NULL;
    bench_check(smr_framework_builder_new(NULL, "index", NULL, &builder, error), error);
    char half[ID], pillar[ID];
    for (int h = 0; h < HALVES; h++) {
        snprintf(half, sizeof half, "half%d", h);
        bench_check(smr_framework_builder_add_node(builder, "index", half, NULL, error), error);
    }
    for (int p = 0; p < PILLARS; p++) {
        snprintf(half, sizeof half, "half%d", p % HALVES);
        snprintf(pillar, sizeof pillar, "pillar%d", p);
        bench_check(smr_framework_builder_add_node(builder, half, pillar, NULL, error), error);
    }
    for (int i = 0; i < INDICATORS; i++) {
        snprintf(pillar, sizeof pillar, "pillar%d", i % PILLARS);
        snprintf(w->ids[i], ID, "x%d", i);
        bench_check(smr_framework_builder_add_indicator(builder, pillar, w->ids[i], NULL, error), error);
    }
    bench_check(smr_framework_builder_build(builder, &w->framework, error), error);
    smr_framework_builder_free(builder);
}

/* Every third indicator is skewed, so that there is something to winsorise. */
static void make_dataset(world *w, smr_error *error)
{
    uint64_t state = 11;
    const char *ids[INDICATORS];
    const double *values[INDICATORS];
    for (int i = 0; i < INDICATORS; i++) {
        for (int r = 0; r < REGIONS; r++) {
            const double x = draw_normal(&state);
            w->values[i][r] = i % 3 ? x : exp(1.5 * x);
        }
        ids[i] = w->ids[i];
        values[i] = w->values[i];
    }
    smr_columns columns;
    smr_columns_init(&columns, sizeof columns);
    columns.rows = REGIONS;
    columns.column_count = INDICATORS;
    columns.ids = ids;
    columns.values = values;
    bench_check(smr_dataset_from_columns(NULL, &columns, &w->dataset, error), error);
}

static void make_plan(world *w, smr_error *error)
{
    smr_plan_builder *builder = NULL;
    bench_check(smr_plan_builder_new(NULL, &builder, error), error);
    bench_check(smr_plan_builder_set_text(builder, "treat.method", "coinr", error), error);
    bench_check(smr_plan_builder_set_json(builder, "normalise", "{\"method\": \"minmax\", \"range\": [1, 100]}", error),
                error);
    bench_check(smr_plan_builder_build(builder, &w->plan, error), error);
    smr_plan_builder_free(builder);
    bench_check(smr_uncertainty_read(NULL, spec, strlen(spec), NULL, &w->uncertainty, error), error);
}

/* The least and the median of the repeats: others may be at work on the machine. */
static void print_times(const char *name, double *times, int repeats, const char *more)
{
    const double median = bench_median(times, repeats);
    printf("{\"case\": \"%s\", \"threads\": 2, %s, \"least\": %.6f, \"median\": %.6f}\n", name, more, times[0], median);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    const int repeats = argc > 1 ? atoi(argv[1]) : 7;
    smr_sobol_study_options options;
    smr_sobol_study_options_init(&options, sizeof options);
    options.draws = argc > 2 ? strtoull(argv[2], NULL, 10) : 4096;
    options.resamples = argc > 3 ? (uint32_t)atoi(argv[3]) : 100;
    smr_error error;
    smr_error_init(&error, sizeof error);
    world *w = calloc(1, sizeof *w);
    double *times = repeats > 0 ? malloc((size_t)repeats * sizeof *times) : NULL;
    if (!w || !times)
        bench_fail("memory");
    make_framework(w, &error);
    make_dataset(w, &error);
    make_plan(w, &error);
    smr_context_options wanted;
    smr_context_options_init(&wanted, sizeof wanted);
    wanted.threads = 2;
    smr_context *context = NULL;
    bench_check(smr_context_new(&wanted, &context, &error), &error);
    char more[200];
    for (int i = 0; i < repeats; i++) {
        smr_sobol *study = NULL;
        const double start = bench_seconds();
        bench_check(smr_sobol_run(context, w->framework, w->dataset, w->plan, w->uncertainty, &options, &study, &error),
                    &error);
        times[i] = bench_seconds() - start;
        snprintf(more, sizeof more,
                 "\"rows\": %d, \"columns\": %d, \"factors\": %zu, \"outputs\": %zu, \"evaluations\": %llu, "
                 "\"failed\": %llu, \"resamples\": %u",
                 REGIONS, INDICATORS, smr_sobol_factor_count(study), smr_sobol_output_count(study),
                 (unsigned long long)smr_sobol_evaluation_count(study),
                 (unsigned long long)smr_sobol_failed_count(study), (unsigned)options.resamples);
        smr_sobol_unref(study);
    }
    print_times("sobol", times, repeats, more);
    const uint32_t dimensions = smr_sobol_dimension_count();
    double *points = malloc((size_t)dimensions * 4096 * sizeof *points);
    if (!points)
        bench_fail("memory");
    for (int i = 0; i < repeats; i++) {
        const double start = bench_seconds();
        bench_check(smr_sobol_points(context, 4096, dimensions, NULL, points, &error), &error);
        times[i] = bench_seconds() - start;
    }
    snprintf(more, sizeof more, "\"points\": 4096, \"dimensions\": %u", (unsigned)dimensions);
    print_times("sobol_points", times, repeats, more);
    free(points);
    free(times);
    smr_context_unref(context);
    smr_uncertainty_unref(w->uncertainty);
    smr_plan_unref(w->plan);
    smr_dataset_unref(w->dataset);
    smr_framework_unref(w->framework);
    free(w);
    return 0;
}
