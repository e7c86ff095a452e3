/* SPDX-License-Identifier: MIT */
/* The appraisal of a portfolio as csv and json. */

#include "io/io_impl.h"

#include "study/portfolio_impl.h"

smr_status smr_appraisal_write_csv(const smr_appraisal *appraisal, smr_write_callback write, void *user,
                                   smr_error *error)
{
    if (!appraisal || !write)
        return smri_fail_argument(error, appraisal ? "write" : "appraisal", "not NULL");
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    smri_write_sections_csv(&writer, &appraisal->sections);
    return smri_writer_finish(&writer, error);
}

smr_status smr_appraisal_write_json(const smr_appraisal *appraisal, smr_write_callback write, void *user,
                                    smr_error *error)
{
    if (!appraisal || !write)
        return smri_fail_argument(error, appraisal ? "write" : "appraisal", "not NULL");
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    writer.pretty = true;
    smri_json_open(&writer, NULL, '{');
    smri_json_text(&writer, "format", "smartregion-portfolio/1");
    if (appraisal->model)
        smri_json_value(&writer, "plan", appraisal->model->plan.document);
    else
        smri_json_text(&writer, "plan", NULL);
    smri_json_open(&writer, "rows", '[');
    smri_write_sections_json(&writer, &appraisal->sections);
    smri_json_close(&writer, ']');
    smri_json_close(&writer, '}');
    smri_write_text(&writer, "\n");
    return smri_writer_finish(&writer, error);
}
