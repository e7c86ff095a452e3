/* SPDX-License-Identifier: MIT */
/* Imputation across indicators: 1,000 regions x 50 indicators of which one cell in ten is a hole. Beside that of em
 * stands what its products alone would take at the rate of a dense matrix product of the same run. One JSON object a
 * line. */

#define _POSIX_C_SOURCE 200809L

#include "bench.h"

#include <math.h>
#include <string.h>

#include "method/method_impl.h"

#define ROWS 1000
#define COLUMNS 50
#define REPEATS 5
#define SETTINGS 8

static double cells[COLUMNS][ROWS], filled[ROWS];
static const double *columns[COLUMNS];
static uint32_t families[COLUMNS];
static double signs[COLUMNS];
static uint8_t statuses[ROWS];
static double left[128][128], right[128][128], product[128][128];
static volatile double sink;

/* Three common factors and noise. */
static void make_table(void) {
    uint64_t state = 1;
    static double loadings[COLUMNS][3];
    for (int k = 0; k < COLUMNS; k++) {
        columns[k] = cells[k];
        families[k] = (uint32_t)k / 8;
        signs[k] = k % 5 == 4 ? -1 : 1;
        for (int f = 0; f < 3; f++) {
            loadings[k][f] = 2 * bench_random(&state) - 1;
        }
    }
    for (int i = 0; i < ROWS; i++) {
        double factors[3];
        for (int f = 0; f < 3; f++) {
            factors[f] = bench_random(&state) + bench_random(&state) + bench_random(&state);
        }
        for (int k = 0; k < COLUMNS; k++) {
            const double common =
                loadings[k][0] * factors[0] + loadings[k][1] * factors[1] + loadings[k][2] * factors[2];
            const double x = common + bench_random(&state);
            cells[k][i] = bench_random(&state) < 0.1 ? NAN : x;
        }
    }
}

/* Multiply-adds a second of a product that stays in the cache, the best of several. */
static double product_rate(void) {
    double best = 0;
    for (int i = 0; i < 128; i++) {
        for (int j = 0; j < 128; j++) {
            left[i][j] = i + 0.5 * j;
            right[i][j] = i - 0.25 * j;
        }
    }
    for (int r = 0; r < 50; r++) {
        const double start = bench_seconds();
        memset(product, 0, sizeof product);
        for (int i = 0; i < 128; i++) {
            for (int k = 0; k < 128; k += 4) {
                const double a = left[i][k], b = left[i][k + 1], c = left[i][k + 2], d = left[i][k + 3];
                for (int j = 0; j < 128; j++) {
                    product[i][j] +=
                        (a * right[k][j] + b * right[k + 1][j]) + (c * right[k + 2][j] + d * right[k + 3][j]);
                }
            }
        }
        best = fmax(best, 128.0 * 128 * 128 / (bench_seconds() - start));
        sink = product[7][9];
    }
    return best;
}

/* The defaults of the catalogue: numbers or nothing, in these methods. */
static void make_settings(const smri_method *method, smri_setting *settings) {
    for (size_t i = 0; method->parameters[i].name != NULL; i++) {
        const char *text = method->parameters[i].default_json;
        settings[i] = (smri_setting){.given = strcmp(text, "null") != 0};
        if (settings[i].given) {
            smri_number_prefix(text, strlen(text), &settings[i].number);
        }
    }
}

/* Fits and fills all columns; returns the seconds, and the first fitted number. */
static double impute(const char *name, double *first) {
    smri_setting settings[SETTINGS];
    const smri_matrix matrix = {.context = smri_context(NULL),
                                .columns = columns,
                                .count = COLUMNS,
                                .n = ROWS,
                                .families = families,
                                .signs = signs};
    const smri_choice choice = {.method = smri_method_find(SMRI_STEP_IMPUTE, name), .settings = settings};
    make_settings(choice.method, settings);
    smri_arena arena;
    smri_fitted fitted = {0};
    smri_arena_init(&arena, matrix.context);
    const double start = bench_seconds();
    bool done = choice.method->fit_matrix(&choice, &matrix, &arena, &fitted);
    for (uint32_t k = 0; done && k < COLUMNS; k++) {
        memcpy(filled, cells[k], sizeof filled);
        memset(statuses, 0, sizeof statuses);
        done = choice.method->fill_matrix(&choice, &fitted, &matrix, k, filled, statuses);
        sink = filled[ROWS / 2];
    }
    const double seconds = bench_seconds() - start;
    if (!done) {
        bench_fail("memory");
    }
    *first = fitted.numbers[0];
    smri_arena_free(&arena);
    return seconds;
}

int main(void) {
    static const char *const names[] = {"row_mean", "regression", "knn", "em"};
    make_table();
    const double rate = product_rate(), square = COLUMNS * (COLUMNS + 1) / 2.0;
    printf("{\"case\": \"dense product\", \"gigaflops\": %.2f}\n", 2e-9 * rate);
    for (size_t m = 0; m < SMRI_COUNT(names); m++) {
        double seconds[REPEATS], first = 0;
        for (int r = 0; r < REPEATS; r++) {
            seconds[r] = impute(names[m], &first);
        }
        const double median = bench_median(seconds, REPEATS);
        printf("{\"case\": \"impute\", \"method\": \"%s\", \"regions\": %d, \"indicators\": %d, \"seconds\": %.4f",
               names[m], ROWS, COLUMNS, median);
        if (strcmp(names[m], "em") == 0) {
            /* An iteration cannot do with less than the products of all completed rows. */
            const double bound = first * ROWS * square / rate;
            printf(", \"iterations\": %.0f, \"bound\": %.4f, \"ratio\": %.1f", first, bound, median / bound);
        }
        printf("}\n");
    }
    return 0;
}
