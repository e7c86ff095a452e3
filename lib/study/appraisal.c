/* SPDX-License-Identifier: MIT */
/* The appraisal of a portfolio: its sections are filled one after another. */

#include "study/portfolio_impl.h"

void smr_appraisal_options_init(smr_appraisal_options *options, size_t size)
{
    static const smr_appraisal_options defaults = {.size = sizeof(smr_appraisal_options), .budget = NAN};
    smri_options_init(options, size, &defaults, sizeof defaults);
}

/* One appraisal being made. */
typedef struct appraiser {
    smri_lift *lift;
    const smr_portfolio *portfolio;
    smri_sections *sections;
    uint8_t *chosen;                    /* by initiative */
    double all;                         /* score with all done */
    smr_error *error;
} appraiser;

/* The same initiatives as smri_lift_values() lets count. */
static void choose_all(appraiser *a)
{
    for (uint32_t i = 0; i < a->portfolio->count; i++)
        a->chosen[i] = smri_is_open(&a->portfolio->initiatives[i]);
}

static double per_budget(double uplift, double budget)
{
    return budget > 0 ? uplift / budget : NAN;
}

/* ---- before, and with all ---- */

static smr_status put_baseline(appraiser *a)
{
    smri_lift *lift = a->lift;
    double rank = NAN, rank_all = NAN, regions = 0;
    choose_all(a);
    smr_status status = smri_lift_score(lift, a->chosen, &a->all, a->error);
    if (status == SMR_OK)
        status = smri_lift_rank(lift, a->all, &rank_all, a->error);
    if (status == SMR_OK)
        status = smri_lift_rank(lift, lift->before, &rank, a->error);
    if (status != SMR_OK)
        return status;
    const smr_dataset *dataset = lift->card->view.dataset;
    for (size_t row = 0; row < lift->card->row_count; row++)
        regions += lift->ranks[row] == lift->ranks[row] && smri_dataset_period_of(dataset, row) ==
                                                               smri_dataset_period_of(dataset, lift->card_row);
    const char *region = smri_sections_text(a->sections, "", &lift->region, 1);
    smri_sections_begin(a->sections, "baseline");
    smri_sections_put(a->sections, region, "score", lift->before);
    smri_sections_put(a->sections, region, "rank", rank);
    smri_sections_put(a->sections, region, "regions", regions);
    smri_sections_put(a->sections, region, "score_all", a->all);
    smri_sections_put(a->sections, region, "rank_all", rank_all);
    return SMR_OK;
}

/* ---- effects on raw values, and what is odd about them ---- */

static void put_effects(appraiser *a)
{
    smri_lift *lift = a->lift;
    const char *const *inputs = lift->model->inputs;
    const smr_portfolio *p = a->portfolio;
    smri_sections_begin(a->sections, "effects");
    memset(a->chosen, 0, p->count);
    for (uint32_t i = 0; i < p->count; i++) {
        a->chosen[i] = 1;
        smri_lift_values(lift, a->chosen, NULL);
        for (uint32_t e = lift->starts[i]; e < lift->starts[i + 1]; e++) {
            const uint32_t input = lift->effects[e].input;
            smri_sections_put(a->sections, p->initiatives[i].id, inputs[input],
                              lift->raw[input] == lift->raw[input] ? lift->values[input] - lift->raw[input] : NAN);
        }
        a->chosen[i] = 0;
    }
    smri_sections_begin(a->sections, "flag_no_value");
    for (uint32_t i = 0; i < p->count; i++)
        for (uint32_t e = lift->starts[i]; e < lift->starts[i + 1]; e++)
            if (lift->effects[e].change.kind != SMRI_RAW_CHANGE_SET &&
                lift->raw[lift->effects[e].input] != lift->raw[lift->effects[e].input])
                smri_sections_put(a->sections, p->initiatives[i].id, inputs[lift->effects[e].input], 0);
}

static smr_status put_clipped(appraiser *a)
{
    smri_lift *lift = a->lift;
    double *unclipped = smri_alloc(lift->memory, SMRI_MAX(lift->input_count, 1U), sizeof *unclipped);
    if (!unclipped)
        return smri_fail_memory(a->error);
    choose_all(a);
    smri_lift_values(lift, a->chosen, unclipped);
    smri_sections_begin(a->sections, "flag_clipped");
    for (uint32_t i = 0; i < lift->input_count; i++)
        if (unclipped[i] == unclipped[i] && unclipped[i] != lift->values[i])
            smri_sections_put(a->sections, lift->model->inputs[i], "value", unclipped[i]);
    smri_free(lift->memory, unclipped);
    return SMR_OK;
}

/* ---- each alone, and each last ---- */

static smr_status put_uplift(appraiser *a)
{
    smri_lift *lift = a->lift;
    const smr_portfolio *p = a->portfolio;
    smr_status status = SMR_OK;
    smri_sections_begin(a->sections, "uplift");
    for (uint32_t i = 0; status == SMR_OK && i < p->count; i++) {
        if (!smri_is_open(&p->initiatives[i]))
            continue;
        double alone = NAN, without = NAN, rank = NAN;
        if (smri_cancelled(lift->memory, i, p->count, a->error))
            return SMR_ERROR_CANCELLED;
        memset(a->chosen, 0, p->count);
        a->chosen[i] = 1;
        status = smri_lift_score(lift, a->chosen, &alone, a->error);
        if (status == SMR_OK)
            status = smri_lift_rank(lift, alone, &rank, a->error);
        choose_all(a);
        a->chosen[i] = 0;
        if (status == SMR_OK)
            status = smri_lift_score(lift, a->chosen, &without, a->error);
        const char *id = p->initiatives[i].id;
        const double uplift = alone - lift->before;
        smri_sections_put(a->sections, id, "score_alone", alone);
        smri_sections_put(a->sections, id, "uplift_alone", uplift);
        smri_sections_put(a->sections, id, "rank_alone", rank);
        smri_sections_put(a->sections, id, "uplift_last", a->all - without);
        smri_sections_put(a->sections, id, "budget", p->budgets[i]);
        smri_sections_put(a->sections, id, "uplift_per_budget", per_budget(uplift, p->budgets[i]));
    }
    return status;
}

/* ---- the order of doing ---- */

/* What makes an initiative the next one: the greatest gain per budget; what costs nothing comes first, what has no
 * budget last; then the gain itself. */
typedef struct urgency {
    int group;
    double worth, gain;
} urgency;

static urgency urgency_of(double gain, double budget)
{
    if (budget != budget)
        return (urgency){gain > 0 ? 1 : 0, gain, gain};
    if (!(gain > 0))
        return (urgency){0, gain, gain};
    return budget > 0 ? (urgency){2, gain / budget, gain} : (urgency){3, gain, gain};
}

static bool is_more_urgent(urgency x, urgency y)
{
    if (x.group != y.group)
        return x.group > y.group;
    return x.worth != y.worth ? x.worth > y.worth : x.gain > y.gain;
}

static smr_status put_order(appraiser *a)
{
    smri_lift *lift = a->lift;
    const smr_portfolio *p = a->portfolio;
    double now = lift->before, spent = 0;
    smri_sections_begin(a->sections, "order");
    memset(a->chosen, 0, p->count);
    for (uint32_t place = 1;; place++) {
        uint32_t found = SMRI_NONE;
        urgency most = {0, 0, 0};
        double found_score = NAN, rank = NAN;
        if (smri_cancelled(lift->memory, place, p->count, a->error))
            return SMR_ERROR_CANCELLED;
        for (uint32_t i = 0; i < p->count; i++) {
            if (a->chosen[i] || !smri_is_open(&p->initiatives[i]) || lift->starts[i] == lift->starts[i + 1])
                continue;
            double score;
            a->chosen[i] = 1;
            const smr_status status = smri_lift_score(lift, a->chosen, &score, a->error);
            a->chosen[i] = 0;
            if (status != SMR_OK)
                return status;
            const urgency here = urgency_of(smri_lift_gain(lift, score) - smri_lift_gain(lift, now), p->budgets[i]);
            if (found == SMRI_NONE || is_more_urgent(here, most)) {
                found = i;
                most = here;
                found_score = score;
            }
        }
        if (found == SMRI_NONE)
            return SMR_OK;
        const smr_status status = smri_lift_rank(lift, found_score, &rank, a->error);
        if (status != SMR_OK)
            return status;
        const char *id = p->initiatives[found].id;
        const double uplift = found_score - now;
        a->chosen[found] = 1;
        spent += p->budgets[found] == p->budgets[found] ? p->budgets[found] : 0;
        smri_sections_put(a->sections, id, "place", place);
        smri_sections_put(a->sections, id, "uplift", uplift);
        smri_sections_put(a->sections, id, "uplift_per_budget", per_budget(uplift, p->budgets[found]));
        smri_sections_put(a->sections, id, "budget_cumulative", spent);
        smri_sections_put(a->sections, id, "score", found_score);
        smri_sections_put(a->sections, id, "rank", rank);
        now = found_score;
    }
}

/* ---- the best set ---- */

static smr_status put_members(appraiser *a, const smri_best_set *best)
{
    const smr_portfolio *p = a->portfolio;
    smri_sections_begin(a->sections, "best_set");
    memcpy(a->chosen, best->chosen, p->count);
    for (uint32_t i = 0; i < p->count; i++) {
        if (!best->chosen[i])
            continue;
        double without;
        a->chosen[i] = 0;
        const smr_status status = smri_lift_score(a->lift, a->chosen, &without, a->error);
        a->chosen[i] = 1;
        if (status != SMR_OK)
            return status;
        smri_sections_put(a->sections, p->initiatives[i].id, "budget", p->budgets[i]);
        smri_sections_put(a->sections, p->initiatives[i].id, "uplift_last", best->score - without);
    }
    return SMR_OK;
}

static smr_status put_best_set(appraiser *a, double budget)
{
    const smr_portfolio *p = a->portfolio;
    smri_lift *lift = a->lift;
    smri_best_set best = {.chosen = smri_calloc(lift->memory, SMRI_MAX(p->count, 1U), 1), .bound = NAN};
    double rank = NAN, initiatives = 0;
    smr_status status = best.chosen ? smri_find_best_set(lift, budget, &best, a->error) : smri_fail_memory(a->error);
    if (status == SMR_OK)
        status = smri_lift_rank(lift, best.score, &rank, a->error);
    if (status == SMR_OK)
        status = put_members(a, &best);
    for (uint32_t i = 0; status == SMR_OK && i < p->count; i++)
        initiatives += best.chosen[i];
    if (status == SMR_OK) {
        static const char row[] = "best_set";
        smri_sections_begin(a->sections, "best_set_total");
        smri_sections_put(a->sections, row, "limit", budget);
        smri_sections_put(a->sections, row, "budget", best.budget);
        smri_sections_put(a->sections, row, "initiatives", initiatives);
        smri_sections_put(a->sections, row, "score", best.score);
        smri_sections_put(a->sections, row, "uplift", best.score - lift->before);
        smri_sections_put(a->sections, row, "rank", rank);
        smri_sections_put(a->sections, row, "bound", best.bound);
        smri_sections_put(a->sections, row, "gap", lift->sign * (best.bound - best.score));
        smri_sections_put(a->sections, row, "exact", best.exact ? 1 : 0);
        smri_sections_put(a->sections, row, "sets_scored", (double)best.scored);
    }
    smri_free(lift->memory, best.chosen);
    return status;
}

static smr_status appraise_lift(smr_context *context, smr_appraisal *made, const smr_dataset *dataset,
                                const smr_appraisal_options *options, smr_error *error)
{
    smri_lift lift;
    smr_status status = smri_lift_make(context, made->portfolio, made->model, dataset, options, &lift, error);
    if (status != SMR_OK)
        return status;
    appraiser a = {.lift = &lift, .portfolio = made->portfolio, .sections = &made->sections, .error = error};
    a.chosen = smri_calloc(lift.memory, SMRI_MAX(made->portfolio->count, 1U), 1);
    status = a.chosen ? put_baseline(&a) : smri_fail_memory(error);
    if (status == SMR_OK) {
        put_effects(&a);
        status = put_clipped(&a);
    }
    if (status == SMR_OK)
        status = put_uplift(&a);
    if (status == SMR_OK)
        status = put_order(&a);
    if (status == SMR_OK && options->budget == options->budget)
        status = put_best_set(&a, options->budget);
    smri_free(lift.memory, a.chosen);
    smri_lift_free(&lift);
    return status;
}

static smr_status read_options(const smr_appraisal_options *options, smr_appraisal_options *known, smr_error *error)
{
    smr_appraisal_options_init(known, sizeof *known);
    const smr_status status = smri_options_read(known, sizeof *known, options, "smr_appraisal_options", error);
    if (status != SMR_OK)
        return status;
    if (known->budget < 0 || fabs(known->budget) > DBL_MAX)
        return smri_fail_argument(error, "budget", "a number, 0 or more, or NaN");
    return SMR_OK;
}

smr_status smr_portfolio_appraise(smr_context *context, const smr_portfolio *portfolio, const smr_model *model,
                                  const smr_dataset *dataset, const smr_appraisal_options *options,
                                  smr_appraisal **appraisal, smr_error *error)
{
    if (!appraisal)
        return smri_fail_argument(error, "appraisal", "a place for the result");
    *appraisal = NULL;
    if (!portfolio)
        return smri_fail_argument(error, "portfolio", "not NULL");
    if (!model != !dataset)
        return smri_fail_argument(error, model ? "dataset" : "model", "not NULL when the other is given");
    smr_appraisal_options known;
    smr_status status = read_options(options, &known, error);
    if (status != SMR_OK)
        return status;
    const smr_context *memory = smri_context(context);
    smr_appraisal *made = smri_calloc(memory, 1, sizeof *made);
    if (!made)
        return smri_fail_memory(error);
    atomic_init(&made->references, 1);
    made->context = smr_context_ref(context);
    made->portfolio = smr_portfolio_ref(smri_mutable(portfolio));
    made->model = smr_model_ref(smri_mutable(model));
    smri_sections_init(&made->sections, memory);
    smri_portfolio_size(portfolio, &made->sections);
    smri_portfolio_coverage(portfolio, &made->sections);
    smri_portfolio_helix(portfolio, &made->sections);
    if (model)
        status = appraise_lift(context, made, dataset, &known, error);
    if (status == SMR_OK && made->sections.failed)
        status = smri_fail_memory(error);
    if (status != SMR_OK) {
        smr_appraisal_unref(made);
        return status;
    }
    *appraisal = made;
    return SMR_OK;
}

smr_status smr_portfolio_apply(smr_context *context, const smr_portfolio *portfolio, const smr_model *model,
                               const smr_dataset *dataset, const size_t *initiatives, size_t count,
                               const smr_appraisal_options *options, smr_dataset **after, smr_error *error)
{
    if (!after)
        return smri_fail_argument(error, "after", "a place for the result");
    *after = NULL;
    if (!portfolio || !model || !dataset)
        return smri_fail_argument(error, !portfolio ? "portfolio" : !model ? "model" : "dataset", "not NULL");
    if (!initiatives && count > 0)
        return smri_fail_argument(error, "initiatives", "not NULL");
    smr_appraisal_options known;
    smr_status status = read_options(options, &known, error);
    if (status != SMR_OK)
        return status;
    smri_lift lift;
    status = smri_lift_make(context, portfolio, model, dataset, &known, &lift, error);
    if (status != SMR_OK)
        return status;
    uint8_t *chosen = smri_calloc(lift.memory, SMRI_MAX(portfolio->count, 1U), 1);
    if (!chosen)
        status = smri_fail_memory(error);
    for (size_t i = 0; status == SMR_OK && i < count; i++) {
        if (initiatives[i] >= portfolio->count || chosen[initiatives[i]])
            status = smri_fail_argument(error, "initiatives", "places in the portfolio, each once");
        else
            chosen[initiatives[i]] = 1;
    }
    if (status == SMR_OK) {
        smri_lift_apply(&lift, chosen);
        *after = smr_dataset_ref(lift.dataset);
    }
    smri_free(lift.memory, chosen);
    smri_lift_free(&lift);
    return status;
}

/* ---- the handle ---- */

smr_appraisal *smr_appraisal_ref(smr_appraisal *appraisal)
{
    if (appraisal)
        atomic_fetch_add_explicit(&appraisal->references, 1, memory_order_relaxed);
    return appraisal;
}

void smr_appraisal_unref(smr_appraisal *appraisal)
{
    if (!appraisal || atomic_fetch_sub_explicit(&appraisal->references, 1, memory_order_acq_rel) != 1)
        return;
    smr_context *context = appraisal->context;
    smri_sections_free(&appraisal->sections);
    smr_model_unref(appraisal->model);
    smr_portfolio_unref(appraisal->portfolio);
    smri_free(smri_context(context), appraisal);
    smr_context_unref(context);
}

const smr_portfolio *smr_appraisal_portfolio(const smr_appraisal *appraisal)
{
    return appraisal ? appraisal->portfolio : NULL;
}

size_t smr_appraisal_section_count(const smr_appraisal *appraisal)
{
    return appraisal ? appraisal->sections.count : 0;
}

static const smri_section *section_at(const smr_appraisal *appraisal, size_t section)
{
    return section < smr_appraisal_section_count(appraisal) ? &appraisal->sections.items[section] : NULL;
}

const char *smr_appraisal_section_name(const smr_appraisal *appraisal, size_t section)
{
    const smri_section *found = section_at(appraisal, section);
    return found ? found->name : NULL;
}

int64_t smr_appraisal_find_section(const smr_appraisal *appraisal, const char *name)
{
    const smri_section *found = appraisal ? smri_sections_find(&appraisal->sections, name) : NULL;
    return found ? found - appraisal->sections.items : -1;
}

size_t smr_appraisal_cell_count(const smr_appraisal *appraisal, size_t section)
{
    const smri_section *found = section_at(appraisal, section);
    return found ? found->count : 0;
}

const char *const *smr_appraisal_rows(const smr_appraisal *appraisal, size_t section)
{
    const smri_section *found = section_at(appraisal, section);
    return found ? found->rows : NULL;
}

const char *const *smr_appraisal_columns(const smr_appraisal *appraisal, size_t section)
{
    const smri_section *found = section_at(appraisal, section);
    return found ? found->columns : NULL;
}

const double *smr_appraisal_values(const smr_appraisal *appraisal, size_t section)
{
    const smri_section *found = section_at(appraisal, section);
    return found ? found->values : NULL;
}

double smr_appraisal_value(const smr_appraisal *appraisal, const char *section, const char *row, const char *column)
{
    return appraisal ? smri_sections_value(&appraisal->sections, section, row, column) : NAN;
}
