/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include "study/sobol_impl.h"

enum { MOST = 8, ROWS = 256 };

/* ---- functions with known indices ---- */

typedef struct function {
    double (*value)(const double *x, const double *parameters, uint32_t count);
    double parameters[MOST];
    uint32_t count;
    /* Carried over from tables of closed forms: Ishigami and Homma (1990) with a 7 and b 0.1; Sobol' g with V_i =
     * 1 / (3 (1 + a_i)^2), S_i = V_i / V, T_i = V_i prod (1 + V_j) over j != i / V, V = prod (1 + V_i) - 1. */
    double first[MOST], total[MOST];
} function;

static double ishigami(const double *x, const double *parameters, uint32_t count) {
    const double pi = 3.14159265358979323846;
    double u[3];
    for (uint32_t k = 0; k < count; k++) {
        u[k] = pi * (2 * x[k] - 1);
    }
    return sin(u[0]) + parameters[0] * sin(u[1]) * sin(u[1]) + parameters[1] * u[2] * u[2] * u[2] * u[2] * sin(u[0]);
}

static double sobol_g(const double *x, const double *parameters, uint32_t count) {
    double product = 1;
    for (uint32_t k = 0; k < count; k++) {
        product *= (fabs(4 * x[k] - 2) + parameters[k]) / (1 + parameters[k]);
    }
    return product;
}

static const function functions[] = {
    {ishigami,
     {7, 0.1},
     3,
     {0.31390519114781146, 0.4424111447900409, 0.0},
     {0.5575888552099592, 0.4424111447900409, 0.2436836640621477}},
    {sobol_g,
     {0, 1, 4.5, 9, 99, 99, 99, 99},
     8,
     {0.7161921688790338, 0.17904804221975845, 0.0236757741778193, 0.007161921688790339, 7.161921688790338e-05,
      7.161921688790338e-05, 7.161921688790338e-05, 7.161921688790338e-05},
     {0.7871441266592755, 0.24219819281823862, 0.03431691015408285, 0.01046038706523954, 0.00010494905191950606,
      0.00010494905191950606, 0.00010494905191950606, 0.00010494905191950606}},
    {sobol_g,
     {0, 0.5, 3, 9, 99, 99},
     6,
     {0.5867811897667689, 0.2607916398963417, 0.03667382436042305, 0.005867811897667688, 5.867811897667688e-05,
      5.867811897667688e-05},
     {0.6900858923250766, 0.35617336378068465, 0.0563335422306185, 0.009170576642193708, 9.200838536383143e-05,
      9.200838536383143e-05}},
    {sobol_g,
     {0, 0, 0, 0, 0, 0},
     6,
     {0.07217107217107219, 0.07217107217107219, 0.07217107217107219, 0.07217107217107219, 0.07217107217107219,
      0.07217107217107219},
     {0.30412830412830416, 0.30412830412830416, 0.30412830412830416, 0.30412830412830416, 0.30412830412830416,
      0.30412830412830416}},
};

/* Evaluations of a function: all columns one after another. */
typedef struct sample {
    size_t rows;
    uint32_t factors;
    double *values;
} sample;

static const double *column(const sample *s, size_t at) {
    return s->values + at * s->rows;
}

/* The matrices of a sample from its points: dimension after dimension, those of A first. */
static sample evaluate(const function *f, const double *points, size_t rows) {
    const uint32_t k = f->count;
    sample s = {rows, k, malloc((2 * (size_t)k + 2) * rows * sizeof *s.values)};
    for (size_t matrix = 0; matrix < 2 * (size_t)k + 2; matrix++) {
        for (size_t i = 0; i < rows; i++) {
            double x[MOST];
            for (uint32_t d = 0; d < k; d++) {
                const bool of_b = matrix == 1 || matrix == 2 + d || (matrix >= 2 + k && matrix != 2 + k + d);
                x[d] = points[(d + (of_b ? k : 0)) * rows + i];
            }
            s.values[matrix * rows + i] = f->value(x, f->parameters, k);
        }
    }
    return s;
}

static sample draw_evenly(const function *f, size_t rows, uint64_t seed) {
    smr_sobol_points_options options;
    smr_sobol_points_options_init(&options, sizeof options);
    options.seed = seed;
    double *points = malloc(2 * (size_t)f->count * rows * sizeof *points);
    smr_error error = unit_error();
    expect_ok(smr_sobol_points(unit_context(), rows, 2 * f->count, &options, points, &error), &error);
    const sample s = evaluate(f, points, rows);
    free(points);
    return s;
}

static sample draw_randomly(const function *f, size_t rows, uint64_t seed) {
    double *points = malloc(2 * (size_t)f->count * rows * sizeof *points);
    for (size_t i = 0; i < 2 * (size_t)f->count * rows; i++) {
        points[i] = unit_random_unit(&seed);
    }
    const sample s = evaluate(f, points, rows);
    free(points);
    return s;
}

static smr_sobol_options options_of(int32_t estimator, uint32_t resamples) {
    smr_sobol_options options;
    smr_sobol_options_init(&options, sizeof options);
    options.estimator = estimator;
    options.resamples = resamples;
    return options;
}

static smr_sobol_summary indices_of(smr_context *context, const sample *s, const smr_sobol_options *options,
                                    double *indices) {
    smr_sobol_summary summary;
    smr_sobol_summary_init(&summary, sizeof summary);
    smr_error error = unit_error();
    expect_ok(smr_sobol_indices(context, column(s, 0), column(s, 1), column(s, 2), column(s, 2 + s->factors), s->rows,
                                s->factors, options, indices, &summary, &error),
              &error);
    return summary;
}

/* ---- tests ---- */

static const int32_t estimators[] = {SMR_SOBOL_AZZINI, SMR_SOBOL_SALTELLI, SMR_SOBOL_JANSEN};

/* Root mean square error of the first order, over 200 seeds and the factors of a function. */
TEST(known_functions_with_256_scrambled_points) {
    enum { SEEDS = 200 };
    const smr_sobol_options options = options_of(SMR_SOBOL_AZZINI, 0);
    for (size_t f = 0; f < SMRI_COUNT(functions); f++) {
        double squares = 0, indices[MOST * SMR_SOBOL_COLUMNS];
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            const sample s = draw_evenly(&functions[f], ROWS, seed);
            indices_of(unit_context(), &s, &options, indices);
            for (uint32_t k = 0; k < s.factors; k++) {
                const double distance = indices[k * SMR_SOBOL_COLUMNS + SMR_SOBOL_FIRST] - functions[f].first[k];
                squares += distance * distance;
            }
            free(s.values);
        }
        expect(sqrt(squares / SEEDS / functions[f].count) <= 0.03);
    }
}

/* With many points every estimator finds the indices. */
TEST(every_estimator_converges) {
    for (size_t f = 0; f < SMRI_COUNT(functions); f++) {
        const sample s = draw_evenly(&functions[f], 1 << 16, 3);
        for (size_t e = 0; e < SMRI_COUNT(estimators); e++) {
            double indices[MOST * SMR_SOBOL_COLUMNS];
            const smr_sobol_options options = options_of(estimators[e], 0);
            indices_of(unit_context(), &s, &options, indices);
            for (uint32_t k = 0; k < s.factors; k++) {
                expect_near(indices[k * SMR_SOBOL_COLUMNS + SMR_SOBOL_FIRST], functions[f].first[k], 0.01);
                expect_near(indices[k * SMR_SOBOL_COLUMNS + SMR_SOBOL_TOTAL], functions[f].total[k], 0.01);
            }
        }
        free(s.values);
    }
}

/* Adding 50 moves the evaluations by no more than their rounding, 2^-48, a 2^-47th of the spread of these functions. */
TEST(a_shift_changes_nothing_beyond_rounding) {
    for (size_t f = 0; f < SMRI_COUNT(functions); f++) {
        sample s = draw_evenly(&functions[f], ROWS, 11);
        const size_t cells = (2 * (size_t)s.factors + 2) * s.rows, numbers = (size_t)s.factors * SMR_SOBOL_COLUMNS;
        double before[3][MOST * SMR_SOBOL_COLUMNS], after[MOST * SMR_SOBOL_COLUMNS];
        for (size_t e = 0; e < SMRI_COUNT(estimators); e++) {
            const smr_sobol_options options = options_of(estimators[e], 100);
            indices_of(unit_context(), &s, &options, before[e]);
        }
        for (size_t i = 0; i < cells; i++) {
            s.values[i] += 50;
        }
        for (size_t e = 0; e < SMRI_COUNT(estimators); e++) {
            const smr_sobol_options options = options_of(estimators[e], 100);
            indices_of(unit_context(), &s, &options, after);
            for (size_t i = 0; i < numbers; i++) {
                expect_near(after[i], before[e][i], 1e-13);
            }
        }
        free(s.values);
    }
}

/* A factor of a power of two changes no bit, at the ends of the range of a double too; -1 neither. */
TEST(a_scale_changes_nothing) {
    static const double scales[] = {0x1p-900, 0x1p+900, 8, -1};
    sample s = draw_evenly(&functions[0], ROWS, 4);
    const size_t cells = (2 * (size_t)s.factors + 2) * s.rows;
    double before[3 * SMR_SOBOL_COLUMNS], after[3 * SMR_SOBOL_COLUMNS];
    for (size_t e = 0; e < SMRI_COUNT(estimators); e++) {
        const smr_sobol_options options = options_of(estimators[e], 50);
        indices_of(unit_context(), &s, &options, before);
        for (size_t k = 0; k < SMRI_COUNT(scales); k++) {
            for (size_t i = 0; i < cells; i++) {
                s.values[i] *= scales[k];
            }
            indices_of(unit_context(), &s, &options, after);
            expect_bytes(after, before, sizeof after);
            for (size_t i = 0; i < cells; i++) {
                s.values[i] /= scales[k];
            }
        }
    }
    free(s.values);
}

/* The formulas as they are printed, in long double, over rows counted as the bootstrap counts them. */
static void by_the_book(const sample *s, int32_t estimator, uint32_t factor, const double *counts, long double *first,
                        long double *total) {
    const double *a = column(s, 0), *b = column(s, 1), *ab = column(s, 2 + factor);
    const double *ba = column(s, 2 + s->factors + factor);
    long double n = 0, mean = 0, variance = 0, x = 0, y = 0, q = 0;
    for (size_t i = 0; i < s->rows; i++) {
        n += counts[i];
        mean += counts[i] * ((long double)a[i] + b[i]);
    }
    mean /= 2 * n;
    for (size_t i = 0; i < s->rows; i++) {
        const long double fa = a[i] - mean, fb = b[i] - mean, fab = ab[i] - mean, fba = ba[i] - mean, c = counts[i];
        variance += c * (fa * fa + fb * fb) / (2 * n);
        if (estimator == SMR_SOBOL_AZZINI) {
            x += c * 2 * (fba - fb) * (fa - fab);
            y += c * ((fb - fba) * (fb - fba) + (fa - fab) * (fa - fab));
            q += c * ((fa - fb) * (fa - fb) + (fba - fab) * (fba - fab));
        } else {
            x += estimator == SMR_SOBOL_SALTELLI ? c * fb * (fab - fa) : c * (fb - fab) * (fb - fab);
            y += c * (fa - fab) * (fa - fab);
        }
    }
    if (estimator == SMR_SOBOL_AZZINI) {
        *first = x / q;
        *total = y / q;
    } else {
        *first = estimator == SMR_SOBOL_SALTELLI ? x / n / variance : 1 - x / n / (2 * variance);
        *total = y / n / (2 * variance);
    }
}

static int compare(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Type 7 of Hyndman and Fan. */
static double percentile(double *values, size_t count, double p) {
    qsort(values, count, sizeof *values, compare);
    const double place = p * (double)(count - 1);
    const size_t low = (size_t)place;
    return low + 1 < count ? values[low] + (place - (double)low) * (values[low + 1] - values[low]) : values[low];
}

/* Row of draw i of a resample: number i of the stream "BOOTS" + resample, four to a block, times rows, cut. */
static void count_rows(size_t rows, uint64_t seed, uint32_t resample, double *counts) {
    for (size_t i = 0; i < rows; i++) {
        counts[i] = 0;
    }
    for (uint32_t i = 0; i < rows; i++) {
        const uint32_t counter[] = {i / 4 * 4, 0, 0x53000000u + resample, 0x424f4f54u};
        const uint32_t key[] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
        uint32_t out[4];
        smri_philox(counter, key, out);
        counts[(uint64_t)out[i % 4] * rows >> 32] += 1;
    }
}

TEST(estimates_and_intervals_by_the_book) {
    enum { RESAMPLES = 61, N = 150 };
    static const uint64_t seeds[] = {0, 1, UINT64_C(0x123456789abcdef0)};
    const sample s = draw_randomly(&functions[2], N, 77);
    double ones[N], counts[N];
    for (size_t i = 0; i < N; i++) {
        ones[i] = 1;
    }
    for (size_t e = 0; e < SMRI_COUNT(estimators); e++) {
        smr_sobol_options options = options_of(estimators[e], RESAMPLES);
        options.seed = seeds[e];
        options.confidence = 0.9;
        double indices[MOST * SMR_SOBOL_COLUMNS];
        const smr_sobol_summary summary = indices_of(unit_context(), &s, &options, indices);
        expect_equal_int(summary.status, SMR_SOBOL_OK);
        expect_equal_uint(summary.rows, N);
        expect_equal_uint(summary.rows_left_out, 0);
        expect_equal_uint(summary.evaluations, N * (e == 0 ? 2 * s.factors + 2 : s.factors + 2));
        for (uint32_t k = 0; k < s.factors; k++) {
            const double *row = indices + k * SMR_SOBOL_COLUMNS;
            long double first, total;
            double firsts[RESAMPLES], totals[RESAMPLES];
            by_the_book(&s, estimators[e], k, ones, &first, &total);
            expect_near(row[SMR_SOBOL_FIRST], (double)first, 1e-13);
            expect_near(row[SMR_SOBOL_TOTAL], (double)total, 1e-13);
            for (uint32_t r = 0; r < RESAMPLES; r++) {
                count_rows(N, seeds[e], r, counts);
                by_the_book(&s, estimators[e], k, counts, &first, &total);
                firsts[r] = (double)first;
                totals[r] = (double)total;
            }
            expect_near(row[SMR_SOBOL_FIRST_LOW], percentile(firsts, RESAMPLES, 0.05), 1e-12);
            expect_near(row[SMR_SOBOL_FIRST_HIGH], percentile(firsts, RESAMPLES, 0.95), 1e-12);
            expect_near(row[SMR_SOBOL_TOTAL_LOW], percentile(totals, RESAMPLES, 0.05), 1e-12);
            expect_near(row[SMR_SOBOL_TOTAL_HIGH], percentile(totals, RESAMPLES, 0.95), 1e-12);
        }
    }
    free(s.values);
}

/* Of 90 % intervals from independent rows about 90 % hold the truth; of evenly spread ones no fewer. */
TEST(intervals_hold_the_truth) {
    enum { TRIES = 150, N = 256 };
    smr_sobol_options options = options_of(SMR_SOBOL_AZZINI, 200);
    options.confidence = 0.9;
    for (size_t e = 0; e < SMRI_COUNT(estimators); e++) {
        size_t random_first = 0, random_total = 0, even_first = 0;
        const function *f = &functions[0];
        options.estimator = estimators[e];
        for (uint64_t seed = 0; seed < TRIES; seed++) {
            double indices[MOST * SMR_SOBOL_COLUMNS];
            const sample random = draw_randomly(f, N, 1000 + seed), even = draw_evenly(f, N, seed);
            indices_of(unit_context(), &random, &options, indices);
            for (uint32_t k = 0; k < f->count; k++) {
                const double *row = indices + k * SMR_SOBOL_COLUMNS;
                random_first += row[SMR_SOBOL_FIRST_LOW] <= f->first[k] && f->first[k] <= row[SMR_SOBOL_FIRST_HIGH];
                random_total += row[SMR_SOBOL_TOTAL_LOW] <= f->total[k] && f->total[k] <= row[SMR_SOBOL_TOTAL_HIGH];
            }
            indices_of(unit_context(), &even, &options, indices);
            for (uint32_t k = 0; k < f->count; k++) {
                const double *row = indices + k * SMR_SOBOL_COLUMNS;
                even_first += row[SMR_SOBOL_FIRST_LOW] <= f->first[k] && f->first[k] <= row[SMR_SOBOL_FIRST_HIGH];
            }
            free(random.values);
            free(even.values);
        }
        const double all = TRIES * f->count;
        expect_near((double)random_first / all, 0.9, 0.05);
        expect_near((double)random_total / all, 0.9, 0.05);
        expect((double)even_first / all >= 0.9);
    }
}

TEST(no_resamples_no_intervals) {
    const sample s = draw_evenly(&functions[0], ROWS, 1);
    const smr_sobol_options without = options_of(SMR_SOBOL_AUTO, 0), with = options_of(SMR_SOBOL_AZZINI, 9);
    double a[3 * SMR_SOBOL_COLUMNS], b[3 * SMR_SOBOL_COLUMNS];
    indices_of(unit_context(), &s, &without, a);
    indices_of(unit_context(), &s, &with, b);
    for (size_t i = 0; i < SMRI_COUNT(a); i++) {
        if (i % SMR_SOBOL_COLUMNS == SMR_SOBOL_FIRST || i % SMR_SOBOL_COLUMNS == SMR_SOBOL_TOTAL) {
            expect_same_bits(a[i], b[i]);
        } else {
            expect_nan(a[i]);
            expect(b[i] == b[i]);
        }
    }
    free(s.values);
}

/* A row with a missing evaluation counts as if it were not there. */
TEST(rows_with_a_missing_evaluation_are_left_out) {
    static const size_t without[] = {0, 17, 255}, columns[] = {0, 4, 7}; /* A, AB of the third, BA of the third */
    sample s = draw_evenly(&functions[0], ROWS, 2), rest = {ROWS - 3, s.factors, NULL};
    rest.values = malloc((2 * (size_t)s.factors + 2) * rest.rows * sizeof *rest.values);
    for (size_t matrix = 0; matrix < 2 * (size_t)s.factors + 2; matrix++) {
        size_t to = 0;
        for (size_t i = 0; i < ROWS; i++) {
            if (i != without[0] && i != without[1] && i != without[2]) {
                rest.values[matrix * rest.rows + to++] = s.values[matrix * ROWS + i];
            }
        }
    }
    for (size_t k = 0; k < SMRI_COUNT(without); k++) {
        s.values[columns[k] * ROWS + without[k]] = NAN;
    }
    for (size_t e = 0; e < SMRI_COUNT(estimators); e++) {
        const smr_sobol_options options = options_of(estimators[e], 0);
        double found[3 * SMR_SOBOL_COLUMNS], expected[3 * SMR_SOBOL_COLUMNS];
        if (estimators[e] != SMR_SOBOL_AZZINI) {
            /* BA is not looked at. */
            s.values[7 * ROWS + 255] = 1e9;
            s.values[255] = NAN;
        }
        const smr_sobol_summary summary = indices_of(unit_context(), &s, &options, found);
        indices_of(unit_context(), &rest, &options, expected);
        expect_equal_uint(summary.rows, ROWS - 3);
        expect_equal_uint(summary.rows_left_out, 3);
        expect_bytes(found, expected, sizeof found);
    }
    free(s.values);
    free(rest.values);
}

static void expect_no_indices(const sample *s, int32_t status) {
    for (size_t e = 0; e < SMRI_COUNT(estimators); e++) {
        const smr_sobol_options options = options_of(estimators[e], 20);
        double indices[MOST * SMR_SOBOL_COLUMNS];
        const smr_sobol_summary summary = indices_of(unit_context(), s, &options, indices);
        expect_equal_int(summary.status, status);
        for (size_t i = 0; i < (size_t)s->factors * SMR_SOBOL_COLUMNS; i++) {
            expect_nan(indices[i]);
        }
    }
}

TEST(a_constant_has_no_indices) {
    static const double constants[] = {0, 3, -1e300, 1e-310};
    sample s = draw_evenly(&functions[0], ROWS, 2);
    for (size_t c = 0; c < SMRI_COUNT(constants); c++) {
        for (size_t i = 0; i < 8 * ROWS; i++) {
            s.values[i] = constants[c] * (i % 3 == 0 ? 1 + 0x1p-50 : 1);
        }
        expect_no_indices(&s, SMR_SOBOL_CONSTANT);
    }
    const smr_sobol_options options = options_of(SMR_SOBOL_AZZINI, 0);
    double indices[3 * SMR_SOBOL_COLUMNS];
    expect_near(indices_of(unit_context(), &s, &options, indices).mean, 1e-310, 1e-320);
    free(s.values);
}

/* Fewer than 30 evaluations that differ from the mode, in rows that are used. */
TEST(rare_events_have_no_indices) {
    sample s = draw_evenly(&functions[0], ROWS, 2);
    for (size_t i = 0; i < 8 * ROWS; i++) {
        s.values[i] = 5;
    }
    for (size_t i = 0; i < 29; i++) {
        s.values[i * 7] = (double)i;
    }
    s.values[5 * 7] = 6;
    expect_no_indices(&s, SMR_SOBOL_RARE_EVENT);
    s.values[3] = 4;
    const smr_sobol_options options = options_of(SMR_SOBOL_AZZINI, 20);
    double indices[3 * SMR_SOBOL_COLUMNS];
    expect_equal_int(indices_of(unit_context(), &s, &options, indices).status, SMR_SOBOL_OK);
    s.values[ROWS] = NAN; /* row 0, where one of the 30 differs */
    expect_equal_int(indices_of(unit_context(), &s, &options, indices).status, SMR_SOBOL_RARE_EVENT);
    free(s.values);
}

TEST(too_few_evaluations_have_no_indices) {
    const sample s = draw_evenly(&functions[0], 4, 2); /* 32 evaluations by azzini, 20 by the others */
    const smr_sobol_options azzini = options_of(SMR_SOBOL_AZZINI, 5), jansen = options_of(SMR_SOBOL_JANSEN, 5);
    double indices[3 * SMR_SOBOL_COLUMNS];
    expect_equal_int(indices_of(unit_context(), &s, &azzini, indices).status, SMR_SOBOL_OK);
    expect_equal_int(indices_of(unit_context(), &s, &jansen, indices).status, SMR_SOBOL_TOO_FEW);
    s.values[0] = s.values[1] = s.values[2] = NAN;
    expect_no_indices(&s, SMR_SOBOL_TOO_FEW);
    free(s.values);
}

/* The same bytes with any number of threads and any kernel. */
TEST(threads_and_kernels) {
    static const uint32_t threads[] = {1, 2, 8};
    const sample s = draw_evenly(&functions[1], 1000, 2);
    for (size_t e = 0; e < SMRI_COUNT(estimators); e++) {
        const smr_sobol_options options = options_of(estimators[e], 203);
        double expected[MOST * SMR_SOBOL_COLUMNS], found[MOST * SMR_SOBOL_COLUMNS];
        indices_of(NULL, &s, &options, expected);
        for (size_t t = 0; t < 2 * SMRI_COUNT(threads); t++) {
            smr_context_options wanted;
            smr_context_options_init(&wanted, sizeof wanted);
            wanted.threads = threads[t / 2];
            wanted.kernel = t % 2 ? "baseline" : NULL;
            smr_context *context;
            smr_error error = unit_error();
            expect_ok(smr_context_new(&wanted, &context, &error), &error);
            indices_of(context, &s, &options, found);
            expect_bytes(found, expected, sizeof found);
            smr_context_unref(context);
        }
    }
    free(s.values);
}

/* Many outputs at once give what each gives alone. */
TEST(outputs_side_by_side) {
    enum { OUTPUTS = 5 };
    const sample s = draw_evenly(&functions[0], ROWS, 6);
    const smri_sobol_design design = {.rows = ROWS,
                                      .factors = 3,
                                      .estimator = SMR_SOBOL_AZZINI,
                                      .resamples = 1u << 18, /* more than are kept at a time for two outputs */
                                      .seed = 1,
                                      .confidence = 0.95};
    smri_sobol_design few = design;
    few.resamples = 10;
    double *values = malloc(OUTPUTS * 8 * ROWS * sizeof *values);
    smri_sobol_values outputs[OUTPUTS];
    for (size_t o = 0; o < OUTPUTS; o++) {
        for (size_t i = 0; i < 8 * ROWS; i++) {
            values[o * 8 * ROWS + i] = o == 2 ? 1 : o == 0 ? s.values[i] : s.values[i] * s.values[i] * (double)o;
        }
        const double *v = values + o * 8 * ROWS;
        outputs[o] = (smri_sobol_values){v, v + ROWS, v + 2 * ROWS, v + 5 * ROWS};
    }
    expect(smri_sobol_work(&design, OUTPUTS) > smri_sobol_work(&design, 1));
    double indices[OUTPUTS * 3 * SMR_SOBOL_COLUMNS], alone[3 * SMR_SOBOL_COLUMNS];
    smr_sobol_summary summaries[OUTPUTS], summary;
    smr_error error = unit_error();
    const smr_context *context = smri_context(unit_context());
    expect_ok(smri_sobol_estimate(context, &few, outputs, OUTPUTS, indices, summaries, &error), &error);
    for (size_t o = 0; o < OUTPUTS; o++) {
        expect_ok(smri_sobol_estimate(context, &few, &outputs[o], 1, alone, &summary, &error), &error);
        expect_equal_int(summaries[o].status, summary.status);
        expect_equal_int(summary.status, o == 2 ? SMR_SOBOL_CONSTANT : SMR_SOBOL_OK);
        for (size_t i = 0; i < SMRI_COUNT(alone); i++) {
            expect_same_bits(indices[o * SMRI_COUNT(alone) + i], alone[i]);
        }
    }
    free(values);
    free(s.values);
}

static int32_t stop(uint64_t done, uint64_t total, void *user) {
    uint64_t *most = user;
    expect(done <= total);
    *most = done;
    return done < 100;
}

TEST(cancelled_between_resamples) {
    uint64_t done = 0;
    smr_context_options wanted;
    smr_context_options_init(&wanted, sizeof wanted);
    wanted.progress = stop;
    wanted.progress_user = &done;
    smr_context *context;
    smr_error error = unit_error();
    expect_ok(smr_context_new(&wanted, &context, &error), &error);
    const sample s = draw_evenly(&functions[0], ROWS, 6);
    double indices[3 * SMR_SOBOL_COLUMNS] = {1};
    expect_fails(smr_sobol_indices(context, column(&s, 0), column(&s, 1), column(&s, 2), column(&s, 5), ROWS, 3, NULL,
                                   indices, NULL, &error),
                 &error, SMR_MESSAGE_CANCELLED);
    expect_same_bits(indices[0], 1);
    expect(done >= 100 && done < 1000);
    smr_context_unref(context);
    free(s.values);
}

static const unit_test tests[] = {
    UNIT(known_functions_with_256_scrambled_points),
    UNIT(every_estimator_converges),
    UNIT(a_shift_changes_nothing_beyond_rounding),
    UNIT(a_scale_changes_nothing),
    UNIT(estimates_and_intervals_by_the_book),
    UNIT(intervals_hold_the_truth),
    UNIT(no_resamples_no_intervals),
    UNIT(rows_with_a_missing_evaluation_are_left_out),
    UNIT(a_constant_has_no_indices),
    UNIT(rare_events_have_no_indices),
    UNIT(too_few_evaluations_have_no_indices),
    UNIT(threads_and_kernels),
    UNIT(outputs_side_by_side),
    UNIT(cancelled_between_resamples),
};
UNIT_SUITE(sobol_indices, tests)
