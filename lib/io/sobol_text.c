/* SPDX-License-Identifier: MIT */
/* A sensitivity study as csv and json: output after output, factors in the order of the spec. */
#include "io/io_impl.h"

#include "study/sobol_impl.h"

static const char *const columns[SMR_SOBOL_COLUMNS] = {
    [SMR_SOBOL_FIRST] = "first", [SMR_SOBOL_FIRST_LOW] = "first_lo", [SMR_SOBOL_FIRST_HIGH] = "first_hi",
    [SMR_SOBOL_TOTAL] = "total", [SMR_SOBOL_TOTAL_LOW] = "total_lo", [SMR_SOBOL_TOTAL_HIGH] = "total_hi",
};

static const char *const estimators[] = {[SMR_SOBOL_AZZINI] = "azzini",
                                         [SMR_SOBOL_SALTELLI] = "saltelli",
                                         [SMR_SOBOL_JANSEN] = "jansen",
                                         [SMR_SOBOL_EXACT] = "exact"};

static const double *row_of(const smr_sobol *study, size_t output, uint32_t factor) {
    return study->indices + (output * study->factor_count + factor) * SMR_SOBOL_COLUMNS;
}

smr_status smr_sobol_write_csv(const smr_sobol *study, smr_write_callback write, void *user, smr_error *error) {
    if (study == NULL || write == NULL) {
        return smri_fail_argument(error, study ? "write" : "study", "not NULL");
    }
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    smri_write_text(&writer, "output,factor");
    for (size_t c = 0; c < SMR_SOBOL_COLUMNS; c++) {
        smri_csv_put(&writer, false, columns[c]);
    }
    smri_csv_put_end(&writer);
    for (size_t output = 0; output < study->output_count && !writer.failed; output++) {
        for (uint32_t k = 0; k < study->factor_count; k++) {
            smri_csv_put(&writer, true, study->outputs[output].name);
            smri_csv_put(&writer, false, study->factors[k]);
            for (size_t c = 0; c < SMR_SOBOL_COLUMNS; c++) {
                smri_csv_put_number(&writer, false, row_of(study, output, k)[c]);
            }
            smri_csv_put_end(&writer);
        }
    }
    return smri_writer_finish(&writer, error);
}

static void write_outputs(smri_writer *writer, const smr_sobol *study) {
    smri_json_open(writer, "outputs", '[');
    for (size_t output = 0; output < study->output_count && !writer->failed; output++) {
        const smr_sobol_summary *summary = &study->summaries[output];
        smri_json_open(writer, NULL, '{');
        writer->pretty = false;
        smri_json_text(writer, "output", study->outputs[output].name);
        smri_json_text(writer, "status", smr_sobol_status_name(summary->status));
        smri_json_number(writer, "rows", (double)summary->rows);
        smri_json_number(writer, "rows_left_out", (double)summary->rows_left_out);
        smri_json_number(writer, "mean", summary->mean);
        smri_json_number(writer, "variance", summary->variance);
        smri_json_close(writer, '}');
        writer->pretty = true;
    }
    smri_json_close(writer, ']');
}

static void write_rows(smri_writer *writer, const smr_sobol *study) {
    smri_json_open(writer, "rows", '[');
    for (size_t output = 0; output < study->output_count && !writer->failed; output++) {
        for (uint32_t k = 0; k < study->factor_count; k++) {
            smri_json_open(writer, NULL, '{');
            writer->pretty = false;
            smri_json_text(writer, "output", study->outputs[output].name);
            smri_json_text(writer, "factor", study->factors[k]);
            for (size_t c = 0; c < SMR_SOBOL_COLUMNS; c++) {
                smri_json_number(writer, columns[c], row_of(study, output, k)[c]);
            }
            smri_json_text(writer, "status", smr_sobol_status_name(study->summaries[output].status));
            smri_json_close(writer, '}');
            writer->pretty = true;
        }
    }
    smri_json_close(writer, ']');
}

smr_status smr_sobol_write_json(const smr_sobol *study, smr_write_callback write, void *user, smr_error *error) {
    if (study == NULL || write == NULL) {
        return smri_fail_argument(error, study ? "write" : "study", "not NULL");
    }
    const bool exact = study->estimator == SMR_SOBOL_EXACT;
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    writer.pretty = true;
    smri_json_open(&writer, NULL, '{');
    smri_json_text(&writer, "format", "smartregion-sobol/1");
    smri_json_value(&writer, "plan", study->model->plan.document);
    smri_json_value(&writer, "spec", study->spec);
    smri_json_text(&writer, "period", study->period);
    smri_json_text(&writer, "estimator", estimators[study->estimator]);
    smri_json_number(&writer, "draws", (double)study->draws);
    smri_json_number(&writer, "evaluations", (double)study->evaluations);
    smri_json_number(&writer, "failed", (double)study->failed);
    if (!exact) {
        smri_json_number(&writer, "seed", (double)study->seed);
        smri_json_number(&writer, "resamples", study->resamples);
        smri_json_number(&writer, "confidence", study->confidence);
    }
    write_outputs(&writer, study);
    write_rows(&writer, study);
    smri_json_close(&writer, '}');
    smri_write_text(&writer, "\n");
    return smri_writer_finish(&writer, error);
}
