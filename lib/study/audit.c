/* SPDX-License-Identifier: MIT */
/* How the parts of an index hang together: scores a dataset, then gathers the statistics into sections of cells. */

#include "study/study_impl.h"

const char *const smri_audit_names[SMRI_AUDIT_PART_COUNT] = {
    [SMRI_AUDIT_SIZE] = "size",
    [SMRI_AUDIT_AVAILABILITY_INDICATOR] = "availability_indicator",
    [SMRI_AUDIT_AVAILABILITY_REGION] = "availability_region",
    [SMRI_AUDIT_CORRELATION + SMRI_PEARSON] = "correlation_pearson",
    [SMRI_AUDIT_CORRELATION + SMRI_SPEARMAN] = "correlation_spearman",
    [SMRI_AUDIT_CORRELATION + SMRI_KENDALL] = "correlation_kendall",
    [SMRI_AUDIT_CORRELATION_P + SMRI_PEARSON] = "correlation_pearson_p",
    [SMRI_AUDIT_CORRELATION_P + SMRI_SPEARMAN] = "correlation_spearman_p",
    [SMRI_AUDIT_CORRELATION_P + SMRI_KENDALL] = "correlation_kendall_p",
    [SMRI_AUDIT_CORRELATION_ROWS] = "correlation_rows",
    [SMRI_AUDIT_ALPHA] = "cronbach_alpha",
    [SMRI_AUDIT_ALPHA_RAW_WITHOUT] = "alpha_raw_if_deleted",
    [SMRI_AUDIT_ALPHA_STANDARDISED_WITHOUT] = "alpha_standardised_if_deleted",
    [SMRI_AUDIT_ITEM_REST] = "item_rest",
    [SMRI_AUDIT_KMO] = "kmo",
    [SMRI_AUDIT_KMO_ITEM] = "kmo_item",
    [SMRI_AUDIT_BARTLETT] = "bartlett",
    [SMRI_AUDIT_VIF] = "vif",
    [SMRI_AUDIT_EIGENVALUES] = "eigenvalues",
    [SMRI_AUDIT_VARIANCE_SHARE] = "variance_share",
    [SMRI_AUDIT_VARIANCE_CUMULATIVE] = "variance_cumulative",
    [SMRI_AUDIT_COMPONENTS_KEPT] = "components_kept",
    [SMRI_AUDIT_LOADINGS] = "loadings",
    [SMRI_AUDIT_LOADINGS_ALL] = "loadings_all",
    [SMRI_AUDIT_VARIMAX] = "varimax",
    [SMRI_AUDIT_VARIMAX_ALL] = "varimax_all",
    [SMRI_AUDIT_VARIMAX_EXPLAINED] = "varimax_explained",
    [SMRI_AUDIT_COMMUNALITY] = "communality",
    [SMRI_AUDIT_WEIGHTS] = "weights",
    [SMRI_AUDIT_MAIN_EFFECTS] = "main_effects",
    [SMRI_AUDIT_EXPERTS] = "experts",
    [SMRI_AUDIT_AHP] = "ahp",
    [SMRI_AUDIT_FLAG_HIGH] = "flag_high",
    [SMRI_AUDIT_FLAG_NEGATIVE] = "flag_negative",
    [SMRI_AUDIT_FLAG_WEAK] = "flag_weak",
    [SMRI_AUDIT_FLAG_CONSTANT] = "flag_constant",
    [SMRI_AUDIT_FLAG_FEW_ROWS] = "flag_few_rows",
    [SMRI_AUDIT_FLAG_SINGULAR] = "flag_singular",
    [SMRI_AUDIT_IMPUTATION_R_SQUARED] = "imputation_r_squared",
    [SMRI_AUDIT_IMPUTATION_RMSE] = "imputation_rmse",
    [SMRI_AUDIT_IMPUTATION_MAE] = "imputation_mae",
    [SMRI_AUDIT_IMPUTATION_HOLES] = "imputation_holes",
    [SMRI_AUDIT_IMPUTATION_FILLED] = "imputation_filled",
};

/* All indicators together; no id of a node. */
#define EVERY_INDICATOR "*"

void smr_audit_options_init(smr_audit_options *options, size_t size)
{
    static const smr_audit_options defaults = {
        .size = sizeof(smr_audit_options), .retain = SMR_RETAIN_KAISER, .factors = 1, .high = 0.92, .weak = 0.3};
    smri_options_init(options, size, &defaults, sizeof defaults);
}

void smri_audit_put(smri_auditor *auditor, int part, const char *row, const char *column, double value)
{
    smri_audit_section *s = &auditor->audit->sections[part];
    const size_t needed = s->count + 1;
    if (!smri_grow(auditor->memory, &s->rows, &s->row_capacity, needed, sizeof *s->rows) ||
        !smri_grow(auditor->memory, &s->columns, &s->column_capacity, needed, sizeof *s->columns) ||
        !smri_grow(auditor->memory, &s->values, &s->value_capacity, needed, sizeof *s->values)) {
        auditor->failed = true;
        return;
    }
    s->rows[s->count] = row;
    s->columns[s->count] = column;
    s->values[s->count++] = value != value ? NAN : value;
}

/* ---- what is looked at ---- */

static smr_status choose_rows(smri_auditor *a, const smr_dataset *dataset, smr_error *error)
{
    uint32_t period = SMRI_NONE;
    if (a->options.period) {
        period = smri_dataset_find_period(dataset, a->options.period);
        if (period == SMRI_NONE) {
            const smri_place place = {.source = dataset->source_name, .subject = "period"};
            char hint[SMRI_PLAN_TEXT];
            smri_did_you_mean(hint, smr_dataset_latest_period(dataset));
            return smri_fail(error, SMR_MESSAGE_PERIOD_UNKNOWN, &place, a->options.period, hint);
        }
    }
    a->rows = smri_alloc(a->memory, dataset->row_count, sizeof *a->rows);
    if (!a->rows)
        return smri_fail_memory(error);
    for (size_t row = 0; row < dataset->row_count; row++)
        if (period == SMRI_NONE || smri_dataset_period_of(dataset, row) == period)
            a->rows[a->n++] = row;
    return SMR_OK;
}

/* The rows looked at, of every node. */
static smr_status gather(smri_auditor *a, const smr_scorecard *card, smr_error *error)
{
    const uint32_t nodes = a->model->framework->node_count;
    a->scores = smri_family_new(a->memory, nodes, a->n);
    a->statuses = smri_calloc(a->memory, nodes, sizeof *a->statuses);
    bool fine = a->scores && a->statuses;
    for (uint32_t node = 0; fine && node < nodes; node++) {
        a->statuses[node] = smri_alloc(a->memory, a->n, 1);
        fine = a->statuses[node] != NULL;
        for (size_t i = 0; fine && i < a->n; i++) {
            a->scores[node][i] = card->scores[node][a->rows[i]];
            a->statuses[node][i] = card->statuses[node][a->rows[i]];
        }
    }
    return fine ? SMR_OK : smri_fail_memory(error);
}

/* ---- how much data there were ---- */

static void put_size(smri_auditor *a, const smr_dataset *dataset)
{
    smri_audit_put(a, SMRI_AUDIT_SIZE, "data", "rows", (double)a->n);
    smri_audit_put(a, SMRI_AUDIT_SIZE, "data", "regions", dataset->region_count);
    smri_audit_put(a, SMRI_AUDIT_SIZE, "data", "periods", a->options.period ? 1 : dataset->period_count);
    smri_audit_put(a, SMRI_AUDIT_SIZE, "data", "indicators", a->model->framework->indicator_count);
}

static smr_status put_availability(smri_auditor *a, const smr_scorecard *card, smr_error *error)
{
    const smr_framework *framework = a->model->framework;
    const smr_dataset *dataset = card->view.dataset;
    double *present = smri_calloc(a->memory, dataset->region_count, sizeof *present);
    double *asked = smri_calloc(a->memory, dataset->region_count, sizeof *asked);
    const bool fine = present && asked;
    for (uint32_t i = 0; fine && i < framework->indicator_count; i++) {
        const int32_t node = framework->indicators[i].node;
        const double *x = card->view.columns[i];
        double observed = 0, imputed = 0;
        for (size_t k = 0; k < a->n; k++) {
            const uint32_t region = smri_dataset_region_of(dataset, a->rows[k]);
            const bool has = x && x[a->rows[k]] == x[a->rows[k]];
            observed += has;
            imputed += a->statuses[node][k] == SMR_CELL_IMPUTED;
            present[region] += has;
            asked[region] += 1;
        }
        const char *id = framework->nodes[node].id;
        smri_audit_put(a, SMRI_AUDIT_AVAILABILITY_INDICATOR, id, "observed", observed);
        smri_audit_put(a, SMRI_AUDIT_AVAILABILITY_INDICATOR, id, "share", observed / (double)a->n);
        smri_audit_put(a, SMRI_AUDIT_AVAILABILITY_INDICATOR, id, "imputed", imputed);
    }
    for (uint32_t region = 0; fine && region < dataset->region_count; region++)
        if (asked[region] > 0)
            smri_audit_put(a, SMRI_AUDIT_AVAILABILITY_REGION, dataset->regions[region].id, "share",
                           present[region] / asked[region]);
    smri_free(a->memory, present);
    smri_free(a->memory, asked);
    return fine ? SMR_OK : smri_fail_memory(error);
}

/* ---- correlations of all nodes ---- */

static smr_status correlate(smri_auditor *a, smr_error *error)
{
    const uint32_t nodes = a->model->framework->node_count;
    size_t cells;
    bool fine = smri_product(nodes, nodes, &cells);
    for (int kind = 0; fine && kind < SMRI_CORRELATION_COUNT; kind++) {
        a->correlations.r[kind] = smri_alloc(a->memory, cells, sizeof(double));
        a->correlations.p[kind] = smri_alloc(a->memory, cells, sizeof(double));
        fine = a->correlations.r[kind] && a->correlations.p[kind];
    }
    a->correlations.rows = fine ? smri_alloc(a->memory, cells, sizeof *a->correlations.rows) : NULL;
    return a->correlations.rows ? smri_correlate(a->memory, (const double *const *)a->scores, nodes, a->n,
                                                 &a->correlations, error)
                                : smri_fail_memory(error);
}

static void put_correlations(smri_auditor *a)
{
    const smri_node *nodes = a->model->framework->nodes;
    const uint32_t count = a->model->framework->node_count;
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < count; k++) {
            const size_t cell = (size_t)i * count + k;
            for (int kind = 0; kind < SMRI_CORRELATION_COUNT; kind++) {
                smri_audit_put(a, SMRI_AUDIT_CORRELATION + kind, nodes[i].id, nodes[k].id,
                               a->correlations.r[kind][cell]);
                if (i != k)
                    smri_audit_put(a, SMRI_AUDIT_CORRELATION_P + kind, nodes[i].id, nodes[k].id,
                                   a->correlations.p[kind][cell]);
            }
            smri_audit_put(a, SMRI_AUDIT_CORRELATION_ROWS, nodes[i].id, nodes[k].id,
                           (double)a->correlations.rows[cell]);
        }
}

/* ---- weights, and what they lead to ---- */

static void put_weights(smri_auditor *a)
{
    const smr_framework *framework = a->model->framework;
    const double *r = a->correlations.r[SMRI_PEARSON];
    for (uint32_t node = 0; node < framework->node_count; node++) {
        const char *id = framework->nodes[node].id;
        smri_audit_put(a, SMRI_AUDIT_WEIGHTS, id, "weight", a->model->weights[node]);
        smri_audit_put(a, SMRI_AUDIT_WEIGHTS, id, "effective_weight", a->model->effective[node]);
        for (int32_t above = framework->nodes[node].parent; above >= 0; above = framework->nodes[above].parent) {
            const double here = r[(size_t)node * framework->node_count + (size_t)above];
            smri_audit_put(a, SMRI_AUDIT_MAIN_EFFECTS, id, framework->nodes[above].id, here * here);
        }
    }
}

/* What experts said about one family, beyond the weights that came of it. */
static smr_status put_judgements(smri_auditor *a, uint32_t node, smr_error *error)
{
    const smr_framework *framework = a->model->framework;
    const smri_choice *choice = &a->model->plan.weights[node];
    const uint32_t count = (uint32_t)framework->nodes[node].child_count;
    const bool budget = choice->method->weigh == smri_weights_budget_allocation;
    if (count < 2 || (!budget && choice->method->weigh != smri_weights_ahp))
        return SMR_OK;
    double *weights = smri_alloc(a->memory, count, sizeof *weights);
    double *deviations = smri_alloc(a->memory, count, sizeof *deviations);
    uint32_t experts = 0, place = 0;
    smri_consistency consistency;
    smr_status status = !weights || !deviations ? smri_fail_memory(error)
                        : budget ? smri_budget_allocation(choice, framework, node, weights, deviations, &experts, error)
                                 : smri_ahp(choice, framework, node, weights, &consistency, error);
    for (int32_t child = framework->nodes[node].first_child; status == SMR_OK && budget && child >= 0;
         child = framework->nodes[child].next_sibling, place++) {
        smri_audit_put(a, SMRI_AUDIT_EXPERTS, framework->nodes[child].id, "mean", weights[place]);
        smri_audit_put(a, SMRI_AUDIT_EXPERTS, framework->nodes[child].id, "sd", deviations[place]);
        smri_audit_put(a, SMRI_AUDIT_EXPERTS, framework->nodes[child].id, "experts", experts);
    }
    if (status == SMR_OK && !budget) {
        smri_audit_put(a, SMRI_AUDIT_AHP, framework->nodes[node].id, "lambda", consistency.lambda);
        smri_audit_put(a, SMRI_AUDIT_AHP, framework->nodes[node].id, "index", consistency.index);
        smri_audit_put(a, SMRI_AUDIT_AHP, framework->nodes[node].id, "ratio", consistency.ratio);
    }
    smri_free(a->memory, weights);
    smri_free(a->memory, deviations);
    return status;
}

/* ---- family by family ---- */

static smr_status put_families(smri_auditor *a, smr_error *error)
{
    const smr_framework *framework = a->model->framework;
    uint32_t *nodes = smri_alloc(a->memory, framework->node_count, sizeof *nodes), inner = 0;
    smr_status status = nodes ? SMR_OK : smri_fail_memory(error);
    for (uint32_t node = 0; status == SMR_OK && node < framework->node_count; node++) {
        if (framework->nodes[node].indicator >= 0)
            continue;
        uint32_t count = 0;
        for (int32_t child = framework->nodes[node].first_child; child >= 0;
             child = framework->nodes[child].next_sibling)
            nodes[count++] = (uint32_t)child;
        inner++;
        status = smri_audit_family(a, framework->nodes[node].id, nodes, count, false, error);
        if (status == SMR_OK)
            status = put_judgements(a, node, error);
    }
    for (uint32_t i = 0; status == SMR_OK && i < framework->indicator_count; i++)
        nodes[i] = (uint32_t)framework->indicators[i].node;
    if (status == SMR_OK && inner > 1)
        status = smri_audit_family(a, EVERY_INDICATOR, nodes, framework->indicator_count, true, error);
    smri_free(a->memory, nodes);
    return status;
}

static smr_status fill(smri_auditor *a, const smr_scorecard *card, smr_error *error)
{
    smr_status status = choose_rows(a, card->view.dataset, error);
    if (status == SMR_OK)
        status = gather(a, card, error);
    if (status == SMR_OK) {
        put_size(a, card->view.dataset);
        status = put_availability(a, card, error);
    }
    if (status == SMR_OK)
        status = correlate(a, error);
    if (status == SMR_OK) {
        put_correlations(a);
        put_weights(a);
        status = put_families(a, error);
    }
    if (status == SMR_OK)
        smri_audit_flags(a);
    return status == SMR_OK && a->failed ? smri_fail_memory(error) : status;
}

static void free_auditor(smri_auditor *a)
{
    const uint32_t nodes = a->model->framework->node_count;
    smri_family_free(a->memory, a->scores, nodes);
    for (uint32_t node = 0; a->statuses && node < nodes; node++)
        smri_free(a->memory, a->statuses[node]);
    smri_free(a->memory, a->statuses);
    smri_free(a->memory, a->rows);
    for (int kind = 0; kind < SMRI_CORRELATION_COUNT; kind++) {
        smri_free(a->memory, a->correlations.r[kind]);
        smri_free(a->memory, a->correlations.p[kind]);
    }
    smri_free(a->memory, a->correlations.rows);
}

static smr_status check_options(const smr_audit_options *options, smr_error *error)
{
    if (options->retain < SMR_RETAIN_KAISER || options->retain > SMR_RETAIN_NUMBER)
        return smri_fail_argument(error, "retain", "one of smr_retain");
    if (options->retain == SMR_RETAIN_NUMBER && options->factors == 0)
        return smri_fail_argument(error, "factors", "1 or more");
    if (options->high != options->high || options->weak != options->weak)
        return smri_fail_argument(error, options->weak != options->weak ? "weak" : "high", "a number");
    return SMR_OK;
}

smr_audit *smri_audit_new(smr_context *context, const smr_model *model, smr_dataset *dataset)
{
    const smr_context *memory = smri_context(context);
    smr_audit *made = smri_calloc(memory, 1, sizeof *made);
    if (!made)
        return NULL;
    atomic_init(&made->references, 1);
    made->context = smr_context_ref(context);
    smri_arena_init(&made->arena, memory);
    made->model = smr_model_ref(smri_mutable(model));
    made->dataset = smr_dataset_ref(dataset);
    return made;
}

smr_status smr_audit_run(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                         const smr_audit_options *options, smr_audit **audit, smr_error *error)
{
    if (!audit)
        return smri_fail_argument(error, "audit", "a place for the result");
    *audit = NULL;
    if (!model || !dataset)
        return smri_fail_argument(error, model ? "dataset" : "model", "not NULL");
    smri_auditor auditor = {.memory = smri_context(context), .model = model};
    smr_audit_options_init(&auditor.options, sizeof auditor.options);
    smr_status status =
        smri_options_read(&auditor.options, sizeof auditor.options, options, "smr_audit_options", error);
    if (status == SMR_OK)
        status = check_options(&auditor.options, error);
    smr_score_options keep;
    smr_score_options_init(&keep, sizeof keep);
    keep.keep = SMR_KEEP_ALL;
    smr_scorecard *card = NULL;
    if (status == SMR_OK)
        status = smr_model_score(context, model, dataset, &keep, &card, error);
    if (status != SMR_OK)
        return status;
    auditor.audit = smri_audit_new(context, model, card->view.dataset);
    status = auditor.audit ? fill(&auditor, card, error) : smri_fail_memory(error);
    free_auditor(&auditor);
    smr_scorecard_unref(card);
    if (status != SMR_OK) {
        smr_audit_unref(auditor.audit);
        return status;
    }
    *audit = auditor.audit;
    return SMR_OK;
}

/* ---- the handle ---- */

smr_audit *smr_audit_ref(smr_audit *audit)
{
    if (audit)
        atomic_fetch_add_explicit(&audit->references, 1, memory_order_relaxed);
    return audit;
}

void smr_audit_unref(smr_audit *audit)
{
    if (!audit || atomic_fetch_sub_explicit(&audit->references, 1, memory_order_acq_rel) != 1)
        return;
    smr_context *context = audit->context;
    const smr_context *memory = smri_context(context);
    for (size_t i = 0; i < SMRI_AUDIT_PART_COUNT; i++) {
        smri_free(memory, audit->sections[i].rows);
        smri_free(memory, audit->sections[i].columns);
        smri_free(memory, audit->sections[i].values);
    }
    smr_model_unref(audit->model);
    smr_dataset_unref(audit->dataset);
    smri_arena_free(&audit->arena);
    smri_free(memory, audit);
    smr_context_unref(context);
}

const smr_framework *smr_audit_framework(const smr_audit *audit)
{
    return audit ? audit->model->framework : NULL;
}

size_t smr_audit_section_count(const smr_audit *audit)
{
    return audit ? SMRI_AUDIT_PART_COUNT : 0;
}

const char *smr_audit_section_name(const smr_audit *audit, size_t section)
{
    return audit && section < SMRI_AUDIT_PART_COUNT ? smri_audit_names[section] : NULL;
}

int64_t smr_audit_find_section(const smr_audit *audit, const char *name)
{
    for (size_t i = 0; name && i < smr_audit_section_count(audit); i++)
        if (strcmp(smri_audit_names[i], name) == 0)
            return (int64_t)i;
    return -1;
}

static const smri_audit_section *section_at(const smr_audit *audit, size_t section)
{
    static const smri_audit_section empty = {.count = 0};
    return audit && section < SMRI_AUDIT_PART_COUNT ? &audit->sections[section] : &empty;
}

size_t smr_audit_cell_count(const smr_audit *audit, size_t section)
{
    return section_at(audit, section)->count;
}

const char *const *smr_audit_rows(const smr_audit *audit, size_t section)
{
    return section_at(audit, section)->rows;
}

const char *const *smr_audit_columns(const smr_audit *audit, size_t section)
{
    return section_at(audit, section)->columns;
}

const double *smr_audit_values(const smr_audit *audit, size_t section)
{
    return section_at(audit, section)->values;
}

double smr_audit_value(const smr_audit *audit, const char *section, const char *row, const char *column)
{
    const int64_t found = row && column ? smr_audit_find_section(audit, section) : -1;
    const smri_audit_section *s = section_at(audit, found < 0 ? SMRI_AUDIT_PART_COUNT : (size_t)found);
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->rows[i], row) == 0 && strcmp(s->columns[i], column) == 0)
            return s->values[i];
    return NAN;
}
