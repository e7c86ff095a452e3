/* SPDX-License-Identifier: MIT */
/* What holds for all scores: over random worlds, some of small whole numbers with many ties, some with holes. */
#include "doubt_fixture.h"

#include <stdlib.h>

#define WORLDS 60

static const struct plan {
    const char *name, *variant, *shares;
    double low, high;
    const char *option, *json;
} plans[] = {
    {.name = "plain", .variant = "plain"},
    {.name = "pie", .variant = "plain", .shares = "pie", .low = 0.05, .high = 0.6},
    {.name = "weight", .variant = "plain", .shares = "weight", .low = 0.1, .high = 0.7},
    {.name = "ordinal", .variant = "plain", .option = "ordinal", .json = "[['a', 'b']]"},
    {.name = "common", .variant = "common"},
    {.name = "cross_efficiency", .variant = "cross_efficiency"},
    {.name = "directional", .variant = "directional"},
    {.name = "direction", .variant = "directional", .option = "direction", .json = "{'a': 2, 'b': 1}"},
    {.name = "undesirable", .variant = "undesirable", .option = "undesirable", .json = "['b']"},
    {.name = "geometric", .variant = "geometric"},
    {.name = "order_m", .variant = "order_m"},
};
enum { PLANS = SMRI_COUNT(plans) };

static void set_plan(doubt *d, const struct plan *plan)
{
    fixture_choice(&d->method, "variant", plan->variant);
    if (plan->shares != NULL) {
        doubt_shares(d, plan->shares, plan->low, plan->high);
    }
    if (plan->option != NULL) {
        doubt_json(d, plan->option, plan->json);
    }
}

static bool is_linear(const struct plan *plan)
{
    return strcmp(plan->variant, "geometric") != 0 && strcmp(plan->variant, "order_m") != 0;
}

/* Scores above 1, so that every variant can take them. */
static void fill(doubt *d, uint64_t *state, int world)
{
    d->n = 2 + (size_t)(unit_random(state) % 38);
    for (size_t i = 0; i < d->n; i++) {
        for (uint32_t j = 0; j < d->count; j++) {
            const double u = unit_random_unit(state);
            d->scores[j][i] = world % 3 == 0 ? 2 + floor(4 * u) : 1.5 + 98 * u;
            if (world % 5 == 0 && unit_random_unit(state) < 0.05) {
                d->scores[j][i] = NAN;
            }
        }
    }
}

/* Calls a law for every plan in every world; *d has been scored. */
static void for_all(uint64_t seed, void (*law)(doubt *d, const struct plan *plan, uint64_t *state))
{
    uint64_t state = seed;
    for (int world = 0; world < WORLDS; world++) {
        for (size_t i = 0; i < PLANS; i++) {
            doubt d;
            doubt_make(&d, 2 + (uint32_t)(world % 5));
            set_plan(&d, &plans[i]);
            fill(&d, &state, world);
            doubt_run(&d);
            law(&d, &plans[i], &state);
            doubt_free(&d);
        }
    }
}

static double greatest(const doubt *d)
{
    double most = -1;
    for (size_t i = 0; i < d->n; i++) {
        most = d->out[i] > most ? d->out[i] : most;
    }
    return most;
}

static void bounded_law(doubt *d, const struct plan *plan, uint64_t *state)
{
    (void)state;
    for (size_t i = 0; i < d->n; i++) {
        bool complete = true;
        for (uint32_t j = 0; j < d->count; j++) {
            complete = complete && d->scores[j][i] == d->scores[j][i];
        }
        expect((d->out[i] == d->out[i]) == complete);
        expect_equal_int(d->statuses[i], complete ? SMR_CELL_OK : SMR_CELL_NOT_COMPUTED);
        expect(!complete || d->out[i] > 0);
        expect(!complete || strcmp(plan->variant, "order_m") == 0 || d->out[i] <= 1);
    }
    /* Restrictions, and weights of all regions together, may leave nobody at 1. */
    const bool somebody = plan->shares == NULL && strcmp(plan->variant, "cross_efficiency") != 0 &&
                          strcmp(plan->name, "ordinal") != 0 && strcmp(plan->variant, "order_m") != 0;
    expect(!somebody || greatest(d) == 1 || greatest(d) == -1);
}

TEST(scores_lie_between_0_and_1)
{
    for_all(1, bounded_law);
}

/* Permuting the regions permutes the scores, to the bit. */
static void permutation_law(doubt *d, const struct plan *plan, uint64_t *state)
{
    doubt *other = malloc(sizeof *other);
    size_t order[DOUBT_REGIONS];
    (void)plan;
    expect(other != NULL);
    *other = *d;
    other->method.choice.settings = other->method.settings;
    for (size_t i = 0; i < d->n; i++) {
        order[i] = i;
    }
    for (size_t i = d->n; i > 1; i--) {
        const size_t k = (size_t)(unit_random(state) % i), moved = order[k];
        order[k] = order[i - 1];
        order[i - 1] = moved;
    }
    for (size_t i = 0; i < d->n; i++) {
        for (uint32_t j = 0; j < d->count; j++) {
            other->scores[j][i] = d->scores[j][order[i]];
        }
    }
    doubt_run(other);
    for (size_t i = 0; i < d->n; i++) {
        expect_same_bits(other->out[i], d->out[order[i]]);
        expect_bytes(other->weights + i * d->count, d->weights + order[i] * d->count, d->count * sizeof(double));
    }
    free(other);
}

TEST(the_order_of_the_regions_changes_no_bit)
{
    for_all(2, permutation_law);
}

/* Another unit: times a power of two no bit changes, times anything nothing but rounding. */
static void unit_law(doubt *d, const struct plan *plan, uint64_t *state)
{
    static const double factors[] = {0x1p-30, 0x1p7, 1e-9, 3.7, 1e12};
    double before[DOUBT_REGIONS];
    if (!is_linear(plan) || (plan->shares != NULL && strcmp(plan->shares, "weight") == 0) ||
        strcmp(plan->name, "direction") == 0) {
        return;
    }
    memcpy(before, d->out, d->n * sizeof *before);
    const size_t choice = (size_t)(unit_random(state) % SMRI_COUNT(factors));
    const uint32_t child = (uint32_t)(unit_random(state) % d->count);
    for (size_t i = 0; i < d->n; i++) {
        d->scores[child][i] *= factors[choice];
    }
    doubt_run(d);
    for (size_t i = 0; i < d->n; i++) {
        if (choice < 2) {
            expect_same_bits(d->out[i], before[i]);
        } else if (before[i] == before[i]) {
            /* Common and cross-efficient weights are not unique where the optimum is a face. */
            const bool unique = strcmp(plan->variant, "common") != 0 && strcmp(plan->variant, "cross_efficiency") != 0;
            expect(!unique || fabs(d->out[i] - before[i]) <= 1e-11);
        }
    }
}

TEST(units_do_not_matter)
{
    for_all(3, unit_law);
}

/* A region that another dominates binds nobody: scores of the others keep their bits. */
static void dominated_law(doubt *d, const struct plan *plan, uint64_t *state)
{
    double before[DOUBT_REGIONS];
    size_t model = d->n;
    for (size_t i = 0; i < d->n; i++) {
        model = d->out[i] == d->out[i] ? i : model;
    }
    if (model == d->n || strcmp(plan->variant, "common") == 0 || strcmp(plan->variant, "cross_efficiency") == 0 ||
        strcmp(plan->variant, "order_m") == 0) {
        return;
    }
    memcpy(before, d->out, d->n * sizeof *before);
    for (uint32_t j = 0; j < d->count; j++) {
        const bool bad = j == 1 && strcmp(plan->variant, "undesirable") == 0;
        const double part = unit_random_unit(state) * (d->scores[j][model] - 1);
        d->scores[j][d->n] = bad ? d->scores[j][model] + part : d->scores[j][model] - 0.9 * part;
    }
    d->n++;
    doubt_run(d);
    for (size_t i = 0; i + 1 < d->n; i++) {
        /* The scale of a bad child is that of its greatest score, which may be the newcomer's. */
        expect_near(d->out[i] == d->out[i] ? d->out[i] : 0, before[i] == before[i] ? before[i] : 0,
                    strcmp(plan->variant, "undesirable") == 0 ? 1e-13 : 0);
    }
}

TEST(a_dominated_region_changes_nothing)
{
    for_all(4, dominated_law);
}

/* A better value never lowers the region's own score, nor raises another's. */
static void monotone_law(doubt *d, const struct plan *plan, uint64_t *state)
{
    double before[DOUBT_REGIONS];
    const size_t region = (size_t)(unit_random(state) % d->n);
    const uint32_t child = (uint32_t)(unit_random(state) % d->count);
    const bool own_only = strcmp(plan->variant, "plain") != 0 || plan->option != NULL || plan->shares != NULL;
    if (strcmp(plan->variant, "common") == 0 || strcmp(plan->variant, "cross_efficiency") == 0 ||
        strcmp(plan->variant, "undesirable") == 0) {
        return;
    }
    memcpy(before, d->out, d->n * sizeof *before);
    d->scores[child][region] += 5 * unit_random_unit(state);
    doubt_run(d);
    /* Shares and pairs speak of the region's own scores: more of one child then changes what is allowed. */
    if (plan->shares == NULL && plan->option == NULL) {
        expect(!(d->out[region] < before[region] - 1e-12));
    }
    for (size_t i = 0; !own_only && i < d->n; i++) {
        expect(i == region || !(d->out[i] > before[i] + 1e-12));
    }
}

TEST(better_is_never_worse)
{
    for_all(5, monotone_law);
}

/* Weights are not negative, make the score, let nobody pass 1, and keep to what restricts them. */
static void weights_law(doubt *d, const struct plan *plan, uint64_t *state)
{
    (void)state;
    const bool growth = strcmp(plan->name, "direction") == 0 || strcmp(plan->variant, "undesirable") == 0;
    for (size_t i = 0; i < d->n; i++) {
        double sum = 0;
        if (!is_linear(plan) || growth || d->out[i] != d->out[i]) {
            continue;
        }
        expect_near(doubt_weighted(d, i, i), d->out[i], 1e-9);
        for (size_t k = 0; k < d->n; k++) {
            expect(!(doubt_weighted(d, i, k) > 1 + 1e-9));
        }
        for (uint32_t j = 0; j < d->count; j++) {
            const double w = d->weights[i * d->count + j];
            expect(w >= 0);
            sum += plan->shares != NULL && strcmp(plan->shares, "weight") == 0 ? w : w * d->scores[j][i];
        }
        for (uint32_t j = 0; plan->shares != NULL && j < d->count; j++) {
            const double w = d->weights[i * d->count + j];
            const double share = (strcmp(plan->shares, "weight") == 0 ? w : w * d->scores[j][i]) / sum;
            expect(share >= plan->low - 1e-9 && share <= plan->high + 1e-9);
        }
        if (strcmp(plan->name, "ordinal") == 0) {
            const double *w = d->weights + i * d->count;
            expect(w[0] * d->scores[0][i] >= w[1] * d->scores[1][i] - 1e-9);
        }
    }
}

TEST(weights_keep_to_what_restricts_them)
{
    for_all(6, weights_law);
}

/* Nobody does better by weights of others or under restrictions; growth in the region's own direction is the same. */
static void plain_law(doubt *d, const struct plan *plan, uint64_t *state)
{
    (void)state;
    if (!is_linear(plan) || strcmp(plan->variant, "undesirable") == 0) {
        return;
    }
    double restricted[DOUBT_REGIONS];
    memcpy(restricted, d->out, d->n * sizeof *restricted);
    fixture_free(&d->method);
    fixture_make(&d->method, SMRI_STEP_WEIGHTS, "bod");
    doubt_run(d);
    for (size_t i = 0; i < d->n; i++) {
        if (strcmp(plan->name, "directional") == 0) {
            expect_same_bits(restricted[i], d->out[i]);
        } else if (strcmp(plan->name, "direction") != 0) {
            expect(!(restricted[i] > d->out[i] + 1e-12));
        }
    }
}

TEST(nobody_does_better_than_with_the_weights_that_suit)
{
    for_all(7, plain_law);
}

/* Against the best of very many, only those who have as much of everything count; plain mixes them too. */
static void order_m_law(doubt *d, const struct plan *plan, uint64_t *state)
{
    (void)state;
    if (strcmp(plan->variant, "order_m") != 0) {
        return;
    }
    double few[DOUBT_REGIONS], many[DOUBT_REGIONS];
    memcpy(few, d->out, d->n * sizeof *few);
    fixture_number(&d->method, "m", 1e6);
    doubt_run(d);
    memcpy(many, d->out, d->n * sizeof *many);
    fixture_choice(&d->method, "variant", "plain");
    doubt_run(d);
    for (size_t i = 0; i < d->n; i++) {
        expect(!(many[i] > few[i] + 1e-12));
        expect(!(d->out[i] > many[i] + 1e-12));
        expect(!(many[i] > 1 + 1e-12));
    }
}

TEST(order_m_falls_to_the_free_disposal_hull)
{
    for_all(8, order_m_law);
}

/* The number of threads changes no bit. Enough regions for several tasks. */
TEST(threads_change_no_bit)
{
    uint64_t state = 9;
    smr_context_options options;
    smr_context *threads;
    smr_error error = unit_error();
    smr_context_options_init(&options, sizeof options);
    options.threads = 4;
    expect_ok(smr_context_new(&options, &threads, &error), &error);
    for (size_t p = 0; p < PLANS; p++) {
        doubt d;
        double alone[DOUBT_REGIONS];
        doubt_make(&d, 4);
        set_plan(&d, &plans[p]);
        fill(&d, &state, 1);
        d.n = DOUBT_REGIONS;
        for (size_t i = 0; i < d.n; i++) {
            for (uint32_t j = 0; j < 4; j++) {
                d.scores[j][i] = 1.5 + 98 * unit_random_unit(&state);
            }
        }
        doubt_run(&d);
        memcpy(alone, d.out, sizeof alone);
        d.context = threads;
        doubt_run(&d);
        expect_bytes(d.out, alone, sizeof alone);
        doubt_free(&d);
    }
    smr_context_unref(threads);
}

/* Peers: a mixture that is as far as the score says, in every child at least, and dominated by nobody. */
TEST(peers_prove_the_score)
{
    uint64_t state = 10;
    for (int world = 0; world < WORLDS; world++) {
        doubt d;
        doubt_make(&d, 2 + (uint32_t)(world % 5));
        fill(&d, &state, world);
        doubt_run(&d);
        for (size_t i = 0; i < d.n; i++) {
            doubt_family family;
            double lambdas[DOUBT_REGIONS], targets[DOUBT_CHILDREN], sum = 0;
            smr_error error = unit_error();
            doubt_prepare(&d, &family);
            expect_ok(smri_bod_peers(&d.method.choice, &family.rows, i, lambdas, targets, &error), &error);
            if (d.out[i] != d.out[i]) {
                continue;
            }
            for (size_t k = 0; k < d.n; k++) {
                expect(lambdas[k] >= 0);
                expect(lambdas[k] == 0 || d.out[k] == 1);
                sum += lambdas[k];
            }
            expect_near(sum, 1, 1e-9);
            for (uint32_t j = 0; j < d.count; j++) {
                double mixed = 0;
                for (size_t k = 0; k < d.n; k++) {
                    mixed += lambdas[k] == 0 ? 0 : lambdas[k] * d.scores[j][k];
                }
                expect_near(mixed, targets[j], 1e-9 * targets[j]);
                expect(targets[j] >= d.scores[j][i] / d.out[i] * (1 - 1e-9));
            }
            for (size_t k = 0; k < d.n; k++) {
                bool above = d.out[k] == d.out[k], further = false;
                for (uint32_t j = 0; above && j < d.count; j++) {
                    above = d.scores[j][k] >= targets[j] * (1 - 1e-9);
                    further = further || d.scores[j][k] > targets[j] * (1 + 1e-6);
                }
                expect(!(above && further));
            }
        }
        doubt_free(&d);
    }
}

static const unit_test tests[] = {
    UNIT(scores_lie_between_0_and_1),
    UNIT(the_order_of_the_regions_changes_no_bit),
    UNIT(units_do_not_matter),
    UNIT(a_dominated_region_changes_nothing),
    UNIT(better_is_never_worse),
    UNIT(weights_keep_to_what_restricts_them),
    UNIT(nobody_does_better_than_with_the_weights_that_suit),
    UNIT(order_m_falls_to_the_free_disposal_hull),
    UNIT(threads_change_no_bit),
    UNIT(peers_prove_the_score),
};
UNIT_SUITE(method_benefit_of_doubt_laws, tests)
