/* SPDX-License-Identifier: MIT */
/* The selection as csv and json: decision by decision. */

#include "io/io_impl.h"

#include "study/select_impl.h"

/* The sentence of a decision, in a buffer that grows. */
typedef struct buffer {
    const smr_context *memory;
    char *text;
    size_t capacity;
} buffer;

static bool fetch_reason(const smr_selection *selection, size_t row, const char *language, buffer *b)
{
    size_t length = smr_selection_reason_text(selection, row, language, b->text, b->capacity);
    if (length < b->capacity)
        return true;
    if (!smri_grow(b->memory, &b->text, &b->capacity, length + 1, 1))
        return false;
    smr_selection_reason_text(selection, row, language, b->text, b->capacity);
    return true;
}

static const char *stage_of(const smr_selection *selection, size_t row)
{
    return selection->funnel->data.stages[selection->stages[row]].id;
}

smr_status smr_selection_write_csv(const smr_selection *selection, const char *language, smr_write_callback write,
                                   void *user, smr_error *error)
{
    if (!selection || !write)
        return smri_fail_argument(error, selection ? "write" : "selection", "not NULL");
    buffer reason = {.memory = smri_context(selection->context)};
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    smri_write_text(&writer, "region,stage,score,rank,passed,reason\n");
    bool fine = true;
    for (size_t row = 0; fine && row < selection->row_count && !writer.failed; row++) {
        fine = fetch_reason(selection, row, language, &reason);
        if (!fine)
            break;
        smri_csv_put(&writer, true, selection->regions[row]);
        smri_csv_put(&writer, false, stage_of(selection, row));
        smri_csv_put_number(&writer, false, selection->scores[row]);
        smri_csv_put_number(&writer, false, selection->ranks[row]);
        smri_csv_put(&writer, false, selection->passed[row] ? "yes" : "no");
        smri_csv_put(&writer, false, reason.text);
        smri_csv_put_end(&writer);
    }
    smri_free(reason.memory, reason.text);
    return fine ? smri_writer_finish(&writer, error) : smri_fail_memory(error);
}

/* ---- json ---- */

static void write_stage(smri_writer *writer, const smr_selection *selection, uint32_t stage)
{
    const smr_stage_result *result = &selection->results[stage];
    smri_json_open(writer, NULL, '{');
    smri_json_text(writer, "stage", selection->funnel->data.stages[stage].id);
    smri_json_number(writer, "entered", (double)result->entered);
    smri_json_number(writer, "ranked", (double)result->ranked);
    smri_json_number(writer, "passed", (double)result->passed);
    smri_json_number(writer, "keep", result->keep > 0 ? (double)result->keep : NAN);
    smri_json_number(writer, "tied", (double)result->tied);
    smri_json_number(writer, "lowest", result->lowest);
    const double range[] = {result->low, result->high};
    smri_json_numbers(writer, "range", range, 2);
    smri_json_open(writer, "parts", '[');
    for (uint32_t p = selection->first_parts[stage]; p < selection->first_parts[stage + 1]; p++) {
        const smr_part_result *part = &selection->parts[p];
        smri_json_open(writer, NULL, '{');
        writer->pretty = false;
        smri_json_text(writer, "part", part->name);
        smri_json_number(writer, "weight", part->weight);
        smri_json_text(writer, "how", part->how);
        smri_json_number(writer, "worst", part->worst);
        smri_json_number(writer, "best", part->best);
        smri_json_close(writer, '}');
        writer->pretty = true;
    }
    smri_json_close(writer, ']');
    smri_json_close(writer, '}');
}

static void write_row(smri_writer *writer, const smr_selection *selection, size_t row, const char *reason)
{
    const uint32_t stage = selection->stages[row];
    const size_t within = row - (size_t)selection->results[stage].first_row;
    smri_json_open(writer, NULL, '{');
    writer->pretty = false;
    smri_json_text(writer, "region", selection->regions[row]);
    smri_json_text(writer, "stage", stage_of(selection, row));
    smri_json_number(writer, "score", selection->scores[row]);
    smri_json_number(writer, "rank", selection->ranks[row]);
    smri_json_bool(writer, "passed", selection->passed[row] != 0);
    smri_json_text(writer, "reason", reason);
    smri_json_open(writer, "parts", '{');
    for (uint32_t p = selection->first_parts[stage]; p < selection->first_parts[stage + 1]; p++)
        smri_json_number(writer, selection->parts[p].name, selection->parts[p].mixed[within]);
    smri_json_close(writer, '}');
    smri_json_open(writer, "reasons", '[');
    for (size_t i = selection->reason_starts[row]; i < selection->reason_starts[row + 1]; i++) {
        smri_json_open(writer, NULL, '{');
        smri_json_text(writer, "code", smr_reason_name(selection->reason_codes[i]));
        smri_json_text(writer, "subject", selection->reason_subjects[i]);
        smri_json_number(writer, "value", selection->reason_values[i]);
        smri_json_number(writer, "limit", selection->reason_limits[i]);
        smri_json_close(writer, '}');
    }
    smri_json_close(writer, ']');
    smri_json_close(writer, '}');
    writer->pretty = true;
}

smr_status smr_selection_write_json(const smr_selection *selection, const char *language, smr_write_callback write,
                                    void *user, smr_error *error)
{
    if (!selection || !write)
        return smri_fail_argument(error, selection ? "write" : "selection", "not NULL");
    buffer reason = {.memory = smri_context(selection->context)};
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    writer.pretty = true;
    smri_json_open(&writer, NULL, '{');
    smri_json_text(&writer, "format", "smartregion-select/1");
    smri_json_value(&writer, "plan", selection->model->plan.document);
    smri_json_open(&writer, "funnel", '{');
    smri_funnel_write_members(&writer, selection->funnel);
    smri_json_close(&writer, '}');
    smri_json_text(&writer, "period", selection->period);
    smri_json_open(&writer, "stages", '[');
    for (uint32_t stage = 0; stage < selection->stage_count; stage++)
        write_stage(&writer, selection, stage);
    smri_json_close(&writer, ']');
    smri_json_open(&writer, "rows", '[');
    bool fine = true;
    for (size_t row = 0; fine && row < selection->row_count && !writer.failed; row++) {
        fine = fetch_reason(selection, row, language, &reason);
        if (fine)
            write_row(&writer, selection, row, reason.text);
    }
    smri_json_close(&writer, ']');
    smri_json_close(&writer, '}');
    smri_write_text(&writer, "\n");
    smri_free(reason.memory, reason.text);
    return fine ? smri_writer_finish(&writer, error) : smri_fail_memory(error);
}
