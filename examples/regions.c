/* SPDX-License-Identifier: MIT */
/* regions.h: data of 2024 in the boundaries of 2025. Needs a file: examples/data/binh-duong/regions.csv */
#include "example.h"

#include <smartregion/smartregion.h>

static const char data[] = "region,period,households_online,population\n"
                           "Binh Duong,2024,80,1\n"
                           "TP.HCM,2024,90,3\n";

static int64_t read_text(void *buffer, size_t size, void *user) {
    const char **next = user;
    size_t length = strlen(*next);
    length = length < size ? length : size;
    memcpy(buffer, *next, length);
    *next += length;
    return (int64_t)length;
}

int main(int argc, char **argv) {
    char path[1024];
    smr_error error;
    smr_regions *regions = NULL;
    smr_dataset *dataset = NULL, *applied = NULL;
    smr_regions_options options;
    const char *source = data;
    smr_error_init(&error, sizeof error);
    smr_regions_options_init(&options, sizeof options);
    options.as_of = "2025-07-01";
    snprintf(path, sizeof path, "%s/binh-duong/regions.csv", argc > 1 ? argv[1] : "examples/data");
    FILE *file = fopen(path, "rb");
    if (!file)
        return 1;
    int failed = smr_regions_read_csv(NULL, read_file, file, path, &regions, &error)
                 || smr_dataset_read_csv(NULL, read_text, &source, NULL, &dataset, &error)
                 || smr_regions_apply(NULL, regions, NULL, dataset, &options, &applied, &error);
    fclose(file);
    if (failed)
        fprintf(stderr, "%s\n", error.message);
    for (size_t row = 0; !failed && row < smr_dataset_row_count(applied); row++)
        printf("%-40s in %s\n", smr_dataset_region(applied, row), smr_dataset_region_parent(applied, row));
    /* Both are parts of the city as it is since 1 July 2025. */
    failed = failed || smr_dataset_row_count(applied) != 2
             || strcmp(smr_dataset_region_parent(applied, 0), "ho-chi-minh-city")
             || strcmp(smr_dataset_region_parent(applied, 1), "ho-chi-minh-city")
             || strcmp(smr_dataset_region(applied, 1), "ho-chi-minh-city (until 2025-06-30)");
    smr_dataset_unref(applied);
    smr_dataset_unref(dataset);
    smr_regions_unref(regions);
    return failed;
}
