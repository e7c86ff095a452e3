/* SPDX-License-Identifier: MIT */
/* audit.h: how the criteria of an index hang together, and which indicators to look at again. */
#include <math.h>

#include <smartregion/audit.h>
#include <smartregion/dataset.h>
#include <smartregion/model.h>

#include "example.h"

static smr_framework *load_framework(const char *folder, smr_error *error) {
    text json = {NULL, 0};
    smr_framework *framework = NULL;
    FILE *file = open_file(folder, "countries-2018/framework.json");
    if (file && !read_whole(file, &json))
        smr_framework_read(NULL, json.bytes, json.length, "framework.json", &framework, error);
    if (file)
        fclose(file);
    free(json.bytes);
    return framework;
}

static smr_dataset *load_dataset(const char *folder, const smr_framework *framework, smr_error *error) {
    smr_dataset *dataset = NULL;
    smr_csv_options csv;
    smr_csv_options_init(&csv, sizeof csv);
    csv.framework = framework;
    FILE *file = open_file(folder, "countries-2018/data.csv");
    if (file) {
        smr_dataset_read_csv(NULL, read_file, file, &csv, &dataset, error);
        fclose(file);
    }
    return dataset;
}

/* Cells of one section: rows, columns and values stand side by side. */
static size_t print_section(const smr_audit *audit, const char *name, size_t most) {
    const size_t section = (size_t)smr_audit_find_section(audit, name);
    const char *const *rows = smr_audit_rows(audit, section), *const *columns = smr_audit_columns(audit, section);
    const double *values = smr_audit_values(audit, section);
    const size_t count = smr_audit_cell_count(audit, section);
    for (size_t i = 0; i < count && i < most; ++i)
        printf("%-18s %-24s %-24s %8.4f\n", name, rows[i], columns[i], values[i]);
    return count;
}

int main(int argc, char **argv) {
    const char *folder = argc > 1 ? argv[1] : "examples/data";
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_framework *framework = load_framework(folder, &error);
    smr_dataset *dataset = framework ? load_dataset(folder, framework, &error) : NULL;
    smr_model *model = NULL;
    smr_audit *audit = NULL;
    text csv = {NULL, 0};
    int failed = !dataset || smr_model_fit(NULL, framework, dataset, NULL, &model, &error)
                 || smr_audit_run(NULL, model, dataset, NULL, &audit, &error)
                 || smr_audit_write_csv(audit, append_text, &csv, &error);
    int holds = 0;
    if (failed) {
        fprintf(stderr, "%s\n", error.message);
    } else {
        print_section(audit, "cronbach_alpha", 12);
        print_section(audit, "main_effects", 6);
        print_section(audit, "flag_high", 6);
        /* One number by name: every criterion goes along with the index. */
        const double r = smr_audit_value(audit, "correlation_pearson", "innovation", "broadband");
        const double p = smr_audit_value(audit, "correlation_pearson_p", "innovation", "broadband");
        printf("innovation and broadband: r %.3f, p %.2g\n", r, p);
        holds = r > 0.5 && r < 1 && p < 0.001 && csv.length > 0
                && smr_audit_value(audit, "size", "data", "regions") == 193
                && isnan(smr_audit_value(audit, "kmo", "astrology", "overall"));
    }
    free(csv.bytes);
    smr_audit_unref(audit);
    smr_model_unref(model);
    smr_dataset_unref(dataset);
    smr_framework_unref(framework);
    return holds ? 0 : 1;
}
