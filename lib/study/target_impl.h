/* SPDX-License-Identifier: MIT */
#ifndef SMRI_TARGET_IMPL_H
#define SMRI_TARGET_IMPL_H

/* The least effort with which one region reaches a score. Efforts are counted from 0, the value as it is; the height of
 * an indicator is its score. */

#include "study/whatif_impl.h"

#include <smartregion/target.h>

/* ---- efforts.c ---- */

typedef struct smri_effort {
    const char *indicator;
    double cost, low, high;         /* NaN: the default */
    bool fixed, priced;             /* priced: cost or bounds were given */
    const char *source;             /* NULL: none */
    uint64_t text_row;              /* 0: none */
} smri_effort;

struct smr_efforts {
    smr_context *context;           /* owned reference, NULL: default */
    smri_arena arena;
    smri_effort *items;
    size_t count, capacity;
};

/* The entry of an indicator, made when there is none; NULL: out of memory. */
smri_effort *smri_efforts_entry(smr_efforts *efforts, const char *indicator);
/* smr_efforts_set() with a place for messages. */
smr_status smri_efforts_put(smr_efforts *efforts, const smri_place *place, const char *indicator, double cost,
                            double low, double high, smr_error *error);

/* ---- the problem ---- */

/* From (t0, y0) to (t1, y1), straight or along the curve of the lever itself. */
typedef struct smri_piece {
    double t0, y0, t1, y1;
    bool curved;
} smri_piece;

/* An indicator that can be improved. */
typedef struct smri_lever {
    uint32_t indicator;
    double from, toward, cost;      /* raw value; +1 or -1: where improvement lies; effort a unit */
    double limit, end;              /* raw: the farthest that may be proposed; where the score stops rising */
    double reach;                   /* effort to `end` */
    bool whole;                     /* raw values are whole numbers */
    bool known;                     /* the shape below is; else the height can only be asked for */
    double factor, slope;           /* raw value to what is transformed; score a unit of what comes out of that */
    double least_height;            /* what the parent makes of lower ones; -infinity: itself */
    double dead;                    /* effort up to which the height stays as it is */
    double turn;                    /* effort from which the curve bends the other way; infinite: never */
    int bend, bend_after;           /* -1: convex, 0: straight, 1: concave */
    double *points, *heights;       /* efforts of the whole values and what they lead to; NULL: continuous */
    uint32_t point_count;
    /* the box at hand, and the least concave curve above the height in it */
    double low, high, base;         /* base: height at low */
    smri_piece *pieces;
    uint32_t piece_count;
    bool covered;                   /* there is such a box */
    double t, height;               /* what is being looked at */
} smri_lever;

struct smri_mean;
typedef struct smri_part {
    double weight;
    double constant;                /* height of what no lever moves */
    uint32_t lever;                 /* SMRI_NONE: none */
    struct smri_mean *mean;         /* NULL: none */
    double share;                   /* below a least: part of the multiplier */
} smri_part;

/* A node of the tree whose value is a power mean of its parts, or the least of them. */
typedef struct smri_mean {
    double power;                   /* 1: arithmetic, 0: geometric */
    bool least;
    double total;                   /* of the weights */
    smri_part *parts;
    uint32_t count;
    uint32_t first, end;            /* the levers below */
    double *shares;                 /* by part, while a least is raised */
    double *under, *over;           /* by lever: efforts a little below and above the multiplier */
    double multiplier;
} smri_mean;

typedef struct smri_problem {
    const smr_context *memory;
    smr_context quiet;              /* the same without callbacks, for the many scores of one region */
    const smri_kernels *kernels;
    smri_arena arena;
    const smr_model *model;
    const smr_dataset *dataset;     /* all regions */
    smr_dataset *alone;             /* the rows of the region, which are written to */
    size_t row;                     /* of `alone` */
    uint32_t set;                   /* of bounds */
    double *heights;                /* by node, before */
    double goal;                    /* that the engine's score must reach */
    double aim;                     /* that the tree's value must reach: the same, or a little more */
    smri_lever *levers;             /* in the order of the tree below root */
    uint32_t count;
    smri_mean *root;                /* NULL: the tree is not one of concave means, or a lever's shape is not known */
    smri_mean *linear;              /* all levers, for bounds */
    double *kept;                   /* efforts set aside, by lever */
    uint64_t most_steps;
    double bound;                   /* of the effort; NaN: not known */
    double best_score;              /* of a search */
} smri_problem;

/* The whole number below, or above, unless x is one. */
static inline double smri_whole_below(double x)
{
    if (!(fabs(x) < 0x1p52))
        return x;
    const double cut = (double)(int64_t)x;
    return cut > x ? cut - 1 : cut;
}

static inline double smri_whole_above(double x)
{
    return 0.0 - smri_whole_below(0.0 - x);
}

/* ---- target_lever.c ---- */

/* Finds every indicator that can be improved. */
smr_status smri_levers_find(smri_problem *problem, const smr_efforts *efforts, smr_error *error);

/* ---- target_curve.c ---- */

/* Raw value of an effort. */
double smri_lever_raw(const smri_lever *lever, double t);
double smri_lever_height(const smri_problem *problem, const smri_lever *lever, double t);
/* The least concave curve above the height between two efforts. */
void smri_lever_envelope(const smri_problem *problem, smri_lever *lever, double low, double high);
/* Height of that curve at lever->t. */
double smri_lever_envelope_height(const smri_problem *problem, const smri_lever *lever);
/* The effort up to which a unit more is worth it, when a unit of height at height y is worth value y^power. */
double smri_lever_supply(const smri_problem *problem, const smri_lever *lever, double value, double power);
/* The least effort of a height, and what a unit more costs there; infinite beyond the box. */
double smri_lever_demand(const smri_problem *problem, const smri_lever *lever, double height, double *t);
/* value y^power; power 0 or below. */
double smri_price(double value, double power, double y);

/* ---- target_tree.c ---- */

/* Sets problem->root unless some node is no concave mean. Puts the levers in the order of the tree. */
smr_status smri_tree_make(smri_problem *problem, smr_error *error);
/* From the heights of the levers. */
double smri_mean_value(const smri_problem *problem, const smri_mean *mean);
/* The least effort in the box, on the envelopes, that brings the tree to the goal; returns a bound below it. Efforts and
 * heights of the levers are set. */
double smri_tree_relax(smri_problem *problem);
/* d tree / d height of each lever, at their heights. */
void smri_tree_gradient(const smri_problem *problem, double *gradient);

/* ---- target_branch.c ---- */

/* The least effort, where every indicator at its bound is enough. Efforts of the levers are set, problem->bound too. */
smr_status smri_branch_run(smri_problem *problem, smr_error *error);

/* ---- target_search.c ---- */

/* The index of the region with these efforts (NULL: those of the levers), as the engine scores it; NaN: none. */
smr_status smri_problem_score(smri_problem *problem, const double *raw, double *score, smr_error *error);
smr_status smri_search_run(smri_problem *problem, bool *found, smr_error *error);

/* ---- target_finish.c ---- */

/* Raw values with few digits that reach the goal as the engine scores it, one a lever; *found is false when none do. */
smr_status smri_finish(smri_problem *problem, int32_t decimals, double *raw, bool *found, smr_error *error);

struct smr_target {
    atomic_size_t references;
    smr_context *context;           /* owned reference, NULL: default */
    smri_arena arena;
    smr_model *model;               /* owned reference */
    const char *region, *period;    /* period NULL: the data have none */
    uint64_t goal_rank;             /* 0: none */
    smr_target_summary summary;
    size_t count;
    const char **indicators;
    double *from, *to, *effort;
};

#endif
