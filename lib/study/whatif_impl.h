/* SPDX-License-Identifier: MIT */
#ifndef SMRI_WHATIF_IMPL_H
#define SMRI_WHATIF_IMPL_H

/* Raw values changed, and scored again with the same model. */

#include "engine/engine_impl.h"

#include <smartregion/whatif.h>

/* ---- changes.c ---- */

typedef struct smri_change {
    const char *region, *column;
    int32_t kind;
    double value;
    const char *text;               /* as it was written; NULL: by number */
    const char *source;             /* NULL: none */
    uint64_t text_row;              /* 0: none */
} smri_change;

struct smr_changes {
    smr_context *context;           /* owned reference, NULL: default */
    smri_arena arena;
    smri_change *items;
    size_t count, capacity;
};

/* Reads the text of a change. false: it is none. */
bool smri_change_read(const char *text, size_t length, int32_t *kind, double *value);
/* What a text of a change is expected to be. */
#define SMRI_CHANGE_EXPECTED "a number such as 12.5, a signed one such as +3 or +5%, or =-3 for a negative value"
/* Adds a change; texts are copied, but for `source`. */
smr_status smri_changes_put(smr_changes *changes, const smri_change *change, smr_error *error);

/* ---- whatif.c ---- */

/* One raw value of one region. */
typedef struct smri_edit {
    uint32_t region;                /* of the dataset */
    const char *column;
    double from, to;
} smri_edit;

/* A copy of the data with values replaced in one period (0 where there is none). */
smr_status smri_edit_dataset(smr_context *context, const smr_dataset *dataset, uint32_t period, const smri_edit *edits,
                             size_t count, smr_dataset **edited, smr_error *error);
/* The index of a period, by default the latest; 0 where the data have none. */
smr_status smri_choose_period(const smr_dataset *dataset, const char *id, uint32_t *chosen, smr_error *error);
/* Writes `, nearest is "..."` when a region has an id or a name near to the text, else "". */
void smri_suggest_region(char out[SMRI_NEAREST_SIZE], const smr_dataset *dataset, const char *text);
/* The same of the columns that a model takes in. */
void smri_suggest_input(char out[SMRI_NEAREST_SIZE], const smr_model *model, const char *text);

struct smr_whatif {
    atomic_size_t references;
    smr_context *context;           /* owned reference, NULL: default */
    smri_arena arena;
    smr_model *model;               /* owned reference */
    smr_dataset *dataset;           /* owned reference: the ids of the regions */
    const char *period;             /* NULL: the data have none */
    size_t change_count;
    const char **change_regions, **change_columns;
    double *change_from, *change_to;
    size_t row_count;
    const char **regions, **nodes;
    double *scores_before, *scores_after, *ranks_before, *ranks_after;
    smr_funnel *funnel;             /* owned reference; NULL: none was asked for */
    const char **stages_before, **stages_after; /* ids, NULL where none is passed; of rows of the index */
};

/* ---- whatif_stages.c ---- */

/* Number of stages that each row of the card passes. */
smr_status smri_whatif_stages(smr_context *context, const smr_funnel *funnel, const smr_scorecard *card,
                              const smr_dataset *dataset, const char *period, uint32_t *passed, smr_error *error);

#endif
