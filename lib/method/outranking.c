/* SPDX-License-Identifier: MIT */
/* Aggregates that compare regions with one another, pair by pair: no weak child is compensated by how much a strong one
 * is ahead. A child that one of the two lacks abstains; regions without any score are left out. Pairs are worked on a
 * row of opponents at a time, so that the loops are vectors; what is added over regions is added exactly. */
#include "method/method_impl.h"

/* A margin is twice the distance of a share from one half; shares within 1e-12 of it are ties, not rounding. */
#define TIE 2e-12

/* What every method here works on. */
typedef struct field {
    const smri_family_rows *family;
    const smri_kernels *kernels;
    double *presence;               /* by row: 1, or 0 where no child has a score */
    double regions;                 /* number of the rows that are present */
    double *net, *weight;           /* by opponent */
} field;

static void close_field(field *f)
{
    smri_free(f->family->context, f->presence);
    smri_free(f->family->context, f->net);
    smri_free(f->family->context, f->weight);
}

static smr_status open_field(field *f, const smri_family_rows *family, double *out, smr_error *error)
{
    *f = (field){.family = family, .kernels = smri_context_kernels(family->context)};
    f->presence = smri_calloc(family->context, SMRI_MAX(family->n, (size_t)1), sizeof *f->presence);
    f->net = smri_alloc(family->context, SMRI_MAX(family->n, (size_t)1), sizeof *f->net);
    f->weight = smri_alloc(family->context, SMRI_MAX(family->n, (size_t)1), sizeof *f->weight);
    if (!f->presence || !f->net || !f->weight) {
        close_field(f);
        return smri_fail_memory(error);
    }
    for (uint32_t c = 0; c < family->count; c++) {
        for (size_t i = 0; family->weights[c] > 0 && i < family->n; i++) {
            f->presence[i] = family->scores[c][i] == family->scores[c][i] ? 1 : f->presence[i];
        }
    }
    for (size_t i = 0; i < family->n; i++) {
        f->regions += f->presence[i];
        out[i] = NAN;
    }
    return SMR_OK;
}

/* net[b] += w where y > y[b], -= w where y < y[b]; weight[b] += w where both are there. */
static void add_comparisons(const double *scores, double y, double w, size_t from, size_t n, double *restrict net,
                            double *restrict weight)
{
    for (size_t b = from; b < n; b++) {
        const double other = scores[b];
        net[b] += (y > other ? w : 0) - (y < other ? w : 0);
        weight[b] += other == other ? w : 0;
    }
}

/* A lead up to q counts nothing, one from p on counts in full; one from v on is a veto (NaN: there is none). */
typedef struct threshold {
    double q, p, v;
} threshold;

static void add_preferences(const double *scores, double y, double w, const threshold *t, size_t n,
                            double *restrict net, double *restrict weight)
{
    const double q = t->q, p = t->p;
    for (size_t b = 0; b < n; b++) {
        const double d = y - scores[b], size = fabs(d);
        const double part = size >= p ? 1 : (size - q) / (p - q);
        const double preference = size > q ? part : 0;
        net[b] += d > 0 ? w * preference : d < 0 ? -(w * preference) : 0;
        weight[b] += d == d ? w : 0;
    }
}

static void clear_row(field *f, size_t from)
{
    for (size_t b = from; b < f->family->n; b++) {
        f->net[b] = f->weight[b] = 0;
    }
}

/* net[b] and weight[b] of row a against the rows from `from` on. */
static void compare_row(field *f, size_t a, size_t from)
{
    const smri_family_rows *family = f->family;
    clear_row(f, from);
    for (uint32_t c = 0; c < family->count; c++) {
        const double y = family->scores[c][a], w = family->weights[c];
        if (w > 0 && y == y) {
            add_comparisons(family->scores[c], y, w, from, family->n, f->net, f->weight);
        }
    }
}

/* Asked now and then, for n regions take n squared steps. */
static bool is_cancelled(const field *f, size_t a, smr_error *error)
{
    return a % 256 == 0 && smri_cancelled(f->family->context, a, f->family->n, error);
}

/* Share of weight for less share against; 0 when they tie or have nothing in common. */
static double margin(const field *f, size_t b)
{
    const double share = f->weight[b] > 0 ? f->net[b] / f->weight[b] : 0;
    return fabs(share) <= TIE ? 0 : share;
}

/* ---- copeland, condorcet ---- */

/* out: wins less losses; wins (may be NULL): wins alone. */
static smr_status count_wins(field *f, double *out, double *wins, smr_error *error)
{
    const size_t n = f->family->n;
    for (size_t i = 0; i < n; i++) {
        out[i] = f->presence[i] > 0 ? 0 : NAN;
    }
    for (size_t a = 0; a < n; a++) {
        if (is_cancelled(f, a, error)) {
            return SMR_ERROR_CANCELLED;
        }
        compare_row(f, a, a + 1);
        for (size_t b = a + 1; b < n; b++) {
            const double m = margin(f, b);
            const double result = m > 0 ? 1 : m < 0 ? -1 : 0;
            out[a] += result;
            out[b] -= result;
            if (wins && result != 0) {
                wins[result > 0 ? a : b] += 1;
            }
        }
    }
    return SMR_OK;
}

smr_status smri_copeland(const smri_choice *choice, const smri_family_rows *family, double *out, uint8_t *statuses,
                         smr_error *error)
{
    (void)statuses;
    field f;
    smr_status status = open_field(&f, family, out, error);
    if (status != SMR_OK) {
        return status;
    }
    status = count_wins(&f, out, NULL, error);
    const bool scaled = smri_setting_of(choice, "scale")->number != 0 && f.regions > 1;
    for (size_t i = 0; scaled && i < family->n; i++) {
        out[i] /= f.regions - 1;
    }
    close_field(&f);
    return status;
}

smr_status smri_condorcet(const smri_choice *choice, const smri_family_rows *family, double *out, uint8_t *statuses,
                          smr_error *error)
{
    (void)choice;
    (void)statuses;
    field f;
    smr_status status = open_field(&f, family, out, error);
    if (status != SMR_OK) {
        return status;
    }
    double *wins = smri_calloc(family->context, SMRI_MAX(family->n, (size_t)1), sizeof *wins);
    status = wins ? count_wins(&f, out, wins, error) : smri_fail_memory(error);
    for (size_t i = 0; wins && i < family->n; i++) {
        out[i] = f.presence[i] > 0 ? (wins[i] == f.regions - 1 ? 1 : 0) : NAN;
    }
    smri_free(family->context, wins);
    close_field(&f);
    return status;
}

/* ---- borda ---- */

/* Points of one child: regions beaten, ties half; where some lack the child, as many as that share of all is. */
static bool add_points(field *f, uint32_t child, double *ranks)
{
    const smri_family_rows *family = f->family;
    const double *y = family->scores[child], w = family->weights[child];
    double present = 0;
    if (!smri_rank_descending(family->context, y, family->n, SMRI_TIES_AVERAGE, 0, ranks)) {
        return false;
    }
    for (size_t i = 0; i < family->n; i++) {
        present += y[i] == y[i] ? 1 : 0;
    }
    for (size_t i = 0; i < family->n; i++) {
        if (y[i] != y[i]) {
            continue;
        }
        const double beaten = present - ranks[i], all = f->regions - 1;
        const double points = present == f->regions ? beaten : present > 1 ? beaten / (present - 1) * all : all / 2;
        f->net[i] += w * points;
        f->weight[i] += w;
    }
    return true;
}

smr_status smri_borda(const smri_choice *choice, const smri_family_rows *family, double *out, uint8_t *statuses,
                      smr_error *error)
{
    (void)choice;
    (void)statuses;
    field f;
    smr_status status = open_field(&f, family, out, error);
    if (status != SMR_OK) {
        return status;
    }
    clear_row(&f, 0);
    bool fine = true;
    for (uint32_t c = 0; fine && c < family->count; c++) {
        fine = !(family->weights[c] > 0) || add_points(&f, c, out);
    }
    f.kernels->quotient(f.net, f.weight, family->n, out);
    close_field(&f);
    return fine ? SMR_OK : smri_fail_memory(error);
}

/* ---- kemeny ---- */

/* Above, the matrix of pairs and the search for a good order take too long. */
#define MOST_REGIONS 2000

/* Scores that differ by less are the same. */
#define NO_LOSS 1e-9

/* The rows that are present, and their margins. */
static void make_margins(field *f, uint32_t count, uint32_t *rows, double *margins)
{
    uint32_t used = 0;
    for (size_t i = 0; i < f->family->n; i++) {
        if (f->presence[i] > 0) {
            rows[used++] = (uint32_t)i;
        }
    }
    for (uint32_t a = 0; a < count; a++) {
        compare_row(f, rows[a], 0);
        for (uint32_t b = 0; b < count; b++) {
            margins[(size_t)a * count + b] = margin(f, rows[b]);
        }
    }
}

/* Of the pairs the better shares add up to `most`; an order has that less what it loses. */
static void tell_optimum(const smri_family_rows *family, const double *margins, uint32_t count,
                         const smri_kemeny_result *result)
{
    smri_exact_sum sum;
    smri_exact_sum_init(&sum);
    for (uint32_t a = 0; a < count; a++) {
        for (uint32_t b = 0; b < a; b++) {
            smri_exact_sum_add(&sum, 0.5 + 0.5 * fabs(margins[(size_t)a * count + b]));
        }
    }
    const double most = smri_exact_sum_value(&sum);
    char score[SMRI_NUMBER_SIZE], bound[SMRI_NUMBER_SIZE], orders[SMRI_INTEGER_SIZE];
    const smri_place place = {.subject = family->framework->nodes[family->node].id};
    smri_number_write(score, most - result->loss);
    smri_number_write(bound, most - result->least_loss);
    smri_text_integer(orders, result->orders);
    const bool counted = result->orders > 0 && result->orders < UINT64_MAX;
    const char *const optimum[] = {score, counted ? orders : "more than were counted"};
    const char *const bounded[] = {score, bound};
    if (result->loss <= result->least_loss + NO_LOSS) {
        smri_report(family->context, SMR_SEVERITY_NOTE, SMR_MESSAGE_KEMENY_OPTIMUM, &place, optimum, 2);
    } else {
        smri_report(family->context, SMR_SEVERITY_WARNING, SMR_MESSAGE_KEMENY_BOUND, &place, bounded, 2);
    }
}

smr_status smri_kemeny_order(const smri_choice *choice, const smri_family_rows *family, double *out,
                             uint8_t *statuses, smr_error *error)
{
    (void)statuses;
    field f;
    smr_status status = open_field(&f, family, out, error);
    if (status != SMR_OK) {
        return status;
    }
    const smr_context *context = family->context;
    const uint32_t count = f.regions <= MOST_REGIONS ? (uint32_t)f.regions : 0;
    uint32_t *rows = smri_alloc(context, (size_t)count + 1, sizeof *rows);
    uint32_t *order = smri_alloc(context, (size_t)count + 1, sizeof *order);
    double *margins = smri_alloc(context, (size_t)count * count + 1, sizeof *margins);
    smri_kemeny_result result = {.orders = 1};
    if (!rows || !order || !margins) {
        status = smri_fail_memory(error);
    } else if (f.regions > MOST_REGIONS) {
        char found[SMRI_INTEGER_SIZE], most[SMRI_INTEGER_SIZE];
        const char *id = family->framework->nodes[family->node].id;
        const smri_place place = {.subject = id};
        status = smri_fail(error, SMR_MESSAGE_TOO_MANY_REGIONS, &place, choice->method->name, id,
                           smri_text_integer(most, MOST_REGIONS), smri_text_integer(found, (uint64_t)f.regions));
    } else {
        make_margins(&f, count, rows, margins);
        status = smri_kemeny(context, margins, count, order, &result, error);
    }
    if (status == SMR_OK && count > 1) {
        tell_optimum(family, margins, count, &result);
    }
    for (uint32_t place = 0; status == SMR_OK && place < count; place++) {
        out[rows[order[place]]] = count - 1 - place;
    }
    smri_free(context, rows);
    smri_free(context, order);
    smri_free(context, margins);
    close_field(&f);
    return status;
}

/* ---- promethee2, electre3 ---- */

static void read_number(const smri_value *object, const char *key, double *number)
{
    const smri_value *value = smri_value_get(object, key);
    if (value && value->type == SMRI_NUMBER) {
        *number = value->number;
    }
}

/* Of one child: its own where the plan gives them by id, else those for all. */
static threshold threshold_of(const smri_choice *choice, const smr_framework *framework, int32_t child)
{
    const smri_setting *q = smri_setting_of(choice, "q"), *p = smri_setting_of(choice, "p");
    const smri_setting *v = smri_setting_of(choice, "v"), *own = smri_setting_of(choice, "thresholds");
    threshold t = {.q = q->given ? q->number : 0, .p = p->given ? p->number : NAN, .v = v->given ? v->number : NAN};
    const smri_value *entry = own->given ? smri_entry_of_node(own->value, framework, child) : NULL;
    if (entry) {
        read_number(entry, "q", &t.q);
        read_number(entry, "p", &t.p);
        read_number(entry, "v", &t.v);
    }
    return t;
}

enum { PREFERENCE_USUAL, PREFERENCE_LINEAR }; /* places in the list of choices */

static bool is_usual(const smri_choice *choice)
{
    const smri_setting *preference = smri_setting_of(choice, "preference");
    return preference->given && preference->number == PREFERENCE_USUAL;
}

smr_status smri_check_thresholds(const smri_choice *choice, const smr_framework *framework, uint32_t node,
                                 smr_error *error)
{
    const smri_setting *own = smri_setting_of(choice, "thresholds");
    const char *id = framework->nodes[node].id;
    const smri_place place = {.source = framework->source_name, .subject = id};
    if (is_usual(choice)) {
        return SMR_OK;
    }
    if (own->given && own->value->type != SMRI_OBJECT) {
        return smri_fail(error, SMR_MESSAGE_OPTION_WRONG, &place, "thresholds", choice->method->name, id,
                         "{id: {\"q\": number, \"p\": number, ...}, ...}");
    }
    for (int32_t child = framework->nodes[node].first_child; child >= 0; child = framework->nodes[child].next_sibling) {
        const threshold t = threshold_of(choice, framework, child);
        const bool veto = t.v == t.v;
        if (t.q >= 0 && t.p >= t.q && (!veto || t.v > t.p)) {
            continue;
        }
        char expected[160] = "0 <= q <= p < v, of which p must be given, for \"";
        smri_text_cut(expected + strlen(expected), sizeof expected - strlen(expected) - 1, framework->nodes[child].id);
        memcpy(expected + strlen(expected), "\"", 2);
        return smri_fail(error, SMR_MESSAGE_OPTION_WRONG, &place, "p", choice->method->name, id, expected);
    }
    return SMR_OK;
}

static threshold *make_thresholds(const smri_choice *choice, const smri_family_rows *family)
{
    threshold *thresholds = smri_alloc(family->context, family->count, sizeof *thresholds);
    int32_t child = family->framework->nodes[family->node].first_child;
    for (uint32_t c = 0; thresholds && c < family->count; c++) {
        thresholds[c] = is_usual(choice) ? (threshold){0, 0, NAN} : threshold_of(choice, family->framework, child);
        child = family->framework->nodes[child].next_sibling;
    }
    return thresholds;
}

static double add_exactly(const field *f, const double *values)
{
    smri_exact_sum sum;
    smri_exact_sum_init(&sum);
    smri_exact_sum_add_array(&sum, f->kernels, values, f->family->n);
    return smri_exact_sum_value(&sum);
}

smr_status smri_promethee2(const smri_choice *choice, const smri_family_rows *family, double *out, uint8_t *statuses,
                           smr_error *error)
{
    (void)statuses;
    field f;
    smr_status status = open_field(&f, family, out, error);
    if (status != SMR_OK) {
        return status;
    }
    threshold *thresholds = make_thresholds(choice, family);
    status = thresholds ? SMR_OK : smri_fail_memory(error);
    for (size_t a = 0; status == SMR_OK && a < family->n; a++) {
        if (is_cancelled(&f, a, error)) {
            status = SMR_ERROR_CANCELLED;
        }
        if (status != SMR_OK || !(f.presence[a] > 0)) {
            continue;
        }
        clear_row(&f, 0);
        for (uint32_t c = 0; c < family->count; c++) {
            const double y = family->scores[c][a], w = family->weights[c];
            if (w > 0 && y == y) {
                add_preferences(family->scores[c], y, w, &thresholds[c], family->n, f.net, f.weight);
            }
        }
        for (size_t b = 0; b < family->n; b++) {
            f.net[b] = f.weight[b] > 0 ? f.net[b] / f.weight[b] : 0;
        }
        out[a] = f.regions > 1 ? add_exactly(&f, f.net) / (f.regions - 1) : 0;
    }
    smri_free(family->context, thresholds);
    close_field(&f);
    return status;
}

/* ---- electre3 ---- */

/* How far d, the lead of the other, lies from `low`, where it counts 0, to `high`, where it counts 1. */
static inline double step(double d, double low, double high)
{
    const double part = d >= high ? 1 : (d - low) / (high - low);
    return d > low ? part : 0;
}

static void add_concordance(const double *scores, double y, double w, double sign, const threshold *t, size_t n,
                            double *restrict net, double *restrict weight)
{
    const double q = t->q, p = t->p;
    for (size_t b = 0; b < n; b++) {
        const double d = sign * (scores[b] - y);
        net[b] += d == d ? w * (1 - step(d, q, p)) : 0;
        weight[b] += d == d ? w : 0;
    }
}

static void take_discordance(const double *scores, double y, double sign, const threshold *t, size_t n,
                             const double *restrict concordance, double *restrict credibility)
{
    const double p = t->p, v = t->v;
    for (size_t b = 0; b < n; b++) {
        const double discordance = step(sign * (scores[b] - y), p, v);
        const double left = (1 - discordance) / (1 - concordance[b]);
        credibility[b] *= discordance > concordance[b] ? left : 1;
    }
}

/* Credibility that a is at least as good as each b (sign 1), or each b as a (sign -1). */
static void credibilities(field *f, const threshold *thresholds, size_t a, double sign, double *credibility)
{
    const smri_family_rows *family = f->family;
    clear_row(f, 0);
    for (uint32_t c = 0; c < family->count; c++) {
        const double y = family->scores[c][a], w = family->weights[c];
        if (w > 0 && y == y) {
            add_concordance(family->scores[c], y, w, sign, &thresholds[c], family->n, f->net, f->weight);
        }
    }
    for (size_t b = 0; b < family->n; b++) {
        f->net[b] = f->weight[b] > 0 ? f->net[b] / f->weight[b] : 0;
        credibility[b] = f->net[b];
    }
    for (uint32_t c = 0; c < family->count; c++) {
        const double y = family->scores[c][a], v = thresholds[c].v;
        if (family->weights[c] > 0 && y == y && v == v) {
            take_discordance(family->scores[c], y, sign, &thresholds[c], family->n, f->net, credibility);
        }
    }
}

smr_status smri_electre3(const smri_choice *choice, const smri_family_rows *family, double *out, uint8_t *statuses,
                         smr_error *error)
{
    (void)statuses;
    field f;
    smr_status status = open_field(&f, family, out, error);
    if (status != SMR_OK) {
        return status;
    }
    threshold *thresholds = make_thresholds(choice, family);
    double *of_a = smri_alloc(family->context, family->n, sizeof *of_a);
    double *of_others = smri_alloc(family->context, family->n, sizeof *of_others);
    status = thresholds && of_a && of_others ? SMR_OK : smri_fail_memory(error);
    for (size_t a = 0; status == SMR_OK && a < family->n; a++) {
        if (is_cancelled(&f, a, error)) {
            status = SMR_ERROR_CANCELLED;
        }
        if (status != SMR_OK || !(f.presence[a] > 0)) {
            continue;
        }
        credibilities(&f, thresholds, a, 1, of_a);
        credibilities(&f, thresholds, a, -1, of_others);
        for (size_t b = 0; b < family->n; b++) {
            of_a[b] -= of_others[b];
        }
        out[a] = add_exactly(&f, of_a);
    }
    smri_free(family->context, thresholds);
    smri_free(family->context, of_a);
    smri_free(family->context, of_others);
    close_field(&f);
    return status;
}
