/* SPDX-License-Identifier: MIT */
/* Structs that may grow: a caller built for an older version has shorter ones, a caller built for a newer one longer
 * ones, whose tail must be zero. Frozen layouts: a released field never moves. */
#include "api.h"

#include <string.h>

/* Room for a struct of a later version. */
typedef union larger {
    unsigned char bytes[2048];
    smr_context_options context;
    smr_node_options node;
    smr_indicator_options indicator;
    smr_observation observation;
    smr_columns columns;
    smr_csv_options csv;
    smr_score_options score;
    smr_method method;
    smr_method_parameter parameter;
    smr_audit_options audit;
    smr_imputation_options imputation;
    smr_robust_options robust;
    smr_robust_failure failure;
    smr_whatif_options whatif;
    smr_target_options target;
    smr_target_summary summary;
    smr_explanation_options explanation;
    smr_portfolio_options portfolio;
    smr_appraisal_options appraisal;
    smr_trend_options trend;
    smr_bounds_options bounds;
    smr_break_even_options break_even;
    smr_leave_out_options leave_out;
    smr_left_out left_out;
    smr_sobol_options sobol;
    smr_sobol_points_options points;
    smr_sobol_study_options sobol_study;
    smr_sobol_summary sobol_summary;
    smr_error error;
} larger;

/* ---- init ---- */

/* What a struct is begun with, by its name. */
#define STRUCTS(X) \
    X(error, smr_error_init, smr_error) \
    X(context, smr_context_options_init, smr_context_options) \
    X(node, smr_node_options_init, smr_node_options) \
    X(indicator, smr_indicator_options_init, smr_indicator_options) \
    X(observation, smr_observation_init, smr_observation) \
    X(columns, smr_columns_init, smr_columns) \
    X(csv, smr_csv_options_init, smr_csv_options) \
    X(score, smr_score_options_init, smr_score_options) \
    X(method, smr_method_init, smr_method) \
    X(step, smr_step_init, smr_step) \
    X(regions, smr_regions_options_init, smr_regions_options) \
    X(audit, smr_audit_options_init, smr_audit_options) \
    X(imputation, smr_imputation_options_init, smr_imputation_options) \
    X(explanation, smr_explanation_options_init, smr_explanation_options) \
    X(portfolio, smr_portfolio_options_init, smr_portfolio_options) \
    X(appraisal, smr_appraisal_options_init, smr_appraisal_options) \
    X(trend, smr_trend_options_init, smr_trend_options) \
    X(bounds, smr_bounds_options_init, smr_bounds_options) \
    X(break_even, smr_break_even_options_init, smr_break_even_options) \
    X(leave_out, smr_leave_out_options_init, smr_leave_out_options) \
    X(left_out, smr_left_out_init, smr_left_out) \
    X(robust, smr_robust_options_init, smr_robust_options) \
    X(failure, smr_robust_failure_init, smr_robust_failure) \
    X(whatif, smr_whatif_options_init, smr_whatif_options) \
    X(target, smr_target_options_init, smr_target_options) \
    X(summary, smr_target_summary_init, smr_target_summary) \
    X(sobol, smr_sobol_options_init, smr_sobol_options) \
    X(points, smr_sobol_points_options_init, smr_sobol_points_options) \
    X(sobol_study, smr_sobol_study_options_init, smr_sobol_study_options) \
    X(sobol_summary, smr_sobol_summary_init, smr_sobol_summary) \
    X(parameter, smr_method_parameter_init, smr_method_parameter)

#define MAKE_INIT(name, function, type) \
    static void init_##name(void *options, size_t size) { \
        function(options, size); \
    }
STRUCTS(MAKE_INIT)

#define ROW_OF(name, function, type) {init_##name, sizeof(type)},
static const struct {
    void (*init)(void *, size_t);
    size_t size;
} inits[] = {STRUCTS(ROW_OF)};

/* Writes as many bytes as it is told and no more; notes the size; a longer struct ends in zeros, a shorter one is the
 * beginning of the whole. */
TEST(init_of_every_size) {
    enum { LONGER = 64 };
    for (size_t i = 0; i < COUNT(inits); i++) {
        larger whole, found;
        memset(&whole, 0, sizeof whole);
        inits[i].init(&whole, inits[i].size);
        for (size_t size = 0; size <= inits[i].size + LONGER; size++) {
            memset(&found, 0xa5, sizeof found);
            inits[i].init(&found, size);
            size_t written = size < sizeof(uint32_t) ? 0 : size;
            for (size_t byte = written; byte < written + LONGER; byte++) {
                expect_equal_int(found.bytes[byte], 0xa5);
            }
            if (written == 0) {
                continue;
            }
            uint32_t noted;
            memcpy(&noted, found.bytes, sizeof noted);
            expect_equal_uint(noted, size);
            for (size_t byte = sizeof noted; byte < written; byte++) {
                expect_equal_int(found.bytes[byte], byte < inits[i].size ? whole.bytes[byte] : 0);
            }
        }
    }
}

TEST(defaults) {
    larger l;
    smr_context_options_init(&l.context, sizeof l.context);
    expect_equal_uint(l.context.threads, 1);
    expect(l.context.allocator.allocate == NULL && l.context.allocator.reallocate == NULL);
    expect(l.context.allocator.release == NULL && l.context.kernel == NULL);
    expect_equal_uint(l.context.max_bytes, UINT64_C(1) << 40);
    expect_equal_uint(l.context.max_rows, UINT64_C(0x7fffffff));
    expect_equal_uint(l.context.max_columns, 65536);
    expect_equal_uint(l.context.max_depth, 64);
    expect_equal_uint(l.context.max_field_bytes, 1 << 20);
    expect(l.context.progress == NULL && l.context.report == NULL);
    smr_node_options_init(&l.node, sizeof l.node);
    expect(l.node.weight == 1 && l.node.name == NULL && l.node.aggregate == NULL);
    smr_indicator_options_init(&l.indicator, sizeof l.indicator);
    expect_equal_int(l.indicator.direction, SMR_DIRECTION_UNSET);
    expect_equal_int(l.indicator.kind, SMR_KIND_NUMBER);
    expect_equal_int(l.indicator.transform, SMR_TRANSFORM_NONE);
    expect(l.indicator.weight == 1);
    expect_nan(l.indicator.worst);
    expect_nan(l.indicator.best);
    expect_nan(l.indicator.optimum);
    expect_nan(l.indicator.target);
    smr_observation_init(&l.observation, sizeof l.observation);
    expect_nan(l.observation.value);
    expect_nan(l.observation.error);
    smr_robust_options_init(&l.robust, sizeof l.robust);
    expect_equal_int(l.robust.nodes, SMR_ROBUST_CRITERIA);
    expect_equal_uint(l.robust.draws, SMR_DRAWS_OF_SPEC);
    expect(l.robust.first_draw == 0 && l.robust.own_seed == 0 && l.robust.outputs == 0 && l.robust.partial == 0);
    expect(l.robust.period == NULL && l.robust.exact_bounds == 0);
    smr_score_options_init(&l.score, sizeof l.score);
    expect_equal_int(l.score.keep, SMR_KEEP_INNER);
}

/* ---- reading options of other sizes ---- */

/* A call that reads options; the outputs are given back. */
typedef smr_status (*reading_call)(const larger *options, smr_error *error);

static smr_status read_context(const larger *options, smr_error *error) {
    smr_context *context = NULL;
    smr_status status = smr_context_new(&options->context, &context, error);
    expect((status == SMR_OK) == (context != NULL));
    smr_context_unref(context);
    return status;
}

static smr_status read_node(const larger *options, smr_error *error) {
    smr_framework_builder *builder = NULL;
    smr_status status = smr_framework_builder_new(NULL, "i", &options->node, &builder, error);
    expect((status == SMR_OK) == (builder != NULL));
    smr_framework_builder_free(builder);
    return status;
}

static smr_status read_indicator(const larger *options, smr_error *error) {
    smr_framework_builder *builder = NULL;
    expect_ok(smr_framework_builder_new(NULL, "i", NULL, &builder, error), error);
    smr_status status = smr_framework_builder_add_indicator(builder, "i", "x", &options->indicator, error);
    smr_framework_builder_free(builder);
    return status;
}

static smr_status read_observation(const larger *options, smr_error *error) {
    smr_dataset_builder *builder = NULL;
    expect_ok(smr_dataset_builder_new(NULL, &builder, error), error);
    smr_status status = smr_dataset_builder_set_observation(builder, "A", NULL, "x", &options->observation, error);
    smr_dataset_builder_free(builder);
    return status;
}

static smr_status read_columns(const larger *options, smr_error *error) {
    static const double x[] = {1, 2};
    static const double *const values[] = {x};
    static const char *const ids[] = {"x"};
    larger filled = *options;
    filled.columns.rows = 2;
    filled.columns.column_count = 1;
    filled.columns.ids = ids;
    filled.columns.values = values;
    smr_dataset *dataset = NULL;
    smr_status status = smr_dataset_from_columns(NULL, &filled.columns, &dataset, error);
    expect((status == SMR_OK) == (dataset != NULL));
    smr_dataset_unref(dataset);
    return status;
}

static smr_status read_csv(const larger *options, smr_error *error) {
    api_source source = {"region,x\nA,1\n", 13, 0, 0};
    smr_dataset *dataset = NULL;
    smr_status status = smr_dataset_read_csv(NULL, api_source_read, &source, &options->csv, &dataset, error);
    expect((status == SMR_OK) == (dataset != NULL));
    smr_dataset_unref(dataset);
    return status;
}

static smr_status read_score(const larger *options, smr_error *error) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x'}]}", "region,x\nA,1\nB,2\n", NULL);
    smr_scorecard *card = NULL;
    smr_status status = smr_model_score(NULL, world.model, world.dataset, &options->score, &card, error);
    expect((status == SMR_OK) == (card != NULL));
    smr_scorecard_unref(card);
    api_world_free(&world);
    return status;
}

static smr_status read_audit(const larger *options, smr_error *error) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x'}]}", "region,x\nA,1\nB,2\nC,4\n", NULL);
    smr_audit *audit = NULL;
    smr_status status = smr_audit_run(NULL, world.model, world.dataset, &options->audit, &audit, error);
    expect((status == SMR_OK) == (audit != NULL));
    smr_audit_unref(audit);
    api_world_free(&world);
    return status;
}

static smr_status read_imputation(const larger *options, smr_error *error) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x'}]}", "region,x\nA,1\nB,2\nC,4\n", NULL);
    smr_audit *audit = NULL;
    smr_status status = smr_audit_imputation(NULL, world.model, world.dataset, &options->imputation, &audit, error);
    expect((status == SMR_OK) == (audit != NULL));
    smr_audit_unref(audit);
    api_world_free(&world);
    return status;
}

static smr_status read_explanation(const larger *options, smr_error *error) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x'}]}", "region,x\nA,1\nB,2\nC,4\n", NULL);
    smr_explanation *explanation = NULL;
    smr_status status = smr_explanation_run(NULL, world.card, 0, &options->explanation, &explanation, error);
    expect((status == SMR_OK) == (explanation != NULL));
    smr_explanation_unref(explanation);
    api_world_free(&world);
    return status;
}

static smr_status read_initiatives(const smr_portfolio_options *options, smr_portfolio **portfolio, smr_error *error) {
    api_source source = {"id,effects\na,x=+1\n", 18, 0, 0};
    return smr_portfolio_read_csv(NULL, api_source_read, &source, options, portfolio, error);
}

static smr_status read_portfolio(const larger *options, smr_error *error) {
    smr_portfolio *portfolio = NULL;
    smr_status status = read_initiatives(&options->portfolio, &portfolio, error);
    expect((status == SMR_OK) == (portfolio != NULL));
    smr_portfolio_unref(portfolio);
    return status;
}

static smr_status read_appraisal(const larger *options, smr_error *error) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x', 'worst': 0, 'best': 4}]}",
                                     "region,x\nA,1\n", "{'normalise': 'goalposts'}");
    smr_portfolio *portfolio = NULL;
    smr_appraisal *appraisal = NULL;
    expect_ok(read_initiatives(NULL, &portfolio, error), error);
    smr_status status = smr_portfolio_appraise(NULL, portfolio, world.model, world.dataset, &options->appraisal,
                                               &appraisal, error);
    expect((status == SMR_OK) == (appraisal != NULL));
    smr_appraisal_unref(appraisal);
    smr_portfolio_unref(portfolio);
    api_world_free(&world);
    return status;
}

static smr_status read_trend(const larger *options, smr_error *error) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x'}]}", "region,period,x\nA,2020,1\nA,2021,2\n", NULL);
    smr_trend *trend = NULL;
    smr_status status = smr_trend_run(NULL, world.model, world.dataset, &options->trend, &trend, error);
    expect((status == SMR_OK) == (trend != NULL));
    smr_trend_unref(trend);
    api_world_free(&world);
    return status;
}

static smr_status read_bounds(const larger *options, smr_error *error) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x'}]}", "region,x\nA,1\nB,2\nC,4\n", NULL);
    smr_bounds *bounds = NULL;
    smr_status status = smr_bounds_run(NULL, world.model, world.dataset, NULL, 0, NULL, &options->bounds, &bounds, error);
    expect((status == SMR_OK) == (bounds != NULL));
    smr_bounds_unref(bounds);
    api_world_free(&world);
    return status;
}

static smr_status read_break_even(const larger *options, smr_error *error) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x'}]}", "region,x\nA,1\nB,2\nC,4\n", NULL);
    smr_break_even *result = NULL;
    smr_criticality *critical = NULL;
    smr_status status =
        smr_break_even_run(NULL, world.model, world.dataset, "A", "B", &options->break_even, &result, error);
    expect((status == SMR_OK) == (result != NULL));
    expect_equal_int(smr_criticality_run(NULL, world.model, world.dataset, &options->break_even, &critical, NULL), status);
    expect((status == SMR_OK) == (critical != NULL));
    smr_break_even_unref(result);
    smr_criticality_unref(critical);
    api_world_free(&world);
    return status;
}

static smr_status read_leave_out(const larger *options, smr_error *error) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x'}]}", "region,x\nA,1\nB,2\nC,4\n", NULL);
    smr_leave_out *result = NULL;
    smr_status status =
        smr_leave_out_run(NULL, world.framework, world.dataset, NULL, &options->leave_out, &result, error);
    expect((status == SMR_OK) == (result != NULL));
    smr_leave_out_unref(result);
    api_world_free(&world);
    return status;
}

static smr_status read_robust(const larger *options, smr_error *error) {
    api_world world = api_world_nouns("{'id': 'i', 'children': [{'id': 'x'}, {'id': 'y'}]}",
                                      "region,x,y\nA,1,4\nB,2,3\nC,4,1\n", NULL);
    smr_robust *robust = NULL;
    smr_status status = smr_robust_run(NULL, world.framework, world.dataset, NULL, NULL, &options->robust, &robust, error);
    expect((status == SMR_OK) == (robust != NULL));
    smr_robust_unref(robust);
    api_world_free(&world);
    return status;
}

static smr_status read_whatif(const larger *options, smr_error *error) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x'}]}", "region,x\nA,1\nB,2\nC,4\n", NULL);
    smr_changes *changes = NULL;
    smr_whatif *whatif = NULL;
    expect_ok(smr_changes_new(NULL, &changes, error), error);
    expect_ok(smr_changes_add(changes, "A", "x", SMR_CHANGE_SET, 3, error), error);
    smr_status status = smr_whatif_run(NULL, world.model, world.dataset, changes, &options->whatif, &whatif, error);
    expect((status == SMR_OK) == (whatif != NULL));
    smr_whatif_unref(whatif);
    smr_changes_free(changes);
    api_world_free(&world);
    return status;
}

/* A goal is what a call cannot do without. */
static smr_status read_target(const larger *options, smr_error *error) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x'}]}", "region,x\nA,1\nB,2\nC,4\n", NULL);
    smr_target *target = NULL;
    larger with_goal = *options;
    with_goal.target.rank = 1;
    smr_status status = smr_target_run(NULL, world.model, world.dataset, "A", NULL, &with_goal.target, &target, error);
    expect((status == SMR_OK) == (target != NULL));
    smr_target_unref(target);
    api_world_free(&world);
    return status;
}

static const double evaluations[] = {1, 2, 3, 4, 5, 6, 7, 8};

static smr_status read_sobol(const larger *options, smr_error *error) {
    double indices[SMR_SOBOL_COLUMNS];
    return smr_sobol_indices(NULL, evaluations, evaluations, evaluations, evaluations, COUNT(evaluations), 1,
                             &options->sobol, indices, NULL, error);
}

static smr_status read_points(const larger *options, smr_error *error) {
    double points[6];
    return smr_sobol_points(NULL, 3, 2, &options->points, points, error);
}

/* The defaults take a while: as few draws as there may be, where the struct is long enough to say so. */
static smr_status read_sobol_study(const larger *options, smr_error *error) {
    api_world world = api_world_nouns("{'id': 'i', 'children': [{'id': 'x'}, {'id': 'y'}]}",
                                      "region,x,y\nA,1,3\nB,2,2\nC,4,0\n", NULL);
    larger few = *options;
    const size_t end = offsetof(smr_sobol_study_options, draws) + sizeof few.sobol_study.draws;
    if (few.sobol_study.size >= end && few.sobol_study.size < sizeof few) {
        few.sobol_study.draws = 2;
    }
    smr_sobol *study = NULL;
    smr_status status = smr_sobol_run(NULL, world.framework, world.dataset, NULL, NULL, &few.sobol_study, &study,
                                      error);
    expect((status == SMR_OK) == (study != NULL));
    smr_sobol_unref(study);
    api_world_free(&world);
    return status;
}

static const struct {
    void (*init)(void *, size_t);
    size_t size, least; /* least: up to which fields a call cannot do without */
    reading_call call;
} readings[] = {
    {init_context, sizeof(smr_context_options), 4, read_context},
    {init_node, sizeof(smr_node_options), 4, read_node},
    {init_indicator, sizeof(smr_indicator_options), 4, read_indicator},
    {init_observation, sizeof(smr_observation), 4, read_observation},
    {init_columns, sizeof(smr_columns), offsetof(smr_columns, regions), read_columns},
    {init_csv, sizeof(smr_csv_options), 4, read_csv},
    {init_score, sizeof(smr_score_options), 4, read_score},
    {init_audit, sizeof(smr_audit_options), 4, read_audit},
    {init_imputation, sizeof(smr_imputation_options), 4, read_imputation},
    {init_robust, sizeof(smr_robust_options), 4, read_robust},
    {init_whatif, sizeof(smr_whatif_options), 4, read_whatif},
    {init_target, sizeof(smr_target_options), offsetof(smr_target_options, score), read_target},
    {init_explanation, sizeof(smr_explanation_options), 4, read_explanation},
    {init_portfolio, sizeof(smr_portfolio_options), 4, read_portfolio},
    {init_appraisal, sizeof(smr_appraisal_options), 4, read_appraisal},
    {init_trend, sizeof(smr_trend_options), 4, read_trend},
    {init_bounds, sizeof(smr_bounds_options), 4, read_bounds},
    {init_break_even, sizeof(smr_break_even_options), 4, read_break_even},
    {init_leave_out, sizeof(smr_leave_out_options), 4, read_leave_out},
    {init_sobol, sizeof(smr_sobol_options), 4, read_sobol},
    {init_points, sizeof(smr_sobol_points_options), 4, read_points},
    {init_sobol_study, sizeof(smr_sobol_study_options), 4, read_sobol_study},
};

TEST(shorter_and_longer) {
    enum { LONGER = 40 };
    for (size_t i = 0; i < COUNT(readings); i++) {
        for (size_t size = readings[i].least; size <= readings[i].size + LONGER; size += 4) {
            larger options;
            smr_error error = unit_error();
            memset(&options, 0, sizeof options);
            readings[i].init(&options, size);
            /* what stands behind a shorter struct is none of its fields */
            if (size < readings[i].size && readings[i].least == 4) {
                memset(options.bytes + size, 0xa5, sizeof options - size);
            }
            expect_ok(readings[i].call(&options, &error), &error);
            if (size > readings[i].size) {
                for (size_t byte = readings[i].size; byte < size; byte++) {
                    options.bytes[byte] = 1;
                    expect_fails(readings[i].call(&options, &error), &error, SMR_MESSAGE_UNKNOWN_OPTION_BYTES);
                    expect_equal_int(error.status, SMR_ERROR_ARGUMENT);
                    options.bytes[byte] = 0;
                }
                /* behind the end is nobody's business */
                options.bytes[size] = 1;
                expect_ok(readings[i].call(&options, &error), &error);
            }
        }
    }
}

/* Forgotten initialisers: sizes that no struct has. */
TEST(sizes_that_cannot_be) {
    static const uint32_t sizes[] = {0, 1, 3, UINT32_MAX, 0xa5a5a5a5};
    for (size_t i = 0; i < COUNT(readings); i++) {
        for (size_t k = 0; k < COUNT(sizes); k++) {
            larger options;
            smr_error error = unit_error();
            memset(&options, 0, sizeof options);
            readings[i].init(&options, readings[i].size);
            memcpy(options.bytes, &sizes[k], sizeof sizes[k]);
            expect_argument(readings[i].call(&options, &error), &error);
        }
    }
}

/* ---- structs that the library fills ---- */

typedef smr_status (*filling_call)(larger *out, smr_error *error);

static smr_status fill_method(larger *out, smr_error *error) {
    return smr_method_get(0, &out->method, error);
}

static smr_status fill_parameter(larger *out, smr_error *error) {
    smr_method method;
    size_t index = 0;
    do {
        smr_method_init(&method, sizeof method);
        expect_ok(smr_method_get(index, &method, error), error);
    } while (method.parameter_count == 0 && ++index);
    return smr_method_get_parameter(index, 0, &out->parameter, error);
}

static smr_status fill_indicator(larger *out, smr_error *error) {
    smr_framework *framework = api_framework("{'id': 'i', 'children': [{'id': 'x', 'worst': 5, 'best': 1}]}");
    smr_status status = smr_framework_indicator(framework, 0, &out->indicator, error);
    smr_framework_unref(framework);
    return status;
}

static smr_status fill_observation(larger *out, smr_error *error) {
    smr_dataset *dataset = api_dataset("region,x\nA,7\n");
    smr_status status = smr_dataset_observation(dataset, 0, 0, &out->observation, error);
    smr_dataset_unref(dataset);
    return status;
}

static smr_status fill_left_out(larger *out, smr_error *error) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x'}]}", "region,x\nA,1\nB,2\nC,4\n", NULL);
    smr_leave_out *result = NULL;
    expect_ok(smr_leave_out_run(NULL, world.framework, world.dataset, NULL, NULL, &result, error), error);
    smr_status status = smr_leave_out_item(result, 0, &out->left_out, error);
    smr_leave_out_unref(result);
    api_world_free(&world);
    return status;
}

static smr_status fill_failure(larger *out, smr_error *error) {
    static const char spec[] = "{\"draws\": 64, \"factors\": [{\"vary\": \"aggregate.method\", \"alternatives\": "
                               "[\"geometric\", \"arithmetic\"]}, {\"vary\": \"leave_out\"}]}";
    api_world world = api_world_nouns("{'id': 'i', 'plan': {'normalise': 'none'}, 'children': [{'id': 'x'}, {'id': 'y'}]}",
                                      "region,x,y\nA,1,0\nB,2,3\n", NULL);
    smr_uncertainty *uncertainty = NULL;
    smr_robust *robust = NULL;
    smr_error own = unit_error();
    expect_ok(smr_uncertainty_read(NULL, spec, strlen(spec), NULL, &uncertainty, &own), &own);
    expect_ok(smr_robust_run(NULL, world.framework, world.dataset, NULL, uncertainty, NULL, &robust, &own), &own);
    smr_status status = smr_robust_failure_get(robust, 0, &out->failure, error);
    smr_robust_unref(robust);
    smr_uncertainty_unref(uncertainty);
    api_world_free(&world);
    return status;
}

static smr_status fill_summary(larger *out, smr_error *error) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x'}]}", "region,x\nA,1\nB,2\nC,4\n", NULL);
    smr_target_options goal;
    smr_target *target = NULL;
    smr_target_options_init(&goal, sizeof goal);
    goal.rank = 2;
    expect_ok(smr_target_run(NULL, world.model, world.dataset, "A", NULL, &goal, &target, error), error);
    smr_status status = smr_target_summarise(target, &out->summary, error);
    smr_target_unref(target);
    api_world_free(&world);
    return status;
}

static smr_status fill_sobol_summary(larger *out, smr_error *error) {
    double indices[SMR_SOBOL_COLUMNS];
    return smr_sobol_indices(NULL, evaluations, evaluations, evaluations, evaluations, COUNT(evaluations), 1, NULL,
                             indices, &out->sobol_summary, error);
}

static const struct {
    void (*init)(void *, size_t);
    size_t size;
    filling_call call;
} fillings[] = {
    {init_method, sizeof(smr_method), fill_method},
    {init_parameter, sizeof(smr_method_parameter), fill_parameter},
    {init_indicator, sizeof(smr_indicator_options), fill_indicator},
    {init_observation, sizeof(smr_observation), fill_observation},
    {init_left_out, sizeof(smr_left_out), fill_left_out},
    {init_failure, sizeof(smr_robust_failure), fill_failure},
    {init_summary, sizeof(smr_target_summary), fill_summary},
    {init_sobol_summary, sizeof(smr_sobol_summary), fill_sobol_summary},
};

/* A shorter struct gets what fits, the tail of a longer one zeros, and nothing behind either is touched. */
TEST(filling_shorter_and_longer) {
    enum { LONGER = 40 };
    for (size_t i = 0; i < COUNT(fillings); i++) {
        for (size_t size = 4; size <= fillings[i].size + LONGER; size++) {
            larger out;
            smr_error error = unit_error();
            memset(&out, 0xa5, sizeof out);
            fillings[i].init(&out, size);
            expect_ok(fillings[i].call(&out, &error), &error);
            uint32_t noted;
            memcpy(&noted, out.bytes, sizeof noted);
            expect_equal_uint(noted, size);
            for (size_t byte = size; byte < size + LONGER; byte++) {
                expect_equal_int(out.bytes[byte], 0xa5);
            }
            for (size_t byte = fillings[i].size; byte < size; byte++) {
                expect_equal_int(out.bytes[byte], 0);
            }
        }
        larger out;
        smr_error error = unit_error();
        memset(&out, 0, sizeof out);
        expect_argument(fillings[i].call(&out, &error), &error);
    }
    larger out;
    smr_error error = unit_error();
    smr_indicator_options_init(&out.indicator, offsetof(smr_indicator_options, optimum));
    expect_ok(fill_indicator(&out, &error), &error);
    expect_equal_int(out.indicator.direction, SMR_DIRECTION_LOWER);
    expect_near(out.indicator.worst, 5, 0);
    expect_near(out.indicator.best, 1, 0);
    smr_observation_init(&out.observation, offsetof(smr_observation, error));
    expect_ok(fill_observation(&out, &error), &error);
    expect_near(out.observation.value, 7, 0);
}

/* An error record that was never initialised is left alone. */
TEST(error_records_of_other_sizes) {
    larger out;
    for (uint32_t size = 0; size <= sizeof(smr_error) + 8; size += (uint32_t)(size < 8 ? 1 : 4)) {
        memset(&out, 0xa5, sizeof out);
        memcpy(out.bytes, &size, sizeof size);
        expect_equal_int(smr_context_new(NULL, NULL, &out.error), SMR_ERROR_ARGUMENT);
        size_t untouched = size < sizeof(smr_error) ? sizeof size : sizeof(smr_error);
        for (size_t byte = untouched; byte < sizeof(smr_error) + 64; byte++) {
            expect_equal_int(out.bytes[byte], 0xa5);
        }
        if (size >= sizeof(smr_error)) {
            expect_equal_int(out.error.status, SMR_ERROR_ARGUMENT);
            expect_equal_uint(out.error.size, size);
        }
    }
}

static const unit_test tests[] = {
    UNIT(init_of_every_size),         UNIT(defaults),
    UNIT(shorter_and_longer),         UNIT(sizes_that_cannot_be),
    UNIT(filling_shorter_and_longer), UNIT(error_records_of_other_sizes),
};
UNIT_SUITE(structs, tests)
