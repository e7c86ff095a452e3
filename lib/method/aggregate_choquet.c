/* SPDX-License-Identifier: MIT */
/* The Choquet integral for a 2-additive capacity: children may count for more together than each alone (interaction
 * above 0), or repeat one another (below 0). Its Shapley values and interactions stand in the plan, by id. */
#include "method/method_impl.h"

/* Sums of numbers such as 0.1 need not meet 1 to the last bit. */
#define SLACK 1e-9

static double number_of(const smri_value *value)
{
    return value != NULL && value->type == SMRI_NUMBER ? value->number : 0;
}

/* The interaction of two children, whichever stands first; 0 when the plan gives none. */
static double interaction_of(const smri_choice *choice, const smr_framework *framework, int32_t a, int32_t b)
{
    const smri_setting *table = smri_setting_of(choice, "interaction");
    if (!table->given) {
        return 0;
    }
    const smri_value *of_a = smri_entry_of_node(table->value, framework, a);
    const smri_value *of_b = smri_entry_of_node(table->value, framework, b);
    const smri_value *pair = of_a ? smri_entry_of_node(of_a, framework, b) : NULL;
    return number_of(pair || !of_b ? pair : smri_entry_of_node(of_b, framework, a));
}

/* Both sums are over the children present; dividing by the Shapley values that are present keeps the result between
 * the least and the greatest of them. */
void smri_aggregate_choquet(const smri_choice *choice, const smri_children *children, double *out, uint8_t *statuses)
{
    (void)statuses;
    const smr_framework *framework = children->framework;
    const smri_value *shapley = smri_setting_of(choice, "shapley")->value;
    double *sum = children->scratch, *present = children->scratch + children->n;
    for (size_t i = 0; i < children->n; i++) {
        sum[i] = present[i] = 0;
    }
    int32_t a = framework->nodes[children->node].first_child;
    for (uint32_t c = 0; c < children->count; c++, a = framework->nodes[a].next_sibling) {
        const double value = number_of(smri_entry_of_node(shapley, framework, a));
        const double *y = children->scores[c];
        if (!(children->weights[c] > 0)) {
            continue;
        }
        children->kernels->weighted_add(y, children->n, value, sum, present);
        int32_t b = framework->nodes[a].next_sibling;
        for (uint32_t d = c + 1; d < children->count; d++, b = framework->nodes[b].next_sibling) {
            const double half = 0.5 * interaction_of(choice, framework, a, b);
            const double *other = children->scores[d];
            for (size_t i = 0; half != 0 && children->weights[d] > 0 && i < children->n; i++) {
                const double distance = fabs(y[i] - other[i]);
                sum[i] -= distance == distance ? half * distance : 0;
            }
        }
    }
    for (size_t i = 0; i < children->n; i++) {
        out[i] = present[i] > 0 ? sum[i] / present[i] + 0.0 : NAN;
    }
}

/* ---- what the plan gives must be a capacity ---- */

static smr_status fail(const smri_choice *choice, const smr_framework *framework, uint32_t node, const char *option,
                       const char *before, const char *id, const char *after, smr_error *error)
{
    char expected[200];
    smri_text_cut(expected, sizeof expected, before);
    smri_text_cut(expected + strlen(expected), sizeof expected - strlen(expected), id);
    smri_text_cut(expected + strlen(expected), sizeof expected - strlen(expected), after);
    const smri_place place = {.source = framework->source_name, .subject = framework->nodes[node].id};
    return smri_fail(error, SMR_MESSAGE_OPTION_WRONG, &place, option, choice->method->name, framework->nodes[node].id,
                     expected);
}

static smr_status check_pair(const smri_choice *choice, const smr_framework *framework, uint32_t node,
                             const smri_value *row, const smri_value *member, smr_error *error)
{
    const smri_value *table = smri_setting_of(choice, "interaction")->value;
    const int64_t a = smr_framework_find(framework, row->key), b = smr_framework_find(framework, member->key);
    if (a < 0 || b < 0 || a == b || framework->nodes[a].parent != framework->nodes[b].parent) {
        return fail(choice, framework, node, "interaction", "two children of one node, not \"", row->key,
                    "\" and another", error);
    }
    if (member->type != SMRI_NUMBER || !(fabs(member->number) <= DBL_MAX)) {
        return fail(choice, framework, node, "interaction", "numbers for \"", row->key, "\"", error);
    }
    const smri_value *mirror = smri_entry_of_node(table, framework, (int32_t)b);
    if (mirror && mirror != row && smri_entry_of_node(mirror, framework, (int32_t)a)) {
        return fail(choice, framework, node, "interaction", "each pair once, not twice as with \"", row->key, "\"",
                    error);
    }
    return SMR_OK;
}

static smr_status check_interactions(const smri_choice *choice, const smr_framework *framework, uint32_t node,
                                     smr_error *error)
{
    const smri_setting *table = smri_setting_of(choice, "interaction");
    if (!table->given) {
        return SMR_OK;
    }
    if (table->value->type != SMRI_OBJECT) {
        return fail(choice, framework, node, "interaction", "{id: {id: number, ...}, ...}", "", "", error);
    }
    for (const smri_value *row = table->value->first; row != NULL; row = row->next) {
        if (row->type != SMRI_OBJECT) {
            return fail(choice, framework, node, "interaction", "{id: number, ...} for \"", row->key, "\"", error);
        }
        for (const smri_value *member = row->first; member != NULL; member = member->next) {
            const smr_status status = check_pair(choice, framework, node, row, member, error);
            if (status != SMR_OK) {
                return status;
            }
        }
    }
    return SMR_OK;
}

/* More of any child must never score less: that is what the bound on the interactions says. */
smr_status smri_check_choquet(const smri_choice *choice, const smr_framework *framework, uint32_t node,
                              smr_error *error)
{
    const smri_value *shapley = smri_setting_of(choice, "shapley")->value;
    if (shapley->type != SMRI_OBJECT) {
        return fail(choice, framework, node, "shapley", "{id: number, ...}", "", "", error);
    }
    smr_status status = check_interactions(choice, framework, node, error);
    double sum = 0;
    for (int32_t a = framework->nodes[node].first_child; status == SMR_OK && a >= 0;
         a = framework->nodes[a].next_sibling) {
        const char *id = framework->nodes[a].id;
        const smri_value *value = smri_entry_of_node(shapley, framework, a);
        if (value == NULL || value->type != SMRI_NUMBER || !(value->number >= 0)) {
            return fail(choice, framework, node, "shapley", "a number, 0 or more, for \"", id, "\"", error);
        }
        double interactions = 0;
        for (int32_t b = framework->nodes[node].first_child; b >= 0; b = framework->nodes[b].next_sibling) {
            interactions += a == b ? 0 : fabs(interaction_of(choice, framework, a, b));
        }
        if (value->number < 0.5 * interactions - SLACK) {
            return fail(choice, framework, node, "shapley", "at least half the sum of its interactions for \"", id,
                        "\", else more of it could score less", error);
        }
        sum += value->number;
    }
    if (status == SMR_OK && !(fabs(sum - 1) <= SLACK)) {
        char found[SMRI_NUMBER_SIZE];
        smri_number_write(found, sum);
        return fail(choice, framework, node, "shapley", "values whose sum is 1, not ", found, "", error);
    }
    return status;
}
