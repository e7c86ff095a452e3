/* SPDX-License-Identifier: MIT */
/* The weights at which two regions are equal: of each node, and of all leaves together. */

#include "study/stability_impl.h"

void smr_break_even_options_init(smr_break_even_options *options, size_t size)
{
    static const smr_break_even_options defaults = {.size = sizeof(smr_break_even_options)};
    smri_options_init(options, size, &defaults, sizeof defaults);
}

/* ---- the least change of all leaves ---- */

/* Weight moves from the leaves that speak most for the leader to the one that speaks most for the other, until the
 * difference is gone: a linear program that its greedy solution solves. false: the difference cannot go. */
static bool move_weight(const double *difference, uint32_t count, double *weights, double *distance)
{
    double now = 0, moved = 0;
    uint32_t target = count;
    for (uint32_t i = 0; i < count; i++)
        now += difference[i] * weights[i];
    const double sign = now < 0 ? -1 : 1;
    now *= sign;
    for (uint32_t i = 0; i < count; i++)
        if (weights[i] > 0 && (target == count || sign * difference[i] < sign * difference[target]))
            target = i;
    if (target == count || sign * difference[target] > 0)
        return false;
    while (now > 0) {
        uint32_t source = count;
        for (uint32_t i = 0; i < count; i++)
            if (i != target && weights[i] > 0 &&
                (source == count || sign * difference[i] > sign * difference[source]))
                source = i;
        const double gain = source < count ? sign * (difference[source] - difference[target]) : 0;
        if (!(gain > 0))
            break;
        const double part = SMRI_MIN(weights[source], now / gain);
        weights[target] += part;
        moved += part;
        now = part < weights[source] ? 0 : now - part * gain;
        weights[source] = part < weights[source] ? weights[source] - part : 0;
    }
    *distance = 2 * moved;
    return true;
}

static smr_status keep_reason(smr_break_even *made, const char *text, smr_error *error)
{
    made->reason = smri_arena_text(&made->arena, text, strlen(text));
    return made->reason ? SMR_OK : smri_fail_memory(error);
}

static smr_status find_weights(smr_break_even *made, const smr_dataset *dataset, const char *period, smr_error *error)
{
    const smr_framework *framework = made->model->framework;
    const uint32_t leaves = framework->indicator_count;
    smri_linear_index index;
    smr_error own;
    smr_error_init(&own, sizeof own);
    bool *dead = smri_arena_calloc(&made->arena, leaves, sizeof *dead);
    double *weights = smri_arena_alloc(&made->arena, leaves, sizeof *weights);
    if (!dead || !weights)
        return smri_fail_memory(error);
    for (uint32_t leaf = 0; leaf < leaves; leaf++) {
        weights[leaf] = made->model->effective[framework->indicators[leaf].node];
        dead[leaf] = !(weights[leaf] > 0);
    }
    smr_status status =
        smri_linear_index_make(made->context, made->model, dataset, 0, period, made->regions, dead, &index, &own);
    if (status == SMR_ERROR_UNSUPPORTED || status == SMR_ERROR_COMPUTE)
        return keep_reason(made, own.message, error);
    if (status != SMR_OK)
        return smri_fail_plain(error, own.code, NULL);
    double *first = index.values, *second = index.values + leaves;
    if (strcmp(smr_dataset_region(index.dataset, index.rows[0]), made->regions[0]) != 0) {
        first = second;
        second = index.values;
    }
    for (uint32_t leaf = 0; leaf < leaves; leaf++)
        first[leaf] -= second[leaf];
    if (move_weight(first, leaves, weights, &made->distance))
        made->weights = weights;
    else
        status = keep_reason(made, "the leader is not below the other in any indicator that has a weight", error);
    smri_linear_index_free(&index);
    return status;
}

/* ---- the nodes ---- */

/* The row of a region that has an index. */
static smr_status find_row(const smri_share_study *study, const char *region, size_t *row, smr_error *error)
{
    const smr_dataset *dataset = study->card->view.dataset;
    const uint32_t wanted = smri_dataset_find_region(dataset, region);
    const smri_place place = {.source = dataset->source_name, .subject = "region"};
    for (size_t i = 0; wanted != SMRI_NONE && i < study->row_count; i++) {
        if (smri_dataset_region_of(dataset, study->rows[i]) != wanted)
            continue;
        *row = study->rows[i];
        const double score = study->card->scores[0][*row];
        return score == score ? SMR_OK : smri_fail(error, SMR_MESSAGE_SHARE_NO_INDEX, &place, region);
    }
    char hint[SMRI_PLAN_TEXT];
    smri_did_you_mean(hint, smri_text_nearest(region, dataset->region_ids.keys, dataset->region_ids.count));
    return smri_fail(error, SMR_MESSAGE_SHARE_REGION, &place, region, hint);
}

static smr_status fill(smr_break_even *made, smri_share_study *study, const size_t rows[2], smr_error *error)
{
    const smr_framework *framework = made->model->framework;
    double *ranks = smri_alloc(study->memory, study->card->row_count, sizeof *ranks);
    smr_status status = ranks ? smri_scorecard_rank(study->card, 0, study->card->scores[0], ranks, error)
                              : smri_fail_memory(error);
    for (int i = 0; status == SMR_OK && i < 2; i++) {
        const char *id = smr_dataset_region(study->card->view.dataset, rows[i]);
        made->regions[i] = smri_arena_text(&made->arena, id, strlen(id));
        made->scores[i] = study->card->scores[0][rows[i]];
        made->ranks[i] = ranks[rows[i]];
        status = made->regions[i] ? SMR_OK : smri_fail_memory(error);
    }
    smri_free(study->memory, ranks);
    for (uint32_t node = 1; status == SMR_OK && node < framework->node_count; node++) {
        const double now = made->model->shares[node];
        double share = NAN;
        made->statuses[node] = (uint8_t)smri_break_even_share(study, node, rows[0], rows[1], &share);
        made->columns[SMR_BREAK_EVEN_SHARE][node] = now;
        made->columns[SMR_BREAK_EVEN_BREAK_EVEN][node] = share;
        made->columns[SMR_BREAK_EVEN_CHANGE][node] = share - now;
        made->columns[SMR_BREAK_EVEN_RELATIVE_CHANGE][node] = now > 0 ? (share - now) / now : NAN;
        if (smri_cancelled(study->memory, node, framework->node_count, error))
            status = SMR_ERROR_CANCELLED;
    }
    return status;
}

static smr_break_even *new_result(smr_context *context, const smr_model *model)
{
    const smr_context *memory = smri_context(context);
    const uint32_t nodes = model->framework->node_count;
    smr_break_even *made = smri_calloc(memory, 1, sizeof *made);
    if (!made)
        return NULL;
    atomic_init(&made->references, 1);
    made->context = smr_context_ref(context);
    smri_arena_init(&made->arena, memory);
    made->model = smr_model_ref(smri_mutable(model));
    made->distance = NAN;
    made->statuses = smri_arena_calloc(&made->arena, nodes, 1);
    bool fine = made->statuses != NULL;
    for (int i = 0; fine && i < SMRI_BREAK_EVEN_COLUMNS; i++) {
        made->columns[i] = smri_arena_alloc(&made->arena, nodes, sizeof(double));
        fine = made->columns[i] != NULL;
        for (uint32_t node = 0; fine && node < nodes; node++)
            made->columns[i][node] = NAN;
    }
    if (fine) {
        made->statuses[0] = SMR_BREAK_EVEN_ALONE;
        return made;
    }
    smr_break_even_unref(made);
    return NULL;
}

smr_status smr_break_even_run(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                              const char *first, const char *second, const smr_break_even_options *options,
                              smr_break_even **result, smr_error *error)
{
    if (!result)
        return smri_fail_argument(error, "result", "a place for the result");
    *result = NULL;
    if (!model || !dataset || !first || !second)
        return smri_fail_argument(error, !model ? "model" : !dataset ? "dataset" : first ? "second" : "first", "not NULL");
    smr_break_even_options known;
    smr_break_even_options_init(&known, sizeof known);
    smr_status status = smri_options_read(&known, sizeof known, options, "smr_break_even_options", error);
    smri_share_study study = {.memory = smri_context(context)};
    if (status == SMR_OK)
        status = smri_share_study_make(context, model, dataset, known.period, &study, error);
    if (status != SMR_OK)
        return status;
    size_t rows[2] = {0, 0};
    status = find_row(&study, first, &rows[0], error);
    if (status == SMR_OK)
        status = find_row(&study, second, &rows[1], error);
    if (status == SMR_OK && rows[0] == rows[1])
        status = smri_fail_argument(error, "second", "another region than the first");
    smr_break_even *made = status == SMR_OK ? new_result(context, model) : NULL;
    if (status == SMR_OK)
        status = made ? fill(made, &study, rows, error) : smri_fail_memory(error);
    smri_share_study_free(&study);
    if (status == SMR_OK)
        status = find_weights(made, dataset, known.period, error);
    if (status != SMR_OK) {
        smr_break_even_unref(made);
        return status;
    }
    *result = made;
    return SMR_OK;
}

/* ---- the handle ---- */

smr_break_even *smr_break_even_ref(smr_break_even *result)
{
    if (result)
        atomic_fetch_add_explicit(&result->references, 1, memory_order_relaxed);
    return result;
}

void smr_break_even_unref(smr_break_even *result)
{
    if (!result || atomic_fetch_sub_explicit(&result->references, 1, memory_order_acq_rel) != 1)
        return;
    smr_context *context = result->context;
    smr_model_unref(result->model);
    smri_arena_free(&result->arena);
    smri_free(smri_context(context), result);
    smr_context_unref(context);
}

const smr_framework *smr_break_even_framework(const smr_break_even *result)
{
    return result ? result->model->framework : NULL;
}

const char *smr_break_even_region(const smr_break_even *result, size_t which, double *score, double *rank)
{
    const bool there = result && which < 2;
    if (score)
        *score = there ? result->scores[which] : NAN;
    if (rank)
        *rank = there ? result->ranks[which] : NAN;
    return there ? result->regions[which] : NULL;
}

const double *smr_break_even_column(const smr_break_even *result, int32_t column)
{
    return result && column >= 0 && column < SMRI_BREAK_EVEN_COLUMNS ? result->columns[column] : NULL;
}

const uint8_t *smr_break_even_statuses(const smr_break_even *result)
{
    return result ? result->statuses : NULL;
}

const double *smr_break_even_weights(const smr_break_even *result, double *distance)
{
    if (distance)
        *distance = result ? result->distance : NAN;
    return result ? result->weights : NULL;
}

const char *smr_break_even_reason(const smr_break_even *result)
{
    return result ? result->reason : NULL;
}
