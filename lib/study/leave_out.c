/* SPDX-License-Identifier: MIT */
/* Scores and ranks without each item in turn, fitted anew, and what that does to the order of the regions. */

#include "study/stability_impl.h"

void smr_leave_out_options_init(smr_leave_out_options *options, size_t size)
{
    static const smr_leave_out_options defaults = {
        .size = sizeof(smr_leave_out_options),
        .levels = SMR_LEAVE_OUT_INDICATOR | SMR_LEAVE_OUT_CRITERION | SMR_LEAVE_OUT_REGION};
    smri_options_init(options, size, &defaults, sizeof defaults);
}

/* Items between two questions to the progress callback, for each thread. */
#define ITEMS_A_THREAD 4

typedef struct work {
    smr_leave_out *made;
    const smr_context *memory;
    smr_context *quiet;             /* of one item: one thread, no reports */
    const smr_dataset *dataset;     /* all regions and periods */
    const smr_scorecard *before;
    const char *period;             /* NULL: data without periods */
    size_t *rows;                   /* of the period: places in `before` */
    size_t first;                   /* of this round */
    atomic_bool out_of_memory;
} work;

/* ---- what became of the order ---- */

/* Pairs of which the later is below the earlier; x is sorted on the way. */
static uint64_t count_inversions(double *x, double *buffer, size_t n)
{
    uint64_t count = 0;
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t start = 0; start < n; start += 2 * width) {
            const size_t middle = SMRI_MIN(start + width, n), end = SMRI_MIN(start + 2 * width, n);
            size_t a = start, b = middle;
            for (size_t at = start; at < end; at++) {
                const bool from_second = b < end && (a == middle || x[b] < x[a]);
                count += from_second ? middle - a : 0;
                buffer[at] = from_second ? x[b++] : x[a++];
            }
        }
        memcpy(x, buffer, n * sizeof *x);
    }
    return count;
}

static bool has_both(const smri_left_out *item, size_t row)
{
    return item->ranks[row] == item->ranks[row] && item->ranks_before[row] == item->ranks_before[row];
}

static void measure_shifts(smri_left_out *item, size_t n)
{
    double sum = 0, most = 0, gain = 0, loss = 0;
    size_t count = 0;
    item->gains = item->loses = SIZE_MAX;
    for (size_t row = 0; row < n; row++) {
        if (!has_both(item, row))
            continue;
        const double shift = item->ranks[row] - item->ranks_before[row];
        sum += fabs(shift);
        most = SMRI_MAX(most, fabs(shift));
        count++;
        if (-shift > gain) {
            gain = -shift;
            item->gains = row;
        }
        if (shift > loss) {
            loss = shift;
            item->loses = row;
        }
    }
    item->mean_shift = count > 0 ? sum / (double)count : NAN;
    item->most_shift = (uint64_t)(most + 0.5);
}

/* Kendall's tau-b and the number of reversed pairs. false: out of memory. */
static bool measure_pairs(const smr_context *memory, smri_left_out *item, size_t n)
{
    double *block = smri_alloc(memory, n, 4 * sizeof *block), r[4] = {NAN, NAN, NAN, NAN};
    uint32_t *order = smri_alloc(memory, n, sizeof *order);
    size_t rows[4], count = 0;
    bool fine = block && order;
    double *before = block, *after = block ? block + n : NULL, *sorted = block ? block + 2 * n : NULL;
    for (size_t row = 0; fine && row < n; row++)
        if (has_both(item, row)) {
            before[count] = -item->ranks_before[row];
            after[count++] = -item->ranks[row];
        }
    if (fine && count > 1) {
        const double *const columns[] = {before, after};
        smri_correlations correlations = {.r = {[SMRI_KENDALL] = r}, .rows = rows};
        fine = smri_correlate(memory, columns, 2, count, &correlations, NULL) == SMR_OK &&
               smri_order_descending(memory, before, count, order);
        for (size_t i = 0; fine && i < count; i++)
            sorted[i] = -after[order[i]];
        for (size_t start = 0, end = 0; fine && start < count; start = end) {
            for (end = start + 1; end < count && before[order[end]] == before[order[start]];)
                end++;
            if (end - start > 1)
                fine = smri_sort_ascending(memory, sorted + start, end - start);
        }
        if (fine)
            item->reversals = count_inversions(sorted, block + 3 * n, count);
    }
    item->kendall = r[1];
    smri_free(memory, block);
    smri_free(memory, order);
    return fine;
}

/* ---- one item ---- */

static bool keep_reason(const work *w, smri_left_out *item, const char *text, int32_t code)
{
    const size_t size = strlen(text) + 1;
    char *copy = smri_alloc(w->memory, size, 1);
    if (copy)
        memcpy(copy, text, size);
    item->reason = copy;
    item->code = code;
    return copy != NULL;
}

/* Scores and ranks of the period, row by row of those before. */
static smr_status take_scores(const work *w, smri_left_out *item, const smr_scorecard *card, smr_error *error)
{
    const size_t n = w->made->row_count;
    double *ranks = smri_alloc(w->memory, card->row_count, sizeof *ranks);
    smr_status status =
        ranks ? smri_scorecard_rank(card, 0, card->scores[0], ranks, error) : smri_fail_memory(error);
    for (size_t row = 0; status == SMR_OK && row < n; row++) {
        const int64_t found = smr_dataset_find_row(card->view.dataset, w->made->regions[row], w->period);
        item->scores[row] = found < 0 ? NAN : card->scores[0][found];
        item->ranks[row] = found < 0 ? NAN : ranks[found];
    }
    smri_free(w->memory, ranks);
    return status;
}

static smr_status score_without(const work *w, smri_left_out *item, const smr_framework *framework,
                                const smr_dataset *dataset, const smr_plan *plan, smr_error *error)
{
    smr_model *model = NULL;
    smr_scorecard *card = NULL;
    smr_score_options options;
    smr_score_options_init(&options, sizeof options);
    options.keep = SMR_KEEP_INDEX;
    smr_status status = smr_model_fit(w->quiet, framework, dataset, plan, &model, error);
    if (status == SMR_OK)
        status = smr_model_score(w->quiet, model, dataset, &options, &card, error);
    if (status == SMR_OK)
        status = take_scores(w, item, card, error);
    smr_scorecard_unref(card);
    smr_model_unref(model);
    return status;
}

static smr_status leave_node_out(const work *w, smri_left_out *item, smr_error *error)
{
    const smr_framework *framework = w->made->model->framework;
    const uint32_t node = smri_table_find(&framework->ids, item->id, strlen(item->id));
    smri_arena arena;
    smri_arena_init(&arena, w->memory);
    uint8_t *left = smri_arena_alloc(&arena, framework->node_count, 1);
    smr_framework *without = NULL;
    smr_plan *plan = NULL;
    smr_status status =
        left ? smri_framework_without(w->quiet, framework, node, left, &without, error) : smri_fail_memory(error);
    if (status == SMR_OK && !without)
        status = smri_fail_plain(error, SMR_MESSAGE_LEAVE_OUT_NOTHING, NULL);
    if (status == SMR_OK) {
        const smri_value *document = smri_plan_without(&arena, w->made->model->plan.document, framework, left);
        status = document ? smri_plan_from_value(w->quiet, document, NULL, &plan, error) : smri_fail_memory(error);
    }
    if (status == SMR_OK)
        status = score_without(w, item, without, w->dataset, plan, error);
    item->ranks_before = w->made->ranks;
    smr_plan_unref(plan);
    smr_framework_unref(without);
    smri_arena_free(&arena);
    return status;
}

/* Is the region, or one that it rolls up into, the one? A chain of parents has no cycle. */
static bool belongs(const smr_dataset *dataset, uint32_t region, uint32_t to)
{
    while (region != SMRI_NONE && region != to)
        region = dataset->regions[region].parent;
    return region == to;
}

static smr_status rank_others(const work *w, smri_left_out *item, size_t out, smr_error *error)
{
    const size_t count = w->before->row_count;
    double *scores = smri_alloc(w->memory, count, 2 * sizeof *scores), *ranks = scores ? scores + count : NULL;
    if (!scores)
        return smri_fail_memory(error);
    memcpy(scores, w->before->scores[0], count * sizeof *scores);
    scores[w->rows[out]] = NAN;
    const smr_status status = smri_scorecard_rank(w->before, 0, scores, ranks, error);
    for (size_t row = 0; status == SMR_OK && row < w->made->row_count; row++)
        item->ranks_before[row] = ranks[w->rows[row]];
    smri_free(w->memory, scores);
    return status;
}

static smr_status leave_region_out(const work *w, smri_left_out *item, size_t out, smr_error *error)
{
    const smr_dataset *dataset = w->dataset;
    const uint32_t region = smri_dataset_find_region(dataset, item->id);
    smr_dataset *others = NULL;
    smr_plan *plan = NULL;
    size_t count = 0;
    size_t *rows = smri_alloc(w->memory, dataset->row_count, sizeof *rows);
    for (size_t row = 0; rows && row < dataset->row_count; row++)
        if (!belongs(dataset, smri_dataset_region_of(dataset, row), region))
            rows[count++] = row;
    smr_status status = rows ? SMR_OK : smri_fail_memory(error);
    if (status == SMR_OK && count == 0)
        status = smri_fail_plain(error, SMR_MESSAGE_LEAVE_OUT_NOTHING, NULL);
    if (status == SMR_OK)
        status = smri_dataset_take_rows(w->quiet, dataset, rows, count, &others, error);
    if (status == SMR_OK)
        status = smri_plan_from_value(w->quiet, w->made->model->plan.document, NULL, &plan, error);
    if (status == SMR_OK)
        status = score_without(w, item, w->made->model->framework, others, plan, error);
    if (status == SMR_OK)
        status = rank_others(w, item, out, error);
    smr_plan_unref(plan);
    smr_dataset_unref(others);
    smri_free(w->memory, rows);
    return status;
}

static void run_item(void *user, size_t part)
{
    work *w = user;
    const size_t index = w->first + part, n = w->made->row_count;
    smri_left_out *item = &w->made->items[index];
    const bool region = item->level == SMR_LEAVE_OUT_REGION;
    smr_error error;
    smr_error_init(&error, sizeof error);
    item->scores = smri_alloc(w->memory, n, (region ? 3 : 2) * sizeof *item->scores);
    if (!item->scores) {
        atomic_store(&w->out_of_memory, true);
        return;
    }
    item->ranks = item->scores + n;
    item->ranks_before = item->ranks + n;
    /* regions stand last, in the order of the rows */
    const smr_status status = region ? leave_region_out(w, item, index - (w->made->item_count - n), &error)
                                     : leave_node_out(w, item, &error);
    bool fine = status != SMR_ERROR_MEMORY;
    if (fine && status != SMR_OK) {
        fine = keep_reason(w, item, error.message, error.code);
        smri_free(w->memory, item->scores);
        item->scores = item->ranks = item->ranks_before = NULL;
    } else if (fine) {
        measure_shifts(item, n);
        fine = measure_pairs(smri_context(w->quiet), item, n);
    }
    if (!fine)
        atomic_store(&w->out_of_memory, true);
}

/* ---- the whole ---- */

static smr_status make_quiet(const smr_context *memory, smr_context **quiet, smr_error *error)
{
    smr_context_options options;
    smr_context_options_init(&options, sizeof options);
    options.threads = 1;
    options.allocator = memory->allocator;
    options.kernel = smri_context_kernels(memory)->name;
    options.max_bytes = memory->max_bytes;
    options.max_rows = memory->max_rows;
    options.max_columns = memory->max_columns;
    options.max_depth = memory->max_depth;
    options.max_field_bytes = memory->max_field_bytes;
    return smr_context_new(&options, quiet, error);
}

static void add_items(smr_leave_out *made, uint32_t levels)
{
    const smr_framework *framework = made->model->framework;
    for (uint32_t i = 0; (levels & SMR_LEAVE_OUT_INDICATOR) && i < framework->indicator_count; i++)
        made->items[made->item_count++] = (smri_left_out){
            .level = SMR_LEAVE_OUT_INDICATOR, .id = framework->nodes[framework->indicators[i].node].id};
    for (int32_t node = framework->nodes[0].first_child; (levels & SMR_LEAVE_OUT_CRITERION) && node >= 0;
         node = framework->nodes[node].next_sibling)
        if (framework->nodes[node].indicator < 0)
            made->items[made->item_count++] =
                (smri_left_out){.level = SMR_LEAVE_OUT_CRITERION, .id = framework->nodes[node].id};
    for (size_t row = 0; (levels & SMR_LEAVE_OUT_REGION) && row < made->row_count; row++)
        made->items[made->item_count++] = (smri_left_out){.level = SMR_LEAVE_OUT_REGION, .id = made->regions[row]};
}

/* Rows of the period, their scores and ranks. */
static smr_status take_before(work *w, smr_scorecard *card, uint32_t levels, smr_error *error)
{
    smr_leave_out *made = w->made;
    const smr_dataset *dataset = card->view.dataset;
    const size_t count = card->row_count;
    uint32_t period = dataset->period_count ? dataset->period_count - 1 : 0;
    if (w->period) {
        period = smri_dataset_find_period(dataset, w->period);
        if (period == SMRI_NONE) {
            const smri_place place = {.source = dataset->source_name, .subject = "period"};
            char hint[SMRI_PLAN_TEXT];
            smri_did_you_mean(hint, smr_dataset_latest_period(dataset));
            return smri_fail(error, SMR_MESSAGE_PERIOD_UNKNOWN, &place, w->period, hint);
        }
    }
    w->period = dataset->period_count ? dataset->periods[period].id : NULL;
    size_t items;
    double *ranks = smri_alloc(w->memory, count, sizeof *ranks);
    made->regions = smri_arena_alloc(&made->arena, count, sizeof *made->regions);
    made->scores = smri_arena_alloc(&made->arena, count, sizeof *made->scores);
    made->ranks = smri_arena_alloc(&made->arena, count, sizeof *made->ranks);
    w->rows = smri_alloc(w->memory, count, sizeof *w->rows);
    if (smri_sum(count, made->model->framework->node_count, &items))
        made->items = smri_arena_calloc(&made->arena, items, sizeof *made->items);
    const bool fine = ranks && made->regions && made->scores && made->ranks && w->rows && made->items;
    const smr_status status =
        fine ? smri_scorecard_rank(card, 0, card->scores[0], ranks, error) : smri_fail_memory(error);
    for (size_t row = 0; status == SMR_OK && row < count; row++) {
        if (smri_dataset_period_of(dataset, row) != period)
            continue;
        made->regions[made->row_count] = smr_dataset_region(dataset, row);
        made->scores[made->row_count] = card->scores[0][row];
        made->ranks[made->row_count] = ranks[row];
        w->rows[made->row_count++] = row;
    }
    smri_free(w->memory, ranks);
    if (status == SMR_OK)
        add_items(made, levels);
    return status;
}

static smr_status run_items(work *w, smr_error *error)
{
    const size_t round = (size_t)w->memory->threads * ITEMS_A_THREAD, count = w->made->item_count;
    for (w->first = 0; w->first < count; w->first += round) {
        if (smri_cancelled(w->memory, w->first, count, error))
            return SMR_ERROR_CANCELLED;
        smri_parallel(w->memory, SMRI_MIN(round, count - w->first), run_item, w);
        if (atomic_load(&w->out_of_memory))
            return smri_fail_memory(error);
    }
    return SMR_OK;
}

static smr_leave_out *new_result(smr_context *context)
{
    const smr_context *memory = smri_context(context);
    smr_leave_out *made = smri_calloc(memory, 1, sizeof *made);
    if (!made)
        return NULL;
    atomic_init(&made->references, 1);
    made->context = smr_context_ref(context);
    smri_arena_init(&made->arena, memory);
    return made;
}

smr_status smr_leave_out_run(smr_context *context, const smr_framework *framework, const smr_dataset *dataset,
                             const smr_plan *plan, const smr_leave_out_options *options, smr_leave_out **result,
                             smr_error *error)
{
    static const uint32_t all = SMR_LEAVE_OUT_INDICATOR | SMR_LEAVE_OUT_CRITERION | SMR_LEAVE_OUT_REGION;
    if (!result)
        return smri_fail_argument(error, "result", "a place for the result");
    *result = NULL;
    if (!framework || !dataset)
        return smri_fail_argument(error, framework ? "dataset" : "framework", "not NULL");
    smr_leave_out_options known;
    smr_leave_out_options_init(&known, sizeof known);
    smr_status status = smri_options_read(&known, sizeof known, options, "smr_leave_out_options", error);
    if (status == SMR_OK && (known.levels == 0 || (known.levels & ~all)))
        status = smri_fail_argument(error, "levels", "a sum of smr_leave_out_level");
    if (status != SMR_OK)
        return status;
    const smr_context *memory = smri_context(context);
    work w = {.memory = memory, .dataset = dataset, .period = known.period, .made = new_result(context)};
    atomic_init(&w.out_of_memory, false);
    smr_scorecard *card = NULL;
    smr_score_options keep;
    smr_score_options_init(&keep, sizeof keep);
    keep.keep = SMR_KEEP_INDEX;
    status = w.made ? make_quiet(memory, &w.quiet, error) : smri_fail_memory(error);
    if (status == SMR_OK)
        status = smr_model_fit(context, framework, dataset, plan, &w.made->model, error);
    if (status == SMR_OK)
        status = smr_model_score(context, w.made->model, dataset, &keep, &card, error);
    if (status == SMR_OK) {
        w.before = card;
        w.made->dataset = smr_dataset_ref(card->view.dataset);
        status = take_before(&w, card, known.levels, error);
    }
    if (status == SMR_OK)
        status = run_items(&w, error);
    smri_free(memory, w.rows);
    smr_scorecard_unref(card);
    smr_context_unref(w.quiet);
    if (status != SMR_OK) {
        smr_leave_out_unref(w.made);
        return status;
    }
    *result = w.made;
    return SMR_OK;
}
