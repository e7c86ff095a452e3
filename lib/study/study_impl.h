/* SPDX-License-Identifier: MIT */
#ifndef SMRI_STUDY_IMPL_H
#define SMRI_STUDY_IMPL_H

/* Room 5: edits a plan or a dataset and calls the engine, or looks at what it made; never scores by itself. */

#include "engine/engine_impl.h"

#endif
