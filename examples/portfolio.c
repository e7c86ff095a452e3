/* SPDX-License-Identifier: MIT */
/* portfolio.h: which initiatives lift a region most, the best set for a budget, and the data afterwards. */
#include <math.h>

#include <smartregion/portfolio.h>

#include "example.h"

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

static smr_portfolio *load_portfolio(const char *folder, const smr_framework *framework, smr_error *error) {
    smr_portfolio *portfolio = NULL;
    smr_portfolio_options options;
    smr_portfolio_options_init(&options, sizeof options);
    options.framework = framework;
    options.source_name = "portfolio.csv";
    FILE *file = open_file(folder, "countries-2018/portfolio.csv");
    if (file) {
        smr_portfolio_read_csv(NULL, read_file, file, &options, &portfolio, error);
        fclose(file);
    }
    return portfolio;
}

/* The index of the region in the data after the initiatives of the best set. */
static double score_afterwards(const smr_appraisal *appraisal, const smr_model *model, const smr_dataset *dataset,
                               const smr_appraisal_options *options, smr_error *error) {
    const smr_portfolio *portfolio = smr_appraisal_portfolio(appraisal);
    size_t chosen[64], count = 0;
    for (size_t i = 0; i < smr_portfolio_count(portfolio) && count < 64; ++i)
        if (!isnan(smr_appraisal_value(appraisal, "best_set", smr_portfolio_id(portfolio, i), "uplift_last")))
            chosen[count++] = i;
    smr_dataset *after = NULL;
    smr_scorecard *card = NULL;
    double score = NAN, *scores = NULL;
    if (!smr_portfolio_apply(NULL, portfolio, model, dataset, chosen, count, options, &after, error)
        && !smr_model_score(NULL, model, after, NULL, &card, error)) {
        const size_t rows = smr_scorecard_row_count(card);
        scores = malloc(rows * sizeof *scores);
        if (scores && !smr_scorecard_scores(card, 0, scores, rows, error))
            score = scores[smr_scorecard_find_row(card, options->region, NULL)];
    }
    free(scores);
    smr_scorecard_unref(card);
    smr_dataset_unref(after);
    return score;
}

int main(int argc, char **argv) {
    const char *folder = argc > 1 ? argv[1] : "examples/data";
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_framework *framework = load_framework(folder, &error);
    smr_dataset *dataset = framework ? load_dataset(folder, framework, &error) : NULL;
    smr_portfolio *portfolio = framework ? load_portfolio(folder, framework, &error) : NULL;
    smr_model *model = NULL;
    smr_appraisal *appraisal = NULL;
    smr_appraisal_options options;
    smr_appraisal_options_init(&options, sizeof options);
    options.region = "VNM";
    options.budget = 500;
    int failed = !dataset || !portfolio || smr_model_fit(NULL, framework, dataset, NULL, &model, &error)
                 || smr_portfolio_appraise(NULL, portfolio, model, dataset, &options, &appraisal, &error);
    int holds = 0;
    if (failed) {
        fprintf(stderr, "%s\n", error.message);
    } else {
        for (size_t i = 0; i < smr_portfolio_count(portfolio); ++i) {
            const char *id = smr_portfolio_id(portfolio, i);
            const double last = smr_appraisal_value(appraisal, "best_set", id, "uplift_last");
            printf("%-18s %-38s %8.4f %s\n", id, smr_portfolio_name(portfolio, i, "en"),
                   smr_appraisal_value(appraisal, "uplift", id, "uplift_alone"), isnan(last) ? "" : "in the best set");
        }
        const double before = smr_appraisal_value(appraisal, "baseline", "VNM", "score");
        const double best = smr_appraisal_value(appraisal, "best_set_total", "best_set", "score");
        const double after = score_afterwards(appraisal, model, dataset, &options, &error);
        printf("index %.2f, with the best set for 500 %.2f\n", before, best);
        holds = best > before && after == best
                && smr_appraisal_value(appraisal, "best_set_total", "best_set", "exact") == 1
                && smr_appraisal_value(appraisal, "best_set_total", "best_set", "budget") <= 500;
    }
    smr_appraisal_unref(appraisal);
    smr_model_unref(model);
    smr_portfolio_unref(portfolio);
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
    return holds ? 0 : 1;
}
