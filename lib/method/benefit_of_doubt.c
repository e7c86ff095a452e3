/* SPDX-License-Identifier: MIT */
/* Benefit of the doubt: every region with the weights that suit it best. This file brings the scores of one family into
 * the form that the linear programs want, and their results back.
 *
 * Regions that are alike are one program, and only those that no other region dominates bind the weights. Both, and the
 * order in which they stand in the program, follow from the scores alone: the order of the regions changes no bit, and
 * neither does a dominated region that comes or goes. Children are divided by powers of two, which rounds nothing. */
#include "method/method_impl.h"

/* Regions a task: what a solver is set up for. */
#define PART 64
/* A linear program is certified to this: a score so near to 1 is 1. */
#define NEAR SMRI_LP_TOLERANCE

static bool is_logarithmic(const smri_bod *bod)
{
    return bod->options.variant == SMRI_BOD_GEOMETRIC;
}

/* ---- taking in ---- */

static smr_status check_value(const smri_bod *bod, size_t row, uint32_t child, double value, smr_error *error)
{
    if (!(value < 0) && !(is_logarithmic(bod) && value <= 1)) {
        return SMR_OK;
    }
    const smri_family_rows *family = bod->family;
    char number[SMRI_NUMBER_SIZE];
    smri_number_write(number, value);
    const char *id = family->framework->nodes[smri_bod_child(family->framework, family->node, child)].id;
    const int32_t code = value < 0 && !is_logarithmic(bod) ? SMR_MESSAGE_BOD_NEGATIVE : SMR_MESSAGE_BOD_NOT_ABOVE_ONE;
    return smri_fail(error, code, NULL, family->regions[row], number, id);
}

/* Lists the regions that have a score of every child. */
static smr_status list_complete(smri_bod *bod, smr_error *error)
{
    const smri_family_rows *family = bod->family;
    for (size_t i = 0; i < family->n; i++) {
        uint32_t present = 0;
        for (uint32_t j = 0; j < bod->count; j++) {
            const double value = family->scores[j][i];
            if (value == value) {
                const smr_status status = check_value(bod, i, j, value, error);
                if (status != SMR_OK) {
                    return status;
                }
                present++;
            }
        }
        if (present == bod->count) {
            bod->rows[bod->complete++] = i;
        }
    }
    return SMR_OK;
}

/* Scores of the complete regions, each child divided by a power of two above its greatest. */
static void scale_scores(smri_bod *bod)
{
    for (uint32_t j = 0; j < bod->count; j++) {
        double *column = bod->all + j * bod->complete, greatest = 0;
        for (size_t i = 0; i < bod->complete; i++) {
            column[i] = bod->family->scores[j][bod->rows[i]];
        }
        if (is_logarithmic(bod)) {
            smri_context_kernels(bod->family->context)->log(column, bod->complete, column);
        }
        for (size_t i = 0; i < bod->complete; i++) {
            greatest = SMRI_MAX(greatest, column[i]);
        }
        bod->exponents[j] = greatest > 0 ? smri_exponent(greatest) + 1 : 0;
        for (size_t i = 0; i < bod->complete; i++) {
            column[i] = smri_scale_power(column[i], -bod->exponents[j]) + 0.0;
        }
    }
}

/* ---- the order of the regions: what is good sums up, most first; then child by child ---- */

static double sign_of(const smri_bod *bod, uint32_t child)
{
    return bod->options.undesirable && bod->options.undesirable[child] ? -1 : 1;
}

static bool comes_before(const smri_bod *bod, size_t a, size_t b)
{
    if (bod->sums[a] != bod->sums[b]) {
        return bod->sums[a] > bod->sums[b];
    }
    for (uint32_t j = 0; j < bod->count; j++) {
        const double *column = bod->all + j * bod->complete;
        if (column[a] != column[b]) {
            return (column[a] > column[b]) == (sign_of(bod, j) > 0);
        }
    }
    return a < b;
}

static void sift_down(smri_bod *bod, size_t place, size_t count)
{
    for (;;) {
        size_t child = 2 * place + 1;
        if (child >= count) {
            return;
        }
        child += child + 1 < count && comes_before(bod, bod->order[child], bod->order[child + 1]);
        if (!comes_before(bod, bod->order[place], bod->order[child])) {
            return;
        }
        const size_t moved = bod->order[place];
        bod->order[place] = bod->order[child];
        bod->order[child] = moved;
        place = child;
    }
}

static void sort_regions(smri_bod *bod)
{
    for (size_t i = 0; i < bod->complete; i++) {
        double sum = 0;
        for (uint32_t j = 0; j < bod->count; j++) {
            sum += sign_of(bod, j) * bod->all[j * bod->complete + i];
        }
        bod->sums[i] = sum;
        bod->order[i] = i;
    }
    for (size_t place = bod->complete / 2; place-- > 0;) {
        sift_down(bod, place, bod->complete);
    }
    for (size_t count = bod->complete; count > 1;) {
        count--;
        const size_t last = bod->order[0];
        bod->order[0] = bod->order[count];
        bod->order[count] = last;
        sift_down(bod, 0, count);
    }
}

static bool are_alike(const smri_bod *bod, size_t a, size_t b)
{
    for (uint32_t j = 0; j < bod->count; j++) {
        if (bod->all[j * bod->complete + a] != bod->all[j * bod->complete + b]) {
            return false;
        }
    }
    return true;
}

/* Numbers what differs: kinds of regions, in order. */
static void number_kinds(smri_bod *bod)
{
    for (size_t i = 0; i < bod->complete; i++) {
        const bool is_new = i == 0 || !are_alike(bod, bod->order[i - 1], bod->order[i]);
        bod->kinds += is_new;
        bod->kind_of[bod->order[i]] = bod->kinds - 1;
    }
    for (uint32_t j = 0; j < bod->count; j++) {
        for (size_t i = 0; i < bod->complete; i++) {
            bod->y[j * bod->kinds + bod->kind_of[i]] = bod->all[j * bod->complete + i];
        }
    }
}

static bool dominates(const smri_bod *bod, size_t a, size_t b)
{
    for (uint32_t j = 0; j < bod->count; j++) {
        const double *column = bod->y + j * bod->kinds;
        if (sign_of(bod, j) > 0 ? column[a] < column[b] : column[a] > column[b]) {
            return false;
        }
    }
    return true;
}

/* One that dominates stands before: so it is enough to compare with those that were found not to be. The second stage
 * of cross-efficiency has a row for every region. */
static void list_peers(smri_bod *bod)
{
    const bool all = bod->options.variant == SMRI_BOD_CROSS_EFFICIENCY;
    for (size_t k = 0; k < bod->kinds; k++) {
        bool dominated = false;
        for (size_t i = 0; !all && i < bod->peer_count && !dominated; i++) {
            dominated = dominates(bod, bod->peers[i], k);
        }
        if (!dominated) {
            bod->peers[bod->peer_count++] = k;
        }
    }
}

/* Of all complete regions, those that are alike counted one by one. */
static void find_means(smri_bod *bod)
{
    for (uint32_t j = 0; j < bod->count; j++) {
        smri_exact_sum sum;
        smri_exact_sum_init(&sum);
        for (size_t i = 0; i < bod->complete; i++) {
            smri_exact_sum_add(&sum, bod->all[j * bod->complete + i]);
        }
        bod->mean[j] = smri_exact_sum_value(&sum) / (double)bod->complete;
    }
}

static void *take(smri_bod *bod, size_t a, size_t b, size_t size, bool *fine)
{
    size_t count;
    void *block = *fine && smri_product(a, b, &count) ? smri_arena_calloc(&bod->arena, SMRI_MAX(count, 1), size) : NULL;
    *fine = block != NULL;
    return block;
}

smr_status smri_bod_begin(smri_bod *bod, const smri_choice *choice, const smri_family_rows *family, smr_error *error)
{
    const size_t n = family->n;
    *bod = (smri_bod){.family = family, .count = family->count};
    smri_arena_init(&bod->arena, family->context);
    smr_status status = smri_bod_read(choice, family->framework, family->node, &bod->arena, &bod->options, error);
    if (status != SMR_OK) {
        return status;
    }
    bool fine = true;
    bod->rows = take(bod, n, 1, sizeof *bod->rows, &fine);
    bod->order = take(bod, n, 1, sizeof *bod->order, &fine);
    bod->kind_of = take(bod, n, 1, sizeof *bod->kind_of, &fine);
    bod->peers = take(bod, n, 1, sizeof *bod->peers, &fine);
    bod->sums = take(bod, n, 1, sizeof *bod->sums, &fine);
    bod->all = take(bod, n, family->count, sizeof *bod->all, &fine);
    bod->y = take(bod, n, family->count, sizeof *bod->y, &fine);
    bod->exponents = take(bod, family->count, 1, sizeof *bod->exponents, &fine);
    bod->mean = take(bod, family->count, 1, sizeof *bod->mean, &fine);
    bod->score = take(bod, n, 1, sizeof *bod->score, &fine);
    bod->status = take(bod, n, 1, sizeof *bod->status, &fine);
    bod->weights = take(bod, n, family->count, sizeof *bod->weights, &fine);
    if (!fine) {
        return smri_fail_memory(error);
    }
    status = list_complete(bod, error);
    if (status != SMR_OK || bod->complete == 0) {
        return status;
    }
    scale_scores(bod);
    sort_regions(bod);
    number_kinds(bod);
    list_peers(bod);
    find_means(bod);
    return SMR_OK;
}

void smri_bod_end(smri_bod *bod)
{
    smri_arena_free(&bod->arena);
}

/* ---- all regions ---- */

static void run_part(void *user, size_t part)
{
    smri_bod *bod = user;
    const size_t from = part * PART, to = SMRI_MIN(from + PART, bod->kinds);
    if (!smri_bod_solve(bod, from, to)) {
        atomic_store(&bod->out_of_memory, true);
    }
}

/* The first region, in the order of the input, whose program could not be solved. */
static smr_status check_solved(const smri_bod *bod, smr_error *error)
{
    for (size_t i = 0; i < bod->complete; i++) {
        if (bod->status[bod->kind_of[i]] == SMRI_BOD_UNSOLVED) {
            const smri_family_rows *family = bod->family;
            return smri_fail(error, SMR_MESSAGE_BOD_UNSOLVED, NULL, family->regions[bod->rows[i]],
                             family->framework->nodes[family->node].id);
        }
    }
    return SMR_OK;
}

/* Weights are those of the scores as they are given. */
static void give_back(const smri_bod *bod, double *out, uint8_t *statuses, double *region_weights)
{
    const bool linear = bod->options.variant != SMRI_BOD_ORDER_M;
    for (size_t i = 0; i < bod->complete; i++) {
        const size_t row = bod->rows[i], kind = bod->kind_of[i];
        const double score = bod->score[kind];
        out[row] = linear && fabs(score - 1) <= NEAR ? 1 : score;
        statuses[row] = bod->status[kind];
        for (uint32_t j = 0; region_weights && j < bod->count; j++) {
            region_weights[row * bod->count + j] =
                linear ? smri_scale_power(bod->weights[kind * bod->count + j], -bod->exponents[j]) : NAN;
        }
    }
}

smr_status smri_bod_rows(const smri_choice *choice, const smri_family_rows *family, double *out, uint8_t *statuses,
                         double *region_weights, smr_error *error)
{
    smri_bod bod;
    for (size_t i = 0; i < family->n; i++) {
        out[i] = NAN;
        statuses[i] = SMR_CELL_NOT_COMPUTED;
        for (uint32_t j = 0; region_weights && j < family->count; j++) {
            region_weights[i * family->count + j] = NAN;
        }
    }
    smr_status status = smri_bod_begin(&bod, choice, family, error);
    if (status == SMR_OK && bod.complete > 0) {
        const bool alone = bod.options.variant == SMRI_BOD_COMMON;
        atomic_init(&bod.out_of_memory, false);
        if (alone) {
            atomic_store(&bod.out_of_memory, !smri_bod_solve_common(&bod));
        } else {
            smri_parallel(family->context, (bod.kinds + PART - 1) / PART, run_part, &bod);
        }
        status = atomic_load(&bod.out_of_memory) ? smri_fail_memory(error) : check_solved(&bod, error);
        if (status == SMR_OK && bod.options.variant == SMRI_BOD_CROSS_EFFICIENCY) {
            smri_bod_average(&bod);
        }
        if (status == SMR_OK) {
            give_back(&bod, out, statuses, region_weights);
        }
    }
    smri_bod_end(&bod);
    return status;
}
