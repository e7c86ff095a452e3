/* SPDX-License-Identifier: MIT */
/* explain.h: why Vietnam scores as it does, and what makes the difference to Thailand. */
#include <math.h>

#include <smartregion/dataset.h>
#include <smartregion/explain.h>
#include <smartregion/model.h>

#include "example.h"

static smr_scorecard *score_countries(const char *folder, smr_error *error) {
    text json = {NULL, 0};
    smr_framework *framework = NULL;
    smr_dataset *dataset = NULL;
    smr_model *model = NULL;
    smr_scorecard *card = NULL;
    FILE *file = open_file(folder, "countries-2018/framework.json");
    int failed = !file || read_whole(file, &json)
                 || smr_framework_read(NULL, json.bytes, json.length, "framework.json", &framework, error);
    if (file)
        fclose(file);
    file = failed ? NULL : open_file(folder, "countries-2018/data.csv");
    if (file) {
        failed = smr_dataset_read_csv(NULL, read_file, file, NULL, &dataset, error)
                 || smr_model_fit(NULL, framework, dataset, NULL, &model, error)
                 || smr_model_score(NULL, model, dataset, NULL, &card, error);
        fclose(file);
    }
    free(json.bytes);
    smr_model_unref(model);
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
    return card;
}

/* One line a criterion; returns how far the indicators are from summing to the whole. */
static double print_parts(const smr_explanation *explanation, int32_t column) {
    const smr_framework *framework = smr_scorecard_framework(smr_explanation_scorecard(explanation));
    const double *parts = smr_explanation_numbers(explanation, column);
    const double *scores = smr_explanation_numbers(explanation, SMR_EXPLANATION_SCORE);
    double rest = parts[0];
    for (size_t node = 1; node < smr_explanation_node_count(explanation); ++node) {
        if (smr_framework_node_depth(framework, node) == 1)
            printf("%-24s score %6.2f  points %+7.3f\n", smr_framework_node_id(framework, node), scores[node],
                   parts[node]);
        if (smr_framework_node_indicator(framework, node) >= 0 && !isnan(parts[node]))
            rest -= parts[node];
    }
    printf("%-24s                points %+7.3f\n", "index", parts[0]);
    return fabs(rest);
}

/* For every region: the largest distance between its index and the sum of its contributions. */
static double furthest_off(const smr_scorecard *card, smr_error *error) {
    double furthest = 0;
    for (size_t row = 0; row < smr_scorecard_row_count(card); ++row) {
        smr_explanation *explanation = NULL;
        if (smr_explanation_run(NULL, card, row, NULL, &explanation, error))
            return INFINITY;
        const smr_framework *framework = smr_scorecard_framework(card);
        const double *parts = smr_explanation_numbers(explanation, SMR_EXPLANATION_CONTRIBUTION);
        double rest = smr_explanation_numbers(explanation, SMR_EXPLANATION_SCORE)[0];
        for (size_t node = 0; node < smr_explanation_node_count(explanation); ++node)
            if (smr_framework_node_indicator(framework, node) >= 0 && !isnan(parts[node]))
                rest -= parts[node];
        furthest = fabs(rest) > furthest ? fabs(rest) : furthest;
        smr_explanation_unref(explanation);
    }
    return furthest;
}

int main(int argc, char **argv) {
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_scorecard *card = score_countries(argc > 1 ? argv[1] : "examples/data", &error);
    smr_explanation *explanation = NULL;
    size_t thailand = card ? (size_t)smr_scorecard_find_row(card, "THA", NULL) : 0;
    smr_explanation_options options;
    smr_explanation_options_init(&options, sizeof options);
    options.reference = SMR_REFERENCE_ROWS;
    options.rows = &thailand;
    options.row_count = 1;
    int holds = 0;
    if (!card
        || smr_explanation_run(NULL, card, (size_t)smr_scorecard_find_row(card, "VNM", NULL), &options, &explanation,
                               &error)) {
        fprintf(stderr, "%s\n", error.message);
    } else {
        const smr_framework *framework = smr_scorecard_framework(card);
        size_t nodes[64], peers[3], found = 0, count = smr_explanation_strengths(explanation, nodes, 64);
        printf("Vietnam\n");
        holds = print_parts(explanation, SMR_EXPLANATION_CONTRIBUTION) < 1e-12;
        printf("\nVietnam less Thailand\n");
        holds = print_parts(explanation, SMR_EXPLANATION_DIFFERENCE) < 1e-12 && holds && count == 26;
        printf("\nahead most in %s, behind most in %s\n", smr_framework_node_id(framework, nodes[0]),
               smr_framework_node_id(framework, nodes[count - 1]));
        holds = !smr_peers_find(NULL, card, smr_explanation_row(explanation), 3, peers, NULL, &found, &error) && holds;
        for (size_t i = 0; i < found; ++i)
            printf("%s %s", i ? "," : "most alike:", smr_scorecard_region(card, peers[i]));
        printf("\n");
        const double off = furthest_off(card, &error);
        printf("contributions sum to the index of every region within %g\n", off);
        holds = holds && found == 3 && off < 1e-12;
    }
    smr_explanation_unref(explanation);
    smr_scorecard_unref(card);
    return holds ? 0 : 1;
}
