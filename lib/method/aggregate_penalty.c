/* SPDX-License-Identifier: MIT */
/* Means less a penalty for an unbalanced region: Mazziotta and Pareto's indices, and the mean-min function. Children
 * are brought to mean 100 and standard deviation 10 (or to a reference of 100) first; a child without spread in the
 * reference has no such scale and takes no part. */
#include "method/method_impl.h"

#define CENTRE 100.0
#define DEVIATION 10.0
#define ADJUSTED 60.0

/* ---- the scale: centre and width of each child ---- */

static smr_status keep(const smri_family_rows *family, smri_arena *arena, const double *numbers, smri_fitted *fitted,
                       smr_error *error)
{
    return smri_fitted_set(arena, fitted, numbers, 2 * (size_t)family->count) ? SMR_OK : smri_fail_memory(error);
}

smr_status smri_penalty_fit(const smri_choice *choice, const smri_family_rows *family, smri_arena *arena,
                            smri_fitted *fitted, smr_error *error)
{
    const int ddof = (int)smri_setting_of(choice, "ddof")->number;
    double *numbers = smri_alloc(family->context, 2 * (size_t)family->count, sizeof *numbers);
    if (numbers == NULL) {
        return smri_fail_memory(error);
    }
    smr_status status = SMR_OK;
    for (uint32_t c = 0; status == SMR_OK && c < family->count; c++) {
        smri_summary summary;
        if (!smri_summary_make(family->context, family->scores[c], family->n, 1,
                               SMRI_NEED_EXTENT | SMRI_NEED_VARIANCE, NULL, &summary)) {
            status = smri_fail_memory(error);
            break;
        }
        numbers[2 * c] = summary.mean;
        /* The mean of equal values may be off in its last place: they have no spread all the same. */
        numbers[2 * c + 1] = summary.least < summary.greatest ? sqrt(smri_summary_variance(&summary, ddof)) : 0;
        smri_summary_free(family->context, &summary);
    }
    if (status == SMR_OK) {
        status = keep(family, arena, numbers, fitted, error);
    }
    smri_free(family->context, numbers);
    return status;
}

/* Mean of the rows that the options name: a region's, a period's, or all. NaN: they have no score of the child. */
static double reference_mean(const smri_choice *choice, const smri_family_rows *family, const double *y)
{
    const char *region = smri_setting_of(choice, "reference")->text, *period = smri_setting_of(choice, "period")->text;
    smri_exact_sum sum;
    smri_exact_sum_init(&sum);
    for (size_t i = 0; i < family->n; i++) {
        const bool named = (!region || smri_text_equal(family->regions[i], region)) &&
                           (!period || (family->periods && smri_text_equal(family->periods[i], period)));
        if (named && y[i] == y[i]) {
            smri_exact_sum_add(&sum, y[i]);
        }
    }
    return sum.count > 0 ? smri_exact_sum_value(&sum) / (double)sum.count : NAN;
}

static bool lists(const char *const *texts, size_t n, const char *text)
{
    for (size_t i = 0; texts != NULL && i < n; i++) {
        if (smri_text_equal(texts[i], text)) {
            return true;
        }
    }
    return false;
}

static smr_status find_reference(const smri_choice *choice, const smri_family_rows *family, smr_error *error)
{
    const smri_setting *region = smri_setting_of(choice, "reference"), *period = smri_setting_of(choice, "period");
    const smri_place place = {.subject = family->framework->nodes[family->node].id};
    if (region->given && !lists(family->regions, family->n, region->text)) {
        return smri_fail(error, SMR_MESSAGE_REFERENCE_REGION_MISSING, &place, region->text, "");
    }
    if (period->given && !lists(family->periods, family->n, period->text)) {
        return smri_fail(error, SMR_MESSAGE_PERIOD_UNKNOWN, &place, period->text, "");
    }
    return SMR_OK;
}

smr_status smri_ampi_fit(const smri_choice *choice, const smri_family_rows *family, smri_arena *arena,
                         smri_fitted *fitted, smr_error *error)
{
    const smri_setting *value = smri_setting_of(choice, "value"), *region = smri_setting_of(choice, "reference");
    double *numbers = smri_alloc(family->context, 2 * (size_t)family->count, sizeof *numbers);
    smr_status status = numbers ? find_reference(choice, family, error) : smri_fail_memory(error);
    int32_t child = family->framework->nodes[family->node].first_child;
    for (uint32_t c = 0; status == SMR_OK && c < family->count; c++) {
        size_t count = 0;
        double least = NAN, greatest = NAN;
        smri_context_kernels(family->context)->extent(family->scores[c], family->n, &least, &greatest, &count);
        numbers[2 * c] = value->given ? value->number : reference_mean(choice, family, family->scores[c]);
        numbers[2 * c + 1] = greatest - least;
        if (region->given && count > 0 && numbers[2 * c] != numbers[2 * c]) {
            const char *id = family->framework->nodes[child].id;
            const smri_place place = {.subject = id};
            status = smri_fail(error, SMR_MESSAGE_REFERENCE_SCORE_MISSING, &place, region->text, id,
                               choice->method->name);
        }
        child = family->framework->nodes[child].next_sibling;
    }
    if (status == SMR_OK) {
        status = keep(family, arena, numbers, fitted, error);
    }
    smri_free(family->context, numbers);
    return status;
}

smr_status smri_check_ampi(const smri_choice *choice, const smr_framework *framework, uint32_t node, smr_error *error)
{
    const smri_place place = {.source = framework->source_name, .subject = framework->nodes[node].id};
    const bool others = smri_setting_of(choice, "reference")->given || smri_setting_of(choice, "period")->given;
    if (!smri_setting_of(choice, "value")->given || !others) {
        return SMR_OK;
    }
    return smri_fail(error, SMR_MESSAGE_OPTION_WRONG, &place, "value", choice->method->name,
                     framework->nodes[node].id, "either a value, or a region and a period");
}

/* ---- the mean and what is taken off ---- */

/* What a row needs of its scaled scores; the parts of the caller's scratch. */
typedef struct spread {
    double *count, *mean, *squares, *least;
} spread;

static bool child_scale(const smri_children *children, uint32_t c, double factor, smri_affine *map)
{
    const smri_fitted *fitted = children->fitted;
    *map = (smri_affine){.low = CENTRE, .span = factor, .floor = -INFINITY, .ceiling = INFINITY};
    return children->weights[c] > 0 && fitted && fitted->count == 2 * (size_t)children->count &&
           smri_affine_spread(map, fitted->numbers[2 * c], fitted->numbers[2 * c + 1]);
}

static spread scaled_spread(const smri_children *children, double factor)
{
    const size_t n = children->n;
    const spread s = {children->scratch, children->scratch + n, children->scratch + 2 * n, children->scratch + 3 * n};
    smri_affine map;
    for (size_t i = 0; i < n; i++) {
        s.count[i] = s.mean[i] = s.squares[i] = 0;
        s.least[i] = INFINITY;
    }
    for (uint32_t c = 0; c < children->count; c++) {
        if (!child_scale(children, c, factor, &map)) {
            continue;
        }
        for (size_t i = 0; i < n; i++) {
            const double z = smri_affine_apply(&map, children->scores[c][i]);
            s.count[i] += z == z ? 1 : 0;
            s.mean[i] += z == z ? z : 0;
            s.least[i] = z < s.least[i] ? z : s.least[i];
        }
    }
    for (size_t i = 0; i < n; i++) {
        s.mean[i] = s.count[i] > 0 ? s.mean[i] / s.count[i] : NAN;
    }
    for (uint32_t c = 0; c < children->count; c++) {
        if (!child_scale(children, c, factor, &map)) {
            continue;
        }
        for (size_t i = 0; i < n; i++) {
            const double z = smri_affine_apply(&map, children->scores[c][i]) - s.mean[i];
            s.squares[i] += z == z ? z * z : 0;
        }
    }
    return s;
}

enum { PENALTY_MINUS, PENALTY_PLUS }; /* places in the list of choices */

/* A mean of 0 or less, ten deviations below the reference, has no index. */
static void aggregate_penalised(const smri_choice *choice, const smri_children *children, double factor, double ddof,
                                double *out)
{
    const double sign = smri_setting_of(choice, "penalty")->number == PENALTY_PLUS ? 1 : -1;
    const spread s = scaled_spread(children, factor);
    for (size_t i = 0; i < children->n; i++) {
        /* One child present has no spread. */
        const double variance = s.count[i] > ddof ? s.squares[i] / (s.count[i] - ddof) : 0;
        const double mean = s.mean[i];
        out[i] = mean > 0 ? mean + sign * (variance / mean) : NAN;
    }
}

void smri_aggregate_mpi(const smri_choice *choice, const smri_children *children, double *out, uint8_t *statuses)
{
    (void)statuses;
    aggregate_penalised(choice, children, DEVIATION, smri_setting_of(choice, "ddof")->number, out);
}

void smri_aggregate_ampi(const smri_choice *choice, const smri_children *children, double *out, uint8_t *statuses)
{
    (void)statuses;
    aggregate_penalised(choice, children, ADJUSTED, 0, out);
}

void smri_aggregate_mean_min(const smri_choice *choice, const smri_children *children, double *out, uint8_t *statuses)
{
    (void)statuses;
    const double alpha = smri_setting_of(choice, "alpha")->number, beta = smri_setting_of(choice, "beta")->number;
    const spread s = scaled_spread(children, DEVIATION);
    for (size_t i = 0; i < children->n; i++) {
        const double gap = s.mean[i] - s.least[i];
        out[i] = s.mean[i] - alpha * (sqrt(gap * gap + beta * beta) - beta);
        out[i] = out[i] == out[i] ? out[i] : NAN;
    }
}
