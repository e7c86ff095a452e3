/* SPDX-License-Identifier: MIT */
/* A funnel to JSON. */

#include "io/io_impl.h"

#include "study/select_impl.h"

static void write_names(smri_writer *writer, const smri_label *names)
{
    if (!names)
        return;
    smri_json_open(writer, "name", '{');
    for (; names; names = names->next)
        smri_json_text(writer, names->key, names->text);
    smri_json_close(writer, '}');
}

static void write_ties(smri_writer *writer, const smri_funnel_ties *ties)
{
    if (!ties->given)
        return;
    if (!ties->column) {
        smri_json_text(writer, "ties", "keep");
        return;
    }
    smri_json_open(writer, "ties", '{');
    smri_json_text(writer, "by", ties->column);
    if (ties->lower)
        smri_json_text(writer, "direction", "lower");
    smri_json_close(writer, '}');
}

static void write_gates(smri_writer *writer, const smri_funnel_gates *gates)
{
    if (gates->count == 0)
        return;
    smri_json_open(writer, "gates", '{');
    uint32_t named = 0;
    for (uint32_t i = 0; i < gates->count; i++) {
        named += gates->items[i].kind == SMR_GATE_NAMED;
        if (gates->items[i].kind != SMR_GATE_NAMED)
            smri_json_number(writer, smri_gate_names[gates->items[i].kind], gates->items[i].least);
    }
    if (named > 0) {
        smri_json_open(writer, "nodes", '{');
        for (uint32_t i = 0; i < gates->count; i++)
            if (gates->items[i].kind == SMR_GATE_NAMED)
                smri_json_number(writer, gates->items[i].name, gates->items[i].least);
        smri_json_close(writer, '}');
    }
    smri_json_close(writer, '}');
}

static void write_eligible(smri_writer *writer, const smr_eligibility *eligible)
{
    const bool age = eligible->max_age_years == eligible->max_age_years;
    const bool coverage = eligible->coverage == eligible->coverage;
    if (!age && !coverage && !eligible->evidence)
        return;
    smri_json_open(writer, "eligible", '{');
    if (age) {
        smri_json_number(writer, "max_age_years", eligible->max_age_years);
        smri_json_text(writer, "age_column", eligible->age_column);
    }
    if (eligible->year != 0)
        smri_json_number(writer, "year", eligible->year);
    if (coverage)
        smri_json_number(writer, "coverage", eligible->coverage);
    if (eligible->evidence) {
        smri_json_open(writer, "evidence", '{');
        smri_json_text(writer, "column", eligible->evidence_column);
        smri_json_text(writer, "at_least", eligible->evidence);
        smri_json_open(writer, "grades", '[');
        for (size_t i = 0; i < eligible->grade_count; i++)
            smri_json_text(writer, NULL, eligible->grades[i]);
        smri_json_close(writer, ']');
        smri_json_close(writer, '}');
    }
    if (eligible->optional)
        smri_json_bool(writer, "optional", true);
    smri_json_close(writer, '}');
}

static void write_part(smri_writer *writer, const smri_funnel_part *part)
{
    const bool scaled = part->worst == part->worst;
    if (!scaled && !part->lower) {
        smri_json_number(writer, part->name, part->weight);
        return;
    }
    smri_json_open(writer, part->name, '{');
    smri_json_number(writer, "weight", part->weight);
    if (scaled) {
        const double scale[] = {part->worst, part->best};
        smri_json_numbers(writer, "scale", scale, 2);
    }
    if (part->lower)
        smri_json_text(writer, "direction", "lower");
    smri_json_close(writer, '}');
}

static void write_stage(smri_writer *writer, const smri_funnel_stage *stage)
{
    smri_json_open(writer, NULL, '{');
    smri_json_text(writer, "id", stage->id);
    write_names(writer, stage->names);
    if (stage->keep > 0)
        smri_json_number(writer, "keep", (double)stage->keep);
    write_gates(writer, &stage->gates);
    if (stage->part_count > 0) {
        smri_json_open(writer, "score", '{');
        for (uint32_t i = 0; i < stage->part_count; i++)
            write_part(writer, &stage->parts[i]);
        smri_json_close(writer, '}');
    }
    if (stage->ballots)
        smri_json_text(writer, "ballots", stage->ballots);
    if (smri_funnel_counts_ballots(stage)) {
        smri_json_text(writer, "ballot_rule", smr_ballot_rule_name(stage->rule));
        smri_json_text(writer, "ballot_incomplete", smri_ballot_incomplete_names[stage->incomplete]);
    }
    write_ties(writer, &stage->ties);
    smri_json_close(writer, '}');
}

void smri_funnel_write_members(smri_writer *writer, const smr_funnel *funnel)
{
    write_names(writer, funnel->data.names);
    write_ties(writer, &funnel->data.ties);
    write_gates(writer, &funnel->data.gates);
    write_eligible(writer, &funnel->data.eligibility);
    smri_json_open(writer, "stages", '[');
    for (uint32_t i = 0; i < funnel->data.stage_count; i++)
        write_stage(writer, &funnel->data.stages[i]);
    smri_json_close(writer, ']');
}

smr_status smr_funnel_write(const smr_funnel *funnel, smr_write_callback write, void *user, smr_error *error)
{
    if (!funnel || !write)
        return smri_fail_argument(error, funnel ? "write" : "funnel", "not NULL");
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    writer.pretty = true;
    smri_json_open(&writer, NULL, '{');
    smri_json_text(&writer, "format", "smartregion-funnel/1");
    smri_funnel_write_members(&writer, funnel);
    smri_json_close(&writer, '}');
    smri_write_text(&writer, "\n");
    return smri_writer_finish(&writer, error);
}
