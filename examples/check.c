/* SPDX-License-Identifier: MIT */
/* smr_check() of model.h: are these data fit to be scored? Three mistakes, and the check finds each. */
#include <smartregion/dataset.h>
#include <smartregion/model.h>

#include "example.h"

typedef struct findings {
    int warnings;
    int constant, beyond, other_column;
} findings;

/* An smr_report_callback: the record is valid during the call only. */
static void note(const smr_error *record, void *user) {
    findings *seen = user;
    seen->warnings += record->severity == SMR_SEVERITY_WARNING;
    seen->constant += record->code == SMR_MESSAGE_CHECK_CONSTANT && !strcmp(record->subject, "household_internet");
    seen->beyond += record->code == SMR_MESSAGE_CHECK_BEYOND_GOALPOSTS && !strcmp(record->subject, "pm25");
    seen->other_column += record->code == SMR_MESSAGE_CHECK_OTHER_COLUMN && !strcmp(record->subject, "safe_watre");
    if (record->code != SMR_MESSAGE_CHECK_COLUMN_MISSING)
        printf("%s%s%s: %s\n", record->source, *record->source ? ": " : "", record->subject, record->message);
}

int main(void) {
    static const double internet[] = {91.5, 91.5}, dust[] = {24, 120}, water[] = {94, 99};
    findings seen = {0, 0, 0, 0};
    smr_framework *framework = NULL;
    smr_dataset *data = NULL;
    smr_columns columns;
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_columns_init(&columns, sizeof columns);
    columns.rows = 2;
    columns.column_count = 3;
    columns.ids = (const char *const[]){"household_internet", "pm25", "safe_watre"};
    columns.values = (const double *const[]){internet, dust, water};
    columns.regions = (const char *const[]){"east", "west"};
    int failed = smr_framework_builtin(NULL, "icf", &framework, &error)
                 || smr_dataset_from_columns(NULL, &columns, &data, &error)
                 || smr_check(NULL, framework, data, NULL, note, &seen, &error);
    if (failed)
        fprintf(stderr, "%s\n", error.message);
    else
        printf("%d warnings, most of them of columns that the data lack\n", seen.warnings);
    smr_dataset_unref(data);
    smr_framework_unref(framework);
    return !failed && seen.constant == 1 && seen.beyond == 1 && seen.other_column == 1 ? 0 : 1;
}
