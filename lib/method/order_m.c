/* SPDX-License-Identifier: MIT */
/* Order-m: every region against the best of m that are drawn at random, with replacement; exactly, without drawing. The
 * best of m draws is at most the k-th smallest of n with probability (k/n)^m. */
#include "method/method_impl.h"

/* How much of itself region `peer` has of everything that region `kind` has any of, at the least. */
static double least_ratio(const smri_bod *bod, size_t peer, size_t kind)
{
    double least = INFINITY;
    for (uint32_t j = 0; j < bod->count; j++) {
        const double *column = bod->y + j * bod->kinds;
        if (column[kind] > 0) {
            const double ratio = column[peer] / column[kind];
            least = SMRI_MIN(least, ratio);
        }
    }
    return least;
}

bool smri_bod_solve_order_m(smri_bod *bod, size_t from, size_t to)
{
    const smr_context *context = bod->family->context;
    const size_t n = bod->complete;
    double *ratios = smri_alloc(context, n, sizeof *ratios), *by_kind = smri_alloc(context, bod->kinds, sizeof *by_kind);
    double *chances = smri_alloc(context, n, sizeof *chances);
    bool fine = ratios && by_kind && chances;
    for (size_t k = 0; fine && k < n; k++) {
        chances[k] = smri_pow((double)(k + 1) / (double)n, bod->options.m);
    }
    for (size_t kind = from; fine && kind < to; kind++) {
        for (size_t i = 0; i < bod->kinds; i++) {
            by_kind[i] = least_ratio(bod, i, kind);
        }
        for (size_t i = 0; i < n; i++) {
            ratios[i] = by_kind[bod->kind_of[i]];
        }
        fine = smri_sort_ascending(context, ratios, n);
        double expected = 0;
        for (size_t k = 0; fine && k < n; k++) {
            const double chance = chances[k] - (k > 0 ? chances[k - 1] : 0);
            expected += chance > 0 ? ratios[k] * chance : 0;
        }
        bod->score[kind] = 1 / expected;
        bod->status[kind] = SMR_CELL_OK;
    }
    smri_free(context, ratios);
    smri_free(context, by_kind);
    smri_free(context, chances);
    return fine;
}
