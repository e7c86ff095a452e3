/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_AUDIT_TABLE_H
#define SMARTREGION_AUDIT_TABLE_H

/* The audit for people: family by family, then what is odd; and what each imputation would have been worth. */

#include "tool.h"

/* Returns 0, or -1 when out of memory. */
int print_audit(const cli_tool *tool, const smr_audit *audit, cli_output *out);
int print_imputation(const cli_tool *tool, const smr_audit *audit, cli_output *out);

#endif
