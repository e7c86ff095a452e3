/* SPDX-License-Identifier: MIT */
/* Benefit of the doubt: the regions that a region is measured by. The first program says how far it can grow in
 * proportion. Its multipliers name peers, but may name a point in which some child could grow further still; so a second
 * program takes, of all points that are as far, the one with the most slack, each child's in units of its greatest
 * score. What is left has none. */
#include "method/method_impl.h"

typedef struct slack_program {
    double *matrix, *objective, *row_low, *row_high;
    smri_lp *lp;
    uint32_t rows, columns;
} slack_program;

static bool make_slack_program(const smri_bod *bod, slack_program *s)
{
    const smr_context *context = bod->family->context;
    size_t columns, cells;
    *s = (slack_program){.matrix = NULL};
    if (!smri_sum(bod->peer_count, bod->count, &columns) || columns >= UINT32_MAX ||
        !smri_product((size_t)bod->count + 1, columns, &cells)) {
        return false;
    }
    s->rows = bod->count + 1;
    s->columns = (uint32_t)columns;
    s->matrix = smri_calloc(context, cells, sizeof *s->matrix);
    s->objective = smri_calloc(context, columns, sizeof *s->objective);
    s->row_low = smri_calloc(context, s->rows, sizeof *s->row_low);
    s->row_high = smri_calloc(context, s->rows, sizeof *s->row_high);
    s->lp = smri_lp_new(context, s->rows, s->columns);
    return s->matrix && s->objective && s->row_low && s->row_high && s->lp;
}

static void free_slack_program(const smri_bod *bod, slack_program *s)
{
    const smr_context *context = bod->family->context;
    smri_free(context, s->matrix);
    smri_free(context, s->objective);
    smri_free(context, s->row_low);
    smri_free(context, s->row_high);
    smri_lp_free(s->lp);
}

/* The score is a number with an error: the way to the frontier may be shorter by this part. */
#define SHORTER 0x1p-46

/* Most sum of slack / greatest score, where sum lambda y - slack = own / score and sum lambda <= 1. */
static bool solve_slack(const smri_bod *bod, slack_program *s, size_t kind)
{
    for (uint32_t j = 0; j < bod->count; j++) {
        const double *column = bod->y + j * bod->kinds;
        double greatest = 0;
        for (uint32_t i = 0; i < bod->peer_count; i++) {
            s->matrix[(size_t)i * s->rows + j] = column[bod->peers[i]];
            greatest = SMRI_MAX(greatest, column[bod->peers[i]]);
        }
        s->matrix[((size_t)bod->peer_count + j) * s->rows + j] = -1;
        s->objective[bod->peer_count + j] = greatest > 0 ? 1 / greatest : 0;
        s->row_low[j] = s->row_high[j] = column[kind] / bod->score[kind] * (1 - SHORTER);
    }
    for (uint32_t i = 0; i < bod->peer_count; i++) {
        s->matrix[(size_t)i * s->rows + bod->count] = 1;
    }
    s->row_low[bod->count] = -INFINITY;
    s->row_high[bod->count] = 1;
    const smri_lp_problem problem = {.rows = s->rows, .columns = s->columns, .matrix = s->matrix,
                                     .objective = s->objective, .maximise = true, .row_low = s->row_low,
                                     .row_high = s->row_high};
    return smri_lp_load(s->lp, &problem) && smri_lp_solve(s->lp) == SMRI_LP_OPTIMAL;
}

/* Of regions that are alike the first in the order of the input stands for all. */
static void give_back_peers(const smri_bod *bod, const slack_program *s, double *lambdas, double *targets)
{
    const double *x = smri_lp_x(s->lp);
    for (uint32_t j = 0; j < bod->count; j++) {
        double sum = 0;
        for (uint32_t i = 0; i < bod->peer_count; i++) {
            sum += x[i] * bod->y[j * bod->kinds + bod->peers[i]];
        }
        targets[j] = smri_scale_power(sum, bod->exponents[j]);
    }
    for (size_t i = 0; i < bod->family->n; i++) {
        lambdas[i] = 0;
    }
    for (uint32_t i = 0; i < bod->peer_count; i++) {
        size_t place = 0;
        while (bod->kind_of[place] != bod->peers[i]) {
            place++;
        }
        lambdas[bod->rows[place]] = x[i];
    }
}

static smr_status find_peers(smri_bod *bod, size_t region, size_t place, double *lambdas, double *targets,
                             smr_error *error)
{
    const size_t kind = bod->kind_of[place];
    const smri_family_rows *family = bod->family;
    slack_program s;
    if (!smri_bod_solve(bod, kind, kind + 1)) {
        return smri_fail_memory(error);
    }
    bool solved = bod->status[kind] == SMR_CELL_OK;
    if (solved && bod->score[kind] > 0) {
        bod->score[kind] = SMRI_MIN(bod->score[kind], 1);
        const bool fine = make_slack_program(bod, &s);
        solved = fine && solve_slack(bod, &s, kind);
        if (solved) {
            give_back_peers(bod, &s, lambdas, targets);
        }
        free_slack_program(bod, &s);
        if (!fine) {
            return smri_fail_memory(error);
        }
    }
    return solved ? SMR_OK
                  : smri_fail(error, SMR_MESSAGE_BOD_UNSOLVED, NULL, family->regions[region],
                              family->framework->nodes[family->node].id);
}

smr_status smri_bod_peers(const smri_choice *choice, const smri_family_rows *family, size_t region, double *lambdas,
                          double *targets, smr_error *error)
{
    smri_bod bod;
    for (size_t i = 0; i < family->n; i++) {
        lambdas[i] = NAN;
    }
    for (uint32_t j = 0; j < family->count; j++) {
        targets[j] = NAN;
    }
    smr_status status = smri_bod_begin(&bod, choice, family, error);
    if (status == SMR_OK && (bod.options.variant != SMRI_BOD_PLAIN || bod.options.shares != SMRI_BOD_SHARES_NONE ||
                             bod.options.pair_count > 0)) {
        status = smri_fail_plain(error, SMR_MESSAGE_BOD_PEERS, NULL);
    }
    for (size_t place = 0; status == SMR_OK && place < bod.complete; place++) {
        if (bod.rows[place] == region) {
            status = find_peers(&bod, region, place, lambdas, targets, error);
            break;
        }
    }
    smri_bod_end(&bod);
    return status;
}
