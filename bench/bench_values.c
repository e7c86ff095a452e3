/* SPDX-License-Identifier: MIT */
/* One region against a frozen model: time and allocations of smr_model_score_values(). */

#define _POSIX_C_SOURCE 200809L

#include "bench.h"

#include <smartregion/smartregion.h>

static size_t allocations;

static void *count_allocate(size_t size, void *user)
{
    (void)user;
    allocations++;
    return malloc(size);
}

static void *count_reallocate(void *block, size_t size, void *user)
{
    (void)user;
    allocations++;
    return realloc(block, size);
}

static void count_release(void *block, void *user)
{
    (void)user;
    free(block);
}

int main(void)
{
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_context_options options;
    smr_context_options_init(&options, sizeof options);
    options.allocator = (smr_allocator){count_allocate, count_reallocate, count_release, NULL};
    smr_context *context = NULL;
    smr_framework *framework = NULL;
    smr_dataset_builder *builder = NULL;
    smr_dataset *dataset = NULL;
    smr_model *model = NULL;
    bench_check(smr_context_new(&options, &context, &error), &error);
    bench_check(smr_framework_builtin(context, "icf", &framework, &error), &error);
    const size_t indicators = smr_framework_indicator_count(framework), nodes = smr_framework_node_count(framework);
    double *values = calloc(indicators, sizeof *values), *scores = calloc(nodes, sizeof *scores);
    if (!values || !scores)
        bench_fail("memory");
    bench_check(smr_dataset_builder_new(context, &builder, &error), &error);
    uint64_t state = 7;
    for (size_t i = 0; i < indicators; i++) {
        smr_indicator_options indicator;
        smr_indicator_options_init(&indicator, sizeof indicator);
        bench_check(smr_framework_indicator(framework, i, &indicator, &error), &error);
        values[i] = indicator.worst + bench_random(&state) * (indicator.best - indicator.worst);
        if (indicator.kind == SMR_KIND_COUNT || indicator.kind == SMR_KIND_CHECKLIST || indicator.kind == SMR_KIND_ORDINAL)
            values[i] = (double)(long)values[i];
        const char *id = smr_framework_node_id(framework, (size_t)smr_framework_indicator_node(framework, i));
        bench_check(smr_dataset_builder_set_value(builder, "here", NULL, id, values[i], &error), &error);
    }
    bench_check(smr_dataset_builder_build(builder, &dataset, &error), &error);
    bench_check(smr_model_fit(context, framework, dataset, NULL, &model, &error), &error);
    enum { REPEATS = 21, CALLS = 20000 };
    double times[REPEATS], sink = 0;
    const size_t before = allocations;
    for (int r = 0; r < REPEATS; r++) {
        const double start = bench_seconds();
        for (int i = 0; i < CALLS; i++) {
            values[i % (int)indicators] += 1e-9;
            bench_check(smr_model_score_values(model, values, indicators, scores, nodes, &error), &error);
            sink += scores[0];
        }
        times[r] = (bench_seconds() - start) / CALLS;
    }
    printf("{\"case\": \"one region\", \"indicators\": %zu, \"microseconds\": %.3f, \"allocations\": %zu, \"index\": %.4f}\n",
           indicators, 1e6 * bench_median(times, REPEATS), allocations - before, sink / REPEATS / CALLS);
    smr_model_unref(model);
    smr_dataset_unref(dataset);
    smr_dataset_builder_free(builder);
    smr_framework_unref(framework);
    smr_context_unref(context);
    free(values);
    free(scores);
    return 0;
}
