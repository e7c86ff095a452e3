/* SPDX-License-Identifier: MIT */
/* Weights of siblings from what people say: points given by experts, and comparisons of pairs. Everything is given by
 * id, nothing by position. */
#include "method/method_impl.h"

static const smri_place experts_place = {.subject = "weights.experts"};
static const smri_place matrices_place = {.subject = "weights.matrices"};

static void describe(const smri_value *value, char out[SMRI_NUMBER_SIZE])
{
    static const char *const kinds[] = {"null", "a truth value", "a number", "a text", "a list", "an object"};
    out[0] = '\0';
    if (value->type == SMRI_NUMBER) {
        smri_number_write(out, value->number);
    } else {
        smri_text_cut(out, SMRI_NUMBER_SIZE, kinds[value->type]);
    }
}

/* Every key is the id of a node, or (`parent` 0 or more) of a child of that node. */
static smr_status check_keys(const smr_framework *framework, const smri_value *object, int32_t parent,
                             const smri_place *place, smr_error *error)
{
    for (const smri_value *entry = object->first; entry != NULL; entry = entry->next) {
        const int64_t node = smr_framework_find(framework, entry->key);
        if (node < 0 || (parent >= 0 && framework->nodes[node].parent != parent)) {
            return smri_fail(error, SMR_MESSAGE_WEIGHTS_ID_UNKNOWN, place, entry->key,
                             parent >= 0 ? "a child of" : "a node below",
                             framework->nodes[SMRI_MAX(parent, 0)].id);
        }
    }
    return SMR_OK;
}

/* ---- budget allocation ---- */

/* The points of one expert for one child; the share of a child is its points over their sum. */
static smr_status read_points(const smr_framework *framework, const smri_value *row, const char *expert, uint32_t node,
                              double *points, bool *any, smr_error *error)
{
    const smri_node *nodes = framework->nodes;
    const char *missing = NULL;
    double total = 0;
    uint32_t i = 0;
    *any = false;
    for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling, i++) {
        const smri_value *entry = smri_entry_of_node(row, framework, child);
        if (entry == NULL) {
            missing = missing == NULL ? nodes[child].id : missing;
            continue;
        }
        if (entry->type != SMRI_NUMBER || !(entry->number >= 0) || entry->number > 1e9) {
            char found[SMRI_NUMBER_SIZE];
            describe(entry, found);
            return smri_fail(error, SMR_MESSAGE_EXPERT_POINTS_WRONG, &experts_place, expert, nodes[child].id, found,
                             "a number from 0 to 1e9");
        }
        points[i] = entry->number;
        total += entry->number;
        *any = true;
    }
    if (!*any) {
        return SMR_OK;
    }
    if (missing != NULL) {
        return smri_fail(error, SMR_MESSAGE_EXPERT_POINTS_MISSING, &experts_place, expert, missing, nodes[node].id);
    }
    if (!(total > 0)) {
        return smri_fail(error, SMR_MESSAGE_EXPERT_POINTS_WRONG, &experts_place, expert, nodes[node].id,
                         "0 for all its children", "points above 0 for one at least");
    }
    while (i-- > 0) {
        points[i] /= total;
    }
    return SMR_OK;
}

/* Mean and standard deviation of shares[e * count + i] over the experts e. */
static void summarise(const double *shares, uint32_t experts, uint32_t count, double *means, double *deviations)
{
    for (uint32_t i = 0; i < count; i++) {
        smri_exact_sum sum;
        smri_exact_sum_init(&sum);
        for (uint32_t e = 0; e < experts; e++) {
            smri_exact_sum_add(&sum, shares[(size_t)e * count + i]);
        }
        means[i] = smri_exact_sum_value(&sum) / experts;
        smri_exact_sum_init(&sum);
        for (uint32_t e = 0; e < experts; e++) {
            const double d = shares[(size_t)e * count + i] - means[i];
            smri_exact_sum_add(&sum, d * d);
        }
        deviations[i] = experts > 1 ? sqrt(smri_exact_sum_value(&sum) / (experts - 1)) : NAN;
    }
}

smr_status smri_budget_allocation(const smri_choice *choice, const smr_framework *framework, uint32_t node,
                                  double *means, double *deviations, uint32_t *experts, smr_error *error)
{
    const smri_value *rows = smri_setting_of(choice, "experts")->value;
    const uint32_t count = (uint32_t)framework->nodes[node].child_count;
    const smr_context *context = smri_context(framework->context);
    size_t cells;
    *experts = 0;
    if (rows == NULL || rows->type != SMRI_ARRAY) {
        return smri_fail(error, SMR_MESSAGE_PLAN_VALUE, &experts_place, "no list",
                         "a list of experts, {id: points, ...} each");
    }
    double *shares = smri_product(rows->count, count, &cells) ? smri_alloc(context, cells, sizeof *shares) : NULL;
    smr_status status = shares != NULL ? SMR_OK : smri_fail_memory(error);
    uint64_t number = 1;
    for (const smri_value *row = rows->first; status == SMR_OK && row != NULL; row = row->next, number++) {
        char expert[SMRI_INTEGER_SIZE];
        smri_text_integer(expert, number);
        bool any = false;
        if (row->type != SMRI_OBJECT) {
            char found[SMRI_NUMBER_SIZE];
            describe(row, found);
            status = smri_fail(error, SMR_MESSAGE_EXPERT_POINTS_WRONG, &experts_place, expert, "the children", found,
                               "an object {id: points, ...}");
        } else {
            status = check_keys(framework, row, -1, &experts_place, error);
        }
        if (status == SMR_OK) {
            status = read_points(framework, row, expert, node, shares + (size_t)*experts * count, &any, error);
            *experts += any;
        }
    }
    if (status == SMR_OK && *experts == 0) {
        status = smri_fail(error, SMR_MESSAGE_EXPERTS_NONE, &experts_place, framework->nodes[node].id);
    }
    if (status == SMR_OK) {
        summarise(shares, *experts, count, means, deviations);
    }
    smri_free(context, shares);
    return status;
}

/* Tells where the experts differ most. */
static void report_dispersion(const smr_framework *framework, uint32_t node, const double *deviations,
                              uint32_t experts)
{
    char number[SMRI_INTEGER_SIZE], deviation[SMRI_NUMBER_SIZE];
    const char *id = NULL;
    double most = -1;
    for (int32_t child = framework->nodes[node].first_child; child >= 0; child = framework->nodes[child].next_sibling) {
        if (*deviations > most) {
            most = *deviations;
            id = framework->nodes[child].id;
        }
        deviations++;
    }
    if (id != NULL) {
        smri_number_write_fixed(deviation, sizeof deviation, most, 4);
        const char *const texts[] = {smri_text_integer(number, experts), framework->nodes[node].id, id, deviation};
        smri_report(smri_context(framework->context), SMR_SEVERITY_NOTE, SMR_MESSAGE_EXPERTS_DIFFER, &experts_place,
                    texts, SMRI_COUNT(texts));
    }
}

smr_status smri_weights_budget_allocation(const smri_choice *choice, const smr_framework *framework, uint32_t node,
                                          double *weights, smr_error *error)
{
    const smr_context *context = smri_context(framework->context);
    double *deviations = smri_alloc(context, (size_t)framework->nodes[node].child_count, sizeof *deviations);
    uint32_t experts = 0;
    smr_status status = SMR_OK;
    if (framework->nodes[node].child_count == 1) {
        weights[0] = 1;
    } else {
        status = deviations != NULL
                     ? smri_budget_allocation(choice, framework, node, weights, deviations, &experts, error)
                     : smri_fail_memory(error);
        if (status == SMR_OK) {
            report_dispersion(framework, node, deviations, experts);
        }
    }
    smri_free(context, deviations);
    return status;
}

/* ---- the analytic hierarchy process ---- */

/* Comparisons lie within these bounds, far beyond Saaty's scale of 1/9 to 9. */
#define LEAST_RATIO 1e-6
#define GREATEST_RATIO 1e6
/* Two statements about one pair that agree up to the rounding of a printed third. */
#define AGREES 0.01
#define MOST_STEPS 100000
#define INCONSISTENT 0.1

/* Mean consistency index of random matrices. */
static double random_index(uint32_t count)
{
    static const double saaty[] = {0,    0,    0,    0.58, 0.90, 1.12, 1.24, 1.32,
                                   1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59};
    if (count < SMRI_COUNT(saaty)) {
        return saaty[count];
    }
    return (2.7699 * count - 4.3513 - count) / (count - 1.0);
}

/* The matrix of a node: under its id, or "root" for the root. */
static const smri_value *find_matrix(const smri_value *matrices, const smr_framework *framework, uint32_t node)
{
    const smri_value *matrix = smri_entry_of_node(matrices, framework, (int32_t)node);
    return matrix == NULL && node == 0 ? smri_value_get(matrices, "root") : matrix;
}

/* One side's statement about a pair: *ratio stays 0 when there is none. */
static smr_status read_ratio(const smri_value *matrix, const smr_framework *framework, int32_t row, int32_t column,
                             double *ratio, smr_error *error)
{
    const smri_value *line = smri_entry_of_node(matrix, framework, row);
    const smri_value *entry = line != NULL ? smri_entry_of_node(line, framework, column) : NULL;
    *ratio = 0;
    if (entry == NULL) {
        return SMR_OK;
    }
    *ratio = entry->number;
    if (entry->type != SMRI_NUMBER || !(*ratio >= LEAST_RATIO) || *ratio > GREATEST_RATIO
        || (row == column && *ratio != 1)) {
        char found[SMRI_NUMBER_SIZE];
        describe(entry, found);
        return smri_fail(error, SMR_MESSAGE_AHP_VALUE_WRONG, &matrices_place, framework->nodes[row].id,
                         framework->nodes[column].id, found, row == column ? "1" : "a number from 1e-6 to 1e6");
    }
    return SMR_OK;
}

static smr_status read_pair(const smri_value *matrix, const smr_framework *framework, uint32_t node, int32_t a,
                            int32_t b, double *ratio, double *back, smr_error *error)
{
    const char *id_a = framework->nodes[a].id, *id_b = framework->nodes[b].id;
    smr_status status = read_ratio(matrix, framework, a, b, ratio, error);
    if (status == SMR_OK) {
        status = read_ratio(matrix, framework, b, a, back, error);
    }
    if (status != SMR_OK) {
        return status;
    }
    if (*ratio == 0 && *back == 0 && a != b) {
        return smri_fail(error, SMR_MESSAGE_AHP_PAIR_MISSING, &matrices_place, framework->nodes[node].id, id_a, id_b);
    }
    if (*ratio != 0 && *back != 0 && fabs(*ratio * *back - 1) > AGREES) {
        char there[SMRI_NUMBER_SIZE], here[SMRI_NUMBER_SIZE];
        smri_number_write(there, *ratio);
        smri_number_write(here, *back);
        return smri_fail(error, SMR_MESSAGE_AHP_PAIR_TWICE, &matrices_place, id_a, id_b, there, here);
    }
    return SMR_OK;
}

/* The matrix row after row. Of two statements about a pair the one of 1 or more counts: its reciprocal is exact. */
static smr_status read_matrix(const smri_value *matrix, const smr_framework *framework, uint32_t node, double *a,
                              smr_error *error)
{
    const smri_node *nodes = framework->nodes;
    const size_t count = (size_t)nodes[node].child_count;
    smr_status status = check_keys(framework, matrix, (int32_t)node, &matrices_place, error);
    for (const smri_value *line = matrix->first; status == SMR_OK && line != NULL; line = line->next) {
        if (line->type != SMRI_OBJECT) {
            char found[SMRI_NUMBER_SIZE];
            describe(line, found);
            status = smri_fail(error, SMR_MESSAGE_AHP_VALUE_WRONG, &matrices_place, line->key, "its siblings", found,
                               "an object {id: how many times more, ...}");
        } else {
            status = check_keys(framework, line, (int32_t)node, &matrices_place, error);
        }
    }
    size_t i = 0;
    for (int32_t row = nodes[node].first_child; status == SMR_OK && row >= 0; row = nodes[row].next_sibling, i++) {
        size_t j = i;
        for (int32_t column = row; status == SMR_OK && column >= 0; column = nodes[column].next_sibling, j++) {
            double ratio = 0, back = 0;
            status = read_pair(matrix, framework, node, row, column, &ratio, &back, error);
            const bool forward = ratio >= back;
            a[i * count + j] = i == j ? 1 : forward ? ratio : 1 / back;
            a[j * count + i] = i == j ? 1 : forward ? 1 / ratio : back;
        }
    }
    return status;
}

/* y = a x; returns the mean of y_i / x_i. */
static double multiply(const double *a, const double *x, uint32_t count, double *y)
{
    double sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        y[i] = 0;
        for (uint32_t j = 0; j < count; j++) {
            y[i] += a[(size_t)i * count + j] * x[j];
        }
        sum += y[i] / x[i];
    }
    return sum / count;
}

static void divide_by_sum(double *x, uint32_t count)
{
    double sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        sum += x[i];
    }
    for (uint32_t i = 0; i < count; i++) {
        x[i] /= sum;
    }
}

/* Starts from the row geometric means. The eigenvector is found by multiplying with a + lambda I, which has the same
 * vectors and, unlike a, no second eigenvalue as large as the first. Returns lambda. */
static double find_vector(const double *a, uint32_t count, bool eigenvector, double *weights, double *next)
{
    for (uint32_t i = 0; i < count; i++) {
        double logarithms = 0;
        for (uint32_t j = 0; j < count; j++) {
            logarithms += smri_log(a[(size_t)i * count + j]);
        }
        weights[i] = smri_exp(logarithms / count);
    }
    divide_by_sum(weights, count);
    double lambda = multiply(a, weights, count, next);
    const double shift = lambda;
    for (int step = 0; eigenvector && step < MOST_STEPS; step++) {
        double moved = 0;
        for (uint32_t i = 0; i < count; i++) {
            next[i] += shift * weights[i];
        }
        divide_by_sum(next, count);
        for (uint32_t i = 0; i < count; i++) {
            moved = SMRI_MAX(moved, fabs(next[i] - weights[i]) / weights[i]);
            weights[i] = next[i];
        }
        lambda = multiply(a, weights, count, next);
        if (moved < 4 * DBL_EPSILON) {
            break;
        }
    }
    return lambda;
}

smr_status smri_ahp(const smri_choice *choice, const smr_framework *framework, uint32_t node, double *weights,
                    smri_consistency *consistency, smr_error *error)
{
    const smri_value *matrices = smri_setting_of(choice, "matrices")->value;
    const smri_setting *index = smri_setting_of(choice, "random_index");
    const uint32_t count = (uint32_t)framework->nodes[node].child_count;
    const smr_context *context = smri_context(framework->context);
    const smri_value *matrix = matrices != NULL ? find_matrix(matrices, framework, node) : NULL;
    if (matrix == NULL || matrix->type != SMRI_OBJECT) {
        return smri_fail(error, SMR_MESSAGE_AHP_MATRIX_MISSING, &matrices_place, framework->nodes[node].id);
    }
    double *a = smri_alloc(context, (size_t)count * count, sizeof *a), *next = smri_alloc(context, count, sizeof *next);
    smr_status status = a != NULL && next != NULL ? read_matrix(matrix, framework, node, a, error)
                                                  : smri_fail_memory(error);
    if (status == SMR_OK) {
        const bool eigenvector = smri_setting_of(choice, "vector")->number == 0;
        consistency->lambda = find_vector(a, count, eigenvector, weights, next);
        const double random = index->given ? index->number : random_index(count);
        consistency->index = count > 1 ? SMRI_MAX((consistency->lambda - count) / (count - 1.0), 0) : 0;
        /* Two children cannot contradict one another. */
        consistency->ratio = count < 3 ? 0 : consistency->index / random;
    }
    smri_free(context, a);
    smri_free(context, next);
    return status;
}

smr_status smri_weights_ahp(const smri_choice *choice, const smr_framework *framework, uint32_t node, double *weights,
                            smr_error *error)
{
    smri_consistency consistency;
    if (framework->nodes[node].child_count == 1) {
        weights[0] = 1;
        return SMR_OK;
    }
    const smr_status status = smri_ahp(choice, framework, node, weights, &consistency, error);
    if (status == SMR_OK && consistency.ratio > INCONSISTENT) {
        char ratio[SMRI_NUMBER_SIZE];
        smri_number_write_fixed(ratio, sizeof ratio, consistency.ratio, 4);
        const char *const texts[] = {ratio, framework->nodes[node].id};
        smri_report(smri_context(framework->context), SMR_SEVERITY_WARNING, SMR_MESSAGE_AHP_INCONSISTENT,
                    &matrices_place, texts, SMRI_COUNT(texts));
    }
    return status;
}

/* ---- what is wrong is told before there are data ---- */

smr_status smri_budget_allocation_check(const smri_choice *choice, const smr_framework *framework, uint32_t node,
                                        smr_error *error)
{
    const smr_context *context = smri_context(framework->context);
    const size_t count = (size_t)framework->nodes[node].child_count;
    double *means = smri_alloc(context, count, sizeof *means);
    double *deviations = smri_alloc(context, count, sizeof *deviations);
    uint32_t experts = 0;
    smr_status status = means != NULL && deviations != NULL ? SMR_OK : smri_fail_memory(error);
    if (status == SMR_OK && count > 1) {
        status = smri_budget_allocation(choice, framework, node, means, deviations, &experts, error);
    }
    smri_free(context, means);
    smri_free(context, deviations);
    return status;
}

smr_status smri_ahp_check(const smri_choice *choice, const smr_framework *framework, uint32_t node, smr_error *error)
{
    const smr_context *context = smri_context(framework->context);
    const size_t count = (size_t)framework->nodes[node].child_count;
    double *weights = smri_alloc(context, count, sizeof *weights);
    smri_consistency consistency;
    smr_status status = weights != NULL ? SMR_OK : smri_fail_memory(error);
    if (status == SMR_OK && count > 1) {
        status = smri_ahp(choice, framework, node, weights, &consistency, error);
    }
    smri_free(context, weights);
    return status;
}
