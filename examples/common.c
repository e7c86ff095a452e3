/* SPDX-License-Identifier: MIT */
/* common.h: version, what this build knows, a context with its own memory, and an error that says what is wrong. */
#include <smartregion/common.h>
#include <smartregion/framework.h>

#include "example.h"

/* An allocator that counts. One thread uses it here; with more the count would be atomic. */
static void *allocate(size_t size, void *user) {
    void *block = malloc(size);
    *(long *)user += block != NULL;
    return block;
}

static void *reallocate(void *block, size_t size, void *user) {
    void *moved = realloc(block, size);
    *(long *)user += block == NULL && moved != NULL;
    return moved;
}

static void release(void *block, void *user) {
    *(long *)user -= block != NULL;
    free(block);
}

int main(void) {
    printf("headers %s, library %s\n", SMR_VERSION_TEXT, smr_version());
    int holds = SMR_VERSION_AT_LEAST(1, 0, 0) && smr_version_number() >= SMR_VERSION_NUMBER;

    /* Ask before you use: a name that an older library lacks is no error here. */
    holds = holds && smr_supports("aggregate", "geometric") && !smr_supports("aggregate", "astrology");

    long blocks = 0;
    smr_context_options options;
    smr_context_options_init(&options, sizeof options);
    options.threads = 1;
    options.max_rows = 100000;
    options.allocator = (smr_allocator){allocate, reallocate, release, &blocks};

    smr_error error;
    smr_context *context = NULL;
    smr_error_init(&error, sizeof error);
    if (smr_context_new(&options, &context, &error)) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    printf("kernel %s, %ld blocks\n", smr_context_kernel(context), blocks);
    holds = holds && blocks > 0;

    /* A name that does not exist: the status is for the program's flow, the code for its logic, the text for people. */
    smr_framework *framework = NULL;
    smr_status status = smr_framework_builtin(context, "icp", &framework, &error);
    printf("%s (%s): %s\n", smr_status_name(status), smr_message_name(error.code), error.message);
    holds = holds && status == SMR_ERROR_NOT_FOUND && error.code == SMR_MESSAGE_NAME_UNKNOWN && !framework;

    smr_context_unref(context);
    printf("%ld blocks left\n", blocks);
    return holds && blocks == 0 ? 0 : 1;
}
