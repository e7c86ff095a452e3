/* SPDX-License-Identifier: MIT */
/* What a single step may do to a cell, for every method of the catalogue. */
#include "catalogue_plans.h"
#include "worlds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { REGIONS = 60, ROUNDS = 4 };

/* The data after two steps, under one method of a step. */
typedef struct pair {
    api_world world;
    smr_dataset *before, *after;
} pair;

/* false: the method is of another step, or cannot be fitted to these data. */
static bool make_pair(size_t method, const char *step, const char *csv, const char *before, const char *after,
                      pair *made) {
    smr_method described;
    char plan[CATALOGUE_PLAN_SIZE];
    smr_error error = unit_error();
    smr_method_init(&described, sizeof described);
    expect_ok(smr_method_get(method, &described, &error), &error);
    if (strcmp(described.step, step) != 0 || !catalogue_plan(method, plan)) {
        return false;
    }
    *made = (pair){.world = api_world_nouns(catalogue_tree, csv, plan)};
    api_world *world = &made->world;
    if (smr_model_fit(world->context, world->framework, world->dataset, world->plan, &world->model, &error) != SMR_OK) {
        api_world_free(world);
        return false;
    }
    expect_ok(smr_model_snapshot(NULL, world->model, world->dataset, before, &made->before, &error), &error);
    expect_ok(smr_model_snapshot(NULL, world->model, world->dataset, after, &made->after, &error), &error);
    return true;
}

static void free_pair(pair *made) {
    smr_dataset_unref(made->before);
    smr_dataset_unref(made->after);
    api_world_free(&made->world);
}

static const double *column_of(const smr_dataset *dataset, const smr_framework *framework, size_t indicator) {
    const char *id = smr_framework_node_id(framework, smr_framework_indicator_node(framework, indicator));
    return smr_dataset_values(dataset, (size_t)smr_dataset_find_column(dataset, id));
}

/* A known cell keeps its bits; a hole stays a hole or becomes a number. */
TEST(imputation_never_changes_a_known_cell) {
    size_t methods = 0, filled = 0;
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        char *csv = api_random_csv(REGIONS, catalogue_columns, CATALOGUE_COLUMNS, round, 0.15);
        for (size_t m = 0; m < smr_method_count(); m++) {
            pair made;
            if (!make_pair(m, "impute", csv, "denominate", "impute", &made)) {
                continue;
            }
            for (size_t c = 0; c < smr_framework_indicator_count(made.world.framework); c++) {
                const double *x = column_of(made.before, made.world.framework, c);
                const double *y = column_of(made.after, made.world.framework, c);
                for (size_t i = 0; i < REGIONS; i++) {
                    if (x[i] == x[i]) {
                        expect_same_bits(y[i], x[i]);
                    } else {
                        filled += y[i] == y[i];
                        expect(y[i] != y[i] || fabs(y[i]) <= 1e308);
                    }
                }
            }
            methods++;
            free_pair(&made);
        }
        free(csv);
    }
    expect(methods >= 9 * ROUNDS && filled > 100);
}

/* Outliers move, but nobody passes anybody: of two cells the one that was greater is not less afterwards. Cells that a
 * method takes out are no longer compared. */
TEST(treatment_never_turns_an_order_round) {
    size_t methods = 0, moved = 0;
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        char *csv = api_random_csv(REGIONS, catalogue_columns, CATALOGUE_COLUMNS, 50 + round, 0.05);
        for (size_t m = 0; m < smr_method_count(); m++) {
            pair made;
            if (!make_pair(m, "treat", csv, "impute", "treat", &made)) {
                continue;
            }
            for (size_t c = 0; c < smr_framework_indicator_count(made.world.framework); c++) {
                const double *x = column_of(made.before, made.world.framework, c);
                const double *y = column_of(made.after, made.world.framework, c);
                for (size_t i = 0; i < REGIONS; i++) {
                    moved += x[i] == x[i] && y[i] != x[i];
                    for (size_t k = 0; k < REGIONS; k++) {
                        expect(!(x[i] < x[k]) || !(y[i] > y[k]));
                        expect(x[i] != x[k] || y[i] != y[i] || y[k] != y[k] || y[i] == y[k]);
                    }
                }
            }
            methods++;
            free_pair(&made);
        }
        free(csv);
    }
    expect(methods >= 6 * ROUNDS && moved > 100);
}

/* Shares of siblings: the effective weights of children sum to their parent's, and the index has 1. */
TEST(weights_sum_to_one) {
    size_t methods = 0;
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        char *csv = api_random_csv(REGIONS, catalogue_columns, CATALOGUE_COLUMNS, 90 + round, 0.05);
        for (size_t m = 0; m < smr_method_count(); m++) {
            pair made;
            if (!make_pair(m, "weights", csv, "raw", "raw", &made)) {
                continue;
            }
            const smr_framework *framework = made.world.framework;
            expect_near(smr_model_effective_weight(made.world.model, 0), 1, 0);
            for (size_t node = 0; node < smr_framework_node_count(framework); node++) {
                double sum = 0;
                size_t children = 0;
                for (size_t child = node + 1; child < smr_framework_node_count(framework); child++) {
                    if (smr_framework_node_parent(framework, child) == (int64_t)node) {
                        const double weight = smr_model_effective_weight(made.world.model, child);
                        expect(weight >= 0);
                        sum += weight;
                        children++;
                    }
                }
                if (children > 0) {
                    expect_near(sum, smr_model_effective_weight(made.world.model, node), 1e-14);
                }
            }
            methods++;
            free_pair(&made);
        }
        free(csv);
    }
    expect(methods >= 10 * ROUNDS);
}

static const unit_test tests[] = {
    UNIT(imputation_never_changes_a_known_cell),
    UNIT(treatment_never_turns_an_order_round),
    UNIT(weights_sum_to_one),
};
UNIT_SUITE(step_laws, tests)
