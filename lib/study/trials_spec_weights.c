/* SPDX-License-Identifier: MIT */
/* A factor on weights: which of them vary, and by which distribution. */

#include "study/trials_impl.h"

/* A number for all, or an object of numbers by id. */
static smr_status read_bounds(const smri_spec_reader *r, const char *key, double otherwise, double *bounds)
{
    static const char expected[] = "a share from 0 to 1, or an object of shares by id";
    const smri_value *value = smri_value_get(r->object, key);
    const uint32_t count = r->trials->framework->node_count;
    const bool one = value && value->type == SMRI_NUMBER;
    for (uint32_t node = 0; node < count; node++)
        bounds[node] = one ? value->number : otherwise;
    if (one && !(value->number >= 0 && value->number <= 1))
        return smri_spec_fail_value(r, key, value, expected);
    if (!value || value->type == SMRI_NULL || one)
        return SMR_OK;
    if (value->type != SMRI_OBJECT)
        return smri_spec_fail_value(r, key, value, expected);
    for (const smri_value *member = value->first; member; member = member->next) {
        uint32_t node = 0;
        if (member->type != SMRI_NUMBER || !(member->number >= 0 && member->number <= 1))
            return smri_spec_fail_value(r, key, member, expected);
        smr_status status = smri_spec_node(r, key, member->key, "node", &node);
        if (status != SMR_OK)
            return status;
        bounds[node] = member->number;
    }
    return SMR_OK;
}

/* A list of ids, most important first; ids in a list of their own share a place. */
static smr_status read_order(const smri_spec_reader *r, uint32_t *place)
{
    static const char expected[] = "a list of ids, or of lists of ids, most important first";
    const smri_value *order = smri_value_get(r->object, "order");
    if (order->type != SMRI_ARRAY || order->count == 0)
        return smri_spec_fail_value(r, "order", order, expected);
    uint32_t number = 0;
    for (const smri_value *member = order->first; member; member = member->next, number++) {
        const bool many = member->type == SMRI_ARRAY;
        for (const smri_value *one = many ? member->first : member; one; one = many ? one->next : NULL) {
            uint32_t node = 0;
            if (one->type != SMRI_TEXT)
                return smri_spec_fail_value(r, "order", one, expected);
            smr_status status = smri_spec_node(r, "order", one->text, "node", &node);
            if (status != SMR_OK)
                return status;
            place[node] = number;
        }
    }
    return SMR_OK;
}

/* Without an order in the spec: that of the given weights. Of siblings, or of leaves by their weight in the index. */
static void order_by_weight(const smri_spec_reader *r, uint32_t *place)
{
    const smr_framework *framework = r->trials->framework;
    const smr_model *model = r->trials->model;
    for (uint32_t node = 1; node < framework->node_count; node++) {
        place[node] = 0;
        for (uint32_t other = 1; other < framework->node_count; other++) {
            const bool together = r->factor->leaf_level
                                      ? framework->nodes[node].indicator >= 0 && framework->nodes[other].indicator >= 0
                                      : framework->nodes[node].parent == framework->nodes[other].parent;
            const double *weights = r->factor->leaf_level ? model->effective : model->shares;
            place[node] += together && weights[other] > weights[node];
        }
    }
}

smr_status smri_spec_weights(smri_spec_reader *r)
{
    static const char *const keys[] = {"id",    "vary",  "distribution", "level", "nodes", "percent", "concentration",
                                       "order", "low",   "high",         NULL};
    smri_factor *f = r->factor;
    const uint32_t nodes = r->trials->framework->node_count;
    int distribution = -1, level = 0;
    smr_status status = smri_spec_check_keys(r, r->object, keys);
    if (status == SMR_OK)
        status = smri_spec_word(r, "distribution", "noise|uniform|dirichlet|ordered|box", &distribution);
    if (status == SMR_OK && distribution < 0)
        status = smri_spec_fail_value(r, "distribution", NULL, "one of noise|uniform|dirichlet|ordered|box");
    if (status == SMR_OK)
        status = smri_spec_word(r, "level", "family|leaf", &level);
    if (status != SMR_OK)
        return status;
    f->distribution = (smri_distribution)distribution;
    f->leaf_level = level == 1;
    static const struct {
        const char *key;
        smri_distribution of;
    } own[] = {{"percent", SMRI_WEIGHTS_NOISE},
               {"concentration", SMRI_WEIGHTS_DIRICHLET},
               {"order", SMRI_WEIGHTS_ORDERED},
               {"low", SMRI_WEIGHTS_BOX},
               {"high", SMRI_WEIGHTS_BOX}};
    for (size_t i = 0; i < SMRI_COUNT(own); i++) {
        const smri_value *value = smri_value_get(r->object, own[i].key);
        if (value && value->type != SMRI_NULL && f->distribution != own[i].of)
            return smri_spec_fail_value(r, own[i].key, value, "no such key beside this distribution");
    }
    uint8_t *families = smri_spec_by_node(r, 1);
    if (!families)
        return smri_fail_memory(r->error);
    f->families = families;
    bool given = false;
    status = smri_spec_ids(r, "nodes", "node with children", families, &given);
    if (status == SMR_OK && given && f->leaf_level)
        status = smri_spec_fail_value(r, "nodes", smri_value_get(r->object, "nodes"), "no such key beside the level \"leaf\"");
    for (uint32_t node = 0; node < nodes; node++)
        if (!given)
            families[node] = r->trials->framework->nodes[node].indicator < 0;
    if (status == SMR_OK && f->distribution == SMRI_WEIGHTS_NOISE) {
        f->amount = 25;
        status = smri_spec_number(r, "percent", 0, 100, true, "a number from 0 to 100", &f->amount);
        f->amount /= 100;
    }
    if (status == SMR_OK && f->distribution == SMRI_WEIGHTS_DIRICHLET) {
        if (!smri_value_get(r->object, "concentration"))
            return smri_spec_fail_value(r, "concentration", NULL, "a number above 0");
        status = smri_spec_number(r, "concentration", 0, 1e9, false, "a number above 0, up to 1e9", &f->amount);
    }
    if (status == SMR_OK && f->distribution == SMRI_WEIGHTS_ORDERED) {
        uint32_t *place = smri_spec_by_node(r, sizeof *place);
        if (!place)
            return smri_fail_memory(r->error);
        for (uint32_t node = 0; node < nodes; node++)
            place[node] = SMRI_NONE;
        f->place = place;
        const smri_value *order = smri_value_get(r->object, "order");
        if (order && order->type != SMRI_NULL)
            status = read_order(r, place);
        else
            order_by_weight(r, place);
    }
    if (status == SMR_OK && f->distribution == SMRI_WEIGHTS_BOX) {
        double *low = smri_spec_by_node(r, sizeof *low), *high = smri_spec_by_node(r, sizeof *high);
        if (!low || !high)
            return smri_fail_memory(r->error);
        f->low = low;
        f->high = high;
        status = read_bounds(r, "low", 0, low);
        if (status == SMR_OK)
            status = read_bounds(r, "high", 1, high);
    }
    return status;
}
