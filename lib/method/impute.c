/* SPDX-License-Identifier: MIT */
/* Values for cells that have none. What fills a cell comes from the reference; a cell for which the reference has
 * nothing stays missing. */
#include "method/method_impl.h"

/* A mean beyond the range of a double fills nothing. */
static bool set_value(smri_arena *arena, smri_fitted *fitted, double value)
{
    return smri_fitted_set(arena, fitted, &value, fabs(value) <= DBL_MAX ? 1 : 0);
}

bool smri_impute_mean_fit(const smri_choice *choice, const smri_sample *sample, const smri_scale *scale,
                          smri_arena *arena, smri_fitted *fitted)
{
    (void)choice;
    (void)scale;
    return set_value(arena, fitted, sample->summary.mean);
}

static double median(const double *sorted, size_t count)
{
    return smri_quantile(sorted, count, 0.5, 7);
}

bool smri_impute_median_fit(const smri_choice *choice, const smri_sample *sample, const smri_scale *scale,
                            smri_arena *arena, smri_fitted *fitted)
{
    (void)choice;
    (void)scale;
    return set_value(arena, fitted, median(sample->summary.sorted, sample->summary.count));
}

bool smri_impute_constant_fit(const smri_choice *choice, const smri_sample *sample, const smri_scale *scale,
                              smri_arena *arena, smri_fitted *fitted)
{
    (void)sample;
    (void)scale;
    return set_value(arena, fitted, smri_setting_of(choice, "value")->number);
}

void smri_impute_value(const smri_choice *choice, const smri_fitted *fitted, const uint32_t *groups, double *x,
                       uint8_t *statuses, size_t n)
{
    (void)choice;
    (void)groups;
    if (fitted->count == 0 || fitted->numbers[0] != fitted->numbers[0]) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (x[i] != x[i]) {
            x[i] = fitted->numbers[0];
            statuses[i] = SMR_CELL_IMPUTED;
        }
    }
}

/* ---- within groups ---- */

/* The value of one group; x may be reordered. false: out of memory. */
typedef bool (*group_function)(const smr_context *context, double *x, size_t n, double *value);

static bool group_mean(const smr_context *context, double *x, size_t n, double *value)
{
    smri_exact_sum sum;
    smri_exact_sum_init(&sum);
    smri_exact_sum_add_array(&sum, smri_context_kernels(context), x, n);
    *value = n > 0 ? smri_exact_sum_value(&sum) / (double)n : NAN;
    return true;
}

static bool group_median(const smr_context *context, double *x, size_t n, double *value)
{
    const bool sorted = smri_sort_ascending(context, x, n);
    *value = median(x, n);
    return sorted;
}

static bool counts(const smri_sample *sample, size_t row)
{
    return sample->x[row] == sample->x[row] && sample->groups != NULL && sample->groups[row] != SMRI_NONE;
}

/* Brings the values of a group together (ends[g]: one past the last value of group g). */
static void gather(const smri_sample *sample, double *values, size_t *ends)
{
    for (size_t i = 0; i < sample->n; i++) {
        if (counts(sample, i)) {
            ends[sample->groups[i]]++;
        }
    }
    size_t next = 0;
    for (uint32_t g = 0; g < sample->group_count; g++) {
        const size_t count = ends[g];
        ends[g] = next;
        next += count;
    }
    for (size_t i = 0; i < sample->n; i++) {
        if (counts(sample, i)) {
            values[ends[sample->groups[i]]++] = sample->x[i];
        }
    }
}

static bool fit_groups(const smri_sample *sample, smri_arena *arena, smri_fitted *fitted, group_function value_of)
{
    const smr_context *context = arena->context;
    double *values = smri_alloc(context, sample->n, sizeof *values);
    size_t *ends = smri_calloc(context, sample->group_count, sizeof *ends);
    fitted->count = 0;
    fitted->numbers = smri_arena_alloc(arena, sample->group_count, sizeof *fitted->numbers);
    bool done = values != NULL && ends != NULL && fitted->numbers != NULL;
    if (done) {
        gather(sample, values, ends);
        fitted->count = sample->group_count;
    }
    size_t start = 0;
    for (uint32_t g = 0; done && g < sample->group_count; g++) {
        double value = NAN;
        done = value_of(context, values + start, ends[g] - start, &value);
        fitted->numbers[g] = fabs(value) <= DBL_MAX ? value : NAN;
        start = ends[g];
    }
    smri_free(context, ends);
    smri_free(context, values);
    return done;
}

bool smri_impute_group_mean_fit(const smri_choice *choice, const smri_sample *sample, const smri_scale *scale,
                                smri_arena *arena, smri_fitted *fitted)
{
    (void)choice;
    (void)scale;
    return fit_groups(sample, arena, fitted, group_mean);
}

bool smri_impute_group_median_fit(const smri_choice *choice, const smri_sample *sample, const smri_scale *scale,
                                  smri_arena *arena, smri_fitted *fitted)
{
    (void)choice;
    (void)scale;
    return fit_groups(sample, arena, fitted, group_median);
}

void smri_impute_group_value(const smri_choice *choice, const smri_fitted *fitted, const uint32_t *groups, double *x,
                             uint8_t *statuses, size_t n)
{
    (void)choice;
    if (groups == NULL) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (x[i] == x[i] || groups[i] >= fitted->count) {
            continue;
        }
        const double value = fitted->numbers[groups[i]];
        if (value == value) {
            x[i] = value;
            statuses[i] = SMR_CELL_IMPUTED;
        }
    }
}
