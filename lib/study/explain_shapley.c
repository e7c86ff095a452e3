/* SPDX-License-Identifier: MIT */
/* Shapley values of a game: what each player brings to a coalition, averaged over all orders in which the players may
 * come. Exactly over all coalitions; of larger games over orders that are drawn, each with its mirror image. */

#include "study/explain_impl.h"

/* A sum that keeps what rounding loses (Neumaier). */
typedef struct careful_sum {
    double sum, lost;
} careful_sum;

static void add(careful_sum *s, double x)
{
    const double sum = s->sum + x;
    s->lost += fabs(s->sum) >= fabs(x) ? (s->sum - sum) + x : (x - sum) + s->sum;
    s->sum = sum;
}

static double total(const careful_sum *s)
{
    return s->sum + s->lost;
}

/* ---- every coalition ---- */

static smr_status evaluate_all(const smri_game *game, double *worths, smr_error *error)
{
    const size_t coalitions = (size_t)1 << game->players;
    uint8_t *members = smri_alloc(game->context, (size_t)game->players * SMRI_GAME_BATCH, 1);
    smr_status status = members ? SMR_OK : smri_fail_memory(error);
    for (size_t start = 0; status == SMR_OK && start < coalitions; start += SMRI_GAME_BATCH) {
        const size_t count = SMRI_MIN(coalitions - start, (size_t)SMRI_GAME_BATCH);
        for (uint32_t player = 0; player < game->players; player++)
            for (size_t c = 0; c < count; c++)
                members[player * count + c] = (start + c) >> player & 1;
        status = game->worths(game->user, members, count, worths + start, error);
        if (status == SMR_OK && smri_cancelled(game->context, start, coalitions, error))
            status = SMR_ERROR_CANCELLED;
    }
    smri_free(game->context, members);
    return status;
}

static uint32_t members_of(size_t coalition)
{
    uint32_t count = 0;
    for (; coalition; coalition &= coalition - 1)
        count++;
    return count;
}

/* The mean over the sizes of a coalition of the mean over all coalitions of that size. */
static double mean_of_marginals(const double *worths, uint32_t players, uint32_t player)
{
    careful_sum by_size[SMRI_GAME_EXACT] = {{0, 0}}, mean = {0, 0};
    const size_t coalitions = (size_t)1 << players, one = (size_t)1 << player;
    for (size_t coalition = 0; coalition < coalitions; coalition++)
        if (!(coalition & one))
            add(&by_size[members_of(coalition)], worths[coalition | one] - worths[coalition]);
    double choices = 1;             /* coalitions of the size without the player */
    for (uint32_t size = 0; size < players; size++) {
        add(&mean, total(&by_size[size]) / choices);
        choices = choices * (players - 1 - size) / (size + 1);
    }
    return total(&mean) / players;
}

static smr_status play_all(const smri_game *game, double *parts, double *errors, double *nothing, double *all,
                           bool *defined, smr_error *error)
{
    const size_t coalitions = (size_t)1 << game->players;
    double *worths = smri_alloc(game->context, coalitions, sizeof *worths);
    smr_status status = worths ? evaluate_all(game, worths, error) : smri_fail_memory(error);
    *defined = status == SMR_OK;
    for (size_t c = 0; *defined && c < coalitions; c++)
        *defined = fabs(worths[c]) <= DBL_MAX;
    if (status == SMR_OK) {
        *nothing = worths[0];
        *all = worths[coalitions - 1];
    }
    for (uint32_t player = 0; *defined && player < game->players; player++) {
        parts[player] = mean_of_marginals(worths, game->players, player);
        errors[player] = 0;
    }
    smri_free(game->context, worths);
    return status;
}

/* ---- orders that are drawn ---- */

typedef struct sampler {
    uint32_t *order;
    uint8_t *members;               /* players x (players + 1): the coalitions of one order, from nobody to all */
    double *worths;
    double *pair;                   /* by player: sum of its marginals in an order and its mirror image */
    careful_sum *sums;
    double *means, *squares;        /* for the error: Welford's way */
} sampler;

static bool make_sampler(const smri_game *game, sampler *s)
{
    const size_t players = game->players;
    size_t cells;
    *s = (sampler){.order = smri_alloc(game->context, players, sizeof *s->order),
                   .worths = smri_alloc(game->context, players + 1, sizeof *s->worths),
                   .pair = smri_alloc(game->context, players, sizeof *s->pair),
                   .sums = smri_calloc(game->context, players, sizeof *s->sums),
                   .means = smri_calloc(game->context, players, sizeof *s->means),
                   .squares = smri_calloc(game->context, players, sizeof *s->squares)};
    if (smri_product(players, players + 1, &cells))
        s->members = smri_alloc(game->context, cells, 1);
    return s->order && s->members && s->worths && s->pair && s->sums && s->means && s->squares;
}

static void free_sampler(const smr_context *context, sampler *s)
{
    smri_free(context, s->order);
    smri_free(context, s->members);
    smri_free(context, s->worths);
    smri_free(context, s->pair);
    smri_free(context, s->sums);
    smri_free(context, s->means);
    smri_free(context, s->squares);
}

/* Fisher and Yates. */
static void draw_order(const smri_game *game, uint32_t number, uint32_t *order)
{
    for (uint32_t i = 0; i < game->players; i++)
        order[i] = i;
    for (uint32_t i = game->players; i > 1; i--) {
        const double unit = smri_random_unit(game->seed, game->stream, (uint64_t)number * game->players + i - 1);
        const uint32_t other = SMRI_MIN((uint32_t)(unit * i), i - 1), moved = order[other];
        order[other] = order[i - 1];
        order[i - 1] = moved;
    }
}

static smr_status play_order(const smri_game *game, sampler *s, bool mirrored, double *nothing, double *all,
                             bool *defined, smr_error *error)
{
    const uint32_t players = game->players;
    const size_t count = (size_t)players + 1;
    for (uint32_t place = 0; place < players; place++) {
        const uint32_t player = s->order[mirrored ? players - 1 - place : place];
        for (size_t c = 0; c < count; c++)
            s->members[player * count + c] = c > place;
    }
    const smr_status status = game->worths(game->user, s->members, count, s->worths, error);
    for (size_t c = 0; status == SMR_OK && c < count; c++)
        *defined &= fabs(s->worths[c]) <= DBL_MAX;
    for (uint32_t place = 0; status == SMR_OK && place < players; place++)
        s->pair[s->order[mirrored ? players - 1 - place : place]] += s->worths[place + 1] - s->worths[place];
    *nothing = s->worths[0];
    *all = s->worths[players];
    return status;
}

static void keep_pair(sampler *s, uint32_t players, uint32_t number)
{
    for (uint32_t player = 0; player < players; player++) {
        const double x = s->pair[player] / 2, off = x - s->means[player];
        add(&s->sums[player], x);
        s->means[player] += off / (number + 1.0);
        s->squares[player] += off * (x - s->means[player]);
    }
}

static smr_status play_sample(const smri_game *game, double *parts, double *errors, double *nothing, double *all,
                              bool *defined, smr_error *error)
{
    const uint32_t pairs = SMRI_MAX(game->samples / 2, 2U);
    sampler s;
    smr_status status = make_sampler(game, &s) ? SMR_OK : smri_fail_memory(error);
    *defined = status == SMR_OK;
    for (uint32_t number = 0; status == SMR_OK && *defined && number < pairs; number++) {
        draw_order(game, number, s.order);
        for (uint32_t player = 0; player < game->players; player++)
            s.pair[player] = 0;
        for (int mirrored = 0; status == SMR_OK && mirrored < 2; mirrored++)
            status = play_order(game, &s, mirrored, nothing, all, defined, error);
        keep_pair(&s, game->players, number);
        if (status == SMR_OK && smri_cancelled(game->context, number, pairs, error))
            status = SMR_ERROR_CANCELLED;
    }
    for (uint32_t player = 0; status == SMR_OK && *defined && player < game->players; player++) {
        parts[player] = total(&s.sums[player]) / pairs;
        errors[player] = sqrt(s.squares[player] / (pairs - 1.0) / pairs);
    }
    free_sampler(game->context, &s);
    return status;
}

smr_status smri_shapley(const smri_game *game, double *parts, double *errors, double *nothing, double *all,
                        bool *defined, smr_error *error)
{
    *nothing = *all = NAN;
    const smr_status status = game->exact ? play_all(game, parts, errors, nothing, all, defined, error)
                                          : play_sample(game, parts, errors, nothing, all, defined, error);
    *defined &= status == SMR_OK;
    return status;
}
