/* SPDX-License-Identifier: MIT */
/* The scorecard as csv and json: regions in input order, nodes in pre-order. */

#include "io/io_impl.h"

typedef struct node_columns {
    double *scores, *ranks, *coverages;
    uint8_t *statuses;
} node_columns;

typedef struct printer {
    const smr_scorecard *card;
    const smr_context *memory;
    node_columns *nodes;
    uint32_t period;                /* SMRI_NONE: all */
} printer;

static void free_printer(printer *p)
{
    const uint32_t count = p->card->model->framework->node_count;
    for (uint32_t i = 0; p->nodes && i < count; i++) {
        smri_free(p->memory, p->nodes[i].scores);
        smri_free(p->memory, p->nodes[i].ranks);
        smri_free(p->memory, p->nodes[i].coverages);
        smri_free(p->memory, p->nodes[i].statuses);
    }
    smri_free(p->memory, p->nodes);
}

static smr_status fill_node(const printer *p, uint32_t node, smr_error *error)
{
    const size_t rows = p->card->row_count;
    node_columns *columns = &p->nodes[node];
    columns->scores = smri_alloc(p->memory, rows, sizeof *columns->scores);
    columns->ranks = smri_alloc(p->memory, rows, sizeof *columns->ranks);
    columns->coverages = smri_alloc(p->memory, rows, sizeof *columns->coverages);
    columns->statuses = smri_alloc(p->memory, rows, 1);
    if (!columns->scores || !columns->ranks || !columns->coverages || !columns->statuses)
        return smri_fail_memory(error);
    smr_status status = smr_scorecard_scores(p->card, node, columns->scores, rows, error);
    if (status == SMR_OK)
        status = smri_scorecard_rank(p->card, node, columns->scores, columns->ranks, error);
    if (status == SMR_OK)
        status = smr_scorecard_coverages(p->card, node, columns->coverages, rows, error);
    if (status == SMR_OK)
        status = smr_scorecard_statuses(p->card, node, columns->statuses, rows, error);
    return status;
}

static smr_status make_printer(const smr_scorecard *card, const char *period, printer *p, smr_error *error)
{
    *p = (printer){.card = card, .memory = smri_context(card->context), .period = SMRI_NONE};
    const smr_dataset *dataset = card->view.dataset;
    if (period) {
        p->period = smri_dataset_find_period(dataset, period);
        if (p->period == SMRI_NONE) {
            const smri_place place = {.source = dataset->source_name, .subject = "period"};
            char hint[SMRI_PLAN_TEXT];
            smri_did_you_mean(hint, smr_dataset_latest_period(dataset));
            return smri_fail(error, SMR_MESSAGE_PERIOD_UNKNOWN, &place, period, hint);
        }
    }
    const uint32_t count = card->model->framework->node_count;
    p->nodes = smri_calloc(p->memory, count, sizeof *p->nodes);
    smr_status status = p->nodes ? SMR_OK : smri_fail_memory(error);
    for (uint32_t node = 0; status == SMR_OK && node < count; node++)
        status = fill_node(p, node, error);
    return status;
}

static bool is_wanted(const printer *p, size_t row)
{
    return p->period == SMRI_NONE || smri_dataset_period_of(p->card->view.dataset, row) == p->period;
}

smr_status smr_scorecard_write_csv(const smr_scorecard *scorecard, const char *period, smr_write_callback write,
                                   void *user, smr_error *error)
{
    if (!scorecard || !write)
        return smri_fail_argument(error, scorecard ? "write" : "scorecard", "not NULL");
    printer p;
    smr_status status = make_printer(scorecard, period, &p, error);
    if (status == SMR_OK) {
        const smr_framework *framework = scorecard->model->framework;
        smri_writer writer;
        smri_writer_init(&writer, write, user);
        smri_write_text(&writer, "region,period,node,score,rank,coverage,status\n");
        for (size_t row = 0; row < scorecard->row_count && !writer.failed; row++) {
            if (!is_wanted(&p, row))
                continue;
            const char *region = smr_scorecard_region(scorecard, row), *when = smr_scorecard_period(scorecard, row);
            for (uint32_t node = 0; node < framework->node_count; node++) {
                smri_csv_put(&writer, true, region);
                smri_csv_put(&writer, false, when ? when : "");
                smri_csv_put(&writer, false, framework->nodes[node].id);
                smri_csv_put_number(&writer, false, p.nodes[node].scores[row]);
                smri_csv_put_number(&writer, false, p.nodes[node].ranks[row]);
                smri_csv_put_number(&writer, false, p.nodes[node].coverages[row]);
                smri_csv_put(&writer, false, smr_cell_status_name(p.nodes[node].statuses[row]));
                smri_csv_put_end(&writer);
            }
        }
        status = smri_writer_finish(&writer, error);
    }
    free_printer(&p);
    return status;
}

static void write_row(smri_writer *writer, const printer *p, size_t row, uint32_t node)
{
    const node_columns *columns = &p->nodes[node];
    smri_json_open(writer, NULL, '{');
    writer->pretty = false;
    smri_json_text(writer, "region", smr_scorecard_region(p->card, row));
    smri_json_text(writer, "period", smr_scorecard_period(p->card, row));
    smri_json_text(writer, "node", p->card->model->framework->nodes[node].id);
    smri_json_number(writer, "score", columns->scores[row]);
    smri_json_number(writer, "rank", columns->ranks[row]);
    smri_json_number(writer, "coverage", columns->coverages[row]);
    smri_json_text(writer, "status", smr_cell_status_name(columns->statuses[row]));
    smri_json_close(writer, '}');
    writer->pretty = true;
}

smr_status smr_scorecard_write_json(const smr_scorecard *scorecard, const char *period, smr_write_callback write,
                                    void *user, smr_error *error)
{
    if (!scorecard || !write)
        return smri_fail_argument(error, scorecard ? "write" : "scorecard", "not NULL");
    printer p;
    smr_status status = make_printer(scorecard, period, &p, error);
    if (status == SMR_OK) {
        smri_writer writer;
        smri_writer_init(&writer, write, user);
        writer.pretty = true;
        smri_json_open(&writer, NULL, '{');
        smri_json_text(&writer, "format", "smartregion-score/1");
        smri_json_value(&writer, "plan", scorecard->model->plan.document);
        smri_json_open(&writer, "rows", '[');
        for (size_t row = 0; row < scorecard->row_count && !writer.failed; row++)
            for (uint32_t node = 0; is_wanted(&p, row) && node < scorecard->model->framework->node_count; node++)
                write_row(&writer, &p, row, node);
        smri_json_close(&writer, ']');
        smri_json_close(&writer, '}');
        smri_write_text(&writer, "\n");
        status = smri_writer_finish(&writer, error);
    }
    free_printer(&p);
    return status;
}
