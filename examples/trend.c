/* SPDX-License-Identifier: MIT */
/* trend.h: two regions through four periods, how fast they change, and whether they converge. */
#include <math.h>

#include <smartregion/dataset.h>
#include <smartregion/model.h>
#include <smartregion/trend.h>

#include "example.h"

static const char framework_json[] =
    "{\"id\": \"index\", \"plan\": {\"normalise\": {\"method\": \"goalposts\", \"range\": [0, 100]}}, \"children\": ["
    "{\"id\": \"online\", \"worst\": 0, \"best\": 100}, {\"id\": \"smoke\", \"worst\": 80, \"best\": 0}]}";

int main(void) {
    static const char *const regions[] = {"hill", "hill", "hill", "hill", "coast", "coast", "coast", "coast"};
    static const char *const periods[] = {"2018", "2019", "2020", "2021", "2018", "2019", "2020", "2021"};
    static const double online[] = {20, 27, 36, 44, 61, 63, 66, 68}, smoke[] = {60, 56, 55, 50, 32, 31, 29, 28};
    static const char *const ids[] = {"online", "smoke"};
    static const double *const values[] = {online, smoke};
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_columns columns;
    smr_columns_init(&columns, sizeof columns);
    columns.rows = 8;
    columns.column_count = 2;
    columns.ids = ids;
    columns.values = values;
    columns.regions = regions;
    columns.periods = periods;
    smr_framework *framework = NULL;
    smr_dataset *dataset = NULL;
    smr_model *model = NULL;
    smr_trend *trend = NULL;
    int failed = smr_framework_read(NULL, framework_json, sizeof framework_json - 1, NULL, &framework, &error)
                 || smr_dataset_from_columns(NULL, &columns, &dataset, &error)
                 || smr_model_fit(NULL, framework, dataset, NULL, &model, &error)
                 || smr_trend_run(NULL, model, dataset, NULL, &trend, &error);
    int holds = 0;
    if (failed) {
        fprintf(stderr, "%s\n", error.message);
    } else {
        /* Rows and columns stand side by side: one pointer a column. */
        const char *const *region = smr_trend_regions(trend), *const *node = smr_trend_nodes(trend);
        const double *change = smr_trend_values(trend, "change"), *slope = smr_trend_values(trend, "slope");
        const double *years = smr_trend_values(trend, "years_to_target");
        for (size_t row = 0; row < smr_trend_row_count(trend); ++row)
            printf("%-6s %-7s change %6.2f, %5.2f a year, %5.1f years to the top\n", region[row], node[row],
                   change[row], slope[row], years[row]);
        const double closing = smr_trend_value(trend, "sigma_trend", "index", "sd_slope");
        printf("the standard deviation of the index changes by %.3f a year\n", closing);
        const int64_t hill = smr_trend_find_row(trend, "hill", "online");
        holds = hill >= 0 && change[hill] == 24 && fabs(slope[hill] - 8.1) < 1e-9 && closing < 0;
    }
    smr_trend_unref(trend);
    smr_model_unref(model);
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
    return holds ? 0 : 1;
}
