/* SPDX-License-Identifier: MIT */
/* Weights of siblings from their scores, on the rows in which every sibling has one. A child without spread tells no
 * region from another: it gets no weight, which is told. Sums over rows are exact. */
#include "method/method_impl.h"

static const smri_place method_place = {.subject = "weights.method"};

static const char *child_id(const smri_family_rows *family, uint32_t place)
{
    int32_t child = family->framework->nodes[family->node].first_child;
    while (place-- > 0) {
        child = family->framework->nodes[child].next_sibling;
    }
    return family->framework->nodes[child].id;
}

void smri_family_warn(const smri_family_rows *family, int32_t code, const char *const *texts, size_t count)
{
    smri_report(family->context, SMR_SEVERITY_WARNING, code, &method_place, texts, count);
}

/* ---- the rows and children that decide ---- */

#define LEAST_ROWS 2

smr_status smri_family_begin(const smri_choice *choice, const smri_family_rows *family, smri_family_data *data,
                             double *weights, smr_error *error)
{
    const char *node = family->framework->nodes[family->node].id;
    *data = (smri_family_data){.kernels = smri_context_kernels(family->context)};
    if (!smri_complete_rows(family->context, family->scores, family->count, family->n, &data->complete)) {
        return smri_fail_memory(error);
    }
    data->places = smri_alloc(family->context, family->count, sizeof *data->places);
    data->columns = smri_alloc(family->context, family->count, sizeof *data->columns);
    if (data->places == NULL || data->columns == NULL) {
        return smri_fail_memory(error);
    }
    if (data->complete.n < LEAST_ROWS) {
        char found[SMRI_INTEGER_SIZE];
        return smri_fail(error, SMR_MESSAGE_WEIGHTS_ROWS_FEW, &method_place, choice->method->name, node,
                         smri_text_integer(found, data->complete.n));
    }
    for (uint32_t i = 0; i < family->count; i++) {
        double least = 0, greatest = 0;
        size_t present = 0;
        weights[i] = 0;
        data->kernels->extent(data->complete.columns[i], data->complete.n, &least, &greatest, &present);
        if (least < greatest) {
            data->places[data->count] = i;
            data->columns[data->count++] = data->complete.columns[i];
        } else {
            const char *const texts[] = {child_id(family, i), node};
            smri_family_warn(family, SMR_MESSAGE_WEIGHTS_CHILD_CONSTANT, texts, SMRI_COUNT(texts));
        }
    }
    return SMR_OK;
}

void smri_family_end(const smri_family_rows *family, smri_family_data *data)
{
    smri_complete_free(family->context, &data->complete);
    smri_free(family->context, data->places);
    smri_free(family->context, data->columns);
}

/* A method that gives no child any weight has decided nothing. */
static smr_status check_total(const smri_choice *choice, const smri_family_rows *family, const double *weights,
                              smr_error *error)
{
    double total = 0, largest = 0;
    for (uint32_t i = 0; i < family->count; i++) {
        total += weights[i];
        largest = SMRI_MAX(largest, fabs(weights[i]));
    }
    return total > 1e-12 * largest ? SMR_OK
                                   : smri_fail(error, SMR_MESSAGE_WEIGHTS_UNDECIDED, &method_place,
                                               choice->method->name, family->framework->nodes[family->node].id);
}

/* What a method makes of the children that have spread; weights are those of all children, 0 so far. */
typedef smr_status (*decision)(const smri_choice *choice, const smri_family_rows *family, const smri_family_data *data,
                               double *weights, smr_error *error);

static smr_status decide(const smri_choice *choice, const smri_family_rows *family, decision by, double *weights,
                         smr_error *error)
{
    if (family->count == 1) {
        weights[0] = 1;
        return SMR_OK;
    }
    smri_family_data data;
    smr_status status = smri_family_begin(choice, family, &data, weights, error);
    if (status == SMR_OK) {
        status = by(choice, family, &data, weights, error);
    }
    smri_family_end(family, &data);
    return status == SMR_OK ? check_total(choice, family, weights, error) : status;
}

/* Fails when a score is below `least`, or at it when it is not legal itself. */
static smr_status check_scores(const smri_choice *choice, const smri_family_rows *family, const smri_family_data *data,
                               bool zero_is_legal, smr_error *error)
{
    for (uint32_t i = 0; i < family->count; i++) {
        for (size_t row = 0; row < data->complete.n; row++) {
            const double y = data->complete.columns[i][row];
            if (y < 0 || (y == 0 && !zero_is_legal)) {
                char number[SMRI_NUMBER_SIZE];
                smri_number_write(number, y);
                return smri_fail(error, SMR_MESSAGE_WEIGHTS_SCORE_DOMAIN, &method_place,
                                 family->regions[data->complete.rows[row]], number, child_id(family, i),
                                 choice->method->name, zero_is_legal ? "0 or more" : "above 0");
            }
        }
    }
    return SMR_OK;
}

smr_status smri_family_correlations(const smri_family_rows *family, const smri_family_data *data,
                                    smri_correlation kind, double **r, smr_error *error)
{
    const size_t cells = (size_t)data->count * data->count;
    smri_correlations all = {.rows = smri_alloc(family->context, cells, sizeof *all.rows)};
    *r = all.r[kind] = smri_alloc(family->context, cells, sizeof **r);
    const smr_status status = *r != NULL && all.rows != NULL
                                  ? smri_correlate(family->context, data->columns, data->count, data->complete.n, &all,
                                                   error)
                                  : smri_fail_memory(error);
    smri_free(family->context, all.rows);
    return status;
}

/* ---- spread of one column ---- */

static double exact_sum(const smri_kernels *kernels, const double *x, size_t n)
{
    smri_exact_sum sum;
    smri_exact_sum_init(&sum);
    smri_exact_sum_add_array(&sum, kernels, x, n);
    return smri_exact_sum_value(&sum);
}

/* The column in a unit of its own, so that no sum of it overflows. */
static void scale(const smri_family_data *data, const double *x, double *scaled)
{
    const size_t n = data->complete.n;
    double least = 0, greatest = 0;
    size_t count = 0;
    data->kernels->extent(x, n, &least, &greatest, &count);
    const double unit = smri_binary_scale(SMRI_MAX(fabs(least), fabs(greatest)));
    for (size_t i = 0; i < n; i++) {
        scaled[i] = x[i] / unit;
    }
}

static double deviation_of(const smri_family_data *data, double *y)
{
    const size_t n = data->complete.n;
    double least = 0, greatest = 0;
    size_t count = 0;
    data->kernels->extent(y, n, &least, &greatest, &count);
    for (size_t i = 0; i < n; i++) {
        y[i] = (y[i] - least) / (greatest - least);
    }
    const double mean = exact_sum(data->kernels, y, n) / (double)n;
    smri_exact_sum squares;
    smri_exact_sum_init(&squares);
    smri_exact_sum_add_powers(&squares, data->kernels, y, n, mean, 2);
    return sqrt(smri_exact_sum_value(&squares) / (double)(n - 1));
}

static double entropy_of(const smri_family_data *data, double *y)
{
    const size_t n = data->complete.n;
    const double total = exact_sum(data->kernels, y, n);
    for (size_t i = 0; i < n; i++) {
        const double p = y[i] / total;
        y[i] = p > 0 ? p * smri_log(p) : 0;
    }
    return SMRI_MAX(1 + exact_sum(data->kernels, y, n) / smri_log((double)n), 0);
}

/* y stands upward. */
static double gini_of(const smri_family_data *data, double *y)
{
    const size_t n = data->complete.n;
    const double total = exact_sum(data->kernels, y, n);
    for (size_t i = 0; i < n; i++) {
        y[i] *= 2 * (double)(i + 1) - (double)n - 1;
    }
    return exact_sum(data->kernels, y, n) / ((double)n * total);
}

/* A number for each column with spread, from a copy that it may change; `sorted`: upward. */
static smr_status by_column(const smri_family_rows *family, const smri_family_data *data,
                            double (*measure)(const smri_family_data *, double *), bool sorted, double *weights,
                            smr_error *error)
{
    double *y = smri_alloc(family->context, data->complete.n, sizeof *y);
    bool fine = y != NULL;
    for (uint32_t i = 0; fine && i < data->count; i++) {
        scale(data, data->columns[i], y);
        fine = !sorted || smri_sort_ascending(family->context, y, data->complete.n);
        weights[data->places[i]] = fine ? measure(data, y) : 0;
    }
    smri_free(family->context, y);
    return fine ? SMR_OK : smri_fail_memory(error);
}

static smr_status by_deviation(const smri_choice *choice, const smri_family_rows *family,
                               const smri_family_data *data, double *weights, smr_error *error)
{
    (void)choice;
    return by_column(family, data, deviation_of, false, weights, error);
}

static smr_status by_entropy(const smri_choice *choice, const smri_family_rows *family, const smri_family_data *data,
                             double *weights, smr_error *error)
{
    const smr_status status = check_scores(choice, family, data, true, error);
    return status == SMR_OK ? by_column(family, data, entropy_of, false, weights, error) : status;
}

static smr_status by_gini(const smri_choice *choice, const smri_family_rows *family, const smri_family_data *data,
                          double *weights, smr_error *error)
{
    const smr_status status = check_scores(choice, family, data, true, error);
    return status == SMR_OK ? by_column(family, data, gini_of, true, weights, error) : status;
}

smr_status smri_weights_standard_deviation(const smri_choice *choice, const smri_family_rows *family, double *weights,
                                           smr_error *error)
{
    return decide(choice, family, by_deviation, weights, error);
}

smr_status smri_weights_entropy(const smri_choice *choice, const smri_family_rows *family, double *weights,
                                smr_error *error)
{
    return decide(choice, family, by_entropy, weights, error);
}

smr_status smri_weights_gini(const smri_choice *choice, const smri_family_rows *family, double *weights,
                             smr_error *error)
{
    return decide(choice, family, by_gini, weights, error);
}

/* ---- spread and correlation ---- */

static smr_status by_conflict(const smri_choice *choice, const smri_family_rows *family, const smri_family_data *data,
                              double *weights, smr_error *error)
{
    const smri_correlation kind = (smri_correlation)smri_setting_of(choice, "correlation")->number;
    double *r = NULL;
    smr_status status = smri_family_correlations(family, data, kind, &r, error);
    if (status == SMR_OK) {
        status = by_column(family, data, deviation_of, false, weights, error);
    }
    for (uint32_t i = 0; status == SMR_OK && i < data->count; i++) {
        double conflict = 0;
        for (uint32_t k = 0; k < data->count; k++) {
            conflict += k != i ? 1 - r[(size_t)i * data->count + k] : 0;
        }
        weights[data->places[i]] *= conflict;
    }
    smri_free(family->context, r);
    return status;
}

smr_status smri_weights_critic(const smri_choice *choice, const smri_family_rows *family, double *weights,
                               smr_error *error)
{
    return decide(choice, family, by_conflict, weights, error);
}

/* ---- what leaving a child out changes ---- */

static smr_status by_removal(const smri_choice *choice, const smri_family_rows *family, const smri_family_data *data,
                             double *weights, smr_error *error)
{
    const size_t n = data->complete.n;
    const uint32_t count = family->count;
    smr_status status = check_scores(choice, family, data, false, error);
    smri_exact_sum *effects = smri_alloc(family->context, count, sizeof *effects);
    double *least = smri_alloc(family->context, count, sizeof *least);
    double *logs = smri_alloc(family->context, count, sizeof *logs);
    if (status == SMR_OK && (effects == NULL || least == NULL || logs == NULL)) {
        status = smri_fail_memory(error);
    }
    for (uint32_t i = 0; status == SMR_OK && i < count; i++) {
        double lowest = 0, greatest = 0;
        size_t present = 0;
        data->kernels->extent(data->complete.columns[i], n, &lowest, &greatest, &present);
        least[i] = smri_log(lowest);
        smri_exact_sum_init(&effects[i]);
    }
    for (size_t row = 0; status == SMR_OK && row < n; row++) {
        double all = 0;
        for (uint32_t i = 0; i < count; i++) {
            logs[i] = smri_log(data->complete.columns[i][row]) - least[i];
            all += logs[i];
        }
        for (uint32_t i = 0; i < count; i++) {
            const double without = SMRI_MAX(all - logs[i], 0);
            smri_exact_sum_add(&effects[i], fabs(smri_log(1 + without / count) - smri_log(1 + all / count)));
        }
    }
    for (uint32_t i = 0; status == SMR_OK && i < count; i++) {
        weights[i] = smri_exact_sum_value(&effects[i]);
    }
    smri_free(family->context, effects);
    smri_free(family->context, least);
    smri_free(family->context, logs);
    return status;
}

smr_status smri_weights_merec(const smri_choice *choice, const smri_family_rows *family, double *weights,
                              smr_error *error)
{
    return decide(choice, family, by_removal, weights, error);
}

/* ---- components ---- */

typedef struct components {
    double *r, *values, *vectors;
} components;

static smr_status find_components(const smri_family_rows *family, const smri_family_data *data, components *c,
                                  smr_error *error)
{
    *c = (components){.values = smri_alloc(family->context, data->count, sizeof *c->values),
                      .vectors = smri_alloc(family->context, (size_t)data->count * data->count, sizeof *c->vectors)};
    smr_status status = c->values != NULL && c->vectors != NULL
                            ? smri_family_correlations(family, data, SMRI_PEARSON, &c->r, error)
                            : smri_fail_memory(error);
    if (status == SMR_OK && !smri_principal_components(family->context, c->r, data->count, c->values, c->vectors)) {
        status = smri_fail_memory(error);
    }
    return status;
}

static void free_components(const smri_family_rows *family, components *c)
{
    smri_free(family->context, c->r);
    smri_free(family->context, c->values);
    smri_free(family->context, c->vectors);
}

static smr_status by_first_component(const smri_choice *choice, const smri_family_rows *family,
                                     const smri_family_data *data, double *weights, smr_error *error)
{
    const bool keep = smri_setting_of(choice, "negatives")->number != 0;
    components c;
    const smr_status status = find_components(family, data, &c, error);
    for (uint32_t i = 0; status == SMR_OK && i < data->count; i++) {
        const uint32_t place = data->places[i];
        weights[place] = c.vectors[i];
        if (weights[place] < 0 && !keep) {
            char number[SMRI_NUMBER_SIZE];
            smri_number_write_fixed(number, sizeof number, weights[place], 4);
            const char *const texts[] = {child_id(family, place), family->framework->nodes[family->node].id, number};
            smri_family_warn(family, SMR_MESSAGE_WEIGHTS_CLIPPED, texts, SMRI_COUNT(texts));
            weights[place] = 0;
        }
    }
    free_components(family, &c);
    return status;
}

smr_status smri_weights_pca(const smri_choice *choice, const smri_family_rows *family, double *weights,
                            smr_error *error)
{
    return decide(choice, family, by_first_component, weights, error);
}

static smr_status by_factors(const smri_choice *choice, const smri_family_rows *family, const smri_family_data *data,
                             double *weights, smr_error *error)
{
    const smri_setting *retain = smri_setting_of(choice, "retain");
    const uint32_t count = data->count;
    if (count == 0) {
        return SMR_OK;
    }
    components c;
    smr_status status = find_components(family, data, &c, error);
    const uint32_t kept =
        status != SMR_OK ? 0
        : retain->text == NULL
            ? smri_components_kept(c.values, count, SMRI_RETAIN_NUMBER, (uint32_t)retain->number)
            : smri_components_kept(c.values, count, (smri_retain)retain->number, 0);
    double *loadings = smri_alloc(family->context, (size_t)count * kept, sizeof *loadings);
    double *explained = smri_alloc(family->context, kept, sizeof *explained);
    if (status == SMR_OK && (loadings == NULL || explained == NULL)) {
        status = smri_fail_memory(error);
    }
    if (status == SMR_OK) {
        smri_component_loadings(c.values, c.vectors, count, kept, loadings);
        status = smri_varimax(family->context, loadings, count, kept, explained) ? SMR_OK : smri_fail_memory(error);
    }
    for (uint32_t i = 0; status == SMR_OK && i < count; i++) {
        double largest = 0;
        for (uint32_t f = 0; f < kept; f++) {
            largest = SMRI_MAX(largest, fabs(loadings[(size_t)i * kept + f]));
        }
        weights[data->places[i]] = largest * largest;
    }
    smri_free(family->context, loadings);
    smri_free(family->context, explained);
    free_components(family, &c);
    return status;
}

smr_status smri_weights_factor(const smri_choice *choice, const smri_family_rows *family, double *weights,
                               smr_error *error)
{
    return decide(choice, family, by_factors, weights, error);
}
