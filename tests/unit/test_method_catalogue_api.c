/* SPDX-License-Identifier: MIT */
#include "method_fixture.h"

#include <smartregion/plan.h>

/* A struct of a later version: one field more at its end. */
typedef struct longer_method {
    smr_method known;
    uint64_t added;
} longer_method;

static size_t index_of(const char *step, const char *name)
{
    for (size_t i = 0; i < smr_method_count(); i++) {
        smr_method method;
        smr_method_init(&method, sizeof method);
        expect_equal_int(smr_method_get(i, &method, NULL), SMR_OK);
        if (strcmp(method.step, step) == 0 && strcmp(method.name, name) == 0) {
            return i;
        }
    }
    expect(!"a method of this name");
    return 0;
}

TEST(every_row_can_be_read)
{
    expect_equal_uint(smr_method_count(), smri_catalogue_count());
    for (size_t i = 0; i < smr_method_count(); i++) {
        smr_error error = unit_error();
        smr_method method;
        smr_method_init(&method, sizeof method);
        expect_ok(smr_method_get(i, &method, &error), &error);
        const smri_method *row = smri_catalogue_at(i);
        expect_equal_uint(method.size, sizeof method);
        expect_text(method.step, smri_steps[row->step].name);
        expect_text(method.name, row->name);
        expect_text(method.summary, row->summary);
        expect_text(method.formula, row->formula);
        expect_text(method.source, row->source);
        for (uint32_t p = 0; p < method.parameter_count; p++) {
            smr_method_parameter parameter;
            smr_method_parameter_init(&parameter, sizeof parameter);
            expect_ok(smr_method_get_parameter(i, p, &parameter, &error), &error);
            expect_equal_uint(parameter.size, sizeof parameter);
            expect_equal_uint(parameter.reserved, 0);
            expect_text(parameter.name, row->parameters[p].name);
            expect_text(parameter.default_text, row->parameters[p].default_json);
            expect_text(parameter.legal, row->parameters[p].legal);
            expect_text(parameter.summary, row->parameters[p].summary);
        }
        expect(row->parameters[method.parameter_count].name == NULL);
    }
}

TEST(types_have_names)
{
    static const struct {
        const char *step, *method;
        size_t parameter;
        const char *name, *type, *legal;
    } expected[] = {
        {"treat", "winsorise", 0, "low", "number", "0 to 50"},
        {"treat", "winsorise", 2, "type", "integer", "1 to 9"},
        {"normalise", "minmax", 0, "range", "range", "[low, high], low < high"},
        {"normalise", "minmax", 1, "clamp", "boolean", "true | false"},
        {"normalise", "minmax", 2, "constant", "choice", "missing | mid | hi"},
        {"impute", "group_mean", 0, "group", "text", "name of a text column"},
        {"weights", "given", 0, "values", "json", "{id: weight, ...}"},
    };
    for (size_t i = 0; i < SMRI_COUNT(expected); i++) {
        smr_method_parameter parameter;
        smr_method_parameter_init(&parameter, sizeof parameter);
        const size_t index = index_of(expected[i].step, expected[i].method);
        expect_equal_int(smr_method_get_parameter(index, expected[i].parameter, &parameter, NULL), SMR_OK);
        expect_text(parameter.name, expected[i].name);
        expect_text(parameter.type, expected[i].type);
        expect_text(parameter.legal, expected[i].legal);
    }
}

TEST(wrong_calls)
{
    smr_error error = unit_error();
    smr_method method;
    smr_method_parameter parameter;
    smr_method_init(&method, sizeof method);
    smr_method_parameter_init(&parameter, sizeof parameter);
    expect_fails(smr_method_get(smr_method_count(), &method, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect_fails(smr_method_get(SIZE_MAX, &method, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect_fails(smr_method_get(0, NULL, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect_fails(smr_method_get_parameter(smr_method_count(), 0, &parameter, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    const size_t geometric = index_of("aggregate", "geometric");
    expect_equal_int(smr_method_get_parameter(geometric, 1, &parameter, NULL), SMR_OK);
    expect_fails(smr_method_get_parameter(geometric, 2, &parameter, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect_fails(smr_method_get_parameter(geometric, 0, NULL, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    memset(&method, 0, sizeof method); /* never initialised */
    expect_fails(smr_method_get(0, &method, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect(method.name == NULL);
}

TEST(structs_of_other_versions)
{
    smr_error error = unit_error();
    longer_method later;
    smr_method_init(&later.known, sizeof later);
    expect_equal_uint(later.known.size, sizeof later);
    expect_ok(smr_method_get(0, &later.known, &error), &error);
    expect_equal_uint(later.known.size, sizeof later);
    expect_equal_uint(later.added, 0);
    expect_text(later.known.name, smri_catalogue_at(0)->name);
    later.added = 1;
    expect_fails(smr_method_get(0, &later.known, &error), &error, SMR_MESSAGE_UNKNOWN_OPTION_BYTES);

    /* a caller that knows the fields up to `name` */
    smr_method earlier;
    const size_t known = offsetof(smr_method, summary);
    memset(&earlier, 0x5a, sizeof earlier);
    smr_method_init(&earlier, known);
    smr_method untouched;
    memset(&untouched, 0x5a, sizeof untouched);
    expect_ok(smr_method_get(0, &earlier, &error), &error);
    expect_text(earlier.name, smri_catalogue_at(0)->name);
    expect_bytes((const char *)&earlier + known, (const char *)&untouched + known, sizeof earlier - known);
}

TEST(what_is_supported)
{
    static const struct {
        const char *what, *value;
        int32_t supported;
    } cases[] = {
        {"aggregate", "geometric", 1}, {"aggregate", "minmax", 0},   {"impute", "group_mean", 1},
        {"treat", "winsorise", 1},     {"normalise", "zscore", 1},   {"normalise", "z-score", 0},
        {"weights", "equal_leaf", 1},  {"rank", "competition", 0},   {"transform", "logit", 1},
        {"transform", "log10", 0},     {"kind", "share", 1},         {"kind", "percent", 0},
        {"direction", "target", 1},    {"direction", "unset", 0},    {"ties", "average", 1},
        {"ties", "random", 0},         {"kernel", "baseline", 1},    {"kernel", "abacus", 0},
        {"framework", "icf-2026", 1},  {"framework", "icf", 1},      {"framework", "nothing", 0},  {"preset", "hdi", 1},
        {"preset", "nothing", 0},      {"weather", "fine", 0},       {"", "", 0},
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        if (smr_supports(cases[i].what, cases[i].value) != cases[i].supported) {
            ck_abort_msg("%s %s, expected %d", cases[i].what, cases[i].value, (int)cases[i].supported);
        }
    }
    expect_equal_int(smr_supports(NULL, "minmax"), 0);
    expect_equal_int(smr_supports("normalise", NULL), 0);
    for (size_t i = 0; i < smr_method_count(); i++) {
        expect_equal_int(smr_supports(smri_steps[smri_catalogue_at(i)->step].name, smri_catalogue_at(i)->name), 1);
    }
    for (size_t i = 0; smr_plan_preset_name(i) != NULL; i++) {
        expect_equal_int(smr_supports("preset", smr_plan_preset_name(i)), 1);
    }
}

TEST(cell_statuses_have_names)
{
    expect_text(smr_cell_status_name(SMR_CELL_OK), "ok");
    expect_text(smr_cell_status_name(SMR_CELL_MISSING), "missing");
    expect_text(smr_cell_status_name(SMR_CELL_IMPUTED), "imputed");
    expect_text(smr_cell_status_name(SMR_CELL_CONSTANT), "constant");
    expect_text(smr_cell_status_name(SMR_CELL_BAD_DENOMINATOR), "bad_denominator");
    expect_text(smr_cell_status_name(SMR_CELL_OUT_OF_DOMAIN), "out_of_domain");
    expect_text(smr_cell_status_name(SMR_CELL_LOW_COVERAGE), "low_coverage");
    expect_text(smr_cell_status_name(SMR_CELL_NOT_COMPUTED), "not_computed");
    expect_text(smr_cell_status_name(SMR_CELL_NOT_COMPUTED + 1), "unknown");
    expect_text(smr_cell_status_name(-1), "unknown");
}

static const unit_test tests[] = {
    UNIT(every_row_can_be_read),
    UNIT(types_have_names),
    UNIT(wrong_calls),
    UNIT(structs_of_other_versions),
    UNIT(what_is_supported),
    UNIT(cell_statuses_have_names),
};
UNIT_SUITE(method_catalogue_api, tests)
