/* SPDX-License-Identifier: MIT */
/* The audit of 1,000 regions x 50 indicators in 6 criteria: every correlation with its probability, and all that comes
 * of them, with and without holes, on one and on two threads. The peer of the same run is what a matrix library would do
 * for Pearson's correlations alone: 57 x 57 products of columns. */

#define _POSIX_C_SOURCE 200809L

#include "bench.h"

#include <math.h>

#include <smartregion/smartregion.h>

enum { ROWS = 1000, INDICATORS = 50, CRITERIA = 6, REPEATS = 11 };

static double values[INDICATORS][ROWS];

static smr_framework *make_framework(smr_error *error)
{
    smr_framework_builder *builder = NULL;
    smr_framework *framework = NULL;
    char ids[INDICATORS][8], parents[CRITERIA][8];
    bench_check(smr_framework_builder_new(NULL, "index", NULL, &builder, error), error);
    for (int i = 0; i < CRITERIA; i++) {
        snprintf(parents[i], sizeof parents[i], "c%d", i);
        bench_check(smr_framework_builder_add_node(builder, "index", parents[i], NULL, error), error);
    }
    for (int i = 0; i < INDICATORS; i++) {
        snprintf(ids[i], sizeof ids[i], "i%d", i);
        bench_check(smr_framework_builder_add_indicator(builder, parents[i % CRITERIA], ids[i], NULL, error), error);
    }
    bench_check(smr_framework_builder_build(builder, &framework, error), error);
    smr_framework_builder_free(builder);
    return framework;
}

static smr_dataset *make_dataset(double holes, smr_error *error)
{
    uint64_t state = 11;
    char ids[INDICATORS][8];
    const char *names[INDICATORS];
    const double *columns[INDICATORS];
    double common[ROWS];
    for (int row = 0; row < ROWS; row++)
        common[row] = bench_random(&state);
    for (int i = 0; i < INDICATORS; i++) {
        snprintf(ids[i], sizeof ids[i], "i%d", i);
        names[i] = ids[i];
        columns[i] = values[i];
        for (int row = 0; row < ROWS; row++) {
            const double value = common[row] + (1 + i % 4) * bench_random(&state);
            values[i][row] = bench_random(&state) < holes ? NAN : value;
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

static double products(void)
{
    static volatile double sink;
    double times[REPEATS];
    for (int r = 0; r < REPEATS; r++) {
        const double start = bench_seconds();
        for (int i = 0; i < INDICATORS + CRITERIA + 1; i++)
            for (int k = 0; k < INDICATORS + CRITERIA + 1; k++) {
                double lanes[8] = {0};
                for (int row = 0; row < ROWS; row++)
                    lanes[row % 8] += values[i % INDICATORS][row] * values[k % INDICATORS][row];
                for (int lane = 0; lane < 8; lane++)
                    sink += lanes[lane];
            }
        times[r] = bench_seconds() - start;
    }
    return bench_median(times, REPEATS);
}

int main(void)
{
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_framework *framework = make_framework(&error);
    for (int holes = 0; holes < 2; holes++) {
        smr_dataset *dataset = make_dataset(holes ? 0.1 : 0, &error);
        const double peer = products();
        for (uint32_t threads = 1; threads <= 2; threads++) {
            smr_context_options options;
            smr_context_options_init(&options, sizeof options);
            options.threads = threads;
            smr_context *context = NULL;
            smr_model *model = NULL;
            bench_check(smr_context_new(&options, &context, &error), &error);
            bench_check(smr_model_fit(context, framework, dataset, NULL, &model, &error), &error);
            double times[REPEATS], alpha = 0;
            for (int r = 0; r < REPEATS; r++) {
                smr_audit *audit = NULL;
                const double start = bench_seconds();
                bench_check(smr_audit_run(context, model, dataset, NULL, &audit, &error), &error);
                times[r] = bench_seconds() - start;
                alpha = smr_audit_value(audit, "cronbach_alpha", "*", "standardised");
                smr_audit_unref(audit);
            }
            const double seconds = bench_median(times, REPEATS);
            printf("{\"case\": \"audit\", \"rows\": %d, \"indicators\": %d, \"holes\": %d, \"threads\": %u, "
                   "\"seconds\": %.4f, \"over_products\": %.1f, \"alpha\": %.4f}\n",
                   ROWS, INDICATORS, holes, (unsigned)threads, seconds, seconds / peer, alpha);
            smr_model_unref(model);
            smr_context_unref(context);
        }
        smr_dataset_unref(dataset);
    }
    smr_framework_unref(framework);
    return 0;
}
