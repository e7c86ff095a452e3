/* SPDX-License-Identifier: MIT */
/* Counting draws. Only whole numbers are added, so that ranges of draws merge to the same bits in any order. */

#include "study/robust_impl.h"

#define UNIT 0x1p32
/* Scores farther from their range than this many times its width stand there. */
#define FARTHEST 0x1p17

void smri_wide_add(smri_wide_sum *sum, int64_t value)
{
    const uint64_t low = sum->low + (uint64_t)value;
    sum->high += (value < 0 ? -1 : 0) + (low < sum->low);
    sum->low = low;
}

static void wide_merge(smri_wide_sum *sum, const smri_wide_sum *other)
{
    const uint64_t low = sum->low + other->low;
    sum->high += other->high + (low < sum->low);
    sum->low = low;
}

/* ---- sizes ---- */

size_t smri_tally_alternatives(const smri_trials *trials)
{
    size_t count = 0;
    for (uint32_t k = 0; k < trials->factor_count; k++)
        count += trials->factors[k].count;
    return count;
}

bool smri_tally_size(const smri_trials *trials, uint32_t outputs, smri_tally_sizes *sizes)
{
    const size_t regions = trials->region_count;
    size_t pairs = 0;
    *sizes = (smri_tally_sizes){.alternatives = 2 * smri_tally_alternatives(trials)};
    bool fine = smri_product(trials->node_count, regions, &sizes->sums) &&
                smri_product(sizes->sums, regions + 1, &sizes->ranks) && smri_product(sizes->sums, regions, &pairs);
    if (fine && (outputs & SMR_ROBUST_SCORES))
        fine = smri_product(sizes->sums, SMRI_SCORE_CELLS + 2, &sizes->cells);
    if (outputs & SMR_ROBUST_PAIRWISE)
        sizes->wins = pairs;
    if (fine && (outputs & SMR_ROBUST_WEIGHTS))
        fine = smri_product(regions, trials->framework->node_count, &sizes->weights);
    return fine;
}

/* Arrays that are not counted stay NULL. */
static bool take(const smr_context *memory, void *array, size_t count, size_t size)
{
    void *block = count ? smri_calloc(memory, count, size) : NULL;
    memcpy(array, &block, sizeof block);
    return block || count == 0;
}

bool smri_tally_new(const smri_trials *trials, uint32_t outputs, smri_tally *tally)
{
    const smr_context *memory = smri_context(trials->context);
    smri_tally_sizes sizes;
    *tally = (smri_tally){.draws = 0};
    if (smri_tally_size(trials, outputs, &sizes) && take(memory, &tally->ranks, sizes.ranks, sizeof *tally->ranks) &&
        take(memory, &tally->sums, sizes.sums, sizeof *tally->sums) &&
        take(memory, &tally->cells, sizes.cells, sizeof *tally->cells) &&
        take(memory, &tally->wins, sizes.wins, sizeof *tally->wins) &&
        take(memory, &tally->weights, sizes.weights, sizeof *tally->weights) &&
        take(memory, &tally->alternatives, sizes.alternatives, sizeof *tally->alternatives))
        return true;
    smri_tally_free(trials, tally);
    return false;
}

bool smri_tally_add_stages(const smri_trials *trials, smri_tally *tally, uint32_t count)
{
    size_t cells = 0;
    tally->stage_count = count;
    return smri_product(count, trials->region_count, &cells) &&
           take(smri_context(trials->context), &tally->stages, cells, sizeof *tally->stages);
}

void smri_tally_free(const smri_trials *trials, smri_tally *tally)
{
    const smr_context *memory = smri_context(trials->context);
    smri_free(memory, tally->ranks);
    smri_free(memory, tally->sums);
    smri_free(memory, tally->cells);
    smri_free(memory, tally->wins);
    smri_free(memory, tally->weights);
    smri_free(memory, tally->alternatives);
    smri_free(memory, tally->stages);
    *tally = (smri_tally){.draws = 0};
}

/* ---- merging ---- */

void smri_tally_fail(smri_tally *tally, int32_t code, uint64_t count, uint64_t draw, const char *message)
{
    uint32_t at = 0;
    while (at < tally->failure_count && tally->failures[at].code < code)
        at++;
    smri_failure *failure = &tally->failures[at];
    if (at == tally->failure_count || failure->code != code) {
        if (tally->failure_count == SMRI_MOST_FAILURES)
            return; /* counted in `failed` all the same; there are not so many codes */
        memmove(failure + 1, failure, (tally->failure_count - at) * sizeof *failure);
        tally->failure_count++;
        *failure = (smri_failure){.code = code, .first_draw = UINT64_MAX};
    }
    failure->count += count;
    if (draw >= failure->first_draw)
        return;
    failure->first_draw = draw;
    smri_text_cut(failure->message, sizeof failure->message, message);
}

static void add_all(uint64_t *to, const uint64_t *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] += from[i];
}

void smri_tally_merge(const smri_trials *trials, smri_tally *tally, const smri_tally *other)
{
    smri_tally_sizes sizes;
    const uint32_t outputs = (other->cells ? SMR_ROBUST_SCORES : 0) | (other->wins ? SMR_ROBUST_PAIRWISE : 0) |
                             (other->weights ? SMR_ROBUST_WEIGHTS : 0);
    smri_tally_size(trials, outputs, &sizes);
    tally->draws += other->draws;
    tally->failed += other->failed;
    add_all(tally->ranks, other->ranks, sizes.ranks);
    for (size_t i = 0; i < sizes.sums; i++)
        wide_merge(&tally->sums[i], &other->sums[i]);
    add_all(tally->cells, other->cells, sizes.cells);
    add_all(tally->wins, other->wins, sizes.wins);
    add_all(tally->weights, other->weights, sizes.weights);
    add_all(tally->alternatives, other->alternatives, sizes.alternatives);
    add_all(tally->stages, other->stages, (size_t)other->stage_count * trials->region_count);
    for (uint32_t i = 0; i < other->failure_count; i++) {
        const smri_failure *failure = &other->failures[i];
        smri_tally_fail(tally, failure->code, failure->count, failure->first_draw, failure->message);
    }
}

/* ---- one thread's counts, of one round: far fewer draws than 32 bits count ---- */

struct smri_counter {
    const smr_robust *robust;
    smri_tally_sizes sizes;
    smri_tally tally;               /* all but the three below */
    uint32_t *ranks, *cells, *wins;
    uint32_t *lanes;                /* [region][SMRI_LANES]: ranks of one node */
    smri_stager *stager;            /* NULL: no funnel */
};

void smri_counter_free(smri_counter *counter)
{
    if (!counter)
        return;
    const smri_trials *trials = counter->robust->trials;
    const smr_context *memory = smri_context(trials->context);
    smri_tally_free(trials, &counter->tally);
    smri_free(memory, counter->ranks);
    smri_free(memory, counter->cells);
    smri_free(memory, counter->wins);
    smri_free(memory, counter->lanes);
    smri_stager_free(counter->stager);
    smri_free(memory, counter);
}

smri_counter *smri_counter_new(const smr_robust *robust)
{
    const smri_trials *trials = robust->trials;
    const smr_context *memory = smri_context(trials->context);
    smri_counter *made = smri_calloc(memory, 1, sizeof *made);
    if (!made)
        return NULL;
    made->robust = robust;
    smri_tally *tally = &made->tally;
    if (robust->funnel)
        made->stager = smri_stager_new(robust);
    if ((made->stager || !robust->funnel) && smri_tally_add_stages(trials, tally, robust->tally.stage_count) &&
        smri_tally_size(trials, robust->outputs, &made->sizes) &&
        take(memory, &made->ranks, made->sizes.ranks, sizeof *made->ranks) &&
        take(memory, &made->cells, made->sizes.cells, sizeof *made->cells) &&
        take(memory, &made->wins, made->sizes.wins, sizeof *made->wins) &&
        take(memory, &made->lanes, trials->region_count, SMRI_LANES * sizeof *made->lanes) &&
        take(memory, &tally->sums, made->sizes.sums, sizeof *tally->sums) &&
        take(memory, &tally->weights, made->sizes.weights, sizeof *tally->weights) &&
        take(memory, &tally->alternatives, made->sizes.alternatives, sizeof *tally->alternatives))
        return made;
    smri_counter_free(made);
    return NULL;
}

static void widen(uint64_t *to, uint32_t *from, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        to[i] += from[i];
        from[i] = 0;
    }
}

void smri_counter_empty(smri_counter *counter, smri_tally *tally)
{
    smri_tally *own = &counter->tally;
    smri_tally_sizes *sizes = &counter->sizes;
    widen(tally->ranks, counter->ranks, sizes->ranks);
    widen(tally->cells, counter->cells, sizes->cells);
    widen(tally->wins, counter->wins, sizes->wins);
    tally->draws += own->draws;
    tally->failed += own->failed;
    for (size_t i = 0; i < sizes->sums; i++)
        wide_merge(&tally->sums[i], &own->sums[i]);
    add_all(tally->weights, own->weights, sizes->weights);
    add_all(tally->alternatives, own->alternatives, sizes->alternatives);
    const size_t stages = (size_t)own->stage_count * counter->robust->trials->region_count;
    add_all(tally->stages, own->stages, stages);
    if (own->stages)
        memset(own->stages, 0, stages * sizeof *own->stages);
    for (uint32_t i = 0; i < own->failure_count; i++)
        smri_tally_fail(tally, own->failures[i].code, own->failures[i].count, own->failures[i].first_draw,
                        own->failures[i].message);
    memset(own->sums, 0, sizes->sums * sizeof *own->sums);
    if (own->weights)
        memset(own->weights, 0, sizes->weights * sizeof *own->weights);
    if (own->alternatives)
        memset(own->alternatives, 0, sizes->alternatives * sizeof *own->alternatives);
    own->draws = own->failed = own->failure_count = 0;
}

/* Which alternatives the draws chose, and which of them failed. */
static void count_alternatives(smri_counter *c, const double *points, size_t count, const int32_t *codes)
{
    const smri_trials *trials = c->robust->trials;
    uint64_t *counts = c->tally.alternatives;
    for (uint32_t k = 0; k < trials->factor_count; k++) {
        const smri_factor *f = &trials->factors[k];
        for (size_t l = 0; f->count && l < count; l++) {
            uint64_t *one = counts + 2 * (size_t)(points[(size_t)f->first_dimension * SMRI_LANES + l] * f->count);
            one[0]++;
            one[1] += codes[l] != 0;
        }
        counts += 2 * (size_t)f->count;
    }
}

/* Scores as multiples of 2^-32 of their range. Adding 1.5 * 2^52 rounds to whole numbers, half to even, and leaves them
 * in the low bits. */
static void count_scores(smri_counter *c, uint32_t node, const double *scores, const bool *fine, bool all)
{
    const smri_trials *trials = c->robust->trials;
    const smri_score_scale *scale = &c->robust->scales[node];
    const double factor = UNIT / scale->width, magic = 0x1.8p52, most = FARTHEST * UNIT;
    int64_t zero;
    memcpy(&zero, &magic, sizeof zero);
    for (size_t i = 0; i < trials->region_count; i++) {
        const double *row = scores + i * SMRI_LANES;
        int64_t sum = 0;
        for (size_t l = 0; l < SMRI_LANES; l++) {
            double x = (row[l] - scale->low) * factor;
            int64_t bits;
            x = x < most ? x : most;
            x = x > -most ? x : -most;
            x = row[l] == row[l] && (all || fine[l]) ? x : 0;
            x += magic;
            memcpy(&bits, &x, sizeof bits);
            sum += bits - zero;
        }
        smri_wide_add(&c->tally.sums[node * trials->region_count + i], sum);
    }
    for (size_t i = 0; c->cells && i < trials->region_count; i++) {
        uint32_t *cells = c->cells + (node * trials->region_count + i) * (SMRI_SCORE_CELLS + 2);
        for (size_t l = 0; l < SMRI_LANES; l++) {
            const double x = scores[i * SMRI_LANES + l];
            if (!fine[l] || x != x)
                continue;
            const double place = (x - scale->low) / scale->width * SMRI_SCORE_CELLS;
            /* The top of the range belongs to the last cell. */
            cells[place < 0 ? 0 : x <= scale->low + scale->width ? 1 + (size_t)SMRI_MIN(place, SMRI_SCORE_CELLS - 1)
                                                                 : SMRI_SCORE_CELLS + 1]++;
        }
    }
}

static void count_wins(smri_counter *c, uint32_t node, const bool *fine)
{
    const size_t regions = c->robust->trials->region_count;
    uint32_t weight[SMRI_LANES];
    for (size_t l = 0; l < SMRI_LANES; l++)
        weight[l] = fine[l];
    for (size_t i = 0; i < regions; i++)
        for (size_t k = 0; k < regions; k++) {
            const uint32_t *a = c->lanes + i * SMRI_LANES, *b = c->lanes + k * SMRI_LANES;
            uint32_t wins = 0; /* a rank of 0 is none, and 0 - 1 the greatest number */
            for (size_t l = 0; l < SMRI_LANES; l++)
                wins += (a[l] - 1 < b[l] - 1 && b[l] != 0) ? weight[l] : 0;
            c->wins[(node * regions + i) * regions + k] += wins;
        }
}

static void count_weights(smri_counter *c, const smri_trial_results *results, const bool *fine)
{
    const smri_trials *trials = c->robust->trials;
    const size_t nodes = trials->framework->node_count;
    for (size_t i = 0; i < trials->region_count; i++)
        for (size_t l = 0; l < SMRI_LANES; l++) {
            if (!fine[l] || c->lanes[i * SMRI_LANES + l] != 1)
                continue;
            for (size_t node = 0; node < nodes; node++) {
                const double share = results->weights[node * SMRI_LANES + l];
                c->tally.weights[i * nodes + node] += share > 0 ? (uint64_t)(share * UNIT + 0.5) : 0;
            }
        }
}

bool smri_counter_add(smri_counter *c, smri_trials_workspace *workspace, const uint64_t *draws, size_t count,
                      const double *points, smri_trial_results *results)
{
    const smri_trials *trials = c->robust->trials;
    const smri_kernels *kernels = smri_context_kernels(smri_context(trials->context));
    const size_t regions = trials->region_count;
    if (c->stager && !smri_stager_run(c->stager, points, count, results, c->tally.stages))
        return false;
    bool fine[SMRI_LANES];
    size_t failed = 0;
    for (size_t l = 0; l < SMRI_LANES; l++) {
        fine[l] = l < count && results->codes[l] == 0;
        if (l >= count || fine[l])
            continue;
        failed++;
        smri_tally_fail(&c->tally, results->codes[l], 1, draws[l], results->errors[l].message);
    }
    c->tally.draws += count;
    c->tally.failed += failed;
    count_alternatives(c, points, count, results->codes);
    for (uint32_t node = 0; failed < count && node < trials->node_count; node++) {
        const double *scores = results->scores + node * regions * SMRI_LANES;
        uint32_t *histogram = c->ranks + node * regions * (regions + 1);
        if (!smri_trials_rank(trials, workspace, node, scores, count, c->lanes))
            return false;
        if (failed == 0)
            kernels->lanes_rank->tally(c->lanes, regions, count, histogram);
        for (size_t i = 0; failed > 0 && i < regions; i++)
            for (size_t l = 0; l < count; l++)
                if (fine[l])
                    histogram[i * (regions + 1) + c->lanes[i * SMRI_LANES + l]]++;
        if (c->robust->scales[node].pooled)
            count_scores(c, node, scores, fine, failed == 0 && count == SMRI_LANES);
        if (c->wins)
            count_wins(c, node, fine);
        if (c->tally.weights && node == 0)
            count_weights(c, results, fine);
    }
    return true;
}
