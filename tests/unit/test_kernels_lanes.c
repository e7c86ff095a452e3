/* SPDX-License-Identifier: MIT */
/* Draws, weights and weighted sums of many draws side by side: every kernel of this machine against plain loops. */
#include "unit.h"

#include "base/base_impl.h"

#define MOST_CHILDREN 61
#define MOST_ROWS 75
#define CELLS (MOST_ROWS * SMRI_LANES)

static const char *const names[] = {"baseline", "x86-64-v3", "x86-64-v4", "neon"};

static void expect_same(const double *found, const double *expected, size_t n) {
    for (size_t i = 0; i < n; i++) {
        expect_same_bits(found[i], expected[i]);
    }
}

/* Upper 52 bits of a pair of words, and half a step. */
static double unit_of_words(uint32_t low, uint32_t high) {
    return ((double)(((uint64_t)high << 32 | low) >> 12) + 0.5) / 4503599627370496.0;
}

/* Lanes 0 to 15 of a chunk take the first pair of words of its 16 counters, lanes 16 to 31 the second. */
static double plain_draw(uint64_t seed, uint64_t stream, uint64_t chunk, size_t lane) {
    const uint64_t place = 16 * chunk + lane % 16;
    const uint32_t counter[] = {(uint32_t)place, (uint32_t)(place >> 32), (uint32_t)stream, (uint32_t)(stream >> 32)};
    const uint32_t key[] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    uint32_t out[4];
    smri_philox(counter, key, out);
    return lane < 16 ? unit_of_words(out[0], out[1]) : unit_of_words(out[2], out[3]);
}

static const struct {
    uint64_t seed, stream, chunk;
} starts[] = {
    {1, 0, 0},
    {UINT64_C(0xfedcba9876543210), UINT64_C(0xfffffffe), UINT64_C(0x0fffffff)},
    {42, UINT64_MAX - 3, (UINT64_C(1) << 58) - 1},
    {0, 7, (UINT64_C(1) << 28) - 1},
};

TEST(draws_are_those_of_philox_one_by_one) {
    for (size_t s = 0; s < SMRI_COUNT(starts); s++) {
        for (size_t name = 0; name < SMRI_COUNT(names); name++) {
            const smri_kernels *const k = smri_kernels_select(names[name]);
            for (size_t count = 0; k != NULL && count <= 9; count++) {
                double found[10 * SMRI_LANES];
                for (size_t i = 0; i < SMRI_COUNT(found); i++) {
                    found[i] = -7.0;
                }
                k->lanes->uniform(starts[s].seed, starts[s].stream, count, starts[s].chunk, found);
                for (size_t i = 0; i < SMRI_COUNT(found); i++) {
                    const uint64_t stream = starts[s].stream + i / SMRI_LANES;
                    const double drawn = plain_draw(starts[s].seed, stream, starts[s].chunk, i % SMRI_LANES);
                    expect_same_bits(found[i], i < count * SMRI_LANES ? drawn : -7.0);
                }
            }
        }
    }
}

TEST(one_draw_is_the_same_number) {
    for (size_t s = 0; s < SMRI_COUNT(starts); s++) {
        for (size_t lane = 0; lane < SMRI_LANES; lane++) {
            expect_same_bits(
                smri_random_lane(starts[s].seed, starts[s].stream, starts[s].chunk * SMRI_LANES + lane),
                plain_draw(starts[s].seed, starts[s].stream, starts[s].chunk, lane));
        }
    }
}

/* Mean 1/2 and 64 equal cells within five standard errors, and never an end. */
TEST(draws_are_uniform_between_0_and_1) {
    enum { ROWS = 8, CHUNKS = 1024, CELL_COUNT = 64, N = ROWS * CHUNKS * SMRI_LANES };
    const smri_kernels *const k = smri_kernels_select(NULL);
    size_t cells[CELL_COUNT] = {0};
    double sum = 0;
    for (uint64_t chunk = 0; chunk < CHUNKS; chunk++) {
        double u[ROWS * SMRI_LANES];
        k->lanes->uniform(11, 100, ROWS, chunk, u);
        for (size_t i = 0; i < SMRI_COUNT(u); i++) {
            expect(u[i] > 0 && u[i] < 1);
            sum += u[i];
            cells[(size_t)(u[i] * CELL_COUNT)]++;
        }
    }
    expect_near(sum / N, 0.5, 5 * sqrt(1.0 / 12 / N));
    for (size_t i = 0; i < CELL_COUNT; i++) {
        expect_near((double)cells[i], (double)N / CELL_COUNT, 5 * sqrt((double)N / CELL_COUNT));
    }
}

/* The bits of every kernel, and the value within 2^-50, four units in the last place; smri_log is within one. */
TEST(exponentials_are_logarithms_of_the_uniform_numbers) {
    enum { MOST = 5 };
    const smri_lanes_kernels *const plain = smri_kernels_select("baseline")->lanes;
    for (size_t s = 0; s < SMRI_COUNT(starts); s++) {
        for (uint64_t chunk = starts[s].chunk; chunk < starts[s].chunk + 300; chunk++) {
            double u[MOST * SMRI_LANES], expected[MOST * SMRI_LANES], found[(MOST + 1) * SMRI_LANES];
            plain->uniform(starts[s].seed, starts[s].stream, MOST, chunk, u);
            plain->exponential(starts[s].seed, starts[s].stream, MOST, chunk, expected);
            for (size_t i = 0; i < SMRI_COUNT(u); i++) {
                expect_near(expected[i], -smri_log(u[i]), 0x1p-50 * expected[i]);
                expect(expected[i] > 0);
            }
            for (size_t name = 0; name < SMRI_COUNT(names); name++) {
                const smri_kernels *const k = smri_kernels_select(names[name]);
                const size_t count = chunk % (MOST + 1);
                if (k != NULL) {
                    found[count * SMRI_LANES] = -7.0;
                    k->lanes->exponential(starts[s].seed, starts[s].stream, count, chunk, found);
                    expect_same(found, expected, count * SMRI_LANES);
                    expect_same_bits(found[count * SMRI_LANES], -7.0);
                }
            }
        }
    }
}

TEST(normalised_weights_sum_to_1) {
    uint64_t state = 5;
    for (size_t count = 1; count <= MOST_CHILDREN; count += 4) {
        double weights[MOST_CHILDREN * SMRI_LANES], expected[MOST_CHILDREN * SMRI_LANES];
        double found[MOST_CHILDREN * SMRI_LANES];
        for (size_t i = 0; i < count * SMRI_LANES; i++) {
            weights[i] = i % SMRI_LANES == 3 ? 0.0 : unit_random_unit(&state);
        }
        for (size_t lane = 0; lane < SMRI_LANES; lane++) {
            double total = 0, sum = 0;
            for (size_t child = 0; child < count; child++) {
                total += weights[child * SMRI_LANES + lane];
            }
            for (size_t child = 0; child < count; child++) {
                const double share = count == 1 ? 1.0 : weights[child * SMRI_LANES + lane] * (1.0 / total);
                expected[child * SMRI_LANES + lane] = total > 0 ? share : unit_double(UINT64_C(0x7ff8000000000000));
                sum += share;
            }
            expect(lane == 3 || fabs(sum - 1) < 1e-14);
        }
        for (size_t name = 0; name < SMRI_COUNT(names); name++) {
            const smri_kernels *const k = smri_kernels_select(names[name]);
            if (k != NULL) {
                memcpy(found, weights, sizeof found);
                k->lanes->normalise(found, count);
                expect_same(found, expected, count * SMRI_LANES);
            }
        }
    }
}

TEST(weights_are_scaled_lane_by_lane) {
    enum { COUNT = 7 };
    uint64_t state = 6;
    double weights[COUNT * SMRI_LANES], by[SMRI_LANES], expected[COUNT * SMRI_LANES], found[COUNT * SMRI_LANES];
    for (size_t j = 0; j < SMRI_LANES; j++) {
        by[j] = j == 5 ? unit_double(UINT64_C(0x7ff8000000000000)) : unit_random_unit(&state);
    }
    for (size_t i = 0; i < SMRI_COUNT(weights); i++) {
        weights[i] = unit_random_unit(&state);
        expected[i] = i % SMRI_LANES == 5 ? by[5] : weights[i] * by[i % SMRI_LANES];
    }
    for (size_t name = 0; name < SMRI_COUNT(names); name++) {
        const smri_kernels *const k = smri_kernels_select(names[name]);
        if (k != NULL) {
            k->lanes->scale(weights, COUNT, by, found);
            expect_same(found, expected, SMRI_COUNT(found));
            memcpy(found, weights, sizeof found);
            k->lanes->scale(found, COUNT, by, found);
            expect_same(found, expected, SMRI_COUNT(found));
        }
    }
}

/* One node: rows x children numbers, of which some may be missing, and the weights of a chunk. */
typedef struct node {
    size_t rows, children;
    double columns[MOST_CHILDREN][MOST_ROWS];
    double weights[MOST_CHILDREN * SMRI_LANES];
    double min_coverage;
} node;

static void draw_node(node *n, size_t rows, size_t children, bool holes, uint64_t *state) {
    n->rows = rows;
    n->children = children;
    n->min_coverage = holes && unit_random(state) % 2 ? 0.4 : 0.0;
    for (size_t k = 0; k < children; k++) {
        for (size_t i = 0; i < rows; i++) {
            const uint64_t kind = unit_random(state) % 8;
            const bool missing = holes && (kind < 2 || (i == 7 && k > 0) || i == 9);
            n->columns[k][i] = missing ? NAN : kind == 2 ? 0.0 : 120.0 * unit_random_unit(state) - 20.0;
        }
        for (size_t lane = 0; lane < SMRI_LANES; lane++) {
            n->weights[k * SMRI_LANES + lane] = unit_random(state) % 16 ? unit_random_unit(state) : 0.0;
        }
    }
    smri_kernels_select("baseline")->lanes->normalise(n->weights, children);
}

static double plain_sum(const node *n, const double *values, size_t step, size_t lane) {
    double sum = 0.0, weight = 0.0;
    bool whole = true;
    for (size_t k = 0; k < n->children; k++) {
        const double value = values[k * step], w = n->weights[k * SMRI_LANES + lane];
        if (value == value) {
            sum += w * value;
            weight += w;
        } else {
            whole = false;
        }
    }
    const double missing = unit_double(UINT64_C(0x7ff8000000000000));
    const double result = whole ? sum : weight > 0 && !(weight < n->min_coverage) ? sum / weight : missing;
    return result == result ? result : missing;
}

static void check_family(const node *n) {
    static double expected[CELLS + 1], found[CELLS + 1];
    const double *columns[MOST_CHILDREN];
    for (size_t k = 0; k < n->children; k++) {
        columns[k] = n->columns[k];
    }
    for (size_t i = 0; i < n->rows; i++) {
        for (size_t lane = 0; lane < SMRI_LANES; lane++) {
            expected[i * SMRI_LANES + lane] = plain_sum(n, &n->columns[0][i], MOST_ROWS, lane);
        }
    }
    smri_arena arena;
    smri_arena_init(&arena, smri_context(NULL));
    smri_lanes_family family;
    expect(smri_lanes_family_pack(&family, &arena, columns, n->rows, n->children, n->min_coverage));
    for (size_t name = 0; name < SMRI_COUNT(names); name++) {
        const smri_kernels *const k = smri_kernels_select(names[name]);
        if (k != NULL) {
            found[n->rows * SMRI_LANES] = -7.0;
            k->lanes->family(&family, n->weights, found);
            expect_same(found, expected, n->rows * SMRI_LANES);
            expect_same_bits(found[n->rows * SMRI_LANES], -7.0);
        }
    }
    smri_arena_free(&arena);
}

TEST(a_family_is_the_plain_triple_loop) {
    static node n;
    uint64_t state = 21;
    for (size_t rows = 0; rows <= MOST_ROWS; rows += rows < 14 ? 1 : 7) {
        for (size_t children = 1; children <= MOST_CHILDREN; children += children < 10 ? 1 : 17) {
            draw_node(&n, rows, children, false, &state);
            check_family(&n);
            draw_node(&n, rows, children, true, &state);
            check_family(&n);
        }
    }
}

static void check_join(const node *n, bool in_place, uint64_t *state) {
    static double scores[MOST_CHILDREN][CELLS], expected[CELLS], found[CELLS + 1];
    const double *children[MOST_CHILDREN];
    for (size_t k = 0; k < n->children; k++) {
        children[k] = scores[k];
        for (size_t i = 0; i < n->rows * SMRI_LANES; i++) {
            const double column = n->columns[k][i / SMRI_LANES];
            scores[k][i] = unit_random(state) % 32 ? column * unit_random_unit(state) : column;
        }
    }
    for (size_t i = 0; i < n->rows * SMRI_LANES; i++) {
        expected[i] = plain_sum(n, &scores[0][i], CELLS, i % SMRI_LANES);
    }
    for (size_t name = 0; name < SMRI_COUNT(names); name++) {
        const smri_kernels *const k = smri_kernels_select(names[name]);
        if (k == NULL) {
            continue;
        }
        found[n->rows * SMRI_LANES] = -7.0;
        const size_t last = n->children - 1;
        if (in_place) {
            memcpy(found, scores[last], n->rows * SMRI_LANES * sizeof *found);
            children[last] = found;
        }
        k->lanes->join(children, n->children, n->rows, n->weights, n->min_coverage, found);
        expect_same(found, expected, n->rows * SMRI_LANES);
        expect_same_bits(found[n->rows * SMRI_LANES], -7.0);
    }
}

TEST(a_join_is_the_plain_triple_loop) {
    static node n;
    uint64_t state = 22;
    for (size_t rows = 0; rows <= 40; rows += rows < 8 ? 1 : 13) {
        for (size_t children = 1; children <= 12; children++) {
            draw_node(&n, rows, children, false, &state);
            check_join(&n, false, &state);
            draw_node(&n, rows, children, true, &state);
            check_join(&n, true, &state);
        }
    }
}

TEST(a_family_without_rows_or_children_is_empty) {
    smri_arena arena;
    smri_arena_init(&arena, smri_context(NULL));
    smri_lanes_family family;
    expect(smri_lanes_family_pack(&family, &arena, NULL, 0, 0, 0.0));
    expect(smri_lanes_family_pack(&family, &arena, NULL, 0, 3, 0.0));
    expect(!smri_lanes_family_pack(&family, &arena, NULL, SIZE_MAX / 8, 1000, 0.0));
    smri_arena_free(&arena);
}

static const unit_test tests[] = {
    UNIT(draws_are_those_of_philox_one_by_one),
    UNIT(one_draw_is_the_same_number),
    UNIT(draws_are_uniform_between_0_and_1),
    UNIT(exponentials_are_logarithms_of_the_uniform_numbers),
    UNIT(normalised_weights_sum_to_1),
    UNIT(weights_are_scaled_lane_by_lane),
    UNIT(a_family_is_the_plain_triple_loop),
    UNIT(a_join_is_the_plain_triple_loop),
    UNIT(a_family_without_rows_or_children_is_empty),
};
UNIT_SUITE(kernels_lanes, tests)
