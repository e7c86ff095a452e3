/* SPDX-License-Identifier: MIT */
/* Sensitivity studies as a stranger runs them: against every combination scored apart, with failures, missing ranks,
 * other numbers of threads, and much that may be wrong in a call. */
#include "api.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char tree[] = "{'id': 'i', 'children': [{'id': 'a', 'weight': 3, 'children': [{'id': 'x', 'weight': 2}, "
                           "{'id': 'y'}]}, {'id': 'z'}]}";
static const char data[] =
    "region,name,x,y,z\nA,Anh,1,9,3\nB,Ba,2,8,1\nC,Cu,3,2,4\nD,Du,4,6,2\nE,Em,5,5,5\nF,Fa,9,4,3\n";
static const char two_by_two[] =
    "{'factors': [{'id': 'agg', 'vary': 'aggregate.method', 'alternatives': ['arithmetic', 'geometric']},"
    "{'id': 'w', 'vary': 'weights.method', 'alternatives': ['framework', 'equal']}]}";
static const char plan_text[] = "{'normalise': {'method': 'minmax', 'range': [1, 100]}}";

static smr_uncertainty *spec_of(const char *json) {
    char *text = api_json(json);
    smr_uncertainty *uncertainty = NULL;
    smr_error error = unit_error();
    expect_ok(smr_uncertainty_read(NULL, text, strlen(text), "spec.json", &uncertainty, &error), &error);
    free(text);
    return uncertainty;
}

static smr_sobol_study_options few_draws(uint64_t draws) {
    smr_sobol_study_options options;
    smr_sobol_study_options_init(&options, sizeof options);
    options.draws = draws;
    options.resamples = 20;
    return options;
}

static smr_status try_study(smr_context *context, const api_world *world, const char *spec,
                            const smr_sobol_study_options *options, smr_sobol **study, smr_error *error) {
    smr_uncertainty *uncertainty = spec ? spec_of(spec) : NULL;
    smr_status status =
        smr_sobol_run(context, world->framework, world->dataset, world->plan, uncertainty, options, study, error);
    expect((status == SMR_OK) == (*study != NULL));
    smr_uncertainty_unref(uncertainty);
    return status;
}

static smr_sobol *study_of(smr_context *context, const api_world *world, const char *spec,
                           const smr_sobol_study_options *options) {
    smr_sobol *study = NULL;
    smr_error error = unit_error();
    expect_ok(try_study(context, world, spec, options, &study, &error), &error);
    return study;
}

static smr_sobol_summary summary_of(const smr_sobol *study, const char *output) {
    smr_sobol_summary summary;
    smr_error error = unit_error();
    smr_sobol_summary_init(&summary, sizeof summary);
    expect_ok(smr_sobol_output_summary(study, (size_t)smr_sobol_find_output(study, output), &summary, &error), &error);
    return summary;
}

static double index_of(const smr_sobol *study, const char *output, size_t factor, int column) {
    const int64_t found = smr_sobol_find_output(study, output);
    expect(found >= 0);
    return smr_sobol_output_indices(study, (size_t)found)[factor * SMR_SOBOL_COLUMNS + (size_t)column];
}

/* ---- records ---- */

typedef struct records {
    size_t count, codes[1000];
    char last[SMR_ERROR_MESSAGE_SIZE];
} records;

static void take(const smr_error *record, void *user) {
    records *r = user;
    r->count++;
    r->codes[record->code]++;
    memcpy(r->last, record->message, sizeof r->last);
}

static smr_context *recording_context(records *r, uint32_t threads) {
    smr_context_options options;
    smr_context *context;
    smr_error error = unit_error();
    memset(r, 0, sizeof *r);
    smr_context_options_init(&options, sizeof options);
    options.threads = threads;
    options.report = take;
    options.report_user = r;
    expect_ok(smr_context_new(&options, &context, &error), &error);
    return context;
}

/* ---- points ---- */

TEST(points_in_parts) {
    enum { N = 40, D = 30 };
    static double whole[N * D], part[N * D];
    smr_error error = unit_error();
    smr_sobol_points_options options;
    smr_sobol_points_options_init(&options, sizeof options);
    options.seed = 0;
    expect_ok(smr_sobol_points(NULL, N, D, &options, whole, &error), &error);
    smr_context *context = api_context(3, NULL);
    for (uint32_t d = 0; d < D; d += 7) {
        for (uint64_t i = 0; i < N; i += 9) {
            options.first_dimension = d;
            options.first_point = i;
            expect_ok(smr_sobol_points(context, N - i, D - d, &options, part, &error), &error);
            for (size_t k = 0; k < D - d; k++) {
                expect_bytes(part + k * (N - i), whole + (d + k) * N + i, (N - i) * sizeof *part);
            }
        }
    }
    options.first_dimension = 0;
    options.first_point = 0;
    options.scramble = 0;
    expect_ok(smr_sobol_points(context, 4, 2, &options, part, &error), &error);
    static const double expected[] = {0, 0.5, 0.75, 0.25, 0, 0.5, 0.25, 0.75};
    expect_bytes(part, expected, sizeof expected);
    expect_ok(smr_sobol_points(NULL, 0, 5, NULL, NULL, &error), &error);
    expect_ok(smr_sobol_points(NULL, 5, 0, NULL, NULL, &error), &error);
    expect(smr_sobol_dimension_count() >= 1000);
    smr_context_unref(context);
}

/* ---- exactly ---- */

/* Index of every combination, scored by a plan of its own; and by hand what the indices are. */
TEST(all_combinations_by_plans_of_their_own) {
    static const char *const plans[] = {
        "{'normalise': {'method': 'minmax', 'range': [1, 100]}}",
        "{'normalise': {'method': 'minmax', 'range': [1, 100]}, 'weights': 'equal'}",
        "{'normalise': {'method': 'minmax', 'range': [1, 100]}, 'aggregate': 'geometric'}",
        "{'normalise': {'method': 'minmax', 'range': [1, 100]}, 'aggregate': 'geometric', 'weights': 'equal'}",
    };
    double scores[6][4], ranks[6][4], shift[4] = {0};
    for (size_t p = 0; p < COUNT(plans); p++) {
        api_world world = api_world_make(tree, data, plans[p]);
        for (size_t r = 0; r < 6; r++) {
            scores[r][p] = api_score_of(world.card, "i", r);
            ranks[r][p] = api_rank_of(world.card, "i", r);
            shift[p] += fabs(ranks[r][p] - ranks[r][0]) / 6;
        }
        api_world_free(&world);
    }
    api_world world = api_world_make(tree, data, plan_text);
    smr_sobol_study_options options = few_draws(64);
    options.outputs = "top2:B,score,mean_abs_rank_shift,rank:A,top2:B";
    smr_sobol *study = study_of(NULL, &world, two_by_two, &options);
    expect_equal_int(smr_sobol_estimator_used(study), SMR_SOBOL_EXACT);
    expect_equal_uint(smr_sobol_draw_count(study), 4);
    expect_equal_uint(smr_sobol_evaluation_count(study), 4);
    expect_equal_uint(smr_sobol_failed_count(study), 0);
    expect_equal_uint(smr_sobol_factor_count(study), 2);
    expect_text(smr_sobol_factor(study, 0), "agg");
    expect_text(smr_sobol_factor(study, 1), "w");
    expect_equal_uint(smr_sobol_output_count(study), 1 + 6 + 1 + 6);
    expect_text(smr_sobol_output(study, 0), "mean_abs_rank_shift");
    expect(smr_sobol_output_region_name(study, 0) == NULL);
    expect_text(smr_sobol_output(study, 2), "rank:B");
    expect_text(smr_sobol_output_region_name(study, 2), "Ba");
    expect_text(smr_sobol_output(study, 7), "top2:B");
    expect_text(smr_sobol_output(study, 8), "score:A");
    for (size_t output = 0; output < smr_sobol_output_count(study); output++) {
        const char *name = smr_sobol_output(study, output);
        const size_t region = output == 0 ? 0 : (size_t)(strchr(name, ':')[1] - 'A');
        double f[4];
        for (size_t p = 0; p < 4; p++) {
            f[p] = output == 0                 ? shift[p]
                   : !strncmp(name, "rank", 4) ? ranks[region][p]
                   : !strncmp(name, "top2", 4) ? ranks[region][p] <= 2
                                               : scores[region][p];
        }
        const double mean = (f[0] + f[1] + f[2] + f[3]) / 4;
        double variance = 0;
        for (size_t p = 0; p < 4; p++) {
            variance += (f[p] - mean) * (f[p] - mean) / 4;
        }
        const double agg = (f[0] + f[1] - f[2] - f[3]) / 4, w = (f[0] - f[1] + f[2] - f[3]) / 4,
                     both = (f[0] - f[1] - f[2] + f[3]) / 4;
        const smr_sobol_summary summary = summary_of(study, name);
        expect_near(summary.mean, mean, 1e-12 * (1 + fabs(mean)));
        expect_near(summary.variance, variance, 1e-10 * (1 + variance));
        if (variance == 0) {
            expect_equal_int(summary.status, SMR_SOBOL_CONSTANT);
            expect_nan(index_of(study, name, 0, SMR_SOBOL_FIRST));
            continue;
        }
        expect_equal_int(summary.status, SMR_SOBOL_OK);
        expect_near(index_of(study, name, 0, SMR_SOBOL_FIRST), agg * agg / variance, 1e-10);
        expect_near(index_of(study, name, 1, SMR_SOBOL_FIRST), w * w / variance, 1e-10);
        expect_near(index_of(study, name, 0, SMR_SOBOL_TOTAL), (agg * agg + both * both) / variance, 1e-10);
        expect_near(index_of(study, name, 1, SMR_SOBOL_TOTAL), (w * w + both * both) / variance, 1e-10);
    }
    smr_sobol_unref(study);
    api_world_free(&world);
}

/* ---- sampled ---- */

static char *json_of(smr_context *context, const api_world *world, const char *spec,
                     const smr_sobol_study_options *options) {
    smr_sobol *study = study_of(context, world, spec, options);
    api_text text = {NULL, 0, 0};
    smr_error error = unit_error();
    expect_ok(smr_sobol_write_json(study, api_text_append, &text, &error), &error);
    smr_sobol_unref(study);
    return text.bytes;
}

static const char noisy[] =
    "{'seed': 4, 'factors': [{'id': 'w', 'vary': 'weights', 'distribution': 'noise', 'percent': 60},"
    "{'id': 'err', 'vary': 'data', 'relative_sd': 0.2},"
    "{'id': 'agg', 'vary': 'aggregate.method', 'alternatives': ['arithmetic', 'median', 'max']},"
    "{'id': 'out', 'vary': 'leave_out', 'level': 'indicator'}]}";

TEST(the_same_bytes) {
    api_world world = api_world_make(tree, data, plan_text);
    smr_context *contexts[] = {api_context(1, NULL), api_context(2, NULL), api_context(8, NULL),
                               api_context(2, "baseline")};
    static const int32_t estimators[] = {SMR_SOBOL_AUTO, SMR_SOBOL_JANSEN};
    for (size_t e = 0; e < COUNT(estimators); e++) {
        char *first = NULL;
        for (size_t i = 0; i < COUNT(contexts); i++) {
            smr_sobol_study_options options = few_draws(128);
            options.estimator = estimators[e];
            options.outputs = "score,top3";
            char *text = json_of(contexts[i], &world, noisy, &options);
            if (first == NULL) {
                first = text;
            } else {
                expect_text(text, first);
                free(text);
            }
        }
        free(first);
    }
    for (size_t i = 0; i < COUNT(contexts); i++) {
        smr_context_unref(contexts[i]);
    }
    api_world_free(&world);
}

/* The spec's seed, the options' own, and 0 among them. */
TEST(seeds_and_draws) {
    api_world world = api_world_make(tree, data, plan_text);
    smr_sobol_study_options options = few_draws(16);
    char *of_spec = json_of(NULL, &world, noisy, &options);
    options.own_seed = 1;
    char *zero = json_of(NULL, &world, noisy, &options);
    options.seed = 4;
    char *four = json_of(NULL, &world, noisy, &options);
    expect_text(four, of_spec);
    expect(strcmp(zero, of_spec) != 0);
    expect(strstr(zero, "\"seed\": 0") != NULL && strstr(four, "\"seed\": 4") != NULL);
    free(of_spec);
    free(zero);
    free(four);
    static const char with_draws[] =
        "{'draws': 8, 'factors': [{'id': 'w', 'vary': 'weights', 'distribution': 'noise', 'percent': 25}]}";
    smr_sobol_study_options_init(&options, sizeof options);
    options.resamples = 0;
    smr_sobol *study = study_of(NULL, &world, with_draws, &options);
    expect_equal_uint(smr_sobol_draw_count(study), 8);
    expect_equal_uint(smr_sobol_evaluation_count(study), 8 * 4);
    smr_sobol_unref(study);
    study = study_of(NULL, &world, NULL, &options);
    expect_equal_uint(smr_sobol_draw_count(study), 1024);
    expect_equal_uint(smr_sobol_factor_count(study), 1);
    smr_sobol_unref(study);
    options.estimator = SMR_SOBOL_SALTELLI;
    study = study_of(NULL, &world, with_draws, &options);
    expect_equal_int(smr_sobol_estimator_used(study), SMR_SOBOL_SALTELLI);
    expect_equal_uint(smr_sobol_evaluation_count(study), 8 * 3);
    smr_sobol_unref(study);
    api_world_free(&world);
}

/* One factor alone explains everything, but for what sampling leaves. */
TEST(one_factor_explains_all) {
    api_world world = api_world_make(tree, data, plan_text);
    smr_sobol_study_options options = few_draws(256);
    options.outputs = "score:A";
    smr_sobol *study =
        study_of(NULL, &world, "{'factors': [{'id': 'w', 'vary': 'weights', 'distribution': 'noise', 'percent': 50}]}",
                 &options);
    expect_near(index_of(study, "score:A", 0, SMR_SOBOL_FIRST), 1, 1e-9);
    expect_near(index_of(study, "score:A", 0, SMR_SOBOL_TOTAL), 1, 1e-9);
    smr_sobol_unref(study);
    api_world_free(&world);
}

TEST(draws_that_are_no_power_of_two) {
    api_world world = api_world_make(tree, data, plan_text);
    records r;
    smr_context *context = recording_context(&r, 1);
    smr_sobol_study_options options = few_draws(100);
    smr_sobol *study = study_of(context, &world, noisy, &options);
    expect_equal_uint(r.codes[SMR_MESSAGE_SOBOL_NOT_EVEN], 1);
    smr_sobol_unref(study);
    smr_context_unref(context);
    api_world_free(&world);
}

/* 1,200 indicators: more dimensions than half the sequence has. */
TEST(more_dimensions_than_the_sequence) {
    enum { WIDE = 1200 };
    smr_framework_builder *builder;
    smr_error error = unit_error();
    api_text csv = {NULL, 0, 0};
    api_world world = {NULL, NULL, NULL, NULL, NULL, NULL};
    char id[32];
    expect_ok(smr_framework_builder_new(NULL, "i", NULL, &builder, &error), &error);
    api_text_append("region", 6, &csv);
    for (int i = 0; i < WIDE; i++) {
        snprintf(id, sizeof id, ",x%d", i);
        expect_ok(smr_framework_builder_add_indicator(builder, "i", id + 1, NULL, &error), &error);
        api_text_append(id, strlen(id), &csv);
    }
    uint64_t state = 5;
    for (int region = 0; region < 4; region++) {
        snprintf(id, sizeof id, "\nR%d", region);
        api_text_append(id, strlen(id), &csv);
        for (int i = 0; i < WIDE; i++) {
            snprintf(id, sizeof id, ",%d", (int)(unit_random(&state) % 1000));
            api_text_append(id, strlen(id), &csv);
        }
    }
    expect_ok(smr_framework_builder_build(builder, &world.framework, &error), &error);
    smr_framework_builder_free(builder);
    world.dataset = api_dataset(csv.bytes);
    api_text_free(&csv);
    records r;
    smr_context *context = recording_context(&r, 2);
    smr_sobol_study_options options = few_draws(64);
    options.outputs = "score";
    smr_sobol *study = study_of(context, &world,
                                "{'factors': [{'id': 'w', 'vary': 'weights', 'distribution': 'noise', 'percent': 90}, "
                                "{'id': 'err', 'vary': 'data', "
                                "'relative_sd': 0.5}]}",
                                &options);
    expect_equal_uint(r.codes[SMR_MESSAGE_SOBOL_BEYOND_SEQUENCE], 1);
    for (int region = 0; region < 4; region++) {
        snprintf(id, sizeof id, "score:R%d", region);
        const double first = index_of(study, id, 0, SMR_SOBOL_FIRST) + index_of(study, id, 1, SMR_SOBOL_FIRST);
        expect_near(first, 1, 0.2);
    }
    smr_sobol_unref(study);
    smr_context_unref(context);
    smr_dataset_unref(world.dataset);
    smr_framework_unref(world.framework);
}

/* ---- failures and missing ranks ---- */

/* z-scores around 0 have no geometric mean. */
static const char failing[] =
    "{'factors': [{'id': 'norm', 'vary': 'normalise', 'alternatives': [{'method': 'minmax', 'range': [1, 100]}, "
    "{'method': 'zscore'}]}, {'id': 'agg', 'vary': 'aggregate.method', 'alternatives': ['arithmetic', 'geometric']}, "
    "{'id': 'w', 'vary': 'weights.method', 'alternatives': ['framework', 'equal']}]}";

TEST(failed_evaluations_are_counted_and_told) {
    api_world world = api_world_make(tree, data, plan_text);
    records r;
    smr_context *context = recording_context(&r, 2);
    smr_sobol_study_options options = few_draws(64);
    smr_sobol *study = study_of(context, &world, failing, &options);
    expect_equal_int(smr_sobol_estimator_used(study), SMR_SOBOL_AZZINI);
    expect_equal_uint(r.codes[SMR_MESSAGE_SOBOL_GRID_FAILED], 1);
    expect_equal_uint(r.codes[SMR_MESSAGE_SOBOL_FAILED], 1);
    expect_equal_uint(r.codes[SMR_MESSAGE_SOBOL_LEFT_OUT], 1);
    /* A row holds where neither A nor B nor what they exchange is z-score and geometric: both norms or both means are
     * the harmless ones. */
    const smr_sobol_summary summary = summary_of(study, "mean_abs_rank_shift");
    expect(summary.rows > 64 / 4 && summary.rows < 64 / 2 + 8);
    expect_equal_uint(summary.rows + summary.rows_left_out, 64);
    expect_equal_uint(summary.evaluations, summary.rows * 8);
    expect(smr_sobol_failed_count(study) >= summary.rows_left_out && smr_sobol_failed_count(study) < 64 * 8 / 2);
    smr_sobol_unref(study);

    /* Exactly, when that is asked for: no output has all its cells. */
    options.estimator = SMR_SOBOL_EXACT;
    study = study_of(context, &world, failing, &options);
    expect_equal_uint(smr_sobol_failed_count(study), 2);
    expect_equal_int(summary_of(study, "mean_abs_rank_shift").status, SMR_SOBOL_INCOMPLETE);
    expect_nan(index_of(study, "rank:A", 0, SMR_SOBOL_FIRST));
    smr_sobol_unref(study);
    smr_context_unref(context);
    api_world_free(&world);
}

TEST(no_row_without_a_failure) {
    api_world world = api_world_make(tree, data, plan_text);
    smr_sobol_study_options options = few_draws(2);
    options.own_seed = 1;
    options.estimator = SMR_SOBOL_AZZINI;
    size_t refused = 0;
    for (options.seed = 0; options.seed < 20; options.seed++) {
        smr_sobol *study = NULL;
        smr_error error = unit_error();
        if (try_study(NULL, &world, failing, &options, &study, &error) != SMR_OK) {
            expect_equal_int(error.code, SMR_MESSAGE_SOBOL_NO_ROW);
            expect_equal_int(error.status, SMR_ERROR_COMPUTE);
            refused++;
        }
        smr_sobol_unref(study);
    }
    expect(refused > 0 && refused < 20);
    api_world_free(&world);
}

/* A region without a rank in some evaluations loses those rows, others do not. */
TEST(regions_without_a_rank) {
    static const char holes[] = "region,x,y,z\nA,1,9,3\nB,2,8,1\nC,3,2,\nD,4,6,2\nE,5,5,5\nF,9,4,3\n";
    static const char spec[] = "{'factors': [{'id': 'c', 'vary': 'missing.min_coverage', 'alternatives': [0, 1]},"
                               "{'id': 'w', 'vary': 'weights.method', 'alternatives': ['framework', 'equal']}]}";
    api_world world = api_world_make(tree, holes, plan_text);
    smr_sobol_study_options options = few_draws(64);
    options.outputs = "score,top3";
    smr_sobol *study = study_of(NULL, &world, spec, &options);
    expect_equal_int(smr_sobol_estimator_used(study), SMR_SOBOL_EXACT);
    expect_equal_uint(smr_sobol_failed_count(study), 0);
    expect_equal_int(summary_of(study, "rank:C").status, SMR_SOBOL_INCOMPLETE);
    expect_equal_int(summary_of(study, "score:C").status, SMR_SOBOL_INCOMPLETE);
    expect_equal_int(summary_of(study, "top3:C").status, SMR_SOBOL_INCOMPLETE);
    expect_equal_int(summary_of(study, "score:A").status, SMR_SOBOL_OK);
    expect_equal_int(summary_of(study, "mean_abs_rank_shift").status, SMR_SOBOL_OK);
    smr_sobol_unref(study);
    options.estimator = SMR_SOBOL_AZZINI;
    study = study_of(NULL, &world, spec, &options);
    const smr_sobol_summary lost = summary_of(study, "rank:C"), kept = summary_of(study, "rank:A");
    expect(lost.rows > 8 && lost.rows < 24 && lost.rows + lost.rows_left_out == 64);
    expect_equal_uint(kept.rows, 64);
    smr_sobol_unref(study);
    api_world_free(&world);
}

/* ---- what is refused ---- */

TEST(refusals) {
    static const struct {
        const char *spec, *outputs, *period;
        int32_t estimator, code;
        uint64_t draws;
    } cases[] = {
        {noisy, NULL, NULL, SMR_SOBOL_EXACT, SMR_MESSAGE_SOBOL_NOT_DISCRETE, 64},
        {two_by_two, NULL, NULL, SMR_SOBOL_AUTO, SMR_MESSAGE_SOBOL_DRAWS, 1},
        {two_by_two, NULL, NULL, SMR_SOBOL_AUTO, SMR_MESSAGE_SOBOL_DRAWS, 0},
        {noisy, NULL, NULL, SMR_SOBOL_AUTO, SMR_MESSAGE_SOBOL_DRAWS, UINT64_C(1) << 30},
        {noisy, NULL, NULL, SMR_SOBOL_JANSEN, SMR_MESSAGE_SOBOL_DRAWS, UINT64_MAX - 1},
        {two_by_two, "", NULL, SMR_SOBOL_AUTO, SMR_MESSAGE_SOBOL_OUTPUT, 64},
        {two_by_two, "ranks", NULL, SMR_SOBOL_AUTO, SMR_MESSAGE_SOBOL_OUTPUT, 64},
        {two_by_two, "score,", NULL, SMR_SOBOL_AUTO, SMR_MESSAGE_SOBOL_OUTPUT, 64},
        {two_by_two, "top", NULL, SMR_SOBOL_AUTO, SMR_MESSAGE_SOBOL_OUTPUT, 64},
        {two_by_two, "top0", NULL, SMR_SOBOL_AUTO, SMR_MESSAGE_SOBOL_OUTPUT, 64},
        {two_by_two, "top7x:A", NULL, SMR_SOBOL_AUTO, SMR_MESSAGE_SOBOL_OUTPUT, 64},
        {two_by_two, "top99999999999999999999", NULL, SMR_SOBOL_AUTO, SMR_MESSAGE_SOBOL_OUTPUT, 64},
        {two_by_two, "rank7:A", NULL, SMR_SOBOL_AUTO, SMR_MESSAGE_SOBOL_OUTPUT, 64},
        {two_by_two, "score:a", NULL, SMR_SOBOL_AUTO, SMR_MESSAGE_SOBOL_REGION, 64},
        {two_by_two, "score:", NULL, SMR_SOBOL_AUTO, SMR_MESSAGE_SOBOL_REGION, 64},
        {two_by_two, NULL, "2020", SMR_SOBOL_AUTO, SMR_MESSAGE_PERIOD_UNKNOWN, 64},
    };
    api_world world = api_world_make(tree, data, plan_text);
    for (size_t i = 0; i < COUNT(cases); i++) {
        smr_sobol_study_options options = few_draws(cases[i].draws);
        options.outputs = cases[i].outputs;
        options.period = cases[i].period;
        options.estimator = cases[i].estimator;
        smr_sobol *study = (smr_sobol *)(uintptr_t)1;
        smr_error error = unit_error();
        expect_fails(try_study(NULL, &world, cases[i].spec, &options, &study, &error), &error, cases[i].code);
        expect(study == NULL);
    }
    /* A grid larger than the evaluations that are asked for is sampled, and refused where exact is wanted. */
    static const char wide[] =
        "{'factors': [{'id': 'w', 'vary': 'weights.method', 'alternatives': ['framework', 'equal']},"
        "{'id': 'p', 'vary': 'aggregate.method', 'alternatives': ['arithmetic', 'median', 'max']},"
        "{'id': 'o', 'vary': 'leave_out', 'level': 'indicator'}]}";
    smr_sobol_study_options options = few_draws(2);
    smr_sobol *study = study_of(NULL, &world, wide, &options);
    const bool fits = smr_sobol_estimator_used(study) == SMR_SOBOL_EXACT;
    expect(!fits);
    smr_sobol_unref(study);
    options.estimator = SMR_SOBOL_EXACT;
    smr_error error = unit_error();
    expect_fails(try_study(NULL, &world, wide, &options, &study, &error), &error, SMR_MESSAGE_SOBOL_GRID);
    api_world_free(&world);
}

typedef struct watch {
    uint64_t last, total, stop;
    size_t calls;
    bool wrong;
} watch;

static int32_t look(uint64_t done, uint64_t total, void *user) {
    watch *w = user;
    w->wrong |= done < w->last || done > total || (w->total != 0 && total != w->total);
    w->last = done;
    w->total = total;
    w->calls++;
    return done < w->stop;
}

/* Progress goes from nothing to everything, and stops the run wherever it says so. */
TEST(progress_and_cancelling) {
    api_world world = api_world_make(tree, data, plan_text);
    smr_sobol_study_options options = few_draws(512);
    options.resamples = 300;
    smr_uncertainty *spec = spec_of(noisy);
    for (uint64_t stop = 0; stop < 12; stop++) {
        watch w = {.stop = stop == 0 ? UINT64_MAX : stop * 500};
        smr_context_options wanted;
        smr_context *context;
        smr_error error = unit_error();
        smr_context_options_init(&wanted, sizeof wanted);
        wanted.progress = look;
        wanted.progress_user = &w;
        expect_ok(smr_context_new(&wanted, &context, &error), &error);
        smr_sobol *study = NULL;
        const smr_status status =
            smr_sobol_run(context, world.framework, world.dataset, world.plan, spec, &options, &study, &error);
        expect(!w.wrong && w.calls > 0);
        if (w.last < w.stop) {
            expect_ok(status, &error);
            expect_equal_uint(w.last, w.total);
        } else {
            expect_fails(status, &error, SMR_MESSAGE_CANCELLED);
            expect(study == NULL);
        }
        smr_sobol_unref(study);
        smr_context_unref(context);
    }
    smr_uncertainty_unref(spec);
    api_world_free(&world);
}

/* ---- text ---- */

TEST(csv_and_json) {
    api_world world = api_world_make(tree, data, plan_text);
    smr_sobol_study_options options = few_draws(64);
    smr_sobol *study = study_of(NULL, &world, two_by_two, &options);
    api_text csv = {NULL, 0, 0}, json = {NULL, 0, 0};
    smr_error error = unit_error();
    expect_ok(smr_sobol_write_csv(study, api_text_append, &csv, &error), &error);
    expect_ok(smr_sobol_write_json(study, api_text_append, &json, &error), &error);
    static const char heading[] =
        "output,factor,first,first_lo,first_hi,total,total_lo,total_hi\nmean_abs_rank_shift,agg,";
    expect(strncmp(csv.bytes, heading, strlen(heading)) == 0);
    size_t lines = 0;
    for (const char *c = csv.bytes; *c; c++) {
        lines += *c == '\n';
    }
    expect_equal_uint(lines, 1 + 7 * 2);
    expect(strncmp(json.bytes, "{\n  \"format\": \"smartregion-sobol/1\",\n  \"plan\": {", 48) == 0);
    static const char *const parts[] = {
        "\"spec\": {",        "\"estimator\": \"exact\"", "\"draws\": 4",        "\"rows\": [",
        "\"status\": \"ok\"", "\"first_lo\": ",           "\"rows_left_out\": 0"};
    for (size_t i = 0; i < COUNT(parts); i++) {
        expect(strstr(json.bytes, parts[i]) != NULL);
    }
    api_text_free(&csv);
    api_text_free(&json);
    smr_sobol_unref(study);
    api_world_free(&world);
}

static const unit_test tests[] = {
    UNIT(points_in_parts),
    UNIT(all_combinations_by_plans_of_their_own),
    UNIT(the_same_bytes),
    UNIT(seeds_and_draws),
    UNIT(one_factor_explains_all),
    UNIT(draws_that_are_no_power_of_two),
    UNIT(more_dimensions_than_the_sequence),
    UNIT(failed_evaluations_are_counted_and_told),
    UNIT(no_row_without_a_failure),
    UNIT(regions_without_a_rank),
    UNIT(refusals),
    UNIT(progress_and_cancelling),
    UNIT(csv_and_json),
};
UNIT_SUITE(sobol, tests)
