/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_TREND_TABLE_H
#define SMARTREGION_TREND_TABLE_H

/* Trends for people: the index of every region, or every node of one; and convergence. */

#include "tool.h"

/* Return 0, or -1 when out of memory. */
int print_trend(const cli_tool *tool, const smr_trend *trend, cli_output *out);
int print_convergence(const cli_tool *tool, const smr_trend *trend, cli_output *out);

#endif
