/* SPDX-License-Identifier: MIT */
/* Who may take part: how old a region's questionnaire is, and how good its evidence. */

#include "study/select_impl.h"

bool smri_year_read(const char *text, int32_t *year)
{
    int32_t value = 0;
    for (int i = 0; i < 4; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (text[i] - '0');
    }
    *year = value;
    return value > 0 && (text[4] == '\0' || text[4] == '-');
}

static bool asks_age(const smr_eligibility *eligible)
{
    return eligible->max_age_years == eligible->max_age_years;
}

bool smri_select_takes_latest(const smr_funnel *funnel)
{
    const smr_eligibility *eligible = &funnel->data.eligibility;
    return asks_age(eligible) && strcmp(eligible->age_column, "period") == 0;
}

static smr_status fail_cell(const smri_bound *bound, size_t region, const char *column, int32_t code, const char *found,
                            const char *text, smr_error *error)
{
    const smri_place place = smri_dataset_place(bound->dataset, column, (size_t)smri_bound_row(bound, region));
    const char *id = smr_scorecard_region(bound->card, bound->rows[region]);
    return smri_fail(error, code, &place, found, id, text);
}

/* The column; NULL with SMR_OK: it is optional and absent, and its rule is left out. */
static smr_status find_column(const smri_bound *bound, const char *name, const smri_column **column, smr_error *error)
{
    const smr_dataset *dataset = bound->dataset;
    const int64_t found = smr_dataset_find_column(dataset, name);
    *column = found < 0 ? NULL : &dataset->columns[found];
    if (*column)
        return SMR_OK;
    const smri_place place = {.source = dataset->source_name, .subject = name};
    if (bound->funnel->data.eligibility.optional) {
        const char *const texts[] = {name};
        smri_report(bound->select.context, SMR_SEVERITY_NOTE, SMR_MESSAGE_SELECT_NOT_ASKED, &place, texts, 1);
        return SMR_OK;
    }
    char hint[SMRI_NEAREST_SIZE];
    smri_text_suggest(hint, name, dataset->column_ids.keys, dataset->column_count);
    return smri_fail(error, SMR_MESSAGE_SELECT_COLUMN_MISSING, &place, name, hint);
}

/* ---- age ---- */

static smr_status reference_year(const smri_bound *bound, const smr_select_options *options, int32_t *year,
                                 smr_error *error)
{
    *year = options->year != 0 ? options->year : bound->funnel->data.eligibility.year;
    if (*year != 0 || (bound->period && smri_year_read(bound->period, year)))
        return SMR_OK;
    const smri_place place = {.source = bound->funnel->source_name, .subject = "eligible.year"};
    return smri_fail_plain(error, SMR_MESSAGE_SELECT_YEAR_NEEDED, &place);
}

/* The year of a region's questionnaire, or 0 when there is none. */
static smr_status read_year(const smri_bound *bound, size_t region, const smri_column *column, int32_t *year,
                            smr_error *error)
{
    *year = 0;
    const int64_t row = smri_bound_row(bound, region);
    if (row < 0)
        return SMR_OK;
    if (column->codes) {
        const uint32_t label = column->codes[row];
        if (label == SMRI_NONE || smri_year_read(column->labels[label], year))
            return SMR_OK;
        return fail_cell(bound, region, column->id, SMR_MESSAGE_SELECT_YEAR_WRONG, column->labels[label], "", error);
    }
    const double value = column->values[row];
    if (value != value)
        return SMR_OK;
    if (value >= 1 && value <= 9999 && (double)(int32_t)value == value) {
        *year = (int32_t)value;
        return SMR_OK;
    }
    char text[SMRI_NUMBER_SIZE];
    smri_number_write(text, value);
    return fail_cell(bound, region, column->id, SMR_MESSAGE_SELECT_YEAR_WRONG, text, "", error);
}

static smr_status fill_ages(smri_bound *bound, const smr_select_options *options, smr_error *error)
{
    const smri_column *column = NULL;
    const bool by_period = smri_select_takes_latest(bound->funnel);
    smr_status status =
        by_period ? SMR_OK : find_column(bound, bound->funnel->data.eligibility.age_column, &column, error);
    if (status != SMR_OK || (!by_period && !column))
        return status;
    int32_t now = 0, year = 0;
    status = reference_year(bound, options, &now, error);
    const size_t n = bound->select.regions;
    double *ages = status == SMR_OK ? smri_arena_alloc(&bound->arena, n, sizeof *ages) : NULL;
    if (status == SMR_OK && !ages)
        status = smri_fail_memory(error);
    for (size_t i = 0; status == SMR_OK && i < n; i++) {
        const char *period = smr_scorecard_period(bound->card, bound->rows[i]);
        year = 0;
        if (!by_period)
            status = read_year(bound, i, column, &year, error);
        else if (period && !smri_year_read(period, &year))
            year = 0;
        ages[i] = year > 0 ? (double)now - year : NAN;
    }
    bound->ages = ages;
    return status;
}

/* ---- evidence ---- */

static smr_status read_grade(const smri_bound *bound, size_t region, const smri_column *column, uint32_t *grade,
                             smr_error *error)
{
    const smr_eligibility *eligible = &bound->funnel->data.eligibility;
    const int64_t row = smri_bound_row(bound, region);
    const uint32_t label = row < 0 ? SMRI_NONE : column->codes[row];
    *grade = 0;
    if (label == SMRI_NONE)
        return SMR_OK;
    for (size_t i = 0; i < eligible->grade_count; i++)
        if (strcmp(eligible->grades[i], column->labels[label]) == 0) {
            *grade = (uint32_t)i + 1;
            return SMR_OK;
        }
    char hint[SMRI_NEAREST_SIZE];
    smri_text_suggest(hint, column->labels[label], eligible->grades, eligible->grade_count);
    return fail_cell(bound, region, column->id, SMR_MESSAGE_SELECT_GRADE_UNKNOWN, column->labels[label], hint, error);
}

static smr_status fill_grades(smri_bound *bound, smr_error *error)
{
    const smr_eligibility *eligible = &bound->funnel->data.eligibility;
    const smri_column *column = NULL;
    smr_status status = find_column(bound, eligible->evidence_column, &column, error);
    if (status != SMR_OK || !column)
        return status;
    if (!column->codes) {
        const smri_place place = {.source = bound->dataset->source_name, .subject = column->id};
        return smri_fail(error, SMR_MESSAGE_SELECT_COLUMN_TYPE, &place, column->id, "numbers", "texts");
    }
    for (size_t i = 0; i < eligible->grade_count; i++)
        if (strcmp(eligible->grades[i], eligible->evidence) == 0)
            bound->least_grade = (uint32_t)i + 1;
    const size_t n = bound->select.regions;
    uint32_t *grades = smri_arena_alloc(&bound->arena, n, sizeof *grades);
    if (!grades)
        return smri_fail_memory(error);
    for (size_t i = 0; status == SMR_OK && i < n; i++)
        status = read_grade(bound, i, column, &grades[i], error);
    bound->grades = grades;
    return status;
}

smr_status smri_select_bar(smri_bound *bound, const smr_select_options *options, smr_error *error)
{
    const smr_eligibility *eligible = &bound->funnel->data.eligibility;
    const size_t n = bound->select.regions;
    smr_status status = asks_age(eligible) ? fill_ages(bound, options, error) : SMR_OK;
    if (status == SMR_OK && eligible->evidence)
        status = fill_grades(bound, error);
    if (status != SMR_OK || (!bound->ages && !bound->grades))
        return status;
    bound->barred = smri_arena_calloc(&bound->arena, n, 1);
    if (!bound->barred)
        return smri_fail_memory(error);
    for (size_t i = 0; i < n; i++) {
        const bool old = bound->ages && !(bound->ages[i] <= eligible->max_age_years);
        const bool low = bound->grades && bound->grades[i] < bound->least_grade;
        bound->barred[i] = old || low;
    }
    bound->select.barred = bound->barred;
    return SMR_OK;
}
