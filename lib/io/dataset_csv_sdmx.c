/* SPDX-License-Identifier: MIT */
/* Column names of SDMX-CSV as statistical offices publish it. A text does not say which of its columns are dimensions
 * and which are attributes, so the attributes in common use are listed here (the cross-domain concepts of the SDMX
 * glossary, and what the offices add to them); whatever is not listed is a dimension. */
#include "io/io_impl.h"

typedef struct sdmx_name {
    const char *name;
    smri_csv_role role;
} sdmx_name;

static const sdmx_name names[] = {
    {"REF_AREA", SMRI_CSV_REGION},
    {"REF_AREA_LABEL", SMRI_CSV_NAME},
    {"INDICATOR", SMRI_CSV_INDICATOR},
    {"TIME_PERIOD", SMRI_CSV_PERIOD},
    {"OBS_VALUE", SMRI_CSV_VALUE},
    {"UNIT_MEASURE", SMRI_CSV_UNIT},
    {"OBS_STATUS", SMRI_CSV_STATUS},
    {"UNIT_MULT", SMRI_CSV_MULTIPLIER},
    {"UNIT_MULTIPLIER", SMRI_CSV_MULTIPLIER},
    {"COMMENT_OBS", SMRI_CSV_NOTE},
    {"OBS_COMMENT", SMRI_CSV_NOTE},
    {"OBS_FOOTNOTE", SMRI_CSV_NOTE},
    {"DATA_SOURCE", SMRI_CSV_SOURCE},
    {"SOURCE_DETAIL", SMRI_CSV_SOURCE},
    {"SOURCE", SMRI_CSV_SOURCE},
    /* which table it is, and what to do with a row */
    {"DATAFLOW", SMRI_CSV_IGNORED},
    {"STRUCTURE", SMRI_CSV_IGNORED},
    {"STRUCTURE_ID", SMRI_CSV_IGNORED},
    {"STRUCTURE_NAME", SMRI_CSV_IGNORED},
    {"ACTION", SMRI_CSV_IGNORED},
    {"KEY", SMRI_CSV_IGNORED},
    {"SERIES_KEY", SMRI_CSV_IGNORED},
    {"OBS_KEY", SMRI_CSV_IGNORED},
    {"LAST UPDATE", SMRI_CSV_IGNORED},
    {"LAST_UPDATE", SMRI_CSV_IGNORED},
    /* attributes that change nothing about the value */
    {"BASE_PER", SMRI_CSV_IGNORED},
    {"BREAKS", SMRI_CSV_IGNORED},
    {"COLLECTION", SMRI_CSV_IGNORED},
    {"COMMENT", SMRI_CSV_IGNORED},
    {"COMMENT_DSET", SMRI_CSV_IGNORED},
    {"COMMENT_TS", SMRI_CSV_IGNORED},
    {"COMPILING_ORG", SMRI_CSV_IGNORED},
    {"CONF_STATUS", SMRI_CSV_IGNORED},
    {"COUNTRY_NOTES", SMRI_CSV_IGNORED},
    {"COVERAGE", SMRI_CSV_IGNORED},
    {"COVERAGE_TIME", SMRI_CSV_IGNORED},
    {"CUSTODIAN", SMRI_CSV_IGNORED},
    {"DATA_COMP", SMRI_CSV_IGNORED},
    {"DATA_SOURCE_PRIORITY", SMRI_CSV_IGNORED},
    {"DECIMALS", SMRI_CSV_IGNORED},
    {"DISS_ORG", SMRI_CSV_IGNORED},
    {"EMBARGO_TIME", SMRI_CSV_IGNORED},
    {"FOOTNOTE", SMRI_CSV_IGNORED},
    {"FOOT_NOTE", SMRI_CSV_IGNORED},
    {"GEO_INFO_TYPE", SMRI_CSV_IGNORED},
    {"GEO_INFO_URL", SMRI_CSV_IGNORED},
    {"LOWER_BOUND", SMRI_CSV_IGNORED},
    {"NATURE", SMRI_CSV_IGNORED},
    {"OBS_COM", SMRI_CSV_IGNORED},
    {"OBS_CONF", SMRI_CSV_IGNORED},
    {"OBS_FLAG", SMRI_CSV_IGNORED},
    {"OBS_PRE_BREAK", SMRI_CSV_IGNORED},
    {"PRE_BREAK_VALUE", SMRI_CSV_IGNORED},
    {"REF_PERIOD", SMRI_CSV_IGNORED},
    {"REPYEAREND", SMRI_CSV_IGNORED},
    {"REPYEARSTART", SMRI_CSV_IGNORED},
    {"SERIES_FOOTNOTE", SMRI_CSV_IGNORED},
    {"SOURCE_LINK", SMRI_CSV_IGNORED},
    {"TIME_COVERAGE", SMRI_CSV_IGNORED},
    {"TIME_DETAIL", SMRI_CSV_IGNORED},
    {"TIME_FORMAT", SMRI_CSV_IGNORED},
    {"TIME_PER_COLLECT", SMRI_CSV_IGNORED},
    {"TIME_PERIOD_METHOD", SMRI_CSV_IGNORED},
    {"TITLE", SMRI_CSV_IGNORED},
    {"TITLE_COMPL", SMRI_CSV_IGNORED},
    {"UPPER_BOUND", SMRI_CSV_IGNORED},
    {"WGTD_SAMPL_SIZE", SMRI_CSV_IGNORED},
};

smri_csv_role smri_csv_sdmx_role(const char *name) {
    for (size_t i = 0; i < SMRI_COUNT(names); i++) {
        if (strcmp(name, names[i].name) == 0) {
            return names[i].role;
        }
    }
    return SMRI_CSV_DIMENSION;
}
