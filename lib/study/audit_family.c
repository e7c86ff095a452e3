/* SPDX-License-Identifier: MIT */
/* The part of the audit that looks at a set of siblings: do they measure one thing, or several? */

#include "study/study_impl.h"

/* The members of a set that have spread, and what is known of them. */
typedef struct members {
    const char *name;           /* of the set */
    const char **ids;
    const double **columns;
    uint32_t *nodes;
    uint32_t count;
    bool all;
    double *r;                  /* of pairs of rows, from those of all nodes */
    double *covariances;
    double *complete_r, *values, *vectors, *inverse;
} members;

static void free_members(smri_auditor *a, members *m)
{
    smri_free(a->memory, m->ids);
    smri_free(a->memory, m->columns);
    smri_free(a->memory, m->nodes);
    double *const blocks[] = {m->r, m->covariances, m->complete_r, m->values, m->vectors, m->inverse};
    for (size_t i = 0; i < SMRI_COUNT(blocks); i++)
        smri_free(a->memory, blocks[i]);
}

static bool make_members(smri_auditor *a, members *m, uint32_t count)
{
    size_t square, cells;
    if (!smri_product(count, count, &square) || !smri_product(square, sizeof(double), &cells))
        return false;
    m->ids = smri_alloc(a->memory, count, sizeof *m->ids);
    m->columns = smri_alloc(a->memory, count, sizeof *m->columns);
    m->nodes = smri_alloc(a->memory, count, sizeof *m->nodes);
    m->r = smri_alloc(a->memory, square, sizeof *m->r);
    m->covariances = smri_alloc(a->memory, square, sizeof *m->covariances);
    m->complete_r = smri_alloc(a->memory, square, sizeof *m->complete_r);
    m->values = smri_alloc(a->memory, count, sizeof *m->values);
    m->vectors = smri_alloc(a->memory, square, sizeof *m->vectors);
    m->inverse = smri_alloc(a->memory, square, sizeof *m->inverse);
    return m->ids && m->columns && m->nodes && m->r && m->covariances && m->complete_r && m->values && m->vectors &&
           m->inverse;
}

/* Those without spread, or without a score, take no part; the former are told. */
static void choose_members(smri_auditor *a, members *m, const uint32_t *nodes, uint32_t count)
{
    const smr_framework *framework = a->model->framework;
    const smri_kernels *kernels = smri_context_kernels(a->memory);
    for (uint32_t i = 0; i < count; i++) {
        double least = 0, greatest = 0;
        size_t present = 0;
        kernels->extent(a->scores[nodes[i]], a->n, &least, &greatest, &present);
        if (least < greatest) {
            m->ids[m->count] = framework->nodes[nodes[i]].id;
            m->columns[m->count] = a->scores[nodes[i]];
            m->nodes[m->count++] = nodes[i];
        } else if (!m->all) {
            smri_audit_put(a, SMRI_AUDIT_FLAG_CONSTANT, framework->nodes[nodes[i]].id, m->name,
                           present > 0 ? least : NAN);
        }
    }
    for (uint32_t i = 0; i < m->count; i++)
        for (uint32_t k = 0; k < m->count; k++)
            m->r[(size_t)i * m->count + k] =
                a->correlations.r[SMRI_PEARSON][(size_t)m->nodes[i] * framework->node_count + m->nodes[k]];
}

static smr_status put_reliability(smri_auditor *a, members *m, smr_error *error)
{
    const uint32_t count = m->count;
    if (!smri_covariances(a->memory, m->columns, count, a->n, m->covariances))
        return smri_fail_memory(error);
    smri_audit_put(a, SMRI_AUDIT_ALPHA, m->name, "raw", smri_alpha_raw(m->covariances, count, count));
    smri_audit_put(a, SMRI_AUDIT_ALPHA, m->name, "standardised", smri_alpha_standardised(m->r, count, count));
    smri_audit_put(a, SMRI_AUDIT_ALPHA, m->name, "mean_correlation", smri_mean_correlation(m->r, count, count));
    smri_audit_put(a, SMRI_AUDIT_ALPHA, m->name, "items", count);
    for (uint32_t i = 0; i < count; i++) {
        smri_audit_put(a, SMRI_AUDIT_ALPHA_RAW_WITHOUT, m->ids[i], m->name, smri_alpha_raw(m->covariances, count, i));
        smri_audit_put(a, SMRI_AUDIT_ALPHA_STANDARDISED_WITHOUT, m->ids[i], m->name,
                       smri_alpha_standardised(m->r, count, i));
        smri_audit_put(a, SMRI_AUDIT_ITEM_REST, m->ids[i], m->name, smri_item_rest(m->r, count, i));
    }
    return SMR_OK;
}

static void put_inverse(smri_auditor *a, members *m, size_t complete_rows)
{
    const uint32_t count = m->count;
    if (!smri_inverse_from_eigen(m->values, m->vectors, count, m->inverse)) {
        smri_audit_put(a, SMRI_AUDIT_FLAG_SINGULAR, m->name, "least_eigenvalue", m->values[count - 1]);
        return;
    }
    smri_audit_put(a, SMRI_AUDIT_KMO, m->name, "overall",
                   smri_sampling_adequacy(m->complete_r, m->inverse, count, count));
    const double statistic = smri_bartlett(m->values, count, complete_rows), degrees = 0.5 * count * (count - 1.0);
    smri_audit_put(a, SMRI_AUDIT_BARTLETT, m->name, "chi_square", statistic);
    smri_audit_put(a, SMRI_AUDIT_BARTLETT, m->name, "degrees_of_freedom", degrees);
    smri_audit_put(a, SMRI_AUDIT_BARTLETT, m->name, "p", smri_chi_square_p(statistic, degrees));
    smri_audit_put(a, SMRI_AUDIT_BARTLETT, m->name, "rows", (double)complete_rows);
    for (uint32_t i = 0; i < count; i++) {
        smri_audit_put(a, SMRI_AUDIT_KMO_ITEM, m->ids[i], m->name,
                       smri_sampling_adequacy(m->complete_r, m->inverse, count, i));
        smri_audit_put(a, SMRI_AUDIT_VIF, m->ids[i], m->name, m->inverse[(size_t)i * (count + 1)]);
    }
}

/* "PC12"; NULL: out of memory. */
static const char *numbered(smri_auditor *a, const char *prefix, uint32_t number)
{
    char text[8 + SMRI_INTEGER_SIZE] = "";
    smri_text_cut(text, sizeof text, prefix);
    smri_text_integer(text + strlen(text), number);
    const char *kept = smri_arena_text(&a->audit->arena, text, strlen(text));
    a->failed = a->failed || !kept;
    return kept;
}

static void put_scree(smri_auditor *a, const members *m, uint32_t kept)
{
    const uint32_t count = m->count;
    double cumulative = 0;
    for (uint32_t f = 0; f < count; f++) {
        const char *component = numbered(a, "PC", f + 1);
        cumulative += m->values[f];
        smri_audit_put(a, SMRI_AUDIT_EIGENVALUES, m->name, component, m->values[f]);
        smri_audit_put(a, SMRI_AUDIT_VARIANCE_SHARE, m->name, component, m->values[f] / count);
        smri_audit_put(a, SMRI_AUDIT_VARIANCE_CUMULATIVE, m->name, component, cumulative / count);
        for (uint32_t i = 0; i < count; i++)
            smri_audit_put(a, m->all ? SMRI_AUDIT_LOADINGS_ALL : SMRI_AUDIT_LOADINGS, m->ids[i], component,
                           m->vectors[(size_t)f * count + i] * sqrt(m->values[f]));
    }
    smri_audit_put(a, SMRI_AUDIT_COMPONENTS_KEPT, m->name, "kaiser",
                   smri_components_kept(m->values, count, SMRI_RETAIN_KAISER, 0));
    smri_audit_put(a, SMRI_AUDIT_COMPONENTS_KEPT, m->name, "share",
                   smri_components_kept(m->values, count, SMRI_RETAIN_SHARE, 0));
    smri_audit_put(a, SMRI_AUDIT_COMPONENTS_KEPT, m->name, "used", kept);
}

static smr_status put_components(smri_auditor *a, const members *m, smr_error *error)
{
    const uint32_t count = m->count;
    const uint32_t kept =
        smri_components_kept(m->values, count, (smri_retain)a->options.retain, a->options.factors);
    put_scree(a, m, kept);
    double *loadings = smri_alloc(a->memory, (size_t)count * kept, sizeof *loadings);
    double *explained = smri_alloc(a->memory, kept, sizeof *explained);
    bool fine = loadings && explained;
    if (fine) {
        smri_component_loadings(m->values, m->vectors, count, kept, loadings);
        fine = smri_varimax(a->memory, loadings, count, kept, explained);
    }
    for (uint32_t f = 0; fine && f < kept; f++) {
        const char *factor = numbered(a, "F", f + 1);
        smri_audit_put(a, SMRI_AUDIT_VARIMAX_EXPLAINED, m->name, factor, explained[f]);
        for (uint32_t i = 0; i < count; i++)
            smri_audit_put(a, m->all ? SMRI_AUDIT_VARIMAX_ALL : SMRI_AUDIT_VARIMAX, m->ids[i], factor,
                           loadings[(size_t)i * kept + f]);
    }
    for (uint32_t i = 0; fine && i < count; i++) {
        double communality = 0;
        for (uint32_t f = 0; f < kept; f++)
            communality += loadings[(size_t)i * kept + f] * loadings[(size_t)i * kept + f];
        smri_audit_put(a, SMRI_AUDIT_COMMUNALITY, m->ids[i], m->name, communality);
    }
    smri_free(a->memory, loadings);
    smri_free(a->memory, explained);
    return fine ? SMR_OK : smri_fail_memory(error);
}

/* Correlations over the rows in which every member has a score. *usable: they are all defined. */
static smr_status correlate_complete(smri_auditor *a, members *m, size_t *rows, bool *usable, smr_error *error)
{
    smri_complete complete;
    size_t cells = (size_t)m->count * m->count;
    smri_correlations all = {.rows = smri_alloc(a->memory, cells, sizeof *all.rows)};
    all.r[SMRI_PEARSON] = m->complete_r;
    if (!all.rows || !smri_complete_rows(a->memory, m->columns, m->count, a->n, &complete)) {
        smri_free(a->memory, all.rows);
        return smri_fail_memory(error);
    }
    *rows = complete.n;
    smr_status status = SMR_OK;
    if (complete.n == a->n)
        memcpy(m->complete_r, m->r, cells * sizeof *m->r);
    else
        status = smri_correlate(a->memory, (const double *const *)complete.columns, m->count, complete.n, &all, error);
    *usable = status == SMR_OK;
    for (size_t i = 0; *usable && i < cells; i++)
        *usable = m->complete_r[i] == m->complete_r[i];
    smri_complete_free(a->memory, &complete);
    smri_free(a->memory, all.rows);
    return status;
}

smr_status smri_audit_family(smri_auditor *auditor, const char *name, const uint32_t *nodes, uint32_t count, bool all,
                             smr_error *error)
{
    members m = {.name = name, .all = all};
    size_t rows = 0;
    bool usable = false;
    smr_status status = make_members(auditor, &m, count) ? SMR_OK : smri_fail_memory(error);
    if (status == SMR_OK)
        choose_members(auditor, &m, nodes, count);
    if (status == SMR_OK && m.count > 1)
        status = put_reliability(auditor, &m, error);
    if (status == SMR_OK && m.count > 1)
        status = correlate_complete(auditor, &m, &rows, &usable, error);
    if (status == SMR_OK && usable) {
        if (smri_principal_components(auditor->memory, m.complete_r, m.count, m.values, m.vectors)) {
            put_inverse(auditor, &m, rows);
            status = put_components(auditor, &m, error);
        } else {
            status = smri_fail_memory(error);
        }
    } else if (status == SMR_OK && m.count > 1) {
        smri_audit_put(auditor, SMRI_AUDIT_FLAG_FEW_ROWS, name, "rows", (double)rows);
    }
    free_members(auditor, &m);
    return status;
}

void smri_audit_flags(smri_auditor *auditor)
{
    const smr_framework *framework = auditor->model->framework;
    const smri_node *nodes = framework->nodes;
    const double *r = auditor->correlations.r[SMRI_PEARSON];
    for (uint32_t i = 0; i < framework->node_count; i++) {
        /* Where the lowest score is best, a child shows in its parent by a negative correlation. */
        const bool upward = nodes[i].indicator < 0 && smri_ranks_upward(&auditor->model->plan.aggregate[i]);
        for (uint32_t k = i + 1; k < framework->node_count; k++) {
            const double here = r[(size_t)i * framework->node_count + k];
            const bool siblings = nodes[i].parent == nodes[k].parent;
            if ((siblings || (nodes[i].indicator >= 0 && nodes[k].indicator >= 0)) &&
                fabs(here) > auditor->options.high)
                smri_audit_put(auditor, SMRI_AUDIT_FLAG_HIGH, nodes[i].id, nodes[k].id, here);
            if (siblings && here < 0)
                smri_audit_put(auditor, SMRI_AUDIT_FLAG_NEGATIVE, nodes[i].id, nodes[k].id, here);
            if (nodes[k].parent == (int32_t)i && (upward ? -here : here) < auditor->options.weak)
                smri_audit_put(auditor, SMRI_AUDIT_FLAG_WEAK, nodes[k].id, nodes[i].id, here);
        }
    }
}
