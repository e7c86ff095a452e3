/* SPDX-License-Identifier: MIT */
/* Every method of imputation that the data and the plan allow, tried on the indicators as they are after denominate. */

#include "study/study_impl.h"

void smr_imputation_options_init(smr_imputation_options *options, size_t size)
{
    static const smr_imputation_options defaults = {
        .size = sizeof(smr_imputation_options), .repeats = 3, .seed = 1, .share = 0.1};
    smri_options_init(options, size, &defaults, sizeof defaults);
}

typedef struct trial {
    smr_context *context;
    const smr_context *memory;
    const smr_model *model;
    smri_view view;
    smri_arena arena;               /* choices and their settings */
    smri_choice *choices;
    smri_groups *groups;            /* by choice */
    uint32_t count;
    double **columns;
    uint8_t *statuses;
    uint32_t *families;
    double *signs;
    size_t *rows, *starts;
    int64_t *days;
} trial;

static void free_trial(trial *t)
{
    const uint32_t indicators = t->model->framework->indicator_count;
    smri_family_free(t->memory, t->columns, indicators);
    smri_free(t->memory, t->statuses);
    smri_free(t->memory, t->families);
    smri_free(t->memory, t->signs);
    smri_free(t->memory, t->rows);
    smri_free(t->memory, t->starts);
    smri_free(t->memory, t->days);
    smri_arena_free(&t->arena);
    if (t->view.model)
        smri_view_free(t->context, &t->view);
}

/* ---- which methods ---- */

/* The value of an option: the plan's own when its step gives one, else the default. NULL: out of memory. */
static const smri_value *option_value(trial *t, const smri_parameter *parameter)
{
    const smri_value *step = smri_value_get(t->model->plan.document, smri_steps[SMRI_STEP_IMPUTE].name);
    const smri_value *given = step ? smri_value_get(step, parameter->name) : NULL;
    return given ? given : smri_parameter_default(parameter, &t->arena);
}

/* Adds the method unless it needs an option that nobody gave. false: out of memory. */
static bool add_method(trial *t, const smri_method *method)
{
    const size_t count = smri_parameter_count(method->parameters);
    smri_setting *settings = smri_arena_calloc(&t->arena, count, sizeof *settings);
    bool usable = true;
    for (size_t i = 0; settings && i < count; i++) {
        const smri_parameter *parameter = &method->parameters[i];
        char found[SMRI_PLAN_TEXT], expected[SMRI_PLAN_TEXT];
        const smri_value *value = option_value(t, parameter);
        if (!value)
            return false;
        if (!smri_setting_read(parameter, value, &settings[i], found, expected))
            settings[i] = (smri_setting){.given = false};
        usable = usable && (settings[i].given || !parameter->required);
    }
    if (settings && usable)
        t->choices[t->count++] = (smri_choice){.method = method, .settings = settings};
    return settings != NULL;
}

static smr_status choose_methods(trial *t, smr_error *error)
{
    t->choices = smri_arena_calloc(&t->arena, smri_catalogue_count(), sizeof *t->choices);
    t->groups = smri_arena_calloc(&t->arena, smri_catalogue_count(), sizeof *t->groups);
    if (!t->choices || !t->groups)
        return smri_fail_memory(error);
    for (size_t i = 0; i < smri_catalogue_count(); i++) {
        const smri_method *method = smri_catalogue_at(i);
        const bool along_time = method->fill_series && t->view.dataset->period_count == 0;
        if (method->step == SMRI_STEP_IMPUTE && smri_method_imputes(method) && !along_time && !add_method(t, method))
            return smri_fail_memory(error);
    }
    for (uint32_t m = 0; m < t->count; m++) {
        if (!(t->choices[m].method->flags & SMRI_METHOD_NEEDS_GROUPS))
            continue;
        const char *id = smri_setting_of(&t->choices[m], "group")->text;
        const smri_column *column = smri_dataset_column(t->view.dataset, id);
        if (!column || !column->codes) {
            const smri_place place = {.source = t->view.dataset->source_name, .subject = id};
            return smri_fail(error, SMR_MESSAGE_GROUP_COLUMN_MISSING, &place, id, "");
        }
        t->groups[m] = (smri_groups){.of_row = column->codes, .count = column->label_count};
    }
    return SMR_OK;
}

/* ---- on what ---- */

static smr_status gather_columns(trial *t, smr_error *error)
{
    const smr_framework *framework = t->model->framework;
    const uint32_t count = framework->indicator_count;
    const size_t rows = t->view.dataset->row_count;
    t->columns = smri_family_new(t->memory, count, rows);
    t->statuses = smri_alloc(t->memory, rows, 1);
    t->families = smri_alloc(t->memory, count, sizeof *t->families);
    t->signs = smri_alloc(t->memory, count, sizeof *t->signs);
    if (!t->columns || !t->statuses || !t->families || !t->signs)
        return smri_fail_memory(error);
    for (uint32_t i = 0; i < count; i++) {
        for (size_t row = 0; row < rows; row++)
            t->columns[i][row] = t->view.columns[i] ? t->view.columns[i][row] : NAN;
        smri_leaf_run(t->model, smri_context_kernels(t->memory), 0, i, SMRI_STAGE_DENOMINATE, t->view.denominated,
                      t->view.denominators[i], NULL, t->columns[i], t->statuses, rows);
        t->families[i] = (uint32_t)framework->nodes[framework->indicators[i].node].parent;
        t->signs[i] = framework->indicators[i].direction == SMR_DIRECTION_LOWER ? -1 : 1;
    }
    return SMR_OK;
}

/* Rows region by region, each region's in order of time. */
static smr_status order_rows(trial *t, smr_error *error)
{
    const smr_dataset *dataset = t->view.dataset;
    const size_t rows = dataset->row_count, regions = dataset->region_count;
    if (dataset->period_count == 0)
        return SMR_OK;
    t->rows = smri_alloc(t->memory, rows, sizeof *t->rows);
    t->starts = smri_calloc(t->memory, regions + 2, sizeof *t->starts);
    t->days = smri_alloc(t->memory, rows, sizeof *t->days);
    if (!t->rows || !t->starts || !t->days)
        return smri_fail_memory(error);
    for (size_t row = 0; row < rows; row++) {
        t->starts[smri_dataset_region_of(dataset, row) + 2]++;
        t->days[row] = dataset->periods[smri_dataset_period_of(dataset, row)].start_day;
    }
    for (size_t region = 0; region < regions; region++)
        t->starts[region + 2] += t->starts[region + 1];
    for (uint32_t period = 0; period < dataset->period_count; period++)
        for (size_t row = 0; row < rows; row++)
            if (smri_dataset_period_of(dataset, row) == period)
                t->rows[t->starts[smri_dataset_region_of(dataset, row) + 1]++] = row;
    return SMR_OK;
}

/* ---- what came of it ---- */

static smr_status try_methods(trial *t, const smr_imputation_options *options, smri_auditor *auditor,
                              smr_error *error)
{
    const smr_framework *framework = t->model->framework;
    const uint32_t indicators = framework->indicator_count;
    size_t cells;
    const smri_matrix matrix = {.context = t->memory,
                                .columns = (const double *const *)t->columns,
                                .count = indicators,
                                .n = t->view.dataset->row_count,
                                .families = t->families,
                                .signs = t->signs};
    const smri_imputation_audit asked = {.matrix = &matrix,
                                         .choices = t->choices,
                                         .choice_count = t->count,
                                         .groups = t->groups,
                                         .series_rows = t->rows,
                                         .series_starts = t->starts,
                                         .series_count = t->rows ? t->view.dataset->region_count : 0,
                                         .days = t->days,
                                         .seed = options->seed,
                                         .share = options->share,
                                         .repeats = options->repeats};
    smri_imputation_score *scores = NULL;
    if (smri_product(t->count, (size_t)indicators + 1, &cells))
        scores = smri_alloc(t->memory, cells, sizeof *scores);
    smr_status status = scores ? smri_audit_imputation(t->memory, &asked, scores, error) : smri_fail_memory(error);
    for (uint32_t m = 0; status == SMR_OK && m < t->count; m++)
        for (uint32_t i = 0; i <= indicators; i++) {
            const smri_imputation_score *score = &scores[(size_t)m * (indicators + 1) + i];
            const char *name = t->choices[m].method->name;
            const char *id = i < indicators ? framework->nodes[framework->indicators[i].node].id : "*";
            smri_audit_put(auditor, SMRI_AUDIT_IMPUTATION_R_SQUARED, name, id, score->r_squared);
            smri_audit_put(auditor, SMRI_AUDIT_IMPUTATION_RMSE, name, id, score->rmse);
            smri_audit_put(auditor, SMRI_AUDIT_IMPUTATION_MAE, name, id, score->mae);
            smri_audit_put(auditor, SMRI_AUDIT_IMPUTATION_HOLES, name, id, (double)score->holes);
            smri_audit_put(auditor, SMRI_AUDIT_IMPUTATION_FILLED, name, id, (double)score->filled);
        }
    smri_free(t->memory, scores);
    return status == SMR_OK && auditor->failed ? smri_fail_memory(error) : status;
}

static smr_status check_options(const smr_imputation_options *options, smr_error *error)
{
    if (!(options->share > 0 && options->share < 1))
        return smri_fail_argument(error, "share", "above 0 and below 1");
    return options->repeats > 0 ? SMR_OK : smri_fail_argument(error, "repeats", "1 or more");
}

smr_status smr_audit_imputation(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                                const smr_imputation_options *options, smr_audit **audit, smr_error *error)
{
    if (!audit)
        return smri_fail_argument(error, "audit", "a place for the result");
    *audit = NULL;
    if (!model || !dataset)
        return smri_fail_argument(error, model ? "dataset" : "model", "not NULL");
    smr_imputation_options known;
    smr_imputation_options_init(&known, sizeof known);
    smr_status status = smri_options_read(&known, sizeof known, options, "smr_imputation_options", error);
    if (status == SMR_OK)
        status = check_options(&known, error);
    if (status != SMR_OK)
        return status;
    trial t = {.context = context, .memory = smri_context(context), .model = model};
    smri_arena_init(&t.arena, t.memory);
    smri_auditor auditor = {.memory = t.memory, .model = model};
    status = smri_view_make(context, model, dataset, &t.view, error);
    if (status == SMR_OK)
        status = choose_methods(&t, error);
    if (status == SMR_OK)
        status = gather_columns(&t, error);
    if (status == SMR_OK)
        status = order_rows(&t, error);
    if (status == SMR_OK) {
        auditor.audit = smri_audit_new(context, model, t.view.dataset);
        status = auditor.audit ? try_methods(&t, &known, &auditor, error) : smri_fail_memory(error);
    }
    free_trial(&t);
    if (status != SMR_OK) {
        smr_audit_unref(auditor.audit);
        return status;
    }
    *audit = auditor.audit;
    return SMR_OK;
}
