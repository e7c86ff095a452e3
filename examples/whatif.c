/* SPDX-License-Identifier: MIT */
/* whatif.h: what would become of Vietnam if more people were online and the air were cleaner?
 * Usage: whatif FOLDER, the folder of the shipped data. */
#include <smartregion/smartregion.h>

#include "example.h"

static smr_status fit(const char *folder, smr_dataset **data, smr_model **model, smr_error *error) {
    FILE *tree = open_file(folder, "countries-2018/framework.json");
    FILE *rows = open_file(folder, "countries-2018/data.csv");
    text json = {NULL, 0};
    smr_framework *framework = NULL;
    smr_status status = rows && !read_whole(tree, &json) ? SMR_OK : SMR_ERROR_READ;
    if (!status)
        status = smr_framework_read(NULL, json.bytes, json.length, "framework.json", &framework, error);
    if (!status)
        status = smr_dataset_read_csv(NULL, read_file, rows, NULL, data, error);
    if (!status)
        status = smr_model_fit(NULL, framework, *data, NULL, model, error);
    smr_framework_unref(framework);
    free(json.bytes);
    if (tree)
        fclose(tree);
    if (rows)
        fclose(rows);
    return status;
}

int main(int argc, char **argv) {
    const char *folder = argc > 1 ? argv[1] : "examples/data";
    smr_dataset *data = NULL;
    smr_model *model = NULL;
    smr_changes *changes = NULL;
    smr_whatif *whatif = NULL;
    smr_error error;
    smr_error_init(&error, sizeof error);
    /* One change as a number, one as people write it: a fifth less. */
    int failed = fit(folder, &data, &model, &error) || smr_changes_new(NULL, &changes, &error)
                 || smr_changes_add(changes, "VNM", "internet_use", SMR_CHANGE_SET, 70, &error)
                 || smr_changes_add_text(changes, "VNM", "pm25", "-20%", &error)
                 || smr_whatif_run(NULL, model, data, changes, NULL, &whatif, &error);
    int holds = 0;
    if (failed) {
        fprintf(stderr, "%s\n", error.message);
    } else {
        const double *before = smr_whatif_scores_before(whatif), *after = smr_whatif_scores_after(whatif);
        const double *rank_before = smr_whatif_ranks_before(whatif), *rank_after = smr_whatif_ranks_after(whatif);
        for (size_t row = 0; row < smr_whatif_row_count(whatif); ++row) {
            printf("%s %-20s %8.4f -> %8.4f   rank %3g -> %3g\n", smr_whatif_regions(whatif)[row],
                   smr_whatif_nodes(whatif)[row], before[row], after[row], rank_before[row], rank_after[row]);
            if (!strcmp(smr_whatif_regions(whatif)[row], "VNM") && !strcmp(smr_whatif_nodes(whatif)[row], "index"))
                holds = after[row] > before[row] && rank_after[row] < rank_before[row];
        }
    }
    smr_whatif_unref(whatif);
    smr_changes_free(changes);
    smr_model_unref(model);
    smr_dataset_unref(data);
    return holds ? 0 : 1;
}
