/* SPDX-License-Identifier: MIT */
/* Pena Trapero's distance DP2: distances to the worst value in standard deviations, each child counting only for what
 * those before it do not explain. Which stand before it, the result itself decides. All of it follows from the
 * children's covariances, which are exact sums over the regions: no order of regions changes a bit. */
#include "method/method_impl.h"

#define ROUNDS 1000

typedef struct dp2 {
    const smri_family_rows *family;
    smri_arena arena;
    uint32_t count;                 /* of the children that take part */
    uint32_t *children;             /* which they are */
    double *least, *sd, *factor;    /* by part */
    double *correlations;           /* count x count */
    double *lower;                  /* count x count: Cholesky, in the order of a round */
    uint32_t *orders;               /* of each round, count a round */
    double **columns;               /* by part: complete rows, less their mean, at most 1 in size */
    double *products;
    size_t rows;
} dp2;

static bool is_complete(const smri_family_rows *family, size_t row)
{
    for (uint32_t c = 0; c < family->count; c++) {
        if (family->weights[c] > 0 && family->scores[c][row] != family->scores[c][row]) {
            return false;
        }
    }
    return true;
}

static bool allocate(dp2 *d)
{
    const smri_family_rows *family = d->family;
    const size_t count = SMRI_MAX(family->count, 1U), rows = SMRI_MAX(family->n, (size_t)1);
    size_t cells = 0;
    if (!smri_product(count, count, &cells)) {
        return false;
    }
    d->children = smri_arena_alloc(&d->arena, count, sizeof *d->children);
    d->least = smri_arena_alloc(&d->arena, 3 * count, sizeof *d->least);
    d->correlations = smri_arena_alloc(&d->arena, cells, sizeof *d->correlations);
    d->lower = smri_arena_alloc(&d->arena, cells, sizeof *d->lower);
    d->orders = smri_arena_alloc(&d->arena, count, (ROUNDS + 1) * sizeof *d->orders);
    d->columns = smri_arena_calloc(&d->arena, count, sizeof *d->columns);
    d->products = smri_arena_alloc(&d->arena, SMRI_MAX(rows, count), sizeof *d->products);
    bool fine = d->children && d->least && d->correlations && d->lower && d->orders && d->columns && d->products;
    for (uint32_t c = 0; fine && c < count; c++) {
        d->columns[c] = smri_arena_alloc(&d->arena, rows, sizeof **d->columns);
        fine = d->columns[c] != NULL;
    }
    if (fine) {
        d->sd = d->least + count;
        d->factor = d->sd + count;
    }
    return fine;
}

/* Takes the complete rows of a child as the next part, unless they have no spread. */
static bool add_part(dp2 *d, uint32_t child)
{
    const smri_family_rows *family = d->family;
    double *column = d->columns[d->count];
    smri_summary summary;
    d->rows = 0;
    for (size_t i = 0; i < family->n; i++) {
        if (is_complete(family, i)) {
            column[d->rows++] = family->scores[child][i];
        }
    }
    if (!smri_summary_make(family->context, column, d->rows, 1, SMRI_NEED_EXTENT | SMRI_NEED_MEAN, NULL, &summary)) {
        return false;
    }
    if (!(summary.least < summary.greatest) || !(fabs(summary.mean) <= DBL_MAX)) {
        return true;
    }
    /* Related to the farthest value, so that no square overflows. */
    const double farthest = SMRI_MAX(summary.greatest - summary.mean, summary.mean - summary.least);
    for (size_t i = 0; i < d->rows; i++) {
        column[i] = (column[i] - summary.mean) / farthest;
    }
    d->children[d->count] = child;
    d->least[d->count] = summary.least;
    d->sd[d->count++] = farthest; /* times the deviation of the column: see measure() */
    return true;
}

static double sum_of_products(dp2 *d, uint32_t a, uint32_t b)
{
    smri_exact_sum sum;
    smri_exact_sum_init(&sum);
    for (size_t i = 0; i < d->rows; i++) {
        d->products[i] = d->columns[a][i] * d->columns[b][i];
    }
    smri_exact_sum_add_array(&sum, smri_context_kernels(d->family->context), d->products, d->rows);
    return smri_exact_sum_value(&sum);
}

static void measure(dp2 *d)
{
    for (uint32_t a = 0; a < d->count; a++) {
        d->factor[a] = sqrt(sum_of_products(d, a, a));
        d->sd[a] *= d->factor[a] / sqrt((double)d->rows - 1);
    }
    for (uint32_t a = 0; a < d->count; a++) {
        for (uint32_t b = 0; b <= a; b++) {
            const double r = a == b ? 1 : sum_of_products(d, a, b) / (d->factor[a] * d->factor[b]);
            d->correlations[a * d->count + b] = d->correlations[b * d->count + a] = r;
        }
    }
    for (uint32_t a = 0; a < d->count; a++) {
        d->factor[a] = 1;
    }
}

/* Parts by the size of their correlation with the result, downward; equal ones in the order of the children. */
static void order_parts(dp2 *d, uint32_t *order)
{
    double *size = d->products; /* no product is needed any more */
    for (uint32_t a = 0; a < d->count; a++) {
        double covariance = 0;
        for (uint32_t b = 0; b < d->count; b++) {
            covariance += d->factor[b] * d->correlations[a * d->count + b];
        }
        size[a] = fabs(covariance);
        uint32_t place = a;
        for (; place > 0 && size[order[place - 1]] < size[a]; place--) {
            order[place] = order[place - 1];
        }
        order[place] = a;
    }
}

/* 1 - R2 of each part on those before it: what is left of it after Cholesky's steps. */
static void find_factors(dp2 *d, const uint32_t *order)
{
    for (uint32_t i = 0; i < d->count; i++) {
        double *row = d->lower + (size_t)i * d->count, left = 1;
        for (uint32_t j = 0; j < i; j++) {
            const double *other = d->lower + (size_t)j * d->count;
            double rest = d->correlations[order[i] * d->count + order[j]];
            for (uint32_t k = 0; k < j; k++) {
                rest -= row[k] * other[k];
            }
            row[j] = other[j] > 0 ? rest / other[j] : 0;
            left -= row[j] * row[j];
        }
        /* What rounding leaves of a part that is a sum of others is nothing. */
        left = left > 64 * DBL_EPSILON * d->count ? left : 0;
        row[i] = sqrt(left);
        d->factor[order[i]] = left;
    }
}

/* Was the order of this round that of an earlier one? */
static bool repeats(const dp2 *d, uint32_t round)
{
    const uint32_t *order = d->orders + (size_t)round * d->count;
    for (uint32_t earlier = 0; earlier < round; earlier++) {
        if (memcmp(d->orders + (size_t)earlier * d->count, order, d->count * sizeof *order) == 0) {
            return true;
        }
    }
    return false;
}

static bool settle(dp2 *d)
{
    for (uint32_t round = 0; round < ROUNDS; round++) {
        uint32_t *order = d->orders + (size_t)round * d->count;
        order_parts(d, order);
        if (repeats(d, round)) {
            return true;
        }
        find_factors(d, order);
    }
    return false;
}

/* fitted: least value, standard deviation and factor of each child; a factor 0 and sd 1 where it takes no part. */
static smr_status keep(const dp2 *d, smri_arena *arena, smri_fitted *fitted, smr_error *error)
{
    const size_t count = 3 * (size_t)d->family->count;
    fitted->count = 0;
    fitted->numbers = smri_arena_calloc(arena, count, sizeof *fitted->numbers);
    if (fitted->numbers == NULL) {
        return smri_fail_memory(error);
    }
    for (uint32_t c = 0; c < d->family->count; c++) {
        fitted->numbers[3 * c + 1] = 1;
    }
    for (uint32_t a = 0; a < d->count; a++) {
        double *numbers = fitted->numbers + 3 * (size_t)d->children[a];
        numbers[0] = d->least[a];
        numbers[1] = d->sd[a];
        numbers[2] = d->factor[a];
    }
    fitted->count = count;
    return SMR_OK;
}

smr_status smri_dp2_fit(const smri_choice *choice, const smri_family_rows *family, smri_arena *arena,
                        smri_fitted *fitted, smr_error *error)
{
    dp2 d = {.family = family};
    smri_arena_init(&d.arena, family->context);
    bool fine = allocate(&d);
    for (uint32_t c = 0; fine && c < family->count; c++) {
        fine = !(family->weights[c] > 0) || add_part(&d, c);
    }
    smr_status status = fine ? SMR_OK : smri_fail_memory(error);
    if (fine && d.count > 0) {
        measure(&d);
        if (!settle(&d)) {
            const char *id = family->framework->nodes[family->node].id;
            const smri_place place = {.subject = id};
            char rounds[SMRI_INTEGER_SIZE];
            status = smri_fail(error, SMR_MESSAGE_NOT_SETTLED, &place, choice->method->name, id,
                               smri_text_integer(rounds, ROUNDS));
        }
    }
    if (status == SMR_OK && d.count > 0) {
        status = keep(&d, arena, fitted, error);
    }
    smri_arena_free(&d.arena);
    return status;
}

/* The factors of missing children go to those present. */
void smri_aggregate_dp2(const smri_choice *choice, const smri_children *children, double *out, uint8_t *statuses)
{
    (void)choice;
    (void)statuses;
    const smri_fitted *fitted = children->fitted;
    const bool known = fitted && fitted->count == 3 * (size_t)children->count;
    double *sum = children->scratch, *present = children->scratch + children->n, total = 0;
    for (size_t i = 0; i < children->n; i++) {
        sum[i] = present[i] = 0;
    }
    for (uint32_t c = 0; known && c < children->count; c++) {
        const double *numbers = fitted->numbers + 3 * (size_t)c;
        const double *y = children->scores[c];
        if (!(children->weights[c] > 0) || !(numbers[2] > 0)) {
            continue;
        }
        total += numbers[2];
        for (size_t i = 0; i < children->n; i++) {
            const double distance = (y[i] - numbers[0]) / numbers[1] * numbers[2];
            sum[i] += distance == distance ? distance : 0;
            present[i] += distance == distance ? numbers[2] : 0;
        }
    }
    for (size_t i = 0; i < children->n; i++) {
        const double share = present[i] < total ? present[i] / total : 1;
        out[i] = present[i] > 0 ? sum[i] / share + 0.0 : NAN;
    }
}
