/* SPDX-License-Identifier: MIT */
#include "method_fixture.h"

#include <math.h>

static const smri_kernels *kernels(void)
{
    return smri_context_kernels(unit_context());
}

TEST(values_by_hand)
{
    expect_same_bits(smri_transform_one(SMR_TRANSFORM_NONE, -3.5), -3.5);
    expect_same_bits(smri_transform_one(SMR_TRANSFORM_LOG, 1), 0.0);
    expect_near(smri_transform_one(SMR_TRANSFORM_LOG, 2.718281828459045), 1, 1e-15);
    expect_same_bits(smri_transform_one(SMR_TRANSFORM_SQRT, 0), 0.0);
    expect_same_bits(smri_transform_one(SMR_TRANSFORM_SQRT, 2.25), 1.5);
    expect_same_bits(smri_transform_one(SMR_TRANSFORM_CBRT, 0), 0.0);
    expect_same_bits(smri_transform_one(SMR_TRANSFORM_CBRT, -0.125), -0.5);
    expect_same_bits(smri_transform_one(SMR_TRANSFORM_LOGIT, 0.5), 0.0);
    expect_near(smri_transform_one(SMR_TRANSFORM_LOGIT, 0.75), 1.0986122886681098, 3e-16); /* ln 3 */
    expect_near(smri_transform_one(SMR_TRANSFORM_LOGIT, 0.2), -1.3862943611198906, 3e-16); /* -ln 4 */
}

TEST(domains)
{
    static const struct {
        int32_t transform;
        double outside[3];
    } cases[] = {
        {SMR_TRANSFORM_LOG, {0, -1, -5e-324}},
        {SMR_TRANSFORM_SQRT, {-1, -5e-324, -1e300}},
        {SMR_TRANSFORM_LOGIT, {0, 1, 1.5}},
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        double x[] = {cases[i].outside[0], 0.25, NAN, cases[i].outside[1], cases[i].outside[2]};
        uint8_t statuses[] = {SMR_CELL_OK, SMR_CELL_IMPUTED, SMR_CELL_BAD_DENOMINATOR, SMR_CELL_IMPUTED, SMR_CELL_OK};
        const uint8_t expected[] = {SMR_CELL_OUT_OF_DOMAIN, SMR_CELL_IMPUTED, SMR_CELL_BAD_DENOMINATOR,
                                    SMR_CELL_OUT_OF_DOMAIN, SMR_CELL_OUT_OF_DOMAIN};
        for (int j = 0; j < 3; j++) {
            expect_nan(smri_transform_one(cases[i].transform, cases[i].outside[j]));
        }
        smri_transform(cases[i].transform, kernels(), x, statuses, 5);
        expect_bytes(statuses, expected, 5);
        const double values[] = {NAN, smri_transform_one(cases[i].transform, 0.25), NAN, NAN, NAN};
        expect(values[1] == values[1]);
        expect_array(x, values, 5, 0);
    }
}

/* Goalposts go one by one, columns through the kernels. */
TEST(one_and_many_are_the_same_bits)
{
    enum { N = 1000 };
    static double x[N];
    static uint8_t statuses[N];
    for (int32_t transform = SMR_TRANSFORM_NONE; transform <= SMR_TRANSFORM_LOGIT; transform++) {
        uint64_t state = 17;
        double expected[N];
        for (size_t i = 0; i < N; i++) {
            const double unit = unit_random_unit(&state);
            x[i] = i % 7 == 0 ? NAN : i % 3 == 0 ? unit : (unit - 0.3) * pow(10, (double)(i % 40) - 20);
            expected[i] = smri_transform_one(transform, x[i]);
        }
        smri_transform(transform, kernels(), x, statuses, N);
        for (size_t i = 0; i < N; i++) {
            expect_same_bits(x[i], expected[i]);
        }
    }
}

TEST(cube_roots)
{
    for (int i = 1; i <= 100000; i++) {
        const double root = i;
        expect_same_bits(smri_transform_one(SMR_TRANSFORM_CBRT, root * root * root), root);
    }
    /* Where long double is double, the C library's own error comes on top. */
    const long double bound = unit_long_double_is_wide() ? 0.67L : 4;
    uint64_t state = 23;
    for (int i = 0; i < 100000; i++) {
        /* any finite double, subnormals among them */
        const double x = unit_double(unit_random(&state) % UINT64_C(0x7ff0000000000000));
        const double root = smri_transform_one(SMR_TRANSFORM_CBRT, x);
        const long double error = fabsl(root - cbrtl(x)), unit = nextafter(root, INFINITY) - root;
        expect(error <= bound * unit);
        expect_same_bits(smri_transform_one(SMR_TRANSFORM_CBRT, -x), -root);
    }
    expect_near(smri_transform_one(SMR_TRANSFORM_CBRT, 5e-324), 1.7031839360032603e-108, 1e-123);
    expect_near(smri_transform_one(SMR_TRANSFORM_CBRT, DBL_MAX), 5.643803094122362e102, 1e87);
}

/* Nothing but order matters to goalposts and ranks: every transform keeps it. */
TEST(transforms_keep_the_order)
{
    for (int32_t transform = SMR_TRANSFORM_NONE; transform <= SMR_TRANSFORM_LOGIT; transform++) {
        double previous = -INFINITY;
        for (int i = 1; i < 1000; i++) {
            const double value = smri_transform_one(transform, i / 1000.0);
            expect(value > previous);
            previous = value;
        }
    }
}

static const unit_test tests[] = {
    UNIT(values_by_hand),
    UNIT(domains),
    UNIT(one_and_many_are_the_same_bits),
    UNIT(cube_roots),
    UNIT(transforms_keep_the_order),
};
UNIT_SUITE(method_transform, tests)
