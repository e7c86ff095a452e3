/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_PORTFOLIO_H
#define SMARTREGION_PORTFOLIO_H

/** @file
 * The portfolio: a programme's initiatives, whom and what they cover, how the three helices hang together, how much
 * each lifts a region's index, the best set for a budget, and the order of doing.
 *
 * A portfolio is read from csv, one initiative a row:
 *
 * | column | holds |
 * |---|---|
 * | `id` | a text of its own; the only column that must be there |
 * | `name`, `name_en`, `name_vi` ... | how people call it |
 * | `actors` | of `state`, `business`, `academia`: the three helices (*Ba Nhà*) |
 * | `fields` | of `people`, `business`, `technology`, `foundations` |
 * | `criteria` | of the children of the framework's root; without a framework, the six criteria of the ICF |
 * | `goals`, and any other column | a further taxonomy: its categories are the texts that stand there |
 * | `budget` | a number, 0 or more; empty: unknown |
 * | `start`, `end` | periods, such as 2021, 2021-Q3 or 2021-06-30 |
 * | `status` | any text; `done`: its effects are in the data already; `cancelled`: it counts nowhere |
 * | `effects` | what it changes: `indicator=change`, and a change is `+3` or `-3` (added to the raw value), `+5%` or `-5%` (per cent of it), or `85` (set; `=-3` sets a value below 0) |
 * | `note`, `source` | not looked at |
 *
 * A cell of a taxonomy, and `effects`, hold several texts separated by `|` or `;`. Actors and fields are also known by
 * their Vietnamese words, criteria by the names that the framework gives them. A header such as
 * `goals:skills|services|brand` lists all categories of a taxonomy beforehand, so that one without any initiative is
 * seen as empty, and a misspelt one is an error.
 *
 * An appraisal is a list of sections; a section is a list of cells, each with a row, a column (both texts) and a value.
 * A, B stand for taxonomies. "Cancelled" initiatives are left out everywhere but in `size`.
 *
 * | section | row, column | value |
 * |---|---|---|
 * | `size` | `portfolio`, what | `initiatives`, `cancelled`, `done`, `budget` in all, `without_budget`, `without_effects` |
 * | `coverage_A` | category, what | `initiatives`, their `share`, and `budget` |
 * | `coverage_A_B` | category, category | number of initiatives in both |
 * | `budget_A_B` | category, category | budget: that of an initiative in k cells counts 1/k in each (fractional counting) |
 * | `empty_A_B` | category, category | 0: a cell without any initiative |
 * | `coverage_actors_fields_criteria`, `empty_...` | `actor\|field`, criterion | the same for the three together |
 * | `uncategorised` | initiative, taxonomy | 0: the initiative has no category there |
 * | `triple_helix` | actors joined by `\|`, what | `initiatives` of exactly these actors, `entropy` H of whether they take part, `transmission` T of two or three, bits |
 * | `triple_helix_balance` | `actors`, what | `evenness` of initiatives, `evenness_budget` |
 * | `baseline` | region, what | `score`, `rank`, `regions` ranked; `score_all`, `rank_all` with every initiative |
 * | `effects` | initiative, indicator | change of the raw value by the initiative alone |
 * | `flag_no_value` | initiative, indicator | 0: a relative change of a value that is missing does nothing |
 * | `flag_clipped` | indicator, `value` | what all changes together would make of it, beyond what its kind allows |
 * | `uplift` | initiative, what | `score_alone`, `uplift_alone`, `rank_alone`; `uplift_last` (all others done before); `budget`, `uplift_per_budget` |
 * | `order` | initiative, what | `place`, `uplift` at that place, `uplift_per_budget`, `budget_cumulative`, `score`, `rank` |
 * | `best_set` | initiative, what | `budget`, `uplift_last` in the set |
 * | `best_set_total` | `best_set`, what | `limit`, `budget`, `initiatives`, `score`, `uplift`, `rank`, `bound`, `gap`, `exact` (1, 0), `sets_scored` |
 *
 * `triple_helix`: with H the entropies of the joint distribution of "takes part" over the initiatives,
 * `T12 = H1 + H2 - H12` and `T123 = H1 + H2 + H3 - H12 - H13 - H23 + H123`. A negative `T123` is synergy: the three together leave less
 * uncertain than their pairs explain; a positive one is redundancy. It is a signed measure, not a transmission in
 * Shannon's sense (Yeung). `evenness` is `H(p)/ln 3` of the actors' shares p: 1 when all take part equally.
 *
 * The model stays as it is and the other regions do not change: scores and ranks afterwards are those to expect then.
 * Changes are of raw values. Relative changes of several initiatives add up, each taken of the value before; of several
 * that set a value the best counts. What leaves the range of an indicator's kind (a share of 0 to 100) is put on its
 * end.
 *
 * `best_set` is exact, by scoring every set that the budget allows, while these are at most 2^20 (always up to 20
 * initiatives; 2^12 when the plan needs all regions to score one). Beyond, a set is built by uplift per budget and
 * improved by exchanges, and `bound` is what no set can pass: where the index is a weighted sum within its limits, from
 * an exact knapsack; where it is arithmetic or geometric, from a linear program of tangents; NaN for other plans.
 * `exact` is 1 where every set was scored, where the knapsack was solved, and where the set reaches the bound.
 */

#include <smartregion/common.h>
#include <smartregion/dataset.h>
#include <smartregion/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Initiatives, as read. Sealed. @since 1.0 */
typedef struct smr_portfolio smr_portfolio;

/** What was found out about a portfolio. Sealed. @since 1.0 */
typedef struct smr_appraisal smr_appraisal;

/** How a portfolio is read. Start with smr_portfolio_options_init(). @since 1.0 */
typedef struct smr_portfolio_options {
    uint32_t size;                  /**< sizeof(smr_portfolio_options) of the caller */
    int32_t number_format;          /**< one of ::smr_number_format, for budgets and effects */
    const smr_framework *framework; /**< whose criteria and indicators count; NULL (default): the six criteria, and indicators are looked for when appraised */
    const char *source_name;        /**< for messages, for example the file's name; NULL (default): none */
} smr_portfolio_options;

/**
 * Writes the defaults.
 * @param options NULL does nothing
 * @param size    `sizeof(smr_portfolio_options)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_portfolio_options_init(smr_portfolio_options *options, size_t size);

/**
 * Reads a portfolio from csv (RFC 4180, UTF-8).
 * @param context NULL: the default context; its report callback receives every error, up to 20
 * @param read    gives the text
 * @param user    passed to @p read
 * @param options NULL: all defaults
 * @param[out] portfolio to be given back with smr_portfolio_unref()
 * @param error   may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_FORMAT (csv, header), ::SMR_ERROR_DATA (a wrong value, with row
 *         and column), ::SMR_ERROR_READ, ::SMR_ERROR_LIMIT, ::SMR_ERROR_CANCELLED, ::SMR_ERROR_MEMORY
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(length).
 * @since 1.0
 */
SMR_API smr_status smr_portfolio_read_csv(smr_context *context, smr_read_callback read, void *user,
                                          const smr_portfolio_options *options, smr_portfolio **portfolio,
                                          smr_error *error);

/**
 * Counts one more owner.
 * @param portfolio NULL is allowed
 * @return @p portfolio
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API smr_portfolio *smr_portfolio_ref(smr_portfolio *portfolio);

/**
 * Counts one owner less; the last one frees it.
 * @param portfolio NULL is allowed
 * Thread rule: any thread. Complexity: O(1), the last O(initiatives). Errors: none.
 * @since 1.0
 */
SMR_API void smr_portfolio_unref(smr_portfolio *portfolio);

/**
 * Number of initiatives, cancelled ones among them.
 * @param portfolio NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_portfolio_count(const smr_portfolio *portfolio);

/**
 * Id of an initiative.
 * @param portfolio  the portfolio
 * @param initiative from 0, in input order
 * @return borrowed from the portfolio; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_portfolio_id(const smr_portfolio *portfolio, size_t initiative);

/**
 * Initiative of an id.
 * @param portfolio the portfolio
 * @param id        as given
 * @return the initiative; -1 when there is none
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API int64_t smr_portfolio_find(const smr_portfolio *portfolio, const char *id);

/**
 * Name of an initiative.
 * @param portfolio  the portfolio
 * @param initiative from 0
 * @param language   such as "vi": column `name_vi`, else `name`, else the first other name, else the id; NULL: `name`
 *                   first
 * @return borrowed from the portfolio; NULL beyond the last
 * Thread rule: any thread. Complexity: O(languages). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_portfolio_name(const smr_portfolio *portfolio, size_t initiative, const char *language);

/**
 * Status of an initiative.
 * @param portfolio  the portfolio
 * @param initiative from 0
 * @return borrowed from the portfolio, "" when none is given; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_portfolio_status(const smr_portfolio *portfolio, size_t initiative);

/**
 * When an initiative starts.
 * @param portfolio  the portfolio
 * @param initiative from 0
 * @return a period, borrowed from the portfolio; NULL when none is given, or beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_portfolio_start(const smr_portfolio *portfolio, size_t initiative);

/**
 * When an initiative ends.
 * @param portfolio  the portfolio
 * @param initiative from 0
 * @return a period, borrowed from the portfolio; NULL when none is given, or beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_portfolio_end(const smr_portfolio *portfolio, size_t initiative);

/**
 * Budgets of all initiatives.
 * @param portfolio the portfolio
 * @return one an initiative, NaN: unknown; borrowed from the portfolio; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_portfolio_budgets(const smr_portfolio *portfolio);

/**
 * Number of taxonomies: `actors`, `fields`, `criteria`, `goals` as far as they are columns, then the others in order.
 * @param portfolio NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_portfolio_taxonomy_count(const smr_portfolio *portfolio);

/**
 * Name of a taxonomy.
 * @param portfolio the portfolio
 * @param taxonomy  from 0
 * @return borrowed from the portfolio; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_portfolio_taxonomy(const smr_portfolio *portfolio, size_t taxonomy);

/**
 * Number of categories of a taxonomy.
 * @param portfolio the portfolio
 * @param taxonomy  from 0
 * @return the number; 0 beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_portfolio_category_count(const smr_portfolio *portfolio, size_t taxonomy);

/**
 * Name of a category.
 * @param portfolio the portfolio
 * @param taxonomy  from 0
 * @param category  from 0
 * @return borrowed from the portfolio; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_portfolio_category(const smr_portfolio *portfolio, size_t taxonomy, size_t category);

/**
 * Which initiatives are in a category.
 * @param portfolio the portfolio
 * @param taxonomy  from 0
 * @param category  from 0
 * @return 0 or 1 an initiative, borrowed from the portfolio; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const uint8_t *smr_portfolio_members(const smr_portfolio *portfolio, size_t taxonomy, size_t category);

/** Whom an appraisal is about. Start with smr_appraisal_options_init(). @since 1.0 */
typedef struct smr_appraisal_options {
    uint32_t size;      /**< sizeof(smr_appraisal_options) of the caller */
    uint32_t reserved;  /**< 0 */
    const char *region; /**< whose values the effects change; NULL (default): the only region of the data */
    const char *period; /**< in which period; NULL (default): the latest */
    double budget;      /**< for the best set, 0 or more; NaN (default): no best set is looked for */
} smr_appraisal_options;

/**
 * Writes the defaults.
 * @param options NULL does nothing
 * @param size    `sizeof(smr_appraisal_options)` of the caller
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API void smr_appraisal_options_init(smr_appraisal_options *options, size_t size);

/**
 * Appraises a portfolio: coverage always, and with a model and a dataset uplift, order and best set.
 * @param context   NULL: the default context
 * @param portfolio not NULL
 * @param model     how scores are made; NULL: coverage alone
 * @param dataset   the values before; NULL: coverage alone; both or none
 * @param options   NULL: all defaults
 * @param[out] appraisal to be given back with smr_appraisal_unref()
 * @param error     may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_DATA (effects on what is no input of the model),
 *         ::SMR_ERROR_NOT_FOUND (region, period), ::SMR_ERROR_COMPUTE (the region has no index),
 *         ::SMR_ERROR_CANCELLED, ::SMR_ERROR_MEMORY, and as smr_model_score()
 * Thread rule: any thread. Complexity: O(initiatives x pairs of categories), and with a model O(initiatives^2) scorings
 * of one region; for the best set up to 2^20 more.
 * Source: Leydesdorff (2003), Scientometrics 58 (mutual information of university, industry, government); Yeung (2008),
 * Information Theory and Network Coding (its sign); Pielou (1966), Journal of Theoretical Biology 13 (evenness); Dantzig
 * (1957), Operations Research 5, and Horowitz, Sahni (1974), Journal of the ACM 21 (knapsack); Kelley (1960), Journal of
 * SIAM 8 (tangents).
 * @since 1.0
 */
SMR_API smr_status smr_portfolio_appraise(smr_context *context, const smr_portfolio *portfolio,
                                          const smr_model *model, const smr_dataset *dataset,
                                          const smr_appraisal_options *options, smr_appraisal **appraisal,
                                          smr_error *error);

/**
 * The data as they would be after some initiatives: what any other study (chances of a stage, explanations) looks at to
 * say what they change there.
 * @param context     NULL: the default context
 * @param portfolio   not NULL
 * @param model       whose indicators the effects name
 * @param dataset     the values before
 * @param initiatives places in the portfolio, each at most once; those that are done or cancelled change nothing
 * @param count       their number
 * @param options     region and period; NULL: all defaults
 * @param[out] after  to be given back with smr_dataset_unref()
 * @param error       may be NULL
 * @return as smr_portfolio_appraise()
 * Thread rule: any thread. Complexity: O(rows x columns).
 * @since 1.0
 */
SMR_API smr_status smr_portfolio_apply(smr_context *context, const smr_portfolio *portfolio, const smr_model *model,
                                       const smr_dataset *dataset, const size_t *initiatives, size_t count,
                                       const smr_appraisal_options *options, smr_dataset **after, smr_error *error);

/**
 * Counts one more owner.
 * @param appraisal NULL is allowed
 * @return @p appraisal
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API smr_appraisal *smr_appraisal_ref(smr_appraisal *appraisal);

/**
 * Counts one owner less; the last one frees it.
 * @param appraisal NULL is allowed
 * Thread rule: any thread. Complexity: O(1), the last O(cells). Errors: none.
 * @since 1.0
 */
SMR_API void smr_appraisal_unref(smr_appraisal *appraisal);

/**
 * The portfolio that was appraised.
 * @param appraisal the appraisal
 * @return borrowed from the appraisal; NULL for NULL
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const smr_portfolio *smr_appraisal_portfolio(const smr_appraisal *appraisal);

/**
 * Number of sections, empty ones among them.
 * @param appraisal NULL has none
 * @return the number
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_appraisal_section_count(const smr_appraisal *appraisal);

/**
 * Name of a section.
 * @param appraisal the appraisal
 * @param section   from 0
 * @return borrowed from the appraisal; NULL beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *smr_appraisal_section_name(const smr_appraisal *appraisal, size_t section);

/**
 * Section of a name.
 * @param appraisal the appraisal
 * @param name      such as "uplift"
 * @return the section; -1 when there is none
 * Thread rule: any thread. Complexity: O(sections). Errors: none.
 * @since 1.0
 */
SMR_API int64_t smr_appraisal_find_section(const smr_appraisal *appraisal, const char *name);

/**
 * Number of cells of a section.
 * @param appraisal the appraisal
 * @param section   from 0
 * @return the number; 0 beyond the last
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API size_t smr_appraisal_cell_count(const smr_appraisal *appraisal, size_t section);

/**
 * Row of each cell.
 * @param appraisal the appraisal
 * @param section   from 0
 * @return borrowed from the appraisal, one text a cell; NULL: no cell
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *const *smr_appraisal_rows(const smr_appraisal *appraisal, size_t section);

/**
 * Column of each cell.
 * @param appraisal the appraisal
 * @param section   from 0
 * @return borrowed from the appraisal, one text a cell; NULL: no cell
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const char *const *smr_appraisal_columns(const smr_appraisal *appraisal, size_t section);

/**
 * Value of each cell.
 * @param appraisal the appraisal
 * @param section   from 0
 * @return borrowed from the appraisal, one a cell, NaN where not defined; NULL: no cell
 * Thread rule: any thread. Complexity: O(1). Errors: none.
 * @since 1.0
 */
SMR_API const double *smr_appraisal_values(const smr_appraisal *appraisal, size_t section);

/**
 * The value of one cell, by names.
 * @param appraisal the appraisal
 * @param section   name of the section
 * @param row       name of the row
 * @param column    name of the column
 * @return the value; NaN also when there is no such cell
 * Thread rule: any thread. Complexity: O(cells of the section). Errors: none.
 * @since 1.0
 */
SMR_API double smr_appraisal_value(const smr_appraisal *appraisal, const char *section, const char *row,
                                   const char *column);

/**
 * Writes the appraisal as csv, columns `section,row,column,value`. Numbers are the shortest text that reads back to the
 * same double; what is not defined is an empty field.
 * @param appraisal not NULL
 * @param write receives the text in pieces
 * @param user  passed to @p write
 * @param error may be NULL
 * @return ::SMR_OK, ::SMR_ERROR_ARGUMENT, ::SMR_ERROR_WRITE
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(cells).
 * @since 1.0
 */
SMR_API smr_status smr_appraisal_write_csv(const smr_appraisal *appraisal, smr_write_callback write, void *user,
                                           smr_error *error);

/**
 * Writes the appraisal as json, "smartregion-portfolio/1", with the resolved plan (null without a model); rows as in csv.
 * @param appraisal not NULL
 * @param write receives the text in pieces
 * @param user  passed to @p write
 * @param error may be NULL
 * @return as smr_appraisal_write_csv()
 * Thread rule: any thread; the callback is called on the calling thread. Complexity: O(cells).
 * @since 1.0
 */
SMR_API smr_status smr_appraisal_write_json(const smr_appraisal *appraisal, smr_write_callback write, void *user,
                                            smr_error *error);

#ifdef __cplusplus
}
#endif

#endif
