/* SPDX-License-Identifier: MIT */
/* The scorecard: what was kept, and what is computed again when asked for. */

#include "engine/engine_impl.h"

void smr_score_options_init(smr_score_options *options, size_t size)
{
    static const smr_score_options defaults = {.size = sizeof(smr_score_options), .keep = SMR_KEEP_INNER};
    smri_options_init(options, size, &defaults, sizeof defaults);
}

smr_scorecard *smr_scorecard_ref(smr_scorecard *scorecard)
{
    if (scorecard)
        atomic_fetch_add_explicit(&scorecard->references, 1, memory_order_relaxed);
    return scorecard;
}

void smr_scorecard_unref(smr_scorecard *scorecard)
{
    if (!scorecard || atomic_fetch_sub_explicit(&scorecard->references, 1, memory_order_acq_rel) != 1)
        return;
    smr_context *context = scorecard->context;
    const smr_context *memory = smri_context(context);
    const uint32_t nodes = scorecard->model->framework->node_count;
    for (uint32_t i = 0; scorecard->scores && scorecard->coverages && scorecard->statuses && i < nodes; i++) {
        smri_free(memory, scorecard->scores[i]);
        smri_free(memory, scorecard->coverages[i]);
        smri_free(memory, scorecard->statuses[i]);
    }
    if (scorecard->view.model)
        smri_view_free(context, &scorecard->view);
    smr_model_unref(scorecard->model);
    smri_arena_free(&scorecard->arena);
    smri_free(memory, scorecard);
    smr_context_unref(context);
}

static bool keeps(const smr_framework *framework, uint32_t node, int32_t keep)
{
    return keep == SMR_KEEP_ALL || node == 0 || (keep == SMR_KEEP_INNER && framework->nodes[node].indicator < 0);
}

static smr_status make_arrays(smr_scorecard *card, int32_t keep, smr_error *error)
{
    const smr_context *memory = smri_context(card->context);
    const smr_framework *framework = card->model->framework;
    const uint32_t nodes = framework->node_count;
    card->scores = smri_arena_calloc(&card->arena, nodes, sizeof *card->scores);
    card->coverages = smri_arena_calloc(&card->arena, nodes, sizeof *card->coverages);
    card->statuses = smri_arena_calloc(&card->arena, nodes, sizeof *card->statuses);
    if (!card->scores || !card->coverages || !card->statuses)
        return smri_fail_memory(error);
    for (uint32_t i = 0; i < nodes; i++) {
        if (!keeps(framework, i, keep))
            continue;
        card->scores[i] = smri_alloc(memory, card->row_count, sizeof(double));
        card->coverages[i] = smri_alloc(memory, card->row_count, sizeof(double));
        card->statuses[i] = smri_alloc(memory, card->row_count, 1);
        if (!card->scores[i] || !card->coverages[i] || !card->statuses[i])
            return smri_fail_memory(error);
    }
    return SMR_OK;
}

smr_status smr_model_score(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                           const smr_score_options *options, smr_scorecard **scorecard, smr_error *error)
{
    if (!scorecard)
        return smri_fail_argument(error, "scorecard", "a place for the result");
    *scorecard = NULL;
    if (!model || !dataset)
        return smri_fail_argument(error, model ? "dataset" : "model", "not NULL");
    smr_score_options known;
    smr_score_options_init(&known, sizeof known);
    smr_status status = smri_options_read(&known, sizeof known, options, "smr_score_options", error);
    if (status != SMR_OK)
        return status;
    if (known.keep < SMR_KEEP_INNER || known.keep > SMR_KEEP_ALL)
        return smri_fail_argument(error, "keep", "one of smr_keep");
    const smr_context *memory = smri_context(context);
    smr_scorecard *card = smri_calloc(memory, 1, sizeof *card);
    if (!card)
        return smri_fail_memory(error);
    atomic_init(&card->references, 1);
    card->context = smr_context_ref(context);
    smri_arena_init(&card->arena, memory);
    card->model = smr_model_ref(smri_mutable(model));
    status = smri_view_make(context, model, dataset, &card->view, error);
    if (status == SMR_OK && model->prepares)
        status = smri_prepare_fill(context, &card->view, error);
    if (status == SMR_OK)
        status = smri_whole_run_all(context, &card->view, error);
    if (status == SMR_OK) {
        card->row_count = card->view.dataset->row_count;
        status = make_arrays(card, known.keep, error);
    }
    if (status == SMR_OK) {
        const smri_results results = {card->scores, card->coverages, card->statuses, 0};
        status = smri_blocks_run(context, &card->view, &results, error);
    }
    if (status != SMR_OK) {
        smr_scorecard_unref(card);
        return status;
    }
    *scorecard = card;
    return SMR_OK;
}

/* What a caller asks of a node: exactly one of the three. */
static smr_status recompute(const smr_scorecard *card, uint32_t node, double *scores, double *coverages,
                            uint8_t *statuses, smr_error *error)
{
    const smr_context *memory = smri_context(card->context);
    const uint32_t nodes = card->model->framework->node_count;
    double **score_arrays = smri_calloc(memory, nodes, sizeof *score_arrays);
    double **coverage_arrays = smri_calloc(memory, nodes, sizeof *coverage_arrays);
    uint8_t **status_arrays = smri_calloc(memory, nodes, sizeof *status_arrays);
    smr_status status = SMR_OK;
    if (score_arrays && coverage_arrays && status_arrays) {
        score_arrays[node] = scores;
        coverage_arrays[node] = coverages;
        status_arrays[node] = statuses;
        const smri_results results = {score_arrays, coverage_arrays, status_arrays, node};
        status = smri_blocks_run(card->context, &card->view, &results, error);
    } else {
        status = smri_fail_memory(error);
    }
    smri_free(memory, score_arrays);
    smri_free(memory, coverage_arrays);
    smri_free(memory, status_arrays);
    return status;
}

static smr_status check_request(const smr_scorecard *card, size_t node, const void *out, size_t rows, smr_error *error)
{
    if (!card || !out)
        return smri_fail_argument(error, card ? "the array" : "scorecard", "not NULL");
    if (node >= card->model->framework->node_count)
        return smri_fail_argument(error, "node", "a node of the framework");
    if (rows != card->row_count)
        return smri_fail_argument(error, "rows", "smr_scorecard_row_count()");
    return SMR_OK;
}

smr_status smr_scorecard_scores(const smr_scorecard *scorecard, size_t node, double *scores, size_t rows,
                                smr_error *error)
{
    smr_status status = check_request(scorecard, node, scores, rows, error);
    if (status != SMR_OK)
        return status;
    if (!scorecard->scores[node])
        return recompute(scorecard, (uint32_t)node, scores, NULL, NULL, error);
    memcpy(scores, scorecard->scores[node], rows * sizeof *scores);
    return SMR_OK;
}

smr_status smr_scorecard_coverages(const smr_scorecard *scorecard, size_t node, double *coverages, size_t rows,
                                   smr_error *error)
{
    smr_status status = check_request(scorecard, node, coverages, rows, error);
    if (status != SMR_OK)
        return status;
    if (!scorecard->coverages[node])
        return recompute(scorecard, (uint32_t)node, NULL, coverages, NULL, error);
    memcpy(coverages, scorecard->coverages[node], rows * sizeof *coverages);
    return SMR_OK;
}

smr_status smr_scorecard_statuses(const smr_scorecard *scorecard, size_t node, uint8_t *statuses, size_t rows,
                                  smr_error *error)
{
    smr_status status = check_request(scorecard, node, statuses, rows, error);
    if (status != SMR_OK)
        return status;
    if (!scorecard->statuses[node])
        return recompute(scorecard, (uint32_t)node, NULL, NULL, statuses, error);
    memcpy(statuses, scorecard->statuses[node], rows);
    return SMR_OK;
}

smr_status smr_scorecard_ranks(const smr_scorecard *scorecard, size_t node, double *ranks, size_t rows,
                               smr_error *error)
{
    smr_status status = check_request(scorecard, node, ranks, rows, error);
    if (status != SMR_OK)
        return status;
    if (scorecard->scores[node])
        return smri_scorecard_rank(scorecard, (uint32_t)node, scorecard->scores[node], ranks, error);
    const smr_context *memory = smri_context(scorecard->context);
    double *scores = smri_alloc(memory, rows ? rows : 1, sizeof *scores);
    status = scores ? recompute(scorecard, (uint32_t)node, scores, NULL, NULL, error) : smri_fail_memory(error);
    if (status == SMR_OK)
        status = smri_scorecard_rank(scorecard, (uint32_t)node, scores, ranks, error);
    smri_free(memory, scores);
    return status;
}

smr_status smr_scorecard_weights(const smr_scorecard *scorecard, size_t node, double *weights, size_t rows,
                                 smr_error *error)
{
    smr_status status = check_request(scorecard, node, weights, rows, error);
    if (status != SMR_OK)
        return status;
    if (node == 0)
        return smri_fail_argument(error, "node", "any but the root");
    const smri_node *nodes = scorecard->model->framework->nodes;
    const uint32_t parent = (uint32_t)nodes[node].parent, count = (uint32_t)nodes[parent].child_count;
    const double *own = scorecard->view.wholes ? scorecard->view.wholes[parent].region_weights : NULL;
    uint32_t place = 0;
    for (int32_t child = nodes[parent].first_child; child != (int32_t)node; child = nodes[child].next_sibling)
        place++;
    for (size_t row = 0; row < rows; row++)
        weights[row] = own ? own[row * count + place] : scorecard->model->weights[node];
    return SMR_OK;
}

int32_t smr_scorecard_has_region_weights(const smr_scorecard *scorecard)
{
    const smri_whole *wholes = scorecard ? scorecard->view.wholes : NULL;
    for (uint32_t node = 0; wholes && node < scorecard->model->framework->node_count; node++)
        if (wholes[node].region_weights)
            return 1;
    return 0;
}

size_t smr_scorecard_row_count(const smr_scorecard *scorecard)
{
    return scorecard ? scorecard->row_count : 0;
}

const char *smr_scorecard_region(const smr_scorecard *scorecard, size_t row)
{
    return scorecard ? smr_dataset_region(scorecard->view.dataset, row) : NULL;
}

const char *smr_scorecard_region_name(const smr_scorecard *scorecard, size_t row)
{
    return scorecard ? smr_dataset_region_name(scorecard->view.dataset, row) : NULL;
}

const char *smr_scorecard_period(const smr_scorecard *scorecard, size_t row)
{
    return scorecard ? smr_dataset_period(scorecard->view.dataset, row) : NULL;
}

int64_t smr_scorecard_find_row(const smr_scorecard *scorecard, const char *region, const char *period)
{
    if (!scorecard || !region)
        return -1;
    const smr_dataset *dataset = scorecard->view.dataset;
    return smr_dataset_find_row(dataset, region, period ? period : smr_dataset_latest_period(dataset));
}

const smr_framework *smr_scorecard_framework(const smr_scorecard *scorecard)
{
    return scorecard ? scorecard->model->framework : NULL;
}
