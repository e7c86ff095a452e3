/* SPDX-License-Identifier: MIT */
/* Imputation along time: one region's values of one indicator, its periods in order. */
#include "method/method_impl.h"

static void fill(double *x, uint8_t *statuses, size_t start, size_t end, double value) {
    for (size_t i = start; i < end; i++) {
        smri_fill(&x[i], &statuses[i], value);
    }
}

/* First value at `start` or after; n: none. */
static size_t next_value(const double *x, size_t start, size_t n) {
    while (start < n && x[start] != x[start]) {
        start++;
    }
    return start;
}

void smri_impute_latest(const smri_choice *choice, const int64_t *days, double *x, uint8_t *statuses, size_t n) {
    (void)days;
    const smri_setting *most = smri_setting_of(choice, "max_periods");
    for (size_t i = next_value(x, 0, n); i < n;) {
        const size_t next = next_value(x, i + 1, n);
        const bool all = !most->given || (double)(next - i - 1) <= most->number;
        fill(x, statuses, i + 1, all ? next : i + 1 + (size_t)most->number, x[i]);
        i = next;
    }
}

void smri_impute_latest_both(const smri_choice *choice, const int64_t *days, double *x, uint8_t *statuses, size_t n) {
    const size_t first = next_value(x, 0, n);
    smri_impute_latest(choice, days, x, statuses, n);
    if (first < n) {
        fill(x, statuses, 0, first, x[first]);
    }
}

/* ---- distances in time ---- */

/* Months since the year 0 when the day is the first of its month; false: it is not. */
static bool month_of(int64_t day, int64_t *month) {
    /* Counted from 1 March of the year 0, leap days come last and months follow one pattern: 153 days in five. */
    int64_t rest = day + 719468;
    const int64_t era = (rest >= 0 ? rest : rest - 146096) / 146097;
    rest -= era * 146097;
    const int64_t year = (rest - rest / 1460 + rest / 36524 - rest / 146096) / 365;
    rest -= year * 365 + year / 4 - year / 100;
    const int64_t part = (5 * rest + 2) / 153;
    *month = (era * 400 + year) * 12 + part + 2;
    return rest == (153 * part + 2) / 5;
}

typedef struct calendar {
    bool dated;   /* every period has its place in time */
    bool monthly; /* every period begins with a month */
} calendar;

static calendar read_calendar(const int64_t *days, size_t n) {
    calendar seen = {.dated = true, .monthly = true};
    for (size_t i = 0; i < n; i++) {
        int64_t month;
        seen.dated = seen.dated && days[i] != INT64_MIN;
        seen.monthly = seen.monthly && seen.dated && month_of(days[i], &month);
    }
    return seen;
}

/* Years, quarters and months are each as long as the next: where all periods begin with a month, months are counted,
 * else days. */
static double distance(const calendar *seen, int64_t from, int64_t to) {
    int64_t start = from, end = to;
    if (seen->monthly) {
        month_of(from, &start);
        month_of(to, &end);
    }
    return (double)(end - start);
}

void smri_impute_nearest(const smri_choice *choice, const int64_t *days, double *x, uint8_t *statuses, size_t n) {
    (void)choice;
    const calendar seen = read_calendar(days, n);
    size_t before = n;
    for (size_t after = next_value(x, 0, n); seen.dated && (after < n || before < n);) {
        for (size_t i = before < n ? before + 1 : 0; i < after; i++) {
            const bool earlier =
                before < n
                && (after == n || distance(&seen, days[before], days[i]) <= distance(&seen, days[i], days[after]));
            smri_fill(&x[i], &statuses[i], earlier ? x[before] : x[after]);
        }
        before = after;
        after = after < n ? next_value(x, after + 1, n) : n;
    }
}

void smri_impute_linear(const smri_choice *choice, const int64_t *days, double *x, uint8_t *statuses, size_t n) {
    (void)choice;
    const calendar seen = read_calendar(days, n);
    if (!seen.dated) {
        return;
    }
    for (size_t before = next_value(x, 0, n), after; before < n; before = after) {
        after = next_value(x, before + 1, n);
        for (size_t i = before + 1; after < n && i < after; i++) {
            const double whole = distance(&seen, days[before], days[after]);
            const double share = whole > 0 ? distance(&seen, days[before], days[i]) / whole : 0;
            /* Between equal values there is nothing to round. */
            smri_fill(&x[i], &statuses[i],
                      x[before] == x[after] ? x[before] : (1 - share) * x[before] + share * x[after]);
        }
    }
}

void smri_impute_linear_flat(const smri_choice *choice, const int64_t *days, double *x, uint8_t *statuses, size_t n) {
    smri_impute_linear(choice, days, x, statuses, n);
    if (read_calendar(days, n).dated) {
        smri_impute_latest_both(choice, days, x, statuses, n);
    }
}
