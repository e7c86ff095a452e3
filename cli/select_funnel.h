/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_SELECT_FUNNEL_H
#define SMARTREGION_SELECT_FUNNEL_H

/* The funnel that the options of `select` ask for, and the ballots of its stages. */

#include "tool.h"

/* Each fills its result, which the caller gives back also on failure, and returns an exit code. */
int select_funnel(cli_tool *tool, smr_funnel **funnel);
/* A funnel by a built-in name or from a file, as it stands. */
int select_read(cli_tool *tool, const char *name, smr_funnel **funnel);
/* A name_at; user is the funnel. */
const char *select_stage_name(size_t index, const void *user);
/* One entry a stage; *ballots stays NULL when no stage counts any. */
int select_ballots(cli_tool *tool, const smr_funnel *funnel, smr_ballots ***ballots);
void select_free_ballots(smr_ballots **ballots, const smr_funnel *funnel);

#endif
