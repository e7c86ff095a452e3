/* SPDX-License-Identifier: MIT */
/* Is this data fit to be scored? Findings, the gravest first within each indicator. */

#include "study/study_impl.h"

/* Below this share of observed weight a region's index says little; the limit of the SDG Index is 80 %. */
#define LOW_COVERAGE 0.5

typedef struct check {
    const smr_framework *framework;
    const smr_dataset *dataset;
    const smr_model *model;
    const smr_scorecard *card;
    smr_report_callback finding;
    void *user;
} check;

/* One finding about an indicator or column, and perhaps one row. */
static void tell_texts(const check *c, int32_t severity, int32_t code, const char *subject, size_t row,
                       const char *const *texts, size_t count)
{
    smr_error record;
    smr_error_init(&record, sizeof record);
    const bool about_row = row < c->dataset->row_count;
    smri_place place = {.subject = subject};
    if (about_row) {
        place = smri_dataset_place(c->dataset, subject, row);
        place.source = smr_dataset_region(c->dataset, row);
    }
    smri_fail_texts(&record, code, &place, texts, count);
    record.severity = severity;
    c->finding(&record, c->user);
}

#define tell(c, severity, code, subject, row, ...) \
    tell_texts((c), (severity), (code), (subject), (row), (const char *const[]){__VA_ARGS__}, \
               sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

/* The cells of an indicator for which `is_odd` holds: how many, and the first. */
typedef struct odd_cells {
    size_t count, first;
    double value;
} odd_cells;

static void count_odd(odd_cells *odd, size_t row, double value)
{
    if (odd->count++ == 0) {
        odd->first = row;
        odd->value = value;
    }
}

static void tell_odd(const check *c, int32_t severity, int32_t code, const char *id, const odd_cells *odd,
                     const char *expected)
{
    if (odd->count == 0)
        return;
    char count[SMRI_INTEGER_SIZE], value[SMRI_NUMBER_SIZE];
    smri_number_write(value, odd->value);
    tell(c, severity, code, id, odd->first, smri_text_integer(count, odd->count), expected, value);
}

static void check_denominator(const check *c, uint32_t i, const char *id, const double *values)
{
    const smri_indicator *indicator = &c->framework->indicators[i];
    if (c->model->plan.denominate[i] != c->model->plan.denominate[i])
        return;
    const smri_column *column = smri_dataset_column(c->dataset, indicator->denominator);
    odd_cells zero = {0, 0, 0}, missing = {0, 0, 0};
    for (size_t row = 0; column && column->values && row < c->dataset->row_count; row++) {
        if (values[row] != values[row])
            continue;
        if (column->values[row] == 0)
            count_odd(&zero, row, values[row]);
        else if (column->values[row] != column->values[row])
            count_odd(&missing, row, values[row]);
    }
    tell_odd(c, SMR_SEVERITY_WARNING, SMR_MESSAGE_CHECK_DENOMINATOR_ZERO, id, &zero, indicator->denominator);
    tell_odd(c, SMR_SEVERITY_WARNING, SMR_MESSAGE_CHECK_DENOMINATOR_MISSING, id, &missing, indicator->denominator);
}

/* Values against kind, transform and goalposts, on the scale on which each is defined. */
static void check_values(const check *c, uint32_t i, const char *id, const double *values, const double *denominated)
{
    const smri_indicator *indicator = &c->framework->indicators[i];
    odd_cells kind = {0, 0, 0}, domain = {0, 0, 0}, beyond = {0, 0, 0};
    const double low = indicator->worst < indicator->best ? indicator->worst : indicator->best;
    const double high = indicator->worst < indicator->best ? indicator->best : indicator->worst;
    const char *expected = "";
    for (size_t row = 0; row < c->dataset->row_count; row++) {
        const char *kind_expects = "";
        if (!smri_kind_allows(indicator->kind, values[row], &kind_expects)) {
            expected = kind_expects;
            count_odd(&kind, row, values[row]);
        }
        const double x = denominated[row];
        if (x != x)
            continue;
        if (smri_transform_one(indicator->transform, x) != smri_transform_one(indicator->transform, x))
            count_odd(&domain, row, x);
        if (x < low || x > high)
            count_odd(&beyond, row, x);
    }
    tell_odd(c, SMR_SEVERITY_WARNING, SMR_MESSAGE_CHECK_KIND, id, &kind, expected);
    tell_odd(c, SMR_SEVERITY_WARNING, SMR_MESSAGE_CHECK_DOMAIN, id, &domain, smri_transform_name(indicator->transform));
    if (beyond.count > 0) {
        char range[2 * SMRI_NUMBER_SIZE + 8];
        size_t used = smri_number_write(range, low);
        memcpy(range + used, " to ", 5);
        smri_number_write(range + used + 4, high);
        tell_odd(c, SMR_SEVERITY_NOTE, SMR_MESSAGE_CHECK_BEYOND_GOALPOSTS, id, &beyond, range);
    }
}

static void check_spread(const check *c, const char *id, const double *values)
{
    double least = 0, greatest = 0;
    size_t count = 0;
    smri_context_kernels(smri_context(NULL))->extent(values, c->dataset->row_count, &least, &greatest, &count);
    char text[SMRI_NUMBER_SIZE];
    smri_number_write(text, least);
    if (count == 0)
        tell(c, SMR_SEVERITY_WARNING, SMR_MESSAGE_CHECK_EMPTY, id, SIZE_MAX, id);
    else if (count > 1 && least == greatest)
        tell(c, SMR_SEVERITY_WARNING, SMR_MESSAGE_CHECK_CONSTANT, id, SIZE_MAX, text);
}

static void check_indicator(const check *c, uint32_t i, const smr_dataset *denominated)
{
    const char *id = c->framework->nodes[c->framework->indicators[i].node].id;
    const smri_column *column = smri_dataset_column(c->dataset, id);
    if (!column || !column->values) {
        tell(c, SMR_SEVERITY_WARNING, SMR_MESSAGE_CHECK_COLUMN_MISSING, id, SIZE_MAX, id);
        return;
    }
    check_spread(c, id, column->values);
    check_denominator(c, i, id, column->values);
    /* After a roll-up rows differ; goalposts are then compared with the data as they are. */
    const smri_column *after = smri_dataset_column(denominated, id);
    const bool same_rows = denominated->row_count == c->dataset->row_count;
    check_values(c, i, id, column->values, same_rows && after ? after->values : column->values);
    if (column->three_decimals)
        tell(c, SMR_SEVERITY_WARNING, SMR_MESSAGE_CHECK_THREE_DECIMALS, id, SIZE_MAX, id);
}

static void check_other_columns(const check *c)
{
    for (uint32_t k = 0; k < c->dataset->column_count; k++) {
        const smri_column *column = &c->dataset->columns[k];
        const uint32_t node = smri_table_find(&c->framework->ids, column->id, strlen(column->id));
        if (node != SMRI_NOT_FOUND && c->framework->nodes[node].indicator >= 0)
            continue;
        bool divides = false;
        for (uint32_t i = 0; i < c->framework->indicator_count; i++)
            divides |= smri_text_equal(c->framework->indicators[i].denominator, column->id);
        tell(c, SMR_SEVERITY_NOTE, SMR_MESSAGE_CHECK_OTHER_COLUMN, column->id, SIZE_MAX, column->id,
             column->codes ? "a grouping" : divides ? "a denominator" : "a number beside the indicators");
    }
}

static smr_status check_coverage(smr_context *context, const check *c, smr_error *error)
{
    const smr_context *memory = smri_context(context);
    const size_t rows = smr_scorecard_row_count(c->card);
    double *coverages = smri_alloc(memory, rows ? rows : 1, sizeof *coverages);
    uint8_t *statuses = smri_alloc(memory, rows ? rows : 1, 1);
    smr_status status = coverages && statuses ? SMR_OK : smri_fail_memory(error);
    if (status == SMR_OK)
        status = smr_scorecard_coverages(c->card, 0, coverages, rows, error);
    if (status == SMR_OK)
        status = smr_scorecard_statuses(c->card, 0, statuses, rows, error);
    check of_card = *c;
    of_card.dataset = c->card->view.dataset;
    for (size_t row = 0; status == SMR_OK && row < rows; row++) {
        char share[SMRI_NUMBER_SIZE + 16];
        smri_number_write_fixed(share, sizeof share, coverages[row] * 100, 0);
        const char *root = c->framework->nodes[0].id;
        if (statuses[row] != SMR_CELL_OK)
            tell(&of_card, SMR_SEVERITY_WARNING, SMR_MESSAGE_CHECK_NOT_SCORED, root, row,
                 smr_cell_status_name(statuses[row]));
        else if (coverages[row] < LOW_COVERAGE)
            tell(&of_card, SMR_SEVERITY_WARNING, SMR_MESSAGE_CHECK_LOW_COVERAGE, root, row, share);
    }
    smri_free(memory, coverages);
    smri_free(memory, statuses);
    return status;
}

smr_status smr_check(smr_context *context, const smr_framework *framework, const smr_dataset *dataset,
                     const smr_plan *plan, smr_report_callback finding, void *user, smr_error *error)
{
    if (!framework || !dataset || !finding)
        return smri_fail_argument(error, !framework ? "framework" : !dataset ? "dataset" : "finding", "not NULL");
    smr_model *model = NULL;
    smr_scorecard *card = NULL;
    smr_dataset *denominated = NULL;
    smr_status status = smr_model_fit(context, framework, dataset, plan, &model, error);
    if (status == SMR_OK)
        status = smr_model_snapshot(context, model, dataset, "denominate", &denominated, error);
    if (status == SMR_OK)
        status = smr_model_score(context, model, dataset, NULL, &card, error);
    if (status == SMR_OK) {
        const check c = {framework, dataset, model, card, finding, user};
        for (uint32_t i = 0; i < framework->indicator_count; i++)
            check_indicator(&c, i, denominated);
        check_other_columns(&c);
        status = check_coverage(context, &c, error);
    }
    smr_scorecard_unref(card);
    smr_dataset_unref(denominated);
    smr_model_unref(model);
    return status;
}
