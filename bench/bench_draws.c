/* SPDX-License-Identifier: MIT */
/* Draws of 51 regions x 49 indicators in a tree of three levels, as the four factors of COINr's vignette have them:
 * winsorisation with six limits, four normalisations, arithmetic or geometric, noise of 25 % on all weights, 48
 * combinations; and noise alone. Ranks and histograms of the index and its children, fits included. */

#define _POSIX_C_SOURCE 200809L

#include "bench.h"

#include <math.h>
#include <string.h>

#include <smartregion/smartregion.h>

enum { ROWS = 51, INDICATORS = 49, PILLARS = 8, REPEATS = 9, DRAWS = 100000 };

static const char plan_text[] = "{\"impute\": \"mean\", \"treat\": \"coinr\", \"normalise\": {\"method\": \"minmax\", "
                                "\"range\": [1, 100]}}";
#define NOISE "{\"vary\": \"weights\", \"distribution\": \"noise\", \"percent\": 25}"
static const struct {
    const char *name, *spec;
} cases[] = {
    {"full recipe",
     "{\"factors\": [" NOISE ", {\"vary\": \"normalise\", \"alternatives\": [{\"method\": \"minmax\", \"range\": [1, 100]}, "
     "{\"method\": \"zscore\", \"mean\": 50, \"sd\": 10}, {\"method\": \"percentile_rank\", \"range\": [1, 100]}, "
     "{\"method\": \"distance_to_max\", \"range\": [1, 100]}]}, {\"vary\": \"treat.max_points\", \"alternatives\": [0, 1, "
     "2, 3, 4, 5]}, {\"vary\": \"aggregate.method\", \"alternatives\": [\"arithmetic\", \"geometric\"]}]}"},
    {"weights", "{\"factors\": [" NOISE "]}"},
};

static smr_framework *make_framework(smr_error *error)
{
    smr_framework_builder *builder = NULL;
    smr_framework *framework = NULL;
    bench_check(smr_framework_builder_new(NULL, "index", NULL, &builder, error), error);
    bench_check(smr_framework_builder_add_node(builder, "index", "s0", NULL, error), error);
    bench_check(smr_framework_builder_add_node(builder, "index", "s1", NULL, error), error);
    for (int i = 0; i < PILLARS; i++) {
        char id[8];
        snprintf(id, sizeof id, "p%d", i);
        bench_check(smr_framework_builder_add_node(builder, i % 2 ? "s1" : "s0", id, NULL, error), error);
    }
    for (int i = 0; i < INDICATORS; i++) {
        char id[8], parent[8];
        snprintf(id, sizeof id, "i%d", i);
        snprintf(parent, sizeof parent, "p%d", i % PILLARS);
        bench_check(smr_framework_builder_add_indicator(builder, parent, id, NULL, error), error);
    }
    bench_check(smr_framework_builder_build(builder, &framework, error), error);
    smr_framework_builder_free(builder);
    return framework;
}

/* Skewed values, so that there is something to treat, with some holes. */
static smr_dataset *make_dataset(smr_error *error)
{
    static double values[INDICATORS][ROWS];
    char ids[INDICATORS][8];
    const char *names[INDICATORS];
    const double *columns[INDICATORS];
    uint64_t state = 5;
    for (int i = 0; i < INDICATORS; i++) {
        snprintf(ids[i], sizeof ids[i], "i%d", i);
        names[i] = ids[i];
        columns[i] = values[i];
        for (int row = 0; row < ROWS; row++) {
            const double u = bench_random(&state);
            values[i][row] = bench_random(&state) < 0.03 ? NAN : (1 + row % 7) * u / (1.02 - u);
        }
    }
    smr_columns input;
    smr_columns_init(&input, sizeof input);
    input.rows = ROWS;
    input.column_count = INDICATORS;
    input.ids = names;
    input.values = columns;
    smr_dataset *dataset = NULL;
    bench_check(smr_dataset_from_columns(NULL, &input, &dataset, error), error);
    return dataset;
}

int main(void)
{
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_framework *framework = make_framework(&error);
    smr_dataset *dataset = make_dataset(&error);
    smr_plan *plan = NULL;
    bench_check(smr_plan_read(NULL, plan_text, sizeof plan_text - 1, NULL, &plan, &error), &error);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (uint32_t threads = 1; threads <= 2; threads++) {
            smr_context_options context_options;
            smr_context_options_init(&context_options, sizeof context_options);
            context_options.threads = threads;
            smr_context *context = NULL;
            smr_uncertainty *spec = NULL;
            bench_check(smr_context_new(&context_options, &context, &error), &error);
            bench_check(smr_uncertainty_read(context, cases[i].spec, strlen(cases[i].spec), NULL, &spec, &error), &error);
            smr_robust_options options;
            smr_robust_options_init(&options, sizeof options);
            options.draws = DRAWS;
            double times[REPEATS], least = INFINITY;
            for (int r = 0; r < REPEATS; r++) {
                smr_robust *robust = NULL;
                const double start = bench_seconds();
                bench_check(smr_robust_run(context, framework, dataset, plan, spec, &options, &robust, &error), &error);
                times[r] = bench_seconds() - start;
                least = times[r] < least ? times[r] : least;
                smr_robust_unref(robust);
            }
            printf("{\"case\": \"draws\", \"spec\": \"%s\", \"kernel\": \"%s\", \"threads\": %u, \"microseconds\": %.2f, "
                   "\"least_microseconds\": %.2f}\n",
                   cases[i].name, smr_context_kernel(context), (unsigned)threads,
                   1e6 * bench_median(times, REPEATS) / DRAWS, 1e6 * least / DRAWS);
            smr_uncertainty_unref(spec);
            smr_context_unref(context);
        }
    }
    smr_plan_unref(plan);
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
    return 0;
}
