/* SPDX-License-Identifier: MIT */
/* Scores of one region after any set of initiatives, by the model as it is. Where the plan allows it one region is
 * scored by itself; else (outranking, imputation across regions) the whole dataset is, with that one row changed. */

#include "study/portfolio_impl.h"

uint32_t smri_lift_input(const smr_model *model, const char *id)
{
    for (uint32_t i = 0; i < model->input_count; i++)
        if (strcmp(model->inputs[i], id) == 0)
            return i;
    return SMRI_NONE;
}

static smr_status fail_target(const smri_lift *lift, const smri_effect *effect, smr_error *error)
{
    const smr_portfolio *p = lift->portfolio;
    const char *id = p->targets[effect->target];
    const smri_place place = {
        .source = p->source_name, .row = effect->text_row, .column = p->effects_column, .subject = id};
    char hint[SMRI_NEAREST_SIZE];
    smri_text_suggest(hint, id, lift->model->inputs, lift->model->input_count);
    return smri_fail(error, SMR_MESSAGE_PORTFOLIO_EFFECT_UNKNOWN, &place, id, hint);
}

/* Effects of initiatives that are still to be done. */
static smr_status compile_effects(smri_lift *lift, smr_error *error)
{
    const smr_portfolio *p = lift->portfolio;
    lift->effects = smri_alloc(lift->memory, SMRI_MAX(p->effect_count, 1U), sizeof *lift->effects);
    lift->starts = smri_calloc(lift->memory, (size_t)p->count + 1, sizeof *lift->starts);
    if (!lift->effects || !lift->starts)
        return smri_fail_memory(error);
    uint32_t count = 0, next = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        lift->starts[i] = count;
        for (; next < p->effect_count && p->effects[next].initiative == i; next++) {
            const uint32_t input = smri_lift_input(lift->model, p->targets[p->effects[next].target]);
            if (input == SMRI_NONE)
                return fail_target(lift, &p->effects[next], error);
            if (smri_is_open(&p->initiatives[i]))
                lift->effects[count++] = (smri_lift_effect){input, p->effects[next].change};
        }
    }
    lift->starts[p->count] = count;
    return SMR_OK;
}

/* Columns that the data lack and an effect would fill. */
static smr_status add_columns(smri_lift *lift, smr_error *error)
{
    for (uint32_t e = 0; e < lift->starts[lift->portfolio->count]; e++) {
        const char *id = lift->model->inputs[lift->effects[e].input];
        if (smri_dataset_column(lift->dataset, id))
            continue;
        double *values = smri_dataset_add_numbers(lift->dataset, id);
        if (!values)
            return smri_fail_memory(error);
        for (size_t row = 0; row < lift->dataset->row_count; row++)
            values[row] = NAN;
    }
    return SMR_OK;
}

static void range_of_kind(int32_t kind, double *low, double *high)
{
    const bool bounded = kind == SMR_KIND_SHARE || kind == SMR_KIND_BINARY;
    *low = kind == SMR_KIND_NUMBER || kind == SMR_KIND_ORDINAL ? -DBL_MAX : kind == SMR_KIND_RANK ? 1 : 0;
    *high = !bounded ? DBL_MAX : kind == SMR_KIND_SHARE ? 100 : 1;
}

/* Values before, and what is known about each input. */
static smr_status fill_inputs(smri_lift *lift, smr_error *error)
{
    const smr_model *model = lift->model;
    const smr_framework *framework = model->framework;
    const uint32_t n = lift->input_count = model->input_count;
    double *numbers = smri_alloc(lift->memory, (size_t)n + 1, 7 * sizeof *numbers);
    lift->raw = numbers;
    lift->directions = smri_calloc(lift->memory, (size_t)n + 1, sizeof *lift->directions);
    lift->scores = smri_calloc(lift->memory, framework->node_count, sizeof *lift->scores);
    if (!numbers || !lift->directions || !lift->scores)
        return smri_fail_memory(error);
    lift->low = numbers + n;
    lift->high = numbers + 2 * (size_t)n;
    lift->optima = numbers + 3 * (size_t)n;
    lift->shift = numbers + 4 * (size_t)n;
    lift->set = numbers + 5 * (size_t)n;
    lift->values = numbers + 6 * (size_t)n;
    for (uint32_t i = 0; i < n; i++) {
        const smri_column *column = smri_dataset_column(lift->dataset, model->inputs[i]);
        lift->raw[i] = column && column->values ? column->values[lift->row] : NAN;
        lift->low[i] = -DBL_MAX;
        lift->high[i] = DBL_MAX;
        lift->optima[i] = 0;
        lift->directions[i] = SMR_DIRECTION_HIGHER;
        if (i < framework->indicator_count) {
            range_of_kind(framework->indicators[i].kind, &lift->low[i], &lift->high[i]);
            lift->directions[i] = framework->indicators[i].direction;
            lift->optima[i] = framework->indicators[i].optimum;
        }
    }
    return SMR_OK;
}

static smr_status find_row(smri_lift *lift, const smr_dataset *dataset, const smr_appraisal_options *options,
                           smr_error *error)
{
    const smri_place place = {.source = dataset->source_name};
    uint32_t region = 0, period = dataset->period_count > 0 ? dataset->period_count - 1 : 0;
    char hint[SMRI_PLAN_TEXT], digits[SMRI_INTEGER_SIZE];
    if (!options->region && dataset->region_count != 1)
        return smri_fail(error, SMR_MESSAGE_PORTFOLIO_REGION_NEEDED, &place,
                         smri_text_integer(digits, dataset->region_count));
    if (options->region) {
        region = smri_dataset_find_region(dataset, options->region);
        if (region == SMRI_NONE)
            return smri_fail(error, SMR_MESSAGE_NAME_UNKNOWN, &place, "region", options->region, "");
    }
    if (options->period) {
        period = smri_dataset_find_period(dataset, options->period);
        if (period == SMRI_NONE) {
            smri_did_you_mean(hint, smr_dataset_latest_period(dataset));
            return smri_fail(error, SMR_MESSAGE_PERIOD_UNKNOWN, &place, options->period, hint);
        }
    }
    const uint32_t row = smri_dataset_find_pair(dataset, region, period);
    lift->region = options->region;
    if (row == SMRI_NONE)
        return smri_fail(error, SMR_MESSAGE_PORTFOLIO_NOT_SCORED, &place, options->region ? options->region : "");
    lift->row = row;
    return SMR_OK;
}

/* A private copy of all rows, so that one can be changed. */
static smr_status copy_rows(smri_lift *lift, const smr_dataset *dataset, smr_error *error)
{
    size_t *rows = smri_alloc(lift->memory, dataset->row_count, sizeof *rows);
    if (!rows)
        return smri_fail_memory(error);
    for (size_t row = 0; row < dataset->row_count; row++)
        rows[row] = row;
    const smr_status status =
        smri_dataset_take_rows(lift->context, dataset, rows, dataset->row_count, &lift->dataset, error);
    smri_free(lift->memory, rows);
    return status;
}

static smr_status score_before(smri_lift *lift, smr_error *error)
{
    const smr_dataset *dataset = lift->dataset;
    smr_score_options options;
    smr_score_options_init(&options, sizeof options);
    options.keep = SMR_KEEP_INDEX;
    smr_status status = smr_model_score(lift->context, lift->model, dataset, &options, &lift->card, error);
    if (status != SMR_OK)
        return status;
    lift->region = smr_dataset_region(dataset, lift->row);
    const int64_t row =
        smr_scorecard_find_row(lift->card, lift->region, smr_dataset_period(dataset, lift->row));
    const smri_place place = {.source = dataset->source_name};
    if (row < 0 || lift->card->scores[0][row] != lift->card->scores[0][row])
        return smri_fail(error, SMR_MESSAGE_PORTFOLIO_NOT_SCORED, &place, lift->region);
    lift->card_row = (size_t)row;
    lift->before = lift->card->scores[0][row];
    lift->others = smri_alloc(lift->memory, lift->card->row_count, sizeof *lift->others);
    lift->ranks = smri_alloc(lift->memory, lift->card->row_count, sizeof *lift->ranks);
    if (!lift->others || !lift->ranks)
        return smri_fail_memory(error);
    memcpy(lift->others, lift->card->scores[0], lift->card->row_count * sizeof *lift->others);
    return SMR_OK;
}

smr_status smri_lift_make(smr_context *context, const smr_portfolio *portfolio, const smr_model *model,
                          const smr_dataset *dataset, const smr_appraisal_options *options, smri_lift *lift,
                          smr_error *error)
{
    *lift = (smri_lift){.context = context,
                        .memory = smri_context(context),
                        .portfolio = portfolio,
                        .model = model,
                        .whole = !model->one_by_one || model->set_count != 1,
                        .sign = smri_ranks_upward(&model->plan.aggregate[0]) ? -1 : 1};
    smr_status status = find_row(lift, dataset, options, error);
    if (status == SMR_OK)
        status = copy_rows(lift, dataset, error);
    if (status == SMR_OK)
        status = compile_effects(lift, error);
    if (status == SMR_OK)
        status = add_columns(lift, error);
    if (status == SMR_OK)
        status = fill_inputs(lift, error);
    if (status == SMR_OK)
        status = score_before(lift, error);
    if (status != SMR_OK)
        smri_lift_free(lift);
    return status;
}

void smri_lift_free(smri_lift *lift)
{
    smri_free(lift->memory, lift->effects);
    smri_free(lift->memory, lift->starts);
    smri_free(lift->memory, lift->raw);
    smri_free(lift->memory, lift->directions);
    smri_free(lift->memory, lift->scores);
    smri_free(lift->memory, lift->others);
    smri_free(lift->memory, lift->ranks);
    smr_scorecard_unref(lift->card);
    smr_dataset_unref(lift->dataset);
    *lift = (smri_lift){.memory = lift->memory};
}

/* Is a value better than another one for this input? */
static bool is_better(const smri_lift *lift, uint32_t input, double value, double than)
{
    if (lift->directions[input] == SMR_DIRECTION_TARGET)
        return fabs(value - lift->optima[input]) < fabs(than - lift->optima[input]);
    return lift->directions[input] == SMR_DIRECTION_LOWER ? value < than : value > than;
}

void smri_lift_values(smri_lift *lift, const uint8_t *chosen, double *unclipped)
{
    for (uint32_t i = 0; i < lift->input_count; i++) {
        lift->shift[i] = 0;
        lift->set[i] = NAN;
    }
    for (uint32_t i = 0; i < lift->portfolio->count; i++) {
        if (!chosen[i])
            continue;
        for (uint32_t e = lift->starts[i]; e < lift->starts[i + 1]; e++) {
            const uint32_t input = lift->effects[e].input;
            const smri_raw_change *change = &lift->effects[e].change;
            const double raw = lift->raw[input];
            if (change->kind == SMRI_RAW_CHANGE_ADD)
                lift->shift[input] += change->amount;
            else if (change->kind == SMRI_RAW_CHANGE_PERCENT && raw == raw)
                lift->shift[input] += raw * (change->amount / 100);
            else if (change->kind == SMRI_RAW_CHANGE_SET &&
                     (lift->set[input] != lift->set[input] ||
                      is_better(lift, input, change->amount, lift->set[input])))
                lift->set[input] = change->amount;
        }
    }
    for (uint32_t i = 0; i < lift->input_count; i++) {
        const double from = lift->set[i] == lift->set[i] ? lift->set[i] : lift->raw[i];
        const double to = lift->shift[i] == 0 ? from : from + lift->shift[i];
        const bool moved = lift->set[i] == lift->set[i] || lift->shift[i] != 0;
        if (unclipped)
            unclipped[i] = to;
        /* A value that no initiative moves stays, whatever it is. */
        lift->values[i] = !moved ? lift->raw[i]
                          : to > lift->high[i] ? lift->high[i]
                          : to < lift->low[i] ? lift->low[i]
                                              : to;
    }
}

static void put_row(smri_lift *lift, const double *values)
{
    for (uint32_t i = 0; i < lift->input_count; i++) {
        const smri_column *column = smri_dataset_column(lift->dataset, lift->model->inputs[i]);
        if (column && column->values)
            column->values[lift->row] = values[i];
    }
}

static smr_status score_whole(smri_lift *lift, double *score, smr_error *error)
{
    smr_score_options options;
    smr_score_options_init(&options, sizeof options);
    options.keep = SMR_KEEP_INDEX;
    smr_scorecard *card = NULL;
    put_row(lift, lift->values);
    const smr_status status = smr_model_score(lift->context, lift->model, lift->dataset, &options, &card, error);
    put_row(lift, lift->raw);
    if (status != SMR_OK)
        return status;
    const int64_t row =
        smr_scorecard_find_row(card, lift->region, smr_dataset_period(lift->dataset, lift->row));
    *score = row < 0 ? NAN : card->scores[0][row];
    smr_scorecard_unref(card);
    return SMR_OK;
}

smr_status smri_lift_score(smri_lift *lift, const uint8_t *chosen, double *score, smr_error *error)
{
    smri_lift_values(lift, chosen, NULL);
    lift->scored++;
    if (lift->whole)
        return score_whole(lift, score, error);
    const smr_status status = smr_model_score_values(lift->model, lift->values, lift->input_count, lift->scores,
                                                     lift->model->framework->node_count, error);
    *score = status == SMR_OK ? lift->scores[0] : NAN;
    return status;
}

void smri_lift_apply(smri_lift *lift, const uint8_t *chosen)
{
    smri_lift_values(lift, chosen, NULL);
    put_row(lift, lift->values);
}

smr_status smri_lift_rank(smri_lift *lift, double score, double *rank, smr_error *error)
{
    lift->others[lift->card_row] = score;
    const smr_status status = smri_scorecard_rank(lift->card, 0, lift->others, lift->ranks, error);
    lift->others[lift->card_row] = lift->before;
    *rank = status == SMR_OK ? lift->ranks[lift->card_row] : NAN;
    return status;
}

double smri_lift_gain(const smri_lift *lift, double score)
{
    return score == score ? lift->sign * (score - lift->before) : -INFINITY;
}
