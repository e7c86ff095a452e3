/* SPDX-License-Identifier: MIT */
/* The selection as a pure function: against a plain count of who is above whom, again and again without memory. */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "../failure/failing_allocator.h"
#include "study/select_impl.h"

enum { MOST = 30 };

typedef struct funnel {
    smri_select select;
    smri_select_stage stages[2];
    smri_select_part parts[2][2];
    smri_select_gate gates[2];
    smri_select_input inputs[3];
    double columns[3][MOST];
    const double *pointers[3];
} funnel;

/* Two stages: the index, gated by column 1; then half the stage before and half column 2, least to greatest. */
static void fill_funnel(funnel *f, const smr_context *context, size_t regions, uint64_t keep, uint64_t keep_last)
{
    *f = (funnel){.select = {.context = context,
                             .regions = regions,
                             .input_count = 3,
                             .stage_count = 2,
                             .part_count = 3,
                             .low = 0,
                             .high = 100,
                             .decimals = -1}};
    f->select.inputs = f->inputs;
    f->select.stages = f->stages;
    f->gates[0] = (smri_select_gate){.input = 1, .least = 2};
    f->parts[0][0] = (smri_select_part){.name = "index", .weight = 1};
    f->parts[1][0] = (smri_select_part){.name = "previous", .source = SMRI_PART_PREVIOUS, .weight = 1};
    f->parts[1][1] = (smri_select_part){.name = "column", .input = 2, .how = SMRI_HOW_MINMAX, .weight = 1};
    f->stages[0] = (smri_select_stage){.keep = keep, .parts = f->parts[0], .part_count = 1, .gates = f->gates,
                                       .gate_count = 1, .tie_input = SMRI_TIES_KEPT};
    f->stages[1] = (smri_select_stage){.keep = keep_last, .parts = f->parts[1], .part_count = 2, .first_part = 1,
                                       .tie_input = SMRI_TIES_KEPT};
    for (size_t i = 0; i < 3; i++) {
        f->pointers[i] = f->columns[i];
    }
}

static void draw(funnel *f, uint64_t *state)
{
    for (size_t column = 0; column < 3; column++) {
        for (size_t i = 0; i < f->select.regions; i++) {
            const double value = floor(12 * unit_random_unit(state));
            f->columns[column][i] = unit_random_unit(state) < 0.1 ? NAN : value;
        }
    }
}

/* Who goes on among those that are in: fewer than `keep` are strictly above. */
static void keep_best(const double *scores, bool *in, size_t n, uint64_t keep)
{
    bool left[MOST];
    for (size_t i = 0; i < n; i++) {
        uint64_t above = 0;
        for (size_t k = 0; k < n; k++) {
            above += in[k] && scores[k] > scores[i];
        }
        left[i] = in[i] && scores[i] == scores[i] && above < keep;
    }
    memcpy(in, left, n);
}

static void expected_of(const funnel *f, uint32_t *reached)
{
    const size_t n = f->select.regions;
    bool in[MOST];
    double mixed[MOST], least = HUGE_VAL, greatest = -HUGE_VAL;
    for (size_t i = 0; i < n; i++) {
        in[i] = f->columns[1][i] >= 2;
        reached[i] = 0;
    }
    keep_best(f->columns[0], in, n, f->stages[0].keep);
    for (size_t i = 0; i < n; i++) {
        reached[i] += in[i];
        if (in[i] && f->columns[2][i] == f->columns[2][i]) {
            least = fmin(least, f->columns[2][i]);
            greatest = fmax(greatest, f->columns[2][i]);
        }
    }
    for (size_t i = 0; i < n; i++) {
        const double share = greatest > least ? (f->columns[2][i] - least) / (greatest - least)
                                              : f->columns[2][i] == f->columns[2][i] ? 0.5 : NAN;
        mixed[i] = (f->columns[0][i] + 100 * share) / 2;
    }
    keep_best(mixed, in, n, f->stages[1].keep);
    for (size_t i = 0; i < n; i++) {
        reached[i] += in[i];
    }
}

TEST(many_draws_without_memory)
{
    failing_allocator failing;
    failing_allocator_init(&failing, 0, false);
    smr_context_options options;
    smr_context_options_init(&options, sizeof options);
    options.allocator = failing.allocator;
    smr_context *context;
    smr_error error = unit_error();
    expect_ok(smr_context_new(&options, &context, &error), &error);
    uint64_t state = 3;
    for (size_t regions = 0; regions <= MOST; regions += 3) {
        funnel f;
        smri_select_work work;
        fill_funnel(&f, smri_context(context), regions, 9, 3);
        expect(smri_select_work_make(&f.select, &work));
        const size_t before = failing.calls;
        for (int trial = 0; trial < 400; trial++) {
            uint32_t found[MOST], expected[MOST];
            draw(&f, &state);
            expect_ok(smri_select_run(&f.select, f.pointers, &work, found, NULL, &error), &error);
            expected_of(&f, expected);
            for (size_t i = 0; i < regions; i++) {
                expect_equal_uint(found[i], expected[i]);
            }
        }
        expect_equal_uint(failing.calls, before);
        smri_select_work_free(&f.select, &work);
    }
    smr_context_unref(context);
    expect_equal_uint(failing.live_blocks, 0);
}

/* Scores within the tolerance of a neighbour tie in a chain. */
TEST(tolerance_chains)
{
    static const double scores[] = {10, 9.95, 9.9, 9.85, 9, 8};
    funnel f;
    smri_select_work work;
    uint32_t reached[6];
    smr_error error = unit_error();
    fill_funnel(&f, smri_context(unit_context()), 6, 2, 6);
    f.select.stage_count = 1;
    f.stages[0].gate_count = 0;
    memcpy(f.columns[0], scores, sizeof scores);
    expect(smri_select_work_make(&f.select, &work));
    for (int tied = 0; tied < 2; tied++) {
        f.select.tolerance = tied ? 0.06 : 0;
        expect_ok(smri_select_run(&f.select, f.pointers, &work, reached, NULL, &error), &error);
        for (uint32_t i = 0; i < 6; i++) {
            expect_equal_uint(reached[i], i < (tied ? 4U : 2U));
        }
    }
    f.select.tolerance = 0;
    f.select.decimals = 0;
    expect_ok(smri_select_run(&f.select, f.pointers, &work, reached, NULL, &error), &error);
    for (uint32_t i = 0; i < 6; i++) {
        expect_equal_uint(reached[i], i < 4);
    }
    smri_select_work_free(&f.select, &work);
}

/* A tie of four for two places, by a column where two more tie or one is missing. */
TEST(ties_by_a_column)
{
    static const double scores[] = {5, 5, 5, 5, 1}, columns[][5] = {
        {3, 1, 2, 0, 9}, {3, 2, 2, 0, 9}, {NAN, 2, NAN, NAN, 9}, {NAN, NAN, NAN, NAN, 9}};
    static const unsigned through[2][4] = {{5, 7, 15, 15}, {10, 14, 15, 15}}; /* higher, lower wins; a bit a region */
    for (int lower = 0; lower < 2; lower++) {
        for (size_t trial = 0; trial < 4; trial++) {
            funnel f;
            smri_select_work work;
            uint32_t reached[5];
            smr_error error = unit_error();
            fill_funnel(&f, smri_context(unit_context()), 5, 2, 5);
            f.select.stage_count = 1;
            f.stages[0].gate_count = 0;
            f.stages[0].tie_input = 1;
            f.stages[0].tie_lower = lower;
            memcpy(f.columns[0], scores, sizeof scores);
            memcpy(f.columns[1], columns[trial], sizeof columns[trial]);
            expect(smri_select_work_make(&f.select, &work));
            expect_ok(smri_select_run(&f.select, f.pointers, &work, reached, NULL, &error), &error);
            unsigned bits = 0;
            for (unsigned i = 0; i < 5; i++) {
                bits |= reached[i] << i;
            }
            expect_equal_uint(bits, through[lower][trial]);
            smri_select_work_free(&f.select, &work);
        }
    }
}

/* Without a range of the index, parts are mixed between its least and greatest value. */
TEST(no_range_of_the_index)
{
    static const double scores[] = {-1, 0, 3}, column[] = {10, 30, 20};
    funnel f;
    smri_select_work work;
    uint32_t reached[3];
    double kept[9], compared[9], values[9], mixed[9], worst[3], best[3];
    uint8_t verdicts[6];
    smri_select_cut cuts[2];
    const smri_select_trail trail = {kept, compared, verdicts, values, mixed, worst, best, cuts};
    smr_error error = unit_error();
    fill_funnel(&f, smri_context(unit_context()), 3, 3, 1);
    f.select.low = f.select.high = NAN;
    f.stages[0].gate_count = 0;
    memcpy(f.columns[0], scores, sizeof scores);
    memcpy(f.columns[2], column, sizeof column);
    expect(smri_select_work_make(&f.select, &work));
    expect_ok(smri_select_run(&f.select, f.pointers, &work, reached, &trail, &error), &error);
    expect_near(cuts[1].low, -1, 0);
    expect_near(cuts[1].high, 3, 0);
    static const double expected[] = {(-1 - 1) / 2.0, (0 + 3) / 2.0, (3 + 1) / 2.0};
    for (size_t i = 0; i < 3; i++) {
        expect_near(kept[i], scores[i], 0);
        expect_near(kept[3 + i], expected[i], 1e-15);
    }
    expect_equal_uint(reached[2], 2);
    expect_equal_uint(reached[1], 1);
    expect_equal_int(verdicts[3 + 1], SMRI_VERDICT_BELOW_CUT);
    smri_select_work_free(&f.select, &work);
}

static const unit_test tests[] = {
    UNIT(many_draws_without_memory),
    UNIT(tolerance_chains),
    UNIT(ties_by_a_column),
    UNIT(no_range_of_the_index),
};
UNIT_SUITE(select_stages, tests)
