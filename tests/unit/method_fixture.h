/* SPDX-License-Identifier: MIT */
#ifndef METHOD_FIXTURE_H
#define METHOD_FIXTURE_H

/* A method with its options, as a plan would have chosen it: the defaults of the catalogue, then what a test sets. */

#include "unit.h"

#include <math.h>
#include <string.h>

#include "method/method_impl.h"

#define FIXTURE_SETTINGS 8

typedef struct method_fixture {
    smri_choice choice;
    smri_setting settings[FIXTURE_SETTINGS];
    smri_arena arena;
} method_fixture;

static inline smri_setting *fixture_setting(method_fixture *fixture, const char *name)
{
    const int index = smri_parameter_find(fixture->choice.method->parameters, name);
    expect(index >= 0 && index < FIXTURE_SETTINGS);
    return &fixture->settings[index];
}

static inline void fixture_number(method_fixture *fixture, const char *name, double number)
{
    *fixture_setting(fixture, name) = (smri_setting){.given = true, .number = number};
}

static inline void fixture_choice(method_fixture *fixture, const char *name, const char *text)
{
    smri_setting *setting = fixture_setting(fixture, name);
    const char *choices = fixture->choice.method->parameters[setting - fixture->settings].choices;
    const int place = smri_choice_find(choices, text);
    expect(place >= 0);
    *setting = (smri_setting){.given = true, .number = place, .text = text};
}

static inline void fixture_range(method_fixture *fixture, double low, double high)
{
    *fixture_setting(fixture, "range") = (smri_setting){.given = true, .number = low, .second = high};
}

static inline void fixture_default(method_fixture *fixture, const smri_parameter *parameter)
{
    const char *text = parameter->default_json;
    const size_t length = strlen(text);
    smri_setting setting = {.given = strcmp(text, "null") != 0};
    if (parameter->type == SMRI_PARAMETER_BOOLEAN) {
        setting.number = strcmp(text, "true") == 0;
    } else if (text[0] == '"') {
        setting.text = smri_arena_text(&fixture->arena, text + 1, length - 2);
        if (parameter->type == SMRI_PARAMETER_CHOICE) {
            setting.number = smri_choice_find(parameter->choices, setting.text);
        }
    } else if (text[0] == '[') {
        smri_number_prefix(text + 1, length - 1, &setting.number);
        const char *second = strchr(text, ',') + 2;
        smri_number_prefix(second, strlen(second), &setting.second);
    } else if (setting.given) {
        smri_number_prefix(text, length, &setting.number);
    }
    fixture->settings[parameter - fixture->choice.method->parameters] = setting;
}

static inline void fixture_make(method_fixture *fixture, smri_step step, const char *name)
{
    memset(fixture, 0, sizeof *fixture);
    smri_arena_init(&fixture->arena, unit_context());
    fixture->choice.method = smri_method_find(step, name);
    fixture->choice.settings = fixture->settings;
    expect(fixture->choice.method != NULL);
    const smri_parameter *parameters = fixture->choice.method->parameters;
    expect(smri_parameter_count(parameters) <= FIXTURE_SETTINGS);
    for (size_t i = 0; parameters[i].name != NULL; i++) {
        fixture_default(fixture, &parameters[i]);
    }
}

static inline void fixture_free(method_fixture *fixture)
{
    smri_arena_free(&fixture->arena);
}

/* What the method decides from a reference; `groups` may be NULL. The numbers live in the fixture's arena. */
static inline smri_fitted fixture_fit(method_fixture *fixture, const double *x, size_t n, const uint32_t *groups,
                                      uint32_t group_count)
{
    const smri_method *method = fixture->choice.method;
    static const smri_scale higher = {
        .direction = SMR_DIRECTION_HIGHER, .worst = NAN, .best = NAN, .optimum = NAN, .target = NAN};
    smri_sample sample = {.x = x, .n = n, .groups = groups, .group_count = group_count, .reference = NAN};
    smri_fitted fitted = {0};
    expect(smri_summary_make(unit_context(), x, n, 1, method->needs, NULL, &sample.summary));
    if (method->fit != NULL) {
        expect(method->fit(&fixture->choice, &sample, &higher, &fixture->arena, &fitted));
    }
    smri_summary_free(unit_context(), &sample.summary);
    return fitted;
}

/* Fits on x and changes x, all statuses 0 before. */
static inline void fixture_change(method_fixture *fixture, const uint32_t *groups, uint32_t group_count, double *x,
                                  uint8_t *statuses, size_t n)
{
    const smri_fitted fitted = fixture_fit(fixture, x, n, groups, group_count);
    memset(statuses, 0, n);
    fixture->choice.method->change(&fixture->choice, &fitted, groups, x, statuses, n);
}

static inline void expect_array(const double *found, const double *expected, size_t n, double tolerance)
{
    for (size_t i = 0; i < n; i++) {
        if (expected[i] != expected[i]) {
            expect_same_bits(found[i], unit_double(UINT64_C(0x7ff8000000000000)));
        } else {
            expect_near(found[i], expected[i], tolerance);
            expect(unit_bits(found[i]) != UINT64_C(0x8000000000000000)); /* -0 never leaves */
        }
    }
}

#endif
