/* SPDX-License-Identifier: MIT */
/* The triple helix: how evenly state, business and academia take part, and how much they take part together.
 *
 * Each initiative is one draw of three yes-or-no variables. Entropies are in bits; counts are whole, so that every
 * probability is one division of integers and the result does not depend on the order of the initiatives. */

#include "study/portfolio_impl.h"

enum { ACTORS = 3, PATTERNS = 1 << ACTORS };

#define LOG_2 0.693147180559945309417

/* Of the marginal distribution of the actors in `subset` (bits). */
static double entropy_of(const uint32_t counts[PATTERNS], uint32_t subset)
{
    uint32_t marginal[PATTERNS] = {0}, all = 0;
    for (uint32_t pattern = 0; pattern < PATTERNS; pattern++) {
        marginal[pattern & subset] += counts[pattern];
        all += counts[pattern];
    }
    double entropy = 0;
    for (uint32_t pattern = 0; pattern < PATTERNS; pattern++) {
        if (marginal[pattern] == 0)
            continue;
        const double share = (double)marginal[pattern] / all;
        entropy -= share * smri_log(share);
    }
    return all > 0 ? entropy / LOG_2 : NAN;
}

/* Mutual information of the actors in `subset`: entropies of its parts with changing sign. */
static double transmission_of(const double entropies[PATTERNS], uint32_t subset)
{
    double transmission = 0;
    for (uint32_t size = 1; size <= ACTORS; size++)
        for (uint32_t part = 1; part < PATTERNS; part++) {
            uint32_t actors = 0;
            for (uint32_t bit = part; bit > 0; bit >>= 1)
                actors += bit & 1;
            if ((part & ~subset) == 0 && actors == size)
                transmission += size % 2 == 1 ? entropies[part] : -entropies[part];
        }
    return transmission;
}

/* Normalised entropy of shares; NaN when there is nothing to share. */
static double evenness(const double amounts[ACTORS])
{
    double sum = 0, entropy = 0;
    for (uint32_t a = 0; a < ACTORS; a++)
        sum += amounts[a];
    for (uint32_t a = 0; a < ACTORS; a++)
        if (amounts[a] > 0)
            entropy -= amounts[a] / sum * smri_log(amounts[a] / sum);
    return sum > 0 ? entropy / smri_log(ACTORS) : NAN;
}

static const char *pattern_name(smri_sections *sections, const smri_taxonomy *actors, uint32_t pattern)
{
    const char *parts[ACTORS];
    for (uint32_t a = 0; a < ACTORS; a++)
        parts[a] = pattern >> a & 1 ? actors->categories[a] : NULL;
    return pattern == 0 ? "none" : smri_sections_text(sections, "|", parts, ACTORS);
}

void smri_portfolio_helix(const smr_portfolio *p, smri_sections *sections)
{
    const smri_taxonomy *actors = smri_portfolio_find_taxonomy(p, smri_taxonomy_names[SMRI_ACTORS]);
    if (!actors || actors->count != ACTORS)
        return;
    uint32_t counts[PATTERNS] = {0};
    double initiatives[ACTORS] = {0}, budgets[ACTORS] = {0}, entropies[PATTERNS];
    for (uint32_t i = 0; i < p->count; i++) {
        uint32_t pattern = 0, taking_part = 0;
        for (uint32_t a = 0; a < ACTORS; a++) {
            const bool takes_part = actors->members[(size_t)a * p->count + i];
            pattern |= (uint32_t)takes_part << a;
            taking_part += takes_part;
        }
        if (p->initiatives[i].cancelled)
            continue;
        counts[pattern]++;
        for (uint32_t a = 0; a < ACTORS; a++) {
            initiatives[a] += pattern >> a & 1;
            budgets[a] += (pattern >> a & 1) && p->budgets[i] == p->budgets[i] ? p->budgets[i] / taking_part : 0;
        }
    }
    for (uint32_t pattern = 0; pattern < PATTERNS; pattern++)
        entropies[pattern] = entropy_of(counts, pattern);
    smri_sections_begin(sections, "triple_helix");
    for (uint32_t pattern = 0; pattern < PATTERNS; pattern++) {
        const char *name = pattern_name(sections, actors, pattern);
        smri_sections_put(sections, name, "initiatives", counts[pattern]);
        if (pattern == 0)
            continue;
        smri_sections_put(sections, name, "entropy", entropies[pattern]);
        if ((pattern & (pattern - 1)) != 0)
            smri_sections_put(sections, name, "transmission", transmission_of(entropies, pattern));
    }
    smri_sections_begin(sections, "triple_helix_balance");
    smri_sections_put(sections, "actors", "evenness", evenness(initiatives));
    smri_sections_put(sections, "actors", "evenness_budget", evenness(budgets));
}
