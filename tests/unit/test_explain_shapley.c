/* SPDX-License-Identifier: MIT */
/* Shapley values of games that are known, or that every order of the players decides. */
#include "unit.h"

#include <math.h>
#include <stdio.h>

#include "study/explain_impl.h"


enum { MOST = 6, MANY = 24 };

/* ---- games ---- */

static uint32_t mask_of(const uint8_t *members, uint32_t players, size_t count, size_t coalition)
{
    uint32_t mask = 0;
    for (uint32_t player = 0; player < players; player++)
        mask |= (uint32_t)members[player * count + coalition] << player;
    return mask;
}

/* Any worth for each coalition. */
typedef struct table_game {
    uint32_t players;
    double worths[1 << MOST];
} table_game;

static smr_status table_worths(void *user, const uint8_t *members, size_t count, double *worths, smr_error *error)
{
    (void)error;
    const table_game *game = user;
    for (size_t c = 0; c < count; c++)
        worths[c] = game->worths[mask_of(members, game->players, count, c)];
    return SMR_OK;
}

/* Left gloves and right gloves, worth 1 a pair: of `left` and the rest of the players. */
typedef struct glove_game {
    uint32_t players, left;
    size_t asked;
} glove_game;

static smr_status glove_worths(void *user, const uint8_t *members, size_t count, double *worths, smr_error *error)
{
    (void)error;
    glove_game *game = user;
    game->asked += count;
    for (size_t c = 0; c < count; c++) {
        uint32_t left = 0, right = 0;
        for (uint32_t player = 0; player < game->players; player++) {
            left += player < game->left && members[player * count + c];
            right += player >= game->left && members[player * count + c];
        }
        worths[c] = SMRI_MIN(left, right);
    }
    return SMR_OK;
}

/* Everyone is worth something by himself, and there is something to begin with. */
static smr_status sum_worths(void *user, const uint8_t *members, size_t count, double *worths, smr_error *error)
{
    (void)error;
    const uint32_t *players = user;
    for (size_t c = 0; c < count; c++) {
        worths[c] = 7;
        for (uint32_t player = 0; player < *players; player++)
            worths[c] += members[player * count + c] * (player + 0.25);
    }
    return SMR_OK;
}

static smri_game game_of(uint32_t players, smri_worths worths, void *user, bool exact)
{
    return (smri_game){.context = smri_context(unit_context()),
                       .players = players,
                       .worths = worths,
                       .user = user,
                       .exact = exact,
                       .samples = 2000,
                       .seed = 1};
}

typedef struct result {
    double parts[MANY], errors[MANY], nothing, all;
    bool defined;
} result;

static result play(const smri_game *game)
{
    result r;
    smr_error error = unit_error();
    expect_ok(smri_shapley(game, r.parts, r.errors, &r.nothing, &r.all, &r.defined, &error), &error);
    return r;
}

/* ---- every order ---- */

/* Adds what each player brings in every order that begins with the mask. */
static void count_orders(const table_game *game, uint32_t mask, double weight, double *parts)
{
    uint32_t left = 0;
    for (uint32_t player = 0; player < game->players; player++)
        left += !(mask >> player & 1);
    for (uint32_t player = 0; player < game->players; player++) {
        const uint32_t with = mask | 1U << player;
        if (with == mask)
            continue;
        parts[player] += weight / left * (game->worths[with] - game->worths[mask]);
        count_orders(game, with, weight / left, parts);
    }
}

TEST(every_order_of_up_to_six)
{
    uint64_t state = 9;
    for (int round = 0; round < 60; round++) {
        table_game table = {.players = 1 + (uint32_t)round % MOST};
        for (uint32_t mask = 0; mask < 1U << table.players; mask++)
            table.worths[mask] = 200 * unit_random_unit(&state) - 100;
        double parts[MOST] = {0}, sum = 0;
        count_orders(&table, 0, 1, parts);
        const smri_game game = game_of(table.players, table_worths, &table, true);
        const result r = play(&game);
        expect(r.defined);
        for (uint32_t player = 0; player < table.players; player++) {
            expect_near(r.parts[player], parts[player], 1e-12);
            expect(r.errors[player] == 0);
            sum += r.parts[player];
        }
        expect_near(sum, r.all - r.nothing, 1e-12);
        expect_same_bits(r.nothing, table.worths[0]);
        expect_same_bits(r.all, table.worths[(1U << table.players) - 1]);
    }
}

/* Drawn orders come near to the exact values, as near as they say. */
TEST(drawn_orders_come_near)
{
    uint64_t state = 4;
    size_t beyond = 0, all = 0;
    for (uint64_t seed = 0; seed < 40; seed++) {
        table_game table = {.players = MOST};
        for (uint32_t mask = 0; mask < 1U << MOST; mask++)
            table.worths[mask] = unit_random_unit(&state);
        smri_game game = game_of(MOST, table_worths, &table, true);
        const result exact = play(&game);
        game.exact = false;
        game.seed = seed;
        const result drawn = play(&game);
        double sum = 0;
        for (uint32_t player = 0; player < MOST; player++) {
            const double off = fabs(drawn.parts[player] - exact.parts[player]);
            expect(off < 6 * drawn.errors[player]);
            beyond += off > 2 * drawn.errors[player];
            all++;
            sum += drawn.parts[player];
        }
        expect_near(sum, drawn.all - drawn.nothing, 1e-13);
    }
    expect(beyond > all / 100 && beyond < all / 10); /* one in 22 would be */
}

/* The gloves of Shapley's and Shubik's market: of 1 left and 2 right ones the left is worth 2/3. */
TEST(gloves)
{
    glove_game gloves = {.players = 3, .left = 1};
    smri_game game = game_of(3, glove_worths, &gloves, true);
    result r = play(&game);
    expect_near(r.parts[0], 2.0 / 3, 1e-15);
    expect_near(r.parts[1], 1.0 / 6, 1e-15);
    expect_near(r.parts[2], 1.0 / 6, 1e-15);
    /* Half and half: by symmetry 1/2 each, whatever the number. */
    gloves = (glove_game){.players = SMRI_GAME_EXACT, .left = SMRI_GAME_EXACT / 2};
    game = game_of(SMRI_GAME_EXACT, glove_worths, &gloves, true);
    r = play(&game);
    for (uint32_t player = 0; player < SMRI_GAME_EXACT; player++)
        expect_near(r.parts[player], 0.5, 1e-14);
    expect_equal_uint(gloves.asked, 1U << SMRI_GAME_EXACT);
    /* A player who adds nothing in an order adds 1 in its mirror image. */
    gloves = (glove_game){.players = MANY, .left = MANY / 2};
    game = game_of(MANY, glove_worths, &gloves, false);
    r = play(&game);
    for (uint32_t player = 0; player < MANY; player++) {
        expect(r.errors[player] == 0);
        expect_near(r.parts[player], 0.5, 1e-15);
    }
    expect_equal_uint(gloves.asked, 2000 * (MANY + 1));
    /* 1 left and 23 right ones: it adds 1 unless it is the first, and each of the others 1/(23 x 24). */
    gloves = (glove_game){.players = MANY, .left = 1};
    r = play(&game);
    for (uint32_t player = 0; player < MANY; player++) {
        expect(r.errors[player] < 0.02);
        expect_near(r.parts[player], player ? 1.0 / (23 * 24) : 23.0 / 24, 5 * r.errors[player] + 0.002);
    }
}

/* Where nobody minds who came before, one order tells all. */
TEST(sums)
{
    uint32_t players = MANY;
    smri_game game = game_of(MANY, sum_worths, &players, false);
    result r = play(&game);
    for (uint32_t player = 0; player < MANY; player++) {
        expect_near(r.parts[player], player + 0.25, 1e-12);
        expect_near(r.errors[player], 0, 1e-13);
    }
    expect_near(r.nothing, 7, 0);
    game.samples = 0; /* at least two pairs, so that there is an error */
    r = play(&game);
    expect_near(r.parts[3], 3.25, 1e-12);
}

TEST(seeds_and_streams)
{
    glove_game gloves = {.players = MANY, .left = 5};
    smri_game game = game_of(MANY, glove_worths, &gloves, false);
    const result first = play(&game), again = play(&game);
    game.stream = 1;
    const result other = play(&game);
    game.stream = 0;
    game.seed = 0;
    const result another = play(&game);
    for (uint32_t player = 0; player < MANY; player++)
        expect_same_bits(again.parts[player], first.parts[player]);
    expect(other.parts[0] != first.parts[0]);
    expect(another.parts[0] != first.parts[0]);
}

/* One coalition without a worth, and there are no values. */
TEST(not_defined)
{
    for (int exact = 0; exact < 2; exact++) {
        table_game table = {.players = 3, .worths = {0, 1, 2, 3, INFINITY, 5, 6, 7}};
        const smri_game game = game_of(3, table_worths, &table, exact);
        expect(!play(&game).defined);
        table.worths[4] = NAN;
        expect(!play(&game).defined);
        table.worths[4] = 4;
        expect(play(&game).defined);
    }
}

static smr_status refuse_worths(void *user, const uint8_t *members, size_t count, double *worths, smr_error *error)
{
    (void)user;
    (void)members;
    (void)count;
    (void)worths;
    return smri_fail_argument(error, "worths", "none");
}

TEST(a_worth_that_fails)
{
    for (int exact = 0; exact < 2; exact++) {
        const smri_game game = game_of(4, refuse_worths, NULL, exact);
        result r;
        smr_error error = unit_error();
        expect_fails(smri_shapley(&game, r.parts, r.errors, &r.nothing, &r.all, &r.defined, &error), &error,
                     SMR_MESSAGE_BAD_ARGUMENT);
        expect(!r.defined);
    }
}

static const unit_test tests[] = {
    UNIT(every_order_of_up_to_six),
    UNIT(drawn_orders_come_near),
    UNIT(gloves),
    UNIT(sums),
    UNIT(seeds_and_streams),
    UNIT(not_defined),
    UNIT(a_worth_that_fails),
};
UNIT_SUITE(explain_shapley, tests)
