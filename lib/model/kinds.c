/* SPDX-License-Identifier: MIT */
/* The words for directions, kinds and transforms, and which values a kind allows. */
#include "model/model_impl.h"

static const char *const direction_names[] = {NULL, "higher", "lower", "target"};
static const char *const kind_names[] = {"number", "share", "count", "ordinal", "binary", "checklist", "rank"};
static const char *const transform_names[] = {"none", "log", "sqrt", "cbrt", "logit"};

static const char *const kind_expectations[] = {
    "a finite number", "a share from 0 to 100",     "a whole number, 0 or more", "a whole number",
    "0 or 1",          "a whole number, 0 or more", "a whole number, 1 or more",
};

/* From here on every double is whole. */
#define WHOLE_FROM 9007199254740992.0

static const char *name_of(const char *const *names, size_t count, int32_t index) {
    return index >= 0 && (size_t)index < count ? names[index] : NULL;
}

static int32_t index_of(const char *const *names, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++) {
        if (names[i] != NULL && smri_text_equal(names[i], name)) {
            return (int32_t)i;
        }
    }
    return -1;
}

const char *smri_direction_name(int32_t direction) {
    return name_of(direction_names, SMRI_COUNT(direction_names), direction);
}

const char *smri_kind_name(int32_t kind) {
    return name_of(kind_names, SMRI_COUNT(kind_names), kind);
}

const char *smri_transform_name(int32_t transform) {
    return name_of(transform_names, SMRI_COUNT(transform_names), transform);
}

int32_t smri_direction_find(const char *name) {
    return index_of(direction_names, SMRI_COUNT(direction_names), name);
}

int32_t smri_kind_find(const char *name) {
    return index_of(kind_names, SMRI_COUNT(kind_names), name);
}

int32_t smri_transform_find(const char *name) {
    return index_of(transform_names, SMRI_COUNT(transform_names), name);
}

static bool is_whole(double x) {
    return fabs(x) >= WHOLE_FROM || (double)(int64_t)x == x;
}

bool smri_kind_allows(int32_t kind, double x, const char **expected) {
    if (expected != NULL) {
        *expected = name_of(kind_expectations, SMRI_COUNT(kind_expectations), kind);
    }
    if (x != x) {
        return true;
    }
    if (fabs(x) > DBL_MAX) {
        return false;
    }
    switch (kind) {
    case SMR_KIND_NUMBER:
        return true;
    case SMR_KIND_SHARE:
        return x >= 0 && x <= 100;
    case SMR_KIND_ORDINAL:
        return is_whole(x);
    case SMR_KIND_BINARY:
        return x == 0 || x == 1;
    case SMR_KIND_COUNT:
    case SMR_KIND_CHECKLIST:
        return x >= 0 && is_whole(x);
    case SMR_KIND_RANK:
        return x >= 1 && is_whole(x);
    default:
        return false;
    }
}
