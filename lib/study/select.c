/* SPDX-License-Identifier: MIT */
/* The selection: binds a funnel, runs it once with a trail, and turns the trail into decisions with reasons. */

#include "study/select_impl.h"

void smr_select_options_init(smr_select_options *options, size_t size)
{
    static const smr_select_options defaults = {.size = sizeof(smr_select_options)};
    smri_options_init(options, size, &defaults, sizeof defaults);
}

/* A selection being made. */
typedef struct maker {
    smr_selection *selection;
    smri_bound bound;
    smri_select_work work;
    smri_select_trail trail;
    uint32_t *reached;
    size_t regions;
    size_t reason_capacities[5];
} maker;

/* ---- the run ---- */

static double *missing_column(smri_arena *arena, size_t count)
{
    double *column = smri_arena_alloc(arena, count + 1, sizeof *column);
    for (size_t i = 0; column && i < count; i++)
        column[i] = NAN;
    return column;
}

static bool make_trail(maker *m)
{
    smri_arena *arena = &m->bound.arena;
    const smri_select *select = &m->bound.select;
    size_t of_stages, of_parts;
    if (!smri_product(select->stage_count, m->regions, &of_stages) ||
        !smri_product(select->part_count, m->regions, &of_parts))
        return false;
    m->trail = (smri_select_trail){.scores = missing_column(arena, of_stages),
                                   .compared = missing_column(arena, of_stages),
                                   .verdicts = smri_arena_calloc(arena, of_stages + 1, 1),
                                   .values = missing_column(arena, of_parts),
                                   .mixed = missing_column(arena, of_parts),
                                   .worst = missing_column(arena, select->part_count),
                                   .best = missing_column(arena, select->part_count),
                                   .cuts = smri_arena_calloc(arena, select->stage_count, sizeof *m->trail.cuts)};
    m->reached = smri_arena_calloc(arena, m->regions + 1, sizeof *m->reached);
    return m->trail.scores && m->trail.compared && m->trail.verdicts && m->trail.values && m->trail.mixed &&
           m->trail.worst && m->trail.best && m->trail.cuts && m->reached;
}

static smr_status run_once(maker *m, smr_error *error)
{
    const smri_select *select = &m->bound.select;
    const double **inputs = smri_arena_alloc(&m->bound.arena, select->input_count, sizeof *inputs);
    if (!inputs || !make_trail(m) || !smri_select_work_make(select, &m->work))
        return smri_fail_memory(error);
    for (uint32_t i = 0; i < select->input_count; i++)
        inputs[i] = select->inputs[i].values;
    return smri_select_run(select, inputs, &m->work, m->reached, &m->trail, error);
}

/* ---- decisions ---- */

static uint8_t verdict_of(const maker *m, uint32_t stage, size_t region)
{
    return m->trail.verdicts[stage * m->regions + region];
}

static bool is_ranked(uint8_t verdict)
{
    return verdict >= SMRI_VERDICT_BELOW_CUT;
}

static bool make_rows(maker *m)
{
    smr_selection *s = m->selection;
    for (uint32_t stage = 0; stage < s->stage_count; stage++)
        for (size_t i = 0; i < m->regions; i++)
            s->row_count += verdict_of(m, stage, i) != SMRI_VERDICT_OUT;
    const size_t n = s->row_count + 1;
    s->regions = smri_arena_calloc(&s->arena, n, sizeof *s->regions);
    s->names = smri_arena_calloc(&s->arena, n, sizeof *s->names);
    s->card_rows = smri_arena_calloc(&s->arena, n, sizeof *s->card_rows);
    s->stages = smri_arena_calloc(&s->arena, n, sizeof *s->stages);
    s->scores = smri_arena_calloc(&s->arena, n, sizeof *s->scores);
    s->ranks = smri_arena_calloc(&s->arena, n, sizeof *s->ranks);
    s->passed = smri_arena_calloc(&s->arena, n, 1);
    s->reason_starts = smri_arena_calloc(&s->arena, n, sizeof *s->reason_starts);
    return s->regions && s->names && s->card_rows && s->stages && s->scores && s->ranks && s->passed && s->reason_starts;
}

static void put_row(maker *m, size_t row, uint32_t stage, uint32_t region, double rank)
{
    smr_selection *s = m->selection;
    const size_t card_row = m->bound.rows[region];
    s->regions[row] = smr_scorecard_region(s->card, card_row);
    s->names[row] = smr_scorecard_region_name(s->card, card_row);
    s->card_rows[row] = card_row;
    s->stages[row] = stage;
    s->scores[row] = m->trail.scores[stage * m->regions + region];
    s->ranks[row] = rank;
    s->passed[row] = m->reached[region] > stage;
}

/* ---- reasons ---- */

static bool put_reason(maker *m, size_t row, int32_t code, const char *subject, double value, double limit)
{
    smr_selection *s = m->selection;
    const smr_context *memory = m->bound.select.context;
    const size_t needed = s->reason_count + 1;
    size_t *capacities = m->reason_capacities;
    if (!smri_grow(memory, &s->reason_rows, &capacities[0], needed, sizeof *s->reason_rows) ||
        !smri_grow(memory, &s->reason_codes, &capacities[1], needed, sizeof *s->reason_codes) ||
        !smri_grow(memory, &s->reason_subjects, &capacities[2], needed, sizeof *s->reason_subjects) ||
        !smri_grow(memory, &s->reason_values, &capacities[3], needed, sizeof *s->reason_values) ||
        !smri_grow(memory, &s->reason_limits, &capacities[4], needed, sizeof *s->reason_limits))
        return false;
    const char *kept = NULL;
    if (!smri_arena_keep(&s->arena, subject, &kept))
        return false;
    s->reason_rows[s->reason_count] = row;
    s->reason_codes[s->reason_count] = code;
    s->reason_subjects[s->reason_count] = kept;
    s->reason_values[s->reason_count] = value;
    s->reason_limits[s->reason_count++] = limit;
    return true;
}

/* Why the data bar the region, or its coverage does. */
static bool explain_entry(maker *m, size_t row, uint32_t region)
{
    const smr_eligibility *eligible = &m->bound.funnel->data.eligibility;
    bool fine = true;
    if (m->bound.ages && m->bound.ages[region] != m->bound.ages[region])
        fine = put_reason(m, row, SMR_REASON_AGE_MISSING, eligible->age_column, NAN, eligible->max_age_years);
    else if (m->bound.ages && m->bound.ages[region] > eligible->max_age_years)
        fine = put_reason(m, row, SMR_REASON_TOO_OLD, eligible->age_column, m->bound.ages[region],
                          eligible->max_age_years);
    const uint32_t grade = m->bound.grades ? m->bound.grades[region] : 0;
    if (fine && m->bound.grades && grade == 0)
        fine = put_reason(m, row, SMR_REASON_EVIDENCE_MISSING, eligible->evidence_column, NAN, m->bound.least_grade);
    else if (fine && m->bound.grades && grade < m->bound.least_grade)
        fine = put_reason(m, row, SMR_REASON_LOW_EVIDENCE, eligible->grades[grade - 1], grade, m->bound.least_grade);
    return fine;
}

static bool explain_gates(maker *m, size_t row, uint32_t number, uint32_t region)
{
    const smri_select *select = &m->bound.select;
    const smri_select_stage *stage = &select->stages[number];
    const double score = m->trail.scores[number * m->regions + region];
    const bool barred = verdict_of(m, number, region) == SMRI_VERDICT_BARRED;
    bool fine = true;
    for (uint32_t g = 0; fine && g < stage->gate_count; g++) {
        const smri_select_gate *gate = &stage->gates[g];
        const bool on_score = gate->input == SMRI_NONE;
        /* A region that never came to its score did not fail for it. */
        if ((barred && !gate->entry) || (on_score && score != score))
            continue;
        const double value = on_score ? score : select->inputs[gate->input].values[region];
        if (value >= gate->least)
            continue;
        const int32_t code = gate->entry      ? SMR_REASON_LOW_COVERAGE
                             : value == value ? SMR_REASON_BELOW_GATE
                                              : SMR_REASON_GATE_MISSING;
        fine = put_reason(m, row, code, on_score ? "score" : select->inputs[gate->input].name, value, gate->least);
    }
    return fine;
}

static bool explain_parts(maker *m, size_t row, uint32_t number, uint32_t region)
{
    const smri_select_stage *stage = &m->bound.select.stages[number];
    bool fine = true;
    for (uint32_t p = 0; fine && p < stage->part_count; p++) {
        const double mixed = m->trail.mixed[(stage->first_part + p) * m->regions + region];
        if (stage->parts[p].weight > 0 && mixed != mixed)
            fine = put_reason(m, row, SMR_REASON_PART_MISSING, stage->parts[p].name, NAN, NAN);
    }
    return fine;
}

static bool explain_tie(maker *m, size_t row, uint32_t number, uint32_t region, int32_t code)
{
    const smri_select_stage *stage = &m->bound.select.stages[number];
    const bool previous = stage->tie_input == SMRI_TIES_PREVIOUS;
    const smri_select_input *input = previous ? NULL : &m->bound.select.inputs[stage->tie_input];
    const double before = number > 0 ? m->trail.scores[(number - 1) * m->regions + region]
                                     : m->bound.select.inputs[0].values[region];
    return put_reason(m, row, code, previous ? "previous" : input->name, previous ? before : input->values[region],
                      NAN);
}

static bool explain(maker *m, size_t row, uint32_t number, uint32_t region, double rank)
{
    const smri_select_cut *cut = &m->trail.cuts[number];
    const uint64_t keep = m->bound.select.stages[number].keep;
    switch ((smri_verdict)verdict_of(m, number, region)) {
    case SMRI_VERDICT_BARRED:
        return explain_entry(m, row, region) && explain_gates(m, row, number, region);
    case SMRI_VERDICT_GATE:
        return explain_gates(m, row, number, region);
    case SMRI_VERDICT_NO_SCORE:
        return explain_parts(m, row, number, region);
    case SMRI_VERDICT_PASSED:
        return keep == 0 ? put_reason(m, row, SMR_REASON_GATES_PASSED, NULL, rank, NAN)
                         : put_reason(m, row, SMR_REASON_WITHIN_CUT, NULL, rank, (double)keep);
    case SMRI_VERDICT_BELOW_CUT:
        return put_reason(m, row, SMR_REASON_BELOW_CUT, NULL, rank, cut->lowest);
    case SMRI_VERDICT_TIE_KEPT:
        return put_reason(m, row, SMR_REASON_TIE_KEPT, NULL, cut->tied, cut->places);
    case SMRI_VERDICT_TIE_WON:
        return explain_tie(m, row, number, region, SMR_REASON_TIE_WON);
    case SMRI_VERDICT_TIE_LOST:
        return explain_tie(m, row, number, region, SMR_REASON_TIE_LOST);
    case SMRI_VERDICT_OUT:
        break;
    }
    return true;
}

/* The decisions of a stage from row `first` on; returns the row after the last, SIZE_MAX when out of memory. */
static size_t fill_stage(maker *m, uint32_t stage, size_t first)
{
    const smr_context *memory = m->bound.select.context;
    const smri_resolved *plan = &m->selection->model->plan;
    smri_record *records = m->work.records;
    double *keys = m->work.compared, *ranks = m->work.mixed;
    uint32_t count = 0;
    for (size_t i = 0; i < m->regions; i++)
        if (is_ranked(verdict_of(m, stage, i))) {
            keys[count] = m->trail.compared[stage * m->regions + i];
            records[count] = (smri_record){keys[count], (uint32_t)i};
            count++;
        }
    if (!smri_rank_descending(memory, keys, count, plan->ties, plan->tolerance, ranks))
        return SIZE_MAX;
    double *by_region = m->work.value;
    for (uint32_t i = 0; i < count; i++)
        by_region[records[i].index] = ranks[i];
    smri_records_sort(records, count);
    size_t row = first;
    for (uint32_t i = 0; i < count; i++, row++)
        put_row(m, row, stage, records[i].index, by_region[records[i].index]);
    for (size_t i = 0; i < m->regions; i++)
        if (verdict_of(m, stage, i) != SMRI_VERDICT_OUT && !is_ranked(verdict_of(m, stage, i)))
            put_row(m, row++, stage, (uint32_t)i, NAN);
    return row;
}

/* Region of the selection (not of the card) of every row, so that reasons and parts find their column. */
static smr_status fill_rows(maker *m, uint32_t *region_of, smr_error *error)
{
    smr_selection *s = m->selection;
    uint32_t *of_card = smri_arena_alloc(&m->bound.arena, s->card->row_count + 1, sizeof *of_card);
    if (!of_card)
        return smri_fail_memory(error);
    for (size_t i = 0; i < m->regions; i++)
        of_card[m->bound.rows[i]] = (uint32_t)i;
    size_t row = 0;
    for (uint32_t stage = 0; stage < s->stage_count; stage++) {
        const size_t first = row;
        if (smri_cancelled(m->bound.select.context, stage, s->stage_count, error))
            return SMR_ERROR_CANCELLED;
        row = fill_stage(m, stage, first);
        if (row == SIZE_MAX)
            return smri_fail_memory(error);
        s->results[stage].first_row = first;
        for (size_t i = first; i < row; i++) {
            region_of[i] = of_card[s->card_rows[i]];
            s->reason_starts[i] = s->reason_count;
            if (!explain(m, i, stage, region_of[i], s->ranks[i]))
                return smri_fail_memory(error);
        }
    }
    s->reason_starts[row] = s->reason_count;
    return SMR_OK;
}

/* ---- stages and parts ---- */

static const char *how_name(smri_part_how how)
{
    static const char *const names[] = {"as_is", "scale", "minmax", "ballots"};
    return names[how];
}

static bool fill_part(maker *m, uint32_t stage, uint32_t number, const uint32_t *region_of)
{
    smr_selection *s = m->selection;
    const smri_select_stage *of = &m->bound.select.stages[stage];
    const smri_select_part *part = &of->parts[number];
    const uint32_t place = of->first_part + number;
    const size_t rows = (size_t)s->results[stage].entered, first = (size_t)s->results[stage].first_row;
    double *values = smri_arena_alloc(&s->arena, rows + 1, sizeof *values);
    double *mixed = smri_arena_alloc(&s->arena, rows + 1, sizeof *mixed);
    const char *name = NULL;
    if (!values || !mixed || !smri_arena_keep(&s->arena, part->name, &name))
        return false;
    for (size_t i = 0; i < rows; i++) {
        values[i] = m->trail.values[place * m->regions + region_of[first + i]];
        mixed[i] = m->trail.mixed[place * m->regions + region_of[first + i]];
    }
    double total = 0;
    for (uint32_t p = 0; p < of->part_count; p++)
        total += of->parts[p].weight;
    s->parts[place] = (smr_part_result){.size = sizeof(smr_part_result),
                                        .name = name,
                                        .how = how_name(part->how),
                                        .weight = part->weight / total,
                                        .worst = m->trail.worst[place],
                                        .best = m->trail.best[place],
                                        .values = values,
                                        .mixed = mixed};
    return true;
}

static bool make_stages(maker *m)
{
    smr_selection *s = m->selection;
    const smri_select *select = &m->bound.select;
    s->stage_count = select->stage_count;
    s->results = smri_arena_calloc(&s->arena, s->stage_count, sizeof *s->results);
    s->parts = smri_arena_calloc(&s->arena, select->part_count, sizeof *s->parts);
    s->first_parts = smri_arena_calloc(&s->arena, (size_t)s->stage_count + 1, sizeof *s->first_parts);
    if (!s->results || !s->parts || !s->first_parts)
        return false;
    for (uint32_t i = 0; i < s->stage_count; i++) {
        const smri_select_cut *cut = &m->trail.cuts[i];
        smr_stage_result *result = &s->results[i];
        *result = (smr_stage_result){.size = sizeof *result,
                                     .ranked = cut->ranked,
                                     .passed = cut->passed,
                                     .keep = select->stages[i].keep,
                                     .tied = cut->tied,
                                     .lowest = cut->lowest,
                                     .low = cut->low,
                                     .high = cut->high};
        for (size_t region = 0; region < m->regions; region++)
            result->entered += verdict_of(m, i, region) != SMRI_VERDICT_OUT;
        s->first_parts[i] = select->stages[i].first_part;
    }
    s->first_parts[s->stage_count] = select->part_count;
    return true;
}

static smr_status make_selection(maker *m, smr_error *error)
{
    smr_selection *s = m->selection;
    if (!make_stages(m) || !make_rows(m))
        return smri_fail_memory(error);
    uint32_t *region_of = smri_arena_alloc(&m->bound.arena, s->row_count + 1, sizeof *region_of);
    const smr_status status = region_of ? fill_rows(m, region_of, error) : smri_fail_memory(error);
    bool fine = status == SMR_OK;
    for (uint32_t stage = 0; fine && stage < s->stage_count; stage++)
        for (uint32_t part = 0; fine && part < m->bound.select.stages[stage].part_count; part++)
            fine = fill_part(m, stage, part, region_of);
    if (fine)
        smri_select_tell(&m->bound, &m->trail);
    return status != SMR_OK ? status : fine ? SMR_OK : smri_fail_memory(error);
}

static smr_selection *selection_new(smr_context *context, const smr_funnel *funnel, const smr_scorecard *card)
{
    const smr_context *memory = smri_context(context);
    smr_selection *selection = smri_calloc(memory, 1, sizeof *selection);
    if (!selection)
        return NULL;
    atomic_init(&selection->references, 1);
    selection->context = smr_context_ref(context);
    smri_arena_init(&selection->arena, memory);
    selection->funnel = smr_funnel_ref(smri_mutable(funnel));
    selection->card = smr_scorecard_ref(smri_mutable(card));
    selection->model = card->model;
    return selection;
}

smr_status smr_select_run(smr_context *context, const smr_funnel *funnel, const smr_scorecard *scorecard,
                          const smr_dataset *dataset, const smr_ballots *const *ballots, size_t ballot_count,
                          const smr_select_options *options, smr_selection **selection, smr_error *error)
{
    if (!selection)
        return smri_fail_argument(error, "selection", "a place for the result");
    *selection = NULL;
    if (!funnel || !scorecard)
        return smri_fail_argument(error, funnel ? "scorecard" : "funnel", "not NULL");
    if ((ballot_count != 0 && ballot_count != funnel->data.stage_count) || (ballot_count != 0) != (ballots != NULL))
        return smri_fail_argument(error, "ballot_count", "the number of stages, or 0 and no ballots");
    smr_select_options known;
    smr_select_options_init(&known, sizeof known);
    smr_status status = smri_options_read(&known, sizeof known, options, "smr_select_options", error);
    if (status != SMR_OK)
        return status;
    if (known.year < 0 || known.year > 9999)
        return smri_fail_argument(error, "year", "0 to 9999");
    maker m = {.selection = selection_new(context, funnel, scorecard)};
    if (!m.selection)
        return smri_fail_memory(error);
    status = smri_select_bind(context, funnel, scorecard, dataset, ballots, &known, &m.bound, error);
    m.regions = m.bound.select.regions;
    m.selection->period = m.bound.period;
    if (status == SMR_OK)
        status = run_once(&m, error);
    if (status == SMR_OK)
        status = make_selection(&m, error);
    smri_select_work_free(&m.bound.select, &m.work);
    smri_bound_free(&m.bound);
    if (status != SMR_OK) {
        smr_selection_unref(m.selection);
        return status;
    }
    *selection = m.selection;
    return SMR_OK;
}
