/* SPDX-License-Identifier: MIT */
/* Roll-up: what a region lacks is the mean of its parts by a weight column, or their sum for a count. A value reported
 * for the region itself stands. Sums are exact, so that the order of the parts does not matter. */

#include "engine/engine_impl.h"

typedef struct rollup {
    const smr_context *memory;
    const smr_model *model;
    const smr_dataset *dataset;
    size_t regions, periods, cells; /* a cell is a region in a period */
    uint32_t *rows;                 /* by cell: row of the data, or SMRI_NONE */
    uint32_t *first_child, *next_child; /* by region */
    uint32_t *order;                /* regions, parts before the whole */
    double *weights;                /* by cell; NaN: none */
    double *values;                 /* by cell: of one indicator */
    bool *present;                  /* by cell: the region or a part of it has a row */
    double *column;                 /* one a row of the data */
    uint8_t *statuses;
    size_t *wanted;                 /* cells that become rows */
    size_t wanted_count;
} rollup;

static bool make_arrays(rollup *r)
{
    const smr_context *memory = r->memory;
    const size_t rows = r->dataset->row_count;
    if (!smri_product(r->regions, r->periods, &r->cells))
        return false;
    r->rows = smri_alloc(memory, r->cells, sizeof *r->rows);
    r->first_child = smri_alloc(memory, r->regions, sizeof *r->first_child);
    r->next_child = smri_alloc(memory, r->regions, sizeof *r->next_child);
    r->order = smri_alloc(memory, r->regions, sizeof *r->order);
    r->weights = smri_alloc(memory, r->cells, sizeof *r->weights);
    r->values = smri_alloc(memory, r->cells, sizeof *r->values);
    r->present = smri_calloc(memory, r->cells, sizeof *r->present);
    r->column = smri_alloc(memory, rows, sizeof *r->column);
    r->statuses = smri_alloc(memory, rows, 1);
    r->wanted = smri_alloc(memory, r->cells, sizeof *r->wanted);
    return r->rows && r->first_child && r->next_child && r->order && r->weights && r->values && r->present &&
           r->column && r->statuses && r->wanted;
}

static void free_arrays(rollup *r)
{
    const smr_context *memory = r->memory;
    smri_free(memory, r->rows);
    smri_free(memory, r->first_child);
    smri_free(memory, r->next_child);
    smri_free(memory, r->order);
    smri_free(memory, r->weights);
    smri_free(memory, r->values);
    smri_free(memory, r->present);
    smri_free(memory, r->column);
    smri_free(memory, r->statuses);
    smri_free(memory, r->wanted);
}

/* Children lists and an order in which every part comes before its whole; false: no region has a parent. */
static bool link_regions(rollup *r)
{
    const smri_region *regions = r->dataset->regions;
    bool any = false;
    for (size_t i = 0; i < r->regions; i++)
        r->first_child[i] = r->next_child[i] = SMRI_NONE;
    for (size_t i = r->regions; i-- > 0;) {
        const uint32_t parent = regions[i].parent;
        if (parent == SMRI_NONE)
            continue;
        r->next_child[i] = r->first_child[parent];
        r->first_child[parent] = (uint32_t)i;
        any = true;
    }
    /* Wholes first, breadth by breadth, then turned round. */
    size_t made = 0;
    for (size_t i = 0; i < r->regions; i++)
        if (regions[i].parent == SMRI_NONE)
            r->order[made++] = (uint32_t)i;
    for (size_t next = 0; next < made; next++)
        for (uint32_t child = r->first_child[r->order[next]]; child != SMRI_NONE; child = r->next_child[child])
            r->order[made++] = child;
    for (size_t i = 0; i < made / 2; i++) {
        const uint32_t other = r->order[i];
        r->order[i] = r->order[made - 1 - i];
        r->order[made - 1 - i] = other;
    }
    return any;
}

static void find_cells(rollup *r)
{
    const smr_dataset *dataset = r->dataset;
    for (size_t cell = 0; cell < r->cells; cell++)
        r->rows[cell] = SMRI_NONE;
    for (size_t row = 0; row < dataset->row_count; row++)
        r->rows[smri_dataset_region_of(dataset, row) * r->periods + smri_dataset_period_of(dataset, row)] = (uint32_t)row;
    for (size_t i = 0; i < r->regions; i++) {
        const uint32_t region = r->order[i], parent = dataset->regions[region].parent;
        for (size_t period = 0; period < r->periods; period++) {
            const size_t cell = region * r->periods + period;
            r->present[cell] = r->present[cell] || r->rows[cell] != SMRI_NONE;
            if (parent != SMRI_NONE && r->present[cell])
                r->present[parent * r->periods + period] = true;
        }
    }
}

/* Rows of the result: those of the data in their order, then regions that only their parts imply. */
static void choose_rows(rollup *r)
{
    const smr_dataset *dataset = r->dataset;
    for (int implied = 0; implied < 2; implied++) {
        const size_t count = implied ? r->cells : dataset->row_count;
        for (size_t i = 0; i < count; i++) {
            const size_t cell =
                implied ? i : smri_dataset_region_of(dataset, i) * r->periods + smri_dataset_period_of(dataset, i);
            if (implied && (r->rows[cell] != SMRI_NONE || !r->present[cell]))
                continue;
            if (r->model->plan.rollup_keep_all || dataset->regions[cell / r->periods].parent == SMRI_NONE)
                r->wanted[r->wanted_count++] = cell;
        }
    }
}

/* The value of a whole from its parts; NaN when no part has one. */
static double from_parts(const rollup *r, size_t region, size_t period, const double *values, const double *weights)
{
    smri_exact_sum sum, weight_sum;
    smri_exact_sum_init(&sum);
    smri_exact_sum_init(&weight_sum);
    size_t used = 0;
    for (uint32_t child = r->first_child[region]; child != SMRI_NONE; child = r->next_child[child]) {
        const size_t cell = child * r->periods + period;
        const double weight = weights ? weights[cell] : 1;
        if (values[cell] != values[cell] || !(weight > 0))
            continue;
        smri_exact_sum_add(&sum, weights ? weight * values[cell] : values[cell]);
        smri_exact_sum_add(&weight_sum, weight);
        used++;
    }
    if (used == 0)
        return NAN;
    return weights ? smri_exact_sum_value(&sum) / smri_exact_sum_value(&weight_sum) : smri_exact_sum_value(&sum);
}

/* Fills cells from a column of the data, then from the parts up; weights NULL: parts are added. */
static void fill(const rollup *r, const double *column, const double *weights, double *cells)
{
    for (size_t cell = 0; cell < r->cells; cell++)
        cells[cell] = column && r->rows[cell] != SMRI_NONE ? column[r->rows[cell]] : NAN;
    for (size_t i = 0; i < r->regions; i++) {
        const uint32_t region = r->order[i];
        if (r->first_child[region] == SMRI_NONE)
            continue;
        for (size_t period = 0; period < r->periods; period++) {
            const size_t cell = region * r->periods + period;
            if (cells[cell] != cells[cell])
                cells[cell] = from_parts(r, region, period, cells, weights);
        }
    }
}

static smr_status roll_indicators(rollup *r, double **columns, smr_error *error)
{
    const smr_model *model = r->model;
    const smr_framework *framework = model->framework;
    const smr_dataset *dataset = r->dataset;
    const smri_kernels *kernels = smri_context_kernels(r->memory);
    for (uint32_t i = 0; i < framework->indicator_count; i++) {
        const char *id = framework->nodes[framework->indicators[i].node].id;
        const smri_column *column = smri_dataset_column(dataset, id);
        const double *values = column ? column->values : NULL;
        const bool denominated = model->plan.denominate[i] == model->plan.denominate[i];
        if (values && denominated) {
            const smri_column *below = smri_dataset_column(dataset, framework->indicators[i].denominator);
            if (!below || !below->values) {
                const char *denominator = framework->indicators[i].denominator;
                const smri_place place = {.source = dataset->source_name, .subject = denominator};
                return smri_fail(error, SMR_MESSAGE_DENOMINATOR_COLUMN_MISSING, &place, id, denominator, "");
            }
            memcpy(r->column, values, dataset->row_count * sizeof *r->column);
            smri_leaf_run(model, kernels, 0, i, SMRI_STAGE_DENOMINATE, false, below->values, NULL, r->column,
                          r->statuses, dataset->row_count);
            values = r->column;
        }
        const bool added = framework->indicators[i].kind == SMR_KIND_COUNT && !denominated;
        fill(r, values, added ? NULL : r->weights, r->values);
        for (size_t k = 0; k < r->wanted_count; k++)
            columns[i][k] = r->values[r->wanted[k]];
    }
    return SMR_OK;
}

/* Groupings and names of the regions that stay; a region that has no row of its own has no group. */
static bool copy_texts(const rollup *r, smr_dataset *rolled)
{
    const smr_dataset *dataset = r->dataset;
    for (uint32_t i = 0; i < rolled->region_count; i++) {
        const uint32_t region = smri_dataset_find_region(dataset, rolled->regions[i].id);
        const char *name = region == SMRI_NOT_FOUND ? NULL : dataset->regions[region].name;
        if (name && !smri_arena_keep(&rolled->arena, name, &rolled->regions[i].name))
            return false;
    }
    for (uint32_t c = 0; c < dataset->column_count; c++) {
        const smri_column *from = &dataset->columns[c];
        if (!from->codes)
            continue;
        uint32_t *codes = smri_dataset_add_texts(rolled, from->id, from->labels, from->label_count);
        if (!codes)
            return false;
        for (size_t k = 0; k < r->wanted_count; k++)
            codes[k] = r->rows[r->wanted[k]] == SMRI_NONE ? SMRI_NONE : from->codes[r->rows[r->wanted[k]]];
    }
    return true;
}

static smr_status build(smr_context *context, rollup *r, smr_dataset **rolled, smr_error *error)
{
    const smr_context *memory = r->memory;
    const smr_framework *framework = r->model->framework;
    const smr_dataset *dataset = r->dataset;
    const size_t count = framework->indicator_count;
    const char **texts = smri_calloc(memory, r->wanted_count, 3 * sizeof *texts);
    const char **ids = smri_alloc(memory, count, sizeof *ids);
    double **columns = smri_calloc(memory, count, sizeof *columns);
    smr_status status = texts && ids && columns ? SMR_OK : smri_fail_memory(error);
    for (size_t i = 0; status == SMR_OK && i < count; i++) {
        ids[i] = framework->nodes[framework->indicators[i].node].id;
        columns[i] = smri_alloc(memory, r->wanted_count, sizeof **columns);
        if (!columns[i])
            status = smri_fail_memory(error);
    }
    if (status == SMR_OK)
        status = roll_indicators(r, columns, error);
    for (size_t k = 0; status == SMR_OK && k < r->wanted_count; k++) {
        const smri_region *region = &dataset->regions[r->wanted[k] / r->periods];
        texts[k] = region->id;
        texts[r->wanted_count + k] = dataset->period_count ? dataset->periods[r->wanted[k] % r->periods].id : NULL;
        texts[2 * r->wanted_count + k] = region->parent == SMRI_NONE ? NULL : dataset->regions[region->parent].id;
    }
    if (status == SMR_OK) {
        smr_columns input;
        smr_columns_init(&input, sizeof input);
        input.rows = r->wanted_count;
        input.column_count = count;
        input.ids = ids;
        input.values = (const double *const *)columns;
        input.regions = texts;
        input.periods = dataset->period_count ? texts + r->wanted_count : NULL;
        input.parents = texts + 2 * r->wanted_count;
        status = smr_dataset_from_columns(context, &input, rolled, error);
    }
    if (status == SMR_OK && !copy_texts(r, *rolled)) {
        smr_dataset_unref(*rolled);
        *rolled = NULL;
        status = smri_fail_memory(error);
    }
    for (size_t i = 0; columns && i < count; i++)
        smri_free(memory, columns[i]);
    smri_free(memory, columns);
    smri_free(memory, ids);
    smri_free(memory, texts);
    return status;
}

smr_status smri_rollup(smr_context *context, const smr_model *model, const smr_dataset *dataset, smr_dataset **rolled,
                       smr_error *error)
{
    *rolled = NULL;
    const char *by = model->plan.rollup_by;
    const smri_column *weights = smri_dataset_column(dataset, by);
    const smri_place place = {.source = dataset->source_name, .subject = by};
    if (!weights || !weights->values)
        return smri_fail(error, SMR_MESSAGE_WEIGHT_COLUMN_MISSING, &place, by, "");
    rollup r = {.memory = smri_context(context),
                .model = model,
                .dataset = dataset,
                .regions = dataset->region_count,
                .periods = SMRI_MAX(dataset->period_count, 1U)};
    smr_status status = make_arrays(&r) ? SMR_OK : smri_fail_memory(error);
    if (status == SMR_OK && !link_regions(&r))
        status = smri_fail_plain(error, SMR_MESSAGE_ROLLUP_WITHOUT_PARENTS, &place);
    if (status == SMR_OK) {
        find_cells(&r);
        choose_rows(&r);
        fill(&r, weights->values, NULL, r.weights);
        status = build(context, &r, rolled, error);
    }
    free_arrays(&r);
    return status;
}
