/* SPDX-License-Identifier: MIT */
/* Benefit of the doubt: the linear programs. Weights are the columns and regions the rows, so that all regions share
 * one matrix and only the objective is the region's own; where a restriction speaks of the region's scores, its rows
 * are written anew for each. Every program is solved from the same beginning: what a region scores does not depend on
 * which one was solved before. */
#include "method/method_impl.h"

typedef struct program {
    const smri_bod *bod;
    smri_lp *lp;
    smri_lp_problem problem;
    double *matrix, *objective, *own, *row_low, *row_high; /* own: the scores of the region at hand */
    bool own_rows;                      /* some rows are written anew for each region */
} program;

static const smri_bod_options *options_of(const program *p)
{
    return &p->bod->options;
}

static void set_entry(program *p, uint32_t row, uint32_t column, double entry)
{
    p->matrix[(size_t)column * p->problem.rows + row] = entry;
}

static void set_limits(program *p, uint32_t row, double low, double high)
{
    p->row_low[row] = low;
    p->row_high[row] = high;
}

/* ---- rows ---- */

static uint32_t count_restrictions(const smri_bod *bod)
{
    const smri_bod_options *options = &bod->options;
    const uint32_t sides = options->shares == SMRI_BOD_SHARES_NONE ? 0 : (options->low > 0) + (options->high < 1);
    return sides * bod->count + options->pair_count;
}

/* The share of child j, of the sum of w y (pie) or of the weights, is at least or at most `bound`. Weights here are
 * those of the scaled scores: what is given is 2^-exponent of them. */
static void write_share(program *p, uint32_t row, uint32_t j, double bound, bool least)
{
    const smri_bod *bod = p->bod;
    int32_t smallest = bod->exponents[0];
    for (uint32_t k = 1; k < bod->count; k++) {
        smallest = SMRI_MIN(smallest, bod->exponents[k]);
    }
    for (uint32_t k = 0; k < bod->count; k++) {
        const double size = options_of(p)->shares == SMRI_BOD_SHARES_PIE
                                ? p->own[k]
                                : smri_scale_power(1, smallest - bod->exponents[k]);
        set_entry(p, row, k, ((k == j ? 1 : 0) - bound) * size);
    }
    set_limits(p, row, least ? 0 : -INFINITY, least ? INFINITY : 0);
}

/* Restrictions of the weights, from `row` on. */
static void write_restrictions(program *p, uint32_t row)
{
    const smri_bod_options *options = options_of(p);
    for (uint32_t j = 0; options->shares != SMRI_BOD_SHARES_NONE && j < p->bod->count; j++) {
        if (options->low > 0) {
            write_share(p, row++, j, options->low, true);
        }
        if (options->high < 1) {
            write_share(p, row++, j, options->high, false);
        }
    }
    for (uint32_t i = 0; i < options->pair_count; i++, row++) {
        const uint32_t more = options->pairs[2 * i], less = options->pairs[2 * i + 1];
        for (uint32_t k = 0; k < p->bod->count; k++) {
            set_entry(p, row, k, (k == more ? p->own[k] : 0) - (k == less ? p->own[k] : 0));
        }
        set_limits(p, row, 0, INFINITY);
    }
}

/* One row a peer: sign x (w . y) and `last` in a column of its own. */
static void write_peers(program *p, bool with_last)
{
    const smri_bod *bod = p->bod;
    const bool *undesirable = bod->options.undesirable;
    for (uint32_t i = 0; i < bod->peer_count; i++) {
        for (uint32_t j = 0; j < bod->count; j++) {
            const double y = bod->y[j * bod->kinds + bod->peers[i]];
            set_entry(p, i, j, with_last ? -y : undesirable && !undesirable[j] ? -y : y);
        }
        if (with_last) {
            set_entry(p, i, bod->count, 1);
        }
        /* w y <= 1, or the greatest w y is below the last column, or what is bad outweighs what is good. */
        set_limits(p, i, with_last || undesirable ? 0 : -INFINITY, with_last || undesirable ? INFINITY : 1);
    }
}

/* ---- setting up ---- */

static bool is_directional(const smri_bod *bod)
{
    return bod->options.variant == SMRI_BOD_DIRECTIONAL && bod->options.direction != NULL;
}

static void free_program(const smr_context *context, program *p)
{
    smri_lp_free(p->lp);
    smri_free(context, p->matrix);
    smri_free(context, p->objective);
    smri_free(context, p->own);
    smri_free(context, p->row_low);
    smri_free(context, p->row_high);
}

static bool make_program(const smri_bod *bod, program *p)
{
    const smr_context *context = bod->family->context;
    const bool with_last = is_directional(bod), normalised = with_last || bod->options.undesirable;
    const size_t rows = bod->peer_count + (normalised ? 1 : count_restrictions(bod));
    const size_t columns = (size_t)bod->count + with_last;
    size_t cells;
    *p = (program){.bod = bod, .problem = {.maximise = !normalised}};
    if (rows >= UINT32_MAX || !smri_product(rows, columns, &cells)) {
        return false;
    }
    p->problem.rows = (uint32_t)rows;
    p->problem.columns = (uint32_t)columns;
    p->matrix = smri_calloc(context, cells, sizeof *p->matrix);
    p->objective = smri_calloc(context, columns, sizeof *p->objective);
    p->own = smri_calloc(context, bod->count, sizeof *p->own);
    p->row_low = smri_calloc(context, rows, sizeof *p->row_low);
    p->row_high = smri_calloc(context, rows, sizeof *p->row_high);
    p->lp = smri_lp_new(context, (uint32_t)rows, (uint32_t)columns);
    if (!p->matrix || !p->objective || !p->own || !p->row_low || !p->row_high || !p->lp) {
        free_program(context, p);
        return false;
    }
    p->problem.matrix = p->matrix;
    p->problem.row_low = p->row_low;
    p->problem.row_high = p->row_high;
    p->own_rows = bod->options.undesirable || bod->options.shares == SMRI_BOD_SHARES_PIE || bod->options.pair_count > 0;
    write_peers(p, with_last);
    if (with_last) {
        for (uint32_t j = 0; j < bod->count; j++) {
            set_entry(p, p->problem.rows - 1, j, smri_scale_power(bod->options.direction[j], -bod->exponents[j]));
        }
        set_limits(p, p->problem.rows - 1, 1, 1);
        p->objective[bod->count] = 1;
    } else if (!p->own_rows) {
        write_restrictions(p, bod->peer_count);
    }
    return p->own_rows || smri_lp_load(p->lp, &p->problem);
}

/* The program of the region whose scores stand in `own`. */
static smri_lp_status solve_own(program *p)
{
    const smri_bod *bod = p->bod;
    const bool *undesirable = bod->options.undesirable;
    for (uint32_t j = 0; j < bod->count; j++) {
        p->objective[j] = p->problem.maximise || (undesirable && undesirable[j]) ? p->own[j] : -p->own[j];
    }
    if (undesirable) {
        for (uint32_t j = 0; j < bod->count; j++) {
            set_entry(p, p->problem.rows - 1, j, p->own[j]);
        }
        set_limits(p, p->problem.rows - 1, 1, 1);
    } else if (p->own_rows) {
        write_restrictions(p, bod->peer_count);
    }
    if (p->own_rows && !smri_lp_load(p->lp, &p->problem)) {
        return SMRI_LP_FAILED;
    }
    smri_lp_restart(p->lp);
    smri_lp_set_objective(p->lp, p->objective, p->problem.maximise);
    return smri_lp_solve(p->lp);
}

/* ---- scores that no weights can give ---- */

/* Shares of nothing: a child that must have a share has the score 0, or too few have one above it. */
static bool lacks_shares(const smri_bod *bod, const double *own)
{
    uint32_t positive = 0;
    for (uint32_t j = 0; j < bod->count; j++) {
        positive += own[j] > 0;
    }
    return bod->options.shares == SMRI_BOD_SHARES_PIE &&
           ((bod->options.low > 0 && positive < bod->count) || bod->options.high * positive < 1 - SMRI_LP_TOLERANCE);
}

/* Nothing bad to reduce: then there is no end to growing. */
static bool lacks_bad(const smri_bod *bod, const double *own)
{
    double bad = 0;
    for (uint32_t j = 0; bod->options.undesirable && j < bod->count; j++) {
        bad += bod->options.undesirable[j] ? own[j] : 0;
    }
    return bod->options.undesirable && !(bad > 0);
}

/* ---- the variants ---- */

static double weighted(const smri_bod *bod, const double *weights, size_t kind)
{
    double sum = 0;
    for (uint32_t j = 0; j < bod->count; j++) {
        sum += weights[j] * bod->y[j * bod->kinds + kind];
    }
    return sum;
}

static double score_of(const smri_bod *bod, double optimum)
{
    if (is_directional(bod) || bod->options.undesirable) {
        return 1 / (1 + SMRI_MAX(optimum, 0));
    }
    if (bod->options.variant == SMRI_BOD_GEOMETRIC) {
        return smri_exp(optimum - 1);
    }
    return SMRI_MAX(optimum, 0);
}

/* What the first stage of two found is a number with an error: the second may fall below it by this part. */
#define SECOND_STAGE 0x1p-46

/* Of all weights that are best for the region itself, those that are best for the others: of the mean region, since
 * what the region makes of them itself is fixed. */
static smri_lp_status solve_second(program *p, uint32_t row, double optimum)
{
    smri_lp_set_row(p->lp, row, SMRI_MIN(optimum, 1) * (1 - SECOND_STAGE), 1);
    smri_lp_set_objective(p->lp, p->bod->mean, true);
    const smri_lp_status status = smri_lp_solve(p->lp);
    smri_lp_set_row(p->lp, row, -INFINITY, 1);
    return status;
}

static void solve_kind(smri_bod *bod, program *p, size_t kind)
{
    for (uint32_t j = 0; j < bod->count; j++) {
        p->own[j] = bod->y[j * bod->kinds + kind];
        bod->weights[kind * bod->count + j] = 0;
    }
    bod->status[kind] = SMR_CELL_OUT_OF_DOMAIN;
    if (lacks_shares(bod, p->own)) {
        bod->score[kind] = 0;
        return;
    }
    if (lacks_bad(bod, p->own)) {
        bod->score[kind] = NAN;
        return;
    }
    bod->status[kind] = SMRI_BOD_UNSOLVED;
    if (solve_own(p) != SMRI_LP_OPTIMAL) {
        return;
    }
    const double optimum = smri_lp_optimum(p->lp);
    if (bod->options.variant == SMRI_BOD_CROSS_EFFICIENCY &&
        solve_second(p, (uint32_t)kind, optimum) != SMRI_LP_OPTIMAL) {
        return;
    }
    bod->status[kind] = SMR_CELL_OK;
    bod->score[kind] = score_of(bod, optimum);
    for (uint32_t j = 0; j < bod->count; j++) {
        bod->weights[kind * bod->count + j] = smri_lp_x(p->lp)[j];
    }
}

bool smri_bod_solve(smri_bod *bod, size_t from, size_t to)
{
    if (bod->options.variant == SMRI_BOD_ORDER_M) {
        return smri_bod_solve_order_m(bod, from, to);
    }
    program p;
    if (!make_program(bod, &p)) {
        return false;
    }
    for (size_t kind = from; kind < to; kind++) {
        solve_kind(bod, &p, kind);
    }
    free_program(bod->family->context, &p);
    return true;
}

bool smri_bod_solve_common(smri_bod *bod)
{
    program p;
    if (!make_program(bod, &p)) {
        return false;
    }
    memcpy(p.own, bod->mean, bod->count * sizeof *p.own);
    const bool lacks = lacks_shares(bod, p.own), solved = !lacks && solve_own(&p) == SMRI_LP_OPTIMAL;
    for (size_t kind = 0; kind < bod->kinds; kind++) {
        double *const weights = bod->weights + kind * bod->count;
        for (uint32_t j = 0; j < bod->count; j++) {
            weights[j] = solved ? smri_lp_x(p.lp)[j] : 0;
        }
        bod->score[kind] = weighted(bod, weights, kind);
        bod->status[kind] = solved ? SMR_CELL_OK : lacks ? SMR_CELL_OUT_OF_DOMAIN : SMRI_BOD_UNSOLVED;
    }
    free_program(bod->family->context, &p);
    return true;
}

/* Every region with the mean of all weights, regions that are alike counted one by one. One that lacks what its shares
 * are of has no weights to give. */
void smri_bod_average(smri_bod *bod)
{
    double *const mean = bod->mean;
    size_t givers = 0;
    for (size_t i = 0; i < bod->complete; i++) {
        givers += bod->status[bod->kind_of[i]] == SMR_CELL_OK;
    }
    for (uint32_t j = 0; j < bod->count; j++) {
        smri_exact_sum sum;
        smri_exact_sum_init(&sum);
        for (size_t i = 0; i < bod->complete; i++) {
            if (bod->status[bod->kind_of[i]] == SMR_CELL_OK) {
                smri_exact_sum_add(&sum, bod->weights[bod->kind_of[i] * bod->count + j]);
            }
        }
        mean[j] = givers > 0 ? smri_exact_sum_value(&sum) / (double)givers : 0;
    }
    for (size_t kind = 0; kind < bod->kinds; kind++) {
        memcpy(bod->weights + kind * bod->count, mean, bod->count * sizeof *mean);
        bod->score[kind] = weighted(bod, mean, kind);
        bod->status[kind] = givers > 0 ? SMR_CELL_OK : SMR_CELL_OUT_OF_DOMAIN;
    }
}
