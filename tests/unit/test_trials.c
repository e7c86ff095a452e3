/* SPDX-License-Identifier: MIT */
/* Trials: weights that are drawn have the distribution that the spec names; a draw is a function of its point alone.
 *
 * Distributions are tested by chi-square over cells of equal probability, with fixed seeds: a test asks for p > 0.001.
 * With 200,000 draws in 25 cells it finds (power above 0.99) any distribution whose cells are off by more than 2 % in
 * the mean square, as `U(0,1) divided by the sum` is by far, which one test shows. */
#include <stdio.h>
#include <stdlib.h>

#include "study/robust_impl.h"
#include "unit.h"

enum { DRAWS = 200000 };

static char *quoted(const char *text) {
    char *copy = malloc(strlen(text) + 1);
    strcpy(copy, text);
    for (char *c = copy; *c; c++) {
        *c = *c == '\'' ? '"' : *c;
    }
    return copy;
}

typedef struct source {
    const char *text;
    size_t rest;
} source;

static int64_t read_source(void *buffer, size_t size, void *user) {
    source *s = user;
    const size_t length = SMRI_MIN(size, s->rest);
    memcpy(buffer, s->text, length);
    s->text += length;
    s->rest -= length;
    return (int64_t)length;
}

typedef struct fixture {
    smr_framework *framework;
    smr_dataset *dataset;
    smr_uncertainty *spec;
    smri_trials *trials;
    smri_trials_workspace *workspace;
    smri_trial_results results;
    double *points;
} fixture;

static fixture make(const char *tree, const char *csv, const char *spec) {
    fixture f = {.framework = NULL};
    smr_error error = unit_error();
    char *tree_json = quoted(tree), *spec_json = quoted(spec);
    expect_ok(smr_framework_read(NULL, tree_json, strlen(tree_json), NULL, &f.framework, &error), &error);
    smr_csv_options csv_options;
    smr_csv_options_init(&csv_options, sizeof csv_options);
    csv_options.framework = f.framework;
    source s = {csv, strlen(csv)};
    expect_ok(smr_dataset_read_csv(NULL, read_source, &s, &csv_options, &f.dataset, &error), &error);
    expect_ok(smr_uncertainty_read(NULL, spec_json, strlen(spec_json), NULL, &f.spec, &error), &error);
    const smri_trials_options options = {.nodes = SMRI_TRIALS_ALL, .spec = f.spec->spec};
    expect_ok(smri_trials_new(unit_context(), f.framework, f.dataset, NULL, &options, &f.trials, &error), &error);
    f.workspace = smri_trials_workspace_new(f.trials);
    expect(f.workspace != NULL);
    const size_t cells = (size_t)f.trials->node_count * f.trials->region_count * SMRI_LANES;
    f.results.scores = calloc(cells, sizeof *f.results.scores);
    f.results.weights = calloc(f.framework->node_count * SMRI_LANES, sizeof *f.results.weights);
    f.results.errors = calloc(SMRI_LANES, sizeof *f.results.errors);
    for (size_t l = 0; l < SMRI_LANES; l++) {
        smr_error_init(&f.results.errors[l], sizeof *f.results.errors);
    }
    f.points = calloc((f.trials->dimension_count + 1) * SMRI_LANES, sizeof *f.points);
    free(tree_json);
    free(spec_json);
    return f;
}

static void give_back(fixture *f) {
    free(f->results.scores);
    free(f->results.weights);
    free(f->results.errors);
    free(f->points);
    smri_trials_workspace_free(f->workspace);
    smri_trials_free(f->trials);
    smr_uncertainty_unref(f->spec);
    smr_dataset_unref(f->dataset);
    smr_framework_unref(f->framework);
}

/* Runs the draws from `first` on, as many as there are lanes. */
static void run_chunk(fixture *f, uint64_t seed, uint64_t first) {
    uint64_t draws[SMRI_LANES];
    smr_error error = unit_error();
    for (size_t l = 0; l < SMRI_LANES; l++) {
        draws[l] = first + l;
    }
    smri_trials_draw(f->trials, seed, draws, SMRI_LANES, f->points);
    expect_ok(smri_trials_run(f->trials, f->workspace, f->points, SMRI_LANES, &f->results, &error), &error);
}

static double weight(const fixture *f, const char *id, size_t lane) {
    return f->results.weights[smri_table_find(&f->framework->ids, id, strlen(id)) * SMRI_LANES + lane];
}

/* ---- chi-square ---- */

enum { SIDES = 5, CELLS = SIDES * SIDES };

/* Which of SIDES^2 triangles of one size a point of the triangle lies in, by its barycentric coordinates. */
static size_t cell_of(double a, double b, double c) {
    const double sum = a + b + c;
    const size_t i = SMRI_MIN((size_t)(a / sum * SIDES), SIDES - 1), k = SMRI_MIN((size_t)(b / sum * SIDES), SIDES - 1);
    const size_t m = SMRI_MIN((size_t)(c / sum * SIDES), SIDES - 1);
    const bool upright = i + k + m == SIDES - 1;
    /* upright ones first: 15 of them, then 10 that stand on their heads */
    size_t before = 0;
    for (size_t row = 0; row < i; row++) {
        before += upright ? SIDES - row : SIDES - 1 - row;
    }
    return (upright ? 0 : SIDES * (SIDES + 1) / 2) + before + k;
}

static double chi_square(const double *counts, const double *shares, size_t cells, double total) {
    double sum = 0, free_cells = -1;
    for (size_t i = 0; i < cells; i++) {
        const double expected = shares ? shares[i] * total : total / (double)cells;
        if (expected == 0) {
            expect_near(counts[i], 0, 0);
            continue;
        }
        sum += (counts[i] - expected) * (counts[i] - expected) / expected;
        free_cells++;
    }
    return smri_chi_square_p(sum, free_cells);
}

static const char family[] = "{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'x'}, {'id': 'y'}, "
                             "{'id': 'z'}]}";
static const char data[] = "region,x,y,z\nA,1,2,3\nB,3,1,2\n";

TEST(uniform_on_the_simplex) {
    fixture f = make(family, data, "{'factors': [{'vary': 'weights', 'distribution': 'uniform'}]}");
    double counts[CELLS] = {0}, wrong[CELLS] = {0};
    expect_equal_uint(f.trials->dimension_count, 3);
    for (uint64_t first = 0; first < DRAWS; first += SMRI_LANES) {
        run_chunk(&f, 3, first);
        for (size_t l = 0; l < SMRI_LANES; l++) {
            const double x = weight(&f, "x", l), y = weight(&f, "y", l), z = weight(&f, "z", l);
            expect_near(x + y + z, 1, 1e-15 * 4);
            counts[cell_of(x, y, z)]++;
            wrong[cell_of(f.points[l], f.points[SMRI_LANES + l], f.points[2 * SMRI_LANES + l])]++;
        }
    }
    expect(chi_square(counts, NULL, CELLS, DRAWS) > 0.001);
    /* the power of this test: uniform numbers divided by their sum are not uniform, and it tells */
    expect(chi_square(wrong, NULL, CELLS, DRAWS) < 1e-12);
    give_back(&f);
}

/* Over all leaves at once: the effective weights are uniform, whatever the tree. */
TEST(uniform_over_all_leaves) {
    fixture f = make("{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'a', 'children': [{'id': 'x'}, "
                     "{'id': 'y'}]}, {'id': 'b', 'children': [{'id': 'z'}]}]}",
                     data, "{'factors': [{'vary': 'weights', 'distribution': 'uniform', 'level': 'leaf'}]}");
    double counts[CELLS] = {0};
    for (uint64_t first = 0; first < DRAWS; first += SMRI_LANES) {
        run_chunk(&f, 4, first);
        for (size_t l = 0; l < SMRI_LANES; l++) {
            const double a = weight(&f, "a", l);
            counts[cell_of(a * weight(&f, "x", l), a * weight(&f, "y", l), weight(&f, "b", l) * weight(&f, "z", l))]++;
        }
    }
    expect(chi_square(counts, NULL, CELLS, DRAWS) > 0.001);
    give_back(&f);
}

/* In the order x >= y >= z the corners are (1,0,0), (1/2,1/2,0) and (1/3,1/3,1/3). */
TEST(uniform_in_an_order) {
    fixture f = make(family, data,
                     "{'factors': [{'vary': 'weights', 'distribution': 'ordered', 'order': ['z', 'x', 'y']}]}");
    fixture weak = make(family, data,
                        "{'factors': [{'vary': 'weights', 'distribution': 'ordered', 'order': ['y', ['x', 'z']]}]}");
    double counts[CELLS] = {0}, weak_counts[2][CELLS] = {{0}, {0}};
    for (uint64_t first = 0; first < DRAWS; first += SMRI_LANES) {
        run_chunk(&f, 5, first);
        run_chunk(&weak, 6, first);
        for (size_t l = 0; l < SMRI_LANES; l++) {
            const double most = weight(&f, "z", l), next = weight(&f, "x", l), least = weight(&f, "y", l);
            expect(most >= next && next >= least && least >= 0);
            counts[cell_of(most - next, 2 * (next - least), 3 * least)]++;
            const double x = weight(&weak, "x", l), y = weight(&weak, "y", l), z = weight(&weak, "z", l);
            const double high = SMRI_MAX(x, z), low = SMRI_MIN(x, z);
            expect(y >= high);
            weak_counts[x > z][cell_of(y - high, 2 * (high - low), 3 * low)]++;
        }
    }
    expect(chi_square(counts, NULL, CELLS, DRAWS) > 0.001);
    expect(chi_square(weak_counts[0], NULL, 2 * CELLS, DRAWS) > 0.001);
    give_back(&f);
    give_back(&weak);
}

/* Share of each cell of the simplex that lies in a box, by a fine grid of points in equal cells. */
static void box_shares(const double *low, const double *high, double *shares) {
    enum { FINE = 3000 };
    double total = 0;
    for (int i = 0; i < FINE; i++) {
        for (int k = 0; i + k < FINE; k++) {
            for (int turned = 0; turned < 2; turned++) {
                const double a = (i + (turned ? 2.0 : 1.0) / 3) / FINE, b = (k + (turned ? 2.0 : 1.0) / 3) / FINE;
                const double c = 1 - a - b;
                if (c < 0 || a < low[0] || a > high[0] || b < low[1] || b > high[1] || c < low[2] || c > high[2]) {
                    continue;
                }
                shares[cell_of(a, b, c)]++;
                total++;
            }
        }
    }
    for (size_t i = 0; i < CELLS; i++) {
        shares[i] /= total;
    }
}

TEST(uniform_in_a_box) {
    static const double low[3] = {0.2, 0.0, 0.2}, high[3] = {0.45, 0.6, 0.8};
    fixture f = make(family, data, "{'factors': [{'vary': 'weights', 'distribution': 'box', 'low': {'x': 0.2, 'z': 0.2}, "
                                   "'high': {'x': 0.45, 'y': 0.6, 'z': 0.8}}]}");
    double counts[CELLS] = {0}, shares[CELLS] = {0};
    box_shares(low, high, shares);
    for (uint64_t first = 0; first < DRAWS; first += SMRI_LANES) {
        run_chunk(&f, 7, first);
        for (size_t l = 0; l < SMRI_LANES; l++) {
            const double w[3] = {weight(&f, "x", l), weight(&f, "y", l), weight(&f, "z", l)};
            for (size_t i = 0; i < 3; i++) {
                expect(w[i] >= low[i] - 1e-15 && w[i] <= high[i] + 1e-15);
            }
            counts[cell_of(w[0], w[1], w[2])]++;
        }
    }
    expect(chi_square(counts, shares, CELLS, DRAWS) > 0.001);
    give_back(&f);
}

/* Eight weights from 0.08 to 0.18: nearly all draws walk. Marginals and products against plain rejection, drawn here. */
TEST(uniform_in_a_narrow_box) {
    enum { EIGHT = 8, BINS = 20, KEPT = 100000 };
    const double low = 0.08, high = 0.18;
    fixture f = make("{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'x'}, {'id': 'y'}, {'id': 'z'}, "
                     "{'id': 'p'}, {'id': 'q'}, {'id': 'r'}, {'id': 's'}, {'id': 't'}]}",
                     data, "{'factors': [{'vary': 'weights', 'distribution': 'box', 'low': 0.08, 'high': 0.18}]}");
    static const char *const ids[EIGHT] = {"x", "y", "z", "p", "q", "r", "s", "t"};
    double counts[2][EIGHT][BINS] = {{{0}}}, least[2][BINS] = {{0}}, total[2] = {0, 0};
    uint64_t state = 99;
    while (total[0] < KEPT) {
        double w[EIGHT], sum = 0, smallest = 1;
        bool within = true;
        for (size_t i = 0; i < EIGHT; i++) {
            sum += w[i] = -smri_log(1 - unit_random_unit(&state));
        }
        for (size_t i = 0; i < EIGHT; i++) {
            w[i] = low + (1 - EIGHT * low) * w[i] / sum;
            within &= w[i] <= high;
            smallest = SMRI_MIN(smallest, w[i]);
        }
        if (!within) {
            continue;
        }
        total[0]++;
        for (size_t i = 0; i < EIGHT; i++) {
            counts[0][i][SMRI_MIN((size_t)((w[i] - low) / (high - low) * BINS), BINS - 1)]++;
        }
        least[0][SMRI_MIN((size_t)((smallest - low) / 0.02 * BINS), BINS - 1)]++;
    }
    for (uint64_t first = 0; first < KEPT; first += SMRI_LANES) {
        run_chunk(&f, 8, first);
        for (size_t l = 0; l < SMRI_LANES; l++) {
            double smallest = 1;
            for (size_t i = 0; i < EIGHT; i++) {
                const double w = weight(&f, ids[i], l);
                expect(w >= low - 1e-15 && w <= high + 1e-15);
                counts[1][i][SMRI_MIN((size_t)((w - low) / (high - low) * BINS), BINS - 1)]++;
                smallest = SMRI_MIN(smallest, w);
            }
            least[1][SMRI_MIN((size_t)((smallest - low) / 0.02 * BINS), BINS - 1)]++;
            total[1]++;
        }
    }
    for (size_t i = 0; i <= EIGHT; i++) {
        const double *a = i < EIGHT ? counts[0][i] : least[0], *b = i < EIGHT ? counts[1][i] : least[1];
        double sum = 0, free_cells = -1;
        for (size_t bin = 0; bin < BINS; bin++) {
            if (a[bin] + b[bin] < 10) {
                continue;
            }
            const double difference = a[bin] * sqrt(total[1] / total[0]) - b[bin] * sqrt(total[0] / total[1]);
            sum += difference * difference / (a[bin] + b[bin]);
            free_cells++;
        }
        expect(smri_chi_square_p(sum, free_cells) > 0.001);
    }
    give_back(&f);
}

/* A weight's share of its family is beta distributed; the other shares follow from the definition. */
TEST(dirichlet_around_the_weights) {
    enum { BINS = 25, FEWER = 60000 };
    static const double concentrations[] = {0.2, 4, 150};
    for (size_t k = 0; k < SMRI_COUNT(concentrations); k++) {
        char spec[200];
        snprintf(spec, sizeof spec,
                 "{'factors': [{'vary': 'weights', 'distribution': 'dirichlet', 'concentration': %s}]}",
                 k == 0 ? "0.2" : k == 1 ? "4" : "150");
        fixture f = make("{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'x', 'weight': 5}, {'id': 'y', "
                         "'weight': 3}, {'id': 'z', 'weight': 2}]}",
                         data, spec);
        double counts[3][BINS] = {{0}};
        for (uint64_t first = 0; first < FEWER; first += SMRI_LANES) {
            run_chunk(&f, 9, first);
            for (size_t l = 0; l < SMRI_LANES; l++) {
                static const char *const ids[] = {"x", "y", "z"};
                static const double shares[] = {0.5, 0.3, 0.2};
                for (size_t i = 0; i < 3; i++) {
                    const double a = concentrations[k] * shares[i], b = concentrations[k] - a, w = weight(&f, ids[i], l);
                    double others = 0;
                    for (size_t m = 0; m < 3; m++) {
                        others += m == i ? 0 : weight(&f, ids[m], l);
                    }
                    const double u = smri_beta_lower(a, b, w, others);
                    counts[i][SMRI_MIN((size_t)(u * BINS), BINS - 1)]++;
                }
            }
        }
        for (size_t i = 0; i < 3; i++) {
            expect(chi_square(counts[i], NULL, BINS, FEWER) > 0.001);
        }
        give_back(&f);
    }
}

TEST(noise_stays_within_its_share) {
    fixture f = make("{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'x', 'weight': 0}, {'id': 'y'}, "
                     "{'id': 'z'}]}",
                     data, "{'factors': [{'vary': 'weights', 'distribution': 'noise', 'percent': 20}]}");
    double counts[20] = {0};
    for (uint64_t first = 0; first < DRAWS; first += SMRI_LANES) {
        run_chunk(&f, 0, first);
        for (size_t l = 0; l < SMRI_LANES; l++) {
            expect_near(weight(&f, "x", l), 0, 0);
            const double y = 0.8 + 0.4 * f.points[SMRI_LANES + l], z = 0.8 + 0.4 * f.points[2 * SMRI_LANES + l];
            expect_near(weight(&f, "y", l), y / (y + z), 1e-14);
            counts[(size_t)((y - 0.8) / 0.4 * 20)]++;
        }
    }
    expect(chi_square(counts, NULL, 20, DRAWS) > 0.001);
    give_back(&f);
}

/* Only the families that a factor names vary; what lies apart from them is the plan as it is. */
TEST(families_apart_stay) {
    static const char tree[] = "{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'a', 'children': "
                               "[{'id': 'x'}, {'id': 'y'}]}, {'id': 'b', 'children': [{'id': 'z'}, {'id': 'p'}]}]}";
    fixture f = make(tree, "region,x,y,z,p\nA,1,2,3,4\nB,3,1,2,9\n",
                     "{'factors': [{'vary': 'weights', 'distribution': 'uniform', 'nodes': ['a']}]}");
    expect_equal_uint(f.trials->dimension_count, 2);
    expect(f.trials->varies[0] && f.trials->varies[1] && !f.trials->varies[4]);
    run_chunk(&f, 1, 0);
    for (size_t l = 0; l < SMRI_LANES; l++) {
        expect_near(weight(&f, "a", l), 0.5, 0);
        expect_near(weight(&f, "z", l), 0.5, 0);
        /* nodes in pre-order: i a x y b z p; two regions each */
        const double *scores = f.results.scores;
        expect_near(scores[(4 * 2 + 0) * SMRI_LANES + l], 3.5, 0);
        expect_near(scores[(1 * 2 + 0) * SMRI_LANES + l], weight(&f, "x", l) + 2 * weight(&f, "y", l), 1e-15 * 4);
        expect_near(scores[l], 0.5 * (3.5 + scores[(1 * 2 + 0) * SMRI_LANES + l]), 1e-15 * 4);
        expect_near(scores[(3 * 2 + 1) * SMRI_LANES + l], 1, 0);
    }
    give_back(&f);
}

/* A draw's scores do not depend on what stands beside it, nor on the workspace it runs in. */
TEST(a_draw_is_a_function_of_its_point) {
    static const char tree[] = "{'id': 'i', 'plan': {'normalise': {'method': 'minmax', 'range': [1, 100]}}, 'children': "
                               "[{'id': 'a', 'children': [{'id': 'x'}, {'id': 'y'}]}, {'id': 'z'}]}";
    static const char rows[] = "region,x,y,z\nA,1,2,3\nB,3,1,2\nC,,5,9\nD,8,8,\nE,4,4,1\n";
    fixture f = make(tree, rows,
                     "{'factors': [{'vary': 'weights', 'distribution': 'box', 'low': 0.1, 'high': 0.7}, "
                     "{'vary': 'normalise.method', 'alternatives': ['minmax', 'percentile_rank', 'zscore']}, "
                     "{'vary': 'aggregate.method', 'alternatives': ['arithmetic', 'geometric', 'median', 'mpi']}, "
                     "{'vary': 'leave_out', 'level': 'criterion'}]}");
    expect_equal_uint(f.trials->world_count, 12);
    const size_t cells = (size_t)f.trials->node_count * f.trials->region_count;
    double *alone = calloc(cells * SMRI_LANES, sizeof *alone);
    double *points = calloc(f.trials->dimension_count * SMRI_LANES, sizeof *points);
    smri_trial_results one = {.scores = alone};
    smri_trials_workspace *other = smri_trials_workspace_new(f.trials);
    size_t failed = 0;
    for (uint64_t first = 0; first < 20 * SMRI_LANES; first += SMRI_LANES) {
        run_chunk(&f, 2, first);
        for (size_t l = 0; l < SMRI_LANES; l++) {
            smr_error error = unit_error();
            const uint64_t draw = first + l;
            smri_trials_draw(f.trials, 2, &draw, 1, points);
            for (uint32_t d = 0; d < f.trials->dimension_count; d++) {
                expect_same_bits(points[d * SMRI_LANES], f.points[d * SMRI_LANES + l]);
            }
            expect_ok(smri_trials_run(f.trials, other, points, 1, &one, &error), &error);
            expect_equal_int(one.codes[0], f.results.codes[l]);
            failed += one.codes[0] != 0;
            for (size_t i = 0; one.codes[0] == 0 && i < cells; i++) {
                expect_same_bits(alone[i * SMRI_LANES], f.results.scores[i * SMRI_LANES + l]);
            }
        }
    }
    expect(failed > 0); /* z-scores have no geometric mean */
    smri_trials_workspace_free(other);
    free(alone);
    free(points);
    give_back(&f);
}

/* More worlds than are kept give the same. */
TEST(worlds_are_numbered_first_factor_slowest) {
    fixture f = make(family, data, "{'factors': [{'vary': 'aggregate.method', 'alternatives': ['arithmetic', 'median']}, "
                                   "{'vary': 'weights', 'distribution': 'uniform'}, "
                                   "{'vary': 'treat.method', 'alternatives': ['none', 'winsorise', 'iqr']}]}");
    double point[5] = {0.6, 0.5, 0.5, 0.5, 0.4};
    expect_equal_uint(f.trials->world_count, 6);
    expect_equal_uint(smri_trials_world(f.trials, point, 1), 4);
    expect_equal_uint(smri_trials_alternative(f.trials, 4, 0), 1);
    expect_equal_uint(smri_trials_alternative(f.trials, 4, 2), 1);
    point[0] = 0;
    point[4] = 0.99;
    expect_equal_uint(smri_trials_world(f.trials, point, 1), 2);
    /* without any kept world */
    double *kept = calloc((size_t)f.trials->node_count * f.trials->region_count * SMRI_LANES, sizeof *kept);
    run_chunk(&f, 11, 64);
    const size_t bytes = (size_t)f.trials->node_count * f.trials->region_count * SMRI_LANES * sizeof *kept;
    memcpy(kept, f.results.scores, bytes);
    const size_t slots = f.trials->slot_count;
    f.trials->slot_count = 1;
    run_chunk(&f, 11, 64);
    expect_bytes(f.results.scores, kept, bytes);
    f.trials->slot_count = slots;
    free(kept);
    give_back(&f);
}

static const unit_test tests[] = {
    UNIT(uniform_on_the_simplex),
    UNIT(uniform_over_all_leaves),
    UNIT(uniform_in_an_order),
    UNIT(uniform_in_a_box),
    UNIT(uniform_in_a_narrow_box),
    UNIT(dirichlet_around_the_weights),
    UNIT(noise_stays_within_its_share),
    UNIT(families_apart_stay),
    UNIT(a_draw_is_a_function_of_its_point),
    UNIT(worlds_are_numbered_first_factor_slowest),
};
UNIT_SUITE(trials, tests)
