/* SPDX-License-Identifier: Apache-2.0
 * Time as microseconds since 1970-01-01T00:00:00Z (int64_t, always UTC), from a clock that tests can set. */
#ifndef CORE_CLOCK_H
#define CORE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"

#define MICROSECONDS_A_SECOND INT64_C(1000000)
#define MICROSECONDS_A_MINUTE (60 * MICROSECONDS_A_SECOND)
#define MICROSECONDS_AN_HOUR  (60 * MICROSECONDS_A_MINUTE)
#define MICROSECONDS_A_DAY    (24 * MICROSECONDS_AN_HOUR)

struct clock {
    int64_t (*now)(void *context); /* wall clock, microseconds since the epoch */
    void *context;
};

/* The system's realtime clock. */
struct clock clock_system(void);
int64_t clock_now(const struct clock *clock);
/* CLOCK_MONOTONIC in microseconds: for durations and deadlines only. */
int64_t clock_monotonic(void);

/* A calendar date (proleptic Gregorian). */
struct date {
    int year;  /* 1 to 9999 */
    int month; /* 1 to 12 */
    int day;   /* 1 to 31 */
};

/* True only for a date that exists (no 2023-02-29). */
bool date_is_valid(struct date date);
/* "YYYY-MM-DD", the whole slice. */
bool date_parse(struct slice text, struct date *date);
/* Before 0, same 0, after > 0. */
int date_compare(struct date a, struct date b);
struct date date_of_time(int64_t time_us);
/* Completed years from `birth` to `on`. */
int date_age(struct date birth, struct date on);

enum { TIME_TEXT_MAX = 28 }; /* "2023-08-02T17:04:05.123456Z" and a NUL */

/* RFC 3339 section 5.6, UTC, with milliseconds: "2023-08-02T17:04:05.123Z". */
struct slice time_format(int64_t time_us, char text[TIME_TEXT_MAX]);
/* RFC 3339 section 5.6 with any offset; the whole slice. A leap second reads as the second after. */
bool time_parse(struct slice text, int64_t *time_us);

#endif
