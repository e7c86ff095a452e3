/* SPDX-License-Identifier: MIT */
/* Whole columns out of what was counted. */

#include "study/robust_impl.h"

uint64_t smr_robust_draw_count(const smr_robust *robust)
{
    return robust ? robust->tally.draws : 0;
}

int32_t smr_robust_is_partial(const smr_robust *robust)
{
    return robust && robust->partial;
}

int32_t smr_robust_is_exact(const smr_robust *robust)
{
    return robust && robust->exact_best;
}

uint64_t smr_robust_unproven(const smr_robust *robust)
{
    return robust ? robust->unproven : 0;
}

uint64_t smr_robust_seed(const smr_robust *robust)
{
    return robust ? robust->seed : 0;
}

uint64_t smr_robust_failed_count(const smr_robust *robust)
{
    return robust ? robust->tally.failed : 0;
}

size_t smr_robust_region_count(const smr_robust *robust)
{
    return robust ? robust->trials->region_count : 0;
}

const char *smr_robust_region(const smr_robust *robust, size_t region)
{
    return robust && region < robust->trials->region_count ? robust->trials->regions[region] : NULL;
}

const char *smr_robust_region_name(const smr_robust *robust, size_t region)
{
    return robust && region < robust->trials->region_count ? robust->trials->names[region] : NULL;
}

size_t smr_robust_node_count(const smr_robust *robust)
{
    return robust ? robust->trials->node_count : 0;
}

size_t smr_robust_node(const smr_robust *robust, size_t node)
{
    return robust && node < robust->trials->node_count ? robust->trials->nodes[node] : SIZE_MAX;
}

const smr_framework *smr_robust_framework(const smr_robust *robust)
{
    return robust ? robust->trials->framework : NULL;
}

const char *smr_robust_factor_id(const smr_robust *robust, size_t factor)
{
    return robust && factor < robust->trials->factor_count ? robust->trials->factors[factor].id : NULL;
}

int32_t smr_robust_alternative(const smr_robust *robust, size_t factor, size_t alternative, uint64_t *draws,
                               uint64_t *failed)
{
    if (!robust || factor >= robust->trials->factor_count || alternative >= robust->trials->factors[factor].count)
        return 0;
    const uint64_t *counts = robust->tally.alternatives;
    for (size_t k = 0; k < factor; k++)
        counts += 2 * (size_t)robust->trials->factors[k].count;
    if (draws)
        *draws = counts[2 * alternative];
    if (failed)
        *failed = counts[2 * alternative + 1];
    return 1;
}

void smr_robust_failure_init(smr_robust_failure *failure, size_t size)
{
    static const smr_robust_failure defaults = {.size = sizeof(smr_robust_failure)};
    smri_options_init(failure, size, &defaults, sizeof defaults);
}

size_t smr_robust_failure_count(const smr_robust *robust)
{
    return robust ? robust->tally.failure_count : 0;
}

smr_status smr_robust_failure_get(const smr_robust *robust, size_t index, smr_robust_failure *failure, smr_error *error)
{
    if (!robust || !failure)
        return smri_fail_argument(error, robust ? "failure" : "robust", "not NULL");
    if (index >= robust->tally.failure_count)
        return smri_fail_argument(error, "index", "below smr_robust_failure_count()");
    smr_robust_failure known;
    smr_robust_failure_init(&known, sizeof known);
    smr_status status = smri_options_read(&known, sizeof known, failure, "failure", error);
    if (status != SMR_OK)
        return status;
    const smri_failure *found = &robust->tally.failures[index];
    const smr_robust_failure filled = {.size = sizeof filled,
                                       .code = found->code,
                                       .count = found->count,
                                       .first_draw = found->first_draw,
                                       .message = found->message};
    smri_options_init(failure, failure->size, &filled, sizeof filled);
    return SMR_OK;
}

/* ---- ranks ---- */

static const uint64_t *histogram_of(const smr_robust *robust, size_t node, size_t region)
{
    const size_t regions = robust->trials->region_count;
    return robust->tally.ranks + (node * regions + region) * (regions + 1);
}

static uint64_t count_ranked(const uint64_t *histogram, size_t regions)
{
    uint64_t count = 0;
    for (size_t rank = 1; rank <= regions; rank++)
        count += histogram[rank];
    return count;
}

/* Place, from 1, of the type 1 quantile of `count` values in order: the least k with k / count >= p. */
static uint64_t quantile_place(double p, uint64_t count)
{
    const double exact = p * (double)count, fuzz = 4 * DBL_EPSILON * (double)count;
    uint64_t place = (uint64_t)(exact + fuzz);
    place += exact - (double)place > fuzz;
    return SMRI_MIN(SMRI_MAX(place, 1), count);
}

static double rank_quantile(const uint64_t *histogram, size_t regions, double p)
{
    const uint64_t ranked = count_ranked(histogram, regions);
    if (ranked == 0)
        return NAN;
    const uint64_t place = quantile_place(p, ranked);
    uint64_t below = 0;
    for (size_t rank = 1; rank <= regions; rank++) {
        below += histogram[rank];
        if (below >= place)
            return (double)rank;
    }
    return NAN;
}

static double rank_moment(const uint64_t *histogram, size_t regions, uint32_t from)
{
    const uint64_t ranked = count_ranked(histogram, regions);
    uint64_t sum = 0;
    for (size_t rank = 1; rank <= regions; rank++)
        sum += histogram[rank] * (rank > from ? rank - from : from - rank);
    return ranked ? (double)sum / (double)ranked : NAN;
}

static double rank_end(const uint64_t *histogram, size_t regions, bool best)
{
    for (size_t i = 1; i <= regions; i++) {
        const size_t rank = best ? i : regions + 1 - i;
        if (histogram[rank])
            return (double)rank;
    }
    return NAN;
}

static double rank_share(const smr_robust *robust, const uint64_t *histogram, double from, double to)
{
    const size_t regions = robust->trials->region_count;
    const uint64_t fine = robust->tally.draws - robust->tally.failed;
    uint64_t count = 0;
    for (size_t rank = 1; rank <= regions; rank++)
        count += (double)rank >= from && (double)rank <= to ? histogram[rank] : 0;
    return fine ? (double)count / (double)fine : NAN;
}

/* ---- scores ---- */

static double score_mean(const smr_robust *robust, size_t node, size_t region)
{
    const size_t regions = robust->trials->region_count;
    const smri_score_scale *scale = &robust->scales[node];
    const uint64_t count = count_ranked(histogram_of(robust, node, region), regions);
    const smri_wide_sum *sum = &robust->tally.sums[node * regions + region];
    if (!scale->pooled || count == 0)
        return NAN;
    /* A small negative number has a great low half: its size is taken before it is rounded. */
    const bool negative = sum->high < 0;
    const uint64_t low = negative ? ~sum->low + 1 : sum->low;
    const uint64_t high = negative ? ~(uint64_t)sum->high + (sum->low == 0) : (uint64_t)sum->high;
    const double size = (double)high * 0x1p64 + (double)low, total = negative ? -size : size;
    return scale->low + scale->width * (total / (double)count * 0x1p-32);
}

static double score_quantile(const smr_robust *robust, size_t node, size_t region, double p)
{
    const size_t regions = robust->trials->region_count;
    const smri_score_scale *scale = &robust->scales[node];
    const uint64_t *cells = robust->tally.cells;
    const uint64_t count = count_ranked(histogram_of(robust, node, region), regions);
    if (!cells || !scale->pooled || count == 0)
        return NAN;
    cells += (node * regions + region) * (SMRI_SCORE_CELLS + 2);
    const uint64_t place = quantile_place(p, count);
    uint64_t below = 0;
    for (size_t cell = 0; cell < SMRI_SCORE_CELLS + 2; cell++) {
        below += cells[cell];
        if (below < place)
            continue;
        if (cell == 0 || cell == SMRI_SCORE_CELLS + 1)
            return NAN; /* beyond the cells */
        return scale->low + scale->width * (((double)cell - 0.5) / SMRI_SCORE_CELLS);
    }
    return NAN;
}

/* ---- columns ---- */

static smr_status check_request(const smr_robust *robust, size_t node, const void *out, size_t count, size_t expected,
                                const char *what, smr_error *error)
{
    if (!robust || !out)
        return smri_fail_argument(error, robust ? "the array" : "robust", "not NULL");
    if (node >= robust->trials->node_count)
        return smri_fail_argument(error, "node", "below smr_robust_node_count()");
    return count == expected ? SMR_OK : smri_fail_argument(error, "count", what);
}

/* A bound where there is one. Bounds hold scores for equal that draws may tell apart by their last digits: what was seen
 * lies never outside. */
static double outer(const double *bounds, size_t cell, double seen, bool best)
{
    if (!bounds || (best ? seen < bounds[cell] : seen > bounds[cell]))
        return seen;
    return bounds[cell];
}

static double measure_one(const smr_robust *robust, int32_t measure, double argument, size_t node, size_t region)
{
    const size_t regions = robust->trials->region_count, cell = node * regions + region;
    const uint64_t *histogram = histogram_of(robust, node, region);
    const uint32_t base = robust->trials->ranks[cell];
    switch (measure) {
    case SMR_ROBUST_SCORE:
        return robust->trials->scores[cell];
    case SMR_ROBUST_RANK:
        return base ? base : NAN;
    case SMR_ROBUST_RANK_MEAN:
        return rank_moment(histogram, regions, 0);
    case SMR_ROBUST_RANK_QUANTILE:
        return rank_quantile(histogram, regions, argument);
    case SMR_ROBUST_RANK_BEST:
        return outer(robust->exact_best, cell, rank_end(histogram, regions, true), true);
    case SMR_ROBUST_RANK_WORST:
        return outer(robust->exact_worst, cell, rank_end(histogram, regions, false), false);
    case SMR_ROBUST_RANK_TOP:
        return rank_share(robust, histogram, 1, argument);
    case SMR_ROBUST_RANK_SHIFT:
        return base ? rank_moment(histogram, regions, base) : NAN;
    case SMR_ROBUST_RANK_AT:
        return rank_share(robust, histogram, argument, argument);
    case SMR_ROBUST_SCORE_MEAN:
        return score_mean(robust, node, region);
    case SMR_ROBUST_SCORE_QUANTILE:
        return score_quantile(robust, node, region, argument);
    default: /* SMR_ROBUST_CONFIDENCE */
        return robust->confidence && node == 0 ? robust->confidence[region] : NAN;
    }
}

smr_status smr_robust_values(const smr_robust *robust, int32_t measure, double argument, size_t node, double *values,
                             size_t count, smr_error *error)
{
    smr_status status = check_request(robust, node, values, count, smr_robust_region_count(robust),
                                      "smr_robust_region_count()", error);
    if (status != SMR_OK)
        return status;
    if (measure < SMR_ROBUST_SCORE || measure > SMR_ROBUST_CONFIDENCE)
        return smri_fail_argument(error, "measure", "one of smr_robust_measure");
    const bool quantile = measure == SMR_ROBUST_RANK_QUANTILE || measure == SMR_ROBUST_SCORE_QUANTILE;
    if (quantile && !(argument >= 0 && argument <= 1))
        return smri_fail_argument(error, "argument", "a probability from 0 to 1");
    for (size_t region = 0; region < count; region++)
        values[region] = measure_one(robust, measure, argument, node, region);
    return SMR_OK;
}

static smr_status check_region(const smr_robust *robust, size_t region, smr_error *error)
{
    return region < robust->trials->region_count ? SMR_OK
                                                 : smri_fail_argument(error, "region", "below smr_robust_region_count()");
}

smr_status smr_robust_histogram(const smr_robust *robust, size_t node, size_t region, uint64_t *counts, size_t count,
                                smr_error *error)
{
    smr_status status = check_request(robust, node, counts, count, smr_robust_region_count(robust) + 1,
                                      "the number of regions and one more", error);
    if (status == SMR_OK)
        status = check_region(robust, region, error);
    if (status == SMR_OK)
        memcpy(counts, histogram_of(robust, node, region), count * sizeof *counts);
    return status;
}

smr_status smr_robust_pairwise(const smr_robust *robust, size_t node, size_t region, double *shares, size_t count,
                               smr_error *error)
{
    smr_status status = check_request(robust, node, shares, count, smr_robust_region_count(robust),
                                      "smr_robust_region_count()", error);
    if (status == SMR_OK)
        status = check_region(robust, region, error);
    if (status != SMR_OK)
        return status;
    const uint64_t fine = robust->tally.draws - robust->tally.failed, *wins = robust->tally.wins;
    for (size_t other = 0; other < count; other++)
        shares[other] =
            wins && fine ? (double)wins[(node * count + region) * count + other] / (double)fine : NAN;
    return SMR_OK;
}

smr_status smr_robust_central_weights(const smr_robust *robust, size_t region, double *weights, size_t count,
                                      smr_error *error)
{
    const size_t nodes = robust ? robust->trials->framework->node_count : 0;
    smr_status status = check_request(robust, 0, weights, count, nodes, "the framework's node count", error);
    if (status == SMR_OK)
        status = check_region(robust, region, error);
    if (status != SMR_OK)
        return status;
    const uint64_t firsts = histogram_of(robust, 0, region)[1], *sums = robust->tally.weights;
    for (size_t node = 0; node < count; node++)
        weights[node] = sums && firsts ? (double)sums[region * nodes + node] / (double)firsts * 0x1p-32 : NAN;
    return SMR_OK;
}

/* ---- stages ---- */

size_t smr_robust_stage_count(const smr_robust *robust)
{
    return robust ? robust->tally.stage_count : 0;
}

const char *smr_robust_stage_id(const smr_robust *robust, size_t stage)
{
    return stage < smr_robust_stage_count(robust) ? robust->stage_ids[stage] : NULL;
}

smr_status smr_robust_stage_probability(const smr_robust *robust, size_t stage, double *shares, size_t count,
                                        smr_error *error)
{
    smr_status status = check_request(robust, 0, shares, count, smr_robust_region_count(robust),
                                      "smr_robust_region_count()", error);
    if (status != SMR_OK)
        return status;
    if (stage >= robust->tally.stage_count)
        return smri_fail_argument(error, "stage", "below smr_robust_stage_count()");
    const uint64_t fine = robust->tally.draws - robust->tally.failed, *passes = robust->tally.stages + stage * count;
    for (size_t region = 0; region < count; region++)
        shares[region] = fine ? (double)passes[region] / (double)fine : NAN;
    return SMR_OK;
}

double smr_robust_cell_width(const smr_robust *robust, size_t node)
{
    if (!robust || node >= robust->trials->node_count || !robust->scales[node].pooled)
        return NAN;
    return robust->scales[node].width / SMRI_SCORE_CELLS;
}

double smr_robust_mean_rank_shift(const smr_robust *robust, size_t node)
{
    double sum = 0;
    size_t count = 0;
    if (!robust || node >= robust->trials->node_count)
        return NAN;
    for (size_t region = 0; region < robust->trials->region_count; region++) {
        const double shift = measure_one(robust, SMR_ROBUST_RANK_SHIFT, 0, node, region);
        if (shift != shift)
            continue;
        sum += shift;
        count++;
    }
    return count ? sum / (double)count : NAN;
}
