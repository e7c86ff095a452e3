/* SPDX-License-Identifier: MIT */
/* The table of steps and the table of methods. The plan, the tool's `methods`, the documentation and the bindings read
 * nothing else: what stands here exists, and what exists stands here. */
#include "method/method_impl.h"

#include "method/catalogue_words.inc"

/* ---- steps ---- */

static const smri_parameter denominate_own[] = {
    {.name = "use", .type = SMRI_PARAMETER_BOOLEAN, .default_json = "true", YES_OR_NO,
     .summary = "divide the indicators that name a denominator"},
    {.name = "scale", .type = SMRI_PARAMETER_NUMBER, .default_json = "1", ABOVE_ZERO,
     .summary = "factor on the quotient, such as 1000 for per thousand"},
    END,
};

static const smri_parameter rollup_own[] = {
    {.name = "by", .type = SMRI_PARAMETER_TEXT, .default_json = "null",
     LEGAL("name of a numeric column, usually \"population\""),
     .summary = "weight column by which regions are rolled up into their parents; without it nothing is rolled up"},
    {.name = "keep", .type = SMRI_PARAMETER_CHOICE, .default_json = "\"roots\"", ONE_OF_2("roots", "all"),
     .summary = "regions that go on: those without a parent, or all"},
    END,
};

static const smri_parameter screen_own[] = {
    {.name = "by", .type = SMRI_PARAMETER_CHOICE, .default_json = "null", ONE_OF_2("data", "zeros"),
     .summary = "share of indicators present, or share of the present that are not zero; without it nothing is screened"},
    {.name = "min_share", .type = SMRI_PARAMETER_NUMBER, .default_json = "null", .least = 0, .greatest = 1,
     LEGAL("0 to 1"), .summary = "regions with a smaller share are dropped; by data 2/3, by zeros 0.05 unless given"},
    {.name = "force_include", .type = SMRI_PARAMETER_JSON, .default_json = "null", LEGAL("[region, ...]"),
     .summary = "regions that stay whatever their share"},
    {.name = "force_exclude", .type = SMRI_PARAMETER_JSON, .default_json = "null", LEGAL("[region, ...]"),
     .summary = "regions that are dropped whatever their share"},
    END,
};

static const smri_parameter normalise_own[] = {
    {.name = "per", .type = SMRI_PARAMETER_TEXT, .default_json = "\"all_periods\"",
     LEGAL("all_periods | period | a period"),
     .summary = "reference of the bounds: all periods together, each by itself, or one for all"},
    END,
};

static const smri_parameter missing_own[] = {
    {.name = "policy", .type = SMRI_PARAMETER_CHOICE, .default_json = "\"renormalise\"",
     ONE_OF_3("renormalise", "fail", "zero"),
     .summary = "a missing child: its weight goes to the others, the node is not computed, or it counts as 0"},
    {.name = "min_coverage", .type = SMRI_PARAMETER_NUMBER, .default_json = "0", .least = 0, .greatest = 1,
     LEGAL("0 to 1"),
     .summary = "a node with a smaller share of children that have a score is not computed"},
    {.name = "coverage_by", .type = SMRI_PARAMETER_CHOICE, .default_json = "\"weight\"", ONE_OF_2("weight", "count"),
     .summary = "the share is of the children's weight or of their number"},
    END,
};

static const smri_parameter rank_own[] = {
    {.name = "ties", .type = SMRI_PARAMETER_CHOICE, .default_json = "\"competition\"",
     ONE_OF_5("competition", "dense", "average", "first", "max"),
     .summary = "ranks of equal scores: 1224, 1223, 1 2.5 2.5 4, 1234 in input order, 1334"},
    {.name = "decimals", .type = SMRI_PARAMETER_INTEGER, .default_json = "null", .least = 0, .greatest = 15,
     LEGAL("0 to 15"),
     .summary = "scores are rounded to so many decimals for ranking only; without it they are not rounded"},
    {.name = "tolerance", .type = SMRI_PARAMETER_NUMBER, .default_json = "0", .least = 0, .greatest = DBL_MAX,
     LEGAL("0 or more"),
     .summary = "neighbours in the order that differ by no more than this share a rank"},
    END,
};

const smri_step_row smri_steps[SMRI_STEP_COUNT] = {
    [SMRI_STEP_DENOMINATE] = {"denominate", NULL, denominate_own, "indicators",
                               "sizes out of the comparison: x / denominator * scale"},
    [SMRI_STEP_ROLLUP] = {"rollup", NULL, rollup_own, NULL, "districts into provinces"},
    [SMRI_STEP_SCREEN] = {"screen", NULL, screen_own, NULL, "regions that have enough data"},
    [SMRI_STEP_IMPUTE] = {"impute", "none", none, "indicators", "values for cells that have none"},
    [SMRI_STEP_TREAT] = {"treat", "none", none, "indicators", "outliers"},
    [SMRI_STEP_NORMALISE] = {"normalise", "minmax", normalise_own, "indicators", "every indicator onto one scale"},
    [SMRI_STEP_WEIGHTS] = {"weights", "framework", none, "nodes", "weights of siblings"},
    [SMRI_STEP_AGGREGATE] = {"aggregate", "arithmetic", none, "nodes", "children into their parent"},
    [SMRI_STEP_MISSING] = {"missing", NULL, missing_own, NULL, "what a missing child does to its parent"},
    [SMRI_STEP_RANK] = {"rank", NULL, rank_own, NULL, "the order of the regions"},
};

/* ---- the tables of the steps, one after another ---- */

static const struct {
    const smri_method *rows;
    const size_t *count;
} tables[] = {
    {smri_methods_impute, &smri_methods_impute_count},
    {smri_methods_treat, &smri_methods_treat_count},
    {smri_methods_normalise, &smri_methods_normalise_count},
    {smri_methods_weights, &smri_methods_weights_count},
    {smri_methods_aggregate, &smri_methods_aggregate_count},
};

size_t smri_catalogue_count(void)
{
    size_t count = 0;
    for (size_t t = 0; t < SMRI_COUNT(tables); t++) {
        count += *tables[t].count;
    }
    return count;
}

const smri_method *smri_catalogue_at(size_t index)
{
    for (size_t t = 0; t < SMRI_COUNT(tables); t++) {
        if (index < *tables[t].count) {
            return &tables[t].rows[index];
        }
        index -= *tables[t].count;
    }
    return NULL;
}

/* ---- looking up ---- */

const smri_method *smri_method_find(smri_step step, const char *name)
{
    for (size_t i = 0; i < smri_catalogue_count(); i++) {
        if (smri_catalogue_at(i)->step == step && strcmp(smri_catalogue_at(i)->name, name) == 0) {
            return smri_catalogue_at(i);
        }
    }
    return NULL;
}

const char *smri_method_nearest(smri_step step, const char *name)
{
    const char *candidates[64];
    size_t count = 0;
    for (size_t i = 0; i < smri_catalogue_count(); i++) {
        if (smri_catalogue_at(i)->step == step) {
            candidates[count++] = smri_catalogue_at(i)->name;
        }
    }
    return count > 0 ? smri_text_nearest(name, candidates, count) : NULL;
}

bool smri_ranks_upward(const smri_choice *choice)
{
    return choice->method != NULL && (choice->method->flags & SMRI_METHOD_LOWER_IS_BETTER) &&
           smri_setting_of(choice, "reversed")->number == 0;
}

int smri_parameter_find(const smri_parameter *parameters, const char *name)
{
    for (int i = 0; parameters[i].name != NULL; i++) {
        if (strcmp(parameters[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}

size_t smri_parameter_count(const smri_parameter *parameters)
{
    size_t count = 0;
    while (parameters[count].name != NULL) {
        count++;
    }
    return count;
}

int smri_choice_find(const char *choices, const char *text)
{
    const size_t length = strlen(text);
    for (int place = 0;; place++) {
        const size_t width = strcspn(choices, "|");
        if (width == length && memcmp(choices, text, length) == 0) {
            return place;
        }
        if (choices[width] == '\0') {
            return -1;
        }
        choices += width + 1;
    }
}

const smri_setting *smri_setting_of(const smri_choice *choice, const char *name)
{
    static const smri_setting absent = {.given = false};
    const int index = smri_parameter_find(choice->method->parameters, name);
    return index >= 0 ? &choice->settings[index] : &absent;
}
