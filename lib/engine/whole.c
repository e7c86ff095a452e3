/* SPDX-License-Identifier: MIT */
/* Nodes that are defined on all regions of a period at once: outranking, benefit of the doubt. They are scored before
 * the blocks run, from the leaves up; the blocks then only fetch their results. */

#include "engine/engine_impl.h"

bool smri_is_whole(const smr_model *model, uint32_t node)
{
    return model->framework->nodes[node].indicator < 0 &&
           (model->plan.aggregate[node].method->aggregate_rows || model->plan.weights[node].method->score_rows);
}

smr_status smri_family_scores(smr_context *context, const smri_view *view, uint32_t node, double **scores,
                              double **coverages, smr_error *error)
{
    const smr_context *memory = smri_context(context);
    const smr_framework *framework = view->model->framework;
    double **score_arrays = smri_calloc(memory, framework->node_count, sizeof *score_arrays);
    double **coverage_arrays = smri_calloc(memory, framework->node_count, sizeof *coverage_arrays);
    uint8_t **status_arrays = smri_calloc(memory, framework->node_count, sizeof *status_arrays);
    smr_status status = score_arrays && coverage_arrays && status_arrays ? SMR_OK : smri_fail_memory(error);
    uint32_t place = 0;
    for (int32_t child = framework->nodes[node].first_child; status == SMR_OK && child >= 0;
         child = framework->nodes[child].next_sibling, place++) {
        score_arrays[child] = scores[place];
        coverage_arrays[child] = coverages ? coverages[place] : NULL;
        const smri_results results = {score_arrays, coverage_arrays, status_arrays, (uint32_t)child};
        status = smri_blocks_run(context, view, &results, error);
        score_arrays[child] = coverage_arrays[child] = NULL;
    }
    smri_free(memory, score_arrays);
    smri_free(memory, coverage_arrays);
    smri_free(memory, status_arrays);
    return status;
}

/* One family over the rows of one period. */
typedef struct slice {
    double **scores;                /* by child */
    const char **regions;
    double *out, *weights;
    uint8_t *statuses, *judged;
    size_t n;
} slice;

static void free_slice(const smr_context *memory, slice *s, uint32_t count)
{
    for (uint32_t i = 0; s->scores && i < count; i++)
        smri_free(memory, s->scores[i]);
    smri_free(memory, s->scores);
    smri_free(memory, s->regions);
    smri_free(memory, s->out);
    smri_free(memory, s->weights);
    smri_free(memory, s->statuses);
    smri_free(memory, s->judged);
}

static bool make_slice(const smr_context *memory, slice *s, uint32_t count, size_t rows, bool with_weights)
{
    *s = (slice){.scores = smri_calloc(memory, count, sizeof *s->scores),
                 .regions = smri_alloc(memory, rows, sizeof *s->regions),
                 .out = smri_alloc(memory, rows, sizeof *s->out),
                 .statuses = smri_alloc(memory, rows, 1),
                 .judged = smri_alloc(memory, rows, 1)};
    size_t cells = 0;
    bool fine = s->scores && s->regions && s->out && s->statuses && s->judged && smri_product(rows, count, &cells);
    if (fine && with_weights) {
        s->weights = smri_alloc(memory, cells, sizeof *s->weights);
        fine = s->weights != NULL;
    }
    for (uint32_t i = 0; fine && i < count; i++) {
        s->scores[i] = smri_alloc(memory, rows, sizeof **s->scores);
        fine = s->scores[i] != NULL;
    }
    return fine;
}

static smr_status run_period(const smri_view *view, uint32_t node, double *const *scores, uint32_t period, slice *s,
                             const smri_family_rows *family, smri_whole *whole, smr_error *error)
{
    const smr_model *model = view->model;
    const smr_dataset *dataset = view->dataset;
    const uint32_t count = family->count;
    s->n = 0;
    for (size_t row = 0; row < dataset->row_count; row++) {
        if (smri_dataset_period_of(dataset, row) != period)
            continue;
        for (uint32_t i = 0; i < count; i++)
            s->scores[i][s->n] = scores[i][row];
        s->regions[s->n] = smr_dataset_region(dataset, row);
        s->out[s->n] = NAN;
        s->statuses[s->n++] = SMR_CELL_OK;
    }
    if (s->n == 0)
        return SMR_OK;
    const smri_choice *weights = &model->plan.weights[node], *aggregate = &model->plan.aggregate[node];
    const uint8_t *left_out = model->variation ? model->variation->left_out : NULL;
    if (left_out && weights->method->score_rows) { /* weights of its own, so that 0 says nothing: no one gains from it */
        uint32_t place = 0;
        for (int32_t child = model->framework->nodes[node].first_child; child >= 0;
             child = model->framework->nodes[child].next_sibling, place++)
            for (size_t i = 0; left_out[child] && i < s->n; i++)
                s->scores[place][i] = 0;
    }
    smr_status status = smri_node_judge(family->context, model, node, s->scores, s->n, s->judged, error);
    if (status != SMR_OK)
        return status;
    smri_family_rows part = *family;
    part.scores = (const double *const *)s->scores;
    part.n = s->n;
    part.regions = s->regions;
    status = weights->method->score_rows
                 ? weights->method->score_rows(weights, &part, s->out, s->statuses, s->weights, error)
                 : aggregate->method->aggregate_rows(aggregate, &part, s->out, s->statuses, error);
    size_t place = 0;
    for (size_t row = 0; status == SMR_OK && row < dataset->row_count; row++) {
        if (smri_dataset_period_of(dataset, row) != period)
            continue;
        const bool judged = s->judged[place] != SMR_CELL_OK;
        whole->scores[row] = judged ? NAN : s->out[place];
        whole->statuses[row] = judged ? s->judged[place] : s->statuses[place];
        if (whole->statuses[row] == SMR_CELL_OK && s->out[place] != s->out[place])
            whole->statuses[row] = SMR_CELL_NOT_COMPUTED;
        for (uint32_t i = 0; whole->region_weights && i < count; i++)
            whole->region_weights[row * count + i] = s->weights[place * count + i];
        place++;
    }
    return status;
}

static bool make_whole(const smr_context *memory, smri_whole *whole, size_t rows, uint32_t count, bool with_weights)
{
    size_t cells = 0;
    whole->scores = smri_alloc(memory, rows, sizeof *whole->scores);
    whole->coverages = smri_alloc(memory, rows, sizeof *whole->coverages);
    whole->statuses = smri_alloc(memory, rows, 1);
    if (with_weights && smri_product(rows, count, &cells))
        whole->region_weights = smri_alloc(memory, cells, sizeof *whole->region_weights);
    return whole->scores && whole->coverages && whole->statuses && (!with_weights || whole->region_weights);
}

double **smri_family_new(const smr_context *memory, uint32_t count, size_t rows)
{
    double **arrays = smri_calloc(memory, count, sizeof *arrays);
    for (uint32_t i = 0; arrays && i < count; i++) {
        arrays[i] = smri_alloc(memory, rows, sizeof **arrays);
        if (!arrays[i]) {
            smri_family_free(memory, arrays, count);
            return NULL;
        }
    }
    return arrays;
}

void smri_family_free(const smr_context *memory, double **arrays, uint32_t count)
{
    for (uint32_t i = 0; arrays && i < count; i++)
        smri_free(memory, arrays[i]);
    smri_free(memory, arrays);
}

static smr_status run_whole(smr_context *context, smri_view *view, uint32_t node, smr_error *error)
{
    const smr_context *memory = smri_context(context);
    const smr_model *model = view->model;
    const smri_node *nodes = model->framework->nodes;
    const smr_dataset *dataset = view->dataset;
    const uint32_t count = (uint32_t)nodes[node].child_count;
    const size_t rows = dataset->row_count;
    const bool with_weights = model->plan.weights[node].method->score_rows != NULL;
    smri_whole *whole = &view->wholes[node];
    slice s = {.scores = NULL};
    double **scores = smri_family_new(memory, count, rows), **coverages = smri_family_new(memory, count, rows);
    smr_status status = scores && coverages && make_slice(memory, &s, count, rows, with_weights) &&
                                make_whole(memory, whole, rows, count, with_weights)
                            ? smri_family_scores(context, view, node, scores, coverages, error)
                            : smri_fail_memory(error);
    const smri_family_rows family = {.context = memory,
                                     .framework = model->framework,
                                     .node = node,
                                     .weights = model->child_weights + model->child_starts[node],
                                     .count = count,
                                     .low = model->child_low[node],
                                     .high = model->child_high[node]};
    const uint32_t periods = SMRI_MAX(dataset->period_count, 1U);
    for (uint32_t period = 0; status == SMR_OK && period < periods; period++)
        status = run_period(view, node, scores, period, &s, &family, whole, error);
    for (size_t row = 0; status == SMR_OK && row < rows; row++) {
        double covered = 0;
        for (uint32_t i = 0; i < count; i++)
            covered += family.weights[i] * coverages[i][row];
        whole->coverages[row] = covered / model->totals[node];
    }
    free_slice(memory, &s, count);
    smri_family_free(memory, scores, count);
    smri_family_free(memory, coverages, count);
    return status;
}

smr_status smri_whole_run(smr_context *context, smri_view *view, uint32_t node, smr_error *error)
{
    if (!view->wholes)
        view->wholes = smri_calloc(smri_context(context), view->model->framework->node_count, sizeof *view->wholes);
    if (!view->wholes)
        return smri_fail_memory(error);
    return view->wholes[node].scores ? SMR_OK : run_whole(context, view, node, error);
}

smr_status smri_whole_run_all(smr_context *context, smri_view *view, smr_error *error)
{
    smr_status status = SMR_OK;
    for (uint32_t node = view->model->framework->node_count; status == SMR_OK && node-- > 0;)
        if (smri_is_whole(view->model, node))
            status = smri_whole_run(context, view, node, error);
    return status;
}
