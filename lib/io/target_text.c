/* SPDX-License-Identifier: MIT */
/* A target as csv and json. */
#include "io/io_impl.h"

#include "study/target_impl.h"

smr_status smr_target_write_csv(const smr_target *target, smr_write_callback write, void *user, smr_error *error)
{
    if (!target || !write)
        return smri_fail_argument(error, target ? "write" : "target", "not NULL");
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    smri_write_text(&writer, "region,indicator,from,to,effort\n");
    for (size_t i = 0; i < target->count && !writer.failed; i++) {
        smri_csv_put(&writer, true, target->region);
        smri_csv_put(&writer, false, target->indicators[i]);
        smri_csv_put_number(&writer, false, target->from[i]);
        smri_csv_put_number(&writer, false, target->to[i]);
        smri_csv_put_number(&writer, false, target->effort[i]);
        smri_csv_put_end(&writer);
    }
    return smri_writer_finish(&writer, error);
}

static void write_summary(smri_writer *writer, const smr_target *target)
{
    const smr_target_summary *summary = &target->summary;
    smri_json_text(writer, "region", target->region);
    smri_json_text(writer, "period", target->period);
    smri_json_number(writer, "goal_rank", target->goal_rank > 0 ? (double)target->goal_rank : NAN);
    smri_json_number(writer, "goal_score", summary->goal_score);
    smri_json_text(writer, "status", smr_target_status_name(summary->status));
    smri_json_number(writer, "effort", summary->effort);
    smri_json_number(writer, "lower_bound", summary->lower_bound);
    smri_json_number(writer, "score_before", summary->score_before);
    smri_json_number(writer, "score_after", summary->score_after);
    smri_json_number(writer, "rank_before", summary->rank_before);
    smri_json_number(writer, "rank_after", summary->rank_after);
    smri_json_number(writer, "best_score", summary->best_score);
    smri_json_number(writer, "best_rank", summary->best_rank);
}

smr_status smr_target_write_json(const smr_target *target, smr_write_callback write, void *user, smr_error *error)
{
    if (!target || !write)
        return smri_fail_argument(error, target ? "write" : "target", "not NULL");
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    writer.pretty = true;
    smri_json_open(&writer, NULL, '{');
    smri_json_text(&writer, "format", "smartregion-target/1");
    smri_json_value(&writer, "plan", target->model->plan.document);
    write_summary(&writer, target);
    smri_json_open(&writer, "rows", '[');
    for (size_t i = 0; i < target->count && !writer.failed; i++) {
        smri_json_open(&writer, NULL, '{');
        writer.pretty = false;
        smri_json_text(&writer, "region", target->region);
        smri_json_text(&writer, "indicator", target->indicators[i]);
        smri_json_number(&writer, "from", target->from[i]);
        smri_json_number(&writer, "to", target->to[i]);
        smri_json_number(&writer, "effort", target->effort[i]);
        smri_json_close(&writer, '}');
        writer.pretty = true;
    }
    smri_json_close(&writer, ']');
    smri_json_close(&writer, '}');
    smri_write_text(&writer, "\n");
    return smri_writer_finish(&writer, error);
}
