/* SPDX-License-Identifier: MIT */
/* The least change of each weight at which two regions meet that were apart. As a weight moves, the first two to meet are
 * neighbours in the order: between any other two stand some that one of them must pass before. */

#include "study/stability_impl.h"

typedef struct seeker {
    smr_criticality *made;
    smri_share_study *study;
    size_t *order;                  /* rows that have an index, the highest first */
    size_t count;
} seeker;

static double score_at(const seeker *s, size_t place)
{
    return s->study->card->scores[0][s->order[place]];
}

static void consider(seeker *s, uint32_t node, size_t above, size_t below, int column, int which)
{
    double share = NAN;
    const double now = s->made->model->shares[node];
    double *change = &s->made->columns[column][node];
    if (smri_break_even_share(s->study, node, s->order[above], s->order[below], &share) != SMR_BREAK_EVEN_FOUND ||
        fabs(share - now) >= fabs(*change))
        return;
    *change = share - now;
    s->made->regions[which][0][node] = smr_dataset_region(s->study->card->view.dataset, s->order[above]);
    s->made->regions[which][1][node] = smr_dataset_region(s->study->card->view.dataset, s->order[below]);
}

/* One past the last of those that share the score at `place`. */
static size_t end_of_tie(const seeker *s, size_t place)
{
    size_t end = place + 1;
    while (end < s->count && score_at(s, end) == score_at(s, place))
        end++;
    return end;
}

static void seek(seeker *s, uint32_t node)
{
    double *const *columns = s->made->columns;
    const double now = s->made->model->shares[node];
    columns[SMR_CRITICALITY_SHARE][node] = now;
    columns[SMR_CRITICALITY_ANY_CHANGE][node] = columns[SMR_CRITICALITY_TOP_CHANGE][node] = INFINITY;
    for (size_t start = 0, end = 0; smri_share_varies(s->study, node) && start < s->count; start = end) {
        end = end_of_tie(s, start);
        const size_t next = end < s->count ? end_of_tie(s, end) : end;
        for (size_t a = start; a < end; a++)
            for (size_t b = end; b < next; b++)
                consider(s, node, a, b, SMR_CRITICALITY_ANY_CHANGE, 0);
        for (size_t a = 0; start == 0 && a < end; a++)
            for (size_t b = end; b < s->count; b++)
                consider(s, node, a, b, SMR_CRITICALITY_TOP_CHANGE, 1);
    }
    for (int column = SMR_CRITICALITY_ANY_CHANGE; column <= SMR_CRITICALITY_TOP_CHANGE; column += 2) {
        if (isinf(columns[column][node]))
            columns[column][node] = NAN;
        columns[column + 1][node] = now > 0 ? columns[column][node] / now : NAN;
    }
}

static smr_status put_in_order(seeker *s, smr_error *error)
{
    const smri_share_study *study = s->study;
    const smr_context *memory = study->memory;
    double *scores = smri_alloc(memory, study->row_count, sizeof *scores);
    uint32_t *order = smri_alloc(memory, study->row_count, sizeof *order);
    s->order = smri_alloc(memory, study->row_count, sizeof *s->order);
    bool fine = scores && order && s->order;
    for (size_t i = 0; fine && i < study->row_count; i++)
        scores[i] = study->card->scores[0][study->rows[i]];
    fine = fine && smri_order_descending(memory, scores, study->row_count, order);
    for (size_t i = 0; fine && i < study->row_count; i++)
        if (scores[order[i]] == scores[order[i]])
            s->order[s->count++] = study->rows[order[i]];
    smri_free(memory, scores);
    smri_free(memory, order);
    return fine ? SMR_OK : smri_fail_memory(error);
}

/* The ids live as long as the dataset: what stays in the result is copied. */
static smr_status keep_ids(smr_criticality *made, smr_error *error)
{
    for (int i = 0; i < 4; i++)
        for (uint32_t node = 0; node < made->model->framework->node_count; node++) {
            const char **id = &made->regions[i / 2][i % 2][node];
            if (*id && !(*id = smri_arena_text(&made->arena, *id, strlen(*id))))
                return smri_fail_memory(error);
        }
    return SMR_OK;
}

static smr_criticality *new_result(smr_context *context, const smr_model *model)
{
    const smr_context *memory = smri_context(context);
    const uint32_t nodes = model->framework->node_count;
    smr_criticality *made = smri_calloc(memory, 1, sizeof *made);
    if (!made)
        return NULL;
    atomic_init(&made->references, 1);
    made->context = smr_context_ref(context);
    smri_arena_init(&made->arena, memory);
    made->model = smr_model_ref(smri_mutable(model));
    bool fine = true;
    for (int i = 0; fine && i < SMRI_CRITICALITY_COLUMNS; i++) {
        made->columns[i] = smri_arena_alloc(&made->arena, nodes, sizeof(double));
        fine = made->columns[i] != NULL;
        for (uint32_t node = 0; fine && node < nodes; node++)
            made->columns[i][node] = NAN;
    }
    for (int i = 0; fine && i < 4; i++) {
        made->regions[i / 2][i % 2] = smri_arena_calloc(&made->arena, nodes, sizeof(char *));
        fine = made->regions[i / 2][i % 2] != NULL;
    }
    if (fine)
        return made;
    smr_criticality_unref(made);
    return NULL;
}

smr_status smr_criticality_run(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                               const smr_break_even_options *options, smr_criticality **result, smr_error *error)
{
    if (!result)
        return smri_fail_argument(error, "result", "a place for the result");
    *result = NULL;
    if (!model || !dataset)
        return smri_fail_argument(error, model ? "dataset" : "model", "not NULL");
    smr_break_even_options known;
    smr_break_even_options_init(&known, sizeof known);
    smr_status status = smri_options_read(&known, sizeof known, options, "smr_break_even_options", error);
    smri_share_study study = {.memory = smri_context(context)};
    if (status == SMR_OK)
        status = smri_share_study_make(context, model, dataset, known.period, &study, error);
    if (status != SMR_OK)
        return status;
    seeker s = {.study = &study, .made = new_result(context, model)};
    status = s.made ? put_in_order(&s, error) : smri_fail_memory(error);
    const uint32_t nodes = model->framework->node_count;
    for (uint32_t node = 1; status == SMR_OK && node < nodes; node++) {
        seek(&s, node);
        if (smri_cancelled(study.memory, node, nodes, error))
            status = SMR_ERROR_CANCELLED;
    }
    if (status == SMR_OK)
        status = keep_ids(s.made, error);
    smri_free(study.memory, s.order);
    smri_share_study_free(&study);
    if (status != SMR_OK) {
        smr_criticality_unref(s.made);
        return status;
    }
    *result = s.made;
    return SMR_OK;
}

/* ---- the handle ---- */

smr_criticality *smr_criticality_ref(smr_criticality *result)
{
    if (result)
        atomic_fetch_add_explicit(&result->references, 1, memory_order_relaxed);
    return result;
}

void smr_criticality_unref(smr_criticality *result)
{
    if (!result || atomic_fetch_sub_explicit(&result->references, 1, memory_order_acq_rel) != 1)
        return;
    smr_context *context = result->context;
    smr_model_unref(result->model);
    smri_arena_free(&result->arena);
    smri_free(smri_context(context), result);
    smr_context_unref(context);
}

const smr_framework *smr_criticality_framework(const smr_criticality *result)
{
    return result ? result->model->framework : NULL;
}

const double *smr_criticality_column(const smr_criticality *result, int32_t column)
{
    return result && column >= 0 && column < SMRI_CRITICALITY_COLUMNS ? result->columns[column] : NULL;
}

const char *smr_criticality_regions(const smr_criticality *result, size_t node, int32_t top, const char **other)
{
    const bool there = result && node < result->model->framework->node_count && (top == 0 || top == 1);
    if (other)
        *other = there ? result->regions[top][1][node] : NULL;
    return there ? result->regions[top][0][node] : NULL;
}
