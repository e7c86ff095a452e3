/* SPDX-License-Identifier: MIT */
/* Correlations of columns: Pearson's, Spearman's and Kendall's tau-b, each pair of columns over the rows in which both
 * have a value. The sums over rows are exact, so that no order of the rows changes a bit. */
#include "method/method_impl.h"

/* A column with what its pairs share. A column is scaled by a power of two, which no correlation sees, so that its
 * squares neither overflow nor vanish. */
typedef struct column {
    double *x;                  /* scaled */
    double *deviations;         /* from the mean; 0 where there is no value */
    double *places;             /* of the mean rank from the middle, doubled: whole numbers; 0 where there is no value */
    uint32_t *order;            /* rows with a value, upward */
    uint32_t *steps;            /* by row: place among the different values */
    double squares, place_squares;
    size_t present;
    bool constant;
} column;

/* What one worker needs. */
typedef struct workspace {
    double *products, *a, *b;   /* n each */
    uint32_t *rows, *keys, *merged;
} workspace;

typedef struct job {
    const smr_context *context;
    const smri_kernels *kernels;
    column *columns;
    uint32_t count, first;      /* part i of a task is row first + i */
    size_t n;
    uint32_t kinds;
    smri_correlations *result;
    atomic_bool failed;
} job;

/* ---- sums ---- */

static double sum_of(const smri_kernels *kernels, const double *x, size_t n)
{
    smri_exact_sum sum;
    smri_exact_sum_init(&sum);
    smri_exact_sum_add_array(&sum, kernels, x, n);
    return smri_exact_sum_value(&sum);
}

static double sum_of_products(const smri_kernels *kernels, const double *a, const double *b, size_t n, double *products)
{
    for (size_t i = 0; i < n; i++) {
        products[i] = a[i] * b[i];
    }
    return sum_of(kernels, products, n);
}

/* Deviations from the mean of the values of x that are not NaN, brought near to 1; false: there is no spread. */
static bool center(const smri_kernels *kernels, const double *x, size_t n, double *deviations)
{
    double least = 0, greatest = 0, largest = 0;
    size_t count = 0;
    kernels->extent(x, n, &least, &greatest, &count);
    const bool spread = count > 1 && least < greatest;
    const double mean = spread ? sum_of(kernels, x, n) / (double)count : 0;
    for (size_t i = 0; i < n; i++) {
        deviations[i] = spread && x[i] == x[i] ? x[i] - mean : 0;
        largest = SMRI_MAX(largest, fabs(deviations[i]));
    }
    const double unit = smri_binary_scale(largest);
    for (size_t i = 0; spread && i < n; i++) {
        deviations[i] /= unit;
    }
    return spread;
}

static double quotient(double products, double squares_a, double squares_b)
{
    const double r = products / sqrt(squares_a * squares_b);
    return SMRI_MIN(SMRI_MAX(r, -1), 1);
}

/* ---- ranks ---- */

/* Places of rows that stand upward by `steps`, ties at their mean, as distances from the middle, doubled. */
static void set_places(const uint32_t *order, size_t count, const uint32_t *steps, double *places)
{
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && steps[order[end]] == steps[order[i]]; end++) {
        }
        const double place = (double)(i + end) - (double)count;
        for (size_t k = i; k < end; k++) {
            places[order[k]] = place;
        }
    }
}

/* Merges the sorted runs a and b into `merged`; returns how many pairs stood the wrong way round. */
static uint64_t merge(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count, uint32_t *merged)
{
    uint64_t swaps = 0;
    size_t i = 0, j = 0;
    while (i < a_count && j < b_count) {
        const bool takes_b = b[j] < a[i];
        *merged++ = takes_b ? b[j] : a[i];
        swaps += takes_b ? a_count - i : 0;
        j += takes_b;
        i += !takes_b;
    }
    memcpy(merged, a + i, (a_count - i) * sizeof *a);
    memcpy(merged + (a_count - i), b + j, (b_count - j) * sizeof *b);
    return swaps;
}

#define INSERTED 16

/* Sorts keys upward; returns how many pairs stood the wrong way round. The result is in `keys`. */
static uint64_t sort_and_count(uint32_t *keys, size_t count, uint32_t *merged)
{
    uint64_t swaps = 0;
    for (size_t start = 0; start < count; start += INSERTED) {
        const size_t end = SMRI_MIN(start + INSERTED, count);
        for (size_t i = start + 1; i < end; i++) {
            const uint32_t key = keys[i];
            size_t at = i;
            for (; at > start && keys[at - 1] > key; at--) {
                keys[at] = keys[at - 1];
            }
            keys[at] = key;
            swaps += i - at;
        }
    }
    uint32_t *from = keys, *to = merged;
    for (size_t width = INSERTED; width < count; width *= 2) {
        for (size_t start = 0; start < count; start += 2 * width) {
            const size_t middle = SMRI_MIN(start + width, count), end = SMRI_MIN(middle + width, count);
            swaps += merge(from + start, middle - start, from + middle, end - middle, to + start);
        }
        uint32_t *const swap = from;
        from = to;
        to = swap;
    }
    if (from != keys) {
        memcpy(keys, from, count * sizeof *keys);
    }
    return swaps;
}

/* What ties of t equal values add up to, in the terms of tau-b and of the variance of its numerator. */
typedef struct ties {
    double pairs, triples, spread; /* sums of t (t - 1)/2, t (t - 1)(t - 2), t (t - 1)(2 t + 5) */
} ties;

static void add_tie(ties *sums, size_t size)
{
    const double t = (double)size;
    sums->pairs += t * (t - 1) / 2;
    sums->triples += t * (t - 1) * (t - 2);
    sums->spread += t * (t - 1) * (2 * t + 5);
}

/* Kendall's tau-b of rows that stand upward by a's steps, and its probability by the normal approximation. */
static void kendall(const column *a, const column *b, const uint32_t *rows, size_t count, workspace *w, double *tau,
                    double *p)
{
    ties a_ties = {0, 0, 0}, b_ties = {0, 0, 0}, both = {0, 0, 0};
    for (size_t i = 0; i < count; i++) {
        w->keys[i] = b->steps[rows[i]];
    }
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && a->steps[rows[end]] == a->steps[rows[i]]; end++) {
        }
        if (end - i > 1) {
            add_tie(&a_ties, end - i);
            sort_and_count(w->keys + i, end - i, w->merged);
            for (size_t k = i, stop; k < end; k = stop) {
                for (stop = k + 1; stop < end && w->keys[stop] == w->keys[k]; stop++) {
                }
                add_tie(&both, stop - k);
            }
        }
    }
    const double discordant = (double)sort_and_count(w->keys, count, w->merged);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && w->keys[end] == w->keys[i]; end++) {
        }
        add_tie(&b_ties, end - i);
    }
    const double m = (double)count, pairs = m * (m - 1) / 2;
    const double score = pairs - a_ties.pairs - b_ties.pairs + both.pairs - 2 * discordant;
    *tau = quotient(score, pairs - a_ties.pairs, pairs - b_ties.pairs);
    if (count > 2) {
        const double variance = (m * (m - 1) * (2 * m + 5) - a_ties.spread - b_ties.spread) / 18
                                + 2 * a_ties.pairs * b_ties.pairs / (m * (m - 1))
                                + a_ties.triples * b_ties.triples / (9 * m * (m - 1) * (m - 2));
        *p = smri_normal_p(score / sqrt(variance));
    }
}

/* ---- one pair ---- */

static void put(const job *j, smri_correlation kind, uint32_t a, uint32_t b, double r, double p)
{
    const size_t here = (size_t)a * j->count + b, there = (size_t)b * j->count + a;
    if (j->result->r[kind] != NULL) {
        j->result->r[kind][here] = j->result->r[kind][there] = r;
    }
    if (j->result->p[kind] != NULL) {
        j->result->p[kind][here] = j->result->p[kind][there] = p;
    }
}

/* Both columns are full, so that everything but the products is known. */
static void correlate_full(const job *j, uint32_t at_a, uint32_t at_b, workspace *w)
{
    const column *a = &j->columns[at_a], *b = &j->columns[at_b];
    if (j->kinds & 1U << SMRI_PEARSON) {
        const double products = sum_of_products(j->kernels, a->deviations, b->deviations, j->n, w->products);
        const double r = quotient(products, a->squares, b->squares);
        put(j, SMRI_PEARSON, at_a, at_b, r, smri_correlation_p(r, j->n));
    }
    if (j->kinds & 1U << SMRI_SPEARMAN) {
        const double products = sum_of_products(j->kernels, a->places, b->places, j->n, w->products);
        const double r = quotient(products, a->place_squares, b->place_squares);
        put(j, SMRI_SPEARMAN, at_a, at_b, r, smri_correlation_p(r, j->n));
    }
    if (j->kinds & 1U << SMRI_KENDALL) {
        double tau, p = NAN;
        kendall(a, b, a->order, j->n, w, &tau, &p);
        put(j, SMRI_KENDALL, at_a, at_b, tau, p);
    }
}

/* Rows of `a`'s order in which `b` has a value too. */
static size_t common_rows(const column *a, const column *b, uint32_t *rows)
{
    size_t count = 0;
    for (size_t i = 0; i < a->present; i++) {
        rows[count] = a->order[i];
        count += b->x[a->order[i]] == b->x[a->order[i]];
    }
    return count;
}

static void correlate_holed(const job *j, uint32_t at_a, uint32_t at_b, size_t common, workspace *w)
{
    const column *a = &j->columns[at_a], *b = &j->columns[at_b];
    for (size_t i = 0; i < j->n; i++) {
        const bool both = a->x[i] == a->x[i] && b->x[i] == b->x[i];
        w->a[i] = both ? a->x[i] : NAN;
        w->b[i] = both ? b->x[i] : NAN;
    }
    /* No spread in these rows: nothing is defined. */
    if (!center(j->kernels, w->a, j->n, w->a) || !center(j->kernels, w->b, j->n, w->b)) {
        return;
    }
    if (j->kinds & 1U << SMRI_PEARSON) {
        const double products = sum_of_products(j->kernels, w->a, w->b, j->n, w->products);
        const double r = quotient(products, sum_of_products(j->kernels, w->a, w->a, j->n, w->products),
                                  sum_of_products(j->kernels, w->b, w->b, j->n, w->products));
        put(j, SMRI_PEARSON, at_a, at_b, r, smri_correlation_p(r, common));
    }
    if (j->kinds & 1U << SMRI_SPEARMAN) {
        memset(w->a, 0, j->n * sizeof *w->a);
        memset(w->b, 0, j->n * sizeof *w->b);
        common_rows(b, a, w->rows);
        set_places(w->rows, common, b->steps, w->b);
        common_rows(a, b, w->rows);
        set_places(w->rows, common, a->steps, w->a);
        const double products = sum_of_products(j->kernels, w->a, w->b, j->n, w->products);
        const double r = quotient(products, sum_of_products(j->kernels, w->a, w->a, j->n, w->products),
                                  sum_of_products(j->kernels, w->b, w->b, j->n, w->products));
        put(j, SMRI_SPEARMAN, at_a, at_b, r, smri_correlation_p(r, common));
    }
    if (j->kinds & 1U << SMRI_KENDALL) {
        double tau, p = NAN;
        common_rows(a, b, w->rows);
        kendall(a, b, w->rows, common, w, &tau, &p);
        put(j, SMRI_KENDALL, at_a, at_b, tau, p);
    }
}

/* ---- all pairs ---- */

static bool make_workspace(const smr_context *context, size_t n, workspace *w)
{
    *w = (workspace){.products = smri_alloc(context, n, sizeof *w->products),
                     .a = smri_alloc(context, n, sizeof *w->a),
                     .b = smri_alloc(context, n, sizeof *w->b),
                     .rows = smri_alloc(context, n, sizeof *w->rows),
                     .keys = smri_alloc(context, n, sizeof *w->keys),
                     .merged = smri_alloc(context, n, sizeof *w->merged)};
    return w->products != NULL && w->a != NULL && w->b != NULL && w->rows != NULL && w->keys != NULL
           && w->merged != NULL;
}

static void free_workspace(const smr_context *context, workspace *w)
{
    smri_free(context, w->products);
    smri_free(context, w->a);
    smri_free(context, w->b);
    smri_free(context, w->rows);
    smri_free(context, w->keys);
    smri_free(context, w->merged);
}

static void correlate_row(void *user, size_t part)
{
    job *j = user;
    const uint32_t a = j->first + (uint32_t)part;
    workspace w;
    if (!make_workspace(j->context, j->n, &w)) {
        atomic_store(&j->failed, true);
    }
    for (uint32_t b = a; b < j->count && !atomic_load(&j->failed); b++) {
        const column *left = &j->columns[a], *right = &j->columns[b];
        const bool full = left->present == j->n && right->present == j->n;
        const size_t common = full ? j->n : common_rows(left, right, w.rows);
        j->result->rows[(size_t)a * j->count + b] = j->result->rows[(size_t)b * j->count + a] = common;
        if (left->constant || right->constant || common < 2) {
            continue;
        }
        if (a == b) {
            for (int kind = 0; kind < SMRI_CORRELATION_COUNT; kind++) {
                put(j, (smri_correlation)kind, a, a, 1, NAN);
            }
        } else if (full) {
            correlate_full(j, a, b, &w);
        } else {
            correlate_holed(j, a, b, common, &w);
        }
    }
    free_workspace(j->context, &w);
}

static void prepare_column(void *user, size_t part)
{
    job *j = user;
    column *c = &j->columns[part];
    const size_t n = j->n;
    double least = 0, greatest = 0;
    j->kernels->extent(c->x, n, &least, &greatest, &c->present);
    c->constant = c->present < 2 || !(least < greatest);
    const double unit = smri_binary_scale(SMRI_MAX(fabs(least), fabs(greatest)));
    for (size_t i = 0; i < n; i++) {
        c->x[i] /= unit;
    }
    workspace w;
    if (!make_workspace(j->context, n, &w) || !smri_order_descending(j->context, c->x, n, c->order)) {
        atomic_store(&j->failed, true);
        free_workspace(j->context, &w);
        return;
    }
    for (size_t i = 0; i < c->present / 2; i++) {
        const uint32_t row = c->order[i];
        c->order[i] = c->order[c->present - 1 - i];
        c->order[c->present - 1 - i] = row;
    }
    for (size_t i = 0; i < c->present; i++) {
        const uint32_t row = c->order[i];
        c->steps[row] = i == 0 ? 0 : c->steps[c->order[i - 1]] + (c->x[row] > c->x[c->order[i - 1]]);
    }
    center(j->kernels, c->x, n, c->deviations);
    c->squares = sum_of_products(j->kernels, c->deviations, c->deviations, n, w.products);
    memset(c->places, 0, n * sizeof *c->places);
    set_places(c->order, c->present, c->steps, c->places);
    c->place_squares = sum_of_products(j->kernels, c->places, c->places, n, w.products);
    free_workspace(j->context, &w);
}

static bool make_columns(job *j, const double *const *columns)
{
    j->columns = smri_calloc(j->context, j->count, sizeof *j->columns);
    bool fine = j->columns != NULL;
    for (uint32_t i = 0; fine && i < j->count; i++) {
        column *c = &j->columns[i];
        c->x = smri_alloc(j->context, j->n, sizeof *c->x);
        c->deviations = smri_alloc(j->context, j->n, sizeof *c->deviations);
        c->places = smri_alloc(j->context, j->n, sizeof *c->places);
        c->order = smri_alloc(j->context, j->n, sizeof *c->order);
        c->steps = smri_alloc(j->context, j->n, sizeof *c->steps);
        fine = c->x != NULL && c->deviations != NULL && c->places != NULL && c->order != NULL && c->steps != NULL;
        if (fine) {
            memcpy(c->x, columns[i], j->n * sizeof *c->x);
        }
    }
    return fine;
}

static void free_columns(job *j)
{
    for (uint32_t i = 0; j->columns != NULL && i < j->count; i++) {
        smri_free(j->context, j->columns[i].x);
        smri_free(j->context, j->columns[i].deviations);
        smri_free(j->context, j->columns[i].places);
        smri_free(j->context, j->columns[i].order);
        smri_free(j->context, j->columns[i].steps);
    }
    smri_free(j->context, j->columns);
}

#define ROWS_AT_ONCE 32

smr_status smri_correlate(const smr_context *context, const double *const *columns, uint32_t count, size_t n,
                          smri_correlations *result, smr_error *error)
{
    job j = {.context = context, .kernels = smri_context_kernels(context), .count = count, .n = n, .result = result};
    atomic_init(&j.failed, false);
    for (int kind = 0; kind < SMRI_CORRELATION_COUNT; kind++) {
        j.kinds |= result->r[kind] != NULL ? 1U << kind : 0;
        for (size_t i = 0; i < (size_t)count * count; i++) {
            if (result->r[kind] != NULL) {
                result->r[kind][i] = NAN;
            }
            if (result->p[kind] != NULL) {
                result->p[kind][i] = NAN;
            }
        }
    }
    smr_status status = make_columns(&j, columns) ? SMR_OK : smri_fail_memory(error);
    if (status == SMR_OK) {
        smri_parallel(context, count, prepare_column, &j);
    }
    while (status == SMR_OK && j.first < count) {
        const uint32_t rows = SMRI_MIN(count - j.first, ROWS_AT_ONCE);
        if (!atomic_load(&j.failed)) {
            smri_parallel(context, rows, correlate_row, &j);
        }
        j.first += rows;
        if (atomic_load(&j.failed)) {
            status = smri_fail_memory(error);
        } else if (smri_cancelled(context, j.first, count, error)) {
            status = SMR_ERROR_CANCELLED;
        }
    }
    free_columns(&j);
    return status;
}
