/* SPDX-License-Identifier: MIT */
#ifndef CSV_FIXTURE_H
#define CSV_FIXTURE_H

/* Reading CSV texts in tests: from memory, in pieces of any size, with every report kept. */

#include <string.h>

#include "io/io_impl.h"

#include "unit.h"

typedef struct csv_text {
    const char *text;
    size_t length;
    size_t piece;   /* bytes a call gives at most; 0: as many as are wanted */
    size_t fail_at; /* the call fails beyond this offset; 0: never */
    size_t used;
} csv_text;

static inline int64_t csv_text_read(void *buffer, size_t size, void *user) {
    csv_text *source = user;
    size_t count = SMRI_MIN(size, source->length - source->used);
    count = source->piece != 0 ? SMRI_MIN(count, source->piece) : count;
    if (source->fail_at != 0 && source->used + count >= source->fail_at) {
        return -1;
    }
    memcpy(buffer, source->text + source->used, count);
    source->used += count;
    return (int64_t)count;
}

enum { CSV_REPORTS = 64 };

typedef struct csv_reports {
    size_t count;
    smr_error records[CSV_REPORTS];
} csv_reports;

static inline void csv_reports_take(const smr_error *record, void *user) {
    csv_reports *reports = user;
    if (reports->count < CSV_REPORTS) {
        reports->records[reports->count] = *record;
    }
    reports->count++;
}

/* A context that keeps its reports. */
static inline smr_context *csv_context(csv_reports *reports) {
    smr_context_options options;
    smr_context *context;
    smr_error error = unit_error();
    smr_context_options_init(&options, sizeof options);
    options.report = csv_reports_take;
    options.report_user = reports;
    reports->count = 0;
    expect_ok(smr_context_new(&options, &context, &error), &error);
    return context;
}

static inline smr_status csv_read(smr_context *context, const char *text, size_t piece, const smr_csv_options *options,
                                  smr_dataset **dataset, smr_error *error) {
    csv_text source = {.text = text, .length = strlen(text), .piece = piece};
    return smr_dataset_read_csv(context, csv_text_read, &source, options, dataset, error);
}

/* The text reads without error. */
static inline smr_dataset *csv_dataset(const char *text, const smr_csv_options *options) {
    smr_dataset *dataset;
    smr_error error = unit_error();
    expect_ok(csv_read(unit_context(), text, 0, options, &dataset, &error), &error);
    return dataset;
}

/* The text is refused with this code; the record of the first error. */
static inline smr_error csv_refused(const char *text, const smr_csv_options *options, int32_t code) {
    smr_dataset *dataset = (smr_dataset *)(uintptr_t)1;
    smr_error error = unit_error();
    expect_fails(csv_read(unit_context(), text, 0, options, &dataset, &error), &error, code);
    expect(dataset == NULL);
    return error;
}

static inline double csv_value(const smr_dataset *dataset, const char *column, size_t row) {
    const double *values = smr_dataset_values(dataset, (size_t)smr_dataset_find_column(dataset, column));
    expect(values != NULL);
    return values[row];
}

static inline const char *csv_label(const smr_dataset *dataset, const char *column, size_t row) {
    return smr_dataset_text(dataset, (size_t)smr_dataset_find_column(dataset, column), row);
}

/* An index of: internet_use (share), unemployment (number), top_universities (count per population), online (binary). */
static inline smr_framework *small_framework(smr_context *context) {
    static const struct {
        const char *id, *denominator;
        int32_t kind;
    } indicators[] = {{"internet_use", NULL, SMR_KIND_SHARE},
                      {"unemployment", NULL, SMR_KIND_NUMBER},
                      {"top_universities", "inhabitants", SMR_KIND_COUNT},
                      {"online", NULL, SMR_KIND_BINARY}};
    smr_framework_builder *builder = NULL;
    smr_framework *framework = NULL;
    smr_status status = smr_framework_builder_new(context, "index", NULL, &builder, NULL);
    for (size_t i = 0; status == SMR_OK && i < SMRI_COUNT(indicators); i++) {
        smr_indicator_options options;
        smr_indicator_options_init(&options, sizeof options);
        options.kind = indicators[i].kind;
        options.denominator = indicators[i].denominator;
        status = smr_framework_builder_add_indicator(builder, "index", indicators[i].id, &options, NULL);
    }
    if (status == SMR_OK) {
        status = smr_framework_builder_build(builder, &framework, NULL);
    }
    smr_framework_builder_free(builder);
    return framework;
}

static inline smr_csv_options options_with(const smr_framework *framework) {
    smr_csv_options options;
    smr_csv_options_init(&options, sizeof options);
    options.framework = framework;
    options.source_name = "data.csv";
    return options;
}

#endif
