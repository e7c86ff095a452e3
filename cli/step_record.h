/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_STEP_RECORD_H
#define SMARTREGION_STEP_RECORD_H

/* steps --record: what denominate, impute and treat did to each indicator and cell. */

#include "tool.h"

smr_status step_record_print(const cli_tool *tool, cli_output *out, smr_error *error);

#endif
