/* SPDX-License-Identifier: MIT */
/* mean_of_worst, at_least_k, owa, choquet. */
#include "family_fixture.h"

#include <stdlib.h>

static const double four[] = {
    4, 1, 9, 6,     /* all different */
    5, 5, 5, 5,     /* all the same */
    2, NAN, 8, 2,   /* a tie and a hole */
    NAN, 7, NAN, NAN,
    NAN, NAN, NAN, NAN,
};
enum { FOUR = 5 };

TEST(mean_of_the_worst)
{
    family_fixture f;
    family_make(&f, "mean_of_worst", 4);
    family_rows(&f, four, FOUR);
    fixture_number(&f.method, "k", 1);
    expect_family(&f, (const double[]){1, 5, 2, 7, NAN}, 0);
    fixture_number(&f.method, "k", 2);
    expect_family(&f, (const double[]){2.5, 5, 2, 7, NAN}, 0);
    fixture_number(&f.method, "k", 3);
    expect_family(&f, (const double[]){11.0 / 3, 5, 4, 7, NAN}, 1e-15);
    fixture_number(&f.method, "k", 100); /* all there are */
    expect_family(&f, (const double[]){5, 5, 4, 7, NAN}, 1e-15);
    f.weights[1] = 0; /* takes no part */
    fixture_number(&f.method, "k", 2);
    expect_family(&f, (const double[]){5, 5, 2, NAN, NAN}, 0);
    f.weights[0] = 50; /* weighs no more than another */
    expect_family(&f, (const double[]){5, 5, 2, NAN, NAN}, 0);
    family_free(&f);
}

TEST(mean_of_the_best)
{
    family_fixture f;
    family_make(&f, "at_least_k", 4);
    family_rows(&f, four, FOUR);
    fixture_number(&f.method, "k", 1);
    expect_family(&f, (const double[]){9, 5, 8, 7, NAN}, 0);
    fixture_number(&f.method, "k", 2);
    expect_family(&f, (const double[]){7.5, 5, 5, 7, NAN}, 0);
    family_free(&f);
}

TEST(owa_by_hand)
{
    family_fixture f;
    family_make(&f, "owa", 4);
    family_rows(&f, four, FOUR);
    fixture_json(&f.method, "weights", "[1, 2, 3, 4]");
    /* three of four children share four weights: a place takes 4/3 of one, the first 1 and a third of 2 */
    const double first = 1 + 2 / 3.0, second = 2 * 2 / 3.0 + 3 * 2 / 3.0, third = 3 / 3.0 + 4;
    const double stretched = (first * 8 + second * 2 + third * 2) / (first + second + third);
    expect_family(&f, (const double[]){(9 + 2 * 6 + 3 * 4 + 4) / 10.0, 5, stretched, 7, NAN}, 1e-14);
    fixture_json(&f.method, "weights", "[0, 0, 1, 1]"); /* two halves: the lower one counts */
    expect_family(&f, (const double[]){2.5, 5, 2, 7, NAN}, 1e-15);
    fixture_json(&f.method, "weights", "[1]"); /* one weight for all places: the mean */
    expect_family(&f, (const double[]){5, 5, 4, 7, NAN}, 1e-15);
    fixture_json(&f.method, "weights", "[1, 0]"); /* the upper half */
    expect_family(&f, (const double[]){7.5, 5, (8 + 2 * 0.5) / 1.5, 7, NAN}, 1e-15);
    family_free(&f);
}

/* min, max, mean and median are owa. */
TEST(owa_holds_the_others)
{
    static const char *const lists[] = {"[0, 0, 0, 0, 1]", "[1, 0, 0, 0, 0]", "[1, 1, 1, 1, 1]", "[0, 0, 1, 0, 0]"};
    static const char *const names[] = {"min", "max", "arithmetic", "median"};
    uint64_t state = 71;
    double rows[5 * FAMILY_ROWS];
    for (size_t i = 0; i < SMRI_COUNT(rows); i++) {
        rows[i] = (double)(unit_random(&state) % 7);
    }
    for (size_t m = 0; m < SMRI_COUNT(lists); m++) {
        family_fixture owa, other;
        family_make(&owa, "owa", 5);
        family_make(&other, names[m], 5);
        fixture_json(&owa.method, "weights", lists[m]);
        family_rows(&owa, rows, FAMILY_ROWS);
        family_rows(&other, rows, FAMILY_ROWS);
        family_run(&other);
        expect_family(&owa, other.out, 1e-14);
        family_free(&owa);
        family_free(&other);
    }
}

/* Which child has a score does not matter, to the last bit. */
TEST(order_does_not_know_the_children)
{
    static const char *const names[] = {"mean_of_worst", "at_least_k", "owa"};
    uint64_t state = 73;
    for (int round = 0; round < 60; round++) {
        family_fixture f;
        const size_t m = (size_t)round % SMRI_COUNT(names);
        family_make(&f, names[m], 6);
        if (m == 2) {
            fixture_json(&f.method, "weights", "[0.1, 0.3, 0.05, 0.7]");
        } else {
            fixture_number(&f.method, "k", (double)(unit_random(&state) % 6) + 1);
        }
        double rows[6 * FAMILY_ROWS], before[FAMILY_ROWS];
        for (size_t i = 0; i < SMRI_COUNT(rows); i++) {
            rows[i] = unit_random(&state) % 5 == 0 ? NAN : unit_random_unit(&state);
        }
        family_rows(&f, rows, FAMILY_ROWS);
        family_run(&f);
        memcpy(before, f.out, sizeof before);
        for (size_t i = 0; i < FAMILY_ROWS; i++) {
            for (uint32_t c = 5; c > 0; c--) {
                const uint32_t other = (uint32_t)(unit_random(&state) % (c + 1));
                const double score = f.scores[c][i];
                f.scores[c][i] = f.scores[other][i];
                f.scores[other][i] = score;
            }
        }
        family_run(&f);
        for (size_t i = 0; i < FAMILY_ROWS; i++) {
            expect_same_bits(f.out[i], before[i]);
        }
        family_free(&f);
    }
}

TEST(owa_refuses)
{
    static const char *const wrong[] = {"[]", "[0, 0]", "[1, -1]", "[1, \"x\"]", "{\"a\": 1}"};
    for (size_t i = 0; i < SMRI_COUNT(wrong); i++) {
        family_fixture f;
        smr_error error = unit_error();
        family_make(&f, "owa", 3);
        fixture_json(&f.method, "weights", wrong[i]);
        expect_fails(family_check(&f, &error), &error, SMR_MESSAGE_OPTION_WRONG);
        family_free(&f);
    }
}

/* ---- choquet ---- */

static const double three[] = {
    2, 8, 5,
    6, 6, 6,
    NAN, 8, 5,
    2, NAN, NAN,
    NAN, NAN, NAN,
};
enum { THREE = 5 };

TEST(choquet_by_hand)
{
    family_fixture f;
    family_make(&f, "choquet", 3);
    family_rows(&f, three, THREE);
    fixture_json(&f.method, "shapley", "{\"a\": 0.5, \"b\": 0.3, \"c\": 0.2}");
    expect_family(&f, (const double[]){4.4, 6, 3.4 / 0.5, 2, NAN}, 1e-15); /* the weighted mean */
    fixture_json(&f.method, "interaction", "{\"a\": {\"b\": 0.4}, \"c\": {\"b\": -0.2}}");
    expect_family(&f, (const double[]){4.4 - 0.2 * 6 + 0.1 * 3, 6, (3.4 + 0.1 * 3) / 0.5, 2, NAN}, 1e-14);
    family_free(&f);
}

/* With interactions as strong as they may be: of two children the least or the greatest. */
TEST(choquet_of_two_extremes)
{
    family_fixture f;
    family_make(&f, "choquet", 2);
    family_rows(&f, (const double[]){1, 4, 9, 2}, 2);
    fixture_json(&f.method, "shapley", "{\"a\": 0.5, \"b\": 0.5}");
    fixture_json(&f.method, "interaction", "{\"b\": {\"a\": 1}}");
    expect_family(&f, (const double[]){1, 2}, 0);
    fixture_json(&f.method, "interaction", "{\"b\": {\"a\": -1}}");
    expect_family(&f, (const double[]){4, 9}, 0);
    family_free(&f);
}

/* The definition by the capacity: sum over the sorted scores of the increments times the capacity of those at least as
 * high, whose Moebius transform is m_j = s_j - sum I_ij / 2, m_ij = I_ij. */
TEST(choquet_against_its_capacity)
{
    uint64_t state = 79;
    for (int round = 0; round < 100; round++) {
        enum { K = 4 };
        double shapley[K], interaction[K][K] = {{0}}, sum = 0;
        for (int j = 0; j < K; j++) {
            shapley[j] = 0.1 + unit_random_unit(&state);
            sum += shapley[j];
        }
        for (int j = 0; j < K; j++) {
            shapley[j] /= sum;
        }
        for (int i = 0; i < K; i++) {
            for (int j = 0; j < i; j++) {
                const double most = 2 * fmin(shapley[i], shapley[j]) / (K - 1);
                interaction[i][j] = interaction[j][i] = most * (2 * unit_random_unit(&state) - 1);
            }
        }
        family_fixture f;
        char json[512] = "{", pairs[512] = "{";
        family_make(&f, "choquet", K);
        for (int j = 0; j < K; j++) {
            char number[SMRI_NUMBER_SIZE];
            smri_number_write(number, shapley[j]);
            snprintf(json + strlen(json), 64, "%s\"%c\": %s", j ? ", " : "", 'a' + j, number);
            snprintf(pairs + strlen(pairs), 64, "%s\"%c\": {", j ? ", " : "", 'a' + j);
            for (int i = 0; i < j; i++) {
                smri_number_write(number, interaction[i][j]);
                snprintf(pairs + strlen(pairs), 64, "%s\"%c\": %s", i ? ", " : "", 'a' + i, number);
            }
            strcat(pairs, "}");
        }
        fixture_json(&f.method, "shapley", strcat(json, "}"));
        fixture_json(&f.method, "interaction", strcat(pairs, "}"));
        double rows[K * FAMILY_ROWS], expected[FAMILY_ROWS];
        for (size_t i = 0; i < SMRI_COUNT(rows); i++) {
            rows[i] = unit_random_unit(&state) * 10;
        }
        for (size_t row = 0; row < FAMILY_ROWS; row++) {
            const double *y = rows + row * K;
            double below = 0;
            bool used[K] = {false};
            expected[row] = 0;
            for (int step = 0; step < K; step++) {
                int least = -1;
                for (int j = 0; j < K; j++) {
                    if (!used[j] && (least < 0 || y[j] < y[least])) {
                        least = j;
                    }
                }
                double capacity = 0;
                for (int i = 0; i < K; i++) {
                    double alone = shapley[i];
                    for (int j = 0; j < K; j++) {
                        alone -= interaction[i][j] / 2;
                        capacity += !used[i] && !used[j] && j < i ? interaction[i][j] : 0;
                    }
                    capacity += used[i] ? 0 : alone;
                }
                expected[row] += (y[least] - below) * capacity;
                below = y[least];
                used[least] = true;
            }
        }
        family_rows(&f, rows, FAMILY_ROWS);
        expect_family(&f, expected, 1e-12);
        family_free(&f);
    }
}

TEST(choquet_refuses)
{
    static const struct {
        const char *shapley, *interaction;
    } wrong[] = {
        {"{\"a\": 0.5, \"b\": 0.5}", NULL},                                 /* c has none */
        {"{\"a\": 0.5, \"b\": 0.5, \"c\": 0.5}", NULL},                     /* more than 1 */
        {"{\"a\": 0.5, \"b\": 0.8, \"c\": -0.3}", NULL},
        {"[0.5, 0.3, 0.2]", NULL},
        {"{\"a\": 0.5, \"b\": 0.3, \"c\": 0.2}", "{\"a\": {\"c\": 0.5}}"},  /* c would fall below zero */
        {"{\"a\": 0.5, \"b\": 0.3, \"c\": 0.2}", "{\"a\": {\"d\": 0.1}}"},
        {"{\"a\": 0.5, \"b\": 0.3, \"c\": 0.2}", "{\"a\": {\"a\": 0.1}}"},
        {"{\"a\": 0.5, \"b\": 0.3, \"c\": 0.2}", "{\"a\": {\"b\": 0.1}, \"b\": {\"a\": 0.1}}"},
        {"{\"a\": 0.5, \"b\": 0.3, \"c\": 0.2}", "{\"a\": 0.1}"},
        {"{\"a\": 0.5, \"b\": 0.3, \"c\": 0.2}", "[1]"},
    };
    for (size_t i = 0; i < SMRI_COUNT(wrong); i++) {
        family_fixture f;
        smr_error error = unit_error();
        family_make(&f, "choquet", 3);
        fixture_json(&f.method, "shapley", wrong[i].shapley);
        if (wrong[i].interaction) {
            fixture_json(&f.method, "interaction", wrong[i].interaction);
        }
        expect_fails(family_check(&f, &error), &error, SMR_MESSAGE_OPTION_WRONG);
        family_free(&f);
    }
}

static const unit_test tests[] = {
    UNIT(mean_of_the_worst),       UNIT(mean_of_the_best),        UNIT(owa_by_hand),
    UNIT(owa_holds_the_others),    UNIT(order_does_not_know_the_children), UNIT(owa_refuses),
    UNIT(choquet_by_hand),         UNIT(choquet_of_two_extremes), UNIT(choquet_against_its_capacity),
    UNIT(choquet_refuses),
};
UNIT_SUITE(method_aggregate_order, tests)
