/* SPDX-License-Identifier: MIT */
/* Frameworks that come with the library: their JSON files, embedded when it is built. */
#include "io/io_impl.h"

static const unsigned char icf_2026[] = {
#include "icf_2026.inc"
};

static const struct {
    const char *name, *alias; /* the alias goes to the newest of its kind */
    const unsigned char *text;
    size_t length;
} builtins[] = {
    {"icf-2026", "icf", icf_2026, sizeof icf_2026},
};

const char *smr_framework_builtin_name(size_t index) {
    const size_t count = SMRI_COUNT(builtins);
    return index < count ? builtins[index].name : index < 2 * count ? builtins[index - count].alias : NULL;
}

static smr_status fail_unknown(const char *name, smr_error *error) {
    const char *names[2 * SMRI_COUNT(builtins)];
    for (size_t i = 0; i < SMRI_COUNT(names); i++) {
        names[i] = smr_framework_builtin_name(i);
    }
    char nearest[SMRI_NEAREST_SIZE];
    smri_text_suggest(nearest, name, names, SMRI_COUNT(names));
    return smri_fail(error, SMR_MESSAGE_NAME_UNKNOWN, NULL, "framework", name, nearest);
}

smr_status smr_framework_builtin(smr_context *context, const char *name, smr_framework **framework, smr_error *error) {
    if (framework == NULL) {
        return smri_fail_argument(error, "framework", "must not be NULL");
    }
    *framework = NULL;
    if (name == NULL) {
        return smri_fail_argument(error, "name", "must not be NULL");
    }
    for (size_t i = 0; i < SMRI_COUNT(builtins); i++) {
        if (strcmp(name, builtins[i].name) == 0 || strcmp(name, builtins[i].alias) == 0) {
            return smr_framework_read(context, (const char *)builtins[i].text, builtins[i].length, builtins[i].name,
                                      framework, error);
        }
    }
    return fail_unknown(name, error);
}
