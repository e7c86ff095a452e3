/* SPDX-License-Identifier: MIT */
/* A dataset as a model sees it: columns found, groups mapped, rows ordered by set of bounds. */

#include "engine/engine_impl.h"

static smr_status find_columns(smr_context *context, smri_view *view, smr_error *error)
{
    const smr_context *memory = smri_context(context);
    const smr_model *model = view->model;
    const smr_framework *framework = model->framework;
    const uint32_t count = framework->indicator_count;
    view->columns = smri_calloc(memory, count, sizeof *view->columns);
    view->denominators = smri_calloc(memory, count, sizeof *view->denominators);
    if (!view->columns || !view->denominators)
        return smri_fail_memory(error);
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i++) {
        const smri_column *column = smri_dataset_column(view->dataset, framework->nodes[framework->indicators[i].node].id);
        view->columns[i] = column ? column->values : NULL;
        found += view->columns[i] != NULL;
        if (model->plan.denominate[i] != model->plan.denominate[i] || view->denominated)
            continue;
        const char *id = framework->indicators[i].denominator;
        const smri_column *denominator = smri_dataset_column(view->dataset, id);
        view->denominators[i] = denominator ? denominator->values : NULL;
        if (view->columns[i] && !view->denominators[i]) {
            const smri_place place = {.source = view->dataset->source_name, .subject = id};
            return smri_fail(error, SMR_MESSAGE_DENOMINATOR_COLUMN_MISSING, &place,
                             framework->nodes[framework->indicators[i].node].id, id, "");
        }
    }
    if (found > 0)
        return SMR_OK;
    char text[SMRI_INTEGER_SIZE];
    const smri_place place = {.source = view->dataset->source_name};
    return smri_fail(error, SMR_MESSAGE_NO_INDICATOR_IN_DATA, &place, smri_text_integer(text, count));
}

static smr_status map_groups(smr_context *context, smri_view *view, smr_error *error)
{
    const smr_context *memory = smri_context(context);
    const smr_model *model = view->model;
    if (model->group_table_count == 0)
        return SMR_OK;
    view->groups = smri_calloc(memory, model->group_table_count, sizeof *view->groups);
    if (!view->groups)
        return smri_fail_memory(error);
    for (uint32_t t = 0; t < model->group_table_count; t++) {
        const smri_group_table *table = &model->group_tables[t];
        const smri_column *column = smri_dataset_column(view->dataset, table->column);
        if (!column || !column->codes) {
            const smri_place place = {.source = view->dataset->source_name, .subject = table->column};
            return smri_fail(error, SMR_MESSAGE_GROUP_COLUMN_MISSING, &place, table->column, "");
        }
        view->groups[t] = smri_alloc(memory, view->dataset->row_count, sizeof *view->groups[t]);
        uint32_t *known = smri_alloc(memory, column->label_count ? column->label_count : 1, sizeof *known);
        if (!view->groups[t] || !known) {
            smri_free(memory, known);
            return smri_fail_memory(error);
        }
        for (uint32_t label = 0; label < column->label_count; label++) {
            known[label] = SMRI_NONE;
            for (uint32_t k = 0; k < table->label_count && known[label] == SMRI_NONE; k++)
                if (strcmp(table->labels[k], column->labels[label]) == 0)
                    known[label] = k;
        }
        for (size_t row = 0; row < view->dataset->row_count; row++)
            view->groups[t][row] = column->codes[row] == SMRI_NONE ? SMRI_NONE : known[column->codes[row]];
        smri_free(memory, known);
    }
    return SMR_OK;
}

/* Rows set by set, each in input order. */
static smr_status order_by_set(smr_context *context, smri_view *view, smr_error *error)
{
    const smr_context *memory = smri_context(context);
    const smr_model *model = view->model;
    const smr_dataset *dataset = view->dataset;
    view->set_starts = smri_calloc(memory, (size_t)model->set_count + 1, sizeof *view->set_starts);
    if (!view->set_starts)
        return smri_fail_memory(error);
    if (!model->sets) {
        view->set_starts[1] = dataset->row_count;
        return SMR_OK;
    }
    uint32_t *set_of = smri_alloc(memory, dataset->period_count ? dataset->period_count : 1, sizeof *set_of);
    view->rows = smri_alloc(memory, dataset->row_count, sizeof *view->rows);
    smr_status status = set_of && view->rows ? SMR_OK : smri_fail_memory(error);
    for (uint32_t p = 0; status == SMR_OK && p < dataset->period_count; p++) {
        set_of[p] = SMRI_NONE;
        for (uint32_t set = 0; set < model->set_count; set++)
            if (strcmp(model->sets[set], dataset->periods[p].id) == 0)
                set_of[p] = set;
        if (set_of[p] == SMRI_NONE) {
            const smri_place place = {.source = dataset->source_name, .subject = "period"};
            status = smri_fail(error, SMR_MESSAGE_PERIOD_UNKNOWN_TO_MODEL, &place, dataset->periods[p].id);
        }
    }
    if (status == SMR_OK && dataset->period_count == 0)
        status = smri_fail(error, SMR_MESSAGE_PERIOD_UNKNOWN_TO_MODEL, NULL, "");
    if (status == SMR_OK) {
        for (size_t row = 0; row < dataset->row_count; row++)
            view->set_starts[set_of[dataset->row_period[row]] + 1]++;
        for (uint32_t set = 1; set < model->set_count; set++)
            view->set_starts[set + 1] += view->set_starts[set];
        for (uint32_t set = 0; set < model->set_count; set++) {
            size_t place = view->set_starts[set];
            for (size_t row = 0; row < dataset->row_count; row++)
                if (set_of[dataset->row_period[row]] == set)
                    view->rows[place++] = row;
        }
    }
    smri_free(memory, set_of);
    return status;
}

smr_status smri_view_make(smr_context *context, const smr_model *model, const smr_dataset *dataset, smri_view *view,
                          smr_error *error)
{
    *view = (smri_view){.model = model};
    smr_status status = SMR_OK;
    if (model->plan.rollup_by) {
        status = smri_rollup(context, model, dataset, &view->dataset, error);
        view->denominated = true;
    } else {
        view->dataset = smr_dataset_ref(smri_mutable(dataset));
    }
    const smri_resolved *plan = &model->plan;
    if (status == SMR_OK && (plan->screen_by != SMRI_SCREEN_NONE || plan->screen_include || plan->screen_exclude)) {
        smr_dataset *all = view->dataset;
        status = smri_screen(context, model, all, view->denominated, &view->dataset, error);
        smr_dataset_unref(all);
    }
    if (status == SMR_OK)
        status = find_columns(context, view, error);
    if (status == SMR_OK)
        status = map_groups(context, view, error);
    if (status == SMR_OK)
        status = order_by_set(context, view, error);
    if (status != SMR_OK)
        smri_view_free(context, view);
    return status;
}

void smri_view_free(smr_context *context, smri_view *view)
{
    const smr_context *memory = smri_context(context);
    smri_free(memory, view->columns);
    smri_free(memory, view->denominators);
    for (uint32_t t = 0; view->groups && t < view->model->group_table_count; t++)
        smri_free(memory, view->groups[t]);
    smri_free(memory, view->groups);
    for (uint32_t i = 0; i < view->model->framework->indicator_count; i++) {
        if (view->prepared)
            smri_free(memory, view->prepared[i]);
        if (view->prepared_statuses)
            smri_free(memory, view->prepared_statuses[i]);
    }
    smri_free(memory, view->prepared);
    smri_free(memory, view->prepared_statuses);
    for (uint32_t node = 0; view->wholes && node < view->model->framework->node_count; node++) {
        smri_free(memory, view->wholes[node].scores);
        smri_free(memory, view->wholes[node].coverages);
        smri_free(memory, view->wholes[node].statuses);
        smri_free(memory, view->wholes[node].region_weights);
    }
    smri_free(memory, view->wholes);
    smri_free(memory, view->rows);
    smri_free(memory, view->set_starts);
    smr_dataset_unref(view->dataset);
    *view = (smri_view){.model = NULL};
}
