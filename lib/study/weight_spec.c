/* SPDX-License-Identifier: MIT */
/* Which weights are meant: the factor "weights" of a specification, read from plain data. */

#include "study/bounds_impl.h"

static const struct {
    const char *name;
    smri_weight_kind kind;
} distributions[] = {
    {"uniform", SMRI_WEIGHTS_UNIFORM}, {"dirichlet", SMRI_WEIGHTS_UNIFORM}, {"noise", SMRI_WEIGHTS_NOISE},
    {"ordered", SMRI_WEIGHTS_ORDERED}, {"box", SMRI_WEIGHTS_BOX},
};

static const char *const keys[] = {"id",            "vary", "distribution", "level", "percent",
                                   "concentration", "low",  "high",         "description"};

static smr_status fail(const char *source_name, const char *key, const char *found, const char *expected,
                       smr_error *error)
{
    const smri_place place = {.source = source_name, .subject = key};
    return smri_fail(error, SMR_MESSAGE_WEIGHT_SPEC_WRONG, &place, key, found, expected);
}

static void describe(const smri_value *value, char out[SMRI_PLAN_TEXT])
{
    if (value->type == SMRI_TEXT) {
        smri_text_cut(out, SMRI_PLAN_TEXT, value->text);
    } else if (value->type == SMRI_NUMBER) {
        char number[SMRI_NUMBER_SIZE];
        smri_number_write(number, value->number);
        smri_text_cut(out, SMRI_PLAN_TEXT, number);
    } else {
        smri_text_cut(out, SMRI_PLAN_TEXT,
                      value->type == SMRI_ARRAY    ? "a list"
                      : value->type == SMRI_OBJECT ? "an object"
                      : value->type == SMRI_NULL   ? "null"
                                                   : "true or false");
    }
}

/* A number from `least` to `most`; a key that is not given leaves the default. */
static smr_status read_number(const smri_value *factor, const char *source_name, const char *key, double least,
                              double most, const char *expected, double *number, smr_error *error)
{
    const smri_value *value = smri_value_get(factor, key);
    if (!value)
        return SMR_OK;
    if (value->type == SMRI_NUMBER && value->number >= least && value->number <= most) {
        *number = value->number;
        return SMR_OK;
    }
    char found[SMRI_PLAN_TEXT];
    describe(value, found);
    return fail(source_name, key, found, expected, error);
}

static smr_status read_distribution(const smri_value *factor, const char *source_name, smri_weight_spec *spec,
                                    smr_error *error)
{
    const smri_value *value = smri_value_get(factor, "distribution");
    for (size_t i = 0; value && value->type == SMRI_TEXT && i < SMRI_COUNT(distributions); i++)
        if (strcmp(value->text, distributions[i].name) == 0) {
            spec->kind = distributions[i].kind;
            spec->distribution = distributions[i].name;
            return SMR_OK;
        }
    char found[SMRI_PLAN_TEXT] = "nothing";
    if (value)
        describe(value, found);
    return fail(source_name, "distribution", found, "uniform, dirichlet, noise, ordered or box", error);
}

static smr_status read_level(const smri_value *factor, const char *source_name, smri_weight_spec *spec,
                             smr_error *error)
{
    const smri_value *value = smri_value_get(factor, "level");
    if (!value)
        return SMR_OK;
    if (value->type == SMRI_TEXT && (strcmp(value->text, "leaf") == 0 || strcmp(value->text, "family") == 0)) {
        spec->by_leaf = value->text[0] == 'l';
        return SMR_OK;
    }
    char found[SMRI_PLAN_TEXT];
    describe(value, found);
    return fail(source_name, "level", found, "family or leaf", error);
}

static smr_status read_factor(const smri_value *factor, const char *source_name, smri_weight_spec *spec,
                              smr_error *error)
{
    for (const smri_value *member = factor->first; member; member = member->next) {
        bool known = false;
        for (size_t i = 0; i < SMRI_COUNT(keys); i++)
            known |= strcmp(member->key, keys[i]) == 0;
        if (!known) {
            char hint[SMRI_PLAN_TEXT];
            const smri_place place = {.source = source_name, .subject = member->key};
            smri_did_you_mean(hint, smri_text_nearest(member->key, keys, SMRI_COUNT(keys)));
            return smri_fail(error, SMR_MESSAGE_WEIGHT_SPEC_KEY, &place, member->key, hint);
        }
    }
    const smri_value *vary = smri_value_get(factor, "vary");
    if (vary && (vary->type != SMRI_TEXT || strcmp(vary->text, "weights") != 0)) {
        const smri_place place = {.source = source_name, .subject = "vary"};
        char found[SMRI_PLAN_TEXT];
        describe(vary, found);
        return smri_fail(error, SMR_MESSAGE_WEIGHT_SPEC_FACTOR, &place, found);
    }
    double concentration = 1;
    smr_status status = read_distribution(factor, source_name, spec, error);
    if (status == SMR_OK)
        status = read_level(factor, source_name, spec, error);
    if (status == SMR_OK)
        status = read_number(factor, source_name, "percent", 0, 100, "a number from 0 to 100", &spec->percent, error);
    if (status == SMR_OK)
        status = read_number(factor, source_name, "low", 0, 1, "a share from 0 to 1", &spec->low, error);
    if (status == SMR_OK)
        status = read_number(factor, source_name, "high", spec->low, 1, "a share from \"low\" to 1", &spec->high, error);
    if (status == SMR_OK)
        status = read_number(factor, source_name, "concentration", DBL_MIN, DBL_MAX, "a number above 0", &concentration,
                             error);
    return status;
}

smr_status smri_weight_spec_read(const smri_value *root, const char *source_name, smri_weight_spec *spec,
                                 smr_error *error)
{
    *spec = (smri_weight_spec){
        .kind = SMRI_WEIGHTS_NOISE, .distribution = "noise", .percent = 25, .low = 0, .high = 1};
    if (!root)
        return SMR_OK;
    if (root->type != SMRI_OBJECT) {
        char found[SMRI_PLAN_TEXT];
        describe(root, found);
        return fail(source_name, "weights", found, "an object", error);
    }
    const smri_value *factors = smri_value_get(root, "factors");
    if (!factors)
        return read_factor(root, source_name, spec, error);
    if (factors->type != SMRI_ARRAY || factors->count != 1 || factors->first->type != SMRI_OBJECT) {
        char found[SMRI_PLAN_TEXT];
        describe(factors, found);
        if (factors->type == SMRI_ARRAY) {
            char number[SMRI_INTEGER_SIZE];
            smri_text_cut(found, sizeof found, smri_text_integer(number, factors->count));
        }
        return fail(source_name, "factors", found, "one factor that varies weights", error);
    }
    return read_factor(factors->first, source_name, spec, error);
}
