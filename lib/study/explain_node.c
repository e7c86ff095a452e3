/* SPDX-License-Identifier: MIT */
/* One node and its children: who brings how much of the node's score, or of the difference of two of its scores. */

#include "study/explain_impl.h"

bool smri_parts_new(smri_arena *arena, uint32_t count, smri_parts *parts)
{
    parts->part = smri_arena_calloc(arena, count, sizeof *parts->part);
    parts->fixed = smri_arena_calloc(arena, count, sizeof *parts->fixed);
    parts->slope = smri_arena_calloc(arena, count, sizeof *parts->slope);
    parts->other = smri_arena_calloc(arena, count, sizeof *parts->other);
    parts->error = smri_arena_calloc(arena, count, sizeof *parts->error);
    parts->share = smri_arena_calloc(arena, count, sizeof *parts->share);
    parts->here = smri_arena_calloc(arena, count, sizeof *parts->here);
    return parts->part && parts->fixed && parts->slope && parts->other && parts->error && parts->share && parts->here;
}

double smri_explain_counted(const smri_explainer *e, double score)
{
    return score != score && e->model->plan.policy == SMRI_POLICY_ZERO ? 0 : score;
}

/* ---- what a method makes of its weights ---- */

/* A weighted mean, whose parts are w y / sum w. */
static bool is_additive(const smr_model *model, uint32_t node)
{
    const smri_choice *choice = &model->plan.aggregate[node];
    if (smri_is_whole(model, node))
        return false;
    return choice->method->aggregate == smri_aggregate_arithmetic ||
           (choice->method->aggregate == smri_aggregate_power && smri_setting_of(choice, "p")->number == 1);
}

static bool uses_weights(const smri_method *method)
{
    return method->aggregate_rows || method->aggregate == smri_aggregate_arithmetic ||
           method->aggregate == smri_aggregate_geometric || method->aggregate == smri_aggregate_harmonic ||
           method->aggregate == smri_aggregate_power;
}

/* The weight of a child in its parent: the importance that a Choquet integral is given, 1 where the method takes no
 * weights; 0 leaves a child out in any case. */
static double weight_of(const smri_explainer *e, uint32_t node, int32_t child)
{
    const smri_choice *choice = &e->model->plan.aggregate[node];
    const double weight = e->model->weights[child];
    if (!(weight > 0))
        return 0;
    if (choice->method->aggregate == smri_aggregate_choquet) {
        const smri_value *given = smri_value_get(smri_setting_of(choice, "shapley")->value,
                                                 e->framework->nodes[child].id);
        return given && given->type == SMRI_NUMBER ? given->number : 0;
    }
    return uses_weights(choice->method) ? weight : 1;
}

/* Shares of the weight of the children that play; those of weight 0 stand by. Where all that are there have none (a
 * Choquet integral may be given zeros), they share alike. */
static void share_weights(const smri_explainer *e, uint32_t node, const bool *plays, double *share)
{
    const smri_node *nodes = e->framework->nodes;
    const uint32_t count = (uint32_t)nodes[node].child_count;
    double all = 0;
    uint32_t place = 0, players = 0;
    for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling, place++) {
        share[place] = plays[place] ? weight_of(e, node, child) : 0;
        all += share[place];
        players += plays[place];
    }
    for (place = 0; place < count; place++)
        share[place] = all > 0 ? share[place] / all : plays[place] ? 1.0 / players : 0;
}

/* ---- the game of a node ---- */

/* What is needed to look at a node: scores of its children as they count, their zeros, and who takes part. */
typedef struct family {
    double *a, *b, *zeros, *parts, *errors;
    bool *plays;
    bool all_needed;
    uint32_t count;
} family;

static bool make_family(const smri_explainer *e, uint32_t node, family *f)
{
    f->count = (uint32_t)e->framework->nodes[node].child_count;
    double *numbers = smri_arena_alloc(e->arena, f->count, 5 * sizeof *numbers);
    f->plays = smri_arena_calloc(e->arena, f->count, sizeof *f->plays);
    if (!numbers || !f->plays)
        return false;
    f->a = numbers;
    f->b = numbers + f->count;
    f->zeros = numbers + 2 * (size_t)f->count;
    f->parts = numbers + 3 * (size_t)f->count;
    f->errors = numbers + 4 * (size_t)f->count;
    smri_explain_zeros(e, node, f->zeros, &f->all_needed);
    return true;
}

static void find_children(const smri_explainer *e, uint32_t node, const double *scores, double *x)
{
    const smri_node *nodes = e->framework->nodes;
    uint32_t place = 0;
    for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling, place++)
        x[place] = smri_explain_counted(e, scores[child]);
}

/* Plays from `in` (all of the coalition) to `out` (nobody), with the children of `moves` as players. */
static smr_status play(const smri_explainer *e, uint32_t node, size_t row, const family *f, const double *in,
                       const double *out, const bool *moves, double *nothing, bool *defined, smr_error *error)
{
    smri_node_game game;
    double all = NAN;
    *defined = false;
    smr_status status = smri_node_game_begin(e, node, row, &game, error);
    for (uint32_t c = 0; status == SMR_OK && c < f->count; c++) {
        game.in[c] = in[c];
        game.out[c] = out[c];
        if (moves[c])
            game.places[game.players++] = c;
    }
    double *parts = smri_arena_alloc(e->arena, SMRI_MAX(game.players, 1U), 2 * sizeof *parts);
    if (status == SMR_OK && !parts)
        status = smri_fail_memory(error);
    if (status == SMR_OK && game.players > 0)
        status = smri_node_game_play(&game, parts, parts + game.players, nothing, &all, defined, error);
    for (uint32_t c = 0; c < f->count; c++)
        f->parts[c] = f->errors[c] = 0;
    for (uint32_t player = 0; *defined && player < game.players; player++) {
        f->parts[game.places[player]] = parts[player];
        f->errors[game.places[player]] = parts[game.players + player];
    }
    smri_node_game_end(&game);
    return status;
}

smr_status smri_explain_value(const smri_explainer *e, uint32_t node, const smri_side *side, double *value,
                              smr_error *error)
{
    smri_node_game game;
    smr_status status = smri_node_game_begin(e, node, side->row, &game, error);
    if (status == SMR_OK) {
        find_children(e, node, side->scores, game.in);
        status = smri_node_game_value(&game, value, NULL, error);
    }
    smri_node_game_end(&game);
    return status;
}

/* Slopes beyond this are no slopes: the part is shared by weight then. */
#define STEEPEST 0x1p+256

/* The part of the first score as a line that vanishes at the zero point. */
static void draw_line(smri_parts *parts, uint32_t c, double a, double zero)
{
    const double slope = a != zero ? parts->part[c] / (a - zero) : 0;
    parts->slope[c] = fabs(slope) <= STEEPEST ? slope : 0;
    parts->fixed[c] = parts->slope[c] == 0 ? parts->part[c] : 0 - parts->slope[c] * zero;
}

/* ---- the parts of one score ---- */

/* Benefit of the doubt: the region's weights, and what of its score each pays for. */
static smr_status explain_doubt(const smri_explainer *e, uint32_t node, const smri_side *side, const family *f,
                                smri_parts *parts, bool *defined, smr_error *error)
{
    const smri_whole *whole = &e->card->view.wholes[node];
    const smri_choice *choice = &e->model->plan.weights[node];
    const bool logarithmic = (smri_bod_variant)smri_setting_of(choice, "variant")->number == SMRI_BOD_GEOMETRIC;
    double *weights = f->parts, *pie = f->errors, all = 0, weight = 0, value;
    smr_status status = SMR_OK;
    for (uint32_t c = 0; side->real && whole->region_weights && c < f->count; c++)
        weights[c] = whole->region_weights[side->row * f->count + c];
    if (!side->real || !whole->region_weights) {
        smri_node_game game;
        status = smri_node_game_begin(e, node, side->row, &game, error);
        for (uint32_t c = 0; status == SMR_OK && c < f->count; c++)
            game.in[c] = f->a[c];
        if (status == SMR_OK)
            status = smri_node_game_value(&game, &value, weights, error);
        smri_node_game_end(&game);
    }
    for (uint32_t c = 0; status == SMR_OK && c < f->count; c++) {
        pie[c] = weights[c] * (logarithmic ? smri_log(f->a[c]) : f->a[c]);
        all += pie[c];
        weight += weights[c];
    }
    *defined = status == SMR_OK && all > 0 && all <= DBL_MAX && weight > 0 && weight <= DBL_MAX;
    for (uint32_t c = 0; *defined && c < f->count; c++) {
        parts->share[c] = weights[c] / weight;
        parts->part[c] = pie[c] > 0 ? side->scores[node] * (pie[c] / all) : 0;
        draw_line(parts, c, f->a[c], 0);
    }
    return status;
}

static bool has_own_weights(const smr_model *model, uint32_t node)
{
    const smri_choice *choice = &model->plan.weights[node];
    return choice->method->score_rows &&
           (smri_bod_variant)smri_setting_of(choice, "variant")->number != SMRI_BOD_ORDER_M;
}

/* Shapley values above the zero point, on top of a share of what there is at the zero point itself. Where that lies
 * beyond all scores (outranking), the line goes through the low end of the child's range. */
static smr_status explain_game(const smri_explainer *e, uint32_t node, const smri_side *side, const family *f,
                               smri_parts *parts, bool *defined, smr_error *error)
{
    const smri_node *nodes = e->framework->nodes;
    const bool beyond = e->model->plan.aggregate[node].method->aggregate_rows != NULL;
    double nothing = 0;
    smr_status status = play(e, node, side->row, f, f->a, f->zeros, f->plays, &nothing, defined, error);
    int32_t child = nodes[node].first_child;
    for (uint32_t c = 0; *defined && c < f->count; c++, child = nodes[child].next_sibling) {
        const double low = e->model->low[child];
        if (!f->plays[c])
            continue;
        parts->part[c] = f->parts[c];
        draw_line(parts, c, f->a[c], !beyond ? f->zeros[c] : low == low ? low : f->a[c]);
        parts->part[c] += parts->share[c] * nothing;
        parts->fixed[c] += parts->share[c] * nothing;
        parts->error[c] = f->errors[c];
    }
    return status;
}

smr_status smri_explain_node(const smri_explainer *e, uint32_t node, const smri_side *side, smri_parts *parts,
                             smr_error *error)
{
    const double score = side->scores[node];
    const smri_node *nodes = e->framework->nodes;
    family f;
    if (!make_family(e, node, &f) || !smri_parts_new(e->arena, f.count, parts))
        return smri_fail_memory(error);
    find_children(e, node, side->scores, f.a);
    uint32_t place = 0, players = 0;
    for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling, place++) {
        parts->here[place] = f.a[place] == f.a[place];
        f.plays[place] = parts->here[place] && e->model->weights[child] > 0 && f.zeros[place] == f.zeros[place];
        players += f.plays[place];
    }
    share_weights(e, node, f.plays, parts->share);
    bool defined = true;
    smr_status status = SMR_OK;
    if (has_own_weights(e->model, node)) {
        status = explain_doubt(e, node, side, &f, parts, &defined, error);
    } else if (is_additive(e->model, node)) {
        for (uint32_t c = 0; c < f.count; c++) {
            parts->slope[c] = parts->share[c];
            parts->part[c] = f.plays[c] ? parts->share[c] * f.a[c] : 0;
        }
    } else if (f.all_needed) {
        for (uint32_t c = 0; c < f.count; c++) {
            parts->part[c] = f.plays[c] ? score / players : 0;
            draw_line(parts, c, f.a[c], 0);
        }
    } else {
        status = explain_game(e, node, side, &f, parts, &defined, error);
    }
    for (uint32_t c = 0; status == SMR_OK && !defined && c < f.count; c++) {
        parts->slope[c] = 0;
        parts->fixed[c] = parts->part[c] = parts->share[c] * score;
    }
    return status;
}

/* ---- the parts of a difference ---- */

/* A child that one region lacks stands at that region's score of the node: to leave it out is just that. */
static void differ_additively(double a, double b, const family *f, smri_parts *parts)
{
    for (uint32_t c = 0; c < f->count; c++) {
        const bool in_a = f->a[c] == f->a[c], in_b = f->b[c] == f->b[c];
        if (!f->plays[c])
            continue;
        parts->slope[c] = in_a ? parts->share[c] : 0;
        parts->other[c] = in_b ? parts->share[c] : 0;
        parts->fixed[c] = parts->share[c] * ((in_a ? 0 : a) - (in_b ? 0 : b));
        parts->part[c] = parts->share[c] * ((in_a ? f->a[c] : a) - (in_b ? f->b[c] : b));
    }
}

static void differ_by_game(const family *f, smri_parts *parts)
{
    for (uint32_t c = 0; c < f->count; c++) {
        const bool in_a = f->a[c] == f->a[c], in_b = f->b[c] == f->b[c];
        if (!f->plays[c])
            continue;
        parts->error[c] = f->errors[c];
        parts->part[c] = f->parts[c];
        draw_line(parts, c, in_a ? f->a[c] : f->b[c], in_a && in_b ? f->b[c] : f->zeros[c]);
        if (in_a && in_b) {
            parts->fixed[c] = parts->slope[c] == 0 ? parts->part[c] : 0;
            parts->other[c] = parts->slope[c];
        } else if (in_b) {
            parts->other[c] = 0 - parts->slope[c];
            parts->slope[c] = 0;
        }
    }
}

smr_status smri_explain_difference(const smri_explainer *e, uint32_t node, const smri_side *a, const smri_side *b,
                                   smri_parts *parts, bool *defined, smr_error *error)
{
    const smri_node *nodes = e->framework->nodes;
    family f;
    *defined = false;
    if (smri_is_whole(e->model, node))
        return SMR_OK;
    bool *moves = smri_arena_calloc(e->arena, (size_t)nodes[node].child_count, sizeof *moves);
    if (!moves || !make_family(e, node, &f) || !smri_parts_new(e->arena, f.count, parts))
        return smri_fail_memory(error);
    find_children(e, node, a->scores, f.a);
    find_children(e, node, b->scores, f.b);
    uint32_t place = 0, moving = 0;
    for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling, place++) {
        parts->here[place] = f.a[place] == f.a[place] || f.b[place] == f.b[place];
        f.plays[place] = parts->here[place] && e->model->weights[child] > 0 && f.zeros[place] == f.zeros[place];
        moves[place] = f.plays[place] && f.a[place] != f.b[place];
        moving += moves[place];
    }
    share_weights(e, node, f.plays, parts->share);
    if (is_additive(e->model, node)) {
        differ_additively(a->scores[node], b->scores[node], &f, parts);
        *defined = true;
        return SMR_OK;
    }
    *defined = moving == 0;         /* alike in everything: all parts are 0 */
    double nothing;
    const smr_status status = moving ? play(e, node, a->row, &f, f.a, f.b, moves, &nothing, defined, error) : SMR_OK;
    if (*defined && moving)
        differ_by_game(&f, parts);
    return status;
}
