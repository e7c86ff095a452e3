/* SPDX-License-Identifier: MIT */
/* Break-even weights and critical weights as csv and json. */

#include "io/io_impl.h"

#include "study/stability_impl.h"

static const char *const status_names[] = {[SMR_BREAK_EVEN_FOUND] = "found",
                                           [SMR_BREAK_EVEN_NONE] = "none",
                                           [SMR_BREAK_EVEN_ALWAYS] = "always",
                                           [SMR_BREAK_EVEN_ALONE] = "alone"};

static const char *const break_even_names[SMRI_BREAK_EVEN_COLUMNS] = {
    [SMR_BREAK_EVEN_SHARE] = "share",
    [SMR_BREAK_EVEN_BREAK_EVEN] = "break_even",
    [SMR_BREAK_EVEN_CHANGE] = "change",
    [SMR_BREAK_EVEN_RELATIVE_CHANGE] = "relative_change"};

static const char *const criticality_names[SMRI_CRITICALITY_COLUMNS] = {
    [SMR_CRITICALITY_SHARE] = "share",
    [SMR_CRITICALITY_ANY_CHANGE] = "any_change",
    [SMR_CRITICALITY_ANY_RELATIVE] = "any_relative_change",
    [SMR_CRITICALITY_TOP_CHANGE] = "top_change",
    [SMR_CRITICALITY_TOP_RELATIVE] = "top_relative_change"};

static void begin_json(smri_writer *writer, smr_write_callback write, void *user, const char *format,
                       const smr_model *model)
{
    smri_writer_init(writer, write, user);
    writer->pretty = true;
    smri_json_open(writer, NULL, '{');
    smri_json_text(writer, "format", format);
    smri_json_value(writer, "plan", model->plan.document);
}

static smr_status end_json(smri_writer *writer, smr_error *error)
{
    smri_json_close(writer, '}');
    smri_write_text(writer, "\n");
    return smri_writer_finish(writer, error);
}

/* ---- break-even weights ---- */

static void leaf_weights(const smr_break_even *result, uint32_t node, double *now, double *nearest)
{
    const int32_t leaf = result->model->framework->nodes[node].indicator;
    *now = leaf >= 0 ? result->model->effective[node] : NAN;
    *nearest = leaf >= 0 && result->weights ? result->weights[leaf] : NAN;
}

smr_status smr_break_even_write_csv(const smr_break_even *result, smr_write_callback write, void *user,
                                    smr_error *error)
{
    if (!result || !write)
        return smri_fail_argument(error, result ? "write" : "result", "not NULL");
    const smr_framework *framework = result->model->framework;
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    smri_write_text(&writer, "node,share,break_even,change,relative_change,status,effective_weight,nearest_weight\n");
    for (uint32_t node = 1; node < framework->node_count && !writer.failed; node++) {
        double now, nearest;
        leaf_weights(result, node, &now, &nearest);
        smri_csv_put(&writer, true, framework->nodes[node].id);
        for (int i = 0; i < SMRI_BREAK_EVEN_COLUMNS; i++)
            smri_csv_put_number(&writer, false, result->columns[i][node]);
        smri_csv_put(&writer, false, status_names[result->statuses[node]]);
        smri_csv_put_number(&writer, false, now);
        smri_csv_put_number(&writer, false, nearest);
        smri_csv_put_end(&writer);
    }
    return smri_writer_finish(&writer, error);
}

smr_status smr_break_even_write_json(const smr_break_even *result, smr_write_callback write, void *user,
                                     smr_error *error)
{
    if (!result || !write)
        return smri_fail_argument(error, result ? "write" : "result", "not NULL");
    const smr_framework *framework = result->model->framework;
    smri_writer writer;
    begin_json(&writer, write, user, "smartregion-break-even/1", result->model);
    smri_json_open(&writer, "regions", '[');
    for (int i = 0; i < 2; i++) {
        smri_json_open(&writer, NULL, '{');
        writer.pretty = false;
        smri_json_text(&writer, "region", result->regions[i]);
        smri_json_number(&writer, "score", result->scores[i]);
        smri_json_number(&writer, "rank", result->ranks[i]);
        smri_json_close(&writer, '}');
        writer.pretty = true;
    }
    smri_json_close(&writer, ']');
    smri_json_number(&writer, "distance", result->distance);
    smri_json_text(&writer, "reason", result->reason);
    smri_json_open(&writer, "rows", '[');
    for (uint32_t node = 1; node < framework->node_count && !writer.failed; node++) {
        double now, nearest;
        leaf_weights(result, node, &now, &nearest);
        smri_json_open(&writer, NULL, '{');
        writer.pretty = false;
        smri_json_text(&writer, "node", framework->nodes[node].id);
        for (int i = 0; i < SMRI_BREAK_EVEN_COLUMNS; i++)
            smri_json_number(&writer, break_even_names[i], result->columns[i][node]);
        smri_json_text(&writer, "status", status_names[result->statuses[node]]);
        smri_json_number(&writer, "effective_weight", now);
        smri_json_number(&writer, "nearest_weight", nearest);
        smri_json_close(&writer, '}');
        writer.pretty = true;
    }
    smri_json_close(&writer, ']');
    return end_json(&writer, error);
}

/* ---- critical weights ---- */

smr_status smr_criticality_write_csv(const smr_criticality *result, smr_write_callback write, void *user,
                                     smr_error *error)
{
    if (!result || !write)
        return smri_fail_argument(error, result ? "write" : "result", "not NULL");
    const smr_framework *framework = result->model->framework;
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    smri_write_text(&writer, "node,share,any_change,any_relative_change,any_region,any_other,top_change,"
                             "top_relative_change,top_region,top_other\n");
    for (uint32_t node = 1; node < framework->node_count && !writer.failed; node++) {
        smri_csv_put(&writer, true, framework->nodes[node].id);
        smri_csv_put_number(&writer, false, result->columns[SMR_CRITICALITY_SHARE][node]);
        for (int top = 0; top < 2; top++) {
            const int column = top ? SMR_CRITICALITY_TOP_CHANGE : SMR_CRITICALITY_ANY_CHANGE;
            smri_csv_put_number(&writer, false, result->columns[column][node]);
            smri_csv_put_number(&writer, false, result->columns[column + 1][node]);
            smri_csv_put(&writer, false, result->regions[top][0][node] ? result->regions[top][0][node] : "");
            smri_csv_put(&writer, false, result->regions[top][1][node] ? result->regions[top][1][node] : "");
        }
        smri_csv_put_end(&writer);
    }
    return smri_writer_finish(&writer, error);
}

smr_status smr_criticality_write_json(const smr_criticality *result, smr_write_callback write, void *user,
                                      smr_error *error)
{
    if (!result || !write)
        return smri_fail_argument(error, result ? "write" : "result", "not NULL");
    const smr_framework *framework = result->model->framework;
    smri_writer writer;
    begin_json(&writer, write, user, "smartregion-criticality/1", result->model);
    smri_json_open(&writer, "rows", '[');
    for (uint32_t node = 1; node < framework->node_count && !writer.failed; node++) {
        smri_json_open(&writer, NULL, '{');
        writer.pretty = false;
        smri_json_text(&writer, "node", framework->nodes[node].id);
        smri_json_number(&writer, "share", result->columns[SMR_CRITICALITY_SHARE][node]);
        for (int top = 0; top < 2; top++) {
            const int column = top ? SMR_CRITICALITY_TOP_CHANGE : SMR_CRITICALITY_ANY_CHANGE;
            smri_json_number(&writer, criticality_names[column], result->columns[column][node]);
            smri_json_number(&writer, criticality_names[column + 1], result->columns[column + 1][node]);
            smri_json_text(&writer, top ? "top_region" : "any_region", result->regions[top][0][node]);
            smri_json_text(&writer, top ? "top_other" : "any_other", result->regions[top][1][node]);
        }
        smri_json_close(&writer, '}');
        writer.pretty = true;
    }
    smri_json_close(&writer, ']');
    return end_json(&writer, error);
}
