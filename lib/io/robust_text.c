/* SPDX-License-Identifier: MIT */
/* Robustness as csv and json: a row a region and node. */

#include "io/io_impl.h"

#include "study/robust_impl.h"

/* The columns of numbers, in order, and what makes them. */
static const struct {
    const char *name;
    int32_t measure;
    double argument;
    uint32_t output;                /* only when this was asked for; 0: always */
    bool json_only;
} columns[] = {
    {"score", SMR_ROBUST_SCORE, 0, 0, false},
    {"rank", SMR_ROBUST_RANK, 0, 0, false},
    {"rank_mean", SMR_ROBUST_RANK_MEAN, 0, 0, false},
    {"rank_p05", SMR_ROBUST_RANK_QUANTILE, 0.05, 0, false},
    {"rank_p50", SMR_ROBUST_RANK_QUANTILE, 0.5, 0, false},
    {"rank_p95", SMR_ROBUST_RANK_QUANTILE, 0.95, 0, false},
    {"rank_best", SMR_ROBUST_RANK_BEST, 0, 0, false},
    {"rank_worst", SMR_ROBUST_RANK_WORST, 0, 0, false},
    {"p_top1", SMR_ROBUST_RANK_TOP, 1, 0, false},
    {"p_top7", SMR_ROBUST_RANK_TOP, 7, 0, false},
    {"p_top21", SMR_ROBUST_RANK_TOP, 21, 0, false},
    {"rank_shift", SMR_ROBUST_RANK_SHIFT, 0, 0, true},
    {"score_mean", SMR_ROBUST_SCORE_MEAN, 0, 0, true},
    {"score_p05", SMR_ROBUST_SCORE_QUANTILE, 0.05, SMR_ROBUST_SCORES, true},
    {"score_p50", SMR_ROBUST_SCORE_QUANTILE, 0.5, SMR_ROBUST_SCORES, true},
    {"score_p95", SMR_ROBUST_SCORE_QUANTILE, 0.95, SMR_ROBUST_SCORES, true},
};

/* Every column of every node: [node][column][region]; NULL: out of memory. */
static double *make_values(const smr_robust *robust)
{
    const size_t regions = robust->trials->region_count, nodes = robust->trials->node_count;
    size_t count = 0;
    if (!smri_product(nodes * SMRI_COUNT(columns), regions, &count))
        return NULL;
    double *values = smri_alloc(smri_context(robust->context), count, sizeof *values);
    for (size_t node = 0; values && node < nodes; node++)
        for (size_t c = 0; c < SMRI_COUNT(columns); c++)
            smr_robust_values(robust, columns[c].measure, columns[c].argument, node,
                              values + (node * SMRI_COUNT(columns) + c) * regions, regions, NULL);
    return values;
}

/* How often each stage is passed: [stage][region]; NULL: out of memory. */
static double *make_stages(const smr_robust *robust)
{
    const size_t regions = robust->trials->region_count, stages = smr_robust_stage_count(robust);
    double *shares = smri_alloc(smri_context(robust->context), SMRI_MAX(stages * regions, (size_t)1), sizeof *shares);
    for (size_t stage = 0; shares && stage < stages; stage++)
        smr_robust_stage_probability(robust, stage, shares + stage * regions, regions, NULL);
    return shares;
}

static const char *node_id(const smr_robust *robust, size_t node)
{
    return robust->trials->framework->nodes[robust->trials->nodes[node]].id;
}

smr_status smr_robust_write_csv(const smr_robust *robust, smr_write_callback write, void *user, smr_error *error)
{
    if (!robust || !write)
        return smri_fail_argument(error, robust ? "write" : "robust", "not NULL");
    const size_t regions = robust->trials->region_count, nodes = robust->trials->node_count;
    const size_t stages = smr_robust_stage_count(robust);
    const smr_context *memory = smri_context(robust->context);
    double *values = make_values(robust), *shares = make_stages(robust);
    if (!values || !shares) {
        smri_free(memory, values);
        smri_free(memory, shares);
        return smri_fail_memory(error);
    }
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    smri_write_text(&writer, "region,node");
    for (size_t c = 0; c < SMRI_COUNT(columns); c++)
        if (!columns[c].json_only)
            smri_csv_put(&writer, false, columns[c].name);
    for (size_t stage = 0; stage < stages; stage++) { /* letters, digits and signs that need no quotes */
        smri_write_text(&writer, ",p_stage_");
        smri_write_text(&writer, smr_robust_stage_id(robust, stage));
    }
    smri_csv_put_end(&writer);
    for (size_t region = 0; region < regions; region++)
        for (size_t node = 0; node < nodes && !writer.failed; node++) {
            smri_csv_put(&writer, true, robust->trials->regions[region]);
            smri_csv_put(&writer, false, node_id(robust, node));
            for (size_t c = 0; c < SMRI_COUNT(columns); c++)
                if (!columns[c].json_only)
                    smri_csv_put_number(&writer, false, values[(node * SMRI_COUNT(columns) + c) * regions + region]);
            for (size_t stage = 0; stage < stages; stage++)
                smri_csv_put_number(&writer, false, node == 0 ? shares[stage * regions + region] : NAN);
            smri_csv_put_end(&writer);
        }
    smri_free(memory, values);
    smri_free(memory, shares);
    return smri_writer_finish(&writer, error);
}

/* ---- json ---- */

static void write_failures(smri_writer *writer, const smr_robust *robust)
{
    const smri_tally *tally = &robust->tally;
    smri_json_open(writer, "failures", '[');
    for (uint32_t i = 0; i < tally->failure_count; i++) {
        smri_json_open(writer, NULL, '{');
        smri_json_text(writer, "reason", smr_message_name(tally->failures[i].code));
        smri_json_number(writer, "count", (double)tally->failures[i].count);
        smri_json_number(writer, "first_draw", (double)tally->failures[i].first_draw);
        smri_json_text(writer, "message", tally->failures[i].message);
        smri_json_close(writer, '}');
    }
    smri_json_close(writer, ']');
}

/* Draws of every alternative, and those of them that failed. */
static void write_factors(smri_writer *writer, const smr_robust *robust)
{
    const uint64_t *counts = robust->tally.alternatives;
    smri_json_open(writer, "alternatives", '[');
    for (uint32_t k = 0; k < robust->trials->factor_count; k++) {
        const smri_factor *f = &robust->trials->factors[k];
        if (!f->count)
            continue;
        smri_json_open(writer, NULL, '{');
        smri_json_text(writer, "factor", f->id);
        for (int failed = 0; failed < 2; failed++) {
            smri_json_open(writer, failed ? "failed" : "draws", '[');
            const bool pretty = writer->pretty;
            writer->pretty = false;
            for (uint32_t a = 0; a < f->count; a++)
                smri_json_number(writer, NULL, (double)counts[2 * a + (size_t)failed]);
            smri_json_close(writer, ']');
            writer->pretty = pretty;
        }
        smri_json_close(writer, '}');
        counts += 2 * (size_t)f->count;
    }
    smri_json_close(writer, ']');
}

static void write_nodes(smri_writer *writer, const smr_robust *robust)
{
    smri_json_open(writer, "nodes", '[');
    for (size_t node = 0; node < robust->trials->node_count; node++) {
        smri_json_open(writer, NULL, '{');
        writer->pretty = false;
        smri_json_text(writer, "node", node_id(robust, node));
        smri_json_number(writer, "mean_rank_shift", smr_robust_mean_rank_shift(robust, node));
        smri_json_number(writer, "score_cell_width", smr_robust_cell_width(robust, node));
        smri_json_close(writer, '}');
        writer->pretty = true;
    }
    smri_json_close(writer, ']');
}

/* Shares by id; `ids` may be the regions or the nodes of the framework. */
static void write_central(smri_writer *writer, const smr_robust *robust, size_t region, double *weights)
{
    const smr_framework *framework = robust->trials->framework;
    smr_robust_central_weights(robust, region, weights, framework->node_count, NULL);
    smri_json_open(writer, "central_weights", '{');
    for (uint32_t node = 1; node < framework->node_count; node++)
        smri_json_number(writer, framework->nodes[node].id, weights[node]);
    smri_json_close(writer, '}');
}

static void write_stages(smri_writer *writer, const smr_robust *robust)
{
    const bool pretty = writer->pretty;
    smri_json_open(writer, "stages", '[');
    writer->pretty = false;
    for (size_t stage = 0; stage < smr_robust_stage_count(robust); stage++)
        smri_json_text(writer, NULL, smr_robust_stage_id(robust, stage));
    smri_json_close(writer, ']');
    writer->pretty = pretty;
}

static void write_row(smri_writer *writer, const smr_robust *robust, size_t region, size_t node, const double *values,
                      const double *shares, double *room)
{
    const size_t regions = robust->trials->region_count;
    const uint64_t *histogram = robust->tally.ranks + (node * regions + region) * (regions + 1);
    smri_json_open(writer, NULL, '{');
    writer->pretty = false;
    smri_json_text(writer, "region", robust->trials->regions[region]);
    smri_json_text(writer, "node", node_id(robust, node));
    for (size_t c = 0; c < SMRI_COUNT(columns); c++)
        if (!columns[c].output || (columns[c].output & robust->outputs))
            smri_json_number(writer, columns[c].name, values[(node * SMRI_COUNT(columns) + c) * regions + region]);
    if (robust->tally.stages && node == 0) {
        smri_json_open(writer, "stages", '{');
        for (size_t stage = 0; stage < smr_robust_stage_count(robust); stage++)
            smri_json_number(writer, smr_robust_stage_id(robust, stage), shares[stage * regions + region]);
        smri_json_close(writer, '}');
    }
    if (robust->confidence && node == 0) {
        smri_json_number(writer, "confidence", robust->confidence[region]);
        write_central(writer, robust, region, room);
    }
    smri_json_open(writer, "rank_histogram", '[');
    for (size_t rank = 1; rank <= regions; rank++)
        smri_json_number(writer, NULL, (double)histogram[rank]);
    smri_json_close(writer, ']');
    smri_json_number(writer, "not_ranked", (double)histogram[0]);
    if (robust->tally.wins) {
        smr_robust_pairwise(robust, node, region, room, regions, NULL);
        smri_json_open(writer, "above", '[');
        for (size_t other = 0; other < regions; other++)
            smri_json_number(writer, NULL, room[other]);
        smri_json_close(writer, ']');
    }
    smri_json_close(writer, '}');
    writer->pretty = true;
}

smr_status smr_robust_write_json(const smr_robust *robust, smr_write_callback write, void *user, smr_error *error)
{
    if (!robust || !write)
        return smri_fail_argument(error, robust ? "write" : "robust", "not NULL");
    const smri_trials *trials = robust->trials;
    const smr_context *memory = smri_context(robust->context);
    double *values = make_values(robust), *shares = make_stages(robust);
    double *room = smri_alloc(memory, SMRI_MAX(trials->region_count, trials->framework->node_count), sizeof *room);
    if (!values || !shares || !room) {
        smri_free(memory, values);
        smri_free(memory, shares);
        smri_free(memory, room);
        return smri_fail_memory(error);
    }
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    writer.pretty = true;
    smri_json_open(&writer, NULL, '{');
    smri_json_text(&writer, "format", "smartregion-robust/1");
    smri_json_value(&writer, "plan", trials->model->plan.document);
    smri_json_value(&writer, "factors", smri_value_get(trials->spec, "factors"));
    smri_json_number(&writer, "seed", (double)robust->seed);
    smri_json_number(&writer, "draws", (double)robust->tally.draws);
    smri_json_bool(&writer, "partial", robust->partial);
    smri_json_bool(&writer, "exact_bounds", robust->exact_best != NULL);
    if (robust->exact_best)
        smri_json_number(&writer, "bounds_not_proven", (double)robust->unproven);
    smri_json_number(&writer, "failed", (double)robust->tally.failed);
    write_failures(&writer, robust);
    write_factors(&writer, robust);
    write_nodes(&writer, robust);
    if (robust->tally.stages)
        write_stages(&writer, robust);
    smri_json_open(&writer, "rows", '[');
    for (size_t region = 0; region < trials->region_count; region++)
        for (size_t node = 0; node < trials->node_count && !writer.failed; node++)
            write_row(&writer, robust, region, node, values, shares, room);
    smri_json_close(&writer, ']');
    smri_json_close(&writer, '}');
    smri_write_text(&writer, "\n");
    smri_free(memory, values);
    smri_free(memory, shares);
    smri_free(memory, room);
    return smri_writer_finish(&writer, error);
}
