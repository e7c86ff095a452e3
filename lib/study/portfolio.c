/* SPDX-License-Identifier: MIT */
/* The portfolio as a handle: initiatives and the categories they are in. */

#include "study/portfolio_impl.h"

const char *const smri_taxonomy_names[SMRI_NAMED_TAXONOMIES] = {"actors", "fields", "criteria", "goals"};
const char *const smri_actors[3] = {"state", "business", "academia"};
const char *const smri_fields[4] = {"people", "business", "technology", "foundations"};
const char *const smri_criteria[6] = {"broadband",      "knowledge_workforce", "innovation",
                                      "sustainability", "digital_inclusion",   "advocacy"};

void smr_portfolio_options_init(smr_portfolio_options *options, size_t size)
{
    static const smr_portfolio_options defaults = {.size = sizeof(smr_portfolio_options)};
    smri_options_init(options, size, &defaults, sizeof defaults);
}

smr_portfolio *smri_portfolio_new(smr_context *context)
{
    const smr_context *memory = smri_context(context);
    smr_portfolio *made = smri_calloc(memory, 1, sizeof *made);
    if (!made)
        return NULL;
    atomic_init(&made->references, 1);
    made->context = smr_context_ref(context);
    smri_arena_init(&made->arena, memory);
    smri_table_init(&made->ids, memory, &made->arena);
    return made;
}

smr_portfolio *smr_portfolio_ref(smr_portfolio *portfolio)
{
    if (portfolio)
        atomic_fetch_add_explicit(&portfolio->references, 1, memory_order_relaxed);
    return portfolio;
}

void smr_portfolio_unref(smr_portfolio *portfolio)
{
    if (!portfolio || atomic_fetch_sub_explicit(&portfolio->references, 1, memory_order_acq_rel) != 1)
        return;
    smr_context *context = portfolio->context;
    smri_table_free(&portfolio->ids);
    smri_arena_free(&portfolio->arena);
    smri_free(smri_context(context), portfolio);
    smr_context_unref(context);
}

size_t smr_portfolio_count(const smr_portfolio *portfolio)
{
    return portfolio ? portfolio->count : 0;
}

static const smri_initiative *initiative_at(const smr_portfolio *portfolio, size_t initiative)
{
    return initiative < smr_portfolio_count(portfolio) ? &portfolio->initiatives[initiative] : NULL;
}

const char *smr_portfolio_id(const smr_portfolio *portfolio, size_t initiative)
{
    const smri_initiative *found = initiative_at(portfolio, initiative);
    return found ? found->id : NULL;
}

int64_t smr_portfolio_find(const smr_portfolio *portfolio, const char *id)
{
    uint32_t found = SMRI_NOT_FOUND;
    if (!portfolio || !id || !smri_table_find_composed(&portfolio->ids, id, &found) || found == SMRI_NOT_FOUND)
        return -1;
    return found;
}

const char *smr_portfolio_name(const smr_portfolio *portfolio, size_t initiative, const char *language)
{
    const smri_initiative *found = initiative_at(portfolio, initiative);
    if (!found)
        return NULL;
    const char *const wanted[] = {language ? language : "", ""};
    for (size_t i = 0; i < SMRI_COUNT(wanted); i++)
        for (const smri_label *name = found->names; name; name = name->next)
            if (strcmp(name->key, wanted[i]) == 0)
                return name->text;
    return found->names ? found->names->text : found->id;
}

const char *smr_portfolio_status(const smr_portfolio *portfolio, size_t initiative)
{
    const smri_initiative *found = initiative_at(portfolio, initiative);
    return found ? found->status : NULL;
}

const char *smr_portfolio_start(const smr_portfolio *portfolio, size_t initiative)
{
    const smri_initiative *found = initiative_at(portfolio, initiative);
    return found ? found->start : NULL;
}

const char *smr_portfolio_end(const smr_portfolio *portfolio, size_t initiative)
{
    const smri_initiative *found = initiative_at(portfolio, initiative);
    return found ? found->end : NULL;
}

const double *smr_portfolio_budgets(const smr_portfolio *portfolio)
{
    return portfolio ? portfolio->budgets : NULL;
}

size_t smr_portfolio_taxonomy_count(const smr_portfolio *portfolio)
{
    return portfolio ? portfolio->taxonomy_count : 0;
}

static const smri_taxonomy *taxonomy_at(const smr_portfolio *portfolio, size_t taxonomy)
{
    return taxonomy < smr_portfolio_taxonomy_count(portfolio) ? &portfolio->taxonomies[taxonomy] : NULL;
}

const char *smr_portfolio_taxonomy(const smr_portfolio *portfolio, size_t taxonomy)
{
    const smri_taxonomy *found = taxonomy_at(portfolio, taxonomy);
    return found ? found->id : NULL;
}

size_t smr_portfolio_category_count(const smr_portfolio *portfolio, size_t taxonomy)
{
    const smri_taxonomy *found = taxonomy_at(portfolio, taxonomy);
    return found ? found->count : 0;
}

const char *smr_portfolio_category(const smr_portfolio *portfolio, size_t taxonomy, size_t category)
{
    const smri_taxonomy *found = taxonomy_at(portfolio, taxonomy);
    return found && category < found->count ? found->categories[category] : NULL;
}

const uint8_t *smr_portfolio_members(const smr_portfolio *portfolio, size_t taxonomy, size_t category)
{
    const smri_taxonomy *found = taxonomy_at(portfolio, taxonomy);
    return found && category < found->count ? found->members + category * portfolio->count : NULL;
}

const smri_taxonomy *smri_portfolio_find_taxonomy(const smr_portfolio *portfolio, const char *id)
{
    for (uint32_t i = 0; i < portfolio->taxonomy_count; i++)
        if (strcmp(portfolio->taxonomies[i].id, id) == 0)
            return &portfolio->taxonomies[i];
    return NULL;
}
