/* SPDX-License-Identifier: MIT */
/* What if as csv and json. */
#include "io/io_impl.h"

#include "study/whatif_impl.h"

smr_status smr_whatif_write_csv(const smr_whatif *whatif, smr_write_callback write, void *user, smr_error *error)
{
    if (!whatif || !write)
        return smri_fail_argument(error, whatif ? "write" : "whatif", "not NULL");
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    smri_write_text(&writer, "region,node,score_before,score_after,rank_before,rank_after");
    smri_write_text(&writer, whatif->funnel ? ",stage_before,stage_after\n" : "\n");
    for (size_t row = 0; row < whatif->row_count && !writer.failed; row++) {
        smri_csv_put(&writer, true, whatif->regions[row]);
        smri_csv_put(&writer, false, whatif->nodes[row]);
        smri_csv_put_number(&writer, false, whatif->scores_before[row]);
        smri_csv_put_number(&writer, false, whatif->scores_after[row]);
        smri_csv_put_number(&writer, false, whatif->ranks_before[row]);
        smri_csv_put_number(&writer, false, whatif->ranks_after[row]);
        if (whatif->funnel) {
            smri_csv_put(&writer, false, whatif->stages_before[row] ? whatif->stages_before[row] : "");
            smri_csv_put(&writer, false, whatif->stages_after[row] ? whatif->stages_after[row] : "");
        }
        smri_csv_put_end(&writer);
    }
    return smri_writer_finish(&writer, error);
}

static void write_changes(smri_writer *writer, const smr_whatif *whatif)
{
    smri_json_open(writer, "changes", '[');
    for (size_t i = 0; i < whatif->change_count && !writer->failed; i++) {
        smri_json_open(writer, NULL, '{');
        writer->pretty = false;
        smri_json_text(writer, "region", whatif->change_regions[i]);
        smri_json_text(writer, "indicator", whatif->change_columns[i]);
        smri_json_number(writer, "from", whatif->change_from[i]);
        smri_json_number(writer, "to", whatif->change_to[i]);
        smri_json_close(writer, '}');
        writer->pretty = true;
    }
    smri_json_close(writer, ']');
}

smr_status smr_whatif_write_json(const smr_whatif *whatif, smr_write_callback write, void *user, smr_error *error)
{
    if (!whatif || !write)
        return smri_fail_argument(error, whatif ? "write" : "whatif", "not NULL");
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    writer.pretty = true;
    smri_json_open(&writer, NULL, '{');
    smri_json_text(&writer, "format", "smartregion-whatif/1");
    smri_json_value(&writer, "plan", whatif->model->plan.document);
    smri_json_text(&writer, "period", whatif->period);
    write_changes(&writer, whatif);
    smri_json_open(&writer, "rows", '[');
    for (size_t row = 0; row < whatif->row_count && !writer.failed; row++) {
        smri_json_open(&writer, NULL, '{');
        writer.pretty = false;
        smri_json_text(&writer, "region", whatif->regions[row]);
        smri_json_text(&writer, "node", whatif->nodes[row]);
        smri_json_number(&writer, "score_before", whatif->scores_before[row]);
        smri_json_number(&writer, "score_after", whatif->scores_after[row]);
        smri_json_number(&writer, "rank_before", whatif->ranks_before[row]);
        smri_json_number(&writer, "rank_after", whatif->ranks_after[row]);
        if (whatif->funnel && whatif->nodes[row] == whatif->model->framework->nodes[0].id) {
            smri_json_text(&writer, "stage_before", whatif->stages_before[row]);
            smri_json_text(&writer, "stage_after", whatif->stages_after[row]);
        }
        smri_json_close(&writer, '}');
        writer.pretty = true;
    }
    smri_json_close(&writer, ']');
    smri_json_close(&writer, '}');
    smri_write_text(&writer, "\n");
    return smri_writer_finish(&writer, error);
}
