/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_EXPLAIN_TABLE_H
#define SMARTREGION_EXPLAIN_TABLE_H

/* Explanations for people. They return -1 when out of memory. */

#include "tool.h"

int print_explanation(const cli_tool *tool, const smr_explanation *explanation, cli_output *out);
/* Every step of every indicator, in place of the tree. */
int print_trace(const cli_tool *tool, const smr_explanation *explanation, cli_output *out);
int print_comparison(const cli_tool *tool, const smr_explanation *explanation, cli_output *out);

#endif
