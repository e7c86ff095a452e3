/* SPDX-License-Identifier: MIT */
/* The selection as a pure function of arrays: gates, a mixed score, the cut with its ties, stage by stage. */

#include "study/select_impl.h"

static bool work_columns(const smri_select *select, smri_select_work *work)
{
    double **const columns[] = {&work->score, &work->compared, &work->previous,
                                &work->value, &work->mixed,    &work->results};
    const size_t n = SMRI_MAX(select->regions, (size_t)1);
    for (size_t i = 0; i < SMRI_COUNT(columns); i++) {
        *columns[i] = smri_alloc(select->context, n, sizeof **columns[i]);
        if (!*columns[i])
            return false;
    }
    return true;
}

bool smri_select_work_make(const smri_select *select, smri_select_work *work)
{
    const size_t n = SMRI_MAX(select->regions, (size_t)1);
    *work = (smri_select_work){.members = smri_alloc(select->context, n, sizeof *work->members)};
    const size_t records = SMRI_MAX(n, (size_t)select->most_jurors);
    size_t ranks;
    work->records = smri_alloc(select->context, records, sizeof *work->records);
    work->jury.records = work->records;
    const bool fine = work_columns(select, work) && smri_product(n, SMRI_MAX(select->most_jurors, 1U), &ranks);
    work->jury.ranks = fine ? smri_alloc(select->context, ranks, sizeof *work->jury.ranks) : NULL;
    return work->members && work->records && work->jury.ranks;
}

void smri_select_work_free(const smri_select *select, smri_select_work *work)
{
    smri_free(select->context, work->members);
    smri_free(select->context, work->score);
    smri_free(select->context, work->compared);
    smri_free(select->context, work->previous);
    smri_free(select->context, work->value);
    smri_free(select->context, work->mixed);
    smri_free(select->context, work->results);
    smri_free(select->context, work->records);
    smri_free(select->context, work->jury.ranks);
}

/* One stage of one run. */
typedef struct run {
    const smri_select *select;
    const double *const *inputs;
    const smri_select_work *work;
    const smri_select_trail *trail; /* NULL: not wanted */
    uint32_t number;                /* of the stage */
    const smri_select_stage *stage;
    uint32_t *members, count;       /* regions that are still in, in input order */
    uint32_t *reached;              /* a region: the number of stages it passes */
    double low, high;               /* of the parts */
    smri_select_cut cut;
} run;

static void judge(const run *r, uint32_t region, smri_verdict verdict)
{
    if (r->trail)
        r->trail->verdicts[r->number * r->select->regions + region] = (uint8_t)verdict;
}

/* ---- gates ---- */

/* on_score: those that ask of the stage's own score, which there is only afterwards. */
static bool passes_gates(const run *r, uint32_t region, bool on_score)
{
    for (uint32_t g = 0; g < r->stage->gate_count; g++) {
        const smri_select_gate *gate = &r->stage->gates[g];
        if ((gate->input == SMRI_NONE) != on_score)
            continue;
        const double value = on_score ? r->work->score[region] : r->inputs[gate->input][region];
        if (!(value >= gate->least))
            return false;
    }
    return true;
}

static void apply_gates(run *r, bool on_score)
{
    uint32_t left = 0;
    for (uint32_t i = 0; i < r->count; i++) {
        if (passes_gates(r, r->members[i], on_score))
            r->members[left++] = r->members[i];
        else
            judge(r, r->members[i], SMRI_VERDICT_GATE);
    }
    r->count = left;
}

/* ---- the score ---- */

/* Least and greatest value of the members; false: no member has one. */
static bool extent_of(const run *r, const double *values, double *least, double *greatest)
{
    bool any = false;
    for (uint32_t i = 0; i < r->count; i++) {
        const double value = values[r->members[i]];
        if (value != value)
            continue;
        *least = any && *least <= value ? *least : value;
        *greatest = any && *greatest >= value ? *greatest : value;
        any = true;
    }
    return any;
}

static void settle_range(run *r)
{
    r->low = r->select->low;
    r->high = r->select->high;
    if (r->low != r->low && !extent_of(r, r->inputs[0], &r->low, &r->high))
        r->low = r->high = NAN;
}

/* The values of a part as they come, in work->value. */
static smr_status fetch_part(run *r, const smri_select_part *part, smr_error *error)
{
    double *value = r->work->value;
    const double *from = part->source == SMRI_PART_INPUT ? r->inputs[part->input] : r->work->previous;
    for (uint32_t i = 0; i < r->count && part->source != SMRI_PART_BALLOTS; i++)
        value[r->members[i]] = from[r->members[i]];
    if (part->source != SMRI_PART_BALLOTS)
        return SMR_OK;
    const smr_status status = smri_jury_results(r->select->context, &r->stage->jury, r->members, r->count,
                                                &r->work->jury, r->work->results, &r->cut.told, error);
    for (uint32_t i = 0; status == SMR_OK && i < r->count; i++)
        value[r->members[i]] = r->work->results[i];
    return status;
}

/* What becomes of the part's values on the range, in work->mixed. */
static void map_part(const run *r, const smri_select_part *part, double *worst, double *best)
{
    *worst = *best = NAN;
    double least = NAN, greatest = NAN;
    if (part->how == SMRI_HOW_SCALE) {
        *worst = part->worst;
        *best = part->best;
    } else if (part->how == SMRI_HOW_BALLOTS) {
        smri_jury_bounds(r->stage->jury.rule, r->count, worst, best);
    } else if (part->how == SMRI_HOW_MINMAX && extent_of(r, r->work->value, &least, &greatest)) {
        *worst = part->lower ? greatest : least;
        *best = part->lower ? least : greatest;
    }
    const double span = *best - *worst;
    for (uint32_t i = 0; i < r->count; i++) {
        const uint32_t region = r->members[i];
        const double x = r->work->value[region];
        double share = span != 0 ? (x - *worst) / span : x == x ? 0.5 : NAN;
        r->work->mixed[region] = part->how == SMRI_HOW_AS_IS ? x : r->low + (r->high - r->low) * share;
    }
}

static void keep_part(const run *r, uint32_t number, double worst, double best)
{
    const size_t n = r->select->regions;
    for (uint32_t i = 0; i < r->count; i++) {
        const size_t place = number * n + r->members[i];
        r->trail->values[place] = r->work->value[r->members[i]];
        r->trail->mixed[place] = r->work->mixed[r->members[i]];
    }
    r->trail->worst[number] = worst;
    r->trail->best[number] = best;
}

/* Weighted mean of the parts; one part alone keeps its bits. Scores are in work->score, as compared in work->compared. */
static smr_status mix_parts(run *r, smr_error *error)
{
    const smri_select_work *work = r->work;
    double total = 0;
    uint32_t weighing = 0;
    for (uint32_t p = 0; p < r->stage->part_count; p++) {
        total += r->stage->parts[p].weight;
        weighing += r->stage->parts[p].weight > 0;
    }
    for (uint32_t i = 0; i < r->count; i++)
        work->score[r->members[i]] = 0;
    for (uint32_t p = 0; p < r->stage->part_count; p++) {
        const smri_select_part *part = &r->stage->parts[p];
        double worst, best;
        const smr_status status = fetch_part(r, part, error);
        if (status != SMR_OK)
            return status;
        map_part(r, part, &worst, &best);
        if (r->trail)
            keep_part(r, r->stage->first_part + p, worst, best);
        for (uint32_t i = 0; i < r->count && part->weight > 0; i++) {
            const uint32_t region = r->members[i];
            const double share = weighing > 1 ? part->weight * work->mixed[region] : work->mixed[region];
            work->score[region] = weighing > 1 ? work->score[region] + share : share;
        }
    }
    for (uint32_t i = 0; i < r->count; i++) {
        const uint32_t region = r->members[i];
        if (weighing > 1)
            work->score[region] /= total;
        work->compared[region] = r->select->decimals >= 0 && work->score[region] == work->score[region]
                                     ? smri_round_decimals(work->score[region], r->select->decimals)
                                     : work->score[region];
    }
    return SMR_OK;
}

/* Members without a score go; all scores are kept for the trail. */
static void drop_unscored(run *r)
{
    uint32_t left = 0;
    for (uint32_t i = 0; i < r->count; i++) {
        const uint32_t region = r->members[i];
        if (r->trail) {
            const size_t place = r->number * r->select->regions + region;
            r->trail->scores[place] = r->work->score[region];
            r->trail->compared[place] = r->work->compared[region];
        }
        if (r->work->score[region] == r->work->score[region])
            r->members[left++] = region;
        else
            judge(r, region, SMRI_VERDICT_NO_SCORE);
    }
    r->count = left;
}

/* ---- the cut ---- */

static bool ties(const smri_record *above, const smri_record *below, double tolerance)
{
    return above->value == below->value || above->value - below->value <= tolerance;
}

static double tie_value(const run *r, uint32_t region)
{
    const uint32_t input = r->stage->tie_input;
    const double value = input == SMRI_TIES_PREVIOUS ? r->work->previous[region] : r->inputs[input][region];
    return value != value ? -HUGE_VAL : r->stage->tie_lower ? -value : value;
}

static void pass(const run *r, uint32_t region, smri_verdict verdict)
{
    r->reached[region] = r->number + 1;
    judge(r, region, verdict);
}

/* Of records that tie, `places` can go on; what ties by the column too is kept. */
static void break_ties(const run *r, smri_record *group, uint32_t count, uint32_t places)
{
    const bool kept = r->stage->tie_input == SMRI_TIES_KEPT;
    for (uint32_t i = 0; i < count && !kept; i++)
        group[i].value = tie_value(r, group[i].index);
    if (!kept)
        smri_records_sort(group, count);
    const bool still = kept || group[places - 1].value == group[places].value;
    const double level = group[places].value;
    for (uint32_t i = 0; i < count; i++) {
        if (kept || (still && group[i].value == level))
            pass(r, group[i].index, SMRI_VERDICT_TIE_KEPT);
        else if (i < places)
            pass(r, group[i].index, SMRI_VERDICT_TIE_WON);
        else
            judge(r, group[i].index, SMRI_VERDICT_TIE_LOST);
    }
}

static void make_cut(run *r)
{
    smri_record *records = r->work->records;
    for (uint32_t i = 0; i < r->count; i++)
        records[i] = (smri_record){r->work->compared[r->members[i]], r->members[i]};
    smri_records_sort(records, r->count);
    const double tolerance = r->select->tolerance;
    const bool cuts = r->stage->keep > 0 && r->stage->keep < r->count;
    const uint32_t keep = cuts ? (uint32_t)r->stage->keep : r->count;
    uint32_t first = keep, end = keep;
    if (cuts && ties(&records[keep - 1], &records[keep], tolerance)) {
        first = keep - 1;
        end = keep + 1;
        while (first > 0 && ties(&records[first - 1], &records[first], tolerance))
            first--;
        while (end < r->count && ties(&records[end - 1], &records[end], tolerance))
            end++;
        r->cut.tied = end - first;
        r->cut.places = keep - first;
    }
    for (uint32_t i = 0; i < first; i++)
        pass(r, records[i].index, SMRI_VERDICT_PASSED);
    for (uint32_t i = end; i < r->count; i++)
        judge(r, records[i].index, SMRI_VERDICT_BELOW_CUT);
    if (first < end)
        break_ties(r, records + first, end - first, r->cut.places);
}

/* Those who passed stay, in input order. */
static void leave_stage(run *r)
{
    r->cut.ranked = r->count;
    r->cut.lowest = NAN;
    uint32_t left = 0;
    for (uint32_t i = 0; i < r->count; i++) {
        const uint32_t region = r->members[i];
        if (r->reached[region] != r->number + 1)
            continue;
        r->work->previous[region] = r->work->score[region];
        r->cut.lowest = r->cut.lowest <= r->work->score[region] ? r->cut.lowest : r->work->score[region];
        r->members[left++] = region;
    }
    r->count = r->cut.passed = left;
}

static smr_status run_stage(run *r, smr_error *error)
{
    apply_gates(r, false);
    settle_range(r);
    const smr_status status = mix_parts(r, error);
    if (status != SMR_OK)
        return status;
    drop_unscored(r);
    apply_gates(r, true);
    make_cut(r);
    leave_stage(r);
    if (r->trail) {
        r->cut.low = r->low;
        r->cut.high = r->high;
        r->trail->cuts[r->number] = r->cut;
    }
    return SMR_OK;
}

smr_status smri_select_run(const smri_select *select, const double *const *inputs, const smri_select_work *work,
                           uint32_t *reached, const smri_select_trail *trail, smr_error *error)
{
    run r = {.select = select, .inputs = inputs, .work = work, .trail = trail, .reached = reached,
             .members = work->members, .stage = select->stages};
    for (size_t i = 0; i < select->regions; i++) {
        reached[i] = 0;
        work->previous[i] = inputs[0][i];
        if (select->barred && select->barred[i])
            judge(&r, (uint32_t)i, SMRI_VERDICT_BARRED);
        else
            r.members[r.count++] = (uint32_t)i;
    }
    for (uint32_t stage = 0; stage < select->stage_count; stage++) {
        r.number = stage;
        r.stage = &select->stages[stage];
        r.cut = (smri_select_cut){.told = {.orders = 1, .proven = true}};
        const smr_status status = run_stage(&r, error);
        if (status != SMR_OK)
            return status;
    }
    return SMR_OK;
}
