/* SPDX-License-Identifier: MIT */
/* Which factor of a spec drives ranks and scores: points, evaluations, indices. */
#include "study/sobol_impl.h"

#define DRAWS 1024
#define MOST_EVALUATIONS UINT32_MAX

static const smr_sobol_study_options default_options = {
    .size = sizeof(smr_sobol_study_options),
    .estimator = SMR_SOBOL_AUTO,
    .draws = SMR_DRAWS_OF_SPEC,
    .resamples = 1000,
    .confidence = 0.95,
};

void smr_sobol_study_options_init(smr_sobol_study_options *options, size_t size) {
    smri_options_init(options, size, &default_options, sizeof default_options);
}

static smr_status check_options(smr_sobol_study_options *wanted, const smr_sobol_study_options *options,
                                smr_error *error) {
    *wanted = default_options;
    const smr_status status = smri_options_read(wanted, sizeof *wanted, options, "smr_sobol_study_options", error);
    if (status != SMR_OK) {
        return status;
    }
    if (wanted->estimator < SMR_SOBOL_AUTO || wanted->estimator > SMR_SOBOL_EXACT) {
        return smri_fail_argument(error, "options.estimator", "one of smr_sobol_estimator");
    }
    if (!(wanted->confidence > 0 && wanted->confidence < 1)) {
        return smri_fail_argument(error, "options.confidence", "above 0 and below 1");
    }
    return SMR_OK;
}

/* ---- a study being made ---- */

typedef struct maker {
    smr_sobol *study;
    const smr_context *memory;
    const smri_trials *trials;
    smri_sobol_evaluations evaluations;
    double *a, *b; /* points */
    smr_error *error;
} maker;

static const char *copy(smr_sobol *study, const char *text) {
    return smri_arena_text(&study->arena, text, strlen(text));
}

/* Takes over what the study tells of the trials, which go. */
static smr_status describe(smr_sobol *study, const smri_trials *trials, smr_error *error) {
    study->model = smr_model_ref(trials->model);
    study->spec = smri_value_copy(&study->arena, trials->spec);
    study->period = trials->period ? copy(study, trials->period) : NULL;
    study->factor_count = trials->factor_count;
    study->region_count = trials->region_count;
    study->factors = smri_arena_alloc(&study->arena, trials->factor_count, sizeof *study->factors);
    study->regions = smri_arena_alloc(&study->arena, trials->region_count, sizeof *study->regions);
    study->names = smri_arena_alloc(&study->arena, trials->region_count, sizeof *study->names);
    bool done = study->spec && study->factors && study->regions && study->names && (!trials->period || study->period);
    for (uint32_t k = 0; done && k < trials->factor_count; k++) {
        study->factors[k] = copy(study, trials->factors[k].id);
        done = study->factors[k] != NULL;
    }
    for (uint32_t i = 0; done && i < trials->region_count; i++) {
        study->regions[i] = copy(study, trials->regions[i]);
        study->names[i] = copy(study, trials->names[i]);
        done = study->regions[i] && study->names[i];
    }
    return done ? SMR_OK : smri_fail_memory(error);
}

static size_t matrices_of(int32_t estimator, size_t factors) {
    return estimator == SMR_SOBOL_EXACT ? 1 : estimator == SMR_SOBOL_AZZINI ? 2 * factors + 2 : factors + 2;
}

/* Combinations of all alternatives; 0: some factor does not choose among any, or there are too many to count. */
static uint64_t count_cells(const smri_trials *trials, const smri_factor **other) {
    uint64_t cells = 1;
    *other = NULL;
    for (uint32_t k = 0; k < trials->factor_count; k++) {
        const smri_factor *f = &trials->factors[k];
        const bool discrete = f->vary == SMRI_VARY_ALTERNATIVES || f->vary == SMRI_VARY_LEAVE_OUT;
        if (!discrete || f->dimension_count != 1 || f->count == 0) {
            *other = f;
            return 0;
        }
        if (cells > MOST_EVALUATIONS / f->count) {
            return 0;
        }
        cells *= f->count;
    }
    return cells;
}

static void fail_texts(uint64_t a, uint64_t b, char texts[2][SMRI_INTEGER_SIZE]) {
    smri_text_integer(texts[0], a);
    smri_text_integer(texts[1], b);
}

/* Settles how the indices are made, and from how many rows. */
static smr_status choose_estimator(const maker *m, int32_t wanted) {
    smr_sobol *study = m->study;
    const uint64_t factors = study->factor_count;
    const int32_t sampling = wanted == SMR_SOBOL_AUTO || wanted == SMR_SOBOL_EXACT ? SMR_SOBOL_AZZINI : wanted;
    const uint64_t matrices = matrices_of(sampling, factors);
    char texts[2][SMRI_INTEGER_SIZE];
    if (study->draws < 2 || study->draws > MOST_EVALUATIONS / matrices) {
        char most[SMRI_INTEGER_SIZE];
        fail_texts(study->draws, factors, texts);
        return smri_fail(m->error, SMR_MESSAGE_SOBOL_DRAWS, NULL, texts[0], texts[1],
                         smri_text_integer(most, MOST_EVALUATIONS));
    }
    study->estimator = sampling;
    if (wanted != SMR_SOBOL_AUTO && wanted != SMR_SOBOL_EXACT) {
        return SMR_OK;
    }
    const smri_factor *other;
    const uint64_t cells = count_cells(m->trials, &other);
    if (cells > 0 && cells <= study->draws * matrices) {
        study->estimator = SMR_SOBOL_EXACT;
        return SMR_OK;
    }
    if (wanted == SMR_SOBOL_AUTO) {
        return SMR_OK;
    }
    if (other != NULL) {
        return smri_fail(m->error, SMR_MESSAGE_SOBOL_NOT_DISCRETE, NULL, other->id);
    }
    fail_texts(cells, study->draws * matrices, texts);
    return smri_fail(m->error, SMR_MESSAGE_SOBOL_GRID, NULL, cells > 0 ? texts[0] : "too many", texts[1]);
}

/* ---- evaluations ---- */

static void free_points(maker *m) {
    smri_free(m->memory, m->a);
    smri_free(m->memory, m->b);
    smri_free(m->memory, m->evaluations.values);
    m->a = m->b = m->evaluations.values = NULL;
}

static smr_status make_room(maker *m, size_t rows, size_t matrices) {
    size_t coordinates, cells;
    m->evaluations = (smri_sobol_evaluations){.trials = m->trials,
                                              .outputs = m->study->outputs,
                                              .output_count = m->study->output_count,
                                              .rows = rows,
                                              .matrices = matrices};
    if (!smri_product(rows, m->trials->dimension_count, &coordinates) || !smri_product(rows, matrices, &cells)
        || !smri_product(cells, m->study->output_count, &cells)) {
        return smri_fail_memory(m->error);
    }
    m->a = smri_alloc(m->memory, coordinates, sizeof *m->a);
    m->b = matrices > 1 ? smri_alloc(m->memory, coordinates, sizeof *m->b) : NULL;
    m->evaluations.a = m->a;
    m->evaluations.b = m->b;
    m->evaluations.values = smri_alloc(m->memory, cells, sizeof *m->evaluations.values);
    return m->a && (m->b || matrices == 1) && m->evaluations.values ? SMR_OK : smri_fail_memory(m->error);
}

/* The full grid, the last factor fastest: each alternative by the middle of its part of the unit interval. */
static smr_status evaluate_grid(maker *m) {
    const smri_trials *trials = m->trials;
    const smri_factor *other;
    const size_t cells = (size_t)count_cells(trials, &other);
    const smr_status status = make_room(m, cells, 1);
    if (status != SMR_OK) {
        return status;
    }
    size_t stride = cells;
    for (uint32_t k = 0; k < trials->factor_count; k++) {
        const smri_factor *f = &trials->factors[k];
        stride /= f->count;
        for (size_t cell = 0; cell < cells; cell++) {
            m->a[f->first_dimension * cells + cell] = ((double)(cell / stride % f->count) + 0.5) / f->count;
        }
    }
    return smri_sobol_evaluate(m->memory, &m->evaluations, cells, m->error);
}

static smri_sobol_design design_of(const smr_sobol *study) {
    return (smri_sobol_design){.rows = (size_t)study->draws,
                               .factors = study->factor_count,
                               .estimator = study->estimator,
                               .resamples = study->resamples,
                               .seed = study->seed,
                               .confidence = study->confidence};
}

static uint64_t power_below(uint64_t number) {
    uint64_t power = 1;
    while (power <= number / 2) {
        power *= 2;
    }
    return power;
}

static smr_status evaluate_samples(maker *m) {
    smr_sobol *study = m->study;
    const size_t matrices = matrices_of(study->estimator, study->factor_count);
    const smri_sobol_design design = design_of(study);
    const uint64_t even = power_below(study->draws);
    if (even != study->draws) {
        char numbers[2][SMRI_INTEGER_SIZE];
        fail_texts(study->draws, even, numbers);
        const char *const texts[] = {numbers[0], numbers[1]};
        smri_report(m->memory, SMR_SEVERITY_NOTE, SMR_MESSAGE_SOBOL_NOT_EVEN, NULL, texts, SMRI_COUNT(texts));
    }
    smr_status status = make_room(m, (size_t)study->draws, matrices);
    if (status == SMR_OK) {
        status = smri_sobol_draw(m->memory, m->trials, (size_t)study->draws, study->seed, m->a, m->b, m->error);
    }
    if (status == SMR_OK) {
        const uint64_t total = study->draws * matrices + smri_sobol_work(&design, study->output_count);
        status = smri_sobol_evaluate(m->memory, &m->evaluations, total, m->error);
    }
    return status;
}

static void tell_grid_failures(const maker *m) {
    char numbers[2][SMRI_INTEGER_SIZE];
    fail_texts(m->evaluations.failed, m->evaluations.rows, numbers);
    const char *const texts[] = {numbers[0], numbers[1], m->evaluations.reasons[0].message};
    smri_report(m->memory, SMR_SEVERITY_NOTE, SMR_MESSAGE_SOBOL_GRID_FAILED, NULL, texts, SMRI_COUNT(texts));
}

static smr_status tell_failures(const maker *m) {
    const smri_sobol_evaluations *e = &m->evaluations;
    char numbers[2][SMRI_INTEGER_SIZE];
    const char *texts[] = {numbers[0], numbers[1], NULL};
    if (e->rows_left_out == e->rows) {
        return smri_fail(m->error, SMR_MESSAGE_SOBOL_NO_ROW, NULL, e->reasons[0].message);
    }
    for (size_t i = 0; i < e->reason_count; i++) {
        fail_texts(e->reasons[i].count, e->rows * e->matrices, numbers);
        texts[2] = e->reasons[i].message;
        smri_report(m->memory, SMR_SEVERITY_WARNING, SMR_MESSAGE_SOBOL_FAILED, NULL, texts, 3);
    }
    if (e->rows_left_out > 0) {
        fail_texts(e->rows_left_out, e->rows, numbers);
        smri_report(m->memory, SMR_SEVERITY_WARNING, SMR_MESSAGE_SOBOL_LEFT_OUT, NULL, texts, 2);
    }
    return SMR_OK;
}

/* Exact where that was chosen and every combination works; else from samples. */
static smr_status evaluate(maker *m, int32_t wanted) {
    smr_sobol *study = m->study;
    smr_status status = SMR_OK;
    if (study->estimator == SMR_SOBOL_EXACT) {
        status = evaluate_grid(m);
        if (status != SMR_OK) {
            return status;
        }
        if (m->evaluations.failed == 0 || wanted == SMR_SOBOL_EXACT) {
            study->draws = m->evaluations.rows;
            study->evaluations = m->evaluations.rows;
            study->failed = m->evaluations.failed;
            return tell_failures(m);
        }
        tell_grid_failures(m);
        free_points(m);
        study->estimator = SMR_SOBOL_AZZINI;
    }
    status = evaluate_samples(m);
    if (status == SMR_OK) {
        study->evaluations = m->evaluations.rows * m->evaluations.matrices;
        study->failed = m->evaluations.failed;
        status = tell_failures(m);
    }
    return status;
}

/* ---- indices ---- */

static smr_status analyse_grid(maker *m) {
    smr_sobol *study = m->study;
    uint32_t *levels = smri_alloc(m->memory, study->factor_count, sizeof *levels);
    smr_status status = levels ? SMR_OK : smri_fail_memory(m->error);
    for (uint32_t k = 0; levels && k < study->factor_count; k++) {
        levels[k] = m->trials->factors[k].count;
    }
    for (size_t o = 0; status == SMR_OK && o < study->output_count; o++) {
        status = smri_sobol_anova(
            m->memory, m->evaluations.values + o * m->evaluations.rows, levels, study->factor_count, NULL,
            study->indices + o * study->factor_count * SMR_SOBOL_COLUMNS, &study->summaries[o], m->error);
    }
    smri_free(m->memory, levels);
    return status;
}

static smr_status analyse_samples(maker *m) {
    smr_sobol *study = m->study;
    const size_t rows = m->evaluations.rows, matrices = m->evaluations.matrices;
    smri_sobol_values *outputs = smri_alloc(m->memory, study->output_count, sizeof *outputs);
    if (outputs == NULL) {
        return smri_fail_memory(m->error);
    }
    for (size_t o = 0; o < study->output_count; o++) {
        const double *values = m->evaluations.values + o * matrices * rows;
        const bool both_ways = study->estimator == SMR_SOBOL_AZZINI;
        outputs[o] = (smri_sobol_values){.a = values,
                                         .b = values + rows,
                                         .ab = values + 2 * rows,
                                         .ba = both_ways ? values + (2 + (size_t)study->factor_count) * rows : NULL};
    }
    smri_sobol_design design = design_of(study);
    design.done = study->evaluations;
    design.total = study->evaluations + smri_sobol_work(&design, study->output_count);
    const smr_status status = smri_sobol_estimate(m->memory, &design, outputs, study->output_count, study->indices,
                                                  study->summaries, m->error);
    smri_free(m->memory, outputs);
    return status;
}

static smr_status analyse(maker *m) {
    smr_sobol *study = m->study;
    size_t numbers;
    if (!smri_product(study->output_count, (size_t)study->factor_count * SMR_SOBOL_COLUMNS, &numbers)) {
        return smri_fail_memory(m->error);
    }
    study->indices = smri_alloc(m->memory, numbers, sizeof *study->indices);
    study->summaries = smri_alloc(m->memory, study->output_count, sizeof *study->summaries);
    if (study->indices == NULL || study->summaries == NULL) {
        return smri_fail_memory(m->error);
    }
    return study->estimator == SMR_SOBOL_EXACT ? analyse_grid(m) : analyse_samples(m);
}

static void tell_empty(const maker *m) {
    uint64_t counts[SMR_SOBOL_INCOMPLETE + 1] = {0}, empty = 0;
    for (size_t o = 0; o < m->study->output_count; o++) {
        counts[m->study->summaries[o].status]++;
        empty += m->study->summaries[o].status != SMR_SOBOL_OK;
    }
    if (empty > 0) {
        const uint64_t told[] = {empty, m->study->output_count, counts[SMR_SOBOL_CONSTANT],
                                 counts[SMR_SOBOL_RARE_EVENT],
                                 counts[SMR_SOBOL_TOO_FEW] + counts[SMR_SOBOL_INCOMPLETE]};
        char numbers[SMRI_COUNT(told)][SMRI_INTEGER_SIZE];
        const char *texts[SMRI_COUNT(told)];
        for (size_t i = 0; i < SMRI_COUNT(told); i++) {
            texts[i] = smri_text_integer(numbers[i], told[i]);
        }
        smri_report(m->memory, SMR_SEVERITY_NOTE, SMR_MESSAGE_SOBOL_NO_INDICES, NULL, texts, SMRI_COUNT(texts));
    }
}

/* ---- the whole ---- */

static smr_status make(maker *m, const smr_sobol_study_options *options) {
    smr_sobol *study = m->study;
    study->resamples = options->resamples;
    study->confidence = options->confidence;
    smr_status status = describe(study, m->trials, m->error);
    if (status == SMR_OK) {
        status = choose_estimator(m, options->estimator);
    }
    if (status == SMR_OK) {
        status = smri_sobol_outputs(study, options->outputs, m->error);
    }
    if (status == SMR_OK) {
        status = evaluate(m, options->estimator);
    }
    if (status == SMR_OK) {
        status = analyse(m);
    }
    if (status == SMR_OK) {
        tell_empty(m);
    }
    free_points(m);
    return status;
}

smr_status smr_sobol_run(smr_context *context, const smr_framework *framework, const smr_dataset *dataset,
                         const smr_plan *plan, const smr_uncertainty *uncertainty,
                         const smr_sobol_study_options *options, smr_sobol **study, smr_error *error) {
    if (study == NULL) {
        return smri_fail_argument(error, "study", "a place for the result");
    }
    *study = NULL;
    if (framework == NULL || dataset == NULL) {
        return smri_fail_argument(error, framework ? "dataset" : "framework", "not NULL");
    }
    smr_sobol_study_options known;
    smr_status status = check_options(&known, options, error);
    if (status != SMR_OK) {
        return status;
    }
    const smr_context *memory = smri_context(context);
    smri_trials *trials = NULL;
    const smri_trials_options wanted = {.nodes = SMRI_TRIALS_INDEX,
                                        .period = known.period,
                                        .spec = uncertainty ? uncertainty->spec : NULL,
                                        .source_name = uncertainty ? uncertainty->source_name : NULL};
    status = smri_trials_new(context, framework, dataset, plan, &wanted, &trials, error);
    if (status != SMR_OK) {
        return status;
    }
    maker m = {.study = smri_calloc(memory, 1, sizeof *m.study), .memory = memory, .trials = trials, .error = error};
    if (m.study == NULL) {
        smri_trials_free(trials);
        return smri_fail_memory(error);
    }
    atomic_init(&m.study->references, 1);
    m.study->context = smr_context_ref(context);
    smri_arena_init(&m.study->arena, memory);
    m.study->draws = known.draws == SMR_DRAWS_OF_SPEC ? smr_uncertainty_draws(uncertainty, DRAWS) : known.draws;
    m.study->seed = known.own_seed ? known.seed : smr_uncertainty_seed(uncertainty, 1);
    status = make(&m, &known);
    smri_trials_free(trials);
    if (status == SMR_OK) {
        *study = m.study;
    } else {
        smr_sobol_unref(m.study);
    }
    return status;
}
