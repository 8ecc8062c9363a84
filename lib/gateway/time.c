/* SPDX-License-Identifier: Apache-2.0
 * Whatever it is, brought to RFC 3339. */
#include "gateway/time.h"

#include <string.h>

#include "core/clock.h"

enum { GATEWAY_TIME_MAX = 40, DATE_AND_TIME = sizeof("2023-08-02T17:04:05") - 1 };
static const uint64_t milliseconds_from = UINT64_C(100000000000); /* in seconds: the year 5138 */
static const uint64_t milliseconds_most = UINT64_C(253402300799999);

static bool read_count(struct slice text, int64_t *time_us)
{
    uint64_t count = 0;
    if (!slice_to_u64(text, milliseconds_most, &count)) {
        return false;
    }
    *time_us = count < milliseconds_from ? (int64_t)count * MICROSECONDS_A_SECOND : (int64_t)count * 1000;
    return true;
}

/* The zone's sign behind date and time, or its end. */
static size_t zone_at(struct slice text)
{
    size_t at = DATE_AND_TIME;
    while (at < text.length && text.data[at] != '+' && text.data[at] != '-' && text.data[at] != 'Z' &&
           text.data[at] != 'z') {
        at++;
    }
    return at;
}

bool gateway_time_parse(struct slice text, int64_t *time_us)
{
    char written[GATEWAY_TIME_MAX + 2];
    text = slice_trim(text);
    if (read_count(text, time_us)) {
        return true;
    }
    if (text.length < DATE_AND_TIME || text.length > GATEWAY_TIME_MAX) {
        return false;
    }
    size_t zone = zone_at(text);
    size_t length = text.length;
    memcpy(written, text.data, length);
    written[10] = written[10] == ' ' ? 'T' : written[10];
    if (zone == length) {
        written[length++] = 'Z';
    } else if (length - zone == sizeof("+0000") - 1) {
        memmove(written + zone + 4, written + zone + 3, 2);
        written[zone + 3] = ':';
        length++;
    }
    return time_parse(slice_make(written, length), time_us);
}
