/* SPDX-License-Identifier: MIT */
/* The outputs of a study: those that are always there, and those of a list such as "score,top7:VNM". */
#include "study/sobol_impl.h"

#define SHIFT "mean_abs_rank_shift"

static const char *const prefixes[] = {
    [SMRI_SOBOL_RANK] = "rank", [SMRI_SOBOL_SCORE] = "score", [SMRI_SOBOL_TOP] = "top"};

typedef struct list {
    smr_sobol *study;
    size_t capacity;
    smr_error *error;
} list;

static smr_status add(list *l, const smri_sobol_what *what) {
    smr_sobol *study = l->study;
    for (size_t i = 0; i < study->output_count; i++) {
        const smri_sobol_what *other = &study->outputs[i];
        if (other->kind == what->kind && other->region == what->region && other->top == what->top) {
            return SMR_OK;
        }
    }
    if (!smri_grow(smri_context(study->context), &study->outputs, &l->capacity, study->output_count + 1,
                   sizeof *study->outputs)) {
        return smri_fail_memory(l->error);
    }
    smri_sobol_what *added = &study->outputs[study->output_count];
    *added = *what;
    if (what->kind == SMRI_SOBOL_SHIFT) {
        added->name = SHIFT;
    } else {
        char number[SMRI_INTEGER_SIZE] = "";
        const char *prefix = prefixes[what->kind], *region = study->regions[what->region];
        if (what->kind == SMRI_SOBOL_TOP) {
            smri_text_integer(number, what->top);
        }
        const size_t lengths[] = {strlen(prefix), strlen(number), strlen(region)};
        char *name = smri_arena_alloc(&study->arena, lengths[0] + lengths[1] + lengths[2] + 2, 1);
        if (name == NULL) {
            return smri_fail_memory(l->error);
        }
        memcpy(name, prefix, lengths[0]);
        memcpy(name + lengths[0], number, lengths[1]);
        name[lengths[0] + lengths[1]] = ':';
        memcpy(name + lengths[0] + lengths[1] + 1, region, lengths[2] + 1);
        added->name = name;
    }
    study->output_count++;
    return SMR_OK;
}

/* One region, or all. */
static smr_status add_regions(list *l, smri_sobol_what what) {
    smr_status status = SMR_OK;
    if (what.region != SMRI_NONE) {
        return add(l, &what);
    }
    for (what.region = 0; status == SMR_OK && what.region < l->study->region_count; what.region++) {
        status = add(l, &what);
    }
    return status;
}

/* "rank", "score" or "top" and a number. */
static bool read_word(const char *word, smri_sobol_what *what) {
    for (smri_sobol_kind kind = SMRI_SOBOL_RANK; kind <= SMRI_SOBOL_TOP; kind++) {
        const size_t prefix = strlen(prefixes[kind]);
        if (strncmp(word, prefixes[kind], prefix) != 0) {
            continue;
        }
        uint64_t number = 0;
        for (const char *c = word + prefix; *c != '\0'; c++) {
            if (*c < '0' || *c > '9' || number > UINT32_MAX / 10 - 1) {
                return false;
            }
            number = number * 10 + (uint64_t)(*c - '0');
        }
        what->kind = kind;
        what->top = (uint32_t)number;
        return kind == SMRI_SOBOL_TOP ? number > 0 : word[prefix] == '\0';
    }
    return false;
}

/* One output or one for each region; `text` is one part of the list. */
static smr_status add_wanted(list *l, char *text) {
    const smr_sobol *study = l->study;
    smri_sobol_what what = {.region = SMRI_NONE};
    if (strcmp(text, SHIFT) == 0) {
        return add(l, &what);
    }
    char *region = strchr(text, ':');
    if (region != NULL) {
        *region++ = '\0';
    }
    if (!read_word(text, &what)) {
        return smri_fail(l->error, SMR_MESSAGE_SOBOL_OUTPUT, NULL, text);
    }
    if (region == NULL) {
        return add_regions(l, what);
    }
    for (what.region = 0; what.region < study->region_count; what.region++) {
        if (strcmp(study->regions[what.region], region) == 0) {
            return add(l, &what);
        }
    }
    char hint[SMRI_PLAN_TEXT];
    const char *nearest = smri_text_nearest(region, study->regions, study->region_count);
    return smri_fail(l->error, SMR_MESSAGE_SOBOL_REGION, NULL, region, smri_did_you_mean(hint, nearest));
}

smr_status smri_sobol_outputs(smr_sobol *study, const char *wanted, smr_error *error) {
    list l = {.study = study, .error = error};
    smr_status status = add(&l, &(smri_sobol_what){.kind = SMRI_SOBOL_SHIFT, .region = SMRI_NONE});
    if (status == SMR_OK) {
        status = add_regions(&l, (smri_sobol_what){.kind = SMRI_SOBOL_RANK, .region = SMRI_NONE});
    }
    if (status != SMR_OK || wanted == NULL) {
        return status;
    }
    const size_t length = strlen(wanted);
    char *text = smri_arena_text(&study->arena, wanted, length);
    if (text == NULL) {
        return smri_fail_memory(error);
    }
    text[smri_text_compose(text, length, text)] = '\0';
    while (status == SMR_OK && text != NULL) {
        char *next = strchr(text, ',');
        if (next != NULL) {
            *next++ = '\0';
        }
        status = add_wanted(&l, text);
        text = next;
    }
    return status;
}
