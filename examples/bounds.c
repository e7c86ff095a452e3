/* SPDX-License-Identifier: MIT */
/* bounds.h: the best and the worst rank of each country over all weights within 10 % of the framework's, and which
 * countries are above others whatever the weights. */
#include <smartregion/bounds.h>
#include <smartregion/dataset.h>
#include <smartregion/model.h>

#include "example.h"

static const char plan_json[] = "{\"impute\": {\"method\": \"mean\"}}"; /* bounds need every score */
static const char weights[] = "{\"vary\": \"weights\", \"distribution\": \"noise\", \"percent\": 10}";

static smr_framework *load_framework(const char *folder, smr_error *error) {
    text json = {NULL, 0};
    smr_framework *framework = NULL;
    FILE *file = open_file(folder, "countries-2018/framework.json");
    if (file && !read_whole(file, &json))
        smr_framework_read(NULL, json.bytes, json.length, "framework.json", &framework, error);
    if (file)
        fclose(file);
    free(json.bytes);
    return framework;
}

static smr_dataset *load_dataset(const char *folder, const smr_framework *framework, smr_error *error) {
    smr_dataset *dataset = NULL;
    smr_csv_options csv;
    smr_csv_options_init(&csv, sizeof csv);
    csv.framework = framework;
    FILE *file = open_file(folder, "countries-2018/data.csv");
    if (file) {
        smr_dataset_read_csv(NULL, read_file, file, &csv, &dataset, error);
        fclose(file);
    }
    return dataset;
}

/* Prints the first few; returns whether every rank lies within its bounds and all bounds are proven to be reached. */
static int print_bounds(const smr_bounds *bounds) {
    const double *rank = smr_bounds_column(bounds, SMR_BOUNDS_RANK);
    const double *best = smr_bounds_column(bounds, SMR_BOUNDS_RANK_BEST);
    const double *worst = smr_bounds_column(bounds, SMR_BOUNDS_RANK_WORST);
    const uint8_t *outranking = smr_bounds_outranking(bounds);
    const size_t rows = smr_bounds_row_count(bounds);
    int holds = smr_bounds_unproven(bounds) == 0;
    for (size_t row = 0; row < rows; ++row) {
        size_t above = 0;
        for (size_t other = 0; other < rows; ++other)
            above += outranking[row * rows + other] == SMR_NECESSARY;
        if (row < 12)
            printf("%s  rank %3g, from %3g to %3g; above %zu whatever the weights\n", smr_bounds_region(bounds, row),
                   rank[row], best[row], worst[row], above);
        holds = holds && best[row] <= rank[row] && rank[row] <= worst[row] && worst[row] <= (double)(rows - above);
    }
    return holds;
}

int main(int argc, char **argv) {
    const char *folder = argc > 1 ? argv[1] : "examples/data";
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_framework *framework = load_framework(folder, &error);
    smr_dataset *dataset = framework ? load_dataset(folder, framework, &error) : NULL;
    smr_plan *plan = NULL;
    smr_model *model = NULL;
    smr_bounds *bounds = NULL;
    int holds = 0;
    if (!dataset || smr_plan_read(NULL, plan_json, strlen(plan_json), NULL, &plan, &error)
        || smr_model_fit(NULL, framework, dataset, plan, &model, &error)
        || smr_bounds_run(NULL, model, dataset, weights, strlen(weights), NULL, NULL, &bounds, &error))
        fprintf(stderr, "%s\n", error.message);
    else
        holds = print_bounds(bounds);
    smr_bounds_unref(bounds);
    smr_model_unref(model);
    smr_plan_unref(plan);
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
    return holds ? 0 : 1;
}
