/* SPDX-License-Identifier: MIT */
#include "csv_fixture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "failure/failing_allocator.h"

/* ---- wide ---- */

TEST(a_wide_table_is_read) {
    static const char text[] = "region,name,group,income,population,internet_use,unemployment,inhabitants\n"
                               "HN,Hà Nội,1,UMIC,8053663,78.25,NA,8.05\n"
                               "DN,,NA,LMIC,,..,-3.5,:\n"
                               "HU,\"Huế, cố đô\",2,UMIC,1128620,0,-,1e6\n";
    smr_framework *framework = small_framework(unit_context());
    smr_csv_options options = options_with(framework);
    smr_dataset *dataset = csv_dataset(text, &options);
    expect_equal_uint(smr_dataset_row_count(dataset), 3);
    expect_text(smr_dataset_region(dataset, 1), "DN");
    expect_text(smr_dataset_region_name(dataset, 0), "Hà Nội");
    expect_text(smr_dataset_region_name(dataset, 1), "DN");
    expect_text(smr_dataset_region_name(dataset, 2), "Huế, cố đô");
    expect_equal_uint(smr_dataset_column_count(dataset), 6);
    expect_text(csv_label(dataset, "group", 0), "1");
    expect_text(csv_label(dataset, "group", 1), NULL);
    expect_text(csv_label(dataset, "income", 2), "UMIC");
    expect_equal_uint(smri_dataset_column(dataset, "income")->label_count, 2);
    expect_same_bits(csv_value(dataset, "population", 0), 8053663);
    expect_nan(csv_value(dataset, "population", 1));
    expect_same_bits(csv_value(dataset, "internet_use", 0), 78.25);
    expect_nan(csv_value(dataset, "internet_use", 1));
    expect_nan(csv_value(dataset, "unemployment", 0));
    expect_same_bits(csv_value(dataset, "unemployment", 1), -3.5);
    expect_nan(csv_value(dataset, "unemployment", 2));
    expect_same_bits(csv_value(dataset, "inhabitants", 2), 1e6);
    expect_text(smr_dataset_period(dataset, 0), NULL);
    expect(dataset->row_region == NULL);
    expect_equal_uint(dataset->first_text_row, 2);
    smri_place place = smri_dataset_place(dataset, "income", 2);
    expect_text(place.source, "data.csv");
    expect_equal_uint(place.row, 4);
    expect_text(place.subject, "income");
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
}

TEST(pieces_make_no_difference) {
    static const char text[] =
        "\xef\xbb\xbfregion,period,x,y\r\n\"a\"\"b\",2021,1.5,one\r\nHu\xe1\xba\xbf,2020,,\"two\nlines\"";
    for (size_t piece = 0; piece < 70; piece++) {
        smr_dataset *dataset;
        smr_error error = unit_error();
        expect_ok(csv_read(unit_context(), text, piece, NULL, &dataset, &error), &error);
        expect_text(smr_dataset_region(dataset, 0), "a\"b");
        expect_text(smr_dataset_region(dataset, 1), "Hu\xe1\xba\xbf");
        expect_same_bits(csv_value(dataset, "x", 0), 1.5);
        expect_text(csv_label(dataset, "y", 1), "two\nlines");
        expect_text(smr_dataset_latest_period(dataset), "2021");
        smr_dataset_unref(dataset);
    }
}

TEST(a_panel_is_read) {
    smr_dataset *dataset = csv_dataset("region,period,parent,name,x\n"
                                       "a,2021,p,Old,1\na,2020,p,New,2\nb,2020,,,3\nb,2021,NA,,4\n",
                                       NULL);
    expect_equal_uint(dataset->period_count, 2);
    expect_text(smr_dataset_period(dataset, 0), "2021");
    expect_equal_int(smr_dataset_find_row(dataset, "b", "2021"), 3);
    expect_text(smr_dataset_region_parent(dataset, 0), "p");
    expect_text(smr_dataset_region_parent(dataset, 3), NULL);
    expect_text(smr_dataset_region_name(dataset, 0), "New");
    expect_equal_uint(dataset->region_count, 3);
    smr_dataset_unref(dataset);
}

TEST(na_is_a_region_where_one_is_called_so) {
    smr_dataset *dataset = csv_dataset("region,parent,x\nNA,,1\nWind,NA,2\n", NULL);
    expect_text(smr_dataset_region(dataset, 0), "NA");
    expect_text(smr_dataset_region_parent(dataset, 1), "NA");
    smr_dataset_unref(dataset);
    dataset = csv_dataset("region,parent,x\nZA,NA,1\nWind,NA,2\n", NULL);
    expect_text(smr_dataset_region_parent(dataset, 1), NULL);
    smr_dataset_unref(dataset);
}

TEST(a_column_is_mapped_to_a_role) {
    static const char *const roles[] = {"region", "code", "population", "people", "period", "year", NULL};
    static const char text[] = "code,region,name,people,year,x\n11,North,Alpha,500,2020,1\n12,South,Beta,600,2021,2\n";
    smr_csv_options options = options_with(NULL);
    options.column_roles = roles;
    smr_dataset *dataset = csv_dataset(text, &options);
    expect_text(smr_dataset_region(dataset, 0), "11");
    expect_text(csv_label(dataset, "region", 1), "South");
    expect_text(smr_dataset_region_name(dataset, 1), "Beta");
    expect_same_bits(csv_value(dataset, "population", 1), 600);
    expect_equal_int(smr_dataset_find_column(dataset, "people"), -1);
    expect_text(smr_dataset_latest_period(dataset), "2021");
    smr_dataset_unref(dataset);
    static const char *const absent[] = {"region", "cod", NULL};
    options.column_roles = absent;
    smr_error error = csv_refused(text, &options, SMR_MESSAGE_CSV_ROLE_COLUMN);
    expect(strstr(error.message, "\"code\"") != NULL);
    static const char *const unknown[] = {"regoin", "code", NULL};
    options.column_roles = unknown;
    csv_refused(text, &options, SMR_MESSAGE_BAD_ARGUMENT);
    static const char *const twice[] = {"region", "code", "region", "name", NULL};
    options.column_roles = twice;
    csv_refused(text, &options, SMR_MESSAGE_BAD_ARGUMENT);
}

TEST(a_name_that_is_taken_gives_way) {
    static const char *const roles[] = {"population", "people", NULL};
    csv_reports reports;
    smr_context *context = csv_context(&reports);
    smr_csv_options options = options_with(NULL);
    smr_dataset *dataset;
    smr_error error = unit_error();
    options.column_roles = roles;
    expect_ok(csv_read(context, "region,population,people,x\na,1,2,3\n", 0, &options, &dataset, &error), &error);
    expect_same_bits(csv_value(dataset, "population", 0), 2);
    expect_equal_uint(smr_dataset_column_count(dataset), 2);
    expect_equal_uint(reports.count, 1);
    expect_equal_int(reports.records[0].code, SMR_MESSAGE_CSV_NAME_TAKEN);
    expect_equal_int(reports.records[0].severity, SMR_SEVERITY_NOTE);
    smr_dataset_unref(dataset);
    smr_context_unref(context);
}

TEST(coinr_data_are_read) {
    smr_dataset *dataset =
        csv_dataset("uCode,uName,Time,GDP_group,CO2.use\nALN,Alnor,2018,L,38.5\nBRE,Bretavia,2018,M,NA\n", NULL);
    expect_text(smr_dataset_region(dataset, 0), "ALN");
    expect_text(smr_dataset_region_name(dataset, 1), "Bretavia");
    expect_text(smr_dataset_period(dataset, 0), "2018");
    expect_text(csv_label(dataset, "GDP_group", 1), "M");
    expect_same_bits(csv_value(dataset, "CO2.use", 0), 38.5);
    expect(dataset->row_region == NULL);
    expect_equal_int(smr_dataset_find_row(dataset, "BRE", "2018"), 1);
    smr_dataset_unref(dataset);
}

TEST(empty_lines_are_passed_over_and_counted) {
    smr_dataset *dataset = csv_dataset("region,x\na,1\n\nb,2\n\r\n\nc,3\n\n\n", NULL);
    expect_equal_uint(smr_dataset_row_count(dataset), 3);
    expect_equal_uint(smri_dataset_text_row(dataset, SMRI_NONE, 0), 2);
    expect_equal_uint(smri_dataset_text_row(dataset, SMRI_NONE, 1), 4);
    expect_equal_uint(smri_dataset_text_row(dataset, SMRI_NONE, 2), 7);
    smr_dataset_unref(dataset);
}

TEST(a_quoted_line_end_is_part_of_its_row) {
    smr_error error = csv_refused("region,t,x\na,\"two\nlines\",1\nb,,2,3\n", NULL, SMR_MESSAGE_CSV_FIELD_COUNT);
    expect_equal_uint(error.row, 3);
}

TEST(ids_are_composed) {
    static const char text[] = "region,Hue\xcc\x82\xcc\x81,t\nHue\xcc\x82\xcc\x81,1,Hue\xcc\x82\xcc\x81\n";
    smr_dataset *dataset = csv_dataset(text, NULL);
    expect_text(smr_dataset_region(dataset, 0), "Hu\xe1\xba\xbf");
    expect_text(smr_dataset_column_id(dataset, 0), "Hu\xe1\xba\xbf");
    expect_text(csv_label(dataset, "t", 0), "Hu\xe1\xba\xbf");
    smr_dataset_unref(dataset);
    smr_error error =
        csv_refused("region,x\nHue\xcc\x82\xcc\x81,1\nHu\xe1\xba\xbf,2\n", NULL, SMR_MESSAGE_REGION_DUPLICATE);
    expect_equal_uint(error.row, 3);
    expect(strstr(error.message, "row 2") != NULL);
}

/* ---- columns that the framework does not know ---- */

TEST(unknown_columns_are_kept_and_noted) {
    csv_reports reports;
    smr_context *context = csv_context(&reports);
    smr_framework *framework = small_framework(context);
    smr_csv_options options = options_with(framework);
    smr_dataset *dataset;
    smr_error error = unit_error();
    expect_ok(csv_read(context, "region,internet_use,area,climate,internet_us,inhabitants\na,1,2,dry,3,4\n", 0,
                       &options, &dataset, &error),
              &error);
    expect_same_bits(csv_value(dataset, "area", 0), 2);
    expect_text(csv_label(dataset, "climate", 0), "dry");
    expect_equal_uint(reports.count, 3);
    for (size_t i = 0; i < 3; i++) {
        expect_equal_int(reports.records[i].severity, SMR_SEVERITY_NOTE);
        expect_equal_uint(reports.records[i].row, 1);
    }
    expect_text(reports.records[0].subject, "area");
    expect_equal_int(reports.records[0].code, SMR_MESSAGE_COLUMN_KEPT_NUMBER);
    expect_equal_int(reports.records[1].code, SMR_MESSAGE_COLUMN_KEPT_TEXT);
    expect(strstr(reports.records[2].message, "\"internet_use\"") != NULL);
    smr_dataset_unref(dataset);
    reports.count = 0;
    options.strict = 1;
    expect_fails(csv_read(context, "region,internet_use,area,internet_us\na,1,2,101\n", 0, &options, &dataset, &error),
                 &error, SMR_MESSAGE_COLUMN_UNKNOWN);
    expect_equal_uint(reports.count, 2);
    expect_text(reports.records[1].subject, "internet_us");
    expect_equal_uint(reports.records[1].column, 4);
    expect(strstr(reports.records[1].message, "\"internet_use\"") != NULL);
    expect_ok(csv_read(context, "region,population,weight,group,name,inhabitants,internet_use\na,1,2,3,4,5,6\n", 0,
                       &options, &dataset, &error),
              &error);
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
    smr_context_unref(context);
}

TEST(data_without_an_indicator_are_refused) {
    smr_framework *framework = small_framework(unit_context());
    smr_csv_options options = options_with(framework);
    smr_error error =
        csv_refused("region,internet_usage,unemploymnt\na,1,2\n", &options, SMR_MESSAGE_NO_KNOWN_INDICATOR);
    expect(strstr(error.message, "\"internet_use\"") != NULL);
    expect(strstr(error.message, "\"unemployment\"") != NULL);
    error = csv_refused("region,gdp\na,1\n", &options, SMR_MESSAGE_NO_KNOWN_INDICATOR);
    expect(strstr(error.message, "\"internet_use\"") != NULL);
    error = csv_refused("region,indicator,value\na,online_,1\n", &options, SMR_MESSAGE_NO_KNOWN_INDICATOR);
    expect(strstr(error.message, "\"online\"") != NULL);
    smr_framework_unref(framework);
}

/* ---- numbers ---- */

TEST(three_decimals_are_noticed) {
    smr_framework *framework = small_framework(unit_context());
    smr_csv_options options = options_with(framework);
    smr_dataset *dataset =
        csv_dataset("region,internet_use,unemployment,p,q,r,s\n"
                    "a,12.670,1.125,1.000,12.670,1.5e3,\nb,,1.5,-2.500,,1.500,1.234\nc,0.125,1.125,3.250,x,2.500,\n",
                    &options);
    expect(smri_dataset_column(dataset, "internet_use")->three_decimals);
    expect(!smri_dataset_column(dataset, "unemployment")->three_decimals);
    expect(smri_dataset_column(dataset, "p")->three_decimals);
    expect(!smri_dataset_column(dataset, "q")->three_decimals);
    expect(!smri_dataset_column(dataset, "r")->three_decimals);
    expect(!smri_dataset_column(dataset, "s")->three_decimals);
    smr_dataset_unref(dataset);
    dataset = csv_dataset(
        "region,indicator,value\na,online,1.000\nb,online,0.000\na,internet_use,1.5\nb,internet_use,1.500\n", &options);
    expect(smri_dataset_column(dataset, "online")->three_decimals);
    expect(!smri_dataset_column(dataset, "internet_use")->three_decimals);
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
}

TEST(number_formats) {
    smr_framework *framework = small_framework(unit_context());
    smr_csv_options options = options_with(framework);
    options.number_format = SMR_NUMBER_FORMAT_VI;
    smr_dataset *dataset = csv_dataset("region,unemployment,other\na,\"1.234,5\",\"7,5\"\nb,12.670,3\n", &options);
    expect_same_bits(csv_value(dataset, "unemployment", 0), 1234.5);
    expect_same_bits(csv_value(dataset, "unemployment", 1), 12670);
    expect_same_bits(csv_value(dataset, "other", 0), 7.5);
    smr_dataset_unref(dataset);
    csv_refused("region,unemployment\na,1.5\n", &options, SMR_MESSAGE_NUMBER_EXPECTED_VI);
    options.number_format = SMR_NUMBER_FORMAT_EN;
    dataset = csv_dataset("region,unemployment\na,\"1,234.5\"\nb,12.670\n", &options);
    expect_same_bits(csv_value(dataset, "unemployment", 0), 1234.5);
    expect_same_bits(csv_value(dataset, "unemployment", 1), 12.67);
    smr_dataset_unref(dataset);
    csv_refused("region,unemployment\na,\"1.234,5\"\n", &options, SMR_MESSAGE_NUMBER_EXPECTED_EN);
    options.number_format = 3;
    csv_refused("region,unemployment\na,1\n", &options, SMR_MESSAGE_BAD_ARGUMENT);
    smr_framework_unref(framework);
}

/* ---- what is wrong with a table ---- */

TEST(wrong_tables_are_told) {
    static const struct {
        const char *text;
        int32_t code;
        uint64_t row, column;
        const char *subject;
    } cases[] = {
        {"", SMR_MESSAGE_CSV_EMPTY, 1, 0, ""},
        {"\xef\xbb\xbf", SMR_MESSAGE_CSV_EMPTY, 1, 0, ""},
        {"region,internet_use\n", SMR_MESSAGE_CSV_NO_ROWS, 1, 0, ""},
        {"region,internet_use\n\n\n", SMR_MESSAGE_CSV_NO_ROWS, 1, 0, ""},
        {"region;internet_use\na;1\n", SMR_MESSAGE_CSV_SEPARATOR, 1, 0, ""},
        {"region\tinternet_use\na\t1\n", SMR_MESSAGE_CSV_SEPARATOR, 1, 0, ""},
        {"code,internet_use\na,1\n", SMR_MESSAGE_CSV_NO_REGION, 1, 0, ""},
        {"region,internet_use,internet_use\na,1,2\n", SMR_MESSAGE_CSV_HEADER_DUPLICATE, 1, 3, ""},
        {",region,internet_use\n1,a,2\n", SMR_MESSAGE_CSV_HEADER_EMPTY, 1, 1, ""},
        {"region,internet_use,\na,1,\n", SMR_MESSAGE_CSV_HEADER_EMPTY, 1, 3, ""},
        {"re\"gion,internet_use\na,1\n", SMR_MESSAGE_CSV_QUOTE_STRAY, 1, 1, ""},
        {"region,internet_use\ra,1\rb,2\r", SMR_MESSAGE_CSV_CARRIAGE_RETURN, 1, 2, ""},
        {"region,internet_use\na,1\nb\n", SMR_MESSAGE_CSV_FIELD_COUNT, 3, 0, ""},
        {"region,internet_use\na,1\nb,2,3\n", SMR_MESSAGE_CSV_FIELD_COUNT, 3, 0, ""},
        {"region,internet_use\n,1\n", SMR_MESSAGE_REGION_EMPTY, 2, 1, "region"},
        {"region,internet_use,period\na,1,\n", SMR_MESSAGE_PERIOD_EMPTY, 2, 3, "period"},
        {"region,internet_use\na,1\nb,2\na,3\n", SMR_MESSAGE_REGION_DUPLICATE, 4, 1, "region"},
        {"region,period,internet_use\na,2020,1\na,2021,2\na,2020,3\n", SMR_MESSAGE_REGION_DUPLICATE, 4, 1, "region"},
        {"region,internet_use\na,1\nb,x\n", SMR_MESSAGE_NUMBER_EXPECTED, 3, 2, "internet_use"},
        {"region,internet_use\na,1\nb,inf\n", SMR_MESSAGE_NUMBER_INFINITE, 3, 2, "internet_use"},
        {"region,internet_use\na,1\nb,1e999\n", SMR_MESSAGE_NUMBER_INFINITE, 3, 2, "internet_use"},
        {"region,internet_use\na,1\nb,101\n", SMR_MESSAGE_VALUE_AGAINST_KIND, 3, 2, "internet_use"},
        {"region,internet_use,top_universities\na,1,2\nb,1,2.5\n", SMR_MESSAGE_VALUE_AGAINST_KIND, 3, 3,
         "top_universities"},
        {"region,internet_use,online\na,1,1\nb,1,2\n", SMR_MESSAGE_VALUE_AGAINST_KIND, 3, 3, "online"},
        {"region,internet_use\na,1\nb,\"2\"x\n", SMR_MESSAGE_CSV_QUOTE_STRAY, 3, 2, "internet_use"},
        {"region,internet_use\na,1\nb,\"2\n", SMR_MESSAGE_CSV_QUOTE_OPEN, 3, 2, ""},
        {"region,internet_use\na,1\nb,\xc3(\n", SMR_MESSAGE_CSV_NOT_UTF8, 3, 0, ""},
        {"region,internet_use,parent\na,1,b\nb,2,a\n", SMR_MESSAGE_PARENT_CYCLE, 2, 0, "parent"},
        {"region,internet_use,parent,period\na,1,b,1\na,2,c,2\n", SMR_MESSAGE_PARENT_DIFFERS, 3, 3, "parent"},
        {"region,internet_use,population\na,1,many\n", SMR_MESSAGE_NUMBER_EXPECTED, 2, 3, "population"},
    };
    smr_framework *framework = small_framework(unit_context());
    smr_csv_options options = options_with(framework);
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        smr_error error = csv_refused(cases[i].text, &options, cases[i].code);
        expect_text(error.source, "data.csv");
        expect_equal_uint(error.row, cases[i].row);
        expect_equal_uint(error.column, cases[i].column);
        expect_text(error.subject, cases[i].subject);
    }
    csv_refused("region\na\n", NULL, SMR_MESSAGE_CSV_NO_VALUES);
    csv_refused("region,name,group\na,b,c\n", NULL, SMR_MESSAGE_CSV_NO_VALUES);
    smr_framework_unref(framework);
}

TEST(messages_say_what_was_found_and_what_was_expected) {
    smr_framework *framework = small_framework(unit_context());
    smr_csv_options options = options_with(framework);
    expect_text(csv_refused("region,unemployment\na,\"7,23\"\n", &options, SMR_MESSAGE_NUMBER_EXPECTED).message,
                "\"7,23\" is not a plain number, expected a number such as 1234.5 (7,23 reads as a number with "
                "--number-format vi)");
    expect_text(csv_refused("region,unemployment\na,\"1,234\"\n", &options, SMR_MESSAGE_NUMBER_EXPECTED).message,
                "\"1,234\" is not a plain number, expected a number such as 1234.5 (1,234 reads as a number with "
                "--number-format en or vi)");
    expect_text(csv_refused("region,unemployment\na,n/a\n", &options, SMR_MESSAGE_NUMBER_EXPECTED).message,
                "\"n/a\" is not a plain number, expected a number such as 1234.5");
    expect_text(csv_refused("region,internet_use\na,1\nb,2,3\n", &options, SMR_MESSAGE_CSV_FIELD_COUNT).message,
                "3 fields, expected 2 as in the header");
    smr_framework_unref(framework);
}

TEST(up_to_twenty_errors_are_told) {
    static char text[4000] = "region,internet_use,unemployment\n";
    csv_reports reports;
    smr_context *context = csv_context(&reports);
    smr_framework *framework = small_framework(context);
    smr_csv_options options = options_with(framework);
    smr_dataset *dataset;
    smr_error error = unit_error();
    expect_fails(csv_read(context, "region,internet_use,unemployment\na,x,1\nb,1\n,1,2\na,1,1\nc,500,y\nd,\"1\n", 0,
                          &options, &dataset, &error),
                 &error, SMR_MESSAGE_NUMBER_EXPECTED);
    static const struct {
        int32_t code;
        uint64_t row;
    } expected[] = {{SMR_MESSAGE_NUMBER_EXPECTED, 2},    {SMR_MESSAGE_CSV_FIELD_COUNT, 3},
                    {SMR_MESSAGE_REGION_EMPTY, 4},       {SMR_MESSAGE_REGION_DUPLICATE, 5},
                    {SMR_MESSAGE_VALUE_AGAINST_KIND, 6}, {SMR_MESSAGE_NUMBER_EXPECTED, 6},
                    {SMR_MESSAGE_CSV_QUOTE_OPEN, 7}};
    expect_equal_uint(reports.count, SMRI_COUNT(expected));
    for (size_t i = 0; i < SMRI_COUNT(expected); i++) {
        expect_equal_int(reports.records[i].code, expected[i].code);
        expect_equal_uint(reports.records[i].row, expected[i].row);
        expect_equal_int(reports.records[i].severity, SMR_SEVERITY_ERROR);
    }
    expect_equal_uint(error.row, 2);
    for (size_t i = 0; i < 30; i++) {
        char region[SMRI_INTEGER_SIZE];
        strcat(strcat(text, smri_text_integer(region, i)), ",x,y\n");
    }
    reports.count = 0;
    expect_fails(csv_read(context, text, 0, &options, &dataset, &error), &error, SMR_MESSAGE_NUMBER_EXPECTED);
    expect_equal_uint(reports.count, 20);
    expect_equal_uint(reports.records[19].row, 11);
    smr_framework_unref(framework);
    smr_context_unref(context);
}

/* ---- calls ---- */

static int32_t stop(uint64_t done, uint64_t total, void *user) {
    (void)done;
    (void)total;
    return --*(int *)user >= 0;
}

TEST(reading_can_be_stopped) {
    enum { LENGTH = 1000000 };
    smr_context_options context_options;
    smr_context *context;
    smr_dataset *dataset;
    smr_error error = unit_error();
    int calls = 2;
    smr_context_options_init(&context_options, sizeof context_options);
    context_options.progress = stop;
    context_options.progress_user = &calls;
    expect_ok(smr_context_new(&context_options, &context, &error), &error);
    char *text = malloc(LENGTH);
    expect(text != NULL);
    size_t used = (size_t)snprintf(text, LENGTH, "region,x\n");
    for (unsigned i = 0; used < LENGTH - 40; i++) {
        used += (size_t)snprintf(text + used, LENGTH - used, "%u,%u\n", i, i);
    }
    expect_fails(csv_read(context, text, 0, NULL, &dataset, &error), &error, SMR_MESSAGE_CANCELLED);
    expect(dataset == NULL);
    calls = 100;
    expect_ok(csv_read(context, text, 0, NULL, &dataset, &error), &error);
    smr_dataset_unref(dataset);
    free(text);
    smr_context_unref(context);
}

TEST(wrong_calls_and_failing_callbacks) {
    smr_dataset *dataset = (smr_dataset *)(uintptr_t)1;
    smr_error error = unit_error();
    csv_text source = {.text = "region,x\na,1\n", .length = 13, .piece = 4, .fail_at = 10};
    expect_fails(smr_dataset_read_csv(NULL, csv_text_read, &source, NULL, &dataset, &error), &error,
                 SMR_MESSAGE_READ_FAILED);
    expect(dataset == NULL);
    expect_fails(smr_dataset_read_csv(NULL, NULL, NULL, NULL, &dataset, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect_fails(smr_dataset_read_csv(NULL, csv_text_read, &source, NULL, NULL, &error), &error,
                 SMR_MESSAGE_BAD_ARGUMENT);
    expect_equal_int(csv_read(NULL, "region,x\na,y,z\n", 0, NULL, &dataset, NULL), SMR_ERROR_FORMAT);
}

TEST(limits_hold) {
    smr_context_options context_options;
    smr_context *context;
    smr_dataset *dataset;
    smr_error error = unit_error();
    smr_context_options_init(&context_options, sizeof context_options);
    context_options.max_rows = 2;
    context_options.max_columns = 4;
    expect_ok(smr_context_new(&context_options, &context, &error), &error);
    expect_fails(csv_read(context, "region,x\na,1\nb,2\nc,3\n", 0, NULL, &dataset, &error), &error,
                 SMR_MESSAGE_LIMIT_PASSED);
    expect_equal_uint(error.row, 4);
    expect_fails(csv_read(context, "region,x\na,1\nb,2\na,3\n", 0, NULL, &dataset, &error), &error,
                 SMR_MESSAGE_REGION_DUPLICATE);
    expect_fails(
        csv_read(context, "region,indicator,value\na,v,1\na,w,1\na,x,2\na,y,3\na,z,4\n", 0, NULL, &dataset, &error),
        &error, SMR_MESSAGE_LIMIT_PASSED);
    expect_equal_uint(error.row, 6);
    smr_context_unref(context);
}

static smr_status read_failing(failure_run *run, const char *text) {
    smr_framework *framework = small_framework(NULL);
    smr_csv_options options = options_with(framework);
    smr_dataset *dataset = (smr_dataset *)(uintptr_t)1;
    smr_status status = csv_read(run->context, text, 0, &options, &dataset, &run->error);
    failure_require(run, (status == SMR_OK) == (dataset != NULL));
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
    return status;
}

static smr_status read_wide(failure_run *run) {
    static char text[8000];
    strcpy(text, "region,period,name,parent,group,internet_use,a,b\n");
    for (size_t i = 0; i < 100; i++) {
        char line[80];
        snprintf(line, sizeof line, "r%zu,%zu,n%zu,r100,g%zu,%zu,%s,0%zu\n%s", i, 2000 + i % 4, i, i % 7, i,
                 i < 90 ? "07" : "text", i, i == 40 ? "\n" : "");
        strcat(text, line);
    }
    return read_failing(run, text);
}

static smr_status read_long(failure_run *run) {
    static char text[8000];
    strcpy(text, "region,indicator,value,period,unit,note,group,name,parent\n");
    for (size_t i = 0; i < 100; i++) {
        char line[80];
        snprintf(line, sizeof line, "r%zu,%s,%zu,%zu,%%,note %zu,g,n,p\n", i, i % 3 ? "online" : "else", i % 2,
                 2000 + i % 4, i);
        strcat(text, line);
    }
    return read_failing(run, text);
}

static smr_status read_sdmx(failure_run *run) {
    return read_failing(run, "REF_AREA,INDICATOR,SEX,UNIT_MULT,OBS_VALUE\nVN,online,T,0,1\nTH,online,T,0,0\n");
}

TEST(memory_may_run_out_anywhere) {
    size_t runs;
    expect_equal_uint(failure_sweep("wide", read_wide, &runs), 0);
    expect(runs > 60);
    expect_equal_uint(failure_sweep("long", read_long, &runs), 0);
    expect(runs > 60);
    expect_equal_uint(failure_sweep("sdmx", read_sdmx, &runs), 0);
    expect(runs > 20);
}

static const unit_test tests[] = {
    UNIT(a_wide_table_is_read),
    UNIT(pieces_make_no_difference),
    UNIT(a_panel_is_read),
    UNIT(na_is_a_region_where_one_is_called_so),
    UNIT(a_column_is_mapped_to_a_role),
    UNIT(a_name_that_is_taken_gives_way),
    UNIT(coinr_data_are_read),
    UNIT(empty_lines_are_passed_over_and_counted),
    UNIT(a_quoted_line_end_is_part_of_its_row),
    UNIT(ids_are_composed),
    UNIT(unknown_columns_are_kept_and_noted),
    UNIT(data_without_an_indicator_are_refused),
    UNIT(three_decimals_are_noticed),
    UNIT(number_formats),
    UNIT(wrong_tables_are_told),
    UNIT(messages_say_what_was_found_and_what_was_expected),
    UNIT(up_to_twenty_errors_are_told),
    UNIT(reading_can_be_stopped),
    UNIT(wrong_calls_and_failing_callbacks),
    UNIT(limits_hold),
    UNIT(memory_may_run_out_anywhere),
};

UNIT_SUITE(dataset_csv, tests)
