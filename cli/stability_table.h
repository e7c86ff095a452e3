/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_STABILITY_TABLE_H
#define SMARTREGION_STABILITY_TABLE_H

#include "tool.h"

/* Each returns 0, or -1 when out of memory. */
int print_break_even(const cli_tool *tool, const smr_break_even *result, cli_output *out);
int print_criticality(const cli_tool *tool, const smr_criticality *result, cli_output *out);
int print_leave_out(const cli_tool *tool, const smr_leave_out *result, cli_output *out);

#endif
