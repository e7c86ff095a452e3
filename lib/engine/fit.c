/* SPDX-License-Identifier: MIT */
/* Fit: every parameter that the plan leaves to the data, indicator by indicator, side by side. */

#include "engine/engine_impl.h"

typedef struct fit {
    const smr_context *memory;
    const smri_kernels *kernels;
    smr_model *model;
    const smri_view *view;
    uint64_t *hashes;               /* by indicator */
    atomic_bool out_of_memory;
} fit;

/* The fingerprint of a column, begun, stirred while its extent is found, ended. */
static void fingerprint_begin(uint64_t *lanes)
{
    for (int lane = 0; lane < SMRI_FINGERPRINT_LANES; lane++)
        lanes[lane] = UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)(lane + 1);
}

static uint64_t fingerprint_end(const uint64_t *lanes, size_t n)
{
    uint64_t hash = n;
    for (int lane = 0; lane < SMRI_FINGERPRINT_LANES; lane++) {
        hash = (hash ^ lanes[lane]) * UINT64_C(0xff51afd7ed558ccd);
        hash ^= hash >> 32;
    }
    return hash;
}

/* What one fit of one step sees. */
typedef struct fit_input {
    const double *x;                /* NULL: the data lack the indicator */
    size_t n;
    double sign, reference;
    const uint32_t *groups;
    uint32_t group_count;
    uint64_t *lanes;                /* fingerprint to stir x into; NULL: none */
} fit_input;

static bool fit_step(const fit *f, const smri_choice *choice, uint32_t indicator, const fit_input *input,
                     smri_fitted *fitted)
{
    if (!choice->method->fit && input->lanes)
        f->kernels->fingerprint(input->x, input->n, input->lanes);
    if (!choice->method->fit)
        return true;
    smri_sample sample = {.x = input->x,
                          .n = input->n,
                          .groups = input->groups,
                          .group_count = input->group_count,
                          .reference = input->reference};
    if (!smri_summary_make(f->memory, input->x, input->n, input->sign, choice->method->needs, input->lanes,
                           &sample.summary))
        return false;
    const bool fine = choice->method->fit(choice, &sample, &f->model->scales[indicator], &f->model->arenas[indicator],
                                          fitted);
    smri_summary_free(f->memory, &sample.summary);
    return fine;
}

/* The value of the region that the option "reference" names, with the normaliser's sign; NaN: none. */
static double reference_value(const fit *f, const smri_choice *choice, const double *x, uint32_t period, double sign)
{
    const smri_setting *named = smri_setting_of(choice, "reference");
    if (!named->given || !named->text)
        return NAN;
    const uint32_t region = smri_dataset_find_region(f->view->dataset, named->text);
    const uint32_t row = region == SMRI_NOT_FOUND ? SMRI_NONE : smri_dataset_find_pair(f->view->dataset, region, period);
    return row == SMRI_NONE ? NAN : sign * x[row] + 0.0;
}

/* The normaliser, once for every set of bounds. lanes NULL: x is not the raw column. */
static bool fit_normalise(const fit *f, uint32_t indicator, const double *x, uint64_t *lanes)
{
    const smr_model *model = f->model;
    const smr_dataset *dataset = f->view->dataset;
    const uint32_t indicators = model->framework->indicator_count;
    const uint32_t latest = dataset->period_count ? dataset->period_count - 1 : 0;
    const smri_choice *choice = &model->plan.normalise[indicator];
    const char *per = model->plan.normalise_per;
    fit_input input = {.x = x, .n = x ? dataset->row_count : 0, .sign = smri_leaf_sign(model, indicator), .reference = NAN};
    if (!x || strcmp(per, "all_periods") == 0) {
        bool fine = true;
        input.lanes = x ? lanes : NULL;
        if (x)
            input.reference = reference_value(f, choice, x, latest, input.sign);
        for (uint32_t set = 0; fine && set < model->set_count; set++)
            fine = fit_step(f, choice, indicator, &input, &model->normalise[(size_t)set * indicators + indicator]);
        return fine;
    }
    if (lanes)
        f->kernels->fingerprint(x, dataset->row_count, lanes);
    if (!choice->method->fit)
        return true;
    double *part = smri_alloc(f->memory, dataset->row_count, sizeof *part);
    bool fine = part != NULL;
    for (uint32_t set = 0; fine && set < model->set_count; set++) {
        const uint32_t period = smri_dataset_find_period(dataset, model->sets ? model->sets[set] : per);
        input.x = part;
        input.n = 0;
        for (size_t row = 0; row < dataset->row_count; row++)
            if (smri_dataset_period_of(dataset, row) == period)
                part[input.n++] = x[row];
        input.reference = reference_value(f, choice, x, period, input.sign);
        fine = fit_step(f, choice, indicator, &input, &model->normalise[(size_t)set * indicators + indicator]);
    }
    smri_free(f->memory, part);
    return fine;
}

/* Runs the steps before each fit on a copy of the column. */
static bool fit_changed(const fit *f, uint32_t indicator, const double *column)
{
    const smr_model *model = f->model;
    const smri_view *view = f->view;
    const size_t n = view->dataset->row_count;
    const uint32_t table = model->impute_groups[indicator];
    const uint32_t *groups = table == SMRI_NONE ? NULL : view->groups[table];
    const uint32_t group_count = table == SMRI_NONE ? 0 : model->group_tables[table].label_count;
    double *x = smri_alloc(f->memory, n, sizeof *x);
    uint8_t *statuses = smri_alloc(f->memory, n, 1);
    bool fine = x && statuses;
    if (fine) {
        const smri_choice *impute = &model->plan.impute[indicator];
        if (view->prepared && view->prepared[indicator]) {
            memcpy(x, view->prepared[indicator], n * sizeof *x);
            memcpy(statuses, view->prepared_statuses[indicator], n);
        } else {
            memcpy(x, column, n * sizeof *x);
            smri_leaf_run(model, f->kernels, 0, indicator, SMRI_STAGE_DENOMINATE, view->denominated,
                          view->denominators[indicator], groups, x, statuses, n);
            const fit_input input = {.x = x, .n = n, .sign = 1, .groups = groups, .group_count = group_count};
            fine = fit_step(f, impute, indicator, &input, &model->impute[indicator]);
            if (fine && impute->method->change)
                impute->method->change(impute, &model->impute[indicator], groups, x, statuses, n);
        }
        const smri_choice *treat = &model->plan.treat[indicator];
        const fit_input imputed = {.x = x, .n = n, .sign = 1};
        fine = fine && fit_step(f, treat, indicator, &imputed, &model->treat[indicator]);
        if (fine && treat->method->change)
            treat->method->change(treat, &model->treat[indicator], groups, x, statuses, n);
        if (fine)
            smri_leaf_transform(model, f->kernels, indicator, x, statuses, n);
        fine = fine && fit_normalise(f, indicator, x, NULL);
    }
    smri_free(f->memory, x);
    smri_free(f->memory, statuses);
    return fine;
}

static void fit_indicator(void *user, size_t part)
{
    fit *f = user;
    const uint32_t indicator = (uint32_t)part;
    const smr_model *model = f->model;
    const double *column = f->view->columns[indicator];
    const size_t n = f->view->dataset->row_count;
    const bool prepared = f->view->prepared && f->view->prepared[indicator];
    uint64_t lanes[SMRI_FINGERPRINT_LANES];
    bool fine;
    fingerprint_begin(lanes);
    if (prepared || (column && smri_leaf_changes(model, indicator))) {
        fine = fit_changed(f, indicator, column);
        if (column)
            f->kernels->fingerprint(column, n, lanes);
    } else {
        static const fit_input nothing = {.sign = 1};
        fine = column || (fit_step(f, &model->plan.impute[indicator], indicator, &nothing, &model->impute[indicator]) &&
                          fit_step(f, &model->plan.treat[indicator], indicator, &nothing, &model->treat[indicator]));
        fine = fine && fit_normalise(f, indicator, column, lanes);
    }
    f->hashes[indicator] = column ? fingerprint_end(lanes, n) : 0;
    if (!fine)
        atomic_store(&f->out_of_memory, true);
}

/* One set of bounds for all, or one a period. */
static smr_status make_sets(smr_model *model, const smr_dataset *dataset, smr_error *error)
{
    const char *per = model->plan.normalise_per;
    const smri_place place = {.source = dataset->source_name, .subject = "normalise.per"};
    if (strcmp(per, "period") == 0) {
        if (dataset->period_count == 0)
            return smri_fail(error, SMR_MESSAGE_PERIODS_NEEDED, &place, "normalise.per", per);
        model->set_count = dataset->period_count;
        model->sets = smri_arena_calloc(&model->arena, model->set_count, sizeof *model->sets);
        for (uint32_t i = 0; model->sets && i < model->set_count; i++) {
            const char *id = dataset->periods[i].id;
            model->sets[i] = smri_arena_text(&model->arena, id, strlen(id));
            if (!model->sets[i])
                return smri_fail_memory(error);
        }
        if (!model->sets)
            return smri_fail_memory(error);
        model->one_by_one = false;
    } else if (strcmp(per, "all_periods") != 0 && smri_dataset_find_period(dataset, per) == SMRI_NONE) {
        char hint[SMRI_PLAN_TEXT];
        return smri_fail(error, SMR_MESSAGE_PERIOD_UNKNOWN, &place, per,
                         smri_did_you_mean(hint, smr_dataset_latest_period(dataset)));
    }
    const size_t count = (size_t)model->set_count * model->framework->indicator_count;
    model->normalise = smri_arena_calloc(&model->arena, count, sizeof *model->normalise);
    return model->normalise ? SMR_OK : smri_fail_memory(error);
}

/* The labels of the grouping columns, as the reference has them. */
static smr_status name_groups(smr_model *model, const smr_dataset *dataset, smr_error *error)
{
    for (uint32_t t = 0; t < model->group_table_count; t++) {
        smri_group_table *table = &model->group_tables[t];
        const smri_column *column = smri_dataset_column(dataset, table->column);
        if (!column || !column->codes)
            continue;               /* the view refuses that, naming the column */
        table->labels = smri_arena_calloc(&model->arena, (size_t)column->label_count + 1, sizeof *table->labels);
        if (!table->labels)
            return smri_fail_memory(error);
        for (uint32_t i = 0; i < column->label_count; i++) {
            table->labels[i] = smri_arena_text(&model->arena, column->labels[i], strlen(column->labels[i]));
            if (!table->labels[i])
                return smri_fail_memory(error);
        }
        table->label_count = column->label_count;
    }
    return SMR_OK;
}

/* The regions that normalisers refer to are there. */
static smr_status check_references(const smr_model *model, const smri_view *view, smr_error *error)
{
    const smr_dataset *dataset = view->dataset;
    for (uint32_t i = 0; i < model->framework->indicator_count; i++) {
        const smri_setting *named = smri_setting_of(&model->plan.normalise[i], "reference");
        if (!named->given || !named->text || smri_dataset_find_region(dataset, named->text) != SMRI_NONE)
            continue;
        const smri_node *node = &model->framework->nodes[model->framework->indicators[i].node];
        const smri_place place = {.source = dataset->source_name, .subject = node->id};
        char hint[SMRI_PLAN_TEXT];
        smri_did_you_mean(hint, smri_text_nearest(named->text, dataset->region_ids.keys, dataset->region_ids.count));
        return smri_fail(error, SMR_MESSAGE_REFERENCE_REGION_MISSING, &place, named->text, hint);
    }
    return SMR_OK;
}

static smr_status fit_all(smr_context *context, smr_model *model, const smri_view *view, smr_error *error)
{
    const smr_context *memory = smri_context(context);
    const uint32_t count = model->framework->indicator_count;
    fit f = {.memory = memory, .kernels = smri_context_kernels(memory), .model = model, .view = view};
    atomic_init(&f.out_of_memory, false);
    f.hashes = smri_calloc(memory, count, sizeof *f.hashes);
    if (!f.hashes || smri_cancelled(memory, 0, count, error)) {
        const smr_status status = f.hashes ? SMR_ERROR_CANCELLED : smri_fail_memory(error);
        smri_free(memory, f.hashes);
        return status;
    }
    smri_parallel(memory, count, fit_indicator, &f);
    for (uint32_t i = 0; i < count; i++)
        model->data_hash = (model->data_hash ^ f.hashes[i]) * UINT64_C(0xc4ceb9fe1a85ec53) + i;
    model->data_rows = view->dataset->row_count;
    smri_free(memory, f.hashes);
    return atomic_load(&f.out_of_memory) ? smri_fail_memory(error) : SMR_OK;
}

/* Puts what a variation imputes where methods that look across indicators put theirs. */
static smr_status fill_varied(smr_context *context, const smr_model *model, smri_view *view, smr_error *error)
{
    const smr_context *memory = smri_context(context);
    const uint32_t indicators = model->framework->indicator_count;
    const size_t rows = view->dataset->row_count;
    if (rows != model->variation->imputed_rows)
        return smri_fail_argument(error, "the values drawn for imputation", "must be as many as rows pass the screen");
    view->prepared = smri_calloc(memory, indicators, sizeof *view->prepared);
    view->prepared_statuses = smri_calloc(memory, indicators, sizeof *view->prepared_statuses);
    if (!view->prepared || !view->prepared_statuses)
        return smri_fail_memory(error);
    for (uint32_t i = 0; i < indicators; i++) {
        const double *imputed = model->variation->imputed[i];
        if (!imputed)
            continue;
        double *x = view->prepared[i] = smri_alloc(memory, rows, sizeof *x);
        uint8_t *statuses = view->prepared_statuses[i] = smri_alloc(memory, rows, 1);
        if (!x || !statuses)
            return smri_fail_memory(error);
        for (size_t row = 0; row < rows; row++)
            x[row] = view->columns[i] ? view->columns[i][row] : NAN;
        smri_leaf_run(model, smri_context_kernels(memory), 0, i, SMRI_STAGE_DENOMINATE, view->denominated,
                      view->denominators[i], NULL, x, statuses, rows);
        for (size_t row = 0; row < rows; row++)
            if (x[row] != x[row])
                smri_fill(&x[row], &statuses[row], imputed[row]);
    }
    return SMR_OK;
}

/* Everything after the plan is resolved. The view is freed when this fails. */
static smr_status fit_resolved(smr_context *context, smr_model *made, const smr_dataset *dataset, smri_view *view,
                               smr_error *error)
{
    const bool imputed = made->variation && made->variation->imputed;
    *view = (smri_view){.model = NULL};
    smr_status status = smri_model_prepare(made, error);
    if (status == SMR_OK)
        status = name_groups(made, dataset, error);
    if (status == SMR_OK)
        status = make_sets(made, dataset, error);
    if (status == SMR_OK)
        status = smri_view_make(context, made, dataset, view, error);
    if (status == SMR_OK)
        status = check_references(made, view, error);
    if (status == SMR_OK && imputed)
        status = fill_varied(context, made, view, error);
    if (status == SMR_OK && made->prepares && !imputed)
        status = smri_prepare_fit(context, made, view, error);
    if (status == SMR_OK && made->prepares && !imputed)
        status = smri_prepare_fill(context, view, error);
    if (status == SMR_OK)
        status = fit_all(context, made, view, error);
    if (status == SMR_OK)
        status = smri_model_compile(made, error);
    if (status == SMR_OK && made->fits_tree)
        status = smri_fit_tree(context, made, view, error);
    if (status != SMR_OK && view->model)
        smri_view_free(context, view);
    return status;
}

smr_status smri_model_vary(smr_context *context, const smr_model *like, const smr_dataset *dataset,
                           const smri_variation *variation, smr_model **model, smri_view *view, smr_error *error)
{
    smr_model *made = smri_model_new(context, like->framework);
    *model = NULL;
    *view = (smri_view){.model = NULL};
    if (!made)
        return smri_fail_memory(error);
    made->plan = like->plan;
    made->variation = variation;
    const smr_status status = fit_resolved(context, made, dataset, view, error);
    if (status != SMR_OK) {
        smr_model_unref(made);
        return status;
    }
    *model = made;
    return SMR_OK;
}

smr_status smr_model_fit(smr_context *context, const smr_framework *framework, const smr_dataset *dataset,
                         const smr_plan *plan, smr_model **model, smr_error *error)
{
    if (!model)
        return smri_fail_argument(error, "model", "a place for the result");
    *model = NULL;
    if (!framework || !dataset)
        return smri_fail_argument(error, framework ? "dataset" : "framework", "not NULL");
    smr_model *made = smri_model_new(context, framework);
    if (!made)
        return smri_fail_memory(error);
    smri_view view = {.model = NULL};
    smr_status status = smri_plan_resolve(plan, framework, &made->arena, &made->plan, error);
    if (status == SMR_OK)
        status = fit_resolved(context, made, dataset, &view, error);
    if (status != SMR_OK) {
        smr_model_unref(made);
        return status;
    }
    smri_view_free(context, &view);
    *model = made;
    return SMR_OK;
}
