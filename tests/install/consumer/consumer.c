/* SPDX-License-Identifier: MIT */
/* Somebody else's program: prints the version it runs with and the score of one region. */
#include <smartregion/smartregion.h>
#include <stdio.h>

#if !SMR_VERSION_AT_LEAST(1, 0, 0)
#error "the headers are older than the pkg-config file says"
#endif

int main(void) {
    static const double internet[] = {91.5}, dust[] = {24};
    smr_framework *framework = NULL;
    smr_dataset *data = NULL;
    smr_model *model = NULL;
    smr_scorecard *card = NULL;
    double index = 0;
    smr_error error;
    smr_columns columns;
    smr_error_init(&error, sizeof error);
    smr_columns_init(&columns, sizeof columns);
    columns.rows = 1;
    columns.column_count = 2;
    columns.ids = (const char *const[]){"household_internet", "pm25"};
    columns.values = (const double *const[]){internet, dust};
    int failed = smr_framework_builtin(NULL, "icf", &framework, &error)
                 || smr_dataset_from_columns(NULL, &columns, &data, &error)
                 || smr_model_fit(NULL, framework, data, NULL, &model, &error)
                 || smr_model_score(NULL, model, data, NULL, &card, &error)
                 || smr_scorecard_scores(card, 0, &index, 1, &error);
    if (failed)
        fprintf(stderr, "%s\n", error.message);
    else
        printf("%s %.2f\n", smr_version(), index);
    smr_scorecard_unref(card);
    smr_model_unref(model);
    smr_dataset_unref(data);
    smr_framework_unref(framework);
    return failed;
}
