/* SPDX-License-Identifier: MIT */
/* The index of two regions as the share of one node changes, its siblings keeping their proportions. */

#include "study/stability_impl.h"

/* Neighbours between which a change of sign is looked for. */
#define GRID 256
/* Of the range: two indices within this are equal. */
#define EQUAL 1e-9

/* ---- making ---- */

static smr_status refuse_whole(const smr_model *model, smr_error *error)
{
    const smr_framework *framework = model->framework;
    for (uint32_t node = 0; node < framework->node_count; node++)
        if (smri_is_whole(model, node)) {
            const smri_place place = {.source = framework->source_name, .subject = framework->nodes[node].id};
            return smri_fail(error, SMR_MESSAGE_SHARE_NODE, &place, framework->nodes[node].id);
        }
    return SMR_OK;
}

static smr_status choose_rows(smri_share_study *study, const char *period, smr_error *error)
{
    const smr_dataset *dataset = study->card->view.dataset;
    uint32_t chosen = dataset->period_count ? dataset->period_count - 1 : 0;
    if (period) {
        chosen = smri_dataset_find_period(dataset, period);
        if (chosen == SMRI_NONE) {
            const smri_place place = {.source = dataset->source_name, .subject = "period"};
            char hint[SMRI_PLAN_TEXT];
            smri_did_you_mean(hint, smr_dataset_latest_period(dataset));
            return smri_fail(error, SMR_MESSAGE_PERIOD_UNKNOWN, &place, period, hint);
        }
    }
    study->rows = smri_alloc(study->memory, dataset->row_count, sizeof *study->rows);
    if (!study->rows)
        return smri_fail_memory(error);
    for (size_t row = 0; row < dataset->row_count; row++)
        if (smri_dataset_period_of(dataset, row) == chosen)
            study->rows[study->row_count++] = row;
    return SMR_OK;
}

/* Weights of its own beside what the model has. */
static bool copy_model(smri_share_study *study)
{
    const smr_context *memory = study->memory;
    const size_t nodes = study->model->framework->node_count, widest = study->model->widest_family;
    study->varied = smri_alloc(memory, 1, sizeof *study->varied);
    double *weights = smri_alloc(memory, nodes, 3 * sizeof *weights);
    study->cells = smri_alloc(memory, widest, 2 * sizeof *study->cells);
    study->family = smri_alloc(memory, widest, sizeof *study->family);
    study->proportions = smri_alloc(memory, widest, sizeof *study->proportions);
    if (!study->varied || !weights || !study->cells || !study->family || !study->proportions) {
        smri_free(memory, weights);
        smri_free(memory, study->varied);
        study->varied = NULL;
        return false;
    }
    memcpy(study->varied, study->model, sizeof *study->varied);
    memcpy(weights, study->model->weights, nodes * sizeof *weights);
    memcpy(weights + nodes, study->model->child_weights, nodes * sizeof *weights);
    memcpy(weights + 2 * nodes, study->model->totals, nodes * sizeof *weights);
    study->varied->weights = weights;
    study->varied->child_weights = weights + nodes;
    study->varied->totals = weights + 2 * nodes;
    for (size_t i = 0; i < widest; i++)
        study->family[i] = study->cells + 2 * i;
    return true;
}

static double range_of(const smri_share_study *study)
{
    const double declared = study->model->high[0] - study->model->low[0];
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < study->row_count; i++) {
        const double score = study->card->scores[0][study->rows[i]];
        low = score < low ? score : low;
        high = score > high ? score : high;
    }
    return declared > 0 && declared <= DBL_MAX ? declared : high > low ? high - low : 1;
}

smr_status smri_share_study_make(smr_context *context, const smr_model *model, const smr_dataset *dataset,
                                 const char *period, smri_share_study *study, smr_error *error)
{
    *study = (smri_share_study){.context = context, .memory = smri_context(context), .model = model};
    smr_score_options options;
    smr_score_options_init(&options, sizeof options);
    options.keep = SMR_KEEP_ALL;
    smr_status status = refuse_whole(model, error);
    if (status == SMR_OK)
        status = smr_model_score(context, model, dataset, &options, &study->card, error);
    if (status == SMR_OK)
        status = choose_rows(study, period, error);
    if (status == SMR_OK && !copy_model(study))
        status = smri_fail_memory(error);
    if (status == SMR_OK)
        study->range = range_of(study);
    else
        smri_share_study_free(study);
    return status;
}

void smri_share_study_free(smri_share_study *study)
{
    const smr_context *memory = study->memory;
    if (study->varied)
        smri_free(memory, study->varied->weights);
    smri_free(memory, study->varied);
    smri_free(memory, study->cells);
    smri_free(memory, study->family);
    smri_free(memory, study->proportions);
    smri_free(memory, study->rows);
    smr_scorecard_unref(study->card);
    *study = (smri_share_study){.memory = memory};
}

/* ---- the engine's own answer ---- */

/* Two rows of a node's children, of which `from` (SMRI_NONE: none) has the scores given. */
static void gather(const smri_share_study *study, uint32_t node, const size_t rows[2], uint32_t from,
                   const double given[2])
{
    const smri_node *nodes = study->model->framework->nodes;
    uint32_t place = 0;
    for (int32_t child = nodes[node].first_child; child >= 0; child = nodes[child].next_sibling, place++)
        for (int i = 0; i < 2; i++)
            study->family[place][i] =
                (uint32_t)child == from ? given[i] : study->card->scores[child][rows[i]];
}

/* Proportions of the siblings of a child, which has none; they sum to 1. */
static void find_proportions(const smri_share_study *study, uint32_t child)
{
    const smri_node *nodes = study->model->framework->nodes;
    double total = 0;
    uint32_t place = 0;
    int32_t sibling = nodes[nodes[child].parent].first_child;
    for (; sibling >= 0; sibling = nodes[sibling].next_sibling, place++) {
        study->proportions[place] = (uint32_t)sibling == child ? 0 : study->model->weights[sibling];
        total += study->proportions[place];
    }
    while (place-- > 0)
        study->proportions[place] /= total;
}

/* Weights of the family: `share` for the child, and the rest to its siblings. */
static void set_family(const smri_share_study *study, uint32_t child, double share)
{
    const smri_node *nodes = study->model->framework->nodes;
    const uint32_t parent = (uint32_t)nodes[child].parent;
    double *own = study->varied->child_weights + study->varied->child_starts[parent];
    uint32_t place = 0;
    for (int32_t sibling = nodes[parent].first_child; sibling >= 0; sibling = nodes[sibling].next_sibling, place++) {
        own[place] = (uint32_t)sibling == child ? share : (1 - share) * study->proportions[place];
        study->varied->weights[sibling] = own[place];
    }
    study->varied->totals[parent] = 1;
}

static void restore_family(const smri_share_study *study, uint32_t parent)
{
    const smri_node *nodes = study->model->framework->nodes;
    const uint32_t start = study->model->child_starts[parent];
    for (int32_t child = nodes[parent].first_child; child >= 0; child = nodes[child].next_sibling)
        study->varied->weights[child] = study->model->weights[child];
    for (uint32_t i = start; i < start + (uint32_t)nodes[parent].child_count; i++)
        study->varied->child_weights[i] = study->model->child_weights[i];
    study->varied->totals[parent] = study->model->totals[parent];
}

/* Index of the first less that of the second, the family of the child having been set. NaN: one is not computed. */
static double difference_at(const smri_share_study *study, uint32_t child, const size_t rows[2], double share)
{
    const smri_node *nodes = study->model->framework->nodes;
    double scores[2] = {NAN, NAN}, scratch[10];
    uint8_t statuses[2];
    uint32_t from = SMRI_NONE;
    set_family(study, child, share);
    for (int32_t node = nodes[child].parent; node >= 0; node = nodes[node].parent) {
        gather(study, (uint32_t)node, rows, from, scores);
        const smri_family family = {.context = study->memory,
                                    .kernels = smri_context_kernels(study->memory),
                                    .scores = study->family,
                                    .n = 2,
                                    .scratch = scratch};
        statuses[0] = statuses[1] = SMR_CELL_OK;
        smri_node_run(study->varied, (uint32_t)node, &family, scores, statuses);
        from = (uint32_t)node;
    }
    return scores[0] - scores[1];
}

/* ---- closed form ---- */

/* (n0 + n1 s) / (d0 + d1 s) */
typedef struct quotient {
    double n0, n1, d0, d1;
} quotient;

static bool is_arithmetic(const smri_share_study *study, uint32_t node)
{
    return study->model->plan.aggregate[node].method->aggregate == smri_aggregate_arithmetic;
}

/* Every node from the parent of the child to the root. */
static bool is_linear(const smri_share_study *study, uint32_t child)
{
    const smri_node *nodes = study->model->framework->nodes;
    for (int32_t node = nodes[child].parent; node >= 0; node = nodes[node].parent)
        if (!is_arithmetic(study, (uint32_t)node))
            return false;
    return true;
}

/* A region's parent score by the child's share. */
static quotient parent_score(const smri_share_study *study, uint32_t child, size_t row)
{
    const smri_node *nodes = study->model->framework->nodes;
    const bool zero = study->model->plan.policy == SMRI_POLICY_ZERO;
    double sum = 0, weight = 0, own = NAN;
    bool whole = true;
    uint32_t place = 0;
    for (int32_t sibling = nodes[nodes[child].parent].first_child; sibling >= 0;
         sibling = nodes[sibling].next_sibling, place++) {
        double score = study->card->scores[sibling][row];
        if (zero && score != score)
            score = 0;
        if ((uint32_t)sibling == child) {
            own = score;
        } else if (score == score) {
            sum += study->proportions[place] * score;
            weight += study->proportions[place];
        } else {
            whole &= !(study->proportions[place] > 0);
        }
    }
    if (whole)
        weight = 1;
    /* s own + (1 - s) sum over s + (1 - s) weight, or without the child */
    return own == own ? (quotient){sum, own - sum, weight, 1 - weight} : (quotient){sum, 0, weight, 0};
}

/* The index by the child's share: ancestors are linear in it. */
static quotient index_of(const smri_share_study *study, uint32_t child, size_t row)
{
    const smri_node *nodes = study->model->framework->nodes;
    const bool zero = study->model->plan.policy == SMRI_POLICY_ZERO;
    quotient q = parent_score(study, child, row);
    double constant = 0, factor = 1;
    for (int32_t below = nodes[child].parent, node = nodes[below].parent; node >= 0;
         below = node, node = nodes[node].parent) {
        double sum = 0, weight = 0;
        for (int32_t one = nodes[node].first_child; one >= 0; one = nodes[one].next_sibling) {
            double score = study->card->scores[one][row];
            if (zero && score != score)
                score = 0;
            if (one != below && score == score)
                sum += study->model->weights[one] * score;
            if (one == below || score == score)
                weight += study->model->weights[one];
        }
        const double own = study->model->weights[below] / weight;
        constant = sum / weight + own * constant;
        factor *= own;
    }
    return (quotient){constant * q.d0 + factor * q.n0, constant * q.d1 + factor * q.n1, q.d0, q.d1};
}

/* Roots of c[0] + c[1] s + c[2] s^2, at most two; -1: all numbers. */
static int solve(const double c[3], double least, double roots[2])
{
    if (fabs(c[0]) <= least && fabs(c[1]) <= least && fabs(c[2]) <= least)
        return -1;
    if (fabs(c[2]) <= least * 0x1p-10) {
        roots[0] = -c[0] / c[1];
        return c[1] == 0 ? 0 : 1;
    }
    const double discriminant = c[1] * c[1] - 4 * c[0] * c[2];
    if (discriminant < 0)
        return 0;
    const double q = -0.5 * (c[1] + (c[1] < 0 ? -1 : 1) * sqrt(discriminant));
    roots[0] = q / c[2];
    roots[1] = q == 0 ? roots[0] : c[0] / q;
    return 2;
}

/* ---- the nearest ---- */

/* Between two shares whose differences have opposite signs: the last share with the first one's sign, or a root. */
static double bisect(const smri_share_study *study, uint32_t child, const size_t rows[2], double from, double to,
                     double first)
{
    for (int step = 0; step < 1100; step++) {
        const double middle = from + (to - from) / 2;
        if (middle == from || middle == to)
            break;
        const double difference = difference_at(study, child, rows, middle);
        if (difference == 0)
            return middle;
        if ((difference > 0) == (first > 0))
            from = middle;
        else
            to = middle;
    }
    return from;
}

static bool are_equal(const smri_share_study *study, double difference)
{
    return fabs(difference) <= EQUAL * study->range; /* false for NaN */
}

/* Away from the present share, grid step by grid step. NaN: none. */
static double scan(const smri_share_study *study, uint32_t child, const size_t rows[2], double now, double end)
{
    double from = now, before = difference_at(study, child, rows, now);
    for (int step = 1; step <= GRID; step++) {
        const double to = step == GRID ? end : now + (end - now) * step / GRID;
        const double after = difference_at(study, child, rows, to);
        if (after == 0)
            return to;
        if (before == before && after == after && (before > 0) != (after > 0)) {
            const double root = bisect(study, child, rows, from, to, before);
            if (are_equal(study, difference_at(study, child, rows, root)))
                return root;
        }
        from = to;
        before = after;
    }
    return NAN;
}

static double nearer(double now, double a, double b)
{
    if (a != a || b != b)
        return a != a ? b : a;
    return fabs(b - now) < fabs(a - now) ? b : a;
}

static int solve_closed(const smri_share_study *study, uint32_t child, const size_t rows[2], double now, double *share)
{
    const quotient a = index_of(study, child, rows[0]), b = index_of(study, child, rows[1]);
    const double c[3] = {a.n0 * b.d0 - b.n0 * a.d0, a.n0 * b.d1 + a.n1 * b.d0 - b.n0 * a.d1 - b.n1 * a.d0,
                         a.n1 * b.d1 - b.n1 * a.d1};
    double roots[2];
    const int count = solve(c, 1e-14 * study->range, roots);
    if (count < 0)
        return SMR_BREAK_EVEN_ALWAYS;
    for (int i = 0; i < count; i++)
        if (roots[i] >= 0 && roots[i] <= 1 && are_equal(study, difference_at(study, child, rows, roots[i])))
            *share = nearer(now, *share, roots[i]);
    return *share == *share ? SMR_BREAK_EVEN_FOUND : SMR_BREAK_EVEN_NONE;
}

static int solve_scanning(const smri_share_study *study, uint32_t child, const size_t rows[2], double now,
                          double *share)
{
    bool always = true;
    for (int step = 1; always && step < 8; step++)
        always = difference_at(study, child, rows, step / 8.0) == 0;
    if (always)
        return SMR_BREAK_EVEN_ALWAYS;
    *share = difference_at(study, child, rows, now) == 0
                 ? now
                 : nearer(now, scan(study, child, rows, now, 0), scan(study, child, rows, now, 1));
    return *share == *share ? SMR_BREAK_EVEN_FOUND : SMR_BREAK_EVEN_NONE;
}

bool smri_share_varies(const smri_share_study *study, uint32_t node)
{
    const smri_node *nodes = study->model->framework->nodes;
    for (int32_t sibling = node > 0 ? nodes[nodes[node].parent].first_child : -1; sibling >= 0;
         sibling = nodes[sibling].next_sibling)
        if ((uint32_t)sibling != node && study->model->weights[sibling] > 0)
            return true;
    return false;
}

int smri_break_even_share(smri_share_study *study, uint32_t node, size_t first, size_t second, double *share)
{
    const size_t rows[2] = {first, second};
    const double now = study->model->shares[node];
    *share = NAN;
    if (!smri_share_varies(study, node))
        return SMR_BREAK_EVEN_ALONE;
    find_proportions(study, node);
    const int status = is_linear(study, node) ? solve_closed(study, node, rows, now, share)
                                              : solve_scanning(study, node, rows, now, share);
    restore_family(study, (uint32_t)study->model->framework->nodes[node].parent);
    return status;
}
