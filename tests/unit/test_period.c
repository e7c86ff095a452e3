/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <string.h>

#include "model/model_impl.h"

static int64_t start(const char *text) {
    return smri_period_start(text, strlen(text));
}

TEST(days_are_counted_from_1970) {
    /* Numbers of days from the proleptic Gregorian calendar, as Python's datetime.date gives them. */
    expect_equal_int(start("1970-01-01"), 0);
    expect_equal_int(start("1969-12-31"), -1);
    expect_equal_int(start("2000-02-29"), 11016);
    expect_equal_int(start("2000-03-01"), 11017);
    expect_equal_int(start("1900-03-01"), -25508);
    expect_equal_int(start("2100-03-01"), 47541);
    expect_equal_int(start("0001-01-01"), -719162);
    expect_equal_int(start("9999-12-31"), 2932896);
    expect_equal_int(start("0000-12-31"), -719163);
    expect_equal_int(start("0000-01-01"), -719528);
}

TEST(each_form_starts_at_its_first_day) {
    int64_t first = start("2021-01-01");
    expect_equal_int(start("2021"), first);
    expect_equal_int(start("2021-S1"), first);
    expect_equal_int(start("2021-Q1"), first);
    expect_equal_int(start("2021-01"), first);
    expect_equal_int(start("2021-S2"), start("2021-07-01"));
    expect_equal_int(start("2021-Q2"), start("2021-04-01"));
    expect_equal_int(start("2021-Q3"), start("2021-07-01"));
    expect_equal_int(start("2021-Q4"), start("2021-10-01"));
    expect_equal_int(start("2024-12"), start("2024-12-01"));
    expect_equal_int(start("2024-03"), start("2024-02-29") + 1);
}

TEST(days_follow_one_another_through_four_centuries) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t expected = start("1799-01-01");
    for (int year = 1799; year < 2200; year++) {
        for (int month = 1; month <= 12; month++) {
            bool leap = month == 2 && (year % 400 == 0 || (year % 4 == 0 && year % 100 != 0));
            int last = days[month - 1] + leap;
            for (int day = 1; day <= 31; day++) {
                const char text[] = {(char)('0' + year / 1000),
                                     (char)('0' + year / 100 % 10),
                                     (char)('0' + year / 10 % 10),
                                     (char)('0' + year % 10),
                                     '-',
                                     (char)('0' + month / 10),
                                     (char)('0' + month % 10),
                                     '-',
                                     (char)('0' + day / 10),
                                     (char)('0' + day % 10),
                                     '\0'};
                expect_equal_int(start(text), day <= last ? expected++ : INT64_MIN);
            }
        }
    }
}

TEST(anything_else_is_text) {
    static const char *const texts[] = {
        "",          "2",          "202",        "20210",      "2021-",       "2021-Q",     "2021-Q0", "2021-Q5",
        "2021-S0",   "2021-S3",    "2021-q1",    "2021Q1",     "2021-00",     "2021-13",    "2021-1",  "2021-06-",
        "2021-06-3", "2021-06-31", "2021-06-00", "2021-02-29", "2021-06-301", "2021/06/30", " 2021",   "2021 ",
        "-2021",     "baseline",   "2021-W03",   "2021-06x01", "2o21"};
    for (size_t i = 0; i < SMRI_COUNT(texts); i++) {
        expect_equal_int(start(texts[i]), INT64_MIN);
    }
}

TEST(only_the_given_length_is_read) {
    expect_equal_int(smri_period_start("2021-06-30", 4), start("2021"));
    expect_equal_int(smri_period_start("2021-06-30", 7), start("2021-06"));
    expect_equal_int(smri_period_start("2021-06-30", 5), INT64_MIN);
}

static int compare(const char *a, const char *b) {
    smri_period left = {a, start(a)}, right = {b, start(b)};
    int order = smri_period_compare(&left, &right);
    expect_equal_int(smri_period_compare(&right, &left), -order);
    return order;
}

TEST(order_is_by_start_then_text_and_texts_come_last) {
    expect(compare("2020", "2021") < 0);
    expect(compare("2021-Q3", "2021-Q4") < 0);
    expect(compare("2021-S2", "2021-09") < 0);
    expect(compare("2021", "2021-01") < 0);
    expect(compare("2021-Q1", "2021-S1") < 0);
    expect(compare("baseline", "2999") > 0);
    expect(compare("after", "before") < 0);
    expect_equal_int(compare("2021", "2021"), 0);
    expect_equal_int(compare("x", "x"), 0);
}

TEST(a_dataset_orders_its_periods) {
    static const char *const ids[] = {"2021-Q3", "plan", "2019", "2021-Q1", "2020", "draft"};
    static const char *const expected[] = {"2019", "2020", "2021-Q1", "2021-Q3", "draft", "plan"};
    uint32_t places[SMRI_COUNT(ids)];
    smr_dataset *dataset = smri_dataset_new(unit_context());
    expect(dataset != NULL);
    expect(smri_dataset_set_periods(dataset, ids, SMRI_COUNT(ids), places));
    expect_equal_uint(dataset->period_count, SMRI_COUNT(ids));
    for (uint32_t i = 0; i < SMRI_COUNT(ids); i++) {
        expect_text(dataset->periods[i].id, expected[i]);
        expect_text(dataset->periods[places[i]].id, ids[i]);
        expect_equal_uint(smri_dataset_find_period(dataset, expected[i]), i);
    }
    expect_equal_uint(smri_dataset_find_period(dataset, "2018"), SMRI_NONE);
    expect_equal_uint(smri_dataset_find_period(dataset, "2021-Q2"), SMRI_NONE);
    expect_equal_uint(smri_dataset_find_period(dataset, "zebra"), SMRI_NONE);
    smr_dataset_unref(dataset);
}

static const unit_test tests[] = {
    UNIT(days_are_counted_from_1970),
    UNIT(each_form_starts_at_its_first_day),
    UNIT(days_follow_one_another_through_four_centuries),
    UNIT(anything_else_is_text),
    UNIT(only_the_given_length_is_read),
    UNIT(order_is_by_start_then_text_and_texts_come_last),
    UNIT(a_dataset_orders_its_periods),
};

UNIT_SUITE(period, tests)
