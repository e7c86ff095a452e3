/* SPDX-License-Identifier: MIT */
/* The trend of every region and node: scores all periods, then follows each through time. */

#include "study/trend_impl.h"

const char *const smri_trend_names[SMRI_TREND_COLUMN_COUNT] = {
    [SMRI_TREND_FIRST] = "first",
    [SMRI_TREND_LAST] = "last",
    [SMRI_TREND_CHANGE] = "change",
    [SMRI_TREND_CAGR] = "cagr",
    [SMRI_TREND_SLOPE] = "slope",
    [SMRI_TREND_RANK_FIRST] = "rank_first",
    [SMRI_TREND_RANK_LAST] = "rank_last",
    [SMRI_TREND_GROWTH] = "growth",
    [SMRI_TREND_SLOPE_LOW] = "slope_low",
    [SMRI_TREND_SLOPE_HIGH] = "slope_high",
    [SMRI_TREND_SLOPE_P] = "slope_p",
    [SMRI_TREND_SEN_SLOPE] = "sen_slope",
    [SMRI_TREND_RANK_MOVE] = "rank_move",
    [SMRI_TREND_YEARS] = "years",
    [SMRI_TREND_VALUES] = "values",
    [SMRI_TREND_TARGET] = "target",
    [SMRI_TREND_YEARS_TO_TARGET] = "years_to_target",
};

void smr_trend_options_init(smr_trend_options *options, size_t size)
{
    static const smr_trend_options defaults = {
        .size = sizeof(smr_trend_options), .values = SMR_TREND_SCORES, .confidence = 0.95, .target = NAN};
    smri_options_init(options, size, &defaults, sizeof defaults);
}

/* A trend being made. */
typedef struct follower {
    const smr_context *memory;
    smr_trend *trend;
    const smr_scorecard *card;
    const smr_dataset *dataset;         /* as scored */
    smr_trend_options options;
    uint32_t *periods;                  /* places in the dataset's list, in order of time */
    double *years;
    const char **period_ids;
    size_t period_count;
    uint32_t *regions;                  /* that have a row in one of the periods, in input order */
    size_t region_count;
    size_t wanted;                      /* place of the only region that has rows, SIZE_MAX: all have */
    uint32_t *groups;                   /* by place of the region; NULL: none */
    const smri_column *group_column;
    double *scores_ranks;               /* by row of the scorecard */
    double *values, *ranks;             /* by place of the period, then of the region */
    double *x, *y, *slopes;             /* one series */
    double *quantiles;                  /* by number of values */
    size_t row;                         /* next one of the trend */
} follower;

/* ---- when, and whom ---- */

static smr_status find_period(const follower *f, const char *id, uint32_t otherwise, uint32_t *found, smr_error *error)
{
    *found = otherwise;
    if (!id)
        return SMR_OK;
    *found = smri_dataset_find_period(f->dataset, id);
    if (*found != SMRI_NONE)
        return SMR_OK;
    const smri_place place = {.source = f->dataset->source_name, .subject = "period"};
    char hint[SMRI_PLAN_TEXT];
    smri_did_you_mean(hint, smr_dataset_latest_period(f->dataset));
    return smri_fail(error, SMR_MESSAGE_PERIOD_UNKNOWN, &place, id, hint);
}

static smr_status choose_periods(follower *f, smr_error *error)
{
    const smr_dataset *dataset = f->dataset;
    const smri_place place = {.source = dataset->source_name, .subject = "period"};
    uint32_t from, to;
    smr_status status = find_period(f, f->options.from, 0, &from, error);
    if (status == SMR_OK)
        status = find_period(f, f->options.to, dataset->period_count - 1, &to, error);
    if (status != SMR_OK)
        return status;
    const size_t most = (size_t)dataset->period_count + 1;
    f->periods = smri_alloc(f->memory, most, sizeof *f->periods);
    f->years = smri_alloc(f->memory, most, sizeof *f->years);
    f->period_ids = smri_alloc(f->memory, most, sizeof *f->period_ids);
    if (!f->periods || !f->years || !f->period_ids)
        return smri_fail_memory(error);
    for (uint32_t p = from; dataset->period_count > 0 && p <= to; p++) {
        const smri_period *period = &dataset->periods[p];
        if (*period->id == '\0')
            continue;
        if (period->start_day == INT64_MIN)
            return smri_fail(error, SMR_MESSAGE_TREND_PERIOD_UNDATED, &place, period->id);
        f->periods[f->period_count] = p;
        f->period_ids[f->period_count] = period->id;
        f->years[f->period_count++] = smri_day_to_years(period->start_day);
    }
    return f->period_count > 1 ? SMR_OK : smri_fail_plain(error, SMR_MESSAGE_TREND_PERIODS_FEW, &place);
}

static smr_status choose_regions(follower *f, smr_error *error)
{
    const smr_dataset *dataset = f->dataset;
    const smri_place place = {.source = dataset->source_name};
    const uint32_t wanted = f->options.region ? smri_dataset_find_region(dataset, f->options.region) : SMRI_NONE;
    f->regions = smri_alloc(f->memory, SMRI_MAX(dataset->region_count, 1U), sizeof *f->regions);
    if (!f->regions)
        return smri_fail_memory(error);
    f->wanted = SIZE_MAX;
    for (uint32_t region = 0; region < dataset->region_count; region++)
        for (size_t p = 0; p < f->period_count; p++)
            if (smri_dataset_find_pair(dataset, region, f->periods[p]) != SMRI_NONE) {
                f->wanted = region == wanted ? f->region_count : f->wanted;
                f->regions[f->region_count++] = region;
                break;
            }
    if (!f->options.region || f->wanted != SIZE_MAX)
        return SMR_OK;
    return smri_fail(error, SMR_MESSAGE_NAME_UNKNOWN, &place, "region", f->options.region, "");
}

/* The group of a region is that of its latest row. */
static smr_status choose_groups(follower *f, smr_error *error)
{
    const smr_dataset *dataset = f->dataset;
    const smri_place place = {.source = dataset->source_name, .subject = f->options.group};
    if (!f->options.group)
        return SMR_OK;
    f->group_column = smri_dataset_column(dataset, f->options.group);
    if (!f->group_column || !f->group_column->codes) {
        char hint[SMRI_NEAREST_SIZE];
        const char *texts[32];
        size_t count = 0;
        for (uint32_t i = 0; i < dataset->column_count && count < SMRI_COUNT(texts); i++)
            if (dataset->columns[i].codes)
                texts[count++] = dataset->columns[i].id;
        smri_text_suggest(hint, f->options.group, texts, count);
        return smri_fail(error, SMR_MESSAGE_TREND_GROUP_UNKNOWN, &place, f->options.group, hint);
    }
    f->groups = smri_alloc(f->memory, SMRI_MAX(f->region_count, 1U), sizeof *f->groups);
    if (!f->groups)
        return smri_fail_memory(error);
    for (size_t i = 0; i < f->region_count; i++) {
        f->groups[i] = SMRI_NONE;
        for (size_t p = 0; p < f->period_count; p++) {
            const uint32_t row = smri_dataset_find_pair(dataset, f->regions[i], f->periods[p]);
            if (row != SMRI_NONE && f->group_column->codes[row] != SMRI_NONE)
                f->groups[i] = f->group_column->codes[row];
        }
    }
    return SMR_OK;
}

/* ---- room ---- */

static smr_status make_room(follower *f, smr_error *error)
{
    smr_trend *t = f->trend;
    const size_t regions = f->wanted == SIZE_MAX ? f->region_count : 1;
    size_t cells, pairs;
    bool fine = smri_product(regions, t->model->framework->node_count, &t->row_count) &&
                smri_product(f->region_count, f->period_count, &cells) &&
                smri_product(f->period_count, f->period_count, &pairs);
    if (!fine)
        return smri_fail_memory(error);
    t->regions = smri_arena_calloc(&t->arena, t->row_count, sizeof *t->regions);
    t->nodes = smri_arena_calloc(&t->arena, t->row_count, sizeof *t->nodes);
    t->first_periods = smri_arena_calloc(&t->arena, t->row_count, sizeof *t->first_periods);
    t->last_periods = smri_arena_calloc(&t->arena, t->row_count, sizeof *t->last_periods);
    fine = t->regions && t->nodes && t->first_periods && t->last_periods;
    for (int c = 0; fine && c < SMRI_TREND_COLUMN_COUNT; c++) {
        t->columns[c] = smri_arena_alloc(&t->arena, t->row_count, sizeof *t->columns[c]);
        fine = t->columns[c] != NULL;
    }
    f->scores_ranks = smri_alloc(f->memory, SMRI_MAX(f->card->row_count, 1U), sizeof *f->scores_ranks);
    f->values = smri_alloc(f->memory, SMRI_MAX(cells, 1U), sizeof *f->values);
    f->ranks = smri_alloc(f->memory, SMRI_MAX(cells, 1U), sizeof *f->ranks);
    f->x = smri_alloc(f->memory, f->period_count, sizeof *f->x);
    f->y = smri_alloc(f->memory, f->period_count, sizeof *f->y);
    f->slopes = smri_alloc(f->memory, pairs, sizeof *f->slopes);
    f->quantiles = smri_alloc(f->memory, f->period_count + 1, sizeof *f->quantiles);
    if (!fine || !f->scores_ranks || !f->values || !f->ranks || !f->x || !f->y || !f->slopes || !f->quantiles)
        return smri_fail_memory(error);
    for (size_t n = 0; n <= f->period_count; n++)
        f->quantiles[n] = n > 2 ? smri_student_quantile(1 - f->options.confidence, (double)(n - 2)) : NAN;
    return SMR_OK;
}

/* ---- one node through time ---- */

/* The values of a node (raw ones of an indicator when they are asked for), and its ranks unless that is NULL. */
static void fill_panel(const follower *f, uint32_t node, double *ranks)
{
    const int32_t indicator = f->trend->model->framework->nodes[node].indicator;
    const bool raw = f->options.values == SMR_TREND_RAW && indicator >= 0;
    const double *column = raw ? f->card->view.columns[indicator] : f->card->scores[node];
    for (size_t p = 0; p < f->period_count; p++)
        for (size_t i = 0; i < f->region_count; i++) {
            const uint32_t row = smri_dataset_find_pair(f->dataset, f->regions[i], f->periods[p]);
            f->values[p * f->region_count + i] = row == SMRI_NONE || !column ? NAN : column[row];
            if (ranks)
                ranks[p * f->region_count + i] = row == SMRI_NONE ? NAN : f->scores_ranks[row];
        }
}

/* What is to be reached: of raw values the goalpost or the target, else what is asked for or the top of the scale. */
static double target_of(const follower *f, uint32_t node)
{
    const smr_model *model = f->trend->model;
    const int32_t indicator = model->framework->nodes[node].indicator;
    if (f->options.values == SMR_TREND_RAW && indicator >= 0) {
        const smri_indicator *definition = &model->framework->indicators[indicator];
        if (definition->direction == SMR_DIRECTION_TARGET)
            return definition->optimum;
        return definition->best == definition->best ? definition->best : definition->target;
    }
    return f->options.target == f->options.target ? f->options.target : model->high[node];
}

/* Is the value as good as the target or better? */
static bool is_reached(const follower *f, uint32_t node, double value, double target)
{
    const smr_framework *framework = f->trend->model->framework;
    const int32_t indicator = framework->nodes[node].indicator;
    if (f->options.values == SMR_TREND_RAW && indicator >= 0) {
        const int32_t direction = framework->indicators[indicator].direction;
        return direction == SMR_DIRECTION_LOWER ? value <= target
               : direction == SMR_DIRECTION_HIGHER ? value >= target
                                                   : value == target;
    }
    return smri_ranks_upward(&f->trend->model->plan.aggregate[node]) ? value <= target : value >= target;
}

static double years_to(const follower *f, uint32_t node, double value, double target, double slope)
{
    if (target != target || value != value)
        return NAN;
    if (is_reached(f, node, value, target))
        return 0;
    const double years = (target - value) / slope;
    return years > 0 && years <= DBL_MAX ? years : NAN;
}

static smr_status follow(follower *f, uint32_t node, size_t place, smr_error *error)
{
    smr_trend *t = f->trend;
    size_t n = 0, first = 0, last = 0;
    for (size_t p = 0; p < f->period_count; p++) {
        const double value = f->values[p * f->region_count + place];
        if (value != value)
            continue;
        first = n == 0 ? p : first;
        last = p;
        f->x[n] = f->years[p];
        f->y[n++] = value;
    }
    double cells[SMRI_TREND_COLUMN_COUNT];
    for (int c = 0; c < SMRI_TREND_COLUMN_COUNT; c++)
        cells[c] = NAN;
    cells[SMRI_TREND_VALUES] = (double)n;
    cells[SMRI_TREND_TARGET] = target_of(f, node);
    if (n > 0) {
        const double before = f->y[0], after = f->y[n - 1], years = f->x[n - 1] - f->x[0];
        const smri_line line = smri_line_fit(f->x, f->y, n);
        cells[SMRI_TREND_FIRST] = before;
        cells[SMRI_TREND_LAST] = after;
        cells[SMRI_TREND_RANK_FIRST] = f->ranks[first * f->region_count + place];
        cells[SMRI_TREND_RANK_LAST] = f->ranks[last * f->region_count + place];
        cells[SMRI_TREND_YEARS] = years;
        cells[SMRI_TREND_SLOPE] = line.slope;
        cells[SMRI_TREND_SLOPE_LOW] = line.slope - f->quantiles[n] * line.se;
        cells[SMRI_TREND_SLOPE_HIGH] = line.slope + f->quantiles[n] * line.se;
        cells[SMRI_TREND_SLOPE_P] = line.p;
        cells[SMRI_TREND_YEARS_TO_TARGET] = years_to(f, node, after, cells[SMRI_TREND_TARGET], line.slope);
        if (n > 1) {
            cells[SMRI_TREND_CHANGE] = after - before;
            cells[SMRI_TREND_GROWTH] = before != 0 ? (after - before) / fabs(before) : NAN;
            cells[SMRI_TREND_CAGR] = before > 0 && after > 0 ? smri_pow(after / before, 1 / years) - 1 : NAN;
            cells[SMRI_TREND_RANK_MOVE] = cells[SMRI_TREND_RANK_FIRST] - cells[SMRI_TREND_RANK_LAST];
            if (!smri_sen_slope(f->memory, f->x, f->y, n, f->slopes, &cells[SMRI_TREND_SEN_SLOPE]))
                return smri_fail_memory(error);
        }
        t->first_periods[f->row] = f->period_ids[first];
        t->last_periods[f->row] = f->period_ids[last];
    }
    t->regions[f->row] = f->dataset->regions[f->regions[place]].id;
    t->nodes[f->row] = t->model->framework->nodes[node].id;
    for (int c = 0; c < SMRI_TREND_COLUMN_COUNT; c++)
        t->columns[c][f->row] = cells[c] == cells[c] ? cells[c] + 0.0 : NAN;
    return SMR_OK;
}

static smr_status follow_all(follower *f, smr_error *error)
{
    const uint32_t nodes = f->trend->model->framework->node_count;
    smr_status status = SMR_OK;
    for (uint32_t node = 0; status == SMR_OK && node < nodes; node++) {
        if (smri_cancelled(f->memory, node, nodes, error))
            return SMR_ERROR_CANCELLED;
        status = smri_scorecard_rank(f->card, node, f->card->scores[node], f->scores_ranks, error);
        if (status == SMR_OK)
            fill_panel(f, node, f->ranks);
        for (size_t i = 0; status == SMR_OK && i < f->region_count; i++) {
            if (f->wanted != SIZE_MAX && i != f->wanted)
                continue;
            f->row = (f->wanted == SIZE_MAX ? i : 0) * nodes + node;
            status = follow(f, node, i, error);
        }
    }
    return status;
}

static smr_status converge(follower *f, smr_error *error)
{
    smr_trend *t = f->trend;
    const smri_panel panel = {.values = f->values,
                              .regions = f->region_count,
                              .periods = f->period_count,
                              .years = f->years,
                              .period_ids = f->period_ids,
                              .groups = f->groups,
                              .labels = f->groups ? f->group_column->labels : NULL,
                              .label_count = f->groups ? f->group_column->label_count : 0};
    for (int section = 0; section < SMRI_CONVERGENCE_COUNT; section++) {
        smri_sections_begin(&t->convergence, smri_convergence_names[section]);
        for (uint32_t node = 0; node < t->model->framework->node_count; node++) {
            if (smri_cancelled(f->memory, (uint64_t)section, SMRI_CONVERGENCE_COUNT, error))
                return SMR_ERROR_CANCELLED;
            fill_panel(f, node, NULL);
            const smr_status status = smri_converge(f->memory, &panel, t->model->framework->nodes[node].id, section,
                                                    &t->convergence, error);
            if (status != SMR_OK)
                return status;
        }
    }
    return t->convergence.failed ? smri_fail_memory(error) : SMR_OK;
}

static void free_follower(follower *f)
{
    smri_free(f->memory, f->periods);
    smri_free(f->memory, f->years);
    smri_free(f->memory, f->period_ids);
    smri_free(f->memory, f->regions);
    smri_free(f->memory, f->groups);
    smri_free(f->memory, f->scores_ranks);
    smri_free(f->memory, f->values);
    smri_free(f->memory, f->ranks);
    smri_free(f->memory, f->x);
    smri_free(f->memory, f->y);
    smri_free(f->memory, f->slopes);
    smri_free(f->memory, f->quantiles);
}

static smr_status fill(follower *f, smr_error *error)
{
    smr_status status = choose_periods(f, error);
    if (status == SMR_OK)
        status = choose_regions(f, error);
    if (status == SMR_OK)
        status = choose_groups(f, error);
    if (status == SMR_OK)
        status = make_room(f, error);
    if (status == SMR_OK)
        status = follow_all(f, error);
    return status == SMR_OK ? converge(f, error) : status;
}

static smr_trend *new_trend(smr_context *context, const smr_model *model, smr_dataset *dataset)
{
    const smr_context *memory = smri_context(context);
    smr_trend *made = smri_calloc(memory, 1, sizeof *made);
    if (!made)
        return NULL;
    atomic_init(&made->references, 1);
    made->context = smr_context_ref(context);
    smri_arena_init(&made->arena, memory);
    smri_sections_init(&made->convergence, memory);
    made->model = smr_model_ref(smri_mutable(model));
    made->dataset = smr_dataset_ref(dataset);
    return made;
}

static smr_status check_options(const smr_trend_options *options, smr_error *error)
{
    if (options->values != SMR_TREND_SCORES && options->values != SMR_TREND_RAW)
        return smri_fail_argument(error, "values", "one of smr_trend_values_kind");
    if (!(options->confidence > 0) || !(options->confidence < 1))
        return smri_fail_argument(error, "confidence", "above 0 and below 1");
    if (fabs(options->target) > DBL_MAX)
        return smri_fail_argument(error, "target", "a number, or NaN");
    return SMR_OK;
}

smr_status smr_trend_run(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                         const smr_trend_options *options, smr_trend **trend, smr_error *error)
{
    if (!trend)
        return smri_fail_argument(error, "trend", "a place for the result");
    *trend = NULL;
    if (!model || !dataset)
        return smri_fail_argument(error, model ? "dataset" : "model", "not NULL");
    follower f = {.memory = smri_context(context)};
    smr_trend_options_init(&f.options, sizeof f.options);
    smr_status status = smri_options_read(&f.options, sizeof f.options, options, "smr_trend_options", error);
    if (status == SMR_OK)
        status = check_options(&f.options, error);
    smr_score_options keep;
    smr_score_options_init(&keep, sizeof keep);
    keep.keep = SMR_KEEP_ALL;
    smr_scorecard *card = NULL;
    if (status == SMR_OK)
        status = smr_model_score(context, model, dataset, &keep, &card, error);
    if (status != SMR_OK)
        return status;
    f.card = card;
    f.dataset = card->view.dataset;
    f.trend = new_trend(context, model, card->view.dataset);
    status = f.trend ? fill(&f, error) : smri_fail_memory(error);
    if (status == SMR_OK && model->sets)
        smri_report(f.memory, SMR_SEVERITY_WARNING, SMR_MESSAGE_TREND_NOT_COMPARABLE, NULL, NULL, 0);
    free_follower(&f);
    smr_scorecard_unref(card);
    if (status != SMR_OK) {
        smr_trend_unref(f.trend);
        return status;
    }
    *trend = f.trend;
    return SMR_OK;
}

/* ---- the handle ---- */

smr_trend *smr_trend_ref(smr_trend *trend)
{
    if (trend)
        atomic_fetch_add_explicit(&trend->references, 1, memory_order_relaxed);
    return trend;
}

void smr_trend_unref(smr_trend *trend)
{
    if (!trend || atomic_fetch_sub_explicit(&trend->references, 1, memory_order_acq_rel) != 1)
        return;
    smr_context *context = trend->context;
    smri_sections_free(&trend->convergence);
    smri_arena_free(&trend->arena);
    smr_model_unref(trend->model);
    smr_dataset_unref(trend->dataset);
    smri_free(smri_context(context), trend);
    smr_context_unref(context);
}

const smr_framework *smr_trend_framework(const smr_trend *trend)
{
    return trend ? trend->model->framework : NULL;
}

size_t smr_trend_row_count(const smr_trend *trend)
{
    return trend ? trend->row_count : 0;
}

const char *const *smr_trend_regions(const smr_trend *trend)
{
    return trend ? trend->regions : NULL;
}

const char *const *smr_trend_nodes(const smr_trend *trend)
{
    return trend ? trend->nodes : NULL;
}

const char *const *smr_trend_first_periods(const smr_trend *trend)
{
    return trend ? trend->first_periods : NULL;
}

const char *const *smr_trend_last_periods(const smr_trend *trend)
{
    return trend ? trend->last_periods : NULL;
}

const double *smr_trend_values(const smr_trend *trend, const char *column)
{
    for (int c = 0; trend && column && c < SMRI_TREND_COLUMN_COUNT; c++)
        if (strcmp(smri_trend_names[c], column) == 0)
            return trend->columns[c];
    return NULL;
}

int64_t smr_trend_find_row(const smr_trend *trend, const char *region, const char *node)
{
    const uint32_t nodes = trend ? trend->model->framework->node_count : 0;
    const int64_t place = trend && node ? smr_framework_find(trend->model->framework, node) : -1;
    for (size_t row = 0; place >= 0 && region && row < trend->row_count; row += nodes)
        if (strcmp(trend->regions[row], region) == 0)
            return (int64_t)row + place;
    return -1;
}

size_t smr_trend_section_count(const smr_trend *trend)
{
    return trend ? trend->convergence.count : 0;
}

static const smri_section *section_at(const smr_trend *trend, size_t section)
{
    return section < smr_trend_section_count(trend) ? &trend->convergence.items[section] : NULL;
}

const char *smr_trend_section_name(const smr_trend *trend, size_t section)
{
    const smri_section *found = section_at(trend, section);
    return found ? found->name : NULL;
}

size_t smr_trend_cell_count(const smr_trend *trend, size_t section)
{
    const smri_section *found = section_at(trend, section);
    return found ? found->count : 0;
}

const char *const *smr_trend_cell_rows(const smr_trend *trend, size_t section)
{
    const smri_section *found = section_at(trend, section);
    return found ? found->rows : NULL;
}

const char *const *smr_trend_cell_columns(const smr_trend *trend, size_t section)
{
    const smri_section *found = section_at(trend, section);
    return found ? found->columns : NULL;
}

const double *smr_trend_cell_values(const smr_trend *trend, size_t section)
{
    const smri_section *found = section_at(trend, section);
    return found ? found->values : NULL;
}

double smr_trend_value(const smr_trend *trend, const char *section, const char *row, const char *column)
{
    return trend ? smri_sections_value(&trend->convergence, section, row, column) : NAN;
}
