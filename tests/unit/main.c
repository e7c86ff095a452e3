/* SPDX-License-Identifier: MIT */
/* Runs every suite of one unit test program. Check's own variables apply: CK_RUN_SUITE, CK_RUN_CASE, CK_FORK=no.
 * SMR_TEST_KERNEL and SMR_TEST_THREADS choose what unit_context() computes with; with SMR_TEST_LOCALE the program takes
 * the locale of its environment, as many programs do. */
#include "suites.h"
#include "unit.h"

#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static smr_context *shared_context;

smr_context *unit_context(void) {
    return shared_context;
}

static bool make_context(void) {
    smr_context_options options;
    smr_context_options_init(&options, sizeof options);
    options.kernel = getenv("SMR_TEST_KERNEL");
    const char *threads = getenv("SMR_TEST_THREADS");
    if (threads != NULL) {
        char *end;
        unsigned long count = strtoul(threads, &end, 10);
        if (end == threads || *end != '\0' || count > 1024) {
            fprintf(stderr, "SMR_TEST_THREADS is \"%s\", expected a number up to 1024\n", threads);
            return false;
        }
        options.threads = (uint32_t)count;
    }
    smr_error error = unit_error();
    if (smr_context_new(&options, &shared_context, &error) != SMR_OK) {
        fprintf(stderr, "no context for the tests: %s\n", error.message);
        return false;
    }
    return true;
}

int main(void) {
    if (getenv("SMR_TEST_LOCALE") != NULL && setlocale(LC_ALL, "") == NULL) {
        fprintf(stderr, "the locale of the environment is not there\n");
        return EXIT_FAILURE;
    }
    if (!make_context()) {
        return EXIT_FAILURE;
    }
    printf("kernel %s\n", smr_context_kernel(shared_context));
    SRunner *runner = srunner_create(unit_suites[0]());
    for (size_t i = 1; unit_suites[i] != NULL; i++) {
        srunner_add_suite(runner, unit_suites[i]());
    }
    srunner_run_all(runner, CK_ENV);
    int run = srunner_ntests_run(runner);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    smr_context_unref(shared_context);
    if (run == 0) {
        fprintf(stderr, "no test has run\n");
        return EXIT_FAILURE;
    }
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
