/* SPDX-License-Identifier: MIT */
/* Fit and score a matrix in memory, beside two plain reads of the same matrix. Prints one JSON object a line; run.py
 * puts numpy and pandas beside it and prints the ratios. */

#define _POSIX_C_SOURCE 200809L

#include "bench.h"

#include <smartregion/smartregion.h>

#include <malloc.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct world {
    size_t rows, columns;
    double **values;
    smr_framework *framework;
    smr_dataset *dataset;
} world;

typedef struct part {
    const world *w;
    size_t from, to;
    double sum;
} part;

/* What reading alone costs: each thread adds up its columns, eight lanes so that adding is not the limit. */
static void *read_part(void *user)
{
    part *p = user;
    double lanes[8] = {0};
    for (size_t c = p->from; c < p->to; c++) {
        const double *x = p->w->values[c];
        for (size_t i = 0; i + 8 <= p->w->rows; i += 8)
            for (int lane = 0; lane < 8; lane++)
                lanes[lane] += x[i + (size_t)lane];
    }
    for (int lane = 0; lane < 8; lane++)
        p->sum += lanes[lane];
    return NULL;
}

static double read_all(const world *w, uint32_t threads)
{
    pthread_t ids[64];
    part parts[64];
    double sum = 0;
    for (uint32_t t = 0; t < threads; t++) {
        parts[t] = (part){w, w->columns * t / threads, w->columns * (t + 1) / threads, 0};
        if (t > 0 && pthread_create(&ids[t], NULL, read_part, &parts[t]) != 0)
            bench_fail("pthread_create");
    }
    read_part(&parts[0]);
    for (uint32_t t = 0; t < threads; t++) {
        if (t > 0)
            pthread_join(ids[t], NULL);
        sum += parts[t].sum;
    }
    return sum;
}

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
    uint64_t state = 1;
    for (size_t c = 0; c < w->columns; c++) {
        ids[c] = names + 24 * c;
        snprintf(names + 24 * c, 24, "x%zu", c);
        smr_indicator_options options;
        smr_indicator_options_init(&options, sizeof options);
        options.direction = c % 5 == 4 ? SMR_DIRECTION_LOWER : SMR_DIRECTION_HIGHER;
        options.weight = 1 + (double)(c % 3);
        bench_check(smr_framework_builder_add_indicator(builder, "index", ids[c], &options, &error), &error);
        w->values[c] = malloc(w->rows * sizeof(double));
        if (!w->values[c])
            bench_fail("memory");
        for (size_t i = 0; i < w->rows; i++)
            w->values[c][i] = bench_random(&state) * 1000 - 200;
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

static smr_plan *make_plan(const char *normalise, const char *range, const char *aggregate)
{
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_plan_builder *builder = NULL;
    smr_plan *plan = NULL;
    bench_check(smr_plan_builder_new(NULL, &builder, &error), &error);
    bench_check(smr_plan_builder_set_text(builder, "normalise.method", normalise, &error), &error);
    if (range)
        bench_check(smr_plan_builder_set_json(builder, "normalise.range", range, &error), &error);
    bench_check(smr_plan_builder_set_text(builder, "aggregate.method", aggregate, &error), &error);
    bench_check(smr_plan_builder_build(builder, &plan, &error), &error);
    smr_plan_builder_free(builder);
    return plan;
}

typedef struct times {
    double fit, score, rank;
} times;

static times run_once(smr_context *context, const world *w, const smr_plan *plan, double *ranks)
{
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_model *model = NULL;
    smr_scorecard *card = NULL;
    smr_score_options options;
    smr_score_options_init(&options, sizeof options);
    options.keep = SMR_KEEP_INDEX;
    const double start = bench_seconds();
    bench_check(smr_model_fit(context, w->framework, w->dataset, plan, &model, &error), &error);
    const double fitted = bench_seconds();
    bench_check(smr_model_score(context, model, w->dataset, &options, &card, &error), &error);
    const double scored = bench_seconds();
    bench_check(smr_scorecard_ranks(card, 0, ranks, w->rows, &error), &error);
    const double ranked = bench_seconds();
    smr_scorecard_unref(card);
    smr_model_unref(model);
    return (times){fitted - start, scored - fitted, ranked - scored};
}

static void run_case(const world *w, const char *name, const smr_plan *plan, uint32_t threads, const char *kernel,
                     int repeats)
{
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_context_options options;
    smr_context_options_init(&options, sizeof options);
    options.threads = threads;
    options.kernel = kernel;
    smr_context *context = NULL;
    if (smr_context_new(&options, &context, &error) != SMR_OK)
        return;
    double *ranks = malloc(w->rows * sizeof *ranks), *list = malloc(5 * (size_t)repeats * sizeof *list);
    if (!ranks || !list)
        bench_fail("memory");
    double *reads = list, *fit = list + repeats, *score = fit + repeats, *both = score + repeats, *all = both + repeats;
    double sink = 0;
    run_once(context, w, plan, ranks);
    for (int i = 0; i < repeats; i++) {
        const double start = bench_seconds();
        sink += read_all(w, threads) + read_all(w, threads);
        reads[i] = bench_seconds() - start;
        const times t = run_once(context, w, plan, ranks);
        fit[i] = t.fit;
        score[i] = t.score;
        both[i] = t.fit + t.score;
        all[i] = both[i] + t.rank;
    }
    const double two_reads = bench_median(reads, repeats);
    printf("{\"case\": \"%s\", \"rows\": %zu, \"columns\": %zu, \"threads\": %u, \"kernel\": \"%s\", "
           "\"two_reads\": %.6f, \"fit\": %.6f, \"score\": %.6f, \"fit_and_score\": %.6f, \"with_ranks\": %.6f, "
           "\"scores_over_reads\": %.3f, \"ranks_over_reads\": %.3f, \"sink\": %g}\n",
           name, w->rows, w->columns, threads, smr_context_kernel(context), two_reads, bench_median(fit, repeats),
           bench_median(score, repeats), bench_median(both, repeats), bench_median(all, repeats),
           bench_median(both, repeats) / two_reads, bench_median(all, repeats) / two_reads, isfinite(sink) ? 1.0 : 0.0);
    fflush(stdout);
    free(ranks);
    free(list);
    smr_context_unref(context);
}

int main(int argc, char **argv)
{
    world w = {.rows = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000,
               .columns = argc > 2 ? strtoul(argv[2], NULL, 10) : 60};
    const int repeats = argc > 3 ? atoi(argv[3]) : 11;
    /* Warm pages: what a run frees the next one gets again, as in a process that scores all day. */
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 512 << 20);
    make_world(&w);
    smr_plan *minmax = make_plan("minmax", NULL, "arithmetic");
    smr_plan *zscore = make_plan("zscore", NULL, "arithmetic");
    smr_plan *geometric = make_plan("minmax", "[1, 100]", "geometric");
    const struct {
        const char *name;
        const smr_plan *plan;
        uint32_t threads;
        const char *kernel;
    } cases[] = {
        {"minmax arithmetic", minmax, 2, NULL},        {"minmax arithmetic", minmax, 1, NULL},
        {"minmax arithmetic", minmax, 2, "x86-64-v3"}, {"zscore arithmetic", zscore, 1, NULL},
        {"minmax geometric", geometric, 2, NULL},      {"minmax geometric", geometric, 1, NULL},
    };
    const int only = argc > 4 ? atoi(argv[4]) : -1;
    for (int i = 0; i < (int)(sizeof cases / sizeof cases[0]); i++)
        if (only < 0 || only == i)
            run_case(&w, cases[i].name, cases[i].plan, cases[i].threads, cases[i].kernel, repeats);
    smr_plan_unref(minmax);
    smr_plan_unref(zscore);
    smr_plan_unref(geometric);
    smr_dataset_unref(w.dataset);
    smr_framework_unref(w.framework);
    for (size_t c = 0; c < w.columns; c++)
        free(w.values[c]);
    free(w.values);
    return 0;
}
