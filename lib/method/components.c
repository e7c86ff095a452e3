/* SPDX-License-Identifier: MIT */
/* Principal components of a correlation matrix, how many of them to keep, and their rotation. */
#include "method/method_impl.h"

#define MOST_ROTATIONS 1000
/* A rotation by less than this changes no printed digit of a loading. */
#define STILL 1e-13
/* The share of the variance above which the OECD and JRC handbook keeps a component. */
#define SHARE_KEPT 0.1

bool smri_principal_components(const smr_context *context, const double *r, uint32_t count, double *values,
                               double *vectors)
{
    double *copy = smri_alloc(context, (size_t)count * count, sizeof *copy);
    if (copy == NULL) {
        return false;
    }
    memcpy(copy, r, (size_t)count * count * sizeof *copy);
    smri_eigen_symmetric(copy, count, values, vectors);
    smri_free(context, copy);
    /* A correlation matrix has no negative eigenvalue: what is left below 0 is rounding. */
    for (uint32_t i = 0; i < count; i++) {
        values[i] = SMRI_MAX(values[i], 0);
    }
    return true;
}

uint32_t smri_components_kept(const double *values, uint32_t count, smri_retain retain, uint32_t number)
{
    if (retain == SMRI_RETAIN_NUMBER) {
        return SMRI_MAX(SMRI_MIN(number, count), 1U);
    }
    /* Rounding must not decide: the eigenvalues of columns that do not correlate are 1. */
    const double limit = (retain == SMRI_RETAIN_KAISER ? 1 : SHARE_KEPT * (double)count) + 1e-9;
    uint32_t kept = 1;
    while (kept < count && values[kept] > limit) {
        kept++;
    }
    return kept;
}

void smri_component_loadings(const double *values, const double *vectors, uint32_t count, uint32_t kept,
                             double *loadings)
{
    for (uint32_t f = 0; f < kept; f++) {
        const double length = sqrt(values[f]);
        for (uint32_t i = 0; i < count; i++) {
            loadings[(size_t)i * kept + f] = vectors[(size_t)f * count + i] * length;
        }
    }
}

/* ---- varimax ---- */

/* Cosine and sine of a quarter of the angle of (x, y), by halving it twice. */
static void quarter_angle(double x, double y, double *cosine, double *sine)
{
    const double length = sqrt(x * x + y * y);
    double c = x / length, s = y / length;
    for (int half = 0; half < 2; half++) {
        if (c >= 0) {
            const double root = sqrt((1 + c) / 2);
            s /= 2 * root;
            c = root;
        } else {
            const double root = sqrt((1 - c) / 2);
            c = fabs(s) / (2 * root);
            s = s < 0 ? -root : root;
        }
    }
    *cosine = c;
    *sine = s;
}

/* Turns two factors in their plane to where the variance of the squared loadings is greatest. false: they stay. */
static bool turn(double *loadings, uint32_t count, uint32_t kept, uint32_t a, uint32_t b)
{
    double sum_u = 0, sum_v = 0, difference = 0, product = 0;
    for (uint32_t i = 0; i < count; i++) {
        const double x = loadings[(size_t)i * kept + a], y = loadings[(size_t)i * kept + b];
        const double u = x * x - y * y, v = 2 * x * y;
        sum_u += u;
        sum_v += v;
        difference += u * u - v * v;
        product += 2 * u * v;
    }
    const double y = product - 2 * sum_u * sum_v / count;
    const double x = difference - (sum_u * sum_u - sum_v * sum_v) / count;
    if (!(sqrt(x * x + y * y) > STILL)) {
        return false;
    }
    double c, s;
    quarter_angle(x, y, &c, &s);
    if (fabs(s) < STILL) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        double *row = loadings + (size_t)i * kept;
        const double left = row[a], right = row[b];
        row[a] = c * left + s * right;
        row[b] = c * right - s * left;
    }
    return true;
}

/* Each factor's loadings sum to a positive number, and the factor that explains most stands first. */
static void arrange(double *loadings, uint32_t count, uint32_t kept, double *explained)
{
    for (uint32_t f = 0; f < kept; f++) {
        double sum = 0;
        explained[f] = 0;
        for (uint32_t i = 0; i < count; i++) {
            const double loading = loadings[(size_t)i * kept + f];
            sum += loading;
            explained[f] += loading * loading;
        }
        for (uint32_t i = 0; sum < 0 && i < count; i++) {
            const double loading = loadings[(size_t)i * kept + f];
            loadings[(size_t)i * kept + f] = loading == 0 ? 0 : -loading;
        }
    }
    for (uint32_t f = 0; f < kept; f++) {
        uint32_t greatest = f;
        for (uint32_t g = f + 1; g < kept; g++) {
            greatest = explained[g] > explained[greatest] ? g : greatest;
        }
        for (; greatest > f; greatest--) {
            const double value = explained[greatest];
            explained[greatest] = explained[greatest - 1];
            explained[greatest - 1] = value;
            for (uint32_t i = 0; i < count; i++) {
                double *row = loadings + (size_t)i * kept + greatest;
                const double loading = row[0];
                row[0] = row[-1];
                row[-1] = loading;
            }
        }
    }
}

bool smri_varimax(const smr_context *context, double *loadings, uint32_t count, uint32_t kept, double *explained)
{
    double *lengths = smri_alloc(context, count, sizeof *lengths);
    if (lengths == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        double *row = loadings + (size_t)i * kept, communality = 0;
        for (uint32_t f = 0; f < kept; f++) {
            communality += row[f] * row[f];
        }
        lengths[i] = sqrt(communality);
        for (uint32_t f = 0; f < kept; f++) {
            row[f] = lengths[i] > 0 ? row[f] / lengths[i] : 0;
        }
    }
    bool turned = true;
    for (int round = 0; turned && round < MOST_ROTATIONS; round++) {
        turned = false;
        for (uint32_t a = 0; a < kept; a++) {
            for (uint32_t b = a + 1; b < kept; b++) {
                turned = turn(loadings, count, kept, a, b) || turned;
            }
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t f = 0; f < kept; f++) {
            loadings[(size_t)i * kept + f] *= lengths[i];
        }
    }
    smri_free(context, lengths);
    arrange(loadings, count, kept, explained);
    return true;
}
