/* SPDX-License-Identifier: MIT */
/* Weights under which the children have asked shares of the importance, a child's importance being its squared
 * correlation with the weighted sum.
 *
 * With u_j = w_j sd_j and R the correlation matrix, g = R u is proportional to the correlations of the children with the
 * weighted sum, so that child j's share is g_j^2 / sum g^2. The sum of squared differences from the asked shares is made
 * least over u >= 0 by Newton's steps (Gauss's form of the second derivatives), each projected onto u >= 0 and halved
 * until it improves; u is only known up to a factor, which the least of all steps that Newton's equations allow leaves
 * alone. */
#include "method/method_impl.h"

static const smri_place method_place = {.subject = "weights.method"};

#define MOST_STEPS 300
#define MOST_HALVINGS 50
/* Eigenvalues below this share of the greatest are directions in which nothing changes. */
#define FLAT 1e-13
#define NOT_REACHED 1e-6

typedef struct search {
    const smr_context *context;
    uint32_t count;
    const double *r, *asked;
    double *u, *g, *residuals, *jacobian, *gradient, *step, *trial; /* count each, the jacobian count x count */
    double *system, *values, *vectors;  /* of the free directions */
    uint32_t *free;
} search;

static double *numbers(const search *s, size_t count)
{
    return smri_alloc(s->context, count, sizeof(double));
}

static bool make_search(search *s)
{
    const size_t n = s->count, square = n * n;
    s->u = numbers(s, n);
    s->g = numbers(s, n);
    s->residuals = numbers(s, n);
    s->jacobian = numbers(s, square);
    s->gradient = numbers(s, n);
    s->step = numbers(s, n);
    s->trial = numbers(s, n);
    s->system = numbers(s, square);
    s->values = numbers(s, n);
    s->vectors = numbers(s, square);
    s->free = smri_alloc(s->context, n, sizeof *s->free);
    return s->u != NULL && s->g != NULL && s->residuals != NULL && s->jacobian != NULL && s->gradient != NULL
           && s->step != NULL && s->trial != NULL && s->system != NULL && s->values != NULL && s->vectors != NULL
           && s->free != NULL;
}

static void free_search(search *s)
{
    double *const blocks[] = {s->u,    s->g,     s->residuals, s->jacobian, s->gradient,
                              s->step, s->trial, s->system,    s->values,   s->vectors};
    for (size_t i = 0; i < SMRI_COUNT(blocks); i++) {
        smri_free(s->context, blocks[i]);
    }
    smri_free(s->context, s->free);
}

static double product_with_row(const search *s, uint32_t row, const double *x)
{
    double sum = 0;
    for (uint32_t k = 0; k < s->count; k++) {
        sum += s->r[(size_t)row * s->count + k] * x[k];
    }
    return sum;
}

/* Fills g and the residuals at u; returns the sum of their squares, infinite where the weighted sum has no spread. */
static double evaluate(search *s, const double *u)
{
    double squares = 0, value = 0;
    for (uint32_t i = 0; i < s->count; i++) {
        s->g[i] = product_with_row(s, i, u);
        squares += s->g[i] * s->g[i];
    }
    for (uint32_t i = 0; squares > 0 && i < s->count; i++) {
        s->residuals[i] = s->g[i] * s->g[i] / squares - s->asked[i];
        value += s->residuals[i] * s->residuals[i];
    }
    return squares > 0 ? value : DBL_MAX;
}

/* Derivatives of the shares and of half the sum of squares, at the u that was evaluated last. */
static void differentiate(search *s)
{
    const uint32_t n = s->count;
    double squares = 0;
    for (uint32_t i = 0; i < n; i++) {
        squares += s->g[i] * s->g[i];
    }
    for (uint32_t k = 0; k < n; k++) {
        const double rest = product_with_row(s, k, s->g);
        s->gradient[k] = 0;
        for (uint32_t i = 0; i < n; i++) {
            const double share = s->g[i] * s->g[i] / squares;
            const double slope = 2 / squares * (s->g[i] * s->r[(size_t)i * n + k] - share * rest);
            s->jacobian[(size_t)i * n + k] = slope;
            s->gradient[k] += slope * s->residuals[i];
        }
    }
}

/* Newton's step in the directions that are free: weights above 0, and those at 0 that want to rise. */
static void find_step(search *s)
{
    const uint32_t n = s->count;
    uint32_t count = 0;
    for (uint32_t k = 0; k < n; k++) {
        s->step[k] = 0;
        if (s->u[k] > 0 || s->gradient[k] < 0) {
            s->free[count++] = k;
        }
    }
    for (uint32_t a = 0; a < count; a++) {
        for (uint32_t b = a; b < count; b++) {
            double sum = 0;
            for (uint32_t i = 0; i < n; i++) {
                sum += s->jacobian[(size_t)i * n + s->free[a]] * s->jacobian[(size_t)i * n + s->free[b]];
            }
            s->system[(size_t)a * count + b] = s->system[(size_t)b * count + a] = sum;
        }
    }
    smri_eigen_symmetric(s->system, count, s->values, s->vectors);
    for (uint32_t f = 0; f < count && s->values[f] > FLAT * s->values[0]; f++) {
        const double *vector = s->vectors + (size_t)f * count;
        double along = 0;
        for (uint32_t a = 0; a < count; a++) {
            along += vector[a] * s->gradient[s->free[a]];
        }
        for (uint32_t a = 0; a < count; a++) {
            s->step[s->free[a]] -= vector[a] * along / s->values[f];
        }
    }
}

/* Moves along the projected step as far as it improves. false: it does not. */
static bool move(search *s, double *value)
{
    double length = 1;
    for (int halving = 0; halving < MOST_HALVINGS; halving++, length /= 2) {
        double largest = 0;
        for (uint32_t k = 0; k < s->count; k++) {
            s->trial[k] = SMRI_MAX(s->u[k] + length * s->step[k], 0);
            largest = SMRI_MAX(largest, s->trial[k]);
        }
        for (uint32_t k = 0; largest > 0 && k < s->count; k++) {
            s->trial[k] /= largest;
        }
        const double reached = largest > 0 ? evaluate(s, s->trial) : DBL_MAX;
        if (reached < *value) {
            *value = reached;
            memcpy(s->u, s->trial, s->count * sizeof *s->u);
            return true;
        }
    }
    return false;
}

/* From u, already set. Returns the length of the residuals that are left. */
static double run(search *s)
{
    double value = evaluate(s, s->u);
    for (int step = 0; step < MOST_STEPS && value > 0; step++) {
        evaluate(s, s->u);
        differentiate(s);
        find_step(s);
        if (move(s, &value)) {
            continue;
        }
        /* Where Newton's step leads nowhere, the steepest one may. */
        for (uint32_t k = 0; k < s->count; k++) {
            s->step[k] = -s->gradient[k];
        }
        if (!move(s, &value)) {
            break;
        }
    }
    return sqrt(value);
}

/* Standard deviations relative to the greatest. */
static bool find_deviations(const smri_family_rows *family, const smri_family_data *data, double *deviations)
{
    double *one = smri_alloc(family->context, 1, sizeof *one), greatest = 0;
    double *units = smri_alloc(family->context, data->count, sizeof *units);
    bool fine = one != NULL && units != NULL;
    for (uint32_t i = 0; fine && i < data->count; i++) {
        double least = 0, most = 0;
        size_t present = 0;
        data->kernels->extent(data->columns[i], data->complete.n, &least, &most, &present);
        units[i] = smri_binary_scale(SMRI_MAX(fabs(least), fabs(most)));
        fine = smri_covariances(family->context, &data->columns[i], 1, data->complete.n, one);
        deviations[i] = sqrt(*one) * units[i];
        greatest = SMRI_MAX(greatest, deviations[i]);
    }
    for (uint32_t i = 0; fine && i < data->count; i++) {
        deviations[i] /= greatest;
    }
    smri_free(family->context, one);
    smri_free(family->context, units);
    return fine;
}

/* `shares` are those asked of all children, in order; they need not sum to one. */
static smr_status weigh(const smri_family_rows *family, const smri_family_data *data, const double *shares,
                        double *weights, smr_error *error)
{
    const uint32_t count = data->count;
    double *r = NULL, *asked = smri_alloc(family->context, count, sizeof *asked), total = 0, outside = 0;
    double *deviations = smri_alloc(family->context, count, sizeof *deviations);
    search s = {.context = family->context, .count = count};
    smr_status status = asked != NULL && deviations != NULL && make_search(&s) &&
                                find_deviations(family, data, deviations)
                            ? smri_family_correlations(family, data, SMRI_PEARSON, &r, error)
                            : smri_fail_memory(error);
    for (uint32_t i = 0; i < family->count; i++) {
        total += shares[i];
        outside += shares[i];
    }
    for (uint32_t i = 0; status == SMR_OK && i < count; i++) {
        asked[i] = shares[data->places[i]] / total;
        outside -= shares[data->places[i]];
        s.u[i] = deviations[i];
    }
    if (status == SMR_OK && count > 0) {
        s.r = r;
        s.asked = asked;
        double residual = run(&s), least = DBL_MAX;
        for (uint32_t i = 0; i < count; i++) {
            least = SMRI_MIN(least, deviations[i]);
        }
        for (uint32_t i = 0; i < count; i++) {
            weights[data->places[i]] = s.u[i] * (least > 0 ? least / deviations[i] : 1);
        }
        residual = SMRI_MAX(residual, outside / total);
        if (residual > NOT_REACHED) {
            char number[SMRI_NUMBER_SIZE];
            smri_number_write_fixed(number, sizeof number, residual, 6);
            const char *const texts[] = {family->framework->nodes[family->node].id, number};
            smri_family_warn(family, SMR_MESSAGE_WEIGHTS_NOT_REACHED, texts, SMRI_COUNT(texts));
        }
    }
    free_search(&s);
    smri_free(family->context, r);
    smri_free(family->context, asked);
    smri_free(family->context, deviations);
    return status;
}

static smr_status decide(const smri_choice *choice, const smri_family_rows *family, bool equal, double *weights,
                         smr_error *error)
{
    if (family->count == 1) {
        weights[0] = 1;
        return SMR_OK;
    }
    double *shares = smri_alloc(family->context, family->count, sizeof *shares);
    smr_status status = shares != NULL ? SMR_OK : smri_fail_memory(error);
    if (status == SMR_OK && !equal) {
        status = smri_weights_given(choice, family->framework, family->node, shares, error);
    }
    smri_family_data data;
    if (status == SMR_OK) {
        status = smri_family_begin(choice, family, &data, weights, error);
        /* A child without spread cannot have a share: the others have equal ones. */
        for (uint32_t i = 0; status == SMR_OK && equal && i < family->count; i++) {
            shares[i] = 0;
        }
        for (uint32_t i = 0; status == SMR_OK && equal && i < data.count; i++) {
            shares[data.places[i]] = 1;
        }
        if (status == SMR_OK && data.count == 0) {
            status = smri_fail(error, SMR_MESSAGE_WEIGHTS_UNDECIDED, &method_place, choice->method->name,
                               family->framework->nodes[family->node].id);
        }
        if (status == SMR_OK) {
            status = weigh(family, &data, shares, weights, error);
        }
        smri_family_end(family, &data);
    }
    smri_free(family->context, shares);
    return status;
}

smr_status smri_weights_equal_correlation(const smri_choice *choice, const smri_family_rows *family, double *weights,
                                          smr_error *error)
{
    return decide(choice, family, true, weights, error);
}

smr_status smri_weights_given_importance(const smri_choice *choice, const smri_family_rows *family, double *weights,
                                         smr_error *error)
{
    return decide(choice, family, false, weights, error);
}
