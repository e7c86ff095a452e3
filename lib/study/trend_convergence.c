/* SPDX-License-Identifier: MIT */
/* Do the regions come together? Sigma: their dispersion falls. Beta: those that began low grow faster. */

#include "study/trend_impl.h"

const char *const smri_convergence_names[SMRI_CONVERGENCE_COUNT] = {
    [SMRI_SIGMA_REGIONS] = "sigma_regions", [SMRI_SIGMA_MEAN] = "sigma_mean",   [SMRI_SIGMA_SD] = "sigma_sd",
    [SMRI_SIGMA_CV] = "sigma_cv",           [SMRI_SIGMA_TREND] = "sigma_trend", [SMRI_BETA] = "beta",
};

/* Some regions of a panel. */
typedef struct sample {
    const smri_panel *panel;
    uint32_t group;                     /* SMRI_NONE: all regions */
    const char *row;
    smri_sections *sections;
    double *means, *sds, *cvs;          /* by period */
    double *x, *y;                      /* by region */
} sample;

static bool is_in_group(const sample *s, size_t region)
{
    return s->group == SMRI_NONE || s->panel->groups[region] == s->group;
}

static double value_at(const smri_panel *panel, size_t period, size_t region)
{
    return panel->values[period * panel->regions + region];
}

static bool is_complete(const smri_panel *panel, size_t region)
{
    for (size_t p = 0; p < panel->periods; p++)
        if (value_at(panel, p, region) != value_at(panel, p, region))
            return false;
    return true;
}

/* Mean and dispersion of each period, over the same regions in all of them; their number. */
static size_t measure(const sample *s)
{
    const smri_panel *panel = s->panel;
    size_t n = 0;
    for (size_t p = 0; p < panel->periods; p++) {
        smri_exact_sum sum, squares;
        smri_exact_sum_init(&sum);
        smri_exact_sum_init(&squares);
        n = 0;
        for (size_t region = 0; region < panel->regions; region++) {
            if (!is_in_group(s, region) || !is_complete(panel, region))
                continue;
            smri_exact_sum_add(&sum, value_at(panel, p, region));
            n++;
        }
        const double mean = n > 0 ? smri_exact_sum_value(&sum) / (double)n : NAN;
        for (size_t region = 0; n > 1 && region < panel->regions; region++) {
            if (!is_in_group(s, region) || !is_complete(panel, region))
                continue;
            const double d = value_at(panel, p, region) - mean;
            smri_exact_sum_add(&squares, d * d);
        }
        s->means[p] = mean;
        s->sds[p] = n > 1 ? sqrt(smri_exact_sum_value(&squares) / (double)(n - 1)) : NAN;
        s->cvs[p] = mean != 0 ? s->sds[p] / mean : NAN;
    }
    return n;
}

/* A line over the periods; NaN where a period has none. */
static smri_line line_over(const sample *s, const double *y)
{
    for (size_t p = 0; p < s->panel->periods; p++)
        if (y[p] != y[p])
            return (smri_line){NAN, NAN, NAN, NAN, NAN, 0};
    return smri_line_fit(s->panel->years, y, s->panel->periods);
}

static void put_sigma(const sample *s, int section)
{
    const smri_panel *panel = s->panel;
    const size_t n = measure(s);
    if (section == SMRI_SIGMA_TREND) {
        const smri_line sd = line_over(s, s->sds), cv = line_over(s, s->cvs);
        smri_sections_put(s->sections, s->row, "sd_slope", sd.slope);
        smri_sections_put(s->sections, s->row, "sd_p", sd.p);
        smri_sections_put(s->sections, s->row, "cv_slope", cv.slope);
        smri_sections_put(s->sections, s->row, "cv_p", cv.p);
        return;
    }
    for (size_t p = 0; p < panel->periods; p++)
        smri_sections_put(s->sections, s->row, panel->period_ids[p],
                          section == SMRI_SIGMA_REGIONS ? (double)n
                          : section == SMRI_SIGMA_MEAN  ? s->means[p]
                          : section == SMRI_SIGMA_SD    ? s->sds[p]
                                                        : s->cvs[p]);
}

static void put_beta(const sample *s)
{
    const smri_panel *panel = s->panel;
    const size_t last = panel->periods - 1;
    const double span = panel->years[last] - panel->years[0];
    size_t n = 0;
    for (size_t region = 0; region < panel->regions; region++) {
        const double before = value_at(panel, 0, region), after = value_at(panel, last, region);
        if (!is_in_group(s, region) || !(before > 0) || !(after > 0))
            continue;
        s->x[n] = smri_log(before);
        s->y[n++] = smri_log(after / before) / span;
    }
    const smri_line line = smri_line_fit(s->x, s->y, n);
    /* A region that began an e-fold higher grows b a year faster; beyond 1 + bT = 0 no speed explains it. */
    const double left = 1 + line.slope * span, speed = left > 0 ? -smri_log(left) / span : NAN;
    smri_sections_put(s->sections, s->row, "regions", (double)n);
    smri_sections_put(s->sections, s->row, "coefficient", line.slope);
    smri_sections_put(s->sections, s->row, "se", line.se);
    smri_sections_put(s->sections, s->row, "t", line.t);
    smri_sections_put(s->sections, s->row, "p", line.p);
    smri_sections_put(s->sections, s->row, "r_squared", line.r_squared);
    smri_sections_put(s->sections, s->row, "speed", speed);
    smri_sections_put(s->sections, s->row, "half_life", speed > 0 ? smri_log(2) / speed : NAN);
}

smr_status smri_converge(const smr_context *memory, const smri_panel *panel, const char *node, int section,
                         smri_sections *sections, smr_error *error)
{
    const size_t longest = SMRI_MAX(panel->periods, SMRI_MAX(panel->regions, 1U));
    double *numbers = smri_alloc(memory, longest, 5 * sizeof *numbers);
    if (!numbers)
        return smri_fail_memory(error);
    sample s = {.panel = panel,
                .sections = sections,
                .means = numbers,
                .sds = numbers + longest,
                .cvs = numbers + 2 * longest,
                .x = numbers + 3 * longest,
                .y = numbers + 4 * longest};
    for (uint32_t g = 0; g <= panel->label_count; g++) {
        s.group = g == 0 ? SMRI_NONE : g - 1;
        const char *const parts[] = {g == 0 ? NULL : panel->labels[g - 1], node};
        s.row = g == 0 ? node : smri_sections_text(sections, "|", parts, SMRI_COUNT(parts));
        if (section == SMRI_BETA)
            put_beta(&s);
        else
            put_sigma(&s, section);
    }
    smri_free(memory, numbers);
    return SMR_OK;
}
