/* SPDX-License-Identifier: MIT */
#ifndef SMRI_TREND_IMPL_H
#define SMRI_TREND_IMPL_H

/* Change between periods, and convergence. */

#include "engine/engine_impl.h"
#include "study/sections_impl.h"

#include <smartregion/trend.h>

/* In the order in which they are written; the first seven always, the others as details. */
typedef enum smri_trend_column {
    SMRI_TREND_FIRST,
    SMRI_TREND_LAST,
    SMRI_TREND_CHANGE,
    SMRI_TREND_CAGR,
    SMRI_TREND_SLOPE,
    SMRI_TREND_RANK_FIRST,
    SMRI_TREND_RANK_LAST,
    SMRI_TREND_ALWAYS,
    SMRI_TREND_GROWTH = SMRI_TREND_ALWAYS,
    SMRI_TREND_SLOPE_LOW,
    SMRI_TREND_SLOPE_HIGH,
    SMRI_TREND_SLOPE_P,
    SMRI_TREND_SEN_SLOPE,
    SMRI_TREND_RANK_MOVE,
    SMRI_TREND_YEARS,
    SMRI_TREND_VALUES,
    SMRI_TREND_TARGET,
    SMRI_TREND_YEARS_TO_TARGET,
    SMRI_TREND_COLUMN_COUNT
} smri_trend_column;

struct smr_trend {
    atomic_size_t references;
    smr_context *context;               /* owned reference, NULL: default */
    smri_arena arena;
    smr_model *model;                   /* owned reference */
    smr_dataset *dataset;               /* owned reference: the ids of regions and periods */
    size_t row_count;
    const char **regions, **nodes, **first_periods, **last_periods; /* in the arena, as the columns */
    double *columns[SMRI_TREND_COLUMN_COUNT];
    smri_sections convergence;
};
extern const char *const smri_trend_names[SMRI_TREND_COLUMN_COUNT];

/* ---- trend_series.c: numbers over time ---- */

/* Years of the start of a period; a month is a twelfth. */
double smri_day_to_years(int64_t day);

/* A straight line by least squares. NaN: too few points for it. */
typedef struct smri_line {
    double slope, se, t, p, r_squared;  /* p: two-sided, of the slope being 0 */
    size_t n;
} smri_line;
/* Two different x at least, and three points for se, t and p. */
smri_line smri_line_fit(const double *x, const double *y, size_t n);
/* Median of the slopes of all pairs; slopes has room for n (n - 1)/2. false: out of memory. */
bool smri_sen_slope(const smr_context *memory, const double *x, const double *y, size_t n, double *slopes,
                    double *slope);

/* ---- trend_convergence.c ---- */

/* The values of one node: by place of the period looked at, then by region; NaN: none. */
typedef struct smri_panel {
    const double *values;
    size_t regions, periods;
    const double *years;                /* by period */
    const char *const *period_ids;
    const uint32_t *groups;             /* by region, SMRI_NONE: none; NULL: no groups */
    const char *const *labels;
    uint32_t label_count;
} smri_panel;
enum {
    SMRI_SIGMA_REGIONS,
    SMRI_SIGMA_MEAN,
    SMRI_SIGMA_SD,
    SMRI_SIGMA_CV,
    SMRI_SIGMA_TREND,
    SMRI_BETA,
    SMRI_CONVERGENCE_COUNT
};
extern const char *const smri_convergence_names[SMRI_CONVERGENCE_COUNT];
/* One section, for one node and every group: sections stand one after another, so that each is asked for in turn. */
smr_status smri_converge(const smr_context *memory, const smri_panel *panel, const char *node, int section,
                         smri_sections *sections, smr_error *error);

#endif
