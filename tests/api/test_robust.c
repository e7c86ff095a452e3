/* SPDX-License-Identifier: MIT */
/* Robustness: shares against exact volumes, and the same bytes however the draws are run.
 *
 * What is compared are 4.5 standard errors at most; with the numbers of draws used here that finds a share that is off by
 * half a per cent. */
#include "robust_study.h"

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
};
UNIT_SUITE(robust, tests)
