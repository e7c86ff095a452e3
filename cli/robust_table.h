/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_ROBUST_TABLE_H
#define SMARTREGION_ROBUST_TABLE_H

#include "tool.h"

/* A ranking with an interval a region, and the chance of each stage (funnel NULL: none). Returns 0, or -1 when out of
 * memory. */
int print_robust(const cli_tool *tool, const smr_robust *robust, const smr_funnel *funnel, cli_output *out);

#endif
