/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_SOBOL_TABLE_H
#define SMARTREGION_SOBOL_TABLE_H

#include "tool.h"

/* What drives the ranks: factors by the mean shift, then one row an output. Returns 0, or -1 when out of memory. */
int print_sobol(const cli_tool *tool, const smr_sobol *study, cli_output *out);

#endif
