/* SPDX-License-Identifier: MIT */
/* Sections of cells as csv and json: section by section, cells in the order in which they were put. */

#include "io/io_impl.h"

void smri_write_sections_csv(smri_writer *writer, const smri_sections *sections)
{
    smri_write_text(writer, "section,row,column,value\n");
    for (size_t i = 0; i < sections->count; i++) {
        const smri_section *section = &sections->items[i];
        for (size_t cell = 0; cell < section->count && !writer->failed; cell++) {
            smri_csv_put(writer, true, section->name);
            smri_csv_put(writer, false, section->rows[cell]);
            smri_csv_put(writer, false, section->columns[cell]);
            smri_csv_put_number(writer, false, section->values[cell]);
            smri_csv_put_end(writer);
        }
    }
}

void smri_write_sections_json(smri_writer *writer, const smri_sections *sections)
{
    for (size_t i = 0; i < sections->count; i++) {
        const smri_section *section = &sections->items[i];
        for (size_t cell = 0; cell < section->count && !writer->failed; cell++) {
            smri_json_open(writer, NULL, '{');
            writer->pretty = false;
            smri_json_text(writer, "section", section->name);
            smri_json_text(writer, "row", section->rows[cell]);
            smri_json_text(writer, "column", section->columns[cell]);
            smri_json_number(writer, "value", section->values[cell]);
            smri_json_close(writer, '}');
            writer->pretty = true;
        }
    }
}
