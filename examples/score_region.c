/* SPDX-License-Identifier: MIT */
#include <smartregion/smartregion.h>
#include <stdio.h>

static int64_t read_file(void *buffer, size_t size, void *file) {
    return (int64_t)fread(buffer, 1, size, file);
}

int main(void) { /* score_region < examples/data/one-region/data.csv */
    smr_framework *framework = NULL;
    smr_dataset *data = NULL;
    smr_model *model = NULL;
    smr_scorecard *card = NULL;
    smr_error error;
    double index = 0, coverage = 0;
    smr_error_init(&error, sizeof error);
    int failed = smr_framework_builtin(NULL, "icf", &framework, &error)
                 || smr_dataset_read_csv(NULL, read_file, stdin, NULL, &data, &error)
                 || smr_model_fit(NULL, framework, data, NULL, &model, &error)
                 || smr_model_score(NULL, model, data, NULL, &card, &error)
                 || smr_scorecard_scores(card, 0, &index, 1, &error)
                 || smr_scorecard_coverages(card, 0, &coverage, 1, &error);
    failed ? fprintf(stderr, "%s\n", error.message) : printf("index %.2f, coverage %.3f\n", index, coverage);
    smr_scorecard_unref(card);
    smr_model_unref(model);
    smr_dataset_unref(data);
    smr_framework_unref(framework);
    return failed;
} /* prints: index 60.60, coverage 0.896 */
