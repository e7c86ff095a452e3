/* SPDX-License-Identifier: MIT */
/* The register of regions: names, validity, merges and splits. */
#include "api.h"

#include <string.h>

static const char tree[] = "{'id': 'i', 'plan': {'normalise': 'none', 'denominate': {'use': false}}, 'children': ["
                           "{'id': 'a'}, {'id': 'c', 'kind': 'count'}, {'id': 'r', 'denominator': 'd'}]}";

/* Two merge into hcm at different times, x is split into y and z. */
static const char register_csv[] = "region,name,aliases,parent,valid_from,valid_to,successor,share\n"
                                   "hcm,Hồ Chí Minh,Ho Chi Minh City|TP.HCM,,,,,\n"
                                   "bd,Bình Dương,Binh Duong | BD,,1997-01-01,2025-06-30,hcm,\n"
                                   "old,,,,,1996-12-31,bd,\n"
                                   "x,,,,,2020-12-31,y,0.25\n"
                                   "x,,,,,,z,0.75\n"
                                   "y,,,land,,,,\n"
                                   "z,,,land,,,,\n"
                                   "land,The land,,,,,,\n";

typedef struct reports {
    size_t count;
    smr_error records[16];
} reports;

static void take_report(const smr_error *record, void *user) {
    reports *r = user;
    if (r->count < COUNT(r->records)) {
        r->records[r->count] = *record;
    }
    r->count++;
}

static smr_regions *read_register(smr_context *context, const char *text) {
    api_source source = {text, strlen(text), 7, 0};
    smr_regions *regions = NULL;
    smr_error error = unit_error();
    expect_ok(smr_regions_read_csv(context, api_source_read, &source, "register.csv", &regions, &error), &error);
    return regions;
}

static smr_error refuse_register(const char *text, int32_t code) {
    api_source source = {text, strlen(text), 0, 0};
    smr_regions *regions = (smr_regions *)(uintptr_t)1;
    smr_error error = unit_error();
    expect_fails(smr_regions_read_csv(NULL, api_source_read, &source, "register.csv", &regions, &error), &error, code);
    expect(regions == NULL);
    return error;
}

static smr_dataset *apply_to(smr_context *context, const char *csv, const char *as_of) {
    smr_regions *regions = read_register(context, register_csv);
    smr_framework *framework = api_framework(tree);
    smr_dataset *dataset = api_dataset(csv), *applied = NULL;
    smr_regions_options options;
    smr_error error = unit_error();
    smr_regions_options_init(&options, sizeof options);
    options.as_of = as_of;
    expect_ok(smr_regions_apply(context, regions, framework, dataset, &options, &applied, &error), &error);
    smr_regions_unref(regions);
    smr_framework_unref(framework);
    smr_dataset_unref(dataset);
    return applied;
}

TEST(names_and_aliases) {
    smr_regions *regions = read_register(NULL, register_csv);
    expect_equal_uint(smr_regions_count(regions), 7);
    expect_text(smr_regions_id(regions, 1), "bd");
    expect_text(smr_regions_name(regions, 1), "Bình Dương");
    expect(smr_regions_name(regions, 2) == NULL && smr_regions_id(regions, 7) == NULL);
    expect_equal_int(smr_regions_find(regions, "BD"), 1);
    expect_equal_int(smr_regions_find(regions, "Binh Duong"), 1);
    expect_equal_int(smr_regions_find(regions, "Binh  Duong"), -1);
    expect_equal_int(smr_regions_find(regions, NULL), -1);
    expect(smr_regions_ref(regions) == regions);
    smr_regions_unref(regions);
    smr_regions_unref(regions);
}

/* Aliases become ids, names and parents are filled in; what does not fit is told, once. */
TEST(brought_to_the_register) {
    reports r = {.count = 0};
    smr_context_options options;
    smr_context *context = NULL;
    smr_error error = unit_error();
    smr_context_options_init(&options, sizeof options);
    options.report = take_report;
    options.report_user = &r;
    expect_ok(smr_context_new(&options, &context, &error), &error);
    smr_dataset *applied =
        apply_to(context, "region,period,a,zone\nBinh Duong,2024,1,s\nBD,2026,2,n\nTP.HCM,2024,3,\ny,2024,4,s\nqq,2024,5,s\nqq,2025,6,s\n",
                 NULL);
    expect_text(smr_dataset_region(applied, 0), "bd");
    expect_text(smr_dataset_region_name(applied, 0), "Bình Dương");
    expect_text(smr_dataset_region(applied, 2), "hcm");
    expect_text(smr_dataset_region_parent(applied, 3), "land");
    expect(smr_dataset_region_parent(applied, 0) == NULL);
    expect_text(smr_dataset_region(applied, 4), "qq");
    expect_near(api_value_of(applied, "a", 1), 2, 0);
    expect_text(smr_dataset_text(applied, (size_t)smr_dataset_find_column(applied, "zone"), 1), "n");
    expect(smr_dataset_text(applied, (size_t)smr_dataset_find_column(applied, "zone"), 2) == NULL);
    expect_equal_uint(r.count, 2);
    expect_equal_int(r.records[0].code, SMR_MESSAGE_REGION_UNREGISTERED);
    expect_text(r.records[0].subject, "qq");
    expect_equal_int(r.records[1].code, SMR_MESSAGE_REGION_NOT_VALID);
    expect_equal_uint(r.records[1].row, 3);
    smr_dataset_unref(applied);
    smr_context_unref(context);
}

static void expect_rolled(const smr_dataset *applied, const char *expected) {
    smr_framework *framework = api_framework(tree);
    smr_plan *plan = api_plan("{'rollup': {'by': 'population'}}");
    smr_model *model = NULL;
    smr_dataset *rolled = NULL;
    smr_error error = unit_error();
    expect_ok(smr_model_fit(NULL, framework, applied, plan, &model, &error), &error);
    expect_ok(smr_model_snapshot(NULL, model, applied, "denominate", &rolled, &error), &error);
    expect_dataset(rolled, expected);
    smr_dataset_unref(rolled);
    smr_model_unref(model);
    smr_plan_unref(plan);
    smr_framework_unref(framework);
}

/* By hand: a is (10 x 9 + 20 x 3) / 12, c is 100 + 50. What the successor says of itself later stands. */
TEST(a_merger) {
    smr_dataset *applied = apply_to(NULL,
                                    "region,period,a,c,population\nhcm,2024,10,100,9\nBD,2024,20,50,3\n"
                                    "hcm,2026,12,160,13\n",
                                    "2025-07-01");
    expect_text(smr_dataset_region(applied, 0), "hcm (until 2025-06-30)");
    expect_text(smr_dataset_region_parent(applied, 0), "hcm");
    expect_text(smr_dataset_region_parent(applied, 1), "hcm");
    expect_rolled(applied, "region,period,a,c,r\nhcm,2026,12,160,\nhcm,2024,12.5,150,\n");
    smr_dataset_unref(applied);
    /* before that day nothing is merged */
    applied = apply_to(NULL, "region,a,c,population\nhcm,10,100,9\nBD,20,50,3\n", "2025-06-30");
    expect_text(smr_dataset_region(applied, 0), "hcm");
    expect(smr_dataset_region_parent(applied, 1) == NULL);
    smr_dataset_unref(applied);
}

/* A region that became part of one that became part of another is a part of the last. */
TEST(a_chain) {
    smr_dataset *applied = apply_to(NULL, "region,a,c,population\nold,4,7,1\nbd,8,5,1\nhcm,1,1,2\n", "2025-07-01");
    expect_text(smr_dataset_region_parent(applied, 0), "hcm");
    expect_text(smr_dataset_region_parent(applied, 1), "hcm");
    expect_text(smr_dataset_region(applied, 2), "hcm (until 1996-12-31)");
    expect_rolled(applied, "region,a,c,r\nhcm,3.5,13,\n");
    smr_dataset_unref(applied);
}

/* A quarter of x is y's: counts, denominators and population are divided, a mean is not. y: a = (2 x 1 + 8 x 1) / 2. */
TEST(a_split) {
    smr_dataset *applied =
        apply_to(NULL, "region,a,c,d,population\nx,8,40,12,4\ny,2,10,1,1\nz,4,20,1,3\n", "2021-01-01");
    expect_text(smr_dataset_region(applied, 0), "x > y");
    expect_text(smr_dataset_region(applied, 1), "x > z");
    expect_near(api_value_of(applied, "c", 0), 10, 0);
    expect_near(api_value_of(applied, "c", 1), 30, 0);
    expect_near(api_value_of(applied, "d", 0), 3, 0);
    expect_near(api_value_of(applied, "population", 1), 3, 0);
    expect_near(api_value_of(applied, "a", 0), 8, 0);
    expect_text(smr_dataset_region_parent(applied, 0), "y");
    smr_dataset_unref(applied);
}

TEST(registers_that_are_wrong) {
    smr_error error = refuse_register("region,aliases\na,b|c\nc,\n", SMR_MESSAGE_REGIONS_TWICE);
    expect_equal_uint(error.row, 3);
    expect_text(error.subject, "region");
    error = refuse_register("region,aliases\na,b\nd, b\n", SMR_MESSAGE_REGIONS_TWICE);
    expect_text(error.subject, "aliases");
    refuse_register("region,name\na,x\na,y\n", SMR_MESSAGE_REGIONS_TWICE);
    refuse_register("region,name\n,x\n", SMR_MESSAGE_REGIONS_ID);
    refuse_register("region,valid_to\na,2020\n", SMR_MESSAGE_REGIONS_DATE);
    refuse_register("region,valid_from\na,2020-02-30\n", SMR_MESSAGE_REGIONS_DATE);
    refuse_register("region,valid_from,valid_to\na,2021-01-01,2020-01-01\n", SMR_MESSAGE_REGIONS_DATES);
    refuse_register("region,parent\na,nowhere\n", SMR_MESSAGE_REGIONS_UNKNOWN);
    refuse_register("region,valid_to,successor\na,2020-01-01,nowhere\n", SMR_MESSAGE_REGIONS_UNKNOWN);
    refuse_register("region,successor\na,b\nb,\n", SMR_MESSAGE_REGIONS_SUCCESSOR);
    refuse_register("region,valid_to,successor,share\na,2020-01-01,b,two\nb,,,\n", SMR_MESSAGE_REGIONS_SHARE);
    refuse_register("region,valid_to,successor,share\na,2020-01-01,b,0.3\na,,c,0.3\nb,,,\nc,,,\n", SMR_MESSAGE_REGIONS_SHARES);
    refuse_register("region,valid_to,successor\na,2020-01-01,b\nb,2021-01-01,a\n", SMR_MESSAGE_REGIONS_CIRCLE);
    refuse_register("name\na\n", SMR_MESSAGE_TABLE_COLUMN);
    refuse_register("", SMR_MESSAGE_CSV_EMPTY);
}

TEST(wrong_calls) {
    smr_regions *regions = read_register(NULL, register_csv), *none = NULL;
    smr_dataset *dataset = api_dataset("region,a\nBD,1\nBinh Duong,2\n"), *applied = NULL;
    smr_regions_options options;
    smr_error error = unit_error();
    smr_regions_options_init(&options, sizeof options);
    expect_argument(smr_regions_read_csv(NULL, NULL, NULL, NULL, &none, &error), &error);
    expect_argument(smr_regions_read_csv(NULL, api_source_read, NULL, NULL, NULL, &error), &error);
    expect_argument(smr_regions_apply(NULL, NULL, NULL, dataset, NULL, &applied, &error), &error);
    expect_argument(smr_regions_apply(NULL, regions, NULL, NULL, NULL, &applied, &error), &error);
    expect_argument(smr_regions_apply(NULL, regions, NULL, dataset, NULL, NULL, &error), &error);
    expect_fails(smr_regions_apply(NULL, regions, NULL, dataset, NULL, &applied, &error), &error,
                 SMR_MESSAGE_REGION_TWICE);
    expect_equal_uint(error.row, 3);
    options.as_of = "2025";
    expect_fails(smr_regions_apply(NULL, regions, NULL, dataset, &options, &applied, &error), &error,
                 SMR_MESSAGE_REGIONS_DATE);
    expect(applied == NULL);
    expect(smr_regions_count(NULL) == 0 && smr_regions_id(NULL, 0) == NULL && smr_regions_name(NULL, 0) == NULL);
    expect_equal_int(smr_regions_find(NULL, "a"), -1);
    expect(smr_regions_ref(NULL) == NULL);
    smr_regions_unref(NULL);
    smr_regions_options_init(NULL, 8);
    smr_dataset_unref(dataset);
    smr_regions_unref(regions);
}

static const unit_test tests[] = {
    UNIT(names_and_aliases), UNIT(brought_to_the_register), UNIT(a_merger),    UNIT(a_chain),
    UNIT(a_split),           UNIT(registers_that_are_wrong), UNIT(wrong_calls),
};
UNIT_SUITE(regions, tests)
