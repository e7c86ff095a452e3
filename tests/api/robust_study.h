/* SPDX-License-Identifier: MIT */
#ifndef ROBUST_STUDY_H
#define ROBUST_STUDY_H

/* A robustness study and what the tests ask of it. Seeds are fixed, so that no test fails by chance. */

#include "api.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline smr_uncertainty *spec_of(const char *text) {
    smr_uncertainty *spec = NULL;
    smr_error error = unit_error();
    char *json = api_json(text);
    expect_ok(smr_uncertainty_read(NULL, json, strlen(json), "spec.json", &spec, &error), &error);
    free(json);
    return spec;
}

/* What a test varies. */
typedef struct study {
    api_world world;
    smr_uncertainty *spec;
    smr_robust_options options;
} study;

static inline study study_make(const char *framework, const char *csv, const char *plan, const char *spec) {
    study s = {.world = api_world_nouns(framework, csv, plan), .spec = spec ? spec_of(spec) : NULL};
    smr_robust_options_init(&s.options, sizeof s.options);
    return s;
}

static inline void study_free(study *s) {
    smr_uncertainty_unref(s->spec);
    api_world_free(&s->world);
}

static inline smr_robust *run_in(smr_context *context, const study *s, uint64_t first, uint64_t draws) {
    smr_robust *robust = NULL;
    smr_error error = unit_error();
    smr_robust_options options = s->options;
    options.first_draw = first;
    options.draws = draws;
    expect_ok(smr_robust_run(context ? context : unit_context(), s->world.framework, s->world.dataset, s->world.plan,
                             s->spec, &options, &robust, &error),
              &error);
    return robust;
}

static inline smr_robust *run(const study *s, uint64_t draws) {
    return run_in(NULL, s, 0, draws);
}

/* The spec is refused, by a message with this code that holds these words. */
static inline void refused(const char *framework, const char *csv, const char *plan, const char *spec, int32_t code,
                    const char *words) {
    study s = study_make(framework, csv, plan, spec);
    smr_robust *robust = NULL;
    smr_error error = unit_error();
    expect_fails(smr_robust_run(NULL, s.world.framework, s.world.dataset, s.world.plan, s.spec, NULL, &robust, &error),
                 &error, code);
    expect(robust == NULL);
    if (!strstr(error.message, words)) {
        expect_text(error.message, words);
    }
    study_free(&s);
}

static inline double value(const smr_robust *robust, int32_t measure, double argument, size_t node, size_t region) {
    double values[64];
    smr_error error = unit_error();
    const size_t count = smr_robust_region_count(robust);
    expect(count <= COUNT(values));
    expect_ok(smr_robust_values(robust, measure, argument, node, values, count, &error), &error);
    return values[region];
}

/* Everything that a run has counted. */
static inline api_text part_of(const smr_robust *robust) {
    api_text text = {0};
    smr_error error = unit_error();
    expect_ok(smr_robust_write_part(robust, api_text_append, &text, &error), &error);
    return text;
}

static inline api_text json_of(const smr_robust *robust) {
    api_text text = {0};
    smr_error error = unit_error();
    expect_ok(smr_robust_write_json(robust, api_text_append, &text, &error), &error);
    return text;
}

static inline void expect_same_text(api_text a, api_text b) {
    expect_equal_uint(a.length, b.length);
    expect_bytes(a.bytes, b.bytes, a.length);
    api_text_free(&a);
    api_text_free(&b);
}

static inline void expect_same(const smr_robust *a, const smr_robust *b) {
    expect_same_text(part_of(a), part_of(b));
    expect_same_text(json_of(a), json_of(b));
}

/* ---- exact volumes ---- */

/* ---- worlds ---- */

enum { FIVE = 5 };
static const double five[FIVE][3] = {{80, 30, 50}, {40, 70, 60}, {55, 55, 55}, {20, 90, 45}, {65, 35, 62}};
static const char five_csv[] = "region,x,y,z\nA,80,30,50\nB,40,70,60\nC,55,55,55\nD,20,90,45\nE,65,35,62\n";
static const char three[] = "{'id': 'i', 'plan': {'normalise': {'method': 'goalposts'}}, 'children': ["
                            "{'id': 'x', 'worst': 0, 'best': 100}, {'id': 'y', 'worst': 0, 'best': 100}, "
                            "{'id': 'z', 'worst': 0, 'best': 100}]}";

static const char deep[] =
    "{'id': 'i', 'plan': {'normalise': {'method': 'minmax', 'range': [1, 100]}}, 'children': ["
    "{'id': 'a', 'children': [{'id': 'x1'}, {'id': 'x2'}, {'id': 'x3', 'direction': 'lower'}]}, "
    "{'id': 'b', 'weight': 2, 'children': [{'id': 'x4'}, {'id': 'x5'}]}, {'id': 'x6'}]}";
static const char *const deep_ids[] = {"x1", "x2", "x3", "x4", "x5", "x6"};
static const char deep_spec[] =
    "{'seed': 0, 'factors': [{'id': 'w', 'vary': 'weights', 'distribution': 'noise', 'percent': 25}, "
    "{'id': 'norm', 'vary': 'normalise', 'alternatives': [{'method': 'minmax', 'range': [1, 100]}, "
    "{'method': 'zscore', 'mean': 50, 'sd': 10, 'range': [0, 1]}, {'method': 'percentile_rank', 'range': [1, 100]}]}, "
    "{'id': 'agg', 'vary': 'aggregate.method', 'alternatives': ['arithmetic', 'geometric']}]}";

#endif
