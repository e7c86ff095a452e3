/* SPDX-License-Identifier: MIT */
/* Robustness: shares against exact volumes, the same bytes however the draws are run, and every kind of factor against
 * what follows from its definition.
 *
 * Seeds are fixed, so that no test fails by chance. What is compared are 4.5 standard errors at most; with the numbers of
 * draws used here that finds a share that is off by half a per cent. */
#include "api.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static smr_uncertainty *spec_of(const char *text) {
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

static study study_make(const char *framework, const char *csv, const char *plan, const char *spec) {
    study s = {.world = api_world_nouns(framework, csv, plan), .spec = spec ? spec_of(spec) : NULL};
    smr_robust_options_init(&s.options, sizeof s.options);
    return s;
}

static void study_free(study *s) {
    smr_uncertainty_unref(s->spec);
    api_world_free(&s->world);
}

static smr_robust *run_in(smr_context *context, const study *s, uint64_t first, uint64_t draws) {
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

static smr_robust *run(const study *s, uint64_t draws) {
    return run_in(NULL, s, 0, draws);
}

/* The spec is refused, by a message with this code that holds these words. */
static void refused(const char *framework, const char *csv, const char *plan, const char *spec, int32_t code,
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

static double value(const smr_robust *robust, int32_t measure, double argument, size_t node, size_t region) {
    double values[64];
    smr_error error = unit_error();
    const size_t count = smr_robust_region_count(robust);
    expect(count <= COUNT(values));
    expect_ok(smr_robust_values(robust, measure, argument, node, values, count, &error), &error);
    return values[region];
}

/* Everything that a run has counted. */
static api_text part_of(const smr_robust *robust) {
    api_text text = {0};
    smr_error error = unit_error();
    expect_ok(smr_robust_write_part(robust, api_text_append, &text, &error), &error);
    return text;
}

static api_text json_of(const smr_robust *robust) {
    api_text text = {0};
    smr_error error = unit_error();
    expect_ok(smr_robust_write_json(robust, api_text_append, &text, &error), &error);
    return text;
}

static void expect_same_text(api_text a, api_text b) {
    expect_equal_uint(a.length, b.length);
    expect_bytes(a.bytes, b.bytes, a.length);
    api_text_free(&a);
    api_text_free(&b);
}

static void expect_same(const smr_robust *a, const smr_robust *b) {
    expect_same_text(part_of(a), part_of(b));
    expect_same_text(json_of(a), json_of(b));
}

/* ---- exact volumes ---- */

typedef struct polygon {
    double x[32], y[32];
    int count;
} polygon;

/* The part of a polygon where a x + b y + c >= 0. */
static polygon clip(const polygon *p, double a, double b, double c) {
    polygon out = {.count = 0};
    for (int i = 0; i < p->count; i++) {
        const int k = (i + 1) % p->count;
        const double here = a * p->x[i] + b * p->y[i] + c, there = a * p->x[k] + b * p->y[k] + c;
        if (here >= 0) {
            out.x[out.count] = p->x[i];
            out.y[out.count++] = p->y[i];
        }
        if ((here >= 0) != (there >= 0)) {
            const double t = here / (here - there);
            out.x[out.count] = p->x[i] + t * (p->x[k] - p->x[i]);
            out.y[out.count++] = p->y[i] + t * (p->y[k] - p->y[i]);
        }
    }
    return out;
}

static double area(const polygon *p) {
    double sum = 0;
    for (int i = 0; i < p->count; i++) {
        const int k = (i + 1) % p->count;
        sum += p->x[i] * p->y[k] - p->x[k] * p->y[i];
    }
    return fabs(sum) / 2;
}

enum { FIVE = 5 };
static const double five[FIVE][3] = {{80, 30, 50}, {40, 70, 60}, {55, 55, 55}, {20, 90, 45}, {65, 35, 62}};
static const char five_csv[] = "region,x,y,z\nA,80,30,50\nB,40,70,60\nC,55,55,55\nD,20,90,45\nE,65,35,62\n";
static const char three[] = "{'id': 'i', 'plan': {'normalise': {'method': 'goalposts'}}, 'children': ["
                            "{'id': 'x', 'worst': 0, 'best': 100}, {'id': 'y', 'worst': 0, 'best': 100}, "
                            "{'id': 'z', 'worst': 0, 'best': 100}]}";

/* Splits the triangle of (w_x, w_y) by who is above `region`, and adds the areas by rank. */
static void split(const polygon *p, int region, int other, int above, double *areas) {
    if (p->count < 3) {
        return;
    }
    if (other == FIVE) {
        areas[above + 1] += area(p);
        return;
    }
    if (other == region) {
        split(p, region, other + 1, above, areas);
        return;
    }
    const double *a = five[other], *b = five[region];
    const double dx = a[0] - b[0], dy = a[1] - b[1], dz = a[2] - b[2];
    const polygon wins = clip(p, dx - dz, dy - dz, dz), loses = clip(p, dz - dx, dz - dy, -dz);
    split(&wins, region, other + 1, above + 1, areas);
    split(&loses, region, other + 1, above, areas);
}

TEST(acceptability_is_the_share_of_the_weight_space) {
    enum { DRAWS = 400000 };
    study s = study_make(three, five_csv, NULL,
                         "{'factors': [{'id': 'w', 'vary': 'weights', 'distribution': 'uniform'}]}");
    s.options.outputs = SMR_ROBUST_PAIRWISE | SMR_ROBUST_WEIGHTS;
    smr_robust *robust = run(&s, DRAWS);
    const polygon triangle = {{0, 1, 0}, {0, 0, 1}, 3};
    for (int region = 0; region < FIVE; region++) {
        double areas[FIVE + 1] = {0}, total = 0;
        split(&triangle, region, 0, 0, areas);
        for (int rank = 1; rank <= FIVE; rank++) {
            const double exact = areas[rank] / area(&triangle);
            const double found = value(robust, SMR_ROBUST_RANK_AT, rank, 0, (size_t)region);
            expect_near(found, exact, 4.5 * sqrt(exact * (1 - exact) / DRAWS) + 1e-12);
            total += exact;
        }
        expect_near(total, 1, 1e-12);
        /* pairwise winning probability, and the mean weights where the region wins, by the centre of its polygon */
        double above[FIVE];
        smr_error error = unit_error();
        expect_ok(smr_robust_pairwise(robust, 0, (size_t)region, above, FIVE, &error), &error);
        for (int other = 0; other < FIVE; other++) {
            const double *a = five[region], *b = five[other];
            const polygon wins = clip(&triangle, a[0] - b[0] - a[2] + b[2], a[1] - b[1] - a[2] + b[2], a[2] - b[2]);
            const double exact = other == region ? 0 : 2 * area(&wins);
            expect_near(above[other], exact, 4.5 * sqrt(exact * (1 - exact) / DRAWS) + 1e-12);
        }
    }
    smr_robust_unref(robust);
    study_free(&s);
}

/* The centre of the polygon in which a region is first is its central weights; with them it is first. */
TEST(central_weights_are_the_centre_of_the_winning_weights) {
    enum { DRAWS = 400000 };
    study s = study_make(three, five_csv, NULL,
                         "{'factors': [{'id': 'w', 'vary': 'weights', 'distribution': 'uniform'}]}");
    s.options.outputs = SMR_ROBUST_WEIGHTS;
    smr_robust *robust = run(&s, DRAWS);
    const polygon triangle = {{0, 1, 0}, {0, 0, 1}, 3};
    for (int region = 0; region < FIVE; region++) {
        polygon p = triangle;
        for (int other = 0; other < FIVE; other++) {
            const double *a = five[region], *b = five[other];
            p = other == region ? p : clip(&p, a[0] - b[0] - a[2] + b[2], a[1] - b[1] - a[2] + b[2], a[2] - b[2]);
        }
        double weights[4], centre[2] = {0, 0}, doubled = 0;
        smr_error error = unit_error();
        expect_ok(smr_robust_central_weights(robust, (size_t)region, weights, 4, &error), &error);
        const double confidence = value(robust, SMR_ROBUST_CONFIDENCE, 0, 0, (size_t)region);
        if (p.count < 3 || area(&p) < 1e-9) {
            expect_nan(weights[1]);
            expect_nan(confidence);
            continue;
        }
        for (int i = 0; i < p.count; i++) {
            const int k = (i + 1) % p.count;
            const double cross = p.x[i] * p.y[k] - p.x[k] * p.y[i];
            centre[0] += (p.x[i] + p.x[k]) * cross / 3;
            centre[1] += (p.y[i] + p.y[k]) * cross / 3;
            doubled += cross;
        }
        const double tolerance = 4.5 * 0.25 / sqrt(DRAWS * area(&p) * 2);
        expect_near(weights[0], 1, 0);
        expect_near(weights[1], centre[0] / doubled, tolerance);
        expect_near(weights[2], centre[1] / doubled, tolerance);
        expect_near(weights[1] + weights[2] + weights[3], 1, 1e-8);
        expect_near(confidence, 1, 0); /* the polygon is convex, so that its centre lies within */
    }
    smr_robust_unref(robust);
    study_free(&s);
}

/* ---- the same bytes ---- */

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

TEST(the_same_bytes_however_a_million_draws_are_run) {
    enum { DRAWS = 1000000, PARTS = 7 };
    char *csv = api_random_csv(11, deep_ids, COUNT(deep_ids), 3, 0.1);
    study s = study_make(deep, csv, NULL, deep_spec);
    s.options.outputs = SMR_ROBUST_SCORES | SMR_ROBUST_PAIRWISE | SMR_ROBUST_WEIGHTS;
    smr_context *one = api_context(1, NULL), *two = api_context(2, NULL), *eight = api_context(8, NULL);
    smr_robust *whole = run_in(one, &s, 0, DRAWS), *twice = run_in(two, &s, 0, DRAWS);
    smr_robust *often = run_in(eight, &s, 0, DRAWS);
    expect_equal_uint(smr_robust_draw_count(whole), DRAWS);
    expect_same(whole, twice);
    expect_same(whole, often);
    static const uint64_t ends[PARTS + 1] = {0, 1, 100000, 100033, 400000, 777777, 999999, DRAWS};
    static const size_t order[PARTS] = {4, 0, 6, 2, 5, 1, 3};
    const smr_robust *parts[PARTS];
    smr_robust *made[PARTS], *merged = NULL;
    for (size_t i = 0; i < PARTS; i++) {
        const size_t k = order[i];
        parts[i] = made[i] = run_in(i % 2 ? one : two, &s, ends[k], ends[k + 1] - ends[k]);
    }
    smr_error error = unit_error();
    expect_ok(smr_robust_merge(NULL, parts, PARTS, &merged, &error), &error);
    expect_same(whole, merged);
    for (size_t i = 0; i < PARTS; i++) {
        smr_robust_unref(made[i]);
    }
    smr_robust_unref(merged);
    smr_robust_unref(often);
    smr_robust_unref(twice);
    smr_robust_unref(whole);
    smr_context_unref(one);
    smr_context_unref(two);
    smr_context_unref(eight);
    study_free(&s);
    free(csv);
}

TEST(the_same_bytes_with_every_kernel) {
    static const char *const kernels[] = {"baseline", "x86-64-v3", "x86-64-v4", "neon"};
    char *csv = api_random_csv(70, deep_ids, COUNT(deep_ids), 8, 0.05);
    study s = study_make(deep, csv, NULL, deep_spec);
    s.options.outputs = SMR_ROBUST_SCORES | SMR_ROBUST_WEIGHTS;
    s.options.nodes = SMR_ROBUST_ALL;
    smr_robust *first = run(&s, 320);
    for (size_t i = 0; i < COUNT(kernels); i++) {
        if (!smr_supports("kernel", kernels[i])) {
            continue;
        }
        smr_context *context = api_context(1 + (uint32_t)i, kernels[i]);
        smr_robust *again = run_in(context, &s, 0, 320);
        expect_same(first, again);
        smr_robust_unref(again);
        smr_context_unref(context);
    }
    smr_robust_unref(first);
    study_free(&s);
    free(csv);
}

TEST(parts_travel_as_bytes) {
    study s = study_make(three, five_csv, NULL, NULL);
    s.options.outputs = SMR_ROBUST_WEIGHTS;
    smr_robust *low = run_in(NULL, &s, 0, 300), *high = run_in(NULL, &s, 300, 700), *whole = run(&s, 1000);
    api_text bytes = part_of(high);
    smr_robust *far = NULL, *merged = NULL;
    smr_error error = unit_error();
    expect_ok(smr_robust_read_part(NULL, s.world.framework, s.world.dataset, NULL, NULL, bytes.bytes, bytes.length,
                                   &far, &error),
              &error);
    expect_same(high, far);
    const smr_robust *parts[] = {far, low};
    expect_ok(smr_robust_merge(NULL, parts, 2, &merged, &error), &error);
    expect_same(whole, merged);
    smr_robust_unref(merged);
    /* the same draws twice, another seed, other bytes, other inputs */
    const smr_robust *twice[] = {low, whole};
    expect_fails(smr_robust_merge(NULL, twice, 2, &merged, &error), &error, SMR_MESSAGE_ROBUST_PARTS_OVERLAP);
    expect(merged == NULL);
    s.options.own_seed = 1;
    s.options.seed = 9;
    smr_robust *other = run_in(NULL, &s, 2000, 10);
    const smr_robust *mixed[] = {low, other};
    expect_fails(smr_robust_merge(NULL, mixed, 2, &merged, &error), &error, SMR_MESSAGE_ROBUST_PART_DIFFERS);
    for (size_t length = 0; length < bytes.length; length += length < 200 ? 1 : 97) {
        expect_fails(smr_robust_read_part(NULL, s.world.framework, s.world.dataset, NULL, NULL, bytes.bytes, length,
                                          &merged, &error),
                     &error, SMR_MESSAGE_ROBUST_BYTES);
        expect(merged == NULL);
    }
    smr_dataset *others = api_dataset("region,x,y,z\nA,1,2,3\nB,3,2,1\n");
    expect_fails(smr_robust_read_part(NULL, s.world.framework, others, NULL, NULL, bytes.bytes, bytes.length, &merged,
                                      &error),
                 &error, SMR_MESSAGE_ROBUST_PART_DIFFERS);
    smr_dataset_unref(others);
    api_text_free(&bytes);
    smr_robust_unref(other);
    smr_robust_unref(far);
    smr_robust_unref(low);
    smr_robust_unref(high);
    smr_robust_unref(whole);
    study_free(&s);
}

/* Draw i is a function of seed and i alone: a range of draws counts what the same draws of a longer run do; 0 is a seed
 * like any other. */
TEST(seeds) {
    study s = study_make(three, five_csv, NULL, "{'seed': 0, 'factors': [{'vary': 'weights', 'distribution': 'uniform'}]}");
    smr_robust *zero = run(&s, 4000), *again = run(&s, 4000);
    expect_equal_uint(smr_robust_seed(zero), 0);
    expect_same(zero, again);
    s.options.own_seed = 1;
    s.options.seed = 1;
    smr_robust *one = run(&s, 4000);
    expect(value(zero, SMR_ROBUST_RANK_MEAN, 0, 0, 1) != value(one, SMR_ROBUST_RANK_MEAN, 0, 0, 1));
    smr_robust_unref(zero);
    smr_robust_unref(again);
    smr_robust_unref(one);
    study_free(&s);
}

/* ---- every draw is a score of the engine ---- */

/* With noise of nothing every draw is the plan as it is, whatever the methods, and so is its rank. */
TEST(noise_of_nothing_is_the_plan) {
    static const char *const plans[] = {
        "{'aggregate': 'arithmetic'}", "{'aggregate': 'geometric'}", "{'aggregate': 'median'}",
        "{'aggregate': {'method': 'power', 'p': 0.5}}", "{'aggregate': {'nodes': {'a': 'geometric', 'b': 'min'}}}",
        "{'aggregate': 'copeland'}", "{'aggregate': 'mpi'}", "{'weights': 'pca'}", "{'weights': 'bod'}",
        "{'missing': {'policy': 'fail'}}", "{'missing': {'policy': 'zero'}}", "{'missing': {'min_coverage': 0.6}}",
        "{'missing': {'min_coverage': 0.6, 'coverage_by': 'count'}}", "{'impute': 'knn'}",
        "{'rank': {'decimals': 0, 'ties': 'dense'}}", "{'rank': {'tolerance': 3}}",
        "{'aggregate': {'nodes': {'root': 'wroclaw'}}}",
    };
    char *csv = api_random_csv(9, deep_ids, COUNT(deep_ids), 5, 0.12);
    for (size_t i = 0; i < COUNT(plans); i++) {
        study s = study_make(deep, csv, plans[i],
                             "{'factors': [{'vary': 'weights', 'distribution': 'noise', 'percent': 0}]}");
        s.options.nodes = SMR_ROBUST_INNER;
        smr_error error = unit_error();
        smr_model *model = NULL;
        smr_scorecard *card = NULL;
        smr_robust *robust = NULL;
        expect_ok(smr_model_fit(NULL, s.world.framework, s.world.dataset, s.world.plan, &model, &error), &error);
        expect_ok(smr_model_score(NULL, model, s.world.dataset, NULL, &card, &error), &error);
        s.options.draws = 40;
        expect_ok(smr_robust_run(NULL, s.world.framework, s.world.dataset, s.world.plan, s.spec, &s.options, &robust,
                                 &error),
                  &error);
        expect_equal_uint(smr_robust_failed_count(robust), 0);
        for (size_t k = 0; k < smr_robust_node_count(robust); k++) {
            double scores[9], ranks[9];
            expect_ok(smr_scorecard_scores(card, smr_robust_node(robust, k), scores, 9, &error), &error);
            expect_ok(smr_scorecard_ranks(card, smr_robust_node(robust, k), ranks, 9, &error), &error);
            for (size_t region = 0; region < 9; region++) {
                expect_same_bits(value(robust, SMR_ROBUST_SCORE, 0, k, region), scores[region]);
                expect_same_bits(value(robust, SMR_ROBUST_RANK, 0, k, region), ranks[region]);
                expect_same_bits(value(robust, SMR_ROBUST_RANK_BEST, 0, k, region), ranks[region]);
                expect_same_bits(value(robust, SMR_ROBUST_RANK_WORST, 0, k, region), ranks[region]);
                const double mean = value(robust, SMR_ROBUST_SCORE_MEAN, 0, k, region);
                if (mean == mean) {
                    expect_near(mean, scores[region], 4096 * smr_robust_cell_width(robust, k) * 0x1.01p-33);
                }
            }
        }
        smr_robust_unref(robust);
        smr_scorecard_unref(card);
        smr_model_unref(model);
        study_free(&s);
    }
    free(csv);
}

/* One alternative alone is that plan. */
TEST(one_alternative_is_its_plan) {
    static const char *const layers[][2] = {
        {"{'vary': 'normalise', 'alternatives': [{'method': 'zscore', 'range': [0, 1]}]}", "{'normalise': 'zscore'}"},
        {"{'vary': 'treat', 'alternatives': ['winsorise']}", "{'treat': 'winsorise'}"},
        {"{'vary': 'aggregate.nodes.a', 'alternatives': ['geometric']}", "{'aggregate': {'nodes': {'a': 'geometric'}}}"},
        {"{'vary': 'weights', 'alternatives': ['equal_leaf']}", "{'weights': 'equal_leaf'}"},
        {"{'vary': 'impute.method', 'alternatives': ['median']}", "{'impute': 'median'}"},
        {"{'vary': 'missing.policy', 'alternatives': ['fail']}", "{'missing': {'policy': 'fail'}}"},
        {"{'vary': 'aggregate.method', 'alternatives': [{'method': 'power', 'p': 2}]}",
         "{'aggregate': {'method': 'power', 'p': 2}}"},
        {"{'vary': 'normalise.method', 'alternatives': [{'method': 'zscore', 'range': [0, 1]}]}",
         "{'normalise': 'zscore'}"},
        {"{'vary': 'aggregate.method', 'alternatives': ['copeland']}", "{'aggregate': 'copeland'}"},
        {"{'vary': 'aggregate.nodes.root', 'alternatives': ['wroclaw']}", "{'aggregate': {'nodes': {'root': 'wroclaw'}}}"},
    };
    char *csv = api_random_csv(9, deep_ids, COUNT(deep_ids), 21, 0.1);
    for (size_t i = 0; i < COUNT(layers); i++) {
        char spec[400];
        snprintf(spec, sizeof spec, "{'factors': [%s]}", layers[i][0]);
        study s = study_make(deep, csv, NULL, spec);
        smr_robust *robust = run(&s, 33);
        api_world expected = api_world_make(deep, csv, layers[i][1]);
        double ranks[9];
        smr_error error = unit_error();
        expect_ok(smr_scorecard_ranks(expected.card, 0, ranks, 9, &error), &error);
        for (size_t region = 0; region < 9; region++) {
            expect_same_bits(value(robust, SMR_ROBUST_RANK_MEAN, 0, 0, region), ranks[region]);
        }
        smr_robust_unref(robust);
        api_world_free(&expected);
        study_free(&s);
    }
    free(csv);
}

/* Alternatives are as likely as one another; failed draws are counted with reason and alternative. */
TEST(failed_draws_are_counted) {
    enum { DRAWS = 30000 };
    static const char csv[] = "region,x,y,z\nA,80,30,0\nB,40,70,60\nC,55,55,55\n";
    study s = study_make(three, csv, NULL,
                         "{'factors': [{'id': 'agg', 'vary': 'aggregate.method', 'alternatives': ['geometric', "
                         "'arithmetic', 'harmonic']}, {'id': 'out', 'vary': 'leave_out'}]}");
    smr_robust *robust = run(&s, DRAWS);
    uint64_t draws[3], failed[3], total = 0;
    for (size_t a = 0; a < 3; a++) {
        expect_equal_int(smr_robust_alternative(robust, 0, a, &draws[a], &failed[a]), 1);
        expect_near((double)draws[a], DRAWS / 3.0, 4.5 * sqrt(DRAWS * 2 / 9.0));
        total += failed[a];
    }
    expect_equal_int(smr_robust_alternative(robust, 0, 3, NULL, NULL), 0);
    expect_equal_int(smr_robust_alternative(robust, 2, 0, NULL, NULL), 0);
    expect_equal_uint(failed[1], 0);
    /* a zero at z fails the other two unless z is left out */
    expect_near((double)failed[0], (double)draws[0] * 2 / 3, 4.5 * sqrt((double)draws[0] * 2 / 9));
    expect_equal_uint(smr_robust_failed_count(robust), total);
    smr_robust_failure failure;
    smr_robust_failure_init(&failure, sizeof failure);
    smr_error error = unit_error();
    expect_equal_uint(smr_robust_failure_count(robust), 1);
    expect_ok(smr_robust_failure_get(robust, 0, &failure, &error), &error);
    expect_equal_int(failure.code, SMR_MESSAGE_OUT_OF_DOMAIN);
    expect_equal_uint(failure.count, total);
    expect(strstr(failure.message, "\"A\"") && strstr(failure.message, "\"z\""));
    expect_argument(smr_robust_failure_get(robust, 1, &failure, &error), &error);
    /* shares are of the draws that did not fail */
    double sum = 0;
    for (size_t rank = 1; rank <= 3; rank++) {
        sum += value(robust, SMR_ROBUST_RANK_AT, (double)rank, 0, 0);
    }
    expect_near(sum, 1, 1e-12);
    smr_robust_unref(robust);
    study_free(&s);
}

/* ---- leaving out ---- */

TEST(leaving_one_out_is_a_framework_without_it) {
    enum { DRAWS = 6000, REGIONS = 9, LEAVES = 6 };
    char *csv = api_random_csv(REGIONS, deep_ids, LEAVES, 31, 0.08);
    static const char *const policies[] = {"{'missing': {'policy': 'renormalise'}}", "{'aggregate': 'median'}",
                                           "{'missing': {'policy': 'fail'}, 'impute': 'mean'}", "{'weights': 'standard_deviation'}"};
    for (size_t i = 0; i < COUNT(policies); i++) {
        study s = study_make(deep, csv, policies[i], "{'factors': [{'id': 'out', 'vary': 'leave_out', 'level': 'indicator'}]}");
        smr_robust *robust = run(&s, DRAWS);
        double expected[REGIONS][REGIONS + 1] = {{0}};
        for (size_t leaf = 0; leaf < LEAVES; leaf++) {
            char without[700], id[16];
            uint64_t draws = 0;
            smr_robust_alternative(robust, 0, leaf, &draws, NULL);
            expect_near((double)draws, DRAWS / 6.0, 4.5 * sqrt(DRAWS * 5 / 36.0));
            if (i == 3) { /* weights from data stay those that all indicators give */
                continue;
            }
            snprintf(id, sizeof id, "{'id': '%s'", deep_ids[leaf]);
            const char *at = strstr(deep, id);
            snprintf(without, sizeof without, "%.*s%s, 'weight': 0%s", (int)(at - deep), deep, id, at + strlen(id));
            api_world expect_it = api_world_make(without, csv, policies[i]);
            double ranks[REGIONS];
            smr_error error = unit_error();
            expect_ok(smr_scorecard_ranks(expect_it.card, 0, ranks, REGIONS, &error), &error);
            for (size_t region = 0; region < REGIONS; region++) {
                expected[region][ranks[region] == ranks[region] ? (size_t)ranks[region] : 0] += (double)draws;
            }
            api_world_free(&expect_it);
        }
        for (size_t region = 0; i != 3 && region < REGIONS; region++) {
            uint64_t counts[REGIONS + 1];
            smr_error error = unit_error();
            expect_ok(smr_robust_histogram(robust, 0, region, counts, REGIONS + 1, &error), &error);
            for (size_t rank = 0; rank <= REGIONS; rank++) {
                expect_equal_uint(counts[rank], (uint64_t)expected[region][rank]);
            }
        }
        smr_robust_unref(robust);
        study_free(&s);
    }
    free(csv);
}

/* A criterion with one indicator is gone with it, also where a missing child would fail its parent. */
TEST(an_emptied_criterion_is_no_missing_one) {
    static const char framework[] = "{'id': 'i', 'plan': {'normalise': 'none', 'missing': {'policy': 'fail'}}, 'children': "
                                    "[{'id': 'a', 'children': [{'id': 'x'}]}, {'id': 'b', 'children': [{'id': 'y'}]}]}";
    static const char *const methods[] = {"arithmetic", "median", "copeland"};
    for (size_t i = 0; i < COUNT(methods); i++) {
        char plan[100];
        snprintf(plan, sizeof plan, "{'aggregate': {'nodes': {'root': '%s'}}}", methods[i]);
        study s = study_make(framework, "region,x,y\nA,1,5\nB,2,4\n", plan, "{'factors': [{'vary': 'leave_out'}]}");
        smr_robust *robust = run(&s, 2000);
        const double first = value(robust, SMR_ROBUST_RANK_AT, 1, 0, 0);
        expect_near(first, 0.5, 4.5 * sqrt(0.25 / 2000));
        expect_near(value(robust, SMR_ROBUST_RANK_AT, 2, 0, 0), 1 - first, 1e-12);
        smr_robust_unref(robust);
        study_free(&s);
    }
}

/* Benefit of the doubt has weights of its own: what is left out gains no one anything. */
TEST(leaving_out_under_benefit_of_the_doubt) {
    static const char rows[] = "region,x,y,z\nA,90,30,40\nB,20,70,35\nC,55,55,55\nD,,60,20\nE,65,35,62\n";
    static const char two[] = "{'id': 'i', 'plan': {'normalise': {'method': 'goalposts'}, 'weights': 'bod'}, 'children': ["
                              "{'id': 'y', 'worst': 0, 'best': 100}, {'id': 'z', 'worst': 0, 'best': 100}]}";
    study s = study_make(three, rows, "{'weights': 'bod'}", "{'factors': [{'vary': 'leave_out', 'nodes': ['x']}]}");
    smr_robust *robust = run(&s, 3);
    api_world expected = api_world_make(two, rows, NULL);
    for (size_t region = 0; region < FIVE; region++) {
        expect_near(value(robust, SMR_ROBUST_RANK_MEAN, 0, 0, region), api_rank_of(expected.card, "i", region), 0);
    }
    api_world_free(&expected);
    smr_robust_unref(robust);
    study_free(&s);
}

/* ---- periods, screens, roll-ups ---- */

TEST(one_period_is_ranked) {
    static const char framework[] = "{'id': 'i', 'plan': {'normalise': {'method': 'minmax', 'range': [1, 100]}}, 'children': "
                                    "[{'id': 'x'}, {'id': 'y'}]}";
    static const char rows[] = "region,period,parent,population,x,y\nA,2019,,1,1,9\nB,2019,A,2,5,3\nC,2019,,1,3,4\n"
                               "A,2020,,1,4,1\nC,2020,,2,3,\nD,2020,C,1,7,8\nB,2020,A,1,2,3\n";
    static const char *const plans[] = {"{}", "{'normalise': {'per': 'period'}}", "{'impute': 'latest'}",
                                        "{'screen': {'by': 'data', 'min_share': 0.6}}",
                                        "{'rollup': {'by': 'population', 'keep': 'all'}}", "{'aggregate': 'copeland'}"};
    static const char *const periods[] = {"2019", "2020"};
    for (size_t i = 0; i < COUNT(plans); i++) {
        api_world expected = api_world_make(framework, rows, plans[i]);
        for (size_t p = 0; p < COUNT(periods); p++) {
            study s = study_make(framework, rows, plans[i],
                                 "{'factors': [{'vary': 'weights', 'distribution': 'noise', 'percent': 0}]}");
            s.options.period = periods[p];
            smr_robust *robust = run(&s, 4);
            size_t found = 0;
            for (size_t row = 0; row < smr_scorecard_row_count(expected.card); row++) {
                if (strcmp(smr_scorecard_period(expected.card, row), periods[p]) != 0) {
                    continue;
                }
                expect_text(smr_robust_region(robust, found), smr_scorecard_region(expected.card, row));
                expect_same_bits(value(robust, SMR_ROBUST_RANK_MEAN, 0, 0, found), api_rank_of(expected.card, "i", row));
                expect_same_bits(value(robust, SMR_ROBUST_SCORE, 0, 0, found), api_score_of(expected.card, "i", row));
                found++;
            }
            expect_equal_uint(smr_robust_region_count(robust), found);
            s.options.period = NULL;
            smr_robust *latest = run(&s, 4);
            if (p == 1) {
                expect_same(latest, robust);
            }
            smr_robust_unref(latest);
            smr_robust_unref(robust);
            study_free(&s);
        }
        api_world_free(&expected);
    }
}

/* ---- what changes before the weights ---- */

static const char one_leaf[] = "{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'x'}]}";

/* Two regions, 10 and 12, each with an error: the second is first when the difference of two normal errors does not
 * exceed 2. */
TEST(errors_of_the_data_are_normal) {
    enum { DRAWS = 40000 };
    static const char *const factors[] = {"{'vary': 'data', 'sd': 2}", "{'vary': 'data', 'relative_sd': 0.2}",
                                          "{'vary': 'data'}"};
    static const char *const csvs[] = {"region,x\nA,10\nB,12\n", "region,x\nA,10\nB,12\n",
                                       "region,indicator,value,error\nA,x,10,3\nB,x,12,1\n"};
    /* P(Z < d / s): erf by its own series would be another program; these are tabled values of the normal distribution,
     * d / s = 2 / sqrt(8), 2 / sqrt(4 + 5.76), 2 / sqrt(10) */
    static const double exact[] = {0.7602499389065233, 0.7389609, 0.7364553715672314};
    for (size_t i = 0; i < COUNT(factors); i++) {
        char spec[200];
        snprintf(spec, sizeof spec, "{'factors': [%s]}", factors[i]);
        study s = study_make(one_leaf, csvs[i], NULL, spec);
        smr_robust *robust = run(&s, DRAWS);
        const double found = value(robust, SMR_ROBUST_RANK_AT, 1, 0, 1);
        const double p = i == 1 ? 0.5 * (1 + erf(2 / sqrt(9.76) / sqrt(2))) : exact[i];
        expect_near(found, p, 4.5 * sqrt(p * (1 - p) / DRAWS));
        smr_robust_unref(robust);
        study_free(&s);
    }
}

/* At least 10, at most 14, about 12: uniform over a tenth, one side or both. A plain value does not move. */
TEST(qualifiers_say_where_a_value_may_lie) {
    enum { DRAWS = 20000 };
    static const char csv[] = "region,indicator,value,qualifier,error\nLOW,x,100,,\nMORE,x,100,>,\nLESS,x,100,<,\n"
                              "ABOUT,x,100,~,\nMOREERR,x,100,>=,5\nLESSERR,x,100,<=,5\nHIGH,x,200,=,\n";
    study s = study_make(one_leaf, csv, NULL, "{'factors': [{'vary': 'data'}]}");
    s.options.outputs = SMR_ROBUST_SCORES;
    smr_robust *robust = run(&s, DRAWS);
    const double half = 0.5 * smr_robust_cell_width(robust, 0) + 4.5 * 10 / sqrt(DRAWS);
    expect_near(value(robust, SMR_ROBUST_SCORE_MEAN, 0, 0, 0), 100, 1e-6);
    expect_near(value(robust, SMR_ROBUST_SCORE_MEAN, 0, 0, 1), 105, half);
    expect_near(value(robust, SMR_ROBUST_SCORE_MEAN, 0, 0, 2), 95, half);
    expect_near(value(robust, SMR_ROBUST_SCORE_MEAN, 0, 0, 3), 100, half);
    /* |normal| with standard deviation 5: mean 5 sqrt(2 / pi) */
    expect_near(value(robust, SMR_ROBUST_SCORE_MEAN, 0, 0, 4), 103.98942280401433, half);
    expect_near(value(robust, SMR_ROBUST_SCORE_MEAN, 0, 0, 5), 96.01057719598567, half);
    expect_near(value(robust, SMR_ROBUST_SCORE_QUANTILE, 0.05, 0, 1), 100.5, half);
    expect_near(value(robust, SMR_ROBUST_SCORE_QUANTILE, 0.95, 0, 1), 109.5, half);
    expect_near(value(robust, SMR_ROBUST_SCORE_QUANTILE, 0.05, 0, 2), 90.5, half);
    expect_near(value(robust, SMR_ROBUST_SCORE_QUANTILE, 0.05, 0, 3), 91, half);
    expect_near(value(robust, SMR_ROBUST_SCORE_QUANTILE, 0.95, 0, 3), 109, half);
    expect(value(robust, SMR_ROBUST_RANK_WORST, 0, 0, 6) == 1);
    expect_near(value(robust, SMR_ROBUST_RANK_AT, 1, 0, 6), 1, 0);
    smr_robust_unref(robust);
    study_free(&s);
}

/* Goalposts of 0 and 100 moved by up to a tenth: the score of 50 is (50 - a)/(100 + b - a) with a and b uniform on
 * -10..10: its mean is 50 by symmetry, its ends (50 - 10)/(100 - 10 + 10 - ...) follow from the corners. */
TEST(goalposts_move_by_a_share_of_their_distance) {
    enum { DRAWS = 20000 };
    static const char framework[] = "{'id': 'i', 'plan': {'normalise': 'goalposts'}, 'children': [{'id': 'x', 'worst': 0, "
                                    "'best': 100}]}";
    study s = study_make(framework, "region,x\nA,50\nB,0\nC,80\n", NULL,
                         "{'factors': [{'id': 'post', 'vary': 'goalposts', 'percent': 10}]}");
    s.options.outputs = SMR_ROBUST_SCORES;
    smr_robust *robust = run(&s, DRAWS);
    /* mean of (50 - a)/(100 + b - a) over the square, by the midpoint rule on 400 x 400 cells */
    double mean = 0, clamped = 0;
    for (int i = 0; i < 400; i++) {
        for (int k = 0; k < 400; k++) {
            const double a = -10 + (i + 0.5) / 20, b = -10 + (k + 0.5) / 20;
            mean += 100 * (50 - a) / (100 + b - a) / 160000;
            clamped += 100 * fmax(0, (0 - a) / (100 + b - a)) / 160000;
        }
    }
    expect_near(value(robust, SMR_ROBUST_SCORE_MEAN, 0, 0, 0), mean, 4.5 * 5 / sqrt(DRAWS));
    expect_near(value(robust, SMR_ROBUST_SCORE_MEAN, 0, 0, 1), clamped, 4.5 * 5 / sqrt(DRAWS));
    smr_robust_unref(robust);
    study_free(&s);
}

TEST(imputed_values_are_drawn_around_what_the_method_fills_in) {
    enum { DRAWS = 4000 };
    static const char framework[] = "{'id': 'i', 'plan': {'normalise': 'none', 'impute': 'mean'}, 'children': [{'id': 'x'}]}";
    static const char csv[] = "region,x\nA,1\nB,2\nC,3\nD,4\nE,5\nF,6\nG,7\nH,8\nI,9\nJ,\n";
    study s = study_make(framework, csv, NULL, "{'factors': [{'id': 'fill', 'vary': 'imputation'}]}");
    s.options.outputs = SMR_ROBUST_SCORES;
    smr_robust *robust = run(&s, DRAWS);
    expect_near(value(robust, SMR_ROBUST_SCORE, 0, 0, 9), 5, 0);
    expect_near(value(robust, SMR_ROBUST_SCORE_MEAN, 0, 0, 9), 5, 4.5 * 4 / sqrt(DRAWS));
    expect_near(value(robust, SMR_ROBUST_SCORE_MEAN, 0, 0, 0), 1, 1e-6); /* what was observed stays */
    /* the spread is the error of the method at known cells */
    smr_error error = unit_error();
    smr_model *model = NULL;
    smr_audit *audit = NULL;
    expect_ok(smr_model_fit(NULL, s.world.framework, s.world.dataset, s.world.plan, &model, &error), &error);
    expect_ok(smr_audit_imputation(NULL, model, s.world.dataset, NULL, &audit, &error), &error);
    const double sd = smr_audit_value(audit, "imputation_rmse", "mean", "x");
    const double width = smr_robust_cell_width(robust, 0);
    expect(sd > 0);
    expect_near(value(robust, SMR_ROBUST_SCORE_QUANTILE, 0.95, 0, 9), 5 + 1.6448536269514722 * sd, width + 6 * sd / sqrt(DRAWS));
    expect_near(value(robust, SMR_ROBUST_SCORE_QUANTILE, 0.05, 0, 9), 5 - 1.6448536269514722 * sd, width + 6 * sd / sqrt(DRAWS));
    smr_audit_unref(audit);
    smr_model_unref(model);
    smr_robust_unref(robust);
    study_free(&s);
}

/* ---- measures ---- */

/* The interval of one run holds 90 % of other draws, and not many more. */
TEST(intervals_cover) {
    enum { REGIONS = 40, DRAWS = 20000 };
    char *csv = api_random_csv(REGIONS, deep_ids, COUNT(deep_ids), 12, 0);
    study s = study_make(deep, csv, NULL, "{'factors': [{'vary': 'weights', 'distribution': 'uniform'}]}");
    s.options.outputs = SMR_ROBUST_SCORES;
    smr_robust *robust = run(&s, DRAWS);
    smr_robust *other = run_in(NULL, &s, 1000000, DRAWS);
    double scores_within = 0;
    for (size_t region = 0; region < REGIONS; region++) {
        const double low = value(robust, SMR_ROBUST_RANK_QUANTILE, 0.05, 0, region);
        const double high = value(robust, SMR_ROBUST_RANK_QUANTILE, 0.95, 0, region);
        uint64_t counts[REGIONS + 1];
        smr_error error = unit_error();
        expect_ok(smr_robust_histogram(other, 0, region, counts, REGIONS + 1, &error), &error);
        double within = 0, inside = 0;
        for (size_t rank = 1; rank <= REGIONS; rank++) {
            within += (double)rank >= low && (double)rank <= high ? (double)counts[rank] / DRAWS : 0;
            inside += (double)rank > low && (double)rank < high ? (double)counts[rank] / DRAWS : 0;
        }
        expect(within >= 0.9 - 4.5 * sqrt(0.09 / DRAWS) * 2);
        expect(inside <= 0.9 + 4.5 * sqrt(0.09 / DRAWS) * 2);
        /* scores: quantiles of two independent runs are near one another */
        const double a = value(robust, SMR_ROBUST_SCORE_QUANTILE, 0.5, 0, region);
        const double b = value(other, SMR_ROBUST_SCORE_QUANTILE, 0.5, 0, region);
        scores_within += fabs(a - b) < 1;
        expect(value(robust, SMR_ROBUST_SCORE_QUANTILE, 0.05, 0, region) <= a);
        expect(value(robust, SMR_ROBUST_SCORE_QUANTILE, 0.95, 0, region) >= a);
    }
    expect_near(scores_within, REGIONS, 0);
    smr_robust_unref(robust);
    smr_robust_unref(other);
    study_free(&s);
    free(csv);
}

/* Every measure by hand from the histogram. */
TEST(measures_follow_from_the_histogram) {
    study s = study_make(three, five_csv, NULL, "{'factors': [{'vary': 'weights', 'distribution': 'uniform'}]}");
    smr_robust *robust = run(&s, 997);
    for (size_t region = 0; region < FIVE; region++) {
        uint64_t counts[FIVE + 1], total = 0;
        smr_error error = unit_error();
        expect_ok(smr_robust_histogram(robust, 0, region, counts, FIVE + 1, &error), &error);
        const double base = value(robust, SMR_ROBUST_RANK, 0, 0, region);
        double sum = 0, shift = 0, best = 0, worst = 0, p05 = 0, p50 = 0, p95 = 0;
        for (size_t rank = 1; rank <= FIVE; rank++) {
            if (counts[rank] == 0) {
                continue;
            }
            const uint64_t before = total;
            total += counts[rank];
            sum += (double)(rank * counts[rank]);
            shift += fabs((double)rank - base) * (double)counts[rank];
            best = best > 0 ? best : (double)rank;
            worst = (double)rank;
            p05 = before < 50 && total >= 50 ? (double)rank : p05; /* 0.05 x 997 = 49.85 */
            p50 = before < 499 && total >= 499 ? (double)rank : p50;
            p95 = before < 948 && total >= 948 ? (double)rank : p95; /* 947.15 */
        }
        expect_equal_uint(total, 997);
        expect_near(value(robust, SMR_ROBUST_RANK_MEAN, 0, 0, region), sum / 997, 1e-12);
        expect_near(value(robust, SMR_ROBUST_RANK_SHIFT, 0, 0, region), shift / 997, 1e-12);
        expect_near(value(robust, SMR_ROBUST_RANK_BEST, 0, 0, region), best, 0);
        expect_near(value(robust, SMR_ROBUST_RANK_WORST, 0, 0, region), worst, 0);
        expect_near(value(robust, SMR_ROBUST_RANK_QUANTILE, 0.05, 0, region), p05, 0);
        expect_near(value(robust, SMR_ROBUST_RANK_QUANTILE, 0.5, 0, region), p50, 0);
        expect_near(value(robust, SMR_ROBUST_RANK_QUANTILE, 0.95, 0, region), p95, 0);
        expect_near(value(robust, SMR_ROBUST_RANK_QUANTILE, 0, 0, region), best, 0);
        expect_near(value(robust, SMR_ROBUST_RANK_QUANTILE, 1, 0, region), worst, 0);
        expect_near(value(robust, SMR_ROBUST_RANK_TOP, 2, 0, region), (double)(counts[1] + counts[2]) / 997, 1e-15);
        expect_near(value(robust, SMR_ROBUST_RANK_TOP, 7, 0, region), 1, 0);
    }
    smr_robust_unref(robust);
    study_free(&s);
}

/* Scores on different scales have no mean; a scale that all share has one. */
TEST(scores_of_other_scales_are_not_pooled) {
    study s = study_make(deep, "region,x1,x2,x3,x4,x5,x6\nA,1,2,3,4,5,6\nB,3,1,2,6,3,9\nC,2,9,5,1,2,7\n", NULL, deep_spec);
    s.options.outputs = SMR_ROBUST_SCORES;
    smr_robust *robust = run(&s, 500);
    expect_nan(value(robust, SMR_ROBUST_SCORE_MEAN, 0, 0, 0));
    expect_nan(value(robust, SMR_ROBUST_SCORE_QUANTILE, 0.5, 0, 0));
    expect_nan(smr_robust_cell_width(robust, 0));
    expect(value(robust, SMR_ROBUST_RANK_MEAN, 0, 0, 0) >= 1);
    smr_robust_unref(robust);
    study_free(&s);
    s = study_make(deep, "region,x1,x2,x3,x4,x5,x6\nA,1,2,3,4,5,6\nB,3,1,2,6,3,9\nC,2,9,5,1,2,7\n", NULL,
                   "{'factors': [{'vary': 'aggregate.method', 'alternatives': ['arithmetic', 'geometric']}]}");
    s.options.outputs = SMR_ROBUST_SCORES;
    robust = run(&s, 500);
    expect_near(smr_robust_cell_width(robust, 0), 99.0 / 4096, 1e-12);
    expect(value(robust, SMR_ROBUST_SCORE_MEAN, 0, 0, 0) > 1);
    smr_robust_unref(robust);
    study_free(&s);
}

/* ---- refusals ---- */

TEST(bad_specs_name_the_factor) {
    static const struct {
        const char *spec;
        int32_t code;
        const char *words;
    } bad[] = {
        {"{'factors': []}", SMR_MESSAGE_SPEC_NO_FACTORS, "factors"},
        {"{'factor': []}", SMR_MESSAGE_SPEC_KEY_UNKNOWN, "did you mean \"factors\""},
        {"{'factors': 3}", SMR_MESSAGE_SPEC_VALUE, "factors"},
        {"{'factors': ['w']}", SMR_MESSAGE_SPEC_VALUE, "factors[0]"},
        {"{'factors': [{'id': 'W'}]}", SMR_MESSAGE_SPEC_VALUE, "factor \"W\""},
        {"{'factors': [{'id': 'W', 'vary': 'wights'}]}", SMR_MESSAGE_FACTOR_UNKNOWN, "\"weights\""},
        {"{'factors': [{'id': 'W', 'vary': 'weights'}]}", SMR_MESSAGE_SPEC_VALUE, "\"W\""},
        {"{'factors': [{'id': 'W', 'vary': 'weights', 'distribution': 'normal'}]}", SMR_MESSAGE_SPEC_VALUE, "\"W\""},
        {"{'factors': [{'id': 'W', 'vary': 'weights', 'distribution': 'noise', 'percent': 101}]}",
         SMR_MESSAGE_SPEC_VALUE, "\"W\""},
        {"{'factors': [{'id': 'W', 'vary': 'weights', 'distribution': 'uniform', 'percent': 10}]}",
         SMR_MESSAGE_SPEC_VALUE, "\"W\""},
        {"{'factors': [{'id': 'W', 'vary': 'weights', 'distribution': 'dirichlet'}]}", SMR_MESSAGE_SPEC_VALUE, "\"W\""},
        {"{'factors': [{'id': 'W', 'vary': 'weights', 'distribution': 'noise', 'nodes': ['x']}]}",
         SMR_MESSAGE_FACTOR_NODE_UNKNOWN, "\"W\""},
        {"{'factors': [{'id': 'W', 'vary': 'weights', 'distribution': 'noise', 'spread': 1}]}",
         SMR_MESSAGE_SPEC_KEY_UNKNOWN, "\"W\""},
        {"{'factors': [{'id': 'W', 'vary': 'leave_out'}, {'id': 'W', 'vary': 'leave_out'}]}", SMR_MESSAGE_FACTOR_TWICE,
         "\"W\""},
        {"{'factors': [{'id': 'A', 'vary': 'normalise', 'alternatives': []}]}", SMR_MESSAGE_FACTOR_NO_ALTERNATIVES,
         "\"A\""},
        {"{'factors': [{'id': 'A', 'vary': 'normalise'}]}", SMR_MESSAGE_FACTOR_NO_ALTERNATIVES, "\"A\""},
        {"{'factors': [{'id': 'A', 'vary': 'normalise', 'alternatives': ['minmax', 'astrology']}]}",
         SMR_MESSAGE_FACTOR_ALTERNATIVE_FAILS, "\"A\": every draw of alternative 2"},
        {"{'factors': [{'id': 'A', 'vary': 'treat.max_pints', 'alternatives': [1]}]}",
         SMR_MESSAGE_FACTOR_ALTERNATIVE_FAILS, "\"A\": every draw of alternative 1"},
        {"{'factors': [{'id': 'G', 'vary': 'aggregate.method', 'alternatives': ['arithmetic', 'geometric']}, "
         "{'id': 'N', 'vary': 'normalise', 'alternatives': [{'method': 'minmax'}]}]}",
         SMR_MESSAGE_FACTOR_ALTERNATIVE_FAILS, "\"G\": every draw of alternative 2"},
        {"{'factors': [{'id': 'B', 'vary': 'weights', 'distribution': 'box', 'low': 0.5}]}", SMR_MESSAGE_FACTOR_INFEASIBLE,
         "\"B\""},
        {"{'factors': [{'id': 'B', 'vary': 'weights', 'distribution': 'box', 'high': 0.2}]}",
         SMR_MESSAGE_FACTOR_INFEASIBLE, "\"B\""},
        {"{'factors': [{'id': 'B', 'vary': 'weights', 'distribution': 'box', 'low': {'x': 0.5}}]}",
         SMR_MESSAGE_FACTOR_WEIGHT_OUTSIDE, "\"B\": the weight of \"x\""},
        {"{'factors': [{'id': 'B', 'vary': 'weights', 'distribution': 'box', 'low': 0.3, 'high': 0.1}]}",
         SMR_MESSAGE_FACTOR_INFEASIBLE, "\"B\""},
        {"{'factors': [{'id': 'O', 'vary': 'weights', 'distribution': 'ordered', 'order': ['x', 'y']}]}",
         SMR_MESSAGE_FACTOR_NODE_UNKNOWN, "\"O\""},
        {"{'factors': [{'id': 'O', 'vary': 'weights', 'distribution': 'ordered', 'order': ['x', 'q']}]}",
         SMR_MESSAGE_FACTOR_NODE_UNKNOWN, "\"O\""},
        {"{'factors': [{'id': 'P', 'vary': 'goalposts'}]}", SMR_MESSAGE_SPEC_VALUE, "\"P\""},
        {"{'factors': [{'id': 'P', 'vary': 'goalposts', 'percent': 50}]}", SMR_MESSAGE_SPEC_VALUE, "\"P\""},
        {"{'factors': [{'id': 'D', 'vary': 'data'}]}", SMR_MESSAGE_FACTOR_NO_EFFECT, "\"D\""},
        {"{'factors': [{'id': 'D', 'vary': 'data', 'sd': -1}]}", SMR_MESSAGE_SPEC_VALUE, "\"D\""},
        {"{'factors': [{'id': 'L', 'vary': 'leave_out', 'level': 'pillar'}]}", SMR_MESSAGE_SPEC_VALUE, "\"L\""},
        {"{'factors': [{'id': 'L', 'vary': 'leave_out', 'nodes': ['i']}]}", SMR_MESSAGE_SPEC_VALUE, "\"L\""},
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        refused(three, five_csv, NULL, bad[i].spec, bad[i].code, bad[i].words);
    }
    refused("{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'x', 'weight': 1}, {'id': 'y', 'weight': 3}]}",
            "region,x,y\nA,1,2\nB,2,1\n", NULL,
            "{'factors': [{'id': 'O', 'vary': 'weights', 'distribution': 'ordered', 'order': ['x', 'y']}]}",
            SMR_MESSAGE_FACTOR_WEIGHT_OUTSIDE, "\"O\": the weight of \"x\"");
    refused(one_leaf, "region,x\nA,1\nB,2\n", NULL, "{'factors': [{'id': 'P', 'vary': 'goalposts', 'percent': 5}]}",
            SMR_MESSAGE_FACTOR_NO_EFFECT, "\"P\"");
}

TEST(bad_spec_texts) {
    static const struct {
        const char *text;
        int32_t code;
    } bad[] = {{"[1]", SMR_MESSAGE_SPEC_SHAPE},
               {"{'draws': 0, 'factors': []}", SMR_MESSAGE_SPEC_VALUE},
               {"{'draws': 1.5}", SMR_MESSAGE_SPEC_VALUE},
               {"{'seed': -1}", SMR_MESSAGE_SPEC_VALUE},
               {"{'seed': 'x'}", SMR_MESSAGE_SPEC_VALUE}};
    for (size_t i = 0; i < COUNT(bad); i++) {
        smr_uncertainty *spec = NULL;
        smr_error error = unit_error();
        char *json = api_json(bad[i].text);
        expect_fails(smr_uncertainty_read(NULL, json, strlen(json), "s.json", &spec, &error), &error, bad[i].code);
        expect(spec == NULL);
        expect_text(error.source, "s.json");
        free(json);
    }
    smr_uncertainty *spec = spec_of("{'draws': 77, 'seed': 0, 'factors': [{'vary': 'leave_out'}]}");
    expect_equal_uint(smr_uncertainty_draws(spec, 5), 77);
    expect_equal_uint(smr_uncertainty_seed(spec, 5), 0);
    expect(smr_uncertainty_ref(spec) == spec);
    smr_uncertainty_unref(spec);
    expect_equal_uint(smr_uncertainty_draws(NULL, 5), 5);
    expect_equal_uint(smr_uncertainty_seed(NULL, 5), 5);
    smr_uncertainty_unref(spec);
    smr_uncertainty_unref(NULL);
}

/* ---- interruption ---- */

static int32_t stop_halfway(uint64_t done, uint64_t total, void *user) {
    (void)user;
    return total < 1000 || done < total / 4;
}

TEST(an_interrupted_run_may_keep_what_it_did) {
    study s = study_make(three, five_csv, NULL, NULL);
    smr_context_options options;
    smr_context_options_init(&options, sizeof options);
    options.progress = stop_halfway;
    smr_context *context = NULL;
    smr_robust *robust = NULL;
    smr_error error = unit_error();
    expect_ok(smr_context_new(&options, &context, &error), &error);
    s.options.draws = 1000000;
    expect_fails(smr_robust_run(context, s.world.framework, s.world.dataset, s.world.plan, s.spec, &s.options, &robust,
                                &error),
                 &error, SMR_MESSAGE_CANCELLED);
    expect(robust == NULL);
    s.options.partial = 1;
    expect_ok(smr_robust_run(context, s.world.framework, s.world.dataset, s.world.plan, s.spec, &s.options, &robust,
                             &error),
              &error);
    expect_equal_int(smr_robust_is_partial(robust), 1);
    const uint64_t done = smr_robust_draw_count(robust);
    expect(done >= 250000 && done < 1000000);
    smr_robust *same = run(&s, done);
    expect_near(value(robust, SMR_ROBUST_RANK_MEAN, 0, 0, 2), value(same, SMR_ROBUST_RANK_MEAN, 0, 0, 2), 0);
    smr_robust_unref(same);
    smr_robust_unref(robust);
    smr_context_unref(context);
    study_free(&s);
}

typedef struct failing_write {
    size_t calls, fail_at;
} failing_write;

static int32_t write_until(const void *bytes, size_t length, void *user) {
    failing_write *failing = user;
    (void)bytes;
    expect(length > 0);
    return ++failing->calls == failing->fail_at;
}

/* ---- exact bounds ---- */

/* A is above all where x counts, B where y does; C lies below the line from A to B; D is below all; E has no score. */
static const char corner[] = "{'id': 'i', 'plan': {'normalise': 'none', 'missing': {'policy': 'fail'}}, 'children': ["
                             "{'id': 'p', 'children': [{'id': 'x'}, {'id': 'y'}]}, {'id': 'q'}]}";
static const char corner_data[] = "region,period,x,y,q\nA,2020,1,2,9\nD,2021,0,0,3\nA,2021,10,0,3\nE,2021,,1,3\n"
                                  "B,2021,0,10,3\nC,2021,4,4,3\n";

/* Draws that see little: the bounds hold beyond them, at every node, in the order of the data. */
TEST(exact_bounds_hold_over_all_weights) {
    static const double best[] = {3, 1, NAN, 1, 2}, worst[] = {4, 3, NAN, 3, 3};
    study s = study_make(corner, corner_data, NULL, "{'factors': [{'vary': 'weights', 'distribution': 'uniform'}]}");
    s.options.nodes = SMR_ROBUST_CRITERIA;
    smr_robust *seen = run(&s, 2);
    s.options.exact_bounds = 1;
    smr_robust *exact = run(&s, 2), *later = run_in(NULL, &s, 2, 2);
    expect(smr_robust_is_exact(exact) == 1 && smr_robust_is_exact(seen) == 0);
    expect(smr_robust_unproven(exact) == 0 && smr_robust_unproven(seen) == 0);
    expect_equal_uint(smr_robust_region_count(exact), 6 - 1);
    int differ = 0;
    for (size_t region = 0; region < 5; region++) {
        for (size_t node = 0; node < 2; node++) {
            if (best[region] != best[region]) {
                expect_nan(value(exact, SMR_ROBUST_RANK_BEST, 0, node, region));
                expect_nan(value(exact, SMR_ROBUST_RANK_WORST, 0, node, region));
                continue;
            }
            /* where q alone counts all are tied */
            expect_near(value(exact, SMR_ROBUST_RANK_BEST, 0, node, region), node ? best[region] : 1, 0);
            expect_near(value(exact, SMR_ROBUST_RANK_WORST, 0, node, region), worst[region], 0);
            differ += value(seen, SMR_ROBUST_RANK_WORST, 0, node, region) != worst[region];
        }
        if (best[region] == best[region]) {
            expect_near(value(exact, SMR_ROBUST_RANK_BEST, 0, 2, region), 1, 0);
            expect_near(value(exact, SMR_ROBUST_RANK_WORST, 0, 2, region), 1, 0);
        }
    }
    expect(differ > 0);

    /* a sum has the bounds of a part, wherever it stands; bytes carry none */
    expect_same_text(part_of(exact), part_of(seen));
    smr_robust *sum = NULL;
    smr_error error = unit_error();
    for (int turn = 0; turn < 2; turn++) {
        const smr_robust *parts[] = {turn ? later : seen, turn ? seen : later};
        expect_ok(smr_robust_merge(NULL, parts, 2, &sum, &error), &error);
        expect(smr_robust_is_exact(sum) == 1);
        expect_near(value(sum, SMR_ROBUST_RANK_WORST, 0, 0, 0), 4, 0);
        expect_near(value(sum, SMR_ROBUST_RANK_WORST, 0, 1, 4), 3, 0);
        smr_robust_unref(sum);
    }
    smr_robust_unref(seen);
    smr_robust_unref(exact);
    smr_robust_unref(later);
    study_free(&s);
}

TEST(every_write_fails_once) {
    static smr_status (*const writings[])(const smr_robust *, smr_write_callback, void *, smr_error *) = {
        smr_robust_write_csv, smr_robust_write_json, smr_robust_write_part};
    char *csv = api_random_csv(60, deep_ids, COUNT(deep_ids), 3, 0.1);
    study s = study_make(deep, csv, NULL, deep_spec);
    smr_robust *robust = run(&s, 100);
    for (size_t i = 0; i < COUNT(writings); i++) {
        failing_write fine = {0, 0};
        smr_error error = unit_error();
        expect_ok(writings[i](robust, write_until, &fine, &error), &error);
        expect(fine.calls > 1);
        for (size_t call = 1; call <= fine.calls; call++) {
            failing_write failing = {0, call};
            expect_fails(writings[i](robust, write_until, &failing, &error), &error, SMR_MESSAGE_WRITE_FAILED);
            expect_equal_uint(failing.calls, call);
        }
    }
    smr_robust_unref(robust);
    study_free(&s);
    free(csv);
}

/* ---- stages of a funnel ---- */

static smr_funnel *funnel_of(const char *text) {
    smr_funnel *funnel = NULL;
    smr_error error = unit_error();
    char *json = api_json(text);
    expect_ok(smr_funnel_read(NULL, json, strlen(json), "funnel.json", &funnel, &error), &error);
    free(json);
    return funnel;
}

static double chance(const smr_robust *robust, size_t stage, size_t region) {
    double shares[64];
    smr_error error = unit_error();
    expect_ok(smr_robust_stage_probability(robust, stage, shares, smr_robust_region_count(robust), &error), &error);
    return shares[region];
}

static void expect_share(double found, double exact, double draws) {
    expect_near(found, exact, 4.5 * sqrt(exact * (1 - exact) / draws) + 1e-12);
}

static const char pair[] = "{'id': 'i', 'plan': {'normalise': {'method': 'goalposts', 'range': [0, 100]}}, 'children': ["
                           "{'id': 'x', 'worst': 0, 'best': 100}, {'id': 'y', 'worst': 0, 'best': 100}]}";
static const char pair_csv[] = "region,x,y,marks\nA,80,20,0\nB,50,50,10\nC,20,80,10\nD,90,5,10\n";
static const char uniform_spec[] = "{'factors': [{'id': 'w', 'vary': 'weights', 'distribution': 'uniform'}]}";
/* With w = w_x uniform on (0, 1) the indices are A 20 + 60 w, B 50, C 80 - 60 w, D 5 + 85 w.
 * one: index 40 at least and no criterion below 10 (D never): A above w = 1/3, B always, C below 2/3; the best two of them:
 *   w < 1/3: B, C. 1/3 < w < 1/2: C and B, as A < 50. 1/2 < w < 2/3: A and B, as C < 50. Above: A and B.
 * two: the one with the greater mean of index and marks (0 to 10 is 0 to 100): B (50 + 100)/2; C is ahead below 1/2. */
static const char pair_funnel[] =
    "{'stages': [{'id': 'zero', 'gates': {'index': 40, 'criteria': 10}}, {'id': 'one', 'keep': 2}, "
    "{'id': 'two', 'keep': 1, 'score': {'previous': 0.5, 'marks': {'weight': 0.5, 'scale': [0, 10]}}}]}";

TEST(stages_are_passed_as_often_as_intervals_of_weights_are_long) {
    enum { DRAWS = 200000 };
    static const double exact[3][4] = {{2 / 3.0, 1, 2 / 3.0, 0}, {0.5, 1, 0.5, 0}, {0, 0.5, 0.5, 0}};
    study s = study_make(pair, pair_csv, NULL, uniform_spec);
    smr_funnel *funnel = funnel_of(pair_funnel);
    s.options.funnel = funnel;
    smr_robust *robust = run(&s, DRAWS);
    expect_equal_uint(smr_robust_stage_count(robust), 3);
    expect_text(smr_robust_stage_id(robust, 2), "two");
    expect(smr_robust_stage_id(robust, 3) == NULL);
    for (size_t stage = 0; stage < 3; stage++) {
        for (size_t region = 0; region < 4; region++) {
            expect_share(chance(robust, stage, region), exact[stage][region], DRAWS);
        }
    }
    /* Keeping n by the index alone is a rank of n or better. */
    smr_funnel_unref(funnel);
    funnel = funnel_of("{'stages': [{'id': 'b', 'keep': 2}, {'id': 'a', 'keep': 1}]}");
    s.options.funnel = funnel;
    smr_robust *plain = run(&s, 4096);
    for (size_t region = 0; region < 4; region++) {
        expect_near(chance(plain, 0, region), value(plain, SMR_ROBUST_RANK_TOP, 2, 0, region), 0);
        expect_near(chance(plain, 1, region), value(plain, SMR_ROBUST_RANK_TOP, 1, 0, region), 0);
    }
    smr_robust_unref(plain);
    smr_robust_unref(robust);
    smr_funnel_unref(funnel);
    study_free(&s);
}

/* The index of an alternative has a range of its own, and the marks are mixed on that. */
TEST(marks_are_mixed_on_the_range_of_the_alternative) {
    study s = study_make(pair, "region,x,y,marks\nA,80,20,10\nB,50,50,4\nC,20,80,0\n", NULL,
                         "{'factors': [{'id': 'n', 'vary': 'normalise', 'alternatives': [{'method': 'goalposts', "
                         "'range': [0, 100]}, {'method': 'goalposts', 'range': [0, 1]}]}]}");
    smr_funnel *funnel = funnel_of("{'stages': [{'id': 'm', 'gates': {'score': 0.6}, 'score': {'index': 0.5, 'marks': "
                                   "{'weight': 0.5, 'scale': [0, 10]}}}]}");
    s.options.funnel = funnel;
    smr_robust *robust = run(&s, 2000);
    uint64_t draws = 0;
    expect_equal_int(smr_robust_alternative(robust, 0, 0, &draws, NULL), 1);
    /* All indices are the middle. On 0 to 100 scores are 75, 45 and 25; on 0 to 1 they are 0.75, 0.45 and 0.25. */
    expect_near(chance(robust, 0, 0), 1, 0);
    expect_near(chance(robust, 0, 1), (double)draws / 2000, 0);
    expect_near(chance(robust, 0, 2), (double)draws / 2000, 0);
    smr_robust_unref(robust);
    smr_funnel_unref(funnel);
    study_free(&s);
}

static const char jury_csv[] = "juror,rank,region\nj,1,D\nj,2,A\nj,3,B\nk,1,D\nk,2,C\n";

static smr_ballots *jury_of(const char *text) {
    smr_ballots *ballots = NULL;
    smr_error error = unit_error();
    api_source source = {text, strlen(text), 7, 0};
    expect_ok(smr_ballots_read_csv(NULL, api_source_read, &source, "jury.csv", &ballots, &error), &error);
    return ballots;
}

TEST(stages_of_ranges_merge_to_the_same_bytes) {
    study s = study_make(pair, pair_csv, NULL,
                         "{'factors': [{'id': 'w', 'vary': 'weights', 'distribution': 'uniform'}, {'vary': "
                         "'aggregate.method', 'alternatives': ['arithmetic', 'median']}, {'vary': 'data', "
                         "'relative_sd': 0.2}]}");
    smr_funnel *funnel = funnel_of("{'stages': [{'id': 'one', 'keep': 3, 'gates': {'nodes': {'x': 15}}}, {'id': 'two', "
                                   "'keep': 1, 'score': {'previous': 0.3, 'ballots': 0.7}}]}");
    smr_ballots *jury = jury_of(jury_csv);
    const smr_ballots *const of_stages[] = {NULL, jury};
    s.options.funnel = funnel;
    s.options.ballots = of_stages;
    s.options.ballot_count = 2;
    smr_robust *whole = run(&s, 3000), *read = NULL, *merged = NULL;
    for (uint32_t threads = 2; threads <= 8; threads += 6) {
        smr_context *context = api_context(threads, NULL);
        smr_robust *other = run_in(context, &s, 0, 3000);
        expect_same(whole, other);
        smr_robust_unref(other);
        smr_context_unref(context);
    }
    smr_robust *low = run_in(NULL, &s, 0, 1001), *high = run_in(NULL, &s, 1001, 1999);
    smr_error error = unit_error();
    api_text bytes = part_of(low);
    expect_ok(smr_robust_read_part(NULL, s.world.framework, s.world.dataset, s.world.plan, s.spec, bytes.bytes,
                                   bytes.length, &read, &error), &error);
    const smr_robust *const parts[] = {high, read};
    expect_ok(smr_robust_merge(NULL, parts, 2, &merged, &error), &error);
    expect_same(whole, merged);
    double sum = 0;
    for (size_t region = 0; region < 4; region++) {
        sum += chance(merged, 1, region);
        expect(chance(merged, 1, region) <= chance(merged, 0, region));
    }
    expect_near(sum, 1, 1e-12); /* one winner a draw: nothing ties */
    /* every cut of the bytes is refused */
    for (size_t length = 0; length < bytes.length; length++) {
        smr_robust *none = NULL;
        expect(smr_robust_read_part(NULL, s.world.framework, s.world.dataset, s.world.plan, s.spec, bytes.bytes, length,
                                    &none, &error) != SMR_OK);
        length += length > 300 && length + 300 < bytes.length ? 97 : 0;
    }
    bytes.bytes[bytes.length - 1] ^= 0x7f; /* the count of the last region: more draws than there are */
    smr_robust *spoilt = NULL;
    expect_fails(smr_robust_read_part(NULL, s.world.framework, s.world.dataset, s.world.plan, s.spec, bytes.bytes,
                                      bytes.length, &spoilt, &error), &error, SMR_MESSAGE_ROBUST_BYTES);
    /* other ballots, other gates or no funnel are another study */
    static const char other_jury[] = "juror,rank,region\nj,1,D\nj,2,A\nj,3,B\nk,1,C\nk,2,D\n";
    smr_ballots *others = jury_of(other_jury);
    const smr_ballots *const of_others[] = {NULL, others};
    smr_robust *none = NULL;
    s.options.ballots = of_others;
    smr_robust *differs = run_in(NULL, &s, 1001, 10);
    expect_fails(smr_robust_merge(NULL, (const smr_robust *const[]){low, differs}, 2, &none, &error), &error,
                 SMR_MESSAGE_ROBUST_PART_DIFFERS);
    smr_robust_unref(differs);
    s.options.funnel = NULL;
    s.options.ballots = NULL;
    s.options.ballot_count = 0;
    differs = run_in(NULL, &s, 1001, 10);
    expect_fails(smr_robust_merge(NULL, (const smr_robust *const[]){low, differs}, 2, &none, &error), &error,
                 SMR_MESSAGE_ROBUST_PART_DIFFERS);
    expect_equal_uint(smr_robust_stage_count(differs), 0);
    smr_robust_unref(differs);
    api_text_free(&bytes);
    smr_ballots_unref(others);
    smr_ballots_unref(jury);
    smr_robust_unref(merged);
    smr_robust_unref(read);
    smr_robust_unref(low);
    smr_robust_unref(high);
    smr_robust_unref(whole);
    smr_funnel_unref(funnel);
    study_free(&s);
}

/* Ranks, their json and their bytes are those without a funnel; only the stages come on top. */
TEST(a_funnel_changes_nothing_else) {
    study s = study_make(pair, pair_csv, NULL, uniform_spec);
    smr_robust *without = run(&s, 500);
    smr_funnel *funnel = funnel_of(pair_funnel);
    s.options.funnel = funnel;
    smr_robust *with = run(&s, 500);
    api_text a = part_of(without), b = part_of(with);
    expect_bytes(a.bytes, "smrrb001", 8);
    expect_bytes(b.bytes, "smrrb002", 8);
    expect(b.length > a.length);
    expect_bytes(b.bytes + 8, a.bytes + 8, a.length - 8);
    api_text_free(&a);
    api_text_free(&b);
    smr_robust_unref(without);
    smr_robust_unref(with);
    smr_funnel_unref(funnel);
    study_free(&s);
}

static void refused_funnel(const char *csv, int32_t nodes, const char *plan, const char *spec, const char *text,
                           int32_t code) {
    study s = study_make(pair, csv, plan, spec);
    smr_funnel *funnel = funnel_of(text);
    smr_robust *robust = NULL;
    smr_error error = unit_error();
    s.options.funnel = funnel;
    s.options.nodes = nodes;
    s.options.draws = 10;
    expect_fails(smr_robust_run(NULL, s.world.framework, s.world.dataset, s.world.plan, s.spec, &s.options, &robust,
                                &error), &error, code);
    expect(robust == NULL);
    smr_funnel_unref(funnel);
    study_free(&s);
}

/* An alternative that ranks the lowest index first has no best regions for a funnel: its draws fail, and are counted. */
TEST(draws_whose_funnel_fails_are_counted) {
    study s = study_make(pair, "region,x,y\nA,80,70\nB,50,50\nC,20,10\n", NULL,
                         "{'factors': [{'id': 'm', 'vary': 'aggregate.method', 'alternatives': ['arithmetic', "
                         "'wroclaw']}]}");
    smr_funnel *funnel = funnel_of("{'stages': [{'id': 'a', 'keep': 2}, {'id': 'b', 'gates': {'index': 60}}]}");
    s.options.funnel = funnel;
    smr_robust *robust = run(&s, 1000);
    smr_robust_failure failure;
    smr_robust_failure_init(&failure, sizeof failure);
    smr_error error = unit_error();
    uint64_t draws = 0, failed = 0;
    expect_equal_int(smr_robust_alternative(robust, 0, 0, NULL, &failed), 1);
    expect_equal_uint(failed, 0);
    expect_equal_int(smr_robust_alternative(robust, 0, 1, &draws, &failed), 1);
    expect(draws > 400 && draws == failed);
    expect_equal_uint(smr_robust_failed_count(robust), failed);
    expect_ok(smr_robust_failure_get(robust, 0, &failure, &error), &error);
    expect_equal_int(failure.code, SMR_MESSAGE_SELECT_LOWEST_FIRST);
    expect_near(value(robust, SMR_ROBUST_RANK_TOP, 1, 0, 0), 1, 0);
    static const double exact[2][3] = {{1, 1, 0}, {1, 0, 0}};
    for (size_t stage = 0; stage < 2; stage++) {
        for (size_t region = 0; region < 3; region++) {
            expect_near(chance(robust, stage, region), exact[stage][region], 0);
        }
    }
    smr_robust_unref(robust);
    smr_funnel_unref(funnel);
    study_free(&s);
}

TEST(funnels_that_draws_cannot_run_are_refused) {
    refused_funnel(pair_csv, SMR_ROBUST_INDEX, NULL, uniform_spec, pair_funnel, SMR_MESSAGE_ROBUST_STAGE_NODE);
    refused_funnel("region,period,x,y\nA,2019,1,2\nA,2020,2,1\nB,2020,3,3\n", SMR_ROBUST_CRITERIA, NULL, uniform_spec,
                   "{'eligible': {'max_age_years': 3, 'age_column': 'period'}, 'stages': [{'id': 'a', 'keep': 1}]}",
                   SMR_MESSAGE_ROBUST_STAGE_PERIOD);
    refused_funnel(pair_csv, SMR_ROBUST_CRITERIA, NULL, uniform_spec,
                   "{'stages': [{'id': 'a', 'keep': 1, 'score': {'lost': 1}}]}", SMR_MESSAGE_SELECT_NAME_UNKNOWN);
    refused_funnel(pair_csv, SMR_ROBUST_CRITERIA, NULL, uniform_spec,
                   "{'stages': [{'id': 'a', 'keep': 1, 'score': {'ballots': 1}}]}", SMR_MESSAGE_SELECT_BALLOTS_MISSING);
}

static const unit_test tests[] = {
    UNIT(acceptability_is_the_share_of_the_weight_space),
    UNIT(central_weights_are_the_centre_of_the_winning_weights),
    UNIT(the_same_bytes_however_a_million_draws_are_run),
    UNIT(the_same_bytes_with_every_kernel),
    UNIT(parts_travel_as_bytes),
    UNIT(seeds),
    UNIT(noise_of_nothing_is_the_plan),
    UNIT(one_alternative_is_its_plan),
    UNIT(failed_draws_are_counted),
    UNIT(leaving_one_out_is_a_framework_without_it),
    UNIT(an_emptied_criterion_is_no_missing_one),
    UNIT(leaving_out_under_benefit_of_the_doubt),
    UNIT(one_period_is_ranked),
    UNIT(errors_of_the_data_are_normal),
    UNIT(qualifiers_say_where_a_value_may_lie),
    UNIT(goalposts_move_by_a_share_of_their_distance),
    UNIT(imputed_values_are_drawn_around_what_the_method_fills_in),
    UNIT(intervals_cover),
    UNIT(measures_follow_from_the_histogram),
    UNIT(scores_of_other_scales_are_not_pooled),
    UNIT(bad_specs_name_the_factor),
    UNIT(bad_spec_texts),
    UNIT(exact_bounds_hold_over_all_weights),
    UNIT(every_write_fails_once),
    UNIT(an_interrupted_run_may_keep_what_it_did),
    UNIT(stages_are_passed_as_often_as_intervals_of_weights_are_long),
    UNIT(marks_are_mixed_on_the_range_of_the_alternative),
    UNIT(stages_of_ranges_merge_to_the_same_bytes),
    UNIT(a_funnel_changes_nothing_else),
    UNIT(draws_whose_funnel_fails_are_counted),
    UNIT(funnels_that_draws_cannot_run_are_refused),
};
UNIT_SUITE(robust, tests)
