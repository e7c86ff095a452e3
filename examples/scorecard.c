/* SPDX-License-Identifier: MIT */
/* scorecard.h: scores, ranks, coverage and status, a whole column in one call, and the csv that goes to others.
 * Usage: scorecard FOLDER, the folder of the shipped data. */
#include <smartregion/smartregion.h>

#include "example.h"

enum { COUNTRIES = 193 };

static smr_status score(const char *folder, smr_scorecard **card, smr_error *error) {
    FILE *tree = open_file(folder, "countries-2018/framework.json");
    FILE *rows = open_file(folder, "countries-2018/data.csv");
    text json = {NULL, 0};
    smr_framework *framework = NULL;
    smr_dataset *data = NULL;
    smr_model *model = NULL;
    smr_status status = rows && !read_whole(tree, &json) ? SMR_OK : SMR_ERROR_READ;
    if (!status)
        status = smr_framework_read(NULL, json.bytes, json.length, "framework.json", &framework, error);
    if (!status)
        status = smr_dataset_read_csv(NULL, read_file, rows, NULL, &data, error);
    if (!status)
        status = smr_model_fit(NULL, framework, data, NULL, &model, error);
    if (!status)
        status = smr_model_score(NULL, model, data, NULL, card, error);
    /* The card holds on to what it needs: everything else can go now. */
    smr_model_unref(model);
    smr_dataset_unref(data);
    smr_framework_unref(framework);
    free(json.bytes);
    if (tree)
        fclose(tree);
    if (rows)
        fclose(rows);
    return status;
}

/* Column `node` of everything, and what must hold of it; returns how many countries have a score, 0 if it does not. */
static size_t look_at(const smr_scorecard *card, size_t node, smr_error *error) {
    double scores[COUNTRIES], ranks[COUNTRIES], coverages[COUNTRIES];
    uint8_t statuses[COUNTRIES];
    if (smr_scorecard_scores(card, node, scores, COUNTRIES, error)
        || smr_scorecard_ranks(card, node, ranks, COUNTRIES, error)
        || smr_scorecard_coverages(card, node, coverages, COUNTRIES, error)
        || smr_scorecard_statuses(card, node, statuses, COUNTRIES, error))
        return 0;
    size_t scored = 0;
    for (size_t row = 0; row < COUNTRIES; row++) {
        int has_score = scores[row] == scores[row]; /* NaN is not equal to itself */
        int explained = has_score || statuses[row] != SMR_CELL_OK;
        if (has_score != (ranks[row] == ranks[row]) || !explained || !(coverages[row] >= 0 && coverages[row] <= 1))
            return 0;
        scored += (size_t)has_score;
        if (node == 0 && has_score && ranks[row] <= 3)
            printf("%g %s %.4f, coverage %.2f, %s\n", ranks[row], smr_scorecard_region_name(card, row), scores[row],
                   coverages[row], smr_cell_status_name(statuses[row]));
    }
    return scored;
}

int main(int argc, char **argv) {
    smr_scorecard *card = NULL;
    text csv = {NULL, 0};
    smr_error error;
    smr_error_init(&error, sizeof error);
    int failed =
        argc != 2 || score(argv[1], &card, &error) || smr_scorecard_write_csv(card, NULL, append_text, &csv, &error);
    int holds = 0;
    if (failed) {
        fprintf(stderr, "%s\n", error.status ? error.message : "usage: scorecard FOLDER");
    } else if (smr_scorecard_row_count(card) == COUNTRIES) {
        const smr_framework *framework = smr_scorecard_framework(card);
        size_t advocacy = (size_t)smr_framework_find(framework, "advocacy");
        size_t lines = 0;
        for (size_t i = 0; i < csv.length; i++)
            lines += csv.bytes[i] == '\n';
        size_t scored = look_at(card, advocacy, &error);
        printf("advocacy: %zu of %d countries have a score; csv of %zu lines\n", scored, (int)COUNTRIES, lines);
        holds = look_at(card, 0, &error) == COUNTRIES && scored == COUNTRIES - 15
                && lines == 1 + COUNTRIES * smr_framework_node_count(framework)
                && smr_scorecard_find_row(card, "VNM", NULL) >= 0 && smr_scorecard_find_row(card, "XXX", NULL) == -1;
    }
    free(csv.bytes);
    smr_scorecard_unref(card);
    return holds ? 0 : 1;
}
