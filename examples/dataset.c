/* SPDX-License-Identifier: MIT */
/* dataset.h: values from a CSV file, from a builder with their provenance, and from columns in memory.
 * Usage: dataset FOLDER, the folder of the shipped data. */
#include <smartregion/dataset.h>

#include "example.h"

/* 193 countries, a row each. */
static int from_csv(const char *folder, smr_error *error) {
    smr_dataset *data = NULL;
    smr_csv_options options;
    smr_csv_options_init(&options, sizeof options);
    options.source_name = "countries-2018/data.csv";
    FILE *file = open_file(folder, options.source_name);
    int holds = 0;
    if (file && !smr_dataset_read_csv(NULL, read_file, file, &options, &data, error)) {
        int64_t row = smr_dataset_find_row(data, "VNM", NULL);
        int64_t column = smr_dataset_find_column(data, "internet_use");
        const double *values = column < 0 ? NULL : smr_dataset_values(data, (size_t)column);
        if (row >= 0 && values) {
            printf("%zu rows; %s: %g %% use the Internet\n", smr_dataset_row_count(data),
                   smr_dataset_region_name(data, (size_t)row), values[row]);
            holds = smr_dataset_row_count(data) == 193 && values[row] == 46.5;
        }
    }
    if (file)
        fclose(file);
    smr_dataset_unref(data);
    return holds;
}

/* "More than 12,670 ha in 2020": the qualifier is part of the value. */
static int with_provenance(smr_error *error) {
    smr_dataset_builder *builder = NULL;
    smr_dataset *data = NULL;
    smr_observation given, seen;
    text csv = {NULL, 0};
    smr_observation_init(&given, sizeof given);
    smr_observation_init(&seen, sizeof seen);
    given.value = 12670;
    given.qualifier = ">";
    given.unit = "ha";
    given.source = "document 003";
    int failed = smr_dataset_builder_new(NULL, &builder, error)
                 || smr_dataset_builder_set_observation(builder, "binh-duong", "2020", "parks_land", &given, error)
                 || smr_dataset_builder_set_text(builder, "binh-duong", "2020", "name", "Bình Dương", error)
                 || smr_dataset_builder_build(builder, &data, error)
                 || smr_dataset_observation(data, (size_t)smr_dataset_find_column(data, "parks_land"), 0, &seen, error)
                 || smr_dataset_write_csv(data, (const char *const[]){"parks_land"}, 1, append_text, &csv, error);
    int holds = !failed && seen.value == 12670 && !strcmp(seen.qualifier, ">") && !strcmp(seen.source, given.source)
                && !strcmp(csv.bytes, "region,period,parks_land\nbinh-duong,2020,12670\n");
    if (holds)
        printf("%s: %s %g %s (%s)\n", smr_dataset_region_name(data, 0), seen.qualifier, seen.value, seen.unit,
               seen.source);
    free(csv.bytes);
    smr_dataset_unref(data);
    smr_dataset_builder_free(builder);
    return holds;
}

static void count_release(void *user) {
    ++*(int *)user;
}

/* Whole columns, used where they lie; `release` says when they are no longer needed. */
static int from_columns(smr_error *error) {
    static const double internet[] = {91.5, 64.2}, dust[] = {24, 31.2};
    int released = 0;
    smr_dataset *data = NULL;
    smr_columns columns;
    smr_columns_init(&columns, sizeof columns);
    columns.borrow = 1;
    columns.rows = 2;
    columns.column_count = 2;
    columns.ids = (const char *const[]){"household_internet", "pm25"};
    columns.values = (const double *const[]){internet, dust};
    columns.regions = (const char *const[]){"east", "west"};
    columns.release = count_release;
    columns.release_user = &released;
    int holds = !smr_dataset_from_columns(NULL, &columns, &data, error) && smr_dataset_values(data, 1) == dust
                && smr_dataset_find_row(data, "west", NULL) == 1 && released == 0;
    smr_dataset_unref(data);
    printf("columns given back %d time\n", released);
    return holds && released == 1;
}

int main(int argc, char **argv) {
    smr_error error;
    smr_error_init(&error, sizeof error);
    int holds = argc == 2 && from_csv(argv[1], &error) && with_provenance(&error) && from_columns(&error);
    if (!holds)
        fprintf(stderr, "%s\n", error.status ? error.message : "usage: dataset FOLDER");
    return holds ? 0 : 1;
}
