/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_COMMON_H
#define SMARTREGION_COMMON_H

/** @file
 * Version, status, error record, allocator and context: what every other header uses.
 *
 * The law of this interface, obeyed by every function:
 *
 * 1. The prefix is `smr_` / `SMR_`; a function is `smr_<noun>_<verb>`.
 * 2. Arguments stand in this order: handle; inputs (array, then its length);
 *    `const smr_*_options *` (NULL: all defaults); outputs; `smr_error *` last, which may be NULL.
 * 3. A function that can fail returns ::smr_status, 0 is success. Numbers never change and are
 *    never reused. On failure every output handle is NULL and the inputs are unchanged.
 * 4. ::smr_error belongs to the caller, has a fixed size and starts with `size`. There is no
 *    "last error" of a thread.
 * 5. Structs that may grow start with `size`; `smr_X_init(x, sizeof *x)` writes the defaults.
 *    A longer struct than the library knows is accepted only if its tail is zero.
 * 6. Only fixed-width integers, `double`, `size_t`, `const char *`, opaque pointers and callbacks
 *    with a `void *` cross the border. Whole columns, never a call per cell.
 * 7. Builders have `_new` and `_free`. Sealed values (framework, dataset, plan, model, scorecard)
 *    are immutable, counted by reference (`_ref`, `_unref`) and readable by any number of threads.
 * 8. A borrowed pointer lives as long as the object it came from. Text leaves through a write
 *    callback; text enters as bytes and length or through a read callback. The library opens no file.
 * 9. ::smr_context carries allocator, threads, limits, progress and reports. NULL is the default.
 *    No thread outlives a call unless the context owns it.
 * 10. NaN in input is *missing*; infinity is a data error. NaN in output is *not computed*, and a
 *    status per cell says why.
 * 11. New interface enters as EXPERIMENTAL and leaves by promotion.
 *
 * Thread rule, unless a function says otherwise: different handles may be used by different
 * threads at the same time; a sealed handle by any number of threads; a builder by one at a time.
 *
 * Floating point: round-to-nearest, subnormals kept (no flush-to-zero), is a precondition of every
 * function that computes; the library's own worker threads set it.
 */

#include <stddef.h>
#include <stdint.h>

#include <smartregion/messages.h>
#include <smartregion/version.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Marks what the shared library exports. @since 1.0 */
#if defined(_WIN32) && defined(SMR_SHARED)
#ifdef SMR_BUILDING
#define SMR_API __declspec(dllexport)
#else
#define SMR_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define SMR_API __attribute__((visibility("default")))
#else
#define SMR_API
#endif

/** Marks a function that will go; @p advice names what to call instead. @since 1.0 */
#if defined(__GNUC__)
#define SMR_DEPRECATED(advice) __attribute__((deprecated(advice)))
#else
#define SMR_DEPRECATED(advice)
#endif

/** Marks a function that may still change in a minor version. @since 1.0 */
#define SMR_EXPERIMENTAL

/** What a fallible function returns: one of ::smr_status_code. @since 1.0 */
typedef int32_t smr_status;

/** Values of ::smr_status. Numbers never change and are never reused. @since 1.0 */
enum smr_status_code {
    SMR_OK = 0,                 /**< success */
    SMR_ERROR_MEMORY = 1,       /**< an allocation failed */
    SMR_ERROR_ARGUMENT = 2,     /**< the call itself is wrong: NULL handle, bad size, index out of range */
    SMR_ERROR_FORMAT = 3,       /**< text that is not UTF-8, CSV or JSON as it should be */
    SMR_ERROR_DATA = 4,         /**< a value or an id of the dataset is wrong */
    SMR_ERROR_FRAMEWORK = 5,    /**< the framework contradicts itself */
    SMR_ERROR_PLAN = 6,         /**< an unknown key, method or option, or a value out of its range */
    SMR_ERROR_LIMIT = 7,        /**< a limit of the context on untrusted input was passed */
    SMR_ERROR_READ = 8,         /**< a read callback failed */
    SMR_ERROR_WRITE = 9,        /**< a write callback failed */
    SMR_ERROR_CANCELLED = 10,   /**< the progress callback asked to stop */
    SMR_ERROR_NOT_FOUND = 11,   /**< no such name */
    SMR_ERROR_UNSUPPORTED = 12, /**< a file of a newer format, or something this build lacks */
    SMR_ERROR_COMPUTE = 13      /**< a method is not defined for these data and no policy covers it */
};

/** Severity of a record: see ::smr_error. @since 1.0 */
enum smr_severity {
    SMR_SEVERITY_ERROR = 0,   /**< the call failed, or will */
    SMR_SEVERITY_WARNING = 1, /**< probably not what was meant */
    SMR_SEVERITY_NOTE = 2     /**< good to know */
};

/** Length of the texts inside ::smr_error, terminator included. @since 1.0 */
enum smr_error_length {
    SMR_ERROR_SOURCE_SIZE = 256,  /**< smr_error.source */
    SMR_ERROR_SUBJECT_SIZE = 128, /**< smr_error.subject */
    SMR_ERROR_MESSAGE_SIZE = 512  /**< smr_error.message */
};

/**
 * One record of what is wrong and where. The caller owns it; smr_error_init() must have been
 * called on it once. A successful call leaves it untouched.
 * Texts are UTF-8, always terminated, and cut at a character boundary.
 * @since 1.0
 */
typedef struct smr_error {
    uint32_t size;      /**< sizeof(smr_error) of the caller */
    smr_status status;  /**< what the call returned */
    int32_t code;       /**< one of ::smr_message_code: stable, for programs */
    int32_t severity;   /**< one of ::smr_severity */
    uint64_t row;       /**< row of the text source, 1-based, the header is 1; 0: none */
    uint64_t column;    /**< column of the text source, 1-based; 0: none */
    uint64_t byte;      /**< offset of the byte in the text source, 0-based */
    char source[SMR_ERROR_SOURCE_SIZE];   /**< the source_name given with the text; may be empty */
    char subject[SMR_ERROR_SUBJECT_SIZE]; /**< column name, JSON path, id: what it is about */
    char message[SMR_ERROR_MESSAGE_SIZE]; /**< what was found, what was expected */
} smr_error;

/**
 * Prepares @p error as an empty record.
 * @param error the record; NULL does nothing
 * @param size  `sizeof(smr_error)` of the caller
 * Thread rule: any thread. Complexity: O(size). Errors: none.
 * @since 1.0
 */
SMR_API void smr_error_init(smr_error *error, size_t size);

/**
 * The version of the loaded library as text, for example "1.0.0".
 * @return static text, never NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_version(void);

/**
 * The version of the loaded library as ::SMR_VERSION_NUMBER computes it.
 * @return the number, 10000 for version 1.0.0
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API uint32_t smr_version_number(void);

/**
 * Asks whether the loaded library knows a value, without failing on it.
 * @param what  a step that has methods ("impute", "treat", "normalise", "weights", "aggregate"),
 *              or "transform", "kind", "direction", "preset", "framework", "ties", "kernel"
 * @param value the name asked for, for example "geometric"
 * @return 1 known, 0 unknown (also when @p what is unknown or an argument is NULL)
 * Thread rule: any thread. Complexity: O(methods). Errors: none.
 * @since 1.0
 */
SMR_API int32_t smr_supports(const char *what, const char *value);

/**
 * The symbolic name of a status, for example "data".
 * @param status one of ::smr_status_code
 * @return static text; "unknown" for a number this version does not have
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_status_name(smr_status status);

/**
 * The symbolic name of a message code, for example "number_expected".
 * @param code one of ::smr_message_code
 * @return static text; "unknown" for a number this version does not have
 * Thread rule: any thread. Complexity: O(log codes). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_message_name(int32_t code);

/**
 * Receives text that the library produces, in pieces.
 * @param bytes  the piece; valid during the call
 * @param length its length
 * @param user   what was given with the callback
 * @return 0 to go on; anything else ends the call with ::SMR_ERROR_WRITE
 * @since 1.0
 */
typedef int32_t (*smr_write_callback)(const void *bytes, size_t length, void *user);

/**
 * Gives text that the library reads, in pieces.
 * @param buffer where the piece goes
 * @param size   bytes that fit there
 * @param user   what was given with the callback
 * @return bytes written into @p buffer, at most @p size; 0 at the end; negative ends the call
 *         with ::SMR_ERROR_READ
 * @since 1.0
 */
typedef int64_t (*smr_read_callback)(void *buffer, size_t size, void *user);

/**
 * Asked now and then by long calls, always on the calling thread.
 * @param done  units of work done
 * @param total units in all, 0 when unknown
 * @param user  what was given with the callback
 * @return non-zero to go on; 0 ends the call with ::SMR_ERROR_CANCELLED
 * @since 1.0
 */
typedef int32_t (*smr_progress_callback)(uint64_t done, uint64_t total, void *user);

/**
 * Receives further records of one call: the 2nd to 20th error of a file, warnings and notes.
 * Called on the calling thread.
 * @param record one record; valid during the call
 * @param user   what was given with the callback
 * @since 1.0
 */
typedef void (*smr_report_callback)(const smr_error *record, void *user);

/**
 * Memory for everything a context creates. Either all three functions are given or none.
 * They are called by any thread that uses the context, at the same time.
 * (Parsing of JSON text uses the C library's allocator: Jansson has one per process.)
 * @since 1.0
 */
typedef struct smr_allocator {
    void *(*allocate)(size_t size, void *user);                  /**< NULL on failure; size > 0 */
    void *(*reallocate)(void *block, size_t size, void *user);   /**< as realloc, size > 0 */
    void (*release)(void *block, void *user);                    /**< block may be NULL */
    void *user;                                                  /**< passed to all three */
} smr_allocator;

/** How a context is made. Start with smr_context_options_init(). @since 1.0 */
typedef struct smr_context_options {
    uint32_t size;                  /**< sizeof(smr_context_options) of the caller */
    uint32_t threads;               /**< threads one call may use, the caller's among them; 1 by default, 0 means all processors */
    smr_allocator allocator;        /**< all NULL: the C library's */
    const char *kernel;             /**< NULL: best of this machine; else "baseline", "x86-64-v3", "x86-64-v4" or "neon": for tests, the results are the same bits */
    uint64_t max_bytes;             /**< longest text read, bytes; default 2^40 */
    uint64_t max_rows;              /**< most rows of a dataset; default 2^31 - 1 */
    uint64_t max_columns;           /**< most columns of a dataset, most nodes of a framework; default 65,536 */
    uint64_t max_depth;             /**< deepest nesting of JSON and of a framework; default 64 */
    uint64_t max_field_bytes;       /**< longest CSV field or JSON text, bytes; default 2^20 */
    smr_progress_callback progress; /**< NULL: never asked */
    void *progress_user;            /**< passed to progress */
    smr_report_callback report;     /**< NULL: further records are dropped */
    void *report_user;              /**< passed to report */
} smr_context_options;

/**
 * Writes the defaults.
 * @param options the struct; NULL does nothing
 * @param size    `sizeof(smr_context_options)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_context_options_init(smr_context_options *options, size_t size);

/** Allocator, threads, limits and callbacks: see ::smr_context_options. @since 1.0 */
typedef struct smr_context smr_context;

/**
 * Makes a context.
 * @param options NULL: all defaults
 * @param[out] context the new context, to be given back with smr_context_unref(); NULL on failure
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT (size, half an allocator), ::SMR_ERROR_MEMORY,
 *         ::SMR_ERROR_UNSUPPORTED (unknown kernel, or one this processor cannot run)
 * Thread rule: any thread. Complexity: O(1).
 * @since 1.0
 */
SMR_API smr_status smr_context_new(const smr_context_options *options, smr_context **context, smr_error *error);

/**
 * Counts one more owner.
 * @param context NULL is allowed
 * @return @p context
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API smr_context *smr_context_ref(smr_context *context);

/**
 * Counts one owner less; the last one frees it. Objects made with a context own it.
 * @param context NULL is allowed
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_context_unref(smr_context *context);

/**
 * The name of the kernel that the context computes with, for example "x86-64-v3".
 * @param context NULL: the default context
 * @return static text, never NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_context_kernel(const smr_context *context);

#ifdef __cplusplus
}
#endif

#endif
