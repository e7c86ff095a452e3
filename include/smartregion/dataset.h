/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_DATASET_H
#define SMARTREGION_DATASET_H

/** @file
 * The dataset: values of indicators for regions and periods, with where each value comes from.
 *
 * A row is one region in one period; rows keep the order of the input. A column is an indicator, a
 * denominator (numeric) or a grouping (text). Missing is NaN. A dataset is sealed.
 */

#include <smartregion/common.h>
#include <smartregion/framework.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Values by region, period and column. Sealed. @since 1.0 */
typedef struct smr_dataset smr_dataset;

/** Makes an ::smr_dataset step by step. @since 1.0 */
typedef struct smr_dataset_builder smr_dataset_builder;

/** How numbers are written in a text. @since 1.0 */
enum smr_number_format {
    SMR_NUMBER_FORMAT_PLAIN = 0, /**< 1234.5 and 1e-3; anything else is an error */
    SMR_NUMBER_FORMAT_EN = 1,    /**< 1,234.5 */
    SMR_NUMBER_FORMAT_VI = 2     /**< 1.234,5 */
};

/** Where one value comes from. All texts may be NULL. Start with smr_observation_init(). @since 1.0 */
typedef struct smr_observation {
    uint32_t size;         /**< sizeof(smr_observation) of the caller */
    double value;          /**< NaN: missing */
    double error;          /**< standard error in the unit of the value; NaN: not given */
    const char *status;    /**< SDMX observation status, such as "A" or "E" */
    const char *qualifier; /**< one of = < > ~ <= >= */
    const char *source;    /**< where it was published */
    const char *note;      /**< anything else */
    const char *unit;      /**< as given with the value */
} smr_observation;

/**
 * Writes the defaults: everything missing.
 * @param observation NULL does nothing
 * @param size        `sizeof(smr_observation)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_observation_init(smr_observation *observation, size_t size);

/**
 * Starts a dataset.
 * @param context NULL: the default context
 * @param[out] builder to be given back with smr_dataset_builder_free()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_MEMORY
 * Thread rule: one thread at a time per builder. Complexity: O(1).
 * @since 1.0
 */
SMR_API smr_status smr_dataset_builder_new(smr_context *context, smr_dataset_builder **builder, smr_error *error);

/**
 * Frees a builder.
 * @param builder NULL is allowed
 * Thread rule: one thread at a time per builder. Complexity: O(cells). Errors: none.
 * @since 1.0
 */
SMR_API void smr_dataset_builder_free(smr_dataset_builder *builder);

/**
 * Adds one value.
 * @param builder   made by smr_dataset_builder_new()
 * @param region    id of the region; a row is added when region and period are new
 * @param period    such as "2021", "2021-Q3"; "": undated among dated ones; NULL: the data have no periods
 * @param indicator id of the column, added when new
 * @param value     NaN: missing
 * @param error     may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_DATA (infinite; region, period and indicator given before;
 *         a text column of that id), ::SMR_ERROR_FORMAT (not UTF-8), ::SMR_ERROR_LIMIT, ::SMR_ERROR_MEMORY
 * Thread rule: one thread at a time per builder. Complexity: O(1) amortised.
 * @since 1.0
 */
SMR_API smr_status smr_dataset_builder_set_value(smr_dataset_builder *builder, const char *region, const char *period,
                                                 const char *indicator, double value, smr_error *error);

/**
 * Adds one value with its provenance.
 * @param builder     made by smr_dataset_builder_new()
 * @param region      id of the region; a row is added when region and period are new
 * @param period      such as "2021", "2021-Q3"; NULL: none
 * @param indicator   id of the column, added when new
 * @param observation the value; the texts are copied
 * @param error       may be NULL
 * @return as smr_dataset_builder_set_value(); ::SMR_ERROR_DATA also for an unknown qualifier or a negative error
 * Thread rule: one thread at a time per builder. Complexity: O(1) amortised.
 * @since 1.0
 */
SMR_API smr_status smr_dataset_builder_set_observation(smr_dataset_builder *builder, const char *region,
                                                       const char *period, const char *indicator,
                                                       const smr_observation *observation, smr_error *error);

/**
 * Sets a text of a row: a grouping such as ("income", "HIC"), or one of the reserved "name" and "parent".
 * @param builder made by smr_dataset_builder_new()
 * @param region  id of the region; a row is added when region and period are new
 * @param period  such as "2021", "2021-Q3"; NULL: none
 * @param column  id of the column, added when new
 * @param text    UTF-8, copied
 * @param error   may be NULL
 * @return as smr_dataset_builder_set_value(); ::SMR_ERROR_DATA also when a parent differs between periods or
 *         makes a region its own ancestor (told by smr_dataset_builder_build())
 * Thread rule: one thread at a time per builder. Complexity: O(1) amortised.
 * @since 1.0
 */
SMR_API smr_status smr_dataset_builder_set_text(smr_dataset_builder *builder, const char *region, const char *period,
                                                const char *column, const char *text, smr_error *error);

/**
 * Seals the dataset. The builder stays as it was.
 * @param builder made by smr_dataset_builder_new()
 * @param[out] dataset to be given back with smr_dataset_unref()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_DATA (no rows, a cycle of parents), ::SMR_ERROR_MEMORY
 * Thread rule: one thread at a time per builder. Complexity: O(cells).
 * @since 1.0
 */
SMR_API smr_status smr_dataset_builder_build(const smr_dataset_builder *builder, smr_dataset **dataset,
                                             smr_error *error);

/** Columns in the caller's memory. Start with smr_columns_init(). @since 1.0 */
typedef struct smr_columns {
    uint32_t size;               /**< sizeof(smr_columns) of the caller */
    int32_t borrow;              /**< 0 (default): values are copied; 1: used in place, and must stay unchanged and outlive the dataset */
    size_t rows;                 /**< length of every column */
    size_t column_count;         /**< number of columns */
    const char *const *ids;      /**< column_count ids */
    const double *const *values; /**< column_count pointers to `rows` doubles; NaN: missing */
    const char *const *regions;  /**< `rows` ids; NULL: "1", "2", ... */
    const char *const *periods;  /**< `rows` periods; NULL: none */
    const char *const *parents;  /**< `rows` ids of parent regions, entries may be NULL; NULL: none */
    void (*release)(void *user); /**< called once when borrowed columns are no longer used; may be NULL */
    void *release_user;          /**< passed to release */
} smr_columns;

/**
 * Writes the defaults.
 * @param columns NULL does nothing
 * @param size    `sizeof(smr_columns)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_columns_init(smr_columns *columns, size_t size);

/**
 * Makes a dataset from columns in memory. Ids are always copied. `release` is called only when the call succeeds,
 * at the end of the dataset's life.
 * @param context NULL: the default context
 * @param columns not NULL
 * @param[out] dataset to be given back with smr_dataset_unref()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT (also: no rows or no columns), ::SMR_ERROR_DATA (an infinite value, a
 *         duplicate region and period, a duplicate column), ::SMR_ERROR_FORMAT, ::SMR_ERROR_LIMIT, ::SMR_ERROR_MEMORY
 * Thread rule: any thread. Complexity: O(cells) to check for infinity, O(rows) more with region ids.
 * @since 1.0
 */
SMR_API smr_status smr_dataset_from_columns(smr_context *context, const smr_columns *columns, smr_dataset **dataset,
                                            smr_error *error);

/** How a CSV text is read. Start with smr_csv_options_init(). @since 1.0 */
typedef struct smr_csv_options {
    uint32_t size;                   /**< sizeof(smr_csv_options) of the caller */
    int32_t number_format;           /**< one of ::smr_number_format */
    int32_t strict;                  /**< 1: a column that is neither reserved nor an indicator nor a denominator is an error */
    const smr_framework *framework;  /**< tells which columns are indicators and which kinds they hold; NULL: every numeric column is one */
    const char *source_name;         /**< for messages, for example the file's name */
    const char *const *column_roles; /**< pairs role, column name: roles region period name parent population weight; ends with NULL; NULL: none */
} smr_csv_options;

/**
 * Writes the defaults.
 * @param options NULL does nothing
 * @param size    `sizeof(smr_csv_options)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_csv_options_init(smr_csv_options *options, size_t size);

/**
 * Reads a dataset from CSV (RFC 4180, UTF-8, a byte order mark is tolerated). The header tells the shape: wide
 * (`region[,period],<indicator>...`), long (`region,indicator,value[,period,unit,status,qualifier,error,source,note]`),
 * SDMX-CSV (`REF_AREA`, `INDICATOR`, `TIME_PERIOD`, `OBS_VALUE`, ...) or COINr `iData` (`uCode`, `uName`, `Time`).
 * Missing: empty, `NA`, `NaN`, `:`, `..`, `-` alone. Up to 20 errors are found in one go: the first is in @p error,
 * all go to the context's report callback.
 * @param context NULL: the default context
 * @param read    gives the text in pieces
 * @param user    passed to @p read
 * @param options NULL: all defaults
 * @param[out] dataset to be given back with smr_dataset_unref()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_READ, ::SMR_ERROR_FORMAT (not UTF-8, a row with too few or too
 *         many fields, an unclosed quote, an empty text), ::SMR_ERROR_DATA (text where a number belongs, infinity, a
 *         duplicate, a value against its kind, no indicator of the framework), ::SMR_ERROR_LIMIT, ::SMR_ERROR_MEMORY,
 *         ::SMR_ERROR_CANCELLED
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(bytes).
 * Source: RFC 4180 (CSV); SDMX-CSV field guide 1.0 and 2.0 (SDMX Technical Working Group); for `iData` Becker and
 * others (2022), COINr: An R package for developing composite indicators, Journal of Open Source Software 7(78), 4567.
 * @since 1.0
 */
SMR_API smr_status smr_dataset_read_csv(smr_context *context, smr_read_callback read, void *user,
                                        const smr_csv_options *options, smr_dataset **dataset, smr_error *error);

/**
 * Writes a dataset as wide CSV: `region[,period]`, then the columns asked for.
 * @param dataset not NULL
 * @param ids     ids of columns, in the order wanted; a column that the dataset lacks is written empty
 * @param count   their number; 0 with NULL: all columns of the dataset
 * @param write   receives the text in pieces
 * @param user    passed to @p write
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_WRITE, ::SMR_ERROR_MEMORY
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(cells).
 * @since 1.0
 */
SMR_API smr_status smr_dataset_write_csv(const smr_dataset *dataset, const char *const *ids, size_t count,
                                         smr_write_callback write, void *user, smr_error *error);

/**
 * Counts one more owner.
 * @param dataset NULL is allowed
 * @return @p dataset
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API smr_dataset *smr_dataset_ref(smr_dataset *dataset);

/**
 * Counts one owner less; the last one frees it.
 * @param dataset NULL is allowed
 * Thread rule: any thread. Complexity: O(1), the last O(columns). Errors: none.
 * @since 1.0
 */
SMR_API void smr_dataset_unref(smr_dataset *dataset);

/**
 * Number of rows.
 * @param dataset NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_dataset_row_count(const smr_dataset *dataset);

/**
 * Number of columns, numeric and text.
 * @param dataset NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_dataset_column_count(const smr_dataset *dataset);

/**
 * Id of the region of a row.
 * @param dataset the dataset
 * @param row     from 0, in the order of the input
 * @return borrowed from the dataset; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_dataset_region(const smr_dataset *dataset, size_t row);

/**
 * Name of the region of a row.
 * @param dataset the dataset
 * @param row     from 0, in the order of the input
 * @return borrowed from the dataset; the id when it has no name; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_dataset_region_name(const smr_dataset *dataset, size_t row);

/**
 * Id of the parent of the region of a row.
 * @param dataset the dataset
 * @param row     from 0, in the order of the input
 * @return borrowed from the dataset; NULL: none, or beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_dataset_region_parent(const smr_dataset *dataset, size_t row);

/**
 * Period of a row.
 * @param dataset the dataset
 * @param row     from 0, in the order of the input
 * @return borrowed from the dataset; NULL when the data have none, or beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_dataset_period(const smr_dataset *dataset, size_t row);

/**
 * Latest period of the dataset.
 * @param dataset the dataset
 * @return borrowed from the dataset; NULL when the data have none
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_dataset_latest_period(const smr_dataset *dataset);

/**
 * Row of a region in a period.
 * @param dataset the dataset
 * @param region  id of the region
 * @param period  NULL: none, for data without periods
 * @return the row; -1 when there is none
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API int64_t smr_dataset_find_row(const smr_dataset *dataset, const char *region, const char *period);

/**
 * Id of a column.
 * @param dataset the dataset
 * @param column  from 0
 * @return borrowed from the dataset; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_dataset_column_id(const smr_dataset *dataset, size_t column);

/**
 * Column of an id.
 * @param dataset the dataset
 * @param id      id of the column
 * @return the column; -1 when there is none
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API int64_t smr_dataset_find_column(const smr_dataset *dataset, const char *id);

/**
 * The values of a numeric column.
 * @param dataset the dataset
 * @param column  from 0
 * @return borrowed from the dataset, one a row, NaN where missing; NULL for a text column or beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_dataset_values(const smr_dataset *dataset, size_t column);

/**
 * The text of a cell of a text column.
 * @param dataset the dataset
 * @param column  from 0
 * @param row     from 0, in the order of the input
 * @return borrowed from the dataset; NULL: missing, a numeric column, or beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_dataset_text(const smr_dataset *dataset, size_t column, size_t row);

/**
 * The value of a cell with its provenance.
 * @param dataset the dataset
 * @param column  from 0, a numeric one
 * @param row     from 0, in the order of the input
 * @param[in,out] observation with `size` set, as smr_observation_init() does; the texts are borrowed from the dataset
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT
 * Thread rule: any thread. Complexity: O(log cells with provenance).
 * @since 1.0
 */
SMR_API smr_status smr_dataset_observation(const smr_dataset *dataset, size_t column, size_t row,
                                           smr_observation *observation, smr_error *error);

/**
 * The rows of one period, as a dataset that shares nothing that could change.
 * @param context NULL: the default context
 * @param dataset not NULL
 * @param period  one of the dataset's; NULL: the latest
 * @param[out] selected to be given back with smr_dataset_unref()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_NOT_FOUND, ::SMR_ERROR_MEMORY
 * Thread rule: any thread. Complexity: O(cells).
 * @since 1.0
 */
SMR_API smr_status smr_dataset_select_period(smr_context *context, const smr_dataset *dataset, const char *period,
                                             smr_dataset **selected, smr_error *error);

#ifdef __cplusplus
}
#endif

#endif
