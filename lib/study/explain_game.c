/* SPDX-License-Identifier: MIT */
/* A node's score when some of its children stand elsewhere: by the node's own method, weights and policy. Methods that
 * take a region by itself get many coalitions at once, as rows; those that need all regions get one at a time, in the
 * region's place. */

#include "study/explain_impl.h"

/* ---- where a child counts for nothing ---- */

/* Every region is ahead of a region that stands here, by any threshold. */
#define BEATEN_BY_ALL (-0x1p+1000)
/* Of the range: the floor of METHODS where a logarithm or an inverse is needed. */
#define FLOOR_SHARE 0.01

/* NaN: the plan names no least score, and the range has none. */
static double least_above_zero(const smri_choice *choice, double low, double high)
{
    const smri_setting *given = smri_setting_of(choice, "epsilon");
    const double epsilon = given->given ? given->number : FLOOR_SHARE * (high - low);
    const double least = low > epsilon ? low : epsilon;
    return least > 0 ? least : NAN;
}

/* The constants of methods that measure from a point of their own: NaN for a child that never takes part. */
static bool own_zeros(const smr_model *model, uint32_t node, double *zeros)
{
    const smri_method *method = model->plan.aggregate[node].method;
    const double *numbers = model->aggregate[node].numbers;
    const size_t fitted = model->aggregate[node].count;
    const uint32_t count = (uint32_t)model->framework->nodes[node].child_count;
    const bool penalised = method->aggregate == smri_aggregate_mpi || method->aggregate == smri_aggregate_ampi ||
                           method->aggregate == smri_aggregate_mean_min;
    const bool distance = method->aggregate == smri_aggregate_wroclaw, dp2 = method->aggregate == smri_aggregate_dp2;
    if (!penalised && !distance && !dp2)
        return false;
    for (uint32_t c = 0; c < count; c++) {
        smri_affine map;
        zeros[c] = NAN;
        if (penalised && fitted == 2 * (size_t)count && smri_affine_spread(&map, numbers[2 * c], numbers[2 * c + 1]))
            zeros[c] = numbers[2 * c];
        else if (distance && fitted == (size_t)count + 1)
            zeros[c] = numbers[c + 1];
        else if (dp2 && fitted == 3 * (size_t)count && numbers[3 * c + 2] > 0)
            zeros[c] = numbers[3 * c];
    }
    return true;
}

void smri_explain_zeros(const smri_explainer *e, uint32_t node, double *zeros, bool *all_needed)
{
    const smr_model *model = e->model;
    const smri_choice *choice = &model->plan.aggregate[node];
    const smri_method *method = choice->method;
    const uint32_t count = (uint32_t)e->framework->nodes[node].child_count;
    const double low = model->child_low[node], high = model->child_high[node];
    double zero = low == low ? low : 0;
    *all_needed = false;
    if (own_zeros(model, node, zeros))
        return;
    if (method->aggregate_rows) {
        zero = BEATEN_BY_ALL;
    } else if (model->plan.weights[node].method->score_rows) {
        zero = 0;
    } else if (method->aggregate == smri_aggregate_geometric || method->aggregate == smri_aggregate_harmonic ||
               (method->aggregate == smri_aggregate_power && smri_setting_of(choice, "p")->number <= 0)) {
        zero = least_above_zero(choice, low, high);
        *all_needed = zero != zero;
        zero = *all_needed ? 0 : zero;
    } else if (method->aggregate == smri_aggregate_power) {
        zero = SMRI_MAX(zero, 0);
    }
    for (uint32_t c = 0; c < count; c++)
        zeros[c] = zero;
}

/* ---- room ---- */

static bool allocate(smri_node_game *game, size_t rows)
{
    const smr_context *memory = game->explainer->memory;
    game->places = smri_alloc(memory, game->count, sizeof *game->places);
    game->in = smri_alloc(memory, game->count, sizeof *game->in);
    game->out = smri_alloc(memory, game->count, sizeof *game->out);
    game->scores = smri_family_new(memory, game->count, rows);
    game->scratch = smri_alloc(memory, rows, 5 * sizeof *game->scratch);
    game->values = smri_alloc(memory, rows, sizeof *game->values);
    game->statuses = smri_alloc(memory, rows, 1);
    game->regions = smri_alloc(memory, rows, sizeof *game->regions);
    return game->places && game->in && game->out && game->scores && game->scratch && game->values && game->statuses &&
           game->regions;
}

/* The other regions of the period, as the policy leaves them. */
static smr_status gather(smri_node_game *game, size_t row, smr_error *error)
{
    const smri_explainer *e = game->explainer;
    const smr_dataset *dataset = e->card->view.dataset;
    const uint32_t period = smri_dataset_period_of(dataset, row);
    const smri_node *nodes = e->framework->nodes;
    int32_t child = nodes[game->node].first_child;
    smr_status status = SMR_OK;
    for (uint32_t c = 0; status == SMR_OK && c < game->count; c++, child = nodes[child].next_sibling) {
        double *owned = NULL;
        const double *column = NULL;
        status = smri_explain_column(e, (uint32_t)child, &column, &owned, error);
        game->n = 0;
        for (size_t i = 0; status == SMR_OK && i < e->card->row_count; i++) {
            if (smri_dataset_period_of(dataset, i) != period)
                continue;
            if (i == row)
                game->slot = game->n;
            game->regions[game->n] = smr_dataset_region(dataset, i);
            game->scores[c][game->n++] = column[i];
        }
        smri_free(e->memory, owned);
    }
    return status == SMR_OK ? smri_node_judge(e->memory, e->model, game->node, game->scores, game->n, game->statuses,
                                              error)
                            : status;
}

smr_status smri_node_game_begin(const smri_explainer *e, uint32_t node, size_t row, smri_node_game *game,
                                smr_error *error)
{
    const bool whole = smri_is_whole(e->model, node);
    *game = (smri_node_game){.explainer = e,
                             .node = node,
                             .count = (uint32_t)e->framework->nodes[node].child_count,
                             .quiet = {.allocator = e->memory->allocator,
                                       .threads = e->memory->threads,
                                       .kernels = smri_context_kernels(e->memory)}};
    if (!allocate(game, whole ? SMRI_MAX(e->card->row_count, (size_t)1) : SMRI_GAME_BATCH))
        return smri_fail_memory(error);
    for (uint32_t c = 0; c < game->count; c++)
        game->in[c] = game->out[c] = NAN;
    return whole ? gather(game, row, error) : SMR_OK;
}

void smri_node_game_end(smri_node_game *game)
{
    const smr_context *memory = game->explainer->memory;
    smri_free(memory, game->places);
    smri_free(memory, game->in);
    smri_free(memory, game->out);
    smri_family_free(memory, game->scores, game->count);
    smri_free(memory, game->scratch);
    smri_free(memory, game->values);
    smri_free(memory, game->statuses);
    smri_free(memory, game->regions);
}

/* ---- worths ---- */

/* The method over all regions, with what stands in the region's place now. weights: of its own; NULL: not wanted. */
static smr_status run_all(smri_node_game *game, double *worth, double *weights, smr_error *error)
{
    const smri_explainer *e = game->explainer;
    const smr_model *model = e->model;
    const smri_choice *aggregate = &model->plan.aggregate[game->node], *own = &model->plan.weights[game->node];
    const smri_family_rows family = {.context = &game->quiet,
                                     .framework = e->framework,
                                     .node = game->node,
                                     .scores = (const double *const *)game->scores,
                                     .weights = model->child_weights + model->child_starts[game->node],
                                     .count = game->count,
                                     .n = game->n,
                                     .low = model->child_low[game->node],
                                     .high = model->child_high[game->node],
                                     .regions = game->regions};
    for (size_t i = 0; i < game->n; i++) {
        game->values[i] = NAN;
        game->statuses[i] = SMR_CELL_OK;
    }
    double *all = NULL;
    size_t cells;
    if (weights && smri_product(game->n, game->count, &cells))
        all = smri_alloc(e->memory, cells, sizeof *all);
    smr_status status = SMR_OK;
    if (weights && !all)
        status = smri_fail_memory(error);
    else if (own->method->score_rows)
        status = own->method->score_rows(own, &family, game->values, game->statuses, all, error);
    else
        status = aggregate->method->aggregate_rows(aggregate, &family, game->values, game->statuses, error);
    for (uint32_t c = 0; status == SMR_OK && weights && c < game->count; c++)
        weights[c] = all[game->slot * game->count + c];
    smri_free(e->memory, all);
    *worth = status == SMR_OK ? game->values[game->slot] : NAN;
    return status;
}

static smr_status worths_of_all(smri_node_game *game, const uint8_t *members, size_t count, double *worths,
                                smr_error *error)
{
    smr_status status = SMR_OK;
    for (uint32_t c = 0; c < game->count; c++)
        game->scores[c][game->slot] = game->in[c];
    for (size_t i = 0; status == SMR_OK && i < count; i++) {
        for (uint32_t player = 0; player < game->players; player++) {
            const uint32_t place = game->places[player];
            game->scores[place][game->slot] = members[player * count + i] ? game->in[place] : game->out[place];
        }
        status = run_all(game, &worths[i], NULL, error);
        if (status == SMR_OK && smri_cancelled(game->explainer->memory, i, count, error))
            status = SMR_ERROR_CANCELLED;
    }
    return status;
}

/* Rows start to start + n of the coalitions. */
static void worths_of_batch(smri_node_game *game, const uint8_t *members, size_t count, size_t start, size_t n,
                            double *worths)
{
    const smri_explainer *e = game->explainer;
    for (uint32_t c = 0; c < game->count; c++)
        for (size_t i = 0; i < n; i++)
            game->scores[c][i] = game->in[c];
    for (uint32_t player = 0; player < game->players; player++) {
        const uint32_t place = game->places[player];
        const uint8_t *member = members + player * count + start;
        for (size_t i = 0; i < n; i++)
            game->scores[place][i] = member[i] ? game->in[place] : game->out[place];
    }
    const smri_family family = {.context = e->memory,
                                .kernels = smri_context_kernels(e->memory),
                                .scores = game->scores,
                                .n = n,
                                .scratch = game->scratch};
    smri_node_run(e->model, game->node, &family, worths + start, game->statuses);
    for (size_t i = 0; i < n; i++)
        worths[start + i] = game->statuses[i] == SMR_CELL_OK ? worths[start + i] : NAN;
}

smr_status smri_node_game_worths(void *user, const uint8_t *members, size_t count, double *worths, smr_error *error)
{
    smri_node_game *game = user;
    if (smri_is_whole(game->explainer->model, game->node))
        return worths_of_all(game, members, count, worths, error);
    for (size_t start = 0; start < count; start += SMRI_GAME_BATCH)
        worths_of_batch(game, members, count, start, SMRI_MIN(count - start, (size_t)SMRI_GAME_BATCH), worths);
    return SMR_OK;
}

/* Does the policy let the region have a score? */
static smr_status judge(smri_node_game *game, bool *fine, smr_error *error)
{
    uint8_t judged = SMR_CELL_OK;
    double **one = smri_family_new(game->explainer->memory, game->count, 1);
    smr_status status = one ? SMR_OK : smri_fail_memory(error);
    for (uint32_t c = 0; one && c < game->count; c++)
        one[c][0] = game->in[c];
    if (status == SMR_OK)
        status = smri_node_judge(game->explainer->memory, game->explainer->model, game->node, one, 1, &judged, error);
    smri_family_free(game->explainer->memory, one, game->count);
    *fine = judged == SMR_CELL_OK;
    return status;
}

smr_status smri_node_game_value(smri_node_game *game, double *value, double *weights, smr_error *error)
{
    const uint32_t players = game->players;
    bool fine = false;
    game->players = 0;              /* all children as they are */
    *value = NAN;
    smr_status status = SMR_OK;
    if (!smri_is_whole(game->explainer->model, game->node)) {
        worths_of_batch(game, NULL, 1, 0, 1, value);
    } else {
        status = judge(game, &fine, error);
        for (uint32_t c = 0; c < game->count; c++)
            game->scores[c][game->slot] = fine ? game->in[c] : NAN;
        if (status == SMR_OK)
            status = run_all(game, value, weights, error);
        *value = fine ? *value : NAN;
    }
    game->players = players;
    return status;
}

/* ---- how many coalitions there is time for ---- */

/* Comparisons that a method on all regions may make. */
#define WHOLE_BUDGET 0x1p+30

static void choose_sampling(const smri_node_game *game, smri_game *play)
{
    const double players = play->players;
    play->exact = play->players <= SMRI_GAME_EXACT;
    play->samples = game->explainer->samples;
    if (!smri_is_whole(game->explainer->model, game->node))
        return;
    const double one = (double)game->n * (double)game->n * game->count;
    play->exact = play->exact && (double)((size_t)1 << play->players) * one <= WHOLE_BUDGET;
    const double most = WHOLE_BUDGET / (one * (players + 1));
    play->samples = (uint32_t)SMRI_MAX(8, SMRI_MIN(most, (double)play->samples));
}

smr_status smri_node_game_play(smri_node_game *game, double *parts, double *errors, double *nothing, double *all,
                               bool *defined, smr_error *error)
{
    smri_game play = {.context = game->explainer->memory,
                      .players = game->players,
                      .worths = smri_node_game_worths,
                      .user = game,
                      .seed = game->explainer->seed,
                      .stream = game->node};
    choose_sampling(game, &play);
    return smri_shapley(&play, parts, errors, nothing, all, defined, error);
}
