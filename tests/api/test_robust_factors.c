/* SPDX-License-Identifier: MIT */
/* Robustness: every kind of factor against what follows from its definition, specs that are wrong, bounds, interruption. */
#include "robust_study.h"

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

static const unit_test tests[] = {
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
};
UNIT_SUITE(robust_factors, tests)
