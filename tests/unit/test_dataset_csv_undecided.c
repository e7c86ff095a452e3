/* SPDX-License-Identifier: MIT */
#include "csv_fixture.h"

#include <math.h>
#include <stdio.h>

/* ---- columns that may be numbers or texts ---- */

static void expect_texts(const char *const *texts, size_t count) {
    static char text[1 << 16];
    strcpy(text, "region,x\n");
    for (size_t i = 0; i <= count; i++) {
        char region[SMRI_INTEGER_SIZE];
        strcat(strcat(text, smri_text_integer(region, i)), ",");
        strcat(strcat(text, i < count ? texts[i] : "x3"), "\n");
    }
    smr_dataset *dataset = csv_dataset(text, NULL);
    for (size_t i = 0; i < count; i++) {
        bool missing = strcmp(texts[i], "") == 0 || strcmp(texts[i], "NA") == 0;
        expect_text(csv_label(dataset, "x", i), missing ? NULL : texts[i]);
    }
    expect_text(csv_label(dataset, "x", count), "x3");
    smr_dataset_unref(dataset);
}

TEST(a_late_text_gives_every_number_its_text_back) {
    static const char *const texts[] = {"01",
                                        "1",
                                        "1.0",
                                        "1.50",
                                        "-2",
                                        "-0",
                                        "0",
                                        "0.000",
                                        "1e3",
                                        "1E3",
                                        "+5",
                                        ".5",
                                        "5.",
                                        "",
                                        "NA",
                                        "007",
                                        "123456789012345",
                                        "1234567890123456",
                                        "12345678901234567890",
                                        "0.1",
                                        "0.12345678901234567",
                                        "0.1000000000000000055511151231257827",
                                        "3.0000000000000000000000",
                                        "-00.5",
                                        "9007199254740993",
                                        "1e400",
                                        "100000000000000000000000",
                                        "12.670",
                                        "-12.5"};
    expect_texts(texts, SMRI_COUNT(texts));
    expect_texts(texts, 1);
    expect_texts(texts, 0);
    /* The same by many random texts. */
    static char store[400][24];
    static const char *random_texts[400];
    uint64_t seed = 3;
    for (int round = 0; round < 20; round++) {
        for (size_t i = 0; i < SMRI_COUNT(random_texts); i++) {
            double x = (unit_random_unit(&seed) - 0.5) * pow(10, (double)(unit_random(&seed) % 12));
            snprintf(store[i], sizeof store[i], "%.*g", (int)(1 + unit_random(&seed) % 17), x);
            if (strchr(store[i], ',') != NULL) {
                *strchr(store[i], ',') = '.'; /* where the locale has a comma */
            }
            random_texts[i] = store[i];
        }
        expect_texts(random_texts, SMRI_COUNT(random_texts));
    }
}

TEST(numbers_alone_make_a_numeric_column) {
    smr_dataset *dataset = csv_dataset("region,x,y\na,007,\nb,1.50,NA\nc,,..\nd,1e3,\n", NULL);
    expect_same_bits(csv_value(dataset, "x", 0), 7);
    expect_same_bits(csv_value(dataset, "x", 1), 1.5);
    expect_nan(csv_value(dataset, "x", 2));
    expect_same_bits(csv_value(dataset, "x", 3), 1000);
    expect_nan(csv_value(dataset, "y", 0));
    smr_dataset_unref(dataset);
}

TEST(numbers_written_otherwise_do_not_become_texts) {
    smr_error error = csv_refused("region,x\na,1\nb,\"7,23\"\nc,2\n", NULL, SMR_MESSAGE_NUMBER_EXPECTED);
    expect_equal_uint(error.row, 3);
    expect_text(error.subject, "x");
    expect(strstr(error.message, "--number-format vi") != NULL);
    error = csv_refused("region,x\na,1\nb,inf\nc,2\n", NULL, SMR_MESSAGE_NUMBER_INFINITE);
    expect_equal_uint(error.row, 3);
    smr_dataset *dataset = csv_dataset("region,x\na,1\nb,\"7,23\"\nc,text\n", NULL);
    expect_text(csv_label(dataset, "x", 1), "7,23");
    smr_dataset_unref(dataset);
}

static const unit_test tests[] = {
    UNIT(a_late_text_gives_every_number_its_text_back),
    UNIT(numbers_alone_make_a_numeric_column),
    UNIT(numbers_written_otherwise_do_not_become_texts),
};

UNIT_SUITE(dataset_csv_undecided, tests)
