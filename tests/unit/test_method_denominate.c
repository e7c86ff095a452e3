/* SPDX-License-Identifier: MIT */
#include "method_fixture.h"

#include <math.h>

TEST(quotients_by_hand)
{
    double x[] = {10, 3, NAN, 7, 7, 0, 0, -6};
    const double denominator[] = {4, 2, 5, 0, NAN, 0, -2, 4};
    uint8_t statuses[8] = {SMR_CELL_OK, SMR_CELL_OK, SMR_CELL_MISSING};
    smri_denominate(x, denominator, 1000, statuses, 8);
    const double expected[] = {2500, 1500, NAN, NAN, NAN, NAN, 0, -1500};
    expect_array(x, expected, 8, 0);
    const uint8_t expected_statuses[] = {
        SMR_CELL_OK, SMR_CELL_OK, SMR_CELL_MISSING, SMR_CELL_BAD_DENOMINATOR, SMR_CELL_BAD_DENOMINATOR,
        SMR_CELL_BAD_DENOMINATOR, SMR_CELL_OK, SMR_CELL_OK};
    expect_bytes(statuses, expected_statuses, 8);
}

TEST(overflow_is_a_bad_denominator)
{
    double x[] = {1e300, 1};
    const double denominator[] = {1e-300, 5e-324};
    uint8_t statuses[2] = {0};
    smri_denominate(x, denominator, 1, statuses, 2);
    for (int i = 0; i < 2; i++) {
        expect_nan(x[i]);
        expect_equal_int(statuses[i], SMR_CELL_BAD_DENOMINATOR);
    }
}

TEST(one_divides_nothing)
{
    uint64_t state = 5;
    for (int i = 0; i < 1000; i++) {
        const double value = unit_random_unit(&state) * 1e6;
        double x = value;
        const double one = 1;
        uint8_t status = SMR_CELL_OK;
        smri_denominate(&x, &one, 1, &status, 1);
        expect_same_bits(x, value);
    }
}

static const unit_test tests[] = {
    UNIT(quotients_by_hand),
    UNIT(overflow_is_a_bad_denominator),
    UNIT(one_divides_nothing),
};
UNIT_SUITE(method_denominate, tests)
