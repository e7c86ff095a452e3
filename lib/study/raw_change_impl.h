/* SPDX-License-Identifier: MIT */
#ifndef SMRI_RAW_CHANGE_IMPL_H
#define SMRI_RAW_CHANGE_IMPL_H

/* A change of a raw value as people write it: 85 sets it, +3 and -3 add, +5% and -5% add per cent of it, =-3 sets it
 * below 0. */

#include "base/base_impl.h"

typedef enum smri_raw_change_kind { SMRI_RAW_CHANGE_SET, SMRI_RAW_CHANGE_ADD, SMRI_RAW_CHANGE_PERCENT } smri_raw_change_kind;

typedef struct smri_raw_change {
    smri_raw_change_kind kind;
    double amount;
} smri_raw_change;

/* Blanks at both ends are skipped. false: not a change. */
bool smri_raw_change_read(const char *text, size_t length, smri_number_format format, smri_raw_change *change);
/* The value after the change; NaN when a missing value is to be moved. */
double smri_raw_change_apply(const smri_raw_change *change, double raw);

#endif
