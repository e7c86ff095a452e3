/* SPDX-License-Identifier: MIT */
#ifndef DOUBT_FIXTURE_H
#define DOUBT_FIXTURE_H

/* Method `bod` on one family: a node "index" with children a, b, c, ... and regions R0, R1, ... Another node, "other",
 * has the children x and y. */

#include "method_fixture.h"

#include <math.h>
#include <stdio.h>

#include "io/io_impl.h"

enum { DOUBT_CHILDREN = 10, DOUBT_REGIONS = 80 };

typedef struct doubt {
    method_fixture method;
    smr_framework *framework;
    const smr_context *context;
    uint32_t count;
    size_t n;
    double scores[DOUBT_CHILDREN][DOUBT_REGIONS];
    char ids[DOUBT_REGIONS][8];
    /* after doubt_run() */
    double out[DOUBT_REGIONS], weights[DOUBT_REGIONS * DOUBT_CHILDREN];
    uint8_t statuses[DOUBT_REGIONS];
} doubt;

static inline void doubt_make(doubt *d, uint32_t count)
{
    memset(d, 0, sizeof *d);
    fixture_make(&d->method, SMRI_STEP_WEIGHTS, "bod");
    d->context = unit_context();
    d->count = count;
    smr_framework_builder *builder;
    smr_error error = unit_error();
    smr_indicator_options leaf;
    smr_node_options inner;
    smr_indicator_options_init(&leaf, sizeof leaf);
    smr_node_options_init(&inner, sizeof inner);
    expect_ok(smr_framework_builder_new(unit_context(), "root", NULL, &builder, &error), &error);
    expect_ok(smr_framework_builder_add_node(builder, "root", "index", &inner, &error), &error);
    for (uint32_t j = 0; j < count; j++) {
        const char id[2] = {(char)('a' + j), '\0'};
        expect_ok(smr_framework_builder_add_indicator(builder, "index", id, &leaf, &error), &error);
    }
    expect_ok(smr_framework_builder_add_node(builder, "root", "other", &inner, &error), &error);
    expect_ok(smr_framework_builder_add_indicator(builder, "other", "x", &leaf, &error), &error);
    expect_ok(smr_framework_builder_add_indicator(builder, "other", "y", &leaf, &error), &error);
    expect_ok(smr_framework_builder_build(builder, &d->framework, &error), &error);
    smr_framework_builder_free(builder);
    for (size_t i = 0; i < DOUBT_REGIONS; i++) {
        snprintf(d->ids[i], sizeof d->ids[i], "R%u", (unsigned)(i % 1000));
    }
}

static inline void doubt_free(doubt *d)
{
    smr_framework_unref(d->framework);
    fixture_free(&d->method);
}

/* rows: region after region. */
static inline void doubt_rows(doubt *d, const double *rows, size_t n)
{
    d->n = n;
    for (size_t i = 0; i < n; i++) {
        for (uint32_t j = 0; j < d->count; j++) {
            d->scores[j][i] = rows[i * d->count + j];
        }
    }
}

/* An option in JSON with ' for ". */
static inline void doubt_json(doubt *d, const char *name, const char *text)
{
    char json[256];
    const size_t length = strlen(text);
    expect(length < sizeof json);
    for (size_t i = 0; i <= length; i++) {
        json[i] = text[i] == '\'' ? '"' : text[i];
    }
    const smri_value *value;
    smr_error error = unit_error();
    expect_ok(smri_json_read(unit_context(), &d->method.arena, json, length, NULL, &value, &error), &error);
    *fixture_setting(&d->method, name) = (smri_setting){.given = true, .value = value};
}

static inline void doubt_shares(doubt *d, const char *of, double low, double high)
{
    fixture_choice(&d->method, "shares", of);
    fixture_number(&d->method, "low", low);
    fixture_number(&d->method, "high", high);
}

typedef struct doubt_family {
    smri_family_rows rows;
    const double *scores[DOUBT_CHILDREN];
    const char *regions[DOUBT_REGIONS];
} doubt_family;

static inline void doubt_prepare(const doubt *d, doubt_family *family)
{
    for (uint32_t j = 0; j < d->count; j++) {
        family->scores[j] = d->scores[j];
    }
    for (size_t i = 0; i < d->n; i++) {
        family->regions[i] = d->ids[i];
    }
    family->rows = (smri_family_rows){.context = d->context,
                                      .framework = d->framework,
                                      .node = (uint32_t)smr_framework_find(d->framework, "index"),
                                      .scores = family->scores,
                                      .count = d->count,
                                      .n = d->n,
                                      .low = NAN,
                                      .high = NAN,
                                      .regions = family->regions};
}

static inline smr_status doubt_try(doubt *d, smr_error *error)
{
    doubt_family family;
    doubt_prepare(d, &family);
    *error = unit_error();
    const smr_status status = d->method.choice.method->check(&d->method.choice, d->framework, family.rows.node, error);
    return status != SMR_OK ? status
                            : d->method.choice.method->score_rows(&d->method.choice, &family.rows, d->out, d->statuses,
                                                                  d->weights, error);
}

static inline void doubt_run(doubt *d)
{
    smr_error error = unit_error();
    expect_ok(doubt_try(d, &error), &error);
}

static inline double doubt_weighted(const doubt *d, size_t of, size_t region)
{
    double sum = 0;
    for (uint32_t j = 0; j < d->count; j++) {
        sum += d->weights[of * d->count + j] * d->scores[j][region];
    }
    return sum;
}

#endif
