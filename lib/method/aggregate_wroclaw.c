/* SPDX-License-Identifier: MIT */
/* Hellwig's taxonomic measure (the Wroclaw taxonomic method): the distance to an ideal region that is best in
 * everything, over a distance that few regions pass. */
#include "method/method_impl.h"

/* Distance of one row to the ideal; a missing child counts as the mean square of the others. NaN: none is present. */
static double distance(const double *const *scores, const double *weights, const double *best, uint32_t count,
                       size_t row)
{
    double squares = 0, present = 0, all = 0;
    for (uint32_t c = 0; c < count; c++) {
        if (!(weights[c] > 0)) {
            continue;
        }
        const double gap = best[c] - scores[c][row];
        all += 1;
        squares += gap == gap ? gap * gap : 0;
        present += gap == gap ? 1 : 0;
    }
    return present > 0 ? sqrt(present < all ? squares * (all / present) : squares) : NAN;
}

/* fitted: mean + 2 sd of the distances, then the best score of each child. */
smr_status smri_wroclaw_fit(const smri_choice *choice, const smri_family_rows *family, smri_arena *arena,
                            smri_fitted *fitted, smr_error *error)
{
    (void)choice;
    double *numbers = smri_alloc(family->context, (size_t)family->count + 1, sizeof *numbers);
    double *distances = smri_alloc(family->context, family->n, sizeof *distances);
    smri_summary summary = {.sorted = NULL};
    smr_status status = numbers && distances ? SMR_OK : smri_fail_memory(error);
    for (uint32_t c = 0; status == SMR_OK && c < family->count; c++) {
        size_t count = 0;
        double least = NAN, greatest = NAN;
        smri_context_kernels(family->context)->extent(family->scores[c], family->n, &least, &greatest, &count);
        numbers[c + 1] = greatest;
    }
    for (size_t i = 0; status == SMR_OK && i < family->n; i++) {
        distances[i] = distance(family->scores, family->weights, numbers + 1, family->count, i);
    }
    if (status == SMR_OK && !smri_summary_make(family->context, distances, family->n, 1,
                                               SMRI_NEED_EXTENT | SMRI_NEED_VARIANCE, NULL, &summary)) {
        status = smri_fail_memory(error);
    }
    if (status == SMR_OK) {
        const double variance = summary.least < summary.greatest ? smri_summary_variance(&summary, 1) : 0;
        numbers[0] = summary.mean + 2 * sqrt(variance);
        if (!smri_fitted_set(arena, fitted, numbers, summary.count > 0 ? (size_t)family->count + 1 : 0)) {
            status = smri_fail_memory(error);
        }
    }
    smri_free(family->context, numbers);
    smri_free(family->context, distances);
    return status;
}

void smri_aggregate_wroclaw(const smri_choice *choice, const smri_children *children, double *out, uint8_t *statuses)
{
    (void)statuses;
    const bool reversed = smri_setting_of(choice, "reversed")->number != 0;
    const smri_fitted *fitted = children->fitted;
    const bool known = fitted && fitted->count == (size_t)children->count + 1;
    for (size_t i = 0; i < children->n; i++) {
        const double d = known ? distance(children->scores, children->weights, fitted->numbers + 1, children->count, i)
                               : NAN;
        /* All of the reference is ideal: so is a region that is like it, and no other has a measure. */
        const double value = d == 0 ? 0 : d / (known ? fitted->numbers[0] : NAN);
        out[i] = value <= DBL_MAX ? (reversed ? 1 - value : value) : NAN;
    }
}

smr_status smri_check_wroclaw(const smri_choice *choice, const smr_framework *framework, uint32_t node,
                              smr_error *error)
{
    const char *id = framework->nodes[node].id;
    const smri_place place = {.source = framework->source_name, .subject = id};
    return node == 0 || !smri_ranks_upward(choice)
               ? SMR_OK
               : smri_fail(error, SMR_MESSAGE_ROOT_ONLY, &place, choice->method->name, id);
}
