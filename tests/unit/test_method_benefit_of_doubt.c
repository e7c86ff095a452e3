/* SPDX-License-Identifier: MIT */
#include "doubt_fixture.h"

#include "failure/failing_allocator.h"

/* Scores by a plan that `set` (NULL: the defaults) makes; every status ok. */
static void expect_scores(const double *rows, size_t n, uint32_t count, void (*set)(doubt *), const double *expected)
{
    doubt d;
    doubt_make(&d, count);
    doubt_rows(&d, rows, n);
    if (set != NULL) {
        set(&d);
    }
    doubt_run(&d);
    expect_array(d.out, expected, n, 1e-13);
    for (size_t i = 0; i < n; i++) {
        expect_equal_int(d.statuses[i], SMR_CELL_OK);
    }
    doubt_free(&d);
}

/* ---- by hand: the frontier goes from (4, 1) over (3, 3) to (1, 4) ---- */

static const double plane[] = {4, 1, 3, 3, 1, 4, 2, 2, 0, 3, 2, 1, 4, 0.5};

TEST(as_far_as_the_frontier)
{
    expect_scores(plane, 7, 2, NULL, (const double[]){1, 1, 1, 2 / 3., 0.75, 5 / 9., 1});
}

TEST(weights_make_the_score_and_bind_the_others)
{
    doubt d;
    doubt_make(&d, 2);
    doubt_rows(&d, plane, 7);
    doubt_run(&d);
    for (size_t i = 0; i < d.n; i++) {
        expect_near(doubt_weighted(&d, i, i), d.out[i], 1e-14);
        for (size_t k = 0; k < d.n; k++) {
            expect(doubt_weighted(&d, i, k) <= 1 + 1e-14);
        }
    }
    /* (2, 1) is measured by (4, 1) and (3, 3): 4 a + b = 1, 3 a + 3 b = 1. */
    expect_near(d.weights[2 * 5], 2 / 9., 1e-15);
    expect_near(d.weights[2 * 5 + 1], 1 / 9., 1e-15);
    doubt_free(&d);
}

static const double corners[] = {4, 1, 1, 4, 2, 2};

static void set_half_pie(doubt *d)
{
    doubt_shares(d, "pie", 0.5, 0.5);
}

static void set_half_weight(doubt *d)
{
    doubt_shares(d, "weight", 0.5, 0.5);
}

static void set_ordinal(doubt *d)
{
    doubt_json(d, "ordinal", "[['a', 'b'], ['x', 'y']]");
}

/* Half of the score from each child: w = c (1/4, 1), and (1, 4) allows c = 4/17. */
TEST(shares_of_the_score)
{
    expect_scores(corners, 3, 2, set_half_pie, (const double[]){8 / 17., 8 / 17., 0.8});
}

TEST(shares_of_the_weights)
{
    expect_scores(corners, 3, 2, set_half_weight, (const double[]){1, 1, 0.8});
}

/* Restrictions are on the weights of the scores as they are given: in another unit they mean something else. */
TEST(shares_of_the_weights_know_the_unit)
{
    expect_scores((const double[]){4, 1000, 1, 4000, 2, 2000}, 3, 2, set_half_weight,
                  (const double[]){1004 / 4001., 1, 2002 / 4001.});
}

/* (1, 4) may not live on b alone: a >= 4 b and 4 a + b <= 1. */
TEST(at_least_the_share_of_another)
{
    expect_scores(corners, 3, 2, set_ordinal, (const double[]){1, 8 / 17., 0.8});
}

static void set_common(doubt *d)
{
    fixture_choice(&d->method, "variant", "common");
}

static void set_cross_efficiency(doubt *d)
{
    fixture_choice(&d->method, "variant", "cross_efficiency");
}

TEST(the_weights_of_the_mean_region)
{
    expect_scores(corners, 3, 2, set_common, (const double[]){1, 1, 0.8});
}

/* (4, 1) reaches 1 with any weights between (1/4, 0) and (1/5, 1/5): the second stage takes the latter. */
TEST(benevolent_to_the_others)
{
    expect_scores(corners, 3, 2, set_cross_efficiency, (const double[]){1, 1, 0.8});
    /* (5, 1) thrice and (1, 4) once give the weights of the line between them, 3/19 and 4/19; (2, 0) gives 1/5 and 0. */
    const double a = (4 * 3 / 19. + 1 / 5.) / 5, b = 4 * (4 / 19.) / 5;
    expect_scores((const double[]){5, 1, 1, 4, 5, 1, 5, 1, 2, 0}, 5, 2, set_cross_efficiency,
                  (const double[]){5 * a + b, a + 4 * b, 5 * a + b, 5 * a + b, 2 * a});
}

static void set_along_a(doubt *d)
{
    fixture_choice(&d->method, "variant", "directional");
    doubt_json(d, "direction", "{'a': 1, 'b': 0, 'x': 7}");
}

static void set_directional(doubt *d)
{
    fixture_choice(&d->method, "variant", "directional");
}

/* From (2, 2) along a as far as (3, 2), two thirds of the way from (1, 4) to (4, 1). */
TEST(growth_in_a_direction)
{
    expect_scores(corners, 3, 2, set_along_a, (const double[]){1, 1, 0.5});
    expect_scores(plane, 7, 2, set_directional, (const double[]){1, 1, 1, 2 / 3., 0.75, 5 / 9., 1});
}

static void set_undesirable(doubt *d)
{
    fixture_choice(&d->method, "variant", "undesirable");
    doubt_json(d, "undesirable", "['b', 'x']");
}

/* 10 of what is good with 2 of what is bad: 5 with 2 can grow, and 10 with 4 shrink, by a third. */
TEST(more_of_the_good_with_less_of_the_bad)
{
    expect_scores((const double[]){10, 2, 5, 2, 10, 4, 20, 4}, 4, 2, set_undesirable,
                  (const double[]){1, 0.75, 0.75, 1});
}

TEST(without_anything_bad_there_is_no_end)
{
    doubt d;
    doubt_make(&d, 2);
    doubt_rows(&d, (const double[]){10, 0, 5, 2, 0, 3}, 3);
    set_undesirable(&d);
    doubt_run(&d);
    expect_array(d.out, (const double[]){NAN, 0.5, 0.5}, 3, 1e-14);
    expect_equal_int(d.statuses[0], SMR_CELL_OUT_OF_DOMAIN);
    doubt_free(&d);
}

static void set_geometric(doubt *d)
{
    fixture_choice(&d->method, "variant", "geometric");
}

TEST(on_logarithms)
{
    double rows[6];
    for (size_t i = 0; i < 6; i++) {
        rows[i] = exp(corners[i]);
    }
    expect_scores(rows, 3, 2, set_geometric, (const double[]){1, 1, exp(-0.2)});
}

static void set_order_1(doubt *d)
{
    fixture_choice(&d->method, "variant", "order_m");
    fixture_number(&d->method, "m", 1);
}

static void set_order_2(doubt *d)
{
    set_order_1(d);
    fixture_number(&d->method, "m", 2);
}

/* (2, 2) has as much as: (4, 1) at least 1/2, (1, 4) at least 1/2, itself 1. Two draws give 1 with chance 5/9. */
TEST(against_the_best_of_m)
{
    expect_scores(corners, 3, 2, set_order_1, (const double[]){3 / (1 + 0.25 + 0.5), 3 / (1 + 0.25 + 0.5), 1.5});
    expect_scores(corners, 3, 2, set_order_2,
                  (const double[]){9 / (0.25 + 0.5 * 3 + 5), 9 / (0.25 + 0.5 * 3 + 5), 9 / (0.5 * 4 + 5)});
}

/* ---- peers ---- */

static void expect_peers(const doubt *d, size_t region, const double *lambdas, const double *targets)
{
    doubt_family family;
    double found[DOUBT_REGIONS], at[DOUBT_CHILDREN];
    smr_error error = unit_error();
    doubt_prepare(d, &family);
    expect_ok(smri_bod_peers(&d->method.choice, &family.rows, region, found, at, &error), &error);
    expect_array(found, lambdas, d->n, 1e-12);
    expect_array(at, targets, d->count, 1e-12);
}

TEST(peers_leave_no_slack)
{
    doubt d;
    doubt_make(&d, 2);
    doubt_rows(&d, plane, 7);
    expect_peers(&d, 5, (const double[]){0.6, 0.4, 0, 0, 0, 0, 0}, (const double[]){3.6, 1.8});
    expect_peers(&d, 3, (const double[]){0, 1, 0, 0, 0, 0, 0}, (const double[]){3, 3});
    /* (0, 3) reaches (0, 4) in proportion; (1, 4) has that and more. */
    expect_peers(&d, 4, (const double[]){0, 0, 1, 0, 0, 0, 0}, (const double[]){1, 4});
    /* (4, 0.5) has the score 1 and is dominated all the same. */
    expect_peers(&d, 6, (const double[]){1, 0, 0, 0, 0, 0, 0}, (const double[]){4, 1});
    doubt_free(&d);
}

TEST(peers_of_a_region_without_a_score)
{
    doubt d;
    doubt_make(&d, 2);
    doubt_rows(&d, (const double[]){4, 1, NAN, 3, 0, 0}, 3);
    const double nothing[] = {NAN, NAN, NAN};
    expect_peers(&d, 1, nothing, nothing);
    expect_peers(&d, 2, nothing, nothing);
    doubt_family family;
    double lambdas[3], targets[2];
    smr_error error = unit_error();
    set_half_pie(&d);
    doubt_prepare(&d, &family);
    expect_fails(smri_bod_peers(&d.method.choice, &family.rows, 0, lambdas, targets, &error), &error,
                 SMR_MESSAGE_BOD_PEERS);
    doubt_free(&d);
}

/* ---- data at the edge ---- */

TEST(a_region_with_a_missing_child_is_no_peer)
{
    doubt d;
    doubt_make(&d, 2);
    doubt_rows(&d, (const double[]){4, 1, 9, NAN, NAN, NAN, 2, 0.5}, 4);
    doubt_run(&d);
    expect_array(d.out, (const double[]){1, NAN, NAN, 0.5}, 4, 1e-15);
    expect_equal_int(d.statuses[1], SMR_CELL_NOT_COMPUTED);
    expect_equal_int(d.statuses[2], SMR_CELL_NOT_COMPUTED);
    expect_nan(d.weights[2]);
    for (size_t i = 0; i < 4; i++) {
        d.scores[1][i] = NAN;
    }
    doubt_run(&d);
    expect_array(d.out, (const double[]){NAN, NAN, NAN, NAN}, 4, 0);
    doubt_free(&d);
}

TEST(one_region_one_child)
{
    expect_scores((const double[]){3, 7}, 1, 2, NULL, (const double[]){1});
    expect_scores((const double[]){3, 6, 1.5}, 3, 1, NULL, (const double[]){0.5, 1, 0.25});
    expect_scores((const double[]){2, 2, 2, 2, 2, 2}, 3, 2, NULL, (const double[]){1, 1, 1});
    expect_scores((const double[]){2, 2, 2, 2, 2, 2}, 3, 2, set_cross_efficiency, (const double[]){1, 1, 1});
    doubt d;
    doubt_make(&d, 2);
    d.n = 0;
    doubt_run(&d);
    doubt_free(&d);
}

TEST(nothing_gets_nothing)
{
    void (*const sets[])(doubt *) = {NULL, set_common, set_cross_efficiency, set_half_weight, set_ordinal, set_order_1};
    for (size_t i = 0; i < SMRI_COUNT(sets); i++) {
        expect_scores((const double[]){0, 0, 0, 0}, 2, 2, sets[i], (const double[]){0, 0});
        expect_scores((const double[]){0, 0, -0.0, 0, 0, 0}, 3, 2, sets[i], (const double[]){0, 0, 0});
    }
    expect_scores((const double[]){0, 0, 2, 0, 1, 0}, 3, 2, NULL, (const double[]){0, 1, 0.5});
}

/* A share of nothing cannot be had: score 0, and the status says why. */
TEST(a_share_of_zero)
{
    doubt d;
    doubt_make(&d, 3);
    doubt_rows(&d, (const double[]){4, 1, 2, 3, 0, 3, 0, 0, 5}, 3);
    doubt_shares(&d, "pie", 0.1, 0.6);
    doubt_run(&d);
    expect_near(d.out[0], 1, 0);
    expect_near(d.out[1], 0, 0);
    expect_equal_int(d.statuses[0], SMR_CELL_OK);
    expect_equal_int(d.statuses[1], SMR_CELL_OUT_OF_DOMAIN);
    doubt_shares(&d, "pie", 0, 0.6); /* one child with a share is too few, two are enough */
    doubt_run(&d);
    expect_equal_int(d.statuses[1], SMR_CELL_OK);
    expect(d.out[1] > 0);
    expect_near(d.out[2], 0, 0);
    expect_equal_int(d.statuses[2], SMR_CELL_OUT_OF_DOMAIN);
    doubt_free(&d);
}

TEST(far_apart)
{
    const double rows[] = {4e300, 1e-300, 3e300, 3e-300, 1e300, 4e-300, 2e300, 2e-300};
    const double expected[] = {1, 1, 1, 2 / 3.};
    expect_scores(rows, 4, 2, NULL, expected);
    expect_scores(rows, 4, 2, set_directional, expected);
    expect_scores((const double[]){4e300, 1e-300, 1e300, 4e-300, 2e300, 2e-300}, 3, 2, set_common,
                  (const double[]){1, 1, 0.8});
    expect_scores((const double[]){4e300, 1e-300, 1e300, 4e-300, 2e300, 2e-300}, 3, 2, set_cross_efficiency,
                  (const double[]){1, 1, 0.8});
    expect_scores(rows, 3, 2, set_order_1, (const double[]){1.5, 1.8, 1.5});
    doubt d;
    doubt_make(&d, 2);
    doubt_rows(&d, rows, 4);
    set_half_pie(&d);
    doubt_run(&d);
    expect_near(d.out[0], 8 / 17., 1e-14);
    set_half_weight(&d); /* beside 1e300, 1e-300 is nothing */
    doubt_run(&d);
    expect_array(d.out, (const double[]){1, 0.75, 0.25, 0.5}, 4, 1e-14);
    doubt_free(&d);
}

/* ---- what is refused ---- */

static void expect_refused(doubt *d, int32_t code, const char *subject, const char *message)
{
    smr_error error = unit_error();
    expect_fails(doubt_try(d, &error), &error, code);
    expect_text(error.message, message);
    if (subject != NULL) {
        expect_text(error.subject, subject);
    }
}

TEST(scores_outside_the_domain_are_named)
{
    doubt d;
    doubt_make(&d, 2);
    doubt_rows(&d, (const double[]){4, 1, 2, -0.25}, 2);
    expect_refused(&d, SMR_MESSAGE_BOD_NEGATIVE, NULL,
                   "region \"R1\" has -0.25 at \"b\", expected 0 or more for method \"bod\"");
    set_geometric(&d);
    expect_refused(&d, SMR_MESSAGE_BOD_NOT_ABOVE_ONE, NULL,
                   "region \"R0\" has 1 at \"b\", expected more than 1 for the variant geometric of method \"bod\"");
    doubt_free(&d);
    doubt_make(&d, 2); /* whether a peer or not */
    doubt_rows(&d, (const double[]){-7, NAN, 2, 1}, 2);
    expect_refused(&d, SMR_MESSAGE_BOD_NEGATIVE, NULL,
                   "region \"R0\" has -7 at \"a\", expected 0 or more for method \"bod\"");
    doubt_free(&d);
}

TEST(shares_that_cannot_be)
{
    doubt d;
    doubt_make(&d, 3);
    doubt_rows(&d, corners, 2);
    doubt_shares(&d, "pie", 0.4, 0.5);
    expect_refused(&d, SMR_MESSAGE_BOD_SHARES, "weights.shares",
                   "shares from 0.4 to 0.5 cannot make one whole of the 3 children of \"index\"");
    doubt_shares(&d, "weight", 0.1, 0.3);
    expect_refused(&d, SMR_MESSAGE_BOD_SHARES, NULL,
                   "shares from 0.1 to 0.3 cannot make one whole of the 3 children of \"index\"");
    doubt_shares(&d, "weight", 0.3, 0.2);
    expect_refused(&d, SMR_MESSAGE_BOD_SHARES, NULL,
                   "shares from 0.3 to 0.2 cannot make one whole of the 3 children of \"index\"");
    doubt_shares(&d, "none", 0.1, 0.2);
    expect_refused(&d, SMR_MESSAGE_BOD_OPTION_UNUSED, "weights.shares",
                   "option \"low\" of method \"bod\" is given, but it counts only when \"shares\" is \"pie\" or \"weight\"");
    doubt_shares(&d, "weight", 1 / 3., 1 / 3.);
    doubt_run(&d);
    doubt_free(&d);
    doubt_make(&d, 10);
    d.n = 0;
    doubt_shares(&d, "weight", 0.1, 0.1);
    doubt_run(&d);
    doubt_free(&d);
}

TEST(lists_that_are_wrong)
{
    static const struct {
        const char *variant, *option, *json, *message;
        int32_t code;
    } cases[] = {
        {"plain", "ordinal", "{'a': 'b'}", "found an object, expected pairs of ids", SMR_MESSAGE_BOD_ORDINAL},
        {"plain", "ordinal", "[['a', 'b'], 3]", "found 3, expected pairs of ids", SMR_MESSAGE_BOD_ORDINAL},
        {"plain", "ordinal", "[['a', 'b', 'a']]", "found a list, expected pairs of ids", SMR_MESSAGE_BOD_ORDINAL},
        {"plain", "ordinal", "[['a', 'q']]", "\"q\" is no node of the framework", SMR_MESSAGE_BOD_ID_UNKNOWN},
        {"plain", "ordinal", "[['q', 'a']]", "\"q\" is no node of the framework", SMR_MESSAGE_BOD_ID_UNKNOWN},
        {"plain", "ordinal", "[['a', 'x']]", "\"a\" and \"x\" are not children of the same node",
         SMR_MESSAGE_BOD_PAIR_APART},
        {"directional", "direction", "[1, 0]",
         "found a list, expected an object of ids and numbers, 0 or more, not all of them 0", SMR_MESSAGE_BOD_DIRECTION},
        {"directional", "direction", "{'a': -1}",
         "found -1, expected an object of ids and numbers, 0 or more, not all of them 0", SMR_MESSAGE_BOD_DIRECTION},
        {"directional", "direction", "{'a': 'far'}",
         "found far, expected an object of ids and numbers, 0 or more, not all of them 0", SMR_MESSAGE_BOD_DIRECTION},
        {"directional", "direction", "{'a': 0, 'b': 0}",
         "found zeros alone, expected an object of ids and numbers, 0 or more, not all of them 0",
         SMR_MESSAGE_BOD_DIRECTION},
        {"directional", "direction", "{'q': 1}", "\"q\" is no node of the framework", SMR_MESSAGE_BOD_ID_UNKNOWN},
        {"undesirable", "undesirable", "{'a': 1}", "found an object, expected a list of ids",
         SMR_MESSAGE_BOD_UNDESIRABLE},
        {"undesirable", "undesirable", "[1]", "found 1, expected a list of ids", SMR_MESSAGE_BOD_UNDESIRABLE},
        {"undesirable", "undesirable", "['q']", "\"q\" is no node of the framework", SMR_MESSAGE_BOD_ID_UNKNOWN},
        {"undesirable", "undesirable", "['x']", "no child of \"index\" is undesirable, expected some and not all",
         SMR_MESSAGE_BOD_UNDESIRABLE_CHILDREN},
        {"undesirable", "undesirable", "['a', 'b', 'a']",
         "every child of \"index\" is undesirable, expected some and not all", SMR_MESSAGE_BOD_UNDESIRABLE_CHILDREN},
        {"plain", "direction", "{'a': 1}",
         "option \"direction\" of method \"bod\" is given, but it counts only when \"variant\" is directional",
         SMR_MESSAGE_BOD_OPTION_UNUSED},
        {"directional", "ordinal", "[['a', 'b']]",
         "option \"ordinal\" of method \"bod\" is given, but it counts only when \"variant\" is plain, common, "
         "cross_efficiency or geometric",
         SMR_MESSAGE_BOD_OPTION_UNUSED},
        {"common", "undesirable", "['a']",
         "option \"undesirable\" of method \"bod\" is given, but it counts only when \"variant\" is undesirable",
         SMR_MESSAGE_BOD_OPTION_UNUSED},
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        doubt d;
        doubt_make(&d, 2);
        doubt_rows(&d, corners, 3);
        fixture_choice(&d.method, "variant", cases[i].variant);
        doubt_json(&d, cases[i].option, cases[i].json);
        expect_refused(&d, cases[i].code, NULL, cases[i].message);
        doubt_free(&d);
    }
}

TEST(the_variant_undesirable_needs_its_list)
{
    doubt d;
    doubt_make(&d, 2);
    doubt_rows(&d, corners, 3);
    fixture_choice(&d.method, "variant", "undesirable");
    expect_refused(&d, SMR_MESSAGE_BOD_UNDESIRABLE, "weights.undesirable", "found null, expected a list of ids");
    fixture_choice(&d.method, "variant", "order_m");
    fixture_choice(&d.method, "shares", "pie");
    expect_refused(&d, SMR_MESSAGE_BOD_OPTION_UNUSED, "weights.variant",
                   "option \"shares\" of method \"bod\" is given, but it counts only when \"variant\" is plain, common, "
                   "cross_efficiency or geometric");
    doubt_free(&d);
}

/* ---- memory ---- */

static smr_status score_all_variants(failure_run *run)
{
    void (*const sets[])(doubt *) = {NULL, set_common, set_cross_efficiency, set_along_a, set_undesirable, set_geometric,
                                     set_order_1, set_ordinal};
    smr_status status = SMR_OK;
    for (size_t i = 0; status == SMR_OK && i < SMRI_COUNT(sets); i++) {
        doubt d;
        doubt_make(&d, 2);
        doubt_rows(&d, (const double[]){4, 2, 3, 3, 2, 4, 2, 2}, 4);
        if (sets[i] != NULL) {
            sets[i](&d);
        }
        d.context = run->context;
        doubt_family family;
        doubt_prepare(&d, &family);
        status = smri_bod_rows(&d.method.choice, &family.rows, d.out, d.statuses, d.weights, &run->error);
        if (status == SMR_OK && sets[i] == NULL) {
            double lambdas[4], targets[2];
            status = smri_bod_peers(&d.method.choice, &family.rows, 3, lambdas, targets, &run->error);
        }
        doubt_free(&d);
    }
    return status;
}

TEST(memory_that_runs_out_is_reported)
{
    expect_equal_uint(failure_sweep("benefit of the doubt", score_all_variants, NULL), 0);
}

static const unit_test tests[] = {
    UNIT(as_far_as_the_frontier),
    UNIT(weights_make_the_score_and_bind_the_others),
    UNIT(shares_of_the_score),
    UNIT(shares_of_the_weights),
    UNIT(shares_of_the_weights_know_the_unit),
    UNIT(at_least_the_share_of_another),
    UNIT(the_weights_of_the_mean_region),
    UNIT(benevolent_to_the_others),
    UNIT(growth_in_a_direction),
    UNIT(more_of_the_good_with_less_of_the_bad),
    UNIT(without_anything_bad_there_is_no_end),
    UNIT(on_logarithms),
    UNIT(against_the_best_of_m),
    UNIT(peers_leave_no_slack),
    UNIT(peers_of_a_region_without_a_score),
    UNIT(a_region_with_a_missing_child_is_no_peer),
    UNIT(one_region_one_child),
    UNIT(nothing_gets_nothing),
    UNIT(a_share_of_zero),
    UNIT(far_apart),
    UNIT(scores_outside_the_domain_are_named),
    UNIT(shares_that_cannot_be),
    UNIT(lists_that_are_wrong),
    UNIT(the_variant_undesirable_needs_its_list),
    UNIT(memory_that_runs_out_is_reported),
};
UNIT_SUITE(method_benefit_of_doubt, tests)
