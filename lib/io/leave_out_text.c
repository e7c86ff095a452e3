/* SPDX-License-Identifier: MIT */
/* What was left out as csv and json: rows, a summary, and the pairs that are reversed. */

#include "io/io_impl.h"

#include "study/stability_impl.h"

static const char *level_name(int32_t level)
{
    return level == SMR_LEAVE_OUT_INDICATOR ? "indicator" : level == SMR_LEAVE_OUT_CRITERION ? "criterion" : "region";
}

/* Is the row one that stays when the item goes? */
static bool stays(const smr_leave_out *result, const smri_left_out *item, size_t row)
{
    return item->ranks && !(item->level == SMR_LEAVE_OUT_REGION && strcmp(item->id, result->regions[row]) == 0);
}

typedef struct pairs {
    smri_writer *writer;
    const smr_leave_out *result;
    const smri_left_out *item;
    bool json;
} pairs;

static int32_t put_pair(size_t first, size_t second, void *user)
{
    const pairs *p = user;
    const char *const texts[] = {level_name(p->item->level), p->item->id, p->result->regions[first],
                                 p->result->regions[second]};
    static const char *const keys[] = {"level", "left_out", "region", "other"};
    if (p->json) {
        smri_json_open(p->writer, NULL, '{');
        p->writer->pretty = false;
    }
    for (size_t i = 0; i < SMRI_COUNT(texts); i++) {
        if (p->json)
            smri_json_text(p->writer, keys[i], texts[i]);
        else
            smri_csv_put(p->writer, i == 0, texts[i]);
    }
    if (p->json) {
        smri_json_close(p->writer, '}');
        p->writer->pretty = true;
    } else {
        smri_csv_put_end(p->writer);
    }
    return !p->writer->failed;
}

static void put_all_pairs(smri_writer *writer, const smr_leave_out *result, bool json)
{
    for (size_t i = 0; i < result->item_count && !writer->failed; i++) {
        pairs p = {writer, result, &result->items[i], json};
        smr_leave_out_reversals(result, i, put_pair, &p, NULL);
    }
}

static void csv_row(smri_writer *writer, const smr_leave_out *result, const smri_left_out *item, size_t row)
{
    smri_csv_put(writer, true, level_name(item->level));
    smri_csv_put(writer, false, item->id);
    smri_csv_put(writer, false, result->regions[row]);
    smri_csv_put_number(writer, false, item->ranks_before[row]);
    smri_csv_put_number(writer, false, item->ranks[row]);
    smri_csv_put_number(writer, false, result->scores[row]);
    smri_csv_put_number(writer, false, item->scores[row]);
    smri_csv_put_end(writer);
}

static smr_left_out summary_of(const smr_leave_out *result, size_t index)
{
    smr_left_out item;
    smr_left_out_init(&item, sizeof item);
    smr_leave_out_item(result, index, &item, NULL);
    return item;
}

static void csv_summary(smri_writer *writer, const smr_left_out *item)
{
    smri_csv_put(writer, true, level_name(item->level));
    smri_csv_put(writer, false, item->id);
    smri_csv_put_number(writer, false, item->mean_shift);
    smri_csv_put_number(writer, false, item->reason ? NAN : (double)item->most_shift);
    smri_csv_put_number(writer, false, item->reason ? NAN : (double)item->reversals);
    smri_csv_put_number(writer, false, item->kendall);
    smri_csv_put(writer, false, item->gains_most ? item->gains_most : "");
    smri_csv_put_number(writer, false, item->gains_most ? item->gain : NAN);
    smri_csv_put(writer, false, item->loses_most ? item->loses_most : "");
    smri_csv_put_number(writer, false, item->loses_most ? item->loss : NAN);
    smri_csv_put(writer, false, item->reason ? item->reason : "");
    smri_csv_put_end(writer);
}

smr_status smr_leave_out_write_csv(const smr_leave_out *result, int32_t section, smr_write_callback write, void *user,
                                   smr_error *error)
{
    if (!result || !write)
        return smri_fail_argument(error, result ? "write" : "result", "not NULL");
    static const char *const headers[] = {
        [SMR_LEAVE_OUT_ROWS] = "level,left_out,region,rank_before,rank_after,score_before,score_after\n",
        [SMR_LEAVE_OUT_SUMMARY] = "level,left_out,mean_shift,most_shift,reversals,kendall,gains_most,gain,loses_most,"
                                  "loss,reason\n",
        [SMR_LEAVE_OUT_REVERSALS] = "level,left_out,region,other\n"};
    if (section < SMR_LEAVE_OUT_ROWS || section > SMR_LEAVE_OUT_REVERSALS)
        return smri_fail_argument(error, "section", "one of smr_leave_out_section");
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    smri_write_text(&writer, headers[section]);
    for (size_t i = 0; section != SMR_LEAVE_OUT_REVERSALS && i < result->item_count && !writer.failed; i++) {
        const smr_left_out summary = summary_of(result, i);
        if (section == SMR_LEAVE_OUT_SUMMARY)
            csv_summary(&writer, &summary);
        for (size_t row = 0; section == SMR_LEAVE_OUT_ROWS && row < result->row_count; row++)
            if (stays(result, &result->items[i], row))
                csv_row(&writer, result, &result->items[i], row);
    }
    if (section == SMR_LEAVE_OUT_REVERSALS)
        put_all_pairs(&writer, result, false);
    return smri_writer_finish(&writer, error);
}

static void json_row(smri_writer *writer, const smr_leave_out *result, const smri_left_out *item, size_t row)
{
    smri_json_open(writer, NULL, '{');
    writer->pretty = false;
    smri_json_text(writer, "level", level_name(item->level));
    smri_json_text(writer, "left_out", item->id);
    smri_json_text(writer, "region", result->regions[row]);
    smri_json_number(writer, "rank_before", item->ranks_before[row]);
    smri_json_number(writer, "rank_after", item->ranks[row]);
    smri_json_number(writer, "score_before", result->scores[row]);
    smri_json_number(writer, "score_after", item->scores[row]);
    smri_json_close(writer, '}');
    writer->pretty = true;
}

static void json_summary(smri_writer *writer, const smr_left_out *item)
{
    smri_json_open(writer, NULL, '{');
    writer->pretty = false;
    smri_json_text(writer, "level", level_name(item->level));
    smri_json_text(writer, "left_out", item->id);
    smri_json_number(writer, "mean_shift", item->mean_shift);
    smri_json_number(writer, "most_shift", item->reason ? NAN : (double)item->most_shift);
    smri_json_number(writer, "reversals", item->reason ? NAN : (double)item->reversals);
    smri_json_number(writer, "kendall", item->kendall);
    smri_json_text(writer, "gains_most", item->gains_most);
    smri_json_number(writer, "gain", item->gains_most ? item->gain : NAN);
    smri_json_text(writer, "loses_most", item->loses_most);
    smri_json_number(writer, "loss", item->loses_most ? item->loss : NAN);
    smri_json_text(writer, "reason", item->reason);
    smri_json_close(writer, '}');
    writer->pretty = true;
}

smr_status smr_leave_out_write_json(const smr_leave_out *result, smr_write_callback write, void *user,
                                    smr_error *error)
{
    if (!result || !write)
        return smri_fail_argument(error, result ? "write" : "result", "not NULL");
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    writer.pretty = true;
    smri_json_open(&writer, NULL, '{');
    smri_json_text(&writer, "format", "smartregion-stability/1");
    smri_json_value(&writer, "plan", result->model->plan.document);
    smri_json_open(&writer, "rows", '[');
    for (size_t i = 0; i < result->item_count && !writer.failed; i++)
        for (size_t row = 0; row < result->row_count; row++)
            if (stays(result, &result->items[i], row))
                json_row(&writer, result, &result->items[i], row);
    smri_json_close(&writer, ']');
    smri_json_open(&writer, "summary", '[');
    for (size_t i = 0; i < result->item_count && !writer.failed; i++) {
        const smr_left_out summary = summary_of(result, i);
        json_summary(&writer, &summary);
    }
    smri_json_close(&writer, ']');
    smri_json_open(&writer, "reversals", '[');
    put_all_pairs(&writer, result, true);
    smri_json_close(&writer, ']');
    smri_json_close(&writer, '}');
    smri_write_text(&writer, "\n");
    return smri_writer_finish(&writer, error);
}
