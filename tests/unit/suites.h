/* SPDX-License-Identifier: MIT */
#ifndef UNIT_SUITES_H
#define UNIT_SUITES_H

#include <check.h>

typedef Suite *(*unit_suite_maker)(void);
/* Every suite of this program, then NULL. */
extern const unit_suite_maker unit_suites[];

#endif
