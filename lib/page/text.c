/* SPDX-License-Identifier: Apache-2.0
 * Finding texts by key, and filling in their placeholders. */
#include "page/text.h"

#include <stdio.h>
#include <string.h>

#include "core/clock.h"
#include "page/table.h"

enum { TEXT_KEY_MAX = 96 };

static int compare(struct slice a, struct slice b)
{
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter > 0 ? memcmp(a.data, b.data, shorter) : 0;
    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

bool page_text_find(const struct page_language *language, struct slice key, struct slice *text)
{
    size_t low = 0;
    size_t high = page_text_key_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(page_text_keys[middle], key);
        if (order == 0) {
            *text = language->texts[middle];
            return true;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

struct slice page_text(const struct page_language *language, const char *key)
{
    struct slice text = slice_of(key);
    (void)page_text_find(language, text, &text);
    return text;
}

struct slice page_text_of(const struct page_language *language, const char *prefix, struct slice code)
{
    char key[TEXT_KEY_MAX];
    struct slice text = code;
    int length = snprintf(key, sizeof(key), "%s%.*s", prefix, SLICE_ARGS(code));
    if (length > 0 && (size_t)length < sizeof(key)) {
        (void)page_text_find(language, slice_make(key, (size_t)length), &text);
    }
    return text;
}

static const struct page_field *find_field(const struct page_field *fields, size_t count, struct slice name)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_equal(slice_of(fields[i].name), name)) {
            return &fields[i];
        }
    }
    return NULL;
}

void page_format(struct buffer *out, const struct page_language *language, const char *key,
                 const struct page_field *fields, size_t count)
{
    struct slice rest = page_text(language, key);
    while (rest.length > 0) {
        size_t open = slice_index(rest, '{');
        buffer_add_slice(out, slice_sub(rest, 0, open));
        rest = slice_sub(rest, open, rest.length);
        size_t close = slice_index(rest, '}');
        const struct page_field *field =
            close < rest.length ? find_field(fields, count, slice_sub(rest, 1, close)) : NULL;
        size_t end = close < rest.length ? close + 1 : close;
        buffer_add_slice(out, field != NULL ? field->value : slice_sub(rest, 0, end));
        rest = slice_sub(rest, end, rest.length);
    }
}

/* The time whose UTC reads as that clock does. */
static int64_t on_clock(int64_t time_us, const struct page_clock *clock)
{
    int64_t minutes = clock->city.length > 0 ? clock->minutes : 0;
    return time_us + minutes * 60 * MICROSECONDS_A_SECOND;
}

static void add_time(struct buffer *out, const struct page_language *language, const char *key, int64_t local_us,
                     struct slice city)
{
    char text[TIME_TEXT_MAX];
    char month_key[16];
    struct date date = date_of_time(local_us);
    struct slice stamp = time_format(local_us, text); /* "2023-08-02T17:04:05.123Z" */
    char day[12];
    char year[12];
    (void)snprintf(month_key, sizeof(month_key), "month.%d", date.month % 100);
    (void)snprintf(day, sizeof(day), "%d", date.day);
    (void)snprintf(year, sizeof(year), "%d", date.year);
    const struct page_field fields[] = {
        {"day", slice_of(day)},
        {"month", page_text(language, month_key)},
        {"year", slice_of(year)},
        {"hour", slice_sub(stamp, 11, 13)},
        {"minute", slice_sub(stamp, 14, 16)},
        {"city", city},
    };
    page_format(out, language, key, fields, sizeof(fields) / sizeof(fields[0]));
}

void page_time(struct buffer *out, const struct page_language *language, int64_t time_us,
               const struct page_clock *clock)
{
    add_time(out, language, clock->city.length > 0 ? "time.local" : "time.format", on_clock(time_us, clock),
             clock->city);
}

void page_when(struct buffer *out, const struct page_language *language, int64_t time_us, int64_t now_us,
               const struct page_clock *clock)
{
    static const int64_t day_us = INT64_C(24) * 60 * 60 * MICROSECONDS_A_SECOND;
    int64_t local_us = on_clock(time_us, clock);
    int64_t days = local_us / day_us - on_clock(now_us, clock) / day_us;
    add_time(out, language,
             days == 0    ? "when.today"
             : days == 1  ? "when.tomorrow"
             : days == -1 ? "when.yesterday"
                          : "when.date",
             local_us, SLICE(""));
}

void page_clock_name(struct buffer *out, const struct page_language *language, const struct page_clock *clock)
{
    if (clock->city.length > 0) {
        page_format(out, language, "when.city", &(struct page_field){"city", clock->city}, 1);
    } else {
        buffer_add_text(out, "UTC");
    }
}
