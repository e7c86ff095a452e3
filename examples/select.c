/* SPDX-License-Identifier: MIT */
/* select.h: 193 countries, then 21, 7 and 1, with a gate and a made-up jury, and why Viet Nam is not among them.
 * Usage: select FOLDER, the folder of the shipped data. */
#include <smartregion/smartregion.h>

#include "example.h"

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

static smr_status read_funnel(const char *folder, smr_funnel **funnel, smr_ballots **ballots, smr_error *error) {
    FILE *stages = open_file(folder, "countries-2018/funnel.json");
    FILE *jury = open_file(folder, "countries-2018/jury-illustration.csv");
    text json = {NULL, 0};
    smr_status status = jury && !read_whole(stages, &json) ? SMR_OK : SMR_ERROR_READ;
    if (!status)
        status = smr_funnel_read(NULL, json.bytes, json.length, "funnel.json", funnel, error);
    if (!status)
        status = smr_ballots_read_csv(NULL, read_file, jury, "jury-illustration.csv", ballots, error);
    free(json.bytes);
    if (stages)
        fclose(stages);
    if (jury)
        fclose(jury);
    return status;
}

/* Prints the winner, and what became of one region; returns how many regions passed the stage before. */
static size_t look_at(const smr_selection *selection, const char *region) {
    const uint32_t *stages = smr_selection_stages(selection);
    const uint8_t *passed = smr_selection_passed(selection);
    size_t last = smr_funnel_stage_count(smr_selection_funnel(selection)) - 1, before = 0;
    for (size_t row = 0; row < smr_selection_row_count(selection); row++) {
        char why[200];
        smr_selection_reason_text(selection, row, "en", why, sizeof why);
        before += stages[row] + 1 == last && passed[row];
        if ((stages[row] == last && passed[row]) || !strcmp(smr_selection_regions(selection)[row], region))
            printf("%s, %s: %s (%s)\n", smr_selection_names(selection)[row],
                   smr_funnel_stage_name(smr_selection_funnel(selection), stages[row], "en"),
                   passed[row] ? "passes" : "fails", why);
    }
    return before;
}

int main(int argc, char **argv) {
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_scorecard *card = NULL;
    smr_funnel *funnel = NULL;
    smr_ballots *ballots = NULL;
    smr_selection *selection = NULL;
    int failed = argc != 2 || score(argv[1], &card, &error) || read_funnel(argv[1], &funnel, &ballots, &error);
    /* The ballots are those of the third stage. */
    const smr_ballots *of_stages[3] = {NULL, NULL, ballots};
    failed = failed || smr_select_run(NULL, funnel, card, NULL, of_stages, 3, NULL, &selection, &error);
    if (failed)
        fprintf(stderr, "%s\n", error.status ? error.message : "usage: select FOLDER");
    int holds = !failed && look_at(selection, "VNM") == 7;
    smr_selection_unref(selection);
    smr_ballots_unref(ballots);
    smr_funnel_unref(funnel);
    smr_scorecard_unref(card);
    return holds ? 0 : 1;
}
