/* SPDX-License-Identifier: MIT */
/* One draw through the engine, for what changes before the weights: data with errors, goalposts elsewhere, other values
 * imputed; and for methods that look at all regions at once. The way that is right for every plan, and slow. */

#include "study/trials_impl.h"

struct smri_refit {
    const smri_trials *trials;
    smr_dataset *dataset;           /* owned: a copy whose cells are drawn; NULL: no factor draws cells */
    double *worst, *best;           /* by indicator; NULL: no factor draws goalposts */
    double **imputed;               /* by indicator, as many rows as the world's */
    size_t imputed_rows;
    size_t *rows;                   /* by region */
    double *leaf_weights;           /* by factor and node: those of factors over all leaves */
    uint32_t *columns;              /* by indicator: of the dataset, SMRI_NONE: none */
    double **scores;                /* by node, of the engine */
    double **nothing;
    uint8_t **no_statuses;
};

static bool has_factor(const smri_trials *trials, smri_vary vary)
{
    for (uint32_t k = 0; k < trials->factor_count; k++)
        if (trials->factors[k].vary == vary)
            return true;
    return false;
}

static void free_imputed(smri_refit *refit)
{
    smri_family_free(smri_context(refit->trials->context), refit->imputed, refit->trials->framework->indicator_count);
    refit->imputed = NULL;
    refit->imputed_rows = 0;
}

void smri_refit_free(smri_refit *refit)
{
    if (!refit)
        return;
    const smr_context *memory = smri_context(refit->trials->context);
    smr_dataset_unref(refit->dataset);
    free_imputed(refit);
    smri_free(memory, refit->worst);
    smri_free(memory, refit->best);
    smri_free(memory, refit->rows);
    smri_free(memory, refit->leaf_weights);
    smri_free(memory, refit->columns);
    smri_free(memory, refit->scores);
    smri_free(memory, refit->nothing);
    smri_free(memory, refit->no_statuses);
    smri_free(memory, refit);
}

static bool copy_dataset(smri_refit *refit)
{
    const smri_trials *trials = refit->trials;
    const smr_context *memory = smri_context(trials->one_thread);
    const size_t count = trials->dataset->row_count;
    size_t *rows = smri_alloc(memory, count, sizeof *rows);
    for (size_t i = 0; rows && i < count; i++)
        rows[i] = i;
    const bool fine = rows && smri_dataset_take_rows(trials->one_thread, trials->dataset, rows, count, &refit->dataset,
                                                     NULL) == SMR_OK;
    smri_free(memory, rows);
    return fine;
}

smri_refit *smri_refit_new(const smri_trials *trials)
{
    const smr_context *memory = smri_context(trials->context);
    const smr_framework *framework = trials->framework;
    const size_t indicators = framework->indicator_count, nodes = framework->node_count;
    smri_refit *made = smri_calloc(memory, 1, sizeof *made);
    if (!made)
        return NULL;
    made->trials = trials;
    made->rows = smri_alloc(memory, trials->region_count, sizeof *made->rows);
    made->leaf_weights = smri_calloc(memory, nodes, trials->factor_count * sizeof *made->leaf_weights);
    made->columns = smri_alloc(memory, indicators, sizeof *made->columns);
    made->scores = smri_calloc(memory, nodes, sizeof *made->scores);
    made->nothing = smri_calloc(memory, nodes, sizeof *made->nothing);
    made->no_statuses = smri_calloc(memory, nodes, sizeof *made->no_statuses);
    bool fine = made->rows && made->leaf_weights && made->columns && made->scores && made->nothing && made->no_statuses;
    for (uint32_t i = 0; fine && i < indicators; i++) {
        const char *id = framework->nodes[framework->indicators[i].node].id;
        const int64_t column = smr_dataset_find_column(trials->dataset, id);
        made->columns[i] = column < 0 || !trials->dataset->columns[column].values ? SMRI_NONE : (uint32_t)column;
    }
    if (fine && has_factor(trials, SMRI_VARY_DATA))
        fine = copy_dataset(made);
    if (fine && has_factor(trials, SMRI_VARY_GOALPOSTS)) {
        made->worst = smri_alloc(memory, indicators, sizeof *made->worst);
        made->best = smri_alloc(memory, indicators, sizeof *made->best);
        fine = made->worst && made->best;
    }
    if (fine)
        return made;
    smri_refit_free(made);
    return NULL;
}

/* ---- data ---- */

/* Number `cell` of the stream whose key is the bits of the factor's own number. */
static double cell_unit(double u, uint64_t stream, uint64_t cell)
{
    return smri_random_lane((uint64_t)(u * 0x1p53), stream, cell);
}

/* Values beyond what the kind allows stand at its limit; they are not rounded. */
static double keep_to_kind(int32_t kind, double x)
{
    switch (kind) {
    case SMR_KIND_SHARE:
        return x < 0 ? 0 : x > 100 ? 100 : x;
    case SMR_KIND_COUNT:
    case SMR_KIND_CHECKLIST:
        return x < 0 ? 0 : x;
    case SMR_KIND_BINARY:
        return x < 0 ? 0 : x > 1 ? 1 : x;
    case SMR_KIND_RANK:
        return x < 1 ? 1 : x;
    default:
        return x;
    }
}

/* What is uncertain about one cell. */
static double draw_cell(const smri_factor *f, const smri_provenance *known, int32_t kind, double x, double u)
{
    double sd = f->amount * fabs(x) + f->absolute;
    const bool has_error = f->use_error && known && known->error > 0;
    const char *qualifier = f->use_qualifier && known && known->qualifier ? known->qualifier : "=";
    const double width = f->share * fabs(x);
    if (has_error)
        sd = known->error;
    else if ((kind == SMR_KIND_ORDINAL || kind == SMR_KIND_BINARY || kind == SMR_KIND_CHECKLIST || kind == SMR_KIND_RANK))
        sd = 0;
    const double z = has_error || sd > 0 ? smri_normal_quantile(u) : 0;
    if (qualifier[0] == '>') /* at least */
        return keep_to_kind(kind, has_error ? x + sd * fabs(z) : x + width * u);
    if (qualifier[0] == '<') /* at most */
        return keep_to_kind(kind, has_error ? x - sd * fabs(z) : x - width * u);
    if (qualifier[0] == '~' && !has_error) /* about */
        return keep_to_kind(kind, x + width * (2 * u - 1));
    return sd > 0 ? keep_to_kind(kind, x + sd * z) : x;
}

static void draw_data(smri_refit *refit, const double *point)
{
    const smri_trials *trials = refit->trials;
    const smr_framework *framework = trials->framework;
    bool first = true;
    for (uint32_t k = 0; k < trials->factor_count; k++) {
        const smri_factor *f = &trials->factors[k];
        if (f->vary != SMRI_VARY_DATA)
            continue;
        for (uint32_t i = 0; i < framework->indicator_count; i++) {
            const uint32_t column = refit->columns[i];
            if (column == SMRI_NONE)
                continue;
            const double *from = first ? trials->dataset->columns[column].values : refit->dataset->columns[column].values;
            double *to = refit->dataset->columns[column].values;
            const int32_t kind = framework->indicators[i].kind;
            for (size_t row = 0; row < trials->dataset->row_count; row++) {
                if (!f->indicators[i] || from[row] != from[row]) {
                    to[row] = from[row];
                    continue;
                }
                const smri_provenance *known = smri_dataset_provenance(trials->dataset, column, row);
                const double u = cell_unit(point[f->first_dimension * SMRI_LANES], i, row);
                to[row] = draw_cell(f, known, kind, from[row], u);
            }
        }
        first = false;
    }
}

/* ---- goalposts and imputed values ---- */

static smr_status draw_goalposts(smri_refit *refit, const double *point, smr_error *error)
{
    const smri_trials *trials = refit->trials;
    const smr_framework *framework = trials->framework;
    for (uint32_t i = 0; i < framework->indicator_count; i++) {
        refit->worst[i] = framework->indicators[i].worst;
        refit->best[i] = framework->indicators[i].best;
    }
    for (uint32_t k = 0; k < trials->factor_count; k++) {
        const smri_factor *f = &trials->factors[k];
        uint32_t dimension = f->first_dimension;
        for (uint32_t i = 0; f->vary == SMRI_VARY_GOALPOSTS && i < framework->indicator_count; i++) {
            const smri_indicator *given = &framework->indicators[i];
            if (!f->indicators[i])
                continue;
            const double width = f->amount * (given->best - given->worst);
            refit->worst[i] += width * (2 * point[dimension * SMRI_LANES] - 1);
            refit->best[i] += width * (2 * point[(dimension + 1) * SMRI_LANES] - 1);
            dimension += 2;
            const double optimum = given->optimum;
            if (given->direction != SMR_DIRECTION_TARGET ||
                (optimum > SMRI_MIN(refit->worst[i], refit->best[i]) && optimum < SMRI_MAX(refit->worst[i], refit->best[i])))
                continue;
            const smri_place place = {.subject = framework->nodes[given->node].id};
            return smri_fail(error, SMR_MESSAGE_GOALPOSTS_CROSSED, &place, place.subject);
        }
    }
    return SMR_OK;
}

/* A normal error around what the method fills in. */
static bool draw_imputed(smri_refit *refit, const smri_world *world, const double *point, size_t rows)
{
    const smri_trials *trials = refit->trials;
    const uint32_t indicators = trials->framework->indicator_count;
    if (refit->imputed && refit->imputed_rows != rows)
        free_imputed(refit);
    if (!refit->imputed)
        refit->imputed = smri_family_new(smri_context(trials->context), indicators, rows);
    if (!refit->imputed)
        return false;
    refit->imputed_rows = rows;
    for (uint32_t i = 0; i < indicators; i++) {
        if (!world->imputed[i])
            continue;
        memcpy(refit->imputed[i], world->imputed[i], rows * sizeof **refit->imputed);
        for (uint32_t k = 0; k < trials->factor_count; k++) {
            const smri_factor *f = &trials->factors[k];
            if (f->vary != SMRI_VARY_IMPUTATION || !f->indicators[i])
                continue;
            for (size_t row = 0; row < rows; row++) {
                if (world->imputed[i][row] != world->imputed[i][row])
                    continue;
                const double z = smri_normal_quantile(cell_unit(point[f->first_dimension * SMRI_LANES], i, row));
                refit->imputed[i][row] = keep_to_kind(world->model->framework->indicators[i].kind,
                                                      refit->imputed[i][row] + world->deviations[i] * z);
            }
        }
    }
    return true;
}

/* ---- a draw ---- */

typedef struct reweigh {
    smri_refit *refit;
    smri_weigher *weigher;
    const double *point;
    const uint8_t *left_out;
    const double *given;
} reweigh;

static void change_weights(void *user, uint32_t node, double *weights, uint32_t count)
{
    const reweigh *r = user;
    const smri_trials *trials = r->refit->trials;
    const smr_framework *framework = trials->framework;
    const smri_node *nodes = framework->nodes;
    for (uint32_t k = 0; k < trials->factor_count && !r->given; k++) {
        const smri_factor *f = &trials->factors[k];
        if (f->vary != SMRI_VARY_WEIGHTS)
            continue;
        if (!f->leaf_level) {
            smri_weigh_children(r->weigher, f, node, r->point, SMRI_LANES, weights);
            continue;
        }
        const double *drawn = r->refit->leaf_weights + (size_t)k * framework->node_count;
        int32_t child = nodes[node].first_child;
        for (uint32_t i = 0; i < count; i++, child = nodes[child].next_sibling)
            weights[i] = drawn[child];
    }
    int32_t child = nodes[node].first_child;
    for (uint32_t i = 0; i < count; i++, child = nodes[child].next_sibling) {
        if (r->given && trials->family_varies[node])
            weights[i] = r->given[child];
        if (r->left_out[child])
            weights[i] = 0;
    }
}

static smr_status score(smri_refit *refit, const smr_model *model, smri_view *view, size_t lane,
                        smri_trial_results *results, smr_error *error)
{
    const smri_trials *trials = refit->trials;
    const smr_context *memory = smri_context(trials->one_thread);
    const size_t rows = view->dataset->row_count;
    smr_status status = smri_whole_run_all(trials->one_thread, view, error);
    for (uint32_t k = 0; status == SMR_OK && k < trials->node_count; k++) {
        refit->scores[trials->nodes[k]] = smri_alloc(memory, rows, sizeof **refit->scores);
        if (!refit->scores[trials->nodes[k]])
            status = smri_fail_memory(error);
    }
    const smri_results wanted = {refit->scores, refit->nothing, refit->no_statuses, 0};
    if (status == SMR_OK)
        status = smri_blocks_run(trials->one_thread, view, &wanted, error);
    smri_trials_rows(trials, view->dataset, refit->rows);
    for (uint32_t k = 0; k < trials->node_count; k++) {
        const double *scores = refit->scores[trials->nodes[k]];
        double *out = results->scores + (size_t)k * trials->region_count * SMRI_LANES + lane;
        for (uint32_t i = 0; status == SMR_OK && i < trials->region_count; i++)
            out[(size_t)i * SMRI_LANES] = refit->rows[i] == SIZE_MAX ? NAN : scores[refit->rows[i]];
        smri_free(memory, refit->scores[trials->nodes[k]]);
        refit->scores[trials->nodes[k]] = NULL;
    }
    for (uint32_t node = 0; status == SMR_OK && results->weights && node < trials->framework->node_count; node++)
        results->weights[(size_t)node * SMRI_LANES + lane] = model->shares[node];
    return status;
}

smr_status smri_refit_run(smri_refit *refit, smri_weigher *weigher, const smri_world *world, const double *point,
                          const uint8_t *left_out, const double *given, size_t lane, smri_trial_results *results,
                          smr_error *error)
{
    const smri_trials *trials = refit->trials;
    const uint32_t nodes = trials->framework->node_count;
    reweigh r = {refit, weigher, point, left_out, given};
    smri_variation variation = {.reweigh = change_weights, .user = &r, .left_out = left_out};
    smr_status status = SMR_OK;
    for (uint32_t k = 0; k < trials->factor_count; k++)
        if (trials->factors[k].vary == SMRI_VARY_WEIGHTS && trials->factors[k].leaf_level)
            smri_weigh_leaves(weigher, &trials->factors[k], world->model->effective, point, SMRI_LANES,
                              refit->leaf_weights + (size_t)k * nodes);
    if (refit->dataset)
        draw_data(refit, point);
    if (refit->worst) {
        status = draw_goalposts(refit, point, error);
        variation.worst = refit->worst;
        variation.best = refit->best;
    }
    const smr_dataset *dataset = refit->dataset ? refit->dataset : trials->dataset;
    double **columns = NULL;
    if (status == SMR_OK && world->imputed) {
        const smr_context *memory = smri_context(trials->one_thread);
        const uint32_t indicators = trials->framework->indicator_count;
        columns = smri_calloc(memory, indicators, sizeof *columns);
        if (!columns || !draw_imputed(refit, world, point, world->imputed_rows))
            status = smri_fail_memory(error);
        for (uint32_t i = 0; status == SMR_OK && i < indicators; i++)
            columns[i] = world->imputed[i] ? refit->imputed[i] : NULL;
        variation.imputed = (const double *const *)columns;
        variation.imputed_rows = world->imputed_rows;
    }
    smr_model *model = NULL;
    smri_view view = {.model = NULL};
    if (status == SMR_OK)
        status = smri_model_vary(trials->one_thread, world->model, dataset, &variation, &model, &view, error);
    if (status == SMR_OK)
        status = score(refit, model, &view, lane, results, error);
    if (view.model)
        smri_view_free(trials->one_thread, &view);
    smr_model_unref(model);
    smri_free(smri_context(trials->one_thread), columns);
    return status;
}
