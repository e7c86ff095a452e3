/* SPDX-License-Identifier: MIT */
/* Aggregates that look at the order of a region's scores. Equal scores share their places, so that the order of the
 * children changes no bit. */
#include "method/method_impl.h"

/* Among the present children of a row: the score that follows `last` in the order (sign 1: upward, -1: downward), and
 * how many children have it; 0: there is none. */
static uint32_t next_score(const smri_children *children, size_t row, double sign, double last, double *score)
{
    uint32_t same = 0;
    for (uint32_t c = 0; c < children->count; c++) {
        const double y = children->scores[c][row];
        if (!(children->weights[c] > 0) || !(sign * y > sign * last)) {
            continue;
        }
        if (same == 0 || sign * y < sign * *score) {
            *score = y;
            same = 1;
        } else {
            same += y == *score;
        }
    }
    return same;
}

/* Mean of the k first in the order, or of all when there are fewer. */
static void mean_of_first(const smri_choice *choice, const smri_children *children, double sign, double *out)
{
    const double k = smri_setting_of(choice, "k")->number;
    for (size_t i = 0; i < children->n; i++) {
        double sum = 0, taken = 0, last = -sign * INFINITY;
        uint32_t same;
        while (taken < k && (same = next_score(children, i, sign, last, &last)) > 0) {
            const double places = SMRI_MIN((double)same, k - taken);
            sum += places * last;
            taken += places;
        }
        out[i] = taken > 0 ? sum / taken + 0.0 : NAN;
    }
}

void smri_aggregate_mean_of_worst(const smri_choice *choice, const smri_children *children, double *out,
                                  uint8_t *statuses)
{
    (void)statuses;
    mean_of_first(choice, children, 1, out);
}

void smri_aggregate_at_least_k(const smri_choice *choice, const smri_children *children, double *out,
                               uint8_t *statuses)
{
    (void)statuses;
    mean_of_first(choice, children, -1, out);
}

/* ---- owa ---- */

/* The list of weights as a step function: m places share it whatever its length, so that it serves families of any
 * size, and a missing child stretches it. Element a covers [a m, (a + 1) m], place j covers
 * [j length, (j + 1) length]. */
typedef struct owa_walk {
    const smri_value *element;
    uint64_t start, m;
} owa_walk;

static double weight_until(owa_walk *walk, uint64_t from, uint64_t to)
{
    double weight = 0;
    while (from < to) {
        const uint64_t end = SMRI_MIN(to, walk->start + walk->m);
        weight += walk->element->number * ((double)(end - from) / (double)walk->m);
        from = end;
        if (end == walk->start + walk->m) {
            walk->element = walk->element->next;
            walk->start = end;
        }
    }
    return weight;
}

static uint64_t count_present(const smri_children *children, size_t row)
{
    uint64_t present = 0;
    for (uint32_t c = 0; c < children->count; c++) {
        present += children->weights[c] > 0 && children->scores[c][row] == children->scores[c][row];
    }
    return present;
}

void smri_aggregate_owa(const smri_choice *choice, const smri_children *children, double *out, uint8_t *statuses)
{
    (void)statuses;
    const smri_value *list = smri_setting_of(choice, "weights")->value;
    for (size_t i = 0; i < children->n; i++) {
        owa_walk walk = {.element = list->first, .start = 0, .m = count_present(children, i)};
        double sum = 0, total = 0, last = INFINITY;
        uint64_t place = 0, same;
        while ((same = next_score(children, i, -1, last, &last)) > 0) {
            const double weight = weight_until(&walk, place * list->count, (place + same) * list->count);
            sum += weight * last;
            total += weight;
            place += same;
        }
        out[i] = total > 0 ? sum / total + 0.0 : NAN;
    }
}

smr_status smri_check_owa(const smri_choice *choice, const smr_framework *framework, uint32_t node, smr_error *error)
{
    const smri_value *list = smri_setting_of(choice, "weights")->value;
    const char *id = framework->nodes[node].id;
    const smri_place place = {.source = framework->source_name, .subject = id};
    double sum = 0;
    bool fine = list->type == SMRI_ARRAY;
    for (const smri_value *member = list->first; member != NULL; member = member->next) {
        fine = fine && member->type == SMRI_NUMBER && member->number >= 0;
        sum += member->number;
    }
    return fine && sum > 0 && sum <= DBL_MAX
               ? SMR_OK
               : smri_fail(error, SMR_MESSAGE_OPTION_WRONG, &place, "weights", choice->method->name, id,
                           "a list of numbers, 0 or more, not all 0");
}
