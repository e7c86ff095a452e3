/* SPDX-License-Identifier: MIT */
/* The trend as csv and json. */

#include "io/io_impl.h"

#include "study/trend_impl.h"

/* Where the periods of first and last stand among the columns: after those that are always written. */
static const char *const period_names[] = {"period_first", "period_last"};

smr_status smr_trend_write_csv(const smr_trend *trend, int32_t details, smr_write_callback write, void *user,
                               smr_error *error)
{
    if (!trend || !write)
        return smri_fail_argument(error, trend ? "write" : "trend", "not NULL");
    if (details < 0 || details > 1)
        return smri_fail_argument(error, "details", "0 or 1");
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    const int columns = details ? SMRI_TREND_COLUMN_COUNT : SMRI_TREND_ALWAYS;
    smri_csv_put(&writer, true, "region");
    smri_csv_put(&writer, false, "node");
    for (int c = 0; c < columns; c++) {
        for (size_t k = 0; c == SMRI_TREND_ALWAYS && k < SMRI_COUNT(period_names); k++)
            smri_csv_put(&writer, false, period_names[k]);
        smri_csv_put(&writer, false, smri_trend_names[c]);
    }
    smri_csv_put_end(&writer);
    for (size_t row = 0; row < trend->row_count && !writer.failed; row++) {
        smri_csv_put(&writer, true, trend->regions[row]);
        smri_csv_put(&writer, false, trend->nodes[row]);
        for (int c = 0; c < columns; c++) {
            if (c == SMRI_TREND_ALWAYS) {
                smri_csv_put(&writer, false, trend->first_periods[row] ? trend->first_periods[row] : "");
                smri_csv_put(&writer, false, trend->last_periods[row] ? trend->last_periods[row] : "");
            }
            smri_csv_put_number(&writer, false, trend->columns[c][row]);
        }
        smri_csv_put_end(&writer);
    }
    return smri_writer_finish(&writer, error);
}

smr_status smr_trend_write_convergence_csv(const smr_trend *trend, smr_write_callback write, void *user,
                                           smr_error *error)
{
    if (!trend || !write)
        return smri_fail_argument(error, trend ? "write" : "trend", "not NULL");
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    smri_write_sections_csv(&writer, &trend->convergence);
    return smri_writer_finish(&writer, error);
}

smr_status smr_trend_write_json(const smr_trend *trend, smr_write_callback write, void *user, smr_error *error)
{
    if (!trend || !write)
        return smri_fail_argument(error, trend ? "write" : "trend", "not NULL");
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    writer.pretty = true;
    smri_json_open(&writer, NULL, '{');
    smri_json_text(&writer, "format", "smartregion-trend/1");
    smri_json_value(&writer, "plan", trend->model->plan.document);
    smri_json_open(&writer, "rows", '[');
    for (size_t row = 0; row < trend->row_count && !writer.failed; row++) {
        smri_json_open(&writer, NULL, '{');
        writer.pretty = false;
        smri_json_text(&writer, "region", trend->regions[row]);
        smri_json_text(&writer, "node", trend->nodes[row]);
        for (int c = 0; c < SMRI_TREND_COLUMN_COUNT; c++) {
            if (c == SMRI_TREND_ALWAYS) {
                smri_json_text(&writer, period_names[0], trend->first_periods[row]);
                smri_json_text(&writer, period_names[1], trend->last_periods[row]);
            }
            smri_json_number(&writer, smri_trend_names[c], trend->columns[c][row]);
        }
        smri_json_close(&writer, '}');
        writer.pretty = true;
    }
    smri_json_close(&writer, ']');
    smri_json_open(&writer, "convergence", '[');
    smri_write_sections_json(&writer, &trend->convergence);
    smri_json_close(&writer, ']');
    smri_json_close(&writer, '}');
    smri_write_text(&writer, "\n");
    return smri_writer_finish(&writer, error);
}
