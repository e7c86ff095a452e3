/* SPDX-License-Identifier: MIT */
#include "worlds.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

law_world law_random(uint64_t *state, size_t regions, size_t indicators, double missing, unsigned steps) {
    law_world world;
    memset(&world, 0, sizeof world);
    world.regions = regions;
    world.indicators = indicators;
    for (size_t c = 0; c < indicators; c++) {
        world.weights[c] = (double)(1 + unit_random(state) % 9) / 4;
        world.lower[c] = unit_random(state) % 3 == 0;
        world.columns[c] = c;
        for (size_t i = 0; i < regions; i++) {
            const double value =
                steps > 0 ? (double)(unit_random(state) % steps) : 1 + (double)(unit_random(state) % 1000000) / 10000;
            world.values[i][c] = unit_random_unit(state) < missing ? (double)NAN : value;
        }
    }
    for (size_t i = 0; i < regions; i++) {
        world.places[i] = i;
    }
    return world;
}

void law_shuffle(uint64_t *state, size_t *numbers, size_t n) {
    for (size_t i = n; i > 1; i--) {
        const size_t other = (size_t)(unit_random(state) % i), kept = numbers[i - 1];
        numbers[i - 1] = numbers[other];
        numbers[other] = kept;
    }
}

/* Where in the framework and the data an indicator stands, the other way round. */
static size_t column_at(const law_world *world, size_t place) {
    for (size_t c = 0; c < world->indicators; c++) {
        if (world->columns[c] == place) {
            return c;
        }
    }
    unit_failed(__FILE__, __LINE__, "columns", "is no permutation");
}

static smr_framework *make_framework(const law_world *world) {
    smr_framework_builder *builder = NULL;
    smr_framework *framework = NULL;
    smr_error error = unit_error();
    expect_ok(smr_framework_builder_new(unit_context(), "index", NULL, &builder, &error), &error);
    for (size_t place = 0; place < world->indicators; place++) {
        const size_t c = column_at(world, place);
        smr_indicator_options options;
        char id[] = {'x', (char)('1' + c), '\0'};
        smr_indicator_options_init(&options, sizeof options);
        options.direction = world->lower[c] ? SMR_DIRECTION_LOWER : SMR_DIRECTION_HIGHER;
        options.weight = world->weights[c];
        expect_ok(smr_framework_builder_add_indicator(builder, "index", id, &options, &error), &error);
    }
    expect_ok(smr_framework_builder_build(builder, &framework, &error), &error);
    smr_framework_builder_free(builder);
    return framework;
}

static smr_dataset *make_dataset(const law_world *world) {
    double columns[WORLD_INDICATORS][WORLD_REGIONS];
    const double *pointers[WORLD_INDICATORS];
    char names[WORLD_INDICATORS][3], region_names[WORLD_REGIONS][24];
    const char *ids[WORLD_INDICATORS], *regions[WORLD_REGIONS];
    smr_dataset *dataset = NULL;
    smr_error error = unit_error();
    for (size_t place = 0; place < world->indicators; place++) {
        const size_t c = column_at(world, place);
        names[place][0] = 'x';
        names[place][1] = (char)('1' + c);
        names[place][2] = '\0';
        ids[place] = names[place];
        pointers[place] = columns[place];
        for (size_t i = 0; i < world->regions; i++) {
            columns[place][world->places[i]] = world->values[i][c];
        }
    }
    for (size_t i = 0; i < world->regions; i++) {
        snprintf(region_names[i], sizeof region_names[i], "r%zu", i);
        regions[world->places[i]] = region_names[i];
    }
    smr_columns given;
    smr_columns_init(&given, sizeof given);
    given.rows = world->regions;
    given.column_count = world->indicators;
    given.ids = ids;
    given.values = pointers;
    given.regions = regions;
    expect_ok(smr_dataset_from_columns(unit_context(), &given, &dataset, &error), &error);
    return dataset;
}

static void read_card(const law_world *world, const smr_scorecard *card, law_result *result) {
    double column[WORLD_REGIONS];
    uint8_t statuses[WORLD_REGIONS];
    smr_error error = unit_error();
    const size_t n = world->regions;
    expect_ok(smr_scorecard_scores(card, 0, column, n, &error), &error);
    expect_ok(smr_scorecard_statuses(card, 0, statuses, n, &error), &error);
    for (size_t i = 0; i < n; i++) {
        result->scores[i] = column[world->places[i]];
        result->statuses[i] = statuses[world->places[i]];
    }
    expect_ok(smr_scorecard_ranks(card, 0, column, n, &error), &error);
    for (size_t i = 0; i < n; i++) {
        result->ranks[i] = column[world->places[i]];
    }
    for (size_t c = 0; c < world->indicators; c++) {
        expect_ok(smr_scorecard_scores(card, 1 + world->columns[c], column, n, &error), &error);
        for (size_t i = 0; i < n; i++) {
            result->leaves[i][c] = column[world->places[i]];
        }
    }
}

law_result law_score(const law_world *world, const char *plan) {
    law_result result;
    memset(&result, 0, sizeof result);
    result.error = unit_error();
    smr_framework *framework = make_framework(world);
    smr_dataset *dataset = make_dataset(world);
    smr_plan *made = api_plan(plan);
    smr_model *model = NULL;
    smr_scorecard *card = NULL;
    smr_status status = smr_model_fit(unit_context(), framework, dataset, made, &model, &result.error);
    if (status == SMR_OK) {
        status = smr_model_score(unit_context(), model, dataset, NULL, &card, &result.error);
    }
    expect_equal_int(result.error.status, status);
    if (status == SMR_OK) {
        read_card(world, card, &result);
    }
    smr_scorecard_unref(card);
    smr_model_unref(model);
    smr_plan_unref(made);
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
    return result;
}

law_result law_score_ok(const law_world *world, const char *plan) {
    law_result result = law_score(world, plan);
    expect_ok(result.error.status, &result.error);
    return result;
}
