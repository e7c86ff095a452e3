/* SPDX-License-Identifier: MIT */
/* Methods on families of regions, with every allocation failing in turn. */
#include "family_fixture.h"

#include "failure/failing_allocator.h"

enum { CHILDREN = 4, ROWS = 12 };

/* The method that the scenario below runs. */
static const char *scenario_method;

static smr_status run_method(failure_run *run)
{
    family_fixture f;
    uint64_t state = 7;
    double rows[CHILDREN * ROWS];
    const double *scores[CHILDREN];
    smri_arena arena;
    smri_fitted fitted = {0};
    family_make(&f, scenario_method, CHILDREN);
    for (size_t i = 0; i < SMRI_COUNT(rows); i++) {
        rows[i] = (double)(unit_random(&state) % 5);
    }
    family_rows(&f, rows, ROWS);
    if (smri_parameter_find(f.method.choice.method->parameters, "q") >= 0) {
        fixture_number(&f.method, "p", 2);
    }
    for (uint32_t c = 0; c < CHILDREN; c++) {
        scores[c] = f.scores[c];
    }
    smri_arena_init(&arena, run->context);
    const smri_family_rows family = {.context = run->context, .framework = f.framework, .scores = scores,
                                     .weights = f.weights, .count = CHILDREN, .n = ROWS, .regions = f.regions};
    const smri_choice *choice = &f.method.choice;
    const smr_status status =
        choice->method->fit_rows ? choice->method->fit_rows(choice, &family, &arena, &fitted, &run->error)
                                 : choice->method->aggregate_rows(choice, &family, f.out, f.statuses, &run->error);
    failure_require(run, status == SMR_OK || fitted.count == 0);
    smri_arena_free(&arena);
    family_free(&f);
    return status;
}

TEST(memory_fails_at_any_time)
{
    static const char *const names[] = {"mpi",       "ampi",   "mean_min", "wroclaw",    "dp2",     "copeland",
                                        "condorcet", "borda",  "kemeny",   "promethee2", "electre3"};
    for (size_t m = 0; m < SMRI_COUNT(names); m++) {
        size_t runs = 0;
        scenario_method = names[m];
        expect_equal_uint(failure_sweep(names[m], run_method, &runs), 0);
        expect(runs > 3);
    }
}

static const unit_test tests[] = {UNIT(memory_fails_at_any_time)};
UNIT_SUITE(method_family_memory, tests)
