/* SPDX-License-Identifier: MIT */
/* Target: a goal becomes the least score that reaches it, the score becomes efforts, and efforts become raw values that
 * are tried before they are told. */

#include "study/target_impl.h"

/* Of the effort: nearer to the bound than this is the least effort. */
#define PROVEN 1e-9
/* Of the goal: beyond what the order of additions may change. */
#define BEYOND 1e-14

void smr_target_options_init(smr_target_options *options, size_t size)
{
    static const smr_target_options defaults = {
        .size = sizeof(smr_target_options), .decimals = -1, .score = NAN, .most_steps = 20000};
    smri_options_init(options, size, &defaults, sizeof defaults);
}

/* ---- what is asked ---- */

static smr_status check_options(const smr_target_options *options, smr_error *error)
{
    const bool by_rank = options->rank > 0, by_score = options->score == options->score;
    if (by_rank == by_score)
        return smri_fail_argument(error, "options", by_rank ? "rank or score, not both" : "a goal: rank or score");
    if (by_score && !(fabs(options->score) <= DBL_MAX))
        return smri_fail_argument(error, "score", "a finite number");
    if (options->decimals < -1 || options->decimals > 17)
        return smri_fail_argument(error, "decimals", "-1 to 17");
    return options->most_steps > 0 ? SMR_OK : smri_fail_argument(error, "most_steps", "1 or more");
}

static smr_status check_model(const smr_model *model, const char *region, smr_error *error)
{
    const smr_framework *framework = model->framework;
    if (model->plan.rollup_by)
        return smri_fail(error, SMR_MESSAGE_TARGET_ROLLED_UP, NULL, region);
    for (uint32_t node = 0; node < framework->node_count; node++) {
        const smri_place place = {.subject = framework->nodes[node].id};
        if (!smri_is_whole(model, node))
            continue;
        const smri_choice *weights = &model->plan.weights[node];
        return smri_fail(error, SMR_MESSAGE_TARGET_OF_ALL, &place,
                         weights->method->score_rows ? weights->method->name : model->plan.aggregate[node].method->name,
                         framework->nodes[node].id);
    }
    if (!smri_ranks_upward(&model->plan.aggregate[0]))
        return SMR_OK;
    const smri_place place = {.subject = framework->nodes[0].id};
    return smri_fail(error, SMR_MESSAGE_TARGET_UPWARD, &place, model->plan.aggregate[0].method->name,
                     framework->nodes[0].id);
}

/* ---- the goal as a score ---- */

typedef struct standing {
    const smr_scorecard *card;
    size_t row;                     /* of the region */
    double *scores, *ranks;
} standing;

static smr_status rank_with(standing *s, double score, double *rank, smr_error *error)
{
    s->scores[s->row] = score;
    const smr_status status = smri_scorecard_rank(s->card, 0, s->scores, s->ranks, error);
    *rank = s->ranks[s->row];
    return status;
}

/* Numbers in the order of their bits, so that halving meets every one of them. */
static int64_t order_of(double x)
{
    int64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits < 0 ? INT64_MIN - bits : bits;
}

static double at_order(int64_t order)
{
    const int64_t bits = order < 0 ? INT64_MIN - order : order;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* The least score with this rank or a better one, the others staying where they are. */
static smr_status score_of_rank(standing *s, double now, uint64_t rank, double *goal, smr_error *error)
{
    const smri_resolved *plan = &s->card->model->plan;
    double highest = now, unit = plan->decimals >= 0 ? 1 : 0, reached;
    for (size_t row = 0; row < s->card->row_count; row++)
        highest = s->scores[row] > highest ? s->scores[row] : highest;
    for (int32_t i = 0; i < plan->decimals; i++)
        unit /= 10;
    const double beyond = highest + 2 * plan->tolerance + 2 * unit;
    int64_t low = order_of(now), high = SMRI_MAX(order_of(beyond), order_of(highest)) + 1;
    while (high - low > 1) {
        const int64_t middle = low + (high - low) / 2;
        const smr_status status = rank_with(s, at_order(middle), &reached, error);
        if (status != SMR_OK)
            return status;
        if (reached <= (double)rank)
            high = middle;
        else
            low = middle;
    }
    *goal = at_order(high) + 0.0;
    return SMR_OK;
}

/* ---- the region alone ---- */

static smr_status take_alone(smr_context *context, smri_problem *problem, uint32_t region, uint32_t period,
                             smr_error *error)
{
    const smr_dataset *dataset = problem->dataset;
    const smr_framework *framework = problem->model->framework;
    size_t *rows = smri_alloc(problem->memory, dataset->row_count, sizeof *rows), count = 0;
    smr_status status = rows ? SMR_OK : smri_fail_memory(error);
    for (size_t row = 0; status == SMR_OK && row < dataset->row_count; row++) {
        if (smri_dataset_region_of(dataset, row) != region)
            continue;
        if (smri_dataset_period_of(dataset, row) == period)
            problem->row = count;
        rows[count++] = row;
    }
    if (status == SMR_OK)
        status = smri_dataset_take_rows(context, dataset, rows, count, &problem->alone, error);
    smri_free(problem->memory, rows);
    for (uint32_t set = 0; status == SMR_OK && problem->model->sets && set < problem->model->set_count; set++)
        if (strcmp(problem->model->sets[set], dataset->periods[period].id) == 0)
            problem->set = set;
    problem->heights = smri_arena_calloc(&problem->arena, framework->node_count, sizeof(double));
    if (status == SMR_OK && !problem->heights)
        status = smri_fail_memory(error);
    smr_score_options keep;
    smr_score_options_init(&keep, sizeof keep);
    keep.keep = SMR_KEEP_ALL;
    smr_scorecard *card = NULL;
    if (status == SMR_OK)
        status = smr_model_score(&problem->quiet, problem->model, problem->alone, &keep, &card, error);
    for (uint32_t node = 0; status == SMR_OK && node < framework->node_count; node++) {
        const int64_t row = smr_scorecard_find_row(card, dataset->regions[region].id,
                                                   smr_dataset_period(problem->alone, problem->row));
        problem->heights[node] = row < 0 ? NAN : card->scores[node][row];
    }
    smr_scorecard_unref(card);
    return status;
}

/* Is some indicator of the region filled from others of its own, so that no indicator moves alone? */
static bool is_entangled(const smri_problem *problem)
{
    const smr_model *model = problem->model;
    const smr_framework *framework = model->framework;
    for (uint32_t i = 0; i < framework->indicator_count; i++) {
        const char *id = framework->nodes[framework->indicators[i].node].id;
        const smri_column *column = smri_dataset_column(problem->alone, id);
        const bool missing = !column || !column->values || column->values[problem->row] != column->values[problem->row];
        if (missing && model->plan.impute[i].method->fill_matrix)
            return true;
    }
    return false;
}

/* ---- the answer ---- */

/* Applies the values to the data of all regions. */
static smr_status apply(smr_context *context, const smri_problem *problem, uint32_t region, uint32_t period,
                        const double *raw, double *score, double *rank, smr_error *error)
{
    const smr_framework *framework = problem->model->framework;
    smri_edit *edits = smri_alloc(problem->memory, (size_t)problem->count + 1, sizeof *edits);
    smr_dataset *edited = NULL;
    smr_scorecard *card = NULL;
    smr_score_options keep;
    smr_score_options_init(&keep, sizeof keep);
    keep.keep = SMR_KEEP_INDEX;
    if (!edits)
        return smri_fail_memory(error);
    for (uint32_t i = 0; i < problem->count; i++)
        edits[i] = (smri_edit){.region = region,
                               .column = framework->nodes[framework->indicators[problem->levers[i].indicator].node].id,
                               .to = raw[i]};
    smr_status status = smri_edit_dataset(context, problem->dataset, period, edits, problem->count, &edited, error);
    if (status == SMR_OK)
        status = smr_model_score(context, problem->model, edited, &keep, &card, error);
    double *ranks = status == SMR_OK ? smri_alloc(problem->memory, card->row_count, sizeof *ranks) : NULL;
    if (status == SMR_OK)
        status = ranks ? smr_scorecard_ranks(card, 0, ranks, card->row_count, error) : smri_fail_memory(error);
    if (status == SMR_OK) {
        const char *id = problem->dataset->regions[region].id;
        const char *when = problem->dataset->period_count ? problem->dataset->periods[period].id : NULL;
        const int64_t row = smr_scorecard_find_row(card, id, when);
        *score = row < 0 ? NAN : card->scores[0][row];
        *rank = row < 0 ? NAN : ranks[row];
    }
    smri_free(problem->memory, ranks);
    smri_free(problem->memory, edits);
    smr_scorecard_unref(card);
    smr_dataset_unref(edited);
    return status;
}

static smr_status put_changes(const smri_problem *problem, const double *raw, smr_target *target, smr_error *error)
{
    const smr_framework *framework = problem->model->framework;
    const size_t most = (size_t)problem->count + 1;
    target->indicators = smri_arena_alloc(&target->arena, most, sizeof *target->indicators);
    target->from = smri_arena_alloc(&target->arena, most, sizeof(double));
    target->to = smri_arena_alloc(&target->arena, most, sizeof(double));
    target->effort = smri_arena_alloc(&target->arena, most, sizeof(double));
    if (!target->indicators || !target->from || !target->to || !target->effort)
        return smri_fail_memory(error);
    target->summary.effort = 0;
    for (uint32_t i = 0; i < problem->count; i++) {
        const smri_lever *lever = &problem->levers[i];
        if (raw[i] == lever->from)
            continue;
        const size_t place = target->count++;
        target->indicators[place] = framework->nodes[framework->indicators[lever->indicator].node].id;
        target->from[place] = lever->from;
        target->to[place] = raw[i];
        target->effort[place] = lever->cost * fabs(raw[i] - lever->from);
        target->summary.effort += target->effort[place];
    }
    return SMR_OK;
}

/* Says what cannot be reached. */
static void report(const smri_problem *problem, const smr_target *target)
{
    char rank[SMRI_INTEGER_SIZE], goal[SMRI_NUMBER_SIZE + 16], best[SMRI_NUMBER_SIZE], place[SMRI_NUMBER_SIZE];
    const bool by_rank = target->goal_rank > 0;
    memcpy(goal, by_rank ? "rank " : "the score ", by_rank ? 6 : 11);
    smri_text_integer(rank, target->goal_rank);
    if (by_rank)
        memcpy(goal + 5, rank, strlen(rank) + 1);
    else
        smri_number_write(goal + 10, problem->goal);
    smri_number_write(best, target->summary.best_score);
    smri_number_write(place, target->summary.best_rank);
    const char *const texts[] = {target->region, goal, best, place};
    const smri_place where = {.source = problem->dataset->source_name};
    smri_report(problem->memory, SMR_SEVERITY_WARNING,
                target->summary.status == SMR_TARGET_UNREACHABLE ? SMR_MESSAGE_TARGET_UNREACHABLE
                                                                 : SMR_MESSAGE_TARGET_NOT_FOUND,
                &where, texts, SMRI_COUNT(texts));
}

/* Effort, bound and status of what was found and applied. */
static void judge(const smri_problem *problem, smr_target *target)
{
    smr_target_summary *summary = &target->summary;
    const double effort = summary->effort;
    summary->lower_bound = problem->root ? SMRI_MAX(SMRI_MIN(problem->bound, effort), 0) : NAN;
    const bool proven = effort - summary->lower_bound <= PROVEN * SMRI_MAX(effort, DBL_MIN);
    summary->status = !problem->root ? SMR_TARGET_FEASIBLE : proven ? SMR_TARGET_OPTIMAL : SMR_TARGET_BOUNDED;
}

static double effort_of(const smri_problem *problem, const double *raw)
{
    double sum = 0;
    for (uint32_t i = 0; i < problem->count; i++)
        sum += problem->levers[i].cost * fabs(raw[i] - problem->levers[i].from);
    return sum;
}

/* The least effort as raw values. Where the goal lies within a rounding of what whole steps or bounds give, the engine
 * may say that it is missed; then a goal a little above is aimed at too, and the cheaper of the two is kept. */
static smr_status find_values(smri_problem *problem, int32_t decimals, double *raw, bool *found, smr_error *error)
{
    double *other = smri_arena_calloc(&problem->arena, (size_t)problem->count + 1, sizeof *other);
    problem->aim = problem->goal;
    smr_status status = other ? smri_branch_run(problem, error) : smri_fail_memory(error);
    const double bound = problem->bound;
    if (status == SMR_OK)
        status = smri_finish(problem, decimals, raw, found, error);
    if (status != SMR_OK || (*found && (decimals >= 0 || effort_of(problem, raw) <= bound * (1 + PROVEN))))
        return status;
    bool again = false;
    problem->aim = problem->goal + BEYOND * SMRI_MAX(fabs(problem->goal), 1);
    status = smri_branch_run(problem, error);
    problem->bound = bound;
    if (status == SMR_OK)
        status = smri_finish(problem, decimals, other, &again, error);
    if (status == SMR_OK && again && (!*found || effort_of(problem, other) < effort_of(problem, raw)))
        memcpy(raw, other, problem->count * sizeof *raw);
    *found = *found || again;
    return status;
}

/* From the goal to changes. */
static smr_status solve(smr_context *context, smri_problem *problem, standing *s, uint32_t region, uint32_t period,
                        const smr_target_options *options, smr_target *target, smr_error *error)
{
    smr_target_summary *summary = &target->summary;
    double *raw = smri_arena_calloc(&problem->arena, (size_t)problem->count + 1, sizeof *raw);
    bool found = false;
    smr_status status = raw ? SMR_OK : smri_fail_memory(error);
    for (uint32_t i = 0; i < problem->count; i++)
        problem->levers[i].t = problem->levers[i].reach;
    if (status == SMR_OK)
        status = smri_problem_score(problem, NULL, &problem->best_score, error);
    if (status == SMR_OK && problem->root && problem->best_score >= problem->goal)
        status = find_values(problem, options->decimals, raw, &found, error);
    else if (status == SMR_OK && !problem->root)
        status = smri_search_run(problem, &found, error);
    if (status == SMR_OK && found && !problem->root)
        status = smri_finish(problem, options->decimals, raw, &found, error);
    if (status == SMR_OK && found)
        status = apply(context, problem, region, period, raw, &summary->score_after, &summary->rank_after, error);
    found = found && summary->score_after >= problem->goal;
    summary->best_score = problem->best_score;
    if (status == SMR_OK)
        status = rank_with(s, summary->best_score, &summary->best_rank, error);
    if (status != SMR_OK)
        return status;
    if (!found) {
        summary->status = problem->root ? SMR_TARGET_UNREACHABLE : SMR_TARGET_NOT_FOUND;
        summary->score_after = summary->rank_after = summary->effort = NAN;
        report(problem, target);
        return SMR_OK;
    }
    status = put_changes(problem, raw, target, error);
    if (status == SMR_OK)
        judge(problem, target);
    return status;
}

static smr_status run(smr_context *context, smri_problem *problem, const char *region, const smr_efforts *efforts,
                      const smr_target_options *options, smr_target *target, smr_error *error)
{
    const smr_dataset *dataset = problem->dataset;
    smr_target_summary *summary = &target->summary;
    uint32_t period = 0;
    smr_status status = smri_choose_period(dataset, options->period, &period, error);
    if (status != SMR_OK)
        return status;
    const uint32_t index = smri_dataset_find_region(dataset, region);
    if (index == SMRI_NONE || smri_dataset_find_pair(dataset, index, period) == SMRI_NONE) {
        char nearest[SMRI_NEAREST_SIZE];
        const smri_place place = {.source = dataset->source_name, .subject = "region"};
        smri_suggest_region(nearest, dataset, region);
        return smri_fail(error, SMR_MESSAGE_REGION_UNKNOWN, &place, region,
                         index == SMRI_NONE ? nearest : ": it has no values in this period");
    }
    status = check_model(problem->model, region, error);
    if (status != SMR_OK)
        return status;
    const char *id = dataset->regions[index].id, *when = dataset->period_count ? dataset->periods[period].id : NULL;
    if (!smri_arena_keep(&target->arena, id, &target->region) ||
        !smri_arena_keep(&target->arena, when, &target->period))
        return smri_fail_memory(error);
    smr_score_options keep;
    smr_score_options_init(&keep, sizeof keep);
    keep.keep = SMR_KEEP_INDEX;
    smr_scorecard *card = NULL;
    status = smr_model_score(context, problem->model, dataset, &keep, &card, error);
    if (status != SMR_OK)
        return status;
    standing s = {.card = card};
    s.scores = smri_alloc(problem->memory, card->row_count, sizeof *s.scores);
    s.ranks = smri_alloc(problem->memory, card->row_count, sizeof *s.ranks);
    const int64_t row = smr_scorecard_find_row(card, id, when);
    status = s.scores && s.ranks ? SMR_OK : smri_fail_memory(error);
    if (status == SMR_OK && (row < 0 || card->scores[0][row] != card->scores[0][row])) {
        const smri_place place = {.source = dataset->source_name, .subject = problem->model->framework->nodes[0].id};
        status = smri_fail(error, SMR_MESSAGE_TARGET_WITHOUT_SCORE, &place, id,
                           row < 0 ? "screened out" : smr_cell_status_name(card->statuses[0][row]));
    }
    if (status == SMR_OK) {
        s.row = (size_t)row;
        memcpy(s.scores, card->scores[0], card->row_count * sizeof *s.scores);
        summary->score_before = card->scores[0][row];
        status = rank_with(&s, summary->score_before, &summary->rank_before, error);
    }
    if (status == SMR_OK)
        status = take_alone(context, problem, index, period, error);
    if (status == SMR_OK)
        status = smri_levers_find(problem, efforts, error);
    const bool there = options->rank > 0 ? summary->rank_before <= (double)options->rank
                                         : summary->score_before >= options->score;
    problem->goal = options->rank > 0 ? summary->score_before : options->score;
    if (status == SMR_OK && options->rank > 0 && !there)
        status = score_of_rank(&s, summary->score_before, options->rank, &problem->goal, error);
    if (status == SMR_OK && !is_entangled(problem))
        status = smri_tree_make(problem, error);
    summary->goal_score = problem->goal;
    if (status == SMR_OK && there) {
        summary->effort = summary->lower_bound = 0;
        summary->score_after = summary->best_score = summary->score_before;
        summary->rank_after = summary->best_rank = summary->rank_before;
    } else if (status == SMR_OK) {
        status = solve(context, problem, &s, index, period, options, target, error);
    }
    smri_free(problem->memory, s.scores);
    smri_free(problem->memory, s.ranks);
    smr_scorecard_unref(card);
    return status;
}

smr_status smr_target_run(smr_context *context, const smr_model *model, const smr_dataset *dataset, const char *region,
                          const smr_efforts *efforts, const smr_target_options *options, smr_target **target,
                          smr_error *error)
{
    if (!target)
        return smri_fail_argument(error, "target", "a place for the result");
    *target = NULL;
    if (!model || !dataset || !region || !options)
        return smri_fail_argument(error,
                                  !model     ? "model"
                                  : !dataset ? "dataset"
                                  : !region  ? "region"
                                             : "options",
                                  "not NULL");
    smr_target_options known;
    smr_target_options_init(&known, sizeof known);
    smr_status status = smri_options_read(&known, sizeof known, options, "smr_target_options", error);
    if (status == SMR_OK)
        status = check_options(&known, error);
    if (status != SMR_OK)
        return status;
    const smr_context *memory = smri_context(context);
    smr_target *made = smri_calloc(memory, 1, sizeof *made);
    if (!made)
        return smri_fail_memory(error);
    atomic_init(&made->references, 1);
    made->context = smr_context_ref(context);
    smri_arena_init(&made->arena, memory);
    made->model = smr_model_ref(smri_mutable(model));
    made->goal_rank = known.rank;
    smr_target_summary_init(&made->summary, sizeof made->summary);
    smri_problem problem = {.memory = memory,
                            .kernels = smri_context_kernels(memory),
                            .model = model,
                            .dataset = dataset,
                            .most_steps = known.most_steps,
                            .bound = NAN,
                            .best_score = NAN};
    problem.quiet = (smr_context){.allocator = memory->allocator,
                                  .threads = 1,
                                  .kernels = problem.kernels,
                                  .max_bytes = memory->max_bytes,
                                  .max_rows = memory->max_rows,
                                  .max_columns = memory->max_columns,
                                  .max_depth = memory->max_depth,
                                  .max_field_bytes = memory->max_field_bytes};
    atomic_init(&problem.quiet.references, 1);
    smri_arena_init(&problem.arena, memory);
    status = run(context, &problem, region, efforts, &known, made, error);
    smri_arena_free(&problem.arena);
    smr_dataset_unref(problem.alone);
    if (status != SMR_OK) {
        smr_target_unref(made);
        return status;
    }
    *target = made;
    return SMR_OK;
}
