/* SPDX-License-Identifier: MIT */
/* target.h: the least that Vietnam must change to be among the best 50, when laboratories cost more than schools.
 * Usage: target FOLDER, the folder of the shipped data. */
#include <math.h>

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
    /* Publishing costs twice what it would, and no more than 60 % of the people may be asked to be online. */
    static const char terms[] =
        "{\"costs\": {\"journal_articles\": 0.92}, \"bounds\": {\"internet_use\": [null, 60]}, \"fixed\": [\"gini\"]}";
    const char *folder = argc > 1 ? argv[1] : "examples/data";
    smr_dataset *data = NULL;
    smr_model *model = NULL;
    smr_efforts *efforts = NULL;
    smr_target *target = NULL;
    smr_target_options goal;
    smr_target_summary summary;
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_target_options_init(&goal, sizeof goal);
    smr_target_summary_init(&summary, sizeof summary);
    goal.rank = 50;
    int failed = fit(folder, &data, &model, &error) || smr_efforts_new(NULL, &efforts, &error)
                 || smr_efforts_read(efforts, terms, sizeof terms - 1, "terms", &error)
                 || smr_efforts_set(efforts, "top_universities", NAN, NAN, 40, &error)
                 || smr_target_run(NULL, model, data, "VNM", efforts, &goal, &target, &error)
                 || smr_target_summarise(target, &summary, &error);
    if (failed) {
        fprintf(stderr, "%s\n", error.message);
    } else {
        for (size_t i = 0; i < smr_target_change_count(target); ++i)
            printf("%-20s %10g -> %-14.10g effort %.4f\n", smr_target_indicators(target)[i], smr_target_from(target)[i],
                   smr_target_to(target)[i], smr_target_effort(target)[i]);
        printf("effort %.4f (%s): score %.4f -> %.4f, rank %g -> %g\n", summary.effort,
               smr_target_status_name(summary.status), summary.score_before, summary.score_after, summary.rank_before,
               summary.rank_after);
    }
    int holds = !failed && summary.status == SMR_TARGET_OPTIMAL && summary.rank_after <= 50 && summary.effort > 0
                && summary.effort - summary.lower_bound <= 1e-9 * summary.effort;
    smr_target_unref(target);
    smr_efforts_free(efforts);
    smr_model_unref(model);
    smr_dataset_unref(data);
    return holds ? 0 : 1;
}
