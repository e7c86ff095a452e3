/* SPDX-License-Identifier: MIT */
/* model.h: fit once, save, read back, and score one region against the frozen reference: the same bits.
 * Usage: model FOLDER, the folder of the shipped data. */
#include <smartregion/dataset.h>
#include <smartregion/model.h>

#include "example.h"

/* The shipped countries and their framework. */
static smr_status read_countries(const char *folder, smr_framework **framework, smr_dataset **data, smr_error *error) {
    FILE *tree = open_file(folder, "countries-2018/framework.json");
    FILE *rows = open_file(folder, "countries-2018/data.csv");
    text json = {NULL, 0};
    smr_csv_options options;
    smr_csv_options_init(&options, sizeof options);
    options.source_name = "data.csv";
    smr_status status = rows && !read_whole(tree, &json) ? SMR_OK : SMR_ERROR_READ;
    if (!status)
        status = smr_framework_read(NULL, json.bytes, json.length, "framework.json", framework, error);
    options.framework = *framework;
    if (!status)
        status = smr_dataset_read_csv(NULL, read_file, rows, &options, data, error);
    free(json.bytes);
    if (tree)
        fclose(tree);
    if (rows)
        fclose(rows);
    return status;
}

/* Scores the row's raw values without allocating and compares every node with the scorecard of all rows. */
static int same_bits(const smr_model *model, const smr_dataset *data, const smr_scorecard *card, size_t row) {
    enum { ROOM = 256 };
    double values[ROOM], scores[ROOM], column[ROOM];
    const size_t inputs = smr_model_input_count(model);
    const size_t nodes = smr_framework_node_count(smr_model_framework(model));
    const size_t rows = smr_scorecard_row_count(card);
    if (inputs > ROOM || nodes > ROOM || rows > ROOM)
        return 0;
    for (size_t i = 0; i < inputs; i++) {
        int64_t found = smr_dataset_find_column(data, smr_model_input_id(model, i));
        if (found < 0)
            return 0;
        values[i] = smr_dataset_values(data, (size_t)found)[row];
    }
    if (smr_model_score_values(model, values, inputs, scores, nodes, NULL))
        return 0;
    for (size_t node = 0; node < nodes; node++)
        if (smr_scorecard_scores(card, node, column, rows, NULL)
            || memcmp(&column[row], &scores[node], sizeof(double)) != 0)
            return 0;
    printf("%s alone: index %.4f, the same bits at %zu nodes\n", smr_dataset_region(data, row), scores[0], nodes);
    return 1;
}

int main(int argc, char **argv) {
    smr_framework *framework = NULL;
    smr_dataset *data = NULL;
    smr_plan *plan = NULL;
    smr_model *fitted = NULL, *frozen = NULL;
    smr_scorecard *card = NULL;
    text json = {NULL, 0};
    smr_error error;
    smr_error_init(&error, sizeof error);
    /* z-scores take their means from the data: these are what the model freezes. */
    static const char zscore[] = "{\"normalise\": {\"method\": \"zscore\", \"mean\": 50, \"sd\": 10}}";
    int failed = argc != 2 || read_countries(argv[1], &framework, &data, &error)
                 || smr_plan_read(NULL, zscore, sizeof zscore - 1, "plan.json", &plan, &error)
                 || smr_model_fit(NULL, framework, data, plan, &fitted, &error)
                 || smr_model_write(fitted, append_text, &json, &error)
                 || smr_model_read(NULL, json.bytes, json.length, "model.json", &frozen, &error)
                 || smr_model_score(NULL, fitted, data, NULL, &card, &error);
    int holds = 0;
    if (failed) {
        fprintf(stderr, "%s\n", error.status ? error.message : "usage: model FOLDER");
    } else {
        int64_t row = smr_dataset_find_row(data, "VNM", NULL);
        int64_t broadband = smr_framework_find(framework, "broadband");
        printf("saved as %zu bytes; broadband weighs %.4f of the index\n", json.length,
               smr_model_effective_weight(frozen, (size_t)broadband));
        holds = row >= 0 && same_bits(frozen, data, card, (size_t)row) && smr_model_effective_weight(frozen, 0) == 1
                && smr_model_weight(frozen, (size_t)broadband) == 1;
    }
    free(json.bytes);
    smr_scorecard_unref(card);
    smr_model_unref(frozen);
    smr_model_unref(fitted);
    smr_plan_unref(plan);
    smr_dataset_unref(data);
    smr_framework_unref(framework);
    return holds ? 0 : 1;
}
