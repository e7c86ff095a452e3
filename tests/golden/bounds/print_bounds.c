/* SPDX-License-Identifier: MIT */
/* print_bounds FRAMEWORK DATA PLAN WEIGHTS NODES csv|pairs|json: exact bounds through the public interface. PLAN and
 * WEIGHTS are JSON texts. */
#include <smartregion/smartregion.h>

#include "../../../examples/example.h"

static int32_t print(const void *bytes, size_t length, void *user) {
    return fwrite(bytes, 1, length, user) != length;
}

int main(int argc, char **argv) {
    if (argc != 7)
        return 2;
    smr_error error;
    smr_error_init(&error, sizeof error);
    text json = {NULL, 0};
    FILE *file = fopen(argv[1], "rb");
    int failed = read_whole(file, &json);
    if (file)
        fclose(file);
    smr_context_options settings;
    smr_context_options_init(&settings, sizeof settings);
    settings.threads = 0;
    smr_context *context = NULL;
    smr_framework *framework = NULL;
    smr_dataset *dataset = NULL;
    smr_plan *plan = NULL;
    smr_model *model = NULL;
    smr_bounds *bounds = NULL;
    smr_bounds_options options;
    smr_bounds_options_init(&options, sizeof options);
    options.most_nodes = strtoull(argv[5], NULL, 10);
    file = fopen(argv[2], "rb");
    smr_csv_options csv;
    smr_csv_options_init(&csv, sizeof csv);
    failed = failed || !file || smr_context_new(&settings, &context, &error)
             || smr_framework_read(context, json.bytes, json.length, "framework", &framework, &error);
    csv.framework = framework;
    failed = failed || smr_dataset_read_csv(context, read_file, file, &csv, &dataset, &error)
             || smr_plan_read(context, argv[3], strlen(argv[3]), "plan", &plan, &error)
             || smr_model_fit(context, framework, dataset, plan, &model, &error)
             || smr_bounds_run(context, model, dataset, argv[4], strlen(argv[4]), "weights", &options, &bounds, &error)
             || (argv[6][0] == 'c'   ? smr_bounds_write_csv(bounds, print, stdout, &error)
                 : argv[6][0] == 'p' ? smr_bounds_write_pairs_csv(bounds, print, stdout, &error)
                                     : smr_bounds_write_json(bounds, print, stdout, &error));
    if (failed)
        fprintf(stderr, "%s: %s\n", error.subject, error.message);
    if (file)
        fclose(file);
    free(json.bytes);
    smr_bounds_unref(bounds);
    smr_model_unref(model);
    smr_plan_unref(plan);
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
    smr_context_unref(context);
    return failed;
}
