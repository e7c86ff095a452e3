/* SPDX-License-Identifier: MIT */
/* A funnel against a scorecard, extra columns and ballots: every name becomes a column of numbers, one a region. */

#include "study/select_impl.h"

int64_t smri_bound_row(const smri_bound *bound, size_t region)
{
    const size_t row = bound->rows[region];
    if (bound->dataset == bound->card->view.dataset)
        return (int64_t)row;
    const char *period = bound->dataset->period_count > 0 ? smr_scorecard_period(bound->card, row) : NULL;
    return smr_dataset_find_row(bound->dataset, smr_scorecard_region(bound->card, row), period);
}

/* ---- which rows ---- */

static smr_status choose_period(smri_bound *bound, const char *wanted, smr_error *error)
{
    const smr_dataset *dataset = bound->card->view.dataset;
    bound->period_index = SMRI_NONE;
    bound->period = wanted ? wanted : smr_dataset_latest_period(dataset);
    if (bound->period)
        bound->period_index = smri_dataset_find_period(dataset, bound->period);
    if (!wanted || bound->period_index != SMRI_NONE) {
        bound->period = bound->period ? dataset->periods[bound->period_index].id : NULL;
        return SMR_OK;
    }
    const smri_place place = {.source = dataset->source_name, .subject = "period"};
    char hint[SMRI_PLAN_TEXT];
    smri_did_you_mean(hint, smr_dataset_latest_period(dataset));
    return smri_fail(error, SMR_MESSAGE_PERIOD_UNKNOWN, &place, wanted, hint);
}

/* Rows of the period in input order; or each region's latest row up to the period, in the order of the regions. */
static smr_status choose_rows(smri_bound *bound, smr_error *error)
{
    const smr_dataset *dataset = bound->card->view.dataset;
    const bool latest = smri_select_takes_latest(bound->funnel) && bound->period_index != SMRI_NONE;
    bound->rows = smri_arena_alloc(&bound->arena, dataset->row_count, sizeof *bound->rows);
    uint32_t *last = latest ? smri_arena_alloc(&bound->arena, dataset->region_count, sizeof *last) : NULL;
    if (!bound->rows || (latest && !last))
        return smri_fail_memory(error);
    for (uint32_t region = 0; latest && region < dataset->region_count; region++)
        last[region] = SMRI_NONE;
    for (size_t row = 0; row < dataset->row_count; row++) {
        const uint32_t period = smri_dataset_period_of(dataset, row), region = smri_dataset_region_of(dataset, row);
        if (!latest && (bound->period_index == SMRI_NONE || period == bound->period_index))
            bound->rows[bound->select.regions++] = row;
        else if (latest && period <= bound->period_index &&
                 (last[region] == SMRI_NONE || period > smri_dataset_period_of(dataset, last[region])))
            last[region] = (uint32_t)row;
    }
    for (uint32_t region = 0; latest && region < dataset->region_count; region++)
        if (last[region] != SMRI_NONE)
            bound->rows[bound->select.regions++] = last[region];
    return SMR_OK;
}

/* ---- inputs ---- */

static smr_status fill_input(smri_bound *bound, smri_select_input *input, const smri_column *column, smr_error *error)
{
    const size_t n = bound->select.regions, all = bound->card->row_count;
    input->values = smri_arena_alloc(&bound->arena, SMRI_MAX(n, (size_t)1), sizeof *input->values);
    double *whole = column ? NULL : smri_alloc(bound->select.context, all, sizeof *whole);
    smr_status status = input->values && (column || whole) ? SMR_OK : smri_fail_memory(error);
    if (status == SMR_OK && input->kind == SMRI_INPUT_SCORE)
        status = smr_scorecard_scores(bound->card, input->node, whole, all, error);
    if (status == SMR_OK && input->kind == SMRI_INPUT_COVERAGE)
        status = smr_scorecard_coverages(bound->card, 0, whole, all, error);
    for (size_t i = 0; status == SMR_OK && i < n; i++) {
        const int64_t row = column ? smri_bound_row(bound, i) : (int64_t)bound->rows[i];
        input->values[i] = row < 0 ? NAN : column ? column->values[row] : whole[row];
    }
    smri_free(bound->select.context, whole);
    return status;
}

/* The input of this kind, node or column, filled when new. */
static smr_status add_input(smri_bound *bound, smri_input_kind kind, uint32_t node, const smri_column *column,
                            const char *name, uint32_t *input, smr_error *error)
{
    smri_select *select = &bound->select;
    for (uint32_t i = 0; i < select->input_count; i++)
        if (select->inputs[i].kind == kind && select->inputs[i].node == node &&
            (!column || strcmp(select->inputs[i].name, column->id) == 0)) {
            *input = i;
            return SMR_OK;
        }
    *input = select->input_count++;
    select->inputs[*input] = (smri_select_input){.kind = kind, .node = node, .name = column ? column->id : name};
    return fill_input(bound, &select->inputs[*input], column, error);
}

/* Names that a stage may use, for a suggestion; false: out of memory. */
static bool suggest_name(const smri_bound *bound, const char *name, char hint[SMRI_NEAREST_SIZE])
{
    const smr_framework *framework = bound->card->model->framework;
    const smr_dataset *dataset = bound->dataset;
    size_t count = 0;
    const char **names = smri_alloc(bound->select.context, (size_t)framework->node_count + dataset->column_count + 3,
                                    sizeof *names);
    if (!names)
        return false;
    names[count++] = "index";
    names[count++] = "previous";
    names[count++] = "ballots";
    for (uint32_t i = 0; i < framework->node_count; i++)
        names[count++] = framework->nodes[i].id;
    for (uint32_t i = 0; i < dataset->column_count; i++)
        if (dataset->columns[i].values)
            names[count++] = dataset->columns[i].id;
    smri_text_suggest(hint, name, names, count);
    smri_free(bound->select.context, names);
    return true;
}

/* What a name of the funnel means: the index, a node, or a column of numbers. `member` is where it stands. */
static smr_status find_input(smri_bound *bound, uint32_t stage, const char *member, const char *name, uint32_t *input,
                             smr_error *error)
{
    if (strcmp(name, "index") == 0) {
        *input = 0;
        return SMR_OK;
    }
    const smr_framework *framework = bound->card->model->framework;
    const int64_t node = smr_framework_find(framework, name);
    if (node >= 0)
        return add_input(bound, SMRI_INPUT_SCORE, (uint32_t)node, NULL, framework->nodes[node].id, input, error);
    const int64_t found = smr_dataset_find_column(bound->dataset, name);
    const smri_column *column = found < 0 ? NULL : &bound->dataset->columns[found];
    char path[SMR_ERROR_SUBJECT_SIZE], hint[SMRI_NEAREST_SIZE];
    smri_path_join(path, member, name);
    if (column && !column->values)
        return smri_funnel_tell(bound->funnel->source_name, stage, path, error, SMR_MESSAGE_SELECT_COLUMN_TYPE, name,
                                "texts", "numbers");
    if (column)
        return add_input(bound, SMRI_INPUT_COLUMN, SMRI_NONE, column, NULL, input, error);
    if (!suggest_name(bound, name, hint))
        return smri_fail_memory(error);
    return smri_funnel_tell(bound->funnel->source_name, stage, path, error, SMR_MESSAGE_SELECT_NAME_UNKNOWN, name,
                            hint);
}

/* ---- a stage ---- */

/* Values beyond the scale of a part are errors of the data. */
static smr_status check_scale(const smri_bound *bound, const smri_select_part *part, smr_error *error)
{
    const double low = SMRI_MIN(part->worst, part->best), high = SMRI_MAX(part->worst, part->best);
    const smri_select_input *input = &bound->select.inputs[part->input];
    for (size_t i = 0; i < bound->select.regions; i++) {
        const double value = input->values[i];
        if (value != value || (value >= low && value <= high))
            continue;
        const int64_t row = smri_bound_row(bound, i);
        const bool column = input->kind == SMRI_INPUT_COLUMN && row >= 0;
        const smri_place place = column ? smri_dataset_place(bound->dataset, input->name, (size_t)row)
                                        : (smri_place){.subject = input->name};
        char texts[3][SMRI_NUMBER_SIZE];
        smri_number_write(texts[0], value);
        smri_number_write(texts[1], part->worst);
        smri_number_write(texts[2], part->best);
        return smri_fail(error, SMR_MESSAGE_SELECT_BEYOND_SCALE, &place, texts[0],
                         smr_scorecard_region(bound->card, bound->rows[i]), texts[1], texts[2]);
    }
    return SMR_OK;
}

static bool has_range_of_index(const smr_model *model, uint32_t node)
{
    return node == 0 || (model->low[node] == model->low[0] && model->high[node] == model->high[0]);
}

static smri_part_how how_mixed(const smr_model *model, const smri_select_input *input, const smri_select_part *part)
{
    if (part->worst == part->worst)
        return SMRI_HOW_SCALE;
    return input->kind == SMRI_INPUT_SCORE && !part->lower && has_range_of_index(model, input->node) ? SMRI_HOW_AS_IS
                                                                                                      : SMRI_HOW_MINMAX;
}

void smri_select_adapt(smri_select *select, const smr_model *model)
{
    select->low = model->low[0];
    select->high = model->high[0];
    for (uint32_t i = 0; i < select->stage_count; i++)
        for (uint32_t k = 0; k < select->stages[i].part_count; k++) {
            smri_select_part *part = &select->stages[i].parts[k];
            if (part->source == SMRI_PART_INPUT)
                part->how = how_mixed(model, &select->inputs[part->input], part);
        }
}

static smr_status bind_part(smri_bound *bound, uint32_t stage, const smri_funnel_part *from, smri_select_part *part,
                            smr_error *error)
{
    *part = (smri_select_part){.name = from->name,
                               .weight = from->weight,
                               .worst = from->worst,
                               .best = from->best,
                               .lower = from->lower,
                               .input = SMRI_NONE};
    if (strcmp(from->name, "previous") == 0) {
        part->source = SMRI_PART_PREVIOUS;
        return SMR_OK;
    }
    if (strcmp(from->name, "ballots") == 0) {
        part->source = SMRI_PART_BALLOTS;
        part->how = SMRI_HOW_BALLOTS;
        return SMR_OK;
    }
    smr_status status = find_input(bound, stage, "score", from->name, &part->input, error);
    if (status != SMR_OK)
        return status;
    part->how = how_mixed(bound->card->model, &bound->select.inputs[part->input], part);
    return part->how == SMRI_HOW_SCALE ? check_scale(bound, part, error) : SMR_OK;
}

static smr_status bind_gate(smri_bound *bound, uint32_t stage, const smri_funnel_gate *from, smri_select_stage *to,
                            smr_error *error)
{
    const smr_framework *framework = bound->card->model->framework;
    uint32_t input = SMRI_NONE;
    smr_status status = SMR_OK;
    if (from->kind == SMR_GATE_CRITERIA) {
        for (int32_t child = framework->nodes[0].first_child; status == SMR_OK && child >= 0;
             child = framework->nodes[child].next_sibling) {
            status = add_input(bound, SMRI_INPUT_SCORE, (uint32_t)child, NULL, framework->nodes[child].id, &input, error);
            to->gates[to->gate_count++] = (smri_select_gate){.input = input, .least = from->least};
        }
        return status;
    }
    if (from->kind == SMR_GATE_INDEX)
        input = 0;
    else if (from->kind == SMR_GATE_COVERAGE)
        status = add_input(bound, SMRI_INPUT_COVERAGE, SMRI_NONE, NULL, "coverage", &input, error);
    else if (from->kind == SMR_GATE_NAMED)
        status = find_input(bound, stage, "gates", from->name, &input, error);
    to->gates[to->gate_count++] = (smri_select_gate){.input = input, .least = from->least};
    return status;
}

static smr_status bind_gates(smri_bound *bound, uint32_t stage, smri_select_stage *to, smr_error *error)
{
    const smri_funnel_data *data = &bound->funnel->data;
    const smri_funnel_gates *const lists[] = {&data->gates, &data->stages[stage].gates};
    const size_t criteria = (size_t)bound->card->model->framework->nodes[0].child_count;
    to->gates = smri_arena_calloc(&bound->arena,
                                  (lists[0]->count + lists[1]->count) * SMRI_MAX(criteria, (size_t)1) + 1,
                                  sizeof *to->gates);
    if (!to->gates)
        return smri_fail_memory(error);
    smr_status status = SMR_OK;
    const double coverage = data->eligibility.coverage;
    if (stage == 0 && coverage == coverage) {
        uint32_t input;
        status = add_input(bound, SMRI_INPUT_COVERAGE, SMRI_NONE, NULL, "coverage", &input, error);
        to->gates[to->gate_count++] = (smri_select_gate){.input = input, .least = coverage, .entry = true};
    }
    for (size_t list = 0; list < SMRI_COUNT(lists); list++)
        for (uint32_t i = 0; status == SMR_OK && i < lists[list]->count; i++)
            status = bind_gate(bound, list == 0 ? SMRI_NONE : stage, &lists[list]->items[i], to, error);
    return status;
}

static smr_status bind_ties(smri_bound *bound, uint32_t stage, smri_select_stage *to, smr_error *error)
{
    const smri_funnel_ties *own = &bound->funnel->data.stages[stage].ties;
    const bool is_own = own->given;
    const smri_funnel_ties *ties = is_own ? own : &bound->funnel->data.ties;
    to->tie_input = SMRI_TIES_KEPT;
    to->tie_lower = ties->lower;
    if (!ties->column)
        return SMR_OK;
    if (strcmp(ties->column, "previous") == 0) {
        to->tie_input = SMRI_TIES_PREVIOUS;
        return SMR_OK;
    }
    if (strcmp(ties->column, "coverage") == 0)
        return add_input(bound, SMRI_INPUT_COVERAGE, SMRI_NONE, NULL, "coverage", &to->tie_input, error);
    return find_input(bound, is_own ? stage : SMRI_NONE, "ties", ties->column, &to->tie_input, error);
}

static smr_status bind_parts(smri_bound *bound, uint32_t stage, smri_select_stage *to, smr_error *error)
{
    static const smri_funnel_part index = {.name = "index", .weight = 1, .worst = NAN, .best = NAN};
    const smri_funnel_stage *from = &bound->funnel->data.stages[stage];
    const smri_funnel_part *parts = from->part_count > 0 ? from->parts : &index;
    to->part_count = SMRI_MAX(from->part_count, 1U);
    to->first_part = bound->select.part_count;
    bound->select.part_count += to->part_count;
    to->parts = smri_arena_calloc(&bound->arena, to->part_count, sizeof *to->parts);
    smr_status status = to->parts ? SMR_OK : smri_fail_memory(error);
    for (uint32_t i = 0; status == SMR_OK && i < to->part_count; i++)
        status = bind_part(bound, stage, &parts[i], &to->parts[i], error);
    return status;
}

/* ---- ballots ---- */

static smr_status fail_region(const smri_bound *bound, const smr_ballots *ballots, uint32_t region,
                              const smri_table *ids, smr_error *error)
{
    const char *name = ballots->regions.keys[region], *near = NULL;
    for (size_t i = 0; i < bound->select.regions && !near; i++)
        if (strcmp(smr_scorecard_region_name(bound->card, bound->rows[i]), name) == 0)
            near = smr_scorecard_region(bound->card, bound->rows[i]);
    char hint[SMRI_NEAREST_SIZE];
    smri_text_suggest(hint, near ? near : name, near ? &near : ids->keys, near ? 1 : ids->count);
    const smri_place place = {.source = ballots->source_name,
                              .row = smri_ballots_row_of(ballots, region),
                              .subject = "region"};
    return smri_fail(error, SMR_MESSAGE_BALLOTS_REGION_UNKNOWN, &place, name, hint);
}

static smr_status lay_places(smri_bound *bound, const smr_ballots *ballots, const smri_table *ids,
                             smri_select_stage *to, smr_error *error)
{
    const size_t n = bound->select.regions;
    const smr_status status = smri_ballots_check_size(ballots, n, error);
    if (status != SMR_OK)
        return status;
    const size_t cells = ballots->jurors.count * n;
    double *places = smri_arena_alloc(&bound->arena, cells + 1, sizeof *places);
    if (!places)
        return smri_fail_memory(error);
    for (size_t i = 0; i < cells; i++)
        places[i] = NAN;
    for (uint32_t region = 0; region < ballots->regions.count; region++) {
        const char *id = ballots->regions.keys[region];
        const uint32_t at = smri_table_find(ids, id, strlen(id));
        if (at == SMRI_NOT_FOUND)
            return fail_region(bound, ballots, region, ids, error);
        for (uint32_t juror = 0; juror < ballots->jurors.count; juror++)
            places[juror * n + at] = ballots->places[(size_t)juror * ballots->regions.count + region];
    }
    to->jury.places = places;
    to->jury.jurors = ballots->jurors.count;
    to->jury.stride = n;
    bound->select.most_jurors = SMRI_MAX(bound->select.most_jurors, ballots->jurors.count);
    return SMR_OK;
}

static smr_status bind_ballots(smri_bound *bound, uint32_t stage, const smr_ballots *ballots, smri_select_stage *to,
                               smr_error *error)
{
    const smri_funnel_stage *from = &bound->funnel->data.stages[stage];
    bool counts = false;
    for (uint32_t i = 0; i < from->part_count; i++)
        counts = counts || strcmp(from->parts[i].name, "ballots") == 0;
    to->jury = (smri_jury){.rule = from->rule, .incomplete = from->incomplete};
    if (!counts && !ballots)
        return SMR_OK;
    if (!counts || !ballots)
        return smri_funnel_tell(bound->funnel->source_name, stage, "score", error,
                                counts ? SMR_MESSAGE_SELECT_BALLOTS_MISSING : SMR_MESSAGE_SELECT_BALLOTS_UNUSED,
                                from->id);
    smri_table ids;
    smri_table_init(&ids, bound->select.context, &bound->arena);
    smr_status status = SMR_OK;
    for (size_t i = 0; status == SMR_OK && i < bound->select.regions; i++) {
        const char *id = smr_scorecard_region(bound->card, bound->rows[i]);
        if (smri_table_add(&ids, id, strlen(id), NULL) == SMRI_NOT_FOUND)
            status = smri_fail_memory(error);
    }
    if (status == SMR_OK)
        status = lay_places(bound, ballots, &ids, to, error);
    smri_table_free(&ids);
    return status;
}

/* ---- all of it ---- */

static smr_status bind_stages(smri_bound *bound, const smr_ballots *const *ballots, smr_error *error)
{
    smri_select *select = &bound->select;
    const smr_funnel *funnel = bound->funnel;
    select->stages = smri_arena_calloc(&bound->arena, funnel->data.stage_count, sizeof *select->stages);
    if (!select->stages)
        return smri_fail_memory(error);
    select->stage_count = funnel->data.stage_count;
    smr_status status = SMR_OK;
    for (uint32_t i = 0; status == SMR_OK && i < select->stage_count; i++) {
        smri_select_stage *stage = &select->stages[i];
        stage->keep = funnel->data.stages[i].keep;
        status = bind_parts(bound, i, stage, error);
        if (status == SMR_OK)
            status = bind_gates(bound, i, stage, error);
        if (status == SMR_OK)
            status = bind_ties(bound, i, stage, error);
        if (status == SMR_OK)
            status = bind_ballots(bound, i, ballots ? ballots[i] : NULL, stage, error);
    }
    return status;
}

/* At most so many inputs: every node and column once, and the coverage. */
static bool reserve_inputs(smri_bound *bound)
{
    const size_t most =
        (size_t)bound->card->model->framework->node_count + bound->dataset->column_count + 1;
    bound->select.inputs = smri_arena_calloc(&bound->arena, most, sizeof *bound->select.inputs);
    return bound->select.inputs != NULL;
}

smr_status smri_select_bind(smr_context *context, const smr_funnel *funnel, const smr_scorecard *card,
                            const smr_dataset *dataset, const smr_ballots *const *ballots,
                            const smr_select_options *options, smri_bound *bound, smr_error *error)
{
    const smr_model *model = card->model;
    *bound = (smri_bound){.funnel = funnel, .card = card, .dataset = dataset ? dataset : card->view.dataset};
    bound->select = (smri_select){.context = smri_context(context),
                                  .low = model->low[0],
                                  .high = model->high[0],
                                  .decimals = model->plan.decimals,
                                  .tolerance = model->plan.tolerance};
    smri_arena_init(&bound->arena, bound->select.context);
    if (smri_ranks_upward(&model->plan.aggregate[0]))
        return smri_fail(error, SMR_MESSAGE_SELECT_LOWEST_FIRST, NULL, model->plan.aggregate[0].method->name);
    smr_status status = choose_period(bound, options->period, error);
    if (status == SMR_OK)
        status = choose_rows(bound, error);
    if (status == SMR_OK && !reserve_inputs(bound))
        status = smri_fail_memory(error);
    uint32_t index;
    if (status == SMR_OK)
        status = add_input(bound, SMRI_INPUT_SCORE, 0, NULL, model->framework->nodes[0].id, &index, error);
    if (status == SMR_OK)
        status = smri_select_bar(bound, options, error);
    return status == SMR_OK ? bind_stages(bound, ballots, error) : status;
}

void smri_bound_free(smri_bound *bound)
{
    smri_arena_free(&bound->arena);
}
