/* SPDX-License-Identifier: MIT */
/* Reading wide CSV from a file through the read callback: speed, and peak resident memory over 8 bytes a cell.
 * Without arguments it writes a file of its own and reads it in a fresh process, so that nothing else is resident. */

#define _GNU_SOURCE

#include "bench.h"

#include <smartregion/smartregion.h>

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { COLUMNS = 60 };

static int64_t read_file(void *buffer, size_t size, void *user)
{
    return read(*(int *)user, buffer, size);
}

static smr_framework *make_framework(void)
{
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_framework_builder *builder = NULL;
    smr_framework *framework = NULL;
    bench_check(smr_framework_builder_new(NULL, "index", NULL, &builder, &error), &error);
    for (int c = 0; c < COLUMNS; c++) {
        char id[16];
        snprintf(id, sizeof id, "x%d", c);
        bench_check(smr_framework_builder_add_indicator(builder, "index", id, NULL, &error), &error);
    }
    bench_check(smr_framework_builder_build(builder, &framework, &error), &error);
    smr_framework_builder_free(builder);
    return framework;
}

static void write_file(const char *path, size_t rows)
{
    FILE *file = fopen(path, "w");
    if (!file)
        bench_fail(path);
    fputs("region", file);
    for (int c = 0; c < COLUMNS; c++)
        fprintf(file, ",x%d", c);
    fputc('\n', file);
    uint64_t state = 3;
    for (size_t row = 0; row < rows; row++) {
        fprintf(file, "R%07zu", row);
        for (int c = 0; c < COLUMNS; c++)
            fprintf(file, ",%.16g", bench_random(&state) * 1000);
        fputc('\n', file);
    }
    if (fclose(file) != 0)
        bench_fail(path);
}

static int read_once(const char *path)
{
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_framework *framework = make_framework();
    smr_csv_options options;
    smr_csv_options_init(&options, sizeof options);
    options.framework = framework;
    options.source_name = path;
    int file = open(path, O_RDONLY);
    struct stat status;
    if (file < 0 || fstat(file, &status) != 0)
        bench_fail(path);
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    smr_dataset *dataset = NULL;
    const double start = bench_seconds();
    bench_check(smr_dataset_read_csv(NULL, read_file, &file, &options, &dataset, &error), &error);
    const double seconds = bench_seconds() - start;
    getrusage(RUSAGE_SELF, &after);
    const double cells = (double)smr_dataset_row_count(dataset) * COLUMNS;
    printf("{\"case\": \"csv\", \"rows\": %zu, \"columns\": %d, \"megabytes\": %.1f, \"seconds\": %.4f, "
           "\"megabytes_a_second\": %.1f, \"resident_before_kib\": %ld, \"peak_kib\": %ld, \"peak_over_cells\": %.3f}\n",
           smr_dataset_row_count(dataset), COLUMNS, (double)status.st_size / 1e6, seconds,
           (double)status.st_size / 1e6 / seconds, before.ru_maxrss, after.ru_maxrss,
           1024.0 * (double)after.ru_maxrss / (8 * cells));
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
    close(file);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], "--read") == 0)
        return read_once(argv[2]);
    const size_t rows = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
    char path[] = "bench_csv_XXXXXX";
    int file = mkstemp(path);
    if (file < 0)
        bench_fail("mkstemp");
    close(file);
    write_file(path, rows);
    fflush(stdout);
    int failed = 0;
    for (int i = 0; i < 5 && !failed; i++) {
        pid_t child = fork();
        if (child == 0) {
            execl("/proc/self/exe", argv[0], "--read", path, (char *)NULL);
            _exit(1);
        }
        int status = 0;
        failed = child < 0 || waitpid(child, &status, 0) != child || status != 0;
    }
    unlink(path);
    return failed;
}
