/* SPDX-License-Identifier: MIT */
/* The result of ballots: a juror's places as ranks among the regions that are looked at, then a rule over all jurors.
 * Ranks are sums of halves wherever no juror abstains, and means are of exact sums: regions that tie, tie. */

#include "study/select_impl.h"

static const char *const rule_names[] = {"borda", "mean_rank", "median_rank", "copeland", "kemeny"};
const char *const smri_ballot_incomplete_names[2] = {"share", "abstain"};

const char *smr_ballot_rule_name(int32_t rule)
{
    return rule >= 0 && (size_t)rule < SMRI_COUNT(rule_names) ? rule_names[rule] : NULL;
}

int32_t smri_ballot_rule_find(const char *name)
{
    for (size_t i = 0; i < SMRI_COUNT(rule_names); i++)
        if (strcmp(rule_names[i], name) == 0)
            return (int32_t)i;
    return -1;
}

/* ---- sorting without memory ---- */

static bool stands_before(const smri_record *a, const smri_record *b)
{
    return a->value > b->value || (a->value == b->value && a->index < b->index);
}

static void sift_down(smri_record *records, size_t place, size_t count)
{
    const smri_record moving = records[place];
    for (size_t child; (child = 2 * place + 1) < count; place = child) {
        if (child + 1 < count && stands_before(&records[child], &records[child + 1]))
            child++;
        if (!stands_before(&moving, &records[child]))
            break;
        records[place] = records[child];
    }
    records[place] = moving;
}

/* A heap whose top stands last of all. */
void smri_records_sort(smri_record *records, size_t count)
{
    for (size_t place = count / 2; place-- > 0;)
        sift_down(records, place, count);
    for (size_t left = count; left > 1; left--) {
        const smri_record last = records[0];
        records[0] = records[left - 1];
        records[left - 1] = last;
        sift_down(records, 0, left - 1);
    }
}

/* ---- one juror ---- */

/* Ranks of the members, 1 to count, ties sharing their mean; NaN where the juror abstains. */
static void rank_members(const smri_jury *jury, uint32_t juror, const uint32_t *members, uint32_t count,
                         smri_record *records, double *ranks)
{
    const double *places = jury->places + (size_t)juror * jury->stride;
    uint32_t placed = 0;
    for (uint32_t i = 0; i < count; i++) {
        const double place = places[members[i]];
        ranks[i] = NAN;
        if (place == place)
            records[placed++] = (smri_record){-place, i};
    }
    smri_records_sort(records, placed);
    for (uint32_t start = 0, end; start < placed; start = end) {
        for (end = start + 1; end < placed && records[end].value == records[start].value;)
            end++;
        for (uint32_t i = start; i < end; i++)
            ranks[records[i].index] = 0.5 * ((double)start + 1 + (double)end);
    }
    if (placed == count)
        return;
    const double shared = 0.5 * ((double)placed + 1 + (double)count), middle = 0.5 * ((double)count + 1);
    for (uint32_t i = 0; i < count; i++) {
        if (jury->incomplete == SMR_INCOMPLETE_SHARE)
            ranks[i] = ranks[i] == ranks[i] ? ranks[i] : shared;
        else if (ranks[i] == ranks[i])
            ranks[i] = placed > 1 ? 1 + (ranks[i] - 1) * ((double)count - 1) / ((double)placed - 1) : middle;
    }
}

/* ---- all jurors ---- */

static double mean_rank(const double *ranks, uint32_t jurors, uint32_t count, uint32_t member)
{
    smri_exact_sum sum;
    smri_exact_sum_init(&sum);
    for (uint32_t juror = 0; juror < jurors; juror++) {
        const double rank = ranks[(size_t)juror * count + member];
        if (rank == rank)
            smri_exact_sum_add(&sum, rank);
    }
    return sum.count > 0 ? smri_exact_sum_value(&sum) / (double)sum.count : NAN;
}

/* The member's ranks one after another, upward: the records are free by now. */
static double median_rank(const double *ranks, uint32_t jurors, uint32_t count, uint32_t member, smri_record *records)
{
    uint32_t n = 0;
    for (uint32_t juror = 0; juror < jurors; juror++) {
        const double rank = ranks[(size_t)juror * count + member];
        if (rank == rank) {
            records[n] = (smri_record){-rank, n};
            n++;
        }
    }
    smri_records_sort(records, n);
    return n > 0 ? -0.5 * (records[(n - 1) / 2].value + records[n / 2].value) : NAN;
}

/* Jurors who put a before b, less those who put b before a; *voters counts those who place both. */
static int64_t margin_of(const double *ranks, uint32_t jurors, uint32_t count, uint32_t a, uint32_t b, uint32_t *voters)
{
    int64_t margin = 0;
    *voters = 0;
    for (uint32_t juror = 0; juror < jurors; juror++) {
        const double x = ranks[(size_t)juror * count + a], y = ranks[(size_t)juror * count + b];
        margin += (x < y) - (x > y);
        *voters += x == x && y == y;
    }
    return margin;
}

static bool is_placed(const double *ranks, uint32_t jurors, uint32_t count, uint32_t member)
{
    for (uint32_t juror = 0; juror < jurors; juror++)
        if (ranks[(size_t)juror * count + member] == ranks[(size_t)juror * count + member])
            return true;
    return false;
}

static smr_status count_copeland(const smr_context *context, const double *ranks, uint32_t jurors, uint32_t count,
                                 double *results, smr_error *error)
{
    for (uint32_t a = 0; a < count; a++)
        results[a] = is_placed(ranks, jurors, count, a) ? 0 : NAN;
    for (uint32_t a = 0; a < count; a++) {
        if (a % 256 == 255 && smri_cancelled(context, a, count, error))
            return SMR_ERROR_CANCELLED;
        for (uint32_t b = a + 1; b < count; b++) {
            uint32_t voters;
            const int64_t margin = margin_of(ranks, jurors, count, a, b, &voters);
            results[a] += (margin > 0) - (margin < 0);
            results[b] -= (margin > 0) - (margin < 0);
        }
    }
    return SMR_OK;
}

/* ---- kemeny ---- */

/* Neighbours in the order that are level with one another, pair by pair, share the mean of their places. Returns in how
 * many orders such neighbours can stand; it sticks at its maximum. */
static uint64_t share_places(const double *margins, const uint32_t *order, uint32_t count, double *results)
{
    uint64_t orders = 1;
    for (uint32_t start = 0, end; start < count; start = end) {
        bool level = true;
        for (end = start + 1; end < count && level; end += level)
            for (uint32_t i = start; i < end && level; i++)
                level = margins[(size_t)order[i] * count + order[end]] == 0;
        for (uint32_t i = start; i < end; i++) {
            results[order[i]] = (double)count - 0.5 * ((double)start + 1 + (double)end);
            const uint64_t factor = i - start + 1;
            orders = orders > UINT64_MAX / factor ? UINT64_MAX : orders * factor;
        }
    }
    return orders;
}

static smr_status order_members(const smr_context *context, const double *ranks, uint32_t jurors, uint32_t count,
                                uint32_t *order, double *margins, double *results, smri_jury_told *told,
                                smr_error *error)
{
    for (uint32_t a = 0; a < count; a++) {
        for (uint32_t b = 0; b < count; b++) {
            uint32_t voters;
            const int64_t margin = margin_of(ranks, jurors, count, a, b, &voters);
            margins[(size_t)a * count + b] = voters > 0 ? (double)margin / voters : 0;
        }
    }
    smri_kemeny_result found;
    const smr_status status = smri_kemeny(context, margins, count, order, &found, error);
    if (status == SMR_OK) {
        const uint64_t level = share_places(margins, order, count, results);
        told->proven = found.orders > 0;
        told->orders = found.orders == level ? 1 : found.orders;
    }
    return status;
}

static smr_status count_kemeny(const smr_context *context, const double *ranks, uint32_t jurors, uint32_t count,
                               double *results, smri_jury_told *told, smr_error *error)
{
    if (count > SMRI_JURY_MOST) {
        char found[SMRI_INTEGER_SIZE], most[SMRI_INTEGER_SIZE];
        return smri_fail(error, SMR_MESSAGE_BALLOTS_TOO_MANY_REGIONS, NULL, "kemeny",
                         smri_text_integer(most, SMRI_JURY_MOST), smri_text_integer(found, count));
    }
    uint32_t *order = smri_alloc(context, count, sizeof *order);
    double *margins = smri_alloc(context, (size_t)count * count, sizeof *margins);
    const smr_status status =
        order && margins ? order_members(context, ranks, jurors, count, order, margins, results, told, error)
                         : smri_fail_memory(error);
    for (uint32_t i = 0; status == SMR_OK && i < count; i++)
        results[i] = is_placed(ranks, jurors, count, i) ? results[i] : NAN;
    smri_free(context, order);
    smri_free(context, margins);
    return status;
}

smr_status smri_jury_results(const smr_context *context, const smri_jury *jury, const uint32_t *members, uint32_t count,
                             const smri_jury_work *work, double *results, smri_jury_told *told, smr_error *error)
{
    smri_jury_told ignored;
    told = told ? told : &ignored;
    *told = (smri_jury_told){.orders = 1, .proven = true};
    for (uint32_t juror = 0; juror < jury->jurors; juror++)
        rank_members(jury, juror, members, count, work->records, work->ranks + (size_t)juror * count);
    if (count == 0)
        return SMR_OK;
    switch (jury->rule) {
    case SMR_BALLOT_COPELAND:
        return count_copeland(context, work->ranks, jury->jurors, count, results, error);
    case SMR_BALLOT_KEMENY:
        return count_kemeny(context, work->ranks, jury->jurors, count, results, told, error);
    default:
        break;
    }
    for (uint32_t i = 0; i < count; i++) {
        const double mean = jury->rule == SMR_BALLOT_MEDIAN_RANK
                                ? median_rank(work->ranks, jury->jurors, count, i, work->records)
                                : mean_rank(work->ranks, jury->jurors, count, i);
        results[i] = jury->rule == SMR_BALLOT_BORDA ? (double)count - mean : mean;
    }
    return SMR_OK;
}

void smri_jury_bounds(int32_t rule, uint32_t count, double *worst, double *best)
{
    const double n = count;
    switch (rule) {
    case SMR_BALLOT_MEAN_RANK:
    case SMR_BALLOT_MEDIAN_RANK:
        *worst = n;
        *best = 1;
        break;
    case SMR_BALLOT_COPELAND:
        *worst = 1 - n;
        *best = n - 1;
        break;
    default:
        *worst = 0;
        *best = n - 1;
        break;
    }
}
