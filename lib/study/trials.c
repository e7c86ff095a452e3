/* SPDX-License-Identifier: MIT */
/* Trials: framework, data, plan and spec compiled into dimensions, what varies, and worlds to be made. */

#include "study/trials_impl.h"

/* Of worlds that are kept for all threads. */
#define KEPT_BYTES (UINT64_C(256) << 20)
/* What a world takes beside its scores: plan, model, arenas. */
#define WORLD_BYTES (UINT64_C(192) << 10)
#define MOST_WORLDS (UINT64_C(1) << 40)
/* Draws that an alternative has to succeed once. */
#define CHECK_DRAWS 1023

smri_trials *smri_trials_ref(smri_trials *trials)
{
    atomic_fetch_add_explicit(&trials->references, 1, memory_order_relaxed);
    return trials;
}

void smri_trials_free(smri_trials *trials)
{
    if (!trials || atomic_fetch_sub_explicit(&trials->references, 1, memory_order_acq_rel) != 1)
        return;
    smr_context *context = trials->context;
    const smr_context *memory = smri_context(context);
    for (size_t i = 0; trials->slots && i < trials->slot_count; i++)
        smri_world_free(trials, (smri_world *)atomic_load(&trials->slots[i]));
    smri_free(memory, trials->slots);
    smr_framework_unref(trials->framework);
    smr_dataset_unref(trials->dataset);
    smr_plan_unref(trials->plan);
    smr_model_unref(trials->model);
    smri_arena_free(&trials->arena);
    smr_context_unref(trials->one_thread);
    smri_free(memory, trials);
    smr_context_unref(context);
}

/* The same context, but for what a thread must not do. */
static smr_context *make_one_thread(const smr_context *from)
{
    smr_context *made = smri_calloc(from, 1, sizeof *made);
    if (!made)
        return NULL;
    atomic_init(&made->references, 1);
    made->allocator = from->allocator;
    made->threads = 1;
    made->kernels = from->kernels;
    made->max_bytes = from->max_bytes;
    made->max_rows = from->max_rows;
    made->max_columns = from->max_columns;
    made->max_depth = from->max_depth;
    made->max_field_bytes = from->max_field_bytes;
    return made;
}

/* ---- the plan as it is ---- */

static smr_status choose_nodes(smri_trials *trials, smri_trials_nodes nodes, smr_error *error)
{
    const smr_framework *framework = trials->framework;
    trials->nodes = smri_arena_alloc(&trials->arena, framework->node_count, sizeof *trials->nodes);
    if (!trials->nodes)
        return smri_fail_memory(error);
    for (uint32_t node = 0; node < framework->node_count; node++) {
        const smri_node *one = &framework->nodes[node];
        if (node == 0 || nodes == SMRI_TRIALS_ALL || (nodes == SMRI_TRIALS_CRITERIA && one->parent == 0) ||
            (nodes == SMRI_TRIALS_INNER && one->indicator < 0))
            trials->nodes[trials->node_count++] = node;
    }
    return SMR_OK;
}

static smr_status choose_regions(smri_trials *trials, const smr_dataset *dataset, const char *period, smr_error *error)
{
    const char *latest = smr_dataset_latest_period(dataset);
    trials->period = period ? period : latest;
    const uint32_t number = trials->period ? smri_dataset_find_period(dataset, trials->period) : 0;
    if (number == SMRI_NONE) {
        const smri_place place = {.source = dataset->source_name, .subject = "period"};
        char hint[SMRI_PLAN_TEXT];
        return smri_fail(error, SMR_MESSAGE_PERIOD_UNKNOWN, &place, period, smri_did_you_mean(hint, latest));
    }
    trials->period = trials->period ? smri_arena_text(&trials->arena, trials->period, strlen(trials->period)) : NULL;
    trials->regions = smri_arena_alloc(&trials->arena, dataset->row_count, sizeof *trials->regions);
    trials->names = smri_arena_alloc(&trials->arena, dataset->row_count, sizeof *trials->names);
    if (!trials->regions || !trials->names)
        return smri_fail_memory(error);
    for (size_t row = 0; row < dataset->row_count; row++) {
        if (smri_dataset_period_of(dataset, row) != number)
            continue;
        const char *id = smr_dataset_region(dataset, row), *name = smr_dataset_region_name(dataset, row);
        trials->regions[trials->region_count] = smri_arena_text(&trials->arena, id, strlen(id));
        trials->names[trials->region_count] = smri_arena_text(&trials->arena, name, strlen(name));
        if (!trials->regions[trials->region_count] || !trials->names[trials->region_count])
            return smri_fail_memory(error);
        trials->region_count++;
    }
    return SMR_OK;
}

/* Fits and scores the plan as it is: the regions, and the kept scores. */
static smr_status score_base(smri_trials *trials, const smri_trials_options *options, smr_error *error)
{
    const smr_score_options keep = {sizeof keep, options->nodes == SMRI_TRIALS_ALL ? SMR_KEEP_ALL : SMR_KEEP_INNER};
    smr_scorecard *card = NULL;
    double *column = NULL;
    size_t *rows = NULL;
    smr_status status = smr_model_fit(trials->one_thread, trials->framework, trials->dataset, trials->plan,
                                      &trials->model, error);
    if (status == SMR_OK)
        status = smr_model_score(trials->one_thread, trials->model, trials->dataset, &keep, &card, error);
    if (status == SMR_OK)
        status = choose_regions(trials, card->view.dataset, options->period, error);
    if (status == SMR_OK) {
        const size_t cells = (size_t)trials->node_count * trials->region_count;
        trials->scores = smri_arena_alloc(&trials->arena, cells, sizeof *trials->scores);
        trials->ranks = smri_arena_calloc(&trials->arena, cells, sizeof *trials->ranks);
        column = smri_alloc(smri_context(trials->context), card->row_count, sizeof *column);
        rows = smri_alloc(smri_context(trials->context), trials->region_count, sizeof *rows);
        status = trials->scores && trials->ranks && column && rows ? SMR_OK : smri_fail_memory(error);
    }
    if (status == SMR_OK)
        smri_trials_rows(trials, card->view.dataset, rows);
    for (uint32_t k = 0; status == SMR_OK && k < trials->node_count; k++) {
        status = smr_scorecard_scores(card, trials->nodes[k], column, card->row_count, error);
        for (uint32_t i = 0; status == SMR_OK && i < trials->region_count; i++)
            trials->scores[(size_t)k * trials->region_count + i] = column[rows[i]];
    }
    smri_free(smri_context(trials->context), column);
    smri_free(smri_context(trials->context), rows);
    smr_scorecard_unref(card);
    return status;
}

/* ---- the spec ---- */

/* Noise of 25 % on all weights. */
static const smri_value *default_spec(smri_arena *arena)
{
    static const char *const texts[][2] = {{"id", "weights"}, {"vary", "weights"}, {"distribution", "noise"}};
    smri_value *spec = smri_value_new(arena, SMRI_OBJECT), *list = smri_value_new(arena, SMRI_ARRAY);
    smri_value *factor = smri_value_new(arena, SMRI_OBJECT);
    bool fine = spec && list && factor;
    for (size_t i = 0; fine && i < SMRI_COUNT(texts); i++)
        fine = smri_value_append(arena, factor, texts[i][0], smri_value_text(arena, texts[i][1], strlen(texts[i][1])));
    fine = fine && smri_value_append(arena, factor, "percent", smri_value_number(arena, 25)) &&
           smri_value_append(arena, list, NULL, factor) && smri_value_append(arena, spec, "factors", list);
    return fine ? spec : NULL;
}

/* Dimensions of every factor, and what varies below which node. */
static smr_status lay_out(smri_trials *trials, smr_error *error)
{
    const smr_framework *framework = trials->framework;
    const uint32_t nodes = framework->node_count;
    trials->family_varies = smri_arena_calloc(&trials->arena, nodes, 1);
    trials->varies = smri_arena_calloc(&trials->arena, nodes, 1);
    if (!trials->family_varies || !trials->varies)
        return smri_fail_memory(error);
    for (uint32_t k = 0; k < trials->factor_count; k++) {
        smri_factor *f = &trials->factors[k];
        f->first_dimension = trials->dimension_count;
        f->dimension_count = 1;
        if (f->vary == SMRI_VARY_WEIGHTS) {
            uint32_t *dimensions = smri_arena_alloc(&trials->arena, nodes, sizeof *dimensions);
            if (!dimensions)
                return smri_fail_memory(error);
            f->dimension_count = smri_weights_dimensions(trials, f, dimensions);
            for (uint32_t node = 0; node < nodes; node++)
                trials->family_varies[node] |= f->families[node] && framework->nodes[node].child_count > 1;
        } else if (f->vary == SMRI_VARY_GOALPOSTS) {
            f->dimension_count = 0;
            for (uint32_t i = 0; i < framework->indicator_count; i++)
                f->dimension_count += f->indicators[i] ? 2 : 0;
        } else if (f->vary == SMRI_VARY_LEAVE_OUT) {
            trials->leaves_out = true;
            for (uint32_t i = 0; i < f->count; i++) /* and every family above, which may be emptied */
                for (int32_t node = framework->nodes[f->left_out[i]].parent; node >= 0; node = framework->nodes[node].parent)
                    trials->family_varies[node] = 1;
        }
        trials->dimension_count += f->dimension_count;
    }
    for (uint32_t node = nodes; node-- > 0;) {
        trials->varies[node] |= trials->family_varies[node];
        if (node > 0)
            trials->varies[framework->nodes[node].parent] |= trials->varies[node];
    }
    return SMR_OK;
}

static smr_status make_slots(smri_trials *trials, smr_error *error)
{
    const smr_framework *framework = trials->framework;
    trials->world_count = 1;
    for (uint32_t k = 0; k < trials->factor_count; k++) {
        const smri_factor *f = &trials->factors[k];
        if (f->vary == SMRI_VARY_ALTERNATIVES)
            trials->world_count *= f->count;
        if (trials->world_count <= MOST_WORLDS)
            continue;
        char most[SMRI_INTEGER_SIZE];
        const smri_place place = {.source = trials->source_name, .subject = f->path};
        return smri_fail(error, SMR_MESSAGE_TOO_MANY_WORLDS, &place, smri_text_integer(most, MOST_WORLDS));
    }
    const uint64_t bytes =
        WORLD_BYTES + (uint64_t)framework->node_count * trials->region_count * (SMRI_LANES / 4 + 3) * sizeof(double);
    trials->slot_count = (size_t)SMRI_MIN(trials->world_count, SMRI_MAX(KEPT_BYTES / bytes, 1));
    trials->slots = smri_calloc(smri_context(trials->context), trials->slot_count, sizeof *trials->slots);
    return trials->slots ? SMR_OK : smri_fail_memory(error);
}

/* ---- alternatives that cannot work ---- */

typedef struct checker {
    const smri_trials *trials;
    smri_trials_workspace *workspace;
    smri_trial_results results;
    double *points;
} checker;

/* Runs draws with one alternative until one succeeds. */
static smr_status check_alternative(checker *c, const smri_factor *f, uint32_t alternative, smr_error *error)
{
    uint64_t draws[SMRI_LANES];
    smr_error first = {.size = 0};
    for (uint64_t start = 0, count = 1; start < CHECK_DRAWS; start += count, count = SMRI_MIN(2 * count, SMRI_LANES)) {
        for (size_t l = 0; l < count; l++)
            draws[l] = start + l;
        smri_trials_draw(c->trials, 0, draws, count, c->points);
        for (size_t l = 0; l < SMRI_LANES; l++)
            c->points[(size_t)f->first_dimension * SMRI_LANES + l] = (alternative + 0.5) / f->count;
        const smr_status status = smri_trials_run(c->trials, c->workspace, c->points, count, &c->results, error);
        if (status != SMR_OK)
            return status;
        for (size_t l = 0; l < count; l++)
            if (c->results.codes[l] == 0)
                return SMR_OK;
        if (start == 0)
            first = c->results.errors[0];
    }
    char number[SMRI_INTEGER_SIZE];
    const char *name = f->left_out ? c->trials->framework->nodes[f->left_out[alternative]].id
                                   : smri_text_integer(number, alternative + 1);
    const smri_place place = {.source = c->trials->source_name, .subject = f->path};
    return smri_fail(error, SMR_MESSAGE_FACTOR_ALTERNATIVE_FAILS, &place, f->id, name, first.message);
}

static smr_status check_alternatives(checker *c, smr_error *error)
{
    smr_status status = SMR_OK;
    for (uint32_t k = 0; k < c->trials->factor_count; k++) {
        const smri_factor *f = &c->trials->factors[k];
        for (uint32_t a = 0; status == SMR_OK && a < f->count; a++)
            status = check_alternative(c, f, a, error);
    }
    return status;
}

/* Ranks of the plan as it is, by the same rule as those of draws. */
static smr_status rank_base(checker *c, smr_error *error)
{
    smri_trials *trials = smri_mutable(c->trials);
    const size_t regions = trials->region_count;
    uint32_t *ranks = smri_alloc(smri_context(trials->context), regions, SMRI_LANES * sizeof *ranks);
    smr_status status = ranks ? SMR_OK : smri_fail_memory(error);
    smri_trials_workspace_rank_upward(c->workspace, smri_ranks_upward(&trials->model->plan.aggregate[0]));
    for (uint32_t k = 0; status == SMR_OK && k < trials->node_count; k++) {
        double *scores = c->results.scores;
        for (size_t i = 0; i < regions * SMRI_LANES; i++)
            scores[i] = trials->scores[k * regions + i / SMRI_LANES];
        if (!smri_trials_rank(trials, c->workspace, k, scores, 1, ranks))
            status = smri_fail_memory(error);
        for (size_t i = 0; status == SMR_OK && i < regions; i++)
            trials->ranks[k * regions + i] = ranks[i * SMRI_LANES];
    }
    smri_free(smri_context(trials->context), ranks);
    return status;
}

static smr_status check(smri_trials *trials, smr_error *error)
{
    const smr_context *memory = smri_context(trials->context);
    checker c = {.trials = trials, .workspace = smri_trials_workspace_new(trials)};
    size_t cells = 0;
    if (smri_product((size_t)trials->node_count * trials->region_count, SMRI_LANES, &cells))
        c.results.scores = smri_alloc(memory, cells, sizeof *c.results.scores);
    c.results.errors = smri_alloc(memory, SMRI_LANES, sizeof *c.results.errors);
    c.points = smri_alloc(memory, trials->dimension_count ? trials->dimension_count : 1, SMRI_LANES * sizeof *c.points);
    smr_status status =
        c.workspace && c.results.scores && c.results.errors && c.points ? SMR_OK : smri_fail_memory(error);
    for (size_t l = 0; c.results.errors && l < SMRI_LANES; l++)
        smr_error_init(&c.results.errors[l], sizeof *c.results.errors);
    if (status == SMR_OK)
        status = rank_base(&c, error);
    if (status == SMR_OK)
        status = check_alternatives(&c, error);
    smri_trials_workspace_free(c.workspace);
    smri_free(memory, c.results.scores);
    smri_free(memory, c.results.errors);
    smri_free(memory, c.points);
    return status;
}

smr_status smri_trials_new(smr_context *context, const smr_framework *framework, const smr_dataset *dataset,
                           const smr_plan *plan, const smri_trials_options *options, smri_trials **trials,
                           smr_error *error)
{
    const smr_context *memory = smri_context(context);
    smri_trials *made = smri_calloc(memory, 1, sizeof *made);
    *trials = NULL;
    if (!made)
        return smri_fail_memory(error);
    atomic_init(&made->references, 1);
    made->context = smr_context_ref(context);
    smri_arena_init(&made->arena, memory);
    made->framework = smr_framework_ref(smri_mutable(framework));
    made->dataset = smr_dataset_ref(smri_mutable(dataset));
    made->plan = smr_plan_ref(smri_mutable(plan));
    made->one_thread = make_one_thread(memory);
    made->spec = options->spec ? smri_value_copy(&made->arena, options->spec) : default_spec(&made->arena);
    bool named = true;
    if (options->source_name)
        named = smri_arena_keep(&made->arena, options->source_name, &made->source_name);
    smr_status status = made->one_thread && made->spec && named ? SMR_OK : smri_fail_memory(error);
    if (status == SMR_OK)
        status = choose_nodes(made, options->nodes, error);
    if (status == SMR_OK)
        status = score_base(made, options, error);
    if (status == SMR_OK)
        status = smri_trials_read_spec(made, error);
    if (status == SMR_OK)
        status = lay_out(made, error);
    if (status == SMR_OK)
        status = make_slots(made, error);
    if (status == SMR_OK)
        status = check(made, error);
    if (status != SMR_OK) {
        smri_trials_free(made);
        return status;
    }
    *trials = made;
    return SMR_OK;
}
