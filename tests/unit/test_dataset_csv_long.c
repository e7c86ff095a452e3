/* SPDX-License-Identifier: MIT */
#include "csv_fixture.h"

#include <math.h>

/* ---- long ---- */

TEST(a_long_table_is_read) {
    static const char text[] = "region,indicator,value,period,unit,status,qualifier,error,source,note\n"
                               "b,internet_use,50,2021,%,A,<=,0.5,census,\n"
                               "a,internet_use,40,2020,%,,,,,\n"
                               "b,unemployment,NA,2021,,,,,,broken off\n"
                               "a,unemployment,4,2021,,,,,,\n";
    smr_framework *framework = small_framework(unit_context());
    smr_csv_options options = options_with(framework);
    smr_dataset *dataset = csv_dataset(text, &options);
    smr_observation found;
    smr_error error = unit_error();
    smr_observation_init(&found, sizeof found);
    expect_equal_uint(smr_dataset_row_count(dataset), 3);
    expect_text(smr_dataset_region(dataset, 0), "b");
    expect_text(smr_dataset_period(dataset, 0), "2021");
    expect_text(smr_dataset_region(dataset, 2), "a");
    expect_equal_int(smr_dataset_find_row(dataset, "a", "2020"), 1);
    expect_same_bits(csv_value(dataset, "internet_use", 0), 50);
    expect_same_bits(csv_value(dataset, "internet_use", 1), 40);
    expect_same_bits(csv_value(dataset, "internet_use", 2), (double)NAN);
    expect_same_bits(csv_value(dataset, "unemployment", 0), (double)NAN);
    expect_same_bits(csv_value(dataset, "unemployment", 2), 4);
    expect_equal_uint(dataset->provenance_count, 3);
    expect_ok(smr_dataset_observation(dataset, 0, 0, &found, &error), &error);
    expect_text(found.unit, "%");
    expect_text(found.status, "A");
    expect_text(found.qualifier, "<=");
    expect_same_bits(found.error, 0.5);
    expect_text(found.source, "census");
    expect_text(found.note, NULL);
    expect_ok(smr_dataset_observation(dataset, 1, 0, &found, &error), &error);
    expect_text(found.note, "broken off");
    expect_nan(found.value);
    expect_equal_uint(smri_dataset_place(dataset, "internet_use", 1).row, 3);
    expect_equal_uint(smri_dataset_place(dataset, "unemployment", 0).row, 4);
    expect_equal_uint(smri_dataset_provenance(dataset, 1, 0)->text_row, 4);
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
}

TEST(a_long_table_without_periods) {
    smr_dataset *dataset = csv_dataset("region,indicator,value,name,parent,group,population\n"
                                       "a,x,1,Alpha,p,g1,10\nb,x,2,,,g2,\na,y,3,,p,g1,10\n",
                                       NULL);
    expect_equal_uint(smr_dataset_row_count(dataset), 2);
    expect_text(smr_dataset_region_name(dataset, 0), "Alpha");
    expect_text(smr_dataset_region_parent(dataset, 0), "p");
    expect_text(csv_label(dataset, "group", 0), "g1");
    expect_text(csv_label(dataset, "group", 1), "g2");
    expect_same_bits(csv_value(dataset, "population", 0), 10);
    expect_nan(csv_value(dataset, "population", 1));
    expect_same_bits(csv_value(dataset, "y", 0), 3);
    expect(dataset->row_region == NULL);
    smr_dataset_unref(dataset);
}

TEST(wrong_long_tables_are_told) {
    static const struct {
        const char *text;
        int32_t code;
        uint64_t row, column;
        const char *subject;
    } cases[] = {
        {"region,indicator,value\na,online,1\nb,online,1\na,online,0\n", SMR_MESSAGE_VALUE_DUPLICATE, 4, 2,
         "indicator"},
        {"region,indicator,value\na,online,\na,online,1\n", SMR_MESSAGE_VALUE_DUPLICATE, 3, 2, "indicator"},
        {"region,period,indicator,value\na,1,online,1\na,2,online,1\na,1,online,0\n", SMR_MESSAGE_VALUE_DUPLICATE, 4, 3,
         "indicator"},
        {"region,indicator,value\na,online,x\n", SMR_MESSAGE_NUMBER_EXPECTED, 2, 3, "online"},
        {"region,indicator,value\na,online,2\n", SMR_MESSAGE_VALUE_AGAINST_KIND, 2, 3, "online"},
        {"region,indicator,value\na,,2\n", SMR_MESSAGE_INDICATOR_EMPTY, 2, 2, "indicator"},
        {"region,indicator,value\n,online,1\n", SMR_MESSAGE_REGION_EMPTY, 2, 1, "region"},
        {"region,indicator,value,qualifier\na,online,1,about\n", SMR_MESSAGE_QUALIFIER_UNKNOWN, 2, 4, "qualifier"},
        {"region,indicator,value,error\na,online,1,-0.5\n", SMR_MESSAGE_ERROR_NEGATIVE, 2, 4, "error"},
        {"region,indicator,value,error\na,online,1,small\n", SMR_MESSAGE_NUMBER_EXPECTED, 2, 4, "error"},
        {"region,indicator,value,group\na,online,1,x\na,unemployment,1,y\n", SMR_MESSAGE_TEXT_DIFFERS, 3, 4, "group"},
        {"region,indicator,value,weight\na,online,1,1\na,unemployment,1,2\n", SMR_MESSAGE_TEXT_DIFFERS, 3, 4, "weight"},
        {"region,indicator,value,group\na,online,1,x\na,group,1,x\n", SMR_MESSAGE_COLUMN_TYPE, 3, 2, "indicator"},
        {"region,indicator,value\n", SMR_MESSAGE_CSV_NO_ROWS, 1, 0, ""},
    };
    smr_framework *framework = small_framework(unit_context());
    smr_csv_options options = options_with(framework);
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        smr_error error = csv_refused(cases[i].text, &options, cases[i].code);
        expect_equal_uint(error.row, cases[i].row);
        expect_equal_uint(error.column, cases[i].column);
        expect_text(error.subject, cases[i].subject);
    }
    smr_error error = csv_refused(cases[2].text, &options, cases[2].code);
    expect_text(error.message, "\"online\" of region \"a\" in 1 was given before in row 2");
    options.strict = 1;
    error = csv_refused("region,indicator,value\na,online,1\na,onlin,1\n", &options, SMR_MESSAGE_INDICATOR_UNKNOWN);
    expect_equal_uint(error.row, 3);
    expect_text(error.subject, "indicator");
    expect(strstr(error.message, "\"online\"") != NULL);
    smr_framework_unref(framework);
}

TEST(unknown_indicators_are_kept_and_noted_once) {
    csv_reports reports;
    smr_context *context = csv_context(&reports);
    smr_framework *framework = small_framework(context);
    smr_csv_options options = options_with(framework);
    smr_dataset *dataset;
    smr_error error = unit_error();
    expect_ok(csv_read(context, "region,indicator,value,remark\na,online,1,\na,gdp,7,x\nb,gdp,8,\na,inhabitants,5,\n",
                       0, &options, &dataset, &error),
              &error);
    expect_same_bits(csv_value(dataset, "gdp", 1), 8);
    expect_equal_uint(reports.count, 2);
    expect_equal_int(reports.records[0].code, SMR_MESSAGE_CSV_COLUMN_IGNORED);
    expect_text(reports.records[0].subject, "remark");
    expect_equal_int(reports.records[1].code, SMR_MESSAGE_COLUMN_KEPT_NUMBER);
    expect_equal_uint(reports.records[1].row, 3);
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
    smr_context_unref(context);
}

/* ---- SDMX-CSV ---- */

TEST(sdmx_csv_is_read_as_published) {
    static const char text[] = "DATAFLOW,FREQ,REF_AREA,REF_AREA_LABEL,INDICATOR,INDICATOR_LABEL,SEX,TIME_PERIOD,OBS_"
                               "VALUE,UNIT_MEASURE,OBS_STATUS,"
                               "UNIT_MULT,DECIMALS,COMMENT_OBS,OBS_CONF\n"
                               "X:DF(1.0),A,VN,Viet Nam,online,Is online,_T,2020,1,NUMBER,A,0,0,,F\n"
                               "X:DF(1.0),A,TH,Thailand,online,Is online,_T,2021,0,NUMBER,E,0,1,rough,N\n"
                               "X:DF(1.0),A,VN,Viet Nam,unemployment,Out of work,_T,2021,2.4,PT,,3,1,,F\n"
                               "X:DF(1.0),A,TH,Thailand,unemployment,Out of work,_T,2021,,PT,M,3,1,,F\n";
    smr_framework *framework = small_framework(unit_context());
    smr_csv_options options = options_with(framework);
    options.strict = 1;
    smr_dataset *dataset = csv_dataset(text, &options);
    smr_observation found;
    smr_error error = unit_error();
    smr_observation_init(&found, sizeof found);
    expect_equal_uint(smr_dataset_row_count(dataset), 3);
    expect_text(smr_dataset_region(dataset, 0), "VN");
    expect_text(smr_dataset_region_name(dataset, 0), "Viet Nam");
    expect_text(smr_dataset_latest_period(dataset), "2021");
    int64_t row = smr_dataset_find_row(dataset, "TH", "2021");
    expect_equal_int(row, 1);
    expect_same_bits(csv_value(dataset, "unemployment", 2), 2.4);
    expect_nan(csv_value(dataset, "unemployment", 1));
    expect_ok(smr_dataset_observation(dataset, 0, 1, &found, &error), &error);
    expect_text(found.status, "E");
    expect_text(found.unit, "NUMBER");
    expect_text(found.note, "rough");
    expect_ok(smr_dataset_observation(dataset, 1, 1, &found, &error), &error);
    expect_text(found.status, "M");
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
}

TEST(the_second_version_of_sdmx_csv) {
    smr_dataset *dataset = csv_dataset("STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,INDICATOR,OBS_VALUE\n"
                                       "dataflow,X:DF(1.0),I,VN,x,1\ndataflow,X:DF(1.0),A,TH,x,2\n",
                                       NULL);
    expect_equal_uint(smr_dataset_row_count(dataset), 2);
    expect_text(smr_dataset_period(dataset, 0), NULL);
    expect_same_bits(csv_value(dataset, "x", 1), 2);
    smr_dataset_unref(dataset);
}

TEST(other_dimensions_are_constant) {
    smr_error error = csv_refused("REF_AREA,INDICATOR,SEX,AGE,TIME_PERIOD,OBS_VALUE\n"
                                  "VN,x,_T,Y15,2020,1\nVN,x,F,Y15,2021,2\nVN,x,M,Y16,2022,3\n",
                                  NULL, SMR_MESSAGE_CSV_DIMENSION_VARIES);
    expect_text(error.subject, "SEX");
    expect_equal_uint(error.row, 3);
    expect_equal_uint(error.column, 3);
    expect_text(error.message, "dimension SEX is \"F\" here and \"_T\" in row 2, expected one value in the whole text");
    error = csv_refused("REF_AREA,INDICATOR,UNIT_MULT,OBS_VALUE\nVN,x,0,1\nVN,y,3,1\nTH,x,3,1\n", NULL,
                        SMR_MESSAGE_CSV_MULTIPLIER_VARIES);
    expect_equal_uint(error.row, 4);
    csv_refused("REF_AREA,SERIES,OBS_VALUE\nVN,x,0\n", NULL, SMR_MESSAGE_CSV_SDMX_COLUMN);
}

static const unit_test tests[] = {
    UNIT(a_long_table_is_read),          UNIT(a_long_table_without_periods),
    UNIT(wrong_long_tables_are_told),    UNIT(unknown_indicators_are_kept_and_noted_once),
    UNIT(sdmx_csv_is_read_as_published), UNIT(the_second_version_of_sdmx_csv),
    UNIT(other_dimensions_are_constant),
};

UNIT_SUITE(dataset_csv_long, tests)
