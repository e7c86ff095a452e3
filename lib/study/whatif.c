/* SPDX-License-Identifier: MIT */
/* What if: a copy of the data with some values changed, scored with the model that the unchanged data are scored with. */

#include "study/whatif_impl.h"

/* ---- what target uses too ---- */

void smri_suggest_region(char out[SMRI_NEAREST_SIZE], const smr_dataset *dataset, const char *text)
{
    smri_text_suggest(out, text, dataset->region_ids.keys, dataset->numbered ? 0 : dataset->region_ids.count);
}

void smri_suggest_input(char out[SMRI_NEAREST_SIZE], const smr_model *model, const char *text)
{
    smri_text_suggest(out, text, model->inputs, model->input_count);
}

smr_status smri_choose_period(const smr_dataset *dataset, const char *id, uint32_t *chosen, smr_error *error)
{
    *chosen = dataset->period_count ? dataset->period_count - 1 : 0;
    if (!id)
        return SMR_OK;
    *chosen = smri_dataset_find_period(dataset, id);
    if (*chosen != SMRI_NONE)
        return SMR_OK;
    char hint[SMRI_PLAN_TEXT];
    const smri_place place = {.source = dataset->source_name, .subject = "period"};
    return smri_fail(error, SMR_MESSAGE_PERIOD_UNKNOWN, &place, id,
                     smri_did_you_mean(hint, smr_dataset_latest_period(dataset)));
}

smr_status smri_edit_dataset(smr_context *context, const smr_dataset *dataset, uint32_t period, const smri_edit *edits,
                             size_t count, smr_dataset **edited, smr_error *error)
{
    const smr_context *memory = smri_context(context);
    *edited = NULL;
    size_t *rows = smri_alloc(memory, dataset->row_count, sizeof *rows);
    if (!rows)
        return smri_fail_memory(error);
    for (size_t row = 0; row < dataset->row_count; row++)
        rows[row] = row;
    smr_dataset *copy = NULL;
    smr_status status = smri_dataset_take_rows(context, dataset, rows, dataset->row_count, &copy, error);
    smri_free(memory, rows);
    for (size_t i = 0; status == SMR_OK && i < count; i++) {
        const smri_column *column = smri_dataset_column(copy, edits[i].column);
        double *values = column ? column->values : smri_dataset_add_numbers(copy, edits[i].column);
        for (size_t row = 0; values && !column && row < copy->row_count; row++)
            values[row] = NAN;
        if (values)
            values[smri_dataset_find_pair(dataset, edits[i].region, period)] = edits[i].to;
        else
            status = smri_fail_memory(error);
    }
    if (status != SMR_OK) {
        smr_dataset_unref(copy);
        return status;
    }
    *edited = copy;
    return SMR_OK;
}

/* ---- the run ---- */

typedef struct trial {
    const smr_context *memory;
    const smr_model *model;
    const smr_dataset *dataset;
    uint32_t period;
    smri_edit *edits;
    size_t count;
    bool *changed;                  /* by region of the dataset: it, or one below it, was edited */
} trial;

static smri_place place_of(const trial *t, const smri_change *change)
{
    return (smri_place){.source = change->source ? change->source : t->dataset->source_name,
                        .row = change->source ? change->text_row : 0,
                        .subject = change->column};
}

/* The indicator of an id; SMRI_NONE: none, perhaps a denominator. */
static uint32_t find_indicator(const smr_framework *framework, const char *id)
{
    const int64_t node = smr_framework_find(framework, id);
    return node < 0 || framework->nodes[node].indicator < 0 ? SMRI_NONE : (uint32_t)framework->nodes[node].indicator;
}

/* The id of the column as the model calls it; NULL: the model takes in no such column. */
static const char *find_input(const smr_model *model, const char *id)
{
    const uint32_t indicator = find_indicator(model->framework, id);
    if (indicator != SMRI_NONE)
        return model->framework->nodes[model->framework->indicators[indicator].node].id;
    for (uint32_t i = 0; i < model->input_count; i++)
        if (strcmp(model->inputs[i], id) == 0)
            return model->inputs[i];
    return NULL;
}

static double changed_value(const smri_change *change, double x)
{
    return (change->kind == SMR_CHANGE_SET   ? change->value
            : change->kind == SMR_CHANGE_ADD ? x + change->value
                                             : x + x * (change->value / 100)) + 0.0;
}

/* The change as an edit of one cell; fails when the ids, or the value that comes out, are wrong. */
static smr_status make_edit(const trial *t, const smri_change *change, smri_edit *edit, smr_error *error)
{
    const smr_dataset *dataset = t->dataset;
    smri_place place = place_of(t, change);
    char nearest[SMRI_NEAREST_SIZE];
    edit->region = smri_dataset_find_region(dataset, change->region);
    const uint32_t row =
        edit->region == SMRI_NONE ? SMRI_NONE : smri_dataset_find_pair(dataset, edit->region, t->period);
    if (row == SMRI_NONE) {
        place.subject = "region";
        smri_suggest_region(nearest, dataset, change->region);
        return smri_fail(error, SMR_MESSAGE_REGION_UNKNOWN, &place, change->region,
                         edit->region == SMRI_NONE ? nearest : ": it has no values in this period");
    }
    edit->column = find_input(t->model, change->column);
    if (!edit->column) {
        smri_suggest_input(nearest, t->model, change->column);
        return smri_fail(error, SMR_MESSAGE_INPUT_UNKNOWN, &place, change->column, nearest);
    }
    const smri_column *column = smri_dataset_column(dataset, edit->column);
    if (column && !column->values)
        return smri_fail(error, SMR_MESSAGE_INPUT_UNKNOWN, &place, change->column, ": the data hold texts there");
    edit->from = column ? column->values[row] : NAN;
    if (change->kind != SMR_CHANGE_SET && edit->from != edit->from)
        return smri_fail(error, SMR_MESSAGE_CHANGE_OF_MISSING, &place, edit->column, change->region);
    edit->to = changed_value(change, edit->from);
    const uint32_t indicator = find_indicator(t->model->framework, edit->column);
    const char *expected = "a finite number";
    const bool allowed = indicator == SMRI_NONE
                             ? edit->to != edit->to || fabs(edit->to) <= DBL_MAX
                             : smri_kind_allows(t->model->framework->indicators[indicator].kind, edit->to, &expected);
    if (allowed)
        return SMR_OK;
    char value[SMRI_NUMBER_SIZE];
    smri_number_write(value, edit->to);
    return smri_fail(error, SMR_MESSAGE_CHANGE_KIND, &place, edit->column, change->region, value, expected);
}

static smr_status make_edits(trial *t, const smr_changes *changes, smr_error *error)
{
    t->edits = smri_alloc(t->memory, changes->count, sizeof *t->edits);
    t->changed = smri_calloc(t->memory, t->dataset->region_count, sizeof *t->changed);
    if (!t->edits || !t->changed)
        return smri_fail_memory(error);
    for (; t->count < changes->count; t->count++) {
        smri_edit *edit = &t->edits[t->count];
        const smr_status status = make_edit(t, &changes->items[t->count], edit, error);
        if (status != SMR_OK)
            return status;
        for (size_t k = 0; k < t->count; k++) {
            if (t->edits[k].region != edit->region || strcmp(t->edits[k].column, edit->column) != 0)
                continue;
            const smri_place place = place_of(t, &changes->items[t->count]);
            return smri_fail(error, SMR_MESSAGE_CHANGE_TWICE, &place, edit->column,
                             t->dataset->regions[edit->region].id);
        }
        for (uint32_t region = edit->region; region != SMRI_NONE; region = t->dataset->regions[region].parent)
            t->changed[region] = region == edit->region || t->model->plan.rollup_by ? true : t->changed[region];
    }
    return SMR_OK;
}

static bool same(double a, double b)
{
    return a == b || (a != a && b != b);
}

/* Both scorecards node by node; a row of the second is found by region and period. */
typedef struct comparison {
    const smr_scorecard *before, *after;
    size_t *rows;                   /* of `before`, in the period */
    size_t *others;                 /* of `after`; SIZE_MAX: screened out now */
    size_t count;
    double *column;                 /* as long as the longer of the two */
    double *scores[2], *ranks[2];   /* node x count */
    uint32_t *passed[2];            /* stages, by row of the card; NULL: there is no funnel */
} comparison;

static void free_comparison(const smr_context *memory, comparison *c)
{
    smri_free(memory, c->rows);
    smri_free(memory, c->others);
    smri_free(memory, c->column);
    for (int side = 0; side < 2; side++) {
        smri_free(memory, c->scores[side]);
        smri_free(memory, c->ranks[side]);
        smri_free(memory, c->passed[side]);
    }
}

static smr_status make_comparison(const trial *t, comparison *c, smr_error *error)
{
    const size_t rows = SMRI_MAX(c->before->row_count, c->after->row_count), nodes = t->model->framework->node_count;
    size_t cells = 0;
    bool fine = smri_product(rows, nodes, &cells);
    c->rows = smri_alloc(t->memory, rows, sizeof *c->rows);
    c->others = smri_alloc(t->memory, rows, sizeof *c->others);
    c->column = smri_alloc(t->memory, rows, sizeof *c->column);
    for (int side = 0; fine && side < 2; side++) {
        c->scores[side] = smri_alloc(t->memory, cells, sizeof(double));
        c->ranks[side] = smri_alloc(t->memory, cells, sizeof(double));
        fine = c->scores[side] && c->ranks[side];
    }
    if (!fine || !c->rows || !c->others || !c->column)
        return smri_fail_memory(error);
    const smr_dataset *dataset = c->before->view.dataset;
    const char *period = dataset->period_count ? t->dataset->periods[t->period].id : NULL;
    for (size_t row = 0; row < c->before->row_count; row++) {
        if (period && strcmp(smr_dataset_period(dataset, row), period) != 0)
            continue;
        const int64_t other = smr_dataset_find_row(c->after->view.dataset, smr_dataset_region(dataset, row), period);
        c->rows[c->count] = row;
        c->others[c->count++] = other < 0 ? SIZE_MAX : (size_t)other;
    }
    return SMR_OK;
}

static smr_status gather(const trial *t, comparison *c, smr_error *error)
{
    smr_status status = SMR_OK;
    for (uint32_t node = 0; status == SMR_OK && node < t->model->framework->node_count; node++)
        for (int part = 0; status == SMR_OK && part < 4; part++) {
            const smr_scorecard *card = part < 2 ? c->before : c->after;
            double *to = (part % 2 ? c->ranks[part / 2] : c->scores[part / 2]) + (size_t)node * c->count;
            status = part % 2 ? smr_scorecard_ranks(card, node, c->column, card->row_count, error)
                              : smr_scorecard_scores(card, node, c->column, card->row_count, error);
            for (size_t i = 0; status == SMR_OK && i < c->count; i++) {
                const size_t row = part < 2 ? c->rows[i] : c->others[i];
                to[i] = row == SIZE_MAX ? NAN : c->column[row];
            }
        }
    return status;
}

/* How far each region gets through the funnel, with the data of each side. */
static smr_status run_funnel(smr_context *context, const trial *t, comparison *c, const smr_dataset *edited,
                             const smr_funnel *funnel, smr_error *error)
{
    const char *period = t->dataset->period_count ? t->dataset->periods[t->period].id : NULL;
    smr_status status = SMR_OK;
    for (int side = 0; funnel && status == SMR_OK && side < 2; side++) {
        const smr_scorecard *card = side ? c->after : c->before;
        c->passed[side] = smri_alloc(t->memory, card->row_count, sizeof *c->passed[side]);
        status = c->passed[side] ? smri_whatif_stages(context, funnel, card, side ? edited : t->dataset, period,
                                                      c->passed[side], error)
                                 : smri_fail_memory(error);
    }
    return status;
}

/* Stages that a region passes; 0: none, or it was screened out. */
static uint32_t stages_of(const comparison *c, int side, size_t i)
{
    const size_t row = side ? c->others[i] : c->rows[i];
    return c->passed[side] && row != SIZE_MAX ? c->passed[side][row] : 0;
}

/* Does the row of a region at a node belong to the result? */
static bool is_told(const trial *t, const comparison *c, size_t i, uint32_t node, bool all)
{
    const size_t cell = (size_t)node * c->count + i;
    const char *id = smr_dataset_region(c->before->view.dataset, c->rows[i]);
    const uint32_t region = smri_dataset_find_region(t->dataset, id);
    const bool moved = !same(c->ranks[0][cell], c->ranks[1][cell]);
    if (all || (node == 0 && (moved || stages_of(c, 0, i) != stages_of(c, 1, i))))
        return true;
    return region != SMRI_NONE && t->changed[region] &&
           (node == 0 || moved || !same(c->scores[0][cell], c->scores[1][cell]));
}

static bool allocate_rows(smr_whatif *whatif, size_t count)
{
    smri_arena *arena = &whatif->arena;
    if (whatif->funnel) {
        whatif->stages_before = smri_arena_calloc(arena, count, sizeof *whatif->stages_before);
        whatif->stages_after = smri_arena_calloc(arena, count, sizeof *whatif->stages_after);
        if (!whatif->stages_before || !whatif->stages_after)
            return false;
    }
    whatif->regions = smri_arena_alloc(arena, count, sizeof *whatif->regions);
    whatif->nodes = smri_arena_alloc(arena, count, sizeof *whatif->nodes);
    whatif->scores_before = smri_arena_alloc(arena, count, sizeof(double));
    whatif->scores_after = smri_arena_alloc(arena, count, sizeof(double));
    whatif->ranks_before = smri_arena_alloc(arena, count, sizeof(double));
    whatif->ranks_after = smri_arena_alloc(arena, count, sizeof(double));
    return whatif->regions && whatif->nodes && whatif->scores_before && whatif->scores_after && whatif->ranks_before &&
           whatif->ranks_after;
}

static smr_status put_rows(const trial *t, const comparison *c, bool all, smr_whatif *whatif, smr_error *error)
{
    const smr_framework *framework = t->model->framework;
    size_t count = 0;
    for (size_t i = 0; i < c->count; i++)
        for (uint32_t node = 0; node < framework->node_count; node++)
            count += is_told(t, c, i, node, all);
    if (!allocate_rows(whatif, count ? count : 1))
        return smri_fail_memory(error);
    for (size_t i = 0; i < c->count; i++)
        for (uint32_t node = 0; node < framework->node_count; node++) {
            if (!is_told(t, c, i, node, all))
                continue;
            const size_t row = whatif->row_count++, cell = (size_t)node * c->count + i;
            whatif->regions[row] = smr_dataset_region(whatif->dataset, c->rows[i]);
            whatif->nodes[row] = framework->nodes[node].id;
            whatif->scores_before[row] = c->scores[0][cell];
            whatif->scores_after[row] = c->scores[1][cell];
            whatif->ranks_before[row] = c->ranks[0][cell];
            whatif->ranks_after[row] = c->ranks[1][cell];
            for (int side = 0; whatif->funnel && node == 0 && side < 2; side++) {
                const uint32_t passed = stages_of(c, side, i);
                (side ? whatif->stages_after : whatif->stages_before)[row] =
                    passed ? smr_funnel_stage_id(whatif->funnel, passed - 1) : NULL;
            }
        }
    return SMR_OK;
}

static smr_status put_changes(const trial *t, smr_whatif *whatif, smr_error *error)
{
    smri_arena *arena = &whatif->arena;
    whatif->change_regions = smri_arena_alloc(arena, t->count, sizeof *whatif->change_regions);
    whatif->change_columns = smri_arena_alloc(arena, t->count, sizeof *whatif->change_columns);
    whatif->change_from = smri_arena_alloc(arena, t->count, sizeof(double));
    whatif->change_to = smri_arena_alloc(arena, t->count, sizeof(double));
    if (!whatif->change_regions || !whatif->change_columns || !whatif->change_from || !whatif->change_to)
        return smri_fail_memory(error);
    for (size_t i = 0; i < t->count; i++) {
        const char *id = t->dataset->regions[t->edits[i].region].id;
        if (!smri_arena_keep(arena, id, &whatif->change_regions[i]))
            return smri_fail_memory(error);
        whatif->change_columns[i] = t->edits[i].column;
        whatif->change_from[i] = t->edits[i].from;
        whatif->change_to[i] = t->edits[i].to;
    }
    whatif->change_count = t->count;
    return t->dataset->period_count == 0 ||
                   smri_arena_keep(arena, t->dataset->periods[t->period].id, &whatif->period)
               ? SMR_OK
               : smri_fail_memory(error);
}

/* Both scorecards, compared. */
static smr_status compare(smr_context *context, const trial *t, bool all, smr_whatif *whatif, smr_error *error)
{
    comparison c = {.before = NULL};
    smr_dataset *edited = NULL;
    smr_scorecard *before = NULL, *after = NULL;
    smr_score_options keep;
    smr_score_options_init(&keep, sizeof keep);
    keep.keep = SMR_KEEP_ALL;
    smr_status status = smri_edit_dataset(context, t->dataset, t->period, t->edits, t->count, &edited, error);
    if (status == SMR_OK)
        status = smr_model_score(context, t->model, t->dataset, &keep, &before, error);
    if (status == SMR_OK)
        status = smr_model_score(context, t->model, edited, &keep, &after, error);
    if (status == SMR_OK) {
        whatif->dataset = smr_dataset_ref(before->view.dataset);
        c.before = before;
        c.after = after;
        status = make_comparison(t, &c, error);
    }
    if (status == SMR_OK)
        status = gather(t, &c, error);
    if (status == SMR_OK)
        status = run_funnel(context, t, &c, edited, whatif->funnel, error);
    if (status == SMR_OK)
        status = put_changes(t, whatif, error);
    if (status == SMR_OK)
        status = put_rows(t, &c, all, whatif, error);
    free_comparison(t->memory, &c);
    smr_scorecard_unref(before);
    smr_scorecard_unref(after);
    smr_dataset_unref(edited);
    return status;
}

void smr_whatif_options_init(smr_whatif_options *options, size_t size)
{
    static const smr_whatif_options defaults = {.size = sizeof(smr_whatif_options)};
    smri_options_init(options, size, &defaults, sizeof defaults);
}

smr_status smr_whatif_run(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                          const smr_changes *changes, const smr_whatif_options *options, smr_whatif **whatif,
                          smr_error *error)
{
    if (!whatif)
        return smri_fail_argument(error, "whatif", "a place for the result");
    *whatif = NULL;
    if (!model || !dataset || !changes)
        return smri_fail_argument(error, !model ? "model" : !dataset ? "dataset" : "changes", "not NULL");
    if (changes->count == 0)
        return smri_fail_argument(error, "changes", "one change at least");
    smr_whatif_options known;
    smr_whatif_options_init(&known, sizeof known);
    smr_status status = smri_options_read(&known, sizeof known, options, "smr_whatif_options", error);
    if (status == SMR_OK && (known.all < 0 || known.all > 1))
        status = smri_fail_argument(error, "all", "0 or 1");
    trial t = {.memory = smri_context(context), .model = model, .dataset = dataset};
    if (status == SMR_OK)
        status = smri_choose_period(dataset, known.period, &t.period, error);
    smr_whatif *made = status == SMR_OK ? smri_calloc(t.memory, 1, sizeof *made) : NULL;
    if (status == SMR_OK && !made)
        status = smri_fail_memory(error);
    if (made) {
        atomic_init(&made->references, 1);
        made->context = smr_context_ref(context);
        smri_arena_init(&made->arena, t.memory);
        made->model = smr_model_ref(smri_mutable(model));
        made->funnel = smr_funnel_ref(smri_mutable(known.funnel));
        status = make_edits(&t, changes, error);
        if (status == SMR_OK)
            status = compare(context, &t, known.all != 0, made, error);
    }
    smri_free(t.memory, t.edits);
    smri_free(t.memory, t.changed);
    if (status != SMR_OK) {
        smr_whatif_unref(made);
        return status;
    }
    *whatif = made;
    return SMR_OK;
}
