/* SPDX-License-Identifier: MIT */
/* Periods: where a period lies in time, and the order of a dataset's periods. */
#include "model/model_impl.h"


static bool read_digits(const char *text, size_t count, int *number) {
    *number = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        *number = *number * 10 + (text[i] - '0');
    }
    return true;
}

static bool is_leap(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_before_month(int year, int month) {
    static const int days[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    return days[month - 1] + (month > 2 && is_leap(year) ? 1 : 0);
}

/* Days since 1970-01-01 in the Gregorian calendar, extended to the year 0. */
static int64_t day_number(int year, int month, int day) {
    int64_t before = year; /* whole years since the start of the year 0, which is a leap year */
    int64_t leap_days = year == 0 ? 0 : (before - 1) / 4 - (before - 1) / 100 + (before - 1) / 400 + 1;
    const int64_t days_to_1970 = 719528;
    return before * 365 + leap_days + days_before_month(year, month) + day - 1 - days_to_1970;
}

int64_t smri_period_start(const char *text, size_t length) {
    int year, part, day;
    if (length < 4 || !read_digits(text, 4, &year)) {
        return INT64_MIN;
    }
    if (length == 4) {
        return day_number(year, 1, 1);
    }
    if (text[4] != '-') {
        return INT64_MIN;
    }
    if (length == 7 && (text[5] == 'S' || text[5] == 'Q')) {
        int parts = text[5] == 'S' ? 2 : 4;
        bool known = read_digits(text + 6, 1, &part) && part >= 1 && part <= parts;
        return known ? day_number(year, (part - 1) * (12 / parts) + 1, 1) : INT64_MIN;
    }
    if (length < 7 || !read_digits(text + 5, 2, &part) || part < 1 || part > 12) {
        return INT64_MIN;
    }
    if (length == 7) {
        return day_number(year, part, 1);
    }
    if (length != 10 || text[7] != '-' || !read_digits(text + 8, 2, &day)) {
        return INT64_MIN;
    }
    int days = part == 12 ? 31 : days_before_month(year, part + 1) - days_before_month(year, part);
    return day >= 1 && day <= days ? day_number(year, part, day) : INT64_MIN;
}

int smri_period_compare(const smri_period *a, const smri_period *b) {
    if (*a->id == '\0' || *b->id == '\0') {
        return (*a->id != '\0') - (*b->id != '\0'); /* undated comes first, so that it is never the latest */
    }
    if (a->start_day != b->start_day) {
        if (a->start_day == INT64_MIN || b->start_day == INT64_MIN) {
            return a->start_day == INT64_MIN ? 1 : -1;
        }
        return a->start_day < b->start_day ? -1 : 1;
    }
    return strcmp(a->id, b->id);
}

static int compare_periods(const void *a, const void *b) {
    return smri_period_compare(a, b);
}

bool smri_dataset_set_periods(smr_dataset *dataset, const char *const *ids, uint32_t count, uint32_t *places) {
    dataset->periods = NULL;
    dataset->period_count = 0;
    if (count == 0) {
        return true;
    }
    smri_period *periods = smri_arena_alloc(&dataset->arena, count, sizeof *periods);
    for (uint32_t i = 0; periods != NULL && i < count; i++) {
        size_t length = strlen(ids[i]);
        periods[i].id = smri_arena_text(&dataset->arena, ids[i], length);
        periods[i].start_day = smri_period_start(ids[i], length);
        if (periods[i].id == NULL) {
            return false;
        }
    }
    if (periods == NULL) {
        return false;
    }
    smri_sort(periods, count, sizeof *periods, compare_periods);
    dataset->periods = periods;
    dataset->period_count = count;
    for (uint32_t i = 0; i < count; i++) {
        places[i] = smri_dataset_find_period(dataset, ids[i]);
    }
    return true;
}

uint32_t smri_dataset_find_period(const smr_dataset *dataset, const char *id) {
    smri_period wanted = {id, smri_period_start(id, strlen(id))};
    uint32_t low = 0, high = dataset->period_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = smri_period_compare(&dataset->periods[middle], &wanted);
        if (order == 0) {
            return middle;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return SMRI_NONE;
}
