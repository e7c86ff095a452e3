/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_SELECT_TABLE_H
#define SMARTREGION_SELECT_TABLE_H

/* The selection for people: who passed each stage, the cut, who missed it nearly, and why. */

#include "tool.h"

/* Returns 0, or -1 when out of memory. */
int print_selection(const cli_tool *tool, const smr_scorecard *card, const smr_selection *selection, cli_output *out);

#endif
