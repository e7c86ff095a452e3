/* SPDX-License-Identifier: MIT */
/* One value of a plan against the parameter it is meant for. */

#include "engine/engine_impl.h"

static smri_value *range_value(smri_arena *arena, double low, double high)
{
    smri_value *range = smri_value_new(arena, SMRI_ARRAY);
    if (!range || !smri_value_append(arena, range, NULL, smri_value_number(arena, low)) ||
        !smri_value_append(arena, range, NULL, smri_value_number(arena, high)))
        return NULL;
    return range;
}

/* Defaults are written in the catalogue as JSON of the simplest kinds. */
smri_value *smri_parameter_default(const smri_parameter *parameter, smri_arena *arena)
{
    const char *text = parameter->default_json;
    const size_t length = strlen(text);
    double number = 0;
    if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
        return smri_value_bool(arena, text[0] == 't');
    if (text[0] == '"')
        return smri_value_text(arena, text + 1, length - 2);
    if (text[0] == '[') {
        const char *comma = strchr(text, ',');
        double high = 0;
        if (comma) {
            comma += 1;
            while (*comma == ' ')
                comma++;
            smri_number_prefix(text + 1, length - 1, &number);
            smri_number_prefix(comma, strlen(comma), &high);
            return range_value(arena, number, high);
        }
    }
    if (smri_number_prefix(text, length, &number) == length && length > 0)
        return smri_value_number(arena, number);
    return smri_value_new(arena, SMRI_NULL);
}

static void append(char out[SMRI_PLAN_TEXT], const char *text)
{
    size_t used = strlen(out);
    smri_text_cut(out + used, SMRI_PLAN_TEXT - used, text);
}

static void append_number(char out[SMRI_PLAN_TEXT], double number)
{
    char text[SMRI_NUMBER_SIZE];
    smri_number_write(text, number);
    append(out, text);
}

static void describe(const smri_value *value, char out[SMRI_PLAN_TEXT])
{
    static const char *const names[] = {"null", "a truth value", "a number", "a text", "a list", "an object"};
    out[0] = '\0';
    if (value->type == SMRI_NUMBER)
        append_number(out, value->number);
    else if (value->type == SMRI_BOOL)
        append(out, value->number != 0 ? "true" : "false");
    else if (value->type == SMRI_TEXT) {
        append(out, "\"");
        append(out, value->text);
        append(out, "\"");
    } else
        append(out, names[value->type]);
}

static bool in_range(const smri_parameter *parameter, double number)
{
    return isfinite(number) &&
           (parameter->least == parameter->greatest || (number >= parameter->least && number <= parameter->greatest));
}

static void expect_number(const smri_parameter *parameter, const char *kind, char out[SMRI_PLAN_TEXT])
{
    out[0] = '\0';
    append(out, kind);
    if (parameter->least == parameter->greatest)
        return;
    append(out, " from ");
    append_number(out, parameter->least);
    append(out, " to ");
    append_number(out, parameter->greatest);
}

bool smri_setting_read(const smri_parameter *parameter, const smri_value *value, smri_setting *setting,
                       char found[SMRI_PLAN_TEXT], char expected[SMRI_PLAN_TEXT])
{
    *setting = (smri_setting){.value = value, .given = value->type != SMRI_NULL};
    if (!setting->given)
        return true;
    describe(value, found);
    expected[0] = '\0';
    switch (parameter->type) {
    case SMRI_PARAMETER_NUMBER:
        setting->number = value->number;
        expect_number(parameter, "a number", expected);
        return value->type == SMRI_NUMBER && in_range(parameter, value->number);
    case SMRI_PARAMETER_INTEGER:
        setting->number = value->number;
        expect_number(parameter, "a whole number", expected);
        return value->type == SMRI_NUMBER && in_range(parameter, value->number) &&
               fabs(value->number) < 9e15 && (double)(int64_t)value->number == value->number;
    case SMRI_PARAMETER_BOOLEAN:
        setting->number = value->number;
        append(expected, "true or false");
        return value->type == SMRI_BOOL;
    case SMRI_PARAMETER_CHOICE: {
        append(expected, "one of ");
        append(expected, parameter->choices);
        if (parameter->least < parameter->greatest) {
            char whole[SMRI_PLAN_TEXT];
            expect_number(parameter, " or a whole number", whole);
            append(expected, whole);
            setting->number = value->number;
            if (value->type == SMRI_NUMBER)
                return in_range(parameter, value->number) && (double)(int64_t)value->number == value->number;
        }
        int place = value->type == SMRI_TEXT ? smri_choice_find(parameter->choices, value->text) : -1;
        setting->number = place;
        setting->text = value->text;
        return place >= 0;
    }
    case SMRI_PARAMETER_TEXT:
        setting->text = value->text;
        append(expected, "a text");
        return value->type == SMRI_TEXT && value->text[0] != '\0';
    case SMRI_PARAMETER_RANGE: {
        append(expected, "a range [low, high] of two numbers, low < high");
        if (value->type != SMRI_ARRAY || value->count != 2 || value->first->type != SMRI_NUMBER ||
            value->last->type != SMRI_NUMBER)
            return false;
        setting->number = value->first->number;
        setting->second = value->last->number;
        return isfinite(setting->number) && isfinite(setting->second) && setting->number < setting->second;
    }
    case SMRI_PARAMETER_JSON:
        append(expected, parameter->choices ? parameter->choices : "an object or a list");
        return value->type == SMRI_OBJECT || value->type == SMRI_ARRAY;
    }
    return false;
}
