/* SPDX-License-Identifier: MIT */
#include "csv_fixture.h"

#include <math.h>

#include "failure/failing_allocator.h"

#define HEADER "iCode,iName,Parent,Level,Weight,Direction,Unit,Target,Type,Denominator\n"

static const char table[] = HEADER "CO2.use,Carbon dioxide,Sust,1,1,-1,Mt,10,Indicator,Pop\n"
                                   "LPI,Logistics,Links,1,0.5,1,score,NA,Indicator,NA\n"
                                   "Bord,\"Border, delay\",Links,1,2,-1,hours,4,Indicator,NA\n"
                                   "Renew,,Sust,1,1,NA,%,60,Indicator,\n"
                                   "Sust,Sustainable base,Index,2,0.8,1,NA,NA,Aggregate,NA\n"
                                   "Links,Physical links,Index,2,1,1,NA,NA,Aggregate,NA\n"
                                   "Pop,Population,NA,NA,NA,NA,thousand,NA,Denominator,NA\n"
                                   "Index,The index,NA,3,1,1,NA,NA,Aggregate,NA\n"
                                   "GDP group,Group,NA,NA,NA,NA,NA,NA,Group,NA\n"
                                   "Remark,,,,,,,,Other,\n";

static smr_framework *read(const char *text) {
    smr_framework *framework;
    smr_error error = unit_error();
    expect_ok(smr_framework_read(unit_context(), text, strlen(text), "iMeta.csv", &framework, &error), &error);
    return framework;
}

static smr_error refused(const char *text, int32_t code) {
    smr_framework *framework = (smr_framework *)(uintptr_t)1;
    smr_error error = unit_error();
    expect_fails(smr_framework_read(unit_context(), text, strlen(text), "iMeta.csv", &framework, &error), &error, code);
    expect(framework == NULL);
    expect_text(error.source, "iMeta.csv");
    return error;
}

TEST(the_tree_keeps_the_order_of_the_table) {
    static const struct {
        const char *id, *name;
        int64_t parent, indicator;
        double weight;
    } expected[] = {{"Index", "The index", -1, -1, 1},      {"Sust", "Sustainable base", 0, -1, 0.8},
                    {"CO2.use", "Carbon dioxide", 1, 0, 1}, {"Renew", "Renew", 1, 1, 1},
                    {"Links", "Physical links", 0, -1, 1},  {"LPI", "Logistics", 4, 2, 0.5},
                    {"Bord", "Border, delay", 4, 3, 2}};
    smr_framework *framework = read(table);
    expect_equal_uint(smr_framework_node_count(framework), SMRI_COUNT(expected));
    for (size_t i = 0; i < SMRI_COUNT(expected); i++) {
        expect_text(smr_framework_node_id(framework, i), expected[i].id);
        expect_text(smr_framework_node_name(framework, i, NULL), expected[i].name);
        expect_equal_int(smr_framework_node_parent(framework, i), expected[i].parent);
        expect_equal_int(smr_framework_node_indicator(framework, i), expected[i].indicator);
        expect_same_bits(smr_framework_node_weight(framework, i), expected[i].weight);
    }
    expect_equal_int(smr_framework_find(framework, "Pop"), -1);
    smr_framework_unref(framework);
}

TEST(indicators_keep_what_the_table_says) {
    smr_framework *framework = read(table);
    smr_indicator_options found;
    smr_error error = unit_error();
    smr_indicator_options_init(&found, sizeof found);
    expect_ok(smr_framework_indicator(framework, 0, &found, &error), &error);
    expect_equal_int(found.direction, SMR_DIRECTION_LOWER);
    expect_equal_int(found.kind, SMR_KIND_NUMBER);
    expect_text(found.unit, "Mt");
    expect_text(found.denominator, "Pop");
    expect_same_bits(found.target, 10);
    expect_nan(found.worst);
    expect_nan(found.best);
    expect_ok(smr_framework_indicator(framework, 1, &found, &error), &error);
    expect_equal_int(found.direction, SMR_DIRECTION_HIGHER);
    expect_text(found.denominator, NULL);
    expect_same_bits(found.target, 60);
    expect_ok(smr_framework_indicator(framework, 2, &found, &error), &error);
    expect_nan(found.target);
    smr_framework_unref(framework);
}

TEST(columns_stand_in_any_order_and_some_may_be_absent) {
    smr_framework *framework =
        read("Type,Weight,Level,Note,Parent,iCode\r\nAggregate,,2,x,,top\r\nIndicator,1,1,,top,a b\r\n");
    expect_equal_uint(smr_framework_node_count(framework), 2);
    expect_text(smr_framework_node_id(framework, 1), "a b");
    expect_same_bits(smr_framework_node_weight(framework, 0), 1);
    smr_framework_unref(framework);
}

TEST(wrong_tables_are_told) {
    static const struct {
        const char *text;
        int32_t code;
        uint64_t row;
        const char *subject;
    } cases[] = {
        {"iCode,Parent,Level,Weight\na,b,1,1\n", SMR_MESSAGE_IMETA_COLUMN, 1, "Type"},
        {"region,internet_use\na,1\n", SMR_MESSAGE_IMETA_COLUMN, 1, "iCode"},
        {"iCode,Parent,Level,Weight,Type,Type\n", SMR_MESSAGE_CSV_HEADER_DUPLICATE, 1, ""},
        {HEADER ",x,I,1,1,1,,,Indicator,\n", SMR_MESSAGE_IMETA_CODE_EMPTY, 2, "iCode"},
        {HEADER "I,x,,2,1,1,,,Aggregate,\nI,x,I,1,1,1,,,Indicator,\n", SMR_MESSAGE_IMETA_CODE_TWICE, 3, "iCode"},
        {HEADER "I,x,,2,1,1,,,Agregate,\n", SMR_MESSAGE_IMETA_TYPE, 2, "Type"},
        {HEADER "I,x,,2,1,1,,,Aggregate,\na,x,J,1,1,1,,,Indicator,\n", SMR_MESSAGE_IMETA_PARENT_UNKNOWN, 3, "Parent"},
        {HEADER "I,x,,2,1,1,,,Aggregate,\na,x,I,1,1,1,,,Indicator,\nb,x,a,1,1,1,,,Indicator,\n",
         SMR_MESSAGE_IMETA_PARENT_TYPE, 4, "Parent"},
        {HEADER "I,x,,2,1,1,,,Aggregate,\na,x,I,1,1,2,,,Indicator,\n", SMR_MESSAGE_IMETA_NUMBER, 3, "Direction"},
        {HEADER "I,x,,2,1,1,,,Aggregate,\na,x,I,1,,1,,,Indicator,\n", SMR_MESSAGE_IMETA_NUMBER, 3, "Weight"},
        {HEADER "I,x,,2,1,1,,,Aggregate,\na,x,I,1,-1,1,,,Indicator,\n", SMR_MESSAGE_IMETA_NUMBER, 3, "Weight"},
        {HEADER "I,x,,2,1,1,,,Aggregate,\na,x,I,1.5,1,1,,,Indicator,\n", SMR_MESSAGE_IMETA_NUMBER, 3, "Level"},
        {HEADER "I,x,,2,1,1,,,Aggregate,\na,x,I,,1,1,,,Indicator,\n", SMR_MESSAGE_IMETA_NUMBER, 3, "Level"},
        {HEADER "I,x,,2,1,1,,,Aggregate,\na,x,I,1e300,1,1,,,Indicator,\n", SMR_MESSAGE_IMETA_NUMBER, 3, "Level"},
        {HEADER "I,x,,2,1,1,,,Aggregate,\na,x,I,1,1,1,,ten,Indicator,\n", SMR_MESSAGE_IMETA_NUMBER, 3, "Target"},
        {HEADER "I,x,,1,1,1,,,Aggregate,\na,x,I,1,1,1,,,Indicator,\n", SMR_MESSAGE_IMETA_LEVEL, 3, "Level"},
        {HEADER "I,x,,2,1,1,,,Aggregate,\nJ,x,NA,2,1,1,,,Aggregate,\n", SMR_MESSAGE_IMETA_ROOT_TWICE, 3, "Parent"},
        {HEADER "a,x,,1,1,1,,,Indicator,\n", SMR_MESSAGE_IMETA_ROOT_TYPE, 2, "Parent"},
        {HEADER "P,x,,,,,,,Group,\n", SMR_MESSAGE_IMETA_ROOT_MISSING, 0, "Parent"},
        {HEADER, SMR_MESSAGE_IMETA_ROOT_MISSING, 0, "Parent"},
        {HEADER "I,x,,9,1,1,,,Aggregate,\nJ,x,K,2,1,1,,,Aggregate,\nK,x,J,3,1,1,,,Aggregate,\n",
         SMR_MESSAGE_IMETA_CYCLE, 4, "Parent"},
        {HEADER "I,x,,9,1,1,,,Aggregate,\nJ,x,J,2,1,1,,,Aggregate,\n", SMR_MESSAGE_IMETA_CYCLE, 3, "Parent"},
        {HEADER "I,x,,2,1,1,,,Aggregate,\na,x,I,1,1\n", SMR_MESSAGE_CSV_FIELD_COUNT, 3, ""},
        {HEADER "I,x,,2,1,1,,,Aggregate,\na,\"x,I,1,1\n", SMR_MESSAGE_CSV_QUOTE_OPEN, 3, ""},
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        smr_error error = refused(cases[i].text, cases[i].code);
        expect_equal_uint(error.row, cases[i].row);
        expect_text(error.subject, cases[i].subject);
    }
    /* What the builder finds has the row too. */
    smr_error error =
        refused(HEADER "I,x,,2,1,1,,,Aggregate,\na\nb,x,I,1,1,1,,,Indicator,\n", SMR_MESSAGE_CSV_FIELD_COUNT);
    expect_equal_uint(error.row, 3);
    refused(HEADER "I,x,,2,1,1,,,Aggregate,\n", SMR_MESSAGE_FRAMEWORK_CHILDLESS);
    refused(HEADER "I,x,,2,1,1,,,Aggregate,\na,x,I,1,0,1,,,Indicator,\n", SMR_MESSAGE_FRAMEWORK_WEIGHTS_ZERO);
}

TEST(several_errors_are_told_at_once) {
    csv_reports reports;
    smr_context *context = csv_context(&reports);
    smr_framework *framework;
    smr_error error = unit_error();
    static const char text[] =
        HEADER "I,x,,2,1,1,,,Aggregate,\na,x,I,1,1,3,,,Indicator,\n,x,I,1,1,1,,,Indicator,\nb,x,I,1,x,1,,,Indicatr,\n";
    expect_fails(smr_framework_read(context, text, strlen(text), NULL, &framework, &error), &error,
                 SMR_MESSAGE_IMETA_NUMBER);
    expect_equal_uint(reports.count, 3);
    expect_equal_uint(reports.records[2].row, 5);
    expect(strstr(reports.records[2].message, "\"Indicator\"") != NULL);
    smr_context_unref(context);
}

TEST(a_tree_deeper_than_the_limit_is_refused) {
    static char text[8000] = HEADER;
    for (unsigned i = 0; i < 100; i++) {
        char line[64], code[SMRI_INTEGER_SIZE], parent[SMRI_INTEGER_SIZE], level[SMRI_INTEGER_SIZE];
        smri_text_integer(code, i);
        smri_text_integer(parent, i > 0 ? i - 1 : 0);
        smri_text_integer(level, 200 - i);
        line[0] = '\0';
        strcat(strcat(strcat(strcat(strcat(line, "N"), code), ",x,"), i > 0 ? "N" : ""), i > 0 ? parent : "");
        strcat(strcat(strcat(line, ","), level), ",1,1,,,Aggregate,\n");
        strcat(text, line);
    }
    smr_error error = refused(text, SMR_MESSAGE_LIMIT_PASSED);
    expect(error.row > 60 && error.row < 70);
}

static smr_status read_failing(failure_run *run) {
    smr_framework *framework = (smr_framework *)(uintptr_t)1;
    smr_status status = smr_framework_read(run->context, table, strlen(table), "iMeta.csv", &framework, &run->error);
    failure_require(run, (status == SMR_OK) == (framework != NULL));
    smr_framework_unref(framework);
    return status;
}

TEST(memory_may_run_out_anywhere) {
    size_t runs;
    expect_equal_uint(failure_sweep("imeta", read_failing, &runs), 0);
    expect(runs > 30);
}

static const unit_test tests[] = {
    UNIT(the_tree_keeps_the_order_of_the_table),
    UNIT(indicators_keep_what_the_table_says),
    UNIT(columns_stand_in_any_order_and_some_may_be_absent),
    UNIT(wrong_tables_are_told),
    UNIT(several_errors_are_told_at_once),
    UNIT(a_tree_deeper_than_the_limit_is_refused),
    UNIT(memory_may_run_out_anywhere),
};

UNIT_SUITE(framework_imeta, tests)
