/* SPDX-License-Identifier: MIT */
/* The two stages of COINr: points at the end of the longer tail move inward one after another until skewness or
 * kurtosis is within its limit; where that does not help, the logarithm of the COIN Tool. */
#include "method/method_impl.h"

enum { OUTCOME, LOW, HIGH, LOGARITHM, LEAST, RANGE, NUMBERS }; /* the fitted numbers */

typedef struct treatment {
    const smr_context *context;
    double *x; /* sorted; moved points are brought to a limit */
    size_t n;
    double most_skewness, most_kurtosis;
    size_t moved_low, moved_high;
    bool constant; /* one more move would leave one value */
} treatment;

/* false: out of memory */
static bool passes(const treatment *t, bool *passed, bool *upper_tail) {
    smri_shape shape;
    if (!smri_shape_make(t->context, t->x, t->n, &shape)) {
        return false;
    }
    /* Without spread there is no shape, and nothing to treat. */
    *passed = !(fabs(shape.skewness) >= t->most_skewness) || !(shape.kurtosis >= t->most_kurtosis);
    *upper_tail = shape.skewness >= 0;
    return true;
}

/* Every cell at one end takes the next value inward. */
static void move(treatment *t, bool upper) {
    const size_t last = t->n - 1;
    size_t ties = 1;
    if (upper) {
        while (ties < t->n && t->x[last - ties] == t->x[last]) {
            ties++;
        }
        const double next = t->x[last - ties];
        t->constant = next == t->x[0];
        for (size_t i = 0; !t->constant && i < ties; i++) {
            t->x[last - i] = next;
        }
        t->moved_high = ties;
    } else {
        while (ties < t->n && t->x[ties] == t->x[0]) {
            ties++;
        }
        const double next = t->x[ties];
        t->constant = next == t->x[last];
        for (size_t i = 0; !t->constant && i < ties; i++) {
            t->x[i] = next;
        }
        t->moved_low = ties;
    }
}

static double logarithm(double x, double least, double range) {
    const double above = x - least + 0.01 * range;
    return above > 0 ? smri_log(above) : NAN;
}

/* The second stage: on the values as they were or, combined, as they have been moved. */
static bool take_logarithm(treatment *t, const double *original, bool combine, double *numbers) {
    const double *x = combine ? t->x : original;
    const double least = x[0], range = x[t->n - 1] - least;
    if (!(range <= DBL_MAX && 0.01 * range > 0)) {
        numbers[OUTCOME] = SMRI_TREATMENT_UNTREATABLE;
        return true;
    }
    for (size_t i = 0; i < t->n; i++) {
        t->x[i] = logarithm(x[i], least, range);
    }
    if (!combine) {
        t->moved_low = t->moved_high = 0;
    }
    numbers[LOGARITHM] = 1;
    numbers[LEAST] = least;
    numbers[RANGE] = range;
    bool passed = false, upper;
    const bool done = passes(t, &passed, &upper);
    numbers[OUTCOME] = passed ? SMRI_TREATMENT_TREATED : SMRI_TREATMENT_STILL_FAILING;
    return done;
}

static bool treat(treatment *t, const smri_choice *choice, const double *original, double *numbers) {
    const double most = smri_setting_of(choice, "max_points")->number;
    bool passed, upper;
    if (!passes(t, &passed, &upper)) {
        return false;
    }
    while (!passed && (double)(t->moved_low + t->moved_high) < most) {
        move(t, upper);
        if (t->constant) {
            numbers[OUTCOME] = SMRI_TREATMENT_UNTREATABLE;
            return true;
        }
        numbers[LOW] = t->moved_low > 0 ? t->x[0] : NAN;
        numbers[HIGH] = t->moved_high > 0 ? t->x[t->n - 1] : NAN;
        if (!passes(t, &passed, &upper)) {
            return false;
        }
    }
    if (passed) {
        numbers[OUTCOME] = t->moved_low + t->moved_high > 0 ? SMRI_TREATMENT_TREATED : SMRI_TREATMENT_UNTOUCHED;
        return true;
    }
    return take_logarithm(t, original, smri_setting_of(choice, "combine")->number != 0, numbers);
}

bool smri_treat_coinr_fit(const smri_choice *choice, const smri_sample *sample, const smri_scale *scale,
                          smri_arena *arena, smri_fitted *fitted) {
    (void)scale;
    const smri_summary *summary = &sample->summary;
    double numbers[NUMBERS] = {SMRI_TREATMENT_TOO_FEW, NAN, NAN, 0, NAN, NAN};
    if (summary->count >= 4) {
        treatment t = {.context = arena->context,
                       .x = smri_alloc(arena->context, summary->count, sizeof *t.x),
                       .n = summary->count,
                       .most_skewness = smri_setting_of(choice, "max_skewness")->number,
                       .most_kurtosis = smri_setting_of(choice, "max_kurtosis")->number};
        if (t.x == NULL) {
            return false;
        }
        memcpy(t.x, summary->sorted, t.n * sizeof *t.x);
        const bool done = treat(&t, choice, summary->sorted, numbers);
        smri_free(arena->context, t.x);
        if (!done) {
            return false;
        }
        const bool combined = numbers[LOGARITHM] == 0 || smri_setting_of(choice, "combine")->number != 0;
        if (!combined || numbers[OUTCOME] == SMRI_TREATMENT_UNTREATABLE) {
            numbers[LOW] = numbers[HIGH] = NAN;
        }
    }
    return smri_fitted_set(arena, fitted, numbers, NUMBERS);
}

void smri_treat_coinr(const smri_choice *choice, const smri_fitted *fitted, const uint32_t *groups, double *x,
                      uint8_t *statuses, size_t n) {
    (void)choice;
    (void)groups;
    if (fitted->count != NUMBERS) {
        return;
    }
    /* A limit that is NaN limits nothing. */
    const double low = fitted->numbers[LOW], high = fitted->numbers[HIGH];
    const double least = fitted->numbers[LEAST], range = fitted->numbers[RANGE];
    for (size_t i = 0; i < n; i++) {
        const double raised = x[i] < low ? low : x[i];
        x[i] = raised > high ? high : raised;
        if (fitted->numbers[LOGARITHM] != 0 && x[i] == x[i]) {
            smri_treat_put(&x[i], &statuses[i], logarithm(x[i], least, range));
        }
    }
}

/* ---- the record of any treatment ---- */

/* As a model file says it, which anyone may have written. */
static smri_treatment_outcome outcome_of(double number) {
    return number >= 0 && number <= SMRI_TREATMENT_TOO_FEW ? (smri_treatment_outcome)number : SMRI_TREATMENT_UNTOUCHED;
}

static bool took_logarithm(const smri_choice *choice, const smri_fitted *fitted) {
    return choice->method->change == smri_treat_coinr && fitted->count == NUMBERS && fitted->numbers[LOGARITHM] != 0;
}

bool smri_treatment_leaves_scale(const smri_choice *choice, const smri_fitted *fitted) {
    return (choice->method->flags & SMRI_METHOD_LOGARITHM) != 0 || took_logarithm(choice, fitted);
}

const char *smri_treatment_outcome_name(smri_treatment_outcome outcome) {
    static const char *const names[] = {"untouched", "treated", "still_failing", "untreatable", "too_few"};
    return (size_t)outcome < SMRI_COUNT(names) ? names[outcome] : "unknown";
}

bool smri_treatment_make(const smr_context *context, const smri_choice *choice, const smri_fitted *fitted,
                         const double *before, const double *after, size_t n, smri_treatment *record) {
    *record = (smri_treatment){.outcome = SMRI_TREATMENT_UNTOUCHED};
    for (size_t i = 0; i < n; i++) {
        const bool same = before[i] == after[i] || (before[i] != before[i] && after[i] != after[i]);
        record->changed += same ? 0 : 1;
    }
    if (choice->method->change == smri_treat_coinr && fitted->count == NUMBERS) {
        record->outcome = outcome_of(fitted->numbers[OUTCOME]);
    } else if (record->changed > 0) {
        record->outcome = SMRI_TREATMENT_TREATED;
    }
    record->logarithm = smri_treatment_leaves_scale(choice, fitted);
    return smri_shape_make(context, before, n, &record->before) && smri_shape_make(context, after, n, &record->after);
}
