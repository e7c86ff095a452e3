/* SPDX-License-Identifier: MIT */
/* CSV out: fields quoted only where they must be, and a dataset as a wide table. */
#include "io/io_impl.h"

void smri_csv_put(smri_writer *writer, bool first, const char *text) {
    if (!first) {
        smri_write_bytes(writer, ",", 1);
    }
    if (text == NULL) {
        return;
    }
    if (strpbrk(text, ",\"\r\n") == NULL) {
        smri_write_text(writer, text);
        return;
    }
    smri_write_bytes(writer, "\"", 1);
    for (const char *quote; (quote = strchr(text, '"')) != NULL; text = quote + 1) {
        smri_write_bytes(writer, text, (size_t)(quote - text));
        smri_write_bytes(writer, "\"\"", 2);
    }
    smri_write_text(writer, text);
    smri_write_bytes(writer, "\"", 1);
}

void smri_csv_put_number(smri_writer *writer, bool first, double value) {
    if (!first) {
        smri_write_bytes(writer, ",", 1);
    }
    smri_write_number(writer, value);
}

void smri_csv_put_end(smri_writer *writer) {
    smri_write_bytes(writer, "\n", 1);
}

static void write_header(smri_writer *writer, const smr_dataset *dataset, const char *const *ids, size_t count) {
    smri_csv_put(writer, true, "region");
    if (dataset->period_count > 0) {
        smri_csv_put(writer, false, "period");
    }
    for (size_t i = 0; i < count; i++) {
        smri_csv_put(writer, false, ids != NULL ? ids[i] : dataset->columns[i].id);
    }
    smri_csv_put_end(writer);
}

static void write_cell(smri_writer *writer, const smri_column *column, size_t row) {
    if (column != NULL && column->values != NULL) {
        smri_csv_put_number(writer, false, column->values[row]);
    } else {
        bool there = column != NULL && column->codes[row] != SMRI_NONE;
        smri_csv_put(writer, false, there ? column->labels[column->codes[row]] : NULL);
    }
}

static void write_rows(smri_writer *writer, const smr_dataset *dataset, const smri_column *const *columns,
                       size_t count) {
    for (size_t row = 0; row < dataset->row_count && !writer->failed; row++) {
        smri_csv_put(writer, true, smr_dataset_region(dataset, row));
        if (dataset->period_count > 0) {
            smri_csv_put(writer, false, smr_dataset_period(dataset, row));
        }
        for (size_t i = 0; i < count; i++) {
            write_cell(writer, columns[i], row);
        }
        smri_csv_put_end(writer);
    }
}

smr_status smr_dataset_write_csv(const smr_dataset *dataset, const char *const *ids, size_t count,
                                 smr_write_callback write, void *user, smr_error *error) {
    if (dataset == NULL || write == NULL) {
        return smri_fail_argument(error, dataset == NULL ? "dataset" : "write", "must not be NULL");
    }
    if (ids == NULL && count > 0) {
        return smri_fail_argument(error, "ids", "must not be NULL when count is not 0");
    }
    for (size_t i = 0; i < count; i++) {
        if (ids[i] == NULL) {
            return smri_fail_argument(error, "ids", "must not hold NULL");
        }
    }
    count = ids == NULL ? dataset->column_count : count;
    const smr_context *context = smri_context(dataset->context);
    const smri_column **columns = smri_alloc(context, SMRI_MAX(count, 1), sizeof *columns);
    smri_writer *writer = smri_alloc(context, 1, sizeof *writer);
    smr_status status = SMR_OK;
    if (columns == NULL || writer == NULL) {
        status = smri_fail_memory(error);
    } else {
        for (size_t i = 0; i < count; i++) {
            columns[i] = ids == NULL ? &dataset->columns[i] : smri_dataset_column(dataset, ids[i]);
        }
        smri_writer_init(writer, write, user);
        write_header(writer, dataset, ids, count);
        write_rows(writer, dataset, columns, count);
        status = smri_writer_finish(writer, error);
    }
    smri_free(context, columns);
    smri_free(context, writer);
    return status;
}
