/* SPDX-License-Identifier: MIT */
/* Numbers over time: years, straight lines, and the median of slopes. Values stand in the order of time, so that plain
 * sums are the same whatever the order of the data. */

#include "study/trend_impl.h"

double smri_day_to_years(int64_t day)
{
    /* The civil date of a day (after Hinnant): eras of 400 years that begin on 1 March. */
    const int64_t shifted = day + 719468;
    const int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    const int64_t of_era = shifted - era * 146097;
    const int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t march = (5 * of_year + 2) / 153;
    const int64_t date = of_year - (153 * march + 2) / 5, month = march < 10 ? march + 2 : march - 10;
    const int64_t year = year_of_era + era * 400 + (month < 2);
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    const double days = lengths[month] + (month == 1 && leap);
    return (double)year + ((double)month + (double)date / days) / 12;
}

static double mean_of(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum / (double)n;
}

smri_line smri_line_fit(const double *x, const double *y, size_t n)
{
    smri_line line = {NAN, NAN, NAN, NAN, NAN, n};
    if (n < 2)
        return line;
    const double mx = mean_of(x, n), my = mean_of(y, n);
    double xx = 0, xy = 0, yy = 0, residuals = 0;
    for (size_t i = 0; i < n; i++) {
        xx += (x[i] - mx) * (x[i] - mx);
        xy += (x[i] - mx) * (y[i] - my);
        yy += (y[i] - my) * (y[i] - my);
    }
    if (!(xx > 0))
        return line;
    line.slope = xy / xx;
    for (size_t i = 0; i < n; i++) {
        const double rest = (y[i] - my) - line.slope * (x[i] - mx);
        residuals += rest * rest;
    }
    line.r_squared = yy > 0 ? 1 - residuals / yy : NAN;
    if (n < 3)
        return line;
    const double degrees = (double)(n - 2);
    line.se = sqrt(residuals / degrees / xx);
    if (line.se > 0) {
        line.t = line.slope / line.se;
        line.p = smri_student_p(line.t, degrees);
    } else if (line.slope != 0) {
        line.p = 0;                     /* every point lies on the line: t is beyond all numbers */
    }
    return line;
}

bool smri_sen_slope(const smr_context *memory, const double *x, const double *y, size_t n, double *slopes,
                    double *slope)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n; k++)
            if (x[k] != x[i])
                slopes[count++] = (y[k] - y[i]) / (x[k] - x[i]);
    *slope = NAN;
    if (count == 0)
        return true;
    if (!smri_sort_ascending(memory, slopes, count))
        return false;
    *slope = count % 2 == 1 ? slopes[count / 2] : (slopes[count / 2 - 1] + slopes[count / 2]) / 2;
    return true;
}
