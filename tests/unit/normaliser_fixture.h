/* SPDX-License-Identifier: MIT */
#ifndef NORMALISER_FIXTURE_H
#define NORMALISER_FIXTURE_H

/* A normaliser on one column, as the engine runs it: the sign is changed before fit and formula unless the method knows
 * the direction, and the column is its own reference. */

#include "method_fixture.h"

#include <math.h>

#include "io/io_impl.h"

#define COLUMN 64

typedef struct normaliser {
    method_fixture method;
    smri_scale scale;
    double region;                  /* value of the region that the option "reference" names */
    uint8_t statuses[COLUMN];
    double y[COLUMN];
} normaliser;

static inline void normaliser_make(normaliser *n, const char *name, int32_t direction)
{
    *n = (normaliser){.region = NAN};
    fixture_make(&n->method, SMRI_STEP_NORMALISE, name);
    n->scale = (smri_scale){.direction = direction,
                            .transform = SMR_TRANSFORM_NONE,
                            .worst = NAN,
                            .best = NAN,
                            .optimum = NAN,
                            .target = NAN};
}

static inline void normaliser_free(normaliser *n)
{
    fixture_free(&n->method);
}

/* An option that is a list or an object. */
static inline void fixture_json(method_fixture *fixture, const char *name, const char *json)
{
    const smri_value *value = NULL;
    smr_error error = unit_error();
    expect_ok(smri_json_read(unit_context(), &fixture->arena, json, strlen(json), NULL, &value, &error), &error);
    *fixture_setting(fixture, name) = (smri_setting){.given = true, .value = value};
}

static inline double normaliser_sees(const normaliser *n, double x)
{
    if (n->method.choice.method->flags & SMRI_METHOD_OWN_DIRECTION) {
        return x;
    }
    switch (n->scale.direction) {
    case SMR_DIRECTION_LOWER:
        return 0.0 - x;
    case SMR_DIRECTION_TARGET:
        return 0.0 - fabs(x - n->scale.optimum);
    default:
        return x;
    }
}

/* Scores of x, of which the first reference_n are the reference, into n->y. */
static inline void normaliser_run(normaliser *n, const double *x, size_t reference_n, size_t count)
{
    const smri_method *method = n->method.choice.method;
    const smri_choice *choice = &n->method.choice;
    double seen[COLUMN];
    expect(count <= COLUMN);
    for (size_t i = 0; i < count; i++) {
        seen[i] = normaliser_sees(n, x[i]);
    }
    smri_sample sample = {.x = seen, .n = reference_n, .reference = normaliser_sees(n, n->region)};
    smri_fitted fitted = {0};
    smri_affine map;
    expect(smri_summary_make(unit_context(), seen, reference_n, 1, method->needs, NULL, &sample.summary));
    expect(method->fit == NULL || method->fit(choice, &sample, &n->scale, &n->method.arena, &fitted));
    smri_summary_free(unit_context(), &sample.summary);
    memset(n->statuses, SMR_CELL_OK, sizeof n->statuses);
    if (method->affine != NULL && method->affine(choice, &fitted, &n->scale, &map)) {
        smri_context_kernels(unit_context())->affine(seen, count, &map, n->y);
    } else if (method->normalise != NULL) {
        method->normalise(choice, &fitted, &n->scale, seen, n->y, n->statuses, count);
    } else {
        for (size_t i = 0; i < count; i++) {
            n->y[i] = seen[i] == seen[i] ? smri_normalise_constant(choice) : NAN;
            n->statuses[i] = seen[i] == seen[i] ? SMR_CELL_CONSTANT : SMR_CELL_OK;
        }
    }
}

/* Every x is in the reference, and every observed cell is ok. */
static inline void expect_normalised(normaliser *n, const double *x, size_t count, const double *expected)
{
    normaliser_run(n, x, count, count);
    expect_array(n->y, expected, count, 1e-12);
    for (size_t i = 0; i < count; i++) {
        expect_equal_int(n->statuses[i], SMR_CELL_OK);
    }
}

/* Every observed cell has this value and status. */
static inline void expect_all(normaliser *n, const double *x, size_t count, double value, int32_t status)
{
    normaliser_run(n, x, count, count);
    for (size_t i = 0; i < count; i++) {
        const bool observed = x[i] == x[i];
        expect_equal_int(n->statuses[i], observed ? status : SMR_CELL_OK);
        expect_array(&n->y[i], observed ? &value : &x[i], 1, 0);
    }
}

#endif
