/* SPDX-License-Identifier: MIT */
/* stability.h: at which weight two countries are equal, which weight is critical, and which indicator moves most. */
#include <smartregion/dataset.h>
#include <smartregion/model.h>
#include <smartregion/stability.h>

#include "example.h"

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

/* Shares from 0 to 1 at which the two are equal; how many there are. */
static size_t print_break_even(const smr_break_even *result) {
    const smr_framework *framework = smr_break_even_framework(result);
    size_t found = 0;
    for (size_t node = 1; node < smr_framework_node_count(framework); ++node) {
        if (smr_break_even_statuses(result)[node] != SMR_BREAK_EVEN_FOUND)
            continue;
        printf("%s and %s are equal when %s has %.3f in place of %.3f\n", smr_break_even_region(result, 0, NULL, NULL),
               smr_break_even_region(result, 1, NULL, NULL), smr_framework_node_id(framework, node),
               smr_break_even_column(result, SMR_BREAK_EVEN_BREAK_EVEN)[node],
               smr_break_even_column(result, SMR_BREAK_EVEN_SHARE)[node]);
        ++found;
    }
    return found;
}

/* Prints what every criterion does; returns how many pairs of regions all of them reverse. */
static uint64_t print_left_out(const smr_leave_out *result, smr_error *error) {
    uint64_t reversals = 0;
    for (size_t i = 0; i < smr_leave_out_item_count(result); ++i) {
        smr_left_out item;
        smr_left_out_init(&item, sizeof item);
        if (smr_leave_out_item(result, i, &item, error))
            return 0;
        printf("without %-20s ranks shift by %.2f, %s climbs most\n", item.id, item.mean_shift,
               item.gains_most ? item.gains_most : "nobody");
        reversals += item.reversals;
    }
    return reversals;
}

int main(int argc, char **argv) {
    const char *folder = argc > 1 ? argv[1] : "examples/data";
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_framework *framework = load_framework(folder, &error);
    smr_dataset *dataset = framework ? load_dataset(folder, framework, &error) : NULL;
    smr_model *model = NULL;
    smr_break_even *pair = NULL;
    smr_criticality *critical = NULL;
    smr_leave_out *without = NULL;
    smr_leave_out_options options;
    smr_leave_out_options_init(&options, sizeof options);
    options.levels = SMR_LEAVE_OUT_CRITERION;
    int holds = 0;
    if (!dataset || smr_model_fit(NULL, framework, dataset, NULL, &model, &error)
        || smr_break_even_run(NULL, model, dataset, "VNM", "THA", NULL, &pair, &error)
        || smr_criticality_run(NULL, model, dataset, NULL, &critical, &error)
        || smr_leave_out_run(NULL, framework, dataset, NULL, &options, &without, &error)) {
        fprintf(stderr, "%s\n", error.message);
    } else {
        const int64_t advocacy = smr_framework_find(framework, "advocacy");
        const char *second = NULL, *leader = smr_criticality_regions(critical, (size_t)advocacy, 1, &second);
        printf("%s leads %s until advocacy changes by %.1f %%\n", leader, second,
               100 * smr_criticality_column(critical, SMR_CRITICALITY_TOP_RELATIVE)[advocacy]);
        holds = print_break_even(pair) > 0 && print_left_out(without, &error) > 0 && leader && second;
    }
    smr_leave_out_unref(without);
    smr_criticality_unref(critical);
    smr_break_even_unref(pair);
    smr_model_unref(model);
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
    return holds ? 0 : 1;
}
