/* SPDX-License-Identifier: Apache-2.0
 * Clocks, calendar dates and RFC 3339 text. */
#include "core/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec now;
    if (clock_gettime(id, &now) != 0) {
        return 0; /* cannot happen for the two clocks below on Linux */
    }
    return (int64_t)now.tv_sec * MICROSECONDS_A_SECOND + now.tv_nsec / 1000;
}

static int64_t system_now(void *context)
{
    (void)context;
    return read_clock(CLOCK_REALTIME);
}

struct clock clock_system(void)
{
    return (struct clock){system_now, NULL};
}

int64_t clock_now(const struct clock *clock)
{
    return clock->now(clock->context);
}

int64_t clock_monotonic(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool date_is_valid(struct date date)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (date.year < 1 || date.year > 9999 || date.month < 1 || date.month > 12 || date.day < 1) {
        return false;
    }
    int last = days[date.month - 1] + (date.month == 2 && is_leap(date.year) ? 1 : 0);
    return date.day <= last;
}

static bool digits(struct slice text, size_t from, size_t count, int *value)
{
    uint64_t number = 0;
    if (text.length < from + count || !slice_to_u64(slice_sub(text, from, from + count), 999999999, &number)) {
        return false;
    }
    *value = (int)number;
    return true;
}

bool date_parse(struct slice text, struct date *date)
{
    return text.length == 10 && text.data[4] == '-' && text.data[7] == '-' && digits(text, 0, 4, &date->year) &&
           digits(text, 5, 2, &date->month) && digits(text, 8, 2, &date->day) && date_is_valid(*date);
}

int date_compare(struct date a, struct date b)
{
    if (a.year != b.year) {
        return a.year - b.year;
    }
    return a.month != b.month ? a.month - b.month : a.day - b.day;
}

/* Days since 1970-01-01 and back: the era arithmetic of H. Hinnant, "chrono-compatible low-level date algorithms". */
static int64_t days_from_civil(struct date date)
{
    int64_t year = date.month <= 2 ? date.year - 1 : date.year;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static struct date civil_from_days(int64_t days)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted_month = (5 * day_of_year + 2) / 153;
    int month = (int)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    return (struct date){(int)(year_of_era + era * 400) + (month <= 2 ? 1 : 0), month,
                         (int)(day_of_year - (153 * shifted_month + 2) / 5 + 1)};
}

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

struct date date_of_time(int64_t time_us)
{
    return civil_from_days(floor_divide(time_us, MICROSECONDS_A_DAY));
}

int date_age(struct date birth, struct date on)
{
    bool before_birthday = on.month < birth.month || (on.month == birth.month && on.day < birth.day);
    return on.year - birth.year - (before_birthday ? 1 : 0);
}

struct slice time_format(int64_t time_us, char text[TIME_TEXT_MAX])
{
    struct date date = date_of_time(time_us);
    int64_t in_day = time_us - floor_divide(time_us, MICROSECONDS_A_DAY) * MICROSECONDS_A_DAY;
    int seconds = (int)(in_day / MICROSECONDS_A_SECOND);
    int milliseconds = (int)(in_day % MICROSECONDS_A_SECOND / 1000);
    int length = snprintf(text, TIME_TEXT_MAX, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", (unsigned)date.year % 10000U,
                          (unsigned)date.month % 100U, (unsigned)date.day % 100U, (unsigned)seconds / 3600 % 100U,
                          (unsigned)seconds / 60 % 60, (unsigned)seconds % 60, (unsigned)milliseconds % 1000U);
    return slice_make(text, length > 0 ? (size_t)length : 0);
}

static bool parse_fraction(struct slice text, size_t *at, int64_t *microseconds)
{
    int64_t scale = MICROSECONDS_A_SECOND / 10;
    *microseconds = 0;
    if (*at >= text.length || text.data[*at] != '.') {
        return true;
    }
    size_t first = ++*at;
    while (*at < text.length && text.data[*at] >= '0' && text.data[*at] <= '9') {
        *microseconds += (text.data[*at] - '0') * scale;
        scale /= 10;
        ++*at;
    }
    return *at > first;
}

static bool parse_offset(struct slice text, size_t at, int64_t *offset_us)
{
    int hours = 0;
    int minutes = 0;
    if (at + 1 == text.length && (text.data[at] == 'Z' || text.data[at] == 'z')) {
        *offset_us = 0;
        return true;
    }
    if (at + 6 != text.length || (text.data[at] != '+' && text.data[at] != '-') || text.data[at + 3] != ':' ||
        !digits(text, at + 1, 2, &hours) || !digits(text, at + 4, 2, &minutes) || hours > 23 || minutes > 59) {
        return false;
    }
    *offset_us = (hours * MICROSECONDS_AN_HOUR + minutes * MICROSECONDS_A_MINUTE) * (text.data[at] == '-' ? -1 : 1);
    return true;
}

bool time_parse(struct slice text, int64_t *time_us)
{
    struct date date;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int64_t fraction = 0;
    int64_t offset = 0;
    size_t at = 19;
    if (text.length < 20 || !date_parse(slice_sub(text, 0, 10), &date) ||
        (text.data[10] != 'T' && text.data[10] != 't') || text.data[13] != ':' || text.data[16] != ':' ||
        !digits(text, 11, 2, &hour) || !digits(text, 14, 2, &minute) || !digits(text, 17, 2, &second) || hour > 23 ||
        minute > 59 || second > 60) {
        return false;
    }
    if (!parse_fraction(text, &at, &fraction) || !parse_offset(text, at, &offset)) {
        return false;
    }
    *time_us = days_from_civil(date) * MICROSECONDS_A_DAY + hour * MICROSECONDS_AN_HOUR +
               minute * MICROSECONDS_A_MINUTE + second * MICROSECONDS_A_SECOND + fraction - offset;
    return true;
}
