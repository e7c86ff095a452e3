/* SPDX-License-Identifier: MIT */
/* Normalisers that sort values into a few classes. */
#include "method/method_impl.h"

/* ---- categorical ---- */

/* Hundredths of the regions, and the marks of the classes between them: OECD and JRC handbook. */
static const double handbook_cuts[] = {5, 15, 35, 65, 85, 95};
static const double handbook_marks[] = {0, 20, 40, 50, 60, 80, 100};

static double mark_of(const smri_choice *choice, size_t place)
{
    const smri_setting *marks = smri_setting_of(choice, "marks");
    if (!marks->given) {
        return handbook_marks[place];
    }
    const smri_value *mark = marks->value->first;
    while (place-- > 0) {
        mark = mark->next;
    }
    return mark->number;
}

/* A value on a cut belongs to the worse class. */
static size_t class_by_rank(const smri_fitted *fitted, double x)
{
    const double hundred_ranks = 100 * smri_rank_among(fitted, x), n = (double)fitted->count;
    size_t place = 0;
    while (place < SMRI_COUNT(handbook_cuts) && hundred_ranks > handbook_cuts[place] * n) {
        place++;
    }
    return place;
}

/* Cuts lie on the scale of u, which is x, or -x where the method sees the sign turned. */
static size_t class_by_cuts(const smri_value *cuts, const smri_scale *scale, double x)
{
    const bool turned = scale->direction != SMR_DIRECTION_HIGHER;
    size_t place = 0;
    for (const smri_value *member = cuts->first; member != NULL; member = member->next) {
        const bool distance = scale->direction == SMR_DIRECTION_TARGET;
        const double cut = distance ? member->number : smri_transform_one(scale->transform, member->number);
        place += turned ? 0.0 - x < cut : x > cut;
    }
    return place;
}

bool smri_categorical_fit(const smri_choice *choice, const smri_sample *sample, const smri_scale *scale,
                          smri_arena *arena, smri_fitted *fitted)
{
    if (smri_setting_of(choice, "cuts")->given) {
        return smri_fitted_set(arena, fitted, NULL, 0);
    }
    return smri_normalise_sorted_fit(choice, sample, scale, arena, fitted);
}

void smri_categorical(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale, const double *x,
                      double *y, uint8_t *statuses, size_t n)
{
    const smri_setting *cuts = smri_setting_of(choice, "cuts");
    if (!cuts->given && fitted->count == 0) {
        smri_normalise_fill(x, y, statuses, n, NAN, SMR_CELL_CONSTANT);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (x[i] != x[i]) {
            y[i] = NAN;
            continue;
        }
        y[i] = mark_of(choice, cuts->given ? class_by_cuts(cuts->value, scale, x[i]) : class_by_rank(fitted, x[i]));
    }
}

bool smri_categorical_range(const smri_choice *choice, double *low, double *high)
{
    const smri_setting *cuts = smri_setting_of(choice, "cuts");
    *low = mark_of(choice, 0);
    *high = mark_of(choice, cuts->given ? cuts->value->count : SMRI_COUNT(handbook_cuts));
    return *low < *high;
}

/* Numbers that rise (strictly or not); NULL: they do, else what was expected. */
static const char *check_rising(const smri_value *list, bool strictly)
{
    double last = -INFINITY;
    if (list->type != SMRI_ARRAY || list->count == 0) {
        return "a list of numbers";
    }
    for (const smri_value *member = list->first; member != NULL; member = member->next) {
        if (member->type != SMRI_NUMBER) {
            return "a list of numbers";
        }
        if (strictly ? member->number <= last : member->number < last) {
            return strictly ? "numbers that rise" : "numbers that do not fall, from the worst class to the best";
        }
        last = member->number;
    }
    return NULL;
}

smr_status smri_check_categorical(const smri_choice *choice, const smr_framework *framework, uint32_t node,
                                  smr_error *error)
{
    const smri_place place = {.source = framework->source_name, .subject = framework->nodes[node].id};
    const smri_setting *cuts = smri_setting_of(choice, "cuts"), *marks = smri_setting_of(choice, "marks");
    const char *wrong_cuts = cuts->given ? check_rising(cuts->value, true) : NULL;
    const char *wrong_marks = marks->given ? check_rising(marks->value, false) : NULL;
    if (wrong_cuts != NULL || wrong_marks != NULL) {
        return smri_fail(error, SMR_MESSAGE_OPTION_WRONG, &place, wrong_cuts ? "cuts" : "marks",
                         choice->method->name, framework->nodes[node].id, wrong_cuts ? wrong_cuts : wrong_marks);
    }
    const size_t cut_count = cuts->given ? cuts->value->count : SMRI_COUNT(handbook_cuts);
    const size_t mark_count = marks->given ? marks->value->count : SMRI_COUNT(handbook_marks);
    if (mark_count == cut_count + 1) {
        return SMR_OK;
    }
    char text[SMRI_INTEGER_SIZE + 24] = "one mark a class: ";
    smri_text_integer(text + strlen(text), cut_count + 1);
    return smri_fail(error, SMR_MESSAGE_OPTION_WRONG, &place, "marks", choice->method->name,
                     framework->nodes[node].id, text);
}

/* ---- above_below_mean ---- */

bool smri_above_below_mean_fit(const smri_choice *choice, const smri_sample *sample, const smri_scale *scale,
                               smri_arena *arena, smri_fitted *fitted)
{
    (void)choice;
    (void)scale;
    return smri_fitted_set(arena, fitted, &sample->summary.mean, sample->summary.count > 0 ? 1 : 0);
}

void smri_above_below_mean(const smri_choice *choice, const smri_fitted *fitted, const smri_scale *scale,
                           const double *x, double *y, uint8_t *statuses, size_t n)
{
    const double p = smri_setting_of(choice, "p")->number, sign = smri_direction_sign(scale);
    const double mean = fitted->count >= 1 ? fitted->numbers[0] : NAN;
    if (!(sign * mean > 0 && fabs(mean) <= DBL_MAX)) {
        smri_normalise_fill(x, y, statuses, n, NAN, SMR_CELL_OUT_OF_DOMAIN);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const double ratio = x[i] / mean;
        const double mark = ratio > 1 + p ? sign : ratio < 1 - p ? -sign : 0;
        y[i] = x[i] == x[i] ? mark : NAN;
    }
}

bool smri_range_marks(const smri_choice *choice, double *low, double *high)
{
    (void)choice;
    *low = -1;
    *high = 1;
    return true;
}
