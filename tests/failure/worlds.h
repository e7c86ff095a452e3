/* SPDX-License-Identifier: MIT */
#ifndef WORLDS_H
#define WORLDS_H

/* What the scenarios of the allocation sweeps work on: texts, callbacks without memory of their own, and nouns made
 * once outside the sweep. In JSON texts ' stands for ". */

#include <string.h>

#include <smartregion/smartregion.h>

#include "failing_allocator.h"
#include "unit.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The first call of a scenario that fails ends it: on success of `call` goes on; else requires that the output is
 * NULL. For use in functions whose `status` and `run` are in scope. */
#define STEP(call) \
    do { \
        if (status == SMR_OK) { \
            status = (call); \
        } \
    } while (0)
#define STEP_MAKING(output, call) \
    do { \
        if (status == SMR_OK) { \
            status = (call); \
            failure_require(run, (status == SMR_OK) == ((output) != NULL)); \
        } \
    } while (0)

/* An arena asks for memory a chunk at a time, so that most of what is taken from it cannot fail by itself. Texts of
 * this many bytes, put in early, move what comes after to other places of the chunk: a sweep runs once for each padding. */
extern const char *failure_padding;
/* One sweep for each padding; the number of runs with a problem. `least` runs at least must come together. */
void expect_sweep(const char *name, failure_scenario scenario, size_t least);

int32_t failure_discard(const void *bytes, size_t length, void *user); /* an smr_write_callback */
typedef struct failure_source {
    const char *text;
    size_t used;
} failure_source;
int64_t failure_source_read(void *buffer, size_t size, void *user); /* an smr_read_callback, few bytes a call */
void failure_ignore(const smr_error *record, void *user);           /* an smr_report_callback */

extern const char failure_framework_json[], failure_imeta[], failure_wide[], failure_long[], failure_sdmx[],
    failure_idata[], failure_districts[];
/* JSON with ' for ", and the padding where % stands; in a buffer that the next call but one takes again. */
const char *failure_text(const char *text);

/* Made with the default context; NULL plan for NULL. To be given back with failure_nouns_free(). */
typedef struct failure_nouns {
    smr_framework *framework;
    smr_dataset *dataset;
    smr_plan *plan;
} failure_nouns;
failure_nouns failure_nouns_make(const char *framework, const char *csv, const char *plan);
void failure_nouns_free(failure_nouns *nouns);

#endif
