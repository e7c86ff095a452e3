/* SPDX-License-Identifier: MIT */
/* Ballots from csv: juror, rank and region, one entry a row. */

#include "io/io_impl.h"

#include "study/select_impl.h"

enum { JUROR, RANK, REGION, FIELDS };

static const char *const names[FIELDS] = {"juror", "rank", "region"};

typedef struct reader {
    smri_csv csv;
    smri_faults faults;
    smr_ballots *ballots;
    size_t fields[FIELDS];          /* where each column stands */
    size_t width;
} reader;

/* Which columns are which; false: one is lacking, and was told. */
static bool read_header(reader *r)
{
    const char *headings[64];
    char texts[64][SMRI_CSV_SHOWN];
    size_t count = 0;
    r->width = r->csv.field_count;
    for (size_t i = 0; i < r->csv.field_count && count < SMRI_COUNT(headings); i++) {
        headings[count] = smri_csv_show(&r->csv.fields[i], texts[count]);
        count++;
    }
    bool fine = true;
    for (size_t name = 0; name < FIELDS; name++) {
        r->fields[name] = SIZE_MAX;
        for (size_t i = 0; i < r->csv.field_count; i++) {
            if (!smri_csv_equal(&r->csv.fields[i], names[name]))
                continue;
            if (r->fields[name] == SIZE_MAX) {
                r->fields[name] = i;
                continue;
            }
            const smri_place place = smri_csv_place(&r->csv, i, names[name]);
            char digits[SMRI_INTEGER_SIZE];
            smri_fault(&r->faults, SMR_MESSAGE_CSV_HEADER_DUPLICATE, &place, names[name],
                       smri_text_integer(digits, r->fields[name] + 1));
            fine = false;
        }
        if (r->fields[name] != SIZE_MAX)
            continue;
        const smri_place place = smri_csv_place(&r->csv, 0, NULL);
        char hint[SMRI_NEAREST_SIZE];
        smri_text_suggest(hint, names[name], headings, count);
        smri_fault(&r->faults, SMR_MESSAGE_BALLOTS_COLUMN, &place, names[name], hint);
        fine = false;
    }
    return fine;
}

/* false: enough errors. */
static bool tell_entry(reader *r, int32_t code, uint32_t field, uint64_t other)
{
    const size_t at = r->fields[field];
    const smri_place place = smri_csv_place(&r->csv, at, names[field]);
    char shown[SMRI_CSV_SHOWN], juror[SMRI_CSV_SHOWN], digits[SMRI_INTEGER_SIZE];
    smri_csv_show(&r->csv.fields[at], shown);
    if (code == SMR_MESSAGE_BALLOTS_EMPTY_CELL)
        return smri_fault(&r->faults, code, &place, names[field]);
    if (code == SMR_MESSAGE_BALLOTS_PLACE)
        return smri_fault(&r->faults, code, &place, shown);
    return smri_fault(&r->faults, code, &place, smri_csv_show(&r->csv.fields[r->fields[JUROR]], juror), shown,
                      smri_text_integer(digits, other));
}

/* One row; *more is false when there are enough errors. */
static smr_status read_row(reader *r, bool *more, smr_error *error)
{
    if (r->csv.fault != 0) {
        const smri_place place = smri_csv_place(&r->csv, r->csv.fault_field, NULL);
        *more = smri_faults_add(&r->faults, r->csv.fault, &place, NULL, 0);
        return SMR_OK;
    }
    if (r->csv.field_count != r->width) {
        const smri_place place = {.source = r->csv.source_name, .row = r->csv.row};
        char found[SMRI_INTEGER_SIZE], expected[SMRI_INTEGER_SIZE];
        *more = smri_fault(&r->faults, SMR_MESSAGE_CSV_FIELD_COUNT, &place, smri_text_integer(found, r->csv.field_count),
                           smri_text_integer(expected, r->width));
        return SMR_OK;
    }
    const smri_csv_cell *juror = &r->csv.fields[r->fields[JUROR]], *region = &r->csv.fields[r->fields[REGION]];
    const smri_csv_cell *rank = &r->csv.fields[r->fields[RANK]];
    double place = NAN;
    const smri_number_result read = smri_number_read(rank->text, rank->length, SMRI_NUMBER_PLAIN, &place);
    if (read != SMRI_NUMBER_OK && read != SMRI_NUMBER_MISSING) {
        *more = tell_entry(r, SMR_MESSAGE_BALLOTS_PLACE, RANK, 0);
        return SMR_OK;
    }
    int32_t code;
    uint32_t field;
    uint64_t other = 0;
    if (!smri_ballots_add(r->ballots, juror->text, juror->length, region->text, region->length, place, r->csv.row, &code,
                          &field, &other))
        return smri_fail_memory(error);
    if (code != SMR_MESSAGE_NONE)
        *more = tell_entry(r, code, field, other);
    return SMR_OK;
}

static smr_status read_rows(reader *r, smr_error *error)
{
    bool found = false, more = true;
    smr_status status = smri_csv_next(&r->csv, &found, error);
    const smri_place whole = {.source = r->csv.source_name};
    if (status == SMR_OK && !found)
        return smri_fail_plain(error, SMR_MESSAGE_CSV_EMPTY, &whole);
    if (status != SMR_OK || !read_header(r))
        return status;
    while (status == SMR_OK && more) {
        status = smri_csv_next(&r->csv, &found, error);
        if (status != SMR_OK || !found)
            break;
        if (r->csv.fault != 0 || !smri_csv_is_blank(&r->csv))
            status = read_row(r, &more, error);
        if (r->csv.row % 1024 == 0 && smri_cancelled(r->csv.context, r->csv.row, 0, error))
            status = SMR_ERROR_CANCELLED;
    }
    if (status == SMR_OK && r->faults.status == SMR_OK && r->ballots->entry_count == 0)
        return smri_fail_plain(error, SMR_MESSAGE_CSV_NO_ROWS, &whole);
    return status;
}

smr_status smr_ballots_read_csv(smr_context *context, smr_read_callback read, void *user, const char *source_name,
                                smr_ballots **ballots, smr_error *error)
{
    if (!ballots)
        return smri_fail_argument(error, "ballots", "a place for the result");
    *ballots = NULL;
    if (!read)
        return smri_fail_argument(error, "read", "not NULL");
    const smr_context *memory = smri_context(context);
    reader r = {.ballots = smri_ballots_start(context, source_name)};
    if (!r.ballots)
        return smri_fail_memory(error);
    smri_faults_init(&r.faults, memory, error);
    smr_status status = smri_csv_open(&r.csv, memory, read, user, NULL, 0, r.ballots->source_name, error);
    if (status == SMR_OK) {
        smr_error last;
        smr_error_init(&last, sizeof last);
        status = read_rows(&r, &last);
        if (status != SMR_OK)
            status = smri_faults_end(&r.faults, &last);
        else
            status = r.faults.status;
        smri_csv_close(&r.csv);
    }
    if (status == SMR_OK)
        status = smri_ballots_seal(r.ballots, error);
    if (status != SMR_OK) {
        smr_ballots_unref(r.ballots);
        return status;
    }
    *ballots = r.ballots;
    return SMR_OK;
}
