/* SPDX-License-Identifier: MIT */
#ifndef FAMILY_FIXTURE_H
#define FAMILY_FIXTURE_H

/* A node with children a, b, c, ... and a method for it, as the engine runs it: check, fit on all rows, then either all
 * rows at once or a block of them. */

#include "normaliser_fixture.h"

#include <stdio.h>

#include <smartregion/framework.h>

#define FAMILY_CHILDREN 12
#define FAMILY_ROWS 64

typedef struct family_fixture {
    method_fixture method;
    smr_framework *framework;
    double scores[FAMILY_CHILDREN][FAMILY_ROWS];
    double weights[FAMILY_CHILDREN];
    const char *regions[FAMILY_ROWS], *periods[FAMILY_ROWS]; /* periods[0] NULL: the data have none */
    uint32_t count;
    size_t n;
    double out[FAMILY_ROWS];
    uint8_t statuses[FAMILY_ROWS];
} family_fixture;

static inline void family_make(family_fixture *f, const char *method, uint32_t count)
{
    static const char *const regions[] = {"A", "B", "C", "D", "E", "F", "G", "H"};
    char json[1024] = "{\"id\": \"index\", \"children\": [";
    smr_error error = unit_error();
    memset(f, 0, sizeof *f);
    fixture_make(&f->method, SMRI_STEP_AGGREGATE, method);
    expect(count >= 1 && count <= FAMILY_CHILDREN);
    for (uint32_t c = 0; c < count; c++) {
        const size_t used = strlen(json);
        snprintf(json + used, sizeof json - used, "%s{\"id\": \"%c\"}", c > 0 ? ", " : "", (char)('a' + c));
        f->weights[c] = 1;
    }
    strcat(json, "]}");
    expect_ok(smr_framework_read(unit_context(), json, strlen(json), NULL, &f->framework, &error), &error);
    for (size_t i = 0; i < FAMILY_ROWS; i++) {
        f->regions[i] = regions[i % SMRI_COUNT(regions)];
    }
    f->count = count;
}

static inline void family_free(family_fixture *f)
{
    smr_framework_unref(f->framework);
    fixture_free(&f->method);
}

/* rows[i][c], count children a row. */
static inline void family_rows(family_fixture *f, const double *rows, size_t n)
{
    expect(n <= FAMILY_ROWS);
    f->n = n;
    for (size_t i = 0; i < n; i++) {
        for (uint32_t c = 0; c < f->count; c++) {
            f->scores[c][i] = rows[i * f->count + c];
        }
    }
}

static inline smr_status family_check(const family_fixture *f, smr_error *error)
{
    const smri_method *method = f->method.choice.method;
    return method->check ? method->check(&f->method.choice, f->framework, 0, error) : SMR_OK;
}

/* Fits on the first reference_n rows and scores all; the first thing that fails is the result. */
static inline smr_status family_try(family_fixture *f, size_t reference_n, smr_error *error)
{
    const smri_method *method = f->method.choice.method;
    const double *scores[FAMILY_CHILDREN];
    double scratch[4 * FAMILY_ROWS];
    for (uint32_t c = 0; c < f->count; c++) {
        scores[c] = f->scores[c];
    }
    for (size_t i = 0; i < SMRI_COUNT(scratch); i++) {
        scratch[i] = 12345; /* nothing may rely on what the caller left there */
    }
    for (size_t i = 0; i < FAMILY_ROWS; i++) {
        f->out[i] = NAN;
        f->statuses[i] = SMR_CELL_OK;
    }
    smri_family_rows family = {.context = unit_context(),
                               .framework = f->framework,
                               .node = 0,
                               .scores = scores,
                               .weights = f->weights,
                               .count = f->count,
                               .n = reference_n,
                               .low = NAN,
                               .high = NAN,
                               .regions = f->regions,
                               .periods = f->periods[0] ? f->periods : NULL};
    smri_fitted fitted = {0};
    smr_status status = family_check(f, error);
    if (status == SMR_OK && method->fit_rows) {
        status = method->fit_rows(&f->method.choice, &family, &f->method.arena, &fitted, error);
    }
    family.n = f->n;
    if (status == SMR_OK && method->aggregate_rows) {
        return method->aggregate_rows(&f->method.choice, &family, f->out, f->statuses, error);
    }
    const smri_children children = {.context = unit_context(),
                                    .kernels = smri_context_kernels(unit_context()),
                                    .framework = f->framework,
                                    .node = 0,
                                    .scores = scores,
                                    .weights = f->weights,
                                    .count = f->count,
                                    .n = f->n,
                                    .low = NAN,
                                    .high = NAN,
                                    .scratch = scratch,
                                    .fitted = &fitted};
    if (status == SMR_OK) {
        method->aggregate(&f->method.choice, &children, f->out, f->statuses);
    }
    return status;
}

static inline void family_run(family_fixture *f)
{
    smr_error error = unit_error();
    expect_ok(family_try(f, f->n, &error), &error);
}

static inline void expect_family(family_fixture *f, const double *expected, double tolerance)
{
    family_run(f);
    expect_array(f->out, expected, f->n, tolerance);
    for (size_t i = 0; i < f->n; i++) {
        expect_equal_int(f->statuses[i], SMR_CELL_OK);
    }
}

#endif
