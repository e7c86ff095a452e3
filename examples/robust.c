/* SPDX-License-Identifier: MIT */
/* robust.h: how sure are the ranks of 193 countries when weights and the way of adding up are open? */
#include <smartregion/dataset.h>
#include <smartregion/robust.h>

#include "example.h"

static const char spec[] = "{\"factors\": [{\"id\": \"weights\", \"vary\": \"weights\", \"distribution\": \"noise\", "
                           "\"percent\": 50}, {\"id\": \"mean\", \"vary\": \"aggregate.method\", \"alternatives\": "
                           "[\"arithmetic\", {\"method\": \"geometric\", \"zero\": \"floor\"}]}]}";

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

/* Half of the draws, for a machine that runs the other half elsewhere. */
static smr_robust *run_half(const smr_framework *framework, const smr_dataset *dataset, const smr_uncertainty *open,
                            uint64_t first, smr_error *error) {
    smr_robust *robust = NULL;
    smr_robust_options options;
    smr_robust_options_init(&options, sizeof options);
    options.draws = 2000;
    options.first_draw = first;
    options.nodes = SMR_ROBUST_INDEX;
    smr_robust_run(NULL, framework, dataset, NULL, open, &options, &robust, error);
    return robust;
}

enum { REGIONS = 193 };

/* The ten best, with the interval that holds nine of ten draws. */
static int print_best(const smr_robust *robust, smr_error *error) {
    double rank[REGIONS], low[REGIONS], high[REGIONS], first[REGIONS], sum = 0;
    if (smr_robust_values(robust, SMR_ROBUST_RANK, 0, 0, rank, REGIONS, error)
        || smr_robust_values(robust, SMR_ROBUST_RANK_QUANTILE, 0.05, 0, low, REGIONS, error)
        || smr_robust_values(robust, SMR_ROBUST_RANK_QUANTILE, 0.95, 0, high, REGIONS, error)
        || smr_robust_values(robust, SMR_ROBUST_RANK_TOP, 1, 0, first, REGIONS, error))
        return 0;
    int holds = 1;
    for (int place = 1; place <= 10; ++place)
        for (size_t i = 0; i < REGIONS; ++i)
            if (rank[i] == place)
                printf("%2d %-16s %3.0f to %3.0f, first in %5.1f %%\n", place, smr_robust_region_name(robust, i),
                       low[i], high[i], 100 * first[i]);
    for (size_t i = 0; i < REGIONS; ++i) {
        holds = holds && !(low[i] > high[i]);
        sum += first[i];
    }
    printf("a rank moves by %.2f places\n", smr_robust_mean_rank_shift(robust, 0));
    return holds && sum > 0.999999; /* some region is always first */
}

int main(int argc, char **argv) {
    const char *folder = argc > 1 ? argv[1] : "examples/data";
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_framework *framework = load_framework(folder, &error);
    smr_dataset *dataset = framework ? load_dataset(folder, framework, &error) : NULL;
    smr_uncertainty *open = NULL;
    smr_robust *here = NULL, *there = NULL, *all = NULL;
    int holds = 0;
    if (dataset && !smr_uncertainty_read(NULL, spec, sizeof spec - 1, "spec", &open, &error)) {
        here = run_half(framework, dataset, open, 0, &error);
        there = run_half(framework, dataset, open, 2000, &error);
        const smr_robust *const parts[] = {there, here}; /* in any order */
        if (here && there && !smr_robust_merge(NULL, parts, 2, &all, &error))
            holds = print_best(all, &error) && smr_robust_draw_count(all) == 4000 && smr_robust_failed_count(all) == 0
                    && smr_robust_region_count(all) == REGIONS;
    }
    if (!holds)
        fprintf(stderr, "%s\n", error.message);
    smr_robust_unref(all);
    smr_robust_unref(there);
    smr_robust_unref(here);
    smr_uncertainty_unref(open);
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
    return holds ? 0 : 1;
}
