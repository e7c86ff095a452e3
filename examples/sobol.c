/* SPDX-License-Identifier: MIT */
/* sobol.h: which input drives a function of one's own, and which assumption the ranks of countries. */
#include <math.h>
#include <string.h>

#include <smartregion/sobol.h>

#include "example.h"

enum { FACTORS = 3, ROWS = 1024, MATRICES = 2 * FACTORS + 2 };

/* Growth from three inputs, each 0 to 1: the first counts most, the other two only together. */
static double growth(const double *x) {
    return 4 * x[0] + (2 * x[1] - 1) * (2 * x[2] - 1);
}

/* A is the first half of the dimensions, B the second; AB of a factor is A with its coordinate from B, BA the
 * converse. */
static void evaluate(const double *points, double *f) {
    for (int matrix = 0; matrix < MATRICES; ++matrix)
        for (int i = 0; i < ROWS; ++i) {
            double x[FACTORS];
            for (int d = 0; d < FACTORS; ++d) {
                const int of_b = matrix == 1 || matrix == 2 + d || (matrix >= 2 + FACTORS && matrix != 2 + FACTORS + d);
                x[d] = points[(d + (of_b ? FACTORS : 0)) * ROWS + i];
            }
            f[matrix * ROWS + i] = growth(x);
        }
}

/* By hand: variances 16/12 and 1/9, in all 13/9. */
static int analyse_function(smr_error *error) {
    static double points[2 * FACTORS * ROWS], f[MATRICES * ROWS];
    double indices[FACTORS * SMR_SOBOL_COLUMNS];
    if (smr_sobol_points(NULL, ROWS, 2 * FACTORS, NULL, points, error))
        return 0;
    evaluate(points, f);
    if (smr_sobol_indices(NULL, f, f + ROWS, f + 2 * ROWS, f + (2 + FACTORS) * ROWS, ROWS, FACTORS, NULL, indices, NULL,
                          error))
        return 0;
    const double first[] = {12.0 / 13, 0, 0}, total[] = {12.0 / 13, 1.0 / 13, 1.0 / 13};
    int holds = 1;
    for (int k = 0; k < FACTORS; ++k) {
        const double *row = indices + k * SMR_SOBOL_COLUMNS;
        printf("x%d: alone %.3f (%.3f to %.3f), in all %.3f\n", k + 1, row[SMR_SOBOL_FIRST], row[SMR_SOBOL_FIRST_LOW],
               row[SMR_SOBOL_FIRST_HIGH], row[SMR_SOBOL_TOTAL]);
        holds &= fabs(row[SMR_SOBOL_FIRST] - first[k]) < 0.02 && fabs(row[SMR_SOBOL_TOTAL] - total[k]) < 0.02;
    }
    return holds;
}

static const char spec[] =
    "{\"factors\": [{\"id\": \"weights\", \"vary\": \"weights\", \"distribution\": \"noise\", \"percent\": 25},"
    "{\"id\": \"mean\", \"vary\": \"aggregate.method\", \"alternatives\": [\"arithmetic\", \"median\"]}]}";

/* Ranks of countries: noisy weights, or another mean? */
static int analyse_ranks(const char *folder, smr_error *error) {
    text json = {NULL, 0};
    smr_framework *framework = NULL;
    smr_dataset *dataset = NULL;
    smr_uncertainty *uncertainty = NULL;
    smr_sobol *study = NULL;
    smr_csv_options csv;
    smr_csv_options_init(&csv, sizeof csv);
    FILE *file = open_file(folder, "countries-2018/framework.json");
    if (file && !read_whole(file, &json))
        smr_framework_read(NULL, json.bytes, json.length, "framework.json", &framework, error);
    if (file)
        fclose(file);
    csv.framework = framework;
    file = framework ? open_file(folder, "countries-2018/data.csv") : NULL;
    if (file)
        smr_dataset_read_csv(NULL, read_file, file, &csv, &dataset, error);
    smr_sobol_study_options options;
    smr_sobol_study_options_init(&options, sizeof options);
    options.draws = 128;
    options.outputs = "top7:FRA";
    int holds = 0;
    if (dataset && !smr_uncertainty_read(NULL, spec, strlen(spec), "spec", &uncertainty, error)
        && !smr_sobol_run(NULL, framework, dataset, NULL, uncertainty, &options, &study, error)) {
        const int64_t output = smr_sobol_find_output(study, "mean_abs_rank_shift");
        const double *indices = smr_sobol_output_indices(study, (size_t)output);
        for (size_t k = 0; k < smr_sobol_factor_count(study); ++k)
            printf("%s: alone %.2f, in all %.2f\n", smr_sobol_factor(study, k),
                   indices[k * SMR_SOBOL_COLUMNS + SMR_SOBOL_FIRST], indices[k * SMR_SOBOL_COLUMNS + SMR_SOBOL_TOTAL]);
        holds = indices[SMR_SOBOL_TOTAL] < 0.2 && indices[SMR_SOBOL_COLUMNS + SMR_SOBOL_TOTAL] > 0.8
                && smr_sobol_output_count(study) == 195 && smr_sobol_failed_count(study) == 0;
    }
    if (file)
        fclose(file);
    free(json.bytes);
    smr_sobol_unref(study);
    smr_uncertainty_unref(uncertainty);
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
    return holds;
}

int main(int argc, char **argv) {
    smr_error error;
    smr_error_init(&error, sizeof error);
    if (analyse_function(&error) && analyse_ranks(argc > 1 ? argv[1] : "examples/data", &error))
        return 0;
    fprintf(stderr, "%s\n", error.message);
    return 1;
}
