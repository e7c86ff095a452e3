/* SPDX-License-Identifier: MIT */
#ifndef SMRI_IO_IMPL_H
#define SMRI_IO_IMPL_H

/* Hangs at the side: texts in, texts out. Nothing depends on it. */

#include "engine/engine_impl.h"
#include "study/portfolio_impl.h"
#include "study/sections_impl.h"

#include <smartregion/funnel.h>

/* ---- json_scan.c: the words of a JSON text, checked before Jansson sees them ---- */

typedef struct smri_json_scan {
    char *skeleton;                 /* the text with every number replaced by 0 and blanks: all offsets stay */
    double *numbers;                /* in the order of the text */
    size_t number_count;
    size_t text_bytes;              /* of all texts and keys together, escapes resolved */
} smri_json_scan;
/* Checks UTF-8, every word, number and escape, and the limits of the context. */
smr_status smri_json_scan_text(const smr_context *context, const char *text, size_t length, const char *source_name,
                               smri_json_scan *scan, smr_error *error);
void smri_json_scan_free(const smr_context *context, smri_json_scan *scan);
/* The word that holds the byte at `offset` of a text that was scanned without error; false: there is none. */
bool smri_json_word_at(const char *text, size_t length, size_t offset, size_t *start, size_t *end);
/* Row and column (in characters) of a byte. */
smri_place smri_text_place(const char *text, size_t length, size_t offset, const char *source_name);
/* What a message says was found: the beginning of a word. */
#define SMRI_EXCERPT_SIZE 64
void smri_text_excerpt(char out[SMRI_EXCERPT_SIZE], const char *text, size_t length);

/* ---- json_read.c: the only file that includes Jansson ---- */

/* Reads a JSON text into a tree of values in the arena. Refuses duplicate keys, depth beyond the context's limit,
 * texts that are not UTF-8, numbers beyond a double. Messages carry row, column and byte; codes SMR_MESSAGE_JSON_... */
smr_status smri_json_read(const smr_context *context, smri_arena *arena, const char *text, size_t length,
                          const char *source_name, const smri_value **value, smr_error *error);

/* ---- json_check.c ---- */

/* Checks the "format" of a file; kind is such as "smartregion-plan", the text in the file such as
 * "smartregion-plan/1". Absent is version 1, an older one is read, a newer one or another kind is refused by name. */
smr_status smri_json_check_format(const smri_value *root, const char *kind, const char *source_name, smr_error *error);
/* What a message says was found: "null", "the number 12", "the text "abc"", "a list". */
void smri_json_describe(const smri_value *value, char out[SMRI_EXCERPT_SIZE]);

/* ---- json_write.c: streamed, shortest numbers, NaN as null ---- */

typedef struct smri_writer {
    smr_write_callback write;
    void *user;
    bool failed;                    /* sticky: nothing more is written */
    bool pretty;                    /* json: a line a member, two spaces a level; may be switched at any time, so that
                                     * what is opened pretty and filled plain stands on one line */
    bool first;                     /* json: no member written yet in the innermost bracket */
    uint32_t depth;
    size_t used;
    char buffer[8192];
} smri_writer;
void smri_writer_init(smri_writer *writer, smr_write_callback write, void *user); /* not pretty */
void smri_write_bytes(smri_writer *writer, const char *bytes, size_t length);
void smri_write_text(smri_writer *writer, const char *text);
void smri_write_number(smri_writer *writer, double value);      /* shortest; "" for NaN */
smr_status smri_writer_finish(smri_writer *writer, smr_error *error); /* flushes; SMR_ERROR_WRITE when anything failed */

/* key NULL inside arrays */
void smri_json_open(smri_writer *writer, const char *key, char bracket);  /* '{' or '[' */
void smri_json_close(smri_writer *writer, char bracket);                  /* '}' or ']' */
void smri_json_text(smri_writer *writer, const char *key, const char *text); /* NULL writes null */
void smri_json_number(smri_writer *writer, const char *key, double value);   /* NaN and infinity write null */
void smri_json_bool(smri_writer *writer, const char *key, bool value);
void smri_json_value(smri_writer *writer, const char *key, const smri_value *value); /* lists of plain values: one line */
void smri_json_numbers(smri_writer *writer, const char *key, const double *values, size_t count);    /* on one line */

/* ---- csv_write.c ---- */

void smri_csv_put(smri_writer *writer, bool first, const char *text);     /* quoted when needed; comma before unless first */
void smri_csv_put_number(smri_writer *writer, bool first, double value);
void smri_csv_put_end(smri_writer *writer);

/* ---- sections_text.c: rows of section, row, column, value ---- */

void smri_write_sections_csv(smri_writer *writer, const smri_sections *sections);  /* with the header */
void smri_write_sections_json(smri_writer *writer, const smri_sections *sections); /* members of an open array */

/* ---- csv_read.c: records and fields of a CSV text ---- */

typedef struct smri_csv_cell {
    char *text;                     /* in the reader's buffer, not terminated; lives until the next record */
    uint32_t length;
    bool escaped;                   /* doubled quotes are not undone yet: only while a record is looked for */
} smri_csv_cell;

typedef struct smri_csv {
    const smr_context *context;
    smr_read_callback read;         /* NULL: from `rest` */
    void *user;
    const char *rest;
    size_t rest_length;
    const char *source_name;        /* NULL: none */
    char *buffer;
    size_t capacity, begin, valid, filled; /* of the buffer: next record; end of checked text; end of text */
    uint64_t offset;                /* of buffer[0] in the text */
    uint64_t row;                   /* of the record read last, 1-based */
    bool at_end, bad;               /* no more to read; the byte at `valid` is not text */
    smri_csv_cell *fields;
    size_t field_count, field_capacity;
    int32_t fault;                  /* message code of what is wrong with the record's quotes or line end; 0: none */
    size_t fault_field;             /* its field, 0-based */
    size_t open_field;              /* field whose quote is still open while a record is looked for, 0-based */
    bool quote_open;
} smri_csv;
/* Text comes from the callback, or, when that is NULL, from `text`. */
smr_status smri_csv_open(smri_csv *csv, const smr_context *context, smr_read_callback read, void *user,
                         const char *text, size_t length, const char *source_name, smr_error *error);
/* The next record, in csv->fields; *found is false at the end. A record with a fault is given as well. */
smr_status smri_csv_next(smri_csv *csv, bool *found, smr_error *error);
void smri_csv_close(smri_csv *csv);
/* Place of a field (0-based) of the record read last. */
smri_place smri_csv_place(const smri_csv *csv, size_t field, const char *subject);
/* A record of one empty field: an empty line. */
static inline bool smri_csv_is_blank(const smri_csv *csv)
{
    return csv->field_count == 1 && csv->fields[0].length == 0;
}
/* As smri_number_read, faster for plain numbers of up to 16 bytes, of which it also tells how many digits stand after
 * the point (SMRI_CSV_NOT_PLAIN: another number). The cell lies in the reader's buffer. */
#define SMRI_CSV_NOT_PLAIN (-1)
smri_number_result smri_csv_cell_number(const smri_csv_cell *cell, smri_number_format format, double *value,
                                        int *decimals);
bool smri_csv_is_missing(const smri_csv_cell *field); /* empty, NA, NaN, ":", "..", "-" */
void smri_csv_compose(smri_csv_cell *field);          /* in place */
bool smri_csv_equal(const smri_csv_cell *field, const char *text);
#define SMRI_CSV_SHOWN 512
/* The field as a terminated text for a message, shortened when long. */
const char *smri_csv_show(const smri_csv_cell *field, char out[SMRI_CSV_SHOWN]);

/* ---- faults.c: several errors of one text ---- */

typedef struct smri_faults {
    const smr_context *context;
    smr_error *error;               /* gets the first; may be NULL */
    smr_status status;              /* of the first, SMR_OK: none */
    uint32_t count;
} smri_faults;
#define SMRI_FAULTS_MAX 20
void smri_faults_init(smri_faults *faults, const smr_context *context, smr_error *error);
/* Reports an error, unless there are enough of them; false when it is time to stop. */
bool smri_faults_add(smri_faults *faults, int32_t code, const smri_place *place, const char *const *texts, size_t count);
#define smri_fault(faults, code, place, ...) \
    smri_faults_add((faults), (code), (place), (const char *const[]){__VA_ARGS__}, \
                    sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))
/* The same for an error that another function has told; false when it is time to stop. */
bool smri_faults_keep(smri_faults *faults, const smr_error *record);
/* An error that ends the reading at once, as another function has told it. */
smr_status smri_faults_end(smri_faults *faults, const smr_error *last);

/* ---- csv_table.c: a small CSV table whose columns are known by name ---- */

#define SMRI_CSV_TABLE_MOST 8
typedef struct smri_csv_table {
    const char *const *names;       /* of the columns, those that must be there first */
    size_t count, required;         /* at most SMRI_CSV_TABLE_MOST */
    const char *expected;           /* the names for a message */
    smri_csv csv;
    smri_faults faults;
    smri_arena arena;               /* of the texts */
    size_t fields[SMRI_CSV_TABLE_MOST]; /* SIZE_MAX: the header has no such column */
    size_t width;
    const char *texts[SMRI_CSV_TABLE_MOST]; /* of the row; "" where there is no such column */
} smri_csv_table;
/* Takes a row; what is wrong with it goes to table->faults. */
typedef smr_status (*smri_csv_table_row)(smri_csv_table *table, void *user, smr_error *error);
/* Text comes from the callback, or, when that is NULL, from `text`. */
smr_status smri_csv_table_read(smri_csv_table *table, const smr_context *context, smr_read_callback read, void *user,
                               const char *text, size_t length, const char *source_name, smri_csv_table_row row,
                               void *row_user, smr_error *error);
smri_place smri_csv_table_place(const smri_csv_table *table, size_t column);

/* ---- dataset_csv*.c: a dataset from CSV ---- */

typedef enum smri_csv_role {
    SMRI_CSV_IGNORED,
    SMRI_CSV_REGION, SMRI_CSV_PERIOD, SMRI_CSV_NAME, SMRI_CSV_PARENT,
    SMRI_CSV_GROUP,                 /* texts */
    SMRI_CSV_NUMBER,                /* an indicator, a denominator, population or weight */
    SMRI_CSV_UNDECIDED,             /* numbers or texts: the values will tell */
    /* of the long shapes */
    SMRI_CSV_INDICATOR, SMRI_CSV_VALUE, SMRI_CSV_UNIT, SMRI_CSV_STATUS, SMRI_CSV_QUALIFIER, SMRI_CSV_ERROR,
    SMRI_CSV_SOURCE, SMRI_CSV_NOTE,
    SMRI_CSV_MULTIPLIER,            /* the same for all values of an indicator */
    SMRI_CSV_DIMENSION,             /* the same in all rows */
    SMRI_CSV_ROLE_COUNT
} smri_csv_role;

typedef enum smri_csv_shape { SMRI_CSV_WIDE, SMRI_CSV_LONG, SMRI_CSV_SDMX } smri_csv_shape;

typedef struct smri_csv_kept {
    uint32_t row, text;             /* index into the texts */
} smri_csv_kept;

/* What a number's text looked like, so that it can be written again when its column turns out to hold texts. */
typedef struct smri_csv_undecided {
    uint8_t *forms;                 /* one a row */
    smri_table texts;               /* the texts that are no plain numbers */
    smri_csv_kept *kept;            /* which row has which of them, in order of rows */
    size_t kept_count, kept_capacity, form_capacity;
    bool is_text;
    uint32_t odd_text;              /* first text that is a number the wrong way, SMRI_NONE: none */
    uint64_t odd_row;               /* its row in the text */
} smri_csv_undecided;

typedef struct smri_csv_column {
    const char *name;               /* in the header */
    const char *id;                 /* in the dataset; the name, or the reserved word for a mapped column */
    smri_csv_role role;
    uint32_t column;                /* of the dataset */
    int32_t kind;                   /* which values are legal */
    bool unknown;                   /* neither reserved nor of the framework */
    bool three_decimals;            /* so far */
    uint32_t numbers;               /* counted up to 2 */
    const char *first_text;         /* of a dimension; NULL: no row yet */
    uint64_t first_row;
    smri_csv_undecided *undecided;
} smri_csv_column;

typedef struct smri_csv_reader {
    const smr_context *context;
    smr_csv_options options;
    const smr_framework *framework; /* NULL: none */
    smri_csv csv;
    smri_faults faults;
    smri_arena arena;               /* what lives as long as the reading */
    smri_draft draft;
    smri_csv_shape shape;
    smri_csv_column *columns;       /* one a field */
    size_t column_count;
    size_t fields[SMRI_CSV_ROLE_COUNT]; /* first field of a role, SIZE_MAX: none */
    smri_table names;               /* of the header */
    smri_table denominators;        /* named by the framework */
    const char **indicators;        /* ids of the framework's indicators */
} smri_csv_reader;

typedef enum smri_csv_standing { SMRI_CSV_UNKNOWN, SMRI_CSV_KNOWN, SMRI_CSV_IS_INDICATOR } smri_csv_standing;
/* What an id is to the framework and the reserved words; *kind is set for an indicator. */
smri_csv_standing smri_csv_standing_of(const smri_csv_reader *reader, const char *id, size_t length, int32_t *kind);
/* Tells that a column or indicator is not the framework's: a note, or with `strict` an error. */
void smri_csv_tell_unknown(smri_csv_reader *reader, const smri_place *place, const char *id, bool is_text);
/* Tells that none of the ids is an indicator of the framework. */
void smri_csv_tell_no_indicator(smri_csv_reader *reader, const char *const *ids, size_t count);
/* The number of a field: NaN when missing. false: told as an error. */
bool smri_csv_read_number(smri_csv_reader *reader, const smri_csv_cell *cell, size_t field, int32_t kind, const char *id,
                     double *value);
/* Tells what is wrong with a text that is no number. */
void smri_csv_tell_number(smri_csv_reader *reader, smri_number_result result, const char *text, const smri_place *place);
/* Keeps track of three digits after the point in every value of a column. */
void smri_csv_note_decimals(smri_csv_column *column, const smri_csv_cell *cell);
bool smri_csv_is_full(const smri_csv_reader *reader); /* enough errors to stop */
/* Reads the header: roles, columns of the dataset. *usable is false when it was told why rows cannot be read. */
smr_status smri_csv_read_header(smri_csv_reader *reader, bool *usable, smr_error *error);
/* The roles that options may map, with the words for them: region period name parent population weight. */
#define SMRI_CSV_MAPPED_COUNT 6
extern const char *const smri_csv_mapped_names[SMRI_CSV_MAPPED_COUNT];
smri_csv_role smri_csv_sdmx_role(const char *name);   /* SMRI_CSV_DIMENSION when it is no name of the standard's */
smr_status smri_csv_read_wide(smri_csv_reader *reader, smr_error *error);
smr_status smri_csv_read_long(smri_csv_reader *reader, smr_error *error);
/* A record that is given to the caller: blank lines are passed over, faulty ones told. */
smr_status smri_csv_next_row(smri_csv_reader *reader, bool *found, smr_error *error);
/* Texts of a row that belong to its region or are texts in any shape. */
smr_status smri_csv_read_row_texts(smri_csv_reader *reader, uint32_t row, smr_error *error);
bool smri_csv_undecided_init(smri_csv_reader *reader, smri_csv_column *column);
void smri_csv_undecided_free(smri_csv_reader *reader, smri_csv_column *column);
bool smri_csv_undecided_add(smri_csv_reader *reader, smri_csv_column *column, uint32_t row, const smri_csv_cell *cell);
void smri_csv_undecided_settle(smri_csv_reader *reader, smri_csv_column *column, size_t field);

/* ---- portfolio_csv*.c: a portfolio from CSV ---- */

typedef enum smri_portfolio_role {
    SMRI_PORTFOLIO_IGNORED,
    SMRI_PORTFOLIO_ID,
    SMRI_PORTFOLIO_NAME,
    SMRI_PORTFOLIO_TAXONOMY,
    SMRI_PORTFOLIO_BUDGET,
    SMRI_PORTFOLIO_START,
    SMRI_PORTFOLIO_END,
    SMRI_PORTFOLIO_STATUS,
    SMRI_PORTFOLIO_EFFECTS
} smri_portfolio_role;

typedef struct smri_portfolio_column {
    const char *name;                   /* without a list of categories */
    smri_portfolio_role role;
    const char *language;               /* of a name; "": none */
    uint32_t taxonomy;
} smri_portfolio_column;

/* A taxonomy while it grows: one pair for each category of an initiative. */
typedef struct smri_portfolio_growing {
    smri_table categories;
    bool declared;                      /* others than those listed are errors */
    uint32_t *pairs;                    /* initiative, category, ... */
    size_t pair_count, pair_capacity;
} smri_portfolio_growing;

typedef struct smri_portfolio_reader {
    const smr_context *context;
    smr_portfolio_options options;
    smr_portfolio *portfolio;
    smri_csv csv;
    smri_faults faults;
    smri_portfolio_column *columns;
    size_t column_count;
    smri_table targets;
    smri_portfolio_growing *growing;                  /* by taxonomy of the portfolio */
    smri_taxonomy *taxonomies;
    size_t taxonomy_capacity, growing_capacity;
    size_t initiative_capacity, budget_capacity, effect_capacity;
    smri_initiative *initiatives;       /* moved into the portfolio's arena at the end */
    double *budgets;
    smri_effect *effects;
    smr_error *error;
} smri_portfolio_reader;

/* The next piece of a cell without blanks around it; false when there is none. Empty pieces are passed over. */
bool smri_portfolio_piece(const char **rest, const char *end, const char **piece, size_t *length);
/* A piece for a message. */
const char *smri_portfolio_show(const char *text, size_t length, char out[SMRI_CSV_SHOWN]);
/* a, b, c: as many as fit. */
void smri_portfolio_words(char *out, size_t size, const char *const *words, size_t count);
/* *usable is false when it was told why rows cannot be read. */
smr_status smri_portfolio_read_header(smri_portfolio_reader *reader, bool *usable);

/* ---- framework_json.c, framework_write.c, framework_imeta.c ---- */

#define SMRI_FRAMEWORK_FORMAT "smartregion-framework"
smr_status smri_framework_from_value(smr_context *context, const smri_value *root, const char *source_name,
                                     smr_framework **framework, smr_error *error);
smr_status smri_framework_read_imeta(smr_context *context, const char *text, size_t length, const char *source_name,
                                     smr_framework **framework, smr_error *error);
void smri_framework_write_members(smri_writer *writer, const smr_framework *framework); /* the members of the root object */

/* ---- funnel_write.c ---- */

void smri_funnel_write_members(smri_writer *writer, const smr_funnel *funnel);  /* the members of the root object */

#endif
