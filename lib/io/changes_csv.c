/* SPDX-License-Identifier: MIT */
/* Changes from CSV: region, indicator, change. */
#include "io/io_impl.h"

#include "study/whatif_impl.h"

enum { REGION, INDICATOR, CHANGE, COLUMNS };
static const char *const names[COLUMNS] = {"region", "indicator", "change"};

static smr_status take_row(smri_csv_table *table, void *user, smr_error *error)
{
    const char *const *texts = table->texts;
    smri_change change = {.region = texts[REGION],
                          .column = texts[INDICATOR],
                          .text = texts[CHANGE],
                          .source = table->csv.source_name,
                          .text_row = table->csv.row};
    if (smri_change_read(change.text, strlen(change.text), &change.kind, &change.value))
        return smri_changes_put(user, &change, error);
    const smri_place place = smri_csv_table_place(table, CHANGE);
    smri_fault(&table->faults, SMR_MESSAGE_CHANGE_TEXT, &place, change.text, SMRI_CHANGE_EXPECTED);
    return SMR_OK;
}

smr_status smr_changes_read_csv(smr_changes *changes, smr_read_callback read, void *user, const char *source_name,
                                smr_error *error)
{
    if (!changes || !read)
        return smri_fail_argument(error, changes ? "read" : "changes", "not NULL");
    const char *source = NULL;
    if (!smri_arena_keep(&changes->arena, source_name, &source))
        return smri_fail_memory(error);
    const size_t before = changes->count;
    smri_csv_table table = {.names = names, .count = COLUMNS, .required = COLUMNS,
                            .expected = "region, indicator and change"};
    const smr_status status = smri_csv_table_read(&table, smri_context(changes->context), read, user, NULL, 0, source,
                                                  take_row, changes, error);
    if (status != SMR_OK)
        changes->count = before;
    return status;
}
