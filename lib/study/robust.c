/* SPDX-License-Identifier: MIT */
/* Robustness: its life, its merging, and whole columns out of what was counted. */

#include "study/robust_impl.h"

#define DEFAULT_DRAWS 10000
#define DEFAULT_SEED 1
#define MOST_DRAWS (UINT64_C(1) << 31)
/* Numbers in the histograms of one result. */
#define MOST_COUNTS (UINT64_C(1) << 26)

/* ---- the spec ---- */

smr_status smri_uncertainty_new(smr_context *context, const smri_value *spec, const char *source_name,
                                smr_uncertainty **uncertainty, smr_error *error)
{
    const smr_context *memory = smri_context(context);
    smr_uncertainty *made = smri_calloc(memory, 1, sizeof *made);
    *uncertainty = NULL;
    if (!made)
        return smri_fail_memory(error);
    atomic_init(&made->references, 1);
    made->context = smr_context_ref(context);
    smri_arena_init(&made->arena, memory);
    made->spec = smri_value_copy(&made->arena, spec);
    bool fine = made->spec != NULL;
    if (source_name)
        fine = smri_arena_keep(&made->arena, source_name, &made->source_name) && fine;
    if (!fine) {
        smr_uncertainty_unref(made);
        return smri_fail_memory(error);
    }
    *uncertainty = made;
    return SMR_OK;
}

smr_uncertainty *smr_uncertainty_ref(smr_uncertainty *uncertainty)
{
    if (uncertainty)
        atomic_fetch_add_explicit(&uncertainty->references, 1, memory_order_relaxed);
    return uncertainty;
}

void smr_uncertainty_unref(smr_uncertainty *uncertainty)
{
    if (!uncertainty || atomic_fetch_sub_explicit(&uncertainty->references, 1, memory_order_acq_rel) != 1)
        return;
    smr_context *context = uncertainty->context;
    smri_arena_free(&uncertainty->arena);
    smri_free(smri_context(context), uncertainty);
    smr_context_unref(context);
}

uint64_t smr_uncertainty_draws(const smr_uncertainty *uncertainty, uint64_t otherwise)
{
    return uncertainty && uncertainty->has_draws ? uncertainty->draws : otherwise;
}

uint64_t smr_uncertainty_seed(const smr_uncertainty *uncertainty, uint64_t otherwise)
{
    return uncertainty && uncertainty->has_seed ? uncertainty->seed : otherwise;
}

/* ---- options ---- */

void smr_robust_options_init(smr_robust_options *options, size_t size)
{
    static const smr_robust_options defaults = {
        .size = sizeof(smr_robust_options), .nodes = SMR_ROBUST_CRITERIA, .draws = SMR_DRAWS_OF_SPEC};
    smri_options_init(options, size, &defaults, sizeof defaults);
}

smr_status smri_robust_options_read(const smr_robust_options *options, smr_robust_options *known, smr_error *error)
{
    smr_robust_options_init(known, sizeof *known);
    smr_status status = smri_options_read(known, sizeof *known, options, "smr_robust_options", error);
    if (status != SMR_OK)
        return status;
    if (known->nodes < SMR_ROBUST_CRITERIA || known->nodes > SMR_ROBUST_ALL)
        return smri_fail_argument(error, "nodes", "one of smr_robust_nodes");
    if (known->outputs & ~(uint32_t)(SMR_ROBUST_SCORES | SMR_ROBUST_PAIRWISE | SMR_ROBUST_WEIGHTS))
        return smri_fail_argument(error, "outputs", "bits of smr_robust_outputs");
    if (known->draws == 0)
        return smri_fail_plain(error, SMR_MESSAGE_DRAWS_NONE, NULL);
    if (known->draws != SMR_DRAWS_OF_SPEC && known->draws > MOST_DRAWS)
        return smri_fail_argument(error, "draws", "2147483648 at most; run ranges of draws and merge them");
    if (known->first_draw > UINT64_C(1) << 62)
        return smri_fail_argument(error, "first_draw", "2^62 at most");
    if ((known->ballot_count != 0) != (known->ballots != NULL) ||
        (known->ballots && (!known->funnel || known->ballot_count != known->funnel->data.stage_count)))
        return smri_fail_argument(error, "ballot_count", "the number of stages of the funnel, or 0 and no ballots");
    if (known->year < 0 || known->year > 9999)
        return smri_fail_argument(error, "year", "0 to 9999");
    return SMR_OK;
}

/* ---- life ---- */

smr_robust *smr_robust_ref(smr_robust *robust)
{
    if (robust)
        atomic_fetch_add_explicit(&robust->references, 1, memory_order_relaxed);
    return robust;
}

void smr_robust_unref(smr_robust *robust)
{
    if (!robust || atomic_fetch_sub_explicit(&robust->references, 1, memory_order_acq_rel) != 1)
        return;
    smr_context *context = robust->context;
    const smr_context *memory = smri_context(context);
    if (robust->trials)
        smri_tally_free(robust->trials, &robust->tally);
    smri_trials_free(robust->trials);
    smri_free(memory, robust->ranges);
    smri_free(memory, robust->scales);
    smri_free(memory, robust->confidence);
    smri_free(memory, robust->exact_best);
    smri_free(memory, robust->exact_worst);
    smri_robust_unbind(robust);
    smri_arena_free(&robust->arena);
    smri_free(memory, robust);
    smr_context_unref(context);
}

/* What one draw depends on, stirred into one number. */
static uint64_t stir_text(uint64_t hash, const char *text)
{
    return (hash ^ smri_hash(text, strlen(text))) * UINT64_C(0xff51afd7ed558ccd) + 1;
}

static uint64_t stir_value(uint64_t hash, const smri_value *value)
{
    hash = stir_text(hash, value->key ? value->key : "");
    hash = (hash ^ (uint64_t)value->type) * UINT64_C(0xff51afd7ed558ccd) + 1;
    char number[SMRI_NUMBER_SIZE];
    if (value->type == SMRI_NUMBER || value->type == SMRI_BOOL) {
        smri_number_write(number, value->number);
        hash = stir_text(hash, number);
    }
    if (value->type == SMRI_TEXT)
        hash = stir_text(hash, value->text);
    for (const smri_value *member = value->first; member; member = member->next)
        hash = stir_value(hash, member);
    return hash * UINT64_C(0xff51afd7ed558ccd) + 1;
}

static uint64_t hash_study(const smr_robust *robust)
{
    const smri_trials *trials = robust->trials;
    uint64_t hash = trials->model->data_hash ^ (uint64_t)robust->nodes << 32 ^ robust->outputs;
    hash = stir_value(hash, trials->model->plan.document);
    const smri_value *factors = smri_value_get(trials->spec, "factors");
    hash = stir_value(hash, factors);
    for (uint32_t node = 0; node < trials->framework->node_count; node++)
        hash = stir_text(hash, trials->framework->nodes[node].id);
    for (uint32_t i = 0; i < trials->region_count; i++)
        hash = stir_text(hash, trials->regions[i]);
    return stir_text(hash, trials->period ? trials->period : "");
}

/* ---- scales of scores ---- */

static bool same(double a, double b)
{
    return a == b || (a != a && b != b);
}

/* Is every world's node on the scale of the plan as it is? Each alternative is looked at on its own. *memory: false when
 * there was none. */
static bool check_scale(const smri_trials *trials, uint32_t node, bool *memory)
{
    const double low = trials->model->low[node], high = trials->model->high[node];
    uint64_t place = 1;
    for (uint32_t k = trials->factor_count; k-- > 0;) {
        const smri_factor *f = &trials->factors[k];
        if (f->vary != SMRI_VARY_ALTERNATIVES)
            continue;
        const bool moves = strncmp(f->step, "normalise", 9) == 0 || strncmp(f->step, "aggregate", 9) == 0;
        if (low != low && moves && f->count > 1)
            return false;
        for (uint32_t a = 0; a < f->count; a++) {
            smri_world *own = NULL;
            const smri_world *world = smri_world_get(trials, a * place, &own);
            *memory &= world != NULL;
            const bool fine = !world || !world->model ||
                              (same(world->model->low[node], low) && same(world->model->high[node], high));
            smri_world_free(trials, own);
            if (!fine)
                return false;
        }
        place *= f->count;
    }
    return true;
}

/* false: out of memory */
static bool find_scale(const smri_trials *trials, uint32_t number, smri_score_scale *scale)
{
    bool memory = true;
    const uint32_t node = trials->nodes[number];
    double low = trials->model->low[node], high = trials->model->high[node];
    scale->pooled = check_scale(trials, node, &memory);
    const double *scores = trials->scores + (size_t)number * trials->region_count;
    double least = INFINITY, greatest = -INFINITY;
    for (uint32_t i = 0; i < trials->region_count; i++) {
        least = scores[i] < least ? scores[i] : least;
        greatest = scores[i] > greatest ? scores[i] : greatest;
    }
    if (low != low || high != high) { /* a scale without ends: three times the span that the plan as it is has */
        low = 2 * least - greatest;
        high = 2 * greatest - least;
    }
    const double width = high - low;
    scale->pooled = scale->pooled && low - low == 0 && width - width == 0;
    scale->low = scale->pooled ? low : 0;
    scale->width = scale->pooled && width > 0 ? width : 1;
    return memory;
}

/* ---- making ---- */

static smr_status make_tally(smr_robust *robust, smr_error *error)
{
    const smri_trials *trials = robust->trials;
    smri_tally_sizes sizes;
    if (!smri_tally_size(trials, robust->outputs, &sizes) ||
        sizes.ranks + sizes.cells + sizes.wins > MOST_COUNTS) {
        char nodes[SMRI_INTEGER_SIZE], regions[SMRI_INTEGER_SIZE];
        return smri_fail(error, SMR_MESSAGE_ROBUST_HISTOGRAM_TOO_LARGE, NULL,
                         smri_text_integer(nodes, trials->node_count),
                         smri_text_integer(regions, trials->region_count));
    }
    return smri_tally_new(trials, robust->outputs, &robust->tally) ? SMR_OK : smri_fail_memory(error);
}

smr_status smri_robust_new(smr_context *context, const smr_framework *framework, const smr_dataset *dataset,
                           const smr_plan *plan, const smr_uncertainty *uncertainty, const smr_robust_options *options,
                           smr_robust **robust, smr_error *error)
{
    static const smri_trials_nodes nodes[] = {[SMR_ROBUST_CRITERIA] = SMRI_TRIALS_CRITERIA,
                                              [SMR_ROBUST_INDEX] = SMRI_TRIALS_INDEX,
                                              [SMR_ROBUST_INNER] = SMRI_TRIALS_INNER,
                                              [SMR_ROBUST_ALL] = SMRI_TRIALS_ALL};
    const smr_context *memory = smri_context(context);
    smr_robust *made = smri_calloc(memory, 1, sizeof *made);
    if (!made)
        return smri_fail_memory(error);
    atomic_init(&made->references, 1);
    made->context = smr_context_ref(context);
    smri_arena_init(&made->arena, memory);
    made->nodes = options->nodes;
    made->outputs = options->outputs;
    made->seed = options->own_seed ? options->seed : smr_uncertainty_seed(uncertainty, DEFAULT_SEED);
    const smri_trials_options asked = {.nodes = nodes[options->nodes],
                                       .period = options->period,
                                       .spec = uncertainty ? uncertainty->spec : NULL,
                                       .source_name = uncertainty ? uncertainty->source_name : NULL};
    smr_status status = smri_trials_new(context, framework, dataset, plan, &asked, &made->trials, error);
    if (status == SMR_OK)
        status = make_tally(made, error);
    if (status == SMR_OK) {
        made->scales = smri_alloc(memory, made->trials->node_count, sizeof *made->scales);
        status = made->scales ? SMR_OK : smri_fail_memory(error);
    }
    for (uint32_t k = 0; status == SMR_OK && k < made->trials->node_count; k++)
        status = find_scale(made->trials, k, &made->scales[k]) ? SMR_OK : smri_fail_memory(error);
    if (status == SMR_OK)
        made->hash = hash_study(made);
    if (status == SMR_OK && options->funnel)
        status = smri_robust_bind(made, options, error);
    if (status != SMR_OK) {
        smr_robust_unref(made);
        return status;
    }
    *robust = made;
    return SMR_OK;
}

smr_status smri_robust_new_like(smr_context *context, const smr_robust *like, smr_robust **robust, smr_error *error)
{
    const smr_context *memory = smri_context(context);
    smr_robust *made = smri_calloc(memory, 1, sizeof *made);
    if (!made)
        return smri_fail_memory(error);
    atomic_init(&made->references, 1);
    made->context = smr_context_ref(context);
    smri_arena_init(&made->arena, memory);
    made->trials = smri_trials_ref(like->trials);
    made->seed = like->seed;
    made->hash = like->hash;
    made->nodes = like->nodes;
    made->outputs = like->outputs;
    made->scales = smri_alloc(memory, made->trials->node_count, sizeof *made->scales);
    smr_status status = made->scales ? make_tally(made, error) : smri_fail_memory(error);
    const uint32_t stages = like->tally.stage_count;
    if (status == SMR_OK && stages > 0)
        status = smri_robust_add_stages(made, stages) ? SMR_OK : smri_fail_memory(error);
    for (uint32_t i = 0; status == SMR_OK && i < stages; i++)
        status = smri_arena_keep(&made->arena, like->stage_ids[i], &made->stage_ids[i]) ? SMR_OK
                                                                                         : smri_fail_memory(error);
    made->funnel_hash = like->funnel_hash;
    if (status != SMR_OK) {
        smr_robust_unref(made);
        return status;
    }
    memcpy(made->scales, like->scales, made->trials->node_count * sizeof *made->scales);
    *robust = made;
    return SMR_OK;
}

smr_status smr_robust_run(smr_context *context, const smr_framework *framework, const smr_dataset *dataset,
                          const smr_plan *plan, const smr_uncertainty *uncertainty, const smr_robust_options *options,
                          smr_robust **robust, smr_error *error)
{
    if (!robust)
        return smri_fail_argument(error, "robust", "a place for the result");
    *robust = NULL;
    if (!framework || !dataset)
        return smri_fail_argument(error, framework ? "dataset" : "framework", "not NULL");
    smr_robust_options known;
    smr_status status = smri_robust_options_read(options, &known, error);
    if (status != SMR_OK)
        return status;
    smr_robust *made = NULL;
    status = smri_robust_new(context, framework, dataset, plan, uncertainty, &known, &made, error);
    if (status == SMR_OK && known.exact_bounds)
        status = smri_robust_bound(made, error);
    if (status == SMR_OK) {
        const uint64_t draws = known.draws == SMR_DRAWS_OF_SPEC ? smr_uncertainty_draws(uncertainty, DEFAULT_DRAWS)
                                                                : known.draws;
        status = draws > MOST_DRAWS
                     ? smri_fail_argument(error, "draws", "2147483648 at most; run ranges of draws and merge them")
                     : smri_robust_draw(made, known.first_draw, draws, known.partial != 0, error);
    }
    if (status == SMR_OK)
        status = smri_robust_confide(made, error);
    if (status != SMR_OK) {
        smr_robust_unref(made);
        return status;
    }
    smri_robust_unbind(made);
    *robust = made;
    return SMR_OK;
}

/* ---- merging ---- */

/* Sorts the ranges of all parts and joins those that touch. */
static smr_status merge_ranges(smr_robust *made, const smr_robust *const *parts, size_t count, smr_error *error)
{
    const smr_context *memory = smri_context(made->context);
    size_t total = 0;
    for (size_t p = 0; p < count; p++)
        total += parts[p]->range_count;
    made->ranges = smri_calloc(memory, total ? total : 1, sizeof *made->ranges);
    if (!made->ranges)
        return smri_fail_memory(error);
    for (size_t p = 0; p < count; p++) {
        for (size_t i = 0; i < parts[p]->range_count; i++) {
            const smri_range *range = &parts[p]->ranges[i];
            size_t at = made->range_count;
            if (range->count == 0)
                continue;
            while (at > 0 && made->ranges[at - 1].first > range->first)
                at--;
            const smri_range *before = at > 0 ? &made->ranges[at - 1] : NULL;
            const smri_range *after = at < made->range_count ? &made->ranges[at] : NULL;
            if ((before && before->first + before->count > range->first) ||
                (after && range->first + range->count > after->first)) {
                char number[SMRI_INTEGER_SIZE], draw[SMRI_INTEGER_SIZE];
                return smri_fail(error, SMR_MESSAGE_ROBUST_PARTS_OVERLAP, NULL, smri_text_integer(number, p + 1),
                                 smri_text_integer(draw, range->first));
            }
            memmove(made->ranges + at + 1, made->ranges + at, (made->range_count - at) * sizeof *made->ranges);
            made->ranges[at] = *range;
            made->range_count++;
        }
    }
    size_t kept = 0;
    for (size_t i = 0; i < made->range_count; i++) {
        smri_range *last = kept ? &made->ranges[kept - 1] : NULL;
        if (last && last->first + last->count == made->ranges[i].first)
            last->count += made->ranges[i].count;
        else
            made->ranges[kept++] = made->ranges[i];
    }
    made->range_count = kept;
    return SMR_OK;
}

smr_status smr_robust_merge(smr_context *context, const smr_robust *const *parts, size_t count, smr_robust **robust,
                            smr_error *error)
{
    if (!robust)
        return smri_fail_argument(error, "robust", "a place for the result");
    *robust = NULL;
    if (!parts || count == 0)
        return smri_fail_argument(error, parts ? "count" : "parts", parts ? "1 or more" : "not NULL");
    char number[SMRI_INTEGER_SIZE];
    for (size_t p = 0; p < count; p++) {
        if (!parts[p])
            return smri_fail_argument(error, "parts", "none of them NULL");
        if (parts[p]->seed != parts[0]->seed)
            return smri_fail(error, SMR_MESSAGE_ROBUST_PART_DIFFERS, NULL, smri_text_integer(number, p + 1), "its seed");
        if (parts[p]->hash != parts[0]->hash)
            return smri_fail(error, SMR_MESSAGE_ROBUST_PART_DIFFERS, NULL, smri_text_integer(number, p + 1),
                             "spec, data, plan or options");
        if (parts[p]->funnel_hash != parts[0]->funnel_hash || parts[p]->tally.stage_count != parts[0]->tally.stage_count)
            return smri_fail(error, SMR_MESSAGE_ROBUST_PART_DIFFERS, NULL, smri_text_integer(number, p + 1),
                             "its funnel or ballots");
    }
    smr_robust *made = NULL;
    smr_status status = smri_robust_new_like(context, parts[0], &made, error);
    if (status != SMR_OK)
        return status;
    status = merge_ranges(made, parts, count, error);
    for (size_t p = 0; status == SMR_OK && p < count; p++) {
        smri_tally_merge(made->trials, &made->tally, &parts[p]->tally);
        made->partial |= parts[p]->partial;
        status = smri_robust_bound_like(made, parts[p], error);
    }
    if (status == SMR_OK)
        status = smri_robust_confide(made, error);
    if (status != SMR_OK) {
        smr_robust_unref(made);
        return status;
    }
    *robust = made;
    return SMR_OK;
}
