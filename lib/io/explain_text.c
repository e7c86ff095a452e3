/* SPDX-License-Identifier: MIT */
/* An explanation as csv and json, nodes in pre-order; and the difference of two regions. */

#include "io/io_impl.h"

#include "study/explain_impl.h"

static double number_at(const smr_explanation *e, int column, uint32_t node)
{
    return e->numbers[column] ? e->numbers[column][node] : NAN;
}

static const struct {
    const char *name;
    int column;
} reference_columns[] = {
    {"reference_normalised", SMR_EXPLANATION_REFERENCE_SCORE},
    {"reference_contribution", SMR_EXPLANATION_REFERENCE_CONTRIBUTION},
    {"difference", SMR_EXPLANATION_DIFFERENCE},
}, trace_columns[] = {
    {"denominated", SMR_EXPLANATION_DENOMINATED},
    {"imputed", SMR_EXPLANATION_IMPUTED},
    {"treated", SMR_EXPLANATION_TREATED},
    {"transformed", SMR_EXPLANATION_TRANSFORMED},
    {"low", SMR_EXPLANATION_LOW_ANCHOR},
    {"high", SMR_EXPLANATION_HIGH_ANCHOR},
};

static const struct {
    const char *name;
    int column;
} text_columns[] = {
    {"imputation", SMR_EXPLANATION_IMPUTATION},
    {"treatment", SMR_EXPLANATION_TREATMENT},
    {"normalisation", SMR_EXPLANATION_NORMALISATION},
    {"aggregation", SMR_EXPLANATION_AGGREGATION},
};

static smr_status check(const smr_explanation *explanation, smr_write_callback write, bool with_reference,
                        smr_error *error)
{
    if (!explanation || !write)
        return smri_fail_argument(error, explanation ? "write" : "explanation", "not NULL");
    if (with_reference && explanation->options.reference == SMR_REFERENCE_NONE)
        return smri_fail_argument(error, "explanation", "one with a reference");
    return SMR_OK;
}

/* ---- csv ---- */

static void write_header(smri_writer *writer, uint32_t parts)
{
    smri_write_text(writer, "node,value,normalised,weight,contribution");
    for (size_t i = 0; (parts & SMR_EXPLANATION_WITH_REFERENCE) && i < SMRI_COUNT(reference_columns); i++)
        smri_csv_put(writer, false, reference_columns[i].name);
    for (size_t i = 0; (parts & SMR_EXPLANATION_WITH_TRACE) && i < SMRI_COUNT(trace_columns); i++)
        smri_csv_put(writer, false, trace_columns[i].name);
    for (size_t i = 0; (parts & SMR_EXPLANATION_WITH_TRACE) && i < SMRI_COUNT(text_columns); i++)
        smri_csv_put(writer, false, text_columns[i].name);
    smri_write_text(writer, parts & SMR_EXPLANATION_WITH_TRACE ? ",rank,error,status\n" : "\n");
}

static void write_node(smri_writer *writer, const smr_explanation *e, uint32_t parts, uint32_t node)
{
    smri_csv_put(writer, true, e->card->model->framework->nodes[node].id);
    smri_csv_put_number(writer, false, number_at(e, SMR_EXPLANATION_VALUE, node));
    smri_csv_put_number(writer, false, number_at(e, SMR_EXPLANATION_SCORE, node));
    smri_csv_put_number(writer, false, number_at(e, SMR_EXPLANATION_EFFECTIVE_WEIGHT, node));
    smri_csv_put_number(writer, false, number_at(e, SMR_EXPLANATION_CONTRIBUTION, node));
    for (size_t i = 0; (parts & SMR_EXPLANATION_WITH_REFERENCE) && i < SMRI_COUNT(reference_columns); i++)
        smri_csv_put_number(writer, false, number_at(e, reference_columns[i].column, node));
    if (parts & SMR_EXPLANATION_WITH_TRACE) {
        for (size_t i = 0; i < SMRI_COUNT(trace_columns); i++)
            smri_csv_put_number(writer, false, number_at(e, trace_columns[i].column, node));
        for (size_t i = 0; i < SMRI_COUNT(text_columns); i++) {
            const char *text = e->texts[text_columns[i].column][node];
            smri_csv_put(writer, false, text ? text : "");
        }
        smri_csv_put_number(writer, false, number_at(e, SMR_EXPLANATION_RANK, node));
        smri_csv_put_number(writer, false, number_at(e, SMR_EXPLANATION_ERROR, node));
        smri_csv_put(writer, false, smr_cell_status_name(e->statuses[node]));
    }
    smri_csv_put_end(writer);
}

smr_status smr_explanation_write_csv(const smr_explanation *explanation, uint32_t parts, smr_write_callback write,
                                     void *user, smr_error *error)
{
    smr_status status = check(explanation, write, (parts & SMR_EXPLANATION_WITH_REFERENCE) != 0, error);
    if (status != SMR_OK)
        return status;
    if (parts & ~(uint32_t)(SMR_EXPLANATION_WITH_REFERENCE | SMR_EXPLANATION_WITH_TRACE))
        return smri_fail_argument(error, "parts", "values of smr_explanation_part");
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    write_header(&writer, parts);
    for (uint32_t node = 0; node < smr_explanation_node_count(explanation) && !writer.failed; node++)
        write_node(&writer, explanation, parts, node);
    return smri_writer_finish(&writer, error);
}

/* What the csv of a difference says of a node. */
typedef struct difference {
    double value, score, weight, contribution;
} difference;

static difference difference_at(const smr_explanation *e, uint32_t node)
{
    return (difference){
        number_at(e, SMR_EXPLANATION_VALUE, node) - number_at(e, SMR_EXPLANATION_REFERENCE_VALUE, node) + 0.0,
        number_at(e, SMR_EXPLANATION_SCORE, node) - number_at(e, SMR_EXPLANATION_REFERENCE_SCORE, node) + 0.0,
        number_at(e, SMR_EXPLANATION_DIFFERENCE_WEIGHT, node),
        number_at(e, SMR_EXPLANATION_DIFFERENCE, node),
    };
}

smr_status smr_explanation_write_difference_csv(const smr_explanation *explanation, smr_write_callback write,
                                                void *user, smr_error *error)
{
    const smr_status status = check(explanation, write, true, error);
    if (status != SMR_OK)
        return status;
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    write_header(&writer, 0);
    for (uint32_t node = 0; node < smr_explanation_node_count(explanation) && !writer.failed; node++) {
        const difference d = difference_at(explanation, node);
        smri_csv_put(&writer, true, explanation->card->model->framework->nodes[node].id);
        smri_csv_put_number(&writer, false, d.value);
        smri_csv_put_number(&writer, false, d.score);
        smri_csv_put_number(&writer, false, d.weight);
        smri_csv_put_number(&writer, false, d.contribution);
        smri_csv_put_end(&writer);
    }
    return smri_writer_finish(&writer, error);
}

/* ---- json ---- */

static const char *const reference_names[] = {
    [SMR_REFERENCE_NONE] = NULL,    [SMR_REFERENCE_MEDIAN] = "median", [SMR_REFERENCE_PEERS] = "peers",
    [SMR_REFERENCE_TOP] = "top",    [SMR_REFERENCE_ROWS] = "regions",  [SMR_REFERENCE_TARGET] = "target",
};

static void write_region(smri_writer *writer, const smr_explanation *e, size_t row)
{
    smri_json_text(writer, "region", smr_scorecard_region(e->card, row));
    smri_json_text(writer, "period", smr_scorecard_period(e->card, row));
}

static void begin_json(smri_writer *writer, const smr_explanation *e, const char *format)
{
    writer->pretty = true;
    smri_json_open(writer, NULL, '{');
    smri_json_text(writer, "format", format);
    write_region(writer, e, e->row);
    smri_json_text(writer, "against", reference_names[e->options.reference]);
    smri_json_open(writer, "reference", '[');
    for (size_t i = 0; i < e->reference_count; i++) {
        smri_json_open(writer, NULL, '{');
        writer->pretty = false;
        write_region(writer, e, e->reference_rows[i]);
        if (e->distances)
            smri_json_number(writer, "distance", e->distances[i]);
        smri_json_close(writer, '}');
        writer->pretty = true;
    }
    smri_json_close(writer, ']');
    smri_json_value(writer, "plan", e->card->model->plan.document);
    smri_json_open(writer, "rows", '[');
}

static smr_status end_json(smri_writer *writer, smr_error *error)
{
    smri_json_close(writer, ']');
    smri_json_close(writer, '}');
    smri_write_text(writer, "\n");
    return smri_writer_finish(writer, error);
}

static void write_json_node(smri_writer *writer, const smr_explanation *e, uint32_t node)
{
    smri_json_open(writer, NULL, '{');
    writer->pretty = false;
    smri_json_text(writer, "node", e->card->model->framework->nodes[node].id);
    smri_json_number(writer, "value", number_at(e, SMR_EXPLANATION_VALUE, node));
    for (size_t i = 0; i < SMRI_COUNT(trace_columns); i++)
        smri_json_number(writer, trace_columns[i].name, number_at(e, trace_columns[i].column, node));
    for (size_t i = 0; i < SMRI_COUNT(text_columns); i++)
        smri_json_text(writer, text_columns[i].name, e->texts[text_columns[i].column][node]);
    smri_json_number(writer, "normalised", number_at(e, SMR_EXPLANATION_SCORE, node));
    smri_json_number(writer, "rank", number_at(e, SMR_EXPLANATION_RANK, node));
    smri_json_number(writer, "weight", number_at(e, SMR_EXPLANATION_EFFECTIVE_WEIGHT, node));
    smri_json_number(writer, "contribution", number_at(e, SMR_EXPLANATION_CONTRIBUTION, node));
    smri_json_number(writer, "error", number_at(e, SMR_EXPLANATION_ERROR, node));
    for (size_t i = 0; e->options.reference != SMR_REFERENCE_NONE && i < SMRI_COUNT(reference_columns); i++)
        smri_json_number(writer, reference_columns[i].name, number_at(e, reference_columns[i].column, node));
    if (e->options.reference != SMR_REFERENCE_NONE)
        smri_json_number(writer, "difference_error", number_at(e, SMR_EXPLANATION_DIFFERENCE_ERROR, node));
    smri_json_text(writer, "status", smr_cell_status_name(e->statuses[node]));
    smri_json_close(writer, '}');
    writer->pretty = true;
}

smr_status smr_explanation_write_json(const smr_explanation *explanation, smr_write_callback write, void *user,
                                      smr_error *error)
{
    const smr_status status = check(explanation, write, false, error);
    if (status != SMR_OK)
        return status;
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    begin_json(&writer, explanation, "smartregion-explain/1");
    for (uint32_t node = 0; node < smr_explanation_node_count(explanation) && !writer.failed; node++)
        write_json_node(&writer, explanation, node);
    return end_json(&writer, error);
}

static void write_json_difference(smri_writer *writer, const smr_explanation *e, uint32_t node)
{
    const difference d = difference_at(e, node);
    smri_json_open(writer, NULL, '{');
    writer->pretty = false;
    smri_json_text(writer, "node", e->card->model->framework->nodes[node].id);
    smri_json_number(writer, "value", d.value);
    smri_json_number(writer, "normalised", d.score);
    smri_json_number(writer, "weight", d.weight);
    smri_json_number(writer, "contribution", d.contribution);
    smri_json_number(writer, "error", number_at(e, SMR_EXPLANATION_DIFFERENCE_ERROR, node));
    smri_json_number(writer, "first_value", number_at(e, SMR_EXPLANATION_VALUE, node));
    smri_json_number(writer, "second_value", number_at(e, SMR_EXPLANATION_REFERENCE_VALUE, node));
    smri_json_number(writer, "first_normalised", number_at(e, SMR_EXPLANATION_SCORE, node));
    smri_json_number(writer, "second_normalised", number_at(e, SMR_EXPLANATION_REFERENCE_SCORE, node));
    smri_json_close(writer, '}');
    writer->pretty = true;
}

smr_status smr_explanation_write_difference_json(const smr_explanation *explanation, smr_write_callback write,
                                                 void *user, smr_error *error)
{
    const smr_status status = check(explanation, write, true, error);
    if (status != SMR_OK)
        return status;
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    begin_json(&writer, explanation, "smartregion-compare/1");
    for (uint32_t node = 0; node < smr_explanation_node_count(explanation) && !writer.failed; node++)
        write_json_difference(&writer, explanation, node);
    return end_json(&writer, error);
}
