/* SPDX-License-Identifier: MIT */
/* The portfolio's search and its bounds against brute force, and the grammar of changes. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "study/portfolio_impl.h"

/* ---- changes ---- */

static void expect_change(const char *text, smri_number_format format, int kind, double amount)
{
    smri_raw_change change = {SMRI_RAW_CHANGE_SET, -1};
    expect(smri_raw_change_read(text, strlen(text), format, &change));
    expect_equal_int(change.kind, kind);
    expect_near(change.amount, amount, 0);
}

TEST(changes_as_people_write_them)
{
    expect_change("85", SMRI_NUMBER_PLAIN, SMRI_RAW_CHANGE_SET, 85);
    expect_change(" 0.5 ", SMRI_NUMBER_PLAIN, SMRI_RAW_CHANGE_SET, 0.5);
    expect_change("=-3", SMRI_NUMBER_PLAIN, SMRI_RAW_CHANGE_SET, -3);
    expect_change("=3", SMRI_NUMBER_PLAIN, SMRI_RAW_CHANGE_SET, 3);
    expect_change("+3", SMRI_NUMBER_PLAIN, SMRI_RAW_CHANGE_ADD, 3);
    expect_change("-3", SMRI_NUMBER_PLAIN, SMRI_RAW_CHANGE_ADD, -3);
    expect_change("+5%", SMRI_NUMBER_PLAIN, SMRI_RAW_CHANGE_PERCENT, 5);
    expect_change("-2.5 %", SMRI_NUMBER_PLAIN, SMRI_RAW_CHANGE_PERCENT, -2.5);
    expect_change("+1e-3", SMRI_NUMBER_PLAIN, SMRI_RAW_CHANGE_ADD, 0.001);
    expect_change("-1.234,5", SMRI_NUMBER_VI, SMRI_RAW_CHANGE_ADD, -1234.5);
    expect_change("1,234.5", SMRI_NUMBER_EN, SMRI_RAW_CHANGE_SET, 1234.5);
    static const char *const wrong[] = {"",   " ",  "+",   "-",    "%",   "+%",  "5%",  "++3", "+-3", "- 3",
                                        "NA", "..", "+NA", "+inf", "1,5", "3 4", "+5%%", "a",   "-:",  "=+3", "=", "==3", "+=3", "+1e999"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        smri_raw_change change;
        if (smri_raw_change_read(wrong[i], strlen(wrong[i]), SMRI_NUMBER_PLAIN, &change))
            ck_abort_msg("\"%s\" was read as a change", wrong[i]);
    }
}

TEST(changes_do_what_they_say)
{
    const smri_raw_change set = {SMRI_RAW_CHANGE_SET, 7}, add = {SMRI_RAW_CHANGE_ADD, -2}, percent = {SMRI_RAW_CHANGE_PERCENT, 50};
    expect_near(smri_raw_change_apply(&set, 4), 7, 0);
    expect_near(smri_raw_change_apply(&set, NAN), 7, 0);
    expect_near(smri_raw_change_apply(&add, 4), 2, 0);
    expect_near(smri_raw_change_apply(&percent, -4), -6, 0);
    expect_nan(smri_raw_change_apply(&percent, NAN));
}

/* ---- worlds ---- */

typedef struct source {
    const char *text;
    size_t used;
} source;

static int64_t give(void *buffer, size_t size, void *user)
{
    source *from = user;
    size_t left = strlen(from->text) - from->used;
    left = left < size ? left : size;
    memcpy(buffer, from->text + from->used, left);
    from->used += left;
    return (int64_t)left;
}

typedef struct world {
    smr_framework *framework;
    smr_dataset *dataset;
    smr_model *model;
    smr_portfolio *portfolio;
    smri_lift lift;
} world;

static void must(smr_status status, const smr_error *error)
{
    if (status != SMR_OK)
        ck_abort_msg("%s: %s", error->subject, error->message);
}

static world make(const char *framework, const char *csv, const char *initiatives)
{
    world w;
    smr_error error = unit_error();
    memset(&w, 0, sizeof w);
    must(smr_framework_read(NULL, framework, strlen(framework), NULL, &w.framework, &error), &error);
    smr_csv_options options;
    smr_csv_options_init(&options, sizeof options);
    options.framework = w.framework;
    source data = {csv, 0}, programme = {initiatives, 0};
    must(smr_dataset_read_csv(NULL, give, &data, &options, &w.dataset, &error), &error);
    must(smr_model_fit(NULL, w.framework, w.dataset, NULL, &w.model, &error), &error);
    smr_portfolio_options reading;
    smr_portfolio_options_init(&reading, sizeof reading);
    reading.framework = w.framework;
    must(smr_portfolio_read_csv(NULL, give, &programme, &reading, &w.portfolio, &error), &error);
    smr_appraisal_options appraisal;
    smr_appraisal_options_init(&appraisal, sizeof appraisal);
    appraisal.region = "A";
    must(smri_lift_make(NULL, w.portfolio, w.model, w.dataset, &appraisal, &w.lift, &error), &error);
    return w;
}

static void unmake(world *w)
{
    smri_lift_free(&w->lift);
    smr_portfolio_unref(w->portfolio);
    smr_model_unref(w->model);
    smr_dataset_unref(w->dataset);
    smr_framework_unref(w->framework);
}

static double draw(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 33) / 2147483648.0;
}

enum { ITEMS = 10 };

/* Ten initiatives on three indicators; `rough`: some make things worse, some set a value. */
static void write_initiatives(char text[2000], uint64_t *state, double size, int rough)
{
    static const char *const ids[] = {"x", "y", "z"};
    size_t used = (size_t)sprintf(text, "id,budget,effects\n");
    for (int i = 0; i < ITEMS; i++) {
        used += (size_t)sprintf(text + used, "i%d,%d,", i, 1 + (int)(20 * draw(state)));
        for (int e = 0; e < 3; e++) {
            const int sets = rough && draw(state) < 0.15;
            const double amount = size * (draw(state) - (rough ? 0.3 : 0)) * (e == 1 && !sets ? -1 : 1);
            if (draw(state) < 0.6) {
                char *effect = text + used;
                used += (size_t)sprintf(effect, sets ? "%s%s=%.6f" : "%s%s=%+.6f", e ? "|" : "", ids[e],
                                        sets ? 50 + fabs(amount) : amount);
                unit_points(effect);
            }
        }
        used += (size_t)sprintf(text + used, "\n");
    }
}

static const char framework_format[] =
    "{\"id\": \"i\", \"plan\": {\"normalise\": {\"method\": \"goalposts\", \"range\": [1, 100]}, \"aggregate\": "
    "{\"method\": \"%s\"}}, \"children\": [{\"id\": \"g\", \"weight\": 2, \"children\": [{\"id\": \"x\", \"worst\": 0, "
    "\"best\": 100}, {\"id\": \"y\", \"worst\": 100, \"best\": 0}]}, {\"id\": \"z\", \"worst\": 0, \"best\": 80}]}";

static double brute_force(world *w, double budget)
{
    uint8_t chosen[ITEMS];
    smr_error error = unit_error();
    double best = w->lift.before;
    for (unsigned set = 1; set < 1u << ITEMS; set++) {
        double cost = 0, score;
        for (int i = 0; i < ITEMS; i++) {
            chosen[i] = set >> i & 1;
            cost += chosen[i] ? w->portfolio->budgets[i] : 0;
        }
        if (cost > budget)
            continue;
        must(smri_lift_score(&w->lift, chosen, &score, &error), &error);
        best = score > best ? score : best;
    }
    return best;
}

/* The exhaustive choice is the best one, and the tangents' bound is never below it and not idle. */
static void compare(const char *method, double size, int rough, uint64_t seed, double *slack, double *room)
{
    char json[1000], programme[2000];
    uint32_t places[ITEMS];
    smr_error error = unit_error();
    const double budget = 45;
    snprintf(json, sizeof json, framework_format, method);
    write_initiatives(programme, &seed, size, rough);
    world w = make(json, "region,x,y,z\nA,40,55,30\nB,20,70,50\n", programme);
    const double best = brute_force(&w, budget);
    uint8_t chosen[ITEMS];
    smri_best_set found = {.chosen = chosen, .bound = NAN};
    must(smri_find_best_set(&w.lift, budget, &found, &error), &error);
    expect(found.exact);
    expect_near(found.score, best, 0);
    for (uint32_t i = 0; i < ITEMS; i++)
        places[i] = i;
    const smri_items items = {places, ITEMS, budget};
    double bound;
    must(smri_bound_tangents(&w.lift, &items, chosen, &bound, &error), &error);
    if (!(bound >= best - 1e-9))
        ck_abort_msg("%s, seed %llu: the bound %.12g is below the best score %.12g", method, (unsigned long long)seed,
                     bound, best);
    *slack += bound - best;
    *room += best - w.lift.before;
    unmake(&w);
}

TEST(bounds_hold_and_exhaustive_is_best)
{
    static const char *const methods[] = {"arithmetic", "geometric"};
    for (int m = 0; m < 2; m++)
        for (int rough = 0; rough < 2; rough++)
            for (int size = 5; size <= 45; size += 20) {
                double slack = 0, room = 0;
                for (uint64_t seed = 1; seed <= 12; seed++)
                    compare(methods[m], size, rough, seed * 977 + (uint64_t)size, &slack, &room);
                expect(slack < 0.5 * room + 1e-6);
            }
}

/* Where gains add up the knapsack is the best set. */
TEST(knapsack_is_best)
{
    char json[1000], programme[2000];
    snprintf(json, sizeof json, framework_format, "arithmetic");
    for (uint64_t seed = 1; seed <= 60; seed++) {
        uint64_t state = seed * 7919;
        smr_error error = unit_error();
        write_initiatives(programme, &state, 2, seed % 2);
        for (char *set = programme; seed % 2 && (set = strstr(set, "=5")) != NULL;)
            set[1] = '+';       /* changes alone */
        world w = make(json, "region,x,y,z\nA,40,55,30\nB,20,70,50\n", programme);
        uint32_t places[ITEMS];
        uint8_t taken[ITEMS];
        double gains[ITEMS], bound = NAN;
        bool additive = false, complete = false;
        for (uint32_t i = 0; i < ITEMS; i++)
            places[i] = i;
        const smri_items items = {places, ITEMS, 40};
        must(smri_bound_additive(&w.lift, &items, &additive, gains, &error), &error);
        expect(additive);
        must(smri_bound_knapsack(&w.lift, &items, gains, taken, &bound, &complete, &error), &error);
        expect(complete);
        expect_near(w.lift.before + bound, brute_force(&w, 40), 1e-11);
        unmake(&w);
    }
}

/* Other plans: no bound is made up. */
TEST(no_bound_where_none_is_known)
{
    char json[1000];
    uint32_t places[] = {0};
    smr_error error = unit_error();
    snprintf(json, sizeof json, framework_format, "harmonic");
    world w = make(json, "region,x,y,z\nA,40,55,30\nB,20,70,50\n", "id,budget,effects\na,1,x=+5\n");
    const uint8_t chosen[] = {1};
    const smri_items items = {places, 1, 5};
    double bound = 0, gain;
    bool additive = true;
    must(smri_bound_tangents(&w.lift, &items, chosen, &bound, &error), &error);
    expect_nan(bound);
    must(smri_bound_additive(&w.lift, &items, &additive, &gain, &error), &error);
    expect(!additive);
    unmake(&w);
}

static const unit_test tests[] = {
    UNIT(changes_as_people_write_them),  UNIT(changes_do_what_they_say), UNIT(bounds_hold_and_exhaustive_is_best),
    UNIT(knapsack_is_best),              UNIT(no_bound_where_none_is_known),
};
UNIT_SUITE(portfolio, tests)
