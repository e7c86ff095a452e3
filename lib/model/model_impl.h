/* SPDX-License-Identifier: MIT */
#ifndef SMRI_MODEL_IMPL_H
#define SMRI_MODEL_IMPL_H

/* Room 2: the nouns that go in. Framework, dataset, provenance. */

#include "base/base_impl.h"

#include <smartregion/dataset.h>
#include <smartregion/framework.h>
#include <smartregion/regions.h>

/* ---- framework*.c, kinds.c ---- */

/* A short list of (key, text), such as names by language or tags by taxonomy. */
typedef struct smri_label {
    const char *key, *text;
    struct smri_label *next;
} smri_label;

typedef struct smri_node {
    const char *id;
    smri_label *names;              /* by language */
    smri_label *tags;               /* by taxonomy */
    const smri_value *aggregate;    /* own method: a text or an object; NULL: the plan's */
    const char *note;               /* NULL: none */
    double weight;
    int32_t parent;                 /* -1: root */
    int32_t first_child, next_sibling; /* -1: none */
    int32_t child_count;
    int32_t end;                    /* one past the last node of the subtree, in pre-order */
    int32_t depth;
    int32_t indicator;              /* -1: none */
} smri_node;

typedef struct smri_indicator {
    int32_t node;
    int32_t direction;              /* resolved: never UNSET once sealed */
    int32_t kind, transform;
    bool direction_given;
    double worst, best, optimum, target;
    const char *unit, *denominator, *source, *basis; /* NULL: none */
} smri_indicator;

struct smr_framework {
    atomic_size_t references;
    smr_context *context;           /* owned reference, NULL: default */
    smri_arena arena;
    smri_table ids;                 /* id -> node; index of the table is the pre-order number */
    smri_node *nodes;
    uint32_t node_count;
    smri_indicator *indicators;
    uint32_t indicator_count;
    const smri_value *plan;         /* the framework's own plan, or NULL */
    const char *version, *source, *licence; /* texts of the file, NULL: none */
    const char *source_name;        /* for messages about the plan it carries; NULL: none */
};

/* What only the readers in io/ need beyond the public builder. */
smr_status smri_framework_builder_set_plan(smr_framework_builder *builder, const smri_value *plan, smr_error *error);
smr_status smri_framework_builder_set_texts(smr_framework_builder *builder, const char *version, const char *source,
                                            const char *licence, const char *source_name, smr_error *error);
smr_status smri_framework_builder_set_aggregate(smr_framework_builder *builder, const char *id,
                                                const smri_value *aggregate, smr_error *error);
smr_status smri_framework_builder_set_notes(smr_framework_builder *builder, const char *id, const char *basis,
                                            const char *note, smr_error *error);
/* A builder without a root: the first smr_framework_builder_add_node(), its parent NULL, adds it. Every message names
 * the source (borrowed; NULL: none). */
smr_status smri_framework_builder_new_empty(smr_context *context, const char *source_name,
                                            smr_framework_builder **builder, smr_error *error);
/* Ids of iMeta may hold any character but control characters; the public builder checks [A-Za-z0-9_.-]+. */
void smri_framework_builder_allow_any_id(smr_framework_builder *builder);
/* Messages about the node that is added next name this JSON path ("" is the root) in place of its id. Copied when the
 * node is added, borrowed until then; NULL goes back to ids. */
void smri_framework_builder_name_path(smr_framework_builder *builder, const char *path);

/* Where a message about a node lies: its JSON path where it has one, else its id. */
typedef struct smri_node_site {
    const char *source, *path, *id;
} smri_node_site;

typedef struct smri_builder_node {
    smri_node node;                 /* id and end are set when sealing */
    int32_t last_child;
    const char *path;               /* NULL: none */
} smri_builder_node;

struct smr_framework_builder {
    smr_context *context;           /* owned reference, NULL: default */
    smri_arena arena;
    smri_table ids;                 /* id -> node, in order of addition; the first is the root */
    smri_builder_node *nodes;
    size_t node_capacity;
    smri_indicator *indicators;     /* in order of addition */
    size_t indicator_count, indicator_capacity;
    const smri_value *plan;
    const char *version, *source, *licence, *kept_source_name;
    const char *source_name, *path; /* borrowed, for messages */
    bool any_id;
};

/* Where messages about a node of the builder lie. */
smri_node_site smri_builder_site(const smr_framework_builder *builder, uint32_t node);
/* The node of an id; `site` and `member` are where the id is used. */
smr_status smri_builder_find(const smr_framework_builder *builder, const smri_node_site *site, const char *member,
                             const char *id, uint32_t *node, smr_error *error);
/* A copy of the text in the arena; false: out of memory. NULL stays NULL. */
bool smri_arena_keep(smri_arena *arena, const char *text, const char **kept);
smri_label *smri_label_new(smri_arena *arena, const char *key, const char *text); /* copies; NULL: out of memory */

/* Index of the id after composing its Vietnamese letters, or SMRI_NOT_FOUND. false: out of memory. */
bool smri_table_find_composed(const smri_table *table, const char *id, uint32_t *index);

/* As smri_fail_texts; the subject is the path and `member` (such as "worst"; NULL: none), or the id. */
smr_status smri_node_fail_texts(const smri_node_site *site, const char *member, smr_error *error, int32_t code,
                                const char *const *texts, size_t count);
#define smri_node_fail(site, member, error, code, ...) \
    smri_node_fail_texts((site), (member), (error), (code), (const char *const[]){__VA_ARGS__}, \
                         sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))
/* Writes path.member, path[0] or member; of what is too long the end is kept. */
void smri_path_join(char out[SMR_ERROR_SUBJECT_SIZE], const char *path, const char *member);
/* Writes `, nearest is "..."` when a candidate is near to the text, else "". */
#define SMRI_NEAREST_SIZE 128
void smri_text_suggest(char out[SMRI_NEAREST_SIZE], const char *text, const char *const *candidates, size_t count);
smr_status smri_node_check_id(const smri_node_site *site, bool any_id, smr_error *error);
smr_status smri_node_check_method(const smri_node_site *site, const char *name, smr_error *error);
smr_status smri_node_check_weight(const smri_node_site *site, double weight, smr_error *error);
/* The text is UTF-8; NULL is. */
smr_status smri_node_check_text(const smri_node_site *site, const char *member, const char *text, smr_error *error);
/* The numbers of an indicator agree with each other; an unset direction is resolved. */
smr_status smri_node_check_indicator(const smri_node_site *site, smri_indicator *indicator, smr_error *error);

const char *smri_direction_name(int32_t direction);       /* "higher" ... ; NULL when unknown */
const char *smri_kind_name(int32_t kind);
const char *smri_transform_name(int32_t transform);
int32_t smri_direction_find(const char *name);            /* -1 when unknown */
int32_t smri_kind_find(const char *name);
int32_t smri_transform_find(const char *name);
/* Is x legal for the kind? NaN is. `expected` (may be NULL) gets what the kind expects, for a message. */
bool smri_kind_allows(int32_t kind, double x, const char **expected);

/* ---- period.c ---- */

/* A period and where it lies in time, for ordering and for methods that need distances. */
typedef struct smri_period {
    const char *id;
    int64_t start_day;              /* days since 1970-01-01 of its first day; INT64_MIN: not a date */
} smri_period;
/* 2021, 2021-S1, 2021-Q3, 2021-06, 2021-06-30 (SDMX); anything else is text: start_day INT64_MIN. */
int64_t smri_period_start(const char *text, size_t length);
/* <0, 0, >0: undated (""), then by start, then text; texts that are no dates after all dates. */
int smri_period_compare(const smri_period *a, const smri_period *b);

/* ---- dataset.c ---- */

#define SMRI_NONE UINT32_MAX

typedef struct smri_region {
    const char *id;
    const char *name;               /* NULL: none */
    uint32_t parent;                /* index of a region, or SMRI_NONE */
} smri_region;

typedef struct smri_column {
    const char *id;
    double *values;                 /* numeric: one a row; NULL for a text column */
    uint32_t *codes;                /* text: index into labels a row, SMRI_NONE: missing; NULL for a numeric column */
    const char **labels;
    uint32_t label_count;
    uint32_t *text_rows;            /* row of the source text of each cell, 0: none (long shape); NULL: see the dataset */
    bool borrowed;                  /* values belong to the caller */
    bool three_decimals;            /* read from text in which every value has exactly three digits after the point */
} smri_column;

/* Provenance of one cell. Kept only where given, sorted by column, then row. */
typedef struct smri_provenance {
    uint32_t column, row;
    double error;                   /* NaN: none */
    const char *status, *qualifier, *source, *note, *unit; /* NULL: none */
    uint64_t text_row;              /* row of the source text, 0: none */
} smri_provenance;

struct smr_dataset {
    atomic_size_t references;
    smr_context *context;           /* owned reference, NULL: default */
    smri_arena arena;               /* ids, names, labels, small arrays; large arrays are smri_alloc'ed */
    size_t row_count;
    smri_region *regions;           /* in order of first appearance, parents that have no row of their own last */
    uint32_t region_count;
    smri_table region_ids;          /* id -> region; empty when regions are numbered */
    bool numbered;                  /* region i is called i + 1 */
    smri_period *periods;           /* in order of time */
    uint32_t period_count;          /* 0: the data have no periods */
    uint32_t *row_region;           /* NULL: row i is region i */
    uint32_t *row_period;           /* NULL: no periods */
    smri_column *columns;
    uint32_t column_count;
    smri_table column_ids;
    smri_provenance *provenance;
    size_t provenance_count;
    uint64_t first_text_row;        /* text row of dataset row 0 when rows follow one another in the text (wide), else 0 */
    uint32_t *text_rows;            /* text row of each row where they do not follow one another, 0: none; NULL: as above */
    uint32_t *row_slots;            /* (region, period) to row, see dataset_rows.c; NULL: row i is region i */
    size_t row_slot_count;
    const char *source_name;        /* NULL: none */
    void (*release)(void *user);
    void *release_user;
};

/* A fresh dataset with one reference and nothing in it, for the makers of this room, of engine and io; NULL: memory. */
smr_dataset *smri_dataset_new(smr_context *context);
static inline uint32_t smri_dataset_region_of(const smr_dataset *dataset, size_t row)
{
    return dataset->row_region ? dataset->row_region[row] : (uint32_t)row;
}
static inline uint32_t smri_dataset_period_of(const smr_dataset *dataset, size_t row)
{
    return dataset->row_period ? dataset->row_period[row] : 0;
}
/* Index of a period, SMRI_NONE when there is none of that id. */
uint32_t smri_dataset_find_period(const smr_dataset *dataset, const char *id);
const smri_column *smri_dataset_column(const smr_dataset *dataset, const char *id);  /* NULL: none */
const smri_provenance *smri_dataset_provenance(const smr_dataset *dataset, uint32_t column, size_t row); /* NULL: none */
/* Sets regions[].parent from texts and refuses cycles: parents[i] (may be NULL) is the id of the parent of region i. */
smr_status smri_dataset_link_parents(smr_dataset *dataset, const char *const *parents, smr_error *error);
/* Sorts `ids` (count of them, distinct) into dataset->periods and writes the new place of each into `places`. */
bool smri_dataset_set_periods(smr_dataset *dataset, const char *const *ids, uint32_t count, uint32_t *places);
/* A dataset of some rows of another, in the order given. */
smr_status smri_dataset_take_rows(smr_context *context, const smr_dataset *dataset, const size_t *rows, size_t count,
                                  smr_dataset **taken, smr_error *error);
/* The same rows without cells: columns are added afterwards. */
smr_status smri_dataset_take_frame(smr_context *context, const smr_dataset *dataset, const size_t *rows, size_t count,
                                   smr_dataset **taken, smr_error *error);
/* ---- dataset_add.c: columns of new ids, not filled in yet; NULL: out of memory ---- */
double *smri_dataset_add_numbers(smr_dataset *dataset, const char *id);
uint32_t *smri_dataset_add_texts(smr_dataset *dataset, const char *id, const char *const *labels, uint32_t count);
/* Index of a region by its id, which need not be composed; SMRI_NONE: none. */
uint32_t smri_dataset_find_region(const smr_dataset *dataset, const char *id);
/* The message place of a cell: source, text row where known, column id as subject. */
smri_place smri_dataset_place(const smr_dataset *dataset, const char *column, size_t row);
/* Row of the source text that a cell comes from (SMRI_NONE: no column in particular); 0: unknown. */
uint64_t smri_dataset_text_row(const smr_dataset *dataset, uint32_t column, size_t row);

/* ---- dataset_rows.c ---- */

/* Row of a pair of indices, SMRI_NONE when there is none. */
uint32_t smri_dataset_find_pair(const smr_dataset *dataset, uint32_t region, uint32_t period);
/* Lets smri_dataset_find_pair find the row `row`; rows before it have been added. false: out of memory. */
bool smri_dataset_index_row(smr_dataset *dataset, uint32_t row);
/* Starts the index anew for all rows, after the numbers of the periods changed. */
bool smri_dataset_index_rows(smr_dataset *dataset);

/* ---- provenance.c ---- */

void smri_dataset_sort_provenance(smr_dataset *dataset);
bool smri_qualifier_known(const char *qualifier);

/* ---- regions.c, regions_apply.c: the register of regions ---- */

typedef struct smri_successor {
    uint32_t region;                /* index in the register */
    double share;
    const char *id;                 /* as given, until all rows are read */
    uint64_t text_row;
} smri_successor;

typedef struct smri_registered {
    const char *id, *name, *parent; /* NULL: none; the parent is an id of the register */
    const char *valid_from, *valid_to; /* NULL: no limit */
    int64_t first_day, last_day;    /* INT64_MIN and INT64_MAX: no limit */
    smri_successor *successors;
    uint32_t successor_count;
    size_t successor_capacity;
    uint64_t text_row;
} smri_registered;

struct smr_regions {
    atomic_size_t references;
    smr_context *context;           /* owned reference, NULL: default */
    smri_arena arena;
    const char *source_name;        /* NULL: none */
    smri_table names;               /* ids and aliases */
    uint32_t *owners;               /* by name: the region */
    size_t owner_capacity;
    smri_registered *items;
    size_t count, capacity;
    uint32_t *order;                /* regions, each before its successors */
};
smr_regions *smri_regions_new(smr_context *context);    /* NULL: out of memory */
/* Gives a name to a region; *owner is the region that has it already, or that it was given to. false: out of memory. */
bool smri_regions_name(smr_regions *regions, const char *name, uint32_t region, uint32_t *owner);
/* Links successors and checks what needs all rows. */
smr_status smri_regions_seal(smr_regions *regions, smr_error *error);
/* Day number of a date written to the day; INT64_MIN: it is none. */
int64_t smri_day_read(const char *text);

/* ---- dataset_draft.c: a dataset in the making, for the builder and the readers of io ---- */

typedef struct smri_draft {
    smr_dataset *dataset;           /* what there is so far; its periods are not filled in yet */
    smri_table periods;             /* in order of first appearance: what row_period holds until the draft is sealed */
    smri_table texts;               /* texts of the provenance, each kept once */
    smri_table *labels;             /* one a column, used by text columns */
    const char **parents;           /* one a region, NULL: none */
    bool sparse;                    /* cells are set one by one, not row by row: new cells start as not given */
    bool cell_rows;                 /* columns keep the text row of each cell */
    size_t row_capacity, region_capacity, parent_capacity, column_capacity, label_capacity, provenance_capacity;
} smri_draft;
smr_status smri_draft_init(smri_draft *draft, smr_context *context, smr_error *error);
void smri_draft_free(smri_draft *draft);
/* The row of a region and period (period NULL: none), added when new. Text ids are composed before. `place` is told
 * by errors, its row is kept as the text row of an added row (0: none). */
smr_status smri_draft_add_row(smri_draft *draft, const char *region, size_t region_length, const char *period,
                              size_t period_length, const smri_place *place, uint32_t *row, bool *added,
                              smr_error *error);
/* The column of an id, added when new; it may have been added before as the other type. */
smr_status smri_draft_add_column(smri_draft *draft, const char *id, size_t length, bool text, const smri_place *place,
                                 uint32_t *column, bool *added, smr_error *error);
/* May a column of an id of this length be added? */
smr_status smri_draft_check_column(const smri_draft *draft, size_t length, const smri_place *place, smr_error *error);
/* A new column with arrays of its own, one value a row that is there; they are the dataset's when this succeeds. */
smr_status smri_draft_put_column(smri_draft *draft, const char *id, size_t length, const smri_column *made,
                                 const smri_place *place, smr_error *error);
/* Turns a numeric column into a text column without texts: the caller sets every row, and owns the old *values from
 * now on. false: out of memory. */
bool smri_draft_make_text(smri_draft *draft, uint32_t column, double **values);
/* Was the cell of a sparse draft set before? */
bool smri_draft_given(const smri_draft *draft, uint32_t column, uint32_t row);
void smri_draft_set_number(smri_draft *draft, uint32_t column, uint32_t row, double value, uint64_t text_row);
/* false: out of memory. */
bool smri_draft_set_text(smri_draft *draft, uint32_t column, uint32_t row, const char *text, size_t length);
bool smri_draft_set_name(smri_draft *draft, uint32_t row, const char *name, size_t length);
/* A region has one parent: another one than before is an error. */
smr_status smri_draft_set_parent(smri_draft *draft, uint32_t row, const char *parent, size_t length,
                                 const smri_place *place, smr_error *error);
/* The texts of *given are copied. */
bool smri_draft_set_provenance(smri_draft *draft, const smri_provenance *given);
/* Gives every array of rows room for `count` rows. false: out of memory; some arrays have the room then. */
bool smri_draft_resize(smr_dataset *dataset, size_t count);

/* ---- dataset_seal.c ---- */

/* Orders periods, links parents, gives unused memory back, and hands the dataset over. The draft is empty then. */
smr_status smri_draft_seal(smri_draft *draft, smr_dataset **dataset, smr_error *error);
/* As seal, of a copy: the draft stays as it was. */
smr_status smri_draft_copy(smri_draft *draft, smr_dataset **dataset, smr_error *error);

#endif
