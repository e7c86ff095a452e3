/* SPDX-License-Identifier: MIT */
/* Reads linear programs from standard input and prints what the solver makes of each:
 *
 *     load ROWS COLUMNS max|min  objective... row_low... row_high... low... high... matrix (row after row)...
 *     objective max|min  objective...
 *     row INDEX LOW HIGH
 *     column INDEX LOW HIGH
 *
 * Each of the four is followed by a solve, the last three from where the one before ended. Numbers are as strtod reads
 * them, infinities too. A line of output: status, optimum, x... */
#include <stdio.h>
#include <stdlib.h>

#include "base/base_impl.h"

static double read_number(void) {
    char text[64];
    if (scanf("%63s", text) != 1) {
        fprintf(stderr, "the input ends in the middle of a problem\n");
        exit(1);
    }
    return strtod(text, NULL);
}

static bool read_maximise(void) {
    char text[8];
    return scanf("%7s", text) == 1 && strcmp(text, "max") == 0;
}

static double *read_numbers(size_t count) {
    double *numbers = malloc((count + 1) * sizeof *numbers);
    for (size_t i = 0; numbers != NULL && i < count; i++) {
        numbers[i] = read_number();
    }
    return numbers;
}

/* Row after row in, column after column out. */
static double *read_matrix(uint32_t rows, uint32_t columns) {
    double *matrix = malloc(((size_t)rows * columns + 1) * sizeof *matrix);
    for (uint32_t i = 0; matrix != NULL && i < rows; i++) {
        for (uint32_t j = 0; j < columns; j++) {
            matrix[(size_t)j * rows + i] = read_number();
        }
    }
    return matrix;
}

static void print_result(smri_lp *lp) {
    static const char *const names[] = {"optimal", "infeasible", "unbounded", "failed"};
    const smri_lp_status status = smri_lp_solve(lp);
    printf("%s %.17g", names[status], smri_lp_optimum(lp));
    for (uint32_t j = 0; j < lp->columns; j++) {
        printf(" %.17g", smri_lp_x(lp)[j]);
    }
    printf("\n");
}

int main(void) {
    char word[16];
    smri_lp *lp = NULL;
    double *kept_matrix = NULL;
    while (scanf("%15s", word) == 1) {
        if (strcmp(word, "load") == 0) {
            const uint32_t rows = (uint32_t)read_number(), columns = (uint32_t)read_number();
            const bool maximise = read_maximise();
            double *objective = read_numbers(columns);
            double *row_low = read_numbers(rows), *row_high = read_numbers(rows);
            double *low = read_numbers(columns), *high = read_numbers(columns);
            free(kept_matrix);
            kept_matrix = read_matrix(rows, columns);
            smri_lp_free(lp);
            lp = smri_lp_new(smri_context(NULL), rows, columns);
            const smri_lp_problem problem = {rows, columns, kept_matrix, objective, maximise,
                                             row_low, row_high, low, high};
            if (lp == NULL || !smri_lp_load(lp, &problem)) {
                fprintf(stderr, "a problem was not taken\n");
                return 1;
            }
            free(objective);
            free(row_low);
            free(row_high);
            free(low);
            free(high);
        } else if (strcmp(word, "objective") == 0) {
            const bool maximise = read_maximise();
            double *objective = read_numbers(lp->columns);
            smri_lp_set_objective(lp, objective, maximise);
            free(objective);
        } else {
            const uint32_t index = (uint32_t)read_number();
            const double low = read_number(), high = read_number();
            (word[0] == 'r' ? smri_lp_set_row : smri_lp_set_column)(lp, index, low, high);
        }
        print_result(lp);
        fflush(stdout);
    }
    smri_lp_free(lp);
    free(kept_matrix);
    return 0;
}
