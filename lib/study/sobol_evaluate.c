/* SPDX-License-Identifier: MIT */
/* The points of a study, and its outputs at each of them. */
#include "study/sobol_impl.h"

/* What one workspace makes between two looks at the progress callback: scores of so many cells a lane, or one group of
 * lanes, and no more than so many groups. */
#define CHUNK_CELLS ((size_t)1 << 16)
#define MOST_GROUPS 16
/* "PADS": keeps what is drawn at random beyond the sequence apart from all else of the same seed. */
#define STREAM UINT64_C(0x5041445300000000)

/* ---- points ---- */

/* Number of each dimension when the factors that own few stand first: the sequence is best in its first dimensions. */
static void place_dimensions(const smri_trials *trials, uint32_t *places) {
    uint32_t next = 0;
    for (uint32_t width = 0; next < trials->dimension_count; width++) {
        for (uint32_t k = 0; k < trials->factor_count; k++) {
            const smri_factor *f = &trials->factors[k];
            for (uint32_t d = 0; f->dimension_count == width && d < width; d++) {
                places[f->first_dimension + d] = next++;
            }
        }
    }
}

typedef struct drawing {
    const uint32_t *places;
    uint32_t dimensions, even; /* dimensions of A, and as many of them as are taken from the sequence */
    size_t rows;
    uint64_t seed;
    double *a, *b;
} drawing;

static void draw_dimension(void *user, size_t at) {
    const drawing *d = user;
    const bool of_b = at >= d->dimensions;
    const uint32_t dimension = (uint32_t)(of_b ? at - d->dimensions : at), place = d->places[dimension];
    double *out = (of_b ? d->b : d->a) + dimension * d->rows;
    if (place < d->even) {
        const uint32_t index = place + (of_b ? d->even : 0);
        smri_sobol_dimension sequence;
        smri_sobol_dimension_init(&sequence, index);
        smri_sobol_dimension_scramble(&sequence, index, d->seed);
        smri_sobol_dimension_fill(&sequence, 0, d->rows, out);
    } else {
        for (size_t i = 0; i < d->rows; i++) {
            out[i] = smri_random_unit(d->seed, STREAM | at, i);
        }
    }
}

smr_status smri_sobol_draw(const smr_context *context, const smri_trials *trials, size_t rows, uint64_t seed, double *a,
                           double *b, smr_error *error) {
    const uint32_t dimensions = trials->dimension_count;
    uint32_t *places = smri_alloc(context, dimensions, sizeof *places);
    if (places == NULL) {
        return smri_fail_memory(error);
    }
    place_dimensions(trials, places);
    drawing d = {.places = places,
                 .dimensions = dimensions,
                 .even = SMRI_MIN(dimensions, SMRI_SOBOL_DIMENSIONS / 2),
                 .rows = rows,
                 .seed = seed,
                 .a = a,
                 .b = b};
    smri_parallel(context, (size_t)2 * dimensions, draw_dimension, &d);
    smri_free(context, places);
    if (d.even < dimensions) {
        char beyond[SMRI_INTEGER_SIZE], all[SMRI_INTEGER_SIZE];
        const char *const texts[] = {smri_text_integer(beyond, 2 * (uint64_t)(dimensions - d.even)),
                                     smri_text_integer(all, 2 * (uint64_t)dimensions)};
        smri_report(context, SMR_SEVERITY_NOTE, SMR_MESSAGE_SOBOL_BEYOND_SEQUENCE, NULL, texts, SMRI_COUNT(texts));
    }
    return SMR_OK;
}

/* ---- evaluations ---- */

/* What one thread works with. */
typedef struct worker {
    smri_trials_workspace *workspace;
    double *points, *scores;
    uint32_t *ranks;
    smr_error error;
    smr_status status;
} worker;

typedef struct run {
    smri_sobol_evaluations *asked;
    const uint8_t *of_b;   /* by matrix and dimension: the coordinate is that of B */
    const uint32_t *order; /* evaluations, those of one world together */
    int32_t *codes;        /* by evaluation: message code of what failed; 0: nothing */
    size_t evaluations, first;
    size_t chunk; /* evaluations that a worker makes at a time */
    worker *workers;
} run;

static size_t region_cells(const smri_trials *trials) {
    return (size_t)trials->node_count * trials->region_count;
}

static bool make_worker(const smr_context *context, const smri_trials *trials, worker *w) {
    size_t cells, coordinates;
    *w = (worker){.workspace = smri_trials_workspace_new(trials)};
    smr_error_init(&w->error, sizeof w->error);
    if (!smri_product(region_cells(trials), SMRI_LANES, &cells)
        || !smri_product(trials->dimension_count, SMRI_LANES, &coordinates)) {
        return false;
    }
    w->points = smri_alloc(context, coordinates, sizeof *w->points);
    /* Zeros: lanes without a draw are ranked along with the others, to nobody's use. */
    w->scores = smri_calloc(context, cells, sizeof *w->scores);
    w->ranks = smri_alloc(context, cells, sizeof *w->ranks);
    return w->workspace && w->points && w->scores && w->ranks;
}

static void free_worker(const smr_context *context, worker *w) {
    smri_trials_workspace_free(w->workspace);
    smri_free(context, w->points);
    smri_free(context, w->scores);
    smri_free(context, w->ranks);
}

/* Where an evaluation stands. */
typedef struct place {
    size_t row, matrix;
} place;

static inline place place_of(const run *r, size_t evaluation) {
    return (place){evaluation / r->asked->matrices, evaluation % r->asked->matrices};
}

/* One coordinate of an evaluation. */
static inline double coordinate(const run *r, place at, uint32_t dimension) {
    const smri_sobol_evaluations *e = r->asked;
    const double *from = r->of_b[at.matrix * e->trials->dimension_count + dimension] ? e->b : e->a;
    return from[dimension * e->rows + at.row];
}

/* Mean distance of the ranks of a lane from those of the plan as it is, over the regions that have both. */
static double shift(const smri_trials *trials, const uint32_t *ranks, size_t lane) {
    uint64_t sum = 0, count = 0;
    for (uint32_t region = 0; region < trials->region_count; region++) {
        const uint32_t rank = ranks[(size_t)region * SMRI_LANES + lane], base = trials->ranks[region];
        if (rank != 0 && base != 0) {
            sum += rank > base ? rank - base : base - rank;
            count++;
        }
    }
    return count > 0 ? (double)sum / (double)count : NAN;
}

static double value_of(const worker *w, const smri_trials *trials, const smri_sobol_what *what, size_t lane) {
    if (what->kind == SMRI_SOBOL_SHIFT) {
        return shift(trials, w->ranks, lane);
    }
    const size_t cell = (size_t)what->region * SMRI_LANES + lane;
    if (what->kind == SMRI_SOBOL_SCORE) {
        return w->scores[cell];
    }
    const uint32_t rank = w->ranks[cell];
    return rank == 0 ? NAN : what->kind == SMRI_SOBOL_RANK ? rank : rank <= what->top;
}

/* Up to SMRI_LANES evaluations, from this place of the order on. */
static smr_status run_lanes(const run *r, worker *w, size_t from, size_t count) {
    const smri_sobol_evaluations *e = r->asked;
    const smri_trials *trials = e->trials;
    place places[SMRI_LANES];
    for (size_t lane = 0; lane < SMRI_LANES; lane++) {
        places[lane] = place_of(r, r->order[from + (lane < count ? lane : 0)]);
    }
    for (uint32_t d = 0; d < trials->dimension_count; d++) {
        for (size_t lane = 0; lane < SMRI_LANES; lane++) {
            w->points[(size_t)d * SMRI_LANES + lane] = coordinate(r, places[lane], d);
        }
    }
    smri_trial_results results = {.scores = w->scores};
    const smr_status status = smri_trials_run(trials, w->workspace, w->points, count, &results, &w->error);
    if (status != SMR_OK) {
        return status;
    }
    if (!smri_trials_rank(trials, w->workspace, 0, w->scores, count, w->ranks)) {
        return smri_fail_memory(&w->error);
    }
    for (size_t lane = 0; lane < count; lane++) {
        r->codes[r->order[from + lane]] = results.codes[lane];
    }
    for (size_t o = 0; o < e->output_count; o++) {
        for (size_t lane = 0; lane < count; lane++) {
            e->values[(o * e->matrices + places[lane].matrix) * e->rows + places[lane].row] =
                results.codes[lane] ? NAN : value_of(w, trials, &e->outputs[o], lane);
        }
    }
    return SMR_OK;
}

static void run_chunk(void *user, size_t part) {
    const run *r = user;
    worker *w = &r->workers[part];
    const size_t from = r->first + part * r->chunk, end = SMRI_MIN(from + r->chunk, r->evaluations);
    for (size_t at = from; w->status == SMR_OK && at < end; at += SMRI_LANES) {
        w->status = run_lanes(r, w, at, SMRI_MIN(SMRI_LANES, end - at));
    }
}

/* Which coordinates a matrix takes from B: none, all, those of one factor, all but those. */
static void choose_sources(const smri_sobol_evaluations *e, uint8_t *of_b) {
    const smri_trials *trials = e->trials;
    const size_t k = trials->factor_count, dimensions = trials->dimension_count;
    for (size_t matrix = 0; matrix < e->matrices; matrix++) {
        memset(of_b + matrix * dimensions, matrix == 1 || matrix >= 2 + k, dimensions);
        if (matrix >= 2) {
            const smri_factor *f = &trials->factors[(matrix - 2) % k];
            memset(of_b + matrix * dimensions + f->first_dimension, matrix < 2 + k, f->dimension_count);
        }
    }
}

/* Evaluations in the order of their worlds, so that draws of one run side by side. */
static smr_status order_by_world(const smr_context *context, const run *r, uint32_t *order, smr_error *error) {
    const smri_trials *trials = r->asked->trials;
    double *worlds = smri_alloc(context, r->evaluations, sizeof *worlds);
    double *point = smri_alloc(context, trials->dimension_count, sizeof *point);
    bool done = worlds != NULL && point != NULL;
    for (size_t i = 0; done && i < r->evaluations; i++) {
        const place at = place_of(r, i);
        for (uint32_t d = 0; d < trials->dimension_count; d++) {
            point[d] = coordinate(r, at, d);
        }
        worlds[i] = (double)smri_trials_world(trials, point, 1);
    }
    done = done && smri_order_descending(context, worlds, r->evaluations, order);
    smri_free(context, point);
    smri_free(context, worlds);
    return done ? SMR_OK : smri_fail_memory(error);
}

/* A record that was never initialised is left alone. */
static void copy_error(const smr_error *from, smr_error *error) {
    if (error != NULL && error->size >= sizeof *error) {
        const uint32_t size = error->size;
        *error = *from;
        error->size = size;
    }
}

static smr_status run_all(const smr_context *context, run *r, size_t workers, uint64_t total, smr_error *error) {
    smr_status status = SMR_OK;
    for (r->first = 0; status == SMR_OK && r->first < r->evaluations; r->first += workers * r->chunk) {
        const size_t left = r->evaluations - r->first, parts = SMRI_MIN((left + r->chunk - 1) / r->chunk, workers);
        smri_parallel(context, parts, run_chunk, r);
        for (size_t i = 0; status == SMR_OK && i < parts; i++) {
            status = r->workers[i].status;
            if (status != SMR_OK) {
                copy_error(&r->workers[i].error, error);
            }
        }
        const size_t done = SMRI_MIN(r->first + parts * r->chunk, r->evaluations);
        if (status == SMR_OK && smri_cancelled(context, done, total, error)) {
            status = SMR_ERROR_CANCELLED;
        }
    }
    return status;
}

/* ---- what failed ---- */

static void note_reason(smri_sobol_evaluations *e, int32_t code, size_t evaluation) {
    size_t i = 0;
    while (i < e->reason_count && e->reasons[i].code != code) {
        i++;
    }
    if (i == SMRI_SOBOL_REASONS) {
        i--; /* the last one stands for all others */
    }
    if (i == e->reason_count) {
        e->reasons[e->reason_count++] = (smri_sobol_reason){.code = code, .first = evaluation};
    }
    e->reasons[i].count++;
}

static void count_failures(const run *r) {
    smri_sobol_evaluations *e = r->asked;
    for (size_t row = 0; row < e->rows; row++) {
        bool left_out = false;
        for (size_t matrix = 0; matrix < e->matrices; matrix++) {
            const size_t evaluation = row * e->matrices + matrix;
            if (r->codes[evaluation] != 0) {
                note_reason(e, r->codes[evaluation], evaluation);
                e->failed++;
                left_out = true;
            }
        }
        e->rows_left_out += left_out;
    }
}

/* Makes the first evaluation of each reason again, for its message. */
static smr_status explain_failures(const smr_context *context, const run *r, smr_error *error) {
    const smri_trials *trials = r->asked->trials;
    worker *w = &r->workers[0];
    smr_error *errors = smri_alloc(context, SMRI_LANES, sizeof *errors);
    smr_status status = errors ? SMR_OK : smri_fail_memory(error);
    for (size_t i = 0; status == SMR_OK && i < r->asked->reason_count; i++) {
        smri_sobol_reason *reason = &r->asked->reasons[i];
        for (size_t lane = 0; lane < SMRI_LANES; lane++) {
            smr_error_init(&errors[lane], sizeof *errors);
        }
        for (uint32_t d = 0; d < trials->dimension_count; d++) {
            for (size_t lane = 0; lane < SMRI_LANES; lane++) {
                w->points[(size_t)d * SMRI_LANES + lane] = coordinate(r, place_of(r, reason->first), d);
            }
        }
        smri_trial_results results = {.scores = w->scores, .errors = errors};
        status = smri_trials_run(trials, w->workspace, w->points, 1, &results, error);
        smri_text_cut(reason->message, sizeof reason->message, errors[0].message);
    }
    smri_free(context, errors);
    return status;
}

smr_status smri_sobol_evaluate(const smr_context *context, smri_sobol_evaluations *evaluations, uint64_t total,
                               smr_error *error) {
    const smri_trials *trials = evaluations->trials;
    const size_t workers = 2 * (size_t)context->threads;
    const size_t cells_a_lane = (size_t)trials->region_count * trials->framework->node_count;
    const size_t groups = SMRI_MIN(CHUNK_CELLS / SMRI_MAX(cells_a_lane, 1) + 1, MOST_GROUPS);
    run r = {
        .asked = evaluations, .evaluations = evaluations->rows * evaluations->matrices, .chunk = groups * SMRI_LANES};
    size_t cells;
    if (!smri_product(evaluations->matrices, trials->dimension_count, &cells)) {
        return smri_fail_memory(error);
    }
    uint8_t *of_b = smri_alloc(context, cells, 1);
    uint32_t *order = smri_alloc(context, r.evaluations, sizeof *order);
    r.codes = smri_alloc(context, r.evaluations, sizeof *r.codes);
    r.workers = smri_calloc(context, workers, sizeof *r.workers);
    smr_status status = of_b && order && r.codes && r.workers ? SMR_OK : smri_fail_memory(error);
    if (status == SMR_OK) {
        choose_sources(evaluations, of_b);
        r.of_b = of_b;
        r.order = order;
        status = order_by_world(context, &r, order, error);
    }
    for (size_t i = 0; status == SMR_OK && i < SMRI_MIN(workers, (r.evaluations + r.chunk - 1) / r.chunk); i++) {
        status = make_worker(context, trials, &r.workers[i]) ? SMR_OK : smri_fail_memory(error);
    }
    if (status == SMR_OK) {
        status = run_all(context, &r, workers, total, error);
    }
    if (status == SMR_OK) {
        count_failures(&r);
        status = explain_failures(context, &r, error);
    }
    for (size_t i = 0; r.workers && i < workers; i++) {
        free_worker(context, &r.workers[i]);
    }
    smri_free(context, r.workers);
    smri_free(context, r.codes);
    smri_free(context, order);
    smri_free(context, of_b);
    return status;
}
