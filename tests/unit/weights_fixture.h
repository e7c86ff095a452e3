/* SPDX-License-Identifier: MIT */
#ifndef WEIGHTS_FIXTURE_H
#define WEIGHTS_FIXTURE_H

/* One family "index" with children "a", "b", ... and a context that keeps what is reported. */

#include "method_fixture.h"

#include "io/io_impl.h"

#define FAMILY_MOST 12

typedef struct family_fixture {
    method_fixture method;
    smr_context *context;
    smr_framework *framework;
    smri_family_rows rows;
    const char *regions[400];
    smr_error reported[20];
    size_t report_count;
} family_fixture;

static inline void family_report(const smr_error *record, void *user)
{
    family_fixture *fixture = user;
    expect(fixture->report_count < 20);
    fixture->reported[fixture->report_count++] = *record;
}

static inline void family_make(family_fixture *fixture, const char *method, uint32_t count)
{
    smr_error error = unit_error();
    smr_context_options options;
    smr_framework_builder *builder;
    memset(fixture, 0, sizeof *fixture);
    fixture_make(&fixture->method, SMRI_STEP_WEIGHTS, method);
    smr_context_options_init(&options, sizeof options);
    options.report = family_report;
    options.report_user = fixture;
    expect_ok(smr_context_new(&options, &fixture->context, &error), &error);
    expect_ok(smr_framework_builder_new(fixture->context, "index", NULL, &builder, &error), &error);
    for (uint32_t i = 0; i < count; i++) {
        const char id[] = {(char)('a' + i), '\0'};
        expect_ok(smr_framework_builder_add_indicator(builder, "index", id, NULL, &error), &error);
    }
    expect_ok(smr_framework_builder_build(builder, &fixture->framework, &error), &error);
    smr_framework_builder_free(builder);
    for (size_t i = 0; i < SMRI_COUNT(fixture->regions); i++) {
        fixture->regions[i] = i == 1 ? "second" : "other";
    }
    fixture->rows = (smri_family_rows){.context = fixture->context,
                                       .framework = fixture->framework,
                                       .count = count,
                                       .low = NAN,
                                       .high = NAN,
                                       .regions = fixture->regions};
}

static inline void family_free(family_fixture *fixture)
{
    fixture_free(&fixture->method);
    smr_framework_unref(fixture->framework);
    smr_context_unref(fixture->context);
}

/* An option that is JSON, with double quotes written as '. */
static inline void family_json(family_fixture *fixture, const char *name, const char *text)
{
    char *quoted = smri_arena_text(&fixture->method.arena, text, strlen(text));
    smr_error error = unit_error();
    for (char *c = quoted; *c != '\0'; c++) {
        *c = *c == '\'' ? '"' : *c;
    }
    smri_setting *setting = fixture_setting(&fixture->method, name);
    *setting = (smri_setting){.given = true};
    expect_ok(smri_json_read(smri_context(fixture->context), &fixture->method.arena, quoted, strlen(quoted), NULL,
                             &setting->value, &error),
              &error);
}

static inline smr_status family_weigh(family_fixture *fixture, const double *const *scores, size_t n, double *weights,
                                      smr_error *error)
{
    const smri_choice *choice = &fixture->method.choice;
    fixture->rows.scores = scores;
    fixture->rows.n = n;
    fixture->report_count = 0;
    return choice->method->weigh_rows != NULL
               ? choice->method->weigh_rows(choice, &fixture->rows, weights, error)
               : choice->method->weigh(choice, fixture->framework, 0, weights, error);
}

static inline void divide_by_sum(double *weights, uint32_t count)
{
    double sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        sum += weights[i];
    }
    for (uint32_t i = 0; i < count; i++) {
        weights[i] /= sum;
    }
}

/* The weights divided by their sum are these; nothing is reported. */
static inline void expect_weights(family_fixture *fixture, const double *const *scores, size_t n,
                                  const double *expected, double tolerance)
{
    double weights[FAMILY_MOST], known[FAMILY_MOST];
    smr_error error = unit_error();
    const uint32_t count = fixture->rows.count;
    expect_ok(family_weigh(fixture, scores, n, weights, &error), &error);
    expect_equal_uint(fixture->report_count, 0);
    memcpy(known, expected, count * sizeof *known);
    divide_by_sum(weights, count);
    divide_by_sum(known, count);
    expect_array(weights, known, count, tolerance);
}

#endif
