/* SPDX-License-Identifier: MIT */
/* Ranks, 1 for the highest value. */
#include "base/base_impl.h"

typedef struct ranking {
    double *ranks;
    smri_ties ties;
} ranking;

/* Ranks of the records before..end-1 of the order, which share a place; `place` counts the groups before. */
static double shared_rank(smri_ties ties, size_t before, size_t end, size_t place) {
    switch (ties) {
    case SMRI_TIES_DENSE:
        return (double)(place + 1);
    case SMRI_TIES_AVERAGE:
        return 0.5 * ((double)before + 1 + (double)end);
    case SMRI_TIES_MAX:
        return (double)end;
    default:
        return (double)(before + 1);
    }
}

/* Every rule that needs nothing but the tied values themselves. */
static void write_ranks(void *user, const smri_record *records, size_t first, size_t count) {
    const ranking *const r = user;
    if (records[0].value != records[0].value) {
        for (size_t i = 0; i < count; i++) {
            r->ranks[records[i].index] = NAN;
        }
    } else if (r->ties == SMRI_TIES_FIRST) {
        for (size_t i = 0; i < count; i++) {
            r->ranks[records[i].index] = (double)(first + i + 1);
        }
    } else if (r->ties == SMRI_TIES_COMPETITION) {
        double rank = (double)(first + 1);
        for (size_t i = 0; i < count; i++) {
            rank = i == 0 || records[i].value == records[i - 1].value ? rank : (double)(first + i + 1);
            r->ranks[records[i].index] = rank;
        }
    } else {
        for (size_t start = 0, end; start < count; start = end) {
            for (end = start + 1; end < count && records[end].value == records[start].value;) {
                end++;
            }
            const double rank = shared_rank(r->ties, first + start, first + end, 0);
            for (size_t i = start; i < end; i++) {
                r->ranks[records[i].index] = rank;
            }
        }
    }
}

/* Rules that depend on all values before, over the whole order. */
static void rank_groups(const double *values, size_t n, const uint32_t *order, smri_ties ties, double tolerance,
                        double *ranks) {
    size_t place = 0;
    for (size_t start = 0, end; start < n; start = end, place++) {
        double last = values[order[start]];
        if (last != last) {
            for (; start < n; start++) {
                ranks[order[start]] = NAN;
            }
            return;
        }
        for (end = start + 1; end < n; end++) {
            const double next = values[order[end]];
            if (!(next == last || last - next <= tolerance)) {
                break;
            }
            last = next;
        }
        for (size_t i = start; i < end; i++) {
            ranks[order[i]] = ties == SMRI_TIES_FIRST ? (double)(i + 1) : shared_rank(ties, start, end, place);
        }
    }
}

bool smri_rank_descending(const smr_context *context, const double *values, size_t n, smri_ties ties, double tolerance,
                          double *ranks) {
    if (ties == SMRI_TIES_DENSE || tolerance > 0.0) {
        uint32_t *const order = n > 0 ? smri_alloc(context, n, sizeof *order) : NULL;
        const bool sorted = n == 0 || (order != NULL && smri_order_descending(context, values, n, order));
        if (sorted) {
            rank_groups(values, n, order, ties, tolerance, ranks);
        }
        smri_free(context, order);
        return sorted;
    }
    ranking r = {ranks, ties};
    return smri_sort_runs(context, values, n, write_ranks, &r);
}
