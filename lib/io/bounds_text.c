/* SPDX-License-Identifier: MIT */
/* Exact bounds: the set of weights from json, the results as csv and json. */

#include "io/io_impl.h"

#include "study/bounds_impl.h"

smr_status smr_bounds_run(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                          const char *weights, size_t length, const char *source_name,
                          const smr_bounds_options *options, smr_bounds **bounds, smr_error *error)
{
    if (!bounds)
        return smri_fail_argument(error, "bounds", "a place for the result");
    *bounds = NULL;
    if (!model || !dataset)
        return smri_fail_argument(error, model ? "dataset" : "model", "not NULL");
    const smr_context *memory = smri_context(context);
    smri_arena arena;
    smri_arena_init(&arena, memory);
    const smri_value *root = NULL;
    smr_status status =
        weights ? smri_json_read(memory, &arena, weights, length, source_name, &root, error) : SMR_OK;
    if (status == SMR_OK)
        status = smri_bounds_run(context, model, dataset, root, source_name, options, bounds, error);
    smri_arena_free(&arena);
    return status;
}

static const char *const outranking_names[] = {
    [SMR_NEVER] = "never", [SMR_POSSIBLE] = "possible", [SMR_NECESSARY] = "necessary"};

static const char *const column_names[SMRI_BOUNDS_COLUMNS] = {
    [SMR_BOUNDS_SCORE] = "score",         [SMR_BOUNDS_RANK] = "rank",
    [SMR_BOUNDS_RANK_BEST] = "rank_best", [SMR_BOUNDS_RANK_WORST] = "rank_worst",
    [SMR_BOUNDS_BEST_REACHED] = "best_reached", [SMR_BOUNDS_WORST_REACHED] = "worst_reached"};

/* How many regions a row is never, possibly and necessarily above. */
static void count_pairs(const smr_bounds *bounds, size_t row, double counts[3])
{
    counts[SMR_NEVER] = counts[SMR_POSSIBLE] = counts[SMR_NECESSARY] = bounds->ranked[row] ? 0 : NAN;
    for (size_t other = 0; bounds->ranked[row] && other < bounds->row_count; other++)
        if (other != row && bounds->ranked[other])
            counts[bounds->outranking[row * bounds->row_count + other]] += 1;
}

smr_status smr_bounds_write_csv(const smr_bounds *bounds, smr_write_callback write, void *user, smr_error *error)
{
    if (!bounds || !write)
        return smri_fail_argument(error, bounds ? "write" : "bounds", "not NULL");
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    smri_write_text(&writer, "region,score,rank,rank_best,rank_worst,best_reached,worst_reached,above_never,"
                             "above_possible,above_necessary\n");
    for (size_t row = 0; row < bounds->row_count && !writer.failed; row++) {
        double counts[3];
        count_pairs(bounds, row, counts);
        smri_csv_put(&writer, true, smr_bounds_region(bounds, row));
        for (int i = 0; i < SMRI_BOUNDS_COLUMNS; i++)
            smri_csv_put_number(&writer, false, bounds->columns[i][row]);
        for (int i = SMR_NEVER; i <= SMR_NECESSARY; i++)
            smri_csv_put_number(&writer, false, counts[i]);
        smri_csv_put_end(&writer);
    }
    return smri_writer_finish(&writer, error);
}

smr_status smr_bounds_write_pairs_csv(const smr_bounds *bounds, smr_write_callback write, void *user,
                                      smr_error *error)
{
    if (!bounds || !write)
        return smri_fail_argument(error, bounds ? "write" : "bounds", "not NULL");
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    smri_write_text(&writer, "region,other,outranks\n");
    const size_t n = bounds->row_count;
    for (size_t row = 0; row < n && !writer.failed; row++)
        for (size_t other = 0; bounds->ranked[row] && other < n; other++) {
            if (other == row || !bounds->ranked[other])
                continue;
            smri_csv_put(&writer, true, smr_bounds_region(bounds, row));
            smri_csv_put(&writer, false, smr_bounds_region(bounds, other));
            smri_csv_put(&writer, false, outranking_names[bounds->outranking[row * n + other]]);
            smri_csv_put_end(&writer);
        }
    return smri_writer_finish(&writer, error);
}

static void put_list(smri_writer *writer, const smr_bounds *bounds, size_t row, int relation)
{
    smri_json_open(writer, outranking_names[relation], '[');
    for (size_t other = 0; bounds->ranked[row] && other < bounds->row_count; other++)
        if (other != row && bounds->ranked[other] &&
            bounds->outranking[row * bounds->row_count + other] == relation)
            smri_json_text(writer, NULL, smr_bounds_region(bounds, other));
    smri_json_close(writer, ']');
}

static void put_weights(smri_writer *writer, const smr_bounds *bounds, size_t row, const char *key, int column)
{
    const double *weights = smr_bounds_weights(bounds, row, column);
    const smr_framework *framework = bounds->model->framework;
    smri_json_open(writer, key, '{');
    for (uint32_t leaf = 0; weights && leaf < bounds->leaf_count; leaf++)
        smri_json_number(writer, framework->nodes[framework->indicators[leaf].node].id, weights[leaf]);
    smri_json_close(writer, '}');
}

smr_status smr_bounds_write_json(const smr_bounds *bounds, smr_write_callback write, void *user, smr_error *error)
{
    if (!bounds || !write)
        return smri_fail_argument(error, bounds ? "write" : "bounds", "not NULL");
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    writer.pretty = true;
    smri_json_open(&writer, NULL, '{');
    smri_json_text(&writer, "format", "smartregion-bounds/1");
    smri_json_value(&writer, "plan", bounds->model->plan.document);
    smri_json_text(&writer, "node", bounds->model->framework->nodes[bounds->top].id);
    smri_json_text(&writer, "distribution", bounds->distribution);
    smri_json_number(&writer, "unproven", (double)bounds->unproven);
    smri_json_number(&writer, "nodes", (double)bounds->nodes);
    smri_json_open(&writer, "rows", '[');
    for (size_t row = 0; row < bounds->row_count && !writer.failed; row++) {
        smri_json_open(&writer, NULL, '{');
        writer.pretty = false;
        smri_json_text(&writer, "region", smr_bounds_region(bounds, row));
        for (int i = 0; i < SMRI_BOUNDS_COLUMNS; i++)
            smri_json_number(&writer, column_names[i], bounds->columns[i][row]);
        put_list(&writer, bounds, row, SMR_NECESSARY);
        put_list(&writer, bounds, row, SMR_POSSIBLE);
        put_weights(&writer, bounds, row, "weights_best", SMR_BOUNDS_BEST_REACHED);
        put_weights(&writer, bounds, row, "weights_worst", SMR_BOUNDS_WORST_REACHED);
        smri_json_close(&writer, '}');
        writer.pretty = true;
    }
    smri_json_close(&writer, ']');
    smri_json_close(&writer, '}');
    smri_write_text(&writer, "\n");
    return smri_writer_finish(&writer, error);
}
