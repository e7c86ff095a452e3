/* SPDX-License-Identifier: MIT */
/* Changes of raw values: their text and what they do. */

#include "study/raw_change_impl.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

bool smri_raw_change_read(const char *text, size_t length, smri_number_format format, smri_raw_change *change)
{
    while (length > 0 && is_blank(*text)) {
        text++;
        length--;
    }
    while (length > 0 && is_blank(text[length - 1]))
        length--;
    if (length == 0)
        return false;
    const bool absolute = *text == '=', relative = *text == '+' || *text == '-', down = *text == '-';
    const bool percent = text[length - 1] == '%';
    if (percent && !relative)
        return false;
    text += relative || absolute;
    length -= (size_t)(relative || absolute) + percent;
    while (percent && length > 0 && is_blank(text[length - 1]))
        length--;
    /* One sign is enough, and what stands for a missing value is no amount. */
    double amount;
    if (length == 0 || *text == '+' || (*text == '-' && !absolute) || *text == ' ' ||
        smri_number_read(text, length, format, &amount) != SMRI_NUMBER_OK)
        return false;
    change->kind = percent ? SMRI_RAW_CHANGE_PERCENT : relative ? SMRI_RAW_CHANGE_ADD : SMRI_RAW_CHANGE_SET;
    change->amount = down ? -amount : amount;
    return true;
}

double smri_raw_change_apply(const smri_raw_change *change, double raw)
{
    switch (change->kind) {
    case SMRI_RAW_CHANGE_SET:
        return change->amount;
    case SMRI_RAW_CHANGE_ADD:
        return raw + change->amount;
    default:
        return raw + raw * (change->amount / 100);
    }
}
