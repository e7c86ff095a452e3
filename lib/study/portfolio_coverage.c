/* SPDX-License-Identifier: MIT */
/* Whom and what the initiatives cover: matrices of every pair of taxonomies, and of actors, fields and criteria. */

#include "study/portfolio_impl.h"

#define JOINT "|"

static double count_as(bool counts)
{
    return counts ? 1 : 0;
}

void smri_portfolio_size(const smr_portfolio *p, smri_sections *sections)
{
    double initiatives = 0, cancelled = 0, done = 0, budget = 0, without_budget = 0, without_effects = 0;
    uint32_t effect = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        const bool counts = !p->initiatives[i].cancelled, known = p->budgets[i] == p->budgets[i];
        const uint32_t first = effect;
        while (effect < p->effect_count && p->effects[effect].initiative == i)
            effect++;
        initiatives += count_as(counts);
        cancelled += count_as(!counts);
        done += count_as(p->initiatives[i].done);
        budget += counts && known ? p->budgets[i] : 0;
        without_budget += count_as(counts && !known);
        without_effects += count_as(counts && effect == first);
    }
    smri_sections_begin(sections, "size");
    smri_sections_put(sections, "portfolio", "initiatives", initiatives);
    smri_sections_put(sections, "portfolio", "cancelled", cancelled);
    smri_sections_put(sections, "portfolio", "done", done);
    smri_sections_put(sections, "portfolio", "budget", budget);
    smri_sections_put(sections, "portfolio", "without_budget", without_budget);
    smri_sections_put(sections, "portfolio", "without_effects", without_effects);
}

/* Is the initiative in the category? Cancelled ones are in none. */
static bool is_in(const smr_portfolio *p, const smri_taxonomy *taxonomy, uint32_t category, uint32_t initiative)
{
    return !p->initiatives[initiative].cancelled && taxonomy->members[(size_t)category * p->count + initiative];
}

/* How many categories an initiative has. */
static uint32_t width(const smr_portfolio *p, const smri_taxonomy *taxonomy, uint32_t initiative)
{
    uint32_t count = 0;
    for (uint32_t c = 0; c < taxonomy->count; c++)
        count += is_in(p, taxonomy, c, initiative);
    return count;
}

static double known_budget(const smr_portfolio *p, uint32_t initiative)
{
    return p->budgets[initiative] == p->budgets[initiative] ? p->budgets[initiative] : 0;
}

static const char *section_name(smri_sections *sections, const char *what, const char *a, const char *b)
{
    const char *const parts[] = {what, a, b};
    return smri_sections_text(sections, "_", parts, SMRI_COUNT(parts));
}

static void put_one(const smr_portfolio *p, const smri_taxonomy *taxonomy, smri_sections *sections)
{
    double all = 0;
    for (uint32_t i = 0; i < p->count; i++)
        all += count_as(!p->initiatives[i].cancelled);
    smri_sections_begin(sections, section_name(sections, "coverage", taxonomy->id, NULL));
    for (uint32_t c = 0; c < taxonomy->count; c++) {
        double initiatives = 0, budget = 0;
        for (uint32_t i = 0; i < p->count; i++) {
            if (!is_in(p, taxonomy, c, i))
                continue;
            initiatives++;
            budget += known_budget(p, i) / width(p, taxonomy, i);
        }
        smri_sections_put(sections, taxonomy->categories[c], "initiatives", initiatives);
        smri_sections_put(sections, taxonomy->categories[c], "share", all > 0 ? initiatives / all : NAN);
        smri_sections_put(sections, taxonomy->categories[c], "budget", budget);
    }
}

typedef enum matrix_part { PART_COVERAGE, PART_BUDGET, PART_EMPTY, PART_COUNT } matrix_part;
static const char *const part_names[PART_COUNT] = {"coverage", "budget", "empty"};

static void put_pair(const smr_portfolio *p, const smri_taxonomy *a, const smri_taxonomy *b, smri_sections *sections)
{
    for (int part = 0; part < PART_COUNT; part++) {
        smri_sections_begin(sections, section_name(sections, part_names[part], a->id, b->id));
        for (uint32_t row = 0; row < a->count; row++)
            for (uint32_t column = 0; column < b->count; column++) {
                double initiatives = 0, budget = 0;
                for (uint32_t i = 0; i < p->count; i++) {
                    if (!is_in(p, a, row, i) || !is_in(p, b, column, i))
                        continue;
                    initiatives++;
                    budget += known_budget(p, i) / ((double)width(p, a, i) * width(p, b, i));
                }
                if (part != PART_EMPTY || initiatives == 0)
                    smri_sections_put(sections, a->categories[row], b->categories[column],
                                      part == PART_BUDGET ? budget : initiatives);
            }
    }
}

/* Actors and fields joined in a row, criteria in the columns. */
static void put_cube(const smr_portfolio *p, smri_sections *sections)
{
    const smri_taxonomy *actors = smri_portfolio_find_taxonomy(p, smri_taxonomy_names[SMRI_ACTORS]);
    const smri_taxonomy *fields = smri_portfolio_find_taxonomy(p, smri_taxonomy_names[SMRI_FIELDS]);
    const smri_taxonomy *criteria = smri_portfolio_find_taxonomy(p, smri_taxonomy_names[SMRI_CRITERIA]);
    if (!actors || !fields || !criteria)
        return;
    for (int empty = 0; empty < 2; empty++) {
        smri_sections_begin(sections, empty ? "empty_actors_fields_criteria" : "coverage_actors_fields_criteria");
        for (uint32_t a = 0; a < actors->count; a++)
            for (uint32_t f = 0; f < fields->count; f++) {
                const char *const parts[] = {actors->categories[a], fields->categories[f]};
                const char *row = smri_sections_text(sections, JOINT, parts, SMRI_COUNT(parts));
                for (uint32_t c = 0; c < criteria->count; c++) {
                    double initiatives = 0;
                    for (uint32_t i = 0; i < p->count; i++)
                        initiatives +=
                            count_as(is_in(p, actors, a, i) && is_in(p, fields, f, i) && is_in(p, criteria, c, i));
                    if (!empty || initiatives == 0)
                        smri_sections_put(sections, row, criteria->categories[c], initiatives);
                }
            }
    }
}

void smri_portfolio_coverage(const smr_portfolio *p, smri_sections *sections)
{
    for (uint32_t t = 0; t < p->taxonomy_count; t++)
        put_one(p, &p->taxonomies[t], sections);
    for (uint32_t a = 0; a < p->taxonomy_count; a++)
        for (uint32_t b = a + 1; b < p->taxonomy_count; b++)
            put_pair(p, &p->taxonomies[a], &p->taxonomies[b], sections);
    put_cube(p, sections);
    smri_sections_begin(sections, "uncategorised");
    for (uint32_t i = 0; i < p->count; i++)
        for (uint32_t t = 0; t < p->taxonomy_count && !p->initiatives[i].cancelled; t++)
            if (width(p, &p->taxonomies[t], i) == 0)
                smri_sections_put(sections, p->initiatives[i].id, p->taxonomies[t].id, 0);
}
