/* SPDX-License-Identifier: MIT */
/* copeland, borda, condorcet, kemeny, promethee2, electre3 against their definitions, pair by pair. */
#include "family_fixture.h"

/* ---- definitions ---- */

typedef double (*pair_function)(const family_fixture *f, size_t a, size_t b);

static bool shares(const family_fixture *f, uint32_t c, size_t a, size_t b)
{
    return f->weights[c] > 0 && f->scores[c][a] == f->scores[c][a] && f->scores[c][b] == f->scores[c][b];
}

static double weight_of_pair(const family_fixture *f, size_t a, size_t b)
{
    double weight = 0;
    for (uint32_t c = 0; c < f->count; c++) {
        weight += shares(f, c, a, b) ? f->weights[c] : 0;
    }
    return weight;
}

static bool takes_part(const family_fixture *f, size_t a)
{
    return weight_of_pair(f, a, a) > 0;
}

/* Share of weight for which a is better, ties half; one half without anything in common. */
static double share_of(const family_fixture *f, size_t a, size_t b)
{
    const double weight = weight_of_pair(f, a, b);
    double better = 0;
    for (uint32_t c = 0; c < f->count; c++) {
        const double x = f->scores[c][a], y = f->scores[c][b];
        better += shares(f, c, a, b) ? f->weights[c] * (x > y ? 1 : x == y ? 0.5 : 0) : 0;
    }
    return weight > 0 ? better / weight : 0.5;
}

static double win(const family_fixture *f, size_t a, size_t b)
{
    const double share = share_of(f, a, b);
    return share > 0.5 + 1e-12 ? 1 : share < 0.5 - 1e-12 ? -1 : 0;
}

static double q = 0, p = 0, v = NAN; /* of the definitions below */

static double clip(double x)
{
    return x < 0 ? 0 : x > 1 ? 1 : x;
}

static double preference(const family_fixture *f, size_t a, size_t b)
{
    double sum = 0;
    for (uint32_t c = 0; c < f->count; c++) {
        const double d = f->scores[c][a] - f->scores[c][b];
        sum += shares(f, c, a, b) ? f->weights[c] * (p > q ? clip((d - q) / (p - q)) : d > q ? 1 : 0) : 0;
    }
    const double weight = weight_of_pair(f, a, b);
    return weight > 0 ? sum / weight : 0;
}

static double credibility(const family_fixture *f, size_t a, size_t b)
{
    const double weight = weight_of_pair(f, a, b);
    double concordance = 0, product = 1;
    for (uint32_t c = 0; c < f->count; c++) {
        const double d = f->scores[c][b] - f->scores[c][a];
        concordance += shares(f, c, a, b) ? f->weights[c] * clip((p - d) / (p - q)) : 0;
    }
    concordance = weight > 0 ? concordance / weight : 0;
    for (uint32_t c = 0; c < f->count && v == v; c++) {
        const double d = f->scores[c][b] - f->scores[c][a];
        const double discordance = shares(f, c, a, b) ? clip((d - p) / (v - p)) : 0;
        product *= discordance > concordance ? (1 - discordance) / (1 - concordance) : 1;
    }
    return concordance * product;
}

static double sum_of_pairs(const family_fixture *f, size_t a, pair_function function, bool net)
{
    double sum = 0;
    for (size_t b = 0; b < f->n; b++) {
        if (b != a && takes_part(f, b)) {
            sum += function(f, a, b) - (net ? function(f, b, a) : 0);
        }
    }
    return sum;
}

static double regions_of(const family_fixture *f)
{
    double regions = 0;
    for (size_t a = 0; a < f->n; a++) {
        regions += takes_part(f, a) ? 1 : 0;
    }
    return regions;
}

static void expect_pairs(family_fixture *f, pair_function function, bool net, double divisor)
{
    family_run(f);
    for (size_t a = 0; a < f->n; a++) {
        const double expected = takes_part(f, a) ? sum_of_pairs(f, a, function, net) / divisor : NAN;
        expect_array(&f->out[a], &expected, 1, 1e-11);
    }
}

/* ---- worlds ---- */

static void random_world(family_fixture *f, uint64_t *state, double missing)
{
    double rows[FAMILY_CHILDREN * FAMILY_ROWS];
    const size_t n = 1 + unit_random(state) % 24;
    for (size_t i = 0; i < n * f->count; i++) {
        rows[i] = unit_random_unit(state) < missing ? NAN : (double)(unit_random(state) % 10) / 4;
    }
    for (uint32_t c = 0; c < f->count; c++) {
        f->weights[c] = (double)(unit_random(state) % 4) / 10;
    }
    f->weights[0] = 0.1;
    family_rows(f, rows, n);
}

TEST(against_the_definitions)
{
    uint64_t state = 89;
    for (int round = 0; round < 60; round++) {
        const uint32_t count = 1 + (uint32_t)(unit_random(&state) % 8);
        const double missing = round % 2 ? 0.3 : 0;
        family_fixture f;
        family_make(&f, "copeland", count);
        random_world(&f, &state, missing);
        expect_pairs(&f, win, false, 1);
        fixture_number(&f.method, "scale", 1);
        expect_pairs(&f, win, false, fmax(regions_of(&f) - 1, 1));
        family_free(&f);

        family_make(&f, "condorcet", count);
        random_world(&f, &state, missing);
        family_run(&f);
        for (size_t a = 0; a < f.n; a++) {
            const double wins = sum_of_pairs(&f, a, win, false);
            const double expected = takes_part(&f, a) ? (wins == regions_of(&f) - 1 ? 1 : 0) : NAN;
            expect_array(&f.out[a], &expected, 1, 0);
        }
        family_free(&f);

        family_make(&f, "promethee2", count);
        random_world(&f, &state, missing);
        q = p = 0;
        expect_pairs(&f, preference, true, fmax(regions_of(&f) - 1, 1));
        q = 0.25;
        p = 1.1;
        fixture_choice(&f.method, "preference", "linear");
        fixture_number(&f.method, "q", q);
        fixture_number(&f.method, "p", p);
        expect_pairs(&f, preference, true, fmax(regions_of(&f) - 1, 1));
        family_free(&f);

        family_make(&f, "electre3", count);
        random_world(&f, &state, missing);
        fixture_number(&f.method, "q", q);
        fixture_number(&f.method, "p", p);
        v = NAN;
        expect_pairs(&f, credibility, true, 1);
        v = 1.7;
        fixture_number(&f.method, "v", v);
        expect_pairs(&f, credibility, true, 1);
        family_free(&f);
    }
}

/* Without holes Borda's score is the sum of the shares over the opponents, and the sum of ranks less one. */
TEST(borda_is_the_sum_of_shares)
{
    uint64_t state = 97;
    for (int round = 0; round < 60; round++) {
        family_fixture f;
        family_make(&f, "borda", 1 + (uint32_t)(unit_random(&state) % 8));
        random_world(&f, &state, 0);
        expect_pairs(&f, share_of, false, 1);
        family_free(&f);
    }
    family_fixture f;
    family_make(&f, "borda", 2);
    family_rows(&f, (const double[]){1, 5, 2, 5, 3, 4}, 3);
    f.weights[0] = 3;
    expect_family(&f, (const double[]){1.5 / 4, 4.5 / 4, 6 / 4.0}, 1e-15);
    /* a hole: of the second child two regions are left, the better one beats all of two, as a share */
    family_rows(&f, (const double[]){1, NAN, 2, 5, 3, 4}, 3);
    expect_family(&f, (const double[]){0, (3 + 2) / 4.0, 6 / 4.0}, 1e-15);
    /* the only one with a score neither beats nor loses */
    family_rows(&f, (const double[]){1, NAN, 2, 5, 3, NAN}, 3);
    expect_family(&f, (const double[]){0, (3 + 1) / 4.0, 2}, 1e-15);
    family_free(&f);
}

/* Shares such as 0.1 + 0.2 against 0.3 meet one half but for rounding: that is a tie, not a win. */
TEST(rounding_decides_nothing)
{
    family_fixture f;
    family_make(&f, "copeland", 3);
    f.weights[0] = 0.1;
    f.weights[1] = 0.2;
    f.weights[2] = 0.3;
    family_rows(&f, (const double[]){1, 1, 0, 0, 0, 1}, 2);
    expect_family(&f, (const double[]){0, 0}, 0);
    f.weights[2] = 0.3000001;
    expect_family(&f, (const double[]){-1, 1}, 0);
    family_free(&f);
}

TEST(kemeny_by_hand)
{
    family_fixture f;
    family_make(&f, "kemeny", 3);
    /* a circle of three behind a winner, and a region without scores */
    family_rows(&f, (const double[]){3, 1, 2, NAN, NAN, NAN, 9, 9, 9, 2, 3, 1, 1, 2, 3}, 5);
    /* the first row beats the fourth, that the fifth, that the first: of three best orders the one in input order */
    expect_family(&f, (const double[]){2, NAN, 3, 1, 0}, 0);
    family_free(&f);
}

/* Regions in another order: the same bits. Kemeny where one order is best. */
TEST(outranking_does_not_know_the_order_of_regions)
{
    static const char *const names[] = {"copeland", "borda", "condorcet", "promethee2", "electre3", "kemeny"};
    uint64_t state = 101;
    for (int round = 0; round < 60; round++) {
        const size_t m = (size_t)round % SMRI_COUNT(names);
        const bool kemeny = m == 5;
        double rows[5 * 20], turned[5 * 20], before[20];
        for (size_t i = 0; i < SMRI_COUNT(rows); i++) {
            rows[i] = !kemeny && unit_random(&state) % 9 == 0 ? NAN : unit_random_unit(&state);
            rows[i] += kemeny ? (double)(i / 5) : 0; /* so far apart that the order is sure */
        }
        family_fixture f;
        family_make(&f, names[m], 5);
        for (uint32_t c = 0; c < 5; c++) {
            f.weights[c] = 0.1 + unit_random_unit(&state);
        }
        if (m == 3) {
            fixture_choice(&f.method, "preference", "linear");
        }
        if (m == 3 || m == 4) {
            fixture_number(&f.method, "p", 0.3);
        }
        family_rows(&f, rows, 20);
        family_run(&f);
        memcpy(before, f.out, sizeof before);
        for (size_t i = 0; i < 20; i++) {
            memcpy(turned + 5 * i, rows + 5 * (i * 7 % 20), 5 * sizeof *rows);
        }
        family_rows(&f, turned, 20);
        family_run(&f);
        for (size_t i = 0; i < 20; i++) {
            expect_same_bits(f.out[i], before[i * 7 % 20]);
        }
        family_free(&f);
    }
}

/* Thresholds of single children stand over those for all. */
TEST(thresholds_by_child)
{
    family_fixture f;
    family_make(&f, "promethee2", 2);
    family_rows(&f, (const double[]){0, 0, 10, 10}, 2);
    fixture_choice(&f.method, "preference", "linear");
    fixture_number(&f.method, "p", 20);
    expect_family(&f, (const double[]){-0.5, 0.5}, 0);
    fixture_json(&f.method, "thresholds", "{\"b\": {\"q\": 10}}");
    expect_family(&f, (const double[]){-0.25, 0.25}, 0);
    fixture_json(&f.method, "thresholds", "{\"b\": {\"q\": 5, \"p\": 10}}");
    expect_family(&f, (const double[]){-0.75, 0.75}, 0);
    family_free(&f);
}

TEST(thresholds_that_do_not_fit)
{
    static const struct {
        double q, p, v;
        const char *own;
    } wrong[] = {
        {1, NAN, NAN, NULL}, {2, 1, NAN, NULL},           {0, 1, 1, NULL},
        {0, 1, 0.5, NULL},   {0, 1, NAN, "{\"a\": {\"q\": 3}}"}, {0, 1, NAN, "[1]"},
        {0, 1, NAN, "{\"b\": {\"q\": -1}}"},
    };
    for (size_t i = 0; i < SMRI_COUNT(wrong); i++) {
        family_fixture f;
        smr_error error = unit_error();
        family_make(&f, "electre3", 2);
        fixture_number(&f.method, "q", wrong[i].q);
        if (wrong[i].p == wrong[i].p) {
            fixture_number(&f.method, "p", wrong[i].p);
        }
        if (wrong[i].v == wrong[i].v) {
            fixture_number(&f.method, "v", wrong[i].v);
        }
        if (wrong[i].own) {
            fixture_json(&f.method, "thresholds", wrong[i].own);
        }
        expect_fails(family_check(&f, &error), &error, SMR_MESSAGE_OPTION_WRONG);
        family_free(&f);
    }
    family_fixture f;
    smr_error error = unit_error();
    family_make(&f, "promethee2", 2); /* usual: no thresholds are asked for */
    expect_ok(family_check(&f, &error), &error);
    fixture_choice(&f.method, "preference", "linear");
    expect_fails(family_check(&f, &error), &error, SMR_MESSAGE_OPTION_WRONG);
    family_free(&f);
}

/* One region, none, nothing in common, numbers near the ends of the range. */
TEST(outranking_of_little)
{
    static const char *const names[] = {"copeland", "borda", "condorcet", "kemeny", "promethee2", "electre3"};
    static const double alone[] = {0, 0, 1, 0, 0, 0};
    for (size_t m = 0; m < SMRI_COUNT(names); m++) {
        family_fixture f;
        family_make(&f, names[m], 2);
        if (m == 5) {
            fixture_number(&f.method, "p", 1);
        }
        family_rows(&f, (const double[]){1, 2}, 1);
        expect_family(&f, &alone[m], 0);
        family_rows(&f, (const double[]){NAN, NAN, NAN, NAN}, 2);
        expect_family(&f, (const double[]){NAN, NAN}, 0);
        family_rows(&f, (const double[]){1, NAN, NAN, 2}, 2); /* neither is better */
        family_run(&f);
        expect(m == 3 ? f.out[0] == 1 && f.out[1] == 0 : f.out[0] == f.out[1]);
        family_rows(&f, (const double[]){1.7e308, 1e-300, -1.7e308, 2e-300}, 2);
        family_run(&f);
        expect(fabs(f.out[0]) <= 1 && fabs(f.out[1]) <= 1);
        family_free(&f);
    }
}

TEST(kemeny_of_too_many)
{
    family_fixture f;
    smr_error error = unit_error();
    family_make(&f, "kemeny", 1);
    static double column[2001], out[2001];
    static uint8_t statuses[2001];
    static const char *regions[2001];
    const double *const scores[] = {column}, weight = 1;
    for (size_t i = 0; i < SMRI_COUNT(column); i++) {
        column[i] = (double)i;
        regions[i] = "A";
    }
    smri_family_rows family = {.context = unit_context(), .framework = f.framework, .scores = scores,
                               .weights = &weight, .count = 1, .n = 2001, .regions = regions};
    expect_fails(smri_kemeny_order(&f.method.choice, &family, out, statuses, &error), &error,
                 SMR_MESSAGE_TOO_MANY_REGIONS);
    family.n = 2000;
    error = unit_error();
    expect_ok(smri_kemeny_order(&f.method.choice, &family, out, statuses, &error), &error);
    expect_array(out, column, 2000, 0);
    family_free(&f);
}

static int32_t stop(uint64_t done, uint64_t total, void *user)
{
    (void)done;
    (void)total;
    (void)user;
    return 0;
}

TEST(outranking_is_cancelled)
{
    static const char *const names[] = {"copeland", "condorcet", "promethee2", "electre3", "kemeny"};
    smr_context_options options;
    smr_context *context = NULL;
    smr_error error = unit_error();
    smr_context_options_init(&options, sizeof options);
    options.progress = stop;
    expect_ok(smr_context_new(&options, &context, &error), &error);
    for (size_t m = 0; m < SMRI_COUNT(names); m++) {
        family_fixture f;
        family_make(&f, names[m], 3);
        if (m == 3) {
            fixture_number(&f.method, "p", 1);
        }
        family_rows(&f, (const double[]){1, 2, 3, 2, 3, 1, 3, 1, 2}, 3); /* a circle, so that kemeny searches */
        const double *const scores[] = {f.scores[0], f.scores[1], f.scores[2]};
        const smri_family_rows family = {.context = context, .framework = f.framework, .scores = scores,
                                         .weights = f.weights, .count = 3, .n = 3, .regions = f.regions};
        error = unit_error();
        expect_fails(f.method.choice.method->aggregate_rows(&f.method.choice, &family, f.out, f.statuses, &error),
                     &error, SMR_MESSAGE_CANCELLED);
        family_free(&f);
    }
    smr_context_unref(context);
}

static const unit_test tests[] = {
    UNIT(against_the_definitions),
    UNIT(borda_is_the_sum_of_shares),
    UNIT(rounding_decides_nothing),
    UNIT(kemeny_by_hand),
    UNIT(outranking_does_not_know_the_order_of_regions),
    UNIT(thresholds_by_child),
    UNIT(thresholds_that_do_not_fit),
    UNIT(outranking_of_little),
    UNIT(kemeny_of_too_many),
    UNIT(outranking_is_cancelled),
};
UNIT_SUITE(method_outranking, tests)
