/* SPDX-License-Identifier: MIT */
#include "catalogue_plans.h"

#include "api.h"

#include <stdio.h>
#include <string.h>

const char catalogue_tree[] =
    "{'id': 'i', 'children': ["
    "{'id': 'a', 'weight': 0.3, 'children': [{'id': 'x1', 'weight': 0.7, 'worst': 0, 'best': 90, 'target': 120},"
    " {'id': 'x2', 'direction': 'lower', 'weight': 1.1, 'worst': 95, 'best': 1,"
    " 'target': 0},"
    " {'id': 'x3', 'weight': 0.13, 'transform': 'sqrt', 'worst': 0, 'best': 101, 'target': 130}]},"
    "{'id': 'b', 'weight': 0.9, 'children': [{'id': 'x4', 'worst': 5, 'best': 60, 'target': 150},"
    " {'id': 'c', 'weight': 0.37, 'children': [{'id': 'x5', 'denominator': 'd', 'worst': 0, 'best': 3, 'target': 1e9},"
    " {'id': 'x6', 'direction': 'target', 'worst': 0, 'optimum': 40, 'best': 100,"
    " 'target': 41}]}]}]}";

const char *const catalogue_columns[CATALOGUE_COLUMNS] = {"x1", "x2", "x3", "x4", "x5", "x6", "d", "@zone"};

/* What an option without a default is given, by its name. A method that needs one of another name needs a row here. */
static const struct {
    const char *name, *value;
} required[] = {
    {"group", "'zone'"},
    {"value", "7"},
    {"a", "0"},
    {"b", "100"},
    {"k", "2"},
    {"weights", "[0.5, 0.3, 0.2]"},
    {"experts", "[{'a': 3, 'b': 1, 'x1': 1, 'x2': 2, 'x3': 0, 'x4': 1, 'c': 4, 'x5': 1, 'x6': 1}, {'a': 1, 'b': 1}]"},
    {"matrices", "{'root': {'a': {'b': 3}}, 'a': {'x1': {'x2': 2, 'x3': 4}, 'x2': {'x3': 2}}, 'b': {'x4': {'c': 0.5}},"
                 " 'c': {'x5': {'x6': 1}}}"},
    {"shapley", "{'a': 0.4, 'b': 0.6, 'x1': 0.2, 'x2': 0.3, 'x3': 0.5, 'x4': 0.7, 'c': 0.3, 'x5': 0.5, 'x6': 0.5}"},
    {"interaction", "{'a': {'b': 0.2}, 'x1': {'x2': -0.1}}"},
    {"p", "10"},
    {"values", "{'a': 0.3, 'b': 0.9, 'c': 0.4, 'x1': 2, 'x2': 1.1, 'x3': 0, 'x4': 5, 'x5': 1, 'x6': 0.01}"},
};

/* Options whose default refuses this world, which has indicators of every direction and nodes below the root. */
static const struct {
    const char *name, *usual, *value;
} replaced[] = {
    {"lower", "\"refuse\"", "'reciprocal'"},
    {"reversed", "false", "true"},
};

static void append(char plan[CATALOGUE_PLAN_SIZE], const char *text) {
    expect(strlen(plan) + strlen(text) < CATALOGUE_PLAN_SIZE);
    strcat(plan, text);
}

static void append_option(char plan[CATALOGUE_PLAN_SIZE], const char *name, const char *value) {
    append(plan, ", '");
    append(plan, name);
    append(plan, "': ");
    append(plan, value);
}

bool catalogue_plan(size_t number, char plan[CATALOGUE_PLAN_SIZE]) {
    smr_method method;
    smr_method_init(&method, sizeof method);
    if (smr_method_get(number, &method, NULL) != SMR_OK) {
        return false;
    }
    bool normalises = strcmp(method.step, "normalise") == 0;
    plan[0] = '\0';
    append(plan, normalises ? "{" : "{'normalise': {'range': [1, 100]}, ");
    append(plan, "'");
    append(plan, method.step);
    append(plan, "': {'method': '");
    append(plan, method.name);
    append(plan, "'");
    for (size_t i = 0; i < method.parameter_count; i++) {
        smr_method_parameter parameter;
        smr_error error = unit_error();
        smr_method_parameter_init(&parameter, sizeof parameter);
        expect_ok(smr_method_get_parameter(number, i, &parameter, &error), &error);
        if (normalises && strcmp(parameter.name, "range") == 0) {
            append_option(plan, "range", "[1, 100]");
        }
        for (size_t k = 0; k < COUNT(replaced); k++) {
            if (strcmp(parameter.name, replaced[k].name) == 0
                && strcmp(parameter.default_text, replaced[k].usual) == 0) {
                append_option(plan, replaced[k].name, replaced[k].value);
            }
        }
        for (size_t k = 0; k < COUNT(required); k++) {
            if (strcmp(parameter.default_text, "null") == 0 && strcmp(parameter.name, required[k].name) == 0) {
                append_option(plan, required[k].name, required[k].value);
            }
        }
    }
    append(plan, "}}");
    return true;
}
