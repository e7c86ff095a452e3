/* SPDX-License-Identifier: MIT */
/* Weights of siblings, relative to one another. */
#include "method/method_impl.h"

smr_status smri_weights_framework(const smri_choice *choice, const smr_framework *framework, uint32_t node,
                                  double *weights, smr_error *error)
{
    (void)choice;
    (void)error;
    for (int32_t child = framework->nodes[node].first_child; child >= 0; child = framework->nodes[child].next_sibling) {
        *weights++ = framework->nodes[child].weight;
    }
    return SMR_OK;
}

smr_status smri_weights_equal(const smri_choice *choice, const smr_framework *framework, uint32_t node,
                              double *weights, smr_error *error)
{
    (void)choice;
    (void)error;
    for (int32_t child = framework->nodes[node].first_child; child >= 0; child = framework->nodes[child].next_sibling) {
        *weights++ = 1;
    }
    return SMR_OK;
}

smr_status smri_weights_equal_leaf(const smri_choice *choice, const smr_framework *framework, uint32_t node,
                                   double *weights, smr_error *error)
{
    (void)choice;
    (void)error;
    for (int32_t child = framework->nodes[node].first_child; child >= 0; child = framework->nodes[child].next_sibling) {
        double leaves = 0;
        for (int32_t i = child; i < framework->nodes[child].end; i++) {
            leaves += framework->nodes[i].indicator >= 0;
        }
        *weights++ = leaves;
    }
    return SMR_OK;
}

/* ---- given by id ---- */

static const smri_place values_place = {.subject = "weights.values"};

const smri_value *smri_entry_of_node(const smri_value *values, const smr_framework *framework, int32_t child)
{
    const smri_value *found = smri_value_get(values, framework->nodes[child].id);
    for (const smri_value *entry = values->first; found == NULL && entry != NULL; entry = entry->next) {
        if (smr_framework_find(framework, entry->key) == child) {
            found = entry;
        }
    }
    return found;
}

static smr_status check_weight(const smri_value *entry, const char *id, smr_error *error)
{
    static const char *const kinds[] = {"null", "a truth value", "a number", "a text", "a list", "an object"};
    if (entry->type == SMRI_NUMBER && entry->number >= 0 && entry->number <= DBL_MAX) {
        return SMR_OK;
    }
    char number[SMRI_NUMBER_SIZE];
    smri_number_write(number, entry->number);
    const char *found = entry->type == SMRI_NUMBER ? number : kinds[entry->type];
    return smri_fail(error, SMR_MESSAGE_WEIGHT_WRONG, &values_place, id, found);
}

smr_status smri_weights_given(const smri_choice *choice, const smr_framework *framework, uint32_t node,
                              double *weights, smr_error *error)
{
    const smri_value *values = smri_setting_of(choice, "values")->value;
    const char *parent = framework->nodes[node].id;
    if (values == NULL || values->type != SMRI_OBJECT) {
        return smri_fail_plain(error, SMR_MESSAGE_WEIGHTS_NOT_OBJECT, &values_place);
    }
    bool all_zero = true;
    for (int32_t child = framework->nodes[node].first_child; child >= 0; child = framework->nodes[child].next_sibling) {
        const char *id = framework->nodes[child].id;
        const smri_value *entry = smri_entry_of_node(values, framework, child);
        if (entry == NULL) {
            return smri_fail(error, SMR_MESSAGE_WEIGHT_MISSING, &values_place, id, parent);
        }
        const smr_status status = check_weight(entry, id, error);
        if (status != SMR_OK) {
            return status;
        }
        all_zero = all_zero && entry->number == 0;
        *weights++ = entry->number;
    }
    return all_zero ? smri_fail(error, SMR_MESSAGE_WEIGHTS_ZERO, &values_place, parent) : SMR_OK;
}
