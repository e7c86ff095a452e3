/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_PORTFOLIO_TABLE_H
#define SMARTREGION_PORTFOLIO_TABLE_H

/* A portfolio for people: what is covered, the three helices, uplift, order, best set. */

#include "tool.h"

/* Returns 0, or -1 when out of memory. */
int print_portfolio(const cli_tool *tool, const smr_appraisal *appraisal, cli_output *out);

#endif
