/* SPDX-License-Identifier: MIT */
#ifndef SMRI_SELECT_IMPL_H
#define SMRI_SELECT_IMPL_H

/* The funnel: what it says, what jurors said, and the selection itself as a pure function of arrays. */

#include "study/study_impl.h"

#include <smartregion/select.h>

/* ---- select_funnel.c, select_builder.c: what a funnel says ---- */

typedef struct smri_funnel_part {
    const char *name;
    double weight;
    double worst, best;             /* own scale; NaN: none */
    bool lower;
} smri_funnel_part;

typedef struct smri_funnel_gate {
    int32_t kind;
    const char *name;               /* NULL unless the kind is named */
    double least;
} smri_funnel_gate;

typedef struct smri_funnel_gates {
    smri_funnel_gate *items;
    uint32_t count;
    size_t capacity;
} smri_funnel_gates;

typedef struct smri_funnel_ties {
    bool given;
    bool lower;
    const char *column;             /* NULL: kept */
} smri_funnel_ties;

typedef struct smri_funnel_stage {
    const char *id;
    smri_label *names;
    uint64_t keep;                  /* 0: all */
    smri_funnel_part *parts;        /* none: the index */
    uint32_t part_count;
    size_t part_capacity;
    smri_funnel_gates gates;
    smri_funnel_ties ties;
    int32_t rule, incomplete;
    const char *ballots;            /* NULL: none named */
} smri_funnel_stage;

typedef struct smri_funnel_data {
    smri_label *names;
    smri_funnel_gates gates;        /* of every stage */
    smri_funnel_ties ties;
    smr_eligibility eligibility;    /* texts in the arena; all NaN and NULL: nothing is asked */
    smri_funnel_stage *stages;
    uint32_t stage_count;
    size_t stage_capacity;
    bool unpublished;               /* built in: the source publishes no weights for the stages after the first */
} smri_funnel_data;

struct smr_funnel {
    atomic_size_t references;
    smr_context *context;           /* owned reference, NULL: default */
    smri_arena arena;
    smri_funnel_data data;
    const char *source_name;        /* NULL: none */
};

struct smr_funnel_builder {
    smr_context *context;           /* owned reference, NULL: default */
    smri_arena arena;               /* texts; arrays are smri_alloc'ed */
    smri_funnel_data data;
    const char *source_name;        /* in the arena, for messages; NULL: none */
};

extern const char *const smri_ballot_incomplete_names[2];
extern const char *const smri_gate_names[SMR_GATE_NAMED]; /* as keys of "gates" */
/* Rule of a name; -1: none. */
int32_t smri_ballot_rule_find(const char *name);
/* Messages of the builder's calls name this source. false: out of memory. */
bool smri_funnel_builder_set_source(smr_funnel_builder *builder, const char *source_name);
/* Stage of an id; SMRI_NONE: none. */
uint32_t smri_funnel_find(const smri_funnel_data *data, const char *id);
/* Copies everything into the arena; false: out of memory. The arrays of `to` are the arena's. */
bool smri_funnel_copy(smri_arena *arena, const smri_funnel_data *from, smri_funnel_data *to);
/* Does a stage count ballots? */
bool smri_funnel_counts_ballots(const smri_funnel_stage *stage);
/* Fails about the path "stages[stage].member", or (SMRI_NONE) "member". */
smr_status smri_funnel_fail(const char *source_name, uint32_t stage, const char *member, smr_error *error,
                            int32_t code, const char *const *texts, size_t count);
#define smri_funnel_tell(source_name, stage, member, error, code, ...) \
    smri_funnel_fail((source_name), (stage), (member), (error), (code), (const char *const[]){__VA_ARGS__}, \
                     sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

/* ---- select_ballots.c ---- */

typedef struct smri_ballot_entry {
    uint32_t juror, region;
    uint64_t row;                   /* of the text or the arrays */
    double place;
} smri_ballot_entry;

struct smr_ballots {
    atomic_size_t references;
    smr_context *context;           /* owned reference, NULL: default */
    smri_arena arena;
    smri_table jurors, regions;     /* names and ids in order of first appearance */
    smri_table pairs;               /* of a juror and a region: numbered as the entries */
    double *places;                 /* juror x region; NaN: not placed */
    smri_ballot_entry *entries;     /* in order */
    size_t entry_count, entry_capacity;
    const char *source_name;        /* NULL: none */
};

/* Ballots without an entry; NULL: out of memory. */
smr_ballots *smri_ballots_start(smr_context *context, const char *source_name);
/* Adds an entry. On a fault *code is what is wrong with *field (0 juror, 1 rank, 2 region) and the entry is left out;
 * `other` is the row of the entry that a duplicate repeats. false: out of memory. */
bool smri_ballots_add(smr_ballots *ballots, const char *juror, size_t juror_length, const char *region,
                      size_t region_length, double place, uint64_t row, int32_t *code, uint32_t *field,
                      uint64_t *other);
/* More cells, jurors times regions, are not laid out. */
#define SMRI_BALLOTS_MOST (UINT64_C(1) << 24)
/* Can the places of all jurors be laid out for so many regions? */
smr_status smri_ballots_check_size(const smr_ballots *ballots, size_t regions, smr_error *error);
/* Lays the places out. */
smr_status smri_ballots_seal(smr_ballots *ballots, smr_error *error);
/* First row of the text that names a region. */
uint64_t smri_ballots_row_of(const smr_ballots *ballots, uint32_t region);

/* ---- select_jury.c: the result of ballots ---- */

typedef struct smri_jury {
    const double *places;           /* juror x stride; NaN: not placed */
    uint32_t jurors;
    size_t stride;
    int32_t rule, incomplete;
} smri_jury;

typedef struct smri_jury_told {
    uint64_t orders;                /* Kemeny: as good as the one that counts and not told by ties; 1: none other */
    bool proven;                    /* Kemeny: no order is better */
} smri_jury_told;

typedef struct smri_jury_work {
    double *ranks;                  /* jurors x members */
    smri_record *records;           /* members */
} smri_jury_work;

/* Kemeny's order of more regions is not looked for. */
#define SMRI_JURY_MOST 2000
/* Results of `count` members (places in the stride), one each; NaN: every juror abstains. Allocates nothing, but for
 * Kemeny. told may be NULL. */
smr_status smri_jury_results(const smr_context *context, const smri_jury *jury, const uint32_t *members, uint32_t count,
                             const smri_jury_work *work, double *results, smri_jury_told *told, smr_error *error);
/* The worst and the best result that a rule allows among `count` regions. */
void smri_jury_bounds(int32_t rule, uint32_t count, double *worst, double *best);
/* Sorts downward in place, equal values by index; no memory is asked for. */
void smri_records_sort(smri_record *records, size_t count);

/* ---- select_stages.c: the selection as a pure function of arrays, for one run or for many draws ----
 *
 * smri_select holds what does not change from draw to draw; smri_select_run() takes the columns it names, and tells
 * how far each region comes. All memory is in smri_select_work, made once a thread. */

typedef enum smri_input_kind {
    SMRI_INPUT_SCORE,               /* score of `node` */
    SMRI_INPUT_COVERAGE,            /* coverage of the root */
    SMRI_INPUT_COLUMN               /* values of `column`, an extra column of the data */
} smri_input_kind;

typedef struct smri_select_input {
    smri_input_kind kind;
    uint32_t node;
    const char *name;
    double *values;                 /* of the scorecard or dataset that the selection was bound to, one a region */
} smri_select_input;

typedef enum smri_part_source { SMRI_PART_INPUT, SMRI_PART_PREVIOUS, SMRI_PART_BALLOTS } smri_part_source;
typedef enum smri_part_how { SMRI_HOW_AS_IS, SMRI_HOW_SCALE, SMRI_HOW_MINMAX, SMRI_HOW_BALLOTS } smri_part_how;

typedef struct smri_select_part {
    const char *name;
    smri_part_source source;
    uint32_t input;                 /* of SMRI_PART_INPUT */
    smri_part_how how;
    double weight;                  /* 0 or more, not all 0 */
    double worst, best;             /* of SMRI_HOW_SCALE */
    bool lower;                     /* of SMRI_HOW_MINMAX */
} smri_select_part;

typedef struct smri_select_gate {
    uint32_t input;                 /* SMRI_NONE: the score of the stage */
    double least;
    bool entry;                     /* of eligibility, not of the stage */
} smri_select_gate;

#define SMRI_TIES_KEPT UINT32_MAX
#define SMRI_TIES_PREVIOUS (UINT32_MAX - 1)

typedef struct smri_select_stage {
    uint64_t keep;                  /* 0: all */
    smri_select_part *parts;
    uint32_t part_count, first_part; /* first_part: number of parts of the stages before */
    smri_select_gate *gates;
    uint32_t gate_count;
    uint32_t tie_input;             /* or one of the two above */
    bool tie_lower;
    smri_jury jury;                 /* stride: regions */
} smri_select_stage;

typedef struct smri_select {
    const smr_context *context;
    size_t regions;
    smri_select_input *inputs;      /* 0 is the index */
    uint32_t input_count;
    smri_select_stage *stages;
    uint32_t stage_count;
    uint32_t part_count;            /* of all stages */
    uint32_t most_jurors;
    const uint8_t *barred;          /* a region: 1 when its data say that it is not eligible; NULL: none is */
    double low, high;               /* of the index; NaN: none */
    int32_t decimals;               /* scores are rounded before they are compared; -1: not */
    double tolerance;               /* neighbours within it tie */
} smri_select;

typedef enum smri_verdict {
    SMRI_VERDICT_OUT,               /* did not come so far */
    SMRI_VERDICT_BARRED,            /* not eligible */
    SMRI_VERDICT_GATE,              /* below a gate, of the stage or of eligibility */
    SMRI_VERDICT_NO_SCORE,          /* a part has no value */
    SMRI_VERDICT_BELOW_CUT,
    SMRI_VERDICT_TIE_LOST,
    SMRI_VERDICT_PASSED,            /* this and what follows go on */
    SMRI_VERDICT_TIE_WON,
    SMRI_VERDICT_TIE_KEPT
} smri_verdict;

typedef struct smri_select_cut {
    double lowest;                  /* score of the last that passed; NaN: nobody did */
    double low, high;               /* the range that parts were mixed on */
    uint32_t ranked, passed, tied, places; /* places: left for those that tie */
    smri_jury_told told;
} smri_select_cut;

/* What one run leaves behind for whoever explains it. */
typedef struct smri_select_trail {
    double *scores;                 /* stage x regions; NaN: none */
    double *compared;               /* likewise, as they were compared */
    uint8_t *verdicts;              /* stage x regions */
    double *values, *mixed;         /* part of all stages x regions */
    double *worst, *best;           /* part of all stages: what it was mapped from; NaN: as it is */
    smri_select_cut *cuts;          /* stage */
} smri_select_trail;

typedef struct smri_select_work {
    uint32_t *members;
    double *score, *compared, *previous, *value, *mixed, *results;
    smri_record *records;
    smri_jury_work jury;
} smri_select_work;

/* false: out of memory; smri_select_work_free() is safe either way. */
bool smri_select_work_make(const smri_select *select, smri_select_work *work);
void smri_select_work_free(const smri_select *select, smri_select_work *work);
/* inputs: by input of `select`, one value a region (NaN: missing). reached: a region, the number of stages it passes.
 * trail may be NULL. Allocates nothing, but where a stage counts ballots by Kemeny's rule. Same arguments, same result. */
smr_status smri_select_run(const smri_select *select, const double *const *inputs, const smri_select_work *work,
                           uint32_t *reached, const smri_select_trail *trail, smr_error *error);

/* ---- select_bind.c: a funnel against a scorecard, extra columns and ballots ---- */

typedef struct smri_bound {
    smri_select select;
    smri_arena arena;               /* of everything in it */
    const smr_funnel *funnel;
    const smr_scorecard *card;
    const smr_dataset *dataset;
    const char *period;             /* NULL: none */
    uint32_t period_index;          /* SMRI_NONE: none */
    size_t *rows;                   /* row of the scorecard of each region */
    uint8_t *barred;                /* NULL: no region is */
    double *ages;                   /* years of each region's questionnaire, NaN: not known; NULL: not asked */
    uint32_t *grades;               /* of evidence, 1 the worst, 0: none; NULL: not asked */
    uint32_t least_grade;
} smri_bound;

/* Fills *bound; smri_bound_free() either way. */
smr_status smri_select_bind(smr_context *context, const smr_funnel *funnel, const smr_scorecard *card,
                            const smr_dataset *dataset, const smr_ballots *const *ballots,
                            const smr_select_options *options, smri_bound *bound, smr_error *error);
void smri_bound_free(smri_bound *bound);
/* Mixes parts on the range that another model gives the index: its stages and their parts are the caller's own. */
void smri_select_adapt(smri_select *select, const smr_model *model);
/* The region's row of the dataset that extra columns come from; -1: none. */
int64_t smri_bound_row(const smri_bound *bound, size_t region);

/* ---- select_eligible.c ---- */

/* Is each region's latest row looked at, instead of those of one period? */
bool smri_select_takes_latest(const smr_funnel *funnel);
/* Which regions the data bar, and why. */
smr_status smri_select_bar(smri_bound *bound, const smr_select_options *options, smr_error *error);
/* A year from a text such as 2018 or 2018-06; false: none. */
bool smri_year_read(const char *text, int32_t *year);

/* ---- select.c: the handle ---- */

struct smr_selection {
    atomic_size_t references;
    smr_context *context;           /* owned reference, NULL: default */
    smri_arena arena;
    smr_funnel *funnel;             /* owned reference */
    smr_scorecard *card;            /* owned reference: the ids of the regions */
    smr_model *model;               /* the scorecard's */
    const char *period;
    uint32_t stage_count;
    smr_stage_result *results;
    smr_part_result *parts;         /* of all stages */
    uint32_t *first_parts;          /* stage, and one past */
    size_t row_count;
    const char **regions, **names;
    size_t *card_rows;
    uint32_t *stages;
    double *scores, *ranks;
    uint8_t *passed;
    size_t *reason_starts;          /* row, and one past */
    size_t *reason_rows;
    int32_t *reason_codes;
    const char **reason_subjects;
    double *reason_values, *reason_limits;
    size_t reason_count;
};

/* select_handle.c: notes and warnings of a run, to the context's report callback. */
void smri_select_tell_unpublished(const smri_bound *bound); /* the first of them: stages without published weights */
void smri_select_tell(const smri_bound *bound, const smri_select_trail *trail);

#endif
