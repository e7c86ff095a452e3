/* SPDX-License-Identifier: MIT */
/* The audit as csv and json: section by section, cells in the order in which they were found. */

#include "io/io_impl.h"

#include "study/study_impl.h"

smr_status smr_audit_write_csv(const smr_audit *audit, smr_write_callback write, void *user, smr_error *error)
{
    if (!audit || !write)
        return smri_fail_argument(error, audit ? "write" : "audit", "not NULL");
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    smri_write_text(&writer, "section,row,column,value\n");
    for (size_t i = 0; i < SMRI_AUDIT_PART_COUNT; i++) {
        const smri_audit_section *section = &audit->sections[i];
        for (size_t cell = 0; cell < section->count && !writer.failed; cell++) {
            smri_csv_put(&writer, true, smri_audit_names[i]);
            smri_csv_put(&writer, false, section->rows[cell]);
            smri_csv_put(&writer, false, section->columns[cell]);
            smri_csv_put_number(&writer, false, section->values[cell]);
            smri_csv_put_end(&writer);
        }
    }
    return smri_writer_finish(&writer, error);
}

smr_status smr_audit_write_json(const smr_audit *audit, smr_write_callback write, void *user, smr_error *error)
{
    if (!audit || !write)
        return smri_fail_argument(error, audit ? "write" : "audit", "not NULL");
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    writer.pretty = true;
    smri_json_open(&writer, NULL, '{');
    smri_json_text(&writer, "format", "smartregion-audit/1");
    smri_json_value(&writer, "plan", audit->model->plan.document);
    smri_json_open(&writer, "rows", '[');
    for (size_t i = 0; i < SMRI_AUDIT_PART_COUNT; i++) {
        const smri_audit_section *section = &audit->sections[i];
        for (size_t cell = 0; cell < section->count && !writer.failed; cell++) {
            smri_json_open(&writer, NULL, '{');
            writer.pretty = false;
            smri_json_text(&writer, "section", smri_audit_names[i]);
            smri_json_text(&writer, "row", section->rows[cell]);
            smri_json_text(&writer, "column", section->columns[cell]);
            smri_json_number(&writer, "value", section->values[cell]);
            smri_json_close(&writer, '}');
            writer.pretty = true;
        }
    }
    smri_json_close(&writer, ']');
    smri_json_close(&writer, '}');
    smri_write_text(&writer, "\n");
    return smri_writer_finish(&writer, error);
}
