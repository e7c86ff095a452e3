/* SPDX-License-Identifier: MIT */
/* Which weights are meant: the factor "weights" of a specification, read from plain data. */

#include "study/bounds_impl.h"

typedef struct reader {
    smri_arena *arena;
    const smr_model *model;
    const char *source_name;
    const smri_value *factor;
    smri_weight_set *set;
    smr_error *error;
} reader;

static const struct {
    const char *name;
    smri_weight_kind kind;
} distributions[] = {
    {"uniform", SMRI_SET_ANY}, {"dirichlet", SMRI_SET_ANY}, {"noise", SMRI_SET_NOISE},
    {"ordered", SMRI_SET_ORDERED}, {"box", SMRI_SET_BOX},
};

static const char *const keys[] = {"id",            "vary",  "distribution", "level", "nodes", "percent",
                                   "concentration", "order", "low",          "high"};

static void describe(const smri_value *value, char out[SMRI_PLAN_TEXT])
{
    char number[SMRI_NUMBER_SIZE];
    const char *text = "an object";
    if (!value || value->type == SMRI_NULL) {
        text = "nothing";
    } else if (value->type == SMRI_TEXT) {
        text = value->text;
    } else if (value->type == SMRI_NUMBER) {
        smri_number_write(number, value->number);
        text = number;
    } else if (value->type == SMRI_ARRAY) {
        text = "a list";
    } else if (value->type == SMRI_BOOL) {
        text = value->number != 0 ? "true" : "false";
    }
    smri_text_cut(out, SMRI_PLAN_TEXT, text);
}

static smr_status fail_value(const reader *r, const char *key, const smri_value *value, const char *expected)
{
    const smri_place place = {.source = r->source_name, .subject = key};
    char found[SMRI_PLAN_TEXT];
    describe(value, found);
    return smri_fail(r->error, SMR_MESSAGE_WEIGHT_SET_WRONG, &place, key, found, expected);
}

static smr_status fail_name(const reader *r, int32_t code, const char *key, const char *name, const char *nearest)
{
    const smri_place place = {.source = r->source_name, .subject = key};
    char hint[SMRI_PLAN_TEXT];
    smri_did_you_mean(hint, nearest);
    return smri_fail(r->error, code, &place, name, hint);
}

/* A key that is given, and not as null. */
static const smri_value *given(const reader *r, const char *key)
{
    const smri_value *value = smri_value_get(r->factor, key);
    return value && value->type != SMRI_NULL ? value : NULL;
}

static smr_status find_node(const reader *r, const char *key, const char *id, uint32_t *node)
{
    const smr_framework *framework = r->model->framework;
    if (!smri_table_find_composed(&framework->ids, id, node))
        return smri_fail_memory(r->error);
    return *node != SMRI_NOT_FOUND
               ? SMR_OK
               : fail_name(r, SMR_MESSAGE_WEIGHT_SET_NODE, key, id,
                           smri_text_nearest(id, framework->ids.keys, framework->ids.count));
}

/* ---- keys of every distribution ---- */

static smr_status check_keys(const reader *r)
{
    for (const smri_value *member = r->factor->first; member; member = member->next) {
        bool known = false;
        for (size_t i = 0; i < SMRI_COUNT(keys); i++)
            known |= strcmp(member->key, keys[i]) == 0;
        if (!known)
            return fail_name(r, SMR_MESSAGE_WEIGHT_SET_KEY, member->key, member->key,
                             smri_text_nearest(member->key, keys, SMRI_COUNT(keys)));
    }
    const smri_value *vary = given(r, "vary");
    if (!vary || (vary->type == SMRI_TEXT && strcmp(vary->text, "weights") == 0))
        return SMR_OK;
    const smri_place place = {.source = r->source_name, .subject = "vary"};
    char found[SMRI_PLAN_TEXT];
    describe(vary, found);
    return smri_fail(r->error, SMR_MESSAGE_WEIGHT_SET_FACTOR, &place, found);
}

static smr_status read_distribution(const reader *r)
{
    const smri_value *value = given(r, "distribution");
    for (size_t i = 0; value && value->type == SMRI_TEXT && i < SMRI_COUNT(distributions); i++)
        if (strcmp(value->text, distributions[i].name) == 0) {
            r->set->kind = distributions[i].kind;
            r->set->distribution = distributions[i].name;
            return SMR_OK;
        }
    return fail_value(r, "distribution", value, "uniform, dirichlet, noise, ordered or box");
}

static smr_status read_level(const reader *r)
{
    const smri_value *level = given(r, "level");
    if (!level)
        return SMR_OK;
    if (level->type != SMRI_TEXT || (strcmp(level->text, "leaf") != 0 && strcmp(level->text, "family") != 0))
        return fail_value(r, "level", level, "family or leaf");
    r->set->leaf_level = level->text[0] == 'l';
    return SMR_OK;
}

/* The families that vary, by their parents. */
static smr_status read_nodes(const reader *r)
{
    const smri_value *list = given(r, "nodes");
    const smr_framework *framework = r->model->framework;
    static const char expected[] = "a list of ids of nodes with children, at the level \"family\"";
    if (!list)
        return SMR_OK;
    if (list->type != SMRI_ARRAY || list->count == 0 || r->set->leaf_level)
        return fail_value(r, "nodes", list, expected);
    memset(r->set->families, 0, framework->node_count);
    for (const smri_value *member = list->first; member; member = member->next) {
        uint32_t node = 0;
        if (member->type != SMRI_TEXT)
            return fail_value(r, "nodes", member, expected);
        const smr_status status = find_node(r, "nodes", member->text, &node);
        if (status != SMR_OK)
            return status;
        if (framework->nodes[node].indicator >= 0)
            return fail_value(r, "nodes", member, expected);
        r->set->families[node] = 1;
    }
    return SMR_OK;
}

static smr_status read_number(const reader *r, const char *key, double least, double most, const char *expected,
                              double *number)
{
    const smri_value *value = given(r, key);
    if (!value)
        return SMR_OK;
    if (value->type != SMRI_NUMBER || !(value->number >= least && value->number <= most))
        return fail_value(r, key, value, expected);
    *number = value->number;
    return SMR_OK;
}

/* ---- box ---- */

/* A share for all, or an object of shares by id. */
static smr_status read_bounds(const reader *r, const char *key, double otherwise, double **bounds)
{
    static const char expected[] = "a share from 0 to 1, or an object of shares by id";
    const smri_value *value = given(r, key);
    const uint32_t count = r->model->framework->node_count;
    const bool one = value && value->type == SMRI_NUMBER;
    *bounds = smri_arena_alloc(r->arena, count, sizeof **bounds);
    if (!*bounds)
        return smri_fail_memory(r->error);
    for (uint32_t node = 0; node < count; node++)
        (*bounds)[node] = one ? value->number : otherwise;
    if (!value)
        return SMR_OK;
    if (one ? !(value->number >= 0 && value->number <= 1) : value->type != SMRI_OBJECT)
        return fail_value(r, key, value, expected);
    for (const smri_value *member = one ? NULL : value->first; member; member = member->next) {
        uint32_t node = 0;
        if (member->type != SMRI_NUMBER || !(member->number >= 0 && member->number <= 1))
            return fail_value(r, key, member, expected);
        const smr_status status = find_node(r, key, member->key, &node);
        if (status != SMR_OK)
            return status;
        (*bounds)[node] = member->number;
    }
    return SMR_OK;
}

/* ---- ordered ---- */

static smr_status read_place(const reader *r, const smri_value *one, uint32_t number)
{
    uint32_t node = 0;
    if (one->type != SMRI_TEXT)
        return fail_value(r, "order", one, "a list of ids, or of lists of ids, most important first");
    const smr_status status = find_node(r, "order", one->text, &node);
    if (status == SMR_OK)
        r->set->place[node] = number;
    return status;
}

static smr_status read_list(const reader *r, const smri_value *order)
{
    if (order->type != SMRI_ARRAY || order->count == 0)
        return fail_value(r, "order", order, "a list of ids, or of lists of ids, most important first");
    uint32_t number = 0;
    smr_status status = SMR_OK;
    for (const smri_value *member = order->first; status == SMR_OK && member; member = member->next, number++) {
        if (member->type != SMRI_ARRAY)
            status = read_place(r, member, number);
        else
            for (const smri_value *one = member->first; status == SMR_OK && one; one = one->next)
                status = read_place(r, one, number);
    }
    return status;
}

/* Without a list: the order of the model's weights, those of siblings or those of leaves in the index. */
static void order_by_weight(const reader *r)
{
    const smr_model *model = r->model;
    const smri_node *nodes = model->framework->nodes;
    const double *weights = r->set->leaf_level ? model->effective : model->shares;
    for (uint32_t node = 1; node < model->framework->node_count; node++) {
        r->set->place[node] = 0;
        for (uint32_t other = 1; other < model->framework->node_count; other++) {
            const bool together = r->set->leaf_level ? nodes[node].indicator >= 0 && nodes[other].indicator >= 0
                                                     : nodes[node].parent == nodes[other].parent;
            r->set->place[node] += together && weights[other] > weights[node];
        }
    }
}

/* A family none of whose members the list names keeps its weights. */
static void fix_unnamed(const reader *r)
{
    const smri_node *nodes = r->model->framework->nodes;
    for (uint32_t node = 0; node < r->model->framework->node_count; node++) {
        bool named = false;
        for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling)
            named |= r->set->place[child] != SMRI_NONE;
        if (!named)
            r->set->families[node] = 0;
    }
}

static smr_status read_order(const reader *r)
{
    const smri_value *order = given(r, "order");
    const uint32_t count = r->model->framework->node_count;
    r->set->place = smri_arena_alloc(r->arena, count, sizeof *r->set->place);
    if (!r->set->place)
        return smri_fail_memory(r->error);
    for (uint32_t node = 0; node < count; node++)
        r->set->place[node] = SMRI_NONE;
    if (!order) {
        order_by_weight(r);
        return SMR_OK;
    }
    const smr_status status = read_list(r, order);
    fix_unnamed(r);
    return status;
}

/* ---- the factor ---- */

static smr_status check_own_keys(const reader *r)
{
    static const struct {
        const char *key, *distribution;
    } own[] = {{"percent", "noise"}, {"concentration", "dirichlet"}, {"order", "ordered"}, {"low", "box"}, {"high", "box"}};
    for (size_t i = 0; i < SMRI_COUNT(own); i++)
        if (given(r, own[i].key) && strcmp(r->set->distribution, own[i].distribution) != 0)
            return fail_value(r, own[i].key, given(r, own[i].key), "no such key beside this distribution");
    return SMR_OK;
}

static smr_status read_factor(const reader *r)
{
    double percent = 25, concentration = 1;
    smr_status status = check_keys(r);
    if (status == SMR_OK)
        status = read_distribution(r);
    if (status == SMR_OK)
        status = read_level(r);
    if (status == SMR_OK)
        status = check_own_keys(r);
    if (status == SMR_OK)
        status = read_nodes(r);
    if (status == SMR_OK)
        status = read_number(r, "percent", 0, 100, "a number from 0 to 100", &percent);
    if (status == SMR_OK)
        status = read_number(r, "concentration", DBL_MIN, 1e9, "a number above 0, up to 1e9", &concentration);
    r->set->amount = percent / 100;
    if (status == SMR_OK && r->set->kind == SMRI_SET_ORDERED)
        status = read_order(r);
    if (status == SMR_OK && r->set->kind == SMRI_SET_BOX)
        status = read_bounds(r, "low", 0, &r->set->low);
    if (status == SMR_OK && r->set->kind == SMRI_SET_BOX)
        status = read_bounds(r, "high", 1, &r->set->high);
    return status;
}

smr_status smri_weight_set_read(smri_arena *arena, const smr_model *model, const smri_value *root,
                                const char *source_name, smri_weight_set *set, smr_error *error)
{
    *set = (smri_weight_set){.kind = SMRI_SET_NOISE, .distribution = "noise", .amount = 0.25};
    reader r = {
        .arena = arena, .model = model, .source_name = source_name, .factor = root, .set = set, .error = error};
    set->families = smri_arena_alloc(arena, model->framework->node_count, 1);
    if (!set->families)
        return smri_fail_memory(error);
    memset(set->families, 1, model->framework->node_count);
    if (!root)
        return SMR_OK;
    if (root->type != SMRI_OBJECT)
        return fail_value(&r, "weights", root, "an object");
    const smri_value *factors = smri_value_get(root, "factors");
    if (!factors)
        return read_factor(&r);
    if (factors->type != SMRI_ARRAY || factors->count != 1 || factors->first->type != SMRI_OBJECT)
        return fail_value(&r, "factors", factors, "a list of one factor, which varies weights");
    r.factor = factors->first;
    return read_factor(&r);
}
