/* SPDX-License-Identifier: MIT */
/* Imputation that looks along time or across indicators: done for whole columns before the tree is walked. */

#include "engine/engine_impl.h"

/* Every indicator after denominate. */
typedef struct matrix {
    double **columns;
    uint8_t **statuses;
    uint32_t *families;
    double *signs;
    smri_matrix seen;               /* as methods see it */
} matrix;

static void free_matrix(const smr_context *memory, const smr_framework *framework, matrix *m)
{
    for (uint32_t i = 0; i < framework->indicator_count; i++) {
        if (m->columns)
            smri_free(memory, m->columns[i]);
        if (m->statuses)
            smri_free(memory, m->statuses[i]);
    }
    smri_free(memory, m->columns);
    smri_free(memory, m->statuses);
    smri_free(memory, m->families);
    smri_free(memory, m->signs);
}

static bool make_matrix(const smr_context *memory, const smri_view *view, matrix *m)
{
    const smr_model *model = view->model;
    const smr_framework *framework = model->framework;
    const uint32_t count = framework->indicator_count;
    const size_t rows = view->dataset->row_count;
    *m = (matrix){.columns = smri_calloc(memory, count, sizeof *m->columns),
                  .statuses = smri_calloc(memory, count, sizeof *m->statuses),
                  .families = smri_alloc(memory, count, sizeof *m->families),
                  .signs = smri_alloc(memory, count, sizeof *m->signs)};
    bool fine = m->columns && m->statuses && m->families && m->signs;
    for (uint32_t i = 0; fine && i < count; i++) {
        m->columns[i] = smri_alloc(memory, rows, sizeof **m->columns);
        m->statuses[i] = smri_alloc(memory, rows, 1);
        fine = m->columns[i] && m->statuses[i];
        if (!fine)
            break;
        for (size_t row = 0; row < rows; row++)
            m->columns[i][row] = view->columns[i] ? view->columns[i][row] : NAN;
        smri_leaf_run(model, smri_context_kernels(memory), 0, i, SMRI_STAGE_DENOMINATE, view->denominated,
                      view->denominators[i], NULL, m->columns[i], m->statuses[i], rows);
        m->families[i] = (uint32_t)framework->nodes[framework->indicators[i].node].parent;
        m->signs[i] = framework->indicators[i].direction == SMR_DIRECTION_LOWER ? -1 : 1;
    }
    m->seen = (smri_matrix){.context = memory,
                            .columns = (const double *const *)m->columns,
                            .count = count,
                            .n = rows,
                            .families = m->families,
                            .signs = m->signs};
    return fine;
}

static bool same_choice(const smri_choice *a, const smri_choice *b)
{
    bool same = a->method == b->method;
    for (size_t i = 0; same && a->method->parameters && a->method->parameters[i].name; i++)
        same = smri_value_equal(a->settings[i].value, b->settings[i].value);
    return same;
}

void smri_prepare_leaders(smr_model *model)
{
    for (uint32_t i = 0; i < model->framework->indicator_count; i++) {
        model->impute_leaders[i] = i;
        for (uint32_t k = 0; model->plan.impute[i].method->fit_matrix && k < i; k++) {
            if (!same_choice(&model->plan.impute[i], &model->plan.impute[k]))
                continue;
            model->impute_leaders[i] = k;
            break;
        }
    }
}

smr_status smri_prepare_fit(smr_context *context, smr_model *model, const smri_view *view, smr_error *error)
{
    const smr_context *memory = smri_context(context);
    const smr_framework *framework = model->framework;
    matrix m;
    bool fine = make_matrix(memory, view, &m);
    for (uint32_t i = 0; fine && i < framework->indicator_count; i++) {
        const smri_choice *choice = &model->plan.impute[i];
        if (choice->method->fit_matrix && model->impute_leaders[i] == i)
            fine = choice->method->fit_matrix(choice, &m.seen, &model->arenas[i], &model->impute[i]);
    }
    free_matrix(memory, framework, &m);
    return fine ? SMR_OK : smri_fail_memory(error);
}

/* Rows of each region one after another, in order of time. */
typedef struct series {
    size_t *rows;
    size_t *starts;                 /* by region, and one more */
    double *x;
    int64_t *days;
    uint8_t *statuses;
} series;

static void free_series(const smr_context *memory, series *s)
{
    smri_free(memory, s->rows);
    smri_free(memory, s->starts);
    smri_free(memory, s->x);
    smri_free(memory, s->days);
    smri_free(memory, s->statuses);
}

static bool make_series(const smr_context *memory, const smr_dataset *dataset, series *s)
{
    const size_t rows = dataset->row_count, regions = dataset->region_count;
    *s = (series){.rows = smri_alloc(memory, rows, sizeof *s->rows),
                  .starts = smri_calloc(memory, regions + 2, sizeof *s->starts),
                  .x = smri_alloc(memory, rows, sizeof *s->x),
                  .days = smri_alloc(memory, rows, sizeof *s->days),
                  .statuses = smri_alloc(memory, rows, 1)};
    if (!s->rows || !s->starts || !s->x || !s->days || !s->statuses)
        return false;
    for (size_t row = 0; row < rows; row++)
        s->starts[smri_dataset_region_of(dataset, row) + 2]++;
    for (size_t region = 0; region < regions; region++)
        s->starts[region + 2] += s->starts[region + 1];
    /* Period by period keeps each region's rows in order of time. */
    const uint32_t periods = SMRI_MAX(dataset->period_count, 1U);
    for (uint32_t period = 0; period < periods; period++)
        for (size_t row = 0; row < rows; row++)
            if (smri_dataset_period_of(dataset, row) == period)
                s->rows[s->starts[smri_dataset_region_of(dataset, row) + 1]++] = row;
    return true;
}

static void fill_along_time(const smri_choice *choice, const smr_dataset *dataset, const series *s, double *column,
                            uint8_t *statuses)
{
    for (size_t region = 0; region < dataset->region_count; region++) {
        const size_t start = s->starts[region], n = s->starts[region + 1] - start;
        for (size_t i = 0; i < n; i++) {
            const size_t row = s->rows[start + i];
            s->x[i] = column[row];
            s->statuses[i] = statuses[row];
            s->days[i] = dataset->period_count ? dataset->periods[smri_dataset_period_of(dataset, row)].start_day : INT64_MIN;
        }
        choice->method->fill_series(choice, s->days, s->x, s->statuses, n);
        for (size_t i = 0; i < n; i++) {
            column[s->rows[start + i]] = s->x[i];
            statuses[s->rows[start + i]] = s->statuses[i];
        }
    }
}

/* Methods along time need periods, and those that measure distances need dates. */
static smr_status check_periods(const smri_view *view, smr_error *error)
{
    const smr_model *model = view->model;
    const smr_dataset *dataset = view->dataset;
    for (uint32_t i = 0; i < model->framework->indicator_count; i++) {
        const smri_method *method = model->plan.impute[i].method;
        const smri_place place = {.source = dataset->source_name, .subject = "impute.method"};
        if (!method->fill_series)
            continue;
        if (dataset->period_count == 0)
            return smri_fail(error, SMR_MESSAGE_PERIODS_NEEDED, &place, "impute.method", method->name);
        for (uint32_t p = 0; (method->flags & SMRI_METHOD_NEEDS_DATES) && p < dataset->period_count; p++)
            if (dataset->periods[p].start_day == INT64_MIN)
                return smri_fail(error, SMR_MESSAGE_DATES_NEEDED, &place, method->name, dataset->periods[p].id);
    }
    return SMR_OK;
}

smr_status smri_prepare_fill(smr_context *context, smri_view *view, smr_error *error)
{
    const smr_status checked = check_periods(view, error);
    if (checked != SMR_OK)
        return checked;
    const smr_context *memory = smri_context(context);
    const smr_model *model = view->model;
    const uint32_t count = model->framework->indicator_count;
    const size_t rows = view->dataset->row_count;
    matrix m;
    series s = {.rows = NULL};
    view->prepared = smri_calloc(memory, count, sizeof *view->prepared);
    view->prepared_statuses = smri_calloc(memory, count, sizeof *view->prepared_statuses);
    bool fine = make_matrix(memory, view, &m) && make_series(memory, view->dataset, &s) && view->prepared &&
                view->prepared_statuses;
    for (uint32_t i = 0; fine && i < count; i++) {
        const smri_choice *choice = &model->plan.impute[i];
        if (!choice->method->fill_series && !choice->method->fill_matrix)
            continue;
        view->prepared[i] = smri_alloc(memory, rows, sizeof **view->prepared);
        view->prepared_statuses[i] = smri_alloc(memory, rows, 1);
        fine = view->prepared[i] && view->prepared_statuses[i];
        if (!fine)
            break;
        memcpy(view->prepared[i], m.columns[i], rows * sizeof **view->prepared);
        memcpy(view->prepared_statuses[i], m.statuses[i], rows);
        if (choice->method->fill_series)
            fill_along_time(choice, view->dataset, &s, view->prepared[i], view->prepared_statuses[i]);
        else
            fine = choice->method->fill_matrix(choice, &model->impute[model->impute_leaders[i]], &m.seen, i,
                                               view->prepared[i], view->prepared_statuses[i]);
    }
    free_series(memory, &s);
    free_matrix(memory, model->framework, &m);
    return fine ? SMR_OK : smri_fail_memory(error);
}
