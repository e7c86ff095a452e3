/* SPDX-License-Identifier: MIT */
/* One region explained: the way of every number, what each node brings to the index, and what makes the difference to
 * a reference. This file is the handle; what it holds is computed in explain_*.c. */

#include "study/explain_impl.h"

void smr_explanation_options_init(smr_explanation_options *options, size_t size)
{
    static const smr_explanation_options defaults = {.size = sizeof(smr_explanation_options),
                                                     .reference = SMR_REFERENCE_NONE,
                                                     .peers = 5,
                                                     .top = 7,
                                                     .samples = 4096,
                                                     .seed = 1};
    smri_options_init(options, size, &defaults, sizeof defaults);
}

/* ---- what the other files ask for ---- */

smr_status smri_explain_column(const smri_explainer *e, uint32_t node, const double **column, double **owned,
                               smr_error *error)
{
    *column = e->card->scores[node];
    *owned = NULL;
    if (*column)
        return SMR_OK;
    *owned = smri_alloc(e->memory, SMRI_MAX(e->card->row_count, (size_t)1), sizeof **owned);
    *column = *owned;
    return *owned ? smr_scorecard_scores(e->card, node, *owned, e->card->row_count, error) : smri_fail_memory(error);
}

smr_status smri_explain_row(const smri_explainer *e, size_t row, double *scores, smr_error *error)
{
    smr_status status = SMR_OK;
    for (uint32_t node = 0; status == SMR_OK && node < e->framework->node_count; node++) {
        const double *column = NULL;
        double *owned = NULL;
        status = smri_explain_column(e, node, &column, &owned, error);
        scores[node] = status == SMR_OK ? column[row] : NAN;
        smri_free(e->memory, owned);
    }
    return status;
}

/* ---- making one ---- */

static smr_status check_options(const smr_scorecard *card, size_t row, const smr_explanation_options *options,
                                smr_error *error)
{
    if (row >= card->row_count)
        return smri_fail_argument(error, "row", "a row of the scorecard");
    if (options->reference < SMR_REFERENCE_NONE || options->reference > SMR_REFERENCE_TARGET)
        return smri_fail_argument(error, "reference", "one of smr_reference");
    if (options->samples < 4)
        return smri_fail_argument(error, "samples", "4 or more");
    if (options->reference == SMR_REFERENCE_PEERS && options->peers == 0)
        return smri_fail_argument(error, "peers", "1 or more");
    if (options->reference == SMR_REFERENCE_TOP && options->top == 0)
        return smri_fail_argument(error, "top", "1 or more");
    if (options->reference == SMR_REFERENCE_ROWS && (!options->rows || options->row_count == 0))
        return smri_fail_argument(error, "rows", "rows of the scorecard");
    for (size_t i = 0; options->reference == SMR_REFERENCE_ROWS && i < options->row_count; i++)
        if (options->rows[i] >= card->row_count)
            return smri_fail_argument(error, "rows", "rows of the scorecard");
    if (options->targets && options->target_count != card->model->framework->indicator_count)
        return smri_fail_argument(error, "target_count", "the framework's indicator count");
    return SMR_OK;
}

static smr_explanation *new_explanation(smr_context *context, const smr_scorecard *card, size_t row,
                                        const smr_explanation_options *options)
{
    const smr_context *memory = smri_context(context);
    const uint32_t nodes = card->model->framework->node_count;
    smr_explanation *made = smri_calloc(memory, 1, sizeof *made);
    if (!made)
        return NULL;
    atomic_init(&made->references, 1);
    made->context = smr_context_ref(context);
    smri_arena_init(&made->arena, memory);
    made->card = smr_scorecard_ref(smri_mutable(card));
    made->row = row;
    made->options = *options;
    made->options.rows = NULL;
    made->options.targets = NULL;
    bool fine = true;
    for (int column = 0; fine && column < SMR_EXPLANATION_NUMBER_COUNT; column++) {
        if (options->reference == SMR_REFERENCE_NONE && column >= SMR_EXPLANATION_REFERENCE_VALUE)
            continue;
        double *numbers = made->numbers[column] = smri_arena_alloc(&made->arena, nodes, sizeof *numbers);
        fine = numbers != NULL;
        for (uint32_t node = 0; fine && node < nodes; node++)
            numbers[node] = NAN;
    }
    for (int column = 0; fine && column < SMR_EXPLANATION_TEXT_COUNT; column++) {
        made->texts[column] = smri_arena_calloc(&made->arena, nodes, sizeof *made->texts[column]);
        fine = made->texts[column] != NULL;
    }
    made->statuses = fine ? smri_arena_calloc(&made->arena, nodes, 1) : NULL;
    if (made->statuses)
        return made;
    smr_explanation_unref(made);
    return NULL;
}

static smr_status explain(const smri_explainer *e, smr_explanation *made, smr_error *error)
{
    const smri_side side = {.row = made->row, .real = true, .scores = made->numbers[SMR_EXPLANATION_SCORE]};
    const smri_walk walk = {.contribution = made->numbers[SMR_EXPLANATION_CONTRIBUTION],
                            .error = made->numbers[SMR_EXPLANATION_ERROR],
                            .weight = made->numbers[SMR_EXPLANATION_WEIGHT],
                            .effective = made->numbers[SMR_EXPLANATION_EFFECTIVE_WEIGHT]};
    smr_status status = smri_explain_row(e, made->row, side.scores, error);
    if (status == SMR_OK)
        status = smri_explain_trace(e, made, error);
    return status == SMR_OK ? smri_explain_tree(e, &side, NULL, &walk, error) : status;
}

static smr_status compare(const smri_explainer *e, const smr_explanation_options *options, smr_explanation *made,
                          smr_error *error)
{
    const smri_side side = {.row = made->row, .real = true, .scores = made->numbers[SMR_EXPLANATION_SCORE]};
    double *unused = smri_arena_alloc(e->arena, e->framework->node_count, 3 * sizeof *unused);
    if (!unused)
        return smri_fail_memory(error);
    const uint32_t nodes = e->framework->node_count;
    const smri_walk alone = {.contribution = made->numbers[SMR_EXPLANATION_REFERENCE_CONTRIBUTION],
                             .error = unused,
                             .weight = unused + nodes,
                             .effective = unused + 2 * (size_t)nodes};
    const smri_walk both = {.contribution = made->numbers[SMR_EXPLANATION_DIFFERENCE],
                            .error = made->numbers[SMR_EXPLANATION_DIFFERENCE_ERROR],
                            .weight = unused,
                            .effective = made->numbers[SMR_EXPLANATION_DIFFERENCE_WEIGHT]};
    smri_side reference;
    smr_status status = smri_explain_reference(e, options, made->row, made, &reference,
                                               made->numbers[SMR_EXPLANATION_REFERENCE_VALUE], error);
    if (status != SMR_OK)
        return status;
    memcpy(made->numbers[SMR_EXPLANATION_REFERENCE_SCORE], reference.scores, nodes * sizeof *reference.scores);
    status = smri_explain_tree(e, &reference, NULL, &alone, error);
    return status == SMR_OK ? smri_explain_tree(e, &side, &reference, &both, error) : status;
}

smr_status smr_explanation_run(smr_context *context, const smr_scorecard *scorecard, size_t row,
                               const smr_explanation_options *options, smr_explanation **explanation,
                               smr_error *error)
{
    if (!explanation)
        return smri_fail_argument(error, "explanation", "a place for the result");
    *explanation = NULL;
    if (!scorecard)
        return smri_fail_argument(error, "scorecard", "not NULL");
    smr_explanation_options known;
    smr_explanation_options_init(&known, sizeof known);
    smr_status status = smri_options_read(&known, sizeof known, options, "smr_explanation_options", error);
    if (status == SMR_OK)
        status = check_options(scorecard, row, &known, error);
    if (status != SMR_OK)
        return status;
    smr_explanation *made = new_explanation(context, scorecard, row, &known);
    if (!made)
        return smri_fail_memory(error);
    smri_arena scratch;
    smri_arena_init(&scratch, smri_context(context));
    const smri_explainer e = {.memory = smri_context(context),
                              .card = scorecard,
                              .model = scorecard->model,
                              .framework = scorecard->model->framework,
                              .arena = &scratch,
                              .samples = known.samples,
                              .seed = known.seed};
    status = explain(&e, made, error);
    if (status == SMR_OK && known.reference != SMR_REFERENCE_NONE)
        status = compare(&e, &known, made, error);
    smri_arena_free(&scratch);
    if (status != SMR_OK) {
        smr_explanation_unref(made);
        return status;
    }
    *explanation = made;
    return SMR_OK;
}

/* ---- the handle ---- */

smr_explanation *smr_explanation_ref(smr_explanation *explanation)
{
    if (explanation)
        atomic_fetch_add_explicit(&explanation->references, 1, memory_order_relaxed);
    return explanation;
}

void smr_explanation_unref(smr_explanation *explanation)
{
    if (!explanation || atomic_fetch_sub_explicit(&explanation->references, 1, memory_order_acq_rel) != 1)
        return;
    smr_context *context = explanation->context;
    smr_scorecard_unref(explanation->card);
    smri_arena_free(&explanation->arena);
    smri_free(smri_context(context), explanation);
    smr_context_unref(context);
}

const smr_scorecard *smr_explanation_scorecard(const smr_explanation *explanation)
{
    return explanation ? explanation->card : NULL;
}

size_t smr_explanation_row(const smr_explanation *explanation)
{
    return explanation ? explanation->row : SIZE_MAX;
}

size_t smr_explanation_node_count(const smr_explanation *explanation)
{
    return explanation ? explanation->card->model->framework->node_count : 0;
}

const double *smr_explanation_numbers(const smr_explanation *explanation, int32_t column)
{
    return explanation && column >= 0 && column < SMR_EXPLANATION_NUMBER_COUNT ? explanation->numbers[column] : NULL;
}

const char *const *smr_explanation_texts(const smr_explanation *explanation, int32_t column)
{
    return explanation && column >= 0 && column < SMR_EXPLANATION_TEXT_COUNT ? explanation->texts[column] : NULL;
}

const uint8_t *smr_explanation_statuses(const smr_explanation *explanation)
{
    return explanation ? explanation->statuses : NULL;
}

int32_t smr_explanation_reference(const smr_explanation *explanation)
{
    return explanation ? explanation->options.reference : SMR_REFERENCE_NONE;
}

size_t smr_explanation_reference_count(const smr_explanation *explanation)
{
    return explanation ? explanation->reference_count : 0;
}

const size_t *smr_explanation_reference_rows(const smr_explanation *explanation)
{
    return explanation ? explanation->reference_rows : NULL;
}

const double *smr_explanation_distances(const smr_explanation *explanation)
{
    return explanation ? explanation->distances : NULL;
}

int32_t smr_explanation_lower_is_better(const smr_explanation *explanation)
{
    return explanation && smri_ranks_upward(&explanation->card->model->plan.aggregate[0]);
}

/* Insertion keeps ties in the order of the tree; there are not many indicators. */
size_t smr_explanation_strengths(const smr_explanation *explanation, size_t *nodes, size_t count)
{
    const double sign = smr_explanation_lower_is_better(explanation) ? -1 : 1;
    const double *difference = smr_explanation_numbers(explanation, SMR_EXPLANATION_DIFFERENCE);
    const smr_framework *framework = explanation ? explanation->card->model->framework : NULL;
    size_t found = 0;
    for (uint32_t i = 0; difference && nodes && i < framework->indicator_count; i++) {
        const size_t node = (size_t)framework->indicators[i].node;
        if (difference[node] != difference[node])
            continue;
        size_t place = SMRI_MIN(found, count);
        for (; place > 0 && sign * difference[nodes[place - 1]] < sign * difference[node]; place--)
            if (place < count)
                nodes[place] = nodes[place - 1];
        if (place < count)
            nodes[place] = node;
        found++;
    }
    return SMRI_MIN(found, count);
}
